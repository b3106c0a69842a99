"""What the sections show: shares with their intervals, a line for each metric, a row for each case. No HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from coach.types import Lang
from evals.metrics import HARD, METRICS, Metric
from evals.report_html.words import LANGS
from evals.schema import Case, Made, Outcome, Record
from evals.stats import Paired, bootstrap_mean, mean, paired, wilson

HELDOUT = "heldout"
Baseline = Mapping[str, Mapping[str, float]]
"""Metric -> case id -> value of an earlier run."""


@dataclass(frozen=True, kw_only=True)
class Share:
    """A mean of `n` values with its 95 % interval; n is 0 and the mean None where nothing was measured."""

    n: int
    mean: float | None
    low: float
    high: float


def share(values: Sequence[float]) -> Share:
    """Wilson's interval where every value is 0 or 1, a bootstrap elsewhere (both `evals.stats`)."""
    binary = all(v in (0, 1) for v in values)
    low, high = wilson(round(sum(values)), len(values)) if binary else bootstrap_mean(values)
    return Share(n=len(values), mean=mean(values), low=low, high=high)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One metric over a run: all cases, those of each language, and the paired change against the baseline."""

    metric: Metric
    all: Share
    by: Mapping[Lang, Share]
    change: Paired | None
    lost: int

    @property
    def turn(self) -> str:
        """`worse`, `better`, `same` (the interval of the change holds 0), `none` (no case changed); empty: not compared."""
        if self.change is None:
            return ""
        if self.change.low == self.change.high == 0:
            return "none"
        up = self.metric.better == "up"
        if self.change.high < 0:
            return "worse" if up else "better"
        if self.change.low > 0:
            return "better" if up else "worse"
        return "same"


def lines(outcomes: Sequence[Outcome], baseline: Baseline | None) -> list[Line]:
    """Every metric, also those that were not run."""
    return [_line(metric, outcomes, (baseline or {}).get(name, {})) for name, metric in METRICS.items()]


def _line(metric: Metric, outcomes: Sequence[Outcome], old: Mapping[str, float]) -> Line:
    new = {o.case: (o.lang, v) for o in outcomes if (v := o.values.get(metric.name)) is not None}
    change = paired({case: v for case, (_, v) in new.items()}, old) if new.keys() & old.keys() else None
    return Line(
        metric=metric,
        all=share([v for _, v in new.values()]),
        by={lang: share([v for of, v in new.values() if of == lang]) for lang in LANGS},
        change=change,
        lost=sum(o.case in old and o.case not in new for o in outcomes),
    )


@dataclass(frozen=True, kw_only=True)
class Row:
    """What belongs to one case. A part that is missing is None: it is shown as missing, and never left out."""

    id: str
    suite: str
    lang: str
    kind: str
    heldout: bool
    case: Case | None
    record: Record | None
    outcome: Outcome | None
    worse: tuple[str, ...] = ()

    @property
    def broken(self) -> list[str]:
        """The hard rules it breaks, whether a value says so or the list; one that no metric knows counts all the same.

        Of a held-out case such a stranger is not spelled out: it may be words of the case.
        """
        if self.outcome is None:
            return []
        below = [name for name in HARD if (v := self.outcome.values.get(name)) is not None and v < 1]
        listed = (name if name in METRICS or not self.heldout else "…" for name in self.outcome.hard)
        return list(dict.fromkeys((*below, *listed)))

    @property
    def level(self) -> str:
        """The one verdict on a case: of its hard rules, then of `right`, `status` or (search alone) `full`."""
        if self.outcome is None:
            return "unscored"
        if self.broken:
            return "hard"
        main = next((v for name in ("right", "status", "full") if (v := self.outcome.values.get(name)) is not None), None)
        if main is None:
            return "unscored"
        return "wrong" if main < 1 else "noted" if self.outcome.problems else "ok"


_ORDER = ("hard", "unscored", "wrong", "noted", "ok")


def rows(
    made: Made, cases: Sequence[Case], records: Sequence[Record], outcomes: Sequence[Outcome], baseline: Baseline | None
) -> list[Row]:
    """Every case that was to be asked and everything that came without one, the worst first."""
    case_of = {c.id: c for c in cases}
    record_of = {r.case: r for r in records}
    outcome_of = {o.case: o for o in outcomes}
    found = []
    for name in dict.fromkeys((*case_of, *record_of, *outcome_of)):
        case, record, outcome = case_of.get(name), record_of.get(name), outcome_of.get(name)
        suite = next((x.suite for x in (outcome, record) if x), "")
        about = case or outcome
        row = Row(
            id=name,
            suite=suite,
            lang=about.lang if about else "",
            kind=about.kind if about else "",
            # A case of an unknown set is treated as the strictest there is.
            heldout=made.splits.get(suite) == HELDOUT if suite else HELDOUT in made.splits.values(),
            case=case,
            record=record,
            outcome=outcome,
            worse=_worse(outcome, baseline or {}),
        )
        found.append(row)
    return sorted(found, key=lambda r: (_ORDER.index(r.level), not r.worse))


def _worse(outcome: Outcome | None, baseline: Baseline) -> tuple[str, ...]:
    """The gated metrics in which a case is worse than it was."""
    if outcome is None:
        return ()
    found = []
    for name, metric in METRICS.items():
        value, old = outcome.values.get(name), baseline.get(name, {}).get(outcome.case)
        if metric.gate != "none" and value is not None and old is not None:
            fell = old - value if metric.better == "up" else value - old
            if fell > 1e-9:
                found.append(name)
    return tuple(found)
