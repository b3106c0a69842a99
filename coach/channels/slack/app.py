"""The Slack app: which events, commands, buttons and modals there are, and which of ours each of them calls.

Messages go into the hub's inbox before Slack hears that they arrived, so that none is lost and none is answered twice. Whatever
is pressed is acknowledged at once and done then. Knows Bolt; what is said and done stands in the modules beside it.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError

from coach.channels.hub import Asked, Hub
from coach.channels.slack import blocks, incoming
from coach.channels.slack.actions import Actions
from coach.channels.slack.commands import Commands
from coach.channels.slack.personal import Personal
from coach.channels.slack.port import NAME, SlackPort
from coach.errors import InputError
from coach.messages import say
from coach.settings import Settings
from coach.text import language

log = logging.getLogger(__name__)

_ACTION = "coach_"
_TOKEN = re.compile(r"xox[a-z]-[\w-]+|xapp-[\w-]+")
_UNINSTALLED = ("app_uninstalled", "tokens_revoked")
_NO_TOKEN = ("invalid_auth", "account_inactive", "token_revoked", "token_expired")


class _Away(Exception):
    """Slack does not say who we are: what it sends is not acknowledged, so that it sends it again."""


class SlackApp:
    """Bolt's app with everything of ours in it. `bolt` takes requests, over whichever way they come."""

    def __init__(self, settings: Settings, hub: Hub, port: SlackPort, personal: Personal) -> None:
        self._hub, self._port, self._personal = hub, port, personal
        self._tasks: set[asyncio.Task[None]] = set()
        self.actions = Actions(hub, port, personal)
        self.commands = Commands(hub, port, personal)

        async def authorize(team_id: str | None, enterprise_id: str | None, user_id: str | None) -> Any:  # noqa: ANN401
            return await self._authorize(team_id, enterprise_id)  # Bolt takes None for "not installed", and no method

        self.bolt = AsyncApp(
            signing_secret=settings.slack_signing_secret or None,
            authorize=authorize,
            request_verification_enabled=bool(settings.slack_signing_secret),
            logger=_quiet(),
        )
        self.bolt.middleware(self._take_in)
        self.bolt.event("app_home_opened")(self._home_opened)
        for event in _UNINSTALLED:
            self.bolt.event(event)(self._uninstalled)
        for event in ("message", "app_mention"):
            self.bolt.event(event)(_seen)
        self.bolt.command("/coach")(self._command)
        self.bolt.action({"action_id": _all_of(_ACTION)})(self._pressed)
        self.bolt.view({"type": "view_submission", "callback_id": _all_of(_ACTION)})(self._sent)

    async def close(self) -> None:
        """Waits for what was pressed a moment ago."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=3)

    async def _authorize(self, team_id: str | None, enterprise_id: str | None) -> AuthorizeResult | None:
        """Who we are in the workspace an event comes from; None where the app is not installed."""
        workspace = team_id or enterprise_id or ""
        try:
            client = await self._port.api(workspace)
            mine = await self._port.myself(workspace)
        except InputError:
            return None
        except SlackApiError as error:  # Bolt would take any of them for "not installed", and acknowledge
            if error.response.get("error") in _NO_TOKEN:
                return None
            raise _Away(str(error.response.get("error"))) from error
        return AuthorizeResult(
            enterprise_id=enterprise_id, team_id=team_id, bot_token=client.token, bot_id=mine["bot"], bot_user_id=mine["user"]
        )

    # --- messages -----------------------------------------------------------------------------------------------------

    async def _take_in(
        self, body: dict[str, Any], context: AsyncBoltContext, next: Callable[[], Awaitable[BoltResponse]]
    ) -> BoltResponse:
        """Keeps what somebody wrote before it is acknowledged; when that fails Slack is told, and sends it again."""
        event = body.get("event") or {}
        if body.get("type") == "event_callback" and event.get("type") in ("message", "app_mention"):
            workspace = str(context.team_id or body.get("team_id") or "")
            try:
                await self._message(event, workspace, shared=bool(body.get("is_ext_shared_channel")))
            except Exception as error:  # noqa: BLE001  whatever it is, Slack must send the message again
                log.error("a message could not be taken in: %s", type(error).__name__)
                return BoltResponse(status=503, body="")
        return await next()

    async def _message(self, event: Mapping[str, Any], workspace: str, *, shared: bool) -> None:
        """`shared`: in a place where people of other workspaces write, too."""
        kind = event.get("subtype")
        if kind == "message_changed":
            await self._changed(event, workspace, shared)
        elif kind == "message_deleted":
            before = {**(event.get("previous_message") or {}), "channel": event["channel"]}
            if incoming.is_written(before):
                await self._hub.withdraw(incoming.asked(before, workspace, ""))
        elif incoming.is_written(event):
            await self._written(event, workspace, shared)

    async def _written(self, event: Mapping[str, Any], workspace: str, shared: bool) -> None:
        mine = await self._port.myself(workspace)
        if event["user"] == mine["user"]:
            return
        raw = str(event.get("text") or "")
        asked = incoming.asked(event, workspace, incoming.plain(raw, mine["user"]))
        meant = asked.direct or event["type"] == "app_mention" or mine["user"] in incoming.mentioned(raw)
        if await self._is_stranger(event, workspace, shared):
            if meant:
                await self._turn_down(asked, "slack_stranger")
        elif asked.direct and not asked.text and not asked.files:
            if event.get("attachments"):  # a message of somebody's, passed on without a word
                await self._turn_down(asked, "slack_no_words")
        elif meant:
            await self._hub.receive(asked)
        elif not [user for user in incoming.mentioned(raw) if user != mine["user"]]:
            await self._overheard(asked)

    async def _overheard(self, asked: Asked) -> None:
        """What was said to nobody by name: in a thread of ours it goes on, and what nobody answers may be due later."""
        if asked.thread != asked.message:
            if await self._hub.takes_part(asked):
                await self._hub.receive(asked.model_copy(update={"unaddressed": True}))
        elif incoming.asks(asked.text):
            place = await asyncio.to_thread(self._hub.channels.place, NAME, asked.workspace, asked.place)
            if place.on and place.unanswered_after:
                later = asked.model_copy(update={"if_known": True})
                await self._hub.receive(later, after=timedelta(minutes=place.unanswered_after))

    async def _is_stranger(self, message: Mapping[str, Any], workspace: str, shared: bool) -> bool:
        """Whether somebody of another workspace wrote it."""
        home = message.get("user_team") or message.get("source_team")
        if home == workspace or not (home or shared):
            return False
        # Within one organisation people belong to several workspaces; only their own entry names them all.
        return await self._port.is_stranger(workspace, str(message["user"]), unknown=True)

    async def _turn_down(self, asked: Asked, key: str) -> None:
        """Says once why a message is not answered, to whoever wrote it."""
        if await asyncio.to_thread(self._hub.inbox.claim, NAME, f"turned down|{asked.key}"):
            self._do(self._say_why(asked, key))

    async def _say_why(self, asked: Asked, key: str) -> None:
        lang = (await self._port.about(asked)).language if not asked.text else language(asked.text)
        outlet = await self._port.outlet(asked, lang, {}, _keep_nothing)
        await outlet.note(say(key, lang))

    async def _changed(self, event: Mapping[str, Any], workspace: str, shared: bool) -> None:
        """A message that says something else now is answered anew, if it was answered or is still to be."""
        now, before = event.get("message") or {}, event.get("previous_message") or {}
        if not incoming.is_written(now) or now.get("text") == before.get("text"):
            return
        if await self._is_stranger(now, workspace, shared):
            return
        placed = {**now, "channel": event["channel"], "channel_type": event.get("channel_type")}
        mine = await self._port.myself(workspace)
        text = incoming.plain(str(now.get("text") or ""), mine["user"])
        asked = incoming.asked(placed, workspace, text, edited=True)
        answered = await asyncio.to_thread(self._hub.channels.answered, NAME, workspace, asked.place, asked.message)
        if answered or asked.direct or mine["user"] in incoming.mentioned(str(now.get("text") or "")):
            await self._hub.withdraw(asked.model_copy(update={"edited": False}))
            await self._hub.receive(asked)

    # --- everything else ----------------------------------------------------------------------------------------------

    async def _home_opened(self, event: dict[str, Any], context: AsyncBoltContext) -> None:
        workspace, user = str(context.team_id), str(event["user"])
        if event.get("tab") == "home":
            self._do(self._personal.show_home(workspace, user))
        else:
            self._do(self._greet(workspace, user, str(event.get("channel") or "")))

    async def _greet(self, workspace: str, user: str, place: str) -> None:
        """Questions to begin with, by the stage somebody stands on."""
        who = await self._personal.somebody(workspace, user, direct=place)
        questions = await self._personal.questions(who)
        client = await self._port.api(workspace)
        await client.assistant_threads_setSuggestedPrompts(channel_id=place, prompts=blocks.prompts(questions))

    async def _uninstalled(self, context: AsyncBoltContext) -> None:
        await asyncio.to_thread(self._hub.channels.uninstall, NAME, str(context.team_id))
        self._port.forget(str(context.team_id))

    async def _command(self, ack: AsyncAck, command: dict[str, Any], context: AsyncBoltContext) -> None:
        then = await self.commands.typed(str(context.team_id), command)
        await ack()
        self._do(then)

    async def _pressed(self, ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], context: AsyncBoltContext) -> None:
        then = await self.actions.pressed(str(context.team_id), body, action)
        await ack()
        if then is not None:
            self._do(then)

    async def _sent(self, ack: AsyncAck, body: dict[str, Any], view: dict[str, Any], context: AsyncBoltContext) -> None:
        """A modal's answer goes with the acknowledgement: faults beside the fields, or the next question."""
        response, then = await self.actions.sent(str(context.team_id), str(body["user"]["id"]), view)
        await ack(**response)
        if then is not None:
            self._do(then)

    def _do(self, work: Awaitable[None]) -> None:
        """Goes on after the acknowledgement; what fails is logged without what people wrote."""

        async def done() -> None:
            try:
                await work
            except SlackApiError as error:
                log.error("Slack refused %s", error.response.get("error"))
            except Exception as error:  # noqa: BLE001  the edge of a task
                log.error("something pressed in Slack failed: %s", type(error).__name__)

        task = asyncio.create_task(done())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _keep_nothing(_progress: Mapping[str, Any]) -> None:
    return None


async def _seen() -> None:
    """Messages are taken in by `SlackApp._take_in`; Bolt wants to know that somebody listens."""


def _all_of(prefix: str) -> Any:  # noqa: ANN401  a compiled pattern, which Bolt takes as a constraint
    return re.compile(f"{prefix}.*")


def _quiet() -> logging.Logger:
    """Bolt's errors without tracebacks and tokens; below an error it only tells what people wrote."""
    quiet = logging.getLogger("coach.channels.slack.bolt")
    quiet.setLevel(logging.ERROR)
    if not quiet.filters:
        quiet.addFilter(_bare)
    return quiet


def _bare(record: logging.LogRecord) -> bool:
    first = record.getMessage().strip().partition("\n")[0]
    record.msg, record.args, record.exc_info = _TOKEN.sub("xox…", first)[:300], (), None
    return True
