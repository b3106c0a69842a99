"""An ingest that is killed (SIGKILL) at any moment: the library opens as before, and the next ingest makes it whole."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from coach import cli
from coach.errors import LibraryMissing
from coach.library import manifest
from coach.library.calibration import Calibration
from coach.library.catalogue import Catalogue
from coach.library.glossary import Glossary
from coach.library.search import Library
from coach.library.vectors import Vectors
from coach.models import embedding
from coach.models.embedding import Matrix
from coach.settings import ROOT, Settings
from tests.library.test_ingest import StandIn, check_whole, held, write_article

FILES = 60
WORDS = "budget brand pricing channel loyalty research naming launch retention payback 预算 品牌 定价 渠道 忠诚 调研 命名 上市".split()
CHILD = "import sys; from tests.library.test_kill import child; child(*sys.argv[1:])"
MOMENTS = {
    # method, which call of it, whether the process dies before or after the call
    "before anything is stored": ("Vectors.put", 1, "before"),
    "between vectors and catalogue": ("Catalogue.put", 1, "before"),
    "in the middle of a transaction": ("Catalogue._insert", 40, "before"),
    "after the first batch": ("Catalogue.put", 1, "after"),
    "old vectors removed, new ones not stored": ("Vectors.remove", 2, "after"),
    "before the manifest is written": ("manifest.write", 1, "before"),
}


class Slow(StandIn):
    """Takes its time, and says on standard output how far it is."""

    def _vectors(self, texts: list[str]) -> Matrix:
        for text in texts:
            time.sleep(0.001)
            if len(self.asked) % 20 == 0:
                print("step", flush=True)
            self.asked.append(text)
        return StandIn()._vectors(texts)


def child(moment: str, *arguments: str) -> None:
    """`coach ingest` in a process of its own, with the stand-in; dies by itself at a named moment."""
    embedding.Embedder = Slow  # type: ignore[misc]
    if moment:
        _die_at(*MOMENTS[moment])
    cli.cli(["ingest", *arguments], prog_name="coach")


def _die_at(where: str, number: int, when: str) -> None:
    owner_name, name = where.split(".")
    owner: Any = {"Vectors": Vectors, "Catalogue": Catalogue, "manifest": manifest}[owner_name]
    real, calls = getattr(owner, name), iter(range(1, 1000))

    def dying(*given: Any, **named: Any) -> Any:
        last = next(calls) == number
        if last and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = real(*given, **named)
        if last:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, name, dying)


@dataclass(frozen=True)
class Place:
    """Documents, the built-in articles, and two libraries made without interruption."""

    notes: Path
    knowledge: Path
    old: Path
    expected: dict[str, Any]
    version: str

    def settings(self, home: Path) -> Settings:
        return Settings(_env_file=None, home=home, knowledge=self.knowledge)


def write_notes(folder: Path, edition: str, number: int) -> None:
    folder.mkdir(exist_ok=True)
    for n in range(number):
        chance = random.Random(n)
        chinese = n % 3 == 0
        parts = []
        for part in range(chance.randint(6, 16)):
            some = chance.choices(WORDS[10:] if chinese else WORDS[:10], k=60)
            kind = edition if n % 2 else "steady"
            parts.append(
                f"## 第{part}节 {kind}\n\n{'，'.join(some)}。" if chinese else f"## Part {part} {kind}\n\n{' '.join(some)}."
            )
        (folder / f"note-{n:02}.md").write_text(f"# Note {n}\n\n" + "\n\n".join(parts), encoding="utf-8")


def ingest(place_settings: Settings, *arguments: str) -> None:
    """The same command in this process, never interrupted."""
    environment = {"COACH_HOME": str(place_settings.home), "COACH_KNOWLEDGE": str(place_settings.knowledge)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(embedding, "Embedder", StandIn)
        run = CliRunner().invoke(cli.cli, ["ingest", *arguments], env=environment, catch_exceptions=False)
    assert run.exit_code == 0, run.output


def content(settings: Settings) -> dict[str, Any]:
    catalogue, vectors = Catalogue(settings.library_dir / "library.db"), Vectors(settings)
    try:
        return held(settings, catalogue, vectors)
    finally:
        vectors.close()
        catalogue.close()


def opened(settings: Settings) -> Library:
    return Library(settings, StandIn(), calibration=Calibration(), glossary=Glossary((), ()))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    root = tmp_path_factory.mktemp("kill")
    notes, knowledge = root / "notes", root / "knowledge"
    for name in ("plan", "team", "money"):
        for lang in ("zh", "en"):
            write_article(knowledge, name, lang, f"What the library says of {name} in {lang}: 预算 and brand.")
    made = Place(notes=notes, knowledge=knowledge, old=root / "old", expected={}, version="")
    write_notes(notes, "first", FILES - 10)
    ingest(made.settings(made.old), str(notes))
    write_notes(notes, "second", FILES)
    fresh = made.settings(root / "fresh")
    ingest(fresh, str(notes))
    expected = content(fresh)
    check_whole(expected)
    assert len(expected["documents"]) == FILES + 6
    assert len(expected["passages"]) > 8 * FILES
    version = manifest.read(fresh.library_dir / "manifest.json").version
    return Place(notes=notes, knowledge=knowledge, old=made.old, expected=expected, version=version)


def start(settings: Settings, moment: str, *arguments: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "COACH_HOME": str(settings.home), "COACH_KNOWLEDGE": str(settings.knowledge)}
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, moment, *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def kill_after(run: subprocess.Popen[str], steps: int, delay: float) -> None:
    """Kills it when it has said `step` that often, and a moment later."""
    assert run.stdout is not None
    for _ in range(steps):
        assert run.stdout.readline() == "step\n", "it ended before it could be killed"
    time.sleep(delay)
    run.kill()
    run.communicate(timeout=60)


def check_opens_as_before(settings: Settings, *, was_there: bool) -> None:
    if not was_there:
        with pytest.raises(LibraryMissing, match="coach ingest"):
            opened(settings)
        return
    library = opened(settings)
    try:
        for query in ("brand budget", "预算 品牌"):
            found = library.search(query)
            assert found.passages
            assert all(p.text and p.source for p in found.passages)
        documents, passages = library.catalogue.counts()
        assert documents >= FILES - 10 + 6
        assert passages > documents
    finally:
        library.close()


def check_mended(place: Place, settings: Settings, *arguments: str) -> None:
    ingest(settings, *arguments)
    found = content(settings)
    check_whole(found)
    assert found["documents"] == place.expected["documents"]
    assert found["passages"] == place.expected["passages"]
    assert found["vectors"] == place.expected["vectors"]
    written = manifest.read(settings.library_dir / "manifest.json")
    assert (written.documents, written.passages) == (len(found["documents"]), len(found["passages"]))
    assert written.version == place.version
    library = opened(settings)
    try:
        assert library.search("brand budget").passages
    finally:
        library.close()


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("was_there", [False, True], ids=["first ingest", "update"])
def test_killed_at_a_random_moment(place: Place, tmp_path: Path, was_there: bool, seed: int) -> None:
    settings = place.settings(tmp_path / "killed")
    if was_there:
        shutil.copytree(place.old, settings.home)
    chance = random.Random(100 * was_there + seed)
    steps = len(place.expected["passages"]) // 20 // (2 if was_there else 1)
    run = start(settings, "", str(place.notes))
    kill_after(run, chance.randint(1, max(2, steps - 1)), chance.uniform(0, 0.05))
    assert run.returncode == -signal.SIGKILL
    check_opens_as_before(settings, was_there=was_there)
    check_mended(place, settings, str(place.notes))


@pytest.mark.slow
@pytest.mark.parametrize("moment", MOMENTS)
def test_an_update_killed_at_an_awkward_moment(place: Place, tmp_path: Path, moment: str) -> None:
    settings = place.settings(tmp_path / "killed")
    shutil.copytree(place.old, settings.home)
    run = start(settings, moment, str(place.notes))
    run.communicate(timeout=120)
    assert run.returncode == -signal.SIGKILL
    check_opens_as_before(settings, was_there=True)
    check_mended(place, settings, str(place.notes))


@pytest.mark.slow
def test_a_rebuild_that_was_killed_goes_on_and_keeps_own_documents(place: Place, tmp_path: Path) -> None:
    settings = place.settings(tmp_path / "killed")
    shutil.copytree(place.old, settings.home)
    ingest(settings, str(place.notes))
    run = start(settings, "after the first batch", "--rebuild")
    run.communicate(timeout=120)
    assert run.returncode == -signal.SIGKILL
    check_opens_as_before(settings, was_there=False)
    check_mended(place, settings)


@pytest.mark.slow
def test_killed_again_and_again(place: Place, tmp_path: Path) -> None:
    settings = place.settings(tmp_path / "killed")
    for moment in ("between vectors and catalogue", "after the first batch", "before the manifest is written"):
        run = start(settings, moment, str(place.notes))
        run.communicate(timeout=120)
        assert run.returncode == -signal.SIGKILL
        check_opens_as_before(settings, was_there=False)
    check_mended(place, settings, str(place.notes))
