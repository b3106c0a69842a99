"""The calendar file, read again: dates, stable ids, versions, reminders, folding."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import icalendar
import pytest

from coach.documents.calendar import to_ics

STAMP = datetime(2026, 11, 22, 16, 30, tzinfo=timezone(timedelta(hours=8)))


def events(plan, lang="zh"):
    return list(icalendar.Calendar.from_ical(to_ics(plan, lang, stamp=STAMP)).walk("VEVENT"))


def test_every_review_and_due_date_is_a_day(plan_zh):
    found = events(plan_zh)
    wanted = sorted([m.on for m in plan_zh.meetings] + [line.due for line in plan_zh.lines])
    assert sorted(e["dtstart"].dt for e in found) == wanted
    assert all(e["dtend"].dt - e["dtstart"].dt == timedelta(days=1) for e in found)
    assert {e["dtstart"].params["VALUE"] for e in found} == {"DATE"}


def test_the_words_are_those_of_the_line(plan_zh):
    by_day = {str(e["summary"]): e for e in events(plan_zh)}
    line = plan_zh.actions[0]
    event = by_day[f"行动到期：{line.text.zh}"]
    assert event["dtstart"].dt == line.due
    for part in (line.measure.zh, line.evidence.zh, line.review.isoformat()):
        assert part in str(event["description"])


def test_english_is_english(plan_en):
    summaries = [str(e["summary"]) for e in events(plan_en, "en")]
    assert "Quarterly review" in summaries and f"Goal due: {plan_en.goals[0].text.en}" in summaries


def test_ids_stay_over_versions_and_languages_and_differ_within(plan_zh):
    moved = [line.model_copy(update={"due": line.due + timedelta(days=9)}) for line in plan_zh.actions]
    newer = plan_zh.model_copy(update={"version": 3, "made": plan_zh.made + timedelta(days=90), "actions": tuple(moved)})
    first, second = events(plan_zh), events(newer, "en")
    assert [str(e["uid"]) for e in first] == [str(e["uid"]) for e in second]
    assert len({str(e["uid"]) for e in first}) == len(first)
    assert {e["sequence"] for e in first} == {2} and {e["sequence"] for e in second} == {3}


def test_ids_of_two_plans_differ(plan_zh):
    other = plan_zh.model_copy(update={"id": "another"})
    assert not {str(e["uid"]) for e in events(plan_zh)} & {str(e["uid"]) for e in events(other)}


def test_a_reminder_comes_the_day_before(plan_zh):
    for event in events(plan_zh):
        (alarm,) = event.walk("VALARM")
        midnight = datetime.combine(event["dtstart"].dt, datetime.min.time())
        assert (midnight + alarm["trigger"].dt).date() == event["dtstart"].dt - timedelta(days=1)
        assert alarm["action"] == "DISPLAY" and str(alarm["description"]) == str(event["summary"])


@pytest.mark.parametrize(
    ("status", "told", "alarms"), [("done", "CONFIRMED", 0), ("dropped", "CANCELLED", 0), ("late", "CONFIRMED", 1)]
)
def test_what_is_done_or_dropped_no_longer_rings(plan_zh, status, told, alarms):
    plan = plan_zh.model_copy(
        update={"goals": (), "meetings": (), "actions": (plan_zh.actions[0].model_copy(update={"status": status}),)}
    )
    (event,) = events(plan)
    assert str(event["status"]) == told and len(event.walk("VALARM")) == alarms


@pytest.mark.parametrize("name", ["plan_zh", "plan_extreme", "plan_bare"])
def test_the_file_keeps_the_rules_of_its_format(request, name):
    data = to_ics(request.getfixturevalue(name), "zh", stamp=STAMP)
    data.decode("utf-8")
    lines = data.split(b"\r\n")
    assert b"\n" not in data.replace(b"\r\n", b"") and lines[-1] == b""
    assert max(map(len, lines)) <= 75
    assert {b"METHOD:PUBLISH", b"VERSION:2.0", b"CALSCALE:GREGORIAN"} <= set(lines)
    assert any(line.startswith(b"PRODID:") for line in lines)


def test_the_stamp_is_universal_time(plan_zh):
    assert {e["dtstamp"].dt for e in events(plan_zh)} == {datetime(2026, 11, 22, 8, 30, tzinfo=UTC)}


def test_commas_semicolons_and_line_breaks_come_back(plan_zh):
    odd = plan_zh.actions[0].text.model_copy(update={"zh": "一,二;三\\n四\n五 BEGIN:VEVENT"})
    line = plan_zh.actions[0].model_copy(update={"text": odd, "measure": odd})
    (event,) = events(plan_zh.model_copy(update={"goals": (), "meetings": (), "actions": (line,)}))
    assert str(event["summary"]) == "行动到期：一,二;三\\n四 五 BEGIN:VEVENT"
    assert "一,二;三\\n四\n五 BEGIN:VEVENT" in str(event["description"])
