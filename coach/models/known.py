"""Vectors of the shipped texts, kept with them: a new machine has its index in a minute without embedding 33,000 texts.

`knowledge/vectors.npz` holds, for every text and its prefix, the first 8 bytes of their SHA-256 and the unit vector in 8 bits a
number with a scale of its own (cosine to the full one above .9999). Another model or adapter does not know them, and a text
that was changed since is embedded. Made by `coach models vectors`.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from coach.models.embedding import PASSAGE_PREFIX, QUERY_PREFIX, Embedder, EmbedderAround, Matrix

FILE = "vectors.npz"
_LARGEST = 127

_Keys = np.ndarray[Any, np.dtype[np.uint64]]


class KnownTexts(EmbedderAround):
    """Looks a text up before it is embedded. `note` keeps everything that was asked, for `save`."""

    def __init__(self, embedder: Embedder, path: Path, *, note: bool = False) -> None:
        super().__init__(embedder)
        self._path = path
        self._noted: dict[int, Matrix] | None = {} if note else None

    def queries(self, texts: list[str]) -> Matrix:
        """As the embedder inside."""
        return self._looked_up(texts, QUERY_PREFIX, self._inner.queries)

    def passages(self, texts: list[str]) -> Matrix:
        """As the embedder inside."""
        return self._looked_up(texts, PASSAGE_PREFIX, self._inner.passages)

    def save(self) -> int:
        """Writes what was noted in place of the file; returns how many texts it holds."""
        noted = self._noted or {}
        keys = np.array(sorted(noted), np.uint64)
        vectors = np.stack([noted[int(key)] for key in keys]) if noted else np.zeros((0, self.dimension), np.float32)
        scales = np.abs(vectors).max(axis=1, keepdims=True, initial=1e-9) / _LARGEST
        small = np.rint(vectors / scales).astype(np.int8)
        partial = self._path.with_name(f"{self._path.name}.partial")
        with partial.open("wb") as file:
            embedding = np.array(self.fingerprint)
            np.savez(file, keys=keys, vectors=small, scales=scales.astype(np.float32), embedding=embedding)
        os.replace(partial, self._path)
        return len(keys)

    @cached_property
    def _held(self) -> tuple[_Keys, Matrix, Matrix]:
        """Keys in order, vectors in 8 bits, scales; none when the file is missing, damaged or of another model."""
        nothing = np.zeros(0, np.uint64), np.zeros((0, 1), np.float32), np.zeros((0, 1), np.float32)
        try:
            with self._path.open("rb") as file, np.load(file) as stored:
                if str(stored["embedding"]) == self.fingerprint:
                    return stored["keys"], stored["vectors"], stored["scales"]
        except (OSError, ValueError, KeyError, EOFError, BadZipFile):  # it only saves time
            return nothing
        return nothing

    def _looked_up(self, texts: list[str], prefix: str, embed: Callable[[list[str]], Matrix]) -> Matrix:
        keys, vectors, scales = self._held
        asked = np.array([_key(prefix + text) for text in texts], np.uint64)
        places = np.searchsorted(keys, asked)
        known = np.isin(asked, keys)
        made = np.zeros((len(texts), self.dimension), np.float32)
        if known.any():
            found = vectors[places[known]].astype(np.float32) * scales[places[known]]
            made[known] = found / np.linalg.norm(found, axis=1, keepdims=True)
        if not known.all():
            made[~known] = embed([text for text, held in zip(texts, known, strict=True) if not held])
        if self._noted is not None:
            self._noted.update(zip(asked.tolist(), made, strict=True))
        return made


def _key(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:8], "little")
