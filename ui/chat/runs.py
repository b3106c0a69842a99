"""Replies under way: each belongs to a conversation, not to the page that asked, so that any tab can watch and stop it.

A run reads the coach in a thread of its own; those who watch are woken when something came. Runs are dropped when they end.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

from coach.types import Begun, Done, Event, Found, Passage, Reply, Words

log = logging.getLogger(__name__)

Ask = Callable[[Callable[[], bool]], Iterator[Event]]
"""From `should_stop` to the coach's events."""

_STEP = 0.25  # seconds between looks at a library that is still being opened, and at the clock


class Run:
    """A reply under way. Only its own thread writes to it; everybody may read.

    `exchange` is the id it is kept under, empty until it is; `stage` names a sentence of the catalogue; `failure` is what
    the coach raised.
    """

    def __init__(self, *, conversation: str, question: str, instead_of: str = "") -> None:
        self.conversation = conversation
        self.question = question
        self.instead_of = instead_of
        self.exchange = ""
        self.stage = "web_stage_search"
        self.words = ""
        self.passages: tuple[Passage, ...] = ()
        self.found = False
        self.reply: Reply | None = None
        self.failure: Exception | None = None
        self.ended = False
        self.started = time.monotonic()
        self._stop = threading.Event()
        self._watching: dict[object, Callable[[], object]] = {}
        self._lock = threading.Lock()

    @property
    def seconds(self) -> int:
        """Whole seconds since it was asked."""
        return int(time.monotonic() - self.started)

    @property
    def stopped(self) -> bool:
        """Whether somebody has asked it to end."""
        return self._stop.is_set()

    def stop(self) -> None:
        """Ends it soon; what came so far stays."""
        self._stop.set()
        self._wake()

    def start(self, ask: Ask, library: Callable[[], str], ended: Callable[[], None]) -> None:
        """Begins to read. `library` gives the state of the library, `ended` is called when all is over."""
        threading.Thread(target=self._read, args=(ask, library, ended), name="reply", daemon=True).start()

    async def changes(self) -> AsyncIterator[None]:
        """Steps whenever something came, and a few times a second for the clock; ends after the run has."""
        woken, loop, key = asyncio.Event(), asyncio.get_running_loop(), object()
        with self._lock:
            self._watching[key] = lambda: loop.call_soon_threadsafe(woken.set)
        try:
            while True:
                last = self.ended
                yield
                if last:
                    return
                try:
                    await asyncio.wait_for(woken.wait(), _STEP)
                except TimeoutError:
                    continue
                woken.clear()
        finally:
            with self._lock:
                self._watching.pop(key, None)

    def _wake(self) -> None:
        with self._lock:
            watching = list(self._watching.items())
        for key, wake in watching:
            try:
                wake()
            except RuntimeError:  # that page's loop has ended
                self._watching.pop(key, None)

    def _read(self, ask: Ask, library: Callable[[], str], ended: Callable[[], None]) -> None:
        events: Any = None
        try:
            if self._library_open(library):
                events = ask(self._stop.is_set)
                for event in events:
                    self._take(event)
                    self._wake()
        except Exception as error:  # noqa: BLE001  whoever watches tells the reader
            log.warning("a question could not be answered: %s", error)
            self.failure = error
        finally:
            if events is not None and hasattr(events, "close"):
                events.close()
            ended()
            self.ended = True
            self._wake()

    def _library_open(self, library: Callable[[], str]) -> bool:
        """Waits for a library that is being opened; false when it was stopped first."""
        while library() == "loading" and not self.stopped:
            self.stage = "web_stage_waiting"
            time.sleep(_STEP)
        self.stage = "web_stage_search"
        return not self.stopped

    def _take(self, event: Event) -> None:
        if isinstance(event, Found):
            self.passages, self.found = event.passages, True
            self.stage = "web_stage_found" if event.passages else "web_stage_none"
        elif isinstance(event, Words):
            self.words += event.text
            self.stage = "web_stage_words"
        elif isinstance(event, Begun):
            self.exchange = event.exchange
        elif isinstance(event, Done):
            self.reply = event.reply


class Runs:
    """The replies under way in this process, one a conversation."""

    def __init__(self) -> None:
        self._runs: dict[tuple[str, str], Run] = {}
        self._lock = threading.Lock()

    def of(self, person: str, conversation: str) -> Run | None:
        """The reply under way in a conversation of this person."""
        with self._lock:
            return self._runs.get((person, conversation))

    def begin(self, person: str, run: Run, ask: Ask, library: Callable[[], str]) -> Run | None:
        """Starts it; None when a reply is under way there already."""
        key = (person, run.conversation)
        with self._lock:
            if key in self._runs:
                return None
            self._runs[key] = run
        run.start(ask, library, lambda: self._drop(key))
        return run

    def count(self) -> int:
        """How many are under way."""
        with self._lock:
            return len(self._runs)

    def _drop(self, key: tuple[str, str]) -> None:
        with self._lock:
            self._runs.pop(key, None)
