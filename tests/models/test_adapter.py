"""What the adapter is trained on: a fixed fifth is kept back, and every question stands beside its own article."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from typing import Any

import numpy as np
import pytest

from coach.library.articles import Article, held_back, load_articles
from coach.models.adapter import TrainingPlan, _alike, _Pool, _spoken
from coach.models.embedding import PASSAGE_PREFIX
from coach.settings import ROOT

PLAN = TrainingPlan(articles=8, questions=3, spoken=2, steps=4)
KEPT = ["question 1", "question 3", "question 8", "question 13", "question 14", "question 16", "question 30"]


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
            answers=[q % 3 for q in range(questions)],
            body=f"The {lang} body of article {n}. It has a second sentence.",
        )
        for n in range(number)
        for lang in ("zh", "en")
    ]


@pytest.fixture(scope="module")
def shipped() -> list[Article]:
    return load_articles(ROOT / "knowledge")


class Letters:
    """An encoder of letter counts, with torch tensors, in the place of the model."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def __call__(self, texts: Any) -> Any:
        import torch

        self.seen.extend(texts)
        counts = np.array([[t.lower().count(c) + 0.01 for c in "abcdefghij0123456789"] for t in texts], dtype=np.float32)
        return torch.nn.functional.normalize(torch.tensor(counts), dim=-1)

    by_length = __call__


def pool(given: list[Article], plan: TrainingPlan = PLAN) -> _Pool:
    encoder: Any = Letters()
    return _Pool(given, plan, encoder)


def test_the_split_never_moves() -> None:
    # Written down once: index, adapter and calibration rely on exactly this split.
    asked = [f"question {n}" for n in range(40)] + ["预算怎么定", "市场总监升CMO要补什么"]
    assert [q for q in asked if held_back(q)] == KEPT


def test_about_a_fifth_is_kept_back(shipped: list[Article]) -> None:
    asked = [q for a in shipped for q in a.questions]
    for some in (asked, [q for a in shipped if a.lang == "zh" for q in a.questions], [f"q{n}" for n in range(4000)]):
        assert len([q for q in some if held_back(q)]) / len(some) == pytest.approx(1 / 5, abs=0.02)


def test_a_step_holds_articles_once_and_questions_of_them() -> None:
    given = articles(20, 8)
    made = pool(given)
    langs = []
    for _ in range(6):
        lang, members, questions = made.draw()
        langs.append(lang)
        assert len(set(members)) == len(members) == PLAN.articles
        assert {q.article for q in questions} <= set(members)
        other = [q for q in questions if not q.text.startswith(lang)]
        assert 0 < len(other) <= len(members), "the last question of each article is in the other language"
    assert langs == ["zh", "en"] * 3


def test_every_question_is_drawn_before_one_comes_again() -> None:
    given = articles(8, 10)
    made = pool(given)
    trained = [q for a in given if a.id == "a3" and a.lang == "zh" for q in a.questions if not held_back(q)]
    drawn: Counter[str] = Counter()
    number = made.ids.index("a3")
    for _ in trained:
        found = made._next("zh", number)
        assert found is not None
        drawn[found.text] += 1
    assert sorted(drawn) == sorted(trained)


def test_no_held_back_question_is_trained_on(shipped: list[Article]) -> None:
    given = [a for a in shipped if a.id in {b.id for b in shipped[:80]}]
    made = pool(given)
    seen = {q.text for _ in range(60) for q in made.draw()[2]}
    kept = {q for a in given for q in a.questions if held_back(q)}
    assert len(kept) > 20 and len(seen) > 500
    assert seen & kept == set()


def test_texts_and_sentences_carry_the_prefix(shipped: list[Article]) -> None:
    made = pool(shipped)
    assert all(t.startswith(PASSAGE_PREFIX) for texts in made.texts.values() for t in texts)
    assert all(s.startswith(PASSAGE_PREFIX) for some in made.sentences.values() for each in some for s in each)


def test_the_same_seed_makes_the_same_steps() -> None:
    given = articles(12, 6)

    def drawn(plan: TrainingPlan) -> list[str]:
        made = pool(given, plan)
        return [q.text for _ in range(3) for q in made.draw()[2]]

    assert drawn(PLAN) == drawn(PLAN)
    assert drawn(PLAN) != drawn(TrainingPlan(articles=8, questions=3, spoken=2, steps=4, seed=8))


def test_the_losses_fall_when_what_belongs_together_is_near() -> None:
    import torch

    own = torch.tensor([0, 0, 1, 1])
    apart = torch.nn.functional.normalize(torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 0.1], [0.1, 1.0]]), dim=-1)
    together = torch.nn.functional.normalize(torch.tensor([[1.0, 0.0], [1.0, 0.1], [0.0, 1.0], [0.1, 1.0]]), dim=-1)
    assert _alike(together, own, 20.0) < 0.1 < _alike(apart, own, 20.0)


def test_the_sentence_loss_looks_at_the_right_sentence() -> None:
    import torch

    given = articles(1, 8)
    made = pool(given)
    questions = [q for q in made.asked["en"][0] if q.sentence == 2]
    assert questions

    def encoder(texts: Any) -> Any:
        return torch.tensor([[1.0, 0.0] if "second" in t else [0.0, 1.0] for t in texts])

    right = torch.tensor([[1.0, 0.0]] * len(questions))
    loss: Any = _spoken(made, encoder, PLAN, "en", questions, right)  # type: ignore[arg-type]
    assert loss < 0.01
    assert _spoken(made, encoder, PLAN, "en", questions, 1 - right) > 5  # type: ignore[arg-type]


def test_the_shipped_adapter_names_its_model_and_no_folder_of_a_machine() -> None:
    config = json.loads((ROOT / "knowledge" / "adapter" / "adapter_config.json").read_text(encoding="utf-8"))
    assert config["base_model_name_or_path"] == "e5-small-q4"


def test_an_article_may_have_a_single_question_or_none_to_train_on() -> None:
    given = [a.model_copy(update={"questions": a.questions[:1], "answers": [1]}) for a in articles(40, 2) if a.lang == "zh"]
    lang, members, questions = pool(given).draw()
    assert members and all(q.article in members for q in questions)
