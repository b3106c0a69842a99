"""Faults in what decides before a reply is worded: evidence, kind of turn, premises, distress, files."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any
from unittest import mock

from coach.app import Coach
from coach.conversation import answer as answering
from coach.conversation import evidence as weighing
from coach.conversation import patterns
from coach.conversation import turn as turns
from coach.conversation.evidence import Evidence, EvidenceCheck
from coach.conversation.history import Standalone
from coach.library.unanswered import Standing, Unanswered
from coach.types import Lang
from evals.mutations.fault import Apply, fault
from evals.mutations.replacing import all_of, always, wrapped


def _decided(change: Callable[[Evidence], Evidence]) -> Apply:
    return lambda _: wrapped(EvidenceCheck, "decide", lambda real: lambda *told, **more: change(real(*told, **more)))


def _threshold(by: float) -> Apply:
    real: Any = EvidenceCheck.threshold
    return lambda _: mock.patch.object(EvidenceCheck, "threshold", property(lambda self: real.fget(self) + by))


def _undocumented(real: Any) -> Any:
    return lambda *told, **more: real(*told, **{**more, "documents": ()})


def _forgetful(question: str, _history: object, _lang: Lang) -> Standalone:
    return Standalone(text=question, question=question)


def _kinds_unchecked(_coach: Coach) -> AbstractContextManager[object]:
    return all_of(*(mock.patch.object(weighing, name, lambda *_: None) for name in ("_never_told", "_not_held")))


def _no_clarifying(_coach: Coach) -> AbstractContextManager[object]:
    classes = mock.patch.dict(turns._BY_LABEL, {"vague": "question", "personal": "question"})
    return all_of(mock.patch.object(turns, "_unclear", lambda *_: None), classes)


def _no_alarm(_coach: Coach) -> AbstractContextManager[object]:
    return all_of(*(mock.patch.object(module, "danger_in", lambda _: None) for module in (turns, answering)))


def _no_injection(_coach: Coach) -> AbstractContextManager[object]:
    return mock.patch.object(patterns, "INJECTION", re.compile(r"(?!)"))


GATES = (
    fault("gate", "evidence-always", "there is always evidence", _decided(lambda e: replace(e, enough=True, missing=None))),
    fault("gate", "evidence-never", "there is never evidence", _decided(lambda e: replace(e, enough=False))),
    fault("gate", "threshold-up", "evidence begins at a probability .25 too high", _threshold(0.25)),
    fault("gate", "threshold-down", "evidence begins at a probability .25 too low", _threshold(-0.25)),
    fault("gate", "kind-unchecked", "sums, names, dates that no passage holds are not missed", _kinds_unchecked),
    fault("gate", "crisis-off", "the rules for distress and violence are off", _no_alarm),
    fault(
        "gate",
        "crisis-hello",
        "distress is noticed, and gets a greeting",
        lambda _: mock.patch.dict(answering._SENTENCE, {"crisis": "hello"}),
    ),
    fault("gate", "injection-off", "instructions are left in messages", _no_injection, "without a chat model nothing obeys them"),
    fault(
        "gate",
        "honesty-off",
        "fabrication and unverified figures are no longer refused by rule",
        always(turns, "_honesty", None),
    ),
    fault(
        "gate",
        "declined-answered",
        "what is declined is labelled as answered",
        lambda _: mock.patch.dict(answering._STATUS, {"fabricate": "answered", "unverified": "answered", "rules": "answered"}),
    ),
    fault("gate", "clarify-off", "nobody is asked back", _no_clarifying),
    fault(
        "gate",
        "premise-off",
        "false premises are not noticed",
        always(answering, "false_premise", None),
        "few questions have one that is counted, and the articles correct most of those",
    ),
    fault(
        "gate",
        "history-ignored",
        "follow-ups are searched as they stand",
        lambda _: mock.patch.object(answering, "standalone", _forgetful),
    ),
    fault("gate", "classifier-off", "the classifier of turns says nothing", always(turns.Classifier, "probabilities", {})),
    fault(
        "search", "standing-off", "nearness to unanswered questions is not weighed", always(Unanswered, "standing", Standing())
    ),
    fault(
        "files",
        "file-unread",
        "files that were brought in are not read",
        lambda _: wrapped(answering.Answering, "ask", _undocumented),
    ),
)
