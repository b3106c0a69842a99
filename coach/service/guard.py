"""Who is served at all: programs on this machine, sending JSON of a reasonable size to a loopback name.

Plain ASGI, so that it neither buffers a streamed reply nor hides a client that hangs up.
"""

from __future__ import annotations

import ipaddress
import re
import time

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from coach.errors import SetupError
from coach.service.errors import Json, Refusal, problem, reader_language
from coach.service.metrics import Metrics
from coach.settings import Settings

MAX_BODY = 1_000_000
_READ_AWAY = 16 * MAX_BODY  # of a body that is too large: hanging up at once would lose the answer on its way
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^:\[\]]+)(?::\d{1,5})?")


def check_bind(settings: Settings) -> None:
    """Refuses every address but loopback: there are no accounts, so whoever reaches the port reads everything.

    Raises:
        SetupError: `settings.host` can be reached from outside.
    """
    if not is_loopback(settings.host):
        raise SetupError(
            f"COACH_HOST={settings.host!r} would open the coach to the network, and it has no accounts to protect it.",
            hint="Use COACH_HOST=127.0.0.1",
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


class Guarded:
    """Checks the Host header of every request (DNS rebinding), and type and size of what is sent to /api (CSRF)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request or WebSocket."""
        if scope["type"] == "lifespan":
            return await self.app(scope, receive, send)
        headers = Headers(scope=scope)
        try:
            _check_host(headers)
            if scope["type"] == "http" and scope["path"].startswith("/api/") and _brings_body(scope["method"], headers):
                receive = await _checked_body(headers, receive)
        except Refusal as refusal:
            status, body = problem(refusal, reader_language(headers))
            return await Json(body, status)(scope, receive, send)
        await self.app(scope, receive, send)


def _brings_body(method: str, headers: Headers) -> bool:
    """A POST always counts: that is what a foreign page can send. Others without a body are for the routes to answer."""
    sent = headers.get("content-length", "0") != "0" or "transfer-encoding" in headers
    return method == "POST" or (method in ("PUT", "PATCH") and sent)


def _check_host(headers: Headers) -> None:
    found = _HOST.fullmatch(headers.get("host", ""))
    if not found or not is_loopback(found[1]):
        raise Refusal(403, "host")


async def _checked_body(headers: Headers, receive: Receive) -> Receive:
    if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise Refusal(415, "media_type")
    body = await _read(receive)
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refusal(400, "bad_encoding") from error
    handed = False

    async def again() -> Message:
        nonlocal handed
        if handed:
            return await receive()
        handed = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


async def _read(receive: Receive) -> bytes:
    body, size = bytearray(), 0
    while True:
        message = await receive()
        piece = message.get("body", b"")
        size += len(piece)
        if size <= MAX_BODY:
            body += piece
        if not message.get("more_body") or size > _READ_AWAY:
            break
    if size > MAX_BODY:
        raise Refusal(413, "too_large", limit=MAX_BODY)
    return bytes(body)
