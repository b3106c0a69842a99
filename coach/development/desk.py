"""One desk for a person's development: everything a channel may do for somebody, the same for form, chat, HTTP and terminal.

Owns the order of things (what is read, ruled, checked and kept, in which turn) and who may do what; the rules themselves
stand in the modules beside this one, the records in `coach.store`. Today's date always comes in as an argument.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from pydantic import BaseModel, Field, ValidationError

from coach.development.actions import planned_hours
from coach.development.assessment import FeedbackAnswer as OneAnswer
from coach.development.assessment import (
    FeedbackSummary,
    Question,
    assess,
    next_question,
    questionnaire,
    summarise_feedback,
)
from coach.development.check import Fault, check_plan, faults_text
from coach.development.draft import Draft, Drafting, profile_from, without_instructions
from coach.development.plan import Found, months_after
from coach.development.reading import constraints_of
from coach.development.review import hold_review, next_version
from coach.development.review import nudges as nudges_of
from coach.development.schema import (
    MAX_EVIDENCE,
    MAX_FIELD,
    CheckIn,
    LevelResult,
    Line,
    Plan,
    Profile,
    Review,
    Said,
    Skipped,
    Source,
    Value,
    public,
)
from coach.development.stage import place
from coach.development.versions import differences
from coach.documents import FORMATS, export, file_name
from coach.documents.blocks import Block, Bullets, Grid, Paragraph, Section, Sheet, cleaned
from coach.documents.markdown import to_markdown
from coach.documents.sheet import Pages
from coach.errors import Conflict, InputError, NotFound, Unreadable
from coach.framework.files import Text
from coach.framework.schema import ActionKindId, Framework, HorizonId, PillarId
from coach.messages import both, say
from coach.store.records import (
    LOCAL_PERSON,
    Assessment,
    CheckInEntry,
    Feedback,
    FieldSource,
    Form,
    PersonRecords,
    PlanVersion,
    ProfileRevision,
    Records,
    Relation,
    ReviewKind,
)
from coach.store.records import Review as KeptReview
from coach.text import clean, language
from coach.types import Lang

MAX_LINES = 60
"""Goals and actions of one plan: more cannot be followed."""
MAX_REMARKS = 10
"""Remarks on one profile's entries."""
LINK_DAYS = 30
"""How long a feedback link is good for, if nobody says otherwise."""
MAX_LINK_DAYS = 90
_YEARS_AHEAD = 5
_LATER_WEEKS = 78
_MIXED = "all"
_RELATIONS: dict[str, Relation] = {"manager": "manager", "report": "report", "peer": "peer"}
_HORIZON_MONTHS: tuple[tuple[HorizonId, int], ...] = (("short", 6), ("middle", 24))


class LineChange(Value):
    """What changes in a line of a plan; what is left out stays. The texts are the person's own words."""

    id: Said
    text: Said | None = None
    measure: Said | None = None
    evidence: Said | None = None
    owner: Said | None = None
    start: date | None = None
    due: date | None = None
    status: Literal["open", "done"] | None = None


class OwnLine(Value):
    """A line of the person's own. `start` is today and `owner` the person, if they are left out."""

    role: Literal["goal", "action"] = "action"
    text: Said = Field(min_length=1)
    measure: Said = ""
    evidence: Said = ""
    due: date
    start: date | None = None
    owner: Said = ""
    pillar: PillarId | None = None
    kind: ActionKindId | None = None
    hours: int | None = Field(default=None, ge=1, le=400)


class DroppedLine(Value):
    """A line that is given up, and why; the reason is asked for when nothing else works on its gap."""

    id: Said
    why: Said = ""


class Changes(Value):
    """Changes to one version of a plan, all of them or none; `version` is the one they were made to."""

    version: int
    change: tuple[LineChange, ...] = Field(default=(), max_length=MAX_LINES)
    add: tuple[OwnLine, ...] = Field(default=(), max_length=MAX_LINES)
    drop: tuple[DroppedLine, ...] = Field(default=(), max_length=MAX_LINES)
    why: Said = ""

    @property
    def words(self) -> str:
        """Everything in it that the person wrote."""
        changed = [w for c in self.change for w in (c.text, c.measure, c.evidence, c.owner) if w]
        added = [w for a in self.add for w in (a.text, a.measure, a.evidence, a.owner) if w]
        return "\n".join([*changed, *added, *(d.why for d in self.drop if d.why)])


class FeedbackAnswer(Value):
    """What somebody else says of a person: for any pillar a level, 0 for "cannot say", and a few words."""

    ratings: dict[PillarId, int] = {}
    comments: dict[PillarId, Said] = {}


@dataclass(frozen=True, kw_only=True)
class Drafted:
    """A draft with the language it is told in."""

    draft: Draft
    lang: Lang
    text: str
    """The plan, or the questions, as Markdown."""

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
    problem: str = ""
    """What of the kept results this version of the program cannot read."""


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


class Desk:
    """What a channel may do for a person, by person id. Safe to share between threads.

    Ids of other people's records are as unknown as ids that do not exist: NotFound. What a person gave and cannot be used
    raises InputError in their language; a change to something that has changed meanwhile, or is finished, raises Conflict.
    """

    def __init__(self, drafting: Drafting, records: Records) -> None:
        self.drafting = drafting
        self.records = records
        self.framework: Framework = drafting.framework

    # --- draft --------------------------------------------------------------------------------------------------------

    def draft(self, values: Mapping[str, Any], lang: Lang | None, today: date) -> Drafted:
        """A plan for loose profile values, or the questions needed first; keeps nothing.

        `lang` None is the language of the profile's own words. Raises InputError for values of a wrong type.
        """
        profile, remarks, lang = self._read(values, lang)
        return self._drafted(self.drafting.draft(profile, lang, today, remarks=remarks), lang)

    def _read(self, values: Mapping[str, Any], lang: Lang | None) -> tuple[Profile, tuple[Text, ...], Lang]:
        """A profile of loose values with remarks on what was left out, and the language to tell them in."""
        tongue = lang or language(_words(values))
        usable, remarks = _usable(values, max(level.number for level in self.framework.levels))
        profile, more = profile_from(usable, self.framework, tongue)
        return profile, (*remarks, *more)[:MAX_REMARKS], tongue

    def _drafted(self, draft: Draft, lang: Lang) -> Drafted:
        if draft.plan is not None:
            text = export(draft.plan, self.framework, lang, "md").decode()
        else:
            text = "\n".join([say("draft_clarify", lang), "", *(f"- {q.of(lang)}" for q in draft.questions)]) + "\n"
        return Drafted(draft=draft, lang=lang, text=text)

    # --- profile ------------------------------------------------------------------------------------------------------

    def profile(self, person: str = LOCAL_PERSON) -> ProfileView:
        """The newest profile; an empty one, revision 0, before the first. Raises Unreadable."""
        return _profile_view(self.records.of(person).profile())

    def set_profile(
        self,
        values: Mapping[str, Any],
        person: str = LOCAL_PERSON,
        *,
        lang: Lang,
        inferred: Sequence[str] = (),
        merge: bool = False,
    ) -> ProfileView:
        """Keeps a profile, whole or (`merge`) only the fields given; null empties a field.

        `inferred` names fields that the coach concluded: they wait for `confirm`, and never replace what the person said.
        """
        kept = self.records.of(person)
        before = kept.profile()
        known = public(before.value) if before and merge else {}
        given, remarks, _ = self._read(values, lang)
        merged = _merged(known, public(given), values) if merge else public(given)
        guessed = {name for name in _filled(merged) if name in inferred or name.partition(".")[0] in inferred}
        told = _said_before(before, guessed) if before else {}
        for name in guessed & told.keys():
            if told[name] != _filled(merged)[name]:
                remarks += (both("desk_said_stays", field=name, words=str(told[name])[:80]),)
            _put(merged, name, told[name])
        sources = {name: FieldSource(origin="inferred", confirmed=False) for name in guessed - told.keys()}
        if merge:
            new = _filled(merged).keys() & _filled(public(given)).keys()
            sources |= {name: FieldSource() for name in new - guessed}
        saved = kept.save_profile(Profile.model_validate(merged), sources)
        return dataclasses.replace(_profile_view(saved), remarks=remarks)

    def confirm(self, field: str, person: str = LOCAL_PERSON, *, lang: Lang) -> ProfileView:
        """The person says that an inferred value is right; from now on it is used. Raises InputError for an empty field."""
        kept, found = self._field(field, person, lang)
        source = FieldSource(origin=found.sources[field].origin, confirmed=True)
        return _profile_view(kept.save_profile(found.value, {field: source}))

    def forget(self, field: str, person: str = LOCAL_PERSON, *, lang: Lang) -> ProfileView:
        """Empties a field, or the whole profile when `field` is empty. Raises InputError for a field that is empty already."""
        if not field:
            return _profile_view(self.records.of(person).save_profile(Profile()))
        kept, found = self._field(field, person, lang)
        values = public(found.value)
        name, _, key = field.partition(".")
        if key:
            values[name].pop(key)
        else:
            values.pop(name)
        return _profile_view(kept.save_profile(Profile.model_validate(values)))

    def _field(self, field: str, person: str, lang: Lang) -> tuple[PersonRecords, ProfileRevision]:
        kept = self.records.of(person)
        found = kept.profile()
        if found is None or field not in found.sources:
            filled = ", ".join(found.sources) if found else ""
            raise _wrong("desk_field_empty", lang, mend="desk_field_mend", field=clean(field)[:60], fields=filled or "-")
        return kept, found

    def _usable_profile(self, kept: PersonRecords) -> Profile:
        found = kept.profile()
        return found.usable if found else Profile()

    # --- assessment ---------------------------------------------------------------------------------------------------

    def start_assessment(self, form: Literal["short", "full"], person: str = LOCAL_PERSON, *, lang: Lang) -> AssessmentView:
        """Begins an assessment; every answer is kept at once, so that it can be gone on with at any time."""
        profession = self.framework.profession
        started = self.records.of(person).start_assessment(form, f"{profession.id} {profession.version}")
        return self._assessment_view(self.records.of(person), started, lang)

    def assessment(self, assessment_id: str, person: str = LOCAL_PERSON, *, lang: Lang) -> AssessmentView:
        """One assessment as it stands."""
        kept = self.records.of(person)
        return self._assessment_view(kept, kept.assessment(assessment_id), lang)

    def assessments(self, person: str = LOCAL_PERSON, *, lang: Lang) -> tuple[AssessmentView, ...]:
        """All assessments in the order they were begun."""
        kept = self.records.of(person)
        return tuple(self._assessment_view(kept, each, lang) for each in kept.assessments())

    def answer(
        self, assessment_id: str, answers: Mapping[str, str | None], person: str = LOCAL_PERSON, *, lang: Lang
    ) -> AssessmentView:
        """Keeps answers by indicator; an empty one passes a question over, None takes an answer back."""
        known = {i.id for indicators in self.framework.indicators.values() for i in indicators}
        said: dict[str, str | None] = {}
        for name, text in answers.items():
            if name not in known:
                raise _wrong("desk_question_unknown", lang, mend="desk_question_mend", name=clean(name)[:60])
            said[name] = None if text is None else clean(text).strip()
            if len(said[name] or "") > MAX_EVIDENCE:
                raise _wrong("desk_answer_long", lang, name=name, limit=MAX_EVIDENCE)
        kept = self.records.of(person)
        return self._assessment_view(kept, kept.save_answers(assessment_id, said), lang)

    def finish(self, assessment_id: str, person: str = LOCAL_PERSON, *, lang: Lang) -> AssessmentView:
        """Scores an assessment with the evidence and ratings of the profile, and ends it."""
        kept = self.records.of(person)
        answers = _answers(kept.assessment(assessment_id))
        profile = self._usable_profile(kept)
        results = assess(answers, profile.evidence, profile.self_ratings, self.framework, self.drafting.rules)
        return self._assessment_view(kept, kept.finish(assessment_id, results), lang)

    def _assessment_view(self, kept: PersonRecords, found: Assessment, lang: Lang) -> AssessmentView:
        form: Literal["short", "full"] = "short" if found.form == "short" else "full"
        profile, _ = without_instructions(self._usable_profile(kept))
        stage = place(profile, self.framework, self.drafting.readings).stage
        questions = questionnaire(self.framework, form, lang, stage)
        answers = _answers(found)
        waiting = next_question(questions, answers, self.framework, self.drafting.rules) if found.state == "open" else None
        return AssessmentView(
            id=found.id,
            form=found.form,
            state=found.state,
            framework=found.framework,
            questions=questions,
            answers=answers,
            next=waiting,
            results=() if found.problem else found.value,
            problem=found.problem,
        )

    def _last_answers(self, kept: PersonRecords) -> dict[str, str]:
        """Those of the newest assessment that is done."""
        done = [each for each in kept.assessments() if each.state == "done"]
        return {name: text for name, text in _answers(done[-1]).items() if text} if done else {}

    # --- feedback of others -------------------------------------------------------------------------------------------

    def invite(
        self,
        assessment_id: str,
        relation: Relation,
        now: datetime,
        person: str = LOCAL_PERSON,
        *,
        lang: Lang,
        days: int = LINK_DAYS,
    ) -> tuple[str, datetime]:
        """Makes a link for people of a relation: its secret, shown this once, and when it expires."""
        if not 1 <= days <= MAX_LINK_DAYS:
            raise _wrong("desk_link_days", lang, limit=MAX_LINK_DAYS)
        expires = now + timedelta(days=days)
        return self.records.of(person).invite_feedback(assessment_id, relation, expires), expires

    def withdraw(self, assessment_id: str, person: str = LOCAL_PERSON) -> int:
        """Ends the links of an assessment and tells how many there were."""
        return self.records.of(person).withdraw_feedback(assessment_id)

    def feedback_form(self, token: str, lang: Lang) -> dict[str, Any]:
        """What somebody with a link is asked, without who it is about. Raises NotFound."""
        invitation = self.records.invitation(token)
        levels = {level.number: level.name.of(lang) for level in self.framework.levels}
        return {
            "relation": invitation.relation,
            "expires": invitation.expires.isoformat(),
            "intro": say("desk_feedback_intro", lang),
            "questions": [
                {
                    "pillar": pillar.id,
                    "name": pillar.name.of(lang),
                    "text": say("desk_feedback_question", lang, pillar=pillar.name.of(lang)),
                    "levels": [{"level": e.level, "name": levels[e.level], "text": e.text.of(lang)} for e in pillar.levels],
                }
                for pillar in self.framework.pillars
            ],
        }

    def give_feedback(self, token: str, answer: FeedbackAnswer, lang: Lang) -> None:
        """Keeps an answer without a trace of who gave it. Raises NotFound, InputError, Conflict."""
        pillars, highest = {p.id for p in self.framework.pillars}, max(level.number for level in self.framework.levels)
        for pillar in (*answer.ratings, *answer.comments):
            if pillar not in pillars:
                raise _wrong("desk_pillar_unknown", lang, name=clean(pillar)[:60], known=", ".join(sorted(pillars)))
        for rating in answer.ratings.values():
            if not 0 <= rating <= highest:
                raise _wrong("desk_rating_wrong", lang, rating=str(rating)[:20], highest=highest)
        if not answer.ratings and not any(answer.comments.values()):
            raise _wrong("desk_feedback_empty", lang)
        self.records.answer_invitation(token, public(answer))

    def feedback(self, assessment_id: str, person: str = LOCAL_PERSON) -> FeedbackView:
        """What others say, as far as it stays anonymous, to be shown beside the self-view."""
        kept = self.records.of(person)
        given = kept.feedback(assessment_id)
        profile = self._usable_profile(kept)
        pillars = summarise_feedback(_one_by_one(given), self.framework, profile.self_ratings)
        if _MIXED in given.answers:  # who is who was not told, so there is nothing to say by relation
            pillars = tuple(dataclasses.replace(p, medians={}) for p in pillars)
        return FeedbackView(assessment_id=assessment_id, total=given.total, pillars=pillars)

    # --- plans --------------------------------------------------------------------------------------------------------

    def new_plan(self, person: str = LOCAL_PERSON, *, lang: Lang, today: date) -> tuple[Drafted, Plan | None]:
        """Plans by what is known of the person, their last assessment included; kept as version 1, unless questions come back."""
        kept = self.records.of(person)
        draft = self.drafting.draft(self._usable_profile(kept), lang, today, self._last_answers(kept))
        plan = kept.new_plan(draft.plan, say("desk_why_new", lang)) if draft.plan else None
        return self._drafted(dataclasses.replace(draft, plan=plan), lang), plan

    def plans(self, person: str = LOCAL_PERSON) -> list[PlanVersion]:
        """The newest version of each plan, in the order the plans were made."""
        return self.records.of(person).plans()

    def plan(self, plan_id: str = "", person: str = LOCAL_PERSON, *, lang: Lang, version: int | None = None) -> Plan:
        """A plan, the newest one unless it is named, in its newest version unless that is named. Raises NotFound, Unreadable."""
        kept = self.records.of(person)
        return kept.plan(plan_id or _newest_plan(kept, lang), version)

    def versions(self, plan_id: str, person: str = LOCAL_PERSON) -> list[PlanVersion]:
        """All versions of a plan, oldest first."""
        return self.records.of(person).versions(plan_id)

    def diff(self, plan_id: str, before: int, after: int, person: str = LOCAL_PERSON) -> tuple[Text, ...]:
        """What changed from one version to another, a sentence a change."""
        kept = self.records.of(person)
        return differences(kept.plan(plan_id, before), kept.plan(plan_id, after), self.framework)

    def change_plan(self, plan_id: str, changes: Changes, person: str = LOCAL_PERSON, *, lang: Lang, today: date) -> Plan:
        """The next version of a plan: lines changed, added, dropped; all or none of it.

        Raises:
            InputError: what is wrong with the plan as it would be, every fault named. Nothing is changed.
            Conflict: the plan has a newer version than the one that was changed.
        """
        kept = self.records.of(person)
        before = kept.plan(plan_id)
        if changes.version != before.version:
            raise Conflict(
                say("desk_plan_newer", lang, newest=before.version, version=changes.version),
                hint=say("desk_plan_newer_mend", lang, newest=before.version),
            )
        after, touched = _Editing(before, self.framework, lang, today).apply(changes)
        profile = self._usable_profile(kept)
        # What a person writes into their plan are their own words and numbers, as those of the profile are.
        own = profile.model_copy(update={"about": f"{profile.about}\n{changes.words}"})
        self._refuse_new_faults(before, after, touched, own, lang, today)
        return kept.save_version(after, changes.why or say("desk_why_edit", lang))

    def _refuse_new_faults(
        self, before: Plan, after: Plan, touched: frozenset[str], profile: Profile, lang: Lang, today: date
    ) -> None:
        """Lines that were touched must be sound as of today; what was wrong elsewhere before does not stop the change."""
        old = self._faults(before, profile, today)
        new = [f for f in self._faults(after, profile, today) if f.line not in touched and f not in old]
        as_of_today = after.model_copy(update={"version": after.version + 1, "made": today})
        new += [f for f in self._faults(as_of_today, profile, today) if f.line in touched]
        if new:
            raise InputError(faults_text(new).of(lang), hint=say("desk_fault_mend", lang))

    def _faults(self, plan: Plan, profile: Profile, today: date) -> list[Fault]:
        """What is wrong with a plan; of the hours, only what is still to come counts."""
        hours, sources = self._hours(profile), self.drafting.sources
        ahead = plan.model_copy(update={"goals": (), "actions": tuple(_ahead(line, today) for line in plan.actions)})
        found = [f for f in check_plan(plan, profile, self.framework, sources, hours) if f.code != "hours"]
        return found + [f for f in check_plan(ahead, profile, self.framework, sources, hours) if f.code == "hours"]

    def _hours(self, profile: Profile) -> float:
        return planned_hours(constraints_of(profile, self.drafting.readings))

    def export(
        self,
        plan_id: str,
        format: str,
        lang: Lang,
        pages: Pages = "full",
        person: str = LOCAL_PERSON,
        *,
        version: int | None = None,
    ) -> File:
        """A plan as a document: docx, pdf, md or ics, in full or on one page."""
        return document(self.plan(plan_id, person, lang=lang, version=version), self.framework, format, lang, pages)

    # --- check-ins and reviews ----------------------------------------------------------------------------------------

    def checkin(self, plan_id: str, checkin: CheckIn, person: str = LOCAL_PERSON, *, lang: Lang) -> CheckInEntry:
        """Keeps what a person tells of one line. Raises NotFound for a line the plan does not have."""
        kept = self.records.of(person)
        plan_id = plan_id or _newest_plan(kept, lang)
        self._within(kept.plan(plan_id), checkin.on, lang)
        return kept.add_checkin(plan_id, checkin)

    def checkins(self, plan_id: str = "", person: str = LOCAL_PERSON) -> list[CheckInEntry]:
        """The check-ins on one plan, or on all, in the order they were given."""
        return self.records.of(person).checkins(plan_id or None)

    def nudges(self, today: date, plan_id: str = "", person: str = LOCAL_PERSON, *, lang: Lang) -> tuple[Text, ...]:
        """What to remind of today: what is late or due soon in one plan, the newest if none is named; nothing without a plan."""
        kept = self.records.of(person)
        if not plan_id and not kept.plans():
            return ()
        plan = self.plan(plan_id, person, lang=lang)
        return nudges_of(plan, self._told(kept, plan), self.framework, today)

    def review(self, kind: ReviewKind, on: date, plan_id: str = "", person: str = LOCAL_PERSON, *, lang: Lang) -> ReviewView:
        """Holds a review and keeps it, open until it is accepted; one that is still open is held again."""
        kept = self.records.of(person)
        plan = self.plan(plan_id, person, lang=lang)
        self._within(plan, on, lang)
        again = next((r for r in kept.reviews(plan.id) if r.kind == kind and r.state == "open"), None)
        found = self.drafting.find(self._usable_profile(kept), lang, self._last_answers(kept)) if kind == "yearly" else None
        review = hold_review(
            plan,
            self._told(kept, plan),
            self.framework,
            on,
            yearly=kind == "yearly",
            levels=found.levels if found else (),
            before=_levels_before(plan, kept),
            stage=found.standing.stage if found else None,
        )
        saved = kept.save_review(plan.id, kind, on, public(review), review_id=again.id if again else "")
        return _review_view(saved)

    def reviews(self, plan_id: str = "", person: str = LOCAL_PERSON) -> list[ReviewView]:
        """The reviews of one plan, or of all, in the order they were begun."""
        return [_review_view(each) for each in self.records.of(person).reviews(plan_id or None)]

    def accept_review(self, review_id: str, person: str = LOCAL_PERSON, *, lang: Lang) -> Plan:
        """Makes the next version of the plan as the review leaves it, and ends the review.

        Raises:
            Conflict: the review is done, or the plan has changed since it was held.
            InputError: the plan as it would be is not sound; every fault is named.
        """
        kept = self.records.of(person)
        held = next((r for r in kept.reviews() if r.id == review_id), None)
        if held is None:
            raise NotFound(say("desk_review_unknown", lang), hint=say("desk_review_mend", lang))
        view = _review_view(held)
        plan = kept.plan(held.plan_id)
        if held.state == "done":
            raise Conflict(say("desk_review_done", lang), hint=say("desk_review_again", lang))
        if view.review.version != plan.version:
            raise Conflict(say("desk_review_old", lang), hint=say("desk_review_again", lang))
        after = self._sound_next(plan, view.review, self._usable_profile(kept), lang)
        saved = kept.save_version(after.model_copy(update={"version": plan.version}), say(f"desk_why_{held.kind}", lang))
        told = public(_as_settled(view.review, saved))
        kept.save_review(plan.id, held.kind, held.on, told, state="done", review_id=held.id)
        return saved

    def _sound_next(self, plan: Plan, review: Review, profile: Profile, lang: Lang) -> Plan:
        """The next version; what does not fit into the weeks beside what is under way waits. Raises InputError for new faults."""
        after = _settled(next_version(plan, review, self.framework, self.drafting.sources), review, self._hours(profile))
        old = {(f.line, f.code) for f in self._faults(plan, profile, plan.made)}
        faults = [f for f in self._faults(after, profile, after.made) if (f.line, f.code) not in old]
        if faults:
            raise InputError(faults_text(faults).of(lang), hint=say("desk_review_fault_mend", lang))
        return after

    def review_document(self, view: ReviewView, format: str, lang: Lang) -> File:
        """A review as a document: docx, pdf or md."""
        if format not in FORMATS or format == "ics":
            raise _wrong("desk_review_format", lang, format=clean(format)[:20])
        sheet = review_sheet(view.review, self.framework, lang)
        media_type, ending = FORMATS[format]
        return File(name=f"{sheet.title}-{view.review.on}.{ending}", media_type=media_type, data=_rendered(sheet, format))

    def _told(self, kept: PersonRecords, plan: Plan) -> list[CheckIn]:
        """The check-ins on a plan that can still be read."""
        return [entry.value for entry in kept.checkins(plan.id) if not entry.problem]

    def _within(self, plan: Plan, on: date, lang: Lang) -> None:
        last = plan.made + timedelta(days=366 * _YEARS_AHEAD)
        if not plan.made <= on <= last:
            raise _wrong("desk_date_outside", lang, date=on, first=plan.made, last=last)

    # --- everything ---------------------------------------------------------------------------------------------------

    def export_all(self, person: str = LOCAL_PERSON) -> dict[str, Any]:
        """Everything that is kept of the person, as plain JSON values."""
        return self.records.of(person).export()

    def delete_all(self, person: str = LOCAL_PERSON) -> None:
        """Removes the person and everything kept of them, for good."""
        self.records.of(person).delete_all()

    def close(self) -> None:
        """Lets go of the records."""
        self.records.close()


def document(plan: Plan, framework: Framework, format: str, lang: Lang, pages: Pages = "full") -> File:
    """A plan, kept or not, as a document. Raises InputError for an unknown format."""
    if format not in FORMATS:
        raise _wrong("desk_format", lang, format=clean(format)[:20], formats=", ".join(FORMATS))
    data = export(plan, framework, lang, format, pages)
    return File(name=file_name(plan, lang, format), media_type=FORMATS[format][0], data=data)


# --- changing a plan by hand ------------------------------------------------------------------------------------------


class _Editing:
    """One plan being changed by its owner: what they write stands in both languages as they wrote it."""

    def __init__(self, plan: Plan, framework: Framework, lang: Lang, today: date) -> None:
        self.plan, self.framework, self.lang, self.today = plan, framework, lang, today
        self.days = sorted(m.on for m in plan.meetings)

    def apply(self, changes: Changes) -> tuple[Plan, frozenset[str]]:
        """The plan as it would be, and the ids of the lines that were touched. Raises NotFound, InputError."""
        if not (changes.change or changes.add or changes.drop):
            raise _wrong("desk_no_change", self.lang)
        lines = {line.id: line for line in self.plan.lines}
        for change in changes.change:
            lines[change.id] = self._changed(self._line(lines, change.id), change)
        for drop in changes.drop:
            lines[drop.id] = self._line(lines, drop.id).model_copy(update={"status": "dropped"})
        added = [self._own(own, lines) for own in changes.add]
        if len(lines) > MAX_LINES and added:
            raise _wrong("desk_too_many_lines", self.lang, limit=MAX_LINES)
        plan = self.plan.model_copy(
            update={
                "goals": tuple(line for line in lines.values() if line.role == "goal"),
                "actions": tuple(line for line in lines.values() if line.role == "action"),
                "skipped": (*self.plan.skipped, *self._given_up(changes)),
            }
        )
        return plan, frozenset([c.id for c in changes.change] + [line.id for line in added])

    def _line(self, lines: Mapping[str, Line], line_id: str) -> Line:
        if line_id not in lines:
            text = say("desk_line_unknown", self.lang, line=clean(line_id)[:60])
            raise NotFound(text, hint=say("desk_line_mend", self.lang, lines=", ".join(lines)))
        return lines[line_id]

    def _changed(self, line: Line, change: LineChange) -> Line:
        values = {n: v for n in LineChange.model_fields if n != "id" and (v := getattr(change, n)) is not None}
        for name in ("text", "measure", "evidence"):
            if name in values:
                values[name] = self._words(values[name], name)
        if change.due is not None:
            values["review"] = _review_day(change.due, self.days)
            if line.role == "action":
                values["horizon"] = _horizon(change.due, self.today)
        return line.model_copy(update=values)

    def _own(self, own: OwnLine, lines: dict[str, Line]) -> Line:
        """A line of the person's own, put among the others."""
        if own.pillar is not None and own.pillar not in {p.id for p in self.framework.pillars}:
            known = ", ".join(p.id for p in self.framework.pillars)
            raise _wrong("desk_pillar_unknown", self.lang, name=own.pillar[:60], known=known)
        number = 1 + sum(1 for line in lines.values() if line.role == own.role)
        said = self._words(own.text, "text")
        line = Line(
            id=f"{'g' if own.role == 'goal' else 'a'}{number}",
            role=own.role,
            horizon=_horizon(own.due, self.today),
            pillar=own.pillar,
            kind=own.kind if own.role == "action" else None,
            own=True,
            text=said,
            measure=self._words(own.measure, "measure"),
            evidence=self._words(own.evidence, "evidence"),
            owner=own.owner or self.plan.name or say("plan_owner", self.lang),
            start=own.start or self.today,
            due=own.due,
            review=_review_day(own.due, self.days),
            hours=own.hours,
            source=Source(article="", title=both("desk_own_source"), label=both("desk_own_label"), quote=said),
        )
        lines[line.id] = line
        return line

    def _words(self, said: str, name: str) -> Text:
        if not said:
            raise _wrong(f"desk_own_{name}_missing", self.lang)
        return Text(zh=said, en=said)

    def _given_up(self, changes: Changes) -> list[Skipped]:
        """The reasons given for dropping lines, by the gaps they worked on."""
        by_id = {line.id: line for line in self.plan.lines}
        return [
            Skipped(pillar=pillar, reason=both("desk_dropped_why", words=d.why))
            for d in changes.drop
            if d.why and (pillar := by_id[d.id].pillar)
        ]


# --- dates after a review ---------------------------------------------------------------------------------------------


def _settled(plan: Plan, review: Review, hours: float) -> Plan:
    """A plan whose open lines are all due ahead, and whose actions leave no week with more hours than there are.

    Actions under way that the review left alone stay where they are; the others wait, week by week, until they fit.
    """
    days = sorted(m.on for m in plan.meetings)
    moved = {row.line for row in review.rows if row.due or not row.status}
    lines = {line.id: _due_ahead(line, plan.made, days) for line in plan.lines}
    actions = [a for line in plan.actions if (a := lines[line.id]).status == "open" and a.hours]
    placed = [a for a in actions if a.start <= plan.made and a.id not in moved]
    for line in sorted((a for a in actions if a not in placed), key=lambda a: (a.start, a.id)):
        later = (_later(line, weeks, days) for weeks in range(_LATER_WEEKS))
        placed.append(next((c for c in later if _fits([*placed, c], hours, plan.made)), line))
    lines |= {line.id: line.model_copy(update={"horizon": _horizon(line.due, plan.made)}) for line in placed}
    goals, placed_actions = (tuple(lines[line.id] for line in part) for part in (plan.goals, plan.actions))
    return plan.model_copy(update={"goals": goals, "actions": placed_actions})


def _as_settled(review: Review, plan: Plan) -> Review:
    """The review with the dates that its lines have got in the plan."""
    rows = []
    for row in review.rows:
        due = plan.line(row.line).due
        moved = row.due is not None and row.due != due
        rows.append(row.model_copy(update={"due": due, "change": both("change_moved", due=due)}) if moved else row)
    return review.model_copy(update={"rows": tuple(rows)})


def _due_ahead(line: Line, made: date, days: Sequence[date]) -> Line:
    """A line that is still open although its day has passed gets four weeks more."""
    if line.status != "open" or line.due >= made:
        return line
    due = made + timedelta(weeks=4)
    return line.model_copy(update={"due": due, "review": _review_day(due, days)})


def _later(line: Line, weeks: int, days: Sequence[date]) -> Line:
    due = line.due + timedelta(weeks=weeks)
    update = {"start": line.start + timedelta(weeks=weeks), "due": due, "review": _review_day(due, days)}
    return line.model_copy(update=update)


def _fits(lines: Sequence[Line], hours: float, today: date) -> bool:
    """Whether no week to come holds more hours than there are."""
    ahead = [_ahead(line, today) for line in lines]
    return all(sum(_rate(o) for o in ahead if o.start <= line.start <= o.due) <= hours for line in ahead)


def _ahead(line: Line, today: date) -> Line:
    """A line under way as what is left of it from today, at the same hours a week."""
    if line.start >= today or line.due <= today or not line.hours:
        return line
    left = max(1, round((line.due - today).days / 7))
    return line.model_copy(update={"start": today, "hours": _rate(line) * left})


def _rate(line: Line) -> float:
    """Hours a week."""
    return (line.hours or 0) / max(1, round((line.due - line.start).days / 7))


def _review_day(due: date, days: Sequence[date]) -> date:
    """The first review on or after a due date, else the last there is; the due date itself where there are none."""
    return next((d for d in days if d >= due), days[-1] if days else due)


def _horizon(due: date, today: date) -> HorizonId:
    return next((h for h, months in _HORIZON_MONTHS if due <= months_after(today, months)), "long")


# --- a review as a document -------------------------------------------------------------------------------------------


def review_sheet(review: Review, framework: Framework, lang: Lang) -> Sheet:
    """A review as a document in one language: what was planned, where it stands, what shows it, why not, what changes."""
    names = {r.id: r.name for r in framework.plan.reviews}
    title = names[review.kind].of(lang)
    parts: tuple[tuple[str, tuple[Block, ...]], ...] = (
        ("desk_review_summary", (Paragraph(text=review.summary.of(lang)),)),
        ("desk_review_lines", _review_rows(review, lang)),
        ("desk_review_trends", _review_trends(review, framework, lang)),
        ("desk_review_questions", (Bullets(items=tuple(q.of(lang) for q in review.questions)),) if review.questions else ()),
    )
    sheet: Sheet = cleaned(
        Sheet(
            lang=lang,
            title=title,
            subtitle="",
            made=review.on,
            author=framework.profession.title.of(lang),
            head=_review_head(review, framework, lang),
            sections=tuple(Section(title=say(key, lang), blocks=blocks) for key, blocks in parts if blocks),
            header=title,
            page=say("doc_page", lang, page="{page}", pages="{pages}"),
            colon=say("doc_colon", lang, label=""),
        )
    )
    return sheet


def _review_head(review: Review, framework: Framework, lang: Lang) -> tuple[tuple[str, str], ...]:
    rows = [
        (say("doc_date", lang), review.on.isoformat()),
        (say("doc_version", lang), say("doc_version_n", lang, n=review.version)),
    ]
    if review.stage:
        rows.append((say("doc_stage", lang), framework.stage(review.stage).name.of(lang)))
    return tuple(rows)


def _review_rows(review: Review, lang: Lang) -> tuple[Block, ...]:
    if not review.rows:
        return ()
    rows = tuple(
        (
            row.text.of(lang),
            row.planned.isoformat(),
            say(f"status_{row.status}", lang) if row.status else say("desk_no_news", lang),
            row.shown or row.obstacle or say("doc_none", lang),
            row.change.of(lang),
        )
        for row in review.rows
    )
    head = tuple(say(k, lang) for k in ("desk_line", "doc_due", "doc_state", "desk_told", "desk_changes"))
    return (Grid(head=head, rows=rows, widths=(4.6, 2.2, 1.8, 3.4, 4.2)),)


def _review_trends(review: Review, framework: Framework, lang: Lang) -> tuple[Block, ...]:
    if not review.trends:
        return ()

    def level(number: int | None) -> str:
        return say("doc_level_unknown", lang) if number is None else say("doc_level_plain", lang, n=number)

    rows = tuple((framework.pillar(t.pillar).name.of(lang), level(t.before), level(t.now)) for t in review.trends)
    head = tuple(say(k, lang) for k in ("doc_pillar", "desk_before", "doc_now"))
    return (Grid(head=head, rows=rows, widths=(6, 4, 4)),)


def _rendered(sheet: Sheet, format: str) -> bytes:
    if format == "docx":
        from coach.documents.docx import to_docx

        return to_docx(sheet)
    if format == "pdf":
        from coach.documents.pdf import to_pdf

        return to_pdf(sheet)
    return to_markdown(sheet).encode()


# --- values -----------------------------------------------------------------------------------------------------------


def _level(result: LevelResult, found: Found, lang: Lang) -> dict[str, Any]:
    """A level as the HTTP contract tells it, with what it rests on."""
    gap = next((g for g in found.gaps if g.pillar == result.pillar), None)
    rated = "self_rating" if result.self_rating is not None else gap.basis if gap else "unknown"
    return {
        "level": result.level,
        "basis": "evidence" if result.level is not None else rated,
        **{name: spoken(value, lang) for name, value in result if name not in ("pillar", "level")},
    }


def _usable(values: Mapping[str, Any], highest: int) -> tuple[dict[str, Any], tuple[Text, ...]]:
    """The fields a profile has, numbers as texts, and remarks on what is left out."""
    known = {str(name): value for name, value in values.items() if name in Profile.model_fields}
    unknown = [clean(str(name))[:40] for name in values if name not in Profile.model_fields]
    remarks: list[Text] = []
    if unknown:
        shown = ", ".join(unknown[:MAX_REMARKS])
        remarks.append(both("desk_fields_ignored", fields=shown))
    ratings = known.get("self_ratings")
    if isinstance(ratings, Mapping):
        endless = {name for name, rating in ratings.items() if _endless(rating)}
        remarks += [both("remark_rating_refused", rating=str(ratings[n])[:40], highest=highest) for n in endless]
        known["self_ratings"] = {name: rating for name, rating in ratings.items() if name not in endless}
    return {name: value if name == "self_ratings" else _as_text(value) for name, value in known.items()}, tuple(remarks)


def _endless(rating: object) -> bool:
    """Is it a number beyond all bounds?"""
    try:
        return not isinstance(rating, bool) and not math.isfinite(float(str(rating)))
    except ValueError:
        return False


def _as_text(value: object) -> object:
    """Whole numbers of any length as text, also within lists and by pillar; the rest is for the profile to judge."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, list | tuple):
        return [_as_text(v) for v in value]
    return {name: _as_text(v) for name, v in value.items()} if isinstance(value, Mapping) else value


def _words(value: object) -> str:
    """Every text in loose values, for the language they are in."""
    if isinstance(value, str):
        return clean(value[:MAX_FIELD])
    if isinstance(value, Mapping):
        return "\n".join(_words(v) for v in value.values())
    return "\n".join(_words(v) for v in value) if isinstance(value, list | tuple) else ""


def _filled(values: Mapping[str, Any]) -> dict[str, Any]:
    """Every field that says something; those within a field by `field.key`."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, dict):
            found |= {f"{name}.{key}": item for key, item in value.items() if item not in ("", None)}
        elif value not in ("", None, []):
            found[name] = value
    return found


def _put(values: dict[str, Any], name: str, value: object) -> None:
    top, _, key = name.partition(".")
    if key:
        values[top] = {**values[top], key: value}
    else:
        values[top] = value


def _merged(known: Mapping[str, Any], given: Mapping[str, Any], named: Mapping[str, Any]) -> dict[str, Any]:
    """What is known with what was named put over it; within `evidence` and `self_ratings` pillar by pillar."""
    merged = dict(known) or public(Profile())
    for name in (n for n in named if n in Profile.model_fields):
        if isinstance(given[name], dict) and isinstance(named[name], Mapping):
            emptied = {key for key, value in named[name].items() if value in (None, "")}
            kept = {key: value for key, value in merged[name].items() if key not in emptied}
            merged[name] = {**kept, **{key: value for key, value in given[name].items() if value not in (None, "")}}
        else:
            merged[name] = given[name]
    return merged


def _said_before(before: ProfileRevision, names: set[str]) -> dict[str, Any]:
    """What the person said, or confirmed, in these fields."""
    values = _filled(public(before.value))
    told = {n for n, source in before.sources.items() if source.origin == "said" or source.confirmed}
    return {name: values[name] for name in names & told if name in values}


def _profile_view(found: ProfileRevision | None) -> ProfileView:
    if found is None:
        return ProfileView(profile=Profile(), sources={}, revision=0)
    return ProfileView(profile=found.value, sources=found.sources, revision=found.revision)


def _answers(found: Assessment) -> dict[str, str]:
    return {name: text for name, text in found.answers.items() if isinstance(text, str)}


def _one_by_one(given: Feedback) -> Iterator[OneAnswer]:
    """Kept feedback pillar by pillar. Where the relations were mixed to keep people anonymous, any of them will do."""
    for relation, answers in given.answers.items():
        for answer in answers:
            ratings, comments = answer.get("ratings", {}), answer.get("comments", {})
            for pillar in dict.fromkeys([*ratings, *comments]):
                yield OneAnswer(
                    pillar=pillar,
                    relation=_RELATIONS.get(relation, "peer"),
                    rating=ratings.get(pillar, 0),
                    comment=comments.get(pillar, ""),
                )


def _newest_plan(kept: PersonRecords, lang: Lang) -> str:
    plans = kept.plans()
    if not plans:
        raise NotFound(say("desk_plan_none", lang), hint=say("desk_plan_none_mend", lang))
    return plans[-1].plan_id


def _levels_before(plan: Plan, kept: PersonRecords) -> tuple[LevelResult, ...]:
    """The levels at the last yearly review that was accepted; those of the plan before the first."""
    done = [r for r in kept.reviews(plan.id) if r.kind == "yearly" and r.state == "done"]
    if not done:
        return plan.levels
    then = {t.pillar: t.now for t in _review_view(done[-1]).review.trends}
    return tuple(r.model_copy(update={"level": then.get(r.pillar)}) for r in plan.levels)


def _review_view(kept: KeptReview) -> ReviewView:
    try:
        review = Review.model_validate(kept.values)
    except ValidationError as error:
        raise Unreadable(
            f"The review {kept.id} was kept by another version of the program and cannot be read.",
            hint="Nothing is lost: it is part of the export as it is. Hold the review again.",
        ) from error
    return ReviewView(id=kept.id, plan_id=kept.plan_id, state=kept.state, review=review)


def _wrong(key: str, lang: Lang, *, mend: str = "", **values: object) -> InputError:
    """What the person gave cannot be used, in their language."""
    return InputError(say(key, lang, **values), hint=say(mend, lang, **values) if mend else "")
