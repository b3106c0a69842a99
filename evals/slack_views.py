"""Modals and home tabs in the stand-in for Slack: opened by a fresh trigger, pushed, updated, published. No network here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evals import slack_blocks
from evals.slack_blocks import Json
from evals.slack_state import Team, World

TRIGGER_LASTS = 3.0


class Refused(Exception):
    """An answer with "ok": false."""

    def __init__(self, error: str, *, status: int = 200, headers: Mapping[str, str] | None = None, **more: Any) -> None:
        super().__init__(error)
        self.error, self.status, self.headers, self.more = error, status, dict(headers or {}), more


def user_of(world: World, team: Team, an_id: str) -> Json:
    """The person of this workspace. Raises Refused."""
    user = world.users.get(an_id)
    if user is None or user["team_id"] != team.id:
        raise Refused("user_not_found")
    return user


class Views:
    """The methods named views.… and what a submitted modal may ask for."""

    def __init__(self, world: World) -> None:
        self.world = world

    def _view(self, args: Json, kind: str) -> Json:
        view: Any = args.get("view")
        wrong = slack_blocks.wrong_with_view(view)
        if wrong == "view_too_large":
            raise Refused(wrong)
        if not wrong and view["type"] != kind:
            wrong = f"[ERROR] unsupported type: {view['type']} [json-pointer:/view/type]"
        if wrong:
            raise Refused("invalid_arguments", response_metadata={"messages": [wrong]})
        made: Json = view
        return made

    def _triggered(self, args: Json) -> str:
        """The person whose act allows a modal."""
        trigger = self.world.triggers.get(args.get("trigger_id") or "")
        if trigger is None:
            raise Refused("invalid_trigger_id")
        if trigger.used:
            raise Refused("exchanged_trigger_id")
        if self.world.clock() - trigger.at > TRIGGER_LASTS:
            raise Refused("expired_trigger_id")
        trigger.used = True
        return trigger.user

    def show(self, team: Team, user: str, view: Json, *, replaces: str = "") -> Json:
        """Keeps a view, new or in the place of another, as Slack hands it back."""
        old = self.world.views.get(replaces, {})
        made = {"private_metadata": "", "callback_id": "", "external_id": "", "state": {"values": {}}, **view}
        made["blocks"] = self.world.with_ids(view["blocks"])
        made |= {"id": old.get("id") or self.world.new_id("V"), "hash": f"{self.world.ts()}.hash", "user": user}
        made |= {"team_id": team.id, "app_id": self.world.app_id, "bot_id": team.bot_id}
        made |= {key: old.get(key) for key in ("root_view_id", "previous_view_id")}
        self.world.views[made["id"]] = made
        return made

    def open(self, team: Team, args: Json) -> Json:
        """views.open."""
        view, user = self._view(args, "modal"), self._triggered(args)
        made = self.show(team, user, view)
        made["root_view_id"] = made["id"]
        self.world.modals[user] = [made["id"]]
        return {"view": made}

    def push_on(self, team: Team, args: Json) -> Json:
        """views.push."""
        view, user = self._view(args, "modal"), self._triggered(args)
        return {"view": self.push(team, user, view)}

    def push(self, team: Team, user: str, view: Json) -> Json:
        """On top of the person's open modal."""
        stack = self.world.modals.get(user, [])
        if not stack:
            raise Refused("not_found")
        if len(stack) == 3:
            raise Refused("push_limit_reached")
        made = self.show(team, user, view)
        made |= {"root_view_id": stack[0], "previous_view_id": stack[-1]}
        stack.append(made["id"])
        return made

    def update(self, team: Team, args: Json) -> Json:
        """views.update."""
        view = self._view(args, "modal")
        known = [v for v in self.world.views.values() if v["team_id"] == team.id and v["type"] == "modal"]
        named = ("id", args["view_id"]) if args.get("view_id") else ("external_id", args.get("external_id") or "-")
        old = next((v for v in known if v[named[0]] == named[1]), None)
        if old is None or old["id"] not in self.world.modals.get(old["user"], []):
            raise Refused("not_found")
        if args.get("hash") and args["hash"] != old["hash"]:
            raise Refused("hash_conflict", view=old)
        return {"view": self.show(team, old["user"], view, replaces=old["id"])}

    def publish(self, team: Team, args: Json) -> Json:
        """views.publish."""
        view, user = self._view(args, "home"), user_of(self.world, team, args.get("user_id") or "")["id"]
        old = self.world.homes.get(user, "")
        if args.get("hash") and old and args["hash"] != self.world.views[old]["hash"]:
            raise Refused("hash_conflict", view=self.world.views[old])
        made = self.show(team, user, view, replaces=old)
        self.world.homes[user] = made["id"]
        return {"view": made}
