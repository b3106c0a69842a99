"""A throw-away copy of a home: the same weights and index, another knowledge folder or more documents. The original stays as it is."""

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
        (home / "models").symlink_to(settings.models_dir.resolve(), target_is_directory=True)
        shutil.copytree(settings.library_dir, home / "library")
        made = settings.model_copy(update={"home": home, "knowledge": knowledge or settings.knowledge})
        if knowledge or documents:
            _index(made, documents)
        yield made


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
