"""A coach over a copy of the small library of tests/conftest.py, which may be changed."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from coach.app import Coach, build_coach, open_library, release_library
from coach.models.embedding import Embedder
from coach.settings import Settings
from tests.conftest import new_database


def opened(home: Path, embedder: Embedder) -> Coach:
    """A coach over this home that need not load the weights again."""
    settings = Settings(_env_file=None, home=home, knowledge=home / "knowledge", model="none")
    coach = build_coach(settings)
    coach._started.set()
    coach.take(open_library(settings, embedder), release_library)
    return coach


@pytest.fixture
def home(small_home: Path, tmp_path: Path) -> Path:
    made = Path(shutil.copytree(small_home, tmp_path / "kept", symlinks=True))
    new_database(made / "coach.db")
    return made


@pytest.fixture
def reopen(home: Path, embedder: Embedder) -> Iterator[Callable[[], Coach]]:
    """Opens the same home as another process would, as often as wanted; all are closed at the end."""
    coaches: list[Coach] = []

    def again() -> Coach:
        coaches.append(opened(home, embedder))
        return coaches[-1]

    yield again
    for coach in coaches:
        coach.close()


@pytest.fixture
def coach(reopen: Callable[[], Coach]) -> Coach:
    return reopen()
