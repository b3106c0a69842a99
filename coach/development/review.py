"""Keeps a plan alive: what is late or due soon, the quarterly and yearly review, and the next version that grows out of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from coach.development.actions import HOURS_ASSUMED, alternative
from coach.development.calendar import settled
from coach.development.plan import meetings_from, months_after
from coach.development.schema import CheckIn, LevelResult, Line, Plan, Review, ReviewRow, Skipped, Trend
from coach.development.sources import Sources
from coach.framework.files import Text
from coach.framework.schema import Framework, StageId
from coach.messages import both

_SOON_DAYS = 14
_LONGEST_DELAY = 90
_QUESTIONS = 4


def nudges(plan: Plan, checkins: Sequence[CheckIn], framework: Framework, today: date) -> tuple[Text, ...]:
    """What to remind of today: open lines past their date, lines and the review due within two weeks; the latest first."""
    latest = _latest(checkins)
    found: list[tuple[int, Text]] = []
    for line in plan.lines:
        told = latest.get(line.id)
        if line.status != "open" or (told and told.status in ("done", "dropped")):
            continue
        days = (line.due - today).days
        if days < 0:
            found.append((days, both("nudge_late", text=line.text, due=line.due, days=-days)))
        elif days <= _SOON_DAYS:
            found.append((days, both("nudge_soon", text=line.text, due=line.due, days=days)))
    names = {r.id: r.name for r in framework.plan.reviews}
    for meeting in plan.meetings:
        days = (meeting.on - today).days
        if 0 <= days <= _SOON_DAYS:
            found.append((days, both("nudge_review", kind=names[meeting.kind], due=meeting.on, days=days)))
    return tuple(text for _, text in sorted(found, key=lambda f: f[0]))


def hold_review(
    plan: Plan,
    checkins: Sequence[CheckIn],
    framework: Framework,
    on: date,
    *,
    yearly: bool = False,
    levels: Sequence[LevelResult] = (),
    before: Sequence[LevelResult] = (),
    stage: StageId | None = None,
) -> Review:
    """Looks at every line the review covers: short ones each quarter, all of them once a year.

    The yearly review takes today's `levels` and `stage` and compares them with those of the assessment `before`.
    """
    latest = _latest(c for c in checkins if c.on <= on)
    covered = [line for line in plan.lines if _covered(line, on, yearly or line.id in latest)]
    taken = {line.action for line in plan.actions}
    rows = tuple(_row(line, latest.get(line.id), plan, framework, on, taken) for line in covered)
    known = {r.pillar: r.level for r in before}
    return Review(
        kind="yearly" if yearly else "quarterly",
        on=on,
        version=plan.version,
        rows=rows,
        summary=_summary(rows, on),
        questions=tuple(_questions(rows, yearly)),
        trends=tuple(Trend(pillar=r.pillar, now=r.level, before=known.get(r.pillar)) for r in levels) if yearly else (),
        stage=stage if yearly else None,
    )


def next_version(plan: Plan, review: Review, framework: Framework, sources: Sources, *, hours: float) -> Plan:
    """The plan as the review leaves it: what is done stays as done, dates are moved, stuck actions are replaced.

    No week to come holds more than `hours`: what does not fit beside what is under way waits.
    """
    rows = {row.line: row for row in review.rows}
    goals = tuple(_after(line, rows.get(line.id)) for line in plan.goals)
    actions = [_after(line, rows.get(line.id)) for line in plan.actions]
    others = [(row.line, row.replaced_by) for row in review.rows if row.replaced_by]
    again, skipped = _given_up(plan, (*goals, *actions), {other for _, other in others}, framework)
    for line_id, other in (*others, *again):
        actions.append(_replacement(plan.line(line_id), other, framework, sources, review.on, len(actions) + 1))
    meetings = tuple(m for m in plan.meetings if m.on > review.on) or meetings_from(review.on)
    moved = plan.model_copy(
        update={
            "version": plan.version + 1,
            "made": review.on,
            "goals": goals,
            "actions": tuple(actions),
            "skipped": (*plan.skipped, *skipped),
            "meetings": meetings,
        }
    )
    return settled(_reviewed(moved), review, hours)


def dated(review: Review, after: Plan) -> Review:
    """The review with the dates its lines have got in the version that grows out of it."""
    return review.model_copy(update={"rows": tuple(_dated(row, after) for row in review.rows)})


def _dated(row: ReviewRow, after: Plan) -> ReviewRow:
    obstacle = row.obstacle or "-"
    if row.replaced_by:
        new = next(a for a in after.actions if a.action == row.replaced_by)
        change = both("change_replaced_on", action=new.text, start=new.start, due=new.due)
        return row.model_copy(update={"change": change})
    line = after.line(row.line)
    if line.status != "open" or line.due == (row.due or row.planned):
        return row
    change = row.change if row.status == "done" else both("change_waits", due=line.due)
    if row.due is not None and row.status != "done":
        key = {None: "change_unreported", "on_track": "change_on_track_late"}.get(row.status, "change_stuck")
        change = both(key, obstacle=obstacle, due=line.due)
    return row.model_copy(update={"due": line.due, "change": change})


def _latest(checkins: Sequence[CheckIn] | Iterator[CheckIn]) -> Mapping[str, CheckIn]:
    """The last check-in of each line; of one day, the one that came last."""
    return {c.line: c for c in sorted(checkins, key=lambda c: c.on)}


def _covered(line: Line, on: date, everything: bool) -> bool:
    """What has begun and is due in the short run; `everything` once a year, and for lines that something was told of."""
    if line.status in ("done", "dropped"):
        return False
    return everything or (line.start <= on and (line.role == "action" or line.horizon == "short"))


def _row(line: Line, told: CheckIn | None, plan: Plan, framework: Framework, on: date, taken: set[str]) -> ReviewRow:
    change, due, other = _change(line, told, plan, framework, on, taken)
    if other:
        taken.add(other)
    return ReviewRow(
        line=line.id,
        text=line.text,
        planned=line.due,
        status=told.status if told else None,
        shown=told.evidence if told else "",
        obstacle=told.obstacle if told else "",
        change=change,
        due=due,
        replaced_by=other,
    )


def _change(
    line: Line, told: CheckIn | None, plan: Plan, framework: Framework, on: date, taken: set[str]
) -> tuple[Text, date | None, str]:
    """What changes for a line, its new due date, and the action that replaces it."""
    later = _moved(line, on, framework)
    if told is None:
        return (
            (both("change_goal_open") if line.due > on else both("change_unreported", due=later)),
            _if_late(line, on, later),
            "",
        )
    if told.status == "done":
        return (
            (both("change_done") if told.evidence else both("change_done_bare", evidence=line.evidence)),
            (None if told.evidence else _if_late(line, on, later)),
            "",
        )
    if told.status == "dropped":
        return both("change_dropped"), None, ""
    if told.status == "on_track":
        due = _if_late(line, on, later)
        return (both("change_on_track_late", due=due) if due else both("change_on_track", due=line.due)), due, ""
    other = alternative(framework, line, plan, taken) if line.role == "action" else None
    if other is not None:
        return both("change_replaced", obstacle=told.obstacle or "-", action=other.name), None, other.id
    return both("change_stuck", obstacle=told.obstacle or "-", due=later), later, ""


def _if_late(line: Line, on: date, later: date) -> date | None:
    return later if line.due <= on else None


def _moved(line: Line, on: date, framework: Framework) -> date:
    """Half of its own length again, at least four weeks, at most three months, and never beyond its horizon."""
    horizon = next(h for h in framework.plan.horizons if h.id == line.horizon)
    again = min(max(28, (line.due - line.start).days // 2), _LONGEST_DELAY)
    return min(max(line.due, on) + timedelta(days=again), months_after(on, horizon.months[1]))


def _summary(rows: Sequence[ReviewRow], on: date) -> Text:
    if not rows:
        return both("review_nothing", on=on)
    count = {s: sum(1 for r in rows if r.status == s) for s in ("done", "on_track", "stuck", "dropped")}
    return both(
        "review_summary",
        on=on,
        total=len(rows),
        done=count["done"],
        running=count["on_track"],
        stuck=count["stuck"],
        dropped=count["dropped"],
        silent=sum(1 for r in rows if r.status is None and r.planned <= on),
        waiting=sum(1 for r in rows if r.status is None and r.planned > on),
    )


def _questions(rows: Sequence[ReviewRow], yearly: bool) -> Iterator[Text]:
    """A few good questions rather than many: why not, what shows it, and what matters next."""
    asked = [both("review_question_why", text=r.text) for r in rows if r.status in ("stuck", "dropped")]
    asked += [both("review_question_evidence", text=r.text) for r in rows if r.status == "done" and not r.shown]
    yield from asked[: _QUESTIONS - 1]
    yield both("review_question_direction") if yearly else both("review_question_next")


def _after(line: Line, row: ReviewRow | None) -> Line:
    if row is None:
        return line
    if row.status == "done" and row.shown:
        return line.model_copy(update={"status": "done"})
    if row.status == "dropped" or row.replaced_by:
        return line.model_copy(update={"status": "dropped"})
    return line.model_copy(update={"due": row.due}) if row.due else line


def _given_up(
    plan: Plan, lines: Sequence[Line], taken: set[str], framework: Framework
) -> tuple[list[tuple[str, str]], list[Skipped]]:
    """For each gap all of whose lines were dropped: one of them with another action in its place; else the gap as skipped."""
    worked = {line.pillar for line in lines if line.status != "dropped"} | {s.pillar for s in plan.skipped}
    used = taken | {line.action for line in plan.actions}
    again: list[tuple[str, str]] = []
    skipped: list[Skipped] = []
    for gap in (g for g in plan.gaps if g.pillar not in worked):
        dropped = [line for line in plan.actions if line.pillar == gap.pillar]
        found = next(((line.id, other.id) for line in dropped if (other := alternative(framework, line, plan, used))), None)
        if found:
            again.append(found)
        else:
            skipped.append(Skipped(pillar=gap.pillar, reason=both("review_given_up")))
    return again, skipped


def _replacement(old: Line, other: str, framework: Framework, sources: Sources, on: date, number: int) -> Line:
    action = next(a for a in framework.actions[old.pillar or ""] if a.id == other)
    short = next(h for h in framework.plan.horizons if h.id == "short")
    kinds = {k.id: k.article for k in framework.plan.action_kinds}
    start = on + timedelta(days=7 - on.weekday())
    about = Text(zh=f"{action.name.zh}。{action.how.zh}", en=f"{action.name.en}. {action.how.en}")
    weeks = max(action.effort.weeks, -(-action.effort.hours // int(HOURS_ASSUMED)))
    due = start + timedelta(weeks=weeks, days=-3)
    return old.model_copy(
        update={
            "id": f"a{number}",
            "horizon": "short" if due <= months_after(on, short.months[1]) else "middle",
            "kind": action.kind,
            "action": action.id,
            "text": action.name,
            "how": action.how,
            "measure": action.measure,
            "evidence": action.evidence,
            "start": start,
            "due": due,
            "status": "open",
            "hours": action.effort.hours,
            "cost": action.cost,
            "caution": action.caution,
            "source": sources.source(action.article or kinds[action.kind], about),
        }
    )


def _reviewed(plan: Plan) -> Plan:
    """Every line with a review date that is still to come."""
    days = [m.on for m in plan.meetings]

    def again(line: Line) -> Line:
        if line.review in days:
            return line
        return line.model_copy(update={"review": next((d for d in days if d >= line.due), days[-1])})

    return plan.model_copy(
        update={"goals": tuple(again(g) for g in plan.goals), "actions": tuple(again(a) for a in plan.actions)}
    )
