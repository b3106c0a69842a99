"""Would a fault be noticed? Deliberate faults in product and library, each of which at least one gate has to catch.

    python -m evals.mutations [--only NAME]

One coach is opened and asked a fixed selection of the dev sets; that clean run is the baseline. Then every fault is put into the
product in this very process (never into scorers or gate), the same questions are asked again, and the gates judge:

    load        the product refuses to start: SetupError, LibraryMismatch and the like
    knowledge   coach.library.check finds what the clean folder has not
    gate        evals.gate.judge: a hard rule, or a metric worse than the baseline by its whole 95 % interval
    counts      of evals.development, evals.cycles and evals.attachments, worse than the clean ones by the same rule

A fault that nothing catches is a gate that is missing. The harmless changes at the end must pass: a gate that catches everything
catches nothing. What a fault does not reach (searches, vectors) is remembered from the clean run, so that all take minutes.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

import click

from coach.cli.common import load_settings
from coach.errors import InputError
from coach.settings import Settings
from evals.mutations.fault import Caught, Fault
from evals.mutations.faults import FAULTS, HARMLESS
from evals.mutations.judging import bench
from evals.mutations.table import line, right, table

Told = Callable[[str], None]


def chosen(only: Sequence[str]) -> tuple[list[Fault], list[Fault]]:
    """Faults and harmless changes by name; all without a name. Raises InputError that lists the names."""
    known = {fault.name for fault in (*FAULTS, *HARMLESS)}
    if unknown := [name for name in only if name not in known]:
        raise InputError(f"There is no fault {unknown[0]!r}.", hint=f"Faults: {', '.join(sorted(known))}.")
    return [f for f in FAULTS if not only or f.name in only], [f for f in HARMLESS if not only or f.name in only]


def run(settings: Settings, only: Sequence[str] = (), told: Told | None = None) -> list[Caught]:
    """Every fault, then every harmless change, judged; `told` is called with a line after each."""
    faults, harmless = chosen(only)
    found = []
    with bench(settings, {f.layer for f in (*faults, *harmless)}) as ready:
        for fault in (*faults, *harmless):
            found.append(ready.judged(fault))
            if told:
                told(line(found[-1]))
        if told and ready.left_out:
            told(f"left out, the clean product breaks a hard rule there: {', '.join(ready.left_out)}")
    return found


@click.command(help=__doc__)
@click.option("--only", multiple=True, help="Only the fault of this name; several times for several.")
def main(only: tuple[str, ...]) -> None:
    """Prints the table; exit code 1 when a fault was not caught, or a harmless change was."""
    found = run(load_settings(), only, lambda said: click.echo(said, err=True))
    click.echo(table(found))
    sys.exit(0 if all(right(c) for c in found) else 1)
