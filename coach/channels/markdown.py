"""Our replies' Markdown as a small tree, and the tree cut at sensible places: what a channel renders in its own way.

Reads the Markdown that replies, plans and reviews hold, and nothing more: headings, paragraphs, lists nested once, quotes,
tables as lines, bold, italic, code, links, citation numbers. What is not closed or not meant as a mark stays the text it is.
Time is linear in the length of the text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from coach.text import clean

LEAST = 60
"""Characters a part must be allowed to have: room for the longest mark of a list item and some words."""
_NEXT = "\n\n"  # between blocks of plain text
_DEEPEST = 4


@dataclass(frozen=True, kw_only=True)
class Span:
    """Words that look alike. `link` is an https address or empty; `mark` the number of a citation, 0 for none."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    link: str = ""
    mark: int = 0


Spans = tuple[Span, ...]


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    """Lines that belong together, parted by line breaks inside the spans. A table is one, its cells parted by dots."""

    spans: Spans


@dataclass(frozen=True, kw_only=True)
class Heading:
    """A heading of level 1 to 4."""

    level: int
    spans: Spans


@dataclass(frozen=True, kw_only=True)
class Quote:
    """A quotation or note."""

    spans: Spans


@dataclass(frozen=True, kw_only=True)
class Item:
    """A line of a list; `depth` is 0 or 1, `number` as it was written, None for a bullet."""

    spans: Spans
    depth: int = 0
    number: int | None = None


@dataclass(frozen=True, kw_only=True)
class Items:
    """A list, its nested items in place."""

    items: tuple[Item, ...]


Block = Paragraph | Heading | Quote | Items


@dataclass(frozen=True, kw_only=True)
class Tree:
    """A text's blocks in order."""

    blocks: tuple[Block, ...] = ()


# --- reading -----------------------------------------------------------------------------------------------------------

_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(\S.*)")
_QUOTE = re.compile(r" {0,3}>[ \t]?(.*)")
_BULLET = re.compile(r"([ \t]*)[-*•·][ \t]+(\S.*)")
# "1." needs a space or a word after it: "3.5%" and "2024.1" begin no list.
_NUMBERED = re.compile(r"([ \t]*)(\d{1,3})(?:[.)）][ \t]+|[.、)）](?=[^\d\s]))(\S.*)")
_ROW = re.compile(r"[ \t]*\|(.+)\|[ \t]*")
_RULE = re.compile(r"[ \t]*\|(?:[ \t]*:?-+:?[ \t]*\|)+[ \t]*")
_CELLS = re.compile(r"(?<!\\)\|")
_NESTED = 2  # columns of indentation from which an item belongs to the one above


def parse(text: str) -> Tree:
    """The tree of any text; never fails. What nobody can see (control characters, lone surrogates) is left out."""
    reader = _Reader()
    lines = clean(text).split("\n")
    number = 0
    while number < len(lines):
        number += reader.take(lines, number)
    return Tree(blocks=tuple(reader.blocks()))


@dataclass
class _Open:
    """A block whose lines are still coming."""

    kind: str
    lines: list[Spans] = field(default_factory=list)
    items: list[tuple[list[Spans], int, int | None]] = field(default_factory=list)
    level: int = 0


class _Reader:
    """Lines to blocks."""

    def __init__(self) -> None:
        self._open: list[_Open] = []
        self._apart = True
        """A blank line came before: a paragraph or quote begins anew; a list may go on."""

    def take(self, lines: Sequence[str], at: int) -> int:
        """Reads from the line `at`; how many lines were read."""
        line = lines[at]
        if not line.strip():
            self._apart = True
            return 1
        read = 1
        if match := _HEADING.fullmatch(line):
            self._open.append(_Open("heading", [_inline(match[2].rstrip())], level=min(len(match[1]), _DEEPEST)))
        elif match := _QUOTE.fullmatch(line):
            self._block("quote").lines.append(_inline(match[1].rstrip()))
        elif match := _NUMBERED.fullmatch(line):
            self._item(match[1], match[3], int(match[2]))
        elif match := _BULLET.fullmatch(line):
            self._item(match[1], match[2], None)
        elif _ROW.fullmatch(line) and at + 1 < len(lines) and _RULE.fullmatch(lines[at + 1]):
            read = self._table(lines, at)
        elif line[0] in " \t" and not self._apart and self._open and self._open[-1].kind == "items":
            self._open[-1].items[-1][0].append(_inline(line.strip()))
        else:
            self._block("paragraph").lines.append(_inline(line.strip()))
        self._apart = read > 1
        return read

    def _block(self, kind: str) -> _Open:
        """The open block of this kind, or a new one."""
        if self._apart or not self._open or self._open[-1].kind != kind:
            self._open.append(_Open(kind))
        return self._open[-1]

    def _item(self, indent: str, content: str, number: int | None) -> None:
        last = self._open[-1] if self._open and self._open[-1].kind == "items" else None
        nested = bool(last) and len(indent.expandtabs(4)) >= _NESTED
        top = next((n for _, depth, n in reversed(last.items) if not depth), None) if last and self._apart else None
        if last is None or (self._apart and not nested and (top is None) != (number is None)):
            last = _Open("items")
            self._open.append(last)
        last.items.append(([_inline(content.rstrip())], int(nested), number))

    def _table(self, lines: Sequence[str], at: int) -> int:
        table = _Open("paragraph")
        self._open.append(table)
        end = at
        while end < len(lines) and (match := _ROW.fullmatch(lines[end])):
            if end != at + 1:
                cells = [_inline(cell.strip()) or (Span(text="–"),) for cell in _CELLS.split(match[1])]
                row = _joined(cells, " · ")
                table.lines.append(tuple(replace(s, bold=True) for s in row) if end == at else row)
            end += 1
        return end - at

    def blocks(self) -> Iterator[Block]:
        """All that was read."""
        for each in self._open:
            spans = _joined(each.lines, "\n")
            if each.kind == "items":
                yield Items(items=tuple(Item(spans=_joined(own, "\n"), depth=d, number=n) for own, d, n in each.items))
            elif each.kind == "heading":
                yield Heading(level=each.level, spans=spans)
            elif words(spans).strip():
                yield Quote(spans=spans) if each.kind == "quote" else Paragraph(spans=spans)


def _joined(lines: Iterable[Spans], joint: str) -> Spans:
    found: list[Span] = []
    for number, line in enumerate(lines):
        found += [Span(text=joint), *line] if number else line
    return _merged(found)


_TOKEN = re.compile(
    r"""
    \\(?P<escaped>[!-/:-@\[-`{-~])
  | `(?P<code>[^`]+)`
  | \[(?P<words>[^\[\]]{1,300})\]\((?P<to>https?://[^\s()<>]{1,2000})\)
  | \[(?P<mark>\d{1,3})\]
  | (?P<bare>https://[A-Za-z0-9][^\s<>()\[\]{}"'`*|\\\u3000-\u303f\u3400-\u9fff\uff00-\uffef“”‘’]{0,2000})
  | (?P<stars>\*+)
    """,
    re.X,
)
_TRAILING = ".,;:!?"


def _inline(line: str) -> Spans:
    """The spans of one line; bold and italic are paired by themselves, so that crossed marks do no harm."""
    pieces: list[Span] = []
    stars: list[tuple[int, bool, bool]] = []  # (number of the piece, may open, may close)
    done = 0
    for match in _TOKEN.finditer(line):
        pieces.append(Span(text=line[done : match.start()]))
        done = match.end()
        before, after = line[match.start() - 1 : match.start()], line[done : done + 1]
        if match["stars"]:
            for mark in _marks(match[0]):
                opens, closes = bool(after.strip()), bool(before.strip())
                if mark == "*":  # 3*4*5 is a sum
                    opens, closes = opens and not _is_word(before), closes and not _is_word(after)
                stars.append((len(pieces), opens, closes))
                pieces.append(Span(text=mark))
        elif match["words"]:
            pieces += [replace(s, link=match["to"], mark=0) for s in _inline(match["words"])]
        elif match["bare"]:
            address = match["bare"].rstrip(_TRAILING)
            done = match.start() + len(address)
            pieces.append(Span(text=address, link=address))
        elif match["code"]:
            pieces.append(Span(text=match["code"], code=True))
        elif match["mark"]:
            pieces.append(Span(text=match[0], mark=int(match["mark"])))
        else:
            pieces.append(Span(text=match["escaped"]))
    pieces.append(Span(text=line[done:]))
    return _merged(_emphasised(pieces, stars))


def _marks(stars: str) -> Iterator[str]:
    """Asterisks as marks: one, two, or both; more are text."""
    if len(stars) <= 3:
        yield from {1: ("*",), 2: ("**",), 3: ("**", "*")}[len(stars)]
    else:
        yield stars


def _is_word(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _emphasised(pieces: list[Span], stars: Sequence[tuple[int, bool, bool]]) -> Iterator[Span]:
    """The pieces with their style, without the marks that made it; a mark without its partner stays text."""
    opened: dict[str, int] = {}
    starts: dict[int, str] = {}
    ends: dict[int, str] = {}
    for at, opens, closes in stars:
        mark = pieces[at].text
        if len(mark) > 2:
            continue
        begun = opened.get(mark)
        if begun is not None and closes:
            starts[begun] = ends[at] = mark
            del opened[mark]
        elif begun is None and opens:
            opened[mark] = at
    style = {"*": False, "**": False}
    for number, piece in enumerate(pieces):
        if number in starts or number in ends:
            style[piece.text] = number in starts
        elif style["**"] or style["*"]:
            yield replace(piece, bold=style["**"], italic=style["*"])
        else:
            yield piece


def _merged(spans: Iterable[Span]) -> Spans:
    """Neighbours that look alike made one, empty ones left out; citation numbers stay by themselves."""
    found: list[Span] = []
    for look, run in groupby((s for s in spans if s.text), key=_look):
        own = list(run)
        if look[-1] or len(own) == 1:
            found += own
        else:
            found.append(replace(own[0], text=words(own)))
    return tuple(found)


def _look(span: Span) -> tuple[bool, bool, bool, str, int]:
    return span.bold, span.italic, span.code, span.link, span.mark


# --- plain text --------------------------------------------------------------------------------------------------------


def plain(tree: Tree) -> str:
    """The text without marks; list items keep their dash or number."""
    return _NEXT.join(_plain(block) for block in tree.blocks)


def words(spans: Iterable[Span]) -> str:
    """The text of spans."""
    return "".join(s.text for s in spans)


def _plain(block: Block) -> str:
    if isinstance(block, Items):
        return "\n".join(_lead(item) + words(item.spans) for item in block.items)
    return words(block.spans)


def _lead(item: Item) -> str:
    return "  " * item.depth + ("- " if item.number is None else f"{item.number}. ")


# --- cutting -----------------------------------------------------------------------------------------------------------

# A full stop ends a sentence at a space or at the end, or 3.5 would; quotation marks and citation numbers belong before the cut.
_SENTENCE = re.compile(r"(?:[。！？；…]|[.!?](?=[”’\"')\]]*(?:\s|\[\d|$)))[。！？”’」』\"')）】]*(?:\s?\[\d{1,3}\])*\s*")
_SPACE = re.compile(r"\s+")
_WORTH = 3  # a cut block begins in the part before only where a third of it is free


def parts(tree: Tree, limit: int) -> list[Tree]:
    """The tree in parts of at most `limit` characters of plain text each, in order, without loss; none of an empty tree.

    Cut between blocks where that is possible, then between list items, after sentences, at spaces, anywhere. A heading, or a
    line that leads up to a list, is not left alone at the end. Raises ValueError for a limit below LEAST.
    """
    if limit < LEAST:
        raise ValueError(f"limit must be at least {LEAST}, not {limit}")
    packing = _Packing(limit)
    for block in tree.blocks:
        packing.add(block)
    packing.close(whole=True)
    return packing.done


class _Packing:
    """Blocks on their way into parts."""

    def __init__(self, limit: int) -> None:
        self.done: list[Tree] = []
        self._limit = limit
        self._held: list[tuple[Block, int]] = []
        self._size = 0

    def add(self, block: Block) -> None:
        """Puts a block where it belongs, whole or cut. Blank ones, as long gaps leave them, are nothing to show."""
        text = _plain(block)
        size = len(text)
        if not text.strip():
            return
        if size > self._room and (size <= self._limit or self._room < self._wanted(block)):
            self.close()
        if size <= self._room:
            self._hold(block, size)
            return
        if self._room < LEAST:
            self.close(whole=True)
        for piece in _pieces(block, self._room, self._limit):
            self.add(piece)

    def _wanted(self, block: Block) -> int:
        """The room in which it is worth beginning a block that has to be cut: of a list, its first item goes in whole."""
        first = len(_plain(Items(items=block.items[:1]))) + 1 if isinstance(block, Items) else 0
        return max(LEAST, self._limit // _WORTH, first if first <= self._limit else 0)

    def close(self, *, whole: bool = False) -> None:
        """Ends the part; what leads up to the next block goes with it, unless the part ends `whole`."""
        keep = len(self._held)
        while not whole and keep and self._held[keep - 1][1] <= self._limit // _WORTH and _leads(self._held[keep - 1][0]):
            keep -= 1
        if keep:
            self.done.append(Tree(blocks=tuple(block for block, _ in self._held[:keep])))
            held, self._held, self._size = self._held[keep:], [], 0
            for block, size in held:
                self._hold(block, size)

    @property
    def _room(self) -> int:
        return self._limit - self._size - (len(_NEXT) if self._held else 0)

    def _hold(self, block: Block, size: int) -> None:
        self._size += size + (len(_NEXT) if self._held else 0)
        self._held.append((block, size))


def _leads(block: Block) -> bool:
    """Whether a block only announces the next one."""
    if isinstance(block, Paragraph):
        return all(s.bold for s in block.spans) or block.spans[-1].text.rstrip().endswith((":", "："))
    return isinstance(block, Heading)


def _pieces(block: Block, first: int, limit: int) -> Iterator[Block]:
    """A block that is too long, the first piece within `first` characters, the others within `limit`."""
    if not isinstance(block, Items):
        for spans in _cut(block.spans, first, limit):
            yield replace(block, spans=spans)
        return
    held: list[Item] = []
    room = first
    for item in block.items:
        lead = len(_lead(item))
        size = lead + len(words(item.spans)) + 1
        if size > room and held:
            yield Items(items=tuple(held))
            held, room = [], limit
        if size <= room:
            held.append(item)
            room -= size
            continue
        head, *rest = _cut(item.spans, max(1, room - lead), limit)
        yield Items(items=(replace(item, spans=head),))
        yield from (Paragraph(spans=spans) for spans in rest)
        room = limit
    if held:
        yield Items(items=tuple(held))


def _cut(spans: Spans, first: int, limit: int) -> list[Spans]:
    """Spans in pieces of at most `limit` characters (the first `first`): after a sentence, else at a space, else anywhere."""
    text = words(spans)
    ends = [m.end() for m in _SENTENCE.finditer(text)]
    spaces = [m.end() for m in _SPACE.finditer(text)]
    cuts = [0]
    room = first
    while len(text) - cuts[-1] > room:
        cuts.append(_last(ends, cuts[-1], room) or _last(spaces, cuts[-1], room) or cuts[-1] + room)
        room = limit
    return list(_sliced(spans, [*cuts[1:], len(text)]))


def _last(places: Sequence[int], start: int, room: int) -> int:
    """The last place within the room; 0 when there is none."""
    number = bisect_right(places, start + room) - 1
    return places[number] if number >= 0 and places[number] > start else 0


def _sliced(spans: Spans, stops: Sequence[int]) -> Iterator[Spans]:
    """The spans cut at the stops, the last of which is their end."""
    queue = iter(spans)
    span, at, begun = next(queue, None), 0, 0  # `begun`: where the rest of the span stands in the whole text
    for stop in stops:
        found: list[Span] = []
        while span is not None and begun < stop:
            take = min(stop - begun, len(span.text) - at)
            found.append(replace(span, text=span.text[at : at + take]))
            at, begun = at + take, begun + take
            if at == len(span.text):
                span, at = next(queue, None), 0
        if found:
            yield tuple(found)
