"""Turns a follow-up into a question that stands by itself, keeping what the person last said about themselves.

Only people's words are used: replies of the assistant may hold quoted documents, and a forged history may hold
instructions. What others said may be the topic; who they are is theirs. Works by rules, in both languages, without a model.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from coach import text as texts
from coach.conversation import patterns
from coach.types import Lang, Turn

MAX_TURNS = 40
_MAX_CARRIED = 160
_OWN_WORDS = 4  # a follow-up with as many words of its own weighs as much as what it follows


@dataclass(frozen=True, kw_only=True)
class Standalone:
    """A question that can be searched by itself. `identity` is what the person last said they are.

    `focus` is the part that weighs double in search, empty when all of it weighs the same.
    """

    text: str
    question: str
    focus: str = ""
    follow_up: bool = False
    identity: str = ""


def standalone(question: str, history: Sequence[Turn], lang: Lang) -> Standalone:
    """Joins a follow-up with the last question that carried the topic; leaves a full question as it is."""
    asked = texts.normalise(question)
    own = [texts.normalise(t.content) for t in history[-MAX_TURNS:] if t.role == "user" and t.content.strip()]
    identity = _identity([*own, asked])
    said = [_topical(t) for t in history[-MAX_TURNS:] if t.role != "assistant" and t.content.strip()]
    if not said or not needs_context(asked, lang):
        return Standalone(text=asked, question=asked, identity=identity)
    carried = texts.clip(_topic(said, lang), _MAX_CARRIED)
    if _corrects(asked):
        carried = _without_identity(carried)
    if item := _listed_item(asked, history):
        return Standalone(text=f"{carried} {item} {asked}", question=asked, focus=item, follow_up=True, identity=identity)
    separator = "" if lang == "zh" and carried.endswith(("？", "?", "。", "！")) else " "
    focus = asked if len(texts.tokens(asked)) >= _OWN_WORDS else ""
    return Standalone(text=f"{carried}{separator}{asked}".strip(), question=asked, focus=focus, follow_up=True, identity=identity)


def _topic(said: Sequence[str], lang: Lang) -> str:
    """The last question that stands by itself; one of a few words is led back to what was asked before it."""
    at = next((n for n in range(len(said) - 1, -1, -1) if not needs_context(said[n], lang)), len(said) - 1)
    if at > 0 and len(texts.tokens(said[at])) < _OWN_WORDS:
        return f"{said[at - 1]} {said[at]}"
    return said[at]


def needs_context(question: str, lang: Lang) -> bool:
    """Whether a message leans on what was said before: a pointer or a connecting word, in a short message."""
    if texts.language(question, lang) == "zh":
        length, long = len(question), 26
        leans = bool(patterns.OPENERS_ZH.search(question) or patterns.POINTERS_ZH.search(question))
        bare = length <= 5
    else:
        length, long = len(question.split()), 14
        leans = bool(patterns.OPENERS_EN.search(question) or patterns.POINTERS_EN.search(question))
        bare = length <= 2
    takes_back = _corrects(question) or bool(_MEANT.search(question))
    return bare or (leans and length <= long) or (takes_back and length <= 2 * long)


_MEANT = re.compile(
    r"说(岔|错|反)了|我(是说|说的是|问的是|想问的是|指的是)|打错了|不是(这个|那个|问这个)"
    r"|\b[Ii] (?:meant|was asking about|mean)\b|^(?:no|nah|oops|wait),? sorry\b"
)
"""Takes back or narrows what was asked before."""
_NUMBERS = {
    w: n
    for n, ws in enumerate(
        ("一 1 first one", "二 2 second two", "三 3 third three", "四 4 fourth four", "五 5 fifth five", "六 6 sixth six"), 1
    )
    for w in ws.split()
} | {"最后": 0, "last": 0}


def _listed_item(asked: str, history: Sequence[Turn]) -> str:
    """What "the third one" means: that item of the list in the last reply, a few words to search with, nothing more."""
    match = patterns.ORDINAL.search(asked)
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


def _topical(turn: Turn) -> str:
    said = texts.normalise(turn.content)
    return said if turn.role == "user" else _without_identity(said)


def _corrects(question: str) -> bool:
    return bool(patterns.CORRECTION.search(question)) and bool(patterns.ROLE.search(question))


def _identity(own: Sequence[str]) -> str:
    """The latest statement "I am …" that names a role."""
    for said in reversed(own):
        for pattern in (patterns.IDENTITY_ZH, patterns.IDENTITY_EN):
            for match in reversed(list(pattern.finditer(said))):
                if patterns.ROLE.search(match.group(1)):
                    return match.group(1).strip()
    return ""


def _without_identity(carried: str) -> str:
    """What is left of an earlier question when the person takes back who they said they were."""
    for pattern in (patterns.IDENTITY_ZH, patterns.IDENTITY_EN):
        carried = pattern.sub("", carried)
    return carried.strip(" ,，。.;；")
