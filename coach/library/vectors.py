"""Vectors in Chroma: one cosine collection for passage texts and one for questions, per language. Knows ids, not texts.

In-process by default; a Chroma server when `COACH_CHROMA_URL` is set. We embed ourselves, so Chroma never loads a model.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import numpy as np

from coach.errors import SetupError
from coach.models.embedding import Matrix
from coach.settings import Settings
from coach.types import Lang

Kind = Literal["texts", "questions"]
KINDS: tuple[Kind, ...] = ("texts", "questions")
LANGS: tuple[Lang, ...] = ("zh", "en")
_MAX_BATCH = 5000  # Chroma refuses more than 5,461 rows in one call


class Vectors:
    """All vectors of the library. Ids are `<passage id>` for texts and `<passage id>?<n>=<sentence>` for questions."""

    def __init__(self, settings: Settings, folder: Path | None = None) -> None:
        """Of the index in `folder`; by default the one in force."""
        import chromadb
        from chromadb.config import Settings as ChromaSettings

        folder = folder or settings.library_dir
        # On a server all indexes stand beside each other: a later one has its number in the names.
        self._mark = f"-{folder.name}" if folder != settings.library_root else ""
        quiet = ChromaSettings(anonymized_telemetry=False)
        if settings.chroma_url:
            address = urlsplit(settings.chroma_url)
            try:
                self._client: Any = chromadb.HttpClient(
                    host=address.hostname or "", port=address.port or 8000, ssl=address.scheme == "https", settings=quiet
                )
            except Exception as error:  # noqa: BLE001  the client raises ValueError for every kind of failure
                raise SetupError(
                    f"The Chroma server {settings.chroma_url!r} does not answer.",
                    hint="Start it (chroma run --path DIR), or unset COACH_CHROMA_URL to use the built-in one.",
                ) from error
        else:
            (folder / "vectors").mkdir(parents=True, exist_ok=True)
            self._client = chromadb.PersistentClient(path=str(folder / "vectors"), settings=quiet)
        self._collections = {(kind, lang): self._open(kind, lang) for kind in KINDS for lang in LANGS}

    def _open(self, kind: Kind, lang: Lang) -> Any:  # noqa: ANN401  Chroma's Collection
        return self._client.get_or_create_collection(
            f"{kind}-{lang}{self._mark}",
            embedding_function=None,
            configuration={"hnsw": {"space": "cosine", "ef_construction": 200, "max_neighbors": 32, "ef_search": 200}},
        )

    def put(self, kind: Kind, lang: Lang, ids: Sequence[str], doc_ids: Sequence[str], vectors: Matrix) -> None:
        """Stores vectors, replacing those with the same id."""
        for at in range(0, len(ids), _MAX_BATCH):
            some = slice(at, at + _MAX_BATCH)
            self._collections[kind, lang].upsert(
                ids=list(ids[some]), embeddings=vectors[some], metadatas=[{"doc": d} for d in doc_ids[some]]
            )

    def remove(self, doc_ids: Sequence[str]) -> None:
        """Deletes all vectors of these documents."""
        for at in range(0, len(doc_ids), 200):
            for collection in self._collections.values():
                collection.delete(where={"doc": {"$in": list(doc_ids[at : at + 200])}})

    def nearest(
        self, kind: Kind, lang: Lang, vector: Matrix, limit: int, *, docs: Sequence[str] | None = None, without: bool = False
    ) -> list[tuple[str, float]]:
        """(id, cosine similarity) of the nearest vectors, best first; `vector` has shape (dimension,).

        `docs`: of these documents only, or, with `without`, of all but these.
        """
        if docs == [] and not without:
            return []
        found = self._collections[kind, lang].query(
            query_embeddings=[vector],
            n_results=limit,
            include=["distances"],
            where={"doc": {"$nin" if without else "$in": list(docs)}} if docs else None,
        )
        return [(i, 1.0 - d) for i, d in zip(found["ids"][0], found["distances"][0], strict=True)]

    def all(self, kind: Kind, lang: Lang, dimension: int) -> tuple[list[str], Matrix]:
        """Every id of a collection in order, and its vectors, shape (n, dimension); n may be 0."""
        collection = self._collections[kind, lang]
        held: dict[str, Any] = {}
        for at in range(0, collection.count(), _MAX_BATCH):
            some = collection.get(include=["embeddings"], limit=_MAX_BATCH, offset=at)
            held.update(zip(some["ids"], some["embeddings"], strict=True))
        ids = sorted(held)
        return ids, np.array([held[i] for i in ids], dtype=np.float32).reshape(-1, dimension)

    def counts(self) -> dict[str, int]:
        """Number of vectors by collection name."""
        return {f"{kind}-{lang}": c.count() for (kind, lang), c in self._collections.items()}

    def clear(self) -> None:
        """Deletes every vector."""
        for kind, lang in self._collections:
            self._client.delete_collection(f"{kind}-{lang}{self._mark}")
            self._collections[kind, lang] = self._open(kind, lang)

    def drop(self) -> None:
        """Deletes the collections themselves; nothing can be stored any more."""
        for kind, lang in self._collections:
            self._client.delete_collection(f"{kind}-{lang}{self._mark}")

    def close(self) -> None:
        """Releases the files of the in-process database."""
        close = getattr(self._client, "close", None)
        if close:
            close()
