"""What the person told, field by field: to be read, changed in place, confirmed and deleted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from coach.development.schema import MAX_EVIDENCE, MAX_FIELD, MAX_ITEMS, public
from coach.development.views import ProfileView
from coach.errors import InputError
from coach.framework.schema import Framework
from coach.messages import say
from coach.store.records import FieldSource
from coach.types import Lang
from ui.html import Option, attributes, button, card, escape, field, select
from ui.me.words import field_name, said

PARTS: Mapping[str, tuple[str, ...]] = {
    "role": ("name", "role", "years", "industry", "company_size"),
    "scope": ("reports_to", "team_size", "budget", "revenue_duty", "pricing_product", "seat_at_table"),
    "wishes": ("target", "interest"),
    "strong": ("strengths", "weaknesses"),
    "limits": ("hours_per_week", "constraints", "about"),
}
"""The sections and their fields; after them one section for what was done, by pillar."""
LISTS = ("strengths", "weaknesses", "constraints")
_TALL = {"role": 2, "budget": 2, "team_size": 2, "target": 2, "interest": 2, "about": 5}
_EVIDENCE_ROWS = 4


def profile_html(view: ProfileView, framework: Framework, fields: Mapping[str, str], lang: Lang) -> str:
    """The view: what waits for a word of the person first, then every field. `fields` are those of the gate conditions."""
    asks = {fields[g.id]: g.question.of(lang) for g in framework.gates.conditions if g.id in fields}
    values = public(view.profile)
    parts = "".join(_part(part, names, values, view, framework, asks, lang) for part, names in PARTS.items())
    keeping = "<p id='coach-keeping' class='small me-keeping' role='status'></p>"
    lede = f"<div class='row spread'><p class='lede'>{escape(say('me_said_lede', lang))}</p>{keeping}</div>"
    empty = button(say("me_said_all", lang), "empty", kind="danger", confirm=say("me_said_all_sure", lang))
    bottom = f"<div class='row'>{empty}</div>" if view.sources else ""
    return f"{lede}{_waiting(view, framework, lang)}{_jumps(lang)}{parts}{_evidence(values, view, framework, lang)}{bottom}"


def _waiting(view: ProfileView, framework: Framework, lang: Lang) -> str:
    """What the coach inferred: right or wrong, one press each."""
    if not view.unconfirmed:
        return ""
    values = public(view.profile)
    rows = "".join(_wait(name, text_of(values, name), framework, lang) for name in view.unconfirmed)
    why = f"<p class='small'>{escape(say('me_said_wait_why', lang))}</p>"
    return card(f"{why}<ul class='me-waiting'>{rows}</ul>", title=say("me_said_wait", lang), classes="me-wait")


def _wait(name: str, text: str, framework: Framework, lang: Lang) -> str:
    label = field_name(framework, name, lang)
    press = button(say("me_said_right", lang), "confirm", kind="primary", field=name)
    press += button(say("me_said_wrong", lang), "forget", field=name)
    words = f"<div><strong>{escape(label)}</strong>{said(text, lang, f'wait-{name}')}</div>"
    return f"<li>{words}<div class='row' role='group' aria-label='{escape(label)}'>{press}</div></li>"


def _jumps(lang: Lang) -> str:
    links = "".join(f"<a href='#part-{part}'>{escape(say(f'me_part_{part}', lang))}</a>" for part in (*PARTS, "evidence"))
    return f"<nav class='me-jumps' aria-label='{escape(say('me_part_jump', lang))}'>{links}</nav>"


def _part(
    part: str,
    names: tuple[str, ...],
    values: Mapping[str, Any],
    view: ProfileView,
    framework: Framework,
    asks: Mapping[str, str],
    lang: Lang,
) -> str:
    rows = "".join(_row(name, values, view, framework, lang, help_=asks.get(name, "")) for name in names)
    return card(f"<div class='me-fields'>{rows}</div>", title=say(f"me_part_{part}", lang), card_id=f"part-{part}")


def _row(name: str, values: Mapping[str, Any], view: ProfileView, framework: Framework, lang: Lang, *, help_: str = "") -> str:
    label, text = field_name(framework, name, lang), text_of(values, name)
    if name in LISTS:
        help_, rows = say("me_said_lines", lang), max(3, text.count("\n") + 2)
    else:
        rows = max(_TALL.get(name, 1), 2 if len(text) > 60 else 1)
    box = field(name, label, text, rows=rows, autosave="keep", help_=help_)
    return f"<div class='me-field'>{box}{origin_box(name, view, framework, lang)}</div>"


def _evidence(values: Mapping[str, Any], view: ProfileView, framework: Framework, lang: Lang) -> str:
    help_ = f"<p class='small'>{escape(say('me_said_evidence_why', lang))} {escape(say('me_said_estimate_why', lang))}</p>"
    rows = ""
    for pillar in framework.pillars:
        name = f"evidence.{pillar.id}"
        text = text_of(values, name)
        tall = max(_EVIDENCE_ROWS, min(14, len(text) // 60))
        rating = f"self_ratings.{pillar.id}"
        box = field(name, pillar.name.of(lang), text, rows=tall, autosave="keep")
        options = [Option(value="", label=say("me_said_no_estimate", lang))]
        options += [Option(value=str(each.number), label=each.name.of(lang)) for each in framework.levels]
        estimate = select(rating, field_name(framework, rating, lang), options, text_of(values, rating), autosave="keep")
        rows += (
            f"<div class='me-field'>{box}{origin_box(name, view, framework, lang)}<div class='me-estimate'>{estimate}</div></div>"
        )
    return card(f"{help_}<div class='me-fields'>{rows}</div>", title=say("me_part_evidence", lang), card_id="part-evidence")


def origin_box(name: str, view: ProfileView, framework: Framework, lang: Lang) -> str:
    """Where a field comes from, in a place of its own, so that it can be shown anew while somebody types above it."""
    return f"<div class='me-from' id='{origin_id(name)}'>{origin_html(name, view.sources.get(name), framework, lang)}</div>"


def origin_id(name: str) -> str:
    """The id of that place."""
    return f"from-{name.replace('.', '-')}"


def origin_html(name: str, source: FieldSource | None, framework: Framework, lang: Lang) -> str:
    """Where a field comes from, and the button that deletes it; nothing for an empty one."""
    if source is None:
        return ""
    key = "said" if source.origin == "said" else "confirmed" if source.confirmed else "waiting"
    label = field_name(framework, name, lang)
    asked = attributes(
        {
            "data-do": "forget",
            "data-v-field": name,
            "data-confirm": say("me_said_clear_sure", lang, field=label),
            "aria-label": say("me_said_clear_label", lang, field=label),
        }
    )
    press = f"<button type='button' class='btn quiet'{asked}>{escape(say('me_said_clear', lang))}</button>"
    return f"<span class='small'>{escape(say(f'me_from_{key}', lang))}</span>{press}"


def text_of(values: Mapping[str, Any], name: str) -> str:
    """What a field holds as text; a list line by line."""
    top, _, key = name.partition(".")
    value = values.get(top)
    if key:
        value = value.get(key) if isinstance(value, Mapping) else None
    if isinstance(value, list | tuple):
        return "\n".join(str(v) for v in value)
    return "" if value is None else str(value)


def change_of(name: str, text: str, framework: Framework, lang: Lang) -> dict[str, Any]:
    """What was typed into a field as values of the profile; an empty text empties it.

    Raises InputError when it is longer than is kept.
    """
    top, _, pillar = name.partition(".")
    value: Any = text
    if top in LISTS:
        value = [line.strip() for line in text.splitlines() if line.strip()]
        if len(value) > MAX_ITEMS:
            label = field_name(framework, name, lang)
            raise InputError(say("me_said_many", lang, field=label, limit=MAX_ITEMS, n=len(value)))
    limit = MAX_EVIDENCE if top in ("evidence", "about") else MAX_FIELD
    longest = max((len(v) for v in value), default=0) if isinstance(value, list) else len(text)
    if longest > limit:
        raise InputError(say("me_said_long", lang, field=field_name(framework, name, lang), limit=limit, n=longest))
    return {top: {pillar: value or None}} if pillar else {top: value or None}
