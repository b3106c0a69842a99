"""What happens on the page, told through its handlers over a stand-in coach."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.ui.web_stand_in import StandIn
from ui.app import build
from ui.chat import Chat, View, browser_language
from ui.exchange import Conversation


async def gather(views: AsyncIterator[View]) -> list[View]:
    return [view async for view in views]


def ask(chat: Chat, question: str, kept: Any = None, page: str = "p1") -> list[View]:
    return asyncio.run(gather(chat.send(question, kept, "zh", page)))


def last(views: list[View], part: str) -> Any:
    return [view[part] for view in views if part in view][-1]


def test_passages_come_before_words_and_the_checked_reply_last(chat: Chat) -> None:
    views = ask(chat, "升CMO要补什么")
    lives = [view["live"] for view in views if view.get("live")]
    assert "查资料" in lives[0]
    found = next(i for i, live in enumerate(lives) if "找到 4 段" in live)
    assert "unchecked" not in lives[found]
    first = next(view for view in views if "class='card" in view.get("panel", ""))
    assert "unchecked" not in first["live"] and "框架所述" in first["panel"]
    assert views[0]["box"] == "" and views[0]["busy"] is True
    assert views[-1]["busy"] is False and views[-1]["live"] == ""
    assert "class='cite" in views[-1]["log"] and "<mark" in views[-1]["panel"]


def test_the_reply_is_kept_and_told_to_the_coach_next_time(chat: Chat, coach: StandIn) -> None:
    kept = last(ask(chat, "第一问"), "kept")
    kept = last(ask(chat, "第二问", kept), "kept")
    assert [e.question for e in Conversation.load(kept).now] == ["第一问", "第二问"]
    assert [t.content[:3] for t in coach.asked[1][1]] == ["第一问", "最大的"]
    assert "第一问" in chat.open(kept, "zh")["log"]


@pytest.mark.parametrize("empty", ["", "   \n", "\u200b\u200b", None])
def test_an_empty_message_is_answered_with_a_hint(chat: Chat, coach: StandIn, empty: str | None) -> None:
    views = ask(chat, empty)  # type: ignore[arg-type]
    assert "没有看到问题" in views[0]["hint"] and "box" not in views[0]
    assert coach.asked == []


def test_a_long_message_goes_through_and_is_kept_short(chat: Chat, coach: StandIn) -> None:
    views = ask(chat, "长" * 500)
    assert len(coach.asked[0][0]) == 500
    assert len(Conversation.load(last(views, "kept")).now[0].question) <= 210


def test_a_huge_message_stays_in_the_box(chat: Chat, coach: StandIn) -> None:
    views = ask(chat, "长" * 900)
    assert "900" in views[0]["hint"] and "box" not in views[0] and coach.asked == []


@pytest.mark.parametrize("text", ["😀🎉", "\ud83d lone surrogate", "<script>alert(1)</script>", "a\x00b"])
def test_odd_messages_are_asked(chat: Chat, text: str) -> None:
    log = last(ask(chat, text), "log")
    assert "class='answer'" in log and "<script" not in log
    log.encode("utf-8")


def test_an_error_is_one_kind_sentence_and_the_text_is_kept(chat: Chat) -> None:
    views = ask(chat, "please fail")
    final = views[-1]
    assert "聊天模型这会儿没有回应" in final["log"] and "10.0.0.1" not in final["log"]
    assert "<code>coach doctor --fix</code>" in final["log"]
    assert "data-restore='please fail'" in final["live"] and final["busy"] is False
    again = asyncio.run(gather(chat.again(final["kept"], "zh", "p1")))
    assert len(Conversation.load(again[-1]["kept"]).now) == 1


def test_an_unexpected_error_is_kind_too(chat: Chat, coach: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coach, "ask", lambda *a, **k: 1 / 0)
    final = ask(chat, "问")[-1]
    assert "是我这边出了问题" in final["log"] and "division" not in final["log"]


def test_a_reply_that_breaks_off_is_an_error(chat: Chat, coach: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coach, "ask", lambda *a, **k: (e for e in ()))
    assert "没有回应" in ask(chat, "问")[-1]["log"]


def test_stop_keeps_what_there_is_and_frees_the_coach(chat: Chat, coach: StandIn) -> None:
    async def run() -> list[View]:
        views = []
        async for view in chat.send("slow", None, "zh", "p1"):
            views.append(view)
            if "unchecked" in view.get("live", ""):
                chat.stop("p1")
        await asyncio.sleep(0.3)
        return views

    final = asyncio.run(run())[-1]
    assert "还没有核对" in final["log"] and final["busy"] is False and "class='card" in final["panel"]
    assert Conversation.load(final["kept"]).now[0].state == "stopped"
    assert coach.closed == 1


def test_leaving_the_page_stops_the_coach(chat: Chat, coach: StandIn) -> None:
    async def run() -> None:
        views = chat.send("slow", None, "zh", "p1")
        async for view in views:
            if "unchecked" in view.get("live", ""):
                break
        await views.aclose()
        await asyncio.sleep(0.3)

    asyncio.run(run())
    assert coach.closed == 1 and not chat._runs


def test_regenerate_replaces_the_last_reply_only_when_there_is_a_new_one(chat: Chat, coach: StandIn) -> None:
    kept = last(ask(chat, "问一"), "kept")
    views = asyncio.run(gather(chat.again(kept, "zh", "p1")))
    now = Conversation.load(views[-1]["kept"]).now
    assert len(now) == 1 and now[0].id != Conversation.load(kept).now[0].id and "kept" not in views[0]

    def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError

    coach.ask = broken  # type: ignore[method-assign]
    views = asyncio.run(gather(chat.again(kept, "zh", "p1")))
    assert Conversation.load(views[-1]["kept"]) == Conversation.load(kept) and views[-1]["hint"]


def test_new_chat_can_be_taken_back_or_forgotten(chat: Chat) -> None:
    kept = last(ask(chat, "重要的问题"), "kept")
    fresh = chat.fresh(kept, "zh", "p1")
    assert "还在你的浏览器里" in fresh["log"] and "重要的问题" not in fresh["log"]
    assert "重要的问题" in chat.back(fresh["kept"], "zh", "p1")["log"]
    assert chat.forget(fresh["kept"], "zh", "p1")["kept"] == {"now": [], "before": []}


def test_new_chat_while_a_reply_comes_does_not_bring_the_old_one_back(chat: Chat) -> None:
    async def run() -> list[View]:
        after = []
        fresh = None
        async for view in chat.send("slow", None, "zh", "p1"):
            if fresh is None and "unchecked" in view.get("live", ""):
                fresh = chat.fresh(view.get("kept"), "zh", "p1")
            elif fresh:
                after.append(view)
        return after

    assert asyncio.run(run()) == []


def test_two_pages_share_nothing(chat: Chat, coach: StandIn) -> None:
    async def both() -> tuple[list[View], list[View]]:
        one, two = await asyncio.gather(
            gather(chat.send("slow 甲", None, "zh", "p1")), gather(chat.send("slow 乙", None, "en", "p2"))
        )
        return one, two

    one, two = asyncio.run(both())
    assert "乙" not in str(one) and "甲" not in str(two)
    assert "Citations checked" in two[-1]["log"] and "引用已核对" in one[-1]["log"]


def test_one_page_asks_one_thing_at_a_time(chat: Chat, coach: StandIn) -> None:
    async def run() -> list[list[View]]:
        return list(await asyncio.gather(gather(chat.send("slow", None, "zh", "p1")), gather(chat.send("二", None, "zh", "p1"))))

    assert asyncio.run(run())[1] == [{"busy": True}] and len(coach.asked) == 1


def test_switching_the_language_while_a_reply_comes(chat: Chat) -> None:
    async def run() -> list[View]:
        views = []
        async for view in chat.send("slow", None, "zh", "p1"):
            views.append(view)
            if len(views) == 2:
                assert chat.switch(None, "zh", "p1")["lang"] == "en"
        return views

    assert "Citations checked" in asyncio.run(run())[-1]["log"]


def test_a_question_waits_for_the_library(chat: Chat, coach: StandIn) -> None:
    coach.library["state"] = "loading"

    async def run() -> list[View]:
        views = []
        async for view in chat.send("问", None, "zh", "p1"):
            views.append(view)
            coach.library["state"] = "ready"
        return views

    assert "引用已核对" in asyncio.run(run())[-1]["log"]
    coach.library.update(state="failed", error="No index", hint="coach ingest")
    final = ask(chat, "问")[-1]
    assert "还差一步设置" in final["log"] and "<code>coach ingest</code>" in final["log"] and coach.asked[1:] == []


def test_a_question_interrupted_by_a_reload_can_be_asked_again(chat: Chat) -> None:
    kept = ask(chat, "问")[0]["kept"]
    assert "还没答完" in chat.open(kept, "zh")["log"]


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
