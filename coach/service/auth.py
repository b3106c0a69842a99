"""Who is calling: every request gets its visitor here, or is sent to log in, before a route or a page sees it.

One middleware, `Authenticated`, for the HTTP interface and the web page alike. Without accounts everybody on this machine is
the one local person; with accounts a session cookie or an API token says who it is. Routes and pages ask `visitor_of` and
`needs`, and take no person from the client. Gradio hands the request of the event on: inside a handler
`visitor_of(request.request)` gives the visitor, for queued events too (it is the request that joined the queue).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection, cookie_parser
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from coach.errors import CoachError
from coach.identity import Role, Visitor
from coach.service.errors import Refusal
from coach.service.guard import Hosts, is_loopback, needs_accounts, refused
from coach.settings import Settings
from coach.store.accounts import Accounts
from coach.store.records import LOCAL_PERSON

COOKIE = "coach_session"
LOG_IN = "/login"

_ALIVE = ("/healthz", "/readyz")
_METRICS = "/metrics"
_OPEN = (LOG_IN, "/api/login", "/slack/events", "/slack/oauth_redirect", "/feishu/events")
"""Everybody gets in: who posts events shows it by a signature, and who comes back from an installation by its secret."""
_OPEN_BELOW = ("/api/feedback-links/", "/feedback/")
_SAFE = ("GET", "HEAD", "OPTIONS")
_NOT_PAGES = ("/api/", "/gradio_api/", "/v1/")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """How a request came in. `session` is the token of its cookie; without accounts, and for an API token, it is empty."""

    visitor: Visitor | None
    accounts: bool
    session: str = ""
    renewed: str = ""


def visitor_of(request: HTTPConnection | Mapping[str, Any]) -> Visitor:
    """Who makes a request, given as Starlette has it or as its ASGI scope.

    Raises:
        Refusal: nobody has logged in (401).
        RuntimeError: the request did not pass `Authenticated`; nobody is ever guessed.
    """
    visitor = entry_of(request).visitor
    if visitor is None:
        raise Refusal(401, "login")
    return visitor


def needs(request: HTTPConnection | Mapping[str, Any], role: Role) -> Visitor:
    """The visitor, if they may do what this role may do. Raises Refusal (401, 403)."""
    visitor = visitor_of(request)
    if not visitor.may(role):
        raise Refusal(403, "role")
    return visitor


def entry_of(request: HTTPConnection | Mapping[str, Any]) -> Entry:
    """How a request came in. Raises RuntimeError as `visitor_of`."""
    scope = request.scope if isinstance(request, HTTPConnection) else request
    entry = (scope.get("state") or {}).get("entry")
    if not isinstance(entry, Entry):
        raise RuntimeError("this request did not pass coach.service.auth.Authenticated")
    return entry


def cookie(token: str, settings: Settings, scope: Mapping[str, Any]) -> str:
    """The Set-Cookie header of a session; an empty token removes it."""
    response = Response()
    response.set_cookie(
        COOKIE,
        token,
        max_age=settings.session_days * 86_400 if token else 0,
        path="/",
        secure=settings.public_url.startswith("https:") or scope.get("scheme") in ("https", "wss"),
        httponly=True,
        samesite="lax",
    )
    return response.headers["set-cookie"]


class Authenticated:
    """Finds the visitor of every request, and turns away who has none but needs one, and what a foreign page sends."""

    def __init__(self, app: ASGIApp, accounts: Accounts, settings: Settings) -> None:
        self.app, self.accounts, self.settings = app, accounts, settings
        self.hosts, self.required = Hosts.of(settings), needs_accounts(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request or WebSocket."""
        if scope["type"] == "lifespan":
            return await self.app(scope, receive, send)
        headers = Headers(scope=scope)
        try:
            entry = await self._entry(scope, headers)
        except (Refusal, CoachError) as error:
            if getattr(error, "code", "") == "login" and _wants_page(scope, headers):
                return await _to_log_in(scope)(scope, receive, send)
            return await refused(error, scope, receive, send)
        scope.setdefault("state", {}).update(entry=entry, visitor=entry.visitor)
        await self.app(scope, receive, self._renewing(entry, scope, send) if entry.renewed else send)

    async def _entry(self, scope: Scope, headers: Headers) -> Entry:
        path = scope["path"]
        if path in _ALIVE:  # must answer whatever the database does
            return Entry(visitor=None, accounts=self.required)
        bearer = _bearer(headers)
        self._check_origin(scope, headers, bearer=bool(bearer))
        if not self.required and not await run_in_threadpool(self.accounts.any):
            return Entry(visitor=Visitor(person=LOCAL_PERSON, role="admin"), accounts=False)
        token = "" if bearer else cookie_parser(headers.get("cookie", "")).get(COOKIE, "")
        entry = await run_in_threadpool(self._known, bearer, token)
        if entry.visitor is not None and token and not _is_safe(scope) and not _from_here(headers):
            raise Refusal(403, "origin_missing")
        if path == "/api/login" and not _is_safe(scope) and not _from_here(headers):
            raise Refusal(403, "origin_missing")
        if path == _METRICS and not (entry.visitor.may("reviewer") if entry.visitor else self._scraped_here(scope, headers)):
            raise Refusal(403, "role") if entry.visitor else Refusal(401, "login")
        if entry.visitor is None and path != _METRICS and path not in _OPEN and not path.startswith(_OPEN_BELOW):
            raise Refusal(401, "token") if bearer else Refusal(401, "login")
        return entry

    def _known(self, bearer: str, token: str) -> Entry:
        if bearer:
            return Entry(visitor=self.accounts.by_token(bearer), accounts=True)
        session = self.accounts.session(token) if token else None
        if session is None:
            return Entry(visitor=None, accounts=True)
        return Entry(visitor=session.visitor, accounts=True, session=token, renewed=session.token)

    def _check_origin(self, scope: Scope, headers: Headers, *, bearer: bool) -> None:
        """A browser says where a request comes from; what a foreign page sends is not done (CSRF), accounts or not.

        A token in a header is something no foreign page can add.
        """
        if _is_safe(scope) or bearer:
            return
        said = headers.get("origin", headers.get("referer"))
        if said is not None:
            if not self.hosts.own(said, headers.get("host", "")):
                raise Refusal(403, "origin")
        elif headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
            raise Refusal(403, "origin")

    def _scraped_here(self, scope: Scope, headers: Headers) -> bool:
        """Whether a program on this machine asks, and not somebody through a proxy on this machine."""
        client = (scope.get("client") or ("",))[0]
        forwarded = any(name.startswith("x-forwarded-") or name == "forwarded" for name in headers)
        host = headers.get("host", "").rpartition(":")[0] or headers.get("host", "")
        return is_loopback(client) and is_loopback(host) and not forwarded and not self.settings.public_url

    def _renewing(self, entry: Entry, scope: Scope, send: Send) -> Send:
        """Hands the renewed session to the browser, unless the route has set or removed it."""

        async def renewing(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if not any(value.startswith(f"{COOKIE}=") for value in headers.getlist("set-cookie")):
                    headers.append("set-cookie", cookie(entry.renewed, self.settings, scope))
            await send(message)

        return renewing


def _is_safe(scope: Scope) -> bool:
    """A WebSocket is not: no browser keeps a foreign page from opening one with our cookies."""
    return scope["type"] == "http" and scope["method"] in _SAFE


def _from_here(headers: Headers) -> bool:
    """Whether the request says at all that it comes from our own page; what it says has been checked."""
    return any(name in headers for name in ("origin", "referer", "sec-fetch-site"))


def _bearer(headers: Headers) -> str:
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _wants_page(scope: Scope, headers: Headers) -> bool:
    return (
        scope["type"] == "http"
        and scope["method"] in ("GET", "HEAD")
        and "text/html" in headers.get("accept", "")
        and not scope["path"].startswith(_NOT_PAGES)
    )


def _to_log_in(scope: Scope) -> Response:
    wanted = scope["path"] + (f"?{scope['query_string'].decode('latin-1')}" if scope.get("query_string") else "")
    to = LOG_IN if wanted == "/" else f"{LOG_IN}?next={quote(wanted, safe='/')}"
    return RedirectResponse(to, status_code=303, headers={"cache-control": "no-store"})
