"""Faults that are put in on purpose: each changes the product and nothing that judges it, and leaves no trace behind."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from types import SimpleNamespace
from unittest import mock

import pytest

from coach.errors import InputError, SetupError
from coach.settings import Settings
from evals.mutations import judging, reply_faults
from evals.mutations.counts import worse
from evals.mutations.fault import Caught, Fault
from evals.mutations.faults import FAULTS, HARMLESS
from evals.mutations.judging import Bench, bench
from evals.mutations.run import chosen
from evals.mutations.table import right, table
from evals.schema import Outcome

NEEDS_A_LIBRARY = ("library", "start")
IN_PROCESS = [f for f in (*FAULTS, *HARMLESS) if f.layer not in NEEDS_A_LIBRARY]
JUDGES = ("evals.", "coach.text", "coach.claims", "coach.library.passages", "coach.library.check", "coach.development.numbers")


def state(prefixes: tuple[str, ...]) -> dict[tuple[str, ...], object]:
    """Everything that can be replaced in these modules: names, members of classes, entries of tables."""
    found: dict[tuple[str, ...], object] = {}
    for module_name, module in list(sys.modules.items()):
        if module is None or not module_name.startswith(prefixes):
            continue
        for name, value in list(vars(module).items()):
            found[module_name, name] = value
            members = vars(value) if inspect.isclass(value) and value.__module__ == module_name else {}
            entries = value if isinstance(value, dict) and not name.startswith("__") else {}
            found |= {(module_name, name, str(key)): held for key, held in [*members.items(), *entries.items()]}
    return found


def changed(before: dict, after: dict) -> set[tuple[str, ...]]:
    """What was replaced, put in or taken out; modules that were loaded on the way are none of it."""
    modules = {module for module, *_ in before}
    keys = before.keys() | {key for key in after if key[0] in modules}
    return {key for key in keys if before.get(key, keys) is not after.get(key, keys)}


@pytest.fixture
def coach() -> SimpleNamespace:
    return SimpleNamespace(settings=Settings(model="none"))


def test_there_are_enough_and_every_name_is_one_of_its_own() -> None:
    names = [f.name for f in (*FAULTS, *HARMLESS)]
    assert len(FAULTS) >= 34 and len(set(names)) == len(names)
    assert {f.layer for f in FAULTS} == {
        "reply", "gate", "search", "embedding", "library", "start", "own", "files", "people", "cycles",
    }  # fmt: skip
    assert len(HARMLESS) >= 3 and all(f.does for f in (*FAULTS, *HARMLESS))


@pytest.mark.parametrize("fault", IN_PROCESS, ids=lambda f: f.name)
def test_a_fault_changes_the_product_alone_and_puts_everything_back(fault: Fault, coach: SimpleNamespace) -> None:
    product, judges = state(("coach.",)), state(JUDGES)
    with pytest.raises(ZeroDivisionError), fault.apply(coach):  # after an error as after success
        inside = changed(product, state(("coach.",)))
        assert inside or fault.name == "nothing", "changes nothing"
        assert not changed(judges, state(JUDGES)), "a fault must never reach what judges it"
        raise ZeroDivisionError
    assert not changed(product, state(("coach.",)))


@pytest.mark.parametrize(
    ("change", "lang", "text", "spoilt"),
    [
        (reply_faults._numbers_swapped, "zh", "先投60%，再投25%。", "先投25%，再投60%。"),
        (reply_faults._numbers_swapped, "en", "It takes 3 years.", "It takes 37 years."),
        (reply_faults._numbers_swapped, "zh", "没有数字。", "没有数字。"),
        (reply_faults._levels_swapped, "zh", "初级之后是高级。", "高级之后是初级。"),
        (reply_faults._levels_swapped, "en", "From foundation to Advanced.", "From advanced to foundation."),
        (reply_faults._negated, "zh", "预算要管。会议照开，也能改。", "预算不要管。会议照开，也不能改。"),
        (reply_faults._negated, "en", "It is 3.5 years. You should ask.", "It is not 3.5 years. You should not ask."),
        (reply_faults._unattributed, "en", "The material claims that 70% leave.", "The material  that 70% leave."),
        (reply_faults._half, "zh", "一二三四", "一二"),
    ],
)
def test_words_are_spoilt_as_said(change, lang, text, spoilt) -> None:
    if change is reply_faults._unattributed:
        assert "claims" not in change(text, lang)
    else:
        assert change(text, lang) == spoilt


def test_names_choose_and_a_wrong_one_lists_them() -> None:
    faults, harmless = chosen(["mark-dropped", "timing"])
    assert [f.name for f in (*faults, *harmless)] == ["mark-dropped", "timing"]
    assert chosen([]) == (list(FAULTS), list(HARMLESS))
    with pytest.raises(InputError, match="no-such") as error:
        chosen(["no-such"])
    assert "mark-dropped" in error.value.hint


def test_what_is_not_caught_stands_out_in_the_table() -> None:
    found = [
        Caught(fault=FAULTS[0], signs=("gate: a | b", "two", "three", "four"), seconds=1),
        Caught(fault=FAULTS[1], signs=(), seconds=1),
        Caught(fault=HARMLESS[0], signs=(), seconds=1),
    ]
    assert [right(c) for c in found] == [True, False, True]
    assert not right(replace(found[2], signs=("gate: x",)))
    told = table(found)
    assert "gate: a \\| b<br>two<br>three<br>1 more" in told
    assert "**NOT CAUGHT**" in told and "1 of 2 faults caught" in told and "nothing, as it should be" in told


def test_counts_are_worse_only_beyond_chance() -> None:
    clean = {"levels": {f"{n}": 1.0 for n in range(20)}}
    assert worse(clean, clean) == []
    assert worse({"levels": {f"{n}": float(n > 0) for n in range(20)}}, clean) == []  # one of twenty may be chance
    assert worse({"levels": {f"{n}": float(n > 9) for n in range(20)}}, clean) == ["counts: levels 100 → 50 % of 20"]


def test_what_is_no_longer_measured_is_worse() -> None:
    clean = {"sourced": {f"{n}": 1.0 for n in range(20)}}
    assert worse({}, clean) == ["counts: sourced 100 → 0 % of 20"]
    assert worse({"sourced": {f"{n}": 1.0 for n in range(10)}}, clean) == ["counts: sourced 100 → 50 % of 20"]


def test_a_broken_product_is_no_ground_to_try_faults_on(coach: SimpleNamespace) -> None:
    spoilt = Outcome(case="t-1", suite="s", lang="zh", kind="k", values={}, problems=["error: no library"], hard=["no_error"])
    good = Outcome(case="t-2", suite="s", lang="zh", kind="k", values={})
    made = Bench(coach.settings, coach)
    made.__dict__["_first"] = SimpleNamespace(outcomes=[spoilt, good])
    with pytest.raises(InputError, match="1 of 2 cases"):
        _ = made.excluded
    made = Bench(coach.settings, coach)
    made.__dict__["_first"] = SimpleNamespace(outcomes=[spoilt, *[good] * 30])
    assert made.excluded == {"t-1"}


def test_a_product_that_does_not_start_counts_as_caught_only_where_the_clean_one_does(coach: SimpleNamespace) -> None:
    @contextmanager
    def refuses(_coach) -> Iterator[None]:
        raise SetupError("framework.yaml is not valid.")
        yield

    made = Bench(coach.settings, coach)
    made.__dict__.update(baseline=None, _opens=True)
    fault = replace(FAULTS[0], layer="start", apply=refuses)
    assert made.judged(fault).signs == ("load: SetupError: framework.yaml is not valid.",)
    del made.__dict__["_opens"]
    with mock.patch.object(judging, "prompts_edited", lambda _edit: refuses), pytest.raises(SetupError):
        made.judged(fault)


# --- the real product -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def ready(real_settings: Settings) -> Iterator[Bench]:
    few = {layer: dict.fromkeys(sizes, 20) for layer, sizes in judging.SELECTION.items()}
    with mock.patch.object(judging, "SELECTION", few), bench(real_settings) as made:
        yield made


@pytest.mark.real
@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "sign"),
    [
        ("quote-altered", "quotes_literal"),
        ("all-refused", "answerable status"),
        ("evidence-always", "status right"),
        ("variable-lost", "load: SetupError"),
        ("other-adapter", "load: LibraryMismatch"),
    ],
)
def test_a_real_fault_is_caught_by_its_gate(ready: Bench, name: str, sign: str) -> None:
    found = ready.judged(next(f for f in FAULTS if f.name == name))
    assert any(sign in said for said in found.signs), found.signs


@pytest.mark.real
@pytest.mark.slow
@pytest.mark.parametrize("fault", HARMLESS, ids=lambda f: f.name)
def test_a_harmless_change_passes(ready: Bench, fault: Fault) -> None:
    assert ready.judged(fault).signs == ()
