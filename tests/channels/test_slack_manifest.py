"""The manifest of the Slack app: within what Slack takes, and no more than the product uses."""

from __future__ import annotations

import re

import pytest

from coach.channels.slack.manifest import COMMAND, EVENTS, SCOPES, by_oauth, manifest, mode
from coach.framework import load_framework
from coach.messages import CATALOGUE
from coach.settings import ROOT, Settings

URL = "https://coach.example.com"
PROFESSION = load_framework(ROOT / "knowledge").profession


def made(lang="en", **given):
    return manifest(PROFESSION, lang, **{"http": False, **given})


def strings(value):
    if isinstance(value, dict):
        return [s for v in value.values() for s in strings(v)]
    if isinstance(value, list):
        return [s for v in value for s in strings(v)]
    return [value] if isinstance(value, str) else []


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("given", [{}, {"http": True, "url": URL}, {"name": "营" * 35}])
def test_slack_takes_it(lang, given):
    value = made(lang, **given)
    about, features = value["display_information"], value["features"]
    assert 0 < len(about["name"]) <= 35
    assert 0 < len(about["description"]) <= 140
    assert 174 <= len(about["long_description"]) <= 4000
    assert 0 < len(features["agent_view"]["agent_description"]) <= 300
    prompts = features["agent_view"]["suggested_prompts"]
    assert 1 <= len(prompts) <= 4
    assert all(set(p) == {"title", "message"} and p["title"] and p["message"] for p in prompts)
    assert len(features["slash_commands"]) == 1 and len(COMMAND) <= 32
    assert re.fullmatch(r"[\x21-\x7e ]{1,80}", features["bot_user"]["display_name"])
    assert not [s for s in strings(value) if re.search(r"[{}]", s)]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_speaks_one_language(lang):
    value = made(lang)
    said = [*strings(value["display_information"]), *strings(value["features"]["agent_view"])]
    assert all(bool(re.search(r"[\u4e00-\u9fff]", s)) == (lang == "zh") for s in said)


def test_the_prompts_are_the_frameworks_examples():
    prompts = made("zh")["features"]["agent_view"]["suggested_prompts"]
    assert [p["message"] for p in prompts] == [e.zh for e in PROFESSION.examples[:4]]


def test_socket_mode_names_no_address():
    value = made()
    assert value["settings"]["socket_mode_enabled"] is True
    assert not [s for s in strings(value) if "://" in s]
    assert "redirect_urls" not in value["oauth_config"]


def test_http_names_its_addresses_and_nothing_else():
    value = made(http=True, url=URL)
    events = f"{URL}/slack/events"
    assert value["settings"]["socket_mode_enabled"] is False
    assert value["settings"]["event_subscriptions"]["request_url"] == events
    assert value["settings"]["interactivity"] == {"is_enabled": True, "request_url": events}
    assert value["features"]["slash_commands"][0]["url"] == events
    assert value["oauth_config"]["redirect_urls"] == [f"{URL}/slack/oauth_redirect"]
    assert sum("://" in s for s in strings(value)) == 4


def test_socket_mode_with_an_address_can_be_installed_by_oauth():
    value = made(url=URL)
    assert value["settings"]["socket_mode_enabled"] is True
    assert "request_url" not in value["settings"]["event_subscriptions"]
    assert value["oauth_config"]["redirect_urls"] == [f"{URL}/slack/oauth_redirect"]


def test_every_event_has_its_permission_and_every_permission_its_reason():
    assert {scope for scope in EVENTS.values() if scope} <= set(SCOPES)
    reasons = [CATALOGUE[key]["en"] for key in SCOPES.values()]
    assert len(set(reasons)) == len(SCOPES)
    assert made()["oauth_config"]["scopes"] == {"bot": sorted(SCOPES)}
    assert made()["settings"]["event_subscriptions"]["bot_events"] == sorted(EVENTS)


def test_nobody_is_asked_for_what_is_not_used():
    """Reading mail addresses, posting where it was not invited, acting as a user: an admin would ask why."""
    assert not set(SCOPES) & {"users:read.email", "chat:write.public", "chat:write.customize", "reactions:write", "mpim:write"}
    assert set(made()["oauth_config"]["scopes"]) == {"bot"}
    assert made()["settings"]["token_rotation_enabled"] is False


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, "off"),
        ({"slack_bot_token": "xoxb-1"}, "off"),
        ({"public_url": URL}, "off"),
        ({"slack_app_token": "xapp-1"}, "socket"),
        ({"slack_signing_secret": "a" * 32}, "http"),
        ({"slack_signing_secret": "a" * 32, "slack_app_token": "xapp-1"}, "socket"),
    ],
)
def test_the_mode_follows_from_the_settings(given, expected):
    assert mode(Settings(**given)) == expected


def test_oauth_takes_both_halves():
    assert by_oauth(Settings(slack_client_id="1.2", slack_client_secret="b" * 32))
    assert not by_oauth(Settings(slack_client_id="1.2"))
    assert not by_oauth(Settings(slack_client_secret="b" * 32))
