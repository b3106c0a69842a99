"""A local stand-in for Feishu: its open API as lark-oapi calls it, and the events and pressed buttons it sends.

    with FeishuServer() as feishu:
        anna = feishu.user("安娜")
        group = feishu.group(anna)
        message = feishu.say(anna, group, "CMO 要哪些能力？", mention=True)
        headers, body = feishu.sent(feishu.event(message))   # to be posted to /feishu/events
        feishu.wait(lambda: "能力" in feishu.read(group))

Strict where Feishu is: tokens, JSON of cards (schema 2.0), 30 KB a card, unique ids that are taken once, threads, who is where.
"""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import os
import re
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Literal, Self
from urllib.parse import parse_qsl, urlsplit

from Crypto.Cipher import AES

from evals.feishu_cards import Json, buttons, refused, shown

Signature = Literal["good", "bad", "stale", "none"]

_ROUTES = (
    ("POST", r"/open-apis/auth/v3/tenant_access_token/internal", "token"),
    ("GET", r"/open-apis/bot/v3/info", "bot"),
    ("POST", r"/open-apis/im/v1/messages", "create"),
    ("GET", r"/open-apis/im/v1/messages", "list"),
    ("POST", r"/open-apis/im/v1/messages/([^/]+)/reply", "reply"),
    ("PATCH", r"/open-apis/im/v1/messages/([^/]+)", "patch"),
    ("GET", r"/open-apis/im/v1/messages/([^/]+)", "get"),
    ("DELETE", r"/open-apis/im/v1/messages/([^/]+)", "delete"),
)


class ApiError(Exception):
    """A call is answered with this code."""

    def __init__(self, code: int, message: str = "", status: int = 400) -> None:
        super().__init__(message)
        self.code, self.status = code, status


@dataclass
class Message:
    """A message; `edits` counts how often it was shown anew."""

    id: str
    chat: str
    sender: str
    kind: str
    content: str
    at: int
    root: str = ""
    thread: str = ""
    mentions: tuple[str, ...] = ()
    edits: int = 0
    deleted: bool = False

    @property
    def card(self) -> Json:
        """What it shows, if it is a card."""
        held: Json = json.loads(self.content)
        return held


@dataclass
class Call:
    """A call of the API and the code it was answered with."""

    name: str
    path: str
    body: Json
    at: float
    code: int = 0


@dataclass
class Failure:
    """How the next calls of one kind fail; `lost`: they succeed, and the answer does not arrive."""

    name: str
    code: int
    status: int
    headers: Mapping[str, str]
    times: int
    lost: bool = False


@dataclass
class Chat:
    """A group, or the direct chat of one user with the bot."""

    id: str
    members: list[str]
    direct: bool = False


class FeishuServer:
    """Serves on a free port of 127.0.0.1 for as long as the `with` block lasts."""

    def __init__(self, *, token_lasts: int = 7200) -> None:
        self.app_id, self.app_secret = f"cli_{os.urandom(4).hex()}", os.urandom(16).hex()
        self.encrypt_key, self.verification_token = os.urandom(8).hex(), os.urandom(8).hex()
        self.tenant, self.bot = os.urandom(6).hex(), "ou_bot"
        self.users: dict[str, str] = {}
        self.chats: dict[str, Chat] = {}
        self.messages: dict[str, Message] = {}
        self.calls: list[Call] = []
        self.tokens: set[str] = set()
        self.unavailable: set[str] = set()
        """Users to whom the bot is not available."""
        self.may_read = True
        """Whether the app may read a group's messages and people's names."""
        self.threads = True
        """Whether groups have threads."""
        self._token_lasts = token_lasts
        self._failures: list[Failure] = []
        self._held: dict[str, threading.Event] = {}
        self._unique: dict[str, str] = {}
        self._changed = threading.Condition(threading.RLock())
        self._numbers = itertools.count(1)
        handler = type("Handler", (_Handler,), {"feishu": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for held in self._held.values():
            held.set()
        self._server.shutdown()
        self._server.server_close()

    def settings(self) -> dict[str, str]:
        """What the coach must be told."""
        return {
            "feishu_app_id": self.app_id,
            "feishu_app_secret": self.app_secret,
            "feishu_encrypt_key": self.encrypt_key,
            "feishu_verification_token": self.verification_token,
            "feishu_api_url": self.url,
        }

    # --- people -------------------------------------------------------------------------------------------------------

    def user(self, name: str) -> str:
        """Somebody new; their open_id."""
        who = f"ou_{next(self._numbers):04d}"
        self.users[who] = name
        return who

    def group(self, *members: str) -> str:
        """A group with the bot in it."""
        chat = f"oc_{next(self._numbers):04d}"
        self.chats[chat] = Chat(chat, list(members))
        return chat

    def direct(self, user: str) -> str:
        """The direct chat of a user with the bot."""
        for chat in self.chats.values():
            if chat.direct and chat.members == [user]:
                return chat.id
        chat_id = self.group(user)
        self.chats[chat_id].direct = True
        return chat_id

    def say(
        self,
        user: str,
        chat: str,
        text: str,
        *,
        mention: bool = False,
        others: Sequence[str] = (),
        under: str = "",
        quoting: str = "",
        kind: str = "text",
    ) -> str:
        """Somebody writes; the id of the message. `under`: in the thread of that message; `quoting`: as a plain reply to it."""
        mentions = ((self.bot,) if mention else ()) + tuple(others)
        written = "".join(f"@_user_{n} " for n in range(1, len(mentions) + 1)) + text
        contents: dict[str, Json] = {"text": {"text": written}, "post": _post(mentions, text)}
        content = contents.get(kind, {"image_key": "img_1", "file_key": "file_1"})
        root, thread = "", ""
        if under:
            first = self.messages[self.messages[under].root or under]
            first.thread = thread = first.thread or f"omt_{first.id}"
            root = first.id
        elif quoting:
            root = self.messages[quoting].root or quoting
        return self._add(chat, user, kind, json.dumps(content, ensure_ascii=False), root, thread, mentions).id

    # --- what Feishu sends --------------------------------------------------------------------------------------------

    def event(self, message: str, **changes: Any) -> Json:
        """The event im.message.receive_v1 of a message."""
        own = self.messages[message]
        told: Json = {
            "message_id": own.id,
            "create_time": str(own.at),
            "chat_id": own.chat,
            "chat_type": "p2p" if self.chats[own.chat].direct else "group",
            "message_type": own.kind,
            "content": own.content,
            "mentions": [
                {"key": f"@_user_{n}", "id": {"open_id": who}, "name": self.users.get(who, "教练"), "tenant_key": self.tenant}
                for n, who in enumerate(own.mentions, 1)
            ],
        }
        if own.root:
            told |= {"root_id": own.root, "parent_id": own.root}
        if own.thread:
            told["thread_id"] = own.thread
        sender = {"sender_id": {"open_id": own.sender}, "sender_type": "user", "tenant_key": self.tenant, **changes}
        return self._event("im.message.receive_v1", {"sender": sender, "message": told})

    def press(self, user: str, message: str, sign: str) -> Json:
        """The callback of a pressed button of a card."""
        button = next(b for b in buttons(self.messages[message].card) if b["text"]["content"] == sign)
        value = button["behaviors"][0]["value"]
        where = {"open_message_id": message, "open_chat_id": self.messages[message].chat}
        operator = {"open_id": user, "tenant_key": self.tenant}
        return self._event(
            "card.action.trigger", {"operator": operator, "action": {"tag": "button", "value": value}, "context": where}
        )

    def challenge(self, challenge: str = "ajls384kdjx98XX") -> Json:
        """What Feishu sends to verify an address."""
        return {"challenge": challenge, "token": self.verification_token, "type": "url_verification"}

    def sent(
        self, event: Json, *, encrypted: bool = True, signature: Signature = "good", token: str = ""
    ) -> tuple[dict[str, str], bytes]:
        """Headers and body of the request with an event."""
        if token:
            event = {**event, "token": token} if "type" in event else {**event, "header": {**event["header"], "token": token}}
        body = json.dumps(event, ensure_ascii=False).encode()
        if encrypted:
            body = json.dumps({"encrypt": self._encrypted(body)}).encode()
        headers = {"content-type": "application/json"}
        if signature != "none":
            stamp = str(int(time.time()) - (301 if signature == "stale" else 0))
            key = self.encrypt_key if signature != "bad" else "another key"
            signed = hashlib.sha256((stamp + "nonce" + key).encode() + body).hexdigest()
            headers |= {"X-Lark-Request-Timestamp": stamp, "X-Lark-Request-Nonce": "nonce", "X-Lark-Signature": signed}
        return headers, body

    # --- mishaps ------------------------------------------------------------------------------------------------------

    def fail(
        self,
        name: str,
        code: int = 99991400,
        *,
        status: int = 429,
        headers: Mapping[str, str] | None = None,
        times: int = 1,
        lost: bool = False,
    ) -> None:
        """The next calls of a kind (create, reply, patch …) are refused, or (`lost`) made without an answer."""
        self._failures.append(Failure(name, code, status, headers or {}, times, lost))

    def hold(self, name: str) -> threading.Event:
        """The next calls of a kind wait until the event is set, and then come to nothing."""
        self._held[name] = threading.Event()
        return self._held[name]

    def revoke(self) -> None:
        """No token that was given out is good any more."""
        self.tokens.clear()

    def recall(self, message: str) -> None:
        """Somebody takes a message back."""
        self.messages[message].deleted = True

    # --- what came of it ----------------------------------------------------------------------------------------------

    def from_bot(self, chat: str) -> list[Message]:
        """The bot's messages that can be seen there."""
        with self._changed:
            return [m for m in self.messages.values() if m.chat == chat and m.sender == self.app_id and not m.deleted]

    def read(self, chat: str) -> str:
        """The bot's messages there as a person reads them."""
        return "\n\n".join(shown(message.card) for message in self.from_bot(chat))

    def called(self, name: str) -> list[Call]:
        """The calls of a kind."""
        with self._changed:
            return [call for call in self.calls if call.name == name]

    def wait(self, until: Callable[[], Any], seconds: float = 60.0) -> None:
        """Returns as soon as it is so. Raises TimeoutError."""
        end = time.monotonic() + seconds
        with self._changed:
            while not until():
                if (left := end - time.monotonic()) <= 0:
                    raise TimeoutError("\n".join(f"{c.name} {c.path} {c.code}" for c in self.calls[-10:]))
                self._changed.wait(min(left, 0.5))

    # --- the API ------------------------------------------------------------------------------------------------------

    def answer(self, method: str, path: str, query: Json, body: Json, token: str) -> tuple[int, Json, Mapping[str, str], bool]:
        """(status, body, headers, whether the answer is lost) of one call."""
        name, ids = next(
            ((n, found.groups()) for verb, route, n in _ROUTES if verb == method and (found := re.fullmatch(route, path))),
            ("unknown", ()),
        )
        if held := self._held.pop(name, None):
            with self._changed:
                self.calls.append(Call(name, path, body, time.monotonic(), -1))
                self._changed.notify_all()
            held.wait()
            return 500, {"code": -1}, {}, True
        with self._changed:
            call = Call(name, path, body, time.monotonic())
            self.calls.append(call)
            self._changed.notify_all()
            failure = self._failing(name)
            if failure is not None and not failure.lost:
                call.code = failure.code
                return failure.status, {"code": failure.code, "msg": "failed on demand"}, failure.headers, False
            try:
                if name != "token" and token not in self.tokens:
                    raise ApiError(99991663, "Invalid access token for authorization.")
                said = getattr(self, f"_{name}")(*ids, query=query, body=body)
            except ApiError as error:
                call.code = error.code
                return error.status, {"code": error.code, "msg": str(error)}, {}, False
            return 200, {"code": 0, "msg": "success", **said}, {}, failure is not None

    def _failing(self, name: str) -> Failure | None:
        for failure in self._failures:
            if failure.name == name and failure.times:
                failure.times -= 1
                return failure
        return None

    def _unknown(self, **_: Any) -> Json:
        raise ApiError(404, "404 page not found", 404)

    def _token(self, *, body: Json, **_: Any) -> Json:
        if (body.get("app_id"), body.get("app_secret")) != (self.app_id, self.app_secret):
            raise ApiError(10014, "app secret invalid")
        token = f"t-{os.urandom(8).hex()}"
        self.tokens.add(token)
        return {"tenant_access_token": token, "expire": self._token_lasts}

    def _bot(self, **_: Any) -> Json:
        return {"bot": {"open_id": self.bot, "app_name": "教练", "activate_status": 2}}

    def _create(self, *, query: Json, body: Json, **_: Any) -> Json:
        user = str(body.get("receive_id"))
        if query.get("receive_id_type") != "open_id" or user not in self.users:
            raise ApiError(230001, "invalid receive_id")
        if user in self.unavailable:
            raise ApiError(230013, "Bot has NO availability to this user.")
        return self._posted(self.direct(user), body)

    def _reply(self, message: str, *, body: Json, **_: Any) -> Json:
        to = self._there(message)
        if to.deleted:
            raise ApiError(230011, "The message is recalled.")
        chat = self.chats[to.chat]
        if body.get("reply_in_thread") and not self.threads and not chat.direct:
            raise ApiError(230071, "The group to which the message belongs does not support reply in thread.")
        first = self.messages[to.root] if to.root else to
        if body.get("reply_in_thread"):
            first.thread = first.thread or f"omt_{first.id}"
        return self._posted(to.chat, body, first.id, to.thread or (first.thread if body.get("reply_in_thread") else ""))

    def _posted(self, chat: str, body: Json, root: str = "", thread: str = "") -> Json:
        unique = str(body.get("uuid") or "")
        if len(unique) > 50:
            raise ApiError(230001, "uuid is too long")
        if unique and unique in self._unique:
            return {"data": self._told(self.messages[self._unique[unique]])}
        if body.get("msg_type") != "interactive":
            raise ApiError(230001, "this stand-in takes cards only")
        self._check_card(body)
        made = self._add(chat, self.app_id, "interactive", body["content"], root, thread, ())
        if unique:
            self._unique[unique] = made.id
        return {"data": self._told(made)}

    def _patch(self, message: str, *, body: Json, **_: Any) -> Json:
        own = self._there(message)
        if own.sender != self.app_id:
            raise ApiError(230017, "Bot is NOT the owner of the resource.")
        if own.deleted:
            raise ApiError(230011, "The message is recalled.")
        self._check_card(body)
        own.content, own.edits = body["content"], own.edits + 1
        return {"data": {}}

    def _delete(self, message: str, **_: Any) -> Json:
        self._there(message).deleted = True
        return {"data": {}}

    def _get(self, message: str, **_: Any) -> Json:
        own = self._there(message)
        self._may_read(own.chat)
        return {"data": {"items": [self._told(own)]}}

    def _list(self, *, query: Json, **_: Any) -> Json:
        if query.get("container_id_type") != "thread" or not 1 <= int(query.get("page_size", 20)) <= 50:
            raise ApiError(230001, "invalid container_id_type or page_size")
        found = [m for m in self.messages.values() if m.thread and m.thread == query["container_id"]]
        if not found:
            raise ApiError(230019, "The topic does NOT exist.")
        self._may_read(found[0].chat)
        if query.get("sort_type") == "ByCreateTimeDesc":
            found.reverse()
        page = found[: int(query.get("page_size", 20))]
        return {"data": {"has_more": len(page) < len(found), "items": [self._told(m) for m in page]}}

    def _check_card(self, body: Json) -> None:
        if wrong := refused(body):
            raise ApiError(*wrong)

    def _may_read(self, chat: str) -> None:
        if not self.may_read and not self.chats[chat].direct:
            raise ApiError(230027, "Lack of necessary permissions, ext=need scope: im:message.group_msg")

    def _there(self, message: str) -> Message:
        if message not in self.messages:
            raise ApiError(230001, "invalid message_id")
        return self.messages[message]

    def _told(self, own: Message) -> Json:
        """A message as the API shows it; cards do not come back as they were sent."""
        app = own.sender == self.app_id
        content = '{"title":null,"elements":[[{"tag":"text","text":"请升级至最新版本客户端"}]]}' if app else own.content
        told: Json = {
            "message_id": own.id,
            "msg_type": own.kind,
            "create_time": str(own.at),
            "chat_id": own.chat,
            "deleted": own.deleted,
            "updated": own.edits > 0,
            "sender": {"id": own.sender, "id_type": "app_id" if app else "open_id", "sender_type": "app" if app else "user"},
            "body": {"content": "This message was recalled" if own.deleted else content},
            "mentions": [
                {"key": f"@_user_{n}", "id": who, "id_type": "open_id", "name": self.users.get(who, "教练")}
                for n, who in enumerate(own.mentions, 1)
            ],
        }
        if own.root:
            told |= {"root_id": own.root, "parent_id": own.root}
        if own.thread:
            told["thread_id"] = own.thread
        return told

    def _add(self, chat: str, sender: str, kind: str, content: str, root: str, thread: str, mentions: tuple[str, ...]) -> Message:
        with self._changed:
            number = next(self._numbers)
            at = int(time.time() * 1000)
            own = Message(f"om_{number:04d}", chat, sender, kind, content, at, root, thread, mentions)
            self.messages[own.id] = own
            self._changed.notify_all()
            return own

    def _event(self, kind: str, event: Json) -> Json:
        header = {
            "event_id": os.urandom(8).hex(),
            "event_type": kind,
            "create_time": str(int(time.time() * 1000)),
            "token": self.verification_token,
            "app_id": self.app_id,
            "tenant_key": self.tenant,
        }
        return {"schema": "2.0", "header": header, "event": event}

    def _encrypted(self, body: bytes) -> str:
        pad = AES.block_size - len(body) % AES.block_size
        start = os.urandom(AES.block_size)
        cipher = AES.new(hashlib.sha256(self.encrypt_key.encode()).digest(), AES.MODE_CBC, start)
        return base64.b64encode(start + cipher.encrypt(body + bytes([pad]) * pad)).decode()


class _Handler(BaseHTTPRequestHandler):
    feishu: FeishuServer
    protocol_version = "HTTP/1.1"

    def _serve(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        raw = self.rfile.read(length)
        parts = urlsplit(self.path)
        token = (self.headers.get("authorization") or "").removeprefix("Bearer ")
        body = json.loads(raw) if raw else {}
        status, said, headers, lost = self.feishu.answer(self.command, parts.path, dict(parse_qsl(parts.query)), body, token)
        if lost:
            self.close_connection = True
            return
        answer = json.dumps(said, ensure_ascii=False).encode()
        self.send_response(status)
        for name, value in {"content-type": "application/json; charset=utf-8", **headers}.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_GET = do_POST = do_PATCH = do_DELETE = _serve

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: tests look at `calls`."""


def _post(mentions: Sequence[str], text: str) -> Json:
    """A formatted message as an event brings it: the mentions, and then each line of the text."""
    ats = [{"tag": "at", "user_id": f"@_user_{n}", "user_name": ""} for n in range(1, len(mentions) + 1)]
    first, *rest = text.split("\n")
    lines = [[*ats, {"tag": "text", "text": first, "style": ["bold"]}], *([{"tag": "text", "text": line}] for line in rest)]
    return {"title": "", "content": lines}
