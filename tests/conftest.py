"""Every test starts from the same ground: no COACH_… variable, no key, no .env file, a home of its own."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest

from coach.settings import ROOT, Settings
from coach.store.database import open_database

if TYPE_CHECKING:
    from coach.models.embedding import Embedder

# Read once, before any test changes the environment: where `make test` put the weights and the library.
REAL_HOME = Path(os.environ.get("COACH_HOME") or ROOT / "data").resolve()
ON_CI = bool(os.environ.get("CI"))
_ARTICLES = ("ab-test-sample-size", "brand-health-tracking", "which-stage-am-i", "star-answers")
_QUESTIONS = 6
_FOREIGN = ("OPENAI_", "ANTHROPIC_", "DEEPSEEK_", "OLLAMA_", "LANGSMITH_", "LANGCHAIN_")


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The home folder of this test, empty."""
    for name in list(os.environ):
        if name.startswith(("COACH_", *_FOREIGN)):
            monkeypatch.delenv(name)
    home = tmp_path / "home"
    monkeypatch.setenv("COACH_HOME", str(home))
    monkeypatch.setitem(Settings.model_config, "env_file", None)
    return home


def _require(path: Path, command: str) -> None:
    if not path.exists():
        reason = f"{path} is missing; make it with: {command}"
        if ON_CI:
            pytest.fail(reason)
        pytest.skip(reason)


@pytest.fixture(scope="session")
def real_settings() -> Iterator[Settings]:
    """Settings over the real weights and the built-in library, to be read only."""
    _require(REAL_HOME / "models" / "e5-small-q4", "coach models fetch")
    _require(REAL_HOME / "library" / "manifest.json", "coach ingest")
    yield Settings(_env_file=None, home=REAL_HOME)


@pytest.fixture
def real_models(clean_environment: Path) -> Path:
    """A home with the real weights and nothing else, free to be written to."""
    _require(REAL_HOME / "models" / "e5-small-q4", "coach models fetch")
    clean_environment.mkdir(parents=True)
    (clean_environment / "models").symlink_to(REAL_HOME / "models", target_is_directory=True)
    return clean_environment


def new_database(path: Path) -> Path:
    """Puts an SQLite file with all tables and nobody in it there, unless there is one. To migrate each anew takes ten times as long."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_migrated())
        path.chmod(0o600)
    return path


@cache
def _migrated() -> bytes:
    with TemporaryDirectory() as folder:
        made = Path(folder) / "coach.db"
        open_database(f"sqlite:///{made}").dispose()
        return made.read_bytes()


@pytest.fixture(scope="session")
def embedder(real_settings: Settings) -> Embedder:
    """The real embedding model, loaded once."""
    from coach.models.embedding import Embedder

    made = Embedder(real_settings)
    made.load()
    return made


@pytest.fixture(scope="session")
def small_home(real_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Weights, the knowledge folder with four articles in each language, and the index of it."""
    from coach.cli import _ingest
    from coach.library.unanswered import FILE

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
        for name in _ARTICLES:
            told = (ROOT / "knowledge" / "articles" / lang / f"{name}.md").read_text(encoding="utf-8")
            (folder / f"{name}.md").write_text(_shortened(told), encoding="utf-8")
    _ingest(Settings(_env_file=None, home=home, knowledge=home / "knowledge", model="none"), [], rebuild=False)
    return home


def _shortened(article: str) -> str:
    """With a few of its questions: embedding them is what takes the time."""
    import yaml

    _, front, body = article.split("---\n", 2)
    values = yaml.safe_load(front)
    for name in ("questions", "answers"):
        values[name] = values[name][:_QUESTIONS]
    return f"---\n{yaml.safe_dump(values, allow_unicode=True)}---\n{body}"


@pytest.fixture(autouse=True, scope="session")
def _ctrl_c() -> None:
    """A shell's background job ignores Ctrl-C, and so would every program started by it; the tests of Ctrl-C need it heard."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
