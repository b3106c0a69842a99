"""The page's tests run over a stand-in coach: no weights, no library, no network."""

from __future__ import annotations

import pytest

from coach.settings import Settings
from tests.ui.web_stand_in import StandIn
from ui.chat import Chat


@pytest.fixture
def coach() -> StandIn:
    return StandIn(Settings(model="none", max_question_chars=200, _env_file=None))


@pytest.fixture
def chat(coach: StandIn) -> Chat:
    return Chat(coach)
