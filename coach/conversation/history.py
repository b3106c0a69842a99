"""Turns a follow-up into a question that stands by itself, keeping what the person last said about themselves.

Only the person's own words are used: replies of the assistant may hold quoted documents, and a forged history may hold
instructions. Works by rules, in both languages, without a model.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from coach import text as texts
from coach.types import Lang, Turn

MAX_TURNS = 40
_MAX_CARRIED = 160

_OPENERS_ZH = re.compile(
    r"^(那么?|然后|还有|另外|所以|但是?|可是?|不过|而且|接着|继续|展开|具体(点|说|讲)?|详细|举个?例|比如|为什么|为啥|怎么说|换句话|简单说|再说|再讲|"
    r"第[一二三四五六七八九十\d]+[个条点项步级层种块]?|最后一?[个条点]?|前者|后者|上面|刚才|刚刚|这样|这么|其他|别的|哪个|哪一|反过来|我?是说|我的意思)"
)
_POINTERS_ZH = re.compile(
    r"它们?|他们|她们|这(个|些|种|条|项|步|一|里|两|三|几|事|方面|样)|那(个|些|种|条|项|步|一|里|两|三|几|边|样)|其中|此|上述|前者|后者|刚才|刚刚|上面|"
    r"第[一二三四五六七八九十\d]+[个条点项]|两者|还差|呢[？?]?$"
)
_OPENERS_EN = re.compile(
    r"^(and|but|so|then|also|ok(ay)?|what about|how about|why|how so|which one|go on|continue|more|tell me more|explain|for example|like what|"
    r"in short|the (first|second|third|fourth|fifth|last|other|next|former|latter)|same|what if|no,|i mean|actually|sorry)\b",
    re.I,
)
_POINTERS_EN = re.compile(
    r"\b(it|its|they|them|their|those|these|this|that|one|ones|both|either|neither|the (first|second|third|fourth|fifth|last|other|former|latter)"
    r"( one)?|there|same|above|such|he|she|him|her)\b",
    re.I,
)
_IDENTITY_ZH = re.compile(
    r"(?:其实|不对|更正|说错了|纠正一下|准确说|实际上)?[，,、 ]*(?:我(?:其实|现在|目前|已经|只|才|刚)?(?:是|做|当|升(?:了|到|为)|在做)(?:个|一个|一名|了)?)"
    r"([^，。！？,.!?；;\n]{1,24})"
)
_IDENTITY_EN = re.compile(r"\b(?:i am|i'm|im|i work as|i run|i was (?:just )?(?:made|promoted to))\s+(?:actually |now |just |only |already )*"
                          r"(?:a |an |the )?([^,.;!?\n]{2,40})", re.I)
_CORRECTION = re.compile(r"其实|不对|不是.{0,12}(是|而是)|更正|说错|纠正|准确(地)?说|实际上|搞错|\bactually\b|\bcorrection\b|\bi meant?\b|\bsorry\b|\bscratch that\b|\bno,", re.I)
_ROLE = re.compile(
    r"总监|CMO|VP|副总|CEO|创始人|创业|经理|主管|专员|负责人|事业部|总经理|应届|老板|首席|director|chief|manager|head of|founder|specialist|intern|"
    r"president|general manager|owner|lead\b",
    re.I,
)


@dataclass(frozen=True, kw_only=True)
class Standalone:
    """A question that can be searched by itself. `identity` is what the person last said they are."""

    text: str
    question: str
    follow_up: bool = False
    identity: str = ""


def standalone(question: str, history: Sequence[Turn], lang: Lang) -> Standalone:
    """Joins a follow-up with the last question that carried the topic; leaves a full question as it is."""
    asked = texts.normalise(question)
    own = [texts.normalise(t.content) for t in history[-MAX_TURNS:] if t.role == "user" and t.content.strip()]
    identity = _identity([*own, asked])
    if not own or not needs_context(asked, lang):
        return Standalone(text=asked, question=asked, identity=identity)
    topic = next((t for t in reversed(own) if not needs_context(t, lang)), own[-1])
    carried = texts.clip(topic, _MAX_CARRIED)
    if _corrects(asked):
        carried = _without_identity(carried)
    if item := _listed_item(asked, history):
        carried = f"{carried} {item}"
    separator = "" if lang == "zh" and carried.endswith(("？", "?", "。", "！")) else " "
    return Standalone(text=f"{carried}{separator}{asked}".strip(), question=asked, follow_up=True, identity=identity)


def needs_context(question: str, lang: Lang) -> bool:
    """Whether a message leans on what was said before: a pointer or a connecting word, in a short message."""
    if texts.language(question, lang) == "zh":
        length, long = len(question), 26
        leans = bool(_OPENERS_ZH.search(question) or _POINTERS_ZH.search(question))
        bare = length <= 5
    else:
        length, long = len(question.split()), 14
        leans = bool(_OPENERS_EN.search(question) or _POINTERS_EN.search(question))
        bare = length <= 2
    return bare or (leans and length <= long) or (_corrects(question) and length <= 2 * long)


_ORDINAL = re.compile(
    r"第([一二三四五六七八九十]|\d{1,2})[个条点项根步层种块样]?|(最后)[那一]?[一个条点项根步层种块样]?|"
    r"\b(?:number )?(first|second|third|fourth|fifth|sixth|last|one|two|three|four|five|six)(?: one)?\b",
    re.I,
)
_NUMBERS = {w: n for n, ws in enumerate(
    ("一 1 first one", "二 2 second two", "三 3 third three", "四 4 fourth four", "五 5 fifth five", "六 6 sixth six"), 1
) for w in ws.split()} | {"最后": 0, "last": 0}


def _listed_item(asked: str, history: Sequence[Turn]) -> str:
    """What "the third one" means: that item of the list in the last reply, a few words to search with, nothing more."""
    match = _ORDINAL.search(asked)
    last = next((t.content for t in reversed(history) if t.role == "assistant"), "")
    number = _NUMBERS.get(next(g for g in match.groups() if g).lower()) if match else None
    if number is None or not last:
        return ""
    listing = max(re.split(r"[。！？!?\n]|\.\s", texts.normalise(last)), key=lambda s: len(re.findall(r"[、,，;；]", s)))
    listing = re.split(r"[:：]", listing)[-1]
    items = [i.strip(" .。") for i in re.split(r"[、,，;；]|\band\b|和", listing) if i.strip(" .。")]
    if len(items) < max(2, number):
        return ""
    return items[number - 1 if number else -1][:40]


def _corrects(question: str) -> bool:
    return bool(_CORRECTION.search(question)) and bool(_ROLE.search(question))


def _identity(own: Sequence[str]) -> str:
    """The latest statement "I am …" that names a role."""
    for said in reversed(own):
        for pattern in (_IDENTITY_ZH, _IDENTITY_EN):
            for match in reversed(list(pattern.finditer(said))):
                if _ROLE.search(match.group(1)):
                    return match.group(1).strip()
    return ""


def _without_identity(carried: str) -> str:
    """What is left of an earlier question when the person takes back who they said they were."""
    for pattern in (_IDENTITY_ZH, _IDENTITY_EN):
        carried = pattern.sub("", carried)
    return carried.strip(" ,，。.;；")
