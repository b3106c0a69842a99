"""Slack from end to end: a real service in a process of its own, the real slack-bolt and slack-sdk, a stand-in for Slack itself."""

from __future__ import annotations

import random
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from coach.channels.slack import incoming
from coach.messages import say
from coach.settings import Settings
from evals.live import Live
from evals.slack_server import SlackServer
from tests.fake_provider import FakeProvider

pytestmark = [pytest.mark.real]

CHANGE = "从市场总监到CMO，最大的变化是什么？"
MINE = "我是市场总监，带12个人，向CEO汇报，离CMO还差什么？"
UNKNOWN = "某上市公司的CMO年薪多少？"
SPOKEN = "第一步，把手上的预算、团队和汇报线写成一页纸。"


@dataclass
class World:
    """Slack with the coach in it, and some people."""

    slack: SlackServer
    live: Live
    lin: str
    wang: str
    place: str
    meant: bool = False
    """The test itself made Slack refuse or break off."""

    def mention(self, text: str, *, user: str = "", thread: str = "") -> str:
        return self.slack.say(user or self.lin, self.place, f"<@{self.slack.team.bot}> {text}", thread=thread)

    def answer(self, ts: str, number: int = 1, place: str = "") -> dict[str, Any]:
        """The finished answer to a message, as Slack has it."""

        def finished() -> list[dict[str, Any]]:
            found = [m for m in self.slack.replies(place or self.place, ts) if not m.get("streaming") and blocks_of(m)]
            return found if len(found) >= number else []

        return self.slack.wait(finished, 20)[number - 1]

    def private(self, count: int, user: str = "", place: str = "") -> list[dict[str, Any]]:
        """What only somebody sees in the channel, once there are so many."""
        return self.slack.wait(lambda: self._private(count, user or self.lin, place or self.place), 20)

    def _private(self, count: int, user: str, place: str) -> list[dict[str, Any]]:
        found = self.slack.ephemerals(place, user)
        return found if len(found) >= count else []


def blocks_of(message: dict[str, Any]) -> list[dict[str, Any]]:
    """Blocks of ours: streamed words have none yet."""
    return [b for b in message.get("blocks") or () if b["type"] in ("context_actions", "rich_text", "section")]


def action_ids(message: dict[str, Any]) -> set[str]:
    return set(re.findall(r"'action_id': '(\w+)'", str(message.get("blocks"))))


def following(slack: SlackServer, user: str, asked: str) -> dict[str, Any] | None:
    """What comes after a modal: the next one, or one without a name when it has closed."""
    shown = slack.modal(user)
    if shown is None:
        return {"callback_id": ""}
    return shown if shown["private_metadata"] != asked else None


def value_of(message: dict[str, Any], start: str) -> str:
    return next(iter(re.findall(rf"'value': '({re.escape(start)}[^']*)'", str(message["blocks"]))))


def peopled(slack: SlackServer, live: Live) -> World:
    lin = slack.add_user("lin", real_name="林岚")
    wang = slack.add_user("wang", real_name="王强")
    return World(slack, live, lin, wang, slack.add_channel("growth", lin, [wang]))


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, real_settings: Settings) -> Iterator[tuple[SlackServer, Live]]:
    """One service over Socket Mode without a chat model."""
    with SlackServer(mode="socket", retry_after=(0.0, 0.3, 0.3)) as slack:
        with Live(tmp_path_factory.mktemp("slack") / "home", **over_socket(slack)) as live:
            slack.wait(lambda: slack.called("apps.connections.open"), 20)
            yield slack, live


def over_socket(slack: SlackServer) -> dict[str, str]:
    return {
        "COACH_SLACK_BOT_TOKEN": slack.team.token,
        "COACH_SLACK_APP_TOKEN": slack.app_token,
        "COACH_SLACK_API_URL": slack.api_url,
    }


@pytest.fixture
def world(shared: tuple[SlackServer, Live]) -> Iterator[World]:
    """New people in a new channel; at the end nothing was late, and nothing was refused that was not meant to be."""
    slack, live = shared
    refused, late = len(slack.refusals), len(slack.late_acks)
    made = peopled(slack, live)
    yield made
    assert len(slack.late_acks) == late or made.meant
    assert [(c.method, c.error) for c in slack.refusals[refused:]] == [] or made.meant


# --- answers ----------------------------------------------------------------------------------------------------------


def test_a_mention_is_answered_once_in_its_thread_with_quotes_that_can_be_opened(world: World) -> None:
    ts = world.mention(CHANGE)
    answer = world.answer(ts)
    world.slack.quiet()
    assert len(world.slack.replies(world.place, ts)) == 1  # app_mention and message are one message
    assert answer["thread_ts"] == ts and "[1]" in answer["text"]
    assert (world.place, ts, say("slack_working", "zh")) in world.slack.statuses
    world.slack.click(world.lin, answer["ts"], "coach_source_1")
    modal = world.slack.wait(lambda: world.slack.modal(world.lin))
    bold = [
        e["text"]
        for b in modal["blocks"]
        if b["type"] == "rich_text"
        for s in b["elements"]
        for e in s["elements"]
        if e.get("style")
    ]
    assert bold and "".join(bold)[:12] in answer["text"].replace("[1]", "")
    world.slack.close_modal(world.lin)


def test_full_width_question_marks_titles_and_traditional_characters(world: World) -> None:
    dm = world.slack.dm(world.lin)
    for question in ("CMO跟市场总监有啥区别？", "CMO和市場總監有什麼不同？", "what changes from director to CMO?"):
        ts = world.slack.say(world.lin, dm, question)
        assert "[1]" in world.answer(ts, place=dm)["text"]


def test_replies_in_its_thread_need_no_mention_and_know_what_was_said(world: World) -> None:
    ts = world.mention("四个职业阶段是哪四个？")
    world.answer(ts)
    world.slack.say(world.wang, world.place, "第二个具体说说", thread=ts)
    answer = world.answer(ts, 2)
    assert "CMO" in answer["text"]
    world.slack.say(world.wang, world.place, f"<@{world.lin}> 你怎么看？", thread=ts)  # to somebody else
    other = world.slack.say(world.wang, world.place, "中午吃什么？")  # no thread of ours
    world.slack.quiet()
    assert len(world.slack.replies(world.place, ts)) == 2 and not world.slack.replies(world.place, other)


def test_no_answer_in_the_library_is_said(world: World) -> None:
    answer = world.answer(world.mention(UNKNOWN))
    assert "资料库里没有" in answer["text"] and "coach_source_1" not in action_ids(answer) or "相近" in answer["text"]


def test_bots_its_own_messages_and_notices_of_slack_are_passed_over(world: World) -> None:
    robot = world.slack.add_user("robot", is_bot=True)
    world.slack.join(world.place, robot)
    event = {"type": "message", "channel": world.place, "channel_type": "channel", "ts": "1.1", "user": robot, "bot_id": "B99",
             "text": f"<@{world.slack.team.bot}> {CHANGE}"}  # fmt: skip
    world.slack.event(event)
    world.slack.event({**event, "subtype": "channel_join", "bot_id": None, "ts": "1.2"})
    world.slack.quiet()
    assert not world.slack.messages(world.place)


def test_an_edited_question_is_answered_anew_in_the_same_place(world: World) -> None:
    dm = world.slack.dm(world.lin)
    ts = world.slack.say(world.lin, dm, "四个职业阶段是哪四个？")
    first = world.answer(ts, place=dm)
    world.slack.edit(world.lin, ts, "五大能力支柱是哪五个？")
    changed = world.slack.wait(lambda: next((m for m in world.slack.replies(dm, ts) if "五大能力支柱" in m["text"]), None), 20)
    assert changed["ts"] == first["ts"] and len(world.slack.replies(dm, ts)) == 1


def test_a_deleted_question_gets_no_second_word(world: World) -> None:
    ts = world.mention("四个职业阶段是哪四个？")
    world.answer(ts)
    world.slack.delete(world.lin, ts)
    world.slack.quiet()
    assert len(world.slack.replies(world.place, ts)) <= 1


def test_a_file_is_read_in_direct_messages_only(world: World) -> None:
    dm = world.slack.dm(world.lin)
    cv = "林岚\n市场总监，2019至今，带12人，年度预算3000万元，向CEO汇报。\n负责品牌与增长。".encode()
    ts = world.slack.upload(world.lin, dm, "简历.txt", cv, text="我的简历里预算是多少？")
    assert "3000万" in world.answer(ts, place=dm)["text"]
    world.slack.upload(world.lin, world.place, "简历.txt", cv, text="")
    public = world.slack.upload(world.lin, world.place, "简历.txt", cv, text=f"<@{world.slack.team.bot}>")
    assert world.private(1)[-1]["text"] == say("channel_files_direct", "zh")
    assert not world.slack.replies(world.place, public)


# --- what is nobody else's business -----------------------------------------------------------------------------------


def test_what_is_about_a_person_is_for_them_alone_until_they_share_it(world: World) -> None:
    ts = world.mention(MINE)
    hidden = world.private(1)[0]
    world.slack.quiet()
    assert not world.slack.replies(world.place, ts) and not world.slack.ephemerals(world.place, world.wang)
    assert {"coach_share", "coach_keep"} <= action_ids(hidden)
    world.slack.click(world.lin, hidden["ts"], "coach_share")
    world.slack.wait(lambda: [m for m in world.slack.messages(world.place) if m["user"] == world.slack.team.bot])
    told = world.slack.transcript(world.place, world.wang)
    assert MINE[:10] in told and "@lin 分享了" in told and say("slack_working", "zh") not in told
    world.slack.quiet()
    assert not world.slack.ephemerals(world.place, world.lin)


def test_what_is_kept_goes_into_the_direct_messages(world: World) -> None:
    world.mention(MINE)
    hidden = world.private(1)[0]
    world.slack.click(world.lin, hidden["ts"], "coach_keep")
    dm = world.slack.dm(world.lin)
    world.slack.wait(lambda: world.slack.messages(dm))
    world.slack.quiet()
    assert not [m for m in world.slack.messages(world.place) if m["user"] == world.slack.team.bot]


def test_somebody_in_distress_gets_the_way_to_a_human_alone(world: World) -> None:
    world.mention("被公司裁了，我不想活了")
    hidden = world.private(1)[0]
    assert "12356" in hidden["text"] and "coach_share" not in action_ids(hidden)
    world.slack.quiet()
    assert not [m for m in world.slack.messages(world.place) if m["user"] == world.slack.team.bot]


# --- commands, home, linking ------------------------------------------------------------------------------------------


def test_commands_answer_whoever_typed_them(world: World) -> None:
    slack = world.slack
    for typed, words in (("help", "/coach plan"), ("search 预算", "得分"), ("plan", "先回答"), ("review", say("slack_no_plan", "zh")),
                         ("link ABCD-EFGH", say("channel_code_wrong", "zh"))):  # fmt: skip
        slack.command(world.lin, world.place, typed)
        slack.wait(lambda words=words: any(words in slack.shown(m["ts"]) for m in slack.ephemerals(world.place, world.lin)), 20)
    slack.command(world.wang, world.place, "？")
    assert "/coach plan" in slack.shown(world.private(1, world.wang)[-1]["ts"])
    slack.quiet()
    assert not [m for m in slack.messages(world.place) if m["user"] == slack.team.bot]


def test_a_question_by_command_is_answered_privately_and_may_be_shared(world: World) -> None:
    world.slack.command(world.lin, world.place, f"ask {CHANGE}")
    shown = world.slack.wait(
        lambda: [m for m in world.slack.ephemerals(world.place, world.lin) if "coach_share" in action_ids(m)], 20
    )[0]
    assert CHANGE[:8] in world.slack.shown(shown["ts"])
    world.slack.click(world.lin, shown["ts"], "coach_share")
    public = world.slack.wait(lambda: [m for m in world.slack.messages(world.place) if m["user"] == world.slack.team.bot])
    assert CHANGE[:8] in world.slack.shown(public[0]["ts"])


def test_the_home_tab_prompts_assessment_and_check_in(world: World) -> None:
    slack, lin = world.slack, world.lin
    slack.open_home(lin, "messages")
    assert slack.wait(lambda: slack.prompts(slack.dm(lin)))
    slack.open_home(lin)
    home = slack.wait(lambda: slack.home(lin))
    assert "coach_assess" in action_ids(home)
    slack.command(lin, world.place, "assess")
    modal = slack.wait(lambda: slack.modal(lin))
    for _ in range(30):
        values: dict[str, Any] = {
            "answer": "去年我主笔年度市场计划，把公司3亿营收目标拆成四项，和财务对账，线索完成96%，CEO拿它当模板。"
        }
        if modal["callback_id"] != "coach_assess_answer" or not any(b.get("block_id") == "answer" for b in modal["blocks"]):
            values = {}
        asked = modal["private_metadata"]
        slack.submit(lin, values)
        modal = slack.wait(lambda asked=asked: following(slack, lin, asked), 10)
        if not modal.get("callback_id"):
            break
    told = slack.wait(lambda: slack.messages(slack.dm(lin)), 10)
    assert any("战略与商业洞察力" in slack.shown(m["ts"]) for m in told)


def test_an_account_is_linked_by_a_code_and_unlinked(world: World) -> None:
    slack, lin = world.slack, world.lin
    code = re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}", world.live.run("slack", "link-code"))
    assert code
    slack.command(lin, world.place, f"link {code[0].lower()}")
    assert "关联好了" in world.private(1)[-1]["text"]
    slack.command(world.wang, world.place, f"link {code[0]}")
    assert say("channel_code_wrong", "zh") in world.private(1, world.wang)[-1]["text"]
    slack.open_home(lin)
    home = slack.wait(lambda: slack.home(lin))
    assert "coach_unlink" in action_ids(home)
    slack.command(lin, world.place, "unlink")
    assert world.private(2)[-1]["text"].startswith("已解除")


def test_only_its_owner_changes_what_a_channel_wants(world: World) -> None:
    slack = world.slack
    slack.command(world.wang, world.place, "settings off")
    assert world.private(1, world.wang)[-1]["text"] == say("slack_settings_owner", "zh")
    slack.command(world.lin, world.place, "settings off")
    world.private(1)
    ts = world.mention(CHANGE)
    assert world.private(2)[-1]["text"] == say("channel_off", "zh")
    assert not slack.replies(world.place, ts)
    slack.command(world.lin, world.place, "settings language en")
    slack.command(world.lin, world.place, "settings on")
    world.private(4)
    assert re.search(r"[A-Za-z]{4,} [a-z]{3,}", world.answer(world.mention(CHANGE))["text"])


def test_colleagues_are_asked_and_bad_answers_reach_the_reviewers(world: World) -> None:
    slack = world.slack
    slack.command(world.lin, world.place, f"settings humans <@{world.wang}>")
    world.private(1)
    ts = world.mention(CHANGE)
    answer = world.answer(ts)
    slack.click(world.wang, answer["ts"], "coach_ask_human")
    slack.wait(lambda: [m for m in slack.replies(world.place, ts) if f"<@{world.wang}>" in m.get("text", "")])
    slack.click(world.wang, answer["ts"], "coach_feedback", value=value_of(answer, "down|"))
    slack.wait(lambda: slack.modal(world.wang))
    slack.submit(world.wang, {"kind": "wrong", "words": "阶段说错了"})
    slack.wait(lambda: any("阶段说错了" in r["reason"] for r in world.live.call("GET", "/api/library/queue")["reports"]), 10)


# --- what goes wrong --------------------------------------------------------------------------------------------------


def test_a_call_put_off_is_made_later(world: World) -> None:
    world.slack.fail("chat.postMessage", "ratelimited", status=429, headers={"Retry-After": "1"}, times=1)
    before = len(world.slack.refusals)
    assert "[1]" in world.answer(world.mention(CHANGE))["text"]
    assert [c.error for c in world.slack.refusals[before:]] == ["ratelimited"]
    world.meant = True


def test_the_same_event_many_times_is_one_question(world: World) -> None:
    ts = world.mention(CHANGE)
    world.answer(ts)
    for delivery in world.slack.deliveries[-2:]:
        world.slack.resend(delivery)
        world.slack.resend(delivery)
    world.slack.quiet()
    assert len(world.slack.replies(world.place, ts)) == 1


def test_a_day_of_messages_each_answered_once(world: World) -> None:
    """500 events of twenty people at once: questions, repetitions, talk among themselves."""
    slack, chance = world.slack, random.Random(6)
    people = [slack.add_user(f"p{n}", real_name=f"同事{n}") for n in range(20)]
    places = [slack.add_channel(f"c{n}", world.lin, people) for n in range(5)]
    questions = ["四个职业阶段是哪四个？", CHANGE, UNKNOWN, "五大能力支柱是哪五个？", "谢谢", "怎么和CFO说话？", "帮我编一个案例"]
    asked: list[tuple[str, str]] = []
    before, lock = len(slack.deliveries), threading.Lock()

    def day(person: str) -> None:
        mine = random.Random(person)
        for number in range(10):
            place = slack.dm(person) if number % 2 else mine.choice(places)
            words = mine.choice(questions)
            if number % 5 == 4:
                slack.say(person, mine.choice(places), "大家中午好")  # not for the coach
            else:
                ts = slack.say(person, place, words if number % 2 else f"<@{slack.team.bot}> {words}")
                with lock:
                    asked.append((place, ts))

    threads = [threading.Thread(target=day, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    while len(slack.deliveries) - before < 300:
        time.sleep(0.05)
    sent = slack.deliveries[before:]
    for delivery in chance.sample(sent, 200):
        slack.resend(delivery)
    slack.wait(lambda: all(slack.replies(place, ts) for place, ts in asked), 240)
    slack.quiet(1.0, 60)
    counts = {(place, ts): len(slack.replies(place, ts)) for place, ts in asked}
    assert set(counts.values()) == {1}
    attempts = sum(len(d.attempts) for d in slack.deliveries[before:])
    assert attempts >= 500


def test_a_broken_connection_is_opened_again(world: World) -> None:
    world.meant = True
    world.slack.cut()
    ts = world.mention(CHANGE)
    assert "[1]" in world.answer(ts)["text"]


def test_no_token_and_nothing_anybody_wrote_is_in_the_log(world: World) -> None:
    log = world.live.log()
    for secret in (world.slack.team.token, world.slack.app_token, CHANGE, MINE, "3000万"):
        assert secret not in log


# --- a slow model, and restarts ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory, real_settings: Settings) -> Iterator[tuple[World, FakeProvider]]:
    """A service whose model takes its time."""
    with SlackServer(mode="socket") as slack, FakeProvider(words=tuple(f"{SPOKEN}[1]" for _ in range(12))) as fake:
        settings = {"COACH_MODEL_BASE_URL": fake.url_for("openai"), "COACH_MODEL_API_KEY": "none", "COACH_STRATEGY": "write"}
        home = tmp_path_factory.mktemp("slow") / "home"
        with Live(home, model="openai:any", **settings, **over_socket(slack)) as live:
            slack.wait(lambda: slack.called("apps.connections.open"), 20)
            written(slack, live)
            yield peopled(slack, live), fake


def written(slack: SlackServer, live: Live) -> None:
    """Waits until the model is there: the service answers before."""
    slack.wait(lambda: live.call("GET", "/readyz")["model"]["state"] == "ready", 60)


def test_words_stream_while_the_model_writes_and_nothing_is_late(slow: tuple[World, FakeProvider]) -> None:
    world, fake = slow
    fake.pause = 0.5
    slack = world.slack
    ts = world.mention(CHANGE)
    slack.wait(lambda: slack.called("chat.appendStream"), 20)
    assert slack.replies(world.place, ts)[0].get("streaming")
    answer = world.answer(ts)
    slack.quiet()
    assert len(slack.replies(world.place, ts)) == 1 and "coach_feedback" in action_ids(answer)
    calls = [c.method for c in slack.calls if c.method.startswith("chat.")]
    assert calls.count("chat.startStream") == calls.count("chat.stopStream") == 1
    assert calls.count("chat.appendStream") <= 12  # once a second, not once a word
    assert slack.late_acks == []
    fake.pause = 0.0


def test_what_is_private_never_streams_into_a_channel(slow: tuple[World, FakeProvider]) -> None:
    world, _ = slow
    before = len(world.slack.called("chat.startStream"))
    world.mention(MINE)
    world.private(1)
    assert len(world.slack.called("chat.startStream")) == before


def test_an_answer_cut_off_by_a_power_cut_is_finished_once(slow: tuple[World, FakeProvider]) -> None:
    world, fake = slow
    fake.pause = 0.5
    slack = world.slack
    ts = world.mention("怎么和CFO说话？")
    slack.wait(lambda: slack.replies(world.place, ts), 20)
    world.live.kill()
    fake.pause = 0.0
    world.live.start()
    written(slack, world.live)
    answer = slack.wait(lambda: [m for m in slack.replies(world.place, ts) if "coach_feedback" in action_ids(m)], 60)
    time.sleep(1)
    assert len(slack.replies(world.place, ts)) == 1 and len(answer) == 1


def test_a_model_that_is_down_is_said_and_the_library_answers(slow: tuple[World, FakeProvider]) -> None:
    world, fake = slow
    fake.behave("error")
    answer = world.answer(world.mention("四个职业阶段是哪四个？"))
    assert say("notice_model_failed", "zh")[:6] in world.slack.shown(answer["ts"]) and "[1]" in answer["text"]
    fake.behave("answer")


# --- over HTTP, in two workspaces -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory, real_settings: Settings) -> Iterator[tuple[SlackServer, Live]]:
    """A service that Slack posts to; workspaces install the app themselves."""
    with SlackServer(mode="http", retry_after=(0.0, 0.3, 0.3)) as slack:
        settings = {
            "COACH_SLACK_SIGNING_SECRET": slack.signing_secret,
            "COACH_SLACK_CLIENT_ID": slack.client_id,
            "COACH_SLACK_CLIENT_SECRET": slack.client_secret,
            "COACH_SLACK_API_URL": slack.api_url,
        }
        with Live(tmp_path_factory.mktemp("public") / "home", **settings) as live:
            slack.url = live.url
            yield slack, live


def installed(slack: SlackServer, live: Live, team: Any, user: str) -> int:
    """The app in a workspace, by way of Slack's own page."""
    import httpx

    with httpx.Client(base_url=live.url, follow_redirects=False) as browser:
        there = browser.get("/slack/install")
        state = re.search(r"state=([^&]+)", there.headers["location"])
        assert there.status_code == 302 and state
        return browser.get("/slack/oauth_redirect", params={"code": slack.oauth_code(team, user), "state": state[1]}).status_code


def test_two_workspaces_install_it_and_never_mix(public: tuple[SlackServer, Live]) -> None:
    slack, live = public
    other = slack.add_team("Other")
    mine, theirs = slack.add_user("lin"), slack.add_user("ada", team=other, locale="en-US")
    assert installed(slack, live, slack.team, mine) == 200
    early = slack.say(theirs, slack.dm(theirs), "What are the four stages?")
    slack.quiet()
    assert not slack.replies(slack.dm(theirs), early)  # not installed there yet
    assert installed(slack, live, other, theirs) == 200
    first, second = (
        slack.say(mine, slack.dm(mine), "四个职业阶段是哪四个？"),
        slack.say(theirs, slack.dm(theirs), "What are the four career stages?"),
    )
    assert "阶段" in slack.wait(lambda: slack.replies(slack.dm(mine), first), 20)[0]["text"]
    assert "stage" in slack.wait(lambda: slack.replies(slack.dm(theirs), second), 20)[0]["text"].lower()
    slack.quiet()
    said = [c for c in slack.calls if c.method.startswith("chat.") and not c.error]
    assert {c.team for c in said} == {slack.team.id, other.id}


def test_what_is_not_signed_by_slack_is_refused(public: tuple[SlackServer, Live]) -> None:
    slack, live = public
    user = slack.add_user("eve")
    event = {"type": "message", "channel": slack.dm(user), "channel_type": "im", "user": user, "text": CHANGE, "ts": "77.1"}
    address = f"{live.url}/slack/events"
    assert slack.post_event(address, event, signature="bad")[0] == 401
    assert slack.post_event(address, event, signature="stale")[0] == 401
    assert slack.post_event(address, event, signature="good")[0] == 200
    assert slack.post_event(address, event, signature="good", retry=(1, "http_timeout"))[0] == 200


def test_an_installation_nobody_began_here_is_refused(public: tuple[SlackServer, Live]) -> None:
    import httpx

    slack, live = public
    code = slack.oauth_code(slack.team, slack.add_user("mallory"))
    assert httpx.get(f"{live.url}/slack/oauth_redirect", params={"code": code, "state": "made-up"}).status_code == 400


def test_a_workspace_that_removes_the_app_is_forgotten(public: tuple[SlackServer, Live], tmp_path: Path) -> None:
    from coach.store.channels import open_channels

    slack, live = public
    third = slack.add_team("Third")
    user = slack.add_user("tom", team=third)
    assert installed(slack, live, third, user) == 200
    kept = open_channels(Settings(_env_file=None, home=live.home))
    assert third.id in kept.installed("slack")
    slack.revoke(third)
    slack.wait(lambda: third.id not in kept.installed("slack"), 10)
    kept.close()


def test_people_who_are_mentioned_are_read_by_their_names() -> None:
    assert incoming.plain("<@U0COACH01> 请问 <@U0WANG001> 说的 A&amp;B 对吗 <https://a.cn/x|链接> <!here>", "U0COACH01") == (
        "请问 @U0WANG001 说的 A&B 对吗 链接 (https://a.cn/x)"
    )
    assert incoming.people_in("请问 @U0WANG001 和 @U0WANG001X，a@U0") == ["U0WANG001X", "U0WANG001"]
