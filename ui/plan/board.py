"""The board of a plan: what needs attention today, the goals, and the actions in three columns: now, next, behind you."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from coach.development.calendar import rate
from coach.development.schema import Line
from coach.documents.words import shortened
from ui.html import Option, badge, button, card, details, dialog, dialog_button, escape, field, form, link, notice, select
from ui.plan.rows import row
from ui.plan.words import PlanView

_IN_SIGHT = 3
_NEXT_DAYS = 120
"""What begins later than that waits folded away: nobody plans their week by it."""
_HORIZONS = ("short", "middle", "long")


def attention_html(view: PlanView) -> str:
    """What needs attention today, each with a way to tell where it stands right there."""
    lines, meetings = view.attention()
    if not lines and not meetings:
        coming = (line for line in view.plan.lines if view.state(line) not in ("done", "dropped"))
        soonest = min(coming, key=lambda line: line.due, default=None)
        calm = view.say("pl_calm_next", text=view.words.of(soonest.text), due=view.day(soonest.due)) if soonest else ""
        return notice(" ".join([view.say("pl_calm"), calm]).strip(), "good")
    items = "".join(_reminder(view, line) for line in lines[:_IN_SIGHT])
    for meeting in meetings:
        days = (meeting.on - view.today).days
        told = view.say("pl_review_soon", kind=view.say(f"pl_review_{meeting.kind}"), on=view.day(meeting.on), days=days)
        to_review = link(view.say("pl_start_review"), view.href("review"), kind="plain")
        items += f"<li class='due'><div class='due-head'><p>{escape(told)}</p>{to_review}</div></li>"
    more = ""
    if len(lines) > _IN_SIGHT:
        more = f"<p>{link(view.say('pl_attention_more', n=len(lines) - _IN_SIGHT), view.href('checkin'))}</p>"
    return card(f"<ul class='dues'>{items}</ul>{more}", title=view.say("pl_attention"), classes="attention")


def _reminder(view: PlanView, line: Line) -> str:
    days = (line.due - view.today).days
    key = "pl_nudge_late" if days < 0 else "pl_nudge_soon" if days else "pl_nudge_today"
    told = view.say(key, due=view.day(line.due), days=abs(days))
    asked = form(
        "checkin",
        row(view, line, heading=False),
        view.say("pl_ck_one"),
        classes="ck",
        plan=view.plan.id,
        version=view.plan.version,
    )
    head = f"<div class='due-head'><p><strong>{escape(view.words.of(line.text))}</strong></p>{view.badge(line)}</div>"
    tell = details(view.say("pl_tell"), asked, details_id=f"tell-{line.id}")
    return f"<li class='due'>{head}<p class='small'>{escape(told)}</p>{tell}</li>"


def board_tab(view: PlanView) -> str:
    """Goals above, then the columns; the dialogs of all lines stand at the end."""
    lines = view.plan.lines
    dialogs = "".join(_edit_dialog(view, line) for line in lines if view.state(line) not in ("done", "dropped"))
    return f"{attention_html(view)}{_goals(view)}{_columns(view)}{dialogs}{_add_dialog(view)}{passage_dialog(view)}"


def _goals(view: PlanView) -> str:
    words = view.words
    columns = ""
    for horizon in view.framework.plan.horizons[::-1]:
        of_it = sorted((g for g in view.plan.goals if g.horizon == horizon.id), key=lambda g: g.due)
        if of_it:
            shown = "".join(_goal(view, goal) for goal in of_it)
            columns += f"<section class='goal-column'><h3>{escape(words.horizon(horizon.id))}</h3><ul>{shown}</ul></section>"
    if not columns:
        return ""
    far = max(view.plan.goals, key=lambda goal: goal.due)
    about = f"<p class='far'>{escape(words.of(far.text))} <span class='small'>{escape(view.due_words(far))}</span></p>"
    counted = view.say("pl_goals_count", n=len(view.plan.goals))
    body = about + details(counted, f"<div class='goals'>{columns}</div>", details_id="goals")
    return card(body, title=view.say("pl_goals"))


def _goal(view: PlanView, goal: Line) -> str:
    state = view.state(goal)
    mark = view.badge(goal) if state in ("late", "soon", "stuck", "done", "dropped") else ""
    return (
        f"<li class='goal {state}'><p class='goal-text'>{escape(view.words.of(goal.text))}</p>"
        f"<p class='small'>{mark} {escape(view.due_words(goal))}</p>{_told(view, goal)}"
        f"{details(view.say('pl_goal_more'), _more(view, goal), details_id=f'more-{goal.id}')}</li>"
    )


def _columns(view: PlanView) -> str:
    now: list[Line] = []
    soon: list[Line] = []
    later: list[Line] = []
    behind: list[Line] = []
    for line in sorted(view.plan.actions, key=lambda each: (each.due, each.start)):
        state = view.state(line)
        if state in ("done", "dropped"):
            behind.append(line)
        elif state != "ahead":
            now.append(line)
        elif line.start <= view.today + timedelta(days=_NEXT_DAYS):
            soon.append(line)
        else:
            later.append(line)
    now.sort(key=lambda line: (view.state(line) not in ("late", "stuck"), line.due))
    hours = sum(rate(line) for line in now if line.start <= view.today <= line.due)
    load = view.say("pl_load", hours=_hours(hours)) if hours else ""
    add = dialog_button(view.say("pl_add"), "add-line")
    parts = (
        _column(view, "pl_column_now", now, load, "pl_column_now_empty"),
        _column(view, "pl_column_next", soon, "", "pl_column_next_empty", later),
        _column(view, "pl_column_behind", behind, "", "pl_column_behind_empty"),
    )
    head = f"<div class='row spread'><h2>{escape(view.say('pl_actions'))}</h2>{add}</div>"
    return f"<section class='stack'>{head}<div class='board'>{''.join(parts)}</div></section>"


def _column(view: PlanView, key: str, lines: Sequence[Line], note: str, nothing: str, folded: Sequence[Line] = ()) -> str:
    title = f"<h3>{escape(view.say(key))} <span class='count'>{len(lines) + len(folded)}</span></h3>"
    noted = f"<p class='small'>{escape(note)}</p>" if note else ""
    body = _by_gap(view, lines) if lines else ""
    if folded:
        later = view.say("pl_later", n=len(folded), on=view.day(min(line.start for line in folded)))
        body += details(later, _by_gap(view, folded), details_id="board-later", open_=False)
    if not body:
        body = f"<p class='small nothing'>{escape(view.say(nothing))}</p>"
    return f"<section class='column {key.rpartition('_')[2]}'><div class='column-head'>{title}{noted}</div>{body}</section>"


def _by_gap(view: PlanView, lines: Sequence[Line]) -> str:
    """The cards under the gap each works on, the most urgent gap first."""
    groups: dict[str, list[Line]] = {}
    for line in lines:
        groups.setdefault(line.pillar or "", []).append(line)
    shown = ""
    for pillar, of_it in groups.items():
        name = view.words.pillar(pillar) if pillar else view.say("pl_own_group")
        cards = "".join(_action(view, line) for line in of_it)
        shown += f"<section class='gap'><h4>{escape(name)}{_gap(view, pillar)}</h4>{cards}</section>"
    return shown


def _gap(view: PlanView, pillar: str) -> str:
    gap = next((g for g in view.plan.gaps if g.pillar == pillar), None)
    if gap is None:
        return ""
    key = "pl_gap_unknown" if gap.own is None else "pl_gap"
    return f" <span class='small'>{escape(view.say(key, own=gap.own, wanted=gap.wanted))}</span>"


def _action(view: PlanView, line: Line) -> str:
    facts = [view.due_words(line)]
    if view.state(line) == "ahead":
        facts = [view.say("pl_span", start=view.day(line.start), due=view.day(line.due))]
    if line.hours:
        facts.append(view.say("pl_hours", week=_hours(rate(line)), total=line.hours))
    if line.cost.strip() and line.cost != "free":
        facts.append(view.words.cost(line.cost))
    kind = badge(view.words.kind(line)) if line.kind else ""
    own = badge(view.say("pl_own"), "info") if line.own else ""
    measure = f"<p class='small'><b>{escape(view.say('pl_measure'))}</b> {escape(view.words.of(line.measure))}</p>"
    state = view.state(line)
    change = dialog_button(view.say("pl_edit"), f"edit-{line.id}", kind="quiet") if state not in ("done", "dropped") else ""
    if line.status == "dropped":
        change = button(view.say("pl_again"), "reopen", kind="quiet", plan=view.plan.id, version=view.plan.version, line=line.id)
    return (
        f"<article class='action {state}' id='line-{line.id}'><div class='marks'>{view.badge(line)}{kind}{own}</div>"
        f"<h5>{escape(view.words.of(line.text))}</h5><p class='small facts'>{escape(' · '.join(facts))}</p>{measure}"
        f"{_told(view, line)}{details(view.say('pl_more'), _more(view, line), details_id=f'more-{line.id}')}"
        f"{change}</article>"
    )


def _told(view: PlanView, line: Line) -> str:
    """The last check-in, with the person's own words."""
    told = view.told.get(line.id)
    if told is None:
        return ""
    words = told.evidence or told.obstacle
    quoted = f"<p class='said small'>{escape(shortened(words, 400))}</p>" if words else ""
    head = view.say("pl_last_told", on=view.day(told.on), status=view.say(f"pl_told_{told.status}"))
    return f"<div class='told'><p class='small'>{escape(head)}</p>{quoted}</div>"


def _more(view: PlanView, line: Line) -> str:
    """First step, measure, evidence, caution, and the sentence the line rests on."""
    words = view.words
    parts = [("pl_how", words.of(line.how))] if line.how else []
    if line.role == "goal":
        parts.append(("pl_measure", words.of(line.measure)))
    parts.append(("pl_evidence", words.of(line.evidence)))
    shown = "".join(f"<div><dt>{escape(view.say(key))}</dt><dd>{escape(text)}</dd></div>" for key, text in parts)
    caution = notice(view.say("pl_caution", text=words.of(line.caution)), "warn") if line.caution else ""
    review = f"<p class='small'>{escape(view.say('pl_review_on', on=view.day(line.review)))}</p>"
    edit = ""
    if line.role == "goal" and view.state(line) not in ("done", "dropped"):
        edit = dialog_button(view.say("pl_edit"), f"edit-{line.id}", kind="quiet")
    return f"<dl class='facts-list'>{shown}</dl>{caution}{_source(view, line)}{review}{edit}"


def _source(view: PlanView, line: Line) -> str:
    words, source = view.words, line.source
    if not source.article:
        return f"<p class='small'>{escape(view.say('pl_source_own'))}</p>"
    label = view.say("pl_source", title=words.of(source.title), label=words.of(source.label))
    opens = (
        f"<button type='button' class='cite-link' data-passage='{escape(source.article)}.{view.lang}' "
        f"data-quote='{escape(words.of(source.quote))}' aria-haspopup='dialog'>{escape(label)}</button>"
    )
    return f"<blockquote class='rests'><p>{escape(words.of(source.quote))}</p><footer>{opens}</footer></blockquote>"


def passage_dialog(view: PlanView) -> str:
    """The dialog that plan.js fills with the passage a line rests on."""
    body = (
        f"<div id='plan-passage-body' class='stack' aria-live='polite' data-waiting='{escape(view.say('pl_passage_waiting'))}' "
        f"data-missing='{escape(view.say('pl_passage_missing'))}'></div>"
    )
    return dialog("plan-passage", view.say("pl_passage"), body, view.say("pl_close"))


# --- changing a line ---------------------------------------------------------------------------------------------------


def _edit_dialog(view: PlanView, line: Line) -> str:
    words = view.words
    known: dict[str, Any] = {"plan": view.plan.id, "version": view.plan.version, "line": line.id}
    fields = (
        field(f"text.{line.id}", view.say("pl_what"), words.of(line.text), rows=2, required=True)
        + field(f"measure.{line.id}", view.say("pl_measure_label"), words.of(line.measure), rows=3, required=True)
        + field(f"evidence.{line.id}", view.say("pl_evidence_label"), words.of(line.evidence), rows=2, required=True)
        + field(
            f"due.{line.id}",
            view.say("pl_due_label"),
            line.due.isoformat(),
            kind="date",
            help_=view.say("pl_due_help", on=view.day(line.review)),
            required=True,
        )
    )
    faults = f"<div id='fault-{line.id}' role='alert'></div>"
    keep = form("edit", fields + faults, view.say("pl_keep"), **known)
    reason = field(f"why.{line.id}", view.say("pl_drop_why"), help_=view.say("pl_drop_help"), rows=2)
    drop_fault = f"<div id='fault-drop-{line.id}' role='alert'></div>"
    drop = form("drop", reason + drop_fault, view.say("pl_drop_yes"), kind="danger", **known)
    body = f"<div class='stack'>{keep}{details(view.say('pl_drop'), drop, details_id=f'drop-{line.id}')}</div>"
    return dialog(f"edit-{line.id}", view.say("pl_edit_title"), body, view.say("pl_close"))


def _add_dialog(view: PlanView) -> str:
    pillars = [Option(value=p.id, label=p.name.of(view.lang)) for p in view.framework.pillars]
    kinds = [Option(value=k.id, label=k.name.of(view.lang)) for k in view.framework.plan.action_kinds]
    nothing = [Option(value="", label=view.say("pl_choose_none"))]
    body = (
        field("new.text", view.say("pl_what"), rows=2, placeholder=view.say("pl_what_example"), required=True)
        + field("new.measure", view.say("pl_measure_label"), placeholder=view.say("pl_measure_example"), required=True)
        + field("new.evidence", view.say("pl_evidence_label"), placeholder=view.say("pl_evidence_example"), required=True)
        + field("new.due", view.say("pl_due_label"), kind="date", least=view.today.isoformat(), required=True)
        + f"<div class='two'>{select('new.pillar', view.say('pl_pillar_label'), nothing + pillars)}"
        + f"{select('new.kind', view.say('pl_kind_label'), nothing + kinds)}</div>"
        + field("new.hours", view.say("pl_hours_label"), kind="number", least="1", most="400", help_=view.say("pl_hours_help"))
        + "<div id='fault-new' role='alert'></div>"
    )
    asked = form("add", body, view.say("pl_add_keep"), plan=view.plan.id, version=view.plan.version)
    return dialog("add-line", view.say("pl_add_title"), asked, view.say("pl_close"))


def _hours(hours: float) -> str:
    """Hours of a week, to the half."""
    return f"{max(0.5, round(hours * 2) / 2):g}"
