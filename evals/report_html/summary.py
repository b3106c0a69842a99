"""What is read first: the verdict, what to know before reading the figures, and what the run was made with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from evals.metrics import HARD, METRICS
from evals.report_html.figures import HELDOUT, Baseline, Line, Row
from evals.report_html.pieces import (
    DASH,
    Says,
    heldout_badge,
    metric_title,
    metric_titles,
    percent,
    rule_title,
    say,
    section,
    signed,
)
from evals.schema import Made


def verdict_section(found: Sequence[Row], made_lines: Sequence[Line], baseline: Baseline | None) -> str:
    return section("verdict", '<div class="verdicts">', _hard(found), _versus(made_lines, baseline), "</div>")


def _card(kind: str, title: str, *body: str) -> str:
    return f'<div class="card {kind}"><h3>{title}</h3>{"".join(body)}</div>'


def _hard(found: Sequence[Row]) -> str:
    """Which hard rules are broken and in which cases; one that was checked nowhere is named, never counted as held."""
    hit: dict[str, list[str]] = defaultdict(list)
    checked: dict[str, int] = defaultdict(int)
    for row in found:
        if row.outcome:
            for name in row.broken:
                hit[name].append(row.id)
            for name in {*HARD, *row.broken}:
                checked[name] += row.outcome.values.get(name) is not None or name in row.broken
    unchecked = [name for name in HARD if not checked[name]]
    rest = f'<p class="warn">{say("hard.unchecked", names=metric_titles(unchecked))}</p>' if unchecked else ""
    if hit:
        return _card("bad", say("hard.broken", n=len(hit)), _broken_list(hit, checked), rest)
    if len(unchecked) == len(HARD):
        return _card("warn", say("hard.none"))
    held = "".join(
        f"<li>{metric_title(METRICS[n])} <small>{say('hard.of', n=checked[n])}</small></li>" for n in HARD if checked[n]
    )
    title = say("hard.held", n=len(HARD) - len(unchecked))
    return _card("warn" if unchecked else "good", title, f'<ul class="plain">{held}</ul>', rest)


def _broken_list(hit: Mapping[str, Sequence[str]], checked: Mapping[str, int]) -> str:
    items = []
    for name, ids in hit.items():
        links = " ".join(f'<a href="#cases" data-case="{escape(i)}">{escape(i)}</a>' for i in ids[:12])
        more = f' <button type="button" class="link" data-hard="{escape(name)}">… {len(ids)}</button>' if len(ids) > 12 else ""
        count = f"{say('hard.cases', n=len(ids))} · {say('hard.of', n=checked[name])}"
        items.append(f"<li><b>{rule_title(name)}</b> <small>{count}</small><br>{links}{more}</li>")
    return f'<ul class="plain">{"".join(items)}</ul>'


def _versus(made_lines: Sequence[Line], baseline: Baseline | None) -> str:
    """Which metrics moved beyond chance: the 95 % interval of the paired change leaves out 0."""
    if baseline is None:
        return _card("none", say("versus.none"))
    compared = [line for line in made_lines if line.change is not None]
    if not compared:
        return _card("warn", say("versus.shared"))
    chance = f'<p class="quiet">{say("versus.chance", n=len(compared), by=f"{0.05 * len(compared):.1f}")}</p>'
    cards = ""
    for turn, kind in (("worse", "bad"), ("better", "good")):
        moved = [line for line in compared if line.turn == turn]
        if moved:
            items = "".join(f"<li>{_moved(line)}</li>" for line in moved)
            cards += _card(kind, say(f"versus.{turn}", n=len(moved)), f'<ul class="plain">{items}</ul>')
    return (cards or _card("none", say("versus.same", n=len(compared)))) + chance


def _moved(line: Line) -> str:
    assert line.change is not None and line.change.mean is not None
    old_new = say("from.to", old=percent(line.change.old), new=percent(line.change.new))
    points = say("points", x=f"{signed(line.change.mean)} [{signed(line.change.low)}, {signed(line.change.high)}]")
    down = f' <small class="down">↓ {say("down")}</small>' if line.metric.better == "down" else ""
    return f"<b>{metric_title(line.metric)}</b>{down}<br>{old_new} <small>{points} · n\u00a0=\u00a0{line.change.n}</small>"


def cautions(made: Made, found: Sequence[Row], made_lines: Sequence[Line], baseline: Baseline | None) -> str:
    """What a reader of the figures must know first; nothing where there is nothing."""
    unscored = [r.id for r in found if r.level == "unscored"]
    ids = ", ".join(unscored[:8]) + (" …" if len(unscored) > 8 else "")
    lost = [(line, line.lost) for line in made_lines if line.lost]
    lost_names = (
        "、".join(f"{line.metric.zh}（{n}）" for line, n in lost),
        ", ".join(f"{line.metric.en} ({n})" for line, n in lost),
    )
    not_run = [line.metric.name for line in made_lines if not line.all.n]
    asked = {r.id for r in found}
    unasked = len({case for values in (baseline or {}).values() for case in values} - asked)
    counted: list[tuple[object, str, dict[str, Says]]] = [
        (made.limit is not None, "limit", {"n": made.limit or 0}),
        (made.commit.endswith("+"), "changed", {}),
        ((n := sum(r.record is None for r in found)), "record", {"n": n}),
        (unscored, "outcome", {"n": len(unscored), "ids": ids}),
        ((n := sum(r.case is None for r in found)), "stray", {"n": n}),
        (not_run, "notrun", {"names": metric_titles(not_run)}),
        (lost, "lost", {"names": lost_names}),
        (unasked, "unasked", {"n": unasked}),
        ((n := sum(r.heldout for r in found)), "heldout", {"n": n}),
    ]
    items = "".join(f"<li>{say(f'caution.{key}', **values)}</li>" for there, key, values in counted if there)
    return f'<div class="card warn cautions"><h3>{say("caution")}</h3><ul>{items}</ul></div>' if items else ""


def made_section(made: Made, found: Sequence[Row]) -> str:
    m, s = divmod(round(made.seconds), 60)
    plain = {
        "made.suites": "<br>".join(
            escape(s) + (f" {heldout_badge()}" if made.splits.get(s) == HELDOUT else "") for s in made.suites
        ),
        "made.solver": escape(made.solver),
        "made.model": escape(made.model or DASH),
        "made.library": escape(made.library or DASH),
        "made.commit": f"<code>{escape(made.commit or DASH)}</code>",
        "made.started": escape(made.started.replace("T", " ")[:16] or DASH),
        "made.seconds": say("duration", m=m, s=s),
    }
    more = {
        "made.strategy": escape(made.strategy or DASH),
        "made.version": escape(made.version or DASH),
        "made.code": f"<code>{escape(made.code or DASH)}</code>",
        "made.index": escape(made.index or DASH),
        "made.calibration": escape(made.calibration or DASH),
        "made.scorers": escape(made.scorers or DASH),
        "made.datasets": _pairs(made.datasets),
        "made.prompts": _pairs(made.prompts),
        "made.notes": _pairs(made.notes),
    }
    return (
        f'<section id="made" aria-labelledby="h-made"><h2 id="h-made">{say("made")}</h2>{_list(plain, "facts")}'
        f'<details class="more"><summary>{say("made.more")}</summary>{_list(more, "facts")}</details></section>'
    )


def _list(of: Mapping[str, str], kind: str) -> str:
    body = "".join(f"<div><dt>{say(key)}</dt><dd>{value}</dd></div>" for key, value in of.items())
    return f'<dl class="{kind}">{body}</dl>'


def _pairs(values: Mapping[str, Any]) -> str:
    return "<br>".join(f"{escape(k)} <code>{escape(str(v))}</code>" for k, v in values.items()) or DASH
