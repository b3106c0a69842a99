"""What only a fresh process shows: the memory of the running service, the cost of an import."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]

from coach.errors import SetupError
from coach.settings import ROOT, Settings
from evals.schema import Case
from evals.stats import percentile

_START_SECONDS, _REPLY_SECONDS, _STOP_SECONDS = 600, 300, 20
_TICK = 0.1
_MEASURED = ("coach", "coach.app", "coach.cli")

Told = Callable[[str], None]


def import_times(runs: int = 5) -> dict[str, dict[str, Any]]:
    """Milliseconds of an import in a fresh interpreter (median), and whether it brought torch in."""
    made = {}
    for module in _MEASURED:
        code = (
            "import sys, time; t = time.perf_counter(); "
            f"import {module}; print(1000 * (time.perf_counter() - t), 'torch' in sys.modules)"
        )
        spent, torch = [], False
        for _ in range(runs):
            run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
            milliseconds, brought = run.stdout.split()
            spent.append(float(milliseconds))
            torch = torch or brought == "True"
        made[module] = {"runs": runs, "median": percentile(spent, 0.5), "torch": torch}
    return made


def service_memory(settings: Settings, cases: Sequence[Case], told: Told) -> dict[str, Any]:
    """Peak resident memory of `coach serve` with its model ready, after these questions and one the model must answer."""
    with tempfile.TemporaryDirectory(prefix="coach-bench-") as scratch, _served(settings, Path(scratch)) as (process, address):
        with _Peak(process.pid) as peak:
            state = _ready(process, address, settings, Path(scratch) / "log")
            idle = peak.now()
            told(f"service ready, {idle / 2**20:.0f} MiB")
            for case in cases:
                history = [{"role": t.role, "content": t.content} for t in case.turns]
                _post(f"{address}/api/ask", {"question": case.question, "history": history})
            generated = _general(address) if state["name"] != "none" else False
            after = peak.now()
        return {
            "model": state["name"],
            "idle_mib": idle / 2**20,
            "after_mib": after / 2**20,
            "peak_mib": max(peak.highest, _high_water(process.pid)) / 2**20 if process.poll() is None else None,
            "questions": len(cases) + 1,
            "model_generated": generated,
        }


def _general(address: str) -> bool:
    """One reply that the model itself words, so that its memory is really touched."""
    said = (("user", "How do I keep a remote team motivated?"), ("assistant", "The library does not hold this."))
    history = [{"role": role, "content": content} for role, content in said]
    reply = _post(f"{address}/api/ask", {"question": "general advice", "history": history})
    return str(reply.get("model", "")) not in ("", "rules", "extracts")


@contextlib.contextmanager
def _served(settings: Settings, scratch: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """The real service on a free port, its records in a scratch folder; ended on leaving."""
    port = _free_port()
    own = {
        "COACH_HOME": str(settings.home.resolve()),
        "COACH_MODEL": settings.model,
        "COACH_DATABASE_URL": f"sqlite:///{scratch / 'records.db'}",
        "PYTHONUNBUFFERED": "1",
    }
    command = [sys.executable, "-m", "coach", "serve", "--host", "127.0.0.1", "--port", str(port)]
    with (scratch / "log").open("wb") as log:
        process = subprocess.Popen(command, env={**os.environ, **own}, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)
        try:
            yield process, f"http://127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _ready(process: subprocess.Popen[bytes], address: str, settings: Settings, log: Path) -> dict[str, Any]:
    """The model's state once library and model are ready. Raises SetupError with the service's own words."""
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError):
            with _open(urllib.request.Request(f"{address}/readyz"), 10) as answer:
                state: dict[str, Any] = json.load(answer)["model"]
            if state["state"] in ("ready", "none", "failed"):
                return state
        time.sleep(_TICK)
    told = log.read_text(encoding="utf-8", errors="replace")[-600:]
    raise SetupError(f"The service did not become ready with {settings.model!r}: {told}")


def _post(url: str, body: dict[str, Any]) -> dict[str, Any]:
    request = urllib.request.Request(url, data=json.dumps(body).encode(), headers={"Content-Type": "application/json"})
    with _open(request, _REPLY_SECONDS) as answer:
        return dict(json.load(answer))


def _open(request: urllib.request.Request, timeout: float) -> Any:
    return urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=timeout)


class _Peak:
    """Watches the resident memory of a process and its children."""

    def __init__(self, pid: int) -> None:
        self._process = psutil.Process(pid)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="bench-memory", daemon=True)
        self.highest = 0

    def __enter__(self) -> _Peak:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def now(self) -> int:
        """Bytes at this moment; what has just ended counts for nothing."""
        total = 0
        with contextlib.suppress(psutil.Error):
            for process in (self._process, *self._process.children(recursive=True)):
                with contextlib.suppress(psutil.Error):
                    total += process.memory_info().rss
        self.highest = max(self.highest, total)
        return total

    def _watch(self) -> None:
        while not self._ended.wait(_TICK):
            self.now()


def _high_water(pid: int) -> int:
    """The kernel's own record of the process's peak, in bytes; 0 where there is none."""
    with contextlib.suppress(OSError, ValueError):
        for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmHWM:"):
                return 1024 * int(line.split()[1])
    return 0
