"""Where the lines of a plan stand in the weeks: hours a week, the review a line belongs to, and room made after a review."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from coach.development.actions import in_pause
from coach.development.plan import months_after
from coach.development.schema import Line, Plan, Review
from coach.framework.schema import HorizonId

_LATER_WEEKS = 156  # three years: later than that, the longest horizon ends
_OVERDUE_WEEKS = 4
_HORIZON_MONTHS: tuple[tuple[HorizonId, int], ...] = (("short", 6), ("middle", 24))


def rate(line: Line) -> float:
    """Hours a week."""
    return (line.hours or 0) / max(1, round((line.due - line.start).days / 7))


def review_day(due: date, days: Sequence[date]) -> date:
    """The first review on or after a due date, else the last there is; the due date itself where there are none."""
    return next((d for d in days if d >= due), days[-1] if days else due)


def horizon_of(due: date, today: date) -> HorizonId:
    """The horizon a due date lies in, seen from today."""
    return next((h for h, months in _HORIZON_MONTHS if due <= months_after(today, months)), "long")


def ahead(line: Line, today: date) -> Line:
    """A line under way as what is left of it from today, at the same hours a week."""
    if line.start >= today or line.due <= today or not line.hours:
        return line
    left = max(1, round((line.due - today).days / 7))
    return line.model_copy(update={"start": today, "hours": rate(line) * left})


def settled(plan: Plan, review: Review, hours: float) -> Plan:
    """A plan whose open lines are all due ahead, and whose actions leave no week with more hours than there are.

    Actions under way that the review left alone stay where they are; the others wait, week by week, until they fit.
    """
    days = sorted(m.on for m in plan.meetings)
    moved = {row.line for row in review.rows if row.due or not row.status}
    lines = {line.id: _due_ahead(line, plan.made, days) for line in plan.lines}
    actions = [a for line in plan.actions if (a := lines[line.id]).status == "open" and a.hours]
    placed = [a for a in actions if a.start <= plan.made and a.id not in moved]
    for line in sorted((a for a in actions if a not in placed), key=lambda a: (a.start, a.id)):
        later = (_later(line, weeks, days) for weeks in range(_LATER_WEEKS))
        free = (c for c in later if not in_pause(c.start, c.due, plan.pause))
        placed.append(next((c for c in free if _fits([*placed, c], hours, plan.made)), line))
    lines |= {line.id: line.model_copy(update={"horizon": horizon_of(line.due, plan.made)}) for line in placed}
    goals, placed_actions = (tuple(lines[line.id] for line in part) for part in (plan.goals, plan.actions))
    return plan.model_copy(update={"goals": goals, "actions": placed_actions})


def _due_ahead(line: Line, made: date, days: Sequence[date]) -> Line:
    """A line that is still open although its day has passed gets a few weeks more."""
    if line.status != "open" or line.due >= made:
        return line
    due = made + timedelta(weeks=_OVERDUE_WEEKS)
    return line.model_copy(update={"due": due, "review": review_day(due, days)})


def _later(line: Line, weeks: int, days: Sequence[date]) -> Line:
    due = line.due + timedelta(weeks=weeks)
    update = {"start": line.start + timedelta(weeks=weeks), "due": due, "review": review_day(due, days)}
    return line.model_copy(update=update)


def _fits(lines: Sequence[Line], hours: float, today: date) -> bool:
    """Whether no week to come holds more hours than there are."""
    to_come = [ahead(line, today) for line in lines]
    return all(sum(rate(o) for o in to_come if o.start <= line.start <= o.due) <= hours for line in to_come)
