"""Makes the knowledge folder of another profession: a small, complete example to be rewritten, and what every folder needs.

The example stands in `coach/library/template/`. What knows the language and not the profession (the kinds of messages, the
fitted numbers, the adapter) is copied from the folder in use.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from coach.errors import InputError, SetupError

TEMPLATE = Path(__file__).resolve().parent / "template"
_SHARED = ("turns.jsonl", "calibration.json", "adapter")


def make(folder: Path, knowledge: Path, *, people: str = "") -> list[Path]:
    """Writes the files and returns them. `people` is what the profession's people are called, in either language.

    Raises InputError when the folder holds something already, SetupError when it cannot be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(f"{folder} is not an empty folder; nothing was written.", hint="Name a new folder.")
    try:
        shutil.copytree(TEMPLATE, folder, dirs_exist_ok=True)
        for name in _SHARED:
            if (knowledge / name).is_dir():
                shutil.copytree(knowledge / name, folder / name)
            elif (knowledge / name).exists():
                shutil.copy2(knowledge / name, folder / name)
        if people.strip():
            _name(folder / "framework" / "framework.yaml", people.strip())
    except OSError as error:
        raise SetupError(f"{folder} cannot be written: {error.strerror}.", hint="Name a folder that can.") from error
    return sorted(p for p in folder.rglob("*") if p.is_file())


def _name(path: Path, people: str) -> None:
    """Puts the name in place of the example's, in both languages; a person translates one of the two."""
    lines = path.read_text(encoding="utf-8").splitlines()
    quoted = '"' + people.replace("\\", "").replace('"', "'") + '"'
    named = [f"people: {{zh: {quoted}, en: {quoted}}}" if line.startswith("people:") else line for line in lines]
    path.write_text("\n".join(named) + "\n", encoding="utf-8")
