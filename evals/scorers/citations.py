"""Whether marks lead to citations and quotes stand where they say; what a citation supports stands in `grounding`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from coach.library.passages import sentences
from coach.text import fold
from coach.types import Tier
from evals.schema import Quoted, Record
from evals.scorers.terms import marks, without_marks


@dataclass(frozen=True, kw_only=True)
class CitationCheck:
    """Every mark and every citation is one thing checked; `dangling` and `false` say which do not hold and why."""

    marks: int = 0
    quotes: int = 0
    dangling: tuple[str, ...] = ()
    false: tuple[str, ...] = ()

    @property
    def checked(self) -> int:
        return self.marks + self.quotes


@dataclass(frozen=True, kw_only=True)
class Label:
    """How a passage of the built-in library is to be named."""

    title: str
    source: str
    tier: Tier


def citations(record: Record, texts: Mapping[str, str], labels: Mapping[str, Label]) -> CitationCheck:
    """Every number in the text has its citation, and every quote stands literally, at its offsets, in its passage.

    A quote of the built-in library is whole sentences, under the title, source and tier of its article (`labels` by passage
    id). A reply made of extracts says what it quotes. One that answers from passages without citing any does not hold.
    """
    numbers = marks(record.answer or "")
    listed = {c.n for c in record.citations}
    dangling = [f"[{n}] has no citation" for n in numbers if n not in listed]
    checked = len(numbers)
    if record.status == "answered" and record.shown and not numbers:
        checked += 1
        dangling.append("answered from passages without a citation")
    false = [f"[{c.n}] {reason}" for c in record.citations if (reason := _objection(c, texts.get(c.passage), labels))]
    if record.model == "extracts":
        said = fold(without_marks(record.answer or ""))
        false += [f"[{c.n}] quotes what the reply does not say" for c in record.citations if fold(c.quote) not in said]
    return CitationCheck(marks=checked, quotes=len(record.citations), dangling=tuple(dangling), false=tuple(false))


def _objection(citation: Quoted, passage: str | None, labels: Mapping[str, Label]) -> str:
    if passage is None:
        return f"cites {citation.passage_id!r}, which the library does not hold"
    if not citation.quote.strip():
        return "quotes nothing"
    if citation.quote not in passage:
        return "quotes what its passage does not say"
    if passage[citation.start : citation.end] != citation.quote:
        return "has offsets that do not lead to its quote"
    if not citation.title.strip() or not citation.source.strip():
        return "names no source"
    if label := labels.get(citation.passage_id):
        if Label(title=citation.title, source=citation.source, tier=citation.tier) != label:
            return f"is not told as {label.source}, {label.tier}"
        if not _whole(citation, passage):
            return "begins or ends within a sentence"
    return ""


def _whole(citation: Quoted, passage: str) -> bool:
    """Whether the quote is one sentence after the other, but for white space around."""
    spans = [(start + len(s) - len(s.lstrip()), start + len(s.rstrip())) for start, _, s in sentences(passage)]
    start = citation.start + len(citation.quote) - len(citation.quote.lstrip())
    end = citation.end - (len(citation.quote) - len(citation.quote.rstrip()))
    return start in {a for a, _ in spans} and end in {b for _, b in spans}
