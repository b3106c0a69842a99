"""Terms in a text: citation marks, keypoints, what is forbidden. Pure, and the same for both languages.

Texts are compared without case, white space, letter width, and the difference of traditional and simplified characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from coach.library.passages import sentences
from coach.text import fold
from coach.types import Lang

HEAD: dict[Lang, int] = {"zh": 300, "en": 800}
"""Characters a busy reader reads."""

# \d also matches full-width digits, which models write beside full-width brackets.
_MARK = re.compile(r"\s*[\[［【〔]\s*(\d{1,3}(?:\s*[,，、;；]\s*\d{1,3})*)\s*[\]］】〕]")
_NUMBER = re.compile(r"\d+")


def without_marks(text: str) -> str:
    """The text without citation marks in any of their forms: [1], ［１］, 【1】, [1, 2]."""
    return _MARK.sub("", text)


def marks(text: str) -> list[int]:
    """The numbers cited, in order, each as often as it stands there."""
    return [int(n) for mark in _MARK.finditer(text) for n in _NUMBER.findall(mark.group(1))]


@dataclass(frozen=True, kw_only=True)
class Keypoints:
    """Which keypoints a text holds."""

    held: tuple[bool, ...]

    @property
    def share(self) -> float:
        return sum(self.held) / len(self.held) if self.held else 0.0

    @property
    def complete(self) -> bool:
        return bool(self.held) and all(self.held)


def keypoints(text: str, wanted: Sequence[Sequence[str]]) -> Keypoints:
    """A keypoint is held when one of its terms stands in the text; both folded, citation marks taken out first."""
    folded = fold(without_marks(text))
    return Keypoints(held=tuple(any(fold(term) in folded for term in terms) for terms in wanted))


def head(text: str, lang: Lang) -> str:
    """The part of a reply that a busy reader reads."""
    return without_marks(text).strip()[: HEAD[lang]]


def retrieved(texts: Iterable[str], wanted: Sequence[Sequence[str]], limit: int) -> Keypoints:
    """Keypoints within the first `limit` characters of the passages, best first, as a prompt would hold them."""
    return keypoints("\n".join(texts)[:limit], wanted)


def density(texts: Iterable[str], wanted: Sequence[Sequence[str]], limit: int) -> float:
    """Share of the first `limit` characters that stand in sentences with a keypoint; 0 of nothing.

    RAGEval's EIR (effective information rate), with keypoints for the gold sentences.
    """
    text = "\n".join(texts)[:limit]
    terms = {fold(term) for some in wanted for term in some}
    useful = sum(len(s) for _, _, s in sentences(text) if any(term in fold(s) for term in terms))
    return useful / len(text) if text else 0.0


def forbidden(text: str, terms: Sequence[str]) -> list[str]:
    """The terms of must_not that stand in the text."""
    folded = fold(without_marks(text))
    return [term for term in terms if fold(term) in folded]
