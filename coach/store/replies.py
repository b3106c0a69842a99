"""Keeps every reply as it was said, so that a reload shows it word for word, with its sources.

Owns the `replies` table. Decides nothing about who may read it; nothing of what is kept goes into a log.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, delete, insert, select
from sqlalchemy.exc import IntegrityError

from coach.settings import Settings
from coach.store.database import open_database
from coach.store.tables import replies
from coach.types import Citation, Passage, Reply

_TEXTS = (
    "question", "standalone_question", "answer", "status", "kind", "language", "notice", "model", "prompt_hash",
    "library_version",
)  # fmt: skip


class Replies:
    """The replies of all conversations. One object serves every thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def save(self, reply: Reply, conversation: str) -> str:
        """Stores a reply at the end of a conversation and gives its id. A reply stored already stays as it is."""
        reply_id = reply.id or uuid.uuid4().hex
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(replies).values(_row(reply, reply_id, conversation)))
        except IntegrityError:
            if not self._has(reply_id):
                raise
        return reply_id

    def conversation(self, conversation: str) -> list[Reply]:
        """Its replies in the order they were given; empty for an unknown conversation."""
        query = select(replies).where(replies.c.conversation == conversation).order_by(replies.c.seq)
        with self._engine.begin() as connection:
            return [_reply(row) for row in connection.execute(query).mappings()]

    def delete(self, conversation: str) -> int:
        """Removes a conversation for good and tells how many replies it had."""
        with self._engine.begin() as connection:
            return connection.execute(delete(replies).where(replies.c.conversation == conversation)).rowcount

    def close(self) -> None:
        """Gives the connections back."""
        self._engine.dispose()

    def _has(self, reply_id: str) -> bool:
        with self._engine.begin() as connection:
            return connection.execute(select(replies.c.seq).where(replies.c.id == reply_id)).first() is not None


def open_replies(settings: Settings) -> Replies:
    """The replies kept where the settings say. Raises SetupError if that database cannot be used."""
    return Replies(open_database(settings.records_url))


def _row(reply: Reply, reply_id: str, conversation: str) -> dict[str, Any]:
    return {
        "id": reply_id,
        "conversation": conversation,
        "created_at": datetime.now(UTC),
        "citations": [asdict(citation) for citation in reply.citations],
        "passages": [asdict(passage) for passage in reply.passages],
        "suggestions": list(reply.suggestions),
        "timings": reply.timings,
        **{name: _storable(getattr(reply, name)) for name in _TEXTS},
    }


def _reply(row: Mapping[Any, Any]) -> Reply:
    return Reply(
        id=row["id"],
        citations=tuple(Citation(**citation) for citation in row["citations"]),
        passages=tuple(Passage(**{**p, "heading_path": tuple(p["heading_path"])}) for p in row["passages"]),
        suggestions=tuple(row["suggestions"]),
        timings=row["timings"],
        **{name: row[name] for name in _TEXTS},
    )


def _storable(text: str) -> str:
    """Databases refuse null bytes (PostgreSQL) and lone surrogates (all); a reply is kept without them."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
