"""Which file a question speaks of, by the kind of paper or a word of its name; and which part of a question is the library's."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from coach import text as texts
from coach.conversation import filewords as wordings

_TITLE = 40  # characters of a first line that may be a title
_I = re.IGNORECASE


@dataclass(frozen=True, kw_only=True)
class Parts:
    """A question as what it asks of files and what it asks of the library.

    `marked`: it says that it means the library; `mixed`: one question asks the library about the file.
    """

    of_file: str
    of_library: str = ""
    marked: bool = False
    mixed: bool = False


def title_of(text: str) -> str:
    """The first line of a file, where it can be a title."""
    first = next((line.strip(" #\t*【】[]") for line in text.split("\n") if line.strip()), "")
    return first if len(first) <= _TITLE or (first.isascii() and len(first) <= 2 * _TITLE) else ""


def names_file(said: str, name: str, title: str) -> bool:
    """Whether a question speaks of a file as the paper it is ("the memo", "纪要里") or by a word of its own in its name."""
    path = Path(name)
    called = texts.simplify(f"{_spaced(path.stem)} {title} {wordings.BY_SUFFIX.get(path.suffix.lower(), '')}")
    if wordings.IN_GENERAL.search(said):
        return False
    if any(paper.search(said) for genre, paper in _papers() if genre.search(called)):
        return True
    advice = wordings.ON_MAKING.search(said) or wordings.HOW_TO.search(said)
    if advice or not wordings.ASKS_FACT.search(said):
        return False
    return bool(_own_words(called) & set(texts.tokens(said))) or any(n in said for n in _own_names(path.stem))


def some_paper(said: str) -> bool:
    """Whether a question points at a paper of any kind: with one file there, whatever it is called, that one is meant."""
    return any(here.search(said) for here in _pointed_at())


def unnamed(said: str, name: str, title: str) -> str:
    """A question without the words that call the file by its name, title or kind."""
    for called in (_spaced(Path(name).stem), title):
        words = re.findall(r"\w+", called)
        if words and len(called) >= 4:
            said = re.sub(r"[\s_-]*".join(map(re.escape, words)), " ", said, flags=_I)
    whole = texts.simplify(f"{_spaced(Path(name).stem)} {title}")
    for genre, calls in _calls():
        said = calls.sub(" ", said) if genre.search(whole) or calls.match(said) else said
    return said


def _spaced(stem: str) -> str:
    return re.sub(r"[_-]+", " ", stem)


@cache
def _papers() -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    """Each kind of paper with the wordings that speak of one that is there."""
    return tuple((re.compile(g, _I), re.compile(wordings.THE_PAPER.replace("NOUN", g), _I)) for g in wordings.GENRES)


@cache
def _calls() -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    return tuple((re.compile(g, _I), re.compile(wordings.CALLS.replace("NOUN", g), _I)) for g in wordings.GENRES)


@cache
def _pointed_at() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(wordings.POINTED_AT.replace("NOUN", g), _I) for g in wordings.GENRES)


def _own_words(called: str) -> set[str]:
    """The words of a name that are neither the field's nor of file names, nor figures."""
    return {
        w
        for w in texts.tokens(called)
        if w not in wordings.COMMON_IN_NAMES and not re.fullmatch(r"[\d.年月日/-]+|[a-z]\d?|\w", w)
    }


def _own_names(stem: str) -> set[str]:
    """Short Chinese parts of a file's name, as they stand: names of people and firms are cut apart as words."""
    return {
        n for n in re.findall(r"(?<![一-鿿])[一-鿿]{2,4}(?![一-鿿])", texts.simplify(stem)) if n not in wordings.COMMON_IN_NAMES
    }


# --- the parts of a question --------------------------------------------------------------------------------------


def parted(said: str, points: Callable[[str], bool], held: Callable[[str], float]) -> Parts:
    """A question as its parts.

    A part is the library's where it says so, or where it neither points to the files nor is held by them.
    """
    of_file: list[str] = []
    of_library: list[str] = []
    marked = mixed = False
    for piece in _questions(said):
        says_so = bool(wordings.OF_LIBRARY.search(piece))
        if says_so and not _own_question(piece, points):
            of_library.append(piece)
        elif says_so:
            of_file.append(wordings.OF_LIBRARY.sub(" ", piece))
            of_library.append(piece)
            mixed = True
        elif of_file and not points(piece) and wordings.HOW_TO.search(piece):
            of_library.append(piece)  # what to do about it
        elif not of_file or points(piece) or _goes_on(piece) or held(piece) >= _HELD:
            of_file.append(piece)
        else:
            of_library.append(piece)
        marked = marked or says_so
    if not of_file or not any(points(p) for p in of_file):
        return Parts(of_file=said)
    return Parts(of_file=" ".join(of_file), of_library=" ".join(of_library), marked=marked, mixed=mixed)


_HELD = 0.5  # share of a part's words in one line of a file from which it asks for that line


def _own_question(piece: str, points: Callable[[str], bool]) -> bool:
    """Whether a piece that means the library asks about the file too."""
    return points(wordings.OF_LIBRARY.sub(" ", piece))


def _goes_on(piece: str) -> bool:
    """Whether a piece asks on about the paper: it names it by a pronoun, or asks whom or when and hardly anything else."""
    fact = any(asked.search(piece) for asked, _ in wordings.FACTS)
    return bool(wordings.INSIDE_AGAIN.search(piece)) or _words(piece) < (_FACT_WORDS if fact else 2)


_FACT_WORDS = 4


def _words(piece: str) -> int:
    return len(set(texts.tokens(wordings.FILLER.sub(" ", piece))))


def _questions(said: str) -> list[str]:
    """The pieces of a message that ask something, each with what is told before it."""
    found: list[str] = []
    told = ""
    for piece in (p for p in wordings.PART_ENDS.split(said) if p and p.strip(" ,，、")):
        told = f"{told} {piece}".strip()
        if wordings.ASKS.search(piece):
            found.append(told)
            told = ""
    if told and found:
        found[-1] = f"{found[-1]} {told}"
    return found or [said]
