"""`python -m evals.bench`: speed and quality of the coach beside a plain pipeline, measured in one run."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from typing import Any

import click

from coach.app import Coach, build_coach
from coach.cli.common import load_settings
from coach.errors import CoachError, InputError
from coach.models.chat import chat_model
from coach.models.embedding import Embedder
from coach.settings import Settings
from evals.bench import large, measure, plain, plans, process, table, web
from evals.schema import Case
from evals.scorers.score import Ground
from evals.sets import load, sample
from evals.solvers import wait_for

PARTS = ("facts", "answers", "latency", "large", "memory", "import", "plans", "web")
_DEFAULT = tuple(p for p in PARTS if p not in ("large", "web"))
_SHOWN = 6  # passages a chat looks for; what a search is timed with
_MEMORY_QUESTIONS = 8
QUESTIONS = "answerable"


class Bench:
    """The two pipelines, each made when first needed."""

    def __init__(self, settings: Settings, documents: Sequence[Path], stack: ExitStack) -> None:
        self.settings = settings
        self._documents = documents
        self._stack = stack
        self.cases = load(QUESTIONS, settings).cases
        self.ground = Ground.load(settings.knowledge, settings.prompts)

    def scratch(self) -> Path:
        """A folder that goes when the bench ends."""
        folder = self._stack.enter_context(tempfile.TemporaryDirectory(prefix="coach-bench-", ignore_cleanup_errors=True))
        return Path(folder)

    def opened(self, settings: Settings) -> Coach:
        """A coach whose library is loaded; closed when the bench ends."""
        coach = build_coach(settings)
        self._stack.callback(coach.close)
        coach.wait_ready()
        return coach

    @cached_property
    def coach(self) -> Coach:
        """The coach as it is set up, loaded."""
        told("opening the library")
        coach = self.opened(self.settings)
        wait_for(coach)
        return coach

    @cached_property
    def plain(self) -> plain.Plain:
        """The plain pipeline over the same knowledge, or over the documents named."""
        told("indexing for the plain pipeline")
        embedder = Embedder(self.settings.model_copy(update={"adapter": "none"}))
        texts = plain.from_files(self._documents) if self._documents else plain.built_in(self.settings.knowledge)
        if not texts:
            raise InputError(f"No document was found in {', '.join(map(str, self._documents))}.")
        model = chat_model(self.settings.model_copy(update={"local_slots": 1}))
        made = plain.Plain(self.scratch(), embedder, texts, model)
        self._stack.callback(made.close)
        told(f"{len(texts)} documents in {made.chunks} chunks")
        return made

    def facts(self) -> dict[str, Any]:
        """Facts within 2,000 characters of passages, over all answerable questions."""
        found = {name: measure.facts(search, self.cases) for name, search in measure.searches(self.coach, self.plain).items()}
        return {**{name: measure.fact_groups(rows) for name, rows in found.items()}, "cases": found}

    def answers(self, questions: int) -> tuple[dict[str, Any], dict[str, Any]]:
        """Summary and every single answer. Another question goes first, so that nothing is loaded while the clock runs."""
        cases = sample(self.cases, questions)
        # Not one of those measured: its prompt would then stand in the model's cache.
        before = [case for case in self.cases if case not in cases][:1]
        asked: dict[str, Callable[[Case], dict[str, Any]]] = {"ours": lambda case: measure.ask_coach(self.coach, case)}
        if self.settings.model.strip() != "none":
            timeout = self.settings.model_timeout
            asked["plain"] = lambda case: measure.ask_plain(self.plain, case, timeout)
        measure.answers(asked, before, self.ground, lambda text: told(f"warming {text}"))
        rows = measure.answers(asked, cases, self.ground, told)
        return {name: measure.answer_summary(some) for name, some in rows.items()}, rows

    def latency(self) -> dict[str, Any]:
        """Search times over all answerable questions."""
        both = measure.searches(self.coach, self.plain)
        return {
            "ours": measure.search_times(both["ours"], self.cases, _SHOWN),
            "plain": measure.search_times(both["plain"], self.cases, plain.TOP),
        }

    def large(self, passages: int) -> dict[str, Any]:
        """Search times with many more passages in the library."""
        embedder = Embedder(self.settings)
        settings = large.build(self.settings, self.scratch() / "home", embedder.passages, passages, told)
        coach = self.opened(settings)
        search = measure.searches(coach, self.plain)["ours"]
        search(self.cases[0].question, _SHOWN, ())
        return {"passages": passages, "ours": measure.search_times(search, self.cases, _SHOWN)}

    def memory(self) -> dict[str, Any]:
        """Memory of the service in a process of its own."""
        return process.service_memory(self.settings, sample(self.cases, _MEMORY_QUESTIONS), told)


def told(text: str) -> None:
    """Progress, beside the table on stdout."""
    click.echo(text, err=True)


def _parts(_ctx: click.Context, _param: click.Parameter, value: str | None) -> tuple[str, ...]:
    if not value:
        return _DEFAULT
    named = tuple(part.strip() for part in value.split(",") if part.strip())
    if wrong := [part for part in named if part not in PARTS]:
        raise click.BadParameter(f"{wrong[0]!r} is not one of {', '.join(PARTS)}.")
    return named


@click.command(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option(
    "--only", callback=_parts, metavar="PART,…", help=f"only these parts: {', '.join(PARTS)}  [default: all but large and web]"
)
@click.option("--large", "with_large", is_flag=True, help="also time the search with many synthetic own passages")
@click.option("--passages", type=click.IntRange(min=1), default=20_000, show_default=True, help="how many those are")
@click.option("--questions", type=click.IntRange(min=1), default=32, show_default=True, help="questions for the answers")
@click.option("--model-questions", type=click.IntRange(min=1), help="at most so many, since the plain pipeline is slow")
@click.option("--documents", type=click.Path(exists=True, path_type=Path), multiple=True, help="document for the plain pipeline")
@click.option("--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), help="also write everything to this file")
@click.argument("more", nargs=-1, type=click.Path(exists=True, path_type=Path), metavar="[DOCUMENT]…")
def main(
    only: tuple[str, ...],
    with_large: bool,
    passages: int,
    questions: int,
    model_questions: int | None,
    documents: tuple[Path, ...],
    json_file: Path | None,
    more: tuple[Path, ...],
) -> None:
    r"""Measure the coach beside a plain pipeline.

    Further paths after --documents are documents too.

    \b
    Examples:
      python -m evals.bench
      python -m evals.bench --only facts,latency --large
      python -m evals.bench --only facts,answers --documents notes/ article.md
    """
    if more and not documents:
        raise click.UsageError(f"Unexpected argument {str(more[0])!r}; put --documents before it.")
    asked = min(questions, model_questions or questions)
    chosen = (*only, "large") if with_large and "large" not in only else only
    try:
        results = _run(load_settings(), chosen, (*documents, *more), asked, passages)
    except CoachError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(2)
    click.echo(table.markdown(results))
    if json_file:
        json_file.parent.mkdir(parents=True, exist_ok=True)
        json_file.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _run(settings: Settings, parts: Sequence[str], documents: Sequence[Path], asked: int, passages: int) -> dict[str, Any]:
    results: dict[str, Any] = {"model": settings.model, "embedding": settings.embedding, "documents": [p.name for p in documents]}
    # Processes of their own first: what this one holds by then would press on their memory and their time.
    if "import" in parts:
        results["import"] = process.import_times()
    if "plans" in parts:
        results["plans"] = plans.times(settings)
    if "web" in parts:
        results["web"] = web.measure(load(QUESTIONS, settings).cases, told)
    with ExitStack() as stack:
        bench = Bench(settings, documents, stack)
        if "memory" in parts:
            results["memory"] = bench.memory()
        if "facts" in parts:
            results["facts"] = bench.facts()
        if "latency" in parts:
            results["latency"] = bench.latency()
        if "answers" in parts:
            results["answers"], results["answer_cases"] = bench.answers(asked)
        if "large" in parts:
            results["large"] = bench.large(passages)
    return results


if __name__ == "__main__":
    main()
