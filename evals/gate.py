"""May a change pass? Hard rules fail at a single case; every other number is compared with the committed baseline, case by case.

A case of the baseline that was not asked, a rule that was checked on nothing: both fail, since what is missing is no pass.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from coach.errors import InputError
from evals.metrics import HARD, METRICS, PAIRED
from evals.results import Run
from evals.schema import Made, Row
from evals.stats import Paired, paired

BASELINES = Path(__file__).resolve().parent / "baselines"
_LEAST = 8
_ROUNDING = 5e-4  # a baseline keeps four digits
_ALWAYS_MEASURED = ("no_error", "citations_valid", "quotes_literal")


class Baseline(Row):
    """What was measured on a state of the product that was found good: every gated metric by suite and case."""

    made: Made
    values: dict[str, dict[str, dict[str, float]]]


@dataclass(frozen=True, kw_only=True)
class Change:
    """One metric of one suite against its baseline. `worse`: the whole 95 % interval of the difference lies on the bad side.

    Of fewer than eight cases a bootstrap says nothing: they are shown and never fail.
    """

    suite: str
    metric: str
    found: Paired

    @property
    def worse(self) -> bool:
        bad = self.found.high < -_ROUNDING if METRICS[self.metric].better == "up" else self.found.low > _ROUNDING
        return self.found.n >= _LEAST and bad

    @property
    def better(self) -> bool:
        good = self.found.low > _ROUNDING if METRICS[self.metric].better == "up" else self.found.high < -_ROUNDING
        return self.found.n >= _LEAST and good


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """`broken` says in words what does not hold; nothing broken is a pass."""

    broken: tuple[str, ...]
    changes: tuple[Change, ...] = ()

    @property
    def passed(self) -> bool:
        return not self.broken


def judge(run: Run, baseline: Baseline | None = None) -> Verdict:
    """The hard rules, and with a baseline that nothing is worse beyond chance. A run without replies has nothing to judge."""
    broken = hard(run)
    if baseline is None:
        return Verdict(broken=tuple(broken))
    changes = compare(run, baseline)
    broken += _stale(run, baseline) + _missing(run, baseline)
    broken += [_said(change) for change in changes if change.worse]
    return Verdict(broken=tuple(broken), changes=tuple(changes))


def hard(run: Run) -> list[str]:
    """Every broken hard rule with its cases; rules that must have been measured and were not."""
    broken = []
    answerable = any(c.status == "answered" and r.asked for c, r in zip(run.cases, run.records, strict=True))
    due = _ALWAYS_MEASURED if answerable or not run.cases else ()
    for name in HARD:
        wrong = [o.case for o in run.outcomes if name in o.hard]
        if wrong:
            broken.append(f"{name}: {len(wrong)} ({', '.join(wrong[:8])}{', …' if len(wrong) > 8 else ''})")
        elif name in due and not run.values(name):
            broken.append(f"{name}: measured on nothing")
    return broken


def _stale(run: Run, baseline: Baseline) -> list[str]:
    """Sets whose cases changed since the baseline: the same name for other questions compares nothing."""
    then, now = baseline.made.datasets, run.made.datasets
    return [f"{s}: its cases changed since the baseline was made" for s in run.made.suites if then.get(s, now[s]) != now[s]]


def _missing(run: Run, baseline: Baseline) -> list[str]:
    """Cases of the baseline that this run should have asked; a run of a part of the sets is compared on that part."""
    asked = {(o.suite, o.case) for o in run.outcomes}
    gone = []
    for suite in baseline.values if run.made.limit is None else ():
        wanted = {case for values in baseline.values[suite].values() for case in values}
        left_out = sorted(c for c in wanted if (suite, c) not in asked)
        if left_out and suite in run.made.suites:
            gone.append(f"{suite}: {len(left_out)} cases of the baseline were not asked ({', '.join(left_out[:5])})")
    return gone


def compare(run: Run, baseline: Baseline) -> list[Change]:
    """Suite by suite and metric by metric; a value that was there and is gone counts as the worst there is."""
    changes = []
    for suite in (s for s in run.made.suites if s in baseline.values):
        asked = {o.case for o in run.outcomes if o.suite == suite}
        for metric in PAIRED:
            old = {c: v for c, v in baseline.values[suite].get(metric, {}).items() if c in asked}
            worst = 0.0 if METRICS[metric].better == "up" else 1.0
            new = {**dict.fromkeys(old, worst), **run.values(metric, [suite])}
            if old and _measured(run, metric):
                changes.append(Change(suite=suite, metric=metric, found=paired(new, old)))
    return changes


def _measured(run: Run, metric: str) -> bool:
    """Whether this kind of run measures it at all: one that only searches has no replies to look at."""
    return METRICS[metric].group == "retrieval" or any(r.asked for r in run.records)


def _said(change: Change) -> str:
    found = change.found
    return (
        f"{change.suite} {change.metric}: {100 * (found.old or 0):.1f} → {100 * (found.new or 0):.1f} % of {found.n}"
        f" (95 %: {100 * found.low:+.1f} … {100 * found.high:+.1f})"
    )


# --- baselines --------------------------------------------------------------------------------------------------------


def baseline_of(run: Run) -> Baseline:
    """What is committed of a run: figures by case, no question and no reply."""
    values = {
        suite: {m: {c: round(v, 4) for c, v in found.items()} for m in PAIRED if (found := run.values(m, [suite]))}
        for suite in run.made.suites
    }
    return Baseline(made=run.made, values=values)


def name_for(made: Made) -> str:
    """One baseline for each solver and model."""
    model = made.model.replace(":", "-").replace("/", "-")
    return model if made.solver == "product" else f"{made.solver}-{model}"


def read(path: Path) -> Baseline:
    """Raises InputError that says how to make one."""
    try:
        return Baseline.model_validate_json(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"There is no baseline {path.name}.", hint="Make one of a good run: coach eval baseline RUN") from error
    except ValidationError as error:
        raise InputError(f"The baseline {path.name} is not valid: {error.errors()[0]}") from error


def write(baseline: Baseline, path: Path) -> None:
    """One line for each suite and metric, so that a change can be read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    suites = []
    for suite, metrics in baseline.values.items():
        lines = [f"   {json.dumps(m)}: {json.dumps(v, separators=(',', ':'))}" for m, v in metrics.items()]
        suites.append(f"  {json.dumps(suite)}: {{\n" + ",\n".join(lines) + "\n  }")
    body = ",\n".join(suites)
    path.write_text(f'{{"made": {baseline.made.model_dump_json()},\n "values": {{\n{body}\n}}}}\n', encoding="utf-8")
