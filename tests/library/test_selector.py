"""Answer-sentence selection: a network that learns from stored questions which sentence they ask for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from coach.errors import SetupError
from coach.library.articles import Article
from coach.library.selector import SURE_NOT, SelectorPlan, SentenceSelector, fit
from coach.models.embedding import Matrix

DIMENSION = 16
CHINESE = "先把年度预算定下来，再谈别的。薪酬总是放在最后才谈。每个季度复盘一次计划。"
ENGLISH = "Budget first. Pay last. Review every quarter."
PLAN = SelectorPlan(units=32, epochs=30, batch=16, least=60, noise=0.0)


def article(name: str, lang: str, body: str) -> Article:
    return Article.model_validate(
        {
            "id": name, "title": name, "lang": lang, "tier": "external", "sources": [{"name": "somebody", "date": "2026"}],
            "as_of": "2026-11-22", "stages": ["director"], "pillars": ["data"], "questions": [f"{name} {n}" for n in range(8)],
            "body": body,
        }
    )  # fmt: skip


ARTICLES = [article("plan", "zh", CHINESE), article("plan", "en", ENGLISH), article("odd", "en", "One alone. And another.")]


def towards(number: int, chance: np.random.Generator) -> Matrix:
    """A unit vector near the axis of a sentence."""
    vector = np.eye(DIMENSION)[number] + 0.15 * chance.normal(size=DIMENSION)
    made: Matrix = (vector / np.linalg.norm(vector)).astype(np.float32)
    return made


def embed(spoken: Sequence[str]) -> Matrix:
    """Says nothing of any sentence, so that all is learnt from questions."""
    return np.full((len(spoken), DIMENSION), 0.25, np.float32)


def stored(pid: str, sentences: int, first: int, each: int = 40) -> tuple[list[str], Matrix]:
    chance = np.random.default_rng(first)
    asked = [(f"{pid}?{n}={s + 1}", towards(first + s, chance)) for s in range(sentences) for n in range(each)]
    return [qid for qid, _ in asked], np.stack([v for _, v in asked])


@pytest.fixture(scope="module")
def selector() -> SentenceSelector:
    made = fit(ARTICLES, [stored("plan.zh", 3, 0), stored("odd.en", 2, 3)], embed, PLAN)
    assert made is not None
    return made


def likeliest(selector: SentenceSelector, axis: int, pid: str, text: str) -> int:
    logs = selector.log_probabilities(towards(axis, np.random.default_rng(99)))
    numbers = selector.numbers(pid, text)
    return 1 + max(range(len(numbers)), key=lambda n: logs[numbers[n]])


def test_a_new_question_gets_the_sentence_that_those_like_it_were_written_for(selector: SentenceSelector) -> None:
    assert [likeliest(selector, axis, "plan.zh", CHINESE) for axis in range(3)] == [1, 2, 3]
    assert [likeliest(selector, axis, "odd.en", "One alone. And another.") for axis in (3, 4)] == [1, 2]


def test_what_is_learnt_in_one_language_holds_in_the_other(selector: SentenceSelector) -> None:
    assert selector.numbers("plan.en", ENGLISH) == selector.numbers("plan.zh", CHINESE)
    assert [likeliest(selector, axis, "plan.en", ENGLISH) for axis in range(3)] == [1, 2, 3]


def test_twins_of_different_length_share_nothing() -> None:
    articles = [article("plan", "zh", CHINESE), article("plan", "en", "Budget first. Pay last.")]
    made = fit(articles, [stored("plan.zh", 3, 0), stored("plan.en", 2, 3)], embed, PLAN)
    assert made is not None
    assert not set(made.numbers("plan.zh", CHINESE)) & set(made.numbers("plan.en", "Budget first. Pay last."))


def test_a_question_for_the_whole_article_is_for_each_of_its_sentences() -> None:
    ids, vectors = stored("plan.zh", 3, 0)
    chance = np.random.default_rng(5)
    whole = [(f"plan.zh?{n}=0", towards(9, chance)) for n in range(40)]
    other = stored("odd.en", 2, 3)
    made = fit(ARTICLES, [(ids, vectors), ([q for q, _ in whole], np.stack([v for _, v in whole])), other], embed, PLAN)
    assert made is not None
    read = np.exp(made.log_probabilities(towards(9, np.random.default_rng(99)))[list(made.numbers("plan.zh", CHINESE))])
    assert read.sum() > 0.8 and read.max() < 0.6


def test_probabilities_add_up_to_one_and_end_at_a_floor(selector: SentenceSelector) -> None:
    logs = selector.log_probabilities(towards(0, np.random.default_rng(1)))
    assert logs.shape == (5,) and np.exp(logs).sum() == pytest.approx(1, abs=1e-3) and logs.min() >= SURE_NOT


def test_a_changed_sentence_is_unknown_and_the_others_stay_known(selector: SentenceSelector) -> None:
    before = selector.numbers("plan.en", ENGLISH)
    assert selector.numbers("plan.en", "Budget first. Pay never. Review every quarter.") == (before[0], -1, before[2])
    assert selector.numbers("plan.en", "Nothing of it.") == selector.numbers("plan.en", "") == ()
    assert selector.numbers("another.en", ENGLISH) == (), "the same words in another article are another sentence"


def test_it_comes_back_as_it_was_saved_for_its_embedding_model_only(selector: SentenceSelector, tmp_path: Path) -> None:
    path = tmp_path / "selector.npz"
    selector.save(path, "model+1")
    loaded = SentenceSelector.load(path, "model+1")
    assert loaded is not None
    question = towards(1, np.random.default_rng(2))
    assert loaded.log_probabilities(question) == pytest.approx(selector.log_probabilities(question), abs=0.02)
    assert loaded.numbers("plan.en", ENGLISH) == selector.numbers("plan.en", ENGLISH)
    assert SentenceSelector.load(path, "model+2") is None and SentenceSelector.load(tmp_path / "none.npz", "model+1") is None
    assert [p.name for p in tmp_path.iterdir()] == ["selector.npz"]


@pytest.mark.parametrize("spoilt", [b"", b"version https://git-lfs.github.com/spec/v1\n", b"PK\x03\x04 cut off"])
def test_a_damaged_file_is_named_with_what_mends_it(tmp_path: Path, spoilt: bytes) -> None:
    path = tmp_path / "selector.npz"
    path.write_bytes(spoilt)
    with pytest.raises(SetupError, match=r"selector\.npz is damaged") as told:
        SentenceSelector.load(path, "model+1")
    assert "coach models calibrate" in told.value.hint


def test_a_file_without_its_layers_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "selector.npz"
    np.savez(path, embedding=np.array("model+1"))
    with pytest.raises(SetupError, match="damaged"):
        SentenceSelector.load(path, "model+1")


def test_too_few_questions_train_nothing(selector: SentenceSelector) -> None:
    assert fit(ARTICLES, [stored("plan.zh", 3, 0, each=19)], embed, PLAN) is None
    assert fit(ARTICLES, [stored("of-nobody", 3, 0)], embed, PLAN) is None


def test_training_twice_gives_the_same(selector: SentenceSelector) -> None:
    again = fit(ARTICLES, [stored("plan.zh", 3, 0), stored("odd.en", 2, 3)], embed, PLAN)
    assert again is not None
    question = towards(2, np.random.default_rng(3))
    assert again.log_probabilities(question) == pytest.approx(selector.log_probabilities(question), abs=0.05)
