"""Numbers fitted to the embedding model in force: how search scores add up, and where evidence begins.

Kept in `knowledge/calibration.json`, made by `coach models calibrate`. With another embedding model the fitted numbers
do not hold; then the neutral defaults below are used and doctor says so.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from coach.library.selector import SURE_NOT

_ALL_VOTES = 4.0  # a text so many spreads above the mean is as good as if all questions voted for it
WEIGHED = ("text", "question", "question_mean", "share", "words", "reading")


@dataclass(frozen=True, kw_only=True)
class SearchWeights:
    """Fused score = Σ weight · (similarity - mean) / spread, plus shares: of the nearest questions, of the best words.

    Less, too, for each e-fold that the selector reads of a passage below what it reads of the best. The weights
    come from a softmax regression on held-back questions (`coach models calibrate`, evals/LOG.md).
    """

    text: float = 0.75
    question: float = 0.8
    question_mean: float = 0.45
    share: float = 2.4
    words: float = 2.5
    reading: float = 0.6
    unasked: float = 2.4  # in place of `share`, for a text that stands for the votes of questions it does not have
    text_mean: float = 0.8
    text_spread: float = 0.03
    asked_mean: float = 0.82
    asked_spread: float = 0.03

    def standings(self, parts: dict[str, Any], strongest: float, bounds: dict[str, float], *, asked: bool) -> tuple[float, ...]:
        """What is weighed, in the order of `WEIGHED`. `parts` as in `Passage.scores`.

        `bounds`: the least similarity of a text and of a question that was among the nearest, where what was not stands too,
        and the most that was read of any passage. A passage that has no questions of its own (`asked`
        false) takes its text's standing for theirs and for their votes. What the selector does not know loses nothing by it.
        """
        text = (float(parts.get("text", bounds["text"])) - self.text_mean) / self.text_spread
        best = mean = text
        if asked:
            best = (float(parts.get("question", bounds["question"])) - self.asked_mean) / self.asked_spread
            mean = (float(parts.get("question_mean", bounds["question"])) - self.asked_mean) / self.asked_spread
        words = float(parts.get("words", 0.0)) / strongest if strongest > 0 else 0.0
        near = float(parts.get("share", 0.0))
        if not asked:
            near = min(1.0, max(0.0, text / _ALL_VOTES)) * (self.unasked / self.share if self.share else 0.0)
        reading = max(SURE_NOT, float(parts["reading"]) - bounds["reading"]) if "reading" in parts else 0.0
        return text, best, mean, near, words, reading

    def fuse(self, standings: Sequence[float]) -> float:
        """The score of a passage."""
        weights: list[float] = [getattr(self, name) for name in WEIGHED]
        return sum(w * s for w, s in zip(weights, standings, strict=True))


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """All fitted numbers; `classifiers` holds linear models by name (see coach.conversation.turn and .evidence)."""

    embedding: str = ""
    search: SearchWeights = field(default_factory=SearchWeights)
    classifiers: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path, embedding: str) -> Calibration:
        """The calibration for this embedding model, or neutral defaults when there is none."""
        if not path.exists():
            return cls()
        data = json.loads(path.read_text(encoding="utf-8"))
        if data.get("embedding") != embedding:
            return cls()
        return cls(embedding=embedding, search=SearchWeights(**data["search"]), classifiers=data["classifiers"])

    def save(self, path: Path) -> None:
        """Writes the file with stable formatting."""
        path.write_text(json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
