"""Conversations, what is thought of their replies, and what was brought into them; the replies kept so far move into them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from coach.text import fold

revision = "0004"
down_revision = "0003"

_LOCAL = "local"  # without accounts, which came later than the replies, there was one person
_TITLE = 20  # characters
_REPLY = (
    *("answer", "status", "language", "citations", "passages", "model", "timings", "notice", "suggestions", "prompt_hash"),
    *("library_version", "question", "standalone_question", "kind", "id"),
)


def upgrade() -> None:
    """Makes the tables, moves the replies, and drops the table they were in."""
    _conversations()
    _opinions()
    _move()
    op.drop_table("replies")


def _conversations() -> None:
    op.create_table(
        "conversations",
        _seq(),
        sa.Column("id", sa.String(64), nullable=False),
        _person(),
        *_texts("title"),
        sa.Column("named", sa.Boolean, nullable=False),
        _moment("made"),
        sa.Column("changed", sa.DateTime(timezone=True), nullable=False, index=True),
        sa.UniqueConstraint("id", "person"),
    )
    op.create_table(
        "exchanges",
        _seq(),
        _id(),
        _person(),
        sa.Column("conversation", sa.String(64), nullable=False),
        *_texts("question"),
        sa.Column("state", sa.String(16), nullable=False),
        *_texts("text"),
        sa.Column("reply", sa.JSON, nullable=True),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("code", sa.String(64), nullable=False),
        *_texts("hint"),
        sa.Column("superseded", sa.Boolean, nullable=False),
        sa.Column("instead_of", sa.String(64), nullable=True),
        *_texts("folded"),
        sa.Column("made", sa.DateTime(timezone=True), nullable=False, index=True),
        sa.Column("ended", sa.DateTime(timezone=True), nullable=True),
        sa.UniqueConstraint("id", "person"),
        _belongs("conversation", "conversations"),
    )
    op.create_index("ix_exchanges_conversation", "exchanges", ["conversation", "person", "seq"])


def _opinions() -> None:
    op.create_table(
        "verdicts",
        _seq(),
        _person(),
        sa.Column("exchange", sa.String(64), nullable=False),
        sa.Column("verdict", sa.String(16), nullable=False),
        *_texts("reason"),
        _moment("made"),
        sa.UniqueConstraint("exchange", "person"),
        _belongs("exchange", "exchanges"),
    )
    op.create_table(
        "reports",
        _seq(),
        _id(),
        _person(),
        sa.Column("exchange", sa.String(64), nullable=False, index=True),
        sa.Column("state", sa.String(16), nullable=False, index=True),
        *_texts("reason", "note", "article"),
        _moment("made"),
        sa.Column("closed", sa.DateTime(timezone=True), nullable=True),
        _belongs("exchange", "exchanges"),
    )
    op.create_table(
        "attachments",
        _seq(),
        _id(),
        _person(),
        sa.Column("conversation", sa.String(64), nullable=False, index=True),
        *_texts("name", "text"),
        sa.Column("characters", sa.Integer, nullable=False),
        _moment("made"),
        _belongs("conversation", "conversations"),
    )


def _move() -> None:
    connection = op.get_bind()
    old, people, conversations, exchanges = (
        sa.Table(name, sa.MetaData(), autoload_with=connection, resolve_fks=False)
        for name in ("replies", "people", "conversations", "exchanges")
    )
    if connection.execute(sa.select(old.c.seq).limit(1)).first() is None:
        return
    if connection.execute(sa.select(people.c.id).where(people.c.id == _LOCAL)).first() is None:
        person = {"id": _LOCAL, "created": datetime.now(UTC), "language": "zh", "time_zone": ""}
        connection.execute(sa.insert(people).values(person))
    ends = sa.select(sa.func.min(old.c.seq), sa.func.max(old.c.created_at)).group_by(old.c.conversation)
    for seq, changed in connection.execute(ends.order_by(sa.func.min(old.c.seq))).all():
        first = connection.execute(sa.select(old).where(old.c.seq == seq)).one()
        row = {"id": first.conversation, "person": _LOCAL, "title": _title(first.question), "named": False}
        connection.execute(sa.insert(conversations).values(**row, made=first.created_at, changed=changed))
    for reply in _in_order(connection, old):
        connection.execute(sa.insert(exchanges).values(_exchange(reply)))


def _in_order(connection: sa.Connection, old: sa.Table) -> Iterator[sa.Row[Any]]:
    """Every reply as it was given; a hundred at a time, since each carries its passages."""
    last = -1
    while rows := connection.execute(sa.select(old).where(old.c.seq > last).order_by(old.c.seq).limit(100)).all():
        yield from rows
        last = rows[-1].seq


def _exchange(row: sa.Row[Any]) -> dict[str, Any]:
    return {
        "id": row.id,
        "person": _LOCAL,
        "conversation": row.conversation,
        "question": row.question,
        "state": "done",
        "text": row.answer,
        "reply": {name: getattr(row, name) for name in _REPLY},
        "status": row.status,
        "kind": row.kind,
        "language": row.language,
        "code": "",
        "hint": "",
        "superseded": False,
        "instead_of": None,
        "folded": f"{fold(row.question)}\n{fold(row.answer)}",
        "made": row.created_at,
        "ended": row.created_at,
    }


def _title(question: str) -> str:
    words = unicodedata.normalize("NFC", " ".join(question.split()))
    return words if len(words) <= _TITLE else f"{words[: _TITLE - 1]}…"


def _seq() -> sa.Column[Any]:
    return sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True)


def _id() -> sa.Column[Any]:
    return sa.Column("id", sa.String(64), nullable=False, unique=True)


def _texts(*names: str) -> Iterator[sa.Column[Any]]:
    return (sa.Column(name, sa.Text, nullable=False) for name in names)


def _person() -> sa.Column[Any]:
    return sa.Column("person", sa.String(64), sa.ForeignKey("people.id", ondelete="CASCADE"), nullable=False, index=True)


def _moment(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def _belongs(column: str, owner: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column, "person"], [f"{owner}.id", f"{owner}.person"], ondelete="CASCADE")
