"""`python -m evals`: scores the coach, over the library in COACH_HOME, on the question sets."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import Any

import click

from coach.app import build_coach
from coach.claims import Claims
from coach.cli.common import load_settings
from coach.errors import CoachError
from coach.library.own import cases_file
from coach.settings import ROOT, Settings
from evals import report
from evals.data import DATASETS, load_answerable, load_held_back, load_own, load_status, sample
from evals.run import gates, run, wait_for

SUITES = ("answerable", "heldout", "heldback", "status", "own")
"""heldback is made from the articles and own from bad answers that were mended (COACH_HOME/evals/own.jsonl), the others are
files here; `all` leaves out heldback, which is long, and own, which is another on every machine."""


@click.command(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option("--suite", type=click.Choice([*SUITES, "all"]), default="all", show_default=True, help="which question set")
@click.option("--model", default="none", show_default=True, help="chat model, provider:name, or none")
@click.option("--limit", type=click.IntRange(min=1), help="questions of each suite, spread over languages and kinds; else all")
@click.option("--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), help="also write everything to this file")
@click.option("--save", is_flag=True, help="also write runs/<time>-<suite>/ with report.md and run.json")
def main(suite: str, model: str, limit: int | None, json_file: Path | None, save: bool) -> None:
    r"""Score the coach on the question sets.

    \b
    Exit codes: 0 the gates hold, 1 a gate is broken, 2 something must be set up first.

    \b
    Examples:
      python -m evals
      python -m evals --suite status --json status.json
      python -m evals --suite answerable --model local:qwen2.5-coder-1.5b --limit 20
    """
    try:
        settings = load_settings().model_copy(update={"model": model})
        scored, about = _evaluate(settings, suite, limit)
    except CoachError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(2)
    click.echo(report.text(scored, about))
    if json_file:
        report.write_json(json_file, report.data(scored, about))
    if save:
        click.echo(f"written to {report.save(ROOT / 'runs', scored, about).relative_to(ROOT)}", err=True)
    sys.exit(1 if gates(scored).broken else 0)


def _evaluate(settings: Settings, suite: str, limit: int | None) -> tuple[list[Any], dict[str, Any]]:
    claims = Claims.load(settings.knowledge / "claims.yaml")
    answerable = sample(load_answerable(), limit) if suite in ("answerable", "all") else []
    answerable += sample(load_answerable(DATASETS / "heldout.jsonl"), limit) if suite in ("heldout", "all") else []
    held_back = sample(load_held_back(settings.knowledge), limit) if suite == "heldback" else []
    status = sample(load_status(), limit) if suite in ("status", "all") else []
    if suite == "own":
        answerable, status = load_own(cases_file(settings))
    coach = build_coach(settings)
    try:
        wait_for(coach)
        scored = run(coach, answerable, status, claims, _told, held_back)
        about = {
            "suite": suite,
            "model": settings.model,
            "strategy": settings.strategy,
            "library": coach.state()["library"]["version"],
            "datasets": _digest(),
        }
    finally:
        coach.close()
    return scored, about


def _digest() -> str:
    """Names the state of the question sets in reports."""
    content = b"".join((DATASETS / f"{name}.jsonl").read_bytes() for name in SUITES if name not in ("heldback", "own"))
    return hashlib.sha256(content).hexdigest()[:12]


def _told(done: int, total: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{done}/{total} ", err=True, nl=done == total)


if __name__ == "__main__":
    main()
