"""What happens when a button is pressed or a modal is sent in Slack."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.webhook.async_client import AsyncWebhookClient

from coach.channels.hub import Asked, Hub
from coach.channels.slack import blocks, kit
from coach.channels.slack.commands import respond
from coach.channels.slack.kit import Part
from coach.channels.slack.personal import Personal, Somebody
from coach.channels.slack.port import NAME, SlackPort
from coach.channels.slack.reply import as_message
from coach.errors import CoachError, NotFound
from coach.messages import say
from coach.store.conversations import Exchange
from coach.types import Lang, Reply


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
        self._does: dict[str, Callable[[Somebody, Press], Awaitable[None]]] = {
            "coach_source": self._source,
            "coach_feedback": self._feedback,
            "coach_ask_human": self._ask_human,
            "coach_next": self._next,
            "coach_general": self._general,
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

    async def pressed(self, workspace: str, body: Mapping[str, Any], action: Mapping[str, Any]) -> None:
        """Does what the button says; what cannot be done is said to whoever pressed it."""
        press = _press(body, action)
        does = self._does.get(press.name)
        if does is None:
            return
        who = await self._personal.somebody(workspace, str(body["user"]["id"]))
        try:
            await does(who, press)
        except CoachError as error:
            await self._say(who, press, blocks.note(" ".join(part for part in (error.message, error.hint) if part)))
        except SlackApiError as error:
            await self._say(who, press, blocks.note(say("slack_refused", who.lang, error=error.response.get("error", ""))))

    async def sent(self, workspace: str, user: str, view: Mapping[str, Any]) -> tuple[dict[str, Any], Awaitable[None] | None]:
        """(what the acknowledgement of a modal holds, what is to be done after it)."""
        who = await self._personal.somebody(workspace, user)
        kept, values = str(view.get("private_metadata") or ""), (view.get("state") or {}).get("values") or {}
        name = str(view.get("callback_id"))
        try:
            if name == "coach_reason":
                verdict, words = blocks.reason_given(values)
                return {}, self._judged(who, kept, verdict, words)
            if name == "coach_checkin_done":
                errors = await self._personal.checked_in(who, kept, values)
                return ({"response_action": "errors", "errors": errors} if errors else {}), None
            if name == "coach_assess_answer":
                at = json.loads(kept)
                following = await self._personal.answered(who, str(at["id"]), str(at["indicator"]), values)
                return ({"response_action": "update", "view": following} if following else {}), None
            if name == "coach_told":
                return {}, self._personal.told(who, values)
        except CoachError as error:
            text = " ".join(part for part in (error.message, error.hint) if part)
            title = str((view.get("title") or {}).get("text", ""))
            return {"response_action": "update", "view": kit.modal(title, [kit.sentence(text)], who.lang)}, None
        return {}, None

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
        people = " ".join(f"<@{user}>" for user in place.humans)
        lang = place.language or who.lang
        text = say("slack_humans_asked", lang, people=people, user=f"<@{who.user.user}>")
        await self._client(who).chat_postMessage(channel=press.place, thread_ts=press.thread, text=text)
        await self._judged(who, press.value, "wrong", say("slack_human_reason", lang))

    async def _next(self, who: Somebody, press: Press) -> None:
        await self._ask(who, press, press.value)

    async def _general(self, who: Somebody, press: Press) -> None:
        await self._ask(who, press, say("web_general_words", who.lang))

    async def _ask(self, who: Somebody, press: Press, question: str) -> None:
        """The question as if they had written it in the thread; it is repeated above its answer."""
        direct = press.hidden or press.place.startswith("D")
        await self._hub.receive(
            Asked(
                channel=NAME, workspace=who.user.workspace, user=who.user.user, place=press.place,
                thread=press.thread, message=press.moment, text=question, direct=direct, restated=True,
                back=press.back if press.hidden else "",
            )
        )  # fmt: skip

    async def _share(self, who: Somebody, press: Press) -> None:
        exchange, reply = await self._own(who, press.value)
        if reply is None:
            return
        thread = {"thread_ts": press.thread} if press.thread and press.thread != press.message else {}
        for number, part in enumerate(blocks.message(reply, reply.language, exchange=exchange.id, asked=exchange.question)):
            shared = part if number else _shared(part, who.user.user, who.lang)
            await self._client(who).chat_postMessage(channel=press.place, **thread, **as_message(shared))
        await AsyncWebhookClient(press.back).send(delete_original=True)

    async def _keep(self, who: Somebody, press: Press) -> None:
        """What only they saw for a moment goes into their direct messages, where it stays."""
        exchange, reply = await self._own(who, press.value)
        if reply is None:
            return
        for part in blocks.message(reply, reply.language, exchange=exchange.id, asked=exchange.question):
            await self._personal.tell(who, part)
        await AsyncWebhookClient(press.back).send(delete_original=True)

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
        await self._client(who).chat_postMessage(channel=press.place, **as_message(part))
        await AsyncWebhookClient(press.back).send(delete_original=True)

    async def _keep_plan(self, who: Somebody, press: Press) -> None:
        await self._personal.tell(who, await self._personal.plan(who))
        await AsyncWebhookClient(press.back).send(delete_original=True)

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
        await self._say(who, press, blocks.note(await self._personal.remind(who, press.value, off=False)))

    # --- saying -------------------------------------------------------------------------------------------------------

    async def _say(self, who: Somebody, press: Press, part: Any) -> None:  # noqa: ANN401  Part
        """To them alone: in a direct message, or where they pressed."""
        if press.back and not press.place.startswith("D"):
            await respond(press.back, part)
        else:
            await self._personal.tell(who, part)

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
