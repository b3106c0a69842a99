"""The gate: hard rules at one case, everything else case by case against a baseline; missing evidence is never a pass."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from coach.app import build_coach
from coach.errors import InputError
from coach.settings import ROOT, Settings
from evals import gate, results
from evals.metrics import PAIRED
from evals.results import Run
from evals.schema import Case, Made, Record
from evals.scorers.score import Ground, score
from evals.sets import DATASETS, Loaded, load, rows, suites
from evals.solvers import Product, wait_for
from evals.stats import bootstrap_mean, mean, paired, percentile, wilson
from tests.evals.conftest import TEXT, TEXTS, case, loaded, record, refusal

MADE = {
    "suites": ["test"], "solver": "product", "model": "none", "strategy": "auto", "datasets": {"test": "d"}, "splits": {"test": "dev"},
    "limit": None, "prompts": {}, "library": "", "index": "", "calibration": "", "code": "", "commit": "", "version": "",
    "started": "2026-11-22T00:00:00Z", "seconds": 1.0,
}  # fmt: skip


def run_of(ground: Ground, *records: Record, **made) -> Run:
    """A run of as many cases as there are records."""
    cases = tuple(case(id=r.case) for r in records)
    outcomes = tuple(score(c, r, TEXTS, ground) for c, r in zip(cases, records, strict=True))
    return Run(made=Made(**(MADE | made)), cases=cases, records=records, texts=TEXTS, outcomes=outcomes)


def many(ground: Ground, wrong: int = 0, number: int = 40) -> Run:
    """So many cases, the first `wrong` of them refused."""
    refused = [refusal(case=f"t-{n}") for n in range(wrong)]
    return run_of(ground, *refused, *(record(case=f"t-{n}") for n in range(wrong, number)))


# --- hard rules -------------------------------------------------------------------------------------------------------


def test_a_good_run_passes_and_equals_itself(ground):
    run = many(ground)
    verdict = gate.judge(run, gate.baseline_of(run))
    assert verdict.passed and verdict.changes and not any(c.worse or c.better for c in verdict.changes)


def test_one_broken_hard_rule_in_forty_fails_and_names_the_case(ground):
    bad = record(answer=TEXT + "[2]", case="t-7")
    run = run_of(ground, *(bad if n == 7 else record(case=f"t-{n}") for n in range(40)))
    assert gate.hard(run) == ["citations_valid: 1 (t-7)"] and not gate.judge(run).passed


def test_nothing_measured_is_no_pass(ground):
    assert "citations_valid: measured on nothing" in gate.hard(many(ground, wrong=40))
    assert gate.hard(run_of(ground))[-1].endswith("measured on nothing")


# --- against a baseline -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("wrong", "fails"), [(0, False), (1, False), (8, True), (40, True)])
def test_worse_beyond_chance_fails_and_a_single_case_does_not(ground, wrong, fails):
    baseline = gate.baseline_of(many(ground))
    verdict = gate.judge(many(ground, wrong=wrong), baseline)
    told = [b for b in verdict.broken if b.startswith("test ")]
    assert bool(told) is fails
    if fails:
        assert any("over_refused" in b for b in told) and any("keypoints" in b for b in told)


def test_better_is_no_failure_in_either_direction(ground):
    verdict = gate.judge(many(ground), gate.baseline_of(many(ground, wrong=20)))
    assert not verdict.broken and {c.metric for c in verdict.changes if c.better} >= {"right", "over_refused"}


def test_a_value_that_is_gone_counts_as_the_worst(ground):
    run = many(ground)
    silent = tuple(o.model_copy(update={"values": {n: v for n, v in o.values.items() if n != "grounded"}}) for o in run.outcomes)
    verdict = gate.judge(replace(run, outcomes=silent), gate.baseline_of(run))
    assert any("test grounded: 100.0 → 0.0 %" in b for b in verdict.broken)


def test_cases_that_were_not_asked_fail_unless_a_part_was_asked_for(ground):
    baseline = gate.baseline_of(many(ground))
    fewer = many(ground, number=30)
    assert any("10 cases of the baseline were not asked" in b for b in gate.judge(fewer, baseline).broken)
    assert gate.judge(replace(fewer, made=fewer.made.model_copy(update={"limit": 30})), baseline).passed


def test_other_questions_under_the_same_name_are_not_compared_in_silence(ground):
    baseline = gate.baseline_of(many(ground))
    changed = many(ground)
    changed = replace(changed, made=changed.made.model_copy(update={"datasets": {"test": "other"}}))
    assert any("its cases changed" in b for b in gate.judge(changed, baseline).broken)


def test_rounding_and_a_handful_of_cases_fail_nothing(ground):
    run = many(ground)
    lower = tuple(o.model_copy(update={"values": {**o.values, "grounded": 0.99996}}) for o in run.outcomes)
    assert gate.judge(replace(run, outcomes=lower), gate.baseline_of(run)).passed
    few = many(ground, number=7)
    assert gate.judge(many(ground, wrong=5, number=7), gate.baseline_of(few)).passed


def test_a_run_that_only_searches_is_compared_in_its_search(ground):
    baseline = gate.baseline_of(many(ground))
    only = run_of(ground, *(record(None, case=f"t-{n}", asked=False, retrieved=[]) for n in range(40)))
    told = gate.judge(only, baseline).broken
    assert any("recall" in b for b in told) and not any("keypoints" in b for b in told)


def test_a_baseline_is_written_and_read_again(ground, tmp_path):
    baseline = gate.baseline_of(many(ground, wrong=3))
    gate.write(baseline, tmp_path / "b.json")
    assert gate.read(tmp_path / "b.json") == baseline
    with pytest.raises(InputError, match="coach eval baseline"):
        gate.read(tmp_path / "none.json")
    (tmp_path / "b.json").write_text('{"made": 1}')
    with pytest.raises(InputError, match="not valid"):
        gate.read(tmp_path / "b.json")


# --- statistics -------------------------------------------------------------------------------------------------------


def test_wilson():
    low, high = wilson(8, 10)
    assert round(low, 3) == 0.490 and round(high, 3) == 0.943
    assert wilson(0, 0) == (0.0, 1.0) and wilson(0, 5)[0] == 0.0 and wilson(5, 5)[1] == 1.0


def test_percentiles_and_means_of_nothing_are_nothing():
    assert percentile([], 0.5) is None and mean([]) is None and bootstrap_mean([]) == (0.0, 1.0)
    assert percentile([3.0, 1.0, 2.0, 10.0], 0.5) == 2.5 and percentile([1.0, 2.0], 1.0) == 2.0


def test_paired_differences_cancel_what_both_have_in_common():
    hard, easy = {f"h{n}": 0.0 for n in range(50)}, {f"e{n}": 1.0 for n in range(50)}
    same = paired({**hard, **easy}, {**hard, **easy})
    assert (same.mean, same.low, same.high, same.n) == (0.0, 0.0, 0.0, 100)
    worse = paired({**hard, **{k: 0.0 if n < 12 else 1.0 for n, k in enumerate(easy)}}, {**hard, **easy})
    assert (
        worse.mean == pytest.approx(-0.12)
        and worse.high < 0
        and worse == paired({**hard, **{k: 0.0 if n < 12 else 1.0 for n, k in enumerate(easy)}}, {**hard, **easy})
    )
    assert paired({"a": 1.0}, {"b": 1.0}).mean is None


def test_the_bootstrap_covers_a_known_mean():
    low, high = bootstrap_mean([0.0] * 50 + [1.0] * 50)
    assert 0.38 < low < 0.42 and 0.58 < high < 0.62


# --- kept runs --------------------------------------------------------------------------------------------------------


def test_a_kept_run_is_scored_again_without_model_or_library(ground, tmp_path):
    run = many(ground, wrong=2)
    results.write(run, tmp_path / "r")
    again = results.read(tmp_path / "r")
    assert again == run
    spoilt = replace(again, outcomes=())
    assert results.scored(spoilt, ground).outcomes == run.outcomes


def test_a_run_that_is_not_whole_is_refused(ground, tmp_path):
    results.write(many(ground), tmp_path / "r")
    lines = (tmp_path / "r" / "records.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "r" / "records.jsonl").write_text("".join(lines[:-1]), encoding="utf-8")
    with pytest.raises(InputError, match="not whole"):
        results.read(tmp_path / "r")
    with pytest.raises(InputError, match="coach eval run"):
        results.read(tmp_path)


def test_whatever_a_solver_raises_is_kept_as_an_error_and_stops_nothing():
    class Failing:
        def solve(self, one: Case, suite: str, texts: results.Texts) -> Record:
            if one.id == "t-1":
                raise RuntimeError("boom")
            return record(case=one.id, suite=suite)

    asked, records, _ = results.ask(Failing(), [loaded(case(), case(id="t-2"))])
    assert [c.id for c in asked] == ["t-1", "t-2"] and records[0].error == "RuntimeError: boom" and records[1].answer


# --- the product ------------------------------------------------------------------------------------------------------


@pytest.mark.real
@pytest.mark.slow
@pytest.mark.timeout(1500)
def test_the_product_holds_the_gate_over_every_set(real_settings: Settings) -> None:
    settings = real_settings.model_copy(update={"model": "none"})
    sets = [load(name, settings) for name, suite in suites().items() if suite.needs != "model"]
    run = results.perform(settings, sets)
    verdict = gate.judge(run, gate.read(gate.BASELINES / f"{gate.name_for(run.made)}.json"))
    assert not verdict.broken, "\n".join(verdict.broken)
    assert len(run.cases) >= 900 and {c.metric for c in verdict.changes} >= set(PAIRED) - {"worded"}


def _advice(settings: Settings, prompts: Path) -> Run:
    """Some general advice by the embedded model under these prompts."""
    settings = settings.model_copy(update={"model": "local:qwen2.5-coder-1.5b", "prompts": prompts})
    cases = [c for c in rows(DATASETS / "advice.jsonl", Case) if c.lang == "zh"]
    ground = Ground.load(settings.knowledge, settings.prompts)
    coach = build_coach(settings)
    try:
        wait_for(coach)
        asked = Loaded(name="test", version=1, split="dev", digest="d", cases=tuple(cases))
        found, records, texts = results.ask(Product(coach=coach, advises=True), [asked])
    finally:
        coach.close()
    outcomes = tuple(score(c, r, texts, ground) for c, r in zip(found, records, strict=True))
    return Run(made=Made(**MADE), cases=found, records=records, texts=texts, outcomes=outcomes)


@pytest.mark.real
@pytest.mark.slow
@pytest.mark.timeout(1500)
def test_a_deliberately_worse_prompt_fails(real_settings: Settings, tmp_path: Path) -> None:
    good = _advice(real_settings, ROOT / "prompts")
    assert all(o.values["language"] == 1 and o.values["worded"] == 1 for o in good.outcomes), good.records
    worse = Path(shutil.copytree(ROOT / "prompts", tmp_path / "prompts"))
    text = (worse / "general.md").read_text(encoding="utf-8")
    wanted = "Write in {{language}}, three to five short sentences of practical, general advice."
    careless = "You are an English teacher. Answer only in English, never in {{language}}."
    assert wanted in text
    spoilt = text.replace(wanted, careless) + "\n\nAnswer in English:"
    (worse / "general.md").write_text(spoilt, encoding="utf-8")
    verdict = gate.judge(_advice(real_settings, worse), gate.baseline_of(good))
    assert any(b.startswith("test language:") for b in verdict.broken), verdict.broken
