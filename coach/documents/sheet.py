"""The full plan and the page for the boss as a Sheet: what a document says and in which order, the same for all formats."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from coach.development.schema import Gap, LevelResult, Line, Plan, Skipped
from coach.documents import one_page
from coach.documents.blocks import Block, Bullets, Card, Cards, Facts, Grid, Group, Paragraph, Piece, Section, Sheet, cleaned
from coach.documents.chart import Axis, Known, Radar
from coach.documents.words import Words, shortened
from coach.framework.schema import Framework, HorizonId
from coach.types import Lang

Pages = Literal["full", "one"]

_FAR_FIRST: tuple[HorizonId, ...] = ("long", "middle", "short")
_NEAR_FIRST: tuple[HorizonId, ...] = ("short", "middle", "long")
_RAISES = 3
_QUOTES = 2
"""At most so many ways to the next level and quotations of a pillar: the document is to be read, the rest is in the product."""
_LEVEL_QUOTE = 140
_NAME, _HEADER_NAME = 100, 40
"""Characters of a quotation among the levels and of the name in the head and in the header."""


def plan_sheet(plan: Plan, framework: Framework, lang: Lang, *, pages: Pages = "full") -> Sheet:
    """The plan as a document in one language: in full, or on one page for the boss."""
    words = Words(plan, framework, lang)
    one = pages == "one"
    name = shortened(plan.name, _NAME)
    title = words.say("doc_title_one" if one else "doc_title")
    sheet = Sheet(
        lang=lang,
        title=title,
        subtitle=name,
        made=plan.made,
        author=words.of(framework.profession.title),
        head=_head(words),
        sections=one_page.sections(words) if one else _sections(words),
        header=words.say("doc_header", title=title, name=shortened(name, _HEADER_NAME)) if name else title,
        page=words.say("doc_page", page="{page}", pages="{pages}"),
        colon=words.say("doc_colon", label=""),
        one_page=one,
    )
    result: Sheet = cleaned(sheet)
    return result


def _head(words: Words) -> tuple[tuple[str, str], ...]:
    plan = words.plan
    owner = words.owner
    return (
        (words.say("doc_way"), words.way),
        *(((words.say("doc_owner"), owner),) if owner and owner != plan.name else ()),
        (words.say("doc_made_on"), plan.made.isoformat()),
        (words.say("doc_version"), words.say("doc_version_value", n=plan.version)),
    )


def _sections(words: Words) -> tuple[Section, ...]:
    """The sections in order; one without content is left out."""
    parts: tuple[tuple[str, Iterable[Block]], ...] = (
        ("doc_short", _short(words)),
        ("doc_said", _said(words)),
        ("doc_stage", _stage(words)),
        ("doc_levels", _levels(words)),
        ("doc_gaps", _gaps(words)),
        ("doc_goals", _goals(words)),
        ("doc_actions", _actions(words)),
        ("doc_reviews", _reviews(words)),
        ("doc_remarks", _remarks(words)),
        ("doc_sources", _sources(words)),
    )
    made = ((words.say(key), tuple(blocks)) for key, blocks in parts)
    return tuple(Section(title=title, blocks=blocks) for title, blocks in made if blocks)


def _short(words: Words) -> Iterator[Block]:
    plan = words.plan
    lines = [words.aim]
    missing = [m for m in plan.standing.missing if m.known]
    if missing and plan.standing.next and plan.stage != plan.target:
        names = words.listed(words.of(m.name) for m in missing)
        lines.append(words.say("doc_short_missing", next=words.stage(plan.standing.next), n=len(missing), names=names))
    if plan.gaps:
        lines.append(words.say("doc_short_gaps", names=words.listed(words.pillar(g.pillar) for g in plan.gaps[:2])))
    elif words.all_met:
        lines.append(words.say("doc_no_gaps"))
    if ahead := sorted((a for a in plan.actions if a.status in ("open", "late")), key=lambda a: (a.start, a.due)):
        first = ahead[0]
        lines.append(words.say("doc_short_first", action=words.of(first.text), start=first.start, due=first.due))
    if meetings := sorted(m.on for m in plan.meetings):
        lines.append(words.say("doc_short_review", date=meetings[0]))
    yield Bullets(items=tuple(lines))


def _said(words: Words) -> Iterator[Block]:
    fields: dict[str, list[str]] = {}
    for quote in words.plan.facts:
        fields.setdefault(words.field(quote), []).append(words.quoted(quote.text))
    if fields:
        yield Facts(rows=tuple((name, words.listed(quotes, long=True)) for name, quotes in fields.items()))
        yield Paragraph(text=words.say("doc_said_note"), note=True)


def _stage(words: Words) -> Iterator[Block]:
    standing = words.plan.standing
    sure = words.say(f"doc_confidence_{standing.confidence}")
    text = words.say("doc_stage_now", stage=words.stage(standing.stage), confidence=sure)
    if standing.next:
        text += ("" if words.lang == "zh" else " ") + words.say("doc_stage_next", stage=words.stage(standing.next))
    yield Paragraph(text=text)
    if standing.note:
        yield Paragraph(text=words.of(standing.note))
    if rows := [*_met(words), *_missing(words)]:
        head = tuple(words.say(f"doc_condition{part}") for part in ("", "_now", "_wanted", "_state"))
        if standing.next:
            yield Grid(head=head, rows=tuple(rows), widths=(2.7, 4.9, 5.7, 1.9))
        else:  # the third column has nothing to compare with
            yield Grid(head=(*head[:2], head[3]), rows=tuple((*row[:2], row[3]) for row in rows), widths=(4, 8, 3))


def _met(words: Words) -> Iterator[tuple[str, ...]]:
    """A row for each condition that is known and not missing."""
    standing = words.plan.standing
    missing = {m.condition for m in standing.missing}
    gates = {g.id: g for g in words.framework.gates.conditions}
    for held in standing.held:
        if held.lowest is not None and held.condition not in missing:
            gate = gates.get(held.condition)
            wanted = gate.per_stage.get(standing.next or "") if gate else None
            name = words.of(gate.name) if gate else held.condition
            asked = words.of(wanted) if wanted else words.say("doc_none")
            yield name, words.quoted(held.words, _LEVEL_QUOTE), asked, words.say("doc_met")


def _missing(words: Words) -> Iterator[tuple[str, ...]]:
    for each in sorted(words.plan.standing.missing, key=lambda m: not m.known):
        state = words.say("doc_not_met" if each.known else "doc_not_known")
        yield words.of(each.name), words.quoted(each.now, _LEVEL_QUOTE), words.of(each.wanted), state


def _levels(words: Words) -> Iterator[Block]:
    levels = words.plan.levels
    if len(levels) >= 3:
        yield _radar(words)
    if levels:
        cards = tuple(_level(words, each) for each in levels)
        head = words.say("doc_pillar"), words.say("doc_basis"), words.say("doc_raise")
        yield Cards(head=head, groups=(Group(title="", cards=cards),), widths=(3.7, 5.7, 6))
        for provenance in dict.fromkeys(words.of(each.provenance) for each in levels):
            yield Paragraph(text=provenance, note=True)


def _level(words: Words, result: LevelResult) -> Card:
    unproved = result.level is None and result.self_rating is not None
    now = words.say("doc_level_self", n=result.self_rating) if unproved else words.level(result.level)
    tags = [words.piece("doc_now", now), words.piece("doc_wanted", words.wanted(_wanted(words, result.pillar)))]
    if result.level is not None:
        tags.append(words.piece("doc_confidence", words.say(f"doc_confidence_{result.confidence}")))
    basis = [words.piece("doc_rubric", words.of(result.rubric))]
    for quote in list(dict.fromkeys(s.quote.text for s in result.shown))[:_QUOTES]:
        basis.append(words.piece("doc_own_words", words.quoted(quote, _LEVEL_QUOTE)))
    if result.contradiction:
        basis.append(Piece(text=words.of(result.contradiction)))
    raises = tuple(Piece(text=words.of(r)) for r in result.raises[:_RAISES])
    return Card(title=words.pillar(result.pillar), tags=tuple(tags), details=(tuple(basis), raises))


def _wanted(words: Words, pillar: str) -> int:
    """The level the target asks of a pillar: what the gap says, else what the framework maps to the target stage."""
    gaps = {g.pillar: g.wanted for g in words.plan.gaps}
    return gaps.get(pillar, words.framework.mapping.expected.get(words.plan.target, 0))


def _radar(words: Words) -> Radar:
    axes = tuple(_axis(words, each) for each in words.plan.levels)
    highest = max([level.number for level in words.framework.levels] + [n for a in axes for n in (a.now or 0, a.wanted)])
    said = words.listed((words.say("doc_colon", label=a.label) + a.note for a in axes), long=True)
    return Radar(
        axes=axes,
        levels=highest,
        now=words.say("doc_chart_now"),
        wanted=words.say("doc_chart_wanted"),
        self_rated=words.say("doc_chart_self"),
        unknown=words.say("doc_chart_unknown"),
        alt=words.say("doc_chart_alt", axes=said),
    )


def _axis(words: Words, result: LevelResult) -> Axis:
    wanted = _wanted(words, result.pillar)
    known: Known = "measured" if result.level is not None else "unknown" if result.self_rating is None else "self_rated"
    now = result.self_rating if result.level is None else result.level
    key = {"measured": "doc_chart_both", "self_rated": "doc_chart_self_both", "unknown": "doc_chart_unknown_both"}[known]
    note = words.say(key, now=now, wanted=wanted)
    return Axis(label=words.pillar(result.pillar), now=now, known=known, wanted=wanted, note=note)


def _gaps(words: Words) -> Iterator[Block]:
    if words.plan.gaps:
        head = tuple(words.say(k) for k in ("doc_order", "doc_pillar", "doc_now_to_wanted", "doc_gap_basis", "doc_reason"))
        rows = tuple((str(n), *_gap(words, gap)) for n, gap in enumerate(words.plan.gaps, 1))
        yield Grid(head=head, rows=rows, widths=(0.7, 3, 2.7, 1.9, 7.4))
    elif words.all_met:
        yield Paragraph(text=words.say("doc_no_gaps"))
    if words.plan.skipped:
        yield Bullets(items=tuple(_skipped(words, each) for each in words.plan.skipped))


def _skipped(words: Words, skipped: Skipped) -> str:
    """What no line works on, and why. The reason of a kind of action names the kind itself."""
    if skipped.pillar is None:
        return words.of(skipped.reason)
    return words.say("doc_skipped", pillar=words.pillar(skipped.pillar), reason=words.of(skipped.reason))


def _gap(words: Words, gap: Gap) -> tuple[str, ...]:
    now = words.say("doc_level_unknown") if gap.own is None else words.say("doc_level_plain", n=gap.own)
    way = words.say("doc_from_to", now=now, target=words.say("doc_level_plain", n=gap.wanted))
    return words.pillar(gap.pillar), way, words.say(f"doc_basis_{gap.basis}"), words.of(gap.reason)


def _goals(words: Words) -> Iterator[Block]:
    groups = _by_horizon(words, words.plan.goals, _FAR_FIRST)
    if groups:
        yield Cards(head=(words.say("doc_goal"), words.say("doc_done_when")), groups=groups, widths=(6.6, 8.8))


def _actions(words: Words) -> Iterator[Block]:
    groups = _by_horizon(words, words.plan.actions, _NEAR_FIRST)
    if groups:
        head = words.say("doc_action"), words.say("doc_begin_and_done")
        yield Cards(head=head, groups=groups, widths=(4.6, 10.8))


def _by_horizon(words: Words, lines: tuple[Line, ...], horizons: tuple[HorizonId, ...]) -> tuple[Group, ...]:
    groups = []
    for horizon in horizons:
        of_it = sorted((line for line in lines if line.horizon == horizon), key=lambda line: (line.start, line.due))
        if of_it:
            cards = tuple(_goal(words, line) if line.role == "goal" else _action(words, line) for line in of_it)
            groups.append(Group(title=words.horizon(horizon), cards=cards))
    return tuple(groups)


def _goal(words: Words, line: Line) -> Card:
    dates = Piece(text=words.say("doc_due_review", due=line.due, review=line.review))
    return Card(title=words.of(line.text), tags=(dates, *_common(words, line)), details=(_done_when(words, line),))


def _action(words: Words, line: Line) -> Card:
    kind = [words.kind(line)] if line.kind else []
    effort = [words.say("doc_hours_n", n=line.hours)] if line.hours is not None else []
    cost = [words.cost(line.cost)] if line.cost.strip() else []
    own = [words.say("doc_own")] if line.own else []
    short = [Piece(text=words.listed([*kind, *own, *effort, *cost]))] if kind or own or effort or cost else []
    dates = words.piece("doc_dates", words.say("doc_span", start=line.start, due=line.due))
    tags = (*short, dates, words.piece("doc_review", line.review.isoformat()), *_common(words, line))
    how = [words.piece("doc_how", words.of(line.how))] if line.how else []
    caution = [words.piece("doc_caution", words.of(line.caution))] if line.caution else []
    return Card(title=words.of(line.text), tags=tags, details=((*how, *_done_when(words, line), *caution),))


def _common(words: Words, line: Line) -> list[Piece]:
    """What goals and actions both carry: owner and status where they are not the usual ones, pillar, source."""
    pieces = []
    if line.owner.strip() and line.owner != words.owner:
        pieces.append(words.piece("doc_owner", line.owner))
    if line.status != "open":
        pieces.append(words.piece("doc_state", words.say(f"doc_state_{line.status}")))
    source = words.say("doc_source", n=words.source(line.source))
    return [*pieces, Piece(text=words.listed([words.pillar(line.pillar), source]) if line.pillar else source)]


def _done_when(words: Words, line: Line) -> tuple[Piece, ...]:
    return words.piece("doc_measure", words.of(line.measure)), words.piece("doc_evidence", words.of(line.evidence))


def _reviews(words: Words) -> Iterator[Block]:
    """A row for each kind of review, soonest first, with all its dates."""
    about: dict[str, str] = {r.id: words.of(r.text) for r in words.framework.plan.reviews}
    dates: dict[str, list[str]] = {}
    for meeting in sorted(words.plan.meetings, key=lambda m: m.on):
        dates.setdefault(meeting.kind, []).append(meeting.on.isoformat())
    if dates:
        rows = tuple(
            (words.say(f"doc_review_{kind}"), words.listed(days), about.get(kind, words.say("doc_none")))
            for kind, days in dates.items()
        )
        head = words.say("doc_review"), words.say("doc_date"), words.say("doc_what")
        yield Grid(head=head, rows=rows, widths=(2.5, 5.2, 7.7))


def _remarks(words: Words) -> Iterator[Block]:
    if words.plan.remarks:
        yield Bullets(items=tuple(words.of(r) for r in words.plan.remarks))


def _sources(words: Words) -> Iterator[Block]:
    if sources := words.sources:
        yield Bullets(items=tuple(sources))
    framework = words.framework
    for text in (words.of(framework.gates.note), words.of(framework.mapping.note), words.say("doc_judgement")):
        yield Paragraph(text=_ended(text, words.lang), note=True)
    yield Paragraph(text=words.say("doc_framework", framework=words.plan.framework), note=True)


def _ended(text: str, lang: Lang) -> str:
    """The framework's notes are clauses without an end; as a paragraph they get a full stop."""
    return text if text.endswith(("。", ".", "！", "!", "？", "?")) else text + ("。" if lang == "zh" else ".")
