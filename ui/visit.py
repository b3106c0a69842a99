"""Who looks at a page, in which language, on which day: what every handler knows of a request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from urllib.parse import unquote
from zoneinfo import ZoneInfo

import gradio as gr

from coach.identity import Visitor
from coach.service.auth import visitor_of
from coach.types import Lang

LANGUAGE = "coach_lang"
"""Cookie: the language chosen on the page."""
TIME_ZONE = "coach_tz"
"""Cookie: where the browser is, as a name of the IANA database; set by shell.js."""


@dataclass(frozen=True, kw_only=True)
class Visit:
    """A person on a page. `now` has their time zone; `page` names one load of it; `query` is what follows the `?`."""

    visitor: Visitor
    lang: Lang
    today: date
    now: datetime = field(default_factory=lambda: datetime.now().astimezone())
    page: str = ""
    query: Mapping[str, str] = field(default_factory=dict)

    @property
    def person(self) -> str:
        """The id their records are kept under."""
        return self.visitor.person


def visit_of(request: gr.Request) -> Visit:
    """Reads a request of Gradio. Raises what `visitor_of` raises: a page never guesses who is looking."""
    http = request.request
    if http is None:
        raise RuntimeError("an event without a request: nobody can be told from it")
    cookies = http.cookies
    now = now_in(unquote(cookies.get(TIME_ZONE, "")))
    return Visit(
        visitor=visitor_of(http),
        lang=browser_language(cookies.get(LANGUAGE, ""), str(request.headers.get("accept-language", ""))),
        today=now.date(),
        now=now,
        page=str(request.session_hash or ""),
        query=dict(request.query_params),
    )


def now_in(time_zone: str) -> datetime:
    """The time in a time zone; that of this machine when the name is empty or unknown."""
    now = datetime.now(UTC)
    try:
        return now.astimezone(ZoneInfo(time_zone[:64]) if time_zone else None)
    except (KeyError, ValueError, OSError):
        return now.astimezone()


def browser_language(remembered: object, accept_language: str) -> Lang:
    """The language chosen before, else the first of the browser's that is Chinese or English, else English, or Chinese."""
    if remembered == "zh":
        return "zh"
    if remembered == "en":
        return "en"
    for part in accept_language.lower().split(","):
        if part.strip().startswith("zh"):
            return "zh"
        if part.strip().startswith("en"):
            return "en"
    return "en" if accept_language.strip() else "zh"
