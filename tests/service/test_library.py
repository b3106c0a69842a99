"""The routes of the library: who may use them, what they take, the shape of what comes back."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from coach.app import Coach
from coach.identity import Visitor
from coach.service.api import create_app
from coach.service.auth import Entry
from coach.store.records import LOCAL_PERSON, open_records
from tests.library.keeping import coach, home, reopen  # noqa: F401  fixtures

RULE = "# 复盘制度\n\n每周五下午四点开营销复盘会，由区域负责人轮流主持。\n".encode()
ASKED = "营销复盘会是周几开？"
ARTICLE = "ab-test-sample-size.zh"
PAY = "我们公司的CMO年薪是多少？"
BASE = "/api/library"


def upload(name: str = "rules.md", data: bytes = RULE, **more: Any) -> dict[str, Any]:
    return {"name": name, "content": base64.b64encode(data).decode(), **more}


@pytest.fixture
def client(coach: Coach) -> Iterator[TestClient]:  # noqa: F811
    app = create_app(coach, coach.settings)
    yield TestClient(app, base_url="http://127.0.0.1:7860", raise_server_exceptions=False)
    app.state.service.close()


@pytest.fixture
def report(coach: Coach) -> str:  # noqa: F811
    """The id of a report on a reply that found nothing."""
    records = open_records(coach.settings)
    talks = records.of(LOCAL_PERSON).talks
    asked = talks.begin("", PAY)
    talks.finish(asked.exchange, coach.answer(PAY))
    talks.judge(asked.exchange, "wrong", "我们有")
    found = records.queue.reports() if not callable(records.queue) else records.queue().reports()
    records.close()
    return found[0].id


def test_a_document_from_upload_to_removal(client: TestClient) -> None:
    made = client.post(f"{BASE}/documents", json=upload())
    assert made.status_code == 201 and made.json()["replaced"] is False
    row = made.json()["document"]
    listed = client.get(f"{BASE}/documents", params={"search": "rules"}).json()["documents"]
    assert listed == [row] and (row["status"], row["own"], row["name"]) == ("ok", True, "rules.md")
    again = client.post(f"{BASE}/documents", json=upload(lang="en"))
    assert again.status_code == 200 and again.json()["notice"].endswith("same name, in 1 passages.")
    changed = client.put(f"{BASE}/documents/{row['id']}", json=upload(data="# 制度\n\n改为周一。".encode()))
    assert changed.status_code == 200 and changed.json()["document"]["id"] == row["id"]
    assert client.delete(f"{BASE}/documents/{row['id']}").json() == {"id": row["id"], "removed": True}
    gone = client.delete(f"{BASE}/documents/{row['id']}")
    assert gone.status_code == 404 and gone.json()["error"]["code"] == "not_found"


def test_passages_are_read_edited_and_restored(client: TestClient) -> None:
    row = client.post(f"{BASE}/documents", json=upload()).json()["document"]
    (passage,) = client.get(f"{BASE}/documents/{row['id']}/passages").json()["passages"]
    path = f"{BASE}/passages/{passage['id'].replace('#', '%23')}"
    changed = client.put(path, json={"text": "改在每周三。"}).json()
    assert (changed["text"], changed["state"], changed["notice"]) == ("改在每周三。", "edited", "已修改")
    assert client.get(path, params={"lang": "en"}).json()["notice"] == "edited"
    (version,) = client.get(f"{path}/history").json()["versions"]
    assert (version["who"], version["before"], version["after"]) == (LOCAL_PERSON, passage["text"], "改在每周三。")
    assert client.post(f"{path}/restore", json={"version": 0}).json()["text"] == passage["text"]
    assert client.post(f"{path}/restore", json={"version": 5}).status_code == 404


def test_hiding_and_built_in_articles(client: TestClient) -> None:
    assert client.patch(f"{BASE}/documents/{ARTICLE}", json={"hidden": True}).json()["hidden"] is True
    refused = client.delete(f"{BASE}/documents/{ARTICLE}")
    assert refused.status_code == 422 and "隐藏" in refused.json()["error"]["hint"]
    assert client.put(f"{BASE}/documents/{ARTICLE}", json=upload(lang="en")).json()["error"]["message"].startswith("“")


def test_reindexing_is_begun_watched_and_not_begun_twice(client: TestClient, coach: Coach) -> None:  # noqa: F811
    assert client.get(f"{BASE}/reindex").json()["state"] == "idle"
    begun = client.post(f"{BASE}/reindex", json={})
    assert begun.status_code == 202 and begun.json()["state"] == "running"
    twice = client.post(f"{BASE}/reindex", json={})
    assert twice.status_code == 409 and twice.json()["error"]["hint"]
    cancelled = client.delete(f"{BASE}/reindex").json()
    assert cancelled["state"] in ("stopping", "cancelled", "done")
    coach.keeper.wait()
    told = client.get(f"{BASE}/reindex", params={"lang": "en"}).json()
    assert told["state"] in ("cancelled", "done") and "index" in told["notice"]


def test_the_search_test_in_plain_values(client: TestClient) -> None:
    told = client.post(f"{BASE}/search-test", json={"question": "A/B测试需要多少样本", "limit": 3}).json()
    assert told["evidence"]["enough"] is True and told["reply"]["status"] == "answered" and told["kind"] == "question"
    first = told["candidates"][0]
    assert first["passage"]["id"] == ARTICLE and first["kept"] and first["dense"] > 0 and first["lexical"] > 0
    assert told["candidates_in_all"] >= len(told["candidates"])
    history = [{"role": "user", "content": "A/B测试需要多少样本"}, {"role": "assistant", "content": "看基线。"}]
    follow = client.post(f"{BASE}/search-test", json={"question": "那基线1%呢？", "history": history}).json()
    assert follow["follow_up"] is True and "样本" in follow["standalone_question"]


def test_a_bad_answer_is_mended_in_two_calls(client: TestClient, report: str) -> None:
    (listed,) = client.get(f"{BASE}/queue").json()["reports"]
    assert listed["id"] == report and LOCAL_PERSON not in str(listed)
    one = client.get(f"{BASE}/queue/{report}").json()
    assert one["question"] == PAY and one["reply"]["status"] == "not_in_sources" and one["reason"] == "我们有"
    written = client.post(f"{BASE}/queue/{report}/answer", json={"answer": "年薪90万元起，每年三月核定。"})
    assert written.status_code == 201 and written.json()["first"] is True
    case = client.post(f"{BASE}/queue/{report}/case", json={})
    assert case.status_code == 201 and case.json()["must_say"] == ["年薪90万元起，每年三月核定。"]
    assert "90万元" in client.post("/api/ask", json={"question": PAY}).json()["answer"]
    assert client.get(f"{BASE}/queue").json()["reports"] == []
    assert client.get(f"{BASE}/queue", params={"state": "fixed"}).json()["reports"][0]["case"] == case.json()["id"]
    assert client.delete(f"{BASE}/queue/{report}/case").status_code == 200
    assert client.delete(f"{BASE}/queue/{report}/answer").json()["state"] == "open"
    assert client.post(f"{BASE}/queue/{report}/dismiss", json={"note": "略"}).json()["state"] == "dismissed"


def test_what_is_asked(client: TestClient, report: str) -> None:
    told = client.get(f"{BASE}/asked", params={"since": "2020-01-01T00:00:00Z"}).json()
    assert told["asked"]["total"] == 1 and told["unanswered"][0]["question"] == PAY and told["unanswered"][0]["nearest"]
    assert client.get(f"{BASE}/asked", params={"since": "yesterday"}).status_code == 422


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (upload("x.exe"), 422, "document"),
        (upload(data=b""), 422, "document"),
        ({"name": "x.md", "content": "not base64 !"}, 422, "bad_input"),
        ({"name": "x.md", "content": "é"}, 422, "bad_input"),
        ({"name": "", "content": ""}, 422, "field_empty"),
        ({"content": ""}, 422, "field_missing"),
        (upload(path="/etc"), 422, "field_unknown"),
        ([], 422, "field_type"),
    ],
)
def test_bad_uploads_are_told(client: TestClient, body: Any, status: int, code: str) -> None:
    got = client.post(f"{BASE}/documents", json=body)
    assert (got.status_code, got.json()["error"]["code"]) == (status, code)
    assert got.json()["error"]["message"]


@pytest.mark.parametrize("size", [2_000_000, 71_000_000])
def test_only_uploads_may_be_large(client: TestClient, size: int) -> None:
    body = upload("big.exe", b"a" * (size * 3 // 4))
    assert client.post(f"{BASE}/search-test", json=body).status_code == 413
    got = client.post(f"{BASE}/documents", json=body)
    assert got.json()["error"]["code"] == ("too_large" if size > 70_000_000 else "document"), got.text


@pytest.mark.parametrize("name", ["nothing", "..%2F..%2Fetc", "%F0%9F%98%80", "a" * 2000])
def test_unknown_things_are_not_found(client: TestClient, name: str) -> None:
    for path in (f"documents/{name}/passages", f"passages/{name}", f"passages/{name}/history", f"queue/{name}"):
        got = client.get(f"{BASE}/{path}")
        assert got.status_code == 404 and got.json()["error"]["message"], path


ROUTES = [
    ("GET", "documents", None), ("POST", "documents", upload()), ("PUT", "documents/x", upload()),
    ("PATCH", "documents/x", {"hidden": True}), ("DELETE", "documents/x", None), ("GET", "documents/x/passages", None),
    ("POST", "reindex", {}), ("GET", "reindex", None), ("DELETE", "reindex", None),
    ("GET", "passages/x", None), ("PUT", "passages/x", {"text": "x"}), ("GET", "passages/x/history", None),
    ("POST", "passages/x/restore", {"version": 0}), ("POST", "search-test", {"question": "x"}),
    ("GET", "queue", None), ("GET", "queue/x", None), ("POST", "queue/x/dismiss", {}), ("GET", "asked", None),
    ("POST", "queue/x/answer", {"answer": "x"}), ("DELETE", "queue/x/answer", None),
    ("POST", "queue/x/case", {}), ("DELETE", "queue/x/case", None),
]  # fmt: skip


def test_every_route_needs_a_reviewer(client: TestClient, monkeypatch: pytest.MonkeyPatch, coach: Coach) -> None:  # noqa: F811
    from coach.service import auth

    member = Entry(visitor=Visitor(person="p", role="member"), accounts=True)
    monkeypatch.setattr(auth, "entry_of", lambda request: member)
    for method, path, body in ROUTES:
        got = client.request(method, f"{BASE}/{path}", json=body)
        assert (got.status_code, got.json()["error"]["code"]) == (403, "role"), (method, path)
    paths = client.get("/openapi.json").json()["paths"]
    served = {(method, path) for path, methods in paths.items() if path.startswith(BASE) for method in methods}
    assert len(served) == len(ROUTES), served
    assert coach.keeper.progress().state == "idle"
