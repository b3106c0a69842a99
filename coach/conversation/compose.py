"""Makes a reply of the library's own sentences: right by construction, cited by construction, no model needed.

The best passage leads; when the next ones are close, the sentences of theirs that answer follow. Which passages and how
many sentences was decided by measurement (evals/LOG.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from coach.claims import Claims
from coach.conversation.citations import cite
from coach.library.passages import sentences
from coach.library.search import Library
from coach.messages import say
from coach.models.embedding import Matrix
from coach.types import Citation, Lang, Passage

_MAIN = {"zh": 320, "en": 860}  # characters of the leading passage
_EXTRA = {"zh": 130, "en": 340}  # characters of each further passage
_CLOSE = 3.0  # fused score within which a further passage may answer too
_MOST_EXTRA = 2
_BETTER = 0.06  # cosine by which a later sentence must beat the first to be put before it


@dataclass(frozen=True, kw_only=True)
class Span:
    """A run of neighbouring sentences of one passage: `passage.text[start:end]`."""

    passage: Passage
    start: int
    end: int

    @property
    def text(self) -> str:
        """The words of the span."""
        return self.passage.text[self.start : self.end].strip()


@dataclass(frozen=True, kw_only=True)
class Composed:
    """The reply's paragraphs as cited text, in order, and their citations."""

    paragraphs: tuple[str, ...]
    citations: tuple[Citation, ...]

    @property
    def text(self) -> str:
        """The whole reply."""
        return "\n\n".join(self.paragraphs)


def compose(vector: Matrix, passages: Sequence[Passage], library: Library, lang: Lang, claims: Claims) -> Composed:
    """Cited extracts that answer, most relevant first; empty when there are no passages."""
    if not passages:
        return Composed(paragraphs=(), citations=())
    best = passages[0]
    groups = [_leading(vector, best, library, lang)]
    extras = [p for p in passages[1:4] if best.score - p.score <= _CLOSE and p.lang == best.lang][:_MOST_EXTRA]
    groups.extend([_nearest(vector, p, library, _EXTRA[lang])] for p in extras)
    return _cited(groups, lang, claims)


def extract(vector: Matrix, passage: Passage, library: Library, lang: Lang, claims: Claims) -> Composed:
    """The sentences of one passage nearest to the question, cited."""
    return _cited([[_nearest(vector, passage, library, _EXTRA[lang])]], lang, claims)


def _cited(groups: Sequence[Sequence[Span]], lang: Lang, claims: Claims) -> Composed:
    paragraphs: list[str] = []
    citations: list[Citation] = []
    for number, spans in enumerate(groups):
        paragraph = say("more", lang) if number == 1 else ""
        paragraph += say("document_says", lang, title=spans[0].passage.title) if spans[0].passage.tier == "document" else ""
        named = any(_names_source(span.text, span.passage) for span in spans)
        for span in spans:
            citation = cite(span.passage, span.start, span.end, len(citations) + 1)
            citations.append(citation)
            joint = "" if lang == "zh" or not paragraph or paragraph.endswith(" ") else " "
            paragraph += f"{joint}{_attributed(span, lang, claims, named)}[{citation.n}]"
        paragraphs.append(paragraph)
    return Composed(paragraphs=tuple(paragraphs), citations=tuple(citations))


def _leading(vector: Matrix, passage: Passage, library: Library, lang: Lang) -> list[Span]:
    """The passage from its start, within its budget; a sentence that answers clearly better comes first."""
    spans = _spans(passage)
    limit = _MAIN[lang]
    if len(passage.text) > limit:
        return [_window(vector, passage, spans, library, limit)]
    similarities = library.sentence_vectors([s.text for s in spans]) @ vector
    top = int(similarities.argmax())
    if top == 0 or similarities[top] - similarities[0] < _BETTER:
        return [Span(passage=passage, start=spans[0].start, end=spans[-1].end)]
    rest = [_run(spans[:top]), _run(spans[top + 1 :])]
    return [spans[top], *(s for s in rest if s is not None)]


def _nearest(vector: Matrix, passage: Passage, library: Library, limit: int) -> Span:
    return _window(vector, passage, _spans(passage), library, limit)


def _window(vector: Matrix, passage: Passage, spans: list[Span], library: Library, limit: int) -> Span:
    """The run of neighbouring sentences, within the limit, around the one nearest to the question."""
    similarities = library.sentence_vectors([s.text for s in spans]) @ vector
    low = high = int(similarities.argmax())
    while True:
        grown = [(similarities[i], i) for i in (low - 1, high + 1) if 0 <= i < len(spans)]
        fitting = [(s, i) for s, i in grown if spans[max(high, i)].end - spans[min(low, i)].start <= limit]
        if not fitting:
            return Span(passage=passage, start=spans[low].start, end=spans[high].end)
        _, chosen = max(fitting)
        low, high = min(low, chosen), max(high, chosen)


def _spans(passage: Passage) -> list[Span]:
    found = [Span(passage=passage, start=s, end=e) for s, e, _ in sentences(passage.text)]
    return found or [Span(passage=passage, start=0, end=len(passage.text))]


def _run(spans: Sequence[Span]) -> Span | None:
    return Span(passage=spans[0].passage, start=spans[0].start, end=spans[-1].end) if spans else None


def _attributed(span: Span, lang: Lang, claims: Claims, named: bool) -> str:
    """The span's text; a claim whose attribution stands outside the span, or an outside source not `named`, is named."""
    text = span.text
    if span.passage.tier == "external" and not named:
        return text + say("source_in_brackets", lang, label=span.passage.source)
    if any(claims.unattributed_in(s, lang) for _, _, s in sentences(text)):
        return text + say("unverified_mark", lang)
    return text


def _names_source(text: str, passage: Passage) -> bool:
    label = passage.source.partition("：")[2] or passage.source.partition(": ")[2]
    sources = [re.split(r"[,，]", part)[0].strip() for part in re.split(r"[;；]", label)]
    first = [re.sub(r"^(the|a|an)\s+", "", s, flags=re.I).split(" ")[0] for s in sources if s]
    named = any(re.search(rf"(?<![A-Za-z]){re.escape(w)}(?![A-Za-z])", text, re.I) for w in first if w)
    return named or "本教练" in text or "this coach" in text.lower()


def pieces(composed: Composed) -> Iterator[str]:
    """The reply in the pieces it is streamed in: sentence by sentence."""
    for number, paragraph in enumerate(composed.paragraphs):
        if number:
            yield "\n\n"
        starts = [start for start, _, _ in sentences(paragraph)][1:]
        for start, end in zip([0, *starts], [*starts, len(paragraph)], strict=True):
            yield paragraph[start:end]
