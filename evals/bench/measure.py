"""What is measured on the coach and the plain pipeline alike: facts found, answers, search times. Prints nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

from coach.types import Done, Event, Found, Lang, Passage, Turn, Words
from evals.bench.plain import PlainAnswer
from evals.schema import Case, Record
from evals.scorers import terms
from evals.scorers.score import Ground, score
from evals.stats import mean, percentile, wilson

FACT_CHARS = 2000
_MOST_PASSAGES = 64

Search = Callable[[str, int, Sequence[Turn]], list[str]]
"""Question, how many passages, history; texts best first."""
Told = Callable[[str], None]


class Coached(Protocol):
    """The part of coach.app.Coach that is measured."""

    def ask(self, question: str, history: Sequence[Turn] = (), *, lang: Lang | None = None) -> Iterator[Event]: ...

    def retrieve(
        self, query: str, *, k: int = 8, lang: Lang | None = None, history: Sequence[Turn] = (), max_chars: int = 0
    ) -> list[Passage]: ...


class Plainly(Protocol):
    """The part of the plain pipeline that is measured."""

    def retrieve(self, question: str, k: int = 4) -> list[str]: ...

    def ask(self, question: str, history: Sequence[Turn], *, timeout: float) -> PlainAnswer: ...


def searches(coach: Coached, plain: Plainly) -> dict[str, Search]:
    """Both pipelines as one kind of function."""
    return {
        "ours": lambda question, k, history: [
            p.text for p in coach.retrieve(question, k=k, history=history, max_chars=FACT_CHARS)
        ],
        "plain": lambda question, k, history: plain.retrieve(question, k),
    }


def filled(search: Search, case: Case, limit: int = FACT_CHARS) -> list[str]:
    """As many passages as it takes to fill `limit` characters, or all there are."""
    k = 8
    while True:
        texts = search(case.question, k, case.turns)
        if len("\n".join(texts)) >= limit or len(texts) < k or k >= _MOST_PASSAGES:
            return texts
        k *= 2


def facts(search: Search, cases: Sequence[Case]) -> list[dict[str, Any]]:
    """For every question the share of its keypoints within the first 2,000 characters; an error finds nothing."""
    rows = []
    for case in cases:
        row: dict[str, Any] = {"id": case.id, "lang": case.lang, "kind": case.kind, "share": 0.0, "complete": False, "error": ""}
        try:
            found = terms.retrieved(filled(search, case), case.keypoints, FACT_CHARS)
            row |= {"share": found.share, "complete": found.complete}
        except Exception as error:  # noqa: BLE001  counted as nothing found, and shown
            row["error"] = f"{type(error).__name__}: {error}"
        rows.append(row)
    return rows


def fact_groups(rows: Sequence[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """All, by language, colloquial ones, colloquial ones by language."""
    groups: dict[str, Callable[[dict[str, Any]], bool]] = {
        "all": lambda r: True,
        "zh": lambda r: r["lang"] == "zh",
        "en": lambda r: r["lang"] == "en",
        "colloquial": lambda r: r["kind"] == "colloquial",
        "colloquial zh": lambda r: r["kind"] == "colloquial" and r["lang"] == "zh",
        "colloquial en": lambda r: r["kind"] == "colloquial" and r["lang"] == "en",
    }
    made = {}
    for name, belongs in groups.items():
        some = [r for r in rows if belongs(r)]
        right = sum(r["complete"] for r in some)
        made[name] = {
            "n": len(some),
            "share": mean([r["share"] for r in some]),
            "complete": right / len(some) if some else None,
            "interval": wilson(right, len(some)),
        }
    return made


def search_times(search: Search, cases: Sequence[Case], k: int) -> dict[str, Any]:
    """Milliseconds a search takes, embedding the question included, one at a time."""
    spent = []
    for case in cases:
        started = time.perf_counter()
        search(case.question, k, case.turns)
        spent.append(1000 * (time.perf_counter() - started))
    return spread(spent)


def spread(values: Sequence[float]) -> dict[str, Any]:
    """Median and 90th percentile."""
    return {"n": len(values), "median": percentile(values, 0.5), "p90": percentile(values, 0.9)}


def ask_coach(coach: Coached, case: Case) -> dict[str, Any]:
    """One question to the coach; what the reader sees and when, in milliseconds."""
    started = time.perf_counter()
    row: dict[str, Any] = {"first_passage": None, "first_token": None}
    for event in coach.ask(case.question, case.turns):
        now = 1000 * (time.perf_counter() - started)
        if isinstance(event, Found):
            row["first_passage"] = row["first_passage"] or now
        elif isinstance(event, Words):
            row["first_token"] = row["first_token"] or now
        elif isinstance(event, Done):
            row |= {"total": now, "text": event.reply.answer, "status": event.reply.status}
    return row


def ask_plain(plain: Plainly, case: Case, timeout: float) -> dict[str, Any]:
    """One question to the plain pipeline."""
    said = plain.ask(case.question, case.turns, timeout=timeout)
    return {
        "first_passage": said.first_passage,
        "first_token": said.first_token,
        "total": said.total,
        "text": said.text,
        "status": "answered",
    }


def answers(
    asked: dict[str, Callable[[Case], dict[str, Any]]], cases: Sequence[Case], ground: Ground, told: Told
) -> dict[str, list[dict[str, Any]]]:
    """Every question to every pipeline in turn, so that whatever else the machine does disturbs all alike."""
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in asked}
    for number, case in enumerate(cases, 1):
        for name, ask in asked.items():
            row: dict[str, Any] = {"id": case.id, "lang": case.lang, "kind": case.kind, "error": ""}
            try:
                row |= ask(case)
            except Exception as error:  # noqa: BLE001  a wrong answer, and shown
                row["error"] = f"{type(error).__name__}: {error}"
            said = Record(case=case.id, suite="bench", answer=row.get("text"), status=row.get("status"), error=row["error"])
            values = score(case, said, {}, ground).values
            row |= {"right": values["right"] == 1, "right_in_head": values["in_head"] == 1, "bare": values["no_bare_claim"] == 0}
            rows[name].append(row)
            told(f"{number}/{len(cases)} {name} {row.get('total', 0) / 1000:.1f} s")
    return rows


def answer_summary(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Shares over all questions, errors among them; times and lengths over those that came back."""
    made: dict[str, Any] = {"n": len(rows), "errors": sum(bool(r["error"]) for r in rows)}
    for name in ("right", "right_in_head"):
        right = sum(r[name] for r in rows)
        made[name] = {"right": right, "share": right / len(rows) if rows else None, "interval": wilson(right, len(rows))}
    made["bare_claims"] = sum(r["bare"] for r in rows)
    for name in ("first_passage", "first_token", "total"):
        made[name] = spread([r[name] for r in rows if r.get(name) is not None])
    for lang in ("zh", "en"):
        lengths = [len(terms.without_marks(r["text"])) for r in rows if r["lang"] == lang and "text" in r]
        made[f"length_{lang}"] = spread(lengths)
    return made
