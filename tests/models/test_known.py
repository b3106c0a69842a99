"""A known text is looked up, any other one embedded; the shipped file knows the shipped articles."""

from __future__ import annotations

import hashlib
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from coach.library.catalogue import Catalogue
from coach.library.ingest import Ingest, IngestReport
from coach.library.vectors import Vectors
from coach.models.embedding import Embedder
from coach.models.known import FILE, KnownTexts
from coach.settings import ROOT, Settings


class Counting(Embedder):
    """Vectors made of a text's digest; remembers what it was asked."""

    fingerprint = "counting+1"
    dimension = 48

    def __init__(self) -> None:
        self.asked: list[str] = []

    def queries(self, texts: list[str]) -> np.ndarray:
        self.asked += texts
        return self._of([f"q{text}" for text in texts])

    def passages(self, texts: list[str]) -> np.ndarray:
        self.asked += texts
        return self._of([f"p{text}" for text in texts])

    def _of(self, texts: list[str]) -> np.ndarray:
        digests = [hashlib.sha384(text.encode("utf-8", "surrogatepass")).digest() for text in texts]
        rows = np.array([list(d) for d in digests], np.float32).reshape(-1, 48) - 127.5
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


TEXTS = ["预算", "How do I set a budget?", "", "🙂", "\ud800"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file that knows TEXTS as questions and the first of them as a passage."""
    noted = KnownTexts(Counting(), tmp_path / FILE, note=True)
    noted.queries(TEXTS)
    noted.passages(TEXTS[:1])
    assert noted.save() == len(TEXTS) + 1
    assert [p.name for p in tmp_path.iterdir()] == [FILE]
    return tmp_path / FILE


def test_what_is_known_is_not_embedded_and_what_is_not_comes_in_its_place(path: Path) -> None:
    inner = Counting()
    asked = ["new", TEXTS[3], TEXTS[0], "预算 ", TEXTS[4], TEXTS[0]]
    vectors = KnownTexts(inner, path).queries(asked)
    assert inner.asked == ["new", "预算 "]
    assert vectors.dtype == np.float32 and (vectors * Counting().queries(asked)).sum(axis=1) == pytest.approx(
        np.ones(6), abs=1e-4
    )
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(6), abs=1e-6)


def test_a_question_is_not_known_as_a_passage(path: Path) -> None:
    inner = Counting()
    KnownTexts(inner, path).passages(TEXTS[:2])
    assert inner.asked == TEXTS[1:2]


def test_nothing_asked_is_nothing(path: Path) -> None:
    assert KnownTexts(Counting(), path).queries([]).shape == (0, 48)


def test_another_model_knows_nothing_of_them(path: Path) -> None:
    class Other(Counting):
        fingerprint = "counting+2"

    inner = Other()
    KnownTexts(inner, path).queries(TEXTS)
    assert inner.asked == TEXTS


@pytest.mark.parametrize(
    "damage", [lambda p: p.unlink(), lambda p: p.write_bytes(b""), lambda p: p.write_bytes(p.read_bytes()[:400])]
)
def test_a_damaged_or_missing_file_costs_time_only(path: Path, damage) -> None:
    damage(path)
    inner = Counting()
    assert KnownTexts(inner, path).queries(TEXTS).shape == (5, 48)
    assert inner.asked == TEXTS


def test_what_was_known_is_noted_again_without_loss(path: Path) -> None:
    first = path.read_bytes()
    again = KnownTexts(Counting(), path, note=True)
    again.queries(TEXTS)
    again.passages(TEXTS[:1])
    again.save()
    with np.load(path) as stored:
        assert len(stored["keys"]) == len(TEXTS) + 1
    inner = Counting()
    KnownTexts(inner, path).queries(TEXTS)
    assert inner.asked == [] and len(path.read_bytes()) == len(first)


# --- the shipped file -------------------------------------------------------------------------------------------------


@pytest.mark.real
def test_it_knows_the_shipped_articles(embedder: Embedder, tmp_path: Path) -> None:
    class Refusing(Embedder):
        fingerprint, dimension = embedder.fingerprint, embedder.dimension

        def __init__(self) -> None:
            pass

        def queries(self, texts: list[str]) -> np.ndarray:
            pytest.fail(f"not in knowledge/{FILE}: {texts[0]!r}; make it anew with: coach models vectors")

        passages = queries

    settings = Settings(_env_file=None, home=tmp_path)
    with closing(Catalogue(tmp_path / "library.db")) as catalogue, closing(Vectors(settings, tmp_path)) as vectors:
        run = Ingest(settings, Refusing(), catalogue, vectors, folder=tmp_path)
        report = IngestReport()
        run.put(run.articles()[::12], report)
        assert report.passages >= 20


@pytest.mark.real
def test_its_vectors_are_those_of_the_model(embedder: Embedder) -> None:
    from coach.library.articles import held_back, load_articles

    asked = [q for a in load_articles(ROOT / "knowledge")[::40] for q in a.questions[::12] if not held_back(q)]
    known = KnownTexts(embedder, ROOT / "knowledge" / FILE)
    assert len(asked) > 50 and float((known.queries(asked) * embedder.queries(asked)).sum(axis=1).min()) > 0.9999
