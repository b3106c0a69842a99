"""What reaches us from Slack and how an answer gets back, against the stand-in for Slack and without a service around it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from slack_bolt.request.async_request import AsyncBoltRequest

from coach.app import Coach
from coach.channels.hub import Asked, Hub
from coach.channels.slack.app import SlackApp
from coach.channels.slack.personal import Personal
from coach.channels.slack.port import SlackPort
from coach.channels.slack.reply import NOTE_TYPE, CommandOutlet, MessageOutlet
from coach.conversation.history import standalone
from coach.conversation.personal import Personal as AboutPeople
from coach.messages import say
from coach.service.streaming import Running
from coach.settings import Settings
from coach.store.channels import Channels
from coach.store.database import open_database
from coach.store.inbox import Inbox
from coach.types import Reply, Turn
from evals.slack_server import SlackServer
from tests.development.planning import FRIDAY, articles, drafting

HERS = "我是一家银行的CMO，带40个人，预算1200万，向CEO汇报。"
LONG = "\n\n".join(f"第{n}点，" + "先把预算、团队和汇报线写清楚，再和财务对一遍。" * 12 for n in range(24))


@dataclass
class Here:
    """Slack with two people in a channel, and our side of it up to the inbox."""

    slack: SlackServer
    port: SlackPort
    app: SlackApp
    inbox: Inbox
    lin: str
    wang: str
    place: str

    def asked(self, thread: str, message: str, *, user: str = "", **more: Any) -> Asked:
        return Asked(channel="slack", workspace=self.slack.team.id, user=user or self.wang, place=self.place,
                     thread=thread, message=message, text="问题", **more)  # fmt: skip

    async def event(self, user: str, text: str, *, shared: bool = False, **more: Any) -> int:
        """How a message event is acknowledged; what is to be done then is done."""
        event = {"type": "message", "channel": self.place, "channel_type": "channel", "user": user, "text": text,
                 "ts": f"{time.time():.6f}", **more}  # fmt: skip
        granted = {"enterprise_id": None, "team_id": self.slack.team.id, "user_id": self.slack.team.bot, "is_bot": True}
        body = {"type": "event_callback", "team_id": self.slack.team.id, "authorizations": [granted], "event": event,
                "is_ext_shared_channel": shared}  # fmt: skip
        answer = await self.app.bolt.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=body))
        await self.app.close()
        return int(answer.status)

    def to_us(self, text: str = "你好？") -> str:
        return f"<@{self.slack.team.bot}> {text}"

    async def outlet(self, asked: Asked, progress: Mapping[str, Any], kept: list[Any]) -> Any:
        async def keep(more: Mapping[str, Any]) -> None:
            kept.append(dict(more))

        return await self.port.outlet(asked, "zh", progress, keep)


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Here]:
    with SlackServer() as slack:
        settings = Settings(_env_file=None, slack_bot_token=slack.team.token, slack_api_url=slack.api_url)
        engine = open_database(f"sqlite:///{tmp_path}/records.db")
        channels, inbox = Channels(engine), Inbox(engine)
        hub = Hub(cast(Coach, SimpleNamespace()), channels, inbox, cast(Running, None))  # nothing is answered here
        port = SlackPort(settings, channels)
        app = SlackApp(settings, hub, port, Personal(settings, hub, port, lambda person: ""))
        lin, wang = slack.add_user("lin", real_name="林岚"), slack.add_user("wang", real_name="王强")
        yield Here(slack, port, app, inbox, lin, wang, slack.add_channel("growth", lin, [wang]))
        engine.dispose()


# --- what was said in a thread ----------------------------------------------------------------------------------------


def test_what_a_colleague_told_is_not_the_askers_own(here: Here) -> None:
    slack = here.slack
    root = slack.say(here.lin, here.place, here.to_us(HERS))
    slack.say(here.wang, here.place, "我的预算是30万。", thread=root)
    asked = here.asked(root, slack.say(here.wang, here.place, "我在哪个阶段？", thread=root))
    turns = asyncio.run(here.port.history(asked))
    assert [(t.role, t.content) for t in turns] == [("other", HERS), ("user", "我的预算是30万。")]
    about = AboutPeople(drafting(), lambda pid: articles().get(pid), lambda: FRIDAY)
    answer = about.answer("stage", "我在哪个阶段？", turns, "zh").text
    assert "40" not in answer and "1200" not in answer and "银行" not in answer
    mistaken = about.answer("stage", "我在哪个阶段？", [Turn(role="user", content=HERS)], "zh").text
    assert "CMO" in mistaken and mistaken != about.answer("stage", "我在哪个阶段？", turns[:1], "zh").text


def test_a_colleague_goes_on_from_anothers_question(here: Here) -> None:
    history = [
        Turn(role="other", content="我是市场总监，四个职业阶段是哪四个？"),
        Turn(role="assistant", content="四个阶段是：市场总监、CMO、CGO、CEO。"),
    ]
    joined = standalone("第二个具体说说", history, "zh")
    assert joined.follow_up and joined.focus == "CMO" and "职业阶段" in joined.text
    assert not joined.identity and "我是市场总监" not in joined.text


def test_the_newest_of_a_long_thread_is_read(here: Here) -> None:
    root = here.slack.say(here.lin, here.place, "开头")
    for number in range(230):
        here.slack.say(here.lin, here.place, f"第{number}句", thread=root)
    asked = here.asked(root, here.slack.say(here.wang, here.place, "然后呢？", thread=root))
    turns = asyncio.run(here.port.history(asked))
    assert [t.content for t in turns] == [f"第{number}句" for number in range(200, 230)]
    assert len(here.slack.called("conversations.replies")) == 2


def test_a_thread_that_slack_does_not_show_is_none(here: Here) -> None:
    here.slack.fail("conversations.replies", "missing_scope")
    assert asyncio.run(here.port.history(here.asked("1.1", "2.1"))) == ()


# --- what is taken in -------------------------------------------------------------------------------------------------


def test_what_comes_while_slack_does_not_know_us_comes_again(here: Here) -> None:
    here.slack.fail("auth.test", "internal_error")

    async def both() -> tuple[int, int]:
        return await here.event(here.lin, here.to_us()), await here.event(here.lin, here.to_us())

    first, second = asyncio.run(both())
    assert first >= 500 and second == 200 and here.inbox.open("slack") == 1


def test_a_token_that_counts_no_more_is_not_asked_for_again(here: Here) -> None:
    here.slack.fail("auth.test", "invalid_auth")
    assert asyncio.run(here.event(here.lin, here.to_us())) == 200
    assert not here.inbox.open("slack")


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ({"user_team": "T9", "source_team": "T9"}, 0),
        ({"source_team": "T9"}, 0),
        ({"shared": True}, 0),  # Slack names no team, and knows no such user here
        ({}, 1),
    ],
)
def test_people_of_other_workspaces_are_told_and_not_answered(here: Here, told: dict[str, Any], kept: int) -> None:
    theirs = here.slack.add_user("ada", team=here.slack.add_team("Other"))
    here.slack.join(here.place, theirs)

    async def twice() -> None:
        for _ in range(2):  # app_mention comes beside the message itself
            await here.event(theirs, here.to_us(), ts="1700000000.000100", **told)

    asyncio.run(twice())
    assert here.inbox.open("slack") == kept
    shown = [m["text"] for m in here.slack.ephemerals(here.place, theirs)]
    assert shown == ([] if kept else [say("slack_stranger", "zh")])


def test_ones_own_people_are_answered_in_a_shared_channel(here: Here) -> None:
    team = here.slack.team.id
    asyncio.run(here.event(here.lin, here.to_us(), shared=True, user_team=team, source_team=team))
    asyncio.run(here.event(here.wang, here.to_us(), shared=True))
    assert here.inbox.open("slack") == 2


def test_a_group_of_people_is_a_place_where_it_waits_to_be_mentioned(here: Here) -> None:
    asyncio.run(here.event(here.lin, "什么时候吃饭？", channel_type="mpim"))
    assert not here.inbox.open("slack")
    asyncio.run(here.event(here.lin, here.to_us(), channel_type="mpim"))
    [item] = here.inbox.take("slack", "w", 5)
    assert item.payload["direct"] is False


def test_a_message_passed_on_without_a_word_is_not_met_with_silence(here: Here) -> None:
    dm = here.slack.dm(here.lin)
    ts = here.slack.say(here.lin, dm, "看这个")
    passed = {"channel": dm, "channel_type": "im", "ts": ts, "attachments": [{"is_share": True, "text": "预算怎么定？"}]}
    asyncio.run(here.event(here.lin, "", **passed))
    assert [m["text"] for m in here.slack.replies(dm, ts)] == [say("slack_no_words", "zh")]
    assert not here.inbox.open("slack")


# --- who somebody is --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tz", [None, "None", "Mars/Olympus", "../../etc/passwd", "Asia", ""])
def test_a_time_zone_that_does_not_exist_is_none(here: Here, tz: str | None) -> None:
    here.slack._world.users[here.lin]["tz"] = tz
    assert asyncio.run(here.port.about_user(here.slack.team.id, here.lin)).time_zone == ""
    assert asyncio.run(here.port.about_user(here.slack.team.id, here.wang)).time_zone == "Asia/Shanghai"


def test_what_slack_did_not_tell_once_is_asked_again(here: Here) -> None:
    ada = here.slack.add_user("ada", locale="en-US", tz="Europe/London")
    here.slack.fail("users.info", "internal_error")
    first, second = (asyncio.run(here.port.about_user(here.slack.team.id, ada)) for _ in range(2))
    assert (first.time_zone, second.language, second.time_zone) == ("", "en", "Europe/London")


# --- what is shown ----------------------------------------------------------------------------------------------------


def replied(text: str = "答。", **more: Any) -> Reply:
    return Reply(**{"answer": text, "status": "answered", "language": "zh", "id": "x-1", **more})


def shown(here: Here, do: Callable[[MessageOutlet], Awaitable[Any]], progress: Mapping[str, Any] | None = None) -> list[Any]:
    """What an outlet for a question in the channel keeps while it does something."""
    ts = here.slack.say(here.lin, here.place, here.to_us())
    kept: list[Any] = []

    async def run() -> None:
        await do(await here.outlet(here.asked(ts, ts, user=here.lin), progress or {}, kept))

    asyncio.run(run())
    return kept


@pytest.mark.parametrize(
    "trouble", [{"drop": True, "times": 9}, {"status": 500, "times": 9}, {"status": 429, "headers": {"Retry-After": "30"}}]
)
def test_what_is_only_shown_on_the_way_costs_no_answer_and_no_time(here: Here, trouble: dict[str, Any], monkeypatch) -> None:
    here.slack.fail("assistant.threads.setStatus", **trouble)
    here.slack.fail("chat.startStream", **trouble)

    async def whole(outlet: MessageOutlet) -> None:
        await outlet.working()
        await outlet.words("先")
        await outlet.words("后")
        await outlet.answer(replied(), private=False)

    waited, sleep = [], asyncio.sleep

    async def at_once(seconds: float, result: object = None) -> object:
        waited.append(seconds)
        return await sleep(0, result)

    monkeypatch.setattr(asyncio, "sleep", at_once)
    shown(here, whole)
    monkeypatch.undo()
    assert sum(seconds for seconds in waited if seconds > 0.1) < 8  # the stand-in looks every hundredth
    assert [m["text"] for m in here.slack.messages(here.place) if m["user"] == here.slack.team.bot] == ["答。"]
    assert len({c.args["markdown_text"] for c in here.slack.called("chat.startStream")}) == 1  # not begun anew with every word


def test_a_private_answer_is_not_shown_twice(here: Here) -> None:
    kept = shown(here, lambda outlet: outlet.answer(replied(LONG, kind="personal"), private=True))
    parts = len(here.slack.ephemerals(here.place, here.lin))
    assert parts > 1 and kept == [{"told": n + 1} for n in range(parts)]
    shown(here, lambda outlet: outlet.answer(replied(LONG, kind="personal"), private=True), kept[0])
    assert len(here.slack.ephemerals(here.place, here.lin)) == 2 * parts - 1


def test_what_cannot_be_shown_where_they_asked_goes_into_their_direct_messages(here: Here) -> None:
    def left(outlet: MessageOutlet) -> Awaitable[Any]:
        here.slack.leave(here.place, here.lin)
        return outlet.note("只给你看")

    shown(here, left)
    assert [m["text"] for m in here.slack.messages(here.slack.dm(here.lin))] == ["只给你看"]


def test_a_command_is_answered_once_and_somewhere(here: Here) -> None:
    kept: list[Any] = []
    back = f"{here.slack.api_url.removesuffix('/api/')}/response/none"
    asked = here.asked("command-1", "command-1", user=here.lin, direct=True, back=back)

    async def run() -> None:
        outlet = await here.outlet(asked, {}, kept)
        assert isinstance(outlet, CommandOutlet)
        await outlet.answer(replied(LONG), private=False)
        await (await here.outlet(asked, kept[-1], kept)).answer(replied(LONG), private=False)

    asyncio.run(run())
    told = [m for m in here.slack.messages(here.slack.dm(here.lin)) if m["user"] == here.slack.team.bot]
    assert len(told) == len(kept) > 1


def test_a_note_is_not_taken_for_words_an_earlier_worker_began(here: Here) -> None:
    dm = here.slack.dm(here.lin)
    ts = here.slack.say(here.lin, dm, "问题")
    asked = here.asked(ts, ts, user=here.lin, direct=True).model_copy(update={"place": dm})

    async def run() -> None:
        await (await here.outlet(asked, {}, [])).note("稍等")
        await (await here.outlet(asked, {"exchange": "x-1"}, [])).answer(replied(), private=False)

    asyncio.run(run())
    note, answer = here.slack.replies(dm, ts)
    assert (note["text"], answer["text"]) == ("稍等", "答。")
    assert note["metadata"]["event_type"] == NOTE_TYPE
