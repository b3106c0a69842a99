"""Accounts, their sessions and API tokens, and failed log-ins."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Makes the tables; without an account everything stays as it was."""
    op.create_table(
        "accounts",
        _person(primary_key=True),
        sa.Column("name", sa.String(64), nullable=False, unique=True),
        sa.Column("display", sa.Text, nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("password_hash", sa.String(255), nullable=False),
        sa.Column("disabled", sa.Boolean, nullable=False),
        _moment("created"),
    )
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        _person(nullable=False, index=True),
        sa.Column("log_in", sa.String(64), nullable=False, index=True),
        _moment("created"),
        _moment("renewed"),
        _moment("seen"),
        _moment("expires"),
        sa.Column("replaced", sa.Boolean, nullable=False),
    )
    op.create_table(
        "api_tokens",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        sa.Column("id", sa.String(64), nullable=False, unique=True),
        _person(nullable=False, index=True),
        sa.Column("label", sa.Text, nullable=False),
        _moment("created"),
        _moment("last_used", nullable=True),
        _moment("expires", nullable=True),
    )
    op.create_table(
        "failed_log_ins",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("failures", sa.Integer, nullable=False),
        _moment("last"),
    )


def _person(**options: Any) -> sa.Column[Any]:  # noqa: ANN401
    return sa.Column("person", sa.String(64), sa.ForeignKey("people.id", ondelete="CASCADE"), **options)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)
