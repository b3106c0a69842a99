"""Slack within the service: the connection or the routes by which it reaches us, the worker, and the reminders."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from html import escape

from fastapi import APIRouter, Request, Response
from slack_bolt.adapter.fastapi.async_handler import AsyncSlackRequestHandler
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth import AuthorizeUrlGenerator
from slack_sdk.web.async_client import AsyncWebClient
from starlette.responses import HTMLResponse, RedirectResponse

from coach.channels.hub import About, Hub
from coach.channels.reminders import Kind, remind_all
from coach.channels.slack import surfaces
from coach.channels.slack.app import SlackApp
from coach.channels.slack.manifest import EVENTS_PATH, INSTALL_PATH, REDIRECT_PATH, SCOPES, by_oauth, mode
from coach.channels.slack.personal import Personal
from coach.channels.slack.port import NAME, SlackPort, web_client
from coach.framework.files import Text
from coach.messages import say
from coach.service.auth import needs
from coach.service.errors import Refusal, reader_language
from coach.settings import Settings
from coach.store.channels import ChannelUser

_AGAIN = (2.0, 5.0, 15.0, 60.0)  # seconds before connecting is tried again

log = logging.getLogger(__name__)


class Slack:
    """One object for as long as the service runs."""

    name = NAME

    def __init__(self, settings: Settings, hub: Hub, account_name: Callable[[str], str]) -> None:
        self._settings, self._hub = settings, hub
        self.port = SlackPort(settings, hub.channels)
        self.personal = Personal(settings, hub, self.port, account_name)
        self.app = SlackApp(settings, hub, self.port, self.personal)
        self._tasks: list[asyncio.Task[None]] = []
        self._socket: AsyncSocketModeHandler | None = None

    async def start(self) -> None:
        """Begins to listen and to answer; a Slack that cannot be reached is tried again and keeps nothing else waiting."""
        self._tasks = [
            asyncio.create_task(self._hub.work(self.port)),
            asyncio.create_task(remind_all(self._hub, self)),
        ]
        if mode(self._settings) == "socket":
            self._tasks.append(asyncio.create_task(self._connect()))

    async def stop(self) -> None:
        """Takes nothing more in, and leaves what is under way to the next worker."""
        if self._socket is not None:
            await self._socket.close_async()  # type: ignore[no-untyped-call]
        await self.app.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def routes(self) -> APIRouter:
        """Where Slack posts to, and how a workspace installs the app."""
        router = APIRouter()
        if mode(self._settings) == "http":
            handler = AsyncSlackRequestHandler(self.app.bolt)

            @router.post(EVENTS_PATH, response_model=None, include_in_schema=False)
            async def events(request: Request) -> Response:
                """Events, commands and buttons, each with Slack's signature."""
                return await handler.handle(request)

        if by_oauth(self._settings):

            @router.get(INSTALL_PATH, response_model=None, include_in_schema=False)
            async def install(request: Request) -> Response:
                """Sends an administrator to Slack, to choose the workspace."""
                needs(request, "admin")
                state = await asyncio.to_thread(self._hub.channels.new_state)
                url = AuthorizeUrlGenerator(
                    client_id=self._settings.slack_client_id, scopes=sorted(SCOPES), redirect_uri=self._redirect()
                )
                return RedirectResponse(url.generate(state), status_code=302)

            @router.get(REDIRECT_PATH, response_model=None, include_in_schema=False)
            async def redirected(request: Request) -> Response:
                """Where Slack brings them back with a code."""
                return await self._installed(request)

        return router

    # --- reminders ----------------------------------------------------------------------------------------------------

    async def about_user(self, workspace: str, user: str) -> About:
        """Language and time zone."""
        return await self.port.about_user(workspace, user)

    async def remind(self, user: ChannelUser, about: About, kind: Kind, lines: tuple[Text, ...]) -> None:
        """Sends a reminder to their direct messages."""
        who = await self.personal.somebody(user.workspace, user.user)
        await self.personal.tell(who, surfaces.nudge(kind, lines, about.language))

    # --- connecting ---------------------------------------------------------------------------------------------------

    async def _connect(self) -> None:
        """Opens the connection of Socket Mode; once open, it opens itself anew when it breaks."""
        token = self._settings.slack_app_token
        tried = 0
        while True:
            handler = AsyncSocketModeHandler(self.app.bolt, app_token=token, web_client=web_client(self._settings, token))
            try:
                await handler.connect_async()  # type: ignore[no-untyped-call]
            except Exception as error:  # noqa: BLE001  whatever it is, a service without Slack is better than none
                why = error.response.get("error") if isinstance(error, SlackApiError) else type(error).__name__
                log.error("Slack cannot be reached (%s); trying again. Check it with: coach slack doctor", why)
                await handler.close_async()  # type: ignore[no-untyped-call]
                await asyncio.sleep(_AGAIN[min(tried, len(_AGAIN) - 1)])
                tried += 1
                continue
            self._socket = handler
            return

    # --- installing ---------------------------------------------------------------------------------------------------

    def _redirect(self) -> str:
        return f"{self._settings.public_url}{REDIRECT_PATH}"

    async def _installed(self, request: Request) -> Response:
        lang = reader_language(request.headers)
        given = request.query_params
        if not await asyncio.to_thread(self._hub.channels.use_state, given.get("state", "")):
            raise Refusal(400, "slack_state")
        if not given.get("code"):
            return _page(say("slack_not_installed", lang, error=given.get("error", "")[:60]), 400)
        client = AsyncWebClient(base_url=self._settings.slack_api_url)
        try:
            said = await client.oauth_v2_access(
                client_id=self._settings.slack_client_id,
                client_secret=self._settings.slack_client_secret,
                code=given["code"],
                redirect_uri=self._redirect(),
            )
        except SlackApiError as error:
            return _page(say("slack_not_installed", lang, error=str(error.response.get("error", ""))), 400)
        team = said.get("team") or {}
        values = {"bot_token": said["access_token"], "bot_user": said.get("bot_user_id", ""), "name": team.get("name", "")}
        await asyncio.to_thread(self._hub.channels.install, NAME, str(team["id"]), values)
        return _page(say("slack_installed", lang, name=str(team.get("name", ""))), 200)


def _page(text: str, status: int) -> Response:
    return HTMLResponse(f"<!doctype html><meta charset=utf-8><title>Slack</title><p>{escape(text)}</p>", status)
