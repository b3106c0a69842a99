"""A run in words, as Markdown: scores with intervals, change, what went wrong, verdict. Asks and scores nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evals.gate import Change, Verdict
from evals.metrics import METRICS
from evals.results import Run
from evals.schema import Case, Outcome, Record
from evals.stats import bootstrap_mean, mean, percentile, wilson

_SHARES = frozenset({0.0, 1.0})
_STEPS = ("search", "passages", "first_token", "total")


def percent(share: float | None) -> str:
    """`–` for what was not measured, so that it can be taken for neither 0 nor 1."""
    return "–" if share is None else f"{100 * share:.1f} %"


def interval(values: Sequence[float]) -> tuple[float, float]:
    """95 %: Wilson for shares of right and wrong, else bootstrap."""
    if set(values) <= _SHARES:
        return wilson(sum(v == 1 for v in values), len(values))
    return bootstrap_mean(values)


def text(run: Run, verdict: Verdict, *, failures: bool = True) -> str:
    """The whole report."""
    made = run.made
    about = f"{made.solver} · model {made.model} ({made.strategy}) · library {made.library} · code {made.code} {made.commit}"
    parts = [about, f"{made.started} · {len(run.cases)} cases in {made.seconds:.0f} s"]
    parts += [" · ".join(f"{name}: {value}" for name, value in made.notes.items()), ""]
    parts += [*_scores(run), "", *_kinds(run), "", *_sides(run), "", *_times(run.records)]
    if verdict.changes:
        parts += ["", *_changes(verdict.changes)]
    if failures:
        parts += ["", *_failures(run)]
    held = [f"✗ {line}" for line in verdict.broken] or ["✓ every hard rule holds, and nothing is worse beyond chance"]
    return "\n".join([*parts, "", *held])


def _scores(run: Run) -> Iterator[str]:
    """By suite; heldout sets are marked."""
    for suite in run.made.suites:
        split = run.made.splits.get(suite, "")
        some = [o for o in run.outcomes if o.suite == suite]
        yield f"### {suite} ({len(some)} cases{', never tuned on' if split == 'heldout' else ''})"
        yield "| | n | mean | 95 % | zh | en |"
        yield "| --- | ---: | ---: | ---: | ---: | ---: |"
        for name, metric in METRICS.items():
            values = _values(some, name)
            if not values:
                continue
            low, high = interval(values)
            zh, en = (mean(_values([o for o in some if o.lang == lang], name)) for lang in ("zh", "en"))
            title = metric.en + (" ↓" if metric.better == "down" else "")
            cells = (title, len(values), percent(mean(values)), f"{100 * low:.0f}–{100 * high:.0f} %", percent(zh), percent(en))
            yield "| " + " | ".join(map(str, cells)) + " |"
        yield ""


def _kinds(run: Run) -> Iterator[str]:
    yield "| suite, kind | n | right | key points | status | fact recall |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: |"
    for suite in run.made.suites:
        own = [o for o in run.outcomes if o.suite == suite]
        for kind in sorted({o.kind for o in own}):
            some = [o for o in own if o.kind == kind]
            cells = (percent(mean(_values(some, name))) for name in ("right", "keypoints", "status", "recall"))
            yield f"| {suite} {kind} | {len(some)} | " + " | ".join(cells) + " |"


def _sides(run: Run) -> Iterator[str]:
    """Side by side, because each is cheap to mend at the other's cost."""
    yield "| | hallucinated (not in the sources, answered) | over-refused (answerable, refused) |"
    yield "| --- | ---: | ---: |"
    splits = sorted(set(run.made.splits.values()))
    for name, some in (
        ("all", run.outcomes),
        *((s, [o for o in run.outcomes if run.made.splits.get(o.suite) == s]) for s in splits),
    ):
        both = (_values(some, "hallucinated"), _values(some, "over_refused"))
        yield f"| {name} | " + " | ".join(f"{percent(mean(v))} of {len(v)}" for v in both) + " |"


def _times(records: Sequence[Record]) -> Iterator[str]:
    yield "| milliseconds | n | median | p95 |"
    yield "| --- | ---: | ---: | ---: |"
    for step in _STEPS:
        spent = [r.timings[step] for r in records if step in r.timings]
        if spent:
            yield f"| {step} | {len(spent)} | {percentile(spent, 0.5):.0f} | {percentile(spent, 0.95):.0f} |"


def _changes(changes: Sequence[Change]) -> Iterator[str]:
    yield "| against the baseline | n | was | is | change (95 %) | |"
    yield "| --- | ---: | ---: | ---: | ---: | --- |"
    for change in changes:
        found = change.found
        said = "worse" if change.worse else "better" if change.better else ""
        moved = f"{100 * (found.mean or 0):+.1f} ({100 * found.low:+.1f} … {100 * found.high:+.1f})"
        cells = (f"{change.suite} {change.metric}", found.n, percent(found.old), percent(found.new), moved, said)
        yield "| " + " | ".join(map(str, cells)) + " |"


def _failures(run: Run) -> Iterator[str]:
    """Of the sets that may be read; of the others only how many there are."""
    unread = 0
    for case, record, outcome in zip(run.cases, run.records, run.outcomes, strict=True):
        if not (outcome.hard or outcome.problems or outcome.values.get("right") == 0):
            continue
        if run.made.splits.get(outcome.suite) == "heldout":
            unread += 1
        else:
            yield from _failure(case, record, outcome)
    if unread:
        yield f"{unread} cases of heldout sets have something wrong; whoever reads them cannot measure with them again."


def _failure(case: Case, record: Record, outcome: Outcome) -> Iterator[str]:
    right = outcome.values.get("right") != 0
    yield f"{'·' if right else '✗'} {case.id} [{outcome.suite}, {case.kind}] {case.question[:160]}"
    yield from (f"    {problem}" for problem in outcome.problems or ([] if right else [f"wrong: {record.status}"]))


def _values(outcomes: Sequence[Outcome], name: str) -> list[float]:
    return [v for o in outcomes if (v := o.values.get(name)) is not None]
