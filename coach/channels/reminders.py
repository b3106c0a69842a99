"""When somebody is reminded in a channel: of the week's check-in and of a review, in their own time zone, each once.

Owns the calendar of reminders; what is reminded of, the desk knows, and how it looks, the channel. Whoever has no plan hears
nothing.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, Protocol
from zoneinfo import ZoneInfo

from coach.channels.hub import About, Hub
from coach.development.desk import Desk
from coach.development.schema import Plan
from coach.errors import CoachError
from coach.framework.files import Text
from coach.store.channels import ChannelUser, Reminders

Kind = Literal["checkin", "review"]
EVERY = 300.0
"""Seconds between two looks."""
_HOURS = range(9, 19)  # of the person's day
_REVIEW_AGAIN = timedelta(days=7)
_REVIEW_OPEN = timedelta(days=60)

log = logging.getLogger(__name__)


class Reminds(Protocol):
    """A channel that can tell somebody something unasked."""

    name: str

    async def about_user(self, workspace: str, user: str) -> About:
        """Language and time zone."""

    async def remind(self, user: ChannelUser, about: About, kind: Kind, lines: tuple[Text, ...]) -> None:
        """Sends a reminder to their direct messages."""


async def remind_all(hub: Hub, port: Reminds, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
    """Looks again and again who is to be reminded, until cancelled."""
    while True:
        try:
            users = await asyncio.to_thread(hub.channels.everybody, port.name)
        except CoachError as error:  # the database is away: the next look finds out whether it is back
            log.error("nobody could be reminded: %s", error.code)
            users = []
        for user in users:
            try:
                await remind_one(hub, port, user, clock())
            except Exception as error:  # noqa: BLE001  one person's trouble must not keep the others from being reminded
                log.error("a reminder could not be sent: %s", type(error).__name__)
        await asyncio.sleep(EVERY)


async def remind_one(hub: Hub, port: Reminds, user: ChannelUser, now: datetime) -> Kind | None:
    """Reminds somebody of what is due at this moment, if anything; tells of what."""
    about = await port.about_user(user.workspace, user.user)
    local = now.astimezone(ZoneInfo(about.time_zone) if about.time_zone else UTC)
    if local.hour not in _HOURS:
        return None
    due = await asyncio.to_thread(_due, hub.coach.desk, user, local, about)
    if due is None:
        return None
    kind, lines = due
    # Noted first: two reminders are worse than none, and another worker may be looking, too.
    if not await asyncio.to_thread(_claimed, hub, user, kind, local.date()):
        return None
    await asyncio.to_thread(hub.channels.change_reminders, user, lambda now_: _told(now_, kind, now))
    await port.remind(user, about, kind, lines)
    return kind


def _told(reminders: Reminders, kind: Kind, now: datetime) -> Reminders:
    return reminders.model_copy(update={"told": {**reminders.told, kind: now}})


def _due(desk: Desk, user: ChannelUser, local: datetime, about: About) -> tuple[Kind, tuple[Text, ...]] | None:
    today = local.date()
    try:
        plan = desk.plan("", user.person, lang=about.language)
    except CoachError:  # no plan, or one that another version wrote
        return None
    if _wanted(user.reminders, "review", local, local - _REVIEW_AGAIN) and _review_due(desk, user, plan, today):
        return "review", ()
    week = datetime.combine(today - timedelta(days=today.weekday()), time(), local.tzinfo)
    if _wanted(user.reminders, "checkin", local, week):
        return "checkin", desk.nudges(today, plan.id, user.person, lang=about.language)
    return None


def _wanted(reminders: Reminders, kind: Kind, local: datetime, since: datetime) -> bool:
    """Whether somebody wants to hear of it and has not `since`, or has put it off until now."""
    until, last = reminders.snoozed.get(kind), reminders.told.get(kind)
    if kind in reminders.off or (until is not None and until > local):
        return False
    return last is None or last < since or (until is not None and last < until)


def _review_due(desk: Desk, user: ChannelUser, plan: Plan, today: date) -> bool:
    """Whether a date of the plan's reviews has come without a review being finished since."""
    came = [m.on for m in plan.meetings if m.on <= today < m.on + _REVIEW_OPEN]
    held = [view.review.on for view in desk.reviews(plan.id, user.person) if view.state == "done"]
    return any(not any(on >= day for on in held) for day in came)


def _claimed(hub: Hub, user: ChannelUser, kind: Kind, today: date) -> bool:
    """Whether this process is the one to send it."""
    key = "|".join(("remind", user.channel, user.workspace, user.user, kind, today.isoformat()))
    return hub.inbox.claim(user.channel, key)
