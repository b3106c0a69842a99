"""Whether free words are a refusal; for pipelines whose replies carry no status. Ours do, and are never read by this."""

from __future__ import annotations

import re

from coach.text import normalise

_HEAD = 120
_SAID = re.compile(
    r"don'?t know|do not know|cannot answer|can'?t answer|not (?:mentioned|provided|specified|stated)|no information|"
    r"does not (?:mention|provide|say|contain)|unable to|i'?m sorry|"
    r"不知道|无法(?:回答|确定|提供|得知)|没有(?:提到|提及|提供|说明|相关)|未(?:提到|提及|提供|说明)|资料里没有|抱歉|不清楚|信息不足",
    re.IGNORECASE,
)


def refuses(text: str) -> bool:
    """A phrase of refusal in its first 120 characters, or nothing to read at all."""
    said = normalise(text)
    return not said or _SAID.search(said[:_HEAD]) is not None
