"""Does the reply follow the source? One sentence of an article is changed; the reply must say the new value and not the old one.

    python -m evals.counterfactual

Every case is asked twice: over a library in which its article was changed, where the reply must hold what the article now says,
and over the real one, where the scorer must notice that the reply says the old value. A pipeline that answers from its model's
memory, and a scorer that cannot tell the two, both fail here and nowhere else.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory
from typing import Annotated

import click
from pydantic import Field

from coach.app import build_coach
from coach.cli.common import load_settings
from coach.errors import InputError
from coach.settings import Settings
from coach.types import Lang
from evals.homes import copied
from evals.results import ask
from evals.schema import AnyOf, Case, Row, Term
from evals.scorers.score import Ground, score
from evals.sets import DATASETS, Loaded, rows
from evals.solvers import Product, wait_for
from evals.stats import wilson


class Swapped(Row):
    """An article, the texts to be replaced in it, a question, and what the reply then holds and no longer holds."""

    id: str = Field(min_length=1)
    lang: Lang
    kind: str = Field(min_length=1)
    article: str = Field(min_length=1)
    swap: Annotated[list[Annotated[list[Term], Field(min_length=2, max_length=2)]], Field(min_length=1)]
    question: Term
    keypoints: Annotated[list[AnyOf], Field(min_length=1)]
    old: Annotated[list[Term], Field(min_length=1)]
    facts: list[str]
    why: str = Field(min_length=1)

    def case(self) -> Case:
        """As the product is asked it: what the article said before must not be said."""
        return Case(
            id=self.id,
            lang=self.lang,
            kind=self.kind,
            question=self.question,
            facts=self.facts,
            gold=[self.article],
            keypoints=self.keypoints,
            must_not=self.old,
            why=self.why,
        )


@dataclass(frozen=True, kw_only=True)
class Result:
    """`followed`: right over the changed library. `noticed`: the reply over the real one was found to say the old value."""

    case: Swapped
    followed: bool
    noticed: bool
    changed: str
    real: str


@contextmanager
def changed(settings: Settings, cases: Sequence[Swapped]) -> Iterator[Path]:
    """The knowledge folder with every swap made. Raises InputError for a text that does not stand in its article."""
    with TemporaryDirectory(prefix="coach-knowledge-") as folder:
        knowledge = Path(copytree(settings.knowledge, Path(folder) / "knowledge"))
        for case in cases:
            path = knowledge / "articles" / case.lang / f"{case.article}.md"
            text = path.read_text(encoding="utf-8")
            for before, after in case.swap:
                if before not in text.split("---\n", 2)[-1]:
                    raise InputError(f"{case.id}: {before!r} does not stand in {case.article} ({case.lang}).")
                text = text.replace(before, after)
            path.write_text(text, encoding="utf-8")
        yield knowledge


def run(settings: Settings, cases: Sequence[Swapped]) -> list[Result]:
    """Every case over both libraries."""
    with changed(settings, cases) as knowledge, copied(settings, knowledge=knowledge) as other:
        followed = _asked(other, cases)
    real = _asked(settings, cases)
    return [
        Result(
            case=case,
            followed=followed[case.id][0],
            noticed=not real[case.id][0],
            changed=followed[case.id][1],
            real=real[case.id][1],
        )
        for case in cases
    ]


def _asked(settings: Settings, cases: Sequence[Swapped]) -> dict[str, tuple[bool, str]]:
    ground = Ground.load(settings.knowledge, settings.prompts)
    coach = build_coach(settings)
    try:
        wait_for(coach)
        writer = coach.writer()
        solver = Product(coach=coach, writes=writer is not None and writer.writes)
        asked = Loaded(name="counterfactual", version=1, split="dev", digest="", cases=tuple(c.case() for c in cases))
        questions, records, texts = ask(solver, [asked])
    finally:
        coach.close()
    found = [score(c, r, texts, ground) for c, r in zip(questions, records, strict=True)]
    return {o.case: (o.values["right"] == 1, r.answer or r.error) for o, r in zip(found, records, strict=True)}


def load() -> list[Swapped]:
    """The committed cases. Raises InputError."""
    return rows(DATASETS / "counterfactual.jsonl", Swapped)


@click.command(help=__doc__)
@click.option("--model", default="none", show_default=True, help="chat model, provider:name, or none")
def main(model: str) -> None:
    """Prints both counts and every case that failed."""
    results = run(load_settings().model_copy(update={"model": model}), load())
    for name, verdicts in (
        ("followed the changed source", [r.followed for r in results]),
        ("old value noticed", [r.noticed for r in results]),
    ):
        low, high = wilson(sum(verdicts), len(verdicts))
        click.echo(f"{name:<28} {sum(verdicts):>3} of {len(verdicts)}   95 %: {100 * low:.0f}–{100 * high:.0f} %")
    for r in results:
        if not (r.followed and r.noticed):
            told = r.changed if not r.followed else r.real
            click.echo(
                f"✗ {r.case.id} {'not followed' if not r.followed else 'not noticed'}: {r.case.question}\n    {told[:300]!r}"
            )
    sys.exit(0 if all(r.followed and r.noticed for r in results) else 1)


if __name__ == "__main__":
    main()
