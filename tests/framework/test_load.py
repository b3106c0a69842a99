"""The framework files carry the whole framework, refuse anything else, and correct questions that ask beyond it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from coach.claims import Claims, is_attributed
from coach.errors import SetupError
from coach.framework import Framework, Statement, false_premise, load_framework, read_framework
from coach.library.articles import Article, load_articles
from coach.library.glossary import MOST, Glossary
from coach.settings import ROOT
from coach.types import Lang

KNOWLEDGE = ROOT / "knowledge"


@pytest.fixture(scope="module")
def framework() -> Framework:
    return load_framework(KNOWLEDGE)


@pytest.fixture(scope="module")
def articles() -> list[Article]:
    return load_articles(KNOWLEDGE)


@pytest.fixture(scope="module")
def glossary() -> Glossary:
    return Glossary.load(KNOWLEDGE / "glossary.yaml")


# --- the files ---------------------------------------------------------------------------------------------------------


def test_shape_of_the_stages(framework: Framework) -> None:
    assert [(s.id, len(s.roles), len(s.goals), len(s.paths)) for s in framework.stages] == [
        ("pre_director", 0, 0, 0),
        ("director", 5, 4, 0),
        ("vp_cmo", 5, 4, 0),
        ("bu_head", 4, 3, 0),
        ("ceo", 3, 0, 3),
    ]


def test_what_the_framework_does_not_say_is_marked(framework: Framework) -> None:
    assert [s.id for s in framework.stages if s.own_judgement] == ["pre_director"]
    assert framework.gates.own_judgement
    assert framework.mapping.own_judgement
    for note in (framework.gates.note, framework.mapping.note):
        assert "本教练的判断" in note.zh
        assert "own judgement" in note.en


def test_expected_levels_rise_with_the_stage(framework: Framework) -> None:
    levels = [framework.expected_level(s.id) for s in framework.stages]
    assert levels == sorted(levels)
    assert levels[0] == 0
    assert levels[-1] == 3


def test_claims_in_the_framework_are_attributed_in_tier_and_wording(framework: Framework) -> None:
    facts = {c.fact for c in Claims.load(KNOWLEDGE / "claims.yaml").claims}
    claimed = [s for s in framework.sourced if facts & set(s.facts)]
    assert len(claimed) > 20
    assert [s.facts for s in claimed if s.tier != "attributed"] == []
    worded = [s for s in claimed if isinstance(s, Statement) or hasattr(s, "text")]
    assert [s.text.zh for s in worded if not is_attributed(s.text.zh, "zh")] == []
    assert [s.text.en for s in worded if not is_attributed(s.text.en, "en", example=True)] == []


def test_names_are_the_library_s_names(framework: Framework, articles: list[Article]) -> None:
    library = {lang: "\n".join(a.title + a.body for a in articles if a.lang == lang).lower() for lang in ("zh", "en")}
    named = [*framework.pillars, *framework.levels, *framework.responsibilities.systems.items, *framework.portrait.knowledge]
    named += [role for stage in framework.stages for role in stage.roles]
    assert [each.name.zh for each in named if each.name.zh.lower() not in library["zh"]] == []


# --- invalid data ------------------------------------------------------------------------------------------------------


def _broken(tmp_path: Path, file: str, old: str, new: str) -> Path:
    shutil.copytree(KNOWLEDGE / "framework", tmp_path / "framework")
    path = tmp_path / "framework" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("framework.yaml", "people:", "folk:", ["framework.yaml", "people", "Add the key `people`"]),
        (
            "pillars.yaml",
            "order: 1",
            "order: 1\n    colour: red",
            ["pillars.yaml:13", "pillars.0.colour", "Remove the key `colour`"],
        ),
        ("pillars.yaml", "facts: [F061]", "facts: [61]", ["pillars.yaml", "pillars.0.levels.0"]),
        ("pillars.yaml", "facts: [F061]", "facts: [one]", ["pillars.yaml", "pillars.0.levels.0", "one"]),
        ("pillars.yaml", "facts: [F061]", "facts: []", ["pillars.yaml", "own_judgement"]),
        ("pillars.yaml", "{level: 3, facts: [F064]", "{level: 2, facts: [F064]", ["pillars.yaml", "strategy", "[1, 2, 2]"]),
        ("pillars.yaml", "id: leadership", "id: strategy", ["pillars.yaml", "strategy", "twice"]),
        ("portrait.yaml", "percent: 35", "percent: 36", ["portrait.yaml", "101", "100"]),
        ("stages.yaml", "id: team_builder, facts", "id: Team-Builder, facts", ["stages.yaml", "roles.1.id", "lower-case"]),
        ("stages.yaml", 'en: ["business leader", ', "en: [", ["stages.yaml", "bu_head", "keywords"]),
        (
            "stages.yaml",
            '        vp_cmo: {zh: "直接向CEO',
            '        cmo: {zh: "直接向CEO',
            ["stages.yaml", "reporting_line", "vp_cmo"],
        ),
        ("stages.yaml", "order: 2", "order: 7", ["stages.yaml", "Number them"]),
        ("plan.yaml", "order: 4", "order: 5", ["plan.yaml", "steps"]),
        ("plan.yaml", "months: [36, 60]", "months: [60, 36]", ["plan.yaml", "long", "60 to 36"]),
        ("plan.yaml", "id: quarterly", "id: monthly", ["plan.yaml", "reviews", "quarterly"]),
        ("mapping.yaml", "ceo: 3", "ceo: 4", ["mapping.yaml", "ceo", "0 to 3"]),
        ("mapping.yaml", "ceo: 3", "chief: 3", ["mapping.yaml", "expected"]),
        ("mapping.yaml", "own_judgement: true", "own_judgement: false", ["mapping.yaml", "own_judgement"]),
        ("counts.yaml", "of: stages.director.roles", "of: stages.intern.roles", ["counts.yaml", "director_roles", "intern"]),
        ("counts.yaml", "'级别'", "'级别('", ["counts.yaml", "countables.1.nouns", "regular expression"]),
        (
            "responsibilities.yaml",
            "order: 6",
            "order: [",
            ["responsibilities.yaml", "cannot be read", "Close the quotation marks"],
        ),
        ("metrics.yaml", "result: 2400", "result: 2401", ["metrics.yaml", "2400", "2401"]),
        ("metrics.yaml", "formula: ", "formula: 2 * ", ["metrics.yaml", "gives"]),
        ("indicators/data.yaml", "level: 1", "level: 7", ["indicators/data.yaml", "level 7", "Use 1 to 3"]),
        ("indicators/data.yaml", "pillar: data", "pillar: strategy", ["indicators/data.yaml", "pillar"]),
        ("actions/data.yaml", "kind: learn", "kind: read", ["actions/data.yaml", "kind", "learn"]),
        ("actions/data.yaml", "cost: free", "cost: cheap", ["actions/data.yaml", "cost"]),
        ("actions/data.yaml", "step: [0, 1]", "step: [0, 2]", ["actions/data.yaml", "one level up"]),
        ("actions/data.yaml", "indicators: [", "indicators: [no-such-indicator, ", ["actions/data.yaml", "no-such-indicator"]),
        ("actions/data.yaml", "stages: [", "stages: [intern, ", ["actions/data.yaml", "intern"]),
    ],
)
def test_invalid_data_is_refused_with_file_line_reason_and_mend(
    tmp_path: Path, file: str, old: str, new: str, said: list[str]
) -> None:
    folder = _broken(tmp_path, file, old, new)
    _, problems = read_framework(folder)
    told = "\n".join(map(str, problems))
    assert [word for word in said if word not in told] == [], told
    assert all(p.mend for p in problems)
    with pytest.raises(SetupError):
        load_framework(folder)


def test_the_line_is_where_the_mistake_stands(tmp_path: Path) -> None:
    folder = _broken(tmp_path, "stages.yaml", "id: team_builder, facts", "id: Team-Builder, facts")
    _, problems = read_framework(folder)
    lines = (folder / "framework" / "stages.yaml").read_text(encoding="utf-8").splitlines()
    assert [lines[p.line - 1].strip()[:18] for p in problems] == ["- {id: Team-Builde"]


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    folder = _broken(tmp_path, "mapping.yaml", "ceo: 3", "ceo: 4")
    for file, old, new in (("portrait.yaml", "percent: 35", "percent: 36"), ("plan.yaml", "order: 4", "order: 5")):
        path = folder / "framework" / file
        path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    _, problems = read_framework(folder)
    assert sorted(p.file for p in problems) == ["framework/mapping.yaml", "framework/plan.yaml", "framework/portrait.yaml"]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="framework.yaml"):
        load_framework(tmp_path)


# --- rubric and actions ------------------------------------------------------------------------------------------------


def test_every_level_of_every_pillar_has_its_indicators(framework: Framework) -> None:
    numbers = {
        (p.id, level.number): len(framework.at(p.id, level.number)) for p in framework.pillars for level in framework.levels
    }
    assert len(numbers) == 15
    assert {cell: n for cell, n in numbers.items() if not 4 <= n <= 6} == {}


def test_every_indicator_says_what_counts_and_asks_for_a_case(framework: Framework) -> None:
    for indicators in framework.indicators.values():
        for each in indicators:
            assert len(each.counts.zh) >= 2, each.id
            assert len(each.does_not_count.zh) >= 2, each.id
            assert "？" in each.question.zh and "?" in each.question.en, each.id
            assert len({each.samples.weak.zh, each.samples.fair.zh, each.samples.strong.zh}) == 3, each.id


def test_questions_of_indicators_are_all_different(framework: Framework) -> None:
    asked = [i.question.zh for each in framework.indicators.values() for i in each]
    assert len(asked) == len(set(asked))


def test_the_action_library_is_large_and_covers_every_step_and_kind(framework: Framework) -> None:
    actions = [(p, a) for p, each in framework.actions.items() for a in each]
    assert len(actions) >= 120
    steps = {(p, a.step) for p, a in actions}
    assert steps == {(p.id, step) for p in framework.pillars for step in ((0, 1), (1, 2), (2, 3))}
    kinds = {(p, a.kind) for p, a in actions}
    assert kinds == {(p.id, k.id) for p in framework.pillars for k in framework.plan.action_kinds}


def test_every_indicator_has_an_action_that_gives_evidence_for_it(framework: Framework) -> None:
    served = {i for each in framework.actions.values() for a in each for i in a.indicators}
    assert [i.id for each in framework.indicators.values() for i in each if i.id not in served] == []


def test_actions_fit_small_purses_and_short_weeks(framework: Framework) -> None:
    actions = [a for each in framework.actions.values() for a in each]
    assert sum(a.cost == "free" for a in actions) > len(actions) / 3
    assert sum(a.effort.hours / a.effort.weeks <= 1 for a in actions) > len(actions) / 5


# --- counts and false premises -----------------------------------------------------------------------------------------


def test_counts_are_those_of_the_framework(framework: Framework) -> None:
    assert {c.id: c.count for c in framework.counts} == {
        "pillars": 5, "levels": 3, "stages": 4, "steps": 4, "horizons": 3, "action_kinds": 4, "reviews": 2,
        "systems": 6, "cmo_duties": 6, "recommendations": 4, "trends": 3, "cmo_traits": 3, "leadership_traits": 3,
        "knowledge": 5, "hard_skills": 3, "soft_skills": 3, "roles": 5, "director_roles": 5, "cmo_roles": 5,
        "bu_head_roles": 4, "ceo_roles": 3, "director_goals": 4, "cmo_goals": 4, "bu_head_goals": 3, "ceo_goals": 0,
        "ceo_paths": 3,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("question", "countable", "asked"),
    [
        ("第六大支柱是什么", "pillars", 6),
        ("请介绍一下六大能力支柱", "pillars", 6),
        ("能力支柱有六根吗？", "pillars", 6),
        ("五大支柱之外，第六个是什么", "pillars", 6),
        ("第５个阶段叫什么", "stages", 5),
        ("第五階段的主題是什麼", "stages", 5),
        ("四个级别分别是哪四个", "levels", 4),
        ("数据能力第四级要会什么", "levels", 4),
        ("能力支柱分四级，第四级是啥", "levels", 4),
        ("十大角色有哪些", "roles", 10),
        ("市场总监的六个核心角色", "director_roles", 6),
        ("市场总监想知道CEO的五大角色", "ceo_roles", 5),
        ("事业部负责人的五个角色是哪五个", "bu_head_roles", 5),
        ("CMO的第六个角色", "cmo_roles", 6),
        ("CMO的七大职责", "cmo_duties", 7),
        ("七大职责体系怎么落地", "systems", 7),
        ("CEO阶段的发展目标有哪些", "ceo_goals", None),
        ("首席执行官/创始人阶段的三个发展目标", "ceo_goals", None),
        ("事业部负责人阶段的四个目标", "bu_head_goals", 4),
        ("第四条路径是什么", "ceo_paths", 4),
        ("行动计划的第五步", "steps", 5),
        ("行动路径分五类，第五类是什么", "action_kinds", 5),
        ("第五条实战建议是什么", "recommendations", 5),
        ("第四个趋势是什么", "trends", 4),
        ("知识结构的第六块是什么", "knowledge", 6),
    ],
)
def test_false_premises_in_chinese(framework: Framework, question: str, countable: str, asked: int | None) -> None:
    found = false_premise(question, "zh", framework)
    assert found is not None
    assert (found.id, found.asked) == (countable, asked)


@pytest.mark.parametrize(
    ("question", "countable", "asked"),
    [
        ("What is the sixth pillar?", "pillars", 6),
        ("List the 6 pillars", "pillars", 6),
        ("Besides the five pillars, is there a sixth?", "pillars", 6),
        ("what comes in the Fifth Stage", "stages", 5),
        ("How do I reach level 4?", "levels", 4),
        ("name the four levels", "levels", 4),
        ("six core roles of a marketing director", "director_roles", 6),
        ("As a director, I want the six roles of a CMO", "cmo_roles", 6),
        ("four roles of a founder", "ceo_roles", 4),
        ("the seven responsibility systems", "systems", 7),
        ("What are the development goals of the CEO stage?", "ceo_goals", None),
        ("step 5 of the plan", "steps", 5),
        ("the four paths to CEO", "ceo_paths", 4),
        ("the 5th recommendation", "recommendations", 5),
    ],
)
def test_false_premises_in_english(framework: Framework, question: str, countable: str, asked: int | None) -> None:
    found = false_premise(question, "en", framework)
    assert found is not None
    assert (found.id, found.asked) == (countable, asked)


@pytest.mark.parametrize(
    ("question", "lang"),
    [
        ("第五大支柱是什么", "zh"), ("5个支柱", "zh"), ("3-5年的目标怎么写", "zh"), ("第六大体系是什么", "zh"),
        ("第三阶段", "zh"), ("拿出五个阶段性成果", "zh"), ("CMO的六大职责", "zh"), ("一共17个角色吗", "zh"),
        ("五大能力的级别怎么定", "zh"), ("先补三个支柱", "zh"), ("三四个级别", "zh"), ("第五级领导者是什么意思", "zh"),
        ("我们公司分八个级别", "zh"), ("我们项目分五个阶段", "zh"), ("A/B测试第五步怎么做", "zh"), ("给我五条建议", "zh"),
        ("我的团队有六个角色", "zh"), ("赢得CEO信任的四个目标", "zh"), ("CEO给我定了六个目标", "zh"),
        ("为什么CEO阶段没有发展目标", "zh"), ("我的长期目标是当CEO", "zh"), ("ICF八大核心能力", "zh"),
        ("我做了八年总监，带六个人", "zh"), ("CEO阶段的三条路径", "zh"),
        ("the fifth pillar", "en"), ("5 pillars", "en"), ("my 3-5 years goal", "en"), ("3-4 levels", "en"),
        ("Level 5 leadership", "en"), ("our project has six stages", "en"), ("6 content pillars", "en"),
        ("give me five recommendations", "en"), ("why does the CEO stage list no development goals", "en"),
        ("the CEO's goals for marketing", "en"), ("I have six open roles on my team", "en"), ("all 17 core roles", "en"),
    ],
)  # fmt: skip
def test_fair_questions_raise_no_alarm(framework: Framework, question: str, lang: Lang) -> None:
    assert false_premise(question, lang, framework) is None


def test_the_library_s_own_questions_raise_no_alarm(framework: Framework, articles: list[Article]) -> None:
    # Articles that state a number of things are asked with a wrong one on purpose.
    counted = {"stage-counts"} | {c.article for c in framework.counts}
    asked = [(q, a.lang) for a in articles if a.id not in counted for q in a.questions]
    assert len(asked) > 4000
    assert [q for q, lang in asked if false_premise(q, lang, framework)] == []


# --- glossary ------------------------------------------------------------------------------------------------------------


def test_every_canonical_word_stands_in_the_library(glossary: Glossary, articles: list[Article]) -> None:
    library = "\n".join(f"{a.title}\n{a.body}" for a in articles).lower()
    strange = [w for e in glossary.entries for w in e.means if not re.search(rf"(?<![a-z]){re.escape(w.lower())}", library)]
    assert strange == []


def test_every_term_adds_something_and_never_everything(glossary: Glossary) -> None:
    added = {t: glossary.expand(t) for e in glossary.entries for t in e.terms}
    assert [t for t, words in added.items() if not 1 <= len(words) <= 5] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("老板砍预算怎么办", "ROI"),
        ("老是替别的部门背锅", "权责错配"),
        ("想跳槽", "首100天"),
        ("回头客太少", "复购率"),
        ("砸廣告有沒有用", "ROAS"),
        ("我想当GM", "事业部负责人"),
        ("How do I get a successor ready", "successors"),
        ("My Dashboard is ugly", "data dashboard"),
    ],
)
def test_expansion_finds_the_library_s_words(glossary: Glossary, text: str, expected: str) -> None:
    assert expected in glossary.expand(text)


def test_expansion_stays_in_the_language_of_the_question(glossary: Glossary) -> None:
    assert "customer acquisition cost" not in glossary.expand("拉新太贵了")
    assert glossary.expand("customer acquisition is expensive") == ["CAC", "customer acquisition cost"]


def test_expansion_needs_whole_english_words(glossary: Glossary) -> None:
    assert glossary.expand("our GMV and churning butter") == []


def test_the_longest_match_hides_the_shorter_one_inside_it(glossary: Glossary) -> None:
    # 老总 (a CEO) stands inside 分公司老总 (the head of a unit).
    words = glossary.expand("分公司老总管什么")
    assert "事业部负责人" in words
    assert "首席执行官" not in words


def test_expansion_adds_at_most_eight_and_nothing_already_there(glossary: Glossary) -> None:
    words = glossary.expand("老板砍预算，拉新贵，回头客少，销售甩锅，部门打架，骨干要走，我累垮了想跳槽")
    assert len(words) == MOST
    assert "复购率" not in glossary.expand("回头客和复购率")
    assert glossary.expand("") == []


def test_ambiguous_words_are_told_apart(glossary: Glossary, articles: list[Article]) -> None:
    known = {a.id for a in articles}
    assert [d.article for d in glossary.disambiguations if d.article not in known] == []
    assert [d.terms[0] for d in glossary.ambiguous("70/20/10怎么用")] == ["70-20-10"]
    assert [d.terms[0] for d in glossary.ambiguous("37%是什么")] == ["37%"]
    assert glossary.ambiguous("137%增长") == []
    assert {d.terms[0] for d in glossary.disambiguations} >= {"渠道", "70-20-10", "3-5年", "季度", "37%", "28%", "92%", "70%"}


def test_a_term_that_stands_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "glossary.yaml"
    path.write_text("entries:\n- {terms: [總監們], means: [总监]}\n- {terms: [总监们], means: [CMO]}\ndisambiguations: []\n")
    with pytest.raises(SetupError, match="总监们.*twice"):
        Glossary.load(path)
