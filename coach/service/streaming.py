"""Runs the coach's generator in a thread of its own and hands its events to the event loop.

Owns: stopping the model when the reader leaves or the service ends, server-sent events, keep-alives. The thread alone
touches the generator; a generator that is running cannot be closed from another thread.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Generator
from contextlib import closing
from typing import Any

from fastapi import Request
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from coach.service.errors import Refusal, as_json, problem
from coach.types import Begun, Done, Event, Found, Lang, Reply, Words

KEEP_ALIVE = 15.0
"""Seconds of silence after which a comment is sent, so that no proxy takes the stream for dead."""
_LOOK = 0.5  # seconds between looks whether the reader of an unstreamed reply is still there

Events = Callable[[Callable[[], bool]], Generator[Event, None, None]]
"""Begins a reply; is given the question whether to stop."""


class Run:
    """One reply under way."""

    def __init__(self, events: Events, ended: Callable[[Run], None]) -> None:
        self._events, self._ended = events, ended
        self._loop = asyncio.get_running_loop()
        self._queue: asyncio.Queue[Event | Exception] = asyncio.Queue()
        self._stopped = threading.Event()
        # A daemon: a model that does not listen must not keep the program from ending.
        threading.Thread(target=self._work, name="reply", daemon=True).start()

    def stop(self) -> None:
        """Nobody waits for this reply any more. May be called twice, from any thread."""
        self._stopped.set()

    def cut(self) -> None:
        """Stops and tells the reader at once, even if the model does not listen."""
        self.stop()
        self._put(Refusal(503, "stopping"))

    async def next(self, seconds: float) -> Event | Exception | None:
        """What comes next: an event, the failure that ended the reply, or None after that long a silence."""
        try:
            return await asyncio.wait_for(self._queue.get(), seconds)
        except TimeoutError:
            return None

    def _work(self) -> None:
        done = False
        try:
            with closing(self._events(self._stopped.is_set)) as events:
                for event in events:
                    self._put(event)
                    done = isinstance(event, Done)
                    if done or self._stopped.is_set():
                        break
            if not done:
                self._put(Refusal(503, "stopping") if self._stopped.is_set() else RuntimeError("reply without an end"))
        except Exception as error:  # the edge of the thread: whatever it is, the reader must hear of it
            self._put(error)
        finally:
            self._ended(self)

    def _put(self, item: Event | Exception) -> None:
        try:
            self._loop.call_soon_threadsafe(self._queue.put_nowait, item)
        except RuntimeError:
            self._stopped.set()  # the loop is closed: the service has ended


class Running:
    """All replies under way: bounded in number, and stopped together when the service ends."""

    def __init__(self, limit: int = 64) -> None:
        self._limit = limit
        self._lock = threading.Lock()
        self._runs: set[Run] = set()
        self._closed = False

    def begin(self, events: Events) -> Run:
        """Starts a reply, or refuses when too many are under way."""
        with self._lock:
            if self._closed:
                raise Refusal(503, "stopping")
            if len(self._runs) >= self._limit:
                raise Refusal(503, "busy")
            run = Run(events, self._end)
            self._runs.add(run)
            return run

    def stop_all(self) -> None:
        """Ends every reply and begins no other."""
        with self._lock:
            self._closed = True
            for run in self._runs:
                run.cut()

    @property
    def count(self) -> int:
        """Replies under way at this moment."""
        return len(self._runs)

    def _end(self, run: Run) -> None:
        with self._lock:
            self._runs.discard(run)


async def whole_reply(run: Run, request: Request) -> Reply | Exception | None:
    """The reply or what failed; None if the reader left, in which case the model is stopped."""
    try:
        while not await request.is_disconnected():
            item = await run.next(_LOOK)
            if isinstance(item, Done):
                return item.reply
            if isinstance(item, Exception):
                return item
        return None
    finally:
        run.stop()


class ReplyStream(StreamingResponse):
    """A reply as server-sent events; a reader who leaves stops the model."""

    def __init__(self, run: Run, lang: Lang) -> None:
        self._run = run
        super().__init__(
            _sent(run, lang),
            media_type="text/event-stream",
            headers={"cache-control": "no-store", "x-accel-buffering": "no"},
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends until the reply is complete or nobody listens."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._run.stop()


async def _sent(run: Run, lang: Lang) -> AsyncIterator[bytes]:
    """One `passages`, any number of `token`, then `reply` or `error`."""
    found = False
    while True:
        item = await run.next(KEEP_ALIVE)
        if item is None:
            yield b": keep-alive\n\n"
            continue
        if isinstance(item, Begun):  # the reply bears its id, and the conversation is the reader's own
            continue
        if not found and not isinstance(item, Found | Exception):
            # Small talk searches nothing; readers may still rely on the order.
            yield _event("passages", {"passages": []})
        found = True
        yield _named(item, lang)
        if isinstance(item, Done | Exception):
            return


def _named(item: Found | Words | Done | Exception, lang: Lang) -> bytes:
    if isinstance(item, Found):
        return _event("passages", {"passages": [passage.public() for passage in item.passages]})
    if isinstance(item, Words):
        return _event("token", {"text": item.text})
    if isinstance(item, Done):
        return _event("reply", item.reply.public())
    return _event("error", problem(item, lang)[1])


def _event(name: str, data: dict[str, Any]) -> bytes:
    return f"event: {name}\ndata: {as_json(data)}\n\n".encode("utf-8", "replace")
