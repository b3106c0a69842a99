"""People and what is kept of them: profiles, assessments, feedback, plans, check-ins, reviews."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Makes the tables of a person's records; the replies stay as they are."""
    op.create_table(
        "people",
        sa.Column("id", sa.String(64), primary_key=True),
        _moment("created"),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("time_zone", sa.String(64), nullable=False),
    )
    _profiles_and_assessments()
    _feedback()
    _plans()


def _profiles_and_assessments() -> None:
    op.create_table(
        "profiles",
        _seq(),
        _person(),
        sa.Column("revision", sa.Integer, nullable=False),
        _moment("made"),
        sa.Column("values", sa.JSON, nullable=False),
        sa.Column("sources", sa.JSON, nullable=False),
        sa.UniqueConstraint("person", "revision"),
    )
    op.create_table(
        "assessments",
        _seq(),
        _id(),
        _person(),
        sa.Column("form", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("framework", sa.Text, nullable=False),
        _moment("made"),
        _moment("changed"),
        sa.Column("answers", sa.JSON, nullable=False),
        sa.Column("results", sa.JSON, nullable=False),
        sa.UniqueConstraint("id", "person"),
    )


def _feedback() -> None:
    op.create_table(
        "feedback_links",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        _person(),
        sa.Column("assessment", sa.String(64), nullable=False, index=True),
        sa.Column("relation", sa.String(16), nullable=False),
        _moment("expires"),
        _belongs("assessment", "assessments"),
    )
    op.create_table(
        "feedback_answers",
        sa.Column("id", sa.String(64), primary_key=True),
        _person(),
        sa.Column("assessment", sa.String(64), nullable=False, index=True),
        sa.Column("relation", sa.String(16), nullable=False),
        sa.Column("values", sa.JSON, nullable=False),
        _belongs("assessment", "assessments"),
    )


def _plans() -> None:
    op.create_table("plans", _seq(), _id(), _person(), _moment("made"), sa.UniqueConstraint("id", "person"))
    op.create_table(
        "plan_versions",
        _seq(),
        _person(),
        sa.Column("plan", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        _moment("made"),
        sa.Column("values", sa.JSON, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.UniqueConstraint("plan", "version"),
        _belongs("plan", "plans"),
    )
    op.create_table(
        "checkins",
        _seq(),
        _id(),
        _person(),
        sa.Column("plan", sa.String(64), nullable=False, index=True),
        _moment("made"),
        sa.Column("values", sa.JSON, nullable=False),
        _belongs("plan", "plans"),
    )
    op.create_table(
        "reviews",
        _seq(),
        _id(),
        _person(),
        sa.Column("plan", sa.String(64), nullable=False, index=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("on", sa.Date, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        _moment("made"),
        sa.Column("values", sa.JSON, nullable=False),
        _belongs("plan", "plans"),
    )


def _seq() -> sa.Column[Any]:
    return sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True)


def _id() -> sa.Column[Any]:
    return sa.Column("id", sa.String(64), nullable=False, unique=True)


def _person() -> sa.Column[Any]:
    return sa.Column("person", sa.String(64), sa.ForeignKey("people.id", ondelete="CASCADE"), nullable=False, index=True)


def _moment(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def _belongs(column: str, owner: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column, "person"], [f"{owner}.id", f"{owner}.person"], ondelete="CASCADE")
