"""What the stored questions say of sentences: shares, echoes, twins, and what a sentence is worth for it."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest

from coach.library.votes import Twins, echoes, log_odds, shares
from coach.models.embedding import Matrix
from coach.types import Passage

MEANS = {
    "Budget first.": (1, 0, 0),
    "Pay last.": (0, 1, 0),
    "Both now.": (0, 0, 1),
    "先定预算。": (1, 0, 0),
    "最后谈薪酬。": (0, 1, 0),
}


class Vectors:
    """Unit vectors by meaning; counts how often it is asked."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, spoken: Sequence[str]) -> Matrix:
        self.calls += 1
        return np.array([MEANS[s.strip()] for s in spoken], np.float32)


def passage(name: str, text: str, **more: object) -> Passage:
    return Passage(id=name, doc_id=name, text=text, title=name, source="s", lang="en", **more)  # type: ignore[arg-type]


ENGLISH, CHINESE = passage("a.en", "Budget first. Pay last."), passage("a.zh", "最后谈薪酬。先定预算。")


def test_shares_add_up_to_one_and_the_nearer_is_louder() -> None:
    found = shares([(0.9, 1), (0.85, 2), (0.85, 2), (0.4, 3)])
    assert sum(found.values()) == pytest.approx(1) and found[2] / found[1] == pytest.approx(2 / math.e)
    assert found[3] < 1e-3 and shares([]) == {}


def test_an_echo_is_measured_by_the_nearest_of_all() -> None:
    assert echoes([(0.9, 1), (0.9, 1), (0.86, 2)], nearest=0.9) == pytest.approx({1: 2.0, 2: 1 / math.e})
    assert echoes([(0.5, 1)], nearest=0.9)[1] < 1e-4 and echoes([], nearest=0.9) == {}


def test_votes_for_a_sentence_of_the_twin_are_votes_for_the_one_that_says_the_same() -> None:
    told = [(0.9, 1), (0.8, 2), (0.7, 0), (0.6, 9)]
    assert Twins(Vectors()).votes(told, ENGLISH, CHINESE, 0.1) == [
        (pytest.approx(0.8), 2), (pytest.approx(0.7), 1), (pytest.approx(0.6), 0), (pytest.approx(0.5), 0),
    ]  # fmt: skip


def test_twins_are_compared_once_and_again_when_one_was_edited() -> None:
    vectors = Vectors()
    twins = Twins(vectors, size=1)
    for _ in range(3):
        twins.votes([(0.9, 1)], ENGLISH, CHINESE, 0.0)
    assert vectors.calls == 2  # one for each language
    edited = passage("a.en", "Both now. Pay last.")
    assert twins.votes([(0.9, 1)], edited, CHINESE, 0.0) == [(0.9, 2)] and vectors.calls == 4
    twins.votes([(0.9, 1)], ENGLISH, CHINESE, 0.0)
    assert vectors.calls == 6, "more pairs were remembered than allowed"


def test_a_twin_without_sentences_votes_for_the_whole() -> None:
    assert Twins(Vectors()).votes([(0.9, 1)], ENGLISH, passage("a.zh", "…"), 0.0) == [(0.9, 0)]


def test_nearness_votes_and_the_standing_of_the_passage_make_the_odds() -> None:
    best = passage("b", "Budget first. Pay last.", score=5.0, pointed={1: 1.0}, echoed={1: 1.0})
    silent = passage("c", "Budget first. Pay last.", score=5.0)
    behind = passage("d", "Budget first. Pay last.", score=3.0, pointed={1: 1.0}, echoed={1: 1.0})
    whole = passage("e", "Budget first. Pay last.", score=5.0, echoed={0: 1.0})
    first, second = log_odds([0.8, 0.8], best, best)
    assert first > second, "what questions point to is worth more"
    assert log_odds([0.9, 0.8], silent, best)[0] > log_odds([0.8, 0.8], silent, best)[0]
    assert log_odds([0.8, 0.8], behind, best)[0] < first
    assert log_odds([0.8, 0.8], whole, best)[1] > log_odds([0.8, 0.8], silent, best)[1]
