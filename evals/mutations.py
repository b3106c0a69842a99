"""Would a fault be noticed? Deliberate faults in product and library, each of which at least one gate has to catch.

    python -m evals.mutations [--only NAME]

One coach is opened and asked a fixed selection of the dev sets; that clean run is the baseline. Then every fault is put into the
product in this very process (never into scorers or gate), the same questions are asked again, and the gates judge:

    load        the product refuses to start: SetupError, LibraryMismatch and the like
    knowledge   coach.library.check finds what the clean folder has not
    gate        evals.gate.judge: a hard rule, or a metric worse than the baseline by its whole 95 % interval
    counts      of evals.development, evals.cycles and evals.attachments, worse than the clean ones by the same rule

A fault that nothing catches is a gate that is missing. The harmless changes at the end must pass: a gate that catches everything
catches nothing. What a fault does not reach (searches, vectors) is remembered from the clean run, so that all take minutes.
"""

from __future__ import annotations

import itertools
import logging
import re
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from shutil import copytree
from typing import TYPE_CHECKING, Any, Literal
from unittest import mock

import click
import numpy as np

from coach import claims as attributing
from coach.app import Coach, build_coach, build_drafting, open_library
from coach.cli.common import load_settings
from coach.conversation import answer as answering
from coach.conversation import compose as composing
from coach.conversation import evidence as weighing
from coach.conversation import patterns
from coach.conversation import turn as turns
from coach.conversation.evidence import Evidence, EvidenceCheck
from coach.conversation.history import Standalone
from coach.development import assessment, draft, stage
from coach.errors import CoachError, InputError
from coach.framework import load_framework
from coach.library import manifest
from coach.library.catalogue import Catalogue
from coach.library.check import check
from coach.library.glossary import Glossary
from coach.library.search import Library
from coach.library.unanswered import Standing, Unanswered
from coach.library.vectors import Vectors
from coach.models import embedding
from coach.models.embedding import Embedder
from coach.prompts import load_prompt
from coach.settings import Settings
from coach.types import Lang
from evals import attachments, development, gate
from evals.homes import copied
from evals.results import Run, ask, scored
from evals.schema import Made
from evals.scorers.score import Ground
from evals.sets import Loaded, load, sample
from evals.solvers import Product, wait_for
from evals.stats import Paired, paired

if TYPE_CHECKING:
    from coach.development.draft import Drafting
    from coach.development.schema import Line, Plan

_log = logging.getLogger(__name__)

Layer = Literal["reply", "gate", "search", "embedding", "library", "start", "files", "people", "cycles"]
Apply = Callable[[Coach], AbstractContextManager[object]]
"""Changes the product for as long as the block runs. A block that yields another Coach wants that one asked."""
Told = Callable[[str], None]

SELECTION: Mapping[Layer, Mapping[str, int]] = {
    "reply": {"answerable": 60, "status": 60, "hard": 60},
    "gate": {"answerable": 170, "status": 200, "hard": 80},
    "search": {"answerable": 170, "hard": 80},
    "embedding": {"answerable": 120, "hard": 60},
    "library": {"answerable": 60, "hard": 40},
    "start": {"answerable": 60, "status": 60},
}
"""Cases of each set, by `evals.sets.sample`: as many as the fault needs to show. The first change of every reply; a gate that
concerns a kind of question, the few of that kind; a half of the search, some in a hundred."""
_MOST_EXCLUDED = 0.05
_CYCLES = 4  # dialogues


@dataclass(frozen=True, kw_only=True)
class Fault:
    """`does` says in one line what goes wrong; `layer` says where, and by that what has to be asked to see it.

    `gap` says why no gate sees a fault that is known to pass; it stays in the table until one does.
    """

    name: str
    layer: Layer
    does: str
    apply: Apply
    gap: str = ""


@dataclass(frozen=True, kw_only=True)
class Caught:
    """What the gates said of a fault: `signs` in words, each with its gate in front and how far it moved; none: not caught."""

    fault: Fault
    signs: tuple[str, ...]
    seconds: float

    @property
    def caught(self) -> bool:
        return bool(self.signs)


# --- ways of changing the product -------------------------------------------------------------------------------------


def _wrapped(target: object, name: str, make: Callable[[Any], Any]) -> AbstractContextManager[object]:
    """`target.name` becomes what is made of it."""
    return mock.patch.object(target, name, make(getattr(target, name)))


@contextmanager
def _all(*changes: AbstractContextManager[object]) -> Iterator[None]:
    with ExitStack() as stack:
        for change in changes:
            stack.enter_context(change)
        yield


def _always(target: object, name: str, value: object) -> Apply:
    """`target.name` gives the same whatever it is asked."""
    return lambda _: mock.patch.object(target, name, lambda *_told, **_more: value)


def _spoken(change: Callable[[str, Lang], str]) -> Apply:
    """The words of every quoted span on their way into the reply."""

    def make(real: Any) -> Any:
        return lambda span, lang, claims, named: change(real(span, lang, claims, named), lang)

    return lambda _: _wrapped(composing, "_attributed", make)


def _cited(change: Callable[[composing.Composed], composing.Composed]) -> Apply:
    """The cited reply that was made of the library's sentences."""
    return lambda _: _wrapped(composing, "_cited", lambda real: lambda *told: change(real(*told)))


def _citation(**changed: Callable[[Any], object]) -> Apply:
    """Fields of every citation."""

    def make(real: Any) -> Any:
        def cite(*told: Any) -> Any:
            made = real(*told)
            return replace(made, **{name: value(made) for name, value in changed.items()})

        return cite

    return lambda _: _wrapped(composing, "cite", make)


def _replied(change: Callable[[str, Lang], str]) -> Apply:
    """The whole text of every reply that answers."""

    def make(real: Any) -> Any:
        def done(self: Any, run: Any, text: str, status: str, *told: Any, **more: Any) -> Any:
            return real(self, run, change(text, run.lang) if status == "answered" else text, status, *told, **more)

        return done

    return lambda _: _wrapped(answering.Answering, "_done", make)


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

    with _wrapped(answering.Answering, "ask", make):
        yield


def _found(**changed: Callable[[Any], object]) -> Apply:
    """Fields of every search result."""

    def make(real: Any) -> Any:
        def search(*told: Any, **more: Any) -> Any:
            made = real(*told, **more)
            return replace(made, **{name: value(made) for name, value in changed.items()})

        return search

    return lambda _: _wrapped(Library, "search", make)


def _searched(**changed: Callable[[Any], object]) -> Apply:
    """What the search is asked with; each value is made of the old one."""

    def make(real: Any) -> Any:
        def search(self: Any, query: str, **more: Any) -> Any:
            return real(self, query, **{**more, **{name: value(more.get(name)) for name, value in changed.items()}})

        return search

    return lambda _: _wrapped(Library, "search", make)


def _decided(change: Callable[[Evidence], Evidence]) -> Apply:
    return lambda _: _wrapped(EvidenceCheck, "decide", lambda real: lambda *told, **more: change(real(*told, **more)))


def _threshold(by: float) -> Apply:
    real: Any = EvidenceCheck.threshold
    return lambda _: mock.patch.object(EvidenceCheck, "threshold", property(lambda self: real.fget(self) + by))


def _without(kind: str) -> Apply:
    """One of the two collections of vectors finds nothing."""

    def make(real: Any) -> Any:
        return lambda self, which, *told, **more: [] if which == kind else real(self, which, *told, **more)

    return lambda _: _wrapped(Vectors, "nearest", make)


def _encoded(encode: Callable[[Any, Any, list[str], str], Any]) -> Apply:
    """How questions become vectors; `encode` gets the real function, the embedder, the texts and the name of the prompt."""

    def make(real: Any) -> Any:
        return lambda self, texts, prompt: encode(real, self, texts, prompt) if prompt == "query" else real(self, texts, prompt)

    return lambda _: _wrapped(Embedder, "_model_encode", make)


def _no_prefix(_real: Any, embedder: Any, texts: list[str], _prompt: str) -> Any:
    vectors = embedder._model.encode(texts, prompt="", normalize_embeddings=True, batch_size=32, show_progress_bar=False)
    return np.asarray(vectors, dtype=np.float32)


@contextmanager
def _other_model(coach: Coach) -> Iterator[None]:
    """The adapter is not merged, and nothing notices: the fingerprint is the right one."""
    bare = Embedder(coach.settings.model_copy(update={"adapter": "none"}))
    with _encoded(lambda real, _self, texts, prompt: real(bare, texts, prompt))(coach):
        yield


# --- other coaches over changed files ---------------------------------------------------------------------------------


@contextmanager
def _over(settings: Settings, embedder: Embedder | None) -> Iterator[Coach]:
    """A coach over this home, opened here and now; with the embedding model that is loaded already, if it is given."""
    other = Coach(settings)
    other._started.set()  # or it would open everything once more
    other.take(open_library(settings, embedder), lambda library: library.close())
    with closing(other):
        yield other


def _embedder(coach: Coach) -> Embedder:
    with coach.library() as library:
        return library.embedder


@contextmanager
def _edited(folder: Path, edit: Callable[[Path], None]) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="coach-edited-") as temporary:
        made = Path(copytree(folder, Path(temporary) / folder.name))
        edit(made)
        yield made


def _prompts(edit: Callable[[Path], None]) -> Apply:
    """The coach with other prompt files."""

    @contextmanager
    def apply(coach: Coach) -> Iterator[Coach]:
        with _edited(coach.settings.prompts, edit) as prompts, copied(coach.settings) as home:
            with _over(home.model_copy(update={"prompts": prompts}), _embedder(coach)) as other:
                yield other

    return apply


def _settings_of(edit: Callable[[Path], None]) -> Apply:
    """The coach with another knowledge folder, whose articles, and so the index, are the same."""

    @contextmanager
    def apply(coach: Coach) -> Iterator[Coach]:
        with _edited(coach.settings.knowledge, edit) as knowledge, copied(coach.settings) as home:
            with _over(home.model_copy(update={"knowledge": knowledge}), _embedder(coach)) as other:
                yield other

    return apply


def _articles(edit: Callable[[Path], None]) -> Apply:
    """The coach over a library that was indexed anew with other articles."""

    @contextmanager
    def apply(coach: Coach) -> Iterator[Coach]:
        with _edited(coach.settings.knowledge, edit) as knowledge, copied(coach.settings, knowledge=knowledge) as home:
            with _over(home, _embedder(coach)) as other:
                yield other

    return apply


@contextmanager
def _other_adapter(coach: Coach) -> Iterator[Coach]:
    with copied(coach.settings) as home, _over(home.model_copy(update={"adapter": "none"}), None) as other:
        yield other


@contextmanager
def _without_prefix(coach: Coach) -> Iterator[Coach]:
    emptied = (mock.patch.object(module, "QUERY_PREFIX", "") for module in (embedding, manifest))
    with copied(coach.settings) as home, next(emptied), next(emptied), _over(home, None) as other:
        yield other


def _in_files(pattern: str, *swaps: tuple[str, str], body: bool = True) -> Callable[[Path], None]:
    """Regular expressions replaced in all files that fit; in articles only in the body, or with `body` false everywhere."""

    def edit(folder: Path) -> None:
        for path in sorted(folder.glob(pattern)):
            text = path.read_text(encoding="utf-8")
            at = text.index("---\n", 4) if body else 0
            changed = text[at:]
            for before, after in swaps:
                changed = re.sub(before, after, changed)
            path.write_text(text[:at] + changed, encoding="utf-8")

    return edit


def _nothing(_folder: Path) -> None:
    """The files as they are."""


def _removed(*globs: str) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        for path in [p for glob in globs for p in sorted(folder.glob(glob))]:
            path.unlink()

    return edit


# --- what the faults do to words --------------------------------------------------------------------------------------

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

    with _wrapped(composing, "_attributed", make):
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


def _undocumented(real: Any) -> Any:
    return lambda *told, **more: real(*told, **{**more, "documents": ()})


def _forgetful(question: str, _history: object, _lang: Lang) -> Standalone:
    return Standalone(text=question, question=question)


def _short(found: Any) -> tuple[Any, ...]:
    return tuple(replace(p, text=p.text[:50], end=p.start + min(50, len(p.text))) for p in found.passages)


def _no_clarifying(_coach: Coach) -> AbstractContextManager[object]:
    classes = mock.patch.dict(turns._BY_LABEL, {"vague": "question", "personal": "question"})
    return _all(mock.patch.object(turns, "_unclear", lambda *_: None), classes)


def _no_alarm(_coach: Coach) -> AbstractContextManager[object]:
    return _all(*(mock.patch.object(module, "danger_in", lambda _: None) for module in (turns, answering)))


def _no_injection(_coach: Coach) -> AbstractContextManager[object]:
    return mock.patch.object(patterns, "INJECTION", re.compile(r"(?!)"))


# --- what they do to a person's way -----------------------------------------------------------------------------------


def _one_lower(real: Any) -> Any:
    def level(shown: Any, denied: Any, framework: Any, rules: Any) -> int | None:
        found = real(shown, denied, framework, rules)
        return None if found is None else max(found - 1, framework.levels[0].number)

    return level


def _planned(change: Callable[[Plan, Line], Mapping[str, object]], *, checked: bool) -> Apply:
    """Every line of a plan; without `checked` the product's own check of plans is off, too."""

    def make(real: Any) -> Any:
        def plan(*told: Any) -> Plan:
            made: Plan = real(*told)
            lines = {w: tuple(x.model_copy(update=change(made, x)) for x in getattr(made, w)) for w in ("goals", "actions")}
            return made.model_copy(update=lines)

        return plan

    own = [] if checked else [mock.patch.object(draft, "require_sound", lambda *_: None)]
    return lambda _: _all(_wrapped(draft, "make_plan", make), *own)


def _before_today(plan: Plan, line: Line) -> Mapping[str, object]:
    earlier = (line.due - plan.made) * 2
    return {"start": line.start - earlier, "due": line.due - earlier}


def _unsourced(_plan: Plan, line: Line) -> Mapping[str, object]:
    empty = line.source.quote.model_copy(update={"zh": "", "en": ""})
    return {"source": line.source.model_copy(update={"quote": empty})}


# --- the faults -------------------------------------------------------------------------------------------------------


def _fault(layer: Layer, name: str, does: str, apply: Apply, gap: str = "") -> Fault:
    return Fault(name=name, layer=layer, does=does, apply=apply, gap=gap)


_REPLY = (
    _fault("reply", "mark-dropped", "the last citation mark of a reply is left out", _cited(_without_mark)),
    _fault("reply", "mark-nowhere", "[1] becomes [9], which no citation has", _cited(_marks_nowhere)),
    _fault("reply", "marks-turned", "every mark leads to the next citation", _cited(_marks_turned)),
    _fault(
        "reply",
        "quote-shifted",
        "offsets of quotes are one too high",
        _citation(start=lambda c: c.start + 1, end=lambda c: c.end + 1),
    ),
    _fault(
        "reply",
        "quote-late",
        "quote and offsets begin one character late",
        _citation(start=lambda c: c.start + 1, quote=lambda c: c.quote[1:]),
    ),
    _fault("reply", "quote-altered", "one character of every quote is another", _citation(quote=lambda c: _altered(c.quote))),
    _fault(
        "reply",
        "cited-unknown",
        "citations name a passage that the library does not hold",
        _citation(passage_id=lambda c: f"{c.passage_id}~"),
    ),
    _fault("reply", "tier-stated", "every citation is shown as stated, attributed or not", _citation(tier=lambda _: "stated")),
    _fault("reply", "source-lost", "citations name no source and no title", _citation(source=lambda _: "", title=lambda _: "")),
    _fault("reply", "answer-cut", "replies end after half of their text", _replied(_half)),
    _fault(
        "reply",
        "language-swapped",
        "replies come in the other language",
        lambda _: _wrapped(answering, "_language", lambda real: lambda *told: "en" if real(*told) == "zh" else "zh"),
    ),
    _fault("reply", "numbers-swapped", "numbers within a span change places", _spoken(_numbers_swapped)),
    _fault("reply", "levels-swapped", "初级 and 高级, foundation and advanced change places", _spoken(_levels_swapped)),
    _fault("reply", "negated", "不 or not is put into every sentence", _spoken(_negated)),
    _fault("reply", "attribution-removed", "every word that says whose claim it is is left out", _spoken(_unattributed)),
    _fault(
        "reply",
        "remark-forgotten",
        "the remarks behind unverified claims and outside sources are left out",
        lambda _: _wrapped(composing, "_attributed", _unremarked),
        "the articles' own sentences attribute already, and the citation beside them names source and tier",
    ),
    _fault("reply", "other-sentences", "spans say what another passage says, under their own mark", _of_another_passage),
    _fault(
        "reply",
        "worst-sentences",
        "the sentences that answer least are quoted",
        lambda _: _wrapped(composing, "_sentences", _worst),
    ),
    _fault("reply", "prompt-told", "rules of the prompt stand under the reply", _with_prompt),
    _fault(
        "reply", "all-refused", "every question gets the refusal", lambda _: _wrapped(answering.Answering, "_answer", _refused)
    ),
    _fault("reply", "empty-fifth", "every fifth answer is empty", _empty_now_and_then),
    _fault("reply", "failing-ninth", "every ninth question ends in an exception", _failing_now_and_then),
)

_GATES = (
    _fault("gate", "evidence-always", "there is always evidence", _decided(lambda e: replace(e, enough=True, missing=None))),
    _fault("gate", "evidence-never", "there is never evidence", _decided(lambda e: replace(e, enough=False))),
    _fault("gate", "threshold-up", "evidence begins at a probability .25 too high", _threshold(0.25)),
    _fault("gate", "threshold-down", "evidence begins at a probability .25 too low", _threshold(-0.25)),
    _fault("gate", "kind-unchecked", "sums, names, dates that no passage holds are not missed", _always(weighing, "lacks", None)),
    _fault("gate", "crisis-off", "the rules for distress and violence are off", _no_alarm),
    _fault(
        "gate",
        "crisis-hello",
        "distress is noticed, and gets a greeting",
        lambda _: mock.patch.dict(answering._SENTENCE, {"crisis": "hello"}),
    ),
    _fault(
        "gate", "injection-off", "instructions are left in messages", _no_injection, "without a chat model nothing obeys them"
    ),
    _fault(
        "gate",
        "honesty-off",
        "fabrication and unverified figures are no longer refused by rule",
        _always(turns, "_honesty", None),
    ),
    _fault(
        "gate",
        "declined-answered",
        "what is declined is labelled as answered",
        lambda _: mock.patch.dict(answering._STATUS, {"fabricate": "answered", "unverified": "answered", "rules": "answered"}),
    ),
    _fault("gate", "clarify-off", "nobody is asked back", _no_clarifying),
    _fault(
        "gate",
        "premise-off",
        "false premises are not noticed",
        _always(answering, "false_premise", None),
        "few questions have one that is counted, and the articles correct most of those",
    ),
    _fault(
        "gate",
        "history-ignored",
        "follow-ups are searched as they stand",
        lambda _: mock.patch.object(answering, "standalone", _forgetful),
    ),
    _fault("gate", "classifier-off", "the classifier of turns says nothing", _always(turns.Classifier, "probabilities", {})),
    _fault(
        "search", "standing-off", "nearness to unanswered questions is not weighed", _always(Unanswered, "standing", Standing())
    ),
    _fault(
        "files",
        "file-unread",
        "files that were brought in are not read",
        lambda _: _wrapped(answering.Answering, "ask", _undocumented),
    ),
)

_SEARCH = (
    _fault(
        "embedding",
        "query-unprefixed",
        "questions are embedded without their prefix, behind the back of the settings",
        _encoded(_no_prefix),
        "with the adapter the prefix is worth less than one question in a hundred",
    ),
    _fault(
        "embedding",
        "query-as-passage",
        "questions are embedded with the prefix of passages",
        _encoded(lambda real, self, texts, _: real(self, texts, "document")),
    ),
    _fault("embedding", "adapter-lost", "questions are embedded by the model without its adapter", _other_model),
    _fault("search", "words-off", "the lexical half finds nothing", _always(Catalogue, "lexical", [])),
    _fault("search", "questions-off", "stored questions find nothing", _without("questions")),
    _fault("search", "texts-off", "texts of passages find nothing by their vectors", _without("texts")),
    _fault(
        "search",
        "glossary-off",
        "no word is added to a question",
        _always(Glossary, "expand", []),
        "the stored questions hold the colloquial words by now: 40 of 449 replies differ, none is worse",
    ),
    _fault(
        "search",
        "other-language",
        "only the other language is offered",
        _searched(lang=lambda lang: "en" if lang == "zh" else "zh"),
    ),
    _fault("search", "order-reversed", "the worst passage found comes first", _found(passages=lambda r: r.passages[::-1])),
    _fault("search", "one-passage", "only one passage is found", _searched(k=lambda _: 1)),
    _fault("search", "passages-cut", "passages end after 50 characters", _found(passages=_short)),
    _fault("search", "best-lost", "the best passage is left out", _found(passages=lambda r: r.passages[1:])),
)

_LIBRARY = (
    _fault(
        "library",
        "number-changed",
        "an article says 4 books a month instead of 1",
        _articles(_in_files("articles/*/action-learning.md", ("1-2", "4-6"), ("1–2", "4–6"))),
    ),
    _fault(
        "library",
        "level-changed",
        "an article gives the advanced level as the first one",
        _articles(
            _in_files("articles/*/level-advanced.md", ("高级", "初级"), ("Advanced", "Foundation"), ("advanced", "foundation"))
        ),
    ),
    _fault("library", "article-missing", "the articles on levels are gone", _articles(_removed("articles/*/level-*.md"))),
    _fault(
        "library",
        "tier-changed",
        "attributed articles are marked as stated",
        _articles(_in_files("articles/*/*.md", ("tier: attributed", "tier: stated"), body=False)),
        "the sentences still say whose claim they state, and nothing else knows an article's tier",
    ),
    _fault(
        "start",
        "calibration-lost",
        "the calibration is of another embedding model",
        _settings_of(_in_files("calibration.json", (r'"embedding": "', '"embedding": "x'), body=False)),
    ),
    _fault("start", "claims-lost", "the list of unverified claims is gone", _settings_of(_removed("claims.yaml"))),
    _fault("start", "prefix-forgotten", "the prefix of questions is empty", _without_prefix),
    _fault("start", "other-adapter", "the index was made by another embedding model", _other_adapter),
    _fault(
        "start",
        "variable-lost",
        "a prompt has lost one of its variables",
        _prompts(_in_files("write.md", (r"\{\{passages\}\}", ""), body=False)),
    ),
    _fault(
        "start",
        "header-wrong",
        "the header of a prompt has a key that is not known",
        _prompts(_in_files("general.md", ("purpose:", "porpuse:"), body=False)),
    ),
    _fault("start", "prompt-missing", "a prompt is not there", _prompts(_removed("write.md"))),
)

_DEVELOPMENT = (
    _fault("people", "level-too-low", "levels are one too low", lambda _: _wrapped(assessment, "_level", _one_lower)),
    _fault(
        "people",
        "gaps-reversed",
        "the least important gap comes first",
        lambda _: _wrapped(draft, "order_gaps", lambda real: lambda *told: real(*told)[::-1]),
    ),
    _fault("people", "gates-ignored", "the conditions of stages count for nothing, titles do", _always(stage, "state", "open")),
    _fault("people", "dates-past", "lines of plans lie before the day of the plan", _planned(_before_today, checked=True)),
    _fault(
        "cycles", "dates-past-unchecked", "the same, and the product's own check is off", _planned(_before_today, checked=False)
    ),
    _fault(
        "cycles",
        "plan-unsourced",
        "lines of plans quote nothing, and the product's own check is off",
        _planned(_unsourced, checked=False),
    ),
)

FAULTS: tuple[Fault, ...] = (*_REPLY, *_GATES, *_SEARCH, *_LIBRARY, *_DEVELOPMENT)


def _logged(real: Any) -> Any:
    def asked(*told: Any, **more: Any) -> Any:
        _log.info("a question of %d letters", len(told[1]))
        return real(*told, **more)

    return asked


def _slow(real: Any) -> Any:
    def search(*told: Any, **more: Any) -> Any:
        time.sleep(0.003)
        return real(*told, **more)

    return search


HARMLESS: tuple[Fault, ...] = (
    _fault("start", "files-copied", "prompts and knowledge are read from a copy", _settings_of(_nothing)),
    _fault("reply", "nothing", "nothing is changed", lambda _: _all()),
    _fault("reply", "log-text", "a line is logged for every question", lambda _: _wrapped(answering.Answering, "ask", _logged)),
    _fault("reply", "timing", "every search takes longer", lambda _: _wrapped(Library, "search", _slow)),
    _fault(
        "reply",
        "suggestion-order",
        "suggestions come in another order",
        lambda _: _wrapped(answering.Answering, "_suggestions", lambda real: lambda *told: real(*told)[::-1]),
    ),
)
"""What no gate may catch."""


# --- asking and judging -----------------------------------------------------------------------------------------------


@dataclass
class _Memory:
    """Searches and vectors of the clean run, for faults that do not reach them."""

    searches: dict[tuple[Any, ...], Any] = field(default_factory=dict)
    vectors: dict[tuple[str, str, str], Any] = field(default_factory=dict)

    @contextmanager
    def lent(self, layer: Layer) -> Iterator[None]:
        """Below the fault: `search` and `library` need their own searches, `embedding` its own vectors, too."""
        with ExitStack() as stack:
            if layer != "embedding":
                stack.enter_context(_wrapped(Embedder, "_model_encode", self._encoded))
            if layer in ("reply", "gate"):
                stack.enter_context(_wrapped(Library, "search", self._searched))
            yield

    def _searched(self, real: Any) -> Any:
        def search(library: Library, query: str, **more: Any) -> Any:
            key = (library.folder, query, *sorted(more.items()))
            if key not in self.searches:
                self.searches[key] = real(library, query, **more)
            return self.searches[key]

        return search

    def _encoded(self, real: Any) -> Any:
        def encode(embedder: Embedder, texts: list[str], prompt: str) -> Any:
            keys = [(embedder.fingerprint, prompt, text) for text in texts]
            unknown = list(dict.fromkeys(key for key in keys if key not in self.vectors))
            if unknown:
                self.vectors.update(zip(unknown, real(embedder, [text for *_, text in unknown], prompt), strict=True))
            return np.stack([self.vectors[key] for key in keys]) if keys else real(embedder, texts, prompt)

        return encode


class Bench:
    """The clean product, what it said, and the gates. `coach` is open for as long as the bench is used.

    Of the sets as much is asked as faults of these `layers` need.
    """

    def __init__(self, settings: Settings, coach: Coach, layers: Collection[Layer] = tuple(SELECTION)) -> None:
        self._layers = [layer for layer in SELECTION if layer in layers]
        self.settings = settings
        self.coach = coach
        self.ground = Ground.load(settings.knowledge, settings.prompts)
        self._memory = _Memory()
        self._counts: dict[Layer, Measured] = {}

    @cached_property
    def _whole(self) -> dict[str, Loaded]:
        """The largest selection of every set. Raises InputError for one that is not to be tuned on."""
        found = {}
        for name in ("answerable", "status", "hard"):
            whole = load(name, self.settings)
            if whole.split != "dev":
                raise InputError(f"{name} is not a dev set: faults are never tried on it.")
            most = max(SELECTION[layer].get(name, 0) for layer in self._layers)
            found[name] = replace(whole, cases=tuple(sample(whole.cases, most)))
        return found

    @cached_property
    def _first(self) -> Run:
        with self._memory.lent("reply"):
            return self._asked(self.coach, tuple(self._whole.values()))

    @cached_property
    def excluded(self) -> frozenset[str]:
        """Cases on which the product as it is breaks a hard rule: they would catch every fault, and prove nothing.

        Raises InputError when they are many: such a product has to be mended first.
        """
        found = [o for o in self._first.outcomes if o.hard]
        if len(found) > _MOST_EXCLUDED * len(self._first.outcomes):
            reason = f"The clean product breaks hard rules in {len(found)} of {len(self._first.outcomes)} cases."
            raise InputError(reason, hint=f"Mend that first: {found[0].case}: {'; '.join(found[0].problems)}")
        return frozenset(o.case for o in found)

    @property
    def left_out(self) -> list[str]:
        """The excluded cases, where anything was asked at all."""
        return sorted(self.excluded) if "_first" in self.__dict__ else []

    @cached_property
    def baseline(self) -> gate.Baseline:
        """The clean run."""
        return gate.baseline_of(self._first)

    def sets(self, layer: Layer) -> tuple[Loaded, ...]:
        """What is asked to see a fault of this layer."""
        sizes = SELECTION[layer]
        kept = {
            name: [c for c in sample(s.cases, sizes.get(name, 0)) if c.id not in self.excluded] for name, s in self._whole.items()
        }
        return tuple(replace(self._whole[name], cases=tuple(cases)) for name, cases in kept.items() if cases)

    def _asked(self, coach: Coach, sets: Sequence[Loaded]) -> Run:
        cases, records, texts = ask(Product(coach=coach), sets)
        made = Made(
            suites=[s.name for s in sets], solver="product", model=self.settings.model, strategy=self.settings.strategy,
            datasets={s.name: s.digest for s in sets}, splits={s.name: s.split for s in sets}, limit=len(cases), prompts={},
            library="", index="", calibration="", code="", commit="", version="", started="", seconds=0.0,
        )  # fmt: skip
        return scored(Run(made=made, cases=cases, records=records, texts=texts, outcomes=()), self.ground)

    def judged(self, fault: Fault) -> Caught:
        """The product with the fault in it, by every gate that this layer has."""
        baseline = self._clean(fault.layer)
        started = time.perf_counter()
        signs: list[str] = []
        try:
            with self._memory.lent(fault.layer), fault.apply(self.coach) as other:
                coach = other if isinstance(other, Coach) else self.coach
                if isinstance(baseline, gate.Baseline):
                    signs += self._by_check(coach) + self._by_gate(coach, fault.layer, baseline)
                else:
                    signs += worse(self._measured(fault.layer), baseline)
        except CoachError as error:
            signs = [f"load: {type(error).__name__}: {error.message}"]
        return Caught(fault=fault, signs=tuple(signs), seconds=time.perf_counter() - started)

    def _by_check(self, coach: Coach) -> list[str]:
        """What `coach knowledge check` finds in a changed folder."""
        if coach.settings.knowledge == self.settings.knowledge:
            return []
        found = [f"{p.file}: {p.what}" for p in check(coach.settings.knowledge).problems]
        return [f"knowledge: {len(found)} problems, {found[0]}"] if found else []

    def _by_gate(self, coach: Coach, layer: Layer, baseline: gate.Baseline) -> list[str]:
        """Hard rules first, then what moved most."""
        run = self._asked(coach, self.sets(layer))
        verdict = gate.judge(run, baseline)
        moved = {c: abs(c.found.mean or 0.0) for c in verdict.changes if c.worse}
        worst = [f"gate: {c.suite} {c.metric} {points(c.found)}" for c in sorted(moved, key=lambda c: -moved[c])]
        others = [f"gate: {said}" for said in verdict.broken[: len(verdict.broken) - len(moved)]]
        return others + worst

    def _clean(self, layer: Layer) -> gate.Baseline | Measured:
        """What a fault of this layer is compared with. Raises CoachError where the clean product itself cannot be asked."""
        if layer in ("files", "people", "cycles"):
            if layer not in self._counts:
                self._counts[layer] = self._measured(layer)
            return self._counts[layer]
        if layer in ("library", "start"):
            _ = self._opens
        return self.baseline

    @cached_property
    def _opens(self) -> bool:
        """A copy in which nothing is changed must load, or loading would catch everything. Raises CoachError."""
        with _prompts(_nothing)(self.coach), _settings_of(_nothing)(self.coach):
            return True

    def _measured(self, layer: Layer) -> Measured:
        if layer == "files":
            return _files_by(self.coach)
        return _people_by(self._drafting) if layer == "people" else _cycles_by(self.settings)

    @cached_property
    def _drafting(self) -> Drafting:
        passage = development.article_passages(self.settings)
        return build_drafting(self.settings, load_framework(self.settings.knowledge), passage)


Measured = Mapping[str, Mapping[str, float]]
"""Metric -> what was looked at -> between 0 and 1."""


def _people_by(drafting: Drafting) -> Measured:
    """The people of evals.development. Of a count only the wrong ones have names; the others are numbered."""
    found: dict[str, dict[str, float]] = {}
    for count in development.score_people(drafting):
        found[count.name] = dict.fromkeys(count.wrong, 0.0)
        found[count.name] |= {f"right {n}": 1.0 for n in range(count.right)}
    return found


def _files_by(coach: Coach) -> Measured:
    """The dev half of evals.attachments."""
    documents, cases = attachments.load()
    found: dict[str, dict[str, float]] = {f"files: {check}": {} for check in attachments.CHECKS}
    for case in cases:
        if case["split"] == "dev":
            wrong = attachments.judge(case, attachments.ask(coach, case, documents))
            for name in attachments.CHECKS:
                found[f"files: {name}"][case["id"]] = float(name not in wrong)
    return found


def _cycles_by(settings: Settings) -> Measured:
    """A few dialogues of evals.cycles, over a copy of the library: its files can be open only once."""
    from evals import cycles

    found: dict[str, dict[str, float]] = {}
    with copied(settings) as home:
        verdicts = cycles.run_cycles(home, cycles.alternating(cycles.load_cycles())[:_CYCLES])
    for number, verdict in enumerate(verdicts):
        if verdict.value is not None and not verdict.metric.startswith(("coach: ", "adviser: ")):
            found.setdefault(verdict.metric, {})[f"{verdict.case}.{verdict.step}.{number}"] = min(1.0, verdict.value)
    return found


def worse(new: Measured, old: Measured) -> list[str]:
    """Metrics of the clean product that are worse by their whole 95 % interval, as evals.gate compares; the most moved first.

    Of some counts only the wrong ones have names, so values are paired in order of size; the difference of the means is the same.
    """
    found = []
    for name, values in old.items():
        before, after = sorted(values.values()), sorted(new.get(name, {}).values())
        most = max(len(before), len(after))
        # What was not measured any more is the worst there is; what is measured more often was fine.
        before, after = before + [1.0] * (most - len(before)), [0.0] * (most - len(after)) + after
        change = paired(_numbered(after), _numbered(before))
        if change.n and change.high < 0:
            found.append((change.mean or 0.0, f"counts: {name} {points(change)}"))
    return [said for _, said in sorted(found)]


def _numbered(values: Sequence[float]) -> dict[str, float]:
    return {f"{n:05}": value for n, value in enumerate(values)}


def points(found: Paired) -> str:
    """From how much to how much, in per cent, of how many."""
    return f"{100 * (found.old or 0):.0f} → {100 * (found.new or 0):.0f} % of {found.n}"


# --- all of them ------------------------------------------------------------------------------------------------------


@contextmanager
def bench(settings: Settings, layers: Collection[Layer] = tuple(SELECTION)) -> Iterator[Bench]:
    """Opens the product without a chat model. Raises CoachError when something must be set up first."""
    plain = settings.model_copy(update={"model": "none"})
    coach = build_coach(plain)
    with closing(coach):
        wait_for(coach)
        yield Bench(plain, coach, layers)


def chosen(only: Sequence[str]) -> tuple[list[Fault], list[Fault]]:
    """Faults and harmless changes by name; all without a name. Raises InputError that lists the names."""
    known = {fault.name for fault in (*FAULTS, *HARMLESS)}
    if unknown := [name for name in only if name not in known]:
        raise InputError(f"There is no fault {unknown[0]!r}.", hint=f"Faults: {', '.join(sorted(known))}.")
    return [f for f in FAULTS if not only or f.name in only], [f for f in HARMLESS if not only or f.name in only]


def run(settings: Settings, only: Sequence[str] = (), told: Told | None = None) -> list[Caught]:
    """Every fault, then every harmless change, judged; `told` is called with a line after each."""
    faults, harmless = chosen(only)
    found = []
    with bench(settings, {f.layer for f in (*faults, *harmless)}) as ready:
        for fault in (*faults, *harmless):
            found.append(ready.judged(fault))
            if told:
                told(line(found[-1]))
        if told and ready.left_out:
            told(f"left out, the clean product breaks a hard rule there: {', '.join(ready.left_out)}")
    return found


def right(found: Caught) -> bool:
    """A fault that was caught or is a known gap, or a harmless change that was not caught."""
    return not found.caught if found.fault in HARMLESS else found.caught or bool(found.fault.gap)


def line(found: Caught) -> str:
    """One result for the terminal."""
    return f"{'✓' if right(found) else '✗'} {found.fault.name} ({found.seconds:.0f} s): {'; '.join(found.signs[:3]) or 'nothing'}"


def table(found: Sequence[Caught]) -> str:
    """Markdown: what was done, and which gate caught it by what; below it the harmless changes."""
    lines = ["| fault | where | what it does | caught by |", "| --- | --- | --- | --- |"]
    lines += [f"| {c.fault.name} | {c.fault.layer} | {c.fault.does} | {_by(c)} |" for c in found if c.fault not in HARMLESS]
    faults = [c for c in found if c.fault not in HARMLESS]
    lines += ["", f"{sum(c.caught for c in faults)} of {len(faults)} faults caught."]
    if harmless := [c for c in found if c.fault in HARMLESS]:
        lines += ["", "| harmless change | what it does | caught by |", "| --- | --- | --- |"]
        lines += [
            f"| {c.fault.name} | {c.fault.does} | {_cell(c.signs) if c.signs else 'nothing, as it should be'} |" for c in harmless
        ]
    return "\n".join(lines)


_SHOWN, _LONGEST = 3, 150


def _by(found: Caught) -> str:
    if found.signs:
        return _cell(found.signs)
    return f"not caught: {found.fault.gap}" if found.fault.gap else "**NOT CAUGHT**"


def _cell(signs: Sequence[str]) -> str:
    each = [" ".join(s.split()).replace("|", "\\|") for s in signs]
    told = [s if len(s) <= _LONGEST else f"{s[:_LONGEST]}…" for s in each[:_SHOWN]]
    return "<br>".join([*told, *([f"{len(each) - _SHOWN} more"] if len(each) > _SHOWN else [])])


@click.command(help=__doc__)
@click.option("--only", multiple=True, help="Only the fault of this name; several times for several.")
def main(only: tuple[str, ...]) -> None:
    """Prints the table; exit code 1 when a fault was not caught, or a harmless change was."""
    found = run(load_settings(), only, lambda said: click.echo(said, err=True))
    click.echo(table(found))
    sys.exit(0 if all(right(c) for c in found) else 1)


if __name__ == "__main__":
    main()
