"""Opens the database, brings its tables up to date and refuses one it does not understand.

Owns connection settings and the schema version. Knows nothing of what the tables mean.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, delete, event, insert, make_url, select, text
from sqlalchemy.exc import ArgumentError, InterfaceError, NoSuchModuleError, OperationalError, SQLAlchemyError

from coach.errors import SetupError
from coach.store.migrations import migrate, references_off
from coach.store.tables import schema_version

SCHEMA = 5
"""The number of the newest migration."""

_BUSY_SECONDS = 15
_LOCK = 0x636F616368  # any number, the same in every process: only one of them changes the tables
_ELSEWHERE = "Make it writable, or keep the records elsewhere: COACH_DATABASE_URL=sqlite:////another/folder/coach.db"


def open_database(url: str) -> Engine:
    """An engine on a database that can be written and has this version's tables. Safe to share between threads.

    Raises:
        SetupError: the URL cannot be used, the database cannot be written, or a newer version wrote it.
    """
    parsed = _parse(url)
    if parsed.get_backend_name() == "sqlite":
        _make_file(parsed)
    engine = _engine(parsed)
    try:
        with engine.connect() as connection, references_off(connection), connection.begin():
            _prepare(connection)
    except SetupError:
        engine.dispose()
        raise
    except SQLAlchemyError as error:
        engine.dispose()
        reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        hint = _ELSEWHERE if engine.dialect.name == "sqlite" else "Check COACH_DATABASE_URL, and that its server runs."
        raise SetupError(f"The database {_shown(parsed)} cannot be used: {reason}.", hint=hint) from error
    return engine


@contextmanager
def transaction(engine: Engine, *, reading: bool = False) -> Iterator[Connection]:
    """A transaction; `reading` promises that nothing is changed, and then SQLite lets it wait for nobody.

    Raises:
        SetupError: the database is locked, full or gone.
    """
    try:
        with _in_turn(engine, reading), engine.connect() as connection:
            with connection.execution_options(reading=reading).begin():
                yield connection
    except (OperationalError, InterfaceError) as error:
        reason = str(error.orig or error).strip().splitlines()[0]
        raise SetupError(
            f"The records cannot be reached: {reason}.",
            hint="Try again; if it stays so, check COACH_DATABASE_URL and that the disk has room.",
        ) from error


@contextmanager
def _in_turn(engine: Engine, reading: bool) -> Iterator[None]:
    """The writers of one process go one after the other by themselves: SQLite would let them look again and again, and sleep.

    With 30 of them at once, ten turns each, all are done in two thirds of the time, and the longest wait is 0.5 s instead of 2.
    """
    if reading or engine.dialect.name != "sqlite":
        yield
        return
    turn = _turn_of(str(engine.url.database))
    mine = turn.acquire(timeout=_BUSY_SECONDS)
    try:
        yield
    finally:
        if mine:
            turn.release()


@cache
def _turn_of(file: str) -> threading.Lock:
    return threading.Lock()


def fold_in_log(engine: Engine) -> None:
    """Takes deleted words off the disk at once: SQLite keeps them in its write-ahead log until that is folded in."""
    if engine.dialect.name != "sqlite":
        return
    pooled = engine.raw_connection()
    try:
        pooled.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        pooled.close()


def _shown(url: URL) -> str:
    return url.render_as_string(hide_password=True)


def _parse(url: str) -> URL:
    """The URL itself is never quoted in an error: it may hold a password."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise SetupError(
            "COACH_DATABASE_URL is not a database URL.",
            hint="Examples: sqlite:////folder/coach.db, postgresql+psycopg://user:password@host/database",
        ) from error
    if parsed.get_backend_name() == "sqlite" and parsed.database in (None, "", ":memory:"):
        raise SetupError(
            "COACH_DATABASE_URL names a database in memory, which would forget every conversation.",
            hint="Name a file: COACH_DATABASE_URL=sqlite:////folder/coach.db",
        )
    return parsed


def _make_file(url: URL) -> None:
    """Makes the file before SQLite does, readable by its owner only: conversations are personal.

    A file that is there is not even opened: closing it would drop the locks that this process's other connections hold on it
    (POSIX), and another process would then throw away the write-ahead log under their feet.
    """
    path = Path(str(url.database))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        return
    except OSError as error:
        raise SetupError(f"The database file {path} cannot be written ({error.strerror}).", hint=_ELSEWHERE) from error


def _engine(url: URL) -> Engine:
    # hide_parameters: an SQL error must not carry people's words into a log.
    options: dict[str, Any] = {"hide_parameters": True, "pool_pre_ping": True}
    if url.get_backend_name() == "sqlite":
        options["connect_args"] = {"timeout": _BUSY_SECONDS, "check_same_thread": False}
    try:
        engine = create_engine(url, **options)
    except (ImportError, NoSuchModuleError) as error:
        raise SetupError(
            f"The database {_shown(url)} needs a driver that is not installed ({error}).",
            hint="For PostgreSQL: pip install 'psycopg[binary]' and COACH_DATABASE_URL=postgresql+psycopg://…",
        ) from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _tune)
        event.listen(engine, "begin", _begin)
    return engine


def _tune(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # the driver would begin transactions late; `_begin` does it instead
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: Connection) -> None:
    # IMMEDIATE: a transaction that starts reading and then writes could otherwise fail instead of waiting its turn.
    connection.exec_driver_sql("BEGIN" if connection.get_execution_options().get("reading") else "BEGIN IMMEDIATE")


def _prepare(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    schema_version.create(connection, checkfirst=True)
    version = connection.execute(select(schema_version.c.version)).scalar()
    if version is not None and version > SCHEMA:
        raise SetupError(
            f"The database has schema version {version}, this program knows versions up to {SCHEMA}.",
            hint="Use the newer program that wrote it, or another database: COACH_DATABASE_URL=sqlite:////folder/coach.db",
        )
    if version == SCHEMA:
        return
    migrate(connection, from_version=version)
    connection.execute(delete(schema_version))
    connection.execute(insert(schema_version).values(version=SCHEMA))
