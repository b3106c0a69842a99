"""A message that asks several things, as its questions: each is searched by itself, so that none crowds out another.

By rules, in both languages. What tells of the person or the occasion stays with the question after it.
"""

from __future__ import annotations

import re

from coach import text as texts
from coach.types import Lang

MOST = 3
_LEAST = {"zh": 5, "en": 3}
"""Characters (zh) or words (en) below which a piece leans on what stands before it."""
_ENDS = re.compile(r"(?<=[？?！!；;。\n])\s*|(?<=[a-z)]\.)\s+(?=[A-Z])")
_JOINS = {
    "zh": re.compile(r"[，,、]?\s*(?:另外|还有|顺便(?:问下|问一下|再问)?|再(?:问|说)(?:一?下)?|同时|以及)[，,：:]?\s*"),
    "en": re.compile(
        r",?\s+(?:and|plus|also)\s+(?=(?:what|how|why|who|when|which|where|do|does|did|is|are|should|can|could|would)(?:'s|n't)?\b)",
        re.I,
    ),
}
_ASKS = {
    "zh": re.compile(
        r"[？?]|什么|啥|怎么|咋|如何|哪|谁|几|多少|多久|多大|是不是|能不能|有没有|要不要|该不该|算不算|吗|为何|凭什么|分别说|讲讲|说说|列"
    ),
    "en": re.compile(
        r"\?|\b(?:what|how|why|who|whom|when|which|where|does|do|is|are|should|can|could|would|tell me|list|explain)\b", re.I
    ),
}


def questions_in(message: str, lang: Lang) -> tuple[str, ...]:
    """Its questions, two or three; nothing when it asks one thing, or more than could be answered together."""
    pieces = [p for end in _ENDS.split(message) if end for p in _JOINS[lang].split(end) if p and p.strip()]
    found: list[str] = []
    told = ""
    for piece in pieces:
        told = f"{told} {piece}".strip() if told else piece.strip()
        if _ASKS[lang].search(piece) and _size(piece, lang) >= _LEAST[lang]:
            found.append(told)
            told = ""
    return tuple(found) if 2 <= len(found) <= MOST else ()


def _size(piece: str, lang: Lang) -> int:
    return len(texts.fold(piece)) if lang == "zh" else len(piece.split())
