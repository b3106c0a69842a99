"""All faults in the order of the table, and the harmless changes that have to pass."""

from __future__ import annotations

import logging
import time
from typing import Any

from coach.conversation import answer as answering
from coach.library.search import Library
from evals.mutations.development_faults import DEVELOPMENT
from evals.mutations.edited_files import knowledge_edited, unchanged
from evals.mutations.fault import Fault, fault
from evals.mutations.gate_faults import GATES
from evals.mutations.library_faults import LIBRARY
from evals.mutations.replacing import all_of, wrapped
from evals.mutations.reply_faults import REPLY
from evals.mutations.search_faults import SEARCH

_log = logging.getLogger(__name__)

FAULTS: tuple[Fault, ...] = (*REPLY, *GATES, *SEARCH, *LIBRARY, *DEVELOPMENT)


def _logged(real: Any) -> Any:
    def asked(*told: Any, **more: Any) -> Any:
        _log.info("a question of %d letters", len(told[1]))
        return real(*told, **more)

    return asked


def _slow(real: Any) -> Any:
    def search(*told: Any, **more: Any) -> Any:
        time.sleep(0.003)
        return real(*told, **more)

    return search


HARMLESS: tuple[Fault, ...] = (
    fault("start", "files-copied", "prompts and knowledge are read from a copy", knowledge_edited(unchanged)),
    fault("reply", "nothing", "nothing is changed", lambda _: all_of()),
    fault("reply", "log-text", "a line is logged for every question", lambda _: wrapped(answering.Answering, "ask", _logged)),
    fault("reply", "timing", "every search takes longer", lambda _: wrapped(Library, "search", _slow)),
    fault(
        "reply",
        "suggestion-order",
        "suggestions come in another order",
        lambda _: wrapped(answering.Answering, "_suggestions", lambda real: lambda *told: real(*told)[::-1]),
    ),
)
"""What no gate may catch."""
