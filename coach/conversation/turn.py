"""What kind of turn is this? A closed set, decided by rules first and a linear classifier over the question's vector second.

Also takes injected instructions out of a message: what is left, if anything, is the question. No chat model decides here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from coach import text as texts
from coach.conversation import patterns
from coach.conversation.history import needs_context
from coach.models.embedding import Matrix
from coach.types import Turn

Kind = Literal[
    "question",
    "general",
    "hello",
    "thanks",
    "bye",
    "who",
    "privacy",
    "do_assess",
    "do_plan",
    "do_remind",
    "do_forget",
    "do_human",
    "safe",
    "vague",
    "personal",
    "fabricate",
    "unverified",
    "rules",
    "crisis",
    "violence",
    "outside",
]


_POINTING = frozenset(
    """
    三个 二个 一个 四个 五个 第三个 第二个 第一个 第四个 第五个 细 那样 那样行 第三 第二 第一 第四 第五 最后 细说
    说说 说 再 再说 具体 这样 行 好 可以 better make it can u one third second first last more
    """.split()
)


@dataclass(frozen=True, kw_only=True)
class TurnKind:
    """`question` is the message without injected instructions; `probabilities` are the classifier's, by training kind."""

    kind: Kind
    question: str
    injected: bool = False
    probabilities: dict[str, float] | None = None


def without_instructions(message: str) -> tuple[str, bool]:
    """The message without pieces that try to instruct the coach, and whether there were any."""
    found = False

    def drop(match: re.Match[str]) -> str:
        nonlocal found
        if match.group(0).startswith("<!--") or patterns.INJECTION.search(match.group(0)):
            found = True
            return " "
        return match.group(0)

    kept = patterns.BLOCK.sub(drop, message)
    kept = patterns.SENTENCE.sub(
        lambda m: patterns.CLAUSE.sub(drop, m.group(0)) if patterns.INJECTION.search(m.group(0)) else m.group(0), kept
    )
    if patterns.INJECTION.search(kept):
        kept = patterns.SENTENCE.sub(drop, kept)
    return texts.normalise(kept).strip(" ,，:：。.;；-—#*/"), found


class Classifier:
    """Multinomial logistic regression over unit vectors; fitted by `coach models calibrate`."""

    def __init__(self, parameters: dict[str, Any]) -> None:
        self.labels: list[str] = parameters["labels"]
        self._weights = np.asarray(parameters["weights"], dtype=np.float32)
        self._bias = np.asarray(parameters["bias"], dtype=np.float32)

    def probabilities(self, vector: Matrix) -> dict[str, float]:
        """Probability by label; `vector` has shape (dimension,)."""
        logits = self._weights @ vector + self._bias
        odds = np.exp(logits - logits.max())
        return dict(zip(self.labels, (odds / odds.sum()).tolist(), strict=True))


def by_rules(message: str, history: Sequence[Turn]) -> TurnKind | None:
    """The kind when a rule is sure of it; safety comes first, whatever else the message says."""
    asked = texts.simplify(texts.normalise(message))
    if danger := danger_in(asked):
        return TurnKind(kind=danger, question=asked)
    kept, injected = without_instructions(asked)
    bare = kept.strip(" ?？!！。.,，~～、…")
    kind = _honesty(kept) or _talk(bare)
    if (injected and (_is_empty(kept) or not patterns.ASKING.search(kept))) or (kind is None and _obeys_history(bare, history)):
        return TurnKind(kind="rules", question=kept, injected=True)
    if kind is None:
        kind = _unclear(kept, bare, history)
    return TurnKind(kind=kind, question=kept, injected=injected) if kind else None


def danger_in(message: str) -> Kind | None:
    """Crisis or violence, by the rules alone, anywhere in the message as it was written."""
    asked = texts.simplify(texts.normalise(message))
    if patterns.VIOLENT_INTENT.search(asked) or (patterns.VIOLENCE.search(asked) and not patterns.HYPERBOLE.search(asked)):
        return "violence"
    meant = patterns.NO_DANGER.sub(" ", asked)
    if patterns.CRISIS.search(meant) or any(p.search(meant) for p in patterns.DISTRESS.values()):
        return "crisis"
    return "crisis" if patterns.WORN.search(meant) and patterns.HOPELESS.search(meant) else None


def _honesty(kept: str) -> Kind | None:
    wanted = patterns.DETECTING.sub(" ", kept)
    asked_for = any(p.search(wanted) for p in (patterns.FABRICATE, patterns.DECEIVE, *patterns.INVENT.values()))
    if asked_for and not _tells_honestly(kept):
        return "fabricate"
    as_fact = patterns.AS_FACT.search(kept) and patterns.FIGURES.search(kept) and not patterns.LEAVE.search(kept)
    return "unverified" if as_fact else None


def _tells_honestly(message: str) -> bool:
    """A word of something made up, from somebody who wants no lie."""
    reported = patterns.REPORTED.search(message) and not patterns.ASKED.search(message)
    return bool(patterns.HONEST.search(message) or reported)


def _talk(bare: str) -> Kind | None:
    if patterns.GENERAL.search(bare):
        return "general"
    return next((kind for kind, pattern in patterns.SMALL if len(bare) <= _LONGEST_TALK and pattern.search(bare)), None)


def _unclear(kept: str, bare: str, history: Sequence[Turn]) -> Kind | None:
    if patterns.PRIVATE.search(kept):
        return None
    if patterns.NO_LETTERS.fullmatch(bare) or (not history and (patterns.VAGUE.match(kept) or _points_nowhere(kept))):
        return "vague"
    return "personal" if patterns.PERSONAL.search(kept) else None


def _points_nowhere(kept: str) -> bool:
    """A pointer ("the third one", "like that") and hardly a word with meaning besides, when nothing was said before."""
    meaningful = [w for w in texts.tokens(kept) if w not in _POINTING]
    return needs_context(kept, texts.language(kept)) and len(meaningful) <= 1


def _obeys_history(bare: str, history: Sequence[Turn]) -> bool:
    """A bare "go on" or "do what it says" after a message that tried to give instructions."""
    told = any(patterns.INJECTION.search(texts.simplify(texts.normalise(t.content))) for t in history[-4:])
    return told and (bool(patterns.VAGUE.match(bare)) or bool(patterns.OBEY.search(bare)))


def _is_empty(kept: str) -> bool:
    return len(re.sub(r"[\W_]", "", kept)) < 4


_SURE = {
    "fabricate": 0.6,
    "unverified": 0.9,
    "rules": 0.45,
    "smalltalk": 0.6,
    "vague": 0.4,
    "personal": 0.5,
    "far": 0.5,
}
_CRISIS = 0.45  # a false alarm costs a sentence, a miss more; the examples of distress tell the two apart (evals/LOG.md)
_CRISIS_FOLLOWING = 0.5  # half a sentence that follows another tells little by itself
_CRISIS_BESIDE = 0.5  # in a question that the library plainly answers: distress hides in talk of work
_NEAR_CRISIS = ("crisis", "stress", "personal")
_PLAINLY_ANOTHER = 0.6  # of a kind that distress is not taken for
_SURER = 0.75  # against a question that the library plainly answers
_AS_SURE = {
    "fabricate": 0.65,
    "vague": 0.6,
    "rules": 0.45,
    "unverified": 0.9,
}  # of these kinds, what the library holds says little
_FOLLOWING_FABRICATE = 0.8  # half a sentence that follows another
_FAR, _LITTLE_EVIDENCE = 0.7, 0.5  # plainly another field, although the evidence would do
_PLAIN_EVIDENCE = 0.7
_PLAIN_OUTSIDE = 0.9
_READ_WHOLE = 1000  # characters that the embedding model reads; of a longer message the classifier knows a part
_SMALL_TALK_LENGTH = 16
_LONGEST_TALK = 60
_BY_LABEL: dict[str, Kind] = {
    "crisis": "crisis",
    "fabricate": "fabricate",
    "unverified": "unverified",
    "rules": "rules",
    "vague": "vague",
    "personal": "personal",
    "far": "outside",
    "smalltalk": "hello",
}


def _distressed(question: str, probability: float, evidence: float, *, follow_up: bool) -> bool:
    doubtful = _CRISIS_FOLLOWING if follow_up else _CRISIS
    needed = _CRISIS_BESIDE if evidence >= _PLAIN_EVIDENCE else doubtful
    harmless = patterns.HYPERBOLE.search(question) or patterns.NO_ALARM.search(question) or _plainly_introduces(question)
    return probability >= needed and not harmless


def _plainly_introduces(message: str) -> bool:
    """Role and duties, told of oneself, and not a word of distress: the examples of distress are such statements, too."""
    told = patterns.STATES_SELF.search(message) and patterns.ROLE.search(message) and patterns.DUTIES.search(message)
    return bool(told) and not patterns.DARK.search(message)


def _needed(label: str, evidence: float, *, follow_up: bool) -> float:
    """The probability from which the classifier is believed."""
    needed = _AS_SURE.get(label, _SURER) if evidence >= _PLAIN_EVIDENCE else _SURE.get(label, 0.0)
    return max(needed, _FOLLOWING_FABRICATE) if follow_up and label == "fabricate" else needed


def decide(
    question: str,
    probabilities: dict[str, float],
    evidence: float,
    *,
    injected: bool,
    follow_up: bool,
    enough: bool = False,
    vouches: bool = False,
    own: bool = False,
) -> TurnKind:
    """The kind by the classifier, where it is sure enough; anything else is a question, and evidence decides.

    `evidence` is the probability that the library answers it: the more there is, the surer the classifier must be. Where it is
    `enough`, the classifier alone calls nothing another field unless it is sure of it: it is one of the signs the evidence was
    weighed by, and an organisation's `own` documents may be of any field. `vouches`: somebody asks whether a claim may be
    relied on, which asks for no lie.
    """
    if not probabilities:
        return TurnKind(kind="question", question=question, injected=injected)
    label = max(probabilities, key=lambda k: probabilities[k])
    kind = _BY_LABEL.get(label, "question")
    needed = _needed(label, evidence, follow_up=follow_up)
    unsure = probabilities[label] < needed or len(question) > _READ_WHOLE or (vouches and label in ("fabricate", "unverified"))
    unsure = unsure or (label == "fabricate" and _tells_honestly(question))
    held = own or (enough and not (probabilities[label] >= _FAR and evidence < _LITTLE_EVIDENCE))
    if unsure or label == "crisis" or (label == "far" and held):
        kind = "question"
    another = label not in _NEAR_CRISIS and probabilities[label] >= _PLAINLY_ANOTHER
    if not another and _distressed(question, probabilities.get("crisis", 0.0), evidence, follow_up=follow_up):
        kind = "crisis"
    if patterns.OUTSIDE.search(question) and kind == "question" and evidence < _PLAIN_OUTSIDE:
        kind = "outside"
    if patterns.PRIVATE.search(question) and kind in ("question", "personal", "vague") and not own:
        kind = "outside"
    if follow_up and kind in ("vague", "personal", "outside", "hello"):
        kind = "question"
    if kind == "hello" and len(question) > _SMALL_TALK_LENGTH:
        kind = "question"
    return TurnKind(kind=kind, question=question, injected=injected, probabilities=probabilities)
