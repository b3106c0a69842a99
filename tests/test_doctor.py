"""What `coach doctor` says about a sick installation, and the command it names."""

from __future__ import annotations

import json
import re
import shutil
import socket
import tomllib

import pytest
from click.testing import CliRunner

from coach import doctor
from coach.cli import cli
from coach.settings import ROOT, Settings


def named(checks, name):
    return next(c for c in checks if c.name == name)


def settings(**changes) -> Settings:
    return Settings(**changes)


def test_an_empty_home_names_the_command_for_each_failure():
    checks = doctor.examine(settings())
    failed = [c for c in checks if c.state == "fail"]
    assert {c.name for c in failed} >= {"chat model", "embedding", "library"}
    assert all(c.fix for c in checks if c.state != "ok")
    assert named(failed, "chat model").fix == "coach models fetch"


def test_without_a_chat_model_no_weights_are_asked_for():
    checks = doctor.examine(settings(model="none"))
    assert "chat model" not in {c.name for c in checks}
    assert named(checks, "model").state == "ok"


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ("opnai:gpt-5", "'openai'"),
        ("gpt-5", "no known provider"),
        ("openai:", "names no model"),
        ("local:qwen", "qwen2.5-coder-1.5b"),
    ],
)
def test_a_model_setting_that_cannot_work_is_explained(model, said):
    check = named(doctor.examine(settings(model=model)), "model")
    assert check.state == "fail"
    assert said in f"{check.message} {check.fix}"


def test_a_missing_key_is_named_and_a_present_one_is_not_shown(monkeypatch):
    missing = named(doctor.examine(settings(model="openai:gpt-5")), "model")
    assert missing.state == "fail"
    assert "OPENAI_API_KEY" in missing.fix
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
    checks = doctor.examine(settings(model="openai:gpt-5"))
    assert named(checks, "model").state == "ok"
    assert "very-secret" not in repr(checks)


def test_a_server_that_does_not_answer_fails(free_port):
    checks = doctor.examine(settings(model="ollama:qwen3", model_base_url=f"http://127.0.0.1:{free_port}"))
    assert named(checks, "model server").state == "fail"


def test_a_port_in_use_is_a_warning_with_another_port(free_port):
    with socket.create_server(("127.0.0.1", free_port)):
        check = named(doctor.examine(settings(port=free_port)), "port")
    assert check.state == "warn"
    assert check.fix == f"coach serve --port {free_port + 1}"
    assert named(doctor.examine(settings(port=free_port)), "port").state == "ok"


@pytest.mark.parametrize("url", ["localhost:8000", "http://127.0.0.1:9"])
def test_a_chroma_server_that_cannot_be_used_fails(url):
    assert named(doctor.examine(settings(chroma_url=url)), "chroma").state == "fail"


def test_a_misspelt_variable_is_noticed(monkeypatch):
    monkeypatch.setenv("COACH_MODLE", "none")
    check = named(doctor.examine(settings()), "settings")
    assert check.state == "warn"
    assert "COACH_MODEL" in check.message


def test_too_little_disk_fails_before_the_download_does(monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: shutil._ntuple_diskusage(10**10, 10**10, 10**8))
    assert named(doctor.examine(settings()), "disk").state == "fail"


def test_a_home_that_cannot_be_written_fails(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    checks = doctor.examine(settings(home=tmp_path / "file" / "home"))
    assert named(checks, "home").state == "fail"


def test_the_lock_is_what_is_installed():
    assert named(doctor.examine(settings()), "packages").state == "ok"


def test_packages_missing_or_other_are_told_apart(monkeypatch, tmp_path):
    lines = ["# a comment", "click==0.1", "no-such-package-at-all==1", "colorama==9 ; sys_platform == 'none'"]
    (tmp_path / "requirements.lock").write_text("\n".join(lines))
    monkeypatch.setattr(doctor, "ROOT", tmp_path)
    checks = [c for c in doctor.examine(settings()) if c.name == "packages"]
    assert [c.state for c in checks] == ["fail", "warn"]
    assert "no-such-package-at-all" in checks[0].message
    assert "click" in checks[1].message
    assert "colorama" not in checks[1].message


def test_the_lock_covers_every_dependency_and_names_no_place():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    dev = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8")

    def canonical(text: str) -> set[str]:
        return {re.sub(r"[-_.]+", "-", m).lower() for m in re.findall(r"^([A-Za-z0-9._-]+)", text, re.M)}

    assert canonical("\n".join(project["dependencies"])) <= canonical(lines)
    assert canonical("\n".join(project["optional-dependencies"]["dev"])) <= canonical(lines) | canonical(dev)
    assert "torch==2.13.0\n" in lines
    assert not re.search(r"://|@ |^-|\+cpu", lines + dev, re.M)


def test_a_check_that_breaks_is_a_line_not_a_traceback(monkeypatch):
    def broken(_settings, _deep):
        raise RuntimeError("boom")
        yield

    monkeypatch.setattr(doctor, "_disk", broken)
    assert "boom" in named(doctor.examine(settings()), "disk").message


def test_the_command_prints_each_line_and_exits_2():
    run = CliRunner().invoke(cli, ["doctor"])
    assert run.exit_code == 2
    assert "mend: coach models fetch" in run.stdout
    report = json.loads(CliRunner().invoke(cli, ["doctor", "--json"]).stdout)
    assert report["ok"] is False
    assert {"name", "state", "message", "fix"} == set(report["checks"][0])


def test_settings_that_cannot_be_read_are_a_line_too(monkeypatch):
    monkeypatch.setenv("COACH_PORT", "many")
    run = CliRunner().invoke(cli, ["doctor"])
    assert run.exit_code == 2
    assert "COACH_PORT='many'" in run.stdout


@pytest.mark.real
@pytest.mark.slow
def test_a_whole_installation_has_no_failure(real_settings, monkeypatch, free_port):
    checks = doctor.examine(real_settings.model_copy(update={"port": free_port, "model": "none"}), deep=True)
    assert [c for c in checks if c.state == "fail"] == []


@pytest.fixture
def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
