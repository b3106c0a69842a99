"""DomainRAG (Wang et al. 2024): questions about a university's admissions, Chinese.

Read at commit b49ea645 of ShootingWong/DomainRAG (`BCM/labeled_data`, `BCM/evaluation/Evaluator.py`, `tasks/Datasets.py`):

    {"question": "…", "answers": [["…", "…"], ["…"]], "positive_reference": {"title": "…", "contents": "…", "id": "1", …}}

`positive_reference` is one passage or a list, in the multi-document part `positive_references`; `answers` is a list of
alternatives, each a string or a list of strings that must all be there, in the multi-document part one string `answer`. The
noisy part adds `noisy_reference`, passages of other topics; the conversations `history_qa`; the time-sensitive part a `date`,
the year that is set before the question. Words of the passages stand apart by blanks, which are taken out.

Passages that the faithful part has made wrong on purpose stay outside (see `rgb`). Every question has an answer: refusals are
not measured with this set.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from coach.text import fold
from evals.adapters import Bundle, Gathering, all_of_any, existing, missing, rows, words_of
from evals.schema import Said

_FILES = (
    *("basic_qa.jsonl", "conversation_qa.jsonl", "faithful_qa.jsonl", "multidoc_qa.jsonl", "noisy_qa.jsonl"),
    *("structured_qa_twopositive.jsonl", "time_sensitive.jsonl"),
)
_BLANKS = re.compile(r"[ \u3000]+")
_APART = re.compile(r"(?<![A-Za-z0-9]) | (?![A-Za-z0-9])")


def load(folder: Path) -> Bundle:
    """Raises InputError when the folder holds none of the files, or nothing in them can be used."""
    existing(folder, "DomainRAG", _FILES)
    found = {p.name: p for p in sorted(folder.rglob("*.jsonl")) if p.name in _FILES}
    if not found:
        raise missing(folder, "DomainRAG", (*_FILES, "in it or below it"))
    into = Gathering("domainrag")
    for name in _FILES:
        if name in found:
            for number, row in enumerate(rows(found[name], into)):
                _question(row, f"{found[name].stem}-{number}", found[name].stem, into)
    return into.bundle()


def joined(text: str) -> str:
    """The text without the blanks between segmented words; those between two Latin words or numbers stay."""
    return _APART.sub("", _BLANKS.sub(" ", text))


def _question(row: dict[str, Any], case_id: str, kind: str, into: Gathering) -> None:
    question = row.get("question")
    asked = f"{row['date']}年，{question}" if kind == "time_sensitive" and row.get("date") else question
    answers = row.get("answers", row.get("answer"))
    alternatives = _alternatives(answers)
    gold = list(_passages(row.get("positive_reference", row.get("positive_references")), into))
    list(_passages(row.get("noisy_reference"), into))
    into.skip("counterfactual", 1 if row.get("counterfact_reference") else 0)
    if not isinstance(question, str) or not fold(question):
        into.skip("no_question")
    elif not alternatives:
        into.skip("no_answer")
    else:
        points = all_of_any(alternatives) or None
        history = _history(row.get("history_qa"))
        into.answerable(id=case_id, lang="zh", kind=kind, question=asked, gold=gold, keypoints=points, history=history)


def _alternatives(answers: object) -> list[list[str]]:
    """Each of them is an answer: the terms that must all be there."""
    if not isinstance(answers, list):
        return [words_of(answers)] if words_of(answers) else []
    return [terms for one in answers if (terms := words_of(one))]


def _passages(value: object, into: Gathering) -> Iterator[str | None]:
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, dict) and isinstance(one.get("contents"), str):
            yield into.document(joined(one["contents"]), joined(str(one.get("title") or "")))


def _history(value: object) -> list[Said]:
    said: list[Said] = []
    for turn in value if isinstance(value, list) else []:
        if not isinstance(turn, dict):
            continue
        question, answers = turn.get("question"), words_of(turn.get("answers"))
        if isinstance(question, str) and fold(question) and answers:
            said += [Said(role="user", content=question), Said(role="assistant", content=answers[0])]
    return said
