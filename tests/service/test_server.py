"""The service as a process of its own: the port, the address it prints, and how it ends."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys

import httpx
import pytest

from coach.errors import SetupError
from coach.service.server import serve
from coach.settings import ROOT, Settings
from tests.service.standin import PATIENCE

# The stand-in takes the place of coach.app before anything imports it.
PROGRAM = """
import sys, types
from tests.service.standin import StandIn
sys.modules["coach.app"] = types.SimpleNamespace(build_coach=StandIn, Coach=StandIn)
from coach.service.server import serve
from coach.settings import Settings

def mount(app, coach):
    from starlette.responses import HTMLResponse
    app.mount("/", HTMLResponse("<p>page</p>"))
    return app

try:
    serve(Settings(), mount=mount, lang=sys.argv[1])
except KeyboardInterrupt:
    sys.exit(130)
"""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@pytest.fixture
def program(tmp_path):
    """Starts the service with its own home and gives the process and its first line."""
    started = []

    def start(lang="en"):
        environment = {**os.environ, "COACH_HOME": str(tmp_path), "COACH_PORT": str(free_port()), "PYTHONPATH": str(ROOT)}
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, lang], cwd=tmp_path, env=environment, text=True, encoding="utf-8",
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        started.append(process)
        line = process.stdout.readline()
        address = re.search(r"http://127\.0\.0\.1:\d+", line)
        assert address, process.communicate()
        return process, address[0], line

    yield start
    for process in started:
        process.kill()
        process.communicate()


def end(process, sig) -> tuple[int, str, str]:
    process.send_signal(sig)
    out, err = process.communicate(timeout=PATIENCE)
    return process.returncode, out, err


@pytest.mark.parametrize(("sig", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
def test_it_ends_cleanly_and_closes_the_model(program, sig, code):
    process, address, _ = program()
    assert httpx.get(f"{address}/healthz").json() == {"status": "ok"}
    assert httpx.get(address).text == "<p>page</p>"
    assert end(process, sig) == (code, "coach closed\n", "")


def test_the_address_is_printed_in_the_terminal_s_language_once_it_answers(program):
    _, address, line = program("zh")
    assert "职业教练" in line and httpx.get(f"{address}/readyz").status_code == 200


@pytest.mark.parametrize("question", ["slow", "deaf"])
def test_a_reply_under_way_does_not_hold_it_up(program, question):
    process, address, _ = program()
    with httpx.stream("POST", f"{address}/api/ask", json={"question": question, "stream": True}, timeout=PATIENCE) as response:
        lines = response.iter_lines()
        next(lines)
        code, out, err = end(process, signal.SIGINT)
        assert (code, out) == (130, "coach closed\n") and "Traceback" not in err
        if question == "slow":
            assert '"code":"stopping"' in "".join(lines)


def test_a_taken_port_is_one_sentence_and_nothing_is_loaded(settings, monkeypatch):
    monkeypatch.setitem(sys.modules, "coach.app", None)  # importing it would raise
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(SetupError) as refused:
            serve(settings.model_copy(update={"port": port}))
    assert f"Port {port} is taken" in refused.value.message
    offered = int(re.search(r"COACH_PORT=(\d+)", refused.value.hint)[1])
    assert offered > port and socket.create_server(("127.0.0.1", offered)).close() is None


def test_an_open_address_is_refused_before_anything_else(monkeypatch):
    monkeypatch.setitem(sys.modules, "coach.app", None)
    with pytest.raises(SetupError, match="0.0.0.0"):
        serve(Settings(host="0.0.0.0"))
