"""A real service to look at and to measure: own records, the built library, on a free port, ended with its context.

Used by the pictures, the bench of the web page and the tests in a browser.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from coach.settings import Settings
from evals.homes import furnish

STARTS_WITHIN = 120.0
"""Seconds a service may take until it answers; a cold machine reads a gigabyte of packages first."""


class Live:
    """`coach serve` in a process of its own. Its home is a new folder: weights are linked, the library is copied.

    Raises RuntimeError, with what it printed, when the service does not get ready.
    """

    def __init__(self, home: Path, *, model: str = "none", port: int = 0, **environment: str) -> None:
        self.home, self.port = home, port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = environment | {"COACH_MODEL": model}
        self._process: subprocess.Popen[bytes] | None = None
        self._log: IO[bytes] | None = None

    def __enter__(self) -> Live:
        self.prepare()
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def prepare(self) -> None:
        """Weights and library of this installation, in the new home."""
        made = Settings()
        self.home.mkdir(parents=True, exist_ok=True)
        furnish(made, self.home)

    def start(self) -> None:
        """Begins to serve and waits until questions can be answered."""
        env = os.environ | self.environment | {"COACH_HOME": str(self.home), "COACH_PORT": str(self.port)}
        self._log = (self.home / "service.log").open("ab")
        self._process = subprocess.Popen([sys.executable, "-m", "coach", "serve"], env=env, stdout=self._log, stderr=self._log)
        deadline = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < deadline and self._process.poll() is None:
            if self._ready():
                return
            time.sleep(0.1)
        self.stop()
        raise RuntimeError(f"the service did not get ready:\n{self.log()[-3000:]}")

    def stop(self) -> None:
        """Ends the service as Ctrl-C would."""
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        if self._log is not None:
            self._log.close()
        self._process = self._log = None

    def kill(self) -> None:
        """Ends the service as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self.stop()

    @property
    def pid(self) -> int:
        """The process that serves."""
        assert self._process is not None
        return self._process.pid

    def log(self) -> str:
        """What the service printed."""
        return (self.home / "service.log").read_text(encoding="utf-8", errors="replace")

    def run(self, *arguments: str, typed: str = "") -> str:
        """Another `coach` command in the same home. Raises RuntimeError with what it printed when it fails."""
        env = os.environ | self.environment | {"COACH_HOME": str(self.home)}
        done = subprocess.run([sys.executable, "-m", "coach", *arguments], env=env, input=typed, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(done.stdout + done.stderr)
        return done.stdout

    def call(self, method: str, path: str, body: object = None, token: str = "") -> Any:
        """JSON of one call of the HTTP interface. Raises RuntimeError with the service's own words when it is refused."""
        headers = {"content-type": "application/json"} | ({"authorization": f"Bearer {token}"} if token else {})
        data = None if body is None and method == "GET" else json.dumps(body if body is not None else {}).encode()
        request = urllib.request.Request(self.url + path, data=data, method=method, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                text = answer.read()
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{method} {path}: {error.code} {error.read().decode('utf-8', 'replace')[:500]}") from error
        return json.loads(text) if text else None

    def _ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
