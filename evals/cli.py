"""`coach eval`: ask, score, compare, report. Owns words and options; `coach` finds it by an entry point."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coach.cli.common import Commands, load_settings
from coach.errors import InputError

if TYPE_CHECKING:
    from coach.settings import Settings
    from evals.gate import Baseline
    from evals.results import Run
    from evals.sets import Loaded

_SPLITS = {"dev": "dev", "heldout_all": "heldout"}
_folder = click.Path(file_okay=False, path_type=Path)
_file = click.Path(dir_okay=False, path_type=Path)


@click.group(name="eval", cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def main() -> None:
    """Check the coach's answers against the framework, and the checks themselves.

    \b
    Examples:
      coach eval run
      coach eval run --suite dev --model local:qwen2.5-coder-1.5b --limit 40
      coach eval report runs/20261122T101500Z-abc1234-product-answerable
      coach eval import questions.xlsx --name ours

    \b
    Exit codes: 0 everything holds, 1 a rule or the baseline is broken, 2 setup or input to be corrected.
    """


@main.command()
@click.option(
    "--suite", "suites", multiple=True, default=("all",), show_default=True, help="set or group; several times for several"
)
@click.option("--solver", default="product", show_default=True, help="product, retrieve_only, gold_context, closed_book or plain")
@click.option("--model", default="none", show_default=True, help="chat model, provider:name, or none")
@click.option("--limit", type=click.IntRange(min=1), help="cases of each set, spread over languages and kinds; else all")
@click.option("--out", type=_folder, help="folder of the run (default: runs/<time>-<commit>-…)")
@click.option("--baseline", type=_file, help="compare with this one (default: the committed one of this model, if there is one)")
@click.option("--no-save", is_flag=True, help="print the report and keep nothing")
@click.option(
    "--jobs", type=click.IntRange(1, 16), help="processes that share the cases (default: 2 without a chat model, else 1)"
)
@click.option("--replay", type=_folder, help="ask nobody: the replies of this kept run, under the cases as they are now")
@click.pass_context
def run(
    ctx: click.Context,
    suites: tuple[str, ...],
    solver: str,
    model: str,
    limit: int | None,
    out: Path | None,
    baseline: Path | None,
    no_save: bool,
    jobs: int | None,
    replay: Path | None,
) -> None:
    """Ask every case of the sets, keep and score what comes back.

    \b
    Groups of sets: all (every committed one), dev (may be tuned on), heldout_all (never tuned on).
    Beside them: heldback (the articles' own questions that index and training never see), judged (a thousand of these with
    every answer that two readers accepted), and those in COACH_HOME/evals.
    """
    from evals import results

    settings = load_settings().model_copy(update={"model": model})
    if replay:
        kept = results.read(replay)
        named = tuple(kept.made.suites) if suites == ("all",) else suites
        made = results.replayed(settings, kept, chosen(named, settings), limit=limit or kept.made.limit)
    else:
        made = results.perform(settings, chosen(suites, settings), solver=solver, limit=limit, told=_told, jobs=jobs)
    if not no_save:
        folder = out or results.folder_for(made.made)
        _keep(made, folder, baseline)
        click.echo(f"kept in {folder}", err=True)
    ctx.exit(_reported(made, baseline))


@main.command()
@click.argument("folder", type=_folder)
@click.option("--baseline", type=_file, help="compare with this one")
@click.option("--judge", help="also ask this chat model, provider:name, never the one that was tested")
@click.pass_context
def score(ctx: click.Context, folder: Path, baseline: Path | None, judge: str | None) -> None:
    """Score a kept run again, by the scorers as they are now; without --judge no model and no library is asked."""
    from evals import results
    from evals.scorers.judge import open_judge
    from evals.scorers.score import Ground

    settings = load_settings()
    made = results.scored(results.read(folder), Ground.load(settings.knowledge, settings.prompts))
    if judge and (asked := open_judge(settings.model_copy(update={"model": judge}), tested=made.made.model)):
        made = results.judged(made, asked, _told)
    _keep(made, folder, baseline)
    ctx.exit(_reported(made, baseline))


@main.command()
@click.argument("old", type=click.Path(exists=True, path_type=Path))
@click.argument("new", type=_folder)
@click.pass_context
def compare(ctx: click.Context, old: Path, new: Path) -> None:
    """Compare two runs, or a baseline file and a run, case by case: 95 % intervals of the paired difference."""
    from evals import gate, report, results

    first = gate.read(old) if old.is_file() else gate.baseline_of(results.read(old))
    second = results.read(new)
    verdict = gate.judge(second, first)
    click.echo(report.text(second, verdict, failures=False))
    ctx.exit(0 if verdict.passed else 1)


@main.command("report")
@click.argument("folder", type=_folder)
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="language the page opens in")
@click.option("--baseline", type=_file, help="compare with this one")
def report_(folder: Path, lang: str, baseline: Path | None) -> None:
    """Write report.html and report.md of a kept run anew."""
    from evals import results

    _keep(results.read(folder), folder, baseline, lang)
    click.echo(folder / "report.html")


@main.command()
@click.argument("folder", type=_folder)
def baseline(folder: Path) -> None:
    """Make a kept run the committed baseline of its model. Hard rules must hold."""
    from evals import gate, results

    kept = results.read(folder)
    if broken := gate.hard(kept):
        raise InputError(f"This run breaks hard rules: {'; '.join(broken)}", hint="Mend them first; a baseline must be good.")
    path = gate.BASELINES / f"{gate.name_for(kept.made)}.json"
    gate.write(gate.baseline_of(kept), path)
    click.echo(f"{path.relative_to(gate.BASELINES.parent.parent)}: {len(kept.cases)} cases")


@main.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--name", required=True, help="name of the new set; it is kept in COACH_HOME/evals and run by this name")
def import_(file: Path, name: str) -> None:
    """Make a question set of your own FILE: .xlsx, .csv or .jsonl.

    \b
    Columns, in Chinese or English, in any order:
      问题 question                what is asked
      答案要点 keypoints           what the reply must hold: points between ; alternatives between /
      状态 status                  answered, not_in_sources, clarify, declined or crisis
      不应出现 must_not, 语言 lang, 类型 kind, 事实 facts, 理由 why, 编号 id, 备注 note

    \b
    Examples:
      coach eval import questions.xlsx --name ours
      coach eval run --suite ours
    """
    from evals.adapters import table

    cases = table.read_table(file)
    path = table.keep(cases, load_settings(), name)
    click.echo(f"{len(cases)} cases kept in {path}. Run them with: coach eval run --suite {name}")


@main.command()
@click.argument("format_", metavar="FORMAT", type=click.Choice(["rgb", "nomiracl", "dragonball", "domainrag"]))
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--limit", type=click.IntRange(min=1), help="questions; else all")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="language of the report")
def external(format_: str, folder: Path, limit: int | None, lang: str) -> None:
    """Bring documents and questions of a public set, as it is published, and get retrieval and refusal numbers.

    The documents are brought into a throw-away copy of the library, and questions are answered from them alone. Nothing of
    theirs comes with this program: FOLDER is what you downloaded.
    """
    from evals import adapters
    from evals import external as checks

    bundle = adapters.load(format_, folder)
    result = checks.check(bundle, load_settings(), limit, progress=lambda done, total, _name: _told(done, total))
    click.echo(checks.text(result, "en" if lang == "en" else "zh"))


@main.command()
@click.option("--only", multiple=True, help="name of a fault; several times for several")
@click.pass_context
def mutations(ctx: click.Context, only: tuple[str, ...]) -> None:
    """Put deliberate faults into product and library, one at a time, and show which gate catches each."""
    from evals.mutations import run as faults

    ctx.invoke(faults.main, only=only)


@main.command()
@click.pass_context
def counterfactual(ctx: click.Context) -> None:
    """Change sentences of the library: replies must follow, and the old value must be noticed."""
    from evals import counterfactual as swaps

    ctx.invoke(swaps.main, model="none")


@main.command()
@click.option("--limit", type=click.IntRange(min=1), help="dialogues; else all")
@click.pass_context
def cycles(ctx: click.Context, limit: int | None) -> None:
    """Play scripted people through talk, assessment, plan, check-ins and review, and score every step."""
    from evals import cycles as dialogues

    ctx.invoke(dialogues.main, limit=limit, path=None)


@main.command("list")
def list_() -> None:
    """List the question sets there are."""
    from evals import sets

    settings = load_settings()
    for name in sets.names(settings):
        loaded = sets.load(name, settings)
        click.echo(f"{name:<18} {len(loaded.cases):>5} cases  v{loaded.version}  {loaded.split:<8} {loaded.digest}")


def chosen(names: Sequence[str], settings: Settings) -> list[Loaded]:
    """The sets of these names and groups, each once; of groups those that say something with this model.

    Raises InputError for one that is not there.
    """
    from evals import sets

    known = {n: s for n, s in sets.suites().items() if settings.model != "none" or s.needs != "model"}
    groups = {"all": list(known), **{g: [n for n, s in known.items() if s.split == split] for g, split in _SPLITS.items()}}
    wanted = [name for asked in names for name in groups.get(asked, [asked])]
    return [sets.load(name, settings) for name in dict.fromkeys(wanted)]


def _keep(made: Run, folder: Path, baseline: Path | None, lang: str = "zh") -> None:
    from evals import gate, report, results
    from evals.report_html.page import page

    results.write(made, folder)
    known = _baseline(made, baseline)
    verdict = gate.judge(made, known)
    (folder / "report.md").write_text(report.text(made, verdict) + "\n", encoding="utf-8")
    flat: dict[str, dict[str, float]] = {}
    for metrics in known.values.values() if known else ():
        for metric, values in metrics.items():
            flat.setdefault(metric, {}).update(values)
    html = page(made.made, made.cases, made.records, made.texts, made.outcomes, flat or None, "en" if lang == "en" else "zh")
    (folder / "report.html").write_text(html, encoding="utf-8")


def _reported(made: Run, baseline: Path | None) -> int:
    from evals import gate, report

    verdict = gate.judge(made, _baseline(made, baseline))
    click.echo(report.text(made, verdict))
    return 0 if verdict.passed else 1


def _baseline(made: Run, named: Path | None) -> Baseline | None:
    """The one named, else the committed one of this model and solver, if there is one."""
    from evals import gate

    path = named or gate.BASELINES / f"{gate.name_for(made.made)}.json"
    return gate.read(path) if named or path.is_file() else None


def _told(done: int, total: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{done}/{total} ", err=True, nl=done == total)
