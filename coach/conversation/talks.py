"""Conversations that stay: the one way in which every channel asks the coach something that is to be kept.

Owns the order of things (the question is kept before the coach is asked, the reply before the reader gets its end), that one
conversation has one reply at a time, and what of a file is kept: its text. Knows no channel.
"""

from __future__ import annotations

import logging
import tempfile
import threading
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

from coach.development.views import File
from coach.documents.conversation import FORMATS, conversation_file
from coach.errors import CoachError, DocumentError, InputError, NotFound, SetupError
from coach.messages import say
from coach.store.bound import new_id
from coach.store.conversations import (
    CONVERSATION_ID,
    MAX_QUESTION,
    MAX_TITLE,
    Asked,
    Conversation,
    Conversations,
    Exchange,
    Full,
    Heading,
    Replaced,
    UnderWay,
    Verdict,
)
from coach.store.records import Records
from coach.text import clean, language
from coach.types import Attachment, Begun, Done, Event, Lang, Part, Reply, Turn, Words

MAX_FILE_BYTES = 10_000_000
MAX_FILE_CHARS = 200_000
MAX_FILES = 5
"""Files and long pastes one conversation holds."""
PATIENCE = 3.0
"""Seconds a question waits for a reply that is being stopped in the same conversation."""
LONGEST_REPLY = timedelta(minutes=15)
"""After this long nobody writes a reply any more, whatever another process may have begun."""
_NAME = 120  # characters of a file's name
_DAY = 24 * 3600.0

log = logging.getLogger(__name__)

Ask = Callable[..., Iterator[Event]]
"""`Coach.ask`: question and history, and by name `lang`, `should_stop` and, where there are any, `documents`."""
ShouldStop = Callable[[], bool]
Key = tuple[str, str]
"""Person and conversation."""


@dataclass(frozen=True, kw_only=True)
class Brought:
    """A file or paste that was read, and the id of the conversation it belongs to."""

    conversation: str
    attachment: Attachment


@dataclass
class _Run:
    """A reply under way in this process."""

    stopped: threading.Event
    exchange: str = ""


class Talks:
    """Kept conversations, by person id. Safe to share between threads.

    Ids of other people's conversations are as unknown as ids that do not exist: NotFound. What cannot be used as it is
    raises InputError, what cannot be done at this moment Conflict, both told in the language asked for.
    """

    def __init__(
        self,
        ask: Ask,
        records: Records,
        author: Callable[[Lang], str],
        *,
        retention_days: int = 0,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`author` names the coach in documents; `retention_days` 0 keeps conversations until they are deleted."""
        self._ask = ask
        self._records = records
        self._author = author
        self._retention_days = retention_days
        self._clock = clock
        self._started = clock()
        self._changed = threading.Condition()
        self._runs: dict[Key, _Run] = {}
        self._lost: set[str] = set()
        """Exchanges of this process whose end could not be kept."""
        self._closed = threading.Event()

    # --- asking -------------------------------------------------------------------------------------------------------

    def ask(
        self,
        person: str,
        conversation_id: str | None,
        question: str,
        *,
        lang: Lang | None = None,
        should_stop: ShouldStop | None = None,
        instead_of: str | None = None,
        history: Sequence[Turn] | None = None,
        part: Part = "all",
        files: bool = True,
    ) -> Iterator[Event]:
        """Begun, then what `Coach.ask` yields; the reply is kept before Done. Without an id a new conversation begins.

        Closing the iterator, or `should_stop` turning true, keeps what was said as stopped. `instead_of` asks an exchange
        anew: it and all after it are replaced as soon as the new reply is there, and stay in place until then. `history` is
        what a client says was said before; None takes what is kept. `part` names the documents a reply may be made of.
        Without `files` nothing is read of what was brought into the conversation: others read along.

        A database that cannot be reached costs no reply: it is given without a Begun, and says that it was not kept.

        Raises:
            InputError, NotFound: the question, the id or `instead_of` cannot be used.
            Conflict: a reply is still under way in this conversation, or `instead_of` has been replaced meanwhile.
        """
        speak = lang or language(question)
        _check_question(question, speak)
        _check_id(conversation_id, speak)
        key = (person, conversation_id or new_id())
        with self._turn(key, speak) as run:

            def stop() -> bool:
                return run.stopped.is_set() or (should_stop is not None and should_stop())

            how: dict[str, Any] = {"lang": lang, "should_stop": stop} | ({"part": part} if part != "all" else {})
            try:
                talk = self._records.of(person).talks
                with _told(speak):
                    asked = talk.begin(key[1], question, instead_of=instead_of, still_coming=self._coming_elsewhere)
            except SetupError:
                log.exception("a question could not be kept")
                yield from self._unkept(question, history or (), how)
                return
            run.exchange = asked.exchange
            yield Begun(conversation=asked.conversation, exchange=asked.exchange)
            if history is not None:
                asked = replace(asked, history=tuple(history))
            if not files:
                asked = replace(asked, documents=())
            yield from self._reply(talk, asked, question, how)

    def stop(self, person: str, conversation_id: str) -> bool:
        """Stops the reply under way in this process, whoever waits for it; False if there is none."""
        with self._changed:
            run = self._runs.get((person, conversation_id))
        if run is not None:
            run.stopped.set()
        return run is not None

    def _reply(self, talk: Conversations, asked: Asked, question: str, how: Mapping[str, Any]) -> Generator[Event, None, None]:
        said: list[str] = []
        ended = False
        try:
            for event in self._said(question, asked.history, asked.documents, how):
                if isinstance(event, Words):
                    said.append(event.text)
                elif isinstance(event, Done):
                    ended = True
                    event = Done(reply=self._kept(talk, asked.exchange, event.reply))
                yield event
            if not ended and not how["should_stop"]():
                ended = True
                self._keep_end(asked.exchange, lambda: talk.fail(asked.exchange, "internal", text="".join(said)))
        except Exception as error:
            ended = True
            code, hint = (error.code, error.hint) if isinstance(error, CoachError) else ("internal", "")
            self._keep_end(asked.exchange, lambda: talk.fail(asked.exchange, code, hint, "".join(said)))
            raise
        finally:
            if not ended:
                self._keep_end(asked.exchange, lambda: talk.stop(asked.exchange, "".join(said)))

    def _said(
        self, question: str, history: Sequence[Turn], documents: Sequence[Attachment], how: Mapping[str, Any]
    ) -> Iterator[Event]:
        """What the coach says; closed together with the one who listens."""
        more = {"documents": documents} if documents else {}
        events = self._ask(question, history, **how, **more)
        with closing(cast("Generator[Event, None, None]", events)):
            yield from events

    def _kept(self, talk: Conversations, exchange_id: str, reply: Reply) -> Reply:
        """The reply with the id it is kept under; one that cannot be kept is still given, and says so."""
        reply = replace(reply, id=exchange_id)
        try:
            there = talk.finish(exchange_id, reply)
        except NotFound:  # the person was deleted meanwhile
            there = False
        except Exception:  # whatever is wrong with the database must not take the reply away
            log.exception("a reply could not be kept")
            self._lost.add(exchange_id)
            return _not_kept(reply)
        return reply if there else replace(reply, id="")

    def _keep_end(self, exchange_id: str, keep: Callable[[], bool]) -> None:
        """Keeps how a reply ended; what goes wrong there must not hide what went wrong before."""
        try:
            keep()
        except NotFound:
            pass  # the person was deleted meanwhile
        except Exception:
            log.exception("the end of a reply could not be kept")
            self._lost.add(exchange_id)

    def _unkept(self, question: str, history: Sequence[Turn], how: Mapping[str, Any]) -> Iterator[Event]:
        for event in self._said(question, history, (), how):
            yield Done(reply=_not_kept(event.reply)) if isinstance(event, Done) else event

    @contextmanager
    def _turn(self, key: Key, lang: Lang) -> Iterator[_Run]:
        """One reply a conversation at a time; one that is being stopped is waited for."""
        run = _Run(threading.Event())
        with self._changed:
            if not self._changed.wait_for(lambda: key not in self._runs, PATIENCE):
                raise UnderWay(say("talk_under_way", lang), hint=say("talk_under_way_mend", lang))
            self._runs[key] = run
        try:
            yield run
        finally:
            with self._changed:
                del self._runs[key]
                self._changed.notify_all()

    def _coming_elsewhere(self, exchange_id: str, made: datetime) -> bool:
        """Whether another process may be writing this reply; what this one writes, `_turn` knows."""
        lately = made >= self._started and self._clock() - made < LONGEST_REPLY
        return lately and exchange_id not in self._lost

    # --- conversations ------------------------------------------------------------------------------------------------

    def conversations(self, person: str, search: str = "") -> list[Heading]:
        """The newest first; with `search`, those whose title, questions or replies hold it."""
        return self._talks(person).listed(search)

    def conversation(self, person: str, conversation_id: str, *, lang: Lang = "zh") -> Conversation:
        """A whole conversation; a question whose reply cannot come any more is `interrupted`."""
        with _told(lang):
            found = self._talks(person).one(conversation_id)
        with self._changed:
            live = {run.exchange for run in self._runs.values()}
        return replace(found, exchanges=tuple(self._as_it_is(e, live) for e in found.exchanges))

    def new(self, person: str, conversation_id: str = "", title: str = "", *, lang: Lang = "zh") -> Heading:
        """Begins a conversation. Raises Conflict if the id is taken."""
        _check_id(conversation_id, lang)
        _check_title(title, lang)
        return self._talks(person).new(conversation_id, title)

    def rename(self, person: str, conversation_id: str, title: str, *, lang: Lang = "zh") -> None:
        """Gives a title; an empty one gives back the title made from the first question."""
        _check_title(title, lang)
        with _told(lang):
            self._talks(person).rename(conversation_id, title)

    def delete(self, person: str, conversation_id: str) -> int:
        """Removes a conversation for good, and stops a reply under way in it; tells how many exchanges it had."""
        self.stop(person, conversation_id)
        return self._talks(person).delete(conversation_id)

    def delete_all(self, person: str) -> int:
        """Removes all of a person's conversations for good and tells how many there were."""
        with self._changed:
            runs = [run for (whose, _), run in self._runs.items() if whose == person]
        for run in runs:
            run.stopped.set()
        return self._talks(person).delete_all()

    def judge(self, person: str, exchange_id: str, verdict: Verdict | None, reason: str = "", *, lang: Lang = "zh") -> None:
        """Keeps what the person thinks of a reply; None takes it back, "wrong" also tells the reviewers."""
        with _told(lang):
            self._talks(person).judge(exchange_id, verdict, reason)

    def export(self, person: str, conversation_id: str, format: str, lang: Lang) -> File:
        """The conversation as a document, with its citations. Raises InputError for an unknown format."""
        if format not in FORMATS:
            raise InputError(say("talk_format", lang, format=clean(format)[:20], formats=", ".join(FORMATS)))
        found = self.conversation(person, conversation_id, lang=lang)
        return conversation_file(found, format, lang, self._author(lang))

    def _talks(self, person: str) -> Conversations:
        return self._records.of(person).talks

    def _as_it_is(self, exchange: Exchange, live: set[str]) -> Exchange:
        coming = exchange.id in live or self._coming_elsewhere(exchange.id, exchange.made)
        return exchange if exchange.state != "pending" or coming else replace(exchange, state="interrupted")

    # --- files and pastes ---------------------------------------------------------------------------------------------

    def attach(self, person: str, conversation_id: str | None, name: str, data: bytes, *, lang: Lang = "zh") -> Brought:
        """Reads a file for one conversation, a new one without an id; its text is kept, the file is not.

        Raises:
            InputError: the file cannot be read, is too large, or says nothing.
            Conflict: the conversation holds MAX_FILES already.
        """
        name = _file_name(name)
        return self._bring(person, conversation_id, name, _read(name, data, lang), lang)

    def paste(self, person: str, conversation_id: str | None, text: str, *, lang: Lang = "zh") -> Brought:
        """Keeps a long paste for one conversation as `attach` does a file."""
        return self._bring(person, conversation_id, say("talk_pasted", lang), clean(text).strip(), lang)

    def detach(self, person: str, conversation_id: str, attachment_id: str, *, lang: Lang = "zh") -> None:
        """Removes a file or paste from its conversation for good."""
        with _told(lang):
            self._talks(person).detach(conversation_id, attachment_id)

    def _bring(self, person: str, conversation_id: str | None, name: str, text: str, lang: Lang) -> Brought:
        _check_id(conversation_id, lang)
        if not text:
            raise InputError(say("talk_file_empty", lang, name=name))
        if len(text) > MAX_FILE_CHARS:
            hint = say("talk_file_long_mend", lang)
            raise InputError(say("talk_file_long", lang, name=name, n=len(text), limit=MAX_FILE_CHARS), hint=hint)
        with _told(lang):
            conversation, entry = self._talks(person).attach(conversation_id or "", name, text, limit=MAX_FILES)
        return Brought(conversation=conversation, attachment=Attachment(id=entry.id, name=name, text=text))

    # --- keeping no longer than wanted --------------------------------------------------------------------------------

    def start(self) -> None:
        """Forgets old conversations now and then once a day, where the settings say so. Returns at once."""
        if self._retention_days:
            threading.Thread(target=self._forget_daily, name="talks-forget", daemon=True).start()

    def forget_old(self) -> int:
        """Removes conversations that have not changed for the days of the settings; tells how many."""
        if not self._retention_days:
            return 0
        return self._records.forget_conversations(self._clock() - timedelta(days=self._retention_days))

    def close(self) -> None:
        """Stops what is under way; the records belong to whoever opened them."""
        self._closed.set()
        with self._changed:
            runs = list(self._runs.values())
        for run in runs:
            run.stopped.set()

    def _forget_daily(self) -> None:
        while not self._closed.is_set():
            try:
                self.forget_old()
            except CoachError:  # tomorrow is another day
                log.exception("old conversations could not be removed")
            self._closed.wait(_DAY)


# --- what can be used -------------------------------------------------------------------------------------------------


@contextmanager
def _told(lang: Lang) -> Iterator[None]:
    """What the records refuse, told in the reader's language."""
    try:
        yield
    except UnderWay as error:
        raise UnderWay(say("talk_under_way", lang), hint=say("talk_under_way_mend", lang)) from error
    except Replaced as error:
        raise Replaced(say("talk_replaced", lang), hint=say("talk_replaced_mend", lang)) from error
    except Full as error:
        raise Full(say("talk_full", lang, limit=MAX_FILES), hint=say("talk_full_mend", lang)) from error
    except NotFound as error:
        raise NotFound(say("talk_missing", lang), hint=say("talk_missing_mend", lang)) from error


def _not_kept(reply: Reply) -> Reply:
    return replace(reply, id="", notice=f"{reply.notice} {say('http_not_stored', reply.language)}".strip())


def _check_question(question: str, lang: Lang) -> None:
    if not clean(question).strip():
        raise InputError(say("talk_no_question", lang))
    if len(question) > MAX_QUESTION:
        sentence = say("talk_question_long", lang, n=len(question), limit=MAX_QUESTION)
        raise InputError(sentence, hint=say("talk_question_long_mend", lang))


def _check_id(conversation_id: str | None, lang: Lang) -> None:
    if conversation_id and not CONVERSATION_ID.fullmatch(conversation_id):
        raise InputError(say("talk_bad_id", lang), hint=say("talk_bad_id_mend", lang))


def _check_title(title: str, lang: Lang) -> None:
    if len(clean(title).strip()) > MAX_TITLE:
        raise InputError(say("talk_title_long", lang, limit=MAX_TITLE))


def _file_name(name: str) -> str:
    """The last part of a path, without what no reader sees; shortened before its ending."""
    bare = " ".join(clean(name).replace("\\", "/").rpartition("/")[2].split()) or "?"
    stem, dot, ending = bare.rpartition(".")
    return bare if len(bare) <= _NAME else f"{(stem or bare)[: _NAME - 16]}…{dot}{ending[:12]}"


def _read(name: str, data: bytes, lang: Lang) -> str:
    """The text of a file, its headings as Markdown. The loaders want a file: it exists while they read."""
    from coach.library.documents import SUPPORTED, load

    ending = Path(name).suffix.lower()
    if ending not in SUPPORTED:
        kinds = " ".join(sorted(SUPPORTED))
        raise InputError(say("talk_file_kind", lang, name=name), hint=say("talk_file_kind_mend", lang, kinds=kinds))
    if not data:
        raise InputError(say("talk_file_empty", lang, name=name))
    if len(data) > MAX_FILE_BYTES:
        raise InputError(say("talk_file_large", lang, name=name, limit=MAX_FILE_BYTES // 1_000_000))
    with tempfile.TemporaryDirectory(prefix="coach-") as folder:
        path = Path(folder) / f"file{ending}"
        path.write_bytes(data)
        try:
            document = load(path, max_bytes=MAX_FILE_BYTES)
        except DocumentError as error:
            raise InputError(say("talk_file_unreadable", lang, name=name), hint=say("talk_file_unreadable_mend", lang)) from error
    parts, end = [], 0
    for section in document.sections:
        parts += [_as_heading(line, section.heading_path) for line in document.text[end : section.start].splitlines()]
        parts.append(section.text)
        end = section.end
    return "\n\n".join(part for part in [*parts, document.text[end:]] if part.strip()).strip()


def _as_heading(line: str, path: tuple[str, ...]) -> str:
    """A line between two sections: one of the headings above the next one, or a title."""
    return f"{'#' * min(path.index(line) + 1, 6)} {line}" if line in path else line
