r"""A company's own questions from a table: .xlsx, .csv (UTF-8 or GB 18030) or .jsonl. `coach eval import questions.xlsx`.

One row, one question. The first row that is not empty names the columns, in Chinese or English, in any order:

    问题 question        what is asked (the only column that must be there)
    答案要点 keypoints   what a right reply holds: points set apart by ； or a line break, other wordings of one by / or |
    不应出现 must_not    what a right reply does not hold, set apart by ； or a line break
    状态 status          回答 answered, 资料里没有 not_in_sources, 追问 clarify, 婉拒 declined, 危机 crisis
    也可 also            a status that is also right
    历史 history         earlier messages, one a line, beginning with 用户： (user:) or 教练： (coach:)
    语言 lang, 类型 kind, 事实 facts, 理由 why, 编号 id, and 备注 note, which is not read

A row needs keypoints or a status. A backslash keeps a sign: A\/B测试 is one term. An unknown column is an error, since a
misspelt 不应出现 would pass everything. Everything wrong is told at once, with the number of the row.
"""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

from pydantic import ValidationError

from coach.errors import InputError
from coach.settings import Settings
from coach.text import clean, fold, language
from coach.types import Lang, Status
from evals.schema import Case
from evals.sets import MADE, suites

MAX_ROWS = 10_000
MAX_BYTES = 20_000_000
_MAX_UNPACKED = 300_000_000
_SHOWN = 20  # problems told at once

_COLUMNS: dict[str, tuple[str, ...]] = {
    "question": ("问题", "提问", "题目", "question"),
    "keypoints": ("答案要点", "要点", "关键点", "keypoints"),
    "must_not": ("不应出现", "不得出现", "禁止出现", "mustnot", "forbidden"),
    "status": ("状态", "预期状态", "status"),
    "also": ("也可", "其他可接受状态", "also"),
    "history": ("历史", "对话历史", "history"),
    "lang": ("语言", "lang", "language"),
    "kind": ("类型", "类别", "kind", "type"),
    "facts": ("事实", "事实编号", "facts"),
    "why": ("理由", "说明", "why"),
    "id": ("编号", "序号", "id"),
    "note": ("备注", "note", "notes"),
}
_NATIVE = frozenset(Case.model_fields) - set(_COLUMNS)
"""Further keys of a case that a line of JSON may have."""
_STATUSES: dict[str, Status] = {
    **{name: name for name in get_args(Status)},
    **dict.fromkeys(("回答", "应回答", "可回答", "已回答"), "answered"),
    **dict.fromkeys(("资料里没有", "资料中没有", "资料没有", "没有答案", "无答案"), "not_in_sources"),
    **dict.fromkeys(("追问", "反问", "澄清"), "clarify"),
    **dict.fromkeys(("婉拒", "拒绝", "谢绝"), "declined"),
    **dict.fromkeys(("危机",), "crisis"),
}
_LANGS: dict[str, Lang] = {
    **dict.fromkeys(("zh", "中文", "汉语", "chinese", "zh-cn"), "zh"),
    **dict.fromkeys(("en", "英文", "英语", "english", "en-us"), "en"),
}
_ROLES = {
    **dict.fromkeys(("用户", "问", "user"), "user"),
    **dict.fromkeys(("教练", "答", "coach", "assistant"), "assistant"),
}
_TAKEN = ("own", "all", "dev", "heldout_all")  # what `coach eval run` knows besides the names of sets

_POINTS = re.compile(r"(?<!\\)[;；\n]")
_WORDINGS = re.compile(r"(?<!\\)[/／|｜]")
_KEPT = re.compile(r"\\([;；/／|｜])")
_LISTED = re.compile(r"[,，、;；\n]")
_APART = re.compile(r"[\s,，、;；]+")
_PLAIN_FORMATS = frozenset(("General", "@", "0"))
_NAME = re.compile(r"[\w-]{1,60}")


def read_table(path: Path) -> list[Case]:
    """All questions of a table. Raises InputError that tells everything wrong with it, up to 20 rows at once."""
    rows = _rows(path)
    problems = [f"row {row.number}: {problem}" for row in rows for problem in row.problems]
    cases: list[Case] = []
    first: dict[str, int] = {}
    for row in rows:
        found = _case(row, path.name)
        if isinstance(found, Case):
            cases.append(found)
            if (stood := first.setdefault(found.id, row.number)) != row.number:
                problems.append(f"row {row.number}: the id {found.id!r} stands already in row {stood}")
        else:
            problems += [f"row {row.number}: {problem}" for problem in found]
    if problems:
        raise _refusal(path, problems)
    if not cases:
        raise InputError(f"{path.name} holds no question.", hint="Put one question in each row below the column names.")
    return cases


def keep(cases: Sequence[Case], settings: Settings, name: str) -> Path:
    """Writes the cases as a set of that name, in the place of an earlier one; gives the file. Raises InputError for the name."""
    name = unicodedata.normalize("NFC", name)
    if not _NAME.fullmatch(name):
        raise InputError(f"{name!r} cannot name a set of questions.", hint="Use up to 60 letters, digits, - and _.")
    if name.casefold() in {*_TAKEN, *MADE, *suites()}:
        raise InputError(f"The name {name!r} is taken by the coach itself.", hint="Choose another, with --name.")
    if not cases:
        raise InputError("There is no question to keep.")
    path = settings.home / "evals" / f"{name}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    partial.write_text("".join(f"{_line(case)}\n" for case in cases), encoding="utf-8")
    partial.replace(path)
    return path


def _line(case: Case) -> str:
    """One line of JSON; the signs within it that other programs take for the end of a line are escaped."""
    told = json.dumps(case.model_dump(mode="json", exclude_defaults=True), ensure_ascii=False)
    return re.sub("[\x85\u2028\u2029]", lambda sign: f"\\u{ord(sign.group()):04x}", told)


@dataclass(frozen=True, kw_only=True)
class _Row:
    """One row: its values by our name of the column, and what is wrong with its cells."""

    number: int
    values: Mapping[str, Any]
    problems: list[str] = field(default_factory=list)


def _refusal(path: Path, problems: Sequence[str]) -> InputError:
    ordered = sorted(dict.fromkeys(problems), key=lambda p: int(re.findall(r"\d+", p)[0]))
    more = [f"… and {len(ordered) - _SHOWN} more"] if len(ordered) > _SHOWN else []
    told = "\n  ".join([*ordered[:_SHOWN], *more])
    return InputError(f"{path.name} cannot be imported:\n  {told}\n", hint="Nothing was imported; correct these and try again.")


# --- files ------------------------------------------------------------------------------------------------------------


def _rows(path: Path) -> list[_Row]:
    if not path.is_file():
        raise InputError(f"{path} is not a file.", hint="Name a table of questions: .xlsx, .csv or .jsonl.")
    if path.stat().st_size > MAX_BYTES:
        raise InputError(f"{path.name} is larger than {MAX_BYTES // 1_000_000} MB.", hint="Split it.")
    readers = {".xlsx": _sheet, ".csv": _separated, ".jsonl": _json_lines}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise InputError(f"{path.name} is not a table that can be read.", hint="Save it as .xlsx, .csv (UTF-8) or .jsonl.")
    rows = []
    for row in reader(path):
        rows.append(row)
        if len(rows) > MAX_ROWS:
            raise InputError(f"{path.name} has more than {MAX_ROWS:,} questions.", hint="Split it.")
    return rows


def _json_lines(path: Path) -> Iterator[_Row]:
    for number, line in enumerate(_decoded(path).split("\n"), 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except ValueError as error:
            yield _Row(number=number, values={}, problems=[f"is not JSON ({error})"])
            continue
        if not isinstance(value, dict):
            yield _Row(number=number, values={}, problems=["is not a JSON object, {…}"])
            continue
        known = {name: key for key in value if (name := _column(key) or (key if key in _NATIVE else ""))}
        unknown = [key for key in value if key not in known.values()]
        problems = [f"has the unknown key {', '.join(map(repr, unknown))}"] if unknown else []
        yield _Row(number=number, values={name: value[key] for name, key in known.items()}, problems=problems)


def _separated(path: Path) -> Iterator[_Row]:
    text = _decoded(path)
    head = next((line for line in text.split("\n") if line.strip()), "")
    delimiter = max(",\t;", key=lambda sign: sum(bool(_column(cell)) for cell in head.split(sign)))
    read = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    cells: list[list[str]] = []
    try:
        for row in read:
            cells.append(row)
    except csv.Error as error:
        raise InputError(f"{path.name}, line {read.line_num}: {error}.", hint="Save it again as .csv, or as .xlsx.") from error
    yield from _table(path, ((number, row, []) for number, row in enumerate(cells, 1)))


def _decoded(path: Path) -> str:
    """UTF-8, with or without its mark, or what Excel writes in China."""
    data = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise InputError(f"{path.name} is neither UTF-8 nor GB 18030 text.", hint="Save it as CSV UTF-8, or as .xlsx.")


def _sheet(path: Path) -> Iterator[_Row]:
    import openpyxl

    damaged = InputError(f"{path.name} cannot be read as .xlsx.", hint="Save it as .xlsx, without a password, and try again.")
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(part.file_size for part in archive.infolist()) > _MAX_UNPACKED:
                raise damaged
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about every feature of Excel that openpyxl does not keep; nothing is written back
            book = openpyxl.load_workbook(path, keep_links=False)
    except InputError:
        raise
    except Exception as error:  # noqa: BLE001  the reader has no error of its own: KeyError, BadZipFile, ParseError …
        raise damaged from error
    sheets = [s for s in book.worksheets if s.sheet_state == "visible" and _asks(s)]
    if len(sheets) > 1:
        named = ", ".join(repr(s.title) for s in sheets)
        raise InputError(f"{path.name} has questions on several sheets: {named}.", hint="Keep them on one.")
    if not sheets:
        raise _no_columns(path, [])
    yield from _table(path, _cells(path, sheets[0]))


def _asks(sheet: Any) -> bool:  # noqa: ANN401  openpyxl comes without types
    """Whether the first row that is not empty has a column of questions."""
    for row in sheet.iter_rows(max_row=min(sheet.max_row, 50), values_only=True):
        if any(value is not None for value in row):
            return any(isinstance(value, str) and _column(value) == "question" for value in row)
    return False


def _cells(path: Path, sheet: Any) -> Iterator[tuple[int, list[str], list[str]]]:  # noqa: ANN401
    """Number, texts and problems of each row; a merged range is a problem of its first row."""
    if sheet.max_row > 2 * MAX_ROWS:
        raise InputError(
            f"{path.name}: the sheet {sheet.title!r} reaches down to row {sheet.max_row:,}.",
            hint="Delete the empty rows below the questions (they are formatted), or split the table.",
        )
    merged = {area.min_row: area.coord for area in sheet.merged_cells.ranges}
    for number, row in enumerate(sheet.iter_rows(), 1):
        problems = [f"the cells {merged[number]} are merged; unmerge them and fill each"] if number in merged else []
        texts = []
        for cell in row:
            text, problem = _cell(cell)
            texts.append(text)
            problems += [f"cell {cell.coordinate} {problem}"] if problem else []
        yield number, texts, problems


def _cell(cell: Any) -> tuple[str, str]:  # noqa: ANN401
    """The text of a cell as people see it, or what is wrong with it."""
    value = cell.value
    if value is None:
        return "", ""
    if cell.data_type == "f":
        return "", "holds a formula; paste its value"
    if cell.data_type == "e":
        return "", f"holds the error {value}"
    if isinstance(value, str):
        return value, ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        form = str(cell.number_format or "General")
        if re.fullmatch(r"0(\.0+)?%", form):
            return f"{round(value * 100, 6):.12g}%", ""
        if form in _PLAIN_FORMATS:
            return f"{value:.12g}", ""
    kinds = {bool: "a yes or no", int: "a number with a format", float: "a number with a format"}
    what = kinds.get(type(value), "a date or time")
    return "", f"holds {what}, {value}; write it as text, as it is to stand in a reply"


def _table(path: Path, found: Iterator[tuple[int, list[str], list[str]]]) -> Iterator[_Row]:
    """Rows by the names of their columns. Empty ones are passed over."""
    columns: list[str] | None = None
    for number, cells, problems in found:
        texts = [clean(cell).strip() for cell in cells]
        if not any(texts) and not problems:
            continue
        if columns is None:
            columns = _header(path, texts)
            if problems:
                raise _refusal(path, [f"row {number}: {problem}" for problem in problems])
            continue
        values = {name: text for name, text in zip(columns, texts, strict=False) if name and text}
        if sum(map(bool, texts)) > len(values):
            problems = [*problems, "has text in a column without a name"]
        yield _Row(number=number, values=values, problems=problems)
    if columns is None:
        raise _no_columns(path, [])


def _header(path: Path, texts: Sequence[str]) -> list[str]:
    columns = [_column(text) for text in texts]
    unknown = [text for text, name in zip(texts, columns, strict=True) if text and not name]
    if "question" not in columns:
        raise _no_columns(path, texts)
    if unknown:
        known = ", ".join(f"{names[0]} ({name})" for name, names in _COLUMNS.items())
        raise InputError(f"{path.name}: unknown column {', '.join(map(repr, unknown))}.", hint=f"Known are {known}.")
    double = sorted({text for text, name in zip(texts, columns, strict=True) if name and columns.count(name) > 1})
    if double:
        raise InputError(f"{path.name}: {', '.join(map(repr, double))} name the same column.", hint="Keep one of them.")
    return columns


def _column(text: str) -> str:
    """Our name of a column; empty for an unknown one."""
    plain = _plain(text)
    return next((name for name, known in _COLUMNS.items() if plain in known), "")


def _plain(text: str) -> str:
    """As names are compared: must-not, Must not and must_not are one, and 问题* is 问题."""
    return re.sub(r"[_\-*]|\(必填\)", "", fold(text))


def _no_columns(path: Path, texts: Sequence[str]) -> InputError:
    read = f" The first row reads: {' | '.join(text for text in texts if text)[:120]}." if any(texts) else ""
    return InputError(
        f"{path.name} has no column of questions.{read}", hint="Name the columns in the first row: 问题 (question) …"
    )


# --- rows -------------------------------------------------------------------------------------------------------------


def _case(row: _Row, source: str) -> Case | list[str]:
    """The case of a row, or what is wrong with it."""
    if row.problems:
        return []  # told already, and what else is wrong may come of it
    try:
        return Case.model_validate(_values(row, source))
    except _Wrong as error:
        return list(error.problems)
    except ValidationError as error:
        return [f"{'.'.join(map(str, e['loc'])) or 'the row'}: {e['msg']}" for e in error.errors()[:3]]


class _Wrong(Exception):  # noqa: N818  carries what is wrong with one row, and leaves this module never
    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(*problems)
        self.problems = problems


def _values(row: _Row, source: str) -> dict[str, Any]:
    problems: list[str] = []
    given = {name: value for name, value in row.values.items() if value not in ("", None, [])}
    question = given.get("question")
    question = question.strip() if isinstance(question, str) else ""
    if not fold(question):
        problems.append("has no 问题 (question)")
    points = _keypoints(given.get("keypoints", []), problems)
    status = _one_of(given.get("status"), _STATUSES, "状态 (status)", problems)
    if status is None and not points and "status" not in given and "keypoints" not in given:
        problems.append("fill 答案要点 (keypoints) with what a right reply holds, or 状态 (status), e.g. 资料里没有")
    also = [_one_of(text, _STATUSES, "也可 (also)", problems) for text in _list(given.get("also", []), _LISTED)]
    lang = _one_of(given.get("lang"), _LANGS, "语言 (lang)", problems)
    history = _history(given.get("history", []), problems)
    if problems:
        raise _Wrong(problems)
    return {
        **{name: value for name, value in given.items() if name in _NATIVE},
        "id": str(given.get("id", f"row-{row.number}")),
        "lang": lang or language(question),
        "kind": str(given.get("kind", "own")),
        "question": question,
        "history": history,
        "status": status or "answered",
        "also": also,
        "facts": _list(given.get("facts", []), _APART),
        "keypoints": points,
        "must_not": _list(given.get("must_not", []), _POINTS),
        "why": str(given.get("why", f"from {source}, row {row.number}")),
    }


def _list(value: Any, apart: re.Pattern[str]) -> list[Any]:  # noqa: ANN401  a cell, or JSON
    """The parts of a cell; a list of JSON as it is, so that the schema judges it."""
    if not isinstance(value, str):
        return value if isinstance(value, list) else [value]
    return [_KEPT.sub(r"\1", part.strip()) for part in apart.split(value) if part.strip()]


def _keypoints(value: Any, problems: list[str]) -> list[Any]:  # noqa: ANN401
    """Points and their wordings. One letter or digit alone stands in nearly every reply, and would pass it."""
    if isinstance(value, str):
        points: list[Any] = [_list(point, _WORDINGS) for point in _POINTS.split(value) if point.strip()]
        if not any(points):
            problems.append("答案要点 (keypoints) holds no term")
    else:
        points = value if isinstance(value, list) else [value]
    for term in (term for terms in points if isinstance(terms, list) for term in terms if isinstance(term, str)):
        if re.fullmatch(r"[a-z0-9]", fold(term)):
            problems.append(f"答案要点 (keypoints): {term!r} stands in nearly every reply; a / within a term is written \\/")
    return points


def _one_of(value: Any, known: Mapping[str, Any], name: str, problems: list[str]) -> Any:  # noqa: ANN401
    if value is None:
        return None
    plain = {_plain(name): found for name, found in known.items()}
    found = plain.get(_plain(value)) if isinstance(value, str) else None
    if found is None:
        problems.append(f"{name} is {value!r}; it can be {', '.join(known)}")
    return found


def _history(value: Any, problems: list[str]) -> list[Any]:  # noqa: ANN401
    if not isinstance(value, str):
        return value if isinstance(value, list) else [value]
    said = []
    for line in filter(str.strip, value.split("\n")):
        who, _, words = line.replace("：", ":").partition(":")
        role = _ROLES.get(fold(who))
        if role is None or not words.strip():
            problems.append("历史 (history): each line begins with 用户： (user:) or 教练： (coach:)")
            break
        said.append({"role": role, "content": words.strip()})
    return said
