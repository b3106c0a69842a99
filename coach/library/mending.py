"""From a bad answer to a right one: the reviewer's queue, the article that answers next time, the eval case that keeps it so.

The queue itself stands in `coach.store.queue` and never names a person. An answer becomes a Markdown file among the own
documents with the question in its front matter; a case becomes a line that `coach eval run --suite own` runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from coach import text as texts
from coach.errors import InputError, NotFound
from coach.library import own
from coach.library.passages import sentences
from coach.messages import say
from coach.settings import Settings
from coach.types import Lang, Reply, Status

if TYPE_CHECKING:
    from coach.library.keeper import DocumentRow, Keeper
    from coach.store.queue import Asking, Queue, Report, ReportState

MAX_ANSWER = 4_000
_TITLE = 60
_QUESTION = 500
_NEAREST = 3
_LOOKED_UP = 20  # questions without an answer whose nearest titles are searched for
_SINCE = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class ReportView:
    """A report for reading: question, reply with its passages, what was said against it, and what became of it.

    `asks` is the question standing by itself, `text` the reply's text also where `reply` cannot be read any more.
    `article` is the id of the document written for it and `case` that of its eval case, both empty before.
    """

    id: str
    state: str
    question: str
    asks: str
    lang: Lang
    reason: str
    note: str
    made: str
    text: str
    reply: Reply | None
    article: str
    case: str

    def public(self) -> dict[str, Any]:
        """Plain values."""
        names = ("id", "state", "question", "lang", "reason", "note", "made", "text", "article", "case")
        return {**{name: getattr(self, name) for name in names}, "reply": self.reply.public() if self.reply else None}


@dataclass(frozen=True, kw_only=True)
class Written:
    """What became of an answer: the document made of it, whether it comes first when asked again, and a sentence."""

    document: str
    title: str
    first: bool
    notice: str


@dataclass(frozen=True, kw_only=True)
class Case:
    """An eval case: the question, what the reply must say (each part in one of its wordings), the status it must have."""

    id: str
    question: str
    must_say: tuple[str, ...]
    status: Status
    notice: str


class Mending:
    """Thread-safe. Failures are told in `lang`, the reader's language."""

    def __init__(self, keeper: Keeper, settings: Settings, queue: Queue) -> None:
        self._keeper = keeper
        self._settings = settings
        self._queue = queue

    def close(self) -> None:
        """Lets go of the database."""
        self._queue.dispose()

    def reports(self, state: ReportState | None = "open") -> list[ReportView]:
        """The reports of one state, or all, as the queue orders them."""
        cases = self._cases()
        return [_view(report, cases) for report in self._queue.reports(state)]

    def report(self, report_id: str, *, lang: Lang = "zh") -> ReportView:
        """One report. Raises NotFound."""
        return _view(self._report(report_id, lang), self._cases())

    def write_answer(
        self,
        report_id: str,
        answer: str,
        *,
        title: str = "",
        question: str = "",
        answer_lang: Lang | None = None,
        lang: Lang = "zh",
    ) -> Written:
        """Makes an own article of the right answer, which answers the question from now on, and closes the report.

        `question` rewords what was asked, so that the article says nothing of who asked. Written again, it replaces what was
        written before. Raises NotFound, InputError for an empty or overlong answer, Conflict.
        """
        report = self._report(report_id, lang)
        question = " ".join(texts.clean(question).split())[:_QUESTION] or _question(report)
        spoken = answer_lang or _lang(report)
        row = self._put(question, answer, title, spoken, lang)
        if report.article and report.article != row.id:
            self._drop(report.article, lang)
        self._queue.close(report_id, "fixed", note=report.note, article=row.id)
        return self._tried(row, question, spoken, lang)

    def write_article(
        self, question: str, answer: str, *, title: str = "", answer_lang: Lang | None = None, lang: Lang = "zh"
    ) -> Written:
        """Makes an own article that answers a question from now on, whether or not anybody reported a reply to it.

        Raises InputError for a question without words and for an empty or overlong answer, Conflict.
        """
        question = " ".join(texts.clean(question).split())[:_QUESTION]
        spoken = answer_lang or texts.language(question)
        return self._tried(self._put(question, answer, title, spoken, lang), question, spoken, lang)

    def remove_answer(self, report_id: str, *, lang: Lang = "zh") -> None:
        """Takes the article of a report back and opens the report again. Raises NotFound, Conflict."""
        report = self._report(report_id, lang)
        if not report.article:
            raise NotFound(say("lib_article_none", lang))
        self._drop(report.article, lang)
        self._queue.close(report_id, "open", note=report.note)

    def make_case(self, report_id: str, *, must_say: Sequence[str] = (), status: Status = "answered", lang: Lang = "zh") -> Case:
        """Keeps the question as an eval case; made again it replaces the one before.

        Without `must_say`, a reply with the status `answered` must hold the first sentence of the answer that was written.
        Raises NotFound, InputError when it is not known what the reply must say.
        """
        report = self._report(report_id, lang)
        parts = [p for p in (" ".join(texts.clean(part).split()) for part in must_say) if any(c.isalnum() for c in p)]
        if not parts and status == "answered":
            parts = self._first_sentence(report.article)
            if not parts:
                raise InputError(say("lib_case_say", lang))
        made = _case(report, parts, status)
        others = [case for case in own.read_cases(self._settings) if case.get("id") != made["id"]]
        own.write_cases(self._settings, [*others, made])
        notice = say("lib_case_kept", lang, count=len(others) + 1)
        return Case(id=made["id"], question=made["question"], must_say=tuple(parts), status=status, notice=notice)

    def remove_case(self, report_id: str, *, lang: Lang = "zh") -> None:
        """Takes the eval case of a report back. Raises NotFound when there is none."""
        kept = own.read_cases(self._settings)
        left = [case for case in kept if case.get("id") != _case_id(report_id)]
        if len(left) == len(kept):
            raise NotFound(say("lib_case_none", lang))
        own.write_cases(self._settings, left)

    def dismiss(self, report_id: str, note: str = "", *, lang: Lang = "zh") -> ReportView:
        """Closes a report without an answer. Raises NotFound."""
        report = self._report(report_id, lang)
        self._queue.close(report_id, "dismissed", note=texts.clean(note).strip()[:2000], article=report.article)
        return self.report(report_id, lang=lang)

    def reopen(self, report_id: str, *, lang: Lang = "zh") -> ReportView:
        """Puts a report that was dismissed back into the queue. Raises NotFound."""
        report = self._report(report_id, lang)
        self._queue.close(report_id, "open", note=report.note, article=report.article)
        return self.report(report_id, lang=lang)

    def asked(self, since: datetime | None = None, *, status: Status | None = None, limit: int = 50) -> Asking:
        """What people ask, in the last 30 days or since then: counts by day and status, the most frequent questions."""
        return self._queue.asked(_moment(since), status, limit)

    def unanswered(self, since: datetime | None = None, *, limit: int = _LOOKED_UP) -> list[dict[str, Any]]:
        """The newest questions that found no answer, each with the titles the library has nearest to it."""
        found = self._queue.unanswered(_moment(since), limit)
        return [{**plain(asked), "nearest": self._keeper.nearest(asked.question, _NEAREST)} for asked in found]

    def _report(self, report_id: str, lang: Lang) -> Report:
        try:
            return self._queue.report(report_id)
        except NotFound as error:
            raise NotFound(say("lib_report_unknown", lang)) from error

    def _put(self, question: str, answer: str, title: str, spoken: Lang, lang: Lang) -> DocumentRow:
        """The article of an answer, among the own documents."""
        told = texts.clean(answer).strip()
        if not any(c.isalnum() for c in told):
            raise InputError(say("lib_answer_empty", lang))
        if len(told) > MAX_ANSWER:
            raise InputError(say("lib_answer_long", lang, limit=MAX_ANSWER, length=len(told)))
        if not any(c.isalnum() for c in question):
            raise InputError(say("lib_question_unusable", lang))
        name = own.article_name(question, spoken)
        heading = " ".join(texts.clean(title).split())[:200] or texts.clip(question, _TITLE)
        data = own.article(name, title=heading, lang=spoken, questions=[question], answer=told, made=date.today().isoformat())
        return self._keeper.write_article(name, data, lang=lang)

    def _tried(self, row: DocumentRow, question: str, spoken: Lang, lang: Lang) -> Written:
        """Asks the question again, and tells whether the article comes first."""
        found = self._keeper.search_test(question, answer_lang=spoken, lang=lang)
        first = bool(found.reply.citations) and found.reply.citations[0].passage_id.partition("#")[0] == row.id
        notice = say("lib_answer_first" if first else "lib_answer_not_first", lang)
        return Written(document=row.id, title=row.title, first=first, notice=notice)

    def _drop(self, article: str, lang: Lang) -> None:
        if any(row.id == article for row in self._keeper.documents(lang=lang)):
            self._keeper.remove(article, lang=lang)

    def _cases(self) -> set[str]:
        return {str(case.get("id")) for case in own.read_cases(self._settings)}

    def _first_sentence(self, article: str) -> list[str]:
        passages = self._keeper.passages(article) if article else []
        return [s.strip() for _, _, s in sentences(passages[0].text)][:1] if passages else []


def open_queue(settings: Settings) -> Queue:
    """The queue over the records. Raises SetupError when they cannot be opened."""
    from coach.store.database import open_database
    from coach.store.queue import Queue as Stored

    return Stored(open_database(settings.records_url))


def _question(report: Report) -> str:
    """What was asked, standing by itself: a follow-up is of no use without what it followed."""
    alone = report.reply.standalone_question if report.reply else ""
    asked = report.question if texts.fold(alone) in ("", texts.fold(report.question)) else alone
    return " ".join(texts.clean(asked).split())[:_QUESTION]


def _lang(report: Report) -> Lang:
    return report.reply.language if report.reply else texts.language(report.question)


def _case_id(report_id: str) -> str:
    return f"own-{report_id}"


def _case(report: Report, parts: Sequence[str], status: Status) -> dict[str, Any]:
    """A row of the question sets: with keypoints when an answer is wanted, else with the status."""
    row: dict[str, Any] = {
        "id": _case_id(report.id),
        "lang": _lang(report),
        "kind": "own",
        "question": _question(report),
        "history": [],
        "must_not": [],
        "why": "a bad answer that was mended",
    }
    if status == "answered":
        return {**row, "facts": [], "keypoints": [[part] for part in parts], "attribution": False}
    return {**row, "status": status, "also": []}


def _view(report: Report, cases: set[str]) -> ReportView:
    case = _case_id(report.id)
    return ReportView(
        id=report.id,
        state=report.state,
        question=report.question,
        asks=_question(report),
        lang=_lang(report),
        reason=report.reason,
        note=report.note,
        made=report.made.isoformat(),
        text=report.text,
        reply=report.reply,
        article=report.article,
        case=case if case in cases else "",
    )


def _moment(since: datetime | None) -> datetime:
    """A moment without a zone is meant in UTC."""
    if since is None:
        return datetime.now(UTC) - _SINCE
    return since if since.tzinfo else since.replace(tzinfo=UTC)


def plain(value: Any) -> dict[str, Any]:  # noqa: ANN401  a dataclass of coach.store.queue
    """What people ask as plain values: moments and days in ISO form."""
    return {name: _plain(field) for name, field in asdict(value).items()}


def _plain(value: Any) -> Any:  # noqa: ANN401  any field
    if isinstance(value, dict):
        return {str(_plain(k)): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return value.isoformat() if isinstance(value, date) else value
