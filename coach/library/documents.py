"""Reads one file into a Document: its text, cut into sections along its own headings.

Owns encodings, file formats and every refusal (DocumentError). Does not cut passages, translate, or index;
does not run, fetch or obey anything a document contains. Text a person would not see (hidden HTML, hidden
sheets and slides, deleted or hidden Word text) is left out.
"""

from __future__ import annotations

import codecs
import hashlib
import math
import re
import threading
import unicodedata
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any, NoReturn

from coach.errors import DocumentError
from coach.types import Lang

MAX_BYTES = 100_000_000
MAX_HTML_BYTES = 20_000_000
"""The tree of an HTML page takes some thirty times its size."""
MAX_UNPACKED = 300_000_000
"""Largest sum of all parts of an Office file; Python's zipfile never gives out more than a part declares."""
MAX_PARSED_PART = 100_000_000
"""Largest XML part that is parsed as a whole (everything but worksheets)."""
MAX_TEXT = 30_000_000
"""Most characters one document may give: a shared cell text can be repeated without limit in a small file."""

_Node = Any
"""An object of a reading library that comes without types."""

_CJK = re.compile(r"[㐀-䶿一-鿿豈-﫿\U00020000-\U0003ffff]")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")
_LINE_END = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# Controls, lone surrogates, and invisible characters that can hide text from a reader (zero width, bidi, tags).
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f"
    r"\ud800-\udfff\ufeff\ufff9-\ufffc\ufffe\uffff\U000e0000-\U000e007f]"
)
_SYMBOL_FONT_BULLETS = str.maketrans(dict.fromkeys("\uf06c\uf06e\uf075\uf0a7\uf0b7\uf0d8\uf0fc", "•"))
_LIST_ITEM = re.compile(r"\s*(?:[-*+•·●○■◆▪–—]\s|\d{1,3}[.)、．）]|[（(]\d{1,3}[)）]|[一二三四五六七八九十]{1,3}、|[①-⑳])")


@dataclass(frozen=True)
class Section:
    """The text under one heading (and on one page, slide or sheet); `start:end` points into the document's text."""

    heading_path: tuple[str, ...]
    text: str
    start: int
    end: int
    location: str = ""


@dataclass(frozen=True)
class Document:
    """One file as text. `text[s.start:s.end] == s.text` for every section; `sha256` is that of the file's bytes."""

    path: Path
    title: str
    sections: tuple[Section, ...]
    text: str
    lang: Lang
    front_matter: dict[str, Any]
    sha256: str


def load(path: Path, *, max_bytes: int = MAX_BYTES) -> Document:
    """Read one file of a supported kind.

    Raises:
        DocumentError: the file cannot be used; the message names it and the reason, `hint` says what to do.

    """
    path = Path(path)
    with _reported(path):
        reader = _reader(path, max_bytes)
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        out = _Draft(path)
        reader(path, out)
        return out.document(digest)


def discover(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield each file below the given files and folders once, folders in order of name.

    Hidden files, Office lock files (`~$…`) and system files inside folders are skipped. Whatever else cannot be
    loaded (unsupported, missing, a folder that cannot be listed) is yielded, so that `load` reports it.
    """
    seen: set[Path] = set()
    for given in paths:
        for path in _below(Path(given)):
            key = path.absolute()
            if key not in seen:
                seen.add(key)
                yield path


def lang_of(text: str) -> Lang:
    """`zh` when at least a fifth of the letters are Chinese characters: Chinese business text is full of English terms."""
    sample = text if len(text) < 60_000 else text[:20_000] + text[len(text) // 2 :][:20_000] + text[-20_000:]
    chinese = len(_CJK.findall(sample))
    return "zh" if chinese and chinese >= 0.2 * (chinese + len(_LATIN.findall(sample))) else "en"


def clean(text: str) -> str:
    """Return NFC text with plain line feeds, without controls, lone surrogates and characters that hide text."""
    text = _INVISIBLE.sub("", _LINE_END.sub("\n", text))
    return unicodedata.normalize("NFC", text).translate(_SYMBOL_FONT_BULLETS)


def _below(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    try:
        entries = sorted(path.iterdir(), key=lambda p: (p.name.casefold(), p.name))
    except OSError:
        yield path
        return
    for entry in entries:
        name = entry.name
        if name.startswith((".", "~$")) or name.casefold() in {"thumbs.db", "desktop.ini", "__macosx", "icon\r"}:
            continue
        # A linked folder may lead back up: only real folders are entered.
        if not (entry.is_symlink() and entry.is_dir()):
            yield from _below(entry)


# --- refusals ---------------------------------------------------------------------------------------------------------


def _refuse(path: Path, reason: str, hint: str) -> NoReturn:
    raise DocumentError(f"{path.name!r} cannot be read: {reason}.", hint=hint)


@contextmanager
def _reported(path: Path) -> Iterator[None]:
    """Turn every failure of the file system and of the reading libraries into a DocumentError, here only."""
    try:
        yield
    except DocumentError:
        raise
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise DocumentError(
            f"{path.name!r} cannot be read: {reason}.", hint=f"Check that {str(path)!r} exists and may be read."
        ) from error
    # A damaged file makes the libraries raise almost anything (KeyError, zlib.error, XMLSyntaxError, RecursionError).
    except Exception as error:
        detail = " ".join(str(error).split())[:160]
        raise DocumentError(
            f"{path.name!r} cannot be read: its content is damaged ({type(error).__name__}: {detail}).",
            hint="Open it in the program that made it, save it again, and add the new copy.",
        ) from error


def _reader(path: Path, max_bytes: int) -> Callable[[Path, _Draft], None]:
    """Check all that can be known before parsing; give the loader for the suffix."""
    if path.is_dir():
        _refuse(path, "it is a folder", "Give the files in it, or check that the folder may be listed.")
    if not path.exists():
        _refuse(path, f"there is no file {str(path)!r}", "Check the path.")
    if not path.is_file():
        _refuse(path, "it is not a regular file", "Give a file.")
    suffix = path.suffix.lower()
    if suffix not in _LOADERS:
        known = " ".join(sorted(SUPPORTED))
        old = {".doc": ".docx", ".ppt": ".pptx", ".xls": ".xlsx"}.get(suffix, "")
        hint = f"Save it as {old}." if old else f"Save it as one of: {known}"
        _refuse(path, f"files ending in {suffix or 'nothing'!r} are not supported", hint)
    size = path.stat().st_size
    if size == 0:
        _refuse(path, "the file is empty (0 bytes)", "Save it again with its content, or leave it out.")
    limit = min(max_bytes, MAX_HTML_BYTES) if suffix in {".html", ".htm"} else max_bytes
    if size > limit:
        _refuse(path, f"it has {size:,} bytes, the limit is {limit:,}", "Split it into smaller files.")
    _check_magic(path, suffix)
    return _LOADERS[suffix]


_MAGIC = {
    b"%PDF-": "a PDF",
    b"PK\x03\x04": "a zip or Office file",
    b"\xd0\xcf\x11\xe0": "an old or password-protected Office file",
    b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",
    b"GIF8": "an image",
    b"\x1f\x8b": "a gzip archive",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"Rar!": "a RAR archive",
}


def _check_magic(path: Path, suffix: str) -> None:
    with path.open("rb") as file:
        head = file.read(1024)
    found = next((what for magic, what in _MAGIC.items() if head.startswith(magic)), "")
    if suffix == ".pdf":
        # Some producers put a few bytes before the marker; readers look for it in the first kilobyte.
        right = b"%PDF-" in head
    elif suffix in _OFFICE:
        if head.startswith(b"\xd0\xcf\x11\xe0"):
            _refuse_ole(path, suffix)
        right = head.startswith(b"PK\x03\x04")
    else:
        right = not found
    if not right:
        found = found or "something else"
        _refuse(path, f"its content is {found}, not {suffix}", "Give it the right ending, or save it again.")


def _refuse_ole(path: Path, suffix: str) -> NoReturn:
    """Tell a password from an old format: it makes an Office file a container with a stream of this name."""
    if "EncryptedPackage".encode("utf-16-le") in path.read_bytes():
        _refuse(path, "it is protected by a password", "Save a copy without a password.")
    _refuse(path, f"its content is an old Office format, not {suffix}", f"Open it and save it as {suffix}.")


_OFFICE = {".docx": "word/", ".pptx": "ppt/", ".xlsx": "xl/"}


def _check_zip(path: Path) -> None:
    """Refuse what must not reach an XML parser: bombs, passwords, other formats, document type definitions."""
    suffix = path.suffix.lower()
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if any(part.flag_bits & 1 for part in parts):
                _refuse(path, "it is protected by a password", "Save a copy without a password.")
            total = sum(part.file_size for part in parts)
            if total > MAX_UNPACKED:
                _refuse(path, f"it unpacks to {total:,} bytes, the limit is {MAX_UNPACKED:,}", "Split it into smaller files.")
            if not any(part.filename.startswith(_OFFICE[suffix]) for part in parts):
                _refuse(path, f"its content is a zip archive, not {suffix}", "Unpack it, or give it the right ending.")
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    _check_xml_part(path, archive, part)
    except zipfile.BadZipFile as error:
        raise DocumentError(
            f"{path.name!r} cannot be read: its content is damaged ({error}).",
            hint="Copy or download it again, or save it again in the program that made it.",
        ) from error


def _check_xml_part(path: Path, archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    streamed = part.filename.startswith("xl/worksheets/")
    if part.file_size > MAX_PARSED_PART and not streamed:
        _refuse(path, f"its part {part.filename!r} unpacks to {part.file_size:,} bytes", "Split it into smaller files.")
    with archive.open(part) as stream:
        head = stream.read(4096).replace(b"\0", b"")
    # Office files never hold one; entities could name files or addresses, or grow without limit.
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        _refuse(path, f"its part {part.filename!r} defines XML entities", "Save it again in an Office program.")


# --- the document in the making ---------------------------------------------------------------------------------------


@dataclass
class _Draft:
    """Collects headings and blocks in reading order and keeps the offsets."""

    path: Path
    title: str = ""
    front_matter: dict[str, Any] = field(default_factory=dict)
    location: str = ""
    parts: list[str] = field(default_factory=list)
    length: int = 0
    headings: list[tuple[int, str]] = field(default_factory=list)
    sections: list[tuple[tuple[str, ...], int, int, str]] = field(default_factory=list)
    bare: tuple[int, int, int] | None = None
    """Level, start and end of a heading that has no text yet."""

    def at(self, location: str) -> None:
        """Begin a slide or a sheet: headings before it do not hold any more."""
        self._settle(0)
        self.headings.clear()
        self.location = location

    def heading(self, level: int, text: str) -> None:
        """Begin a section; whatever is too long for a heading is text."""
        text = " ".join(clean(text).split())
        if not text:
            return
        if len(text) > 200:
            self.add(text)
            return
        self._settle(level)
        while self.headings and self.headings[-1][0] >= level:
            self.headings.pop()
        self.headings.append((level, text))
        start = self._write(text, "\n\n")
        self.bare = (level, start, self.length)
        if level == 1 and not self.title:
            self.title = text

    def label(self, text: str) -> None:
        """Write a title that stands above all headings without being one."""
        text = " ".join(clean(text).split())
        if text:
            self.title = self.title or text
            self._write(text, "\n\n")

    def add(self, text: str, sep: str = "\n\n") -> None:
        """Write a block under the present heading; `sep` goes between it and what stands before it."""
        text = clean(text).strip("\n").rstrip()
        if not text.strip():
            return
        fresh = self.bare is not None
        self.bare = None
        start = self._write(text, "\n\n" if fresh else sep)
        path = tuple(name for _, name in self.headings)
        last = self.sections[-1] if self.sections else None
        if last and not fresh and last[0] == path and last[3] == self.location:
            self.sections[-1] = (path, last[1], self.length, self.location)
        else:
            self.sections.append((path, start, self.length, self.location))

    def document(self, digest: str) -> Document:
        """Close the draft; without any text it is refused."""
        self._settle(0)
        text = "".join(self.parts)
        if not any(ch.isalnum() for ch in text):
            _refuse(self.path, "it has no text", "Add text to it, or leave it out.")
        if not self.sections:
            self.sections.append(((), 0, len(text), self.location))
        sections = tuple(Section(path, text[a:b], a, b, where) for path, a, b, where in self.sections)
        title = self.title or self.path.stem
        return Document(self.path, title, sections, text, lang_of(text), self.front_matter, digest)

    def _write(self, text: str, sep: str) -> int:
        if self.parts:
            self.parts.append(sep)
            self.length += len(sep)
        start = self.length
        self.parts.append(text)
        self.length += len(text)
        if self.length > MAX_TEXT:
            _refuse(self.path, f"it holds more than {MAX_TEXT:,} characters of text", "Split it into smaller files.")
        return start

    def _settle(self, level: int) -> None:
        """Keep a heading with nothing below it as text: it is all its section says."""
        if self.bare and level <= self.bare[0]:
            path = tuple(name for _, name in self.headings[:-1])
            self.sections.append((path, self.bare[1], self.bare[2], self.location))
        self.bare = None


# --- lines and tables -------------------------------------------------------------------------------------------------


_ENDED = frozenset("。！？!?.：:；;…")


def _width(line: str) -> int:
    return len(line) + len(_CJK.findall(line))


def _join(left: str, right: str) -> str:
    """Mend a wrapped line: Chinese takes no blank."""
    right = right.strip()
    if left.endswith("-") and left[-2:-1].isalpha() and right[:1].islower():
        return left + right
    return f"{left}{right}" if not (left[-1:].isascii() and right[:1].isascii()) else f"{left} {right}"


def _wraps(line: str, following: str, width: int) -> bool:
    """Whether `line` was broken because the page ended, not because the thought did."""
    if _width(line) < 0.8 * width or line.rstrip()[-1:] in _ENDED or line.endswith("|"):
        return False
    return not (_LIST_ITEM.match(following) or following.startswith(("　", "    ", "\t", "|", ">", "#")))


def _unwrap(lines: Sequence[str], width: int = 0) -> str:
    """Join hard-wrapped lines, so that a line break in a document's text always ends a sentence.

    Without a known page width, only a block whose lines are all about equally long counts as wrapped.
    """
    lines = _item_lines(lines)
    if not width:
        width = max(map(_width, lines))
        body = [line for line in lines[:-1] if line.rstrip()[-1:] not in _ENDED]
        if width < 60 or any(_width(line) < 0.7 * width for line in body):
            return "\n".join(line.rstrip() for line in lines)
    joined = [lines[0].rstrip()]
    for before, line in zip(lines, lines[1:], strict=False):
        if _wraps(before, line, width):
            joined[-1] = _join(joined[-1], line.rstrip())
        else:
            joined.append(line.rstrip())
    return "\n".join(joined)


def _item_lines(lines: Sequence[str]) -> Sequence[str]:
    """Join what is indented below a list item's marker to the item."""
    joined: list[str] = []
    for line in lines:
        indented = line.startswith("  ") and not _LIST_ITEM.match(line)
        if joined and indented and _LIST_ITEM.match(joined[-1]):
            joined[-1] = _join(joined[-1].rstrip(), line.rstrip())
        else:
            joined.append(line)
    return joined


_NUMBER = re.compile(r"[-+(]?[¥￥$€£]?[\d,.]*\d\)?\s*(?:%|元|万|亿|万元|亿元|k|m|bn)?", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")


def _is_header(cells: Sequence[str]) -> bool:
    """Short labels only: a figure, a sentence or a `姓名：` in the first row shows that it is not a header."""
    filled = [cell for cell in cells if cell]
    return len(filled) > 1 and all(
        len(cell) <= 40 and cell[-1] not in "。：:" and (not _NUMBER.fullmatch(cell) or bool(_YEAR.fullmatch(cell)))
        for cell in filled
    )


def _row_line(header: Sequence[str], cells: Sequence[str]) -> str:
    """One row that makes sense alone: `列名: 值；列名: 值`."""
    named = []
    for number, cell in enumerate(cells):
        name = header[number] if number < len(header) else ""
        if cell:
            named.append(f"{name.rstrip(':： ')}: {cell}" if name else cell)
    if not header and len(named) == 2 and len(named[0]) <= 40:
        return f"{named[0].rstrip(':： ')}: {named[1]}"
    return ("；" if any(_CJK.search(part) for part in named) else "; ").join(named)


def _table_lines(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Rows as lines; rows with a single cell above the header are titles."""
    header: Sequence[str] | None = None
    unused = False
    for row in rows:
        cells = [" ".join(clean(cell).split()) for cell in row]
        filled = sum(1 for cell in cells if cell)
        if not filled:
            continue
        if header is None and filled == 1:
            yield next(cell for cell in cells if cell)
            continue
        if header is None:
            unused = _is_header(cells)
            header = cells if unused else ()
            if unused:
                continue
        unused = False
        yield _row_line(header, cells)
    if unused and header:
        yield _row_line((), header)


# --- encodings --------------------------------------------------------------------------------------------------------

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UTF8_CHINESE = re.compile(rb"[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_CJK_MARKS = re.compile(r"[§°±·×÷\u0391-\u03c9\u2010-\u203b\u2103-\u22ff\u2460-\u25ff\u3000-\u301f\uff01-\uff5e\uffe5]")
_COMMONEST = frozenset(
    "的一是不了在人有我他这这個个大中上来來们們到时時地为為子你说說生国國年着就那和要出也得里后後自以会會家可下而过過天去能对對"
    "小多然于心学學么之都好看起发發当當没沒成只如事把还還用第样樣道想作种種开開美总總从從无無情己面最女但现現前些所同日手又行意动動"
    "方期它头頭经經长長儿回位分爱老因很给給名法间間斯知世什两兩次使身者被高已亲其进進此话常与與活正感市场場营營销銷品牌业業务務管理"
    "工资資料数數据据據客户戶目标標公司团團队隊本新产產定"
)
_RESAVE = "Open it in an editor and save it as UTF-8."


def _read_text(path: Path, declared: str = "") -> str:
    return clean(_decode(path, path.read_bytes(), declared))


def _decode(path: Path, data: bytes, declared: str) -> str:
    """Text of the bytes, never guessed beyond what looks like real text; else DocumentError."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            # Windows writes file names and clipboards with lone surrogates; `clean` removes them.
            errors = "surrogatepass" if encoding.startswith("utf-16") else "strict"
            try:
                return data[len(bom) :].decode(encoding, errors)
            except UnicodeDecodeError as error:
                _refuse(path, f"it is marked as {encoding} but is damaged at byte {error.start + len(bom):,}", _RESAVE)
    if b"\0" in data:
        return _best(data, ("utf-16-le", "utf-16-be")) or _not_text(path)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        high = sum(map(len, re.findall(rb"[\x80-\xff]+", data)))
        if sum(map(len, _UTF8_CHINESE.findall(data))) > 0.8 * high and high > 8:
            line = data.count(b"\n", 0, error.start) + 1
            _refuse(path, f"it is UTF-8 with damaged bytes in line {line}", _RESAVE)
    candidates = ("gb18030", "big5", "big5hkscs", "utf-16-le", "utf-16-be")
    return _as_declared(data, declared) or _best(data, candidates) or _last_resort(data) or _not_text(path)


def _not_text(path: Path) -> NoReturn:
    _refuse(path, "it is not text in any encoding known here", _RESAVE)


def _as_declared(data: bytes, declared: str) -> str:
    """Try a page's own charset; `gb2312` in practice means its superset."""
    name = "gb18030" if declared.lower() in {"gb2312", "gbk", "gb_2312-80"} else declared
    try:
        return data.decode(name) if name else ""
    except (UnicodeDecodeError, LookupError):
        return ""


@lru_cache(maxsize=1)
def _frequent() -> frozenset[str]:
    """List the everyday characters: level one of GB 2312 and of Big5, some 6,500 of the 90,000 ideographs."""
    gb = (bytes((a, b)) for a in range(0xB0, 0xD8) for b in range(0xA1, 0xFF))
    big5 = (bytes((a, b)) for a in range(0xA4, 0xC7) for b in (*range(0x40, 0x7F), *range(0xA1, 0xFF)))
    chars = {c.decode("gb2312", "ignore") for c in gb} | {c.decode("big5", "ignore") for c in big5}
    return frozenset(char for char in chars if _CJK.match(char))


def _likeness(text: str, *, wide: bool) -> float:
    """Share of characters that real Chinese or English text is made of; a wrong encoding gives rare ones instead.

    ASCII says nothing about single bytes, which all candidates share, but much about UTF-16 (`wide`).
    """
    good = seen = common = chinese = 0
    # An ideograph inside a Latin word is an accent read wrongly, unless it is a very common one.
    text = re.sub(r"(?<=[a-z])[㐀-鿿](?=[\x00-\x7f])|(?<=[\x00-\x7f])[㐀-鿿](?=[a-z])", _suspect, text[:20_000])
    for run in re.findall(r"[^\x00-\x7f]+|[\x00-\x7f]+", text):
        if run.isascii():
            seen += wide * len(run)
            good += wide * sum(1 for char in run if char.isprintable() or char in "\n\r\t")
            continue
        seen += len(run)
        known = sum(1 for char in run if char in _frequent())
        good += known + len(_CJK_MARKS.findall(run))
        chinese += known
        common += sum(1 for char in run if char in _COMMONEST)
    # Korean bytes, too, give everyday characters, but without the words that hold every Chinese text together.
    if not seen or (chinese >= 30 and common < 0.1 * chinese):
        return 0.0
    return good / seen


def _suspect(found: re.Match[str]) -> str:
    return found[0] if found[0] in _COMMONEST else "\ufffd"


def _best(data: bytes, encodings: Sequence[str]) -> str:
    """Decode the way that looks most like text; of equal ones the first; nothing if none does."""
    best, top = "", 0.0
    for encoding in encodings:
        wide = encoding.startswith("utf-16")
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        controls = len(re.findall(r"[\x01-\x08\x0e-\x1a\x1c-\x1f]", text[:20_000]))
        score = _likeness(text, wide=wide) if controls * 200 <= len(text) else 0.0
        if score > max(top, 0.9 if wide else 0.75):
            best, top = text, score
    return best


_WESTERN = re.compile(r"[À-ÏÑ-ÜßŒœà-ïñ-üŠšŽžŸÿ‘’“”„–—…•·€£©®™°§«»×÷½¼¾\u00a0]+")


def _last_resort(data: bytes) -> str:
    """Western European with few accents, or what charset-normalizer knows to be Japanese or Korean; no mere guesses."""
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        text = ""
    foreign = re.sub(r"[\x00-\x7f]+", "", text)
    if text and len(foreign) <= 0.15 * len(text) and _WESTERN.fullmatch(foreign) and not _INVISIBLE.search(text):
        return text
    from charset_normalizer import from_bytes

    match = from_bytes(data[:200_000]).best()
    if match is None or match.chaos > 0.05:
        return ""
    try:
        text = data.decode(match.encoding)
    except UnicodeDecodeError:
        return ""
    foreign = re.sub(r"[\x00-\x7f]+", "", text)
    eastern = len(re.findall(r"[\u3040-\u30ff\uac00-\ud7a3]", foreign))
    return text if len(foreign) >= 20 and eastern >= 0.3 * len(foreign) else ""


# --- Markdown, text, HTML ---------------------------------------------------------------------------------------------

_FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_ATX = re.compile(r" {0,3}(#{1,6})(?:[ \t]+|(?<=##)(?=[^\s#]))(.*?)(?:[ \t]+#+)?[ \t]*")
_TABLE_RULE = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*")
_DATA_URI = re.compile(r"!\[([^\]\n]{0,500})\]\(data:[^)\s]*\)")


def _front_matter(path: Path, text: str) -> tuple[dict[str, Any], str]:
    import yaml

    class Loader(yaml.SafeLoader):
        """Without aliases: nested ones make a few bytes stand for gigabytes."""

        def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
            if self.check_event(yaml.AliasEvent):
                mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
                raise yaml.MarkedYAMLError(problem="aliases are not allowed", problem_mark=mark)
            return super().compose_node(parent, index)

    found = _FRONT_MATTER.match(text)
    if not found:
        return {}, text
    if len(found[1]) > 100_000:
        _refuse(path, f"its front matter has {len(found[1]):,} characters", "Keep it below 100,000.")
    try:
        value = yaml.load(found[1], Loader)  # noqa: S506 - a SafeLoader
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f"line {mark.line + 2}" if mark else "its first lines"
        problem = getattr(error, "problem", None) or str(error)
        _refuse(path, f"the front matter is not valid YAML in {line} ({problem})", "Mend that line; quote text with colons.")
    # `---` may just be a rule above ordinary text.
    return (value, text[found.end() :]) if isinstance(value, dict) else ({}, text)


def _without_comments(text: str) -> str:
    """Drop `<!-- … -->`; an open one is text. Not a pattern: thousands of open ones would take it forever."""
    kept, at = [], 0
    while (begin := text.find("<!--", at)) >= 0 and (end := text.find("-->", begin + 4)) >= 0:
        kept.append(text[at:begin])
        at = end + 3
    return "".join([*kept, text[at:]])


def _load_markdown(path: Path, out: _Draft) -> None:
    out.front_matter, body = _front_matter(path, _read_text(path))
    if out.front_matter.get("title"):
        out.title = clean(str(out.front_matter["title"])).strip()
    lines = _DATA_URI.sub(r"\1", _without_comments(body)).split("\n")
    block: list[str] = []

    def flush() -> None:
        if block:
            out.add(_unwrap(block))
            block.clear()

    at = 0
    while at < len(lines):
        line = lines[at]
        # No mark-up line is this long, and the patterns are slow on long ones.
        short = line if len(line) < 1000 else "…"
        heading = _ATX.fullmatch(short)
        under = lines[at + 1][:1000] if at + 1 < len(lines) else ""
        taken = 1
        if fence := _FENCE.match(line):
            flush()
            taken = _fenced(lines, at, fence[1])
            out.add("\n".join(lines[at : at + taken]))
        elif heading:
            flush()
            out.heading(len(heading[1]), _plain(heading[2]))
        elif "|" in line and "|" in under and _TABLE_RULE.fullmatch(under):
            flush()
            taken = _piped(lines, at, out)
        elif len(block) == 1 and re.fullmatch(r" {0,3}(=+|-{2,})\s*", short) and not _LIST_ITEM.match(block[0]):
            out.heading(1 if "=" in line else 2, _plain(block.pop()))
        elif not line.strip() or re.fullmatch(r"\s*([-*_])(\s*\1){2,}\s*", short):
            flush()
        else:
            block.append(line)
        at += taken
    flush()


def _fenced(lines: Sequence[str], at: int, fence: str) -> int:
    """Count the lines of a code block; an open one goes on to the end."""
    for end in range(at + 1, len(lines)):
        text = lines[end].strip()
        if text.startswith(fence) and not text.strip(fence[0]):
            return end - at + 1
    return len(lines) - at


def _piped(lines: Sequence[str], at: int, out: _Draft) -> int:
    """Write a Markdown table row by row, each with its column names; give its number of lines."""
    end = at + 2
    while end < len(lines) and "|" in lines[end]:
        end += 1
    rows = [_pipe_cells(line) for number, line in enumerate(lines[at:end]) if number != 1]
    names, sep = rows[0], "\n\n"
    for cells in rows[1:] or [names]:
        out.add(_row_line(names if cells is not names else (), cells), sep)
        sep = "\n"
    return end - at


def _pipe_cells(line: str) -> list[str]:
    inner = line.strip().removeprefix("|").removesuffix("|")
    return [cell.replace(r"\|", "|").strip() for cell in re.split(r"(?<!\\)\|", inner)]


def _plain(text: str) -> str:
    """Strip the Markdown marks of a heading."""
    return re.sub(r"[*`]+|(?<!\w)_+|_+(?!\w)", "", re.sub(r"!?\[([^\]]{0,300})\]\([^)]{0,900}\)", r"\1", text)).strip()


def _load_text(path: Path, out: _Draft) -> None:
    for block in re.split(r"\n[ \t\u3000]*(?:\n[ \t\u3000]*)*\n", _read_text(path)):
        lines = [line for line in block.split("\n") if line.strip()]
        if lines:
            out.add(_unwrap(lines))


_HTML_DROPPED = frozenset("script style nav template noscript iframe object embed svg canvas head button select textarea".split())
_HTML_BLOCKS = frozenset(
    "html body p div section article header footer main aside ul ol li dl dt dd table thead tbody tr td th caption "
    "blockquote pre figure figcaption hr form fieldset details summary address".split()
)
_HTML_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_HTML_HIDDEN = re.compile(r"display:none|visibility:(?:hidden|collapse)|font-size:0(?![.\d]*[1-9])|opacity:0(?![.\d]*[1-9])")


def _html_hidden(tag: _Node) -> bool:
    if tag.name in _HTML_DROPPED or tag.has_attr("hidden") or tag.get("aria-hidden") == "true":
        return True
    return bool(_HTML_HIDDEN.search("".join(str(tag.get("style") or "").lower().split())))


def _load_html(path: Path, out: _Draft) -> None:
    from bs4 import BeautifulSoup

    with path.open("rb") as file:
        declared = re.search(rb"""charset\s*=\s*["']?\s*([\w-]+)""", file.read(2048))
    text = _read_text(path, declared[1].decode("ascii", "ignore") if declared else "")
    with warnings.catch_warnings():
        # A page that looks like XML or like a file name is read all the same.
        warnings.simplefilter("ignore")
        soup = BeautifulSoup(text, "html.parser")
    title = soup.title.get_text() if soup.title else ""
    for tag in soup.find_all(_html_hidden):
        if not tag.decomposed:
            tag.decompose()
    _walk_html(soup, out)
    out.title = " ".join(title.split()) or out.title


def _walk_html(soup: _Node, out: _Draft) -> None:
    """Go depth first without recursion: broken pages nest thousands deep."""
    from bs4.element import NavigableString, PreformattedString

    inline = _Inline(out)
    stack = [(soup, iter(soup.children))]
    while stack:
        node = next(stack[-1][1], None)
        if node is None:
            done, _ = stack.pop()
            if done.name in _HTML_BLOCKS:
                inline.flush()
        elif isinstance(node, NavigableString):
            # Comments, declarations and the like are of the other kind.
            if not isinstance(node, PreformattedString):
                inline.words.append(re.sub(r"\s+", " ", node))
        elif not _html_leaf(node, inline, out):
            if node.name in _HTML_BLOCKS:
                inline.flush()
            inline.item = inline.item or node.name == "li"
            stack.append((node, iter(node.children)))
    inline.flush()


def _html_leaf(node: _Node, inline: _Inline, out: _Draft) -> bool:
    """Write an element that is taken as a whole; False for one to walk into."""
    if node.name == "br":
        inline.words.append("\n")
        return True
    if node.name in _HTML_HEADINGS:
        inline.flush()
        out.heading(int(node.name[1]), node.get_text(" ", strip=True))
        return True
    if node.name == "pre":
        inline.flush()
        out.add(node.get_text())
        return True
    # A table that lays out a page holds blocks, not data.
    if node.name == "table" and not node.find(["table", "ul", "ol", "pre", *_HTML_HEADINGS]):
        inline.flush()
        _html_table(node, out)
        return True
    return False


@dataclass
class _Inline:
    """The words since the last block of a page began."""

    out: _Draft
    words: list[str] = field(default_factory=list)
    item: bool = False
    after_item: bool = False

    def flush(self) -> None:
        lines = [line.strip() for line in re.sub(r" +", " ", "".join(self.words)).split("\n")]
        text = "\n".join(line for line in lines if line)
        self.words.clear()
        if text:
            self.out.add(f"- {text}" if self.item else text, "\n" if self.item and self.after_item else "\n\n")
            self.after_item, self.item = self.item, False


def _html_table(table: _Node, out: _Draft) -> None:
    if caption := table.find("caption"):
        out.add(caption.get_text(" ", strip=True))
    rows = ([cell.get_text(" ", strip=True) for cell in row.find_all(["td", "th"])] for row in table.find_all("tr"))
    sep = "\n\n"
    for line in _table_lines(rows):
        out.add(line, sep)
        sep = "\n"


# --- PDF --------------------------------------------------------------------------------------------------------------

# PDFium keeps global state and must not be entered by two threads.
_PDFIUM = threading.Lock()
_Line = tuple[str, float]
"""A printed line and the size of its letters (0: not known)."""


def _load_pdf(path: Path, out: _Draft) -> None:
    pages = _pdf_pages(path)
    text = "".join(line for page in pages for line, _ in page)
    if not text.strip():
        what = f"its {len(pages)} page(s) hold no text, only images"
        _refuse(path, what, "Run text recognition first (for example ocrmypdf), then add the result.")
    odd = sum(1 for char in text if char == "\ufffd" or unicodedata.category(char) == "Co")
    if odd > 0.3 * len(text):
        _refuse(path, "its fonts do not say which characters they show", "Run text recognition first (for example ocrmypdf).")
    sizes = Counter[float]()
    for line, size in (line for page in pages for line in page):
        sizes[size] += len(line)
    body = sizes.most_common(1)[0][0]
    large = sorted((s for s in sizes if body and s >= 1.15 * body), reverse=True)
    levels = {size: min(rank, 6) for rank, size in enumerate(large, 1)}
    running = _running_lines(pages)
    for number, page in enumerate(pages, 1):
        out.location = f"p. {number}"
        _pdf_page([line for line in page if _without_digits(line[0]) not in running], levels, out)


def _pdf_pages(path: Path) -> list[list[_Line]]:
    import pypdfium2 as pdfium

    with _PDFIUM:
        try:
            pdf = pdfium.PdfDocument(path)
        except pdfium.PdfiumError as error:
            if "password" in str(error).lower():
                _refuse(path, "it is protected by a password", "Save a copy without a password.")
            raise
        try:
            pages: list[list[_Line]] = []
            total = 0
            for number in range(len(pdf)):
                pages.append(_pdf_lines(pdf[number]))
                total += sum(len(line) for line, _ in pages[-1])
                if total > MAX_TEXT:
                    _refuse(path, f"it holds more than {MAX_TEXT:,} characters of text", "Split it into smaller files.")
            return pages
        finally:
            pdf.close()


def _pdf_lines(page: _Node) -> list[_Line]:
    textpage = page.get_textpage()
    try:
        text = textpage.get_text_range()
        sized = len(text) == textpage.count_chars()
        lines = []
        for found in re.finditer(r"[^\r\n]+", text):
            # PDFium marks the hyphen of a broken word this way.
            line = clean(re.sub(r"[\ufffe\x02]$", "-", found[0])).strip()
            if line:
                lines.append((line, _letter_size(textpage, (found.start() + found.end()) // 2) if sized else 0.0))
        return lines
    finally:
        textpage.close()
        page.close()


def _letter_size(textpage: _Node, index: int) -> float:
    """Size on the page: many producers set size 1 and scale by the matrix."""
    import pypdfium2.raw as raw

    matrix = raw.FS_MATRIX()
    if not raw.FPDFText_GetMatrix(textpage, index, matrix):
        return 0.0
    size: float = raw.FPDFText_GetFontSize(textpage, index) * math.hypot(matrix.c, matrix.d)
    return round(size * 2) / 2


def _without_digits(line: str) -> str:
    return re.sub(r"\d+", "#", line)


def _running_lines(pages: Sequence[Sequence[_Line]]) -> set[str]:
    """Headers and footers: the same first or last line, page numbers aside, on most of at least four pages."""
    edges = Counter(_without_digits(page[at][0]) for page in pages if len(page) > 2 for at in (0, -1))
    return {line for line, count in edges.items() if len(pages) >= 4 and count >= 0.6 * len(pages)}


def _pdf_page(lines: Sequence[_Line], levels: dict[float, int], out: _Draft) -> None:
    width = max((_width(line) for line, size in lines if size not in levels), default=0)
    block: list[str] = []
    title: list[str] = []
    title_size = 0.0
    for line, size in [*lines, ("", -1.0)]:
        heading = size in levels and _width(line) <= 90 and line[-1] not in "。；;，,"
        if title and (not heading or size != title_size):
            out.heading(levels[title_size], _unwrap(title, 1).replace("\n", " "))
            title = []
        if heading:
            _pdf_block(block, width, out)
            block, title_size = [], size
            title.append(line)
        elif line:
            block.append(line)
    _pdf_block(block, width, out)


def _pdf_block(block: Sequence[str], width: int, out: _Draft) -> None:
    if not block:
        return
    text = _unwrap(block, max(width, 40))
    ended = not out.parts or out.bare or out.parts[-1][-1:] in {*_ENDED, "”", "」"}
    if ended or _LIST_ITEM.match(block[0]) or not out.sections or out.sections[-1][3] == out.location:
        out.add(text)
    else:
        # The sentence goes on from the page before.
        out.add(text, "" if not (out.parts[-1][-1].isascii() and text[0].isascii()) else " ")


# --- Office -----------------------------------------------------------------------------------------------------------

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_WORD_UNSEEN = frozenset({f"{_W}del", f"{_W}moveFrom", f"{_W}pPr", f"{_W}tblPr", f"{_W}trPr", f"{_W}tcPr", f"{_MC}Fallback"})


def _load_docx(path: Path, out: _Draft) -> None:
    import docx

    _check_zip(path)
    word = docx.Document(str(path))
    levels = {style.style_id: _style_level(style) for style in word.styles if style.type == 1}
    _word_blocks(word.element.body, levels, out)


def _style_level(style: _Node) -> int | None:
    """0 for the title, 1-9 for headings, -1 for list items; a style may inherit it from the one it is based on."""
    for _ in range(10):
        if style is None:
            return None
        name = str(style.name or "").strip().lower()
        if name in {"title", "标题", "標題"}:
            return 0
        if found := re.match(r"(?:heading|标题|標題)\s*(\d)", name):
            return int(found[1])
        if name.startswith(("list bullet", "list number")):
            return -1
        outline = style.element.find(f"{_W}pPr/{_W}outlineLvl")
        if outline is not None and int(outline.get(f"{_W}val", "9")) < 9:
            return int(outline.get(f"{_W}val")) + 1
        style = style.base_style
    return None


def _word_blocks(parent: _Node, levels: dict[str, int | None], out: _Draft) -> None:
    after_item = False
    for node in parent.iterchildren():
        item = False
        if node.tag == f"{_W}p":
            item = _word_paragraph(node, levels, out, after_item)
        elif node.tag == f"{_W}tbl":
            sep = "\n\n"
            for line in _table_lines(_word_rows(node)):
                out.add(line, sep)
                sep = "\n"
        elif node.tag == f"{_W}sdt" and (content := node.find(f"{_W}sdtContent")) is not None:
            _word_blocks(content, levels, out)
        after_item = item


def _word_paragraph(node: _Node, levels: dict[str, int | None], out: _Draft, after_item: bool) -> bool:
    """Write one paragraph; True when it is a list item."""
    text = "".join(_word_text(node)).strip()
    if not text:
        return after_item
    style = node.find(f"{_W}pPr/{_W}pStyle")
    level = levels.get(style.get(f"{_W}val")) if style is not None else None
    outline = node.find(f"{_W}pPr/{_W}outlineLvl")
    if level is None and outline is not None and int(outline.get(f"{_W}val", "9")) < 9:
        level = int(outline.get(f"{_W}val")) + 1
    numbering = node.find(f"{_W}pPr/{_W}numPr")
    if level == 0:
        out.label(text)
    elif level and level > 0:
        out.heading(level, text)
    elif level == -1 or numbering is not None:
        depth = numbering.find(f"{_W}ilvl") if numbering is not None else None
        indent = "  " * min(int(depth.get(f"{_W}val", "0")) if depth is not None else 0, 8)
        out.add(f"{indent}- {text}", "\n" if after_item else "\n\n")
        return True
    else:
        out.add(text)
    return False


def _word_text(node: _Node) -> Iterator[str]:
    """Visible text of a node: inserted text, links, fields and text boxes, without deleted and hidden runs."""
    for child in node.iterchildren():
        tag = child.tag
        if tag in _WORD_UNSEEN:
            continue
        if tag == f"{_W}t":
            yield child.text or ""
        elif tag in {f"{_W}tab", f"{_W}ptab"}:
            yield "\t"
        elif tag in {f"{_W}br", f"{_W}cr"}:
            yield "\n"
        elif tag == f"{_W}noBreakHyphen":
            yield "-"
        elif tag != f"{_W}r" or not _word_hidden(child):
            yield from _word_text(child)
            if tag in {f"{_W}p", f"{_W}tc"}:
                yield "\n"


def _word_hidden(run: _Node) -> bool:
    vanish = run.find(f"{_W}rPr/{_W}vanish")
    return vanish is not None and vanish.get(f"{_W}val") not in {"0", "false", "off"}


def _word_rows(table: _Node) -> Iterator[list[str]]:
    """Rows of a Word table; a merged cell is repeated in each row and column it covers."""
    above: list[str] = []
    for row in table.iterchildren(f"{_W}tr"):
        cells: list[str] = []
        for cell in row.iter(f"{_W}tc"):
            if next(cell.iterancestors(f"{_W}tr")) is not row:
                continue
            merge = cell.find(f"{_W}tcPr/{_W}vMerge")
            span = cell.find(f"{_W}tcPr/{_W}gridSpan")
            text = "".join(_word_text(cell)).strip()
            if merge is not None and merge.get(f"{_W}val") != "restart" and len(cells) < len(above):
                text = above[len(cells)]
            wide = min(int(span.get(f"{_W}val", "1")), 64) if span is not None else 1
            cells.extend([text, *([text if not above else ""] * (wide - 1))])
        # A row that is one merged cell says its text once.
        yield cells[:1] if len(set(cells)) == 1 else cells
        above = cells


def _load_pptx(path: Path, out: _Draft) -> None:
    import pptx

    _check_zip(path)
    for number, slide in enumerate(pptx.Presentation(str(path)).slides, 1):
        if slide._element.get("show") in {"0", "false"}:
            continue
        out.at(f"slide {number}")
        title = slide.shapes.title
        if title is not None and title.has_text_frame:
            out.heading(1, title.text_frame.text)
        for shape in _shapes(slide.shapes):
            if title is None or shape.shape_id != title.shape_id:
                _pptx_shape(shape, out)
        notes = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
        if notes is not None and notes.text.strip():
            text = clean(notes.text).strip()
            out.add(f"备注：{text}" if lang_of(text) == "zh" else f"Notes: {text}")


def _shapes(shapes: _Node) -> Iterator[_Node]:
    for shape in shapes:
        if shape.shape_type == 6:  # a group
            yield from _shapes(shape.shapes)
        else:
            yield shape


def _pptx_shape(shape: _Node, out: _Draft) -> None:
    if getattr(shape, "has_table", False) and shape.has_table:
        rows = ([cell.text for cell in row.cells] for row in shape.table.rows)
        out.add("\n".join(_table_lines(rows)))
    elif shape.has_text_frame:
        if shape.is_placeholder and "NUMBER" in str(shape.placeholder_format.type):
            return
        items = [(p.level, " ".join(clean(p.text).split())) for p in shape.text_frame.paragraphs]
        items = [(level, text) for level, text in items if text]
        if len(items) == 1:
            out.add(items[0][1])
        else:
            out.add("\n".join(f"{'  ' * level}- {text}" for level, text in items))


def _load_xlsx(path: Path, out: _Draft) -> None:
    import openpyxl

    _check_zip(path)
    with warnings.catch_warnings():
        # openpyxl warns about every Excel feature it does not keep; nothing is written back here.
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
        try:
            for sheet in book.worksheets:
                if sheet.sheet_state != "visible":
                    continue
                out.at(f"sheet {sheet.title}")
                # The declared size may be the whole grid; without it only real cells are given.
                sheet.reset_dimensions()
                out.headings.append((1, clean(sheet.title).strip()))
                for line in _table_lines([_cell_text(cell) for cell in row] for row in sheet.iter_rows()):
                    out.add(line, "\n" if out.sections and out.sections[-1][3] == out.location else "\n\n")
        finally:
            book.close()


def _cell_text(cell: _Node) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        if "%" in str(cell.number_format or ""):
            return f"{round(value * 100, 6):.12g}%"
        return f"{value:.12g}" if isinstance(value, float) and abs(value) < 1e12 else str(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(" ", "minutes")
    if isinstance(value, (date, time)):
        return value.isoformat()
    return str(value)


_LOADERS: dict[str, Callable[[Path, _Draft], None]] = {
    ".md": _load_markdown,
    ".markdown": _load_markdown,
    ".txt": _load_text,
    ".html": _load_html,
    ".htm": _load_html,
    ".pdf": _load_pdf,
    ".docx": _load_docx,
    ".pptx": _load_pptx,
    ".xlsx": _load_xlsx,
}
SUPPORTED = frozenset(_LOADERS)
"""Suffixes `load` reads, in lower case."""
