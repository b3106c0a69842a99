"""A stand-in coach, the application around it, and that application on a real port."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from fastapi.testclient import TestClient

from coach.service.api import create_app
from coach.settings import Settings
from tests.conftest import new_database
from tests.service.standin import StandIn


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    new_database(tmp_path / "home" / "coach.db")
    return Settings(home=tmp_path / "home")


@pytest.fixture
def coach(settings) -> Iterator[StandIn]:
    made = StandIn(settings)
    yield made
    made.close()


@pytest.fixture
def app(coach, settings):
    app = create_app(coach, settings)
    yield app
    coach.go_on.set()
    app.state.service.close()


@pytest.fixture
def client(app):
    return TestClient(app, base_url="http://127.0.0.1:7860", raise_server_exceptions=False)


@pytest.fixture
def address(app):
    """The application served by a real uvicorn; TestClient can neither stream nor hang up."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        app.state.service.running.stop_all()
        server.should_exit = True
        thread.join()
