"""Loads `knowledge/framework/` as one Framework, and finds everything in it that does not fit together.

Holds what must be true between values: ids that are named exist, levels and orders are complete, both languages say
equally much. Says nothing about what a profession's stages or pillars are, nor how many.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel

from coach.framework.files import Frozen, Problem, line_of, problems_of
from coach.framework.metrics import wrong_examples
from coach.framework.schema import (
    Action,
    Countable,
    Framework,
    Gates,
    Indicator,
    Level,
    Mapping,
    Metric,
    Pillar,
    PillarId,
    PlanMethod,
    Portrait,
    Profession,
    Responsibilities,
    Stage,
    Statement,
)

Loaded = TypeVar("Loaded", bound=BaseModel)

INDICATORS_PER_LEVEL = (4, 6)
"""Fewer do not tell a level from luck; more tire the person who answers. Own judgement."""


class _StagesFile(Frozen):
    about: tuple[Statement, ...] = ()
    stages: tuple[Stage, ...]
    gates: Gates


class _PillarsFile(Frozen):
    about: tuple[Statement, ...] = ()
    levels: tuple[Level, ...]
    pillars: tuple[Pillar, ...]


class _IndicatorsFile(Frozen):
    pillar: PillarId
    own_judgement: Literal[True]
    indicators: tuple[Indicator, ...]


class _ActionsFile(Frozen):
    pillar: PillarId
    own_judgement: Literal[True]
    actions: tuple[Action, ...]


class _MetricsFile(Frozen):
    metrics: tuple[Metric, ...]


class _CountsFile(Frozen):
    countables: tuple[Countable, ...]


def load_framework(knowledge: Path) -> Framework:
    """Load `knowledge/framework`. Raises SetupError naming file, line and mend of the first thing wrong."""
    framework, problems = read_framework(knowledge)
    if problems or framework is None:
        raise problems[0].error
    return framework


def read_framework(knowledge: Path) -> tuple[Framework | None, list[Problem]]:
    """The framework and everything wrong with it; None when a file could not be read at all."""
    reader = _Reader(knowledge)
    profession = reader.read("framework.yaml", Profession)
    stages = reader.read("stages.yaml", _StagesFile)
    pillars = reader.read("pillars.yaml", _PillarsFile)
    mapping = reader.read("mapping.yaml", Mapping)
    plan = reader.read("plan.yaml", PlanMethod)
    metrics = reader.optional("metrics.yaml", _MetricsFile)
    counts = reader.optional("counts.yaml", _CountsFile)
    responsibilities = reader.optional("responsibilities.yaml", Responsibilities)
    portrait = reader.optional("portrait.yaml", Portrait)
    ids = [p.id for p in pillars.pillars] if pillars else []
    indicators = {p: f.indicators for p, f in reader.per_pillar("indicators", ids, _IndicatorsFile)}
    actions = {p: f.actions for p, f in reader.per_pillar("actions", ids, _ActionsFile)}
    if profession is None or stages is None or pillars is None or mapping is None or plan is None:
        return None, reader.problems
    framework = Framework(
        profession=profession,
        about=stages.about + pillars.about,
        stages=tuple(sorted(stages.stages, key=lambda s: s.order)),
        gates=stages.gates,
        pillars=tuple(sorted(pillars.pillars, key=lambda p: p.order)),
        levels=pillars.levels,
        mapping=mapping,
        indicators=indicators,
        actions=actions,
        plan=plan,
        responsibilities=responsibilities or Responsibilities(),
        portrait=portrait or Portrait(),
        metrics=metrics.metrics if metrics else (),
        counts=counts.countables if counts else (),
    )
    for check in (_stages, _pillars, _mapping, _plan, _order, _indicators, _actions, _metrics, _both_languages):
        reader.problems.extend(check(framework, reader))
    return framework.model_copy(update={"counts": tuple(_counted(framework, reader))}), reader.problems


class _Reader:
    """Reads the files of one folder and collects what is wrong."""

    def __init__(self, knowledge: Path) -> None:
        self.root = knowledge
        self.folder = knowledge / "framework"
        self.problems: list[Problem] = []

    def read(self, name: str, model: type[Loaded]) -> Loaded | None:
        value, problems = problems_of(self.folder / name, model, self.root)
        self.problems.extend(problems)
        return value

    def optional(self, name: str, model: type[Loaded]) -> Loaded | None:
        return self.read(name, model) if (self.folder / name).exists() else None

    def per_pillar(self, folder: str, ids: Iterable[str], model: type[Loaded]) -> Iterator[tuple[str, Loaded]]:
        wanted = list(ids)
        if not wanted:
            return
        for path in sorted((self.folder / folder).glob("*.yaml")):
            if path.stem not in wanted:
                self.problem(f"{folder}/{path.name}", "", f"There is no pillar {path.stem!r}.", "Name the file after a pillar.")
        for pillar in wanted:
            value = self.read(f"{folder}/{pillar}.yaml", model)
            if value is not None:
                if value.pillar != pillar:  # type: ignore[attr-defined]
                    self.problem(f"{folder}/{pillar}.yaml", "pillar:", "`pillar` is not the file's name.", f"Write {pillar}.")
                yield pillar, value

    def problem(self, file: str, needle: str, what: str, mend: str) -> None:
        self.problems.append(self.at(file, needle, what, mend))

    def at(self, file: str, needle: str, what: str, mend: str) -> Problem:
        line = line_of(self.folder / file, needle) if needle else 0
        return Problem(file=f"framework/{file}", line=line, what=what, mend=mend)


def _doubled(values: Iterable[str]) -> list[str]:
    return [value for value, n in Counter(values).items() if n > 1]


def _stages(framework: Framework, at: _Reader) -> Iterator[Problem]:
    file = "stages.yaml"
    for double in _doubled(s.id for s in framework.stages):
        yield at.at(file, f"id: {double}", f"The stage {double!r} stands twice.", "Give one of them another id.")
    orders = [s.order for s in framework.stages]
    if orders != list(range(orders[0], orders[0] + len(orders))) or orders[0] not in (0, 1):
        mend = "Number them from 1; a stage before the first has 0."
        yield at.at(file, "order:", f"The orders of the stages are {orders}.", mend)
    known = {s.id for s in framework.stages}
    for gate in framework.gates.conditions:
        if missing := known - set(gate.per_stage):
            what = f"The gate {gate.id!r} says nothing of the stage {sorted(missing)[0]!r}."
            yield at.at(file, f"id: {gate.id}", what, "Add a line for it under `per_stage`.")
        if strange := set(gate.per_stage) - known:
            what = f"The gate {gate.id!r} names the stage {sorted(strange)[0]!r}, which does not exist."
            yield at.at(file, f"{sorted(strange)[0]}:", what, f"Use one of {', '.join(sorted(known))}.")


def _pillars(framework: Framework, at: _Reader) -> Iterator[Problem]:
    file = "pillars.yaml"
    for double in _doubled(p.id for p in framework.pillars):
        yield at.at(file, f"id: {double}", f"The pillar {double!r} stands twice.", "Give one of them another id.")
    numbers = [level.number for level in framework.levels]
    if numbers != list(range(1, len(numbers) + 1)):
        yield at.at(file, "levels:", f"The levels are numbered {numbers}.", "Number them from 1, without gaps.")
    for pillar in framework.pillars:
        if (got := [each.level for each in pillar.levels]) != numbers:
            what = f"The pillar {pillar.id!r} describes the levels {got}, the framework has {numbers}."
            yield at.at(file, f"id: {pillar.id}", what, "Describe each level once, in order.")


def _mapping(framework: Framework, at: _Reader) -> Iterator[Problem]:
    known, highest = {s.id for s in framework.stages}, len(framework.levels)
    for stage in sorted(known ^ set(framework.mapping.expected)):
        what = f"`expected` and the stages do not agree on {stage!r}."
        yield at.at("mapping.yaml", "expected:", what, "Give every stage of stages.yaml one level there.")
    for stage, level in framework.mapping.expected.items():
        if not 0 <= level <= highest:
            mend = f"Use 0 to {highest}."
            yield at.at("mapping.yaml", f"{stage}:", f"`expected` gives {stage} the level {level}.", mend)
    for stage, weights in framework.mapping.weights.items():
        if stage not in known:
            what = f"`weights` names the stage {stage!r}, which stages.yaml does not have."
            yield at.at("mapping.yaml", "weights:", what, "Use an id of stages.yaml.")
        for pillar in sorted(set(weights) - {p.id for p in framework.pillars}):
            what = f"`weights` names the pillar {pillar!r}, which pillars.yaml does not have."
            yield at.at("mapping.yaml", "weights:", what, "Use an id of pillars.yaml.")


_HORIZONS = ["long", "middle", "short"]
_KINDS = ["learn", "practise", "network", "feedback"]
_REVIEWS = ["quarterly", "yearly"]


def _plan(framework: Framework, at: _Reader) -> Iterator[Problem]:
    plan = framework.plan
    for key, values, wanted in (
        ("horizons", plan.horizons, _HORIZONS),
        ("action_kinds", plan.action_kinds, _KINDS),
        ("reviews", plan.reviews, _REVIEWS),
    ):
        if (got := [v.id for v in values]) != wanted:
            yield at.at(
                "plan.yaml", f"{key}:", f"`{key}` holds {got}.", f"The coach works with {', '.join(wanted)}, in this order."
            )
    for horizon in plan.horizons:
        if not 0 < horizon.months[0] <= horizon.months[1]:
            what = f"The horizon {horizon.id!r} goes from {horizon.months[0]} to {horizon.months[1]} months."
            yield at.at("plan.yaml", f"id: {horizon.id}", what, "Write the shorter time first.")


def _order(framework: Framework, at: _Reader) -> Iterator[Problem]:
    duties, portrait = framework.responsibilities, framework.portrait
    for file, key, values in (
        ("plan.yaml", "steps", framework.plan.steps),
        ("responsibilities.yaml", "systems", duties.systems.items if duties.systems else ()),
        ("responsibilities.yaml", "recommendations", duties.recommendations.items if duties.recommendations else ()),
        ("responsibilities.yaml", "trends", duties.trends.items if duties.trends else ()),
    ):
        if (got := [v.order for v in values]) != list(range(1, len(got) + 1)):
            yield at.at(file, f"{key}:", f"The orders of `{key}` are {got}.", "Number them from 1, without gaps.")
    total = sum(k.percent for k in portrait.knowledge)
    if portrait.knowledge and total != 100:
        yield at.at("portrait.yaml", "knowledge:", f"The shares of `knowledge` add up to {total}.", "They must make 100.")


def _indicators(framework: Framework, at: _Reader) -> Iterator[Problem]:
    low, high = INDICATORS_PER_LEVEL
    for double in _doubled(i.id for each in framework.indicators.values() for i in each):
        yield at.at("indicators", "", f"The indicator {double!r} stands twice.", "Give one of them another id.")
    for pillar, indicators in framework.indicators.items():
        file = f"indicators/{pillar}.yaml"
        for level in framework.levels:
            n = sum(i.level == level.number for i in indicators)
            if not low <= n <= high:
                what = f"Level {level.number} of {pillar} has {n} indicators."
                yield at.at(file, f"level: {level.number}", what, f"Give it {low} to {high}.")
        for indicator in indicators:
            if indicator.level > len(framework.levels):
                what = f"The indicator {indicator.id!r} has the level {indicator.level}."
                yield at.at(file, indicator.id, what, f"Use 1 to {len(framework.levels)}.")


def _actions(framework: Framework, at: _Reader) -> Iterator[Problem]:
    stages = {s.id for s in framework.stages}
    known = {i.id for each in framework.indicators.values() for i in each}
    for double in _doubled(a.id for each in framework.actions.values() for a in each):
        yield at.at("actions", "", f"The action {double!r} stands twice.", "Give one of them another id.")
    for pillar, actions in framework.actions.items():
        file = f"actions/{pillar}.yaml"
        for kind in sorted(set(_KINDS) - {a.kind for a in actions}):
            yield at.at(file, "actions:", f"The pillar {pillar!r} has no action of the kind {kind!r}.", "Write at least one.")
        for action in actions:
            if strange := [s for s in action.stages if s not in stages]:
                mend = f"Use some of {', '.join(sorted(stages))}."
                yield at.at(file, action.id, f"The action {action.id!r} names the stage {strange[0]!r}.", mend)
            if action.step[1] > len(framework.levels) or action.step[0] < 0:
                what = f"The action {action.id!r} leads to level {action.step[1]}."
                yield at.at(file, action.id, what, f"The highest level is {len(framework.levels)}.")
            if strange := [i for i in action.indicators if i not in known]:
                what = f"The action {action.id!r} names the indicator {strange[0]!r}, which does not exist."
                yield at.at(file, action.id, what, "Correct the id, or leave it out.")


def _metrics(framework: Framework, at: _Reader) -> Iterator[Problem]:
    for double in _doubled(m.id for m in framework.metrics):
        yield at.at("metrics.yaml", f"id: {double}", f"The metric {double!r} stands twice.", "Give one of them another id.")
    for metric in framework.metrics:
        for what in wrong_examples(metric):
            yield at.at("metrics.yaml", f"id: {metric.id}", f"{metric.id}: {what}", "Correct the formula or the example.")


def _both_languages(framework: Framework, at: _Reader) -> Iterator[Problem]:
    for stage in framework.stages:
        if len(stage.keywords.zh) != len(stage.keywords.en):
            what = f"The stage {stage.id!r} has {len(stage.keywords.zh)} keywords in zh and {len(stage.keywords.en)} in en."
            yield at.at("stages.yaml", f"id: {stage.id}", what, "Write each keyword in both languages.")


def _counted(framework: Framework, at: _Reader) -> Iterator[Countable]:
    for countable in framework.counts:
        try:
            numbers = _numbers(framework, countable.of)
            also = (sum(_numbers(framework, countable.also_of)),) if countable.also_of else ()
        except (KeyError, AttributeError) as error:
            what = f"The countable {countable.id!r} counts {countable.of!r}, and there is no {error.args[0]!r}."
            at.problem("counts.yaml", f"id: {countable.id}", what, "Use a path such as pillars or stages.<id>.roles.")
            continue
        yield countable.model_copy(update={"count": max(numbers), "also": also})


def _numbers(framework: Framework, path: str) -> list[int]:
    """How many values stand at each end of a path such as `stages.*.roles`; `*` stands for every id."""
    ends: list[Any] = [framework]
    for step in path.split("."):
        if step == "*":
            ends = [value for end in ends for value in end]
        elif isinstance(ends[0], Sequence):
            ends = [next((v for v in end if v.id == step), None) for end in ends]
            if None in ends:
                raise KeyError(step)
        else:
            ends = [getattr(end, step) for end in ends]
    return [len(end) for end in ends]
