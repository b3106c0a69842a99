"""The stand-in for Slack under the real slack-bolt and slack-sdk, in both modes; and that it refuses what Slack refuses."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time

import aiohttp
import pytest
import uvicorn
from fastapi import FastAPI, Request
from slack_bolt.adapter.fastapi.async_handler import AsyncSlackRequestHandler
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from evals.live import free_port
from evals.slack_server import SlackServer

WORDS = {"type": "plain_text", "text": "好"}


@pytest.fixture
def slack():
    with SlackServer(retry_after=(0.0, 0.1, 0.1), ack_within=1.5) as made:
        yield made


def client(slack, token="") -> AsyncWebClient:
    return AsyncWebClient(token=token or slack.team.token, base_url=slack.api_url)


def button(action_id="go", text="去", **more):
    return {"type": "button", "action_id": action_id, "text": {"type": "plain_text", "text": text}, **more}


def actions(*elements):
    return {"type": "actions", "elements": list(elements)}


def modal(**more):
    field = {"type": "input", "block_id": "why", "label": WORDS, "element": {"type": "plain_text_input", "action_id": "text"}}
    return {"type": "modal", "callback_id": "reason", "title": WORDS, "submit": WORDS, "blocks": [field], **more}


def bolt(slack) -> AsyncApp:
    """An app that does one of everything the product does."""

    async def authorize(team_id):
        team = next(t for t in (slack.team, *slack.others) if t.id == team_id)
        return AuthorizeResult(
            enterprise_id=None, team_id=team.id, bot_token=team.token, bot_id=team.bot_id, bot_user_id=team.bot
        )

    app = AsyncApp(signing_secret=slack.signing_secret, authorize=authorize, client=AsyncWebClient(base_url=slack.api_url))
    app.seen = []
    listen(app)
    act(app)
    return app


def listen(app):
    @app.event("app_mention")
    async def mention(event, say_stream, set_status, body, request):
        app.seen.append(("mention", event["ts"], body["event_id"], dict(request.headers)))
        await set_status(status="在查…")
        stream = await say_stream(buffer_size=4)
        for word in ("先看", "数据。", "再定", "目标。"):
            await stream.append(markdown_text=word)
        await stream.stop(blocks=[actions(button("share", "分享", value="x1"))])

    @app.event("message")
    async def message(event, say, body, request):
        app.seen.append((event.get("subtype") or "message", event["ts"], body["event_id"], dict(request.headers)))
        if event["channel_type"] == "im" and "subtype" not in event:
            await say(text=f"回：{event['text']}", thread_ts=event["ts"])

    @app.event("reaction_added")
    async def reaction(event):
        app.seen.append(("reaction", event["item"]["ts"], event["reaction"], {}))

    @app.event("app_home_opened")
    async def home(event, client):
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [actions(button("open", "打开"))]})


def act(app):
    @app.action("share")
    async def share(ack, body, client, respond):
        await ack()
        where = body["container"]
        args = {"channel": where["channel_id"], "user": body["user"]["id"], "thread_ts": where.get("thread_ts")}
        await client.chat_postEphemeral(**args, text="只给你看", blocks=[actions(button("keep", "留着"))])

    @app.action("keep")
    async def keep(ack, body, respond):
        await ack()
        app.seen.append(("keep", "message" in body))
        await respond(delete_original=True)

    @app.action("open")
    async def open_modal(ack, body, client):
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=modal())

    @app.view("reason")
    async def reason(ack, view, body, client):
        said = view["state"]["values"]["why"]["text"]["value"]
        if said == "短":
            await ack(response_action="errors", errors={"why": "再说一点"})
        else:
            await ack()
            await client.chat_postMessage(channel=body["user"]["id"], text=f"记下了：{said}")

    @app.command("/coach")
    async def command(ack, command):
        if command["text"] != "slow":
            await ack(f"收到 {command['text']}")


@contextlib.asynccontextmanager
async def in_socket_mode(slack, app, *, ping=1.0):
    handler = AsyncSocketModeHandler(app, slack.app_token, web_client=client(slack), ping_interval=ping)
    await handler.connect_async()
    await slack.until(lambda: slack.connections)
    try:
        yield handler
    finally:
        await handler.close_async()


@contextlib.asynccontextmanager
async def over_http(slack, app):
    api, handler = FastAPI(), AsyncSlackRequestHandler(app)

    @api.post("/slack/events")
    async def events(request: Request):
        return await handler.handle(request)

    port = free_port()
    server = uvicorn.Server(uvicorn.Config(api, port=port, log_level="error", ws="none"))
    serving = asyncio.create_task(server.serve())
    await slack.until(lambda: server.started)
    slack.url = f"http://127.0.0.1:{port}"
    try:
        yield slack.url
    finally:
        server.should_exit = True
        await serving


@pytest.fixture(params=["socket", "http"])
def both(request):
    """The stand-in in each mode, and the way to run an app in it."""
    with SlackServer(mode=request.param, retry_after=(0.0, 0.1, 0.1)) as made:
        made.others = []
        yield made, in_socket_mode if request.param == "socket" else over_http


async def settled(slack):
    await asyncio.to_thread(slack.quiet)


def test_mention_is_streamed_into_its_thread_and_clicked(both):
    slack, running = both
    ada, bob = slack.add_user("ada"), slack.add_user("bob", locale="en-US")
    place = slack.add_channel("growth", ada, [bob])

    async def course():
        app = bolt(slack)
        async with running(slack, app):
            ts = slack.say(ada, place, f"<@{slack.team.bot}> 预算 & 目标?")
            answer = (await slack.until(lambda: [m for m in slack.replies(place, ts) if not m["streaming"]]))[0]
            slack.click(ada, answer["ts"], "share")
            await slack.until(lambda: slack.ephemerals(place, ada))
            await settled(slack)
            shown = slack.transcript(place, ada), slack.transcript(place, bob)
            whisper = slack.ephemerals(place, ada)[0]
            assert whisper["thread_ts"] == ts
            assert not slack.ephemerals(place, bob)
            with pytest.raises(AssertionError, match="does not see"):
                slack.click(bob, whisper["ts"], "keep")
            slack.click(ada, whisper["ts"], "keep")
            await slack.until(lambda: not slack.ephemerals(place, ada))
            await settled(slack)
            return app, ts, shown

    app, ts, (adas, bobs) = asyncio.run(course())
    # The same message comes as a mention and as a message.
    found = [seen for seen in app.seen if seen[1] == ts]
    assert sorted(seen[0] for seen in found) == ["mention", "message"]
    assert len({seen[2] for seen in found}) == 2
    # The app's own answer comes back too, and as changed when the stream ends; Bolt keeps that from the listeners.
    events = [d.payload["event"] for d in slack.deliveries if d.kind == "events_api"]
    assert [e.get("subtype") for e in events if e.get("bot_id") or "message" in e] == [None, "message_changed"]
    assert [seen for seen in app.seen if seen[1] != ts] == [("keep", False)]
    assert slack.statuses == [(place, ts, "在查…")] and slack.status(place, ts) == ""
    assert [c.method for c in slack.calls if "Stream" in c.method][:1] == ["chat.startStream"]
    assert slack.called("chat.startStream")[0].args["recipient_user_id"] == ada
    assert adas == "ada：@coach 预算 & 目标?\n    coach：先看数据。再定目标。\n      [分享]\n    coach（仅你可见）：[留着]"
    assert bobs == "ada: @coach 预算 & 目标?\n    coach: 先看数据。再定目标。\n      [分享]"
    assert not slack.refusals and not slack.late_acks


def test_home_modal_and_command(both):
    slack, running = both
    ada = slack.add_user("ada")
    place = slack.dm(ada)

    async def course():
        async with running(slack, bolt(slack)):
            slack.open_home(ada)
            home = await slack.until(lambda: slack.home(ada))
            slack.click(ada, home["id"], "open")
            await slack.until(lambda: slack.modal(ada))
            with pytest.raises(AssertionError, match="must be filled in"):
                slack.submit(ada, {})
            first = slack.submit(ada, {"text": "短"})
            await slack.until(lambda: first.settled)
            assert slack.modal(ada)["errors"] == {"why": "再说一点"}
            assert "⚠ 再说一点" in slack.shown(slack.modal(ada)["id"])
            second = slack.submit(ada, {"why": "数字不对"})
            await slack.until(lambda: second.settled and slack.messages(place))
            assert slack.modal(ada) is None
            asked = slack.command(ada, place, "计划")
            await slack.until(lambda: asked.settled)
            missed = slack.command(ada, place, "slow")
            await slack.until(lambda: missed.settled, 8)
            return missed

    missed = asyncio.run(course())
    assert [m["text"] for m in slack.messages(place)] == ["记下了：数字不对"]
    first, second = slack.ephemerals(place, ada)
    assert first["text"] == "收到 计划"
    assert second["user"] == "USLACKBOT" and "did not respond" in second["text"]
    assert slack.late_acks == [missed] and len(missed.attempts) == 1


def test_two_workspaces_keep_apart(both):
    slack, running = both
    other = slack.add_team("Beta")
    slack.others.append(other)
    ada, eve = slack.add_user("ada"), slack.add_user("eve", team=other)

    async def course():
        async with running(slack, bolt(slack)):
            slack.say(ada, slack.dm(ada), "一")
            slack.say(eve, slack.dm(eve), "二")
            await slack.until(lambda: len(slack.called("chat.postMessage")) == 2)
            await settled(slack)

    asyncio.run(course())
    assert {(c.team, c.args["text"]) for c in slack.called("chat.postMessage")} == {
        (slack.team.id, "回：一"),
        (other.id, "回：二"),
    }
    assert slack.transcript(slack.dm(eve), eve) == "eve：二\n    coach：回：二"
    with pytest.raises(AssertionError):
        slack.say(eve, slack.dm(ada), "听")


def test_people_edit_delete_upload_and_react(both):
    slack, running = both
    ada = slack.add_user("ada")
    place = slack.add_channel("growth", ada)
    slack.subscribed.add("reaction_added")

    async def course():
        app = bolt(slack)
        async with running(slack, app):
            ts = slack.say(ada, place, "早")
            slack.edit(ada, ts, f"早 <@{slack.team.bot}>")
            await slack.until(lambda: [m for m in slack.replies(place, ts) if not m["streaming"]])
            other = slack.upload(ada, place, "报告.txt", "数据".encode(), text="看看")
            slack.react(ada, ts, "eyes")
            slack.delete(ada, other)
            slack.delete(ada, ts)
            await settled(slack)
            return app

    app = asyncio.run(course())
    kinds = [seen[0] for seen in app.seen]
    assert kinds.count("mention") == 1
    assert {"message", "message_changed", "file_share", "message_deleted"} <= set(kinds)
    assert slack.transcript(place, ada).startswith("ada：This message was deleted.\n    coach：先看数据。")
    assert [seen[2] for seen in app.seen if seen[0] == "reaction"] == ["eyes"]
    assert all(d.acked and len(d.attempts) == 1 for d in slack.deliveries)


def test_http_refuses_what_is_not_signed_by_slack_and_is_repeated_otherwise():
    with SlackServer(mode="http", retry_after=(0.0, 0.05), ack_within=1.0) as slack:
        slack.others = []
        ada = slack.add_user("ada")
        event = {"type": "message", "channel_type": "im", "user": ada, "text": "嗨", "channel": slack.dm(ada), "ts": "1.000001"}

        async def course():
            app = bolt(slack)
            api, handler, answers = FastAPI(), AsyncSlackRequestHandler(app), []

            @api.post("/slack/events")
            async def events(request: Request):
                answers.append(dict(request.headers))
                if len(answers) == 4:
                    await asyncio.sleep(1.5)
                return await handler.handle(request)

            port = free_port()
            server = uvicorn.Server(uvicorn.Config(api, port=port, log_level="error", ws="none"))
            serving = asyncio.create_task(server.serve())
            await slack.until(lambda: server.started)
            slack.url = f"http://127.0.0.1:{port}"
            posts = []
            for signature in ("bad", "stale", "good"):
                args = (f"{slack.url}/slack/events", event)
                posts.append(await asyncio.to_thread(slack.post_event, *args, signature=signature, retry=(1, "http_error")))
            slow = slack.event(event, event_id="EvSlow")
            await slack.until(lambda: slow.settled)
            again = len(slow.attempts)
            slack.resend(slow)
            await slack.until(lambda: len(slow.attempts) > again and slow.attempts[-1].latency is not None)
            server.should_exit = True
            await serving
            slack.url = f"http://127.0.0.1:{free_port()}"
            nobody = slack.event(event)
            await slack.until(lambda: nobody.settled)
            return posts, slow, nobody, answers

        posts, slow, nobody, answers = asyncio.run(course())
        assert [status for status, _ in posts] == [401, 401, 200]
        assert answers[2]["x-slack-retry-num"] == "1"
        assert [(a.failed, a.retry, a.reason) for a in slow.attempts] == [
            ("http_timeout", 0, ""), ("", 1, "http_timeout"), ("", 2, "http_timeout"),
        ]  # fmt: skip
        assert slow.acked and slack.late_acks == [slow]
        assert [a.failed for a in nobody.attempts] == ["connection_failed"] * 3 and nobody.given_up


def test_socket_mode_repeats_reconnects_and_shares_out(slack):
    slack.others = []
    ada = slack.add_user("ada")
    place = slack.dm(ada)

    async def course():
        app = bolt(slack)
        first = True

        @app.middleware
        async def slow_at_first(body, next):
            nonlocal first
            if body.get("event", {}).get("text") == "慢" and first:
                first = False
                await asyncio.sleep(2.0)
            return await next()

        async with in_socket_mode(slack, app, ping=0.2) as handler:
            slack.say(ada, place, "慢")
            await slack.until(lambda: len(slack.called("chat.postMessage")) == 2)
            late = slack.late_acks[0]
            assert [(a.failed, a.reason) for a in late.attempts] == [("timeout", ""), ("", "timeout")]
            assert late.attempts[0].latency > 1.5
            heads = [seen[3] for seen in app.seen if seen[0] == "message"]
            told = sorted((head["x-slack-retry-num"][0], *head.get("x-slack-retry-reason", [])) for head in heads)
            assert told == [("0", ""), ("1", "timeout")]

            opened = len(slack.called("apps.connections.open"))
            slack.disconnect("refresh_requested")
            await slack.until(lambda: len(slack.called("apps.connections.open")) > opened and slack.connections == 1)
            slack.cut()
            slack.say(ada, place, "断线时说的")
            await slack.until(lambda: any(m["text"] == "回：断线时说的" for m in slack.messages(place)), 8)

            async with in_socket_mode(slack, bolt(slack)) as second:
                await slack.until(lambda: slack.connections == 2)
                for n in range(6):
                    slack.say(ada, place, f"第{n}句")
                await slack.until(lambda: all(any(m["text"] == f"回：第{n}句" for m in slack.messages(place)) for n in range(6)))
                assert second.client is not handler.client

    asyncio.run(course())
    answered = [m["text"] for m in slack.messages(place) if m["text"].startswith("回：第")]
    assert sorted(answered) == [f"回：第{n}句" for n in range(6)]


def test_failures_on_demand_and_rate_limits(slack):
    ada = slack.add_user("ada")
    place = slack.add_channel("growth", ada)

    async def course():
        web = client(slack)
        slack.fail("chat.postMessage", status=429, headers={"Retry-After": "1"})
        with pytest.raises(SlackApiError) as limited:
            await web.chat_postMessage(channel=place, text="一")
        assert limited.value.response["error"] == "ratelimited" and limited.value.response.headers["Retry-After"] == "1"
        web.retry_handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=2))
        slack.fail("chat.postMessage", status=429, headers={"Retry-After": "1"})
        began = time.monotonic()
        assert (await web.chat_postMessage(channel=place, text="二"))["ok"]
        assert time.monotonic() - began >= 1
        plain = AsyncWebClient(token=slack.team.token, base_url=slack.api_url, retry_handlers=[])
        slack.fail("chat.postMessage", drop=True)
        with pytest.raises(Exception, match="disconnect|reset|Connect"):
            await plain.chat_postMessage(channel=place, text="四")
        slack.fail("*", "fatal_error", status=500)
        with pytest.raises(SlackApiError, match="fatal_error"):
            await plain.users_info(user=ada)
        slack.latency("users.info", 0.3)
        began = time.monotonic()
        await plain.users_info(user=ada)
        assert time.monotonic() - began >= 0.3

    asyncio.run(course())
    assert [m["text"] for m in slack.messages(place)] == ["二"]
    assert [c.error for c in slack.refusals] == ["ratelimited", "ratelimited", "dropped", "fatal_error"]


def test_one_post_a_second_to_a_channel():
    now = [1_700_000_000.0]
    with SlackServer(clock=lambda: now[0]) as slack:
        slack.limit_posts()
        place, web = slack.add_channel("growth", slack.add_user("ada")), client(slack)
        asyncio.run(web.chat_postMessage(channel=place, text="一"))
        assert refusal(slack, web.chat_postMessage(channel=place, text="二")) == "ratelimited"
        now[0] += 1
        asyncio.run(web.chat_postMessage(channel=place, text="三"))
        assert [m["text"] for m in slack.messages(place)] == ["一", "三"]


def refusal(slack, work) -> str:
    with pytest.raises(SlackApiError) as refused:
        asyncio.run(work)
    return str(refused.value.response["error"])


def test_tokens_and_scopes(slack):
    small = slack.add_team("Small", scopes=["chat:write"])
    gone = slack.add_team("Gone")
    slack.revoke(gone, "account_inactive")
    ada = slack.add_user("ada", team=small)
    assert refusal(slack, client(slack, "xoxb-nobody").auth_test()) == "invalid_auth"
    assert refusal(slack, client(slack, gone.token).auth_test()) == "account_inactive"
    assert refusal(slack, client(slack).apps_connections_open(app_token=slack.team.token)) == "not_allowed_token_type"
    assert refusal(slack, client(slack).apps_connections_open(app_token="xapp-other")) == "invalid_auth"
    assert refusal(slack, client(slack, small.token).users_info(user=ada)) == "missing_scope"
    assert refusal(slack, client(slack).users_info(user=ada)) == "user_not_found"
    assert refusal(slack, client(slack).api_call("stars.list")) == "unknown_method"
    answer = asyncio.run(client(slack, small.token).auth_test())
    assert (answer["team_id"], answer["user_id"]) == (small.id, small.bot)
    assert answer.headers["x-oauth-scopes"] == "chat:write"


def test_oauth_gives_the_token_of_the_workspace_once(slack):
    other = slack.add_team("Beta")
    eve = slack.add_user("eve", team=other)
    code = slack.oauth_code(other, eve)
    keys = {"client_id": slack.client_id, "client_secret": slack.client_secret}
    web = AsyncWebClient(base_url=slack.api_url)
    assert refusal(slack, web.oauth_v2_access(client_id=slack.client_id, client_secret="no", code=code)) == "bad_client_secret"
    answer = asyncio.run(web.oauth_v2_access(**keys, code=code))
    assert (answer["access_token"], answer["team"]["id"], answer["authed_user"]["id"]) == (other.token, other.id, eve)
    assert refusal(slack, web.oauth_v2_access(**keys, code=code)) == "invalid_code"


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        ({}, "no_text"),
        ({"text": "x" * 40_001}, "msg_too_long"),
        ({"text": "a", "markdown_text": "b"}, "markdown_text_conflict"),
        ({"text": "a", "channel": "C404"}, "channel_not_found"),
        ({"text": "a", "thread_ts": "1.000001"}, "thread_not_found"),
        ({"text": "a", "blocks": "[{"}, "invalid_blocks_format"),
        ({"text": "a", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}]}, "invalid_blocks"),
        ({"text": "a", "blocks": [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}]}, "invalid_blocks"),
        ({"text": "a", "blocks": [{"type": "divider"}] * 51}, "invalid_blocks"),
        ({"text": "a", "blocks": [actions(button(text="x" * 76))]}, "invalid_blocks"),
        ({"text": "a", "blocks": [actions(button(value="x" * 2001))]}, "invalid_blocks"),
        ({"text": "a", "blocks": [actions(*(button(f"b{n}") for n in range(26)))]}, "invalid_blocks"),
        ({"text": "a", "blocks": [actions(button(), button())]}, "invalid_blocks"),
        ({"text": "a", "blocks": [{"type": "table_of_wonders"}]}, "invalid_blocks"),
        ({"text": "a", "blocks": [{"type": "rich_text", "elements": [{"type": "text", "text": "x"}]}]}, "invalid_blocks"),
        ({"text": "a", "blocks": [{"type": "markdown", "text": "x" * 12_000}] * 2}, "msg_blocks_too_long"),
    ],
)
def test_posts_slack_would_refuse(slack, sent, error):
    ada = slack.add_user("ada")
    place = slack.add_channel("growth", ada)
    assert refusal(slack, client(slack).chat_postMessage(**({"channel": place} | sent))) == error
    assert slack.messages(place) == []


def span(**more):
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "字", **more}]}],
    }


@pytest.mark.parametrize(
    ("block", "wrong"),
    [
        (span(style={"bold": True}), False),
        (span(style={"loud": True}), True),
        (span(text=""), True),
        (span(type="link", url="javascript:alert(1)"), True),
        (span(type="link", url="https://example.org"), False),
    ],
)
def test_rich_text_is_looked_through(slack, block, wrong):
    place = slack.add_channel("growth", slack.add_user("ada"))
    post = client(slack).chat_postMessage(channel=place, text="a", blocks=[block])
    if wrong:
        assert refusal(slack, post) == "invalid_blocks"
    else:
        asyncio.run(post)
        assert len(slack.messages(place)) == 1


def test_places_are_closed_to_those_who_are_not_in_them(slack):
    ada, bob = slack.add_user("ada"), slack.add_user("bob")
    outside, hidden = slack.add_channel("open", ada, bot=False), slack.add_channel("shut", ada, private=True, bot=False)
    inside = slack.add_channel("growth", ada)
    web = client(slack)
    assert refusal(slack, web.chat_postMessage(channel=outside, text="a")) == "not_in_channel"
    assert refusal(slack, web.chat_postMessage(channel=hidden, text="a")) == "channel_not_found"
    assert refusal(slack, web.chat_postEphemeral(channel=inside, user=bob, text="a")) == "user_not_in_channel"
    slack.say(ada, outside, f"<@{slack.team.bot}> 在吗")
    assert slack.deliveries == []
    slack.join(outside, slack.team.bot)
    asyncio.run(web.chat_postMessage(channel=outside, text="在"))
    with pytest.raises(AssertionError, match="cannot read"):
        slack.transcript(hidden, bob)


def test_streams_have_rules(slack):
    ada = slack.add_user("ada")
    place = slack.add_channel("growth", ada)
    ts = slack.say(ada, place, "问")
    web = client(slack)
    whom = {"recipient_user_id": ada, "recipient_team_id": slack.team.id}
    assert refusal(slack, web.chat_startStream(channel=place, thread_ts=ts)) == "missing_recipient_user_id"
    assert refusal(slack, web.chat_startStream(channel=place, thread_ts=ts, recipient_user_id=ada)) == "missing_recipient_team_id"
    assert refusal(slack, web.chat_startStream(channel=place, thread_ts="", **whom)) == "invalid_arguments"
    stream = asyncio.run(web.chat_startStream(channel=place, thread_ts=ts, markdown_text="一", **whom))["ts"]
    assert slack.message(stream)["streaming"] and "（…）" in slack.transcript(place, ada)
    assert refusal(slack, web.chat_update(channel=place, ts=stream, text="x")) == "streaming_state_conflict"
    assert refusal(slack, web.chat_appendStream(channel=place, ts=stream, markdown_text="x" * 12_001)) == "msg_too_long"
    assert refusal(slack, web.chat_appendStream(channel=place, ts=ts, markdown_text="x")) == "message_not_owned_by_app"
    asyncio.run(web.chat_appendStream(channel=place, ts=stream, markdown_text="二"))
    slack.expire_streams()
    assert refusal(slack, web.chat_stopStream(channel=place, ts=stream)) == "message_not_in_streaming_state"
    asyncio.run(web.chat_update(channel=place, ts=stream, text="三"))
    assert slack.message(stream)["text"] == "三"
    assert refusal(slack, web.chat_update(channel=place, ts=ts, text="x")) == "cant_update_message"
    asyncio.run(web.chat_delete(channel=place, ts=stream))
    assert slack.replies(place, ts) == []


def test_modals_want_a_fresh_trigger_and_fit(slack):
    ada = slack.add_user("ada")
    now = [1_700_000_000.0]
    with SlackServer(clock=lambda: now[0]) as slow:
        eve = slow.add_user("eve")
        asked = slow.command(eve, slow.dm(eve), "x")
        now[0] += 4
        stale = client(slow).views_open(trigger_id=asked.payload["trigger_id"], view=modal())
        assert refusal(slow, stale) == "expired_trigger_id"
    trigger = slack.command(ada, slack.dm(ada), "x").payload["trigger_id"]
    web = client(slack)
    long_title = modal(title={"type": "plain_text", "text": "x" * 25})
    assert refusal(slack, web.views_open(trigger_id=trigger, view=long_title)) == "invalid_arguments"
    assert (
        refusal(slack, web.views_open(trigger_id=trigger, view=modal(blocks=[{"type": "divider"}] * 101))) == "invalid_arguments"
    )
    assert refusal(slack, web.views_open(trigger_id=trigger, view=modal(private_metadata="x" * 3001))) == "invalid_arguments"
    shown = asyncio.run(web.views_open(trigger_id=trigger, view=modal()))["view"]
    assert refusal(slack, web.views_open(trigger_id=trigger, view=modal())) == "exchanged_trigger_id"
    assert refusal(slack, web.views_update(view_id=shown["id"], hash="old", view=modal())) == "hash_conflict"
    asyncio.run(web.views_update(view_id=shown["id"], hash=shown["hash"], view=modal(callback_id="next")))
    assert slack.modal(ada)["callback_id"] == "next"
    assert refusal(slack, web.views_publish(user_id=ada, view=modal())) == "invalid_arguments"


def test_files_go_up_and_down(slack):
    ada = slack.add_user("ada")
    place = slack.dm(ada)
    ts = slack.upload(ada, place, "报告.txt", b"secret", text="看")
    web = client(slack)
    sent = asyncio.run(
        web.files_upload_v2(channel=place, thread_ts=ts, filename="计划.docx", content=b"PK..", initial_comment="见附件")
    )
    reply = slack.replies(place, ts)[0]
    assert slack.content(sent["file"]["id"]) == b"PK.." and reply["text"] == "见附件"
    assert slack.transcript(place, ada) == "ada：看\n  [报告.txt]\n    coach：见附件\n      [计划.docx]"

    async def get(token):
        info = (await web.files_info(file=slack.message(ts)["files"][0]["id"]))["file"]
        async with (
            aiohttp.ClientSession() as session,
            session.get(info["url_private_download"], headers={"authorization": f"Bearer {token}"}) as answer,
        ):
            return answer.content_type, await answer.read()

    assert asyncio.run(get(slack.team.token)) == ("application/octet-stream", b"secret")
    # Like Slack: no error, but the page to sign in.
    kind, page = asyncio.run(get("xoxb-nobody"))
    assert kind == "text/html" and b"secret" not in page


def test_reading_places_and_people(slack):
    ada = slack.add_user("ada", tz="Asia/Tokyo", locale="ja-JP", admin=True)
    place = slack.add_channel("growth", ada)
    root = slack.say(ada, place, "一")
    for n in range(4):
        slack.say(ada, place, f"答{n}", thread=root)
    later = slack.say(ada, place, "二")
    web = client(slack)

    async def course():
        user = (await web.users_info(user=ada, include_locale=True))["user"]
        assert (user["tz"], user["tz_offset"], user["locale"], user["is_admin"]) == ("Asia/Tokyo", 32400, "ja-JP", True)
        assert "locale" not in (await web.users_info(user=ada))["user"]
        history = await web.conversations_history(channel=place)
        assert [m["ts"] for m in history["messages"]] == [later, root] and history["messages"][1]["reply_count"] == 4
        page = await web.conversations_replies(channel=place, ts=root, limit=3)
        rest = await web.conversations_replies(channel=place, ts=root, limit=3, cursor=page["response_metadata"]["next_cursor"])
        assert [m["text"] for m in page["messages"] + rest["messages"]] == ["一", "答0", "答1", "答2", "答3"]
        assert (await web.conversations_info(channel=place))["channel"]["creator"] == ada
        assert (await web.conversations_members(channel=place))["members"] == [ada, slack.team.bot]
        assert [c["id"] for c in (await web.users_conversations(types="public_channel"))["channels"]] == [place]
        assert (await web.conversations_open(users=[ada]))["channel"]["id"] == slack.dm(ada)
        await web.reactions_add(channel=place, timestamp=root, name="eyes")
        await web.assistant_threads_setSuggestedPrompts(
            channel_id=slack.dm(ada), prompts=[{"title": "计划", "message": "做计划"}]
        )

    asyncio.run(course())
    assert slack.message(root)["reactions"] == [{"name": "eyes", "users": [slack.team.bot], "count": 1}]
    assert slack.prompts(slack.dm(ada)) == [{"title": "计划", "message": "做计划"}]
    assert refusal(slack, web.reactions_add(channel=place, timestamp=root, name="eyes")) == "already_reacted"


@pytest.mark.parametrize(
    ("mrkdwn", "read"),
    [
        ("这是 *重点* 内容", "这是 重点 内容"),
        ("这是*重点*内容", "这是*重点*内容"),
        ("&lt;!channel&gt; <!channel> <https://a.b|这里>", "<!channel> @channel 这里 (https://a.b)"),
    ],
)
def test_text_reads_as_slack_shows_it(slack, mrkdwn, read):
    place = slack.add_channel("growth", slack.add_user("ada"))
    ts = asyncio.run(client(slack).chat_postMessage(channel=place, text=mrkdwn))["ts"]
    assert slack.shown(ts) == read


def test_bodies_may_be_forms_or_json(slack):
    ada = slack.add_user("ada")
    place = slack.add_channel("growth", ada)
    blocks = [{"type": "divider"}]

    async def course():
        await client(slack).api_call("chat.postMessage", params={"channel": place, "text": "一", "blocks": json.dumps(blocks)})
        await client(slack).api_call("chat.postMessage", data={"channel": place, "text": "二", "blocks": json.dumps(blocks)})
        await client(slack).api_call("chat.postMessage", json={"channel": place, "text": "三", "blocks": blocks})

    asyncio.run(course())
    assert [c.args["blocks"] for c in slack.called("chat.postMessage")] == [blocks] * 3


def plain(text):
    return {"type": "plain_text", "text": text}


def section(*spans):
    return {"type": "rich_text_section", "elements": list(spans)}


def test_blocks_read_as_people_see_them_and_can_be_used():
    with SlackServer(mode="http", url="http://127.0.0.1:9", retry_after=()) as slack:
        ada = slack.add_user("ada")
        place = slack.add_channel("growth", ada)
        items = [section({"type": "text", "text": "一", "style": {"bold": True}}), section({"type": "user", "user_id": ada})]
        lines = [
            {"type": "rich_text_list", "style": "ordered", "elements": items},
            {"type": "rich_text_list", "style": "bullet", "indent": 1, "elements": items[:1]},
            {"type": "rich_text_quote", "elements": [{"type": "text", "text": "引\n文"}]},
        ]
        options = [{"text": plain("甲"), "value": "a"}, {"text": plain("乙"), "value": "b"}]
        pick = {"type": "static_select", "action_id": "pick", "options": options, "initial_option": options[1]}
        both = {
            "positive_button": {"text": plain("有用"), "value": "up|1"},
            "negative_button": {"text": plain("没用"), "value": "down|1"},
        }
        blocks = [
            {"type": "header", "text": plain("周报")},
            {"type": "rich_text", "elements": lines},
            {"type": "section", "text": {"type": "mrkdwn", "text": "*粗* 体"}, "accessory": pick},
            {"type": "context", "elements": [{"type": "mrkdwn", "text": "[1] <https://x.y|标题>"}]},
            {"type": "context_actions", "elements": [{"type": "feedback_buttons", "action_id": "fb", **both}]},
        ]
        ts = asyncio.run(client(slack).chat_postMessage(channel=place, text="周报", blocks=blocks))["ts"]
        expected = [
            "周报",
            "1. 一",
            "2. @ada",
            "  • 一",
            "> 引",
            "> 文",
            "粗 体",
            "[乙 ▾]",
            "[1] 标题 (https://x.y)",
            "[有用] [没用]",
        ]
        assert slack.shown(ts).split("\n") == expected
        assert slack.click(ada, ts, "fb", value="down|1").payload["actions"][0]["value"] == "down|1"
        assert slack.click(ada, ts, "pick", value="a").payload["actions"][0]["selected_option"] == options[0]
        with pytest.raises(AssertionError, match="no control gone"):
            slack.click(ada, ts, "gone")
        # Nobody listens at that address: people are told.
        slack.wait(lambda: len(slack.ephemerals(place, ada)) == 2)
        assert "slackbot（仅你可见）：This app is not responding" in slack.transcript(place, ada)


def test_a_response_url_is_good_for_five_posts(slack):
    ada, bob = slack.add_user("ada"), slack.add_user("bob")
    place = slack.add_channel("growth", ada, [bob])
    url = slack.command(ada, place, "x").payload["response_url"]

    async def course():
        async with aiohttp.ClientSession() as session:
            answers = []
            for body in (
                {"text": "一"}, {"text": "二", "response_type": "in_channel"}, {}, {"text": "a", "blocks": [{"type": "x"}]},
                {"text": "三"}, {"text": "四"},
            ):  # fmt: skip
                async with session.post(url, json=body) as answer:
                    answers.append((answer.status, await answer.text()))
            return answers

    answers = asyncio.run(course())
    assert answers == [(200, "ok"), (200, "ok"), (400, "no_text"), (400, "invalid_blocks"), (200, "ok"), (404, "used_url")]
    assert slack.transcript(place, ada) == "coach（仅你可见）：一\ncoach：二\ncoach（仅你可见）：三"
    assert slack.transcript(place, bob) == "coach：二"


def test_no_connection_is_taken_while_the_socket_is_down(slack):
    slack.others = []
    ada = slack.add_user("ada")

    async def course():
        async with in_socket_mode(slack, bolt(slack), ping=0.2):
            slack.socket_down()
            slack.cut()
            await slack.until(lambda: len(slack.called("apps.connections.open")) > 1)
            assert slack.connections == 0
            slack.say(ada, slack.dm(ada), "在吗")
            slack.socket_down(False)
            await slack.until(lambda: slack.called("chat.postMessage"), 20)
            await settled(slack)

    asyncio.run(course())
    assert [m["text"] for m in slack.messages(slack.dm(ada))] == ["在吗", "回：在吗"]
