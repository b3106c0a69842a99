"""`coach models`: the weights of the embedded models, and what is fitted to them."""

from __future__ import annotations

import sys
from typing import cast

import click

from coach.cli.common import as_json_option, load_settings, print_json


@click.group()
def models() -> None:
    """Weights of the embedded models, and what is fitted to them.

    \b
    Examples:
      coach models list
      coach models fetch
    """


@models.command("list")
@as_json_option
def models_list(as_json: bool) -> None:
    """List the pinned models: in use or not, whole or not, size, licence, place."""
    from coach.models import weights

    settings = load_settings()
    chat, embedding = weights.catalogue()
    rows = [
        {
            "name": f"local:{name}",
            "kind": "chat",
            "in_use": settings.model == f"local:{name}",
            "problem": weights.check_chat(settings.models_dir, entry),
            "bytes": entry.bytes,
            "licence": entry.licence,
            "path": str(weights.chat_path(settings.models_dir, entry)),
        }
        for name, entry in chat.items()
    ] + [
        {
            "name": name,
            "kind": "embedding",
            "in_use": settings.embedding == name,
            "problem": weights.check_embedding(settings.models_dir, folder),
            "bytes": sum(p.bytes for p in folder.parts),
            "licence": folder.licence,
            "path": str(weights.embedding_path(settings.models_dir, folder)),
        }
        for name, folder in embedding.items()
    ]
    if as_json:
        print_json({"models": rows})
        return
    for row in rows:
        use = "in use" if row["in_use"] else "not in use"
        state = row["problem"] or "Whole."
        click.echo(f"{row['name']} ({row['kind']}, {use}, {cast(int, row['bytes']) / 1e6:.0f} MB, {row['licence']}): {state}")
        click.echo(f"    {row['path']}")


@models.command()
@click.option("--all", "everything", is_flag=True, help="also weights that the settings in force do not use")
def fetch(everything: bool) -> None:
    """Download and check the weights that the settings use: chat model (1.1 GB) and embedding model (95 MB).

    What is there and whole is not downloaded again; an interrupted download goes on where it stopped.

    \b
    Examples:
      coach models fetch
      COACH_HOME=/data/coach coach models fetch
    """
    from coach.models import weights

    settings = load_settings()
    chat, embedding = weights.catalogue()
    for name, folder in embedding.items():
        if everything or settings.embedding == name:
            click.echo(f"{name}: {weights.fetch_embedding(settings.models_dir, folder)}")
    for name, entry in chat.items():
        if everything or settings.model == f"local:{name}":
            click.echo(f"{name}: {weights.fetch_chat(settings.models_dir, entry, source=settings.weights_source)}")


@models.command("train-adapter")
@click.option("--steps", type=click.IntRange(2, 10_000), help="steps of training (default: that of the shipped adapter)")
def train_adapter(steps: int | None) -> None:
    """Train the embedding model's adapter on the library's questions (about half an hour on 2 cores).

    Writes knowledge/adapter. The index and the calibration are fitted to the adapter, so make both again afterwards.

    \b
    Example:
      coach models train-adapter && coach models vectors && coach ingest --rebuild && coach models calibrate
    """
    from dataclasses import replace

    from tqdm import tqdm

    from coach.library.articles import load_articles
    from coach.models.adapter import TrainingPlan, train

    settings = load_settings()
    plan = replace(TrainingPlan(), steps=steps) if steps else TrainingPlan()
    folder = settings.knowledge / "adapter"
    with tqdm(disable=None, unit="step", file=sys.stderr) as bar:

        def show(step: int, total: int, loss: float) -> None:
            bar.total = total
            bar.set_postfix_str(f"loss {loss:.3f}", refresh=False)
            bar.update(step - bar.n)

        train(load_articles(settings.knowledge), settings, folder, plan, show)
    click.echo(f"The adapter is in {folder}. Now run: coach models vectors && coach ingest --rebuild && coach models calibrate")


@models.command()
def vectors() -> None:
    """Store the vectors of the articles beside them, so that no other machine has to embed them.

    Writes knowledge/vectors.npz. What the file knows already is not embedded again: about a minute after some articles were
    changed, six after a new adapter, on 2 cores.

    \b
    Example:
      coach models vectors
    """
    from tqdm import tqdm

    from coach.library.ingest import note_vectors
    from coach.models.embedding import Embedder

    settings = load_settings()
    with tqdm(disable=None, unit="article", file=sys.stderr) as bar:

        def show(done: int, total: int, _name: str) -> None:
            bar.total = total
            bar.update(done - bar.n)

        count = note_vectors(settings, Embedder(settings), show)
    click.echo(f"The vectors of {count} texts are in {settings.knowledge}.")


@models.command()
def calibrate() -> None:
    """Fit search weights, the evidence check and the selector of sentences to the embedding model in force.

    Writes knowledge/calibration.json and knowledge/selector.npz. About ten minutes on 2 cores.

    \b
    Example:
      coach models calibrate
    """
    from contextlib import closing

    from coach.app import open_library
    from coach.conversation.calibrate import calibrate as fit
    from coach.models.embedding import Embedder

    settings = load_settings()
    with closing(open_library(settings)) as library:
        fit(settings, library, Embedder(settings), click.echo)
    click.echo(f"The calibration is in {settings.knowledge / 'calibration.json'}, the selector beside it.")
