"""The same tests on SQLite and on a real PostgreSQL: a throw-away server is started where its programs are found."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, inspect, make_url, text

from coach.store.database import open_database
from coach.store.records import Records
from coach.store.tables import metadata, schema_version
from tests.conftest import new_database

# Read once, before any test clears the environment: a server to use instead; its user must be allowed to make databases.
GIVEN = os.environ.get("COACH_TEST_POSTGRES", "")


def _programs() -> Path | None:
    """The folder of initdb and pg_ctl, the newest if there are several."""
    places = [Path(found).resolve().parent for name in ["initdb"] if (found := shutil.which(name))]
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name), reverse=True)
    return next((p for p in places if (p / "initdb").exists() and (p / "pg_ctl").exists()), None)


def _owner() -> str | None:
    """The server refuses to run as root; None: run it as we are."""
    if os.getuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


@pytest.fixture(scope="session")
def postgres() -> Iterator[URL]:
    """The URL of a server on which databases may be made and dropped."""
    if GIVEN:
        yield make_url(GIVEN)
        return
    programs, owner = _programs(), _owner()
    if programs is None:
        pytest.skip("no PostgreSQL here: apt-get install postgresql, or set COACH_TEST_POSTGRES to the URL of a server")
    # Not below pytest's own folder: other users cannot enter it, and the path of a socket must be short.
    folder = Path(tempfile.mkdtemp(prefix="coach-pg-"))
    data, log = folder / "data", folder / "log"
    if owner:
        entry = pwd.getpwnam(owner)
        os.chown(folder, entry.pw_uid, entry.pw_gid)
        as_owner = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    else:
        as_owner = {}

    def run(program: str, *arguments: str) -> None:
        # Into a file: the server inherits the output and would hold a pipe open.
        with open(folder / "out", "wb") as out:
            done = subprocess.run(
                [programs / program, *arguments], cwd=folder, stdout=out, stderr=subprocess.STDOUT, timeout=120, **as_owner
            )
        if done.returncode:
            told = [f.read_text(errors="replace") for f in (folder / "out", log) if f.exists()]
            raise RuntimeError(f"{program} failed: {' '.join(told)[-2000:]}")

    try:
        run("initdb", "-D", str(data), "-U", "coach", "-E", "UTF8", "--locale=C", "-A", "trust", "-N")
        # fsync off: what is in it need not outlive the tests. Shanghai: moments must not depend on the server's zone.
        settings = f"-c fsync=off -c listen_addresses='' -c unix_socket_directories='{folder}' -c timezone=Asia/Shanghai"
        run("pg_ctl", "-D", str(data), "-l", str(log), "-w", "-o", settings, "start")
        try:
            yield URL.create("postgresql+psycopg", username="coach", database="postgres", query={"host": str(folder)})
        finally:
            run("pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _database(postgres: URL) -> Iterator[Engine]:
    """An engine on a database of our own. Making one takes longer than most tests, so that they share it."""
    name = f"coach_test_{uuid.uuid4().hex[:12]}"
    server = create_engine(postgres, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0"))
    engine = create_engine(postgres.set(database=name), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    yield engine
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


@pytest.fixture(scope="session")
def postgres_empty(postgres: URL) -> Iterator[Engine]:
    with _database(postgres) as engine:
        yield engine


@pytest.fixture(scope="session")
def postgres_new(postgres: URL) -> Iterator[Engine]:
    with _database(postgres) as engine:
        yield engine


def _alone(connection: Connection) -> None:
    """Ends what an earlier test left open, a killed process for instance: it would hold its locks."""
    others = "datname = current_database() AND pid <> pg_backend_pid()"
    connection.execute(text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}"))


def _url(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=False)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database without tables."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'records.db'}"
    engine: Engine = request.getfixturevalue("postgres_empty")
    with engine.connect() as connection:
        _alone(connection)
        _drop_all(connection)
    return _url(engine)


def _drop_all(connection: Connection) -> None:
    connection.execute(text("DROP SCHEMA public CASCADE"))
    connection.execute(text("CREATE SCHEMA public"))


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database with this version's tables and nobody in it."""
    if request.param == "sqlite":
        return f"sqlite:///{new_database(tmp_path / 'records.db')}"
    engine: Engine = request.getfixturevalue("postgres_new")
    kept = [table.name for table in metadata.sorted_tables if table is not schema_version]
    with engine.connect() as connection:
        _alone(connection)
        if set(kept) <= set(inspect(connection).get_table_names()):
            connection.execute(text(f"TRUNCATE {', '.join(kept)} RESTART IDENTITY"))
            return _url(engine)
        _drop_all(connection)  # at first, and after a test that took a table away
    open_database(_url(engine)).dispose()
    return _url(engine)


class Clock:
    """Stands still until it is set. Each module has a fixture `clock` with its own beginning."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def on(self, **by: float) -> None:
        """Later by so many days, hours, and so on."""
        self.now += timedelta(**by)


@pytest.fixture
def records(database_url: str, clock: Clock) -> Iterator[Records]:
    made = Records(open_database(database_url), clock)
    yield made
    made.close()
