"""A run: asked once, kept with everything it was made with, scored as often as wanted without any model.

runs/<time>-<commit>-<suites>/  run.json  cases.jsonl  records.jsonl  texts.json  outcomes.jsonl  report.md  report.html
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from coach.errors import InputError
from coach.library.selector import FILE
from coach.prompts import load_prompt
from coach.settings import ROOT, Settings
from evals import sharing
from evals.schema import Case, Made, Outcome, Record
from evals.scorers.judge import Judge, agreement
from evals.scorers.score import Ground, score
from evals.sets import Loaded, RowType, rows, sample
from evals.solvers import Replay, Solver, Texts, answered, opened

RUNS = ROOT / "runs"
Told = Callable[[int, int], None]
"""Called with how many of how many are done."""


@dataclass(frozen=True, kw_only=True)
class Run:
    """Cases, records and outcomes stand in the same order; `texts` are the passages by key."""

    made: Made
    cases: tuple[Case, ...]
    records: tuple[Record, ...]
    texts: dict[str, str]
    outcomes: tuple[Outcome, ...]

    def values(self, metric: str, suites: Sequence[str] | None = None) -> dict[str, float]:
        """Of one metric by case, where it has a value."""
        return {
            o.case: value
            for o in self.outcomes
            if (suites is None or o.suite in suites) and (value := o.values.get(metric)) is not None
        }


def perform(
    settings: Settings,
    sets: Sequence[Loaded],
    *,
    solver: str = "product",
    limit: int | None = None,
    told: Told | None = None,
    jobs: int | None = None,
) -> Run:
    """Asks every case of the sets and scores what came back. Raises CoachError when something must be set up first.

    `jobs`: how many processes share the cases; None leaves it to `sharing.processes`.
    """
    ground = Ground.load(settings.knowledge, settings.prompts)
    started, clock = datetime.now(UTC), time.perf_counter()
    wanted = _wanted(sets, limit)
    jobs = jobs or sharing.processes(settings, solver, len(wanted))
    if jobs > 1:
        cases = tuple(case for _, case in wanted)
        records, texts, library = sharing.ask(settings, wanted, solver, ground.facts, jobs, told)
    else:
        with opened(solver, settings, ground.facts) as (ready, library):
            cases, records, texts = ask(ready, sets, limit, told)
    made = _made(settings, sets, solver, limit, library, started, time.perf_counter() - clock)
    return scored(Run(made=made, cases=cases, records=records, texts=texts, outcomes=()), ground)


def replayed(settings: Settings, kept: Run, sets: Sequence[Loaded], *, limit: int | None = None) -> Run:
    """The replies of a kept run under the cases as they are now; what they were made with stays what it was."""
    by_case = {(r.suite, r.case): (c, r) for c, r in zip(kept.cases, kept.records, strict=True)}
    cases, records, texts = ask(Replay(kept=by_case, texts=kept.texts), sets, limit)
    asked = {"suites": [s.name for s in sets], "datasets": {s.name: s.digest for s in sets}}
    made = kept.made.model_copy(update={**asked, "splits": {s.name: s.split for s in sets}, "limit": limit})
    return scored(
        Run(made=made, cases=cases, records=records, texts=texts, outcomes=()), Ground.load(settings.knowledge, settings.prompts)
    )


def ask(
    solver: Solver, sets: Sequence[Loaded], limit: int | None = None, told: Told | None = None
) -> tuple[tuple[Case, ...], tuple[Record, ...], dict[str, str]]:
    """One case after the other, in this process."""
    wanted = _wanted(sets, limit)
    texts, records = Texts(), []
    for number, (suite, case) in enumerate(wanted, 1):
        records.append(answered(solver, case, suite, texts))
        if told:
            told(number, len(wanted))
    return tuple(case for _, case in wanted), tuple(records), texts.by_key


def _wanted(sets: Sequence[Loaded], limit: int | None) -> list[tuple[str, Case]]:
    return [(s.name, case) for s in sets for case in sample(s.cases, limit)]


def scored(run: Run, ground: Ground) -> Run:
    """The run with its outcomes made anew, by the scorers as they are now; what a judge said of them is gone."""
    outcomes = tuple(score(case, record, run.texts, ground) for case, record in zip(run.cases, run.records, strict=True))
    made = run.made.model_copy(update={"scorers": _sources("evals/scorers"), "notes": {}})
    return replace(run, outcomes=outcomes, made=made)


def judged(run: Run, judge: Judge, told: Told | None = None) -> Run:
    """The run with a judge's verdict on every reply that was to answer; what could not be read stays without one, and is counted.

    Scoring the run anew takes the verdicts away: they are the judge's, not the scorers'.
    """
    asked = [n for n, (c, r) in enumerate(zip(run.cases, run.records, strict=True)) if r.asked and c.status == "answered"]
    outcomes, found = list(run.outcomes), []
    for done, n in enumerate(asked, 1):
        one = judge.judge(run.cases[n], run.records[n].answer)
        found.append(one)
        values = {**outcomes[n].values, "judged": one.value}
        outcomes[n] = outcomes[n].model_copy(update={"values": values, "problems": [*outcomes[n].problems, *one.problems()]})
        if told:
            told(done, len(asked))
    notes = {
        "judge": judge.name,
        "judge_prompt": judge.prompt.hash,
        "judge_unscored": sum(one.unscored for one in found),
        "judge_asked": sum(one.asked for one in found),
        "judge_alpha": agreement(found),
    }
    made = run.made.model_copy(update={"notes": {**run.made.notes, **notes}})
    return replace(run, outcomes=tuple(outcomes), made=made)


def _made(
    settings: Settings, sets: Sequence[Loaded], solver: str, limit: int | None, library: str, started: datetime, seconds: float
) -> Made:
    manifest = settings.library_dir / "manifest.json"
    index = json.loads(manifest.read_text(encoding="utf-8"))["embedding"] if manifest.is_file() else ""
    return Made(
        suites=[s.name for s in sets],
        solver=solver,
        model=settings.model,
        strategy=settings.strategy,
        datasets={s.name: s.digest for s in sets},
        splits={s.name: s.split for s in sets},
        limit=limit,
        prompts={p.stem: load_prompt(settings.prompts, p.stem).hash for p in sorted(settings.prompts.glob("*.md"))},
        library=library,
        index=str(index),
        calibration=_digest([settings.knowledge / "calibration.json", settings.knowledge / FILE]),
        code=_sources("coach"),
        commit=_commit(),
        version=version("marketing-career-coach"),
        started=f"{started:%Y-%m-%dT%H:%M:%SZ}",
        seconds=round(seconds, 1),
    )


def _sources(folder: str) -> str:
    return _digest(sorted((ROOT / folder).rglob("*.py")))


def _digest(paths: Sequence[Path]) -> str:
    found = hashlib.sha256()
    for path in paths:
        found.update(path.name.encode() + (path.read_bytes() if path.exists() else b""))
    return found.hexdigest()[:12]


def _commit() -> str:
    """Of the checkout, + when it was changed; nothing where there is none."""
    try:
        head = _git("rev-parse", "--short", "HEAD")
        return head + ("+" if _git("status", "--porcelain", "--untracked-files=no") else "")
    except (OSError, subprocess.CalledProcessError):
        return ""


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


# --- on disk ----------------------------------------------------------------------------------------------------------


def folder_for(made: Made, runs: Path = RUNS) -> Path:
    """A folder of its own for a run."""
    stamp = made.started.replace("-", "").replace(":", "")
    suites = "+".join(made.suites) if len(made.suites) < 3 else f"{len(made.suites)}-sets"
    return runs / f"{stamp}-{made.commit.rstrip('+') or 'none'}-{made.solver}-{suites}"


def write(run: Run, folder: Path) -> None:
    """Everything but the reports."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "run.json").write_text(run.made.model_dump_json(indent=1) + "\n", encoding="utf-8")
    (folder / "texts.json").write_text(json.dumps(run.texts, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    for name, kept in (("cases", run.cases), ("records", run.records), ("outcomes", run.outcomes)):
        (folder / f"{name}.jsonl").write_text("".join(row.model_dump_json() + "\n" for row in kept), encoding="utf-8")


def read(folder: Path) -> Run:
    """A run that was kept. Raises InputError that names the file and what is wrong with it."""
    if not (folder / "run.json").is_file():
        raise InputError(f"{folder} is no run: it has no run.json.", hint="Make one with: coach eval run")
    try:
        made = Made.model_validate_json((folder / "run.json").read_text(encoding="utf-8"))
        texts = json.loads((folder / "texts.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"The run {folder.name} cannot be read: {error}") from error
    cases, records = _rows(folder / "cases.jsonl", Case), _rows(folder / "records.jsonl", Record)
    if [c.id for c in cases] != [r.case for r in records]:
        raise InputError(f"The run {folder.name} is not whole: its cases and its records differ.")
    return Run(made=made, cases=cases, records=records, texts=texts, outcomes=_rows(folder / "outcomes.jsonl", Outcome))


def _rows(path: Path, shape: type[RowType]) -> tuple[RowType, ...]:
    return tuple(rows(path, shape, least=0, unique=False))
