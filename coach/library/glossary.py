"""The glossary as data: words people type against the words the library uses, and words with more than one reading.

Only proposes words to add to a search and readings to name; it searches nothing and changes no question.
"""

from __future__ import annotations

import re
from functools import cache, cached_property
from pathlib import Path

from pydantic import Field, field_validator

from coach.errors import SetupError
from coach.framework import Frozen, Text, read_yaml
from coach.text import language, normalise, simplify
from coach.types import Lang

MOST = 8
_CJK = re.compile(r"[\u3400-\u9fff]")


def _plain(text: str) -> str:
    return simplify(normalise(text)).lower()


class Entry(Frozen):
    """Alternative words and the library's own words for the same thing, both languages mixed."""

    terms: tuple[str, ...] = Field(min_length=1)
    means: tuple[str, ...] = Field(min_length=1, max_length=MOST)

    @field_validator("terms", "means")
    @classmethod
    def _no_single_character(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if short := [word for word in value if len(word.strip()) < 2]:
            raise ValueError(f"{short[0]!r} is too short to be told from other words")
        return value


class Disambiguation(Frozen):
    """A word or number with several readings, and the article that tells them apart."""

    terms: tuple[str, ...] = Field(min_length=1)
    article: str
    readings: tuple[Text, ...] = Field(min_length=2)


class _GlossaryFile(Frozen):
    entries: tuple[Entry, ...]
    disambiguations: tuple[Disambiguation, ...]


class Glossary:
    """Expands questions for search and knows which words are ambiguous."""

    def __init__(self, entries: tuple[Entry, ...], disambiguations: tuple[Disambiguation, ...]) -> None:
        self.entries = entries
        self.disambiguations = disambiguations

    @classmethod
    def load(cls, path: Path) -> Glossary:
        """Read `glossary.yaml`. Raises SetupError that names file, place and reason."""
        loaded = read_yaml(path, _GlossaryFile)
        seen: set[str] = set()
        for term in (_plain(t) for entry in loaded.entries for t in entry.terms):
            if term in seen:
                raise SetupError(f"{path.name} is not valid: the term {term!r} stands in it twice.")
            seen.add(term)
        return cls(loaded.entries, loaded.disambiguations)

    @cached_property
    def _by_length(self) -> list[tuple[str, Entry]]:
        pairs = {_plain(term): entry for entry in self.entries for term in entry.terms}
        return sorted(pairs.items(), key=lambda pair: (-len(pair[0]), pair[0]))

    def expand(self, text: str) -> list[str]:
        """List the library's words to add to a search for `text`: longest match first, none that stands in it already."""
        question, lang = _plain(text), language(text)
        added: dict[str, None] = {}
        rest = question
        for term, entry in self._by_length:
            if not _found(term, rest):
                continue
            rest = _word(term).sub("\0", rest)  # a shorter term inside a longer one says nothing of its own
            added.update(dict.fromkeys(w for w in entry.means if _fits(w, lang) and not _found(_plain(w), question)))
        return list(added)[:MOST]

    def ambiguous(self, text: str) -> list[Disambiguation]:
        """List the words of `text` that have more than one reading."""
        question = _plain(text)
        return [d for d in self.disambiguations if any(_found(_plain(term), question) for term in d.terms)]


def _fits(word: str, lang: Lang) -> bool:
    """Keep a word for its own language; names in capitals (CMO, P&L) belong to both."""
    if _CJK.search(word):
        return lang == "zh"
    return lang == "en" or word == word.upper()


def _found(term: str, text: str) -> bool:
    return term in text if _CJK.search(term) else _word(term).search(text) is not None


@cache
def _word(term: str) -> re.Pattern[str]:
    r"""Compile a term; Latin ends need a word boundary, and `\b` would not do: 想当CMO has none."""
    start = r"(?<![a-z0-9])" if re.match(r"[a-z0-9]", term) else ""
    end = r"(?![a-z0-9])" if re.search(r"[a-z0-9]$", term) else ""
    return re.compile(start + re.escape(term) + end)
