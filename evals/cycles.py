"""Scores whole cycles of the product: told, assessed, planned, checked in, reviewed, planned anew; and how the coach talks.

    python -m evals.cycles

Runs every dialogue of datasets/cycles.jsonl against the real product, without any chat model: one throw-away database a
dialogue, a day that moves on, the built library. What is expected there is what a fair and strict coach would demand, so a
failure may be the product's. Style is measured, not gated. The `fresh` sets are told as counts alone.
"""

from __future__ import annotations

import json
import math
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations, zip_longest
from pathlib import Path
from statistics import fmean
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any, Literal

import click
from pydantic import Field, model_validator

from coach import text as texts
from coach.app import Coach, build_drafting
from coach.conversation.talks import Talks
from coach.development.actions import planned_hours
from coach.development.check import check_plan
from coach.development.desk import Desk
from coach.development.reading import constraints_of
from coach.development.schema import CheckIn as Told
from coach.development.schema import Direction, Gap, LevelResult, Line, Plan, Source, Standing
from coach.errors import CoachError
from coach.framework import load_framework
from coach.framework.schema import ActionKindId, Framework, PillarId, StageId
from coach.library.passages import sentences
from coach.settings import Settings
from coach.store.database import open_database
from coach.store.records import LOCAL_PERSON, Records
from coach.types import Done, Lang, Passage, Reply, Status
from evals import development
from evals.schema import AnyOf, Row, Term
from evals.sets import DATASETS, rows

if TYPE_CHECKING:
    from coach.conversation.answer import Answering
    from coach.library.search import Library

PEOPLE = ("people", "people_fresh", "people_more")
FIRST_DAY = date(2026, 11, 22)
_STYLE = ("coach: ", "adviser: ")
_SLACK = timedelta(days=7)
_NOTE = 600  # characters of a note on the terminal; the file of --json has all
_MONTHS = {"short": (3, 6), "middle": (12, 24), "long": (36, 60)}  # F083, F085, F088
_COSTS = {"none": ("free",), "low": ("free", "low"), "any": ("free", "low", "medium", "high")}
_AWAY = re.compile(r"出差|外派|驻外|异地|外地|换城市|海外|\btravel|\babroad\b|\brelocat|\bsecondment\b|\boverseas\b", re.I)


# --- the dataset ------------------------------------------------------------------------------------------------------


Fact = Annotated[str, Field(pattern=r"^F(0\d\d|1[0-8]\d|19[0-7])$")]
"""A fact of the source articles, F001 to F197."""


class _Step(Row):
    """What every step has: how many days after the one before, what its text must and must not hold, why, by which facts."""

    do: str
    days: int = Field(default=0, ge=0)
    must: list[AnyOf] = []
    must_not: list[Term] = []
    why: str = Field(min_length=1)
    facts: list[Fact]


class Say(_Step):
    """A turn in the chat. `mode`: coach where the person explores or feels, adviser where they ask for facts or a plan."""

    do: Literal["say"]
    say: Term
    mode: Literal["coach", "adviser"] | None = None
    status: list[Status] = []
    lang: Lang | None = None


class _Placed(_Step):
    """Where the person stands after the step; `stage`, and each of `levels`, lists what is right, null is "not enough evidence".

    `gaps` are tiers: every pillar of a tier is worked on before every pillar of the next.
    """

    stage: list[StageId] = []
    missing: list[str] = []
    not_missing: list[str] = []
    levels: dict[PillarId, list[int | None]] = {}
    contradiction: list[PillarId] = []
    gaps: list[list[PillarId]] = []


class Tell(_Placed):
    """Fields put on the profile, in the person's words. Must and must_not look at the standing in words."""

    do: Literal["tell"]
    profile: dict[str, Any] = Field(min_length=1)


class Assess(_Placed):
    """An assessment answered by indicator and ended; the evidence of the profile counts too."""

    do: Literal["assess"]
    answers: dict[str, str] = {}


class Quiet(Row):
    """Days, counted from the plan's, in which no week may hold more than so many hours: a birth, an audit, an operation."""

    first: int = Field(ge=0)
    last: int = Field(ge=0)
    hours: float = Field(ge=0)


class Rules(Row):
    """What a plan has to keep to beside being sound."""

    hours: float | None = None
    travel: bool = True
    spend: Literal["none", "low", "any"] = "any"
    avoid: list[Term] = []
    quiet: Quiet | None = None
    pillars: list[PillarId] = []
    kinds: list[ActionKindId] = []
    target: list[StageId] = []
    direction: list[Direction] = []


class Draft(_Placed):
    """A new plan. Must and must_not look at the exported text."""

    do: Literal["plan"]
    rules: Rules = Rules()


class Checked(_Step):
    """A check-in on the `nth` open action, in the order of their start, called `name` from then on."""

    do: Literal["checkin"]
    name: str = Field(min_length=1)
    nth: int = Field(default=1, ge=1)
    pillar: PillarId | None = None
    status: Literal["done", "on_track", "stuck", "dropped"]
    evidence: str = ""
    obstacle: str = ""


class Nudged(_Step):
    """What the coach reminds of that day."""

    do: Literal["nudge"]


class Held(_Step):
    """A review, held `days` later or, without them, on the plan's next review day. `rows` counts lines by what was told."""

    do: Literal["review"]
    kind: Literal["quarterly", "yearly"] = "quarterly"
    rows: dict[Literal["done", "on_track", "stuck", "dropped"], int] = {}


class After(Row):
    """What must have become of a line that was checked in on.

    `moved`: open with a later date, or given up for another action of its pillar. `worked`: its pillar is still worked on.
    """

    line: str
    now: Literal["done", "dropped", "moved", "open", "worked", "not_done"]


class Next(_Step):
    """The review is accepted. Must and must_not look at what changed and the new text; `rules` bind the new version."""

    do: Literal["next"]
    after: list[After] = []
    rules: Rules = Rules()


AnyStep = Annotated[Say | Tell | Assess | Draft | Checked | Nudged | Held | Next, Field(discriminator="do")]


class Cycle(Row):
    """One dialogue through the whole cycle."""

    id: str = Field(min_length=1)
    lang: Lang
    about: str = Field(min_length=1)
    steps: Annotated[list[AnyStep], Field(min_length=1)]

    @model_validator(mode="after")
    def _names_known_lines(self) -> Cycle:
        known: set[str] = set()
        for number, step in enumerate(self.steps):
            if isinstance(step, Checked):
                known.add(step.name)
            for each in step.after if isinstance(step, Next) else ():
                if each.line not in known:
                    raise ValueError(f"steps.{number}.after.line: nothing was told of {each.line!r} before")
        return self


def load_cycles(path: Path = DATASETS / "cycles.jsonl") -> list[Cycle]:
    """Raises InputError that names file, line and the first key wrong with it."""
    return rows(path, Cycle)


# --- words: pure functions ------------------------------------------------------------------------------------------------

Find = Callable[[str], Passage | None]
# \d is also full-width.
_MARK = re.compile(r"\s*[\[［【〔]\s*(\d{1,3}(?:\s*[,，、;；]\s*\d{1,3})*)\s*[\]］】〕]")


def without_marks(text: str) -> str:
    """The text without citation marks in any of their forms: [1], ［１］, 【1】, [1, 2]."""
    return _MARK.sub("", text)


def lacking(text: str, wanted: Sequence[Sequence[str]]) -> list[Sequence[str]]:
    """The lists none of whose terms stands in the text; width, case, white space and traditional characters do not count."""
    folded = texts.fold(without_marks(text))
    return [terms for terms in wanted if not any(texts.fold(term) in folded for term in terms)]


def forbidden(text: str, terms: Sequence[str]) -> list[str]:
    """The terms that stand in the text though they must not."""
    folded = texts.fold(without_marks(text))
    return [term for term in terms if texts.fold(term) in folded]


def citations_hold(reply: Reply, find: Find) -> float | None:
    """(marks with a citation + citations whose quote stands in their passage) / (marks + citations); None without any."""
    numbers = {c.n for c in reply.citations}
    marked = [int(n) in numbers for mark in _MARK.finditer(reply.answer) for n in re.findall(r"\d+", mark.group(1))]
    quoted = [bool(c.quote.strip()) and (p := find(c.passage_id)) is not None and c.quote in p.text for c in reply.citations]
    return _share([*marked, *quoted])


# --- how the coach talks: pure functions of a reply and the turn before it ------------------------------------------------

_QUOTED = re.compile(r"“[^”]*”|「[^」]*」|\"[^\"\n]*\"")
_URL = re.compile(r"https?://\S+")
_ASKED = re.compile(r"[?][?!\s]*")
_ASKS = re.compile(
    r"什么|谁|几(?=[个人年次小点])|多少|哪|怎么|怎样|如何|为何|吗|呢|是不是|有没有|能不能|愿不愿|还是"
    r"|\b(?:what|who(?:m|se)?|how|which|when|where|why)\b"
    r"|\b(?:do|did|does|can|could|would|will|have|has|are|is|was|were) (?:you|they|it|there)\b",
    re.I,
)
_CLAUSE = re.compile(r"[,;:、]|\b(?:and|or)\b")
_PUNCTUATION = re.compile(r"[^\w\u4e00-\u9fff]+|_")
_RUN = 4
_WORD = re.compile(r"[a-z0-9][a-z0-9'’%-]*")
_PLAIN = frozenset(
    """
    a an the and or but so if of in on at to for from by with as is are was were be been am i i'm i've i'd you your me my we our
    it its this that these those he she they them his her their not no do does did have has had can could will would should just
    very there here what which who how when where why all any some more than then too also about into out up down over get got one
    """.split()
)
_ADVICE = re.compile(
    r"建议|应该|应当|不妨|最好|你(?:需要|得|要)(?!的)|务必|记得|试试|先(?:做|去|把|从|找|补|过|请)|换(?:一?个|成|一件)|改成"
    r"|\byou (?:should|need to|must|ought|have to|had better)\b|\bi (?:suggest|recommend|advise)\b|\bmy advice\b"
    r"|^(?:then |first |instead,? |please )?(?:try|start|focus|consider|make sure|remember|take|ask|talk|write|set|use|don't"
    r"|do not|keep|draft|add|choose|pick|begin|look|agree|find|meet|send)\b(?!.*\?)",
    re.I,
)
_WANTS_ADVICE = re.compile(
    r"[?？]|(?:怎么|什么|哪)(?![都也怕])|如何|(?<!不要)(?<!不想听)(?<!别给)建议|(?:给|帮|替)我|多少|吗"
    r"|\b(?:how|what) (?:do|should|can|could|would) i\b|\bshould i\b|\b(?:help|give|tell|draft|make|write|show) me\b"
    r"|\b(?:suggest|recommend|advise) (?:me|something|a|what|how)\b"
    r"|\b(?<!don't )(?<!do not )(?:want|need|like) (?:your )?advice\b",
    re.I,
)


def _spoken(text: str) -> str:
    """A reply in normal form without marks, addresses and what it quotes: only what the coach says itself."""
    return _QUOTED.sub(" ", _URL.sub(" ", texts.normalise(without_marks(text))))


def _sentences(text: str) -> list[str]:
    return [s for _, _, s in sentences(texts.normalise(without_marks(text))) if s.strip()]


def questions(text: str) -> int:
    """Questions = runs of ？ or ? outside quotes and addresses; “？？” and “?!” are one."""
    return len(_ASKED.findall(_spoken(text)))


def things_asked(text: str) -> int:
    """Things asked = for each question, its clauses (cut at commas, "and", "or") that hold an interrogative, at least one."""
    spoken, total, start = _spoken(text), 0, 0
    for mark in _ASKED.finditer(spoken):
        asked = re.split(r"[.。!;]|(?<=\?)", spoken[start : mark.start()])[-1]
        total += max(1, sum(1 for clause in _CLAUSE.split(asked) if _ASKS.search(clause)))
        start = mark.end()
    return total


def one_at_a_time(text: str) -> float | None:
    """1 if things_asked is 1, 0 if it is more, None where nothing is asked."""
    asked = things_asked(text)
    return None if asked == 0 else float(asked == 1)


def reflections(text: str, heard: str) -> int:
    """Reflections = sentences, no questions, that share a run of 4 Chinese characters or of 2 content words with `heard`.

    Punctuation, width and case do not count; quoting the person does.
    """
    return sum(1 for s in _sentences(text) if not s.rstrip("”\"' ").endswith(("?", "？")) and takes_up(s, heard))


def takes_up(sentence: str, heard: str) -> bool:
    """Whether a sentence shares a run of four characters, one of them Chinese, or of two content words with what was heard."""
    return bool(_runs(sentence) & _runs(heard)) or bool(_pairs(sentence) & _pairs(heard))


def _runs(text: str) -> set[str]:
    pieces = _PUNCTUATION.split(texts.simplify(texts.normalise(text)).lower())
    runs = {p[at : at + _RUN] for p in pieces for at in range(len(p) - _RUN + 1)}
    return {r for r in runs if sum("\u4e00" <= c <= "\u9fff" for c in r) >= _RUN // 2}


def _pairs(text: str) -> set[tuple[str, str]]:
    found = set()
    for piece in re.split(r"[.,;:!?\n]", texts.normalise(text).lower()):
        words = [w for w in _WORD.findall(piece) if w not in _PLAIN]
        found |= set(zip(words, words[1:], strict=False))
    return found


def advice(text: str) -> int:
    """Sentences, no questions, that hold 建议, 应该, "you should" and the like, or begin with an imperative."""
    return sum(
        1 for s in re.split(r"(?<=[.。!;；?？])\s*", _spoken(text)) if not s.endswith(("?", "？")) and _ADVICE.search(s.strip())
    )


def unasked_advice(text: str, heard: str) -> float | None:
    """Unasked advice = advice(text) where `heard` asks for nothing; None where it asks, and of an empty reply."""
    return None if _WANTS_ADVICE.search(heard) or not text.strip() else float(advice(text))


def length(text: str) -> int:
    """Characters without citation marks and white space."""
    return len("".join(without_marks(text).split()))


def style(text: str, heard: str) -> dict[str, float | None]:
    """All measures of one reply. reflections_per_question = reflections / questions, None without a question."""
    asked, taken = questions(text), reflections(text, heard)
    return {
        "questions": float(asked),
        "one at a time": one_at_a_time(text),
        "reflections": float(taken),
        "reflections per question": taken / asked if asked else None,
        "unasked advice": unasked_advice(text, heard),
        "length": float(length(text)),
    }


# --- plans: pure functions ------------------------------------------------------------------------------------------------


def gap_order(found: Sequence[str], wanted: Sequence[Sequence[str]]) -> float | None:
    """Pairs in the wanted order / pairs, over pillars of different tiers; one that is missing stands behind all others.

    None without a pair. Two that are both missing are in no order, so not in the wanted one.
    """
    place = {pillar: at for at, pillar in enumerate(found)}
    last = len(found)
    pairs = [(a, b) for high, low in combinations(wanted, 2) for a in high for b in low]
    return sum(place.get(a, last) < place.get(b, last) for a, b in pairs) / len(pairs) if pairs else None


def _share(held: Iterable[bool]) -> float | None:
    each = list(held)
    return sum(each) / len(each) if each else None


def dated(plan: Plan) -> float | None:
    """Lines that end no earlier than they begin and lie within their horizon, a week of grace / open lines.

    No line is due after its horizon; a goal of the first version not before it either.
    """
    return _share(_within_horizon(line, plan) for line in plan.lines if line.status == "open")


def _within_horizon(line: Line, plan: Plan) -> bool:
    first, last = (_months_after(plan.made, n) for n in _MONTHS[line.horizon])
    early = line.role == "goal" and plan.version == 1 and line.due < first - _SLACK
    return line.start <= line.due <= last + _SLACK and not early


def _months_after(day: date, months: int) -> date:
    year, month = divmod(day.month - 1 + months, 12)
    last = (date(day.year + year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(day.year + year, month + 1, min(day.day, last))


def measured(plan: Plan) -> float | None:
    """Lines whose measure and evidence say something, and neither only repeats the line / lines, in both languages."""
    return _share(
        all(min(len(m), len(e)) >= _RUN and len({t, m, e}) == 3 for t, m, e in _in_both(line))
        or (line.own and bool(line.measure.zh))
        for line in plan.lines
    )


def _in_both(line: Line) -> Iterator[tuple[str, str, str]]:
    for lang in ("zh", "en"):
        yield texts.fold(line.text.of(lang)), texts.fold(line.measure.of(lang)), texts.fold(line.evidence.of(lang))


def cited(source: Source, find: Find) -> bool:
    """Whether the article exists in both languages and the quote, not empty, stands in it word for word."""
    found = ((find(f"{source.article}.{lang}"), source.quote.of(lang)) for lang in ("zh", "en"))
    return all(p is not None and bool(q.strip()) and q in p.text for p, q in found)


def ahead(plan: Plan) -> float | None:
    """Open lines due, and in the first version begun, no earlier than the plan was made / open lines."""
    lines = [line for line in plan.lines if line.status == "open"]
    return _share(line.due >= plan.made and (plan.version > 1 or line.start >= plan.made) for line in lines)


def once_each(plan: Plan) -> float | None:
    """Different open actions / open actions."""
    actions = [texts.fold(line.text.zh) for line in plan.actions if line.status == "open"]
    return len(set(actions)) / len(actions) if actions else None


def soon(plan: Plan) -> float:
    """1 if an open action begins within a month of the plan, else 0: a plan nobody can begin is none."""
    last = plan.made + timedelta(days=31)
    return float(any(line.status == "open" and line.start <= last for line in plan.actions))


def busiest(plan: Plan, first: date, last: date) -> float:
    """The most hours a week from `first` to `last`: an action's hours / its weeks, added up over those that run."""
    actions = [line for line in plan.actions if line.status == "open" and line.hours]
    days = {first, *(line.start for line in actions if first <= line.start <= last)}
    return max(sum(_rate(line) for line in actions if line.start <= day <= line.due) for day in days)


def _rate(line: Line) -> float:
    return (line.hours or 0) / max(1, math.ceil((line.due - line.start).days / 7))


def within_hours(plan: Plan, hours: float | None) -> float | None:
    """1 if the busiest week from the day of the plan on holds no more than the person's hours (and 5 %), else 0."""
    if hours is None:
        return None
    return float(busiest(plan, plan.made, date.max) <= hours * 1.05)


def broken(plan: Plan, rules: Rules) -> list[str]:
    """Every rule a plan does not keep, in words; hours are `within_hours`."""
    open_actions = [line for line in plan.actions if line.status == "open"]
    wrong = []
    for line in open_actions:
        told = " ".join(t for each in (line.text, line.how, line.measure) if each for t in (each.zh, each.en))
        if not rules.travel and _AWAY.search(told):
            wrong.append(f"travel: {line.text.of(plan.lang)}")
        if line.cost not in ("", *_COSTS[rules.spend]):
            wrong.append(f"cost {line.cost}: {line.text.of(plan.lang)}")
        wrong += [f"{term}: {line.text.of(plan.lang)}" for term in forbidden(told, rules.avoid)]
    if rules.quiet is not None:
        first, last = (plan.made + timedelta(days=n) for n in (rules.quiet.first, rules.quiet.last))
        most = busiest(plan, first, last)
        if most > rules.quiet.hours * 1.05:
            wrong.append(f"{most:.1f} hours a week between {first} and {last}")
    worked = {line.pillar for line in plan.lines if line.status == "open"}
    wrong += [f"nothing for {p}" for p in rules.pillars if p not in worked]
    wrong += [f"nothing of {k}" for k in rules.kinds if k not in {line.kind for line in open_actions}]
    if rules.target and plan.target not in rules.target:
        wrong.append(f"target {plan.target}")
    if rules.direction and plan.direction not in rules.direction:
        wrong.append(f"direction {plan.direction}")
    return wrong


def untold(statements: Iterable[str], said: Iterable[str], ours: Iterable[str] = ()) -> list[str]:
    """Statements about the person that stand nowhere in what they said; those that are names of `ours` are none."""
    told, names = texts.fold("\n".join(said)), {texts.fold(o) for o in ours}
    each = [s.strip().removesuffix("…") for s in statements]
    return [s for s in each if s and texts.fold(s) not in names and texts.fold(s) not in told]


def statements_of(plan: Plan) -> list[str]:
    """What a plan says of the person: facts, words held against conditions and shown for levels, quotes in gaps and goals."""
    quoted = [t for gap in plan.gaps for t in re.findall(r"“([^”]+)”", gap.reason.of(plan.lang))]
    quoted += [t for goal in plan.goals for t in re.findall(r"“([^”]+)”", goal.text.of(plan.lang))]
    held = [h.words for h in plan.standing.held if h.words]
    return [*(f.text for f in plan.facts), *held, *(s.quote.text for r in plan.levels for s in r.shown), *quoted]


def traceability(plan: Plan, said: Sequence[str], find: Find, ours: Sequence[str] = ()) -> tuple[float | None, list[str]]:
    """(lines whose citation holds + statements found in what was said) / (lines not the person's own + statements); what fails.

    What a line says of the person are the statements of the plan: lines of the library say nothing about anybody.
    """
    lines = [line for line in plan.lines if not line.own]
    statements = statements_of(plan)
    bare = [line.id for line in lines if not cited(line.source, find)]
    invented = untold(statements, said, ours)
    total = len(lines) + len(statements)
    return ((total - len(bare) - len(invented)) / total if total else None), [*bare, *invented]


def not_in_plan(text: str, plan: Plan, framework: Framework) -> list[str] | None:
    """Actions of the library quoted as the person's that stand in no line of their plan; None where none is quoted."""
    quoted = {texts.fold(q) for q in re.findall(r"“([^”]+)”", text)}
    own = {line.action for line in plan.actions}
    named = [
        a for actions in framework.actions.values() for a in actions if {texts.fold(a.name.zh), texts.fold(a.name.en)} & quoted
    ]
    return [a.name.of(plan.lang) for a in named if a.id not in own] if named else None


# --- running --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Verdict:
    """One measure of one step. `value` None: not applicable. `step` counts from 1; 0 is a whole data set."""

    case: str
    step: int
    metric: str
    value: float | None
    note: str
    lang: str

    @property
    def failed(self) -> bool:
        """Not what was expected; measures of style and shares of a whole set have no expectation."""
        return self.step > 0 and self.value is not None and self.value < 1 and not self.metric.startswith(_STYLE)


class Product(Coach):
    """The product on a day that can be set."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings.model_copy(update={"model": "none"}))
        self.day = FIRST_DAY

    def answering_over(self, library: Library) -> Answering:
        made = super().answering_over(library)
        made._personal._today = lambda: self.day
        return made


class _Running:
    """One dialogue under way: its own database, its day, what the person has said, the plan as it is."""

    def __init__(self, product: Product, desk: Desk, talks: Talks, cycle: Cycle) -> None:
        self.product, self.desk, self.talks, self.cycle = product, desk, talks, cycle
        self.framework = desk.framework
        self.verdicts: list[Verdict] = []
        self.said: list[str] = []
        self.names: dict[str, Line] = {}
        self.conversation: str | None = None
        self.plan: Plan | None = None
        self.review = ""
        self.step = 0
        product.day = FIRST_DAY

    def run(self) -> list[Verdict]:
        """Every step; one that fails is told and the next is tried."""
        steps: dict[type[_Step], Callable[[Any], None]] = {
            Say: self._say,
            Tell: self._tell,
            Assess: self._assess,
            Draft: self._draft,
            Checked: self._checked,
            Nudged: self._nudged,
            Held: self._held,
            Next: self._next,
        }
        for number, step in enumerate(self.cycle.steps, 1):
            self.step = number
            self.product.day += timedelta(days=step.days)
            try:
                steps[type(step)](step)
            except (CoachError, LookupError, AssertionError) as failure:
                self._told(f"{step.do}: ran", 0.0, f"{type(failure).__name__}: {failure}")
            else:
                self._told(f"{step.do}: ran", 1.0)
        return self.verdicts

    def _told(self, metric: str, value: float | bool | None, note: str = "") -> None:
        number = None if value is None else float(value)
        self.verdicts.append(Verdict(self.cycle.id, self.step, metric, number, note, self.cycle.lang))

    def _text(self, step: _Step, text: str) -> None:
        """What must and must not be said. Of an empty text neither holds."""
        empty = not texts.fold(text)
        if step.must:
            missing = [" | ".join(terms) for terms in lacking(text, step.must)]
            self._told(f"{step.do}: must", not missing, f"missing: {'; '.join(missing)} <<{text}>>" if missing else "")
        if step.must_not:
            hits = forbidden(text, step.must_not)
            self._told(f"{step.do}: must not", not hits and not empty, f"{'; '.join(hits)} <<{text}>>" if hits or empty else "")

    # chat

    def _say(self, step: Say) -> None:
        reply = self._reply(step.say)
        self.said.append(step.say)
        self._text(step, reply.answer)
        if step.status:
            self._told("say: status", reply.status in step.status, f"{reply.status} <<{reply.answer}>>")
        if step.lang:
            self._told("say: language", texts.language(reply.answer) == step.lang, reply.answer[:120])
        self._told("say: citations hold", citations_hold(reply, self.product.passage))
        foreign = not_in_plan(reply.answer, self.plan, self.framework) if self.plan else None
        self._told("say: lines spoken of stand in the plan", None if foreign is None else not foreign, "; ".join(foreign or ()))
        for mode in ("coach", "adviser"):
            for name, value in style(reply.answer, step.say).items():
                told = value if mode == step.mode and not (mode == "adviser" and name == "unasked advice") else None
                self._told(f"{mode}: {name}", told)

    def _reply(self, said: str) -> Reply:
        reply: Reply | None = None
        for event in self.talks.ask(LOCAL_PERSON, self.conversation, said):
            if isinstance(event, Done):
                reply = event.reply
            elif hasattr(event, "conversation"):
                self.conversation = event.conversation
        if reply is None:
            raise LookupError("no reply came")
        return reply

    # where the person stands

    def _tell(self, step: Tell) -> None:
        self.said += _words(step.profile)
        self.desk.set_profile(step.profile, lang=self.cycle.lang, merge=True)
        self._standing(step)

    def _assess(self, step: Assess) -> None:
        self.said += step.answers.values()
        begun = self.desk.start_assessment("full", lang=self.cycle.lang)
        if step.answers:
            self.desk.answer(begun.id, step.answers, lang=self.cycle.lang)
        self.desk.finish(begun.id, lang=self.cycle.lang)
        self._standing(step)

    def _standing(self, step: Tell | Assess) -> None:
        found = self.desk.standing(lang=self.cycle.lang).found
        self._placed(step, found.standing, found.levels, found.gaps)
        lang, standing = self.cycle.lang, found.standing
        told = [standing.note.of(lang) if standing.note else ""]
        told += [f"{m.name.of(lang)}: {m.wanted.of(lang)}" for m in standing.missing]
        told += [r.contradiction.of(lang) for r in found.levels if r.contradiction]
        told += [g.reason.of(lang) for g in found.gaps] + [r.of(lang) for r in found.remarks]
        self._text(step, "\n".join([self.framework.stage(standing.stage).name.of(lang), *told]))

    def _placed(self, step: _Placed, standing: Standing, levels: Sequence[LevelResult], gaps: Sequence[Gap]) -> None:
        if step.stage:
            self._told(f"{step.do}: stage", standing.stage in step.stage, f"{standing.stage}, wanted {step.stage}")
        absent = {m.condition for m in standing.missing}
        if step.missing or step.not_missing:
            wrong = [f"{c} not said to be missing" for c in step.missing if c not in absent]
            wrong += [f"{c} said to be missing" for c in step.not_missing if c in absent]
            self._told(f"{step.do}: missing conditions", not wrong, "; ".join(wrong))
        found = {r.pillar: r for r in levels}
        for pillar, wanted in step.levels.items():
            self._told(f"{step.do}: level", found[pillar].level in wanted, f"{pillar} {found[pillar].level}, wanted {wanted}")
        for pillar in step.contradiction:
            self._told(f"{step.do}: contradiction named", found[pillar].contradiction is not None, pillar)
        if step.gaps:
            order = [g.pillar for g in gaps]
            self._told(f"{step.do}: first gap", bool(order) and order[0] in step.gaps[0], f"{order}, wanted {step.gaps}")
            self._told(f"{step.do}: gap order", gap_order(order, step.gaps), f"{order}, wanted {step.gaps}")

    # plans

    def _draft(self, step: Draft) -> None:
        drafted, plan = self.desk.new_plan(lang=self.cycle.lang, today=self.product.day)
        if plan is None:
            raise LookupError(f"no plan, but questions: {drafted.text}")
        self.plan = plan
        self._placed(step, plan.standing, plan.levels, plan.gaps)
        self._text(step, self.desk.export(plan.id, "md", self.cycle.lang).data.decode())
        self._sound(plan, step.rules)

    def _sound(self, plan: Plan, rules: Rules) -> None:
        profile = self.desk.profile().profile
        hours = planned_hours(constraints_of(profile, self.desk.drafting.readings))
        faults = check_plan(plan, profile, self.framework, self.desk.drafting.sources, hours)
        if plan.version > 1:  # of a later version the product itself counts only the hours still to come
            faults = tuple(f for f in faults if f.code != "hours")
        self._told("plan: no fault by the product's check", not faults, "; ".join(f.what.en for f in faults))
        self._told("plan: dated within horizon", dated(plan), _late(plan))
        self._told("plan: measured", measured(plan))
        self._told("plan: sourced", _share(cited(line.source, self.product.passage) for line in plan.lines if not line.own))
        self._told("plan: nothing before today", ahead(plan))
        self._told("plan: no action twice", once_each(plan))
        self._told("plan: something to begin within a month", soon(plan))
        most = busiest(plan, plan.made, date.max)
        self._told("plan: within the person's hours", within_hours(plan, rules.hours), f"{most:.1f} of {rules.hours} hours")
        wrong = broken(plan, rules)
        self._told("plan: rules", not wrong if rules != Rules() else None, "; ".join(wrong))
        value, notes = traceability(plan, self.said, self.product.passage, names_of(self.framework))
        self._told("plan: traceability", value, "; ".join(notes))

    # check-ins and reviews

    def _current(self) -> Plan:
        if self.plan is None:
            raise LookupError("there is no plan")
        return self.plan

    def _checked(self, step: Checked) -> None:
        plan = self._current()
        taken = {line.id for line in self.names.values()}
        lines = sorted((a for a in plan.actions if a.status == "open"), key=lambda a: (a.start, a.id))
        lines = [a for a in lines if step.pillar in (None, a.pillar) and a.id not in taken]
        if len(lines) < step.nth:
            raise LookupError(f"{len(lines)} open actions that nothing was told of")
        line = lines[step.nth - 1]
        self.names[step.name] = line
        self.said += [step.evidence, step.obstacle]
        told = Told(line=line.id, on=self.product.day, status=step.status, evidence=step.evidence, obstacle=step.obstacle)
        self.desk.checkin(plan.id, told, lang=self.cycle.lang)
        self._text(step, line.text.of(self.cycle.lang))

    def _nudged(self, step: Nudged) -> None:
        found = self.desk.nudges(self.product.day, lang=self.cycle.lang)
        self._text(step, "\n".join(n.of(self.cycle.lang) for n in found))

    def _held(self, step: Held) -> None:
        plan = self._current()
        if not step.days:
            self.product.day = next(m.on for m in plan.meetings if m.on > self.product.day)
        view = self.desk.review(step.kind, self.product.day, plan.id, lang=self.cycle.lang)
        self.review = view.id
        self._text(step, self.desk.review_document(view, "md", self.cycle.lang).data.decode())
        for status, number in step.rows.items():
            there = sum(1 for row in view.review.rows if row.status == status)
            self._told("review: rows", there == number, f"{status} {there}, wanted {number}")

    def _next(self, step: Next) -> None:
        before = self._current()
        after = self.desk.accept_review(self.review, lang=self.cycle.lang)
        self.plan = after
        self._told("next: version", after.version == before.version + 1)
        for each in step.after:
            value = became(self.names[each.line], each.now, before, after)
            self._told(
                "next: changed as told", value, f"{each.line} {self.names[each.line].text.of(self.cycle.lang)}: not {each.now}"
            )
        changes = self.desk.diff(after.id, before.version, after.version)
        text = self.desk.export(after.id, "md", self.cycle.lang).data.decode()
        self._text(step, "\n".join([*(c.of(self.cycle.lang) for c in changes), text]))
        self._sound(after, step.rules)
        self.names.clear()


def became(line: Line, now: str, before: Plan, after: Plan) -> bool:
    """Whether a line is now what `After.now` says."""
    then = after.line(line.id)
    known = {a.action for a in before.actions}
    instead = any(a.pillar == line.pillar and a.status == "open" and a.action not in known for a in after.actions)
    return {
        "done": then.status == "done",
        "not_done": then.status != "done",
        "dropped": then.status == "dropped",
        "open": then.status == "open",
        "moved": (then.status == "open" and then.due > line.due) or (then.status == "dropped" and instead),
        "worked": any(a.pillar == line.pillar and a.status == "open" for a in after.lines),
    }[now]


def names_of(framework: Framework) -> list[str]:
    """What the framework itself calls things, which a plan may quote without saying anything about anybody."""
    named = [s.name for s in framework.stages] + [p.name for p in framework.pillars] + [n.name for n in framework.levels]
    named += [i.name for indicators in framework.indicators.values() for i in indicators]
    named += [t for c in framework.gates.conditions for t in (c.name, *c.per_stage.values())]
    named += [level.text for pillar in framework.pillars for level in pillar.levels]
    return [words for each in named for words in (each.zh, each.en)]


def _words(value: object) -> list[str]:
    """Every text of loose values, numbers too."""
    if isinstance(value, dict):
        return [w for each in value.values() for w in _words(each)]
    if isinstance(value, list):
        return [w for each in value for w in _words(each)]
    return [f"{value}"]


def _late(plan: Plan) -> str:
    lines = (line for line in plan.lines if line.status == "open" and not _within_horizon(line, plan))
    return "; ".join(f"{line.id} {line.horizon} {line.role} {line.start}–{line.due}, made {plan.made}" for line in lines)


def run_cycles(settings: Settings, cycles: Sequence[Cycle]) -> list[Verdict]:
    """Every dialogue against the real product, each with a database of its own."""
    verdicts: list[Verdict] = []
    product = Product(settings)
    try:
        product.wait_ready()
        drafting = build_drafting(settings, load_framework(settings.knowledge), product.passage)
        with TemporaryDirectory() as folder:
            for cycle in cycles:
                engine = open_database(f"sqlite:///{Path(folder) / cycle.id}.db")
                records = Records(engine)
                try:
                    talks = Talks(product.ask, records, lambda lang: product.profession.title.of(lang))
                    verdicts += _Running(product, Desk(drafting, records), talks, cycle).run()
                finally:
                    records.close()
    finally:
        product.close()
    return verdicts


def run_people(settings: Settings) -> list[Verdict]:
    """People placed by hand and the same facts in other words, by evals.development: the share that is right."""
    passage = development.article_passages(settings)
    drafting = build_drafting(settings, load_framework(settings.knowledge), passage)
    counts = [c for name in PEOPLE for c in development.score_people(drafting, name)]
    for path in sorted(DATASETS.glob("paraphrases*.jsonl")):
        counts += development.score_paraphrases(drafting, path.stem)
    found = []
    for count in counts:
        name, _, metric = count.name.partition(": ")
        wrong = "" if name.endswith("_fresh") else " ".join(count.wrong)
        value = count.right / count.total if count.total else None
        found.append(Verdict(name, 0, metric, value, f"{count.right} of {count.total} {wrong}".strip(), ""))
    return found


def alternating(cycles: Sequence[Cycle]) -> list[Cycle]:
    """One of each language in turn, so that any beginning holds both."""
    by_lang = [[c for c in cycles if c.lang == lang] for lang in ("zh", "en")]
    return [c for pair in zip_longest(*by_lang) for c in pair if c is not None]


def run(settings: Settings, limit: int | None = None) -> list[Verdict]:
    """All verdicts; with `limit` those of so many dialogues alone."""
    cycles = load_cycles()
    if limit is not None:
        return run_cycles(settings, alternating(cycles)[: max(0, limit)])
    return [*run_cycles(settings, cycles), *run_people(settings)]


# --- telling --------------------------------------------------------------------------------------------------------------


def table(verdicts: Sequence[Verdict]) -> str:
    """Metric, number, mean in all and by language; – where nothing was measured."""
    rows: dict[str, list[Verdict]] = defaultdict(list)
    for v in verdicts:
        rows[v.metric if v.step else f"{v.case}: {v.metric}"].append(v)
    lines = ["| metric | n | all | zh | en |", "| --- | ---: | ---: | ---: | ---: |"]
    for name, found in sorted(rows.items(), key=lambda row: (row[1][0].step == 0, row[0].startswith(_STYLE), row[0])):
        values = [(v.lang, v.value) for v in found if v.value is not None]
        means = [_mean([x for lang, x in values if lang in langs]) for langs in (("zh", "en", ""), ("zh",), ("en",))]
        lines.append(f"| {name} | {len(values)} | {' | '.join('–' if m is None else f'{m:.2f}' for m in means)} |")
    return "\n".join(lines)


def _mean(values: Sequence[float]) -> float | None:
    return fmean(values) if values else None


@click.command(help=__doc__)
@click.option("--limit", type=click.IntRange(min=0), help="Only so many dialogues.")
@click.option("--json", "path", type=click.Path(dir_okay=False, path_type=Path), help="Every verdict in a file.")
def main(limit: int | None, path: Path | None) -> None:
    """Prints the table and what failed."""
    verdicts = run(Settings(), limit)
    click.echo(table(verdicts))
    failed = [v for v in verdicts if v.failed]
    made = [v for v in verdicts if v.step and v.value is not None and not v.metric.startswith(_STYLE)]
    click.echo(f"\n{len(failed)} of {len(made)} verdicts failed\n")
    for v in failed:
        click.echo(f"{v.case}.{v.step} {v.metric} {v.value:.2f}  {texts.clip(' '.join(v.note.split()), _NOTE)}")
    if path:
        rows = [{name: getattr(v, name) for name in Verdict.__dataclass_fields__} for v in verdicts]
        path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
