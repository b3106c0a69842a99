"""NoMIRACL (Thakur et al. 2024, "Knowing When You Don't Know"): its Chinese and English parts.

Read at commits dd3a6e4e and 639617ab of project-miracl/nomiracl (`nomiracl/dataset/data_loader.py`, `util.py`, `README.md`).
A folder for each language, of these files:

    corpus.jsonl or corpus.jsonl.gz      {"docid": "12#3", "title": "…", "text": "…"}
    topics/test.relevant.tsv             question id, question (tab between, nothing quoted); likewise dev
    topics/test.non_relevant.tsv
    qrels/test.relevant.tsv              question id, Q0, docid, 1 or 0
    qrels/test.non_relevant.tsv

The folder given is that of a language, or one that holds `chinese` and `english` (also below `data`). A question of the
relevant part is answered by the passages judged 1; those of the non-relevant part have no known answer, and all their passages
are judged 0. There are no answers in words, so that there are no keypoints. Only passages that a judgement names are brought
in: the whole of a Wikipedia may stand in the same file.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from coach.text import language
from coach.types import Lang
from evals.adapters import Bundle, Gathering, existing, missing, read, rows

_NAMES: dict[str, Lang] = {"chinese": "zh", "zh": "zh", "english": "en", "en": "en"}
_SPLITS, _RELEVANT, _NOT_RELEVANT = ("dev", "test"), "relevant", "non_relevant"
_LOOKED_FOR = ("corpus.jsonl", "corpus.jsonl.gz", "topics/test.relevant.tsv", "qrels/test.relevant.tsv", "…non_relevant.tsv")


def load(folder: Path) -> Bundle:
    """Raises InputError when the folder holds none of the files, or nothing in them can be used."""
    existing(folder, "NoMIRACL", _LOOKED_FOR)
    into = Gathering("nomiracl")
    for place in _places(folder, into):
        _load_language(place, into)
    return into.bundle()


def _places(folder: Path, into: Gathering) -> list[Path]:
    """The folders of Chinese and English; the questions of the others are counted."""
    if (folder / "topics").is_dir():
        return [folder]
    inside = [p for place in (folder, folder / "data") if place.is_dir() for p in sorted(place.iterdir())]
    found = [p for p in inside if (p / "topics").is_dir()]
    wanted = [p for p in found if p.name.lower() in _NAMES]
    if not wanted:
        raise missing(folder, "NoMIRACL", (*_LOOKED_FOR, "or a folder chinese or english with these"))
    for other in found:
        if other not in wanted:
            into.skip("other_language", sum(1 for path in (other / "topics").glob("*.tsv") for _ in _lines(path)))
    return wanted


def _load_language(place: Path, into: Gathering) -> None:
    topics = [(split, part) for split in _SPLITS for part in (_RELEVANT, _NOT_RELEVANT)]
    parts = {key: _part(place, *key, into) for key in topics}
    known = {key: part for key, part in parts.items() if part is not None}
    if not known:
        raise missing(place, "NoMIRACL", _LOOKED_FOR)
    judged = {doc for _, qrels in known.values() for docs in qrels.values() for doc in docs}
    names = _documents(place, judged, into)
    for (split, part), (questions, qrels) in known.items():
        for qid, question in questions.items():
            lang = _NAMES.get(place.name.lower()) or language(question)
            case_id, kind = f"{lang}-{split}-{part}-{qid}", f"{split} {part}"
            if qid not in qrels:
                into.skip("not_judged")
            elif part == _NOT_RELEVANT:
                into.unanswerable(id=case_id, lang=lang, kind=kind, question=question)
            else:
                gold = [names.get(doc) for doc, score in qrels[qid].items() if score > 0]
                into.answerable(id=case_id, lang=lang, kind=kind, question=question, gold=gold)


def _part(place: Path, split: str, part: str, into: Gathering) -> tuple[dict[str, str], dict[str, dict[str, int]]] | None:
    """Questions and judgements of one part; None when it is not there."""
    topics, qrels = (place / kind / f"{split}.{part}.tsv" for kind in ("topics", "qrels"))
    if not topics.is_file() or not qrels.is_file():
        return None
    questions: dict[str, str] = {}
    for row in _lines(topics):
        if len(row) < 2:
            into.skip("shape")
        else:
            questions[row[0]] = row[1]
    judged: dict[str, dict[str, int]] = {}
    for row in _lines(qrels):
        if len(row) < 4 or row[3].strip() not in ("0", "1"):
            into.skip("shape")
        else:
            judged.setdefault(row[0], {})[row[2]] = int(row[3])
    return questions, judged


def _documents(place: Path, judged: set[str], into: Gathering) -> dict[str, str]:
    """The names of the judged passages by their id."""
    corpus = next((p for p in (place / "corpus.jsonl", place / "corpus.jsonl.gz") if p.is_file()), None)
    if corpus is None:
        raise missing(place, "NoMIRACL", _LOOKED_FOR)
    names: dict[str, str] = {}
    for row in rows(corpus, into):
        doc = row.get("docid")
        if not isinstance(doc, str):
            into.skip("shape")
        elif doc not in judged:
            into.skip("not_named")
        elif name := into.document(row.get("text"), row.get("title")):
            names[doc] = name
    return names


def _lines(path: Path) -> Iterator[list[str]]:
    for line in read(path).split("\n"):
        if line.strip():
            yield line.rstrip("\r").split("\t")
