"""Serves the coach on a port of this machine until it is told to stop.

Owns the port, the signals and the order in which things start and end. What is served stands in api.py; a web page is
handed in as `mount`, since this package knows no user interface.
"""

from __future__ import annotations

import errno
import gc
import logging
import signal
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from types import FrameType
from typing import TYPE_CHECKING

import click
import uvicorn

from coach.errors import SetupError
from coach.messages import say
from coach.service.guard import check_bind
from coach.settings import Settings
from coach.types import Lang

if TYPE_CHECKING:
    from fastapi import FastAPI

    from coach.app import Coach
    from coach.service.api import Service

    Mount = Callable[[FastAPI, Coach], FastAPI]

log = logging.getLogger(__name__)

_PORTS_TRIED = 50
_CLOSING_SECONDS = 1.0


class _Server(uvicorn.Server):
    """Announces itself, ends replies before it waits for them, and leaves the exit code to the caller."""

    def __init__(self, app: FastAPI, *, announce: Callable[[], None], stop: Callable[[], None]) -> None:
        # No access log: addresses hold the ids of conversations, and /metrics counts requests.
        super().__init__(uvicorn.Config(app, log_config=None, access_log=False, server_header=False, timeout_graceful_shutdown=1))
        self.ended_by = 0
        self._announce, self._stop = announce, stop

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._announce()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        # uvicorn would raise the signal again at the end, and SIGTERM would then kill us before the model is closed.
        self.ended_by = self.ended_by or sig
        self.force_exit = self.should_exit and sig == signal.SIGINT
        self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._stop()
        # Connections that stay open (a page in a browser) are cut after a second: intended, not worth a traceback each.
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        await super().shutdown(sockets)


def serve(
    settings: Settings, *, mount: Mount | None = None, lang: Lang = "en", served: Callable[[str], None] | None = None
) -> None:
    """Runs until SIGTERM, or until Ctrl-C, which it passes on as KeyboardInterrupt once everything is closed.

    `mount` puts a web page on the application; `lang` is the language of the terminal; `served` is called with the
    address as soon as it answers.

    Raises:
        SetupError: the address is open to the network without accounts, the port is taken, or the database cannot be used.
    """
    check_bind(settings)
    with closing(_listen(settings.host, settings.port)) as listener:
        # Imported only now: a taken port must be told at once, not after seconds of loading.
        from coach.app import build_coach
        from coach.service.api import create_app

        coach = build_coach(settings)
        try:
            app = create_app(coach, settings)
            service: Service = app.state.service
            with closing(service):
                coach.start()
                server = _Server(
                    mount(app, coach) if mount else app,
                    announce=lambda: _announce(settings, lang, served),
                    stop=service.running.stop_all,
                )
                server.run(sockets=[listener])
        finally:
            _close(coach)
            # Else the interpreter looks through millions of objects of the model libraries before it lets the process end.
            gc.freeze()
    if server.ended_by == signal.SIGINT:
        raise KeyboardInterrupt


def _listen(host: str, port: int) -> socket.socket:
    """The port, held from here on: nobody can take it while the rest is loading."""
    try:
        return _bound(host, port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise SetupError(f"Port {port} is taken by another program.", hint=_other_port(host, port)) from error
        raise SetupError(
            f"The coach cannot listen on {host}:{port} ({error.strerror}).", hint="Try another port: COACH_PORT=7860"
        ) from error


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        if sys.platform != "win32":  # there the option would let two programs share the port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(128)
    except OSError:
        listener.close()
        raise
    return listener


def _other_port(host: str, taken: int) -> str:
    for port in range(taken + 1, min(taken + _PORTS_TRIED, 65535) + 1):
        try:
            _bound(host, port).close()
        except OSError:
            continue
        return f"Port {port} is free: COACH_PORT={port}"
    return "Choose another one: COACH_PORT=<number>"


def _announce(settings: Settings, lang: Lang, served: Callable[[str], None] | None) -> None:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    address = settings.public_url or f"http://{host}:{settings.port}"
    click.echo(say("http_served", lang, address=address))
    if served:
        threading.Thread(target=served, args=(address,), name="served", daemon=True).start()


def _close(coach: Coach) -> None:
    """Closes the model, but does not wait for one that is still loading and cannot be interrupted."""
    closer = threading.Thread(target=coach.close, name="close", daemon=True)
    closer.start()
    closer.join(_CLOSING_SECONDS)
    if closer.is_alive():
        log.warning("the coach did not close in time")
