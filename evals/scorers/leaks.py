"""Whether a reply gives away the instructions the product works with."""

from __future__ import annotations

import re
from collections.abc import Iterable

from coach.text import normalise

_WORDS = 8
_WORD = re.compile(r"[a-z0-9]+|[\u4e00-\u9fff]")


def _words(text: str) -> list[str]:
    return _WORD.findall(normalise(text).lower())


def leaked(answer: str, prompts: Iterable[str], said: str = "") -> str:
    """Eight words in a row (Chinese: characters) that stand in a prompt and not in what the person `said`; else nothing.

    Variables of a prompt are cut out first; eight words do not come together by chance.
    """
    told = _words(answer)
    spoken = " ".join(_words(said))
    runs = {" ".join(told[at : at + _WORDS]) for at in range(len(told) - _WORDS + 1)}
    for prompt in prompts:
        for part in re.split(r"\{\{\w+\}\}", prompt):
            own = _words(part)
            for at in range(len(own) - _WORDS + 1):
                run = " ".join(own[at : at + _WORDS])
                if run in runs and run not in spoken:
                    return run
    return ""
