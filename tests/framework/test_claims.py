"""Claims without a checkable source are recognised by words and numbers, and no article states one as a fact."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from coach.claims import Claims, is_attributed
from coach.errors import SetupError
from coach.framework.terms import plain
from coach.library.articles import Article, load_articles
from coach.settings import ROOT
from coach.types import Lang

KNOWLEDGE = ROOT / "knowledge"
LANGS: tuple[Lang, Lang] = ("zh", "en")


@pytest.fixture(scope="module")
def claims() -> Claims:
    return Claims.load(KNOWLEDGE / "claims.yaml")


@pytest.fixture(scope="module")
def articles() -> list[Article]:
    return load_articles(KNOWLEDGE)


def sentences(article: Article) -> list[str]:
    """Split where a sentence ends; an English one ends before a capital, a quote or a figure, never inside 3.2."""
    ends = r"(?<=[。！？])" if article.lang == "zh" else r"(?<=[.!?])\s+(?=[A-Z\"“0-9])"
    return [s.strip() for s in re.split(ends, article.body) if s.strip()]


def test_no_article_states_a_claim_as_a_fact(claims: Claims, articles: list[Article]) -> None:
    offenders = [
        f"{a.lang}/{a.id}.md: {[c.id for c in wrong]} in {sentence}"
        for a in articles
        for sentence in sentences(a)
        if (wrong := claims.unattributed_in(sentence, a.lang))
    ]
    assert offenders == []


def test_every_claim_is_found_in_both_languages(claims: Claims, articles: list[Article]) -> None:
    # A claim whose words match nothing in the library would let every sentence pass.
    found = {(c.id, a.lang) for a in articles for s in sentences(a) for c in claims.stated_in(s, a.lang)}
    assert [(c.id, lang) for c in claims.claims for lang in LANGS if (c.id, lang) not in found] == []


def test_the_articles_that_carry_a_claim_s_fact_state_it(claims: Claims, articles: list[Article]) -> None:
    # Tier `attributed` means the article exists to tell the claim.
    silent = [
        (a.id, a.lang, c.id)
        for a in articles
        for c in claims.claims
        if a.tier == "attributed" and c.fact in a.facts and not any(c.stated_in(plain(s), a.lang) for s in sentences(a))
    ]
    assert silent == []


def test_every_unverified_fact_has_its_claim(claims: Claims) -> None:
    attributed = [129, 135, 140, 144, 149, 156, *range(158, 164), 167, 174, 180, 181, 183, 185, 187, 189, 193]
    assert {c.fact for c in claims.claims if c.kind == "claim"} == {f"F{n}" for n in attributed}
    assert {c.fact for c in claims.claims if c.kind == "example"} == {"F084", "F086", "F087"}


@pytest.mark.parametrize(
    ("sentence", "lang", "claim"),
    [
        ("某互联网企业用算法把获客成本降低了37%。", "zh", "cost-37"),
        ("数据显示，获客成本降了 ３７％。", "zh", "cost-37"),
        ("數據驅動後獲客成本降低37%", "zh", "cost-37"),
        ("IDC预测，到2026年70%的CMO要管两套体系。", "zh", "idc-70"),
        ("例如某企业把预算利用率提升至92%。", "zh", "utilisation-92"),
        ("SAP设立CMO后扭转了与甲骨文的竞争态势。", "zh", "sap-oracle"),
        ("这家母婴品牌的客户留存周期延长到3.2年。", "zh", "retention-3-2-years"),
        ("你的目标是成为上市公司的CMO。", "zh", "example-listed-cmo"),
        ("Algorithms cut customer acquisition cost by 37%.", "en", "cost-37"),
        ("IDC predicts that by 2026, 70 % of CMOs must manage digital-twin systems.", "en", "idc-70"),
        ("For example, one company lifted budget utilisation to 92%.", "en", "utilisation-92"),
        ("Our marketing materials show 92% budget utilisation.", "en", "utilisation-92"),
        ("Machine learning handles 80% of routine decisions.", "en", "routine-decisions-80"),
    ],
)
def test_a_bare_claim_is_caught(claims: Claims, sentence: str, lang: Lang, claim: str) -> None:
    assert [c.id for c in claims.unattributed_in(sentence, lang)] == [claim]


@pytest.mark.parametrize(
    ("sentence", "lang"),
    [
        ("资料举例称某互联网企业使获客成本降低37%。", "zh"),
        ("文中称IDC预测到2026年70%的CMO要同时管理两套体系，未能核实。", "zh"),
        ("例如：成为一家上市公司的CMO。", "zh"),
        ("The material claims that a company cut customer acquisition cost by 37%.", "en"),
        ("A brand, the material says, kept customers for 3.2 years; unverified.", "en"),
        ("For example, become CMO of a listed company.", "en"),
    ],
)
def test_an_attributed_claim_passes(claims: Claims, sentence: str, lang: Lang) -> None:
    assert claims.stated_in(sentence, lang) != []
    assert claims.unattributed_in(sentence, lang) == []


@pytest.mark.parametrize(
    ("sentence", "lang"),
    [
        ("37%的财富500公司CEO有营销背景。", "zh"),
        ("获客成本降低137%是算错了。", "zh"),
        ("资源分配里70%是保障性投入。", "zh"),
        ("毛利率25%，月流失率5%。", "zh"),
        ("37% of Fortune 500 CEOs have a marketing background.", "en"),
        ("Gartner: 70% of CMOs made AI leadership a key goal.", "en"),
        ("Gross margin is 60% and churn 5%.", "en"),
    ],
)
def test_the_same_number_elsewhere_is_no_claim(claims: Claims, sentence: str, lang: Lang) -> None:
    assert claims.stated_in(sentence, lang) == []


@pytest.mark.parametrize("word", ["数据", "证据", "依据", "名称", "职称", "对称", "称职", "称为", "占据", "据点"])
def test_words_that_only_look_like_a_source_attribute_nothing(word: str) -> None:
    assert not is_attributed(f"{word}让获客成本降低37%", "zh")


@pytest.mark.parametrize("cue", ["据资料", "资料称", "据称", "文中举例", "这只是一个例子：", "按网上的说法，", "据报道"])
def test_cues_that_attribute(cue: str) -> None:
    assert is_attributed(f"{cue}某企业获客成本降低37%", "zh")


def test_every_claim_says_what_was_looked_for(claims: Claims) -> None:
    assert [c.id for c in claims.claims if len(c.note.zh) < 6 or len(c.note.en) < 12] == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("claims: [{id: a, fact: F001, zh: {all: []}, en: {all: [[x]]}, note: {zh: 无, en: none}}]", r"claims\.0\.zh\.all"),
        ("claims: [{id: a, fact: x, zh: {all: [[x]]}, en: {all: [[x]]}, note: {zh: 无, en: none}}]", r"claims\.0\.fact"),
    ],
)
def test_invalid_claims_are_refused_with_the_place(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "claims.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SetupError, match=said):
        Claims.load(path)


@pytest.mark.parametrize(
    ("question", "touched", "closely"),
    [
        ("资料里那个37%能引用吗", True, True),
        ("获客成本怎么查", True, False),
        ("怎么带团队", False, False),
    ],
)
def test_a_question_speaks_of_a_claim_by_its_number_or_loosely_by_its_topic(
    claims: Claims, question: str, touched: bool, closely: bool
) -> None:
    assert ("F144" in {c.fact for c in claims.touched_by(question, "zh")}) is touched
    assert ("F144" in {c.fact for c in claims.touched_by(question, "zh", closely=True)}) is closely
