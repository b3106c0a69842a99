"""The main metrics by split, set and kind, as a table whose cells are the redder the worse they are."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from evals.metrics import METRICS, Metric
from evals.report_html.figures import HELDOUT
from evals.report_html.pieces import DASH, heldout_badge, metric_title, named, say, scroll, section
from evals.report_html.words import WORDS
from evals.schema import Made, Outcome
from evals.stats import mean

MAIN = (
    *("right", "in_head", "recall", "status", "hallucinated", "over_refused"),
    *("grounded", "citation_recall", "citation_precision"),
)
"""The metrics of the heat table, in its order."""
FEW = 10
"""Below so many cases a share is too uncertain to be read as one."""


def heat_section(made: Made, outcomes: Sequence[Outcome]) -> str:
    shown = [METRICS[n] for n in MAIN if any(o.values.get(n) is not None for o in outcomes)]
    if not shown:
        return ""
    head = "".join(f'<th scope="col">{metric_title(m)}{" ↓" if m.better == "down" else ""}</th>' for m in shown)
    body = [_heat_row(say("lang.all"), "whole", outcomes, shown)]
    for split in sorted({made.splits.get(o.suite, "") for o in outcomes}):
        of = [o for o in outcomes if made.splits.get(o.suite, "") == split]
        body.append(_heat_row(_split(split), "split", of, shown))
    for suite in dict.fromkeys(o.suite for o in outcomes):
        of = [o for o in outcomes if o.suite == suite]
        held = f" {heldout_badge()}" if made.splits.get(suite) == HELDOUT else ""
        body.append(_heat_row(escape(suite) + held, "suite", of, shown))
        for kind in sorted({o.kind for o in of}):
            body.append(_heat_row(escape(kind), "kind", [o for o in of if o.kind == kind], shown))
    top = f'<thead><tr><th scope="col">{say("heat.of")}</th>{head}</tr></thead>'
    table = f'<table class="heat">{top}<tbody>{"".join(body)}</tbody></table>'
    return section("heat", f'<p class="how">{say("heat.how", n=FEW)}</p>', scroll("heat", table))


def _split(split: str) -> str:
    """A split with what it means for the figures."""
    means = f'<small class="means">{say(f"split.{split}.means")}</small>' if f"split.{split}.means" in WORDS["zh"] else ""
    return named("split", split or "none") + means


def _heat_row(title: str, kind: str, of: Sequence[Outcome], shown: Sequence[Metric]) -> str:
    cells = "".join(_heat_cell([v for o in of if (v := o.values.get(m.name)) is not None], m) for m in shown)
    return f'<tr class="{kind}"><th scope="row">{title}</th>{cells}</tr>'


def _heat_cell(values: Sequence[float], metric: Metric) -> str:
    value = mean(values)
    if value is None:
        return f'<td class="empty">{DASH}</td>'
    good = value if metric.better == "up" else 1 - value
    few = " few" if len(values) < FEW else ""
    # Rounded so that only what is perfect looks perfect: neither 0 nor 100 for what is only near it.
    shown = round(100 * value) if value in (0, 1) else min(max(round(100 * value), 1), 99)
    return f'<td class="q{math.floor(10 * good + 1e-9)}{few}">{shown}<small>{len(values)}</small></td>'
