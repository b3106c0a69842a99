"""An optional judge: another chat model answers yes-or-no questions about a reply, each proved by a quote from it.

What counts for the reply needs evidence: a "yes" whose quote does not stand in the reply is a "no". What the judge says that
cannot be read is unscored and counted, never a 0 or 1. Without a judge, and where every run is unscored, there is no value. A
model never judges itself. How far judges agree with people is not known here: nothing of this is a gate.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path
from typing import Literal

from coach.errors import InputError, ModelError
from coach.models.chat import chat_model, stream_text
from coach.prompts import Prompt, load_prompt
from coach.settings import Settings
from coach.text import fold, normalise
from coach.types import Lang
from evals.schema import Case
from evals.scorers.terms import without_marks

PROMPTS = Path(__file__).resolve().parent.parent / "prompts"
RUNS = 3
"""An odd number, so that a majority is one; single runs of the same judge differ by .1 and more (ragas #731)."""

Kind = Literal["keypoint", "contradiction", "attribution", "topic"]
Verdict = Literal["yes", "no"]
Ask = Callable[[str], str]
"""Prompt to the judge's words. Raises ModelError when none came."""

_ASKED: dict[Kind, dict[Lang, str]] = {
    "keypoint": {
        "zh": "回复是否说出了下面这一点（任一写法，或意思相同的其他说法）？\n{terms}",
        "en": "Does the reply state this point, in any of these wordings or in others of the same meaning?\n{terms}",
    },
    "contradiction": {
        "zh": "下面各点都是对的。回复里有没有一句话与其中任何一点相矛盾？没有提到不算矛盾。\n{terms}",
        "en": "These points are right. Does a sentence of the reply contradict one of them? Leaving one out does not.\n{terms}",
    },
    "attribution": {
        "zh": "回复引用的是未经核实的说法。回复是否写明了这是谁的说法，或者写明没有核实、没有找到来源？",
        "en": "The reply rests on an unverified claim. Does it say whose claim it is, or that it is unverified or has no source?",
    },
    "topic": {
        "zh": "回复是否正面回答了所问的事，而不是别的事，也不是拒绝回答？",
        "en": "Does the reply answer what was asked, rather than something else, and rather than decline?",
    },
}
_NEGATIVE: frozenset[Kind] = frozenset({"contradiction"})
_THOUGHTS = re.compile(r"<think>.*?(?:</think>|$)", re.S)
_WIDE = str.maketrans("｛｝：，＂", '{}:,"')
_VERDICTS: dict[str, Verdict] = {"yes": "yes", "no": "no", "是": "yes", "否": "no"}
_TAGS = re.compile(r"</?(?:question|reply|asked)>", re.I)
_EMPHASIS = re.compile(r"\*\*|__|`")
_CJK = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_LEAST = 2  # Chinese characters, or one more letter or digit: less stands in every reply


@dataclass(frozen=True, kw_only=True)
class Question:
    """One thing asked about a reply. `positive`: "yes" speaks for the reply, and must be quoted."""

    kind: Kind
    text: str

    @property
    def positive(self) -> bool:
        """Whether "yes" speaks for the reply."""
        return self.kind not in _NEGATIVE


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What the runs said to one question, in order; None is a run that could not be read, `reasons` say why."""

    question: Question
    votes: tuple[Verdict | None, ...]
    reasons: tuple[str, ...] = ()

    @property
    def verdict(self) -> Verdict | None:
        """What most of the readable runs say; a tie counts against the reply, and no readable run is no verdict."""
        count = Counter(vote for vote in self.votes if vote)
        if not count:
            return None
        if count["yes"] == count["no"]:
            return "no" if self.question.positive else "yes"
        return "yes" if count["yes"] > count["no"] else "no"


@dataclass(frozen=True, kw_only=True)
class Judged:
    """One reply as judged."""

    answered: tuple[Answered, ...] = ()
    empty: bool = False
    """There were no words to judge; nobody was asked."""

    @property
    def value(self) -> float | None:
        """Share of the positive questions with a verdict that got a proven yes; 0 where the reply contradicts or is empty.

        None when nothing was asked, no positive question has a verdict, or it is not known whether the reply contradicts.
        """
        if self.empty:
            return 0.0
        negative = [a.verdict for a in self.answered if not a.question.positive]
        positive = [a.verdict for a in self.answered if a.question.positive and a.verdict]
        if "yes" in negative:
            return 0.0
        if None in negative or not positive:
            return None
        return positive.count("yes") / len(positive)

    @property
    def asked(self) -> int:
        """Calls of the judge."""
        return sum(len(a.votes) for a in self.answered)

    @property
    def unscored(self) -> int:
        """Calls whose reply could not be read."""
        return sum(a.votes.count(None) for a in self.answered)

    def problems(self) -> list[str]:
        """What the judge objects to, and why runs went unread, for people."""
        found = ["judge: nothing to judge"] if self.empty else []
        for a in self.answered:
            objected = a.verdict == ("no" if a.question.positive else "yes")
            found += [f"judge, {a.question.kind}: {a.question.text.splitlines()[-1]}"] * objected
            found += [f"judge, {a.question.kind}, unscored: {reason}" for reason in a.reasons]
        return found


def questions_for(case: Case) -> list[Question]:
    """What to ask about a reply to this case, in its language; nothing where the right reply is not an answer."""
    if case.status != "answered":
        return []
    lang = case.lang
    points = [" / ".join(terms) for terms in case.keypoints]
    found = [Question(kind="keypoint", text=_ASKED["keypoint"][lang].format(terms=point)) for point in points]
    if points:
        terms = "\n".join(f"- {point}" for point in points)
        found.append(Question(kind="contradiction", text=_ASKED["contradiction"][lang].format(terms=terms)))
    if case.attribution:
        found.append(Question(kind="attribution", text=_ASKED["attribution"][lang]))
    return [*found, Question(kind="topic", text=_ASKED["topic"][lang])]


class Judge:
    """Asks every question `runs` times."""

    def __init__(self, ask: Ask, *, name: str, runs: int = RUNS, prompt: Prompt | None = None) -> None:
        self.name = name
        self.runs = runs
        self.prompt = prompt or load_prompt(PROMPTS, "judge")
        self._ask = ask

    def judge(self, case: Case, answer: str | None) -> Judged:
        """Judges one reply; None stands for a reply that never came. Raises SetupError when the judge cannot be used at all."""
        questions = questions_for(case)
        if not questions:
            return Judged()
        if not normalise(without_marks(answer or "")):
            return Judged(empty=True)
        return Judged(answered=tuple(self._answered(case, answer or "", question) for question in questions))

    def _answered(self, case: Case, answer: str, question: Question) -> Answered:
        language = {"zh": "Chinese", "en": "English"}[case.lang]
        asked = "\n".join([*(f"{turn.role}: {turn.content}" for turn in case.history), case.question])
        prompt = self.prompt.render(question=_inert(asked), answer=_inert(answer), asked=question.text, language=language)
        votes: list[Verdict | None] = []
        reasons: list[str] = []
        for _ in range(self.runs):
            try:
                votes.append(read(self._ask(prompt), answer, question))
            except (ModelError, ValueError) as error:
                votes.append(None)
                reasons.append(str(error))
        return Answered(question=question, votes=tuple(votes), reasons=tuple(reasons))


def open_judge(settings: Settings, *, tested: str, runs: int = RUNS) -> Judge | None:
    """The judge that `settings.model` names; None for "none".

    Raises:
        InputError: it is the model under test, or names no known provider.
        SetupError: its package, weights or key is missing.
    """
    if same_model(settings.model, tested):
        raise InputError(
            f"The judge {settings.model!r} is the model under test.", hint="Name another model as judge, or none to leave it out."
        )
    model = chat_model(settings)
    if model is None:
        return None
    from langchain_core.messages import HumanMessage

    def ask(prompt: str) -> str:
        words = stream_text(model, [HumanMessage(prompt)], timeout=settings.model_timeout, retries=settings.model_retries)
        return "".join(words)

    return Judge(ask, name=settings.model.strip(), runs=runs)


def same_model(judge: str, tested: str) -> bool:
    """Whether two names are one model: without case, width and blanks; a name without a provider is that of any provider."""
    one, other = fold(judge), fold(tested)
    if "none" in (one, other) or not (one and other):
        return False
    return one == other or one.endswith(f":{other}") or other.endswith(f":{one}")


def read(reply: str, answer: str, question: Question) -> Verdict:
    """The verdict in a judge's words; a "yes" for the reply whose quote does not stand in it is a "no".

    Raises ValueError when they hold no verdict, or two that differ.
    """
    found = list(_verdicts(reply))
    if not found:
        raise ValueError(f"no verdict in {reply[:80]!r}")
    if len({verdict for verdict, _ in found}) > 1:
        raise ValueError(f"two verdicts in {reply[:80]!r}")
    verdict = found[0][0]
    if question.positive and verdict == "yes" and not any(stands(quote, answer) for _, quote in found):
        return "no"
    return verdict


def stands(quote: str, answer: str) -> bool:
    """Whether the words stand in the answer literally, but for white space, letter width, script, marks and emphasis."""
    words = _plain(quote).strip("“”„‘’「」『』《》\"'….。,;!?")
    return len(words) >= (_LEAST if _CJK.search(words) else _LEAST + 1) and words in _plain(answer)


def agreement(judged: Iterable[Judged]) -> float | None:
    """Krippendorff's alpha of the runs over all questions of all replies."""
    return alpha(a.votes for one in judged for a in one.answered)


def alpha(units: Iterable[Sequence[str | None]]) -> float | None:
    """Krippendorff's alpha for nominal values, with gaps; 1 is full agreement, 0 is chance.

    alpha = 1 - (n - 1) * sum(o_ck, c != k) / sum(n_c * n_k, c != k), with o_ck the coincidences of c and k, each pair of a unit
    of m values weighing 1 / (m - 1) (Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability"). None when no unit has two
    values, or all values are the same: then chance would agree just as well.
    """
    weights: dict[tuple[str, str], float] = {}
    for unit in units:
        values = [value for value in unit if value is not None]
        for pair in permutations(values, 2):
            weights[pair] = weights.get(pair, 0.0) + 1 / (len(values) - 1)
    totals: dict[str, float] = {}
    for (one, _), weight in weights.items():
        totals[one] = totals.get(one, 0.0) + weight
    number = sum(totals.values())
    expected = number**2 - sum(total**2 for total in totals.values())
    if not weights or len(totals) < 2:
        return None
    return 1 - (number - 1) * sum(weight for (one, other), weight in weights.items() if one != other) / expected


def _verdicts(reply: str) -> Iterator[tuple[Verdict, str]]:
    """Every JSON object with a verdict and its quote; full-width brackets only where there are no others."""
    text = _THOUGHTS.sub("", reply)
    found = list(_objects(text)) or list(_objects(text.translate(_WIDE)))
    for value in found:
        verdict = _VERDICTS.get(fold(str(value.get("verdict", ""))))
        quote = value.get("quote")
        if verdict:
            yield verdict, quote if isinstance(quote, str) else ""


def _objects(text: str) -> Iterator[dict[str, object]]:
    at = text.find("{")
    while at >= 0:
        try:
            value, length = json.JSONDecoder(strict=False).raw_decode(text[at:])
        except ValueError:
            length = 1
        else:
            yield value
        at = text.find("{", at + length)


def _plain(text: str) -> str:
    return fold(_EMPHASIS.sub("", without_marks(text)))


def _inert(text: str) -> str:
    """The text without the tags that the prompt puts around it."""
    return _TAGS.sub("", text)
