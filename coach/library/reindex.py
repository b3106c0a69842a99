"""Builds the whole index anew beside the one in use, and puts it in its place when it is whole.

The new index has a folder of its own, `COACH_HOME/library/<number>`; the file `current` beside it names the one in force.
Replies go on being made from the old index all the while. Cancelled or killed, the unfinished folder stays, and the next
run goes on with it where it stopped, unless it was begun with another embedding model or other cuts.
"""

from __future__ import annotations

import json
import shutil
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import numpy as np

from coach.errors import CoachError
from coach.library import own, sentences, unanswered
from coach.library.catalogue import Catalogue
from coach.library.edits import Edits
from coach.library.ingest import OWN, Ingest, IngestReport, document_id
from coach.library.passages import SPLITTER_VERSION
from coach.library.vectors import Vectors
from coach.models.embedding import PASSAGE_PREFIX, QUERY_PREFIX, Embedder, EmbedderAround, Matrix
from coach.settings import Settings

State = Literal["idle", "running", "stopping", "done", "cancelled", "interrupted", "failed"]

_SLICE = 16  # texts embedded at a time: a question that arrives meanwhile waits for no more than these
_BATCH = 2 * _SLICE  # texts entered at a time: so often it tells how far it is, and can be stopped
_BREATH = 0.002  # seconds between slices; a lock just freed goes to whoever waits for it
_BEGUN = "begun.json"
_INDEX = ("library.db", "library.db-wal", "library.db-shm", "manifest.json", sentences.FILE, unanswered.FILE, "vectors")

Told = Callable[[int, int, str], None]
Finished = Callable[[Path], None]
"""Called with the folder of the new index once it is in force."""


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far it is, in documents; `started` and `ended` are UTC in ISO form. `error` and `hint` say why it failed."""

    state: State = "idle"
    done: int = 0
    total: int = 0
    document: str = ""
    error: str = ""
    hint: str = ""
    started: str = ""
    ended: str = ""
    failed: tuple[tuple[str, str], ...] = ()

    def public(self) -> dict[str, Any]:
        """Plain values."""
        return {**asdict(self), "failed": [{"name": name, "reason": reason} for name, reason in self.failed]}


class _Cancelled(Exception):
    """Somebody asked it to stop."""


class Gentle(EmbedderAround):
    """An embedder that lets questions through: it takes a few texts at a time."""

    def queries(self, texts: list[str]) -> Matrix:
        """As the model inside."""
        return self._sliced(self._inner.queries, texts)

    def passages(self, texts: list[str]) -> Matrix:
        """As the model inside."""
        return self._sliced(self._inner.passages, texts)

    def _sliced(self, embed: Callable[[list[str]], Matrix], texts: list[str]) -> Matrix:
        made = []
        for at in range(0, len(texts), _SLICE):
            made.append(embed(texts[at : at + _SLICE]))
            time.sleep(_BREATH)
        return np.concatenate(made) if made else np.zeros((0, self.dimension), np.float32)


class Reindex:
    """One run at a time, in a thread of its own."""

    def __init__(self, settings: Settings, finished: Finished) -> None:
        self._settings = settings
        self._finished = finished
        self._edits = Edits(settings.home)
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._progress = Progress()

    @property
    def running(self) -> bool:
        """Whether it is under way in this process."""
        return self._thread is not None and self._thread.is_alive()

    def progress(self) -> Progress:
        """How far it is; `interrupted` when a run that was begun is not under way anywhere in this process."""
        with self._lock:
            told = self._progress
        if told.state == "idle" and (begun := _unfinished(self._settings)) is not None:
            return replace(told, state="interrupted", started=str(_read_begun(begun).get("started", "")))
        return replace(told, state="stopping") if told.state == "running" and self._stop.is_set() else told

    def start(self, embedder: Embedder, *, told: Told | None, ended: Callable[[], None]) -> None:
        """Begins, or goes on with what was not finished. The caller keeps others from changing the library until `ended`."""
        self._stop.clear()
        with self._lock:
            self._progress = Progress(state="running", started=_now())
        if self._thread is None:  # later there may be an old index that a long question still reads
            _sweep(self._settings)
        self._thread = threading.Thread(target=self._run, args=(embedder, told, ended), name="coach-reindex", daemon=True)
        self._thread.start()

    def cancel(self) -> bool:
        """Asks it to stop; returns whether it was under way. What was done so far is kept."""
        self._stop.set()
        return self.running

    def wait(self, timeout: float | None = None) -> bool:
        """Waits for the end; returns whether it came."""
        if self._thread is not None:
            self._thread.join(timeout)
        return not self.running

    def _run(self, embedder: Embedder, told: Told | None, ended: Callable[[], None]) -> None:
        try:
            folder = self._build(embedder, told)
            _point(self._settings, folder)
            self._finished(folder)
            self._end("done")
        except _Cancelled:
            self._end("cancelled")
        except CoachError as error:
            self._end("failed", error=error.message, hint=error.hint)
        except Exception as error:  # noqa: BLE001  a thread's failure must reach the reader, whatever it is
            self._end("failed", error=f"{type(error).__name__}: {error}", hint="coach doctor")
        finally:
            ended()

    def _end(self, state: State, *, error: str = "", hint: str = "") -> None:
        with self._lock:
            self._progress = replace(self._progress, state=state, error=error, hint=hint, ended=_now(), document="")

    def _build(self, embedder: Embedder, told: Told | None) -> Path:
        folder = _begin(self._settings, embedder)
        with closing(Catalogue(folder / "library.db")) as catalogue, closing(Vectors(self._settings, folder)) as vectors:
            run = Ingest(self._settings, Gentle(embedder), catalogue, vectors, folder=folder, batch=_BATCH)
            built_in = len(run.articles())
            paths = self._own_paths()
            total = built_in + len(paths)

            def step(done: int, _total: int, name: str, before: int = 0) -> None:
                self._tell(min(before + done, total), total, name, told)
                if self._stop.is_set():
                    raise _Cancelled

            step(0, total, "")
            run.built_in(step)
            report = run.files(paths, lambda done, _total, name: step(done, _total, name, before=built_in))
            self._carry_over(run, catalogue, report)
            wanted = {document_id(p) for p in paths}
            run.remove([i for i in catalogue.hashes(OWN) if i not in wanted])  # removed since an interrupted run
            step(total, total, "")
            run.finish()
        (folder / _BEGUN).unlink()
        return folder

    def _own_paths(self) -> list[Path]:
        """Of the documents in the index in force, and of files that lie in the folder and were not indexed yet."""
        with suppress(CoachError), closing(Catalogue(self._settings.library_dir / "library.db")) as old:
            known = [Path(d["path"]) for d in old.documents() if d["collection"] == OWN]
            return list({document_id(p): p for p in (*known, *own.files(self._settings))}.values())
        return own.files(self._settings)

    def _carry_over(self, run: Ingest, catalogue: Catalogue, report: IngestReport) -> None:
        """A document whose file is gone or damaged stays as it was read last, and is listed as failed."""
        reasons = {document_id(Path(path)): (Path(path).name, reason) for path, reason in report.failed}
        self._edits.succeed(list(catalogue.hashes(OWN)))
        with closing(Catalogue(self._settings.library_dir / "library.db")) as old:
            for doc, (name, reason) in reasons.items():
                self._edits.fail(doc, name, reason)
                if (record := old.record(doc)) is not None:
                    run.carry(record)
        with self._lock:
            self._progress = replace(self._progress, failed=tuple(reasons.values()))

    def _tell(self, done: int, total: int, name: str, told: Told | None) -> None:
        with self._lock:
            self._progress = replace(self._progress, done=done, total=total, document=name)
        if told is not None:
            told(done, total, name)


def discard(settings: Settings, folder: Path) -> None:
    """Removes an index, unless it is the one in force."""
    if folder == settings.library_dir:
        return
    if settings.chroma_url:
        with suppress(CoachError), closing(Vectors(settings, folder)) as vectors:
            vectors.drop()
    if folder != settings.library_root:
        shutil.rmtree(folder, ignore_errors=True)
        return
    for name in _INDEX:
        path = folder / name
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _begin(settings: Settings, embedder: Embedder) -> Path:
    """The folder to build in: the unfinished one when it was begun alike, else a new one; what lies about is removed."""
    made_with = {
        "embedding": embedder.fingerprint,
        "splitter": SPLITTER_VERSION,
        "prefixes": [QUERY_PREFIX, PASSAGE_PREFIX],
    }
    unfinished = _unfinished(settings)
    if unfinished is not None:
        if {k: v for k, v in _read_begun(unfinished).items() if k != "started"} == made_with:
            return unfinished
        discard(settings, unfinished)
    numbers = [int(p.name) for p in _numbered(settings)]
    folder = settings.library_root / str(max(numbers, default=0) + 1)
    folder.mkdir(parents=True)
    (folder / _BEGUN).write_text(json.dumps({**made_with, "started": _now()}), encoding="utf-8")
    with suppress(OSError):  # it fits or is made anew
        shutil.copyfile(settings.library_dir / unanswered.FILE, folder / unanswered.FILE)
    return folder


def _sweep(settings: Settings) -> None:
    """Removes what a process that was killed after an exchange left behind."""
    unfinished, current = _unfinished(settings), settings.library_dir
    for folder in (settings.library_root, *_numbered(settings)):
        if folder not in (unfinished, current):
            discard(settings, folder)


def _unfinished(settings: Settings) -> Path | None:
    return next((p for p in _numbered(settings) if (p / _BEGUN).exists() and p != settings.library_dir), None)


def _read_begun(folder: Path) -> dict[str, Any]:
    with suppress(OSError, ValueError):
        read = json.loads((folder / _BEGUN).read_text(encoding="utf-8"))
        return read if isinstance(read, dict) else {}
    return {}


def _numbered(settings: Settings) -> list[Path]:
    root = settings.library_root
    found = [p for p in root.iterdir() if p.is_dir() and p.name.isdigit()] if root.is_dir() else []
    return sorted(found, key=lambda p: int(p.name))


def _point(settings: Settings, folder: Path) -> None:
    """Puts an index in force, in one step."""
    partial = settings.library_root / "current.partial"
    partial.write_text(folder.name + "\n", encoding="utf-8")
    partial.replace(settings.library_root / "current")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
