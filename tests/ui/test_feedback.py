"""The page behind a feedback link: open to whoever has it, with accounts too, and closed to everything else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from html import unescape
from types import SimpleNamespace

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from coach.messages import say
from coach.service.auth import Authenticated
from coach.service.errors import install
from coach.settings import ROOT, Settings
from coach.store.accounts import Accounts
from coach.store.database import open_database
from tests.conftest import new_database
from tests.development.test_desk import desk_at
from tests.ui.web_stand_in import framework_in
from ui.feedback import mount_feedback, typed_of

HOSTILE = "<script>alert(1)</script>\"'> 🚀"
HERE = {"origin": "http://127.0.0.1:7860"}


@pytest.fixture
def desk(tmp_path):
    made = desk_at(tmp_path / "records.db")
    yield made
    made.close()


@pytest.fixture
def token(desk):
    view = desk.start_assessment("short", lang="zh")
    return desk.invite(view.id, "peer", datetime.now(UTC), lang="zh")[0]


@pytest.fixture
def client(desk, tmp_path):
    """The page as it is served to somebody without an account where there are accounts."""
    settings = Settings(home=tmp_path, _env_file=None)
    accounts = Accounts(open_database(f"sqlite:///{new_database(tmp_path / 'records.db')}"))
    accounts.add("boss", "correct horse battery staple", "admin")
    app = FastAPI()
    install(app)
    mount_feedback(app, SimpleNamespace(desk=desk, profession=framework_in(ROOT / "knowledge").profession))
    app.add_middleware(Authenticated, accounts=accounts, settings=settings)
    yield TestClient(app, base_url="http://127.0.0.1:7860")
    accounts.close()


def kept(desk) -> int:
    return desk.feedback(desk.assessments(lang="zh")[0].id).total


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_form_asks_every_pillar_and_says_nothing_of_the_person(client, desk, token, lang):
    page = client.get(f"/feedback/{token}", params={"lang": lang})
    assert page.status_code == 200 and say("me_give_title", lang) in unescape(page.text)
    for pillar in desk.framework.pillars:
        assert f"name='rating.{pillar.id}'" in page.text and pillar.name.of(lang) in page.text
    assert page.headers["cache-control"] == "no-store" and "noindex" in page.text
    assert "script-src 'nonce-" in page.headers["content-security-policy"]
    assert "set-cookie" not in page.headers


@pytest.mark.parametrize("language", ["zh-CN,zh", "en-GB,en"])
def test_it_speaks_the_reader_s_language(client, token, language):
    page = client.get(f"/feedback/{token}", headers={"accept-language": language})
    assert say("me_give_submit", "zh" if language.startswith("zh") else "en") in page.text


def test_an_answer_is_kept_and_thanked_for(client, desk, token):
    data = {"rating.data": "2", "rating.strategy": "0", "comment.data": HOSTILE}
    page = client.post(f"/feedback/{token}", params={"lang": "en"}, data=data, headers=HERE)
    assert page.status_code == 200 and say("me_give_thanks", "en") in page.text
    assert kept(desk) == 1


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "data",
    [
        {},
        {"rating.data": "", "comment.data": "  "},
        {"rating.data": "9"},
        {"comment.data": HOSTILE + "x" * 2_000},
        {"rating.nonsense": "2", "comment.nonsense": "x"},
    ],
    ids=["empty", "blank", "out of range", "too long", "unknown pillar"],
)
def test_what_cannot_be_kept_is_told_and_stays_in_the_form(client, desk, token, data, lang):
    page = client.post(f"/feedback/{token}", params={"lang": lang}, data=data, headers=HERE)
    assert page.status_code == 422 and say("me_give_wrong", lang) in page.text and "role='alert'" in page.text
    assert kept(desk) == 0 and "<script>alert" not in page.text
    if len(data.get("comment.data", "")) > 2_000:
        assert "&lt;script&gt;" in page.text and "x" * 2_000 in page.text


@pytest.mark.parametrize("wrong", ["nonsense", "%3Cscript%3E", "x" * 300, "🚀"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_unknown_link_is_told_kindly(client, token, wrong, lang):
    for page in (client.get(f"/feedback/{wrong}?lang={lang}"), client.post(f"/feedback/{wrong}?lang={lang}", headers=HERE)):
        assert page.status_code == 404 and say("me_give_gone", lang) in page.text and "<script>" not in page.text.lower()


def test_a_link_that_was_withdrawn_or_is_over_is_gone(client, desk, token, tmp_path):
    desk.withdraw(desk.assessments(lang="zh")[0].id)
    assert client.get(f"/feedback/{token}").status_code == 404
    late = desk_at(tmp_path / "records.db", clock=lambda: datetime.now(UTC) + timedelta(days=91))
    fresh = desk.invite(desk.assessments(lang="zh")[0].id, "peer", datetime.now(UTC), lang="zh")[0]
    assert client.get(f"/feedback/{fresh}").status_code == 200
    app = FastAPI()
    mount_feedback(app, SimpleNamespace(desk=late, profession=framework_in(ROOT / "knowledge").profession))
    assert TestClient(app).get(f"/feedback/{fresh}").status_code == 404
    late.close()


def test_a_foreign_page_cannot_answer_and_nothing_else_is_open(client, desk, token):
    data = {"rating.data": "2"}
    assert client.post(f"/feedback/{token}", data=data, headers={"origin": "https://evil.example"}).status_code == 403
    assert kept(desk) == 0
    assert client.get("/me").status_code == 401


def test_a_huge_or_broken_body_is_no_failure_of_ours(client, token):
    for body in (b"comment.data=" + b"x" * 3_000_000, b"\xff\xfe%%%&&&==", b"&" * 500, b"\0"):
        page = client.post(f"/feedback/{token}", content=body, headers=HERE)
        assert page.status_code == 422


def test_a_form_is_read_with_its_last_value_and_no_control_characters():
    assert typed_of(b"a=1&a=2&b=%00x%20&c=%E5%AD%97") == {"a": "2", "b": "x", "c": "字"}
