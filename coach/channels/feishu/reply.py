"""Puts an answer into Feishu: a card that says the coach is at it, and in its place the finished one.

What has been posted is kept before anything more is done, and each post bears an id of its own that Feishu takes once, so that
whoever goes on after a restart changes the same card instead of posting a second one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from coach.channels.feishu import cards
from coach.channels.feishu.calls import GONE, OUTSIDE, UNREACHABLE, Calls, FeishuError
from coach.channels.feishu.cards import Card
from coach.channels.hub import Asked, Keep
from coach.messages import say
from coach.types import Lang, Reply

_Post = Callable[[Card, str], Awaitable[str]]


class CardOutlet:
    """The answer to a message: under it, in a group in its thread; what is only for the asker, in their direct chat."""

    def __init__(self, calls: Calls, asked: Asked, lang: Lang, progress: Mapping[str, Any], keep: Keep) -> None:
        self._calls, self._asked, self._lang, self._keep = calls, asked, lang, keep
        self._posted = [str(message) for message in progress.get("posted", ())]
        self._private = [str(message) for message in progress.get("private", ())]
        self._gone = False
        """There is nobody to answer any more: the message was taken back, or the bot is out of the group."""

    async def working(self) -> None:
        """A card at once, unless an earlier worker has posted it."""
        if not self._posted:
            await self._show([cards.working(self._lang)], "working")

    async def words(self, text: str) -> None:
        """Nothing: Feishu lets a card be changed a few times only, so the finished answer comes at once."""

    async def answer(self, reply: Reply, *, private: bool) -> Sequence[str]:
        """The ids of the messages the answer stands in; private ones have none in the place of the question."""
        question = self._asked.text if private else ""
        made = cards.answer(reply, self._lang, exchange=reply.id, asked=question)
        if not private:
            return await self._show(made, reply.id)
        await self._tell(made, reply.id)
        return ()

    async def note(self, text: str) -> None:
        """In a direct chat in place of what was shown; from a group, in the asker's direct chat."""
        if self._asked.direct:
            await self._show([cards.note(text)], _hash(text))
        else:
            await self._tell([cards.note(text, asked=self._asked.text)], _hash(text))

    async def silent(self) -> None:
        """Takes what was shown away."""
        await self._drop(self._posted)

    async def _tell(self, made: Sequence[Card], name: str) -> None:
        """For the asker alone; the group sees that there was an answer, or why there could be none."""
        try:
            self._private = await self._put(made, self._private, self._send, name, "private")
            said = "feishu_privately"
        except FeishuError as error:
            if error.code not in UNREACHABLE:
                raise
            said = "feishu_unreachable"
        if self._posted or said == "feishu_unreachable":
            await self._show([cards.note(say(said, self._lang))], said)

    async def _show(self, made: Sequence[Card], name: str) -> Sequence[str]:
        if self._gone:
            return ()
        try:
            self._posted = await self._put(made, self._posted, self._reply, name, "posted")
        except FeishuError as error:
            if error.code not in (*GONE, *OUTSIDE):
                raise
            self._gone = True
        return self._posted

    async def _put(self, made: Sequence[Card], before: Sequence[str], post: _Post, name: str, kept_as: str) -> list[str]:
        """The cards in the place of those that were shown before, and as new ones where there are more."""
        posted: list[str] = []
        for number, card in enumerate(made):
            message = before[number] if number < len(before) else ""
            if not message or not await self._updated(message, card):
                message = await post(card, _hash(self._asked.key, name, number, message))
            posted.append(message)
            await self._keep({kept_as: [*posted, *before[number + 1 :]]})
        if before[len(made) :]:
            await self._drop(before[len(made) :])
            await self._keep({kept_as: posted})
        return posted

    async def _updated(self, message: str, card: Card) -> bool:
        try:
            await self._calls.update(message, card)
        except FeishuError as error:
            if error.code in GONE:
                return False
            raise
        return True

    async def _drop(self, messages: Sequence[str]) -> None:
        for message in messages:
            try:
                await self._calls.delete(message)
            except FeishuError:
                continue  # it is gone already, or too old; nobody is harmed by its staying

    async def _reply(self, card: Card, unique: str) -> str:
        return await self._calls.reply(self._asked.message, card, unique, in_thread=not self._asked.direct)

    async def _send(self, card: Card, unique: str) -> str:
        return await self._calls.send(self._asked.user, card, unique)


def _hash(*parts: object) -> str:
    """An id for Feishu, of at most 50 characters."""
    return hashlib.sha256("|".join(map(str, parts)).encode("utf-8", "replace")).hexdigest()[:40]
