"""Nothing a person, a document or a model writes becomes mark-up; citations open the words they quote."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from coach.messages import CATALOGUE
from coach.types import Citation, Done, Reply
from tests.ui.web_stand_in import EVIL, StandIn, answer, cite, passages
from ui import render
from ui.exchange import Conversation, Exchange, finished, history

ALLOWED = set(
    "article section div span p br strong ul ol li button mark header h2 h3 a details summary dl dt dd nav h1 svg path rect circle code".split()
)


class Tags(HTMLParser):
    """Notes every tag and attribute of a piece of HTML, and its plain text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.extend(attrs)

    def handle_data(self, data: str) -> None:
        self.words += data


def exchange(reply: Reply, question: str = "问题") -> Exchange:
    return finished(Exchange(id="ab12", question=question), reply)


def evil() -> Exchange:
    done = [e for e in StandIn().ask("evil") if isinstance(e, Done)][0]
    return exchange(done.reply, question=EVIL)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_html_from_outside_stays_text_everywhere(lang: str) -> None:
    bad = evil()
    failed = replace(bad, state="failed", error="error_setup", hint=EVIL)
    stopped = replace(bad, state="stopped", partial=EVIL)
    broken = {"library": {"state": "failed", "error": EVIL, "hint": EVIL}, "model": {"state": "ready"}}
    pages = [
        render.log_html(Conversation(now=(bad, failed, stopped, replace(bad, state="pending"))), lang, [EVIL]),
        render.log_html(Conversation(), lang, [EVIL]),
        render.live_html(bad, lang, stage="查", words=EVIL),
        render.live_html(replace(bad, reply=None, passages=bad.shown_passages), lang, stage="查"),
        render.panel_html([bad], lang),
        render.banner_html(broken, lang),
        render.foot_html(lang, f"openai:{EVIL}", 8000),
        render.restore_html(EVIL),
        render.announce_html(EVIL),
        render.hint_html(EVIL),
    ]
    for page in pages:
        seen = Tags(page)
        assert seen.tags <= ALLOWED, seen.tags - ALLOWED
        assert not [name for name, _ in seen.attributes if name.startswith("on")]
        assert not [v for name, v in seen.attributes if name in ("href", "src") and not str(v).startswith(("tel:", "#"))]
        assert "<script" not in page


def test_markdown_links_and_images_stay_text() -> None:
    html = render.prose("看[这里](javascript:alert(1)) ![x](http://evil.example/x.png) <http://evil.example>")
    assert Tags(html).tags == {"p"}
    assert "[这里](javascript:alert(1))" in html


def test_prose_keeps_paragraphs_lists_and_bold() -> None:
    html = render.prose("先说**结论**。\n第二行\n\n# 三条\n2. 二\n3. 三\n- 甲\n* 乙")
    assert html == (
        "<p>先说<strong>结论</strong>。<br>第二行</p><p class='sub'>三条</p><ol start='2'><li>二</li><li>三</li></ol>"
        "<ul><li>甲</li><li>乙</li></ul>"
    )


def test_a_decimal_is_no_list() -> None:
    assert render.prose("1.5倍的增长") == "<p>1.5倍的增长</p>"


def test_only_real_citations_become_buttons() -> None:
    found = passages()
    reply = Reply(
        answer="甲。[1] 乙 [7] 丙&quot;[1][2]",
        status="answered",
        language="zh",
        passages=found,
        citations=(cite(1, found[0], "三条"), cite(2, found[1], "37%")),
    )
    html = render.answer_html(reply, "ab12", "zh")
    assert html.count("class='cite") == 3
    assert "[7]" in html and "[1]" not in html
    assert "data-passage='finance-language#0'" in html and "cite attributed" in html
    assert "&amp;quot;" in html  # entities written by a model stay what they were


def test_quotes_are_marked_at_their_offsets() -> None:
    text = "甲乙丙丁戊己"
    assert render.marked(text, [(1, 3, "乙丙", 1)]) == "甲<mark data-n='1'>乙丙</mark>丁戊己"
    assert render.marked(text, [(1, 4, "乙丙丁", 1), (3, 5, "丁戊", 2)]) == (
        "甲<mark data-n='1'>乙丙</mark><mark data-n='1 2'>丁</mark><mark data-n='2'>戊</mark>己"
    )


def test_wrong_offsets_are_mended_and_unknown_quotes_left_unmarked() -> None:
    assert "<mark data-n='1'>丁戊</mark>" in render.marked("甲乙丙丁戊", [(0, 2, "丁戊", 1)])
    assert render.marked("甲乙", [(0, 99, "没有", 1)]) == "甲乙"
    assert render.marked("a<b>&", [(1, 4, "<b>", 1)]) == "a<mark data-n='1'>&lt;b&gt;</mark>&amp;"


def test_marking_never_changes_the_text() -> None:
    for passage in passages():
        assert (
            Tags(render.marked(passage.text, [(2, 9, passage.text[2:9], 1), (5, 12, passage.text[5:12], 2)])).words
            == passage.text
        )


def test_panel_lists_cited_passages_first_with_badge_and_path() -> None:
    found = passages()
    reply = replace(answer(found), passages=tuple(reversed(found)))
    html = render.panel_html([exchange(reply)], "zh")
    assert re.findall(r"class='card (\w+)", html) == ["stated", "attributed", "external", "document"]
    for words in ("框架所述", "资料所称，未核实", "外部来源", "你的文档", "四个职业阶段 › 营销副总裁 / CMO", "找到但没有引用"):
        assert words in html
    assert "data-latest='ab12'" in html and html.count("<mark") == 3


def test_nearest_passages_are_not_passed_off_as_sources() -> None:
    reply = Reply(answer="没有", status="not_in_sources", language="zh", passages=passages(2))
    assert "最接近的内容" in render.panel_html([exchange(reply)], "zh")
    assert "引用已核对" not in render.exchange_html(exchange(reply), "zh", last=True)


@pytest.mark.parametrize(
    ("status", "words"), [("not_in_sources", "资料里没有"), ("declined", "这件事我不做"), ("clarify", "先问一句")]
)
def test_the_status_of_a_reply_is_visible(status: str, words: str) -> None:
    reply = Reply(answer="好", status=status, language="zh")  # type: ignore[arg-type]
    assert words in render.exchange_html(exchange(reply), "zh", last=True)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_crisis_shows_the_numbers_and_nothing_that_distracts(lang: str) -> None:
    reply = Reply(answer="我很担心你。", status="crisis", language="zh", suggestions=("接着聊",), notice="x")
    html = render.exchange_html(exchange(reply), lang, last=True)  # type: ignore[arg-type]
    assert all(f"href='tel:{n}'" in html for n in ("12356", "120", "110"))
    assert "data-do" not in html and "接着聊" not in html


def test_copied_text_names_its_sources() -> None:
    text = render.plain_text(answer(passages()), "zh")
    assert "[2] 和CFO说同一种语言" in text and "资料所称，未核实" in text


def test_a_long_question_is_folded_but_whole() -> None:
    html = render.exchange_html(Exchange(question="长" * 5000), "zh", last=True)
    assert "<details>" in html and "长" * 5000 in html


def test_who_sees_the_question_is_said() -> None:
    assert "不发往外部" in render.foot_html("zh", "local:qwen2.5-coder-1.5b", 8000)
    assert "openai:gpt-5" in render.foot_html("zh", "openai:gpt-5", 8000)


def test_banner_says_what_is_wrong_and_how_to_mend_it() -> None:
    ready, loading = {"state": "ready"}, {"state": "loading"}
    assert render.banner_html({"library": ready, "model": {"state": "none"}}, "zh") == ""
    assert "资料库正在准备" in render.banner_html({"library": loading, "model": loading}, "zh")
    assert "still loading" in render.banner_html({"library": ready, "model": loading}, "en")
    failed = {"state": "failed", "error": "No index", "hint": "Rebuild with: coach ingest"}
    html = render.banner_html({"library": failed, "model": ready}, "zh")
    assert "<code>coach ingest</code>" in html and "No index" in html


def test_all_sentences_of_the_page_exist_in_both_languages() -> None:
    for key, words in CATALOGUE.items():
        if key.startswith("web_"):
            assert words["zh"] and words["en"], key
            assert set(re.findall(r"{(\w+)}", words["zh"])) == set(re.findall(r"{(\w+)}", words["en"])), key


def test_a_conversation_survives_the_browser() -> None:
    kept = Conversation(now=(exchange(answer(passages())),), before=(Exchange(question="旧", state="stopped"),))
    assert Conversation.load(kept.dump()) == kept


@pytest.mark.parametrize("junk", [None, "x", [], {"now": "x"}, {"now": [{"id": "<b>", "question": 1}, {}, 3], "before": None}])
def test_junk_from_a_browser_is_left_out(junk: object) -> None:
    assert Conversation.load(junk) == Conversation()


def test_only_answered_questions_become_history() -> None:
    done = exchange(answer(passages()), question="第一问")
    turns = history([done, Exchange(question="停了", state="stopped"), Exchange(question="坏了", state="failed")])
    assert [(t.role, t.content[:3]) for t in turns] == [
        ("user", "第一问"),
        ("assistant", done.reply.answer[:3] if done.reply else ""),
    ]


def test_a_citation_without_text_is_harmless() -> None:
    odd = Citation(n=1, passage_id="director-to-cmo#0", source="s", title="t", quote="", tier="stated", start=0, end=0)
    assert "<mark" not in render.passage_html(passages()[0], [odd], "zh")
