"""The HTTP routes of accounts: logging in and out, one's own password and API tokens, and all accounts for an admin.

What is kept and checked stands in `coach.store.accounts`; who is calling in auth.py.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from functools import partial
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from coach.identity import Role
from coach.service.auth import cookie, entry_of, needs, visitor_of
from coach.service.errors import Json, Refusal, problem, reader_language
from coach.settings import Settings
from coach.store.accounts import Account, Accounts, ApiToken, LogInDisabled, LogInFailed, LogInWait
from coach.text import clean
from coach.types import Lang

T = TypeVar("T")

_VERIFYING = 2  # each takes 64 MB and a core for a moment
_WAITING = 64  # log-ins that wait for their turn; more are told to come back


def _clean(value: object) -> object:
    return clean(value).strip() if isinstance(value, str) else value


_Name = Annotated[str, Field(max_length=200), BeforeValidator(_clean)]
_Password = Annotated[str, Field(max_length=10_000)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    lang: Lang | None = Field(default=None, description="null: by Accept-Language, else Chinese")


class LogIn(_Body):
    """Body of POST /api/login."""

    name: _Name
    password: _Password


class LogOut(_Body):
    """Body of POST /api/logout."""


class NewPassword(_Body):
    """Body of POST /api/password."""

    old: _Password
    new: _Password


class NewToken(_Body):
    """Body of POST /api/tokens; without `days` it is good until it is revoked."""

    label: _Name = ""
    days: int | None = None


class NewAccount(_Body):
    """Body of POST /api/accounts."""

    name: _Name
    password: _Password
    role: Role = "member"
    display: _Name = ""


class ChangedAccount(_Body):
    """Body of PATCH /api/accounts/{name}; what is null stays. A new password ends the person's sessions."""

    role: Role | None = None
    disabled: bool | None = None
    display: _Name | None = None
    password: _Password | None = None


class _Guesses:
    """Verifies few passwords at once, on threads of its own: a flood of log-ins must not hold up everything else."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(_VERIFYING, thread_name_prefix="password")
        self._waiting = 0

    async def run(self, work: Callable[[], T]) -> T:
        """The result of the work. Raises Refusal (503) when too many wait already, and what the work raises."""
        if self._waiting >= _WAITING:
            raise Refusal(503, "busy")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        finally:
            self._waiting -= 1


def account_routes(accounts: Accounts, settings: Settings) -> APIRouter:
    """All routes."""
    router = APIRouter(prefix="/api")
    guesses = _Guesses()
    _session(router, accounts, settings, guesses)
    _password(router, accounts, settings, guesses)
    _tokens(router, accounts)
    _accounts(router, accounts, guesses)
    return router


def _lang(request: Request, body: _Body | None = None) -> Lang:
    """The reader's language, which failures from here on speak, too."""
    lang: Lang = (body.lang if body else None) or reader_language(request.headers, query=request.query_params)
    request.state.lang = lang
    return lang


def _session(router: APIRouter, accounts: Accounts, settings: Settings, guesses: _Guesses) -> None:
    @router.post("/login", response_model=None)
    async def log_in(body: LogIn, request: Request) -> Response:
        """Begins a session: 204 and its cookie."""
        lang = _lang(request, body)
        if not entry_of(request).accounts:
            raise Refusal(409, "no_accounts")
        try:
            token = await guesses.run(partial(accounts.log_in, body.name, body.password, _address(request)))
        except (LogInFailed, LogInDisabled, LogInWait) as error:
            return _not_let_in(error, lang)
        return _with_session(token, settings, request)

    @router.post("/logout", response_model=None)
    def log_out(request: Request, body: LogOut | None = None) -> Response:
        """Ends the session."""
        _lang(request, body)
        if session := entry_of(request).session:
            accounts.log_out(session)
        return _with_session("", settings, request)

    @router.get("/session", response_model=None)
    def who(request: Request) -> Response:
        """Who is calling, and whether there are accounts."""
        visitor = visitor_of(request)
        told = {"person": visitor.person, "name": visitor.name, "role": visitor.role}
        return Json({**told, "accounts": entry_of(request).accounts})


def _password(router: APIRouter, accounts: Accounts, settings: Settings, guesses: _Guesses) -> None:
    @router.post("/password", response_model=None)
    async def change(body: NewPassword, request: Request) -> Response:
        """Replaces one's own password: every other session ends, this one goes on under a new cookie."""
        lang, person = _lang(request, body), _with_account(request)
        work = partial(accounts.change_password, person, body.old, body.new, _address(request), lang=lang)
        try:
            token = await guesses.run(work)
        except (LogInFailed, LogInWait) as error:
            return _not_let_in(error, lang, failed=Refusal(403, "old_password"))
        return _with_session(token, settings, request) if entry_of(request).session else Response(status_code=204)


def _tokens(router: APIRouter, accounts: Accounts) -> None:
    @router.get("/tokens", response_model=None)
    def listed(request: Request) -> Response:
        """One's own API tokens, without their secrets."""
        _lang(request)
        return Json({"tokens": [_told_token(token) for token in accounts.tokens(visitor_of(request).person)]})

    @router.post("/tokens", response_model=None)
    def new(body: NewToken, request: Request) -> Response:
        """Makes an API token; its secret is shown this once. A token cannot make others: that takes a session."""
        lang, person = _lang(request, body), _with_account(request)
        if not entry_of(request).session:
            raise Refusal(403, "session_needed")
        secret, token = accounts.add_token(person, body.label, body.days, lang=lang)
        return Json({"token": secret, **_told_token(token)}, 201)

    @router.delete("/tokens/{token_id}", response_model=None)
    def revoke(token_id: str, request: Request) -> Response:
        """Ends one of one's own tokens."""
        lang = _lang(request)
        accounts.revoke(visitor_of(request).person, token_id, lang=lang)
        return Json({"id": token_id, "revoked": True})


def _accounts(router: APIRouter, accounts: Accounts, guesses: _Guesses) -> None:
    @router.get("/accounts", response_model=None)
    def listed(request: Request) -> Response:
        """All accounts, for an admin."""
        _lang(request)
        needs(request, "admin")
        return Json({"accounts": [_told(account) for account in accounts.all()]})

    @router.post("/accounts", response_model=None)
    async def new(body: NewAccount, request: Request) -> Response:
        """Makes an account. The first one is made in the terminal: from it on everybody has to log in."""
        lang = _lang(request, body)
        needs(request, "admin")
        _with_account(request)
        work = partial(accounts.add, body.name, body.password, body.role, display=body.display, lang=lang)
        return Json(_told(await guesses.run(work)), 201)

    @router.patch("/accounts/{name}", response_model=None)
    async def change(name: str, body: ChangedAccount, request: Request) -> Response:
        """Changes role, display name, password, or whether somebody may log in."""
        lang = _lang(request, body)
        needs(request, "admin")
        if body.password is not None:
            await guesses.run(partial(accounts.set_password, name, body.password, lang=lang))
        work = partial(accounts.change, name, role=body.role, disabled=body.disabled, display=body.display, lang=lang)
        return Json(_told(await guesses.run(work)))

    @router.delete("/accounts/{name}", response_model=None)
    def remove(name: str, request: Request) -> Response:
        """Removes an account with everything kept of the person, for good."""
        lang = _lang(request)
        needs(request, "admin")
        accounts.remove(name, lang=lang)
        return Json({"name": name, "removed": True})


def _with_account(request: Request) -> str:
    """The person who calls, if there are accounts at all."""
    if not entry_of(request).accounts:
        raise Refusal(409, "no_accounts")
    return visitor_of(request).person


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _with_session(token: str, settings: Settings, request: Request) -> Response:
    response = Response(status_code=204, headers={"cache-control": "no-store"})
    response.headers.append("set-cookie", cookie(token, settings, request.scope))
    return response


def _not_let_in(error: LogInFailed | LogInDisabled | LogInWait, lang: Lang, failed: Refusal | None = None) -> Response:
    if isinstance(error, LogInWait):
        status, body = problem(Refusal(429, "login_wait", seconds=error.seconds), lang)
        response = Json(body, status)
        response.headers["retry-after"] = str(error.seconds)
        return response
    if isinstance(error, LogInDisabled):
        raise Refusal(403, "login_disabled")
    raise failed or Refusal(401, "login_failed")


def _told(account: Account) -> dict[str, Any]:
    shown = {"name": account.name, "display": account.display, "role": account.role, "disabled": account.disabled}
    return {**shown, "created": account.created.isoformat()}


def _told_token(token: ApiToken) -> dict[str, Any]:
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in asdict(token).items()}
