"""What `coach slack doctor` finds, against a server that answers as Slack does, and a real Bolt app behind our address."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
import shutil
import socket
import ssl
import subprocess
import threading
import time
from email.utils import formatdate

import pytest
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp

from coach.channels.slack.doctor import examine, hidden, shown
from coach.channels.slack.manifest import SCOPES
from coach.settings import Settings
from evals.slack_server import SlackServer

BOT = "xoxb-1111111111-2222222222-AbCdEfGhIjKl9876"
APP = "xapp-1-A0123456789-3333333333-0123456789abcdef5432"
SECRET = "0123456789abcdef0123456789abcdef"
OTHER_SECRET = "fedcba9876543210fedcba9876543210"
ALL_SCOPES = ",".join(SCOPES)


class Server:
    """Slack's Web API under /api/, its sockets under /ws, and a coach under /slack/events, on one port of this machine."""

    def __init__(self, certificate: ssl.SSLContext | None = None) -> None:
        self.tokens = {BOT: "bot", APP: "app"}
        self.scopes = ALL_SCOPES
        self.errors: dict[str, str] = {}
        self.statuses: dict[str, tuple[int, dict[str, str], str]] = {}
        self.greeting: dict[str, object] | None = {"type": "hello", "num_connections": 2}
        self.handshake = 101
        self.events: object = None
        self.clock_off = 0.0
        self.calls: list[str] = []
        self.bolt = AsyncApp(signing_secret=SECRET, token=BOT)
        self._certificate = certificate
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Server:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        app = web.Application()
        app.router.add_post("/api/{method}", self._api)
        app.router.add_get("/ws", self._ws)
        app.router.add_post("/slack/events", self._posted)
        runner = web.AppRunner(app)
        self._loop.run_until_complete(runner.setup())
        site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=self._certificate)
        self._loop.run_until_complete(site.start())
        self.port = runner.addresses[0][1]
        self._ready.set()
        self._loop.run_forever()
        self._loop.run_until_complete(runner.cleanup())
        self._loop.close()

    @property
    def url(self) -> str:
        return f"https://localhost:{self.port}" if self._certificate else f"http://127.0.0.1:{self.port}"

    def settings(self, **given: object) -> Settings:
        return Settings(_env_file=None, slack_api_url=f"{self.url}/api/", **given)

    def _date(self) -> dict[str, str]:
        return {"Date": formatdate(time.time() + self.clock_off, usegmt=True)}

    async def _api(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        self.calls.append(method)
        if method in self.statuses:
            status, headers, text = self.statuses[method]
            return web.Response(status=status, headers=headers, text=text)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        error = self.errors.get(method) or ("" if token in self.tokens else "invalid_auth")
        headers = {**self._date(), "X-OAuth-Scopes": self.scopes}
        if error:
            return web.json_response({"ok": False, "error": error}, headers=headers)
        if method == "apps.connections.open":
            return web.json_response({"ok": True, "url": f"ws://127.0.0.1:{self.port}/ws?ticket=very-secret-ticket"})
        return web.json_response({"ok": True, "team": "Growth", "user": "career-coach", "team_id": "T1"}, headers=headers)

    async def _ws(self, request: web.Request) -> web.StreamResponse:
        if self.handshake != 101:
            return web.Response(status=self.handshake)
        connection = web.WebSocketResponse()
        await connection.prepare(request)
        if self.greeting is not None:
            await connection.send_str(json.dumps(self.greeting))
        await connection.receive()
        return connection

    async def _posted(self, request: web.Request) -> web.StreamResponse:
        if callable(self.events):
            return await self.events(request)
        answer = await to_aiohttp_response(await self.bolt.async_dispatch(await to_bolt_request(request)))
        answer.headers.update(self._date())
        return answer


@pytest.fixture
def slack():
    with Server() as server:
        yield server


def look(settings, lang="en"):
    return {line.name: line for line in examine(settings, lang)}


def states(lines):
    return {name: line.state for name, line in lines.items()}


def socket_mode(slack, **given):
    return slack.settings(**{"slack_bot_token": BOT, "slack_app_token": APP, **given})


def http_mode(slack, **given):
    return slack.settings(**{"slack_bot_token": BOT, "slack_signing_secret": SECRET, "public_url": slack.url, **given})


# --- all is well ------------------------------------------------------------------------------------------------------


def test_a_good_set_up_of_socket_mode(slack):
    lines = look(socket_mode(slack))
    assert states(lines) == {"mode": "ok", "bot_token": "ok", "app_token": "ok", "signing_secret": "skip", "api": "ok",
                             "scopes": "ok", "socket": "ok", "oauth": "skip"}  # fmt: skip
    assert lines["bot_token"].message == "COACH_SLACK_BOT_TOKEN is set: xoxb-…9876"
    assert "Growth" in lines["api"].message and "career-coach" in lines["api"].message
    assert "2 open" in lines["socket"].message
    assert [line.fix for line in lines.values()] == [""] * len(lines)
    assert slack.calls == ["auth.test", "apps.connections.open"]


def test_a_good_set_up_of_http_with_oauth(tmp_path, monkeypatch):
    certificate = certified(tmp_path)
    with Server(certificate) as slack:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
        lines = look(http_mode(slack, slack_client_id="123.456", slack_client_secret=OTHER_SECRET))
    assert states(lines) == {"mode": "ok", "bot_token": "ok", "app_token": "skip", "signing_secret": "ok", "api": "ok",
                             "scopes": "ok", "public_url": "ok", "events": "ok", "oauth": "ok"}  # fmt: skip
    assert re.search(r"the clocks differ by [0-2] s", lines["events"].message)
    assert f"{slack.url}/slack/install" in lines["oauth"].message
    assert lines["oauth"].message.endswith(f"{slack.url}/slack/oauth_redirect")


def test_a_certificate_nobody_vouches_for_is_said_so(tmp_path):
    with Server(certified(tmp_path)) as slack:
        lines = look(http_mode(slack, slack_bot_token=""))
    assert "self-signed" in lines["events"].message and "certificate" in lines["events"].fix


def certified(folder) -> ssl.SSLContext:
    openssl = shutil.which("openssl")
    if not openssl:
        pytest.skip("openssl is missing")
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost", "-keyout", folder / "key.pem", "-out", folder / "cert.pem"],
        check=True, capture_output=True, env={k: v for k, v in os.environ.items() if k != "SSL_CERT_FILE"},
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


def test_installed_by_oauth_no_bot_token_is_needed(slack):
    lines = look(
        slack.settings(
            slack_app_token=APP, slack_client_id="1.2", slack_client_secret=SECRET, public_url="https://coach.example.com"
        )
    )
    assert "fail" not in states(lines).values()
    assert lines["bot_token"].state == lines["api"].state == "skip"
    assert slack.calls == ["apps.connections.open"]


# --- settings ---------------------------------------------------------------------------------------------------------


def test_nothing_set_is_one_line_that_says_how_to_begin():
    (line,) = examine(Settings(), "en")
    assert (line.name, line.state) == ("mode", "fail")
    assert "coach slack manifest" in line.fix


@pytest.mark.parametrize(
    ("given", "name", "said", "fix"),
    [
        ({"slack_bot_token": APP, "slack_app_token": BOT}, "bot_token", "holds what belongs in COACH_SLACK_APP_TOKEN", "OAuth & Permissions"),
        ({"slack_bot_token": APP, "slack_app_token": BOT}, "app_token", "holds what belongs in COACH_SLACK_BOT_TOKEN", "App-Level Tokens"),
        ({"slack_app_token": APP}, "bot_token", "COACH_SLACK_BOT_TOKEN is not set", "Bot User OAuth Token"),
        ({"slack_bot_token": "xoxp-1-2-3-0123456789abc", "slack_app_token": APP}, "bot_token", "is no bot token", "xoxb-"),
        ({"slack_bot_token": f'"{BOT}"', "slack_app_token": APP}, "bot_token", "quotation marks", "OAuth & Permissions"),
        ({"slack_bot_token": f"{BOT}\n", "slack_app_token": APP}, "bot_token", "spaces", "OAuth & Permissions"),
        ({"slack_bot_token": "xoxb-令牌令牌", "slack_app_token": APP}, "bot_token", "is no bot token", "xoxb-"),
        ({"slack_bot_token": BOT, "slack_app_token": "yes"}, "app_token", "is no app-level token", "connections:write"),
        ({"slack_bot_token": BOT, "slack_signing_secret": SECRET.upper()}, "signing_secret", "0-9 and a-f", "Signing Secret"),
        ({"slack_bot_token": BOT, "slack_signing_secret": BOT}, "signing_secret", "belongs in COACH_SLACK_BOT_TOKEN", "Signing Secret"),
        ({"slack_bot_token": BOT, "slack_app_token": APP, "slack_signing_secret": "x"}, "signing_secret", "1 characters", "Signing Secret"),
    ],
)  # fmt: skip
def test_what_does_not_belong_in_a_setting_is_said_and_where_to_get_what_does(slack, given, name, said, fix):
    line = look(slack.settings(**given))[name]
    assert line.state == "fail"
    assert said in line.message
    assert fix in line.fix and "api.slack.com/apps" in line.fix


def test_what_cannot_be_tried_is_passed_over(slack):
    lines = look(slack.settings(slack_bot_token="xoxb-", slack_app_token="nonsense"))
    assert [lines[name].state for name in ("api", "scopes", "socket")] == ["skip"] * 3
    assert slack.calls == []


@pytest.mark.parametrize(
    ("given", "name", "said"),
    [
        ({"slack_client_id": "1.2"}, "oauth", "COACH_SLACK_CLIENT_SECRET is not set"),
        ({"slack_client_secret": OTHER_SECRET}, "oauth", "COACH_SLACK_CLIENT_ID is not set"),
        ({"slack_client_id": "A012345", "slack_client_secret": OTHER_SECRET}, "client_id", "no client id"),
        ({"slack_client_id": "1.2", "slack_client_secret": "short"}, "client_secret", "no client secret"),
        ({"slack_client_id": "1.2", "slack_client_secret": SECRET, "slack_signing_secret": SECRET}, "oauth", "pasted twice"),
        ({"slack_client_id": "1.2", "slack_client_secret": OTHER_SECRET, "public_url": ""}, "oauth", "public https address"),
    ],
)
def test_oauth_takes_both_values_and_an_address(slack, given, name, said):
    line = look(socket_mode(slack, **{"public_url": "https://coach.example.com", **given}))[name]
    assert line.state == "fail" and line.fix
    assert said in line.message


# --- the Web API ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ("invalid_auth", "does not know"),
        ("account_inactive", "no longer active"),
        ("token_revoked", "was revoked"),
        ("token_expired", "has expired"),
        ("not_allowed_token_type", "not the kind"),
        ("internal_error", "auth.test fails: internal_error"),
    ],
)
def test_a_refused_token_is_told_by_its_reason(slack, error, said):
    slack.errors["auth.test"] = error
    lines = look(socket_mode(slack))
    assert lines["api"].state == "fail"
    assert said in lines["api"].message and error in lines["api"].message
    assert lines["api"].fix
    assert lines["scopes"].state == "skip"
    assert lines["socket"].state == "ok"


def test_an_unknown_token_is_refused(slack):
    assert "invalid_auth" in look(socket_mode(slack, slack_bot_token="xoxb-9-9-stranger"))["api"].message


def test_missing_permissions_are_named_with_what_they_are_for(slack):
    slack.scopes = ",".join(s for s in SCOPES if s not in ("im:history", "files:write"))
    line = look(socket_mode(slack))["scopes"]
    assert line.state == "fail"
    assert "\n    files:write: send you your plan as a Word document\n    im:history: read the direct messages" in line.message
    assert "chat:write" not in line.message
    assert "reinstall your app" in line.fix


def test_permissions_beyond_what_is_needed_are_no_failure(slack):
    slack.scopes = ALL_SCOPES.replace(",", ", ") + ", reactions:write"
    assert look(socket_mode(slack))["scopes"].state == "ok"


def test_a_slack_that_cannot_be_reached_names_the_host():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = Settings(slack_api_url=f"http://127.0.0.1:{port}/api/", slack_bot_token=BOT, slack_app_token=APP)
    lines = look(settings)
    assert lines["api"].message == f"127.0.0.1:{port} cannot be reached: Connection refused"
    assert lines["socket"].state == "fail"
    assert "HTTPS_PROXY" in lines["api"].fix


@pytest.mark.parametrize("address", ["nowhere", "http://[", "ftp://127.0.0.1/", "http://127.0.0.1:70000/"])
def test_an_address_that_is_none_is_a_line_too(address):
    assert look(Settings(slack_api_url=address, slack_bot_token=BOT, slack_app_token=APP))["api"].state == "fail"


def test_too_many_calls_name_the_wait(slack):
    slack.statuses["auth.test"] = (429, {"Retry-After": "17"}, '{"ok":false,"error":"ratelimited"}')
    line = look(socket_mode(slack))["api"]
    assert line.state == "fail"
    assert "17 seconds" in line.message and "17 seconds" in line.fix


@pytest.mark.parametrize(
    "answer",
    [
        (200, {}, "<html>please log in</html>"),
        (200, {}, "[1, 2]"),
        (502, {}, "bad gateway"),
        (302, {"Location": "http://127.0.0.1:9/"}, ""),
    ],
)
def test_what_is_not_slacks_answer_is_noticed(slack, answer):
    slack.statuses["auth.test"] = answer
    line = look(socket_mode(slack))["api"]
    assert line.state == "fail"
    assert f"HTTP {answer[0]}" in line.message and "COACH_SLACK_API_URL" in line.fix


# --- Socket Mode ------------------------------------------------------------------------------------------------------


def test_an_app_token_without_connections_write(slack):
    slack.errors["apps.connections.open"] = "missing_scope"
    line = look(socket_mode(slack))["socket"]
    assert "lacks the permission connections:write" in line.message
    assert "App-Level Tokens" in line.fix


@pytest.mark.parametrize("error", ["invalid_auth", "token_revoked", "not_allowed_token_type"])
def test_an_app_token_that_is_refused(slack, error):
    slack.errors["apps.connections.open"] = error
    line = look(socket_mode(slack))["socket"]
    assert "COACH_SLACK_APP_TOKEN" in line.message and error in line.message and "App-Level Tokens" in line.fix


def test_any_other_refusal_of_a_connection_names_the_switch(slack):
    slack.errors["apps.connections.open"] = "forbidden_team"
    line = look(socket_mode(slack))["socket"]
    assert "forbidden_team" in line.message and "Enable Socket Mode" in line.fix


def test_socket_mode_that_is_off(slack):
    slack.greeting = {"type": "disconnect", "reason": "link_disabled"}
    line = look(socket_mode(slack))["socket"]
    assert (line.state, line.message) == ("fail", "Socket Mode is off for this app.")
    assert "Enable Socket Mode" in line.fix


@pytest.mark.parametrize("handshake", [403, 502])
def test_a_proxy_that_stops_the_connection(slack, handshake):
    slack.handshake = handshake
    line = look(socket_mode(slack))["socket"]
    assert f"No WebSocket to 127.0.0.1:{slack.port}: HTTP {handshake}" in line.message
    assert "very-secret-ticket" not in repr(line)


def test_a_connection_on_which_nothing_comes(slack, monkeypatch):
    monkeypatch.setattr("coach.channels.slack.doctor._PATIENCE", 0.2)
    slack.greeting = None
    line = look(socket_mode(slack))["socket"]
    assert line.state == "fail" and "timed out" in line.message


# --- HTTP -------------------------------------------------------------------------------------------------------------


def test_http_needs_an_https_address(slack):
    lines = look(http_mode(slack))
    assert lines["public_url"].state == "fail" and "is not https" in lines["public_url"].message
    assert lines["events"].state == "ok"
    without = look(http_mode(slack, public_url=""))
    assert (without["public_url"].state, without["events"].state) == ("fail", "skip")
    assert "COACH_PUBLIC_URL" in without["public_url"].fix


def test_a_service_with_another_signing_secret(slack):
    slack.bolt = AsyncApp(signing_secret=OTHER_SECRET, token=BOT)
    line = look(http_mode(slack))["events"]
    assert line.state == "fail"
    assert "another signing secret" in line.message and "Signing Secret" in line.fix


@pytest.mark.parametrize(("off", "said"), [(400.0, "behind"), (-400.0, "ahead")])
def test_a_clock_that_is_wrong_is_told_from_a_wrong_secret(slack, off, said):
    slack.clock_off = off
    slack.bolt = AsyncApp(signing_secret=OTHER_SECRET, token=BOT)  # refused, as by a clock that far away
    lines = look(http_mode(slack))
    assert said in lines["events"].message and "clock" in lines["events"].fix
    assert lines["clock"].state == "fail" and said in lines["clock"].message


def test_an_address_behind_which_nobody_listens(slack):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    line = look(http_mode(slack, public_url=f"http://127.0.0.1:{port}"))["events"]
    assert "cannot be reached: Connection refused" in line.message and "coach serve" in line.fix


def answering(status=200, text="", **headers):
    async def answer(_request):
        return web.Response(status=status, text=text, headers=headers)

    return answer


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (answering(404), "HTTP 404"),
        (answering(500), "answers HTTP 500"),
        (answering(200, "<html>welcome</html>"), "Something else than the coach"),
        (
            answering(307, Location="https://elsewhere.example/slack/events"),
            "redirects to https://elsewhere.example/slack/events",
        ),
    ],
)
def test_what_else_may_stand_at_the_address(slack, answer, said):
    slack.events = answer
    line = look(http_mode(slack))["events"]
    assert line.state == "fail" and line.fix
    assert said in line.message


async def gullible(request):
    return web.Response(text=(await request.json())["challenge"])


def test_an_address_that_checks_no_signature_fails(slack):
    slack.events = gullible
    line = look(http_mode(slack))["events"]
    assert line.state == "fail" and "wrong signature" in line.message


def test_an_answer_that_comes_too_late_for_slack(slack, monkeypatch):
    monkeypatch.setattr("coach.channels.slack.doctor._SLACK_WAITS", 0.0)
    line = look(http_mode(slack))["events"]
    assert line.state == "fail" and "Slack waits for 3" in line.message


# --- secrets and languages --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_server_that_repeats_what_it_was_given_makes_no_token_appear(slack, lang, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    slack.statuses["auth.test"] = (200, {}, json.dumps({"ok": False, "error": f"unknown {BOT}"}))
    slack.statuses["apps.connections.open"] = (200, {}, json.dumps({"ok": False, "error": f"unknown {APP}"}))
    slack.events = answering(307, Location=f"https://elsewhere.example/?{SECRET}")
    lines = [*examine(socket_mode(slack), lang), *examine(http_mode(slack), lang)]
    out = capfd.readouterr()
    seen = "".join(f"{line.message}{line.fix}{line.public()}" for line in lines) + caplog.text + out.out + out.err
    assert "unknown xoxb-…9876" in seen and "unknown xapp-…5432" in seen
    for secret in (BOT, APP, SECRET):
        assert secret not in seen and secret[6:-4] not in seen


def test_a_token_that_no_header_can_carry_is_not_in_the_error(slack):
    lines = look(socket_mode(slack, slack_bot_token="xoxb-1\r\nX-Evil: 1-0123456789"))
    assert lines["bot_token"].state == "fail" and "Evil" not in repr(lines)


@pytest.mark.parametrize(
    ("secret", "said"),
    [(BOT, "xoxb-…9876"), (APP, "xapp-…5432"), ("xoxb-short", "xoxb-…"), (SECRET, "…cdef"), ("", "…"), ("password", "…")],
)
def test_how_a_token_is_shown(secret, said):
    assert shown(secret) == said


def test_a_setting_of_one_letter_does_not_black_out_the_report():
    assert hidden("a word", Settings(slack_bot_token="a")) == "a word"


def test_the_report_speaks_one_language(slack):
    slack.scopes = "chat:write"
    slack.errors["apps.connections.open"] = "missing_scope"
    for lang, settings in [("zh", socket_mode(slack)), ("zh", http_mode(slack, public_url="")), ("zh", Settings())]:
        for line in examine(settings, lang):
            assert any("\u4e00" <= c <= "\u9fff" for c in line.message)
            assert not line.fix or any("\u4e00" <= c <= "\u9fff" for c in line.fix)
    for settings in (socket_mode(slack), http_mode(slack, public_url=""), Settings()):
        assert not [line for line in examine(settings, "en") if any("\u4e00" <= c <= "\u9fff" for c in line.message + line.fix)]


# --- the stand-in that the whole channel is tested with -----------------------------------------------------------------


def test_the_stand_in_for_slack_passes_and_its_troubles_are_told():
    with SlackServer() as stand_in:
        settings = Settings(
            slack_api_url=stand_in.api_url, slack_bot_token=stand_in.team.token, slack_app_token=stand_in.app_token
        )
        assert {line.state for line in examine(settings, "en")} == {"ok", "skip"}
        stand_in.fail("auth.test", status=429, headers={"Retry-After": "9"})
        assert "9 seconds" in look(settings)["api"].message
        stand_in.fail("auth.test", drop=True)
        assert "cannot be reached" in look(settings)["api"].message
        stand_in.fail("apps.connections.open", "missing_scope")
        assert "connections:write" in look(settings)["socket"].message
        less = stand_in.add_team("less", scopes=[s for s in SCOPES if s != "users:read"])
        assert "users:read: know names" in look(settings.model_copy(update={"slack_bot_token": less.token}))["scopes"].message
        stand_in.revoke(stand_in.team, "account_inactive")
        assert "no longer active" in look(settings)["api"].message
    assert "cannot be reached" in look(settings)["api"].message
