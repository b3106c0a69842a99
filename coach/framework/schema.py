"""The words of a career framework as types: stages, pillars, levels, indicators, actions, plan, responsibilities, metrics.

Says what a single value must be. What must hold between values is in `coach.framework.load`. Names no profession.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, cached_property
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, Field, StringConstraints, field_validator, model_validator

from coach.framework.files import Frozen, Text, Words
from coach.types import Lang

Fact = str
StageId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
PillarId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
ActionKindId = Literal["learn", "practise", "network", "feedback"]
HorizonId = Literal["long", "middle", "short"]
Cost = Literal["free", "low", "medium", "high"]
"""free: time only; low: up to a dinner; medium: up to about a month's training budget; high: above it. Own judgement."""

_FACT = re.compile(r"^[A-Z]+\d+$")


class Patterns(Words):
    """Regular expressions in each language; `{n}` stands for a number."""

    @field_validator("zh", "en")
    @classmethod
    def _compile(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in value:
            if wrong := _wrong(pattern):
                raise ValueError(f"{pattern!r} is no regular expression: {wrong}")
        return value


@cache
def _wrong(pattern: str) -> str:
    """Why it is no regular expression, or "". Remembered, as the framework is read anew with every index that is exchanged."""
    try:
        re.compile(pattern.replace("{n}", r"\d+"))
    except re.error as error:
        return str(error)
    return ""


class Sourced(Frozen):
    """Something the framework's source says (facts), or the author's own judgement (`own_judgement`); one of the two."""

    facts: tuple[Fact, ...] = ()
    tier: Literal["stated", "attributed"] = "stated"
    own_judgement: bool = False

    @model_validator(mode="after")
    def _one_source(self) -> Sourced:
        if wrong := [f for f in self.facts if not _FACT.match(f)]:
            raise ValueError(f"no such fact: {', '.join(wrong)} (a letter and a number, such as F001)")
        if not self.facts and not self.own_judgement:
            raise ValueError("give `facts`, or mark it `own_judgement: true`")
        return self


class Statement(Sourced):
    """A sentence with its source."""

    text: Text


class Named(Sourced):
    """A term with its source."""

    id: str = Field(pattern=r"^[a-z0-9_]+$")
    name: Text


class Item(Named):
    """A term, what it means, and its source."""

    text: Text


class Profession(Frozen):
    """Whom the framework is for, and how the coach speaks of it. `road` is the way from the first stage to the last."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_-]*$")
    version: str = Field(min_length=1)
    name: Text
    people: Text
    field: Text
    road: Text
    title: Text
    tagline: Text
    examples: tuple[Text, ...] = Field(min_length=1)

    def words(self, lang: Lang) -> dict[str, str]:
        """What the product's sentences say of the profession: people, field, road, example."""
        return {
            "people": self.people.of(lang),
            "field": self.field.of(lang),
            "road": self.road.of(lang),
            "example": self.examples[0].of(lang),
        }


class Stage(Named):
    """One career stage. A stage may have `paths` instead of `goals`; one that is own judgement is not counted."""

    id: StageId
    order: int = Field(ge=0)
    theme: Text
    points: tuple[Item, ...] = ()
    roles: tuple[Item, ...] = ()
    goals: tuple[Item, ...] = ()
    paths: tuple[Item, ...] = ()
    keywords: Words = Words()
    roles_article: str = ""
    goals_article: str = ""
    mentions: Patterns


class Gate(Frozen):
    """One condition that tells the stage better than a title: what it looks like at each stage."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name: Text
    question: Text
    per_stage: dict[StageId, Text]


class Gates(Frozen):
    """The gate conditions, the author's own judgement, the sentence that says so, and the article on them."""

    own_judgement: Literal[True]
    article: str = ""
    note: Text
    conditions: tuple[Gate, ...] = Field(min_length=1)


class Level(Sourced):
    """One of the levels of ability."""

    number: int = Field(ge=1)
    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name: Text


class PillarLevel(Statement):
    """What a pillar asks for at one level."""

    level: int = Field(ge=1)


class Pillar(Named):
    """One of the capability pillars."""

    id: PillarId
    order: int = Field(ge=1)
    article: str = ""
    levels: tuple[PillarLevel, ...]
    mentions: Patterns = Patterns()
    """How people name this ability in passing: "财务弱", "I am bad at presenting"."""

    def at(self, level: int) -> PillarLevel:
        """Return what the pillar asks for at a level, from 1."""
        return next(each for each in self.levels if each.level == level)


class Samples(Frozen):
    """Invented answers to an indicator's question, to show what weak, fair and strong evidence looks like."""

    weak: Text
    fair: Text
    strong: Text


class Indicator(Frozen):
    """Something observable that shows a pillar at a level: the author's own reading of that level's rubric line.

    `topics` are words an answer to the question would hold; they tell an answer from talk about something else.
    """

    id: str = Field(pattern=r"^[a-z0-9_-]+$")
    level: int = Field(ge=1)
    name: Text
    counts: Words
    does_not_count: Words
    question: Text
    samples: Samples
    topics: Words

    @model_validator(mode="after")
    def _both_languages(self) -> Indicator:
        for name in ("counts", "does_not_count", "topics"):
            words: Words = getattr(self, name)
            if not words.zh or not words.en:
                raise ValueError(f"`{name}` needs entries in zh and in en")
            if name != "topics" and len(words.zh) != len(words.en):
                raise ValueError(f"`{name}` has {len(words.zh)} entries in zh and {len(words.en)} in en")
        return self


class Effort(Frozen):
    """How much an action takes: hours in all, over how many weeks."""

    hours: int = Field(ge=1, le=400)
    weeks: int = Field(ge=1, le=104)


class Action(Frozen):
    """One action of a plan: the author's own judgement, but for the `facts` it carries out.

    `step` is the level it starts from (0: none yet) and the next one; `indicators` is what it gives evidence for.
    """

    id: str = Field(pattern=r"^[a-z0-9_-]+$")
    kind: ActionKindId
    step: tuple[int, int]
    stages: tuple[StageId, ...] = Field(min_length=1)
    name: Text
    how: Text
    effort: Effort
    cost: Cost
    facts: tuple[Fact, ...] = ()
    prerequisites: Words = Words()
    measure: Text
    evidence: Text
    caution: Text | None = None
    indicators: tuple[str, ...] = ()
    article: str = ""

    @model_validator(mode="after")
    def _one_level_up(self) -> Action:
        if self.step[1] != self.step[0] + 1:
            raise ValueError(f"`step` goes one level up, such as [1, 2]; got {list(self.step)}")
        return self


class Step(Item):
    """One step of the personal plan."""

    order: int
    parts: tuple[Item, ...] = ()


class Horizon(Item):
    """A goal horizon: from and to in months, and the source's examples (never statements about the reader)."""

    id: HorizonId
    months: tuple[int, int]
    article: str = ""
    examples: tuple[Statement, ...] = ()


class ActionKind(Item):
    """A kind of action with its items."""

    id: ActionKindId
    article: str = ""
    items: tuple[Item, ...] = ()


class Review(Item):
    """A regular review: how often, and which horizons it checks."""

    id: Literal["quarterly", "yearly"]
    article: str = ""
    every_months: int = Field(ge=1)
    checks: tuple[HorizonId, ...]


class PlanMethod(Frozen):
    """How a personal plan is made: steps, horizons, kinds of action, reviews."""

    steps: tuple[Step, ...]
    horizons: tuple[Horizon, ...]
    action_kinds: tuple[ActionKind, ...]
    reviews: tuple[Review, ...]
    closing: tuple[Statement, ...] = ()


class Topic(Item):
    """A responsibility system, recommendation or trend: its order, its article and what belongs to it."""

    order: int
    article: str = ""
    items: tuple[Item, ...] = ()


_Member = TypeVar("_Member", bound=Frozen)


class Group(Sourced, Generic[_Member]):
    """A list the source counts: what it is called, the fact that names it, and its members."""

    name: Text
    items: tuple[_Member, ...]


class Responsibilities(Frozen):
    """What the post the framework leads to is and does."""

    post: tuple[Item, ...] = ()
    traits: Group[Item] | None = None
    case: tuple[Item, ...] = ()
    systems: Group[Topic] | None = None
    recommendations: Group[Topic] | None = None
    trends: Group[Topic] | None = None
    outlook: tuple[Item, ...] = ()


class Term(Frozen):
    """A term whose list carries the source."""

    id: str = Field(pattern=r"^[a-z0-9_]+$")
    name: Text


class Share(Named):
    """A part of the knowledge mix as the source gives it."""

    percent: int = Field(ge=1, le=100)


class Portrait(Frozen):
    """The ability portrait of somebody who does the post well."""

    source: Statement | None = None
    knowledge: tuple[Share, ...] = ()
    hard_skills: Group[Term] | None = None
    soft_skills: Group[Term] | None = None
    leadership_traits: Group[Term] | None = None
    sayings: tuple[Statement, ...] = ()


class Mapping(Sourced):
    """Stage to expected level: the author's own judgement, with the sentence that says so. 0: none expected yet.

    `weights` says how much a pillar counts on the way to a stage; what is not given counts 1.
    """

    own_judgement: Literal[True]
    article: str = ""
    note: Text
    expected: dict[StageId, int]
    weights: dict[StageId, dict[PillarId, Annotated[float, Field(gt=0, le=3)]]] = {}


class Worked(Frozen):
    """A worked example: what goes in, what comes out, rounded to `digits` after the point, and where it is printed.

    `printed` are the words of the result as they stand in the metric's article of that language.
    """

    given: dict[str, float]
    result: float
    digits: int = Field(ge=0, le=6)
    printed: Text | None = None


class Metric(Frozen):
    """A figure marketers steer by: its formula over named quantities, its unit, worked examples and its limits."""

    id: str = Field(pattern=r"^[a-z0-9_]+$")
    name: Text
    formula: str
    quantities: dict[str, Text]
    unit: Text
    caution: Text
    article: str
    examples: tuple[Worked, ...] = Field(min_length=1)


class Countable(Frozen):
    """Something the framework has a fixed number of, and how questions name it. `asked` is set on a false premise.

    `of` leads to what is counted (`stages.director.roles`); with `*` for a stage it is the largest number of any.
    """

    id: str
    of: str
    article: str
    name: Text
    nouns: Patterns
    ordinal_nouns: Patterns = Patterns()
    phrases: Patterns = Patterns()
    context: Patterns = Patterns()
    unless: Patterns = Patterns()
    stage: StageId | None = None
    without_stage: bool = False
    also_of: str = ""
    count: int = 0
    also: tuple[int, ...] = ()
    asked: int | None = None


class Framework(Frozen):
    """The whole framework. `coach.framework.load` builds it; nothing in it changes."""

    profession: Profession
    about: tuple[Statement, ...]
    stages: tuple[Stage, ...]
    gates: Gates
    pillars: tuple[Pillar, ...]
    levels: tuple[Level, ...]
    mapping: Mapping
    indicators: dict[PillarId, tuple[Indicator, ...]]
    actions: dict[PillarId, tuple[Action, ...]]
    plan: PlanMethod
    responsibilities: Responsibilities = Responsibilities()
    portrait: Portrait = Portrait()
    metrics: tuple[Metric, ...] = ()
    counts: tuple[Countable, ...] = ()

    @cached_property
    def ladder(self) -> tuple[Stage, ...]:
        """The stages the source names, without those that are own judgement."""
        return tuple(s for s in self.stages if not s.own_judgement)

    def stage(self, stage_id: StageId) -> Stage:
        """Return the stage of that id. Raises KeyError."""
        return _by_id(self.stages, stage_id)

    def pillar(self, pillar_id: PillarId) -> Pillar:
        """Return the pillar of that id. Raises KeyError."""
        return _by_id(self.pillars, pillar_id)

    def countable(self, countable_id: str) -> Countable:
        """Return the countable of that id. Raises KeyError."""
        return _by_id(self.counts, countable_id)

    def at(self, pillar_id: PillarId, level: int) -> tuple[Indicator, ...]:
        """The indicators of a pillar at a level."""
        return tuple(i for i in self.indicators.get(pillar_id, ()) if i.level == level)

    def expected_level(self, stage_id: StageId) -> int:
        """Return the level a stage asks for in the author's own judgement; 0 where none is expected yet."""
        return self.mapping.expected[stage_id]

    def weight(self, stage_id: StageId, pillar_id: PillarId) -> float:
        """Return how much a pillar counts on the way to a stage, in the author's own judgement; 1 is the middle."""
        return self.mapping.weights.get(stage_id, {}).get(pillar_id, 1.0)

    @cached_property
    def sourced(self) -> tuple[Sourced, ...]:
        """Everything in the framework that carries facts or is marked as own judgement."""
        return tuple(_walk(self))

    @cached_property
    def facts(self) -> frozenset[Fact]:
        """Every F-number the framework files carry."""
        return frozenset(fact for each in self.sourced for fact in each.facts)


_WithId = TypeVar("_WithId", Stage, Pillar, Countable)


def _by_id(values: tuple[_WithId, ...], wanted: str) -> _WithId:
    for value in values:
        if value.id == wanted:
            return value
    raise KeyError(wanted)


def _walk(value: Any) -> Iterator[Sourced]:  # noqa: ANN401  any part of the tree
    if isinstance(value, Sourced):
        yield value
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _walk(getattr(value, name))
    elif isinstance(value, tuple):
        for each in value:
            yield from _walk(each)
    elif isinstance(value, dict):
        for each in value.values():
            yield from _walk(each)
