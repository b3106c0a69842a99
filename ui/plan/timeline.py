"""The timeline of a plan: bars on an axis of months or quarters with today's line, and the same as a list by month."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from coach.development.schema import Line
from coach.messages import say
from coach.types import Lang
from ui.dates import month_name, month_of
from ui.html import Tab, card, escape, tabs
from ui.plan.words import PlanView, titled

_BACK, _AHEAD = 6, 12
"""Months of the near view: so many ahead, and back to what is overdue, but no further than that."""


@dataclass(frozen=True, kw_only=True)
class Axis:
    """A stretch of days, cut into `ticks`: the first day of each piece, and its label."""

    first: date
    last: date
    ticks: tuple[tuple[date, str], ...]

    def at(self, on: date) -> float:
        """Where a day stands, in percent; what lies outside stands at the edge."""
        share = (on - self.first).days / max(1, (self.last - self.first).days)
        return round(100 * max(0.0, min(1.0, share)), 2)

    def holds(self, start: date, end: date) -> bool:
        """Whether any of these days stands on it."""
        return start <= self.last and end >= self.first


def timeline_tab(view: PlanView, span: str) -> str:
    """Both forms of it; `span` is `all` for the whole plan, anything else for the year ahead."""
    whole = span == "all"
    axis = _whole(view) if whole else _year(view)
    spans = tabs(
        (
            Tab(label=view.say("pl_span_year"), href=view.href("timeline"), current=not whole),
            Tab(label=view.say("pl_span_all"), href=view.href("timeline", span="all"), current=whole),
        ),
        view.say("pl_span_label"),
    )
    return card(f"{spans}{_chart(view, axis)}{_legend(view)}", title=view.say("pl_timeline"), classes="chart") + _list(view)


def _year(view: PlanView) -> Axis:
    late = [line.due for line in view.plan.lines if line.due < view.today and view.state(line) not in ("done", "dropped")]
    earliest = max(min([*late, view.today]), _month(view.today, -_BACK))
    back = (view.today.year - earliest.year) * 12 + view.today.month - earliest.month
    months = [_month(view.today, n) for n in range(-max(1, back), _AHEAD + 1)]
    ticks = tuple((m, _tick(m, view.lang)) for m in months[:-1])
    return Axis(first=months[0], last=months[-1] - timedelta(days=1), ticks=ticks)


def _whole(view: PlanView) -> Axis:
    """From the quarter of the first day to that of the last, a label a year."""
    days = [d for line in view.plan.lines for d in (line.start, line.due)] + [view.today]
    first, last = _quarter(min(days)), _month(_quarter(max(days)), 3)
    quarters = [first]
    while quarters[-1] < last:
        quarters.append(_month(quarters[-1], 3))
    ticks = tuple((q, str(q.year) if q.month == 1 or q == first else "") for q in quarters[:-1])
    return Axis(first=first, last=last - timedelta(days=1), ticks=ticks)


def _tick(month: date, lang: Lang) -> str:
    name = month_of(month, lang)
    short = name if lang == "zh" else name[:3]
    return say("pl_tick_year", lang, year=month.year) if month.month == 1 else short


def _month(on: date, later: int) -> date:
    """The first day of the month so many months later."""
    months = on.year * 12 + on.month - 1 + later
    return date(months // 12, months % 12 + 1, 1)


def _quarter(on: date) -> date:
    return date(on.year, on.month - (on.month - 1) % 3, 1)


def _chart(view: PlanView, axis: Axis) -> str:
    """The picture; the list below says the same, so it is hidden from screen readers and from narrow screens."""
    ticks = "".join(f"<span style='left:{axis.at(on)}%'>{escape(label)}</span>" for on, label in axis.ticks)
    lines = "".join(f"<i style='left:{axis.at(on)}%'></i>" for on, _ in axis.ticks)
    reviews = "".join(
        f"<i class='review' style='left:{axis.at(m.on)}%'></i>" for m in view.plan.meetings if axis.holds(m.on, m.on)
    )
    today = f"<i class='today' style='left:{axis.at(view.today)}%'><b>{escape(view.say('pl_today'))}</b></i>"
    rows = ""
    for title, of_it in (("pl_actions", view.plan.actions), ("pl_tl_goals", view.plan.goals)):
        shown = [line for line in _by_start(of_it) if axis.holds(line.start, line.due)]
        if shown:
            rows += f"<p class='tl-title'>{escape(view.say(title))}</p>{''.join(_bar(view, axis, line) for line in shown)}"
    return (
        f"<div class='tl' aria-hidden='true'><div class='tl-axis'><span></span><div class='tl-ticks'>{ticks}</div></div>"
        f"<div class='tl-body'><div class='tl-grid'>{lines}{reviews}{today}</div>{rows}</div></div>"
    )


def _by_start(lines: Sequence[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: (line.start, line.due) if line.role == "action" else (line.due, line.start))


def _bar(view: PlanView, axis: Axis, line: Line) -> str:
    left, right = axis.at(line.start), axis.at(line.due)
    state = view.state(line)
    text = view.words.of(line.text)
    beyond = " beyond" if line.due > axis.last else ""
    if line.role == "goal":
        shape = f"<span class='tl-way' style='left:{left}%;width:{right - left}%'></span>"
        shape += "" if beyond else f"<span class='tl-goal {state}' style='left:{right}%'></span>"
    else:
        shape = f"<span class='tl-bar {state}{beyond}' style='left:{left}%;width:{max(right - left, 1.0)}%'></span>"
    name = f"<span class='tl-name' title='{escape(text)}'>{escape(text)}</span>"
    return f"<div class='tl-row'>{name}<div class='tl-track'>{shape}</div></div>"


def _legend(view: PlanView) -> str:
    marks = (
        ("tl-key running", "pl_key_running"),
        ("tl-key ahead", "pl_key_ahead"),
        ("tl-key done", "pl_key_done"),
        ("tl-key late", "pl_key_late"),
        ("tl-key goal", "pl_key_goal"),
        ("tl-key review", "pl_key_review"),
    )
    shown = "".join(f"<span><i class='{css}'></i>{escape(view.say(key))}</span>" for css, key in marks)
    return f"<p class='tl-legend small' aria-hidden='true'>{shown}</p>"


# --- the list -----------------------------------------------------------------------------------------------------------


def _list(view: PlanView) -> str:
    """Everything that begins, is due or is reviewed, month by month."""
    months: dict[date, list[tuple[date, str]]] = {}
    late = [line for line in view.plan.lines if view.state(line) not in ("done", "dropped") and line.due < view.today]
    late.sort(key=lambda line: line.due)
    for on, html in sorted(_events(view), key=lambda event: event[0]):
        if on >= view.today.replace(day=1):
            months.setdefault(on.replace(day=1), []).append((on, html))
    body = ""
    if late:
        shown = "".join(_event(view, line.due, "pl_ev_late", view.words.of(line.text)) for line in late)
        body += f"<section class='month'><h3>{escape(view.say('pl_overdue'))}</h3><ol>{shown}</ol></section>"
    for month, events in months.items():
        shown = "".join(html for _, html in events)
        body += f"<section class='month'><h3>{escape(month_name(month, view.lang))}</h3><ol>{shown}</ol></section>"
    return card(f"<div class='months'>{body}</div>", title=view.say("pl_by_month"))


def _events(view: PlanView) -> Iterator[tuple[date, str]]:
    for line in view.plan.lines:
        state, text = view.state(line), view.words.of(line.text)
        if state in ("done", "dropped") or line.due < view.today:
            continue
        if line.role == "action" and line.start > view.today:
            yield line.start, _event(view, line.start, "pl_ev_start", text)
        yield line.due, _event(view, line.due, "pl_ev_goal" if line.role == "goal" else "pl_ev_due", text)
    for meeting in view.plan.meetings:
        if meeting.on >= view.today:
            yield meeting.on, _event(view, meeting.on, "pl_ev_review", titled(view.say(f"pl_review_{meeting.kind}")))


def _event(view: PlanView, on: date, key: str, text: str) -> str:
    """One day of the list; what is overdue stands under no month, so it needs the whole date."""
    when = view.day(on) if key == "pl_ev_late" else view.say("pl_day_only", day=on.day)
    return (
        f"<li class='{key.removeprefix('pl_').replace('_', '-')}'><time datetime='{on.isoformat()}'>{escape(when)}</time>"
        f"<span><b>{escape(view.say(key))}</b> {escape(text)}</span></li>"
    )
