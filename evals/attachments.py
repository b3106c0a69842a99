"""Scores questions asked with files in the conversation: what must and must not be in the reply, and what it cites.

    python -m evals.attachments [--split dev] [--show]

Runs without any chat model. The documents are made up; the questions marked `heldout` were written before anything was built
and are read by nobody who works on the rules: look at their counts, never at the cases.
"""

from __future__ import annotations

import json
import re
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from coach.app import Coach, build_coach
from coach.settings import Settings
from coach.types import Attachment, Done, Reply, Turn

DATASET = Path(__file__).parent / "datasets" / "attachments.jsonl"
CHECKS = ("status", "cites", "must", "must not", "literal")


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """One question with its reply; `wrong` names the checks it failed."""

    case: dict[str, Any]
    reply: Reply
    seconds: float
    wrong: tuple[str, ...]


def load() -> tuple[dict[str, Attachment], list[dict[str, Any]]]:
    """The documents by id, and the questions in order."""
    rows = [json.loads(line) for line in DATASET.read_text(encoding="utf-8").splitlines() if line.strip()]
    documents = {r["id"]: Attachment(id=r["id"], name=r["name"], text=r["text"]) for r in rows if r["kind"] == "document"}
    return documents, [r for r in rows if r["kind"] == "question"]


def ask(coach: Coach, case: dict[str, Any], documents: dict[str, Attachment]) -> Reply:
    """The reply to a question with its documents."""
    history = [Turn(**turn) for turn in case["history"]]
    given = [documents[i] for i in case["documents"]]
    return next(e.reply for e in coach.ask(case["say"], history, documents=given) if isinstance(e, Done))


def judge(case: dict[str, Any], reply: Reply) -> tuple[str, ...]:
    """The checks a reply fails."""
    low = reply.answer.lower()
    tiers = {c.tier for c in reply.citations}
    cites = {
        "document": "document" in tiers,
        "library": bool(tiers) and "document" not in tiers,
        "none": not tiers,
        "any": True,
    }
    passages = {p.id: p.text for p in reply.passages}
    literal = all(passages.get(c.passage_id, "")[c.start : c.end] == c.quote for c in reply.citations)
    marks = {int(n) for n in re.findall(r"\[(\d+)\]", reply.answer)} == {c.n for c in reply.citations}
    right = {
        "status": reply.status in case["status"],
        "cites": cites[case["cites"]],
        "must": all(any(w.lower() in low for w in group) for group in case["must"]),
        "must not": not any(w.lower() in low for w in case["must_not"]),
        "literal": literal and marks,
    }
    return tuple(name for name in CHECKS if not right[name])


def run(settings: Settings, split: str = "") -> list[Verdict]:
    """All questions of a split, or of both."""
    documents, cases = load()
    coach = build_coach(settings.model_copy(update={"model": "none"}))
    coach.wait_ready()
    verdicts = []
    for case in cases:
        if split in ("", case["split"]):
            started = time.perf_counter()
            reply = ask(coach, case, documents)
            seconds = time.perf_counter() - started
            verdicts.append(Verdict(case=case, reply=reply, seconds=seconds, wrong=judge(case, reply)))
    coach.close()
    return verdicts


def table(verdicts: list[Verdict]) -> str:
    """Counts by split and check."""
    lines = [f"{'split':<10}{'right':>10}" + "".join(f"{c:>10}" for c in CHECKS)]
    for split in dict.fromkeys(v.case["split"] for v in verdicts):
        own = [v for v in verdicts if v.case["split"] == split]
        each = "".join(f"{sum(c not in v.wrong for v in own):>10}" for c in CHECKS)
        lines.append(f"{split:<10}{sum(not v.wrong for v in own):>4} of {len(own):<3}{each}")
    return "\n".join(lines)


@click.command(help=__doc__)
@click.option("--split", type=click.Choice(["dev", "heldout"]), help="one half only")
@click.option("--show", is_flag=True, help="what the dev questions that failed were answered")
def main(split: str | None, show: bool) -> None:
    """Prints the counts."""
    verdicts = run(Settings(), split or "")
    click.echo(table(verdicts))
    for v in verdicts:
        if show and v.wrong and v.case["split"] == "dev":
            click.echo(f"\n{v.case['id']} {v.case['say']}\n  wrong: {', '.join(v.wrong)}; {v.reply.status}\n{v.reply.answer}")


if __name__ == "__main__":
    sys.exit(main())
