"""Puts an answer into Slack: status at once, words while they come, and in their place the finished message.

What has been posted is kept before anything more is done, so that whoever goes on after a restart changes that message
instead of writing a second one.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from coach.channels.hub import Asked, Keep
from coach.channels.slack import blocks, kit
from coach.channels.slack.kit import Part
from coach.messages import say
from coach.types import Lang, Reply

EVENT_TYPE = "coach_answer"
NOTE_TYPE = "coach_note"
"""Marks of our messages: of an answer, and of what is not one."""
TROUBLE = (SlackClientError, aiohttp.ClientError, TimeoutError)
"""A call that Slack refused, or that did not get through."""
_GONE = ("message_not_found", "message_not_in_streaming_state", "cant_update_message", "edit_window_closed", "message_not_owned")
_NOT_THERE = ("user_not_in_channel", "not_in_channel", "channel_not_found", "is_archived")
_PAGE = 200
_PAGES = 25  # of a thread: the longest are no conversation


class MessageOutlet:
    """The answer to a message: in its thread, or, where others read along and may not, for the asker only."""

    def __init__(
        self,
        client: AsyncWebClient,
        hurried: AsyncWebClient,
        asked: Asked,
        lang: Lang,
        progress: Mapping[str, Any],
        keep: Keep,
        *,
        humans: bool = False,
    ) -> None:
        """`hurried` waits for nothing: what it cannot show at once is not shown."""
        self._client, self._hurried, self._asked, self._lang, self._keep = client, hurried, asked, lang, keep
        self._humans = humans
        self._question = asked.text if asked.restated else ""
        self._stream = str(progress.get("stream", ""))
        self._streaming = False
        self._told = int(progress.get("told", 0))
        self._posted = [str(ts) for ts in progress.get("posted", ())]
        self._unsure = bool(progress)  # something may stand there already that we do not know of
        self._streams = bool(self._stream) or not self._unsure

    async def working(self) -> None:
        """Slack's own status line; nothing is posted. Where it cannot be shown, the answer comes all the same."""
        await self._status(self._hurried, say("slack_working", self._lang))

    async def words(self, text: str) -> None:
        """Appended to a streaming message; when Slack takes no more of it, the finished message comes alone."""
        if not self._streams:
            return
        try:
            if not self._stream:
                await self._begin_stream(text)
            elif self._streaming:
                await self._hurried.chat_appendStream(channel=self._asked.place, ts=self._stream, markdown_text=text)
        except TROUBLE as error:
            self._streams = self._streaming = False
            self._unsure = self._unsure or not isinstance(error, SlackApiError)

    async def answer(self, reply: Reply, *, private: bool) -> Sequence[str]:
        """The finished messages' ids; private ones have none."""
        parts = blocks.message(reply, self._lang, exchange=reply.id, asked=self._question, private=private, human=self._humans)
        if private:
            await self._drop_stream()
            for number, (text, shown) in enumerate(parts):
                if number < self._told:
                    continue
                last = number == len(parts) - 1 and reply.status != "crisis"  # there nothing stands beside the way to a human
                await self._ephemeral(Part(text, [*shown, kit.small(say("slack_alone", self._lang))] if last else shown))
                self._told = number + 1
                await self._keep({"told": self._told})
            await self._quiet()
            return ()
        if self._unsure and not self._posted and not self._stream:
            await self._find_before()
        if self._stream:
            await self._end_stream()
            self._posted = [self._stream, *(ts for ts in self._posted if ts != self._stream)]
        before, self._posted = self._posted, []
        for number, part in enumerate(parts):
            ts = await self._put(part, before[number] if number < len(before) else "", number, reply)
            self._posted.append(ts)
            await self._keep({"posted": [*self._posted, *before[number + 1 :]]})
        for ts in before[len(parts) :]:
            await self._delete(ts)
        return self._posted

    async def note(self, text: str) -> None:
        """In a direct message in its thread, elsewhere for the asker only."""
        await self._drop_stream()
        if self._asked.direct:
            metadata = {"event_type": NOTE_TYPE, "event_payload": {"message": self._asked.message}}
            await self._client.chat_postMessage(
                channel=self._asked.place, thread_ts=self._asked.thread, metadata=metadata, **as_message(blocks.note(text))
            )
        else:
            await self._ephemeral(blocks.note(text))
        await self._quiet()

    async def silent(self) -> None:
        """Takes status and begun words away."""
        await self._drop_stream()
        await self._quiet()

    async def _quiet(self) -> None:
        """Takes the status away, which only a message that all can see does by itself."""
        await self._status(self._client, "")

    async def _status(self, client: AsyncWebClient, text: str) -> None:
        try:
            await client.assistant_threads_setStatus(channel_id=self._asked.place, thread_ts=self._asked.thread, status=text)
        except TROUBLE:
            return

    async def _begin_stream(self, text: str) -> None:
        recipient: dict[str, Any] = (
            {} if self._asked.direct else {"recipient_team_id": self._asked.workspace, "recipient_user_id": self._asked.user}
        )
        said = await self._hurried.chat_startStream(
            channel=self._asked.place, thread_ts=self._asked.thread, markdown_text=text, **recipient
        )
        self._stream, self._streaming = str(said["ts"]), True
        await self._keep({"stream": self._stream})

    async def _end_stream(self) -> None:
        try:
            await self._client.chat_stopStream(channel=self._asked.place, ts=self._stream)
        except TROUBLE:
            return  # it had ended by itself; the message is there and can be changed

    async def _drop_stream(self) -> None:
        if self._stream:
            await self._end_stream()
            await self._delete(self._stream)
            self._stream = ""

    async def _put(self, part: Part, ts: str, number: int, reply: Reply) -> str:
        """One message, in place of an earlier one if that is still there."""
        content: dict[str, Any] = {"channel": self._asked.place, **as_message(part)}
        metadata = {"event_type": EVENT_TYPE, "event_payload": {"message": self._asked.message, "part": number}}
        if ts:
            try:
                await self._client.chat_update(ts=ts, metadata=metadata, **content)
                return ts
            except SlackApiError as error:
                if error.response.get("error") not in _GONE:
                    raise
        said = await self._client.chat_postMessage(
            thread_ts=self._asked.thread, metadata=metadata, unfurl_links=False, unfurl_media=False, **content
        )
        return str(said["ts"])

    async def _find_before(self) -> None:
        """What a worker posted that died before it could note it: finished messages by their mark, a begun one by having none."""
        me = (await self._client.auth_test()).get("user_id")
        since: dict[str, Any] = {"oldest": self._asked.message, "include_all_metadata": True}
        finished, begun = {}, ""
        async for message in replies(self._client, self._asked.place, self._asked.thread, **since):
            if message.get("user") != me or float(message["ts"]) <= float(self._asked.message):
                continue
            metadata = message.get("metadata") or {}
            told = metadata.get("event_payload") or {}
            if metadata.get("event_type") == EVENT_TYPE and told.get("message") == self._asked.message:
                finished[int(told.get("part", 0))] = str(message["ts"])
            elif not metadata and not message.get("blocks"):
                begun = str(message["ts"])
        self._posted = [finished[number] for number in sorted(finished)]
        self._stream = "" if self._posted else begun

    async def _ephemeral(self, part: Part) -> None:
        """For the asker only; in their direct messages when they are no longer where they asked, or nobody may write there."""
        where: dict[str, Any] = {} if self._asked.thread == self._asked.message else {"thread_ts": self._asked.thread}
        try:
            await self._client.chat_postEphemeral(channel=self._asked.place, user=self._asked.user, **where, **as_message(part))
        except SlackApiError as error:
            if error.response.get("error") not in _NOT_THERE:
                raise
            await _directly(self._client, self._asked.user, part)

    async def _delete(self, ts: str) -> None:
        try:
            await self._client.chat_delete(channel=self._asked.place, ts=ts)
        except TROUBLE:
            return


class CommandOutlet:
    """The answer to a slash command: for its user only, where it was typed, with the question repeated above it."""

    def __init__(self, client: AsyncWebClient, asked: Asked, lang: Lang, progress: Mapping[str, Any], keep: Keep) -> None:
        self._client, self._asked, self._lang, self._keep = client, asked, lang, keep
        self._told = int(progress.get("told", 0))
        self._hook = AsyncWebhookClient(asked.back)

    async def working(self) -> None:
        """Nothing: a command was acknowledged when it came in."""

    async def words(self, text: str) -> None:
        """Nothing: what only one person sees cannot be streamed."""

    async def answer(self, reply: Reply, *, private: bool) -> Sequence[str]:
        """Shown to the user alone, who may share it."""
        for number, part in enumerate(
            blocks.message(reply, self._lang, exchange=reply.id, asked=self._asked.text, private=True), 1
        ):
            if number > self._told:
                await self._send(part)
                self._told = number
                await self._keep({"told": number})
        return ()

    async def note(self, text: str) -> None:
        """The same for a short sentence."""
        await self._send(blocks.note(text))

    async def silent(self) -> None:
        """Nothing was shown."""

    async def _send(self, part: Part) -> None:
        """Where it was typed; in the direct messages where Slack takes no more: after half an hour, or five times."""
        said = await self._hook.send(**as_message(part), response_type="ephemeral", replace_original=False)
        if said.status_code != 200:
            await _directly(self._client, self._asked.user, part)


async def replies(client: AsyncWebClient, place: str, thread: str, **more: Any) -> AsyncIterator[dict[str, Any]]:  # noqa: ANN401
    """The messages of a thread, oldest first, beginning with its first; `more` is handed to Slack with each call."""
    cursor: str | None = None
    seen: set[str] = set()  # the first message may come with every page
    for _ in range(_PAGES):
        said = await client.conversations_replies(channel=place, ts=thread, limit=_PAGE, cursor=cursor, **more)
        for message in said.get("messages") or ():
            if message["ts"] not in seen:
                seen.add(message["ts"])
                yield message
        cursor = str((said.get("response_metadata") or {}).get("next_cursor") or "")
        if not cursor:
            return


async def _directly(client: AsyncWebClient, user: str, part: Part) -> None:
    said = await client.conversations_open(users=[user])
    await client.chat_postMessage(channel=str(said["channel"]["id"]), **as_message(part))


def as_message(part: tuple[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """A message as the Web API takes it."""
    text, shown = part
    return {"text": text, "blocks": shown}
