"""Faults in the reply: its words, its citations, its text as a whole."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from coach import claims as attributing
from coach.app import Coach
from coach.conversation import answer as answering
from coach.conversation import compose as composing
from coach.conversation.evidence import Evidence
from coach.prompts import load_prompt
from coach.types import Lang
from evals.mutations.fault import Apply, fault
from evals.mutations.replacing import wrapped

# --- where the reply is reached ---------------------------------------------------------------------------------------


def _spoken(change: Callable[[str, Lang], str]) -> Apply:
    """The words of every quoted span on their way into the reply."""

    def make(real: Any) -> Any:
        return lambda span, lang, claims, named: change(real(span, lang, claims, named), lang)

    return lambda _: wrapped(composing, "_attributed", make)


def _cited(change: Callable[[composing.Composed], composing.Composed]) -> Apply:
    """The cited reply that was made of the library's sentences."""
    return lambda _: wrapped(composing, "_cited", lambda real: lambda *told: change(real(*told)))


def _citation(**changed: Callable[[Any], object]) -> Apply:
    """Fields of every citation."""

    def make(real: Any) -> Any:
        def cite(*told: Any) -> Any:
            made = real(*told)
            return replace(made, **{name: value(made) for name, value in changed.items()})

        return cite

    return lambda _: wrapped(composing, "cite", make)


def _replied(change: Callable[[str, Lang], str]) -> Apply:
    """The whole text of every reply that answers."""

    def make(real: Any) -> Any:
        def done(self: Any, run: Any, text: str, status: str, *told: Any, **more: Any) -> Any:
            return real(self, run, change(text, run.lang) if status == "answered" else text, status, *told, **more)

        return done

    return lambda _: wrapped(answering.Answering, "_done", make)


@contextmanager
def _empty_now_and_then(_coach: Coach) -> Iterator[None]:
    number = itertools.count(1)
    with _replied(lambda text, _lang: "" if next(number) % 5 == 0 else text)(_coach):
        yield


@contextmanager
def _failing_now_and_then(_coach: Coach) -> Iterator[None]:
    number = itertools.count(1)

    def make(real: Any) -> Any:
        def asked(*told: Any, **more: Any) -> Any:
            if next(number) % 9 == 0:
                raise RuntimeError("a fault of evals.mutations")
            return real(*told, **more)

        return asked

    with wrapped(answering.Answering, "ask", make):
        yield


# --- what is done to it -----------------------------------------------------------------------------------------------

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_LEVELS = {"初级": "高级", "高级": "初级", "foundation": "advanced", "advanced": "foundation"}
_LEVEL = re.compile("|".join(_LEVELS), re.I)
_BE: dict[Lang, re.Pattern[str]] = {
    "zh": re.compile(r"(?<!不)(?=是|要|能|会(?!议|员|计))"),
    "en": re.compile(r"\b(is|are|should|must|can|will|may|does|do)\b(?! not)"),
}


def _numbers_swapped(text: str, _lang: Lang) -> str:
    """Two numbers change places; one that stands alone becomes another."""
    found = _NUMBER.findall(text)
    other = {found[0]: found[-1], found[-1]: found[0]} if found else {}
    if len(other) == 1:
        other = {found[0]: f"{found[0]}7"}
    return _NUMBER.sub(lambda m: other.get(m.group(), m.group()), text)


def _levels_swapped(text: str, _lang: Lang) -> str:
    return _LEVEL.sub(lambda m: _LEVELS[m.group().lower()], text)


def _negated(text: str, lang: Lang) -> str:
    """不 or "not" once in every sentence that has a place for it."""
    sentences = re.split(r"(?<=[。！？!?])|(?<=\.)(?=\s)", text)
    return "".join(_BE[lang].sub("不" if lang == "zh" else r"\1 not", s, count=1) for s in sentences)


def _unattributed(text: str, lang: Lang) -> str:
    return attributing._ATTRIBUTED[lang].sub("", text)


def _unremarked(real: Any) -> Any:
    return lambda span, _lang, _claims, _named: span.text


def _half(text: str, _lang: Lang) -> str:
    return text[: len(text) // 2]


def _altered(quote: str) -> str:
    """Its first letter or character is another one."""
    return ("本" if quote[:1] != "本" else "该") + quote[1:]


def _without_mark(composed: composing.Composed) -> composing.Composed:
    *first, last = composed.paragraphs or ("",)
    return replace(composed, paragraphs=(*first, re.sub(r"\[\d+\](?!.*\[\d+\])", "", last, flags=re.S)))


def _marks_nowhere(composed: composing.Composed) -> composing.Composed:
    return replace(composed, paragraphs=tuple(re.sub(r"\[1\]", "[9]", p) for p in composed.paragraphs))


def _marks_turned(composed: composing.Composed) -> composing.Composed:
    """The numbers of the citations move on by one, those in the text stay."""
    made = composed.citations
    turned = tuple(replace(c, n=n) for c, n in zip(made, [*(c.n for c in made[1:]), *(c.n for c in made[:1])], strict=True))
    return replace(composed, citations=turned)


@contextmanager
def _of_another_passage(_coach: Coach) -> Iterator[None]:
    """Every span says what a span of another passage said before it."""
    said: dict[tuple[str, Lang], str] = {}

    def make(real: Any) -> Any:
        def attributed(span: Any, lang: Lang, claims: Any, named: bool) -> str:
            told = real(span, lang, claims, named)
            other = next((t for (pid, of), t in said.items() if pid != span.passage.id and of == lang), told)
            said.clear()
            said[span.passage.id, lang] = told
            return other

        return attributed

    with wrapped(composing, "_attributed", make):
        yield


@contextmanager
def _with_prompt(coach: Coach) -> Iterator[None]:
    prompt = load_prompt(coach.settings.prompts, "write").text
    rule = prompt[prompt.index("Rules") : prompt.index("Passages\n")]
    with _replied(lambda text, _lang: f"{text}\n\n{rule}")(coach):
        yield


def _refused(real: Any) -> Any:
    nothing = Evidence(enough=False, probability=0.0)
    return lambda self, run, found, _premise: self._no_answer(run, found, nothing, False)


def _worst(real: Any) -> Any:
    return lambda *told: (replace(s, value=-s.value) for s in real(*told))


# --- the faults -------------------------------------------------------------------------------------------------------

REPLY = (
    fault("reply", "mark-dropped", "the last citation mark of a reply is left out", _cited(_without_mark)),
    fault("reply", "mark-nowhere", "[1] becomes [9], which no citation has", _cited(_marks_nowhere)),
    fault("reply", "marks-turned", "every mark leads to the next citation", _cited(_marks_turned)),
    fault(
        "reply",
        "quote-shifted",
        "offsets of quotes are one too high",
        _citation(start=lambda c: c.start + 1, end=lambda c: c.end + 1),
    ),
    fault(
        "reply",
        "quote-late",
        "quote and offsets begin one character late",
        _citation(start=lambda c: c.start + 1, quote=lambda c: c.quote[1:]),
    ),
    fault("reply", "quote-altered", "one character of every quote is another", _citation(quote=lambda c: _altered(c.quote))),
    fault(
        "reply",
        "cited-unknown",
        "citations name a passage that the library does not hold",
        _citation(passage_id=lambda c: f"{c.passage_id}~"),
    ),
    fault("reply", "tier-stated", "every citation is shown as stated, attributed or not", _citation(tier=lambda _: "stated")),
    fault("reply", "source-lost", "citations name no source and no title", _citation(source=lambda _: "", title=lambda _: "")),
    fault("reply", "answer-cut", "replies end after half of their text", _replied(_half)),
    fault(
        "reply",
        "language-swapped",
        "replies come in the other language",
        lambda _: wrapped(answering, "_language", lambda real: lambda *told: "en" if real(*told) == "zh" else "zh"),
    ),
    fault("reply", "numbers-swapped", "numbers within a span change places", _spoken(_numbers_swapped)),
    fault("reply", "levels-swapped", "初级 and 高级, foundation and advanced change places", _spoken(_levels_swapped)),
    fault("reply", "negated", "不 or not is put into every sentence", _spoken(_negated)),
    fault("reply", "attribution-removed", "every word that says whose claim it is is left out", _spoken(_unattributed)),
    fault(
        "reply",
        "remark-forgotten",
        "the remarks behind unverified claims and outside sources are left out",
        lambda _: wrapped(composing, "_attributed", _unremarked),
        "the articles' own sentences attribute already, and the citation beside them names source and tier",
    ),
    fault("reply", "other-sentences", "spans say what another passage says, under their own mark", _of_another_passage),
    fault(
        "reply",
        "worst-sentences",
        "the sentences that answer least are quoted",
        lambda _: wrapped(composing, "_sentences", _worst),
    ),
    fault("reply", "prompt-told", "rules of the prompt stand under the reply", _with_prompt),
    fault("reply", "all-refused", "every question gets the refusal", lambda _: wrapped(answering.Answering, "_answer", _refused)),
    fault("reply", "empty-fifth", "every fifth answer is empty", _empty_now_and_then),
    fault("reply", "failing-ninth", "every ninth question ends in an exception", _failing_now_and_then),
)
