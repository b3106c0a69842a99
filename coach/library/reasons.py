"""Why a document cannot be read, told to a reader: the loader's English reason as a sentence of the catalogue."""

from __future__ import annotations

import re

from coach.messages import say
from coach.types import Lang

_REASONS = (
    ("lib_reason_empty", r"the file is empty|0 bytes"),
    ("lib_reason_password", r"password"),
    ("lib_reason_type", r"files ending in .* are not supported|it is a folder|not a regular file"),
    ("lib_reason_scan", r"only images|fonts do not say"),
    ("lib_reason_no_text", r"it has no text|holds no text"),
    ("lib_reason_size", r"the limit is|more than .* characters|unpacks to|front matter has"),
    ("lib_reason_gone", r"there is no file|No such file"),
    ("lib_reason_ending", r"its content is (?!damaged)"),
    ("lib_reason_encoding", r"encoding|damaged bytes|is marked as"),
    ("lib_reason_front", r"front matter"),
    ("lib_reason_damaged", r""),
)


def told(reason: str, lang: Lang) -> str:
    """The reason and what to do about it, in the reader's language."""
    key = next(key for key, pattern in _REASONS if re.search(pattern, reason))
    return say(key, lang)
