"""What an organisation's own documents, for which nobody wrote questions, are answered from: `python -m evals.bench.own`.

Every second everyday document (datasets/general.jsonl) is brought in beside the library. Asked are its questions, those of the
near neighbours that were left out, and questions of other fields. The numbers of `coach.conversation.evidence` for such
documents are fitted here: text and coverage, nine in ten questions that a document answers being answered.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

import click
import numpy as np

from coach.cli.common import load_settings
from coach.conversation.evidence import EvidenceCheck
from coach.library.search import Library, Signals
from coach.settings import Settings
from coach.types import Part
from evals import external
from evals.adapters import Bundle, Gathering
from evals.sets import DATASETS

_FAR = 200  # questions of other fields, evenly spread
_WANTED = 0.9  # share of the questions a document answers that are to be answered
_PARTS: tuple[Part, ...] = ("all", "own")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question, in which part of the library, whether it is `held`, `near` (its document was left out) or `far`; signals."""

    part: Part
    kind: str
    question: str
    signals: Signals


def gathered() -> tuple[Bundle, list[tuple[str, str]]]:
    """The documents to bring in, and what is asked: (kind, question)."""
    rows = [json.loads(line) for line in (DATASETS / "general.jsonl").read_text(encoding="utf-8").splitlines() if line]
    into, asked = Gathering("everyday"), []
    for at, row in enumerate(rows):
        held = at % 2 == 0
        gold = [into.document(row["passage"])] if held else []
        for number, question in enumerate(row["questions"]):
            asked.append(("held" if held else "near", question))
            if held:
                name = f"{row['id']}-{number}"
                into.answerable(
                    id=name, lang=row["lang"], kind="fact", question=question, gold=gold, keypoints=[[row["passage"][:6]]]
                )
    return into.bundle(), asked


def of_other_fields(settings: Settings) -> list[tuple[str, str]]:
    """Authored questions that the library is not about."""
    lines = (settings.knowledge / "turns.jsonl").read_text(encoding="utf-8").splitlines()
    far = [t["text"] for t in map(json.loads, filter(str.strip, lines)) if t["kind"] == "far"]
    return [("far", question) for question in far[:: max(1, len(far) // _FAR)]]


def signals(library: Library, asked: list[tuple[str, str]]) -> list[Asked]:
    """Those whose best passage is of a document without stored questions."""
    found = [(part, kind, q, library.search(q, part=part).signals) for part in _PARTS for kind, q in asked]
    return [Asked(part=p, kind=k, question=q, signals=s) for p, k, q, s in found if not s.asked]


def fitted(rows: list[Asked]) -> tuple[float, float, float]:
    """Weights of text and coverage, and what they must add up to."""
    from sklearn.linear_model import LogisticRegression

    use = [row for row in rows if row.kind != "near"]
    x = np.array([[row.signals.text, row.signals.coverage] for row in use])
    y = np.array([row.kind == "held" for row in use])
    text, coverage = LogisticRegression(C=1e4, class_weight="balanced").fit(x, y).coef_[0]
    return float(text), float(coverage), float(np.quantile((x @ [text, coverage])[y], 1 - _WANTED))


@click.command()
def main() -> None:
    """Measure, and fit anew, what is answered from documents without stored questions."""
    settings = load_settings()
    bundle, asked = gathered()
    asked += of_other_fields(settings)
    with external.prepared(bundle, settings) as coach, coach.library() as library:
        rows = signals(library, asked)
        check = EvidenceCheck(library.calibration.classifiers.get("evidence"))
    click.echo("| part | kind | asked | best of own documents | of these answered |\n| --- | --- | ---: | ---: | ---: |")
    for part in _PARTS:
        for kind in ("held", "near", "far"):
            own = [row for row in rows if (row.part, row.kind) == (part, kind)]
            enough = sum(check.probability(row.question, row.signals, {}) >= check.threshold for row in own)
            click.echo(f"| {part} | {kind} | {sum(k == kind for k, _ in asked)} | {len(own)} | {enough} |")
    text, coverage, least = fitted(rows)
    click.echo(f"fitted: text {text:.2f}, coverage {coverage:.2f}, least {least:.2f}")


if __name__ == "__main__":
    main()
