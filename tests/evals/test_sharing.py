"""A run shared by several processes: the same records as in one, and clear words when a process cannot go on."""

from __future__ import annotations

from multiprocessing import Pipe

import pytest

from coach.errors import CoachError, WeightsError
from coach.settings import Settings
from evals import results, sharing
from evals.sets import load
from tests.evals.conftest import record


def test_two_share_what_is_worth_it_and_one_asks_the_rest(tmp_path):
    settings = Settings(home=tmp_path, model="none", threads=2)
    assert sharing.processes(settings, "product", 1000) == 2
    assert sharing.processes(settings, "product", 20) == 1
    assert sharing.processes(settings, "plain", 1000) == 1
    assert sharing.processes(settings.model_copy(update={"threads": 1}), "product", 1000) == 1
    assert sharing.processes(settings.model_copy(update={"model": "local:qwen2.5-coder-1.5b"}), "product", 1000) == 1


def test_what_came_from_several_is_put_in_the_order_of_the_cases():
    first, second = Pipe(duplex=False), Pipe(duplex=False)
    for (_, pipe), numbers in ((first, (0, 2)), (second, (1,))):
        for n in numbers:
            pipe.send((record(case=f"t-{n}"), {f"k{n}": "text"}))
        pipe.send("v1")
    told = []
    records, texts, library = sharing._gathered({first[0]: [0, 2], second[0]: [1]}, 3, lambda *done: told.append(done))
    assert [r.case for r in records] == ["t-0", "t-1", "t-2"] and set(texts) == {"k0", "k1", "k2"} and library == "v1"
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_a_process_that_ends_early_is_named_and_mended():
    ours, theirs = Pipe(duplex=False)
    theirs.send((record(), {}))
    theirs.close()
    with pytest.raises(CoachError, match="ended early.*--jobs 1"):
        sharing._gathered({ours: [0, 1]}, 2, None)


def test_what_a_process_lacks_is_said_as_in_one(tmp_path):
    settings = Settings(home=tmp_path, model="none")
    with pytest.raises(WeightsError, match="coach models fetch"):
        sharing.ask(settings, [("status", c) for c in load("status", settings).cases[:2]], "product", {}, 2)


@pytest.mark.real
@pytest.mark.slow
def test_shared_or_not_the_answers_are_the_same(real_settings):
    settings = real_settings.model_copy(update={"model": "none"})
    sets = [load("answerable", settings)]
    alone, shared = (results.perform(settings, sets, limit=6, jobs=n) for n in (1, 2))
    assert [r.model_copy(update={"timings": {}}) for r in shared.records] == [
        r.model_copy(update={"timings": {}}) for r in alone.records
    ]
    assert shared.texts == alone.texts and shared.made.library == alone.made.library and all(r.answer for r in shared.records)
