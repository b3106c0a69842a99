"""What a person reads about the difference of two versions: every kind of change, in both languages."""

from __future__ import annotations

from datetime import date

import pytest

from coach.development.schema import Plan
from coach.development.versions import differences
from coach.framework.files import Text
from coach.messages import both
from tests.development.planning import FRAMEWORK, plan_of, with_line

PLAN = plan_of()


def told(after: Plan, before: Plan = PLAN) -> tuple[Text, ...]:
    found = differences(before, after, FRAMEWORK)
    assert all(t.zh and t.en and "{" not in t.zh + t.en for t in found)
    return found


def test_the_same_plan_says_that_nothing_changed():
    assert told(PLAN) == (both("diff_none"),)


def test_only_a_new_version_number_is_no_change():
    assert told(PLAN.model_copy(update={"version": 2, "made": date(2026, 12, 1)})) == (both("diff_none"),)


def test_a_new_target_is_said_with_both_stages():
    (only,) = told(PLAN.model_copy(update={"target": "bu_head"}))
    for lang in ("zh", "en"):
        assert FRAMEWORK.stage("vp_cmo").name.of(lang) in only.of(lang)
        assert FRAMEWORK.stage("bu_head").name.of(lang) in only.of(lang)


def test_a_line_taken_out_and_a_line_put_in():
    without = PLAN.model_copy(update={"actions": PLAN.actions[1:]})
    gone = PLAN.actions[0]
    (removed,) = told(without)
    assert removed == both("diff_removed", text=gone.text)
    (added,) = told(PLAN, without)
    assert added == both("diff_added", text=gone.text, due=gone.due)


@pytest.mark.parametrize("line_id", ["a1", "g1"])
def test_a_new_date_names_the_old_and_the_new(line_id):
    old = PLAN.line(line_id)
    (only,) = told(with_line(PLAN, line_id, due=date(2027, 1, 15)))
    for lang in ("zh", "en"):
        assert all(w in only.of(lang) for w in (old.text.of(lang).rstrip("。."), str(old.due), "2027-01-15"))
        assert "。，" not in only.zh and "., from" not in only.en


def test_new_words_show_the_old_and_the_new():
    (only,) = told(with_line(PLAN, "a1", text=Text(zh="换个说法", en="Other words")))
    assert "换个说法" in only.zh and PLAN.line("a1").text.zh in only.zh
    assert "Other words" in only.en and PLAN.line("a1").text.en in only.en


@pytest.mark.parametrize(
    ("status", "zh", "en"), [("done", "完成", "done"), ("late", "逾期", "late"), ("dropped", "不做了", "dropped")]
)
def test_a_new_status_is_said_in_words(status, zh, en):
    (only,) = told(with_line(PLAN, "a1", status=status))
    assert only.zh.endswith(f"未完成 → {zh}")
    assert only.en.endswith(f"open → {en}")


def test_several_changes_of_one_line_are_all_told():
    found = told(with_line(PLAN, "a1", due=date(2027, 1, 15), status="late", text=Text(zh="新的", en="New")))
    assert len(found) == 3


def test_a_replaced_action_is_one_removed_and_one_added():
    other = with_line(PLAN, "a1", action="another-action", text=Text(zh="别的事", en="Another"))
    assert [t.zh[:2] for t in told(other)] == ["去掉", "新增"]


def test_lines_in_another_order_or_with_other_numbers_are_the_same():
    turned = PLAN.model_copy(update={"actions": tuple(reversed(PLAN.actions))})
    assert told(turned) == (both("diff_none"),)
    assert told(with_line(PLAN, "a1", id="a99")) == (both("diff_none"),)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("measure", Text(zh="另一种衡量", en="Another measure")),
        ("evidence", Text(zh="另一份材料", en="Other material")),
        ("start", date(2027, 1, 4)),
        ("owner", "别人"),
        ("hours", 99),
    ],
)
def test_other_changes_of_a_line_are_told_too(field, value):
    (only,) = told(with_line(PLAN, "a1", **{field: value}))
    old = PLAN.line("a1")
    for lang in ("zh", "en"):
        for part in (old.text, getattr(old, field), value):
            assert (part.of(lang) if isinstance(part, Text) else str(part)) in only.of(lang)


def test_a_line_that_begins_and_ends_on_other_days_has_moved_once():
    old = PLAN.line("a1")
    (only,) = told(with_line(PLAN, "a1", start=date(2027, 1, 4), due=date(2027, 2, 5)))
    assert all(str(d) in only.zh and str(d) in only.en for d in (old.start, old.due, "2027-01-04", "2027-02-05"))


def test_hours_that_were_not_known_before_are_told_as_none():
    (only,) = told(PLAN, with_line(PLAN, "a1", hours=None))
    assert "0小时" in only.zh and "None" not in only.zh + only.en
