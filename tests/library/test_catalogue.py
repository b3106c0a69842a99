"""The catalogue: a document is in it whole or not at all, and its word index says what the passages say."""

from __future__ import annotations

import gc
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]
import pytest

from coach.library.catalogue import Catalogue, Entry, Record


def record(name: str, *texts: str, questions: tuple[str, ...] = (), **more: Any) -> Record:
    entries = tuple(
        Entry(id=f"{name}#{n}", text=t, start=100 * n, end=100 * n + len(t), questions=questions) for n, t in enumerate(texts)
    )
    given: dict[str, Any] = {"path": f"/notes/{name}.md", "sha256": f"hash-{name}", "title": name, "source": f"{name}.md", "lang": "en",
                             "tier": "document", "collection": "own", "meta": {"questions": list(questions)}}  # fmt: skip
    return Record(id=name, entries=entries, **{**given, **more})


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    made = Catalogue(tmp_path / "deep" / "library.db")
    yield made
    made.close()


def found(catalogue: Catalogue, *words: str, **more: Any) -> list[str]:
    return [pid for pid, _ in catalogue.lexical(words, 20, **more)]


def indexed(tmp_path: Path) -> tuple[set[int], set[int]]:
    """Row numbers of the passages and of the word index."""
    with sqlite3.connect(tmp_path / "deep" / "library.db") as db:
        return {k for (k,) in db.execute("SELECT key FROM passages")}, {k for (k,) in db.execute("SELECT id FROM words_docsize")}


def test_a_document_comes_back_as_it_went_in(catalogue: Catalogue) -> None:
    entry = Entry(id="d#0", text="预算要看回报。", heading_path=("年度", "预算"), start=7, end=14, location="p. 3")
    catalogue.put([replace(record("d"), entries=(entry,), lang="zh", tier="external", source="d.pdf", meta={"facts": ["F001"]})])
    passage = catalogue.passages(["d#0", "unknown"]).pop("d#0")
    assert (passage.id, passage.doc_id, passage.text, passage.title) == ("d#0", "d", "预算要看回报。", "d")
    assert (passage.lang, passage.tier, passage.heading_path) == ("zh", "external", ("年度", "预算"))
    assert (passage.start, passage.end, passage.source) == (7, 14, "d.pdf (p. 3)")
    assert catalogue.meta("d") == {"facts": ["F001"]}
    assert catalogue.meta("unknown") == {}
    assert catalogue.counts() == (1, 1)
    assert catalogue.content_hashes() == [("d", "hash-d")]
    assert [(d["id"], d["passages"], d["collection"]) for d in catalogue.documents()] == [("d", 1, "own")]


def test_it_is_still_there_after_reopening(catalogue: Catalogue, tmp_path: Path) -> None:
    catalogue.put([record("d", "lasting words")])
    catalogue.close()
    again = Catalogue(tmp_path / "deep" / "library.db")
    assert found(again, "lasting") == ["d#0"]
    again.close()


def test_many_ids_are_read_in_several_steps(catalogue: Catalogue) -> None:
    catalogue.put([record("d", *(f"text {n}" for n in range(1200)))])
    assert len(catalogue.passages([f"d#{n}" for n in range(1200)])) == 1200


def test_words_of_both_languages_are_found(catalogue: Catalogue) -> None:
    catalogue.put([
        record("a", "市场总监负责年度预算和团队建设。", lang="zh"),
        record("b", "Retention budgets pay for loyal customers."),
        record("c", "品牌定位先于传播。", lang="zh"),
    ])  # fmt: skip
    assert found(catalogue, "预算") == ["a#0"]
    assert found(catalogue, "定位") == ["c#0"]
    assert found(catalogue, "budget") == ["b#0"], "English words are found by their stem"
    assert found(catalogue, "retention", "customer") == ["b#0"]
    assert sorted(found(catalogue, "预算", "budget")) == ["a#0", "b#0"]
    assert found(catalogue, "预算", "budget", lang="en") == ["b#0"]
    assert found(catalogue, "unheard") == []


def test_titles_headings_and_questions_are_found_too(catalogue: Catalogue) -> None:
    entry = Entry(id="d#0", text="Body.", heading_path=("Pricing",), questions=("How do I negotiate?",))
    meta = {"questions": ["How do I negotiate?"]}
    catalogue.put([replace(record("d", title="Handbook", meta=meta), entries=(entry,))])
    for word in ("handbook", "pricing", "negotiate", "body"):
        assert found(catalogue, word) == ["d#0"]


def test_rarer_words_and_more_of_them_come_first(catalogue: Catalogue) -> None:
    common = [record(f"n{n}", "campaign campaign notes") for n in range(8)]
    catalogue.put([*common, record("rare", "campaign payback notes"), record("both", "payback attribution notes")])
    scores = catalogue.lexical(["campaign", "payback", "attribution"], 20)
    assert [pid for pid, _ in scores[:2]] == ["both#0", "rare#0"]
    assert [s for _, s in scores] == sorted((s for _, s in scores), reverse=True)
    assert len(catalogue.lexical(["campaign"], 3)) == 3


@pytest.mark.parametrize("word", ["AND", "NEAR(", "a*", "col:um", "-", "it's", "p&l", "c++", "^x", "a OR b", "(", "🙂", ""])
def test_no_word_is_taken_for_a_command(catalogue: Catalogue, word: str) -> None:
    catalogue.put([record("d", "plain words")])
    assert found(catalogue, word, "plain") == ["d#0"]


@pytest.mark.parametrize("words", [[], [""], ['"'], ["", '""']])
def test_no_words_find_nothing(catalogue: Catalogue, words: list[str]) -> None:
    catalogue.put([record("d", "plain words")])
    assert catalogue.lexical(words, 5) == []


def test_replacing_forgets_the_old_words(catalogue: Catalogue, tmp_path: Path) -> None:
    catalogue.put([record("d", "obsolete 旧的说法", "second part", questions=("why obsolete",)), record("e", "bystander")])
    catalogue.put([record("d", "fresh 新的说法")])
    assert found(catalogue, "obsolete") == found(catalogue, "second") == found(catalogue, "旧") == []
    assert found(catalogue, "fresh") == ["d#0"]
    assert found(catalogue, "bystander") == ["e#0"]
    assert catalogue.counts() == (2, 2)
    passages, words = indexed(tmp_path)
    assert passages == words


def test_removing_forgets_the_words_even_when_row_numbers_are_used_again(catalogue: Catalogue, tmp_path: Path) -> None:
    catalogue.put([record("d", "obsolete words", questions=("why obsolete", "为什么过时"))])
    catalogue.remove(["d", "never there"])
    assert catalogue.counts() == (0, 0)
    catalogue.put([record("e", "bystander")])
    assert found(catalogue, "obsolete") == found(catalogue, "过时") == []
    passages, words = indexed(tmp_path)
    assert passages == words


def test_questions_of_an_entry_are_forgotten_with_it(catalogue: Catalogue) -> None:
    # An Entry holds its questions itself; what else the document's meta says must not matter.
    catalogue.put([record("d", "first", "second", questions=("obsolete question",), meta={})])
    catalogue.remove(["d"])
    catalogue.put([record("e", "bystander", "another")])
    assert found(catalogue, "obsolete") == []


def test_a_failed_put_changes_nothing(catalogue: Catalogue) -> None:
    catalogue.put([record("d", "steady words")])
    twice = Entry(id="x#0", text="doubled")
    with pytest.raises(sqlite3.IntegrityError):
        catalogue.put([record("d", "changed words"), replace(record("x"), entries=(twice, twice))])
    assert found(catalogue, "steady") == ["d#0"]
    assert found(catalogue, "changed") == found(catalogue, "doubled") == []
    assert catalogue.counts() == (1, 1)


def test_neighbours(catalogue: Catalogue) -> None:
    catalogue.put([record("d", "one", "two", "three"), record("e", "other")])
    one, two = (catalogue.passages([i])[i] for i in ("d#0", "d#1"))
    after, before = catalogue.neighbour(two, +1), catalogue.neighbour(two, -1)
    assert (after and after.id, before and before.id) == ("d#2", "d#0")
    assert catalogue.neighbour(one, -1) is None
    assert after and catalogue.neighbour(after, +1) is None


def test_interrupted_documents_do_not_count_as_known(catalogue: Catalogue) -> None:
    catalogue.put([record("d", "words"), record("e", "words"), record("f", "words", collection="built-in")])
    assert catalogue.hashes("own") == {"d": "hash-d", "e": "hash-e"}
    catalogue.begin(["d", "new", "d"])
    assert catalogue.interrupted() == ["d", "new"]
    assert catalogue.hashes("own") == {"e": "hash-e"}
    catalogue.put([record("d", "words")])
    assert catalogue.interrupted() == ["new"]
    catalogue.remove(["new"])
    assert catalogue.interrupted() == []
    assert catalogue.hashes("own") == {"d": "hash-d", "e": "hash-e"}


def test_readers_in_other_threads_see_whole_documents_while_one_is_written(catalogue: Catalogue) -> None:
    versions = [record("d", *(f"version {v} part {n}" for n in range(40))) for v in range(2)]
    catalogue.put([versions[0]])
    stop, wrong = threading.Event(), []

    def read() -> None:
        try:
            while not stop.is_set():
                held = catalogue.passages([f"d#{n}" for n in range(40)])
                kinds = {p.text.split()[1] for p in held.values()}
                if len(held) != 40 or len(kinds) != 1:
                    wrong.append((len(held), kinds))
        except BaseException as error:  # a thread must not fail in silence
            wrong.append(error)
        finally:
            catalogue.close()

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for turn in range(10):
        catalogue.put([versions[turn % 2]])
    stop.set()
    for reader in readers:
        reader.join(20)
    assert wrong == []


def test_a_thread_that_ends_leaves_no_open_file(catalogue: Catalogue, tmp_path: Path) -> None:
    def opened() -> int:
        return sum(Path(file.path).is_relative_to(tmp_path.resolve()) for file in psutil.Process().open_files())

    def read() -> None:
        reader = threading.Thread(target=catalogue.counts)
        reader.start()
        reader.join()

    gc.disable()  # it must not take a collection: among a million objects of the models those are rare
    try:
        read()  # SQLite keeps a closed file for the next connection for as long as another one holds a lock
        before = opened()
        for _ in range(3):
            read()
        assert before and opened() == before
    finally:
        gc.enable()
