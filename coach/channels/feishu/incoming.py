"""Reads what Feishu sends: the words of a message as people see them, whom it mentions, and the message as the hub takes it.

Pure functions over events and messages as plain dicts. A message of the API and one of an event differ a little; both are read.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from coach.channels.hub import Asked, FileRef

NAME = "feishu"
_IN_LINE = {"text": "text", "a": "text", "md": "text", "code_block": "text"}
"""Parts of a formatted message (post) that hold words, and where."""
READ = ("text", "post")
"""Types of message that are read."""


def mentioned(message: Mapping[str, Any]) -> list[str]:
    """The open_ids of those a message mentions; everybody (@all) is nobody."""
    return [who for mention in message.get("mentions") or () if (who := _id(mention))]


def text(kind: str, content: str, message: Mapping[str, Any], me: str) -> str:
    """The words of a message, mentions as names and without that of the coach; empty for what is not read or is broken."""
    if kind not in READ:
        return ""
    try:
        held = json.loads(content)
    except ValueError:
        return ""
    if not isinstance(held, dict):
        return ""
    said = str(held.get("text") or "") if kind == "text" else "\n".join(_lines(held))
    for mention in sorted(message.get("mentions") or (), key=lambda m: -len(str(m.get("key", "")))):  # @_user_10 before @_user_1
        name = "" if _id(mention) == me else f"@{mention.get('name') or ''}"
        said = said.replace(str(mention.get("key") or "\0"), name)
    return said.replace("@_all", "").strip()


def asked(event: Mapping[str, Any], workspace: str, me: str) -> Asked:
    """The event of a message. In a direct chat what is not within a thread is one conversation, as people write there.

    What cannot be read comes as a file, so that its sender hears of it.
    """
    message, sender = event["message"], event["sender"]
    direct = message.get("chat_type") == "p2p"
    kind, this, place = str(message.get("message_type")), str(message["message_id"]), str(message["chat_id"])
    own = direct and not message.get("thread_id")
    return Asked(
        channel=NAME,
        workspace=workspace,
        user=str(sender["sender_id"]["open_id"]),
        place=place,
        thread=place if own else str(message.get("root_id") or this),
        message=this,
        text=text(kind, str(message.get("content") or ""), message, me),
        direct=direct,
        files=() if kind in READ else (FileRef(name=kind, where=this),),
    )


def _id(mention: Mapping[str, Any]) -> str:
    """The open_id, which an event wraps together with the other ids."""
    held = mention.get("id")
    return str((held.get("open_id") if isinstance(held, Mapping) else held) or "")


def _lines(post: Mapping[str, Any]) -> Iterator[str]:
    if title := str(post.get("title") or ""):
        yield title
    for line in post.get("content") or ():
        yield "".join(_words(part) for part in line if isinstance(part, Mapping))


def _words(part: Mapping[str, Any]) -> str:
    if part.get("tag") == "at":  # a key in `mentions` stands for them, and is replaced with the others
        key = str(part.get("user_id") or "")
        return key if key.startswith("@") else f"@{part.get('user_name') or ''}"
    return str(part.get(_IN_LINE.get(str(part.get("tag")), "")) or "")
