"""Holds what is in use and can be exchanged while it is: the old one is let go of when its last user is done."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar

_Held = TypeVar("_Held")


@dataclass(eq=False, kw_only=True)
class _Place(Generic[_Held]):
    held: _Held
    release: Callable[[_Held], None]
    users: int = 0
    replaced: bool = False


class Shelf(Generic[_Held]):
    """Empty until something is put on it. Thread-safe; using and exchanging never wait for each other."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._place: _Place[_Held] | None = None

    @property
    def now(self) -> _Held | None:
        """What is on it at this moment, for a glance; to work with it take it by `use`."""
        place = self._place
        return place.held if place else None

    @contextmanager
    def use(self) -> Iterator[_Held]:
        """What is on it now, and stays whole for as long as the block runs. Raises LookupError when it is empty."""
        with self._lock:
            place = self._place
            if place is None:
                raise LookupError("The shelf is empty.")
            place.users += 1
        try:
            yield place.held
        finally:
            with self._lock:
                place.users -= 1
                last = place.replaced and not place.users
            if last:
                place.release(place.held)

    def put(self, held: _Held, release: Callable[[_Held], None]) -> None:
        """From now on this is used; `release` is called once, when it has been exchanged and nobody uses it any more."""
        self._exchange(_Place(held=held, release=release))

    def clear(self) -> None:
        """Takes away what is there."""
        self._exchange(None)

    def _exchange(self, new: _Place[_Held] | None) -> None:
        with self._lock:
            old, self._place = self._place, new
            if old is not None:
                old.replaced = True
            unused = old is not None and not old.users
        if old is not None and unused:
            old.release(old.held)
