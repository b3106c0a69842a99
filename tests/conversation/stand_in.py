"""What these tests stand on instead of weights and a library: made-up passages, and vectors that count wanted words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from coach.types import Lang, Passage, Turn

QUESTION = np.array([1.0], dtype=np.float32)
"""The vector of every question here; a sentence's similarity to it is what `Scores` says."""


@dataclass
class Scores:
    """A library of one dimension: a sentence is as near as its best word in `words` says, else as `other`."""

    words: dict[str, float] = field(default_factory=dict)
    other: float = 0.1

    def sentence_vectors(self, sentences: Sequence[str]) -> np.ndarray:
        return np.array(
            [[max([v for w, v in self.words.items() if w in s] or [self.other])] for s in sentences], dtype=np.float32
        )


def passage(
    text: str, *, id: str = "a", lang: Lang = "zh", tier: Any = "stated", source: str = "框架", title: str = "题目", **more: Any
) -> Passage:
    return Passage(id=id, doc_id=id, text=text, title=title, source=source, lang=lang, tier=tier, **more)


def said(*contents: str) -> list[Turn]:
    """A history: the person first, then the coach, in turns."""
    return [Turn(role=("user", "assistant")[n % 2], content=c) for n, c in enumerate(contents)]
