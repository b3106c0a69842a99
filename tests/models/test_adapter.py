"""What the adapter is trained on: a fixed eighth is kept back, and no article stands against itself in a batch."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pytest

from coach.library.articles import Article, load_articles
from coach.models.adapter import TrainingPlan, _batches, held_out
from coach.models.embedding import PASSAGE_PREFIX, QUERY_PREFIX
from coach.settings import ROOT
from tests.library.test_ingest import StandIn

PLAN = TrainingPlan(batch=8, epochs=2)
KEPT = ["question 5", "question 9", "question 15", "question 22", "question 35", "question 37"]


def articles(number: int, questions: int) -> list[Article]:
    return [
        Article(
            id=f"a{n}",
            title=f"Title {n}",
            lang=lang,
            tier="stated",
            sources=["F001"],
            as_of=date(2026, 1, 1),
            stages=[],
            pillars=[],
            questions=[f"{lang} question {q} of {n}" for q in range(questions)],
            body=f"The {lang} body of article {n}.",
        )
        for n in range(number)
        for lang in ("zh", "en")
    ]


@pytest.fixture(scope="module")
def shipped() -> list[Article]:
    return load_articles(ROOT / "knowledge")


def batches(given: list[Article], plan: TrainingPlan = PLAN) -> list[list[tuple[str, str]]]:
    embedder: Any = StandIn()
    return _batches(given, embedder, plan)


def test_the_split_never_moves() -> None:
    # Written down once: the calibration of shipped adapters relies on exactly this split.
    asked = [f"question {n}" for n in range(40)] + ["预算怎么定", "市场总监升CMO要补什么"]
    assert [q for q in asked if held_out(q)] == KEPT


def test_about_an_eighth_is_kept_back(shipped: list[Article]) -> None:
    asked = [q for a in shipped for q in a.questions]
    for some in (asked, [q for a in shipped if a.lang == "zh" for q in a.questions], [f"q{n}" for n in range(4000)]):
        assert len([q for q in some if held_out(q)]) / len(some) == pytest.approx(1 / 8, abs=0.02)


def test_a_batch_holds_each_article_once() -> None:
    given = articles(20, 6)
    owner = {q: a.id for a in given for q in a.questions}
    made = batches(given)
    assert len(made) > 10
    for batch in made:
        owners = [owner[question] for question, _ in batch]
        assert len(set(owners)) == len(owners) <= PLAN.batch


def test_every_positive_belongs_to_the_article_of_its_question() -> None:
    given = articles(20, 6)
    owner = {q: a.id for a in given for q in a.questions}
    texts = {f"{a.title}\n{a.body}": a.id for a in given}
    kinds: Counter[str] = Counter()
    for question, positive in (pair for batch in batches(given) for pair in batch):
        if positive.startswith(QUERY_PREFIX):
            other = positive.removeprefix(QUERY_PREFIX)
            assert other != question
            assert owner[other] == owner[question]
            kinds["question"] += 1
        else:
            assert positive.startswith(PASSAGE_PREFIX)
            text = positive.removeprefix(PASSAGE_PREFIX)
            assert texts[text] == owner[question]
            kinds["same language" if f"The {question[:2]} body" in text else "other language"] += 1
    assert set(kinds) == {"question", "same language", "other language"}
    assert kinds["same language"] > kinds["question"] > kinds["other language"]


def test_no_held_out_question_is_trained_on(shipped: list[Article]) -> None:
    given = [a for a in shipped if a.id in {b.id for b in shipped[:80]}]
    seen = {text.removeprefix(QUERY_PREFIX) for batch in batches(given) for pair in batch for text in pair}
    kept = {q for a in given for q in a.questions if held_out(q)}
    assert len(kept) > 20
    assert seen & kept == set()


def test_an_epoch_uses_nearly_every_question_and_none_twice() -> None:
    given = articles(20, 6)
    made = batches(given, TrainingPlan(batch=8, epochs=1))
    used = Counter(question for batch in made for question, _ in batch)
    assert set(used.values()) == {1}
    trained = [q for a in given for q in a.questions if not held_out(q)]
    assert len(used) >= 0.75 * len(trained)
    assert sum(len(b) for b in batches(given)) > 1.5 * len(used), "two epochs go over them twice"


def test_the_same_seed_makes_the_same_batches() -> None:
    given = articles(12, 4)
    assert batches(given) == batches(given)
    assert batches(given) != batches(given, TrainingPlan(batch=8, epochs=2, seed=8))


def test_an_article_may_have_a_single_question() -> None:
    # The schema allows it (Article.questions has min_length 1); then there is no other question to be near to.
    given = [a.model_copy(update={"questions": a.questions[:1]}) for a in articles(40, 2) if a.lang == "zh"]
    assert batches(given)
