"""What can be typed after /coach, in both languages, and who may change what a channel wants of the coach."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any

from slack_sdk.errors import SlackApiError

from coach.channels.hub import Asked, Hub
from coach.channels.slack import blocks, incoming
from coach.channels.slack.kit import Part
from coach.channels.slack.personal import Personal, Somebody, failure
from coach.channels.slack.port import NAME, SlackPort
from coach.messages import say
from coach.store.channels import Place
from coach.types import PARTS, Lang

MAX_MINUTES = 1440
_FOUND, _LOOKED_AT = 5, 40  # passages shown, and looked at where only a part of the library may be used
_NAMES: dict[str, tuple[str, ...]] = {
    "ask": ("ask", "问", "提问"),
    "assess": ("assess", "assessment", "评估", "测评"),
    "plan": ("plan", "计划", "发展计划"),
    "review": ("review", "复盘", "回顾"),
    "search": ("search", "find", "搜", "搜索", "查"),
    "link": ("link", "关联", "绑定"),
    "unlink": ("unlink", "解除关联", "解绑"),
    "settings": ("settings", "设置"),
    "reminders": ("reminders", "提醒"),
    "forget": ("forget", "删除", "忘记我"),
    "help": ("help", "帮助", "?", "？"),
}
_LANGUAGES: dict[str, Lang | None] = {
    "zh": "zh",
    "中文": "zh",
    "en": "en",
    "english": "en",
    "英文": "en",
    "auto": None,
    "自动": None,
}
_PARTS = {"all": "slack_place_part_all", "built-in": "slack_place_part_builtin", "own": "slack_place_part_own"}
_ON, _OFF = ("on", "开", "打开"), ("off", "关", "关闭")


class Commands:
    """Everything behind the one command. Answers are for whoever typed it."""

    def __init__(self, hub: Hub, port: SlackPort, personal: Personal) -> None:
        self._hub, self._port, self._personal = hub, port, personal
        self._does: dict[str, Callable[[Somebody, Mapping[str, Any], str], Awaitable[Part | None]]] = {
            "ask": self._ask,
            "assess": self._assess,
            "plan": self._plan,
            "review": self._review,
            "search": self._search,
            "link": self._link,
            "unlink": self._unlink,
            "settings": self._settings,
            "reminders": self._reminders,
            "forget": self._forget,
            "help": self._help,
        }

    async def typed(self, workspace: str, command: Mapping[str, Any]) -> Coroutine[Any, Any, None]:
        """What is to be done after the acknowledgement.

        A question is taken in before it, so that none is lost that Slack holds for delivered; raises whatever keeps it from that.
        """
        name, rest = parsed(str(command.get("text") or ""))
        user, back = str(command["user_id"]), str(command["response_url"])
        if name == "ask":
            asked = await self._asked(workspace, user, command, rest)
            if asked.text and (lang := await self._personal.known(workspace, user)):
                await self._hub.receive(asked)
                return self._working(workspace, user, lang, back)
        return self._run(workspace, user, command, name, rest)

    async def _run(self, workspace: str, user: str, command: Mapping[str, Any], name: str, rest: str) -> None:
        """Does what was typed and says so; what cannot be done is said, too."""
        back = str(command["response_url"])
        try:
            who = await self._personal.somebody(workspace, user)
        except Exception as error:  # noqa: BLE001  the edge: whoever typed must hear of it
            await self._personal.turn_away(workspace, user, error, back)
            return
        try:
            said = await self._does[name](who, command, rest)
        except Exception as error:  # noqa: BLE001  the same
            said = failure(error, who.lang)
        if said is not None:
            await self._personal.say(who, said, back)

    async def _working(self, workspace: str, user: str, lang: Lang, back: str) -> None:
        who = await self._personal.somebody(workspace, user)
        await self._personal.say(who, blocks.note(say("slack_working", lang)), back)

    async def _asked(self, workspace: str, user: str, command: Mapping[str, Any], words: str) -> Asked:
        """Names for the people mentioned are looked up when it is answered."""
        one = f"command-{command['trigger_id']}"[:64]
        return Asked(
            channel=NAME, workspace=workspace, user=user, place=str(command["channel_id"]), thread=one, message=one,
            text=incoming.plain(words, (await self._port.myself(workspace))["user"]), direct=True,
            back=str(command["response_url"]),
        )  # fmt: skip

    async def _ask(self, who: Somebody, command: Mapping[str, Any], rest: str) -> Part | None:
        """A question that was not taken in before the acknowledgement: Slack had not told in time who asks."""
        asked = await self._asked(who.user.workspace, who.user.user, command, rest)
        if not asked.text:
            return blocks.note(say("talk_no_question", who.lang))
        await self._hub.receive(asked)
        return blocks.note(say("slack_working", who.lang))

    async def _assess(self, who: Somebody, command: Mapping[str, Any], rest: str) -> Part | None:
        await self._personal.open_assessment(who, str(command["trigger_id"]))
        return None

    async def _plan(self, who: Somebody, command: Mapping[str, Any], rest: str) -> Part | None:
        return await self._personal.plan(who, shareable=not _is_direct(command))

    async def _review(self, who: Somebody, command: Mapping[str, Any], rest: str) -> Part | None:
        return await self._personal.review(who)

    async def _search(self, who: Somebody, command: Mapping[str, Any], rest: str) -> Part | None:
        words = await self._port.readable(who.user.workspace, rest)
        if not words:
            return blocks.note(say("slack_search_what", who.lang))
        place = await asyncio.to_thread(self._hub.channels.place, NAME, who.user.workspace, str(command["channel_id"]))
        if not place.on:
            return blocks.note(say("channel_off", who.lang))
        found = await asyncio.to_thread(self._hub.coach.retrieve, words, k=_FOUND if place.part == "all" else _LOOKED_AT)
        wanted = [p for p in found if place.part == "all" or (p.tier == "document") == (place.part == "own")]
        return blocks.found(wanted[:_FOUND], words, who.lang)

    async def _link(self, who: Somebody, command: Mapping[str, Any], rest: str) -> Part | None:
        if not rest:
            return blocks.note(say("slack_link_how", who.lang))
        return blocks.note(await self._personal.link(who, rest))

    async def _unlink(self, who: Somebody, command: Mapping[str, Any], rest: str) -> Part | None:
        return blocks.note(await self._personal.unlink(who))

    async def _reminders(self, who: Somebody, command: Mapping[str, Any], rest: str) -> Part | None:
        word = rest.lower()
        if word not in (*_ON, *_OFF):
            return blocks.note(say("slack_reminders_how", who.lang))
        return blocks.note(await self._personal.remind(who, "checkin", "review", off=word in _OFF))

    async def _forget(self, who: Somebody, command: Mapping[str, Any], rest: str) -> Part | None:
        if rest.lower() not in ("yes", "是", "确定"):
            return blocks.note(say("slack_forget_sure", who.lang))
        return blocks.note(await self._personal.forget(who))

    async def _help(self, who: Somebody, command: Mapping[str, Any], rest: str) -> Part | None:
        return blocks.help(who.lang)

    # --- what a channel wants -----------------------------------------------------------------------------------------

    async def _settings(self, who: Somebody, command: Mapping[str, Any], rest: str) -> Part | None:
        place = str(command["channel_id"])
        if _is_direct(command):
            return blocks.note(say("slack_settings_direct", who.lang))
        now = await asyncio.to_thread(self._hub.channels.place, NAME, who.user.workspace, place)
        if not rest:
            return blocks.note(settings_told(now, who.lang))
        if not await self._owns(who, place):
            return blocks.note(say("slack_settings_owner", who.lang))
        changed = await asyncio.to_thread(
            self._hub.channels.change_place, NAME, who.user.workspace, place, lambda now: settings_changed(now, rest)
        )
        if changed is None:
            return blocks.note(say("slack_settings_how", who.lang, most=MAX_MINUTES))
        return blocks.note(settings_told(changed, who.lang))

    async def _owns(self, who: Somebody, place: str) -> bool:
        """Whether somebody made the channel, or looks after the workspace."""
        found = await self._port.user(who.user.workspace, who.user.user)
        if any(found.get(role) for role in ("is_admin", "is_owner", "is_primary_owner")):
            return True
        try:
            said = await self._port.client(who.user.workspace).conversations_info(channel=place)
        except SlackApiError:  # a channel the app is not in
            return False
        return bool((said.get("channel") or {}).get("creator") == who.user.user)


def parsed(text: str) -> tuple[str, str]:
    """(name, rest) of what was typed; what begins with no known word is a question."""
    text = text.strip()
    first, _, rest = text.partition(" ") if " " in text else text.partition("\u3000")
    for name, words in _NAMES.items():
        if first.lower() in words:
            return name, rest.strip()
    return ("ask", text) if text else ("help", "")


def settings_changed(now: Place, typed: str) -> Place | None:
    """The settings with what was typed after `settings`; None if that is no setting."""
    first, _, rest = typed.strip().partition(" ")
    word, value = first.lower(), rest.strip()
    if word in _ON or word in _OFF:
        return now.model_copy(update={"on": word in _ON})
    if word in ("mention", "提及"):
        return now.model_copy(update={"on": True, "unanswered_after": 0})
    if word in ("unanswered", "未答") and re.fullmatch(r"[1-9]\d{0,3}", value) and int(value) <= MAX_MINUTES:
        return now.model_copy(update={"on": True, "unanswered_after": int(value)})
    if word in ("language", "语言") and value.lower() in _LANGUAGES:
        return now.model_copy(update={"language": _LANGUAGES[value.lower()]})
    if word in ("library", "资料") and value in PARTS:
        return now.model_copy(update={"part": value})
    if word in ("humans", "同事") and (value.lower() in ("none", "无") or incoming.mentioned(value)):
        return now.model_copy(update={"humans": tuple(dict.fromkeys(incoming.mentioned(value)))})
    return None


def settings_told(place: Place, lang: Lang) -> str:
    """The settings of a place in sentences."""
    if not place.on:
        return say("slack_place_off", lang)
    when = (
        say("slack_place_unanswered", lang, n=place.unanswered_after)
        if place.unanswered_after
        else say("slack_place_mention", lang)
    )
    spoken = say(f"slack_place_language_{place.language or 'auto'}", lang)
    part = say(_PARTS[place.part], lang)
    humans = say("slack_place_humans", lang, n=len(place.humans)) if place.humans else say("slack_place_no_humans", lang)
    return "\n".join((when, spoken, part, humans))


def _is_direct(command: Mapping[str, Any]) -> bool:
    return str(command.get("channel_name")) == "directmessage" or str(command["channel_id"]).startswith("D")
