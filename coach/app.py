"""The whole product on one screen: what is built from what, and in which order it is loaded."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coach.errors import CoachError, LibraryMissing
from coach.framework import Profession, read_yaml
from coach.library.shelf import Shelf
from coach.settings import Settings
from coach.types import Attachment, Done, Event, Lang, Part, Passage, Reply, Turn, Words

if TYPE_CHECKING:
    from coach.conversation.answer import Answering, Writer
    from coach.conversation.talks import Talks
    from coach.development.desk import Desk
    from coach.development.draft import Drafting
    from coach.framework import Framework
    from coach.framework.schema import Stage
    from coach.library.keeper import Keeper
    from coach.library.search import Library
    from coach.library.trace import Trace
    from coach.models.embedding import Embedder
    from coach.store.channels import Channels
    from coach.store.records import Records

log = logging.getLogger(__name__)


def build_coach(settings: Settings) -> Coach:
    """Wires the product; loads nothing yet."""
    return Coach(settings)


def open_library(settings: Settings, embedder: Embedder | None = None) -> Library:
    """The library with the embedding model loaded, or the one given. Raises WeightsError, LibraryMissing or LibraryMismatch."""
    from coach.library.calibration import Calibration
    from coach.library.glossary import Glossary
    from coach.library.search import Library
    from coach.library.selector import FILE, SentenceSelector
    from coach.models.embedding import Embedder

    embedder = embedder or Embedder(settings)
    calibration = Calibration.load(settings.knowledge / "calibration.json", embedder.fingerprint)
    glossary = Glossary.load(settings.knowledge / "glossary.yaml")
    selector = SentenceSelector.load(settings.knowledge / FILE, embedder.fingerprint)
    library = Library(settings, embedder, calibration=calibration, glossary=glossary, selector=selector)
    library.load()
    return library


def release_library(library: Library) -> None:
    """Closes a library that was replaced, and removes its index unless that is in force still."""
    from coach.library.reindex import discard

    library.close()
    discard(library.settings, library.folder)


def build_drafting(settings: Settings, framework: Framework, passage: Callable[[str], Passage | None]) -> Drafting:
    """The rules from a profile to a plan. Raises SetupError when a file of the framework is wrong."""
    from coach.development.draft import Drafting
    from coach.development.evidence import load_rules
    from coach.development.readings import load_readings
    from coach.development.sources import Sources

    readings = load_readings(settings.knowledge, framework)
    return Drafting(framework, readings, load_rules(settings.knowledge), Sources(passage))


def open_desk(settings: Settings) -> Desk:
    """The desk over the framework, the catalogue of the built library and the records; no model is loaded.

    Raises LibraryMissing before the first ingest, SetupError when the framework or the database cannot be used.
    """
    from coach.development.desk import Desk
    from coach.framework import load_framework
    from coach.library import manifest
    from coach.library.catalogue import Catalogue
    from coach.library.edits import Edits
    from coach.store.records import open_records

    manifest.read(settings.library_dir / "manifest.json")
    opened: dict[Path, Catalogue] = {}

    def passage(name: str) -> Passage | None:
        folder = settings.library_dir  # another one after the library was re-indexed
        if folder not in opened:
            opened[folder] = Catalogue(folder / "library.db")
        return opened[folder].passages([name]).get(name)

    drafting = build_drafting(settings, load_framework(settings.knowledge), passage)
    return Desk(drafting, open_records(settings), Edits(settings.home).forget_person)


@dataclass(frozen=True, kw_only=True)
class _Opened:
    """A library and the pipeline over it."""

    library: Library
    answering: Answering


class Coach:
    """What every channel talks to. Everything loads in the background.

    Asking waits for the library and for the packages of a hosted model (a second or two), never for embedded weights.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._started = threading.Event()
        self._opened = threading.Event()
        self._lock = threading.Lock()
        self._shelf: Shelf[_Opened] = Shelf()
        self._keeper: Keeper | None = None
        self._failure: BaseException | None = None
        self._desk: Desk | None = None
        self._desk_lock = threading.Lock()
        self._records: Records | None = None
        self._records_lock = threading.Lock()
        self._model: Any = None
        self._model_made = False  # true also when there is none, or it could not be made
        self._model_lock = threading.Lock()
        self._model_error = ""
        self._starters: dict[tuple[Path, Lang], list[tuple[Stage, list[str]]]] = {}

    def start(self) -> None:
        """Begins loading: the library first, since it alone can answer, then the chat model. Returns at once."""
        with self._lock:
            if not self._started.is_set():
                self._started.set()
                threading.Thread(target=self._open, name="coach-open", daemon=True).start()

    def wait_ready(self, timeout: float | None = None) -> bool:
        """Waits until questions can be answered. Raises what opening the library raised."""
        self.start()
        opened = self._opened.wait(timeout)
        if self._failure is not None:
            raise self._failure
        return opened

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        lang: Lang | None = None,
        should_stop: Callable[[], bool] | None = None,
        documents: Sequence[Attachment] = (),
        part: Part = "all",
    ) -> Iterator[Event]:
        """Found, Words…, Done. Closing the iterator, or `should_stop` turning true, stops the model.

        `documents` are read for this question only, and are added to no library; `part` names those of the library it may use.
        """
        with self._in_use() as opened:
            events = opened.answering.ask(question, history, lang=lang, should_stop=should_stop, documents=documents, part=part)
            for event in events:
                if isinstance(event, Words) and should_stop is not None and should_stop():
                    return  # nothing is added to the words that somebody has stopped at
                yield event
                if should_stop is not None and not isinstance(event, Done) and should_stop():
                    return

    def answer(self, question: str, history: Sequence[Turn] = (), *, lang: Lang | None = None) -> Reply:
        """The verified reply, when no streaming is wanted."""
        done = [e for e in self.ask(question, history, lang=lang) if isinstance(e, Done)]
        return done[-1].reply

    def retrieve(
        self,
        query: str,
        *,
        k: int = 8,
        lang: Lang | None = None,
        history: Sequence[Turn] = (),
        max_chars: int = 0,
        part: Part = "all",
    ) -> list[Passage]:
        """Exactly the passages chat would see, best first; with `max_chars` their best sentences, so many characters together."""
        with self._in_use() as opened:
            return list(opened.answering.passages(query, k, lang, history, max_chars, part).passages)

    def traced(self, question: str, history: Sequence[Turn], lang: Lang | None, trace: Trace) -> Reply:
        """The reply chat would give, and in `trace` how it came about; nothing is kept."""
        with self._in_use() as opened:
            events = opened.answering.ask(question, history, lang=lang, trace=trace)
            return [e for e in events if isinstance(e, Done)][-1].reply

    def passage(self, passage_id: str) -> Passage | None:
        """One passage by its id."""
        with self.library() as library:
            return library.passage(passage_id)

    @contextmanager
    def library(self) -> Iterator[Library]:
        """The library in force, which stays open for as long as the block runs. Raises what opening it raised."""
        with self._in_use() as opened:
            yield opened.library

    def take(self, library: Library, release: Callable[[Library], None]) -> None:
        """Questions from now on go to this library. `release` is called with it when it has been replaced in its turn."""
        opened = _Opened(library=library, answering=self.answering_over(library))
        self._shelf.put(opened, lambda old: release(old.library))
        self._failure = None
        self._opened.set()

    @property
    def keeper(self) -> Keeper:
        """Everything for whoever looks after the library."""
        from coach.library.keeper import Keeper

        with self._lock:
            if self._keeper is None:
                self._keeper = Keeper(self)
            return self._keeper

    @property
    def desk(self) -> Desk:
        """Everything for a person's development, opened on first use; waits for neither search nor chat model."""
        with self._desk_lock:
            if self._desk is None:
                self._desk = open_desk(self.settings)
            return self._desk

    @property
    def records(self) -> Records:
        """What is kept of people, opened on first use. Raises SetupError if the database cannot be used."""
        from coach.store.records import open_records

        with self._records_lock:
            if self._records is None:
                self._records = open_records(self.settings)
            return self._records

    @cached_property
    def channels(self) -> Channels:
        """Who people are in Slack and Feishu. Raises SetupError if the database cannot be used."""
        from coach.store.channels import open_channels

        return open_channels(self.settings)

    @cached_property
    def talks(self) -> Talks:
        """Conversations that are kept. Raises SetupError if the database cannot be used."""
        from coach.conversation.talks import Talks

        return Talks(
            self.ask,
            self.records,
            lambda lang: self.profession.title.of(lang),
            retention_days=self.settings.retention_days,
        )

    def examples(self, lang: Lang) -> list[str]:
        """Example questions for an empty chat, one for each stage."""
        return [example.of(lang) for example in self.profession.examples]

    def starters(self, lang: Lang) -> list[tuple[Stage, list[str]]]:
        """Questions to begin with for each stage, which the built-in library answers; none while there is no library."""
        from coach.library.starters import starters

        path = self.settings.library_dir / "library.db"
        if not path.is_file():
            return []
        key = (path, lang)
        if key not in self._starters:
            self._starters[key] = starters(path, self._framework.ladder, lang)
        return self._starters[key]

    @cached_property
    def _framework(self) -> Framework:
        from coach.framework import load_framework

        return load_framework(self.settings.knowledge)

    @cached_property
    def profession(self) -> Profession:
        """Whom the framework is for. Raises SetupError when its file is missing or wrong."""
        return read_yaml(self.settings.knowledge / "framework" / "framework.yaml", Profession)

    def state(self) -> dict[str, Any]:
        """Readiness of library and model, with the mending command when something failed."""
        failure = self._failure
        library: dict[str, Any] = {"state": "loading", "error": "", "hint": "", "documents": 0, "passages": 0, "version": ""}
        if failure is not None:
            library |= {
                "state": "failed",
                "error": getattr(failure, "message", str(failure)),
                "hint": getattr(failure, "hint", ""),
            }
        elif (opened := self._shelf.now) is not None and self._opened.is_set():
            made = opened.library.manifest
            library |= {"state": "ready", "documents": made.documents, "passages": made.passages, "version": made.version}
        return {"library": library, "model": self._model_state()}

    def close(self) -> None:
        """Frees the model and the library."""
        if self._model is not None and hasattr(self._model, "close"):
            self._model.close()
        if self._keeper is not None:
            self._keeper.close()
        self._shelf.clear()
        if self._desk is not None:
            self._desk.close()
        if "talks" in self.__dict__:
            self.talks.close()
        if "channels" in self.__dict__:
            self.channels.close()
        if self._records is not None:
            self._records.close()

    @contextmanager
    def _in_use(self) -> Iterator[_Opened]:
        self.wait_ready()
        with self._shelf.use() as opened:
            yield opened

    def _open(self) -> None:
        try:
            self.take(open_library(self.settings), release_library)
        except CoachError as error:
            self._failure = error
        except Exception as error:  # noqa: BLE001  a thread's failure must reach the reader, whatever it is
            self._failure = LibraryMissing(f"The library could not be opened: {error}", hint="Check it with: coach doctor")
            self._failure.__cause__ = error
        finally:
            self._opened.set()
        self._load_model()

    def answering_over(self, library: Library) -> Answering:
        """The pipeline from a question to a reply over a library. Raises SetupError when a file of the framework is wrong."""
        from coach.claims import Claims
        from coach.conversation.answer import Answering
        from coach.conversation.personal import Personal
        from coach.framework import load_framework
        from coach.prompts import load_prompt

        framework = load_framework(self.settings.knowledge)
        drafting = build_drafting(self.settings, framework, library.passage)
        return Answering(
            self.settings,
            library,
            framework,
            Claims.load(self.settings.knowledge / "claims.yaml"),
            {name: load_prompt(self.settings.prompts, name) for name in ("write", "general")},
            self.writer,
            Personal(drafting, library.passage, date.today),
        )

    def _load_model(self) -> None:
        """Makes the model unless that was done; whoever comes while it is being made waits for it."""
        from coach.models.chat import chat_model

        with self._model_lock:
            if self._model_made:
                return
            self._model_made = True
            try:
                self._model = chat_model(self.settings)
                if hasattr(self._model, "start_loading"):
                    self._model.start_loading()
            except CoachError as error:
                self._model_error = str(error)
            except Exception as error:  # noqa: BLE001  a thread's failure must reach the reader, whatever it is
                log.exception("the chat model could not be made")
                self._model_error = f"{type(error).__name__}: {error}"

    def writer(self) -> Writer | None:
        """The chat model as the pipeline sees it; None without one."""
        from langchain_core.messages import HumanMessage

        from coach.conversation.answer import Writer
        from coach.models.chat import is_capable, stream_text

        self._load_model()
        model, settings = self._model, self.settings
        if model is None:
            return None
        return Writer(
            name=settings.model,
            generate=lambda prompt, should_stop: stream_text(
                model,
                [HumanMessage(prompt)],
                timeout=settings.model_timeout,
                retries=settings.model_retries,
                should_stop=should_stop,
            ),
            writes=settings.strategy == "write" or (settings.strategy == "auto" and is_capable(settings)),
            ready=lambda: bool(getattr(model, "ready", True)),
        )

    def _model_state(self) -> dict[str, str]:
        name = self.settings.model
        if name == "none":
            return {"name": name, "state": "none", "error": ""}
        if self._model_error:
            return {"name": name, "state": "failed", "error": self._model_error}
        if self._model is None:
            return {"name": name, "state": "loading", "error": ""}
        state = getattr(self._model, "state", "ready")
        error = getattr(self._model, "error", None)
        return {"name": name, "state": "loading" if state == "absent" else state, "error": str(error or "")}
