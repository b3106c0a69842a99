"""The words of the way from a person to a plan, as types: Profile, Standing, LevelResult, Gap, Plan and its lines.

What the coach says stands in both languages (`Text`), so that one plan can be shown in either; what the person said
stands as they said it and is never translated. Knows no rule: those are in the modules beside this one.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from coach.framework.files import Text
from coach.framework.schema import ActionKindId, HorizonId, PillarId, StageId
from coach.text import clean
from coach.types import Lang

MAX_FIELD = 2_000
"""Characters of one short field of a profile."""
MAX_EVIDENCE = 8_000
"""Characters of the evidence for one pillar."""
MAX_ITEMS = 30
"""Entries of one list of a profile."""

Direction = Literal["climb", "depth", "unknown"]
"""Where the person wants to go: up the stages, deeper in what they do, or they have not said."""
Confidence = Literal["low", "medium", "high"]
Basis = Literal["evidence", "unproven", "self_rating", "named", "unknown"]
"""What a gap rests on: the person's evidence; a telling that shows nothing done; only their own rating; their own word that it
is a weak point; or nothing yet."""
Strength = Literal["weak", "fair", "strong"]
"""How far an answer shows an indicator; the samples of the indicator show each."""


class Value(BaseModel):
    """Base of all values here: unknown keys are errors, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _said(value: object) -> object:
    """Numbers as text; control characters and lone surrogates away. What is not a text stays for pydantic to refuse."""
    if isinstance(value, bool) or value is None:
        return "" if value is None else value
    if isinstance(value, int | float):
        return f"{value:g}"
    return clean(value).strip() if isinstance(value, str) else value


def _list(value: object) -> object:
    """One text stands for a list of one; null for an empty list; empty entries are dropped."""
    if value is None or value == "":
        return ()
    if isinstance(value, str | int | float):
        return (value,)
    return tuple(v for v in value if v not in (None, "")) if isinstance(value, list | tuple) else value


Said = Annotated[str, Field(max_length=MAX_FIELD), BeforeValidator(_said)]
Evidence = Annotated[str, Field(max_length=MAX_EVIDENCE), BeforeValidator(_said)]
SaidList = Annotated[tuple[Said, ...], Field(max_length=MAX_ITEMS), BeforeValidator(_list)]


class Profile(Value):
    """What a person says about themselves, in their own words; every field may be empty.

    `self_ratings` are 1 to the highest level, by pillar; they alone never decide a level. `evidence` is what the person has
    done, by pillar. The fields after `evidence` answer the gate conditions that the others leave open.
    """

    name: Said = ""
    role: Said = ""
    years: Said = ""
    industry: Said = ""
    company_size: Said = ""
    team_size: Said = ""
    budget: Said = ""
    reports_to: Said = ""
    strengths: SaidList = ()
    weaknesses: SaidList = ()
    interest: Said = ""
    target: Said = ""
    constraints: SaidList = ()
    self_ratings: dict[PillarId, int] = {}
    evidence: dict[PillarId, Evidence] = {}
    revenue_duty: Said = ""
    pricing_product: Said = ""
    seat_at_table: Said = ""
    hours_per_week: Said = ""
    about: Evidence = ""
    """Anything else they told, free text; read like the fields above."""

    @property
    def words(self) -> str:
        """Everything the person said, one field a line: what may be quoted of them."""
        listed = [*self.strengths, *self.weaknesses, *self.constraints, *self.evidence.values()]
        plain = [v for name in _SINGLE for v in (getattr(self, name),) if v]
        return "\n".join([*plain, *listed])


_SINGLE = (
    *("name", "role", "years", "industry", "company_size", "team_size", "budget", "reports_to", "interest", "target"),
    *("revenue_duty", "pricing_product", "seat_at_table", "hours_per_week", "about"),
)


class Held(Value):
    """Where a person stands on one gate condition: the stage it looks like (None: not known), and the words that say so.

    `lowest` and `highest` are stage orders: reporting to a CEO fits more than one stage. `field` is the profile field.
    """

    condition: str
    lowest: int | None = None
    highest: int | None = None
    words: str = ""
    field: str = ""


class Missing(Value):
    """A gate condition of the next stage that is not met (`known`), or of which nothing is known yet."""

    condition: str
    name: Text
    wanted: Text
    known: bool
    now: str = ""
    """The person's own words on it, if any."""
    question: Text


class Standing(Value):
    """The stage a person stands on by gate conditions, the next one, and what is missing for it.

    `claimed` is the stage their title names, if any; `note` says kindly when title and conditions differ. `confidence` is low
    when fewer than three conditions are known.
    """

    stage: StageId
    next: StageId | None
    claimed: StageId | None = None
    confidence: Confidence
    held: tuple[Held, ...]
    missing: tuple[Missing, ...]
    note: Text | None = None


class Quote(Value):
    """The person's own words, literally, and the profile field or question they come from."""

    text: str
    field: str


class Shown(Value):
    """An indicator that a piece of evidence shows, and how far."""

    indicator: str
    level: int
    strength: Strength
    quote: Quote


class LevelResult(Value):
    """The level of one pillar by evidence; `level` None is "not enough evidence", a legal score.

    `rubric` is the framework's line of that level (of the first level when None), `raises` what would raise it by one level,
    `contradiction` a kind sentence when the self-rating and the evidence differ, `provenance` who decided by which version.
    """

    pillar: PillarId
    level: int | None
    confidence: Confidence
    rubric: Text
    shown: tuple[Shown, ...] = ()
    raises: tuple[Text, ...] = ()
    self_rating: int | None = None
    contradiction: Text | None = None
    provenance: Text


class Gap(Value):
    """The distance of one pillar to the target stage, and why it stands where it stands in the order."""

    pillar: PillarId
    own: int | None
    wanted: int
    basis: Basis
    score: float
    reason: Text


class Source(Value):
    """Where a line of a plan comes from: an article, and a sentence of it in each language; or the person themselves."""

    article: str
    title: Text
    label: Text
    quote: Text


class Line(Value):
    """One line of a plan. An action names its library `action`, or is the person's `own`.

    `text`, `measure` and `evidence` say what, how it is measured, and what shows that it is done. `how` is the first step.
    """

    id: str
    role: Literal["goal", "action"]
    horizon: HorizonId
    pillar: PillarId | None = None
    kind: ActionKindId | None = None
    action: str = ""
    own: bool = False
    text: Text
    how: Text | None = None
    measure: Text
    evidence: Text
    owner: str
    start: date
    due: date
    review: date
    hours: int | None = None
    cost: str = ""
    caution: Text | None = None
    source: Source
    status: Literal["open", "done", "late", "dropped"] = "open"


class Skipped(Value):
    """A gap no line of the plan works on, or a kind of action it has none of, with the reason."""

    pillar: PillarId | None = None
    kind: ActionKindId | None = None
    reason: Text


class Meeting(Value):
    """A review date: `quarterly` or `yearly`."""

    id: str
    kind: Literal["quarterly", "yearly"]
    on: date


class Plan(Value):
    """A development plan: who, where they stand, what is missing, goals, actions, reviews.

    `facts` are the only statements about the person, each their own words. `remarks` say what was taken into account and
    what could not be (constraints, unknowns). `version` counts from 1.
    """

    id: str = ""
    version: int = 1
    made: date
    lang: Lang
    name: str = ""
    facts: tuple[Quote, ...] = ()
    stage: StageId
    target: StageId
    direction: Direction
    standing: Standing
    levels: tuple[LevelResult, ...]
    gaps: tuple[Gap, ...]
    skipped: tuple[Skipped, ...] = ()
    goals: tuple[Line, ...]
    actions: tuple[Line, ...]
    meetings: tuple[Meeting, ...]
    remarks: tuple[Text, ...] = ()
    pause: tuple[date, date] | None = None
    """First and last day of a stretch in which no action may run, as the person asked."""
    framework: str
    """Id and version of the framework it was made by."""

    @property
    def lines(self) -> tuple[Line, ...]:
        """Goals, then actions."""
        return (*self.goals, *self.actions)

    def line(self, line_id: str) -> Line:
        """The line of that id. Raises KeyError."""
        for line in self.lines:
            if line.id == line_id:
                return line
        raise KeyError(line_id)


class CheckIn(Value):
    """What a person tells of one line in a minute: where it stands, what shows it, what is in the way."""

    line: str
    on: date
    status: Literal["done", "on_track", "stuck", "dropped"]
    evidence: Said = ""
    obstacle: Said = ""


class ReviewRow(Value):
    """One line looked at in a review: what was planned, where it stands, what shows it, why not, what changes.

    `status` None: nothing was reported. `obstacle` and `shown` are the person's own words. `due` is the new due date.
    """

    line: str
    text: Text
    planned: date
    status: Literal["done", "on_track", "stuck", "dropped"] | None
    shown: str = ""
    obstacle: str = ""
    change: Text
    due: date | None = None
    replaced_by: str = ""
    """The library action that is to take the place of a stuck or dropped one."""


class Trend(Value):
    """The level of a pillar now and at the assessment before; None where there was not enough evidence."""

    pillar: PillarId
    now: int | None
    before: int | None


class Review(Value):
    """A quarterly or yearly review of one version of a plan, and what it changes in the next."""

    kind: Literal["quarterly", "yearly"]
    on: date
    version: int
    rows: tuple[ReviewRow, ...]
    summary: Text
    questions: tuple[Text, ...] = ()
    trends: tuple[Trend, ...] = ()
    stage: StageId | None = None
    """Yearly: the stage by today's profile."""


def public(value: BaseModel) -> dict[str, Any]:
    """A value as plain JSON types."""
    return value.model_dump(mode="json")
