"""Conversations as they are kept: exactly as they were said, one reply at a time, and gone when they are to go."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text, update

from coach.errors import CoachError, Conflict, InputError, NotFound
from coach.store.conversations import HISTORY, MAX_QUESTION, MAX_TITLE, Conversations, Full, Replaced, UnderWay, title_of
from coach.store.database import open_database
from coach.store.records import Records
from coach.store.tables import exchanges
from coach.types import Citation, Passage, Reply, Turn
from tests.store.conftest import Clock

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
PASSAGE = Passage(
    id="a:zh#1", doc_id="a", text="先谈目标，再谈钱。", title="预算", source="framework", lang="zh", tier="attributed",
    heading_path=("预算", "CFO"), start=3, end=12, score=0.8123456, scores={"dense": 0.7, "lexical": 0.1}, pointed={1: 0.75, 2: 0.25},
)  # fmt: skip
CITATION = Citation(
    n=1, passage_id="a:zh#1", source="framework", title="预算", quote="先谈目标", tier="attributed", start=0, end=4
)
ODD = "预算 🙂👩‍👩‍👧 𠮷 \"'; DROP TABLE people; -- {x} %s \\ \t\n 100 %_"


def reply(answer: str = "先谈目标。[1]\n🙂", **other: object) -> Reply:
    values = {"status": "answered", "language": "zh", "kind": "question", "question": "q", **other}
    return Reply(
        answer=answer, citations=(CITATION,), passages=(PASSAGE, PASSAGE), model="m", timings={"first_token": 812.5, "total": 1e4},
        notice="摘录", suggestions=("然后？",), prompt_hash="p", library_version="v3", standalone_question="q (CMO)", **values,
    )  # fmt: skip


class Ticking(Clock):
    """A minute later each time it is looked at."""

    def __call__(self) -> datetime:
        self.on(minutes=1)
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Ticking(NOW)


@pytest.fixture
def me(records) -> Conversations:
    return records.of(records.add_person().id).talks


@pytest.fixture
def other(records) -> Conversations:
    return records.of(records.add_person().id).talks


def say(talks: Conversations, conversation: str, question: str, answer: str = "好。", **other: object) -> str:
    """A question with its reply; the exchange's id."""
    asked = talks.begin(conversation, question, **other)
    assert talks.finish(asked.exchange, reply(answer, question=question))
    return asked.exchange


def said(talks: Conversations, conversation: str) -> list[tuple[str, str, str]]:
    return [(e.question, e.state, e.text) for e in talks.one(conversation).current]


# --- one exchange -----------------------------------------------------------------------------------------------------


def test_a_reply_comes_back_exactly_as_it_was(me):
    asked = me.begin("c", ODD)
    given = reply(question=ODD, id=asked.exchange)
    assert me.finish(asked.exchange, given)
    kept = me.one("c").exchanges[0]
    assert kept.reply == given and kept.problem == ""
    assert (kept.question, kept.text, kept.status, kept.kind, kept.language) == (ODD, given.answer, "answered", "question", "zh")
    assert kept.state == "done" and kept.ended > kept.made and me.exchange(asked.exchange) == kept


def test_a_question_is_there_before_its_reply(me):
    asked = me.begin("", "怎么谈预算？")
    (waiting,) = me.one(asked.conversation).exchanges
    assert (waiting.id, waiting.state, waiting.text, waiting.reply, waiting.ended) == (asked.exchange, "pending", "", None, None)
    assert [h.title for h in me.listed()] == ["怎么谈预算？"]


def test_a_reply_that_was_stopped_keeps_what_there_was(me):
    asked = me.begin("c", "问")
    assert me.stop(asked.exchange, "先对齐")
    assert said(me, "c") == [("问", "stopped", "先对齐")]


def test_a_failure_keeps_the_question_and_what_mends_it(me):
    asked = me.begin("c", "问")
    assert me.fail(asked.exchange, "model_unavailable", "Is it running?", "先")
    kept = me.one("c").exchanges[0]
    assert (kept.state, kept.code, kept.hint, kept.text) == ("failed", "model_unavailable", "Is it running?", "先")


def test_an_exchange_ends_once(me):
    asked = me.begin("c", "问")
    assert me.finish(asked.exchange, reply("第一"))
    assert not me.stop(asked.exchange, "第二") and not me.finish(asked.exchange, reply("第三")) and not me.fail("unknown", "x")
    assert said(me, "c") == [("问", "done", "第一")]


@pytest.mark.parametrize("bad", ["", " \n\t", "\u200b\x00", "\ud83d"])
def test_an_empty_question_is_refused(me, bad):
    with pytest.raises(InputError):
        me.begin("c", bad)
    assert me.listed() == []


def test_a_huge_question_is_refused_and_the_largest_is_kept_whole(me):
    with pytest.raises(InputError, match=str(MAX_QUESTION)):
        me.begin("c", "预" * 1_000_000)
    assert me.listed() == []
    asked = me.begin("c", "预" * MAX_QUESTION)
    assert me.exchange(asked.exchange).question == "预" * MAX_QUESTION


def test_characters_no_database_takes_do_not_lose_a_question_or_a_reply(me):
    asked = me.begin("c", "null\x00 and half \ud83d")
    assert me.finish(asked.exchange, reply("a\x00b\udc00"))
    kept = me.one("c").exchanges[0]
    assert kept.question == "null and half ?" and kept.text == kept.reply.answer == "ab?"


def test_a_reply_of_another_version_is_shown_as_text_and_named(me, records):
    exchange = say(me, "c", "问", "答")
    with records._engine.begin() as connection:
        connection.execute(update(exchanges).values(reply={"answer": "答", "status": "unheard-of", "language": "zh", "new": 1}))
    kept = me.exchange(exchange)
    assert kept.reply is None and "status" in kept.problem and kept.text == "答"


@pytest.mark.parametrize("bad", ["../x", "x" * 65, "预算", "a b", "\x00"])
def test_an_id_that_cannot_be_one_is_refused(me, bad):
    with pytest.raises(InputError):
        me.begin(bad, "问")
    assert me.listed() == []


# --- asking anew ------------------------------------------------------------------------------------------------------


def test_the_coach_is_told_what_was_answered_and_nothing_else(me):
    say(me, "c", "一", "甲")
    me.stop(me.begin("c", "二").exchange, "半")
    me.fail(me.begin("c", "三").exchange, "model")
    say(me, "c", "四", "丁")
    assert me.begin("c", "五").history == (
        Turn(role="user", content="一"), Turn(role="assistant", content="甲"), Turn(role="user", content="四"), Turn(role="assistant", content="丁"),
    )  # fmt: skip


def test_of_a_long_conversation_the_end_is_told(me):
    for n in range(HISTORY + 3):
        say(me, "c", f"问{n}")
    history = me.begin("c", "然后？").history
    assert len(history) == 2 * HISTORY and history[0].content == "问3"


def test_asking_anew_replaces_that_and_everything_after_it_once_there_is_a_reply(me):
    say(me, "c", "一", "甲")
    second = say(me, "c", "二", "乙")
    say(me, "c", "三", "丙")
    asked = me.begin("c", "二改", instead_of=second)
    assert [t.content for t in asked.history] == ["一", "甲"]
    assert [e[0] for e in said(me, "c")] == ["一", "二", "三", "二改"]  # still in place
    assert me.finish(asked.exchange, reply("新"))
    assert said(me, "c") == [("一", "done", "甲"), ("二改", "done", "新")]
    assert [e.question for e in me.one("c").exchanges] == ["一", "二", "三", "二改"]
    assert [t.content for t in me.begin("c", "四").history] == ["一", "甲", "二改", "新"]
    assert me.listed()[0].exchanges == 3


@pytest.mark.parametrize("end", ["stop", "fail"])
def test_a_failed_second_try_leaves_the_reply_in_place_and_a_third_replaces_both(me, end):
    first = say(me, "c", "一", "甲")
    second = me.begin("c", "一", instead_of=first)
    me.stop(second.exchange, "半") if end == "stop" else me.fail(second.exchange, "model")
    assert ("一", "done", "甲") in said(me, "c")
    third = me.begin("c", "一", instead_of=second.exchange)
    assert third.history == ()
    me.finish(third.exchange, reply("新"))
    assert said(me, "c") == [("一", "done", "新")]


def test_what_has_been_replaced_cannot_be_asked_anew(me):
    first = say(me, "c", "一")
    say(me, "c", "一改", instead_of=first)
    with pytest.raises(Replaced):
        me.begin("c", "一再改", instead_of=first)
    assert [e[0] for e in said(me, "c")] == ["一改"]


def test_only_something_of_the_same_conversation_can_be_asked_anew(me, other):
    elsewhere, theirs = say(me, "d", "别处"), say(other, "c", "别人")
    say(me, "c", "一")
    for bad in (elsewhere, theirs, "unknown"):
        with pytest.raises(NotFound):
            me.begin("c", "问", instead_of=bad)
    assert [e[0] for e in said(me, "c")] == ["一"]


def test_a_second_question_is_refused_while_a_reply_is_to_come(me):
    me.begin("c", "一")
    with pytest.raises(UnderWay):
        me.begin("c", "二", still_coming=lambda _id, _made: True)
    assert len(me.one("c").exchanges) == 1
    me.begin("d", "二", still_coming=lambda _id, _made: True)  # another conversation is free
    me.begin("c", "二", still_coming=lambda _id, _made: False)  # and so is one whose process died


# --- the list ---------------------------------------------------------------------------------------------------------


def test_the_list_is_newest_first_and_counts(me):
    say(me, "a", "第一个")
    say(me, "b", "第二个")
    say(me, "a", "又来")
    me.attach("b", "cv.pdf", "text", limit=5)
    say(me, "a", "还有")
    assert [(h.id, h.title, h.exchanges, h.attachments) for h in me.listed()] == [("a", "第一个", 3, 0), ("b", "第二个", 1, 1)]


@pytest.mark.parametrize(
    ("needle", "found"),
    [
        ("cfo", ["a"]), ("CFO", ["a"]), ("ＣＦＯ", ["a"]), ("和 cfo 谈", ["a"]), ("谈預算", ["a"]), ("回報週期", ["a"]), ("报周", ["a"]),
        ("100%", ["b"]), ("100_", []), ("%", ["b"]), ("我的标题", ["b"]), ("团队", ["c", "b"]), ("没有的词", []), ("", ["c", "b", "a"]),
        (" \u200b", ["c", "b", "a"]), ("旧问题", []), ("'; DROP", []), ("半句", ["c"]), ("x" * 100_000, []),
    ],
)  # fmt: skip
def test_search_finds_titles_questions_and_replies_however_they_are_written(me, needle, found):
    say(me, "a", "怎么和CFO谈预算？", "他看的是回报周期。")
    say(me, "b", "旧问题")
    say(me, "b", "团队做到 100% 怎么办", "好。", instead_of=me.one("b").exchanges[0].id)
    me.rename("b", "我的标题")
    me.stop(me.begin("c", "团队呢").exchange, "半句话")
    assert [h.id for h in me.listed(needle)] == found


def test_a_title_is_given_and_taken_back(me):
    say(me, "c", "怎么谈预算？")
    me.rename("c", "  给老板的\n预算  ")
    assert (me.one("c").title, me.one("c").named) == ("给老板的 预算", True)
    say(me, "c", "下一个问题")
    assert me.one("c").title == "给老板的 预算"
    me.rename("c", "")
    assert (me.one("c").title, me.one("c").named) == ("怎么谈预算？", False)
    with pytest.raises(InputError, match=str(MAX_TITLE)):
        me.rename("c", "长" * (MAX_TITLE + 1))
    me.rename("c", "\x00\ud83d🙂")
    assert me.one("c").title == "🙂"


def test_an_edited_first_question_gives_the_title_again(me):
    first = say(me, "c", "旧的问题")
    say(me, "c", "新的问题", instead_of=first)
    assert me.one("c").title == "新的问题"


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("怎么和CFO谈预算？", "怎么和CFO谈预算？"),
        ("  多行\n\n的  问题 ", "多行 的 问题"),
        ("我刚接手一个二十人的团队。接下来一百天应该先做什么，后做什么？", "我刚接手一个二十人的团队。"),
        ("接手新公司的市场部以后，前一百天应该先做哪些事，又该先见哪些人", "接手新公司的市场部以后…"),
        ("预算" * 30, "预算预算预算预算预算预算预算预算预算预…"),
        ("How do I talk to my CFO about next year's marketing budget", "How do I talk to my CFO about next…"),
        ("x" * 100, "x" * 39 + "…"),
        ("", ""),
        ("🙂" * 30, "🙂" * 19 + "…"),
    ],
)
def test_a_title_is_cut_where_it_makes_sense(question, title):
    assert title_of(question) == title


def test_a_title_does_not_tear_a_character_apart():
    assert title_of("字" * 19 + "e\u0301\u0302\u0303" + "字" * 20) == "字" * 19 + "e\u0301\u0302\u0303…"
    assert title_of("e\u0301" * 100).removesuffix("…").endswith("e\u0301")


def test_a_new_conversation_has_an_id_of_its_own_or_the_one_asked_for(me):
    assert me.new("mine", "标题").named and not me.new().named
    with pytest.raises(Conflict):
        me.new("mine")
    assert len(me.listed()) == 2


# --- files ------------------------------------------------------------------------------------------------------------


def test_a_file_belongs_to_its_conversation(me):
    conversation, first = me.attach("", "简历.pdf", "我的经历", limit=2)
    me.attach(conversation, "b.txt", "more", limit=2)
    assert me.one(conversation).title == "简历.pdf" and [a.name for a in me.one(conversation).attachments] == [
        "简历.pdf",
        "b.txt",
    ]
    assert [(d.name, d.text) for d in me.begin(conversation, "问").documents] == [("简历.pdf", "我的经历"), ("b.txt", "more")]
    assert me.one(conversation).title == "问"
    with pytest.raises(Full):
        me.attach(conversation, "c.txt", "x", limit=2)
    me.detach(conversation, first.id)
    assert [d.name for d in me.documents(conversation)] == ["b.txt"]
    say(me, "elsewhere", "问")
    with pytest.raises(NotFound):
        me.detach("elsewhere", me.one(conversation).attachments[0].id)


# --- verdicts ---------------------------------------------------------------------------------------------------------


def test_a_verdict_is_kept_changed_and_taken_back(me):
    exchange = say(me, "c", "问")
    me.judge(exchange, "up", " 说得清楚\x00 ")
    assert (me.exchange(exchange).verdict, me.exchange(exchange).reason) == ("up", "说得清楚")
    me.judge(exchange, "down", "")
    assert (me.one("c").exchanges[0].verdict, me.one("c").exchanges[0].reason) == ("down", "")
    me.judge(exchange, None)
    assert me.exchange(exchange).verdict is None


def test_an_unknown_verdict_and_one_before_the_reply_are_refused(me):
    exchange = me.begin("c", "问").exchange
    with pytest.raises(Conflict):
        me.judge(exchange, "up")
    with pytest.raises(InputError, match="up, down, wrong"):
        me.judge(exchange, "great")


# --- one person never meets another -----------------------------------------------------------------------------------


def test_the_same_id_is_another_conversation_for_everybody(me, other):
    say(me, "c", "我的秘密")
    say(other, "c", "别的事")
    assert said(me, "c")[0][0] == "我的秘密" and said(other, "c")[0][0] == "别的事"
    assert other.listed("秘密") == []
    assert other.delete("c") == 1 and said(me, "c")[0][0] == "我的秘密"


def test_everything_of_somebody_else_is_not_found_and_stays_as_it_was(me, other, records):
    exchange = say(me, "c", "我的秘密")
    _, file = me.attach("c", "cv.txt", "秘密", limit=5)
    before = records.of(me._id).export()
    uses = [
        lambda: other.one("c"), lambda: other.rename("c", "x"), lambda: other.exchange(exchange), lambda: other.documents("c"),
        lambda: other.judge(exchange, "wrong", "x"), lambda: other.detach("c", file.id), lambda: other.begin("c", "x", instead_of=exchange),
    ]  # fmt: skip
    for use in uses:
        with pytest.raises(NotFound) as refused:
            use()
        assert "秘密" not in str(refused.value)
    assert not other.finish(exchange, reply("x")) and other.delete("c") == 0 and other.delete_all() == 0
    assert records.of(me._id).export() == before


# --- going ------------------------------------------------------------------------------------------------------------


def fill(talks: Conversations, secret: str) -> None:
    exchange = say(talks, "c", f"问 {secret}", f"答 {secret}")
    talks.judge(exchange, "wrong", f"因为 {secret}")
    talks.rename("c", f"标题 {secret}")
    talks.attach("c", f"{secret}.txt", f"文 {secret}", limit=5)
    talks.stop(talks.begin("c", f"又问 {secret}").exchange, f"半 {secret}")


def left(records: Records) -> dict[str, int]:
    names = ("conversations", "exchanges", "verdicts", "reports", "attachments")
    with records._engine.begin() as connection:
        return {name: connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() for name in names}


@pytest.mark.parametrize("way", ["conversation", "all conversations", "person", "old"])
def test_what_is_deleted_leaves_no_trace_in_the_file(tmp_path: Path, way):
    file = tmp_path / "records.db"
    records = Records(open_database(f"sqlite:///{file}"), Ticking(NOW))
    person = records.of(records.add_person().id)
    fill(person.talks, "UNMISTAKABLE")
    person.talks.attach("c", "big.txt", "UNMISTAKABLE " * 20_000, limit=5)
    assert b"UNMISTAKABLE" in b"".join(p.read_bytes() for p in tmp_path.iterdir())
    {
        "conversation": lambda: person.talks.delete("c"),
        "all conversations": person.talks.delete_all,
        "person": person.delete_all,
        "old": lambda: records.forget_conversations(NOW + timedelta(days=400)),
    }[way]()
    assert set(left(records).values()) == {0}
    assert b"UNMISTAKABLE" not in b"".join(p.read_bytes() for p in tmp_path.iterdir())
    records.close()


def test_deleting_one_conversation_leaves_the_others_alone(me, other, records):
    fill(me, "a")
    say(me, "d", "bleibt")
    fill(other, "b")
    assert me.delete("c") == 2 and me.delete("c") == 0
    assert [h.id for h in me.listed()] == ["d"] and len(other.one("c").exchanges) == 2
    records.of(me._id).delete_all()
    assert left(records) == {"conversations": 1, "exchanges": 2, "verdicts": 1, "reports": 1, "attachments": 1}


def test_a_reply_to_what_was_deleted_meanwhile_is_not_kept(me, records):
    asked = me.begin("c", "问")
    me.delete("c")
    assert not me.finish(asked.exchange, reply()) and me.listed() == []
    asked = me.begin("c", "问")
    records.of(me._id).delete_all()
    with pytest.raises(NotFound):
        me.finish(asked.exchange, reply())


def test_old_conversations_go_and_nothing_else(me, records):
    say(me, "old", "问")
    records._clock.now += timedelta(days=40)
    say(me, "new", "问")
    assert records.forget_conversations(NOW + timedelta(days=30)) == 1
    assert [h.id for h in me.listed()] == ["new"] and records.of(me._id).person.id == me._id


def test_the_export_holds_everything_that_was_said(me, records):
    fill(me, "mine")
    first = me.one("c").exchanges[0].id
    say(me, "c", "改", instead_of=first)
    kept = records.of(me._id).export()
    assert [e["question"] for e in kept["exchanges"]] == ["问 mine", "又问 mine", "改"]
    assert kept["exchanges"][0]["reply"]["passages"][0]["text"] == PASSAGE.text and kept["exchanges"][0]["superseded"]
    assert kept["conversations"][0]["title"] == "标题 mine" and kept["attachments"][0]["text"] == "文 mine"
    assert kept["verdicts"][0]["reason"] == kept["reports"][0]["reason"] == "因为 mine"
    assert "folded" not in kept["exchanges"][0]


def test_nothing_anybody_wrote_is_logged(me, records, caplog):
    caplog.set_level(logging.DEBUG)
    with records._engine.begin() as connection:
        connection.execute(text("ALTER TABLE exchanges RENAME TO lost"))
    with pytest.raises(Exception) as failed:
        me.begin("c", "a very private matter")
    assert "private" not in str(failed.value) and "private" not in caplog.text


# --- many at once -----------------------------------------------------------------------------------------------------


def test_thirty_people_at_once_lose_nothing(records):
    people = [records.of(records.add_person().id).talks for _ in range(30)]

    def chat(talks: Conversations) -> list[str]:
        for n in range(4):
            say(talks, "c", f"问{n}")
            talks.listed("问")
        return [q for q, state, _ in said(talks, "c") if state == "done"]

    with ThreadPoolExecutor(30) as pool:
        assert list(pool.map(chat, people)) == [[f"问{n}" for n in range(4)]] * 30


def test_of_many_questions_at_once_in_one_conversation_one_is_asked(me):
    def ask(n: int) -> bool:
        try:
            me.begin("c", str(n), still_coming=lambda _id, _made: True)
        except CoachError as error:
            assert isinstance(error, UnderWay)
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(ask, range(16))) == 1
    assert len(me.one("c").exchanges) == 1
