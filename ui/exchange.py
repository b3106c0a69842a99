"""One question with what became of it, and the form in which a browser keeps a conversation.

What comes back from a browser is data from outside: it is validated, and whatever does not fit is left out.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from coach.types import Passage, Reply, Turn

State = Literal["pending", "done", "stopped", "failed"]
MAX_KEPT = 30
"""Exchanges a browser keeps; with their passages they stay far below what local storage holds."""
MAX_PASSAGES = 8


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """A question and its reply. `partial` is unchecked text of a stopped reply; `error` and `hint` say why one failed."""

    id: str = field(default_factory=lambda: secrets.token_hex(4))
    question: str
    state: State = "pending"
    reply: Reply | None = None
    passages: tuple[Passage, ...] = ()
    partial: str = ""
    error: str = ""
    hint: str = ""

    @property
    def shown_passages(self) -> tuple[Passage, ...]:
        """The passages behind this exchange, whether or not a reply came of them."""
        return self.reply.passages if self.reply else self.passages


@dataclass(frozen=True, kw_only=True)
class Conversation:
    """What one browser holds: the exchanges on the page, and those set aside by the last "new chat"."""

    now: tuple[Exchange, ...] = ()
    before: tuple[Exchange, ...] = ()

    def adding(self, exchange: Exchange) -> Conversation:
        """The conversation with this exchange last; an exchange of the same id is replaced."""
        others = tuple(e for e in self.now if e.id != exchange.id)
        return replace(self, now=(*others, exchange)[-MAX_KEPT:])

    def fresh(self) -> Conversation:
        """An empty conversation that still holds the last one, until the next time."""
        return Conversation(before=self.now or self.before)

    def dump(self) -> dict[str, Any]:
        """A JSON value for the browser."""
        return {"now": _EXCHANGES.dump_python(self.now, mode="json"), "before": _EXCHANGES.dump_python(self.before, mode="json")}

    @staticmethod
    def load(value: object) -> Conversation:
        """Reads what a browser kept; exchanges that cannot be read are left out."""
        kept = value if isinstance(value, dict) else {}
        return Conversation(now=_load(kept.get("now")), before=_load(kept.get("before")))


_EXCHANGE = TypeAdapter(Exchange)
_EXCHANGES = TypeAdapter(tuple[Exchange, ...])


def _load(values: object) -> tuple[Exchange, ...]:
    found: list[Exchange] = []
    for value in values[-MAX_KEPT:] if isinstance(values, list) else ():
        try:
            exchange = _EXCHANGE.validate_python(value)
        except ValidationError:
            continue
        if exchange.id.isalnum() and (exchange.reply or exchange.state != "done"):
            found.append(exchange)
    return tuple(found)


def finished(exchange: Exchange, reply: Reply) -> Exchange:
    """The exchange with its reply, cut down to what the page needs: cited passages first, no timings."""
    cited = {c.passage_id for c in reply.citations}
    passages = sorted(reply.passages, key=lambda p: p.id not in cited)[: max(MAX_PASSAGES, len(cited))]
    slim = tuple(replace(p, scores={}) for p in passages)
    return replace(exchange, state="done", reply=replace(reply, passages=slim, timings={}), passages=(), partial="")


def history(exchanges: Sequence[Exchange]) -> list[Turn]:
    """What the coach is told of the conversation so far: answered questions only, oldest first."""
    turns: list[Turn] = []
    for exchange in exchanges:
        if exchange.state == "done" and exchange.reply:
            turns.append(Turn(role="user", content=exchange.question))
            turns.append(Turn(role="assistant", content=exchange.reply.answer))
    return turns
