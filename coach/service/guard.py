"""What is served at all: requests to a name of this service, with JSON of a reasonable size. Who may do what stands in auth.py.

Plain ASGI, so that it neither buffers a streamed reply nor hides a client that hangs up.
"""

from __future__ import annotations

import ipaddress
import re
import time
from contextlib import closing
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from coach.errors import SetupError
from coach.service.errors import Json, Refusal, problem, reader_language
from coach.service.metrics import Metrics
from coach.settings import Settings

MAX_BODY = 1_000_000
_FILES = (  # where files come in, as base64 in JSON, and how much of it
    (re.compile(r"/api/library/documents"), 70_000_000),
    (re.compile(r"/api/conversations/[^/]+/files"), 14_000_000),
)
_READ_AWAY = 16 * MAX_BODY  # of a body that is too large: hanging up at once would lose the answer on its way
_CHANNELS = ("/slack/", "/feishu/")  # in whichever form, but not of any size
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^:\[\]]+)(?::\d{1,5})?")


def needs_accounts(settings: Settings) -> bool:
    """Whether others than this machine's own programs can reach the service: by its address, or through a proxy."""
    return not is_loopback(settings.host) or bool(settings.public_url)


def check_bind(settings: Settings) -> None:
    """Refuses to open the coach to the network without accounts: whoever reaches the port would read everything.

    Raises:
        SetupError: it can be reached from outside and has no account, or the database cannot be used.
    """
    if not needs_accounts(settings):
        return
    from coach.store.accounts import open_accounts

    with closing(open_accounts(settings)) as accounts:
        if accounts.any():
            return
    named = f"COACH_HOST={settings.host!r}" if not is_loopback(settings.host) else f"COACH_PUBLIC_URL={settings.public_url!r}"
    raise SetupError(
        f"{named} would open the coach to the network, and it has no accounts to protect it.",
        hint="Make one with: coach user add NAME --role admin (or stay on this machine: COACH_HOST=127.0.0.1)",
    )


def is_loopback(host: str) -> bool:
    """Whether a name or address, with or without brackets, is this machine's own."""
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


class Counted:
    """Counts and times every request by its route."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app, self.metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        status, begun = 500, time.monotonic()

        async def note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, note)
        finally:
            # Only known patterns and methods become labels: made-up ones would grow without end.
            route = getattr(scope.get("route"), "path", "") or "other"
            method = scope["method"] if scope["method"] in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE") else "other"
            self.metrics.request(route, method, status, time.monotonic() - begun)


@dataclass(frozen=True)
class Hosts:
    """The names this service goes by. `public` is the origin that people type, may be empty; `open`: bound beyond loopback."""

    public: str
    open: bool

    @classmethod
    def of(cls, settings: Settings) -> Hosts:
        """As the settings have it."""
        return cls(public=settings.public_url, open=not is_loopback(settings.host))

    def serves(self, host: str, scope: Scope) -> bool:
        """Whether a name, without port, is one of them; of an address, whether the request really came in by it."""
        if is_loopback(host) or (self.public and host.strip("[]").lower() == urlsplit(self.public).hostname):
            return True
        return self.open and _same_address(host, (scope.get("server") or ("",))[0])

    def own(self, origin: str, authority: str) -> bool:
        """Whether an origin is this service itself, as the browser that made the request sees it."""
        try:
            parts = urlsplit(origin.lower())
        except ValueError:
            return False
        if parts.scheme not in ("http", "https"):
            return False
        return f"{parts.scheme}://{parts.netloc}" == self.public or parts.netloc == authority.lower()


def _same_address(host: str, bound: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")) == ipaddress.ip_address(bound)
    except ValueError:
        return False


class Guarded:
    """Checks the Host header of every request (DNS rebinding), and keeps foreign pages from framing ours."""

    def __init__(self, app: ASGIApp, hosts: Hosts) -> None:
        self.app, self.hosts = app, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request or WebSocket."""
        if scope["type"] == "lifespan":
            return await self.app(scope, receive, send)
        headers = Headers(scope=scope)
        found = _HOST.fullmatch(headers.get("host", ""))
        if not found or not self.hosts.serves(found[1], scope):
            refusal = Refusal(403, "host_name" if self.hosts.open or self.hosts.public else "host")
            return await refused(refusal, scope, receive, send)

        async def framed(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).setdefault("x-frame-options", "SAMEORIGIN")
            await send(message)

        await self.app(scope, receive, framed)


class Bodies:
    """Checks size, and for /api the type, of what is sent, before a route reads it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        headers = Headers(scope=scope)
        try:
            if _brings_body(scope["method"], headers):
                if scope["path"].startswith("/api/"):
                    limit = next((most for where, most in _FILES if where.match(scope["path"])), MAX_BODY)
                    receive = await _checked_body(headers, receive, limit)
                elif scope["path"].startswith(_CHANNELS):
                    receive = _handed(await _read(receive, MAX_BODY), receive)
        except Refusal as refusal:
            return await refused(refusal, scope, receive, send)
        await self.app(scope, receive, send)


async def refused(error: Exception, scope: Scope, receive: Receive, send: Send) -> None:
    """Answers with a failure in the one shape, where no route has been reached."""
    status, body = problem(error, reader_language(Headers(scope=scope)))
    await Json(body, status)(scope, receive, send)


def _brings_body(method: str, headers: Headers) -> bool:
    """A POST always counts: that is what a foreign page can send. Others without a body are for the routes to answer."""
    sent = headers.get("content-length", "0") != "0" or "transfer-encoding" in headers
    return method == "POST" or (method in ("PUT", "PATCH") and sent)


async def _checked_body(headers: Headers, receive: Receive, limit: int) -> Receive:
    if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise Refusal(415, "media_type")
    body = await _read(receive, limit)
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refusal(400, "bad_encoding") from error
    return _handed(body, receive)


def _handed(body: bytes, receive: Receive) -> Receive:
    """A body that was read, to be received once more."""
    handed = False

    async def again() -> Message:
        nonlocal handed
        if handed:
            return await receive()
        handed = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


async def _read(receive: Receive, limit: int) -> bytes:
    body, size = bytearray(), 0
    while True:
        message = await receive()
        piece = message.get("body", b"")
        size += len(piece)
        if size <= limit:
            body += piece
        if not message.get("more_body") or size > limit + _READ_AWAY:
            break
    if size > limit:
        raise Refusal(413, "too_large", limit=limit)
    return bytes(body)
