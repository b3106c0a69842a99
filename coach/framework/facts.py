"""The facts and traps of the framework's sources as things a text can be checked for.

Reads `knowledge/facts.yaml` and `knowledge/traps.yaml`. Decides whether a text states a fact, contradicts it, or falls
into a trap; which texts there are is `coach.library.check`'s business.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, cached_property
from pathlib import Path
from typing import TypeVar

from pydantic import Field, model_validator

from coach.errors import SetupError
from coach.framework.files import Frozen, Text, read_yaml
from coach.framework.schema import Patterns
from coach.framework.terms import Terms, missing, plain
from coach.types import Lang


def _must_bite(patterns: Patterns, wrong: Text | None) -> None:
    """Raises ValueError unless `wrong` is a sentence that the patterns catch: a pattern that catches nothing checks nothing."""
    langs: tuple[Lang, Lang] = ("zh", "en")
    for lang in langs:
        if patterns.of(lang) and (wrong is None or not matches(patterns.of(lang), plain(wrong.of(lang)))):
            raise ValueError(f"`wrong.{lang}` must be a sentence that the patterns catch")


class Fact(Frozen):
    """One fact: what it says, the words a text that states it must hold, and wordings that contradict it."""

    id: str = Field(pattern=r"^[A-Z]+\d+$")
    says: Text
    zh: Terms = Field(min_length=1)
    en: Terms = Field(min_length=1)
    contradicted_by: Patterns = Patterns()
    wrong: Text | None = None

    @model_validator(mode="after")
    def _bites(self) -> Fact:
        _must_bite(self.contradicted_by, self.wrong)
        return self

    def lacks(self, text: str, lang: Lang) -> list[str]:
        """The words missing from a `plain` text that claims to state the fact, one alternative of each group."""
        return [group[0] for group in missing(self.zh if lang == "zh" else self.en, text)]

    def contradicted(self, sentence: str, lang: Lang) -> bool:
        """Whether a `plain` sentence says something else instead."""
        return matches(self.contradicted_by.of(lang), sentence)


class Says(Frozen):
    """Words that must stand in a text, in each language."""

    zh: Terms = ()
    en: Terms = ()


class Trap(Frozen):
    """One trap of the sources: the articles that must honour it and with which words, and what may never be said."""

    id: str = Field(pattern=r"^[A-Z]+\d+$")
    name: Text
    where: tuple[str, ...] = ()
    says: Says = Says()
    never: Patterns = Patterns()
    wrong: Text | None = None

    @model_validator(mode="after")
    def _bites(self) -> Trap:
        _must_bite(self.never, self.wrong)
        return self

    def lacks(self, text: str, lang: Lang) -> list[str]:
        """The words missing from a `plain` article that must honour the trap."""
        return [group[0] for group in missing(self.says.zh if lang == "zh" else self.says.en, text)]

    def sprung(self, sentence: str, lang: Lang) -> bool:
        """Whether a `plain` sentence falls into it."""
        return matches(self.never.of(lang), sentence)


class _FactsFile(Frozen):
    facts: tuple[Fact, ...]


class _TrapsFile(Frozen):
    traps: tuple[Trap, ...]


Known = TypeVar("Known", Fact, Trap)


class FactBook(Frozen):
    """All facts and traps."""

    facts: tuple[Fact, ...] = ()
    traps: tuple[Trap, ...] = ()

    @classmethod
    def load(cls, knowledge: Path) -> FactBook:
        """Read both files, where they exist. Raises SetupError naming file, line and mend."""
        facts, traps = knowledge / "facts.yaml", knowledge / "traps.yaml"
        return cls(
            facts=_once(read_yaml(facts, _FactsFile).facts, facts) if facts.exists() else (),
            traps=_once(read_yaml(traps, _TrapsFile).traps, traps) if traps.exists() else (),
        )

    @cached_property
    def by_id(self) -> dict[str, Fact]:
        """The facts by their number."""
        return {fact.id: fact for fact in self.facts}


def _once(values: tuple[Known, ...], path: Path) -> tuple[Known, ...]:
    ids = [v.id for v in values]
    if double := sorted({i for i in ids if ids.count(i) > 1}):
        raise SetupError(f"{path.name}: {double[0]} stands twice.", hint="Remove one of the two.")
    return values


def matches(patterns: Iterable[str], sentence: str) -> bool:
    """Whether one of the patterns is found in a `plain` sentence, in any case."""
    return any(_pattern(p).search(sentence) for p in patterns)


@cache
def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


__all__ = ["Fact", "FactBook", "Trap", "matches"]
