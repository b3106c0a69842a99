"""How long each stage took, as figures and as bars on a log scale."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

from evals.report_html.pieces import DASH, named, say, section
from evals.schema import Record
from evals.stats import percentile

STAGES = ("search", "passages", "first_token", "total")
_BINS = 80


def timings_section(records: Sequence[Record]) -> str:
    by: dict[str, list[float]] = defaultdict(list)
    for record in records:
        for stage, value in record.timings.items():
            by[stage].append(max(value, 0.1))
    if not by:
        return section("times", f"<p>{say('times.none')}</p>")
    low = math.floor(math.log10(min(min(v) for v in by.values())))
    high = max(math.ceil(math.log10(max(max(v) for v in by.values()))), low + 1)
    known = [s for s in STAGES if s in by]
    order = [*(s for s in known if s != "total"), *sorted(by.keys() - set(STAGES)), *(s for s in known if s == "total")]
    head = "".join(f'<th scope="col">{say(k)}</th>' for k in ("times.stage", "col.n", "times.median", "times.p95", "times.max"))
    body = "".join(_stage(stage, by[stage], low, high) for stage in order)
    top = f'<thead><tr>{head}<th class="plot">{_decades(low, high)}</th></tr></thead>'
    table = f'<table class="times">{top}<tbody>{body}</tbody></table>'
    return section("times", f'<p class="how">{say("times.how")}</p>', table)


def _milliseconds(value: float | None) -> str:
    if value is None:
        return DASH
    return f"{value / 1000:.2f} s" if value >= 1000 else f"{value:.0f} ms" if value >= 10 else f"{value:.1f} ms"


def _log_x(value: float, low: int, high: int) -> float:
    return 20 + 400 * (math.log10(value) - low) / (high - low)


def _decades(low: int, high: int) -> str:
    ticks = "".join(
        f'<text x="{_log_x(10.0**at, low, high):.1f}" y="11" text-anchor="middle">'
        + (f"{10 ** (at - 3):g} s" if at >= 3 else f"{10.0**at:g} ms")
        + "</text>"
        for at in range(low, high + 1)
    )
    return f'<svg viewBox="0 0 440 14" aria-hidden="true" class="axis">{ticks}</svg>'


def _stage(stage: str, values: Sequence[float], low: int, high: int) -> str:
    median, p95 = percentile(values, 0.5), percentile(values, 0.95)
    figures = "".join(f'<td class="num">{f}</td>' for f in (len(values), *map(_milliseconds, (median, p95, max(values)))))
    return f'<tr><th scope="row">{named("stage", stage)}</th>{figures}<td class="plot">{_strip(values, low, high)}</td></tr>'


def _strip(values: Sequence[float], low: int, high: int) -> str:
    """How the values lie, as bars of a log scale, with median and 95th percentile."""
    counts = [0] * (_BINS + 1)
    for value in values:
        counts[int(_BINS * (math.log10(value) - low) / (high - low))] += 1
    wide = 400 / _BINS
    most = max(counts)
    bars = "".join(_column(20 + n * wide, wide - 0.8, 26 * count / most) for n, count in enumerate(counts) if count)
    grid = "".join(f'<path class="grid" d="M{_log_x(10.0**at, low, high):.1f} 2V32"/>' for at in range(low, high + 1))
    middle, late = (_log_x(percentile(values, at) or 0.1, low, high) for at in (0.5, 0.95))
    marks = f'<path class="median" d="M{middle:.1f} 2V34"/><path class="p95" d="M{late:.1f} 31l4 7h-8z"/>'
    floor = '<path class="floor" d="M20 30H420"/>'
    return f'<svg viewBox="0 0 440 40" aria-hidden="true" class="strip">{grid}{floor}{bars}{marks}</svg>'


def _column(x: float, wide: float, high: float) -> str:
    return f'<rect x="{x:.1f}" y="{30 - high:.1f}" width="{wide:.1f}" height="{high:.1f}"/>'
