"""What all views of a plan share: the plan as it stands today, its words, dates and addresses in one language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal
from urllib.parse import urlencode

from coach.development.review import nudges
from coach.development.schema import CheckIn, Line, Meeting, Plan
from coach.documents.words import Words
from coach.framework.schema import Framework
from coach.messages import say
from coach.types import Lang
from ui.dates import day
from ui.html import Tone, badge

State = Literal["late", "stuck", "soon", "running", "ahead", "done", "dropped"]
"""Where a line stands: past its day, told to be stuck, due soon, begun, not begun, done, given up."""
TONES: dict[State, Tone] = {
    "late": "bad",
    "stuck": "warn",
    "soon": "warn",
    "running": "info",
    "ahead": "",
    "done": "good",
    "dropped": "",
}
STATUSES = ("done", "on_track", "stuck", "dropped")
"""What can be told of a line."""
FORMATS = ("pdf", "docx", "md", "ics")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


def titled(words: str) -> str:
    """Words of a sentence as a heading: with a capital, where there are any."""
    return words[:1].upper() + words[1:]


def readable(text: str, lang: Lang, dates: Iterable[date] | None = None) -> str:
    """A sentence of the coach with its dates as people write them: these, or all; a person's own figures stay with these."""
    known = None if dates is None else set(dates)

    def written(found: re.Match[str]) -> str:
        try:
            on = date.fromisoformat(found[0])
        except ValueError:
            return found[0]
        return day(on, lang) if known is None or on in known else found[0]

    return _ISO.sub(written, text)


@dataclass(frozen=True, kw_only=True)
class PlanView:
    """One plan as it stands today. `told` is the last check-in of each line, `entries` are all of them, oldest first."""

    plan: Plan
    framework: Framework
    lang: Lang
    today: date
    told: Mapping[str, CheckIn] = field(default_factory=dict)
    entries: Sequence[CheckIn] = ()
    several: bool = False

    @property
    def words(self) -> Words:
        """How the plan's values read."""
        return Words(self.plan, self.framework, self.lang)

    def say(self, key: str, **values: object) -> str:
        """A sentence of the catalogue in the reader's language."""
        return say(key, self.lang, **values)

    def day(self, on: date) -> str:
        """A date, its year only where it is another than this one."""
        return day(on, self.lang, self.today)

    def href(self, tab: str, **query: object) -> str:
        """The address of a view; names the plan only where there are several."""
        given = {"tab": tab, "plan": self.plan.id if self.several else "", **query}
        return "/plan?" + urlencode({name: value for name, value in given.items() if value not in ("", None)})

    def state(self, line: Line) -> State:
        """Where a line stands today, by what was told of it last; the coach's own reminders say what is late or due soon."""
        told = self.told.get(line.id)
        status = told.status if told else None
        if line.status == "done" or (line.status != "dropped" and status == "done"):
            return "done"
        if line.status == "dropped" or status == "dropped":
            return "dropped"
        if self._reminded(line):
            return "late" if line.due < self.today else "stuck" if status == "stuck" else "soon"
        if status == "stuck":
            return "stuck"
        return "running" if line.start <= self.today or status == "on_track" else "ahead"

    def badge(self, line: Line) -> str:
        """The state of a line as HTML."""
        state = self.state(line)
        return badge(self.say(f"pl_state_{state}"), TONES[state])

    def attention(self) -> tuple[list[Line], list[Meeting]]:
        """The lines the coach reminds of today, the latest first, and the reviews due soon."""
        lines = sorted((line for line in self.plan.lines if self._reminded(line)), key=lambda line: line.due)
        meetings = [m for m in self.plan.meetings if self._nudges(meetings=(m,))]
        return lines, sorted(meetings, key=lambda m: m.on)

    def _reminded(self, line: Line) -> bool:
        part = {"goals": (line,)} if line.role == "goal" else {"actions": (line,)}
        return self._nudges(**part)

    def _nudges(self, **part: object) -> bool:
        """Whether the coach reminds of this part of the plan, and nothing else of it, today."""
        alone = self.plan.model_copy(update={"goals": (), "actions": (), "meetings": (), **part})
        return bool(nudges(alone, self.entries, self.framework, self.today))

    def due_words(self, line: Line) -> str:
        """When a line is due, and how far that is."""
        days = (line.due - self.today).days
        if days > 30 or self.state(line) in ("done", "dropped"):
            return self.say("pl_due", due=self.day(line.due))
        if days < 0:
            return self.say("pl_due_late", due=self.day(line.due), days=-days)
        return self.say("pl_due_in", due=self.day(line.due), days=days) if days else self.say("pl_due_today")

    def dates(self, *plans: Plan) -> set[date]:
        """Every date that a sentence about this plan, and these, can name."""
        lines = [line for plan in (self.plan, *plans) for line in plan.lines]
        meetings = {m.on for plan in (self.plan, *plans) for m in plan.meetings}
        return {d for line in lines for d in (line.start, line.due, line.review)} | meetings | {self.today}
