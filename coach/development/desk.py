"""One desk for a person's development: everything a channel may do for somebody, the same for form, chat, HTTP and terminal.

Owns the order of things (what is read, ruled, checked and kept, in which turn) and who may do what; the rules themselves
stand in the modules beside this one, the records in `coach.store`. Today's date always comes in as an argument.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Literal

from pydantic import ValidationError

from coach.development.actions import planned_hours
from coach.development.assessment import FeedbackAnswer as OneAnswer
from coach.development.assessment import assess, next_question, questionnaire, summarise_feedback
from coach.development.calendar import ahead
from coach.development.check import Fault, check_plan, faults_text
from coach.development.draft import Draft, Drafting, profile_from, without_instructions
from coach.development.editing import Changes, Editing, wrong
from coach.development.reading import constraints_of
from coach.development.review import dated, hold_review, next_version
from coach.development.review import nudges as nudges_of
from coach.development.schema import MAX_EVIDENCE, CheckIn, LevelResult, Plan, Profile, Review, Said, Value, public
from coach.development.stage import place
from coach.development.values import MAX_REMARKS, filled, merged, put, said_before, usable, words_of
from coach.development.versions import differences
from coach.development.views import AssessmentView, Drafted, FeedbackView, File, ProfileView, ReviewView, StandingView
from coach.development.wording import PlanWriter, Worded, worded_within
from coach.documents import FORMATS, export, file_name, render
from coach.documents.review import review_sheet
from coach.documents.sheet import Pages
from coach.errors import Conflict, InputError, NotFound, Unreadable
from coach.framework.files import Text
from coach.framework.schema import Framework, PillarId
from coach.messages import both, say
from coach.store.records import (
    LOCAL_PERSON,
    Assessment,
    CheckInEntry,
    Feedback,
    FieldSource,
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

LINK_DAYS = 30
"""How long a feedback link is good for, if nobody says otherwise."""
MAX_LINK_DAYS = 90
_YEARS_AHEAD = 5
_MIXED = "all"
_RELATIONS: dict[str, Relation] = {"manager": "manager", "report": "report", "peer": "peer"}


class FeedbackAnswer(Value):
    """What somebody else says of a person: for any pillar a level, 0 for "cannot say", and a few words."""

    ratings: dict[PillarId, int] = {}
    comments: dict[PillarId, Said] = {}


class Desk:
    """What a channel may do for a person, by person id. Safe to share between threads.

    Ids of other people's records are as unknown as ids that do not exist: NotFound. What a person gave and cannot be used
    raises InputError in their language; a change to something that has changed meanwhile, or is finished, raises Conflict.
    `elsewhere` is called with a person who was removed: for what is kept of them outside the records.
    """

    def __init__(self, drafting: Drafting, records: Records, elsewhere: Callable[[str], None] = lambda person: None) -> None:
        self.drafting = drafting
        self.records = records
        self._elsewhere = elsewhere
        self.framework: Framework = drafting.framework

    # --- draft --------------------------------------------------------------------------------------------------------

    def draft(self, values: Mapping[str, Any], lang: Lang | None, today: date, *, writer: PlanWriter | None = None) -> Drafted:
        """A plan for loose profile values, or the questions needed first; keeps nothing.

        `lang` None is the language of the profile's own words. A `writer` that is ready fits the first steps to the person,
        in less than 50 seconds. Raises InputError for values of a wrong type.
        """
        profile, remarks, lang = self._read(values, lang)
        draft, worded = self._worded(self.drafting.draft(profile, lang, today, remarks=remarks), writer)
        return self._drafted(draft, lang, worded)

    def _worded(self, draft: Draft, writer: PlanWriter | None) -> tuple[Draft, Worded | None]:
        """The draft with the steps the chat model could fit; as it was when the plan would not be sound, or there is no model."""
        if draft.plan is None or writer is None or not (writer.writes and writer.ready()):
            return draft, None
        found = draft.found
        worded = worded_within(draft.plan, found.profile, self.framework, writer)
        if check_plan(worded.plan, found.profile, self.framework, self.drafting.sources, planned_hours(found.constraints)):
            return draft, Worded(plan=draft.plan, model=writer.name)
        return dataclasses.replace(draft, plan=worded.plan), worded

    def _read(self, values: Mapping[str, Any], lang: Lang | None) -> tuple[Profile, tuple[Text, ...], Lang]:
        """A profile of loose values with remarks on what was left out, and the language to tell them in."""
        tongue = lang or language(words_of(values))
        kept, remarks = usable(values, max(level.number for level in self.framework.levels))
        profile, more = profile_from(kept, self.framework, tongue)
        return profile, (*remarks, *more)[:MAX_REMARKS], tongue

    def _drafted(self, draft: Draft, lang: Lang, worded: Worded | None = None) -> Drafted:
        if draft.plan is not None:
            text = export(draft.plan, self.framework, lang, "md").decode()
        else:
            text = "\n".join([say("draft_clarify", lang), "", *(f"- {q.of(lang)}" for q in draft.questions)]) + "\n"
        return Drafted(draft=draft, lang=lang, text=text, worded=worded)

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
        together = merged(known, public(given), values) if merge else public(given)
        guessed = {name for name in filled(together) if name in inferred or name.partition(".")[0] in inferred}
        told = said_before(before, guessed) if before else {}
        for name in guessed & told.keys():
            if told[name] != filled(together)[name]:
                remarks += (both("desk_said_stays", field=name, words=str(told[name])[:80]),)
            put(together, name, told[name])
        sources = {name: FieldSource(origin="inferred", confirmed=False) for name in guessed - told.keys()}
        if merge:
            new = filled(together).keys() & filled(public(given)).keys()
            sources |= {name: FieldSource() for name in new - guessed}
        saved = kept.save_profile(Profile.model_validate(together), sources)
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
            raise wrong("desk_field_empty", lang, mend="desk_field_mend", field=clean(field)[:60], fields=filled or "-")
        return kept, found

    def _usable_profile(self, kept: PersonRecords) -> Profile:
        found = kept.profile()
        return found.usable if found else Profile()

    # --- where somebody stands ----------------------------------------------------------------------------------------

    def standing(self, person: str = LOCAL_PERSON, *, lang: Lang) -> StandingView:
        """Stage, levels and gaps by the profile and the newest assessment. Raises Unreadable."""
        kept = self.records.of(person)
        found = self.drafting.find(self._usable_profile(kept), lang, self._last_answers(kept))
        begun = kept.assessments()
        done = [each for each in begun if each.state == "done"]
        waiting = next((each for each in reversed(begun) if each.state == "open"), None)
        earlier = done[-2].read or () if len(done) > 1 else ()
        asked = {gap.pillar: gap.wanted for gap in found.gaps}
        expected = self.framework.expected_level(found.target)
        return StandingView(
            found=found,
            placed=found.standing.claimed is not None or any(h.lowest is not None for h in found.standing.held),
            wanted={p.id: asked.get(p.id, expected) for p in self.framework.pillars},
            before={result.pillar: result.level for result in earlier},
            fields={name: each.field for name, each in self.drafting.readings.conditions.items()},
            assessed=done[-1].changed if done else None,
            under_way=waiting.id if waiting else "",
            answered=sum(1 for text in _answers(waiting).values() if text) if waiting else 0,
        )

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
                raise wrong("desk_question_unknown", lang, mend="desk_question_mend", name=clean(name)[:60])
            said[name] = None if text is None else clean(text).strip()
            if len(said[name] or "") > MAX_EVIDENCE:
                raise wrong("desk_answer_long", lang, name=name, limit=MAX_EVIDENCE)
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
            changed=found.changed,
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
            raise wrong("desk_link_days", lang, limit=MAX_LINK_DAYS)
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
                raise wrong("desk_pillar_unknown", lang, name=clean(pillar)[:60], known=", ".join(sorted(pillars)))
        for rating in answer.ratings.values():
            if not 0 <= rating <= highest:
                raise wrong("desk_rating_wrong", lang, rating=str(rating)[:20], highest=highest)
        if not answer.ratings and not any(answer.comments.values()):
            raise wrong("desk_feedback_empty", lang)
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

    def new_plan(
        self, person: str = LOCAL_PERSON, *, lang: Lang, today: date, writer: PlanWriter | None = None
    ) -> tuple[Drafted, Plan | None]:
        """Plans by what is known of the person, their last assessment included; kept as version 1, unless questions come back.

        A `writer` fits the first steps to the person, as for `draft`.
        """
        kept = self.records.of(person)
        earlier = [each.read for each in kept.plans() if each.read is not None]
        before = earlier[-1] if earlier else None
        found = self.drafting.draft(self._usable_profile(kept), lang, today, self._last_answers(kept), before=before)
        draft, worded = self._worded(found, writer)
        plan = kept.new_plan(draft.plan, say("desk_why_new", lang)) if draft.plan else None
        return self._drafted(dataclasses.replace(draft, plan=plan), lang, worded), plan

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
        after, touched = Editing(before, self.framework, lang, today).apply(changes)
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
        to_come = plan.model_copy(update={"goals": (), "actions": tuple(ahead(line, today) for line in plan.actions)})
        found = [f for f in check_plan(plan, profile, self.framework, sources, hours) if f.code != "hours"]
        return found + [f for f in check_plan(to_come, profile, self.framework, sources, hours) if f.code == "hours"]

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
        return self._as_it_would_be(_review_view(saved), kept)

    def reviews(self, plan_id: str = "", person: str = LOCAL_PERSON) -> list[ReviewView]:
        """The reviews of one plan, or of all, in the order they were begun."""
        kept = self.records.of(person)
        return [self._as_it_would_be(_review_view(each), kept) for each in kept.reviews(plan_id or None)]

    def _as_it_would_be(self, view: ReviewView, kept: PersonRecords) -> ReviewView:
        """A review with the plan it is of; one that can still be accepted with the dates that will hold then."""
        try:
            plan = kept.plan(view.plan_id, view.review.version)
            newest = kept.plan(view.plan_id)
        except Unreadable:
            return view
        view = dataclasses.replace(view, plan=plan)
        if view.state == "done" or plan.version != newest.version:
            return view
        after = self._next(plan, view.review, self._usable_profile(kept))
        return dataclasses.replace(view, review=dated(view.review, after))

    def _next(self, plan: Plan, review: Review, profile: Profile) -> Plan:
        return next_version(plan, review, self.framework, self.drafting.sources, hours=self._hours(profile))

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
        told = public(dated(view.review, saved))
        kept.save_review(plan.id, held.kind, held.on, told, state="done", review_id=held.id)
        return saved

    def _sound_next(self, plan: Plan, review: Review, profile: Profile, lang: Lang) -> Plan:
        """The next version. Raises InputError for faults that the plan did not have before."""
        after = self._next(plan, review, profile)
        old = {(f.line, f.code) for f in self._faults(plan, profile, plan.made)}
        faults = [f for f in self._faults(after, profile, after.made) if (f.line, f.code) not in old]
        if faults:
            raise InputError(faults_text(faults).of(lang), hint=say("desk_review_fault_mend", lang))
        return after

    def review_document(self, view: ReviewView, format: str, lang: Lang) -> File:
        """A review as a document: docx, pdf or md."""
        if format not in FORMATS or format == "ics":
            raise wrong("desk_review_format", lang, format=clean(format)[:20])
        sheet = review_sheet(view.review, self.framework, lang, view.plan)
        media_type, ending = FORMATS[format]
        return File(name=f"{sheet.title}-{view.review.on}.{ending}", media_type=media_type, data=render(sheet, format))

    def _told(self, kept: PersonRecords, plan: Plan) -> list[CheckIn]:
        """The check-ins on a plan that can still be read."""
        return [entry.value for entry in kept.checkins(plan.id) if not entry.problem]

    def _within(self, plan: Plan, on: date, lang: Lang) -> None:
        last = plan.made + timedelta(days=366 * _YEARS_AHEAD)
        if not plan.made <= on <= last:
            raise wrong("desk_date_outside", lang, date=on, first=plan.made, last=last)

    # --- everything ---------------------------------------------------------------------------------------------------

    def export_all(self, person: str = LOCAL_PERSON) -> dict[str, Any]:
        """Everything that is kept of the person, as plain JSON values."""
        return self.records.of(person).export()

    def delete_all(self, person: str = LOCAL_PERSON) -> None:
        """Removes the person and everything kept of them, for good; with whom they were in a channel before they linked it."""
        for gone in self.records.of(person).delete_all():
            self._elsewhere(gone)

    def close(self) -> None:
        """Lets go of the records."""
        self.records.close()


def document(plan: Plan, framework: Framework, format: str, lang: Lang, pages: Pages = "full") -> File:
    """A plan, kept or not, as a document. Raises InputError for an unknown format."""
    if format not in FORMATS:
        raise wrong("desk_format", lang, format=clean(format)[:20], formats=", ".join(FORMATS))
    data = export(plan, framework, lang, format, pages)
    return File(name=file_name(plan, lang, format), media_type=FORMATS[format][0], data=data)


# --- values -----------------------------------------------------------------------------------------------------------


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
