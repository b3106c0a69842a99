"""Questions that are known to have no answer in the library, as vectors: near misses and other fields.

The nearest of them, against the nearest questions that are answered, is the best single sign of a near miss (evals/LOG.md).
They are authored in `knowledge/turns.jsonl`, embedded at ingest and kept in one file beside the index.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from coach import text as texts
from coach.models.embedding import Embedder, Matrix

KINDS = ("near", "far")
FILE = "unanswered.npz"
_NEIGHBOURS = 20  # questions, answered and not, that vote
_BEST = 3
_SPREAD = 0.05  # cosine by which a question counts a third as much
_ITSELF = 0.9995  # similarity from which a question is the asked one; left out when the check is fitted on them


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How a question stands between answered and unanswered ones: 0, 0 and .5 when nothing is known of unanswered ones.

    `margin`: mean similarity of the three nearest answered minus that of the three nearest unanswered ones; `lead`: the same
    of the nearest one; `share`: the part of the answered ones among the twenty nearest, the nearer the louder.
    """

    margin: float = 0.0
    lead: float = 0.0
    share: float = 0.5


class Unanswered:
    """The vectors, shape (n, dimension); n may be 0."""

    def __init__(self, vectors: Matrix) -> None:
        self._vectors = vectors

    @classmethod
    def load(cls, folder: Path) -> Unanswered:
        """From the index folder; empty when the file is not there."""
        path = folder / FILE
        if not path.exists():
            return cls(np.zeros((0, 1), np.float32))
        with np.load(path) as stored:
            return cls(stored["vectors"])

    def standing(self, vector: Matrix, answered: Sequence[float], *, fitting: bool = False) -> Standing:
        """`answered` are similarities to answered questions, the nearest twenty at least. `fitting` leaves the question out."""
        if not len(self._vectors) or not answered:
            return Standing()
        against = self._vectors @ vector
        if fitting:
            against = against[against < _ITSELF]
        against = np.sort(against)[::-1][:_NEIGHBOURS]
        known = np.sort(np.asarray(answered, np.float32))[::-1][:_NEIGHBOURS]
        if not len(against):
            return Standing()
        both = np.concatenate([known, against])
        votes = np.concatenate([np.ones(len(known)), np.zeros(len(against))])
        nearest = np.argsort(-both)[:_NEIGHBOURS]
        loud = np.exp((both[nearest] - both[nearest[0]]) / _SPREAD)
        return Standing(
            margin=float(known[:_BEST].mean() - against[:_BEST].mean()),
            lead=float(known[0] - against[0]),
            share=float((loud * votes[nearest]).sum() / loud.sum()),
        )


def build(knowledge: Path, folder: Path, embedder: Embedder) -> int:
    """Embeds the authored questions and writes the file, unless it holds them already; returns how many there are."""
    path = knowledge / "turns.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    turns = [json.loads(line) for line in lines if line.strip()]
    asked = [texts.simplify(texts.normalise(t["text"])) for t in turns if t["kind"] in KINDS]
    key = hashlib.sha256("\n".join([embedder.fingerprint, *asked]).encode()).hexdigest()
    target = folder / FILE
    if target.exists():
        with np.load(target) as stored:
            if str(stored["key"]) == key:
                return len(asked)
    vectors = embedder.queries(asked) if asked else np.zeros((0, 1), np.float32)
    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / f"{FILE}.partial"
    with partial.open("wb") as file:
        np.savez(file, vectors=vectors.astype(np.float32), key=np.array(key))
    os.replace(partial, target)
    return len(asked)
