"""Every test starts from the same ground: no COACH_… variable, no key, no .env file, a home of its own."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from coach.settings import ROOT, Settings

# Read once, before any test changes the environment: where `make test` put the weights and the library.
REAL_HOME = Path(os.environ.get("COACH_HOME") or ROOT / "data").resolve()
ON_CI = bool(os.environ.get("CI"))
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


@pytest.fixture(autouse=True, scope="session")
def _ctrl_c() -> None:
    """A shell's background job ignores Ctrl-C, and so would every program started by it; the tests of Ctrl-C need it heard."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
