"""Whom the route of Feishu's events lets in: lark-oapi's own dispatcher decrypts and checks, and this says what came of it."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import lark_oapi as lark
from lark_oapi.core.const import LARK_REQUEST_NONCE, LARK_REQUEST_SIGNATURE, LARK_REQUEST_TIMESTAMP
from lark_oapi.event.callback.model.p2_card_action_trigger import P2CardActionTrigger

from coach.service.errors import Refusal
from coach.settings import Settings

GOOD_FOR = 300.0
"""Seconds a signed request may be old, or ahead."""
_SIGNED = (LARK_REQUEST_TIMESTAMP, LARK_REQUEST_NONCE, LARK_REQUEST_SIGNATURE)


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A request that Feishu did send: a message, a pressed button, or neither; and the answer if nothing better is known."""

    workspace: str = ""
    message: Mapping[str, Any] | None = None
    action: Mapping[str, Any] | None = None
    answer: bytes = b"{}"


class Gate:
    """Stateless but for the keys."""

    def __init__(self, settings: Settings) -> None:
        self._keys = settings.feishu_encrypt_key, settings.feishu_verification_token

    def open(self, headers: Mapping[str, str], body: bytes) -> Opened:
        """What a request brings. Raises Refusal for one that is forged, stale or not readable."""
        request = lark.RawRequest()
        request.uri, request.body = "/feishu/events", body
        request.headers = {name: headers.get(name.lower(), "") for name in _SIGNED}
        messages: list[Any] = []
        actions: list[Any] = []

        def pressed(action: P2CardActionTrigger) -> dict[str, Any]:
            actions.append(action)
            return {}

        builder = lark.EventDispatcherHandler.builder(*self._keys, lark.LogLevel.CRITICAL)
        builder = builder.register_p2_im_message_receive_v1(messages.append).register_p2_card_action_trigger(pressed)
        response = builder.build().do(request)
        if response.status_code != 200:
            _refuse(bytes(response.content))
            return Opened()
        found = [*messages, *actions]
        if not found:
            return Opened(answer=bytes(response.content))  # the address is being verified, which is not signed
        _check_time(request.headers[LARK_REQUEST_TIMESTAMP])
        event = json.loads(lark.JSON.marshal(found[0].event))
        workspace = str(found[0].header.tenant_key)
        return Opened(workspace=workspace, message=event if messages else None, action=event if actions else None)


def _refuse(why: bytes) -> None:
    """The dispatcher answers everything that fails with 500 and a reason; what it merely has no use for is not refused."""
    if b"processor not found" in why:
        return
    if b"verification_token" in why:
        raise Refusal(401, "feishu_token")
    if b"signature" in why:
        raise Refusal(401, "feishu_signature")
    raise Refusal(400, "feishu_unreadable")


def _check_time(stamp: str) -> None:
    seconds = int(stamp) if stamp.isascii() and stamp.isdigit() and len(stamp) < 13 else 0
    if abs(time.time() - seconds) > GOOD_FOR:
        raise Refusal(401, "feishu_stale")
