"""The bench on tiny stand-ins: what it counts, what it builds, how it shows it. No clock is judged."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest
from click.testing import CliRunner
from langchain_core.language_models import FakeListChatModel

from coach.errors import ModelError
from coach.library.catalogue import Catalogue, Entry, Record
from coach.library.vectors import Vectors
from coach.settings import ROOT, Settings
from evals.bench import __main__ as command
from evals.bench import large, measure, process, table
from evals.bench.plain import Plain, Text, built_in, from_files
from tests.evals.conftest import TEXT, LetterPairs, StandIn, case, reply

DOCUMENTS = [
    Text(name="预算", text=f"# 预算\n\n{TEXT}"),
    Text(name="brand", text="# Brand\n\n" + "A brand is built slowly. " * 80),
]


@pytest.fixture
def plain(tmp_path):
    made = Plain(tmp_path / "plain", LetterPairs(), DOCUMENTS, FakeListChatModel(responses=["制定、分配、ROI。"]))
    yield made
    made.close()


def test_the_plain_pipeline_finds_and_answers(plain):
    assert plain.chunks >= 3
    assert TEXT in plain.retrieve("营销预算怎么分配到渠道？")[0]
    assert len(plain.retrieve("brand", 50)) == plain.chunks
    said = plain.ask("预算", (), timeout=30)
    assert said.text == "制定、分配、ROI。" and 0 < said.first_passage <= said.first_token <= said.total


def test_its_documents_hold_every_article_once():
    documents = built_in(ROOT / "knowledge")
    whole = "\n".join(d.text for d in documents)
    names = {d.name for d in documents}
    articles = list((ROOT / "knowledge" / "articles").rglob("*.md"))
    assert f"\n{whole}".count("\n# ") == len(articles)
    assert len(names) == len(documents) < 40 and {n.rsplit(".", 1)[1] for n in names} == {"zh", "en"}


def test_other_documents_can_be_named(tmp_path):
    (tmp_path / "a.md").write_text("# A\n\nFirst things first.", encoding="utf-8")
    assert [d.name for d in from_files([tmp_path])] == ["a.md"]


def test_facts_of_both_pipelines(plain):
    searches = measure.searches(StandIn({}), plain)
    for search in searches.values():
        rows = measure.facts(search, [case()])
        assert rows[0]["complete"] and not rows[0]["error"]
    groups = measure.fact_groups(measure.facts(searches["ours"], [case(), case(id="t-2", keypoints=[["没有的"]])]))
    assert groups["all"]["n"] == 2 and groups["all"]["share"] == 0.5
    assert groups["en"]["n"] == 0 and groups["en"]["share"] is None


def test_passages_are_asked_for_until_the_limit_is_full():
    asked = []

    def search(question, k, history):
        asked.append(k)
        return ["空" * 60] * k

    assert sum(map(len, measure.filled(search, case()))) >= 1900 and asked == [8, 16, 32, 64]


def test_a_search_that_fails_finds_nothing():
    def broken(question, k, history):
        raise ModelError("gone")

    row = measure.facts(broken, [case()])[0]
    assert row["share"] == 0 and "gone" in row["error"]


def test_answers_are_scored_and_failures_stay_in_the_count(plain, ground):
    def fails(case):
        raise ModelError("gone")

    coach = StandIn({case().question: reply()})
    asked = {"ours": lambda c: measure.ask_coach(coach, c), "plain": lambda c: measure.ask_plain(plain, c, 30), "bad": fails}
    rows = measure.answers(asked, [case()], ground, lambda text: None)
    summary = {name: measure.answer_summary(some) for name, some in rows.items()}
    assert summary["ours"]["right"]["share"] == summary["plain"]["right"]["share"] == 1
    assert summary["bad"]["right"]["share"] == 0 and summary["bad"]["errors"] == 1 and summary["bad"]["total"]["median"] is None
    assert summary["ours"]["length_zh"]["median"] == len(TEXT)
    assert summary["ours"]["first_token"]["n"] == 1


def test_synthetic_vectors_are_unit_repeatable_and_lie_among_the_real_ones():
    real = np.abs(np.random.default_rng(0).standard_normal((20, 384))).astype(np.float32)
    real /= np.linalg.norm(real, axis=1, keepdims=True)
    made = large.vectors_like(real, 30, np.random.default_rng(1))
    assert made.dtype == np.float32 and np.allclose(np.linalg.norm(made, axis=1), 1, atol=1e-5)
    assert np.array_equal(made, large.vectors_like(real, 30, np.random.default_rng(1)))
    assert (made @ real.T).max(axis=1).min() > 0.7


@pytest.fixture
def small_library(clean_environment):
    """A home with one article in the catalogue, its vector, and a manifest."""
    settings = Settings(home=clean_environment, model="none")
    entry = Entry(id="budget.zh", text=TEXT, end=len(TEXT))
    record = Record(
        id="budget.zh", path="a.md", sha256="1", title="预算", source="框架", lang="zh", tier="stated", collection="built-in", entries=(entry,)
    )  # fmt: skip
    catalogue, vectors = Catalogue(settings.library_dir / "library.db"), Vectors(settings)
    catalogue.put([record])
    vectors.put("texts", "zh", ["budget.zh"], ["budget.zh"], np.ones((1, 64), dtype=np.float32) / 8)
    catalogue.close()
    vectors.close()
    known = {"format": 1, "embedding": "x", "dimension": 64, "query_prefix": "", "passage_prefix": "", "splitter": "s"}
    (settings.library_dir / "manifest.json").write_text(json.dumps(known | {"documents": 1, "passages": 1, "content": "c" * 64}))
    return settings


def test_the_large_library_is_a_copy_with_passages_added(small_library, tmp_path):
    before = shutil.copy2(small_library.library_dir / "library.db", tmp_path / "before.db")
    embedder = LetterPairs()

    def embed(texts):
        return np.asarray(embedder.embed_documents(texts), dtype=np.float32)

    made = large.build(small_library, tmp_path / "large", embed, 121, lambda text: None)
    catalogue, vectors = Catalogue(made.library_dir / "library.db"), Vectors(made)
    assert catalogue.counts()[1] == 122
    assert vectors.counts()["texts-zh"] == 61 and vectors.counts()["texts-en"] == 61
    hit = vectors.nearest("texts", "en", np.asarray(embed(["brand"])[0]), 1)[0][0]
    found = catalogue.passages([hit])[hit]
    assert found.tier == "document" and found.lang == "en" and len(found.text) >= 700
    assert json.loads((made.library_dir / "manifest.json").read_text())["passages"] == 122
    assert Catalogue(before).counts() == Catalogue(small_library.library_dir / "library.db").counts() == (1, 1)
    vectors.close()
    catalogue.close()


def test_importing_the_package_brings_no_torch():
    found = process.import_times(1)
    assert found["coach"]["torch"] is False and found["coach"]["median"] > 0


def test_memory_of_a_process_is_seen():
    import os

    with process._Peak(os.getpid()) as peak:
        assert peak.now() > 1 << 20
    assert peak.highest > 1 << 20


def test_the_table_shows_a_dash_for_what_was_not_measured():
    empty = {"n": 3, "median": None, "p90": None}
    shown = table.markdown({"latency": {"ours": {"n": 1, "median": 41.2, "p90": 1500.0}, "plain": empty}, "import": {}})
    assert "| search, median / p90 | 41 ms / 1.5 s | – |" in shown
    assert "facts" not in shown


def test_the_command_refuses_an_unknown_part_and_stray_paths(tmp_path):
    ended = CliRunner().invoke(command.main, ["--only", "facts,speed"])
    assert ended.exit_code == 2 and "'speed' is not one of" in ended.output
    assert CliRunner().invoke(command.main, [str(tmp_path)]).exit_code == 2


def test_the_command_runs_what_was_asked_for(monkeypatch, tmp_path):
    seen = {}

    def run(settings, parts, documents, asked, passages):
        seen.update(parts=parts, documents=documents, asked=asked, passages=passages)
        return {}

    monkeypatch.setattr(command, "_run", run)
    arguments = [
        "--only",
        "facts",
        "--large",
        "--questions",
        "40",
        "--model-questions",
        "5",
        "--documents",
        str(tmp_path),
        str(tmp_path),
    ]
    ended = CliRunner().invoke(command.main, [*arguments, "--json", str(tmp_path / "b.json")])
    assert ended.exit_code == 0 and "| measure | ours | plain pipeline |" in ended.output
    assert seen == {"parts": ("facts", "large"), "documents": (tmp_path, tmp_path), "asked": 5, "passages": 20_000}
    assert (tmp_path / "b.json").exists()
