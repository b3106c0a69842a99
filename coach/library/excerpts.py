"""Passages cut to the sentences that answer best, so that a few characters hold what several articles say."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from coach.library.passages import sentences
from coach.library.votes import log_odds
from coach.models.embedding import Matrix
from coach.types import Passage

GAP = " … "
Embed = Callable[[Sequence[str]], Matrix]


@dataclass(frozen=True, kw_only=True)
class _Part:
    """A sentence, or a whole piece of a document: `passages[rank].text[start:end]`; `worth` is per character."""

    rank: int
    number: int
    start: int
    end: int
    worth: float

    @property
    def size(self) -> int:
        return self.end - self.start


def excerpts(vector: Matrix, passages: Sequence[Passage], embed: Embed, max_chars: int) -> list[Passage]:
    """The passages, best first as they came, cut to the sentences worth most, at most `max_chars` characters together.

    Something of the best passage always comes, even when it is longer. Pieces of a person's own documents are never cut.
    What is left out between two sentences shows as an ellipsis; `start` and `end` are those of what is left.
    """
    parts = [part for rank, passage in enumerate(passages) for part in _parts(vector, rank, passage, passages[0], embed)]
    if not parts:
        return []
    parts.sort(key=lambda part: (-part.worth, part.rank, part.number))
    opening = next(part for part in parts if part.rank == 0)
    chosen = {0: [opening]}
    room = max_chars - opening.size
    for part in parts:
        if part is not opening and part.size + len(GAP) <= room:
            chosen.setdefault(part.rank, []).append(part)
            room -= part.size + len(GAP)
    return [_cut(passages[rank], chosen[rank]) for rank in sorted(chosen)]


def _parts(vector: Matrix, rank: int, passage: Passage, best: Passage, embed: Embed) -> list[_Part]:
    spans = [] if passage.tier == "document" else [(start, end) for start, end, _ in sentences(passage.text)]
    similarities = [float(s) for s in embed([passage.text[a:b] for a, b in spans]) @ vector] if spans else []
    if not spans:
        spans, similarities = [(0, len(passage.text))], [passage.scores.get("text", 0.0)]
    parts = []
    for number, ((start, end), odds) in enumerate(zip(spans, log_odds(similarities, passage, best), strict=True)):
        worth = odds - math.log(max(1, end - start))
        parts.append(_Part(rank=rank, number=number, start=start, end=end, worth=worth))
    return parts


def _cut(passage: Passage, chosen: Sequence[_Part]) -> Passage:
    parts = sorted(chosen, key=lambda part: part.number)
    text = passage.text[parts[0].start : parts[0].end]
    for before, part in pairwise(parts):
        neighbours = part.number == before.number + 1
        text += passage.text[before.end : part.end] if neighbours else GAP + passage.text[part.start : part.end]
    start, end = passage.start + parts[0].start, passage.start + parts[-1].end
    return passage if text == passage.text else replace(passage, text=text, start=start, end=end, pointed={}, read={})
