"""What each sentence found is worth: the one copy of the odds that it answers, for replies and excerpts."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Hashable, Sequence
from typing import TypeVar

from coach.types import Passage

Vote = tuple[float, int]
"""Cosine of a stored question to the question, and the number of the sentence (from 1) it was written for; 0: all of them."""

_SPREAD = 0.05  # cosine by which a vote counts a third as much
_Of = TypeVar("_Of", bound=Hashable)


def shares(votes: Sequence[tuple[float, _Of]]) -> dict[_Of, float]:
    """What (similarity, choice) vote for: shares of 1, the nearer the louder; nothing without votes."""
    if not votes:
        return {}
    nearest = max(similarity for similarity, _ in votes)
    weights: dict[_Of, float] = defaultdict(float)
    for similarity, chosen in votes:
        weights[chosen] += math.exp((similarity - nearest) / _SPREAD)
    total = sum(weights.values())
    return {chosen: weight / total for chosen, weight in weights.items()}


# Weights of a softmax regression on held-back questions that are not among the judged ones (evals/LOG.md).
_NEAR = 2.8  # for a sentence's similarity to the question, a cosine
_POINTED = 2.1  # for all votes of its passage being for it
_WHOLE = 1.4  # for all votes of its passage being for the whole
_READ = 0.41  # for each e-fold of what the selector reads
_BEHIND = 0.61  # against it, for each point its passage scores less than the best


def log_odds(similarities: Sequence[float], passage: Passage, best: Passage) -> list[float]:
    """Logarithmic odds, up to a constant, that each sentence of a passage is the one that answers.

    `similarities`: of its sentences to the question; `best`: the passage that was found first.
    """
    whole = passage.pointed.get(0, 0.0)
    of_passage = _WHOLE * whole - _BEHIND * (best.score - passage.score)
    odds = []
    for number, similarity in enumerate(similarities, 1):
        pointed = passage.pointed.get(number, 0.0)
        read = passage.read.get(number, _unread(similarity, pointed, whole))
        odds.append(_NEAR * similarity + _POINTED * pointed + _READ * read + of_passage)
    return odds


def _unread(similarity: float, pointed: float, whole: float) -> float:
    """What the selector reads on average of such a sentence, by linear regression; for those that it does not know."""
    return -13.1 + 12.1 * similarity + 3.5 * pointed + 1.4 * whole
