"""Every sentence of the product: in both languages, with the same marks, called where it exists, used where it is kept."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from string import Formatter

import pytest

from coach.framework import load_framework
from coach.messages import CATALOGUE, say
from coach.settings import ROOT

FILES = [p for package in ("coach", "ui") for p in sorted((ROOT / package).rglob("*.py")) if p.parent.name != "messages"]


def marks(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


@cache
def tree(path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def constants() -> frozenset[str]:
    """Every string in the code but its docstrings."""
    found = set()
    for path in FILES:
        texts = {id(n.value) for n in ast.walk(tree(path)) if isinstance(n, ast.Expr)}
        found |= {
            n.value
            for n in ast.walk(tree(path))
            if isinstance(n, ast.Constant) and isinstance(n.value, str) and id(n) not in texts
        }
    return frozenset(found)


@cache
def templates() -> frozenset[str]:
    """Every f-string that could name a key, as a pattern with a group for each filled part."""
    found = set()
    for path in FILES:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.JoinedStr):
                parts = [re.escape(p.value) if isinstance(p, ast.Constant) else "([a-z0-9_]+)" for p in node.values]
                if re.fullmatch(r"[a-z_]+(\(\[a-z0-9_\]\+\)[a-z_]*)+", "".join(parts)):
                    found.add("".join(parts))
    return frozenset(found)


def named(key: str, depth: int = 2) -> bool:
    """Whether the code can say this word: as it stands, or as an f-string whose parts it can say."""
    if key in constants():
        return True
    matches = [re.fullmatch(t, key) for t in templates()] if depth else []
    return any(all(named(part, depth - 1) for part in m.groups()) for m in matches if m)


def said() -> Iterator[tuple[str, ast.expr, set[str]]]:
    """(where, the key's expression, names of the values given) of every call of `say`."""
    for path in FILES:
        for node in ast.walk(tree(path)):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", getattr(node.func, "attr", "")) in ("say", "_say", "both")
                and node.args
            ):
                values = {k.arg for k in node.keywords if k.arg}
                if any(k.arg is None and "profession" in ast.unparse(k.value) for k in node.keywords):
                    values |= set(load_framework(ROOT / "knowledge").profession.words("en"))
                yield f"{path.relative_to(ROOT)}:{node.lineno}", node.args[0], values


def keys(expression: ast.expr) -> list[str]:
    """The keys an expression names as they stand; none for a variable or an f-string."""
    if isinstance(expression, ast.IfExp):
        return keys(expression.body) + keys(expression.orelse)
    return [expression.value] if isinstance(expression, ast.Constant) and isinstance(expression.value, str) else []


@pytest.mark.parametrize("key", CATALOGUE)
def test_a_sentence_exists_in_both_languages_with_the_same_marks(key):
    entry = CATALOGUE[key]
    assert set(entry) == {"zh", "en"}
    assert entry["zh"].strip() and entry["en"].strip()
    assert marks(entry["zh"]) == marks(entry["en"])
    values = {name: "X1" for name in marks(entry["zh"])}
    assert say(key, "zh", **values).count("X1") >= len(values)


@pytest.mark.parametrize("key", CATALOGUE)
def test_chinese_has_chinese_punctuation(key):
    sentence = CATALOGUE[key]["zh"]
    assert not re.search(r"[\u4e00-\u9fff][,;:?!][\u4e00-\u9fff]", sentence)
    assert not re.search(r"[\u4e00-\u9fff]\(|\)[\u4e00-\u9fff]", sentence)
    assert not re.search(r"[\u4e00-\u9fff]\.(\s|$)", sentence)


@pytest.mark.parametrize("key", CATALOGUE)
def test_english_has_no_chinese_punctuation(key):
    assert not re.search(r"[，。！？；：、（）《》【】]", CATALOGUE[key]["en"])


def test_every_key_that_is_said_exists():
    assert [(where, key) for where, expression, _ in said() for key in keys(expression) if key not in CATALOGUE] == []


def test_every_key_made_from_parts_has_sentences():
    for where, expression, _ in said():
        if isinstance(expression, ast.JoinedStr):
            shape = "".join(re.escape(p.value) if isinstance(p, ast.Constant) else r"\w+" for p in expression.values)
            assert any(re.fullmatch(shape, key) for key in CATALOGUE), where


def test_every_sentence_gets_the_values_it_needs():
    lacking = [
        (where, key, sorted(missing))
        for where, expression, values in said()
        for key in keys(expression)
        if key in CATALOGUE and (missing := marks(CATALOGUE[key]["zh"]) - values)
    ]
    assert lacking == []


def test_words_that_look_like_keys_are_keys():
    shaped = {c for c in constants() if re.fullmatch(r"(web|cli|notice|premise|decline|general|personal)(_[a-z0-9]+)+", c)}
    assert sorted(shaped - set(CATALOGUE)) == []


@pytest.mark.parametrize("key", CATALOGUE)
def test_every_sentence_is_used(key):
    assert named(key), f"nothing in coach/ or ui/ says {key!r}"


def test_what_is_not_used_would_be_noticed():
    assert not named("web_no_such_sentence") and not named("http_error_never_raised")


def test_an_unknown_key_or_a_missing_value_is_an_error():
    with pytest.raises(KeyError, match="no_such_key"):
        say("no_such_key", "zh")
    with pytest.raises(KeyError, match="titles"):
        say("nearest", "en")


def test_braces_for_the_page_survive():
    assert say("web_count", "zh", limit=5).startswith("{n} ")
