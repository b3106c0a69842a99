"""The HTTP routes of the library, for whoever looks after it: documents, passages, re-indexing, search test, bad answers.

Owns what may be sent and the shape of what comes back. What is done stands in `coach.library.keeper` and `.mending`.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from coach.errors import InputError
from coach.identity import Visitor
from coach.library.keeper import SHOWN, Added, public
from coach.library.mending import plain
from coach.messages import say
from coach.service.auth import needs
from coach.service.errors import Json, reader_language
from coach.service.schemas import Message
from coach.store.queue import ReportState
from coach.text import clean
from coach.types import Lang, Status, Turn

if TYPE_CHECKING:
    from coach.app import Coach


def _clean(value: object) -> object:
    return clean(value).strip() if isinstance(value, str) else value


_Name = Annotated[str, Field(min_length=1, max_length=1000), BeforeValidator(_clean)]
_Text = Annotated[str, Field(max_length=100_000)]
_Since = Annotated[datetime | None, Query()]
_Limit = Annotated[int, Query(ge=1, le=500)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")

    lang: Lang | None = Field(default=None, description="null: by Accept-Language, else Chinese")


class FileRequest(_Body):
    """Body of POST and PUT /api/library/documents: a file, its bytes as base64."""

    name: _Name
    content: str


class HideRequest(_Body):
    """Body of PATCH /api/library/documents/{id}."""

    hidden: bool


class PassageRequest(_Body):
    """Body of PUT /api/library/passages/{id}."""

    text: _Text


class RestoreRequest(_Body):
    """Body of POST /api/library/passages/{id}/restore; 0 is what the document itself says."""

    version: int = Field(ge=0, le=1_000_000)


class TestRequest(_Body):
    """Body of POST /api/library/search-test; `answer_lang` as `lang` of /api/ask."""

    question: _Text
    answer_lang: Lang | None = None
    history: list[Message] = Field(default=[], max_length=200)
    limit: int = Field(default=SHOWN, ge=1, le=500)


class AnswerRequest(_Body):
    """Body of POST /api/library/queue/{id}/answer."""

    answer: _Text
    title: Annotated[str, Field(max_length=1000), BeforeValidator(_clean)] = ""
    question: Annotated[str, Field(max_length=1000), BeforeValidator(_clean)] = ""
    answer_lang: Lang | None = None


class CaseRequest(_Body):
    """Body of POST /api/library/queue/{id}/case; without `must_say`, the first sentence of the answer that was written."""

    must_say: list[Annotated[str, Field(max_length=1000)]] = Field(default=[], max_length=20)
    status: Status = "answered"


class DismissRequest(_Body):
    """Body of POST /api/library/queue/{id}/dismiss."""

    note: Annotated[str, Field(max_length=2000), BeforeValidator(_clean)] = ""


class NoBody(_Body):
    """A body without anything but the reader's language."""


def library(coach: Coach) -> APIRouter:
    """All routes; every one needs a reviewer."""
    router = APIRouter(prefix="/api/library")
    for routes in (_documents, _reindex, _passages, _test, _queue, _mended):
        routes(router, coach)
    return router


def _reviewer(request: Request, body: _Body | None = None) -> tuple[Visitor, Lang]:
    """Who asks, and the reader's language, which failures from here on speak, too. Raises Refusal."""
    lang: Lang = (body.lang if body else None) or reader_language(request.headers, query=request.query_params)
    request.state.lang = lang
    return needs(request, "reviewer"), lang


def _documents(router: APIRouter, coach: Coach) -> None:
    @router.get("/documents", response_model=None)
    def listed(request: Request, search: Annotated[str, Query(max_length=1000)] = "") -> Response:
        """All documents, those that need a look first."""
        _, lang = _reviewer(request)
        return Json({"documents": [public(row) for row in coach.keeper.documents(search, lang=lang)]})

    @router.post("/documents", response_model=None)
    async def add(body: FileRequest, request: Request) -> Response:
        """Takes in a file; one of the same name is replaced, and the notice says so."""
        _, lang = _reviewer(request, body)
        added = await run_in_threadpool(lambda: coach.keeper.add(body.name, _bytes(body, lang), lang=lang))
        return Json(_told(added), 200 if added.replaced else 201)

    @router.put("/documents/{doc_id}", response_model=None)
    async def replace(doc_id: str, body: FileRequest, request: Request) -> Response:
        """Puts a file in the place of an own document; its edits stay."""
        _, lang = _reviewer(request, body)
        return Json(
            _told(await run_in_threadpool(lambda: coach.keeper.replace(doc_id, body.name, _bytes(body, lang), lang=lang)))
        )

    @router.patch("/documents/{doc_id}", response_model=None)
    def hide(doc_id: str, body: HideRequest, request: Request) -> Response:
        """Keeps a document out of replies, or lets it back in."""
        _, lang = _reviewer(request, body)
        return Json(public(coach.keeper.hide(doc_id, body.hidden, lang=lang)))

    @router.delete("/documents/{doc_id}", response_model=None)
    def remove(doc_id: str, request: Request) -> Response:
        """Removes an own document."""
        _, lang = _reviewer(request)
        coach.keeper.remove(doc_id, lang=lang)
        return Json({"id": doc_id, "removed": True})


def _reindex(router: APIRouter, coach: Coach) -> None:
    @router.post("/reindex", response_model=None)
    def begin(request: Request, body: NoBody | None = None) -> Response:
        """Begins to build the index anew; replies go on being made from the old one."""
        _, lang = _reviewer(request, body)
        coach.keeper.reindex(lang=lang)
        return Json(_progress(coach, lang), 202)

    @router.get("/reindex", response_model=None)
    def progress(request: Request) -> Response:
        """How far it is."""
        _, lang = _reviewer(request)
        return Json(_progress(coach, lang))

    @router.delete("/reindex", response_model=None)
    def cancel(request: Request) -> Response:
        """Stops it; what was done is kept for the next time."""
        _, lang = _reviewer(request)
        coach.keeper.cancel()
        return Json(_progress(coach, lang))


def _passages(router: APIRouter, coach: Coach) -> None:
    @router.get("/documents/{doc_id}/passages", response_model=None)
    def of_document(doc_id: str, request: Request) -> Response:
        """The passages of a document in their order."""
        _, lang = _reviewer(request)
        return Json({"passages": [public(view) for view in coach.keeper.passages(doc_id, lang=lang)]})

    @router.get("/passages/{passage_id:path}/history", response_model=None)
    def history(passage_id: str, request: Request) -> Response:
        """All changes of a passage, oldest first."""
        _, lang = _reviewer(request)
        return Json({"versions": [public(version) for version in coach.keeper.history(passage_id, lang=lang)]})

    @router.post("/passages/{passage_id:path}/restore", response_model=None)
    def restore(passage_id: str, body: RestoreRequest, request: Request) -> Response:
        """Makes the words of an earlier version those of now."""
        visitor, lang = _reviewer(request, body)
        return Json(public(coach.keeper.restore(passage_id, body.version, by=visitor.person, lang=lang)))

    @router.get("/passages/{passage_id:path}", response_model=None)
    def one(passage_id: str, request: Request) -> Response:
        """One passage with what its document says itself."""
        _, lang = _reviewer(request)
        return Json(public(coach.keeper.passage(passage_id, lang=lang)))

    @router.put("/passages/{passage_id:path}", response_model=None)
    def edit(passage_id: str, body: PassageRequest, request: Request) -> Response:
        """Changes the words of a passage."""
        visitor, lang = _reviewer(request, body)
        return Json(public(coach.keeper.edit_passage(passage_id, body.text, by=visitor.person, lang=lang)))


def _test(router: APIRouter, coach: Coach) -> None:
    @router.post("/search-test", response_model=None)
    def test(body: TestRequest, request: Request) -> Response:
        """Exactly what chat would see and say to a question, and why."""
        _, lang = _reviewer(request, body)
        turns = _turns(body.history)
        tested = coach.keeper.search_test(body.question, answer_lang=body.answer_lang, history=turns, lang=lang)
        return Json(tested.public(body.limit))


def _queue(router: APIRouter, coach: Coach) -> None:
    @router.get("/queue", response_model=None)
    def listed(request: Request, state: Annotated[ReportState | None, Query()] = "open") -> Response:
        """Bad answers that were reported."""
        _reviewer(request)
        return Json({"reports": [report.public() for report in coach.keeper.mending.reports(state)]})

    @router.get("/queue/{report_id}", response_model=None)
    def one(report_id: str, request: Request) -> Response:
        """One report: question, reply, passages, what was said against it."""
        _, lang = _reviewer(request)
        return Json(coach.keeper.mending.report(report_id, lang=lang).public())

    @router.post("/queue/{report_id}/dismiss", response_model=None)
    def dismiss(report_id: str, request: Request, body: DismissRequest | None = None) -> Response:
        """Closes a report without an answer."""
        _, lang = _reviewer(request, body)
        return Json(coach.keeper.mending.dismiss(report_id, body.note if body else "", lang=lang).public())

    @router.get("/asked", response_model=None)
    def asked(request: Request, since: _Since = None, status: Status | None = None, limit: _Limit = 50) -> Response:
        """What people ask, and the newest questions that found no answer, with the nearest titles."""
        _reviewer(request)
        mending = coach.keeper.mending
        return Json({"asked": plain(mending.asked(since, status=status, limit=limit)), "unanswered": mending.unanswered(since)})


def _mended(router: APIRouter, coach: Coach) -> None:
    @router.post("/queue/{report_id}/answer", response_model=None)
    def answer(report_id: str, body: AnswerRequest, request: Request) -> Response:
        """Makes an article of the right answer and closes the report."""
        _, lang = _reviewer(request, body)
        made = coach.keeper.mending.write_answer(
            report_id, body.answer, title=body.title, question=body.question, answer_lang=body.answer_lang, lang=lang
        )
        return Json(public(made), 201)

    @router.delete("/queue/{report_id}/answer", response_model=None)
    def take_back(report_id: str, request: Request) -> Response:
        """Removes that article and opens the report again."""
        _, lang = _reviewer(request)
        coach.keeper.mending.remove_answer(report_id, lang=lang)
        return Json(coach.keeper.mending.report(report_id, lang=lang).public())

    @router.post("/queue/{report_id}/case", response_model=None)
    def case(report_id: str, request: Request, body: CaseRequest | None = None) -> Response:
        """Keeps the question as an eval case."""
        _, lang = _reviewer(request, body)
        wanted = body or CaseRequest()
        made = coach.keeper.mending.make_case(report_id, must_say=wanted.must_say, status=wanted.status, lang=lang)
        return Json(public(made), 201)

    @router.delete("/queue/{report_id}/case", response_model=None)
    def drop_case(report_id: str, request: Request) -> Response:
        """Removes that eval case."""
        _, lang = _reviewer(request)
        coach.keeper.mending.remove_case(report_id, lang=lang)
        return Json({"id": report_id, "removed": True})


def _bytes(body: FileRequest, lang: Lang) -> bytes:
    try:
        return base64.b64decode(body.content, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InputError(say("lib_content_wrong", lang, name=body.name[:200])) from error


def _told(added: Added) -> dict[str, Any]:
    return {"document": public(added.document), "replaced": added.replaced, "notice": added.notice}


def _progress(coach: Coach, lang: Lang) -> dict[str, Any]:
    now = coach.keeper.progress()
    return {**now.public(), "notice": say(f"lib_reindex_{now.state}", lang, done=now.done, total=now.total)}


def _turns(history: Sequence[Message]) -> list[Turn]:
    return [Turn(role=message.role, content=message.content) for message in history]
