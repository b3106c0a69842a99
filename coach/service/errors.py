"""What goes wrong, as `{error:{code, message, hint}}` in the reader's language.

Owns the choice of status code, sentence and language. What went wrong inside is in the log, never in the answer.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from coach.errors import CoachError
from coach.messages import CATALOGUE, say
from coach.text import clean, language
from coach.types import Lang

log = logging.getLogger(__name__)

_STATUS = {
    "setup": 503, "weights": 503, "library_missing": 503, "library_mismatch": 503,
    "bad_input": 422, "document": 422, "model": 502, "model_unavailable": 503, "model_stalled": 504,
    "not_found": 404, "conflict": 409,
}  # fmt: skip
_KINDS = {
    "string": "string", "bool": "boolean", "int": "integer", "list": "list", "model": "object", "dict": "object",
}  # fmt: skip
_LANGUAGE_RANGE = re.compile(r"\s*([A-Za-z]{2,3})(?:-[A-Za-z0-9-]+)?\s*(?:;\s*q=([01](?:\.\d{0,3})?))?\s*$")


class Refusal(Exception):
    """A request that is not served. `code` names the sentence `http_<code>` of the catalogue."""

    def __init__(self, status: int, code: str, **values: object) -> None:
        super().__init__(code)
        self.status, self.code, self.values = status, code, values


class Json(JSONResponse):
    """JSON that nobody keeps a copy of: replies are personal."""

    def __init__(self, content: object, status_code: int = 200) -> None:
        super().__init__(content, status_code, headers={"cache-control": "no-store"})

    def render(self, content: object) -> bytes:
        """UTF-8 without escapes; a lone surrogate becomes a question mark instead of a failure."""
        return as_json(content).encode("utf-8", "replace")


def as_json(content: object) -> str:
    """One line of JSON."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def reader_language(headers: Mapping[str, str], body: object = None, query: Mapping[str, str] | None = None) -> Lang:
    """What the reader asked for: `lang`, else Accept-Language, else the language of the question, else Chinese."""
    asked = body.get("lang") if isinstance(body, Mapping) else (query or {}).get("lang")
    if asked == "zh" or asked == "en":
        return "zh" if asked == "zh" else "en"
    if preferred := _preferred(headers.get("accept-language", "")):
        return preferred
    question = (body.get("question") or body.get("query")) if isinstance(body, Mapping) else None
    return language(clean(question[:2000])) if isinstance(question, str) else "zh"


def _preferred(header: str) -> Lang | None:
    """Chinese or English, whichever ranks first; English for readers of any other language."""
    ranges = [found.groups() for part in header[:500].split(",") if (found := _LANGUAGE_RANGE.match(part))]
    wanted = [tag.lower() for tag, q in sorted(ranges, key=lambda r: -float(r[1] or 1)) if float(q or 1) > 0]
    for tag in wanted:
        if tag in ("zh", "en"):
            return "zh" if tag == "zh" else "en"
    return "en" if wanted else None


def problem(error: BaseException, lang: Lang) -> tuple[int, dict[str, Any]]:
    """Status and body that tell the reader what an exception means; an unforeseen one is logged."""
    if isinstance(error, Refusal):
        hint = f"http_{error.code}_hint"
        return error.status, shape(
            error.code, say(f"http_{error.code}", lang, **error.values), say(hint, lang) if hint in CATALOGUE else ""
        )
    if isinstance(error, CoachError):
        status = _STATUS.get(error.code, 500)
        if status >= 500:
            log.error("%s: %s", error.code, error)
        return status, shape(error.code, coach_sentence(error.code, error.message, lang), _hint(error, lang))
    log.error("unforeseen failure", exc_info=error)
    return 500, shape("internal", say("http_internal", lang))


def coach_sentence(code: str, message: str, lang: Lang) -> str:
    """The coach's own words if they are in the reader's language, else the catalogue's sentence for that failure."""
    if message and language(message) == lang:
        return message
    keys = (f"http_error_{code}", f"http_dev_{code}")
    return say(next((key for key in keys if key in CATALOGUE), "http_error_error"), lang)


def _hint(error: CoachError, lang: Lang) -> str:
    """The error's own hint, unless it speaks another language than the reader and the catalogue has one that does not."""
    key = f"http_dev_{error.code}_hint"
    return say(key, lang) if error.hint and key in CATALOGUE and language(error.hint) != lang else error.hint


def shape(code: str, message: str, hint: str = "") -> dict[str, Any]:
    """The one shape of a failure."""
    return {"error": {"code": code, "message": message, "hint": hint}}


def install(app: FastAPI) -> None:
    """Every failure of a route leaves in the one shape."""

    async def answer(request: Request, error: Exception) -> Response:
        lang = getattr(request.state, "lang", None) or reader_language(request.headers, query=request.query_params)
        status, body = problem(error, lang)
        return Json(body, status)

    async def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        lang = reader_language(request.headers, error.body)
        status, body = problem(_refusal(error.errors()[0], lang), lang)
        return Json(body, status)

    async def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        refusal = {404: Refusal(404, "not_found"), 405: Refusal(405, "method")}.get(error.status_code)
        return await answer(request, refusal or Refusal(error.status_code, "bad_request"))

    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, http)
    for kind in (Refusal, CoachError, Exception):
        app.add_exception_handler(kind, answer)


def _refusal(error: Mapping[str, Any], lang: Lang) -> Refusal:
    """The first thing wrong with a body, as a sentence that names the field and its limit."""
    kind, context, field = str(error["type"]), error.get("ctx", {}), _field(error["loc"])
    if kind == "json_invalid":
        return Refusal(400, "bad_json", position=error["loc"][-1])
    stem, _, rest = kind.partition("_")
    if rest in ("type", "attributes_type") and stem in _KINDS:
        return Refusal(422, "field_type", field=field, expected=say(f"http_type_{_KINDS[stem]}", lang))
    limit = context.get("max_length", context.get("le", context.get("ge")))
    code = {
        "missing": "missing", "string_too_short": "empty", "string_too_long": "too_long", "literal_error": "choice",
        "less_than_equal": "max", "greater_than_equal": "min", "extra_forbidden": "unknown",
        "string_pattern_mismatch": "pattern", "model_attributes_type": "type",
    }.get(kind, "invalid")  # fmt: skip
    allowed = str(context.get("expected", "")).replace(" or ", ", ").replace("'", '"')
    return Refusal(422, f"field_{code}", field=field, limit=limit, expected=allowed)


def _field(location: Sequence[str | int]) -> str:
    """("body", "history", 3, "role") as history[3].role; a name the sender made up is shortened."""
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{clean(part)[:60]}" for part in location[1:])
    return path.lstrip(".") or "body"
