"""Checks in code that a reply is what its sources say; repairs or drops what is not. Trusts no model.

For every sentence: its citation numbers exist; a quote that supports it occurs literally in the cited passage; every
figure and proper name in it occurs there too; an unverified claim is attributed. A dropped sentence is better than a
wrong one; when nothing is left the caller composes the reply from the passages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from coach import text as texts
from coach.claims import Claims
from coach.library.passages import sentences
from coach.types import Citation, Lang, Passage

MARK = re.compile(r"[\[［【]\s*(\d{1,2})\s*[\]］】]")
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*\s*(?:%|％|万|亿|倍|百分点|million|billion|bn|k\b|x\b)?", re.I)
_SPELT_FIGURE = re.compile(
    r"[一二两三四五六七八九十百千几数]+(?:成|倍|万|亿|千|百万|个百分点)|百分之"
    r"|\b(?:hundred|thousand|million|billion|percent|per cent)\b",
    re.I,
)
_LIST_NUMBER = re.compile(r"^\s*\d{1,2}[.、)）]\s*", re.M)
_SENTENCE_END = re.compile(r"[。！？!?\n]+[”\"』」）)]*|(?<=[a-z\"”)])\.(?=\s)\s*")
_NAME = re.compile(r"《[^》]+》|(?<![A-Za-z0-9])[A-Z][A-Za-z0-9&]+(?:[ -][A-Z][A-Za-z0-9&]+)*(?![A-Za-z0-9])")
# A mark after the full stop, or after the quotation mark behind it, belongs to the sentence before.
_MARKS_AFTER_STOP = re.compile(r"([。！？!?.][”\"』」）)]*)[ \t]*((?:[\[［【][ \t]*\d{1,2}[ \t]*[\]］】][ \t]*)+)")
_COMMON = frozenset(
    """
    I A An The This That These Those It If In On At As And But Or So To For From With By Your You We They He She
    His Her My Our What When Where Which Who How Why Yes No Not Do Does First Second Third Fourth Fifth One Two
    Three Four Five Stage Level Also Then Once Each Every Most Many Keep Use Ask Set Start Take Make Build Show
    Name Find Lead Learn Give Plan Try Write Say Both According Passage
    Because Instead While Although However Therefore Rather Before After During Without Within Until Unless Since Though Still
    Even Only Just Here There Some Any All Such Other Another More Less Few Either Neither Now Today Next Finally Overall
    Generally Usually Typically Often Sometimes Remember Consider Focus Let Being Having Getting Know Think Look Work Talk
    """.split()
)
_SUPPORT = 0.42  # share of a sentence's two-character pieces that its quote holds; below it the sentence says something else


@dataclass(frozen=True, kw_only=True)
class Verified:
    """`dropped` lists (sentence, reason) for logs and evals."""

    text: str
    citations: tuple[Citation, ...]
    dropped: tuple[tuple[str, str], ...] = ()


def cite(passage: Passage, start: int, end: int, number: int) -> Citation:
    """A citation of an exact span of a passage."""
    return Citation(
        n=number,
        passage_id=passage.id,
        source=passage.source,
        title=passage.title,
        quote=passage.text[start:end],
        tier=passage.tier,
        start=start,
        end=end,
    )


def figures(text: str) -> set[str]:
    """Figures in a comparable form: `37 %` and `３７％` give `37%`. List numbers and citation marks are not figures."""
    plain = MARK.sub(" ", texts.normalise(text))
    found = {re.sub(r"[\s,]", "", m.group(0)).lower() for m in _FIGURE.finditer(plain)}
    return {f for f in found if not re.fullmatch(r"\d", f)}


def names(text: str) -> set[str]:
    """Book titles and capitalised names, in lower case, common sentence openers left out."""
    found: set[str] = set()
    for match in _NAME.finditer(MARK.sub(" ", texts.normalise(text))):
        words = [w for w in re.split(r"[ -]", match.group(0)) if w not in _COMMON]
        opens = match.start() == 0 and len(words) == 1 and words[0].endswith(("ing", "ly"))
        if words and not opens:
            found.update(w.lower().strip("《》") for w in words)
    return found


def verify(draft: str, passages: Sequence[Passage], question: str, lang: Lang, claims: Claims) -> Verified:
    """The sentences of a model's draft that hold, renumbered in order of appearance, each with its exact quote."""
    kept: list[str] = []
    made: list[Citation] = []
    dropped: list[tuple[str, str]] = []
    for body, numbers in _marked_sentences(draft):
        cited = [passages[n - 1] for n in numbers if 1 <= n <= len(passages)]
        reason = _objection(body, cited, question, lang, claims)
        if reason:
            dropped.append((body, reason))
            continue
        marks = ""
        for passage in {p.id: p for p in cited}.values():
            start, end = best_quote(body, passage)
            known = next((c for c in made if (c.passage_id, c.start) == (passage.id, start)), None)
            if known is None:
                known = cite(passage, start, end, len(made) + 1)
                made.append(known)
            marks += f"[{known.n}]"
        kept.append(_with_marks(body, marks))
    separator = "" if lang == "zh" else " "
    return Verified(text=separator.join(kept).strip(), citations=tuple(made), dropped=tuple(dropped))


def best_quote(body: str, passage: Passage) -> tuple[int, int]:
    """Offsets of the passage's sentence that shares most with `body`."""
    wanted = _pieces(body)
    spans = sentences(passage.text) or [(0, len(passage.text), passage.text)]
    start, end, _ = max(spans, key=lambda s: len(wanted & _pieces(s[2])) / (len(_pieces(s[2])) ** 0.5 + 1))
    return start, end


def unfigured(pieces: Iterable[str]) -> Iterator[str]:
    """The sentences of a text that comes in pieces, without those that state a figure.

    For general advice: nothing stands behind it that a figure could be checked against, and the coach invents none.
    """
    waiting = ""
    for piece in pieces:
        waiting += piece
        while found := _SENTENCE_END.search(waiting):
            sentence, waiting = waiting[: found.end()], waiting[found.end() :]
            if not _states_figure(sentence):
                yield sentence
    if waiting and not _states_figure(waiting):
        yield waiting


def _states_figure(sentence: str) -> bool:
    plain = texts.normalise(_LIST_NUMBER.sub("", sentence))
    return bool(_FIGURE.search(plain) or _SPELT_FIGURE.search(plain))


def _marked_sentences(draft: str) -> list[tuple[str, list[int]]]:
    """(sentence without marks, its numbers); marks after the full stop belong to the sentence before it."""
    joined = _MARKS_AFTER_STOP.sub(r"\2\1 ", draft)
    found = []
    for _, _, sentence in sentences(joined):
        body = re.sub(r"\s+(?=[。！？!?.,，])", "", MARK.sub("", sentence)).strip(" \n-*•#>")
        if len(re.sub(r"\W", "", body)) >= 2:
            found.append((body, [int(n) for n in MARK.findall(sentence)]))
    return found


def _objection(body: str, cited: Sequence[Passage], question: str, lang: Lang, claims: Claims) -> str:
    if not cited:
        return "no valid citation"
    source = " ".join(f"{p.title} {p.text} {p.source}" for p in cited)
    if missing := figures(body) - figures(source):
        return f"figures not in the passage: {sorted(missing)}"
    known = texts.fold(f"{source} {question}")
    if strange := [n for n in names(body) if texts.fold(n) not in known]:
        return f"names not in the passage: {sorted(strange)}"
    if open_claims := claims.unattributed_in(body, lang):
        return f"claim not attributed: {open_claims[0].id}"
    wanted = _pieces(body)
    if texts.language(source) == lang and wanted and len(wanted & _pieces(source)) / len(wanted) < _SUPPORT:
        return "not supported by the passage"
    return ""


def _pieces(text: str) -> set[str]:
    """Two-character pieces for Chinese, words for English: what two texts share when they say the same."""
    folded = texts.fold(text) if texts.language(text) == "zh" else ""
    if folded:
        folded = re.sub(r"\W", "", folded)
        return {folded[i : i + 2] for i in range(len(folded) - 1)}
    return set(texts.tokens(text))


def _with_marks(body: str, marks: str) -> str:
    match = re.search(r"[。！？!?.]+[”\"』」）)]*$", body)
    return f"{body[: match.start()]}{marks}{body[match.start() :]}" if match else f"{body}{marks}"
