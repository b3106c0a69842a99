"""Every prompt file renders, says what it needs, and is used; a wrong header is refused by name."""

from __future__ import annotations

import ast
from functools import cache

import pytest

from coach.errors import SetupError
from coach.prompts import load_prompt
from coach.settings import ROOT

FOLDER = ROOT / "prompts"
NAMES = sorted(p.stem for p in FOLDER.glob("*.md"))


@cache
def code() -> list[ast.Module]:
    return [ast.parse(p.read_text(encoding="utf-8")) for p in sorted((ROOT / "coach").rglob("*.py"))]


def loads(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "load_prompt"


@cache
def loaded() -> set[str]:
    """Names handed to `load_prompt`, in the call itself or in the comprehension around it."""
    found = set()
    for module in code():
        for node in ast.walk(module):
            if loads(node):
                found |= {a.value for a in node.args if isinstance(a, ast.Constant)}
            elif isinstance(node, ast.DictComp | ast.ListComp) and any(map(loads, ast.walk(node))):
                found |= {n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    return found


def rendered() -> list[tuple[str, set[str]]]:
    """(prompt, names of the values) of every `…prompts["name"].render(…)`."""
    return [
        (node.func.value.slice.value, {k.arg for k in node.keywords})
        for module in code()
        for node in ast.walk(module)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "render"
        and isinstance(node.func.value, ast.Subscript)
        and isinstance(node.func.value.slice, ast.Constant)
    ]


@pytest.fixture
def write(tmp_path):
    def put(text: str):
        (tmp_path / "sample.md").write_text(text, encoding="utf-8")
        return tmp_path

    return put


HEADER = "---\npurpose: x\nvariables: [one, two]\noutput: y\n---\n"


@pytest.mark.parametrize("name", NAMES)
def test_a_prompt_renders(name):
    prompt = load_prompt(FOLDER, name)
    values = {v: f"<value of {v}>" for v in prompt.variables}
    text = prompt.render(**values)
    assert prompt.variables and "{{" not in text and "}}" not in text
    assert all(value in text for value in values.values())
    assert text == text.strip() and "---" not in text.splitlines()[0]


@pytest.mark.parametrize("name", NAMES)
def test_a_prompt_is_loaded_somewhere(name):
    assert name in loaded(), f"nothing in coach/ loads prompts/{name}.md"


def test_every_prompt_that_is_loaded_exists():
    assert loaded() and loaded() <= set(NAMES)


def test_the_code_fills_exactly_what_a_prompt_asks_for():
    assert rendered()
    for name, values in rendered():
        assert load_prompt(FOLDER, name).variables == values, name


def test_a_value_is_not_read_as_a_variable(write):
    prompt = load_prompt(write(f"{HEADER}{{{{one}}}} and {{{{two}}}}"), "sample")
    assert prompt.render(one="{{two}}", two=r"\1 {0}") == r"{{two}} and \1 {0}"


def test_the_hash_names_the_wording_and_not_the_header(write):
    one = load_prompt(write(f"{HEADER}{{{{one}}}} {{{{two}}}}"), "sample").hash
    assert load_prompt(write(HEADER.replace("x", "z") + "{{one}} {{two}}"), "sample").hash == one
    assert load_prompt(write(f"{HEADER}{{{{one}}}} {{{{two}}}}!"), "sample").hash != one


@pytest.mark.parametrize("values", [{"one": "1"}, {"one": "1", "two": "2", "three": "3"}, {}])
def test_values_must_fit(write, values):
    prompt = load_prompt(write(f"{HEADER}{{{{one}}}} {{{{two}}}}"), "sample")
    with pytest.raises(SetupError, match=r"'one', 'two'.*got") as error:
        prompt.render(**values)
    assert str(sorted(values)) in str(error.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{HEADER}{{{{one}}}} only", "'two'"),
        (f"{HEADER}{{{{one}}}} {{{{two}}}} {{{{three}}}}", "'three'"),
        (HEADER.replace("output: y", "output: y\nmodel: big") + "{{one}} {{two}}", "'model'"),
        (HEADER.replace("output: y\n", "") + "{{one}} {{two}}", "'output'"),
        ("no header at all {{one}}", "sample"),
        ("---\npurpose: [broken\n---\ntext", "sample"),
        ("---\n---\ntext", "sample"),
        ("---\njust a sentence\n---\ntext", "sample"),
        (HEADER.replace("[one, two]", "") + "text", "sample"),
    ],
)
def test_a_header_that_does_not_fit_is_refused_by_name(write, text, said):
    with pytest.raises(SetupError, match=said):
        load_prompt(write(text), "sample")


def test_a_prompt_that_is_missing_is_named(tmp_path):
    with pytest.raises(SetupError, match="'nowhere'"):
        load_prompt(tmp_path, "nowhere")
