"""The radar chart of a plan: where each pillar stands and what the target stage asks for. SVG from data, PNG through typst.

What evidence has not shown is never drawn like what it has: a self-rating is an open ring outside the outline, a pillar
without evidence has no point at all. Lines, rings and dashes tell the series apart, so that it reads in grey print.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from xml.sax.saxutils import escape

from coach.documents.fonts import FAMILY, compiled, legible

ACCENT = "#1f4e79"
"""The one colour of all documents."""

_RADIUS = 98.0
_LABEL, _NOTE, _LEGEND = 13.0, 12.0, 12.0
_WIDEST = 150.0
"""Font sizes and the width a label is wrapped at, in the units of the drawing."""

_EARLIER = "#9a6b1f"

_CM_PER_UNIT = 0.0225
"""Makes the smallest words about 7.6 points."""

Known = Literal["measured", "self_rated", "unknown"]


@dataclass(frozen=True, kw_only=True)
class Axis:
    """One pillar: its name, the level now (None when unknown), how that is known, the level wanted, and both in words."""

    label: str
    now: int | None
    known: Known
    wanted: int
    note: str
    before: int | None = None
    """The level of an earlier assessment; None where there was none."""


@dataclass(frozen=True, kw_only=True)
class Radar:
    """Data of the chart: at least three axes, levels from 0 to `levels`, the words of the legend, and the alt text."""

    axes: tuple[Axis, ...]
    levels: int
    now: str
    wanted: str
    self_rated: str
    unknown: str
    alt: str


def radar_svg(radar: Radar, *, legend: bool = True, widest: float = _WIDEST) -> str:
    """The chart as an SVG picture. Its frame is measured from the labels, so that none is cut off.

    `legend` False leaves the words beside the chart to whoever shows it; labels are wrapped at `widest` units.
    """
    parts, box = _drawn(radar, legend=legend, widest=widest)
    left, top, width, height = box.frame()
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{left:.1f} {top:.1f} {width:.1f} {height:.1f}" '
        f'width="{width:.0f}" height="{height:.0f}" font-family="{FAMILY}">'
    )
    return "\n".join([head, *parts, "</svg>"])


def radar_width(radar: Radar) -> float:
    """The width in centimetres at which the smallest words of the chart are as large as those of a table."""
    _, box = _drawn(radar)
    return box.frame()[2] * _CM_PER_UNIT


def radar_png(radar: Radar, *, ppi: int = 220) -> bytes:
    """The chart as a PNG picture on white."""
    source = "#set page(width: auto, height: auto, margin: 0pt, fill: white)\n#image(bytes(sys.inputs.svg))"
    return compiled(source, {"svg": radar_svg(radar)}, format="png", ppi=ppi)


class _Box:
    """The rectangle that everything drawn so far fits in."""

    def __init__(self) -> None:
        self.left, self.right = -_RADIUS, _RADIUS
        self.top, self.bottom = -_RADIUS, _RADIUS

    def take(self, left: float, top: float, width: float, height: float) -> None:
        self.left, self.right = min(self.left, left), max(self.right, left + width)
        self.top, self.bottom = min(self.top, top), max(self.bottom, top + height)

    def frame(self, margin: float = 6) -> tuple[float, float, float, float]:
        """Left, top, width, height with a margin."""
        return self.left - margin, self.top - margin, self.right - self.left + 2 * margin, self.bottom - self.top + 2 * margin


def _drawn(radar: Radar, *, legend: bool = True, widest: float = _WIDEST) -> tuple[list[str], _Box]:
    box = _Box()
    parts = [*_rings(radar), *_wanted(radar), *_before(radar), *_scale(radar), *_now(radar), *_labels(radar, box, widest)]
    return [*parts, *(_legend(radar, box) if legend else ())], box


def _point(index: int, count: int, share: float) -> tuple[float, float]:
    """Where a share (0 centre, 1 rim) of an axis lies; the first axis points up, the others follow clockwise."""
    angle = 2 * math.pi * index / count - math.pi / 2
    return _RADIUS * share * math.cos(angle), _RADIUS * share * math.sin(angle)


def _path(points: list[tuple[float, float]], *, closed: bool = True) -> str:
    return "M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in points) + ("Z" if closed else "")


def _rings(radar: Radar) -> Iterator[str]:
    count = len(radar.axes)
    for level in range(1, radar.levels + 1):
        path = _path([_point(i, count, level / radar.levels) for i in range(count)])
        yield f'<path d="{path}" fill="none" stroke="#c4c8cc" stroke-width="0.8"/>'
    for i in range(count):
        x, y = _point(i, count, 1)
        yield f'<path d="M0,0L{x:.1f},{y:.1f}" stroke="#c4c8cc" stroke-width="0.8"/>'


def _wanted(radar: Radar) -> Iterator[str]:
    count = len(radar.axes)
    points = [_point(i, count, a.wanted / radar.levels) for i, a in enumerate(radar.axes)]
    yield f'<path d="{_path(points)}" fill="none" stroke="#4b5563" stroke-width="1.8" stroke-dasharray="6 4"/>'


def _before(radar: Radar) -> Iterator[str]:
    """Where the pillars stood at an earlier assessment: dots joined by fine dots, between neighbours that both have one."""
    axes, count = radar.axes, len(radar.axes)
    at = [_point(i, count, (a.before or 0) / radar.levels) for i, a in enumerate(axes)]
    for i in range(count):
        j = (i + 1) % count
        if axes[i].before is not None and axes[j].before is not None:
            line = _path([at[i], at[j]], closed=False)
            yield f'<path d="{line}" stroke="{_EARLIER}" stroke-width="1.8" stroke-dasharray="1.5 3.5" stroke-linecap="round"/>'
    for (x, y), axis in zip(at, axes, strict=True):
        if axis.before is not None:
            yield f'<rect x="{x - 3.2:.1f}" y="{y - 3.2:.1f}" width="6.4" height="6.4" fill="{_EARLIER}"/>'


def _now(radar: Radar) -> Iterator[str]:
    """The outline of what is measured: filled when every pillar is, else only between neighbours that are."""
    axes, count = radar.axes, len(radar.axes)
    at = [_point(i, count, (a.now or 0) / radar.levels) for i, a in enumerate(axes)]
    measured = [a.known == "measured" for a in axes]
    if all(measured):
        yield f'<path d="{_path(at)}" fill="{ACCENT}" fill-opacity="0.16" stroke="{ACCENT}" stroke-width="2.2"/>'
    else:
        for i in range(count):
            j = (i + 1) % count
            if measured[i] and measured[j]:
                yield f'<path d="{_path([at[i], at[j]], closed=False)}" stroke="{ACCENT}" stroke-width="2.2"/>'
    for (x, y), axis in zip(at, axes, strict=True):
        if axis.known != "unknown":
            yield _dot(x, y, solid=axis.known == "measured")


def _scale(radar: Radar) -> Iterator[str]:
    """The numbers of the levels along the first axis, each on a white patch so that no line crosses it."""
    for level in range(1, radar.levels + 1):
        y = -_RADIUS * level / radar.levels
        yield f'<rect x="-14.5" y="{y + 1:.1f}" width="8" height="11" fill="#ffffff"/>'
        yield f'<text x="-8" y="{y + 10:.1f}" font-size="9" fill="#4b5563" text-anchor="end">{level}</text>'


def _dot(x: float, y: float, *, solid: bool) -> str:
    fill = ACCENT if solid else "#ffffff"
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.6" fill="{fill}" stroke="{ACCENT}" stroke-width="1.8"/>'


def _labels(radar: Radar, box: _Box, widest: float) -> Iterator[str]:
    count = len(radar.axes)
    for i, axis in enumerate(radar.axes):
        x, y = _point(i, count, 1)
        x, y = x * (1 + 14 / _RADIUS), y * (1 + 14 / _RADIUS)
        rows = [(row, _LABEL, "#111827") for row in _even(legible(axis.label), _LABEL, widest)[:3]]
        rows += [(row, _NOTE, "#4b5563") for row in wrapped(legible(axis.note), _NOTE, widest)[:2]]
        height = sum(size * 1.3 for _, size, _ in rows)
        # Above the chart the last row ends at the point, below it the first row begins there, at the sides it is centred.
        top = y - height * (0.5 - 0.5 * y / (_RADIUS + 14))
        anchor = "middle" if abs(x) < _RADIUS * 0.2 else "start" if x > 0 else "end"
        yield from _column(rows, x, top, anchor, box)


def _column(rows: list[tuple[str, float, str]], x: float, top: float, anchor: str, box: _Box) -> Iterator[str]:
    for text, size, colour in rows:
        width = _width(text, size)
        box.take(x - {"start": 0, "middle": width / 2, "end": width}[anchor], top, width, size * 1.3)
        place = f'x="{x:.1f}" y="{top + size:.1f}" text-anchor="{anchor}"'
        yield f'<text {place} font-size="{size:g}" fill="{colour}">{escape(text)}</text>'
        top += size * 1.3


def _legend(radar: Radar, box: _Box) -> list[str]:
    """At the right of the chart, only what the chart shows."""
    shown = {a.known for a in radar.axes}
    dashes = '<path d="M-12,0L12,0" stroke="#4b5563" stroke-width="1.8" stroke-dasharray="6 4"/>'
    entries = [
        (_dot(0, 0, solid=True), radar.now, "measured" in shown),
        (_dot(0, 0, solid=False), radar.self_rated, "self_rated" in shown),
        (dashes, radar.wanted, True),
        ("", radar.unknown, "unknown" in shown),
    ]
    rows = [(sign, wrapped(legible(text), _LEGEND, _WIDEST)) for sign, text, on in entries if on]
    left = box.right + 34
    top = -sum(len(lines) * 15 + 8 for _, lines in rows) / 2
    parts: list[str] = []
    for sign, lines in rows:
        parts.append(f'<g transform="translate({left:.1f},{top + 7:.1f})">{sign}</g>')
        parts += _column([(line, _LEGEND, "#374151") for line in lines], left + 20, top, "start", box)
        top += len(lines) * 15 + 8
    return parts


def _width(text: str, size: float) -> float:
    """Width of a text, rather too much than too little: a wide character is one em, another a little over half."""
    return sum(size if ord(c) > 0x2E7F else size * (0.66 if c.isupper() else 0.54) for c in text)


def wrapped(text: str, size: float, widest: float) -> list[str]:
    """A text in rows no wider than `widest`: between words, within Chinese, and within a word that is too long by itself."""
    rows, row = [], ""
    for unit in _units(text):
        if row and _width(row + unit.rstrip(), size) > widest:
            rows.append(row.strip())
            row = ""
        row += unit
        while _width(row.rstrip(), size) > widest and len(row) > 1:
            fits = next(n for n in range(len(row) - 1, 0, -1) if n == 1 or _width(row[:n], size) <= widest)
            rows.append(row[:fits])
            row = row[fits:]
    return [r for r in [*rows, row.strip()] if r]


def _even(text: str, size: float, widest: float) -> list[str]:
    """As `wrapped`, in as many rows, but of about one width: no single character is left over for the last."""
    rows = wrapped(text, size, widest)
    narrower, least = widest, max((_width(unit.rstrip(), size) for unit in _units(text)), default=0) + size / 2
    while narrower > least and len(tried := wrapped(text, size, narrower - size / 2)) == len(rows):
        rows, narrower = tried, narrower - size / 2
    return rows


def _units(text: str) -> Iterator[str]:
    """Pieces between which a row may end: words with the space after them, Chinese characters one by one."""
    word = ""
    for c in text:
        if ord(c) > 0x2E7F:
            if word:
                yield word
            word = ""
            yield c
        else:
            word += c
            if c.isspace():
                yield word
                word = ""
    if word:
        yield word
