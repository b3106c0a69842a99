"""The tables of the product, as SQLAlchemy Core, and what they do to a value on its way in and out.

Nothing here opens a connection. Every change to a table is a migration (`coach/store/migrations`) and raises `database.SCHEMA`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Constraint,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
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


def _numbered(name: str, *own: Column[Any] | Constraint | Index) -> Table:
    """Records of a person, in the order in which they came (`seq`)."""
    return Table(name, metadata, Column("seq", Integer, primary_key=True, autoincrement=True), _person(), *own)


profiles = _numbered(
    "profiles",
    Column("revision", Integer, nullable=False),
    Column("made", Instant, nullable=False),
    Column("values", Json, nullable=False),
    Column("sources", Json, nullable=False),
    UniqueConstraint("person", "revision"),
)

assessments = _numbered(
    "assessments",
    Column("id", Id, nullable=False, unique=True),
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

plans = _numbered(
    "plans",
    Column("id", Id, nullable=False, unique=True),
    Column("made", Instant, nullable=False),
    UniqueConstraint("id", "person"),
)

plan_versions = _numbered(
    "plan_versions",
    Column("plan", Id, nullable=False),
    Column("version", Integer, nullable=False),
    Column("made", Instant, nullable=False),
    Column("values", Json, nullable=False),
    Column("why", Words, nullable=False),
    UniqueConstraint("plan", "version"),
    _belongs("plan", "plans"),
)

checkins = _numbered(
    "checkins",
    Column("id", Id, nullable=False, unique=True),
    Column("plan", Id, nullable=False, index=True),
    Column("made", Instant, nullable=False),
    Column("values", Json, nullable=False),
    _belongs("plan", "plans"),
)

reviews = _numbered(
    "reviews",
    Column("id", Id, nullable=False, unique=True),
    Column("plan", Id, nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("on", Date, nullable=False),
    Column("state", String(16), nullable=False),
    Column("made", Instant, nullable=False),
    Column("values", Json, nullable=False),
    _belongs("plan", "plans"),
)

# --- accounts ---------------------------------------------------------------------------------------------------------

accounts = Table(
    "accounts",
    metadata,
    Column("person", Id, ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
    Column("name", Id, nullable=False, unique=True),
    Column("display", Words, nullable=False),
    Column("role", String(16), nullable=False),
    Column("password_hash", String(255), nullable=False),
    Column("disabled", Boolean, nullable=False),
    Column("created", Instant, nullable=False),
)

# `log_in` is shared by all sessions that one log-in was renewed to; `replaced`: renewed, good for a moment more.
sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    _person(),
    Column("log_in", String(64), nullable=False, index=True),
    Column("created", Instant, nullable=False),
    Column("renewed", Instant, nullable=False),
    Column("seen", Instant, nullable=False),
    Column("expires", Instant, nullable=False),
    Column("replaced", Boolean, nullable=False),
)

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("id", Id, nullable=False, unique=True),
    _person(),
    Column("label", Words, nullable=False),
    Column("created", Instant, nullable=False),
    Column("last_used", Instant),
    Column("expires", Instant),
)

# Whose failures they are is not kept: the key is a hash of a log-in name or of a client's address.
failed_log_ins = Table(
    "failed_log_ins",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last", Instant, nullable=False),
)

# --- conversations ----------------------------------------------------------------------------------------------------

# An id is the client's or ours, and means a conversation of one person only.
conversations = _numbered(
    "conversations",
    Column("id", Id, nullable=False),
    Column("title", Words, nullable=False),
    Column("named", Boolean, nullable=False),
    Column("made", Instant, nullable=False),
    Column("changed", Instant, nullable=False, index=True),
    UniqueConstraint("id", "person"),
)

# `text` is what was said: all of the reply's text when done, as far as it came when stopped; `folded` is for searching.
exchanges = _numbered(
    "exchanges",
    Column("id", Id, nullable=False, unique=True),
    Column("conversation", Id, nullable=False),
    Column("question", Words, nullable=False),
    Column("state", String(16), nullable=False),
    Column("text", Words, nullable=False),
    Column("reply", Json, nullable=True),
    Column("status", String(32), nullable=False),
    Column("kind", String(64), nullable=False),
    Column("language", String(8), nullable=False),
    Column("code", String(64), nullable=False),
    Column("hint", Words, nullable=False),
    Column("superseded", Boolean, nullable=False),
    Column("instead_of", Id, nullable=True),
    Column("folded", Words, nullable=False),
    Column("made", Instant, nullable=False, index=True),
    Column("ended", Instant, nullable=True),
    UniqueConstraint("id", "person"),
    Index("ix_exchanges_conversation", "conversation", "person", "seq"),
    _belongs("conversation", "conversations"),
)

verdicts = _numbered(
    "verdicts",
    Column("exchange", Id, nullable=False),
    Column("verdict", String(16), nullable=False),
    Column("reason", Words, nullable=False),
    Column("made", Instant, nullable=False),
    UniqueConstraint("exchange", "person"),
    _belongs("exchange", "exchanges"),
)

# The reviewers' queue.
reports = _numbered(
    "reports",
    Column("id", Id, nullable=False, unique=True),
    Column("exchange", Id, nullable=False, index=True),
    Column("state", String(16), nullable=False, index=True),
    Column("reason", Words, nullable=False),
    Column("note", Words, nullable=False),
    Column("article", Words, nullable=False),
    Column("made", Instant, nullable=False),
    Column("closed", Instant, nullable=True),
    _belongs("exchange", "exchanges"),
)

# The text of a file, not the file.
attachments = _numbered(
    "attachments",
    Column("id", Id, nullable=False, unique=True),
    Column("conversation", Id, nullable=False, index=True),
    Column("name", Words, nullable=False),
    Column("text", Words, nullable=False),
    Column("characters", Integer, nullable=False),
    Column("made", Instant, nullable=False),
    _belongs("conversation", "conversations"),
)

# --- channels ---------------------------------------------------------------------------------------------------------

# Who somebody is that writes to us from Slack or Feishu: a person of their own until they link an account.
channel_users = Table(
    "channel_users",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    _person(),
    Column("channel", String(16), nullable=False),
    Column("workspace", Id, nullable=False),
    Column("user", Id, nullable=False),
    Column("linked", Boolean, nullable=False),
    Column("direct", Id, nullable=False),
    Column("reminders", Json, nullable=False),
    Column("made", Instant, nullable=False),
    UniqueConstraint("channel", "workspace", "user"),
)

link_codes = Table(
    "link_codes",
    metadata,
    Column("code_hash", String(64), primary_key=True),
    _person(),
    Column("expires", Instant, nullable=False),
)

# A Slack or Feishu channel and what its owners have set for it.
places = Table(
    "places",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("channel", String(16), nullable=False),
    Column("workspace", Id, nullable=False),
    Column("place", Id, nullable=False),
    Column("values", Json, nullable=False),
    Column("changed", Instant, nullable=False),
    UniqueConstraint("channel", "workspace", "place"),
)

# Which message was answered by which exchange, and where the answer stands.
channel_answers = Table(
    "channel_answers",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    _person(),
    Column("channel", String(16), nullable=False),
    Column("workspace", Id, nullable=False),
    Column("place", Id, nullable=False),
    Column("thread", Id, nullable=False),
    Column("message", Id, nullable=False),
    Column("exchange", Id, nullable=False, index=True),
    Column("posted", Json, nullable=False),
    Column("made", Instant, nullable=False, index=True),
    UniqueConstraint("channel", "workspace", "place", "message"),
    Index("ix_channel_answers_thread", "channel", "workspace", "place", "thread"),
)

# What came in from a channel, handled once however often it is sent: the row stays a while after `payload` has gone.
inbox = Table(
    "inbox",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("key", String(64), nullable=False, unique=True),
    Column("channel", String(16), nullable=False),
    Column("lane", String(64), nullable=False),
    Column("payload", Json, nullable=True),
    Column("progress", Json, nullable=True),
    Column("state", String(16), nullable=False),
    Column("due", Instant, nullable=False, index=True),
    Column("worker", Id, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("made", Instant, nullable=False),
)

installations = Table(
    "installations",
    metadata,
    Column("channel", String(16), primary_key=True),
    Column("workspace", Id, primary_key=True),
    Column("values", Json, nullable=False),
    Column("changed", Instant, nullable=False),
)

oauth_states = Table(
    "oauth_states",
    metadata,
    Column("state_hash", String(64), primary_key=True),
    Column("expires", Instant, nullable=False),
)
