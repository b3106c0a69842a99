"""The routes of kept conversations, their files, their export and what people think of a reply."""

from __future__ import annotations

import base64
import threading
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import unquote

import pytest

from coach.conversation import talks as module
from tests.service.standin import PASSAGES, TEXT

ASKED = "怎么和CFO谈预算？"
CHINESE = {"accept-language": "zh-CN"}
ENGLISH = {"accept-language": "en"}


def ask(client, conversation: str = "c", question: str = ASKED, **other: object) -> dict:
    return client.post("/api/ask", json={"question": question, "conversation": conversation, **other}).json()


def read(client, conversation: str = "c", query: str = "") -> dict:
    return client.get(f"/api/conversations/{conversation}{query}").json()


def listed(client, query: str = "") -> list[str]:
    return [c["id"] for c in client.get("/api/conversations", params={"q": query}).json()["conversations"]]


def file(name: str, data: bytes) -> dict:
    return {"name": name, "content": base64.b64encode(data).decode()}


def error(response, status: int) -> dict:
    assert response.status_code == status, response.text
    return response.json()["error"]


def test_a_conversation_is_listed_found_read_and_renamed(client):
    ask(client, "a", "市场团队怎么搭？")
    ask(client, "b")
    assert listed(client) == ["b", "a"] and listed(client, "cfo") == ["b"] and listed(client, "業務目標") == ["b", "a"]
    assert listed(client, "x" * 900) == []
    one = client.patch("/api/conversations/a", json={"title": "  搭团队 "}).json()
    assert (one["title"], one["named"], len(one["replies"])) == ("搭团队", True, 1)
    assert client.patch("/api/conversations/a", json={"title": ""}).json()["title"] == "市场团队怎么搭？"


def test_a_reload_shows_exactly_what_was_said(client):
    reply = ask(client)
    kept = read(client)
    assert kept["replies"] == [{**reply, "question": ASKED}]
    (exchange,) = kept["exchanges"]
    assert exchange["id"] == reply["id"] and exchange["text"] == reply["answer"]
    assert (exchange["state"], exchange["superseded"], exchange["verdict"]) == ("done", False, None)
    assert read(client) == kept


def test_without_a_conversation_nothing_is_kept(client):
    assert client.post("/api/ask", json={"question": ASKED}).json()["id"] == ""
    assert listed(client) == []


def test_what_was_said_is_told_to_the_coach(client, coach):
    ask(client)
    ask(client, question="然后呢？")
    assert [t.content for t in coach.asked[-1][1]] == [ASKED, "先对齐业务目标。[1]"]
    ask(client, question="再然后？", history=[{"role": "user", "content": "别的"}])
    assert [t.content for t in coach.asked[-1][1]] == ["别的"]


def test_a_reply_can_be_asked_anew(client):
    first = ask(client)
    second = ask(client, question="怎么和CEO谈预算？", instead_of=first["id"])
    assert [r["id"] for r in read(client)["replies"]] == [second["id"]]
    assert [e["superseded"] for e in read(client, query="?all=true")["exchanges"]] == [True, False]
    again = client.post("/api/ask", json={"question": "又", "conversation": "c", "instead_of": first["id"]}, headers=CHINESE)
    assert error(again, 409)["message"].startswith("这个问题已经")


@pytest.mark.parametrize(("question", "status", "code"), [("crash", 500, "internal"), ("model", 503, "model_unavailable")])
def test_a_failure_is_kept_with_its_question(client, question, status, code):
    assert error(client.post("/api/ask", json={"question": question, "conversation": "c"}), status)["code"] == code
    kept = read(client)
    assert kept["replies"] == [] and "private" not in str(kept)
    assert [(e["question"], e["state"], e["code"], e["text"]) for e in kept["exchanges"]] == [
        (question, "failed", code, "先对齐")
    ]


def test_a_second_question_at_the_same_time_is_told_to_wait(client, coach, monkeypatch):
    monkeypatch.setattr(module, "PATIENCE", 0.05)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(ask, client, "c", "quiet")
        while not coach.asked:
            threading.Event().wait(0.01)
        told = error(client.post("/api/ask", json={"question": "Hello there", "conversation": "c", "lang": "en"}), 409)
        assert told["message"] == "The last reply in this conversation is still being written." and told["hint"]
        assert [e["state"] for e in read(client)["exchanges"]] == ["pending"]
        coach.go_on.set()
        assert waiting.result()["status"] == "answered"


def test_a_conversation_goes_with_all_that_belongs_to_it(client):
    ask(client)
    client.post("/api/conversations/c/pastes", json={"text": "我的简历"})
    assert client.delete("/api/conversations/c").json() == {"id": "c", "deleted": 1}
    assert error(client.get("/api/conversations/c", headers=CHINESE), 404)["code"] == "conversation_missing"
    ask(client, "a")
    ask(client, "b")
    assert client.delete("/api/conversations").json() == {"deleted": 2} and listed(client) == []


def test_a_new_conversation_may_have_an_id_and_a_title(client):
    made = client.post("/api/conversations", json={}).json()
    assert made["id"] and made["title"] == "" and not made["named"]
    assert client.post("/api/conversations", json={"id": "mine", "title": "我的"}).status_code == 201
    assert error(client.post("/api/conversations", json={"id": "mine"}), 409)["code"] == "conflict"
    ask(client, made["id"])
    assert read(client, made["id"])["title"] == ASKED


# --- files ------------------------------------------------------------------------------------------------------------


def test_a_file_is_read_for_its_conversation_and_removed(client, coach):
    brought = client.post("/api/conversations/c/files", json=file("简历.md", "# 经历\n\n市场总监".encode()))
    assert brought.status_code == 201 and (brought.json()["name"], brought.json()["characters"]) == ("简历.md", 10)
    ask(client)
    assert [(d.name, d.text) for d in coach.documents] == [("简历.md", "# 经历\n\n市场总监")]
    (kept,) = read(client)["attachments"]
    assert client.delete(f"/api/conversations/c/files/{kept['id']}").json()["deleted"]
    assert read(client)["attachments"] == []
    ask(client)
    assert coach.documents == []
    assert error(client.delete(f"/api/conversations/c/files/{kept['id']}", headers=CHINESE), 404)["message"].startswith(
        "没有找到"
    )


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (file("a.exe", b"MZ"), "读不了"), (file("a.txt", b""), "没有内容"), ({"name": "a.txt", "content": "不是"}, "Base64"),
        (file("a.pdf", b"%PDF-1.4 broken"), "读不出"), (file("大.txt", b"x" * 10_100_000), "10MB"), (file("", b"x"), "读不了"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_refused_with_a_sentence(client, body, words):
    told = error(client.post("/api/conversations/c/files", json=body, headers=CHINESE), 422)
    assert words in told["message"] and "Traceback" not in str(told)
    assert listed(client) == []


def test_a_file_of_an_unknown_kind_is_told_the_kinds_that_can_be_read(client):
    told = error(client.post("/api/conversations/c/files", json=file("a.png", b"PNG"), headers=CHINESE), 422)
    assert ".docx" in told["hint"] and "可以读的格式" in told["hint"]


def test_what_is_larger_than_any_file_does_not_get_in(client):
    assert error(client.post("/api/conversations/c/files", json=file("a.txt", b"x" * 12_000_000)), 413)["code"] == "too_large"
    assert error(client.post("/api/conversations/c/pastes", json={"text": "x" * 1_100_000}), 413)["code"] == "too_large"


def test_a_long_paste_is_kept_whole_or_refused(client):
    assert client.post("/api/conversations/c/pastes", json={"text": "文" * 200_000}).json()["characters"] == 200_000
    assert (
        "200000"
        in error(client.post("/api/conversations/c/pastes", json={"text": "文" * 200_001}, headers=CHINESE), 422)["message"]
    )
    assert error(client.post("/api/conversations/c/pastes", json={"text": " \u200b"}, headers=ENGLISH), 422)[
        "message"
    ].startswith("There is")


# --- export -----------------------------------------------------------------------------------------------------------


def test_a_conversation_is_exported_with_its_citations(client):
    ask(client)
    made = client.get("/api/conversations/c/export?format=md&lang=en")
    assert made.headers["content-type"] == "text/markdown; charset=utf-8" and made.headers["cache-control"] == "no-store"
    assert f"“{TEXT[:12]}”" in made.text and PASSAGES[0].title in made.text and "Question 1" in made.text
    named = unquote(made.headers["content-disposition"].partition("''")[2])
    assert named.startswith("Conversation-怎么和CFO谈预算-") and named.endswith(".md")
    word = client.get("/api/conversations/c/export")
    assert word.content[:2] == b"PK" and "wordprocessingml" in word.headers["content-type"]
    assert "docx" in error(client.get("/api/conversations/c/export?format=exe", headers=CHINESE), 422)["message"]
    assert error(client.get("/api/conversations/none/export", headers=ENGLISH), 404)["message"].startswith("There is no such")


# --- verdicts ---------------------------------------------------------------------------------------------------------


def test_wrong_goes_to_the_reviewers_and_other_verdicts_do_not(client, coach):
    exchange = ask(client)["id"]
    judged = {"exchange": exchange, "verdict": "down", "reason": "太长"}
    assert client.post("/api/feedback", json=judged, headers=CHINESE).json()["message"] == "记下了，谢谢。"
    assert coach.records.queue.reports() == []
    told = client.post("/api/feedback", json={**judged, "verdict": "wrong", "reason": "数字不对"}, headers=CHINESE).json()
    assert "不带你的名字" in told["message"]
    (report,) = coach.records.queue.reports()
    assert (report.question, report.reason, report.reply.passages[0].id) == (ASKED, "数字不对", PASSAGES[0].id)
    assert read(client)["exchanges"][0]["verdict"] == "wrong"
    client.post("/api/feedback", json={"exchange": exchange, "verdict": None})
    assert coach.records.queue.reports() == [] and read(client)["exchanges"][0]["verdict"] is None


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"exchange": "x", "verdict": "up"}, 404), ({"exchange": "\x00", "verdict": "up"}, 404), ({"exchange": "x", "verdict": "great"}, 422),
        ({"exchange": "x"}, 422), ({"verdict": "up"}, 422), ({"exchange": "x" * 65, "verdict": "up"}, 422),
        ({"exchange": "x", "verdict": "up", "reason": "长" * 2001}, 422), ({"exchange": "x", "verdict": "up", "person": "y"}, 422),
    ],
)  # fmt: skip
def test_a_verdict_that_cannot_be_used_is_refused(client, body, status):
    assert error(client.post("/api/feedback", json=body), status)["message"]


@pytest.mark.parametrize("bad", ["%00", "..%2F..%2Fetc", "预算", "x" * 300, "%ED%A0%80"])
def test_an_odd_id_is_unknown_and_nothing_worse(client, bad):
    assert client.get(f"/api/conversations/{bad}").status_code == 404
    assert client.patch(f"/api/conversations/{bad}", json={"title": "x"}).status_code == 404
    assert client.get(f"/api/conversations/{bad}/export").status_code == 404
    assert client.delete(f"/api/conversations/{bad}").status_code in (200, 404)


def test_a_title_that_is_too_long_is_refused(client):
    ask(client)
    assert "200" in error(client.patch("/api/conversations/c", json={"title": "长" * 201}, headers=CHINESE), 422)["message"]
    assert error(client.patch("/api/conversations/c", json={"title": "长" * 1001}), 422)["code"] == "field_too_long"
