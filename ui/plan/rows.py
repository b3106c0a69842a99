"""Checking in: a row for each line, one submit for all; used at the top of the page, on its own view and within a review."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from coach.development.schema import MAX_FIELD, CheckIn, Line
from coach.errors import InputError
from coach.messages import say
from ui.html import attributes, card, details, empty, escape, field, form, link
from ui.plan.words import STATUSES, PlanView
from ui.shell import Values
from ui.visit import Visit


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a form of rows told, and the lines that somebody wrote about without saying where they stand."""

    checkins: tuple[CheckIn, ...]
    unclear: tuple[str, ...]


def row(view: PlanView, line: Line, *, choices: Sequence[str] = STATUSES, heading: bool = True) -> str:
    """Where one line stands, in one press, and a sentence for whoever wants to add one."""
    name = escape(view.words.of(line.text))
    legend = f"<legend>{name}</legend>" if heading else f"<legend class='sr'>{name}</legend>"
    radios = "".join(
        f"<label><input type='radio'{attributes({'name': f'status.{line.id}', 'value': value, 'id': f'ck-{line.id}-{value}'})}>"
        f"<span>{escape(view.say(f'pl_told_{value}'))}</span></label>"
        for value in choices
    )
    sentence = field(f"words.{line.id}", view.say("pl_ck_words"), help_=view.say("pl_ck_words_help"))
    following = field(f"next.{line.id}", view.say("pl_ck_next"))
    done = view.say("pl_ck_done", evidence=view.words.of(line.evidence))
    state = f"<p class='small ck-state'>{view.badge(line)} {escape(view.due_words(line))}</p>"
    return (
        f"<fieldset class='ck-row'>{legend}{state if heading else ''}"
        f"<div class='seg'>{radios}</div><div class='ck-more'><p class='small ck-if-done'>{escape(done)}</p>"
        f"{sentence}<div class='ck-next'>{following}</div></div></fieldset>"
    )


def checkin_tab(view: PlanView) -> str:
    """The view that is done in under a minute: what is due or under way, and the rest folded away."""
    open_ = [line for line in view.plan.lines if view.state(line) not in ("done", "dropped")]
    urgent = [line for line in open_ if view.state(line) in ("late", "soon", "stuck")]
    running = [line for line in open_ if line not in urgent and line.role == "action" and line.start <= view.today]
    rest = [line for line in open_ if line not in urgent and line not in running]
    told = [line for line in view.plan.lines if line.status == "open" and line not in open_]
    if not open_ and not told:
        to_review = link(view.say("pl_to_review"), view.href("review"), kind="primary")
        return empty(view.say("pl_ck_nothing"), view.say("pl_ck_nothing_why"), to_review)
    body = ""
    if urgent:
        body += _group(view.say("pl_ck_urgent"), view, sorted(urgent, key=lambda line: line.due))
    if running:
        body += _group(view.say("pl_ck_running"), view, sorted(running, key=lambda line: line.due))
    if rest:
        shown = "".join(row(view, line) for line in sorted(rest, key=lambda line: (line.role == "goal", line.start)))
        folded = details(view.say("pl_ck_rest", n=len(rest)), shown, details_id="ck-rest", open_=not (urgent or running))
        body += f"<div>{folded}</div>"
    if told:
        shown = "".join(row(view, line) for line in told)
        body += f"<div>{details(view.say('pl_ck_told', n=len(told)), shown, details_id='ck-told')}</div>"
    clear = f"<button type='reset' class='btn quiet'>{escape(view.say('pl_ck_clear'))}</button>"
    asked = form(
        "checkin", body, view.say("pl_ck_submit"), more=clear, classes="ck", plan=view.plan.id, version=view.plan.version
    )
    return card(f"<p class='lede'>{escape(view.say('pl_ck_lede'))}</p>{asked}", title=view.say("pl_ck_title"))


def _group(title: str, view: PlanView, lines: Sequence[Line]) -> str:
    return f"<section class='stack'><h3>{escape(title)}</h3>{''.join(row(view, line) for line in lines)}</section>"


def read_rows(visit: Visit, values: Values) -> Told:
    """The check-ins of a form. Raises InputError for words that are too long; nothing is kept then."""
    found: list[CheckIn] = []
    unclear: list[str] = []
    lines = dict.fromkeys(name.partition(".")[2] for name in values.names() if name.startswith(("status.", "words.", "next.")))
    for line in lines:
        status, said = values.text(f"status.{line}"), values.text(f"words.{line}")
        following = values.text(f"next.{line}") if status != "done" else ""
        if status:
            found.append(_checkin(visit, line, status, "\n".join(part for part in (said, following) if part)))
        elif said or following:
            unclear.append(line)
    return Told(checkins=tuple(found), unclear=tuple(unclear))


def _checkin(visit: Visit, line: str, status: str, words: str) -> CheckIn:
    """What shows it stands with what is done or under way, what is in the way with the rest; in the person's own words."""
    kind = "evidence" if status in ("done", "on_track") else "obstacle"
    try:
        return CheckIn.model_validate({"line": line, "on": visit.today, "status": status, kind: words})
    except ValidationError as error:
        if any(e["type"] == "string_too_long" for e in error.errors()):
            raise InputError(say("pl_ck_long", visit.lang, limit=MAX_FIELD), hint=say("pl_kept_on_page", visit.lang)) from error
        raise InputError(say("pl_ck_wrong", visit.lang), hint=say("pl_reload", visit.lang)) from error
