"""Small adapters from other people's test sets to cases of our own: documents, questions, and which document holds the answer.

They read a folder that somebody supplies; nothing of it is kept in this project. Each format is a module with one function,
`load(folder)`. A library holds all documents of a set at once, so that a question is asked among those of all others: harder
than the few passages per question that the sets themselves hand to a model, and what a company's library is like.

What does not fit is left out, counted and reported by reason, never silently.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import product
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from coach.errors import InputError
from coach.text import clean, fold
from coach.types import Lang
from evals.schema import Case, Said

FORMATS = ("rgb", "nomiracl", "dragonball", "domainrag")

LEFT_OUT: dict[str, dict[Lang, str]] = {
    "not_json": {"zh": "不是 JSON 的行", "en": "lines that are not JSON"},
    "shape": {"zh": "缺少键或类型不对的行", "en": "lines that lack a key or have another type there"},
    "no_question": {"zh": "没有问题的行", "en": "lines without a question"},
    "no_answer": {"zh": "没有答案的问题", "en": "questions without an answer"},
    "no_gold": {"zh": "没有一篇文档存有答案的问题", "en": "questions for which no document holds the answer"},
    "not_judged": {"zh": "没有任何相关性判断的问题", "en": "questions without a judgement of relevance"},
    "double": {"zh": "编号重复的问题", "en": "questions whose id stands twice"},
    "other_language": {"zh": "中英文以外的问题", "en": "questions in neither Chinese nor English"},
    "answered_elsewhere": {
        "zh": "本应无答案、但别的文档看来答得出的问题",
        "en": "questions meant to have no answer which another document seems to answer",
    },
    "empty_document": {"zh": "没有文字的文档", "en": "documents without text"},
    "not_named": {"zh": "语料中没有任何判断提到的段落", "en": "passages of the corpus that no judgement names"},
    "counterfactual": {"zh": "被故意改错的文档", "en": "documents that were made wrong on purpose"},
    "superseded": {"zh": "已有修订版的文件", "en": "files of which a corrected version is there"},
    "not_literal": {
        "zh": "答案不在文档原文里、因此不计要点（问题保留）",
        "en": "answers that do not stand literally in their documents, so not scored by keypoint (the question is kept)",
    },
}
"""Why something was left out, in words."""

_MOST_POINTS = 40


@dataclass(frozen=True, kw_only=True)
class Text:
    """One document: a file's name with its ending, and what stands in it."""

    name: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """A test set: `gold` names for each answerable case the documents that hold its answer; `left_out` counts by reason."""

    name: str
    documents: list[Text]
    cases: list[Case]
    gold: dict[str, list[str]]
    left_out: dict[str, int]


class Gathering:
    """A bundle as it grows. A text that occurs twice is one document."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._documents: dict[str, Text] = {}
        self._folded: dict[str, str] = {}
        self._cases: dict[str, Case] = {}
        self._gold: dict[str, list[str]] = {}
        self._left_out: Counter[str] = Counter()

    def skip(self, reason: str, number: int = 1) -> None:
        """Counts what is left out; `reason` is a key of LEFT_OUT."""
        assert reason in LEFT_OUT, reason
        if number:
            self._left_out[reason] += number

    def document(self, text: object, title: object = "") -> str | None:
        """The name under which a text stands; None, and counted, when there is nothing in it."""
        body = clean(text).strip() if isinstance(text, str) else ""
        if not fold(body):
            self.skip("empty_document")
            return None
        head = " ".join(clean(title).split()) if isinstance(title, str) else ""
        whole = f"# {head}\n\n{body}\n" if head else f"{body}\n"
        if whole not in self._documents:
            name = f"{self._name}-{len(self._documents) + 1:05d}.{'md' if head else 'txt'}"
            self._documents[whole] = Text(name=name, text=whole)
            self._folded[name] = fold(whole)
        return self._documents[whole].name

    def folded(self) -> dict[str, str]:
        """All documents by name, in the form in which texts are compared."""
        return self._folded

    def answerable(
        self,
        *,
        id: str,  # noqa: A002  the name it has in a case
        lang: Lang,
        kind: str,
        question: object,
        gold: Sequence[str | None],
        keypoints: Sequence[Sequence[str]] | None = (),
        history: Sequence[Said] = (),
    ) -> None:
        """A question that the documents `gold` answer.

        Its keypoints are scored where each has a term that stands in these documents. An answer in other words than theirs
        cannot be found literally, however good the search is, so that it says nothing of the search. None: the answer is
        known to be of that kind.
        """
        held = list(dict.fromkeys(name for name in gold if name))
        if not held:
            self.skip("no_gold")
            return
        points = [[term for term in terms if fold(term)] for terms in keypoints or ()]
        told = "\n".join(self._folded[name] for name in held)
        if keypoints is None or not all(any(fold(term) in told for term in terms) for terms in points):
            self.skip("not_literal")
            points = []
        if self._add(id, lang, kind, question, history, keypoints=points):
            self._gold[id] = held

    def unanswerable(self, *, id: str, lang: Lang, kind: str, question: object) -> None:  # noqa: A002
        """A question that no document answers."""
        self._add(id, lang, kind, question, (), status="not_in_sources")

    def bundle(self) -> Bundle:
        """What was gathered. Raises InputError when there is no question, or no document to answer any."""
        if not self._cases or not self._documents:
            reasons = "; ".join(f"{number} {LEFT_OUT[reason]['en']}" for reason, number in self._left_out.items())
            what = "question" if not self._cases else "document"
            raise InputError(f"The {self._name} files hold no usable {what}.", hint=f"Left out: {reasons or 'nothing'}.")
        documents = list(self._documents.values())
        return Bundle(
            name=self._name,
            documents=documents,
            cases=list(self._cases.values()),
            gold=self._gold,
            left_out=dict(self._left_out),
        )

    def _add(self, case_id: str, lang: Lang, kind: str, question: object, history: Sequence[Said], **rest: Any) -> bool:
        asked = " ".join(clean(question).split()) if isinstance(question, str) else ""
        if not fold(asked):
            self.skip("no_question")
            return False
        if case_id in self._cases:
            self.skip("double")
            return False
        why = f"external check: {self._name}"
        try:
            case = Case(id=case_id, lang=lang, kind=kind, question=asked, history=list(history), why=why, **rest)
        except ValidationError:
            self.skip("shape")
            return False
        self._cases[case_id] = case
        return True


def load(name: str, folder: Path) -> Bundle:
    """Reads a folder in one of FORMATS. Raises InputError for another format, or when the files are not there."""
    if name not in FORMATS:
        raise InputError(f"{name!r} is no format of an external check.", hint=f"Known are: {', '.join(FORMATS)}.")
    bundle: Bundle = import_module(f"evals.adapters.{name}").load(folder)
    return bundle


def read(path: Path) -> str:
    """The text of a file, which may be packed (.gz). Raises InputError that names it."""
    try:
        data = path.read_bytes()
        return (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8-sig")
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"{path} cannot be read: {error}.", hint="Download it again.") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8 text.", hint="Take the file as it was published.") from error


def objects(text: str) -> Iterator[dict[str, Any] | None]:
    """The JSON objects of a text, one a line or over several lines; None for each stretch that is not one."""
    decoder = json.JSONDecoder(strict=False)  # some sets have line breaks within strings
    at = 0
    while (begin := _next(text, at)) < len(text):
        try:
            value, at = decoder.raw_decode(text, begin)
        except ValueError:
            value, at = None, text.find("\n{", begin + 1)
            at = len(text) if at < 0 else at
        yield value if isinstance(value, dict) else None


def _next(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def rows(path: Path, into: Gathering) -> Iterator[dict[str, Any]]:
    """The JSON objects of a file; what is not one is counted."""
    for value in objects(read(path)):
        if value is None:
            into.skip("not_json")
        else:
            yield value


def existing(folder: Path, name: str, looked_for: Sequence[str]) -> None:
    """Raises InputError unless the folder is there."""
    if not folder.is_dir():
        raise InputError(f"{folder} is not a folder.", hint=f"Name the folder with the {name} files: {', '.join(looked_for)}.")


def missing(folder: Path, name: str, looked_for: Sequence[str]) -> InputError:
    """What is said when a folder holds no file of a format."""
    return InputError(f"{folder} holds no {name} files.", hint=f"Looked for {', '.join(looked_for)}.")


def words_of(value: object) -> list[str]:
    """The terms of an answer: a string or number, or a list of them; nothing for anything else."""
    if isinstance(value, bool):
        return []
    if isinstance(value, str | int | float):
        return [str(value).strip()] if fold(str(value)) else []
    if isinstance(value, list):
        return [word for one in value if not isinstance(one, list) for word in words_of(one)]
    return []


def all_of_any(alternatives: Sequence[Sequence[str]]) -> list[list[str]]:
    """From "one of these lists in full" to keypoints, "of every list at least one": (a and b) or c = (a or c) and (b or c).

    Nothing when that would take more than 40 keypoints.
    """
    known = [list(dict.fromkeys(terms)) for terms in alternatives if terms]
    size = 1
    for terms in known:
        size *= len(terms)
    if not known or size > _MOST_POINTS:
        return []
    return [list(dict.fromkeys(choice)) for choice in product(*known)]
