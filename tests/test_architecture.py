"""The rules of the house that a machine can check: who imports whom, what an import costs, what every module says of itself."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from coach.settings import ROOT

HEAVY = {
    *("torch", "transformers", "sentence_transformers", "onnx", "onnxruntime", "xllamacpp", "langchain", "langchain_core"),
    *("chromadb", "gradio", "fastapi"),
}
# Calls that are work when they stand at the top of a module.
WORK = {
    *("open", "print", "mkdir", "read_text", "read_bytes", "write_text"),
    *("connect", "urlopen", "getenv", "import_module", "basicConfig"),
}


def modules(package: str) -> list[Path]:
    return sorted(p for p in (ROOT / package).rglob("*.py") if "__pycache__" not in p.parts)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


COACH = modules("coach")
ALL = [*COACH, *modules("ui"), *modules("evals")]


def imported(path: Path) -> set[str]:
    """Top-level packages named in any import statement or imported by name, wherever it stands."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
        elif isinstance(node, ast.Call) and "import_module" in ast.dump(node.func) and node.args:
            found.add(str(getattr(node.args[0], "value", "")).split(".")[0])
    return found


@pytest.mark.parametrize("path", COACH, ids=name)
def test_coach_imports_neither_ui_nor_evals(path):
    assert not imported(path) & {"ui", "evals"}


@pytest.mark.parametrize("path", [*modules("ui")], ids=name)
def test_ui_does_not_import_evals(path):
    assert "evals" not in imported(path)


@pytest.mark.parametrize("module", ["coach", "coach.cli", "coach.settings", "coach.types", "coach.messages", "coach.errors"])
def test_import_is_light(module):
    code = f"import sys, {module}; print(*sorted(set(sys.modules) & {HEAVY!r}))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert run.stdout.split() == []


@pytest.mark.parametrize("path", COACH, ids=name)
def test_module_says_what_it_owns(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    if path.name == "__init__.py" and not tree.body:
        return
    assert ast.get_docstring(tree), f"{name(path)} has no docstring"


@pytest.mark.parametrize("path", [p for p in [*COACH, *modules("ui")] if p.name != "__init__.py"], ids=name)
def test_module_stands_in_the_architecture_page(path):
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert f"`{name(path)}`" in page, f"docs/architecture.md has no line for {name(path)}"


def test_architecture_page_names_no_module_that_is_gone():
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    gone = [m for m in re.findall(r"`((?:coach|ui|evals)/[\w/]+\.py)`", page) if not (ROOT / m).exists()]
    assert not gone


# ui/ is left out: Gradio reads its environment when it is imported, so that has to be set before.
@pytest.mark.parametrize("path", [p for p in [*COACH, *modules("evals")] if p.name != "__main__.py"], ids=name)
def test_nothing_happens_at_import(path):
    for statement in ast.parse(path.read_text(encoding="utf-8")).body:
        where = f"{name(path)}:{statement.lineno}"
        if isinstance(statement, ast.Expr):
            assert isinstance(statement.value, ast.Constant), f"{where} does something at import"
        assert not isinstance(statement, ast.For | ast.While | ast.With), f"{where} does something at import"
        if isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None:
            calls = [n.func for n in ast.walk(statement.value) if isinstance(n, ast.Call)]
            called = {getattr(f, "attr", getattr(f, "id", "")) for f in calls}
            assert not called & WORK, f"{where} calls {called & WORK} at import"


@pytest.mark.parametrize("path", ALL, ids=name)
def test_no_host_of_a_hub_or_registry_in_the_code(path):
    hosts = r"huggingface\.co|hf\.co|hf-mirror|modelscope\.cn|pypi\.org|pythonhosted|registry\.npmjs|pytorch\.org"
    assert not re.findall(hosts, path.read_text(encoding="utf-8"))


def test_pages_name_no_place_of_one_machine():
    pages = [*ROOT.glob("*.md"), *ROOT.glob("*.lock"), *(ROOT / "docs").rglob("*.md"), ROOT / "Makefile", ROOT / ".ci" / "run"]
    for page in pages:
        place = re.search(r"file://|/opt/|/work/|/root/|pypi\.org|pythonhosted|--(extra-)?index-url", page.read_text("utf-8"))
        assert not place, f"{name(page)}: {place}"
