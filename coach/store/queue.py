"""What reviewers see of everybody's conversations: replies reported as wrong, what people ask, what found no answer.

Never whose they are. Questions about somebody's own person and calls for help are counted and not shown.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from typing import Any, Literal

from sqlalchemy import Engine, Row, Select, select, update

from coach.store.bound import not_found, one_of
from coach.store.conversations import reply_of
from coach.store.database import transaction
from coach.store.tables import exchanges, reports
from coach.text import clean, fold
from coach.types import Reply, Status

ReportState = Literal["open", "fixed", "dismissed"]
MAX_NOTE = 4_000
"""Characters of a reviewer's note; what is longer is cut."""
_LIMIT = 50
_UNANSWERED: Status = "not_in_sources"
_PRIVATE_KINDS = ("personal", "crisis", "violence")
_MARKS = re.compile(r"[\W_]+")


@dataclass(frozen=True, kw_only=True)
class Report:
    """A reply that somebody called wrong, with everything needed to judge it; `reply` holds its passages and citations.

    `text` is the reply's text also where `reply` cannot be read any more.
    """

    id: str
    state: ReportState
    reason: str
    note: str
    article: str
    made: datetime
    closed: datetime | None
    question: str
    text: str
    reply: Reply | None


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question as it was put last, how often it was put, and what it met with the last time."""

    question: str
    times: int
    last: datetime
    status: str


@dataclass(frozen=True, kw_only=True)
class Asking:
    """What people asked: how much a day, with which result, and the most frequent questions."""

    total: int
    days: dict[date, int]
    statuses: dict[str, int]
    frequent: tuple[Asked, ...]


class Queue:
    """Over the conversations of all people. One object serves every thread."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._engine = engine
        self._clock = clock

    def reports(self, state: ReportState | None = "open") -> list[Report]:
        """The reports in one state, or all of them, newest first."""
        if state is not None:
            one_of(state, ReportState, "state")
        query = _reports().order_by(reports.c.seq.desc())
        query = query.where(reports.c.state == state) if state else query
        with transaction(self._engine, reading=True) as connection:
            return [_report(row) for row in connection.execute(query)]

    def report(self, report_id: str) -> Report:
        """One report. Raises NotFound, also when the person has deleted the conversation."""
        with transaction(self._engine, reading=True) as connection:
            row = connection.execute(_reports().where(reports.c.id == report_id)).first()
        if row is None:
            raise not_found("report", report_id)
        return _report(row)

    def close(self, report_id: str, state: ReportState, note: str = "", article: str = "") -> Report:
        """Ends a report, changes how it ended, or opens it again; `article` is what the mended answer stands in.

        Raises NotFound, and InputError for an unknown state.
        """
        one_of(state, ReportState, "state")
        changes = {"state": state, "note": clean(note).strip()[:MAX_NOTE], "article": clean(article).strip()[:MAX_NOTE]}
        closed = None if state == "open" else self._clock()
        with transaction(self._engine) as connection:
            connection.execute(update(reports).where(reports.c.id == report_id).values(closed=closed, **changes))
        return self.report(report_id)

    def dispose(self) -> None:
        """Gives the connections back, for whoever opened them for this queue alone."""
        self._engine.dispose()

    def asked(self, since: datetime, status: Status | None = None, limit: int = _LIMIT, *, zone: tzinfo | None = None) -> Asking:
        """What was asked since that moment, with any result or with one; days are those of `zone`, else of this machine."""
        rows = self._answered(since, status)
        return Asking(
            total=len(rows),
            days=dict(sorted(Counter(row.made.astimezone(zone).date() for row in rows).items())),
            statuses=dict(Counter(row.status for row in rows).most_common()),
            frequent=_frequent(rows)[:limit],
        )

    def unanswered(self, since: datetime, limit: int = _LIMIT) -> list[Asked]:
        """The questions that found no answer in the library since that moment, the newest first."""
        found = _frequent(self._answered(since, _UNANSWERED))
        return sorted(found, key=lambda asked: asked.last, reverse=True)[:limit]

    def _answered(self, since: datetime, status: Status | None) -> list[Row[Any]]:
        """Exchanges with a reply, oldest first; a question asked anew counts once."""
        said = exchanges.c
        query = select(said.question, said.status, said.kind, said.made).where(said.state == "done", said.made >= since)
        query = query.where(said.superseded.is_(False)).order_by(said.made, said.seq)
        with transaction(self._engine, reading=True) as connection:
            return list(connection.execute(query.where(said.status == status) if status else query))


def _reports() -> Select[Any]:
    said = (exchanges.c.question, exchanges.c.text, exchanges.c.reply)
    return select(reports, *said).join(exchanges, exchanges.c.id == reports.c.exchange)


def _report(row: Row[Any]) -> Report:
    names = ("id", "state", "reason", "note", "article", "made", "closed", "question", "text")
    return Report(reply=reply_of(row.reply)[0], **{name: row._mapping[name] for name in names})


def _frequent(rows: list[Row[Any]]) -> tuple[Asked, ...]:
    """The same question, however it is written, once; the most frequent first, then the newest."""
    alike: dict[str, list[Row[Any]]] = {}
    for row in rows:
        if row.kind not in _PRIVATE_KINDS:
            folded = fold(row.question)
            alike.setdefault(_MARKS.sub("", folded) or folded, []).append(row)
    found = (Asked(question=r[-1].question, times=len(r), last=r[-1].made, status=r[-1].status) for r in alike.values())
    return tuple(sorted(found, key=lambda asked: (asked.times, asked.last), reverse=True))
