"""The page's tests run over a stand-in coach: no weights, no library, no network; its conversations are really kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from coach.settings import Settings
from tests.conftest import new_database
from tests.ui.web_stand_in import StandIn
from ui.chat.handlers import Chat


@pytest.fixture
def coach(tmp_path: Path) -> Iterator[StandIn]:
    new_database(tmp_path / "kept" / "coach.db")
    made = StandIn(Settings(model="none", max_question_chars=200, home=tmp_path / "kept", _env_file=None))
    for person in ("anna", "ben"):
        made.records.add_person(person_id=person)
    yield made
    made.close()


@pytest.fixture
def chat(coach: StandIn) -> Chat:
    return Chat(coach)
