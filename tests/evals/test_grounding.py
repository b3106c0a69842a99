"""Sentences that stand in no passage must be found, Chinese must be cut as Chinese, and what is missing must never pass."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator

import pytest

from coach.library.articles import load_articles
from coach.settings import ROOT
from coach.types import Lang, Reply
from evals.schema import Case
from evals.scorers.grounding import THRESHOLD, Grounding, grounding, split

ROLES = "市场总监有五个核心角色：战略执行者、团队建设者、预算管理者、渠道整合者、数据驱动者。市场总监的第二个角色是团队建设者：带出高效的团队，明确分工，赋能下属。"
LEVELS = "沟通与影响力的初级，要求把任务清楚地传达给团队，把工作汇报给管理层。沟通与影响力的高级，要求跨部门沟通有成效，影响高管的决策。"
AI = "据Gartner 2026年CMO Spend Survey，AI占营销预算的15.3%，AI成熟的公司占21.3%。2026年，80%的受访者认为员工的“恐惧”阻碍了AI试验。"
CITED = {1: ROLES, 2: LEVELS, 3: AI}
EN = (
    "A marketing director has five core roles. As budget manager, the third role, the director sets, allocates and monitors the budget "
    "and aims for measurable ROI. Foundation-level communication means reporting work to management. Advanced communication means "
    "influencing executive decisions. Gartner puts AI at 15.3% of marketing budgets in 2026."
)


def zh(answer: str, cited: dict[int, str] = CITED) -> Grounding:
    return grounding(answer, "zh", cited, list(cited.values()))


def en(answer: str) -> Grounding:
    return grounding(answer, "en", {1: EN, 2: "Email marketing needs consent and a clear sender."}, [EN])


def shares(found: Grounding) -> tuple[float | None, float | None, float | None]:
    return found.grounded, found.citation_recall, found.citation_precision


# --- the sentences and their marks --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [
        "{a}。[1]{b}。[3]",
        "{a}[1]。{b}[3]。",
        "{a}。 ［１］ {b}。［３］",
        "{a}【1】。{b}。【3】",
        "{a}〔1〕。\n\n{b}。〔３〕",
        "- {a}。[1]\n- {b}[3]",
        "1. {a} [1]。\n2. {b} [3]。",
        "{a}！[1]{b}？！[3]",
        "[1] {a}。\n【3】{b}。",
        "{a}。\n[1]\n{b}。\n[3]",
        "**{a}**。[1](#ref-1)“{b}。”[3]",
    ],
)
def test_a_mark_belongs_to_the_sentence_it_follows_even_after_the_full_stop(answer):
    found = split(answer.format(a="市场总监有五个核心角色", b="AI占营销预算的15.3%"), "zh")
    assert [s.cites for s in found] == [(1,), (3,)]
    assert "五个核心角色" in found[0].text and "15.3" in found[1].text
    assert not re.search(r"[\[\]*]|ref", found[0].text + found[1].text)


def test_several_numbers_stand_in_one_mark():
    for mark in ("[1, 3]", "［１，３］", "【1、3】", "[1][3]", "[1] [3][1]", "〔1；3〕"):
        assert [s.cites for s in split(f"市场总监有五个核心角色{mark}。", "zh")] == [(1, 3)]


def test_sentences_are_cut_as_people_read_them():
    def texts(answer, lang):
        return [s.text for s in split(answer, lang)]

    assert texts("占3.5%！是吗？Node.js好用｡“他说：好。”然后走。", "zh") == [
        "占3.5%！",
        "是吗？",
        "Node.js好用｡",
        "“他说：好。”",
        "然后走。",
    ]
    assert texts("It costs 3.5 million, e.g. in China. Then stop! Ask Dr. Lee.", "en") == [
        "It costs 3.5 million, e.g. in China.",
        "Then stop!",
        "Ask Dr. Lee.",
    ]
    assert texts("goals.[1]Then ask.", "en") == ["goals.", "Then ask."]
    assert texts("先问「为什么？怎么办？」的人，走得远。", "zh") == ["先问「为什么？怎么办？」的人，走得远。"]
    assert texts("另外：先做甲事。\u2028（1）再做乙事\r\n① 最后做丙事", "zh") == ["先做甲事。", "再做乙事", "最后做丙事"]


def test_a_mark_covers_the_run_of_sentences_before_it_in_its_paragraph_only():
    found = split("甲甲甲甲。乙乙乙乙。[1]丙丙丙丙。[2]丁丁丁丁。\n戊戊戊戊。", "zh")
    assert [(s.cites, s.carried) for s in found] == [((1,), True), ((1,), False), ((2,), False), ((), False), ((), False)]


@pytest.mark.parametrize(
    "nothing",
    [
        "## 市场总监的角色",
        "**五大核心角色**",
        "具体来说：",
        "你好，很高兴见到你！",
        "谢谢。",
        "好的。",
        "是的。",
        "不对！",
        "你现在最想弄清楚哪一件事？",
        "资料库里没有这个问题的答案，我不想编一个给你。",
        "（本教练的判断，2026）",
        "[1]",
        "——",
    ],
)
def test_what_claims_nothing_is_no_claim(nothing):
    assert shares(zh(nothing)) == (None, None, None)


@pytest.mark.parametrize(
    "nothing", ["# Roles", "Great question!", "What would you do next?", "My library holds no answer to this.", "Hello there,"]
)
def test_what_claims_nothing_is_no_claim_in_english(nothing):
    assert shares(en(nothing)) == (None, None, None)


@pytest.mark.parametrize(
    "claim",
    ["市场总监有七个核心角色：", "好的，市场总监有七个核心角色。", "没问题，AI预算占90%。", "资料里没有写第七个角色。[1]"],
)
def test_a_claim_in_disguise_is_a_claim(claim):
    assert zh(claim).grounded == 0


def test_a_remark_behind_a_sentence_takes_its_mark_along_and_a_source_in_it_is_checked():
    found = zh("市场总监有五个核心角色（本教练的判断，2026）。[1]")
    assert found.grounded == 1 and found.sentences[0].cites == (1,)
    behind = split("A director has five core roles. (this coach's own judgement, 2026)[1]", "en")
    assert [(s.text, s.cites) for s in behind] == [("A director has five core roles.", (1,))]
    assert zh("市场总监有五个核心角色。（来源：McKinsey，2031）[1]").sentences[0].missing == ("2031", "McKinsey")


# --- what is missing never passes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("empty", ["", " \n", "\u200b", "。。。"])
def test_an_empty_answer_passes_nothing(empty):
    assert shares(zh(empty)) == (None, None, None)


def test_a_perfect_answer_is_perfect():
    answer = "市场总监有五个核心角色：战略执行者、团队建设者、预算管理者、渠道整合者、数据驱动者。[1]AI占营销预算的15.3%。【3】"
    found = zh(answer)
    assert shares(found) == (1, 1, 1) and found.problems() == []
    found = en("A marketing director has five core roles.[1] The director sets, allocates and monitors the budget [1].")
    assert shares(found) == (1, 1, 1) and found.problems() == []


def test_the_answer_of_another_case_is_wrong():
    found = zh("STAR回答按四段讲，行动占大头。[1]面试官要听的是你做了什么。[2]")
    assert shares(found) == (0, 0, 0) and len(found.problems()) >= 2


def test_without_passages_nothing_stands():
    found = grounding(ROLES, "zh", {}, [])
    assert shares(found) == (0, 0, 0)


@pytest.mark.parametrize(
    "answer", ["市場總監有五個核心角色。[1]", "市 场 总 监有５个核心角色。[1]", "市场总监有5个核心角色。[1]"]
)
def test_script_and_width_make_no_difference(answer):
    found = zh(answer)
    assert shares(found) == (1, 1, 1) and found.sentences[0].support > 0.75


def test_traditional_characters_are_the_same_words():
    assert zh("市場總監有五個核心角色：戰略執行者、團隊建設者。[1]").sentences[0].support == 1


def test_a_sentence_without_a_mark_is_looked_for_everywhere_and_is_not_recalled():
    found = zh("市场总监有五个核心角色。")
    assert shares(found) == (1, 0, 0)
    assert found.problems() == ["[ ] | 市场总监有五个核心角色。"]


def test_a_number_without_a_passage_is_wrong_and_not_left_out():
    found = zh("市场总监有五个核心角色。[1][9]")
    assert found.citation_precision == 0.5 and found.grounded == 1
    assert zh("市场总监有五个核心角色。[9]").citation_precision == 0
    only = zh("市场总监有五个核心角色。[1]\n## 小结[9]")
    assert only.citation_precision == 0.5 and "[9] = ∅ | ## 小结" in only.problems()


def test_a_citation_counts_when_it_supports_alone_or_the_others_do_not_without_it():
    alone = zh("市场总监有五个核心角色：战略执行者、团队建设者。[1][3]")
    assert alone.citation_precision == 0.5 and alone.sentences[0].wrong == (3,)
    twice = zh("市场总监有五个核心角色。[1][2]", {1: ROLES, 2: f"{AI}{ROLES}"})
    assert twice.citation_precision == 1, "each supports it alone"
    both = zh("市场总监有五个核心角色，而AI占营销预算的15.3%。[1][3]")
    assert both.citation_precision == 1 and both.citation_recall == 1
    assert zh("市场总监有五个核心角色，而AI占营销预算的15.3%。[1]").citation_recall == 0


# --- numbers, levels, names ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "missing"),
    [
        ("AI占营销预算的16.3%。", ("16.3%",)),
        ("AI占营销预算的１６％。", ("16%",)),
        ("据Gartner 2027年的调查，AI占营销预算的15.3%。", ("2027",)),
        ("百分之九十的受访者认为员工的恐惧阻碍了AI试验。", ("90%",)),
        ("据Forrester的调查，AI占营销预算的15.3%。", ("Forrester",)),
        ("受访者认为员工的「懒惰」阻碍了AI试验。", ("懒惰",)),
        ("受访者认为员工的“恐慌”阻碍了AI试验。", ("恐慌",)),
        ("到了终极，80%的受访者认为恐惧阻碍了AI试验。", ("终极",)),
    ],
)
def test_what_stands_in_no_passage_is_named(sentence, missing):
    found = zh(f"{sentence}[3]")
    assert found.sentences[0].missing == missing and found.grounded == 0
    assert any(f"[3] ∌ {', '.join(missing)}" in problem for problem in found.problems())


def test_what_stands_there_in_another_writing_is_not_missing():
    for same in (
        "八成受访者认为员工的「恐惧」阻碍了AI试验。[3]",
        "百分之八十的受访者认为员工的“恐惧”阻碍了ＡＩ试验。[3]",
        "五大角色里，市场总监的第2个角色是团队建设者。[1]",
    ):
        assert zh(same).grounded == 1


@pytest.mark.parametrize(
    ("sentence", "missing"),
    [
        ("Gartner puts AI at 25.3% of marketing budgets in 2026.", ("25.3%",)),
        ("A marketing director has seven core roles.", ("7",)),
        ("According to Forrester, AI is 15.3% of marketing budgets.", ("Forrester",)),
        ("Ultimate communication means influencing executive decisions.", ("Ultimate",)),
        ("A marketing director has five core roles and “owns growth”.", ("owns growth",)),
    ],
)
def test_what_stands_in_no_passage_is_named_in_english(sentence, missing):
    found = en(f"{sentence}[1]")
    assert found.sentences[0].missing == missing and found.grounded == 0


def test_a_word_that_opens_a_sentence_is_no_name():
    assert en("Monitoring the budget, the director aims for measurable ROI.[1]").sentences[0].missing == ()


def test_a_number_that_stands_elsewhere_in_the_passage_is_misplaced():
    found = zh("AI占营销预算的80%。[3]")
    assert found.sentences[0].missing == () and found.sentences[0].misplaced == ("80%",) and found.grounded == 0
    assert found.problems() == ["[3] ≠ 80% | AI占营销预算的80%。"]


def test_a_level_of_which_something_else_is_told_is_misplaced():
    assert zh("沟通与影响力的高级，要求把任务清楚地传达给团队，把工作汇报给管理层。[2]").sentences[0].misplaced == ("高级",)
    assert zh("沟通与影响力的初级，要求把任务清楚地传达给团队。[2]").grounded == 1
    assert en("Foundation-level communication means influencing executive decisions.[1]").grounded == 0
    assert en("Advanced communication means influencing executive decisions.[1]").grounded == 1


def test_a_negation_is_not_seen():
    """Known, and said in the docstring: overlap cannot see it. If this fails, be glad and mend the table there."""
    assert zh("市场总监没有五个核心角色。[1]").grounded == 1


def test_another_language_than_the_passages_is_never_grounded():
    assert grounding("A marketing director has five core roles.[1]", "en", CITED, list(CITED.values())).grounded == 0


# --- measured on paraphrases, all of them right -------------------------------------------------------------------------

_PARAPHRASES: tuple[tuple[Lang, str, str], ...] = (
    ("zh", "pillar-communication", "做到初级，要能把任务给团队讲明白，也要能把工作向管理层汇报好。"),
    ("zh", "pillar-communication", "沟通与影响力到了高级，就要跨部门有效沟通，说服握有资源的人，并能影响高管的决定。"),
    ("zh", "stage1-roles", "市场总监要扮演五种核心角色，其中第四种是渠道整合者，也就是让线上和线下的渠道形成合力。"),
    ("zh", "stage1-roles", "作为团队建设者，你需要带出高效、有战斗力的团队，把分工讲清楚，并给下属赋能。"),
    ("zh", "stage-keywords", "第四阶段的关键词只有三个，分别是愿景、格局和终极责任。"),
    ("zh", "ai-in-marketing-share", "Gartner在2026年的调查发现，营销预算里平均有15.3%花在AI上，而AI成熟的公司达到21.3%。"),
    ("zh", "rec2-702010", "资料建议把七成资源放在保障性投入上，两成用于测试，剩下一成用来探索。"),
    ("zh", "rec2-702010", "70-20-10指的是资源怎么分：保障性投入占70%，测试性投入占20%，探索性投入占10%。"),
    ("zh", "star-answers", "STAR回答由情境、任务、行动、结果四个部分组成，重点应放在行动上。"),
    ("zh", "ceo-paths", "想走到CEO，资料给了三条路：在内部一级级晋升、自己出来创业，或者转型做投资人。"),
    ("zh", "metric-sov", "SOV是品牌的投放或声量在整个品类中所占的比例，而ESOV就是SOV减去市场份额SOM。"),
    ("zh", "metric-sov", "业内的经验值是，ESOV每高出10个百分点，年市场份额大约能涨0.5个百分点。"),
    ("zh", "explore-budget-kpi", "本教练建议探索性预算别考核当期ROI，而要看学到了什么。"),
    ("zh", "leadership-traits", "CMO有三项领导力特质：心理安全感、培养第二代领导者，以及塑造学习型组织文化。"),
    ("zh", "brand-pyramid-vs-cbbe", "CBBE共有四层六块，从显著性开始，最后到共鸣。"),
    ("zh", "pillar-innovation", "遇到团队抵触新系统，可以先让一个小组试一个月，用省下来的工时去说服其他人。"),
    (
        "en",
        "stage1-roles",
        "A marketing director plays five core roles, and the fourth is channel integrator, who gets online and offline channels to work together.",
    ),
    ("en", "stage1-roles", "As budget manager you set, allocate and monitor the budget so that ROI can be measured."),
    ("en", "star-answers", "A STAR answer consists of four parts: the situation, the task, your action and the result."),
    ("en", "star-answers", 'Say "I" rather than "we" in your answer, and make it clear which decision you took yourself.'),
    ("en", "idp-method", "An individual development plan usually covers 1 to 3 years and should be reviewed each quarter."),
    ("en", "idp-method", "Guides recommend naming three to six strengths and no more than three gaps."),
    ("en", "pillar-leadership", "At the foundation level you manage the team, hand out tasks and reach your KPIs."),
    (
        "en",
        "pillar-leadership",
        "Advanced leaders motivate and empower the team, develop key members and build a culture of high performance.",
    ),
    (
        "en",
        "cim-ama-ana",
        "The CIM framework has four pillars, Direction, Capability, Professionalism and Impact, while the AMA lists six domains.",
    ),
    (
        "en",
        "profit-center-truth",
        "Second-hand Gartner figures for 2025 say 61% of respondents see marketing as a profit centre, compared with 53% a year earlier.",
    ),
    (
        "en",
        "rec3-tech",
        "The third recommendation is about technology: use predictive analytics, try metaverse scenes and set up an AI content factory.",
    ),
    (
        "en",
        "ai-in-marketing-share",
        "Gartner reports that AI takes up 15.3% of marketing budgets in 2026, rising to 21.3% at companies that are mature in AI.",
    ),
)


@pytest.fixture(scope="module")
def articles() -> dict[tuple[str, str], str]:
    return {(a.lang, a.id): f"{a.title}\n{a.body}" for a in load_articles(ROOT / "knowledge")}


@pytest.mark.parametrize(("lang", "least"), [("zh", 15 / 16), ("en", 10 / 12)])
def test_most_paraphrases_are_grounded_and_none_in_another_article(articles, lang, least):
    own = [(name, text) for of, name, text in _PARAPHRASES if of == lang]
    held = [grounding(f"{text}[1]", lang, {1: articles[lang, name]}, []).grounded for name, text in own]
    assert sum(held) / len(held) >= least
    moved = zip(own, own[4:] + own[:4], strict=True)
    assert not any(grounding(f"{text}[1]", lang, {1: articles[lang, name]}, []).grounded for (_, text), (name, _) in moved)


# --- measured on the real product ---------------------------------------------------------------------------------------

_LEVELS = (("初级", "高级", "终极"), ("foundation", "advanced", "ultimate"), ("Foundation", "Advanced", "Ultimate"))
_SOME_NAMES = re.compile(r"(?<![A-Za-z])(?:CMO|CEO|Gartner|CFO|OKR|ROI)(?![A-Za-z])")
_HAN = re.compile(r"[二三四五六七八九](?=[个大项类步条级种层件点次组样])")
_SPELT = ("two", "three", "four", "five", "six")
Spoil = Callable[[str, random.Random], str]


def _other_number(text: str, rng: random.Random) -> str:
    if found := list(re.finditer(r"\d+", text)):
        hit = rng.choice(found)
        return f"{text[: hit.start()]}{int(hit[0]) + rng.choice((1, 2, 3))}{text[hit.end() :]}"
    if found := list(_HAN.finditer(text)):
        hit = rng.choice(found)
        return text[: hit.start()] + rng.choice([c for c in "二三四五六七八九" if c != hit[0]]) + text[hit.end() :]
    return re.sub(rf"\b(?:{'|'.join(_SPELT)})\b", lambda m: rng.choice([w for w in _SPELT if w != m[0]]), text, count=1)


def _other_level(text: str, rng: random.Random) -> str:
    for levels in _LEVELS:
        if found := [m for level in levels for m in re.finditer(level, text)]:
            hit = rng.choice(found)
            return text[: hit.start()] + rng.choice([level for level in levels if level != hit[0]]) + text[hit.end() :]
    return text


def _other_name(text: str, rng: random.Random) -> str:
    return _SOME_NAMES.sub(lambda _: rng.choice(("CTO", "Forrester", "McKinsey")), text, count=1)


@pytest.fixture(scope="module")
def replies(real_settings) -> Iterator[list[Reply]]:
    """Every third answerable question, answered without a model."""
    from coach.app import build_coach

    coach = build_coach(real_settings.model_copy(update={"model": "none"}))
    coach.wait_ready()
    lines = (ROOT / "evals" / "datasets" / "answerable.jsonl").read_text(encoding="utf-8").splitlines()
    cases = [Case.model_validate_json(line) for line in lines[::3]]
    found = [coach.answer(case.question, case.turns) for case in cases]
    coach.close()
    yield [reply for reply in found if reply.status == "answered"]


def _passages(reply: Reply) -> dict[str, str]:
    return {p.id: f"{p.title}\n{p.source}\n{p.text}" for p in reply.passages}


def _of(reply: Reply, answer: str) -> Grounding:
    texts = _passages(reply)
    return grounding(answer, reply.language, {c.n: texts[c.passage_id] for c in reply.citations}, list(texts.values()))


def _found(replies: list[Reply], spoil: Spoil) -> float:
    """Share of spoilt sentences that are not grounded; each is scored alone, with the passages it cited."""
    rng, faulty = random.Random(1), []
    for reply in replies:
        texts = _passages(reply)
        cited = {c.n: texts[c.passage_id] for c in reply.citations}
        for s in _of(reply, reply.answer).claims:
            if s.cites and (spoilt := spoil(s.text, rng)) != s.text:
                marks = "".join(f"[{n}]" for n in s.cites)
                faulty.append(grounding(f"{spoilt}{marks}", reply.language, cited, []).grounded != 1)
    assert len(faulty) > 20
    return sum(faulty) / len(faulty)


@pytest.mark.real
def test_extracts_of_the_library_are_grounded(replies):
    scored = [_of(reply, reply.answer) for reply in replies]
    claims = [s for one in scored for s in one.claims]
    assert len(replies) > 45 and len(claims) > 400
    assert sum(s.supported for s in claims) / len(claims) > 0.99
    assert sum(one.citation_recall for one in scored) / len(scored) > 0.98
    assert sum(one.citation_precision for one in scored) / len(scored) > 0.98


@pytest.mark.real
@pytest.mark.parametrize(("spoil", "least"), [(_other_number, 0.85), (_other_level, 0.75), (_other_name, 0.93)])
def test_swapped_numbers_levels_and_names_are_found(replies, spoil, least):
    assert _found(replies, spoil) > least


@pytest.mark.real
def test_a_mark_on_another_passage_is_found(replies):
    """The neighbours of a passage are about the same topic, and some do say the same."""
    rng, recalls = random.Random(1), []
    for reply in replies:
        texts, cited = _passages(reply), {c.passage_id for c in reply.citations}
        others = [text for name, text in texts.items() if name not in cited]
        if others and reply.citations:
            moved = {c.n: rng.choice(others) for c in reply.citations}
            recalls.append(grounding(reply.answer, reply.language, moved, list(texts.values())).citation_recall)
    assert len(recalls) > 30 and sum(recalls) / len(recalls) < 0.1


@pytest.mark.real
def test_the_reply_to_another_question_is_found(replies):
    shifted = zip(replies, replies[1:] + replies[:1], strict=True)
    scored = [
        grounding(one.answer, one.language, dict(enumerate(_passages(other).values(), 1)), []).grounded for one, other in shifted
    ]
    assert sum(scored) / len(scored) < 0.15


@pytest.mark.real
def test_a_dropped_mark_lowers_recall_unless_the_next_is_of_the_same_passage(replies):
    lowered = []
    for reply in replies:
        whole = _of(reply, reply.answer).citation_recall
        lowered += [_of(reply, reply.answer.replace(f"[{c.n}]", "")).citation_recall < whole for c in reply.citations]
    assert sum(lowered) / len(lowered) > 0.6


def test_the_thresholds_are_those_that_were_measured():
    assert THRESHOLD == {"zh": 0.3, "en": 0.3}
