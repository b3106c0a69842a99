"""A fault as a value: where it is put in, what it does, how; and what the gates said of it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Literal

from coach.app import Coach

Layer = Literal["reply", "gate", "search", "embedding", "library", "start", "own", "files", "people", "cycles"]
Apply = Callable[[Coach], AbstractContextManager[object]]
"""Changes the product for as long as the block runs. A block that yields another Coach wants that one asked."""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """`does` says in one line what goes wrong; `layer` says where, and by that what has to be asked to see it.

    `gap` says why no gate sees a fault that is known to pass; it stays in the table until one does.
    """

    name: str
    layer: Layer
    does: str
    apply: Apply
    gap: str = ""


@dataclass(frozen=True, kw_only=True)
class Caught:
    """What the gates said of a fault: `signs` in words, each with its gate in front and how far it moved; none: not caught."""

    fault: Fault
    signs: tuple[str, ...]
    seconds: float

    @property
    def caught(self) -> bool:
        return bool(self.signs)


def fault(layer: Layer, name: str, does: str, apply: Apply, gap: str = "") -> Fault:
    return Fault(name=name, layer=layer, does=does, apply=apply, gap=gap)
