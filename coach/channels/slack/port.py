"""Slack as the hub sees it: what Slack knows of a user, what was said in a thread, files, and where an answer goes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from coach.channels.hub import About, Asked, FileRef, Keep, Outlet
from coach.channels.slack import incoming
from coach.channels.slack.reply import TROUBLE, CommandOutlet, MessageOutlet, replies
from coach.conversation.talks import MAX_FILE_BYTES
from coach.errors import InputError
from coach.messages import say
from coach.settings import Settings
from coach.store.channels import Channels
from coach.types import Lang, Role, Turn

NAME = "slack"
_KNOWN_FOR = 3600.0  # seconds what Slack said of a user is believed
_HISTORY = 30  # messages of a thread that are read
_PATIENCE = 30  # seconds for one call of the Web API
_HURRY = 5  # the same for what is only shown on the way to the answer
_WAITS_FOR_429 = 5
_TOKEN_KNOWN_FOR = 10.0  # seconds until an installation is looked up again


class SlackPort:
    """One for all workspaces; the token of each comes from its installation, or from the settings where there is one only."""

    name = NAME

    def __init__(self, settings: Settings, channels: Channels) -> None:
        self._settings, self._channels = settings, channels
        self._clients: dict[str, AsyncWebClient] = {}
        self._tokens: dict[str, tuple[float, str]] = {}
        self._users: dict[tuple[str, str], tuple[float, dict[str, Any]]] = {}
        self._selves: dict[str, dict[str, Any]] = {}

    async def api(self, workspace: str) -> AsyncWebClient:
        """`client`, without keeping everybody waiting while the installation is looked up."""
        return self._with(workspace, self._token(workspace) or await asyncio.to_thread(self._look_up, workspace))

    def client(self, workspace: str) -> AsyncWebClient:
        """Slack's Web API with the token of a workspace. Raises InputError where the app is not installed (any more)."""
        return self._with(workspace, self._token(workspace) or self._look_up(workspace))

    def _with(self, workspace: str, token: str) -> AsyncWebClient:
        if not token:
            raise InputError(f"The app is not installed in {workspace}.", hint="Install it again: /slack/install")
        known = self._clients.get(workspace)
        if known is None or known.token != token:
            known = self._clients[workspace] = web_client(self._settings, token)
        return known

    def _token(self, workspace: str) -> str:
        """The token as it was a moment ago; empty when it has to be looked up."""
        if self._settings.slack_bot_token:
            return self._settings.slack_bot_token
        since, token = self._tokens.get(workspace, (0.0, ""))
        return token if token and time.monotonic() - since < _TOKEN_KNOWN_FOR else ""

    def _look_up(self, workspace: str) -> str:
        token = str((self._channels.installation(NAME, workspace) or {}).get("bot_token", ""))
        self._tokens[workspace] = (time.monotonic(), token)
        return token

    def forget(self, workspace: str) -> None:
        """The app was removed there: what was known of it counts no more."""
        for known in (self._tokens, self._clients, self._selves):
            known.pop(workspace, None)

    async def myself(self, workspace: str) -> dict[str, Any]:
        """Ids of the app's own user and bot there."""
        if workspace not in self._selves:
            said = await (await self.api(workspace)).auth_test()
            self._selves[workspace] = {"user": said.get("user_id", ""), "bot": said.get("bot_id", "")}
        return self._selves[workspace]

    async def user(self, workspace: str, user: str) -> dict[str, Any]:
        """Name, time zone, locale and role of a user, as Slack tells them; {} when it does not."""
        known = self._users.get((workspace, user))
        if known is None or time.monotonic() - known[0] > _KNOWN_FOR:
            try:
                said = await (await self.api(workspace)).users_info(user=user, include_locale=True)
            except TROUBLE:
                return {}
            known = self._users[workspace, user] = (time.monotonic(), dict(said.get("user") or {}))
        return known[1]

    async def is_stranger(self, workspace: str, user: str, *, unknown: bool = False) -> bool:
        """Whether somebody belongs to another workspace and only shares a channel with this one.

        `unknown` is what is taken where Slack tells nothing of them.
        """
        found = await self.user(workspace, user)
        homes = {str(found.get("team_id") or ""), *((found.get("enterprise_user") or {}).get("teams") or ())} - {""}
        if found.get("is_stranger"):
            return True
        return workspace not in homes if homes else unknown

    async def name_of(self, workspace: str, user: str) -> str:
        """What people call them."""
        found = await self.user(workspace, user)
        profile = found.get("profile") or {}
        return str(profile.get("display_name") or found.get("real_name") or found.get("name") or user)

    async def about(self, asked: Asked) -> About:
        """Language and time zone by the user's own settings in Slack."""
        return await self.about_user(asked.workspace, asked.user)

    async def about_user(self, workspace: str, user: str) -> About:
        """The same for somebody who pressed or opened something."""
        found = await self.user(workspace, user)
        lang: Lang = "en" if str(found.get("locale") or "zh").lower()[:2] != "zh" else "zh"
        return About(language=lang, time_zone=_zone(str(found.get("tz") or "")))

    async def history(self, asked: Asked) -> Sequence[Turn]:
        """The thread before the message: our answers, what the asker wrote, and what others did, told apart from it.

        A thread that Slack does not show is none: the question is answered all the same.
        """
        if asked.thread == asked.message:
            return ()
        try:
            mine = await self.myself(asked.workspace)
            before = [m async for m in self._thread(asked) if float(m["ts"]) < float(asked.message)]
        except SlackApiError:
            return ()
        turns = []
        for message in before[-_HISTORY:]:
            text = await self.readable(asked.workspace, str(message.get("text") or ""))
            if not text or (message.get("bot_id") and not _is(message, mine)):
                continue
            role: Role | Literal["other"] = "assistant" if _is(message, mine) else "other"
            if message.get("user") == asked.user:
                role = "user"
            turns.append(Turn(role=role, content=text))
        return turns

    async def answered_by_others(self, asked: Asked) -> bool:
        """Whether somebody has answered in the thread of the message, or the message is gone."""
        there = False
        try:
            async for message in self._thread(asked):  # begins with the message itself, which began the thread
                if message["ts"] != asked.message:
                    return True
                there = True
        except SlackApiError as error:
            if error.response.get("error") not in ("thread_not_found", "message_not_found"):
                raise
        return not there

    async def words(self, asked: Asked) -> str:
        """With names for the ids of the people mentioned."""
        return await self._named(asked.workspace, asked.text)

    async def readable(self, workspace: str, text: str) -> str:
        """What somebody wrote, with names for ids and without the mention of the coach."""
        return await self._named(workspace, incoming.plain(text, (await self.myself(workspace))["user"]))

    async def _named(self, workspace: str, text: str) -> str:
        for user in incoming.people_in(text):
            text = text.replace(f"@{user}", f"@{await self.name_of(workspace, user)}")
        return text

    async def fetch(self, asked: Asked, file: FileRef) -> bytes:
        """The bytes of a file, from Slack itself and from nobody else: the request carries our token.

        Raises InputError when it is too large, or is not Slack's.
        """
        lang = (await self.about(asked)).language
        if not self._is_slacks(file.where):
            raise InputError(say("slack_file_elsewhere", lang, name=file.name))
        headers = {"authorization": f"Bearer {(await self.api(asked.workspace)).token}"}
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_PATIENCE)) as session:
            async with session.get(file.where, headers=headers, allow_redirects=False) as response:
                data = await response.content.read(MAX_FILE_BYTES + 1) if response.status == 200 else b""
                while response.status == 200 and len(data) <= MAX_FILE_BYTES and (more := await response.content.read(65_536)):
                    data += more
        if response.status != 200:
            raise InputError(say("slack_file_unfetched", lang, name=file.name), hint=say("slack_file_unfetched_mend", lang))
        if len(data) > MAX_FILE_BYTES:
            raise InputError(say("talk_file_large", lang, name=file.name, limit=MAX_FILE_BYTES // 1_000_000))
        return data

    async def outlet(self, asked: Asked, lang: Lang, progress: Mapping[str, Any], keep: Keep) -> Outlet:
        """A command is answered where it was typed, for its user only; everything else in the thread."""
        client = await self.api(asked.workspace)
        if asked.back:
            return CommandOutlet(client, asked, lang, progress, keep)
        humans: Sequence[str] = ()
        if not asked.direct:
            humans = (await asyncio.to_thread(self._channels.place, NAME, asked.workspace, asked.place)).humans
        hurried = web_client(self._settings, str(client.token), patient=False)
        return MessageOutlet(client, hurried, asked, lang, progress, keep, humans=bool(humans))

    async def _thread(self, asked: Asked) -> AsyncIterator[dict[str, Any]]:
        async for message in replies(await self.api(asked.workspace), asked.place, asked.thread):
            yield message

    def _is_slacks(self, url: str) -> bool:
        parts, api = urlsplit(url), urlsplit(self._settings.slack_api_url)
        if (parts.scheme, parts.netloc) == (api.scheme, api.netloc):
            return True
        return parts.scheme == "https" and (parts.hostname or "").endswith((".slack.com", ".slack-files.com"))


def web_client(settings: Settings, token: str, *, patient: bool = True) -> AsyncWebClient:
    """Slack's Web API; a `patient` one waits as long as Slack says when it puts a call off (429)."""
    client = AsyncWebClient(token=token, base_url=settings.slack_api_url, timeout=_PATIENCE if patient else _HURRY)
    if patient:
        client.retry_handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=_WAITS_FOR_429))
    return client


def _zone(name: str) -> str:
    """A time zone that exists, or none."""
    try:
        return ZoneInfo(name).key if name else ""
    except (KeyError, ValueError, OSError):  # unknown; not a name; the name of a folder of names
        return ""


def _is(message: Mapping[str, Any], mine: Mapping[str, Any]) -> bool:
    return (mine["user"] and message.get("user") == mine["user"]) or bool(mine["bot"] and message.get("bot_id") == mine["bot"])
