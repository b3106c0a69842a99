"""Reviews: what was done, what was not and why, what changes; the next version that grows out of them; and the nudges between."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from coach.development.actions import planned_hours
from coach.development.review import dated, hold_review, next_version, nudges
from coach.development.schema import CheckIn, LevelResult, Plan, Review
from coach.framework.files import Text
from tests.development.planning import (
    CEO,
    FRAMEWORK,
    FRIDAY,
    draft,
    drafted,
    drafting,
    faults,
    plan_of,
    told,
    with_line,
)

MADE = draft(weaknesses=("不懂财务",))
PLAN = MADE.plan
assert PLAN is not None
FIRST = PLAN.meetings[0].on  # 2026-12-31, before any line is due but the first action
SECOND = PLAN.meetings[1].on
ACTION = PLAN.actions[0]
SCENARIOS = ["done", "bare", "on_track", "stuck", "dropped", None, "mixed"]


def review(plan: Plan = PLAN, checkins: tuple[CheckIn, ...] = (), on: date = SECOND, **more) -> Review:
    found = hold_review(plan, checkins, FRAMEWORK, on, **more)
    for text in (found.summary, *found.questions, *(r.change for r in found.rows)):
        assert text.zh and text.en and "{" not in text.zh + text.en
    return found


def after(found: Review, plan: Plan = PLAN, hours: float = 4) -> Plan:
    return next_version(plan, found, FRAMEWORK, drafting().sources, hours=hours)


def row(found: Review, line_id: str):
    return next(r for r in found.rows if r.line == line_id)


def results(**own: int | None) -> list[LevelResult]:
    words = Text(zh="一", en="one")
    return [LevelResult(pillar=p, level=v, confidence="low", rubric=words, provenance=words) for p, v in own.items()]


def test_done_with_evidence_is_done_and_stays_done():
    found = review(checkins=(told(ACTION, "done", SECOND, evidence="12份访谈记录"),))
    assert row(found, ACTION.id).shown == "12份访谈记录"
    second = after(found)
    kept = second.line(ACTION.id)
    assert kept == ACTION.model_copy(update={"status": "done", "review": kept.review})
    later = review(second, on=PLAN.meetings[2].on)
    assert ACTION.id not in {r.line for r in later.rows}
    assert after(later, second).line(ACTION.id).status == "done"


def test_done_without_evidence_is_asked_for_it_and_stays_open_with_a_day_to_come():
    found = review(checkins=(told(ACTION, "done", SECOND),))
    assert ACTION.evidence.zh in row(found, ACTION.id).change.zh
    assert any(ACTION.text.zh in q.zh for q in found.questions)
    line = after(found).line(ACTION.id)
    assert line.status == "open"
    assert line.due > SECOND


def test_stuck_names_the_obstacle_and_is_replaced_by_another_action():
    found = review(checkins=(told(ACTION, "stuck", SECOND, obstacle="产品部不配合"),))
    one = row(found, ACTION.id)
    assert "产品部不配合" in one.change.zh
    assert one.replaced_by
    second = after(found)
    assert second.line(ACTION.id).status == "dropped"
    new = next(a for a in second.actions if a.action == one.replaced_by)
    assert new.status == "open" and new.start > SECOND and new.start.weekday() == 0
    assert new.pillar == ACTION.pillar
    assert drafting().sources.holds(new.source)
    assert new.review in {m.on for m in second.meetings}
    assert len({line.id for line in second.lines}) == len(second.lines)


def test_stuck_without_another_action_is_moved():
    own = with_line(PLAN, ACTION.id, action="", own=True)
    found = review(own, (told(ACTION, "stuck", SECOND, obstacle="没空"),))
    one = row(found, ACTION.id)
    assert (one.replaced_by, one.due is not None and one.due > SECOND) == ("", True)
    assert str(one.due) in one.change.zh and str(one.due) in one.change.en
    line = after(found, own).line(ACTION.id)
    assert (line.status, line.due) == ("open", one.due)


def test_a_stuck_goal_is_moved_and_never_replaced():
    goal = next(g for g in PLAN.goals if g.horizon == "short")
    one = row(review(checkins=(told(goal, "stuck", SECOND, obstacle="没空"),)), goal.id)
    assert one.replaced_by == "" and one.due > goal.due


def test_dropped_is_dropped():
    found = review(checkins=(told(ACTION, "dropped", SECOND, obstacle="公司转型"),))
    assert row(found, ACTION.id).obstacle == "公司转型"
    assert after(found).line(ACTION.id).status == "dropped"


def test_without_news_what_is_due_is_moved_and_what_is_not_goes_on():
    found = review()
    assert row(found, ACTION.id).status is None
    assert row(found, ACTION.id).due > SECOND
    late = after(found).line(ACTION.id)
    assert late.due == row(found, ACTION.id).due
    running = next(r for r in found.rows if PLAN.line(r.line).due > SECOND)
    assert running.due is None
    assert after(found).line(running.line).due == PLAN.line(running.line).due


def test_on_track_before_its_day_keeps_its_day():
    running = next(a for a in PLAN.actions if a.start <= SECOND < a.due)
    one = row(review(checkins=(told(running, "on_track", SECOND),)), running.id)
    assert one.due is None
    assert str(running.due) in one.change.zh


def test_on_track_after_its_day_gets_a_new_one():
    one = row(review(checkins=(told(ACTION, "on_track", SECOND),)), ACTION.id)
    assert one.due > SECOND
    assert str(one.due) in one.change.zh


def test_nothing_to_look_at_is_said():
    found = review(on=FRIDAY - timedelta(days=1))
    assert found.rows == ()
    assert "还没有要看的" in found.summary.zh
    assert found.questions


def test_the_quarter_looks_at_what_has_begun_and_the_year_at_everything():
    quarter, year = review(on=FIRST), review(on=FIRST, yearly=True)
    assert {r.line for r in quarter.rows} == {
        line.id for line in PLAN.lines if line.start <= FIRST and (line.role == "action" or line.horizon == "short")
    }
    assert {r.line for r in year.rows} == {line.id for line in PLAN.lines}
    assert "三到五年" in year.questions[-1].zh


def test_the_year_compares_the_levels_with_those_before():
    found = review(
        on=FIRST,
        yearly=True,
        levels=results(data=2, strategy=1, leadership=None),
        before=results(data=1, leadership=2),
        stage="vp_cmo",
    )
    assert [(t.pillar, t.before, t.now) for t in found.trends] == [("data", 1, 2), ("strategy", None, 1), ("leadership", 2, None)]
    assert found.stage == "vp_cmo"


def test_the_quarter_has_no_trends_and_no_stage():
    found = review(levels=results(data=2), before=results(data=1), stage="vp_cmo")
    assert (found.trends, found.stage) == ((), None)


def test_the_summary_counts_every_row_once():
    begun = [line for line in PLAN.actions if line.start <= SECOND]
    assert len(begun) >= 4
    kinds = ("done", "stuck", "dropped", "on_track")
    found = review(checkins=tuple(told(a, k, SECOND, evidence="有") for a, k in zip(begun, kinds, strict=False)))
    silent = [r for r in found.rows if r.status is None]
    late = sum(r.planned <= SECOND for r in silent)
    assert 0 < late < len(silent) == len(found.rows) - 4
    told_zh = f"{len(found.rows)}项：完成1项，进行中1项，卡住1项，不做1项，到期没有消息{late}项，还没到期{len(silent) - late}项"
    assert told_zh in found.summary.zh
    assert f"{late} overdue without news, {len(silent) - late} not due yet" in found.summary.en


def test_the_last_word_on_a_line_counts_and_none_from_after_the_review():
    checkins = (
        told(ACTION, "done", SECOND - timedelta(days=1), evidence="表"),
        told(ACTION, "stuck", SECOND - timedelta(days=30), obstacle="没空"),
        told(ACTION, "dropped", SECOND + timedelta(days=1)),
    )
    assert row(review(checkins=checkins), ACTION.id).status == "done"


def test_of_one_day_the_later_word_counts():
    checkins = (told(ACTION, "stuck", SECOND), told(ACTION, "done", SECOND, evidence="表"))
    assert row(review(checkins=checkins), ACTION.id).status == "done"


def test_a_word_on_a_line_the_plan_does_not_have_changes_nothing():
    ghost = CheckIn(line="a99", on=SECOND, status="done", evidence="表")
    assert review(checkins=(ghost,)) == review()


def test_a_few_questions_rather_than_many():
    stuck = tuple(told(line, "stuck", SECOND, obstacle="没空") for line in PLAN.lines)
    assert len(review(checkins=stuck).questions) <= 4


def play(made, status: str | None, times: int) -> list[tuple[Plan, Review, Plan]]:
    """Several reviews in a row on the plan's own days, each answered in the same way."""
    turns, plan = [], made.plan
    for _ in range(times):
        on = plan.meetings[0].on
        checkins = []
        for number, line in enumerate(plan.lines):
            said = ("done", "stuck", "on_track", "dropped", None)[number % 5] if status == "mixed" else status
            if said is not None and line.start <= on:
                shown = "有表" if said == "done" else ""
                checkins.append(
                    told(line, "done" if said == "bare" else said, on - timedelta(days=1), evidence=shown, obstacle="没空")
                )
        found = hold_review(plan, checkins, FRAMEWORK, on, yearly=plan.meetings[0].kind == "yearly")
        hours = planned_hours(made.found.constraints)
        following = next_version(plan, found, FRAMEWORK, drafting().sources, hours=hours)
        turns.append((plan, found, following))
        plan = following
    return turns


@pytest.mark.parametrize("status", SCENARIOS)
@pytest.mark.parametrize("person", ["p-zh-01", "p-zh-09", "p-zh-12", "p-en-04", "p-en-09", "p-en-10"])
def test_three_reviews_in_a_row_leave_a_plan_the_check_passes(person, status):
    made = drafted(person)
    for before, found, following in play(made, status, 3):
        assert faults(following, made) == ()
        assert following.version == before.version + 1
        assert following.made == found.on
        assert [m for m in following.meetings if m.on <= found.on] == []
        done = [line.id for line in before.lines if line.status == "done"]
        assert all(following.line(i) == before.line(i).model_copy(update={"review": following.line(i).review}) for i in done)
        library = [a.action for a in following.actions if a.action]
        assert len(library) == len(set(library))


@pytest.mark.parametrize("status", ["stuck", None])
def test_the_next_version_stays_within_the_hours(status):
    made = drafted("p-zh-02")
    assert [f for _, _, following in play(made, status, 3) for f in faults(following, made)] == []


def test_an_action_is_replaced_at_most_once_and_by_nothing_already_planned():
    stuck = tuple(told(a, "stuck", SECOND, obstacle="没空") for a in PLAN.actions)
    found = review(checkins=stuck)
    others = [r.replaced_by for r in found.rows if r.replaced_by]
    assert others and len(others) == len(set(others))
    assert not set(others) & {a.action for a in PLAN.actions}
    second = after(found)
    later = review(second, on=PLAN.meetings[2].on)
    assert not {r.line for r in later.rows} & {r.line for r in found.rows if r.replaced_by}


def test_what_replaces_keeps_to_the_persons_money():
    plan = plan_of(constraints=("没有预算",))
    stuck = tuple(told(a, "stuck", SECOND, obstacle="没空") for a in plan.actions)
    assert {a.cost for a in after(review(plan, stuck), plan).actions} == {"free"}


def test_what_replaces_sends_nobody_away():
    plan = plan_of(base=CEO, constraints=("不能出差",))
    stuck = tuple(told(a, "stuck", SECOND, obstacle="没空") for a in plan.actions)
    new = after(review(plan, stuck), plan).actions[len(plan.actions) :]
    assert not [a.action for a in new if any(w in f"{a.text.zh}{a.how.zh}" for w in ("出差", "外派", "异地", "轮岗"))]


def test_a_gap_whose_actions_were_all_dropped_gets_another_or_a_reason():
    pillar = PLAN.gaps[0].pillar
    dropped = tuple(told(line, "dropped", SECOND) for line in PLAN.lines if line.pillar == pillar)
    found = review(checkins=dropped, yearly=True)
    second = after(found)
    open_ones = [a for a in second.actions if a.pillar == pillar and a.status == "open"]
    assert open_ones or pillar in {s.pillar for s in second.skipped}
    assert not {a.action for a in open_ones} & {a.action for a in PLAN.actions}


def test_a_gap_given_up_for_good_has_a_reason_of_its_own():
    pillar = PLAN.gaps[0].pillar
    plan = PLAN
    for line in PLAN.lines:  # the library has nothing to put in the place of a line of one's own
        if line.pillar == pillar:
            plan = with_line(plan, line.id, own=True, action="")
    dropped = tuple(told(line, "dropped", SECOND) for line in plan.lines if line.pillar == pillar)
    second = after(review(plan, dropped, yearly=True), plan)
    reason = next(s.reason for s in second.skipped if s.pillar == pillar)
    assert "都不做了" in reason.zh and "given up" in reason.en and "合你条件" not in reason.zh


@pytest.mark.parametrize("status", ["stuck", "on_track", "done", None])
def test_a_review_can_tell_the_dates_that_will_hold(status):
    begun = [line for line in PLAN.lines if line.start <= SECOND]
    checkins = tuple(told(line, status, SECOND, obstacle="没空") for line in begun) if status else ()
    found = review(checkins=checkins, yearly=True)
    second = after(found)
    for old, row_ in zip(found.rows, dated(found, second).rows, strict=True):
        line = second.line(row_.line)
        assert (row_.line, row_.planned, row_.status, row_.replaced_by) == (old.line, old.planned, old.status, old.replaced_by)
        if row_.replaced_by:
            new = next(a for a in second.actions if a.action == row_.replaced_by)
            assert all(str(d) in row_.change.zh and str(d) in row_.change.en for d in (new.start, new.due))
        elif line.status == "open":
            assert (row_.due or row_.planned) == line.due
            if row_.due and row_.status != "done":
                assert str(line.due) in row_.change.zh and str(line.due) in row_.change.en


def test_what_is_planned_waits_when_something_else_runs_on():
    found = review(yearly=True)
    second = after(found)
    waits = [r for r in dated(found, second).rows if r.due and not next(o for o in found.rows if o.line == r.line).due]
    assert waits and all("时间不够" in r.change.zh for r in waits)


def test_a_moved_line_stays_within_its_horizon():
    for on in [m.on for m in PLAN.meetings]:
        for one in review(on=on, yearly=True).rows:
            if one.due:
                months = next(h.months[1] for h in FRAMEWORK.plan.horizons if h.id == PLAN.line(one.line).horizon)
                assert on < one.due <= on + timedelta(days=31 * months)


def test_after_the_last_review_there_are_new_ones():
    last = PLAN.meetings[-1].on
    second = after(review(on=last, yearly=True))
    assert second.meetings and min(m.on for m in second.meetings) > last
    assert {line.review for line in second.lines} <= {m.on for m in second.meetings}


def test_a_review_changes_no_words_of_what_stays():
    second = after(review())
    for line in PLAN.lines:
        same = second.line(line.id)
        assert (same.text, same.measure, same.source, same.owner) == (line.text, line.measure, line.source, line.owner)


# --- nudges ---


def nudged(today: date, checkins: tuple[CheckIn, ...] = (), plan: Plan = PLAN) -> list[str]:
    return [t.zh for t in nudges(plan, checkins, FRAMEWORK, today)]


def test_the_latest_is_nudged_first_then_what_is_due_soon():
    today = PLAN.actions[2].due - timedelta(days=7)
    said = nudged(today)
    late = [line for line in sorted(PLAN.lines, key=lambda line: line.due) if line.due < today]
    assert len(late) >= 2
    assert [any(line.text.zh in s for s in said[: len(late)]) for line in late] == [True] * len(late)
    assert all("过了" in s for s in said[: len(late)]) and not any("过了" in s for s in said[len(late) :])
    assert ACTION.text.zh in said[0]


@pytest.mark.parametrize(("days", "words"), [(-1, "过了1天"), (0, "还有0天"), (14, "还有14天"), (15, None)])
def test_two_weeks_before_until_done(days, words):
    said = [s for s in nudged(ACTION.due - timedelta(days=days)) if ACTION.text.zh in s]
    assert (words in said[0]) if words else said == []


@pytest.mark.parametrize(("status", "left"), [("done", False), ("dropped", False), ("stuck", True), ("on_track", True)])
def test_what_is_reported_done_or_dropped_is_not_nudged_again(status, left):
    on = ACTION.due + timedelta(days=3)
    said = nudged(on, (told(ACTION, status, on - timedelta(days=1), evidence="表"),))
    assert any(ACTION.text.zh in s for s in said) is left


def test_the_review_itself_is_announced():
    assert any("季度复盘" in s for s in nudged(SECOND - timedelta(days=14)))
    assert any("季度复盘" in s for s in nudged(SECOND))
    assert not any("季度复盘" in s for s in nudged(SECOND + timedelta(days=1)))
    assert any("年度复盘" in s for s in nudged(FIRST))


def test_on_the_first_day_there_is_nothing_to_remind_of():
    assert nudged(FRIDAY) == []
