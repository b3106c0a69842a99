"""A sheet as PDF: A4, tagged to PDF/UA-1, bookmarks, the font embedded. Needs nothing installed on the machine.

A character that no font at hand holds is written out by name; every other one comes out as it was put in.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, time
from typing import Any

from coach.documents.blocks import Block, Sheet, kind_of
from coach.documents.chart import ACCENT, Radar, radar_svg, radar_width
from coach.documents.fonts import FALLBACKS, FAMILY, compiled, legible
from coach.documents.layout import SOURCE
from coach.types import Lang


@dataclass(frozen=True, kw_only=True)
class _Setting:
    """How large and how close a page is set.

    Points of the text, share of it in tables, points around a cell, space above a heading and between the lines of a cell in
    their own size, margin in centimetres, and whether rows may break over pages.
    """

    size: float
    small: float
    inset: float
    gap: float
    leading: float
    margin: float
    breaks: bool = False


# Latin letters look larger than Chinese characters of the same size.
_CLOSE: dict[Lang, _Setting] = {
    "zh": _Setting(size=9.5, small=0.92, inset=3.8, gap=1.4, leading=0.54, margin=1.7),
    "en": _Setting(size=9.0, small=0.94, inset=3.2, gap=1.2, leading=0.5, margin=1.6),
}
_FULL: dict[Lang, tuple[_Setting, ...]] = {
    "zh": (
        _Setting(size=10.0, small=0.9, inset=4.5, gap=1.6, leading=0.58, margin=1.8),
        _CLOSE["zh"],
        replace(_CLOSE["zh"], breaks=True),
    ),
    "en": (
        _Setting(size=9.5, small=0.9, inset=4.0, gap=1.5, leading=0.52, margin=1.8),
        _CLOSE["en"],
        replace(_CLOSE["en"], breaks=True),
    ),
}
_ONE: tuple[_Setting, ...] = (
    _Setting(size=10.5, small=0.9, inset=6.0, gap=1.7, leading=0.58, margin=1.8),
    _Setting(size=9.5, small=0.92, inset=4.5, gap=1.3, leading=0.56, margin=1.8),
    _Setting(size=9.2, small=0.94, inset=4.0, gap=1.2, leading=0.54, margin=1.7),
    _Setting(size=8.6, small=0.97, inset=3.5, gap=1.1, leading=0.52, margin=1.6),
)
_MOST_PAGES = 5

_LONG_WORD = re.compile(r"[!-~]{28,}")
_BREAK = "\u200b"


def to_pdf(sheet: Sheet) -> bytes:
    """The sheet as PDF, set as large and open as keeps it to its pages: one, or five.

    What is too long for that even in the closest setting (8.3 points) takes the one that needs the fewest pages.
    """
    choices, most = (_ONE, 1) if sheet.one_page else (_FULL[sheet.lang], _MOST_PAGES)
    made: list[tuple[int, bytes]] = []
    for setting in choices:
        data = _pdf(sheet, setting)
        made.append((_pages(data), data))
        if made[-1][0] <= most:
            break
    return min(made, key=lambda each: each[0])[1]


def _pdf(sheet: Sheet, setting: _Setting) -> bytes:
    data = {
        **{name: _shown(getattr(sheet, name)) for name in ("title", "subtitle", "author", "head", "header", "page", "colon")},
        "document_title": _shown(sheet.header),
        "made": sheet.made.isoformat(),
        "sections": [{"title": _shown(s.title), "blocks": [_block(b) for b in s.blocks]} for s in sheet.sections],
        "lang": sheet.lang,
        "region": "cn" if sheet.lang == "zh" else "us",
        # Quotation marks and dashes of the font are as wide as a Chinese character unless asked otherwise.
        "features": [] if sheet.lang == "zh" else ["pwid"],
        "fonts": [FAMILY, *FALLBACKS],
        "accent": ACCENT,
        **asdict(setting),
    }
    made = datetime.combine(sheet.made, time(), tzinfo=UTC)
    return compiled(SOURCE, {"sheet": json.dumps(data, ensure_ascii=False)}, format="pdf", timestamp=int(made.timestamp()))


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, Radar):
        return {"kind": "radar", "svg": radar_svg(block), "alt": block.alt, "width": radar_width(block)}
    values = asdict(block)
    return {"kind": kind_of(block), **{name: _shown(value) for name, value in values.items()}}


def _shown(value: Any) -> Any:  # noqa: ANN401  any part of a block
    """Every text with characters the fonts hold, and places to break a line in words longer than a column."""
    if isinstance(value, str):
        return _LONG_WORD.sub(lambda word: _BREAK.join(re.findall(".{1,14}", word[0])), legible(value))
    if isinstance(value, dict):
        return {name: _shown(v) for name, v in value.items()}
    return [_shown(v) for v in value] if isinstance(value, list | tuple) else value


def _pages(data: bytes) -> int:
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    try:
        return len(document)
    finally:
        document.close()
