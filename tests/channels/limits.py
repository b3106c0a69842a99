"""Slack's limits on what is sent, asserted over every block of a message or view."""

from __future__ import annotations

from typing import Any

TEXT_LIMITS = {"header": 150, "section": 3000, "context": 2000}
_SPANS = {"text", "link"}
_HOLDERS = {"rich_text_section", "rich_text_quote"}


def check(blocks: list[dict[str, Any]], *, most: int = 50) -> None:
    """Fails where Slack would refuse: sizes, empty texts, wrong nesting, an action twice in a block."""
    assert 1 <= len(blocks) <= most
    named = [b["block_id"] for b in blocks if "block_id" in b]
    assert len(named) == len(set(named))
    for block in blocks:
        _CHECKS[block["type"]](block)
        acting = [e for e in [*block.get("elements", ()), block.get("accessory", {}), block.get("element", {})] if e]
        ids = [e["action_id"] for e in acting if "action_id" in e]
        assert len(ids) == len(set(ids)), ids
        assert all(1 <= len(i) <= 255 for i in ids)


def check_part(part: tuple[str, list[dict[str, Any]]]) -> None:
    """A message: its blocks, and a fallback text without markup."""
    text, blocks = part
    check(blocks)
    assert text.strip()
    assert "<" not in text and ">" not in text
    assert len(shown(blocks)) <= 6500
    assert encodable(text) and encodable(shown(blocks))


def check_view(view: dict[str, Any]) -> None:
    """A modal."""
    for name in ("title", "submit", "close"):
        if name in view:
            _plain(view[name], 24)
    assert view["type"] == "modal" and "title" in view
    assert len(view.get("private_metadata", "")) <= 3000
    assert "submit" in view or not any(b["type"] == "input" for b in view["blocks"])
    check(view["blocks"], most=100)


def encodable(text: str) -> bool:
    """Whether it can go over the wire at all."""
    return text.encode("utf-8", "replace").decode("utf-8") == text


def shown(found: Any) -> str:
    """Every visible text, in order."""
    if isinstance(found, list):
        return "\n".join(filter(None, map(shown, found)))
    if not isinstance(found, dict):
        return ""
    own = found.get("text")
    if isinstance(own, str):
        return own
    joint = "" if found.get("type") in _HOLDERS else "\n"
    return joint.join(
        filter(None, (shown(v) for k, v in found.items() if k != "value" for v in (v if isinstance(v, list) else [v])))
    )


def _plain(text: dict[str, Any], limit: int) -> None:
    assert text["type"] == "plain_text"
    assert 1 <= len(text["text"]) <= limit
    assert text["text"].strip()


def _rich(block: dict[str, Any]) -> None:
    assert block["elements"]
    for element in block["elements"]:
        if element["type"] == "rich_text_list":
            assert element["style"] in ("bullet", "ordered")
            assert 0 <= element.get("indent", 0) <= 8 and element.get("offset", 0) >= 0
            assert element["elements"]
            for section in element["elements"]:
                assert section["type"] == "rich_text_section"
                _spans(section)
        else:
            assert element["type"] in _HOLDERS
            _spans(element)


def _spans(holder: dict[str, Any]) -> None:
    assert holder["elements"]
    for span in holder["elements"]:
        assert span["type"] in _SPANS
        assert span["text"] if span["type"] == "text" else span["url"].startswith("http") and len(span["url"]) <= 3000
        assert set(span.get("style", {"bold": True})) <= {"bold", "italic", "code", "strike"}


def _actions(block: dict[str, Any]) -> None:
    assert 1 <= len(block["elements"]) <= 25
    for element in block["elements"]:
        _element(element)


def _element(element: dict[str, Any]) -> None:
    kind = element["type"]
    assert len(element.get("accessibility_label", "")) <= 75
    if kind == "button":
        _plain(element["text"], 75)
        assert len(element.get("value", "")) <= 2000
    elif kind == "static_select":
        _plain(element["placeholder"], 150)
        _options(element["options"], 100)
    elif kind in ("radio_buttons", "checkboxes"):
        _options(element["options"], 10)
        assert element.get("initial_option", element["options"][0]) in element["options"]
    else:
        assert kind == "plain_text_input"
        assert 1 <= element.get("max_length", 3000) <= 3000


def _options(options: list[dict[str, Any]], most: int) -> None:
    assert 1 <= len(options) <= most
    for option in options:
        _plain(option["text"], 75)
        assert 1 <= len(option["value"]) <= 150


def _context(block: dict[str, Any]) -> None:
    assert 1 <= len(block["elements"]) <= 10
    for element in block["elements"]:
        _plain(element, TEXT_LIMITS["context"])


def _feedback(block: dict[str, Any]) -> None:
    assert 1 <= len(block["elements"]) <= 5
    for element in block["elements"]:
        assert element["type"] == "feedback_buttons"
        for side in ("positive_button", "negative_button"):
            _plain(element[side]["text"], 75)
            assert 1 <= len(element[side]["value"]) <= 2000
            assert 1 <= len(element[side]["accessibility_label"]) <= 75


def _section(block: dict[str, Any]) -> None:
    _plain(block["text"], TEXT_LIMITS["section"])
    if "accessory" in block:
        _element(block["accessory"])


def _input(block: dict[str, Any]) -> None:
    _plain(block["label"], 2000)
    _element(block["element"])


_CHECKS = {
    "rich_text": _rich,
    "actions": _actions,
    "context": _context,
    "context_actions": _feedback,
    "header": lambda block: _plain(block["text"], TEXT_LIMITS["header"]),
    "section": _section,
    "input": _input,
    "divider": lambda block: None,
}
