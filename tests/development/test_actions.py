"""Which actions are chosen and when: four kinds, the person's hours, money, travel and family, and what replaces a stuck one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from coach.development.actions import alternative, planned_hours, step_of
from coach.development.reading import Constraints
from coach.development.schema import Gap
from coach.framework.files import Text
from tests.development.planning import (
    CEO,
    DATES,
    DIRECTOR,
    FRAMEWORK,
    FRIDAY,
    SPECIALIST,
    at_once,
    draft,
    drafted,
    plan_of,
    rows,
    weekly_hours,
)

ACTIONS = {a.id: a for each in FRAMEWORK.actions.values() for a in each}
KINDS = {k.id for k in FRAMEWORK.plan.action_kinds}
AWAY = ("出差", "外派", "驻外", "异地", "轮岗", "EMBA", "abroad", "relocat", "second", "on site")


def gap(pillar: str = "data", own: int | None = None, wanted: int = 2) -> Gap:
    return Gap(pillar=pillar, own=own, wanted=wanted, basis="unknown", score=1, reason=Text(zh="一", en="one"))


@pytest.mark.parametrize("base", [SPECIALIST, DIRECTOR, CEO], ids=["before director", "director", "ceo"])
def test_every_plan_has_actions_of_all_four_kinds(base):
    assert {a.kind for a in plan_of(base=base).actions} == KINDS


@pytest.mark.parametrize("hours", ["0", "0.5", "1", "2", "3", "4", "8", "40", "100", "４", "四小时", "每周3到5小时", "没时间"])
def test_no_week_holds_more_hours_than_the_person_has(hours):
    made = draft(hours_per_week=hours)
    assert made.plan is not None and made.plan.actions
    most = planned_hours(made.found.constraints)
    assert max(weekly_hours(made.plan.actions).values()) <= most * 1.05


@pytest.mark.parametrize(("said", "hours"), [(None, 3), (0, 1), (0.5, 1), (1, 1), (1.5, 1.5), (40, 40)])
def test_without_a_word_three_hours_are_planned_and_never_less_than_one(said, hours):
    assert planned_hours(Constraints(hours_per_week=said)) == hours


@pytest.mark.parametrize("person", sorted(rows()))
def test_the_development_set_stays_within_its_hours(person):
    made = drafted(person)
    assert made.plan is not None
    assert max(weekly_hours(made.plan.actions).values()) <= planned_hours(made.found.constraints) * 1.05


def test_many_hours_do_not_mean_many_things_at_once():
    assert at_once(plan_of(hours_per_week="40").actions) <= 3


def test_more_hours_are_used():
    few, many = (sum(a.hours or 0 for a in plan_of(hours_per_week=h).actions if a.horizon == "short") for h in ("1", "8"))
    assert many > few


@pytest.mark.parametrize("words", ["没有预算", "公司不给钱，我也不想花钱", "no money at all"])
def test_without_money_every_action_is_free(words):
    made = draft(constraints=(words,))
    assert made.found.constraints.spend == "none"
    assert {a.cost for a in made.plan.actions} == {"free"}
    assert {a.kind for a in made.plan.actions} == KINDS


def test_a_small_sum_rules_out_what_costs_more():
    made = draft(base=CEO, constraints=("学习预算最多300元",))
    assert made.found.constraints.spend == "low"
    assert {a.cost for a in made.plan.actions} <= {"free", "low"}


@pytest.mark.parametrize("words", ["不能出差", "no travel this year", "不能搬家"])
@pytest.mark.parametrize("base", [SPECIALIST, DIRECTOR, CEO], ids=["before director", "director", "ceo"])
def test_who_cannot_go_away_is_sent_nowhere(words, base):
    for action in plan_of(base=base, constraints=(words,)).actions:
        said = f"{action.text.zh}{action.how.zh}{action.text.en} {action.how.en}"
        assert not [w for w in AWAY if w in said], action.action


@pytest.mark.parametrize("words", ["孩子5岁", "two small children at home"])
def test_with_a_family_no_more_than_two_actions_run_at_once(words):
    made = draft(constraints=(words,), hours_per_week="10")
    assert made.found.constraints.family
    assert at_once(made.plan.actions) <= 2
    assert at_once(plan_of(hours_per_week="10").actions) == 3


def test_every_action_starts_on_a_monday_that_is_still_to_come():
    for today in DATES:
        for action in plan_of(today).actions:
            assert action.start.weekday() == 0
            assert action.start > today
            assert action.due.weekday() == 4
            assert action.due > action.start


def test_on_a_monday_the_first_action_starts_a_week_later():
    monday = FRIDAY + timedelta(days=3)
    assert min(a.start for a in plan_of(monday).actions) == monday + timedelta(days=7)


def test_no_action_is_chosen_twice_and_all_fit_the_stage():
    for person in rows():
        plan = drafted(person).plan
        chosen = [a.action for a in plan.actions]
        assert len(chosen) == len(set(chosen))
        for line in plan.actions:  # of another stage only where the library has none for the pillar and the own one
            assert plan.stage in ACTIONS[line.action].stages or plan.direction == "depth"


def test_the_first_gap_gets_the_most_and_starts_first():
    plan = plan_of()
    numbers = [sum(a.pillar == g.pillar for a in plan.actions) for g in plan.gaps]
    assert numbers == sorted(numbers, reverse=True)
    assert plan.actions[0].pillar == plan.gaps[0].pillar


@pytest.mark.parametrize(
    ("own", "wanted", "stage", "step"),
    [
        (1, 2, "director", (1, 2)),
        (2, 3, "vp_cmo", (2, 3)),
        (3, 3, "ceo", (2, 3)),
        (None, 1, "pre_director", (0, 1)),
        (None, 2, "director", (1, 2)),
        (None, 3, "bu_head", (2, 3)),
        (0, 1, "pre_director", (0, 1)),
        (3, 1, "director", (0, 1)),
    ],
)
def test_a_gap_is_worked_on_one_level_at_a_time(own, wanted, stage, step):
    assert step_of(FRAMEWORK, gap(own=own, wanted=wanted), stage) == step


def test_who_is_between_jobs_gets_what_needs_no_company_first():
    without, employed = plan_of(role="前市场总监，三个月前被裁"), plan_of()
    assert "practise" not in [a.kind for a in without.actions[:5]]  # practice takes a team and a budget
    assert "practise" in [a.kind for a in employed.actions[:5]]


@pytest.mark.parametrize("person", ["p-zh-01", "p-zh-07", "p-en-08"])
def test_an_alternative_is_another_action_for_the_same_step_that_costs_no_more(person):
    plan = drafted(person).plan
    taken = {a.action for a in plan.actions}
    found = [(ACTIONS[line.action], alternative(FRAMEWORK, line, plan, taken)) for line in plan.actions]
    assert any(other for _, other in found)
    for old, other in found:
        if other is not None:
            assert other.id not in taken
            assert other.step == old.step
            assert other.cost in ("free", old.cost)
            assert plan.stage in other.stages


def test_an_alternative_sends_nobody_away():
    plan = plan_of(base=CEO, constraints=("不能出差",))
    for line in plan.actions:
        other = alternative(FRAMEWORK, line, plan, set())
        assert other is None or not [w for w in AWAY if w in f"{other.name.zh}{other.how.zh}{other.how.en}"]


def test_there_is_no_alternative_once_all_are_taken():
    plan = plan_of()
    assert alternative(FRAMEWORK, plan.actions[0], plan, set(ACTIONS)) is None


def test_there_is_no_alternative_for_an_action_of_ones_own():
    plan = plan_of()
    own = plan.actions[0].model_copy(update={"action": "", "own": True})
    assert alternative(FRAMEWORK, own, plan, set()) is None


EXPERT = {
    **SPECIALIST,
    "target": "不升管理，做顶尖数据专家",
    "strengths": ("数据",),
    "evidence": {
        "data": "我设计了分城市停投实验,六个城市一半停八周,停的城市只少2%,按结果把预算砍了一半,第二年又做一轮,差1个点。"
    },
}


@pytest.mark.parametrize("limits", [(), ("一分钱都没有",)])
def test_a_specialist_who_goes_deep_gets_actions_and_none_of_them_needs_people_to_lead(limits):
    plan = plan_of(base=EXPERT, constraints=limits)
    assert plan.direction == "depth" and len(plan.actions) >= 3
    assert "data" in {a.pillar for a in plan.actions}
    assert not [a.text.zh for a in plan.actions if "下属" in a.text.zh or "带团队" in a.text.zh]
    assert not limits or {a.cost for a in plan.actions} == {"free"}


@pytest.mark.parametrize("today", DATES)
@pytest.mark.parametrize(
    "words",
    ["怀孕35周，五周后生，生完头三个月什么都不排", "35 weeks pregnant, nothing for the first three months after the birth"],
)
def test_nothing_runs_in_a_stretch_without_any_plan(words, today):
    plan = plan_of(base=DIRECTOR, today=today, constraints=(words,), hours_per_week="2")
    first, last = today + timedelta(days=35), today + timedelta(days=126)
    assert plan.pause == (first, last)
    assert plan.actions and not [a for a in plan.actions if a.start <= last and a.due >= first]
    assert not [m for m in plan.meetings if first <= m.on <= last]
    assert not [g for g in plan.goals if first <= g.due <= last]
    assert min(a.start for a in plan.actions) <= today + timedelta(days=31)  # something fits before it
    assert any(f"{first}" in r.zh and f"{last}" in r.en for r in plan.remarks)


def test_a_stretch_whose_beginning_is_not_told_is_asked_for():
    plan = plan_of(base=DIRECTOR, constraints=("生完头三个月什么都不排",))
    assert plan.pause is None
    assert any("从哪天算起" in r.zh for r in plan.remarks)
