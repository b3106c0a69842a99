"""Whether marks lead to citations and quotes stand where they say; what a citation supports stands in `grounding`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from evals.schema import Quoted, Record
from evals.scorers.terms import marks


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


def citations(record: Record, texts: Mapping[str, str]) -> CitationCheck:
    """Every number in the text has its citation, and every quote stands literally, at its offsets, in its passage.

    A reply that answers from passages without citing any is itself one thing that does not hold.
    """
    numbers = marks(record.answer or "")
    listed = {c.n for c in record.citations}
    dangling = [f"[{n}] has no citation" for n in numbers if n not in listed]
    checked = len(numbers)
    if record.status == "answered" and record.shown and not numbers:
        checked += 1
        dangling.append("answered from passages without a citation")
    false = [f"[{c.n}] {reason}" for c in record.citations if (reason := _objection(c, texts.get(c.passage)))]
    return CitationCheck(marks=checked, quotes=len(record.citations), dangling=tuple(dangling), false=tuple(false))


def _objection(citation: Quoted, passage: str | None) -> str:
    if passage is None:
        return f"cites {citation.passage_id!r}, which the library does not hold"
    if not citation.quote.strip():
        return "quotes nothing"
    if citation.quote not in passage:
        return "quotes what its passage does not say"
    if passage[citation.start : citation.end] != citation.quote:
        return "has offsets that do not lead to its quote"
    return ""
