"""The HTTP routes of kept conversations, of files brought into them, and of what people think of a reply.

Owns what may be sent and the shape of what comes back; what is done stands in `coach.conversation.talks`. Whose conversations
they are is said by `_person` alone: nothing takes a person from the client.
"""

from __future__ import annotations

import base64
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from coach.conversation.talks import Brought, Talks
from coach.errors import InputError, NotFound
from coach.messages import say
from coach.service.auth import visitor_of
from coach.service.errors import Json, Refusal, reader_language
from coach.store.conversations import MAX_REASON, Conversation, Exchange, Heading, Verdict
from coach.text import clean
from coach.types import Lang


def _clean(value: object) -> object:
    return clean(value).strip() if isinstance(value, str) else value


Line = Annotated[str, Field(max_length=1_000), BeforeValidator(_clean)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")

    lang: Lang | None = Field(default=None, description="null: by Accept-Language, else Chinese")


class NewRequest(_Body):
    """Body of POST /api/conversations. Without an id the coach chooses one, without a title the first question gives it."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{0,64}$")] = ""
    title: Line = ""


class TitleRequest(_Body):
    """Body of PATCH /api/conversations/{id}; an empty title gives back the one made from the first question."""

    title: Line


class FileRequest(_Body):
    """Body of POST /api/conversations/{id}/files: a file, its bytes as base64."""

    name: Line
    content: str


class PasteRequest(_Body):
    """Body of POST /api/conversations/{id}/pastes."""

    text: str


class FeedbackRequest(_Body):
    """Body of POST /api/feedback; a null verdict takes the last one back."""

    exchange: Annotated[str, Field(max_length=64)]
    verdict: Verdict | None
    reason: Annotated[str, Field(max_length=MAX_REASON), BeforeValidator(_clean)] = ""


def conversations(talks: Talks) -> APIRouter:
    """All routes."""
    router = APIRouter(prefix="/api")
    for routes in (_list, _one, _files, _feedback):
        routes(router, talks)
    return router


def _person(request: Request) -> str:
    return visitor_of(request).person


def _lang(request: Request, body: _Body | None = None) -> Lang:
    """The reader's language, which failures from here on speak, too."""
    lang: Lang = (body.lang if body else None) or reader_language(request.headers, query=request.query_params)
    request.state.lang = lang
    return lang


def _list(router: APIRouter, talks: Talks) -> None:
    @router.get("/conversations", response_model=None)
    def listed(request: Request, q: Line = "") -> Response:
        """The newest first, without what was said; with `q`, those in which it occurs."""
        _lang(request)
        return Json({"conversations": [_heading(each) for each in talks.conversations(_person(request), q)]})

    @router.post("/conversations", response_model=None)
    def new(request: Request, body: NewRequest) -> Response:
        """Begins a conversation; asking under an id that is not known yet does so, too."""
        lang = _lang(request, body)
        return Json(_heading(talks.new(_person(request), body.id, body.title, lang=lang)), 201)

    @router.delete("/conversations", response_model=None)
    def delete_all(request: Request) -> Response:
        """Removes all conversations of the person for good."""
        _lang(request)
        return Json({"deleted": talks.delete_all(_person(request))})


def _one(router: APIRouter, talks: Talks) -> None:
    def found(conversation_id: str, request: Request) -> Conversation:
        try:
            return talks.conversation(_person(request), conversation_id, lang=_lang(request))
        except NotFound as error:
            raise Refusal(404, "conversation_missing") from error

    @router.get("/conversations/{conversation_id}", response_model=None)
    def read(conversation_id: str, request: Request, all: bool = False) -> Response:
        """Questions and replies exactly as they were said, oldest first; with `all`, replaced ones too."""
        return Json(_told(found(conversation_id, request), everything=all))

    @router.patch("/conversations/{conversation_id}", response_model=None)
    def rename(conversation_id: str, body: TitleRequest, request: Request) -> Response:
        """Gives a title."""
        talks.rename(_person(request), conversation_id, body.title, lang=_lang(request, body))
        return Json(_told(found(conversation_id, request)))

    @router.delete("/conversations/{conversation_id}", response_model=None)
    def delete(conversation_id: str, request: Request) -> Response:
        """Removes a conversation for good; one that is gone already is no failure."""
        _lang(request)
        return Json({"id": conversation_id, "deleted": talks.delete(_person(request), conversation_id)})

    @router.get("/conversations/{conversation_id}/export", response_model=None)
    def export(conversation_id: str, request: Request, format: Line = "docx") -> Response:
        """The conversation with its citations as md or docx."""
        file = talks.export(_person(request), conversation_id, format, _lang(request))
        plain = f"conversation.{file.name.rpartition('.')[2]}"
        named = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file.name, safe='')}"
        headers = {"content-disposition": named, "cache-control": "no-store", "x-content-type-options": "nosniff"}
        return Response(file.data, media_type=file.media_type, headers=headers)


def _files(router: APIRouter, talks: Talks) -> None:
    @router.post("/conversations/{conversation_id}/files", response_model=None)
    def bring(conversation_id: str, body: FileRequest, request: Request) -> Response:
        """Reads a file for this conversation only."""
        lang = _lang(request, body)
        try:
            data = base64.b64decode(body.content, validate=True)
        except ValueError as error:
            raise InputError(say("talk_file_content", lang, name=body.name)) from error
        return _brought(talks.attach(_person(request), conversation_id, body.name, data, lang=lang))

    @router.post("/conversations/{conversation_id}/pastes", response_model=None)
    def paste(conversation_id: str, body: PasteRequest, request: Request) -> Response:
        """Keeps a long paste for this conversation only."""
        lang = _lang(request, body)
        return _brought(talks.paste(_person(request), conversation_id, body.text, lang=lang))

    @router.delete("/conversations/{conversation_id}/files/{file_id}", response_model=None)
    def remove(conversation_id: str, file_id: str, request: Request) -> Response:
        """Removes a file or paste for good."""
        talks.detach(_person(request), conversation_id, file_id, lang=_lang(request))
        return Json({"id": file_id, "deleted": True})


def _feedback(router: APIRouter, talks: Talks) -> None:
    @router.post("/feedback", response_model=None)
    def judge(body: FeedbackRequest, request: Request) -> Response:
        """Keeps a verdict on a reply; "wrong" puts it into the reviewers' queue."""
        lang = _lang(request, body)
        talks.judge(_person(request), body.exchange, body.verdict, body.reason, lang=lang)
        key = "talk_verdict_wrong" if body.verdict == "wrong" else "talk_verdict_kept"
        return Json({"exchange": body.exchange, "verdict": body.verdict, "message": say(key, lang)})


def _heading(heading: Heading) -> dict[str, Any]:
    return {
        "id": heading.id,
        "title": heading.title,
        "named": heading.named,
        "made": heading.made.isoformat(),
        "changed": heading.changed.isoformat(),
        "exchanges": heading.exchanges,
        "attachments": heading.attachments,
    }


def _told(found: Conversation, *, everything: bool = False) -> dict[str, Any]:
    """`replies` are whole; `exchanges` also name questions without a reply. A reply has the id of its exchange."""
    shown = found.exchanges if everything else found.current
    return {
        "id": found.id,
        "title": found.title,
        "named": found.named,
        "made": found.made.isoformat(),
        "changed": found.changed.isoformat(),
        "replies": [{"question": e.question, **e.reply.public()} for e in shown if e.reply is not None],
        "exchanges": [_exchange(each) for each in shown],
        "attachments": [
            {"id": a.id, "name": a.name, "characters": a.characters, "made": a.made.isoformat()} for a in found.attachments
        ],
    }


def _exchange(exchange: Exchange) -> dict[str, Any]:
    return {
        "id": exchange.id,
        "question": exchange.question,
        "state": exchange.state,
        "text": exchange.text,
        "code": exchange.code,
        "hint": exchange.hint,
        "superseded": exchange.superseded,
        "made": exchange.made.isoformat(),
        "verdict": exchange.verdict,
        "reason": exchange.reason,
        "problem": exchange.problem,
    }


def _brought(brought: Brought) -> Response:
    kept = brought.attachment
    told = {"id": kept.id, "conversation": brought.conversation, "name": kept.name, "characters": len(kept.text)}
    return Json(told, 201)
