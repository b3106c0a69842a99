"""The cases of a run shared by several processes, each with a coach of its own.

The small matrices of one question gain little from a second core: 30 ms to embed it on one, 27 ms on two. Two processes on
one core each ask nearly twice as many.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Mapping, Sequence
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from coach.errors import CoachError
from coach.settings import Settings
from evals.schema import Case, Record
from evals.solvers import Texts, answered, opened

Asked = tuple[str, Case]
"""The name of a set, and one of its cases."""
_ENDING = 10.0  # seconds a process may take to close what it has open
_WORTH = 100  # cases; a process takes ten seconds to open its coach


def processes(settings: Settings, solver: str, cases: int) -> int:
    """How many share a run when nobody says: two where there are cores and cases for it, and no chat model to hold twice."""
    worth = settings.model == "none" and solver != "plain" and settings.threads > 1 and cases > _WORTH
    return 2 if worth else 1


def ask(
    settings: Settings,
    wanted: Sequence[Asked],
    solver: str,
    facts: Mapping[str, frozenset[str]],
    jobs: int,
    told: Callable[[int, int], None] | None = None,
) -> tuple[tuple[Record, ...], dict[str, str], str]:
    """Records in the order of the cases, the texts they name, and the version of the library.

    Raises CoachError when a process cannot open its solver, or ends before its share is done.
    """
    each = settings.model_copy(update={"threads": max(1, settings.threads // jobs)})
    spawn = multiprocessing.get_context("spawn")  # torch and Chroma do not survive a fork
    started: list[BaseProcess] = []
    shares: dict[Connection, list[int]] = {}
    for first in range(jobs):
        ours, theirs = spawn.Pipe(duplex=False)
        numbers = list(range(first, len(wanted), jobs))
        process: BaseProcess = spawn.Process(
            target=_work,
            args=(theirs, each, [wanted[n] for n in numbers], solver, dict(facts)),
            name=f"share-{first}",
            daemon=True,
        )
        process.start()
        theirs.close()
        started.append(process)
        shares[ours] = numbers
    try:
        found = _gathered(shares, len(wanted), told)
        for process in started:
            process.join(_ENDING)
        return found
    finally:
        for process in started:
            process.terminate()
            process.join()


def _gathered(
    shares: Mapping[Connection, Sequence[int]], total: int, told: Callable[[int, int], None] | None
) -> tuple[tuple[Record, ...], dict[str, str], str]:
    records: dict[int, Record] = {}
    texts: dict[str, str] = {}
    library = ""
    left = {pipe: iter(numbers) for pipe, numbers in shares.items()}
    while left:
        for pipe in [p for p in wait(list(left)) if isinstance(p, Connection)]:
            try:
                came = pipe.recv()
            except EOFError as error:
                raise CoachError(
                    "A process that asked part of the cases has ended early.", hint="Ask in one: coach eval run --jobs 1"
                ) from error
            if isinstance(came, CoachError):
                raise came
            if isinstance(came, str):
                library = came
                del left[pipe]
                continue
            number = next(left[pipe])
            records[number], seen = came
            texts |= seen
            if told:
                told(len(records), total)
    return tuple(records[n] for n in range(total)), texts, library


def _work(pipe: Connection, settings: Settings, share: Sequence[Asked], solver: str, facts: Mapping[str, frozenset[str]]) -> None:
    """Answers a share, record after record, and closes with the version of the library; or tells why it cannot."""
    try:
        with opened(solver, settings, facts) as (ready, library):
            for suite, case in share:
                texts = Texts()
                pipe.send((answered(ready, case, suite, texts), texts.by_key))
            pipe.send(library)
    except CoachError as error:
        pipe.send(error)
