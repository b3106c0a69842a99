"""The Markdown of our replies as a tree, and the tree cut in parts: nothing lost, in order, in linear time, whatever comes."""

from __future__ import annotations

import random
import re
import time
from datetime import date

import pytest

from coach.channels.markdown import LEAST, Heading, Item, Items, Paragraph, Quote, Span, parse, parts, plain, words
from coach.documents.blocks import Bullets, Card, Cards, Facts, Grid, Group, Piece, Section, Sheet
from coach.documents.blocks import Paragraph as Told
from coach.documents.markdown import to_markdown


def spans(text: str) -> tuple[Span, ...]:
    (block,) = parse(text).blocks
    assert isinstance(block, Paragraph)
    return block.spans


def looks(text: str) -> list[tuple[str, str]]:
    """(text, b, i, c, l or m for each way it looks) of every span."""
    signs = (("b", "bold"), ("i", "italic"), ("c", "code"), ("l", "link"), ("m", "mark"))
    return [(s.text, "".join(sign for sign, name in signs if getattr(s, name))) for s in spans(text)]


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


# --- spans ---


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("先做**重点**再说", [("先做", ""), ("重点", "b"), ("再说", "")]),
        ("**“引号”**后面", [("“引号”", "b"), ("后面", "")]),
        ("an *italic* word", [("an ", ""), ("italic", "i"), (" word", "")]),
        ("***both***!", [("both", "bi"), ("!", "")]),
        ("**a *b* c**", [("a ", "b"), ("b", "bi"), (" c", "b")]),
        ("**a*b**c*", [("a*b", "b"), ("c*", "")]),
        ("run `coach ask`", [("run ", ""), ("coach ask", "c")]),
        ("`a*b*c`", [("a*b*c", "c")]),
        ("见[原文](https://a.example/x)。", [("见", ""), ("原文", "l"), ("。", "")]),
        ("[**粗**](https://a.example)", [("粗", "bl")]),
        ("看https://a.example/路", [("看", ""), ("https://a.example/", "l"), ("路", "")]),
        ("see https://a.example/x.", [("see ", ""), ("https://a.example/x", "l"), (".", "")]),
        ("多少。[1][12]后", [("多少。", ""), ("[1]", "m"), ("[12]", "m"), ("后", "")]),
    ],
)
def test_spans(text, expected):
    assert looks(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        *(
            "**没有关上",
            "a ** b ** c",
            "3*4*5=60",
            "3 * 4 * 5",
            "snake_case_name",
            "****",
            "`开着",
            "[1",
            "[a](javascript:alert(1))",
        ),
        *(
            "[x](http:// y)",
            "https://",
            "![",
            "<!channel> & <@U1>",
            "2024.1版",
            "3.5%",
            "#标签",
            "-5度",
            "[2024]",
            "C:\\users\\x",
        ),
    ],
)
def test_what_is_no_mark_stays_the_text_it_is(text):
    assert looks(text) == [(text, "")]


def test_a_citation_and_a_link_are_told_apart():
    numbered, linked = spans("甲[3](括号)"), spans("甲[3](https://a.example)")
    assert [(s.text, s.mark, s.link) for s in numbered] == [("甲", 0, ""), ("[3]", 3, ""), ("(括号)", 0, "")]
    assert [(s.text, s.mark, s.link) for s in linked] == [("甲", 0, ""), ("3", 0, "https://a.example")]


def test_escaped_signs_are_signs():
    assert looks(r"\*\*不粗\*\* a \| b \[1\] 1\. \`x\`") == [("**不粗** a | b [1] 1. `x`", "")]


# --- blocks ---


def test_blocks_of_every_kind():
    tree = parse("# 标题\n第一行\n第二行\n\n第二段\n> 注一\n> 注二\n- 甲\n  - 乙\n- 丙\n尾巴\n#### 小标题")
    kinds = [type(b) for b in tree.blocks]
    assert kinds == [Heading, Paragraph, Paragraph, Quote, Items, Paragraph, Heading]
    assert plain(tree) == "标题\n\n第一行\n第二行\n\n第二段\n\n注一\n注二\n\n- 甲\n  - 乙\n- 丙\n\n尾巴\n\n小标题"
    assert [b.level for b in tree.blocks if isinstance(b, Heading)] == [1, 4]


def test_numbers_stay_as_they_were_written():
    (listed,) = parse("3. 三\n4、四\n7）七\n\n8. 八").blocks
    assert isinstance(listed, Items)
    assert [(i.number, words(i.spans)) for i in listed.items] == [(3, "三"), (4, "四"), (7, "七"), (8, "八")]


def test_a_deeper_item_counts_as_nested_once_and_an_indented_line_goes_on():
    (listed,) = parse("1. 题\n   - 甲\n     - 乙\n       接着\n2. 二").blocks
    assert isinstance(listed, Items)
    assert [(i.depth, i.number) for i in listed.items] == [(0, 1), (1, None), (1, None), (0, 2)]
    assert words(listed.items[2].spans) == "乙\n接着"


def test_another_kind_of_list_after_a_blank_line_is_another_list():
    assert [len(b.items) for b in parse("- 甲\n- 乙\n\n1. 丙").blocks if isinstance(b, Items)] == [2, 1]


def test_a_table_is_lines_with_dots():
    tree = parse("| 行动 | 到期 |\n| --- | --- |\n| 写**一页** | |\n| a\\|b | 3月 |\n后面")
    assert plain(tree) == "行动 · 到期\n写一页 · –\na|b · 3月\n\n后面"
    first = tree.blocks[0]
    assert isinstance(first, Paragraph) and first.spans[0] == Span(text="行动 · 到期", bold=True)


def test_bars_without_a_rule_are_no_table():
    assert plain(parse("| 甲 | 乙 |")) == "| 甲 | 乙 |"


def sheet(*blocks) -> Sheet:
    return Sheet(
        lang="zh", title="计划", subtitle="", made=date(2026, 11, 22), author="", header="计划 *v1*", page="", colon="：",
        head=(("姓名", "王_芳"),), sections=(Section(title="一 [1]", blocks=blocks),),
    )  # fmt: skip


def test_what_our_documents_write_comes_back():
    told = "1. *不*是 [1] #号 `x` | a_b <c> & ~d~ $5"
    made = sheet(
        Told(text=told),
        Told(text="注 > 意", note=True),
        Facts(rows=(("键", "值|值"),)),
        Bullets(items=("- 甲", "2) 乙")),
        Grid(head=("列", "行"), rows=(("1|2", "**3**"),), widths=(1, 1)),
    )
    shown = plain(parse(to_markdown(made)))
    wanted = [
        "计划 *v1*",
        "- 姓名：王_芳",
        "一 [1]",
        told,
        "注 > 意",
        "- 键：值|值",
        "- - 甲",
        "- 2) 乙",
        "列 · 行",
        "1|2 · **3**",
    ]
    assert [line for line in shown.splitlines() if line] == wanted


def test_cards_of_a_plan_become_numbered_items_with_their_details():
    card = Card(title="写*一页*", tags=(Piece(label="到期：", text="3月"),), details=((Piece(label="", text="两个数"),),))
    cards = Cards(head=("做什么", "衡量"), groups=(Group(title="", cards=(card,)),), widths=(1, 1))
    listed = [b for b in parse(to_markdown(sheet(cards))).blocks if isinstance(b, Items)][-1]
    assert listed.items[0] == Item(spans=(Span(text="写*一页*", bold=True),), number=1)
    assert [(i.depth, words(i.spans)) for i in listed.items[1:]] == [(1, "到期：3月"), (1, "衡量：两个数")]


# --- cutting ---


def whole(text: str, limit: int) -> list[str]:
    """The plain parts, after the promise was checked: within the limit, nothing lost, in order."""
    tree = parse(text)
    found = [plain(p) for p in parts(tree, limit)]
    assert all(0 < len(p) <= limit for p in found)
    assert squeezed("".join(found)) == squeezed(plain(tree))
    return found


def test_what_fits_is_one_part():
    text = "# 甲\n\n乙\n\n- 丙"
    assert parts(parse(text), 100) == [parse(text)]
    assert parts(parse("  \n\n "), 100) == []


def test_it_is_cut_between_blocks_first():
    assert whole(f"{'甲' * 50}。\n\n{'乙' * 50}。", 100) == ["甲" * 50 + "。", "乙" * 50 + "。"]


def test_then_between_items():
    found = whole("\n".join(f"- {n}{'项' * 30}" for n in range(1, 6)), 100)
    assert [p.count("- ") for p in found] == [2, 2, 1] or [p.count("- ") for p in found] == [3, 2]
    assert all(p.startswith("- ") and p.endswith("项") for p in found)


def test_then_after_a_sentence_with_its_closing_quote_and_citation():
    text = "".join(f"他说：“第{n}句话到这里就完了。”[{n}][{n + 1}]" for n in range(1, 12))
    for part in whole(text, 70):
        assert part.startswith("他说：“第") and re.search(r"。”\[\d+\]\[\d+\]$", part)


def test_a_stop_inside_a_number_is_no_end_of_a_sentence():
    text = "The ratio was 3.5 to 1.25 over time and it grew. " * 6
    assert all(p.rstrip().endswith("grew.") for p in whole(text, 120))


def test_then_at_a_space_then_anywhere():
    assert all(re.fullmatch(r"(word )*(word ?)", p) for p in whole("word " * 100, 64))
    assert [len(p) for p in whole("字" * 150, 60)] == [60, 60, 30]


def test_a_heading_or_lead_goes_with_what_it_leads_to():
    for lead in ("## 下一步", "**行动**", "分三步："):
        found = whole(f"{'甲' * 80}。\n\n{lead}\n\n{'乙' * 70}。", 100)
        assert len(found) == 2 and found[0] == "甲" * 80 + "。", lead


def test_a_lead_goes_with_the_beginning_of_a_long_list():
    items = "\n".join(f"- {'项' * 40}" for _ in range(10))
    found = whole(f"{'甲' * 90}。\n\n**行动**\n{items}", 150)
    assert found[0] == "甲" * 90 + "。" and found[1].startswith("行动\n\n- ")


def test_an_item_cut_in_two_is_not_numbered_twice():
    found = whole("1. " + "这是一句话。" * 30 + "\n2. 二", 100)
    assert sum(p.count("1. ") for p in found) == 1 and "2. 二" in found[-1]


def test_bold_goes_on_over_a_cut():
    for part in parts(parse(f"**{'粗' * 150}**"), 60):
        assert all(s.bold for b in part.blocks if isinstance(b, Paragraph) for s in b.spans)


def test_a_limit_without_room_is_refused():
    with pytest.raises(ValueError, match="at least"):
        parts(parse("甲"), LEAST - 1)


# --- whatever comes ---

N = 100_000
ODD = {
    "stars": "*a" * (N // 2),
    "pairs": "**a " * (N // 4),
    "ticks": "`a" * (N // 2),
    "brackets": "[" * N,
    "links": "[a](https://x" * (N // 13),
    "addresses": "https://" * (N // 8),
    "backslashes": "\\" * N,
    "bars": "|" * N,
    "rule": "|a|\n|" + "-|" * (N // 2),
    "almost a rule": "|a|\n|" + "-" * N + "x",
    "items": "- a\n" * (N // 4),
    "nested": "1. a\n  - b\n" * (N // 11),
    "quotes": ">" * N,
    "headings": "# a\n" * (N // 4),
    "marks": "[1]" * (N // 3),
    "spaces": " " * N + "x",
    "a gap": "甲" + " " * N + "乙",
    "lines": "\n" * N + "x",
    "stops": ".)" * (N // 2),
    "bold": "**" + "粗" * N + "**",
    "emoji": "👩‍👩‍👧🎉" * (N // 6),
    "traditional": "營銷總監如何成為首席增長官。" * (N // 14),
    "invisible": "\u200b\x00\ud800\u202e市" * (N // 5),
}


@pytest.mark.parametrize("name", ODD)
def test_long_and_odd_texts_are_read_and_cut_without_loss(name):
    begun = time.process_time()
    whole(ODD[name], 2600)
    whole(ODD[name], LEAST)
    assert time.process_time() - begun < 20, "what is quadratic takes minutes"


def test_any_soup_of_signs_is_read_and_cut_without_loss():
    dice = random.Random(6)
    for _ in range(300):
        soup = "".join(dice.choice("*`[]()#>-1.|\\ \n市a。:：🎉\t_<&!“”") for _ in range(dice.randrange(1, 400)))
        whole(soup, dice.randrange(LEAST, 200))


def test_any_order_of_blocks_is_cut_without_loss():
    dice = random.Random(8)
    for _ in range(400):
        limit = dice.randrange(LEAST, 160)
        blocks = []
        for _ in range(dice.randrange(1, 12)):
            size = dice.choice((3, 20, limit // 2, limit - 12, limit, limit * 3))
            said = "".join(dice.choice("市场预算。 a") for _ in range(size)).strip() or "甲"
            kind = dice.choice(("# {}", "**{}**", "{}：", "{}", "> {}", "- {}", "- {}\n- 短\n  - {}", "1. {}\n2. {}"))
            blocks.append(kind.format(*[said] * kind.count("{}")))
        whole(dice.choice(("\n", "\n\n")).join(blocks), limit)


def test_nothing_of_a_text_is_lost_but_marks():
    dice = random.Random(7)
    for _ in range(200):
        soup = "".join(dice.choice("市a。 \n*`[1]") for _ in range(200))
        kept = [c for c in squeezed(plain(parse(soup))) if c not in "*`-1."]
        assert kept == [c for c in squeezed(soup) if c not in "*`-1."]
