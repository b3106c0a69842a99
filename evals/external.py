"""A test set of somebody else's against the coach: does it find the documents that answer, and refuse what none answers?

The documents are brought into a throw-away copy of the home as a company's own, and the questions are asked of these alone
(part "own"). No chat model takes part: what is found and whether it is answered are decided before one is asked.

- first, five: share of answerable questions for which the first passage, or one of the first five, is of a gold document.
- full, points: share of questions all of whose keypoints stand within the first 2,000 characters of the passages' best
  sentences, and of the keypoints themselves.
- hallucinated: FP / (FP + TN) of the questions without an answer; over-refused: FN / (FN + TP) of those with one (NoMIRACL,
  Thakur et al. 2024). A reply counts as an answer when its status is answered and it has words. A question back is none. What
  failed counts as wrong on either side.

Intervals are Wilson's, 95 %. Keypoints of one question hang together, so that their share has none. Nothing is a share of
nothing: such a value is None.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from coach.app import Coach, build_coach
from coach.errors import InputError
from coach.library.own import safe_name
from coach.settings import Settings
from coach.text import normalise
from coach.types import Done, Lang
from evals.adapters import LEFT_OUT, Bundle
from evals.homes import copied
from evals.schema import Case
from evals.scorers.terms import Keypoints, retrieved
from evals.sets import sample
from evals.stats import wilson

FIRST = 5
CHARS = 2000
MOST_DOCUMENTS = 32_000
"""Of one part of the library: the index names each of them in its query, and SQLite takes 32,766 variables."""
_K = 16
_FOLDER = "external"

Progress = Callable[[int, int, str], None]


def _silent(_done: int, _total: int, _name: str) -> None:
    """Nobody watches."""


@dataclass(frozen=True, kw_only=True)
class Share:
    """So many of so many."""

    count: int
    number: int

    @property
    def value(self) -> float | None:
        """None of nothing."""
        return self.count / self.number if self.number else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's, 95 %; None of nothing."""
        return wilson(self.count, self.number) if self.number else None


@dataclass(frozen=True, kw_only=True)
class Result:
    """What came of a check, as counts. `statuses`: of the replies, by what was wanted ("answerable", "unanswerable").

    `unread`: documents that could not be brought in; `waiting`: questions beyond the limit; `left_out`: of the adapter;
    `error`: what the first of the `errors` said.
    """

    name: str
    documents: int
    unread: int
    cases: int
    waiting: int
    first: Share
    five: Share
    full: Share
    points: Share
    hallucinated: Share
    over_refused: Share
    errors: int
    error: str
    statuses: dict[str, dict[str, int]]
    left_out: dict[str, int]
    seconds: float


@contextmanager
def prepared(bundle: Bundle, settings: Settings, progress: Progress = _silent) -> Iterator[Coach]:
    """A coach, ready, over a throw-away copy of the home, whose own documents are those of the bundle and no others.

    Raises LibraryMissing before the first ingest, InputError for two documents of one name or too many of them.
    """
    if len(bundle.documents) > MOST_DOCUMENTS:
        raise InputError(
            f"{bundle.name} has {len(bundle.documents):,} documents, {MOST_DOCUMENTS:,} can be asked at once.",
            hint="Give a folder with fewer of its files, e.g. of one language or one split.",
        )
    alone = settings.model_copy(update={"model": "none", "chroma_url": "", "database_url": ""})
    with copied(alone) as made:
        _bring_in(bundle, made, progress)
        with closing(build_coach(made)) as coach:
            coach.wait_ready()
            yield coach


def _bring_in(bundle: Bundle, settings: Settings, progress: Progress) -> None:
    """Own documents of the home stay outside: they are no part of the test set."""
    from coach.library.catalogue import Catalogue
    from coach.library.ingest import OWN, Ingest
    from coach.library.vectors import Vectors
    from coach.models.embedding import Embedder

    places = _places(bundle, settings)
    for document in bundle.documents:
        places[document.name].parent.mkdir(exist_ok=True)
        places[document.name].write_text(document.text, encoding="utf-8")
    with closing(Catalogue(settings.library_dir / "library.db")) as catalogue, closing(Vectors(settings)) as vectors:
        run = Ingest(settings, Embedder(settings), catalogue, vectors)
        run.remove(catalogue.ids(OWN))
        run.files([settings.home / _FOLDER], progress)
        run.finish()


def _places(bundle: Bundle, settings: Settings) -> dict[str, Path]:
    """Where each document stands in the throw-away home, by its name."""
    places = {document.name: settings.home / _FOLDER / safe_name(document.name) for document in bundle.documents}
    if len(set(places.values())) < len(bundle.documents):
        raise InputError(f"Two documents of {bundle.name} have the same name.", hint="Give each a name of its own.")
    return places


@dataclass(frozen=True, kw_only=True)
class _Seen:
    """What came back for one question. `rank`: of the first passage of a gold document, from 1; 0: none of those looked at."""

    case: Case
    rank: int = 0
    points: Keypoints | None = None
    status: str = "error"
    error: str = ""

    @property
    def answerable(self) -> bool:
        return self.case.status == "answered"


def check(bundle: Bundle, settings: Settings, limit: int | None = None, progress: Progress = _silent) -> Result:
    """Asks the questions, or `limit` of them, drawn evenly; all documents are there in either case.

    `progress(done, total, name)` is called for each document, then for each question. Raises as `prepared`, and InputError for
    a limit below 1.
    """
    from coach.library.ingest import OWN, document_id

    if limit is not None and limit < 1:
        raise InputError(f"{limit} is no number of questions.", hint="Use 1 or more, or leave --limit out.")
    chosen = sample(bundle.cases, limit)
    started = time.monotonic()
    with prepared(bundle, settings, progress) as coach:
        ids = {name: document_id(place) for name, place in _places(bundle, coach.settings).items()}
        with coach.library() as library:
            held = set(library.catalogue.ids(OWN))
        seen = []
        for number, case in enumerate(chosen, 1):
            seen.append(_asked(coach, case, {ids[name] for name in bundle.gold.get(case.id, ())}))
            progress(number, len(chosen), case.id)
    return _result(bundle, seen, unread=len(set(ids.values()) - held), seconds=time.monotonic() - started)


def _asked(coach: Coach, case: Case, gold: set[str]) -> _Seen:
    """Whatever goes wrong with one question does not stop the others, and counts as wrong."""
    rank, points = 0, None
    try:
        if case.status == "answered":
            found = coach.retrieve(case.question, k=FIRST, history=case.turns, part="own")
            rank = next((at for at, passage in enumerate(found, 1) if passage.doc_id in gold), 0)
        if case.keypoints:
            cut = coach.retrieve(case.question, k=_K, history=case.turns, max_chars=CHARS, part="own")
            points = retrieved((passage.text for passage in cut), case.keypoints, CHARS)
        (reply,) = [e.reply for e in coach.ask(case.question, case.turns, part="own") if isinstance(e, Done)]
    except Exception as error:  # noqa: BLE001  counted, and reported
        return _Seen(case=case, rank=rank, points=points, error=f"{type(error).__name__}: {error}")
    if not normalise(reply.answer):
        return _Seen(case=case, rank=rank, points=points, error="a reply without words")
    return _Seen(case=case, rank=rank, points=points, status=reply.status)


def _result(bundle: Bundle, seen: Sequence[_Seen], *, unread: int, seconds: float) -> Result:
    answerable = [s for s in seen if s.answerable]
    unanswerable = [s for s in seen if not s.answerable]
    wanted = [s for s in answerable if s.case.keypoints]
    held = {s.case.id: s.points.held if s.points else () for s in wanted}  # nothing when the search itself failed
    return Result(
        name=bundle.name,
        documents=len(bundle.documents),
        unread=unread,
        cases=len(seen),
        waiting=len(bundle.cases) - len(seen),
        first=_share(answerable, lambda s: s.rank == 1),
        five=_share(answerable, lambda s: s.rank > 0),
        full=_share(wanted, lambda s: s.points is not None and s.points.complete),
        points=Share(count=sum(map(sum, held.values())), number=sum(len(s.case.keypoints) for s in wanted)),
        hallucinated=_share(unanswerable, lambda s: s.status in ("answered", "error")),
        over_refused=_share(answerable, lambda s: s.status != "answered"),
        errors=sum(bool(s.error) for s in seen),
        error=next((f"{s.case.id}: {s.error}" for s in seen if s.error), ""),
        statuses={
            name: dict(Counter(s.status for s in some).most_common())
            for name, some in (("answerable", answerable), ("unanswerable", unanswerable))
        },
        left_out=dict(bundle.left_out),
        seconds=seconds,
    )


def _share(some: Sequence[_Seen], holds: Callable[[_Seen], bool]) -> Share:
    return Share(count=sum(map(holds, some)), number=len(some))


# --- for people -------------------------------------------------------------------------------------------------------

_WORDS: dict[str, dict[Lang, str]] = {
    "title": {"zh": "外部检查：{name}", "en": "External check: {name}"},
    "counts": {
        "zh": "{documents} 篇文档、{cases} 个问题，用时 {seconds:.0f} 秒。只用这些文档作答，不用聊天模型。",
        "en": "{documents} documents, {cases} questions, {seconds:.0f} s. Answered from these alone, without a chat model.",
    },
    "unread": {"zh": "{unread} 篇文档没能读入。", "en": "{unread} documents could not be read."},
    "waiting": {"zh": "还有 {waiting} 个问题这次没有问。", "en": "{waiting} further questions were not asked this time."},
    "errors": {
        "zh": "{errors} 个问题出错，按错误计（第一个：{error}）。",
        "en": "{errors} questions failed; they count as wrong (the first: {error}).",
    },
    "head": {"zh": "指标 | 结果 | 95% 区间 | 计数", "en": "measure | result | 95% interval | count"},
    "first": {"zh": "答案文档排第一", "en": "a document that answers is first"},
    "five": {"zh": "答案文档在前五", "en": "a document that answers is among the first five"},
    "full": {"zh": "前 2,000 字含全部要点", "en": "all keypoints within the first 2,000 characters"},
    "points": {"zh": "前 2,000 字里的要点", "en": "keypoints within the first 2,000 characters"},
    "hallucinated": {"zh": "无中生有（越低越好）", "en": "hallucinated (lower is better)"},
    "over_refused": {"zh": "过度拒答（越低越好）", "en": "over-refused (lower is better)"},
    "statuses": {"zh": "回复的状态", "en": "Status of the replies"},
    "answerable": {"zh": "文档里有答案", "en": "the documents answer"},
    "unanswerable": {"zh": "文档里没有答案", "en": "no document answers"},
    "left_out": {"zh": "没有计入", "en": "Left out"},
}
_MEASURES = ("first", "five", "full", "points", "hallucinated", "over_refused")


def text(result: Result, lang: Lang) -> str:
    """The result as Markdown."""
    values = vars(result)

    def say(key: str) -> str:
        return _WORDS[key][lang].format_map(values)

    notes = [say("counts"), *(say(key) for key in ("unread", "waiting", "errors") if values[key])]
    lines = [f"# {say('title')}", "", ("" if lang == "zh" else " ").join(notes), "", f"| {say('head')} |", "|---|---:|---:|---:|"]
    for name in _MEASURES:
        lines.append(f"| {say(name)} | {' | '.join(_told(getattr(result, name), interval=name != 'points'))} |")
    lines += ["", f"## {say('statuses')}", ""]
    lines += [f"- {say(name)}: {_counted(some)}" for name, some in result.statuses.items() if some]
    if result.left_out:
        lines += ["", f"## {say('left_out')}", "", *(f"- {n}: {LEFT_OUT[r][lang]}" for r, n in result.left_out.items())]
    return "\n".join(lines) + "\n"


def _told(share: Share, *, interval: bool) -> tuple[str, str, str]:
    if share.value is None or share.interval is None:
        return "—", "—", "—"
    low, high = share.interval
    return f"{share.value:.1%}", f"{low:.1%}–{high:.1%}" if interval else "—", f"{share.count}/{share.number}"


def _counted(some: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {number}" for name, number in some.items())
