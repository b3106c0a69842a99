"""Nobody sees or changes anything of somebody else: every route, every method, as another member, as nobody, with a bad token.

A route that stands in none of the tables below makes `test_every_route_is_known_here` fail: say there whose things it is about.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.routing import Route

from coach.service.api import create_app
from coach.settings import Settings
from tests.development.test_desk import PERSON, desk_at
from tests.service.standin import StandIn

LOCAL = "http://127.0.0.1:7860"
GOOD = "纸船 lantern 42 orbit"
MARK = "云雀暗号七四三一"
"""Stands in everything the first person writes, and nowhere else."""
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)

PAGES = ("/", "/me", "/plan", "/library", "/me?tab=data", "/plan?id=1", "/anything")
"""Pages of the web; nobody sees one before logging in."""
OPEN_PAGES = ("/login", "/feedback/made-up")

# Routes that anybody may call, with or without an account.
OPEN = {
    ("GET", "/healthz"), ("GET", "/readyz"), ("POST", "/api/login"),
    ("GET", "/api/feedback-links/{token}"), ("POST", "/api/feedback-links/{token}"),
}  # fmt: skip
# Routes that are about nobody: the library, and what is sent along.
SHARED = {
    ("GET", "/metrics"), ("GET", "/openapi.json"), ("POST", "/api/retrieve"), ("GET", "/api/passages/{passage_id:path}"),
    ("POST", "/api/plans/draft"),
}  # fmt: skip
# Routes of whoever looks after accounts, and of whoever looks after the library: not for a member.
ADMIN = ("/api/accounts",)
REVIEWER = ("/api/library",)
# Routes that are about the caller, who is never named by the client. Those with ids answer 404 to ids of others.
OWN = {
    ("POST", "/api/ask"),
    ("GET", "/api/conversations"), ("POST", "/api/conversations"), ("DELETE", "/api/conversations"),
    *((m, "/api/conversations/{conversation_id}") for m in ("GET", "PATCH", "DELETE")),
    ("GET", "/api/conversations/{conversation_id}/export"),
    ("POST", "/api/conversations/{conversation_id}/files"), ("POST", "/api/conversations/{conversation_id}/pastes"),
    ("DELETE", "/api/conversations/{conversation_id}/files/{file_id}"),
    ("POST", "/api/feedback"),
    *((m, "/api/profile") for m in ("GET", "PUT", "PATCH", "DELETE")), ("POST", "/api/profile/confirm"),
    ("GET", "/api/assessments"), ("POST", "/api/assessments"), ("GET", "/api/assessments/{assessment_id}"),
    ("PUT", "/api/assessments/{assessment_id}/answers"), ("POST", "/api/assessments/{assessment_id}/finish"),
    *((m, "/api/assessments/{assessment_id}/feedback") for m in ("GET", "POST", "DELETE")),
    ("GET", "/api/plans"), ("POST", "/api/plans"), ("GET", "/api/plans/{plan_id}"), ("PATCH", "/api/plans/{plan_id}"),
    ("GET", "/api/plans/{plan_id}/versions"), ("GET", "/api/plans/{plan_id}/diff"), ("GET", "/api/plans/{plan_id}/export"),
    ("GET", "/api/checkins"), ("POST", "/api/checkins"),
    ("GET", "/api/reviews"), ("POST", "/api/reviews"),
    ("POST", "/api/reviews/{review_id}/accept"), ("GET", "/api/reviews/{review_id}/export"),
    ("GET", "/api/me/export"), ("DELETE", "/api/me"),
    ("POST", "/api/logout"), ("GET", "/api/session"), ("POST", "/api/password"),
    ("GET", "/api/tokens"), ("POST", "/api/tokens"), ("DELETE", "/api/tokens/{token_id}"),
}  # fmt: skip
QUERY = {
    "/api/plans/{plan_id}/diff": "?from=1&to=1",
    "/api/plans/{plan_id}/export": "?format=md",
    "/api/reviews/{review_id}/export": "?format=md",
}
# Routes where the id of somebody else is not in the path: the id goes into the query or the body.
BY_ID = {
    ("GET", "/api/checkins"): "?plan={plan_id}",
    ("GET", "/api/reviews"): "?plan={plan_id}",
}
ONES_OWN = {
    ("DELETE", "/api/conversations/{conversation_id}"),
    ("POST", "/api/conversations/{conversation_id}/files"),
    ("POST", "/api/conversations/{conversation_id}/pastes"),
}
"""No 404: what is gone already is no failure, and a conversation of that id is begun for the caller. Ann's stays as it is."""


def bodies(ids: dict[str, str]) -> dict[tuple[str, str], Any]:
    """What is sent to each route that takes something, with the first person's ids where a body has ids."""
    plan = ids["plan_id"]
    return {
        ("POST", "/api/ask"): {"question": "hello", "conversation": ids["conversation_id"]},
        ("POST", "/api/retrieve"): {"query": MARK[:2]},
        ("POST", "/api/conversations"): {"title": "b"},
        ("PATCH", "/api/conversations/{conversation_id}"): {"title": "b"},
        ("POST", "/api/conversations/{conversation_id}/files"): {"name": "b.txt", "content": "Yg=="},
        ("POST", "/api/conversations/{conversation_id}/pastes"): {"text": "b"},
        ("POST", "/api/feedback"): {"exchange": ids["exchange_id"], "verdict": "wrong", "reason": "b"},
        ("PUT", "/api/profile"): {"profile": {"role": "b"}},
        ("PATCH", "/api/profile"): {"profile": {"role": "b"}},
        ("POST", "/api/profile/confirm"): {"field": "industry"},
        ("POST", "/api/assessments"): {},
        ("PUT", "/api/assessments/{assessment_id}/answers"): {"answers": {}},
        ("POST", "/api/assessments/{assessment_id}/finish"): {},
        ("POST", "/api/assessments/{assessment_id}/feedback"): {"relation": "peer"},
        ("POST", "/api/feedback-links/{token}"): {"ratings": {"data": 1}},
        ("POST", "/api/plans/draft"): {"profile": {"role": "市场总监"}},
        ("POST", "/api/plans"): {},
        ("PATCH", "/api/plans/{plan_id}"): {"version": 1, "drop": [{"id": "a1"}]},
        ("POST", "/api/checkins"): {"plan": plan, "line": "a1", "status": "done"},
        ("POST", "/api/reviews"): {"plan": plan},
        ("POST", "/api/reviews/{review_id}/accept"): {},
        ("POST", "/api/login"): {"name": "ann", "password": "wrong wrong wrong"},
        ("POST", "/api/logout"): {},
        ("POST", "/api/password"): {"old": "wrong wrong wrong", "new": "quiet-harbour-七点半"},
        ("POST", "/api/tokens"): {},
        ("POST", "/api/accounts"): {"name": "c", "password": GOOD},
        ("PATCH", "/api/accounts/{name}"): {"disabled": True},
    }


BY_BODY = {("POST", "/api/checkins"), ("POST", "/api/reviews"), ("POST", "/api/feedback")}


@dataclass
class World:
    """A service with a person who has something everywhere, and whoever else is needed."""

    app: FastAPI
    desk: Any
    ann: TestClient
    person: str
    ids: dict[str, str]
    others: Iterator[int] = field(default_factory=lambda: iter(range(1000)))

    def client(self, **headers: str) -> TestClient:
        client = TestClient(self.app, base_url=LOCAL, raise_server_exceptions=False, follow_redirects=False)
        client.headers.update({"origin": LOCAL, **headers})
        return client

    def other(self, role: str = "member") -> TestClient:
        """Somebody new, logged in."""
        name = f"b{next(self.others)}"
        self.app.state.service.accounts.add(name, GOOD, role)
        client = self.client()
        assert client.post("/api/login", json={"name": name, "password": GOOD}).status_code == 204
        return client

    def kept(self) -> str:
        """Everything that is kept of Ann, and her conversation as she sees it."""
        said = self.ann.get(f"/api/conversations/{self.ids['conversation_id']}")
        assert said.status_code == 200 and MARK in said.text, said.text
        return json.dumps(self.desk.export_all(self.person), sort_keys=True, default=str) + said.text

    def send(self, client: TestClient, method: str, path: str):
        """The route with Ann's ids wherever it takes ids."""
        to = re.sub(r"\{(\w+)(:path)?\}", lambda found: self.ids.get(found[1], "made-up"), path)
        to += QUERY.get(path, "") + BY_ID.get((method, path), "").format(**self.ids)
        body = bodies(self.ids).get((method, path), {} if method in ("POST", "PUT", "PATCH") else None)
        return client.request(method, to, **({"json": body} if body is not None else {}))


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    home = tmp_path_factory.mktemp("isolation")
    settings = Settings(_env_file=None, home=home, model="none")
    coach = StandIn(settings)
    coach.desk = desk_at(home / "coach.db")  # the same database as that of the accounts
    app = create_app(coach, settings)
    accounts = app.state.service.accounts
    accounts._clock = lambda: NOW
    accounts._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    account = accounts.add("ann", GOOD, "admin", display=f"Ann {MARK}")
    made = World(app, coach.desk, TestClient(app, base_url=LOCAL, headers={"origin": LOCAL}), account.person, {})
    assert made.ann.post("/api/login", json={"name": "ann", "password": GOOD}).status_code == 204
    made.ids = everywhere(made.ann)
    yield made
    app.state.service.close()
    coach.desk.close()


def everywhere(ann: TestClient) -> dict[str, str]:
    """Puts Ann's words wherever words can be put, and gives her ids by the names that paths use for them."""

    def sent(method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = ann.request(method, path, json=body)
        assert answer.status_code in (200, 201), f"{path}: {answer.text}"
        return answer.json()

    sent("PUT", "/api/profile", {"profile": {**PERSON, "name": MARK, "about": f"{MARK}，我喜欢写作。"}})
    begun = sent("POST", "/api/assessments", {})
    sent(
        "PUT",
        f"/api/assessments/{begun['id']}/answers",
        {"answers": {begun["questions"][0]["indicator"]: f"{MARK}，我每周复盘。"}},
    )
    link = sent("POST", f"/api/assessments/{begun['id']}/feedback", {"relation": "peer"})
    plan = sent("POST", "/api/plans", {"lang": "zh"})["plan"]
    line = plan["actions"][0]
    soon = str(date.today() + timedelta(days=1))
    sent("POST", "/api/checkins", {"plan": plan["id"], "line": line["id"], "status": "stuck", "obstacle": MARK, "on": soon})
    review = sent("POST", "/api/reviews", {"plan": plan["id"], "on": plan["meetings"][0]["on"]})
    reply = sent("POST", "/api/ask", {"question": f"{MARK}，怎么和CFO谈预算？", "conversation": "ann-conversation-1"})
    content = base64.b64encode(f"{MARK}，我的简历。".encode()).decode()
    paper = sent("POST", "/api/conversations/ann-conversation-1/files", {"name": f"{MARK}.txt", "content": content})
    sent("POST", "/api/feedback", {"exchange": reply["id"], "verdict": "down", "reason": MARK})
    token = sent("POST", "/api/tokens", {"label": MARK})
    return {
        "assessment_id": begun["id"], "plan_id": plan["id"], "review_id": review["id"], "conversation_id": "ann-conversation-1",
        "exchange_id": reply["id"], "token_id": token["id"], "token": link["token"], "name": "ann", "file_id": paper["id"],
        "passage_id": "budget:zh%231",
    }  # fmt: skip


def routes(app: FastAPI) -> list[tuple[str, str]]:
    """Every method of every route the application has, but for the catch-all of /api."""

    def flat(found: Any) -> Iterator[Route]:
        for route in found:
            if hasattr(route, "original_router"):
                yield from flat(route.original_router.routes)
            elif isinstance(route, Route):
                yield route

    known = [(method, route.path) for route in flat(app.routes) for method in route.methods or ()]
    return sorted({(m, p) for m, p in known if p != "/api/{rest:path}" and m not in ("HEAD", "OPTIONS")})


def named(route: tuple[str, str]) -> str:
    return f"{route[0]} {route[1]}"


def own(world: World) -> list[tuple[str, str]]:
    return [route for route in routes(world.app) if route in OWN]


# --- the tables are whole ---------------------------------------------------------------------------------------------


def test_every_route_is_known_here(world):
    unknown = [r for r in routes(world.app) if r not in OPEN | SHARED | OWN and not r[1].startswith((*ADMIN, *REVIEWER))]
    assert unknown == [], "say in this file whose things these routes are about"


def test_the_routes_that_count_are_found(world):
    assert len(own(world)) >= 35 and ("PATCH", "/api/plans/{plan_id}") in own(world)


def test_ann_herself_sees_her_things(world):
    for path in ("/api/profile", "/api/me/export", "/api/session", "/api/tokens", f"/api/plans/{world.ids['plan_id']}"):
        assert MARK in world.ann.get(path).text, path
    assert MARK in world.kept()


# --- as somebody else -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["member", "admin"])
def test_another_person_finds_nothing_and_changes_nothing(world, role):
    before, wrong = world.kept(), []
    for route in own(world):
        method, path = route
        answer = world.send(world.other(role), method, path)
        by_id = "{" in path or route in BY_ID or route in BY_BODY
        if by_id and answer.status_code != 404 and route not in ONES_OWN:
            wrong.append(f"{named(route)} answers {answer.status_code}: {answer.text[:100]}")
        if answer.status_code >= 500:
            wrong.append(f"{named(route)} fails: {answer.text[:100]}")
        if MARK in answer.text or MARK in json.dumps(dict(answer.headers)):
            wrong.append(f"{named(route)} shows Ann's words")
        if not by_id and any(
            ann_s in answer.text for name, ann_s in world.ids.items() if name.endswith("_id") and len(ann_s) > 20
        ):
            wrong.append(f"{named(route)} shows Ann's ids")
        if world.kept() != before:
            wrong.append(f"{named(route)} changes what is kept of Ann")
            before = world.kept()
    assert wrong == []


def test_ids_of_others_and_made_up_ones_look_the_same(world):
    wrong = []
    for route in own(world):
        method, path = route
        if ("{" not in path and route not in BY_ID) or route in ONES_OWN:
            continue
        theirs = world.send(world.other(), method, path)
        known, world.ids = world.ids, {name: re.sub(r"\w", "f", value) for name, value in world.ids.items()}
        nobodys = world.send(world.other(), method, path)
        world.ids = known
        told = [re.sub(r"'[^']*'|\"id\":\"[^\"]*\"", "", answer.text) for answer in (theirs, nobodys)]
        if (theirs.status_code, told[0]) != (nobodys.status_code, told[1]):
            wrong.append(f"{named(route)}: {theirs.text[:80]} / {nobodys.text[:80]}")
    assert wrong == []


@pytest.mark.parametrize("about", [*ADMIN, *REVIEWER])
def test_a_member_does_not_get_at_the_work_of_others(world, about):
    before, wrong = world.kept(), []
    for method, path in routes(world.app):
        if not path.startswith(about):
            continue
        answer = world.send(world.other(), method, path)
        if answer.status_code not in (403, 422) or MARK in answer.text:
            wrong.append(f"{method} {path} answers {answer.status_code}")
    assert wrong == [] and world.kept() == before


def test_a_conversation_of_the_same_name_is_another_one(world):
    before, other = world.kept(), world.other()
    asked = other.post("/api/ask", json={"question": "hello", "conversation": world.ids["conversation_id"]})
    assert MARK not in asked.text and world.kept() == before
    seen = other.get(f"/api/conversations/{world.ids['conversation_id']}")
    assert seen.status_code == 200 and MARK not in seen.text and "hello" in seen.text


def test_deleting_oneself_leaves_ann(world):
    before, other = world.kept(), world.other()
    assert other.delete("/api/me").status_code == 200
    assert other.get("/api/session").status_code == 401 and world.kept() == before


# --- as nobody --------------------------------------------------------------------------------------------------------

BAD = [
    {},
    {"authorization": "Bearer made-up"},
    {"authorization": "Bearer coach_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"},
    {"cookie": "coach_session=made-up"},
    {"cookie": "coach_session=; coach_session="},
    {"x-forwarded-user": "ann", "remote-user": "ann"},
]


@pytest.mark.parametrize("headers", BAD)
def test_nobody_finds_nothing_and_changes_nothing(world, headers):
    before, wrong = world.kept(), []
    for route in routes(world.app):
        if route in OPEN:
            continue
        answer = world.send(world.client(**headers), *route)
        if answer.status_code != 401 or MARK in answer.text:
            wrong.append(f"{named(route)} answers {answer.status_code}: {answer.text[:100]}")
    assert wrong == [] and world.kept() == before


def test_what_is_open_tells_nothing_of_ann(world):
    before = world.kept()
    for route in OPEN:
        known = world.ids
        if route[0] == "POST":  # a link that is good takes an answer: that is what it is for
            world.ids = {**known, "token": "made-up"}
        answer = world.send(world.client(), *route)
        world.ids = known
        assert answer.status_code in (200, 401, 404) and MARK not in answer.text, named(route)
    assert world.kept() == before


@pytest.mark.parametrize("headers", BAD[:4])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_leads_nobody_but_to_the_log_in(world, page, headers):
    answer = world.client(accept="text/html", **headers).get(page)
    if "authorization" in headers:  # a program, which a page to log in would not help
        assert answer.status_code == 401
    else:
        assert answer.status_code == 303 and answer.headers["location"].startswith("/login")
    assert MARK not in answer.text


@pytest.mark.parametrize("page", OPEN_PAGES)
def test_an_open_page_is_not_led_away(world, page):
    assert world.client(accept="text/html").get(page).status_code != 303
