"""Reminders: in the person's own time zone, each once, put off, stopped; over a real desk, with a clock that is moved."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from coach.channels.hub import About, Hub
from coach.channels.reminders import remind_all, remind_one
from coach.development.desk import Desk
from coach.development.schema import Plan
from coach.store.channels import Channels, ChannelUser
from coach.store.database import open_database
from coach.store.inbox import Inbox
from tests.development.test_desk import PERSON, desk_at

ZONE = "Asia/Shanghai"
MONDAY = datetime(2026, 11, 30, 2, 0, tzinfo=UTC)  # ten in the morning in Shanghai


class Port:
    """Notes what it is told to send."""

    name = "slack"

    def __init__(self, zone: str = ZONE) -> None:
        self.zone = zone
        self.sent: list[tuple[str, str]] = []
        self.lines: tuple[Any, ...] = ()

    async def about_user(self, workspace: str, user: str) -> About:
        return About(language="zh", time_zone=self.zone)

    async def remind(self, user: ChannelUser, about: About, kind: Any, lines: tuple[Any, ...]) -> None:
        self.sent.append((user.user, kind))
        self.lines = lines


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = desk_at(tmp_path / "records.db")
    yield made
    made.close()


@pytest.fixture
def channels(desk: Desk, tmp_path: Path) -> Iterator[Channels]:
    made = Channels(open_database(f"sqlite:///{tmp_path / 'records.db'}"))
    yield made
    made.close()


@pytest.fixture
def hub(desk: Desk, channels: Channels, tmp_path: Path) -> Hub:
    return another(desk, channels, tmp_path)


def another(desk: Desk, channels: Channels, tmp_path: Path) -> Hub:
    coach: Any = SimpleNamespace(desk=desk)
    running: Any = None
    return Hub(coach, channels, Inbox(open_database(f"sqlite:///{tmp_path / 'records.db'}")), running)


@pytest.fixture
def user(desk: Desk, channels: Channels) -> ChannelUser:
    """Somebody with a plan made on 22 November 2026."""
    met = channels.meet("slack", "T1", "U1", time_zone=ZONE, direct="D1")
    desk.set_profile(PERSON, met.person, lang="zh")
    assert desk.new_plan(met.person, lang="zh", today=date(2026, 11, 22))[1] is not None
    return met


def look(hub: Hub, port: Port, channels: Channels, at: datetime) -> str | None:
    found = channels.user("slack", "T1", "U1")
    assert found is not None
    return asyncio.run(remind_one(hub, port, found, at))


def test_once_a_week_in_the_hours_of_their_own_day(hub: Hub, channels: Channels, user: ChannelUser) -> None:
    port = Port()
    assert look(hub, port, channels, MONDAY - timedelta(hours=2)) is None  # eight in the morning there
    assert look(hub, port, channels, MONDAY) == "checkin"
    assert look(hub, port, channels, MONDAY) is None
    assert look(hub, port, channels, MONDAY + timedelta(days=3)) is None
    assert look(hub, port, channels, MONDAY + timedelta(days=7)) == "checkin"
    assert port.sent == [("U1", "checkin")] * 2


def test_the_same_moment_is_night_elsewhere(hub: Hub, channels: Channels, user: ChannelUser) -> None:
    assert look(hub, Port("America/New_York"), channels, MONDAY) is None
    assert look(hub, Port("America/New_York"), channels, MONDAY + timedelta(hours=13)) == "checkin"


def test_put_off_for_a_day_it_comes_again_and_stopped_it_does_not(hub: Hub, channels: Channels, user: ChannelUser) -> None:
    port = Port()
    assert look(hub, port, channels, MONDAY) == "checkin"
    told = channels.user("slack", "T1", "U1")
    assert told is not None
    later = told.reminders.model_copy(update={"snoozed": {"checkin": MONDAY + timedelta(days=1)}})
    channels.change_reminders(told, lambda now: later)
    assert look(hub, port, channels, MONDAY + timedelta(hours=3)) is None
    assert look(hub, port, channels, MONDAY + timedelta(days=1, minutes=1)) == "checkin"
    assert look(hub, port, channels, MONDAY + timedelta(days=2)) is None
    again = channels.user("slack", "T1", "U1")
    assert again is not None
    channels.change_reminders(again, lambda now: now.model_copy(update={"off": ("checkin",)}))
    assert look(hub, port, channels, MONDAY + timedelta(days=7)) is None


def test_two_workers_send_one(desk: Desk, hub: Hub, channels: Channels, user: ChannelUser, tmp_path: Path) -> None:
    port, other = Port(), another(desk, channels, tmp_path)

    async def both() -> list[str | None]:
        return list(await asyncio.gather(*(remind_one(each, port, user, MONDAY) for each in (hub, other))))

    assert sorted(map(str, asyncio.run(both()))) == ["None", "checkin"]
    assert port.sent == [("U1", "checkin")]


def test_a_review_is_reminded_of_until_it_is_held(desk: Desk, hub: Hub, channels: Channels, user: ChannelUser) -> None:
    port = Port()
    plan: Plan = desk.plan("", user.person, lang="zh")
    meeting = min(m.on for m in plan.meetings)
    on = datetime(meeting.year, meeting.month, meeting.day, 2, tzinfo=UTC)
    assert look(hub, port, channels, on) == "review"
    assert look(hub, port, channels, on + timedelta(days=1)) in (None, "checkin")
    assert look(hub, port, channels, on + timedelta(days=8)) == "review"
    held = desk.review("quarterly", meeting + timedelta(days=9), person=user.person, lang="zh")
    desk.accept_review(held.id, user.person, lang="zh")
    assert look(hub, port, channels, on + timedelta(days=16)) != "review"


def test_whoever_has_no_plan_hears_nothing_and_one_trouble_stops_nobody(
    desk: Desk, hub: Hub, channels: Channels, user: ChannelUser
) -> None:
    channels.meet("slack", "T1", "U0", direct="D0")
    port = Port()

    class Troubled(Port):
        async def about_user(self, workspace: str, user: str) -> About:
            if user == "U0":
                raise RuntimeError("Slack is away")
            return await super().about_user(workspace, user)

    troubled = Troubled()

    async def once() -> None:
        task = asyncio.create_task(remind_all(hub, troubled, clock=lambda: MONDAY))
        while not troubled.sent:
            await asyncio.sleep(0.01)
        task.cancel()

    asyncio.run(once())
    assert troubled.sent == [("U1", "checkin")]
    newcomer = channels.user("slack", "T1", "U0")
    assert newcomer is not None and asyncio.run(remind_one(hub, port, newcomer, MONDAY)) is None
