"""What a change of a text took away and put in, marked word by word, as HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from coach.messages import say
from coach.types import Lang
from ui.html import escape

_SENTENCES = re.compile(r"[^。！？!?；;\n]*[。！？!?；;\n]+|[^。！？!?；;\n]+$|\. ")
_WORDS = re.compile(r"[A-Za-z0-9]+|\s+|.", re.DOTALL)
_MOST = 1_000_000  # pairs of words that are compared one by one; a longer change is shown as a whole


def changes_html(before: str, after: str, lang: Lang) -> str:
    """The text with what was taken away struck out and what was put in underlined; screen readers are told which is which."""
    out = []
    for kind, piece in changes(before, after):
        if kind == "same":
            out.append(escape(piece))
            continue
        told = say("wl_diff_out" if kind == "out" else "wl_diff_in", lang)
        tag = "del" if kind == "out" else "ins"
        out.append(f"<{tag}><span class='sr'>{escape(told)}</span>{escape(piece)}</{tag}>")
    return f"<div class='lib-text lib-diff' dir='auto'>{''.join(out)}</div>"


def changes(before: str, after: str) -> list[tuple[str, str]]:
    """Pieces in order, each `same`, `out` or `in`: same and out make the text before, same and in the text after."""
    merged: list[tuple[str, str]] = []
    for kind, piece in _pieces(_SENTENCES.findall(before), _SENTENCES.findall(after), within=True):
        if merged and merged[-1][0] == kind:
            merged[-1] = (kind, merged[-1][1] + piece)
        else:
            merged.append((kind, piece))
    return merged


def _pieces(old: Sequence[str], new: Sequence[str], *, within: bool) -> Iterator[tuple[str, str]]:
    """First by sentences, then, `within` those that changed, by words."""
    if len(old) * len(new) > _MOST:
        yield "out", "".join(old)
        yield "in", "".join(new)
        return
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        out, put = "".join(old[a:b]), "".join(new[c:d])
        if kind == "equal":
            yield "same", out
        elif within and out and put:
            yield from _pieces(_WORDS.findall(out), _WORDS.findall(put), within=False)
        else:
            yield from ((k, piece) for k, piece in (("out", out), ("in", put)) if piece)
