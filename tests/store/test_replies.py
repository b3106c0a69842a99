"""What is kept of a conversation, and which databases are refused."""

from __future__ import annotations

import logging
import sqlite3
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from coach.errors import SetupError
from coach.settings import ROOT, Settings
from coach.store.database import SCHEMA, open_database
from coach.store.replies import Replies, open_replies
from coach.store.tables import metadata
from coach.types import Citation, Passage, Reply

PASSAGE = Passage(
    id="a:zh#1", doc_id="a", text="先谈目标，再谈钱。", title="预算", source="framework", lang="zh", tier="attributed",
    heading_path=("预算", "CFO"), start=3, end=12, score=0.8123456, scores={"dense": 0.7, "lexical": 0.1},
)  # fmt: skip
CITATION = Citation(
    n=1, passage_id="a:zh#1", source="framework", title="预算", quote="先谈目标", tier="attributed", start=0, end=4
)


def reply(question: str = "怎么谈预算？", **other) -> Reply:
    return Reply(
        answer="先谈目标。[1]\n🙂", status="answered", language="zh", citations=(CITATION,), passages=(PASSAGE, PASSAGE), model="m",
        timings={"first_token": 812.5, "total": 1e4}, notice="摘录", suggestions=("然后？",), prompt_hash="p", library_version="v3",
        question=question, standalone_question=f"{question} (CMO)", kind="question", **other,
    )  # fmt: skip


@pytest.fixture
def replies(database_url):
    replies = Replies(open_database(database_url))
    yield replies
    replies.close()


@pytest.fixture
def local_replies(clean_environment):
    """In the file that is the default."""
    replies = open_replies(Settings())
    yield replies
    replies.close()


def test_a_reply_comes_back_exactly_as_it_was(replies):
    reply_id = replies.save(reply(), "c")
    assert replies.conversation("c") == [reply(id=reply_id)]


def test_a_conversation_keeps_its_order_and_itself_apart(replies):
    for n in range(30):
        replies.save(reply(str(n)), f"c{n % 2}")
    assert [r.question for r in replies.conversation("c0")] == [str(n) for n in range(0, 30, 2)]
    assert replies.conversation("unknown") == []


def test_a_reply_stored_twice_stays_as_it_was(replies):
    assert replies.save(reply("first", id="r1"), "c") == "r1"
    assert replies.save(reply("second", id="r1"), "c") == "r1"
    assert [r.question for r in replies.conversation("c")] == ["first"]


def test_deleted_words_are_gone_from_the_file(local_replies, clean_environment):
    local_replies.save(reply("a very private matter"), "c")
    local_replies.save(reply("another"), "d")
    assert local_replies.delete("c") == 1 and local_replies.delete("c") == 0
    assert local_replies.conversation("c") == [] and len(local_replies.conversation("d")) == 1
    local_replies.close()  # the last connection writes the log back into the file
    assert b"private matter" not in (clean_environment / "coach.db").read_bytes()


def test_it_outlives_the_process(clean_environment):
    first = open_replies(Settings())
    first.save(reply(), "c")
    first.close()
    again = open_replies(Settings())
    assert len(again.conversation("c")) == 1
    again.close()


def test_characters_no_database_takes_do_not_lose_a_reply(replies):
    replies.save(reply("null\x00 and half \ud83d"), "c")
    assert replies.conversation("c")[0].question == "null and half ?"


def test_many_threads_lose_nothing(replies):
    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(lambda n: replies.save(reply(str(n)), f"c{n % 4}"), range(80)))
    assert len(set(ids)) == 80 and sum(len(replies.conversation(f"c{n}")) for n in range(4)) == 80


def test_several_processes_may_start_at_once(clean_environment):
    code = "from coach.settings import Settings; from coach.store.replies import open_replies; open_replies(Settings()).conversation('c')"
    started = [subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stderr=subprocess.PIPE) for _ in range(4)]
    assert [(p.communicate()[1], p.returncode) for p in started] == [(b"", 0)] * 4


def test_the_file_is_the_owner_s_and_in_wal_mode(local_replies, clean_environment):
    path = clean_environment / "coach.db"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_nothing_anybody_wrote_is_logged(replies, caplog):
    caplog.set_level(logging.DEBUG)
    with replies._engine.begin() as connection:
        connection.execute(text("DROP TABLE replies"))
    with pytest.raises(Exception) as failed:
        replies.save(reply("a very private matter"), "c")
    assert "private" not in str(failed.value) and "private" not in caplog.text


# --- databases that are refused ---------------------------------------------------------------------------------------


def test_a_newer_database_is_refused_and_left_alone(clean_environment):
    open_replies(Settings()).close()
    engine = create_engine(Settings().records_url)
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE schema_version SET version = {SCHEMA + 1}"))
    engine.dispose()
    with pytest.raises(SetupError, match=f"version {SCHEMA + 1}.*up to {SCHEMA}"):
        open_replies(Settings())


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
