"""Looks at the set-up of Slack and says, line by line, what is well and what to click or set where it is not.

Asks Slack and our own public address; changes nothing. Of a token it shows how it begins and its last four characters, no more.
"""

from __future__ import annotations

import asyncio
import http.client
import json
import re
import secrets
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.message import Message
from email.utils import parsedate_to_datetime
from typing import Any

from coach.channels.slack.manifest import EVENTS_PATH, INSTALL_PATH, REDIRECT_PATH, SCOPES, by_oauth, mode
from coach.doctor import Check, State
from coach.messages import say
from coach.settings import Settings
from coach.types import Lang

_PATIENCE = 10.0  # seconds for an answer
_SLACK_WAITS = 3.0  # seconds after which Slack sends an event again
_STALE = 300.0  # seconds by which a signature may be older than the clock that checks it
_KINDS: dict[str, tuple[str, re.Pattern[str]]] = {
    "bot_token": ("xoxb-", re.compile(r"xoxb-[A-Za-z0-9-]{4,}")),
    "app_token": ("xapp-", re.compile(r"xapp-[A-Za-z0-9-]{4,}")),
    "signing_secret": ("", re.compile(r"[0-9a-f]{32}")),
    "client_id": ("", re.compile(r"\d+\.\d+")),
    "client_secret": ("", re.compile(r"[0-9a-f]{32}")),
}
"""How the value of each setting `slack_…` begins, if in a way of its own, and what it looks like."""
_BEGINNINGS = ("xoxb-", "xapp-", "xoxp-", "xoxe.", "xoxe-", "xoxa-", "xoxs-", "xoxc-", "xoxd-")
_SECRETS = ("bot_token", "app_token", "signing_secret", "client_secret")
_TELLING = 8
"""Characters from which on a secret is one, and not a word that other sentences hold, too."""
_REFUSED = {
    "invalid_auth": "slack_doctor_invalid",
    "not_authed": "slack_doctor_invalid",
    "account_inactive": "slack_doctor_inactive",
    "token_revoked": "slack_doctor_revoked",
    "token_expired": "slack_doctor_expired",
    "not_allowed_token_type": "slack_doctor_wrong_kind",
}
"""Slack's codes for a token it does not take."""


class _NoAnswer(Exception):
    """The other side could not be reached, or what came was not its answer."""


@dataclass(frozen=True, kw_only=True)
class _Answer:
    status: int
    headers: Message
    body: bytes
    seconds: float
    ahead: float
    """Seconds by which this machine's clock is ahead of the other's; 0 where the other does not tell."""

    def value(self) -> dict[str, Any]:
        """The JSON object of the body; empty when it is none."""
        try:
            found = json.loads(self.body)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}


def examine(settings: Settings, lang: Lang) -> Iterator[Check]:
    """Every check in order, each line as soon as it is known. Nothing that Slack or the network does is raised."""
    for line in _Examination(settings, lang).lines():
        yield Check(name=line.name, state=line.state, message=hidden(line.message, settings), fix=hidden(line.fix, settings))


def shown(secret: str) -> str:
    """A token so that its owner knows which one it is, and nobody can use it."""
    begins = next((b for b in _BEGINNINGS if secret.startswith(b)), "")
    return f"{begins}…{secret[-4:]}" if len(secret) >= len(begins) + 12 else f"{begins}…"


def hidden(text: str, settings: Settings) -> str:
    """The text without any secret of the settings, whoever put it there."""
    for kind in _SECRETS:
        secret = _value(settings, kind)
        if len(secret) >= _TELLING:
            text = text.replace(secret, shown(secret))
    return text


def _value(settings: Settings, kind: str) -> str:
    return str(getattr(settings, f"slack_{kind}"))


def _variable(kind: str) -> str:
    return f"COACH_SLACK_{kind.upper()}"


class _Examination:
    """One look at one installation; later checks go by what earlier ones found."""

    def __init__(self, settings: Settings, lang: Lang) -> None:
        self._settings = settings
        self._lang = lang
        self._mode = mode(settings)
        self._host = _host(settings.slack_api_url)
        self._fit: dict[str, bool] = {}

    def lines(self) -> Iterator[Check]:
        if self._mode == "off":
            yield self._line("mode", "fail", "slack_doctor_off", "slack_doctor_off_mend")
        else:
            yield self._line("mode", "ok", f"slack_doctor_mode_{self._mode}")
        yield from self._shapes()
        if self._mode != "off" or self._settings.slack_bot_token:
            yield from self._web_api()
        if self._mode == "socket":
            yield from self._socket()
        if self._mode == "http":
            yield from self._http()
        if self._mode != "off" or self._settings.slack_client_id or self._settings.slack_client_secret:
            yield from self._oauth()

    def _line(self, name: str, state: State, key: str, mend: str = "", **values: object) -> Check:
        fix = say(mend, self._lang, **values) if mend else ""
        return Check(name=name, state=state, message=say(key, self._lang, **values), fix=fix)

    def _untried(self, name: str) -> Check:
        return self._line(name, "skip", "slack_doctor_untried", what=say(f"slack_doctor_what_{name}", self._lang))

    # --- settings -----------------------------------------------------------------------------------------------------

    def _shapes(self) -> Iterator[Check]:
        needed = {
            "bot_token": not by_oauth(self._settings),
            "app_token": self._mode == "socket",
            "signing_secret": self._mode == "http",
        }
        for kind, must in needed.items():
            if self._mode != "off" or _value(self._settings, kind):
                yield self._shape(kind, must=must)

    def _shape(self, kind: str, *, must: bool) -> Check:
        """Whether a setting holds what belongs there; what is neither needed nor there is passed over."""
        value, setting, mend = _value(self._settings, kind), _variable(kind), f"slack_mend_{kind}"
        self._fit[kind] = bool(_KINDS[kind][1].fullmatch(value))
        if self._fit[kind]:
            return self._line(kind, "ok", "slack_doctor_shape", setting=setting, value=shown(value))
        if not value and not must:
            return self._line(kind, "skip", f"slack_unneeded_{kind}", setting=setting)
        if not value:
            return self._line(kind, "fail", "slack_doctor_missing", mend, setting=setting)
        if other := next((k for k, (begins, _) in _KINDS.items() if k != kind and begins and value.startswith(begins)), ""):
            named = {"setting": setting, "other": _variable(other), "value": shown(value)}
            return self._line(kind, "fail", "slack_doctor_swapped", mend, **named)
        if _KINDS[kind][1].fullmatch(value.strip("\"' \t\r\n")):
            return self._line(kind, "fail", "slack_doctor_around", mend, setting=setting)
        return self._line(kind, "fail", f"slack_shape_{kind}", mend, setting=setting, value=shown(value), n=len(value))

    # --- Web API ------------------------------------------------------------------------------------------------------

    def _web_api(self) -> Iterator[Check]:
        if not self._settings.slack_bot_token and by_oauth(self._settings):
            yield self._line("api", "skip", "slack_doctor_by_oauth")
            return
        answer = self._call("auth.test", "bot_token", "api") if self._fit.get("bot_token") else self._untried("api")
        if isinstance(answer, Check):
            yield answer
            yield self._untried("scopes")
            return
        who = answer.value()
        yield self._line("api", "ok", "slack_doctor_api", team=who.get("team", ""), bot=who.get("user", ""))
        yield self._scopes(answer.headers.get("x-oauth-scopes", ""))
        if self._mode == "http" and abs(answer.ahead) > _STALE:
            yield self._clock("clock", answer.ahead)

    def _scopes(self, header: str) -> Check:
        granted = {s.strip() for s in header.split(",")}
        missing = [s for s in SCOPES if s not in granted]
        if not missing:
            return self._line("scopes", "ok", "slack_doctor_scopes", n=len(SCOPES))
        listed = "".join(f"\n    {scope}: {say(SCOPES[scope], self._lang)}" for scope in missing)
        return self._line("scopes", "fail", "slack_doctor_scopes_missing", "slack_doctor_scopes_mend", listed=listed)

    def _call(self, method: str, kind: str, name: str) -> _Answer | Check:
        """A method of the Web API, asked with the token of this kind: its answer, or the line that says why there is none."""
        headers = {
            "Authorization": f"Bearer {_value(self._settings, kind)}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        try:
            answer = _post(f"{self._settings.slack_api_url.rstrip('/')}/{method}", b"", headers)
        except _NoAnswer as error:
            return self._line(name, "fail", "slack_doctor_network", "slack_doctor_network_mend", host=self._host, why=error)
        said = answer.value()
        code = str(said.get("error", ""))[:100]
        if answer.status == 429 or code == "ratelimited":
            wait = answer.headers.get("retry-after", "60")
            return self._line(name, "fail", "slack_doctor_limited", "slack_doctor_limited_mend", wait=wait)
        if said.get("ok") is True:
            return answer
        if not code:
            return self._odd(name, answer)
        if code == "missing_scope" and kind == "app_token":
            return self._line(name, "fail", "slack_doctor_connections", "slack_mend_app_token", setting=_variable(kind))
        if code in _REFUSED:
            value = shown(_value(self._settings, kind))
            return self._line(name, "fail", _REFUSED[code], f"slack_mend_{kind}", setting=_variable(kind), code=code, value=value)
        mend = "slack_doctor_socket_mend" if kind == "app_token" else "slack_doctor_other_mend"
        return self._line(name, "fail", "slack_doctor_other", mend, method=method, code=code)

    def _odd(self, name: str, answer: _Answer) -> Check:
        return self._line(name, "fail", "slack_doctor_odd", "slack_doctor_network_mend", host=self._host, status=answer.status)

    # --- Socket Mode --------------------------------------------------------------------------------------------------

    def _socket(self) -> Iterator[Check]:
        """Opens a connection and waits for Slack's greeting: an address alone does not tell that Socket Mode is on."""
        answer = self._call("apps.connections.open", "app_token", "socket") if self._fit["app_token"] else self._untried("socket")
        if isinstance(answer, Check):
            yield answer
            return
        url = str(answer.value().get("url", ""))
        try:
            first = asyncio.run(_greeting(url))
        except _NoAnswer as error:
            mend = "slack_doctor_websocket_mend"
            yield self._line("socket", "fail", "slack_doctor_websocket", mend, host=_host(url), why=error)
            return
        if first.get("type") == "hello":
            yield self._line("socket", "ok", "slack_doctor_socket", n=first.get("num_connections", 1))
        else:
            yield self._line("socket", "fail", "slack_doctor_socket_off", "slack_doctor_socket_mend")

    # --- HTTP ---------------------------------------------------------------------------------------------------------

    def _http(self) -> Iterator[Check]:
        url = self._settings.public_url
        if not url:
            yield self._line("public_url", "fail", "slack_doctor_no_url", "slack_doctor_url_mend")
        elif url.startswith("https://"):
            yield self._line("public_url", "ok", "slack_doctor_url", url=url)
        else:
            yield self._line("public_url", "fail", "slack_doctor_not_https", "slack_doctor_url_mend", url=url)
        tried = url and self._fit["signing_secret"]
        yield self._events(f"{url}{EVENTS_PATH}") if tried else self._untried("events")

    def _events(self, url: str) -> Check:
        """Posts what Slack posts when an address is entered, rightly signed and wrongly."""
        challenge = secrets.token_hex(16)
        body = json.dumps({"type": "url_verification", "challenge": challenge}).encode()
        secret = self._settings.slack_signing_secret
        try:
            answer = _post(url, body, _signed(secret, body))
            forged = _post(url, body, _signed(secrets.token_hex(16), body)) if answer.status == 200 else None
        except _NoAnswer as error:
            return self._line("events", "fail", "slack_doctor_unreachable", "slack_doctor_unreachable_mend", url=url, why=error)
        if answer.status in (401, 403):
            if abs(answer.ahead) > _STALE:
                return self._clock("events", answer.ahead)
            setting = _variable("signing_secret")
            return self._line("events", "fail", "slack_doctor_signature", "slack_mend_signing_secret", url=url, setting=setting)
        if answer.status == 404:
            return self._line("events", "fail", "slack_doctor_not_found", "slack_doctor_not_found_mend", url=url)
        if 300 <= answer.status < 400:
            to = answer.headers.get("location", "")
            return self._line("events", "fail", "slack_doctor_redirect", "slack_doctor_url_mend", url=url, to=to)
        if answer.status != 200:
            mend = "slack_doctor_unreachable_mend"
            return self._line("events", "fail", "slack_doctor_status", mend, url=url, status=answer.status)
        if challenge not in answer.body.decode("utf-8", "replace"):
            return self._line("events", "fail", "slack_doctor_stranger", "slack_doctor_not_found_mend", url=url)
        if forged is not None and forged.status == 200:
            return self._line("events", "fail", "slack_doctor_unsigned", "slack_doctor_unsigned_mend", url=url)
        took = f"{answer.seconds:.1f}"
        if answer.seconds > _SLACK_WAITS:
            return self._line("events", "fail", "slack_doctor_slow", "slack_doctor_slow_mend", url=url, seconds=took)
        return self._line("events", "ok", "slack_doctor_events", url=url, seconds=took, off=f"{abs(answer.ahead):.0f}")

    def _clock(self, name: str, ahead: float) -> Check:
        key = "slack_doctor_clock_ahead" if ahead > 0 else "slack_doctor_clock_behind"
        return self._line(name, "fail", key, "slack_doctor_clock_mend", seconds=f"{abs(ahead):.0f}")

    # --- OAuth --------------------------------------------------------------------------------------------------------

    def _oauth(self) -> Iterator[Check]:
        own = self._settings
        if not own.slack_client_id and not own.slack_client_secret:
            yield self._line("oauth", "skip", "slack_doctor_no_oauth")
            return
        if not by_oauth(own):
            missing = _variable("client_secret" if own.slack_client_id else "client_id")
            yield self._line("oauth", "fail", "slack_doctor_missing", "slack_doctor_oauth_mend", setting=missing)
            return
        wrong = [kind for kind in ("client_id", "client_secret") if not _KINDS[kind][1].fullmatch(_value(own, kind))]
        for kind in wrong:
            yield self._line(kind, "fail", f"slack_shape_{kind}", "slack_doctor_oauth_mend", setting=_variable(kind))
        if own.slack_client_secret == own.slack_signing_secret:
            yield self._line("oauth", "fail", "slack_doctor_same", "slack_doctor_oauth_mend")
        elif not own.public_url.startswith("https://"):
            yield self._line("oauth", "fail", "slack_doctor_oauth_url", "slack_doctor_url_mend")
        elif not wrong:
            install, back = f"{own.public_url}{INSTALL_PATH}", f"{own.public_url}{REDIRECT_PATH}"
            yield self._line("oauth", "ok", "slack_doctor_oauth", install=install, url=back)


# --- the network ------------------------------------------------------------------------------------------------------


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Slack does not follow one with a POST either, and a token goes nowhere but where the settings say."""

    def redirect_request(self, *_arguments: object, **_more: object) -> None:
        """No request for any redirect."""


def _post(url: str, body: bytes, headers: Mapping[str, str]) -> _Answer:
    """The answer, whatever its status. Raises _NoAnswer when there is none."""
    began = time.monotonic()
    try:
        request = urllib.request.Request(url, data=body, headers=dict(headers), method="POST")
        try:
            with urllib.request.build_opener(_NoRedirect).open(request, timeout=_PATIENCE) as response:
                status, given, content = response.status, response.headers, response.read(1_000_000)
        except urllib.error.HTTPError as error:
            with error:
                status, given, content = error.code, error.headers, error.read(1_000_000)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise _NoAnswer(_reason(error)) from None
    took = time.monotonic() - began
    return _Answer(status=status, headers=given, body=content, seconds=took, ahead=_ahead(given.get("date", "")))


def _reason(error: object) -> str:
    """Why nothing came, in the system's words; never what was sent."""
    if isinstance(error, urllib.error.URLError):
        return _reason(error.reason)
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    if isinstance(error, TimeoutError):
        return "timed out"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return error if isinstance(error, str) else type(error).__name__


def _host(url: str) -> str:
    """The host of an address, even of one that is none; never a password, path or ticket."""
    return (url.partition("://")[2] or url).partition("/")[0].rpartition("@")[2]


def _ahead(date: str) -> float:
    try:
        return time.time() - parsedate_to_datetime(date).timestamp()
    except ValueError:
        return 0.0


def _signed(secret: str, body: bytes) -> dict[str, str]:
    """The headers by which Slack shows that a request is its own."""
    from slack_sdk.signature import SignatureVerifier

    stamp = str(int(time.time()))
    signature = SignatureVerifier(secret).generate_signature(timestamp=stamp, body=body) or ""
    return {"Content-Type": "application/json", "X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature}


async def _greeting(url: str) -> dict[str, Any]:
    """The first thing Slack says over a connection. Raises _NoAnswer."""
    import aiohttp

    try:
        async with asyncio.timeout(_PATIENCE), aiohttp.ClientSession(trust_env=True) as session:
            async with session.ws_connect(url) as connection:
                first = json.loads(await connection.receive_str())
    except aiohttp.WSServerHandshakeError as error:
        raise _NoAnswer(f"HTTP {error.status}") from None
    except (aiohttp.ClientError, OSError, TypeError, ValueError) as error:
        raise _NoAnswer(_reason(error)) from None
    return first if isinstance(first, dict) else {}
