"""What one question went through, on request: every candidate with its scores and its fate, and the evidence decision.

Filled in by the one search and the one pipeline while they answer; without a trace they do the same and note nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from coach.types import Passage

Fate = Literal["kept", "joined", "duplicate", "below", "other_language", "hidden"]


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A passage the search came upon. `rank` counts from 1 by fused score, 0 for one that was hidden before ranking.

    `passage.scores` holds text (dense), question, question_mean, share and words (lexical); a missing one was not among the
    nearest. `of` is the passage a duplicate repeats or a neighbour was joined to.
    """

    passage: Passage
    rank: int
    fate: Fate
    of: str = ""


@dataclass(kw_only=True)
class Trace:
    """One question on its way. What was not reached stays empty: a greeting is not searched for."""

    candidates: list[Candidate] = field(default_factory=list)
    expansion: tuple[str, ...] = ()
    standalone: str = ""
    follow_up: bool = False
    kind: str = ""
    by_rule: bool = False
    turn: Mapping[str, float] = field(default_factory=dict)
    """Probabilities of the kinds of turn, by the classifier's labels."""
    signals: Mapping[str, float] = field(default_factory=dict)
    """What the evidence decision was made of, by name."""
    probability: float | None = None
    threshold: float | None = None
    enough: bool | None = None
    missing: str = ""
    """The kind of thing asked for that the passages do not hold: money, name, figure, contact."""

    def note(self, passage: Passage, fate: Fate, of: str = "") -> None:
        """One more candidate, in the order of rank."""
        rank = 0 if fate == "hidden" else 1 + sum(1 for c in self.candidates if c.rank)
        self.candidates.append(Candidate(passage=passage, rank=rank, fate=fate, of=of))
