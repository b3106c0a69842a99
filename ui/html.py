"""The pieces every page is made of, as pure functions from values to HTML: text, buttons, fields, cards, tabs, dialogs.

Everything that was not written here is escaped. What a piece does when it is pressed stands in its `data-` attributes, read
by `shell.js`: `data-do` sends an action to the page's Python, `data-dialog` opens a dialog, `data-confirm` asks first,
`data-autosave` sends a field a moment after its last change, `data-upload` sends files.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["primary", "plain", "quiet", "danger"]
Tone = Literal["", "good", "warn", "bad", "info"]


def escape(text: object) -> str:
    """Text that cannot be read as mark-up, in content and in attributes."""
    return html.escape(str(text), quote=True)


def attributes(values: dict[str, object]) -> str:
    """Attributes with a space in front: None and False are left out, True stands alone; `_` in a name is `-`."""
    out = []
    for name, value in values.items():
        if value is None or value is False:
            continue
        name = name.rstrip("_").replace("_", "-")
        out.append(f" {name}" if value is True else f" {name}='{escape(value)}'")
    return "".join(out)


def icon(path: str, size: int = 18) -> str:
    """A drawing of lines in the colour of the text around it; decoration only."""
    return (
        f"<svg viewBox='0 0 24 24' width='{size}' height='{size}' fill='none' stroke='currentColor' stroke-width='1.8' "
        f"stroke-linecap='round' stroke-linejoin='round' aria-hidden='true'>{path}</svg>"
    )


# --- pressing --------------------------------------------------------------------------------------------------------


def button(label: str, do: str = "", *, kind: Kind = "plain", confirm: str = "", called: str = "", **data: object) -> str:
    """A button that sends the action `do` with `data` as its values; with `confirm` it asks that sentence first.

    `called` is its name for those who hear it alone, where the label does not say what it is about.
    """
    values = {f"data-v-{name.replace('_', '-')}": value for name, value in data.items()}
    shown = attributes({"data-do": do or None, "data-confirm": confirm or None, "aria-label": called or None, **values})
    return f"<button type='button' class='btn {kind}'{shown}>{escape(label)}</button>"


def dialog_button(label: str, dialog_id: str, *, kind: Kind = "plain") -> str:
    """A button that opens the dialog of this id."""
    opens = f"data-dialog='{escape(dialog_id)}' aria-haspopup='dialog'"
    return f"<button type='button' class='btn {kind}' {opens}>{escape(label)}</button>"


def link(label: str, href: str, *, kind: Kind | Literal["text"] = "text", download: bool = False, called: str = "") -> str:
    """A link to a page of ours or a file to save; `called` as for a button."""
    classes = "" if kind == "text" else f"btn {kind}"
    more = attributes({"download": download, "aria-label": called or None})
    return f"<a class='{classes}' href='{escape(href)}'{more}>{escape(label)}</a>"


@dataclass(frozen=True, kw_only=True)
class Tab:
    """One view of a page, as a link, so that it can be gone back to and shared."""

    label: str
    href: str
    current: bool = False


def tabs(items: Sequence[Tab], label: str) -> str:
    """The views of a page; `label` says to a screen reader what they are of."""
    here = attributes({"aria_current": "page"})
    shown = "".join(f"<a href='{escape(t.href)}'{here if t.current else ''}>{escape(t.label)}</a>" for t in items)
    return f"<nav class='tabs' aria-label='{escape(label)}'>{shown}</nav>"


# --- telling ---------------------------------------------------------------------------------------------------------


def badge(text: str, tone: Tone = "") -> str:
    """A word about the state of something; never by colour alone."""
    return f"<span class='badge {tone}'>{escape(text)}</span>"


def notice(text: str, tone: Tone = "info", *, more: str = "") -> str:
    """A sentence that stands out; `more` is HTML after it."""
    return f"<div class='note {tone}'><p>{escape(text)}</p>{more}</div>"


def card(body: str, *, title: str = "", actions: str = "", card_id: str = "", classes: str = "", level: int = 2) -> str:
    """A sheet of paper with a heading; `body` and `actions` are HTML."""
    head = f"<header><h{level}>{escape(title)}</h{level}>{_row(actions)}</header>" if title else ""
    return f"<section class='sheet {classes}'{attributes({'id': card_id or None})}>{head}{body}</section>"


def empty(title: str, sentence: str, action: str = "") -> str:
    """What stands where there is nothing yet: what this is for, and the one thing to do."""
    return f"<section class='empty'><h2>{escape(title)}</h2><p>{escape(sentence)}</p>{_row(action)}</section>"


def details(summary: str, body: str, *, details_id: str, open_: bool = False) -> str:
    """Something folded away; stays open while its page is shown anew. `body` is HTML."""
    return (
        f"<details id='{escape(details_id)}'{' open' if open_ else ''}><summary>{escape(summary)}</summary>"
        f"<div class='inside'>{body}</div></details>"
    )


def table(headers: Sequence[str], rows: Iterable[Sequence[str]], *, caption: str) -> str:
    """A table that scrolls sideways on a narrow screen; the cells of `rows` are HTML, `caption` is for screen readers."""
    head = "".join(f"<th scope='col'>{escape(h)}</th>" for h in headers)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return (
        f"<div class='scroll' tabindex='0' role='region' aria-label='{escape(caption)}'>"
        f"<table><caption class='sr'>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def bar(value: float, most: float, text: str) -> str:
    """How far something has come; `text` says the same in words."""
    share = max(0.0, min(1.0, value / most)) if most else 0.0
    return (
        f"<div class='bar' role='img' aria-label='{escape(text)}'><span style='inline-size:{100 * share:.1f}%'></span></div>"
        f"<p class='small'>{escape(text)}</p>"
    )


# --- asking ----------------------------------------------------------------------------------------------------------


def form(do: str, body: str, submit: str, *, more: str = "", kind: Kind = "primary", classes: str = "", **data: object) -> str:
    """A form that sends the action `do` with its fields and `data`; `more` is HTML beside the submit button."""
    hidden = "".join(f"<input type='hidden' name='{escape(name)}' value='{escape(value)}'>" for name, value in data.items())
    return (
        f"<form class='form {classes}' data-do='{escape(do)}' novalidate>{hidden}{body}"
        f"<div class='row'><button type='submit' class='btn {kind}'>{escape(submit)}</button>{more}</div></form>"
    )


def field(
    name: str,
    label: str,
    value: str = "",
    *,
    help_: str = "",
    rows: int = 1,
    kind: Literal["text", "date", "number", "search"] = "text",
    placeholder: str = "",
    autosave: str = "",
    required: bool = False,
    least: str = "",
    most: str = "",
) -> str:
    """A labelled field, several lines high with `rows` above 1. `autosave` is the action that keeps it while it is typed."""
    field_id = f"f-{name.replace('.', '-')}"
    shared: dict[str, object] = {
        "id": field_id,
        "name": name,
        "placeholder": placeholder or None,
        "data-autosave": autosave or None,
        "aria-describedby": f"{field_id}-help" if help_ else None,
        "required": required,
    }
    if rows > 1:
        box = f"<textarea rows='{rows}'{attributes(shared)}>{escape(value)}</textarea>"
    else:
        box = f"<input type='{kind}' value='{escape(value)}'{attributes(shared | {'min': least or None, 'max': most or None})}>"
    return f"<div class='field'><label for='{field_id}'>{escape(label)}</label>{_help(field_id, help_)}{box}</div>"


@dataclass(frozen=True, kw_only=True)
class Option:
    """One of several answers; `note` is a quieter line under its label."""

    value: str
    label: str
    note: str = ""


def choice(name: str, label: str, options: Sequence[Option], value: str = "", *, help_: str = "", autosave: str = "") -> str:
    """One answer out of a few, all of them in sight."""
    field_id = f"f-{name.replace('.', '-')}"
    shown = "".join(
        f"<label class='option'><input type='radio' name='{escape(name)}' value='{escape(o.value)}'"
        f"{attributes({'checked': o.value == value, 'data-autosave': autosave or None, 'id': f'{field_id}-{n}'})}>"
        f"<span><span>{escape(o.label)}</span>{f'<small>{escape(o.note)}</small>' if o.note else ''}</span></label>"
        for n, o in enumerate(options)
    )
    return (
        f"<fieldset class='field'><legend>{escape(label)}</legend>{_help(field_id, help_)}"
        f"<div class='options'>{shown}</div></fieldset>"
    )


def select(name: str, label: str, options: Sequence[Option], value: str = "", *, help_: str = "", autosave: str = "") -> str:
    """One answer out of many."""
    field_id = f"f-{name.replace('.', '-')}"
    shown = "".join(
        f"<option value='{escape(o.value)}'{' selected' if o.value == value else ''}>{escape(o.label)}</option>" for o in options
    )
    kept = attributes({"data-autosave": autosave or None, "aria-describedby": f"{field_id}-help" if help_ else None})
    return (
        f"<div class='field'><label for='{field_id}'>{escape(label)}</label>{_help(field_id, help_)}"
        f"<select id='{field_id}' name='{escape(name)}'{kept}>{shown}</select></div>"
    )


def checkbox(name: str, label: str, *, checked: bool = False, value: str = "yes", autosave: str = "") -> str:
    """Something that is so or not."""
    kept = attributes({"name": name, "value": value, "checked": checked, "data-autosave": autosave or None})
    return f"<label class='option'><input type='checkbox'{kept}><span>{escape(label)}</span></label>"


def upload(label: str, url: str, *, then: str, sentence: str, accept: str = "", many: bool = True, busy: str = "") -> str:
    """A place to drop or choose files: each is sent to `url` as JSON {name, content: base64}; then the action `then` follows.

    It gets what became of each file as sentences, in `done` and `failed`. `busy` is said while they are being sent.
    """
    kept = attributes({"data-upload": url, "data-then": then, "accept": accept or None, "multiple": many})
    said = attributes({"data-busy": busy or None})
    return (
        f"<label class='drop'{said}><input type='file' class='sr'{kept}><strong>{escape(label)}</strong>"
        f"<span>{escape(sentence)}</span></label>"
    )


def dialog(dialog_id: str, title: str, body: str, close: str) -> str:
    """A dialog over the page, opened by `dialog_button`; `body` is HTML, `close` the label of the button that closes it."""
    name, shut = escape(dialog_id), escape(close)
    return (
        f"<dialog id='{name}' aria-labelledby='{name}-title'><header><h2 id='{name}-title'>{escape(title)}</h2>"
        f"<button type='button' class='icon' data-shut aria-label='{shut}' title='{shut}'>{CROSS}</button></header>"
        f"{body}</dialog>"
    )


def _row(parts: str) -> str:
    return f"<div class='row'>{parts}</div>" if parts else ""


def _help(field_id: str, text: str) -> str:
    return f"<p class='help' id='{field_id}-help'>{escape(text)}</p>" if text else ""


CROSS = icon("<path d='M6 6l12 12M18 6L6 18'/>")
