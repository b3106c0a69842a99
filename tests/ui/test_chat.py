"""What happens on the chat page, told through its handlers over a stand-in coach whose conversations are really kept."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from coach.identity import Visitor
from coach.types import Lang
from tests.ui.web_stand_in import EVIL, StandIn
from ui.app import build
from ui.chat.handlers import Chat, View
from ui.shell import Values
from ui.visit import Visit, browser_language

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def visit(person: str = "local", lang: Lang = "zh", c: str = "", name: str = "") -> Visit:
    return Visit(visitor=Visitor(person=person, name=name), lang=lang, today=date(2026, 11, 22), now=NOW, query={"c": c})


async def gather(views: AsyncIterator[View]) -> list[View]:
    return [view async for view in views]


def ask(chat: Chat, question: str, c: str = "c1", who: Visit | None = None, **more: str) -> list[View]:
    return asyncio.run(gather(chat.ask(who or visit(), Values({"c": c, "text": question, **more}))))


def shown(chat: Chat, c: str = "c1", who: Visit | None = None) -> dict[str, Any]:
    return chat.open(who or visit(), c)["whole"]


def last(views: list[View], part: str) -> dict[str, Any]:
    return [view[part] for view in views if part in view][-1]


def exchange_of(chat: Chat, c: str = "c1", who: Visit | None = None) -> str:
    return shown(chat, c, who)["x"]


def test_passages_come_before_words_and_the_checked_reply_last(chat: Chat) -> None:
    views = ask(chat, "slow 升CMO要补什么")
    lives = [view["live"] for view in views if "live" in view]
    assert lives[0]["ended"] is False and lives[0]["x"] == lives[-1]["x"]
    found = next(view for view in views if "found" in view)
    assert "找到 4 段" in found["live"]["html"] and "unchecked" not in found["live"]["html"]
    assert "class='card" in found["found"]["html"] and "<mark" not in found["found"]["html"]
    assert any("unchecked" in live["html"] for live in lives)
    assert lives[-1]["ended"] is True and "class='cite" in lives[-1]["html"]
    assert "<mark" in last(views, "found")["html"] and lives[-1]["title"] == "slow 升CMO要补什么"


def test_each_view_holds_only_what_changed(chat: Chat) -> None:
    views = ask(chat, "slow 升CMO要补什么")
    assert all(set(view) <= {"live"} for view in views[:-1] if "found" not in view)
    assert sum("found" in view for view in views) == 2  # when they are found, and with the quotes marked
    assert "whole" not in str([set(view) for view in views])


def test_what_was_said_is_shown_again_exactly(chat: Chat, coach: StandIn) -> None:
    said = last(ask(chat, "第一问"), "live")["html"]
    ask(chat, "第二问")
    assert [t.content[:3] for t in coach.asked[1][1]] == ["第一问", "最大的"]
    again = Chat(coach).open(visit(), "c1")["whole"]
    first = said.split("<div class='actions'>")[0]
    assert first in again["html"] and again["title"] == "第一问" and again["busy"] is False
    assert "第二问" in again["html"] and "<mark" in again["section"]


def test_the_passages_of_an_earlier_exchange_come_when_they_are_opened(chat: Chat) -> None:
    ask(chat, "第一问")
    first = exchange_of(chat)
    ask(chat, "天气")
    whole = shown(chat)
    assert "没有引用资料" in whole["section"] and "class='card" not in whole["html"]
    found = chat.do(visit(), "section", Values({"c": "c1", "x": first}))["found"]
    assert found["x"] == first and found["asked"] and "<mark" in found["html"]


@pytest.mark.parametrize("empty", ["", "   \n", "\u200b\u200b"])
def test_an_empty_message_is_answered_with_a_hint(chat: Chat, coach: StandIn, empty: str) -> None:
    views = ask(chat, empty)
    assert "没有看到问题" in views[0]["note"]["hint"] and coach.asked == []


def test_a_long_message_goes_through_whole(chat: Chat, coach: StandIn) -> None:
    ask(chat, "长" * 500)
    assert len(coach.asked[0][0]) == 500


def test_a_message_that_is_too_long_goes_back_into_the_box(chat: Chat, coach: StandIn) -> None:
    note = ask(chat, "长" * 900)[0]["note"]
    assert "900" in note["hint"] and note["restore"] == "长" * 900 and note["unasked"] and coach.asked == []


def test_a_long_paste_with_a_question_becomes_a_file_and_the_question_is_asked(chat: Chat, coach: StandIn) -> None:
    cv = "工作经历\n" + "\n".join(f"{year}年 在某公司负责品牌投放，团队{year % 9 + 2}人。" for year in range(1950, 2020))
    views = ask(chat, f"{cv}\n\n按这份简历，我在哪一级？")
    assert coach.asked[0][0] == "按这份简历，我在哪一级？"
    assert "1950年" in coach.documents[0].text and "2019年" in coach.documents[0].text
    assert "只在这次对话里使用" in last(views, "note")["files"] and last(views, "live")["ended"]


def test_a_paste_without_a_question_is_read_and_said_to_be(chat: Chat, coach: StandIn) -> None:
    view = chat.do(visit(), "paste", Values({"c": "c9", "text": "工作经历\n" + "市场总监，带12人。\n" * 200}))
    assert "只在这次对话里" in view["note"]["add"] and "data-ask=" in view["note"]["add"]
    assert "class='file'" in view["note"]["files"] and coach.asked == []
    whole = shown(chat, "c9")
    assert "我读完了" in whole["html"] and "class='file'" in whole["files"]
    document = coach.records.of("local").talks.documents("c9")[0]
    gone = chat.do(visit(), "detach", Values({"c": "c9", "id": document.id}))
    assert gone["note"]["files"] == "" and gone["note"]["unread"] == document.id


@pytest.mark.parametrize("text", ["😀🎉", "\ud83d lone surrogate", "<script>alert(1)</script>", "a\x00b", "繁體中文 mixed"])
def test_odd_messages_are_asked(chat: Chat, text: str) -> None:
    html = last(ask(chat, text), "live")["html"]
    assert "class='answer'" in html and "<script" not in html
    html.encode("utf-8")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_html_from_outside_stays_text_wherever_it_is_shown(chat: Chat, lang: Lang) -> None:
    who = visit(lang=lang)
    views = ask(chat, f"evil {EVIL}", who=who)
    chat.do(who, "rename", Values({"c": "c1", "title": EVIL}))
    chat.do(who, "paste", Values({"c": "c1", "text": f"# {EVIL}\n{EVIL}\n" * 30}))
    pages = [*views, chat.page(visit(lang=lang, c="c1")), chat.do(who, "list", Values({"q": EVIL}))]
    for name, part in ((name, part) for view in pages for name, part in view.items()):
        # what chat.js puts on the page as mark-up; titles and notes it sets as text
        for text in (
            [part] if isinstance(part, str) else [part.get(key, "") for key in ("html", "section", "files", "add", "votes")]
        ):
            assert "<script" not in text and "<img" not in text, name


def test_a_failure_is_one_kind_sentence_and_can_be_tried_again(chat: Chat) -> None:
    live = last(ask(chat, "please fail"), "live")
    assert "聊天模型这会儿没有回应" in live["html"] and "10.0.0.1" not in live["html"]
    assert "<code>coach doctor --fix</code>" in live["html"] and "data-again" in live["html"] and live["ended"]
    ask(chat, "升CMO要补什么", instead=exchange_of(chat))
    whole = shown(chat)
    assert whole["html"].count("class='exchange'") == 1 and "之前的版本（1）" in whole["html"]


def test_an_unexpected_failure_is_kind_too(chat: Chat, coach: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coach.talks, "_ask", lambda *a, **k: 1 / 0)
    html = last(ask(chat, "问"), "live")["html"]
    assert "是我这边出了问题" in html and "division" not in html


def test_stop_keeps_what_there_is_from_any_tab(chat: Chat, coach: StandIn) -> None:
    async def run() -> list[View]:
        views = []
        async for view in chat.ask(visit(), Values({"c": "c1", "text": "slow"})):
            views.append(view)
            if "unchecked" in view.get("live", {}).get("html", ""):
                chat.do(visit(), "stop", Values({"c": "c1"}))
        return views

    live = last(asyncio.run(run()), "live")
    assert "还没有核对" in live["html"] and live["ended"] and "data-again" in live["html"]
    assert coach.closed == 1 and chat.runs.count() == 0
    assert "还没有核对" in shown(chat)["html"]


def test_closing_the_page_does_not_end_the_reply(chat: Chat, coach: StandIn) -> None:
    async def run() -> None:
        views = chat.ask(visit(), Values({"c": "c1", "text": "slow"}))
        async for view in views:
            if "unchecked" in view.get("live", {}).get("html", ""):
                break
        await views.aclose()
        while chat.runs.count():
            await asyncio.sleep(0.02)

    asyncio.run(run())
    assert "引用已核对" in shown(chat)["html"]


def test_a_second_tab_joins_the_reply_under_way(chat: Chat) -> None:
    async def run() -> tuple[list[View], list[View], View]:
        joined: list[View] = []
        opened: View = {}
        task: Any = None
        first = []
        async for view in chat.ask(visit(), Values({"c": "c1", "text": "slow"})):
            first.append(view)
            if task is None and "unchecked" in view.get("live", {}).get("html", ""):
                opened = chat.open(visit(), "c1")
                task = asyncio.create_task(gather(chat.ask(visit(), Values({"c": "c1", "join": "yes"}))))
        joined = await task
        return first, joined, opened

    first, joined, opened = asyncio.run(run())
    assert opened["whole"]["busy"] is True and "slow" not in opened["whole"]["html"]
    assert "unchecked" in joined[0]["live"]["html"] and "found" in joined[0]
    assert last(joined, "live")["html"] == last(first, "live")["html"]


def test_joining_what_is_over_shows_the_conversation(chat: Chat) -> None:
    ask(chat, "第一问")
    assert "第一问" in ask(chat, "", join="yes")[0]["whole"]["html"]


def test_a_question_while_a_reply_is_under_way_goes_back_into_the_box(chat: Chat, coach: StandIn) -> None:
    async def run() -> list[View]:
        second: list[View] = []
        async for view in chat.ask(visit(), Values({"c": "c1", "text": "slow"})):
            if not second and "live" in view:
                second = await gather(chat.ask(visit(), Values({"c": "c1", "text": "第二问"})))
        return second

    note = asyncio.run(run())[0]["note"]
    assert note["restore"] == "第二问" and "还在回答" in note["hint"] and len(coach.asked) == 1


def test_regenerate_puts_the_old_reply_away_once_there_is_a_new_one(chat: Chat) -> None:
    ask(chat, "问一")
    old = exchange_of(chat)
    views = ask(chat, "问一", instead=old)
    assert views[0]["live"]["instead"] == old
    whole = last(views, "whole")
    assert whole["html"].count("class='exchange'") == 1 and "之前的版本（1）" in whole["html"] and whole["x"] != old
    assert whole["of"] == "c1" and whole["arrived"]  # else the page takes what was asked for a draft


def test_edit_and_resend_sets_aside_what_followed(chat: Chat, coach: StandIn) -> None:
    for question in ("问一", "问二", "问三"):
        ask(chat, question)
    second = coach.talks.conversation("local", "c1").current[1].id
    html = last(ask(chat, "问二，换个说法", instead=second), "whole")["html"]
    assert html.count("class='exchange'") == 2 and "之前的版本（2）" in html
    assert [t.content for t in coach.asked[-1][1] if t.role == "user"] == ["问一"]


def test_a_failed_regenerate_leaves_the_old_reply(chat: Chat) -> None:
    ask(chat, "问一")
    html = last(ask(chat, "please fail", instead=exchange_of(chat)), "whole")["html"]
    assert "引用已核对" in html and "聊天模型这会儿没有回应" in html and "之前的版本" not in html


def test_verdicts_are_kept_and_shown_after_a_reload(chat: Chat, coach: StandIn) -> None:
    ask(chat, "问一")
    x = exchange_of(chat)
    note = chat.do(visit(), "judge", Values({"c": "c1", "x": x, "verdict": "up"}))["note"]
    assert "data-vote='up' aria-pressed='true'" in note["votes"] and "data-vote='up' aria-pressed='true'" in shown(chat)["html"]
    chat.do(visit(), "judge", Values({"c": "c1", "x": x, "verdict": "down", "reason": ["太长", "太空"], "words": "没有例子"}))
    assert coach.talks.conversation("local", "c1").exchanges[0].reason == "太长；太空；没有例子"
    sent = chat.do(visit(), "judge", Values({"c": "c1", "x": x, "verdict": "wrong", "words": "数字错了"}))["note"]
    assert "照看资料库的人" in sent["say"] and "已反馈" in shown(chat)["html"]
    chat.do(visit(), "judge", Values({"c": "c1", "x": x, "verdict": ""}))
    assert "已反馈" not in shown(chat)["html"]


def test_a_verdict_that_is_none_is_refused(chat: Chat) -> None:
    ask(chat, "问一")
    assert chat.do(visit(), "judge", Values({"c": "c1", "x": exchange_of(chat), "verdict": "great"}))["note"]["tone"] == "bad"


def test_conversations_are_listed_searched_renamed_and_deleted(chat: Chat) -> None:
    ask(chat, "怎么谈预算", c="c1")
    ask(chat, "怎么带团队", c="c2")
    everything = chat.do(visit(), "list", Values({}))["list"]
    assert everything.index("怎么带团队") < everything.index("怎么谈预算")
    assert "/api/conversations/c1/export?format=md" in everything and "format=docx" in everything
    assert "怎么谈预算" not in chat.do(visit(), "list", Values({"q": "带团队"}))["list"]
    assert "没有找到含“火星”" in chat.do(visit(), "list", Values({"q": "火星"}))["list"]
    view = chat.do(visit(), "rename", Values({"c": "c1", "title": "  预算  "}))
    assert view["note"]["title"] == "预算" and ">预算<" in view["list"]
    assert chat.do(visit(), "rename", Values({"c": "c1", "title": " "}))["note"]["tone"] == "bad"
    view = chat.do(visit(), "delete", Values({"c": "c1", "here": "c1"}))
    assert "预算" not in view["list"] and "opening" in view["whole"]["html"] and view["whole"]["c"] == ""
    assert "不存在" in chat.open(visit(), "c1")["note"]["say"]


def test_the_list_is_ordered_by_time(chat: Chat, coach: StandIn) -> None:
    ask(chat, "怎么谈预算")
    changed = coach.talks.conversations("local")[0].changed
    for days, words in ((0, "今天"), (3, "最近七天"), (30, "更早")):
        later = Visit(visitor=Visitor(person="local"), lang="zh", today=date(2026, 1, 1), now=changed.fromtimestamp(
            changed.timestamp() + days * 86400, UTC))  # fmt: skip
        assert f"<h2>{words}</h2>" in chat.do(later, "list", Values({}))["list"]


def test_nobody_reaches_anybody_elses_conversation(chat: Chat, coach: StandIn) -> None:
    anna, ben = visit("anna"), visit("ben")
    ask(chat, "安娜的秘密", c="shared-id", who=anna)
    x = exchange_of(chat, "shared-id", anna)
    document = chat.do(anna, "paste", Values({"c": "shared-id", "text": "安娜的简历 " * 200}))["note"]["files"]
    file_id = document.split("data-detach='")[1].split("'")[0]
    assert "安娜" not in str(chat.page(visit("ben", c="shared-id")))
    for what, values in {
        "open": {}, "section": {"x": x}, "list": {"q": "安娜"}, "rename": {"title": "我的"}, "judge": {"x": x, "verdict": "up"},
        "attached": {"id": [file_id]}, "detach": {"id": file_id}, "delete": {}, "stop": {}, "look": {},
    }.items():  # fmt: skip
        assert "的秘密" not in str(chat.do(ben, what, Values({"c": "shared-id", **values}))), what
    ask(chat, "本的问题", c="shared-id", who=ben)
    mine = shown(chat, "shared-id", anna)
    assert "安娜的秘密" in mine["html"] and "本的问题" not in mine["html"] and "aria-pressed='true'" not in mine["html"]
    assert len(coach.talks.conversation("anna", "shared-id").attachments) == 1


def test_two_people_at_once_in_conversations_of_one_name(chat: Chat) -> None:
    async def both() -> tuple[list[View], list[View]]:
        one, two = await asyncio.gather(
            gather(chat.ask(visit("anna"), Values({"c": "c1", "text": "slow 甲"}))),
            gather(chat.ask(visit("ben", "en"), Values({"c": "c1", "text": "slow 乙"}))),
        )
        return one, two

    one, two = asyncio.run(both())
    assert "乙" not in str(one) and "甲" not in str(two)
    assert "Citations checked" in str(two[-1]) and "引用已核对" in str(one[-1])


def test_joining_or_stopping_reaches_no_other_persons_reply(chat: Chat) -> None:
    async def run() -> tuple[list[View], list[View]]:
        other: list[View] = []
        views = []
        async for view in chat.ask(visit("anna"), Values({"c": "c1", "text": "slow 甲"})):
            views.append(view)
            if not other:
                chat.do(visit("ben"), "stop", Values({"c": "c1"}))
                other = await gather(chat.ask(visit("ben"), Values({"c": "c1", "join": "yes"})))
        return views, other

    views, other = asyncio.run(run())
    assert "甲" not in str(other) and "引用已核对" in str(views[-1])


def test_a_question_waits_for_the_library(chat: Chat, coach: StandIn) -> None:
    coach.library["state"] = "loading"

    async def run() -> list[View]:
        views = []
        async for view in chat.ask(visit(), Values({"c": "c1", "text": "问"})):
            views.append(view)
            coach.library["state"] = "ready"
        return views

    assert "引用已核对" in last(asyncio.run(run()), "live")["html"]


def test_stopping_while_the_library_loads_gives_the_question_back(chat: Chat, coach: StandIn) -> None:
    coach.library["state"] = "loading"

    async def run() -> list[View]:
        views = []
        async for view in chat.ask(visit(), Values({"c": "c1", "text": "问"})):
            views.append(view)
            chat.do(visit(), "stop", Values({"c": "c1"}))
        return views

    views = asyncio.run(run())
    assert last(views, "note")["restore"] == "问" and last(views, "live")["html"] == "" and coach.asked == []


def test_the_opening_says_what_this_is_and_what_happens_to_the_data(chat: Chat) -> None:
    html = chat.page(visit())["whole"]["html"]
    assert "<h1>" in html and "不发往外部" in html and "存在这台机器上" in html and "/me" in html
    assert html.count("data-stage=") == 4 and html.count("class='examples'") == 4 and html.count("data-ask=") == 12
    assert "Only you can see" in chat.page(visit(lang="en", name="Anna"))["whole"]["html"]


def test_a_model_elsewhere_is_named(coach: StandIn) -> None:
    coach.settings = coach.settings.model_copy(update={"model": "openai:gpt-4.1"})
    assert "openai:gpt-4.1" in Chat(coach).page(visit())["whole"]["html"]


def test_general_advice_is_offered_only_where_a_model_could_give_it(chat: Chat, coach: StandIn) -> None:
    ask(chat, "天气")
    assert "data-ask='一般建议'" in shown(chat)["html"]
    coach.model["state"] = "none"
    assert "data-ask='一般建议'" not in shown(chat)["html"]
    assert "没有接聊天模型" in chat.page(visit())["box"]


def test_a_broken_database_is_told_on_a_page_that_still_stands(coach: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    from coach.errors import SetupError

    def broken(*_: Any, **__: Any) -> Any:
        raise SetupError("The database cannot be opened.", hint="coach doctor")

    monkeypatch.setattr(coach.talks, "conversations", broken)
    view = Chat(coach).page(visit())
    assert view["note"]["tone"] == "bad" and "opening" in view["whole"]["html"] and view["box"]


def test_an_unknown_action_does_nothing(chat: Chat) -> None:
    assert chat.do(visit(), "shutdown", Values({})) == {}


@pytest.mark.parametrize("bad", ["../etc", "a b", "x" * 65, "<b>"])
def test_what_cannot_be_an_id_is_an_unknown_conversation(chat: Chat, bad: str) -> None:
    assert "不存在" in chat.open(visit(), bad)["note"]["say"]
    assert ask(chat, "问", c=bad)[0]["note"]["hint"]


def test_a_long_conversation_sends_no_passages_but_the_last(chat: Chat) -> None:
    for n in range(12):
        ask(chat, f"第{n}问")
    whole = shown(chat)
    assert whole["html"].count("class='exchange'") == 12 and whole["section"].count("class='card") == 4
    assert len(max((str(v) for v in ask(chat, "再问")), key=len)) < 20_000


def test_the_language_follows_choice_then_browser() -> None:
    assert browser_language("en", "zh-CN,zh;q=0.9") == "en"
    assert browser_language("", "zh-CN,zh;q=0.9,en;q=0.8") == "zh"
    assert browser_language("", "fr-FR,en;q=0.8") == "en"
    assert browser_language("", "fr-FR") == "en"
    assert browser_language(None, "") == "zh"


def test_the_page_is_private_and_open_to_several_at_once(coach: StandIn) -> None:
    config = build(coach).get_config_file()
    assert config["analytics_enabled"] is False
    for dependency in config["dependencies"]:
        assert dependency["api_visibility"] == "private"
