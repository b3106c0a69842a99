"""Buttons, modals and commands when something is slow, fails or is pressed twice, and who may use them at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from coach.errors import NotFound
from coach.messages import say
from coach.settings import Settings
from coach.store.accounts import open_accounts
from coach.store.channels import Channels, open_channels
from coach.store.conversations import Exchange
from coach.store.records import open_records
from evals.live import Live
from evals.slack_server import SlackServer
from tests.channels.test_slack import CHANGE, World, action_ids, over_socket, peopled, value_of

PASSWORD = "lange Leitung 77 Wolken"  # noqa: S105  of an account that ends with the test
SLOW = 4.0
"""Seconds; Slack waits three for an acknowledgement."""


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, real_settings: Settings) -> Iterator[tuple[SlackServer, Live]]:
    with SlackServer(mode="socket", retry_after=(0.0, 0.3, 0.3)) as slack:
        with Live(tmp_path_factory.mktemp("actions") / "home", **over_socket(slack)) as live:
            slack.wait(lambda: slack.called("apps.connections.open"), 20)
            yield slack, live


@pytest.fixture
def world(shared: tuple[SlackServer, Live]) -> World:
    return peopled(*shared)


@pytest.fixture
def channels(shared: tuple[SlackServer, Live]) -> Iterator[Channels]:
    with closing(open_channels(kept(shared[1]))) as found:
        yield found


def kept(live: Live) -> Settings:
    return Settings(_env_file=None, home=live.home)


def direct(world: World, text: str, user: str = "") -> dict[str, Any]:
    """The direct message with these words, once it is there."""
    place = world.slack.dm(user or world.lin)

    def found() -> dict[str, Any] | None:
        return next((m for m in world.slack.messages(place) if text in world.slack.shown(m["ts"])), None)

    return world.slack.wait(found, 20)


def asked(world: World, words: str) -> dict[str, Any]:
    """The answer to a command, which only they see."""
    world.slack.command(world.lin, world.place, f"ask {words}")
    return answers(world, 1)[-1]


def answers(world: World, count: int) -> list[dict[str, Any]]:
    def found() -> list[dict[str, Any]]:
        shown = [m for m in world.slack.ephemerals(world.place, world.lin) if "coach_share" in action_ids(m)]
        return shown if len(shown) >= count else []

    return world.slack.wait(found, 20)


def exchanges(world: World, channels: Channels, user: str) -> list[Exchange]:
    """Everything somebody has asked."""
    known = channels.user("slack", world.slack.team.id, user)
    assert known
    with closing(open_records(kept(world.live))) as records:
        talks = records.of(known.person).talks
        return [each for talk in talks.listed() for each in talks.one(talk.id).exchanges]


# --- slow -------------------------------------------------------------------------------------------------------------


def test_what_a_modal_tells_is_acknowledged_however_slow_the_message_after_it(world: World, channels: Channels) -> None:
    slack, dm = world.slack, world.slack.dm(world.lin)
    slack.command(world.lin, dm, "plan")
    slack.click(world.lin, world.private(1, place=dm)[0]["ts"], "coach_tell")
    slack.wait(lambda: slack.modal(world.lin))
    late = len(slack.late_acks)
    slack.latency("chat.postMessage", SLOW)
    slack.latency("views.publish", SLOW)
    try:
        slack.submit(world.lin, {})
        slack.quiet(0.5, 20)
    finally:
        slack.latency("chat.postMessage", 0.0)
        slack.latency("views.publish", 0.0)
    assert len(slack.late_acks) == late and slack.modal(world.lin) is None
    assert slack.messages(dm)


# --- failing ----------------------------------------------------------------------------------------------------------


def test_whoever_presses_hears_of_it_when_the_connection_breaks(world: World) -> None:
    slack, dm = world.slack, world.slack.dm(world.lin)
    ts = slack.say(world.lin, dm, CHANGE)
    answer = world.answer(ts, place=dm)
    slack.fail("views.open", drop=True, times=2)  # the client tries twice
    slack.click(world.lin, answer["ts"], "coach_source_1")
    assert direct(world, say("channel_failed", "zh")[:12])


def test_what_slack_no_longer_takes_where_it_was_typed_comes_as_a_direct_message(world: World) -> None:
    world.slack.fail("response_url", "expired_url", status=404)
    world.slack.command(world.lin, world.place, "help")
    assert direct(world, "/coach plan")


def test_a_done_thing_is_not_called_refused_because_the_home_tab_is(world: World) -> None:
    world.slack.fail("views.publish", "internal_error")
    world.slack.command(world.lin, world.place, "reminders off")
    assert world.private(1)[-1]["text"] == say("slack_reminders_off", "zh")


# --- twice ------------------------------------------------------------------------------------------------------------


def test_what_is_shared_twice_is_posted_once(world: World) -> None:
    hidden = asked(world, CHANGE)
    world.slack.latency("chat.postMessage", 0.5)
    world.slack.click(world.lin, hidden["ts"], "coach_share")
    world.slack.click(world.lin, hidden["ts"], "coach_share")
    world.slack.quiet(0.6)
    world.slack.latency("chat.postMessage", 0.0)
    assert len(world.slack.messages(world.place)) == 1


def test_a_share_that_slack_refused_can_be_pressed_again(world: World) -> None:
    hidden = asked(world, CHANGE)
    world.slack.fail("chat.postMessage", "internal_error")
    world.slack.click(world.lin, hidden["ts"], "coach_share")
    world.slack.quiet()
    assert not world.slack.messages(world.place)
    world.slack.click(world.lin, hidden["ts"], "coach_share")
    world.slack.wait(lambda: world.slack.messages(world.place))


def test_colleagues_are_asked_once_and_the_askers_own_verdict_stands(world: World, channels: Channels) -> None:
    slack = world.slack
    slack.command(world.lin, world.place, f"settings humans <@{world.wang}>")
    world.private(1)
    ts = world.mention(CHANGE)
    answer = world.answer(ts)
    slack.click(world.lin, answer["ts"], "coach_feedback", value=value_of(answer, "up|"))
    slack.wait(lambda: exchanges(world, channels, world.lin)[0].verdict == "up")
    slack.click(world.wang, answer["ts"], "coach_ask_human")
    slack.wait(lambda: len(slack.replies(world.place, ts)) == 2)
    slack.click(world.lin, answer["ts"], "coach_ask_human")
    slack.wait(lambda: say("slack_humans_already", "zh") in [m["text"] for m in slack.ephemerals(world.place, world.lin)])
    slack.quiet()
    assert len(slack.replies(world.place, ts)) == 2
    assert exchanges(world, channels, world.lin)[0].verdict == "up"


# --- going on ---------------------------------------------------------------------------------------------------------


def test_a_question_under_an_answer_that_only_they_see_goes_on_in_its_conversation(world: World, channels: Channels) -> None:
    hidden = asked(world, CHANGE)
    world.slack.quiet()  # the answer is noted when it can be seen
    world.slack.click(world.lin, hidden["ts"], "coach_next_1")
    answers(world, 2)
    first, second = sorted(exchanges(world, channels, world.lin), key=lambda each: each.made)
    assert first.question == CHANGE and second.question != CHANGE
    assert first.conversation == second.conversation


# --- who may ----------------------------------------------------------------------------------------------------------


def test_people_of_another_workspace_are_told_so_and_are_nobody_here(world: World, channels: Channels) -> None:
    world.slack._world.users[world.wang]["is_stranger"] = True  # noqa: SLF001  as Slack marks them in a shared channel
    for number, typed in enumerate((f"ask {CHANGE}", "plan", "search 预算"), 1):
        world.slack.command(world.wang, world.place, typed)
        assert world.private(number, world.wang)[-1]["text"] == say("slack_stranger", "zh")
    assert channels.user("slack", world.slack.team.id, world.wang) is None


def test_search_keeps_to_what_the_channel_wants(world: World) -> None:
    world.slack.command(world.lin, world.place, "settings library own")
    world.private(1)
    world.slack.command(world.lin, world.place, "search 预算")
    assert say("sl_found_none", "zh", question="预算") in world.slack.shown(world.private(2)[-1]["ts"])
    world.slack.command(world.lin, world.place, "settings off")
    world.private(3)
    world.slack.command(world.lin, world.place, "search 预算")
    assert world.private(4)[-1]["text"] == say("channel_off", "zh")


def test_a_disabled_account_is_of_no_use_through_its_link(world: World, channels: Channels) -> None:
    world.slack.command(world.lin, world.place, "help")
    world.private(1)
    user = channels.user("slack", world.slack.team.id, world.lin)
    assert user
    with closing(open_accounts(kept(world.live))) as accounts:
        accounts.add("chief", PASSWORD, "admin")
        account = accounts.add("lin", PASSWORD, "member")
        channels.link(user, channels.new_code(account.person), lang="zh")
        accounts.change("lin", disabled=True)
        world.slack.command(world.lin, world.place, "plan")
        assert world.private(2)[-1]["text"] == say("channel_disabled", "zh")
        ts = world.mention(CHANGE)
        assert world.private(3)[-1]["text"] == say("channel_disabled", "zh")
        assert not world.slack.replies(world.place, ts)
        accounts.change("lin", disabled=False)
        world.answer(world.mention(CHANGE))


@pytest.mark.parametrize("by_admin", [True, False])
def test_who_goes_takes_along_who_they_were_before_they_linked(tmp_path: Path, by_admin: bool) -> None:
    settings = Settings(_env_file=None, home=tmp_path)
    with (
        closing(open_channels(settings)) as channels,
        closing(open_accounts(settings)) as accounts,
        closing(open_records(settings)) as records,
    ):
        before, other = channels.meet("slack", "T1", "U1"), channels.meet("slack", "T1", "U2")
        for each in (before, other):
            records.of(each.person).talks.begin("one", "我一年的预算是3000万")
        account = accounts.add("lin", PASSWORD, "admin")
        channels.link(before, channels.new_code(account.person), lang="zh")
        if by_admin:
            accounts.remove("lin")
        else:
            assert records.of(account.person).delete_all() == [account.person, before.person]
        assert records.of(other.person).talks.listed()
        with pytest.raises(NotFound):
            records.of(before.person).talks.listed()
        again = channels.meet("slack", "T1", "U1")
        assert not again.linked and not records.of(again.person).talks.listed()
