"""What the views of the library page share: addresses, moments, names of languages and states, words to be read as they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlencode

from coach.messages import CATALOGUE, say
from coach.types import Lang
from ui.chat.render import lang_tag
from ui.dates import day
from ui.html import Tab, attributes, escape
from ui.visit import Visit

TABS = ("documents", "search", "queue", "asked")
LANGS: tuple[Lang, ...] = ("zh", "en")


def address(tab: str = "", **query: object) -> str:
    """The address of a view of this page; what is empty is left out."""
    named = {name: value for name, value in {"tab": tab, **query}.items() if value not in ("", None)}
    return f"/library?{urlencode(named)}" if named else "/library"


def moment(at: str | datetime, visit: Visit) -> str:
    """Day and time where the reader is; nothing for nothing."""
    if not at:
        return ""
    when = datetime.fromisoformat(at) if isinstance(at, str) else at
    local = when.astimezone(visit.now.tzinfo)
    return say("wl_moment", visit.lang, day=day(local.date(), visit.lang), time=f"{local:%H:%M}")


def date_of(at: str | datetime, visit: Visit) -> str:
    """The day where the reader is; nothing for nothing."""
    if not at:
        return ""
    when = datetime.fromisoformat(at) if isinstance(at, str) else at
    return day(when.astimezone(visit.now.tzinfo).date(), visit.lang)


def named(key: str, value: str, lang: Lang) -> str:
    """What a value is called; the value itself when the catalogue has no such key."""
    return say(key, lang) if key in CATALOGUE else value


def language(of: Lang, lang: Lang) -> str:
    """The name of a language."""
    return say(f"wl_lang_{of}", lang)


def narrowed(items: Sequence[Tab], label: str) -> str:
    """Links that narrow what a view shows, the current one marked."""
    shown = "".join(
        f"<a class='btn quiet' href='{escape(t.href)}'{attributes({'aria-current': 'true' if t.current else None})}>"
        f"{escape(t.label)}</a>"
        for t in items
    )
    return f"<nav class='row lib-narrowed' aria-label='{escape(label)}'>{shown}</nav>"


def said(text: str, of: Lang | None = None) -> str:
    """Words as somebody wrote them, line breaks included."""
    spoken = f" lang='{lang_tag(of)}'" if of else ""
    return f"<div class='lib-text' dir='auto'{spoken}>{escape(text)}</div>"


def facts(rows: list[tuple[str, str]]) -> str:
    """Names with their values, one beside the other; the values are HTML, and those without one are left out."""
    shown = "".join(f"<div><dt>{escape(name)}</dt><dd>{value}</dd></div>" for name, value in rows if value)
    return f"<dl class='lib-facts'>{shown}</dl>" if shown else ""
