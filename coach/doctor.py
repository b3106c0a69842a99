"""Looks at the installation and says, line by line, what is well and which command mends what is not.

Reads only: the one thing it writes is an empty file in the home folder, removed at once. Does not repair anything.
"""

from __future__ import annotations

import difflib
import errno
import importlib.metadata
import os
import platform
import re
import shutil
import socket
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from coach.errors import CoachError
from coach.settings import ROOT, Settings

State = Literal["ok", "warn", "fail", "skip"]
"""`skip`: what does not apply here was not looked at."""

FETCH = "coach models fetch"
_OLDEST_PYTHON = (3, 11)
_DEFAULT_MODEL = Settings.model_fields["model"].default
_SPARE = 500 * 2**20  # bytes the index, the records and the logs may need


@dataclass(frozen=True, kw_only=True)
class Check:
    """One line of the report; `fix` is a command or setting, and stands on every failure."""

    name: str
    state: State
    message: str
    fix: str = ""

    def public(self) -> dict[str, str]:
        """The shape of `coach doctor --json`."""
        return {"name": self.name, "state": self.state, "message": self.message, "fix": self.fix}


def examine(settings: Settings, *, deep: bool = False) -> list[Check]:
    """Every check in order. A check that breaks is itself a failure, never an exception."""
    steps: list[tuple[str, Callable[[Settings, bool], Iterator[Check]]]] = [
        ("python", _python),
        ("packages", _packages),
        ("settings", _names),
        ("disk", _disk),
        ("weights", _weights),
        ("embedding", _embedding),
        ("library", _library),
        ("model", _model),
        ("port", _port),
        ("chroma", _chroma),
    ]
    checks: list[Check] = []
    for name, step in steps:
        try:
            checks += step(settings, deep)
        except CoachError as error:
            # Our hints end with the command ("Rebuild with: …"); here the command alone is wanted.
            checks.append(Check(name=name, state="fail", message=error.message, fix=error.hint.rpartition("with: ")[2]))
        except Exception as error:  # a doctor that dies of the illness helps nobody
            checks.append(Check(name=name, state="fail", message=f"The check itself broke: {error!r}", fix=_install()))
    return checks


def _install() -> str:
    return "make install"


def _python(_settings: Settings, _deep: bool) -> Iterator[Check]:
    here = f"Python {platform.python_version()} on {platform.system()} {platform.machine()}"
    if sys.version_info >= _OLDEST_PYTHON:
        yield Check(name="python", state="ok", message=here)
    else:
        yield Check(name="python", state="fail", message=f"{here} is too old.", fix="make clean install PYTHON=python3.11")


def _packages(_settings: Settings, _deep: bool) -> Iterator[Check]:
    """Installed versions against the lock; a local suffix such as `+cpu` is the same version."""
    lock = ROOT / "requirements.lock"
    if not lock.exists():
        yield Check(name="packages", state="warn", message="There is no requirements.lock to compare with.")
        return
    missing, other = [], []
    wanted = _locked(lock)
    for name, version in wanted.items():
        try:
            found = importlib.metadata.version(name).split("+")[0]
        except importlib.metadata.PackageNotFoundError:
            missing.append(name)
            continue
        if found != version:
            other.append(f"{name} {found} instead of {version}")
    if missing:
        yield Check(name="packages", state="fail", message=f"Missing: {', '.join(missing)}.", fix=_install())
    if other:
        yield Check(name="packages", state="warn", message=f"Not as tested: {', '.join(other)}.", fix=_install())
    if not missing and not other:
        yield Check(name="packages", state="ok", message=f"{len(wanted)} packages as in requirements.lock")


def _locked(lock: Path) -> dict[str, str]:
    from packaging.requirements import Requirement

    pins = {}
    for line in lock.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            wanted = Requirement(line)
            if wanted.marker is None or wanted.marker.evaluate():
                pins[wanted.name] = str(wanted.specifier).removeprefix("==")
    return pins


def _names(_settings: Settings, _deep: bool) -> Iterator[Check]:
    """Misspelt variables are ignored by design of the environment, so somebody must say it."""
    known = [f"COACH_{name.upper()}" for name in Settings.model_fields]
    strange = sorted(n for n in os.environ if n.startswith("COACH_") and n.upper() not in known)
    for name in strange:
        near = difflib.get_close_matches(name.upper(), known, n=1)
        meant = f" Did you mean {near[0]}?" if near else ""
        yield Check(name="settings", state="warn", message=f"{name} is not a setting and is ignored.{meant}", fix=f"unset {name}")
    if not strange:
        given = sorted(n for n in os.environ if n.upper() in known)
        yield Check(name="settings", state="ok", message=", ".join(given) if given else "all at their defaults")


def _disk(settings: Settings, _deep: bool) -> Iterator[Check]:
    folder = settings.home
    while not folder.exists():
        folder = folder.parent
    elsewhere = "COACH_HOME=/another/folder coach doctor"
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=settings.home, prefix=".doctor-"):
            pass
        yield Check(name="home", state="ok", message=f"{settings.home} can be written")
    except OSError as error:
        yield Check(name="home", state="fail", message=f"{settings.home} cannot be written: {error.strerror}.", fix=elsewhere)
    free = shutil.disk_usage(folder).free
    needed = _SPARE + _missing_bytes(settings)
    said = f"{free / 1e9:.1f} GB free"
    if free < needed:
        message = f"{said}, {needed / 1e9:.1f} GB needed."
        yield Check(name="disk", state="fail", message=message, fix=f"Free some space, or: {elsewhere}")
    else:
        yield Check(name="disk", state="ok", message=said)


def _missing_bytes(settings: Settings) -> int:
    """What the weights in force will still take; parts and the joined file stand side by side for a moment."""
    from coach.models import weights

    chat, embedding = weights.catalogue()
    needed = 0
    if (entry := chat.get(settings.model.removeprefix("local:"))) and weights.check_chat(settings.models_dir, entry):
        needed += 2 * entry.bytes
    if (folder := embedding.get(settings.embedding)) and weights.check_embedding(settings.models_dir, folder):
        needed += 2**30
    return needed


def _weights(settings: Settings, deep: bool) -> Iterator[Check]:
    from coach.models import weights

    chat, embedding = weights.catalogue()
    folder = settings.models_dir
    if settings.model.startswith("local:") and (entry := chat.get(settings.model.removeprefix("local:"))):
        yield _whole("chat model", weights.chat_path(folder, entry), weights.check_chat(folder, entry, deep=deep), deep)
    if wanted := embedding.get(settings.embedding):
        wrong = weights.check_embedding(folder, wanted, deep=deep)
        yield _whole("embedding", weights.embedding_path(folder, wanted), wrong, deep)


def _whole(name: str, path: Path, wrong: str, deep: bool) -> Check:
    if not wrong:
        return Check(name=name, state="ok", message=f"{path.name} is whole{', SHA-256 right' if deep else ''}")
    # Only sizes are compared before a download, so damaged bytes must be put away first.
    damaged = "SHA-256" in wrong or "damaged" in wrong
    return Check(name=name, state="fail", message=wrong, fix=f"rm -r '{path}' && {FETCH}" if damaged else FETCH)


def _embedding(settings: Settings, deep: bool) -> Iterator[Check]:
    """Adapter, calibration and selector belong to one embedding model; with another one search still works, but worse."""
    from coach.library.calibration import Calibration
    from coach.library.selector import FILE, SentenceSelector
    from coach.models.embedding import Embedder

    embedder = Embedder(settings)
    fingerprint = embedder.fingerprint
    if settings.embedding == "e5-small-q4" and embedder.adapter is None and settings.adapter == "auto":
        message = "knowledge/adapter is missing; search is weaker without it."
        yield Check(name="adapter", state="warn", message=message, fix="coach models train-adapter")
    else:
        named = embedder.adapter or "none"
        yield Check(name="adapter", state="ok", message=f"{named}, embedding {fingerprint}")
    if Calibration.load(settings.knowledge / "calibration.json", fingerprint).embedding == fingerprint:
        yield Check(name="calibration", state="ok", message=f"fitted to {fingerprint}")
    else:
        message = f"knowledge/calibration.json is not fitted to {fingerprint}; neutral numbers are used."
        yield Check(name="calibration", state="warn", message=message, fix="coach models calibrate")
    try:
        selector = SentenceSelector.load(settings.knowledge / FILE, fingerprint)
    except CoachError as error:
        yield Check(name="selector", state="fail", message=f"knowledge/{FILE} is damaged.", fix=error.hint)
        return
    if selector:
        yield Check(name="selector", state="ok", message=f"fitted to {fingerprint}")
    else:
        message = f"knowledge/{FILE} is missing or not fitted to {fingerprint}; replies find the right sentence less often."
        yield Check(name="selector", state="warn", message=message, fix="coach models calibrate")
    if deep:
        near, far = (embedder.queries(["如何说服CFO"]) @ embedder.passages(["怎样向首席财务官争取预算", "草莓蛋糕的做法"]).T)[0]
        message = f"loads; a paraphrase scores {near:.2f}, a stranger {far:.2f}"
        yield Check(name="embedding", state="ok" if near > far else "fail", message=message, fix="" if near > far else FETCH)


def _library(settings: Settings, deep: bool) -> Iterator[Check]:
    from coach.library import manifest
    from coach.library.catalogue import Catalogue
    from coach.models.embedding import Embedder

    made = manifest.require(settings.library_dir / "manifest.json", Embedder(settings))
    catalogue = Catalogue(settings.library_dir / "library.db")
    try:
        unfinished = catalogue.interrupted()
        documents, passages = catalogue.counts()
    finally:
        catalogue.close()
    said = f"{documents} documents, {passages} passages, version {made.version}"
    if unfinished:
        message = f"An ingest was interrupted in {len(unfinished)} documents."
        yield Check(name="library", state="warn", message=message, fix="coach ingest")
    elif (documents, passages) != (made.documents, made.passages):
        message = f"The manifest names {made.documents} documents and {made.passages} passages, the catalogue holds {said}."
        yield Check(name="library", state="fail", message=message, fix=manifest.REBUILD)
    else:
        yield Check(name="library", state="ok", message=said)
    if deep:
        yield _count_vectors(settings, passages)


def _count_vectors(settings: Settings, passages: int) -> Check:
    from coach.library.manifest import REBUILD
    from coach.library.vectors import Vectors

    vectors = Vectors(settings)
    try:
        counts = vectors.counts()
    finally:
        vectors.close()
    texts = sum(n for name, n in counts.items() if name.startswith("texts"))
    message = ", ".join(f"{name} {n}" for name, n in counts.items())
    if texts != passages:
        wrong = f"There are {texts} text vectors for {passages} passages ({message})."
        return Check(name="vectors", state="fail", message=wrong, fix=REBUILD)
    return Check(name="vectors", state="ok", message=message)


def _model(settings: Settings, _deep: bool) -> Iterator[Check]:
    """The model setting, its package and its key by making the model, which contacts nothing; then its server."""
    from coach.models.chat import chat_model

    try:
        model = chat_model(settings)
    except CoachError as error:
        yield Check(name="model", state="fail", message=error.message, fix=error.hint or f"export COACH_MODEL={_DEFAULT_MODEL}")
        return
    said = settings.model if model else "none: replies are made of the library's own sentences"
    yield Check(name="model", state="ok", message=said)
    address = settings.model_base_url or ("http://127.0.0.1:11434" if settings.model.startswith("ollama:") else "")
    if address and model and not settings.model.startswith("local:"):
        yield _answers("model server", address, "Start the server, or correct COACH_MODEL_BASE_URL")


def _answers(name: str, address: str, fix: str) -> Check:
    parts = urlsplit(address)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        with socket.create_connection((parts.hostname or "", port), timeout=3):
            return Check(name=name, state="ok", message=f"{address} answers")
    except OSError as error:
        return Check(name=name, state="fail", message=f"{address} does not answer ({error}).", fix=fix)


def _port(settings: Settings, _deep: bool) -> Iterator[Check]:
    if port_free(settings.host, settings.port):
        yield Check(name="port", state="ok", message=f"{settings.host}:{settings.port} is free")
    else:
        message = f"{settings.host}:{settings.port} is in use, perhaps by a coach that is already running."
        yield Check(name="port", state="warn", message=message, fix=f"coach serve --port {settings.port + 1}")


def port_free(host: str, port: int) -> bool:
    """Whether a server could listen there now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        if os.name != "nt":  # there the option would let two servers share a port
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return error.errno not in (errno.EADDRINUSE, errno.EACCES)
    return True


def _chroma(settings: Settings, _deep: bool) -> Iterator[Check]:
    if not settings.chroma_url:
        return
    address = settings.chroma_url.rstrip("/")
    fix = "chroma run --path DIR, or unset COACH_CHROMA_URL"
    if not re.match(r"https?://", address):
        yield Check(name="chroma", state="fail", message=f"COACH_CHROMA_URL={address!r} is not http://host:port.", fix=fix)
        return
    try:
        with urllib.request.urlopen(f"{address}/api/v2/heartbeat", timeout=3):
            yield Check(name="chroma", state="ok", message=f"{address} answers")
    except (urllib.error.URLError, OSError) as error:
        yield Check(name="chroma", state="fail", message=f"{address} does not answer ({error}).", fix=fix)
