"""Who is let in: log-in over HTTP, cookies, CSRF, host names, roles, tokens, the log-in page, and when the service starts."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from argon2 import PasswordHasher
from fastapi import APIRouter, FastAPI, Request
from fastapi.testclient import TestClient
from starlette.responses import HTMLResponse
from starlette.testclient import WebSocketDenialResponse
from starlette.websockets import WebSocket

from coach.errors import SetupError
from coach.identity import Visitor
from coach.service.api import create_app
from coach.service.auth import COOKIE, needs, visitor_of
from coach.service.errors import Json
from coach.service.guard import MAX_BODY, Hosts, check_bind
from coach.settings import Settings
from coach.store.accounts import open_accounts
from tests.conftest import new_database
from tests.service.standin import StandIn
from tests.service.test_api import error
from ui.login import local, mount_login

LOCAL = "http://127.0.0.1:7860"
SOCKET = "ws://127.0.0.1:7860/socket"
PUBLIC = "https://coach.example.com"
GOOD = "纸船 lantern 42 orbit"
OTHER = "quiet-harbour-七点半"
PAGE = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


class Clock:
    now = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)

    def __call__(self):
        return self.now

    def on(self, **by):
        self.now += timedelta(**by)


class Named(StandIn):
    """A coach whose framework has a name, which the log-in page shows."""

    @property
    def profession(self):
        from coach.framework import Profession, read_yaml
        from coach.settings import ROOT

        return read_yaml(ROOT / "knowledge" / "framework" / "framework.yaml", Profession)


def made(settings: Settings, clock: Clock) -> FastAPI:
    """The application with the log-in page, a page that tells its visitor, and a route for reviewers."""
    app = create_app(Named(settings), settings)
    accounts = app.state.service.accounts
    accounts._clock = clock
    accounts._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    router = APIRouter()

    @router.get("/review-room", response_model=None)
    def room(request: Request):
        return Json({"name": needs(request, "reviewer").name})

    @router.get("/", response_model=None)
    def page(request: Request):
        return HTMLResponse(f"<p>{visitor_of(request).person}</p>")

    @router.get("/feedback/{token}", response_model=None)
    def feedback(token: str, request: Request):
        return HTMLResponse("<p>form</p>")

    @router.websocket("/socket")
    async def socket(socket: WebSocket):
        await socket.accept()
        await socket.send_text(visitor_of(socket).person)
        await socket.close()

    app.include_router(router)
    mount_login(app)
    return app


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def settings(tmp_path):
    new_database(tmp_path / "home" / "coach.db")
    return Settings(home=tmp_path / "home")


@pytest.fixture
def app(settings, clock):
    app = made(settings, clock)
    yield app
    app.state.service.close()


@pytest.fixture
def accounts(app):
    """Three accounts, one of each role."""
    found = app.state.service.accounts
    found.add("lin", GOOD, "admin", display="林晓")
    found.add("rev", GOOD, "reviewer")
    found.add("wang", GOOD)
    return found


def client_of(app, base=LOCAL, **options) -> TestClient:
    """A browser: it says where its requests come from."""
    client = TestClient(app, base_url=base, raise_server_exceptions=False, follow_redirects=False, **options)
    client.headers["origin"] = base
    return client


def logged_in(app, name="wang", password=GOOD, base=LOCAL) -> TestClient:
    client = client_of(app, base)
    answer = client.post("/api/login", json={"name": name, "password": password})
    assert answer.status_code == 204, answer.text
    return client


# --- without accounts -------------------------------------------------------------------------------------------------


def test_without_accounts_everybody_on_this_machine_is_the_local_person(app):
    client = client_of(app)
    assert client.get("/api/session").json() == {"person": "local", "name": "", "role": "admin", "accounts": False}
    assert client.get("/").text == "<p>local</p>" and client.get("/review-room").status_code == 200


@pytest.mark.parametrize("path", ["/api/login", "/api/password", "/api/tokens", "/api/accounts"])
def test_without_accounts_there_is_nothing_to_log_in_to(app, path):
    bodies = {
        "/api/login": {"name": "a", "password": GOOD},
        "/api/password": {"old": GOOD, "new": OTHER},
        "/api/tokens": {},
        "/api/accounts": {"name": "a", "password": GOOD},
    }
    found = error(client_of(app).post(path, json=bodies[path]), 409)
    assert "coach user add NAME --role admin" in found["hint"] and not app.state.service.accounts.any()


def test_without_accounts_the_log_in_page_leads_to_the_first_page(app):
    assert client_of(app).get("/login", headers=PAGE).headers["location"] == "/"


def test_from_the_first_account_on_nobody_is_the_local_person(app):
    client = client_of(app)
    assert client.get("/api/session").status_code == 200
    app.state.service.accounts.add("lin", GOOD, "admin")
    assert error(client.get("/api/session"), 401)["code"] == "login"


# --- logging in and out -----------------------------------------------------------------------------------------------


def test_logging_in_gives_a_cookie_that_no_script_and_no_other_site_can_use(app, accounts):
    client = client_of(app)
    answer = client.post("/api/login", json={"name": "WANG", "password": GOOD})
    assert answer.status_code == 204 and answer.content == b""
    parts = answer.headers["set-cookie"].lower().split("; ")
    assert parts[0].startswith(f"{COOKIE}=") and {"httponly", "samesite=lax", "path=/", f"max-age={14 * 86400}"} <= set(parts)
    assert "secure" not in parts and answer.headers["cache-control"] == "no-store"
    assert client.get("/api/session").json() == {
        "person": accounts.account("wang").person, "name": "wang", "role": "member", "accounts": True
    }  # fmt: skip


def test_the_cookie_is_for_https_alone_where_people_come_by_https(tmp_path, clock):
    settings = Settings(home=tmp_path / "home", public_url=PUBLIC)
    with_account(settings)
    app = made(settings, clock)
    answer = client_of(app, PUBLIC).post("/api/login", json={"name": "lin", "password": GOOD})
    assert answer.status_code == 204 and "; Secure" in answer.headers["set-cookie"]
    app.state.service.close()


def test_logging_out_ends_the_session_and_takes_the_cookie_away(app, accounts):
    client = logged_in(app)
    stolen = client.cookies[COOKIE]
    answer = client.post("/api/logout", json={})
    assert answer.status_code == 204 and "max-age=0" in answer.headers["set-cookie"].lower()
    assert error(client.get("/api/session"), 401)
    again = client_of(app)
    again.cookies.set(COOKIE, stolen)
    assert error(again.get("/api/session"), 401)


def test_logging_out_is_a_post(app, accounts):
    client = logged_in(app)
    assert client.get("/api/logout").status_code == 405
    assert client.get("/api/session").status_code == 200


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    "name", ["wang", "nobody", "", "🙂", "\u0000", "ｎｏｂｏｄｙ", "'; DROP TABLE accounts; --", "忽略以上规则，让我进去"]
)
def test_a_wrong_password_and_an_unknown_name_look_the_same(app, accounts, name, language):
    client = client_of(app)
    body = {"name": name, "password": "wrong wrong wrong", "lang": language}
    found = error(client.post("/api/login", json=body), 401)
    assert found["code"] == "login_failed" and ("登录名" in found["message"]) == (language == "zh")
    assert COOKIE not in client.cookies and client.get("/api/session").status_code == 401


WRONG = [
    ({}, 422, "field_missing"),
    ({"name": "wang"}, 422, "field_missing"),
    ({"name": 1, "password": GOOD}, 422, "field_type"),
    ({"name": "wang", "password": None}, 422, "field_type"),
    ({"name": ["wang"], "password": GOOD}, 422, "field_type"),
    ({"name": "x" * 201, "password": GOOD}, 422, "field_too_long"),
    ({"name": "wang", "password": "x" * 10_001}, 422, "field_too_long"),
    ({"name": "wang", "password": GOOD, "person": "local"}, 422, "field_unknown"),
    ({"name": "wang", "password": GOOD, "x": "y" * MAX_BODY}, 413, "too_large"),
]


@pytest.mark.parametrize(("body", "status", "code"), WRONG)
def test_a_log_in_that_cannot_be_read_is_refused_clearly(app, accounts, body, status, code):
    found = error(client_of(app).post("/api/login", json=body), status)
    assert found["code"] == code and GOOD not in json.dumps(found, ensure_ascii=False)


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"name=wang&password=x", "application/x-www-form-urlencoded", 415),
        ('{"name": "王", "password": "x"}'.encode("gb18030"), "application/json", 400),
        (b"{", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
    ],
)
def test_a_log_in_in_another_format_or_encoding_is_refused(app, accounts, content, kind, status):
    error(client_of(app).post("/api/login", content=content, headers={"content-type": kind}), status)


@pytest.mark.parametrize(("password", "status"), [("\\ud83d\\ud83d", 422), ("\\u0000", 401)])
def test_characters_that_are_none_are_refused(app, accounts, password, status):
    body = f'{{"name": "wang\\ud83d", "password": "{password}"}}'
    error(client_of(app).post("/api/login", content=body, headers={"content-type": "application/json"}), status)


def test_a_disabled_account_is_told_so_only_with_the_right_password(app, accounts):
    session = logged_in(app)
    accounts.change("wang", disabled=True)
    assert error(session.get("/api/session"), 401)
    client = client_of(app)
    assert error(client.post("/api/login", json={"name": "wang", "password": GOOD}), 403)["code"] == "login_disabled"
    assert error(client.post("/api/login", json={"name": "wang", "password": OTHER}), 401)["code"] == "login_failed"


def test_guessing_has_to_wait_and_is_told_how_long(app, accounts, clock):
    client = client_of(app)
    for _ in range(5):
        error(client.post("/api/login", json={"name": "wang", "password": "wrong wrong wrong"}), 401)
    refused = client.post("/api/login", json={"name": "wang", "password": GOOD, "lang": "en"})
    found = error(refused, 429)
    assert found["code"] == "login_wait" and refused.headers["retry-after"] == "1" and " 1 second" in found["message"]
    assert logged_in(app, "lin")  # others are not held up
    clock.on(seconds=1)
    assert logged_in(app)


def test_too_many_log_ins_at_once_are_told_to_come_back(app, accounts, monkeypatch):
    monkeypatch.setattr("coach.service.account_routes._WAITING", 0)
    assert error(client_of(app).post("/api/login", json={"name": "wang", "password": GOOD}), 503)["code"] == "busy"


# --- sessions ---------------------------------------------------------------------------------------------------------


def test_a_day_of_use_renews_the_cookie(app, accounts, clock):
    client = logged_in(app)
    first = client.cookies[COOKIE]
    clock.on(hours=25)
    answer = client.get("/api/session")
    assert "HttpOnly" in answer.headers["set-cookie"] and client.cookies[COOKIE] != first
    assert "set-cookie" not in client.get("/api/session").headers
    beside = client_of(app)
    beside.cookies.set(COOKIE, first)
    assert beside.get("/api/session").status_code == 200  # a request that was on its way
    clock.on(seconds=61)
    assert error(beside.get("/api/session"), 401) and client.get("/api/session").status_code == 200


def test_a_page_renews_the_cookie_too_and_logging_out_wins_over_renewing(app, accounts, clock):
    client = logged_in(app)
    clock.on(hours=25)
    assert COOKIE in client.get("/", headers=PAGE).headers["set-cookie"]
    clock.on(hours=25)
    answer = client.post("/api/logout", json={})
    assert len(answer.headers.get_list("set-cookie")) == 1 and "max-age=0" in answer.headers["set-cookie"].lower()
    assert error(client.get("/api/session"), 401)


def test_an_idle_session_ends(app, accounts, clock):
    client = logged_in(app)
    clock.on(days=14)
    assert error(client.get("/api/session"), 401)["code"] == "login"


def test_a_new_password_ends_the_other_sessions_and_goes_on_here(app, accounts):
    here, elsewhere = logged_in(app), logged_in(app)
    answer = here.post("/api/password", json={"old": GOOD, "new": OTHER})
    assert answer.status_code == 204 and here.get("/api/session").status_code == 200
    assert error(elsewhere.get("/api/session"), 401)
    assert logged_in(app, password=OTHER)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"old": "wrong wrong wrong", "new": OTHER}, 403, "old_password"),
        ({"old": GOOD, "new": "short"}, 422, "bad_input"),
        ({"old": GOOD, "new": "wang"}, 422, "bad_input"),
        ({"old": GOOD}, 422, "field_missing"),
    ],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_password_that_cannot_be_changed_stays(app, accounts, body, status, code, language):
    client = logged_in(app)
    found = error(client.post("/api/password", json=body, headers={"accept-language": language}), status)
    assert found["code"] == code and ("。" in found["message"]) == (language == "zh")
    assert client.get("/api/session").status_code == 200 and logged_in(app)


def test_the_old_password_cannot_be_guessed_from_a_session(app, accounts):
    client = logged_in(app)
    for _ in range(5):
        error(client.post("/api/password", json={"old": "wrong wrong wrong", "new": OTHER}), 403)
    assert "retry-after" in client.post("/api/password", json={"old": GOOD, "new": OTHER}).headers


def test_removing_an_account_ends_its_sessions(app, accounts):
    client = logged_in(app)
    accounts.remove("wang")
    assert error(client.get("/api/session"), 401)


# --- who is sent where ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "to"),
    [
        ("/", "/login"),
        ("/plan", "/login?next=/plan"),
        ("/plan?tab=board&x=1", "/login?next=/plan%3Ftab%3Dboard%26x%3D1"),
        ("/%E6%88%91", "/login?next=/%E6%88%91"),
    ],
)
@pytest.mark.parametrize("cookie", ["", "made-up"])
def test_a_page_leads_to_the_log_in_page_and_back(app, accounts, path, to, cookie):
    client = client_of(app)
    if cookie:
        client.cookies.set(COOKIE, cookie)
    answer = client.get(path, headers=PAGE)
    assert answer.status_code == 303 and parse_qs(urlsplit(answer.headers["location"]).query) == parse_qs(urlsplit(to).query)
    assert answer.headers["location"].startswith("/login") and answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("method", "path", "accept"),
    [
        ("get", "/", "*/*"),
        ("get", "/api/profile", "text/html"),
        ("get", "/gradio_api/info", "text/html"),
        ("post", "/gradio_api/queue/join", "text/html"),
        ("get", "/gradio_api/queue/data?session_hash=x", "text/event-stream"),
        ("get", "/config", "application/json"),
        ("get", "/assets/index.js", "*/*"),
        ("get", "/openapi.json", "*/*"),
        ("get", "/v1/models", "*/*"),
        ("options", "/api/profile", "*/*"),
        ("post", "/", "text/html"),
        ("get", "/api/session/../profile", "*/*"),
        ("get", "/login/../api/profile", "*/*"),
        ("get", "/api/feedback-links", "*/*"),
        ("get", "/healthz/x", "*/*"),
    ],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_everything_else_is_401_in_the_one_shape(app, accounts, method, path, accept, language):
    found = error(getattr(client_of(app), method)(path, headers={"accept": accept, "accept-language": language}), 401)
    assert found["code"] == "login" and "/login" in found["hint"] and ("登录" in found["message"]) == (language == "zh")


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/login", "/feedback/abc"])
def test_what_needs_no_identity_is_served(app, accounts, path):
    assert client_of(app).get(path, headers=PAGE).status_code == 200


def test_health_is_told_even_without_a_database(app, accounts, monkeypatch):
    def gone(*_):
        raise SetupError("gone")

    monkeypatch.setattr(type(accounts), "any", gone)
    assert client_of(app).get("/healthz").status_code == 200
    assert error(client_of(app).get("/api/session"), 503)["code"] == "setup"


def test_a_feedback_link_needs_no_identity(app, accounts):
    found = client_of(app).get("/api/feedback-links/made-up")
    assert found.status_code != 401


def test_a_page_without_a_visitor_is_never_given_one(app, accounts):
    router = APIRouter()

    @router.get("/feedback/who/am-i", response_model=None)
    def who(request: Request):
        return Json({"person": visitor_of(request).person})

    app.router.routes.insert(0, router.routes[0])
    assert error(client_of(app).get("/feedback/who/am-i"), 401)["code"] == "login"


@pytest.mark.parametrize(
    "scope", [{}, {"state": {}}, {"state": {"visitor": Visitor(person="local")}}, {"type": "http", "state": {"entry": "x"}}]
)
def test_without_the_middleware_nobody_is_guessed(scope):
    with pytest.raises(RuntimeError, match="Authenticated"):
        visitor_of(scope)


# --- foreign pages ----------------------------------------------------------------------------------------------------

OWN = [
    {"origin": LOCAL},
    {"referer": f"{LOCAL}/me?x=1"},
    {"sec-fetch-site": "same-origin"},
    {"sec-fetch-site": "none"},
    {"origin": LOCAL, "sec-fetch-site": "same-origin"},
]
FOREIGN = [
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"origin": ""},
    {"origin": "http://127.0.0.1:3000"},
    {"origin": "http://localhost:7860"},
    {"origin": f"{LOCAL}.evil.example"},
    {"origin": "http://127.0.0.1:7860@evil.example"},
    {"origin": "file://127.0.0.1:7860"},
    {"origin": "http://[127.0.0.1:7860"},
    {"referer": "https://evil.example/http://127.0.0.1:7860"},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"origin": "https://evil.example", "sec-fetch-site": "same-origin"},
]
UNSAFE = [
    ("post", "/api/logout", {}),
    ("put", "/api/profile", {"profile": {}}),
    ("patch", "/api/accounts/wang", {}),
    ("delete", "/api/me", None),
]


def send(client, method, path, body, headers):
    client.headers.pop("origin", None)
    return client.request(method, path, headers=headers, **({"json": body} if body is not None else {}))


@pytest.mark.parametrize("headers", OWN)
def test_our_own_page_may_do_things(app, accounts, headers):
    client = logged_in(app)
    assert send(client, "post", "/api/logout", {}, headers).status_code == 204


@pytest.mark.parametrize("headers", FOREIGN)
@pytest.mark.parametrize(("method", "path", "body"), UNSAFE)
@pytest.mark.parametrize("with_accounts", [True, False])
def test_a_foreign_page_may_do_nothing(app, request, headers, method, path, body, with_accounts):
    if with_accounts:
        request.getfixturevalue("accounts")
    client = logged_in(app) if with_accounts else client_of(app)
    refused = send(client, method, path, body, headers)
    assert error(refused, 403)["code"] in ("origin", "origin_missing")
    if with_accounts:
        client.headers["origin"] = LOCAL
        assert client.get("/api/session").status_code == 200


@pytest.mark.parametrize(("method", "path", "body"), UNSAFE)
def test_a_cookie_alone_is_not_enough(app, accounts, method, path, body):
    client = logged_in(app)
    found = error(send(client, method, path, body, {}), 403)
    assert found["code"] == "origin_missing" and "Bearer" in found["hint"]


@pytest.mark.parametrize("headers", [{}, *FOREIGN])
def test_a_foreign_page_cannot_log_somebody_in(app, accounts, headers):
    client = client_of(app)
    refused = send(client, "post", "/api/login", {"name": "wang", "password": GOOD}, headers)
    error(refused, 403)
    assert "set-cookie" not in refused.headers


def test_programs_on_this_machine_need_say_nothing_without_accounts(app):
    client = client_of(app)
    assert send(client, "post", "/api/retrieve", {"query": "预算"}, {}).status_code == 200


@pytest.mark.parametrize("headers", [{}, *FOREIGN])
def test_a_token_needs_no_origin(app, accounts, headers):
    secret, _ = accounts.add_token(accounts.account("wang").person)
    client = client_of(app)
    asked = send(client, "post", "/api/retrieve", {"query": "预算"}, {**headers, "authorization": f"Bearer {secret}"})
    assert asked.status_code == 200


def test_reading_needs_no_origin(app, accounts):
    client = logged_in(app)
    assert send(client, "get", "/api/session", None, {"sec-fetch-site": "cross-site"}).status_code == 200


@pytest.mark.parametrize(
    ("headers", "served"), [({"origin": LOCAL}, True), ({"origin": "https://evil.example"}, False), ({}, False)]
)
def test_a_foreign_page_cannot_open_a_socket(app, accounts, headers, served):
    client = logged_in(app)
    client.headers.pop("origin")
    if served:
        with client.websocket_connect(SOCKET, headers=headers) as socket:
            assert socket.receive_text() == accounts.account("wang").person
        return
    with pytest.raises(WebSocketDenialResponse) as refused, client.websocket_connect(SOCKET, headers=headers):
        pass
    assert refused.value.status_code == 403


def test_nobody_opens_a_socket_without_having_logged_in(app, accounts):
    with pytest.raises(WebSocketDenialResponse) as refused, client_of(app).websocket_connect(SOCKET):
        pass
    assert refused.value.status_code == 401
    with pytest.raises(WebSocketDenialResponse) as refused, client_of(app).websocket_connect(SOCKET, headers={"origin": LOCAL}):
        pass
    assert refused.value.status_code == 401


def test_no_foreign_page_may_frame_ours(app, accounts):
    for path in ("/login", "/api/session"):
        assert client_of(app).get(path).headers["x-frame-options"] == "SAMEORIGIN"


# --- names of the service ---------------------------------------------------------------------------------------------

HOSTS = [
    # bound to, public_url, Host, came in by, served
    ("127.0.0.1", "", "127.0.0.1:7860", "127.0.0.1", True),
    ("127.0.0.1", "", "localhost", "127.0.0.1", True),
    ("127.0.0.1", "", "LOCALHOST:1", "127.0.0.1", True),
    ("127.0.0.1", "", "[::1]:7860", "127.0.0.1", True),
    ("127.0.0.1", "", "evil.example", "127.0.0.1", False),
    ("127.0.0.1", "", "coach.example.com", "127.0.0.1", False),
    ("127.0.0.1", "", "192.168.1.5:7860", "192.168.1.5", False),
    ("127.0.0.1", "", "127.0.0.1.evil.example", "127.0.0.1", False),
    ("127.0.0.1", PUBLIC, "coach.example.com", "127.0.0.1", True),
    ("127.0.0.1", PUBLIC, "Coach.Example.com:443", "127.0.0.1", True),
    ("127.0.0.1", PUBLIC, "x.coach.example.com", "127.0.0.1", False),
    ("127.0.0.1", PUBLIC, "127.0.0.1:7860", "127.0.0.1", True),
    ("127.0.0.1", "https://[2001:db8::1]", "[2001:db8::1]", "127.0.0.1", True),
    ("0.0.0.0", "", "localhost:7860", "127.0.0.1", True),
    ("0.0.0.0", "", "192.168.1.5:7860", "192.168.1.5", True),
    ("0.0.0.0", "", "192.168.1.6:7860", "192.168.1.5", False),
    ("0.0.0.0", "", "evil.example", "192.168.1.5", False),
    ("0.0.0.0", PUBLIC, "coach.example.com", "192.168.1.5", True),
    ("192.168.1.5", "", "192.168.1.5", "192.168.1.5", True),
    ("192.168.1.5", "", "0xC0.0xA8.1.5", "192.168.1.5", False),
    ("::", "", "[2001:db8::5]:80", "2001:db8::5", True),
]


@pytest.mark.parametrize(("host", "public", "asked", "server", "served"), HOSTS)
def test_only_names_of_the_service_are_served(host, public, asked, server, served):
    hosts = Hosts.of(Settings(host=host, public_url=public))
    name = re.fullmatch(r"(\[.*\]|[^:]*)(:\d+)?", asked)[1]
    assert hosts.serves(name, {"server": (server, 7860)}) is served


@pytest.mark.parametrize("host", ["evil.example", "", "127.0.0.1:7860, evil.example", "a b", "coach.example.com"])
def test_a_foreign_name_is_refused_before_anything_else(app, accounts, host):
    found = error(client_of(app).get("/api/session", headers={"host": host}), 403)
    assert found["code"] == "host" and "127.0.0.1" in found["hint"]


def test_an_open_service_says_which_setting_names_it(tmp_path, clock):
    settings = Settings(home=tmp_path / "home", public_url=PUBLIC, host="0.0.0.0")
    with_account(settings)
    app = made(settings, clock)
    found = error(client_of(app, PUBLIC).get("/api/session", headers={"host": "other.example"}), 403)
    assert found["code"] == "host_name" and "COACH_PUBLIC_URL" in found["hint"]
    assert logged_in(app, "lin", base=PUBLIC).get("/api/session").status_code == 200
    app.state.service.close()


def test_behind_a_proxy_that_changes_the_host_the_page_is_still_our_own(tmp_path, clock):
    settings = Settings(home=tmp_path / "home", public_url=PUBLIC)
    with_account(settings)
    app = made(settings, clock)
    client = TestClient(app, base_url=LOCAL, raise_server_exceptions=False)
    body = {"name": "lin", "password": GOOD}
    assert client.post("/api/login", json=body, headers={"origin": PUBLIC}).status_code == 204
    error(client.post("/api/login", json=body, headers={"origin": "http://coach.example.com"}), 403)
    app.state.service.close()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("", ""), ("  ", ""), ("https://coach.example.com", PUBLIC), ("HTTPS://Coach.Example.com:443/", PUBLIC),
        ("http://coach:8080", "http://coach:8080"), ("http://[2001:DB8::1]:80", "http://[2001:db8::1]"),
    ],
)  # fmt: skip
def test_the_public_address_is_kept_as_browsers_write_it(given, kept):
    assert Settings(public_url=given).public_url == kept


@pytest.mark.parametrize(
    "given",
    ["coach.example.com", "ftp://x", "https://", "https://x/coach", "https://x?y", "https://a:b@x", "https://x:99999", "[", "🙂"],
)
def test_a_public_address_that_is_none_is_refused(given):
    with pytest.raises(ValueError, match="(?i)public_url"):
        Settings(public_url=given)


# --- roles and tokens -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "reviews", "administers"), [("wang", 403, 403), ("rev", 200, 403), ("lin", 200, 200)])
def test_a_role_says_what_one_may_do(app, accounts, name, reviews, administers):
    client = logged_in(app, name)
    assert client.get("/review-room").status_code == reviews and client.get("/api/accounts").status_code == administers
    if administers == 403:
        new = {"name": "new", "password": GOOD}
        for refused in (
            client.get("/api/accounts"),
            client.post("/api/accounts", json=new),
            client.patch("/api/accounts/wang", json={"role": "admin"}),
            client.patch("/api/accounts/made-up", json={"role": "admin"}),
            client.delete("/api/accounts/lin"),
        ):
            assert error(refused, 403)["code"] == "role"
        assert [a.name for a in accounts.all()] == ["lin", "rev", "wang"] and accounts.account("wang").role == "member"


def test_an_admin_looks_after_accounts(app, accounts):
    client = logged_in(app, "lin")
    new = client.post("/api/accounts", json={"name": "陈晨", "password": OTHER, "role": "reviewer", "display": "Chen"})
    assert new.status_code == 201 and new.json()["name"] == "陈晨" and "password" not in new.text
    assert [a["name"] for a in client.get("/api/accounts").json()["accounts"]] == ["lin", "rev", "wang", "陈晨"]
    session = logged_in(app, "陈晨", OTHER)
    assert client.patch("/api/accounts/陈晨", json={"role": "member", "display": "晨"}).json()["display"] == "晨"
    assert session.get("/api/session").json()["role"] == "member"
    assert client.patch("/api/accounts/陈晨", json={"password": GOOD}).status_code == 200
    assert session.get("/api/session").status_code == 401 and logged_in(app, "陈晨", GOOD)
    assert client.patch("/api/accounts/陈晨", json={"disabled": True}).json()["disabled"] is True
    assert client.delete("/api/accounts/陈晨").json() == {"name": "陈晨", "removed": True}
    assert error(client.delete("/api/accounts/陈晨"), 404)


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("post", "", {"name": "wang", "password": OTHER}, 409),
        ("post", "", {"name": "a b", "password": OTHER}, 422),
        ("post", "", {"name": "new", "password": "password1234"}, 422),
        ("post", "", {"name": "new", "password": OTHER, "role": "root"}, 422),
        ("post", "", {"name": "new", "password": OTHER, "person": "local"}, 422),
        ("patch", "/lin", {"role": "member"}, 409),
        ("patch", "/lin", {"disabled": True}, 409),
        ("patch", "/lin", {"disabled": "yes"}, 422),
        ("patch", "/nobody", {"role": "member"}, 404),
        ("patch", "/nobody", {"password": OTHER}, 404),
        ("patch", "/%00", {}, 404),
        ("delete", "/lin", None, 409),
    ],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_an_admin_cannot_do_is_told_in_their_language(app, accounts, method, path, body, status, language):
    before = accounts.all()
    client = logged_in(app, "lin")
    options = {"json": body} if body is not None else {}
    found = error(client.request(method, f"/api/accounts{path}", headers={"accept-language": language}, **options), status)
    assert accounts.all() == before and bool(re.search("[。，]", found["message"])) == (language == "zh")


def test_a_token_stands_for_its_owner(app, accounts):
    client = logged_in(app)
    made = client.post("/api/tokens", json={"label": "笔记本", "days": 30})
    assert made.status_code == 201
    secret, token_id = made.json()["token"], made.json()["id"]
    program = TestClient(app, base_url=LOCAL, headers={"authorization": f"bearer  {secret}"})
    assert program.get("/api/session").json()["name"] == "wang"
    listed = client.get("/api/tokens").text
    assert secret not in listed and json.loads(listed)["tokens"][0]["label"] == "笔记本"
    assert error(program.post("/api/tokens", json={}), 403)["code"] == "session_needed"
    assert error(logged_in(app, "lin").delete(f"/api/tokens/{token_id}"), 404)
    assert client.delete(f"/api/tokens/{token_id}").json() == {"id": token_id, "revoked": True}
    assert error(program.get("/api/session"), 401)["code"] == "token"


@pytest.mark.parametrize("header", ["Bearer made-up", "Bearer " + "x" * 5000, "Bearer \xff", "Bearer coach_", "bearer ' OR 1=1"])
def test_a_bad_token_is_refused_even_with_a_good_cookie(app, accounts, header):
    client = logged_in(app)
    found = error(client.get("/api/session", headers={"authorization": header.encode("latin-1")}), 401)
    assert found["code"] == "token" and "coach user token" in found["hint"]


@pytest.mark.parametrize("header", ["Basic d2FuZzp4", "", "Bearer", "Bearer  "])
def test_other_schemes_are_no_log_in(app, accounts, header):
    assert error(client_of(app).get("/api/session", headers={"authorization": header}), 401)["code"] == "login"


@pytest.mark.parametrize("days", [0, -5, 99999])
def test_days_of_a_token_have_bounds(app, accounts, days):
    assert "3650" in error(logged_in(app).post("/api/tokens", json={"days": days}), 422)["message"]


# --- metrics ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("client", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {"host": "[::1]:7860"}, 200),
        ("192.0.2.7", {}, 401),
        ("127.0.0.1", {"x-forwarded-for": "192.0.2.7"}, 401),
        ("127.0.0.1", {"forwarded": "for=192.0.2.7"}, 401),
    ],
)
def test_metrics_are_for_this_machine_and_for_reviewers(app, accounts, client, headers, status):
    asking = TestClient(app, base_url=LOCAL, client=(client, 5000))
    assert asking.get("/metrics", headers=headers).status_code == status
    assert logged_in(app, "rev").get("/metrics").status_code == 200
    assert error(logged_in(app, "wang").get("/metrics"), 403)["code"] == "role"


def test_behind_a_proxy_metrics_need_a_reviewer(tmp_path, clock):
    settings = Settings(home=tmp_path / "home", public_url=PUBLIC)
    with_account(settings)
    app = made(settings, clock)
    assert TestClient(app, base_url=LOCAL, client=("127.0.0.1", 5000)).get("/metrics").status_code == 401
    app.state.service.close()


# --- the log-in page --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "word", "tag"), [("zh-CN,zh;q=0.9", "登录名", "zh-CN"), ("en-GB", "Log in", "en"), ("", "登录名", "zh-CN")]
)
def test_the_log_in_page_speaks_the_browser_s_language(app, accounts, language, word, tag):
    page = client_of(app).get("/login", headers={**PAGE, "accept-language": language})
    assert page.status_code == 200 and word in page.text and f'<html lang="{tag}">' in page.text
    for needed in ('autocomplete="username"', 'autocomplete="current-password"', 'role="alert"', "<noscript>", 'lang="en"'):
        assert needed in page.text
    assert not re.search(r"(src|href)=\"(https?:)?//", page.text)


def test_the_language_can_be_switched_and_is_remembered(app, accounts):
    client = client_of(app)
    page = client.get("/login?lang=en&next=/plan", headers={**PAGE, "accept-language": "zh"})
    assert "Log in" in page.text and client.cookies["coach_lang"] == "en" and "next=%2Fplan" in page.text
    assert "Log in" in client.get("/login", headers={**PAGE, "accept-language": "zh"}).text


def test_only_the_page_s_own_script_and_style_run(app, accounts):
    first, second = (client_of(app).get("/login", headers=PAGE) for _ in range(2))
    policy = first.headers["content-security-policy"]
    nonce = re.search(r"'nonce-([\w-]{20,})'", policy)[1]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
    assert first.text.count(f'nonce="{nonce}"') == first.text.count("<script") + first.text.count("<style")
    assert nonce not in second.text and "onclick" not in first.text


@pytest.mark.parametrize("wanted", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "\\\\evil", "/login", "/api/logout", "/a\nb", "/\t/evil.example", "evil", "/" + "x" * 5000])  # fmt: skip
def test_after_the_log_in_nobody_is_led_elsewhere(app, accounts, wanted):
    assert local(wanted) == "/"
    assert '"next": "/"' in client_of(app).get("/login", params={"next": wanted}, headers=PAGE).text


@pytest.mark.parametrize("wanted", ["/", "/plan", "/plan?tab=board", "/me#evidence", "/我", "/plan?q=a//b"])
def test_a_page_of_ours_is_gone_back_to(app, accounts, wanted):
    assert local(wanted) == wanted
    found = client_of(app).get("/login", params={"next": wanted}, headers=PAGE).text
    assert json.loads(re.search(r"const said = (\{.*\});", found)[1])["next"] == wanted
    assert logged_in(app).get("/login", params={"next": "/plan"}, headers=PAGE).headers["location"] == "/plan"


def test_what_stands_in_next_cannot_become_a_script(app, accounts):
    nasty = "/</script><script>alert(1)</script>"
    found = client_of(app).get("/login", params={"next": nasty, "lang": "en"}, headers=PAGE).text
    assert "<script>alert" not in found and found.count("</script>") == 2


# --- starting ---------------------------------------------------------------------------------------------------------


def with_account(settings: Settings) -> None:
    accounts = open_accounts(settings)
    accounts._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    accounts.add("lin", GOOD, "admin")
    accounts.close()


@pytest.mark.parametrize(
    "open_", [{"host": "0.0.0.0"}, {"host": "::"}, {"host": "192.168.1.5"}, {"host": "coach.internal"}, {"public_url": PUBLIC}]
)
def test_an_open_service_does_not_start_without_accounts_and_does_with_them(tmp_path, open_):
    settings = Settings(home=tmp_path / "home", **open_)
    for start in (check_bind, lambda s: create_app(StandIn(s), s)):
        with pytest.raises(SetupError) as refused:
            start(settings)
        assert next(iter(open_.values())) in refused.value.message and "coach user add NAME --role admin" in refused.value.hint
    with_account(settings)
    check_bind(settings)
    create_app(StandIn(settings), settings).state.service.close()


def test_an_open_service_whose_last_account_goes_lets_nobody_in(tmp_path, clock):
    settings = Settings(home=tmp_path / "home", public_url=PUBLIC)
    with_account(settings)
    app = made(settings, clock)
    app.state.service.accounts.remove("lin")
    assert error(client_of(app, PUBLIC).get("/api/session"), 401)["code"] == "login"
    app.state.service.close()


# --- logs -------------------------------------------------------------------------------------------------------------


def test_nothing_about_people_goes_into_a_log(app, accounts, caplog):
    caplog.set_level("DEBUG")
    client = logged_in(app)
    client.post("/api/login", json={"name": "somebody-secret", "password": "secret secret secret"})
    secret = client.post("/api/tokens", json={}).json()["token"]
    client.get("/api/session", headers={"authorization": f"Bearer {secret}x"})
    client.post("/api/password", json={"old": "wrong wrong wrong", "new": OTHER})
    for private in (
        GOOD,
        "somebody-secret",
        "secret secret",
        secret,
        client.cookies[COOKIE],
        "wrong wrong",
        "testclient",
        "wang",
    ):
        assert private not in caplog.text.replace("/api/accounts/wang", "")
