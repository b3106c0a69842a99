"""The check refuses each fault on its own, one field spoilt at a time, and nothing in a good plan."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from coach.development.check import faults_text, require_sound
from coach.development.plan import months_after
from coach.development.schema import Plan, Quote, Skipped
from coach.errors import InputError
from coach.framework.files import Text
from tests.development.planning import FRAMEWORK, FRIDAY, draft, drafted, drafting, faults, with_line

MADE = draft(weaknesses=("不懂财务",), name="小骆")
PLAN = MADE.plan
assert PLAN is not None
SHORT_GOAL = next(g.id for g in PLAN.goals if g.horizon == "short")
LONG_GOAL = next(g.id for g in PLAN.goals if g.horizon == "long")


def codes(plan: Plan, made=MADE, **changed) -> set[tuple[str, str]]:
    """Line and code of each fault; every fault must be readable in both languages."""
    found = faults(plan, made, **changed)
    assert all(f.what.zh and f.what.en and "{" not in f.what.zh + f.what.en for f in found)
    return {(f.line, f.code) for f in found}


def texts_with(words: str) -> dict[str, Text]:
    return {
        name: Text(zh=f"{getattr(PLAN.line('a1'), name).zh}{words}", en=getattr(PLAN.line("a1"), name).en)
        for name in ("text", "measure", "evidence")
    }


def test_the_good_plan_has_no_faults():
    assert codes(PLAN) == set()


@pytest.mark.parametrize(
    ("spoilt", "code"),
    [
        ({"due": PLAN.line("a1").start - timedelta(days=1)}, "undated"),
        ({"start": FRIDAY - timedelta(days=1)}, "past"),
        ({"start": FRIDAY - timedelta(days=9), "due": FRIDAY - timedelta(days=1)}, "past"),
        ({"due": months_after(FRIDAY, 8)}, "horizon"),
        ({"due": date(2099, 1, 1)}, "horizon"),
        ({"measure": Text(zh=" ", en="Measured well")}, "unmeasured"),
        ({"measure": Text(zh="写得清楚", en="ok")}, "unmeasured"),
        ({"evidence": Text(zh="无", en="none")}, "unevidenced"),
        ({"owner": "  "}, "unowned"),
        ({"review": FRIDAY + timedelta(days=40)}, "review"),
    ],
    ids=[
        "due before start",
        "started yesterday",
        "due yesterday",
        "too late",
        "in 2099",
        "no measure",
        "no measure in English",
        "no evidence",
        "no owner",
        "no review day",
    ],
)
def test_one_spoilt_field_of_a_line_is_one_fault(spoilt, code):
    found = codes(with_line(PLAN, "a1", hours=None, **spoilt))
    assert ("a1", code) in found
    assert {line for line, _ in found} == {"a1"}
    assert {c for _, c in found} <= {code, "undated"}


def test_the_day_the_plan_is_made_is_not_past():
    assert codes(with_line(PLAN, "a1", start=FRIDAY)) == set()


@pytest.mark.parametrize(("goal", "months"), [(SHORT_GOAL, 1), (SHORT_GOAL, 8), (LONG_GOAL, 34), (LONG_GOAL, 62)])
def test_a_goal_outside_its_horizon_is_refused(goal, months):
    spoilt = with_line(PLAN, goal, due=months_after(FRIDAY, months))
    assert (goal, "horizon") in codes(spoilt)


@pytest.mark.parametrize(("goal", "months"), [(SHORT_GOAL, 3), (SHORT_GOAL, 6), (LONG_GOAL, 36), (LONG_GOAL, 60)])
def test_a_goal_at_the_edge_of_its_horizon_stands(goal, months):
    assert codes(with_line(PLAN, goal, due=months_after(FRIDAY, months))) == set()


def test_a_quote_the_article_does_not_hold_is_refused_in_either_language():
    source = PLAN.line("a1").source
    for quote in (Text(zh="从来没有人写过这句话。", en=source.quote.en), Text(zh=source.quote.zh, en="Nobody ever wrote this.")):
        assert codes(with_line(PLAN, "a1", source=source.model_copy(update={"quote": quote}))) == {("a1", "uncited")}


def test_an_article_that_does_not_exist_is_no_source():
    source = PLAN.line("a1").source.model_copy(update={"article": "made-up"})
    assert codes(with_line(PLAN, "a1", source=source)) == {("a1", "uncited")}


def test_a_line_of_the_persons_own_needs_no_article():
    source = PLAN.line("a1").source.model_copy(update={"article": ""})
    assert codes(with_line(PLAN, "a1", source=source, own=True)) == set()


@pytest.mark.parametrize("words", ["，读12本书", "，见一百个客户", ", 37 talks"])
def test_a_line_of_the_persons_own_may_hold_any_number(words):
    assert codes(with_line(PLAN, "a1", own=True, **{"text": texts_with(words)["text"]})) == set()


def test_a_line_of_the_persons_own_promises_nothing_either():
    assert codes(with_line(PLAN, "a1", own=True, text=texts_with("，保证升职")["text"])) == {("a1", "promise")}


def test_a_gap_without_a_line_or_a_reason_is_refused():
    pillar = PLAN.gaps[-1].pillar
    spoilt = PLAN.model_copy(
        update={
            "goals": tuple(g for g in PLAN.goals if g.pillar != pillar),
            "actions": tuple(a for a in PLAN.actions if a.pillar != pillar),
        }
    )
    assert ("", "gap") in codes(spoilt)
    reason = Skipped(pillar=pillar, reason=Text(zh="以后再说", en="later"))
    assert ("", "gap") not in codes(spoilt.model_copy(update={"skipped": (*spoilt.skipped, reason)}))


def test_dropped_lines_do_not_work_on_a_gap():
    pillar = PLAN.gaps[0].pillar
    spoilt = PLAN
    for line in PLAN.lines:
        if line.pillar == pillar:
            spoilt = with_line(spoilt, line.id, status="dropped")
    assert codes(spoilt) == {("", "gap")}


@pytest.mark.parametrize("kind", [k.id for k in FRAMEWORK.plan.action_kinds])
def test_a_missing_kind_of_action_is_refused_unless_there_is_a_reason(kind):
    spoilt = PLAN.model_copy(update={"actions": tuple(a for a in PLAN.actions if a.kind != kind)})
    assert ("", "kind") in codes(spoilt)
    reason = Skipped(kind=kind, reason=Text(zh="没有", en="none"))
    assert ("", "kind") not in codes(spoilt.model_copy(update={"skipped": (reason,)}))


def test_more_hours_than_the_person_has_are_refused():
    first = PLAN.actions[0]
    assert codes(with_line(PLAN, first.id, hours=first.hours * 3)) == {("", "hours")}
    everything = PLAN.model_copy(
        update={"actions": tuple(a.model_copy(update={"start": first.start, "due": first.due}) for a in PLAN.actions)}
    )
    assert ("", "hours") in codes(everything)


def test_hours_of_what_is_done_or_dropped_do_not_count():
    first = PLAN.actions[0]
    for status in ("done", "dropped"):
        assert ("", "hours") not in codes(with_line(PLAN, first.id, hours=first.hours * 3, status=status))


def test_a_fact_the_person_never_said_is_refused_and_named():
    spoilt = PLAN.model_copy(update={"facts": (*PLAN.facts, Quote(text="管过两亿预算", field="budget"))})
    assert codes(spoilt) == {("", "invented")}
    assert "管过两亿预算" in faults(spoilt, MADE)[0].what.en


@pytest.mark.parametrize("words", ["市場總監", "市场 总监", "１１人，两个主管"])
def test_the_persons_words_in_other_writing_are_still_theirs(words):
    assert codes(PLAN.model_copy(update={"facts": (Quote(text=words, field="role"),)})) == set()


@pytest.mark.parametrize(
    "words", ["，带500人", "，带５００人", "，带五百人", "，预算三千万", "，提高37%", "，十七个城市", "，2.5倍", "，1,234家店"]
)
@pytest.mark.parametrize("field", ["text", "measure", "evidence"])
def test_an_invented_number_is_refused_wherever_it_stands(field, words):
    assert codes(with_line(PLAN, "a1", **{field: texts_with(words)[field]})) == {("a1", "number")}


@pytest.mark.parametrize(
    "words",
    ["，带11个人", "，带十一个人", "，管８００万", "，每周4小时", "，十分重要", "，千万别急", "，两三件", "，百分之百会做"],
)
def test_numbers_of_the_persons_own_and_everyday_words_stand(words):
    assert codes(with_line(PLAN, "a1", text=texts_with(words)["text"])) == set()


@pytest.mark.parametrize(
    "words", ["with five hundred people", "by forty percent", "in twenty-six cities", "half of the stores", "a dozen interviews"]
)
@pytest.mark.parametrize("field", ["text", "measure", "evidence"])
def test_an_invented_number_in_english_words_is_refused(field, words):
    old = getattr(PLAN.line("a1"), field)
    assert codes(with_line(PLAN, "a1", **{field: Text(zh=old.zh, en=f"{old.en} {words}")})) == {("a1", "number")}


@pytest.mark.parametrize(
    "words", ["with eleven people", "one more time", "no one else", "two or three of them", "four hours a week"]
)
def test_english_number_words_of_the_persons_own_and_everyday_ones_stand(words):
    old = PLAN.line("a1").text
    assert codes(with_line(PLAN, "a1", text=Text(zh=old.zh, en=f"{old.en} {words}"))) == set()


def test_a_number_is_the_same_number_however_it_is_written():
    profile = MADE.found.profile
    said = profile.model_copy(update={"about": "复购率提高了三成，客单价翻倍"})
    old = PLAN.line("a1").text
    line = with_line(PLAN, "a1", text=Text(zh=f"{old.zh}，百分之三十", en=f"{old.en}, thirty per cent, twice"))
    assert codes(line, about=said.about) == set()
    assert codes(line) == {("a1", "number")}


@pytest.mark.parametrize(
    ("zh", "en"),
    [
        ("，保证升职", ""),
        ("，一定能当上CMO", ""),
        ("，必然晋升", ""),
        ("，包过", ""),
        ("，稳升CMO", ""),
        ("，肯定能升", ""),
        ("，百分之百晋升", ""),
        ("", ": promotion is certain"),
        ("", ", you are sure to be promoted"),
        ("，确保晋升", ""),
        ("", ", promotion guaranteed"),
        ("", ", which guarantees the post"),
        ("", ": you will definitely be promoted"),
    ],
)
@pytest.mark.parametrize("field", ["text", "measure", "evidence"])
def test_a_promise_is_refused_in_both_languages(field, zh, en):
    old = getattr(PLAN.line("g1"), field)
    assert codes(with_line(PLAN, "g1", **{field: Text(zh=old.zh + zh, en=old.en + en)})) == {("g1", "promise")}


def test_all_faults_are_told_at_once_in_the_language_of_the_plan():
    spoilt = with_line(with_line(PLAN, "a1", owner=""), "a2", measure=Text(zh="好", en="ok"))
    assert codes(spoilt) == {("a1", "unowned"), ("a2", "unmeasured")}
    for lang, words in (("zh", ("没有写谁负责", "没有写怎么衡量")), ("en", ("has no owner", "how it is measured"))):
        with pytest.raises(InputError) as refused:
            require_sound(spoilt.model_copy(update={"lang": lang}), MADE.found.profile, FRAMEWORK, drafting().sources, 4)
        assert all(w in refused.value.message for w in words)
        assert refused.value.hint
        assert faults_text(faults(spoilt, MADE)).of(lang) == refused.value.message


def test_a_later_version_may_have_begun_before_it_was_made():
    later = FRIDAY + timedelta(days=10)
    second = with_line(PLAN, "a1", start=FRIDAY + timedelta(days=3)).model_copy(update={"version": 2, "made": later})
    assert ("a1", "past") not in codes(second)
    first = second.model_copy(update={"version": 1})
    assert ("a1", "past") in codes(first)


def test_a_plan_checked_for_another_person_states_facts_they_never_said():
    other = drafted("p-en-01")
    assert any(f.code == "invented" for f in faults(PLAN, other))


def test_a_plan_without_any_action_is_refused():
    made = draft()
    empty = made.plan.model_copy(update={"actions": ()})
    assert "actions" in {f.code for f in faults(empty, made)}


def test_an_action_in_a_stretch_without_any_plan_is_a_fault():
    made = draft()
    first = made.plan.actions[0]
    paused = made.plan.model_copy(update={"pause": (first.start, first.due)})
    assert (first.id, "pause") in {(f.line, f.code) for f in faults(paused, made)}
