"""Refuses a plan that could not be followed or that says what nobody knows: each fault in both languages, none guessed.

Used on every plan before it is stored or shown, whoever made it: the rules, a model, or the person by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from coach import text as texts
from coach.development.actions import in_pause
from coach.development.calendar import rate
from coach.development.numbers import numbers
from coach.development.plan import months_after, wish_of
from coach.development.schema import Line, Plan, Profile
from coach.development.sources import Sources
from coach.development.wording import library_action, objection, vocabulary
from coach.errors import InputError
from coach.framework.files import Text
from coach.framework.schema import Framework
from coach.messages import CATALOGUE, both, joined, say
from coach.types import Lang

_SHORTEST = 4  # characters of a measure or an evidence that says something
_LANGS: tuple[Lang, Lang] = ("zh", "en")
_SLACK_DAYS = 31  # a short or middle line may be due a month outside its horizon
_ROUNDING = 1.05
_QUOTED = 40  # characters of a line's own words in a fault
_TELLING = ("name", "case", "word", "added", "leak", "markup")  # objections whose words are those that were added
_PROMISE = re.compile(
    r"保证(?!金)|确保(?:升|晋升|当上|做到)|(?:一定|肯定|百分之百|必然?|必定|稳)(?:能|会)?(?:升|晋升|当上)|包(?:升|过)"
    r"|guarantee[sd]?\b|\bwill (?:surely|certainly|definitely)\b"
    r"|\b(?:sure|certain|bound) to be promoted\b|\bpromotion is (?:sure|certain)\b",
    re.I,
)


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing wrong with a plan: the line it stands in (empty: the whole plan) and what, in both languages."""

    line: str
    code: str
    what: Text


def check_plan(plan: Plan, profile: Profile, framework: Framework, sources: Sources, hours: float) -> tuple[Fault, ...]:
    """Everything wrong with a plan; empty when nothing is. `hours` are those of a week."""
    return (
        *(fault for line in plan.lines for fault in _line(line, plan, profile, framework, sources)),
        *_whole(plan, profile, framework),
        *_load(plan, hours),
    )


def require_sound(plan: Plan, profile: Profile, framework: Framework, sources: Sources, hours: float) -> None:
    """Raises InputError that names every fault in the language of the plan."""
    faults = check_plan(plan, profile, framework, sources, hours)
    if faults:
        raise InputError(joined([f.what for f in faults]).of(plan.lang), hint=say("fault_mend", plan.lang))


def _line(line: Line, plan: Plan, profile: Profile, framework: Framework, sources: Sources) -> Iterator[Fault]:
    yield from _dates(line, plan)
    yield from _horizon(line, plan, framework)
    for code, text in (("unmeasured", line.measure), ("unevidenced", line.evidence)):
        if min(len(text.zh.strip()), len(text.en.strip())) < _SHORTEST:
            yield _fault(line, code, line=line.text)
    if not line.owner.strip():
        yield _fault(line, "unowned", line=line.text)
    if not line.own and not sources.holds(line.source):
        yield _fault(line, "uncited", line=line.text)
    yield from _invented_numbers(line, profile, framework)
    if promise := _promised(line, profile, framework):
        yield _fault(line, "promise", line=line.text, words=promise)
    yield from _reworded(line, profile, framework)


def _reworded(line: Line, profile: Profile, framework: Framework) -> Iterator[Fault]:
    """A first step in other words than the library's adds nothing to them but the person's own, in either language."""
    action = library_action(framework, line)
    if action is None or line.how is None or line.how == action.how:
        return
    for lang in _LANGS:
        found = objection(action.how.of(lang), line.how.of(lang), profile, lang, known=vocabulary(framework, lang))
        if found is not None and found.code == "number":
            yield _fault(line, "number", line=line.text, number=found.words)
        elif found is not None and found.code == "promise":
            yield _fault(line, "promise", line=line.text, words=found.words)
        elif found is not None and found.code == "person":
            yield _fault(line, "invented", words=found.words)
        elif found is not None:
            words = found.words if found.words and found.code in _TELLING else line.how.of(lang)
            yield _fault(line, "wording", line=line.text, words=texts.clip(words.strip(), _QUOTED))


def _dates(line: Line, plan: Plan) -> Iterator[Fault]:
    """An open line lies ahead; one that was begun under an earlier version may have started before."""
    if line.due < line.start:
        yield _fault(line, "undated", line=line.text, start=line.start, due=line.due)
    if line.review not in {m.on for m in plan.meetings}:
        yield _fault(line, "review", line=line.text, date=line.review)
    if line.status == "open":
        if line.role == "action" and plan.pause and in_pause(line.start, line.due, plan.pause):
            yield _fault(line, "pause", line=line.text, first=plan.pause[0], last=plan.pause[1])
        for day in (line.due, *([line.start] if plan.version == 1 else [])):
            if day < plan.made:
                yield _fault(line, "past", line=line.text, date=day, made=plan.made)


def _horizon(line: Line, plan: Plan, framework: Framework) -> Iterator[Fault]:
    """A goal is due within its horizon; an action may be done sooner, never later."""
    horizon = next(h for h in framework.plan.horizons if h.id == line.horizon)
    begun = plan.made if plan.version == 1 else min(plan.made, line.start)
    first = months_after(begun, horizon.months[0]) - timedelta(days=_SLACK_DAYS)
    last = months_after(plan.made, horizon.months[1]) + timedelta(days=_SLACK_DAYS)
    if line.due > last or (line.role == "goal" and plan.version == 1 and line.due < first):
        yield _fault(line, "horizon", line=line.text, due=line.due, horizon=horizon.name, first=first, last=last)


def _invented_numbers(line: Line, profile: Profile, framework: Framework) -> Iterator[Fault]:
    """Numbers of a line come from the person, whose own line it may be, from its action, or from the framework's words."""
    if line.own:
        return
    said = _numbers(_worded(line, framework))
    invented = said and sorted(said - _numbers(profile.words.split("\n")) - _framework_numbers(framework, line))
    if invented:
        yield _fault(line, "number", line=line.text, number=invented[0])


def _worded(line: Line, framework: Framework) -> list[str]:
    """What a line says in its own words, in both languages; a library action's first step is `_reworded`'s."""
    free = (line.text, line.measure, line.evidence, *((line.how,) if library_action(framework, line) is None else ()))
    return [t for each in free if each for t in (each.zh, each.en)]


def _promised(line: Line, profile: Profile, framework: Framework) -> str:
    """The first promise of a line; what a goal quotes of the person's own wish is no promise of the plan."""
    wish = wish_of(profile) if line.role == "goal" and not line.own else ""
    said = (words.replace(f"“{wish}”", "") if wish else words for words in _worded(line, framework))
    return next((found.group() for words in said if (found := _PROMISE.search(words))), "")


def _framework_numbers(framework: Framework, line: Line) -> set[str]:
    """The numbers that the framework's own words and the sentences of goals bring with them."""
    known = [str(level.number) for level in framework.levels]
    known += [told for key, sentence in CATALOGUE.items() if key.startswith("goal_") for told in sentence.values()]
    for action in framework.actions.get(line.pillar or "", ()):
        if action.id == line.action or line.role == "goal":  # a goal's evidence is what its actions leave behind
            known += [t for each in (action.name, action.measure, action.evidence) for t in (each.zh, each.en)]
    for indicator in framework.indicators.get(line.pillar or "", ()):
        known += [indicator.name.zh, indicator.name.en, *indicator.counts.zh, *indicator.counts.en]
    for pillar in framework.pillars:
        known += [t for each in pillar.levels for t in (each.text.zh, each.text.en)]
    for gate in framework.gates.conditions:
        known += [t for each in (gate.name, *gate.per_stage.values()) for t in (each.zh, each.en)]
    return _numbers(known)


def _numbers(said: Iterable[str]) -> set[str]:
    return {number for text in said for number in _read(text)}


@lru_cache(maxsize=4096)
def _read(text: str) -> frozenset[str]:
    """The numbers of a text; the same sentences come back with every line and every check."""
    return frozenset(numbers(text))


def _whole(plan: Plan, profile: Profile, framework: Framework) -> Iterator[Fault]:
    if plan.gaps and not plan.actions:
        yield Fault(line="", code="actions", what=both("fault_actions"))
    said = texts.fold(profile.words)
    for fact in plan.facts:
        if texts.fold(fact.text) not in said:
            yield Fault(line="", code="invented", what=both("fault_invented", words=fact.text))
    worked = {line.pillar for line in plan.lines if line.status != "dropped"} | {s.pillar for s in plan.skipped}
    for gap in plan.gaps:
        if gap.pillar not in worked:
            yield Fault(line="", code="gap", what=both("fault_gap", pillar=framework.pillar(gap.pillar).name))
    kinds = {line.kind for line in plan.actions} | {s.kind for s in plan.skipped}
    for kind in framework.plan.action_kinds:
        if kind.id not in kinds:
            yield Fault(line="", code="kind", what=both("fault_kind", kind=kind.name))


def _load(plan: Plan, hours: float) -> Iterator[Fault]:
    """The first week that holds more hours than the person has."""
    running = [line for line in plan.actions if line.hours and line.status == "open"]
    for week in sorted({line.start for line in running}):
        planned = sum(rate(line) for line in running if line.start <= week <= line.due)
        if planned > hours * _ROUNDING:
            what = both("fault_hours", week=week, planned=f"{planned:.1f}", hours=f"{hours:g}")
            yield Fault(line="", code="hours", what=what)
            return


def _fault(line: Line, code: str, /, **values: Text | date | str) -> Fault:
    return Fault(line=line.id, code=code, what=both(f"fault_{code}", **values))


def faults_text(faults: Sequence[Fault]) -> Text:
    """All faults, one sentence after the other."""
    return joined([f.what for f in faults])
