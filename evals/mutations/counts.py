"""Counts of what no question of a set shows (people, files, own documents, dialogues), beside those of the clean product."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from coach.app import Coach
from coach.settings import Settings
from coach.types import Done
from evals import attachments, development
from evals.homes import copied
from evals.sets import sample
from evals.stats import Paired, paired

if TYPE_CHECKING:
    from coach.development.draft import Drafting

Measured = Mapping[str, Mapping[str, float]]
"""Metric -> what was looked at -> between 0 and 1."""
_CYCLES = 4  # dialogues
_OWN = 60  # questions of own documents


def people_by(drafting: Drafting) -> Measured:
    """The people of evals.development. Of a count only the wrong ones have names; the others are numbered."""
    found: dict[str, dict[str, float]] = {}
    for count in development.score_people(drafting):
        found[count.name] = dict.fromkeys(count.wrong, 0.0)
        found[count.name] |= {f"right {n}": 1.0 for n in range(count.right)}
    return found


def files_by(coach: Coach) -> Measured:
    """The dev half of evals.attachments."""
    documents, cases = attachments.load()
    found: dict[str, dict[str, float]] = {f"files: {check}": {} for check in attachments.CHECKS}
    for case in cases:
        if case["split"] == "dev":
            wrong = attachments.judge(case, attachments.ask(coach, case, documents))
            for name in attachments.CHECKS:
                found[f"files: {name}"][case["id"]] = float(name not in wrong)
    return found


def own_by(settings: Settings) -> Measured:
    """Everyday documents brought in beside the library, for which nobody wrote questions: first of all found, and answered."""
    from evals import external
    from evals.bench.own import gathered

    found: dict[str, dict[str, float]] = {"own: first": {}, "own: answered": {}}
    bundle, _ = gathered()
    with external.prepared(bundle, settings) as coach:
        for case in sample(bundle.cases, _OWN):
            best = coach.retrieve(case.question, k=1)
            found["own: first"][case.id] = float(bool(best) and case.keypoints[0][0] in best[0].text)
            reply = [e.reply for e in coach.ask(case.question) if isinstance(e, Done)][-1]
            found["own: answered"][case.id] = float(reply.status == "answered")
    return found


def cycles_by(settings: Settings) -> Measured:
    """A few dialogues of evals.cycles, over a copy of the library: its files can be open only once."""
    from evals import cycles

    found: dict[str, dict[str, float]] = {}
    with copied(settings) as home:
        verdicts = cycles.run_cycles(home, cycles.alternating(cycles.load_cycles())[:_CYCLES])
    for number, verdict in enumerate(verdicts):
        if verdict.value is not None and not verdict.metric.startswith(("coach: ", "adviser: ")):
            found.setdefault(verdict.metric, {})[f"{verdict.case}.{verdict.step}.{number}"] = min(1.0, verdict.value)
    return found


def worse(new: Measured, old: Measured) -> list[str]:
    """Metrics of the clean product that are worse by their whole 95 % interval, as evals.gate compares; the most moved first.

    Of some counts only the wrong ones have names, so values are paired in order of size; the difference of the means is the same.
    """
    found = []
    for name, values in old.items():
        before, after = sorted(values.values()), sorted(new.get(name, {}).values())
        most = max(len(before), len(after))
        # What was not measured any more is the worst there is; what is measured more often was fine.
        before, after = before + [1.0] * (most - len(before)), [0.0] * (most - len(after)) + after
        change = paired(_numbered(after), _numbered(before))
        if change.n and change.high < 0:
            found.append((change.mean or 0.0, f"counts: {name} {points(change)}"))
    return [said for _, said in sorted(found)]


def _numbered(values: Sequence[float]) -> dict[str, float]:
    return {f"{n:05}": value for n, value in enumerate(values)}


def points(found: Paired) -> str:
    """From how much to how much, in per cent, of how many."""
    return f"{100 * (found.old or 0):.0f} → {100 * (found.new or 0):.0f} % of {found.n}"
