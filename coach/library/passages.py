"""Cuts a Document into pieces that make sense alone, and any text into sentences.

Owns the rules of cutting and their version. Does not read files, embed, or search.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from coach.library.documents import Document, Section, lang_of

SPLITTER_VERSION = "headings-1"
"""Part of the index's identity: change it with every change of the cuts."""

ARTICLE_KEYS = frozenset({"id", "tier", "questions"})
"""A file with these in its front matter is an article: one piece, with questions of its own."""
_LIST_ITEM = re.compile(r"([ \t]*)(?:[-*+•·●○■◆▪–—]\s|\d{1,3}[.)、．）]|[（(]\d{1,3}[)）]|[一二三四五六七八九十]{1,3}、|[①-⑳])")


@dataclass(frozen=True)
class Piece:
    """`document.text[start:end] == text`.

    `heading_path` ends with the lead-in line of a list when the piece begins inside that list. `location` names
    the page, slide or sheet, or a range of pages (`p. 3–4`).
    """

    text: str
    heading_path: tuple[str, ...]
    start: int
    end: int
    location: str
    ordinal: int


@dataclass(frozen=True)
class _Atom:
    """What is not cut without need: a line (paragraph, list item, table row) or a part of an overlong one."""

    start: int
    end: int
    lead: str = ""
    opens: bool = False
    """It announces what follows and must not end a piece."""


def split(document: Document, *, target: int = 450, limit: int = 700) -> list[Piece]:
    """Cut a document along headings, then paragraphs, list items and rows, then sentences.

    Pieces grow to about `target` characters and never exceed `limit`; both are for Chinese and taken 2.2 times
    for sections in English. A file with the front matter of the built-in articles is one piece.
    """
    if ARTICLE_KEYS <= document.front_matter.keys():
        start = len(document.text) - len(document.text.lstrip())
        text = document.text.strip()
        return [Piece(text, (), start, start + len(text), "", 0)]
    pieces: list[Piece] = []
    for sections in _streams(document.sections):
        begin, stop = sections[0].start, sections[-1].end
        english = lang_of(document.text[begin:stop]) == "en"
        most = round(limit * 16 / 7) if english else limit
        goal = min(round(target * 20 / 9) if english else target, most)
        atoms = list(_atoms(document.text, begin, stop, most))
        starts = [section.start for section in sections]
        for group in _packed(atoms, goal, most):
            start, end = group[0].start, group[-1].end
            first, last = (sections[max(bisect_right(starts, at) - 1, 0)].location for at in (start, end - 1))
            where = first if first == last else f"{first}–{last.removeprefix('p. ')}"
            path = sections[0].heading_path + ((group[0].lead,) if group[0].lead else ())
            pieces.append(Piece(document.text[start:end], path, start, end, where, len(pieces)))
    return pieces


def _streams(sections: Sequence[Section]) -> Iterator[list[Section]]:
    """Sections that flow into one another: pages under one heading; slides and sheets stand alone."""
    stream: list[Section] = []
    for section in sections:
        pages = bool(stream) and stream[-1].location.startswith("p. ") and section.location.startswith("p. ")
        if stream and stream[-1].heading_path == section.heading_path and pages:
            stream.append(section)
            continue
        if stream:
            yield stream
        stream = [section]
    if stream:
        yield stream


def _atoms(text: str, begin: int, stop: int, limit: int) -> Iterator[_Atom]:
    lead, lead_indent = "", 0
    line = _next_line(text, begin, stop)
    while line:
        start, end = line
        line = _next_line(text, end, stop)
        item = _LIST_ITEM.match(text, start - _indent(text, start, begin), end)
        indent = len(item[1]) if item else 0
        if not item or indent <= lead_indent and lead_indent:
            lead = ""
        following = _LIST_ITEM.match(text, line[0] - _indent(text, line[0], begin), line[1]) if line else None
        opens = text[end - 1] in ":：" and following is not None and (not item or len(following[1]) > indent)
        for number, (a, b) in enumerate(_fitting(text, start, end, limit)):
            # The end of an overlong lead-in still announces the list.
            yield _Atom(a, b, lead, opens and b == end and (number == 0 or b - a < limit))
        if opens and not item:
            lead, lead_indent = text[start:end].rstrip(":： ")[-80:], 0


def _next_line(text: str, at: int, stop: int) -> tuple[int, int] | None:
    """Start and end of the next line with text in `text[at:stop]`, without the white space around it."""
    while at < stop and text[at].isspace():
        at += 1
    if at >= stop:
        return None
    end = text.find("\n", at, stop)
    end = stop if end < 0 else end
    while text[end - 1].isspace():
        end -= 1
    return at, end


def _indent(text: str, start: int, begin: int) -> int:
    at = start
    while at > begin and text[at - 1] in " \t":
        at -= 1
    return start - at


def _fitting(text: str, start: int, end: int, limit: int) -> Iterator[tuple[int, int]]:
    """Give the span itself, or its sentences when it is too long; a too long sentence is cut at punctuation."""
    if end - start <= limit:
        yield start, end
        return
    starts = [start, *(start + a for a, _, _ in sentences(text[start:end])[1:]), end]
    for a, b in zip(starts, starts[1:], strict=False):
        while b - a > limit:
            cut = _soft_cut(text, a, a + limit)
            yield from _trimmed(text, a, cut)
            a = cut
        yield from _trimmed(text, a, b)


_SOFT = (re.compile(r"[。！？；;!?”」』）)]"), re.compile(r"[，,、：:]"), re.compile(r"\s"))


def _soft_cut(text: str, start: int, end: int) -> int:
    """Find the last good place to cut in the later two thirds of a span, or its end."""
    for marks in _SOFT:
        found = [m.end() for m in marks.finditer(text, start + (end - start) // 3, end)]
        # "3,000" and "12:30" are not two things.
        found = [at for at in found if not (text[at - 1].isascii() and text[at - 2].isdigit() and text[at : at + 1].isdigit())]
        if found:
            return found[-1]
    return end


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield start, end


def _packed(atoms: Sequence[_Atom], target: int, limit: int) -> list[list[_Atom]]:
    """Join neighbours up to the target; half-empty pieces may go over it, no piece over the limit."""
    groups: list[list[_Atom]] = []
    group: list[_Atom] = []
    for atom in atoms:
        if group:
            size, joined = group[-1].end - group[0].start, atom.end - group[0].start
            if joined <= limit and (joined <= target or size < target // 2 or group[-1].opens):
                group.append(atom)
                continue
            moved = _announcing(group, atom, limit)
            groups.append(group)
            group = moved
        group.append(atom)
    if group:
        groups.append(group)
    if len(groups) > 1:
        last, before = groups[-1], groups[-2]
        if last[-1].end - last[0].start < target // 4 and last[-1].end - before[0].start <= limit:
            before.extend(groups.pop())
    return groups


def _announcing(group: list[_Atom], atom: _Atom, limit: int) -> list[_Atom]:
    """Take the lead-in lines off the end of a group, when they fit before `atom`."""
    keep = len(group)
    while keep > 1 and group[keep - 1].opens and atom.end - group[keep - 1].start <= limit:
        keep -= 1
    moved = group[keep:]
    del group[keep:]
    return moved


# --- sentences --------------------------------------------------------------------------------------------------------

_STOPS = "。！？｡!?．.…"
_ENDING = re.compile(f"[{_STOPS}]+")
_SEMICOLON = re.compile("[；;]+")
_CLOSERS = "”’」』）)》】］]〕\"'"
_PAIRS = {"“": "”", "‘": "’", "「": "」", "『": "』", "（": "）", "(": ")", "《": "》", "【": "】", "[": "]", "〔": "〕"}
_QUOTES = '“‘「『"'
_MARK = re.compile("[" + re.escape("".join({*_PAIRS, *_PAIRS.values()})) + '"]')
_PROTECTED = 200
"""A longer quotation may be cut inside: it is a text of its own."""
_LONG_ZH, _LONG_EN = 120, 288
_CJK = re.compile(r"[\u3040-\u30ff㐀-鿿豈-﫿＀-￯]")
# Followed by a name, a figure or more of the sentence.
_ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof st rev hon gen sen rep dept vs v e.g i.e eg ie cf fig figs eq pp p vol vols ch sec approx ca est "
    "jan feb mar apr jun jul aug sep sept oct nov dec ext tel min max avg incl excl resp".split()
)
# These may close a sentence; the next word decides.
_MAYBE = frozenset("inc ltd co corp llc plc jr sr al etc a.m p.m ph.d".split())
_STARTERS = frozenset(
    "the this that these those it its he she we they you i a an in on at as if but and so for from when while what how "
    "however then there our your their his her no not by to after before since because although with".split()
)


def sentences(text: str) -> list[tuple[int, int, str]]:
    """Sentences as (start, end, text), `text[start:end]` each, in order; fragments without a letter or digit are left out.

    A line break always ends a sentence. A quotation or bracket of up to 200 characters is not cut inside. A
    semicolon ends a sentence only where it is longer than 120 characters (288 for the English one).
    """
    found = []
    for line in re.finditer(r"[^\n]+", text):
        for start, end in _in_line(text, line.start(), line.end()):
            for a, b in _trimmed(text, start, end):
                if any(char.isalnum() for char in text[a:b]):
                    found.append((a, b, text[a:b]))
    return found


def _in_line(text: str, begin: int, stop: int) -> Iterator[tuple[int, int]]:
    spans = _protected(text, begin, stop)
    opens = [a for a, _ in spans]
    start = begin
    for match in _ENDING.finditer(text, begin, stop):
        at, end = match.span()
        if at < start:
            continue
        number = bisect_right(opens, at) - 1
        span = spans[number] if number >= 0 and spans[number][1] >= at else None
        end = _closed(text, end, stop, opens)
        if span and span[1] >= end:
            continue
        if _ends(text, start, match, end, stop) and not (span and _embedded(text, start, match[0], span, end, stop)):
            yield from _at_semicolons(text, start, end, spans, opens)
            start = end
    if start < stop:
        yield from _at_semicolons(text, start, stop, spans, opens)


def _protected(text: str, begin: int, stop: int) -> list[tuple[int, int]]:
    """Outermost quotations and brackets as (opening, closing) positions, in order, none longer than 200."""
    spans: list[tuple[int, int]] = []
    open_marks: list[tuple[int, str]] = []
    straight = -1
    for match in _MARK.finditer(text, begin, stop):
        at, mark = match.start(), match[0]
        if mark == '"':
            if straight >= 0 and at - straight <= _PROTECTED:
                spans.append((straight, at))
                straight = -1
            else:
                straight = at
        elif mark in _PAIRS:
            open_marks.append((at, _PAIRS[mark]))
        else:
            while open_marks and at - open_marks[0][0] > 50 * _PROTECTED:
                open_marks.pop(0)
            # A stray closing mark must not throw away what is open around it.
            depth = next((d for d in range(1, min(len(open_marks), 8) + 1) if open_marks[-d][1] == mark), 0)
            if depth:
                opened = open_marks[-depth][0]
                del open_marks[-depth:]
                if at - opened <= _PROTECTED:
                    spans.append((opened, at))
    outer: list[tuple[int, int]] = []
    for span in sorted(spans, key=lambda s: (s[0], -s[1])):
        if not outer or span[0] > outer[-1][1]:
            outer.append(span)
    return outer


def _closed(text: str, end: int, stop: int, opens: Sequence[int]) -> int:
    """Move the end behind the closing marks that belong to it; a straight quote may be an opening one."""
    while end < stop and text[end] in _CLOSERS:
        number = bisect_right(opens, end) - 1
        if number >= 0 and opens[number] == end:
            break
        end += 1
    return end


def _ends(text: str, start: int, match: re.Match[str], end: int, stop: int) -> bool:
    """Whether the stop marks of `match`, closed at `end`, end the sentence begun at `start`."""
    run = match[0]
    after = text[end] if end < stop else ""
    if not after:
        return True
    if after in "，、；：,;:" or after in _STOPS:
        return False
    following = text[end : end + 40].lstrip()
    if any(mark in "。！？｡…" for mark in run):
        return not ("…" in run and following[:1].islower())
    if _CJK.match(after):
        # "!" and "?" are typed for "！" and "？"; a dot only after Chinese: "Node.js", "3.5", "Inc.公司".
        return run.strip(".．") != "" or bool(_CJK.match(text[match.start() - 1 : match.start()]))
    if not after.isspace() or following[:1].islower():
        return False
    return len(run) > 1 or run not in ".．" or not _abbreviated(text, start, match.start(), following)


def _abbreviated(text: str, start: int, dot: int, following: str) -> bool:
    if re.fullmatch(r"[\s>#*-]*(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,4})", text[start:dot][:12]) and dot - start <= 12:
        return True  # "1. " and "a. " number the sentence that follows.
    found = re.search(r"[A-Za-z]+(?:\.[A-Za-z]+)*$", text[max(start, dot - 16) : dot])
    if not found:
        return False
    word = found[0].lower()
    if word in {"no", "nos", "art", "item"}:
        return following[:1].isdigit()
    if word in _ABBREVIATIONS:
        return True
    next_word = re.match(r"[A-Za-z]+", following)
    starts_new = next_word is not None and next_word[0].lower() in _STARTERS
    initial = len(word) == 1 and found[0].isupper()
    dotted = re.fullmatch(r"(?:[a-z]\.)+[a-z]", word) is not None
    return (initial or dotted or word in _MAYBE) and not (starts_new or word == "etc")


def _embedded(text: str, start: int, run: str, span: tuple[int, int], end: int, stop: int) -> bool:
    """Whether a quotation or bracket is a part of its sentence, as in 他问“为什么？”的时候.

    Speech (after a colon or comma, or from the beginning) is not; a full stop inside a quotation is not either.
    """
    if end >= stop or text[end].isspace():
        return False
    if text[end] in "的地得等和与或及":
        return True
    before = text[max(start, span[0] - 50) : span[0]].rstrip()
    quote = text[span[0]] in _QUOTES
    if quote and run.strip("。｡.．") == "":
        return False
    return bool(before) and not (quote and before[-1] in "：:，,")


def _at_semicolons(
    text: str, start: int, end: int, spans: Sequence[tuple[int, int]], opens: Sequence[int]
) -> Iterator[tuple[int, int]]:
    if end - start > _LONG_ZH:
        long = end - start > _LONG_EN
        for match in _SEMICOLON.finditer(text, start, end):
            number = bisect_right(opens, match.start()) - 1
            inside = number >= 0 and spans[number][1] > match.start()
            if not inside and match.end() < end and (long or "；" in match[0]):
                yield start, match.end()
                start = match.end()
    if start < end:
        yield start, end
