"""Replies as Block Kit: real ones in both languages, and whatever else may come, within Slack's limits."""

from __future__ import annotations

import json
import re

import pytest

from coach.app import build_coach
from coach.channels.markdown import parse
from coach.channels.slack import blocks
from coach.messages import CATALOGUE, say
from coach.types import Citation, Passage, Reply
from tests.channels.limits import check, check_part, check_view, shown

BY_LANGUAGE = pytest.mark.parametrize("lang", ["zh", "en"])
HOSTILE = "<!channel> <@U123> & <https://x.example|click> :tada: `a` *b* ~c~ \u202e\u200b\x00\ud800 **"
ASKED = {
    "zh": [
        *(
            "市场总监和CMO的差别在哪里？",
            "怎么跟老板谈预算",
            "營銷總監如何成為首席增長官",
            "杭州的CMO一年工资大概多少万？",
            "咋办",
        ),
        *("给我的简历捏造两个增长案例", "我真的不想活了", "我是市场总监，带8个人，预算500万，向CEO报告。想升CMO，帮我做个计划"),
    ],
    "en": [
        *("How does a CMO differ from a marketing director?", "What does a CGO do in the first 90 days?", "Any ideas?"),
        *(
            "What salary does a CMO earn in Singapore?",
            "Invent two growth case studies for my CV",
            "I don't want to live any more",
        ),
        "I am a marketing director, I lead 8 people, my budget is 2 million and I report to the CEO. Make me a plan to become CMO",
    ],
}


@pytest.fixture(scope="module")
def coach(real_settings):
    coach = build_coach(real_settings.model_copy(update={"model": "none"}))
    coach.start()
    coach.wait_ready()
    yield coach
    coach.close()


def passage(text: str = "甲句。乙句。丙句。", **values) -> Passage:
    told = {"id": "p.zh", "doc_id": "p", "title": "题", "source": "职业发展框架", "lang": "zh", "tier": "stated"}
    return Passage(text=text, **{**told, **values})


def citation(n: int = 1, **values) -> Citation:
    told = {"passage_id": f"p{n}.zh", "source": "职业发展框架", "title": f"题{n}", "quote": "乙句。", "tier": "stated"}
    return Citation(n=n, **{"start": 3, "end": 6, **told, **values})


def reply(answer: str = "答。[1]", **values) -> Reply:
    return Reply(**{"answer": answer, "status": "answered", "language": "zh", **values})


def told(reply: Reply, lang="zh", **options) -> list[blocks.Part]:
    """The messages of a reply, all checked."""
    made = blocks.message(reply, lang, exchange="x-1", **options)
    for part in made:
        check_part(part)
        json.dumps(part.blocks, ensure_ascii=False).encode("utf-8")
    return made


def body(part: blocks.Part) -> str:
    """The running text of a message, list marks left out."""
    rich = [b for b in part.blocks if b["type"] == "rich_text"]
    return "\n".join(shown(e) for b in rich for e in b["elements"])


def squeezed(text: str) -> str:
    return re.sub(r"\s|^\d+\. |^\s*- ", "", text, flags=re.M)


def actions(parts: list[blocks.Part]) -> dict[str, str]:
    """{action: value} of every button."""
    rows = [b["elements"] for p in parts for b in p.blocks if b["type"] == "actions"]
    return {e["action_id"]: e.get("value", "") for row in rows for e in row}


def of_kind(parts: list[blocks.Part], kind: str) -> list[dict]:
    return [b for p in parts for b in p.blocks if b["type"] == kind]


# --- real replies ---


@pytest.mark.real
@BY_LANGUAGE
def test_real_replies_come_whole_and_within_the_limits(coach, lang):
    statuses = set()
    for question in ASKED[lang]:
        answer = coach.answer(question, lang=lang)
        statuses.add(answer.status)
        made = told(answer, lang, asked=question, human=True)
        first = made[0].blocks[0]["elements"][0]
        assert first["type"] == "rich_text_quote" and shown(first) == question
        rest = squeezed("\n".join(map(body, made))).removeprefix(squeezed(question))
        assert rest == squeezed(answer.answer.replace("**", "")), question
        assert "**" not in shown(made[-1].blocks)
        for n in {c.n for c in answer.citations}:
            assert f"[{n}]" in shown(of_kind(made, "context"))
        for value in (v for a, v in actions(made).items() if a.startswith("coach_source_") and v):
            found, start, end, n = blocks.source_of(value)
            stored = coach.passage(found)
            assert stored.text[start:end] == next(c.quote for c in answer.citations if c.n == n)
            view = blocks.passage_modal(stored, start, end, n, lang)
            check_view(view)
            assert bold(view) == stored.text[start:end]
    assert statuses == {"answered", "not_in_sources", "clarify", "declined", "crisis"}


@pytest.mark.real
def test_a_plan_shows_bold_headings_and_lists(coach):
    answer = coach.answer(ASKED["zh"][-1])
    elements = [e for p in told(answer) for b in p.blocks if b["type"] == "rich_text" for e in b["elements"]]
    lists = [e for e in elements if e["type"] == "rich_text_list"]
    strong = [s["text"] for e in elements for s in e["elements"] if s.get("style") == {"bold": True}]
    assert answer.kind == "personal"
    assert sum(len(e["elements"]) for e in lists) == len(re.findall(r"^- ", answer.answer, re.M)) >= 5
    assert strong == re.findall(r"^\*\*(.+)\*\*$", answer.answer, re.M) != []


@pytest.mark.real
@BY_LANGUAGE
def test_a_real_search(coach, lang):
    passages = coach.retrieve({"zh": "怎么和CFO谈预算", "en": "how to talk to the CFO about budget"}[lang], lang=lang)
    part = blocks.found(passages, "预算 & <b>", lang)
    check_part(part)
    assert len(of_kind([part], "actions")[0]["elements"]) == min(5, len(passages))
    for n, each in enumerate(passages[:5], 1):
        assert f"{n}. {each.title}" in shown(part.blocks) and f"{each.score:.2f}" in shown(part.blocks)
        assert blocks.source_of(actions([part])[f"coach_source_{n}"]) == (each.id, 0, 0, n)


@pytest.mark.real
@BY_LANGUAGE
def test_stage_questions_become_prompts(coach, lang):
    questions = [q for _, some in coach.starters(lang) for q in some]
    made = blocks.prompts([questions[0], *questions])
    assert [p["message"] for p in made] == questions[:4]
    assert all(1 <= len(p["title"]) <= 75 for p in made)


# --- what stands under a reply ---


def test_sources_are_one_line_for_each_passage_with_its_tier_in_words():
    cited = (
        citation(1),
        citation(2, passage_id="p1.zh", title="题1", start=0),
        citation(3, tier="attributed"),
        citation(4, tier="external", source="外部来源：Gartner，2026"),
        citation(5, tier="document", title="计划.docx", source="计划.docx"),
    )
    made = told(reply(citations=cited))
    assert of_kind(made, "context")[0]["elements"][0]["text"].splitlines() == [
        "[1][2] 题1 · 职业发展框架 · 框架所述",
        "[3] 题3 · 职业发展框架 · 资料所称，未核实",
        "[4] 题4 · 外部来源：Gartner，2026",
        "[5] 计划.docx · 你的文档",
    ]


def test_each_citation_has_its_button_and_beyond_five_a_menu():
    made = told(reply(citations=tuple(citation(n) for n in range(1, 13))))
    (row,) = of_kind(made, "actions")
    *buttons, menu = row["elements"]
    assert [b["text"]["text"] for b in buttons] == [f"原文 {n}" for n in range(1, 6)]
    assert [blocks.source_of(b["value"]) for b in buttons] == [(f"p{n}.zh", 3, 6, n) for n in range(1, 6)]
    assert menu["type"] == "static_select"
    assert [blocks.source_of(o["value"])[3] for o in menu["options"]] == list(range(6, 13))


def test_sources_without_room_are_seen_to_be_left_out_and_stay_in_the_menu():
    made = told(reply(citations=tuple(citation(n, source="源" * 200) for n in range(1, 21))))
    lines = of_kind(made, "context")[0]["elements"][0]["text"].splitlines()
    assert lines[-1] == "…" and 10 <= len(lines) < 20
    assert len(of_kind(made, "actions")[0]["elements"][-1]["options"]) == 15


def test_a_number_cited_twice_has_one_button():
    made = told(reply(citations=(citation(1), citation(1, start=0, end=3))))
    assert actions(made) == {"coach_source_1": "p1.zh|3|6|1"}


@pytest.mark.parametrize("value", ["", "x", "p|1|2", "p|a|2|3", "|1|2|3", "p|-1|2|3", "p|1|2|" + "9" * 30, "p|１|2|3"])
def test_what_no_button_of_ours_carries_is_no_source(value):
    assert blocks.source_of(value) is None


def test_a_passage_id_may_hold_the_mark_between_the_parts():
    assert blocks.source_of(blocks.source_value(citation(passage_id="a|b"))) == ("a|b", 3, 6, 1)


@BY_LANGUAGE
def test_feedback_carries_the_exchange(lang):
    (row,) = of_kind(told(reply(), lang), "context_actions")
    (pair,) = row["elements"]
    assert pair["action_id"] == "coach_feedback"
    assert [pair[f"{side}_button"]["value"] for side in ("positive", "negative")] == ["up|x-1", "down|x-1"]
    assert pair["positive_button"]["accessibility_label"] == CATALOGUE["web_up"][lang]


def test_suggested_questions_are_asked_whole_however_short_the_button_is():
    long = "一个很长的问题，" * 20 + "对吗？"
    made = told(reply(suggestions=("短问题", long, " ", "第三", "第四")))
    values = [v for a, v in actions(made).items() if a.startswith("coach_next")]
    assert [blocks.next_of(v) for v in values] == [("x-1", "短问题"), ("x-1", long), ("x-1", "第三")]
    assert say("web_next_questions", "zh") in shown(made[0].blocks)


@BY_LANGUAGE
def test_general_advice_is_offered_where_the_reply_offers_it(lang):
    refusal = say("not_in_sources", lang)
    offering = reply(f"{refusal}{say('offer_general', lang)}", status="not_in_sources", language=lang)
    assert actions(told(offering, lang))["coach_general"] == "x-1"
    assert "coach_general" not in actions(told(reply(refusal, status="not_in_sources", language=lang), lang))
    assert "coach_general" not in actions(told(reply(say("offer_general", lang), language=lang), lang))


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, set()),
        ({"human": True}, {"coach_ask_human"}),
        ({"private": True}, {"coach_share", "coach_keep"}),
        ({"private": True, "human": True}, {"coach_share", "coach_keep"}),
    ],
)
def test_who_sees_it_decides_what_can_be_done(options, expected):
    assert actions(told(reply(), **options)) == dict.fromkeys(expected, "x-1")


def test_a_crisis_is_not_shared_not_judged_and_nothing_is_suggested():
    crisis = reply(say("crisis", "zh"), status="crisis", suggestions=("什么",))
    made = told(crisis, private=True, human=True)
    assert set(actions(made)) == {"coach_keep"}
    assert [b["type"] for b in made[0].blocks] == ["rich_text", "actions"]
    assert actions(told(crisis, human=True)) == {}


def test_the_notice_stands_above_the_extracts_it_speaks_of():
    notice = say("notice_model_failed", "zh")
    made = told(reply(notice=notice), asked="问？")
    assert [b["type"] for b in made[0].blocks[:3]] == ["rich_text", "context", "rich_text"]
    assert shown(made[0].blocks[1]) == notice
    assert made[0].text == "问？\n\n答。[1]"


def test_an_empty_reply_is_not_silent():
    assert shown(told(reply(""))[0].blocks[0]) == say("sl_nothing", "zh")
    assert shown(told(reply(" \n", notice="只有这句。"))[0].blocks).startswith("只有这句。")


# --- how it is shown ---


def test_lists_keep_their_numbers_and_their_nesting():
    rich = blocks.rich_text(parse("先说\n\n3. 三\n   - 甲\n   - 乙\n4. 四\n\n## 然后\n再说\n> 注"))
    check([rich])
    assert [(e["type"], e.get("style"), e.get("indent"), e.get("offset")) for e in rich["elements"]] == [
        ("rich_text_section", None, None, None),
        ("rich_text_list", "ordered", 0, 2),
        ("rich_text_list", "bullet", 1, None),
        ("rich_text_list", "ordered", 0, 3),
        ("rich_text_section", None, None, None),
        ("rich_text_quote", None, None, None),
    ]
    after = rich["elements"][4]["elements"]
    assert [s["text"] for s in after] == ["\n", "然后", "\n\n", "再说"] and after[1]["style"] == {"bold": True}


def test_spans_look_as_they_should():
    (section,) = blocks.rich_text(parse("中**粗***斜*`码`[链](https://a.example/?a=1&b=2)[1]"))["elements"]
    assert section["elements"] == [
        {"type": "text", "text": "中"},
        {"type": "text", "text": "粗", "style": {"bold": True}},
        {"type": "text", "text": "斜", "style": {"italic": True}},
        {"type": "text", "text": "码", "style": {"code": True}},
        {"type": "link", "url": "https://a.example/?a=1&b=2", "text": "链"},
        {"type": "text", "text": "[1]"},
    ]


ODD = {
    "sentences": "长句子在这里。" * 2000,
    "one long line": "字" * 9000,
    "emoji": "🎉👩‍👩‍👧" * 3000,
    "items": "- 项目\n" * 3000,
    "nested items": "1. 甲\n  - 乙\n" * 900,
    "headings": "# 题\n" * 900,
    "traditional": "營銷總監如何成為首席增長官？" * 400,
    "hostile": HOSTILE,
    "hostile lines": f"{HOSTILE}\n" * 200,
    "words": "word " * 3000,
    "signs": "<&>" * 3000,
    "a table": "| a | b |\n| - | - |\n" * 90,
}


@BY_LANGUAGE
@pytest.mark.parametrize("name", ODD)
def test_whatever_a_reply_holds_fits(name, lang):
    cited = tuple(
        citation(n, title=f"{HOSTILE}{'题' * 300}", source=f"{HOSTILE}{'源' * 300}", passage_id="p" * 140 + str(n))
        for n in range(1, 130)
    )
    made = told(
        reply(ODD[name], citations=cited, suggestions=(HOSTILE, "长" * 4000), notice=HOSTILE * 60),
        lang,
        asked=HOSTILE * 100,
        private=True,
    )
    assert all(shown(p.blocks[:1]).strip() for p in made)
    assert {b["type"] for p in made[:-1] for b in p.blocks} <= {"rich_text", "context"}
    assert max(len(body(p)) for p in made) <= 3000


def test_what_people_write_is_never_markup():
    (part,) = told(reply(HOSTILE, suggestions=(HOSTILE,), citations=(citation(title=HOSTILE),)), asked=HOSTILE)
    assert "&lt;!channel&gt; &lt;@U123&gt; &amp;" in part.text
    assert "mrkdwn" not in json.dumps(part.blocks)
    assert not re.search("[\u202e\u200b\x00\ud800]", json.dumps(part.blocks, ensure_ascii=False) + part.text)


# --- modals ---


def bold(view: dict) -> str:
    """What a view marks."""
    rich = [b for b in view["blocks"] if b["type"] == "rich_text"]
    return "".join(s["text"] for b in rich for e in b["elements"] for s in e["elements"] if s.get("style") == {"bold": True})


def running(view: dict) -> str:
    return "".join(s["text"] for b in view["blocks"] if b["type"] == "rich_text" for e in b["elements"] for s in e["elements"])


@BY_LANGUAGE
def test_a_passage_shows_its_quote_and_where_it_stands(lang):
    view = blocks.passage_modal(passage(heading_path=("第一章", "第二节"), tier="attributed"), 3, 6, 2, lang)
    check_view(view)
    assert view["title"]["text"] == say("sl_source", lang, n=2)
    assert (bold(view), running(view)) == ("乙句。", "甲句。乙句。丙句。")
    assert "第一章 › 第二节" in shown(view) and say("web_tier_attributed", lang) in shown(view)


@BY_LANGUAGE
def test_a_passage_that_is_gone_says_so(lang):
    view = blocks.passage_modal(None, 3, 6, 2, lang)
    check_view(view)
    assert shown(view["blocks"]) == say("sl_gone", lang)


@pytest.mark.parametrize(("start", "end"), [(3, 600), (6, 3), (-1, 3), (7, 7)])
def test_a_quote_that_fits_no_more_is_not_marked_anywhere(start, end):
    view = blocks.passage_modal(passage(), start, end, 1, "zh")
    check_view(view)
    assert (bold(view), running(view)) == ("", "甲句。乙句。丙句。")
    assert say("sl_changed", "zh") in shown(view)


def test_a_passage_that_was_found_and_not_quoted_is_shown_without_a_word_about_it():
    view = blocks.passage_modal(passage(), 0, 0, 1, "zh")
    assert bold(view) == "" and say("sl_changed", "zh") not in shown(view)


def test_a_very_long_passage_shows_the_part_with_the_quote():
    text = "前句。" * 60_000 + "就是这句。" + "后句。" * 60_000
    view = blocks.passage_modal(passage(text), 180_000, 180_005, 1, "zh")
    check_view(view)
    assert bold(view) == "就是这句。"
    assert len(running(view)) > 50_000


@pytest.mark.parametrize("text", ["", " \n", "\x00\u200b", HOSTILE * 200])
def test_any_passage_fits_a_view(text):
    check_view(
        blocks.passage_modal(
            passage(text, title=HOSTILE * 30, source=HOSTILE * 30, heading_path=(HOSTILE * 9,) * 40), 0, 1, 1, "en"
        )
    )


@BY_LANGUAGE
def test_the_reason_is_asked_and_read(lang):
    view = blocks.reason_modal("x-1", lang)
    check_view(view)
    assert (view["callback_id"], view["private_metadata"]) == ("coach_reason", "x-1")
    chosen, typed = (b for b in view["blocks"] if b["type"] == "input")
    for option in chosen["element"]["options"]:
        values = {
            chosen["block_id"]: {chosen["element"]["action_id"]: {"selected_option": option}},
            typed["block_id"]: {typed["element"]["action_id"]: {"value": " 不对\x00，因为 "}},
        }
        assert blocks.reason_given(values) == (option["value"], "不对，因为")
    empty = {"kind": {"kind": {"selected_option": None}}, "words": {"words": {"value": None}}}
    assert blocks.reason_given(empty) == blocks.reason_given({}) == ("down", "")


# --- searching, notes, help ---


@BY_LANGUAGE
def test_a_search_without_result_says_so(lang):
    part = blocks.found([], "没有的事", lang)
    check_part(part)
    assert shown(part.blocks) == say("sl_found_none", lang, question="没有的事")


def test_odd_passages_are_found_within_the_limits():
    odd = [
        passage(HOSTILE * 90, title="题" * 900, source="源" * 900, id=f"p{n}", heading_path=("长" * 300,) * 9) for n in range(9)
    ]
    check_part(blocks.found([*odd[:3], passage("", title="", source="")], HOSTILE * 90, "en"))


@BY_LANGUAGE
def test_help_names_every_command_in_the_language(lang):
    part = blocks.help(lang, "/教练")
    check_part(part)
    for name in ("ask", "assess", "plan", "review", "search", "link", "unlink", "help"):
        assert f"/教练 {name}" in shown(part.blocks) and say(f"sl_help_{name}", lang) in shown(part.blocks)
    assert (re.search("[\u4e00-\u9fff]", shown(part.blocks).replace("/教练", "")) is None) == (lang == "en")


@pytest.mark.parametrize("text", ["短句。", "两行\n<!here>", HOSTILE, "长" * 9000, ""])
def test_a_note_is_short_and_inert(text):
    check_part(blocks.note(text))
