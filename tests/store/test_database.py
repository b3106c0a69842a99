"""The database file as several connections and processes share it, and which databases are refused."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from coach.errors import SetupError
from coach.settings import ROOT, Settings
from coach.store.database import SCHEMA, open_database, transaction
from coach.store.records import open_records
from coach.store.tables import metadata


def test_a_second_opening_in_the_same_process_loses_nothing_another_process_is_told(tmp_path):
    """Opening the file a second time must not drop the locks of the first connection: the log would vanish under it."""
    url = f"sqlite:///{tmp_path / 'coach.db'}"
    first = open_database(url)
    with first.begin() as connection:
        connection.execute(text("CREATE TABLE kept (word TEXT)"))
    open_database(url)  # as a service does that opens replies and records of the same file
    other = "import sys; from coach.store.database import open_database; from sqlalchemy import text\n"
    other += "engine = open_database(sys.argv[1])\nwith engine.begin() as c: {}\nengine.dispose()"
    add = other.format("c.execute(text(\"INSERT INTO kept VALUES ('other')\"))")
    subprocess.run([sys.executable, "-c", add, url], check=True, timeout=60)
    with first.begin() as connection:
        connection.execute(text("INSERT INTO kept VALUES ('first')"))
    read = other.format("print(sorted(c.execute(text('SELECT word FROM kept')).scalars()))")
    told = subprocess.run([sys.executable, "-c", read, url], check=True, timeout=60, capture_output=True, text=True)
    assert told.stdout.strip() == "['first', 'other']"


def test_several_processes_may_start_at_once(clean_environment):
    code = (
        "from coach.settings import Settings; from coach.store.records import open_records; open_records(Settings()).of('local')"
    )
    started = [subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stderr=subprocess.PIPE) for _ in range(4)]
    assert [(p.communicate()[1], p.returncode) for p in started] == [(b"", 0)] * 4


def test_the_file_is_the_owners_and_in_wal_mode(clean_environment):
    open_records(Settings()).close()
    path = clean_environment / "coach.db"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_reader_does_not_wait_for_a_writer(tmp_path):
    engine = open_database(f"sqlite:///{tmp_path / 'coach.db'}")
    with transaction(engine) as writing:
        writing.execute(text("INSERT INTO people VALUES ('p', '2026-01-01', 'zh', '')"))
        with transaction(engine, reading=True) as connection:
            assert connection.execute(text("SELECT count(*) FROM people")).scalar() == 0
    engine.dispose()


def test_writers_of_one_process_take_turns(tmp_path):
    """Each reads and then writes: none of them sees what another is about to change."""
    engine = open_database(f"sqlite:///{tmp_path / 'coach.db'}")
    with transaction(engine) as connection:
        connection.execute(text("INSERT INTO people VALUES ('p', '2026-01-01', 'zh', '0')"))

    def more(_: int) -> None:
        with transaction(engine) as connection:
            count = int(connection.execute(text("SELECT time_zone FROM people")).scalar_one())
            connection.execute(text("UPDATE people SET time_zone = :n"), {"n": str(count + 1)})

    with ThreadPoolExecutor(30) as pool:
        list(pool.map(more, range(90)))
    with transaction(engine, reading=True) as connection:
        assert connection.execute(text("SELECT time_zone FROM people")).scalar() == "90"
    engine.dispose()


# --- databases that are refused ---------------------------------------------------------------------------------------


def test_a_newer_database_is_refused_and_left_alone(clean_environment):
    open_records(Settings()).close()
    engine = create_engine(Settings().records_url)
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE schema_version SET version = {SCHEMA + 1}"))
    engine.dispose()
    with pytest.raises(SetupError, match=f"version {SCHEMA + 1}.*up to {SCHEMA}"):
        open_records(Settings())


def test_a_place_that_cannot_be_written_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    for database in (tmp_path / "file" / "coach.db", tmp_path):
        with pytest.raises(SetupError) as refused:
            open_database(f"sqlite:///{database}")
        assert str(database) in refused.value.message and "COACH_DATABASE_URL" in refused.value.hint


def test_a_file_that_is_no_database_is_refused(tmp_path):
    (tmp_path / "coach.db").write_text("no database at all, but long enough to be looked at " * 20)
    with pytest.raises(SetupError, match="not a database"):
        open_database(f"sqlite:///{tmp_path / 'coach.db'}")


@pytest.mark.parametrize(
    "url", ["nonsense", "sqlite://", "sqlite:///:memory:", "nothing://user:secret@host/db", "postgresql+none://u:secret@h/d"]
)
def test_a_url_that_cannot_be_used_is_refused_without_its_password(url):
    with pytest.raises(SetupError) as refused:
        open_database(url)
    assert refused.value.hint and "secret" not in str(refused.value)


def test_the_tables_can_be_made_in_postgresql():
    made = [str(CreateTable(table).compile(dialect=postgresql.dialect())) for table in metadata.sorted_tables]
    assert any("TIMESTAMP WITH TIME ZONE" in statement for statement in made)
