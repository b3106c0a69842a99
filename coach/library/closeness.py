"""Whether a text stands too close to a source it must not copy, without keeping the source.

`knowledge/fingerprints.txt` holds short hashes of every run of characters of the sources (w-shingling, Broder 1997), made by
`coach knowledge fingerprint`. A run that is mostly Latin letters and digits is a name, and names may be repeated.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from coach.text import fold

RUN = 14
"""Characters, folded. Half a Chinese sentence; a list of names may be as long, and is then put in another order."""
_HEX = 10
_LATIN = re.compile(r"[a-z0-9]")
_MOST_LATIN = 5


def fingerprints(texts: Iterable[str]) -> set[str]:
    """The hashes of all runs."""
    return {_hash(run) for text in texts for _, run in _runs(text)}


def load(knowledge: Path) -> frozenset[str]:
    """The hashes kept in a knowledge folder; none when it has no such file."""
    path = knowledge / "fingerprints.txt"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return frozenset(line for line in lines if line and not line.startswith("#"))


def save(knowledge: Path, hashes: set[str]) -> Path:
    """Writes the hashes, sorted."""
    path = knowledge / "fingerprints.txt"
    head = (
        f"# Hashes of every run of {RUN} characters of the sources: no text here may share one. See coach knowledge fingerprint."
    )
    path.write_text("\n".join([head, *sorted(hashes)]) + "\n", encoding="utf-8")
    return path


def copied(text: str, hashes: frozenset[str]) -> list[str]:
    """The runs of a text that stand in a source, joined where they overlap."""
    found: list[tuple[int, int]] = []
    for at, run in _runs(text):
        if _hash(run) in hashes:
            if found and at <= found[-1][1]:
                found[-1] = (found[-1][0], at + RUN)
            else:
                found.append((at, at + RUN))
    folded = fold(text)
    return [folded[start:end] for start, end in found]


def _runs(text: str) -> Iterator[tuple[int, str]]:
    folded = fold(text)
    for at in range(len(folded) - RUN + 1):
        run = folded[at : at + RUN]
        if len(_LATIN.findall(run)) <= _MOST_LATIN:
            yield at, run


def _hash(run: str) -> str:
    return hashlib.sha256(run.encode()).hexdigest()[:_HEX]
