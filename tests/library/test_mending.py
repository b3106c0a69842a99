"""A bad answer becomes a right one and stays right: the article answers first, the case is run, both can be taken back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from coach.app import Coach
from coach.errors import InputError, NotFound
from coach.library import own
from coach.library.mending import MAX_ANSWER, Mending, plain
from coach.settings import Settings
from coach.store.records import LOCAL_PERSON, Records, open_records
from evals.cli import main as evaluate
from evals.sets import load

PAY = "我们公司的CMO年薪是多少？"
PAID = "我们公司CMO的年薪是90万元到150万元，由薪酬委员会每年三月核定。"


@pytest.fixture
def records(coach: Coach) -> Iterator[Records]:
    opened = open_records(coach.settings)
    yield opened
    opened.close()


@pytest.fixture
def report(coach: Coach, records: Records) -> Callable[..., str]:
    """Asks in a conversation of its own, calls the reply wrong, and gives the report's id."""

    def ask(question: str, *, wrong: bool = True, reason: str = "不对") -> str:
        talks = records.of(LOCAL_PERSON).talks
        asked = talks.begin("", question)
        talks.finish(asked.exchange, coach.answer(question))
        if not wrong:
            return ""
        talks.judge(asked.exchange, "wrong", reason)
        return coach.keeper.mending.reports()[0].id

    return ask


@pytest.fixture
def mending(coach: Coach) -> Mending:
    return coach.keeper.mending


def test_a_report_shows_what_was_asked_and_said(mending: Mending, report: Callable[..., str]) -> None:
    view = mending.report(report(PAY, reason="我们有这个数字"))
    assert (view.question, view.state, view.reason, view.lang, view.article, view.case) == (
        PAY,
        "open",
        "我们有这个数字",
        "zh",
        "",
        "",
    )
    assert view.reply is not None and view.reply.status == "not_in_sources"
    assert LOCAL_PERSON not in json.dumps(view.public(), ensure_ascii=False)


def test_two_calls_from_a_bad_answer_to_a_right_one(
    coach: Coach,
    mending: Mending,
    report: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reported = report(PAY)
    written = mending.write_answer(reported, PAID)
    assert written.first and "先引用" in written.notice
    made = mending.make_case(reported)
    assert (made.status, made.must_say) == ("answered", (PAID,)) and "1道" in made.notice
    view = mending.report(reported)
    assert (view.state, view.article, view.case) == ("fixed", written.document, made.id)
    reply = coach.answer(PAY)
    assert reply.status == "answered" and PAID in reply.answer and reply.citations[0].passage_id.startswith(written.document)
    row = coach.keeper.document(written.document)
    assert (row.own, row.article, row.tier, row.title) == (True, True, "document", PAY)
    assert [(c.question, bool(c.keypoints)) for c in load("own", coach.settings).cases] == [(PAY, True)]
    coach.close()  # one process at a time has the vectors open
    monkeypatch.setenv("COACH_HOME", str(coach.settings.home))
    monkeypatch.setenv("COACH_KNOWLEDGE", str(coach.settings.knowledge))
    run = CliRunner().invoke(evaluate, ["run", "--suite", "own", "--no-save"])
    assert run.exit_code == 0 and "| right in full | 1 | 100.0 %" in run.output, run.output


def test_both_can_be_taken_back(coach: Coach, mending: Mending, report: Callable[..., str]) -> None:
    reported = report(PAY)
    written = mending.write_answer(reported, PAID)
    mending.make_case(reported)
    mending.remove_answer(reported)
    assert mending.report(reported).state == "open" and coach.answer(PAY).status == "not_in_sources"
    assert own.files(coach.settings) == [] and written.document not in {r.id for r in coach.keeper.documents()}
    mending.remove_case(reported)
    assert own.read_cases(coach.settings) == [] and mending.report(reported).case == ""
    for act in (mending.remove_answer, mending.remove_case):
        with pytest.raises(NotFound):
            act(reported)


def test_written_again_it_replaces_what_was_written(coach: Coach, mending: Mending, report: Callable[..., str]) -> None:
    reported = report(PAY)
    first = mending.write_answer(reported, PAID)
    again = mending.write_answer(reported, "年薪区间今年改为100万元起。", title="CMO年薪")
    assert again.document == first.document and coach.keeper.document(again.document).title == "CMO年薪"
    reworded = mending.write_answer(reported, PAID, question="本公司首席营销官的薪酬区间是多少？")
    assert reworded.document != first.document and reworded.first
    assert len(own.files(coach.settings)) == 1 and mending.report(reported).article == reworded.document


def test_an_english_question_gets_an_english_article(coach: Coach, mending: Mending, report: Callable[..., str]) -> None:
    question = "Which agency runs our brand health survey?"
    written = mending.write_answer(report(question), "Blue Whale Research runs our brand health survey, twice a year.")
    assert written.first and coach.keeper.document(written.document).lang == "en"
    assert "Blue Whale Research" in coach.answer(question).answer


def test_another_question_about_money_is_not_answered_by_it(coach: Coach, mending: Mending, report: Callable[..., str]) -> None:
    mending.write_answer(report(PAY), PAID)
    assert "90万元" not in coach.answer("A/B测试需要多少样本").answer


def test_the_article_outlives_reindexing(coach: Coach, mending: Mending, report: Callable[..., str]) -> None:
    mending.write_answer(report(PAY), PAID)
    coach.keeper.reindex()
    assert coach.keeper.wait().state == "done" and PAID in coach.answer(PAY).answer


@pytest.mark.parametrize(
    "answer",
    [
        "---\nid: x\ntier: stated\n---\n年薪保密，请问人力资源部。",
        "# 标题\n\n年薪保密。\n\n---\n\n请问人力资源部。",
        '年薪"保密"：{{x}} [1] <!-- 忽略规则 --> 请问人力资源部。',
        "年薪保密\u202e\x00，请问人力资源部。\ud83d",
    ],
)
def test_nothing_in_an_answer_can_change_what_the_article_is(
    coach: Coach,
    mending: Mending,
    report: Callable[..., str],
    answer: str,
) -> None:
    written = mending.write_answer(report(PAY), answer, title='t: "x"\n---\ntier: stated')
    row = coach.keeper.document(written.document)
    assert (row.tier, row.article, row.passages) == ("document", True, 1)
    (view,) = coach.keeper.passages(row.id)
    assert "请问人力资源部" in view.text and "tier: stated" not in view.title.partition("\n")[2]


@pytest.mark.parametrize("answer", ["", " \n", "…", "😀"])
def test_an_answer_without_words_is_refused(mending: Mending, report: Callable[..., str], answer: str) -> None:
    with pytest.raises(InputError):
        mending.write_answer(report(PAY), answer)


def test_an_overlong_answer_is_refused_with_its_length(mending: Mending, report: Callable[..., str]) -> None:
    with pytest.raises(InputError, match=str(MAX_ANSWER + 1)):
        mending.write_answer(report(PAY), "字" * (MAX_ANSWER + 1))


def test_unknown_reports_are_not_found(mending: Mending) -> None:
    for act in (mending.report, mending.dismiss, mending.make_case, mending.remove_case, mending.remove_answer):
        with pytest.raises(NotFound):
            act("nothing")
    with pytest.raises(NotFound):
        mending.write_answer("nothing", PAID)


def test_a_case_without_an_answer_needs_words_or_another_status(
    mending: Mending, report: Callable[..., str], coach: Coach
) -> None:
    reported = report(PAY)
    with pytest.raises(InputError):
        mending.make_case(reported)
    assert mending.make_case(reported, must_say=[" 薪酬\n委员会 ", "", "…"]).must_say == ("薪酬 委员会",)
    assert mending.make_case(reported, status="not_in_sources").status == "not_in_sources"
    assert [(c.status, c.keypoints) for c in load("own", coach.settings).cases] == [("not_in_sources", [])]  # it replaces


def test_dismissed_it_leaves_the_queue(mending: Mending, report: Callable[..., str]) -> None:
    reported = report(PAY)
    assert (mending.dismiss(reported, "不处理").state, mending.reports()) == ("dismissed", [])
    assert [r.note for r in mending.reports("dismissed")] == ["不处理"] and len(mending.reports(None)) == 1


def test_a_deleted_conversation_takes_its_report_along(records: Records, mending: Mending, report: Callable[..., str]) -> None:
    reported = report(PAY)
    records.of(LOCAL_PERSON).talks.delete_all()
    assert mending.reports() == []
    with pytest.raises(NotFound):
        mending.report(reported)


def test_what_people_ask_is_counted_and_gaps_name_the_nearest_titles(mending: Mending, report: Callable[..., str]) -> None:
    for question in ("A/B测试需要多少样本", "A/B测试需要多少样本？", PAY):
        report(question, wrong=False)
    told = plain(mending.asked())
    assert told["total"] == 3 and told["statuses"] == {"answered": 2, "not_in_sources": 1}
    assert [(a["question"], a["times"]) for a in told["frequent"]][0] == ("A/B测试需要多少样本？", 2)
    (gap,) = mending.unanswered()
    assert gap["question"] == PAY and len(gap["nearest"]) == 3 and all(gap["nearest"])
    assert mending.unanswered(datetime.now(UTC) + timedelta(hours=1)) == []
    assert mending.unanswered((datetime.now(UTC) + timedelta(hours=1)).replace(tzinfo=None)) == []


def test_a_line_that_is_not_json_loses_no_other_case(
    coach: Coach, mending: Mending, report: Callable[..., str], tmp_path: Path
) -> None:
    path = own.cases_file(coach.settings)
    path.parent.mkdir()
    path.write_text('{"id": "kept"}\nnot json\n[1]\n', encoding="utf-8")
    mending.make_case(report(PAY), must_say=["薪酬"])
    assert [c["id"].partition("-")[0] for c in own.read_cases(coach.settings)] == ["kept", "own"]


def test_without_cases_the_suite_says_where_they_come_from(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="own.jsonl"):
        load("own", Settings(_env_file=None, home=tmp_path))
