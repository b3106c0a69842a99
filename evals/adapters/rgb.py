"""RGB (Chen et al. 2024, "Benchmarking Large Language Models in Retrieval-Augmented Generation"), Chinese and English.

Read at commit d2293eec of chen700564/RGB (`data/zh_fact.json`, `data/zh_int.json`, `evalue.py`): in spite of the ending, one
JSON object a line. `zh_refine.json`, the corrected `zh.json`, as kept by gomate-community/GoMate at commit b2cdd869.

    {"id": 0, "query": "…", "answer": "…" | ["…", …] | [["…", "…"], …], "positive": ["…", …], "negative": ["…", …]}

`answer`: every entry must be in the reply, of an inner list any one (`checkanswer`); blanks do not count. In `*_int.json`
`positive` is a list of lists, one for each part of the answer.

RGB asks the same question once with passages that answer it and once with noise only. One library cannot both hold an answer
and not hold it. So a third of the questions, chosen by their own words, is asked among noise only: their positive passages
stay outside, and one that another document seems to answer nevertheless (the answer, and half of the question's words) is
left out.

`*_fact.json` has passages made wrong on purpose, which a model is to contradict from memory. A library is taken at its word
here, so that these passages stay outside, and the question is asked of the right ones.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coach.text import fold, tokens
from coach.types import Lang
from evals.adapters import Bundle, Gathering, existing, missing, rows, words_of

_FILE = re.compile(r"(zh|en)(_refine|_int|_fact)?\.json")
_LOOKED_FOR = ("zh.json", "zh_refine.json", "zh_int.json", "zh_fact.json", "en….json", "the same in data/")
_NOISE_ONLY = 3  # one question in so many
_ABOUT = 0.5  # share of a question's words in a document that is about it


def load(folder: Path) -> Bundle:
    """Raises InputError when the folder holds none of the files, or nothing in them can be used."""
    existing(folder, "RGB", _LOOKED_FOR)
    into = Gathering("rgb")
    waiting = [asked for path, lang in _files(folder, into) for asked in _load_file(path, lang, into)]
    held = into.folded().values()  # only now are all documents known
    for asked in waiting:
        if _is_answered(asked, held):
            into.skip("answered_elsewhere")
        else:
            into.unanswerable(id=asked.id, lang=asked.lang, kind=f"{asked.kind} noise", question=asked.question)
    return into.bundle()


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """A question, its answer as keypoints."""

    id: str
    lang: Lang
    kind: str
    question: str
    points: list[list[str]]


def _load_file(path: Path, lang: Lang, into: Gathering) -> Iterator[_Asked]:
    """Enters documents and answerable questions; gives those that are to be asked among noise."""
    for number, row in enumerate(rows(path, into)):
        question, points = row.get("query"), keypoints(row.get("answer"))
        for text in _texts(row.get("negative")):
            into.document(text)
        into.skip("counterfactual", len(_texts(row.get("positive_wrong"))))
        if not isinstance(question, str) or not points:
            into.skip("no_answer" if isinstance(question, str) else "no_question")
            continue
        asked = _Asked(id=f"{path.stem}-{row.get('id', number)}", lang=lang, kind=path.stem, question=question, points=points)
        if noise_only(question):
            yield asked
        else:
            gold = [into.document(text) for text in _texts(row.get("positive"))]
            into.answerable(id=asked.id, lang=lang, kind=path.stem, question=question, gold=gold, keypoints=points)


def noise_only(question: str) -> bool:
    """Whether a question is asked without the passages that answer it; the same in every file, whatever its order."""
    return hashlib.sha256(fold(question).encode()).digest()[0] % _NOISE_ONLY == 0


def keypoints(answer: Any) -> list[list[str]]:  # noqa: ANN401  JSON
    """RGB's answer as keypoints; nothing when a part of it is empty."""
    parts = answer if isinstance(answer, list) else [answer]
    points = [words_of(part) for part in parts]
    return points if points and all(points) else []


def _files(folder: Path, into: Gathering) -> Iterator[tuple[Path, Lang]]:
    for place in (folder, folder / "data"):
        found = {p.name: p for p in sorted(place.glob("*.json")) if _FILE.fullmatch(p.name)}
        if not found:
            continue
        for name, path in found.items():
            if f"{path.stem}_refine.json" in found:
                into.skip("superseded")
            else:
                yield path, "zh" if name.startswith("zh") else "en"
        return
    raise missing(folder, "RGB", _LOOKED_FOR)


def _texts(value: Any) -> list[str]:  # noqa: ANN401  JSON
    """A list of passages, or of lists of passages."""
    if isinstance(value, str):
        return [value]
    return [text for one in value for text in _texts(one)] if isinstance(value, list) else []


def _is_answered(asked: _Asked, documents: Iterable[str]) -> bool:
    """Whether one of the documents, which are folded, holds the whole answer and is about the question."""
    points = [[fold(term) for term in terms] for terms in asked.points]
    words = set(tokens(asked.question))
    return any(
        all(any(term in text for term in terms) for terms in points)
        and sum(word in text for word in words) >= _ABOUT * len(words)
        for text in documents
    )
