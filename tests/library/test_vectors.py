"""Vectors: stored, replaced, removed by document, found by cosine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from coach.errors import SetupError
from coach.library.vectors import KINDS, LANGS, Vectors
from coach.models.embedding import Matrix
from coach.settings import Settings


def unit(*rows: list[float]) -> Matrix:
    matrix = np.array(rows, dtype=np.float32)
    return matrix / np.linalg.norm(matrix, axis=1, keepdims=True)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(_env_file=None, home=tmp_path / "vectors-home")


@pytest.fixture
def vectors(settings: Settings) -> Iterator[Vectors]:
    made = Vectors(settings)
    yield made
    made.close()


def test_the_nearest_come_first_with_their_cosine(vectors: Vectors) -> None:
    vectors.put("texts", "zh", ["a", "b", "c"], ["d"] * 3, unit([1, 0, 0], [1, 1, 0], [-1, 0, 0]))
    found = vectors.nearest("texts", "zh", unit([1, 0, 0])[0], 10)
    assert [i for i, _ in found] == ["a", "b", "c"]
    assert [s for _, s in found] == pytest.approx([1, 0.5**0.5, -1], abs=1e-5)
    assert [i for i, _ in vectors.nearest("texts", "zh", unit([1, 0, 0])[0], 2)] == ["a", "b"]


def test_kinds_and_languages_are_kept_apart(vectors: Vectors) -> None:
    vectors.put("texts", "zh", ["a"], ["d"], unit([1, 0]))
    vectors.put("questions", "zh", ["a?0", "a?1"], ["d", "d"], unit([1, 0], [0, 1]))
    assert vectors.counts() == {"texts-zh": 1, "texts-en": 0, "questions-zh": 2, "questions-en": 0}
    assert vectors.nearest("texts", "en", unit([1, 0])[0], 5) == []
    assert [i for i, _ in vectors.nearest("questions", "zh", unit([0, 1])[0], 1)] == ["a?1"]


def test_putting_again_replaces(vectors: Vectors) -> None:
    vectors.put("texts", "en", ["a"], ["d"], unit([1, 0]))
    vectors.put("texts", "en", ["a"], ["d"], unit([0, 1]))
    assert vectors.counts()["texts-en"] == 1
    assert vectors.nearest("texts", "en", unit([0, 1])[0], 1) == [("a", pytest.approx(1, abs=1e-5))]


def test_all_vectors_of_a_collection_in_the_order_of_their_ids(vectors: Vectors) -> None:
    vectors.put("questions", "zh", ["b", "a"], ["d", "d"], unit([1, 0], [0, 1]))
    ids, held = vectors.all("questions", "zh", 2)
    assert (ids, held.tolist()) == (["a", "b"], [[0, 1], [1, 0]])
    none, empty = vectors.all("questions", "en", 2)
    assert (none, empty.shape) == ([], (0, 2))


def test_removing_takes_everything_of_a_document_and_nothing_else(vectors: Vectors) -> None:
    for kind in KINDS:
        for lang in LANGS:
            vectors.put(kind, lang, [f"gone#{kind}", f"kept#{kind}"], ["gone", "kept"], unit([1, 0], [1, 0.1]))
    vectors.remove(["gone", "never there"])
    assert set(vectors.counts().values()) == {1}
    assert [i for i, _ in vectors.nearest("texts", "zh", unit([1, 0])[0], 5)] == ["kept#texts"]
    vectors.remove([])
    assert set(vectors.counts().values()) == {1}


def test_more_rows_and_documents_than_one_call_takes(vectors: Vectors) -> None:
    many = np.random.default_rng(3).standard_normal((5600, 4)).astype(np.float32)
    many /= np.linalg.norm(many, axis=1, keepdims=True)
    vectors.put("texts", "en", [f"p{n}" for n in range(5600)], [f"d{n // 10}" for n in range(5600)], many)
    assert vectors.counts()["texts-en"] == 5600
    assert vectors.nearest("texts", "en", many[5599], 1)[0] == ("p5599", pytest.approx(1, abs=1e-5))
    vectors.remove([f"d{n}" for n in range(450)])
    assert vectors.counts()["texts-en"] == 1100


def test_they_are_still_there_after_reopening(vectors: Vectors, settings: Settings) -> None:
    vectors.put("texts", "zh", ["a", "b"], ["d", "d"], unit([1, 0], [0, 1]))
    vectors.close()
    again = Vectors(settings)
    assert again.nearest("texts", "zh", unit([0, 1])[0], 1) == [("b", pytest.approx(1, abs=1e-5))]
    again.close()


def test_clearing_empties_all_and_leaves_them_usable(vectors: Vectors) -> None:
    vectors.put("texts", "zh", ["a"], ["d"], unit([1, 0]))
    vectors.clear()
    assert set(vectors.counts().values()) == {0}
    # Another model, another dimension: that is what a rebuild is for.
    vectors.put("texts", "zh", ["a"], ["d"], unit([1, 0, 0]))
    assert vectors.counts()["texts-zh"] == 1


def test_a_server_that_does_not_answer_is_named(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"http://127\.0\.0\.1:9.*COACH_CHROMA_URL"):
        Vectors(Settings(_env_file=None, home=tmp_path, chroma_url="http://127.0.0.1:9"))
