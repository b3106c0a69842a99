"""Obtains the pinned weights, checks every byte by SHA-256, and says what to do when that fails.

Owns the files below `<home>/models`. Does not load models. A file appears under its final name only when it is whole:
parts are kept until then, so that an interrupted download goes on where it stopped.
"""

from __future__ import annotations

import errno
import hashlib
import shutil
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coach.errors import SetupError, WeightsError

_CHUNK = 1 << 22
_REPAIR = "Get it again with: coach models fetch"


@dataclass(frozen=True, kw_only=True)
class Part:
    """One wheel that carries a piece of a weight file as plain data."""

    package: str
    version: str
    bytes: int
    sha256: str
    member: str
    platform: str = ""

    @property
    def file(self) -> str:
        """Name of the downloaded piece."""
        return f"{self.package}-{self.version}.part"


@dataclass(frozen=True, kw_only=True)
class ChatWeights:
    """A GGUF file of the embedded chat model."""

    name: str
    file: str
    bytes: int
    sha256: str
    licence: str
    hub_repo: str
    hub_file: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, kw_only=True)
class EmbeddingWeights:
    """A sentence-transformers folder made from packaged weights."""

    name: str
    folder: str
    dimension: int
    licence: str
    parts: tuple[Part, ...]


def catalogue() -> tuple[dict[str, ChatWeights], dict[str, EmbeddingWeights]]:
    """The pinned chat and embedding weights by name."""
    data = tomllib.loads((Path(__file__).parent / "weights.toml").read_text(encoding="utf-8"))

    def parts(entry: dict[str, Any]) -> tuple[Part, ...]:
        return tuple(Part(**p) for p in entry["parts"])

    chat = {n: ChatWeights(**{**e, "name": n, "parts": parts(e)}) for n, e in data["chat"].items()}
    embedding = {n: EmbeddingWeights(**{**e, "name": n, "parts": parts(e)}) for n, e in data["embedding"].items()}
    return chat, embedding


def sha256_of(path: Path, progress: Any = None) -> str:  # noqa: ANN401  a tqdm bar
    """Hex digest of a file, read in pieces; `progress.update(n)` is told the bytes read."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while piece := stream.read(_CHUNK):
            digest.update(piece)
            if progress is not None:
                progress.update(len(piece))
    return digest.hexdigest()


@contextmanager
def disk_errors(folder: Path) -> Iterator[None]:
    """Turns a full disk or a read-only folder into one sentence with the setting that mends it."""
    try:
        yield
    except OSError as error:
        if error.errno == errno.ENOSPC:
            free = shutil.disk_usage(_existing(folder)).free // 2**20
            raise SetupError(
                f"The disk that holds {folder} is full ({free} MiB free).",
                hint="Free some space, or put the data elsewhere: COACH_HOME=/another/folder",
            ) from error
        if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
            raise SetupError(
                f"The folder {folder} cannot be written ({error.strerror}).",
                hint="Make it writable, or put the data elsewhere: COACH_HOME=/another/folder",
            ) from error
        raise


def _existing(folder: Path) -> Path:
    while not folder.exists():
        folder = folder.parent
    return folder


def chat_path(models: Path, weights: ChatWeights) -> Path:
    """Where the chat weights stand once they are whole."""
    return models / weights.file


def embedding_path(models: Path, weights: EmbeddingWeights) -> Path:
    """Where the embedding folder stands once it is whole."""
    return models / weights.folder


def check_chat(models: Path, weights: ChatWeights, *, deep: bool = False) -> str:
    """Empty when the file is whole, else what is wrong with it; `deep` hashes it (about a second per GB)."""
    path = chat_path(models, weights)
    if not path.exists():
        return f"{path.name} is missing."
    if path.stat().st_size != weights.bytes:
        return f"{path.name} has {path.stat().st_size} bytes instead of {weights.bytes}."
    if deep and (got := sha256_of(path)) != weights.sha256:
        return f"{path.name} has the SHA-256 {got[:12]}… instead of {weights.sha256[:12]}…"
    return ""


def check_embedding(models: Path, weights: EmbeddingWeights, *, deep: bool = False) -> str:
    """Empty when the folder is whole, else what is wrong with it."""
    folder = embedding_path(models, weights)
    sums = folder / "SHA256SUMS"
    if not sums.exists():
        return f"{folder.name} is missing."
    lines = [line.split(" ", 2) for line in sums.read_text(encoding="utf-8").splitlines()]
    if not lines or any(len(line) != 3 for line in lines):
        return f"{folder.name}/SHA256SUMS is damaged."
    for digest, size, name in lines:
        path = folder / name
        if not path.exists() or path.stat().st_size != int(size):
            return f"{folder.name}/{name} is missing or cut short."
        if deep and sha256_of(path) != digest:
            return f"{folder.name}/{name} is damaged."
    return ""


def fetch_chat(models: Path, weights: ChatWeights, *, source: str = "auto") -> Path:
    """The whole, checked GGUF file; downloads what is missing.

    Raises WeightsError when it cannot be had or its checksum is wrong, SetupError for disk trouble.
    """
    path = chat_path(models, weights)
    if not check_chat(models, weights):
        return path
    with disk_errors(models):
        models.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        _require_space(models, 2 * weights.bytes + 2**28)
        joined = path.with_suffix(".partial")
        if source != "packages" and _from_hub(models, weights, joined):
            pass
        elif source == "hub":
            raise WeightsError(
                f"{weights.hub_repo} could not be reached.", hint="Use the packages instead: COACH_WEIGHTS_SOURCE=packages"
            )
        else:
            _join(_fetch_parts(models, weights.name, weights.parts), joined)
        try:
            _verify(joined, weights.sha256, weights.file)
        except WeightsError:
            shutil.rmtree(models / "parts" / weights.name, ignore_errors=True)
            raise
        joined.replace(path)
        shutil.rmtree(models / "parts" / weights.name, ignore_errors=True)
    return path


def fetch_embedding(models: Path, weights: EmbeddingWeights) -> Path:
    """The whole sentence-transformers folder; downloads and converts what is missing."""
    folder = embedding_path(models, weights)
    if not check_embedding(models, weights):
        return folder
    from coach.models.e5 import write_folder

    with disk_errors(models):
        models.mkdir(parents=True, exist_ok=True)
        _require_space(models, 2**30)
        binary, tokenizer = _fetch_parts(models, weights.name, weights.parts)
        partial = models / f"{weights.folder}.partial"
        shutil.rmtree(partial, ignore_errors=True)
        write_folder(binary, tokenizer.read_bytes(), partial)
        sums = [
            f"{sha256_of(p)} {p.stat().st_size} {p.relative_to(partial).as_posix()}"
            for p in sorted(partial.rglob("*"))
            if p.is_file()
        ]
        (partial / "SHA256SUMS").write_text("\n".join(sums) + "\n", encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        partial.replace(folder)
        shutil.rmtree(models / "parts" / weights.name, ignore_errors=True)
    return folder


def _require_space(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise SetupError(
            f"{folder} needs {needed // 2**20} MiB for the download but only {free // 2**20} MiB are free.",
            hint="Free some space, or put the data elsewhere: COACH_HOME=/another/folder",
        )


def _verify(path: Path, expected: str, name: str) -> None:
    from tqdm import tqdm

    with tqdm(total=path.stat().st_size, unit="B", unit_scale=True, desc=f"checking {name}") as bar:
        got = sha256_of(path, bar)
    if got != expected:
        path.unlink()
        raise WeightsError(f"{name} was refused: its SHA-256 is {got}, expected {expected}.", hint=_REPAIR)


def _from_hub(models: Path, weights: ChatWeights, target: Path) -> bool:
    """True when a reachable hub gave the file; quick to say no. Resumes by itself."""
    import os

    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    from huggingface_hub import HfApi, hf_hub_download

    try:
        HfApi().model_info(weights.hub_repo, timeout=3)
        got = hf_hub_download(weights.hub_repo, weights.hub_file, local_dir=models / "hub")
    except Exception:  # noqa: BLE001  any failure of the hub, named or not, leads to the packages
        return False
    Path(got).replace(target)
    shutil.rmtree(models / "hub", ignore_errors=True)
    return True


def _fetch_parts(models: Path, name: str, parts: tuple[Part, ...]) -> list[Path]:
    """Paths of the parts in order, each already checked; only missing ones are downloaded."""
    from concurrent.futures import ThreadPoolExecutor, as_completed

    from tqdm import tqdm

    folder = models / "parts" / name
    folder.mkdir(parents=True, exist_ok=True)
    missing = [p for p in parts if not (folder / p.file).exists()]
    with tqdm(total=sum(p.bytes for p in parts), unit="B", unit_scale=True, desc=f"downloading {name}") as bar:
        bar.update(sum(p.bytes for p in parts if p not in missing))
        with ThreadPoolExecutor(max_workers=4) as pool:
            jobs = {pool.submit(_fetch_part, folder, p): p for p in missing}
            try:
                for job in as_completed(jobs):
                    job.result()
                    bar.update(jobs[job].bytes)
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
    return [folder / p.file for p in parts]


def _fetch_part(folder: Path, part: Part) -> None:
    """Downloads one wheel with pip, which also checks its hash, and keeps only the data inside."""
    with tempfile.TemporaryDirectory(dir=folder, prefix="wheel-") as scratch:
        wanted = Path(scratch) / "wanted.txt"
        wanted.write_text(f"{part.package}=={part.version} --hash=sha256:{part.sha256}\n", encoding="utf-8")
        platform = ["--platform", part.platform, "--only-binary=:all:"] if part.platform else []
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-cache-dir", "--require-hashes"]
        run = subprocess.run(
            [*command, *platform, "--dest", scratch, "--requirement", str(wanted)], capture_output=True, text=True, check=False
        )
        wheels = list(Path(scratch).glob("*.whl"))
        if run.returncode or not wheels:
            raise WeightsError(_why(part, run.stderr), hint=_REPAIR)
        with zipfile.ZipFile(wheels[0]) as wheel, wheel.open(part.member) as data:
            scratch_file = Path(scratch) / "data"
            with scratch_file.open("wb") as out:
                shutil.copyfileobj(data, out, _CHUNK)
        scratch_file.replace(folder / part.file)


def _why(part: Part, stderr: str) -> str:
    if "DO NOT MATCH THE HASHES" in stderr:
        return f"The package {part.package} {part.version} was refused: its checksum is not the pinned one."
    if "No space left" in stderr:
        raise OSError(errno.ENOSPC, "No space left on device")
    last = [line for line in stderr.splitlines() if line.startswith("ERROR")] or ["no reason given"]
    return f"The package {part.package} {part.version} could not be downloaded: {last[-1]}"


def _join(parts: list[Path], target: Path) -> None:
    with target.open("wb") as out:
        for part in parts:
            with part.open("rb") as data:
                shutil.copyfileobj(data, out, _CHUNK)
