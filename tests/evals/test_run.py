"""A run over stand-ins: nothing is dropped, gates do not pass on nothing, reports say what they were made of."""

from __future__ import annotations

import json
from dataclasses import replace

from click.testing import CliRunner

from coach.errors import ModelError
from evals import __main__ as command
from evals import report
from evals.run import gates, line, lines, run, sides
from evals.stats import mean, percentile, wilson
from tests.evals.conftest import StandIn, case, reply, status_case

ABOUT = {"suite": "all", "model": "none"}


def test_right_wrong_and_failed_are_all_counted(claims):
    cases = [
        case(id="ok"),
        case(id="refused", question="另一问"),
        case(id="broken", question="坏"),
        case(id="empty", question="空"),
    ]
    coach = StandIn({cases[0].question: reply(), "坏": ModelError("gone"), "空": reply("", citations=())})
    scored = run(coach, cases, [], claims)
    assert [s.right for s in scored] == [True, False, False, False]
    total = lines(scored)[0]
    assert (total.n, total.right) == (4, 1)
    assert "ModelError: gone" in scored[2].problems[0] and scored[3].problems[0] == "empty answer"
    assert all(made.n == 4 for made in lines(scored) if made.name in ("answerable: in head", "answerable: retrieved"))


def test_history_reaches_the_coach(claims):
    coach = StandIn({})
    run(coach, [case(history=[{"role": "user", "content": "你好"}])], [], claims)
    assert coach.asked[0][1][0].content == "你好"


def test_hallucination_and_over_refusal_stand_side_by_side(claims):
    status = [status_case(id="a", question="天气"), status_case(id="b", question="股票")]
    coach = StandIn({"天气": reply()})
    scored = run(coach, [case()], status, claims)
    name, invented, refused = sides(scored)[0]
    assert (name, invented.right, invented.n, refused.right, refused.n) == ("all", 1, 2, 1, 1)


def test_an_error_is_no_answer_and_no_refusal_but_breaks_the_gate(claims):
    scored = run(StandIn({"明天下雨吗?": ModelError("gone")}), [], [status_case()], claims)
    assert not scored[0].right
    assert gates(scored).errors == 1 and "error" in " ".join(gates(scored).broken)


def test_gates_hold_only_when_something_was_checked(claims):
    assert not gates(run(StandIn({case().question: reply()}), [case()], [], claims)).broken
    assert gates(run(StandIn({}), [case()], [], claims)).broken == ("no citation was checked",)
    assert gates([]).validity is None


def test_a_false_citation_breaks_the_gate(claims):
    wrong = replace(reply(), citations=(replace(reply().citations[0], quote="每周"),))
    found = gates(run(StandIn({case().question: wrong}), [case()], [], claims))
    assert found.validity is not None and found.validity < 1 and found.broken


def test_forbidden_words_are_reported_and_break_no_gate(claims):
    found = gates(run(StandIn({case().question: reply()}), [case(must_not=["渠道"])], [], claims))
    assert found.forbidden == ("t-1 渠道",) and not found.broken


def test_the_report_lists_failures_and_can_be_saved(claims, tmp_path):
    scored = run(StandIn({}), [case()], [status_case()], claims)
    text = report.text(scored, ABOUT)
    assert "| answerable zh colloquial | 1 | 0.0 % |" in text and "✗ t-1" in text and "GATES BROKEN" in text
    place = report.save(tmp_path, scored, ABOUT)
    kept = json.loads((place / "run.json").read_text("utf-8"))
    assert kept["cases"][0]["answer"] == "资料里没有。" and kept["about"] == ABOUT


def test_what_was_not_measured_is_a_dash():
    assert report.percent(None) == "–" and line("x", [None, None]).score is None


def test_the_command_ends_with_1_when_a_gate_is_broken(claims, monkeypatch, tmp_path):
    scored = run(StandIn({}), [case()], [], claims)
    monkeypatch.setattr(command, "_evaluate", lambda *_: (scored, ABOUT))
    ended = CliRunner().invoke(command.main, ["--json", str(tmp_path / "out" / "r.json")])
    assert ended.exit_code == 1 and (tmp_path / "out" / "r.json").exists()
    good = run(StandIn({case().question: reply()}), [case()], [], claims)
    monkeypatch.setattr(command, "_evaluate", lambda *_: (good, ABOUT))
    assert CliRunner().invoke(command.main, []).exit_code == 0


def test_the_command_ends_with_2_and_a_sentence_when_something_must_be_set_up():
    ended = CliRunner().invoke(command.main, ["--limit", "1"])
    assert ended.exit_code == 2 and "coach models fetch" in ended.output


def test_wilson():
    low, high = wilson(8, 10)
    assert round(low, 3) == 0.490 and round(high, 3) == 0.943
    assert wilson(0, 0) == (0.0, 1.0) and wilson(0, 5)[0] == 0.0 and wilson(5, 5)[1] == 1.0


def test_percentiles_of_nothing_are_nothing():
    assert percentile([], 0.5) is None and mean([]) is None
    assert percentile([3.0, 1.0, 2.0, 10.0], 0.5) == 2.5 and percentile([1.0, 2.0], 1.0) == 2.0
