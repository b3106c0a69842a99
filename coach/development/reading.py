"""Reads what a person says about themselves: where they stand on each gate condition, what limits them, where they want to go.

Everything read is quoted literally. What they did once, wish for, or tell of somebody else is not where they stand; orders
inside a text are no statements. Decides no stage: that is `coach.development.stage`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from coach.development.readings import (
    Band,
    Clause,
    Condition,
    Reading,
    Readings,
    Span,
    Spend,
    Step,
    Stretch,
    Title,
    asks,
    between_jobs,
    clauses,
    denied,
    folded,
    holds_now,
    match,
    matches,
    number,
    sums,
    with_wishes,
)
from coach.development.schema import MAX_EVIDENCE, MAX_FIELD, MAX_ITEMS, Direction, Held, Profile, Quote
from coach.framework.files import Words
from coach.framework.schema import Framework, PillarId, StageId
from coach.text import clean

_WISHES = ("target", "interest", "name")  # fields that say nothing of where somebody stands
_EVIDENCE = "evidence"
_LARGE = 10_000  # people in "a multinational"


# --- what was said ------------------------------------------------------------------------------------------------


def _texts(profile: Profile) -> Iterator[tuple[str, str]]:
    """Every text of a profile with its field; evidence as `evidence.<pillar>`, last."""
    for name in type(profile).model_fields:
        value = getattr(profile, name)
        if isinstance(value, str) and value:
            yield name, value
        elif isinstance(value, tuple):
            yield from ((name, each) for each in value)
    yield from ((f"{_EVIDENCE}.{pillar}", text) for pillar, text in profile.evidence.items() if text)


@dataclass(frozen=True)
class _Said:
    """A profile in clauses; `between` is true for somebody who has no post, and is then seen by the last one."""

    clauses: tuple[Clause, ...]
    between: bool

    def of(self, *fields: str) -> list[Clause]:
        """The clauses of these fields, in the order of the fields."""
        return [c for name in fields for c in self.clauses if c.field == name]

    def stands(self, clause: Clause) -> bool:
        """Does the clause tell where the person stands now (or stood, when they have no post)?"""
        return not clause.wished and not clause.others and (self.between or holds_now(clause))


def _said(profile: Profile, readings: Readings) -> _Said:
    found: list[Clause] = []
    for name, text in _texts(profile):
        pieces, _ = clauses(name, text)
        found.extend(with_wishes(pieces, [c.wished and _on_conditions(c, readings) for c in pieces]))
    return _Said(tuple(found), any(between_jobs(c) for c in found))


def _on_conditions(clause: Clause, readings: Readings) -> bool:
    return any(match(r, clause.text) for c in readings.conditions.values() for r in c.readings)


# --- gate conditions ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Seen:
    """One place that speaks for a condition: stage orders, and the words. `caps`: no more than `highest`."""

    lowest: int
    highest: int
    caps: bool
    words: str
    field: str


def read_profile(profile: Profile, framework: Framework, readings: Readings) -> tuple[Held, ...]:
    """Where the person stands on each gate condition, in the framework's order; nothing read gives stages of None.

    What they tell outside of `evidence` goes first; evidence tells of projects, and is used where nothing else speaks.
    `words` are literally in the field that `field` names (`evidence.<pillar>`, or an entry of a list).
    """
    reader = _Reader(profile, framework, readings)
    return tuple(reader.held(gate.id) for gate in framework.gates.conditions)


class _Reader:
    """Reads the conditions of one profile."""

    def __init__(self, profile: Profile, framework: Framework, readings: Readings) -> None:
        self.readings = readings
        self.profile = profile
        self.order = {s.id: s.order for s in framework.stages}
        self.said = _said(profile, readings)
        self.company = _company_size(self.said, readings)
        self.whole = claimed_stage(profile, framework, readings) == framework.stages[-1].id

    def held(self, condition: str) -> Held:
        rules = self.readings.conditions.get(condition)
        if rules is None:
            return Held(condition=condition)
        told = [c for c in self.said.clauses if self.said.stands(c) and c.field not in _WISHES]
        spoken = [s for c in told if not c.field.startswith(_EVIDENCE) for s in self._seen(condition, rules, c)]
        spoken = spoken or [s for c in told if c.field.startswith(_EVIDENCE) for s in self._seen(condition, rules, c)]
        if not spoken:  # their answer is kept, though it could not be placed
            own = next((c for c in self.said.of(rules.field) if c.words), None)
            return Held(condition=condition, words=own.words if own else "", field=rules.field if own else "")
        best = _together(spoken, rules.combine)
        return Held(condition=condition, lowest=best.lowest, highest=best.highest, words=best.words, field=best.field)

    def _seen(self, condition: str, rules: Condition, clause: Clause) -> Iterator[_Seen]:
        own = clause.field == rules.field
        found = [s for r in rules.readings for s in self._reading(r, clause)]
        if own and not found:  # a bare answer ("CEO", "yes"); the first that fits
            found = next((s for r in rules.answers if (s := list(self._reading(r, clause)))), [])
        yield from found
        if self.readings.team and self.readings.team.condition == condition:
            yield from self._team(clause, own)
        if self.readings.money and self.readings.money.condition == condition and not any(s.caps for s in found):
            yield from self._money(clause, own)

    def _reading(self, reading: Reading, clause: Clause) -> Iterator[_Seen]:
        for found in matches(reading, clause.text):
            if not (reading.caps or reading.literal) and denied(clause, found):
                if reading.denied:
                    yield self._at(reading.denied, clause, found, caps=True)
            else:
                yield self._at(self._size(reading), clause, found, caps=reading.caps)

    def _size(self, reading: Reading) -> Span:
        small = self.company <= self.readings.small_company if self.company else reading.small_unknown
        return reading.small if reading.small and small else reading.stages

    def _at(self, span: Span, clause: Clause, found: re.Match[str], *, caps: bool = False) -> _Seen:
        return _Seen(self.order[span[0]], self.order[span[1]], caps, clause.around(found), clause.field)

    def _team(self, clause: Clause, own: bool) -> Iterator[_Seen]:
        """How many people: what stages that fits depends on the size of the company, and one number alone says little.

        Somebody who leads a whole company leads all of its people, however few: their number sets no upper end.
        """
        team, company = self.readings.team, self.readings.company
        if team is None:
            return
        if company and clause.field == company.field:  # how large the company is says nothing of whom they lead
            return
        firm = [m.span() for m in matches(company.count, clause.text)] if company else []
        found = list(matches(team.count, clause.text)) + (list(matches(team.answers, clause.text)) if own else [])
        for each in found:
            people = number(each["n"])
            if people is None or denied(clause, each) or any(a < each.end() and each.start() < b for a, b in firm):
                continue
            seen = self._at(_step(self._band().sizes, people), clause, each, caps=people == 0)
            top = max(self.order.values())
            yield _Seen(seen.lowest, top, False, seen.words, seen.field) if self.whole and people else seen

    def _band(self) -> Band:
        bands = self.readings.team.bands if self.readings.team else ()
        if not self.company and (unknown := next((b for b in bands if b.unknown), None)):
            return unknown
        sized = [b for b in bands if not b.unknown]
        return next((b for b in sized if b.company is not None and self.company <= b.company), sized[-1])

    def _money(self, clause: Clause, own: bool) -> Iterator[_Seen]:
        money = self.readings.money
        if money is None or not (own or match(money.mentions, clause.text)):
            return
        if amounts := sums(clause.text, money.per_dollar, bare=10_000 if own else float("inf")):
            span = _step(money.sums, max(amounts))
            yield _Seen(self.order[span[0]], self.order[span[1]], False, clause.words, clause.field)


def _step(steps: Sequence[Step], value: float) -> Span:
    return next(s.stages for s in reversed(steps) if value >= s.at or s is steps[0])


def _together(seen: list[_Seen], combine: str) -> _Seen:
    """What several places say together: where they overlap, what they share; else the one that `combine` names.

    A cap lowers the upper end; a cap below what is said elsewhere is a contradiction, and leaves everything between open.
    """
    says, caps = [s for s in seen if not s.caps], [s for s in seen if s.caps]
    cap = min(caps, key=lambda s: s.highest, default=None)
    if not says:
        return cap or seen[0]
    says.sort(key=lambda s: (s.lowest, s.highest), reverse=combine == "highest")
    best = says[0]
    lowest, highest = best.lowest, best.highest
    for other in says[1:]:
        if max(lowest, other.lowest) <= min(highest, other.highest):
            lowest, highest = max(lowest, other.lowest), min(highest, other.highest)
    if cap and cap.highest >= lowest:
        highest = min(highest, cap.highest)
    elif cap:
        lowest = cap.lowest
    return _Seen(lowest, highest, False, best.words, best.field)


def _company_size(said: _Said, readings: Readings) -> float:
    """People of the company; 0 for not known."""
    company = readings.company
    if company is None:
        return 0
    own = [c for c in said.of(company.field) if said.stands(c)]
    rest = [c for c in said.clauses if c.field != company.field and said.stands(c)]
    for clause in own:
        for found in (*matches(company.count, clause.text), *matches(company.answers, clause.text)):
            if (value := number(found["n"])) is not None and "万" not in clause.text[found.end("n") : found.end("n") + 1]:
                return value
            return _LARGE
    for clause in rest:
        if (count := match(company.count, clause.text)) and (value := number(count["n"])):
            return value
    for words, size in ((company.large, float(_LARGE)), (company.small, float(readings.small_company))):
        if any(match(words, c.text) and not c.field.startswith(_EVIDENCE) for c in (*own, *rest)):
            return size
    return 0


# --- titles -------------------------------------------------------------------------------------------------------

_NOT_SELF = re.compile(
    r"(?:离|距离?|比起?)(?:当上?|做到?|成为|一个)?$|\b(?:far|away) from (?:being |becoming )?(?:an? |the )?$"
    r"|(?:向|给|对|跟|和|与|找(?!回|到)|等|由|让|请|听|帮|陪|替|下属|手下|下面|带|管|归|跟着)[^,]{0,8}$"
    r"|\breport\w* (?:\w+ )*?(?:to )?(?:the |our |my |a |an )?(?:\w+ )?$"
    r"|\b(?:assistant|advisor|adviser|deputy) to (?:the |our |a )?(?:\w+ )?$"
    r"|(?<!\bbe )(?<!become )(?<!\bi.m )(?<!\bi am )(?<!\bas )\b(?:my|our|the|with|by|for) (?:\w+ )?$"
    r"|[\d一二两俩三四五六七八九十几]\s*(?:个|位|名)[^,]{0,4}$"
    r"|\b(?:two|three|four|five|six|\d+) (?:\w+ )?$"
)
_SELF = re.compile(
    r"我(?:现在|目前|其实|本人|就|也|是|,)*(?:是|做|当|任|担任|叫)|现任|担任|任职|^\s*(?:本人|现在|目前)?(?:是|做|当|在)|其实(?:我)?是|升(?:任|到|为|了|上)|职位是"
    r"|头衔是|岗位是|title是"
    r"|\bi.?m\b|\bi am\b|\bas (?:a|an|the|their)\b|\bmy (?:title|role|job|position) is\b|\bwork(?:ing)? as\b"
    r"|\bpromoted to\b|\bbecame\b|\bacting\b|\binterim\b"
)


def _titles(clause: Clause, readings: Readings) -> list[tuple[Title, re.Match[str]]]:
    """The titles a clause gives the speaker: not those of whom they report to, lead, or deny to be."""
    found = []
    for title in readings.titles:
        for each in matches(title, clause.text):
            before = clause.text[: each.start()]
            if not _NOT_SELF.search(before) and not denied(clause, each):
                found.append((title, each))
    return found


def _highest(titles: list[Title], order: dict[StageId, int]) -> StageId | None:
    strong = [t.stage for t in titles if t.stage and not t.weak] or [t.stage for t in titles if t.stage]
    return max(strong, key=lambda s: order[s], default=None)


def claimed_stage(profile: Profile, framework: Framework, readings: Readings) -> StageId | None:
    """The stage the person's title names, from their role, else from what they say they are; None when no title is known."""
    order = {s.id: s.order for s in framework.stages}
    said = _said(profile, readings)
    for fields, self_only in ((("role",), False), (("about",), True)):
        found = [
            title
            for clause in said.of(*fields)
            if said.stands(clause) and (not self_only or _SELF.search(clause.text))
            for title, _ in _titles(clause, readings)
        ]
        if found:
            return _highest(found, order)
    return None


def between(profile: Profile, readings: Readings) -> bool:
    """Does the person say that they have no post at the moment?"""
    return _said(profile, readings).between


# --- where they want to go ----------------------------------------------------------------------------------------


def direction_of(profile: Profile, readings: Readings, stage: StageId | None = None) -> Direction:
    """Up, deeper, or not said.

    A named stage beats words of depth ("go deep and become a top CMO"), unless it is `stage`, the one they stand on.
    """
    clauses_ = _said(profile, readings).of("interest", "target", "constraints", "about")
    named = _wished(clauses_, readings)
    deeper = any(match(readings.direction.depth, c.text) for c in clauses_)
    if named:
        return "depth" if deeper and named == {stage} else "climb"
    if deeper:
        return "depth"
    up = any(not denied(c, m) for c in clauses_ if not c.past for m in matches(readings.direction.climb, c.text))
    return "climb" if up else "unknown"


# What follows the title of somebody whose wish it is: "CEO想让我…", "the CEO wants me to …" name no target.
_WISHER = re.compile(
    r"(?:一直|总是?|也|又|老是?|还)?(?:想|希望|期望|打算|要求?我)"
    r"|s? (?:also |always |just |now |only |still |\w+ly )?(?:wants?|wanted|hopes?|would like|expects?|plans?|aims?)\b"
)


def _wished(found: list[Clause], readings: Readings) -> set[StageId]:
    """The stages somebody wishes for: all of the field that asks for them, elsewhere those in a wish."""
    wished = [c for c in found if c.field == "target" or c.wished or match(readings.direction.depth, c.text)]
    titles = [t for c in wished for t, m in _titles(c, readings) if c.field == "target" or not _WISHER.match(c.text[m.end() :])]
    titles += [t for c in wished for t in readings.wishes for m in matches(t, c.text) if not denied(c, m)]
    return {t.stage for t in titles if t.stage}


def target_of(profile: Profile, framework: Framework, readings: Readings, stage: StageId) -> StageId:
    """The stage to work for: the nearest named one above `stage`; for depth `stage` itself; else the next one.

    A stage the person says they do not want is never the target. A named stage below the own one is taken at its word.
    """
    order = {s.id: s.order for s in framework.stages}
    clauses_ = _said(profile, readings).of("target", "interest", "about", "constraints")
    named = _wished(clauses_, readings)
    if named:
        above = [s for s in named if order[s] > order[stage]] or [s for s in named if s == stage]
        return min(above, key=lambda s: order[s]) if above else max(named, key=lambda s: order[s])
    if direction_of(profile, readings, stage) == "depth":
        return stage
    following = next((s.id for s in framework.stages if s.order == order[stage] + 1), stage)
    return stage if following in _refused(clauses_, readings) else following


def _refused(found: list[Clause], readings: Readings) -> set[StageId]:
    """The stages somebody says they do not want."""
    words = (*readings.titles, *readings.wishes)
    return {t.stage for c in found if c.wished for t in words if t.stage for m in matches(t, c.text) if denied(c, m)}


# --- what limits them ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Constraints:
    """What limits what a person can do. None, "any" or "" where they said nothing.

    `hours_per_week` is the smaller end of a range, 0 when they say they have no time at all. `regulated` is the regulated
    industry in their own words. `pause` is the first and the last day without any plan, counted from the day of the telling;
    of one whose beginning was not told there are only the words. `quotes` are the words each rests on, by the name of the value.
    """

    hours_per_week: float | None = None
    spend: Spend = "any"
    travel: bool | None = None
    relocation: bool | None = None
    regulated: str = ""
    family: bool = False
    pause: tuple[int, int] | None = None
    quotes: dict[str, Quote] = field(default_factory=dict)


_LIMITS = ("hours_per_week", "constraints", "about", "interest", "target")


def constraints_of(profile: Profile, readings: Readings) -> Constraints:
    """What limits the person, from their constraints, hours, industry and whatever else they told."""
    words = readings.constraints
    said = _said(profile, readings)
    told = [c for c in said.of(*_LIMITS) if not c.past and not c.others]
    quotes: dict[str, Quote] = {}

    def keep(name: str, clause: Clause, found: re.Match[str]) -> None:
        quotes[name] = Quote(text=clause.around(found), field=clause.field)

    hours = next((h for c in told if (h := _hours(c, readings, keep)) is not None), None)
    spend: Spend = next((s for c in told if (s := _spend(c, readings, keep))), "any")
    yes_no: dict[str, bool | None] = {"travel": None, "relocation": None}
    for name, ability in (("travel", words.travel), ("relocation", words.relocation)):
        for c in told:
            cannot = match(ability.cannot, c.text)
            can = next((m for m in matches(ability.can, c.text) if not denied(c, m)), None)
            if yes_no[name] is None and (found := cannot or can):
                yes_no[name] = not cannot
                keep(name, c, found)
    family = next(((c, m) for c in told if (m := match(words.family, c.text)) and not denied(c, m)), None)
    if family:
        keep("family", *family)
    regulated = _regulated(said, readings, keep)
    pause = _pause(told, readings, keep)
    return Constraints(
        hours_per_week=hours, spend=spend, family=bool(family), regulated=regulated, pause=pause, quotes=quotes, **yes_no
    )


_Keep = Callable[[str, Clause, re.Match[str]], None]


def _hours(clause: Clause, readings: Readings, keep: _Keep) -> float | None:
    words, best = readings.constraints, None
    for entry in words.hours:
        for found in matches(entry, clause.text):
            count = number(found["n"]) if "n" in found.re.groupindex else 1.0
            if count is not None and (best is None or count * entry.each > best):
                best = count * entry.each
                keep("hours_per_week", clause, found)
    if best is None and clause.field == "hours_per_week" and (answer := match(words.hours_answers, clause.text)):
        best = number(answer["n"])
        keep("hours_per_week", clause, answer)
    if best is None and (none := match(words.no_time, clause.text)):
        best = 0.0
        keep("hours_per_week", clause, none)
    return best


def _pause(told: Sequence[Clause], readings: Readings, keep: _Keep) -> tuple[int, int] | None:
    """When a stretch without any plan begins and ends; None where no such stretch, or not its beginning, was told."""
    words = readings.constraints.pause
    if soon := _stretch(told, words.now):
        keep("pause", *soon[1:])
        return 0, soon[0]
    begins, lasts = _stretch(told, words.until), _stretch(told, words.after)
    if lasts:
        keep("pause", *lasts[1:])
    return (begins[0], begins[0] + lasts[0]) if begins and lasts else None


def _stretch(told: Sequence[Clause], words: Sequence[Stretch]) -> tuple[int, Clause, re.Match[str]] | None:
    """The first stretch that is told, in days."""
    for clause in told:
        for entry in words:
            if (found := match(entry, clause.text)) and (count := number(found["n"])) is not None:
                return max(0, round((count if entry.whole is None else entry.whole - count) * entry.unit)), clause, found
    return None


def _limits_time(clause: Clause, readings: Readings) -> bool:
    """Does a clause tell of a stretch without any plan, or only of when it begins?"""
    words = readings.constraints.pause
    return _stretch((clause,), (*words.until, *words.after, *words.now)) is not None


def _spend(clause: Clause, readings: Readings, keep: _Keep) -> Spend | None:
    words, own = readings.constraints, clause.field == "constraints"
    mention = match(words.spend_sums.mentions, clause.text) or (match(words.spend_sums.answers, clause.text) if own else None)
    per_dollar = readings.money.per_dollar if readings.money else 1.0
    if mention and (amounts := sums(clause.text, per_dollar, bare=100)):
        keep("spend", clause, mention)
        return next((u.spend for u in words.spend_sums.up_to if max(amounts) <= u.sum), "any")
    for entry in words.spend:
        if (own or not entry.answers) and (found := match(entry, clause.text)):
            keep("spend", clause, found)
            return entry.spend
    return None


def _regulated(said: _Said, readings: Readings, keep: _Keep) -> str:
    for clause in said.of("industry", "role", "constraints", "about"):
        found = match(readings.constraints.regulated, clause.text)
        if found and said.stands(clause) and not denied(clause, found):
            keep("regulated", clause, found)
            return clause.source[clause.start + found.start() : clause.start + found.end()]
    return ""


# --- from a conversation ------------------------------------------------------------------------------------------


class Told(NamedTuple):
    """A profile made of what somebody said in a conversation, and what of it was not a statement about themselves.

    `ignored`: orders, quoted and pasted text, as they were typed.
    """

    profile: Profile
    ignored: tuple[str, ...] = ()


def instructions_in(text: str) -> tuple[str, ...]:
    """The pieces of a text that are addressed to a program, or quoted or pasted, as they were typed."""
    return clauses("", text)[1]


def profile_from_messages(messages: Sequence[str], readings: Readings, framework: Framework) -> Told:
    """The profile somebody tells in their own messages, oldest first; what they say later corrects what they said before.

    Every value is literally in one of the messages (invisible characters aside); in `about`, every line is.
    """
    listener = _Listener(readings, framework)
    for text in messages:
        listener.hear(clean(text))
    return Told(profile=listener.profile(), ignored=tuple(listener.ignored))


class _Listener:
    """Collects what the messages say, field by field."""

    def __init__(self, readings: Readings, framework: Framework) -> None:
        self.readings = readings
        self.framework = framework
        self.order = {s.id: s.order for s in framework.stages}
        self.fields: dict[str, str] = {}
        self.lists: dict[str, list[str]] = {"strengths": [], "weaknesses": [], "constraints": []}
        self.ratings: dict[PillarId, int] = {}
        self.about: list[str] = []
        self.ignored: list[str] = []

    def profile(self) -> Profile:
        about = "\n".join(self.about)[-MAX_EVIDENCE:]
        lists = {name: tuple(values[:MAX_ITEMS]) for name, values in self.lists.items()}
        return Profile.model_validate({**self.fields, **lists, "self_ratings": self.ratings, "about": about})

    def hear(self, text: str) -> None:
        """One message: each clause is put where it belongs, sentences that tell anything else are kept in `about`."""
        pieces, ignored = clauses("about", text)
        self.ignored.extend(ignored)
        found = with_wishes(pieces, [c.wished and _on_conditions(c, self.readings) for c in pieces])
        here: dict[str, list[Clause]] = {}
        for clause in found:
            placed = self._place(clause, here)
            if not placed and not asks(clause.text) and self._tells(clause):
                here.setdefault("about", []).append(clause)
        for name, said in here.items():
            if name == "about":
                self._keep_rest(said)
            else:
                self.fields[name] = _span(said)

    def _place(self, clause: Clause, here: dict[str, list[Clause]]) -> bool:
        """Put a clause into the fields it speaks for; False when it speaks for none."""
        if self._wish(clause, here):
            return True
        if clause.others or not holds_now(clause):
            return False
        placed = self._self(clause) | self._limits(clause) | self._judges_self(clause)
        if clause.wished:
            return placed
        for condition in self.readings.conditions.values():
            if self._speaks_for(condition, clause):
                here.setdefault(condition.field, []).append(clause)
                placed = True
        return placed

    def _speaks_for(self, condition: Condition, clause: Clause) -> bool:
        readings = self.readings
        if any(match(r, clause.text) for r in condition.readings):
            return True
        if readings.team and readings.conditions.get(readings.team.condition) is condition:
            return match(readings.team.count, clause.text) is not None
        if readings.money and readings.conditions.get(readings.money.condition) is condition:
            learning = match(readings.constraints.spend_sums.mentions, clause.text)
            return not learning and bool(match(readings.money.mentions, clause.text) and sums(clause.text, 1.0))
        return False

    def _wish(self, clause: Clause, here: dict[str, list[Clause]]) -> bool:
        """Where they want to go, or no longer want to."""
        words = self.readings.direction
        deeper = match(words.depth, clause.text)
        if not (clause.wished or deeper):
            return False
        refused = bool(_refused([clause], self.readings))
        if not refused and _wished([clause], self.readings):
            here.setdefault("target", []).append(clause)
            return True
        if not (refused or deeper or match(words.climb, clause.text)):
            return False
        if refused or deeper:  # what they wished for before no longer holds
            self.fields.pop("target", None)
            here.pop("target", None)
        here.setdefault("interest", []).append(clause)
        return True

    def _self(self, clause: Clause) -> bool:
        """Name, title, industry, size of the company, years."""
        readings, placed = self.readings, False
        titles = _titles(clause, readings) if not clause.wished else []
        if not _SELF.search(clause.text):  # a bare title, among other things they tell about themselves
            bare = not any(self._speaks_for(c, clause) for c in readings.conditions.values())
            titles = [(t, m) for t, m in titles if bare and (not clause.start or _BARE.search(clause.text[: m.start()]))]
        if titles:
            top = _highest([t for t, _ in titles], self.order)
            self.fields["role"] = self._title(clause, next(m for t, m in titles if t.stage == top))
            placed = True
        if name := _NAME.search(clause.text):
            self.fields["name"] = _literal(clause, name, "x")
            placed = True
        patterns: list[tuple[str, Words]] = [("industry", readings.industries), ("years", readings.years)]
        if readings.company:
            patterns.append((readings.company.field, readings.company.count))
        for field_, words in patterns:
            if found := match(words, clause.text):
                self.fields[field_] = _literal(clause, found)
                placed = placed or field_ != "industry"
        return placed

    def _title(self, clause: Clause, found: re.Match[str]) -> str:
        """The title with the words before it that belong to it."""
        start = found.start()
        if prefix := match(self.readings.title_prefix, clause.text[:start]):
            start = prefix.start()
        return clause.source[clause.start + start : clause.start + found.end()].strip()

    def _limits(self, clause: Clause) -> bool:
        """Time, money, travel, family: into `constraints`, and the hours into their own field."""
        said = Profile(about=clause.words)
        limits = constraints_of(said, self.readings)
        names = set(limits.quotes) - {"regulated"}
        names |= {"pause"} if _limits_time(clause, self.readings) else set()
        if not names:
            return False
        if "hours_per_week" in names:
            self.fields["hours_per_week"] = clause.words
        if names - {"hours_per_week"} and clause.words not in self.lists["constraints"]:
            self.lists["constraints"].append(clause.words)
        return True

    def _judges_self(self, clause: Clause) -> bool:
        """Strong and weak points, and ratings by number."""
        placed = self._rates(clause)
        for name, other in (("weaknesses", "strengths"), ("strengths", "weaknesses")):
            for found in matches(getattr(self.readings, name), clause.text):
                if name == "strengths" and denied(clause, found):
                    continue
                if (words := _literal(clause, found, "x")) and words not in self.lists[name]:
                    self.lists[other] = [w for w in self.lists[other] if folded(w) != folded(words)]
                    self.lists[name].append(words)
                placed = True
            if placed:
                break
        return placed

    def _rates(self, clause: Clause) -> bool:
        top, placed = len(self.framework.levels), False
        for pillar, words in self.readings.pillars.items():
            for named in matches(words, clause.text):
                rated = _RATED.match(clause.text[named.end() :])
                value = number(rated["n"]) if rated else None
                scale = number(rated["scale"]) if rated and rated["scale"] else top
                if value is not None and scale == top and 1 <= value <= top:
                    self.ratings[pillar] = int(value)
                    placed = True
        return placed

    def _tells(self, clause: Clause) -> bool:
        """Is it a statement about themselves that is worth keeping?"""
        told = len(clause.text.strip()) >= _SHORTEST and any(c.isalnum() for c in clause.text)
        return told and not match(_THANKS, clause.text)

    def _keep_rest(self, said: list[Clause]) -> None:
        for line in (c.words for c in said):
            if line not in self.about and len(line) <= MAX_FIELD:
                self.about.append(line)


_BARE = re.compile(r"^\s*(?:(?:一?[家名个位]|an? )?\S{0,12}(?:公司|集团|企业|大厂|机构|的))?(?:[^\s写做会]{0,4}|[a-z]+ ?)?$")
_SHORTEST = 6  # characters of a statement; shorter pieces are greetings and fillers
_THANKS = Words(
    zh=(r"^\s*(?:谢谢|多谢|你好|您好|好的|嗯|哈哈)",), en=(r"^\s*(?:thanks|thank you|hello|hi|hey|ok(?:ay)?|i see)\b",)
)
_NAME = re.compile(
    r"(?:我叫|叫我|名字(?:是|叫))\s*(?P<x>[一-鿿]{2,4}|[a-z][a-z .'-]{1,30})(?=$|[,;!\s])"
    r"|\b(?:my name is|call me) (?P<x2>[a-z][a-z'-]+(?: [a-z][a-z'-]+)?)"
)
_RATED = re.compile(
    r"\s*(?:能力|这块|方面|思维|洞察力?|管理)*\s*(?:我)?(?:给自己|自评|自己)?(?:打|评)?"
    r"(?:大概|是|算|约|为|level|[:=]|,| is| at| i.d say)*\s*"
    r"(?P<n>[1-5一二两三四五])\s*(?:级|分|档|/|of|out of|$|[,;)\s])\s*(?:满分|out of|of)?\s*(?P<scale>\d+)?"
)


def _literal(clause: Clause, found: re.Match[str], group: str = "") -> str:
    """The matched words as they were typed; of a named group where there is one (`x`, or `x2` of the other language)."""
    name = next((g for g in (group, f"{group}2") if group and g in found.re.groupindex and found[g]), 0)
    return clause.source[clause.start + found.start(name) : clause.start + found.end(name)].strip(" \t\n,，的。.")


def _span(said: list[Clause]) -> str:
    """The words of one field: neighbouring clauses of a message as one stretch, else the last of them."""
    start = end = said[-1].start
    end = said[-1].end
    for earlier, later in pairwise(reversed(said)):
        if earlier.start - later.end > 1:
            break
        start = later.start
    return said[-1].source[start:end].strip(" \t\n,，;；、。.!！")[:MAX_FIELD]
