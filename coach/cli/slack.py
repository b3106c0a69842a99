"""`coach slack`: the manifest, the doctor and the code that links an account, for whoever sets Slack up.

Owns the options and the showing; what the app needs and what is checked stands in `coach.channels.slack`.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import click

from coach.cli.common import as_json_option, load_settings, print_json, visitor
from coach.errors import InputError
from coach.types import Lang

if TYPE_CHECKING:
    from coach.settings import Settings

_MARKS = {"ok": ("✓", "green"), "fail": ("✗", "red"), "skip": ("–", "bright_black")}


@click.group()
def slack() -> None:
    """Slack: the manifest of the app, a check of the set-up, and linking an account.

    \b
    Examples:
      coach slack manifest
      coach slack doctor
      coach slack link-code
    """


@slack.command("manifest")
@click.option("--http", metavar="URL", help="public https address for Slack to post to (default: COACH_PUBLIC_URL)")
@click.option("--socket", is_flag=True, help="Socket Mode, even if COACH_PUBLIC_URL is set")
@click.option("--name", help="what Slack calls the app, 35 characters at most")
@click.option("--lang", type=click.Choice(["zh", "en"]), help="language of what Slack shows (default: the terminal's)")
@click.option("--json/--yaml", "as_json", default=True, help="format of the manifest (default: JSON)")
def manifest(http: str | None, socket: bool, name: str | None, lang: Lang | None, as_json: bool) -> None:
    """Print the manifest of the Slack app, to be pasted at api.slack.com/apps, and what to do next.

    It is made for Socket Mode, which needs no public address, unless COACH_PUBLIC_URL is an https address or --http
    gives one. The manifest goes to standard output, the next steps to standard error.

    \b
    Examples:
      coach slack manifest
      coach slack manifest --http https://coach.example.com --name Mentor
      coach slack manifest --yaml > manifest.yaml
    """
    from coach.channels.slack.manifest import manifest as made
    from coach.cli import terminal_language
    from coach.framework import load_framework
    from coach.messages import say

    tongue = terminal_language()
    if http is not None and socket:
        raise click.UsageError("--http and --socket exclude each other.")
    settings = load_settings()
    url = _address(http, tongue) if http is not None else settings.public_url
    url = url if url.startswith("https://") else ""
    posts = bool(url) and not socket and (http is not None or not settings.slack_app_token)
    profession = load_framework(settings.knowledge).profession
    value = made(profession, lang or tongue, http=posts, url=url, name=_name(name, tongue))
    if as_json:
        print_json(value)
    else:
        import yaml

        click.echo(yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=120), nl=False)
    how = say("slack_manifest_http", tongue, url=url) if posts else say("slack_manifest_socket", tongue)
    third = say("slack_manifest_http_third", tongue, url=url) if posts else say("slack_manifest_socket_third", tongue)
    click.echo("\n" + say("slack_manifest_next", tongue, how=how, third=third), err=True)


def _name(name: str | None, lang: Lang) -> str:
    from coach.channels.slack.manifest import MAX_NAME
    from coach.messages import say

    if name is None:
        return ""
    given = " ".join(name.split())
    if not given:
        raise InputError(say("slack_manifest_no_name", lang))
    if len(given) > MAX_NAME:
        raise InputError(say("slack_manifest_long", lang, n=len(given), limit=MAX_NAME))
    return given


def _address(url: str, lang: Lang) -> str:
    """In the form in which the service knows its own address. Raises InputError for what Slack would not post to."""
    from pydantic import ValidationError

    from coach.messages import say
    from coach.settings import Settings

    try:
        known = Settings(public_url=url).public_url
    except ValidationError:
        known = ""
    if not known.startswith("https://"):
        raise InputError(say("slack_manifest_bad_url", lang, url=url), hint=say("slack_manifest_bad_url_mend", lang))
    return known


@slack.command("doctor")
@as_json_option
@click.pass_context
def doctor(ctx: click.Context, as_json: bool) -> None:
    """Check the set-up of Slack, line by line, and say what to click or set where something is wrong.

    Asks Slack and, without Socket Mode, our own public address. Tokens are never shown whole.

    \b
    Exit codes: 0 all that is needed is well, 2 something is not.

    \b
    Examples:
      coach slack doctor
      coach slack doctor --json
    """
    from coach.channels.slack.doctor import examine
    from coach.cli import terminal_language
    from coach.messages import say

    lang = terminal_language()
    lines = []
    for line in examine(load_settings(), lang):
        lines.append(line)
        if not as_json:
            mark, colour = _MARKS[line.state]
            click.echo(f"{click.style(mark, fg=colour)} {line.message}")
            if line.fix:
                click.echo(f"  → {line.fix}")
    failed = sum(line.state == "fail" for line in lines)
    if as_json:
        print_json({"ok": not failed, "checks": [line.public() for line in lines]})
    else:
        click.echo("\n" + (say("slack_doctor_failed", lang, n=failed) if failed else say("slack_doctor_all_well", lang)))
    ctx.exit(2 if failed else 0)


@slack.command("link-code")
def link_code() -> None:
    """Print a code that links your Slack user to your coach account; type it in Slack.

    Once there are accounts, COACH_TOKEN says whose code it is. It is good for ten minutes, once.

    \b
    Example:
      coach slack link-code
    """
    from coach.channels.slack.manifest import COMMAND
    from coach.cli import terminal_language
    from coach.messages import say
    from coach.store.channels import CODE_GOOD_FOR

    minutes = int(CODE_GOOD_FOR.total_seconds() // 60)
    code = _new_code(load_settings())
    click.echo(say("slack_link_code", terminal_language(), minutes=minutes), err=True)
    click.echo(f"{COMMAND} link {code}")


def _new_code(settings: Settings) -> str:
    from coach.store.channels import open_channels
    from coach.store.records import open_records

    person = visitor(settings).person
    with closing(open_records(settings)) as records:
        records.of(person)  # who has used nothing yet is not in the database before
    with closing(open_channels(settings)) as channels:
        return channels.new_code(person)
