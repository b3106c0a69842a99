"""`coach user`: accounts, passwords, roles and API tokens, for whoever has this machine.

Owns the asking and the showing; what may be done stands in `coach.store.accounts`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

import click

from coach.cli.common import as_json_option, load_settings, print_json
from coach.errors import InputError
from coach.identity import ROLES, Role
from coach.types import Lang

if TYPE_CHECKING:
    from coach.store.accounts import Account, Accounts

_MAX_STDIN = 100_000

_role = click.Choice(ROLES)
_stdin = click.option("--password-stdin", is_flag=True, help="read the password from standard input, one line")


@click.group()
def user() -> None:
    r"""Accounts: who may log in, in which role, and their API tokens.

    From the first account on everybody has to log in; without one the coach serves this machine only.

    \b
    Examples:
      coach user add lin --role admin --takes-local
      coach user list
      coach user token lin --label laptop --days 90
    """


@user.command("add")
@click.argument("name")
@click.option("--role", type=_role, default="member", show_default=True, help="what the account may do")
@click.option("--name", "display", default="", help="what to call the person (default: the log-in name)")
@click.option("--takes-local", is_flag=True, help="this account gets the records from the time without accounts")
@_stdin
def add(name: str, role: Role, display: str, takes_local: bool, password_stdin: bool) -> None:
    r"""Make an account; asks for its password twice.

    A member has their own things; a reviewer also looks after the library and bad answers; an admin also after accounts.

    \b
    Examples:
      coach user add lin --role admin --takes-local
      coach user add wang --name 王芳
      pass show coach/wang | coach user add wang --password-stdin
    """
    from coach.store.accounts import checked_name

    lang = _tongue()
    with _accounts() as accounts:
        checked_name(name, lang)  # before anybody types a password for nothing
        password = _new_password(lang, stdin=password_stdin)
        made = accounts.add(name, password, role, display=display, takes_local=takes_local, lang=lang)
    _say("acc_cli_added", lang, name=made.name, role=made.role)


@user.command("list")
@as_json_option
def list_accounts(as_json: bool) -> None:
    r"""List all accounts.

    \b
    Example:
      coach user list
    """
    lang = _tongue()
    with _accounts() as accounts:
        found = accounts.all()
    if as_json:
        print_json({"accounts": [_told(account) for account in found]})
        return
    for account in found:
        off = f"  {_sentence('acc_cli_disabled', lang)}" if account.disabled else ""
        click.echo(f"{account.name}  {account.role}  {account.display}{off}")
    if not found:
        _say("acc_cli_no_accounts", lang)


@user.command("password")
@click.argument("name")
@_stdin
def password(name: str, password_stdin: bool) -> None:
    r"""Give an account a new password; ends the person's sessions.

    \b
    Example:
      coach user password wang
    """
    lang = _tongue()
    with _accounts() as accounts:
        accounts.account(name, lang=lang)
        accounts.set_password(name, _new_password(lang, stdin=password_stdin), lang=lang)
    _say("acc_cli_done", lang, name=name)


@user.command("role")
@click.argument("name")
@click.argument("role", type=_role)
def change_role(name: str, role: Role) -> None:
    r"""Give an account another role.

    \b
    Example:
      coach user role wang reviewer
    """
    lang = _tongue()
    with _accounts() as accounts:
        changed = accounts.change(name, role=role, lang=lang)
    _say("acc_cli_done", lang, name=changed.name)


@user.command("disable")
@click.argument("name")
def disable(name: str) -> None:
    r"""Keep somebody from logging in, and end their sessions; everything they have stays.

    \b
    Example:
      coach user disable wang
    """
    _switch(name, disabled=True)


@user.command("enable")
@click.argument("name")
def enable(name: str) -> None:
    r"""Let somebody log in again.

    \b
    Example:
      coach user enable wang
    """
    _switch(name, disabled=False)


def _switch(name: str, *, disabled: bool) -> None:
    lang = _tongue()
    with _accounts() as accounts:
        changed = accounts.change(name, disabled=disabled, lang=lang)
    _say("acc_cli_done", lang, name=changed.name)


@user.command("remove")
@click.argument("name")
@click.option("--yes", is_flag=True, help="do not ask")
def remove(name: str, yes: bool) -> None:
    r"""Remove an account and everything kept of the person, for good.

    \b
    Example:
      coach user remove wang
    """
    lang = _tongue()
    with _accounts() as accounts:
        account = accounts.account(name, lang=lang)
        if not yes and not click.confirm(_sentence("acc_cli_remove_sure", lang, name=account.name)):
            _say("acc_cli_kept", lang)
            return
        accounts.remove(name, lang=lang)
    _say("acc_cli_removed", lang, name=account.name)


@user.command("token")
@click.argument("name")
@click.option("--label", default="", help="what it is for")
@click.option("--days", type=int, help="days it is good for (default: until it is revoked)")
def token(name: str, label: str, days: int | None) -> None:
    r"""Make an API token for the command line and for other programs; it is shown once.

    \b
    Examples:
      coach user token lin --label laptop --days 90
      curl -H "Authorization: Bearer $COACH_TOKEN" http://127.0.0.1:7860/api/plans
    """
    lang = _tongue()
    with _accounts() as accounts:
        secret, _ = accounts.add_token(accounts.account(name, lang=lang).person, label, days, lang=lang)
    click.echo(_sentence("acc_cli_token", lang), err=True)
    click.echo(secret)
    click.echo(_sentence("acc_cli_token_use", lang), err=True)


@user.command("tokens")
@click.argument("name")
@as_json_option
def tokens(name: str, as_json: bool) -> None:
    r"""List the API tokens of an account.

    \b
    Example:
      coach user tokens lin
    """
    lang = _tongue()
    with _accounts() as accounts:
        account = accounts.account(name, lang=lang)
        found = accounts.tokens(account.person)
    if as_json:
        rows = [
            {"id": t.id, "label": t.label, "created": _iso(t.created), "last_used": _iso(t.last_used), "expires": _iso(t.expires)}
            for t in found
        ]
        print_json({"tokens": rows})
        return
    for each in found:
        parts = [each.id, each.label, _sentence("acc_cli_unused", lang)]
        if each.last_used:
            parts[2] = _sentence("acc_cli_used", lang, when=each.last_used.date())
        if each.expires:
            parts.append(_sentence("acc_cli_expires", lang, when=each.expires.date()))
        click.echo("  ".join(part for part in parts if part))
    if not found:
        _say("acc_cli_no_tokens", lang, name=account.name)


@user.command("revoke")
@click.argument("name")
@click.argument("token_id", metavar="ID")
def revoke(name: str, token_id: str) -> None:
    r"""End an API token, by its ID as `coach user tokens` shows it.

    \b
    Example:
      coach user revoke lin 3f0a9c12d4e5
    """
    lang = _tongue()
    with _accounts() as accounts:
        accounts.revoke(accounts.account(name, lang=lang).person, token_id, lang=lang)
    _say("acc_cli_revoked", lang)


@contextmanager
def _accounts() -> Iterator[Accounts]:
    from coach.store.accounts import open_accounts

    accounts = open_accounts(load_settings())
    try:
        yield accounts
    finally:
        accounts.close()


def _new_password(lang: Lang, *, stdin: bool) -> str:
    """Typed twice, unseen; or the first line of standard input."""
    if stdin:
        line = sys.stdin.buffer.readline(_MAX_STDIN)
        return line.decode("utf-8", "surrogateescape").rstrip("\r\n")
    first: str = click.prompt(_sentence("acc_cli_password", lang), hide_input=True)
    if click.prompt(_sentence("acc_cli_again", lang), hide_input=True) != first:
        raise InputError(_sentence("acc_cli_differ", lang))
    return first


def _told(account: Account) -> dict[str, object]:
    shown = {"name": account.name, "display": account.display, "role": account.role, "disabled": account.disabled}
    return {**shown, "created": _iso(account.created)}


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _tongue() -> Lang:
    from coach.cli import terminal_language

    return terminal_language()


def _sentence(key: str, lang: Lang, **values: object) -> str:
    from coach.messages import say

    return say(key, lang, **values)


def _say(key: str, lang: Lang, **values: object) -> None:
    click.echo(_sentence(key, lang, **values))
