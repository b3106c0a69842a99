"""The scorers of whole cycles: each against something ideal and something wrong, and two dialogues against the real product."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from coach.app import build_drafting
from coach.development.draft import profile_from
from coach.development.schema import Plan, Quote
from coach.errors import InputError
from coach.framework import load_framework
from coach.framework.files import Text
from coach.settings import Settings
from coach.types import Citation, Passage, Reply
from evals import cycles, development
from evals.cycles import Quiet, Rules, Verdict

DAY = date(2026, 11, 22)
PERSON = {
    "role": "市场总监",
    "team_size": "9人,两个主管",
    "budget": "一年700万,我编我分,总额副总裁定",
    "reports_to": "营销副总裁",
    "target": "三年内做到CMO",
    "weaknesses": ["看不懂利润表"],
    "constraints": ["每周3小时", "没有学习预算"],
    "evidence": {"data": "我停了四组信息流,六周后每条合格线索从480元降到365元,线索少了8%。"},
}
SAID = ["我说过:" + json.dumps(PERSON, ensure_ascii=False)]


@pytest.fixture(scope="module")
def drafting():
    settings = Settings(_env_file=None)
    return build_drafting(settings, load_framework(settings.knowledge), find(settings))


def find(settings: Settings):
    return development.article_passages(settings)


@pytest.fixture(scope="module")
def passage():
    return find(Settings(_env_file=None))


@pytest.fixture(scope="module")
def plan(drafting) -> Plan:
    profile, _ = profile_from(PERSON, drafting.framework, "zh")
    made = drafting.draft(profile, "zh", DAY).plan
    assert made is not None
    return made


def changed(plan: Plan, **values) -> Plan:
    """The plan with its first action changed."""
    first, *rest = plan.actions
    return plan.model_copy(update={"actions": (first.model_copy(update=values), *rest)})


# --- the dataset ------------------------------------------------------------------------------------------------------


def row(**more) -> dict:
    step = {"do": "say", "say": "你好", "must": [["好"]], "why": "test", "facts": []}
    return {"id": "x", "lang": "zh", "about": "test", "steps": [step | more]}


@pytest.fixture
def written(tmp_path: Path):
    def write(*rows: dict | str) -> Path:
        path = tmp_path / "set.jsonl"
        path.write_text("\n".join(r if isinstance(r, str) else json.dumps(r, ensure_ascii=False) for r in rows), "utf-8")
        return path

    return write


def test_the_dialogues_are_those_that_were_asked_for():
    found = cycles.load_cycles()
    assert [sum(c.lang == lang for c in found) for lang in ("zh", "en")] == [11, 9]
    kinds = {"say", "tell", "assess", "plan", "checkin", "nudge", "review", "next"}
    assert {s.do for c in found for s in c.steps} == kinds
    assert all({"say", "tell", "plan", "checkin", "review", "next"} <= {s.do for s in c.steps} for c in found)
    stages = {stage for c in found for s in c.steps if isinstance(s, cycles.Tell) for stage in s.stage}
    assert stages == {"pre_director", "director", "vp_cmo", "bu_head", "ceo"}
    assert {s.status for c in found for s in c.steps if isinstance(s, cycles.Checked)} == {"done", "on_track", "stuck", "dropped"}


def test_every_expectation_can_be_met_by_what_the_framework_has(drafting):
    framework = drafting.framework
    gates = {c.id for c in framework.gates.conditions}
    indicators = {i.id for found in framework.indicators.values() for i in found}
    for cycle in cycles.load_cycles():
        for step in cycle.steps:
            assert not {cycles.texts.fold(t) for group in step.must for t in group} & {
                cycles.texts.fold(t) for t in step.must_not
            }
            if isinstance(step, cycles._Placed):
                assert set(step.missing) | set(step.not_missing) <= gates, cycle.id
                pillars = [p for tier in step.gaps for p in tier]
                assert len(pillars) == len(set(pillars)), cycle.id
            if isinstance(step, cycles.Assess):
                assert set(step.answers) <= indicators, cycle.id


@pytest.mark.parametrize(
    ("more", "key"),
    [
        ({"must_nott": ["x"]}, "must_nott"),
        ({"must": [[]]}, "must"),
        ({"must": [["  "]]}, "must"),
        ({"why": ""}, "why"),
        ({"facts": ["F198"]}, "facts"),
        ({"facts": ["T01"]}, "facts"),
        ({"days": -1}, "days"),
        ({"mode": "friend"}, "mode"),
        ({"do": "sing"}, "steps.0"),
        ({"do": "plan", "say": "x"}, "say"),
    ],
)
def test_a_bad_row_names_line_and_key(written, more, key):
    with pytest.raises(InputError) as refused:
        cycles.load_cycles(written(row(), row(**more) | {"id": "y"}))
    assert "line 2" in refused.value.message and key in refused.value.message


def test_other_bad_files_are_told(written):
    with pytest.raises(InputError, match="line 2.*twice"):
        cycles.load_cycles(written(row(), row()))
    with pytest.raises(InputError, match="line 1"):
        cycles.load_cycles(written("{"))
    with pytest.raises(InputError, match="no cycle"):
        cycles.load_cycles(written(""))
    lost = {"do": "next", "after": [{"line": "甲", "now": "done"}], "why": "t", "facts": []}
    with pytest.raises(InputError, match="after.line.*甲"):
        cycles.load_cycles(written({**row(), "steps": [lost]}))


# --- words ------------------------------------------------------------------------------------------------------------


def test_terms_are_found_whatever_the_width_and_only_then():
    assert cycles.lacking("带了１２个人，向ＣＭＯ汇报［１］", [["12个人"], ["CMO", "首席营销官"]]) == []
    assert cycles.lacking("带了两个人", [["12"], ["两个"]]) == [["12"]]
    assert cycles.lacking("", [["12"]]) == [["12"]]
    assert cycles.forbidden("保證 晉升。", ["保证晋升"]) == ["保证晋升"] and cycles.forbidden("不保", ["保证"]) == []


def test_citations_hold_where_mark_citation_and_quote_do():
    text = "预算由市场总监制定。"
    there = Passage(id="b.zh", doc_id="b", text=text, title="预算", source="框架", lang="zh", tier="stated", end=len(text))
    good = Citation(n=1, passage_id="b.zh", source="框架", title="预算", quote=text, tier="stated", start=0, end=len(text))

    def score(answer: str, *citations: Citation) -> float | None:
        return cycles.citations_hold(
            Reply(answer=answer, status="answered", language="zh", citations=citations), {"b.zh": there}.get
        )

    assert score(f"{text}［１］", good) == 1 and score(text) is None and score("") is None
    assert score("别的。[2]", good) == 0.5
    from dataclasses import replace

    assert score("x[1]", replace(good, quote="没有的话")) == 0.5 and score("x[1]", replace(good, quote=" ")) == 0.5


# --- style ------------------------------------------------------------------------------------------------------------


def test_questions_are_counted_in_either_width_and_not_in_quotes():
    assert cycles.questions("你最想先补哪一块？") == cycles.questions("Which would you take first?") == 1
    assert cycles.questions("真的吗？？为什么?!") == 2
    assert cycles.questions("你问“我算哪一级？”这要看职责，见 https://x.cn/a?b=1 。") == 0
    assert cycles.questions("") == cycles.questions("。！，") == 0


def test_one_question_at_a_time_is_not_four_behind_one_mark():
    assert cycles.one_at_a_time("听得出你很累。这周最想放下的是什么？") == 1
    assert cycles.one_at_a_time("你想往上走，还是在这里做深？") == 1
    assert cycles.one_at_a_time("你现在的岗位是什么，向谁汇报，带几个人？") == 0
    assert cycles.one_at_a_time("Whom do you report to, and how many people do you lead?") == 0
    assert cycles.one_at_a_time("预算谁定？背不背营收？") == 0
    assert cycles.one_at_a_time("我在听。") is None and cycles.one_at_a_time("") is None


def test_a_reflection_takes_up_the_persons_own_words():
    heard = "新来的副总裁老问我投放值不值，我答不上来。"
    assert cycles.reflections("副总裁老问你投放值不值，你觉得没底。", heard) == 1
    assert cycles.reflections("副总裁老问什么？", heard) == 0  # a question is none
    assert cycles.reflections("职业发展像跑马拉松。", heard) == 0
    assert cycles.reflections("你说：副總裁老問，答不上来。", heard) == 1  # traditional characters
    assert cycles.reflections("So he took credit for the campaign.", "He took credit again.") == 1
    assert cycles.reflections("You said that it was for you.", "It was for me.") == 0  # no content word
    assert cycles.reflections("", heard) == cycles.reflections("副总裁老问你。", "") == 0
    assert cycles.reflections("你带１２个主管，不容易。", "我带12个主管") == 1  # full-width digits
    assert cycles.reflections("12345人。", "12345元") == 0  # digits alone are no words


def test_advice_is_unasked_only_where_nobody_asked():
    feeling = "我最近挺没底的。"
    assert cycles.unasked_advice("听起来这件事一直压着你。", feeling) == 0
    assert cycles.unasked_advice("你应该多读书。先做一张表；建议找导师。", feeling) == 3
    assert cycles.unasked_advice("Try a smaller step. You should rest.", "I'm so tired.") == 2
    assert cycles.unasked_advice("Talk to HR.", "I don't want advice right now.") == 1
    assert cycles.unasked_advice("你愿意先做哪一步？", feeling) == 0
    assert cycles.unasked_advice("你应该多读书。", "我该怎么办？") is None
    assert cycles.unasked_advice("Try this.", "Please give me a plan.") is None
    assert cycles.unasked_advice("", feeling) is None
    assert cycles.unasked_advice("放给谁都行，你应该先歇着。", "什么都要我拍板，累。") == 1  # 什么都 asks nothing


def test_length_leaves_out_marks_and_blanks():
    assert cycles.length("你 好。［１］\n") == 3 and cycles.length("") == 0
    assert set(cycles.style("", "")) == set(cycles.style("好？", "好"))
    assert cycles.style("你答不上来，没底。怕什么？", "我答不上来")["reflections per question"] == 1
    assert cycles.style("", "")["reflections per question"] is None


# --- plans ------------------------------------------------------------------------------------------------------------


def test_the_order_of_gaps_is_the_share_of_pairs():
    wanted = [["data"], ["strategy", "leadership"]]
    assert cycles.gap_order(["data", "leadership", "strategy"], wanted) == 1
    assert cycles.gap_order(["leadership", "data", "strategy"], wanted) == 0.5
    assert cycles.gap_order(["leadership", "strategy", "data"], wanted) == 0
    assert cycles.gap_order(["data"], wanted) == 1  # the others stand behind
    assert cycles.gap_order([], wanted) == 0  # what is missing is in no order
    assert cycles.gap_order(["data"], [["data", "strategy"]]) is None


def test_a_good_plan_has_full_marks(plan, passage, drafting):
    assert cycles.dated(plan) == cycles.measured(plan) == cycles.ahead(plan) == cycles.once_each(plan) == cycles.soon(plan) == 1
    assert cycles.within_hours(plan, 3) == 1 and cycles.within_hours(plan, None) is None
    assert all(cycles.cited(line.source, passage) for line in plan.lines)
    assert cycles.traceability(plan, SAID, passage, cycles.names_of(drafting.framework)) == (1, [])
    assert cycles.broken(plan, Rules(hours=3, spend="none", target=["vp_cmo"], direction=["climb"])) == []


def test_each_fault_of_a_plan_is_noticed(plan):
    lines, actions = len(plan.lines), len(plan.actions)
    first = plan.actions[0]
    late = {"start": first.start, "due": plan.made + timedelta(days=1900)}
    assert cycles.dated(changed(plan, **late)) == pytest.approx((lines - 1) / lines)
    assert cycles.dated(changed(plan, due=first.start - timedelta(days=1))) == pytest.approx((lines - 1) / lines)
    assert cycles.measured(changed(plan, measure=Text(zh="。", en="!"))) == pytest.approx((lines - 1) / lines)
    assert cycles.measured(changed(plan, measure=first.text)) == pytest.approx((lines - 1) / lines)
    assert cycles.ahead(changed(plan, start=plan.made - timedelta(days=1))) == pytest.approx((lines - 1) / lines)
    assert cycles.once_each(changed(plan, text=plan.actions[1].text)) == pytest.approx((actions - 1) / actions)
    assert cycles.within_hours(changed(plan, hours=400), 3) == 0
    far = tuple(a.model_copy(update={"start": a.start + timedelta(days=60)}) for a in plan.actions)
    assert cycles.soon(plan.model_copy(update={"actions": far})) == 0
    empty = plan.model_copy(update={"actions": (), "goals": ()})
    assert cycles.dated(empty) is None and cycles.once_each(empty) is None and cycles.soon(empty) == 0


def test_what_is_over_counts_for_nothing(plan):
    gone = plan.model_copy(update={"actions": tuple(a.model_copy(update={"status": "dropped"}) for a in plan.actions)})
    assert cycles.soon(gone) == 0 and cycles.once_each(gone) is None and cycles.within_hours(gone, 0) == 1


def test_a_goal_too_soon_is_outside_its_horizon(plan):
    goals = tuple(g.model_copy(update={"due": plan.made, "start": plan.made}) for g in plan.goals)
    assert cycles.dated(plan.model_copy(update={"goals": goals, "actions": ()})) == 0


@pytest.mark.parametrize(("day", "months", "wanted"), [
    (date(2026, 11, 22), 6, date(2027, 5, 22)),
    (date(2026, 8, 31), 6, date(2027, 2, 28)),
    (date(2026, 12, 31), 12, date(2027, 12, 31)),
    (date(2026, 10, 31), 1, date(2026, 11, 30)),
    (date(2026, 11, 30), 1, date(2026, 12, 30)),
])  # fmt: skip
def test_months_are_counted_without_the_product(day, months, wanted):
    assert cycles._months_after(day, months) == wanted


def test_a_quote_that_is_not_there_and_a_statement_nobody_made_are_untraceable(plan, passage, drafting):
    names = cycles.names_of(drafting.framework)
    bare = changed(plan, source=plan.actions[0].source.model_copy(update={"quote": Text(zh="没有的话", en="nowhere")}))
    value, wrong = cycles.traceability(bare, SAID, passage, names)
    assert value is not None and value < 1 and wrong == [plan.actions[0].id]
    blank = plan.actions[0].source.model_copy(update={"quote": Text(zh=" ", en=" ")})
    assert not cycles.cited(blank, passage) and not cycles.cited(blank.model_copy(update={"article": "none"}), passage)
    made_up = plan.model_copy(update={"facts": (*plan.facts, Quote(text="带过20人的团队", field="role"))})
    assert cycles.traceability(made_up, SAID, passage, names)[1] == ["带过20人的团队"]
    assert cycles.traceability(plan, [], passage, names)[0] < 0.9
    assert cycles.untold(["带１２个人…", "CMO"], ["我带12个人，"], ["ＣＭＯ"]) == []


@pytest.mark.parametrize(("values", "rules", "word"), [
    ({"cost": "medium"}, Rules(spend="low"), "cost"),
    ({"cost": "low"}, Rules(spend="none"), "cost"),
    ({"text": Text(zh="去海外出差一周", en="go")}, Rules(travel=False), "travel"),
    ({"text": Text(zh="去", en="travel to a fair")}, Rules(travel=False), "travel"),
    ({"text": Text(zh="开一个个人公众号", en="blog")}, Rules(avoid=["公众号"]), "公众号"),
    ({"hours": 90}, Rules(quiet=Quiet(first=0, last=30, hours=1)), "hours a week"),
    ({}, Rules(target=["ceo"]), "target"),
    ({}, Rules(direction=["depth"]), "direction"),
])  # fmt: skip
def test_a_rule_that_is_broken_is_named(plan, values, rules, word):
    assert any(word in told for told in cycles.broken(changed(plan, **values), rules))


def test_nothing_for_a_pillar_or_a_kind_is_named(plan):
    bare = plan.model_copy(update={"actions": (), "goals": ()})
    assert cycles.broken(bare, Rules(pillars=["data"], kinds=["learn"])) == ["nothing for data", "nothing of learn"]


def test_what_became_of_a_line(plan):
    line = plan.actions[0]

    def now(word: str, after: Plan) -> bool:
        return cycles.became(line, word, plan, after)

    later = changed(plan, due=line.due + timedelta(days=30))
    dropped, done = changed(plan, status="dropped"), changed(plan, status="done")
    other = line.model_copy(update={"id": "a99", "action": "another"})
    replaced = dropped.model_copy(update={"actions": (*dropped.actions, other)})
    assert now("moved", later) and now("moved", replaced) and not now("moved", plan) and not now("moved", dropped)
    assert now("done", done) and not now("done", plan) and now("not_done", plan) and not now("not_done", done)
    assert now("dropped", dropped) and not now("dropped", later) and now("open", later) and not now("open", done)
    nothing = dropped.model_copy(update={"actions": dropped.actions[:1], "goals": ()})
    assert now("worked", replaced) and not now("worked", nothing)


def test_an_action_quoted_as_theirs_stands_in_their_plan(plan, drafting):
    foreign = next(
        a for found in drafting.framework.actions.values() for a in found if a.id not in {p.action for p in plan.actions}
    )
    spoken = f"这一条是“{foreign.name.zh}”。"
    assert cycles.not_in_plan(spoken, plan, drafting.framework) == [foreign.name.zh]
    assert cycles.not_in_plan(f"这一条是“{plan.actions[0].text.zh}”。", plan, drafting.framework) == []
    assert cycles.not_in_plan("“随便说说”", plan, drafting.framework) is None is cycles.not_in_plan("", plan, drafting.framework)


# --- running and telling ----------------------------------------------------------------------------------------------


def test_what_failed_is_what_was_expected_and_not_met():
    def verdict(metric: str, value: float | None) -> Verdict:
        return Verdict("c", 1, metric, value, "", "zh")

    assert verdict("plan: rules", 0.5).failed and not verdict("plan: rules", 1.0).failed
    assert not verdict("plan: rules", None).failed and not verdict("coach: questions", 0.0).failed
    told = cycles.table([verdict("plan: rules", 0.5), verdict("plan: rules", None), verdict("adviser: length", None)])
    assert "| plan: rules | 1 | 0.50 | 0.50 | – |" in told and "| adviser: length | 0 | – | – | – |" in told


def test_the_people_are_as_many_as_promised_and_typed(drafting):
    ids = [c["id"] for name in cycles.PEOPLE for c in development.cases(name)]
    assert len(ids) == len(set(ids)) >= 44
    keys = set(development.cases("people")[0])
    for case in development.cases("people_more"):
        assert set(case) == keys and case["id"].startswith("m-") and case["why"]
        _, remarks = profile_from(case["profile"], drafting.framework, case["lang"])
        assert not remarks


def test_people_and_paraphrases_are_scored_and_fresh_ones_stay_unread():
    found = cycles.run_people(Settings(_env_file=None))
    assert {"people", "people_fresh", "people_more", "paraphrases", "paraphrases_fresh"} <= {v.case for v in found}
    assert all(v.value is not None and 0 <= v.value <= 1 and v.step == 0 for v in found)
    assert all(len(v.note.split()) == 3 for v in found if v.case.endswith("_fresh"))
    assert all(v.value == 1 for v in found if v.metric == "plan")


@pytest.mark.real
def test_two_dialogues_run_for_real(real_settings, tmp_path, monkeypatch):
    found = cycles.run(real_settings, limit=2)
    ran = [v for v in found if v.metric.endswith(": ran")]
    known = {c.id: c for c in cycles.load_cycles()}
    cases = {v.case for v in found}
    assert {known[c].lang for c in cases} == {"zh", "en"} and len(cases) == 2
    assert len(ran) == sum(len(known[c].steps) for c in cases) and all(v.value == 1 for v in ran), [v for v in ran if v.failed]
    sound = ("no fault", "dated", "measured", "sourced", "nothing before", "no action twice", "hours", "traceability")
    plans = [v for v in found if any(word in v.metric for word in sound)]
    assert len(plans) == 8 * 2 * 2 and not [v for v in plans if v.failed]
    assert [v.value for v in found if v.metric == "next: version"] == [1, 1]
    assert {v.metric.split(": ")[1] for v in found if v.metric.startswith("coach: ")} == set(cycles.style("", ""))
    monkeypatch.setattr(cycles, "run", lambda settings, limit: found)
    result = CliRunner().invoke(cycles.main, ["--json", str(tmp_path / "v.jsonl")])
    assert result.exit_code == 0 and "| metric | n |" in result.output and "verdicts failed" in result.output
    assert len((tmp_path / "v.jsonl").read_text("utf-8").splitlines()) == len(found)


@pytest.mark.real
def test_a_wrong_expectation_and_a_step_that_cannot_be_done_are_failures(real_settings):
    steps = [
        {"do": "say", "say": "你好", "must": [["绝不会说的话"]], "must_not": ["好"], "why": "t", "facts": []},
        {"do": "checkin", "name": "甲", "status": "done", "why": "t", "facts": []},
        {"do": "review", "why": "t", "facts": []},
        {"do": "tell", "profile": {"role": "市场总监"}, "stage": ["ceo"], "levels": {"data": [3]}, "why": "t", "facts": []},
    ]
    wrong = cycles.Cycle.model_validate_json(json.dumps({"id": "w", "lang": "zh", "about": "t", "steps": steps}))
    found = {(v.step, v.metric): v.value for v in cycles.run_cycles(real_settings, [wrong])}
    assert found[1, "say: must"] == found[1, "say: must not"] == found[2, "checkin: ran"] == found[3, "review: ran"] == 0
    assert found[4, "tell: stage"] == found[4, "tell: level"] == 0 and found[1, "say: ran"] == 1
