"""A throw-away copy of a home: the same weights and index, another knowledge folder or more documents; the original stays."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from coach.errors import LibraryMissing
from coach.settings import Settings


@contextmanager
def copied(settings: Settings, *, knowledge: Path | None = None, documents: Sequence[Path] = ()) -> Iterator[Settings]:
    """Settings of a home that goes when the block ends; only what differs from the built index is embedded anew.

    Raises LibraryMissing before the first ingest, DocumentError for an article that cannot be read.
    """
    if not (settings.library_dir / "manifest.json").is_file():
        raise LibraryMissing("There is no library to copy.", hint="Build it with: coach ingest")
    with tempfile.TemporaryDirectory(prefix="coach-home-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        furnish(settings, home)
        own = {"home": home, "knowledge": knowledge or settings.knowledge, "chroma_url": "", "database_url": ""}
        made = settings.model_copy(update=own)
        if knowledge or documents:
            _index(made, documents)
        yield made


def furnish(settings: Settings, home: Path) -> None:
    """Links the weights and copies the index in force into a new home; what is there already stays."""
    if not (home / "models").exists():
        (home / "models").symlink_to(settings.models_dir.resolve(), target_is_directory=True)
    if (home / "library").exists():
        return
    # A re-indexed library stands in a numbered folder, which its vectors are named after.
    numbered = settings.library_dir != settings.library_root
    shutil.copytree(settings.library_dir, home / "library" / settings.library_dir.name if numbered else home / "library")
    if numbered:
        (home / "library" / "current").write_text(settings.library_dir.name, encoding="utf-8")


def _index(settings: Settings, documents: Sequence[Path]) -> None:
    from coach.library.catalogue import Catalogue
    from coach.library.ingest import Ingest
    from coach.library.vectors import Vectors
    from coach.models.embedding import Embedder

    with closing(Catalogue(settings.library_dir / "library.db")) as catalogue, closing(Vectors(settings)) as vectors:
        run = Ingest(settings, Embedder(settings), catalogue, vectors)
        run.built_in(_silent)
        if documents:
            run.files(documents, _silent)
        run.finish()


def _silent(_done: int, _total: int, _name: str) -> None:
    """Nobody watches the progress."""
