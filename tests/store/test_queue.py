"""What reviewers see: the bad answers and what is asked, and never whose they are."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta

import pytest

from coach.errors import InputError, NotFound
from coach.store.conversations import Conversations
from coach.store.queue import Queue
from tests.store.conftest import Clock
from tests.store.test_conversations import PASSAGE, reply

NOW = datetime(2026, 11, 22, 22, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
def queue(records) -> Queue:
    return records.queue


@pytest.fixture
def somebody(records) -> Conversations:
    return records.of(records.add_person(person_id="somebody.special").id).talks


@pytest.fixture
def another(records) -> Conversations:
    return records.of(records.add_person(person_id="another.one").id).talks


def say(talks: Conversations, question: str, status: str = "answered", kind: str = "question", **other: object) -> str:
    asked = talks.begin("c", question, **other)
    talks.finish(asked.exchange, reply("答", status=status, kind=kind, question=question))
    return asked.exchange


def test_wrong_opens_a_report_with_everything_needed_to_judge_it(somebody, queue):
    exchange = say(somebody, "文中说的37%是哪来的？")
    somebody.judge(exchange, "wrong", "数字不对")
    (report,) = queue.reports()
    assert (report.question, report.text, report.reason, report.state) == ("文中说的37%是哪来的？", "答", "数字不对", "open")
    assert report.reply.passages[0] == PASSAGE and report.reply.citations and report.made == NOW
    assert queue.report(report.id) == report
    assert "somebody" not in str(asdict(report))


@pytest.mark.parametrize("verdict", ["up", "down"])
def test_other_verdicts_open_none(somebody, queue, verdict):
    somebody.judge(say(somebody, "问"), verdict, "因为")
    assert queue.reports() == []


def test_saying_it_twice_keeps_one_report_and_the_last_reason(somebody, queue):
    exchange = say(somebody, "问")
    somebody.judge(exchange, "wrong", "一")
    before = queue.reports()[0].id
    somebody.judge(exchange, "wrong", "二")
    assert [(r.id, r.reason) for r in queue.reports()] == [(before, "二")]


@pytest.mark.parametrize("later", ["up", "down", None])
def test_a_changed_mind_takes_an_open_report_out_and_leaves_a_closed_one(somebody, queue, later):
    exchange = say(somebody, "问")
    somebody.judge(exchange, "wrong", "一")
    somebody.judge(exchange, later)
    assert queue.reports(None) == []
    somebody.judge(exchange, "wrong", "二")
    queue.close(queue.reports()[0].id, "dismissed")
    somebody.judge(exchange, later)
    assert [r.state for r in queue.reports(None)] == ["dismissed"]


def test_a_report_is_closed_differently_and_opened_again(somebody, queue, clock):
    somebody.judge(say(somebody, "问"), "wrong", "一")
    report = queue.reports()[0].id
    clock.now += timedelta(hours=1)
    closed = queue.close(report, "fixed", note=" 改好了\x00 ", article="budget-37")
    assert (closed.state, closed.note, closed.article, closed.closed) == ("fixed", "改好了", "budget-37", clock.now)
    assert queue.reports() == [] and [r.id for r in queue.reports("fixed")] == [report]
    assert queue.close(report, "dismissed").article == "" and queue.reports("fixed") == []
    assert queue.close(report, "open").closed is None and [r.id for r in queue.reports()] == [report]


def test_unknown_reports_and_states_are_refused(queue):
    for use in (lambda: queue.report("x"), lambda: queue.close("\x00", "fixed")):
        with pytest.raises(NotFound):
            use()
    for use in (lambda: queue.reports("done"), lambda: queue.close("x", "done")):
        with pytest.raises(InputError):
            use()


def test_reports_are_newest_first_across_people(somebody, another, queue, clock):
    somebody.judge(say(somebody, "一"), "wrong")
    clock.now += timedelta(hours=1)
    another.judge(say(another, "二"), "wrong")
    assert [r.question for r in queue.reports()] == ["二", "一"]


def test_they_go_with_the_person_and_with_the_conversation(somebody, another, queue, records):
    somebody.judge(say(somebody, "一"), "wrong")
    another.judge(say(another, "二"), "wrong")
    somebody.delete("c")
    assert [r.question for r in queue.reports(None)] == ["二"]
    records.of("another.one").delete_all()
    assert queue.reports(None) == [] and queue.asked(NOW - timedelta(days=1)).total == 0


def test_what_people_ask_is_counted_by_day_result_and_wording(somebody, another, queue, clock):
    say(somebody, "怎么和CFO谈预算？")
    say(another, "怎么和 cfo 谈預算")
    say(another, "冷门问题", "not_in_sources")
    clock.now += timedelta(hours=5)
    say(somebody, "怎么和ＣＦＯ谈预算！！", "clarify")
    asked = queue.asked(NOW - timedelta(days=1), zone=UTC)
    assert asked.total == 4 and asked.days == {date(2026, 11, 22): 3, date(2026, 11, 23): 1}
    assert asked.statuses == {"answered": 2, "not_in_sources": 1, "clarify": 1}
    assert [(a.question, a.times, a.status) for a in asked.frequent] == [
        ("怎么和ＣＦＯ谈预算！！", 3, "clarify"),
        ("冷门问题", 1, "not_in_sources"),
    ]
    assert queue.asked(NOW - timedelta(days=1), "answered").total == 2
    assert len(queue.asked(NOW - timedelta(days=1), limit=1).frequent) == 1
    assert queue.asked(NOW + timedelta(hours=1)).total == 1


def test_what_found_no_answer_is_newest_first_and_once_each(somebody, another, queue, clock):
    for n, question in enumerate(["甲", "乙", "甲？"]):
        clock.now = NOW + timedelta(hours=n)
        say(somebody, question, "not_in_sources")
    say(another, "有答案的")
    assert [(a.question, a.times) for a in queue.unanswered(NOW)] == [("甲？", 2), ("乙", 1)]
    assert [a.question for a in queue.unanswered(NOW, limit=1)] == ["甲？"]
    assert [a.question for a in queue.unanswered(NOW + timedelta(minutes=90))] == ["甲？"]


def test_questions_made_of_signs_only_are_kept_apart(somebody, queue):
    say(somebody, "🙂")
    say(somebody, "？？")
    assert len(queue.asked(NOW).frequent) == 2


@pytest.mark.parametrize(("status", "kind"), [("clarify", "personal"), ("crisis", "crisis"), ("crisis", "violence")])
def test_what_people_say_of_themselves_is_counted_and_not_shown(somebody, queue, status, kind):
    say(somebody, "我在某某公司，老板是张三", status, kind)
    asked = queue.asked(NOW)
    assert asked.total == 1 and asked.frequent == () and "张三" not in str(asked)


def test_a_question_asked_anew_counts_once(somebody, queue):
    first = say(somebody, "旧", "not_in_sources")
    say(somebody, "新", "answered", instead_of=first)
    somebody.stop(somebody.begin("c", "停").exchange, "半")
    assert [a.question for a in queue.asked(NOW).frequent] == ["新"] and queue.unanswered(NOW) == []
