"""Assess, plan, review and export as somebody does it in a terminal."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from click.testing import CliRunner

from coach.cli import cli
from coach.development.desk import Desk
from coach.documents import FORMATS
from tests.development.test_desk import PERSON, desk_at

STORY = "去年我把季度目标拆到每个人，完成率从70%升到95%，每周复盘都有记录。"


@pytest.fixture(autouse=True)
def records(tmp_path, monkeypatch):
    """Where every command of a test keeps its records; each opens them anew, as a process would."""
    path = tmp_path / "people.db"
    monkeypatch.setattr("coach.app.open_desk", lambda settings: desk_at(path))
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    monkeypatch.chdir(tmp_path)
    return path


@pytest.fixture
def desk(records):
    made = desk_at(records)
    yield made
    made.close()


@pytest.fixture
def profile_file(tmp_path):
    path = tmp_path / "我.json"
    path.write_text(json.dumps(PERSON, ensure_ascii=False), encoding="utf-8")
    return path


def run(*args, **options):
    return CliRunner().invoke(cli, [str(a) for a in args], **options)


def ok(*args, **options):
    done = run(*args, **options)
    assert done.exit_code == 0, done.output
    return done


# --- one whole life ---------------------------------------------------------------------------------------------------


def test_one_whole_life_in_the_terminal(tmp_path, desk):
    ok("profile", "set", "name=林晓", "role=市场总监", "team_size=8个人，两个经理", "reports_to=营销VP", "weaknesses=财务；汇报",
       "constraints=每周3小时", "self_ratings.data=3", "evidence.data=我搭了看板，获客成本从120元降到90元")  # fmt: skip
    stopped = ok("assess", input=f"{STORY}\n/quit\n")
    assert "coach assess" in stopped.stderr and stopped.stdout == ""
    resumed = ok("assess", input="\n" * 20)
    assert "已经答了1题" in resumed.stderr and "数据与量化分析能力: 1 初级" in resumed.stdout and "原话" in resumed.stdout

    shown = ok("plan")
    assert shown.stdout.startswith("# 职业发展计划 · 林晓") and "第1版" in shown.stderr
    assert ok("plan").stdout == shown.stdout and len(desk.plans()) == 1
    for format in FORMATS:
        ok("export", tmp_path / f"plan.{format}")
        assert (tmp_path / f"plan.{format}").stat().st_size > 500

    plan = desk.plan(lang="zh")
    quarter = next(m.on for m in plan.meetings if m.kind == "quarterly" and m.on > date.today() + timedelta(days=100))
    year = next(m.on for m in plan.meetings if m.kind == "yearly" and m.on > quarter)
    news = "d\n一页计划已过会\ns\n没预算\nx\n不重要\n"
    reviewed = ok("review", "--on", quarter, "--yes", "-o", tmp_path / "review.docx", input=news)
    assert reviewed.stdout.startswith("# 季度复盘") and "没预算" in reviewed.stdout and "第2版" in reviewed.stderr
    assert (tmp_path / "review.docx").read_bytes().startswith(b"PK") and desk.plan(lang="zh").version == 2
    kept = ok("review", "--kind", "yearly", "--on", year, input="")
    assert kept.stdout.startswith("# 年度复盘") and "没有改动" in kept.stderr and desk.plan(lang="zh").version == 2

    ok("export", tmp_path / "all.json")
    assert len(json.loads((tmp_path / "all.json").read_text("utf-8"))["plan_versions"]) == 2
    assert "删除" in ok("profile", "delete", "--everything", "--yes").stdout
    assert desk.plans() == [] and "还没有个人资料" in ok("profile", "show").stdout


# --- profile ----------------------------------------------------------------------------------------------------------


def test_a_profile_is_shown_set_confirmed_and_deleted_by_field(desk):
    desk.set_profile({"industry": "医药"}, lang="zh", inferred=["industry"])
    shown = ok("profile", "set", "role=Marketing director", "strengths=brand; teams", "shoe=42", "--lang", "en")
    assert "strengths: brand; teams" in shown.stdout and "industry: 医药  (inferred" in shown.stdout and "shoe" in shown.stderr
    assert "inferred" not in ok("profile", "confirm", "industry", "--lang", "en").stdout
    told = json.loads(ok("profile", "show", "--json").stdout)
    assert told["profile"]["strengths"] == ["brand", "teams"] and told["unconfirmed"] == []
    ok("profile", "set", "role=")
    assert "role" not in ok("profile", "show").stdout
    ok("profile", "delete", "industry")
    ok("profile", "delete")
    assert desk.profile().sources == {}


@pytest.mark.parametrize(
    ("args", "named"),
    [(["set", "role"], "FIELD=VALUE"), (["set", "=x"], "FIELD=VALUE"), (["set", "role=" + "字" * 2001], "2000"), (["confirm", "budget"], "budget"),
     (["delete", "no such"], "no such")],
)  # fmt: skip
def test_a_wrong_profile_command_says_what_is_wrong(args, named):
    done = run("profile", *args)
    assert done.exit_code == 2 and named in done.stderr and "Traceback" not in done.output


def test_everything_is_deleted_only_when_the_person_agrees(desk):
    ok("profile", "set", "role=CMO")
    ok("profile", "delete", "--everything", input="n\n")
    assert desk.profile().profile.role == "CMO"
    ok("profile", "delete", "--everything", input="y\n")
    assert desk.profile().revision == 0


# --- assess -----------------------------------------------------------------------------------------------------------


def test_ctrl_c_keeps_every_answer(desk, monkeypatch):
    answers = iter([STORY])

    def line(_prompt):
        try:
            return next(answers)
        except StopIteration:
            raise KeyboardInterrupt from None

    monkeypatch.setattr("coach.cli.development._line", line)
    stopped = run("assess", "--lang", "en")
    assert stopped.exit_code == 130 and "coach assess" in stopped.stderr
    (kept,) = desk.assessments(lang="zh")
    assert kept.state == "open" and list(kept.answers.values()) == [STORY]


def test_done_gives_the_results_now_and_new_begins_anew(desk):
    told = json.loads(ok("assess", "--json", "--lang", "en", input="/done\n").stdout)
    assert [r["level"] for r in told["results"]] == [None] * 5
    ok("assess", input=f"{STORY}\n/quit\n")
    ok("assess", "--new", input="/quit\n")
    ok("assess", "--form", "full", input="/quit\n")
    assert [(v.form, v.state, len(v.answers)) for v in desk.assessments(lang="zh")] == [
        ("short", "done", 0), ("short", "open", 1), ("short", "open", 0), ("full", "open", 0)
    ]  # fmt: skip


def test_an_answer_that_is_too_long_is_told_and_the_others_are_kept(desk):
    done = run("assess", input=f"{STORY}\n{'字' * 8001}\n")
    assert done.exit_code == 2 and "8000" in done.stderr
    assert list(desk.assessments(lang="zh")[0].answers.values()) == [STORY]


# --- plan -------------------------------------------------------------------------------------------------------------


def test_a_plan_from_a_file_is_not_kept(profile_file, desk):
    done = ok("plan", "--profile", profile_file)
    assert done.stdout.startswith("# 职业发展计划 · 林晓") and "没有保存" in done.stderr
    assert ok("plan", "--profile", profile_file, "--lang", "en").stdout.startswith("# Career development plan")
    assert desk.plans() == [] and desk.profile().revision == 0
    told = json.loads(ok("plan", "--profile", profile_file, "--json").stdout)
    assert told["status"] == "answered" and told["stage"] == "director"


def test_yaml_is_read_with_dates_and_numbers_and_a_profile_key(tmp_path):
    path = tmp_path / "me.yaml"
    path.write_text(
        "profile:\n  role: Head of Marketing\n  years: 2019-03-01\n  reports_to: the CEO\n  team_size: 12\n"
        "  weaknesses: [finance]\n  self_ratings: {data: 2}\n",
        encoding="utf-8",
    )
    told = json.loads(ok("plan", "--profile", path, "--json").stdout)
    assert told["status"] == "answered" and told["language"] == "en"
    assert {"text": "2019-03-01", "field": "years"} in told["plan"]["facts"]


@pytest.mark.parametrize(
    ("content", "named"),
    [(b"role: [", "neither YAML nor JSON"), (b"- a\n- b", "holds no profile"), (b"", "holds no profile"), (b"\xff\xfe\x00", "cannot be read"),
     (b"role: [a, b]", "role"), (b"{" * 50_000, "YAML"), (b"!!python/object/apply:os.system ['true']", "neither YAML nor JSON")],
)  # fmt: skip
def test_a_file_that_is_no_profile_is_told(tmp_path, content, named):
    path = tmp_path / "me.yaml"
    path.write_bytes(content)
    done = run("plan", "--profile", path)
    assert done.exit_code == 2 and named in done.stderr and "Traceback" not in done.output
    assert run("plan", "--profile", tmp_path / "none.yaml").exit_code == 2


def test_without_anything_it_asks_the_few_questions(desk):
    done = ok("plan", input="市场总监，向CEO汇报，带12个人和3个经理\n三年内做到CMO\n财务最弱\n每周3小时\n")
    assert done.stdout.startswith("# 职业发展计划") and "向谁汇报" in done.stderr
    assert desk.profile().profile.target == "三年内做到CMO" and desk.plan(lang="zh").version == 1


def test_too_little_is_answered_with_questions_and_its_own_exit_code(tmp_path, desk):
    path = tmp_path / "me.json"
    path.write_text("{}")
    done = run("plan", "--profile", path, "--lang", "en")
    assert done.exit_code == 4 and done.stdout.startswith("There is not enough")
    assert json.loads(run("plan", "--profile", path, "--json").stdout)["status"] == "clarify"
    asked = run("plan", input="")
    assert asked.exit_code == 4 and desk.plans() == []


@pytest.mark.parametrize(("format", "start"), [("docx", b"PK"), ("pdf", b"%PDF"), ("md", b"# "), ("ics", b"BEGIN:VCALENDAR")])
def test_the_output_file_tells_the_format(profile_file, tmp_path, format, start):
    path = tmp_path / f"out.{format}"
    done = ok("plan", "--profile", profile_file, "--one-page", "-o", path)
    assert path.read_bytes().startswith(start) and str(path) in done.stderr and done.stdout == ""


def test_a_document_without_a_file_name_gets_one_here(profile_file, tmp_path):
    ok("plan", "--profile", profile_file, "--format", "docx")
    assert (tmp_path / "职业发展计划-林晓-第1版.docx").read_bytes().startswith(b"PK")


def test_files_that_cannot_be_written_are_told(profile_file, tmp_path):
    for args in (["-o", tmp_path / "plan.exe"], ["-o", tmp_path / "no" / "folder" / "plan.md"]):
        done = run("plan", "--profile", profile_file, *args)
        assert done.exit_code == 2 and "plan." in done.stderr and "Traceback" not in done.output


# --- review and export without a plan ---------------------------------------------------------------------------------


@pytest.mark.parametrize("args", [["review"], ["export", "plan.docx"]])
def test_without_a_plan_it_says_how_to_make_one(args):
    done = run(*args, "--lang", "en")
    assert done.exit_code == 2 and "coach plan" in done.stderr


def test_export_knows_its_endings(profile_file, desk, tmp_path):
    desk.set_profile(PERSON, lang="zh")
    desk.new_plan(lang="zh", today=date.today())
    assert run("export", "plan").exit_code == 2 and run("export", "plan.exe").exit_code == 2
    assert run("export", "plan.md", "--version", "9").exit_code == 2 and run("export", "plan.md", "--plan", "none").exit_code == 2
    ok("export", "plan.MD", "--lang", "en", "--one-page")
    assert (tmp_path / "plan.MD").read_text("utf-8").startswith("# Development plan on one page")


def test_a_review_that_is_not_agreed_to_changes_nothing(desk):
    desk.set_profile(PERSON, lang="zh")
    plan = desk.new_plan(lang="zh", today=date.today())[1]
    on = plan.meetings[0].on
    lines = len(desk.review("quarterly", on, lang="zh").review.rows)
    done = ok("review", "--on", on, "--lang", "en", input="?\n" * lines + "n\n")
    assert "as it was" in done.stderr and desk.plan(lang="zh") == plan and desk.checkins() == []
    assert isinstance(desk, Desk) and run("review", "--on", "yesterday").exit_code == 2
