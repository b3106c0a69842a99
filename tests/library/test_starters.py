"""Questions to begin with: short, each of another article, and answered by the library they come from."""

from __future__ import annotations

from pathlib import Path

import pytest

from coach.framework import load_framework
from coach.library.catalogue import Catalogue, Entry, Record
from coach.library.starters import starters
from coach.settings import ROOT, Settings
from coach.types import Lang

LADDER = load_framework(ROOT / "knowledge").ladder


def article(name: str, stages: list[str], questions: list[str], *, lang: Lang = "zh", pillar: str = "strategy") -> Record:
    entry = Entry(id=f"{name}#0", text="正文", heading_path=(), start=0, end=2, location="", questions=tuple(questions))
    return Record(
        id=name, path=name, sha256=name, title=name, source="s", lang=lang, tier="stated", collection="built-in",
        entries=(entry,), meta={"stages": stages, "pillars": [pillar], "questions": questions},
    )  # fmt: skip


def chosen(tmp_path: Path, *records: Record, lang: Lang = "zh") -> dict[str, list[str]]:
    catalogue = Catalogue(tmp_path / "library.db")
    catalogue.put(records)
    catalogue.close()
    return {stage.id: asks for stage, asks in starters(tmp_path / "library.db", LADDER, lang)}


def test_articles_about_one_stage_alone_come_first_and_none_is_used_twice(tmp_path: Path) -> None:
    first, second = LADDER[0].id, LADDER[1].id
    found = chosen(
        tmp_path,
        article("a", [first, second], ["怎么安排全年的预算"]),
        article("b", [first], ["总监怎么证明自己的价值？"], pillar="leadership"),
    )
    assert found == {first: ["总监怎么证明自己的价值？"], second: ["怎么安排全年的预算？"]}


@pytest.mark.parametrize(
    "odd", ["短吗", "怎么" + "长" * 40, "没人能接我的摊子了", "37%是怎么来的呢", "资料里怎么说预算的", "怎么办？要紧吗？是不是"]
)
def test_questions_that_are_no_plain_question_are_passed_over(tmp_path: Path, odd: str) -> None:
    stage = LADDER[0].id
    assert chosen(tmp_path, article("a", [stage], [odd, "怎么安排全年的预算"])) == {stage: ["怎么安排全年的预算？"]}


def test_other_languages_and_own_documents_are_left_out(tmp_path: Path) -> None:
    stage = LADDER[0].id
    english = article("en", [stage], ["how do I plan the budget of a year"], lang="en")
    assert chosen(tmp_path, english) == {}
    assert chosen(tmp_path, english, lang="en") == {stage: ["How do I plan the budget of a year?"]}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_real_library_has_three_for_every_stage(real_settings: Settings, lang: Lang) -> None:
    found = starters(real_settings.library_dir / "library.db", LADDER, lang)
    assert [stage.id for stage, _ in found] == [stage.id for stage in LADDER]
    asks = [ask for _, questions in found for ask in questions]
    assert len(asks) == len(set(asks)) == 3 * len(LADDER)
