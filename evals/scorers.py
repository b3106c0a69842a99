"""How one reply is scored: pure functions from a case and a text or Reply to a verdict. Run nothing, average nothing.

What is missing is wrong: an empty answer, a reply that never came and a refusal score nothing and are never left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from coach.claims import Claims, is_attributed
from coach.library.passages import sentences
from coach.text import fold, normalise
from coach.types import Citation, Lang, Passage, Reply
from evals.data import Answerable, StatusCase

HEAD: dict[Lang, int] = {"zh": 300, "en": 800}
"""Characters a busy reader reads."""
REFUSALS = frozenset({"not_in_sources", "declined", "crisis"})
_NEVER_ANSWERS = frozenset({"not_in_sources", "crisis"})
"""A reply that declines may still set right what was wrongly assumed, so its words decide; one of these cannot."""

# \d also matches full-width digits, which models write beside full-width brackets.
_MARK = re.compile(r"\s*[\[［【〔]\s*(\d{1,3}(?:\s*[,，、;；]\s*\d{1,3})*)\s*[\]］】〕]")
_NUMBER = re.compile(r"\d+")

Known = Callable[[str], Passage | None]


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


def forbidden(text: str, terms: Sequence[str]) -> list[str]:
    """The terms of must_not that stand in the text."""
    folded = fold(without_marks(text))
    return [term for term in terms if fold(term) in folded]


@dataclass(frozen=True, kw_only=True)
class Attribution:
    """`stated` sentences hold an unverified claim; `bare` are those of them that do not say whose claim it is."""

    stated: tuple[str, ...] = ()
    bare: tuple[str, ...] = ()

    @property
    def held(self) -> bool | None:
        """None when no claim was stated: nothing was shown, so nothing is passed."""
        return not self.bare if self.stated else None


def attribution(text: str, lang: Lang, claims: Claims) -> Attribution:
    """A claim is attributed by its own sentence, or by a remark in brackets further on in its paragraph."""
    stated: list[str] = []
    bare: list[str] = []
    for paragraph in without_marks(text).split("\n"):
        found = [s.strip() for _, _, s in sentences(paragraph)]
        for at, sentence in enumerate(found):
            if not claims.stated_in(sentence, lang):
                continue
            stated.append(sentence)
            remarked = any(s.startswith(("(", "（")) and is_attributed(s, lang) for s in found[at + 1 :])
            if claims.unattributed_in(sentence, lang) and not remarked:
                bare.append(sentence)
    return Attribution(stated=tuple(stated), bare=tuple(bare))


@dataclass(frozen=True, kw_only=True)
class CitationCheck:
    """Every mark and every citation is one thing checked; `wrong` says which do not hold and why."""

    checked: int = 0
    wrong: tuple[str, ...] = ()


def citations(reply: Reply, known: Known) -> CitationCheck:
    """Every number in the text has its citation, and every quote stands literally, at its offsets, in its passage.

    A reply that answers from passages without citing any is itself one thing that does not hold.
    """
    numbers = marks(reply.answer)
    listed = {c.n for c in reply.citations}
    wrong = [f"[{n}] has no citation" for n in numbers if n not in listed]
    checked = len(numbers) + len(reply.citations)
    shown = {p.id: p for p in reply.passages}
    for citation in reply.citations:
        passage = shown.get(citation.passage_id) or known(citation.passage_id)
        if reason := _objection(citation, passage):
            wrong.append(f"[{citation.n}] {reason}")
    if reply.status == "answered" and reply.passages and not numbers:
        checked += 1
        wrong.append("answered from passages without a citation")
    return CitationCheck(checked=checked, wrong=tuple(wrong))


def _objection(citation: Citation, passage: Passage | None) -> str:
    if passage is None:
        return f"cites {citation.passage_id!r}, which the library does not hold"
    if not citation.quote.strip():
        return "quotes nothing"
    if citation.quote not in passage.text:
        return "quotes what its passage does not say"
    if passage.text[citation.start : citation.end] != citation.quote:
        return "has offsets that do not lead to its quote"
    return ""


@dataclass(frozen=True, kw_only=True)
class AnswerScore:
    """`right`: every keypoint, nothing forbidden, not a refusal. `right_in_head`: the same for what is read first."""

    right: bool
    right_in_head: bool
    share: float
    missing: tuple[int, ...]
    forbidden: tuple[str, ...]
    attribution: bool | None
    bare: tuple[str, ...]


def answer(case: Answerable, text: str | None, claims: Claims, *, status: str = "answered") -> AnswerScore:
    """Scores the text of a reply; None stands for a reply that never came."""
    told = text if text and normalise(without_marks(text)) else ""
    refused = status in _NEVER_ANSWERS or not told
    whole = keypoints(told, case.keypoints)
    hits = forbidden(told, case.must_not)
    said = attribution(told, case.lang, claims)
    allowed = not refused and not hits
    return AnswerScore(
        right=allowed and whole.complete,
        right_in_head=allowed and keypoints(head(told, case.lang), case.keypoints).complete,
        share=0.0 if refused else whole.share,
        missing=tuple(n for n, held in enumerate(whole.held) if not held),
        forbidden=tuple(hits),
        attribution=False if refused else said.held,
        bare=said.bare,
    )


@dataclass(frozen=True, kw_only=True)
class StatusScore:
    """`right`: the wanted status, or one also allowed, with words to read and nothing forbidden in them."""

    right: bool
    hallucinated: bool
    refused: bool
    forbidden: tuple[str, ...]


def status(case: StatusCase, reply: Reply | None) -> StatusScore:
    """Scores the status of a reply; None stands for a reply that never came."""
    if reply is None:
        return StatusScore(right=False, hallucinated=False, refused=False, forbidden=())
    allowed = {case.status, *case.also}
    hits = forbidden(reply.answer, case.must_not)
    return StatusScore(
        right=reply.status in allowed and not hits and bool(normalise(reply.answer)),
        hallucinated=case.status == "not_in_sources" and reply.status == "answered" and "answered" not in allowed,
        refused=case.status == "answered" and reply.status in REFUSALS - allowed,
        forbidden=tuple(hits),
    )
