"""Slack's Web API over the state of the stand-in: what each method wants, does and refuses. No network here.

`Api.call` takes a method and its arguments and returns Slack's answer; Refused carries Slack's error code.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from evals import slack_blocks
from evals.slack_blocks import Json
from evals.slack_state import Channel, Respond, Team, World, public
from evals.slack_views import Refused, Views, user_of

_READ = {"im": "im:read", "channel": "channels:read", "group": "groups:read"}
_HISTORY = {"im": "im:history", "channel": "channels:history", "group": "groups:history"}
_TYPES = {"public_channel": "channel", "private_channel": "group", "im": "im"}
_JSON_ARGUMENTS = ("blocks", "chunks", "prompts", "metadata", "view", "files", "attachments", "loading_messages")
RESPOND_LASTS = 1800.0


class Api:
    """The methods the stand-in knows; all others are unknown_method."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.views = Views(world)
        self.posts_limited = False
        self.new_socket_url: Callable[[], str] = lambda: ""
        # Any one of the scopes will do.
        self._methods: dict[str, tuple[Callable[[Team, Json], Json], tuple[str, ...]]] = {
            "auth.test": (self._auth_test, ()),
            "team.info": (self._team_info, ("team:read",)),
            "chat.postMessage": (self._post, ("chat:write",)),
            "chat.postEphemeral": (self._post_ephemeral, ("chat:write",)),
            "chat.update": (self._update, ("chat:write",)),
            "chat.delete": (self._delete, ("chat:write",)),
            "chat.getPermalink": (self._permalink, ()),
            "chat.startStream": (self._start_stream, ("chat:write",)),
            "chat.appendStream": (self._append_stream, ("chat:write",)),
            "chat.stopStream": (self._stop_stream, ("chat:write",)),
            "assistant.threads.setStatus": (self._set_status, ("assistant:write", "chat:write")),
            "assistant.threads.setSuggestedPrompts": (self._set_prompts, ("assistant:write",)),
            "assistant.threads.setTitle": (self._set_title, ("assistant:write",)),
            "views.open": (self.views.open, ()),
            "views.push": (self.views.push_on, ()),
            "views.update": (self.views.update, ()),
            "views.publish": (self.views.publish, ()),
            "conversations.info": (self._conversation_info, ()),
            "conversations.members": (self._conversation_members, ()),
            "conversations.history": (self._conversation_history, ()),
            "conversations.replies": (self._conversation_replies, ()),
            "conversations.open": (self._conversation_open, ("im:write",)),
            "users.info": (self._user_info, ("users:read",)),
            "users.conversations": (self._user_conversations, tuple(_READ.values())),
            "reactions.add": (self._react, ("reactions:write",)),
            "reactions.remove": (self._unreact, ("reactions:write",)),
            "files.info": (self._file_info, ("files:read",)),
            "files.getUploadURLExternal": (self._upload_url, ("files:write",)),
            "files.completeUploadExternal": (self._upload_complete, ("files:write",)),
        }

    def call(self, method: str, args: Json, token: str) -> tuple[Json, Team | None]:
        """The answer and the workspace the token is for. Raises Refused."""
        if method == "oauth.v2.access":
            return self._oauth(args), None
        if method == "api.test":
            return {"ok": True, "args": args}, None
        team = self._team(method, token)
        if team is None:
            return {"ok": True, "url": self.new_socket_url()}, None
        if method not in self._methods:
            raise Refused("unknown_method", req_method=method)
        handler, scopes = self._methods[method]
        if scopes:
            self._allowed(team, *scopes)
        for key in _JSON_ARGUMENTS:
            if isinstance(args.get(key), str) and args[key]:
                args[key] = self._parsed(key, args[key])
        return {"ok": True, **handler(team, args)}, team

    def _team(self, method: str, token: str) -> Team | None:
        """None for apps.connections.open with the app's own token."""
        if not token:
            raise Refused("not_authed")
        if method == "apps.connections.open":
            if token != self.world.app_token:
                raise Refused("not_allowed_token_type" if token.startswith("xoxb-") else "invalid_auth")
            return None
        for team in self.world.teams.values():
            if team.token == token:
                if team.refused:
                    raise Refused(team.refused)
                return team
        raise Refused("not_allowed_token_type" if token == self.world.app_token else "invalid_auth")

    def _allowed(self, team: Team, *any_of: str) -> None:
        if not set(any_of) & set(team.scopes):
            raise Refused("missing_scope", needed=any_of[0], provided=",".join(team.scopes))

    def _parsed(self, key: str, text: str) -> Any:
        try:
            return json.loads(text)
        except ValueError:
            raise Refused("invalid_blocks_format" if key == "blocks" else "invalid_arguments") from None

    # ---- who

    def _auth_test(self, team: Team, args: Json) -> Json:
        bot = self.world.users[team.bot]
        who = {"user": bot["name"], "user_id": team.bot, "bot_id": team.bot_id, "is_enterprise_install": False}
        return {"url": f"https://{team.name.lower()}.slack.com/", "team": team.name, "team_id": team.id, **who}

    def _team_info(self, team: Team, args: Json) -> Json:
        return {"team": {"id": team.id, "name": team.name, "domain": team.name.lower()}}

    def _user_info(self, team: Team, args: Json) -> Json:
        user = dict(user_of(self.world, team, args.get("user", "")))
        if str(args.get("include_locale")).lower() not in ("true", "1"):
            del user["locale"]
        return {"user": user}

    def _oauth(self, args: Json) -> Json:
        world = self.world
        if args.get("client_id") != world.client_id:
            raise Refused("invalid_client_id")
        if args.get("client_secret") != world.client_secret:
            raise Refused("bad_client_secret")
        found = world.codes.pop(args.get("code", ""), None)
        if found is None:
            raise Refused("invalid_code")
        team, user = found
        app = {"app_id": world.app_id, "authed_user": {"id": user}, "is_enterprise_install": False, "enterprise": None}
        bot = {"access_token": team.token, "token_type": "bot", "bot_user_id": team.bot, "scope": ",".join(team.scopes)}
        return {"ok": True, **app, **bot, "team": {"id": team.id, "name": team.name}}

    # ---- messages

    def _channel(self, team: Team, args: Json, key: str = "channel", *, member: bool = True) -> Channel:
        an_id = args.get(key) or ""
        if an_id in self.world.users and self.world.users[an_id]["team_id"] == team.id and an_id != team.bot:
            return self.world.dm(an_id)
        channel = self.world.channels.get(an_id)
        if channel is None or channel.team is not team or (channel.kind == "group" and team.bot not in channel.members):
            raise Refused("channel_not_found")
        if member and team.bot not in channel.members:
            raise Refused("not_in_channel")
        return channel

    def _content(self, args: Json) -> Json:
        """text, blocks and markdown_text of a message. Raises Refused."""
        text, markdown = args.get("text") or "", args.get("markdown_text") or ""
        blocks = args.get("blocks")
        if markdown and (text or blocks):
            raise Refused("markdown_text_conflict")
        if not (text or markdown or blocks or args.get("attachments")):
            raise Refused("no_text")
        if len(text) > 40_000 or len(markdown) > 12_000:
            raise Refused("msg_too_long")
        if blocks:
            self._checked(blocks)
        return {"text": text or markdown, "blocks": blocks or [], "markdown_text": markdown}

    def _checked(self, blocks: Any) -> None:
        if wrong := slack_blocks.wrong_with(blocks):
            raise Refused("invalid_blocks", errors=[wrong], response_metadata={"messages": [wrong]})
        if slack_blocks.too_long(blocks):
            raise Refused("msg_blocks_too_long")

    def _in_thread(self, channel: Channel, args: Json) -> Json:
        asked = args.get("thread_ts")
        if not asked:
            return {}
        if asked not in channel.messages:
            raise Refused("thread_not_found")
        return {"thread_ts": channel.root(asked)}

    def _post(self, team: Team, args: Json) -> Json:
        channel = self._channel(team, args)
        content = self._content(args) | self._in_thread(channel, args)
        now = self.world.clock()
        if self.posts_limited and now - channel.last_post < 1.0:
            raise Refused("ratelimited", status=429, headers={"Retry-After": "1"})
        channel.last_post = now
        if args.get("metadata"):
            content["metadata"] = args["metadata"]
        message = self.world.add_message(channel, team.bot, content)
        return {"channel": channel.id, "ts": message["ts"], "message": public(message)}

    def _post_ephemeral(self, team: Team, args: Json) -> Json:
        channel = self._channel(team, args)
        user = args.get("user") or ""
        if user not in channel.members:
            raise Refused("user_not_in_channel")
        made = self.ephemeral(channel, user, self._content(args) | self._in_thread(channel, args))
        return {"message_ts": made["ts"]}

    def ephemeral(self, channel: Channel, user: str, content: Json) -> Json:
        """Shows a message to one person."""
        blocks = self.world.with_ids(content.get("blocks") or [])
        made = {"type": "message", "user": channel.team.bot, "ts": self.world.ts(), **content, "blocks": blocks}
        channel.ephemerals.append((user, made))
        return made

    def _own(self, team: Team, args: Json, refusal: str) -> tuple[Channel, Json]:
        channel = self._channel(team, args, member=False)
        message = channel.messages.get(args.get("ts") or "")
        if message is None or message.get("subtype") == "tombstone":
            raise Refused("message_not_found")
        if message["user"] != team.bot:
            raise Refused(refusal)
        return channel, message

    def _update(self, team: Team, args: Json) -> Json:
        channel, message = self._own(team, args, "cant_update_message")
        if self.world.streams.get(message["ts"]):
            raise Refused("streaming_state_conflict")
        content = self._content(args)
        # Blocks that are not mentioned stay; an empty list takes them away.
        kept = args.get("blocks") is None and not content["markdown_text"]
        blocks = message["blocks"] if kept else self.world.with_ids(content["blocks"])
        edited = {"user": team.bot, "ts": self.world.ts()}
        self.world.change_message(channel, message, **content | {"blocks": blocks}, edited=edited)
        return {"channel": channel.id, "ts": message["ts"], "text": message["text"], "message": public(message)}

    def _delete(self, team: Team, args: Json) -> Json:
        channel, message = self._own(team, args, "cant_delete_message")
        self.world.streams.pop(message["ts"], None)
        self.world.remove_message(channel, message)
        return {"channel": channel.id, "ts": message["ts"]}

    def _permalink(self, team: Team, args: Json) -> Json:
        channel = self._channel(team, args, member=False)
        if args.get("message_ts") not in channel.messages:
            raise Refused("message_not_found")
        name = f"p{args['message_ts'].replace('.', '')}"
        return {"channel": channel.id, "permalink": f"https://{team.name.lower()}.slack.com/archives/{channel.id}/{name}"}

    # ---- streams

    def _start_stream(self, team: Team, args: Json) -> Json:
        channel = self._channel(team, args)
        if not args.get("thread_ts"):
            raise Refused("invalid_arguments", response_metadata={"messages": ["[ERROR] missing required field: thread_ts"]})
        thread = self._in_thread(channel, args)
        if channel.kind != "im":
            if not args.get("recipient_user_id"):
                raise Refused("missing_recipient_user_id")
            if not args.get("recipient_team_id"):
                raise Refused("missing_recipient_team_id")
            user_of(self.world, team, args["recipient_user_id"])
        text = self._streamed(args)
        message = self.world.add_message(channel, team.bot, {"text": text, "markdown_text": text, **thread})
        self.world.streams[message["ts"]] = True
        return {"channel": channel.id, "ts": message["ts"]}

    def _append_stream(self, team: Team, args: Json) -> Json:
        channel, message, text = self._going_on(team, args)
        if not text and not args.get("chunks"):
            raise Refused("no_text")
        message["markdown_text"] = message["text"] = message["text"] + text
        return {"channel": channel.id, "ts": message["ts"]}

    def _stop_stream(self, team: Team, args: Json) -> Json:
        channel, message, text = self._going_on(team, args)
        blocks = args.get("blocks") or []
        self._checked(blocks)
        whole = message["text"] + text
        self.world.streams[message["ts"]] = False
        self.world.change_message(channel, message, text=whole, markdown_text=whole, blocks=self.world.with_ids(blocks))
        return {"channel": channel.id, "ts": message["ts"], "message": public(message)}

    def _going_on(self, team: Team, args: Json) -> tuple[Channel, Json, str]:
        channel, message = self._own(team, args, "message_not_owned_by_app")
        if not self.world.streams.get(message["ts"]):
            raise Refused("message_not_in_streaming_state")
        text = self._streamed(args)
        if len(message["text"]) + len(text) > 40_000:
            raise Refused("msg_too_long")
        return channel, message, text

    def _streamed(self, args: Json) -> str:
        """The words of markdown_text or chunks."""
        text, chunks = args.get("markdown_text") or "", args.get("chunks") or []
        if text and chunks:
            raise Refused("cannot_provide_both_markdown_text_and_chunks")
        for chunk in chunks:
            kind = chunk.get("type") if isinstance(chunk, dict) else None
            if kind == "markdown_text" and isinstance(chunk.get("text"), str):
                text += chunk["text"]
            elif kind not in ("task_update", "plan_update", "blocks"):
                raise Refused("invalid_chunks")
        if len(text) > 12_000:
            raise Refused("msg_too_long")
        return text

    def _set_status(self, team: Team, args: Json) -> Json:
        channel = self._channel(team, args, "channel_id")
        thread = self._in_thread(channel, args).get("thread_ts")
        if not thread or not isinstance(args.get("status"), str) or len(args.get("loading_messages") or []) > 10:
            raise Refused("invalid_arguments")
        channel.statuses[thread] = args["status"]
        self.world.status_log.append((channel.id, thread, args["status"]))
        return {}

    def _set_prompts(self, team: Team, args: Json) -> Json:
        channel = self._channel(team, args, "channel_id")
        self._in_thread(channel, args)
        prompts = args.get("prompts")
        if not isinstance(prompts, list) or not 1 <= len(prompts) <= 4:
            raise Refused("invalid_arguments")
        if not all(isinstance(p, dict) and p.get("title") and p.get("message") for p in prompts):
            raise Refused("invalid_arguments")
        channel.prompts = prompts
        return {}

    def _set_title(self, team: Team, args: Json) -> Json:
        channel = self._channel(team, args, "channel_id")
        if not self._in_thread(channel, args) or not args.get("title"):
            raise Refused("invalid_arguments")
        return {}

    # ---- places

    def _conversation_info(self, team: Team, args: Json) -> Json:
        channel = self._channel(team, args, member=False)
        self._allowed(team, _READ[channel.kind])
        return {"channel": self._shown(channel)}

    def _shown(self, channel: Channel) -> Json:
        common = {"id": channel.id, "created": 0, "is_archived": False, "context_team_id": channel.team.id, "locale": "en-US"}
        if channel.kind == "im":
            return common | {"is_im": True, "user": channel.creator, "is_channel": False, "is_group": False, "is_private": True}
        private = channel.kind == "group"
        kinds = {"is_channel": not private, "is_group": private, "is_im": False, "is_mpim": False, "is_private": private}
        names = {"name": channel.name, "name_normalized": channel.name, "creator": channel.creator}
        return common | kinds | names | {"is_member": channel.team.bot in channel.members, "num_members": len(channel.members)}

    def _conversation_members(self, team: Team, args: Json) -> Json:
        channel = self._channel(team, args, member=False)
        self._allowed(team, _READ[channel.kind])
        return _paged("members", channel.members, args)

    def _conversation_history(self, team: Team, args: Json) -> Json:
        channel = self._channel(team, args)
        self._allowed(team, _HISTORY[channel.kind])
        found = [m for m in channel.messages.values() if m.get("thread_ts", m["ts"]) == m["ts"]]
        return _paged("messages", [self._told(channel, m) for m in reversed(_between(found, args))], args)

    def _conversation_replies(self, team: Team, args: Json) -> Json:
        channel = self._channel(team, args)
        self._allowed(team, _HISTORY[channel.kind])
        message = channel.messages.get(args.get("ts") or "")
        if message is None:
            raise Refused("thread_not_found")
        alone = channel.root(message["ts"]) != message["ts"]
        found = [message] if alone else [message, *_between(channel.thread(message["ts"])[1:], args)]
        return _paged("messages", [self._told(channel, m) for m in found], args)

    def _told(self, channel: Channel, message: Json) -> Json:
        shown = public(message)
        thread = channel.thread(message["ts"])
        if len(thread) > 1:
            users = list(dict.fromkeys(reply["user"] for reply in thread[1:]))
            shown |= {"thread_ts": message["ts"], "reply_count": len(thread) - 1, "reply_users": users}
        return shown

    def _conversation_open(self, team: Team, args: Json) -> Json:
        users = [user for user in str(args.get("users") or "").split(",") if user]
        if args.get("channel"):
            return {"channel": {"id": self._channel(team, args).id}}
        if len(users) != 1 or users[0] == team.bot:
            raise Refused(
                "users_list_not_supplied" if not users else "cannot_dm_bot" if team.bot in users else "method_not_supported"
            )
        return {"channel": {"id": self.world.dm(user_of(self.world, team, users[0])["id"]).id}}

    def _user_conversations(self, team: Team, args: Json) -> Json:
        kinds = {_TYPES.get(part.strip(), "") for part in str(args.get("types") or "public_channel").split(",")}
        for kind in kinds & set(_READ):
            self._allowed(team, _READ[kind])
        who = args.get("user") or team.bot
        own = [c for c in self.world.channels.values() if c.team is team and c.kind in kinds and who in c.members]
        seen = [c for c in own if c.kind == "channel" or team.bot in c.members]
        return _paged("channels", [self._shown(c) for c in seen], args)

    # ---- reactions and files

    def _reacted(self, team: Team, args: Json) -> tuple[list[Json], str]:
        channel = self._channel(team, args)
        message = channel.messages.get(args.get("timestamp") or "")
        if message is None:
            raise Refused("message_not_found")
        name = str(args.get("name") or "").strip(":")
        if not name:
            raise Refused("invalid_name")
        found: list[Json] = message.setdefault("reactions", [])
        return found, name

    def _react(self, team: Team, args: Json) -> Json:
        reactions, name = self._reacted(team, args)
        mine = next((r for r in reactions if r["name"] == name), None)
        if mine is None:
            reactions.append({"name": name, "users": [team.bot], "count": 1})
        elif team.bot in mine["users"]:
            raise Refused("already_reacted")
        else:
            mine |= {"users": [*mine["users"], team.bot], "count": mine["count"] + 1}
        return {}

    def _unreact(self, team: Team, args: Json) -> Json:
        reactions, name = self._reacted(team, args)
        mine = next((r for r in reactions if r["name"] == name and team.bot in r["users"]), None)
        if mine is None:
            raise Refused("no_reaction")
        mine |= {"users": [user for user in mine["users"] if user != team.bot], "count": mine["count"] - 1}
        reactions[:] = [r for r in reactions if r["users"]]
        return {}

    def _file_info(self, team: Team, args: Json) -> Json:
        file = self.world.files.get(args.get("file") or "")
        if file is None or file["user_team"] != team.id:
            raise Refused("file_not_found")
        return {"file": file}

    def _upload_url(self, team: Team, args: Json) -> Json:
        if not args.get("filename") or not str(args.get("length", "")).isdigit() or int(args["length"]) == 0:
            raise Refused("invalid_arguments")
        made = self.new_file(team, team.bot, args["filename"], "")
        made["size"] = int(args["length"])
        return {"upload_url": f"{self.world.files_url}/upload/{made['id']}", "file_id": made["id"]}

    def new_file(self, team: Team, user: str, name: str, mimetype: str) -> Json:
        """A file without its content yet."""
        made = self.world.new_id("F")
        kind = name.rpartition(".")[2].lower() or "binary"
        url = f"{self.world.files_url}/files-pri/{team.id}-{made}/{name}"
        file: Json = {"id": made, "name": name, "title": name, "filetype": kind}
        file["mimetype"] = mimetype or "application/octet-stream"
        file |= {"user": user, "user_team": team.id, "mode": "hosted", "file_access": "visible", "is_external": False, "size": 0}
        self.world.files[made] = file | {"url_private": url, "url_private_download": url.replace("/files-pri/", "/files-pri/d-")}
        return self.world.files[made]

    def _upload_complete(self, team: Team, args: Json) -> Json:
        files = []
        for named in args.get("files") or []:
            file = self.world.files.get(named.get("id", ""))
            if file is None or file["id"] not in self.world.contents:
                raise Refused("file_not_found")
            file["title"] = named.get("title") or file["name"]
            files.append(file)
        if not files:
            raise Refused("invalid_arguments")
        if args.get("channel_id"):
            channel = self._channel(team, args, "channel_id")
            content = {"text": args.get("initial_comment") or "", "files": files, **self._in_thread(channel, args)}
            self.world.add_message(channel, team.bot, {"subtype": "file_share", **content})
        return {"files": files}

    # ---- response_url

    def respond(self, respond: Respond, body: Json) -> None:
        """A post to a response_url. Raises Refused with what Slack says."""
        if respond.left == 0 or self.world.clock() - respond.at > RESPOND_LASTS:
            raise Refused("used_url" if respond.left == 0 else "expired_url", status=404)
        respond.left -= 1
        channel, source = respond.channel, respond.source
        if body.get("delete_original"):
            self._drop(channel, source)
            return
        content = self._content(body) | self._in_thread(channel, body)
        if body.get("replace_original") and source:
            self._replace(channel, source, content)
        elif body.get("response_type") == "in_channel":
            self.world.add_message(channel, channel.team.bot, content)
        else:
            self.ephemeral(channel, respond.user, content)

    def _replace(self, channel: Channel, source: str, content: Json) -> None:
        blocks = self.world.with_ids(content["blocks"])
        if source in channel.messages:
            self.world.change_message(channel, channel.messages[source], **content | {"blocks": blocks})
        for _, message in channel.ephemerals:
            if message["ts"] == source:
                message |= content | {"blocks": blocks}

    def _drop(self, channel: Channel, source: str) -> None:
        if source in channel.messages:
            self.world.remove_message(channel, channel.messages[source])
        channel.ephemerals = [(user, message) for user, message in channel.ephemerals if message["ts"] != source]


def _between(messages: list[Json], args: Json) -> list[Json]:
    inclusive = str(args.get("inclusive")).lower() in ("true", "1")
    oldest, latest = float(args.get("oldest") or 0), float(args.get("latest") or "inf")
    edges = (oldest, latest) if inclusive else ()
    return [m for m in messages if oldest < float(m["ts"]) < latest or float(m["ts"]) in edges]


def _paged(key: str, found: list[Any], args: Json) -> Json:
    start, most = int(args.get("cursor") or 0), min(int(args.get("limit") or 100), 1000)
    more = start + most < len(found)
    metadata = {"next_cursor": str(start + most) if more else ""}
    return {key: found[start : start + most], "has_more": more, "response_metadata": metadata}
