"""Claims of the material without a checkable source: which sentence states one, and whether it says whose claim it is.

Reads `knowledge/claims.yaml`. Decides on single sentences by their words and numbers; rewrites nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from pydantic import Field

from coach.errors import SetupError
from coach.framework import Frozen, Text, read_yaml
from coach.framework.terms import Terms, holds, plain
from coach.types import Lang

_TELLING = 3  # parts of a claim, of which two without the number tell it from others


class Stated(Frozen):
    """A sentence states the claim when every group has at least one of its terms in it."""

    all: Terms = Field(min_length=1)


class Claim(Frozen):
    """One unverified claim, or one of the material's examples, with what was looked for and not found."""

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    fact: str = Field(pattern=r"^[A-Z]+\d+$")
    kind: Literal["claim", "example"] = "claim"
    zh: Stated
    en: Stated
    note: Text

    def stated_in(self, text: str, lang: Lang) -> bool:
        """Tell whether a sentence states this claim; `text` is its plain form."""
        return holds((self.zh if lang == "zh" else self.en).all, text)

    def touched_by(self, text: str, lang: Lang, *, closely: bool = False) -> bool:
        """Tell whether a question holds all parts of this claim but one, since people ask for the rest; `text` is its plain form.

        `closely`: what it holds tells this claim from others as well, by two parts or by its number; "CAC" alone tells none.
        """
        groups = (self.zh if lang == "zh" else self.en).all
        held = [group for group in groups if holds((group,), text)]
        if len(held) < max(1, len(groups) - 1):
            return False
        return not closely or len(held) >= min(len(groups), _TELLING - 1) or any(_number(group) for group in held)

    def number_asked_by(self, text: str, lang: Lang) -> bool:
        """Tell whether a question holds all of this claim but its number; `text` is its plain form.

        A claim of fewer than three parts has then only one left, which many questions share.
        """
        groups = (self.zh if lang == "zh" else self.en).all
        left = [group for group in groups if not holds((group,), text)]
        return len(groups) >= _TELLING and len(left) == 1 and _number(left[0])


def _number(group: Sequence[str]) -> bool:
    return any(c.isdigit() for term in group for c in term)


class _ClaimsFile(Frozen):
    claims: tuple[Claim, ...]


class Claims:
    """All claims, asked sentence by sentence."""

    def __init__(self, claims: tuple[Claim, ...]) -> None:
        self.claims = claims

    @classmethod
    def load(cls, path: Path) -> Claims:
        """Read `claims.yaml`. Raises SetupError that names file, place and reason."""
        claims = read_yaml(path, _ClaimsFile).claims
        ids = [c.id for c in claims]
        if double := sorted({i for i in ids if ids.count(i) > 1}):
            raise SetupError(f"{path.name} is not valid: the claim {double[0]!r} stands in it twice.")
        return cls(claims)

    def stated_in(self, sentence: str, lang: Lang) -> list[Claim]:
        """List the claims a sentence states."""
        text = plain(sentence)
        return [claim for claim in self.claims if claim.stated_in(text, lang)]

    def touched_by(self, question: str, lang: Lang, *, closely: bool = False) -> list[Claim]:
        """List the claims a question speaks of; `closely`, those alone that it tells from others."""
        text = plain(question)
        return [c for c in self.claims if c.touched_by(text, lang, closely=closely)]

    def numbers_asked_by(self, question: str, lang: Lang) -> list[Claim]:
        """List the claims whose number a question asks for."""
        text = plain(question)
        return [c for c in self.claims if c.number_asked_by(text, lang)]

    def unattributed_in(self, sentence: str, lang: Lang) -> list[Claim]:
        """List the claims a sentence states as if they were known facts; what a verifier must repair or drop."""
        return [c for c in self.stated_in(sentence, lang) if not is_attributed(sentence, lang, example=c.kind == "example")]


# 据 and 称 stand in many words that attribute nothing (数据, 证据, 名称, 职称): those are excluded one by one.
_ATTRIBUTED = {
    "zh": re.compile(
        r"资料|文中|文章|原文|(?<![数证依占凭票收论根])据(?!点|此|为己有)|根据[^，。]{0,16}(?:报告|调查|研究|资料|文)"
        r"|(?<![名职对简统堪俗别昵尊全匀相])称(?![为职号呼重心])|举例|例子|示例|示范|的说法|说法是|引用|引述|转述"
        r"|未(?:能|经)?核实|无法核实|没有核实|(?:没有?|未|查不到|没查到)[^，。]{0,6}(?:来源|出处|依据|原报告|原始)"
    ),
    "en": re.compile(
        r"\bthe material\b|\bclaim(?:s|ed)?\b|\baccording to\b|\b(?:says?|said)\b|\bcit(?:es?|ed|ing)\b|\bquot(?:es?|ed|ing)\b"
        r"|\b(?:an |its |the |sample )example\b|\bis (?:only |just )?an example\b|\battribut(?:es?|ed)\b|\bcredits?\b"
        r"|\bunverified\b|\bunconfirmed\b|\bnot (?:be )?verif|\bnot verified\b|\bno (?:stated )?(?:source|basis)\b"
        r"|\breportedly\b|\balleged(?:ly)?\b|\bsupposedly\b",
        re.IGNORECASE,
    ),
}
_EXAMPLE = {
    "zh": re.compile(r"例如|比如|譬如|示意|样例"),
    "en": re.compile(r"\b(?:for example|for instance|examples?|samples?|such as|e\.g\.)", re.IGNORECASE),
}


def is_attributed(sentence: str, lang: Lang, *, example: bool = False) -> bool:
    """Tell whether a sentence says whose claim it states; for one of the material's examples, 例如 is enough."""
    text = plain(sentence)
    return bool(_ATTRIBUTED[lang].search(text) or (example and _EXAMPLE[lang].search(text)))


_CAVEAT = {
    "zh": re.compile(
        r"没有(?:找到|核实|写|说明|给出|提供|交代|点名|数据|依据|来源|出处|公开)|未(?:能|经)?(?:核实|找到|查到|证实|说明|写明|注明)"
        r"|[查找]不到|无法(?:核实|证实|查证)|匿名|不能(?:当|说成|写成|作为|算)|没写|没有[^，。]{0,6}(?:来源|出处|依据)"
    ),
    "en": re.compile(
        r"\b(?:could not|cannot be|not (?:verified|given|named|stated|say|backed)|not proof|single cause|unverified|unnamed)\b"
        r"|\banonymous\b|\bno (?:public |checkable |other )?(?:source|evidence|basis|study|company|name)\b"
        r"|\bwithout (?:a )?(?:source|evidence)\b|\bdoes not (?:say|name|give|state)\b|\b(?:gives|names) no\b",
        re.IGNORECASE,
    ),
}


def is_caveat(sentence: str, lang: Lang) -> bool:
    """Tell whether a sentence says what is not known of a claim: no source, no name, no baseline, or what it does not prove."""
    return bool(_CAVEAT[lang].search(plain(sentence)))
