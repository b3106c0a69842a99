"""What the tests of the formats share."""

from __future__ import annotations

import dataclasses
import re


def texts(value) -> str:
    """Every text of a sheet or block, one a line."""
    if isinstance(value, str):
        return value
    if isinstance(value, tuple):
        return "\n".join(texts(v) for v in value)
    if dataclasses.is_dataclass(value):
        return "\n".join(texts(getattr(value, f.name)) for f in dataclasses.fields(value))
    return ""


def squeezed(text: str) -> str:
    """Without what a layout puts in or takes away: white space, and hyphens at the end of a line."""
    return re.sub(r"[\s\u200b\ufffe\u00ad\x02-]+", "", text)
