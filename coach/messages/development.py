"""What the coach says of a person, an assessment, a plan and a review."""

from __future__ import annotations

from coach.types import Lang

SENTENCES: dict[str, dict[Lang, str]] = {}
