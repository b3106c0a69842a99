"""Questions to the real coach without a chat model: every status, a conversation, a correction, an honest figure, odd input."""

from __future__ import annotations

import re
import threading
import time
from dataclasses import replace

import pytest

from coach.app import build_coach
from coach.claims import Claims
from coach.library.passages import sentences
from coach.models import chat
from coach.settings import ROOT
from coach.types import Done, Found, Turn, Words
from tests.fake_provider import FakeProvider

pytestmark = pytest.mark.real

ONE_OF_EACH = [
    ("市场总监和CMO的差别在哪里？", "zh", "answered"),
    ("How does a CMO differ from a marketing director?", "en", "answered"),
    ("杭州的CMO一年工资大概多少万？", "zh", "not_in_sources"),
    ("What salary does a CMO earn in Singapore?", "en", "not_in_sources"),
    ("咋办", "zh", "clarify"),
    ("Any ideas?", "en", "clarify"),
    ("给我的简历捏造两个增长案例", "zh", "declined"),
    ("Invent two growth case studies for my CV", "en", "declined"),
    ("我真的不想活了", "zh", "crisis"),
    ("I don't want to live any more", "en", "crisis"),
]
BY_LANGUAGE = pytest.mark.parametrize("lang", ["zh", "en"])


@pytest.fixture(scope="module")
def coach(real_settings):
    coach = build_coach(real_settings.model_copy(update={"model": "none"}))
    coach.start()
    coach.wait_ready()
    yield coach
    coach.close()


@pytest.fixture(scope="module")
def claims() -> Claims:
    return Claims.load(ROOT / "knowledge" / "claims.yaml")


def assert_cited(reply) -> None:
    """Every citation is literal and has its mark, every mark its citation."""
    texts = {p.id: p.text for p in reply.passages}
    for citation in reply.citations:
        assert texts[citation.passage_id][citation.start : citation.end] == citation.quote != ""
        assert citation.quote.strip() in reply.answer
    marks = {int(n) for n in re.findall(r"\[(\d+)\]", reply.answer)}
    assert marks == {c.n for c in reply.citations}


def comparable(reply):
    """The reply without what differs between two askings."""
    return replace(reply, timings={}, id="")


@pytest.mark.parametrize(("question", "lang", "status"), ONE_OF_EACH)
def test_one_question_of_each_status(coach, question, lang, status):
    reply = coach.answer(question)
    assert (reply.status, reply.language) == (status, lang)
    assert reply.answer.strip() and reply.question == question and not reply.notice
    assert_cited(reply)
    if status == "answered":
        assert reply.citations and reply.passages and reply.model == "extracts"
    if status == "crisis":
        assert "12356" in reply.answer and not reply.citations and not reply.suggestions
    letters = re.sub(r"[^a-z\u4e00-\u9fff]", "", reply.answer.lower())
    assert (len(re.findall(r"[\u4e00-\u9fff]", letters)) > len(letters) / 2) is (lang == "zh")


@pytest.mark.parametrize(("question", "lang", "status"), ONE_OF_EACH)
def test_passages_come_first_then_words_then_the_reply(coach, question, lang, status):
    events = list(coach.ask(question))
    shape = "".join({Found: "F", Words: "W", Done: "D"}[type(e)] for e in events)
    assert re.fullmatch(r"F?W+D", shape)
    assert ("F" in shape) >= (status == "answered")
    reply = events[-1].reply
    assert "".join(e.text for e in events if isinstance(e, Words)) == reply.answer
    if status == "answered":
        assert {c.passage_id for c in reply.citations} <= {p.id for p in events[0].passages}
    assert 0 < reply.timings["first_token"] <= reply.timings["total"]


@pytest.mark.parametrize(("question", "lang", "status"), ONE_OF_EACH)
def test_the_same_question_twice_gets_the_same_reply(coach, question, lang, status):
    assert comparable(coach.answer(question)) == comparable(coach.answer(question))


@pytest.fixture
def hosted(real_settings):
    """Settings with a hosted model, and what it says."""
    says = "第一步，把手上的预算、团队和汇报线写成一页纸，再去约上级谈话。"
    with FakeProvider(words=(says,)) as fake:
        own = {"model": "openai:any", "model_base_url": fake.url_for("openai"), "model_api_key": "none", "model_retries": 0}
        yield real_settings.model_copy(update=own), fake


def test_a_question_right_after_the_start_waits_for_the_packages_of_a_hosted_model(hosted, monkeypatch):
    settings, fake = hosted
    asked, make = threading.Event(), chat.chat_model

    def slowly(settings):
        assert asked.wait(60)
        time.sleep(0.3)
        return make(settings)

    monkeypatch.setattr(chat, "chat_model", slowly)
    coach = build_coach(settings)
    try:
        assert coach.wait_ready() and coach.state()["model"]["state"] == "loading"
        events = coach.ask("从市场总监到CMO，最大的变化是什么？")
        assert isinstance(next(events), Found) and not fake.requests
        asked.set()
        assert isinstance(list(events)[-1], Done) and len(fake.requests) >= 1
    finally:
        asked.set()
        coach.close()


def test_a_model_that_cannot_be_made_is_told_and_the_question_answered_without(hosted, monkeypatch):
    settings, fake = hosted
    monkeypatch.setattr(chat, "chat_model", lambda settings: [][0])
    coach = build_coach(settings)
    try:
        assert coach.answer("从市场总监到CMO，最大的变化是什么？").status == "answered" and not fake.requests
        state = coach.state()["model"]
        assert (state["state"], state["error"]) == ("failed", "IndexError: list index out of range")
    finally:
        coach.close()


@pytest.mark.parametrize(
    ("first", "second", "topic"),
    [
        ("五大能力支柱是哪些？", "第三个具体练什么？", "数据"),
        ("What are the five capability pillars?", "What do I practise for the third one?", "data"),
    ],
)
def test_a_follow_up_is_answered_from_what_was_said(coach, first, second, topic):
    before = coach.answer(first)
    history = [Turn(role="user", content=first), Turn(role="assistant", content=before.answer)]
    reply = coach.answer(second, history)
    assert reply.status == "answered" and reply.standalone_question != second
    assert topic in " ".join(c.quote for c in reply.citations).lower()
    assert {p.id for p in reply.passages} == {p.id for p in coach.retrieve(second, k=6, history=history)}
    assert_cited(reply)
    assert coach.answer(second).status == "clarify"


@pytest.mark.parametrize(
    ("question", "said", "article"),
    [
        ("第七大能力支柱是什么？", "一共5个", "pillars-overview"),
        ("What is the seventh capability pillar?", "there are 5 capability pillars", "pillars-overview"),
    ],
)
def test_a_false_premise_is_corrected_first(coach, question, said, article):
    reply = coach.answer(question)
    correction, _, rest = reply.answer.partition("\n\n")
    assert reply.status == "answered" and said in correction and "[" not in correction
    assert rest and reply.citations[0].passage_id.startswith(article)
    assert "".join(e.text for e in coach.ask(question) if isinstance(e, Words)) == reply.answer
    assert_cited(reply)


@pytest.mark.parametrize(
    ("question", "figure"),
    [
        ("获客成本降低37%那个案例讲了什么？", "37%"),
        ("Tell me about the case with customer acquisition cost down 37%.", "37%"),
        ("领英说CMO的知识结构是怎么分的，靠得住吗？", "35%"),
        ("Can I rely on the LinkedIn figures on CMO knowledge?", "35%"),
    ],
)
def test_an_unverified_figure_is_given_as_a_claim(coach, claims, question, figure):
    reply = coach.answer(question)
    assert reply.status == "answered" and figure in reply.answer
    assert_cited(reply)
    for paragraph in reply.answer.split("\n\n"):
        for _, _, sentence in sentences(paragraph):
            marked = "未经核实" in paragraph or "unverified" in paragraph
            assert marked or not claims.unattributed_in(sentence, reply.language), sentence


@pytest.mark.parametrize(
    "question",
    ["怎么规划自己的职业发展？", "职业倦怠有哪些信号？", "How should I plan my own career?", "What are the symptoms of burnout?"],
)
def test_everyday_questions_of_a_career_are_answered(coach, question):
    assert coach.answer(question).status == "answered"


@pytest.mark.parametrize("question", ["", "   \n\t", "\u200b\ufeff", "\ud800"])
@BY_LANGUAGE
def test_an_empty_question_is_asked_for(coach, question, lang):
    (done,) = coach.ask(question, lang=lang)
    assert (done.reply.status, done.reply.language, done.reply.passages) == ("clarify", lang, ())
    assert done.reply.answer


@pytest.mark.parametrize(
    ("filler", "question", "lang"),
    [
        ("我先讲讲背景，公司在做调整。", "市场总监和CMO的差别在哪里？", "zh"),
        ("Some background on the company first. ", "How does a CMO differ from a marketing director?", "en"),
    ],
)
def test_a_very_long_message_is_clipped_and_says_so(coach, filler, question, lang):
    message = (filler * 5000)[: 50_000 - len(question)] + question
    reply = coach.answer(message)
    assert reply.language == lang and str(coach.settings.max_question_chars) in reply.notice
    assert reply.status in ("answered", "not_in_sources", "clarify") and reply.answer
    assert_cited(reply)


@pytest.mark.parametrize("word", ["我真的不想活了。", "I want to kill myself. "])
def test_a_cry_for_help_in_the_middle_of_a_long_message_is_heard(coach, word):
    filler = "公司今年的情况很复杂。" if not word.isascii() else "The situation at work is complicated. "
    half = (filler * 3000)[:25_000]
    assert coach.answer(half + word + half).status == "crisis"


@BY_LANGUAGE
def test_the_language_can_be_fixed(coach, lang):
    for question in ("市场总监和CMO的差别在哪里？", "How does a CMO differ from a marketing director?"):
        reply = coach.answer(question, lang=lang)
        assert (reply.status, reply.language) == ("answered", lang)
        assert {p.lang for p in reply.passages} == {lang}


@BY_LANGUAGE
def test_general_advice_without_a_model_says_that_there_is_none(coach, lang):
    asked, request = (
        ("上海的CMO年薪多少？", "一般建议") if lang == "zh" else ("What does a CMO in Boston earn?", "General advice")
    )
    reply = coach.answer(request, [Turn(role="user", content=asked), Turn(role="assistant", content="…")])
    assert (reply.status, reply.kind, reply.citations) == ("not_in_sources", "general", ())


def test_nothing_is_added_to_words_that_somebody_stopped_at(coach):
    stopped = threading.Event()
    seen = []
    for event in coach.ask("市场总监和CMO的差别在哪里？", should_stop=stopped.is_set):
        seen.append(event)
        if isinstance(event, Words):
            stopped.set()
    assert [type(e) for e in seen] == [Found, Words]


def test_stopping_ends_the_reply(coach):
    events = list(coach.ask("市场总监和CMO的差别在哪里？", should_stop=lambda: True))
    assert [type(e) for e in events] == [Found]
