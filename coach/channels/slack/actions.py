"""What happens when a button is pressed or a modal is sent in Slack."""

from __future__ import annotations

import asyncio
import json
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
from slack_sdk.webhook.async_client import AsyncWebhookClient

from coach.channels.hub import Asked, Hub
from coach.channels.slack import blocks, kit
from coach.channels.slack.kit import Part
from coach.channels.slack.personal import Personal, Somebody, failure
from coach.channels.slack.port import NAME, SlackPort
from coach.channels.slack.reply import as_message
from coach.errors import NotFound
from coach.messages import say
from coach.store.conversations import Exchange
from coach.types import Lang, Reply

_QUESTIONS = ("coach_next", "coach_general")
ASKED_TYPE = "coach_colleagues_asked"
"""Marks the post that asks colleagues, so that nobody takes it for an answer."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Press:
    """A button and where it stands. `back` answers whoever pressed it; modals and the home tab have none."""

    name: str
    value: str
    trigger: str
    place: str
    thread: str
    message: str
    moment: str
    hidden: bool
    """Only they see the message: it cannot be answered in a thread."""
    back: str


class Actions:
    """Everything that can be pressed or sent."""

    def __init__(self, hub: Hub, port: SlackPort, personal: Personal) -> None:
        self._hub, self._port, self._personal = hub, port, personal
        self._failed: Counter[str] = Counter()
        self._does: dict[str, Callable[[Somebody, Press], Awaitable[None]]] = {
            "coach_source": self._source,
            "coach_feedback": self._feedback,
            "coach_ask_human": self._ask_human,
            **dict.fromkeys(_QUESTIONS, self._ask),
            "coach_share": self._share,
            "coach_keep": self._keep,
            "coach_checkin": lambda who, press: personal.open_checkin(who, press.trigger),
            "coach_assess": lambda who, press: personal.open_assessment(who, press.trigger),
            "coach_tell": lambda who, press: personal.open_telling(who, press.trigger),
            "coach_plan": self._plan,
            "coach_review": self._review,
            "coach_accept_review": self._accept_review,
            "coach_export": self._export,
            "coach_share_plan": self._share_plan,
            "coach_keep_plan": self._keep_plan,
            "coach_link": self._link,
            "coach_unlink": self._unlink,
            "coach_snooze": self._snooze,
            "coach_stop": self._stop,
            "coach_remind": self._remind,
        }

    async def pressed(
        self, workspace: str, body: Mapping[str, Any], action: Mapping[str, Any]
    ) -> Coroutine[Any, Any, None] | None:
        """What is to be done after the acknowledgement.

        A question is taken in before it, so that none is lost that Slack holds for delivered; raises whatever keeps it from that.
        """
        press, user = _press(body, action), str(body["user"]["id"])
        if press.name not in self._does:
            return None
        if press.name in _QUESTIONS and (lang := await self._personal.known(workspace, user)):
            await self._hub.receive(await self._asked(workspace, user, press, lang))
            return self._working(workspace, user, press) if press.hidden else None
        return self._do(workspace, user, press)

    async def _do(self, workspace: str, user: str, press: Press) -> None:
        """Does what the button says; what cannot be done is said to whoever pressed it."""
        try:
            who = await self._personal.somebody(workspace, user)
        except Exception as error:  # noqa: BLE001  the edge: whoever pressed must hear of it
            await self._personal.turn_away(workspace, user, error, press.back)
            return
        try:
            await self._does[press.name](who, press)
        except Exception as error:  # noqa: BLE001  the same
            await self._say(who, press, failure(error, who.lang))

    async def sent(
        self, workspace: str, user: str, view: Mapping[str, Any]
    ) -> tuple[dict[str, Any], Coroutine[Any, Any, None] | None]:
        """(what the acknowledgement of a modal holds, what is to be done after it). What was entered is kept before."""
        lang: Lang = "zh"
        try:
            who = await self._personal.somebody(workspace, user)
            lang = who.lang
            return await self._sent(who, view)
        except Exception as error:  # noqa: BLE001  the edge: what was entered must not vanish without a word
            title = str((view.get("title") or {}).get("text", ""))
            told = kit.modal(title, failure(error, lang).blocks, lang)
            return {"response_action": "update", "view": told}, None

    async def _sent(self, who: Somebody, view: Mapping[str, Any]) -> tuple[dict[str, Any], Coroutine[Any, Any, None] | None]:
        kept, values = str(view.get("private_metadata") or ""), (view.get("state") or {}).get("values") or {}
        name = str(view.get("callback_id"))
        if name == "coach_reason":
            verdict, words = blocks.reason_given(values)
            await self._judged(who, kept, verdict, words)
        elif name == "coach_checkin_done":
            errors, said = await self._personal.check_in(who, kept, values)
            if errors:
                return {"response_action": "errors", "errors": errors}, None
            return {}, self._personal.tell_and_refresh(who, said)
        elif name == "coach_assess_answer":
            at = json.loads(kept)
            shown = await self._personal.answer(who, str(at["id"]), str(at["indicator"]), values)
            if isinstance(shown, dict):
                return {"response_action": "update", "view": shown}, None
            return {}, self._personal.tell_and_refresh(who, shown)
        elif name == "coach_told":
            await self._personal.keep_told(who, values)
            return {}, self._planned(who)
        return {}, None

    async def _planned(self, who: Somebody) -> None:
        """The plan that is possible with what was told."""
        try:
            said = await self._personal.plan(who)
        except Exception as error:  # noqa: BLE001  the edge: they wait for their plan
            said = failure(error, who.lang)
        await self._personal.tell_and_refresh(who, said)

    # --- answers ------------------------------------------------------------------------------------------------------

    async def _source(self, who: Somebody, press: Press) -> None:
        found = blocks.source_of(press.value)
        if found is None:
            return
        passage_id, start, end, n = found
        passage = await asyncio.to_thread(self._hub.coach.passage, passage_id)
        if passage is None:  # of a file that was brought into their own conversation
            passage = await asyncio.to_thread(self._of_a_file, who, press, passage_id)
        view = blocks.passage_modal(passage, start, end, n, who.lang)
        await self._client(who).views_open(trigger_id=press.trigger, view=view)

    def _of_a_file(self, who: Somebody, press: Press, passage_id: str) -> Any:  # noqa: ANN401  Passage | None
        asked = Asked(channel=NAME, workspace=who.user.workspace, user=who.user.user, place=press.place,
                      thread=press.thread, message=press.message, text="", direct=True)  # fmt: skip
        try:
            talk = self._hub.coach.talks.conversation(who.person, asked.conversation, lang=who.lang)
        except NotFound:
            return None
        replies = (e.reply for e in talk.exchanges if e.reply is not None)
        return next((p for reply in replies for p in reply.passages if p.id == passage_id), None)

    async def _feedback(self, who: Somebody, press: Press) -> None:
        verdict, _, exchange = press.value.partition("|")
        if verdict == "up":
            await self._judged(who, exchange, "up", "")
        else:
            await self._client(who).views_open(trigger_id=press.trigger, view=blocks.reason_modal(exchange, who.lang))

    async def _judged(self, who: Somebody, exchange: str, verdict: Any, words: str) -> None:  # noqa: ANN401  Verdict
        await asyncio.to_thread(self._hub.judge, who.user, exchange, verdict, words, who.lang)

    async def _ask_human(self, who: Somebody, press: Press) -> None:
        place = await asyncio.to_thread(self._hub.channels.place, NAME, who.user.workspace, press.place)
        if not place.humans:
            await self._say(who, press, blocks.note(say("slack_no_humans", who.lang)))
            return
        key = _key("human", who, press, press.value)
        if not await self._first(key):
            await self._say(who, press, blocks.note(say("slack_humans_already", who.lang)))
            return
        people = " ".join(f"<@{user}>" for user in place.humans)
        lang = place.language or who.lang
        text = say("slack_humans_asked", lang, people=people, user=f"<@{who.user.user}>")
        metadata = {"event_type": ASKED_TYPE, "event_payload": {"exchange": press.value}}
        try:
            await self._client(who).chat_postMessage(channel=press.place, thread_ts=press.thread, text=text, metadata=metadata)
        except Exception:
            self._failed[key] += 1
            raise
        await asyncio.to_thread(self._reported, who, press.value, say("slack_human_reason", lang))

    def _reported(self, who: Somebody, exchange: str, reason: str) -> None:
        """Tells the reviewers that a colleague was asked, unless the asker has a verdict of their own."""
        owner = self._hub.channels.owner(NAME, who.user.workspace, exchange) or who.person
        if self._hub.coach.records.of(owner).talks.exchange(exchange).verdict is None:
            self._hub.judge(who.user, exchange, "wrong", reason, who.lang)

    async def _ask(self, who: Somebody, press: Press) -> None:
        await self._hub.receive(await self._asked(who.user.workspace, who.user.user, press, who.lang))

    async def _asked(self, workspace: str, user: str, press: Press, lang: Lang) -> Asked:
        """The question of a button as if they had written it in the thread of the answer; it is repeated above its own."""
        if press.name == "coach_general":
            exchange, question = press.value, say("web_general_words", lang)
        else:
            exchange, question = blocks.next_of(press.value)
        thread = press.thread
        if press.hidden:  # what only they see stands in no thread of its own
            thread = await asyncio.to_thread(self._hub.channels.thread_of, NAME, workspace, exchange) or thread
        return Asked(
            channel=NAME, workspace=workspace, user=user, place=press.place, thread=thread, message=press.moment, text=question,
            direct=press.hidden or press.place.startswith("D"), restated=True, back=press.back if press.hidden else "",
        )  # fmt: skip

    async def _working(self, workspace: str, user: str, press: Press) -> None:
        who = await self._personal.somebody(workspace, user)
        await self._say(who, press, blocks.note(say("slack_working", who.lang)))

    async def _share(self, who: Somebody, press: Press) -> None:
        exchange, reply = await self._own(who, press.value)
        if reply is None:
            return
        key = _key("share", who, press, press.value)
        if not await self._first(key):
            return
        thread = {"thread_ts": press.thread} if press.thread and press.thread != press.message else {}
        for number, part in enumerate(blocks.message(reply, reply.language, exchange=exchange.id, asked=exchange.question)):
            shared = part if number else _shared(part, who.user.user, who.lang)
            try:
                await self._client(who).chat_postMessage(channel=press.place, **thread, **as_message(shared))
            except Exception:
                self._failed[key] += not number  # nothing of it can be seen: they may try again
                raise
        await self._take_away(press)

    async def _keep(self, who: Somebody, press: Press) -> None:
        """What only they saw for a moment goes into their direct messages, where it stays."""
        exchange, reply = await self._own(who, press.value)
        if reply is None:
            return
        for part in blocks.message(reply, reply.language, exchange=exchange.id, asked=exchange.question):
            await self._personal.tell(who, part)
        await self._take_away(press)

    async def _own(self, who: Somebody, exchange_id: str) -> tuple[Exchange, Reply | None]:
        found = await asyncio.to_thread(self._hub.exchange, who.user, exchange_id)
        return found, found.reply

    # --- themselves ---------------------------------------------------------------------------------------------------

    async def _plan(self, who: Somebody, press: Press) -> None:
        await self._say(who, press, await self._personal.plan(who, shareable=press.hidden))

    async def _review(self, who: Somebody, press: Press) -> None:
        await self._say(who, press, await self._personal.review(who))

    async def _accept_review(self, who: Somebody, press: Press) -> None:
        await self._say(who, press, await self._personal.accept_review(who, press.value))

    async def _export(self, who: Somebody, press: Press) -> None:
        format, _, plan = press.value.partition("|")
        await self._personal.send_document(who, format, plan)
        if not press.place.startswith("D"):
            await self._say(who, press, blocks.note(say("slack_sent_direct", who.lang)))

    async def _share_plan(self, who: Somebody, press: Press) -> None:
        part = await self._personal.shared_plan(who, press.value)
        key = _key("share", who, press, press.message)
        if not await self._first(key):
            return
        try:
            await self._client(who).chat_postMessage(channel=press.place, **as_message(part))
        except Exception:
            self._failed[key] += 1
            raise
        await self._take_away(press)

    async def _keep_plan(self, who: Somebody, press: Press) -> None:
        await self._personal.tell(who, await self._personal.plan(who))
        await self._take_away(press)

    async def _link(self, who: Somebody, press: Press) -> None:
        await self._say(who, press, blocks.note(say("slack_link_how", who.lang)))

    async def _unlink(self, who: Somebody, press: Press) -> None:
        await self._say(who, press, blocks.note(await self._personal.unlink(who)))

    async def _snooze(self, who: Somebody, press: Press) -> None:
        days, _, kind = press.value.partition("|")
        await self._say(who, press, blocks.note(await self._personal.remind(who, kind, days=int(days))))

    async def _stop(self, who: Somebody, press: Press) -> None:
        await self._say(who, press, blocks.note(await self._personal.remind(who, press.value, off=True)))

    async def _remind(self, who: Somebody, press: Press) -> None:
        await self._say(who, press, blocks.note(await self._personal.remind(who, press.value)))

    # --- saying -------------------------------------------------------------------------------------------------------

    async def _say(self, who: Somebody, press: Press, part: Part) -> None:
        """To them alone: in a direct message, or where they pressed."""
        if press.back and not press.place.startswith("D"):
            await self._personal.say(who, part, press.back)
        else:
            await self._personal.tell(who, part)

    async def _first(self, key: str) -> bool:
        """Whether this is done for the first time, by whichever process; what has failed here is no time."""
        return await asyncio.to_thread(self._hub.inbox.claim, NAME, f"{key}|{self._failed[key]}")

    async def _take_away(self, press: Press) -> None:
        """The message that only they saw, once it has been dealt with."""
        try:
            await AsyncWebhookClient(press.back).send(delete_original=True)
        except (aiohttp.ClientError, TimeoutError):
            return  # it goes with the next reload of Slack

    def _client(self, who: Somebody) -> Any:  # noqa: ANN401  AsyncWebClient
        return self._port.client(who.user.workspace)


def _press(body: Mapping[str, Any], action: Mapping[str, Any]) -> Press:
    container, message = body.get("container") or {}, body.get("message") or {}
    ts = str(container.get("message_ts") or message.get("ts") or "")
    chosen = action.get("selected_option") or {}
    return Press(
        name=_name(str(action.get("action_id"))),
        value=str(action.get("value") or chosen.get("value") or ""),
        trigger=str(body.get("trigger_id") or ""),
        place=str((body.get("channel") or {}).get("id") or container.get("channel_id") or ""),
        thread=str(container.get("thread_ts") or message.get("thread_ts") or ts),
        message=ts,
        moment=str(action.get("action_ts") or ts),
        hidden=bool(container.get("is_ephemeral")),
        back=str(body.get("response_url") or ""),
    )


def _key(what: str, who: Somebody, press: Press, value: str) -> str:
    """What is done once in a place."""
    return "|".join((what, NAME, who.user.workspace, press.place, value))


def _name(action_id: str) -> str:
    """Without what tells buttons of one kind apart within a message: coach_source_2, coach_source_more."""
    for name in ("coach_source", "coach_next"):
        if action_id.startswith(f"{name}_"):
            return name
    return action_id


def _shared(part: Part, by: str, lang: Lang) -> Part:
    """A message of an answer, with who shares it (a user's id) above."""
    before, _, after = say("slack_shared", lang, user="\x00").partition("\x00")
    spans = [kit.words(before), {"type": "user", "user_id": by}, kit.words(after)]
    said = [span for span in spans if span.get("text") != ""]
    top = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": said}]}
    text, shown = part
    return Part(text, [top, *shown])
