"""What was caught by what, as a line for the terminal and as a table in Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from evals.mutations.fault import Caught
from evals.mutations.faults import HARMLESS

_SHOWN, _LONGEST = 3, 150


def right(found: Caught) -> bool:
    """A fault that was caught or is a known gap, or a harmless change that was not caught."""
    return not found.caught if found.fault in HARMLESS else found.caught or bool(found.fault.gap)


def line(found: Caught) -> str:
    """One result for the terminal."""
    return f"{'✓' if right(found) else '✗'} {found.fault.name} ({found.seconds:.0f} s): {'; '.join(found.signs[:3]) or 'nothing'}"


def table(found: Sequence[Caught]) -> str:
    """Markdown: what was done, and which gate caught it by what; below it the harmless changes."""
    lines = ["| fault | where | what it does | caught by |", "| --- | --- | --- | --- |"]
    lines += [f"| {c.fault.name} | {c.fault.layer} | {c.fault.does} | {_by(c)} |" for c in found if c.fault not in HARMLESS]
    faults = [c for c in found if c.fault not in HARMLESS]
    lines += ["", f"{sum(c.caught for c in faults)} of {len(faults)} faults caught."]
    if harmless := [c for c in found if c.fault in HARMLESS]:
        lines += ["", "| harmless change | what it does | caught by |", "| --- | --- | --- |"]
        lines += [
            f"| {c.fault.name} | {c.fault.does} | {_cell(c.signs) if c.signs else 'nothing, as it should be'} |" for c in harmless
        ]
    return "\n".join(lines)


def _by(found: Caught) -> str:
    if found.signs:
        return _cell(found.signs)
    return f"not caught: {found.fault.gap}" if found.fault.gap else "**NOT CAUGHT**"


def _cell(signs: Sequence[str]) -> str:
    each = [" ".join(s.split()).replace("|", "\\|") for s in signs]
    told = [s if len(s) <= _LONGEST else f"{s[:_LONGEST]}…" for s in each[:_SHOWN]]
    return "<br>".join([*told, *([f"{len(each) - _SHOWN} more"] if len(each) > _SHOWN else [])])
