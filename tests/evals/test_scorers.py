"""The two dangerous mistakes of such scorers: what is missing passes, and Chinese falls out of an English splitter."""

from __future__ import annotations

from dataclasses import replace

import pytest

from evals import scorers
from tests.evals.conftest import PASSAGE, TEXT, case, reply, status_case

KNOWN = {PASSAGE.id: PASSAGE}.get


def right(text, claims, *, status="answered", **changed) -> bool:
    return scorers.answer(case(**changed), text, claims, status=status).right


def test_a_full_answer_is_right(claims):
    assert right("先编制预算，再分配；最后看 roi。", claims)


@pytest.mark.parametrize("nothing", [None, "", "  \n", "[1]", "【1】", "\u200b"])
def test_no_answer_is_wrong_in_every_way(claims, nothing):
    score = scorers.answer(case(attribution=True), nothing, claims)
    assert not score.right and not score.right_in_head and score.share == 0 and score.attribution is False


def test_a_refusal_is_wrong_even_when_it_names_every_keypoint(claims):
    assert not right("资料里没有。相近的有：《制定、分配与ROI》", claims, status="not_in_sources")


def test_one_missing_keypoint_is_wrong_and_named(claims):
    score = scorers.answer(case(), "制定预算，看投资回报。", claims)
    assert not score.right and score.missing == (1,) and score.share == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    "text",
    [
        "制定、分配、投资回报。",
        "制　定；分 配；ＲＯＩ",
        "制定預算，分配，投資回報",
        "制[1]定，分【2】配，投资［３］回报",
        "制定。[1]分配。[2]投资回报。[1][2]",
    ],
)
def test_chinese_is_found_in_any_punctuation_width_and_script(claims, text):
    assert right(text, claims)


@pytest.mark.parametrize("text", ["占20%", "占２０％", "占 20 %", "占２０[1]％"])
def test_figures_are_found_in_any_width(claims, text):
    assert right(text, claims, keypoints=[["20%"]])


def test_the_number_of_a_citation_is_no_keypoint(claims):
    assert not right("分三步。[4]", claims, keypoints=[["4"]])
    assert not right("分三步。【４】", claims, keypoints=[["4"]])


def test_marks_are_read_in_every_form():
    assert scorers.marks("甲[1]乙［２］丙【3】丁【４】戊[1, 2]。[5]") == [1, 2, 3, 4, 1, 2, 5]
    assert scorers.without_marks("甲[1]乙［２］。【３】") == "甲乙。"


def test_what_must_not_be_said_makes_it_wrong(claims):
    score = scorers.answer(case(must_not=["第六大支柱是"]), "制定，分配，ROI。第 六 大支柱是……", claims)
    assert not score.right and score.forbidden == ("第六大支柱是",)


def test_the_head_ends_after_300_or_800_characters(claims):
    late = {"zh": "空" * 298 + "制定分配ROI", "en": "x " * 398 + "制定分配ROI"}
    for lang, text in late.items():
        score = scorers.answer(case(lang=lang), text, claims)
        assert score.right and not score.right_in_head
    assert scorers.answer(case(), "制定分配ROI" + "空" * 400, claims).right_in_head


def test_citation_marks_do_not_use_up_the_head(claims):
    assert scorers.answer(case(), "空" * 285 + "[1][2][3][4][5][6]制定分配ROI", claims).right_in_head


def test_retrieval_counts_only_what_lies_within_the_limit():
    wanted = case().keypoints
    assert scorers.retrieved([TEXT], wanted, 2000).complete
    assert not scorers.retrieved(["空" * 1995, TEXT], wanted, 2000).complete
    assert scorers.retrieved([], wanted, 2000).share == 0
    assert not scorers.Keypoints(held=()).complete


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("SAP设了CMO，扭转了与Oracle的竞争态势。", False),
        ("文中举例说，SAP设了CMO，扭转了与Oracle的竞争态势。", True),
        ("SAP设了CMO，扭转了与Oracle的竞争态势。（以上为资料的说法，未经核实）[1]", True),
        ("文中举例，营销很重要。SAP设了CMO，扭转了与Oracle的竞争态势。", False),
        ("预算要先制定。", None),
    ],
)
def test_a_claim_needs_its_own_attribution(claims, text, held):
    assert scorers.attribution(text, "zh", claims).held is held


def test_a_remark_covers_its_own_paragraph_only(claims):
    text = "SAP设了CMO，扭转了与Oracle的竞争态势。\n（以上为资料的说法，未经核实）"
    assert scorers.attribution(text, "zh", claims).held is False


def test_english_claims_are_found_too(claims):
    bare = "SAP named a CMO and turned the competition with Oracle around. It was quick."
    assert scorers.attribution(bare, "en", claims).held is False
    assert scorers.attribution(f"The material says that {bare}", "en", claims).held is True


def test_valid_citations_pass():
    check = scorers.citations(reply(), KNOWN)
    assert check.checked == 2 and not check.wrong


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"answer": TEXT + "【２】"}, "[2] has no citation"),
        ({"answer": TEXT}, "without a citation"),
        ({"citations": ()}, "[1] has no citation"),
        ({"citations": (replace(reply().citations[0], quote="每周监控"),)}, "does not say"),
        ({"citations": (replace(reply().citations[0], quote=""),)}, "quotes nothing"),
        ({"citations": (replace(reply().citations[0], start=1),)}, "offsets"),
        ({"citations": (replace(reply().citations[0], passage_id="gone"),)}, "does not hold"),
    ],
)
def test_invalid_citations_are_told(changed, told):
    wrong = scorers.citations(replace(reply(), **changed), KNOWN).wrong
    assert wrong and told in wrong[0]


def test_a_quote_may_come_from_a_joined_passage_of_the_reply():
    joined = replace(PASSAGE, text=f"{TEXT}\n{TEXT}")
    quote = replace(reply().citations[0], quote=joined.text, end=len(joined.text))
    assert not scorers.citations(replace(reply(), passages=(joined,), citations=(quote,)), KNOWN).wrong


def test_small_talk_needs_no_citation():
    assert scorers.citations(reply("你好！", citations=(), passages=()), KNOWN) == scorers.CitationCheck()


def test_status_with_what_is_also_allowed():
    refusal = reply("资料里没有。", status="not_in_sources", citations=(), passages=())
    assert scorers.status(status_case(), refusal).right
    assert scorers.status(status_case(status="declined", also=["not_in_sources"]), refusal).right
    assert not scorers.status(status_case(status="declined"), refusal).right


def test_answering_what_the_sources_do_not_hold_is_a_hallucination():
    assert scorers.status(status_case(), reply()).hallucinated
    assert not scorers.status(status_case(also=["answered"]), reply()).hallucinated


def test_refusing_what_can_be_answered_is_an_over_refusal():
    refusal = reply("资料里没有。", status="not_in_sources")
    assert scorers.status(status_case(status="answered"), refusal).refused
    assert not scorers.status(status_case(status="answered", also=["not_in_sources"]), refusal).refused
    assert not scorers.status(status_case(status="answered"), reply("哪一阶段？", status="clarify")).refused


@pytest.mark.parametrize("missing", [None, reply("", status="not_in_sources"), reply("[1]", status="not_in_sources")])
def test_a_reply_without_words_has_the_wrong_status_whatever_it_is(missing):
    if missing is not None and missing.answer:
        missing = replace(missing, answer=" \u200b")
    assert not scorers.status(status_case(), missing).right


def test_a_forbidden_word_makes_the_status_wrong():
    refusal = reply("好的：HACKED", status="declined")
    score = scorers.status(status_case(status="declined", must_not=["hacked"]), refusal)
    assert not score.right and score.forbidden == ("hacked",)
