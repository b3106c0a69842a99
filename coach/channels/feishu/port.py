"""Feishu as the hub sees it: what was said in a thread and by whom, and where an answer goes."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from coach.channels.feishu import incoming
from coach.channels.feishu.calls import Calls, FeishuError
from coach.channels.feishu.reply import CardOutlet
from coach.channels.hub import About, Asked, FileRef, Hub, Keep, Outlet
from coach.errors import InputError, NotFound
from coach.messages import say
from coach.types import Lang, Turn

_HISTORY = 30  # messages of a thread that are read


class FeishuPort:
    """One for the app, which is installed in one tenant."""

    name = incoming.NAME

    def __init__(self, calls: Calls, hub: Hub) -> None:
        self._calls, self._hub = calls, hub

    async def about(self, asked: Asked) -> About:
        """Nothing beyond the message: Feishu tells neither language nor time zone of a user."""
        return About()

    async def words(self, asked: Asked) -> str:
        """As it came in: Feishu sends the names along."""
        return asked.text

    async def history(self, asked: Asked) -> Sequence[Turn]:
        """The thread before the message: what the asker wrote, what others wrote, and our answers to it.

        The API does not give our cards back as we made them, so our answers come from our own records. Empty where the app
        may not read the group's messages.
        """
        if asked.thread == asked.message:
            return ()
        try:
            items = await self._thread(asked)
        except FeishuError:
            return ()
        written = [item for item in items if _sender(item).get("sender_type") == "user"]
        me, turns = await self._calls.myself(), []
        for item in written[-_HISTORY:]:
            kind, content = str(item.get("msg_type")), str((item.get("body") or {}).get("content") or "")
            if not (said := incoming.text(kind, content, item, me)):
                continue
            theirs = str(_sender(item).get("id")) == asked.user
            turns.append(Turn(role="user" if theirs else "other", content=said))
            if answer := await asyncio.to_thread(self._answer, asked, str(item["message_id"])):
                turns.append(Turn(role="assistant", content=answer))
        return turns

    async def answered_by_others(self, asked: Asked) -> bool:
        """Never: the channel takes in only what is for the coach."""
        return False

    async def fetch(self, asked: Asked, file: FileRef) -> bytes:
        """Raises InputError: whatever is no text is not read, and its sender is told."""
        lang = (await self.about(asked)).language
        raise InputError(say("feishu_only_text", lang), hint=say("feishu_only_text_mend", lang))

    async def outlet(self, asked: Asked, lang: Lang, progress: Mapping[str, Any], keep: Keep) -> Outlet:
        """A card under the message."""
        return CardOutlet(self._calls, asked, lang, progress, keep)

    async def _thread(self, asked: Asked) -> list[dict[str, Any]]:
        """The messages before this one, oldest first, the one that began the thread among them."""
        this = await self._calls.message(asked.message)
        thread = str(this.get("thread_id") or "")
        items = await self._calls.thread(thread, _HISTORY + 1) if thread else []
        if all(item["message_id"] != asked.thread for item in items):
            items.insert(0, await self._calls.message(asked.thread))
        before = int(this.get("create_time") or 0)
        return [
            item
            for item in items
            if item.get("message_id") not in (None, asked.message)
            and not item.get("deleted")
            and int(item.get("create_time") or 0) <= before
        ]

    def _answer(self, asked: Asked, message: str) -> str:
        """What the coach answered to an earlier message for all to read; empty when it did not."""
        answered = self._hub.channels.answered(asked.channel, asked.workspace, asked.place, message)
        if answered is None or not answered.posted:
            return ""
        try:
            return self._hub.coach.records.of(answered.person).talks.exchange(answered.exchange).text
        except NotFound:
            return ""


def _sender(item: Mapping[str, Any]) -> Mapping[str, Any]:
    return item.get("sender") or {}
