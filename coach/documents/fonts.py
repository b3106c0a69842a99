"""The font of pictures and PDF: where its file is, which characters it holds, and typst with that font and no other need.

A character the font does not hold would print as an empty box, so it is written out by its Unicode name instead.
"""

from __future__ import annotations

import struct
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any, Literal

FAMILY = "Noto Sans SC"
FALLBACKS = ("Libertinus Serif", "New Computer Modern", "DejaVu Sans Mono")
"""Fonts inside typst itself; what they add to the first one is in `_ADDED`."""

_ADDED = frozenset(
    [
        *range(0xA0, 0x250),
        *range(0x370, 0x400),
        *range(0x400, 0x500),
        *range(0x1E00, 0x2000),
        *range(0x2190, 0x2400),
        *range(0x2500, 0x2600),
    ]
)
"""Latin, Greek and Cyrillic letters, arrows and mathematical signs."""

_DROPPED = frozenset([*range(0xFE00, 0xFE10), *range(0x1F3FB, 0x1F400)])
"""Variation selectors and skin tones: they only dress the character before them."""


def compiled(
    source: str,
    inputs: dict[str, str],
    *,
    format: Literal["pdf", "png"],
    ppi: int | None = None,
    timestamp: int | None = None,
) -> bytes:
    """A typst source with its inputs as PDF (conforming to PDF/UA-1 if every character can be shown) or PNG."""
    import typst

    def made(standard: Literal["ua-1"] | None) -> bytes:
        result = typst.compile(
            source.encode(),
            font_paths=_fonts(),
            sys_inputs=inputs,
            format=format,
            ppi=ppi,
            timestamp=timestamp,
            pdf_standards=standard,
        )
        return bytes(result)

    try:
        return made("ua-1" if format == "pdf" else None)
    except typst.TypstError:
        # A glyph the fonts cannot shape is no reason to refuse somebody their plan: tagged, but without the promise.
        return made(None)


@cache
def _fonts() -> Any:  # noqa: ANN401  typst.Fonts
    import typst

    return typst.Fonts(include_system_fonts=False, font_paths=[_file().parent])


def legible(text: str) -> str:
    """The text with every character the font does not hold written out: 🚀 becomes [rocket]."""
    held = _held()
    return "".join(
        c if ord(c) in held or c == "\n" else " " if c.isspace() else _name(c) for c in unicodedata.normalize("NFC", text)
    )


def _name(character: str) -> str:
    if ord(character) in _DROPPED:
        return ""
    plain = unicodedata.normalize("NFKC", character)
    if plain != character and all(ord(c) in _held() for c in plain):
        return plain
    return f"[{unicodedata.name(character, f'U+{ord(character):04X}').lower()}]"


def _file() -> Path:
    from pylopdf_fonts_zh_cn import sans_path

    return Path(sans_path())


@cache
def _held() -> frozenset[int]:
    """The code points of the fonts: `_ADDED`, and those of the font's file, from the table `cmap`, subtables of format 12."""
    data = _file().read_bytes()
    tables = {data[at : at + 4]: struct.unpack(">I", data[at + 8 : at + 12])[0] for at in _steps(data, 4, 12, 16)}
    cmap = tables[b"cmap"]
    held: set[int] = {c for c in _ADDED if unicodedata.category(chr(c))[0] in "LNPS"}
    for at in _steps(data, cmap + 2, cmap + 4, 8):
        subtable = cmap + struct.unpack(">I", data[at + 4 : at + 8])[0]
        if struct.unpack(">H", data[subtable : subtable + 2])[0] == 12:
            (groups,) = struct.unpack(">I", data[subtable + 12 : subtable + 16])
            for first, last, _ in struct.iter_unpack(">III", data[subtable + 16 : subtable + 16 + 12 * groups]):
                held.update(range(first, last + 1))
    return frozenset(held)


def _steps(data: bytes, count_at: int, first: int, size: int) -> range:
    """Where the records of a table begin: their number stands at `count_at`, the first of them at `first`."""
    (count,) = struct.unpack(">H", data[count_at : count_at + 2])
    return range(first, first + size * count, size)
