"""What is kept of the person, where, how to take it along and how to delete it; with accounts, password and API tokens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from coach.messages import CATALOGUE, say
from coach.settings import Settings
from coach.store.accounts import SHORTEST_PASSWORD
from coach.store.channels import CODE_GOOD_FOR, ChannelUser
from coach.types import Lang
from ui.html import attributes, button, card, dialog, dialog_button, escape, link
from ui.visit import Visit

EXPORT = "/api/me/export"
_NO_SERVICE = ("local", "none", "fake", "")
_LANGUAGES: tuple[tuple[Lang, str, str], ...] = (("zh", "zh-CN", "中文"), ("en", "en", "English"))
_TOKEN_WORDS = ("made", "unused", "used", "until", "unnamed", "revoke", "revoke_sure", "revoked", "once", "copy", "none")


def data_html(kept: Mapping[str, Any], users: Sequence[ChannelUser], settings: Settings, visit: Visit) -> str:
    """The view. `kept` is the export: what is kept, by name; `users`: who the person is in Slack and Feishu."""
    lang = visit.lang
    lede = f"<p class='lede'>{escape(say('me_data_lede', lang))}</p>"
    account = f"{_password(lang)}{_tokens(lang)}" if visit.visitor.name else ""
    top = f"<div class='two'>{_kept(kept, lang)}{_where(settings, lang)}</div>"
    elsewhere = _elsewhere(users, settings, lang)
    return f"{lede}{top}{_take(lang)}{_language(lang)}{elsewhere}{account}{_delete(lang, account=bool(account))}"


def _kept(kept: Mapping[str, Any], lang: Lang) -> str:
    """How much there is of each kind, by the names of the export that have a word."""
    rows = ""
    for name, entries in kept.items():
        key = f"me_data_{name}"
        number = len(entries) if isinstance(entries, Sequence) and not isinstance(entries, str) else 0
        if key in CATALOGUE and number:
            rows += f"<div><dt>{escape(say(key, lang))}</dt><dd>{number}</dd></div>"
    body = f"<dl class='me-counts'>{rows}</dl>" if rows else f"<p>{escape(say('me_data_nothing', lang))}</p>"
    return card(body, title=say("me_data_kept", lang))


def _where(settings: Settings, lang: Lang) -> str:
    own = not settings.database_url or settings.database_url.startswith("sqlite")
    place = say("me_data_file" if own else "me_data_server", lang)
    remote = settings.model.split(":", 1)[0] not in _NO_SERVICE
    sent = say("me_data_remote", lang, model=settings.model) if remote else say("me_data_local", lang)
    days = settings.retention_days
    talks = say("me_data_talks_go", lang, days=days) if days else say("me_data_talks_stay", lang)
    lines = (place, sent, say("me_data_retention", lang), talks)
    return card("".join(f"<p>{escape(line)}</p>" for line in lines), title=say("me_data_where", lang))


def _elsewhere(users: Sequence[ChannelUser], settings: Settings, lang: Lang) -> str:
    """Where else they are known as this person, and the code by which they say so there; nothing without such places."""
    if not settings.channels:
        return ""
    names = say("doc_list_comma", lang).join(say(f"me_channel_{name}", lang) for name in settings.channels)
    rows = "".join(
        f"<li>{escape(say('me_channel_linked', lang, channel=say(f'me_channel_{u.channel}', lang), workspace=u.workspace))} "
        f"{button(say('me_channel_unlink', lang), 'unlink', channel=u.channel, workspace=u.workspace, user=u.user)}</li>"
        for u in users
        if u.linked
    )
    there = f"<ul class='me-tokens'>{rows}</ul>" if rows else ""
    make = f"<div class='row'>{button(say('me_channel_code', lang), 'link-code')}</div>"
    body = f"<p>{escape(say('me_channel_why', lang, names=names))}</p>{there}{make}<div id='me-code' role='status'></div>"
    return card(body, title=say("me_channel_title", lang, names=names))


def code_html(code: str, lang: Lang) -> str:
    """A code to be typed there, shown once."""
    told = escape(say("me_channel_type", lang, minutes=int(CODE_GOOD_FOR.total_seconds() // 60)))
    return f"<p>{told}</p><p><code>/coach link {escape(code)}</code></p>"


def _take(lang: Lang) -> str:
    get = link(say("me_data_export", lang), EXPORT, kind="plain", download=True)
    return card(f"<p>{escape(say('me_data_take_why', lang))}</p><div class='row'>{get}</div>", title=say("me_data_take", lang))


def _language(lang: Lang) -> str:
    """The same choice as in the header; the page is shown anew in the language that is pressed."""
    buttons = "".join(
        f"<button type='button' class='btn plain' data-lang-to='{name}' lang='{tag}' aria-pressed='{str(name == lang).lower()}'>"
        f"{shown}</button>"
        for name, tag, shown in _LANGUAGES
    )
    why = f"<p>{escape(say('me_data_language_why', lang))}</p>"
    return card(f"{why}<div class='row me-languages'>{buttons}</div>", title=say("me_data_language", lang))


def _delete(lang: Lang, *, account: bool) -> str:
    """Two steps: a dialog, and a box in it that has to be ticked before the button can be pressed."""
    why = f"<p>{escape(say('me_data_delete_why', lang))}</p>"
    why += f"<p>{escape(say('me_data_delete_account', lang))}</p>" if account else ""
    sure = (
        f"<label class='option'><input type='checkbox' data-sure><span>{escape(say('me_data_delete_sure', lang))}</span></label>"
    )
    press = f"<button type='button' class='btn danger' data-delete-me disabled>{escape(say('me_data_delete_now', lang))}</button>"
    get = link(say("me_data_export", lang), EXPORT, download=True)
    body = f"<div class='stack'>{why}<p>{get}</p>{sure}<p class='me-error' role='alert'></p><div class='row'>{press}</div></div>"
    asked = dialog("me-delete", say("me_data_delete", lang), body, say("me_close", lang))
    opened = dialog_button(say("me_data_delete_open", lang), "me-delete", kind="danger")
    return card(f"{why}<div class='row'>{opened}</div>{asked}", title=say("me_data_delete", lang))


def _password(lang: Lang) -> str:
    """Sent by me.js straight to the service: a password passes through no page handler."""
    rows = "".join(
        f"<div class='field'><label for='me-{name}'>{escape(say(f'me_word_{name}', lang))}</label>{help_}"
        f"<input id='me-{name}' name='{name}' type='password' autocomplete='{complete}' maxlength='1000' required></div>"
        for name, complete, help_ in (
            ("old", "current-password", ""),
            ("new", "new-password", f"<p class='help'>{escape(say('me_word_long', lang, n=SHORTEST_PASSWORD))}</p>"),
            ("again", "new-password", ""),
        )
    )
    told = attributes({"data-differ": say("me_word_differ", lang), "data-done": say("me_word_done", lang)})
    submit = f"<div class='row'><button type='submit' class='btn plain'>{escape(say('me_word_submit', lang))}</button></div>"
    body = f"<form class='form' data-password novalidate{told}>{rows}<p class='me-error' role='alert'></p>{submit}</form>"
    return card(body, title=say("me_word_title", lang))


def _tokens(lang: Lang) -> str:
    """The list is fetched by me.js; a secret is shown once, and is never part of what Python shows."""
    told = attributes({f"data-{name.replace('_', '-')}": _worded(f"me_token_{name}", lang) for name in _TOKEN_WORDS})
    fields = (
        f"<div class='field'><label for='me-label'>{escape(say('me_token_label', lang))}</label>"
        f"<input id='me-label' name='label' maxlength='100'></div>"
        f"<div class='field'><label for='me-days'>{escape(say('me_token_days', lang))}</label>"
        f"<input id='me-days' name='days' type='number' min='1' max='3650'></div>"
    )
    make = f"<div class='row'><button type='submit' class='btn plain'>{escape(say('me_token_make', lang))}</button></div>"
    body = (
        f"<p>{escape(say('me_token_why', lang))}</p><div data-tokens{told}><ul class='me-tokens'></ul>"
        f"<div class='me-secret' role='status'></div><form class='form' data-token novalidate><div class='two'>{fields}</div>"
        f"<p class='me-error' role='alert'></p>{make}</form></div>"
    )
    return card(body, title=say("me_token_title", lang))


def _worded(key: str, lang: Lang) -> str:
    """A sentence with its marks left in place, for the browser to fill."""
    entry = CATALOGUE[key][lang]
    return say(key, lang, day="{day}") if "{day}" in entry else say(key, lang)
