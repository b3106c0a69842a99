"""What stands around a conversation, as pure functions: the opening, the list, the question box, the frame of the passages.

As in `render`, everything that was not written here is escaped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from coach.messages import say
from coach.types import Lang, Tier
from ui.chat.exchange import File, Group
from ui.chat.render import ask_button, mend_html
from ui.html import CROSS, attributes, dialog, escape, field, icon, link

TIERS: tuple[Tier, ...] = ("stated", "attributed", "external", "document")
WRONG_REASONS = ("fact", "quote", "old", "missed")
DOWN_REASONS = ("beside", "vague", "long", "stage")
_NO_MODEL = ("local", "none", "fake", "")
"""Providers with which nothing leaves the machine."""


@dataclass(frozen=True, kw_only=True)
class Starters:
    """Questions to begin with for one stage."""

    stage: str
    name: str
    questions: Sequence[str]


# --- the opening -----------------------------------------------------------------------------------------------------


def opening_html(lang: Lang, starters: Sequence[Starters], examples: Sequence[str], *, data: str) -> str:
    """An empty conversation: what this is, what happens with the data, and questions to begin with."""
    asks = _staged(starters, lang) if starters else _examples(examples, lang)
    stand = f"<p class='stand'>{escape(say('web_stand', lang))} {link(say('web_stand_link', lang), '/me')}</p>"
    return (
        f"<section class='opening'><h1>{escape(say('web_hello', lang))}</h1>"
        f"<p class='what'>{escape(say('web_what', lang))}</p><p class='data'>{_LOCK}<span>{escape(data)}</span></p>"
        f"{asks}{stand}</section>"
    )


def _examples(examples: Sequence[str], lang: Lang) -> str:
    chips = "".join(ask_button(e) for e in examples)
    return f"<p class='lead'>{escape(say('web_examples', lang))}</p><div class='examples'>{chips}</div>" if chips else ""


def _staged(starters: Sequence[Starters], lang: Lang) -> str:
    chips = "".join(
        f"<button type='button' class='stage-chip' data-stage='{escape(s.stage)}' aria-pressed='{'true' if not n else 'false'}'>"
        f"{escape(s.name)}</button>"
        for n, s in enumerate(starters)
    )
    sets = "".join(
        f"<div class='examples' data-of='{escape(s.stage)}'{attributes({'hidden': bool(n)})}>"
        f"{''.join(ask_button(q) for q in s.questions)}</div>"
        for n, s in enumerate(starters)
    )
    label = escape(say("web_starters", lang))
    group = f"<div class='stage-chips' role='group' aria-labelledby='coach-starters'>{chips}</div>"
    return f"<p class='lead' id='coach-starters'>{label}</p>{group}{sets}"


def data_sentence(lang: Lang, model: str, *, accounts: bool) -> str:
    """What happens with what is typed: where it goes, and who keeps it."""
    remote = model.split(":", 1)[0] not in _NO_MODEL
    goes = say("web_data_remote", lang, model=model) if remote else say("web_data_local", lang)
    kept = say("web_data_accounts" if accounts else "web_data_one", lang)
    return f"{goes}{'' if lang == 'zh' else ' '}{kept}"


# --- the list of conversations ---------------------------------------------------------------------------------------


def rail_head_html(lang: Lang) -> str:
    """A new chat and the search field."""
    search, close = escape(say("web_search", lang)), escape(say("web_close", lang))
    return (
        f"<div class='rail-head'><div class='rail-row'><a class='btn primary new' href='/' data-new>{_PLUS}"
        f"<span>{escape(say('web_new', lang))}</span></a>"
        f"<button type='button' class='icon rail-close' data-drawer='shut' aria-label='{close}' title='{close}'>{CROSS}</button>"
        f"</div>"
        f"<label class='search'><span class='sr'>{search}</span>{_SEARCH}"
        f"<input type='search' id='coach-search' placeholder='{search}' autocomplete='off' maxlength='200'></label></div>"
    )


def list_html(groups: Sequence[Group], lang: Lang, *, search: str = "", more: int = 0) -> str:
    """The conversations by time; `more` are not shown. Which is the current one, the browser marks."""
    label = escape(say("web_conversations", lang))
    if not groups:
        sentence = say("web_search_none", lang, words=search) if search else say("web_list_empty", lang)
        return f"<nav class='rail' aria-label='{label}'><p class='none' role='status'>{escape(sentence)}</p></nav>"
    shown = "".join(
        f"<h2>{escape(say(group.key, lang))}</h2><ul>{''.join(_entry(e.id, e.title, lang) for e in group.entries)}</ul>"
        for group in groups
    )
    rest = f"<p class='none'>{escape(say('web_list_more', lang, n=more))}</p>" if more else ""
    return f"<nav class='rail' aria-label='{label}'>{shown}{rest}</nav>"


def _entry(conversation: str, title: str, lang: Lang) -> str:
    name, key = title or say("web_untitled", lang), quote(conversation, safe="")
    label = escape(say("web_entry_menu", lang, title=name))
    confirm = escape(say("web_delete_sure", lang, title=name))
    exports = "".join(
        f"<a href='/api/conversations/{key}/export?format={kind}&amp;lang={lang}' download>"
        f"{escape(say(f'web_export_{kind}', lang))}</a>"
        for kind in ("md", "docx")
    )
    return (
        f"<li data-entry='{escape(conversation)}'><a class='entry' href='/?c={key}'>{escape(name)}</a>"
        f"<details class='more'><summary aria-label='{label}' title='{label}'>{_DOTS}</summary><div class='menu'>"
        f"<button type='button' data-rename>{escape(say('web_rename', lang))}</button>{exports}"
        f"<button type='button' class='bad' data-delete data-ask-first='{confirm}'>{escape(say('web_delete', lang))}</button>"
        f"</div></details></li>"
    )


# --- the conversation's own bar and its question box -------------------------------------------------------------------


def bar_html(lang: Lang) -> str:
    """Above the conversation: its title, the button that opens the list on a narrow screen, and a new chat."""
    drawer, new = escape(say("web_conversations", lang)), escape(say("web_new", lang))
    return (
        f"<div class='bar-row'><button type='button' class='icon' data-drawer='open' aria-expanded='false' "
        f"aria-controls='coach-rail' aria-label='{drawer}' title='{drawer}'>{_MENU}</button>"
        f"<div id='coach-title' class='title-here'></div>"
        f"<a class='icon new-here' href='/' data-new aria-label='{new}' title='{new}'>{_PLUS}</a></div>"
    )


def composer_html(lang: Lang, *, limit: int, foot: str) -> str:
    """The question box with files, sending and stopping; nothing in it changes from here once it stands."""
    words = {
        name: say(f"web_{name}", lang)
        for name in ("lost", "busy", "editing", "send", "no", "drop", "reading", "pasting", "rename", "too_many", "stopping")
    }
    data = attributes({f"data-{name.replace('_', '-')}": sentence for name, sentence in words.items()})
    attach, count = escape(say("web_attach", lang)), escape(say("web_count", lang, limit=limit))
    searching, stop = escape(say("web_stage_search", lang)), escape(say("web_stop", lang))
    return (
        f"<form id='coach-form' novalidate{data} data-search='{searching}' data-limit='{limit}'>"
        f"<div id='coach-hint' role='alert'></div><div id='coach-files'></div>"
        f"<div id='coach-ask'>"
        f"<button type='button' class='icon' data-attach aria-label='{attach}' title='{attach}'>{_CLIP}</button>"
        f"<input type='file' id='coach-file' class='sr' multiple tabindex='-1' aria-label='{attach}' "
        f"accept='.pdf,.docx,.pptx,.xlsx,.md,.markdown,.txt,.html,.htm,.csv'>"
        f"<div id='coach-q'><label class='sr' for='coach-box'>{escape(say('web_box_label', lang))}</label>"
        f"<textarea id='coach-box' rows='1' placeholder='{escape(say('web_box_placeholder', lang))}' enterkeyhint='send'>"
        f"</textarea></div>"
        f"<button type='submit' id='coach-send'>{escape(say('web_send', lang))}</button>"
        f"<button type='button' id='coach-stop' data-stop hidden>{stop}</button></div>"
        f"<div id='coach-foot'><p class='data'>{escape(foot)}</p>"
        f"<p class='count' data-words='{count}' aria-live='polite'></p></div></form>"
        f"{_judging('coach-down', 'down', DOWN_REASONS, lang)}{_judging('coach-wrong', 'wrong', WRONG_REASONS, lang)}"
    )


def _judging(dialog_id: str, verdict: str, reasons: Sequence[str], lang: Lang) -> str:
    """The dialog that asks for a reason: a few to choose from, and one's own words."""
    options = "".join(
        f"<label class='option'><input type='checkbox' name='reason' value='{escape(say(f'web_{verdict}_{r}', lang))}'>"
        f"<span>{escape(say(f'web_{verdict}_{r}', lang))}</span></label>"
        for r in reasons
    )
    words = field(f"{verdict}-words", say("web_reason_words", lang), rows=2)
    body = (
        f"<form class='form judge' data-verdict='{verdict}' novalidate><p>{escape(say(f'web_{verdict}_about', lang))}</p>"
        f"<div class='options'>{options}</div>{words}"
        f"<div class='row'><button type='submit' class='btn primary'>{escape(say('web_reason_send', lang))}</button>"
        f"<button type='button' class='btn quiet' data-shut>{escape(say('web_no', lang))}</button></div></form>"
    )
    return dialog(dialog_id, say(f"web_{verdict}_title", lang), body, say("web_close", lang))


def files_html(files: Sequence[File], lang: Lang) -> str:
    """The files of this conversation, above the question box, and what they are there for."""
    if not files:
        return ""
    chips = "".join(_file(f, lang) for f in files)
    return (
        f"<ul class='files' aria-label='{escape(say('web_files', lang))}'>{chips}</ul>"
        f"<p class='only'>{escape(say('web_files_only', lang))}</p>"
    )


def _file(file: File, lang: Lang) -> str:
    size = escape(say("web_characters", lang, n=f"{file.characters:,}"))
    name = escape(say("web_file_remove", lang, name=file.name))
    return (
        f"<li class='file'><span class='file-name'>{escape(file.name)}</span><span class='file-size'>{size}</span>"
        f"<button type='button' class='icon' data-detach='{escape(file.id)}' aria-label='{name}' title='{name}'>{CROSS}</button>"
        f"</li>"
    )


def read_html(file_id: str, prose: str, suggestions: Sequence[str], lang: Lang) -> str:
    """What is said when a file was dropped in and nothing asked yet; `prose` is HTML."""
    chips = "".join(ask_button(s) for s in suggestions)
    shown = f"<div class='suggest'>{chips}</div>" if chips else ""
    name = f"<span class='sr'>{escape(say('web_coach', lang))}</span>"
    return f"<article class='read-note' role='status' data-file='{escape(file_id)}'>{name}{prose}{shown}</article>"


# --- passages --------------------------------------------------------------------------------------------------------


def panel_html(lang: Lang) -> str:
    """The frame of the passages; the browser puts those of the opened exchange into `.sections`."""
    head = (
        f"<header class='panel-head'><h2>{escape(say('web_sources', lang))}</h2><span class='position' aria-live='polite'></span>"
        f"{_step('data-step=-1', 'web_prev', _LEFT, lang)}{_step('data-step=1', 'web_next', _RIGHT, lang)}"
        f"{_step('data-close', 'web_close', CROSS, lang, 'close')}</header>"
    )
    about = f"<div class='nothing' tabindex='0'><p>{escape(say('web_sources_none', lang))}</p>{_legend(lang)}</div>"
    return f"<div class='panel bare'>{head}<div class='sections'></div>{about}</div>"


def _step(attribute: str, key: str, svg: str, lang: Lang, more: str = "") -> str:
    name = escape(say(key, lang))
    return f"<button type='button' class='icon {more}' {attribute} aria-label='{name}' title='{name}'>{svg}</button>"


def _legend(lang: Lang) -> str:
    """What the four labels of trust mean."""
    rows = "".join(
        f"<dt><span class='tier {tier}'>{escape(say(f'web_tier_{tier}', lang))}</span></dt>"
        f"<dd>{escape(say(f'web_about_{tier}', lang))}</dd>"
        for tier in TIERS
    )
    return f"<dl class='legend'>{rows}</dl>"


# --- what is not ready -----------------------------------------------------------------------------------------------


def banner_html(state: dict[str, Any], lang: Lang) -> str:
    """What is not ready yet, or failed and how to mend it; nothing when all is well."""
    for part in ("library", "model"):
        values = state.get(part, {})
        condition = values.get("state")
        if condition in ("loading", "failed"):
            busy = "<span class='pulse' aria-hidden='true'></span>" if condition == "loading" else ""
            why = f"<p class='why'>{escape(values.get('error', ''))}</p>" if condition == "failed" and values.get("error") else ""
            mend = mend_html(str(values.get("hint", "")), lang) if condition == "failed" else ""
            wait = " data-waiting" if condition == "loading" else ""
            return (
                f"<div class='banner {condition}' role='status'{wait}>{busy}<div>"
                f"<p>{escape(say(f'web_{part}_{condition}', lang))}</p>{why}{mend}</div></div>"
            )
    return ""


def foot_sentence(lang: Lang, state: dict[str, Any]) -> str:
    """Below the question box: how replies are made just now."""
    none = state.get("model", {}).get("state") in ("none", "failed")
    return say("web_foot_no_model" if none else "web_foot", lang)


_LEFT = icon("<path d='M15 6l-6 6 6 6'/>")
_RIGHT = icon("<path d='M9 6l6 6-6 6'/>")
_PLUS = icon("<path d='M12 5v14M5 12h14'/>")
_MENU = icon("<path d='M4 7h16M4 12h16M4 17h10'/>", 20)
_CLIP = icon(
    "<path d='M20 11.5l-8.2 8.2a5 5 0 0 1-7-7l8.5-8.6a3.4 3.4 0 0 1 4.8 4.8l-8.4 8.4a1.7 1.7 0 0 1-2.4-2.4l7.7-7.7'/>", 20
)
_SEARCH = icon("<circle cx='11' cy='11' r='6.5'/><path d='M16 16l4 4'/>", 16)
_DOTS = icon("<circle cx='5' cy='12' r='.8'/><circle cx='12' cy='12' r='.8'/><circle cx='19' cy='12' r='.8'/>", 18)
_LOCK = icon("<rect x='5' y='11' width='14' height='9' rx='2'/><path d='M8 11V8a4 4 0 0 1 8 0v3'/>", 16)
