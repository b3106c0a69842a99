"""Nothing a person, a document or a model writes becomes mark-up; citations open the words they quote."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from html.parser import HTMLParser

import pytest

from coach.conversation.patterns import GENERAL
from coach.messages import CATALOGUE
from coach.types import Citation, Done, Reply
from tests.ui.web_stand_in import EVIL, StandIn, answer, cite, passages
from ui.chat import around, render
from ui.chat.around import Starters
from ui.chat.exchange import Entry, Exchange, File, Group, finished, folded, grouped, uncarried

ALLOWED = set(
    "article section div span p br strong ul ol li button mark header h1 h2 h3 a details summary dl dt dd nav svg path rect circle "
    "code form input label textarea dialog".split()
)
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


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


def section(reply: Reply) -> str:
    return render.section_html(exchange(reply), "zh")


def evil() -> Exchange:
    done = [e for e in StandIn().ask("evil") if isinstance(e, Done)][0]
    return exchange(done.reply, question=EVIL)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_html_from_outside_stays_text_everywhere(lang: str) -> None:
    bad = evil()
    failed = replace(bad, state="failed", error="error_setup", hint=EVIL)
    stopped = replace(bad, state="stopped", partial=EVIL, reply=None)
    broken = {"library": {"state": "failed", "error": EVIL, "hint": EVIL}, "model": {"state": "ready"}}
    last = replace(bad, earlier=(stopped, failed, bad))
    pages = [
        render.log_html((bad, failed, stopped, replace(bad, state="interrupted"), last), lang, general=True),
        render.live_html(bad, lang, stage="查", words=EVIL),
        render.live_html(replace(bad, reply=None, passages=bad.shown_passages), lang, stage="查"),
        render.section_html(bad, lang),
        around.opening_html(lang, [Starters(stage=EVIL, name=EVIL, questions=[EVIL])], [], data=EVIL),
        around.opening_html(lang, [], [EVIL], data=EVIL),
        around.list_html([Group("web_group_today", [Entry(id=EVIL, title=EVIL, changed=NOW)])], lang),
        around.list_html([], lang, search=EVIL),
        around.files_html([File(id=EVIL, name=EVIL, characters=3)], lang),
        around.read_html(EVIL, render.prose(EVIL), [EVIL], lang),
        around.banner_html(broken, lang),
        around.composer_html(lang, limit=8000, foot=EVIL),
        around.rail_head_html(lang),
        around.bar_html(lang),
        around.panel_html(lang),
    ]
    for page in pages:
        seen = Tags(page)
        assert seen.tags <= ALLOWED, seen.tags - ALLOWED
        assert not [name for name, _ in seen.attributes if name.startswith("on")]
        links = [str(v) for name, v in seen.attributes if name in ("href", "src")]
        assert all(link.startswith(("tel:", "#", "/")) for link in links), links
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


def test_cited_passages_come_first_with_badge_and_path() -> None:
    found = passages()
    reply = replace(answer(found), passages=tuple(reversed(found)))
    html = section(reply)
    assert re.findall(r"class='card (\w+)", html) == ["stated", "attributed", "external", "document"]
    for words in ("框架所述", "资料所称，未核实", "外部来源", "你的文档", "四个职业阶段 › 营销副总裁 / CMO", "找到但没有引用"):
        assert words in html
    assert "data-passages='ab12'" in html and html.count("<mark") == 3


def test_nearest_passages_are_not_passed_off_as_sources() -> None:
    reply = Reply(answer="没有", status="not_in_sources", language="zh", passages=passages(2))
    assert "最接近的内容" in section(reply)
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
    assert "data-again" not in html and "data-vote" not in html and "接着聊" not in html


def test_copied_text_names_its_sources() -> None:
    text = render.plain_text(answer(passages()), "zh")
    assert "[2] 和CFO说同一种语言" in text and "资料所称，未核实" in text


def test_a_long_question_is_folded_but_whole() -> None:
    html = render.exchange_html(Exchange(id="ab12", question="长" * 5000), "zh", last=True)
    assert "<details>" in html and "长" * 5000 in html


def test_who_sees_the_question_is_said() -> None:
    assert "不发往外部" in around.data_sentence("zh", "local:qwen2.5-coder-1.5b", accounts=False)
    assert "openai:gpt-5" in around.data_sentence("zh", "openai:gpt-5", accounts=True)
    assert "Only you" in around.data_sentence("en", "none", accounts=True)


def test_banner_says_what_is_wrong_and_how_to_mend_it() -> None:
    ready, loading = {"state": "ready"}, {"state": "loading"}
    assert around.banner_html({"library": ready, "model": {"state": "none"}}, "zh") == ""
    assert "资料库正在准备" in around.banner_html({"library": loading, "model": loading}, "zh")
    assert "still loading" in around.banner_html({"library": ready, "model": loading}, "en")
    failed = {"state": "failed", "error": "No index", "hint": "Rebuild with: coach ingest"}
    html = around.banner_html({"library": failed, "model": ready}, "zh")
    assert "<code>coach ingest</code>" in html and "No index" in html


def test_all_sentences_of_the_page_exist_in_both_languages() -> None:
    for key, words in CATALOGUE.items():
        if key.startswith("web_"):
            assert words["zh"] and words["en"], key
            assert set(re.findall(r"{(\w+)}", words["zh"])) == set(re.findall(r"{(\w+)}", words["en"])), key


@pytest.mark.parametrize(
    ("source", "label"),
    [
        ("外部来源：腾讯财报，2024；本教练的判断，2026", "外部来源 2024"),
        ("外部来源：Spencer Stuart 2025年报告（2024年数据），2025；本教练的判断，2026", "外部来源 2025"),
        ("外部来源：Spencer Stuart CMO任期研究，2025年数据；本教练的判断，2026", "外部来源 2025"),
        ("外部来源：McKinsey Live，日期未注明，2026年核对；腾讯财报，2024", "外部来源"),
        ("外部来源：某篇文章", "外部来源"),
        ("", "外部来源"),
    ],
)
def test_an_outside_source_is_labelled_with_its_year_where_it_has_one(source: str, label: str) -> None:
    assert render.tier_label("external", source, "zh") == label


def test_only_outside_sources_have_a_year() -> None:
    assert render.tier_label("stated", "外部来源：腾讯财报，2024", "zh") == "框架所述"


def test_versions_are_folded_into_what_took_their_place() -> None:
    def one(name: str, superseded: bool = False) -> Exchange:
        return Exchange(id=name, question=name, state="done", superseded=superseded)

    shown = folded([one("a"), one("b", True), one("c", True), one("d"), one("e")])
    assert [(e.id, [v.id for v in e.earlier]) for e in shown] == [("a", []), ("d", ["b", "c"]), ("e", [])]


def test_versions_that_nothing_took_the_place_of_are_shown() -> None:
    assert [e.id for e in folded([Exchange(id="a", question="a", superseded=True)])] == ["a"]


def test_earlier_versions_can_be_read_and_not_worked_on() -> None:
    html = render.exchange_html(replace(exchange(answer(passages())), earlier=(evil(),)), "zh", last=True)
    old = html[html.index("<details class='earlier'>") :]
    assert "之前的版本（1）" in old and "<button" not in old


def test_days_are_those_of_the_reader() -> None:
    tokyo = datetime(2026, 11, 23, 1, tzinfo=timezone(timedelta(hours=9)))  # 16 o'clock of the day before in UTC
    entries = [Entry(id=str(hours), title="t", changed=tokyo - timedelta(hours=hours)) for hours in (0.5, 2, 24 * 6, 24 * 8)]
    assert [(g.key, len(g.entries)) for g in grouped(entries, tokyo)] == [
        ("web_group_today", 1),
        ("web_group_week", 2),
        ("web_group_earlier", 1),
    ]


def test_cited_passages_that_a_reply_does_not_hold_are_named() -> None:
    found = passages()
    assert uncarried(replace(answer(found), passages=found[:1])) == [found[1].id, found[2].id]


def test_general_advice_is_labelled_and_never_offered_twice() -> None:
    general = Reply(answer="一般来说……", status="not_in_sources", language="zh", kind="general", model="m")
    html = render.exchange_html(exchange(general), "zh", last=True, general=True)
    assert "一般建议，不出自资料库" in html and "data-ask" not in html


def test_the_words_that_ask_for_general_advice_do_so() -> None:
    for words in CATALOGUE["web_general_words"].values():
        assert GENERAL.search(words)


def test_a_citation_without_text_is_harmless() -> None:
    odd = Citation(n=1, passage_id="director-to-cmo#0", source="s", title="t", quote="", tier="stated", start=0, end=0)
    assert "<mark" not in render.passage_html(passages()[0], [odd], "zh")
