"""Ways of answering a case, all with the same result: the product, and the arms that show where its faults lie.

`product` is what people get. `retrieve_only` searches and asks nothing. `gold_context` is the product given the articles that
answer: what is still wrong then is the reply's fault, not the search's. `closed_book` is the chat model alone: what it knows
without any library. `plain` is the pipeline everybody starts with. `replay` gives what another run has kept.
"""

from __future__ import annotations

import hashlib
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

from coach.errors import CoachError, InputError
from coach.settings import Settings
from coach.types import Attachment, Done, Event, Lang, Part, Passage, Reply, Turn
from evals.schema import Case, Quoted, Record, Seen
from evals.scorers.refusals import refuses
from evals.scorers.score import RETRIEVAL_CHARS

if TYPE_CHECKING:
    from coach.app import Coach
    from coach.library.search import Library, SearchResult

SOLVERS = ("product", "retrieve_only", "gold_context", "closed_book", "plain")
RETRIEVAL_K = 16
_CLOSED_BOOK_TIMEOUT = 120.0


class Texts:
    """The texts of a run's passages, each once, under a key made of its content."""

    def __init__(self) -> None:
        self.by_key: dict[str, str] = {}

    def keep(self, text: str) -> str:
        key = hashlib.sha256(text.encode()).hexdigest()[:16]
        self.by_key[key] = text
        return key

    def seen(self, passages: Sequence[Passage]) -> list[Seen]:
        return [Seen(id=p.id, text=self.keep(p.text), tier=p.tier, title=p.title, source=p.source) for p in passages]


class Solver(Protocol):
    """Answers one case. Whatever goes wrong is raised, and kept by who asked as the record's error."""

    def solve(self, case: Case, suite: str, texts: Texts) -> Record: ...


def answered(solver: Solver, case: Case, suite: str, texts: Texts) -> Record:
    """The case's record; whatever goes wrong is kept as its error and never stops the others."""
    try:
        return solver.solve(case, suite, texts)
    except Exception as failure:  # noqa: BLE001  a failure is a wrong answer, whatever it is, and is shown
        return Record(case=case.id, suite=suite, error=f"{type(failure).__name__}: {failure}")


class Asked(Protocol):
    """The part of coach.app.Coach that is evaluated."""

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        lang: Lang | None = None,
        documents: Sequence[Attachment] = (),
        part: Part = "all",
    ) -> Iterator[Event]: ...

    def retrieve(
        self, query: str, *, k: int = 8, lang: Lang | None = None, history: Sequence[Turn] = (), max_chars: int = 0
    ) -> list[Passage]: ...

    def passage(self, passage_id: str) -> Passage | None: ...


@dataclass(frozen=True, kw_only=True)
class Product:
    """The coach as every channel asks it.

    `writes`: a chat model is to word the replies; `advises`: it words at least the general advice; `asks`: else only the search.
    """

    coach: Asked
    writes: bool = False
    advises: bool = False
    asks: bool = True
    part: Part = "all"

    def solve(self, case: Case, suite: str, texts: Texts) -> Record:
        if not self.asks:
            found = self._found(case, texts)
            return Record(case=case.id, suite=suite, asked=False, retrieved=found or [], searched=found is not None)
        started = time.perf_counter()
        events = self.coach.ask(case.question, case.turns, documents=case.files, part=self.part)
        reply = [e for e in events if isinstance(e, Done)][-1].reply
        spent = 1000 * (time.perf_counter() - started)
        found = self._found(case, texts)  # after the reply: its time is that of a question never asked before
        writes = self.writes or (self.advises and reply.kind == "general")
        return record_of(case, suite, reply, texts, self.coach.passage, found, writes=writes, spent=spent)

    def _found(self, case: Case, texts: Texts) -> list[Seen] | None:
        if not searchable(case):
            return None
        return texts.seen(self.coach.retrieve(case.question, k=RETRIEVAL_K, history=case.turns, max_chars=RETRIEVAL_CHARS))


def searchable(case: Case) -> bool:
    """Whether it is known what the search should find; what a file holds is not looked for in the library."""
    return case.status == "answered" and not case.document and bool(case.keypoints or case.facts or case.gold)


def record_of(
    case: Case,
    suite: str,
    reply: Reply,
    texts: Texts,
    known: Callable[[str], Passage | None],
    found: list[Seen] | None,
    *,
    writes: bool,
    spent: float,
) -> Record:
    """What is kept of a reply: everything scoring needs, so that no model and no library is needed later.

    `found` is what the search alone found; None when it was not asked.
    """
    shown = {p.id: p for p in reply.passages}
    quoted = []
    for c in reply.citations:
        passage = shown.get(c.passage_id) or known(c.passage_id)
        key = texts.keep(passage.text) if passage else ""
        quoted.append(
            Quoted(
                n=c.n,
                passage_id=c.passage_id,
                passage=key,
                quote=c.quote,
                start=c.start,
                end=c.end,
                tier=c.tier,
                title=c.title,
                source=c.source,
            )
        )
    timings = {name: round(value, 2) for name, value in reply.timings.items()} | {"total": round(spent, 2)}
    return Record(
        case=case.id,
        suite=suite,
        answer=reply.answer,
        status=reply.status,
        language=reply.language,
        kind=reply.kind,
        model=reply.model,
        notice=reply.notice,
        citations=quoted,
        shown=texts.seen(reply.passages),
        retrieved=found or [],
        searched=found is not None,
        writes=writes,
        worded=bool(reply.prompt_hash),
        timings=timings,
        standalone=reply.standalone_question,
    )


@dataclass(frozen=True, kw_only=True)
class GoldContext:
    """The product whose search finds the articles that answer. Whether there is evidence is still decided by the real search."""

    coach: Coach
    facts: Mapping[str, frozenset[str]]
    writes: bool

    def solve(self, case: Case, suite: str, texts: Texts) -> Record:
        wanted = [f"{g}.{case.lang}" for g in case.gold] or [
            a for a, carried in self.facts.items() if a.endswith(f".{case.lang}") and carried & set(case.facts)
        ]
        with self.coach.library() as library:
            given = [p for p in map(library.passage, wanted) if p is not None]
            answering = self.coach.answering_over(cast("Library", _Given(library, given)) if given else library)
            started = time.perf_counter()
            done = [e for e in answering.ask(case.question, case.turns, documents=case.files) if isinstance(e, Done)]
        spent = 1000 * (time.perf_counter() - started)
        return record_of(
            case, suite, done[-1].reply, texts, self.coach.passage, texts.seen(given), writes=self.writes, spent=spent
        )


class _Given:
    """A library that finds what it was told to; everything else is the real one's."""

    def __init__(self, library: Library, passages: Sequence[Passage]) -> None:
        self._library, self._passages = library, tuple(passages)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._library, name)

    def search(self, *told: Any, **more: Any) -> SearchResult:
        return replace(self._library.search(*told, **more), passages=self._passages)


@dataclass(frozen=True, kw_only=True)
class ClosedBook:
    """The chat model, asked without any passage."""

    name: str
    model: Any

    def solve(self, case: Case, suite: str, texts: Texts) -> Record:
        from coach.models.chat import stream_text

        messages = [*(("human" if t.role == "user" else "ai", t.content) for t in case.turns), ("human", case.question)]
        started = time.perf_counter()
        said = "".join(stream_text(self.model.bind(max_tokens=220), messages, timeout=_CLOSED_BOOK_TIMEOUT))
        return _free(case, suite, said, self.name, [], 1000 * (time.perf_counter() - started))


@dataclass(frozen=True, kw_only=True)
class Plainly:
    """The plain pipeline: nearest chunks, one stuffed prompt. Without a model it only searches."""

    name: str
    plain: Any
    asks: bool

    def solve(self, case: Case, suite: str, texts: Texts) -> Record:
        found = [
            Seen(id=f"chunk-{n}", text=texts.keep(chunk), tier="document", title="", source="")
            for n, chunk in enumerate(self.plain.retrieve(case.question, k=RETRIEVAL_K), 1)
        ]
        if not self.asks:
            return Record(case=case.id, suite=suite, asked=False, retrieved=found, searched=True)
        said = self.plain.ask(case.question, case.turns, timeout=_CLOSED_BOOK_TIMEOUT)
        shown = [seen for seen in found if texts.by_key[seen.text] in set(self.plain.retrieve(case.question))]
        record = _free(case, suite, said.text, self.name, found, said.total)
        return record.model_copy(update={"shown": shown, "timings": {**record.timings, "first_token": said.first_token}})


def _free(case: Case, suite: str, said: str, model: str, found: list[Seen], spent: float) -> Record:
    """A reply in free words: its status is read from them, and it has no citations."""
    return Record(
        case=case.id,
        suite=suite,
        answer=said,
        status="not_in_sources" if refuses(said) else "answered",
        language=case.lang,
        model=model,
        retrieved=found,
        searched=bool(found),
        timings={"total": round(spent, 2)},
    )


@dataclass(frozen=True, kw_only=True)
class Replay:
    """What another run has kept, for cases that ask the same as they did then; the others end in an error."""

    kept: Mapping[tuple[str, str], tuple[Case, Record]]
    texts: Mapping[str, str]

    def solve(self, case: Case, suite: str, texts: Texts) -> Record:
        was, record = self.kept.get((suite, case.id), (None, None))
        if was is None or record is None:
            raise InputError(f"The run that is replayed has no reply to {case.id}.")
        if any(getattr(was, part) != getattr(case, part) for part in ("question", "history", "document", "lang")):
            raise InputError(f"The run that is replayed was asked something else as {case.id}.")
        texts.by_key.update(self.texts)
        return record


def wait_for(coach: Coach) -> None:
    """Until library and model are there. Raises CoachError when either is not to be had."""
    coach.wait_ready()
    while (state := coach.state()["model"])["state"] == "loading":
        time.sleep(0.2)
    if state["state"] == "failed":
        raise CoachError(f"The chat model {state['name']!r} could not be loaded: {state['error']}")


@contextmanager
def opened(name: str, settings: Settings, facts: Mapping[str, frozenset[str]]) -> Iterator[tuple[Solver, str]]:
    """A solver ready to be asked, and the version of the library behind it. Raises CoachError when something must be set up."""
    from coach.app import build_coach

    if name not in SOLVERS:
        raise InputError(f"There is no solver {name!r}.", hint=f"Solvers: {', '.join(SOLVERS)}.")
    if name == "closed_book" and settings.model == "none":
        raise InputError("The solver closed_book asks the chat model alone.", hint="Name one: --model local:qwen2.5-coder-1.5b")
    with ExitStack() as stack:
        if name in ("closed_book", "plain"):
            yield _without_coach(name, settings, stack), "none" if name == "closed_book" else "plain"
            return
        coach = build_coach(settings)
        stack.callback(coach.close)
        wait_for(coach)
        writer = coach.writer()
        writes = writer is not None and writer.writes
        solver: Solver = Product(coach=coach, writes=writes, advises=writer is not None, asks=name == "product")
        if name == "gold_context":
            solver = GoldContext(coach=coach, facts=facts, writes=writes)
        yield solver, coach.state()["library"]["version"]


def _without_coach(name: str, settings: Settings, stack: ExitStack) -> Solver:
    from coach.models.chat import chat_model

    model: Any = chat_model(settings.model_copy(update={"local_slots": 1}))
    if name == "closed_book":
        if hasattr(model, "close"):
            stack.callback(model.close)
        return ClosedBook(name=settings.model, model=model)
    from coach.models.embedding import Embedder
    from evals.bench import plain

    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="coach-plain-", ignore_cleanup_errors=True))
    embedder = Embedder(settings.model_copy(update={"adapter": "none"}))
    made = plain.Plain(Path(folder), embedder, plain.built_in(settings.knowledge), model)
    stack.callback(made.close)
    return Plainly(name=settings.model, plain=made, asks=settings.model != "none")
