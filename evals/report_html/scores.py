"""Every metric of the run: mean, interval, both languages, change against the baseline, and all of it as a plot."""

from __future__ import annotations

from collections.abc import Sequence

from evals.report_html.figures import Line, Share
from evals.report_html.pieces import DASH, metric_title, percent, say, section, signed
from evals.report_html.words import LANGS

GROUPS = ("answer", "status", "retrieval", "citations", "grounding", "rules", "judge")

_LEFT, _WIDE = 12, 256
_ROWS: dict[str, int] = {"all": 11, "zh": 25, "en": 36}


def _x(value: float) -> str:
    return f"{_LEFT + _WIDE * min(max(value, 0.0), 1.0):.1f}"


def scores_section(made_lines: Sequence[Line]) -> str:
    keys = "".join(f'<span class="key k-{k}">{say(f"legend.{k}")}</span>' for k in ("all", "zh", "en", "old", "good"))
    names = ("col.metric", "col.mean", "col.interval", "col.n", "lang.zh", "lang.en", "col.change", "col.plot")
    head = "".join(f'<th scope="col">{say(name)}</th>' for name in names)
    groups = "".join(_group(group, [line for line in made_lines if line.metric.group == group]) for group in GROUPS)
    table = f'<table class="scores"><thead><tr>{head}</tr></thead>{groups}</table>'
    return section("scores", f'<p class="how">{say("scores.how")}</p><p class="legend">{keys}</p>', table)


def _group(group: str, of: Sequence[Line]) -> str:
    if not of:
        return ""
    head = f'<tr class="group"><th scope="rowgroup" colspan="7">{say(f"group.{group}")}</th><td class="plot">{_axis()}</td></tr>'
    return f"<tbody>{head}{''.join(map(_score, of))}</tbody>"


def _axis() -> str:
    ticks = "".join(f'<text x="{_x(at / 100)}" y="11" text-anchor="middle">{at}</text>' for at in (0, 25, 50, 75, 100))
    return f'<svg viewBox="0 0 280 14" aria-hidden="true" class="axis">{ticks}</svg>'


def _score(line: Line) -> str:
    metric = line.metric
    chips = f' <small class="chip down">↓ {say("down")}</small>' if metric.better == "down" else ""
    name = f'<button type="button" class="link" data-metric="{metric.name}">{metric_title(metric)}</button>'
    interval = f"{100 * line.all.low:.1f}–{100 * line.all.high:.1f}" if line.all.n else DASH
    cells = [
        ("col.mean", f"<b>{percent(line.all.mean)}</b>", "num"),
        ("col.interval", interval, "num quiet"),
        ("col.n", str(line.all.n or DASH), "num quiet"),
        *((f"lang.{lang}", f"{percent(line.by[lang].mean)} {_count(line.by[lang])}", "num") for lang in LANGS),
        ("col.change", _change(line), "num change"),
    ]
    body = "".join(f'<td class="{kind}"><span class="label">{say(key)}</span>{value}</td>' for key, value, kind in cells)
    first = f'<th scope="row">{name}{chips}<small class="means">{say(f"means.{metric.name}")}</small></th>'
    off = "" if line.all.n else ' class="off"'
    return f'<tr id="m-{metric.name}"{off}>{first}{body}<td class="plot">{_plot(line)}</td></tr>'


def _count(of: Share) -> str:
    return f"<small>({of.n})</small>" if of.n else ""


def _change(line: Line) -> str:
    if line.change is None or line.change.mean is None:
        return DASH
    return (
        f'<span class="{line.turn}"><b>{signed(line.change.mean)}</b> {say(f"change.{line.turn}")}</span>'
        f"<small>[{signed(line.change.low)}, {signed(line.change.high)}] n\u00a0=\u00a0{line.change.n}</small>"
    )


def _plot(line: Line) -> str:
    """Dots and intervals on a scale from 0 to 1: all cases, the languages below, a tick where the baseline was."""
    grid = "".join(f'<path class="grid" d="M{_x(at)} 2V42"/>' for at in (0, 0.25, 0.5, 0.75, 1))
    good = f'<path class="goodend" d="M{_x(line.metric.better == "up")} 2V42"/>'
    parts = [grid, good]
    if line.change is not None and line.change.old is not None:
        parts.append(f'<path class="old" d="M{_x(line.change.old)} 3V19"/>')
    for name, of in (("all", line.all), *line.by.items()):
        if of.mean is not None:
            parts.append(_dot(name, of, _ROWS[name]))
    return f'<svg viewBox="0 0 280 44" aria-hidden="true">{"".join(parts)}</svg>'


def _dot(name: str, of: Share, y: int) -> str:
    x = _LEFT + _WIDE * (of.mean or 0.0)
    shapes = {
        "all": f'<circle cx="{x:.1f}" cy="{y}" r="5"/>',
        "zh": f'<rect x="{x - 3.4:.1f}" y="{y - 3.4:.1f}" width="6.8" height="6.8"/>',
        "en": f'<path d="M{x:.1f} {y - 4.6}l4.6 4.6l-4.6 4.6l-4.6-4.6z"/>',
    }
    return f'<g class="s-{name}"><path class="bar" d="M{_x(of.low)} {y}H{_x(of.high)}"/>{shapes[name]}</g>'
