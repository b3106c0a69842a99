"""Calibration: numbers fitted on a small library with the real embedding model, and the search weights on made-up standings."""

from __future__ import annotations

import json
import shutil
from collections import defaultdict
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from coach.app import open_library
from coach.conversation.calibrate import _fit_turns, _likeliest, calibrate
from coach.errors import SetupError
from coach.library.calibration import WEIGHED, Calibration
from coach.models.embedding import Embedder
from coach.settings import ROOT, Settings

_EACH = 12  # examples of every kind of turn: more than folds


def test_the_likeliest_weights_are_those_the_cases_were_drawn_by() -> None:
    chance = np.random.default_rng(0)
    meant = np.array([2.0, 0.0, -1.0])
    cases = []
    for _ in range(3000):
        standings = chance.normal(size=(8, 3))
        odds = np.exp(standings @ meant)
        cases.append((standings, int(chance.choice(8, p=odds / odds.sum()))))
    assert _likeliest(cases, np.ones(3)) == pytest.approx(meant, abs=0.15)


def test_what_weighs_less_is_believed_less() -> None:
    chance = np.random.default_rng(0)
    vectors = chance.normal(size=(120, 4)).astype(np.float32)
    vectors[:, 0] = np.repeat([1.0, 1.0], 60)  # both kinds look the same: only what they weigh tells
    labels = np.array(["crisis"] * 60 + ["personal"] * 60)
    told = []
    for weight in (1.0, 0.2):
        loud = np.where(labels == "personal", weight, 1.0)
        turn, _ = _fit_turns(vectors, labels, np.ones(120, bool), loud, lambda _: None)
        odds = np.array(turn["weights"]) @ np.array([1.0, 0, 0, 0]) + np.array(turn["bias"])
        told.append(float(odds[turn["labels"].index("crisis")] - odds[turn["labels"].index("personal")]))
    assert told[0] == pytest.approx(0, abs=0.3) and told[1] == pytest.approx(np.log(5), abs=0.4)


@pytest.fixture
def knowledge(small_home: Path, tmp_path: Path) -> Path:
    """Of the small library, with a few examples of every kind of turn; free to be written to."""
    folder = tmp_path / "knowledge"
    shutil.copytree(small_home / "knowledge", folder)
    kinds = defaultdict(list)
    for line in (ROOT / "knowledge" / "turns.jsonl").read_text(encoding="utf-8").splitlines():
        kinds[json.loads(line)["kind"]].append(line)
    few = [line for lines in kinds.values() for line in lines[:: len(lines) // _EACH][:_EACH]]
    (folder / "turns.jsonl").write_text("\n".join(few) + "\n", encoding="utf-8")
    return folder


@pytest.mark.real
@pytest.mark.slow
def test_what_is_fitted_is_told_written_and_loaded_again(small_home: Path, knowledge: Path, embedder: Embedder) -> None:
    settings = Settings(_env_file=None, home=small_home, knowledge=knowledge, model="none")
    told: list[str] = []
    with closing(open_library(settings, embedder)) as library:
        before = library.weights
        made = calibrate(settings, library, embedder, told.append)
    assert made == Calibration.load(knowledge / "calibration.json", embedder.fingerprint)
    assert {made.search != before, made.search.text_spread > 0, made.search.asked_spread > 0} == {True}
    assert all(np.isfinite(getattr(made.search, name)) for name in asdict(made.search))
    turn, evidence = made.classifiers["turn"], made.classifiers["evidence"]
    assert len(turn["weights"]) == len(turn["bias"]) == len(turn["labels"]) >= 10
    assert 0 < evidence["threshold"] < 1
    assert [line for line in told if line.startswith("search, fitted") and all(name in line for name in WEIGHED)]


def test_without_examples_it_says_how_to_get_them(tmp_path: Path, embedder: Embedder, small_home: Path) -> None:
    settings = Settings(_env_file=None, home=small_home, knowledge=tmp_path, model="none")
    with closing(open_library(settings.model_copy(update={"knowledge": small_home / "knowledge"}), embedder)) as library:
        with pytest.raises(SetupError, match="turns.jsonl"):
            calibrate(settings, library, embedder, print)
