"""Feishu's open API through lark-oapi: the few calls the channel makes, with the patience Feishu asks for.

lark-oapi gets and renews the token. Its calls block, the renewal even in its asynchronous ones, so they run in threads.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Any

import lark_oapi as lark
from lark_oapi.api.im.v1 import (
    CreateMessageRequest,
    CreateMessageRequestBody,
    DeleteMessageRequest,
    GetMessageRequest,
    ListMessageRequest,
    PatchMessageRequest,
    PatchMessageRequestBody,
    ReplyMessageRequest,
    ReplyMessageRequestBody,
)
from lark_oapi.core.cache import ICache, LocalCache
from lark_oapi.core.exception import ObtainAccessTokenException

from coach.channels.feishu.cards import Card
from coach.settings import Settings

GONE = (230011, 230031, 230050, 230110, 230111)
"""The message was taken back, is too old to be changed, or cannot be seen any more."""
OUTSIDE = (230002, 230027, 232009)
"""The bot is not in the group (any more), or may not do this there."""
UNREACHABLE = (230013, 230035, 230038, 230075)
"""No direct message reaches the user."""
_NO_THREADS = (230071, 230072)
_LIMITED = (99991400, 230020, 11232)
_BAD_TOKEN = (99991661, 99991663, 99991664, 99991668)
_TRIES = 5
_LONGEST_WAIT = 120.0  # seconds; somebody who is to wait longer is better served by a later try of the whole answer
_PATIENCE = 30  # seconds for one call

_Api = Callable[[Any], Any]


class FeishuError(Exception):
    """Feishu refused a call; `code` is its own. The message holds nothing that people wrote."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(f"{code} {message}"[:300])
        self.code = code


class _Tokens(ICache):  # type: ignore[misc]
    """Where lark-oapi keeps the token; can be emptied when Feishu no longer takes it."""

    def __init__(self) -> None:
        self._held = LocalCache()

    def get(self, key: str) -> str | None:
        """The token, as long as it lasts."""
        token: str | None = self._held.get(key)
        return token

    def set(self, key: str, value: str, expire: int) -> None:
        """Keeps a token until then."""
        self._held.set(key, value, expire)

    def empty(self) -> None:
        """The next call gets a new token."""
        self._held = LocalCache()


class Calls:
    """One object for the app. Raises FeishuError for what Feishu refuses; ValueError for an API address that is none."""

    def __init__(self, settings: Settings) -> None:
        self._tokens = _Tokens()
        self._client = (
            lark.Client.builder()
            .app_id(settings.feishu_app_id)
            .app_secret(settings.feishu_app_secret)
            .domain(settings.feishu_api_url.rstrip("/"))
            .timeout(_PATIENCE)
            .cache(self._tokens)
            .log_level(lark.LogLevel.CRITICAL)  # what it logs itself goes to standard output, with traces
            .build()
        )
        self._me = ""

    async def myself(self) -> str:
        """The bot's own open_id."""
        if not self._me:
            request = lark.BaseRequest.builder().http_method(lark.HttpMethod.GET).uri("/open-apis/bot/v3/info")
            tokens = {lark.AccessTokenType.TENANT}
            said = await self._call(self._client.request, lambda: request.token_types(tokens).build(), whole=True)
            self._me = str((said.get("bot") or {}).get("open_id") or "")
            if not self._me:
                raise FeishuError(0, "the app has no bot")
        return self._me

    async def reply(self, message: str, card: Card, unique: str, *, in_thread: bool) -> str:
        """Answers a message with a card, once for each `unique` within an hour; the id of the new message."""

        def build(threaded: bool) -> ReplyMessageRequest:
            body = ReplyMessageRequestBody.builder().msg_type("interactive").content(_content(card)).uuid(unique)
            made = ReplyMessageRequest.builder().message_id(message)
            return made.request_body(body.reply_in_thread(threaded).build()).build()

        try:
            said = await self._call(self._client.im.v1.message.reply, lambda: build(in_thread))
        except FeishuError as error:
            if not in_thread or error.code not in _NO_THREADS:
                raise
            said = await self._call(self._client.im.v1.message.reply, lambda: build(False))
        return str(said["message_id"])

    async def send(self, user: str, card: Card, unique: str) -> str:
        """A card for one user, in their direct chat, once for each `unique` within an hour; the id of the new message."""

        def build() -> CreateMessageRequest:
            body = CreateMessageRequestBody.builder().receive_id(user).msg_type("interactive").content(_content(card))
            made = CreateMessageRequest.builder().receive_id_type("open_id")
            return made.request_body(body.uuid(unique).build()).build()

        return str((await self._call(self._client.im.v1.message.create, build))["message_id"])

    async def update(self, message: str, card: Card) -> None:
        """Shows another card in the place of one of ours."""

        def build() -> PatchMessageRequest:
            body = PatchMessageRequestBody.builder().content(_content(card)).build()
            return PatchMessageRequest.builder().message_id(message).request_body(body).build()

        await self._call(self._client.im.v1.message.patch, build)

    async def delete(self, message: str) -> None:
        """Takes one of our messages back."""
        api = self._client.im.v1.message.delete
        await self._call(api, lambda: DeleteMessageRequest.builder().message_id(message).build())

    async def message(self, message: str) -> dict[str, Any]:
        """A message as the API shows it."""
        api = self._client.im.v1.message.get
        said = await self._call(api, lambda: GetMessageRequest.builder().message_id(message).build())
        items = said.get("items") or ()
        return dict(items[0]) if items else {}

    async def thread(self, thread: str, limit: int) -> list[dict[str, Any]]:
        """The newest messages of a thread, oldest first."""

        def build() -> ListMessageRequest:
            made = ListMessageRequest.builder().container_id_type("thread").container_id(thread)
            return made.sort_type("ByCreateTimeDesc").page_size(limit).build()

        said = await self._call(self._client.im.v1.message.list, build)
        return [dict(item) for item in reversed(said.get("items") or ())]

    async def _call(self, api: _Api, build: Callable[[], Any], *, whole: bool = False) -> dict[str, Any]:
        """What Feishu answers: its `data`, or all of it. A call that it puts off is made again when it says."""
        for attempt in range(1, _TRIES + 1):
            code, said, wait = await asyncio.to_thread(_once, api, build)
            if code == 0:
                return said if whole else dict(said.get("data") or {})
            if code in _BAD_TOKEN and attempt == 1:
                self._tokens.empty()
                continue
            pause = wait if wait is not None else float(2 ** (attempt - 1))
            if code not in _LIMITED or attempt == _TRIES or pause > _LONGEST_WAIT:
                break
            await asyncio.sleep(pause)
        raise FeishuError(code, str(said.get("msg") or ""))


def _once(api: _Api, build: Callable[[], Any]) -> tuple[int, dict[str, Any], float | None]:
    """(code, answer, seconds to wait) of one call."""
    try:
        response = api(build())
    except ObtainAccessTokenException as error:
        return int(error.code or -1), {"msg": error.msg}, None
    raw = response.raw
    headers = {name.lower(): value for name, value in raw.headers.items()}
    said = json.loads(raw.content)
    limited = raw.status_code == 429
    code = _LIMITED[0] if limited else int(said.get("code", -1))
    return code, said, _wait(headers)


def _wait(headers: Mapping[str, str]) -> float | None:
    for name in ("x-ogw-ratelimit-reset", "retry-after"):
        try:
            return max(0.0, float(headers[name]))
        except (KeyError, ValueError):
            continue
    return None


def _content(card: Card) -> str:
    return json.dumps(card, ensure_ascii=False)
