"""Looking after the library: documents, passages, re-indexing, and a test that shows what chat would see.

Owns who may change the library when: one changer at a time, the others are told so. Reading never waits. What to write
where stands in `ingest`, `edits`, `reindex` and `own`; the bad answers stand in `mending`.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from coach import text as texts
from coach.errors import CoachError, Conflict, DocumentError, InputError, NotFound
from coach.library import own
from coach.library.catalogue import Catalogue, Record
from coach.library.edits import Edits, Version, edited
from coach.library.ingest import BUILT_IN, Ingest, document_id
from coach.library.reasons import told
from coach.library.reindex import Gentle, Progress, Reindex
from coach.library.trace import Candidate, Trace
from coach.messages import say
from coach.settings import Settings
from coach.types import Lang, Passage, Reply, Tier, Turn

if TYPE_CHECKING:
    from coach.app import Coach
    from coach.library.mending import Mending
    from coach.library.search import Library

MAX_FILE = 50_000_000
MAX_PASSAGE = 20_000
SHOWN = 40  # candidates of a search test, unless more are asked for
_PATIENCE = 10.0  # seconds a change waits for one that is under way
_GLANCE = 0.05  # seconds between looks whether that is a re-indexing, for which nobody waits

Status = Literal["ok", "failed", "waiting"]


@dataclass(frozen=True, kw_only=True)
class DocumentRow:
    """One line of the list of documents. `indexed` is UTC in ISO form, empty for what was never indexed.

    `status`: ok; failed with a `reason` (then `passages` is 0, or what was read of it last is still in use); waiting to be
    indexed. `edited` counts edited passages, `conflicts` those of them whose document has changed since.
    """

    id: str
    title: str
    name: str
    lang: Lang
    tier: Tier
    own: bool
    article: bool = False
    hidden: bool = False
    passages: int = 0
    characters: int = 0
    indexed: str = ""
    status: Status = "ok"
    reason: str = ""
    edited: int = 0
    conflicts: int = 0


@dataclass(frozen=True, kw_only=True)
class Added:
    """What became of an upload: the row it has now, whether it replaced one, and a sentence that says so."""

    document: DocumentRow
    replaced: bool
    notice: str


@dataclass(frozen=True, kw_only=True)
class PassageView:
    """A passage for reading and editing. `original` is what the document itself says now; `versions` counts changes.

    `state` is empty for one that was never touched, else edited, conflict or homeless, and `notice` says it in words.
    """

    id: str
    doc_id: str
    title: str
    heading_path: tuple[str, ...]
    source: str
    text: str
    original: str
    state: str = ""
    notice: str = ""
    versions: int = 0


@dataclass(frozen=True, kw_only=True)
class Tested:
    """What chat would see and say: `why` and each candidate's reason are sentences in `lang`, the language of the reader."""

    reply: Reply
    trace: Trace
    lang: Lang
    why: str
    kept: int

    def reason(self, candidate: Candidate) -> str:
        """What becomes of a candidate, in words."""
        return say(f"lib_fate_{candidate.fate}", self.lang, k=self.kept)

    def public(self, limit: int = SHOWN) -> dict[str, Any]:
        """Plain values; of the candidates that are not used at most `limit`."""
        trace = self.trace
        shown = [c for n, c in enumerate(trace.candidates) if n < limit or c.fate in ("kept", "joined")]
        return {
            "standalone_question": trace.standalone,
            "follow_up": trace.follow_up,
            "kind": trace.kind,
            "by_rule": trace.by_rule,
            "turn": {k: round(v, 4) for k, v in trace.turn.items()},
            "expansion": list(trace.expansion),
            "evidence": {
                "enough": trace.enough,
                "probability": None if trace.probability is None else round(trace.probability, 4),
                "threshold": None if trace.threshold is None else round(trace.threshold, 4),
                "missing": trace.missing,
                "signals": {k: round(v, 4) for k, v in trace.signals.items()},
                "why": self.why,
            },
            "candidates": [self._candidate(c) for c in shown],
            "candidates_in_all": len(trace.candidates),
            "reply": self.reply.public(),
        }

    def _candidate(self, candidate: Candidate) -> dict[str, Any]:
        scores = candidate.passage.scores
        parts = {
            "dense": "text", "question": "question", "question_mean": "question_mean", "share": "share", "lexical": "words",
            "reading": "reading",
        }  # fmt: skip
        return {
            "rank": candidate.rank,
            "passage": candidate.passage.public(),
            "fused": round(candidate.passage.score, 4),
            **{name: round(scores[part], 4) if part in scores else None for name, part in parts.items()},
            "kept": candidate.fate in ("kept", "joined"),
            "fate": candidate.fate,
            "of": candidate.of,
            "reason": self.reason(candidate),
        }


class Keeper:
    """Everything a page or a route for the library may do. Thread-safe. Failures are told in `lang`."""

    def __init__(self, coach: Coach) -> None:
        self._coach = coach
        self._settings: Settings = coach.settings
        self._edits = Edits(coach.settings.home)
        self._changing = threading.Lock()
        self._reindex = Reindex(coach.settings, self._exchange)

    @cached_property
    def mending(self) -> Mending:
        """The queue of bad answers and what people ask. Raises SetupError when the records cannot be opened."""
        from coach.library.mending import Mending, open_queue

        return Mending(self, self._settings, open_queue(self._settings))

    def close(self) -> None:
        """Stops a re-indexing that is under way; the next one goes on with it."""
        self._reindex.cancel()
        self._reindex.wait()
        if "mending" in self.__dict__:
            self.mending.close()

    # documents

    def documents(self, search: str = "", *, lang: Lang = "zh") -> list[DocumentRow]:
        """All documents: failed and waiting ones first, then own, then built-in ones; `search` is part of a title or name."""
        failures = {f.doc: f for f in self._edits.failures()}
        hidden, counts = self._edits.hidden(), self._edits.counts()
        rows = []
        with self._catalogue() as catalogue:
            for found in catalogue.overview():
                failure = failures.pop(found["id"], None)
                status: Status = "failed" if failure else "waiting" if found["pending"] else "ok"
                changed, odd = counts.get(found["id"], (0, 0))
                row = self._row(found)
                rows.append(
                    replace(
                        row,
                        hidden=row.id in hidden,
                        status=status,
                        reason=told(failure.reason, lang) if failure else "",
                        edited=changed,
                        conflicts=odd,
                    )
                )
        known = {row.id for row in rows}
        rows += [_unread(f.doc, f.name, "failed", indexed="", reason=told(f.reason, lang)) for f in failures.values()]
        rows += [_unread(document_id(p), p.name, "waiting") for p in own.files(self._settings) if document_id(p) not in known]
        order = {"failed": 0, "waiting": 1, "ok": 2}
        wanted = texts.fold(search)
        chosen = [r for r in rows if wanted in texts.fold(f"{r.title} {r.name} {r.id}")]
        return sorted(chosen, key=lambda r: (order[r.status], not r.own))

    def document(self, doc_id: str, *, lang: Lang = "zh") -> DocumentRow:
        """One row. Raises NotFound."""
        found = next((row for row in self.documents(lang=lang) if row.id == doc_id), None)
        if found is None:
            raise NotFound(say("lib_document_unknown", lang), hint=say("lib_document_unknown_mend", lang))
        return found

    def add(self, name: str, data: bytes, *, lang: Lang = "zh") -> Added:
        """Takes in a file; one of the same name is replaced. An unreadable new one is listed as failed.

        Raises:
            DocumentError: it cannot be read; a document of the same name stays as it was.
            InputError: it is larger than MAX_FILE.
            Conflict: the library is being changed.
        """
        kept = own.safe_name(name)
        return self._take_in(kept, data, own.folder(self._settings) / kept, lang)

    def replace(self, doc_id: str, name: str, data: bytes, *, lang: Lang = "zh") -> Added:
        """Puts a file in the place of an own document, whatever either is called; edits of it stay. Raises as `add`."""
        row = self._own(doc_id, lang)
        if not row.passages:
            added = self.add(name, data, lang=lang)
            if added.document.id != doc_id:
                self._edits.drop(doc_id)
            return added
        place = self._free(own.safe_name(name), doc_id)
        added = self._take_in(place.name, data, place, lang, instead_of=doc_id)
        return replace(added, replaced=True, notice=_replaced(added.document, lang))

    def write_article(self, name: str, data: bytes, *, lang: Lang = "zh") -> DocumentRow:
        """Takes in an article that was written here, or puts it in the place of the one of the same name. Raises as `add`."""
        return self._take_in(name, data, own.folder(self._settings) / own.ARTICLES / name, lang).document

    def remove(self, doc_id: str, *, lang: Lang = "zh") -> None:
        """Removes an own document: from the index, from the coach's own folder, and every edit of it.

        A file that was ingested from elsewhere stays where it is. Raises NotFound, InputError for a built-in article, Conflict.
        """
        self._own(doc_id, lang)
        with self._change(lang) as (library, run):
            for path in own.files(self._settings):
                if document_id(path) == doc_id:
                    path.unlink()
            run.remove([doc_id])
            self._edits.drop(doc_id)
            self._finish(library, run)

    def hide(self, doc_id: str, hidden: bool = True, *, lang: Lang = "zh") -> DocumentRow:
        """Keeps a document out of replies, or lets it back in. Its passages can still be opened."""
        self.document(doc_id, lang=lang)
        with self._change(lang) as (library, _run):
            self._edits.hide(doc_id, hidden)
            library.refresh()
        return self.document(doc_id, lang=lang)

    # passages

    def passages(self, doc_id: str, *, lang: Lang = "zh") -> list[PassageView]:
        """The passages of a document in order, then edits that no longer have a place in it. Raises NotFound."""
        with self._catalogue() as catalogue:
            found = catalogue.of(doc_id)
        views = [self._view(p, lang) for p in found]
        views += [self._homeless(e.passage, lang) for e in self._edits.of(doc_id) if e.state == "homeless"]
        if not views:
            self.document(doc_id, lang=lang)
        return views

    def passage(self, passage_id: str, *, lang: Lang = "zh") -> PassageView:
        """One passage. Raises NotFound."""
        with self._catalogue() as catalogue:
            found = catalogue.passages([passage_id]).get(passage_id)
        return self._view(found, lang) if found else self._homeless(passage_id, lang)

    def edit_passage(self, passage_id: str, text: str, *, by: str, lang: Lang = "zh") -> PassageView:
        """Changes the words of a passage, whatever its document says; the document's own text edits it back.

        `by` is the id of the person. The change is in force at once and survives re-indexing. Raises NotFound, InputError
        for an empty or overlong text, Conflict.
        """
        wanted = texts.clean(text).strip()
        if not any(c.isalnum() for c in wanted):
            raise InputError(say("lib_passage_empty", lang))
        if len(wanted) > MAX_PASSAGE:
            raise InputError(say("lib_passage_long", lang, limit=MAX_PASSAGE, length=len(wanted)))
        with self._change(lang) as (library, run):
            self._reword(library, run, passage_id, wanted, by, lang)
        return self.passage(passage_id, lang=lang)

    def history(self, passage_id: str, *, lang: Lang = "zh") -> list[Version]:
        """All changes of a passage, oldest first; version 0, which is not listed, is what the document says."""
        self.passage(passage_id, lang=lang)
        return self._edits.history(passage_id)

    def restore(self, passage_id: str, version: int, *, by: str, lang: Lang = "zh") -> PassageView:
        """Makes the words of a version those of now; 0 is what the document itself says. Raises as `edit_passage`."""
        view = self.passage(passage_id, lang=lang)
        known = {v.version: v.after for v in self._edits.history(passage_id)} | {0: view.original}
        if version not in known:
            raise NotFound(say("lib_version_unknown", lang, version=version))
        return self.edit_passage(passage_id, known[version], by=by, lang=lang)

    # re-indexing

    def reindex(self, progress: Callable[[int, int, str], None] | None = None, *, lang: Lang = "zh") -> Progress:
        """Begins to build the whole index anew, or goes on with one that was cut short; returns at once.

        `progress(done, total, name)` is called from the thread that builds. Raises Conflict when one is under way already.
        """
        self._take_turn(lang)
        try:
            self._reindex.start(self._embedder(), told=progress, ended=self._changing.release)
        except BaseException:
            self._changing.release()
            raise
        return self._reindex.progress()

    def progress(self) -> Progress:
        """How far the re-indexing is, or how the last one ended."""
        return self._reindex.progress()

    def cancel(self) -> Progress:
        """Stops the re-indexing; replies go on being made from the old index."""
        self._reindex.cancel()
        return self._reindex.progress()

    def wait(self, timeout: float | None = None) -> Progress:
        """Waits for the end of a re-indexing."""
        self._reindex.wait(timeout)
        return self._reindex.progress()

    # search test

    def search_test(
        self, question: str, *, answer_lang: Lang | None = None, history: Sequence[Turn] = (), lang: Lang = "zh"
    ) -> Tested:
        """Exactly what chat would see and say, and why: one run of the pipeline itself, of which nothing is kept.

        `answer_lang` as in chat; `lang` is the reader's. Raises InputError for an empty question.
        """
        if not texts.normalise(question):
            raise InputError(say("lib_question_empty", lang))
        trace = Trace()
        reply = self._coach.traced(question, history, answer_lang, trace)
        trace.kind, trace.standalone = reply.kind, reply.standalone_question
        trace.follow_up = trace.standalone != texts.normalise(question) and bool(history)
        kept = sum(1 for c in trace.candidates if c.fate == "kept")
        return Tested(reply=reply, trace=trace, lang=lang, why=_why(trace, lang), kept=kept)

    def nearest(self, question: str, limit: int) -> list[str]:
        """The titles the library has nearest to a question."""
        with self._coach.library() as library:
            return [p.title for p in library.search(question, k=limit).passages]

    # inside

    @contextmanager
    def _change(self, lang: Lang) -> Iterator[tuple[Library, Ingest]]:
        self._take_turn(lang)
        try:
            with self._coach.library() as library:
                embedder = Gentle(library.embedder)  # a long document must not keep questions waiting
                run = Ingest(self._settings, embedder, library.catalogue, library.vectors, folder=library.folder)
                self._recover(library, run)
                yield library, run
        finally:
            self._changing.release()

    def _take_turn(self, lang: Lang) -> None:
        deadline = time.monotonic() + _PATIENCE
        while self._reindex.running or not self._changing.acquire(timeout=_GLANCE):
            if self._reindex.running:
                now = self._reindex.progress()
                busy = say("lib_busy_reindex", lang, done=now.done, total=now.total)
                raise Conflict(busy, hint=say("lib_busy_reindex_mend", lang))
            if time.monotonic() > deadline:
                raise Conflict(say("lib_busy", lang), hint=say("lib_busy_mend", lang))

    def _recover(self, library: Library, run: Ingest) -> None:
        """Does again what a killed process left half done; what has neither file nor article any more is removed at the end."""
        if not (wanted := set(library.catalogue.interrupted())):
            return
        run.put(article for article in run.articles() if article.id in wanted)
        known = [Path(d["path"]) for d in library.catalogue.documents() if d["id"] in wanted and d["collection"] != BUILT_IN]
        run.files([p for p in {*known, *own.files(self._settings)} if document_id(p) in wanted], lambda *_: None)

    def _take_in(self, name: str, data: bytes, place: Path, lang: Lang, instead_of: str = "") -> Added:
        if len(data) > MAX_FILE:
            raise InputError(say("lib_too_large", lang, name=name, limit=MAX_FILE // 1_000_000))
        doc_id = document_id(place)
        with self._change(lang) as (library, run), own.incoming(self._settings, name, data) as path:
            known = library.catalogue.record(doc_id)
            try:
                record = run.document(path, place)
            except DocumentError as error:
                raise self._refused(error, name, doc_id, lang, stays=bool(known or instead_of)) from error
            twin = self._twin(library, record)
            if instead_of and instead_of != doc_id:
                self._edits.move(instead_of, doc_id)
                self._unlink(instead_of)
                run.remove([instead_of])
            place.parent.mkdir(parents=True, exist_ok=True)
            path.replace(place)
            run.put([record])
            self._edits.succeed([doc_id])
            self._finish(library, run)
        row = self.document(doc_id, lang=lang)
        notice = _replaced(row, lang) if known else say("lib_added", lang, title=row.title, passages=row.passages)
        if twin:
            notice += ("" if lang == "zh" else " ") + say("lib_same_content", lang, title=twin)
        return Added(document=row, replaced=known is not None, notice=notice)

    def _free(self, name: str, doc_id: str) -> Path:
        """Where a file of this name may stand without taking the place of another document than this one."""
        stem, dot, ending = name.rpartition(".")
        for number in range(1, 1000):
            place = own.folder(self._settings) / (name if number == 1 else f"{stem} ({number}){dot}{ending}")
            if not place.exists() or document_id(place) == doc_id:
                return place
        raise Conflict(name)

    def _refused(self, error: DocumentError, name: str, doc_id: str, lang: Lang, *, stays: bool) -> DocumentError:
        """A new document is listed as failed; one that is there already stays as it was."""
        reason = told(error.message, lang)
        if stays:
            return DocumentError(say("lib_not_replaced", lang, name=name, reason=reason))
        self._edits.fail(doc_id, name, error.message)
        return DocumentError(say("lib_not_read", lang, name=name, reason=reason))

    def _twin(self, library: Library, record: Record) -> str:
        """The title of another document with the same bytes."""
        same = (d for d in library.catalogue.overview() if str(d["sha256"]).partition("+")[0] == record.sha256)
        return next((str(d["title"]) for d in same if d["id"] != record.id), "")

    def _unlink(self, doc_id: str) -> None:
        for path in own.files(self._settings):
            if document_id(path) == doc_id:
                path.unlink()

    def _reword(self, library: Library, run: Ingest, passage_id: str, text: str, by: str, lang: Lang) -> None:
        found = library.passage(passage_id)
        if found is None:
            raise NotFound(say("lib_passage_unknown", lang), hint=say("lib_passage_unknown_mend", lang))
        if found.text == text and self._resolved(passage_id):
            return
        edit = self._edits.edit(passage_id)
        underlying = edit.underlying if edit is not None and edit.in_force else found.text
        self._edits.put(passage_id, found.doc_id, before=found.text, underlying=underlying, text=text, who=by)
        record = library.catalogue.record(found.doc_id)
        assert record is not None
        plain = replace(record, sha256=record.sha256.partition("+")[0])
        if len(record.entries) > 1:
            entry = next(e for e in record.entries if e.id == passage_id)
            stamped = replace(plain, sha256=self._edits.stamped(plain.id, plain.sha256))
            run.reword(stamped, edited(entry, text))
        elif record.collection == BUILT_IN and (self._settings.knowledge / record.path).exists():
            run.put(run.articles([record.path]))
        else:
            run.put([replace(plain, entries=tuple(replace(e, text=underlying) for e in plain.entries))])
        self._finish(library, run)

    def _resolved(self, passage_id: str) -> bool:
        edit = self._edits.edit(passage_id)
        return edit is None or edit.state == "edited"

    def _finish(self, library: Library, run: Ingest) -> None:
        library.refresh(run.finish())

    def _embedder(self) -> Any:  # noqa: ANN401  coach.models.embedding.Embedder, which is imported only where it is needed
        """The one in use, or a new one when no library could be opened: re-indexing is what mends that."""
        from coach.models.embedding import Embedder

        try:
            with self._coach.library() as library:
                return library.embedder
        except CoachError:
            return Embedder(self._settings)

    def _exchange(self, folder: Path) -> None:
        """The new index is whole: questions go to it from now on."""
        from coach.app import open_library, release_library

        self._coach.take(open_library(self._settings, self._embedder()), release_library)

    @contextmanager
    def _catalogue(self) -> Iterator[Catalogue]:
        """Of the index in force, whether or not it can be searched."""
        with closing(Catalogue(self._settings.library_dir / "library.db")) as catalogue:
            yield catalogue

    def _own(self, doc_id: str, lang: Lang) -> DocumentRow:
        row = self.document(doc_id, lang=lang)
        if not row.own:
            raise InputError(say("lib_built_in", lang, title=row.title), hint=say("lib_built_in_mend", lang))
        return row

    def _row(self, found: dict[str, Any]) -> DocumentRow:
        mine = found["collection"] != BUILT_IN
        path = Path(found["path"])
        return DocumentRow(
            id=found["id"],
            title=found["title"],
            name=path.name if mine else str(found["path"]),
            lang=found["lang"],
            tier=found["tier"],
            own=mine,
            article=mine and path.parent == (own.folder(self._settings) / own.ARTICLES).resolve(),
            passages=found["passages"],
            characters=found["characters"],
            indexed=_iso(found["added_at"]),
        )

    def _view(self, passage: Passage, lang: Lang) -> PassageView:
        edit = self._edits.edit(passage.id)
        in_force = edit is not None and edit.in_force
        state = edit.state if edit is not None and in_force else ""
        return PassageView(
            id=passage.id,
            doc_id=passage.doc_id,
            title=passage.title,
            heading_path=passage.heading_path,
            source=passage.source,
            text=passage.text,
            original=edit.underlying if edit is not None and in_force else passage.text,
            state=state,
            notice=say(f"lib_state_{state}", lang) if state else "",
            versions=len(self._edits.history(passage.id)) if edit else 0,
        )

    def _homeless(self, passage_id: str, lang: Lang) -> PassageView:
        edit = self._edits.edit(passage_id)
        if edit is None or edit.state != "homeless":
            raise NotFound(say("lib_passage_unknown", lang), hint=say("lib_passage_unknown_mend", lang))
        row = self.document(edit.doc, lang=lang)
        return PassageView(
            id=passage_id,
            doc_id=edit.doc,
            title=row.title,
            heading_path=(),
            source=row.name,
            text=edit.text,
            original=edit.base,
            state="homeless",
            notice=say("lib_state_homeless", lang),
            versions=len(self._edits.history(passage_id)),
        )


def public(value: object) -> dict[str, Any]:
    """A row, view or version as plain values."""
    return asdict(value)  # type: ignore[call-overload, no-any-return]


def _unread(doc_id: str, name: str, status: Status, *, indexed: str = "", reason: str = "") -> DocumentRow:
    stem = name.rpartition(".")[0] or name
    return DocumentRow(
        id=doc_id,
        title=stem,
        name=name,
        lang=texts.language(stem),
        tier="document",
        own=True,
        indexed=indexed,
        status=status,
        reason=reason,
    )


def _replaced(row: DocumentRow, lang: Lang) -> str:
    return say("lib_replaced", lang, title=row.title, passages=row.passages)


def _why(trace: Trace, lang: Lang) -> str:
    """The evidence decision as a sentence."""
    if trace.probability is None:
        return say("lib_why_not_searched", lang)
    if trace.by_rule:
        return say("lib_why_rule", lang)
    if trace.missing:
        return say(f"lib_why_missing_{trace.missing}", lang)
    probability, threshold = trace.probability, trace.threshold or 0.0
    key = "not_enough" if not trace.enough else "named" if probability < threshold else "enough"
    return say(f"lib_why_{key}", lang, probability=f"{probability:.2f}", threshold=f"{threshold:.2f}")


def _iso(stamp: str) -> str:
    """SQLite's CURRENT_TIMESTAMP as ISO 8601 with its zone."""
    return f"{datetime.fromisoformat(stamp).isoformat()}+00:00" if stamp else ""
