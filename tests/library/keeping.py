"""A small library of real articles under the real embedding model, and a coach over a copy of it that may be changed."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

from coach.app import Coach, build_coach, open_library, release_library
from coach.cli import _ingest
from coach.library.unanswered import FILE
from coach.models.embedding import Embedder
from coach.settings import ROOT, Settings
from tests.conftest import REAL_HOME

ARTICLES = ("ab-test-sample-size", "brand-health-tracking", "which-stage-am-i", "star-answers")
QUESTIONS = 6


@pytest.fixture(scope="session")
def embedder(real_settings: Settings) -> Embedder:
    made = Embedder(real_settings)
    made.load()
    return made


@pytest.fixture(scope="session")
def small_home(real_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Weights, the knowledge folder with four articles in each language, and the index of it."""
    home = tmp_path_factory.mktemp("small") / "home"
    (home / "library").mkdir(parents=True)
    (home / "models").symlink_to(REAL_HOME / "models")
    shutil.copy(real_settings.library_dir / FILE, home / "library")  # to embed 1,500 questions takes a minute
    for path in (ROOT / "knowledge").iterdir():
        if path.name != "articles":
            (home / "knowledge").mkdir(exist_ok=True)
            (home / "knowledge" / path.name).symlink_to(path)
    for lang in ("zh", "en"):
        folder = home / "knowledge" / "articles" / lang
        folder.mkdir(parents=True)
        for name in ARTICLES:
            told = (ROOT / "knowledge" / "articles" / lang / f"{name}.md").read_text(encoding="utf-8")
            (folder / f"{name}.md").write_text(_shortened(told), encoding="utf-8")
    _ingest(Settings(_env_file=None, home=home, knowledge=home / "knowledge", model="none"), [], rebuild=False)
    return home


def _shortened(article: str) -> str:
    """With a few of its questions: embedding them is what takes the time."""
    _, front, body = article.split("---\n", 2)
    values = yaml.safe_load(front)
    for name in ("questions", "answers"):
        values[name] = values[name][:QUESTIONS]
    return f"---\n{yaml.safe_dump(values, allow_unicode=True)}---\n{body}"


def opened(home: Path, embedder: Embedder) -> Coach:
    """A coach over this home that need not load the weights again."""
    settings = Settings(_env_file=None, home=home, knowledge=home / "knowledge", model="none")
    coach = build_coach(settings)
    coach._started.set()
    coach.take(open_library(settings, embedder), release_library)
    return coach


@pytest.fixture
def home(small_home: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(small_home, tmp_path / "kept", symlinks=True))


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
