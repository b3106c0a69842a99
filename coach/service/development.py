"""The HTTP routes of a person's development: profile, assessments, feedback, plans, check-ins, reviews, everything kept.

Owns what may be sent and the shape of what comes back. What is done stands in `coach.development.desk`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from coach.development.desk import LINK_DAYS, FeedbackAnswer
from coach.development.editing import Changes
from coach.development.schema import MAX_FIELD, CheckIn, Plan, public
from coach.development.views import AssessmentView, File, ProfileView, ReviewView, spoken
from coach.development.wording import PlanWriter, words_plans
from coach.messages import say
from coach.service.auth import visitor_of
from coach.service.errors import Json, Refusal, reader_language
from coach.store.records import CheckInEntry, PlanVersion, Relation
from coach.text import clean
from coach.types import Lang

if TYPE_CHECKING:
    from coach.app import Coach
    from coach.development.desk import Desk

Today = Callable[[], date]


def _clean(value: object) -> object:
    return clean(value).strip() if isinstance(value, str) else value


Name = Annotated[str, Field(max_length=100), BeforeValidator(_clean)]
Words = Annotated[str, Field(max_length=MAX_FIELD), BeforeValidator(_clean)]
Version = Annotated[int, Field(ge=1, le=1_000_000)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")

    lang: Lang | None = Field(default=None, description="null: by Accept-Language, else Chinese")


class DraftRequest(_Body):
    """Body of POST /api/plans/draft. Values of the profile are read tolerantly; null: the language of the profile's words."""

    profile: dict[str, Any]


class ProfileRequest(_Body):
    """Body of PUT and PATCH /api/profile; `inferred` names fields the person did not say themselves."""

    profile: dict[str, Any]
    inferred: list[Name] = Field(default=[], max_length=100)


class ConfirmRequest(_Body):
    """Body of POST /api/profile/confirm."""

    field: Annotated[str, Field(min_length=1, max_length=100), BeforeValidator(_clean)]


class AssessmentRequest(_Body):
    """Body of POST /api/assessments."""

    form: Literal["short", "full"] = "short"


class AnswersRequest(_Body):
    """Body of PUT /api/assessments/{id}/answers: by indicator; an empty text skips a question, null takes an answer back."""

    answers: dict[str, str | None]


class LinkRequest(_Body):
    """Body of POST /api/assessments/{id}/feedback."""

    relation: Relation
    days: int = LINK_DAYS


class FeedbackRequest(_Body):
    """Body of POST /api/feedback-links/{token}."""

    ratings: dict[str, int] = {}
    comments: dict[str, Words] = {}


class NoBody(_Body):
    """A body without anything but the reader's language."""


class ChangesRequest(Changes):
    """Body of PATCH /api/plans/{id}."""

    lang: Lang | None = None


class CheckInRequest(_Body):
    """Body of POST /api/checkins; the newest plan unless one is named, today unless `on` is given."""

    plan: Name = ""
    line: Name
    status: Literal["done", "on_track", "stuck", "dropped"]
    evidence: Words = ""
    obstacle: Words = ""
    on: date | None = None


class ReviewRequest(_Body):
    """Body of POST /api/reviews; the newest plan unless one is named, today unless `on` is given."""

    plan: Name = ""
    kind: Literal["quarterly", "yearly"] = "quarterly"
    on: date | None = None


def development(coach: Coach, today: Today = date.today) -> APIRouter:
    """All routes. Whose they are is said by `_person` alone: nothing takes a person from the client."""
    router = APIRouter(prefix="/api")
    for routes in (_profile, _assessments, _feedback, _drafts, _plans, _files, _checkins, _reviews, _everything):
        routes(router, coach, today)
    return router


def _person(request: Request) -> str:
    return visitor_of(request).person


def _plan_writer(coach: Coach) -> PlanWriter | None:
    """The chat model in use, if it is one that words plans."""
    return coach.writer() if words_plans(coach.settings) else None


def _lang(request: Request, body: _Body | ChangesRequest | None = None) -> Lang:
    """The reader's language, which failures from here on speak, too."""
    lang: Lang = (body.lang if body else None) or reader_language(request.headers, query=request.query_params)
    request.state.lang = lang
    return lang


def _profile(router: APIRouter, coach: Coach, today: Today) -> None:
    @router.get("/profile", response_model=None)
    def read(request: Request) -> Response:
        """The profile, where each value comes from, and what waits to be confirmed."""
        lang = _lang(request)
        return Json(_told_profile(coach.desk.profile(_person(request)), lang))

    @router.put("/profile", response_model=None)
    def replace(body: ProfileRequest, request: Request) -> Response:
        """Replaces the whole profile."""
        return _set(body, request, merge=False)

    @router.patch("/profile", response_model=None)
    def change(body: ProfileRequest, request: Request) -> Response:
        """Changes the fields given; null empties one."""
        return _set(body, request, merge=True)

    def _set(body: ProfileRequest, request: Request, *, merge: bool) -> Response:
        lang = _lang(request, body)
        view = coach.desk.set_profile(body.profile, _person(request), lang=lang, inferred=body.inferred, merge=merge)
        return Json(_told_profile(view, lang))

    @router.delete("/profile", response_model=None)
    def empty(request: Request, field: Name = "") -> Response:
        """Empties one field, or the whole profile."""
        lang = _lang(request)
        view = coach.desk.forget(field, _person(request), lang=lang)
        return Json({**_told_profile(view, lang), "notice": "" if field else say("http_dev_profile_history", lang)})

    @router.post("/profile/confirm", response_model=None)
    def confirm(body: ConfirmRequest, request: Request) -> Response:
        """Confirms an inferred value; from now on it is used."""
        lang = _lang(request, body)
        return Json(_told_profile(coach.desk.confirm(body.field, _person(request), lang=lang), lang))


def _assessments(router: APIRouter, coach: Coach, today: Today) -> None:
    @router.post("/assessments", response_model=None)
    def start(body: AssessmentRequest, request: Request) -> Response:
        """Begins an assessment."""
        lang = _lang(request, body)
        return Json(_told_assessment(coach.desk.start_assessment(body.form, _person(request), lang=lang), lang), 201)

    @router.get("/assessments", response_model=None)
    def listed(request: Request) -> Response:
        """All assessments in the order they were begun, without their questions."""
        lang = _lang(request)
        found = coach.desk.assessments(_person(request), lang=lang)
        return Json({"assessments": [_told_assessment(each, lang, brief=True) for each in found]})

    @router.get("/assessments/{assessment_id}", response_model=None)
    def one(assessment_id: str, request: Request) -> Response:
        """One assessment: questions, answers, the next question, results."""
        lang = _lang(request)
        return Json(_told_assessment(coach.desk.assessment(assessment_id, _person(request), lang=lang), lang))

    @router.put("/assessments/{assessment_id}/answers", response_model=None)
    def answer(assessment_id: str, body: AnswersRequest, request: Request) -> Response:
        """Keeps answers; those not named stay."""
        lang = _lang(request, body)
        return Json(_told_assessment(coach.desk.answer(assessment_id, body.answers, _person(request), lang=lang), lang))

    @router.post("/assessments/{assessment_id}/finish", response_model=None)
    def finish(assessment_id: str, request: Request, body: NoBody | None = None) -> Response:
        """Scores the assessment and ends it."""
        lang = _lang(request, body)
        return Json(_told_assessment(coach.desk.finish(assessment_id, _person(request), lang=lang), lang))


def _feedback(router: APIRouter, coach: Coach, today: Today) -> None:
    @router.post("/assessments/{assessment_id}/feedback", response_model=None)
    def invite(assessment_id: str, body: LinkRequest, request: Request) -> Response:
        """Makes a link for others; its token is shown this once."""
        lang, now = _lang(request, body), datetime.now(UTC)
        token, expires = coach.desk.invite(assessment_id, body.relation, now, _person(request), lang=lang, days=body.days)
        address = f"/api/feedback-links/{token}"
        return Json({"token": token, "path": address, "relation": body.relation, "expires": expires.isoformat()}, 201)

    @router.get("/assessments/{assessment_id}/feedback", response_model=None)
    def summary(assessment_id: str, request: Request) -> Response:
        """What others answered, from three answers on."""
        lang = _lang(request)
        return Json(spoken(coach.desk.feedback(assessment_id, _person(request)), lang))

    @router.delete("/assessments/{assessment_id}/feedback", response_model=None)
    def withdraw(assessment_id: str, request: Request) -> Response:
        """Ends the links of an assessment; answers that came stay."""
        _lang(request)
        return Json({"withdrawn": coach.desk.withdraw(assessment_id, _person(request))})

    @router.get("/feedback-links/{token}", response_model=None)
    def form(token: str, request: Request) -> Response:
        """What somebody with a link is asked; needs no identity."""
        return Json(coach.desk.feedback_form(token, _lang(request)))

    @router.post("/feedback-links/{token}", response_model=None)
    def give(token: str, body: FeedbackRequest, request: Request) -> Response:
        """Keeps an answer without a trace of who gave it."""
        lang = _lang(request, body)
        coach.desk.give_feedback(token, FeedbackAnswer(ratings=body.ratings, comments=body.comments), lang)
        return Json({"message": say("http_dev_thanks", lang)}, 201)


def _drafts(router: APIRouter, coach: Coach, today: Today) -> None:
    @router.post("/plans/draft", response_model=None)
    def draft(body: DraftRequest, request: Request) -> Response:
        """A drafted plan for a profile, or the questions needed first; nothing is kept."""
        _lang(request, body)
        drafted = coach.desk.draft(body.profile, body.lang, today(), writer=_plan_writer(coach))
        return Json(drafted.told())


def _plans(router: APIRouter, coach: Coach, today: Today) -> None:
    @router.post("/plans", response_model=None)
    def new(request: Request, body: NoBody | None = None) -> Response:
        """A plan from what is known of the person, kept as version 1; or the questions needed first, and nothing kept."""
        lang = _lang(request, body)
        drafted, plan = coach.desk.new_plan(_person(request), lang=lang, today=today(), writer=_plan_writer(coach))
        return Json(drafted.told(), 201 if plan else 200)

    @router.get("/plans", response_model=None)
    def listed(request: Request) -> Response:
        """The newest version of each plan, in short."""
        _lang(request)
        return Json({"plans": [_told_version(each) for each in coach.desk.plans(_person(request))]})

    @router.get("/plans/{plan_id}", response_model=None)
    def one(plan_id: str, request: Request, version: Version | None = None) -> Response:
        """A plan, its newest version unless one is named."""
        lang = _lang(request)
        return Json(_told_plan(coach.desk.plan(plan_id, _person(request), lang=lang, version=version), lang))

    @router.patch("/plans/{plan_id}", response_model=None)
    def change(plan_id: str, body: ChangesRequest, request: Request) -> Response:
        """Changes, adds and drops lines, all or none; the next version, or every fault."""
        lang = _lang(request, body)
        changes = Changes(**{name: getattr(body, name) for name in Changes.model_fields})
        plan = coach.desk.change_plan(plan_id, changes, _person(request), lang=lang, today=today())
        return Json(_told_plan(plan, lang))

    @router.get("/plans/{plan_id}/versions", response_model=None)
    def versions(plan_id: str, request: Request) -> Response:
        """All versions, oldest first, each with why it was made."""
        _lang(request)
        return Json({"versions": [_told_version(each) for each in coach.desk.versions(plan_id, _person(request))]})

    @router.get("/plans/{plan_id}/diff", response_model=None)
    def diff(
        plan_id: str,
        request: Request,
        before: Annotated[Version, Query(alias="from")],
        after: Annotated[Version, Query(alias="to")],
    ) -> Response:
        """What changed between two versions, a sentence a change."""
        lang = _lang(request)
        found = coach.desk.diff(plan_id, before, after, _person(request))
        return Json({"from": before, "to": after, "changes": spoken(found, lang)})


def _files(router: APIRouter, coach: Coach, today: Today) -> None:
    @router.get("/plans/{plan_id}/export", response_model=None)
    def plan(
        plan_id: str,
        request: Request,
        format: Name = "docx",
        pages: Literal["full", "one"] = "full",
        version: Version | None = None,
    ) -> Response:
        """The plan as a document."""
        lang = _lang(request)
        return _download(coach.desk.export(plan_id, format, lang, pages, _person(request), version=version))

    @router.get("/reviews/{review_id}/export", response_model=None)
    def review(review_id: str, request: Request, format: Name = "docx") -> Response:
        """A review as a document."""
        lang = _lang(request)
        found = _review(coach.desk, review_id, _person(request), lang)
        return _download(coach.desk.review_document(found, format, lang))


def _checkins(router: APIRouter, coach: Coach, today: Today) -> None:
    @router.post("/checkins", response_model=None)
    def tell(body: CheckInRequest, request: Request) -> Response:
        """Keeps what the person tells of one line."""
        lang = _lang(request, body)
        checkin = CheckIn(
            line=body.line, on=body.on or today(), status=body.status, evidence=body.evidence, obstacle=body.obstacle
        )
        return Json(_told_checkin(coach.desk.checkin(body.plan, checkin, _person(request), lang=lang)), 201)

    @router.get("/checkins", response_model=None)
    def listed(request: Request, plan: Name = "") -> Response:
        """The check-ins on one plan, or on all, and what to remind of today."""
        lang, person = _lang(request), _person(request)
        told = [_told_checkin(each) for each in coach.desk.checkins(plan, person)]
        return Json({"checkins": told, "nudges": spoken(coach.desk.nudges(today(), plan, person, lang=lang), lang)})


def _reviews(router: APIRouter, coach: Coach, today: Today) -> None:
    @router.post("/reviews", response_model=None)
    def hold(body: ReviewRequest, request: Request) -> Response:
        """Holds a review; it is kept, and the plan stays as it is until the review is accepted."""
        lang = _lang(request, body)
        view = coach.desk.review(body.kind, body.on or today(), body.plan, _person(request), lang=lang)
        return Json(_told_review(coach.desk, view, lang), 201)

    @router.get("/reviews", response_model=None)
    def listed(request: Request, plan: Name = "") -> Response:
        """The reviews of one plan, or of all."""
        lang = _lang(request)
        found = coach.desk.reviews(plan, _person(request))
        return Json({"reviews": [_told_review(coach.desk, each, lang) for each in found]})

    @router.post("/reviews/{review_id}/accept", response_model=None)
    def accept(review_id: str, request: Request, body: NoBody | None = None) -> Response:
        """Makes the next version of the plan, as the review leaves it."""
        lang = _lang(request, body)
        return Json(_told_plan(coach.desk.accept_review(review_id, _person(request), lang=lang), lang))


def _everything(router: APIRouter, coach: Coach, today: Today) -> None:
    @router.get("/me/export", response_model=None)
    def export(request: Request) -> Response:
        """Everything that is kept of the person, as a file."""
        _lang(request)
        kept = Json(coach.desk.export_all(_person(request)))
        kept.headers["content-disposition"] = 'attachment; filename="me.json"'
        return kept

    @router.delete("/me", response_model=None)
    def delete(request: Request) -> Response:
        """Removes everything that is kept of the person, for good."""
        _lang(request)
        coach.desk.delete_all(_person(request))
        return Json({"deleted": True})


def _review(desk: Desk, review_id: str, person: str, lang: Lang) -> ReviewView:
    found = next((r for r in desk.reviews(person=person) if r.id == review_id), None)
    if found is None:
        raise Refusal(404, "dev_not_found")
    return found


def _download(file: File) -> Response:
    """A file under its own name: plain for old clients, RFC 5987 for the rest."""
    ending = file.name.rpartition(".")[2]
    name = f"attachment; filename=\"plan.{ending}\"; filename*=UTF-8''{quote(file.name, safe='')}"
    headers = {"content-disposition": name, "cache-control": "no-store", "x-content-type-options": "nosniff"}
    return Response(file.data, media_type=file.media_type, headers=headers)


def _told_profile(view: ProfileView, lang: Lang) -> dict[str, Any]:
    return {
        "profile": public(view.profile),
        "sources": {name: public(source) for name, source in view.sources.items()},
        "unconfirmed": list(view.unconfirmed),
        "revision": view.revision,
        "remarks": spoken(view.remarks, lang),
    }


def _told_assessment(view: AssessmentView, lang: Lang, *, brief: bool = False) -> dict[str, Any]:
    told = {
        "id": view.id,
        "form": view.form,
        "state": view.state,
        "framework": view.framework,
        "answered": sum(1 for text in view.answers.values() if text),
        "total": len(view.questions),
        "results": spoken(view.results, lang),
        "problem": view.problem,
    }
    if brief:
        return told
    return told | {"questions": spoken(view.questions, lang), "answers": view.answers, "next": spoken(view.next, lang)}


def _told_plan(plan: Plan, lang: Lang) -> dict[str, Any]:
    return {"plan": spoken(plan, lang)}


def _told_version(kept: PlanVersion) -> dict[str, Any]:
    plan = kept.read
    return {
        "id": kept.plan_id,
        "version": kept.version,
        "made": kept.made.isoformat(),
        "why": kept.why,
        "stage": plan.stage if plan else None,
        "target": plan.target if plan else None,
        "problem": kept.problem,
    }


def _told_checkin(kept: CheckInEntry) -> dict[str, Any]:
    told = public(kept.read) if kept.read else {}
    return {"id": kept.id, "plan": kept.plan_id, "made": kept.made.isoformat(), **told, "problem": kept.problem}


def _told_review(desk: Desk, view: ReviewView, lang: Lang) -> dict[str, Any]:
    text = desk.review_document(view, "md", lang).data.decode()
    return {"id": view.id, "plan": view.plan_id, "state": view.state, "review": spoken(view.review, lang), "text": text}
