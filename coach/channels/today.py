"""A plan as it stands on a day, for a channel: what each line's state is, what is due, what a check-in asks; dates in words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from coach.development.schema import CheckIn, Line, Plan
from coach.documents.words import shortened
from coach.messages import say
from coach.store.records import CheckInEntry
from coach.types import Lang

State = Literal["late", "stuck", "running", "ahead", "done", "dropped"]
"""Where a line stands: past its day, told to be stuck, begun, not begun, done, given up."""
_FIRST = 3
_WEEK = timedelta(days=7)
_NAME = 150  # characters of a line's name
_DATE = re.compile(r"“[^”]*”|(\d{4}-\d{2}-\d{2})")  # quotations stay as they are


@dataclass(frozen=True, kw_only=True)
class Today:
    """A plan as it stands today; `told` is the last check-in of each line."""

    plan: Plan
    told: Mapping[str, CheckIn]
    today: date
    lang: Lang

    def say(self, key: str, **values: object) -> str:
        """A sentence of the catalogue in the reader's language."""
        return say(key, self.lang, **values)

    def day(self, on: date) -> str:
        """A date, its year only where it is another than this one."""
        return day(on, self.lang, self.today)

    def name(self, line: Line) -> str:
        """What a line is about, in a line."""
        return shortened(line.text.of(self.lang), _NAME)

    def with_told(self, new: Sequence[CheckIn]) -> Today:
        """The plan as it stands after some more was told."""
        return Today(plan=self.plan, told={**self.told, **{c.line: c for c in new}}, today=self.today, lang=self.lang)

    def state(self, line: Line) -> State:
        """Where a line stands, by what was told of it last."""
        told = self.told.get(line.id)
        status = told.status if told else None
        for settled in (line.status, status):
            if settled == "done" or settled == "dropped":
                return settled
        if line.due < self.today:
            return "late"
        if status == "stuck":
            return "stuck"
        return "running" if line.start <= self.today or status == "on_track" else "ahead"

    @property
    def open(self) -> list[Line]:
        """Lines that are neither done nor given up."""
        return [line for line in self.plan.lines if self.state(line) not in ("done", "dropped")]

    @property
    def late(self) -> list[Line]:
        """Open lines past their day, the oldest first."""
        return sorted((line for line in self.open if line.due < self.today), key=lambda line: line.due)

    @property
    def week(self) -> list[Line]:
        """Due until Sunday, overdue or stuck, and what was told this week to be done or given up."""
        monday = self.today - timedelta(days=self.today.weekday())
        due = [line for line in self.open if line.due < monday + _WEEK or self.state(line) == "stuck"]
        return [*sorted(due, key=lambda line: line.due), *self._settled_since(monday)]

    @property
    def asked(self) -> list[Line]:
        """What a check-in asks about: due within a week, overdue or stuck, then what is under way; settled lines to correct.

        What was told of in the last days comes after what was not, so that a second check-in reaches the rest. While nothing is
        due yet, the actions that are due first: one may have begun early.
        """
        since = self.today - _WEEK
        urgent = [line for line in self.open if line.due <= self.today + _WEEK or self.state(line) == "stuck"]
        running = [line for line in self.open if line not in urgent and line.role == "action" and self.state(line) == "running"]
        open_ = sorted([*urgent, *running], key=lambda line: (self._told_since(line, since), line not in urgent, line.due))
        first = sorted((line for line in self.open if line.role == "action"), key=lambda line: line.due)[:_FIRST]
        return [*(open_ or first), *self._settled_since(since + timedelta(days=1))]

    def _settled_since(self, day: date) -> list[Line]:
        """Told since then to be done or given up, and not yet so in the plan itself."""
        settled = ("done", "dropped")
        told = [line for line in self.plan.lines if line.status == "open" and self._told_since(line, day)]
        return [line for line in told if self.state(line) in settled]

    def _told_since(self, line: Line, day: date) -> bool:
        return line.id in self.told and self.told[line.id].on >= day

    def due(self, line: Line) -> str:
        """When a line is due, and how far that is."""
        days = (line.due - self.today).days
        near = {-1: "sv_due_yesterday", 0: "pl_due_today", 1: "sv_due_tomorrow"}
        key = near.get(days) or ("pl_due_late" if days < 0 else "pl_due_in" if days <= 30 else "pl_due")
        return self.say(key, due=self.day(line.due), days=abs(days))

    def when(self, line: Line) -> str:
        """The same behind its name; nothing for what is settled."""
        return "" if self.state(line) in ("done", "dropped") else f" · {self.due(line)}"


def today_of(plan: Plan, checkins: Sequence[CheckInEntry], today: date, lang: Lang) -> Today:
    """A plan with what the desk holds of its check-ins; those that cannot be read are left out."""
    given = sorted((each.value for each in checkins if not each.problem), key=lambda c: c.on)
    return Today(plan=plan, told={c.line: c for c in given}, today=today, lang=lang)


def day(on: date, lang: Lang, today: date | None = None) -> str:
    """A date as people write it; without its year when that is the year of `today`."""
    month = say("web_months", lang).split()[on.month - 1]
    if today is not None and on.year == today.year:
        return say("web_day", lang, day=on.day, month=month)
    return say("web_date", lang, day=on.day, month=month, year=on.year)


def readable(text: str, lang: Lang) -> str:
    """A sentence of the coach with its dates as people write them."""

    def written(found: re.Match[str]) -> str:
        try:
            return day(date.fromisoformat(found[1] or ""), lang)
        except ValueError:  # a quotation, or figures that are no date
            return found[0]

    return _DATE.sub(written, text)


def sentences(parts: Sequence[str], lang: Lang, *, stop: bool = False) -> str:
    """Sentences one after the other; `stop` ends those that have no full stop."""
    end = ("。" if lang == "zh" else ".") if stop else ""
    ended = [part if part.endswith(("。", ".", "？", "?")) else part + end for part in parts]
    return ("" if lang == "zh" else " ").join(ended)
