"""Slack as the hub sees it: what Slack knows of a user, what was said in a thread, files, and where an answer goes."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from coach.channels.hub import About, Asked, FileRef, Keep, Outlet
from coach.channels.slack import incoming
from coach.channels.slack.reply import CommandOutlet, MessageOutlet
from coach.conversation.talks import MAX_FILE_BYTES
from coach.errors import InputError
from coach.messages import say
from coach.settings import Settings
from coach.store.channels import Channels
from coach.types import Lang, Turn

NAME = "slack"
_KNOWN_FOR = 3600.0  # seconds what Slack said of a user is believed
_HISTORY = 30  # messages of a thread that are read
_PATIENCE = 30  # seconds for one call of the Web API
_WAITS_FOR_429 = 5


class SlackPort:
    """One for all workspaces; the token of each comes from its installation, or from the settings where there is one only."""

    name = NAME

    def __init__(self, settings: Settings, channels: Channels) -> None:
        self._settings, self._channels = settings, channels
        self._clients: dict[str, AsyncWebClient] = {}
        self._users: dict[tuple[str, str], tuple[float, dict[str, Any]]] = {}
        self._selves: dict[str, dict[str, Any]] = {}

    def client(self, workspace: str) -> AsyncWebClient:
        """Slack's Web API with the token of a workspace. Raises InputError where the app is not installed (any more)."""
        token = self._settings.slack_bot_token
        if not token:
            token = str((self._channels.installation(NAME, workspace) or {}).get("bot_token", ""))
        if not token:
            raise InputError(f"The app is not installed in {workspace}.", hint="Install it again: /slack/install")
        known = self._clients.get(workspace)
        if known is None or known.token != token:
            known = self._clients[workspace] = web_client(self._settings, token)
        return known

    async def myself(self, workspace: str) -> dict[str, Any]:
        """Ids of the app's own user and bot there."""
        if workspace not in self._selves:
            said = await self.client(workspace).auth_test()
            self._selves[workspace] = {"user": said.get("user_id", ""), "bot": said.get("bot_id", "")}
        return self._selves[workspace]

    async def user(self, workspace: str, user: str) -> dict[str, Any]:
        """Name, time zone, locale and role of a user, as Slack tells them; {} when it does not."""
        known = self._users.get((workspace, user))
        if known is None or time.monotonic() - known[0] > _KNOWN_FOR:
            try:
                said = await self.client(workspace).users_info(user=user, include_locale=True)
                known = (time.monotonic(), dict(said.get("user") or {}))
            except SlackApiError:
                known = (time.monotonic(), {})
            self._users[workspace, user] = known
        return known[1]

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
        lang: Lang = "en" if str(found.get("locale", "zh")).lower()[:2] not in ("zh", "") else "zh"
        return About(language=lang, time_zone=str(found.get("tz", "")))

    async def history(self, asked: Asked) -> Sequence[Turn]:
        """The thread before the message: our answers, and what people wrote, with their names where there are several."""
        if asked.thread == asked.message:
            return ()
        mine = await self.myself(asked.workspace)
        before = [m for m in await self._thread(asked) if float(m["ts"]) < float(asked.message)]
        people = {m["user"] for m in before if m.get("user") and not _is(m, mine)} | {asked.user}
        turns = []
        for message in before[-_HISTORY:]:
            text = await self.readable(asked.workspace, str(message.get("text", "")))
            if not text or (message.get("bot_id") and not _is(message, mine)):
                continue
            if _is(message, mine):
                turns.append(Turn(role="assistant", content=text))
            else:
                who = f"{await self.name_of(asked.workspace, message['user'])}: " if len(people) > 1 else ""
                turns.append(Turn(role="user", content=f"{who}{text}"))
        return turns

    async def answered_by_others(self, asked: Asked) -> bool:
        """Whether somebody has answered in the thread of the message, or the message is gone."""
        try:
            thread = await self._thread(asked)
        except SlackApiError as error:
            if error.response.get("error") in ("thread_not_found", "message_not_found"):
                return True
            raise
        return not any(m["ts"] == asked.message for m in thread) or any(m["ts"] != asked.message for m in thread)

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
        headers = {"authorization": f"Bearer {self.client(asked.workspace).token}"}
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

    def outlet(self, asked: Asked, lang: Lang, progress: Mapping[str, Any], keep: Keep) -> Outlet:
        """A command is answered where it was typed, for its user only; everything else in the thread."""
        client = self.client(asked.workspace)
        if asked.back:
            return CommandOutlet(asked, lang)
        humans = () if asked.direct else self._channels.place(NAME, asked.workspace, asked.place).humans
        return MessageOutlet(client, asked, lang, progress, keep, humans=bool(humans))

    async def _thread(self, asked: Asked) -> list[dict[str, Any]]:
        said = await self.client(asked.workspace).conversations_replies(channel=asked.place, ts=asked.thread, limit=200)
        return list(said.get("messages") or [])

    def _is_slacks(self, url: str) -> bool:
        parts, api = urlsplit(url), urlsplit(self._settings.slack_api_url)
        if (parts.scheme, parts.netloc) == (api.scheme, api.netloc):
            return True
        return parts.scheme == "https" and (parts.hostname or "").endswith((".slack.com", ".slack-files.com"))


def web_client(settings: Settings, token: str) -> AsyncWebClient:
    """Slack's Web API; a call that Slack puts off (429) waits as long as it says."""
    client = AsyncWebClient(token=token, base_url=settings.slack_api_url, timeout=_PATIENCE)
    client.retry_handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=_WAITS_FOR_429))
    return client


def _is(message: Mapping[str, Any], mine: Mapping[str, Any]) -> bool:
    return (mine["user"] and message.get("user") == mine["user"]) or bool(mine["bot"] and message.get("bot_id") == mine["bot"])
