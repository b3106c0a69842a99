"""A drafted plan, as a demanding reader would go through it: every line sourced, dated, measured, owned, reviewed; for all kinds of people."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from types import MappingProxyType

import pytest

from coach.development.actions import planned_hours, step_of
from coach.development.check import check_plan
from coach.development.gaps import order_gaps
from coach.development.plan import facts_of, make_plan, meetings_from, months_after
from coach.development.schema import LevelResult, Plan, Profile
from coach.framework.files import Text
from coach.messages import say
from tests.development.planning import (
    CEO,
    DATES,
    DIRECTOR,
    FRAMEWORK,
    FRIDAY,
    SPECIALIST,
    articles,
    draft,
    drafted,
    drafting,
    faults,
    plan_of,
    rows,
)

PEOPLE = sorted(rows())
PILLARS = [p.id for p in FRAMEWORK.pillars]
KINDS = {k.id for k in FRAMEWORK.plan.action_kinds}
RATED = MappingProxyType({p.id: 3 for p in FRAMEWORK.pillars})


def assert_whole(plan: Plan) -> None:
    """Every line says where it comes from, in words of the article; when, how measured, whose, and when it is looked at."""
    days = {m.on for m in plan.meetings}
    for line in plan.lines:
        for lang in ("zh", "en"):
            passage = articles()[f"{line.source.article}.{lang}"]
            assert line.source.quote.of(lang) in passage.text
            assert line.source.title.of(lang) == passage.title
            assert min(len(line.text.of(lang)), len(line.measure.of(lang)), len(line.evidence.of(lang))) >= 4
            assert "{" not in line.text.of(lang) + line.measure.of(lang) + line.evidence.of(lang)
        assert plan.made <= line.start < line.due
        assert line.review in days
        assert line.owner
        assert line.status == "open"
    assert len({line.id for line in plan.lines}) == len(plan.lines)


@pytest.mark.parametrize("person", PEOPLE)
def test_everybody_gets_a_whole_plan_that_the_check_passes(person):
    made = drafted(person)
    assert made.plan is not None
    assert_whole(made.plan)
    assert faults(made.plan, made) == ()
    assert {g.pillar for g in made.plan.gaps} <= {line.pillar for line in made.plan.lines} | {s.pillar for s in made.plan.skipped}
    assert {a.kind for a in made.plan.actions} | {s.kind for s in made.plan.skipped} >= KINDS


@pytest.mark.parametrize("today", DATES[1:], ids=str)
@pytest.mark.parametrize("person", PEOPLE)
def test_on_awkward_days_and_in_the_other_language_too(person, today):
    other = "en" if rows()[person]["lang"] == "zh" else "zh"
    made = drafted(person, today, other)
    assert made.plan is not None and made.plan.lang == other
    assert_whole(made.plan)
    assert faults(made.plan, made) == ()


@pytest.mark.parametrize("person", ["p-zh-01", "p-en-04"])
def test_the_same_profile_on_the_same_day_gives_the_same_plan(person):
    drafted.cache_clear()
    first = drafted(person).plan
    drafted.cache_clear()
    assert drafted(person).plan == first


def test_another_language_changes_the_owner_and_nothing_else():
    zh, en = plan_of(), plan_of(lang="en")
    assert {line.owner for line in en.lines} == {say("plan_owner", "en")}
    same = {"owner": "x"}
    assert [line.model_copy(update=same) for line in zh.lines] == [line.model_copy(update=same) for line in en.lines]


def test_the_owner_is_the_person_by_name_where_it_is_known():
    assert {line.owner for line in plan_of(name="小骆").lines} == {"小骆"}
    assert {line.owner for line in plan_of().lines} == {say("plan_owner", "zh")}


def test_there_are_goals_for_all_three_horizons_within_their_months():
    for today in DATES:
        plan = plan_of(today)
        for horizon in FRAMEWORK.plan.horizons:
            due = [g.due for g in plan.goals if g.horizon == horizon.id]
            assert due
            assert months_after(today, horizon.months[0]) <= min(due)
            assert max(due) <= months_after(today, horizon.months[1])


@pytest.mark.parametrize(
    ("target", "years"),
    [
        ("三年内做到CMO", 3),
        ("五年做到CMO", 5),
        ("CMO in 5 years", 5),
        ("想做CMO", 4),
        ("三到五年做到CMO", 5),
        ("明年做CMO", 4),
        ("20年内做CMO", 4),
        ("15年内做CMO", 4),
        ("十五年内做CMO", 4),
    ],
)
def test_the_long_goal_is_due_when_the_person_said_within_three_to_five_years(target, years):
    long = [g for g in plan_of(target=target).goals if g.horizon == "long"]
    assert [g.due for g in long] == [months_after(FRIDAY, 12 * years)]


def test_facts_are_the_persons_own_words_field_by_field():
    plan = plan_of(weaknesses=("不懂财务",), strengths=("带人",))
    profile = Profile(**DIRECTOR, weaknesses=("不懂财务",), strengths=("带人",))
    assert plan.facts == facts_of(profile)
    assert all(f.text in profile.words for f in plan.facts)
    assert {f.field for f in plan.facts} >= {"role", "budget", "target", "weaknesses", "strengths"}


def test_ceo_gets_a_plan_and_is_promised_no_next_post():
    plan = plan_of(base=CEO)
    assert (plan.stage, plan.target, plan.standing.next) == ("ceo", "ceo", None)
    assert plan.actions
    assert not any("任命" in r.zh for r in plan.remarks)


def test_ceo_is_not_told_to_become_ceo():
    long = next(g for g in plan_of(base=CEO).goals if g.horizon == "long")
    assert not long.text.zh.startswith("走到")


def test_before_director_gates_of_the_next_stage_become_goals():
    plan = plan_of(base=SPECIALIST, target="市场总监")
    assert (plan.stage, plan.target) == ("pre_director", "director")
    named = [m.name.zh for m in plan.standing.missing if m.known]
    gates = [g for g in plan.goals if g.horizon == "middle" and g.pillar is None]
    assert gates and all(any(g.text.zh.startswith(name) for name in named) for g in gates)


def test_a_target_stages_away_is_said_and_the_next_step_comes_first():
    plan = plan_of(base=SPECIALIST, target="想当CEO")
    assert (plan.stage, plan.target, plan.standing.next) == ("pre_director", "ceo", "director")
    assert any("不止一个阶段" in r.zh for r in plan.remarks)
    wanted = {m.wanted.zh for m in plan.standing.missing}
    gates = [g for g in plan.goals if g.horizon == "middle" and g.pillar is None]
    assert gates and all(any(w in g.text.zh for w in wanted) for g in gates)


def test_depth_climbs_nowhere():
    plan = plan_of(target="不想往上走，想把专业做深")
    assert (plan.direction, plan.target) == ("depth", plan.stage)
    assert not [g for g in plan.goals if g.pillar is None]
    assert not any("任命" in r.zh or "下一个阶段" in r.zh for r in plan.remarks)


def test_who_was_laid_off_is_seen_by_the_last_post():
    made = draft(role="前市场总监，三个月前被裁")
    assert not made.found.employed
    assert made.plan.stage == "director"
    assert faults(made.plan, made) == ()


def test_without_a_direction_the_plan_says_what_it_assumed():
    said = {**DIRECTOR, "target": ""}
    plan = plan_of(base=said)
    assert plan.direction == "unknown"
    assert any("想往深走" in r.zh for r in plan.remarks)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"hours_per_week": ""}, "没说每周"),
        ({"hours_per_week": "每周最多2小时"}, "每周最多2小时"),
        ({"constraints": ("没有预算",)}, "没有预算"),
        ({"constraints": ("不能出差",)}, "不能出差"),
        ({"constraints": ("有孩子要接",)}, "孩子"),
        ({"industry": "银行"}, "合规"),
    ],
)
def test_what_limits_a_person_is_taken_up_in_their_words(said, words):
    assert any(words in r.zh for r in plan_of(**said).remarks)


@pytest.mark.parametrize("hours", ["0", "1", "40"])
def test_few_and_many_hours_both_give_a_plan_the_check_passes(hours):
    made = draft(hours_per_week=hours)
    assert made.plan.actions
    assert faults(made.plan, made) == ()


def test_high_self_ratings_alone_do_not_empty_the_plan():
    plan = plan_of(self_ratings=dict(RATED))
    assert {a.kind for a in plan.actions} == KINDS
    assert {g.basis for g in plan.gaps} == {"self_rating"}


def test_gaps_nothing_is_planned_for_are_named_with_the_reason():
    made = drafted("p-en-04")
    worked = {line.pillar for line in made.plan.lines}
    left = [g.pillar for g in made.plan.gaps if g.pillar not in worked]
    assert left
    assert {s.pillar for s in made.plan.skipped if s.pillar} >= set(left)
    assert all(s.reason.zh and s.reason.en for s in made.plan.skipped)


def test_nothing_the_person_wrote_gets_into_a_line():
    plan = plan_of(role="市场总监小蓝鲸", interest="喜欢研究章鱼", weaknesses=("数据差，怕极光",))
    text = "".join(t for line in plan.lines for t in (line.text.zh, line.measure.zh, line.evidence.zh, line.text.en))
    assert not [w for w in ("小蓝鲸", "章鱼", "极光") if w in text]


@pytest.mark.parametrize("today", [*DATES, date(2026, 1, 1), date(2027, 3, 31), date(2027, 6, 30)], ids=str)
def test_reviews_end_each_quarter_on_a_working_day_and_the_last_of_the_year_is_yearly(today):
    meetings = meetings_from(today)
    for meeting in meetings:
        last = months_after(meeting.on.replace(day=1), 1) - timedelta(days=1)
        assert meeting.on.month in (3, 6, 9, 12)
        assert meeting.on.weekday() < 5
        assert (last - meeting.on).days <= 2
        assert (meeting.kind == "yearly") is (meeting.on.month == 12)
        assert today + timedelta(days=21) <= meeting.on <= months_after(today, 24)
    assert len({m.id for m in meetings}) == len(meetings) >= 7
    assert [m.on for m in meetings] == sorted(m.on for m in meetings)


@pytest.mark.parametrize(
    ("day", "months", "wanted"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 11, 20), 0, date(2026, 11, 20)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
    ],
)
def test_months_end_where_the_month_ends(day, months, wanted):
    assert months_after(day, months) == wanted


# --- who stays where they are, who has no gaps, who has no time ---

FULL = dict.fromkeys(PILLARS, 2)


def found_with(levels: dict[str, int | None], base=DIRECTOR, **said):
    """What is found of a person, with the levels given in the place of those read."""
    found = draft(base=base, **said).found
    words = Text(zh="一", en="one")
    results = tuple(LevelResult(pillar=p, level=v, confidence="low", rubric=words, provenance=words) for p, v in levels.items())
    gaps = order_gaps(FRAMEWORK, found.profile, results, found.target, found.direction)
    return dataclasses.replace(found, levels=results, gaps=gaps)


def made_of(found) -> Plan:
    plan = make_plan(found, FRAMEWORK, drafting().sources, FRIDAY, "zh")
    assert check_plan(plan, found.profile, FRAMEWORK, drafting().sources, planned_hours(found.constraints)) == ()
    return plan


@pytest.mark.parametrize("wish", ["把公司做到行业前三", "三年内把利润做到2亿", "我保证当上行业第一", "x" * 500, "一行\n两行", ""])
def test_who_holds_the_last_stage_stays_in_the_direction_of_their_words(wish):
    plan = plan_of(base=CEO, target=wish)
    long = next(g for g in plan.goals if g.horizon == "long")
    assert long.text.zh.startswith("在“") and "站稳、做好" in long.text.zh and "Reach" not in long.text.en
    quoted = wish and len(wish) < 100 and "\n" not in wish
    assert (f"“{wish}”" in long.text.zh and f"“{wish}”" in long.text.en) if quoted else "本人的话" not in long.text.zh


def test_who_wants_the_stage_they_stand_on_stands_firm_there_and_climbs_nowhere():
    plan = plan_of(target="不想当CMO")
    assert (plan.stage, plan.target, plan.direction) == ("director", "director", "unknown")
    assert "站稳、做好" in plan.goals[0].text.zh
    assert [g for g in plan.goals if g.horizon == "middle" and g.pillar is None] == []
    said = "".join(r.zh for r in plan.remarks)
    assert "站稳、做好来排" in said and "任命" not in said and "下一个阶段" not in said


def test_who_stays_where_no_condition_is_asked_is_measured_by_what_they_can_do():
    plan = plan_of(base=SPECIALIST, target="不想当总监")
    assert (plan.stage, plan.target) == ("pre_director", "pre_director")
    assert "：。" not in plan.goals[0].measure.zh and len(plan.goals[0].measure.zh) > 20


@pytest.mark.parametrize(
    ("said", "levels", "pillar"),
    [
        ({"interest": "喜欢做数据"}, FULL, "data"),
        ({"strengths": ("带人",)}, FULL, "leadership"),
        ({}, {**FULL, "innovation": 3, "strategy": 3, "leadership": 3, "communication": 3}, "data"),
        ({"interest": "喜欢做数据"}, {**FULL, "data": 3}, None),
    ],
)
def test_without_gaps_the_plan_says_so_and_goes_deeper_in_one_pillar(said, levels, pillar):
    found = found_with(levels, **said)
    assert found.gaps == ()
    plan = made_of(found)
    assert plan.gaps == () and plan.actions
    worked = {a.pillar for a in plan.actions}
    assert len(worked) == 1 and (pillar is None or worked == {pillar})
    told = next(r for r in plan.remarks if "没有缺口" in r.zh)
    assert FRAMEWORK.pillar(*worked).name.zh in told.zh and FRAMEWORK.pillar(*worked).name.en in told.en
    assert levels[next(iter(worked))] < 3


def test_with_every_level_at_its_highest_nothing_untrue_is_said_of_the_library():
    plan = made_of(found_with(dict.fromkeys(PILLARS, 3)))
    assert plan.actions == () and plan.gaps == ()
    assert any("没有缺口" in r.zh for r in plan.remarks)
    assert len(plan.skipped) == len(FRAMEWORK.plan.action_kinds)
    assert not any("行动库里没有合你条件" in s.reason.zh for s in plan.skipped)


@pytest.mark.parametrize("hours", ["0", "没有时间", "no time at all"])
def test_no_time_is_planned_with_the_least_and_told(hours):
    plan = plan_of(hours_per_week=hours)
    assert any(r.zh == "你说没有时间，先按每周1小时的最小量排。" for r in plan.remarks)


def test_less_than_an_hour_is_told_as_that():
    said = [r.zh for r in plan_of(hours_per_week="0.5").remarks]
    assert any("不到1小时" in s for s in said) and not any("没有时间" in s for s in said)


@pytest.mark.parametrize("person", ["p-zh-01", "p-zh-07", "p-zh-10", "p-en-04"])
def test_a_goal_for_a_pillar_cites_the_level_it_aims_at(person):
    found = drafted(person)
    names = {level.number: level.name for level in FRAMEWORK.levels}
    aims = {gap.pillar: step_of(FRAMEWORK, gap, found.plan.stage)[1] for gap in found.plan.gaps}
    goals = [g for g in found.plan.goals if g.pillar in aims and g.horizon != "long"]
    assert goals
    for goal in goals:
        wanted = names[aims[goal.pillar]]
        assert wanted.zh in goal.source.quote.zh and wanted.en.lower() in goal.source.quote.en.lower()
