"""Calibration: fitted numbers hold for one embedding model only."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from coach.library.calibration import Calibration, SearchWeights
from coach.settings import ROOT

WEIGHTS = SearchWeights(text=2.0, question=0.0, question_mean=0.0, words=1.0, text_mean=0.5, text_spread=0.1)


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "calibration.json"
    fitted = Calibration(embedding="model+1", search=WEIGHTS, classifiers={"turn": {"labels": ["危机", "near"], "bias": [0.5]}})
    fitted.save(path)
    return path


def test_it_comes_back_as_it_was_saved(saved: Path) -> None:
    loaded = Calibration.load(saved, "model+1")
    assert (loaded.embedding, loaded.search) == ("model+1", WEIGHTS)
    assert loaded.classifiers == {"turn": {"labels": ["危机", "near"], "bias": [0.5]}}
    before = saved.read_bytes()
    loaded.save(saved)
    assert saved.read_bytes() == before


@pytest.mark.parametrize("embedding", ["model+2", "model", ""])
def test_another_model_gets_the_defaults(saved: Path, embedding: str) -> None:
    assert Calibration.load(saved, embedding) == Calibration()
    assert Calibration.load(saved, embedding).search == SearchWeights()


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    assert Calibration.load(tmp_path / "calibration.json", "model+1") == Calibration()


def test_the_shipped_file_loads_whole() -> None:
    path = ROOT / "knowledge" / "calibration.json"
    named = json.loads(path.read_text(encoding="utf-8"))["embedding"]
    loaded = Calibration.load(path, named)
    assert loaded.embedding == named
    assert loaded.search.text_spread > 0 and loaded.search.asked_spread > 0
    assert loaded.classifiers


def test_scores_add_up() -> None:
    floors = {"text": 0.4, "question": 0.5}
    weights = SearchWeights(
        text=1, question=2, question_mean=3, share=5, words=4, unasked=7,
        text_mean=0.5, text_spread=0.1, asked_mean=0.6, asked_spread=0.2,
    )  # fmt: skip
    parts = {"text": 0.7, "question": 0.8, "question_mean": 0.7, "share": 0.2, "words": 5.0}
    assert weights.fuse(weights.standings(parts, 10.0, floors, asked=True)) == pytest.approx(
        2 + 2 * 1 + 3 * 0.5 + 5 * 0.2 + 4 * 0.5
    )
    assert weights.fuse(weights.standings(parts, 10.0, floors, asked=False)) == pytest.approx(
        2 + 2 * 2 + 3 * 2 + 7 * 0.5 + 4 * 0.5
    ), "its text stands for its questions"


def test_what_was_not_near_stands_at_the_floor() -> None:
    floors = {"text": 0.4, "question": 0.5}
    weights = SearchWeights(text=1, question=0, question_mean=0, words=1, text_mean=0.5, text_spread=0.1)
    assert weights.fuse(weights.standings({"words": 2.0}, 2.0, floors, asked=True)) == pytest.approx(-1 + 1)
    assert weights.fuse(weights.standings({"text": 0.5}, 0.0, floors, asked=True)) == pytest.approx(0)
