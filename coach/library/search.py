"""The one search: dense and lexical, fused; the reader's language first; neighbours joined; duplicates dropped.

Every channel, the evals and the retrieval test page call `Library.search`. It also reports the raw signals from which
`coach.conversation.evidence` decides whether there is an answer at all.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import numpy as np

from coach import text as texts
from coach.library import manifest, sentences, votes
from coach.library.calibration import Calibration, SearchWeights
from coach.library.catalogue import Catalogue
from coach.library.edits import Edits
from coach.library.excerpts import excerpts
from coach.library.glossary import Glossary
from coach.library.selector import SentenceSelector
from coach.library.trace import Fate, Trace
from coach.library.unanswered import Standing, Unanswered
from coach.library.vectors import KINDS, LANGS, Vectors
from coach.library.votes import Vote
from coach.models.embedding import Embedder, LastQueries, Matrix
from coach.settings import Settings
from coach.types import Lang, Part, Passage

_TEXTS, _QUESTIONS, _WORDS = 60, 160, 60
_BEST_QUESTIONS = 3  # the mean of an article's three nearest questions beats the nearest one (evals/LOG.md)
_TWIN_DISCOUNT = 0.02  # a hit in the other language says a little less about the passage in this one
_OTHER_LANGUAGE_COST = 1.0  # in units of the fused score; enough to prefer an equal passage in the reader's language
_VOTERS = 40  # stored questions that vote on the article
_JOINED_LIMIT = 1200


@dataclass(frozen=True, kw_only=True)
class Signals:
    """Raw evidence for the best passage: cosines, the share of the question's words, its standing among known questions."""

    text: float = 0.0
    question: float = 0.0
    question_mean: float = 0.0
    coverage: float = 0.0
    fused: float = 0.0
    standing: Standing = Standing()
    asked: bool = True  # whether the best passage may have stored questions; a document without them has none


@dataclass(frozen=True, kw_only=True)
class SearchResult:
    """Passages best first. `spent` is milliseconds by step; `vector` is the embedded query."""

    query: str
    lang: Lang
    passages: tuple[Passage, ...]
    signals: Signals
    expansion: tuple[str, ...] = ()
    spent: dict[str, float] = field(default_factory=dict)
    vector: Matrix | None = None


class Library:
    """An opened library. Thread-safe for searching."""

    def __init__(
        self,
        settings: Settings,
        embedder: Embedder,
        *,
        calibration: Calibration,
        glossary: Glossary,
        selector: SentenceSelector | None = None,
    ) -> None:
        """Raises LibraryMissing or LibraryMismatch; both name the command that mends it."""
        self.manifest = manifest.require(settings.library_dir / "manifest.json", embedder)
        self.settings = settings
        self.folder = settings.library_dir
        self.catalogue = Catalogue(self.folder / "library.db")
        self.vectors = Vectors(settings)
        self.embedder = embedder
        self._edits = Edits(settings.home)
        self._hidden = self._edits.hidden()
        self._last = LastQueries(embedder)
        self.calibration = calibration
        self.weights = calibration.search
        self._glossary = glossary
        self._sentences = sentences.SentenceVectors(embedder, stored=sentences.load(self.folder, embedder))
        self._selector = selector
        self._unanswered = Unanswered.load(self.folder)

    @property
    def version(self) -> str:
        """Names the state of the library in stored replies."""
        return self.manifest.version

    def search(
        self,
        query: str,
        *,
        k: int = 8,
        lang: Lang | None = None,
        max_chars: int = 0,
        focus: str = "",
        trace: Trace | None = None,
        part: Part = "all",
    ) -> SearchResult:
        """The best `k` passages for a question; with `max_chars` their best sentences, so many characters together.

        `focus` is a part of the query that weighs double: what a follow-up itself says. A `trace` is told of every candidate.
        `part` names the documents that are searched.
        """
        started = time.perf_counter()
        asked = texts.normalise(query)
        lang = lang or texts.language(asked)
        if not asked:
            return SearchResult(query=asked, lang=lang, passages=(), signals=Signals())
        searched = texts.simplify(asked)
        vector = self._last.vector(searched)
        if focus:
            vector = vector + self.embed(focus)
            vector = vector / np.linalg.norm(vector)
        embedded = time.perf_counter()
        expansion = tuple(self._glossary.expand(searched))
        words = texts.tokens(searched)
        scores, pointed, answered = self._scores(vector, words, expansion, lang, trace, part)
        standing = self._unanswered.standing(vector, answered)
        found = self._found(scores, vector)
        ranked = self._rank(scores, found, lang)
        passages = [replace(p, pointed=_pointed(p.id, pointed)) for p in self._assemble(ranked, k, trace)]
        if trace is not None:
            trace.expansion = expansion
            _note_rest(trace, ranked, lang)
        if max_chars:
            passages = excerpts(vector, passages, self.sentence_vectors, max_chars)
        finished = time.perf_counter()
        return SearchResult(
            query=asked,
            lang=lang,
            passages=tuple(passages),
            signals=_signals(ranked, scores, words, standing),
            expansion=expansion,
            spent={"embed": 1000 * (embedded - started), "search": 1000 * (finished - embedded)},
            vector=vector,
        )

    def use(self, weights: SearchWeights | None = None, selector: SentenceSelector | None = None) -> None:
        """Searches with these weights, or this selector, from now on; for calibration."""
        self.weights = weights or self.weights
        self._selector = selector or self._selector

    def similarities(self, question: str, vector: Matrix) -> dict[str, dict[str, float]]:
        """Raw scores by passage id of a question whose vector is known."""
        return self._scores(vector, texts.tokens(question), (), texts.language(question))[0]

    def standings(self, question: str, vector: Matrix, lang: Lang) -> dict[str, tuple[float, ...]]:
        """What the weights weigh, by passage id of that language, of a question whose vector is known; for calibration."""
        scores = self._scores(vector, texts.tokens(question), self._glossary.expand(question), lang)[0]
        found = {pid: p for pid, p in self._found(scores, vector).items() if p.lang == lang}
        return self._standings(scores, found)

    def signals(self, question: str, vector: Matrix) -> Signals:
        """The signals of a question whose vector is known, as if it were asked for the first time; for calibration."""
        lang = texts.language(question)
        words = texts.tokens(question)
        scores, _, answered = self._scores(vector, words, self._glossary.expand(question), lang)
        found = self._found(scores, vector)
        standing = self._unanswered.standing(vector, answered, fitting=True)
        return _signals(self._rank(scores, found, lang), scores, words, standing)

    def sentence_vectors(self, spoken: Sequence[str]) -> Matrix:
        """Unit vectors of sentences, stored or remembered; shape (len(spoken), dimension)."""
        return self._sentences.get(spoken)

    def embed(self, question: str) -> Matrix:
        """Unit vector of a question, shape (dimension,)."""
        return self._last.vector(texts.simplify(texts.normalise(question)))

    def passage(self, passage_id: str) -> Passage | None:
        """One passage by its id."""
        return self.catalogue.passages([passage_id]).get(passage_id)

    def refresh(self, made: manifest.Manifest | None = None) -> None:
        """Takes note of what was changed in this index: `made` is its new manifest; what is hidden is read again."""
        self.manifest = made or self.manifest
        self._hidden = self._edits.hidden()

    def offers(self, passage: Passage) -> bool:
        """Whether replies may use the passage: whoever looks after the library may have hidden its document."""
        return passage.doc_id not in self._hidden

    def load(self) -> None:
        """Loads what the first question would wait for; the embedding model beside the rest, which needs as long."""
        with ThreadPoolExecutor(1, thread_name_prefix="coach-load") as beside:
            rest = beside.submit(self._load_rest)
            self.embedder.load()
            rest.result()

    def _load_rest(self) -> None:
        texts.tokens("预算")  # reads the dictionary
        probe = np.eye(1, self.manifest.dimension, dtype=np.float32)[0]
        for kind in KINDS:
            for lang in LANGS:
                self.vectors.nearest(kind, lang, probe, 1)  # reads the graph of neighbours

    def close(self) -> None:
        """Releases files and connections."""
        self.vectors.close()
        self.catalogue.close()

    def _scores(
        self,
        vector: Matrix,
        words: list[str],
        expansion: Sequence[str],
        lang: Lang,
        trace: Trace | None = None,
        part: Part = "all",
    ) -> tuple[dict[str, dict[str, float]], dict[str, list[Vote]], list[float]]:
        """By passage id: text, question, question_mean (of its best three), share (of the nearest questions), words; and more.

        Then the votes of the stored questions found, by the id of the passage each was written for, in either language, and the
        similarities of all of them.
        """
        other: Lang = "en" if lang == "zh" else "zh"
        pointed: dict[str, list[Vote]] = defaultdict(list)
        scores: dict[str, dict[str, float]] = defaultdict(dict)
        asked: dict[str, list[float]] = defaultdict(list)
        answered: list[float] = []
        hidden: dict[str, dict[str, float]] = defaultdict(dict)
        collection = "" if part == "all" else part
        own = self.catalogue.ids("own") if collection else None  # the fewer ones
        for where, discount in ((lang, 0.0), (other, _TWIN_DISCOUNT)):
            for pid, similarity in self.vectors.nearest("texts", where, vector, _TEXTS, docs=own, without=part == "built-in"):
                shown = _in_language(pid, lang)
                entry = hidden[shown] if self._hides(shown) else scores[shown]
                entry["text"] = max(similarity - discount, entry.get("text", -1.0))
            for qid, similarity in self.vectors.nearest(
                "questions", where, vector, _QUESTIONS, docs=own, without=part == "built-in"
            ):
                pid, _, mark = qid.rpartition("?")
                if self._hides(shown := _in_language(pid, lang)):
                    hidden[shown]["question"] = max(similarity - discount, hidden[shown].get("question", -1.0))
                    continue
                answered.append(similarity)
                asked[_in_language(pid, lang)].append(similarity - discount)
                pointed[pid].append((similarity, int(mark.partition("=")[2])))
        for pid, parts in _of_questions(asked).items():
            scores[pid].update(parts)
        expanded = words + [w for term in expansion for w in texts.tokens(term)]
        for pid, score in self.catalogue.lexical(expanded, _WORDS, lang=lang, collection=collection):
            (hidden if self._hides(pid) else scores)[pid]["words"] = score
        if trace is not None:
            _note_hidden(trace, self.catalogue.passages(list(hidden)), hidden)
        return dict(scores), pointed, answered

    def _found(self, scores: dict[str, dict[str, float]], vector: Matrix) -> dict[str, Passage]:
        """The passages of these ids, with what the selector reads of their sentences.

        In `scores` it is what is read of all of them together; nothing of a passage that was edited, whose new sentences it
        cannot know.
        """
        found = self.catalogue.passages(list(scores))
        if self._selector is None:
            return found
        logs = self._selector.log_probabilities(vector)
        for pid, passage in found.items():
            if passage.tier != "document" and (numbers := self._selector.numbers(pid, passage.text)):
                read = {n: float(logs[c]) for n, c in enumerate(numbers, 1) if c >= 0}
                if len(read) == len(numbers):
                    scores[pid]["reading"] = float(np.logaddexp.reduce(list(read.values())))
                found[pid] = replace(passage, read=read)
        return found

    def _hides(self, passage_id: str) -> bool:
        return bool(self._hidden) and passage_id.partition("#")[0] in self._hidden

    def _rank(self, scores: dict[str, dict[str, float]], found: dict[str, Passage], lang: Lang) -> list[Passage]:
        ranked = []
        for pid, standings in self._standings(scores, found).items():
            passage, parts = found[pid], scores[pid]
            score = self.weights.fuse(standings)
            if passage.lang != lang:
                score -= _OTHER_LANGUAGE_COST
            ranked.append(replace(passage, score=score, scores=parts))
        return sorted(ranked, key=lambda p: (-p.score, p.id))

    def _standings(self, scores: dict[str, dict[str, float]], found: dict[str, Passage]) -> dict[str, tuple[float, ...]]:
        strongest = max((s.get("words", 0.0) for s in scores.values()), default=0.0)
        bounds = {name: min((s[name] for s in scores.values() if name in s), default=0.0) for name in ("text", "question")}
        bounds["reading"] = max((scores[pid]["reading"] for pid in found if "reading" in scores[pid]), default=0.0)
        asked = {pid: passage.tier != "document" or "question" in scores[pid] for pid, passage in found.items()}
        return {pid: self.weights.standings(scores[pid], strongest, bounds, asked=asked[pid]) for pid in found}

    def _assemble(self, ranked: list[Passage], k: int, trace: Trace | None = None) -> list[Passage]:
        chosen: list[Passage] = []
        seen: list[tuple[str, set[str]]] = []
        note = trace.note if trace is not None else _unnoted
        for passage in ranked:
            if len(chosen) >= k:
                break
            if joined := self._join(chosen, passage):
                note(passage, "joined", joined)
                continue
            shingles = _shingles(passage.text)
            if twin := next((pid for pid, other in seen if _same(shingles, other)), ""):
                note(passage, "duplicate", twin)
                continue
            note(passage, "kept")
            chosen.append(passage)
            seen.append((passage.id, shingles))
        return chosen

    def _join(self, chosen: list[Passage], passage: Passage) -> str:
        """Joins a passage to a chosen one that stands next to it in the same document; returns that one's id, else nothing."""
        if passage.tier != "document":
            return ""
        for at, other in enumerate(chosen):
            if other.doc_id != passage.doc_id or len(other.text) + len(passage.text) > _JOINED_LIMIT:
                continue
            before, after = (passage, other) if passage.start < other.start else (other, passage)
            if _ordinal(after.id) - _ordinal(before.id) == 1 and before.end <= after.start:
                text = f"{before.text}\n{after.text}"
                chosen[at] = replace(other, text=text, start=before.start, end=after.end)
                return other.id
        return ""


def _of_questions(asked: dict[str, list[float]]) -> dict[str, dict[str, float]]:
    """What the similarities of its stored questions say of each passage."""
    made: dict[str, dict[str, float]] = {}
    for pid, similarities in asked.items():
        best = sorted(similarities, reverse=True)[:_BEST_QUESTIONS]
        made[pid] = {"question": best[0], "question_mean": sum(best) / len(best)}
    nearest = sorted(((s, pid) for pid, similarities in asked.items() for s in similarities), reverse=True)
    for pid, share in votes.shares([(s, pid) for s, pid in nearest[:_VOTERS]]).items():
        made[pid]["share"] = share
    return made


def _signals(ranked: list[Passage], scores: dict[str, dict[str, float]], words: list[str], standing: Standing) -> Signals:
    if not ranked:
        return Signals()
    best = ranked[0]
    held = set(texts.tokens(f"{best.title} {best.text}"))
    unique = set(words)
    return Signals(
        text=max(s.get("text", 0.0) for s in scores.values()),
        question=max(s.get("question", 0.0) for s in scores.values()),
        question_mean=max(s.get("question_mean", 0.0) for s in scores.values()),
        coverage=len(unique & held) / len(unique) if unique else 0.0,
        fused=best.score,
        standing=standing,
        asked=best.tier != "document" or "question" in best.scores,
    )


def _unnoted(passage: Passage, fate: Fate, of: str = "") -> None:
    """Nobody asked what becomes of the candidates."""


def _note_hidden(trace: Trace, passages: dict[str, Passage], scores: dict[str, dict[str, float]]) -> None:
    for pid, passage in passages.items():
        trace.note(replace(passage, scores=scores[pid]), "hidden")


def _note_rest(trace: Trace, ranked: Sequence[Passage], lang: Lang) -> None:
    """What stands behind the chosen ones; a passage in the other language had to be clearly better than the others."""
    noted = sum(1 for c in trace.candidates if c.rank)
    for passage in ranked[noted:]:
        trace.note(passage, "below" if passage.lang == lang else "other_language")


def _in_language(passage_id: str, lang: Lang) -> str:
    """Built-in articles exist in both languages: a hit in either counts for the one in the reader's language."""
    return f"{passage_id[:-3]}.{lang}" if passage_id.endswith((".zh", ".en")) else passage_id


def _pointed(passage_id: str, votes_for: Mapping[str, Sequence[Vote]]) -> dict[int, float]:
    """Where the stored questions of a passage point, and those of its twin: articles say the same sentence by sentence."""
    stem, _, lang = passage_id.rpartition(".")
    twin = f"{stem}.{'en' if lang == 'zh' else 'zh'}" if lang in ("zh", "en") else ""
    told = [(similarity - _TWIN_DISCOUNT, number) for similarity, number in votes_for.get(twin, ())]
    return votes.shares([*votes_for.get(passage_id, ()), *told])


def _ordinal(passage_id: str) -> int:
    return int(passage_id.rsplit("#", 1)[1])


def _shingles(text: str) -> set[str]:
    folded = texts.fold(text)
    return {folded[i : i + 6] for i in range(0, max(1, len(folded) - 5))}


def _same(one: set[str], other: set[str]) -> bool:
    return len(one & other) > 0.85 * min(len(one), len(other))


__all__ = ["Library", "SearchResult", "SearchWeights", "Signals"]
