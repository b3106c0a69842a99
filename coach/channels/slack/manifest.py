"""What the Slack app is: its manifest, and which permissions and events it needs, each with its reason.

Owns the lists that the manifest, the doctor and the installation by OAuth share, and how Slack reaches us. Contacts nobody.
"""

from __future__ import annotations

from typing import Any, Literal

from coach.framework.schema import Profession
from coach.messages import say
from coach.settings import Settings
from coach.types import Lang

Mode = Literal["off", "socket", "http"]

COMMAND = "/coach"
EVENTS_PATH = "/slack/events"
INSTALL_PATH = "/slack/install"
REDIRECT_PATH = "/slack/oauth_redirect"

MAX_NAME = 35
_MAX_PROMPTS = 4

SCOPES: dict[str, str] = {
    "app_mentions:read": "slack_scope_mentions",
    "assistant:write": "slack_scope_assistant",
    "channels:history": "slack_scope_channels",
    "channels:read": "slack_scope_channel_info",
    "chat:write": "slack_scope_chat",
    "commands": "slack_scope_commands",
    "files:read": "slack_scope_files_read",
    "files:write": "slack_scope_files_write",
    "groups:history": "slack_scope_groups",
    "groups:read": "slack_scope_group_info",
    "im:history": "slack_scope_direct",
    "im:write": "slack_scope_open_direct",
    "mpim:history": "slack_scope_group_direct",
    "mpim:read": "slack_scope_group_direct_info",
    "users:read": "slack_scope_users",
}
"""Every permission of the bot, with the sentence that says what it is for."""

EVENTS: dict[str, str] = {
    "app_home_opened": "",
    "app_mention": "app_mentions:read",
    "app_uninstalled": "",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
    "tokens_revoked": "",
}
"""Every event Slack sends us, with the permission it takes, if any."""


def mode(settings: Settings) -> Mode:
    """How Slack reaches us: over a connection we open, by posting to `public_url`, or not at all."""
    if settings.slack_app_token:
        return "socket"
    return "http" if settings.slack_signing_secret else "off"


def by_oauth(settings: Settings) -> bool:
    """Whether workspaces install the app themselves, each with a token of its own."""
    return bool(settings.slack_client_id and settings.slack_client_secret)


def manifest(profession: Profession, lang: Lang, *, http: bool, url: str = "", name: str = "") -> dict[str, Any]:
    """The manifest as Slack takes it.

    `url` is our https address; it is needed for `http`, and otherwise only adds where an installation by OAuth comes back.
    """
    address = f"{url}{EVENTS_PATH}" if http else ""
    title = name or profession.title.of(lang)
    people = profession.people.of(lang)
    redirects = {"redirect_urls": [f"{url}{REDIRECT_PATH}"]} if url else {}
    return {
        "display_information": {
            "name": title,
            "description": say("slack_app_description", lang, people=people),
            "long_description": say("slack_app_long", lang, people=people),
        },
        "features": {
            "agent_view": {
                "agent_description": say("slack_agent_description", lang, people=people),
                "suggested_prompts": [{"title": e.of(lang), "message": e.of(lang)} for e in profession.examples[:_MAX_PROMPTS]],
            },
            "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True, "messages_tab_read_only_enabled": False},
            # The name by which people mention it: of Chinese ones Slack does not take every one here.
            "bot_user": {"display_name": title if title.isascii() else profession.title.en, "always_online": True},
            "slash_commands": [
                {
                    "command": COMMAND,
                    **_given("url", address),
                    "description": say("slack_command_description", lang),
                    "usage_hint": say("slack_command_usage", lang),
                    "should_escape": True,  # so that a person or place that is named arrives as an id
                }
            ],
        },
        "oauth_config": {**redirects, "scopes": {"bot": sorted(SCOPES)}},
        "settings": {
            "event_subscriptions": {**_given("request_url", address), "bot_events": sorted(EVENTS)},
            "interactivity": {"is_enabled": True, **_given("request_url", address)},
            "org_deploy_enabled": False,
            "socket_mode_enabled": not http,
            "token_rotation_enabled": False,
        },
    }


def _given(key: str, value: str) -> dict[str, str]:
    return {key: value} if value else {}
