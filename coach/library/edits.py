"""What whoever looks after the library changed by hand: edited passages with their history, hidden documents, failed uploads.

Kept in one small database of its own, `COACH_HOME/edits.db`, beside the index and not in it: the index is made anew by
`--rebuild` and by re-indexing, and what a person wrote must outlive both. Whoever builds an index lays the edits over it
with `applied`.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from coach import text as texts
from coach.library.catalogue import Entry, Record
from coach.library.passages import sentences

State = Literal["edited", "conflict", "homeless"]
"""`conflict`: the document says something else than when it was edited, and the edit is in force; `homeless`: the document
no longer has a passage like the edited one, and the edit is only kept."""

FILE = "edits.db"
_ALIKE = 0.4  # share of common words from which a changed passage counts as the edited one
_SCHEMA = """
CREATE TABLE IF NOT EXISTS edits (
    id INTEGER PRIMARY KEY, passage TEXT NOT NULL UNIQUE, doc TEXT NOT NULL, base TEXT NOT NULL, text TEXT NOT NULL,
    state TEXT NOT NULL, underlying TEXT NOT NULL, in_force INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS edits_of ON edits(doc);
CREATE TABLE IF NOT EXISTS history (
    edit INTEGER NOT NULL REFERENCES edits(id) ON DELETE CASCADE, version INTEGER NOT NULL, before TEXT NOT NULL,
    after TEXT NOT NULL, who TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (edit, version));
CREATE TABLE IF NOT EXISTS hidden (doc TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS failed (doc TEXT PRIMARY KEY, name TEXT NOT NULL, reason TEXT NOT NULL, at TEXT NOT NULL);
"""
_EDIT = "SELECT id, passage, doc, base, text, state, underlying, in_force FROM edits"


@dataclass(frozen=True, kw_only=True)
class Edit:
    """One edited passage. `base` is what the document said when it was edited, `underlying` what it says now.

    After a return to the document's own text it is no longer `in_force`, and only its history is of use. A homeless one has
    a name of its own for its passage, which the index does not hold.
    """

    id: int
    passage: str
    doc: str
    base: str
    text: str
    state: State
    underlying: str
    in_force: bool


@dataclass(frozen=True, kw_only=True)
class Version:
    """One change: who made it (an id of a person, empty once that person is gone), when (UTC), and what it replaced."""

    version: int
    before: str
    after: str
    who: str
    at: str


@dataclass(frozen=True, kw_only=True)
class Failure:
    """A document that could not be read, with the reason in English, as the loader gives it."""

    doc: str
    name: str
    reason: str
    at: str


class Edits:
    """Thread-safe; every call is one short transaction. The file is made by the first change."""

    def __init__(self, home: Path) -> None:
        self._path = home / FILE

    # passages

    def of(self, doc: str) -> list[Edit]:
        """Edits in force of one document, homeless ones included."""
        return self._edits("WHERE doc = ? AND in_force ORDER BY passage", doc)

    def edit(self, passage: str) -> Edit | None:
        """The edit of one passage, in force or not."""
        return next(iter(self._edits("WHERE passage = ?", passage)), None)

    def counts(self) -> dict[str, tuple[int, int]]:
        """(edits in force, of these in conflict or homeless) by document."""
        rows = self._read("SELECT doc, count(*), sum(state != 'edited') FROM edits WHERE in_force GROUP BY doc")
        return {str(doc): (int(all_), int(odd)) for doc, all_, odd in rows}

    def put(self, passage: str, doc: str, *, before: str, underlying: str, text: str, who: str) -> None:
        """Keeps a change of the text from `before` to `text` and what it rests on; resolves a conflict."""
        with self._write() as db:
            db.execute(
                "INSERT INTO edits (passage, doc, base, text, state, underlying, in_force) VALUES (?,?,?,?,'edited',?,?) "
                "ON CONFLICT (passage) DO UPDATE SET base = excluded.base, text = excluded.text, state = 'edited', "
                "underlying = excluded.underlying, in_force = excluded.in_force",
                (passage, doc, underlying, text, underlying, text != underlying),
            )
            (edit,) = db.execute("SELECT id FROM edits WHERE passage = ?", (passage,)).fetchone()
            (last,) = db.execute("SELECT coalesce(max(version), 0) FROM history WHERE edit = ?", (edit,)).fetchone()
            db.execute("INSERT INTO history VALUES (?,?,?,?,?,?)", (edit, last + 1, before, text, who, _now()))

    def history(self, passage: str) -> list[Version]:
        """All changes of one passage, oldest first."""
        rows = self._read(
            "SELECT version, before, after, who, h.at FROM history h JOIN edits e ON e.id = h.edit "
            "WHERE e.passage = ? ORDER BY version",
            passage,
        )
        return [Version(version=v, before=b, after=a, who=w, at=t) for v, b, a, w, t in rows]

    def applied(self, record: Record) -> Record:
        """The document with the edits in force laid over it; notes which of them no longer rest on what they did."""
        edits = self.of(record.id)
        if not edits:
            return record
        stamped = replace(record, sha256=self.stamped(record.id, record.sha256))
        if not record.entries:
            return stamped
        entries, placed = list(record.entries), list[Edit]()
        free = set(range(len(entries)))
        for edit in sorted(edits, key=lambda e: e.base not in {x.text for x in entries}):
            at = _place(edit, entries, free)
            if at is None:
                placed.append(replace(edit, passage=f"{edit.doc}!{edit.id}", state="homeless"))
                continue
            free.discard(at)
            entry = record.entries[at]
            state: State = "edited" if entry.text == edit.base else "conflict"
            placed.append(replace(edit, passage=entry.id, state=state, underlying=entry.text))
            entries[at] = edited(entry, edit.text)
        self._settle(placed)
        return replace(stamped, entries=tuple(entries))

    def stamped(self, doc: str, sha256: str) -> str:
        """A document's hash with that of its edits: an edited document is another state of the library."""
        edits = self.of(doc)
        if not edits:
            return sha256
        told = "\n".join(f"{e.base}\0{e.text}" for e in sorted(edits, key=lambda e: e.base))
        return f"{sha256}+{hashlib.sha256(told.encode('utf-8', 'replace')).hexdigest()[:8]}"

    def move(self, old: str, new: str) -> None:
        """A document got another id: its edits go with it."""
        with self._write() as db:
            for table in ("hidden", "failed"):
                db.execute(f"DELETE FROM {table} WHERE doc = ?", (old,))
            db.execute("UPDATE edits SET doc = ?, passage = replace(passage, ?, ?) WHERE doc = ?", (new, old, new, old))

    def drop(self, doc: str) -> None:
        """A document is removed: so is all that was changed in it."""
        with self._write() as db:
            for table in ("edits", "hidden", "failed"):
                db.execute(f"DELETE FROM {table} WHERE doc = ?", (doc,))

    def forget_person(self, person: str) -> None:
        """What a person changed stays, their id does not."""
        if self._path.exists():
            with self._write() as db:
                db.execute("UPDATE history SET who = '' WHERE who = ?", (person,))

    # documents

    def hidden(self) -> frozenset[str]:
        """Ids of documents that replies must not use."""
        return frozenset(str(doc) for (doc,) in self._read("SELECT doc FROM hidden"))

    def hide(self, doc: str, hidden: bool) -> None:
        """Hides a document or shows it again."""
        with self._write() as db:
            db.execute("INSERT OR IGNORE INTO hidden VALUES (?)" if hidden else "DELETE FROM hidden WHERE doc = ?", (doc,))

    def failures(self) -> list[Failure]:
        """Documents that could not be read, newest first."""
        rows = self._read("SELECT doc, name, reason, at FROM failed ORDER BY at DESC, doc")
        return [Failure(doc=d, name=n, reason=r, at=t) for d, n, r, t in rows]

    def fail(self, doc: str, name: str, reason: str) -> None:
        """Notes that a document could not be read."""
        with self._write() as db:
            db.execute("INSERT OR REPLACE INTO failed VALUES (?,?,?,?)", (doc, name, reason, _now()))

    def succeed(self, docs: Sequence[str]) -> None:
        """These documents can be read now."""
        if self._path.exists():
            with self._write() as db:
                db.executemany("DELETE FROM failed WHERE doc = ?", [(d,) for d in docs])

    def _settle(self, placed: Sequence[Edit]) -> None:
        """Keeps where edits stand now; two may have changed places, so that none keeps its old name meanwhile."""
        with self._write() as db:
            db.executemany("UPDATE edits SET passage = '~' || id WHERE id = ?", [(e.id,) for e in placed])
            for edit in placed:
                # A passage that was edited back to its own text holds the place with nothing but its history.
                db.execute("DELETE FROM edits WHERE passage = ? AND NOT in_force", (edit.passage,))
                db.execute(
                    "UPDATE edits SET passage = ?, state = ?, underlying = ? WHERE id = ?",
                    (edit.passage, edit.state, edit.underlying, edit.id),
                )

    def _edits(self, where: str, value: str) -> list[Edit]:
        return [
            Edit(id=i, passage=p, doc=d, base=b, text=t, state=s, underlying=u, in_force=bool(f))
            for i, p, d, b, t, s, u, f in self._read(f"{_EDIT} {where}", value)
        ]

    def _read(self, query: str, *values: str) -> list[tuple[Any, ...]]:
        if not self._path.exists():
            return []
        with closing(self._connect()) as db:
            return db.execute(query, values).fetchall()

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with closing(self._connect()) as db, db:
            yield db

    def _connect(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._path, timeout=30)
        db.execute("PRAGMA foreign_keys=ON")
        db.execute("PRAGMA secure_delete=ON")
        db.executescript(_SCHEMA)
        return db


def edited(entry: Entry, text: str) -> Entry:
    """The passage with another text; a stored question goes on pointing to its sentence where that still stands."""
    if text == entry.text:
        return entry
    old = [s.strip() for _, _, s in sentences(entry.text)]
    new = {s.strip(): number for number, (_, _, s) in enumerate(sentences(text), 1)}
    answers = tuple(new.get(old[n - 1], 0) if 0 < n <= len(old) else 0 for n in entry.answers)
    return replace(entry, text=text, answers=answers)


def _place(edit: Edit, entries: Sequence[Entry], free: set[int]) -> int | None:
    """Which passage an edit belongs to: the one with the same words, else the one that is most like it, if any is."""
    same = [at for at in sorted(free) if entries[at].text == edit.base]
    if same:
        return next((at for at in same if entries[at].id == edit.passage), same[0])
    if len(entries) == 1 and entries[0].id == edit.doc:  # a built-in article is always about the same thing
        return 0
    near = max(((_alike(edit.base, entries[at].text), -at) for at in free), default=(0.0, 0))
    return -near[1] if near[0] >= _ALIKE else None


def _alike(one: str, other: str) -> float:
    words, others = set(texts.tokens(one)), set(texts.tokens(other))
    return 2 * len(words & others) / max(1, len(words) + len(others))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
