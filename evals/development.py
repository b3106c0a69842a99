"""Scores the way from a person to a plan: people placed by hand, the same facts in other words, and whole conversations.

    python -m evals.development

Runs by the rules alone, without any model. The people were written by somebody who had read the
framework, not the code; the `_fresh` sets came last and are read by nobody who works on the rules, so that their figures stay
honest: look at the counts, never at the cases.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import click

from coach import text as texts
from coach.app import build_drafting
from coach.conversation.personal import Personal
from coach.conversation.turn import by_rules
from coach.development.assessment import assess
from coach.development.draft import Drafting, profile_from
from coach.development.evidence import strength_of
from coach.errors import CoachError
from coach.framework import load_framework
from coach.library.articles import load_articles
from coach.settings import Settings
from coach.types import Passage, Turn

DATASETS = Path(__file__).parent / "datasets"
TODAY = date(2026, 11, 22)


@dataclass(frozen=True, kw_only=True)
class Count:
    """How many of how many, and which were wrong."""

    name: str
    right: int
    total: int
    wrong: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.name:<44} {self.right:>4} of {self.total:<4} {100 * self.right / max(1, self.total):5.1f} %"


def cases(name: str) -> list[dict[str, Any]]:
    """The cases of one dataset."""
    lines = (DATASETS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def article_passages(settings: Settings) -> Callable[[str], Passage | None]:
    """The built-in articles as passages, read from their files: no index is needed."""
    framework = load_framework(settings.knowledge)

    @cache
    def known() -> dict[str, Passage]:
        found = {}
        for a in load_articles(settings.knowledge):
            pid = f"{a.id}.{a.lang}"
            label = a.label(framework.profession.name)
            found[pid] = Passage(
                id=pid, doc_id=pid, text=a.body, title=a.title, source=label, lang=a.lang, tier=a.tier, end=len(a.body)
            )
        return found

    return lambda pid: known().get(pid)


def score_people(drafting: Drafting, dataset: str = "people") -> list[Count]:
    """Stage, target, direction, first gap, levels; and whether a sound plan comes of it."""
    verdicts: dict[str, list[tuple[str, bool]]] = {
        n: [] for n in ("stage", "target", "direction", "order of gaps", "levels", "plan")
    }
    for case in cases(dataset):
        name = case["id"]
        profile, remarks = profile_from(case["profile"], drafting.framework, case["lang"])
        found = drafting.find(profile, case["lang"])
        verdicts["stage"].append((name, found.standing.stage in (case["stage"], *case["also_stages"])))
        verdicts["target"].append((name, found.target == case["target"]))
        verdicts["direction"].append((name, found.direction in (case["direction"], "unknown")))
        order = [g.pillar for g in found.gaps]
        first = not case["first_gaps"] or (bool(order) and order[0] in case["first_gaps"])
        verdicts["order of gaps"].append((name, first and not set(order[:2]) & set(case["not_first"])))
        levels = {r.pillar: r.level for r in found.levels}
        verdicts["levels"] += [(f"{name} {p}", levels[p] == level) for p, level in case["levels"].items()]
        verdicts["plan"].append((name, _plans(drafting, case, remarks)))
    return [_count(f"{dataset}: {name}", said) for name, said in verdicts.items()]


def _plans(drafting: Drafting, case: dict[str, Any], remarks: tuple[Any, ...]) -> bool:
    profile, _ = profile_from(case["profile"], drafting.framework, case["lang"])
    try:
        return drafting.draft(profile, case["lang"], TODAY, remarks=remarks).plan is not None
    except CoachError:
        return False


def score_paraphrases(drafting: Drafting, dataset: str = "paraphrases") -> list[Count]:
    """Whether the same facts in four wordings give the same level, the wanted level, and the wanted strength."""
    same, levels, strengths = [], [], []
    for group in cases(dataset):
        pillar, found = group["pillar"], []
        for number, text in enumerate(group["texts"]):
            results = assess({}, {pillar: text}, {}, drafting.framework, drafting.rules)
            level = next(r.level for r in results if r.pillar == pillar)
            found.append(level)
            levels.append((f"{group['group']}.{number}", level == group["level"]))
            strengths.append((f"{group['group']}.{number}", strength_of(text, None, drafting.rules) == group["strength"]))
        same.append((group["group"], len(set(found)) == 1))
    return [
        _count(f"{dataset}: one level for all four wordings", same),
        _count(f"{dataset}: the wanted level", levels),
        _count(f"{dataset}: the wanted strength", strengths),
    ]


def score_talks(drafting: Drafting, passage: Callable[[str], Passage | None]) -> list[Count]:
    """Turn by turn: everything that must be said is said, nothing that must not. Small talk is left to the conversation."""
    personal = Personal(drafting, passage, lambda: TODAY)
    must, must_not = [], []
    for talk in cases("talks"):
        for number, told, text in _turns(personal, talk):
            low = text.lower()
            name = f"{talk['id']}.{number}"
            must.append((name, all(any(w.lower() in low for w in group) for group in told["must"])))
            must_not.append((name, not any(w.lower() in low for w in told["must_not"])))
    return [_count("talks: what must be said", must), _count("talks: what must not be said", must_not)]


def _turns(personal: Personal, talk: dict[str, Any]) -> Iterator[tuple[int, dict[str, Any], str]]:
    history: list[Turn] = []
    for number, told in enumerate(talk["turns"], 1):
        asked = texts.normalise(told["say"])
        ruled = by_rules(asked, history)
        wish = personal.wish(asked, history) if ruled is None or ruled.kind in ("personal", "vague") else None
        text = personal.answer(wish, asked, history, talk["lang"]).text if wish else ""
        if wish or ruled is None or ruled.kind != "hello":
            yield number, told, text
        history += [Turn(role="user", content=told["say"]), Turn(role="assistant", content=text)]


def _count(name: str, verdicts: list[tuple[str, bool]]) -> Count:
    wrong = tuple(n for n, right in verdicts if not right)
    return Count(name=name, right=len(verdicts) - len(wrong), total=len(verdicts), wrong=wrong)


def run(settings: Settings) -> list[Count]:
    """All counts, in order."""
    passage = article_passages(settings)
    drafting = build_drafting(settings, load_framework(settings.knowledge), passage)
    own = [*score_people(drafting), *score_paraphrases(drafting), *score_talks(drafting, passage)]
    return [*own, *score_people(drafting, "people_fresh"), *score_paraphrases(drafting, "paraphrases_fresh")]


@click.command(help=__doc__)
def main() -> None:
    """Prints the counts and what was wrong."""
    for count in run(Settings()):
        click.echo(f"{count}   {' '.join(count.wrong[:12])}")


if __name__ == "__main__":
    sys.exit(main())
