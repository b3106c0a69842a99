"""Does the embedding model still find things outside the field, with the adapter as without it? `python -m evals.bench.general`.

Everyday documents in both languages (datasets/general.jsonl), in groups of four near neighbours, with two questions each:
people ingest their own documents, and an adapter trained on this library alone could have forgotten the rest of the world.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

import click
import numpy as np

from coach.cli.common import load_settings
from coach.models.embedding import Embedder
from evals.sets import DATASETS
from evals.stats import wilson


@dataclass(frozen=True, kw_only=True)
class Row:
    """Share of questions whose passage is first, and the mean reciprocal rank, for one language."""

    lang: str
    n: int
    first: int
    mrr: float


def measure(embedder: Embedder) -> list[Row]:
    """One row a language; every question is searched among all passages of its language, by text vectors alone."""
    cases = [json.loads(line) for line in (DATASETS / "general.jsonl").read_text(encoding="utf-8").splitlines() if line]
    rows = []
    for lang in ("zh", "en"):
        own = [c for c in cases if c["lang"] == lang]
        passages = embedder.passages([c["passage"] for c in own])
        asked = [(at, q) for at, c in enumerate(own) for q in c["questions"]]
        scores = embedder.queries([q for _, q in asked]) @ passages.T
        ranks = [1 + int((row > row[at]).sum()) for row, (at, _) in zip(scores, asked, strict=True)]
        mrr = float(np.mean([1 / r for r in ranks]))
        rows.append(Row(lang=lang, n=len(asked), first=sum(r == 1 for r in ranks), mrr=mrr))
    return rows


@click.command()
@click.argument("adapters", nargs=-1)
def main(adapters: tuple[str, ...]) -> None:
    """Compare ADAPTERS (folders, `auto` or `none`; default: none auto) on everyday documents."""
    settings = load_settings()
    click.echo("| adapter | language | n | first | 95 % | MRR |\n| --- | --- | ---: | ---: | ---: | ---: |")
    for adapter in adapters or ("none", "auto"):
        for row in measure(Embedder(settings.model_copy(update={"adapter": adapter}))):
            low, high = wilson(row.first, row.n)
            share = 100 * row.first / row.n
            click.echo(
                f"| {adapter} | {row.lang} | {row.n} | {share:.1f} % | {100 * low:.0f}–{100 * high:.0f} % | {row.mrr:.3f} |"
            )


if __name__ == "__main__":
    main()
