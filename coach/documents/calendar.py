"""The dates of a plan as a calendar file (RFC 5545): a day for each review and each due date, with a reminder.

The same line of the same plan keeps its UID, and the plan's version is the SEQUENCE: a newer file updates the older one.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from coach.development.schema import Line, Plan
from coach.documents.blocks import cleaned
from coach.framework.files import Text
from coach.messages import say
from coach.types import Lang

_SPACE = uuid.UUID("5c0a7c1e-3f0e-5d56-9a0b-0d8f1f1f6a11")
"""Namespace of the UIDs; changing it would turn every update into a second event."""
_BEFORE = timedelta(hours=-15)
"""A day of a calendar begins at midnight: the reminder comes at nine in the morning of the day before."""


def to_ics(plan: Plan, lang: Lang, *, stamp: datetime) -> bytes:
    """The calendar file, UTF-8. `stamp` (with a time zone) is when it was made; everything else comes from the plan."""
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//Career Coach//Development plan//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    name = say("doc_ics_name", lang)
    calendar.add("x-wr-calname", cleaned(f"{name} · {plan.name}" if plan.name else name))
    for event in _events(plan, lang):
        event.add("dtstamp", stamp.astimezone(UTC))
        event.add("sequence", plan.version)
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _events(plan: Plan, lang: Lang) -> Iterator[Any]:
    for meeting in plan.meetings:
        summary = say(f"doc_review_{meeting.kind}", lang)
        yield _event(_uid(plan, meeting.id), meeting.on, summary, say("doc_ics_review", lang))
    for line in plan.lines:
        key = "doc_ics_due_goal" if line.role == "goal" else "doc_ics_due_action"
        event = _event(_uid(plan, line.id), line.due, say(key, lang, text=line.text.of(lang)), _about(line, lang), line.status)
        yield event


def _event(uid: str, on: date, summary: str, about: str, status: str = "open") -> Any:  # noqa: ANN401  icalendar.Event
    from icalendar import Alarm, Event

    event = Event()
    event.add("uid", uid)
    event.add("summary", cleaned(" ".join(summary.split())))
    event.add("description", cleaned(about))
    event.add("dtstart", on)
    event.add("dtend", on + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    event.add("status", "CANCELLED" if status == "dropped" else "CONFIRMED")
    if status in ("open", "late"):
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", cleaned(" ".join(summary.split())))
        alarm.add("trigger", _BEFORE)
        event.add_component(alarm)
    return event


def _about(line: Line, lang: Lang) -> str:
    """What a reader of the event needs: first step, measure, evidence of done, review date."""
    parts: list[tuple[str, Text | None]] = [
        ("doc_how", line.how),
        ("doc_measure", line.measure),
        ("doc_evidence", line.evidence),
        ("doc_caution", line.caution),
    ]
    said = [_labelled(key, text.of(lang), lang) for key, text in parts if text]
    return "\n".join([*said, _labelled("doc_review", line.review.isoformat(), lang)])


def _labelled(key: str, text: str, lang: Lang) -> str:
    return say("doc_colon", lang, label=say(key, lang)) + text


def _uid(plan: Plan, part: str) -> str:
    """Made from the plan's id and the line's; a draft that is not stored has no id and goes by the person's name."""
    return f"{uuid.uuid5(_SPACE, f'{plan.id or plan.name}/{part}')}@career-coach"
