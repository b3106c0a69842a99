"""The library's catalogue in SQLite: documents, passages, the lexical index, and what is still being written.

Owns one file, `library.db`. A document is in the catalogue whole or not at all: it appears by one transaction, after its
vectors are stored. Vectors without a catalogue row are never shown, so a killed ingest leaves nothing half visible.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from coach.text import tokens
from coach.types import Lang, Passage, Tier

_SCHEMA = """
CREATE TABLE IF NOT EXISTS documents (
    id TEXT PRIMARY KEY, path TEXT NOT NULL, sha256 TEXT NOT NULL, title TEXT NOT NULL, source TEXT NOT NULL,
    lang TEXT NOT NULL, tier TEXT NOT NULL, collection TEXT NOT NULL, meta TEXT NOT NULL DEFAULT '{}',
    added_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP);
CREATE TABLE IF NOT EXISTS passages (
    key INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, doc_id TEXT NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL, text TEXT NOT NULL, heading_path TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
    location TEXT NOT NULL DEFAULT '', questions TEXT NOT NULL DEFAULT '[]');
CREATE INDEX IF NOT EXISTS passages_of ON passages(doc_id, ordinal);
CREATE TABLE IF NOT EXISTS pending (doc_id TEXT PRIMARY KEY);
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5(body, questions, tokenize='porter unicode61', content='');
"""
_COLUMNS = """SELECT p.key, p.id, p.doc_id, p.ordinal, p.text, p.heading_path, p.start, p.end, p.location,
    d.title, d.source, d.lang, d.tier FROM passages p JOIN documents d ON d.id = p.doc_id"""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One passage as it enters the library; `questions` are those it is known to answer."""

    id: str
    text: str
    heading_path: tuple[str, ...] = ()
    start: int = 0
    end: int = 0
    location: str = ""
    questions: tuple[str, ...] = ()
    answers: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Record:
    """One document as it enters the library, with all its passages."""

    id: str
    path: str
    sha256: str
    title: str
    source: str
    lang: Lang
    tier: Tier
    collection: str
    entries: tuple[Entry, ...]
    meta: dict[str, Any] = field(default_factory=dict)


class _Held:
    """A thread's connection, closed together with the thread.

    A connection refers to itself, so that left to the garbage collector it stays with its page cache (130 KB) until the next
    full collection: among the objects of the model libraries that is thousands of replies away, each of them in a new thread.
    """

    def __init__(self, path: Path) -> None:
        # Only its own thread uses it; closed it is by whichever thread collects what a dead one has left.
        self.db = sqlite3.connect(path, timeout=30, check_same_thread=False)
        self.db.execute("PRAGMA journal_mode=WAL")
        self.db.execute("PRAGMA synchronous=NORMAL")
        self.db.execute("PRAGMA foreign_keys=ON")

    def __del__(self) -> None:
        if hasattr(self, "db"):  # missing when the file could not be opened
            self.db.close()


class Catalogue:
    """Thread-safe; readers never wait for a writer (WAL)."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db.executescript(_SCHEMA)

    @property
    def _db(self) -> sqlite3.Connection:
        if not hasattr(self._local, "held"):
            self._local.held = _Held(self._path)
        held: _Held = self._local.held
        return held.db

    def close(self) -> None:
        """Closes this thread's connection; those of other threads close when their threads end."""
        if hasattr(self._local, "held"):
            del self._local.held

    def hashes(self, collection: str) -> dict[str, str]:
        """sha256 of every whole document by id; documents whose writing was interrupted are left out."""
        rows = self._db.execute(
            "SELECT id, sha256 FROM documents WHERE collection = ? AND id NOT IN (SELECT doc_id FROM pending)", (collection,)
        )
        return dict(rows.fetchall())

    def documents(self) -> list[dict[str, Any]]:
        """All documents with their number of passages, newest last."""
        rows = self._db.execute(
            "SELECT d.id, d.path, d.title, d.lang, d.tier, d.collection, d.added_at, count(p.key) FROM documents d "
            "LEFT JOIN passages p ON p.doc_id = d.id GROUP BY d.id ORDER BY d.added_at, d.id"
        )
        names = ("id", "path", "title", "lang", "tier", "collection", "added_at", "passages")
        return [dict(zip(names, row, strict=True)) for row in rows]

    def overview(self) -> list[dict[str, Any]]:
        """All documents with what a list of them shows, own ones first, by title."""
        rows = self._db.execute(
            "SELECT d.id, d.path, d.title, d.source, d.lang, d.tier, d.collection, d.added_at, d.sha256, count(p.key), "
            "coalesce(sum(length(p.text)), 0), d.id IN (SELECT doc_id FROM pending) FROM documents d "
            "LEFT JOIN passages p ON p.doc_id = d.id GROUP BY d.id ORDER BY d.collection DESC, d.title, d.id"
        )
        names = ("id", "path", "title", "source", "lang", "tier", "collection", "added_at", "sha256", "passages", "characters")
        return [dict(zip((*names, "pending"), row, strict=True)) for row in rows]

    def ids(self, collection: str) -> list[str]:
        """The documents of a collection."""
        return [str(row[0]) for row in self._db.execute("SELECT id FROM documents WHERE collection = ?", (collection,))]

    def counts(self) -> tuple[int, int]:
        """Numbers of documents and of passages."""
        row = self._db.execute("SELECT (SELECT count(*) FROM documents), (SELECT count(*) FROM passages)").fetchone()
        return int(row[0]), int(row[1])

    def content_hashes(self) -> list[tuple[str, str]]:
        """(document id, sha256) of everything, in a stable order; the manifest's digest is made of it."""
        return [(str(a), str(b)) for a, b in self._db.execute("SELECT id, sha256 FROM documents ORDER BY id")]

    def begin(self, doc_ids: Sequence[str]) -> None:
        """Notes that these documents are being written or removed."""
        with self._db as db:
            db.executemany("INSERT OR IGNORE INTO pending VALUES (?)", [(i,) for i in doc_ids])

    def interrupted(self) -> list[str]:
        """Documents whose writing or removal did not finish."""
        return [str(row[0]) for row in self._db.execute("SELECT doc_id FROM pending ORDER BY doc_id")]

    def put(self, records: Sequence[Record]) -> None:
        """Replaces the documents by these, in one transaction, and clears their pending notes."""
        with self._db as db:
            for record in records:
                self._delete(db, record.id)
                db.execute(
                    "INSERT INTO documents (id, path, sha256, title, source, lang, tier, collection, meta) "
                    "VALUES (?,?,?,?,?,?,?,?,?)",
                    (
                        *(record.id, record.path, record.sha256, record.title, record.source),
                        *(record.lang, record.tier, record.collection, json.dumps(record.meta, ensure_ascii=False)),
                    ),
                )
                for ordinal, entry in enumerate(record.entries):
                    self._insert(db, record, ordinal, entry)
                db.execute("DELETE FROM pending WHERE doc_id = ?", (record.id,))

    def _insert(self, db: sqlite3.Connection, record: Record, ordinal: int, entry: Entry) -> None:
        path = json.dumps(entry.heading_path, ensure_ascii=False)
        asked = json.dumps(entry.questions, ensure_ascii=False)
        cursor = db.execute(
            "INSERT INTO passages (id, doc_id, ordinal, text, heading_path, start, end, location, questions) "
            "VALUES (?,?,?,?,?,?,?,?,?)",
            (entry.id, record.id, ordinal, entry.text, path, entry.start, entry.end, entry.location, asked),
        )
        body = " ".join(tokens(" ".join((record.title, *entry.heading_path, entry.text))))
        questions = " ".join(tokens(" ".join(entry.questions)))
        db.execute("INSERT INTO words (rowid, body, questions) VALUES (?,?,?)", (cursor.lastrowid, body, questions))

    def rewrite(self, passage_id: str, text: str, sha256: str) -> None:
        """Replaces the text of one passage and the hash of its document."""
        with self._db as db:
            key, doc_id, old, path, title, asked = db.execute(
                "SELECT p.key, d.id, p.text, p.heading_path, d.title, p.questions FROM passages p "
                "JOIN documents d ON d.id = p.doc_id WHERE p.id = ?",
                (passage_id,),
            ).fetchone()
            questions = " ".join(tokens(" ".join(json.loads(asked))))
            before, after = (" ".join(tokens(" ".join((title, *json.loads(path), t)))) for t in (old, text))
            db.execute("INSERT INTO words (words, rowid, body, questions) VALUES ('delete', ?, ?, ?)", (key, before, questions))
            db.execute("INSERT INTO words (rowid, body, questions) VALUES (?,?,?)", (key, after, questions))
            db.execute("UPDATE passages SET text = ? WHERE key = ?", (text, key))
            db.execute("UPDATE documents SET sha256 = ? WHERE id = ?", (sha256, doc_id))

    def remove(self, doc_ids: Sequence[str]) -> None:
        """Deletes documents and clears their pending notes."""
        with self._db as db:
            for doc_id in doc_ids:
                self._delete(db, doc_id)
                db.execute("DELETE FROM pending WHERE doc_id = ?", (doc_id,))

    def _delete(self, db: sqlite3.Connection, doc_id: str) -> None:
        for key, text, path, title, asked in db.execute(
            "SELECT p.key, p.text, p.heading_path, d.title, p.questions FROM passages p JOIN documents d ON d.id = p.doc_id "
            "WHERE d.id = ?",
            (doc_id,),
        ).fetchall():
            body = " ".join(tokens(" ".join((title, *json.loads(path), text))))
            questions = " ".join(tokens(" ".join(json.loads(asked))))
            # A contentless FTS5 table must be told the old words to forget them.
            db.execute("INSERT INTO words (words, rowid, body, questions) VALUES ('delete', ?, ?, ?)", (key, body, questions))
        db.execute("DELETE FROM documents WHERE id = ?", (doc_id,))

    def lexical(
        self, words: Iterable[str], limit: int, *, lang: Lang | None = None, collection: str = ""
    ) -> list[tuple[str, float]]:
        """(passage id, BM25 score) best first; any of the words may match, rarer ones count more."""
        unique = [w for w in dict.fromkeys(w.replace('"', "") for w in words) if w][:64]
        if not unique:
            return []
        query = " OR ".join(f'"{word}"' for word in unique)
        given = {"d.lang": lang, "d.collection": collection}
        where = "".join(f" AND {name} = ?" for name, value in given.items() if value)
        rows = self._db.execute(
            f"SELECT p.id, -bm25(words, 1.0, 1.0) FROM words JOIN passages p ON p.key = words.rowid "
            f"JOIN documents d ON d.id = p.doc_id WHERE words MATCH ? {where} ORDER BY 2 DESC LIMIT ?",
            (query, *(value for value in given.values() if value), limit),
        )
        return [(str(i), float(s)) for i, s in rows]

    def passages(self, ids: Sequence[str]) -> dict[str, Passage]:
        """Passages by id; unknown ids are left out."""
        found: dict[str, Passage] = {}
        for at in range(0, len(ids), 500):
            some = list(ids[at : at + 500])
            rows = self._db.execute(f"{_COLUMNS} WHERE p.id IN ({','.join('?' * len(some))})", some)
            found.update((row[1], _passage(row)) for row in rows)
        return found

    def of(self, doc_id: str) -> list[Passage]:
        """The passages of a document in their order; none when it is unknown."""
        return [_passage(row) for row in self._db.execute(f"{_COLUMNS} WHERE p.doc_id = ? ORDER BY p.ordinal", (doc_id,))]

    def record(self, doc_id: str) -> Record | None:
        """A document as it was entered, but for the sentences its questions point to."""
        row = self._db.execute(
            "SELECT id, path, sha256, title, source, lang, tier, collection, meta FROM documents WHERE id = ?", (doc_id,)
        ).fetchone()
        if row is None:
            return None
        entries = self._db.execute(
            "SELECT id, text, heading_path, start, end, location, questions FROM passages WHERE doc_id = ? ORDER BY ordinal",
            (doc_id,),
        )
        names = ("id", "path", "sha256", "title", "source", "lang", "tier", "collection")
        return Record(
            **dict(zip(names, row[:-1], strict=True)),
            meta=json.loads(row[-1]),
            entries=tuple(
                Entry(
                    **{"id": i, "text": t, "start": s, "end": e, "location": where},
                    heading_path=tuple(json.loads(path)),
                    questions=tuple(json.loads(asked)),
                )
                for i, t, path, s, e, where, asked in entries
            ),
        )

    def neighbour(self, passage: Passage, step: int) -> Passage | None:
        """The passage before (-1) or after (+1) in the same document."""
        row = self._db.execute(
            f"{_COLUMNS} WHERE p.doc_id = ? AND p.ordinal = (SELECT ordinal FROM passages WHERE id = ?) + ?",
            (passage.doc_id, passage.id, step),
        ).fetchone()
        return _passage(row) if row else None

    def meta(self, doc_id: str) -> dict[str, Any]:
        """What else is known of a document (facts, stages, questions …); empty when unknown."""
        row = self._db.execute("SELECT meta FROM documents WHERE id = ?", (doc_id,)).fetchone()
        return dict(json.loads(row[0])) if row else {}


def _passage(row: tuple[Any, ...]) -> Passage:
    _key, pid, doc_id, _ordinal, text, path, start, end, location, title, source, lang, tier = row
    named = f"{source} ({location})" if location else source
    return Passage(
        id=pid,
        doc_id=doc_id,
        text=text,
        title=title,
        source=named,
        lang=lang,
        tier=tier,
        heading_path=tuple(json.loads(path)),
        start=start,
        end=end,
    )
