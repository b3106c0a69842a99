"""A local stand-in for Slack that slack-bolt and slack-sdk cannot tell from the real one: Web API, Socket Mode, events.

with SlackServer() as slack:                                    # mode="http", url="http://127.0.0.1:8000" for HTTP
    ada = slack.add_user("ada"); place = slack.add_channel("growth", ada)
    ... AsyncWebClient(token=slack.team.token, base_url=slack.api_url), app token slack.app_token
    ts = slack.say(ada, place, f"<@{slack.team.bot}> 你好")
    slack.wait(lambda: slack.replies(place, ts))
    print(slack.transcript(place, ada))

It is strict: what Slack refuses is refused with Slack's own error codes. Ids and ts are never used twice, so a ts alone names a
message. Everything may be called from any thread; `await slack.until(…)` is `wait` for a test that runs on an event loop.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Any, Literal, Self, TypeVar

from evals.slack_api import Api
from evals.slack_blocks import Json, clicked, controls, elements, filled, input_id, read_view, wrong_with_view
from evals.slack_socket import Failure, Signature, Wires
from evals.slack_state import SCOPES, SLACKBOT, Call, Channel, Delivery, Team, World, escaped, public, typed_blocks
from evals.slack_views import Refused

T = TypeVar("T")


class SlackServer:
    """Slack on 127.0.0.1 for as long as the `with` block lasts; one workspace, `team`, is there from the beginning.

    `url` is the service's base address in HTTP mode (posts go to url + /slack/events); it may be set later. `retry_after`:
    seconds before each repetition of an event that was not acknowledged within `ack_within` seconds.
    """

    def __init__(
        self,
        *,
        mode: Literal["socket", "http"] = "socket",
        url: str = "",
        clock: Callable[[], float] = time.time,
        ack_within: float = 3.0,
        retry_after: Sequence[float] = (0.0, 60.0, 300.0),
    ) -> None:
        self._world = World(clock)
        self._api = Api(self._world)
        self._wires = Wires(self._world, self._api, ack_within=ack_within, retry_after=retry_after)
        self._wires.mode, self._wires.url = mode, url
        self._world.emit = lambda team, event: self.event(event, team=team)
        self._api.new_socket_url = self._wires.new_socket_url
        self.team = self._world.add_team("Acme", SCOPES)
        self.api_url = ""
        """For base_url, with the last slash; known once the `with` block has begun."""

    def __enter__(self) -> Self:
        address = self._wires.start()
        self.api_url, self._world.files_url = f"{address}/api/", address
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._wires.stop()

    # ---- the app as Slack knows it

    @property
    def app_token(self) -> str:
        """For Socket Mode."""
        return self._world.app_token

    @property
    def signing_secret(self) -> str:
        """For requests in HTTP mode."""
        return self._world.signing_secret

    @property
    def client_id(self) -> str:
        """For OAuth."""
        return self._world.client_id

    @property
    def client_secret(self) -> str:
        """For OAuth."""
        return self._world.client_secret

    @property
    def app_id(self) -> str:
        """A…."""
        return self._world.app_id

    @property
    def subscribed(self) -> set[str]:
        """The events the app listens to, as in its manifest; may be changed."""
        return self._world.subscribed

    @property
    def url(self) -> str:
        """Where the service is in HTTP mode."""
        return self._wires.url

    @url.setter
    def url(self, url: str) -> None:
        self._wires.url = url

    # ---- who and where

    def add_team(self, name: str, *, scopes: Sequence[str] = SCOPES) -> Team:
        """Another workspace in which the app is installed."""
        with self._world.changed:
            return self._world.add_team(name, scopes)

    def add_user(
        self,
        name: str,
        *,
        team: Team | None = None,
        real_name: str = "",
        tz: str = "Asia/Shanghai",
        locale: str = "zh-CN",
        admin: bool = False,
        owner: bool = False,
        is_bot: bool = False,
    ) -> str:
        """The new user's id; of the first workspace when no team is named."""
        kinds = {"is_admin": admin or owner, "is_owner": owner, "is_bot": is_bot}
        with self._world.changed:
            return self._world.add_user(team or self.team, name, real_name, tz, locale, **kinds)

    def add_channel(
        self, name: str, creator: str, members: Sequence[str] = (), *, private: bool = False, bot: bool = True
    ) -> str:
        """The id of a new channel in the creator's workspace; the app is in it when `bot`."""
        with self._world.changed:
            team = self._team_of(creator)
            everyone = [*members, *([team.bot] if bot else [])]
            return self._world.add_channel(name, "group" if private else "channel", creator, everyone).id

    def dm(self, user: str) -> str:
        """The place of the direct messages between this user and the app."""
        with self._world.changed:
            return self._world.dm(user).id

    def join(self, channel: str, user: str) -> None:
        """The user, or the app (team.bot), becomes a member."""
        with self._world.changed:
            place = self._world.channels[channel]
            if user not in place.members:
                place.members.append(user)
                event = {"type": "member_joined_channel", "user": user, "channel": channel, "team": place.team.id}
                self._world.tell(place.team, "member_joined_channel", event, channel=place)

    def leave(self, channel: str, user: str) -> None:
        """The user, or the app, is no longer a member."""
        with self._world.changed:
            self._world.channels[channel].members.remove(user)

    def revoke(self, team: Team, error: Literal["token_revoked", "account_inactive", "invalid_auth"] = "token_revoked") -> None:
        """From now on the token is refused with this error; the app is told as when it is uninstalled."""
        with self._world.changed:
            team.refused = error
            self._world.tell(team, "tokens_revoked", {"type": "tokens_revoked", "tokens": {"bot": [team.bot]}})
            self._world.tell(team, "app_uninstalled", {"type": "app_uninstalled"})

    def oauth_code(self, team: Team, user: str) -> str:
        """A code as the browser brings it back to the redirect address; oauth.v2.access takes it once."""
        with self._world.changed:
            code = self._world.new_id("code")
            self._world.codes[code] = (team, user)
            return code

    # ---- what people do; each is delivered in the mode in use, without waiting for the app

    def say(self, user: str, channel: str, text: str, *, thread: str = "", files: Sequence[str] = ()) -> str:
        """Posts as this person; returns ts. Mentions are written <@U…>. Raises AssertionError where they are not a member."""
        with self._world.changed:
            place = self._member(user, channel)
            message: Json = {"text": escaped(text), "blocks": typed_blocks(text)}
            if thread:
                message["thread_ts"] = place.root(thread)
            if files:
                message |= {"subtype": "file_share", "files": [self._world.files[file] for file in files]}
            ts = str(self._world.add_message(place, user, message)["ts"])
            self._world.changed.notify_all()
            return ts

    def upload(
        self, user: str, channel: str, name: str, content: bytes, *, text: str = "", thread: str = "", mimetype: str = ""
    ) -> str:
        """A message with a file; returns ts."""
        with self._world.changed:
            file = self._api.new_file(self._team_of(user), user, name, mimetype)
            file["size"] = len(content)
            self._world.contents[file["id"]] = content
            return self.say(user, channel, text, thread=thread, files=[file["id"]])

    def edit(self, user: str, ts: str, text: str) -> None:
        """Changes a message of one's own."""
        with self._world.changed:
            channel, message = self._own(user, ts)
            edited = {"user": user, "ts": self._world.ts()}
            self._world.change_message(channel, message, text=escaped(text), blocks=typed_blocks(text), edited=edited)

    def delete(self, user: str, ts: str) -> None:
        """Takes back a message of one's own."""
        with self._world.changed:
            self._world.remove_message(*self._own(user, ts))

    def react(self, user: str, ts: str, name: str) -> None:
        """Puts an emoji on a message."""
        with self._world.changed:
            channel, message = self._world.find(ts)
            reactions = message.setdefault("reactions", [])
            mine = next((r for r in reactions if r["name"] == name), None)
            if mine is None:
                reactions.append({"name": name, "users": [user], "count": 1})
            else:
                mine |= {"users": [*mine["users"], user], "count": mine["count"] + 1}
            item = {"type": "message", "channel": channel.id, "ts": ts}
            event = {"type": "reaction_added", "user": user, "reaction": name, "item": item, "item_user": message["user"]}
            self._world.tell(channel.team, "reaction_added", event | {"event_ts": self._world.ts()}, "reactions:read", channel)

    def click(self, user: str, where: str, action_id: str, *, value: str | None = None, nth: int = 0) -> Delivery:
        """Uses a control of a message (ts, also an ephemeral one) or of a view (id): the `nth` of those with this action id.

        `value` chooses: the button with this value, the option of a list, the positive or negative feedback button.
        Raises AssertionError when this person sees no such control.
        """
        with self._world.changed:
            view = self._world.views.get(where)
            channel, message = (None, view) if view else self._world.find(where)
            assert message is not None and self._sees(user, channel, message), f"{user} does not see {where}"
            found = [pair for pair in elements(message["blocks"]) if pair[1]["action_id"] == action_id]
            found = [(b, e) for b, e in found if value is None or e["type"] != "button" or e.get("value") == value]
            assert len(found) > nth, f"no control {action_id} (value {value}) among {controls(message)}"
            block, element = found[nth]
            action = {"block_id": block["block_id"], "action_ts": self._world.ts(), **clicked(element, value)}
            payload = self._interaction("block_actions", user) | {"actions": [action]}
            if channel is None:
                payload |= {"container": {"type": "view", "view_id": where}, "view": _whole(message)}
            else:
                payload |= self._message_part(channel, message, user)
            return self._deliver("interactive", payload, self._trouble(channel, user))

    def command(self, user: str, channel: str, text: str, *, command: str = "/coach") -> Delivery:
        """A slash command; what the acknowledgement says is shown to the person."""
        with self._world.changed:
            place = self._member(user, channel)
            names = {"im": "directmessage", "group": "privategroup", "channel": place.name}
            team = {"team_id": place.team.id, "team_domain": place.team.name.lower(), "is_enterprise_install": "false"}
            where = {"channel_id": channel, "channel_name": names[place.kind]}
            who = {"user_id": user, "user_name": self._world.name(user), "api_app_id": self.app_id}
            ways = {"response_url": self._response_url(place, user), "trigger_id": self._world.trigger(user)}
            payload = {"token": "verification", **team, **where, **who, "command": command, "text": escaped(text), **ways}

            def answered(delivery: Delivery) -> None:
                if not delivery.acked:
                    self._slackbot(place, user, f"{command} failed because the app did not respond (operation_timeout)")
                elif delivery.answer:
                    said = {"text": delivery.answer} if isinstance(delivery.answer, str) else dict(delivery.answer)
                    self._api.respond(self._world.responds[ways["response_url"].partition("/response/")[2]], said)

            return self._deliver("slash_commands", payload, answered)

    def submit(self, user: str, values: Mapping[str, Any], *, view: str = "") -> Delivery:
        """Submits the person's open modal (or the one named): values by action id or block id, a text, an option's value, a list.

        What is left out has its initial value. Raises AssertionError where Slack itself would not let it through.
        """
        with self._world.changed:
            stack = self._world.modals.get(user, [])
            assert stack, f"{user} has no modal open"
            shown = self._world.views[view or stack[-1]]
            known = {key for block in shown["blocks"] if "element" in block for key in (block["block_id"], input_id(block))}
            assert set(values) <= known, f"no inputs {set(values) - known} in {sorted(known)}"
            state: Json = {}
            for block in shown["blocks"]:
                if block["type"] == "input":
                    state[block["block_id"]] = {input_id(block): filled(block, values)}
            shown["state"] = {"values": state}
            shown.pop("errors", None)
            payload = self._interaction("view_submission", user) | {"view": _whole(shown), "response_urls": []}
            return self._deliver("interactive", payload, lambda delivery: self._submitted(user, shown, delivery))

    def close_modal(self, user: str) -> Delivery | None:
        """Closes the modal on top; the app hears of it only if it asked to."""
        with self._world.changed:
            shown = self._world.views[self._world.modals[user].pop()]
            if not shown.get("notify_on_close"):
                return None
            payload = self._interaction("view_closed", user) | {"view": _whole(shown), "is_cleared": False}
            return self._deliver("interactive", payload)

    def open_home(self, user: str, tab: Literal["home", "messages"] = "home") -> Delivery | None:
        """Opens the app; None if the app does not listen to that."""
        with self._world.changed:
            place = self._world.dm(user)
            event: Json = {"type": "app_home_opened", "user": user, "channel": place.id, "tab": tab, "event_ts": self._world.ts()}
            if tab == "home" and user in self._world.homes:
                event["view"] = _whole(self._world.views[self._world.homes[user]])
            if "app_home_opened" not in self.subscribed:
                return None
            return self.event(event, team=place.team)

    def event(self, event: Mapping[str, Any], *, team: Team | None = None, event_id: str = "") -> Delivery:
        """Any event, delivered as it stands."""
        return self._deliver("events_api", self._callback(event, team or self.team, event_id))

    def resend(self, delivery: Delivery, *, reason: str = "http_timeout") -> None:
        """The same once more, with the next retry number, as when Slack saw no acknowledgement."""
        self._wires.resend(delivery, reason)

    def post_event(
        self,
        url: str,
        event: Mapping[str, Any],
        *,
        team: Team | None = None,
        event_id: str = "",
        signature: Signature = "good",
        retry: tuple[int, str] | None = None,
    ) -> tuple[int, str]:
        """One signed HTTP post to this very address, waited for: (status, body). Not for use on the app's own event loop."""
        body = json.dumps(self._callback(event, team or self.team, event_id)).encode()
        headers = {**self.signed(body, signature), "content-type": "application/json"}
        if retry:
            headers |= {"x-slack-retry-num": str(retry[0]), "x-slack-retry-reason": retry[1]}
        status, answer = self._wires.run(self._wires.post(url, body, headers))
        return int(status), str(answer)

    def signed(self, body: bytes, signature: Signature = "good") -> dict[str, str]:
        """The headers Slack would send with this body."""
        return self._wires.signed(body, signature)

    # ---- what can be seen

    def messages(self, channel: str) -> list[Json]:
        """All of the place, replies too, in order."""
        with self._world.changed:
            return [self._copy(m) for m in self._world.channels[channel].messages.values()]

    def replies(self, channel: str, ts: str) -> list[Json]:
        """What the app said in the thread of ts; "streaming" is true in those still being written."""
        with self._world.changed:
            place = self._world.channels[channel]
            return [self._copy(m) for m in place.thread(place.root(ts)) if m["user"] == place.team.bot]

    def message(self, ts: str) -> Json:
        """The message or ephemeral message. Raises KeyError."""
        with self._world.changed:
            return self._copy(self._world.find(ts)[1])

    def ephemerals(self, channel: str, user: str) -> list[Json]:
        """What only this person sees there."""
        with self._world.changed:
            return [self._copy(m) for who, m in self._world.channels[channel].ephemerals if who == user]

    def status(self, channel: str, thread: str) -> str:
        """The app's status line in this thread, "" when there is none."""
        with self._world.changed:
            place = self._world.channels[channel]
            return place.statuses.get(place.root(thread), "")

    @property
    def statuses(self) -> list[tuple[str, str, str]]:
        """Every status ever set: (channel, thread, status)."""
        with self._world.changed:
            return list(self._world.status_log)

    def prompts(self, channel: str) -> list[dict[str, str]]:
        """The suggested prompts shown there."""
        with self._world.changed:
            return list(self._world.channels[channel].prompts)

    def home(self, user: str) -> Json | None:
        """The home tab published for this person."""
        with self._world.changed:
            found = self._world.homes.get(user)
            return _whole(self._world.views[found]) if found else None

    def modal(self, user: str) -> Json | None:
        """The modal on top; "errors" holds what the app or Slack said of wrong fields."""
        with self._world.changed:
            stack = self._world.modals.get(user, [])
            return _whole(self._world.views[stack[-1]]) if stack else None

    def shown(self, where: str) -> str:
        """A message (ts) or a view (id) as a person reads it."""
        with self._world.changed:
            if where in self._world.views:
                return read_view(self._world.views[where], self._world.name)
            return self._world.read_message(self._world.find(where)[1])

    def transcript(self, channel: str, viewer: str) -> str:
        """All this person reads in the place, in order: threads indented, buttons as [text], ephemerals and edits marked."""
        with self._world.changed:
            place = self._world.channels[channel]
            assert viewer in place.members or place.kind == "channel", f"{viewer} cannot read {channel}"
            return self._world.transcript(place, viewer)

    def content(self, file: str) -> bytes:
        """What a file holds. Raises KeyError."""
        with self._world.changed:
            return self._world.contents[file]

    # ---- what happened

    @property
    def calls(self) -> list[Call]:
        """Every call so far, the refused ones too."""
        with self._world.changed:
            return list(self._wires.calls)

    def called(self, method: str) -> list[Call]:
        """The calls of one method; "response_url" and "download" are such names too."""
        return [call for call in self.calls if call.method == method]

    @property
    def refusals(self) -> list[Call]:
        """The calls that were refused, whether on demand or for cause."""
        return [call for call in self.calls if call.error]

    @property
    def deliveries(self) -> list[Delivery]:
        """Everything sent to the app so far."""
        with self._world.changed:
            return list(self._wires.deliveries)

    @property
    def late_acks(self) -> list[Delivery]:
        """What was not acknowledged in time at some attempt; Attempt.latency says how late, if it ever came."""
        return [delivery for delivery in self.deliveries if any(attempt.late for attempt in delivery.attempts)]

    def wait(self, condition: Callable[[], T], seconds: float = 10.0) -> T:
        """The first true value. Raises AssertionError saying what was called when time is up."""
        deadline = time.monotonic() + seconds
        with self._world.changed:
            while True:
                if found := condition():
                    return found
                left = deadline - time.monotonic()
                if left <= 0:
                    raise AssertionError(f"not within {seconds} s; calls: {self._recently()}")
                # Also looked at now and then: a condition may be about the app, whose changes notify nobody here.
                self._world.changed.wait(min(left, 0.05))

    async def until(self, condition: Callable[[], T], seconds: float = 10.0) -> T:
        """`wait` on an event loop, which goes on meanwhile; the condition is looked at on that loop."""
        deadline = time.monotonic() + seconds
        while not (found := condition()):
            if time.monotonic() > deadline:
                raise AssertionError(f"not within {seconds} s; calls: {self._recently()}")
            await asyncio.sleep(0.01)
        return found

    def quiet(self, pause: float = 0.3, seconds: float = 10.0) -> None:
        """Waits until every delivery is settled and no call is under way or has come for `pause` seconds."""
        seen, since = -1, time.monotonic()

        def still() -> bool:
            nonlocal seen, since
            busy = self._wires.under_way or not all(d.settled for d in self._wires.deliveries)
            if busy or len(self._wires.calls) != seen:
                seen, since = len(self._wires.calls), time.monotonic()
            return time.monotonic() - since >= pause

        self.wait(still, seconds)

    # ---- trouble on demand

    def fail(
        self,
        method: str,
        error: str = "",
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        times: int = 1,
        drop: bool = False,
    ) -> None:
        """The next `times` calls fail with this error and status, or with the connection dropped; "*" is every method.

        A status of 429 is "ratelimited" with Retry-After 1 unless said otherwise.
        """
        limited = status == 429
        told = {"Retry-After": "1"} if limited and headers is None else dict(headers or {})
        with self._world.changed:
            made = Failure(method, error or ("ratelimited" if limited else "internal_error"), status, told, times, drop)
            self._wires.failures.append(made)

    def latency(self, method: str, seconds: float) -> None:
        """Every call of this method ("*": of any) is answered only after so long."""
        self._wires.latencies[method] = seconds

    def limit_posts(self, on: bool = True) -> None:
        """A second chat.postMessage to a channel within a second is answered with 429 and Retry-After 1."""
        self._api.posts_limited = on

    def expire_streams(self) -> None:
        """All streams end as when Slack loses patience; appending is answered with message_not_in_streaming_state."""
        with self._world.changed:
            self._world.streams = dict.fromkeys(self._world.streams, False)

    # ---- Socket Mode

    @property
    def connections(self) -> int:
        """Connections open to the app that take events."""
        return sum(not link.leaving for link in self._wires.links)

    def disconnect(self, reason: Literal["warning", "refresh_requested", "link_disabled"] = "refresh_requested") -> None:
        """Tells one connection to reconnect, as Slack does every hour or so, and closes it soon after (not with "warning")."""
        self._wires.run(self._wires.disconnect(reason))

    def cut(self) -> None:
        """All connections end without a word."""
        self._wires.run(self._wires.cut())

    def socket_down(self, on: bool = True) -> None:
        """New connections are refused."""
        self._wires.socket_down = on

    # ---- making

    def _team_of(self, user: str) -> Team:
        return self._world.teams[self._world.users[user]["team_id"]]

    def _member(self, user: str, channel: str) -> Channel:
        place = self._world.channels[channel]
        assert user in place.members, f"{user} is not a member of {channel}"
        return place

    def _own(self, user: str, ts: str) -> tuple[Channel, Json]:
        channel, message = self._world.find(ts)
        assert message["user"] == user, f"{ts} is not a message of {user}"
        return channel, message

    def _sees(self, user: str, channel: Channel | None, message: Json) -> bool:
        if channel is None:
            own = [*self._world.modals.get(user, []), self._world.homes.get(user)]
            return message["id"] in own
        whisper = [who for who, mine in channel.ephemerals if mine is message]
        return user in (whisper or channel.members)

    def _copy(self, message: Json) -> Json:
        return public(message) | {"streaming": self._world.streams.get(message["ts"], False)}

    def _callback(self, event: Mapping[str, Any], team: Team, event_id: str) -> Json:
        granted = {"enterprise_id": None, "team_id": team.id, "user_id": team.bot, "is_bot": True, "is_enterprise_install": False}
        where = {"token": "verification", "team_id": team.id, "context_team_id": team.id, "api_app_id": self.app_id}
        names = {"event_id": event_id or self._world.new_id("Ev"), "event_time": int(self._world.clock())}
        outside = {"authorizations": [granted], "is_ext_shared_channel": False, "event_context": "4-context"}
        return {**where, "event": dict(event), "type": "event_callback", **names, **outside}

    def _deliver(
        self,
        kind: Literal["events_api", "slash_commands", "interactive"],
        payload: Json,
        then: Callable[[Delivery], None] | None = None,
    ) -> Delivery:
        # Copied: the payload says how things stand now, not when it is sent.
        return self._wires.deliver(Delivery(kind, json.loads(json.dumps(payload)), then=then))

    def _interaction(self, kind: str, user: str) -> Json:
        team, who = self._team_of(user), self._world.users[user]
        person = {"id": user, "username": who["name"], "name": who["name"], "team_id": team.id}
        app = {"api_app_id": self.app_id, "token": "verification", "enterprise": None, "is_enterprise_install": False}
        place = {"team": {"id": team.id, "domain": team.name.lower()}, "trigger_id": self._world.trigger(user)}
        return {"type": kind, "user": person, **app, **place}

    def _message_part(self, channel: Channel, message: Json, user: str) -> Json:
        """Of a click on a message; of an ephemeral one Slack keeps no copy and sends none."""
        whisper = message["ts"] not in channel.messages
        container = {"type": "message", "message_ts": message["ts"], "channel_id": channel.id, "is_ephemeral": whisper}
        if message.get("thread_ts"):
            container["thread_ts"] = message["thread_ts"]
        names = {"im": "directmessage", "group": "privategroup", "channel": channel.name}
        part: Json = {"container": container, "channel": {"id": channel.id, "name": names[channel.kind]}}
        part |= {"state": {"values": {}}, "response_url": self._response_url(channel, user, message["ts"])}
        return part if whisper else part | {"message": public(message)}

    def _response_url(self, channel: Channel, user: str, source: str = "") -> str:
        return f"{self._world.files_url}/response/{self._world.respond(channel, user, source)}"

    def _slackbot(self, channel: Channel, user: str, text: str) -> None:
        made = {"type": "message", "user": SLACKBOT, "ts": self._world.ts(), "text": text, "blocks": []}
        channel.ephemerals.append((user, made))

    def _trouble(self, channel: Channel | None, user: str) -> Callable[[Delivery], None]:
        """What Slack shows beside a control when the app does not acknowledge."""

        def then(delivery: Delivery) -> None:
            if not delivery.acked and channel is not None:
                self._slackbot(channel, user, "This app is not responding (operation_timeout)")

        return then

    def _submitted(self, user: str, shown: Json, delivery: Delivery) -> None:
        stack = self._world.modals[user]
        answer = delivery.answer if isinstance(delivery.answer, dict) else {}
        action = answer.get("response_action", "")
        if not delivery.acked:
            shown["errors"] = {"": "We had some trouble connecting. Try again?"}
        elif action == "errors":
            shown["errors"] = answer["errors"]
        elif action == "clear":
            stack.clear()
        elif action in ("update", "push"):
            self._shown_next(user, shown, action, answer.get("view"))
        elif shown["id"] in stack:
            stack.remove(shown["id"])

    def _shown_next(self, user: str, shown: Json, action: str, view: Any) -> None:
        if wrong := wrong_with_view(view):
            shown["errors"] = {"": wrong}
            return
        team = self._team_of(user)
        try:
            if action == "push":
                self._api.views.push(team, user, view)
            else:
                self._api.views.show(team, user, view, replaces=shown["id"])
        except Refused as refused:
            shown["errors"] = {"": refused.error}

    def _recently(self) -> str:
        return ", ".join(f"{c.method}{'!' + c.error if c.error else ''}" for c in self._wires.calls[-12:]) or "none"


def _whole(view: Json) -> Json:
    copied: Json = json.loads(json.dumps(view))
    return copied
