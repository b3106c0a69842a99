"""Ingest: only what changed, each document whole or not at all, a bad file never stops the others."""

from __future__ import annotations

import hashlib
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from coach.errors import DocumentError
from coach.library import manifest
from coach.library.catalogue import Catalogue
from coach.library.ingest import BUILT_IN, OWN, Ingest, IngestReport
from coach.library.vectors import Vectors
from coach.models.embedding import Embedder, Matrix
from coach.settings import ROOT, Settings

FRAMEWORK = ROOT / "knowledge" / "framework" / "framework.yaml"


@cache
def word_vector(word: str) -> Matrix:
    seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "big")
    return np.random.default_rng(seed).standard_normal(16).astype(np.float32)


class StandIn(Embedder):
    """An embedder without weights: texts that share words or characters are near. `asked` keeps what it was given."""

    def __init__(self, settings: Any = None, *, name: str = "stand-in") -> None:
        self._name = name
        self.asked: list[str] = []

    @property
    def fingerprint(self) -> str:  # type: ignore[override]
        return f"{self._name}+16"

    @property
    def dimension(self) -> int:
        return 16

    def load(self) -> None:
        pass

    def queries(self, texts: list[str]) -> Matrix:
        return self._vectors(texts)

    def passages(self, texts: list[str]) -> Matrix:
        return self._vectors(texts)

    def _vectors(self, texts: list[str]) -> Matrix:
        self.asked += texts
        rows = [sum((word_vector(w) for w in _words(t)), word_vector("")) for t in texts]
        return np.stack([row / np.linalg.norm(row) for row in rows]).astype(np.float32)


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+|[\u3400-\u9fff]", text.lower())


def held(settings: Settings, catalogue: Catalogue, vectors: Vectors) -> dict[str, Any]:
    """What catalogue, word index and vectors hold, each read from its own store."""
    with sqlite3.connect(settings.library_dir / "library.db") as db:
        passages = dict(db.execute("SELECT id, text FROM passages"))
        indexed = {key for (key,) in db.execute("SELECT id FROM words_docsize")}
        keys = {key for (key,) in db.execute("SELECT key FROM passages")}
    stored = {f"{kind}-{lang}": sorted(c.get(include=[])["ids"]) for (kind, lang), c in vectors._collections.items()}
    return {
        "documents": catalogue.content_hashes(),
        "passages": passages,
        "vectors": stored,
        "pending": catalogue.interrupted(),
        "words_match": indexed == keys,
    }


def check_whole(found: dict[str, Any]) -> None:
    """Nothing pending, and neither an orphan nor a gap between the three stores."""
    assert found["pending"] == []
    assert found["words_match"]
    texts = found["vectors"]["texts-zh"] + found["vectors"]["texts-en"]
    assert sorted(texts) == sorted(found["passages"])
    questions = found["vectors"]["questions-zh"] + found["vectors"]["questions-en"]
    assert {q.rsplit("?", 1)[0] for q in questions} <= set(found["passages"])


def write_article(
    knowledge: Path, name: str, lang: str, body: str, questions: Sequence[str] = ("问题一", "question two")
) -> Path:
    path = knowledge / "articles" / lang / f"{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    (knowledge / "framework").mkdir(exist_ok=True)
    shutil.copy(FRAMEWORK, knowledge / "framework")
    asked = "".join(f'  - "{q}"\n' for q in questions)
    path.write_text(
        f"---\nid: {name}\ntitle: {name} title\nlang: {lang}\ntier: stated\nsources: [F001]\nas_of: 2026-01-01\n"
        f"stages: []\npillars: []\nquestions:\n{asked}---\n{body}\n",
        encoding="utf-8",
    )
    return path


class Bench:
    """An ingest over empty stores, and what it reported on the way."""

    def __init__(self, home: Path) -> None:
        self.settings = Settings(_env_file=None, home=home, knowledge=home / "knowledge")
        self.embedder = StandIn()
        self.catalogue = Catalogue(self.settings.library_dir / "library.db")
        self.vectors = Vectors(self.settings)
        self.run = Ingest(self.settings, self.embedder, self.catalogue, self.vectors)
        self.steps: list[tuple[int, int, str]] = []

    def progress(self, done: int, total: int, name: str) -> None:
        self.steps.append((done, total, name))

    def files(self, *paths: Path) -> IngestReport:
        self.steps.clear()
        self.embedder.asked.clear()
        return self.run.files(paths, self.progress)

    def built_in(self) -> IngestReport:
        self.steps.clear()
        self.embedder.asked.clear()
        return self.run.built_in(self.progress)

    def held(self) -> dict[str, Any]:
        return held(self.settings, self.catalogue, self.vectors)

    def words(self, *words: str) -> set[str]:
        """Texts of the passages that the word index finds."""
        ids = [pid for pid, _ in self.catalogue.lexical(words, 50)]
        return {p.text for p in self.catalogue.passages(ids).values()}

    def close(self) -> None:
        self.vectors.close()
        self.catalogue.close()


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path / "library-home")
    yield made
    made.close()


@pytest.fixture
def notes(tmp_path: Path) -> Callable[..., Path]:
    """Writes notes by name into one folder and returns it."""

    def write(**texts: str) -> Path:
        folder = tmp_path / "notes"
        folder.mkdir(exist_ok=True)
        for name, text in texts.items():
            (folder / f"{name}.md").write_text(text, encoding="utf-8")
        return folder

    return write


def counts(report: IngestReport) -> tuple[int, int, int, int]:
    return report.added, report.updated, report.unchanged, report.removed


def test_a_second_run_changes_and_embeds_nothing(bench: Bench, notes: Callable[..., Path]) -> None:
    folder = notes(one="# Budget\n\nThe budget is set in autumn.", two="# 预算\n\n预算在秋天定下来，由财务部门复核。")
    assert counts(bench.files(folder)) == (2, 0, 0, 0)
    first = bench.held()
    check_whole(first)
    assert len(first["vectors"]["texts-zh"]) == len(first["vectors"]["texts-en"]) == 1

    assert counts(bench.files(folder)) == (0, 0, 2, 0)
    assert bench.embedder.asked == []
    assert bench.held() == first


def test_a_document_enters_with_its_path_title_and_language(bench: Bench, notes: Callable[..., Path]) -> None:
    folder = notes(two="# 预算\n\n预算在秋天定下来，由财务部门复核。")
    bench.files(folder)
    (document,) = bench.catalogue.documents()
    assert (document["path"], document["lang"], document["tier"]) == (str((folder / "two.md").resolve()), "zh", "document")
    assert (document["collection"], document["passages"], document["title"]) == (OWN, 1, "预算")


def test_title_and_headings_are_embedded_with_a_passage(bench: Bench, notes: Callable[..., Path]) -> None:
    bench.files(notes(one="# Plan\n\n## Money\n\nAutumn decides it."))
    assert bench.embedder.asked == ["Plan › Money\nAutumn decides it."]


def test_a_changed_file_takes_the_place_of_the_old_one(bench: Bench, notes: Callable[..., Path]) -> None:
    long = "\n\n".join(f"## Part {n}\n\n" + f"Obsolete wisdom number {n} is repeated here. " * 20 for n in range(6))
    folder = notes(one=f"# Old\n\n{long}", two="# Other\n\nThis one stays as it was.")
    bench.files(folder)
    assert len(bench.held()["passages"]) > 4
    assert bench.words("obsolete")

    notes(one="# New\n\nOnly fresh advice is left.")
    assert counts(bench.files(folder)) == (0, 1, 1, 0)
    found = bench.held()
    check_whole(found)
    assert sorted(found["passages"].values()) == ["Only fresh advice is left.", "This one stays as it was."]
    assert bench.words("obsolete") == set()
    assert bench.words("fresh") == {"Only fresh advice is left."}


def test_unreadable_files_are_named_and_the_rest_goes_in(bench: Bench, notes: Callable[..., Path], tmp_path: Path) -> None:
    folder = notes(a="# A\n\nAlpha comes first.", z="# Z\n\nOmega comes last.")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4 and then nothing of the kind")
    (folder / "film.mp4").write_bytes(b"\x00\x01film")
    (folder / "empty.md").write_text(" \n", encoding="utf-8")
    report = bench.files(folder, tmp_path / "nowhere.md")
    assert counts(report) == (2, 0, 0, 0)
    assert [Path(file).name for file, _ in report.failed] == ["broken.pdf", "empty.md", "film.mp4", "nowhere.md"]
    assert all(Path(file).name in reason for file, reason in report.failed)
    check_whole(bench.held())
    assert set(bench.held()["passages"].values()) == {"Alpha comes first.", "Omega comes last."}
    assert bench.steps[-1][:2] == (6, 6)
    assert [name for _, _, name in bench.steps if Path(name).suffix in (".pdf", ".mp4")] == ["broken.pdf", "film.mp4"]


def test_links_that_lead_nowhere_are_named_and_the_rest_goes_in(bench: Bench, notes: Callable[..., Path]) -> None:
    folder = notes(one="# One\n\nThe only real file.")
    (folder / "dangling.md").symlink_to(folder / "gone.md")
    (folder / "loop.md").symlink_to(folder / "loop.md")
    report = bench.files(folder)
    assert counts(report) == (1, 0, 0, 0)
    assert [Path(file).name for file, _ in report.failed] == ["dangling.md", "loop.md"]
    assert bench.run.forget([folder / "loop.md"]) == 0


def test_a_known_file_that_can_no_longer_be_read_keeps_its_last_state(bench: Bench, notes: Callable[..., Path]) -> None:
    folder = notes(one="# One\n\nThe last readable state.")
    bench.files(folder)
    (folder / "one.md").write_text("", encoding="utf-8")
    report = bench.files(folder)
    assert counts(report) == (0, 0, 0, 0)
    assert len(report.failed) == 1
    check_whole(bench.held())
    assert bench.words("readable") == {"The last readable state."}


def test_progress_never_goes_back_and_ends_at_the_total(bench: Bench, notes: Callable[..., Path]) -> None:
    folder = notes(**{f"n{i:02}": f"# Note {i}\n\nNote {i} says something of its own." for i in range(8)})
    (folder / "n03x.mp4").write_bytes(b"\x00")
    bench.files(folder)
    assert {total for _, total, _ in bench.steps} == {9}
    assert bench.steps[-1][0] == 9

    notes(n07="# Note 7\n\nNote 7 was written again.")
    bench.files(folder)
    done = [d for d, _, _ in bench.steps]
    assert done == sorted(done)
    assert done[-1] == 9
    assert len(done) >= 8


def test_one_file_named_in_two_ways_goes_in_once(bench: Bench, notes: Callable[..., Path]) -> None:
    folder = notes(one="# One\n\nThere is only one of me.")
    (folder / "link.md").symlink_to(folder / "one.md")
    report = bench.files(folder, folder / ".." / "notes" / "one.md")
    assert report.failed == []
    check_whole(bench.held())
    assert list(bench.held()["passages"].values()) == ["There is only one of me."]


def test_equal_content_under_two_names_is_two_documents(bench: Bench, notes: Callable[..., Path]) -> None:
    bench.files(notes(one="# Same\n\nWord for word the same.", two="# Same\n\nWord for word the same."))
    check_whole(bench.held())
    assert len(bench.held()["documents"]) == 2


def test_own_documents_are_forgotten_by_file_and_by_folder(bench: Bench, notes: Callable[..., Path], tmp_path: Path) -> None:
    write_article(bench.settings.knowledge, "kept", "en", "The built-in article must stay where it is.")
    bench.built_in()
    folder = notes(one="# One\n\nFirst note.", two="# Two\n\nSecond note.", three="# Three\n\nThird note.")
    neighbour = tmp_path / "notes-2"
    neighbour.mkdir()
    (neighbour / "four.md").write_text("# Four\n\nNot in that folder.", encoding="utf-8")
    bench.files(folder, neighbour)

    assert bench.run.forget([tmp_path / "elsewhere"]) == 0
    assert bench.run.forget([folder / "one.md"]) == 1
    assert bench.run.forget([bench.settings.knowledge]) == 0
    assert bench.run.forget([folder]) == 2
    found = bench.held()
    check_whole(found)
    assert sorted(found["passages"].values()) == ["Not in that folder.", "The built-in article must stay where it is."]
    assert bench.words("second") == set()


def test_articles_are_updated_and_removed(bench: Bench) -> None:
    knowledge = bench.settings.knowledge
    for lang in ("zh", "en"):
        write_article(knowledge, "plan", lang, "The quarterly plan is the first thing to write.", ["plan a", "plan b", "plan c"])
        write_article(knowledge, "team", lang, "A team is built before it is needed.", ["hire whom"])
    assert counts(bench.built_in()) == (4, 0, 0, 0)
    assert len(bench.held()["vectors"]["questions-zh"]) == 4
    assert counts(bench.built_in()) == (0, 0, 4, 0)
    assert bench.embedder.asked == []

    write_article(knowledge, "plan", "zh", "The yearly plan is the only thing to write.", ["plan a"])
    (knowledge / "articles" / "en" / "team.md").unlink()
    assert counts(bench.built_in()) == (0, 1, 2, 1)
    found = bench.held()
    check_whole(found)
    assert found["vectors"] == {
        "texts-zh": ["plan.zh", "team.zh"],
        "texts-en": ["plan.en"],
        "questions-zh": ["plan.zh?0=0", "team.zh?0=0"],
        "questions-en": ["plan.en?0=0", "plan.en?1=0", "plan.en?2=0"],
    }
    assert bench.words("yearly") == {"The yearly plan is the only thing to write."}
    assert bench.words("quarterly") == {"The quarterly plan is the first thing to write."}
    assert {d["collection"] for d in bench.catalogue.documents()} == {BUILT_IN}
    assert bench.catalogue.meta("plan.zh")["questions"] == ["plan a"]


def test_an_invalid_article_stops_the_ingest_before_anything_is_written(bench: Bench) -> None:
    write_article(bench.settings.knowledge, "good", "en", "A perfectly good article in English.")
    bad = write_article(bench.settings.knowledge, "bad", "en", "Its front matter has an unknown tier.")
    bad.write_text(bad.read_text(encoding="utf-8").replace("tier: stated", "tier: rumour"), encoding="utf-8")
    with pytest.raises(DocumentError, match=r"bad\.md.*tier"):
        bench.built_in()
    assert bench.held()["documents"] == []


def test_what_was_interrupted_is_done_again(bench: Bench, notes: Callable[..., Path]) -> None:
    folder = notes(one="# One\n\nFirst note.", two="# Two\n\nSecond note.")
    bench.files(folder)
    before = bench.held()
    interrupted = bench.catalogue.documents()[0]["id"]
    bench.catalogue.begin([interrupted])
    bench.vectors.remove([interrupted])
    assert counts(bench.files(folder)) == (1, 0, 1, 0)
    assert bench.held() == before


def test_finish_clears_what_nobody_finished(bench: Bench, notes: Callable[..., Path]) -> None:
    bench.files(notes(one="# One\n\nFirst note."))
    bench.catalogue.begin(["doc-half"])
    bench.vectors.put("texts", "en", ["doc-half#0", "doc-half#1"], ["doc-half"] * 2, bench.embedder.passages(["a", "b"]))
    made = bench.run.finish()
    check_whole(bench.held())
    assert (made.documents, made.passages, made.dimension) == (1, 1, 16)
    assert manifest.require(bench.settings.library_dir / "manifest.json", bench.embedder) == made


def test_a_failing_embedder_leaves_the_old_document_in_the_catalogue(bench: Bench, notes: Callable[..., Path]) -> None:
    folder = notes(one="# One\n\nThe old text.")
    bench.files(folder)
    notes(one="# One\n\nThe new text.")

    def fail(texts: list[str]) -> Matrix:
        raise RuntimeError("out of memory")

    bench.embedder.passages = fail  # type: ignore[method-assign]
    with pytest.raises(RuntimeError, match="out of memory"):
        bench.files(folder)
    assert list(bench.held()["passages"].values()) == ["The old text."]
    assert len(bench.catalogue.interrupted()) == 1
    del bench.embedder.passages  # type: ignore[attr-defined]
    bench.files(folder)
    check_whole(bench.held())
    assert list(bench.held()["passages"].values()) == ["The new text."]


def test_more_than_one_batch_goes_in_whole(bench: Bench, notes: Callable[..., Path]) -> None:
    text = "\n\n".join(f"## Part {n}\n\n" + f"Sentence {n} of the long handbook. " * 24 for n in range(150))
    folder = notes(a=f"# A\n\n{text}", b=f"# B\n\n{text}", c="# C\n\nA short one.")
    report = bench.files(folder)
    assert report.passages == len(bench.held()["passages"]) > 2 * 150
    check_whole(bench.held())
    assert len(bench.steps) > 1
