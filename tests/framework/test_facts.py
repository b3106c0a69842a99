"""Every fact stands in the texts that name it, in both languages; a fact that is changed, contradicted or lost is noticed."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from coach.errors import SetupError
from coach.framework.facts import FactBook, matches
from coach.framework.files import Problem
from coach.framework.terms import missing, plain, term
from coach.library.check import check
from coach.settings import ROOT
from coach.types import Lang

KNOWLEDGE = ROOT / "knowledge"
LANGS: tuple[Lang, Lang] = ("zh", "en")


@pytest.fixture(scope="module")
def book() -> FactBook:
    return FactBook.load(KNOWLEDGE)


def copied(folder: Path) -> Path:
    """The knowledge folder, to be spoilt."""
    for name in ("framework", "articles"):
        shutil.copytree(KNOWLEDGE / name, folder / name)
    for name in ("facts.yaml", "traps.yaml", "claims.yaml"):
        shutil.copy(KNOWLEDGE / name, folder / name)
    return folder


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return copied(tmp_path)


CHANGES = [
    ("articles/zh/goal-long.md", "3-5年", "5-8年", "F083"),
    ("articles/zh/goal-mid.md", "1-2年", "2-3年", "F085"),
    ("articles/en/rec2-702010.md", "70%", "60%", "F177"),
    ("articles/zh/pillar-data.md", "归因", "分析", "F069"),
    ("articles/en/stage3-roles.md", "culture", "climate", "F0"),
    ("articles/zh/stage2-roles.md", "预算拥有者", "预算管理者", "F0"),
    ("articles/zh/knowledge-mix.md", "35%", "53%", "F159"),
    ("articles/zh/case-sap.md", "Oracle", "IBM", "F129"),
    ("framework/pillars.yaml", "说服得了资源方", "管得了资源方", "F075"),
]
BARE, LOST, SHORT = "articles/zh/weekly-checkin-habit.md", "articles/en/smart-goals.md", "articles/en/star-answers.md"


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory: pytest.TempPathFactory, book: FactBook) -> list[Problem]:
    """What is found in a folder with a dozen mistakes, each in a file of its own: to check a folder takes seconds."""
    folder = copied(tmp_path_factory.mktemp("spoilt"))
    spoil = [*CHANGES, (honouring(book), "发展目标", "目的", "T05")]
    assert len({file for file, *_ in spoil} | {BARE, LOST, SHORT}) == len(spoil) + 3
    for file, old, new, _ in spoil:
        path = folder / file
        text = path.read_text(encoding="utf-8")
        body = text.rpartition("---\n")[2] if file.endswith(".md") else text
        assert old in body
        path.write_text(text[: len(text) - len(body)] + body.replace(old, new), encoding="utf-8")
    bare, short = folder / BARE, folder / SHORT
    bare.write_text(bare.read_text(encoding="utf-8").rstrip() + "某互联网企业用算法把获客成本降低了37%。\n", encoding="utf-8")
    (folder / LOST).unlink()
    head, mark, body = short.read_text(encoding="utf-8").rpartition("---\n")
    short.write_text(re.sub(r"^answers:.*\n", "", head, flags=re.M) + mark + " ".join(body.split()[:40]) + "\n", encoding="utf-8")
    return list(check(folder).problems)


def honouring(book: FactBook) -> str:
    """An article that has to honour a trap."""
    return f"articles/zh/{next(t for t in book.traps if t.id == 'T05').where[0]}.md"


def test_the_shipped_knowledge_has_no_problem() -> None:
    report = check(KNOWLEDGE)
    assert [str(p) for p in report.problems] == []
    assert report.articles["zh"] == report.articles["en"] >= 90
    assert report.actions >= 120
    assert len(report.stated) == 197
    assert [name for name, stated in report.stated.items() if not stated["zh"] or not stated["en"]] == []


def test_all_facts_and_traps_of_the_sources_are_there(book: FactBook) -> None:
    assert [f.id for f in book.facts] == [f"F{n:03}" for n in range(1, 198)]
    assert [t.id for t in book.traps] == [f"T{n:02}" for n in range(1, 41)]
    assert sum(bool(f.contradicted_by.zh) for f in book.facts) > 100


def test_no_fact_is_proved_by_one_common_word(book: FactBook) -> None:
    weak = [f.id for f in book.facts for lang in LANGS if sum(len(max(g, key=len)) for g in getattr(f, lang)) < 4]
    assert weak == []


def test_the_words_of_a_fact_stand_in_its_own_statement(book: FactBook) -> None:
    assert [
        (f.id, lang, lacking) for f in book.facts for lang in LANGS if (lacking := f.lacks(plain(f.says.of(lang)), lang))
    ] == []


@pytest.mark.parametrize(("file", "said"), [(file, said) for file, _, _, said in CHANGES])
def test_a_changed_fact_is_noticed(spoilt: list[Problem], file: str, said: str) -> None:
    found = [str(p) for p in spoilt if p.file == file]
    assert any(said in p for p in found), found


def test_a_contradiction_elsewhere_is_noticed(copy: Path, book: FactBook) -> None:
    """The wrong sentence of every fact, put into an article that does not name the fact."""
    put: dict[str, list[str]] = {}
    for lang in LANGS:
        file = f"articles/{lang}/weekly-checkin-habit.md"
        wrong = [(f.id, f.wrong.of(lang)) for f in book.facts if f.wrong and f.contradicted_by.of(lang)]
        text = (copy / file).read_text(encoding="utf-8").rstrip()
        (copy / file).write_text(f"{text}\n\n" + "\n\n".join(sentence for _, sentence in wrong) + "\n", encoding="utf-8")
        put[file] = [fact for fact, _ in wrong]
    found = check(copy).problems
    told = {file: "\n".join(p.what for p in found if p.file == file) for file in put}
    assert [(file, f) for file, facts in put.items() for f in facts if f"This contradicts {f} " not in told[file]] == []


def test_every_trap_bites(book: FactBook) -> None:
    for trap in book.traps:
        assert trap.where or trap.never.zh, trap.id
        if trap.where:
            assert trap.says.zh and trap.says.en, trap.id


def test_a_trap_that_is_no_longer_honoured_is_noticed(spoilt: list[Problem], book: FactBook) -> None:
    assert any("T05" in p.what for p in spoilt if p.file == honouring(book))


def test_a_bare_claim_a_lost_twin_one_of_another_length_and_a_short_article_are_noticed(spoilt: list[Problem]) -> None:
    assert any("cost-37" in p.what for p in spoilt if p.file == BARE)
    found = "\n".join(map(str, spoilt))
    assert "The article 'smart-goals' does not exist in en." in found
    assert "articles/en/star-answers.md: The article has 40 words; 120 to 450 are wanted." in found
    assert re.search(r"en/weekly-checkin-habit\.md: The text has (\d) sentences in zh and (?!\1)\d in en\.", found)


def test_problems_name_file_line_and_mend(copy: Path) -> None:
    path = copy / "framework" / "stages.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("roles_article: stage1-roles", "roles_article: no-such"), encoding="utf-8"
    )
    (problem,) = check(copy).problems
    lines = path.read_text(encoding="utf-8").splitlines()
    assert problem.file == "framework/stages.yaml"
    assert "no-such" in lines[problem.line - 1]
    assert problem.mend == "Correct the id, or write it."


@pytest.mark.parametrize(
    ("words", "text", "held"),
    [
        ("3-5年", "长期目标是3-5年", True),
        ("3-5年", "长期目标是13-5年", False),
        ("CMO", "升CMO要什么", True),
        ("CMO", "CMOs differ", False),
        ("strateg*", "Strategic thinking", True),
        ("35%", "占 35 %", True),
        ("35%", "占135%", False),
        ("70%", "７０％的投入", True),
        ("市场", "市場總監", True),
    ],
)
def test_terms_match_whole_words_and_numbers(words: str, text: str, held: bool) -> None:
    assert bool(term(words).search(plain(text))) is held
    assert (missing([[words]], plain(text)) == []) is held


def test_patterns_compare_in_one_form() -> None:
    assert matches(["四条路径"], plain("四條路徑"))
    assert not matches(["四条路径"], "三条路径")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("facts: [{id: F001, says: {zh: 一, en: one}, zh: [], en: [[x]]}]", "facts.0.zh"),
        ("facts: [{id: F001, says: {zh: 一, en: one}, zh: [[x]], en: [[x]], contradicted_by: {zh: ['x(']}}]", "regular expression"),
        ("facts: [{id: F001, says: {zh: 一, en: one}, zh: [[x]], en: [[x]], contradicted_by: {zh: [y]}}]", "wrong.zh"),
        ("facts:\n- {id: F001, says: {zh: 一, en: one}, zh: [[x]], en: [[x]]}\n- {id: F001, says: {zh: 一, en: one}, zh: [[x]], en: [[x]]}", "twice"),
    ],
)  # fmt: skip
def test_bad_facts_are_refused(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "facts.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(SetupError, match=re.escape(said)):
        FactBook.load(tmp_path)
