"""What the stored questions near a question say of each sentence: which one they were written for, in either language.

Every built-in article exists in both languages, and people asked different things of each. A question in the other language
votes for the sentence that says the same (evals/LOG.md: facts within 2,000 characters 93.2 → 94.5 %).
"""

from __future__ import annotations

import math
import threading
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

import numpy as np

from coach.library.passages import sentences
from coach.models.embedding import Matrix
from coach.types import Passage

Vote = tuple[float, int]
"""Cosine of a stored question to the question, and the number of the sentence (from 1) it was written for; 0: all of them."""

_SPREAD = 0.05  # cosine by which a vote within one passage counts a third as much
_ECHO_SPREAD = 0.04  # the same among all votes that there are
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


def echoes(votes: Sequence[Vote], nearest: float) -> dict[int, float]:
    """How much of the votes of all passages, the `nearest` of which counts 1, falls to each sentence of this one."""
    loud: dict[int, float] = defaultdict(float)
    for similarity, number in votes:
        loud[number] += math.exp((similarity - nearest) / _ECHO_SPREAD)
    return dict(loud)


class Twins:
    """Which sentence of an article says what a sentence of its twin in the other language says."""

    def __init__(self, vectors: Callable[[Sequence[str]], Matrix], size: int = 1000) -> None:
        """`vectors`: unit vectors of sentences, shape (n, dimension). The last `size` pairs of articles are remembered."""
        self._vectors = vectors
        self._size = size
        self._lock = threading.Lock()
        self._known: OrderedDict[tuple[str, str], tuple[int, ...]] = OrderedDict()

    def votes(self, told: Sequence[Vote], passage: Passage, twin: Passage, discount: float) -> list[Vote]:
        """Votes for sentences of the twin as votes for those of the passage, each `discount` farther."""
        counterpart = self._counterparts(passage.text, twin.text)
        return [(s - discount, counterpart[n - 1] if 0 < n <= len(counterpart) else 0) for s, n in told]

    def _counterparts(self, text: str, twin: str) -> tuple[int, ...]:
        with self._lock:
            if (found := self._known.get((text, twin))) is not None:
                self._known.move_to_end((text, twin))
                return found
        own, other = ([s for _, _, s in sentences(t)] for t in (text, twin))
        found = tuple(int(n) + 1 for n in np.argmax(self._vectors(other) @ self._vectors(own).T, axis=1)) if own and other else ()
        with self._lock:
            self._known[text, twin] = found
            while len(self._known) > self._size:
                self._known.popitem(last=False)
        return found


# Weights of a softmax regression on 3,200 held-back questions that are not among the judged ones (evals/LOG.md).
_NEAR = 7.1  # for a sentence's similarity to the question, a cosine
_POINTED = 2.5  # for all votes of its passage being for it
_ECHO = 0.27  # for each e-fold of its part in all votes
_WHOLE = 0.13  # for each e-fold of the part that falls to its passage as a whole
_SILENT = 0.01  # the part of what nobody votes for
_BEHIND = 0.84  # against it, for each point its passage scores less than the best


def log_odds(similarities: Sequence[float], passage: Passage, best: Passage) -> list[float]:
    """Logarithmic odds, up to a constant, that each sentence of a passage is the one that answers.

    `similarities`: of its sentences to the question; `best`: the passage that was found first.
    """
    of_passage = _WHOLE * _loud(passage, 0) - _BEHIND * (best.score - passage.score)
    return [
        _NEAR * similarity + _POINTED * passage.pointed.get(number, 0.0) + _ECHO * _loud(passage, number) + of_passage
        for number, similarity in enumerate(similarities, 1)
    ]


def _loud(passage: Passage, number: int) -> float:
    return math.log(_SILENT + passage.echoed.get(number, 0.0))
