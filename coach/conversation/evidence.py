"""Is there evidence for an answer? Decided in code, before any model is asked, from several signals at once.

No single similarity decides it (evals/LOG.md): the signals go into a small calibrated classifier, and the kind of thing
asked for (money, a name, a date, a contact) is checked against what the passages hold. Near misses are the hard ones:
the topic is in the library, the thing asked is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from coach.claims import Claims
from coach.conversation import evidencewords, patterns
from coach.conversation.patterns import Asked
from coach.library.passages import sentences
from coach.library.search import Signals
from coach.library.trace import Trace
from coach.models.embedding import Matrix
from coach.types import Lang, Passage

FEATURES = (
    *("text", "question", "question_mean", "coverage", "margin", "lead", "share", "field", "near", "far"),
    *("money", "name", "figure", "contact"),
)
_OTHER_FIELD = 0.05  # no more than this speaks against an organisation's own documents: they may be of any field
_PLAIN: dict[Asked, float] = {"money": 0.85, "name": 0.5, "figure": 0.7, "contact": 0.7}
"""Probability of an answer against which a word of money, a name, a figure says nothing (evals/LOG.md)."""
_OF_YEAR = 2  # passages among which one is about the year asked for
_CLOSE = 3  # passages among which one that states the claim asked for is found
_SAME_QUESTION = 0.99  # cosine from which two questions are the same but for signs and white space


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """`probability` that the library holds the answer; `missing` says what kind of thing is not there.

    `vouches`: ids of the passages to be told as they stand, caveats and all, to somebody who asks whether to rely on a claim.
    Enough and the name `missing`: they tell of the very case whose name is asked for, and that nobody gives it.
    """

    enough: bool
    probability: float
    missing: Asked | None = None
    vouches: tuple[str, ...] = ()


def asked_for(question: str) -> set[Asked]:
    """The kinds of thing a question asks for, beyond an explanation."""
    return {kind for kind, pattern in patterns.ASKS.items() if pattern.search(question)}


def lacks(question: str, passages: Sequence[Passage], lang: Lang, claims: Claims) -> Asked | None:
    """The kind of thing asked for that the best passages plainly do not hold."""
    return _never_told(question, passages, lang, claims) or _not_held(question, passages, lang, claims)


def _not_held(question: str, passages: Sequence[Passage], lang: Lang, claims: Claims) -> Asked | None:
    asked = asked_for(question)
    held = " ".join(p.text for p in passages[:3])
    best = passages[0].text if passages else ""
    if "money" in asked and not patterns.HOLDS["money"].search(held) and not _money_as_topic(question, best):
        return "money"
    if "contact" in asked and not patterns.HOLDS["contact"].search(held):
        return "contact"
    stated = [s for _, _, s in sentences(best) if claims.stated_in(s, lang)]
    about_case = bool(stated) and bool(patterns.ANONYMOUS.search(best))
    if "name" in asked and about_case:
        return "name"
    told = any(evidencewords.DURATION_TOLD.search(s) for s in stated)
    if "figure" in asked and told and evidencewords.DURATION.search(question):
        return None
    if "figure" in asked and (about_case or not patterns.HOLDS["figure"].search(held)):
        return "figure"
    return None


def _never_told(question: str, passages: Sequence[Passage], lang: Lang, claims: Claims) -> Asked | None:
    """The kind asked for that is not there however near the passages are: another year, a case's detail, an office's holder."""
    years = set(patterns.YEAR.findall(evidencewords.BESIDE_YEAR.sub(" ", question)))
    if (
        years
        and evidencewords.OF_YEAR.search(question)
        and not years & set(patterns.YEAR.findall(" ".join(p.text for p in passages[:_OF_YEAR])))
    ):
        return "figure"
    if evidencewords.CASE_DETAIL.search(question) and _touches(question, passages, lang, claims):
        return "figure"
    return "name" if evidencewords.OFFICE_HOLDER.search(question) else None


def _money_as_topic(question: str, best: str) -> bool:
    """A word of money that the passage talks about too, and no amount is asked for: are wages part of CAC?"""
    word = patterns.ASKS["money"].search(question)
    if word is None or patterns.AMOUNT.search(question):
        return False
    return word.group().lower() in best.lower()


def _names_claim(question: str, passages: Sequence[Passage], lang: Lang, claims: Claims) -> bool:
    """A question that names a known claim, and asks for nothing beyond it, is answered by a passage that states it."""
    named = {c.fact for c in claims.stated_in(question, lang)}
    return not asked_for(question) and any(named & _stated(p, lang, claims) for p in passages[:_CLOSE])


def _vouches(question: str, passages: Sequence[Passage], lang: Lang, claims: Claims) -> tuple[str, ...]:
    """The passages that state a claim of which somebody asks whether it may be relied on, or what it proves."""
    if not evidencewords.VOUCHED.search(question):
        return ()
    return () if evidencewords.CASE_DETAIL.search(question) else _touches(question, passages, lang, claims)


def _asks_number(question: str, passages: Sequence[Passage], lang: Lang, claims: Claims) -> bool:
    """Whether just the number of a claim is asked for that a passage close to the best states."""
    if evidencewords.CASE_DETAIL.search(question) or "name" in asked_for(question):
        return False
    wanted = {c.fact for c in claims.numbers_asked_by(question, lang)}
    return any(wanted & _stated(p, lang, claims) for p in passages[:_CLOSE])


def _touches(question: str, passages: Sequence[Passage], lang: Lang, claims: Claims) -> tuple[str, ...]:
    """The passages that state a claim the question speaks of: the best, and those close to it if no other can be meant."""
    touched = {c.fact for c in claims.touched_by(question, lang)}
    told = {c.fact for c in claims.touched_by(question, lang, closely=True)}
    near = [(p, told if place else touched) for place, p in enumerate(passages[:_CLOSE])]
    return tuple(p.id for p, facts in near if facts & _stated(p, lang, claims))


def _stated(passage: Passage, lang: Lang, claims: Claims) -> set[str]:
    return {c.fact for _, _, s in sentences(passage.text) for c in claims.stated_in(s, lang)}


def _written_for(best: Passage) -> bool:
    """Somebody who looks after the library wrote the answer to this very question; it may well be about money or a name."""
    return best.tier == "document" and best.scores.get("question", 0.0) >= _SAME_QUESTION


def features(question: str, signals: Signals, probabilities: dict[str, float]) -> Matrix:
    """Shape (len(FEATURES),), in the order of FEATURES; probabilities as log-odds."""
    asked = asked_for(question)
    values = [signals.text, signals.question, signals.question_mean, signals.coverage]
    values += [signals.standing.margin, signals.standing.lead, signals.standing.share]
    values += [_log_odds(probabilities.get(k, 0.0)) for k in ("field", "near", "far")]
    values += [float(k in asked) for k in ("money", "name", "figure", "contact")]
    return np.asarray(values, dtype=np.float32)


def _log_odds(p: float) -> float:
    p = min(max(p, 1e-4), 1 - 1e-4)
    return float(np.log(p / (1 - p)))


_TEXT, _COVERED, _BARELY = 13.3, 3.9, 5.6
"""Log-odds above the threshold that a document without stored questions answers: by its cosine and the share of the question's
words in it. Logistic regression on everyday documents against questions of other fields, nine in ten answered
(`python -m evals.bench.own`)."""


def _of_text(signals: Signals) -> float:
    return _TEXT * signals.text + _COVERED * signals.coverage - _BARELY


def _sigmoid(z: float) -> float:
    return float(1 / (1 + np.exp(-z)))


class EvidenceCheck:
    """Logistic regression over `features`; without fitted parameters a plain similarity threshold.

    A document without stored questions is judged by its text alone: what the fit learned of questions and of the library's
    field says nothing about it.
    """

    def __init__(self, parameters: dict[str, Any] | None) -> None:
        self._parameters = parameters

    def probability(self, question: str, signals: Signals, probabilities: dict[str, float]) -> float:
        """Calibrated probability that the library holds the answer."""
        if self._parameters is None:
            return float(max(signals.text, signals.question) >= 0.83)
        if not signals.asked:
            return _sigmoid(_of_text(signals) + _log_odds(self.threshold))
        x = features(question, signals, probabilities)
        z = float(np.dot(self._parameters["weights"], x)) + float(self._parameters["bias"])
        return _sigmoid(z)

    @property
    def threshold(self) -> float:
        """Probability from which there is evidence."""
        return float(self._parameters["threshold"]) if self._parameters else 0.5

    def explain(self, trace: Trace, question: str, signals: Signals, probabilities: dict[str, float], evidence: Evidence) -> None:
        """Notes what a decision was made of."""
        values = features(question, signals, probabilities).tolist()
        trace.signals = dict(zip(FEATURES, values, strict=True))
        trace.probability, trace.threshold = evidence.probability, self.threshold
        trace.enough, trace.missing = evidence.enough, evidence.missing or ""

    def decide(
        self,
        question: str,
        signals: Signals,
        probabilities: dict[str, float],
        passages: Sequence[Passage],
        lang: Lang,
        claims: Claims,
        *,
        asks: str = "",
    ) -> Evidence:
        """Whether to answer. A lack of the thing asked for outweighs similarity, unless an answer is as good as sure.

        `asks` is what a follow-up itself says: who was asked for before is not asked for again.
        """
        if not passages:
            return Evidence(enough=False, probability=0.0)
        if passages[0].tier == "document":
            probabilities = {**probabilities, "far": min(probabilities.get("far", 0.0), _OTHER_FIELD)}
        probability = self.probability(question, signals, probabilities)
        if _written_for(passages[0]):
            return Evidence(enough=True, probability=max(probability, _SAME_QUESTION))
        if vouches := _vouches(question, passages, lang, claims):
            return Evidence(enough=True, probability=max(probability, self.threshold), vouches=vouches)
        if _asks_number(question, passages, lang, claims):
            return Evidence(enough=True, probability=max(probability, self.threshold))
        asked = asks or question
        if never := _never_told(asked, passages, lang, claims):
            return Evidence(enough=False, probability=probability, missing=never)
        missing = _not_held(asked, passages, lang, claims)
        if missing == "name" and (unnamed := _touches(asked, passages, lang, claims)):
            return Evidence(enough=True, probability=max(probability, self.threshold), missing="name", vouches=unnamed)
        if missing and not (self._parameters and signals.asked and probability >= _PLAIN[missing]):
            return Evidence(enough=False, probability=probability, missing=missing)
        enough = probability >= self.threshold or _names_claim(question, passages, lang, claims)
        return Evidence(enough=enough, probability=probability, missing=None)
