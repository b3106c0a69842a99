"""What the index was built with. Written last; read first. A library whose manifest does not fit is not searched."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from coach.errors import LibraryMismatch, LibraryMissing
from coach.library.passages import SPLITTER_VERSION
from coach.models.embedding import PASSAGE_PREFIX, QUERY_PREFIX, Embedder

REBUILD = "coach ingest --rebuild"
FORMAT = 4


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """Settings that must be equal when searching, and a digest of the content for `library_version`."""

    format: int
    embedding: str
    dimension: int
    query_prefix: str
    passage_prefix: str
    splitter: str
    documents: int
    passages: int
    content: str

    @property
    def version(self) -> str:
        """Names this state of the library in stored replies."""
        return self.content[:12]


def current(embedder: Embedder, *, dimension: int, documents: int, passages: int, hashes: list[tuple[str, str]]) -> Manifest:
    """The manifest of a library built now with these settings and documents."""
    return Manifest(
        format=FORMAT,
        embedding=embedder.fingerprint,
        dimension=dimension,
        query_prefix=QUERY_PREFIX,
        passage_prefix=PASSAGE_PREFIX,
        splitter=SPLITTER_VERSION,
        documents=documents,
        passages=passages,
        content=digest(hashes),
    )


def digest(hashes: list[tuple[str, str]]) -> str:
    """Names the documents and their content."""
    return hashlib.sha256("\n".join(f"{i} {h}" for i, h in hashes).encode()).hexdigest()


def write(path: Path, manifest: Manifest) -> None:
    """Replaces the file in one step, so that a reader sees the old or the new one."""
    partial = path.with_suffix(".partial")
    with partial.open("w", encoding="utf-8") as stream:
        json.dump(asdict(manifest), stream, indent=1)
        stream.flush()
        os.fsync(stream.fileno())
    partial.replace(path)


def read(path: Path) -> Manifest:
    """Raises LibraryMissing when nothing was built, LibraryMismatch when the file is not a manifest."""
    try:
        return Manifest(**json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise LibraryMissing("The library has not been built yet.", hint="Build it with: coach ingest") from error
    except (ValueError, TypeError) as error:
        raise LibraryMismatch(f"{path.name} cannot be read: {error}", hint=f"Rebuild with: {REBUILD}") from error


def require(path: Path, embedder: Embedder) -> Manifest:
    """The manifest, when it fits the settings in force. Raises LibraryMismatch naming both values and the command."""
    manifest = read(path)
    wanted = {
        "format": FORMAT,
        "embedding": embedder.fingerprint,
        "query_prefix": QUERY_PREFIX,
        "passage_prefix": PASSAGE_PREFIX,
        "splitter": SPLITTER_VERSION,
    }
    for name, value in wanted.items():
        if (got := getattr(manifest, name)) != value:
            raise LibraryMismatch(
                f"The library was built with {name} {got!r}, but the settings ask for {value!r}.", hint=f"Rebuild with: {REBUILD}"
            )
    return manifest
