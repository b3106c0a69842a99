"""The page for the boss: where I stand, target, three goals, the actions of the next quarter, what I need, next review.

It holds nothing about the person's constraints or private remarks: somebody else will read it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from coach.development.schema import LevelResult, Line
from coach.documents.blocks import Block, Bullets, Grid, Paragraph, Section
from coach.documents.words import Words, shortened
from coach.framework.schema import HorizonId
from coach.types import Lang

_QUARTER = timedelta(days=92)
_GOALS, _ACTIONS, _NEEDS = 3, 6, 3
_CELL: dict[Lang, int] = {"zh": 90, "en": 180}
"""Characters of a measure on the page."""
_HORIZONS: tuple[HorizonId, ...] = ("long", "middle", "short")


def sections(words: Words) -> tuple[Section, ...]:
    """The sections in order; one without content is left out."""
    soon = [line for line in words.plan.actions if line.status in ("open", "late") and line.start < words.plan.made + _QUARTER]
    soon.sort(key=lambda line: (line.start, line.due))
    parts: tuple[tuple[str, tuple[Block, ...]], ...] = (
        ("doc_one_stand", tuple(_stand(words))),
        ("doc_one_goals", tuple(_goals(words))),
        ("doc_one_actions", tuple(_actions(words, soon))),
        ("doc_one_need", tuple(_needs(words, soon[:_ACTIONS]))),
        ("doc_one_review", tuple(_review(words))),
    )
    return tuple(Section(title=words.say(key), blocks=blocks) for key, blocks in parts if blocks)


def _stand(words: Words) -> Iterator[Block]:
    plan = words.plan
    yield Paragraph(text=words.aim)
    if plan.levels:
        expected = words.framework.mapping.expected.get(plan.target, 0)
        wanted = {g.pillar: g.wanted for g in plan.gaps}
        head = words.say("doc_pillar"), words.say("doc_now"), words.say("doc_wanted")
        rows = tuple(
            (words.pillar(each.pillar), _now(words, each), words.wanted(wanted.get(each.pillar, expected)))
            for each in plan.levels
        )
        yield Grid(head=head, rows=rows, widths=(6, 5, 4))


def _now(words: Words, result: LevelResult) -> str:
    if result.level is None and result.self_rating is not None:
        return words.say("doc_level_self", n=result.self_rating)
    return words.level(result.level)


def _goals(words: Words) -> Iterator[Block]:
    """The nearest goal of each horizon first, then further ones, three at most; shown from far to near."""
    goals = sorted(words.plan.goals, key=lambda g: g.due)
    firsts = [next((g for g in goals if g.horizon == h), None) for h in _HORIZONS]
    chosen = [g for g in firsts if g is not None]
    chosen += [g for g in goals if g not in chosen][: _GOALS - len(chosen)]
    chosen.sort(key=lambda g: (_HORIZONS.index(g.horizon), g.due))
    if chosen:
        rows = tuple((words.horizon(g.horizon), *_row(words, g)) for g in chosen)
        head = tuple(words.say(k) for k in ("doc_horizon", "doc_goal", "doc_measure", "doc_due"))
        yield Grid(head=head, rows=rows, widths=(3.4, 5.1, 4.7, 2.2))


def _actions(words: Words, soon: list[Line]) -> Iterator[Block]:
    if not soon:
        yield Paragraph(text=words.say("doc_one_no_actions"))
        return
    head = words.say("doc_action"), words.say("doc_measure"), words.say("doc_due")
    yield Grid(head=head, rows=tuple(_row(words, line) for line in soon[:_ACTIONS]), widths=(6.4, 6.8, 2.2))
    if more := len(words.plan.actions) - len(soon[:_ACTIONS]):
        yield Paragraph(text=words.say("doc_one_more", n=more), note=True)


def _row(words: Words, line: Line) -> tuple[str, str, str]:
    return words.of(line.text), shortened(words.of(line.measure), _CELL[words.lang]), line.due.isoformat()


def _needs(words: Words, soon: list[Line]) -> Iterator[Block]:
    plan = words.plan
    items = []
    if hours := sum(line.hours or 0 for line in soon):
        items.append(words.say("doc_one_need_hours", n=hours))
    if given := list(dict.fromkeys(_prerequisites(words, soon)))[:_NEEDS]:
        items.append(words.say("doc_one_need_given", names=words.listed(given, long=True)))
    missing = [words.of(m.name) for m in plan.standing.missing if m.known][:_NEEDS]
    if missing and plan.standing.next and plan.direction != "depth" and plan.stage != plan.target:
        stage = words.stage(plan.standing.next)
        items.append(words.say("doc_one_need_chance", next=stage, names=words.listed(missing)))
    if plan.meetings:
        items.append(words.say("doc_one_need_feedback", date=min(m.on for m in plan.meetings)))
    else:
        items.append(words.say("doc_one_need_feedback_open"))
    yield Bullets(items=tuple(items))


def _prerequisites(words: Words, soon: list[Line]) -> Iterator[str]:
    """What the action library asks to be in place for these actions."""
    library = {a.id: a for actions in words.framework.actions.values() for a in actions}
    for line in soon:
        if line.action in library:
            yield from library[line.action].prerequisites.of(words.lang)


def _review(words: Words) -> Iterator[Block]:
    if words.plan.meetings:
        first = min(words.plan.meetings, key=lambda m: m.on)
        name = words.say(f"doc_review_{first.kind}")
        yield Paragraph(text=words.say("doc_colon", label=name) + first.on.isoformat())
