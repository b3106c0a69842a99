"""Slack and Feishu: who writes to us, what was answered, what is still to be handled, and where the app is installed."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Makes the tables."""
    _people()
    _places()
    _answers()
    _inbox()
    _installations()


def _people() -> None:
    op.create_table(
        "channel_users",
        _seq(),
        _person(),
        *_where("user"),
        sa.Column("linked", sa.Boolean, nullable=False),
        sa.Column("direct", sa.String(64), nullable=False),
        _json("reminders"),
        _moment("made"),
        sa.UniqueConstraint("channel", "workspace", "user"),
    )
    op.create_table("link_codes", sa.Column("code_hash", sa.String(64), primary_key=True), _person(), _moment("expires"))


def _places() -> None:
    op.create_table(
        "places",
        _seq(),
        *_where("place"),
        _json("values"),
        _moment("changed"),
        sa.UniqueConstraint("channel", "workspace", "place"),
    )


def _answers() -> None:
    op.create_table(
        "channel_answers",
        _seq(),
        _person(),
        *_where("place", "thread", "message"),
        sa.Column("exchange", sa.String(64), nullable=False, index=True),
        _json("posted"),
        sa.Column("made", sa.DateTime(timezone=True), nullable=False, index=True),
        sa.UniqueConstraint("channel", "workspace", "place", "message"),
    )
    op.create_index("ix_channel_answers_thread", "channel_answers", ["channel", "workspace", "place", "thread"])


def _inbox() -> None:
    op.create_table(
        "inbox",
        _seq(),
        sa.Column("key", sa.String(64), nullable=False, unique=True),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("lane", sa.String(64), nullable=False),
        sa.Column("payload", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("progress", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False, index=True),
        sa.Column("worker", sa.String(64), nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        _moment("made"),
    )


def _installations() -> None:
    op.create_table(
        "installations",
        sa.Column("channel", sa.String(16), primary_key=True),
        sa.Column("workspace", sa.String(64), primary_key=True),
        _json("values"),
        _moment("changed"),
    )
    op.create_table("oauth_states", sa.Column("state_hash", sa.String(64), primary_key=True), _moment("expires"))


def _seq() -> sa.Column[Any]:
    return sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True)


def _person() -> sa.Column[Any]:
    return sa.Column("person", sa.String(64), sa.ForeignKey("people.id", ondelete="CASCADE"), nullable=False, index=True)


def _where(*names: str) -> list[sa.Column[Any]]:
    channel = sa.Column("channel", sa.String(16), nullable=False)
    return [channel, *(sa.Column(name, sa.String(64), nullable=False) for name in ("workspace", *names))]


def _json(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.JSON, nullable=False)


def _moment(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)
