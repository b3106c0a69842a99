"""`coach knowledge`: checks the knowledge folder, and makes a new one for another profession."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from coach.cli.common import as_json_option, load_settings, print_json

if TYPE_CHECKING:
    from coach.library.check import Report

EXIT_PROBLEMS = 3


@click.group()
def knowledge() -> None:
    r"""The knowledge folder: framework, articles, facts.

    \b
    Examples:
      coach knowledge check
      coach knowledge new my-framework
    """


@knowledge.command("check")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--facts", is_flag=True, help="also list every fact with the number of texts that state it")
@as_json_option
@click.pass_context
def check_folder(ctx: click.Context, folder: Path | None, facts: bool, as_json: bool) -> None:
    r"""Check that everything in FOLDER fits together (default: the folder in use).

    Every text states the facts it names, none contradicts one or falls into a trap, claims are attributed, worked
    examples come out right, every id that is named exists. Each problem is named with file, line and what mends it.

    \b
    Exit codes: 0 all is well, 2 there is no such folder, 3 problems were found.

    \b
    Examples:
      coach knowledge check
      coach knowledge check my-framework
      coach knowledge check --facts
    """
    from coach.errors import InputError
    from coach.library.check import check

    place = folder or load_settings().knowledge
    if not place.is_dir():
        raise InputError(f"There is no folder {place}.", hint=f"Make one with: coach knowledge new {place}")
    report = check(place)
    if as_json:
        print_json(_plain(report))
    else:
        _print(report, facts=facts)
    if report.problems:
        ctx.exit(EXIT_PROBLEMS)


@knowledge.command("new")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--name", default="", help="what the people in that profession are called (default: that of the example)")
def new_folder(folder: Path, name: str) -> None:
    r"""Make FOLDER: a small, complete framework for another profession, to be rewritten in your own words.

    \b
    Example:
      coach knowledge new my-framework --name "product managers"
      coach knowledge check my-framework
      COACH_KNOWLEDGE=my-framework COACH_HOME=my-data coach ingest
    """
    from coach.library.scaffold import make

    files = make(folder, load_settings().knowledge, people=name)
    click.echo(f"{len(files)} files are in {folder}. Rewrite them, then run: coach knowledge check {folder}")


@knowledge.command("fingerprint")
@click.argument("sources", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--folder", type=click.Path(path_type=Path), help="the knowledge folder (default: the one in use)")
def fingerprint(sources: tuple[Path, ...], folder: Path | None) -> None:
    r"""Keep hashes of the SOURCES, so that `coach knowledge check` notices a sentence copied from one.

    The sources themselves are not kept.

    
    Example:
      coach knowledge fingerprint article-1.txt article-2.pdf
    """
    from coach.library import closeness
    from coach.library.documents import load

    place = folder or load_settings().knowledge
    hashes = closeness.fingerprints(load(source).text for source in sources)
    click.echo(f"{len(hashes)} hashes of {len(sources)} sources are in {closeness.save(place, hashes)}.")


def _plain(report: Report) -> dict[str, object]:
    return {
        "articles": report.articles,
        "facts": report.facts,
        "traps": report.traps,
        "indicators": report.indicators,
        "actions": report.actions,
        "metrics": report.metrics,
        "stated": report.stated,
        "problems": [{"file": p.file, "line": p.line, "what": p.what, "mend": p.mend} for p in report.problems],
    }


def _print(report: Report, *, facts: bool) -> None:
    for problem in report.problems:
        click.echo(str(problem))
    if facts:
        for name, stated in report.stated.items():
            click.echo(f"{name}  zh {stated['zh']}  en {stated['en']}")
    whole = sum(1 for stated in report.stated.values() if stated["zh"] and stated["en"])
    click.echo(
        f"{report.articles['zh']} articles in Chinese, {report.articles['en']} in English; {report.indicators} indicators; "
        f"{report.actions} actions; {report.metrics} metrics; {report.traps} traps; {whole} of {report.facts} facts stated in "
        f"both languages; {len(report.problems)} problem{'' if len(report.problems) == 1 else 's'}."
    )
