"""Held-back questions: a fixed fifth of what the articles list, scored by the sentence that answers."""

from __future__ import annotations

import pytest

from coach.claims import Claims
from coach.library.articles import held_back, load_articles
from coach.settings import ROOT
from evals.data import HeldBack, load_held_back
from evals.run import Kept, score_held_back
from tests.evals.conftest import PASSAGE, TEXT, reply

FIRST, SECOND = "营销预算由市场总监制定，并分配到各个渠道。", "每月监控投资回报率。"


def case(wanted: list[str], article: str = "budget") -> HeldBack:
    return HeldBack(
        id="budget.zh?1", lang="zh", kind="one sentence", question="钱谁来分？", history=[], must_not=[], why="test",
        article=article, wanted=wanted,
    )  # fmt: skip


def test_the_cases_are_the_held_back_fifth_with_their_sentences() -> None:
    cases = load_held_back(ROOT / "knowledge")
    listed = [q for a in load_articles(ROOT / "knowledge") for q in a.questions]
    assert len(cases) / len(listed) == pytest.approx(1 / 5, abs=0.02)
    assert all(held_back(c.question) for c in cases)
    assert len({c.id for c in cases}) == len(cases)


@pytest.mark.parametrize(
    ("wanted", "answer", "status", "right"),
    [
        ([FIRST], TEXT + "[1]", "answered", True),
        ([SECOND], f"{FIRST}[1]", "answered", False),
        ([FIRST, SECOND], TEXT + "[1]", "answered", True),
        ([FIRST], TEXT, "not_in_sources", False),
        ([FIRST], "", "answered", False),
    ],
)
def test_right_is_the_sentence_that_answers(claims: Claims, wanted: list[str], answer: str, status: str, right: bool) -> None:
    kept = Kept(case=case(wanted), reply=reply(answer, status=status), passages=(PASSAGE,))
    scored = score_held_back(kept, claims, {PASSAGE.id: PASSAGE}.get)
    assert scored.right is right
    assert scored.verdicts["article first"] is True
    assert scored.verdicts["retrieved"] is True
    assert scored.verdicts["over-refusal"] is (status != "answered")


def test_another_article_first_is_said(claims: Claims) -> None:
    kept = Kept(case=case(["别的话在别处说过。"], article="other"), reply=reply(TEXT + "[1]"), passages=(PASSAGE,))
    scored = score_held_back(kept, claims, {PASSAGE.id: PASSAGE}.get)
    assert (scored.right, scored.verdicts["article first"], scored.verdicts["retrieved"]) == (False, False, False)
    assert "other not first: budget" in scored.problems


def test_no_reply_is_wrong(claims: Claims) -> None:
    scored = score_held_back(Kept(case=case([FIRST]), reply=None, error="boom"), claims, {}.get)
    assert (scored.right, scored.verdicts["in head"]) == (False, False)
