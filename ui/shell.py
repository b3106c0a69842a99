"""What all pages share: the frame around them, and how what is pressed on a page reaches its Python and comes back.

A page shows itself as HTML and answers actions; this module turns both into Gradio's components and updates, and every
failure into a sentence the reader can use. Only this module and `app`, `visit` know Gradio.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import gradio as gr

from coach.errors import CoachError
from coach.framework import Profession
from coach.identity import Role
from coach.messages import say
from coach.service.errors import Refusal, problem
from coach.types import Lang
from ui.html import Tone, attributes, escape, icon
from ui.visit import Visit, visit_of

log = logging.getLogger(__name__)

RELAY = "element.addEventListener('coach-act', (event) => trigger('act', event.detail));"
"""From the browser's own event, sent by shell.js, to Gradio's."""


class Values:
    """What a form or a button sent: texts, several of one name as a list. Whatever else came is left out."""

    def __init__(self, sent: object) -> None:
        self._sent: dict[str, list[str]] = {}
        for name, value in sent.items() if isinstance(sent, Mapping) else ():
            several = value if isinstance(value, list) else [value]
            self._sent[str(name)] = [str(v) for v in several if isinstance(v, str | int | float)]

    def text(self, name: str, otherwise: str = "") -> str:
        """One value, without spaces around it."""
        found = self._sent.get(name)
        return found[0].strip() if found else otherwise

    def several(self, name: str) -> list[str]:
        """All values of one name, without those that are empty."""
        return [v.strip() for v in self._sent.get(name, ()) if v.strip()]

    def number(self, name: str, otherwise: int = 0) -> int:
        """A whole number; `otherwise` when it is none."""
        try:
            return int(self.text(name))
        except ValueError:
            return otherwise

    def names(self) -> list[str]:
        """The names that were sent, also those with nothing in them."""
        return list(self._sent)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What becomes of an action: `say` tells the reader, `again` shows the page anew, `goto` leaves it.

    `parts` replaces single elements by id, with HTML; `shut` closes an open dialog; `clear` empties the form that was sent.
    """

    say: str = ""
    tone: Tone = "good"
    again: bool = False
    goto: str = ""
    parts: Mapping[str, str] = field(default_factory=dict)
    shut: bool = False
    clear: bool = False


class Page(Protocol):
    """A page of the product other than the chat."""

    path: str
    role: Role

    def show(self, visit: Visit) -> str:
        """The whole page as HTML. Raises CoachError where there is nothing to show."""

    def act(self, visit: Visit, do: str, values: Values) -> Answer:
        """Does what was pressed. Raises CoachError with a sentence for the reader; what they typed stays on the page."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """An entry of the navigation: `key` names its label in the catalogue."""

    key: str
    path: str
    role: Role = "member"


PLACES = (
    Place(key="web_nav_chat", path="/"),
    Place(key="web_nav_me", path="/me"),
    Place(key="web_nav_plan", path="/plan"),
    Place(key="web_nav_library", path="/library", role="reviewer"),
)


def lay_out(blocks: gr.Blocks, page: Page, profession: Callable[[], Profession]) -> None:
    """The components of a page, within its route, and their events."""
    head = html_part(frame_html(), "coach-header")
    body = html_part(f"<div class='waiting' aria-hidden='true'>{'<span></span>' * 3}</div>", "coach-page", RELAY)
    note = html_part("", "coach-note")

    def load(request: gr.Request) -> tuple[str, str, str]:
        visit, answer = visit_of(request), ""
        return header_html(visit, profession(), page.path), shown(page, visit), answer

    def act(request: gr.Request, event: gr.EventData) -> tuple[Any, str]:
        visit = visit_of(request)
        answer = acted(page, visit, str(event._data.get("do", "")), Values(event._data.get("values")))
        return (shown(page, visit) if answer.again else gr.skip()), note_html(answer)

    blocks.load(load, None, [head, body, note], show_progress="hidden", api_visibility="private", queue=False)
    body.act(act, None, [body, note], show_progress="hidden", api_visibility="private", queue=False)


def html_part(value: str, elem_id: str, js: str | None = None) -> Any:
    """A piece of the page that Python fills with HTML."""
    return gr.HTML(value, elem_id=elem_id, js_on_load=js, apply_default_css=False)


def shown(page: Page, visit: Visit) -> str:
    """The page, or why there is none."""
    try:
        if not visit.visitor.may(page.role):
            raise Refusal(403, "role")
        return page.show(visit)
    except Exception as error:  # noqa: BLE001  whatever it is, the reader gets a sentence and the log the rest
        text, hint = told(error, visit.lang)
        told_ = f"<section class='empty' role='alert'><h1>{escape(text)}</h1><p>{escape(hint)}</p></section>"
        return f"<main class='page' id='coach-main-content' tabindex='-1'>{told_}</main>"


def acted(page: Page, visit: Visit, do: str, values: Values) -> Answer:
    """What the page makes of an action; a failure is told and changes nothing on the page."""
    try:
        if not visit.visitor.may(page.role):
            raise Refusal(403, "role")
        return Answer(again=True) if do == "show" else page.act(visit, do, values)
    except Exception as error:  # noqa: BLE001
        text, hint = told(error, visit.lang)
        return Answer(say=f"{text} {hint}".strip(), tone="bad")


def told(error: Exception, lang: Lang) -> tuple[str, str]:
    """A failure in the reader's words, and what mends it; the same sentences as over HTTP."""
    if not isinstance(error, CoachError | Refusal):
        log.exception("a page failed")
    body = problem(error, lang)[1]["error"]
    return str(body["message"]), str(body["hint"])


def note_html(answer: Answer) -> str:
    """What shell.js does after an action; the moment makes two equal answers differ."""
    # As an attribute: Gradio changes what stands on the page in place, and does not look into a template.
    parts = "".join(f"<i data-into='{escape(name)}' data-html='{escape(html)}'></i>" for name, html in answer.parts.items())
    data = attributes(
        {
            "data-say": answer.say or None,
            "data-tone": answer.tone,
            "data-goto": answer.goto or None,
            "data-shut": answer.shut or None,
            "data-clear": answer.clear or None,
            "data-at": time.time_ns(),
        }
    )
    return f"<div class='answer-note' hidden{data}>{parts}</div>"


# --- the frame -------------------------------------------------------------------------------------------------------


def frame_html() -> str:
    """The header before anybody is known: its place on the page, so that nothing jumps."""
    return "<header class='top'></header>"


def header_html(visit: Visit, profession: Profession, current: str) -> str:
    """Name, pages, language, theme, account. The page's own language and title are read off this element."""
    lang = visit.lang
    title, tagline = escape(profession.title.of(lang)), escape(profession.tagline.of(lang))
    here = next((place for place in PLACES if place.path == current), PLACES[0])
    page_title = title if here.path == "/" else f"{escape(say(here.key, lang))} · {title}"
    words = {f"data-{key.replace('_', '-')}": say(f"web_{key}", lang) for key in _WORDS}
    return (
        f"<header class='top'{attributes({'data-lang': _lang_tag(lang), **words})} data-title='{page_title}'>"
        f"<a class='skip' href='#coach-main-content'>{escape(say('web_skip', lang))}</a>"
        f"<a class='brand' href='/' aria-hidden='true' tabindex='-1'>{_BRAND}</a>"
        f"<div class='name'><p class='title'>{title}</p><p>{tagline}</p></div>"
        f"{_navigation(visit, here)}<div class='tools'>{_tools(visit)}</div></header>"
    )


_WORDS = ("copied", "copy_failed", "lost", "lost_title", "yes", "no", "sent", "too_big", "keeping", "kept", "not_kept")


def _navigation(visit: Visit, here: Place) -> str:
    entries = "".join(
        f"<a href='{p.path}'{attributes({'aria_current': 'page' if p is here else None})}>{escape(say(p.key, visit.lang))}</a>"
        for p in PLACES
        if visit.visitor.may(p.role)
    )
    return f"<nav class='places' aria-label='{escape(say('web_nav', visit.lang))}'>{entries}</nav>"


def _tools(visit: Visit) -> str:
    theme = escape(say("web_theme", visit.lang))
    other, other_tag, name = ("en", "en", "English") if visit.lang == "zh" else ("zh", "zh-CN", "中文")
    account = ""
    if visit.visitor.name:
        account = (
            f"<details class='account'><summary aria-label='{escape(say('web_account', visit.lang, name=visit.visitor.name))}'>"
            f"<span aria-hidden='true'>{escape(visit.visitor.name[:1].upper())}</span></summary><div class='menu'>"
            f"<p>{escape(visit.visitor.name)}</p><a href='/me?tab=data'>{escape(say('web_my_data', visit.lang))}</a>"
            f"<button type='button' data-logout>{escape(say('web_log_out', visit.lang))}</button></div></details>"
        )
    return (
        f"<button type='button' class='icon' data-theme aria-label='{theme}' title='{theme}'>{_THEME}</button>"
        f"<button type='button' class='plain' data-lang-to='{other}' lang='{other_tag}'>{name}</button>{account}"
    )


def _lang_tag(lang: Lang) -> str:
    return "zh-CN" if lang == "zh" else "en"


_THEME = icon("<circle cx='12' cy='12' r='8'/><path d='M12 4a8 8 0 0 1 0 16z' fill='currentColor'/>")
_BRAND = (
    "<svg viewBox='0 0 32 32' width='32' height='32'><rect width='32' height='32' rx='8' fill='var(--coach-accent)'/>"
    "<path d='M7 24h4v-4h5v-5h5v-5h4' fill='none' stroke='#fff' stroke-width='2.4' stroke-linecap='round' "
    "stroke-linejoin='round'/></svg>"
)
