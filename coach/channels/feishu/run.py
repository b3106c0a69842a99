"""Feishu within the service: the route to which it posts events, and the worker.

lark-oapi is large and optional, so it is imported only once a `Feishu` is made.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response

from coach.channels.feishu import cards, incoming
from coach.channels.hub import About, Hub
from coach.errors import NotFound, SetupError
from coach.messages import say
from coach.service.errors import Json, Refusal
from coach.settings import Settings

EVENTS_PATH = "/feishu/events"
_NEEDED = ("feishu_app_secret", "feishu_encrypt_key", "feishu_verification_token")

log = logging.getLogger(__name__)


class Feishu:
    """One object for as long as the service runs."""

    name = incoming.NAME

    def __init__(self, settings: Settings, hub: Hub) -> None:
        """Raises SetupError when a setting or the package is missing."""
        if missing := [f"COACH_{name.upper()}" for name in _NEEDED if not getattr(settings, name)]:
            raise SetupError(
                f"COACH_FEISHU_APP_ID is set, but {', '.join(missing)} is not: without them nobody can tell Feishu's events "
                "from forged ones.",
                hint="They stand in Feishu's developer console: the secret under “Credentials”, the other two under "
                "“Events & callbacks” → “Encryption strategy”.",
            )
        try:
            from coach.channels.feishu.calls import Calls
            from coach.channels.feishu.gate import Gate
            from coach.channels.feishu.port import FeishuPort
        except ModuleNotFoundError as error:
            if (error.name or "").partition(".")[0] != "lark_oapi":
                raise
            raise SetupError(
                "COACH_FEISHU_APP_ID is set, but the package lark-oapi is not installed.",
                hint="pip install 'marketing-career-coach[feishu]'",
            ) from error
        try:
            self._calls = Calls(settings)
        except ValueError as error:
            raise SetupError(
                f"COACH_FEISHU_API_URL={settings.feishu_api_url!r} is no address of Feishu's API.",
                hint="It is https://open.feishu.cn, or https://open.larksuite.com for Lark.",
            ) from error
        self._hub, self._gate = hub, Gate(settings)
        self._port = FeishuPort(self._calls, hub)
        self._work: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begins to answer."""
        self._work = asyncio.create_task(self._hub.work(self._port))

    async def stop(self) -> None:
        """Leaves what is under way to the next worker."""
        if self._work is not None:
            self._work.cancel()
            await asyncio.gather(self._work, return_exceptions=True)

    def routes(self) -> APIRouter:
        """Where Feishu posts to."""
        router = APIRouter()

        @router.post(EVENTS_PATH, response_model=None, include_in_schema=False)
        async def events(request: Request) -> Response:
            """Events and pressed buttons, each with Feishu's signature; acknowledged once they are kept."""
            opened = await asyncio.to_thread(self._gate.open, request.headers, await request.body())
            try:
                if opened.message is not None:
                    await self._message(opened.message, opened.workspace)
                elif opened.action is not None:
                    return Json(await self._pressed(opened.action, opened.workspace))
            except Exception as error:
                # Feishu sends again what is not acknowledged. No traceback: it could carry people's words.
                log.error("an event of Feishu could not be kept: %s", type(error).__name__)
                raise Refusal(500, "internal") from error
            return Response(opened.answer, media_type="application/json")

        return router

    async def _message(self, event: Mapping[str, Any], workspace: str) -> None:
        """Takes in what somebody wrote to the coach, or in a thread of its; everything else is none of its business."""
        message, sender = event["message"], event["sender"]
        if sender.get("sender_type") != "user" or not (sender.get("sender_id") or {}).get("open_id"):
            return
        me = await self._calls.myself()
        asked = incoming.asked(event, workspace, me)
        others = [who for who in incoming.mentioned(message) if who != me]
        if not asked.direct and me not in incoming.mentioned(message):
            follows = asked.thread != asked.message and asked.text and not others
            if not follows or not await self._hub.takes_part(asked):
                return
            asked = asked.model_copy(update={"unaddressed": True})
        await self._hub.receive(asked)

    async def _pressed(self, event: Mapping[str, Any], workspace: str) -> dict[str, Any]:
        """Keeps what somebody thinks of an answer; a short sentence for them alone."""
        judged = cards.verdict_of((event.get("action") or {}).get("value"))
        who = str((event.get("operator") or {}).get("open_id") or "")
        if judged is None or not who:
            return {}
        verdict, exchange = judged
        user = await self._hub.meet(self.name, workspace, who, About())
        try:
            await asyncio.to_thread(self._hub.judge, user, exchange, "up" if verdict == "up" else "down", "", "zh")
        except NotFound:
            return _toast("feishu_vote_lost", "error")
        return _toast(f"feishu_vote_{verdict}", "success")


def _toast(key: str, kind: str) -> dict[str, Any]:
    chinese, english = say(key, "zh"), say(key, "en")
    return {"toast": {"type": kind, "content": chinese, "i18n": {"zh_cn": chinese, "en_us": english}}}
