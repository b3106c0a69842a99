"""`coach slack`: what is printed, where, in which language, and the exit codes."""

from __future__ import annotations

import json
import re
from contextlib import closing

import pytest
import yaml
from click.testing import CliRunner

from coach.cli import cli
from coach.doctor import Check
from coach.settings import Settings
from coach.store.accounts import open_accounts
from coach.store.channels import open_channels
from coach.store.records import LOCAL_PERSON

BOT = "xoxb-1111111111-2222222222-AbCdEfGhIjKl9876"


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")


def run(*args):
    return CliRunner().invoke(cli, ["slack", *args])


def manifest(*args):
    done = run("manifest", *args)
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout), done.stderr


# --- manifest ---------------------------------------------------------------------------------------------------------


def test_the_manifest_can_be_pasted_and_the_next_steps_stand_apart():
    value, steps = manifest()
    assert value["display_information"]["name"] == "Marketing Career Coach"
    assert value["settings"]["socket_mode_enabled"] is True
    assert [name for name in re.findall(r"COACH_\w+", steps)] == ["COACH_SLACK_BOT_TOKEN", "COACH_SLACK_APP_TOKEN"]
    assert "coach slack doctor" in steps


def test_yaml_says_the_same_as_json():
    assert yaml.safe_load(run("manifest", "--yaml").stdout) == manifest("--json")[0]


def test_http_by_option_takes_the_address_as_the_service_knows_it():
    value, steps = manifest("--http", " https://Coach.Example.com:443/ ")
    assert value["settings"]["event_subscriptions"]["request_url"] == "https://coach.example.com/slack/events"
    assert "COACH_SLACK_SIGNING_SECRET" in steps and "COACH_PUBLIC_URL to https://coach.example.com." in steps


def test_http_follows_from_the_public_address(monkeypatch):
    monkeypatch.setenv("COACH_PUBLIC_URL", "https://coach.example.com")
    assert manifest()[0]["settings"]["socket_mode_enabled"] is False
    value, _ = manifest("--socket")
    assert value["settings"]["socket_mode_enabled"] is True
    assert value["oauth_config"]["redirect_urls"] == ["https://coach.example.com/slack/oauth_redirect"]
    monkeypatch.setenv("COACH_SLACK_APP_TOKEN", "xapp-1-A1-2-3")
    assert manifest()[0]["settings"]["socket_mode_enabled"] is True
    assert manifest("--http", "https://coach.example.com")[0]["settings"]["socket_mode_enabled"] is False


def test_a_public_address_that_slack_would_not_post_to_leaves_socket_mode(monkeypatch):
    monkeypatch.setenv("COACH_PUBLIC_URL", "http://coach.local:7860")
    value, _ = manifest()
    assert value["settings"]["socket_mode_enabled"] is True and "redirect_urls" not in value["oauth_config"]


@pytest.mark.parametrize(
    "url", ["http://coach.example.com", "coach.example.com", "https://a.example/path", "https://", "https://a:b", ""]
)
def test_an_address_slack_would_not_post_to_is_refused(url):
    done = run("manifest", "--http", url)
    assert done.exit_code == 2
    assert done.stdout == "" and f"“{url}” cannot be used" in done.stderr


def test_two_ways_at_once_are_refused():
    assert run("manifest", "--http", "https://a.example", "--socket").exit_code == 2


def test_the_name_is_what_was_given():
    value, _ = manifest("--name", "  Mentor  of Growth ")
    assert value["display_information"]["name"] == value["features"]["bot_user"]["display_name"] == "Mentor of Growth"
    value, _ = manifest("--name", "增长教练🌱")
    assert value["display_information"]["name"] == "增长教练🌱"
    assert value["features"]["bot_user"]["display_name"] == "Marketing Career Coach"


@pytest.mark.parametrize("name", ["", "   ", "x" * 36])
def test_a_name_slack_would_not_take_is_refused(name):
    done = run("manifest", "--name", name)
    assert done.exit_code == 2 and done.stdout == ""


def test_what_slack_shows_may_be_in_another_language_than_the_terminal(monkeypatch):
    value, steps = manifest("--lang", "zh")
    assert value["display_information"]["name"] == "营销职业教练" and "That is the manifest" in steps
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    value, steps = manifest()
    assert value["display_information"]["name"] == "营销职业教练" and "上面是Socket Mode" in steps


# --- doctor -----------------------------------------------------------------------------------------------------------


def test_nothing_set_up_exits_2_and_says_how_to_begin(monkeypatch):
    done = run("doctor")
    assert done.exit_code == 2
    assert done.stdout.startswith("✗ Slack is not set up.\n  → Run coach slack manifest")
    assert done.stdout.endswith("\n1 to be mended.\n")
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert run("doctor").stdout.startswith("✗ Slack还没有设置。\n  → ")


def test_each_line_has_its_mark(monkeypatch):
    lines = [Check(name="a", state="ok", message="good"), Check(name="b", state="skip", message="passed over")]
    monkeypatch.setattr("coach.channels.slack.doctor.examine", lambda settings, lang: iter(lines))
    done = run("doctor")
    assert (done.exit_code, done.stdout) == (0, "✓ good\n– passed over\n\nAll is well. Write it a direct message in Slack.\n")
    lines.append(Check(name="c", state="fail", message="bad", fix="click"))
    done = run("doctor")
    assert (done.exit_code, done.stdout) == (2, "✓ good\n– passed over\n✗ bad\n  → click\n\n1 to be mended.\n")


def test_programs_get_json(monkeypatch):
    monkeypatch.setenv("COACH_SLACK_BOT_TOKEN", BOT)
    monkeypatch.setenv("COACH_SLACK_API_URL", "http://127.0.0.1:9/api/")
    done = run("doctor", "--json")
    report = json.loads(done.stdout)
    assert done.exit_code == 2 and report["ok"] is False
    assert {c["name"]: c["state"] for c in report["checks"]} == {
        "mode": "fail",
        "bot_token": "ok",
        "api": "fail",
        "scopes": "skip",
    }
    assert {"name", "state", "message", "fix"} == set(report["checks"][0])
    assert BOT not in done.output and "xoxb-…9876" in done.stdout


# --- link-code --------------------------------------------------------------------------------------------------------


def linked(code: str):
    """Who a Slack user is after typing the code."""
    with closing(open_channels(Settings())) as channels:
        return channels.link(channels.meet("slack", "T1", "U1"), code, lang="en").person


def test_a_code_links_the_person_of_this_machine_who_has_used_nothing_yet():
    done = run("link-code")
    assert done.exit_code == 0, done.output
    code = re.fullmatch(r"/coach link ([A-Z2-9]{4}-[A-Z2-9]{4})\n", done.stdout)
    assert code and "within 10 minutes" in done.stderr
    assert linked(code[1]) == LOCAL_PERSON


def test_with_accounts_the_token_says_whose_code_it_is(monkeypatch):
    with closing(open_accounts(Settings())) as accounts:
        account = accounts.add("lin", "纸船 lantern 42 orbit", "member")
        token, _ = accounts.add_token(account.person, "")
    assert run("link-code").exit_code == 2
    monkeypatch.setenv("COACH_TOKEN", token)
    assert linked(run("link-code").stdout.split()[-1]) == account.person
