"""`coach eval`: what is typed, what is printed, what it ends with."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from coach.cli import cli
from evals import gate, report, results
from evals.cli import chosen, main
from evals.results import Run
from evals.scorers.score import Ground
from evals.sets import Loaded, suites
from tests.evals.conftest import record, refusal
from tests.evals.test_gate import many, run_of
from tests.fake_provider import FakeProvider


def run(*words: str):
    return CliRunner().invoke(cli, ["eval", *words])


@pytest.fixture
def kept(ground: Ground, tmp_path: Path) -> Path:
    """A run on disk, two of forty cases refused."""
    results.write(many(ground, wrong=2), tmp_path / "old")
    return tmp_path / "old"


def test_the_product_s_command_line_has_it_and_imports_it_only_when_asked():
    assert "eval" in CliRunner().invoke(cli, ["--help"]).output
    assert run("--help").exit_code == 0 and all(name in main.commands for name in ("run", "score", "compare", "report", "import"))


def test_without_a_library_one_sentence_says_what_to_do():
    ended = run("run", "--suite", "status", "--limit", "1", "--no-save")
    assert ended.exit_code == 2 and "coach models fetch" in ended.output and "Traceback" not in ended.output


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("run", "--suite", "statuz", "--no-save"), "There is no question set 'statuz'"),
        (("run", "--solver", "magic", "--no-save"), "There is no solver 'magic'"),
        (("run", "--solver", "closed_book", "--no-save"), "--model"),
        (("score", "/nowhere/run"), "coach eval run"),
        (("report", "/nowhere/run"), "coach eval run"),
    ],
)
def test_what_cannot_be_done_is_said_with_what_can(words, told):
    ended = run(*words)
    assert ended.exit_code == 2 and told in ended.output and "Traceback" not in ended.output


def test_groups_leave_out_what_says_nothing_without_a_model(real_settings):
    none = real_settings.model_copy(update={"model": "none"})
    asked = [s.name for s in chosen(["all"], none)]
    assert asked == [n for n, s in suites().items() if s.needs != "model"] and "advice" not in asked
    assert "advice" in [s.name for s in chosen(["all"], real_settings)]
    assert {s.split for s in chosen(["heldout_all"], none)} == {"heldout"} and {s.split for s in chosen(["dev"], none)} == {"dev"}
    assert [s.name for s in chosen(["status", "dev"], none)].count("status") == 1


def test_scoring_again_asks_nobody(kept):
    (kept / "outcomes.jsonl").unlink()
    (kept / "outcomes.jsonl").write_text("", encoding="utf-8")
    ended = run("score", str(kept))
    assert ended.exit_code == 0 and "right in full | 40 | 95.0 %" in ended.output, ended.output
    assert (kept / "report.html").read_text(encoding="utf-8").startswith("<!doctype html>") and (kept / "report.md").is_file()


def test_a_kept_run_is_replayed_under_the_cases_as_they_are_now(ground, kept, real_settings):
    then = results.read(kept)
    mended = then.cases[0].model_copy(update={"status": "not_in_sources", "keypoints": [], "facts": []})
    other = then.cases[3].model_copy(update={"question": "别的问题?"})
    cases = (mended, *then.cases[1:3], other, then.cases[4].model_copy(update={"id": "t-new"}))
    now = Loaded(name="test", version=2, split="dev", digest="new", cases=cases)
    again = results.replayed(real_settings, then, [now])
    right = [o.values.get("right") for o in again.outcomes]
    assert right == [1.0, 0.0, 1.0, 0.0, 0.0] and [o.values.get("right") for o in then.outcomes[:2]] == [0.0, 0.0]
    assert "was asked something else as t-3" in (again.records[3].error or "")
    assert "has no reply to t-new" in (again.records[4].error or "")
    assert again.made.datasets == {"test": "new"} and again.made.code == then.made.code
    assert run("run", "--replay", str(kept / "nowhere")).exit_code == 2


def test_a_line_of_a_run_may_hold_any_sign_that_ends_a_line_elsewhere(ground, tmp_path):
    then = run_of(ground, record(answer="一行\u2028两行\x85三行"))
    results.write(then, tmp_path / "run")
    assert results.read(tmp_path / "run").records == then.records


def test_a_hard_rule_that_breaks_when_scored_anew_ends_with_1(ground, kept):
    rows = [json.loads(line) for line in (kept / "records.jsonl").read_text(encoding="utf-8").splitlines()]
    rows[-1]["citations"] = []
    (kept / "records.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    ended = run("score", str(kept))
    assert ended.exit_code == 1 and "✗ citations_valid: 1 (t-39)" in ended.output


def test_comparing_tells_worse_from_better(ground, kept, tmp_path):
    results.write(many(ground), tmp_path / "better")
    results.write(many(ground, wrong=20), tmp_path / "worse")
    assert run("compare", str(kept), str(tmp_path / "better")).exit_code == 0
    ended = run("compare", str(kept), str(tmp_path / "worse"))
    assert ended.exit_code == 1 and "| worse |" in ended.output and "✗ test right: 95.0 → 50.0 % of 40" in ended.output


def test_a_run_that_breaks_a_hard_rule_becomes_no_baseline(ground, tmp_path, monkeypatch):
    monkeypatch.setattr(gate, "BASELINES", tmp_path / "evals" / "baselines")
    results.write(run_of(ground, record(citations=[])), tmp_path / "bad")
    ended = run("baseline", str(tmp_path / "bad"))
    assert ended.exit_code == 2 and "citations_valid" in ended.output and not (tmp_path / "evals").exists()
    results.write(many(ground), tmp_path / "good")
    assert run("baseline", str(tmp_path / "good")).exit_code == 0
    assert gate.read(tmp_path / "evals" / "baselines" / "none.json").values["test"]["right"]["t-0"] == 1


def test_a_baseline_that_is_named_and_not_there_is_said(kept):
    ended = run("score", str(kept), "--baseline", "nowhere.json")
    assert ended.exit_code == 2 and "nowhere.json" in ended.output


def test_failures_of_heldout_sets_are_counted_and_not_shown(ground):
    run_ = many(ground, wrong=3)
    told = report.text(run_, gate.judge(run_))
    assert "✗ t-0" in told
    hidden = replace(run_, made=run_.made.model_copy(update={"splits": {"test": "heldout"}}))
    told = report.text(hidden, gate.judge(hidden))
    assert "✗ t-0" not in told and "3 cases of heldout sets" in told and "never tuned on" in told


def test_the_report_says_a_dash_for_what_was_not_measured_and_marks_what_should_be_low(ground):
    only = run_of(ground, refusal(case="t-1"))
    told = report.text(only, gate.judge(only))
    assert "over-refused ↓ | 1 | 100.0 %" in told and report.percent(None) == "–" and "| all | – of 0 | 100.0 % of 1 |" in told


def test_ones_own_questions_become_a_set(tmp_path, monkeypatch):
    monkeypatch.setenv("COACH_HOME", str(tmp_path / "home"))
    sheet = tmp_path / "questions.csv"
    sheet.write_text("问题,答案要点\n预算谁来定？,制定/编制；分配\n", encoding="utf-8-sig")
    ended = run("import", str(sheet), "--name", "ours")
    assert ended.exit_code == 0 and "coach eval run --suite ours" in ended.output, ended.output
    assert "ours" in run("list").output
    assert run("import", str(sheet), "--name", "own").exit_code == 2


def test_a_run_names_everything_it_was_made_with(ground: Ground):
    assert isinstance(many(ground), Run)
    folder = results.folder_for(many(ground).made)
    assert folder.name == "20261122T000000Z-none-product-test"


def test_a_judge_is_never_the_model_under_test_and_its_verdicts_gate_nothing(kept, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    with FakeProvider(words=('{"verdict": "yes", ', '"quote": "营销预算由市场总监制定"}')) as fake:
        monkeypatch.setenv("COACH_MODEL_BASE_URL", f"{fake.url}/v1")
        ended = run("score", str(kept), "--judge", "openai:judge")
    made = results.read(kept)
    assert made.made.notes["judge"] == "openai:judge" and made.made.notes["judge_asked"] > 100
    # A judge that says yes to everything says the reply contradicts, too.
    assert made.outcomes[-1].values["judged"] == 0 and ended.exit_code == 0, ended.output
    tested = made.made.model_copy(update={"model": "openai:judge"})
    results.write(replace(made, made=tested), kept)
    ended = run("score", str(kept), "--judge", "OpenAI:Judge")
    assert ended.exit_code == 2 and "is the model under test" in ended.output
    assert run("score", str(kept)).exit_code == 0 and "judged" not in results.read(kept).outcomes[-1].values
