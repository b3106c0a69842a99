"""Who somebody is in a channel, linking, places, answers, installations: kept apart by workspace, and gone with the person."""

from __future__ import annotations

import inspect
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from coach.errors import InputError
from coach.store.channels import (
    ANSWERS_KEPT,
    CODE_GOOD_FOR,
    STATE_GOOD_FOR,
    Answered,
    Channels,
    ChannelUser,
    Place,
    Reminders,
)
from coach.store.database import open_database
from coach.store.records import Records
from coach.store.tables import metadata
from tests.store.conftest import Clock

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
ANSWER = Answered(person="", thread="100.1", message="100.2", exchange="x1", posted=("100.3", "100.4"))


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
def channels(records: Records, clock: Clock) -> Channels:
    return Channels(records._engine, clock)


@pytest.fixture
def lin(channels: Channels) -> ChannelUser:
    return channels.meet("slack", "T1", "U1", language="en", time_zone="Asia/Shanghai", direct="D1")


@pytest.fixture
def account(records: Records) -> str:
    """The person of an account on the web page."""
    return records.add_person().id


def stored(channels: Channels, *without: str) -> dict[str, list[str]]:
    """Every row there is, by table."""
    with channels._engine.begin() as connection:
        tables = [t for t in metadata.sorted_tables if t.name not in ("schema_version", *without)]
        return {t.name: [str(tuple(row)) for row in connection.execute(select(t))] for t in tables}


def keep(channels: Channels, user: ChannelUser, place: str = "C1", **other) -> Answered:
    answer = Answered(**{**vars(ANSWER), "person": user.person, **other})
    channels.keep_answer(user.channel, user.workspace, place, answer)
    return answer


# --- who somebody is --------------------------------------------------------------------------------------------------


def test_a_newcomer_becomes_a_person_of_their_own(channels, records, lin):
    assert channels.user("slack", "T1", "U2") is None
    assert channels.user("slack", "T1", "U1") == lin == channels.meet("slack", "T1", "U1")
    assert (lin.linked, lin.direct, lin.reminders) == (False, "D1", Reminders())
    person = records.of(lin.person).person
    assert (person.language, person.time_zone, person.created) == ("en", "Asia/Shanghai", NOW)


def test_the_place_of_direct_messages_is_noted_when_it_is_known(channels):
    assert channels.meet("slack", "T1", "U1").direct == ""
    assert channels.everybody("slack") == []
    met = channels.meet("slack", "T1", "U1", direct="D1")
    assert channels.meet("slack", "T1", "U1").direct == "D1" and channels.everybody("slack") == [met]
    assert channels.meet("slack", "T1", "U1", direct="D2").direct == "D2" and channels.everybody("feishu") == []


def test_met_by_many_at_once_they_are_one_person(channels):
    with ThreadPoolExecutor(10) as pool:
        met = list(pool.map(lambda _: channels.meet("slack", "T1", "U1", direct="D1"), range(20)))
    assert len({user.person for user in met}) == 1
    there = stored(channels)
    assert len(there["channel_users"]) == len(there["people"]) == 1


def test_who_somebody_is_depends_on_channel_and_workspace(channels, records):
    places = [("slack", "T1"), ("slack", "T2"), ("feishu", "T1")]
    met = [channels.meet(channel, workspace, "U1") for channel, workspace in places]
    assert len({user.person for user in met}) == 3
    records.of(met[0].person).talks.begin("c", "my secret")
    assert [len(records.of(user.person).talks.listed()) for user in met] == [1, 0, 0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("T1", "U.1"), ("T1", "U-1")), (("T1", "a b"), ("T1", "a-b")), (("T1", "ou_é"), ("T1", "ou_è")),
        (("T.1", "U"), ("T", "1.U")), (("T", "x" * 60), ("T", "x" * 59 + "y")), (("甲", "U"), ("乙", "U")),
    ],
)  # fmt: skip
def test_users_of_like_names_are_different_people(channels, one, other):
    assert channels.meet("feishu", *one).person != channels.meet("feishu", *other).person


def test_reminders_are_kept(channels, lin):
    wanted = Reminders(off=("nudge",), snoozed={"review": NOW + timedelta(days=7)}, told={"nudge": NOW})
    assert channels.change_reminders(lin, lambda now: wanted).reminders == wanted
    assert channels.meet("slack", "T1", "U1").reminders == wanted
    assert channels.meet("slack", "T2", "U1").reminders == Reminders()


def test_forgetting_a_user_removes_everything_of_them(channels, records, lin):
    channels.meet("slack", "T2", "U1")
    records.of(lin.person).talks.begin("c", "my secret")
    keep(channels, lin)
    channels.new_code(lin.person)
    channels.forget_user("slack", "T1", "U1")
    there = stored(channels)
    assert channels.user("slack", "T1", "U1") is None and channels.user("slack", "T2", "U1")
    assert not any(lin.person in row or "secret" in row for rows in there.values() for row in rows)
    channels.forget_user("slack", "T1", "U1")
    channels.forget_user("slack", "T1", "never seen")
    assert records.of(channels.meet("slack", "T1", "U1").person).talks.listed() == []


def test_what_is_forgotten_is_off_the_disk_at_once(tmp_path: Path, clock):
    engine = open_database(f"sqlite:///{tmp_path / 'records.db'}")
    channels, records = Channels(engine, clock), Records(engine, clock)
    records.of(channels.meet("slack", "T1", "U1").person).talks.begin("c", "UNMISTAKABLE " * 500)
    channels.forget_user("slack", "T1", "U1")  # the service goes on running
    assert b"UNMISTAKABLE" not in b"".join(path.read_bytes() for path in tmp_path.glob("records.db*"))
    channels.close()


def test_forgetting_a_linked_user_leaves_the_account_alone(channels, records, lin, account):
    before = records.of(lin.person).talks.begin("c", "before")
    linked = channels.link(lin, channels.new_code(account), lang="en")
    records.of(account).talks.begin("c", "of the account")
    channels.forget_user("slack", "T1", "U1")
    assert [h.title for h in records.of(account).talks.listed()] == ["of the account"]
    assert channels.users_of(account) == [] and linked.person == account
    assert not any(before.exchange in row for row in stored(channels)["exchanges"])


# --- linking ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed", [str, str.lower, lambda c: c.replace("-", ""), lambda c: f" {c[:2]} {c[2:]} ", lambda c: c.replace("-", "—")]
)
def test_a_code_links_however_it_is_typed(channels, lin, account, typed):
    code = channels.new_code(account)
    linked = channels.link(lin, typed(code), lang="en")
    assert (linked.person, linked.linked, linked.direct) == (account, True, "D1")
    assert channels.meet("slack", "T1", "U1") == linked and channels.users_of(account) == [linked]


@pytest.mark.parametrize("wrong", ["", "ABCD-EFGH", "0" * 8, "\x00", "\ud800", "x" * 100_000, "' OR 1=1 --"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_wrong_code_is_refused_in_the_reader_s_language(channels, lin, account, wrong, lang):
    channels.new_code(account)
    with pytest.raises(InputError) as refused:
        channels.link(lin, wrong, lang=lang)
    assert ("关联码" in refused.value.message) == (lang == "zh") and refused.value.hint
    assert channels.user("slack", "T1", "U1") == lin


def test_a_code_is_good_for_a_while_and_once(channels, lin, account, clock):
    other = channels.meet("slack", "T1", "U2")
    code = channels.new_code(account)
    clock.now += CODE_GOOD_FOR
    with pytest.raises(InputError):
        channels.link(lin, code, lang="en")
    code = channels.new_code(account)
    clock.now += CODE_GOOD_FOR - timedelta(seconds=1)
    channels.link(lin, code, lang="en")
    for user in (lin, other):
        with pytest.raises(InputError):
            channels.link(user, code, lang="en")
    assert not channels.meet("slack", "T1", "U2").linked


def test_of_many_who_type_a_code_at_once_one_is_let_in(channels, account):
    users = [channels.meet("slack", "T1", f"U{n}") for n in range(10)]
    code = channels.new_code(account)

    def link(user: ChannelUser) -> bool:
        try:
            return channels.link(user, code, lang="en").linked
        except InputError:
            return False

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(link, users)) == 1
    assert len(channels.users_of(account)) == 1


def test_a_new_code_voids_the_person_s_own_earlier_ones_only(channels, lin, account, records):
    theirs = channels.new_code(records.add_person().id)
    first, second = channels.new_code(account), channels.new_code(account)
    with pytest.raises(InputError):
        channels.link(lin, first, lang="en")
    assert channels.link(lin, second, lang="en").person == account
    moved = channels.link(lin, theirs, lang="en")
    assert moved.person not in (account, lin.person) and channels.users_of(account) == []


def test_codes_are_kept_as_hashes_only(channels, account):
    code = channels.new_code(account)
    flat = str(stored(channels))
    assert code not in flat and code.replace("-", "") not in flat
    assert len({channels.new_code(account) for _ in range(50)}) == 50


def test_one_account_may_be_linked_from_several_places(channels, account):
    met = [channels.meet("slack", "T1", "U1"), channels.meet("slack", "T2", "U9"), channels.meet("feishu", "t", "ou_1")]
    for user in met:
        channels.link(user, channels.new_code(account), lang="zh")
    assert [(u.channel, u.user) for u in channels.users_of(account)] == [("slack", "U1"), ("slack", "U9"), ("feishu", "ou_1")]


def test_unlinking_brings_back_what_was_before(channels, records, lin, account):
    records.of(lin.person).talks.begin("c", "before linking")
    linked = channels.link(lin, channels.new_code(account), lang="en")
    records.of(linked.person).talks.begin("c", "while linked")
    again = channels.unlink(linked)
    assert again == lin == channels.meet("slack", "T1", "U1")
    assert [h.title for h in records.of(again.person).talks.listed()] == ["before linking"]
    assert [h.title for h in records.of(account).talks.listed()] == ["while linked"]
    assert channels.unlink(again) == lin


def test_unlinking_after_the_own_person_is_gone_begins_anew(channels, records, lin, account):
    linked = channels.link(lin, channels.new_code(account), lang="en")
    records.of(lin.person).delete_all()
    again = channels.unlink(linked, language="en", time_zone="Asia/Tokyo")
    assert again.person == lin.person and records.of(again.person).person.time_zone == "Asia/Tokyo"


# --- places -----------------------------------------------------------------------------------------------------------


def test_a_place_has_defaults_until_something_is_set(channels):
    assert channels.place("slack", "T1", "C1") == Place(on=True, unanswered_after=0, language=None, part="all", humans=())
    wanted = Place(on=False, unanswered_after=10, language="en", part="own", humans=("U7", "U8"))
    channels.change_place("slack", "T1", "C1", lambda now: wanted)
    assert channels.place("slack", "T1", "C1") == wanted
    for elsewhere in (("slack", "T1", "C2"), ("slack", "T2", "C1"), ("feishu", "T1", "C1")):
        assert channels.place(*elsewhere) == Place()
    channels.change_place("slack", "T1", "C1", lambda now: wanted.model_copy(update={"on": True}))
    assert channels.place("slack", "T1", "C1").on and len(stored(channels)["places"]) == 1


def test_a_place_set_by_many_at_once_keeps_one_of_their_wishes(channels):
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(lambda n: channels.change_place("slack", "T1", "C1", lambda now: Place(unanswered_after=n)), range(1, 21)))
    assert channels.place("slack", "T1", "C1").unanswered_after in range(1, 21) and len(stored(channels)["places"]) == 1


def test_changes_of_a_place_at_once_are_all_kept(channels):
    def more(n: int) -> Place | None:
        return channels.change_place("slack", "T1", "C1", lambda now: now.model_copy(update={"humans": (*now.humans, f"U{n}")}))

    more(0)
    with ThreadPoolExecutor(10) as pool:
        assert all(pool.map(more, range(1, 10)))
    assert set(channels.place("slack", "T1", "C1").humans) == {f"U{n}" for n in range(10)}
    before = channels.place("slack", "T1", "C1")
    assert channels.change_place("slack", "T1", "C1", lambda _: None) is None
    assert channels.place("slack", "T1", "C1") == before and channels.place("slack", "T2", "C1") == Place()


# --- answers ----------------------------------------------------------------------------------------------------------


def test_an_answer_is_found_by_its_message_and_its_exchange(channels, lin):
    assert channels.answered("slack", "T1", "C1", "100.2") is None and not channels.takes_part("slack", "T1", "C1", "100.1")
    answer = keep(channels, lin)
    assert channels.answered("slack", "T1", "C1", "100.2") == answer
    assert channels.owner("slack", "T1", "x1") == lin.person and channels.takes_part("slack", "T1", "C1", "100.1")
    for other in (("slack", "T2", "C1"), ("slack", "T1", "C2"), ("feishu", "T1", "C1")):
        assert channels.answered(*other, "100.2") is None and not channels.takes_part(*other, "100.1")
    assert channels.owner("slack", "T2", "x1") == channels.owner("feishu", "T1", "x1") == channels.owner("slack", "T1", "?") == ""
    assert not channels.takes_part("slack", "T1", "C1", "100.2")
    assert channels.thread_of("slack", "T1", "x1") == "100.1"
    assert channels.thread_of("slack", "T2", "x1") == channels.thread_of("slack", "T1", "?") == ""


def test_an_answer_given_anew_replaces_the_first(channels, lin):
    keep(channels, lin)
    other = channels.meet("slack", "T1", "U2")
    again = keep(channels, other, exchange="x2", posted=())
    assert channels.answered("slack", "T1", "C1", "100.2") == again
    assert channels.owner("slack", "T1", "x2") == other.person and channels.owner("slack", "T1", "x1") == ""


def test_an_answer_noted_by_many_at_once_is_there_once(channels, lin):
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(lambda n: keep(channels, lin, exchange=f"x{n}"), range(20)))
    assert len(stored(channels)["channel_answers"]) == 1


def test_old_answers_are_forgotten(channels, lin, clock):
    keep(channels, lin)
    clock.now += ANSWERS_KEPT
    keep(channels, lin, message="200", thread="200")
    assert channels.prune() == 0
    clock.on(seconds=1)
    assert channels.prune() == 1 and channels.prune() == 0
    assert channels.answered("slack", "T1", "C1", "100.2") is None and channels.answered("slack", "T1", "C1", "200")


# --- deletion ---------------------------------------------------------------------------------------------------------


def test_deleting_a_person_removes_their_rows_and_nobody_else_s(channels, records, lin):
    other = channels.meet("slack", "T1", "U2")
    for user in (lin, other):
        keep(channels, user, place=f"C-{user.user}")
        channels.new_code(user.person)
    records.of(lin.person).delete_all()
    there = stored(channels)
    assert not any(lin.person in row for rows in there.values() for row in rows)
    assert [len(there[name]) for name in ("people", "channel_users", "channel_answers", "link_codes")] == [1, 1, 1, 1]
    assert channels.user("slack", "T1", "U1") is None and not channels.takes_part("slack", "T1", "C-U1", "100.1")
    with pytest.raises(InputError):
        channels.link(other, "ABCD-EFGH", lang="en")


def test_after_the_account_is_deleted_the_user_is_a_newcomer(channels, records, lin, account):
    channels.link(lin, channels.new_code(account), lang="en")
    records.of(account).delete_all()
    assert channels.user("slack", "T1", "U1") is None
    met = channels.meet("slack", "T1", "U1")
    assert (met.linked, met.person, met.reminders) == (False, lin.person, Reminders())


# --- where the app is installed ---------------------------------------------------------------------------------------


def test_installations_are_kept_by_workspace(channels):
    assert channels.installation("slack", "T1") is None and channels.installed("slack") == []
    channels.install("slack", "T2", {"bot_token": "xoxb-2"})
    channels.install("slack", "T1", {"bot_token": "xoxb-1", "scopes": ["chat:write"]})
    channels.install("feishu", "T3", {"app": "cli"})
    assert channels.installation("slack", "T1") == {"bot_token": "xoxb-1", "scopes": ["chat:write"]}
    assert channels.installed("slack") == ["T1", "T2"] and channels.installation("feishu", "T1") is None
    channels.install("slack", "T1", {"bot_token": "xoxb-new"})
    assert channels.installation("slack", "T1") == {"bot_token": "xoxb-new"}
    channels.uninstall("slack", "T1")
    channels.uninstall("slack", "T1")
    assert channels.installation("slack", "T1") is None and channels.installed("slack") == ["T2"]
    assert "xoxb-new" not in str(stored(channels))


def test_a_state_is_good_once_and_for_a_while(channels, clock):
    state, late = channels.new_state(), channels.new_state()
    assert state != late and state not in str(stored(channels))
    assert channels.use_state(state) and not channels.use_state(state)
    clock.now += STATE_GOOD_FOR
    assert not channels.use_state(late)
    for wrong in ("", "\x00", "\ud800", "x" * 10_000):
        assert not channels.use_state(wrong)
    channels.new_state()
    assert len(stored(channels)["oauth_states"]) == 1


def test_of_many_who_bring_a_state_back_at_once_one_is_believed(channels):
    state = channels.new_state()
    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(lambda _: channels.use_state(state), range(10))) == 1


# --- workspaces -------------------------------------------------------------------------------------------------------


def test_two_workspaces_never_mix(channels, records):
    """The same user, place, thread and message in both; all that is done in one changes nothing of the other."""
    theirs, mine = (channels.meet("slack", team, "U1", direct="D1") for team in ("T1", "T2"))
    for user in (theirs, mine):
        keep(channels, user, exchange=f"x-{user.workspace}")
        channels.change_place("slack", user.workspace, "C1", lambda now: Place(unanswered_after=5))
        channels.install("slack", user.workspace, {"bot_token": user.workspace})
    before = [row for rows in stored(channels, "people").values() for row in rows if "'T1'" in row]
    assert len(before) == 4
    channels.change_reminders(mine, lambda now: Reminders(off=("nudge",)))
    channels.change_place("slack", "T2", "C1", lambda now: Place(on=False))
    keep(channels, mine, exchange="changed", posted=())
    channels.install("slack", "T2", {"bot_token": "new"})
    channels.link(mine, channels.new_code(records.add_person().id), lang="en")
    channels.forget_user("slack", "T2", "U1")
    channels.uninstall("slack", "T2")
    assert [row for rows in stored(channels, "people").values() for row in rows if "'T1'" in row] == before
    assert channels.user("slack", "T1", "U1") == theirs and records.of(theirs.person).person.id == theirs.person


def test_every_public_method_is_looked_at_here():
    here = Path(__file__).read_text(encoding="utf-8")
    public = [name for name, _ in inspect.getmembers(Channels, inspect.isfunction) if not name.startswith("_")]
    assert [name for name in public if f"channels.{name}(" not in here] == []
