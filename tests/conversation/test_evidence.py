"""What a question asks for beyond an explanation, and whether the passages plainly lack it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from coach.conversation.evidence import FEATURES, EvidenceCheck, asked_for, features, lacks
from coach.library.search import Signals
from tests.conversation.stand_in import passage

PLAIN = passage("品牌部和销售部要先对齐目标，谁的数据口径谁负责解释。")
WEEKLY = passage("品牌部和销售部每周对一次目标，连续对三个月。")
CASE = passage("资料称某互联网企业用算法使获客成本降低37%，企业匿名，没有找到来源。", tier="attributed")
CASE_EN = passage(
    "The material claims that an unnamed company cut customer acquisition cost by 37%; no source was found.",
    lang="en",
    tier="attributed",
)
TENURE = passage("一项2024年的研究说CMO平均任期为4.2年。", tier="external")
MONEY = passage("ROAS的例子：投入10万元带来50万元销售额。")


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("CMO年薪多少？", {"money"}),
        ("高管教练收费贵不贵？", {"money"}),
        ("How much does an executive coach charge?", {"money"}),
        ("What is the salary of a CMO?", {"money"}),
        ("是哪家公司做到的？", {"name"}),
        ("猴子理论是谁提出的？", {"name"}),
        ("Which company did that?", {"name"}),
        ("Who wrote that report?", {"name"}),
        ("这项研究是哪一年做的？", {"figure"}),
        ("样本量有多大？", {"figure"}),
        ("What year was the survey?", {"figure"}),
        ("How many companies took part?", {"figure"}),
        ("有报名链接吗？", {"contact"}),
        ("心理援助的电话是什么？", {"contact"}),
        ("Can you give me the website?", {"contact"}),
        ("哪家公司的CMO年薪最高？", {"money", "name"}),
    ],
)
def test_the_kind_of_thing_asked_for(question, kinds):
    assert asked_for(question) == kinds


@pytest.mark.parametrize(
    "question",
    [
        "市场总监怎么升CMO？",
        "怎么跟销售部门统一目标？",
        "怎么链接行业里的人脉？",
        "What does a CMO do all day?",
        "How do I link brand spend to revenue?",
        "How should I address the board's doubts?",
        "How do I earn the trust of the CFO?",
    ],
)
def test_a_plain_question_asks_for_nothing_special(question):
    assert asked_for(question) == set()


@pytest.mark.parametrize(
    ("question", "passages", "lang", "missing"),
    [
        ("CMO年薪多少？", [PLAIN], "zh", "money"),
        ("How much does a coach charge?", [PLAIN], "en", "money"),
        ("投入多少钱，ROAS怎么算？", [MONEY], "zh", None),
        ("有模板下载吗？", [PLAIN], "zh", "contact"),
        ("有官网吗？", [passage("官网是 https://example.org")], "zh", None),
        ("2031年的数据怎么样？", [TENURE], "zh", "figure"),
        ("2024年的研究怎么说？", [TENURE], "zh", None),
        ("获客成本降低37%的是哪家公司？", [CASE], "zh", "name"),
        ("Which company cut its acquisition cost by 37%?", [CASE_EN], "en", "name"),
        ("获客成本降低之前是多少？", [CASE], "zh", "figure"),
        ("CMO平均任期是多久？", [TENURE], "zh", None),
        ("品牌部和销售部多久对一次？", [PLAIN], "zh", "figure"),
        ("品牌部和销售部多久对一次？", [WEEKLY], "zh", None),
        ("品牌部和销售部怎么对目标？", [PLAIN], "zh", None),
        ("猴子理论是谁提出的？", [TENURE], "zh", None),
        ("瑞幸的市场总监叫什么名字？", [PLAIN], "zh", "name"),
        ("华为的首席营销官是哪位", [PLAIN], "zh", "name"),
        ("Who is the current CMO of Nike?", [PLAIN], "en", "name"),
        ("CMO是谁？", [PLAIN], "zh", None),
        ("Who is the CMO in the second stage?", [PLAIN], "en", None),
    ],
)
def test_what_the_passages_lack(claims, question, passages, lang, missing):
    assert lacks(question, passages, lang, claims) == missing


def test_a_later_passage_may_hold_the_sum_but_not_the_fourth(claims):
    assert lacks("投入多少钱？", [PLAIN, TENURE, MONEY], "zh", claims) is None
    assert lacks("投入多少钱？", [PLAIN, PLAIN, PLAIN, MONEY], "zh", claims) == "money"


def test_a_year_counts_only_as_a_whole_number(claims):
    assert lacks("型号120245的数据呢？", [TENURE], "zh", claims) is None


def test_nothing_found_is_no_evidence(claims):
    evidence = EvidenceCheck(None).decide("市场总监怎么升CMO？", Signals(text=0.99), {}, [], "zh", claims)
    assert (evidence.enough, evidence.probability) == (False, 0.0)


@pytest.mark.parametrize(("similarity", "enough"), [(0.9, True), (0.6, False)])
def test_without_fitted_numbers_a_threshold_decides(claims, similarity, enough):
    decided = EvidenceCheck(None).decide("怎么对目标？", Signals(text=similarity), {}, [PLAIN], "zh", claims)
    assert decided.enough is enough


def test_a_plain_lack_outweighs_similarity(claims):
    decided = EvidenceCheck(None).decide("CMO年薪多少？", Signals(text=0.99, question=0.99), {}, [PLAIN], "zh", claims)
    assert (decided.enough, decided.missing) == (False, "money")


@pytest.mark.parametrize(
    ("question", "passages", "vouched"),
    [
        ("资料里那个37%能引用吗", [PLAIN, CASE], 1),
        ("获客成本降37%这个案例靠谱吗", [PLAIN, CASE], 1),
        ("获客成本降37%出自哪里", [PLAIN, CASE], 1),
        ("37%这个获客成本的数打哪儿来的", [PLAIN, CASE], 1),
        ("获客成本这个指标拿去跟老板讲靠谱吗", [PLAIN, CASE], 0),
        ("获客成本这个指标拿去跟老板讲靠谱吗", [CASE, PLAIN], 1),
    ],
)
def test_a_topic_alone_vouches_for_a_claim_only_where_the_best_passage_states_it(claims, question, passages, vouched):
    decided = EvidenceCheck(None).decide(question, Signals(text=0.99), {}, passages, "zh", claims)
    assert len(decided.vouches) == vouched


def test_fitted_numbers_decide_by_their_threshold(claims):
    weights = [0.0] * len(FEATURES)
    weights[FEATURES.index("question")] = 10.0
    sure = EvidenceCheck({"weights": weights, "bias": -5.0, "threshold": 0.9})
    for question_signal, enough in ((1.0, True), (0.6, False)):
        evidence = sure.decide("怎么对目标？", Signals(question=question_signal), {}, [PLAIN], "zh", claims)
        assert evidence.enough is enough
        assert evidence.probability == pytest.approx(1 / (1 + np.exp(5 - 10 * question_signal)))


def test_features_stand_in_their_order():
    values = features(
        "CMO年薪多少？", Signals(text=0.1, question=0.2, question_mean=0.3, coverage=0.4), {"field": 0.5, "far": 1.0}
    )
    named = dict(zip(FEATURES, values.tolist(), strict=True))
    assert [round(named[k], 3) for k in ("text", "question", "question_mean", "coverage", "field")] == [0.1, 0.2, 0.3, 0.4, 0.0]
    assert named["far"] > 9 and named["near"] < -9
    assert (named["money"], named["name"], named["figure"], named["contact"]) == (1.0, 0.0, 0.0, 0.0)


def test_a_lack_says_nothing_against_an_answer_that_is_as_good_as_sure(claims):
    sure = {"weights": [0.0] * len(FEATURES), "bias": 3.0, "threshold": 0.2}
    unsure = {**sure, "bias": 1.0}
    for parameters, expected in ((sure, (True, None)), (unsure, (False, "money"))):
        decided = EvidenceCheck(parameters).decide("CMO年薪多少？", Signals(text=0.99), {}, [PLAIN], "zh", claims)
        assert (decided.enough, decided.missing) == expected


def test_what_stored_questions_could_tell_says_nothing_about_a_document_without_any(claims):
    against = {"weights": [0.0] * len(FEATURES), "bias": -9.0, "threshold": 0.2}
    own = replace(PLAIN, tier="document")
    plain, vague = Signals(text=0.5, coverage=0.3, asked=False), Signals(text=0.3, coverage=0.1, asked=False)
    check = EvidenceCheck(against)
    assert check.decide("怎么对目标？", plain, {"near": 0.9}, [own], "zh", claims).enough
    assert not check.decide("怎么对目标？", vague, {"field": 0.9}, [own], "zh", claims).enough
    assert not check.decide("怎么对目标？", replace(plain, asked=True), {}, [own], "zh", claims).enough
    sure = Signals(text=0.9, coverage=1.0, asked=False)
    assert check.decide("CMO年薪多少？", sure, {}, [own], "zh", claims).missing == "money"


def test_who_asks_for_a_name_nobody_gives_is_told_the_case_and_that(claims):
    check = EvidenceCheck({"weights": [0.0] * len(FEATURES), "bias": -9.0, "threshold": 0.2})
    told = check.decide("获客成本降37%的是哪家公司？", Signals(text=0.5), {}, [CASE], "zh", claims)
    assert (told.enough, told.missing, told.vouches) == (True, "name", (CASE.id,))
    other = check.decide("哪家公司的CMO做得最好？", Signals(text=0.5), {}, [CASE], "zh", claims)
    assert not other.enough and not other.vouches


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("我想2028年前当上CMO，先补什么？", None),
        ("2027年的营销计划怎么排？", None),
        ("今年是2026年，平均要几年？", None),
        ("2021年的平均任期是多少？", "figure"),
        ("By 2030 I want to run a business unit. What first?", None),
        ("What was the average CMO tenure in 2019?", "figure"),
    ],
)
def test_a_year_is_lacking_only_where_something_of_that_year_is_asked_for(claims, question, missing):
    assert lacks(question, [replace(PLAIN, text="计划分四步。")], "zh", claims) == missing
