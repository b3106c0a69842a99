"""The way from a person to a plan, scored: it must not get worse than where it stands, and each scorer must be able to fail."""

from __future__ import annotations

import pytest

from coach.settings import Settings
from evals import development
from evals.development import Count, cases, run

FLOORS = {
    "people: stage": 0.91,
    "people: target": 0.91,
    "people: direction": 0.95,
    "people: order of gaps": 0.85,
    "people: levels": 0.93,
    "people: plan": 1.0,
    "paraphrases: one level for all four wordings": 0.9,
    "paraphrases: the wanted level": 0.92,
    "paraphrases: the wanted strength": 0.88,
    "talks: what must be said": 0.95,
    "talks: what must not be said": 1.0,
    "people_fresh: stage": 0.85,
    "people_fresh: order of gaps": 0.78,
    "people_fresh: plan": 1.0,
    "paraphrases_fresh: one level for all four wordings": 0.66,
    "paraphrases_fresh: the wanted level": 0.83,
}


@pytest.fixture(scope="module")
def counts() -> dict[str, Count]:
    return {c.name: c for c in run(Settings(_env_file=None))}


@pytest.mark.parametrize("name", FLOORS)
def test_it_does_not_get_worse(counts: dict[str, Count], name: str) -> None:
    count = counts[name]
    assert count.right / count.total >= FLOORS[name], count.wrong


@pytest.mark.parametrize("dataset", ["people", "people_fresh"])
def test_every_person_is_counted_once(counts: dict[str, Count], dataset: str) -> None:
    ids = [c["id"] for c in cases(dataset)]
    assert len(set(ids)) == len(ids) == counts[f"{dataset}: stage"].total == counts[f"{dataset}: plan"].total


def test_a_wrong_expectation_is_noticed(monkeypatch: pytest.MonkeyPatch, counts: dict[str, Count]) -> None:
    spoilt = [{**c, "stage": "ceo", "also_stages": [], "levels": dict.fromkeys(c["levels"], 9)} for c in cases("people")]
    monkeypatch.setattr(development, "cases", lambda name: spoilt)
    passage = development.article_passages(Settings(_env_file=None))
    drafting = development.build_drafting(
        Settings(_env_file=None), development.load_framework(Settings(_env_file=None).knowledge), passage
    )
    found = {c.name: c for c in development.score_people(drafting)}
    assert found["people: stage"].right < counts["people: stage"].right
    assert found["people: levels"].right == 0
