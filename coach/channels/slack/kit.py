"""What the personal surfaces are put together from: spans, buttons, fields, modals, and a sheet that knows its room.

Plain dicts within Slack's limits. Texts go in as rich text or plain text, which Slack never reads as markup. Knows nothing of
what is shown with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from typing import Any, NamedTuple

from coach.documents.words import shortened
from coach.messages import say
from coach.text import clean
from coach.types import Lang

Block = dict[str, Any]
View = dict[str, Any]


class Part(NamedTuple):
    """One message: what notifications and screen readers say, and what is shown."""

    text: str
    blocks: list[Block]


SHORT = 150
"""Characters of a title, and of a line among others."""
LONG = 300
"""Characters of a sentence among others."""
_ROOM = 2_700  # characters of a message: below 3,000 with its headings and what is said of the rest


class Sheet:
    """Blocks in the making, and what they say as plain text; entries there is no room for are counted, not shown."""

    def __init__(self, lang: Lang) -> None:
        self.lang = lang
        self.blocks: list[Block] = []
        self._text: list[str] = []
        self._room = _ROOM

    @property
    def part(self) -> Part:
        """The message."""
        return Part(text=escaped("\n".join(self._text)), blocks=self.blocks)

    def header(self, text: str) -> None:
        """The title of a whole message or view."""
        self.blocks.append({"type": "header", "text": plain(text, SHORT)})
        self._text.append(text)

    def line(self, said: str | list[Block]) -> None:
        """A paragraph."""
        spans = [words(said)] if isinstance(said, str) else said
        self._took(spans)
        self.blocks.append({"type": "rich_text", "elements": [_section(spans)]})

    def items(self, title: str, rows: Sequence[list[Block]], most: int = 100, *, of_room: float = 1) -> None:
        """A title and the entries under it: `most` of them, as far as there is room, or that part of what a message holds."""
        self._text.append(title)
        least = max(0, self._room - int(_ROOM * of_room))
        shown = list(takewhile(lambda row: self._took(row, least), rows[:most]))
        if len(shown) < len(rows):
            more = [words(say("sv_more", self.lang, n=len(rows) - len(shown)))]
            self._text.append(_text_of(more))
            shown.append(more)
        listed = {"type": "rich_text_list", "style": "bullet", "elements": [_section(row) for row in shown]}
        self.blocks.append({"type": "rich_text", "elements": [_section([bold(title)]), listed]})

    def small(self, text: str) -> None:
        """A line in small print."""
        self.blocks.append(small(text))

    def buttons(self, *buttons: Block) -> None:
        """Buttons side by side; an action may stand there once."""
        self.blocks.append({"type": "actions", "elements": list(buttons)})

    def beside(self, text: str, button: Block) -> None:
        """A sentence with a button beside it."""
        self.blocks.append({**sentence(text), "accessory": button})

    def divider(self) -> None:
        """A line across."""
        self.blocks.append({"type": "divider"})

    def _took(self, spans: Sequence[Block], least: int = 0) -> bool:
        """Whether there was room; `least` has to be left."""
        text = _text_of(spans)
        if len(text) > self._room - least:
            return False
        self._room -= len(text)
        self._text.append(text)
        return True


def _text_of(spans: Sequence[Block]) -> str:
    return "".join(span.get("text", "") for span in spans).strip()


def escaped(text: str) -> str:
    """A text for where Slack reads markup: no mention, link or entity comes of it."""
    return clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def words(text: str) -> Block:
    """A span of rich text, which must not be empty."""
    return {"type": "text", "text": text}


def bold(text: str) -> Block:
    """A bold span of rich text."""
    return {"type": "text", "text": text, "style": {"bold": True}}


def link(url: str, text: str) -> Block:
    """A link as a span of rich text."""
    return {"type": "link", "url": url, "text": text}


def _section(spans: Sequence[Block]) -> Block:
    return {"type": "rich_text_section", "elements": list(spans)}


def plain(text: str, longest: int) -> Block:
    """A plain text, cut with … when it is longer; `:words:` stay words."""
    return {"type": "plain_text", "text": shortened(text, longest), "emoji": False}


def sentence(text: str) -> Block:
    """A block of plain text."""
    return {"type": "section", "text": plain(text, 3_000)}


def small(text: str) -> Block:
    """A block of small print."""
    return {"type": "context", "elements": [plain(text, LONG)]}


def button(action: str, label: str, value: str = "", *, primary: bool = False) -> Block:
    """A button; `value` is what its press brings back."""
    made: Block = {"type": "button", "action_id": action, "text": plain(label, 75), "value": value or action}
    return {**made, "style": "primary"} if primary else made


def option(label: str, value: str) -> Block:
    """One choice of several."""
    return {"text": plain(label, 75), "value": value}


def typed(action: str, longest: int, *, hint: str = "") -> Block:
    """A field to type in; more than a line where no hint stands in it."""
    made: Block = {"type": "plain_text_input", "action_id": action, "max_length": longest, "multiline": not hint}
    return made | ({"placeholder": plain(hint, SHORT)} if hint else {})


def question(block_id: str, label: str, element: Block, *, hint: str = "") -> Block:
    """A question of a modal; none of ours has to be answered."""
    made: Block = {"type": "input", "block_id": block_id, "optional": True, "label": plain(label, 2_000), "element": element}
    return made | ({"hint": plain(hint, 2_000)} if hint else {})


def modal(
    title: str,
    shown: list[Block],
    lang: Lang,
    *,
    callback: str = "",
    kept: str = "",
    submit: str = "",
    close: str = "web_no",
) -> View:
    """A modal. Without `submit` it is only to be read."""
    made: View = {"type": "modal", "title": plain(title, 24), "blocks": shown}
    made["close"] = plain(say(close if submit else "pl_close", lang), 24)
    if submit:
        made |= {"callback_id": callback, "private_metadata": kept, "submit": plain(say(submit, lang), 24)}
    return made
