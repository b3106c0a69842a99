"""What the stored questions say of sentences, and what a sentence is worth for it, with what the selector reads and without."""

from __future__ import annotations

import math

import pytest

from coach.library.votes import log_odds, shares
from coach.types import Passage


def passage(name: str, **more: object) -> Passage:
    text = "Budget first. Pay last."
    return Passage(id=name, doc_id=name, text=text, title=name, source="s", lang="en", **more)  # type: ignore[arg-type]


def test_shares_add_up_to_one_and_the_nearer_is_louder() -> None:
    found = shares([(0.9, 1), (0.85, 2), (0.85, 2), (0.4, 3)])
    assert sum(found.values()) == pytest.approx(1) and found[2] / found[1] == pytest.approx(2 / math.e)
    assert found[3] < 1e-3 and shares([]) == {}


@pytest.mark.parametrize("read", [{1: -5.0, 2: -5.0}, {}], ids=["read", "unread"])
def test_nearness_votes_and_the_standing_of_the_passage_make_the_odds(read: dict[int, float]) -> None:
    best = passage("b", score=5.0, pointed={1: 1.0}, read=read)
    silent = passage("c", score=5.0, read=read)
    behind = passage("d", score=3.0, pointed={1: 1.0}, read=read)
    whole = passage("e", score=5.0, pointed={0: 1.0}, read=read)
    first, second = log_odds([0.8, 0.8], best, best)
    assert first > second, "what questions point to is worth more"
    assert log_odds([0.9, 0.8], silent, best)[0] > log_odds([0.8, 0.8], silent, best)[0]
    assert log_odds([0.8, 0.8], behind, best)[0] < first
    assert log_odds([0.8, 0.8], whole, best)[1] > log_odds([0.8, 0.8], silent, best)[1]


def test_what_the_selector_reads_counts_among_equals() -> None:
    best = passage("b", score=5.0, read={1: -6.0, 2: -1.0})
    first, second = log_odds([0.8, 0.8], best, best)
    assert second > first


def test_a_sentence_the_selector_does_not_know_stands_between_what_it_takes_for_likely_and_for_unlikely() -> None:
    known = passage("b", score=5.0, read={1: -0.5, 2: -12.0})
    likely, unlikely = log_odds([0.8, 0.8], known, known)
    (unread,) = log_odds([0.8], passage("c", score=5.0), known)
    assert likely > unread > unlikely
