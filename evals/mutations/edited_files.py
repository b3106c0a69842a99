"""Another coach over edited copies of prompts, knowledge or articles; the originals stay."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from shutil import copytree

from coach.app import Coach, open_library
from coach.models.embedding import Embedder
from coach.settings import Settings
from evals.homes import copied
from evals.mutations.fault import Apply


@contextmanager
def over(settings: Settings, embedder: Embedder | None) -> Iterator[Coach]:
    """A coach over this home, opened here and now; with the embedding model that is loaded already, if it is given."""
    other = Coach(settings)
    other._started.set()  # or it would open everything once more
    other.take(open_library(settings, embedder), lambda library: library.close())
    with closing(other):
        yield other


def _embedder(coach: Coach) -> Embedder:
    with coach.library() as library:
        return library.embedder


@contextmanager
def _edited(folder: Path, edit: Callable[[Path], None]) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="coach-edited-") as temporary:
        made = Path(copytree(folder, Path(temporary) / folder.name))
        edit(made)
        yield made


def prompts_edited(edit: Callable[[Path], None]) -> Apply:
    """The coach with other prompt files."""
    return _with_folder("prompts", edit)


def knowledge_edited(edit: Callable[[Path], None]) -> Apply:
    """The coach with another knowledge folder, whose articles, and so the index, are the same."""
    return _with_folder("knowledge", edit)


def _with_folder(setting: str, edit: Callable[[Path], None]) -> Apply:
    @contextmanager
    def apply(coach: Coach) -> Iterator[Coach]:
        with _edited(getattr(coach.settings, setting), edit) as folder, copied(coach.settings) as home:
            with over(home.model_copy(update={setting: folder}), _embedder(coach)) as other:
                yield other

    return apply


def articles_edited(edit: Callable[[Path], None]) -> Apply:
    """The coach over a library that was indexed anew with other articles."""

    @contextmanager
    def apply(coach: Coach) -> Iterator[Coach]:
        with _edited(coach.settings.knowledge, edit) as knowledge, copied(coach.settings, knowledge=knowledge) as home:
            with over(home, _embedder(coach)) as other:
                yield other

    return apply


def in_files(pattern: str, *swaps: tuple[str, str], body: bool = True) -> Callable[[Path], None]:
    """Regular expressions replaced in all files that fit; in articles only in the body, or with `body` false everywhere."""

    def edit(folder: Path) -> None:
        for path in sorted(folder.glob(pattern)):
            text = path.read_text(encoding="utf-8")
            at = text.index("---\n", 4) if body else 0
            changed = text[at:]
            for before, after in swaps:
                changed = re.sub(before, after, changed)
            path.write_text(text[:at] + changed, encoding="utf-8")

    return edit


def unchanged(_folder: Path) -> None:
    """The files as they are."""


def removed(*globs: str) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        for path in [p for glob in globs for p in sorted(folder.glob(glob))]:
            path.unlink()

    return edit
