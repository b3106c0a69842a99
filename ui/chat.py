"""What happens on the page: asking, stopping, asking again, a new chat, the other language. Knows nothing of Gradio.

Every handler gives views: which named parts of the page change, and to what. Each page holds its own conversation and
hands it over with every call; the only thing kept here is the reply each page is waiting for.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from coach import text as texts
from coach.errors import CoachError, ModelError, SetupError
from coach.framework import Profession
from coach.messages import say
from coach.settings import Settings
from coach.types import Done, Event, Found, Lang, Passage, Words
from ui import render
from ui.exchange import Conversation, Exchange, finished, history

log = logging.getLogger(__name__)

View = dict[str, Any]
"""Part of the page → its new value: header banner log live panel announce hint foot box kept lang busy loading."""

REFUSED_AT = 4
"""Times `max_question_chars` from which a text is not taken at all; up to that its beginning and end are read."""
SHOW_SECONDS_AFTER = 5
_TICK = 0.25
_SMOOTH = 0.08
_EXAMPLES = 6
_END = object()


class Asked(Protocol):
    """What the page needs of a coach."""

    settings: Settings

    @property
    def profession(self) -> Profession: ...
    def state(self) -> dict[str, Any]: ...
    def ask(self, question: str, history: Any = (), *, lang: Any = None, should_stop: Any = None) -> Any: ...
    def passage(self, passage_id: str) -> Passage | None: ...
    def examples(self, lang: Lang) -> list[str]: ...


@dataclass(kw_only=True)
class Run:
    """A reply under way on one page. `instead` is the exchange it is to replace, kept until it does."""

    lang: Lang
    base: Conversation
    exchange: Exchange
    instead: Exchange | None = None
    words: str = ""
    stage: str = "web_stage_search"
    started: float = field(default_factory=time.monotonic)
    stop: threading.Event = field(default_factory=threading.Event)
    discarded: bool = False

    def live(self) -> str:
        """The exchange as it stands."""
        seconds = int(time.monotonic() - self.started)
        stage = say(self.stage, self.lang, n=len(self.exchange.passages))
        shown = seconds if seconds >= SHOW_SECONDS_AFTER else 0
        return render.live_html(self.exchange, self.lang, stage=stage, words=self.words, seconds=shown)

    def view(self) -> View:
        """The parts of the page that follow the reply."""
        stage = say(self.stage, self.lang, n=len(self.exchange.passages))
        return {"live": self.live(), "announce": render.announce_html(stage)}

    def panel(self) -> str:
        """The passages of the conversation with those found just now."""
        return render.panel_html([*self.base.now, self.exchange], self.lang)


class Chat:
    """The page's handlers over one coach, shared by all pages; `page` names the page that calls."""

    def __init__(self, coach: Asked) -> None:
        self.coach = coach
        self._runs: dict[str, Run] = {}
        self._lock = threading.Lock()

    # --- the page as a whole

    def open(self, kept: object, lang: Lang) -> View:
        """Everything, for a page just loaded: a reload shows the same conversation."""
        return self._everything(Conversation.load(kept), lang) | {"lang": lang, "live": "", "hint": "", "busy": False}

    def switch(self, kept: object, lang: Lang, page: str) -> View:
        """The page in the other language; a reply under way goes on in it."""
        other: Lang = "en" if lang == "zh" else "zh"
        run = self._runs.get(page)
        if run is None:
            return self._everything(Conversation.load(kept), other) | {"lang": other, "hint": ""}
        run.lang = other
        view = self._everything(run.base, other) | run.view() | {"panel": run.panel(), "lang": other, "hint": ""}
        return view | {"log": view["log"] if run.base.now else ""}

    def fresh(self, kept: object, lang: Lang, page: str) -> View:
        """An empty page; the conversation stays within reach until the next one is set aside."""
        self._discard(page)
        return self._turned(Conversation.load(kept).fresh(), lang)

    def back(self, kept: object, lang: Lang, page: str) -> View:
        """The conversation that "new chat" set aside."""
        self._discard(page)
        conversation = Conversation.load(kept)
        return self._turned(Conversation(now=conversation.before), lang)

    def forget(self, kept: object, lang: Lang, page: str) -> View:
        """Deletes the conversation set aside."""
        self._discard(page)
        return self._turned(Conversation(now=Conversation.load(kept).now), lang)

    def banner(self, lang: Lang) -> View:
        """What is loading or failed, and whether it is worth looking again."""
        state = self.coach.state()
        loading = any(part.get("state") == "loading" for part in state.values())
        return {"banner": render.banner_html(state, lang), "loading": loading}

    def _turned(self, conversation: Conversation, lang: Lang) -> View:
        return self._conversation(conversation, lang) | {
            "kept": conversation.dump(),
            "live": "",
            "hint": "",
            "announce": "",
            "busy": False,
        }

    def _everything(self, conversation: Conversation, lang: Lang) -> View:
        settings = self.coach.settings
        return {
            "header": render.header_html(lang, self.coach.profession),
            "foot": render.foot_html(lang, settings.model, settings.max_question_chars),
            **self.banner(lang),
            **self._conversation(conversation, lang),
        }

    def _conversation(self, conversation: Conversation, lang: Lang) -> View:
        examples = [] if conversation.now else self._examples(lang)
        return {"log": render.log_html(conversation, lang, examples), "panel": render.panel_html(conversation.now, lang)}

    def _examples(self, lang: Lang) -> list[str]:
        try:
            return list(self.coach.examples(lang))[:_EXAMPLES]
        except CoachError:
            return []

    # --- asking

    async def send(self, question: str, kept: object, lang: Lang, page: str) -> AsyncIterator[View]:
        """Asks what was typed; a text that cannot be asked stays where it is, with a word about why."""
        text, limit = texts.clean(question or "").strip(), self.coach.settings.max_question_chars
        if not text:
            yield {"hint": render.hint_html(say("empty_question", lang, **self.coach.profession.words(lang)))}
            return
        if len(text) > limit * REFUSED_AT:
            yield {"hint": render.hint_html(say("web_too_long", lang, n=len(text), limit=limit * REFUSED_AT))}
            return
        run = Run(lang=lang, base=Conversation.load(kept), exchange=Exchange(question=texts.clip(text, limit)))
        async for view in self._run(run, text, page):
            yield view

    async def again(self, kept: object, lang: Lang, page: str) -> AsyncIterator[View]:
        """Asks the last question once more; its reply stays until there is a new one."""
        conversation = Conversation.load(kept)
        if not conversation.now:
            yield {"hint": ""}
            return
        last, base = conversation.now[-1], replace(conversation, now=conversation.now[:-1])
        run = Run(lang=lang, base=base, exchange=Exchange(question=last.question), instead=last if last.reply else None)
        async for view in self._run(run, last.question, page):
            yield view

    def stop(self, page: str) -> None:
        """Ends the reply this page waits for; what came of it so far stays."""
        if run := self._runs.get(page):
            run.stop.set()

    def _discard(self, page: str) -> None:
        if run := self._runs.get(page):
            run.discarded = True
            run.stop.set()

    async def _run(self, run: Run, question: str, page: str) -> AsyncIterator[View]:
        with self._lock:
            busy = page in self._runs and not self._runs[page].discarded
            if not busy:
                self._runs[page] = run
        if busy:
            yield {"busy": True}
            return
        try:
            yield self._started(run)
            async for view in self._follow(run, question):
                if run.discarded:
                    return
                yield view
        finally:
            run.stop.set()
            with self._lock:
                if self._runs.get(page) is run:
                    del self._runs[page]

    def _started(self, run: Run) -> View:
        shown = render.log_html(run.base, run.lang, ()) if run.base.now else ""
        kept = {} if run.instead else {"kept": run.base.adding(run.exchange).dump()}
        return {"box": "", "hint": "", "busy": True, "log": shown, "panel": run.panel(), **kept, **run.view()}

    async def _follow(self, run: Run, question: str) -> AsyncIterator[View]:
        """From the question to the page's last view of it, whatever becomes of the reply."""
        shown = 0.0
        try:
            async for _ in self._library(run):
                yield run.view()
            async for event in self._events(run, question):
                if isinstance(event, Done):
                    yield self._finished(run, event)
                    return
                if self._take(run, event) or time.monotonic() - shown >= _SMOOTH:
                    shown = time.monotonic()
                    yield run.view() | ({"panel": run.panel()} if isinstance(event, Found) else {})
            if not run.stop.is_set():
                raise ModelError("the reply ended before it was complete")
            yield self._stopped(run)
        except CoachError as error:
            log.warning("a question could not be answered: %s", error)
            yield self._failed(run, error)
        except Exception:
            log.exception("a question could not be answered")
            yield self._failed(run, CoachError(""))

    def _take(self, run: Run, event: Event | None) -> bool:
        """Notes what an event brings; true when it must be shown at once."""
        if isinstance(event, Found):
            run.exchange = replace(run.exchange, passages=event.passages)
            run.stage = "web_stage_found" if event.passages else "web_stage_none"
        elif isinstance(event, Words):
            run.words += event.text
            run.stage = "web_stage_words"
        return isinstance(event, Found)

    async def _library(self, run: Run) -> AsyncIterator[None]:
        """Waits, step by step, for a library that is still being opened; one that failed to open is an error."""
        while (library := self.coach.state().get("library", {})).get("state") == "loading" and not run.stop.is_set():
            run.stage = "web_stage_waiting"
            yield
            await asyncio.sleep(_TICK)
        if library.get("state") == "failed":
            raise SetupError(str(library.get("error", "")), hint=str(library.get("hint", "")))
        run.stage = "web_stage_search"

    async def _events(self, run: Run, question: str) -> AsyncIterator[Event | None]:
        """The coach's events, read in a thread of their own so that stopping never waits; None when time passes."""
        loop, inbox = asyncio.get_running_loop(), asyncio.Queue[Any]()

        def put(item: object) -> None:
            try:
                loop.call_soon_threadsafe(inbox.put_nowait, item)
            except RuntimeError:  # the page's loop has ended
                run.stop.set()

        threading.Thread(target=self._read, args=(run, question, put), daemon=True).start()
        while not run.stop.is_set():
            try:
                item = await asyncio.wait_for(inbox.get(), _TICK)
            except TimeoutError:
                yield None
                continue
            if item is _END:
                return
            if isinstance(item, Exception):
                raise item
            yield item

    def _read(self, run: Run, question: str, put: Callable[[object], None]) -> None:
        events = None
        try:
            events = self.coach.ask(question, history(run.base.now), lang=None, should_stop=run.stop.is_set)
            for event in events:
                put(event)
                if run.stop.is_set():
                    break
        except Exception as error:  # handed to the page's own task, which tells the reader
            put(error)
        finally:
            if events is not None:
                events.close()
            put(_END)

    # --- how it ends

    def _finished(self, run: Run, event: Done) -> View:
        reply = event.reply
        have = {p.id for p in reply.passages}
        missing = dict.fromkeys(c.passage_id for c in reply.citations if c.passage_id not in have)
        found = tuple(p for pid in missing if (p := self.coach.passage(pid)))
        exchange = finished(run.exchange, replace(reply, passages=(*reply.passages, *found)))
        return self._ended(run, exchange) | {"announce": render.announce_html(reply.answer)}

    def _stopped(self, run: Run) -> View:
        if run.instead:
            return self._ended(run, run.instead) | {"announce": render.announce_html(say("web_stopped", run.lang))}
        exchange = replace(run.exchange, state="stopped", partial=run.words)
        return self._ended(run, exchange) | {"announce": render.announce_html(say("web_stopped", run.lang))}

    def _failed(self, run: Run, error: CoachError) -> View:
        kind = "error_setup" if isinstance(error, SetupError) else "error_model" if isinstance(error, ModelError) else "error"
        sentence = say(f"web_{kind}", run.lang)
        if run.instead:
            return self._ended(run, run.instead) | {"hint": render.hint_html(sentence)}
        exchange = replace(run.exchange, state="failed", passages=(), error=kind, hint=error.hint)
        return self._ended(run, exchange) | {"live": render.restore_html(run.exchange.question)}

    def _ended(self, run: Run, exchange: Exchange) -> View:
        conversation = run.base.adding(exchange)
        return {
            **self._conversation(conversation, run.lang),
            **self.banner(run.lang),
            "kept": conversation.dump(),
            "live": "",
            "announce": "",
            "busy": False,
        }


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
