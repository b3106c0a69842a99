"""Feishu's cards as the stand-in for Feishu takes and reads them: what is refused, and what a person sees."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from html import unescape
from typing import Any

Json = dict[str, Any]

MAX_CARD = 30 * 1024
_TAGS = {"markdown", "div", "hr", "collapsible_panel", "column_set", "column", "button", "plain_text"}
_FOREIGN = re.compile(r"<(?!br>)[a-z/]")  # at, person, font, a …: nothing the coach means to send


def parts_of(card: Json) -> list[Json]:
    """Every component of a card, in order, what is inside others among them."""
    found: list[Json] = []

    def walk(part: Json) -> None:
        found.append(part)
        for inside in (*part.get("columns", ()), *part.get("elements", ())):
            walk(inside)

    for element in card["body"]["elements"]:
        walk(element)
    return found


def buttons(card: Json) -> list[Json]:
    """The buttons of a card."""
    return [part for part in parts_of(card) if part["tag"] == "button"]


def shown(card: Json) -> str:
    """A card as text: Markdown as it is written, but for entities; buttons in brackets."""
    lines = []
    for part in parts_of(card):
        if part["tag"] == "markdown":
            lines.append(unescape(part["content"].replace("<br>", "\n")))
        elif part["tag"] == "collapsible_panel":
            lines.append(f"▸ {part['header']['title']['content']}")
        elif part["tag"] == "div":
            lines.append(part["text"]["content"])
        elif part["tag"] == "button":
            lines.append(f"[{part['text']['content']}]")
        elif part["tag"] == "hr":
            lines.append("———")
    return "\n".join(lines)


def refused(body: Json) -> tuple[int, str] | None:
    """The code and reason for which Feishu would refuse the body of a request with a card."""
    size = len(json.dumps(body, ensure_ascii=False).encode())
    if size > MAX_CARD:
        return 230025, "The length of the message content reaches its limit."
    try:
        card = json.loads(body["content"])
        parts = parts_of(card)
    except (ValueError, KeyError, TypeError, AttributeError):
        return 230099, "ErrCode: 200621; ErrMsg: parse card json err"
    wrong = _wrong(card, parts)
    return (230099, f"Failed to create card content, ext={wrong}") if wrong else None


def _wrong(card: Json, parts: Sequence[Json]) -> str:
    if card.get("schema") != "2.0" or set(card) - {"schema", "config", "header", "body"}:
        return "schema"
    if card.get("config", {}).get("update_multi") is not True:
        return "update_multi"
    if not parts or len(parts) > 200:
        return "number of elements"
    for part in parts:
        if part.get("tag") not in _TAGS:
            return f"ErrCode: 200861; unsupported tag {part.get('tag')}"
        if part["tag"] == "markdown" and (not part.get("content") or _FOREIGN.search(part["content"])):
            return f"markdown {part.get('content')!r}"
        if part["tag"] == "div" and (part["text"].get("tag") != "plain_text" or not part["text"].get("content")):
            return "div"
        if part["tag"] == "collapsible_panel" and not (part["header"]["title"].get("content") and part.get("elements")):
            return "collapsible_panel"
        if part["tag"] == "button" and not (0 < len(part["text"]["content"]) <= 100 and part.get("behaviors")):
            return "button"
    return ""
