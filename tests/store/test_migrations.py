"""A database of any earlier version comes up to date without loss, whoever else opens it and whatever interrupts."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import (
    JSON,
    Column,
    DateTime,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    insert,
    inspect,
    text,
)

from coach.errors import SetupError
from coach.settings import ROOT
from coach.store import database, migrations
from coach.store.channels import Channels
from coach.store.database import SCHEMA, open_database
from coach.store.inbox import Inbox
from coach.store.records import Records
from coach.store.tables import metadata, people
from coach.types import Reply

# The tables as the last program without migrations made them; not to be changed any more.
OLD = MetaData()
Table("schema_version", OLD, Column("version", Integer, nullable=False))
OLD_REPLIES = Table(
    "replies",
    OLD,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("id", String(64), nullable=False, unique=True),
    Column("conversation", String(64), nullable=False, index=True),
    Column("created_at", DateTime(timezone=True), nullable=False),
    *(Column(name, Text, nullable=False) for name in ("question", "standalone_question", "answer")),
    Column("status", String(32), nullable=False),
    Column("kind", String(64), nullable=False),
    Column("language", String(8), nullable=False),
    Column("notice", Text, nullable=False),
    Column("model", String(200), nullable=False),
    *(Column(name, String(128), nullable=False) for name in ("prompt_hash", "library_version")),
    *(Column(name, JSON, nullable=False) for name in ("citations", "passages", "suggestions", "timings")),
)


def old_reply(n: int) -> dict[str, object]:
    words = {name: f"{name} {n} 预算🙂" for name in ("question", "standalone_question", "answer", "notice")}
    short = {"status": "answered", "kind": "question", "language": "zh", "model": "m", "prompt_hash": "p", "library_version": "v"}
    values = {"citations": [], "passages": [], "suggestions": ["然后？"], "timings": {"total": 1.5}}
    return {
        "id": f"r{n}",
        "conversation": f"c{n % 2}",
        "created_at": datetime(2026, 5, 1, tzinfo=UTC),
        **words,
        **short,
        **values,
    }


@pytest.fixture
def old_url(empty_url: str) -> str:
    """A database of schema 1 with 20 replies."""
    return make_old(empty_url)


def make_old(empty_url: str) -> str:
    engine = create_engine(empty_url)
    with engine.begin() as connection:
        OLD.create_all(connection)
        connection.execute(text("INSERT INTO schema_version VALUES (1)"))
        connection.execute(OLD_REPLIES.insert(), [old_reply(n) for n in range(20)])
    engine.dispose()
    return empty_url


def rows(engine: Engine, table: str) -> list[tuple]:
    with engine.begin() as connection:
        return [tuple(row) for row in connection.execute(text(f"SELECT * FROM {table} ORDER BY 1"))]


def looks(url: str) -> tuple[list[tuple], set[str]]:
    """What was said and the names of the tables, seen without opening the database as the program does."""
    engine = create_engine(url)
    names = set(inspect(engine).get_table_names())
    seen = rows(engine, "replies" if "replies" in names else "exchanges"), names
    engine.dispose()
    return seen


def differences(engine: Engine) -> list[object]:
    """Between the tables of the program and those of the database."""
    with engine.connect() as connection:
        return compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata)


def test_an_empty_database_gets_exactly_the_tables_of_the_program(empty_url):
    engine = open_database(empty_url)
    assert differences(engine) == []
    assert rows(engine, "schema_version") == [(SCHEMA,)]
    engine.dispose()


def test_the_comparison_notices_a_column_that_no_migration_makes(empty_url):
    engine = open_database(empty_url)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE plan_versions DROP COLUMN why"))
    assert differences(engine) != []
    engine.dispose()


def test_references_are_the_same_in_the_database_as_in_the_program(empty_url):
    """The comparison above is blind to what happens on deletion."""
    engine = open_database(empty_url)
    for table in metadata.tables.values():
        wanted = {
            (tuple(k.column_keys), tuple(e.target_fullname for e in k.elements), k.ondelete)
            for k in table.foreign_key_constraints
        }
        found = {
            (
                tuple(k["constrained_columns"]),
                tuple(f"{k['referred_table']}.{c}" for c in k["referred_columns"]),
                k["options"].get("ondelete"),
            )
            for k in inspect(engine).get_foreign_keys(table.name)
        }
        assert found == wanted, table.name
    engine.dispose()


def test_a_database_of_the_program_before_migrations_is_taken_over_without_loss(old_url):
    engine = open_database(old_url)
    assert differences(engine) == [] and "replies" not in inspect(engine).get_table_names()
    talks = Records(engine).of("local").talks
    assert [(h.id, h.exchanges, h.named) for h in talks.listed()] == [("c1", 10, False), ("c0", 10, False)]
    assert talks.one("c1").title == "question 1 预算🙂" and talks.one("c0").made == datetime(2026, 5, 1, tzinfo=UTC)
    for n, exchange in zip(range(1, 20, 2), talks.one("c1").exchanges, strict=True):
        old = old_reply(n)
        kept = {name: value for name, value in old.items() if name not in ("conversation", "created_at")}
        kept |= {"citations": (), "passages": (), "suggestions": ("然后？",)}
        assert exchange.reply == Reply(**kept) and (exchange.id, exchange.question) == (f"r{n}", old["question"])
        assert (exchange.state, exchange.text, exchange.made) == ("done", old["answer"], old["created_at"])
    assert [h.id for h in talks.listed("ANSWER 3预算")] == ["c1"]
    engine.dispose()


def as_of(monkeypatch: pytest.MonkeyPatch, steps: Path, schema: int) -> None:
    """The program as it was when this was the newest schema."""
    later = [step.name for step in migrations.FOLDER.glob("v*.py") if step.name > f"v{schema + 1:04}"]
    shutil.copytree(migrations.FOLDER, steps, ignore=shutil.ignore_patterns("__pycache__", *later))
    monkeypatch.setattr(migrations, "FOLDER", steps)
    monkeypatch.setattr(database, "SCHEMA", schema)


def test_a_database_of_schema_2_keeps_its_people_and_its_replies(old_url, monkeypatch, tmp_path):
    as_of(monkeypatch, tmp_path / "steps", 2)
    engine = open_database(old_url)
    with engine.begin() as connection:
        row = {"id": "local", "created": datetime(2025, 1, 1, tzinfo=UTC), "language": "en", "time_zone": "Asia/Shanghai"}
        connection.execute(insert(people).values(row))
    engine.dispose()
    monkeypatch.undo()
    upgraded = open_database(old_url)
    local = Records(upgraded).of("local")
    assert local.person.language == "en" and sum(h.exchanges for h in local.talks.listed()) == 20
    assert len(rows(upgraded, "people")) == 1
    upgraded.dispose()


def test_a_database_from_before_the_channels_keeps_everything_and_takes_channels(old_url, monkeypatch, tmp_path):
    as_of(monkeypatch, tmp_path / "steps", 4)
    engine = open_database(old_url)
    assert "channel_users" not in inspect(engine).get_table_names()
    Records(engine).of("local").start_assessment("short", "f 1")
    kept = {table: rows(engine, table) for table in ("people", "assessments", "conversations", "exchanges")}
    engine.dispose()
    monkeypatch.undo()
    upgraded = open_database(old_url)
    assert {table: rows(upgraded, table) for table in kept} == kept and len(kept["exchanges"]) == 20
    assert differences(upgraded) == []
    channels = Channels(upgraded)
    linked = channels.link(channels.meet("slack", "T1", "U1"), channels.new_code("local"), lang="en")
    assert linked.person == "local" and Inbox(upgraded).put("slack", "k", "l", {})
    upgraded.dispose()


def test_a_database_without_replies_gets_no_person(empty_url):
    engine = open_database(empty_url)
    assert rows(engine, "people") == []
    engine.dispose()


def test_an_upgraded_database_opens_again_unchanged(old_url):
    first = open_database(old_url)
    Records(first).of("local")
    first.dispose()
    before = looks(old_url)
    again = open_database(old_url)
    assert looks(old_url) == before and len(rows(again, "people")) == 1
    again.dispose()


def test_the_program_before_migrations_would_refuse_what_it_does_not_know(old_url):
    open_database(old_url).dispose()
    engine = create_engine(old_url)
    assert rows(engine, "schema_version")[0][0] > 1  # what it looks at
    engine.dispose()


def test_a_newer_database_is_refused_and_left_as_it_is(old_url):
    engine = create_engine(old_url)
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE schema_version SET version = {SCHEMA + 7}"))
    engine.dispose()
    before = looks(old_url)
    with pytest.raises(SetupError, match=f"version {SCHEMA + 7}.*up to {SCHEMA}") as refused:
        open_database(old_url)
    assert "COACH_DATABASE_URL" in refused.value.hint and looks(old_url) == before


def test_a_database_changed_by_unknown_steps_is_refused_and_left_as_it_is(old_url):
    engine = create_engine(old_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) PRIMARY KEY)"))
        connection.execute(text("INSERT INTO alembic_version VALUES ('somebody_else')"))
    engine.dispose()
    before = looks(old_url)
    with pytest.raises(SetupError, match="steps this program does not know.*somebody_else"):
        open_database(old_url)
    assert looks(old_url) == before


def test_the_schema_number_is_that_of_the_newest_migration():
    script = ScriptDirectory(migrations.FOLDER, version_locations=[migrations.FOLDER])
    steps = [step.revision for step in script.walk_revisions()]
    assert steps == [f"{n:04}" for n in range(SCHEMA, 0, -1)]


OPEN = "import sys; from coach.store.database import open_database; open_database(sys.argv[1]).dispose()"


@pytest.mark.parametrize("start", ["empty", "old"])
def test_processes_that_open_it_at_once_do_not_collide(empty_url, start):
    url = make_old(empty_url) if start == "old" else empty_url
    started = [subprocess.Popen([sys.executable, "-c", OPEN, url], cwd=ROOT, stderr=subprocess.PIPE) for _ in range(4)]
    assert [(p.communicate(timeout=120)[1], p.returncode) for p in started] == [(b"", 0)] * 4
    engine = open_database(url)
    assert differences(engine) == []
    assert len(rows(engine, "exchanges")) == (20 if start == "old" else 0)
    engine.dispose()


KILLED = """
import os, signal, sys
from sqlalchemy import Engine, event
from coach.store.database import open_database

@event.listens_for(Engine, "after_cursor_execute")
def die(connection, cursor, statement, *rest):
    if sys.argv[2] in statement:
        os.kill(os.getpid(), signal.SIGKILL)

open_database(sys.argv[1])
"""


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE alembic_version",
        "CREATE TABLE people",
        "CREATE TABLE reviews",
        "CREATE TABLE exchanges",
        "DROP TABLE replies",
        "CREATE TABLE channel_users",
        "CREATE TABLE oauth_states",
    ],
)
@pytest.mark.parametrize("start", ["empty", "old"])
def test_a_kill_in_the_middle_leaves_a_usable_database(empty_url, start, statement):
    url = make_old(empty_url) if start == "old" else empty_url
    before = looks(url) if start == "old" else None
    died = subprocess.run([sys.executable, "-c", KILLED, url, statement], cwd=ROOT, stderr=subprocess.PIPE, timeout=120)
    assert died.returncode == -signal.SIGKILL, died.stderr.decode()
    if before:
        assert looks(url) == before  # all or nothing
    engine = open_database(url)
    assert differences(engine) == []
    assert len(rows(engine, "exchanges")) == (20 if before else 0)
    Records(engine).of("local").export()
    engine.dispose()


NEXT_STEP = '''
"""A step that gives people a column that may not be empty, which SQLite can only do by building the table anew."""
import sqlalchemy as sa
from alembic import op

revision, down_revision = "{number:04}", "{before:04}"


def upgrade():
    with op.batch_alter_table("people", recreate="always" if op.get_bind().dialect.name == "sqlite" else "never") as table:
        table.add_column(sa.Column("nickname", sa.String(8), nullable=False, server_default="-"))
    {then}
'''


def with_next_step(monkeypatch: pytest.MonkeyPatch, folder: Path, then: str = "") -> None:
    shutil.copytree(migrations.FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "v9999_next.py").write_text(NEXT_STEP.format(number=SCHEMA + 1, before=SCHEMA, then=then))
    monkeypatch.setattr(migrations, "FOLDER", folder)
    monkeypatch.setattr(database, "SCHEMA", SCHEMA + 1)


def test_a_later_step_that_rebuilds_a_table_deletes_nothing_that_refers_to_it(empty_url, tmp_path, monkeypatch):
    engine = open_database(empty_url)
    Records(engine).of("local").start_assessment("short", "f 1")
    engine.dispose()
    with_next_step(monkeypatch, tmp_path / "steps")
    upgraded = open_database(empty_url)
    assert len(Records(upgraded).of("local").assessments()) == 1
    assert [column["name"] for column in inspect(upgraded).get_columns("people")][-1] == "nickname"
    Records(upgraded).of("local").delete_all()  # and references are on again
    assert rows(upgraded, "assessments") == []
    upgraded.dispose()


def test_a_later_step_that_fails_changes_nothing(empty_url, tmp_path, monkeypatch):
    engine = open_database(empty_url)
    Records(engine).of("local")
    engine.dispose()
    with_next_step(monkeypatch, tmp_path / "steps", then="op.execute('INSERT INTO nowhere VALUES (1)')")
    with pytest.raises(SetupError, match="nowhere"):
        open_database(empty_url)
    monkeypatch.undo()
    again = open_database(empty_url)
    assert differences(again) == [] and len(rows(again, "people")) == 1
    again.dispose()
