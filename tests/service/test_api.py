"""The routes and every way of asking them wrongly, in both languages."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from coach.errors import SetupError
from coach.service.api import create_app
from coach.service.guard import MAX_BODY, check_bind
from coach.service.schemas import MAX_CHARS, TURNS_READ
from coach.settings import Settings
from coach.store.conversations import Conversations
from tests.service.standin import PASSAGES

ASKED = {"question": "怎么和CFO谈预算？"}


def error(response, status: int) -> dict:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/json"
    assert set(response.json()) == {"error"} and set(response.json()["error"]) == {"code", "message", "hint"}
    assert "Traceback" not in response.text and "private" not in response.text
    return response.json()["error"]


# --- what is asked rightly --------------------------------------------------------------------------------------------


def test_a_reply_has_the_shape_of_the_contract(client):
    reply = client.post("/api/ask", json=ASKED).json()
    assert reply["answer"] == "先对齐业务目标。[1]" and reply["status"] == "answered" and reply["language"] == "zh"
    assert {"n", "passage_id", "source", "title", "quote"} <= set(reply["citations"][0])
    assert {"id", "text", "source", "title", "score"} <= set(reply["passages"][0])
    assert reply["model"] == "stand-in" and reply["timings"] == {"total": 12.3}


def test_the_contract_s_whole_body_is_understood(client, coach):
    history = [{"role": "user", "content": "其实我是CMO", "metadata": None}, {"role": "assistant", "content": "好"}]
    body = {**ASKED, "history": history, "lang": None, "stream": False}
    assert client.post("/api/ask", json=body).status_code == 200
    (question, turns, lang), = coach.asked  # fmt: skip
    assert (question, lang) == (ASKED["question"], None)
    assert [(t.role, t.content) for t in turns] == [("user", "其实我是CMO"), ("assistant", "好")]


def test_a_long_history_is_read_from_its_end(client, coach):
    history = [{"role": "user", "content": str(n)} for n in range(10_000)]
    assert client.post("/api/ask", json={**ASKED, "history": history}).status_code == 200
    assert [t.content for t in coach.asked[0][1]] == [str(n) for n in range(10_000 - TURNS_READ, 10_000)]


def test_invisible_characters_do_not_reach_the_coach(client, coach):
    body = '{"question": "预算\\u0000怎\\u200b么谈\\ud83d？\\n第二行"}'
    assert client.post("/api/ask", content=body, headers={"content-type": "application/json"}).status_code == 200
    assert coach.asked[0][0] == "预算怎么谈？\n第二行"


def test_a_broken_character_in_a_reply_does_not_lose_the_reply(client):
    response = client.post("/api/ask", json={"question": "odd", "conversation": "c1"})
    assert response.json()["status"] == "not_in_sources"
    assert client.get("/api/conversations/c1").json()["replies"][0]["status"] == "not_in_sources"


def test_retrieve_gives_the_best_first(client):
    found = client.post("/api/retrieve", json={"query": "预算", "k": 2, "lang": "zh", "history": []}).json()["passages"]
    assert [p["id"] for p in found] == [p.id for p in PASSAGES[:2]]


def test_a_passage_by_its_id(client):
    assert client.get("/api/passages/budget:zh%231").json()["text"] == PASSAGES[0].text
    assert error(client.get("/api/passages/none"), 404)["code"] == "passage_missing"


def test_a_conversation_is_kept_as_it_was_said_and_goes_when_told(client):
    first = client.post("/api/ask", json={**ASKED, "conversation": "c-1"}).json()
    second = client.post("/api/ask", json={"question": "hello", "conversation": "c-1"}).json()
    assert client.post("/api/ask", json=ASKED).json()["id"] == ""
    kept = client.get("/api/conversations/c-1").json()
    assert kept["id"] == "c-1"
    assert kept["replies"] == [{**first, "question": ASKED["question"]}, {**second, "question": "hello"}]
    assert len({first["id"], second["id"]}) == 2
    assert client.delete("/api/conversations/c-1").json() == {"id": "c-1", "deleted": 2}
    assert error(client.get("/api/conversations/c-1"), 404)["code"] == "conversation_missing"
    assert client.delete("/api/conversations/c-1").json()["deleted"] == 0


def test_a_reply_that_cannot_be_stored_is_given_and_says_so(client, monkeypatch, caplog):
    def full(*_: object, **__: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(Conversations, "finish", full)
    reply = client.post("/api/ask", json={**ASKED, "conversation": "c"}).json()
    assert reply["answer"] and reply["id"] == "" and "保存" in reply["notice"]
    assert ASKED["question"] not in caplog.text


def test_parallel_questions_are_answered_together(client):
    # Each of the two waits inside the coach until the other has arrived there.
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda _: client.post("/api/ask", json={"question": "together"}), range(2)))
    assert [a.status_code for a in answers] == [200, 200]


def test_too_many_at_once_are_refused(client, app, coach):
    app.state.service.running._limit = 1
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(client.post, "/api/ask", json={"question": "quiet"})
        while not app.state.service.running.count:
            time.sleep(0.01)
        assert error(client.post("/api/ask", json=ASKED), 503)["code"] == "busy"
        coach.go_on.set()
        assert waiting.result().status_code == 200


# --- what is asked wrongly --------------------------------------------------------------------------------------------

WRONG = [
    ({}, 422, "field_missing", "question"),
    ({"question": ""}, 422, "field_empty", "question"),
    ({"question": " \u200b\n\x00"}, 422, "field_empty", "question"),
    ({"question": 7}, 422, "field_type", "question"),
    ({"question": None}, 422, "field_type", "question"),
    ({"question": ["a"]}, 422, "field_type", "question"),
    ({"question": "字" * (MAX_CHARS + 1)}, 422, "field_too_long", str(MAX_CHARS)),
    ({"question": "a", "lang": "fr"}, 422, "field_choice", '"zh", "en"'),
    ({"question": "a", "stream": "yes"}, 422, "field_type", "stream"),
    ({"question": "a", "strem": True}, 422, "field_unknown", "strem"),
    ({"question": "a", "conversation": "../x"}, 422, "field_pattern", "conversation"),
    ({"question": "a", "conversation": "x" * 65}, 422, "field_pattern", "64"),
    ({"question": "a", "history": "none"}, 422, "field_type", "history"),
    ({"question": "a", "history": ["hi"]}, 422, "field_type", "history[0]"),
    ({"question": "a", "history": [{"role": "user"}]}, 422, "field_missing", "history[0].content"),
    ({"question": "a", "history": [{"role": "user", "content": "x"}] * 2 + [{"role": "system", "content": "x"}]}, 422,
     "field_choice", "history[2].role"),
    ([1], 422, "field_type", "body"),
    (None, 422, "field_type", "body"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "status", "code", "named"), WRONG)
def test_a_wrong_body_is_answered_with_the_field_and_its_limit(client, body, status, code, named):
    for language, other in (("zh", "the"), ("en", "字段")):
        response = client.post("/api/ask", content=json.dumps(body), headers={"content-type": "application/json",
                                                                              "accept-language": language})  # fmt: skip
        found = error(response, status)
        assert found["code"] == code and named in found["message"] and other not in found["message"].lower()


def test_k_has_limits(client):
    assert "50" in error(client.post("/api/retrieve", json={"query": "x", "k": 51}), 422)["message"]
    assert "1" in error(client.post("/api/retrieve", json={"query": "x", "k": 0}), 422)["message"]
    assert error(client.post("/api/retrieve", json={"query": "x", "k": 1.5}), 422)["code"] == "field_type"
    assert "0" in error(client.post("/api/retrieve", json={"query": "x", "max_chars": -1}), 422)["message"]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 422, "field_missing"),
        (b'{"question": ', 400, "bad_json"),
        (b"question=hello", 400, "bad_json"),
        ("{\"question\": \"预算\"}".encode("gbk"), 400, "bad_encoding"),
        (b"\x80\x81", 400, "bad_encoding"),
        (b'{"\\ud800": 1, "question": "x"}', 422, "field_invalid"),
        (b"[" * 100_000, 400, "bad_request"),
        (b'{"question": "x", "k": ' + b"9" * 5000 + b"}", 400, "bad_request"),
        (b'{"question": "' + b"x" * MAX_BODY + b'"}', 413, "too_large"),
    ],
)  # fmt: skip
def test_a_body_that_is_no_json(client, body, status, code):
    response = client.post("/api/ask", content=body, headers={"content-type": "application/json"})
    assert error(response, status)["code"] == code


def test_a_body_with_a_byte_order_mark_is_read(client):
    body = b"\xef\xbb\xbf" + json.dumps(ASKED).encode()
    assert client.post("/api/ask", content=body, headers={"content-type": "application/json; charset=utf-8"}).status_code == 200


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""])
def test_what_a_foreign_web_page_can_send_is_refused(client, kind):
    response = client.post("/api/ask", content=json.dumps(ASKED), headers={"content-type": kind, "accept-language": "en"})
    found = error(response, 415)
    assert "application/json" in found["hint"]


def test_no_foreign_page_may_read_along(client):
    headers = {"origin": "https://example.org"}
    assert "access-control-allow-origin" not in client.post("/api/ask", json=ASKED, headers=headers).headers
    asked_first = {**headers, "access-control-request-method": "POST", "access-control-request-headers": "content-type"}
    assert error(client.options("/api/ask", headers=asked_first), 405)


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "10.0.0.1:7860", "localhost@evil", "", "[::2]", "a:b:c"]
)
def test_a_name_that_is_not_this_machine_s_is_refused(client, host):
    assert error(client.get("/healthz", headers={"host": host}), 403)["code"] == "host"


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:7860", "127.0.0.1:1", "127.8.8.8", "[::1]:7860"])
def test_names_of_this_machine_are_served(client, host):
    assert client.get("/healthz", headers={"host": host}).json() == {"status": "ok"}


def test_unknown_addresses_and_methods_are_json_even_below_a_mounted_page(client, app):
    from starlette.responses import HTMLResponse

    app.mount("/", HTMLResponse("<p>page</p>"))
    assert error(client.get("/api/nothing"), 404)["code"] == "not_found"
    assert error(client.get("/api/ask"), 405)["code"] == "method"
    assert error(client.put("/api/conversations/x"), 405)["code"] == "method"
    assert client.get("/").text == "<p>page</p>"


@pytest.mark.parametrize(
    ("header", "expected"),
    [("zh-CN,zh;q=0.9,en;q=0.8", "zh"), ("en-GB", "en"), ("de-DE,de", "en"), ("fr;q=0.9, zh;q=0.1", "zh"), ("en;q=0, zh", "zh"),
     ("", "zh"), ("*", "zh"), (";;;q=x", "zh")],
)  # fmt: skip
def test_failures_speak_the_reader_s_language(client, header, expected):
    message = error(client.get("/api/passages/none", headers={"accept-language": header}), 404)["message"]
    assert ("passage" in message) == (expected == "en")
    assert "资料库" in error(client.get("/api/passages/none?lang=zh", headers={"accept-language": "en"}), 404)["message"]


# --- when the coach fails ---------------------------------------------------------------------------------------------


def test_a_failure_of_the_coach_is_told_without_its_insides(client, caplog):
    assert error(client.post("/api/ask", json={"question": "crash"}), 500)["code"] == "internal"
    assert "RuntimeError" in caplog.text
    assert error(client.post("/api/retrieve", json={"query": "crash"}), 500)["code"] == "internal"
    assert error(client.post("/api/ask", json={"question": "unfinished"}), 500)["code"] == "internal"


def test_expected_failures_keep_their_code_and_hint(client):
    found = error(client.post("/api/ask", json={"question": "model", "lang": "zh"}), 503)
    assert found == {"code": "model_unavailable", "message": "聊天模型暂时连不上或正忙。", "hint": "Is it running?"}
    found = error(client.post("/api/ask", json={"question": "nothing built", "lang": "en"}), 503)
    assert found == {"code": "library_missing", "message": "No index has been built yet.", "hint": "coach ingest"}


def test_ready_only_when_the_library_can_answer(client, coach):
    ready = client.get("/readyz")
    assert ready.status_code == 200 and ready.json()["model"]["state"] == "loading" and ready.json()["library"]["passages"] == 3
    coach.library["state"] = "loading"
    loading = client.get("/readyz")
    assert loading.status_code == 503 and loading.json()["error"]["code"] == "loading" and loading.json()["model"]["name"]
    coach.library.update(state="failed", error="No index has been built yet.", hint="coach ingest")
    failed = client.get("/readyz?lang=en").json()["error"]
    assert failed == {"code": "library_missing", "message": "No index has been built yet.", "hint": "coach ingest"}
    for stream in (True, False):
        assert error(client.post("/api/ask", json={**ASKED, "stream": stream}), 503)["hint"] == "coach ingest"
    assert error(client.post("/api/retrieve", json={"query": "x"}), 503)["code"] == "library_missing"
    assert client.get("/healthz").status_code == 200


# --- metrics, start ---------------------------------------------------------------------------------------------------


def test_metrics_count_by_pattern_and_hold_nothing_anybody_wrote(client):
    client.post("/api/ask", json={**ASKED, "conversation": "secret-talk"})
    client.get("/api/conversations/secret-talk")
    client.get("/wp-login.php")
    client.post("/api/ask", json={"question": "model"})
    text = client.get("/metrics").text
    assert 'coach_requests_total{route="/api/ask",method="POST",status="200"} 1' in text
    assert 'coach_requests_total{route="/api/conversations/{conversation_id}",method="GET",status="200"} 1' in text
    assert 'coach_requests_total{route="other",method="GET",status="404"} 1' in text
    assert 'coach_replies_total{status="answered"} 1' in text and 'coach_replies_total{status="crisis"} 0' in text
    assert 'coach_failures_total{code="model_unavailable"} 1' in text
    assert 'coach_request_seconds_bucket{route="/api/ask",le="+Inf"} 2' in text
    assert "coach_library_ready 1" in text and "coach_model_ready 0" in text
    assert "secret" not in text and "CFO" not in text


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "example.org", ""])
def test_the_service_refuses_an_address_others_can_reach(coach, settings, host):
    open_wide = settings.model_copy(update={"host": host})
    for attempt in (lambda: check_bind(open_wide), lambda: create_app(coach, open_wide)):
        with pytest.raises(SetupError) as refused:
            attempt()
        assert "COACH_HOST=127.0.0.1" in refused.value.hint


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.0.0.2"])
def test_loopback_is_served(host):
    check_bind(Settings(host=host))


def test_a_database_that_cannot_be_used_is_told_at_the_start(coach, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SetupError, match="file"):
        create_app(coach, Settings(home=tmp_path / "file" / "home"))
