"""Question sets load whole and checked, or not at all."""

from __future__ import annotations

import json

import pytest

from coach.errors import InputError
from evals.data import load_answerable, load_status, sample
from tests.evals.conftest import case, status_case


def row(**changed) -> dict:
    return json.loads(case().model_dump_json()) | changed


def test_the_real_sets_load():
    answerable, status = load_answerable(), load_status()
    assert len(answerable) >= 150 and {c.lang for c in answerable} == {"zh", "en"}
    assert {c.status for c in status} == {"answered", "not_in_sources", "clarify", "declined", "crisis"}


def test_history_becomes_turns(written):
    said = [{"role": "user", "content": "你好"}]
    assert load_answerable(written(row(history=said)))[0].turns[0].role == "user"


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"colour": "red"}, "colour"),
        ({"keypoints": []}, "keypoints"),
        ({"keypoints": [["制定"], []]}, "keypoints.1"),
        ({"keypoints": [[" "]]}, "keypoints.0.0"),
        ({"must_not": [""]}, "must_not.0"),
        ({"lang": "de"}, "lang"),
        ({"attribution": "yes"}, "attribution"),
        ({"history": [{"role": "system", "content": "x"}]}, "history.0.role"),
    ],
)
def test_a_wrong_row_is_refused_by_file_line_and_place(written, changed, told):
    with pytest.raises(InputError, match=rf"set\.jsonl, line 2 .*{told}"):
        load_answerable(written(row(), row(**({"id": "t-2"} | changed))))


def test_a_missing_key_is_refused(written):
    short = row()
    del short["must_not"]
    with pytest.raises(InputError, match="must_not"):
        load_answerable(written(short))


def test_a_doubled_id_is_refused(written):
    with pytest.raises(InputError, match="stands twice"):
        load_answerable(written(row(), row()))


@pytest.mark.parametrize("content", ["", "{not json"])
def test_an_empty_or_broken_file_is_refused(written, content):
    with pytest.raises(InputError):
        load_answerable(written(content))


def test_an_unknown_status_is_refused(written):
    wrong = json.loads(status_case().model_dump_json()) | {"also": ["maybe"]}
    with pytest.raises(InputError, match="also"):
        load_status(written(wrong))


def test_a_sample_alternates_languages_and_keeps_the_share_of_kinds():
    some = sample(load_answerable(), 32)
    assert [c.lang for c in some] == ["zh", "en"] * 16
    assert len({c.id for c in some}) == 32
    assert {"colloquial", "trap", "detail", "followup", "noisy", "direct"} == {c.kind for c in some}
    assert sample(load_answerable(), 10) == some[:10]


def test_a_sample_of_everything_is_everything():
    cases = [case(id="a"), case(id="b", lang="en")]
    assert sample(cases, None) == cases and sample(cases, 9) == cases
