"""Faults in a person's way from assessment to plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from unittest import mock

from coach.development import assessment, draft, stage
from evals.mutations.fault import Apply, fault
from evals.mutations.replacing import all_of, always, wrapped

if TYPE_CHECKING:
    from coach.development.schema import Line, Plan


def _one_lower(real: Any) -> Any:
    def level(shown: Any, denied: Any, framework: Any, rules: Any) -> int | None:
        found = real(shown, denied, framework, rules)
        return None if found is None else max(found - 1, framework.levels[0].number)

    return level


def _planned(change: Callable[[Plan, Line], Mapping[str, object]], *, checked: bool) -> Apply:
    """Every line of a plan; without `checked` the product's own check of plans is off, too."""

    def make(real: Any) -> Any:
        def plan(*told: Any) -> Plan:
            made: Plan = real(*told)
            lines = {w: tuple(x.model_copy(update=change(made, x)) for x in getattr(made, w)) for w in ("goals", "actions")}
            return made.model_copy(update=lines)

        return plan

    own = [] if checked else [mock.patch.object(draft, "require_sound", lambda *_: None)]
    return lambda _: all_of(wrapped(draft, "make_plan", make), *own)


def _before_today(plan: Plan, line: Line) -> Mapping[str, object]:
    earlier = (line.due - plan.made) * 2
    return {"start": line.start - earlier, "due": line.due - earlier}


def _unsourced(_plan: Plan, line: Line) -> Mapping[str, object]:
    empty = line.source.quote.model_copy(update={"zh": "", "en": ""})
    return {"source": line.source.model_copy(update={"quote": empty})}


DEVELOPMENT = (
    fault("people", "level-too-low", "levels are one too low", lambda _: wrapped(assessment, "_level", _one_lower)),
    fault(
        "people",
        "gaps-reversed",
        "the least important gap comes first",
        lambda _: wrapped(draft, "order_gaps", lambda real: lambda *told: real(*told)[::-1]),
    ),
    fault("people", "gates-ignored", "the conditions of stages count for nothing, titles do", always(stage, "state", "open")),
    fault("people", "dates-past", "lines of plans lie before the day of the plan", _planned(_before_today, checked=True)),
    fault(
        "cycles", "dates-past-unchecked", "the same, and the product's own check is off", _planned(_before_today, checked=False)
    ),
    fault(
        "cycles",
        "plan-unsourced",
        "lines of plans quote nothing, and the product's own check is off",
        _planned(_unsourced, checked=False),
    ),
)
