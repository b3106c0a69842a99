"""What is kept of a person: as it was said, by whom it may be seen, and that it goes when they go."""

from __future__ import annotations

import inspect
import json
import logging
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import create_engine, func, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from coach.development.schema import CheckIn, LevelResult, Line, Meeting, Plan, Profile, Quote, Source, Standing
from coach.errors import CoachError, Conflict, InputError, NotFound, SetupError, Unreadable
from coach.framework.files import Text
from coach.settings import Settings
from coach.store.bound import MAX_VALUES
from coach.store.channels import CODE_GOOD_FOR, Answered, Channels
from coach.store.database import open_database
from coach.store.records import (
    ENOUGH_FEEDBACK,
    LOCAL_PERSON,
    MAX_FEEDBACK,
    FieldSource,
    Person,
    PersonRecords,
    Records,
    open_records,
)
from coach.store.tables import accounts, api_tokens, channel_users, checkins, metadata, people, plans, profiles, sessions
from coach.types import Reply
from tests.store.conftest import Clock

NOW = datetime(2026, 11, 22, 9, 30, 0, 123456, tzinfo=UTC)
LATER = NOW + timedelta(days=14)
ODD = "预算 🙂👩‍👩‍👧 𠮷 \"'; DROP TABLE people; -- {x} %s \\ \t\n 100 %"


def both(words: str) -> Text:
    return Text(zh=f"{words}。", en=words)


def line(line_id: str, role: str = "goal") -> Line:
    return Line(
        id=line_id, role=role, horizon="short", pillar="data", text=both(f"line {line_id}"), measure=both("m"), evidence=both("e"),
        owner="自己", start=date(2026, 12, 1), due=date(2027, 2, 28), review=date(2027, 3, 1),
        source=Source(article="a", title=both("t"), label=both("l"), quote=both("q")),
    )  # fmt: skip


def make_plan(name: str = "王芳", **other) -> Plan:
    level = LevelResult(pillar="data", level=None, confidence="low", rubric=both("r"), provenance=both("p"))
    return Plan(
        made=date(2026, 11, 22), lang="zh", name=name, facts=(Quote(text=ODD, field="about"),), stage="director", target="vp_cmo",
        direction="climb", standing=Standing(stage="director", next="vp_cmo", confidence="low", held=(), missing=()),
        levels=(level,), gaps=(), goals=(line("g1"),), actions=(line("a1", "action"),),
        meetings=(Meeting(id="q1", kind="quarterly", on=date(2027, 2, 22)),), framework="f 1", **other,
    )  # fmt: skip


PROFILE = Profile(name="王芳", role="市场总监", strengths=("写作", "数据"), evidence={"data": ODD}, self_ratings={"data": 2})
LEVEL = LevelResult(pillar="data", level=2, confidence="high", rubric=both("r"), provenance=both("p"))
CHECKIN = CheckIn(line="a1", on=date(2026, 12, 24), status="stuck", obstacle="没时间🙂")


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
def me(records) -> PersonRecords:
    return records.of(LOCAL_PERSON)


def count(records: Records, table) -> int:
    with records._engine.begin() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def fill(person: PersonRecords, words: str = "private matter") -> dict[str, str]:
    """Something in every table; the ids of it."""
    person.save_profile(PROFILE)
    person.save_profile(PROFILE.model_copy(update={"about": words}))
    assessment = person.start_assessment("full", "f 1")
    person.save_answers(assessment.id, {"q1": words})
    token = person.invite_feedback(assessment.id, "peer", LATER)
    for n in range(ENOUGH_FEEDBACK):
        person.add_feedback(token, {"q1": f"{words} {n}"})
    plan = person.new_plan(make_plan(words))
    person.save_version(plan, "second")
    checkin = person.add_checkin(plan.id, CHECKIN)
    review = person.save_review(plan.id, "quarterly", date(2027, 2, 22), {"done": [words]})
    give_account(person)
    give_talk(person, words)
    give_channel(person)
    return {"assessment": assessment.id, "plan": plan.id, "checkin": checkin.id, "review": review.id, "token": token}


def give_talk(person: PersonRecords, words: str) -> None:
    """A conversation with a file and a reply that was called wrong."""
    asked = person.talks.begin("", words)
    person.talks.finish(asked.exchange, Reply(answer=words, status="answered", language="en"))
    person.talks.judge(asked.exchange, "wrong", words)
    person.talks.attach(asked.conversation, "cv.txt", words, limit=1)


def give_channel(person: PersonRecords) -> None:
    """A user of Slack who has linked their account, an answer there, and a code for one user more."""
    channels, name = Channels(person._engine, lambda: NOW), uuid.uuid4().hex
    user = {"person": person._id, "channel": "slack", "workspace": "T1", "user": name, "linked": True, "direct": f"D{name}"}
    with person._engine.begin() as connection:
        connection.execute(insert(channel_users).values(**user, reminders={"off": []}, made=NOW))
    channels.new_code(person._id)
    answer = Answered(person=person._id, thread="1", message=name, exchange="x1", posted=("2",))
    channels.keep_answer("slack", "T1", f"D{name}", answer)


def give_account(person: PersonRecords) -> None:
    """An account with a session and an API token, for a person who has none."""
    one = {"person": person._id, "created": NOW}
    session = {
        **one,
        "token_hash": uuid.uuid4().hex,
        "log_in": "l",
        "renewed": NOW,
        "seen": NOW,
        "expires": LATER,
        "replaced": False,
    }
    account = {**one, "name": uuid.uuid4().hex, "display": "d", "role": "member", "password_hash": "h", "disabled": False}
    with person._engine.begin() as connection:
        if not connection.execute(select(accounts).where(accounts.c.person == person._id)).first():
            connection.execute(insert(accounts).values(account))
            connection.execute(insert(sessions).values(session))
            connection.execute(
                insert(api_tokens).values({**one, "token_hash": uuid.uuid4().hex, "id": uuid.uuid4().hex, "label": ""})
            )


# --- people -----------------------------------------------------------------------------------------------------------


def test_the_local_person_is_made_on_first_use_and_once(records):
    assert records.of(LOCAL_PERSON).person == records.of(LOCAL_PERSON).person
    assert records.of(LOCAL_PERSON).person == Person(id="local", created=NOW, language="zh", time_zone="")
    assert count(records, people) == 1


def test_many_threads_may_be_the_first_to_use_the_local_person(records):
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: records.of(LOCAL_PERSON).person.id, range(16)))
    assert set(found) == {"local"} and count(records, people) == 1


def test_a_person_is_made_with_language_and_time_zone_and_can_change_them(records):
    made = records.add_person(language="en", time_zone="America/New_York", person_id="wang@example")
    person = records.of(made.id)
    assert person.person == made
    assert person.change_person(time_zone="Asia/Tokyo").language == "en"
    assert person.change_person(language="zh") == person.change_person()
    assert (person.person.language, person.person.time_zone) == ("zh", "Asia/Tokyo")


def test_a_taken_id_is_a_conflict(records):
    records.add_person(person_id="a")
    with pytest.raises(Conflict, match="'a' already"):
        records.add_person(person_id="a")


@pytest.mark.parametrize(
    "given",
    [
        *(
            {"time_zone": zone}
            for zone in ("Mars/Base", "Asia", "../etc/passwd", "Asia/Shanghai\x00", "x" * 5000, "上海", "\ud800")
        ),
        *({"language": language} for language in ("fr", "", "zh-CN", "ZH")),
        *({"person_id": person_id} for person_id in ("a b", "a\x00", "x" * 65, "王芳", "a/b", "a\n")),
    ],
    ids=lambda given: ascii(given)[:40],
)
def test_values_of_a_person_that_cannot_be_used_are_refused_with_a_hint(records, given):
    with pytest.raises(InputError) as refused:
        records.add_person(**given)
    assert refused.value.hint and len(refused.value.message) < 150 and count(records, people) == 0
    if "person_id" not in given:
        with pytest.raises(InputError):
            records.of(LOCAL_PERSON).change_person(**given)


@pytest.mark.parametrize("person_id", ["", "nobody", "local\x00", "\x00", "\ud83d", "x" * 10_000, "' OR 1=1 --", "LOCAL", "🙂"])
def test_unknown_people_are_not_found(records, person_id):
    records.of(LOCAL_PERSON)
    with pytest.raises(NotFound):
        records.of(person_id)


# --- moments and dates ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("zone", [UTC, ZoneInfo("Asia/Shanghai"), timezone(timedelta(hours=-9, minutes=-30))])
def test_a_moment_comes_back_as_the_same_moment_in_utc(records, clock, me, zone):
    clock.now = NOW.astimezone(zone)
    me.save_profile(PROFILE)
    made = me.profile().made
    assert made == NOW and made.utcoffset() == timedelta(0) and made.microsecond == 123456


@pytest.mark.parametrize("moment", ["2026-03-29T01:30:00+00:00", "2026-10-25T00:30:00+00:00", "2026-10-25T01:30:00+00:00"])
def test_moments_around_a_change_of_the_clock_stay_apart(records, clock, me, moment):
    clock.now = datetime.fromisoformat(moment).astimezone(ZoneInfo("Europe/Berlin"))
    me.save_profile(PROFILE)
    assert me.profile().made == datetime.fromisoformat(moment)


def test_a_moment_without_a_zone_is_refused_where_it_is_given(me):
    assessment = me.start_assessment("short", "f 1")
    with pytest.raises(InputError):
        me.invite_feedback(assessment.id, "peer", LATER.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("zone", "today"),
    [("Asia/Shanghai", date(2026, 11, 23)), ("America/New_York", date(2026, 11, 22)), ("UTC", date(2026, 11, 22))],
)
def test_today_is_the_day_where_the_person_is(records, zone, today):
    person = records.add_person(time_zone=zone)
    assert person.today(datetime(2026, 11, 22, 17, 0, tzinfo=UTC)) == today


def test_dates_do_not_move(me):
    plan = me.new_plan(make_plan())
    for day in (date(2026, 1, 1), date(2028, 2, 29), date(2026, 12, 31)):
        me.save_review(plan.id, "yearly", day, {})
    assert [review.on for review in me.reviews()] == [date(2026, 1, 1), date(2028, 2, 29), date(2026, 12, 31)]


# --- profile ----------------------------------------------------------------------------------------------------------


def test_before_the_first_profile_there_is_none(me):
    assert me.profile() is None and me.profile_history() == []


def test_a_profile_comes_back_as_it_was_and_every_revision_stays(me):
    changed = PROFILE.model_copy(update={"role": "CMO"})
    for profile in (PROFILE, changed, Profile()):
        me.save_profile(profile)
    assert [revision.value for revision in me.profile_history()] == [PROFILE, changed, Profile()]
    assert [revision.revision for revision in me.profile_history()] == [1, 2, 3]
    assert me.profile() == me.profile_history()[-1]


def test_what_is_filled_was_said_unless_told_otherwise(me):
    kept = me.save_profile(PROFILE, {"role": FieldSource(origin="inferred", confirmed=False)})
    assert set(kept.sources) == {"name", "role", "strengths", "evidence.data", "self_ratings.data"}
    assert kept.sources["role"] == FieldSource(origin="inferred", confirmed=False)
    assert kept.sources["name"] == FieldSource(origin="said", confirmed=True)
    assert me.profile().sources == kept.sources


def test_an_edit_elsewhere_does_not_turn_an_inference_into_something_said(me):
    inferred = FieldSource(origin="inferred", confirmed=False)
    me.save_profile(PROFILE, {"role": inferred, "evidence.data": inferred})
    kept = me.save_profile(PROFILE.model_copy(update={"budget": "三千万", "evidence": {"data": "我自己写的"}}))
    assert kept.sources["role"] == inferred
    assert kept.sources["budget"] == kept.sources["evidence.data"] == FieldSource()


def test_inferences_are_not_used_before_they_are_confirmed(me):
    inferred = FieldSource(origin="inferred", confirmed=False)
    kept = me.save_profile(PROFILE, {"role": inferred, "strengths": inferred, "evidence.data": inferred})
    assert kept.usable == Profile(name="王芳", self_ratings={"data": 2})
    assert kept.value == PROFILE  # it is shown, though
    confirmed = me.save_profile(PROFILE, {"role": FieldSource(origin="inferred", confirmed=True)})
    assert confirmed.usable.role == "市场总监" and not confirmed.usable.strengths


@pytest.mark.parametrize("name", ["rol", "budget", "evidence", "evidence.strategy", "", "\x00"])
def test_a_source_of_a_field_that_is_not_filled_is_refused(me, name):
    with pytest.raises(InputError):
        me.save_profile(PROFILE, {name: FieldSource(origin="inferred", confirmed=False)})
    assert me.profile() is None


def test_threads_that_save_profiles_lose_none(me):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: me.save_profile(Profile(about=str(n))), range(24)))
    assert [revision.revision for revision in me.profile_history()] == list(range(1, 25))
    assert {revision.value.about for revision in me.profile_history()} == {str(n) for n in range(24)}


# --- assessments ------------------------------------------------------------------------------------------------------


def test_an_assessment_is_resumed_and_done(me, clock):
    begun = me.start_assessment("short", "f 1")
    assert (begun.state, begun.answers, begun.value) == ("open", {}, ())
    me.save_answers(begun.id, {"q1": {"text": ODD, "rating": 2}, "q2": "x"})
    clock.now = LATER
    me.save_answers(begun.id, {"q2": "y", "q3": ["a", 1, 1.5, True]})
    me.save_answers(begun.id, {"q3": None})
    assert me.assessment(begun.id).answers == {"q1": {"text": ODD, "rating": 2}, "q2": "y"}
    done = me.finish(begun.id, [LEVEL], {"q4": "z"})
    assert (done.state, done.value, set(done.answers)) == ("done", (LEVEL,), {"q1", "q2", "q4"})
    assert (done.made, done.changed, done.framework, done.form) == (NOW, LATER, "f 1", "short")
    assert me.assessment(begun.id) == done


def test_a_finished_assessment_stays_as_it_is(me):
    begun = me.start_assessment("free", "f 1")
    me.finish(begun.id, [])
    for change in (lambda: me.save_answers(begun.id, {"q": "x"}), lambda: me.finish(begun.id, [LEVEL])):
        with pytest.raises(Conflict) as refused:
            change()
        assert refused.value.hint
    assert me.assessment(begun.id).answers == {}


def test_assessments_come_in_the_order_they_were_begun(me):
    ids = [me.start_assessment(form, "f 1").id for form in ("short", "full", "free", "short")]
    me.save_answers(ids[0], {"q": "x"})  # a change does not move it
    assert [assessment.id for assessment in me.assessments()] == ids


def test_answers_saved_by_several_pages_at_once_are_all_there(me):
    begun = me.start_assessment("full", "f 1")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: me.save_answers(begun.id, {f"q{n}": n}), range(24)))
    assert me.assessment(begun.id).answers == {f"q{n}": n for n in range(24)}


@pytest.mark.parametrize(
    "answers",
    [{"q": float("nan")}, {"q": float("inf")}, {"q": {1, 2}}, {"q": b"x"}, {"q": NOW}, {"q": "长" * MAX_VALUES}, {(1, 2): "x"}],
    ids=["nan", "infinity", "set", "bytes", "moment", "huge", "key"],
)
def test_answers_that_cannot_be_kept_are_refused_and_earlier_ones_stay(me, answers):
    begun = me.start_assessment("full", "f 1")
    me.save_answers(begun.id, {"q0": "x"})
    with pytest.raises(InputError) as refused:
        me.save_answers(begun.id, answers)
    assert refused.value.hint and len(str(refused.value)) < 300
    assert me.assessment(begun.id).answers == {"q0": "x"}


def test_answers_nested_without_end_are_refused(me):
    begun, nested = me.start_assessment("full", "f 1"), []
    nested.append(nested)
    deep = json.loads("[" * 900 + "]" * 900)
    for _ in range(10_000):
        deep = [deep]
    for answer in (nested, deep):
        with pytest.raises(InputError):
            me.save_answers(begun.id, {"q": answer})


@pytest.mark.parametrize("form", ["", "long", "SHORT", "short\x00"])
def test_an_unknown_form_is_refused(me, form):
    with pytest.raises(InputError, match="form"):
        me.start_assessment(form, "f 1")


# --- feedback ---------------------------------------------------------------------------------------------------------


def test_feedback_is_shown_from_three_answers_up(records, me):
    begun = me.start_assessment("full", "f 1")
    token = me.invite_feedback(begun.id, "peer", LATER)
    for n in range(1, 5):
        records.answer_invitation(token, {"q1": f"answer {n}"})
        shown = me.feedback(begun.id)
        assert shown.total == n
        if n < ENOUGH_FEEDBACK:
            assert shown.answers == {}
        else:
            assert sorted(a["q1"] for a in shown.answers["peer"]) == [f"answer {i}" for i in range(1, n + 1)]


def test_a_lone_manager_among_peers_cannot_be_told_apart(records, me):
    begun = me.start_assessment("full", "f 1")
    for relation, n in (("manager", 1), ("peer", 3)):
        token = me.invite_feedback(begun.id, relation, LATER)
        for i in range(n):
            records.answer_invitation(token, {"q1": f"{i}"})
    assert set(me.feedback(begun.id).answers) == {"all"} and len(me.feedback(begun.id).answers["all"]) == 4
    assert "manager" not in json.dumps(me.export()["feedback"])


def test_relations_are_told_apart_where_each_has_enough(records, me):
    begun = me.start_assessment("full", "f 1")
    for relation in ("report", "peer"):
        token = me.invite_feedback(begun.id, relation, LATER)
        for _ in range(3):
            records.answer_invitation(token, {"q1": relation})
    shown = me.feedback(begun.id)
    assert {name: {a["q1"] for a in group} for name, group in shown.answers.items()} == {"peer": {"peer"}, "report": {"report"}}


def test_who_answered_and_when_is_kept_nowhere():
    names = set(metadata.tables["feedback_answers"].c.keys())
    assert names == {"id", "person", "assessment", "relation", "values"}


def test_an_invitation_shows_what_is_asked_and_nothing_of_the_person(records, me):
    begun = me.start_assessment("short", "f 1")
    token = me.invite_feedback(begun.id, "report", LATER)
    invitation = records.invitation(token)
    assert vars(invitation) == {"relation": "report", "form": "short", "framework": "f 1", "expires": LATER}


def test_a_token_is_kept_nowhere(records, me):
    begun = me.start_assessment("short", "f 1")
    token = me.invite_feedback(begun.id, "report", LATER)
    with records._engine.begin() as connection:
        stored = [str(row) for table in metadata.sorted_tables for row in connection.execute(select(table))]
    assert token not in " ".join(stored) and token not in json.dumps(me.export())
    assert me.invite_feedback(begun.id, "report", LATER) != token


def test_expired_withdrawn_and_unknown_links_are_not_found(records, me, clock):
    begun = me.start_assessment("short", "f 1")
    expired, withdrawn = me.invite_feedback(begun.id, "peer", LATER), ""
    clock.now = LATER
    with pytest.raises(NotFound):
        records.invitation(expired)
    withdrawn = me.invite_feedback(begun.id, "peer", LATER + timedelta(seconds=1))
    assert me.withdraw_feedback(begun.id) == 2 and me.withdraw_feedback(begun.id) == 0
    for token in (expired, withdrawn, "", "x", "\x00", "\ud800", "x" * 100_000):
        for use in (
            lambda t=token: records.invitation(t),
            lambda t=token: records.answer_invitation(t, {"q": "x"}),
            lambda t=token: me.add_feedback(t, {"q": "x"}),
        ):
            with pytest.raises(NotFound):
                use()
    assert me.feedback(begun.id).total == 0


def test_a_link_that_expired_already_is_refused(me):
    begun = me.start_assessment("short", "f 1")
    with pytest.raises(InputError):
        me.invite_feedback(begun.id, "peer", NOW)


@pytest.mark.parametrize("answers", [{}, {"q": "长" * MAX_VALUES}, {"q": float("nan")}])
def test_feedback_that_says_nothing_or_too_much_is_refused(records, me, answers):
    begun = me.start_assessment("short", "f 1")
    with pytest.raises(InputError):
        records.answer_invitation(me.invite_feedback(begun.id, "peer", LATER), answers)


def test_a_link_in_wrong_hands_cannot_fill_the_database(records, me):
    begun = me.start_assessment("short", "f 1")
    token = me.invite_feedback(begun.id, "peer", LATER)
    for _ in range(MAX_FEEDBACK):
        records.answer_invitation(token, {"q": "x"})
    with pytest.raises(Conflict):
        records.answer_invitation(token, {"q": "x"})


# --- plans ------------------------------------------------------------------------------------------------------------


def test_a_plan_comes_back_as_it_was_with_an_id(me):
    plan = me.new_plan(make_plan(id="chosen by somebody", version=9), why="first")
    assert plan == make_plan(id=plan.id, version=1) and plan.id != "chosen by somebody"
    assert me.plan(plan.id) == plan
    (kept,) = me.plans()
    assert (kept.value, kept.plan_id, kept.version, kept.why, kept.made) == (plan, plan.id, 1, "first", NOW)


def test_versions_grow_and_all_stay(me):
    plan = me.new_plan(make_plan())
    for n in range(2, 5):
        plan = me.save_version(plan.model_copy(update={"name": f"v{n}"}), f"why {n}")
        assert plan.version == n
    assert [(v.version, v.value.version, v.value.name, v.why) for v in me.versions(plan.id)] == [
        (1, 1, "王芳", ""), (2, 2, "v2", "why 2"), (3, 3, "v3", "why 3"), (4, 4, "v4", "why 4"),
    ]  # fmt: skip
    assert me.plan(plan.id).name == "v4" and me.plan(plan.id, 2).name == "v2"


def test_plans_are_listed_by_their_newest_version_in_the_order_they_were_made(me):
    first, second = me.new_plan(make_plan("a")), me.new_plan(make_plan("b"))
    me.save_version(first.model_copy(update={"name": "a2"}))
    assert [(v.plan_id, v.value.name) for v in me.plans()] == [(first.id, "a2"), (second.id, "b")]


@pytest.mark.parametrize("version", [0, -1, 2, 2**31, 2**63, 10**30])
def test_a_version_that_is_not_there_is_not_found(me, version):
    plan = me.new_plan(make_plan())
    with pytest.raises(NotFound):
        me.plan(plan.id, version)


def test_a_change_of_an_outdated_version_is_a_conflict_that_says_what_to_do(me):
    plan = me.new_plan(make_plan())
    me.save_version(plan)
    with pytest.raises(Conflict) as refused:
        me.save_version(plan.model_copy(update={"name": "lost?"}))
    assert "version 2 is the newest" in refused.value.message and "Load version 2" in refused.value.hint
    with pytest.raises(Conflict):
        me.save_version(plan.model_copy(update={"version": 7}))
    assert len(me.versions(plan.id)) == 2


def test_of_many_threads_that_change_one_version_exactly_one_wins(me):
    plan, together = me.new_plan(make_plan()), threading.Barrier(8)

    def change(n: int) -> str:
        together.wait()
        try:
            return me.save_version(plan.model_copy(update={"name": f"by {n}"})).name
        except Conflict:
            return ""

    with ThreadPoolExecutor(8) as pool:
        won = [name for name in pool.map(change, range(8)) if name]
    assert len(won) == 1 and me.plan(plan.id).name == won[0] and len(me.versions(plan.id)) == 2


def test_threads_that_load_and_try_again_all_get_through(me):
    plan = me.new_plan(make_plan())

    def change(n: int) -> None:
        while True:
            newest = me.plan(plan.id)
            try:
                me.save_version(newest.model_copy(update={"name": f"{newest.name},{n}"}))
                return
            except Conflict:
                continue

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(change, range(6)))
    assert me.plan(plan.id).version == 7
    assert sorted(me.plan(plan.id).name.split(",")[1:]) == [str(n) for n in range(6)]


# --- check-ins and reviews --------------------------------------------------------------------------------------------


def test_checkins_come_in_the_order_they_were_given(me):
    plan, other = me.new_plan(make_plan()), me.new_plan(make_plan())
    given = [CHECKIN.model_copy(update={"obstacle": str(n), "line": "g1" if n % 2 else "a1"}) for n in range(6)]
    for checkin in given:
        me.add_checkin(plan.id, checkin)
    me.add_checkin(other.id, CHECKIN)
    assert [entry.value for entry in me.checkins(plan.id)] == given
    assert len(me.checkins()) == 7 and {entry.plan_id for entry in me.checkins()} == {plan.id, other.id}


def test_a_checkin_needs_a_line_of_the_plan(me):
    plan = me.new_plan(make_plan())
    with pytest.raises(NotFound, match="line in this plan 'a9'"):
        me.add_checkin(plan.id, CHECKIN.model_copy(update={"line": "a9"}))
    me.save_version(plan.model_copy(update={"actions": (line("a9", "action"),)}))
    me.add_checkin(plan.id, CHECKIN.model_copy(update={"line": "a9"}))
    assert len(me.checkins(plan.id)) == 1


def test_a_review_is_filled_and_done(me):
    plan = me.new_plan(make_plan())
    begun = me.save_review(plan.id, "quarterly", date(2027, 2, 22), {"done": []})
    again = me.save_review(plan.id, "quarterly", date(2027, 2, 23), {"done": ["a1", ODD]}, review_id=begun.id)
    assert (again.id, again.on, again.values, again.state) == (begun.id, date(2027, 2, 23), {"done": ["a1", ODD]}, "open")
    done = me.save_review(plan.id, "quarterly", date(2027, 2, 23), {"done": ["a1"]}, state="done", review_id=begun.id)
    with pytest.raises(Conflict):
        me.save_review(plan.id, "quarterly", date(2027, 2, 23), {}, review_id=begun.id)
    assert me.reviews(plan.id) == me.reviews() == [done]


def test_a_review_belongs_to_its_plan(me):
    plan, other = me.new_plan(make_plan()), me.new_plan(make_plan())
    review = me.save_review(plan.id, "yearly", date(2027, 2, 22), {})
    with pytest.raises(NotFound):
        me.save_review(other.id, "yearly", date(2027, 2, 22), {}, review_id=review.id)
    assert me.reviews(other.id) == []


@pytest.mark.parametrize("wrong", [{"kind": "monthly"}, {"state": "closed"}])
def test_an_unknown_kind_or_state_of_a_review_is_refused(me, wrong):
    plan = me.new_plan(make_plan())
    given = {"kind": "yearly", "state": "open", **wrong}
    with pytest.raises(InputError, match="Use one of"):
        me.save_review(plan.id, given["kind"], date(2027, 1, 1), {}, state=given["state"])


# --- one person never meets another -----------------------------------------------------------------------------------


def calls(person: PersonRecords, ids: dict[str, str]) -> dict[str, list]:
    """Every public method with ids of somebody's records."""
    a, p = ids["assessment"], ids["plan"]
    theirs = make_plan(id=p, version=2)
    return {
        "assessment": [lambda: person.assessment(a)],
        "save_answers": [lambda: person.save_answers(a, {"q1": "mine"})],
        "finish": [lambda: person.finish(a, [])],
        "invite_feedback": [lambda: person.invite_feedback(a, "peer", LATER)],
        "withdraw_feedback": [lambda: person.withdraw_feedback(a)],
        "add_feedback": [lambda: person.add_feedback(ids["token"], {"q1": "mine"})],
        "feedback": [lambda: person.feedback(a)],
        "save_version": [lambda: person.save_version(theirs), lambda: person.save_version(make_plan(id=p))],
        "plan": [lambda: person.plan(p), lambda: person.plan(p, 1), lambda: person.plan(p, 99)],
        "versions": [lambda: person.versions(p)],
        "add_checkin": [lambda: person.add_checkin(p, CHECKIN)],
        "checkins": [lambda: person.checkins(p)],
        "save_review": [
            lambda: person.save_review(p, "yearly", date(2027, 1, 1), {}),
            lambda: person.save_review(p, "yearly", date(2027, 1, 1), {}, review_id=ids["review"]),
            lambda: person.save_review(
                person.new_plan(make_plan()).id, "yearly", date(2027, 1, 1), {}, review_id=ids["review"]
            ),
        ],
        "reviews": [lambda: person.reviews(p)],
    }  # fmt: skip


# These take no id: what they give and touch is looked at below.
WITHOUT_ID = {
    *("person", "change_person", "save_profile", "profile", "profile_history", "start_assessment", "assessments"),
    *("new_plan", "plans", "problems", "export", "delete_all"),
    "talks",  # looked at in test_conversations.py
}


def test_no_method_is_left_out_here(me):
    public = {name for name, _ in inspect.getmembers(PersonRecords) if not name.startswith("_")}
    assert public == set(calls(me, dict.fromkeys(("assessment", "plan", "review", "token"), "x"))) | WITHOUT_ID


def test_everything_of_somebody_else_is_not_found_and_stays_as_it_was(records):
    theirs, mine = records.of(records.add_person().id), records.of(records.add_person().id)
    ids = fill(theirs, "their secret")
    fill(mine, "mine")
    before = theirs.export()
    for name, uses in calls(mine, ids).items():
        for use in uses:
            with pytest.raises(NotFound) as refused:
                use()
            assert "secret" not in str(refused.value), name
    assert theirs.export() == before


def test_somebody_else_s_id_and_an_unknown_id_look_the_same(records):
    theirs, mine = records.of(records.add_person().id), records.of(records.add_person().id)
    ids = fill(theirs)
    unknown = {name: letter * len(value) for letter, (name, value) in zip("cdefg", ids.items(), strict=True)}

    def told(with_ids: dict[str, str]) -> list[tuple[type, str]]:
        found = []
        for use in [use for uses in calls(mine, with_ids).values() for use in uses]:
            with pytest.raises(NotFound) as refused:
                use()
            message = str(refused.value)
            for value in with_ids.values():
                message = message.replace(value, "…")
            found.append((type(refused.value), message))
        return found

    assert told(ids) == told(unknown)


def test_what_takes_no_id_gives_and_touches_only_one_s_own(records):
    theirs, mine = records.of(records.add_person(language="en").id), records.of(records.add_person().id)
    fill(theirs, "their secret")
    before = theirs.export()
    assert mine.profile() is None
    assert mine.profile_history() == mine.assessments() == mine.plans() == mine.checkins() == mine.reviews() == []
    assert mine.problems() == [] and "secret" not in json.dumps(mine.export(), ensure_ascii=False)
    fill(mine, "mine")
    assert [revision.revision for revision in mine.profile_history()] == [1, 2]
    mine.change_person(language="zh", time_zone="Asia/Tokyo")
    mine.delete_all()
    assert theirs.export() == before


def test_the_database_itself_refuses_a_mixture_of_people(records):
    theirs, mine = records.of(records.add_person().id), records.of(records.add_person().id)
    plan = theirs.new_plan(make_plan())
    row = {"id": "c", "person": mine._id, "plan": plan.id, "made": NOW, "values": {}}
    with pytest.raises(IntegrityError), records._engine.begin() as connection:
        connection.execute(insert(checkins).values(row))


@pytest.mark.parametrize("bad", ["", "\x00", "a\x00b", "\ud83d", "x" * 10_000, "' OR '1'='1", "%", "🙂", "../x"])
def test_ids_that_are_none_are_not_found(me, bad):
    ids = fill(me)
    for name, uses in calls(me, dict.fromkeys(ids, bad)).items():
        for use in uses:
            try:
                use()
            except NotFound as refused:
                assert len(str(refused)) < 200
            else:
                assert name == "save_review" and bad == ""  # no id of a review: a new one


# --- export and deletion ----------------------------------------------------------------------------------------------


def test_an_export_holds_everything_and_is_plain_json(me):
    ids = fill(me, "my words 🙂")
    export = json.loads(json.dumps(me.export()))
    assert export["person"] == {"id": "local", "created": NOW.isoformat(), "language": "zh", "time_zone": ""}
    personal = {table.name for table in metadata.sorted_tables if "person" in table.c}
    assert personal - {"feedback_answers"} <= set(export) and all(export[name] for name in personal - {"feedback_answers"})
    assert [profile["values"]["about"] for profile in export["profiles"]] == ["", "my words 🙂"]
    assert export["profiles"][0]["sources"]["role"] == {"origin": "said", "confirmed": True}
    assert export["assessments"][0]["answers"] == {"q1": "my words 🙂"}
    assert sorted(a["q1"] for a in export["feedback"][0]["answers"]["peer"]) == [f"my words 🙂 {n}" for n in range(3)]
    assert [(v["plan"], v["version"], v["why"]) for v in export["plan_versions"]] == [
        (ids["plan"], 1, ""),
        (ids["plan"], 2, "second"),
    ]
    assert Plan.model_validate(export["plan_versions"][1]["values"]) == me.plan(ids["plan"])
    assert export["checkins"][0]["values"]["obstacle"] == "没时间🙂"
    assert export["reviews"][0]["on"] == "2027-02-22" and export["reviews"][0]["values"] == {"done": ["my words 🙂"]}
    assert export["feedback_links"] == [{"assessment": ids["assessment"], "relation": "peer", "expires": LATER.isoformat()}]
    (user,), (answer,), (code,) = (export[name] for name in ("channel_users", "channel_answers", "link_codes"))
    assert (user["channel"], user["workspace"], user["linked"]) == ("slack", "T1", True) and user["reminders"]["off"] == []
    assert (answer["place"], answer["message"], answer["posted"]) == (user["direct"], user["user"], ["2"])
    assert code == {"expires": (NOW + CODE_GOOD_FOR).isoformat()}
    assert export["problems"] == []


def test_an_export_does_not_show_feedback_that_is_not_anonymous_yet(records, me):
    begun = me.start_assessment("short", "f 1")
    records.answer_invitation(me.invite_feedback(begun.id, "manager", LATER), {"q": "he is lazy"})
    assert "lazy" not in json.dumps(me.export())
    assert me.export()["feedback"] == [{"assessment_id": begun.id, "total": 1, "answers": {}}]


def test_deletion_leaves_no_row_of_the_person_in_any_table(records, me):
    other = records.of(records.add_person(person_id="other").id)
    fill(me), fill(other, "kept")
    before = other.export()
    me.delete_all()
    with records._engine.begin() as connection:
        for table in metadata.sorted_tables:
            stored = [str(tuple(row)) for row in connection.execute(select(table))]
            assert not [row for row in stored if "local" in row or "private matter" in row], table.name
    assert other.export() == before


def test_deleting_the_only_person_leaves_empty_tables(records, me):
    fill(me)
    personal = [people, *(table for table in metadata.sorted_tables if "person" in table.c)]
    assert all(count(records, table) for table in personal)
    me.delete_all()
    assert [count(records, table) for table in personal] == [0] * len(personal)


def test_after_deletion_nothing_can_be_written_and_the_local_person_starts_anew(records, me):
    ids = fill(me)
    me.delete_all()
    for use in (lambda: me.save_profile(PROFILE), lambda: me.new_plan(make_plan()), lambda: me.person, me.export, me.delete_all):
        with pytest.raises(NotFound):
            use()
    with pytest.raises(NotFound):
        records.answer_invitation(ids["token"], {"q": "x"})
    assert records.of(LOCAL_PERSON).profile() is None


def test_deleted_words_are_off_the_disk_at_once(tmp_path):
    records = Records(open_database(f"sqlite:///{tmp_path / 'records.db'}"))
    fill(records.of(LOCAL_PERSON), "a very private matter")
    files = ("records.db", "records.db-wal")
    assert any(b"private matter" in (tmp_path / name).read_bytes() for name in files)
    records.of(LOCAL_PERSON).delete_all()  # the service goes on running
    for name in files:
        assert not (tmp_path / name).exists() or b"private matter" not in (tmp_path / name).read_bytes()
    records.close()


def test_deletion_while_others_write_leaves_nothing(records, me):
    plan, together = me.new_plan(make_plan()), threading.Barrier(5)

    def write(n: int) -> None:
        together.wait()
        for _ in range(5):
            try:
                me.add_checkin(plan.id, CHECKIN)
            except NotFound:
                return

    def remove() -> None:
        together.wait()
        me.delete_all()

    with ThreadPoolExecutor(5) as pool:
        tasks = [*(pool.submit(write, n) for n in range(4)), pool.submit(remove)]
        for task in tasks:
            task.result()
    assert count(records, checkins) == count(records, plans) == count(records, people) == 0


# --- what was kept by another version of the program ------------------------------------------------------------------


def spoil(records: Records, table, values: object) -> None:
    with records._engine.begin() as connection:
        connection.execute(update(table).values({"values": values}))


@pytest.mark.parametrize("values", [{"title": "my old plan"}, [], "text", 7, None])
def test_an_old_plan_is_reported_and_exported_as_it_is(records, me, values):
    ids = fill(me)
    with records._engine.begin() as connection:  # JSON's null too, which the program itself would not write
        connection.execute(text('UPDATE plan_versions SET "values" = :v WHERE version = 2'), {"v": json.dumps(values)})
    with pytest.raises(Unreadable) as told:
        me.plan(ids["plan"])
    assert ids["plan"] in told.value.message and "version 2" in told.value.message and "export" in told.value.hint
    (kept,) = me.plans()
    assert kept.problem and kept.raw == values
    with pytest.raises(Unreadable):
        _ = kept.value
    assert [bool(v.problem) for v in me.versions(ids["plan"])] == [False, True]
    assert me.plan(ids["plan"], 1).version == 1  # the others are there
    export = me.export()
    assert export["plan_versions"][1]["values"] == values and len(export["problems"]) == 1
    assert [kept.what for kept in me.problems()] == [export["problems"][0]["what"]]


def test_what_does_not_fit_is_named_without_the_person_s_words(records, me):
    me.save_profile(PROFILE)
    spoil(records, profiles, {"role": ["a secret"], "secret_field" * 50: 1, "years": "x" * 3000, "team": 1, "budgets": 2})
    kept = me.profile()
    assert "role: " in kept.problem and "and 2 more" in kept.problem and len(kept.problem) < 500
    assert "a secret" not in kept.problem
    for use in (lambda: kept.value, lambda: kept.usable):
        with pytest.raises(Unreadable, match="profile, revision 1,"):
            use()


def test_a_new_profile_can_be_saved_over_an_unreadable_one(records, me):
    me.save_profile(PROFILE)
    with records._engine.begin() as connection:
        connection.execute(update(profiles).values({"values": ["old"], "sources": {"role": "said"}}))
    assert me.profile().problem
    assert me.save_profile(PROFILE).value == PROFILE
    assert [bool(revision.problem) for revision in me.profile_history()] == [True, False]


def test_everything_else_works_beside_unreadable_values(records, me):
    ids = fill(me)
    spoil(records, checkins, {"line": "a1", "mood": "good"})
    with records._engine.begin() as connection:
        connection.execute(update(metadata.tables["assessments"]).values(results=[{"pillar": "data"}]))
    (checkin,) = me.checkins()
    assert checkin.raw == {"line": "a1", "mood": "good"} and checkin.problem
    assert me.assessment(ids["assessment"]).answers and me.assessments()[0].problem
    assert {kept.what.split()[0] for kept in me.problems()} == {"check-in", "assessment"}
    assert me.export()["checkins"][0]["values"] == {"line": "a1", "mood": "good"}
    me.delete_all()


# --- what databases refuse --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("odd", [ODD, "\U0010ffff 𠮷🙂", "全角１２３ 繁體", "a" * 100_000], ids=["odd", "astral", "wide", "long"])
def test_text_comes_back_as_it_was(me, odd):
    begun = me.start_assessment("free", odd)
    me.save_answers(begun.id, {odd: [odd, {odd: odd}]})
    assert me.assessment(begun.id).answers == {odd: [odd, {odd: odd}]} and me.assessment(begun.id).framework == odd


def test_null_bytes_and_half_characters_lose_nothing_else(me):
    begun = me.start_assessment("free", "f\x00 1")
    kept = me.save_answers(begun.id, {"q\x001": ["a\x00b", {"x\ud83d": "c\ud83dd"}]})
    assert kept == me.assessment(begun.id)
    assert kept.answers == {"q1": ["ab", {"x?": "c?d"}]} and kept.framework == "f 1"
    plan = me.new_plan(make_plan("王\x00芳\ud83d"), why="because\x00\ud83d")
    assert plan.name == "王芳?" and me.plan(plan.id) == plan and me.plans()[0].why == "because"
    review = me.save_review(plan.id, "yearly", date(2027, 1, 1), {"a\x00": "b\x00"})
    assert review.values == {"a": "b"} == me.reviews()[0].values


def test_nothing_anybody_wrote_is_logged_or_told(records, me, caplog):
    caplog.set_level(logging.DEBUG)
    fill(me, "a very private matter")
    with records._engine.begin() as connection:
        connection.execute(text("DROP TABLE checkins"))
    with pytest.raises(Exception) as failed:
        fill(me, "a very private matter")
    assert "private" not in str(failed.value) and "private" not in caplog.text


def test_a_database_that_is_gone_is_told_as_such(postgres, tmp_path):
    """A real server that does not answer any more: here, one whose database was taken away."""
    name, admin = f"coach_gone_{uuid.uuid4().hex[:8]}", create_engine(postgres, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    records = Records(open_database(postgres.set(database=name).render_as_string(hide_password=False)))
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    with pytest.raises(SetupError) as told:
        records.of(LOCAL_PERSON)
    assert "COACH_DATABASE_URL" in told.value.hint and len(told.value.message.splitlines()) == 1
    records.close()
    admin.dispose()


def test_records_are_opened_where_the_settings_say(clean_environment):
    first = open_records(Settings())
    first.of(LOCAL_PERSON).save_profile(PROFILE)
    first.close()
    again = open_records(Settings())
    assert again.of(LOCAL_PERSON).profile().value == PROFILE
    again.close()
    assert (clean_environment / "coach.db").exists()


def test_every_failure_says_what_mends_it(me):
    plan = me.new_plan(make_plan())
    me.save_version(plan)
    for use in (lambda: me.plan("x"), lambda: me.save_version(plan), lambda: me.start_assessment("x", "f")):
        with pytest.raises(CoachError) as told:
            use()
        assert told.value.message.endswith(".") and told.value.hint.endswith((".", "-"))
