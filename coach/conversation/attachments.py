"""Reads files and long pastes for one conversation: what they are, what they say of a question, what they tell of a person.

A reply about a file is made of its own sentences, cited with the tier `document`. Orders inside a file are text. Nothing read
here enters the library; vectors are remembered in memory only. Decides no stage and no level: that is `coach.development`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from coach import text as texts
from coach.conversation import filewords as wordings
from coach.conversation import patterns
from coach.conversation.citations import cite
from coach.conversation.fileorders import blank, hidden_lines, is_order, order_spans
from coach.conversation.fileparts import Parts, names_file, parted, some_paper, title_of, unnamed
from coach.conversation.filewords import Kind
from coach.conversation.patterns import Wish
from coach.conversation.turn import danger_in
from coach.development.reading import instructions_in
from coach.library.documents import Document, Section, clean, lang_of
from coach.library.passages import sentences, split
from coach.messages import say
from coach.types import Attachment, Citation, Lang, Passage, Turn

Want = Literal["file", "summary", "demands", "compare", "confirm", "whose", "obey"]


PASTE = 1500
"""Characters from which a message may hold pasted material."""

_HEADINGS = 4
_ONLY_POINTS = 24  # characters of words that may point to a file and tell nothing else
_SHORT_QUESTION = 300  # characters of the question beside a paste
_FULL_QUESTION = 4  # words below which a part of a message leans on the part before it
_SOME_WORDS = 0.3  # share of a part's words in one line of a file that came with it, from which it asks for that line
_STRUCTURED = 6  # lines from which a long message looks pasted


# --- what kind of file it is --------------------------------------------------------------------------------------

_PERSONAL: tuple[Kind, ...] = ("cv", "review")
DEMANDING: tuple[Kind, ...] = ("model", "job")
_IN_HEADING, _IN_NAME, _IN_TEXT = 3, 3, 1  # what a sign is worth where it stands
_PLAIN = 3  # points from which the kind is not doubted

# --- how a message speaks of a file -------------------------------------------------------------------------------


# --- a file in pieces ---------------------------------------------------------------------------------------------

_ORDER = "\0order"
"""Stands in the heading path of passages that are orders to a program."""
_STOPS_LINE = "。！？!?.；;，,"


def _heading(line: str, plain_text: bool = True) -> tuple[int, str] | None:
    """Level and text of a line that is a heading: Markdown, or in plain text a short line with a heading's words."""
    plain = line.strip()
    if len(plain) > 120:
        return None
    if found := wordings.ATX.fullmatch(plain):
        return len(found[1]), found[2].strip()
    if plain_text and (found := wordings.BRACKETED.fullmatch(plain)):
        return 2, found[1].strip()
    bare = plain.rstrip(":：")
    short = 2 <= len(bare) <= 24 and ":" not in bare and "：" not in bare
    if plain_text and short and bare[-1] not in _STOPS_LINE and _unbulleted(bare) == 0:
        signs = (p.search(bare) for p in wordings.SIGNS.values())
        known = any(found and len(found.group(0)) >= len(bare) - 4 for found in signs)
        if known or wordings.NUMBERED.fullmatch(bare):
            return 2, bare
    return None


def _unbulleted(line: str) -> int:
    """Where a line begins behind its bullet or number."""
    found = wordings.BULLET.match(line)
    return found.end() if found else 0


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A sentence or list item of a file: `passage.text[start:end]`, without its bullet."""

    passage: Passage
    start: int
    end: int

    @property
    def text(self) -> str:
        """Its words."""
        return self.passage.text[self.start : self.end]

    @property
    def heading(self) -> str:
        """The nearest heading it stands under, may be empty; the title of the whole file is none."""
        return self.passage.heading_path[-1] if len(self.passage.heading_path) > 1 else ""

    @property
    def context(self) -> str:
        """Its words after that heading."""
        return f"{self.heading} › {self.text}" if self.heading and self.heading not in self.text else self.text

    @property
    def full(self) -> str:
        """Its words with all headings but the title."""
        return " ".join((*self.passage.heading_path[1:], self.text))


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A file as it was read: its kind, the headings, and its passages in order."""

    attachment: Attachment
    kind: Kind
    sure: bool
    headings: tuple[str, ...]
    passages: tuple[Passage, ...]

    @property
    def orders(self) -> bool:
        """Whether it holds lines that try to instruct a program."""
        return any(
            is_order(p.text[start:end]) or (start, end) == (0, len(p.text)) for p in self.passages for start, end in orders_in(p)
        )


def orders_in(passage: Passage) -> tuple[tuple[int, int], ...]:
    """Where a passage holds what is addressed to a program: all of it under a heading that says so."""
    if any(h == _ORDER or wordings.ORDER_HEADING.search(h) for h in passage.heading_path):
        return ((0, len(passage.text)),)
    return order_spans(passage.text)


def without_orders(passage: Passage) -> Passage:
    """The passage with blanks for what is addressed to a program; every offset holds."""
    return replace(passage, text=blank(passage.text, orders_in(passage)))


def read(attachment: Attachment) -> Reading:
    """Cuts a file as the library cuts documents; the ids of its passages are `<attachment id>#<number>`."""
    text = clean(attachment.text)
    sections = tuple(_sections(text, hidden_lines(attachment.text)))
    lang = lang_of(text)
    name = attachment.name.strip() or attachment.id
    digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
    document = Document(Path(name), name, sections, text, lang, {}, digest)
    passages = tuple(
        Passage(
            id=f"{attachment.id}#{piece.ordinal}",
            doc_id=attachment.id,
            text=piece.text,
            title=name,
            source=name,
            lang=lang,
            tier="document",
            heading_path=piece.heading_path,
            start=piece.start,
            end=piece.end,
        )
        for piece in split(document)
    )
    told = (s.heading_path for s in sections if not any(h == _ORDER or wordings.ORDER_HEADING.search(h) for h in s.heading_path))
    headings = tuple(dict.fromkeys(h for path in told for h in path))
    kind, sure = kind_of(name, headings, text)
    return Reading(attachment=attachment, kind=kind, sure=sure, headings=headings, passages=passages)


def _sections(text: str, hidden: frozenset[str]) -> Iterator[Section]:
    """The text under each heading, the heading's own line included, so that it can be quoted; orders are set apart."""
    path: list[tuple[int, str]] = []
    start, at, bare, ordered = 0, 0, False, False
    plain_text = not any(wordings.ATX.fullmatch(line.strip()) for line in text.split("\n") if len(line) <= 120)
    apart = _set_apart(text, hidden)
    for n, line in enumerate(text.split("\n")):
        end = at + len(line)
        found = None if n in apart else _heading(line, plain_text)
        if (n in apart) != ordered:
            if text[start:at].strip():
                yield _section(text, start, at, [*path, (9, _ORDER)] if ordered else path)
            start, ordered = at, n in apart
        if found:
            if not bare and text[start:at].strip():
                yield _section(text, start, at, path)
            level, words = found
            while path and path[-1][0] >= level:
                path.pop()
            path.append((level, words))
            start, bare = at + max(line.find(words), 0), True
        elif line.strip():
            bare = False
        at = end + 1
    if text[start:].strip():
        yield _section(text, start, len(text), [*path, (9, _ORDER)] if ordered else path)


def _set_apart(text: str, hidden: frozenset[str]) -> set[int]:
    """The numbers of the lines that are orders only together with others, or by signs a cleaned text has lost."""
    found: set[int] = set()
    blocks = [(s, e) for s, e in order_spans(text) if "\n" in text[s:e]]
    at, under = 0, False
    for n, line in enumerate(text.split("\n")):
        bare = len(line) < 60 and not wordings.ATX.fullmatch(line.strip())
        under = bool(line.strip()) and (under or (bare and bool(wordings.ORDER_HEADING.search(line))))
        if line in hidden or under or any(s <= at + len(line) and at < e for s, e in blocks):
            found.add(n)
        at += len(line) + 1
    return found


def _section(text: str, start: int, end: int, path: Sequence[tuple[int, str]]) -> Section:
    return Section(tuple(words for _, words in path), text[start:end], start, end)


def kind_of(name: str, headings: Sequence[str], text: str) -> tuple[Kind, bool]:
    """What a file is, by its name, headings and wordings; and whether that is beyond doubt."""
    points = {kind: _points(pattern, name, headings, text) for kind, pattern in wordings.SIGNS.items()}
    kind = max(points, key=lambda k: points[k])
    second = max(p for k, p in points.items() if k != kind)
    if points[kind] < _PLAIN - 1:
        return "other", not wordings.FIRST_PERSON.search(text)
    sure = (
        points[kind] >= _PLAIN
        and points[kind] > second
        and not wordings.OF_ANOTHER.search(f"{name} {' '.join(headings)} {text[:300]}")
    )
    return kind, sure


def _points(pattern: re.Pattern[str], name: str, headings: Sequence[str], text: str) -> int:
    in_name = _IN_NAME if pattern.search(name.replace("_", " ")) else 0
    in_headings = sum(_IN_HEADING for h in headings if pattern.search(h))
    return in_name + in_headings + min(3, _IN_TEXT * len({m.group(0).lower() for m in pattern.finditer(text[:20_000])}))


def pieces(passage: Passage) -> list[Piece]:
    """What of a passage can be quoted: sentences and list items; orders to a program and bare headings are left out."""
    found = []
    left_out = orders_in(passage)
    for start, end, words in _unordered(passage.text, left_out):
        begin = start + _unbulleted(words)
        said = passage.text[begin:end]
        if len(re.sub(r"\W", "", said)) < 2:
            continue
        if any(said.strip(" :：#") == h for h in passage.heading_path) and not wordings.DATES.search(said):
            continue
        found.append(Piece(passage=passage, start=begin, end=end))
    return found


def _unordered(text: str, left_out: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, str]]:
    """The sentences of a text, cut where orders begin and end."""
    for start, end, _ in sentences(blank(text, left_out)):
        cuts = [start, *(at for s, e in left_out if s < end and e > start for at in (max(s, start), min(e, end))), end]
        for begin, stop in zip(cuts[::2], cuts[1::2], strict=True):
            words = text[begin:stop]
            lead = len(words) - len(words.lstrip())
            yield begin + lead, begin + len(words.rstrip()), words.strip()


# --- what a message wants of the files ----------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Aim:
    """What a message wants of the files, and which of them it speaks of.

    `core` is what is looked for in them; `how_to`: advice is asked on what they say; `whether`: only if something stands there.
    `absent`: what was asked for by name and stands in none of them; `rest`: what is asked of the library beside, `marked` when
    the message says that it means the library, `mixed` when it asks the library about the file.
    """

    want: Want
    files: tuple[Reading, ...]
    core: str = ""
    how_to: bool = False
    whether: bool = False
    absent: str = ""
    rest: str = ""
    marked: bool = False
    mixed: bool = False


def aim_of(asked: str, files: Sequence[Reading], wish: Wish | None, *, brought: bool = False) -> Aim | None:
    """What a message wants of the files; None when it does not speak of them, or only as the ground of a wish.

    `brought`: the files came with this very message, so that it speaks of them whatever it calls them.
    """
    said = texts.simplify(asked)
    if wordings.OBEYS.search(said) and any(f.orders for f in files):
        return Aim(want="obey", files=tuple(files))
    pointed = _pointed(said, files)
    calls_it = bool(pointed)
    if brought and not wish and wordings.SPEAKER.search(said):
        pointed = pointed or tuple(files)
    if wordings.SHOWN.match(said) and not wordings.QUESTION_WORD.search(said):
        return Aim(want="confirm", files=pointed or tuple(files[-1:]))
    if wish == "weakest" and (reviews := tuple(f for f in pointed or files if f.kind == "review")):
        return Aim(want="file", files=reviews, core=said)
    if not pointed:
        return None
    parts = _parts(said, pointed, calls_it=calls_it)
    if parts.of_library and not wish:
        aim = _aim_at(parts.of_file, pointed, files, wish)
        return replace(aim, rest=parts.of_library, marked=parts.marked, mixed=parts.mixed) if aim else None
    return _aim_at(said, pointed, files, wish)


def _aim_at(said: str, pointed: tuple[Reading, ...], files: Sequence[Reading], wish: Wish | None) -> Aim | None:
    """What is wanted of the files a message speaks of."""
    demanding = [f for f in pointed if f.kind in DEMANDING]
    if wordings.COMPARE_ASKED.search(said) and demanding and wordings.OWN.search(said):
        return Aim(want="compare", files=(*demanding, *(f for f in files if f not in demanding)), core=_core(said, demanding))
    if wish and (wish in ("plan", "page") or wordings.BY.search(said) or not _asks_inside(said, pointed)):
        return None
    absent, said = _absent(said, pointed)
    core = _core(said, pointed) if said else ""
    if demanding and wordings.DEMANDS_ASKED.search(said):
        return Aim(want="demands", files=tuple(demanding), core=core)
    if wordings.SUMMARY_ASKED.search(core) and (
        len(texts.tokens(wordings.SUMMARY_ASKED.sub(" ", core))) <= 1 or re.search(r"总结|概括|\bsummar", core, re.I)
    ):
        return Aim(want="summary", files=pointed)
    how_to, whether = bool(wordings.HOW_TO.search(said)), bool(wordings.WHETHER.search(said))
    return Aim(want="file", files=pointed, core=core, how_to=how_to, whether=whether, absent=absent)


def whole(aim: Aim) -> Aim:
    """An aim whose second part turned out to be the files' too."""
    return replace(aim, core=f"{aim.core} {aim.rest}".strip(), rest="")


def other_part(aim: Aim) -> Aim:
    """The second part of a message, asked of the files."""
    return Aim(want="file", files=aim.files, core=aim.rest)


def leans(part: str) -> bool:
    """Whether a part of a message speaks of what was said before it."""
    return bool(wordings.LEANS.search(part)) or len(texts.tokens(part)) < _FULL_QUESTION


def _parts(said: str, pointed: Sequence[Reading], *, calls_it: bool) -> Parts:
    """A message as what it asks of these files and what of the library; one that names no file asks for what they hold."""

    def points(piece: str) -> bool:
        return (
            held(piece) >= _SOME_WORDS
            if not calls_it
            else bool(wordings.ALWAYS.search(piece)) or any(_names(piece, f) for f in pointed) or some_paper(piece)
        )

    def held(piece: str) -> float:
        asked = set(texts.tokens(wordings.FILLER.sub(" ", piece)))
        lines = (p.full.lower() for f in pointed for passage in f.passages for p in pieces(passage))
        return max((sum(w in line for w in asked) / len(asked) for line in lines), default=0.0) if asked else 0.0

    return parted(said, points, held)


def _absent(said: str, pointed: Sequence[Reading]) -> tuple[str, str]:
    """The thing a question asks for by name ("any P&L responsibility") where no word for it stands in the files, and the rest."""
    asked = [p for p in wordings.PART_ENDS.split(said) if p and p.strip(" ,，")]
    for n, piece in enumerate(asked):
        plain = re.sub(r"^\W*(and|but|also)\s+", "", piece, flags=re.I)
        found = next((m for p in wordings.WHETHER_TERM if (m := p.search(plain))), None)
        if not found or not wordings.WHETHER.search(plain):
            continue
        term = next(g for g in found.groups() if g).strip()
        words = [w for w in texts.tokens(term) if w not in wordings.GENERIC_TERM]
        meant = [held for question, held in wordings.CONCEPTS if question.search(term)]
        if words and not any(_holds(f, words, meant) for f in pointed):
            others = [p for p in (*asked[:n], *asked[n + 1 :]) if wordings.ASKS.search(p)]
            return term, " ".join((*asked[:n], *asked[n + 1 :])) if others else ""
    return "", said


def _holds(reading: Reading, words: Sequence[str], meant: Sequence[re.Pattern[str]]) -> bool:
    """Whether a file, its orders aside, holds one of some words, or another word for the same thing."""
    text = texts.simplify(texts.normalise(" ".join(p.full for passage in reading.passages for p in pieces(passage)))).lower()
    stems = [w[:-1] if len(w) > 3 and w.isascii() and w.endswith("s") else w for w in words]
    return any(w in text for w in stems) or any(m.search(text) for m in meant)


def _pointed(said: str, files: Sequence[Reading]) -> tuple[Reading, ...]:
    """The files a message speaks of: by their kind or name; all of them where it says "this file"."""
    named = [f for f in files if _names(said, f)]
    if named:
        return tuple(named)
    return tuple(files) if wordings.ALWAYS.search(said) or (len(files) == 1 and some_paper(said)) else ()


def _names(said: str, reading: Reading) -> bool:
    """Whether a message speaks of this file: "my CV", "the form says", words of its name; not "how do I write a CV"."""
    stem = texts.fold(Path(reading.attachment.name).stem)
    if len(stem) >= 4 and stem in texts.fold(said):
        return True
    if names_file(said, reading.attachment.name, title_of(reading.attachment.text)):
        return True
    noun = wordings.NOUNS[reading.kind]
    if _of(wordings.NAMED, noun).search(said):
        return not _of(wordings.WRITING, noun).search(said)
    return bool(wordings.BY.search(said)) and bool(_of("NOUN", noun).search(said))


def _of(template: str, *nouns: str) -> re.Pattern[str]:
    """A wording about certain nouns."""
    return re.compile(template.replace("NOUN", f"({'|'.join(nouns)})"), re.I)


def mentions_file(text: str) -> bool:
    """Whether some words of a message only say by which file to go: they tell nothing of the person."""
    said = texts.simplify(text)
    short = len(said) <= _ONLY_POINTS and _of(wordings.THIS_NOUN, *(wordings.NOUNS[k] for k in _PERSONAL)).search(said)
    return bool(short or wordings.ALWAYS.search(said) or wordings.BY.search(said))


def _asks_inside(said: str, pointed: Sequence[Reading]) -> bool:
    """Whether it asks what stands in the file."""
    nouns = (wordings.FILE, *(wordings.NOUNS[f.kind] for f in pointed))
    return bool(_of(wordings.INSIDE, *nouns).search(said))


def _core(said: str, pointed: Sequence[Reading]) -> str:
    """A message without the words that only point to the file: what is looked for in it."""
    for file in pointed:
        if len(kept := unnamed(said, file.attachment.name, title_of(file.attachment.text)).strip()) > 4:
            said = kept
    for noun in (*(wordings.NOUNS[f.kind] for f in pointed), wordings.FILE):
        if len(kept := _of(wordings.THIS_NOUN, noun).sub(" ", said).strip()) > 2:
            said = kept
    return texts.normalise(wordings.ALWAYS.sub(" ", wordings.FILE_NAMES.sub(" ", said))) or said


def own_files(files: Sequence[Reading], asked: str, history: Sequence[Turn]) -> tuple[tuple[Reading, ...], tuple[Reading, ...]]:
    """The files that tell of the person who asks, and those of which that has to be asked first."""
    told = [texts.simplify(t.content) for t in history if t.role == "user"] + [texts.simplify(asked)]
    mine = any(wordings.MINE.search(t) for t in told) or _confirmed(asked, history)
    other = any(wordings.NOT_MINE.search(t) for t in told)
    about = [f for f in files if f.kind in _PERSONAL or (f.kind == "other" and not f.sure)]
    if other:
        return (), ()
    return tuple(f for f in about if f.sure or mine), tuple(f for f in about if not (f.sure or mine))


def _confirmed(asked: str, history: Sequence[Turn]) -> bool:
    """Whether a "yes" followed the question whose file it is."""
    said = [*history, Turn(role="user", content=asked)]
    opening = {say("att_whose", lang, name="\0").partition("\0")[0] for lang in ("zh", "en")}
    return any(
        before.role == "assistant" and any(o in before.content for o in opening) and bool(wordings.YES.match(after.content))
        for before, after in zip(said, said[1:], strict=False)
    )


def asked_before(asked: str, history: Sequence[Turn]) -> str:
    """The question that waits for an answer to "is this file about you?"; empty when `asked` is no such answer."""
    opening = {say("att_whose", lang, name="\0").partition("\0")[0] for lang in ("zh", "en")}
    if len(history) < 2 or history[-1].role != "assistant" or not any(o in history[-1].content for o in opening):
        return ""
    if not (wordings.YES.match(asked) or wordings.MINE.search(texts.simplify(asked))):
        return ""
    return next((t.content for t in reversed(history) if t.role == "user"), "")


# --- a file as somebody's own telling -----------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Telling:
    """What files tell of the person they are about, in their literal words.

    `now`: lines on the present post, to be read as if typed; `done`: lines on what was done before, evidence and nothing else;
    `fields`: profile fields that stand under a label. `passages` hold all the words, to be cited.
    """

    now: tuple[str, ...] = ()
    done: tuple[str, ...] = ()
    fields: dict[str, str] = field(default_factory=dict)
    passages: tuple[Passage, ...] = ()
    names: tuple[str, ...] = ()
    orders: bool = False

    def cite(self, words: str, number: int) -> Citation | None:
        """The citation of some words of the files; None when they do not stand there as they are."""
        for passage in self.passages:
            if words and (start := passage.text.find(words)) >= 0:
                return cite(passage, start, start + len(words), number)
        return None


def telling(files: Sequence[Reading]) -> Telling:
    """What files about a person tell of them; demands, other people's words and orders to a program are left out."""
    now: list[str] = []
    done: list[str] = []
    fields: dict[str, str] = {}
    for reading in files:
        dated = any(wordings.DATES.search(p.text) for p in reading.passages)
        for passage in reading.passages:
            _tell(passage, dated, now, done, fields)
    return Telling(
        now=tuple(now),
        done=tuple(done),
        fields=fields,
        passages=tuple(p for f in files for p in f.passages),
        names=tuple(f.attachment.name for f in files),
        orders=any(f.orders for f in files),
    )


def _tell(passage: Passage, dated: bool, now: list[str], done: list[str], fields: dict[str, str]) -> None:
    """Sorts the lines of one passage. Under headings with dates, only the post that lasts to this day is the present one."""
    headings = passage.heading_path
    if any(wordings.OTHERS_SAY.search(h) or wordings.NOT_TOLD.search(h) for h in headings):
        return
    present = not dated or _lasts(headings)
    for piece in pieces(passage):
        said = piece.text.strip()
        if instructions_in(said):
            continue
        if _labelled(said, fields):
            continue
        if found := wordings.DATES.search(said):
            present = found["end"] is None or bool(wordings.CURRENT.search(found["end"]))
            post, rest = _post(said)
            if present and post:
                fields.setdefault("role", post)
                now += [_present(rest, fields)] if rest else []
        elif present and not (dated and wordings.LABEL.match(said)):
            now.append(_present(said, fields))
        else:
            done.append(said)


def _post(line: str) -> tuple[str, str]:
    """The title in a line of dates, company and post, and what the line tells after it; empty unless it names exactly one."""
    edges = [0, *(e for cut in wordings.POST_CUT.finditer(line) for e in cut.span()), len(line)]
    parts = [(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if _names_post(line[start:end].strip())]
    if len(parts) != 1:
        return "", ""
    start, end = parts[0]
    return line[start:end].strip(), line[end:].strip(" ，,；;|｜·/")


def _names_post(part: str) -> bool:
    plain = texts.simplify(part)
    return bool(patterns.ROLE.search(plain)) and not (wordings.DATES.search(part) or wordings.NOT_OWN_POST.search(plain))


def _lasts(headings: Sequence[str]) -> bool:
    """Whether the nearest heading with dates lasts to this day; without one, the words are a summary of the whole person."""
    for heading in reversed(headings):
        if found := wordings.DATES.search(heading):
            return found["end"] is None or bool(wordings.CURRENT.search(found["end"]))
    return True


def _labelled(said: str, fields: dict[str, str]) -> bool:
    """Puts "Post: …" into its field; a line about the boss is not about the person's own post."""
    for name, label in (("role", wordings.POST_LABEL), ("reports_to", wordings.BOSS_LABEL), ("target", wordings.TARGET_LABEL)):
        if found := label.match(said):
            fields.setdefault(name, found["x"].strip())
            return True
    return False


def _present(said: str, fields: dict[str, str]) -> str:
    """A line on the present post as it can be read: English CVs tell of it in the past tense, without "I"."""
    if found := wordings.REPORTS.search(said):
        fields.setdefault("reports_to", found["x"].strip())
    return wordings.PAST_VERB.sub("", said)


# --- just dropped in ----------------------------------------------------------------------------------------------


def confirmation(attachment: Attachment, lang: Lang) -> str:
    """What is said when a file was dropped in without a question: what was read, for how long, what can be asked now."""
    reading = read(attachment)
    headings = [h for h in reading.headings if len(h) <= 30][:_HEADINGS]
    named = say("att_list", lang).join(say("att_quote", lang, words=h) for h in headings)
    text = say(
        "att_read",
        lang,
        name=attachment.name,
        count=f"{len(attachment.text):,}",
        kind=say(f"att_kind_{reading.kind}", lang),
        parts=say("att_parts", lang, headings=named) if headings else "",
    )
    if reading.orders:
        text += ("" if lang == "zh" else " ") + say("att_orders", lang)
    return "\n".join([text, "", say("att_try", lang), *(f"- {q}" for q in suggestions(reading, lang))])


def suggestions(reading: Reading, lang: Lang) -> tuple[str, ...]:
    """Questions on a file of this kind that can really be answered."""
    summarise = say("att_ask_summary", lang)
    if reading.kind == "cv":
        return say("att_ask_cv_stage", lang), say("att_ask_cv_plan", lang), summarise
    if reading.kind == "review":
        return say("att_ask_review_lack", lang), say("att_ask_review_stage", lang), summarise
    if reading.kind in DEMANDING:
        return say("att_ask_demands", lang), say("att_ask_compare", lang), summarise
    parts = [p.heading_path[-1] for p in reading.passages if p.heading_path and 2 <= len(p.heading_path[-1]) <= 20]
    return summarise, *(say("att_ask_part", lang, heading=h) for h in list(dict.fromkeys(parts))[:2])


def split_paste(text: str) -> tuple[str, str | None]:
    """A long message as its question and what was pasted into it; (text, None) when nothing looks pasted.

    The question may stand before or after the paste, or on both sides; without one it is empty. Nothing is cut away: every
    word is in one of the two.
    """
    plain = clean(text).strip()
    if len(plain) <= PASTE:
        return text, None
    lines = [line for line in plain.split("\n") if line.strip()]
    if len(lines) < _STRUCTURED and (danger_in(plain) or _tells_of_oneself(plain)):
        return text, None  # somebody pours out their own story: that is typed, however long
    before, rest = _leading_question(plain)
    after, rest = _trailing_question(rest)
    if len(rest) < PASTE // 3:
        return text, None
    return "\n".join(q for q in (before, after) if q), rest


def _tells_of_oneself(plain: str) -> bool:
    return len(re.findall(r"我|\bI\b|\bmy\b", plain)) * 60 >= len(plain)


def _leading_question(plain: str) -> tuple[str, str]:
    first, cut, rest = plain.partition("\n")
    if not cut:
        spans = sentences(plain)
        end = spans[0][1] if spans else 0
        first, rest = plain[:end], plain[end:]
    if len(first) <= _SHORT_QUESTION and _is_question(first) and rest.strip() and _heading(first) is None:
        return first.strip(), rest.strip()
    return "", plain


def _trailing_question(plain: str) -> tuple[str, str]:
    rest, cut, last = plain.rpartition("\n")
    if not cut:
        spans = sentences(plain)
        start = spans[-1][0] if spans else len(plain)
        rest, last = plain[:start], plain[start:]
    bulleted = _unbulleted(last) > 0
    if len(last) <= _SHORT_QUESTION and _is_question(last) and rest.strip() and not bulleted:
        return last.strip(), rest.strip()
    return "", plain


def _is_question(line: str) -> bool:
    """Whether a line beside a paste is what the person wants."""
    said = texts.simplify(texts.normalise(line))
    return bool(
        re.search(r"[?？]|[吗呢]$", said)
        or wordings.SHOWN.match(said)
        or (wordings.SUMMARY_ASKED.search(said) and len(said) < 60)
        or (patterns.INQUIRES.search(said) and (wordings.ALWAYS.search(said) or patterns.ONESELF.search(said)))
        or re.match(
            r"(请|帮我|麻烦|(下面|以下)(是|这)|(please|can you|could you|help me|tell me|below is|here is|this is)\b)", said, re.I
        )
    )
