"""A composed reply is made of the library's own sentences, whole and in their words, and says where they come from."""

from __future__ import annotations

import pytest

from coach.conversation.compose import compose, extract, pieces
from coach.messages import say
from tests.conversation.stand_in import QUESTION, Scores, passage

SHORT = "总监要把预算变成增长。增长要用毛利说话。汇报要让CEO听得懂。"
ENGLISH = "A director turns budget into growth. Growth is told in gross margin. Reports must make sense to the CEO."


def long_text(lang="zh", count=12) -> str:
    if lang == "zh":
        return "".join(
            f"第{n:02}句讲的是一件和别的句子都不一样的事，足够占去一些地方，再补几个字凑成一整行。" for n in range(count)
        )
    return " ".join(
        f"Sentence {n:02} is about something that no other sentence here is about, and takes its room in the text."
        for n in range(count)
    )


def assert_literal(composed, *passages) -> None:
    by_id = {p.id: p for p in passages}
    assert composed.citations
    for number, citation in enumerate(composed.citations, 1):
        assert citation.n == number and composed.text.count(f"[{number}]") == 1
        assert by_id[citation.passage_id].text[citation.start : citation.end] == citation.quote
        assert citation.quote.strip() in composed.text


def test_nothing_found_composes_nothing(claims):
    composed = compose([(QUESTION, [])], Scores(), "zh", claims)
    assert (composed.text, composed.citations, list(pieces(composed))) == ("", (), [])


@pytest.mark.parametrize(("text", "lang"), [(SHORT, "zh"), (ENGLISH, "en")])
def test_a_short_passage_is_given_whole(claims, text, lang):
    best = passage(text, lang=lang)
    composed = compose([(QUESTION, [best])], Scores(), lang, claims)
    assert composed.text == f"{text}[1]"
    assert_literal(composed, best)


def test_sentences_of_one_article_keep_their_order(claims):
    composed = compose([(QUESTION, [passage(SHORT)])], Scores({"毛利": 0.4, "听得懂": 0.3}), "zh", claims)
    assert composed.text == f"{SHORT}[1]"


def test_a_sentence_far_worse_than_the_best_is_left_out(claims):
    composed = compose([(QUESTION, [passage(SHORT)])], Scores({"听得懂": 1.0}), "zh", claims)
    assert composed.text == "汇报要让CEO听得懂。[1]"


def test_what_stored_questions_point_to_counts(claims):
    pointed = passage(SHORT, pointed={3: 1.0})
    composed = compose([(QUESTION, [pointed])], Scores({"听得懂": 0.5}), "zh", claims)
    assert composed.text == "汇报要让CEO听得懂。[1]"


@pytest.mark.parametrize(("lang", "limit", "best"), [("zh", 650, "第07句"), ("en", 1690, "Sentence 07")])
def test_of_a_long_article_the_best_sentences_come_first_within_the_limits(claims, lang, limit, best):
    source = passage(long_text(lang, 24), lang=lang)
    composed = compose([(QUESTION, [source])], Scores({best: 0.4}), lang, claims)
    quoted = sum(len(c.quote) for c in composed.citations)
    sentence = 41 if lang == "zh" else 100
    assert limit - 2 * sentence < quoted <= limit, "room for another sentence was left unused, or too much was said"
    assert best in composed.paragraphs[0]
    assert_literal(composed, source)


def test_two_close_articles_share_the_first_part(claims):
    one = passage("预算由总监制定。预算要分配到渠道。", id="one", score=5.0)
    two = passage("预算的拥有者是CMO。预算要向董事会汇报。", id="two", score=4.9)
    composed = compose([(QUESTION, [one, two])], Scores({"制定": 0.4, "拥有者": 0.35, "分配": 0.2, "汇报": 0.2}), "zh", claims)
    assert [c.passage_id for c in composed.citations] == ["one", "two"]
    assert_literal(composed, one, two)


def test_the_article_of_the_best_sentence_comes_first(claims):
    one = passage("总监管团队。", id="one", score=5.0)
    two = passage("预算的拥有者是CMO。", id="two", score=4.9)
    composed = compose([(QUESTION, [one, two])], Scores({"拥有者": 0.4}), "zh", claims)
    assert [c.passage_id for c in composed.citations] == ["two", "one"]


def test_no_more_than_six_articles_are_quoted(claims):
    found = [passage(f"第{n}件事值得先做。", id=f"a{n}", score=5.0) for n in range(7)]
    composed = compose([(QUESTION, found)], Scores(), "zh", claims)
    assert len({c.passage_id for c in composed.citations}) == 6


@pytest.mark.parametrize(("lang", "limit"), [("zh", 130), ("en", 340)])
def test_an_extract_is_shorter(claims, lang, limit):
    source = passage(long_text(lang), lang=lang)
    composed = extract(QUESTION, source, Scores({"03": 0.9}), lang, claims)
    (citation,) = composed.citations
    assert "03" in citation.quote and len(citation.quote) <= limit
    assert_literal(composed, source)


def test_close_passages_add_a_sentence_each_and_only_the_first_says_also(claims):
    found = [passage(f"{word}要先想清楚目的。", id=word, score=10 - n) for n, word in enumerate(["预算", "团队", "品牌"])]
    composed = compose([(QUESTION, found)], Scores(), "zh", claims)
    assert composed.paragraphs == ("预算要先想清楚目的。[1]", "另外：团队要先想清楚目的。[2]", "品牌要先想清楚目的。[3]")
    assert_literal(composed, *found)


@pytest.mark.parametrize("far", [{"score": 4.9}, {"score": 9.5, "lang": "en"}])
def test_a_distant_passage_or_one_in_another_language_adds_nothing(claims, far):
    found = [passage(SHORT, score=10.0), passage("另一段也有话说。", id="b", **far)]
    assert compose([(QUESTION, found)], Scores(), "zh", claims).text == f"{SHORT}[1]"


@pytest.mark.parametrize(
    ("lang", "source", "text", "ends"),
    [
        (
            "zh",
            "外部来源：McKinsey，CMO与CFO协同，2026年核对",
            "品牌预算要和财务一起定。",
            "（外部来源：McKinsey，CMO与CFO协同，2026年核对）[1]",
        ),
        (
            "en",
            "External: McKinsey, CMO and CFO, checked 2026",
            "Set the brand budget with finance.",
            " (External: McKinsey, CMO and CFO, checked 2026)[1]",
        ),
        (
            "en",
            "External: The CMO Survey, 2026",
            "Set the brand budget with the finance team.",
            " (External: The CMO Survey, 2026)[1]",
        ),
        ("en", "External: AMA, 2026", "Set the budget without any drama.", " (External: AMA, 2026)[1]"),
    ],
)
def test_an_outside_source_is_named_when_the_sentence_does_not(claims, lang, source, text, ends):
    best = passage(text, lang=lang, tier="external", source=source)
    assert compose([(QUESTION, [best])], Scores(), lang, claims).text == text + ends


@pytest.mark.parametrize(
    ("lang", "source", "text"),
    [
        ("zh", "外部来源：McKinsey，CMO与CFO协同，2026年核对", "McKinsey称品牌预算要和财务一起定。"),
        ("en", "External: McKinsey, CMO and CFO, checked 2026", "According to McKinsey, set the budget with finance."),
        ("zh", "外部来源：本教练的判断，2026", "本教练建议和财务一起定预算。"),
        ("en", "External: this coach's own judgement, 2026", "This coach suggests setting the budget with finance."),
    ],
)
def test_an_outside_source_named_already_is_not_named_twice(claims, lang, source, text):
    best = passage(text, lang=lang, tier="external", source=source)
    assert compose([(QUESTION, [best])], Scores(), lang, claims).text == f"{text}[1]"


@pytest.mark.parametrize(
    ("lang", "text", "word"),
    [
        ("zh", "资料举了一个例子。某互联网企业用算法使获客成本降低37%。", "获客"),
        ("en", "The material gives a case. One company cut customer acquisition cost by 37%.", "acquisition"),
    ],
)
def test_a_claim_cut_off_from_its_attribution_gets_the_mark(claims, lang, text, word):
    best = passage(text, lang=lang, tier="attributed")
    composed = compose([(QUESTION, [best])], Scores({word: 0.9}), lang, claims)
    first = composed.text.split("[1]")[0]
    assert first.endswith(f"37%{'。' if lang == 'zh' else '.'}{say('unverified_mark', lang)}")
    assert composed.text.count(say("unverified_mark", lang)) == 1
    assert_literal(composed, best)


def test_a_claim_with_its_attribution_gets_no_mark(claims):
    best = passage("资料称某互联网企业用算法使获客成本降低37%。", tier="attributed")
    assert compose([(QUESTION, [best])], Scores(), "zh", claims).text == f"{best.text}[1]"


@pytest.mark.parametrize(
    ("lang", "text", "opening"),
    [
        ("zh", "渠道先看复购。", "你的文档《季度计划》里写的是："),
        ("en", "Look at repeat sales first.", "Your document “季度计划” says: "),
    ],
)
def test_a_document_of_the_reader_is_called_that(claims, lang, text, opening):
    best = passage(text, lang=lang, tier="document", title="季度计划")
    assert compose([(QUESTION, [best])], Scores(), lang, claims).text == f"{opening}{text}[1]"


def test_english_keeps_one_space_everywhere(claims):
    found = [
        passage(ENGLISH, lang="en", score=10.0),
        passage("Margin is the language of finance.", id="b", lang="en", score=9.0),
        passage("Margin comes first in our plan.", id="c", lang="en", score=9.0, tier="document", title="Plan"),
    ]
    text = compose([(QUESTION, found)], Scores({"argin": 1.0}), "en", claims).text
    assert "  " not in text and "Also: Margin" in text and "Your document “Plan” says: Margin" in text
    assert text.startswith("Growth is told in gross margin.[1]")


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("zh", SHORT),
        ("en", ENGLISH),
        ("zh", "第一步：找对人。\n第二步：谈清楚。"),
        ("en", "Step one: find the right people.\nStep two: talk it through."),
        ("zh", "先看三件事（预算、团队、渠道）。——再说别的！"),
    ],
)
@pytest.mark.parametrize("tier", ["stated", "document"])
def test_the_streamed_pieces_are_the_text(claims, lang, text, tier):
    found = [
        passage(text, lang=lang, tier=tier, score=10.0),
        passage(text.replace("。", "！"), id="b", lang=lang, tier=tier, score=9.0),
    ]
    composed = compose([(QUESTION, found)], Scores(), lang, claims)
    streamed = list(pieces(composed))
    assert "".join(streamed) == composed.text
    assert len(streamed) > 2


def test_a_passage_without_a_sentence_is_still_cited(claims):
    composed = compose([(QUESTION, [passage("……")])], Scores(), "zh", claims)
    assert composed.text == "……[1]"


@pytest.mark.parametrize(
    ("lang", "text", "caveat"),
    [
        ("zh", "资料称某企业把获客成本降低了37%。团队要先看数据。案例的企业匿名，没有找到来源。", "没有找到来源"),
        (
            "en",
            "The material claims that a company cut acquisition cost by 37%. Teams look at data first. No source could be found.",
            "No source could be found",
        ),
    ],
)
def test_a_claim_brings_what_is_not_known_of_it(claims, lang, text, caveat):
    composed = compose([(QUESTION, [passage(text, lang=lang)])], Scores({"37%": 1.0}), lang, claims)
    assert "37%" in composed.text and caveat in composed.text
    assert "先看数据" not in composed.text and "look at data" not in composed.text
    assert_literal(composed, passage(text, lang=lang))


def test_what_is_no_claim_brings_no_caveat(claims):
    text = "总监要把预算变成增长。企业匿名，没有找到来源。"
    assert "来源" not in compose([(QUESTION, [passage(text)])], Scores({"预算": 1.0}), "zh", claims).text
