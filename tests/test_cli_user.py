"""`coach user`, and who the other commands take one for once there are accounts."""

from __future__ import annotations

import json
import re

import pytest
from argon2 import PasswordHasher
from click.testing import CliRunner

from coach.cli import cli
from coach.settings import Settings
from coach.store.accounts import Accounts, LogInFailed, open_accounts
from coach.store.database import open_database
from coach.store.records import LOCAL_PERSON, Records
from tests.conftest import new_database
from tests.development.test_desk import PERSON, desk_at

GOOD = "纸船 lantern 42 orbit"
OTHER = "quiet-harbour-七点半"
TWICE = f"{GOOD}\n{GOOD}\n"


@pytest.fixture(autouse=True)
def home(clean_environment, monkeypatch):
    """Everything in one database; the password hash made quick."""
    new_database(clean_environment / "coach.db")
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    monkeypatch.setattr(Accounts, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    monkeypatch.setattr("coach.app.open_desk", lambda settings: desk_at(settings.home / "coach.db"))
    return clean_environment


def run(*args, **options):
    return CliRunner().invoke(cli, [str(a) for a in args], **options)


def ok(*args, **options):
    done = run(*args, **options)
    assert done.exit_code == 0, done.output
    return done


@pytest.fixture
def accounts(home):
    made = open_accounts(Settings(_env_file=None, home=home))
    yield made
    made.close()


@pytest.fixture
def lin(accounts):
    ok("user", "add", "lin", "--role", "admin", "--takes-local", input=TWICE)
    return accounts.account("lin")


def token_of(name, *options) -> str:
    return ok("user", "token", name, *options).stdout.strip()


# --- accounts ---------------------------------------------------------------------------------------------------------


def test_an_account_is_made_with_a_password_typed_twice_and_unseen(accounts):
    done = ok("user", "add", "Lin", "--role", "admin", "--name", "林晓", input=TWICE)
    assert "“lin”已创建" in done.output and GOOD not in done.output
    made = accounts.account("lin")
    assert (made.role, made.display, made.disabled) == ("admin", "林晓", False)
    assert accounts.session(accounts.log_in("lin", GOOD, "")).visitor.person == made.person


def test_a_password_comes_from_standard_input_for_programs(accounts):
    ok("user", "add", "lin", "--password-stdin", input=f"{GOOD}\r\nmore\n")
    assert accounts.log_in("lin", GOOD, "")


@pytest.mark.parametrize(
    ("args", "typed", "said"),
    [
        (["lin"], f"{GOOD}\n{OTHER}\n", "不一样"),
        (["lin"], "short\nshort\n", "至少要12个字符"),
        (["lin"], "password1234\npassword1234\n", "太常见"),
        (["lin-xiao-ming"], "lin-xiao-ming\nlin-xiao-ming\n", "登录名"),
        (["a b"], "", "不能用作登录名"),
        (["🙂"], "", "不能用作登录名"),
        (["x" * 10_000], "", "不能用作登录名"),
        (["lin", "--password-stdin"], "", "至少要12个字符"),
        (["lin", "--password-stdin"], b"\xff\xfe\n", "至少要12个字符"),
    ],
)
def test_what_cannot_be_an_account_is_refused_in_a_sentence(accounts, args, typed, said):
    done = run("user", "add", *args, input=typed)
    assert done.exit_code == 2 and said in done.output and "Traceback" not in done.output
    assert not accounts.any()


def test_an_unknown_role_is_refused(accounts):
    assert run("user", "add", "lin", "--role", "root").exit_code == 2 and not accounts.any()


def test_the_records_from_before_go_to_who_takes_them(home, accounts):
    Records(open_database(f"sqlite:///{home / 'coach.db'}")).of(LOCAL_PERSON).start_assessment("short", "f 1")
    ok("user", "add", "wang", input=TWICE)
    ok("user", "add", "lin", "--takes-local", input=TWICE)
    records = Records(open_database(f"sqlite:///{home / 'coach.db'}"))
    assert len(records.of(accounts.account("lin").person).assessments()) == 1
    assert records.of(accounts.account("wang").person).assessments() == []
    again = run("user", "add", "chen", "--takes-local", input=TWICE)
    assert again.exit_code == 2 and "另一个账号" in again.output


def test_accounts_are_listed(lin, accounts):
    ok("user", "add", "wang", "--name", "王芳", input=TWICE)
    ok("user", "disable", "wang")
    told = ok("user", "list").stdout.splitlines()
    assert told == ["lin  admin  lin", "wang  member  王芳  已停用"]
    listed = json.loads(ok("user", "list", "--json").stdout)["accounts"]
    assert [a["name"] for a in listed] == ["lin", "wang"] and "argon2" not in str(listed)


def test_without_accounts_the_list_says_what_that_means():
    assert "不需要登录" in ok("user", "list").output


def test_role_password_and_access_change(lin, accounts):
    ok("user", "add", "wang", input=TWICE)
    ok("user", "role", "WANG", "reviewer")
    assert accounts.account("wang").role == "reviewer"
    session = accounts.log_in("wang", GOOD, "")
    ok("user", "password", "wang", input=f"{OTHER}\n{OTHER}\n")
    assert accounts.session(session) is None and accounts.log_in("wang", OTHER, "")
    with pytest.raises(LogInFailed):
        accounts.log_in("wang", GOOD, "")
    ok("user", "disable", "wang")
    assert accounts.account("wang").disabled
    ok("user", "enable", "wang")
    assert accounts.log_in("wang", OTHER, "")


@pytest.mark.parametrize("args", [["role", "lin", "member"], ["disable", "lin"], ["remove", "lin", "--yes"]])
def test_the_last_admin_stays(lin, accounts, args):
    ok("user", "add", "wang", input=TWICE)
    done = run("user", *args)
    assert done.exit_code == 2 and "coach user role NAME admin" in done.output and accounts.account("lin").role == "admin"


def test_removing_asks_first(lin, accounts):
    ok("user", "add", "wang", input=TWICE)
    assert "没有删除" in ok("user", "remove", "wang", input="n\n").output and accounts.account("wang")
    assert "都已删除" in ok("user", "remove", "wang", input="y\n").output
    assert [a.name for a in accounts.all()] == ["lin"]


@pytest.mark.parametrize("args", [["password"], ["role"], ["disable"], ["enable"], ["remove"], ["token"], ["tokens"], ["revoke"]])
@pytest.mark.parametrize("name", ["nobody", "\x01", "🙂", "x" * 5000])
def test_an_unknown_name_is_told_with_where_to_look(lin, args, name):
    more = {"role": ["member"], "revoke": ["x"]}.get(args[0], [])
    done = run("user", *args, name, *more, input=TWICE)
    assert done.exit_code == 2 and "coach user list" in done.output and len(done.output) < 500


def test_it_speaks_english_elsewhere(monkeypatch):
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    assert "There are no accounts" in ok("user", "list").output
    assert "at least 12 characters" in run("user", "add", "lin", input="a\na\n").output


# --- tokens -----------------------------------------------------------------------------------------------------------


def test_a_token_is_shown_once_alone_on_standard_output(lin, accounts):
    done = ok("user", "token", "lin", "--label", "笔记本", "--days", 30)
    assert re.fullmatch(r"coach_[\w-]{43}\n", done.stdout) and "COACH_TOKEN" in done.stderr
    listed = ok("user", "tokens", "lin").stdout
    assert "笔记本" in listed and "没用过" in listed and "有效期至" in listed and done.stdout.strip() not in listed
    token_id = listed.split()[0]
    assert accounts.by_token(done.stdout.strip()).person == lin.person
    assert "上次使用" in ok("user", "tokens", "lin").stdout
    assert json.loads(ok("user", "tokens", "lin", "--json").stdout)["tokens"][0]["id"] == token_id
    ok("user", "revoke", "lin", token_id)
    assert accounts.by_token(done.stdout.strip()) is None and "没有令牌" in ok("user", "tokens", "lin").stdout


@pytest.mark.parametrize("days", [0, -1, 99999])
def test_days_have_bounds(lin, days):
    done = run("user", "token", "lin", "--days", days)
    assert done.exit_code == 2 and "3650" in done.output


def test_a_token_of_somebody_else_cannot_be_revoked(lin, accounts):
    ok("user", "add", "wang", input=TWICE)
    secret = token_of("lin")
    token_id = ok("user", "tokens", "lin").stdout.split()[0]
    assert run("user", "revoke", "wang", token_id).exit_code == 2 and accounts.by_token(secret)


# --- who uses the command line ----------------------------------------------------------------------------------------

PERSONAL = [["profile", "show"], ["profile", "set", "role=a"], ["profile", "confirm", "role"], ["profile", "delete"],
            ["profile", "delete", "--everything", "--yes"], ["assess"], ["plan"], ["export", "me.json"], ["export", "plan.md"], ["review"]]  # fmt: skip


def test_without_accounts_it_is_the_one_person_of_this_machine(home):
    ok("profile", "set", "role=市场总监")
    assert "市场总监" in ok("profile", "show").stdout


@pytest.mark.parametrize("args", PERSONAL, ids=" ".join)
@pytest.mark.parametrize("token", ["", "coach_made-up", "🙂"])
def test_with_accounts_nobody_is_guessed(lin, home, monkeypatch, tmp_path, args, token):
    monkeypatch.chdir(tmp_path)
    desk = desk_at(home / "coach.db")
    desk.set_profile(PERSON, lang="zh")
    before = desk.export_all()
    monkeypatch.setenv("COACH_TOKEN", token)
    done = run(*args, input="")
    assert done.exit_code == 2 and "coach user token NAME" in done.output and "COACH_TOKEN" in done.output
    assert PERSON["name"] not in done.output and not list(tmp_path.glob("*.json")) and not list(tmp_path.glob("*.md"))
    assert desk.export_all() == before
    desk.close()


def test_a_token_says_who_it_is(lin, monkeypatch):
    ok("user", "add", "wang", input=TWICE)
    tokens = {name: token_of(name) for name in ("lin", "wang")}
    for name, role in (("lin", "品牌总监"), ("wang", "增长总监")):
        monkeypatch.setenv("COACH_TOKEN", tokens[name])
        ok("profile", "set", f"role={role}")
    assert "增长总监" in ok("profile", "show").stdout and "品牌总监" not in ok("profile", "show").stdout
    ok("profile", "delete", "--everything", "--yes")
    assert run("profile", "show").exit_code == 2  # the account went with the rest
    monkeypatch.setenv("COACH_TOKEN", tokens["lin"])
    assert "品牌总监" in ok("profile", "show").stdout


def test_a_plan_from_a_file_keeps_nothing_and_needs_nobody(lin, tmp_path):
    file = tmp_path / "me.json"
    file.write_text(json.dumps(PERSON, ensure_ascii=False), encoding="utf-8")
    assert "林晓" in ok("plan", "--profile", file).stdout


def test_a_disabled_account_cannot_use_its_token(lin, monkeypatch):
    ok("user", "add", "wang", input=TWICE)
    monkeypatch.setenv("COACH_TOKEN", token_of("wang"))
    ok("user", "disable", "wang")
    assert run("profile", "show").exit_code == 2


def test_the_token_is_not_shown_with_the_settings(monkeypatch):
    monkeypatch.setenv("COACH_TOKEN", "coach_secret")
    assert "coach_secret" not in repr(Settings())
