"""The first view of the page about the person: stage and what it rests on, the chart, each ability, and the next step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from coach.development.schema import Held, LevelResult, Missing, Shown
from coach.development.views import StandingView
from coach.documents.chart import Axis, Known, Radar, radar_svg
from coach.framework.schema import Framework, Gate, Stage
from coach.messages import say
from coach.types import Lang
from ui.dates import day
from ui.html import badge, card, details, escape, field, form, link, notice, table
from ui.me.words import address, level_name, said

FIRST = ("role", "reports_to", "team_size", "budget", "revenue_duty", "seat_at_table")
"""The fields asked first: enough for a first stage in a minute and a half."""
_LABEL_UNITS = 100
"""Width a label of the chart is wrapped at: the chart has to be readable on a phone."""
_QUOTES = 2

Next = Literal["start", "go_on", "plan", "follow"]


@dataclass(frozen=True, kw_only=True)
class Overview:
    """What the view is made of.

    `waiting` counts what the coach inferred and nobody confirmed; `planned`: there is a plan.
    """

    standing: StandingView
    framework: Framework
    lang: Lang
    waiting: int = 0
    planned: bool = False

    def say(self, key: str, **values: object) -> str:
        """A sentence of the catalogue in the reader's language."""
        return say(key, self.lang, **values)

    @property
    def next(self) -> Next:
        """The one thing to do now."""
        if self.standing.under_way and self.standing.answered:
            return "go_on"
        if self.planned:
            return "follow"
        return "plan" if self.standing.assessed else "start"


def overview_html(view: Overview) -> str:
    """The view of somebody of whom something is known."""
    waiting = f"<p class='lede'>{escape(view.say('me_lede'))}</p>"
    if view.waiting:
        more = link(view.say("me_wait_press"), address("profile"))
        waiting += notice(view.say("me_wait_notice", n=view.waiting), "warn", more=f"<p>{more}</p>")
    return f"{waiting}{_next(view)}{_stage(view)}{_chart(view)}{_pillars(view)}"


def welcome_html(framework: Framework, fields: dict[str, str], lang: Lang) -> str:
    """The view of somebody who has told nothing yet: what to do, and the questions for it right there.

    `fields` names the profile field that answers each gate condition; the gate's own question is asked.
    """
    asks = {fields[g.id]: g.question.of(lang) for g in framework.gates.conditions if g.id in fields}
    asks |= {"role": say("me_first_role", lang)}
    boxes = "".join(field(name, asks[name]) for name in FIRST if name in asks)
    steps = "".join(f"<li>{escape(say(f'me_first_{n}', lang))}</li>" for n in ("1", "2", "3"))
    small = f"<p class='small'>{escape(say('me_first_private', lang))}</p>"
    body = f"<ol class='lede'>{steps}</ol>{form('first', boxes, say('me_first_submit', lang), classes='me-first')}{small}"
    return card(body, title=say("me_first_title", lang))


# --- the next step ---------------------------------------------------------------------------------------------------


def _next(view: Overview) -> str:
    to = address("assess", id=view.standing.under_way) if view.next in ("start", "go_on") else "/plan"
    why = view.say(f"me_do_{view.next}_why", n=view.standing.answered)
    press = link(view.say(f"me_do_{view.next}_press"), to, kind="primary")
    label = f"<p class='small'>{escape(view.say('me_do_label'))}</p>"
    title = f"<h2 id='me-next-title'>{escape(view.say(f'me_do_{view.next}'))}</h2>"
    text = f"<div>{label}{title}<p>{escape(why)}</p></div>"
    return f"<section class='sheet soft me-next' aria-labelledby='me-next-title'>{text}{press}</section>"


# --- the stage -------------------------------------------------------------------------------------------------------


def _stage(view: Overview) -> str:
    standing = view.standing.found.standing
    stage = view.framework.stage(standing.stage)
    if view.standing.placed:
        head = f"<p class='me-stage'>{escape(stage.name.of(view.lang))}</p>"
        sure = badge(view.say(f"me_now_sure_{standing.confidence}"), "good" if standing.confidence == "high" else "")
        head = f"<div class='row'>{head}{sure}</div><p class='lede'>{escape(stage.theme.of(view.lang))}</p>{_ladder(view, stage)}"
    else:
        head = f"<p class='me-stage'>{escape(view.say('me_now_open'))}</p>"
    note = f"<p>{escape(standing.note.of(view.lang))}</p>" if standing.note else ""
    rule = f"<p class='small'>{escape(view.framework.gates.note.of(view.lang))}</p>"
    return card(f"{head}{note}{_gates(view)}{rule}", title=view.say("me_now_title"))


def _ladder(view: Overview, here: Stage) -> str:
    """The road, with the place on it and the goal; a stage that is own judgement only for those who stand there."""
    target, profile = view.standing.found.target, view.standing.found.profile
    named = bool(profile.target or profile.interest)
    steps = ""
    for stage in view.framework.stages:
        if stage.own_judgement and stage.id != here.id:
            continue
        marks = [view.say("me_now_here")] if stage.id == here.id else []
        marks += [view.say("me_now_target" if named else "me_now_following")] if stage.id == target != here.id else []
        now = " aria-current='step'" if stage.id == here.id else ""
        passed = " class='passed'" if stage.order < here.order else ""
        mark = f"<small>{escape(' · '.join(marks))}</small>" if marks else ""
        steps += f"<li{now}{passed}><span>{escape(stage.name.of(view.lang))}</span>{mark}</li>"
    return f"<ol class='me-ladder' aria-label='{escape(view.say('me_now_ladder'))}'>{steps}</ol>"


def _gates(view: Overview) -> str:
    """Every gate condition: the person's words on it, what the next stage asks for, and how the two stand to each other.

    What is missing comes first, then what is open; what was never spoken of and is not asked for either is left out.
    """
    standing = view.standing.found.standing
    missing = {m.condition: m for m in standing.missing}
    held = {h.condition: h for h in standing.held}
    gates = sorted(
        view.framework.gates.conditions, key=lambda g: (g.id not in missing, g.id in missing and not missing[g.id].known)
    )
    rows = "".join(
        _gate(view, g, held.get(g.id), missing.get(g.id)) for g in gates if g.id in missing or _told_of(held.get(g.id))
    )
    if standing.next is None:
        title, top = view.say("me_now_held"), f"<p>{escape(view.say('me_now_top'))}</p>"
    else:
        stage = view.framework.stage(standing.next).name.of(view.lang)
        title, top = view.say("me_now_missing", stage=stage), ""
        if not missing:
            title, top = view.say("me_now_held"), f"<p>{escape(view.say('me_now_all', stage=stage))}</p>"
    return f"<h3>{escape(title)}</h3>{top}<ul class='me-gates'>{rows}</ul>" if rows else top


def _told_of(held: Held | None) -> bool:
    return held is not None and held.lowest is not None and bool(held.words)


def _gate(view: Overview, gate: Gate, held: Held | None, missing: Missing | None) -> str:
    mark = badge(view.say("me_now_met"), "good")
    if missing is not None:
        mark = badge(view.say("me_now_gap"), "warn") if missing.known else badge(view.say("me_now_unknown"))
    words = (missing.now if missing else "") or (held.words if held else "")
    told = said(words, view.lang, f"gate-{gate.id}") if words else f"<p class='small'>{escape(view.say('me_now_silent'))}</p>"
    parts = [f"<div><h4>{escape(gate.name.of(view.lang))}</h4>{mark}</div>"]
    parts.append(f"<div><p class='small'>{escape(view.say('me_now_said'))}</p>{told}</div>")
    wanted = missing.wanted if missing else gate.per_stage.get(view.standing.found.standing.next or "")
    if wanted:
        asked = f"<p>{escape(wanted.of(view.lang))}</p>"
        parts.append(f"<div><p class='small'>{escape(view.say('me_now_wanted'))}</p>{asked}</div>")
    ask = f"<div class='me-ask'>{_ask(view, missing)}</div>" if missing is not None and not missing.known else ""
    return f"<li>{''.join(parts)}{ask}</li>"


def _ask(view: Overview, missing: Missing) -> str:
    name = view.standing.fields.get(missing.condition, "")
    if not name:
        return f"<p>{escape(missing.question.of(view.lang))}</p>"
    known = getattr(view.standing.found.profile, name, "")
    box = field(name, missing.question.of(view.lang), known if isinstance(known, str) else "", rows=2)
    asked = form("tell", box, view.say("me_now_note"), kind="plain")
    return details(view.say("me_now_answer"), asked, details_id=f"ask-{missing.condition}")


# --- the chart -------------------------------------------------------------------------------------------------------


def _chart(view: Overview) -> str:
    radar = radar_of(view)
    picture = radar_svg(radar, legend=False, widest=_LABEL_UNITS)
    drawn = f"<div class='me-radar' role='img' aria-label='{escape(radar.alt)}'>{picture}</div>"
    when = view.say("me_radar_none")
    if view.standing.assessed:
        when = view.say("me_radar_when", day=day(view.standing.assessed, view.lang))
    head = [view.say(f"me_radar_{name}") for name in ("pillar", "now", "wanted")]
    head += [view.say("me_radar_last")] if view.standing.before else []
    rows = [_row(view, result) for result in view.standing.found.levels]
    numbers = table(head, rows, caption=view.say("me_radar_table"))
    beside = f"<div class='stack'>{numbers}<p class='small'>{escape(when)}</p></div>"
    body = f"<div class='two me-chart'><div>{drawn}{_legend(view, radar)}</div>{beside}</div>"
    return card(body, title=view.say("me_radar_title"))


def radar_of(view: Overview) -> Radar:
    """The chart's data: now, wanted, and the assessment before."""
    axes = tuple(_axis(view, result) for result in view.standing.found.levels)
    told = view.say("doc_list_stop").join(view.say("doc_colon", label=a.label) + _told(view, a) for a in axes)
    return Radar(
        axes=axes,
        levels=max([level.number for level in view.framework.levels] + [a.wanted for a in axes]),
        now=view.say("doc_chart_now"),
        wanted=view.say("doc_chart_wanted"),
        self_rated=view.say("doc_chart_self"),
        unknown=view.say("doc_chart_unknown"),
        alt=view.say("doc_chart_alt", axes=told),
    )


def _axis(view: Overview, result: LevelResult) -> Axis:
    known: Known = "measured" if result.level is not None else "unknown" if result.self_rating is None else "self_rated"
    now = result.self_rating if result.level is None else result.level
    wanted = view.standing.wanted.get(result.pillar, 0)
    shown = now if known == "measured" else view.say("me_radar_open")
    return Axis(
        label=view.framework.pillar(result.pillar).name.of(view.lang),
        now=now,
        known=known,
        wanted=wanted,
        note=view.say("me_radar_step", now=shown, wanted=wanted),
        before=view.standing.before.get(result.pillar),
    )


def _told(view: Overview, axis: Axis) -> str:
    key = {"measured": "doc_chart_both", "self_rated": "doc_chart_self_both", "unknown": "doc_chart_unknown_both"}[axis.known]
    return view.say(key, now=axis.now, wanted=axis.wanted)


def _row(view: Overview, result: LevelResult) -> tuple[str, ...]:
    now = escape(level_name(view.framework, result.level, view.lang))
    if result.level is None and result.self_rating is not None:
        now += f"<br><span class='small'>{escape(view.say('me_radar_self', n=result.self_rating))}</span>"
    wanted = view.standing.wanted.get(result.pillar, 0)
    asked = level_name(view.framework, wanted, view.lang) if wanted else view.say("doc_level_none")
    name = view.framework.pillar(result.pillar).name.of(view.lang)
    row = [f"<a href='#pillar-{escape(result.pillar)}'>{escape(name)}</a>", now, escape(asked)]
    if view.standing.before:
        row.append(escape(level_name(view.framework, view.standing.before.get(result.pillar), view.lang)))
    return tuple(row)


def _legend(view: Overview, radar: Radar) -> str:
    """The words of the chart, only for what it shows."""
    shown = {axis.known for axis in radar.axes}
    entries = [
        ("now", radar.now, "measured" in shown),
        ("self", radar.self_rated, "self_rated" in shown),
        ("wanted", radar.wanted, True),
        ("before", view.say("me_radar_before"), any(axis.before is not None for axis in radar.axes)),
        ("", radar.unknown, "unknown" in shown),
    ]
    rows = "".join(f"<li class='{sign}'>{escape(text)}</li>" for sign, text, on in entries if on)
    return f"<ul class='me-legend' aria-hidden='true'>{rows}</ul>"


# --- each ability ----------------------------------------------------------------------------------------------------


def _pillars(view: Overview) -> str:
    gaps = [g.pillar for g in view.standing.found.gaps]
    order = sorted(view.standing.found.levels, key=lambda r: gaps.index(r.pillar) if r.pillar in gaps else len(gaps))
    return card("".join(level_html(view.framework, result, view.lang) for result in order), title=view.say("me_each_title"))


def level_html(framework: Framework, result: LevelResult, lang: Lang) -> str:
    """One ability: its level, what it rests on in the person's words, and what would raise it."""
    level = level_name(framework, result.level, lang)
    mark = badge(level, "good" if result.level is not None else "")
    sure = (
        f"<span class='small'>{escape(say(f'me_now_sure_{result.confidence}', lang))}</span>" if result.level is not None else ""
    )
    name = framework.pillar(result.pillar).name.of(lang)
    head = f"<div class='row'><h3>{escape(name)}</h3>{mark}{sure}</div>"
    if result.level is None:
        standard = "" if result.shown else f"<p>{escape(say('me_each_none', lang))}</p>"
    else:
        standard = f"<p class='small'>{escape(say('me_each_rubric', lang, level=level, text=result.rubric.of(lang)))}</p>"
    note = f"<p>{escape(result.contradiction.of(lang))}</p>" if result.contradiction else ""
    body = f"{head}{standard}{_words(result, lang)}{note}{_raises(framework, result, lang)}"
    return f"<article class='me-pillar' id='pillar-{escape(result.pillar)}' tabindex='-1'>{body}</article>"


def _words(result: LevelResult, lang: Lang) -> str:
    quotes = list(dict.fromkeys(shown.quote.text for shown in _strongest(result)))
    if not quotes:
        return ""
    rows = [said(text, lang, f"words-{result.pillar}-{n}") for n, text in enumerate(quotes)]
    more = ""
    if rows[_QUOTES:]:
        label = say("me_each_more", lang, n=len(rows) - _QUOTES)
        more = details(label, "".join(rows[_QUOTES:]), details_id=f"more-{result.pillar}")
    return f"<p class='small'>{escape(say('me_each_words', lang))}</p>{''.join(rows[:_QUOTES])}{more}"


def _strongest(result: LevelResult) -> list[Shown]:
    """What the level rests on first: showings at the level or above."""
    return sorted(result.shown, key=lambda s: s.level < (result.level or 0))


def _raises(framework: Framework, result: LevelResult, lang: Lang) -> str:
    if not result.raises:
        top = result.level is not None and result.level == max(level.number for level in framework.levels)
        return f"<p class='small'>{escape(say('me_each_top', lang))}</p>" if top else ""
    lines = "".join(f"<li>{escape(text.of(lang))}</li>" for text in result.raises)
    add = link(say("me_each_add", lang), address("profile") + f"#f-evidence-{result.pillar}")
    label = say("me_each_raise" if result.level is not None else "me_each_first", lang)
    return details(label, f"<ul>{lines}</ul><p>{add}</p>", details_id=f"raise-{result.pillar}")
