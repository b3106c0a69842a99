"""Question sets load whole and checked, or not at all; samples are beginnings of one order."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from coach.errors import InputError
from coach.library.articles import held_back, load_articles
from coach.settings import ROOT, Settings
from coach.types import STATUSES
from evals.schema import Case
from evals.sets import DATASETS, Judged, judged_cases, load, names, rows, sample, suites
from tests.evals.conftest import case

SETTINGS = Settings(_env_file=None, home=Path("/nowhere"))


def row(**changed) -> dict:
    return json.loads(case().model_dump_json(exclude_defaults=True)) | changed


def test_the_committed_sets_load_and_cover_what_they_should():
    sets = [load(name, SETTINGS) for name in suites()]
    cases = [c for s in sets for c in s.cases]
    assert len(cases) >= 800 and len({c.id for c in cases}) == len(cases)
    assert {c.lang for c in cases} == {"zh", "en"} and {c.status for c in cases} == set(STATUSES)
    assert sum(bool(c.facts) for c in cases) > 600
    kinds = Counter(c.kind for c in cases)
    for kind in ("multi", "collision", "false_premise", "followup", "vague", "near", "far", "fabricate", "role_play"):
        assert kinds[kind] >= 8, kind
    assert all(kinds[f"injection_{way}"] >= 8 for way in ("question", "history", "document", "base64"))
    assert kinds["crisis"] + kinds["distress"] >= 90


def test_every_fact_of_the_framework_is_asked_for():
    asked = {f for name in suites() for c in load(name, SETTINGS).cases for f in c.facts}
    wanted = {f"F{n:03d}" for n in range(1, 198)}
    assert asked >= wanted, sorted(wanted - asked)


def test_nobody_tunes_on_a_heldout_set_and_the_list_says_which_they_are():
    assert {n for n, s in suites().items() if s.split == "heldout"} == {
        "heldout",
        "blind_answerable",
        "blind_status",
        "blind_alike",
    }
    assert {load(name, SETTINGS).split for name in ("heldback", "judged")} == {"heldout"}


def test_history_becomes_turns_and_a_document_a_file(written):
    said = [{"role": "user", "content": "你好"}]
    found = rows(written(row(history=said, document={"name": "简历.md", "text": "# 简历"})), Case)[0]
    assert found.turns[0].role == "user" and found.files[0].text == "# 简历" and case().files == ()


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"colour": "red"}, "colour"),
        ({"keypoints": [["制定"], []]}, "keypoints.1"),
        ({"keypoints": [[" "]]}, "keypoints.0.0"),
        ({"must_not": [""]}, "must_not.0"),
        ({"lang": "de"}, "lang"),
        ({"attribution": "yes"}, "attribution"),
        ({"history": [{"role": "system", "content": "x"}]}, "history.0.role"),
        ({"also": ["maybe"]}, "also"),
        ({"why": ""}, "why"),
        ({"status": "declined"}, "keypoints belong to the status answered"),
    ],
)
def test_a_wrong_row_is_refused_by_file_line_and_place(written, changed, told):
    with pytest.raises(InputError, match=rf"set\.jsonl, line 2 .*{told}"):
        rows(written(row(), row(**({"id": "t-2"} | changed))), Case)


def test_a_doubled_id_a_missing_key_and_nothing_at_all_are_refused(written):
    with pytest.raises(InputError, match="stands twice"):
        rows(written(row(), row()), Case)
    short = row()
    del short["question"]
    for content in (short, "", "{not json"):
        with pytest.raises(InputError):
            rows(written(content), Case)


def test_an_unknown_set_names_those_there_are():
    with pytest.raises(InputError, match="answerable, status"):
        load("answerabel", SETTINGS)
    with pytest.raises(InputError):
        load("../answerable", SETTINGS)


def test_ones_own_sets_lie_in_the_home(tmp_path, written):
    settings = Settings(_env_file=None, home=tmp_path)
    (tmp_path / "evals").mkdir()
    (tmp_path / "evals" / "ours.jsonl").write_text(json.dumps(row(), ensure_ascii=False), encoding="utf-8")
    assert "ours" in names(settings) and load("ours", settings).split == "own"


def test_the_held_back_fifth_comes_with_its_sentences():
    cases = load("heldback", SETTINGS).cases
    listed = [q for a in load_articles(ROOT / "knowledge") for q in a.questions]
    assert len(cases) / len(listed) == pytest.approx(1 / 5, abs=0.02)
    assert all(held_back(c.question) for c in cases) and all(c.gold and c.keypoints for c in cases)
    bodies = {a.id + a.lang: a.body for a in load_articles(ROOT / "knowledge")}
    assert all(c.keypoints[0][0] in bodies[c.gold[0] + c.lang] for c in cases)


def test_what_readers_judged_stands_in_the_library_and_counts_beside_what_is_listed():
    judged = rows(DATASETS / "judged.jsonl", Judged, unique=False)
    cases = load("judged", SETTINGS).cases
    spoken = {(a.id, a.lang): a.body for a in load_articles(ROOT / "knowledge")}
    assert len(cases) == len(judged) == 1000 and Counter(c.lang for c in cases) == {"zh": 500, "en": 500}
    for row, found in zip(judged, cases, strict=True):
        assert held_back(row.question) and found.gold == [row.article, *row.articles]
        assert all((article, row.lang) in spoken for article in row.articles)
        assert all(any(s in body for body in spoken.values()) for s in row.sentences)
        assert not row.sentences or found.keypoints[0][1:] == row.sentences
    assert sum(bool(row.articles or row.sentences) for row in judged) > 100


def test_a_judged_question_that_is_not_held_back_any_more_is_named():
    gone = Judged(question="没有这一问", lang="zh", article="metric-roi")
    with pytest.raises(InputError, match="没有这一问"):
        judged_cases(load("heldback", SETTINGS).cases, [gone])


def test_a_sample_alternates_languages_and_keeps_the_share_of_kinds():
    cases = rows(DATASETS / "answerable.jsonl", Case)
    some = sample(cases, 32)
    assert [c.lang for c in some] == ["zh", "en"] * 16 and len({c.id for c in some}) == 32
    assert {"colloquial", "trap", "detail", "followup", "noisy", "direct"} == {c.kind for c in some}
    assert sample(cases, 10) == some[:10] and sample(cases, None) == cases
