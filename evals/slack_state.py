"""What the stand-in for Slack keeps: workspaces, people, places, messages, views, files; and the events changes give rise to."""

from __future__ import annotations

import itertools
import json
import re
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from evals.slack_blocks import Json, read, read_markdown, read_mrkdwn

SCOPES = (
    *("app_mentions:read", "assistant:write", "channels:history", "channels:read", "chat:write", "commands", "files:read"),
    *("files:write", "groups:history", "groups:read", "im:history", "im:read", "im:write", "mpim:history"),
    *("mpim:read", "reactions:read", "reactions:write"),
    *("team:read", "users:read"),
)
EVENTS = (
    *("app_home_opened", "app_mention", "message.im", "message.channels", "message.groups", "message.mpim"),
    *("app_uninstalled", "tokens_revoked"),
)
SLACKBOT = "USLACKBOT"
"""Slack itself, who tells people that an app did not respond."""
_HISTORY = {"im": "im:history", "channel": "channels:history", "group": "groups:history"}
_EVENT_SCOPES = {"app_mention": "app_mentions:read", "reaction_added": "reactions:read"}
_MARKUP = re.compile(r"<(?:@[UW]\w+|#C\w+(?:\|[^<>]*)?|![^<>]+|https?://[^<>]+)>")


@dataclass
class Team:
    """A workspace with the app installed in it."""

    id: str
    name: str
    token: str
    bot: str
    """User id of the app's bot user."""
    bot_id: str
    scopes: tuple[str, ...]
    refused: str = ""
    """The error its token is answered with."""


@dataclass
class Call:
    """One call of the Web API (or a post to a response_url: method "response_url") and how it was answered."""

    method: str
    args: dict[str, Any]
    """JSON values as Python values, in form bodies too."""
    headers: dict[str, str]
    at: float
    team: str = ""
    error: str = ""
    status: int = 200
    answer: dict[str, Any] = field(default_factory=dict)


@dataclass
class Attempt:
    """One sending of a delivery."""

    at: float
    retry: int = 0
    reason: str = ""
    latency: float | None = None
    """Seconds until the acknowledgement, a late one too; None while there is none."""
    status: int = 0
    failed: str = ""
    """http_timeout, http_error, connection_failed, or timeout in Socket Mode."""
    late: bool = False


@dataclass
class Delivery:
    """Something sent to the app: an event, a command, a click, a submitted modal."""

    kind: Literal["events_api", "slash_commands", "interactive"]
    payload: dict[str, Any]
    attempts: list[Attempt] = field(default_factory=list)
    acked: bool = False
    given_up: bool = False
    answer: Any = None
    """What the acknowledgement held (a command's text, a view's response_action)."""
    then: Callable[[Delivery], None] | None = None

    @property
    def settled(self) -> bool:
        """Whether Slack will send it no more."""
        return self.acked or self.given_up


@dataclass
class Channel:
    """A place: a channel, a private one ("group") or the direct messages of one person with the app ("im")."""

    id: str
    team: Team
    name: str
    kind: Literal["channel", "group", "im"]
    creator: str
    members: list[str]
    messages: dict[str, Json] = field(default_factory=dict)
    ephemerals: list[tuple[str, Json]] = field(default_factory=list)
    """Who sees it, and what."""
    statuses: dict[str, str] = field(default_factory=dict)
    prompts: list[dict[str, str]] = field(default_factory=list)
    last_post: float = 0.0

    def root(self, ts: str) -> str:
        """The ts of the thread a message belongs to."""
        return str(self.messages.get(ts, {}).get("thread_ts", ts))

    def thread(self, root: str) -> list[Json]:
        """The root and its replies."""
        return [m for m in self.messages.values() if m["ts"] == root or m.get("thread_ts") == root]


@dataclass
class Trigger:
    """What allows the app to open a modal: once, for three seconds."""

    user: str
    at: float
    used: bool = False


@dataclass
class Respond:
    """A response_url: five posts within half an hour."""

    channel: Channel
    user: str
    at: float
    source: str = ""
    """The ts of the message that was clicked on."""
    left: int = 5


class World:
    """All of it, behind one lock; `changed` is notified after each change."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        self.changed = threading.Condition(threading.RLock())
        self.app_id = "A0COACH0001"
        self.signing_secret = "8f742231b10e8888abcd99eeefff85a5"
        self.app_token = "xapp-1-A0COACH0001-1111111111-stand-in"
        self.client_id, self.client_secret = "1111111111.2222222222", "client-secret-of-the-stand-in"
        self.subscribed: set[str] = set(EVENTS)
        self.teams: dict[str, Team] = {}
        self.users: dict[str, Json] = {}
        self.channels: dict[str, Channel] = {}
        self.streams: dict[str, bool] = {}
        """By ts, whether it goes on."""
        self.files: dict[str, Json] = {}
        self.contents: dict[str, bytes] = {}
        self.views: dict[str, Json] = {}
        self.modals: dict[str, list[str]] = {}
        self.homes: dict[str, str] = {}
        self.triggers: dict[str, Trigger] = {}
        self.responds: dict[str, Respond] = {}
        self.codes: dict[str, tuple[Team, str]] = {}
        self.status_log: list[tuple[str, str, str]] = []
        self.emit: Callable[[Team, Json], object] = lambda team, event: None
        self.files_url = ""
        self._last_ts = 0
        self._number = itertools.count(1)

    # ---- naming

    def new_id(self, letter: str) -> str:
        """An id nothing else has."""
        return f"{letter}0{next(self._number):09d}"

    def ts(self) -> str:
        """A message's name: the time, later than any before."""
        self._last_ts = max(int(self.clock() * 1_000_000), self._last_ts + 1)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def name(self, an_id: str) -> str:
        """What people read for an id."""
        if an_id in self.users:
            return str(self.users[an_id]["name"])
        if an_id == SLACKBOT:
            return "slackbot"
        return self.channels[an_id].name if an_id in self.channels else an_id

    def trigger(self, user: str) -> str:
        """A new trigger_id."""
        made = f"{next(self._number)}.{next(self._number)}.{user.lower()}"
        self.triggers[made] = Trigger(user, self.clock())
        return made

    def respond(self, channel: Channel, user: str, source: str = "") -> str:
        """The last part of a new response_url."""
        made = f"{channel.team.id}/{next(self._number)}/{user}"
        self.responds[made] = Respond(channel, user, self.clock(), source)
        return made

    # ---- who and where

    def add_team(self, name: str, scopes: Sequence[str]) -> Team:
        number = next(self._number)
        team = Team(self.new_id("T"), name, f"xoxb-{number}-stand-in", self.new_id("U"), self.new_id("B"), tuple(scopes))
        self.teams[team.id] = team
        self.users[team.bot] = _user(team.bot, team.id, "coach", "Coach", "UTC", "en-US", is_bot=True)
        return team

    def add_user(self, team: Team, name: str, real_name: str, tz: str, locale: str, **is_what: bool) -> str:
        made = self.new_id("U")
        self.users[made] = _user(made, team.id, name, real_name or name, tz, locale, **is_what)
        return made

    def add_channel(self, name: str, kind: Literal["channel", "group", "im"], creator: str, members: Sequence[str]) -> Channel:
        team = self.teams[self.users[creator]["team_id"]]
        channel = Channel(self.new_id({"channel": "C", "group": "G", "im": "D"}[kind]), team, name, kind, creator, [])
        channel.members = list(dict.fromkeys([creator, *members]))
        self.channels[channel.id] = channel
        return channel

    def dm(self, user: str) -> Channel:
        for channel in self.channels.values():
            if channel.kind == "im" and channel.creator == user:
                return channel
        team = self.teams[self.users[user]["team_id"]]
        return self.add_channel("", "im", user, [team.bot])

    def find(self, ts: str) -> tuple[Channel, Json]:
        """The message or ephemeral message of this ts. Raises KeyError."""
        for channel in self.channels.values():
            if ts in channel.messages:
                return channel, channel.messages[ts]
            for _, message in channel.ephemerals:
                if message["ts"] == ts:
                    return channel, message
        raise KeyError(f"no message {ts}")

    # ---- messages and their events

    def add_message(self, channel: Channel, user: str, message: Json) -> Json:
        """Stores it, with ts and author, and tells the app if it listens."""
        root = message.get("thread_ts")
        made: Json = {"type": "message", "user": user, "ts": self.ts(), "team": channel.team.id, **message}
        if user == channel.team.bot:
            made |= {"bot_id": channel.team.bot_id, "app_id": self.app_id}
            if root:
                channel.statuses.pop(root, None)
        else:
            made["client_msg_id"] = f"msg-{made['ts']}"
        made["blocks"] = self.with_ids(made["blocks"]) if made.get("blocks") else []
        if root:
            made["parent_user_id"] = channel.messages[root]["user"]
        channel.messages[made["ts"]] = made
        self.tell_message(channel, public(made))
        if self.mentions_app(channel, made["text"], user):
            self.tell_mention(channel, made)
        return made

    def change_message(self, channel: Channel, message: Json, **new: Any) -> None:
        """Edits it and tells the app."""
        before = public(message)
        message |= new
        now = self.ts()
        changed = {
            "subtype": "message_changed",
            "message": public(message),
            "previous_message": before,
            "hidden": True,
            "ts": now,
        }
        self.tell_message(channel, changed)
        mentioned = self.mentions_app(channel, before["text"], message["user"])
        if not mentioned and self.mentions_app(channel, message["text"], message["user"]):
            self.tell_mention(channel, message)

    def remove_message(self, channel: Channel, message: Json) -> None:
        """Deletes it; the root of a thread with replies stays as a gravestone."""
        before = public(message)
        now = self.ts()
        if len(channel.thread(message["ts"])) > 1:
            words = "This message was deleted."
            message |= {"subtype": "tombstone", "text": words, "hidden": True}
            message |= {"blocks": [], "files": [], "reactions": [], "edited": None}
            gone = {
                "subtype": "message_changed",
                "message": public(message),
                "previous_message": before,
                "hidden": True,
                "ts": now,
            }
        else:
            del channel.messages[message["ts"]]
            deleted = {"deleted_ts": message["ts"], "previous_message": before}
            gone = {"subtype": "message_deleted", **deleted, "hidden": True, "ts": now}
        self.tell_message(channel, gone)

    def mentions_app(self, channel: Channel, text: str, user: str) -> bool:
        return channel.kind != "im" and user != channel.team.bot and f"<@{channel.team.bot}>" in text

    def tell_message(self, channel: Channel, message: Json) -> None:
        kind = {"im": "message.im", "channel": "message.channels", "group": "message.groups"}[channel.kind]
        event = {"type": "message", **message, "channel": channel.id, "event_ts": message["ts"], "channel_type": channel.kind}
        self.tell(channel.team, kind, event, _HISTORY[channel.kind], channel)

    def tell_mention(self, channel: Channel, message: Json) -> None:
        keys = ("user", "text", "ts", "thread_ts", "parent_user_id", "team", "blocks", "client_msg_id", "files", "edited")
        found = {key: message[key] for key in keys if message.get(key)}
        event = {"type": "app_mention", **found, "channel": channel.id, "event_ts": message["ts"]}
        self.tell(channel.team, "app_mention", event, _EVENT_SCOPES["app_mention"], channel)

    def tell(self, team: Team, kind: str, event: Json, scope: str = "", channel: Channel | None = None) -> None:
        """Sends it if the app listens to this kind, may, and is there."""
        there = channel is None or team.bot in channel.members
        if kind in self.subscribed and there and (not scope or scope in team.scopes):
            self.emit(team, event)

    def with_ids(self, blocks: list[Json]) -> list[Json]:
        """A copy in which each block has an id, as Slack hands blocks back."""
        made: list[Json] = json.loads(json.dumps(blocks))
        return [{"block_id": f"b{next(self._number)}", **block} for block in made]

    # ---- reading

    def read_message(self, message: Json) -> str:
        """Text, blocks, files and reactions as people see them."""
        parts = []
        if message.get("markdown_text"):
            parts.append(read_markdown(message["markdown_text"], self.name))
        if message.get("blocks") and "client_msg_id" not in message:
            parts.append(read(message["blocks"], self.name))
        elif not parts:
            parts.append(read_mrkdwn(message.get("text", ""), self.name))
        parts += [f"[{file['name']}]" for file in message.get("files", [])]
        parts += [" ".join(f":{r['name']}: {len(r['users'])}" for r in message.get("reactions", []))]
        return "\n".join(part for part in parts if part)

    def transcript(self, channel: Channel, viewer: str) -> str:
        """All that `viewer` reads there, in order, threads indented below their roots."""
        own = [message for user, message in channel.ephemerals if user == viewer]
        everything = sorted([*channel.messages.values(), *own], key=lambda m: _order(m["ts"]))
        roots = [m for m in everything if m.get("thread_ts", m["ts"]) == m["ts"]]
        lines = []
        for root in roots:
            lines += self._lines(root, viewer, own, "")
            for reply in everything:
                if reply.get("thread_ts") == root["ts"] and reply is not root:
                    lines += self._lines(reply, viewer, own, "    ")
            if channel.statuses.get(root["ts"]):
                lines.append(f"    {self.name(channel.team.bot)} {channel.statuses[root['ts']]}")
        return "\n".join(lines)

    def _lines(self, message: Json, viewer: str, own: list[Json], indent: str) -> list[str]:
        chinese = str(self.users[viewer]["locale"]).startswith("zh")
        marks = []
        if any(message is mine for mine in own):
            marks.append("仅你可见" if chinese else "only visible to you")
        if message.get("edited"):
            marks.append("已编辑" if chinese else "edited")
        if self.streams.get(message["ts"]):
            marks.append("…")
        head = self.name(message["user"]) + ("（{}）" if chinese else " ({})").format("，".join(marks)) * bool(marks)
        first, *more = self.read_message(message).split("\n")
        return [f"{indent}{head}{'：' if chinese else ': '}{first}", *(f"{indent}  {line}" if line else "" for line in more)]


def escaped(text: str) -> str:
    """Typed text as Slack hands it on: & < > as entities, mentions and links as they are."""
    kept = [found[0] for found in _MARKUP.finditer(text)]
    parts = [part.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") for part in _MARKUP.split(text)]
    return "".join(part + mark for part, mark in itertools.zip_longest(parts, kept, fillvalue=""))


def typed_blocks(text: str) -> list[Json]:
    """The rich text block Slack makes of what a person typed."""
    spans: list[Json] = []
    for part in re.split(r"(<@\w+>)", text):
        if found := re.fullmatch(r"<@(\w+)>", part):
            spans.append({"type": "user", "user_id": found[1]})
        elif part:
            spans.append({"type": "text", "text": part})
    return [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": spans}]}] if spans else []


def public(message: Json) -> Json:
    """A copy as the Web API and events show it."""
    shown = {key: value for key, value in message.items() if key != "markdown_text" and value not in ([], None)}
    copied: Json = json.loads(json.dumps(shown))
    return copied


def _order(ts: str) -> tuple[int, ...]:
    return tuple(int(part) for part in ts.split("."))


def _user(an_id: str, team: str, name: str, real_name: str, tz: str, locale: str, **is_what: bool) -> Json:
    offset = datetime.now(ZoneInfo(tz)).utcoffset()
    assert offset is not None
    kinds = {"is_admin": False, "is_owner": False, "is_bot": False} | is_what
    profile = {"real_name": real_name, "display_name": name}
    times = {"tz": tz, "tz_label": tz, "tz_offset": int(offset.total_seconds())}
    who = {"id": an_id, "team_id": team, "name": name, "real_name": real_name, "deleted": False, "is_restricted": False}
    return {**who, **times, "locale": locale, "profile": profile, **kinds, "is_app_user": False, "updated": 0}
