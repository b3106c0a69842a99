"""A sheet as Markdown that also reads well as plain text: short cells as tables, long ones as lists."""

from __future__ import annotations

import re
from collections.abc import Iterator

from coach.documents.blocks import Block, Bullets, Card, Cards, Facts, Grid, Paragraph, Piece, Sheet
from coach.documents.chart import Radar

# Brackets mean something only before what makes a link or a reference of them, an ampersand only in an entity.
_MARKUP = re.compile(r"([\\`*_<|~$]|\](?=[(\[:])|&(?=#?\w+;)|^\[(?=[ xX]\]))")
_LINE_START = re.compile(r"^(\s*)([#>+=-]|\d{1,9}(?=[.)]))")


def to_markdown(sheet: Sheet) -> str:
    """The sheet as Markdown; whatever the plan says is escaped and comes out literally."""
    lines = [f"# {escaped(sheet.header)}", "", *_list([f"{escaped(k)}{sheet.colon}{escaped(v)}" for k, v in sheet.head])]
    for section in sheet.sections:
        lines += ["", f"## {escaped(section.title)}"]
        for block in section.blocks:
            lines += ["", *_block(block, sheet.colon)]
    return "\n".join(line.rstrip() for line in lines).strip() + "\n"


def escaped(text: str) -> str:
    """A text as one line of Markdown that shows literally, also inside a table cell and at the start of a line."""
    line = re.sub(r"\s+", " ", text).strip()
    line = _MARKUP.sub(r"\\\1", line)
    # "1." begins a list by its stop, the other marks by themselves.
    return _LINE_START.sub(lambda m: f"{m[1]}{m[2]}\\" if m[2].isdigit() else f"{m[1]}\\{m[2]}", line)


def _block(block: Block, colon: str) -> Iterator[str]:
    if isinstance(block, Paragraph):
        yield f"> {escaped(block.text)}" if block.note else escaped(block.text)
    elif isinstance(block, Facts):
        yield from _list([f"{escaped(key)}{colon}{escaped(value)}" for key, value in block.rows])
    elif isinstance(block, Bullets):
        yield from _list([escaped(item) for item in block.items])
    elif isinstance(block, Grid):
        yield from _table(block)
    elif isinstance(block, Cards):
        yield from _cards(block, colon)
    elif isinstance(block, Radar):
        yield escaped(block.alt)


def _list(items: list[str]) -> Iterator[str]:
    for item in items:
        yield f"- {item}"


def _table(grid: Grid) -> Iterator[str]:
    yield f"| {' | '.join(escaped(h) for h in grid.head)} |"
    yield f"|{' --- |' * len(grid.head)}"
    for row in grid.rows:
        yield f"| {' | '.join(escaped(cell) for cell in row)} |"


def _cards(cards: Cards, colon: str) -> Iterator[str]:
    for n, group in enumerate(cards.groups):
        if group.title:
            yield from ["", f"### {escaped(group.title)}", ""] if n else [f"### {escaped(group.title)}", ""]
        for number, card in enumerate(group.cards, 1):
            yield from _card(card, number, cards.head, colon)


def _card(card: Card, number: int, head: tuple[str, ...], colon: str) -> Iterator[str]:
    """The title, the short facts in one line, then a line for each further piece; those without a label get the column's."""
    yield f"{number}. **{escaped(card.title)}**"
    if card.tags:
        yield f"   - {' · '.join(_piece(tag) for tag in card.tags)}"
    for column, pieces in zip(head[1:], card.details, strict=True):
        for piece in pieces:
            if piece.label:
                yield f"   - {_piece(piece)}"
        plain = [escaped(p.text) for p in pieces if not p.label]
        if len(plain) == 1:
            yield f"   - {escaped(column)}{colon}{plain[0]}"
        elif plain:
            yield from [f"   - {escaped(column)}{colon}", *(f"     - {text}" for text in plain)]


def _piece(piece: Piece) -> str:
    return (
        f"{escaped(piece.label)} {escaped(piece.text)}"
        if piece.label.endswith(" ")
        else escaped(piece.label) + escaped(piece.text)
    )
