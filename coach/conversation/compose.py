"""Makes a reply of the library's own sentences: right by construction, cited by construction, no model needed.

Sentences compete across the articles found by their odds to be the one that answers (`coach.library.votes`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from coach.claims import Claims, is_caveat
from coach.conversation.citations import cite
from coach.library.passages import sentences
from coach.library.search import Library
from coach.library.votes import log_odds
from coach.messages import say
from coach.models.embedding import Matrix
from coach.types import Citation, Lang, Passage

_WHOLE = {"zh": 650, "en": 1690}  # characters of sentences in a reply
_FIRST = {"zh": 290, "en": 760}  # characters of its first part, which a busy reader reads
_EXTRA = {"zh": 130, "en": 340}  # characters of an extract of a person's own document
_ARTICLES = 6  # of fewer, a reply lacks facts (evals/LOG.md)
_FAR_BEHIND = 5.0  # fused score from which an article is not quoted beside the best
_FALLS_OFF = 5.5  # a sentence of so much smaller odds (logarithms) than the best is not worth reading
_CLOSE = 3.0  # fused score within which a document's extract may follow
_MOST_EXTRA = 2


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


Asked = tuple[Matrix, Sequence[Passage]]
"""One question: its vector, and the passages found for it."""


def compose(asked: Sequence[Asked], library: Library, lang: Lang, claims: Claims, *, whole: bool = False) -> Composed:
    """Cited extracts that answer, most relevant first; empty when there are no passages.

    `whole`: nothing of the passages is left out for being about something else, as far as there is room.
    Of several questions each gets its share of the room: first the best of every one, then what else there is to say.
    """
    if len(asked) > 1:
        return _cited(_of_several(asked, library, lang, claims), lang, claims)
    vector, passages = asked[0]
    if not passages:
        return Composed(paragraphs=(), citations=())
    best = passages[0]
    if best.tier == "document":
        close = [p for p in passages[:4] if best.score - p.score <= _CLOSE and p.lang == best.lang][: _MOST_EXTRA + 1]
        return _cited([[_nearest(vector, p, library, _room(p, best, lang))] for p in close], lang, claims)
    own = [p for p in passages[1:4] if p.tier == "document" and p.lang == best.lang and best.score - p.score <= _CLOSE]
    extras = [[_nearest(vector, p, library, _EXTRA[lang])] for p in own[:_MOST_EXTRA]]
    first, rest = _chosen(vector, passages, library, lang, claims, worst=float("inf") if whole else _FALLS_OFF)
    return _cited([*first, *rest, *extras], lang, claims)


def _of_several(asked: Sequence[Asked], library: Library, lang: Lang, claims: Claims) -> list[list[Span]]:
    """Nothing is said twice: a sentence belongs to the first question that wants it."""
    said: set[str] = set()
    firsts: list[list[Span]] = []
    rests: list[list[Span]] = []
    for vector, passages in asked:
        first, rest = _chosen(vector, passages, library, lang, claims, share=len(asked), said=said)
        said |= {span.text for group in (*first, *rest) for span in group}
        firsts += first
        rests += rest
    return [*firsts, *rests]


def _room(passage: Passage, best: Passage, lang: Lang) -> int:
    """Characters of an extract; an answer that was written to a question like this one is read whole."""
    if passage is best and "question" in passage.scores:
        return _WHOLE[lang]
    return _EXTRA[lang] * (2 if passage is best else 1)


@dataclass(frozen=True, kw_only=True)
class _Sentence:
    """A sentence that may be quoted: which article (by rank), which sentence, and how well it answers."""

    rank: int
    number: int
    span: Span
    value: float


def _chosen(
    vector: Matrix,
    passages: Sequence[Passage],
    library: Library,
    lang: Lang,
    claims: Claims,
    *,
    share: int = 1,
    said: Set[str] = frozenset(),
    worst: float = _FALLS_OFF,
) -> tuple[list[list[Span]], list[list[Span]]]:
    """The sentences of all close articles that answer best, article by article: a first part, and the rest.

    A question that fits two articles gets the best sentences of both before the details of either; where one article is far
    ahead, the reply is that article. Measured against whole articles in evals/LOG.md.
    """
    found = sorted(_sentences(vector, passages, library), key=lambda s: -s.value)
    found = [s for s in found if not any(s.span.text in told for told in said)]
    if not found:
        return [], []
    every = found
    found = [s for s in found if found[0].value - s.value <= worst]
    first: list[_Sentence] = []
    rest: list[_Sentence] = []
    for sentence in found:
        size = len(sentence.span.text)
        if _size(first) + size <= _FIRST[lang] // share or not first:
            first.append(sentence)
        elif _size(first) + _size(rest) + size <= _WHOLE[lang] // share:
            rest.append(sentence)
    rest += _caveats([*first, *rest], every, lang, claims)
    if share == 1 and len({s.rank for s in (*first, *rest)}) == 1 and found[0].span.end <= _FIRST[lang]:
        return _by_article([*first, *rest]), []
    return _by_article(first), _by_article(rest)


def _sentences(vector: Matrix, passages: Sequence[Passage], library: Library) -> Iterator[_Sentence]:
    best = passages[0]
    articles = [p for p in passages if p.tier != "document" and p.lang == best.lang and best.score - p.score <= _FAR_BEHIND]
    for rank, passage in enumerate(articles[:_ARTICLES]):
        spans = _spans(passage)
        similarities = library.sentence_vectors([s.text for s in spans]) @ vector
        for number, (span, value) in enumerate(zip(spans, log_odds(similarities.tolist(), passage, best), strict=True)):
            yield _Sentence(rank=rank, number=number, span=span, value=value)


def _caveats(chosen: Sequence[_Sentence], every: Sequence[_Sentence], lang: Lang, claims: Claims) -> list[_Sentence]:
    """What is not known of the claims that a reply states, one sentence an article, where it does not say so already."""
    found: list[_Sentence] = []
    for rank in dict.fromkeys(s.rank for s in chosen if claims.stated_in(s.span.text, lang)):
        if any(s.rank == rank and is_caveat(s.span.text, lang) for s in chosen):
            continue
        own = sorted((s for s in every if s.rank == rank and is_caveat(s.span.text, lang)), key=lambda s: s.number)
        stated = min(s.number for s in chosen if s.rank == rank and claims.stated_in(s.span.text, lang))
        found += [s for s in own if s.number > stated][:1] or own[:1]
    return found


def _size(chosen: Sequence[_Sentence]) -> int:
    return sum(len(s.span.text) for s in chosen)


def _by_article(chosen: Sequence[_Sentence]) -> list[list[Span]]:
    """Articles in the order of their best sentence, sentences in the order of the text, neighbours joined."""
    groups = []
    for rank in dict.fromkeys(s.rank for s in chosen):
        own = sorted((s for s in chosen if s.rank == rank), key=lambda s: s.number)
        spans: list[Span] = []
        last = -2
        for sentence in own:
            if sentence.number == last + 1:
                spans[-1] = Span(passage=sentence.span.passage, start=spans[-1].start, end=sentence.span.end)
            else:
                spans.append(sentence.span)
            last = sentence.number
        groups.append(spans)
    return groups


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
            last = span is spans[-1]
            paragraph += f"{joint}{_attributed(span, lang, claims, named or not last)}[{citation.n}]"
        paragraphs.append(paragraph)
    return Composed(paragraphs=tuple(paragraphs), citations=tuple(citations))


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
