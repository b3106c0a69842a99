"""The folder of documents that were brought in through the coach: safe names, articles written here, eval cases.

Owns `COACH_HOME/documents` and `COACH_HOME/evals`. Knows files; does not index, search or decide.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from coach.settings import Settings
from coach.text import clean, fold
from coach.types import Lang

ARTICLES = "articles"
_LONGEST = 150  # bytes of a file name; file systems take 255, and some of them count twice
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
_RULE = re.compile(r"^(-{3,}|\.{3})[ \t]*$", re.MULTILINE)


def folder(settings: Settings) -> Path:
    """Where the files are kept."""
    return settings.home / "documents"


def cases_file(settings: Settings) -> Path:
    """Eval cases made from bad answers, one JSON object a line; `coach eval run --suite own` runs them."""
    return settings.home / "evals" / "own.jsonl"


def safe_name(name: str) -> str:
    """A file name that stays inside its folder on every system, as like the given one as can be; its ending is kept."""
    name = unicodedata.normalize("NFC", clean(name)).replace("\\", "/").rpartition("/")[2]
    name = _FORBIDDEN.sub("_", " ".join(name.split())).strip(" .")
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 10:
        stem, dot, ending = name, "", ""
    stem = _cut(stem, _LONGEST - len(f"{dot}{ending}".encode())).strip(" .") or "document"
    return f"{stem}{dot}{ending}"


def files(settings: Settings) -> list[Path]:
    """Everything that is kept there, in order of name; unfinished uploads are left out."""
    place = folder(settings)
    found = [*place.glob("*"), *(place / ARTICLES).glob("*.md")] if place.is_dir() else []
    return sorted(p for p in found if p.is_file() and not p.name.startswith("."))


@contextmanager
def incoming(settings: Settings, name: str, data: bytes) -> Iterator[Path]:
    """The bytes as a file of that name, in a folder of its own beside the others; what is not moved away is removed."""
    place = folder(settings)
    place.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".incoming-", dir=place, ignore_cleanup_errors=True) as held:
        path = Path(held) / name
        with path.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        yield path


def article_name(question: str, lang: Lang) -> str:
    """The file of the article that answers a question: the same question again gives the same file."""
    return f"own-{hashlib.sha256(fold(question).encode('utf-8', 'replace')).hexdigest()[:10]}-{lang}.md"


def article(name: str, *, title: str, lang: Lang, questions: Sequence[str], answer: str, made: str) -> bytes:
    """A Markdown file with front matter. `answer` is text: nothing in it can end or extend the front matter."""
    front = {"id": Path(name).stem, "title": title, "lang": lang, "tier": "document", "as_of": made, "questions": list(questions)}
    told = yaml.safe_dump(front, allow_unicode=True, sort_keys=False, width=10_000)
    body = _RULE.sub("* * *", answer.strip())
    return f"---\n{told}---\n{body}\n".encode()


def read_cases(settings: Settings) -> list[dict[str, Any]]:
    """The eval cases made so far, as they stand in the file; lines that are not JSON are left out."""
    path = cases_file(settings)
    found = []
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else []:
        try:
            found.append(json.loads(line))
        except ValueError:
            continue
    return [case for case in found if isinstance(case, dict)]


def write_cases(settings: Settings, cases: Sequence[dict[str, Any]]) -> None:
    """Replaces the file in one step."""
    path = cases_file(settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    partial.write_text("".join(json.dumps(case, ensure_ascii=False) + "\n" for case in cases), encoding="utf-8")
    partial.replace(path)


def _cut(text: str, limit: int) -> str:
    return text.encode("utf-8", "ignore")[: max(limit, 0)].decode("utf-8", "ignore")
