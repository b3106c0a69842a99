"""Accounts on SQLite and PostgreSQL: what is kept of a password, how sessions live and end, how fast one may guess."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import text

from coach.errors import Conflict, InputError, NotFound
from coach.identity import Visitor
from coach.store.accounts import (
    REPLACED_FOR,
    SESSION_AT_MOST,
    Accounts,
    LogInDisabled,
    LogInFailed,
    LogInWait,
    check_password,
)
from coach.store.database import open_database
from coach.store.records import LOCAL_PERSON, Records
from tests.store.conftest import Clock

GOOD = "纸船 lantern 42 orbit"
OTHER = "quiet-harbour-七点半"
HERE = "192.0.2.7"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
DAY = timedelta(days=1)


@pytest.fixture
def clock():
    return Clock(datetime(2026, 11, 22, 9, 0, tzinfo=UTC))


@pytest.fixture
def engine(database_url):
    engine = open_database(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def accounts(engine, clock):
    made = Accounts(engine, clock)
    made._hasher = CHEAP  # the same algorithm, made quick
    return made


@pytest.fixture
def lin(accounts):
    return accounts.add("Lin", GOOD, "admin", display="林晓")


def everything(engine) -> str:
    """All that is stored, as text."""
    with engine.begin() as connection:
        rows = [
            connection.execute(text(f"SELECT * FROM {t}")).all() for t in ("accounts", "sessions", "api_tokens", "failed_log_ins")
        ]
    return str(rows)


def fails(accounts, times, name="lin", address=HERE):
    for _ in range(times):
        with pytest.raises(LogInFailed):
            accounts.log_in(name, "wrong wrong wrong", address)


# --- accounts ---------------------------------------------------------------------------------------------------------


def test_there_are_no_accounts_until_one_is_made(accounts):
    assert not accounts.any() and accounts.all() == []
    accounts.add("a", GOOD)
    assert accounts.any()


def test_a_password_is_kept_as_an_argon2id_hash_of_the_default_strength(engine, clock):
    accounts = Accounts(engine, clock)
    accounts.add("lin", GOOD)
    with engine.begin() as connection:
        kept = connection.execute(text("SELECT password_hash FROM accounts")).scalar_one()
    strength = PasswordHasher()
    assert kept.startswith(f"$argon2id$v=19$m={strength.memory_cost},t={strength.time_cost},p={strength.parallelism}$")
    assert GOOD not in everything(engine)
    assert accounts.session(accounts.log_in("lin", GOOD, HERE)).visitor.name == "lin"


def test_a_hash_of_weaker_parameters_is_replaced_at_the_next_log_in(accounts, lin, engine, clock):
    grown = Accounts(engine, clock)
    grown._hasher = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    assert "m=8,t=1" in everything(engine)
    grown.log_in("lin", GOOD, HERE)
    assert "m=16,t=2" in everything(engine) and "m=8,t=1" not in everything(engine)
    assert grown.session(grown.log_in("lin", GOOD, HERE)) is not None


def test_an_account_has_a_person_of_its_own(accounts, lin, engine):
    other = accounts.add("wang", OTHER)
    assert lin.person != other.person and Records(engine).of(lin.person).person.id == lin.person
    assert (lin.name, lin.display, lin.role, other.display, other.role) == ("lin", "林晓", "admin", "wang", "member")


@pytest.mark.parametrize("same", ["lin", "LIN", "ｌｉｎ", " Lin ", "l\u200bin"])
def test_a_name_is_taken_in_any_writing_of_it(accounts, lin, same):
    with pytest.raises(Conflict):
        accounts.add(same, OTHER)
    assert accounts.session(accounts.log_in(same, GOOD, HERE)).visitor.person == lin.person


@pytest.mark.parametrize(
    "name", ["", " ", "a b", "x" * 65, "🙂", "a/b", "../x", "<b>", "'; DROP TABLE", "\x00", "\ud83d", "ﷺ" * 20]
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_name_that_cannot_be_one_is_refused_with_what_may_be(accounts, name, lang):
    with pytest.raises(InputError) as refused:
        accounts.add(name, GOOD, lang=lang)
    assert refused.value.hint and len(str(refused.value)) < 300 and ("登录名" in refused.value.message) == (lang == "zh")
    assert not accounts.any()


@pytest.mark.parametrize("name", ["林晓", "wang.fang", "a@example.com", "ÅSA_1", "x" * 64])
def test_names_people_have_are_fine(accounts, name):
    assert accounts.account(accounts.add(name, GOOD).name).person


@pytest.mark.parametrize(
    "password",
    ["", "kurz", "短短的密码不行吧", "password1234", "Password2026!!", "P@ssw0rd-123!", "qwertyuiop12", "123456789012", "987654321098",
     "aaaaaaaaaaaaaa", "abababababab", "WOAINI1314520", "iloveyou-iloveyou"[:8] + "2026", "linlin-xiaoming", "x" * 1001, "１２３４５６７８９０１２"],
)  # fmt: skip
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_password_that_is_easily_guessed_is_refused(password, lang):
    with pytest.raises(InputError) as refused:
        check_password(password, ("linlin-xiaoming", "林晓"), lang)
    assert "密码" in refused.value.message if lang == "zh" else "password" in refused.value.message
    assert not password or password not in str(refused.value)


@pytest.mark.parametrize(
    "password", [GOOD, OTHER, "correct horse battery", "x7!kQ2#mZ9$w", "我们下周三去看海吧好不好", "🙂🙃🐢🦉 lamp 17 sea"]
)
def test_passwords_that_are_hard_to_guess_are_fine(accounts, password):
    accounts.add("lin", password)
    assert accounts.session(accounts.log_in("lin", password, HERE))


def test_a_password_is_the_same_in_any_width_and_composition(accounts):
    accounts.add("lin", "café-１２３ 灯塔下的猫")
    assert accounts.log_in("lin", "cafe\u0301-123 灯塔下的猫", HERE)


def test_an_unknown_role_is_refused(accounts, lin):
    with pytest.raises(InputError, match="member, reviewer, admin"):
        accounts.add("a", GOOD, "root")
    with pytest.raises(InputError):
        accounts.change("lin", role="boss")


def test_the_records_from_before_go_to_the_account_that_takes_them(accounts, engine):
    Records(engine).of(LOCAL_PERSON).start_assessment("short", "f 1")
    taken = accounts.add("lin", GOOD, "admin", takes_local=True)
    assert len(Records(engine).of(taken.person).assessments()) == 1
    with pytest.raises(Conflict, match="belong to another account"):
        accounts.add("wang", OTHER, takes_local=True)
    assert [a.name for a in accounts.all()] == ["lin"]


def test_taking_the_local_records_works_where_there_are_none(accounts, engine):
    assert Records(engine).of(accounts.add("lin", GOOD, takes_local=True).person).assessments() == []


@pytest.mark.parametrize("change", [{"role": "member"}, {"role": "reviewer"}, {"disabled": True}])
def test_the_last_admin_stays(accounts, lin, change):
    accounts.add("wang", OTHER)
    with pytest.raises(Conflict, match="last admin"):
        accounts.change("lin", **change)
    with pytest.raises(Conflict):
        accounts.remove("lin")
    accounts.change("wang", role="admin")
    assert accounts.change("lin", **change)
    with pytest.raises(Conflict):
        accounts.change("wang", role="member")


def test_the_only_account_may_go_and_then_there_are_none(accounts, lin):
    accounts.remove("lin")
    assert not accounts.any()


def test_removing_an_account_removes_everything_kept_of_the_person(accounts, lin, engine):
    wang = accounts.add("wang", OTHER)
    token = accounts.log_in("wang", OTHER, HERE)
    secret, _ = accounts.add_token(wang.person)
    Records(engine).of(wang.person).start_assessment("short", "secret words")
    accounts.remove("WANG")
    assert accounts.session(token) is None and accounts.by_token(secret) is None
    with pytest.raises(NotFound):
        Records(engine).of(wang.person)
    assert wang.person not in everything(engine)


def test_deleting_the_person_ends_the_account_too(accounts, lin, engine):
    token = accounts.log_in("lin", GOOD, HERE)
    Records(engine).of(lin.person).delete_all()
    assert accounts.session(token) is None and not accounts.any()


@pytest.mark.parametrize("name", ["nobody", "", "\x00", "\ud83d", "x" * 100_000, "' OR 1=1 --"])
def test_an_unknown_name_is_not_found(accounts, lin, name):
    for use in (
        accounts.account,
        accounts.remove,
        lambda n: accounts.change(n, disabled=True),
        lambda n: accounts.set_password(n, OTHER),
    ):
        with pytest.raises(NotFound) as refused:
            use(name)
        assert len(str(refused.value)) < 200 and "coach user list" in refused.value.hint


def test_an_export_tells_of_the_account_without_hashes(accounts, lin, engine):
    token = accounts.log_in("lin", GOOD, HERE)
    secret, _ = accounts.add_token(lin.person, "laptop")
    told = Records(engine).of(lin.person).export()
    assert told["accounts"][0]["name"] == "lin" and told["api_tokens"][0]["label"] == "laptop" and len(told["sessions"]) == 1
    flat = json.dumps(told)
    assert "argon2" not in flat and "hash" not in flat and token not in flat and secret not in flat


# --- sessions ---------------------------------------------------------------------------------------------------------


def test_a_session_says_who_it_is_and_its_token_is_kept_nowhere(accounts, lin, engine):
    token = accounts.log_in("lin", GOOD, HERE)
    found = accounts.session(token)
    assert found.visitor == Visitor(person=lin.person, role="admin", name="林晓") and found.token == ""
    assert token not in everything(engine) and len(token) >= 43


@pytest.mark.parametrize("token", ["", "x", "\x00", "\ud83d", "é" * 100_000, "' OR '1'='1"])
def test_a_made_up_token_is_nobody(accounts, lin, token):
    assert accounts.session(token) is None and accounts.by_token(token) is None
    accounts.log_out(token)


def test_an_api_token_is_no_session_and_a_session_no_api_token(accounts, lin):
    assert accounts.session(accounts.add_token(lin.person)[0]) is None
    assert accounts.by_token(accounts.log_in("lin", GOOD, HERE)) is None


def test_every_log_in_has_a_token_of_its_own(accounts, lin):
    first, second = accounts.log_in("lin", GOOD, HERE), accounts.log_in("lin", GOOD, HERE)
    accounts.log_out(first)
    assert first != second and accounts.session(first) is None and accounts.session(second)


def test_an_unused_session_ends_after_the_idle_time(accounts, lin, clock):
    token = accounts.log_in("lin", GOOD, HERE)
    clock.on(days=14, seconds=-1)
    renewed = accounts.session(token).token
    clock.on(days=14)
    assert accounts.session(token) is None and accounts.session(renewed) is None


def test_a_session_in_use_ends_after_ninety_days_all_the_same(accounts, lin, clock):
    token, begun = accounts.log_in("lin", GOOD, HERE), clock.now
    while found := accounts.session(token):
        token = found.token or token
        clock.on(days=2)
    assert clock.now - begun == SESSION_AT_MOST


def test_the_idle_time_is_a_setting(engine, clock, lin):
    short = Accounts(engine, clock, idle=timedelta(days=1))
    short._hasher = CHEAP
    token = short.log_in("lin", GOOD, HERE)
    clock.on(days=1, seconds=1)
    assert short.session(token) is None


def test_a_day_of_use_renews_the_session_and_the_old_token_lives_a_moment_more(accounts, lin, clock):
    token = accounts.log_in("lin", GOOD, HERE)
    clock.on(hours=23, minutes=59)
    assert accounts.session(token).token == ""
    clock.on(minutes=2)
    renewed = accounts.session(token).token
    assert renewed and renewed != token
    assert accounts.session(token).token == ""  # a request beside it carries the old one, and renews nothing
    assert accounts.session(renewed).token == ""
    clock.now += REPLACED_FOR
    assert accounts.session(token) is None and accounts.session(renewed) is not None


def test_requests_side_by_side_renew_once(accounts, lin, clock, engine):
    token = accounts.log_in("lin", GOOD, HERE)
    clock.on(days=2)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: accounts.session(token), range(8)))
    assert all(found) and len([f for f in found if f.token]) == 1
    with engine.begin() as connection:
        assert connection.execute(text("SELECT count(*) FROM sessions")).scalar_one() == 2


def test_logging_out_ends_what_the_session_was_renewed_to(accounts, lin, clock):
    token = accounts.log_in("lin", GOOD, HERE)
    clock.on(days=2)
    renewed = accounts.session(token).token
    accounts.log_out(token)
    assert accounts.session(token) is None and accounts.session(renewed) is None


def test_a_new_password_ends_all_other_sessions(accounts, lin):
    before = [accounts.log_in("lin", GOOD, HERE) for _ in range(3)]
    token = accounts.change_password(lin.person, GOOD, OTHER, HERE)
    assert [accounts.session(t) for t in before] == [None] * 3
    assert accounts.session(token).visitor.person == lin.person
    with pytest.raises(LogInFailed):
        accounts.log_in("lin", GOOD, HERE)
    assert accounts.log_in("lin", OTHER, HERE)


def test_a_password_changed_by_somebody_else_ends_all_sessions(accounts, lin):
    token = accounts.log_in("lin", GOOD, HERE)
    accounts.set_password("lin", OTHER)
    assert accounts.session(token) is None and accounts.log_in("lin", OTHER, HERE)


def test_a_log_in_that_crosses_a_change_of_password_begins_nothing(accounts, lin):
    stale = accounts._verified("lin", GOOD, HERE)
    accounts.set_password("lin", OTHER)
    with accounts._engine.begin() as connection, pytest.raises(LogInFailed):
        accounts._begin(connection, stale)


def test_a_wrong_old_password_or_a_bad_new_one_changes_nothing(accounts, lin):
    token = accounts.log_in("lin", GOOD, HERE)
    with pytest.raises(LogInFailed):
        accounts.change_password(lin.person, "wrong wrong wrong", OTHER, HERE)
    with pytest.raises(InputError):
        accounts.change_password(lin.person, GOOD, "password1234", HERE)
    assert accounts.session(token) and accounts.log_in("lin", GOOD, HERE)


def test_disabling_ends_sessions_and_tokens_at_once_and_enabling_brings_only_tokens_back(accounts, lin):
    wang = accounts.add("wang", OTHER)
    token, (secret, _) = accounts.log_in("wang", OTHER, HERE), accounts.add_token(wang.person)
    accounts.change("wang", disabled=True)
    assert accounts.session(token) is None and accounts.by_token(secret) is None
    with pytest.raises(LogInDisabled):
        accounts.log_in("wang", OTHER, HERE)
    with pytest.raises(LogInFailed):  # somebody who does not know the password learns nothing
        accounts.log_in("wang", GOOD, HERE)
    accounts.change("wang", disabled=False)
    assert accounts.session(token) is None and accounts.by_token(secret).person == wang.person
    assert accounts.log_in("wang", OTHER, HERE)


def test_a_changed_role_counts_at_the_next_request(accounts, lin):
    accounts.add("wang", OTHER)
    token = accounts.log_in("wang", OTHER, HERE)
    accounts.change("wang", role="reviewer", display="王芳")
    assert accounts.session(token).visitor.role == "reviewer" and accounts.session(token).visitor.name == "王芳"


def test_sessions_that_are_over_are_cleared_away(accounts, lin, clock, engine):
    accounts.log_in("lin", GOOD, HERE)
    clock.on(days=15)
    accounts.log_in("lin", GOOD, HERE)
    with engine.begin() as connection:
        assert connection.execute(text("SELECT count(*) FROM sessions")).scalar_one() == 1


# --- guessing ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["lin", "nobody", "🙂", "", "x" * 10_000, "\ud83d\x00"])
def test_unknown_names_and_wrong_passwords_fail_in_the_same_words(accounts, lin, name):
    with pytest.raises(LogInFailed) as refused:
        accounts.log_in(name, "wrong wrong wrong", HERE)
    assert str(refused.value) == "The name or the password is wrong."


@pytest.mark.parametrize("password", ["", "\x00", "\ud83d", "🙂" * 12, "x" * 1_000_000, GOOD + " ", GOOD.upper()])
def test_odd_passwords_are_wrong_and_nothing_else(accounts, lin, password):
    with pytest.raises(LogInFailed):
        accounts.log_in("lin", password, HERE)


def test_an_unknown_name_costs_a_hash_too(accounts, lin):
    class Counting(PasswordHasher):
        hashed = 0

        def hash(self, *given, **more):
            self.hashed += 1
            return super().hash(*given, **more)

    accounts._hasher = counting = Counting(time_cost=1, memory_cost=8, parallelism=1)
    fails(accounts, 1, name="nobody")
    assert counting.hashed == 1


@pytest.mark.parametrize("name", ["lin", "nobody"])
def test_after_five_failures_the_wait_grows_and_the_right_password_has_to_wait_too(accounts, lin, clock, name):
    fails(accounts, 5, name)
    waits = []
    for _ in range(12):
        with pytest.raises(LogInWait) as refused:
            accounts.log_in(name, GOOD, HERE)
        waits.append(refused.value.seconds)
        clock.on(seconds=refused.value.seconds)
        fails(accounts, 1, name)
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]


def test_waiting_long_enough_lets_the_right_password_in_and_forgets_the_failures(accounts, lin, clock):
    fails(accounts, 5)
    clock.on(seconds=1)
    assert accounts.log_in("lin", GOOD, HERE)
    fails(accounts, 5)  # as many as at the beginning
    with pytest.raises(LogInWait):
        accounts.log_in("lin", GOOD, HERE)


def test_tries_while_waiting_do_not_make_the_wait_longer(accounts, lin, clock):
    fails(accounts, 5)
    for _ in range(50):
        with pytest.raises(LogInWait) as refused:
            accounts.log_in("lin", GOOD, HERE)
        assert refused.value.seconds == 1
    clock.on(seconds=1)
    assert accounts.log_in("lin", GOOD, HERE)


def test_failures_are_forgotten_with_time(accounts, lin, clock):
    fails(accounts, 5)
    clock.on(minutes=50)
    fails(accounts, 5)
    with pytest.raises(LogInWait):
        accounts.log_in("lin", GOOD, HERE)


def test_an_address_that_guesses_many_names_has_to_wait_and_others_need_not(accounts, lin):
    for n in range(20):
        fails(accounts, 1, name=f"name{n}")
    with pytest.raises(LogInWait):
        accounts.log_in("lin", GOOD, HERE)
    assert accounts.log_in("lin", GOOD, "198.51.100.9")


def test_logging_in_with_an_own_account_does_not_reset_the_address(accounts, lin):
    for n in range(19):
        fails(accounts, 1, name=f"name{n}")
    assert accounts.log_in("lin", GOOD, HERE)
    fails(accounts, 1, name="name-more")
    with pytest.raises(LogInWait):
        accounts.log_in("lin", GOOD, HERE)


def test_guesses_side_by_side_are_all_counted(accounts, lin):
    def guess(n):
        try:
            accounts.log_in("lin", f"wrong wrong {n}", f"192.0.2.{n}")
        except (LogInFailed, LogInWait) as refused:
            return type(refused)

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(guess, range(24)))
    assert outcomes.count(LogInFailed) == 5 and outcomes.count(LogInWait) == 19


def test_another_process_sees_the_same_count(accounts, lin, engine, clock):
    fails(accounts, 5)
    with pytest.raises(LogInWait):
        Accounts(engine, clock).log_in("lin", GOOD, HERE)


def test_the_old_password_cannot_be_guessed_faster(accounts, lin):
    for _ in range(5):
        with pytest.raises(LogInFailed):
            accounts.change_password(lin.person, "wrong wrong wrong", OTHER, HERE)
    with pytest.raises(LogInWait):
        accounts.change_password(lin.person, GOOD, OTHER, HERE)


def test_what_is_kept_of_failures_names_nobody(accounts, lin, engine):
    fails(accounts, 1, name="somebody-else")
    assert "somebody-else" not in everything(engine) and HERE not in everything(engine)


# --- API tokens -------------------------------------------------------------------------------------------------------


def test_a_token_says_who_it_is_until_it_is_revoked(accounts, lin, engine, clock):
    secret, token = accounts.add_token(lin.person, "  笔记本\x00 ")
    assert secret.startswith("coach_") and secret not in everything(engine) and token.label == "笔记本"
    assert accounts.by_token(secret) == Visitor(person=lin.person, role="admin", name="林晓")
    assert accounts.tokens(lin.person)[0].last_used == clock.now
    accounts.revoke(lin.person, token.id)
    assert accounts.by_token(secret) is None and accounts.tokens(lin.person) == []


def test_a_token_with_days_ends(accounts, lin, clock):
    secret, token = accounts.add_token(lin.person, days=2)
    clock.on(days=2, seconds=-1)
    assert accounts.by_token(secret)
    clock.on(seconds=1)
    assert accounts.by_token(secret) is None and token.expires == clock.now


@pytest.mark.parametrize("days", [0, -1, 3651, 10**12])
def test_days_that_make_no_sense_are_refused(accounts, lin, days):
    with pytest.raises(InputError, match="3650"):
        accounts.add_token(lin.person, days=days)


def test_a_token_of_somebody_else_is_as_unknown_as_a_made_up_one(accounts, lin):
    wang = accounts.add("wang", OTHER)
    secret, token = accounts.add_token(lin.person)
    for token_id in (token.id, "made-up", "", "\x00", "\ud83d"):
        with pytest.raises(NotFound) as refused:
            accounts.revoke(wang.person, token_id)
        assert str(refused.value) == "There is no such token; it may have been revoked."
    assert accounts.by_token(secret)


def test_without_an_account_there_is_no_token(accounts, engine):
    Records(engine).of(LOCAL_PERSON)
    with pytest.raises(NotFound):
        accounts.add_token(LOCAL_PERSON)
