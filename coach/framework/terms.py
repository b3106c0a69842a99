"""Whether a text holds certain words: whole words in English, any place in Chinese, in whatever width or script.

Owns the comparison that claims, facts and traps are checked by. Knows none of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from coach.text import normalise, simplify

Terms = tuple[tuple[str, ...], ...]
"""Groups of alternatives: a text holds them when every group has at least one of its terms in it."""


def plain(text: str) -> str:
    """The form in which texts are compared: NFKC, simplified characters."""
    return simplify(normalise(text))


def missing(groups: Sequence[Sequence[str]], text: str) -> list[Sequence[str]]:
    """The groups none of whose terms stands in a text that is already `plain`."""
    return [group for group in groups if not any(term(each).search(text) for each in group)]


def holds(groups: Sequence[Sequence[str]], text: str) -> bool:
    """Whether none is missing; stops at the first that is."""
    return all(any(term(each).search(text) for each in group) for group in groups)


@cache
def term(words: str) -> re.Pattern[str]:
    """Compile a term that must not begin or end inside a longer number or Latin word; spaces in it are free.

    A term that ends in * is the beginning of a word.
    """
    prefix = words.endswith("*")
    body = re.escape(normalise(words.rstrip("*"))).replace(r"\ ", r"\s*").replace("%", r"\s*%")
    start = r"(?<![A-Za-z0-9])(?<!\d[.,])" if re.match(r"[A-Za-z0-9]", words) else ""
    end = r"(?![A-Za-z0-9])(?![.,]\d)" if re.search(r"[A-Za-z0-9]$", words) and not prefix else ""
    return re.compile(start + body + end, re.IGNORECASE)
