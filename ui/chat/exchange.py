"""What the chat page shows of a kept conversation, as plain values: exchanges with their earlier versions, files, the list.

Read from what `coach.talks` keeps. Nothing here is kept in a browser.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from coach.types import Passage, Reply

State = Literal["pending", "done", "stopped", "failed", "interrupted"]
Verdict = Literal["", "up", "down", "wrong"]


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """A question and its reply. `partial` is unchecked text of a stopped reply; `error` and `hint` say why one failed.

    `earlier` are the versions that this one took the place of, oldest first.
    """

    id: str
    question: str
    state: State = "pending"
    reply: Reply | None = None
    passages: tuple[Passage, ...] = ()
    partial: str = ""
    error: str = ""
    hint: str = ""
    verdict: Verdict = ""
    superseded: bool = False
    earlier: tuple[Exchange, ...] = ()

    @property
    def shown_passages(self) -> tuple[Passage, ...]:
        """The passages behind this exchange, whether or not a reply came of them."""
        return self.reply.passages if self.reply else self.passages


@dataclass(frozen=True, kw_only=True)
class File:
    """Something brought into a conversation, without its text."""

    id: str
    name: str
    characters: int


@dataclass(frozen=True, kw_only=True)
class Conversation:
    """A conversation as it is shown, oldest exchange first. One without an id is new and empty."""

    id: str = ""
    title: str = ""
    exchanges: tuple[Exchange, ...] = ()
    files: tuple[File, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A conversation in the list."""

    id: str
    title: str
    changed: datetime


@dataclass(frozen=True)
class Group:
    """Conversations of one time: `key` names it in the catalogue."""

    key: str
    entries: list[Entry] = field(default_factory=list)


def folded(exchanges: Iterable[Exchange]) -> tuple[Exchange, ...]:
    """The exchanges that count, each with those it took the place of; the order is that in which they were asked.

    A superseded exchange stands before the one that took its place; one that nothing has replaced yet is shown as it is.
    """
    shown: list[Exchange] = []
    aside: list[Exchange] = []
    for exchange in exchanges:
        if exchange.superseded:
            aside.append(exchange)
        else:
            shown.append(replace(exchange, earlier=tuple(aside)))
            aside = []
    return (*shown, *aside)


def grouped(entries: Sequence[Entry], now: datetime) -> list[Group]:
    """The list by time: today, the last seven days, earlier. `now` has the reader's time zone."""
    groups = [Group("web_group_today"), Group("web_group_week"), Group("web_group_earlier")]
    for entry in entries:
        days = (now.date() - entry.changed.astimezone(now.tzinfo).date()).days
        groups[0 if days <= 0 else 1 if days < 7 else 2].entries.append(entry)
    return [group for group in groups if group.entries]


def finished(exchange: Exchange, reply: Reply, found: Sequence[Passage] = ()) -> Exchange:
    """The exchange with its reply; `found` are passages that it cites without holding them."""
    return replace(exchange, state="done", reply=replace(reply, passages=(*reply.passages, *found)), passages=(), partial="")


def uncarried(reply: Reply) -> list[str]:
    """Ids of passages that a reply cites without holding them."""
    have = {p.id for p in reply.passages}
    return list(dict.fromkeys(c.passage_id for c in reply.citations if c.passage_id not in have))
