"""A framework for another profession: made by one command, checked, indexed and answered from; nothing of marketing is left."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from coach.app import Coach, build_coach, build_drafting
from coach.cli import cli
from coach.conversation.personal import Personal
from coach.development.draft import profile_from
from coach.framework import load_framework
from coach.library.check import check
from coach.library.unanswered import FILE
from coach.messages import say
from coach.settings import Settings
from coach.types import Turn
from evals.development import article_passages
from tests.conftest import REAL_HOME


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `coach knowledge new` writes."""
    made = tmp_path_factory.mktemp("second") / "knowledge"
    done = CliRunner().invoke(cli, ["knowledge", "new", str(made)])
    assert done.exit_code == 0, done.output
    return made


def test_what_is_made_has_no_problem(folder: Path) -> None:
    done = CliRunner().invoke(cli, ["knowledge", "check", str(folder)])
    assert (done.exit_code, done.output.splitlines()[-1].endswith("0 problems.")) == (0, True), done.output


def test_it_has_other_stages_pillars_and_levels(folder: Path) -> None:
    framework = load_framework(folder)
    assert [s.id for s in framework.stages] != [s.id for s in load_framework(Settings().knowledge).stages]
    assert (len(framework.pillars), len(framework.levels)) == (2, 2)
    assert framework.responsibilities.systems is None


def test_a_folder_in_use_is_not_written_over(folder: Path) -> None:
    done = CliRunner().invoke(cli, ["knowledge", "new", str(folder)])
    assert done.exit_code == 2
    assert "is not an empty folder; nothing was written" in done.output


def test_the_name_of_the_people_is_taken_over(tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, ["knowledge", "new", str(tmp_path / "k"), "--name", 'nurses: the "real" ones'])
    assert done.exit_code == 0, done.output
    assert load_framework(tmp_path / "k").profession.people.en == "nurses: the 'real' ones"


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("framework/pillars.yaml", "order: 2", "order: 2\n    colour: red", "framework/pillars.yaml:"),
        ("articles/en/personal-plan.md", "lang: en", "lang: fr", "articles/en/personal-plan.md"),
        ("framework/mapping.yaml", "expected:", "expected:\n  nobody: 1", "'nobody'"),
    ],
)
def test_mistakes_are_named_with_file_line_and_mend(tmp_path: Path, file: str, old: str, new: str, said: str) -> None:
    folder = tmp_path / "k"
    assert CliRunner().invoke(cli, ["knowledge", "new", str(folder)]).exit_code == 0
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    done = CliRunner().invoke(cli, ["knowledge", "check", str(folder)])
    assert done.exit_code == 3
    assert said in done.output
    assert all(p.mend for p in check(folder).problems)


TALK = (
    "我是产品经理，带3个人，向产品总监汇报，想做产品总监。我不会跟开发沟通。",
    "我最弱的是哪块？",
    "给我排个计划",
    "给老板一页纸",
)


def test_its_people_are_placed_and_get_a_plan(folder: Path) -> None:
    framework = load_framework(folder)
    drafting = build_drafting(
        Settings(_env_file=None, knowledge=folder), framework, article_passages(Settings(_env_file=None, knowledge=folder))
    )
    values = {"role": "CPO", "self_ratings": {"discovery": 1, "delivery": 2}, "weaknesses": ["访谈"]}
    profile, remarks = profile_from(values, framework, "zh")
    drafted = drafting.draft(profile, "zh", date(2026, 11, 22))
    assert (drafted.status, remarks, drafted.found.standing.claimed) == ("answered", (), framework.stages[-1].id)
    assert drafted.found.gaps[0].pillar == "discovery"
    said = "".join(f"{line.text.zh}{line.measure.zh}{line.source.label.zh}" for line in drafted.plan.lines)
    assert "营销" not in said and "市场" not in said


def test_its_people_are_answered_about_themselves(folder: Path) -> None:
    framework, passage = load_framework(folder), article_passages(Settings(_env_file=None, knowledge=folder))
    drafting = build_drafting(Settings(_env_file=None, knowledge=folder), framework, passage)
    personal = Personal(drafting, passage, lambda: date(2026, 11, 22))
    history: list[Turn] = []
    wishes, replies = [], []
    for said in TALK:
        wishes.append(personal.wish(said, history))
        replies.append(personal.answer(wishes[-1], said, history, "zh"))
        history.append(Turn(role="user", content=said))
    assert wishes == ["introduce", "weakest", "plan", "page"]
    assert framework.pillar("delivery").name.zh in replies[1].text
    assert all("产品总监" in r.text for r in replies[2:])
    assert not any("营销" in r.text or "市场" in r.text for r in replies)


@pytest.mark.real
class TestInUse:
    """The same, indexed with the real embedding model."""

    @pytest.fixture(scope="class")
    def coach(self, folder: Path, tmp_path_factory: pytest.TempPathFactory, real_settings: Settings) -> Iterator[Coach]:
        home = tmp_path_factory.mktemp("home")
        (home / "models").symlink_to(REAL_HOME / "models", target_is_directory=True)
        (home / "library").mkdir()
        shutil.copy(real_settings.library_dir / FILE, home / "library")  # its questions are the same; to embed them takes long
        env = {"COACH_HOME": str(home), "COACH_KNOWLEDGE": str(folder), "COACH_MODEL": "none"}
        done = CliRunner().invoke(cli, ["ingest"], env=env)
        assert done.exit_code == 0, done.output
        coach = build_coach(real_settings.model_copy(update={"home": home, "knowledge": folder, "model": "none"}))
        coach.wait_ready()
        yield coach
        coach.close()

    @pytest.mark.parametrize("lang", ["zh", "en"])
    def test_its_questions_are_answered_from_its_articles(self, coach: Coach, lang: str) -> None:
        examples = coach.examples(lang)  # type: ignore[arg-type]
        replies = [coach.answer(question) for question in examples]
        assert [r.status for r in replies] == ["answered"] * len(examples)
        assert all(r.citations for r in replies)

    def test_the_coach_speaks_of_its_people(self, coach: Coach) -> None:
        people = coach.profession.people
        assert people.zh in coach.answer("你好").answer
        assert people.en in coach.answer("Hello").answer
        said = coach.answer("你是谁").answer + coach.answer("Who are you?").answer
        assert "营销" not in said and "marketing" not in said.lower()

    def test_its_numbers_correct_a_question(self, coach: Coach) -> None:
        reply = coach.answer("第三个能力支柱是什么？")
        name = load_framework(coach.settings.knowledge).countable("pillars").name.zh
        assert reply.answer.startswith(say("premise_count", "zh", name=name, count=2, asked=3))

    def test_what_its_library_does_not_hold_is_not_answered(self, coach: Coach) -> None:
        assert coach.answer("杭州的产品经理一年工资多少万？").status == "not_in_sources"
        assert coach.answer("How do I renew my passport?").status == "not_in_sources"
