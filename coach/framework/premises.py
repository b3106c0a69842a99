"""Notices a question that asks beyond the framework ("the sixth pillar"), so that it can be corrected, not answered.

Reads numbers and ordinals in both languages against what the framework holds. Judges nothing else and words no reply.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache

from coach.framework.schema import Countable, Framework, StageId
from coach.text import normalise, simplify
from coach.types import Lang

_LARGEST_COUNT = 30  # above it the number is a year, an amount or a headcount, not "how many of them there are"

_ZH_NUMBER = r"(?:[一二两三四五六七八九十]{1,3}|\d{1,2})"
_ZH_UNIT = r"(?:大|个|条|项|根|种|类|块|档)?"
_ZH_END = r"(?=是|叫|的|讲|呢|吗|吧|有|对|[：:？?，,。！!\s]|$)"
_ZH_DIGITS = {c: n for n, c in enumerate("一二三四五六七八九", start=1)} | {"两": 2}

_EN_NUMBERS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
).split()
_EN_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()
_EN_NUMBER = rf"(?:{'|'.join(sorted(_EN_NUMBERS, key=len, reverse=True))}|\d{{1,2}})"
_EN_ORDINAL = rf"(?:{'|'.join(_EN_ORDINALS)}|\d{{1,2}}(?:st|nd|rd|th))"
_EN_ADJECTIVES = r"(?:(?:core|key|main|major|big|great|different|career|marketing|CMO's|director's|CEO's)\s+)*"


def _number(text: str) -> int | None:
    """Read a Chinese, Arabic or English number or ordinal; give None for an approximate one such as 三四."""
    word = text.lower()
    if digits := re.match(r"\d+", word):
        return int(digits.group())
    for names in (_EN_NUMBERS, _EN_ORDINALS):
        if word in names:
            return names.index(word) + 1
    tens, ten, units = word.partition("十")
    if len(tens) > 1 or len(units) > 1:
        return None
    return (_ZH_DIGITS.get(tens, 1) * 10 if ten else _ZH_DIGITS.get(tens, 0)) + _ZH_DIGITS.get(units, 0)


def _zh_forms(noun: str, ordinal_noun: str) -> Iterator[str]:
    n = rf"(?P<n>{_ZH_NUMBER})"
    yield rf"第\s*{n}\s*{_ZH_UNIT}\s*(?:{ordinal_noun})"
    if noun:
        yield rf"(?<![\d.\-~～–—至到第一二三四五六七八九十]){n}\s*{_ZH_UNIT}\s*(?:{noun})"
        yield rf"(?:{noun})(?:一?共|总共)?(?:有|分成?|分为){n}[大个条项根种类块级档步]?{_ZH_END}"
        yield rf"(?:{noun}){n}(?=是|叫|讲|[：:？?，,。！!\s]|$)"
        yield rf"(?:{noun})[^。？?！!]{{0,16}}?第{n}[个条项根种类块]{_ZH_END}"


def _en_forms(noun: str, ordinal_noun: str) -> Iterator[str]:
    n, nth = rf"(?P<n>{_EN_NUMBER})", rf"(?P<n>{_EN_ORDINAL})"
    yield rf"\b{nth}\s+{_EN_ADJECTIVES}(?:{ordinal_noun})\b"
    if noun:
        yield rf"(?<![\w.\-–])(?<!to ){n}\s+{_EN_ADJECTIVES}(?:{noun})\b"
        yield rf"\b(?:{noun})\s+(?:no\.?\s*|number\s+|#\s*)?{n}\b(?![-–%.,]?\d)"
        yield rf"\b(?:{noun})\b[^.?!]{{0,40}}?\b{nth}(?:\s+one)?(?=\s*[.?!,]|\s*$)"


def _forms(countable: Countable, lang: Lang) -> Iterator[str]:
    nouns, ordinals = countable.nouns.of(lang), countable.ordinal_nouns.of(lang)
    if nouns or ordinals:
        build: Callable[[str, str], Iterator[str]] = _zh_forms if lang == "zh" else _en_forms
        yield from build("|".join(nouns), "|".join(nouns + ordinals))
    number = _ZH_NUMBER if lang == "zh" else _EN_NUMBER
    yield from (phrase.replace("{n}", number) for phrase in countable.phrases.of(lang))


@cache
def _compiled(forms: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(form, re.IGNORECASE) for form in forms)


def _any(patterns: tuple[str, ...], text: str) -> bool:
    return any(p.search(text) for p in _compiled(patterns))


def _nearest_stage(text: str, start: int, end: int, lang: Lang, framework: Framework) -> StageId | None:
    """Find the stage named closest to `start:end`; in Chinese, where it stands before its noun, the last one before wins."""
    best: tuple[int, StageId] | None = None
    for stage in framework.stages:
        for pattern in _compiled(stage.mentions.of(lang)):
            for found in pattern.finditer(text):
                after = found.start() >= end
                distance = found.start() - end if after else max(0, start - found.end())
                distance += len(text) if after and lang == "zh" else 0
                if best is None or distance < best[0]:
                    best = (distance, stage.id)
    return best[1] if best else None


def _belongs(countable: Countable, found: re.Match[str], lang: Lang, framework: Framework) -> bool:
    if not countable.stage and not countable.without_stage:
        return True
    stage = _nearest_stage(found.string, found.start(), found.end(), lang, framework)
    return stage is None if countable.without_stage else stage == countable.stage


def _asked_beyond(countable: Countable, text: str, lang: Lang, framework: Framework) -> Countable | None:
    for form in _compiled(tuple(_forms(countable, lang))):
        for found in form.finditer(text):
            named = found.groupdict().get("n")
            asked = _number(named) if named else None
            if named and (asked is None or not countable.count < asked <= _LARGEST_COUNT or asked in countable.also):
                continue
            if _belongs(countable, found, lang, framework):
                return countable.model_copy(update={"asked": asked})
    return None


def false_premise(question: str, lang: Lang, framework: Framework) -> Countable | None:
    """Find what a question asks beyond the framework ("the sixth pillar"), with the number asked for, or None.

    A smaller number is no false premise: "which three pillars first?" is a fair question.
    """
    text = simplify(normalise(question))
    for countable in framework.counts:
        context = countable.context.of(lang)
        if _any(countable.unless.of(lang), text) or (context and not _any(context, text)):
            continue
        if found := _asked_beyond(countable, text, lang, framework):
            return found
    return None
