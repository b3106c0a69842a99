"""What the desk hands out: drafts, profiles, assessments, feedback, reviews, files; and values told in one language."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel

from coach.development.assessment import FeedbackSummary, Question
from coach.development.draft import Draft
from coach.development.plan import Found
from coach.development.schema import LevelResult, Plan, Profile, Review
from coach.development.wording import Worded
from coach.framework.files import Text
from coach.framework.schema import PillarId
from coach.store.records import FieldSource, Form
from coach.types import Lang


@dataclass(frozen=True, kw_only=True)
class Drafted:
    """A draft with the language it is told in."""

    draft: Draft
    lang: Lang
    text: str
    """The plan, or the questions, as Markdown."""
    worded: Worded | None = None
    """What a chat model has worded of it; None where none was asked."""

    def told(self) -> dict[str, Any]:
        """The shape of the HTTP contract, every text in the language of the draft."""
        draft, found, lang = self.draft, self.draft.found, self.lang
        asked = {"questions": spoken(draft.questions, lang)} if draft.questions else {}
        known = draft.plan is not None or found.standing.claimed or any(h.lowest is not None for h in found.standing.held)
        return {
            "status": draft.status,
            "stage": found.standing.stage if known else None,
            "gaps": [g.pillar for g in found.gaps if draft.plan is not None or g.basis != "unknown"],
            "levels": {r.pillar: _level(r, found, lang) for r in found.levels},
            "plan": spoken(draft.plan, lang) if draft.plan else None,
            "text": self.text,
            "remarks": spoken(draft.plan.remarks if draft.plan else found.remarks, lang),
            "language": lang,
            **asked,
            **({"worded": list(self.worded.taken), "model": self.worded.model} if self.worded else {}),
        }


@dataclass(frozen=True, kw_only=True)
class ProfileView:
    """A profile as its owner sees it. `unconfirmed` fields were inferred and are not used until they are confirmed."""

    profile: Profile
    sources: dict[str, FieldSource]
    revision: int
    remarks: tuple[Text, ...] = ()

    @property
    def unconfirmed(self) -> tuple[str, ...]:
        """The fields that wait for a word of the person."""
        return tuple(name for name, source in self.sources.items() if source.origin == "inferred" and not source.confirmed)


@dataclass(frozen=True, kw_only=True)
class AssessmentView:
    """An assessment with its questions in turn, what was answered, the next question, and the results once it is done."""

    id: str
    form: Form
    state: Literal["open", "done"]
    framework: str
    questions: tuple[Question, ...]
    answers: dict[str, str]
    next: Question | None
    results: tuple[LevelResult, ...]
    changed: datetime
    """When it was last answered, or ended."""
    problem: str = ""
    """What of the kept results this version of the program cannot read."""


@dataclass(frozen=True, kw_only=True)
class StandingView:
    """Where a person stands by everything they told, their newest assessment included; nothing of it is kept.

    `placed`: enough is known to name a stage. `wanted` is the level the target asks of each pillar, `before` the level at the
    assessment before the newest. `fields` names the profile field that answers each gate condition.
    """

    found: Found
    placed: bool
    wanted: dict[PillarId, int]
    before: dict[PillarId, int | None]
    fields: dict[str, str]
    assessed: datetime | None = None
    """When the newest assessment was ended; None before the first."""
    under_way: str = ""
    """The newest assessment that is open, and how many answers it has."""
    answered: int = 0


@dataclass(frozen=True, kw_only=True)
class FeedbackView:
    """What others say of each pillar, and how many answered in all."""

    assessment_id: str
    total: int
    pillars: tuple[FeedbackSummary, ...]


@dataclass(frozen=True, kw_only=True)
class ReviewView:
    """A kept review."""

    id: str
    plan_id: str
    state: Literal["open", "done"]
    review: Review
    plan: Plan | None = None
    """The version that was looked at; None where it cannot be read."""


@dataclass(frozen=True, kw_only=True)
class File:
    """A document to hand out."""

    name: str
    media_type: str
    data: bytes


def spoken(value: object, lang: Lang) -> Any:  # noqa: ANN401  JSON
    """A value as plain JSON types, every text in one language and only in that."""
    if isinstance(value, Text):
        return value.of(lang)
    if isinstance(value, BaseModel):
        return {name: spoken(getattr(value, name), lang) for name in type(value).model_fields}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: spoken(getattr(value, f.name), lang) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(name): spoken(v, lang) for name, v in value.items()}
    if isinstance(value, list | tuple):
        return [spoken(v, lang) for v in value]
    return value.isoformat() if isinstance(value, date) else value


def _level(result: LevelResult, found: Found, lang: Lang) -> dict[str, Any]:
    """A level as the HTTP contract tells it, with what it rests on."""
    gap = next((g for g in found.gaps if g.pillar == result.pillar), None)
    rated = "self_rating" if result.self_rating is not None else gap.basis if gap else "unknown"
    return {
        "level": result.level,
        "basis": "evidence" if result.level is not None else rated,
        **{name: spoken(value, lang) for name, value in result if name not in ("pillar", "level")},
    }
