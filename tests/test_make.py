"""What the Makefile and the READMEs promise: commands that exist, settings that exist, errors that are really said."""

from __future__ import annotations

import os
import re
import shutil
import subprocess

import click
import pytest

from coach.cli import cli
from coach.settings import ROOT, Settings

READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]
needs_make = pytest.mark.skipif(not shutil.which("make"), reason="make is not installed")


def make(*args):
    return subprocess.run(["make", *args], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)


@needs_make
def test_help_is_the_default_and_lists_every_public_target():
    shown = make().stdout
    assert shown == make("help").stdout
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    assert phony
    for target in set(phony[1].split()) - {"weights", "library"}:
        assert f"make {target} " in shown


@needs_make
@pytest.mark.parametrize(("python", "said"), [("", "was not found"), (shutil.which("false"), "3.11 or newer is needed")])
def test_an_unusable_python_is_one_clear_line(tmp_path, python, said):
    done = make("install", f"PYTHON={python}", f"VENV={tmp_path / 'venv'}")
    assert done.returncode == 2
    assert said in done.stderr
    assert "make run PYTHON=" in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="no executable bit there")
def test_ci_runs_lint_and_tests():
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert "make lint test" in script.read_text(encoding="utf-8")


@pytest.mark.parametrize("page", READMES, ids=lambda p: p.name)
def test_every_setting_is_documented_and_no_other(page):
    named = set(re.findall(r"COACH_[A-Z_]+", page.read_text(encoding="utf-8"))) - {"COACH_"}
    assert named == {f"COACH_{name.upper()}" for name in Settings.model_fields}


@pytest.mark.parametrize("page", READMES, ids=lambda p: p.name)
def test_every_default_in_the_table_is_the_default(page):
    rows = re.findall(r"^\| `COACH_([A-Z_]+)` \| `?([^|`]+?)`? \|", page.read_text(encoding="utf-8"), re.M)
    shown = {name.lower(): value for name, value in rows if name.lower() not in ("home", "knowledge", "prompts", "threads")}
    for name, value in shown.items():
        default = Settings.model_fields[name].default
        assert value == (f"{default:g}" if isinstance(default, int | float) else default or "–")


@pytest.mark.parametrize("page", [*READMES, ROOT / "docs" / "cli.md"], ids=lambda p: p.name)
def test_commands_and_options_in_the_pages_exist(page):
    for line in re.findall(r"(?:^|`|&& |\| )coach ((?:[a-z-]+ ?)+[^`\n|&]*)", page.read_text(encoding="utf-8"), re.M):
        words = line.split()
        command = cli.get_command(click.Context(cli), words[0])  # announced ones, too
        if command is None:
            assert page.name == "cli.md", f"coach {line}"
            continue
        if isinstance(command, click.Group) and len(words) > 1:
            assert words[1] in command.commands, f"coach {line}"
            command = command.commands[words[1]]
        options = {o for p in command.params for o in (*p.opts, *p.secondary_opts)} | {"-h", "--help"}
        assert {w for w in words[1:] if re.fullmatch(r"--?[a-z][a-z-]*", w)} <= options, f"coach {line}"


@needs_make
@pytest.mark.parametrize("page", READMES, ids=lambda p: p.name)
def test_make_targets_in_the_pages_exist(page):
    targets = set(re.findall(r"(?:^|`)make ([a-z]+)", page.read_text(encoding="utf-8"), re.M))
    assert targets
    shown = make("help").stdout
    assert all(f"make {t} " in shown for t in targets)


@pytest.mark.parametrize("page", READMES, ids=lambda p: p.name)
def test_errors_in_the_troubleshooting_table_are_really_said(page):
    """Each quoted error, cut at its gaps and values, occurs literally in the code or the Makefile."""
    code = "\n".join(p.read_text(encoding="utf-8") for p in (ROOT / "coach").rglob("*.py"))
    said = re.sub(r"\{[^{}]*\}", "…", re.sub(r"\"\s*\n\s*f?\"", "", code)) + (ROOT / "Makefile").read_text(encoding="utf-8")
    section = page.read_text(encoding="utf-8").split("coach doctor --deep", 1)[1].split("\n## ", 1)[0]
    quoted = re.findall(r"^\| `([^`]+)` \|", section, re.M)
    assert len(quoted) > 8
    for error in quoted:
        for piece in re.split(r"…|'[^']*'|(?<=built with )embedding|\d{4}|e5-small-q4|=|/coach\.log", error):
            if len(piece.strip()) > 8:
                assert piece.strip() in said, f"{error!r}: nobody says {piece.strip()!r}"
