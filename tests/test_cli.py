"""The command line as a person meets it: what is printed where, which exit code, and what an error looks like."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import types

import click
import pytest
from click.testing import CliRunner

from coach import cli as cli_module
from coach.cli import EXIT_BY_STATUS, cli, cli_markdown
from coach.errors import ModelUnavailable, SetupError
from coach.settings import ROOT
from coach.types import STATUSES, Citation, Done, Found, Passage, Reply, Turn, Words

PASSAGE = Passage(
    id="stage1-roles.zh", doc_id="stage1-roles.zh", text="市场总监有五个核心角色。", title="五个核心角色", source="职业发展框架",
    lang="zh", tier="stated", score=1.25, scores={"text": 0.91, "words": 3.0},
)  # fmt: skip
CITATION = Citation(
    n=1, passage_id=PASSAGE.id, source=PASSAGE.source, title=PASSAGE.title, quote=PASSAGE.text, tier="stated", start=0, end=12
)


class StandIn:
    """A coach of the agreed shape that says what a test wants it to say."""

    def __init__(self, settings):
        self.settings = settings
        self.asked: list[tuple[str, list[Turn], str | None]] = []
        self.reply = Reply(answer="市场总监有五个核心角色。[1]", status="answered", language="zh", citations=(CITATION,))
        self.words = ("市场总监有", "五个核心角色。[1]")
        self.fails: Exception | None = None
        self.passages = [PASSAGE]
        self.closed = False

    def start(self):
        pass

    def wait_ready(self, timeout=None):
        if isinstance(self.fails, SetupError):
            raise self.fails

    def state(self):
        return {"library": {"state": "ready"}, "model": {"name": "none", "state": "none", "error": ""}}

    def ask(self, question, history=(), *, lang=None, should_stop=None):
        self.asked.append((question, list(history), lang))
        if self.fails:
            raise self.fails
        yield Found(passages=(PASSAGE,), language="zh")
        for word in self.words:
            if should_stop and should_stop():
                return
            yield Words(text=word)
        yield Done(reply=self.reply)

    def retrieve(self, query, *, k=8, lang=None, history=(), max_chars=0):
        self.asked.append((query, [], lang))
        return self.passages[:k]

    def close(self):
        self.closed = True


@pytest.fixture
def coach(monkeypatch):
    """The stand-in that every command builds."""
    from coach.settings import Settings

    made = StandIn(Settings())
    module = types.ModuleType("coach.app")
    module.build_coach = lambda settings: made
    module.Coach = StandIn
    monkeypatch.setitem(sys.modules, "coach.app", module)
    yield made
    assert made.closed or not made.asked


def run(*args, **options):
    return CliRunner().invoke(cli, list(args), **options)


# --- help -------------------------------------------------------------------------------------------------------------


def commands(group=cli, path=()):
    for name, command in group.commands.items():
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


@pytest.mark.parametrize("flag", ["--help", "-h"])
@pytest.mark.parametrize("path", [(), *(p for p, c in commands() if not c.hidden)], ids=" ".join)
def test_every_command_explains_itself(path, flag):
    shown = run(*path, flag)
    assert shown.exit_code == 0
    assert "Usage: " in shown.stdout
    assert path == ("models", "list") or "Example" in shown.stdout


@pytest.mark.parametrize(("path", "command"), list(commands()), ids=lambda v: " ".join(v) if isinstance(v, tuple) else "")
def test_option_texts_are_lower_case_without_full_stop(path, command):
    for option in command.params:
        if isinstance(option, click.Option) and option.name != "help":
            assert option.help
            assert not option.help.endswith(".")


def test_the_help_page_is_fresh():
    assert (ROOT / "docs" / "cli.md").read_text(encoding="utf-8") == cli_markdown(), "run: make docs"


def test_version():
    assert run("--version").stdout.startswith("coach ")


# --- ask --------------------------------------------------------------------------------------------------------------


def test_ask_prints_the_reply_and_its_sources(coach):
    done = run("ask", "市场总监", "有哪些角色")
    assert done.exit_code == 0
    assert done.stdout == "市场总监有五个核心角色。[1]\n\n出处：\n[1] 五个核心角色 — 职业发展框架\n"
    assert coach.asked == [("市场总监 有哪些角色", [], None)]


@pytest.mark.parametrize("status", STATUSES)
def test_the_exit_code_tells_the_status(coach, status):
    coach.reply = Reply(answer="…", status=status, language="en")
    assert run("ask", "question").exit_code == EXIT_BY_STATUS[status]


def test_the_exit_codes_of_statuses_are_all_different():
    assert len(set(EXIT_BY_STATUS.values())) == len(STATUSES)
    assert not {1, 2, 130} & set(EXIT_BY_STATUS.values())


def test_json_is_one_object_with_the_contract(coach):
    reply = json.loads(run("ask", "--json", "q").stdout)
    assert {"answer", "status", "language", "citations", "passages", "model", "timings"} <= set(reply)
    assert reply["citations"][0]["quote"] == PASSAGE.text


def test_lang_is_passed_on(coach):
    run("ask", "--lang", "en", "问题")
    assert coach.asked[0][2] == "en"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_dash_reads_standard_input(coach, encoding):
    run("ask", "-", input="我的情况很复杂\n".encode(encoding))
    assert coach.asked[0][0] == "我的情况很复杂"


def test_notice_and_suggestions_are_shown(coach):
    coach.reply = Reply(answer="Yes.", status="answered", language="en", notice="The model failed.", suggestions=("And then?",))
    out = run("ask", "q").stdout
    assert out == "Yes.\n\nThe model failed.\n\nYou could ask next:\n- And then?\n"


def test_history_is_read_and_continued(coach, tmp_path):
    file = tmp_path / "talk.json"
    assert run("ask", "--history", str(file), "first").exit_code == 0
    assert run("ask", "--history", str(file), "second").exit_code == 0
    assert [t.content for t in coach.asked[1][1]] == ["first", coach.reply.answer]
    assert [t["role"] for t in json.loads(file.read_text(encoding="utf-8"))] == ["user", "assistant"] * 2


@pytest.mark.parametrize(
    "content", ["not json", '{"role": "user"}', '[{"role": "system", "content": "x"}]', '[{"role": "user"}]', "[1]"]
)
def test_a_history_that_is_none_is_refused_and_kept(coach, tmp_path, content):
    file = tmp_path / "talk.json"
    file.write_text(content)
    done = run("ask", "--history", str(file), "q")
    assert done.exit_code == 2
    assert done.stderr.startswith(f"Error: {file} is not a history")
    assert file.read_text() == content
    assert not coach.asked


@pytest.mark.parametrize(
    ("words", "answer", "said_again"),
    [(("A ", "b."), "A b. [1]", False), (("A wrong draft.",), "The right reply. [1]", True), ((), "Only this. [1]", False)],
)
def test_on_a_terminal_the_checked_reply_wins(coach, capsys, words, answer, said_again):
    coach.reply, coach.words = Reply(answer=answer, status="answered", language="en"), words
    cli_module._show(coach.ask("q"), live=True, as_json=False)
    coach.closed = True
    out = capsys.readouterr().out
    assert out.rstrip().endswith(answer)
    assert ("The reply after checking:" in out) == said_again


# --- errors -----------------------------------------------------------------------------------------------------------


def test_our_own_errors_are_one_line_with_the_hint(coach):
    coach.fails = SetupError("The library has not been built yet.", hint="Build it with: coach ingest")
    done = run("ask", "q")
    assert done.exit_code == 2
    assert done.stderr == "Error: The library has not been built yet. Build it with: coach ingest\n"
    assert done.stdout == ""


def test_a_model_that_fails_is_exit_code_1(coach):
    coach.fails = ModelUnavailable("The model cannot be reached.")
    assert run("ask", "q").exit_code == 1


def test_unforeseen_errors_are_a_sentence_and_a_log(coach, clean_environment):
    coach.fails = ZeroDivisionError("by nothing")
    done = run("ask", "q")
    log = clean_environment / "coach.log"
    assert done.exit_code == 1
    assert done.stderr == f"Error: Something unforeseen went wrong (ZeroDivisionError: by nothing). Details are in {log}\n"
    assert "Traceback" in log.read_text(encoding="utf-8")


def test_ctrl_c_is_exit_code_130(coach):
    coach.fails = KeyboardInterrupt()
    done = run("ask", "q")
    assert done.exit_code == 130
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("args", [["ask"], ["ask", "  "], ["ask", "--lang", "fr", "q"], ["nonsense"], ["search", "-k", "0", "q"]])
def test_input_to_be_corrected_is_exit_code_2(args):
    done = run(*args)
    assert done.exit_code == 2
    assert "Error: " in done.stderr


def test_a_setting_that_cannot_be_used_names_its_variable(monkeypatch):
    monkeypatch.setenv("COACH_PORT", "99999")
    done = run("ask", "q")
    assert done.exit_code == 2
    assert done.stderr.startswith("Error: COACH_PORT='99999': ")


# --- chat and search --------------------------------------------------------------------------------------------------


def test_chat_keeps_the_conversation_until_new(coach):
    done = run("chat", "--lang", "en", input="one\n/sources\ntwo\n/new\n/what\nthree\n/quit\nfour\n")
    assert done.exit_code == 0
    assert [q for q, _, _ in coach.asked] == ["one", "two", "three"]
    assert [len(h) for _, h, _ in coach.asked] == [0, 2, 0]
    assert f"[1] {CITATION.quote}" in done.stdout


def test_chat_ends_with_its_input_and_survives_a_failing_model(coach):
    coach.fails = ModelUnavailable("The model cannot be reached.")
    done = run("chat", input="one\ntwo\n")
    assert done.exit_code == 0
    assert len(coach.asked) == 2
    assert done.stderr.count("Error: The model cannot be reached.") == 2


def test_ctrl_c_stops_the_reply_first():
    with cli_module._ctrl_c() as stop:
        os.kill(os.getpid(), signal.SIGINT)
        assert stop.wait(2)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_stopped_reply_is_no_part_of_the_conversation(coach, capsys):
    stop = threading.Event()
    stop.set()
    assert cli_module._show(coach.ask("q", should_stop=stop.is_set), live=True, as_json=False) is None
    coach.closed = True


def test_search_shows_scores(coach):
    done = run("search", "-k", "3", "角色")
    assert done.exit_code == 0
    assert "score 1.250  (text 0.910  words 3.000)" in done.stdout
    found = json.loads(run("search", "--json", "角色").stdout)
    assert found["passages"][0]["scores"] == {"text": 0.91, "words": 3.0}


def test_search_that_finds_nothing_says_so(coach):
    coach.passages = []
    done = run("search", "zzz")
    assert (done.stdout, done.stderr) == ("", "Nothing found.\n")


# --- ingest, models, serve --------------------------------------------------------------------------------------------


def test_forget_needs_a_path():
    assert run("ingest", "--forget").exit_code == 2


def test_ingest_without_weights_names_the_command():
    done = run("ingest")
    assert done.exit_code == 2
    assert "coach models fetch" in done.stderr


def test_models_list_tells_what_is_missing():
    listed = json.loads(run("models", "list", "--json").stdout)["models"]
    assert {m["kind"] for m in listed} == {"chat", "embedding"}
    assert all(m["problem"].endswith("is missing.") for m in listed)
    assert "is missing." in run("models", "list").stdout


def test_serve_refuses_an_open_address():
    done = run("serve", "--host", "0.0.0.0")
    assert done.exit_code == 2
    assert "127.0.0.1" in done.stderr


@pytest.mark.parametrize(
    "environment",
    [{"LANG": "C"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, {"PYTHONIOENCODING": "cp1252"}],
)
def test_output_is_utf_8_whatever_the_terminal_claims(environment):
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "PYTHON"))}
    command = [sys.executable, "-m", "coach", "ask", "--help"]
    done = subprocess.run(command, capture_output=True, cwd=ROOT, env=kept | environment, check=True)
    assert "市场总监升CMO要补什么" in done.stdout.decode("utf-8")


@pytest.mark.real
@pytest.mark.slow
def test_own_documents_come_and_go(real_models, tmp_path):
    """Uses a tiny built-in library of its own, so that it takes seconds."""
    knowledge = tmp_path / "knowledge"
    (knowledge / "framework").mkdir(parents=True)
    shutil.copy(ROOT / "knowledge" / "framework" / "framework.yaml", knowledge / "framework")
    for lang in ("zh", "en"):
        (knowledge / "articles" / lang).mkdir(parents=True)
        source = next((ROOT / "knowledge" / "articles" / lang).glob("stage1-*.md"))
        (knowledge / "articles" / lang / source.name).write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "预算.md").write_text("# 预算\n\n明年的市场预算是三百万，其中一半给内容团队。\n", encoding="utf-8")
    (notes / "broken.pdf").write_bytes(b"no pdf at all")
    environment = {"COACH_KNOWLEDGE": str(knowledge), "COACH_ADAPTER": "none"}

    def ingest(*args):
        done = run("ingest", "--json", *args, env=environment)
        assert done.exit_code in (0, 3), done.output
        return json.loads(done.stdout), done.exit_code

    report, code = ingest(str(notes))
    assert (code, report["added"], len(report["failed"])) == (3, 3, 1)
    assert report["failed"][0]["file"].endswith("broken.pdf")
    report, code = ingest()
    assert (code, report["added"], report["unchanged"]) == (0, 0, 2)
    report, code = ingest("--rebuild")
    assert (code, report["added"], report["library"]["documents"]) == (0, 3, 3)
    report, code = ingest("--forget", str(notes))
    assert (code, report["removed"], report["library"]["documents"]) == (0, 1, 2)
    gone = run("ingest", "--forget", str(notes), env=environment)
    assert gone.exit_code == 2
