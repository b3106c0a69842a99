"""Reads what Slack sends: the words of a message as people see them, and whether a message is for the coach at all."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any

from coach.channels.hub import Asked, FileRef

_MENTION = re.compile(r"<@([A-Z0-9]+)(?:\|([^>]*))?>")
_PERSON = re.compile(r"@([UW][A-Z0-9]{5,})\b")
_PLACE = re.compile(r"<#[A-Z0-9]+(?:\|([^>]*))?>")
_LINK = re.compile(r"<((?:https?|mailto|tel):[^|>]+)(?:\|([^>]*))?>")
_ALL = re.compile(r"<!(?:subteam\^[A-Z0-9]+\|?([^>]*)|(here|channel|everyone)|[^>|]*\|?([^>]*))>")
_ASKS = re.compile(
    r"[?？]|吗|呢$|怎么|怎样|如何|什么|啥|咋|哪|多少|几个|是否|有没有|能不能|要不要|该不该|可不可以|\b(how|what|why|which|when|where|who|should|can|could|do(es)?|any(one|body))\b",
    re.I,
)
_WORDS = (None, "file_share", "thread_broadcast", "me_message")
"""Subtypes under which people write; everything else is Slack telling of something."""


def mentioned(text: str) -> list[str]:
    """Ids of the users a message mentions."""
    return [found[1] for found in _MENTION.finditer(text)]


def people_in(plain_text: str) -> list[str]:
    """Ids of people whose names `plain` did not know."""
    return sorted(set(_PERSON.findall(plain_text)), key=len, reverse=True)


def plain(text: str, me: str) -> str:
    """The words of a message: mentions of the coach away, others as @name or @id, links as address, entities as characters."""
    said = _MENTION.sub(lambda m: "" if m[1] == me else f"@{m[2] or m[1]}", text)
    said = _PLACE.sub(lambda m: f"#{m[1] or ''}", said)
    said = _LINK.sub(lambda m: f"{m[2]} ({m[1]})" if m[2] and m[2] not in m[1] else m[1], said)
    said = _ALL.sub(lambda m: m[1] or m[3] or "", said)
    return html.unescape(said).strip()


def asks(text: str) -> bool:
    """Whether a message reads like a question, in either language and with either question mark."""
    return len(text.strip()) >= 4 and bool(_ASKS.search(text))


def is_written(event: Mapping[str, Any]) -> bool:
    """Whether a person wrote it, and not a bot, an app or Slack itself."""
    return event.get("subtype") in _WORDS and bool(event.get("user")) and not event.get("bot_id") and not event.get("app_id")


def asked(event: Mapping[str, Any], workspace: str, text: str, *, edited: bool = False) -> Asked:
    """A message event as the hub takes it; `text` is what `plain` made of it."""
    ts = str(event["ts"])
    files = tuple(
        FileRef(name=str(f.get("name") or f.get("title") or "file"), where=str(f["url_private"]))
        for f in event.get("files") or ()
        if f.get("url_private")
    )
    return Asked(
        channel="slack",
        workspace=workspace,
        user=str(event["user"]),
        place=str(event["channel"]),
        thread=str(event.get("thread_ts") or ts),
        message=ts,
        text=text,
        direct=event.get("channel_type") == "im",
        edited=edited,
        files=files,
    )
