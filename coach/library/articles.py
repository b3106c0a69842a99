"""The built-in library as files: one article, one topic, one language, with front matter. Validated on load, never changed."""

from __future__ import annotations

import hashlib
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from coach.errors import DocumentError
from coach.framework.files import LOADER, Text
from coach.library.passages import sentences
from coach.types import Lang

_OWN_JUDGEMENT = frozenset(("本教练的判断", "this coach's own judgement"))


class OutsideSource(BaseModel):
    """A source outside the career framework; always named and dated."""

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)

    name: str = Field(min_length=2)
    date: str = Field(min_length=3)
    url: str = ""

    @field_validator("date", mode="before")
    @classmethod
    def _as_text(cls, value: Any) -> Any:  # noqa: ANN401  YAML turns 2021-11-01 into a date
        return value.isoformat() if isinstance(value, date) else value


class Article(BaseModel):
    """Front matter and body of one article file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    title: str = Field(min_length=2)
    lang: Lang
    tier: Literal["stated", "attributed", "external"]
    sources: list[str | OutsideSource] = Field(min_length=1)
    as_of: date
    stages: list[str]
    pillars: list[str]
    questions: list[str] = Field(min_length=1)
    answers: list[int] = []
    """For each question the number of the sentence of the body that answers it, from 1; 0 when it takes the whole."""
    body: str = Field(min_length=20)

    @model_validator(mode="after")
    def _answers_fit(self) -> Article:
        if self.answers and len(self.answers) != len(self.questions):
            raise ValueError(f"`answers` has {len(self.answers)} numbers for {len(self.questions)} questions")
        last = len(sentences(self.body))
        if wrong := [n for n in self.answers if not 0 <= n <= last]:
            raise ValueError(f"`answers` names sentence {wrong[0]}, the body has {last}")
        return self

    @cached_property
    def facts(self) -> list[str]:
        """The F-numbers of the framework facts the article states."""
        return [s for s in self.sources if isinstance(s, str)]

    @cached_property
    def outside(self) -> list[OutsideSource]:
        """Its sources from outside the framework."""
        return [s for s in self.sources if isinstance(s, OutsideSource)]

    def label(self, framework: Text) -> str:
        """How a reply names the source: the framework's name, or e.g. `外部来源：Gartner CMO Spend Survey，2026`."""
        zh = self.lang == "zh"
        if self.tier != "external" or not self.outside:
            return framework.of(self.lang)
        comma = "，" if zh else ", "
        named = ("；" if zh else "; ").join(f"{s.name}{comma}{s.date}" for s in self.outside[:3])
        if all(s.name in _OWN_JUDGEMENT for s in self.outside):
            return named
        return f"{'外部来源：' if zh else 'External: '}{named}"


def held_back(question: str) -> bool:
    """Whether a question is kept for measuring: a fifth, by its own hash, so that the split never moves.

    Such a question is neither indexed nor trained on; evidence check and search weights are fitted on them.
    """
    return hashlib.sha256(question.encode()).digest()[0] % 5 == 0


def read_article(path: Path) -> Article:
    """One article file. Raises DocumentError that names the file and the first thing wrong with it."""
    try:
        _, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
        return Article(**yaml.load(front, Loader=LOADER), body=body.strip())  # noqa: S506  the C version of the safe loader
    except (ValueError, TypeError, yaml.YAMLError, ValidationError) as error:
        reason = str(error).splitlines()
        raise DocumentError(f"{path.name} is not a valid article: {' '.join(reason[:3])}") from error


def load_articles(knowledge: Path) -> list[Article]:
    """All articles of both languages, ordered by id and language. Raises DocumentError for an invalid or doubled one."""
    articles = [read_article(p) for lang in ("zh", "en") for p in sorted((knowledge / "articles" / lang).glob("*.md"))]
    seen: set[tuple[str, str]] = set()
    for article in articles:
        if (article.id, article.lang) in seen:
            raise DocumentError(f"The article {article.id!r} stands twice in {article.lang}.")
        seen.add((article.id, article.lang))
    return sorted(articles, key=lambda a: (a.id, a.lang))
