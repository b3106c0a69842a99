"""Answers from files brought into a conversation, made of their own sentences and cited with the tier `document`.

Finds the lines that speak of a question, sums a file up, and sets demands beside what a person told. Judges nobody. Vectors are
remembered in memory, by content, and nothing else is kept.
"""

from __future__ import annotations

import hashlib
import math
import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from coach import text as texts
from coach.conversation import filewords as wordings
from coach.conversation.attachments import Piece, Reading, Telling, pieces
from coach.conversation.citations import cite
from coach.conversation.fileparts import title_of
from coach.messages import say
from coach.models.embedding import Matrix
from coach.types import Citation, Lang, Passage, Status

Vectors = Callable[[list[str]], Matrix]
"""Unit vectors of texts, shape (len(texts), dimension)."""

_EMBEDDED = 32  # pieces of a file that are embedded for a question
_REMEMBERED = 6_000  # vectors kept in memory, 1.5 KB each
_WHOLE = {"zh": 320, "en": 800}  # characters of a file's sentences in a reply
_SUMMARY = {"zh": 520, "en": 1300}
_MOST = 6  # sentences in a reply about a file
_MOST_SUMMARY = 12
_MOST_DEMANDS = 8


# --- answers from the files ---------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class FileReply:
    """A reply made of a file's sentences. `found` is false when the file does not hold what was asked."""

    text: str
    status: Status
    found: bool = True
    citations: tuple[Citation, ...] = ()
    passages: tuple[Passage, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Hit:
    """A piece of a file with its nearness to the question.

    `similarity` is a cosine, `shared` the share of the question's words it holds, `meant` whether it speaks of the same thing
    in other words, `headed` whether its heading does, `fact` whether it names whom or when the question asks for, `favour` what
    its place or size is worth (the latest post, the largest sum). The adapted embedding is made to find articles: between short
    lines its cosines order what words leave open, and decide little alone.
    """

    piece: Piece
    similarity: float
    shared: float
    meant: bool
    headed: bool
    fact: bool = False
    favour: float = 0.0

    @property
    def value(self) -> float:
        """By which pieces compete."""
        words = _WORDS_WEIGH * self.shared + _MEANING_WEIGHS * self.meant + _HEADING_WEIGHS * self.headed
        return self.similarity + words + _FACT_WEIGHS * self.fact + self.favour


_WORDS_WEIGH, _MEANING_WEIGHS, _HEADING_WEIGHS = 0.5, 0.3, 0.15
_FACT_WEIGHS, _LATEST_WEIGHS, _LARGEST_WEIGHS = 0.2, 0.2, 0.4
_PLAINLY_BEST = 0.05  # value by which the best piece stands before the others of its passage
_NEXT_LINES = 120  # characters behind the best piece in which a line that names whom or when belongs to it
_ENOUGH_WORDS = 0.5
_ALIKE = 0.55  # cosine from which a line speaks of the question, whatever its words
_BESIDE_BEST = 0.35  # value by which a piece may stay behind the best and still be quoted
# Cosine from which somebody's line speaks of the same thing as a demand: alone, with one of its words, with more in common.
_SIMILAR, _SIMILAR_WITH_WORDS, _SIMILAR_IN_KIND = 0.62, 0.45, 0.3
_EACH_WORD = 0.1


class Files:
    """Answers from files, over the embedding of the library. Remembers vectors by content, nothing else; thread-safe."""

    def __init__(self, vectors: Vectors, query: Callable[[str], Matrix]) -> None:
        self._embed = vectors
        self._query = query
        self._known: OrderedDict[str, Matrix] = OrderedDict()
        self._lock = threading.Lock()

    def hits(self, core: str, files: Sequence[Reading]) -> list[Hit]:
        """The pieces of the files by their nearness to a question, best first; of a long file those with its words."""
        wanted, meant = set(_words(core)), [held for asked, held in wordings.CONCEPTS if asked.search(core)]
        facts = [held for asked, held in wordings.FACTS if asked.search(core)]
        every = [_body(reading) for reading in files]
        own = [p for found in every for p in _preselected(wanted, [*meant, *facts], found)]
        if not own:
            return []
        similarities = self._vectors([p.context for p in own]) @ self._query(core)
        found = [
            Hit(
                piece=piece,
                similarity=float(similarity),
                shared=_shared(wanted, piece.full),
                meant=any(m.search(piece.text) for m in meant),
                headed=bool(wanted & set(_words(piece.heading))) or any(m.search(piece.heading) for m in meant),
                fact=any(f.search(piece.text) for f in facts),
            )
            for piece, similarity in zip(own, similarities, strict=True)
        ]
        timed = _of_time(core, found, {k: v for pieces_ in every for k, v in _lasting(pieces_).items()})
        return sorted(_of_size(core, timed), key=lambda h: -h.value)

    def similarities(self, one: Sequence[str], other: Sequence[str]) -> Matrix:
        """Cosines, shape (len(one), len(other))."""
        result: Matrix = self._vectors(one) @ self._vectors(other).T
        return result

    def _vectors(self, wanted: Sequence[str]) -> Matrix:
        keys = [hashlib.sha256(t.encode("utf-8", "replace")).hexdigest() for t in wanted]
        with self._lock:
            held = {k: self._known[k] for k in keys if k in self._known}
        missing = {k: t for k, t in zip(keys, wanted, strict=True) if k not in held}
        if missing:
            held.update(zip(missing, self._embed(list(missing.values())), strict=True))
        with self._lock:
            for key in dict.fromkeys(keys):
                self._known[key] = held[key]
                self._known.move_to_end(key)
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        return np.stack([held[k] for k in keys])


def _body(reading: Reading) -> list[Piece]:
    """The pieces of a file without its title, which says nothing on what is asked."""
    own = [piece for passage in reading.passages for piece in pieces(passage)]
    title = title_of(reading.attachment.text)
    untitled = own[1:] if own and title and own[0].text.strip() == title and wordings.TITLED.search(title) else own
    return untitled or own


_Place = tuple[str, int]


def _lasting(own: Sequence[Piece]) -> dict[_Place, int]:
    """The year to which the post lasts that a line tells of, 9999 for the present one; lines without a post are left out."""
    years: dict[_Place, int] = {}
    path: tuple[str, ...] = ()
    year: int | None = None
    for piece in own:
        headings = piece.passage.heading_path
        if headings != path:
            path, year = headings, next((y for h in reversed(headings) if (y := _last_year(h))), None)
        year = _last_year(piece.text) or year
        if year:
            years[piece.passage.id, piece.start] = year
    return years


def _last_year(line: str) -> int | None:
    found = wordings.DATES.search(line)
    if not found:
        return None
    end = found["end"]
    if end is None or wordings.CURRENT.search(end):
        return _PRESENT
    return int(re.findall(r"(?:19|20)\d\d", end)[-1])


_PRESENT = 9999


def _of_time(core: str, found: Sequence[Hit], years: dict[_Place, int]) -> list[Hit]:
    """Where a file tells of several posts, the lines of the latest before others, or only those of the time that is asked for."""
    if len(set(years.values())) < 2:
        return list(found)
    latest = max(years.values())
    earlier, now = wordings.EARLIER.search(core), wordings.LATEST.search(core)
    timed = [(h, years.get((h.piece.passage.id, h.piece.start))) for h in found]
    if now and not earlier:
        return [h for h, year in timed if year in (None, latest)]
    if earlier and not now:
        return [h for h, year in timed if year != latest]
    return [replace(h, favour=_LATEST_WEIGHS) if year == latest else h for h, year in timed]


def _of_size(core: str, found: Sequence[Hit]) -> list[Hit]:
    """Where the largest sum or team is asked for, the line that holds the largest figure before others."""
    if not (wordings.MOST_ASKED.search(core) and wordings.OF_SIZE.search(core)):
        return list(found)
    sizes = [_largest(h.piece.text) if h.meant or h.shared else 0.0 for h in found]
    most = max(sizes, default=0.0)
    return [replace(h, favour=h.favour + _LARGEST_WEIGHS) if most and n == most else h for h, n in zip(found, sizes, strict=True)]


def _largest(line: str) -> float:
    plain = wordings.DATES.sub(" ", line)
    amounts = (
        float(m["n"].replace(",", "")) * wordings.UNITS.get((m["unit"] or "").lower(), 1.0)
        for m in wordings.AMOUNT.finditer(plain)
    )
    return max(amounts, default=0.0)


def _preselected(wanted: set[str], meant: Sequence[re.Pattern[str]], own: list[Piece]) -> list[Piece]:
    """At most `_EMBEDDED` pieces of a file: those that hold the rarest of the question's words, else its beginning."""
    if len(own) <= _EMBEDDED:
        return own
    held = [wanted & set(_words(p.full)) for p in own]
    spread = {w: math.log(1 + len(own) / (1 + sum(w in h for h in held))) for w in wanted}
    scores = [sum(spread[w] for w in h) + 2.0 * any(m.search(p.full) for m in meant) for p, h in zip(own, held, strict=True)]
    order = sorted(range(len(own)), key=lambda i: (-scores[i], i))[:_EMBEDDED]
    return [own[i] for i in sorted(order)]


def _words(text: str) -> list[str]:
    """Words to compare by; English ones without their plural."""
    return [w[:-1] if len(w) > 3 and w.isascii() and w.endswith("s") else w for w in texts.tokens(wordings.FILLER.sub(" ", text))]


def _shared(wanted: set[str], full: str) -> float:
    return len(wanted & set(_words(full))) / len(wanted) if wanted else 0.0


def speaks_of(hits: Sequence[Hit], *, pointed: bool) -> bool:
    """Whether the best pieces speak of the question. A question that does not point to a file needs most of its words there."""
    if not pointed:
        return any(h.shared > _ENOUGH_WORDS and h.similarity >= _SIMILAR_WITH_WORDS for h in hits[:_MOST])
    return any(
        h.shared >= _ENOUGH_WORDS or h.meant or ((h.headed or h.fact) and h.shared) or h.similarity >= _ALIKE
        for h in hits[:_MOST]
    )


def quoted(hits: Sequence[Hit], lang: Lang) -> FileReply:
    """The best pieces as cited extracts of the best piece's file, those of one passage together in the order of the text."""
    best = hits[0]
    beside = [h for h in hits if h.piece.passage.doc_id == best.piece.passage.doc_id and best.value - h.value <= _BESIDE_BEST]
    if best.shared or best.meant:  # where words decide, nearness alone adds nothing
        beside = [h for h in beside if h.shared or h.meant or h.headed]
    beside += [h for h in hits if h.fact and h not in beside and _follows(h.piece, best.piece)]
    kept = _fitting([h.piece for h in beside], _MOST, _WHOLE[lang])
    plainly = len(beside) > 1 and best.value - beside[1].value > _PLAINLY_BEST
    ordered = [kept[0], *_in_order(kept[1:])] if plainly else _in_order(kept)
    return _listed(say("att_says", lang, name=best.piece.passage.source), ordered, lang)


def _follows(piece: Piece, best: Piece) -> bool:
    """Whether a line stands close behind the best one."""
    return piece.passage.id == best.passage.id and 0 < piece.start - best.start <= len(best.text) + _NEXT_LINES


def _fitting(ranked: Sequence[Piece], most: int, room: int) -> list[Piece]:
    kept: list[Piece] = []
    for piece in ranked:
        if len(kept) < most and (not kept or sum(len(p.text) for p in kept) + len(piece.text) <= room):
            kept.append(piece)
    return kept


def _in_order(kept: Sequence[Piece]) -> list[Piece]:
    """Passages in the order of their best piece, pieces in the order of the text."""
    ranks = list(dict.fromkeys(p.passage.id for p in kept))
    return sorted(kept, key=lambda p: (ranks.index(p.passage.id), p.start))


def _listed(opening: str, kept: Sequence[Piece], lang: Lang) -> FileReply:
    """One piece goes on after the opening, several stand in lines of their own."""
    citations = [cite(p.passage, p.start, p.end, n) for n, p in enumerate(kept, 1)]
    lines = [f"{p.text}[{c.n}]" for p, c in zip(kept, citations, strict=True)]
    space = "" if lang == "zh" else " "
    text = f"{opening}{space}{lines[0]}" if len(lines) == 1 else "\n".join([opening, *(f"- {line}" for line in lines)])
    passages = tuple({p.passage.id: p.passage for p in kept}.values())
    return FileReply(text=text, status="answered", citations=tuple(citations), passages=passages)


def shifted(text: str, citations: Sequence[Citation], by: int) -> tuple[str, tuple[Citation, ...]]:
    """A cited text whose numbers go on after others."""
    known = {c.n for c in citations}
    moved = re.sub(r"\[(\d{1,2})\]", lambda m: f"[{int(m[1]) + by}]" if int(m[1]) in known else m[0], text)
    return moved, tuple(replace(c, n=c.n + by) for c in citations)


def summary(reading: Reading, lang: Lang) -> FileReply:
    """The sentences of a file that say most, of each section its first and those with figures, in the order of the text."""
    groups: OrderedDict[tuple[str, ...], list[Piece]] = OrderedDict()
    for passage in reading.passages:
        if own := pieces(passage):
            groups.setdefault(passage.heading_path, []).extend(own)
    if not groups:
        return FileReply(text="", status="not_in_sources", found=False)
    longest = max(len(group) for group in groups.values())
    ranked = [sorted(group, key=lambda p: (p is not group[0], not wordings.FIGURE.search(p.text))) for group in groups.values()]
    rounds = [group[n] for n in range(min(longest, _MOST_SUMMARY)) for group in ranked if n < len(group)]
    kept = {id(p) for p in _fitting(rounds, _MOST_SUMMARY, _SUMMARY[lang])}
    in_order = [p for group in groups.values() for p in group if id(p) in kept]
    return _listed(say("att_summary", lang, name=reading.attachment.name), in_order, lang)


# --- demands beside what somebody told ----------------------------------------------------------------------------


def compared(demanding: Reading, core: str, told: Telling, said: Sequence[str], files: Files, lang: Lang) -> FileReply:
    """Each demand in the file's words, beside the nearest of what the person told; no judgement."""
    wanted = _demands(demanding, core)
    if not wanted:
        return FileReply(text="", status="not_in_sources", found=False)
    lines = [*told.fields.values(), *told.now, *told.done]
    own = [*lines, *said]
    near = files.similarities([p.text for p in wanted], own) if own else None
    citations: list[Citation] = []
    text = [say("att_demands", lang, name=demanding.attachment.name)]
    for n, piece in enumerate(wanted):
        citations.append(cite(piece.passage, piece.start, piece.end, len(citations) + 1))
        line = say("att_demand", lang, words=piece.text.rstrip("。.;；"), mark=f"[{len(citations)}]")
        best = _nearest(piece, own, near[n]) if near is not None else None
        if best is None:
            line += say("att_demand_none", lang) if own else ""
        elif best < len(lines) and (found := told.cite(own[best], len(citations) + 1)):
            citations.append(found)
            line += say("att_demand_file", lang, words=own[best], mark=f"[{found.n}]")
        else:
            line += say("att_demand_said", lang, words=own[best])
        text.append(f"- {line}")
    if not own:
        text += ["", say("att_tell_first", lang)]
    cited = {c.passage_id for c in citations}
    passages = tuple(p for p in (*demanding.passages, *told.passages) if p.id in cited)
    return FileReply(text="\n".join(text), status="answered", citations=tuple(citations), passages=passages)


def _nearest(demand: Piece, own: Sequence[str], similarities: Matrix) -> int | None:
    """Which line speaks of the same thing as a demand: very near, or near with a word of it; None when none does."""
    wanted, same = set(_words(demand.text)), [held for held in wordings.SAME_THING if held.search(demand.text)]
    shared = [len(wanted & set(_words(line))) + 2 * any(held.search(line) for held in same) for line in own]
    best = max(range(len(own)), key=lambda i: float(similarities[i]) + _EACH_WORD * shared[i])
    floor = _SIMILAR_IN_KIND if shared[best] > 1 else _SIMILAR_WITH_WORDS if shared[best] else _SIMILAR
    return best if similarities[best] >= floor else None


def demanded(reading: Reading, core: str, lang: Lang) -> FileReply:
    """What a file demands, in its own words."""
    wanted = _demands(reading, core)
    if not wanted:
        return FileReply(text="", status="not_in_sources", found=False)
    return _listed(say("att_says", lang, name=reading.attachment.name), wanted, lang)


def _demands(reading: Reading, core: str) -> list[Piece]:
    """The sentences of a file that demand something: of the part the question names, else under headings of demands.

    Where no heading says so, the first sentences of every part.
    """
    wanted = set(_words(core))
    asked = [held for question, held in wordings.CONCEPTS if question.search(core)]
    parts: OrderedDict[str, list[Piece]] = OrderedDict()
    for piece in (piece for passage in reading.passages for piece in pieces(passage)):
        parts.setdefault(piece.heading, []).append(piece)
    named = [h for h in parts if h and (wanted & set(_words(h)) or any(held.search(h) for held in asked))]
    under = [h for h in parts if h and wordings.DEMANDS.search(h)]
    chosen = (named if reading.kind == "model" else []) or under or [h for h in parts if h] or list(parts)
    longest = max((len(parts[h]) for h in chosen), default=0)
    rounds = [parts[h][n] for n in range(longest) for h in chosen if n < len(parts[h])]
    kept = {id(p) for p in rounds[:_MOST_DEMANDS]}
    return [p for own in parts.values() for p in own if id(p) in kept]
