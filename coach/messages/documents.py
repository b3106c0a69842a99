"""The fixed words of the documents: headings, labels, notes."""

from __future__ import annotations

from coach.types import Lang

SENTENCES: dict[str, dict[Lang, str]] = {}
