"""Server-sent events over a real connection: order, silence, failures half-way, readers who leave."""

from __future__ import annotations

import json
import time

import httpx
import pytest

from coach.service import streaming
from tests.service.standin import PASSAGES, PATIENCE


def events(lines) -> list[tuple[str, dict]]:
    """(name, data) of each event, comments as ("", {})."""
    found, name = [], ""
    for line in lines:
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            found.append((name, json.loads(line.removeprefix("data: "))))
        elif line.startswith(":"):
            found.append(("", {}))
    return found


def stream(address: str, question: str, **body):
    body = {"question": question, "stream": True, **body}
    return httpx.stream("POST", f"{address}/api/ask", json=body, timeout=PATIENCE)


def until(condition) -> None:
    """Waits for what another thread does; the patience only keeps a broken program from hanging the tests."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_passages_then_tokens_then_the_reply(address):
    with stream(address, "预算怎么谈", conversation="c") as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        assert response.headers["cache-control"] == "no-store"
        said = events(response.iter_lines())
    assert [name for name, _ in said] == ["passages", "token", "token", "reply"]
    assert [p["id"] for p in said[0][1]["passages"]] == [p.id for p in PASSAGES]
    assert "".join(data["text"] for name, data in said if name == "token") == said[-1][1]["answer"]
    kept = httpx.get(f"{address}/api/conversations/c").json()["replies"]
    assert kept == [{**said[-1][1], "question": "预算怎么谈"}] and kept[0]["id"]


def test_small_talk_keeps_the_order(address):
    with stream(address, "hello") as response:
        said = events(response.iter_lines())
    assert [name for name, _ in said] == ["passages", "token", "token", "reply"] and said[0][1] == {"passages": []}


def test_the_streamed_reply_is_the_whole_reply(address):
    with stream(address, "预算") as response:
        streamed = events(response.iter_lines())[-1][1]
    assert streamed == httpx.post(f"{address}/api/ask", json={"question": "预算"}).json()


@pytest.mark.parametrize(
    ("question", "code"), [("crash", "internal"), ("model", "model_unavailable"), ("unfinished", "internal")]
)
def test_a_failure_half_way_comes_after_what_was_said(address, question, code):
    with stream(address, question, lang="en") as response:
        said = events(response.iter_lines())
    assert [name for name, _ in said] == ["passages", "token", "error"]
    assert said[-1][1]["error"]["code"] == code and "private" not in said[-1][1]["error"]["message"]


def test_silence_is_filled_with_comments(address, coach, monkeypatch):
    monkeypatch.setattr(streaming, "KEEP_ALIVE", 0.05)
    with stream(address, "quiet") as response:
        lines = response.iter_lines()
        for line in lines:
            if line.startswith(": keep-alive"):
                break
        coach.go_on.set()
        assert events(lines)[-1][0] == "reply"


def test_a_reader_who_leaves_stops_the_model(address, coach, app):
    with stream(address, "slow") as response:
        for line in response.iter_lines():
            if line.startswith("event: token"):
                break
    assert coach.stopped.wait(PATIENCE)
    until(lambda: app.state.service.running.count == 0)


def test_a_reader_who_leaves_an_unstreamed_reply_stops_the_model(address, coach, app):
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(f"{address}/api/ask", json={"question": "slow"}, timeout=0.3)
    assert coach.stopped.wait(PATIENCE)
    until(lambda: app.state.service.running.count == 0)


def test_the_service_answers_others_while_a_reply_runs(address, coach):
    with stream(address, "slow") as response:
        lines = response.iter_lines()
        next(lines)
        assert httpx.get(f"{address}/healthz").json() == {"status": "ok"}
        assert "coach_replies_under_way 1" in httpx.get(f"{address}/metrics").text
        with stream(address, "预算") as other:
            assert events(other.iter_lines())[-1][0] == "reply"
        assert not coach.asked[0][1] and next(lines)


def test_ending_the_service_tells_those_who_wait(address, app):
    with stream(address, "slow", lang="zh") as response:
        lines = response.iter_lines()
        next(lines)
        app.state.service.running.stop_all()
        name, data = events(lines)[-1]
    assert name == "error" and data["error"]["code"] == "stopping"
    late = httpx.post(f"{address}/api/ask", json={"question": "预算"})
    assert late.status_code == 503 and late.json()["error"]["code"] == "stopping"
