"""The history of the tables: one file a step, run with Alembic when a database is opened.

A new step is a new file `v<number>_<what>.py` here with `revision` and `down_revision`, plain SQLAlchemy types (never those of
`tables`, which move on), `database.SCHEMA` raised by one, and a line in `docs/architecture.md`. Steps only go up.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection

from coach.errors import SetupError

FOLDER = Path(__file__).parent


def migrate(connection: Connection, *, from_version: int | None) -> None:
    """Brings the tables up to the newest step, within the caller's transaction: all of it happens, or nothing.

    `from_version` is the version that a program from before the migrations left; None for a database without tables.

    Raises:
        SetupError: the database was changed by steps this program does not know.
    """
    from alembic.operations import Operations
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    script = ScriptDirectory(FOLDER, version_locations=[FOLDER])
    steps = MigrationContext.configure(
        connection, opts={"fn": lambda revision, _: script._upgrade_revs("head", revision), "script": script}
    )
    try:
        if from_version is not None and not steps.get_current_heads():
            steps.stamp(script, f"{from_version:04}")
        with Operations.context(steps):
            steps.run_migrations()
    except CommandError as error:
        raise SetupError(
            f"The database was changed by steps this program does not know ({error}).",
            hint="Use the program that changed it, or another database: COACH_DATABASE_URL=sqlite:////folder/coach.db",
        ) from error
    _check_references(connection)


@contextmanager
def references_off(connection: Connection) -> Iterator[None]:
    """Lets SQLite rebuild a table; to be entered before the transaction, where SQLite still listens.

    SQLite changes a table by dropping the old one, which would delete everything that refers to it (ON DELETE CASCADE).
    """
    raw = connection.connection.driver_connection
    if connection.dialect.name != "sqlite" or raw is None:
        yield
        return
    raw.execute("PRAGMA foreign_keys=OFF").close()
    try:
        yield
    finally:
        raw.execute("PRAGMA foreign_keys=ON").close()


def _check_references(connection: Connection) -> None:
    """What `references_off` let through would be lost sight of later; better no upgrade than that."""
    if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise SetupError(
            "The database could not be upgraded: records refer to others that are gone. Nothing was changed.",
            hint="Restore the file from a backup, or use another: COACH_DATABASE_URL=sqlite:////folder/coach.db",
        )
