"""The manifest: written last and in one step; a library that does not fit is refused with the command that mends it."""

from __future__ import annotations

import json
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

import pytest

from coach.errors import LibraryMismatch, LibraryMissing, SetupError
from coach.library import manifest
from coach.library.manifest import Manifest
from tests.library.test_ingest import Bench, StandIn, write_article

CHECKED = {
    "format": manifest.FORMAT,
    "embedding": StandIn().fingerprint,
    "query_prefix": manifest.QUERY_PREFIX,
    "passage_prefix": manifest.PASSAGE_PREFIX,
    "splitter": manifest.SPLITTER_VERSION,
}


def made(hashes: tuple[tuple[str, str], ...] = (("a", "1"), ("b", "2"))) -> Manifest:
    return manifest.current(StandIn(), dimension=16, documents=2, passages=5, hashes=list(hashes))


def test_it_comes_back_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    manifest.write(path, made())
    assert manifest.read(path) == manifest.require(path, StandIn()) == made()
    assert [p.name for p in tmp_path.iterdir()] == ["manifest.json"]


def test_the_version_follows_the_content() -> None:
    assert made().version == made().version
    assert len(made().version) == 12
    others = [(("a", "1"),), (("a", "1"), ("b", "3")), (("a", "1"), ("c", "2"))]
    assert len({made().version, *(made(o).version for o in others)}) == 4


@pytest.mark.parametrize("name", CHECKED)
def test_each_field_that_does_not_fit_is_named_with_both_values(tmp_path: Path, name: str) -> None:
    other: Any = 99 if name == "format" else "another one"
    manifest.write(tmp_path / "manifest.json", replace(made(), **{name: other}))
    with pytest.raises(LibraryMismatch) as caught:
        manifest.require(tmp_path / "manifest.json", StandIn())
    message = caught.value.message
    assert name in message and repr(other) in message and repr(CHECKED[name]) in message
    assert "coach ingest --rebuild" in caught.value.hint


def test_every_field_is_either_checked_or_describes_the_content() -> None:
    assert {f.name for f in fields(Manifest)} - set(CHECKED) == {"dimension", "documents", "passages", "content"}


def test_another_embedding_model_is_refused(tmp_path: Path) -> None:
    manifest.write(tmp_path / "manifest.json", made())
    with pytest.raises(LibraryMismatch, match=r"'stand-in\+16'.*'other\+16'.*coach ingest --rebuild"):
        manifest.require(tmp_path / "manifest.json", StandIn(name="other"))


def test_a_missing_library_names_the_command(tmp_path: Path) -> None:
    with pytest.raises(LibraryMissing) as caught:
        manifest.require(tmp_path / "nowhere" / "manifest.json", StandIn())
    assert "coach ingest" in caught.value.hint


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"null",
        b"[1, 2]",
        b'"text"',
        b"{}",
        b"\xff\xfe\x00",
        json.dumps({**asdict(made()), "unknown": 1}).encode(),
        json.dumps({k: v for k, v in asdict(made()).items() if k != "splitter"}).encode(),
        json.dumps(asdict(made())).encode()[:-20],
    ],
)
def test_a_damaged_file_is_named_with_the_command(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "manifest.json"
    path.write_bytes(content)
    with pytest.raises(LibraryMismatch) as caught:
        manifest.require(path, StandIn())
    assert "manifest.json" in caught.value.message
    assert "coach ingest --rebuild" in caught.value.hint
    assert isinstance(caught.value, SetupError)


def test_a_failed_writing_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "manifest.json"
    manifest.write(path, made())

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("coach.library.manifest.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        manifest.write(path, made((("c", "3"),)))
    assert manifest.read(path) == made()


def test_it_is_written_last(tmp_path: Path) -> None:
    bench = Bench(tmp_path / "library-home")
    path = bench.settings.library_dir / "manifest.json"
    try:
        write_article(bench.settings.knowledge, "plan", "en", "The plan is the first thing to write.")
        seen = []
        bench.run.built_in(lambda *_: seen.append(path.exists()))
        assert seen == [False]
        assert not path.exists()
        written = bench.run.finish()
        assert manifest.read(path) == written
        assert (
            written.content
            == manifest.current(
                bench.embedder, dimension=16, documents=1, passages=1, hashes=bench.catalogue.content_hashes()
            ).content
        )
        assert bench.catalogue.interrupted() == []
    finally:
        bench.close()
