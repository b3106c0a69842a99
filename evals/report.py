"""An evaluation in words: the tables, the failures, the gates; for the terminal and for runs/. Computes nothing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from evals.run import Gates, Line, Scored, gates, lines, sides
from evals.stats import wilson


def percent(share: float | None) -> str:
    """`–` for what was not measured, so that it can be taken for neither 0 nor 1."""
    return "–" if share is None else f"{100 * share:.1f} %"


def _row(made: Line) -> str:
    low, high = wilson(made.right, made.n)
    interval = f"{100 * low:.0f}–{100 * high:.0f} %" if made.n else "–"
    return f"| {made.name} | {made.n} | {percent(made.score)} | {interval} |"


def text(scored: Sequence[Scored], about: dict[str, Any]) -> str:
    """The whole report as Markdown."""
    parts = [" · ".join(f"{name}: {value}" for name, value in about.items()), ""]
    parts += ["| suite, language, kind | n | score | 95 % |", "| --- | ---: | ---: | ---: |", *map(_row, lines(scored))]
    parts += ["", "| | hallucination (not in the sources, answered) | over-refusal (answerable, refused) |"]
    parts.append("| --- | ---: | ---: |")
    for name, answered, refused in sides(scored):
        parts.append(f"| {name} | {percent(answered.score)} of {answered.n} | {percent(refused.score)} of {refused.n} |")
    parts += ["", *_failures(scored), *_gates(gates(scored))]
    return "\n".join(parts)


def _failures(scored: Sequence[Scored]) -> list[str]:
    failed = [s for s in scored if not s.right or s.problems]
    if not failed:
        return ["No failure."]
    said = [f"{len(failed)} with something wrong (· right all the same):"]
    for s in failed:
        said.append(f"{'·' if s.right else '✗'} {s.id} [{s.kind}] {s.question}")
        said.extend(f"    {problem}" for problem in s.problems or ("wrong",))
    return said


def _gates(found: Gates) -> list[str]:
    said = ["", f"citation validity: {percent(found.validity)} of {found.citations_checked} checked"]
    said.append(f"must_not: {len(found.forbidden)} hits" + "".join(f"\n    {hit}" for hit in found.forbidden))
    said.append("GATES HOLD" if not found.broken else f"GATES BROKEN: {'; '.join(found.broken)}")
    return said


def data(scored: Sequence[Scored], about: dict[str, Any]) -> dict[str, Any]:
    """The report as plain values, every case with its reply."""
    found = gates(scored)
    return {
        "about": about,
        "lines": [made.public() for made in lines(scored)],
        "sides": [{"of": name, "hallucination": a.public(), "over_refusal": r.public()} for name, a, r in sides(scored)],
        "gates": {
            "citation_validity": found.validity,
            "citations_checked": found.citations_checked,
            "citations_wrong": list(found.citations_wrong),
            "must_not": list(found.forbidden),
            "errors": found.errors,
            "broken": list(found.broken),
        },
        "cases": [s.public() for s in scored],
    }


def write_json(path: Path, values: dict[str, Any]) -> None:
    """Readable, in UTF-8, with the folders it needs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(values, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def save(folder: Path, scored: Sequence[Scored], about: dict[str, Any]) -> Path:
    """A folder of its own for this run: report.md and run.json."""
    place = folder / f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{about['suite']}"
    write_json(place / "run.json", data(scored, about))
    (place / "report.md").write_text(text(scored, about) + "\n", encoding="utf-8")
    return place
