"""A model's draft is believed sentence by sentence: what its passage does not say is left out, the rest is quoted exactly."""

from __future__ import annotations

import pytest

from coach.conversation.citations import best_quote, cite, figures, names, unfigured, verify
from tests.conversation.stand_in import passage

GROWTH = passage("市场总监要证明自己能把预算变成增长。每个季度要向CEO汇报一次结果。团队的招聘由市场总监决定。", id="growth")
COST = passage(
    "资料称某互联网企业用算法使获客成本降低37%，没有找到来源。引用这个数字时要说明出处。", id="cost", tier="attributed"
)
REPORT = passage(
    "A marketing director shows that the budget turns into growth. The result is reported to the CEO every quarter. "
    "Hiring for the team is the director's own decision.",
    id="report",
    lang="en",
)
SURVEY = passage(
    "The material claims that one company cut customer acquisition cost by 37%; no source was found. "
    "Say so when you quote the figure.",
    id="survey",
    lang="en",
    tier="attributed",
)
ZH, EN = [GROWTH, COST], [REPORT, SURVEY]
ASKED = {"zh": "市场总监要证明什么？", "en": "What does a marketing director have to show?"}


@pytest.fixture
def check(claims):
    def run(draft: str, lang="zh", passages=None, question=None):
        return verify(draft, passages or (ZH if lang == "zh" else EN), question or ASKED[lang], lang, claims)

    return run


def assert_literal(verified, passages) -> None:
    by_id = {p.id: p for p in passages}
    for number, citation in enumerate(verified.citations, 1):
        source = by_id[citation.passage_id]
        assert citation.n == number and f"[{number}]" in verified.text
        assert citation.quote == source.text[citation.start : citation.end] != ""
        assert (citation.source, citation.title, citation.tier) == (source.source, source.title, source.tier)


def test_a_sentence_that_holds_is_kept_with_its_exact_quote(check):
    verified = check("市场总监要证明能把预算变成增长[1]。")
    assert verified.text == "市场总监要证明能把预算变成增长[1]。" and not verified.dropped
    assert [c.quote for c in verified.citations] == ["市场总监要证明自己能把预算变成增长。"]
    assert_literal(verified, ZH)


def test_the_quote_is_the_sentence_that_says_it_not_the_first(check):
    verified = check("Hiring for the team is the director's decision [1].", "en")
    assert [c.quote for c in verified.citations] == ["Hiring for the team is the director's own decision."]
    assert verified.citations[0].start == REPORT.text.index("Hiring")
    assert_literal(verified, EN)


@pytest.mark.parametrize("mark", ["", "[7]", "[0]", "[3]", "【9】", "[99]", "[100]"])
def test_a_sentence_without_a_valid_number_is_dropped(check, mark):
    verified = check(f"市场总监要证明能把预算变成增长{mark}。")
    assert (verified.text, verified.citations) == ("", ())
    assert len(verified.dropped) == 1


def test_a_number_that_is_not_there_does_not_take_the_valid_one_along(check):
    verified = check("市场总监要证明能把预算变成增长[1][8]。")
    assert verified.text == "市场总监要证明能把预算变成增长[1]。"
    assert [c.passage_id for c in verified.citations] == ["growth"]


@pytest.mark.parametrize("mark", ["[1]", "［1］", "【1】", "[ 1 ]", "【 １ 】".replace("１", "1")])
def test_every_shape_of_mark_counts(check, mark):
    verified = check(f"市场总监要证明能把预算变成增长{mark}。")
    assert verified.text == "市场总监要证明能把预算变成增长[1]。"


@pytest.mark.parametrize("mark", ["。[1]", "。 [1]", "。【1】", "。［1］\n"])
def test_a_mark_after_the_full_stop_belongs_to_the_sentence_before(check, mark):
    verified = check(f"市场总监要证明能把预算变成增长{mark}每个季度要向CEO汇报结果。[1]")
    assert verified.text == "市场总监要证明能把预算变成增长[1]。每个季度要向CEO汇报结果[2]。"
    assert [c.quote[:4] for c in verified.citations] == ["市场总监", "每个季度"]


@pytest.mark.parametrize("gap", [" ", "\n", "\n\n"])
def test_a_mark_after_an_english_full_stop_belongs_to_the_sentence_before(check, gap):
    draft = f"A director shows that the budget turns into growth. [1]{gap}The result is reported to the CEO every quarter. [1]"
    verified = check(draft, "en")
    assert verified.text == (
        "A director shows that the budget turns into growth[1]. The result is reported to the CEO every quarter[2]."
    )
    assert_literal(verified, EN)


def test_numbers_follow_the_order_of_appearance_and_one_quote_has_one_number(check):
    verified = check(
        "资料称获客成本降低37%，没有来源[2]。市场总监要证明能把预算变成增长[1]。引用数字时要说明出处[2]。预算变成增长要由市场总监证明[1]。"
    )
    assert [c.passage_id for c in verified.citations] == ["cost", "growth", "cost"]
    assert verified.text.endswith("预算变成增长要由市场总监证明[2]。")
    assert_literal(verified, ZH)


def test_two_passages_behind_one_sentence_are_both_cited(check):
    verified = check("市场总监要证明预算变成增长，引用数字时要说明出处[1][2]。")
    assert verified.text == "市场总监要证明预算变成增长，引用数字时要说明出处[1][2]。"
    assert [c.passage_id for c in verified.citations] == ["growth", "cost"]


def test_the_same_passage_twice_behind_one_sentence_is_cited_once(check):
    assert check("市场总监要证明能把预算变成增长[1][1]。").text == "市场总监要证明能把预算变成增长[1]。"


@pytest.mark.parametrize(
    ("sentence", "lang"),
    [
        ("资料称获客成本降低47%，没有来源[2]。", "zh"),
        ("资料称获客成本降低37倍，没有来源[2]。", "zh"),
        ("市场总监要在2029年证明能把预算变成增长[1]。", "zh"),
        ("The material claims that one company cut acquisition cost by 73%; no source was found [2].", "en"),
        ("The result is reported to the CEO every 45 days [1].", "en"),
    ],
)
def test_a_changed_figure_is_dropped(check, sentence, lang):
    verified = check(sentence, lang)
    assert verified.text == "" and verified.dropped[0][1].startswith("figures not in the passage")


@pytest.mark.parametrize("figure", ["37%", "37％", "３７%", "37 %"])
def test_the_same_figure_written_otherwise_is_the_same(check, figure):
    assert check(f"资料称获客成本降低{figure}，没有来源[2]。").citations


@pytest.mark.parametrize(
    ("sentence", "lang"),
    [
        ("市场总监要像Unilever那样证明能把预算变成增长[1]。", "zh"),
        ("Unilever的市场总监要证明能把预算变成增长[1]。", "zh"),
        ("《增长黑客》说市场总监要证明能把预算变成增长[1]。", "zh"),
        ("A director at Unilever shows that the budget turns into growth [1].", "en"),
        ("Procter & Gamble shows that the budget turns into growth [1].", "en"),
        ("Unilever reports the result to the CEO every quarter [1].", "en"),
    ],
)
def test_an_invented_name_is_dropped(check, sentence, lang):
    verified = check(sentence, lang)
    assert verified.text == "" and verified.dropped[0][1].startswith("names not in the passage")


def test_a_name_from_the_question_may_be_repeated(check):
    sentence = "A director at Unilever shows that the budget turns into growth [1]."
    assert check(sentence, "en", question="I am a director at Unilever; what do I have to show?").citations


@pytest.mark.parametrize(
    ("bare", "attributed", "lang"),
    [
        ("某互联网企业用算法使获客成本降低37%[2]。", "资料称某互联网企业用算法使获客成本降低37%[2]。", "zh"),
        (
            "One company cut customer acquisition cost by 37% [2].",
            "The material claims that one company cut customer acquisition cost by 37% [2].",
            "en",
        ),
    ],
)
def test_a_claim_needs_its_attribution(check, bare, attributed, lang):
    assert check(bare, lang).dropped[0][1] == "claim not attributed: cost-37"
    assert check(bare, lang).text == ""
    assert check(attributed, lang).text and not check(attributed, lang).dropped


@pytest.mark.parametrize(
    ("sentence", "lang"),
    [("每天早上喝一杯温水有助于保持精力充沛[1]。", "zh"), ("Walking in a forest calms most people down quickly [1].", "en")],
)
def test_a_sentence_its_passage_does_not_support_is_dropped(check, sentence, lang):
    assert check(sentence, lang).dropped[0][1] == "not supported by the passage"


def test_a_sentence_in_the_other_language_is_not_measured_by_shared_words(check):
    verified = check("A director has to prove that spending brings growth [1].", "en", passages=ZH)
    assert verified.text and verified.citations[0].passage_id == "growth"
    assert_literal(verified, ZH)


def test_one_bad_sentence_leaves_the_others(check):
    verified = check("市场总监要证明能把预算变成增长[1]。预算要翻到800万[1]。每个季度要向CEO汇报结果[1]。")
    assert verified.text == "市场总监要证明能把预算变成增长[1]。每个季度要向CEO汇报结果[2]。"
    assert [body for body, _ in verified.dropped] == ["预算要翻到800万。"]


@pytest.mark.parametrize("draft", ["", "   \n", "[1]", "。。。[1]", "抱歉，我不知道。"])
def test_nothing_left_gives_an_empty_text(check, draft):
    verified = check(draft)
    assert (verified.text, verified.citations) == ("", ())


def test_bullets_and_headings_are_taken_off(check):
    verified = check("- 市场总监要证明能把预算变成增长[1]。\n* 每个季度要向CEO汇报结果[1]。")
    assert verified.text == "市场总监要证明能把预算变成增长[1]。每个季度要向CEO汇报结果[2]。"


def test_marks_stand_before_the_stop_and_a_closing_quote(check):
    verified = check("市场总监要证明“预算变成增长。”[1]")
    assert verified.text == "市场总监要证明“预算变成增长[1]。”"


def test_cite_is_the_span_itself():
    citation = cite(GROWTH, 2, 9, 4)
    assert (citation.n, citation.quote, citation.passage_id) == (4, GROWTH.text[2:9], "growth")


def test_best_quote_of_a_text_without_sentences_is_all_of_it():
    bare = passage("……", id="dots")
    assert best_quote("增长", bare) == (0, 2)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("降低37%，3.2年，5,000万元", {"37%", "3.2", "5000万"}),
        ("３７％ 和 37 %", {"37%"}),
        ("2026年有70%", {"2026", "70%"}),
        ("1. 第一步[12]，【3】", set()),
        ("two of 4 steps", set()),
        ("4倍，2 million, 10k", {"4倍", "2million", "10k"}),
        ("", set()),
    ],
)
def test_figures(text, found):
    assert figures(text) == found


@pytest.mark.parametrize(
    ("text", "lang", "found"),
    [
        ("据McKinsey和《从优秀到卓越》", "zh", {"mckinsey", "从优秀到卓越"}),
        ("according to Spencer Stuart and Gartner", "en", {"spencer", "stuart", "gartner"}),
        ("The first step is yours", "en", set()),
        ("Keep the budget small", "en", set()),
        ("没有名字的一句话", "zh", set()),
    ],
)
def test_names(text, lang, found):
    assert names(text) == found


@pytest.mark.parametrize(
    ("pieces", "left"),
    [
        (["先问猎头。一般在50", "万到100万之间。再看", "年报。"], "先问猎头。再看年报。"),
        (["CMO的年薪一般在50万到100万之间。"], ""),
        (["大约翻三倍。约八成公司如此。百分之九十的人不知道。"], ""),
        (["1. 先谈目标。\n2. 再谈预算。"], "1. 先谈目标。\n2. 再谈预算。"),
        (
            ["Ask a recruiter. It is about $", "300,000 a year. Compare annual reports", "."],
            "Ask a recruiter. Compare annual reports.",
        ),
        (["Roughly thirty percent agree. Ask your peers."], "Ask your peers."),
        (["没有句号的一句"], "没有句号的一句"),
        ([], ""),
    ],
)
def test_general_advice_states_no_figure(pieces, left):
    assert "".join(unfigured(pieces)) == left
