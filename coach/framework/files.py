"""Reads the YAML files of the knowledge folder against a type, and says where a mistake stands: file, line, mend.

Owns reading and the words of a problem. Knows no particular file.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from coach.errors import SetupError
from coach.types import Lang

Loaded = TypeVar("Loaded", bound=BaseModel)

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # eight times faster on the indicator files


class Frozen(BaseModel):
    """Base of everything read from the YAML files: unknown keys are errors, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(Frozen):
    """The same words in both languages."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def of(self, lang: Lang) -> str:
        """Return the words in one language."""
        return self.zh if lang == "zh" else self.en


class Words(Frozen):
    """A list in each language; the lists need not match one to one."""

    zh: tuple[str, ...] = ()
    en: tuple[str, ...] = ()

    def of(self, lang: Lang) -> tuple[str, ...]:
        """Return the list of one language."""
        return self.zh if lang == "zh" else self.en


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One mistake in the knowledge folder: where (path below it, line from 1, 0 for none), what, and what mends it."""

    file: str
    line: int
    what: str
    mend: str

    def __str__(self) -> str:
        return str(self.error)

    @property
    def error(self) -> SetupError:
        """The same as an exception."""
        where = f"{self.file}:{self.line}" if self.line else self.file
        return SetupError(f"{where}: {self.what}" if where else self.what, hint=self.mend)


_MENDS = {
    "missing": "Add the key `{key}`.",
    "extra_forbidden": "Remove the key `{key}`, or correct its spelling.",
    "literal_error": "Use one of the values named here.",
    "string_too_short": "Write something there.",
    "too_short": "Add what is missing.",
    "string_pattern_mismatch": "Use lower-case letters, digits and _ or - only.",
}


def problems_of(path: Path, model: type[Loaded], root: Path) -> tuple[Loaded | None, list[Problem]]:
    """A YAML file checked against a model: the value, or None and everything that is wrong with it."""
    name = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        what = f"The knowledge file {path} is missing."
        return None, [Problem(file=name, line=0, what=what, mend="Make a whole set of files with: coach knowledge new FOLDER")]
    except (OSError, UnicodeDecodeError) as error:
        return None, [Problem(file=name, line=0, what=f"The file cannot be read: {error}.", mend="Save it as UTF-8 text.")]
    try:
        value = yaml.load(text, Loader=LOADER)  # noqa: S506  the C version of the safe loader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = f"This is not YAML and cannot be read: {getattr(error, 'problem', None) or error}."
        mend = "Close the quotation marks and brackets, and indent with spaces."
        return None, [Problem(file=name, line=mark.line + 1 if mark else 0, what=what, mend=mend)]
    try:
        return model.model_validate(value), []
    except ValidationError as error:
        return None, [_problem(name, text, details) for details in error.errors()]


def read_yaml(path: Path, model: type[Loaded]) -> Loaded:
    """Read a YAML file checked against a model. Raises SetupError that names file, line, place and mend."""
    value, problems = problems_of(path, model, path.parent)
    if value is None:
        raise problems[0].error
    return value


def line_of(path: Path, needle: str) -> int:
    """The first line, from 1, that holds these words; 0 when none does or the file cannot be read."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return 0
    return next((n for n, line in enumerate(lines, 1) if needle in line), 0)


def _problem(name: str, text: str, details: Any) -> Problem:  # noqa: ANN401  pydantic's ErrorDetails
    loc = [part for part in details["loc"] if part != "[key]"]
    place = ".".join(str(part) for part in loc) or "top"
    key = str(loc[-1]) if loc else ""
    mend = _MENDS.get(details["type"], "Correct the value.").format(key=key)
    return Problem(file=name, line=_line(text, loc), what=f"Not valid at {place}: {details['msg']}.", mend=mend)


def _line(text: str, loc: list[Any]) -> int:
    """The line of the deepest node on the way to `loc`."""
    node = yaml.compose(text, Loader=LOADER)
    line: int = node.start_mark.line + 1 if node else 0
    for part in loc:
        if isinstance(node, yaml.MappingNode):
            found = next(((k, v) for k, v in node.value if k.value == str(part)), None)
            if found is None:
                break
            line, node = found[0].start_mark.line + 1, found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
        else:
            break
    return line
