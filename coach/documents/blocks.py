"""What a document is made of, in one language and without any format: Sheet, its sections, and the blocks in them.

Every text is plain: a format escapes it its own way and must show it literally.
"""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from coach.documents.chart import Radar
from coach.text import clean
from coach.types import Lang

_NO_CHARACTER = re.compile(r"[\ufdd0-\ufdef\ufffe\uffff]|[\U0001fffe\U0001ffff]")
"""Code points that are none, and that XML refuses."""


@dataclass(frozen=True, kw_only=True)
class Piece:
    """One paragraph of a cell, with the words that introduce it, such as "Measure: "."""

    text: str
    label: str = ""


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    """Running text; a note is the coach's remark on the document itself."""

    text: str
    note: bool = False


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Key and value, a pair a row."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Grid:
    """A table of short cells under a header row; `widths` are shares of the page."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class Card:
    """Something with a title, what is to know of it at a glance, and one list of pieces for each further column."""

    title: str
    tags: tuple[Piece, ...]
    details: tuple[tuple[Piece, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Group:
    """Cards under one heading; without a heading when there is only one group."""

    title: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, kw_only=True)
class Cards:
    """A table of long cells, in groups; `head` names the title column and the columns of details."""

    head: tuple[str, ...]
    groups: tuple[Group, ...]
    widths: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class Bullets:
    """A list without order."""

    items: tuple[str, ...]


Block = Paragraph | Facts | Grid | Cards | Bullets | Radar


@dataclass(frozen=True, kw_only=True)
class Section:
    """A heading and what stands under it."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One document in one language: title, head, sections, and the words of header and footer.

    `page` holds the marks {page} and {pages}; `colon` joins a key and its value in running text. `one_page` asks the formats
    to keep it on one page.
    """

    lang: Lang
    title: str
    subtitle: str
    made: date
    author: str
    head: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    header: str
    page: str
    colon: str
    one_page: bool = False


def cleaned(value: Any) -> Any:  # noqa: ANN401  any part of a sheet
    """The same block or sheet without the characters that no reader sees and no format can hold."""
    if isinstance(value, str):
        return _NO_CHARACTER.sub("", clean(value))
    if isinstance(value, tuple):
        return tuple(cleaned(v) for v in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.replace(value, **{f.name: cleaned(getattr(value, f.name)) for f in dataclasses.fields(value)})
    return value


def kind_of(block: Block) -> Literal["paragraph", "facts", "grid", "cards", "bullets", "radar"]:
    """The name of a block's kind, for formats that pass blocks on as data."""
    names: dict[type, Any] = {Paragraph: "paragraph", Facts: "facts", Grid: "grid", Cards: "cards", Bullets: "bullets"}
    return names.get(type(block), "radar")  # type: ignore[no-any-return]
