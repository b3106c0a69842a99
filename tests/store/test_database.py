"""The database file as several connections and processes share it."""

from __future__ import annotations

import subprocess
import sys

from sqlalchemy import text

from coach.store.database import open_database


def test_a_second_opening_in_the_same_process_loses_nothing_another_process_is_told(tmp_path):
    """Opening the file a second time must not drop the locks of the first connection: the log would vanish under it."""
    url = f"sqlite:///{tmp_path / 'coach.db'}"
    first = open_database(url)
    with first.begin() as connection:
        connection.execute(text("CREATE TABLE kept (word TEXT)"))
    open_database(url)  # as a service does that opens replies and records of the same file
    other = "import sys; from coach.store.database import open_database; from sqlalchemy import text\n"
    other += "engine = open_database(sys.argv[1])\nwith engine.begin() as c: {}\nengine.dispose()"
    add = other.format("c.execute(text(\"INSERT INTO kept VALUES ('other')\"))")
    subprocess.run([sys.executable, "-c", add, url], check=True, timeout=60)
    with first.begin() as connection:
        connection.execute(text("INSERT INTO kept VALUES ('first')"))
    read = other.format("print(sorted(c.execute(text('SELECT word FROM kept')).scalars()))")
    told = subprocess.run([sys.executable, "-c", read, url], check=True, timeout=60, capture_output=True, text=True)
    assert told.stdout.strip() == "['first', 'other']"
