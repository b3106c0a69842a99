"""Which channels (Slack, Feishu) run within the service: made when it is made, started and stopped with it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol

from fastapi import APIRouter, FastAPI

from coach.app import Coach
from coach.service.streaming import Running
from coach.settings import Settings
from coach.store.accounts import Accounts


class Channel(Protocol):
    """A channel as the service sees it."""

    name: str

    async def start(self) -> None:
        """Begins to listen and to answer."""

    async def stop(self) -> None:
        """Ends; what is under way is left to the next worker."""

    def routes(self) -> APIRouter:
        """Where the channel posts to."""


def channels_of(coach: Coach, settings: Settings, accounts: Accounts, running: Running) -> list[Channel]:
    """The channels that are set up. What they need is imported only then: none of it is there for somebody without."""
    if not settings.channels:
        return []
    from coach.channels.hub import Hub
    from coach.store.database import open_database
    from coach.store.inbox import Inbox

    hub = Hub(
        coach,
        coach.channels,
        Inbox(open_database(settings.records_url)),
        running,
        per_hour=settings.questions_per_hour,
        disabled=accounts.is_disabled,
    )
    found: list[Channel] = []
    if "slack" in settings.channels:
        from coach.channels.slack.run import Slack

        found.append(Slack(settings, hub, accounts.name_of))
    if "feishu" in settings.channels:
        from coach.channels.feishu import Feishu

        found.append(Feishu(settings, hub))
    return found


def with_channels(channels: Sequence[Channel]) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """The lifespan of an application that runs them."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        for channel in channels:
            await channel.start()
        try:
            yield
        finally:
            for channel in channels:
                await channel.stop()

    return lifespan
