"""DRAGONBall, the data set of RAGEval (Zhu et al. 2024): finance, law and medicine, Chinese and English.

Read at commit 7d3dc1f3 of OpenBMB/RAGEval (`rageval/qar_generation/results/DRAGONBALL_docs.jsonl`), and the questions as kept
by lixiangryan/WSM_RAG at commit 17c7d7c6 (`dragonball_dataset/dragonball_queries.jsonl`):

    {"domain": "Finance", "language": "zh", "doc_id": 5, "company_name": "…", "content": "…"}
    {"domain": "Finance", "language": "zh", "query": {"query_id": 1, "query_type": "…", "content": "…"},
     "ground_truth": {"doc_ids": [5], "content": "…", "references": ["…", …], "keypoints": ["1. …", …]}}

The title is in `company_name`, `court_name` or `hospital_patient_name`. The set's own `keypoints` are whole sentences of the
answer, which RAGEval gives to a judge: no text holds them literally. What can be found literally is a short answer that stands
in the document itself; for a longer one, RAGEval's `references`, the sentences of the document which it was made from (its
Recall asks that they stand in what was retrieved). An answer of neither kind is not scored by keypoint.

Questions of the type 无关无解问 or "Irrelevant Unsolvable Question" have no answer in any document.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from coach.text import fold
from coach.types import Lang
from evals.adapters import Bundle, Gathering, existing, missing, rows, words_of

_DOCUMENTS, _QUESTIONS = "dragonball_docs.jsonl", "dragonball_queries.jsonl"
_LOOKED_FOR = (_DOCUMENTS, _QUESTIONS, "both also in dragonball_dataset/")
_UNSOLVABLE = ("无关无解问", "irrelevant unsolvable question")
_NO_ANSWER = ("无法回答", "unable to answer")
_SHORT = 30  # characters of an answer that is a name, a date or a number
_TITLES = ("company_name", "court_name", "hospital_patient_name")


def load(folder: Path) -> Bundle:
    """Raises InputError when the folder holds none of the files, or nothing in them can be used."""
    existing(folder, "DRAGONBall", _LOOKED_FOR)
    documents, questions = _files(folder)
    into = Gathering("dragonball")
    names: dict[tuple[str, Any], str | None] = {}
    for row in rows(documents, into):
        doc = row.get("doc_id")
        if isinstance(doc, int | str) and isinstance(row.get("language"), str):
            names[row["language"], doc] = into.document(row.get("content"), _title(row))
        else:
            into.skip("shape")
    for row in rows(questions, into):
        _question(row, names, into)
    return into.bundle()


def _files(folder: Path) -> tuple[Path, Path]:
    for place in (folder, folder / "dragonball_dataset"):
        there = {p.name.lower(): p for p in sorted(place.glob("*.jsonl"))}
        if _DOCUMENTS in there and _QUESTIONS in there:
            return there[_DOCUMENTS], there[_QUESTIONS]
    raise missing(folder, "DRAGONBall", _LOOKED_FOR)


def _title(row: dict[str, Any]) -> str:
    return next((row[key] for key in _TITLES if isinstance(row.get(key), str)), "").replace("_", " ")


def _question(row: dict[str, Any], names: dict[tuple[str, Any], str | None], into: Gathering) -> None:
    query, truth, spoken = row.get("query"), row.get("ground_truth"), row.get("language")
    if not isinstance(query, dict) or not isinstance(truth, dict):
        into.skip("shape")
        return
    if spoken not in ("zh", "en"):
        into.skip("other_language")
        return
    lang: Lang = "zh" if spoken == "zh" else "en"
    kind = str(query.get("query_type") or "question")
    case_id = f"{lang}-{query.get('query_id')}"
    answer = truth.get("content")
    if kind.lower() in _UNSOLVABLE or (isinstance(answer, str) and answer.strip().lower().startswith(_NO_ANSWER)):
        into.unanswerable(id=case_id, lang=lang, kind=kind, question=query.get("content"))
        return
    ids = truth.get("doc_ids")
    gold = [names.get((lang, doc)) for doc in (ids if isinstance(ids, list) else []) if isinstance(doc, int | str)]
    points = keypoints(answer, truth.get("references"), [into.folded()[name] for name in gold if name])
    into.answerable(id=case_id, lang=lang, kind=kind, question=query.get("content"), gold=gold, keypoints=points or None)


def keypoints(answer: object, references: object, documents: list[str]) -> list[list[str]]:
    """A short answer that stands in one of the documents (folded), else the sentences that it was made from."""
    short = answer.strip().rstrip("。.") if isinstance(answer, str) else ""
    if fold(short) and len(short) <= _SHORT and any(fold(short) in text for text in documents):
        return [[short]]
    return [[sentence] for sentence in words_of(references)]
