"""Which lines of a file are addressed to a program: never quoted, never obeyed, only said to have been left out.

Not all that speaks of AI is an order: "used AI tools to write copy" is an achievement, "the assistant must answer the phone" a
duty. A line is one when it turns to whoever reads the file by machine, or tells it what to reply.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from coach import text as texts
from coach.conversation import filewords as wordings
from coach.conversation import patterns

_UNSEEN = re.compile("[\u200b\u2060-\u2064\ufeff]")
_TAGGED = re.compile("[\U000e0020-\U000e007e]{4,}")
_SENTENCE = re.compile(r"(?:[^。！？!?；;.]|\.(?!\s))*(?:[。！？!?；;]+|\.(?=\s)|$)")
_MAY_BE = re.compile(wordings.MAY_BE_ORDER, re.I)


def is_order(line: str) -> bool:
    """Whether a line of a file is addressed to a program."""
    said = texts.simplify(texts.normalise(line[:2000]))
    return bool(_MAY_BE.search(said) and any(p.search(said) for p in wordings.ORDERS)) or _instructs(said)


def _instructs(said: str) -> bool:
    """What would be an order in a message, without what in a file is often its matter ("new rules:", "training for AI teams")."""
    to_machine = bool(wordings.TO_MACHINE.search(said))
    found = (m.group(0) for m in patterns.INJECTION.finditer(said))
    return any(to_machine and ":" in said if wordings.MILD.fullmatch(words) else True for words in found)


def order_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Where a text holds orders to a program: whole blocks and comments, lines from their first order on."""
    found = [
        (m.start(), m.end())
        for m in wordings.BLOCK.finditer(text)
        if wordings.HIDDEN_BLOCK.match(m.group(0)) or is_order(m.group(0))
    ]
    at = 0
    for line in text.split("\n"):
        begun = _begins(line)
        if begun is not None and not any(s <= at + begun and at + len(line.rstrip()) <= e for s, e in found):
            found.append((at + begun, at + len(line)))
        at += len(line) + 1
    return tuple(sorted(found))


def _begins(line: str) -> int | None:
    """From where on a line is an order; None when it is none. Remembered by a digest: a file is looked through many times."""
    if len(line) < _SHORTEST:
        return None
    key = hashlib.sha256(line.encode("utf-8", "replace")).digest()
    begun = _known.get(key, -1)
    if begun == -1:
        if len(_known) >= _REMEMBERED:
            _known.clear()
        _known[key] = begun = _beginning(line)
    return begun


_SHORTEST = 4
_REMEMBERED = 20_000
_known: dict[bytes, int | None] = {}


def _beginning(line: str) -> int | None:
    plain = blank(line, [(m.start(), m.end()) for m in wordings.BLOCK.finditer(line) if is_order(m.group(0))])
    if not is_order(plain):
        return None
    for match in _SENTENCE.finditer(plain):
        if match.group(0) and is_order(match.group(0)):
            before = plain[: match.start()]
            return 0 if len(re.sub(r"\W", "", before)) < 4 else match.start()
    return 0


def blank(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text with blanks over some spans; every offset and line holds."""
    for start, end in spans:
        text = text[:start] + "".join(c if c == "\n" else " " for c in text[start:end]) + text[end:]
    return text


def hidden_lines(text: str) -> frozenset[str]:
    """The lines of a raw text, cleaned, that carry characters no reader sees and bid something."""
    if not _UNSEEN.search(text):
        return frozenset()
    lines = (line for line in text.split("\n") if len(_UNSEEN.findall(line)) > 1 or _TAGGED.search(line))
    return frozenset(c for line in lines if is_order(c := texts.clean(line)) or wordings.BIDS.search(c))
