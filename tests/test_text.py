"""Text in its normal forms, its language, its words; also the text people really paste."""

from __future__ import annotations

import pytest

from coach.text import add_words, clean, clip, fold, language, normalise, simplify, tokens


@pytest.mark.parametrize(
    ("raw", "clear"),
    [
        ("ＣＭＯ　１００％", "CMO 100%"),
        ("  多余 \t 的\n\n空白  ", "多余 的 空白"),
        ("零\u200b宽\ufeff字\u00ad符", "零宽字符"),
        ("\u202e反向\u202c", "反向"),
        ("坏\ud800字\x00符\x07", "坏字符"),
        ("标签\U000e0041字", "标签字"),
        ("①②", "12"),
        ("什么？好！", "什么?好!"),
        ("", ""),
        ("👩‍💼🚀", "👩💼🚀"),
    ],
)
def test_normalise(raw, clear):
    assert normalise(raw) == clear
    assert normalise(clear) == clear


def test_clean_keeps_line_breaks_and_the_width_of_letters():
    assert clean("一\r\n二\r三\n四Ａ\u200b") == "一\n二\n三\n四Ａ"


@pytest.mark.parametrize(
    ("one", "other"),
    [("ＣＭＯ 與 VP", "cmo与vp"), ("行銷 總監", "行销总监"), ("Profit  and\nLoss", "profitandloss"), ("３７％", "37%")],
)
def test_fold_makes_equal_what_says_the_same(one, other):
    assert fold(one) == fold(other) == other


def test_simplify_leaves_other_text_alone():
    assert simplify("從總監到CEO") == "从总监到CEO"
    assert simplify("P&L, ÄÖÜ, ひらがな 🙂") == "P&L, ÄÖÜ, ひらがな 🙂"


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("市场总监怎么升CMO？", "zh"),
        ("CMO的KPI和OKR怎么定", "zh"),
        ("行銷總監要做什麼", "zh"),
        ("How do I become a CMO?", "en"),
        ("What does 私域 mean for a foreign brand in the market?", "en"),
        ("好", "zh"),
        ("ROI", "en"),
        ("🙂怎么办🙂", "zh"),
        ("help 🙏", "en"),
    ],
)
@pytest.mark.parametrize("default", ["zh", "en"])
def test_language_is_that_of_the_words(text, lang, default):
    assert language(text, default) == lang


@pytest.mark.parametrize("text", ["", "   ", "🙂🚀", "37% / 2026", "???", "x", "привет"])
@pytest.mark.parametrize("default", ["zh", "en"])
def test_text_without_letters_of_either_language_has_the_default_s(text, default):
    assert language(text, default) == default


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("What is the P&L of a brand?", ["p&l", "brand"]),
        ("70-20-10", ["70-20-10"]),
        ("A/B test, C++", ["a/b", "test", "c++"]),
        ("３.２年", ["3.2", "年"]),
        ("🙂 。？", []),
        ("", []),
        ("的 了 吗 the of", []),
    ],
)
def test_tokens(text, words):
    assert tokens(text) == words


def test_tokens_of_long_chinese_words_hold_their_parts():
    found = tokens("首席執行官的職業規劃")
    assert {"首席", "执行官", "职业"} <= set(found)
    assert "的" not in found


def test_a_taught_word_is_not_cut():
    word = "摘星荐才图"
    assert word not in tokens(f"请看{word}怎么用")
    add_words([word])
    assert word in tokens(f"请看{word}怎么用")


def test_clip_keeps_beginning_and_end():
    text = "开头" + "中" * 100 + "结尾"
    clipped = clip(text, 10)
    assert clipped == "开头中中中 … 中中中结尾"
    assert clip(text, len(text)) == text
    assert clip("", 5) == ""
