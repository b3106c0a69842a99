"""The tables of the product, as SQLAlchemy Core; `database.SCHEMA` counts every change to them.

Nothing here opens a connection. Texts people wrote stand only in `replies`.
"""

from __future__ import annotations

from sqlalchemy import JSON, Column, DateTime, Integer, MetaData, String, Table, Text

metadata = MetaData()

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
