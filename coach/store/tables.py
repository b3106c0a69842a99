"""The tables of the product, as SQLAlchemy Core, and what they do to a value on its way in and out.

Nothing here opens a connection. Every change to a table is a migration (`coach/store/migrations`) and raises `database.SCHEMA`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)


class Instant(TypeDecorator[datetime]):
    """A moment: goes in with a time zone, comes back in UTC. SQLite by itself would forget the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Raises ValueError for a moment without a time zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """In UTC, whatever zone the server speaks."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Id(TypeDecorator[str]):
    """An id, often straight from a URL: one that no database can hold fits no row, instead of failing or being mended."""

    impl = String(64)
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Null bytes and lone surrogates become a sign that no id has."""
        return None if value is None else "".join("\ufffd" if _unstorable(c) else c for c in value)


class Words(TypeDecorator[str]):
    """Text somebody wrote, without what databases refuse."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Cleaned by `storable`."""
        return None if value is None else storable(value)


class Json(TypeDecorator[Any]):
    """Plain JSON values, their texts without what databases refuse; None is SQL's NULL."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def process_bind_param(self, value: object, dialect: Dialect) -> object:
        """Cleaned by `storable_json`."""
        return storable_json(value)


def storable(text: str) -> str:
    """Databases refuse null bytes (PostgreSQL) and lone surrogates (all); a text is kept without them."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def storable_json(value: object) -> object:
    """The same for every text and key within a JSON value."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        return {storable(str(key)): storable_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [storable_json(item) for item in value]
    return value


def _unstorable(character: str) -> bool:
    return character == "\x00" or "\ud800" <= character <= "\udfff"


metadata = MetaData()

# Kept in step with the migrations, so that a program from before them refuses a database that has become newer, too.
schema_version = Table("schema_version", metadata, Column("version", Integer, nullable=False))

# `seq` keeps the order of a conversation where two replies share a second.
replies = Table(
    "replies",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("id", String(64), nullable=False, unique=True),
    Column("conversation", String(64), nullable=False, index=True),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("question", Text, nullable=False),
    Column("standalone_question", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("status", String(32), nullable=False),
    Column("kind", String(64), nullable=False),
    Column("language", String(8), nullable=False),
    Column("notice", Text, nullable=False),
    Column("model", String(200), nullable=False),
    Column("prompt_hash", String(128), nullable=False),
    Column("library_version", String(128), nullable=False),
    Column("citations", JSON, nullable=False),
    Column("passages", JSON, nullable=False),
    Column("suggestions", JSON, nullable=False),
    Column("timings", JSON, nullable=False),
)

people = Table(
    "people",
    metadata,
    Column("id", Id, primary_key=True),
    Column("created", Instant, nullable=False),
    Column("language", String(8), nullable=False),
    Column("time_zone", String(64), nullable=False),
)


def _person() -> Column[Any]:
    """Every record carries its person, and goes when they go."""
    return Column("person", Id, ForeignKey("people.id", ondelete="CASCADE"), nullable=False, index=True)


def _belongs(column: str, owner: str) -> ForeignKeyConstraint:
    """The record belongs to another one of the same person: the database itself refuses a mixture."""
    return ForeignKeyConstraint([column, "person"], [f"{owner}.id", f"{owner}.person"], ondelete="CASCADE")


profiles = Table(
    "profiles",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    _person(),
    Column("revision", Integer, nullable=False),
    Column("made", Instant, nullable=False),
    Column("values", Json, nullable=False),
    Column("sources", Json, nullable=False),
    UniqueConstraint("person", "revision"),
)

assessments = Table(
    "assessments",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("id", Id, nullable=False, unique=True),
    _person(),
    Column("form", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("framework", Words, nullable=False),
    Column("made", Instant, nullable=False),
    Column("changed", Instant, nullable=False),
    Column("answers", Json, nullable=False),
    Column("results", Json, nullable=False),
    UniqueConstraint("id", "person"),
)

feedback_links = Table(
    "feedback_links",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    _person(),
    Column("assessment", Id, nullable=False, index=True),
    Column("relation", String(16), nullable=False),
    Column("expires", Instant, nullable=False),
    _belongs("assessment", "assessments"),
)

# Anonymous: no link, no time, no running number; the random id is the order.
feedback_answers = Table(
    "feedback_answers",
    metadata,
    Column("id", Id, primary_key=True),
    _person(),
    Column("assessment", Id, nullable=False, index=True),
    Column("relation", String(16), nullable=False),
    Column("values", Json, nullable=False),
    _belongs("assessment", "assessments"),
)

plans = Table(
    "plans",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("id", Id, nullable=False, unique=True),
    _person(),
    Column("made", Instant, nullable=False),
    UniqueConstraint("id", "person"),
)

plan_versions = Table(
    "plan_versions",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    _person(),
    Column("plan", Id, nullable=False),
    Column("version", Integer, nullable=False),
    Column("made", Instant, nullable=False),
    Column("values", Json, nullable=False),
    Column("why", Words, nullable=False),
    UniqueConstraint("plan", "version"),
    _belongs("plan", "plans"),
)

checkins = Table(
    "checkins",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("id", Id, nullable=False, unique=True),
    _person(),
    Column("plan", Id, nullable=False, index=True),
    Column("made", Instant, nullable=False),
    Column("values", Json, nullable=False),
    _belongs("plan", "plans"),
)

reviews = Table(
    "reviews",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("id", Id, nullable=False, unique=True),
    _person(),
    Column("plan", Id, nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("on", Date, nullable=False),
    Column("state", String(16), nullable=False),
    Column("made", Instant, nullable=False),
    Column("values", Json, nullable=False),
    _belongs("plan", "plans"),
)
