"""Block Kit as Slack takes it, people read it and people use it: faults, text, what a click or a filled form sends. Pure."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Json = dict[str, Any]
Names = Callable[[str], str]
"""From an id (U…, C…) to the name people see."""

MOST_TEXT = 13_200
"""Characters of all blocks of a message; more is answered with msg_blocks_too_long (found by trial, not documented)."""
_STYLES = {"bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink"}
_INLINE = {"text": "text", "link": "url", "user": "user_id", "channel": "channel_id", "emoji": "name", "broadcast": "range",
           "usergroup": "usergroup_id", "date": "timestamp", "color": "value"}  # fmt: skip
_CHOICES = {"static_select": 100, "multi_static_select": 100, "radio_buttons": 10, "checkboxes": 10, "overflow": 5}
_INPUTS = {
    *("plain_text_input", "number_input", "email_text_input", "url_text_input", "datepicker", "timepicker", "file_input"),
    *("static_select", "multi_static_select", "radio_buttons", "checkboxes"),
    *("users_select", "conversations_select", "channels_select"),
}
_ACTIONS = {"button", "overflow", "workflow_button", *_INPUTS} - {"file_input", "plain_text_input"}
_PLAIN = {"plain_text_input", "number_input", "email_text_input", "url_text_input"}
_PICKED = {"datepicker": "selected_date", "timepicker": "selected_time", "users_select": "selected_user",
           "conversations_select": "selected_conversation", "channels_select": "selected_channel"}  # fmt: skip
_HTTP = re.compile(r"(https?|mailto|slack|tel):", re.IGNORECASE)


class Wrong(Exception):
    """What Slack would say is wrong, with the place in the JSON."""


def wrong_with(blocks: object, *, most: int = 50, surface: str = "message") -> str:
    """The first thing Slack would refuse, or "". `surface`: message, modal or home."""
    try:
        _blocks(blocks, most, surface)
    except Wrong as wrong:
        return str(wrong)
    return ""


def too_long(blocks: list[Json]) -> bool:
    """Whether the blocks of one message hold more text than Slack takes."""
    markdown = sum(len(b.get("text", "")) for b in blocks if b.get("type") == "markdown")
    return markdown > 12_000 or sum(len(text) for text in _texts(blocks)) > MOST_TEXT


def wrong_with_view(view: object) -> str:
    """Like `wrong_with`, for a modal or a home tab; "view_too_large" when it is that."""
    try:
        _view(view)
    except Wrong as wrong:
        return str(wrong)
    return ""


def elements(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Every interactive element with the block it stands in."""
    for block in blocks:
        inside = [*block.get("elements", []), block.get("accessory"), block.get("element")]
        yield from ((block, found) for found in inside if isinstance(found, dict) and "action_id" in found)


def _need(true: object, message: str, where: str) -> None:
    if not true:
        raise Wrong(f"[ERROR] {message} [json-pointer:{where}]")


def _text(value: object, where: str, most: int, *, plain: bool = False, least: int = 1) -> None:
    _need(isinstance(value, dict), "must provide an object", where)
    assert isinstance(value, dict)
    _need(value.get("type") in (("plain_text",) if plain else ("plain_text", "mrkdwn")), "unsupported type", f"{where}/type")
    text = value.get("text")
    _need(isinstance(text, str), "missing required field: text", where)
    assert isinstance(text, str)
    _need(len(text) >= least, f"must be more than {least - 1} characters", f"{where}/text")
    _need(len(text) <= most, f"must be less than {most + 1} characters", f"{where}/text")
    _need(not (value["type"] == "mrkdwn" and "emoji" in value), "invalid additional property: emoji", where)


def _string(thing: Json, key: str, where: str, most: int, *, needed: bool = False) -> None:
    if key not in thing or thing[key] is None:
        return _need(not needed, f"missing required field: {key}", where)
    _need(isinstance(thing[key], str), "must be a string", f"{where}/{key}")
    _need(len(thing[key]) <= most, f"must be less than {most + 1} characters", f"{where}/{key}")
    return _need(thing[key] or not needed, "must be more than 0 characters", f"{where}/{key}")


def _options(element: Json, where: str) -> None:
    most = _CHOICES[element["type"]]
    options = element.get("options")
    _need(isinstance(options, list) and options, "missing required field: options", where)
    assert isinstance(options, list)
    _need(len(options) <= most, f"no more than {most} items allowed", f"{where}/options")
    plain = element["type"] not in ("radio_buttons", "checkboxes")
    for n, option in enumerate(options):
        at = f"{where}/options/{n}"
        _text(option.get("text"), f"{at}/text", 75, plain=plain)
        _string(option, "value", at, 150, needed=True)
        if option.get("description"):
            _text(option["description"], f"{at}/description", 75, plain=plain)
    values = [option["value"] for option in options]
    _need(len(set(values)) == len(values), "option values must be unique", f"{where}/options")
    chosen = [element["initial_option"]] if element.get("initial_option") else element.get("initial_options", [])
    for first in chosen:
        _need(first in options, "initial option must exactly match a provided option", f"{where}/initial_option")


def _button(element: Json, where: str) -> None:
    _text(element.get("text"), f"{where}/text", 75, plain=True)
    _string(element, "value", where, 2000)
    _string(element, "url", where, 3000)
    _string(element, "accessibility_label", where, 75)
    _need(element.get("style", "primary") in ("primary", "danger"), "unsupported style", f"{where}/style")


def _feedback(element: Json, where: str) -> None:
    for key in ("positive_button", "negative_button"):
        _need(isinstance(element.get(key), dict), f"missing required field: {key}", where)
        _text(element[key].get("text"), f"{where}/{key}/text", 75, plain=True)
        _string(element[key], "value", f"{where}/{key}", 2000, needed=True)
        _string(element[key], "accessibility_label", f"{where}/{key}", 75)


def _element(element: object, where: str, allowed: set[str]) -> None:
    _need(isinstance(element, dict), "must be an object", where)
    assert isinstance(element, dict)
    kind = element.get("type", "")
    _need(kind in allowed, f"unsupported type: {kind}", f"{where}/type")
    _string(element, "action_id", where, 255)
    check = _OF_ELEMENTS.get(kind)
    if check is not None:
        check(element, where)
    if element.get("placeholder"):
        _text(element["placeholder"], f"{where}/placeholder", 150, plain=True)
    if element.get("confirm"):
        for key, most in {"title": 100, "text": 300, "confirm": 30, "deny": 30}.items():
            _text(element["confirm"].get(key), f"{where}/confirm/{key}", most, plain=key != "text")


def _icon(element: Json, where: str) -> None:
    _need(element.get("icon") == "trash", "unsupported icon", f"{where}/icon")
    _text(element.get("text"), f"{where}/text", 75, plain=True)


def _image(element: Json, where: str) -> None:
    _string(element, "alt_text", where, 2000, needed=True)
    _need("image_url" in element or "slack_file" in element, "missing required field: image_url", where)


def _typed(element: Json, where: str) -> None:
    for key in ("min_length", "max_length"):
        _need(0 <= element.get(key, 0) <= 3000, "must be between 0 and 3000", f"{where}/{key}")
    _string(element, "initial_value", where, element.get("max_length", 3000))


_OF_ELEMENTS: dict[str, Callable[[Json, str], None]] = {
    "button": _button,
    "feedback_buttons": _feedback,
    "icon_button": _icon,
    "image": _image,
    "plain_text_input": _typed,
    **dict.fromkeys(_CHOICES, _options),
}


def _rich(block: Json, where: str) -> None:
    inside = block.get("elements")
    _need(isinstance(inside, list) and inside, "missing required field: elements", where)
    assert isinstance(inside, list)
    for n, element in enumerate(inside):
        at = f"{where}/elements/{n}"
        kind = element.get("type", "") if isinstance(element, dict) else ""
        if kind == "rich_text_list":
            _need(element.get("style") in ("bullet", "ordered"), "unsupported style", f"{at}/style")
            _need(0 <= element.get("indent", 0) <= 8, "indent must be between 0 and 8", f"{at}/indent")
            _need(element.get("elements"), "missing required field: elements", at)
            for m, item in enumerate(element["elements"]):
                _need(item.get("type") == "rich_text_section", "unsupported type", f"{at}/elements/{m}/type")
                _inline(item, f"{at}/elements/{m}")
        else:
            known = ("rich_text_section", "rich_text_quote", "rich_text_preformatted")
            _need(kind in known, f"unsupported type: {kind}", f"{at}/type")
            _inline(element, at)


def _inline(section: Json, where: str) -> None:
    inside = section.get("elements")
    _need(isinstance(inside, list), "missing required field: elements", where)
    assert isinstance(inside, list)
    for n, span in enumerate(inside):
        at = f"{where}/elements/{n}"
        kind = span.get("type", "") if isinstance(span, dict) else ""
        _need(kind in _INLINE, f"unsupported type: {kind}", f"{at}/type")
        _need(span.get(_INLINE[kind]) not in (None, ""), f"missing required field: {_INLINE[kind]}", at)
        if kind == "link":
            _need(_HTTP.match(span["url"]), "invalid url", f"{at}/url")
        style = span.get("style", {})
        _need(isinstance(style, dict) and set(style) <= _STYLES, "invalid style", f"{at}/style")
        _need(all(isinstance(on, bool) for on in style.values()), "must be a boolean", f"{at}/style")
        extra = set(span) - {"type", "style", "text", "unsafe", "unicode", "skin_tone", "fallback", "format", _INLINE[kind]}
        _need(not extra, f"invalid additional property: {', '.join(sorted(extra))}", at)


def _section(block: Json, where: str) -> None:
    _need("text" in block or block.get("fields"), "must provide text or fields", where)
    if "text" in block:
        _text(block["text"], f"{where}/text", 3000)
    _need(len(block.get("fields", [])) <= 10, "no more than 10 items allowed", f"{where}/fields")
    for n, part in enumerate(block.get("fields", [])):
        _text(part, f"{where}/fields/{n}", 2000)
    if block.get("accessory"):
        _element(block["accessory"], f"{where}/accessory", _ACTIONS | {"image"})


def _members(block: Json, where: str, most: int, allowed: set[str]) -> None:
    inside = block.get("elements")
    _need(isinstance(inside, list) and inside, "missing required field: elements", where)
    assert isinstance(inside, list)
    _need(len(inside) <= most, f"no more than {most} items allowed", f"{where}/elements")
    for n, element in enumerate(inside):
        if block["type"] == "context" and isinstance(element, dict) and element.get("type") in ("plain_text", "mrkdwn"):
            _text(element, f"{where}/elements/{n}", 2000)
        else:
            _element(element, f"{where}/elements/{n}", allowed)


def _input(block: Json, where: str) -> None:
    _text(block.get("label"), f"{where}/label", 2000, plain=True)
    if block.get("hint"):
        _text(block["hint"], f"{where}/hint", 2000, plain=True)
    _element(block.get("element"), f"{where}/element", _INPUTS)


def _block(block: object, where: str, surface: str) -> None:
    _need(isinstance(block, dict), "must be an object", where)
    assert isinstance(block, dict)
    kind = block.get("type", "")
    _string(block, "block_id", where, 255)
    if kind == "section":
        _section(block, where)
    elif kind == "header":
        _text(block.get("text"), f"{where}/text", 150, plain=True)
    elif kind == "rich_text":
        _rich(block, where)
    elif kind == "context":
        _members(block, where, 10, {"image"})
    elif kind == "actions":
        _members(block, where, 25, _ACTIONS)
    elif kind == "context_actions" and surface == "message":
        _members(block, where, 5, {"feedback_buttons", "icon_button"})
    elif kind == "input":
        _input(block, where)
    elif kind == "image":
        _image(block, where)
    elif kind == "markdown" and surface == "message":
        _string(block, "text", where, 12_000, needed=True)
    else:
        _need(kind == "divider", f"unsupported type: {kind}", f"{where}/type")
    ids = [found["action_id"] for _, found in elements([block])]
    _need(len(set(ids)) == len(ids), "action_id already exists in this block", where)


def _blocks(blocks: object, most: int, surface: str) -> None:
    _need(isinstance(blocks, list), "must be an array", "/blocks")
    assert isinstance(blocks, list)
    _need(len(blocks) <= most, f"no more than {most} items allowed", "/blocks")
    for n, block in enumerate(blocks):
        _block(block, f"/blocks/{n}", surface)
    ids = [block["block_id"] for block in blocks if block.get("block_id")]
    _need(len(set(ids)) == len(ids), "block_id already exists", "/blocks")


def _view(view: object) -> None:
    _need(isinstance(view, dict), "must be an object", "/view")
    assert isinstance(view, dict)
    kind = view.get("type", "")
    _need(kind in ("modal", "home"), f"unsupported type: {kind}", "/type")
    _need("blocks" in view, "missing required field: blocks", "/view")
    _blocks(view["blocks"], 100, kind)
    inputs = any(block["type"] == "input" for block in view["blocks"])
    if kind == "modal":
        _text(view.get("title"), "/title", 24, plain=True)
        for key in ("submit", "close"):
            if view.get(key):
                _text(view[key], f"/{key}", 24, plain=True)
        _need(view.get("submit") or not inputs, "missing required field: submit", "/view")
    else:
        _need(not {"title", "submit", "close"} & set(view), "invalid additional property: title", "/view")
    _string(view, "private_metadata", "/view", 3000)
    _string(view, "callback_id", "/view", 255)
    _string(view, "external_id", "/view", 255)
    if len(json.dumps(view).encode()) > 250_000:
        raise Wrong("view_too_large")


def _texts(thing: object) -> Iterator[str]:
    if isinstance(thing, list):
        for part in thing:
            yield from _texts(part)
    elif isinstance(thing, dict):
        if isinstance(thing.get("text"), str):
            yield thing["text"]
        for part in thing.values():
            yield from _texts(part)


# ---- as people read it


def read_mrkdwn(text: str, names: Names) -> str:
    """Slack's own markup as it shows: marks vanish only where Slack takes them for marks, that is at the edges of words."""

    def link(found: re.Match[str]) -> str:
        target, _, label = found[1].partition("|")
        if target[0] in "@#":
            return target[0] + (label or names(target[1:]))
        return (label or "@" + target[1:]) if target[0] == "!" else (f"{label} ({target})" if label else target)

    text = re.sub(r"<([@#!][^<>|]+(?:\|[^<>]*)?|(?:https?|mailto):[^<>]+)>", link, text)
    for mark in ("\\*", "_", "~"):
        text = re.sub(rf"(?<![\w{mark}]){mark}(?=\S)([^{mark}\n]+?)(?<=\S){mark}(?![\w{mark}])", r"\1", text)
    return html.unescape(text)


def read_markdown(text: str, names: Names) -> str:
    """A markdown block as it shows; bold likewise only at the edges of words."""
    text = re.sub(r"(?m)^#{1,6} +", "", text)
    text = re.sub(r"(?<![\w*])\*\*(?=\S)([^\n]+?)(?<=\S)\*\*(?![\w*])", r"\1", text)
    text = re.sub(r"\[([^]\n]+)\]\((https?://[^)\s]+)\)", r"\1 (\2)", text)
    return re.sub(r"(?m)^( *)[-*] +", r"\1• ", re.sub(r"<@(\w+)>", lambda found: "@" + names(found[1]), text))


def read(blocks: list[Json], names: Names) -> str:
    """The blocks, one below the other."""
    return "\n".join(text for text in (_read_block(block, names) for block in blocks) if text)


def read_view(view: Mapping[str, Any], names: Names) -> str:
    """A modal or home tab with its title and buttons; what Slack says of wrong fields stands below them."""
    parts = [f"【{view['title']['text']}】"] if view.get("title") else []
    errors = view.get("errors", {})
    for block in view["blocks"]:
        parts.append(_read_block(block, names))
        if block.get("block_id") in errors:
            parts.append(f"⚠ {errors[block['block_id']]}")
    buttons = [f"[{view[key]['text']}]" for key in ("submit", "close") if view.get(key)]
    return "\n".join([*(part for part in parts if part), *([" ".join(buttons)] if buttons else [])])


def _read_text(text: Json, names: Names) -> str:
    return read_mrkdwn(text["text"], names) if text["type"] == "mrkdwn" else str(text["text"])


def _read_block(block: Json, names: Names) -> str:
    kind = block["type"]
    if kind == "rich_text":
        return "\n".join(_read_rich(element, names) for element in block["elements"])
    if kind == "section":
        lines = [_read_text(text, names) for text in ([block["text"]] if "text" in block else []) + block.get("fields", [])]
        beside = _read_element(block["accessory"], names) if block.get("accessory") else ""
        return "\n".join([*lines, *([beside] if beside else [])])
    if kind in ("actions", "context_actions", "context"):
        return " ".join(_read_element(element, names) for element in block["elements"])
    if kind == "input":
        optional = "?" if block.get("optional") else ""
        return f"{block['label']['text']}{optional}\n{_read_element(block['element'], names)}"
    if kind == "markdown":
        return read_markdown(block["text"], names)
    return {"divider": "———", "image": f"[{block.get('alt_text', '')}]"}.get(kind) or _read_text(block["text"], names)


def _read_element(element: Json, names: Names) -> str:
    kind = element["type"]
    if kind in ("plain_text", "mrkdwn"):
        return _read_text(element, names)
    if kind == "button":
        return f"[{element['text']['text']}]"
    if kind == "feedback_buttons":
        return f"[{element['positive_button']['text']['text']}] [{element['negative_button']['text']['text']}]"
    if kind == "overflow":
        return "[⋯]"
    if kind in _CHOICES:
        chosen = [element.get("initial_option"), *element.get("initial_options", [])]
        if kind.endswith("select"):
            picked = [_read_text(option["text"], names) for option in chosen if option]
            return f"[{'，'.join(picked) or (element.get('placeholder') or {}).get('text', '')} ▾]"
        marks = ("(•)", "( )") if kind == "radio_buttons" else ("[x]", "[ ]")
        return " ".join(f"{marks[option not in chosen]} {_read_text(option['text'], names)}" for option in element["options"])
    if kind == "plain_text_input":
        return f"[{element.get('initial_value') or (element.get('placeholder') or {}).get('text', '')}____]"
    return f"[{element.get('alt_text') or (element.get('text') or {}).get('text') or kind}]"


def _read_rich(element: Json, names: Names) -> str:
    kind = element["type"]
    if kind == "rich_text_list":
        indent = "  " * element.get("indent", 0)
        start = element.get("offset", 0) + 1
        heads = [f"{start + n}. " if element["style"] == "ordered" else "• " for n in range(len(element["elements"]))]
        return "\n".join(f"{indent}{head}{_read_inline(i, names)}" for head, i in zip(heads, element["elements"], strict=True))
    text = _read_inline(element, names)
    if kind == "rich_text_quote":
        return "\n".join(f"> {line}" for line in text.split("\n"))
    return f"```\n{text}\n```" if kind == "rich_text_preformatted" else text.rstrip("\n")


def _read_inline(section: Json, names: Names) -> str:
    parts = []
    for span in section["elements"]:
        value = str(span[_INLINE[span["type"]]])
        if span["type"] == "link" and span.get("text"):
            value = f"{span['text']} ({value})"
        elif span["type"] in ("user", "channel"):
            value = "@#"[span["type"] == "channel"] + names(value)
        elif span["type"] in ("emoji", "broadcast"):
            value = f":{value}:" if span["type"] == "emoji" else f"@{value}"
        parts.append(value)
    return "".join(parts)


# ---- as people use it


def controls(message: Json) -> list[str]:
    """The action ids of a message or view."""
    return [element["action_id"] for _, element in elements(message["blocks"])]


def input_id(block: Json) -> str:
    """The action id of an input block."""
    return str(block["element"].get("action_id") or f"{block['block_id']}-input")


def _chosen(element: Json, value: str) -> Json:
    found = [option for option in element["options"] if option["value"] == value]
    assert found, f"no option {value} among {[option['value'] for option in element['options']]}"
    return dict(found[0])


def clicked(element: Json, value: str | None) -> Json:
    """The part of a click that says what was done."""
    kind, made = element["type"], {"type": element["type"], "action_id": element["action_id"]}
    if kind == "feedback_buttons":
        both = [element["positive_button"], element["negative_button"]]
        picked = [b for b in both if value in (None, b["value"])]
        assert picked, f"no feedback button {value} among {[b['value'] for b in both]}"
        return made | {"text": picked[0]["text"], "value": picked[0]["value"]}
    if kind == "button":
        return made | {key: element[key] for key in ("text", "value", "style") if key in element}
    if kind == "checkboxes" or kind.startswith("multi_"):
        return made | {"selected_options": [_chosen(element, v) for v in (value or "").split("|") if v]}
    assert value is not None, f"{kind} needs a value"
    if "options" in element:
        return made | {"selected_option": _chosen(element, value)}
    return made | {_PICKED[kind]: value}


def filled(block: Json, values: Mapping[str, Any]) -> Json:
    """One input's part of a submitted view's state."""
    element = block["element"]
    kind, made = element["type"], {"type": element["type"]}
    value = values.get(block["block_id"], values.get(input_id(block)))
    needed = not block.get("optional")
    if kind in _PLAIN:
        text = element.get("initial_value") if value is None else value
        assert text or not needed, f"{input_id(block)} must be filled in"
        least, most = element.get("min_length", 0), element.get("max_length", 3000)
        assert not text or least <= len(text) <= most, f"{input_id(block)} takes {least} to {most} characters"
        return made | {"value": text or None}
    if kind == "checkboxes" or kind.startswith("multi_"):
        picked = element.get("initial_options", []) if value is None else [_chosen(element, v) for v in value]
        assert picked or not needed, f"{input_id(block)} must be chosen"
        return made | {"selected_options": picked}
    if "options" in element:
        one = element.get("initial_option") if value is None else _chosen(element, value)
        assert one or not needed, f"{input_id(block)} must be chosen"
        return made | {"selected_option": one}
    key = _PICKED.get(kind, "files")
    first = element.get(key.replace("selected", "initial")) if value is None else value
    assert first or not needed, f"{input_id(block)} must be filled in"
    return made | {key: first}
