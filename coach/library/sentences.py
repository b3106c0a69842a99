"""The vectors of the built-in articles' sentences, stored with the index, and those of other sentences as they are met.

A search or reply that compares sentences then embeds nothing but the question.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from coach.library.passages import sentences
from coach.models.embedding import Embedder, Matrix

FILE = "sentences.npz"


class SentenceVectors:
    """Remembers vectors of library sentences; each is embedded once per process, those in `stored` never."""

    def __init__(self, embedder: Embedder, limit: int = 20_000, stored: dict[bytes, Matrix] | None = None) -> None:
        self._embedder = embedder
        self._limit = limit
        self._stored = stored or {}
        self._known: OrderedDict[str, Matrix] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, wanted: Sequence[str]) -> Matrix:
        """Shape (len(wanted), dimension)."""
        with self._lock:
            held = {s: self._known[s] for s in wanted if s in self._known}
        if self._stored:
            held |= {s: self._stored[key] for s in wanted if (key := _key(s)) in self._stored}
        missing = [s for s in dict.fromkeys(wanted) if s not in held]
        if missing:
            made = dict(zip(missing, self._embedder.passages(missing), strict=True))
            held.update(made)
            with self._lock:
                self._known.update(made)
                while len(self._known) > self._limit:
                    self._known.popitem(last=False)
        return np.stack([held[s] for s in wanted]) if held else np.zeros((0, self._embedder.dimension), np.float32)


def load(folder: Path, embedder: Embedder) -> dict[bytes, Matrix]:
    """Vectors by the sentence's key, from the index folder; empty when the file is not there or another model made it."""
    path = folder / FILE
    if not path.exists():
        return {}
    with np.load(path) as stored:
        if str(stored["embedding"]) != embedder.fingerprint:
            return {}
        vectors = stored["vectors"].astype(np.float32)
        return dict(zip(stored["keys"].tolist(), vectors, strict=True))


def build(bodies: Iterable[str], folder: Path, embedder: Embedder) -> int:
    """Embeds the sentences that the file does not hold yet and writes it; returns how many there are."""
    spoken = list(dict.fromkeys(s.strip() for body in bodies for _, _, s in sentences(body)))
    held = load(folder, embedder)
    keys = [_key(s) for s in spoken]
    missing = [s for s, key in zip(spoken, keys, strict=True) if key not in held]
    if not missing and len(held) == len(keys):
        return len(keys)
    if missing:
        held.update(zip(map(_key, missing), embedder.passages(missing), strict=True))
    rows = np.stack([held[key] for key in keys]) if keys else np.zeros((0, 1), np.float32)
    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / f"{FILE}.partial"
    with partial.open("wb") as file:
        np.savez(file, keys=np.array(keys), vectors=rows.astype(np.float32), embedding=np.array(embedder.fingerprint))
    os.replace(partial, folder / FILE)
    return len(keys)


def _key(sentence: str) -> bytes:
    """Never ends in a zero byte, which numpy would strip."""
    return hashlib.sha256(sentence.encode()).hexdigest()[:24].encode()
