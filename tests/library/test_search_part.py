"""A place may be answered from one's own documents only, or from the built-in ones only: no other is found, cited or named."""

from __future__ import annotations

import pytest

from coach.app import Coach
from coach.library.keeper import Keeper
from coach.types import PARTS, Done, Found, Part, Reply

RULE = "# 复盘制度\n\n每周五下午四点开营销复盘会，由区域负责人轮流主持，会后一天内发纪要。\n".encode()
OF_OURS = ("营销复盘会是周几开？", "When is the marketing review meeting held?")
OF_THE_LIBRARY = ("A/B测试要多少样本？", "How large a sample does an A/B test need?")
QUESTIONS = (*OF_OURS, *OF_THE_LIBRARY, "star", "怎么办", "x" * 500)


@pytest.fixture
def keeper(coach: Coach) -> Keeper:
    return coach.keeper


@pytest.fixture
def ours(keeper: Keeper) -> str:
    """The id of the one own document."""
    return keeper.add("团队规则.md", RULE).document.id


def found(coach: Coach, question: str, part: Part) -> set[str]:
    """The documents a search finds passages of."""
    with coach.library() as library:
        return {passage.doc_id for passage in library.search(question, k=50, part=part).passages}


def replied(coach: Coach, question: str, part: Part) -> Reply:
    """A reply, whose passages are those that were announced."""
    events = list(coach.ask(question, part=part))
    (done,) = [event for event in events if isinstance(event, Done)]
    shown = [event.passages for event in events if isinstance(event, Found)]
    assert shown in ([], [done.reply.passages])
    return done.reply


def test_each_part_finds_its_own_documents_and_all_finds_both(coach, ours):
    for question in QUESTIONS:
        assert found(coach, question, "own") == {ours}
        built_in, everything = found(coach, question, "built-in"), found(coach, question, "all")
        assert built_in and ours not in built_in and built_in | {ours} >= everything
    both = [found(coach, question, "all") for question in OF_OURS]
    assert all(ours in some and len(some) > 1 for some in both)


def test_all_is_what_is_searched_where_nothing_is_said(coach, ours):
    with coach.library() as library:
        for question in QUESTIONS:
            assert library.search(question, part="all").passages == library.search(question).passages


def test_without_own_documents_that_part_is_empty_and_the_other_is_all(coach):
    with coach.library() as library:
        for question in QUESTIONS:
            own = library.search(question, part="own")
            assert own.passages == () and own.signals.fused == 0.0
            assert library.search(question, part="built-in").passages == library.search(question).passages
    for question in (*OF_OURS, *OF_THE_LIBRARY):
        reply = replied(coach, question, "own")
        assert reply.status == "not_in_sources" and reply.passages == () and reply.citations == ()


@pytest.mark.parametrize("question", [*OF_OURS, *OF_THE_LIBRARY])
def test_a_reply_uses_no_passage_of_the_other_part(coach, ours, question):
    of_ours = question in OF_OURS
    replies = {part: replied(coach, question, part) for part in PARTS}
    assert {p.doc_id for p in replies["own"].passages} <= {ours}
    assert ours not in {p.doc_id for p in replies["built-in"].passages}
    assert not any(c.passage_id.startswith(ours) for c in replies["built-in"].citations)
    assert all(c.passage_id.startswith(ours) for c in replies["own"].citations)
    if not of_ours:
        assert replies["own"].status == "not_in_sources"  # our one document is about something else
        assert replies["built-in"].status == replies["all"].status == "answered"
        assert not any(c.passage_id.startswith(ours) for c in replies["all"].citations)
    if question == OF_OURS[0]:
        assert replies["all"].citations[0].passage_id.startswith(ours) and "每周五" in replies["own"].answer
        assert "每周五" not in replies["built-in"].answer


def test_kept_conversations_ask_the_part_too(coach, ours):
    def asked(conversation: str, part: Part) -> Reply:
        events = list(coach.talks.ask("local", conversation, OF_OURS[0], part=part))
        return events[-1].reply

    assert "每周五" in asked("own", "own").answer
    assert "每周五" not in asked("built-in", "built-in").answer
    assert [e.reply.status == "answered" for e in coach.talks.conversation("local", "own").exchanges] == [True]


def test_a_hidden_document_stays_hidden_in_every_part(coach, keeper, ours):
    article = "ab-test-sample-size.zh"
    keeper.hide(ours)
    keeper.hide(article)
    for question in QUESTIONS:
        assert found(coach, question, "own") == set()
        assert not {ours, article} & (found(coach, question, "built-in") | found(coach, question, "all"))
    assert replied(coach, OF_OURS[0], "own").status == "not_in_sources"
    keeper.hide(ours, False)
    assert found(coach, OF_OURS[0], "own") == {ours}


def test_a_document_that_was_removed_is_in_no_part(coach, keeper, ours):
    keeper.remove(ours)
    assert all(ours not in found(coach, OF_OURS[0], part) for part in PARTS)
