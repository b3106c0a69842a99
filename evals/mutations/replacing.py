"""How anything in the product is replaced for as long as a block runs; after it everything is as it was."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Any
from unittest import mock

from evals.mutations.fault import Apply


def wrapped(target: object, name: str, make: Callable[[Any], Any]) -> AbstractContextManager[object]:
    """`target.name` becomes what is made of it."""
    return mock.patch.object(target, name, make(getattr(target, name)))


@contextmanager
def all_of(*changes: AbstractContextManager[object]) -> Iterator[None]:
    with ExitStack() as stack:
        for change in changes:
            stack.enter_context(change)
        yield


def always(target: object, name: str, value: object) -> Apply:
    """`target.name` gives the same whatever it is asked."""
    return lambda _: mock.patch.object(target, name, lambda *_told, **_more: value)
