"""A document's blocks as HTML: the preview of Word and Markdown files, an older version, a review as it will be printed."""

from __future__ import annotations

from coach.documents.blocks import Block, Bullets, Card, Cards, Facts, Grid, Paragraph, Piece, Sheet
from coach.documents.chart import radar_svg
from ui.html import escape, table


def sheet_html(sheet: Sheet) -> str:
    """The whole document, its title as a heading of the third level."""
    head = "".join(f"<div><dt>{escape(key)}</dt><dd>{escape(value)}</dd></div>" for key, value in sheet.head)
    name = f"<p class='lede'>{escape(sheet.subtitle)}</p>" if sheet.subtitle else ""
    sections = "".join(
        f"<section><h4>{escape(s.title)}</h4>{''.join(_block(b, s.title) for b in s.blocks)}</section>" for s in sheet.sections
    )
    return f"<article class='paper'><h3>{escape(sheet.title)}</h3>{name}<dl class='paper-head'>{head}</dl>{sections}</article>"


def _block(block: Block, title: str) -> str:
    if isinstance(block, Paragraph):
        return f"<p class='{'small' if block.note else ''}'>{escape(block.text)}</p>"
    if isinstance(block, Facts):
        facts = "".join(f"<div><dt>{escape(key)}</dt><dd>{escape(value)}</dd></div>" for key, value in block.rows)
        return f"<dl class='paper-facts'>{facts}</dl>"
    if isinstance(block, Bullets):
        return f"<ul>{''.join(f'<li>{escape(item)}</li>' for item in block.items)}</ul>"
    if isinstance(block, Grid):
        return table(block.head, [[escape(cell) for cell in row] for row in block.rows], caption=title)
    if isinstance(block, Cards):
        return "".join(_group(group.title, group.cards, block.head) for group in block.groups)
    return f"<div class='paper-chart' role='img' aria-label='{escape(block.alt)}'>{radar_svg(block)}</div>"


def _group(title: str, cards: tuple[Card, ...], head: tuple[str, ...]) -> str:
    named = f"<h5>{escape(title)}</h5>" if title else ""
    return f"{named}<ol>{''.join(_card(card, head) for card in cards)}</ol>"


def _card(card: Card, head: tuple[str, ...]) -> str:
    tags = " · ".join(_piece(tag) for tag in card.tags)
    columns = ""
    for name, pieces in zip(head[1:], card.details, strict=True):
        labelled = "".join(f"<li>{_piece(piece)}</li>" for piece in pieces if piece.label)
        plain = [escape(piece.text) for piece in pieces if not piece.label]
        columns += labelled + (f"<li>{escape(name)}<ul>{''.join(f'<li>{p}</li>' for p in plain)}</ul></li>" if plain else "")
    return f"<li><strong>{escape(card.title)}</strong><p class='small'>{tags}</p><ul>{columns}</ul></li>"


def _piece(piece: Piece) -> str:
    return f"<b>{escape(piece.label)}</b>{escape(piece.text)}" if piece.label else escape(piece.text)
