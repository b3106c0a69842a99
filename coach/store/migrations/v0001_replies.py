"""The replies, as the program made them before there were migrations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Makes the table of the replies."""
    op.create_table(
        "replies",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("id", sa.String(64), nullable=False, unique=True),
        sa.Column("conversation", sa.String(64), nullable=False, index=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("question", "standalone_question", "answer")),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("notice", sa.Text, nullable=False),
        sa.Column("model", sa.String(200), nullable=False),
        *(sa.Column(name, sa.String(128), nullable=False) for name in ("prompt_hash", "library_version")),
        *(sa.Column(name, sa.JSON, nullable=False) for name in ("citations", "passages", "suggestions", "timings")),
    )
