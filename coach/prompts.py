"""Prompts as files: `prompts/<name>.md` with a header (purpose, variables, output). One copy of each; loaded by name.

`{{name}}` marks a variable. A missing or unused variable, or an unknown header key, is an error that lists the names.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

import yaml

from coach.errors import SetupError

_VARIABLE = re.compile(r"\{\{(\w+)\}\}")
_HEADER = {"purpose", "variables", "output"}


@dataclass(frozen=True, kw_only=True)
class Prompt:
    """`hash` names this wording in logs, stored replies and eval results."""

    name: str
    text: str
    variables: frozenset[str]
    hash: str

    def render(self, **values: str) -> str:
        """The prompt with its variables filled. Raises SetupError naming missing and unused ones."""
        if values.keys() != self.variables:
            raise SetupError(f"Prompt {self.name!r} needs variables {sorted(self.variables)}; got {sorted(values)}.")
        return _VARIABLE.sub(lambda m: values[m.group(1)], self.text)


def load_prompt(folder: Path, name: str) -> Prompt:
    """One prompt by name. Raises SetupError when it is missing or its header does not fit its text."""
    path = folder / f"{name}.md"
    try:
        _, front, text = path.read_text(encoding="utf-8").split("---\n", 2)
        header = yaml.safe_load(front)
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise SetupError(f"Prompt {name!r} cannot be read from {path.name}: {error}") from error
    keys = sorted(header) if isinstance(header, dict) else []
    if set(keys) != _HEADER:
        raise SetupError(f"Prompt {name!r} has the header keys {keys}; allowed are {sorted(_HEADER)}.")
    if not isinstance(header["variables"], list):
        raise SetupError(f"Prompt {name!r} names its variables as {header['variables']!r}; a list is needed, [] for none.")
    declared, used = set(header["variables"]), set(_VARIABLE.findall(text))
    if declared != used:
        raise SetupError(f"Prompt {name!r} declares {sorted(declared)} but uses {sorted(used)}.")
    digest = hashlib.sha256(text.encode()).hexdigest()[:12]
    return Prompt(name=name, text=text.strip(), variables=frozenset(declared), hash=digest)
