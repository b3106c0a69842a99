"""Feishu: the real lark-oapi and the whole service against a local stand-in for Feishu's open API."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from html import unescape
from types import SimpleNamespace

import pytest
from fastapi.testclient import TestClient
from markdown_it import MarkdownIt

from coach.app import Coach, build_coach
from coach.channels.feishu import Feishu, cards, incoming
from coach.channels.feishu.calls import Calls, FeishuError
from coach.channels.feishu.reply import CardOutlet
from coach.channels.hub import Hub
from coach.channels.markdown import parse, plain
from coach.errors import SetupError
from coach.messages import say
from coach.service.api import create_app
from coach.settings import ROOT, Settings
from coach.store.channels import open_channels
from coach.store.database import open_database
from coach.store.inbox import Inbox
from coach.types import Citation, Reply
from evals.feishu_cards import buttons, parts_of, refused, shown
from evals.feishu_server import FeishuServer, Message

pytestmark = pytest.mark.real

QUESTION = "CMO和市场总监有什么区别？"
PERSONAL = "我是市场总监，带8个人，预算200万，汇报给CEO。给我排个计划，怎么成为CMO"


@pytest.fixture(scope="module")
def coach(real_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Coach]:
    path = tmp_path_factory.mktemp("feishu") / "coach.db"
    made = build_coach(real_settings.model_copy(update={"model": "none", "database_url": f"sqlite:///{path}"}))
    made.start()
    made.wait_ready()
    yield made
    made.close()


@pytest.fixture
def feishu() -> Iterator[FeishuServer]:
    with FeishuServer() as server:
        yield server


class Service:
    """The running service, and Feishu posting to it."""

    def __init__(self, feishu: FeishuServer, coach: Coach, **settings: object) -> None:
        self.feishu, self.coach = feishu, coach
        self.settings = coach.settings.model_copy(update={**feishu.settings(), **settings})
        self.inbox = Inbox(open_database(self.settings.records_url))
        self.channels = open_channels(self.settings)
        self._stack = ExitStack()

    def __enter__(self) -> Service:
        app = create_app(self.coach, self.settings)
        self._stack.callback(app.state.service.close)
        client = TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False)
        self._client = self._stack.enter_context(client)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def post(self, event: dict, **how):
        headers, body = self.feishu.sent(event, **how)
        return self._client.post("/feishu/events", content=body, headers=headers)

    def ask(self, user: str, chat: str, text: str, **how) -> str:
        """Asks and waits until it is dealt with; the id of the message."""
        message = self.feishu.say(user, chat, text, **how)
        assert self.post(self.feishu.event(message)).status_code == 200
        self.settle()
        return message

    def settle(self) -> None:
        self.feishu.wait(lambda: self.inbox.open("feishu") == 0)


@pytest.fixture
def service(feishu: FeishuServer, coach: Coach) -> Iterator[Service]:
    with Service(feishu, coach) as running:
        yield running


def one_card(feishu: FeishuServer, chat: str) -> Message:
    (message,) = feishu.from_bot(chat)
    return message


# --- the gate ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encrypted", [True, False])
def test_address_is_verified(service, feishu, encrypted):
    answer = service.post(feishu.challenge("abc"), encrypted=encrypted, signature="none")
    assert (answer.status_code, answer.json()) == (200, {"challenge": "abc"})
    refused = service.post(feishu.challenge("abc"), encrypted=encrypted, signature="none", token="another")
    assert refused.status_code == 401
    assert refused.json()["error"]["code"] == "feishu_token"
    assert "abc" not in refused.text


@pytest.mark.parametrize("encrypted", [True, False])
@pytest.mark.parametrize(
    ("how", "status", "code"),
    [
        ({"signature": "bad"}, 401, "feishu_signature"),
        ({"signature": "none"}, 401, "feishu_signature"),
        ({"signature": "stale"}, 401, "feishu_stale"),
        ({"token": "another"}, 401, "feishu_token"),
    ],
)
def test_forged_and_stale_events_are_refused_and_nothing_is_handled(service, feishu, capfd, encrypted, how, status, code):
    anna = feishu.user("安娜")
    event = feishu.event(feishu.say(anna, feishu.direct(anna), QUESTION))
    answer = service.post(event, encrypted=encrypted, **how)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert service.inbox.open("feishu") == 0
    assert feishu.calls == []
    printed = "".join(capfd.readouterr())
    assert not [secret for secret in (feishu.encrypt_key, feishu.verification_token, feishu.app_secret) if secret in printed]


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{}", b'{"encrypt": 7}', b'{"encrypt": "aGVsbG8="}', b"\xff\xfe", b'"x"'])
def test_what_is_no_event_is_refused(service, body):
    answer = service._client.post("/feishu/events", content=body)
    assert answer.status_code in (400, 401)
    assert answer.json()["error"]["code"].startswith("feishu_")


def test_an_event_of_another_kind_is_acknowledged(service, feishu):
    event = feishu._event("im.chat.member.bot.added_v1", {"chat_id": "oc_1"})
    assert service.post(event).status_code == 200
    assert service.post(event, signature="bad").status_code == 401


@pytest.mark.parametrize("encrypted", [True, False])
def test_plain_and_encrypted_events_are_answered(service, feishu, encrypted):
    anna = feishu.user("安娜")
    chat = feishu.direct(anna)
    event = feishu.event(feishu.say(anna, chat, QUESTION))
    assert service.post(event, encrypted=encrypted).status_code == 200
    service.settle()
    assert "CMO" in shown(one_card(feishu, chat).card)


def test_an_event_that_cannot_be_kept_is_not_acknowledged_and_handled_when_it_comes_again(service, feishu, monkeypatch):
    anna = feishu.user("安娜")
    chat = feishu.direct(anna)
    event = feishu.event(feishu.say(anna, chat, QUESTION))
    with monkeypatch.context() as broken:
        broken.setattr(Inbox, "put", lambda *_args, **_more: (_ for _ in ()).throw(OSError("disk full")))
        assert service.post(event).status_code == 500
    assert service.post(event).status_code == 200
    service.settle()
    assert "CMO" in shown(one_card(feishu, chat).card)


# --- who is answered ---------------------------------------------------------------------------------------------------


def test_a_message_is_answered_once_however_often_it_comes(service, feishu):
    anna = feishu.user("安娜")
    chat = feishu.direct(anna)
    event = feishu.event(feishu.say(anna, chat, QUESTION))
    answers = [service.post(event).status_code for _ in range(3)]
    service.settle()
    answers.append(service.post(event).status_code)
    service.settle()
    assert answers == [200] * 4
    assert len(feishu.called("reply")) == 1
    assert one_card(feishu, chat).edits == 1


def test_direct_messages_are_one_conversation(service, feishu):
    anna = feishu.user("安娜")
    chat = feishu.direct(anna)
    service.ask(anna, chat, "CGO是什么？")
    service.ask(anna, chat, "那他前90天做什么？")
    person = service.channels.user("feishu", feishu.tenant, anna).person
    (conversation,) = service.coach.talks.conversations(person)
    held = service.coach.talks.conversation(person, conversation.id)
    assert [e.question for e in held.exchanges] == ["CGO是什么？", "那他前90天做什么？"]
    assert all(call.body["reply_in_thread"] is False for call in feishu.called("reply"))


def test_in_a_group_a_mention_is_answered_in_its_thread_and_nothing_else(service, feishu):
    anna, bo = feishu.user("安娜"), feishu.user("小波")
    group = feishu.group(anna, bo)
    service.ask(anna, group, QUESTION)
    service.ask(anna, group, QUESTION, others=(bo,))
    bot = feishu.say(anna, group, QUESTION, mention=True)
    assert service.post(feishu.event(bot, sender_type="app")).status_code == 200
    service.settle()
    assert feishu.from_bot(group) == []
    asked = service.ask(anna, group, QUESTION, mention=True)
    card = one_card(feishu, group)
    assert (card.root, card.thread) == (asked, feishu.messages[asked].thread)
    assert card.thread


def test_a_reply_in_a_thread_of_ours_needs_no_mention(service, feishu):
    anna, bo = feishu.user("安娜"), feishu.user("小波")
    group = feishu.group(anna, bo)
    asked = service.ask(anna, group, QUESTION, mention=True)
    service.ask(bo, group, "市场总监要补哪些能力？", under=asked)
    assert len(feishu.from_bot(group)) == 2
    service.ask(bo, group, "你怎么看？", under=asked, others=(anna,))  # asks somebody else
    foreign = feishu.say(bo, group, "午饭吃什么？")
    service.ask(anna, group, "火锅怎么样？", under=foreign)
    assert len(feishu.from_bot(group)) == 2


def test_who_said_what_in_the_thread_is_known(service, feishu, monkeypatch):
    anna, bo = feishu.user("安娜"), feishu.user("小波")
    group = feishu.group(anna, bo)
    first = service.ask(anna, group, "CGO是什么？", mention=True)
    answer = "".join(p["content"] for p in parts_of(one_card(feishu, group).card) if p["tag"] == "markdown")
    feishu.say(bo, group, "我们公司没有\n这个岗位", under=first, kind="post")
    given = []
    asked = service.coach.talks.ask

    def spy(*args, **how):
        given.append(how["history"])
        return asked(*args, **how)

    monkeypatch.setattr(service.coach.talks, "ask", spy)
    service.ask(anna, group, "那他前90天做什么？", under=first, mention=True)
    (turns,) = given
    assert [t.role for t in turns] == ["user", "assistant", "other"]
    assert turns[0].content == "CGO是什么？"
    assert turns[1].content[:20] in unescape(answer)
    assert turns[2].content == "我们公司没有\n这个岗位"
    feishu.may_read = False  # without the permission to read the group there is no history, and an answer all the same
    service.ask(anna, group, "市场总监呢？", under=first, mention=True)
    assert given[1:] == [()]
    assert len(feishu.from_bot(group)) == 3


def test_formatted_messages_are_read_and_pictures_are_politely_not(service, feishu):
    anna = feishu.user("安娜")
    chat = feishu.direct(anna)
    service.ask(anna, chat, QUESTION, kind="post")
    assert "CMO" in shown(one_card(feishu, chat).card)
    service.ask(anna, chat, "", kind="image")
    told = shown(feishu.from_bot(chat)[-1].card)
    assert say("feishu_only_text", "zh") in told
    assert say("feishu_only_text_mend", "zh") in told
    group = feishu.group(anna)
    asked = service.ask(anna, group, QUESTION, mention=True)
    service.ask(anna, group, "", kind="file", under=asked)
    assert len(feishu.from_bot(group)) == 1


def test_words_of_messages():
    at = [{"key": "@_user_1", "id": {"open_id": "me"}, "name": "教练"}, {"key": "@_user_10", "id": "ou_x", "name": "李雷"}]
    told = {"mentions": at}
    assert incoming.text("text", '{"text": "@_user_1 问@_user_10 ？ @_all"}', told, "me") == "问@李雷 ？"
    post = (
        '{"title": "题", "content": [[{"tag": "at", "user_id": "@_user_10"}, {"tag": "text", "text": "看"}, {"tag": "img"}], []]}'
    )
    assert incoming.text("post", post, told, "me") == "题\n@李雷看"
    assert [incoming.text("text", broken, {}, "me") for broken in ("", "[]", "{", '{"text": null}')] == [""] * 4
    assert incoming.text("image", '{"image_key": "x"}', {}, "me") == ""


# --- private -----------------------------------------------------------------------------------------------------------


def test_a_private_question_in_a_group_is_answered_in_the_direct_chat(service, feishu):
    anna = feishu.user("安娜")
    group = feishu.group(anna, feishu.user("小波"))
    asked = service.ask(anna, group, PERSONAL, mention=True)
    seen = shown(one_card(feishu, group).card)
    assert seen == say("feishu_privately", "zh")
    own = feishu.read(feishu.direct(anna))
    assert own.startswith(f"> {PERSONAL[:30]}")
    assert len(own) > 100
    assert service.channels.answered("feishu", feishu.tenant, group, asked).posted == ()


def test_a_private_answer_that_cannot_be_delivered_stays_private(service, feishu):
    anna = feishu.user("安娜")
    group = feishu.group(anna)
    feishu.unavailable.add(anna)
    service.ask(anna, group, "我不想活了", mention=True)
    assert shown(one_card(feishu, group).card) == say("feishu_unreachable", "zh")
    assert feishu.called("create")[0].code == 230013


def test_failures_are_told_in_the_direct_chat(service, feishu, coach, monkeypatch):
    def fails(*_args, **_how):
        raise SetupError("the weights are gone")

    anna = feishu.user("安娜")
    group = feishu.group(anna)
    with monkeypatch.context() as broken:
        broken.setattr(coach.talks, "ask", fails)
        service.ask(anna, group, "What does a CGO do?", mention=True)
    assert shown(one_card(feishu, group).card) == say("feishu_privately", "en")
    told = feishu.read(feishu.direct(anna))
    assert say("channel_failed", "en") in told
    assert "> What does a CGO do?" in told
    assert "weights" not in told


def test_too_many_questions_are_told_without_a_word_to_the_group(feishu, coach):
    with Service(feishu, coach, questions_per_hour=1) as service:
        anna = feishu.user("安娜")
        group = feishu.group(anna)
        service.ask(anna, group, QUESTION, mention=True)
        service.ask(anna, group, QUESTION, mention=True)
        assert len(feishu.from_bot(group)) == 1
        assert say("channel_per_hour", "zh", limit=1) in feishu.read(feishu.direct(anna))


# --- cards -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("question", [QUESTION, "How does a CMO differ from a marketing director?", "CGO前90天做什么？"])
def test_card_of_a_real_answer(service, feishu, coach, question):
    anna = feishu.user("安娜")
    chat = feishu.direct(anna)
    asked = service.ask(anna, chat, question)
    card = one_card(feishu, chat).card
    kept = service.channels.answered("feishu", feishu.tenant, chat, asked)
    reply = coach.records.of(kept.person).talks.exchange(kept.exchange).reply
    small = [p["text"]["content"] for p in parts_of(card) if p["tag"] == "div"]
    passages = {p.id: p for p in reply.passages}
    assert reply.citations
    for citation in reply.citations:
        assert f"“{citation.quote}”" in small
        assert citation.quote in passages[citation.passage_id].text
    seen = shown(card)
    lang = reply.language
    for citation in reply.citations:
        (line,) = {x for x in seen.split("\n") if x.startswith("▸ [") and f"[{citation.n}]" in x and citation.title in x}
        assert citation.source in line
        assert say(f"web_tier_{citation.tier}", lang) in line
    assert all(f"- {s}" in seen for s in reply.suggestions[:3])
    assert [b["text"]["content"] for b in buttons(card)] == ["👍", "👎"]
    assert card["config"]["summary"]["content"]
    assert say("feishu_working", lang) not in seen
    posted = feishu.called("reply")[0].body["content"]
    assert say("feishu_working", lang) in posted


STYLES = [
    ("**重点：**后面", "重点"),
    ("前面**“重点”**后面", "重点"),
    ("（**重点。**）后面", "重点"),
    ("前**重点**后", "重点"),
    ("前**《重点》，**[1]后", "重点"),
    ("他说**50%**的人", "50"),
    ("**重点 1.5 亿！**后面", "重点 1.5 亿"),
    ("a**b**c", "b"),
]


@pytest.mark.parametrize(("text", "bold"), STYLES)
def test_bold_is_bold_in_commonmark(text, bold):
    made = cards.markdown(parse(text))
    assert f"<strong>{bold}</strong>" in MarkdownIt("commonmark").render(made)
    visible = "".join(read(made))
    assert visible == text.replace("**", "")


def test_plain_bold_would_not_be():
    assert "<strong>" not in MarkdownIt("commonmark").render(STYLES[0][0])


def read(markdown: str) -> list[str]:
    """The words a reader of CommonMark sees."""
    inline = [t for t in MarkdownIt("commonmark", {"html": True}).parse(markdown) if t.type == "inline"]
    found = []
    for token in inline:
        for child in token.children:
            found.append("\n" if child.content == "<br>" else child.content)
    return found


HOSTILE = [
    "<at id=all></at> <font color=red>x</font> &lt; & &#42;",
    "*a* **b _c_ ~~d~~ `e` [f](g) ![h](i) | j | $k$ :OK: \\n #tag",
    "- x\n+ y\n= z\n1. w",
    "12345. Jahr",
    "1) eins",
    "+ plus",
    "= gleich",
    "    eingerückt",
    "--- ",
    "***",
    "**offen",
    "😀" * 50,
    "a*b*c _d_ e__f__g",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_people_wrote_stays_what_they_wrote(text):
    card = cards.note("ok", asked=text)
    assert refused({"content": json.dumps(card)}) is None
    quoted = card["body"]["elements"][0]["content"]
    rendered = MarkdownIt("commonmark", {"html": True}).parse(quoted)
    assert [t.type for t in rendered] == [*("blockquote_open", "paragraph_open", "inline", "paragraph_close", "blockquote_close")]
    assert {c.type for c in rendered[2].children} <= {"text", "text_special", "softbreak"}
    assert "".join(read(quoted)) == " ".join(text.split())


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_answers_make_sound_cards(text):
    made = cards.answer(Reply(answer=text, status="answered", language="zh"), "zh", exchange="x")
    assert all(refused({"content": json.dumps(card, ensure_ascii=False)}) is None for card in made)
    assert ":OK:" not in cards.markdown(parse(text))


def test_blocks_are_rendered():
    text = "# 一\n\n段落\n第二行\n\n- 甲\n  - 乙\n- **丙**\n\n1. 子\n2. [丑](https://a.cn/x_y)\n\n> 引\n\n*斜***粗**与`x*y`"
    html = MarkdownIt("commonmark", {"html": True}).render(cards.markdown(parse(text)))
    for wanted in (
        "<h4>一</h4>",
        "段落<br>第二行",
        "<li>甲\n<ul>\n<li>乙</li>",
        "<strong>丙</strong>",
        '<ol>\n<li>子</li>\n<li><a href="https://a.cn/x_y">丑</a></li>',
        "<blockquote>\n<p>引</p>",
        "<em>斜</em>",
        "<strong>粗</strong>",
        "<code>x*y</code>",
    ):
        assert wanted in html


@pytest.mark.parametrize(
    "sentence", ["市场负责人要先看增长，再看品牌。", '😀*_<&\\"', "A growth leader looks at numbers first. "]
)
def test_long_answers_are_split_within_the_limit_and_whole(sentence):
    text = "\n\n".join(f"{n} {sentence * 40}" for n in range(40))
    quoted = tuple(
        Citation(n=n, passage_id=f"p{n}", source="源", title="题", quote=sentence * 9, tier="stated", start=0, end=9)
        for n in range(1, 40)
    )
    reply = Reply(answer=text, status="answered", language="zh", citations=quoted, suggestions=("问？",))
    made = cards.answer(reply, "zh", exchange="x")
    assert len(made) > 1
    assert all(refused({"content": json.dumps(card, ensure_ascii=False)}) is None for card in made)
    assert all(cards.size(card) <= cards.MAX_BYTES for card in made)
    whole = "".join(shown(card) for card in made)
    assert "".join(whole.split()).startswith("".join(plain(parse(text)).split()))
    assert len([p for card in made for p in parts_of(card) if sentence * 9 in p.get("text", {}).get("content", "")]) == 39
    assert [len(buttons(card)) for card in made] == [0] * (len(made) - 1) + [2]


def long_reply() -> Reply:
    words = "\n\n".join(["市场负责人要先看增长。" * 90] * 30)
    return Reply(answer=words, status="answered", language="zh", kind="question", id="x1")


def test_a_long_answer_stands_in_several_cards_of_the_thread(service, feishu, monkeypatch):
    anna = feishu.user("安娜")
    group = feishu.group(anna)
    monkeypatch.setattr(cards, "answer", lambda _reply, *a, made=cards.answer, **how: made(long_reply(), *a, **how))
    asked = service.ask(anna, group, QUESTION, mention=True)
    shown_cards = feishu.from_bot(group)
    assert len(shown_cards) > 1
    assert {m.thread for m in shown_cards} == {feishu.messages[asked].thread}
    assert service.channels.answered("feishu", feishu.tenant, group, asked).posted == tuple(m.id for m in shown_cards)


# --- an answer's outlet, by itself -------------------------------------------------------------------------------------


class Outlets:
    """One outlet after the other for a message, each with what the one before kept."""

    def __init__(self, feishu: FeishuServer, settings: Settings, user: str, chat: str) -> None:
        message = feishu.say(user, chat, QUESTION, mention=True)
        self._asked = incoming.asked(feishu.event(message)["event"], feishu.tenant, feishu.bot)
        self._calls = Calls(settings.model_copy(update=feishu.settings()))
        self.kept: dict = {}

    async def _keep(self, more) -> None:
        self.kept |= more

    def next(self) -> CardOutlet:
        return CardOutlet(self._calls, self._asked, "zh", dict(self.kept), self._keep)


def test_a_shorter_answer_takes_the_other_cards_back_and_silence_all_of_them(feishu, coach):
    anna = feishu.user("安娜")
    group = feishu.group(anna)
    outlets = Outlets(feishu, coach.settings, anna, group)
    asyncio.run(outlets.next().working())
    asyncio.run(outlets.next().answer(long_reply(), private=False))
    first, *others = feishu.from_bot(group)
    assert len(others) > 1
    posted = asyncio.run(outlets.next().answer(Reply(answer="短。", status="answered", language="zh", id="x2"), private=False))
    assert [m.id for m in feishu.from_bot(group)] == [first.id] == posted == outlets.kept["posted"]
    assert first.edits == 2
    asyncio.run(outlets.next().silent())
    assert feishu.from_bot(group) == []


def test_a_private_answer_is_sent_once_though_its_worker_is_replaced(feishu, coach):
    anna = feishu.user("安娜")
    group = feishu.group(anna)
    outlets = Outlets(feishu, coach.settings, anna, group)
    reply = Reply(answer="你的差距在财务。", status="answered", language="zh", kind="personal", id="x1")
    asyncio.run(outlets.next().working())
    for _ in range(2):
        assert asyncio.run(outlets.next().answer(reply, private=True)) == ()
    (own,) = feishu.from_bot(feishu.direct(anna))
    assert (own.edits, "你的差距在财务。" in shown(own.card)) == (1, True)
    assert shown(one_card(feishu, group).card) == say("feishu_privately", "zh")


def test_feishu_refusing_for_long_is_left_to_a_later_try(feishu, coach):
    anna = feishu.user("安娜")
    outlets = Outlets(feishu, coach.settings, anna, feishu.group(anna))
    feishu.fail("reply", headers={"x-ogw-ratelimit-reset": "3600"})
    with pytest.raises(FeishuError) as refused:
        asyncio.run(outlets.next().working())
    assert refused.value.code == 99991400
    assert len(feishu.called("reply")) == 1


def test_a_wrong_secret_is_an_error_without_the_secret(feishu, coach, capfd):
    anna = feishu.user("安娜")
    outlets = Outlets(feishu, coach.settings.model_copy(), anna, feishu.group(anna))
    secret, feishu.app_secret = feishu.app_secret, "changed"
    with pytest.raises(FeishuError) as refused:
        asyncio.run(outlets.next().working())
    assert refused.value.code == 10014
    assert secret not in str(refused.value) + "".join(capfd.readouterr())


# --- mishaps -----------------------------------------------------------------------------------------------------------


def test_rate_limits_are_waited_out(service, feishu):
    anna = feishu.user("安娜")
    chat = feishu.direct(anna)
    feishu.fail("reply", headers={"x-ogw-ratelimit-reset": "1"})
    feishu.fail("patch", status=400, headers={"Retry-After": "1"})
    service.ask(anna, chat, QUESTION)
    for name in ("reply", "patch"):
        refused, taken = feishu.called(name)
        assert (refused.code, taken.code) == (99991400, 0)
        assert taken.at - refused.at >= 1
    assert one_card(feishu, chat).edits == 1


def test_a_token_that_is_no_longer_good_is_renewed(service, feishu):
    anna = feishu.user("安娜")
    chat = feishu.direct(anna)
    service.ask(anna, chat, QUESTION)
    assert len(feishu.called("token")) == 1
    feishu.revoke()
    service.ask(anna, chat, QUESTION)
    assert len(feishu.called("token")) == 2
    assert len(feishu.from_bot(chat)) == 2


def test_an_expired_token_is_renewed_before_it_is_used(coach):
    with FeishuServer(token_lasts=599) as feishu, Service(feishu, coach) as service:  # lark-oapi renews ten minutes ahead
        anna = feishu.user("安娜")
        service.ask(anna, feishu.direct(anna), QUESTION)
        assert len(feishu.called("token")) == len(feishu.calls) / 2
        assert {call.code for call in feishu.calls} == {0}


def test_a_card_whose_posting_was_not_confirmed_is_not_posted_twice(service, feishu):
    anna = feishu.user("安娜")
    chat = feishu.direct(anna)
    feishu.fail("reply", 0, lost=True)
    service.ask(anna, chat, QUESTION)
    assert len(feishu.called("reply")) == 2
    assert "CMO" in shown(one_card(feishu, chat).card)


def test_two_workers_answer_once(feishu, coach):
    anna = feishu.user("安娜")
    chat = feishu.direct(anna)
    with Service(feishu, coach) as first, Service(feishu, coach) as second:
        events = [feishu.event(feishu.say(anna, chat, QUESTION)) for _ in range(3)]
        assert {each.post(event).status_code for event in events for each in (first, second)} == {200}
        first.settle()
    assert len(feishu.called("reply")) == 3
    assert [message.edits for message in feishu.from_bot(chat)] == [1, 1, 1]


def test_after_a_restart_half_way_the_same_card_is_finished(feishu, coach):
    anna = feishu.user("安娜")
    chat = feishu.direct(anna)
    with Service(feishu, coach) as first:
        held = feishu.hold("patch")
        assert first.post(feishu.event(feishu.say(anna, chat, QUESTION))).status_code == 200
        feishu.wait(lambda: feishu.called("patch"))
        threading.Timer(0.5, held.set).start()  # the loop of the service ends only with its calls
    assert shown(one_card(feishu, chat).card) == say("feishu_working", "zh")
    assert first.inbox.open("feishu") == 1
    with Service(feishu, coach) as second:
        second.settle()
    card = one_card(feishu, chat)
    assert "CMO" in shown(card.card)
    assert card.edits == 1
    assert len(feishu.called("reply")) == 1
    person = second.channels.user("feishu", feishu.tenant, anna).person
    (conversation,) = coach.talks.conversations(person)
    exchanges = coach.talks.conversation(person, conversation.id).exchanges
    assert len([e for e in exchanges if not e.superseded]) == 1


def test_a_message_taken_back_meanwhile_is_not_answered(service, feishu):
    anna = feishu.user("安娜")
    chat = feishu.direct(anna)
    message = feishu.say(anna, chat, QUESTION)
    event = feishu.event(message)
    feishu.recall(message)
    assert service.post(event).status_code == 200
    service.settle()
    assert feishu.from_bot(chat) == []
    assert [call.code for call in feishu.called("reply")] == [230011]


def test_a_card_that_is_gone_is_posted_anew(service, feishu):
    anna = feishu.user("安娜")
    chat = feishu.direct(anna)
    feishu.fail("patch", 230031, status=400)
    service.ask(anna, chat, QUESTION)
    waiting, answered = feishu.from_bot(chat)
    assert shown(waiting.card) == say("feishu_working", "zh")
    assert "CMO" in shown(answered.card)


def test_where_groups_have_no_threads_the_answer_is_a_plain_reply(service, feishu):
    feishu.threads = False
    anna = feishu.user("安娜")
    group = feishu.group(anna)
    asked = service.ask(anna, group, QUESTION, mention=True)
    card = one_card(feishu, group)
    assert (card.root, card.thread) == (asked, "")
    service.ask(anna, group, "市场总监要补哪些能力？", quoting=card.id)
    assert len(feishu.from_bot(group)) == 2


# --- opinions ----------------------------------------------------------------------------------------------------------


def test_opinions_are_kept_and_thanked_for(service, feishu, coach):
    anna, bo = feishu.user("安娜"), feishu.user("小波")
    group = feishu.group(anna, bo)
    asked = service.ask(anna, group, QUESTION, mention=True)
    card = one_card(feishu, group).id
    kept = service.channels.answered("feishu", feishu.tenant, group, asked)
    talks = coach.records.of(kept.person).talks
    answer = service.post(feishu.press(anna, card, "👍"))
    assert answer.json()["toast"]["content"] == say("feishu_vote_up", "zh")
    assert answer.json()["toast"]["i18n"]["en_us"] == say("feishu_vote_up", "en")
    assert talks.exchange(kept.exchange).verdict == "up"
    answer = service.post(feishu.press(anna, card, "👎"))
    assert answer.json()["toast"]["content"] == say("feishu_vote_down", "zh")
    assert talks.exchange(kept.exchange).verdict == "down"
    assert service.post(feishu.press(bo, card, "👎")).json()["toast"]["type"] == "success"
    assert talks.exchange(kept.exchange).verdict == "wrong"
    for how, status in (({"signature": "bad"}, 401), ({"signature": "stale"}, 401), ({"token": "x"}, 401)):
        assert service.post(feishu.press(anna, card, "👍"), **how).status_code == status
    assert talks.exchange(kept.exchange).verdict == "wrong"
    coach.talks.delete_all(kept.person)
    assert service.post(feishu.press(anna, card, "👍")).json()["toast"]["type"] == "error"


@pytest.mark.parametrize("value", [None, {}, {"coach_feedback": 7}, {"coach_feedback": "up|"}, {"coach_feedback": "sideways|x"}])
def test_buttons_of_others_are_let_be(service, feishu, value):
    assert cards.verdict_of(value) is None
    event = feishu._event("card.action.trigger", {"operator": {"open_id": "ou_x"}, "action": {"tag": "button", "value": value}})
    answer = service.post(event)
    assert (answer.status_code, answer.json()) == (200, {})


# --- setting up --------------------------------------------------------------------------------------------------------


@contextmanager
def hub_of(coach: Coach, settings: Settings) -> Iterator[Hub]:
    yield Hub(coach, open_channels(settings), Inbox(open_database(settings.records_url)), running=None)


@pytest.mark.parametrize("missing", ["feishu_app_secret", "feishu_encrypt_key", "feishu_verification_token"])
def test_without_its_keys_it_refuses_to_start(coach, feishu, missing):
    settings = coach.settings.model_copy(update={**feishu.settings(), missing: ""})
    with hub_of(coach, settings) as hub, pytest.raises(SetupError) as refused:
        Feishu(settings, hub)
    assert f"COACH_{missing.upper()}" in refused.value.message
    assert feishu.app_secret not in str(refused.value)


def test_an_address_that_is_none_is_named(coach, feishu):
    settings = coach.settings.model_copy(update={**feishu.settings(), "feishu_api_url": "http://elsewhere.example"})
    with hub_of(coach, settings) as hub, pytest.raises(SetupError, match="COACH_FEISHU_API_URL"):
        Feishu(settings, hub)


def run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True).stdout


def test_without_the_package_the_command_to_install_it_is_told():
    told = run(
        "import sys; sys.modules['lark_oapi'] = None\n"
        "from coach.channels.feishu import Feishu; from coach.settings import Settings; from coach.errors import SetupError\n"
        "given = dict(feishu_app_id='a', feishu_app_secret='b', feishu_encrypt_key='c', feishu_verification_token='d')\n"
        "try: Feishu(Settings(_env_file=None, **given), None)\n"
        "except SetupError as error: print(error.hint)"
    )
    assert told.strip() == "pip install 'marketing-career-coach[feishu]'"


def test_the_package_is_imported_only_where_feishu_is_set_up():
    assert run("import sys, coach.service.api, coach.channels.feishu; print('lark_oapi' in sys.modules)").strip() == "False"


@pytest.mark.parametrize("away", [-301, 301])
def test_time_of_requests_is_checked_by_the_clock(service, feishu, monkeypatch, away):
    anna = feishu.user("安娜")
    headers, body = feishu.sent(feishu.event(feishu.say(anna, feishu.direct(anna), QUESTION)))
    stamp = int(headers["X-Lark-Request-Timestamp"])
    monkeypatch.setattr("coach.channels.feishu.gate.time", SimpleNamespace(time=lambda: stamp + away))
    answer = service._client.post("/feishu/events", content=body, headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "feishu_stale")
    monkeypatch.setattr("coach.channels.feishu.gate.time", SimpleNamespace(time=lambda: stamp + away / 301 * 299))
    assert service._client.post("/feishu/events", content=body, headers=headers).status_code == 200
    service.settle()
