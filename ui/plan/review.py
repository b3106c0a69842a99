"""The quarterly and the yearly review as four steps: look back, why not, what comes next, settle it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from coach.development.schema import Line, Review, ReviewRow, Trend
from coach.development.views import ReviewView
from coach.framework.files import Text
from ui.dates import day
from ui.html import Tone, badge, button, card, details, empty, escape, form, link, notice, table
from ui.plan.rows import row
from ui.plan.versions import sentences
from ui.plan.words import STATUSES, PlanView, readable, titled

KINDS = ("quarterly", "yearly")
STEPS = ("look", "why", "next", "settle")
_TONES: dict[str | None, Tone] = {"done": "good", "on_track": "info", "stuck": "warn", "dropped": "", None: ""}


def reviews_tab(view: PlanView, held: Sequence[ReviewView]) -> str:
    """Where a review begins or goes on, and those that were held."""
    begin = "".join(_begin(view, kind, held) for kind in KINDS)
    done = [each for each in held if each.state == "done"]
    if done:
        heads = tuple(view.say(key) for key in ("pl_r_when", "pl_r_kind", "pl_r_result", "pl_v_read"))
        rows = [_held(view, each) for each in reversed(done)]
        past = card(table(heads, rows, caption=view.say("pl_r_past")), title=view.say("pl_r_past"))
    else:
        past = notice(view.say("pl_r_none"))
    return f"<p class='lede'>{escape(view.say('pl_r_lede'))}</p><div class='two'>{begin}</div>{past}"


def _begin(view: PlanView, kind: str, held: Sequence[ReviewView]) -> str:
    name = titled(view.say(f"pl_review_{kind}"))
    coming = min((m.on for m in view.plan.meetings if m.kind == kind and m.on >= view.today), default=None)
    when = view.say("pl_r_planned", on=day(coming, view.lang)) if coming else view.say("pl_r_unplanned")
    open_ = next((r for r in held if r.review.kind == kind and r.state == "open"), None)
    key = f"pl_r_about_{kind}"
    body = f"<p>{escape(view.say(key))}</p><p class='small'>{escape(when)}</p>"
    label = view.say("pl_r_go_on" if open_ else "pl_r_begin")
    press = button(label, "hold", kind="primary" if _soonest(view) == kind else "plain", plan=view.plan.id, review_kind=kind)
    return card(f"{body}<div class='row'>{press}</div>", title=name)


def _soonest(view: PlanView) -> str:
    """The kind of the next review in the plan: the one to begin with."""
    coming = sorted((m.on, m.kind) for m in view.plan.meetings if m.on >= view.today)
    return coming[0][1] if coming else "quarterly"


def _held(view: PlanView, each: ReviewView) -> tuple[str, str, str, str]:
    review = each.review
    summary = readable(review.summary.of(view.lang), view.lang, {review.on})
    opens = link(view.say("pl_v_open"), view.href("review", review=each.id))
    return escape(day(review.on, view.lang)), escape(titled(view.say(f"pl_review_{review.kind}"))), escape(summary), opens


# --- one review ---------------------------------------------------------------------------------------------------------


def review_page(view: PlanView, held: ReviewView, step: str, changes: Sequence[Text]) -> str:
    """One review: its steps while it is open, what came of it when it is done."""
    back = link(view.say("pl_r_back"), view.href("review"))
    title = view.say("pl_r_title", kind=titled(view.say(f"pl_review_{held.review.kind}")), on=day(held.review.on, view.lang))
    head = f"<div class='row spread'><h2>{escape(title)}</h2>{back}</div>"
    if held.state == "done":
        return head + _finished(view, held, changes)
    if held.review.version != view.plan.version:
        again = button(view.say("pl_r_again"), "hold", kind="primary", plan=view.plan.id, review_kind=held.review.kind)
        return head + empty(view.say("pl_r_old"), view.say("pl_r_old_why"), again)
    if not held.review.rows:
        return head + empty(view.say("pl_r_empty"), view.say("pl_r_empty_why"), link(view.say("pl_to_board"), view.href("board")))
    step = step if step in STEPS else STEPS[0]
    body = {"look": _look, "why": _why, "next": _next, "settle": _settle}[step](view, held)
    return f"{head}{_steps(view, held, step)}{body}"


def _steps(view: PlanView, held: ReviewView, current: str) -> str:
    shown = ""
    for number, step in enumerate(STEPS, 1):
        here = " aria-current='step'" if step == current else ""
        label = f"<span class='n'>{number}</span>{escape(view.say(f'pl_step_{step}'))}"
        shown += f"<li><a href='{escape(view.href('review', review=held.id, step=step))}'{here}>{label}</a></li>"
    return f"<nav aria-label='{escape(view.say('pl_steps'))}'><ol class='steps'>{shown}</ol></nav>"


def _on(view: PlanView, held: ReviewView, back: str, forth: str) -> str:
    """The ways to the step before and after."""
    links = link(view.say("pl_step_back"), view.href("review", review=held.id, step=back), kind="quiet") if back else ""
    to_next = view.say("pl_step_on", step=view.say(f"pl_step_{forth}"))
    links += link(to_next, view.href("review", review=held.id, step=forth), kind="primary")
    return f"<div class='row spread step-end'>{'' if back else '<span></span>'}{links}</div>"


def _look(view: PlanView, held: ReviewView) -> str:
    review = held.review
    counts = {status: sum(1 for r in review.rows if r.status == status) for status in STATUSES}
    silent = sum(1 for r in review.rows if r.status is None and r.planned <= review.on)
    waiting = len(review.rows) - silent - sum(counts.values())
    tiles = [(view.say(f"pl_told_{s}"), n) for s, n in counts.items()]
    tiles += [(view.say("desk_no_news"), silent), (view.say("desk_not_due"), waiting)]
    shown = "".join(f"<div class='tile{'' if n else ' none'}'><b>{n}</b><span>{escape(name)}</span></div>" for name, n in tiles)
    order = sorted(review.rows, key=lambda r: (r.status is None, r.planned))
    rows = "".join(_looked(view, review, r) for r in order)
    listed = f"<ul class='looked'>{rows}</ul>"
    trends = _trends(view, held) if review.trends or review.stage else ""
    lede = f"<p class='lede'>{escape(view.say('pl_look_lede'))}</p>"
    return trends + card(
        f"{lede}<div class='tiles'>{shown}</div>{listed}{_on(view, held, '', 'why')}", title=view.say("pl_step_look")
    )


def _looked(view: PlanView, review: Review, r: ReviewRow) -> str:
    words = f"<p class='said small'>{escape(r.shown or r.obstacle)}</p>" if r.shown or r.obstacle else ""
    due = view.say("pl_planned", on=day(r.planned, view.lang, view.today))
    return (
        f"<li><div class='due-head'><p><strong>{escape(r.text.of(view.lang))}</strong></p>{_status(view, review, r)}</div>"
        f"<p class='small'>{escape(due)}</p>{words}</li>"
    )


def _status(view: PlanView, review: Review, r: ReviewRow) -> str:
    if r.status is None:
        late = r.planned <= review.on
        return badge(view.say("desk_no_news" if late else "desk_not_due"), "bad" if late else "")
    return badge(view.say(f"pl_told_{r.status}"), _TONES[r.status])


def _trends(view: PlanView, held: ReviewView) -> str:
    """The yearly part: the stage and the levels, then and now."""
    words, review = view.words, held.review
    stage = ""
    if review.stage and held.plan:
        told = view.say(
            "pl_stage", before=words.stage(held.plan.stage), now=words.stage(review.stage), target=words.stage(held.plan.target)
        )
        stage = f"<p>{escape(told)}</p>"
    rows = [
        (escape(words.pillar(t.pillar)), escape(words.level(t.before)), escape(words.level(t.now)), _trend(view, t))
        for t in review.trends
    ]
    heads = tuple(view.say(key) for key in ("doc_pillar", "desk_before", "doc_now", "desk_trend"))
    return card(stage + table(heads, rows, caption=view.say("pl_trends")), title=view.say("pl_trends"))


def _trend(view: PlanView, trend: Trend) -> str:
    if trend.now is None or trend.before is None:
        return escape(view.say("desk_trend_first" if trend.now is not None else "desk_trend_none"))
    if trend.now == trend.before:
        return escape(view.say("desk_trend_same"))
    up = trend.now > trend.before
    told = view.say("desk_trend_up" if up else "desk_trend_down", n=abs(trend.now - trend.before))
    return badge(told, "good" if up else "warn")


def _why(view: PlanView, held: ReviewView) -> str:
    review = held.review
    open_ = [r for r in review.rows if _unexplained(r, review.on)]
    asked = "".join(f"<li>{escape(q.of(view.lang))}</li>" for q in review.questions)
    think = f"<section class='stack'><h3>{escape(view.say('pl_why_think'))}</h3><ul>{asked}</ul></section>" if asked else ""
    body = f"<p class='lede'>{escape(view.say('pl_why_lede'))}</p>"
    lines = [line for line in (_line(view, r.line) for r in open_) if line]
    if lines:
        rows = "".join(row(view, line) for line in lines)
        known: dict[str, Any] = {
            "plan": view.plan.id,
            "version": view.plan.version,
            "review_kind": review.kind,
            "review": held.id,
        }
        body += form("tell_review", rows, view.say("pl_why_keep"), kind="plain", classes="ck", **known)
    else:
        body += notice(view.say("pl_why_nothing"), "good")
    return card(body + think + _on(view, held, "look", "next"), title=view.say("pl_step_why"))


def _unexplained(r: ReviewRow, on: date) -> bool:
    """What has to be asked about: late without news, stuck or given up, done with nothing to show for it."""
    if r.status is None:
        return r.planned <= on
    return r.status in ("stuck", "dropped") or (r.status == "done" and not r.shown)


def _line(view: PlanView, line_id: str) -> Line | None:
    return next((line for line in view.plan.lines if line.id == line_id), None)


def _next(view: PlanView, held: ReviewView) -> str:
    """What the coach proposes for each line, and why: what changes first, what goes on as it is folded away."""
    changed = [r for r in held.review.rows if _changes(r)]
    same = [r for r in held.review.rows if not _changes(r)]
    body = f"<p class='lede'>{escape(view.say('pl_next_lede'))}</p>"
    if changed:
        body += f"<ul class='looked'>{''.join(_proposed(view, held, r) for r in changed)}</ul>"
    else:
        body += notice(view.say("pl_next_nothing"), "good")
    if same:
        shown = f"<ul class='looked'>{''.join(_proposed(view, held, r) for r in same)}</ul>"
        body += details(view.say("pl_next_same", n=len(same)), shown, details_id="next-same")
    return card(body + _on(view, held, "why", "settle"), title=view.say("pl_step_next"))


def _changes(r: ReviewRow) -> bool:
    return bool(r.due or r.replaced_by or r.status in ("done", "dropped"))


def _proposed(view: PlanView, held: ReviewView, r: ReviewRow) -> str:
    dates = view.dates(*([held.plan] if held.plan else [])) | {d for d in (r.due, r.planned) if d}
    change = readable(r.change.of(view.lang), view.lang, dates | _replacing(held))
    key = _outcome(r)
    tone: dict[str, Tone] = {"replace": "info", "done": "good", "prove": "warn", "move": "warn", "drop": "", "keep": ""}
    mark = badge(view.say(f"pl_do_{key}"), tone[key])
    return (
        f"<li><div class='due-head'><p><strong>{escape(r.text.of(view.lang))}</strong></p>{mark}</div>"
        f"<p>{escape(change)}</p></li>"
    )


def _outcome(r: ReviewRow) -> str:
    """What becomes of a line, as the end of its key."""
    if r.status == "done":
        return "done" if r.shown else "prove"
    if r.replaced_by:
        return "replace"
    if r.status == "dropped":
        return "drop"
    return "move" if r.due else "keep"


def _replacing(held: ReviewView) -> set[date]:
    """The dates named for actions that take another's place; they stand in no plan yet."""
    found: set[date] = set()
    for r in held.review.rows:
        if r.replaced_by:
            for part in r.change.en.replace(",", " ").replace(".", " ").split():
                try:
                    found.add(date.fromisoformat(part))
                except ValueError:
                    continue
    return found


def _settle(view: PlanView, held: ReviewView) -> str:
    review = held.review
    counted = {
        "done": sum(1 for r in review.rows if r.status == "done" and r.shown),
        "move": sum(1 for r in review.rows if r.due and not r.replaced_by),
        "replace": sum(1 for r in review.rows if r.replaced_by),
        "drop": sum(1 for r in review.rows if r.status == "dropped"),
    }
    told = "".join(f"<li>{escape(view.say(f'pl_settle_{name}', n=n))}</li>" for name, n in counted.items() if n)
    told = f"<ul>{told}</ul>" if told else f"<p>{escape(view.say('pl_settle_nothing'))}</p>"
    accept = button(view.say("pl_accept", n=view.plan.version + 1), "accept", kind="primary", review=held.id)
    back = link(view.say("pl_step_back"), view.href("review", review=held.id, step="next"), kind="quiet")
    body = (
        f"<p class='lede'>{escape(view.say('pl_settle_lede', n=view.plan.version + 1))}</p>{told}"
        f"<div id='fault-review' role='alert'></div><div class='row spread step-end'>{back}{accept}</div>"
    )
    return card(body, title=view.say("pl_step_settle")) + _files(view, held)


def _finished(view: PlanView, held: ReviewView, changes: Sequence[Text]) -> str:
    summary = readable(held.review.summary.of(view.lang), view.lang, {held.review.on})
    told = "".join(f"<li>{escape(text)}</li>" for text in sentences(view, changes, *([held.plan] if held.plan else [])))
    listed = (
        f"<h3>{escape(view.say('pl_r_changed', n=held.review.version + 1))}</h3><ul class='changes'>{told}</ul>" if told else ""
    )
    board = link(view.say("pl_to_board"), view.href("board"), kind="primary")
    body = f"<p>{escape(summary)}</p>{listed}<div class='row'>{board}</div>"
    done = notice(view.say("pl_r_done", n=held.review.version + 1), "good")
    trends = _trends(view, held) if held.review.trends or held.review.stage else ""
    return done + card(body, title=view.say("pl_r_result")) + trends + _files(view, held)


def _files(view: PlanView, held: ReviewView) -> str:
    """The review as a document."""
    links = "".join(
        link(view.say(f"pl_as_{f}"), f"/api/reviews/{held.id}/export?format={f}&lang={view.lang}", kind="plain", download=True)
        for f in ("pdf", "docx", "md")
    )
    return card(
        f"<p class='small'>{escape(view.say('pl_r_files_why'))}</p><div class='row'>{links}</div>", title=view.say("pl_r_files")
    )
