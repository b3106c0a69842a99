"""The wires of the stand-in for Slack: the HTTP server of its Web API, its Socket Mode server, and how things reach the app.

Everything here runs on one event loop in a thread of its own. Socket Mode: an envelope goes to one of the open connections and is
sent again (events only) when no acknowledgement came in time. HTTP: signed posts, sent again as Slack does.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import itertools
import json
import threading
import time
import uuid
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Literal
from urllib.parse import parse_qsl, urlencode

import aiohttp
from aiohttp import web
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from evals.slack_api import Api
from evals.slack_blocks import Json
from evals.slack_state import Attempt, Call, Delivery, World
from evals.slack_views import Refused

Signature = Literal["good", "bad", "stale"]
MOST_CONNECTIONS = 10


@dataclass
class Failure:
    """How the next calls of a method fail."""

    method: str
    error: str
    status: int
    headers: Mapping[str, str]
    times: int
    drop: bool


@dataclass
class Link:
    """One Socket Mode connection."""

    connection: ServerConnection
    leaving: bool = False
    """It was told to reconnect, so it gets nothing new."""
    waiting: dict[str, asyncio.Future[Any]] = field(default_factory=dict)


class Wires:
    """Both servers and the deliveries; started and stopped by the stand-in."""

    def __init__(self, world: World, api: Api, *, ack_within: float, retry_after: Sequence[float]) -> None:
        self.world, self.api = world, api
        self.ack_within, self.retry_after = ack_within, list(retry_after)
        self.mode: Literal["socket", "http"] = "socket"
        self.url = ""
        self.socket_down = False
        self.calls: list[Call] = []
        self.deliveries: list[Delivery] = []
        self.failures: list[Failure] = []
        self.latencies: dict[str, float] = {}
        self.links: list[Link] = []
        self.under_way = 0
        self._tickets: set[str] = set()
        self._turn = itertools.count()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True, name="slack-stand-in")
        self._tasks: set[asyncio.Task[Any]] = set()
        self._runner: web.AppRunner | None = None
        self._sockets: Server | None = None
        self._session: aiohttp.ClientSession | None = None

    # ---- beginning and end

    def start(self) -> str:
        """Begins to serve; returns http://127.0.0.1:PORT."""
        self._thread.start()
        return str(self.run(self._start()))

    async def _start(self) -> str:
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_route("*", "/{tail:.*}", self._serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self._sockets = await serve(self._link, "127.0.0.1", 0, process_request=self._admit)
        self._session = aiohttp.ClientSession()
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    def stop(self) -> None:
        """Ends both servers and the thread."""
        self.run(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _stop(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for link in list(self.links):
            link.connection.transport.abort()
        assert self._sockets is not None and self._runner is not None and self._session is not None
        self._sockets.close()
        await self._sockets.wait_closed()
        await self._session.close()
        await self._runner.cleanup()

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Does it on the loop of the wires and waits for it."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _notify(self) -> None:
        with self.world.changed:
            self.world.changed.notify_all()

    # ---- the Web API

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        head, _, rest = request.path.lstrip("/").partition("/")
        if head == "api":
            return await self._method(request, rest)
        if head == "response":
            return await self._response_url(request, rest)
        if head == "upload":
            return await self._upload(request, rest)
        if head == "files-pri":
            return self._download(request, rest)
        # A browser without a session lands on the page to sign in; a client that follows gets HTML and status 200.
        return web.Response(text="<!DOCTYPE html><title>Sign in to Slack</title>", content_type="text/html")

    async def _method(self, request: web.Request, method: str) -> web.StreamResponse:
        args = await _arguments(request)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ") or args.pop("token", "")
        if token.startswith("Basic "):
            args["client_id"], _, args["client_secret"] = base64.b64decode(token[6:]).decode().partition(":")
        args.pop("token", None)
        call = Call(method, args, dict(request.headers), self.world.clock())
        with self.world.changed:
            self.calls.append(call)
            self.under_way += 1
            failure = self._failure(method)
        try:
            await asyncio.sleep(self.latencies.get(method, self.latencies.get("*", 0.0)))
            if failure is not None and failure.drop:
                call.error = "dropped"
                if request.transport is not None:
                    request.transport.abort()
                return web.Response()
            return self._answered(call, token, failure)
        finally:
            with self.world.changed:
                self.under_way -= 1
                self.world.changed.notify_all()

    def _answered(self, call: Call, token: str, failure: Failure | None) -> web.Response:
        headers: dict[str, str] = {}
        with self.world.changed:
            try:
                if failure is not None:
                    raise Refused(failure.error, status=failure.status, headers=failure.headers)
                call.answer, team = self.api.call(call.method, call.args, token)
            except Refused as refused:
                call.answer = {"ok": False, "error": refused.error, **refused.more}
                call.error, call.status, headers = refused.error, refused.status, refused.headers
                team = None
            # Answered as it is now: what happens to the message next must not show in the answer.
            body = json.dumps(call.answer)
            team = team or next((t for t in self.world.teams.values() if t.token == token), None)
        if team is not None:
            call.team = team.id
            headers = {"x-oauth-scopes": ",".join(team.scopes), **headers}
        return web.Response(text=body, status=call.status, headers=headers, content_type="application/json", charset="utf-8")

    def _failure(self, method: str) -> Failure | None:
        for failure in self.failures:
            if failure.method in (method, "*") and failure.times > 0:
                failure.times -= 1
                return failure
        return None

    async def _response_url(self, request: web.Request, name: str) -> web.StreamResponse:
        body = await _arguments(request)
        call = Call("response_url", body, dict(request.headers), self.world.clock(), team=name.split("/")[0])
        with self.world.changed:
            self.calls.append(call)
            failure = self._failure("response_url")
            try:
                if failure is not None:
                    raise Refused(failure.error, status=failure.status)
                if name not in self.world.responds:
                    raise Refused("invalid_url", status=404)
                self.api.respond(self.world.responds[name], body)
            except Refused as refused:
                call.error, call.status = refused.error, refused.status if refused.status != 200 else 400
            self.world.changed.notify_all()
        return web.Response(text=call.error or "ok", status=call.status)

    async def _upload(self, request: web.Request, name: str) -> web.StreamResponse:
        if request.content_type == "multipart/form-data":
            content = b"".join([v.file.read() for v in (await request.post()).values() if isinstance(v, web.FileField)])
        else:
            content = await request.read()
        with self.world.changed:
            file = self.world.files.get(name)
            if file is None or file["size"] != len(content):
                return web.Response(status=404 if file is None else 400, text="invalid upload")
            self.world.contents[name] = content
        return web.Response(text=f"OK - {len(content)}", content_type="text/plain")

    def _download(self, request: web.Request, name: str) -> web.StreamResponse:
        team, _, file = name.split("/")[0].removeprefix("d-").partition("-")
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        with self.world.changed:
            owner = self.world.teams.get(team)
            may = owner is not None and owner.token == token and not owner.refused and "files:read" in owner.scopes
            content = self.world.contents.get(file)
            self.calls.append(
                Call("download", {"file": file}, dict(request.headers), self.world.clock(), team, "" if may else "no")
            )
        if not may:
            raise web.HTTPFound("/login")
        if content is None:
            return web.Response(status=404)
        return web.Response(body=content, content_type=self.world.files[file]["mimetype"])

    # ---- Socket Mode

    def new_socket_url(self) -> str:
        """An address that admits one connection."""
        assert self._sockets is not None
        ticket = uuid.uuid4().hex
        self._tickets.add(ticket)
        port = next(iter(self._sockets.sockets)).getsockname()[1]
        return f"ws://127.0.0.1:{port}/link/?ticket={ticket}&app_id={self.world.app_id}"

    def _admit(self, connection: ServerConnection, request: Request) -> Response | None:
        ticket = request.path.partition("ticket=")[2].partition("&")[0]
        if self.socket_down:
            return connection.respond(HTTPStatus.SERVICE_UNAVAILABLE, "down\n")
        if ticket not in self._tickets:
            return connection.respond(HTTPStatus.UNAUTHORIZED, "invalid ticket\n")
        self._tickets.remove(ticket)
        return None

    async def _link(self, connection: ServerConnection) -> None:
        link = Link(connection)
        if len(self.links) >= MOST_CONNECTIONS:
            await connection.send(json.dumps({"type": "disconnect", "reason": "too_many_websockets"}))
            return
        debug = {"host": "stand-in", "build_number": 1, "approximate_connection_time": 18060}
        hello = {"type": "hello", "num_connections": len(self.links) + 1, "debug_info": debug}
        await connection.send(json.dumps({**hello, "connection_info": {"app_id": self.world.app_id}}))
        self.links.append(link)
        self._notify()
        try:
            async for said in connection:
                self._heard(link, said)
        except ConnectionClosed:
            pass
        finally:
            self.links.remove(link)
            for waiting in link.waiting.values():
                if not waiting.done():
                    waiting.set_exception(ConnectionResetError())
            self._notify()

    def _heard(self, link: Link, said: str | bytes) -> None:
        try:
            ack = json.loads(said)
        except ValueError:
            return
        waiting = link.waiting.pop(ack.get("envelope_id", ""), None)
        if waiting is not None and not waiting.done():
            waiting.set_result(ack.get("payload"))

    async def _free_link(self) -> Link | None:
        """A connection that takes events; waits a while for one when there is none, as during a reconnect."""
        deadline = self._loop.time() + self.ack_within
        while self._loop.time() < deadline:
            free = [link for link in self.links if not link.leaving]
            if free:
                return free[next(self._turn) % len(free)]
            await asyncio.sleep(0.01)
        return None

    async def disconnect(self, reason: str) -> None:
        """Tells one connection to go and, but for a mere warning, closes it soon after."""
        for link in [found for found in self.links if not found.leaving][:1]:
            link.leaving = True
            await link.connection.send(json.dumps({"type": "disconnect", "reason": reason, "debug_info": {"host": "stand-in"}}))
            if reason != "warning":
                self._spawn(self._close_soon(link))

    async def _close_soon(self, link: Link) -> None:
        await asyncio.sleep(0.5)
        await link.connection.close()

    async def cut(self) -> None:
        """Ends all connections as a broken cable would."""
        for link in list(self.links):
            link.leaving = True
            link.connection.transport.abort()

    # ---- deliveries

    def deliver(self, delivery: Delivery) -> Delivery:
        """Begins to send it; returns at once."""
        with self.world.changed:
            self.deliveries.append(delivery)
        self._loop.call_soon_threadsafe(lambda: self._spawn(self._deliver(delivery)))
        return delivery

    def resend(self, delivery: Delivery, reason: str) -> None:
        """Sends it once more, whatever became of it."""
        attempt = Attempt(self.world.clock(), sum(1 for a in delivery.attempts), reason)
        self._loop.call_soon_threadsafe(lambda: self._spawn(self._send_again(delivery, attempt)))

    async def _send_again(self, delivery: Delivery, attempt: Attempt) -> None:
        await self._attempt(delivery, attempt)

    async def _deliver(self, delivery: Delivery) -> None:
        reason = ""
        waits = [0.0, *(self.retry_after if delivery.kind == "events_api" else [])]
        for retry, wait in enumerate(waits):
            await asyncio.sleep(wait)
            attempt = Attempt(self.world.clock(), retry, reason)
            if await self._attempt(delivery, attempt):
                break
            reason = attempt.failed
        with self.world.changed:
            delivery.given_up = not delivery.acked
            if delivery.then is not None:
                delivery.then(delivery)
            self.world.changed.notify_all()

    async def _attempt(self, delivery: Delivery, attempt: Attempt) -> bool:
        """Sends it once; whether Slack is done with it."""
        delivery.attempts.append(attempt)
        send = self._send_socket if self.mode == "socket" else self._send_http
        done = await send(delivery, attempt)
        self._notify()
        return done

    async def _send_socket(self, delivery: Delivery, attempt: Attempt) -> bool:
        link = await self._free_link()
        if link is None:
            attempt.failed, attempt.late = "connection_failed", True
            return False
        envelope: Json = {"envelope_id": str(uuid.uuid4()), "type": delivery.kind, "payload": delivery.payload}
        envelope["accepts_response_payload"] = delivery.kind != "events_api"
        if delivery.kind == "events_api":
            envelope |= {"retry_attempt": attempt.retry, "retry_reason": attempt.reason}
        waiting: asyncio.Future[Any] = self._loop.create_future()
        link.waiting[envelope["envelope_id"]] = waiting
        began = time.monotonic()
        try:
            await link.connection.send(json.dumps(envelope))
            answer = await asyncio.wait_for(asyncio.shield(waiting), self.ack_within)
        except (ConnectionClosed, ConnectionResetError):
            attempt.failed = "connection_failed"
            return False
        except TimeoutError:
            attempt.failed, attempt.late = "timeout", True
            waiting.add_done_callback(lambda late: self._late(attempt, began, late))
            return False
        attempt.latency = time.monotonic() - began
        delivery.answer, delivery.acked = answer, True
        return True

    def _late(self, attempt: Attempt, began: float, waiting: asyncio.Future[Any]) -> None:
        if not waiting.cancelled() and waiting.exception() is None:
            attempt.latency = time.monotonic() - began
            self._notify()

    async def _send_http(self, delivery: Delivery, attempt: Attempt) -> bool:
        if delivery.kind == "events_api":
            body, kind = json.dumps(delivery.payload).encode(), "application/json"
        else:
            form = delivery.payload if delivery.kind == "slash_commands" else {"payload": json.dumps(delivery.payload)}
            body, kind = urlencode(form).encode(), "application/x-www-form-urlencoded"
        headers = {**self.signed(body), "content-type": kind}
        if attempt.retry:
            headers |= {"x-slack-retry-num": str(attempt.retry), "x-slack-retry-reason": attempt.reason}
        began = time.monotonic()
        try:
            status, answered, told = await self._post(f"{self.url}/slack/events", body, headers, self.ack_within)
        except TimeoutError:
            attempt.failed, attempt.late = "http_timeout", True
            return False
        except aiohttp.ClientError:
            attempt.failed = "connection_failed"
            return False
        attempt.latency, attempt.status = time.monotonic() - began, status
        if not 200 <= status < 300:
            attempt.failed = "http_error"
            return told.get("x-slack-no-retry") == "1"
        delivery.answer, delivery.acked = _told(answered), True
        return True

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, str]:
        """One post: (status, body)."""
        status, answered, _ = await self._post(url, body, headers, 30)
        return status, answered

    async def _post(self, url: str, body: bytes, headers: Mapping[str, str], within: float) -> tuple[int, str, Mapping[str, str]]:
        assert self._session is not None
        timeout = aiohttp.ClientTimeout(total=within)
        async with self._session.post(url, data=body, headers=headers, timeout=timeout) as answer:
            return answer.status, await answer.text(), answer.headers

    def signed(self, body: bytes, signature: Signature = "good") -> dict[str, str]:
        """The headers Slack signs a body with; the signature is made an hour ago, or with another secret, when told so."""
        at = str(int(self.world.clock()) - (3600 if signature == "stale" else 0))
        secret = "another-secret" if signature == "bad" else self.world.signing_secret
        made = hmac.new(secret.encode(), f"v0:{at}:".encode() + body, hashlib.sha256).hexdigest()
        return {"x-slack-request-timestamp": at, "x-slack-signature": f"v0={made}", "user-agent": "Slackbot 1.0"}


async def _arguments(request: web.Request) -> Json:
    """Query and body of a call, whichever way it came."""
    args: Json = dict(request.query)
    raw = await request.read()
    if request.content_type == "application/json" and raw:
        try:
            sent = json.loads(raw)
        except ValueError:
            sent = None
        args |= sent if isinstance(sent, dict) else {}
    elif request.content_type == "application/x-www-form-urlencoded":
        args |= dict(parse_qsl(raw.decode("utf-8"), keep_blank_values=True))
    return args


def _told(answered: str) -> Any:
    """What an acknowledgement's body says: JSON, else a text, else nothing."""
    try:
        return json.loads(answered)
    except ValueError:
        return {"text": answered} if answered else None
