"""A library with many own passages that nobody wrote: texts of the articles' sentences, vectors that lie as real ones do.

Goes past ingest, straight into the catalogue and the vectors, since embedding 20,000 passages would take an hour.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from coach.library import manifest
from coach.library.articles import Article, load_articles
from coach.library.catalogue import Catalogue, Entry, Record
from coach.library.passages import sentences
from coach.library.vectors import LANGS, Vectors
from coach.models.embedding import Matrix
from coach.settings import Settings
from coach.types import Lang
from evals.homes import furnish

_PER_DOCUMENT = 50
_DOCUMENTS_AT_ONCE = 20
_CHARS: dict[Lang, int] = {"zh": 300, "en": 700}
_NOISE = 0.35  # of a random unit vector, beside two real ones: neighbours then are about as near as real passages are

Embed = Callable[[list[str]], Matrix]
Told = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Pool:
    """What synthetic passages of one language are made of."""

    sentences: tuple[str, ...]
    vectors: Matrix


def pools(articles: Sequence[Article], embed: Embed, *, most: int = 120) -> dict[Lang, Pool]:
    """Sentences of all articles, and the vectors of some of them."""
    made: dict[Lang, Pool] = {}
    for lang in LANGS:
        own = [a for a in articles if a.lang == lang]
        said = tuple(s for a in own for _, _, s in sentences(a.body))
        made[lang] = Pool(sentences=said, vectors=embed([a.body for a in own[:most]]))
    return made


def records(pool: Pool, lang: Lang, passages: int, seed: int) -> Iterator[tuple[Record, Matrix]]:
    """Documents of up to 50 passages each, with the vectors of their passages; the same seed gives the same ones."""
    chance = random.Random(seed)
    numbers = np.random.default_rng(seed)
    for at, first in enumerate(range(0, passages, _PER_DOCUMENT)):
        count = min(_PER_DOCUMENT, passages - first)
        doc_id = f"synthetic-{lang}-{at}"
        entries, start = [], 0
        for number in range(count):
            text = _text(pool, lang, chance)
            entries.append(Entry(id=f"{doc_id}#{number}", text=text, start=start, end=start + len(text)))
            start += len(text) + 1
        title = f"{doc_id}.md"
        record = Record(
            id=doc_id,
            path=title,
            sha256=f"{seed}-{doc_id}",
            title=title,
            source=title,
            lang=lang,
            tier="document",
            collection="own",
            entries=tuple(entries),
        )
        yield record, vectors_like(pool.vectors, count, numbers)


def _text(pool: Pool, lang: Lang, chance: random.Random) -> str:
    said: list[str] = []
    while sum(map(len, said)) < _CHARS[lang]:
        said.append(chance.choice(pool.sentences))
    return ("" if lang == "zh" else " ").join(said)


def vectors_like(real: Matrix, count: int, numbers: np.random.Generator) -> Matrix:
    """Unit vectors between two real ones each, with noise."""
    one, other = real[numbers.integers(len(real), size=count)], real[numbers.integers(len(real), size=count)]
    share = numbers.random((count, 1))
    noise = numbers.standard_normal((count, real.shape[1]))
    mixed = share * one + (1 - share) * other + _NOISE * noise / np.linalg.norm(noise, axis=1, keepdims=True)
    return np.asarray(mixed / np.linalg.norm(mixed, axis=1, keepdims=True), dtype=np.float32)


def build(settings: Settings, home: Path, embed: Embed, passages: int, told: Told) -> Settings:
    """A copy of the library with synthetic passages added, half in each language; the original is only read."""
    home.mkdir(parents=True, exist_ok=True)
    furnish(settings, home)
    large = settings.model_copy(update={"home": home, "model": "none"})
    catalogue, vectors = Catalogue(large.library_dir / "library.db"), Vectors(large)
    try:
        made = pools(load_articles(settings.knowledge), embed)
        done = 0
        for seed, lang in enumerate(LANGS, 1):
            share = passages // 2 if lang == "zh" else passages - passages // 2
            batch: list[tuple[Record, Matrix]] = []
            for pair in records(made[lang], lang, share, seed):
                batch.append(pair)
                if len(batch) == _DOCUMENTS_AT_ONCE:
                    done += _store(catalogue, vectors, lang, batch)
                    batch = []
                    told(f"{done}/{passages} synthetic passages")
            done += _store(catalogue, vectors, lang, batch)
        _renew_manifest(large, catalogue)
    finally:
        vectors.close()
        catalogue.close()
    return large


def _store(catalogue: Catalogue, vectors: Vectors, lang: Lang, batch: Sequence[tuple[Record, Matrix]]) -> int:
    if not batch:
        return 0
    pairs = [(r.id, e.id) for r, _ in batch for e in r.entries]
    vectors.put("texts", lang, [e for _, e in pairs], [d for d, _ in pairs], np.concatenate([m for _, m in batch]))
    catalogue.put([r for r, _ in batch])
    return len(pairs)


def _renew_manifest(settings: Settings, catalogue: Catalogue) -> None:
    path = settings.library_dir / "manifest.json"
    documents, passages = catalogue.counts()
    manifest.write(path, replace(manifest.read(path), documents=documents, passages=passages))
