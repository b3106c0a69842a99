"""A sentence copied from a source is noticed, though the source itself is not kept."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from coach.cli import cli
from coach.library import closeness
from coach.library.check import check
from coach.settings import ROOT

SOURCE = "每位管理者都应该在周五下午留出半小时，回看这一周答应过别人的事情，然后写下没有做到的原因。"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (SOURCE, True),
        ("我建议：回看这一周答应过别人的事情，然后改。", True),
        ("我建議：回看這一週答應過別人的事情，然後改。", True),
        ("周五下午回看一遍答应过的事，写下原因。", False),
        ("Google Analytics and HubSpot certificates", False),
    ],
)
def test_a_copied_run_is_found(text: str, found: bool) -> None:
    hashes = frozenset(closeness.fingerprints([SOURCE, "课程：Google Analytics and HubSpot certificates 等"]))
    assert bool(closeness.copied(text, hashes)) is found


def test_overlapping_runs_are_one_finding() -> None:
    hashes = frozenset(closeness.fingerprints([SOURCE]))
    (found,) = closeness.copied(f"前面是自己的话。{SOURCE}后面也是。", hashes)
    assert SOURCE[:-1] in found.replace(",", "，")


def test_the_shipped_folder_keeps_hashes_and_no_source() -> None:
    hashes = closeness.load(ROOT / "knowledge")
    assert len(hashes) > 5000
    assert {len(h) for h in hashes} == {10}


def test_the_check_names_the_copied_words(tmp_path: Path) -> None:
    folder = tmp_path / "k"
    shutil.copytree(closeness.__file__.replace("closeness.py", "template"), folder)
    source = tmp_path / "source.txt"
    source.write_text(SOURCE, encoding="utf-8")
    done = CliRunner().invoke(cli, ["knowledge", "fingerprint", str(source), "--folder", str(folder)])
    assert done.exit_code == 0 and "hashes of 1 sources" in done.output
    assert check(folder).problems == ()
    article = folder / "articles" / "zh" / "personal-plan.md"
    article.write_text(article.read_text(encoding="utf-8").rstrip().rstrip("。") + "，" + SOURCE[:24] + "。\n", encoding="utf-8")
    (problem,) = check(folder).problems
    assert problem.file == "articles/zh/personal-plan.md"
    assert "word for word" in problem.what and problem.mend == "Say it in your own words."


def test_a_folder_without_hashes_is_not_searched_for_copies(tmp_path: Path) -> None:
    assert closeness.load(tmp_path) == frozenset()
    assert closeness.copied(SOURCE, frozenset()) == []
