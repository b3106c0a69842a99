"""Asks the clean product once, then the product with a fault in it, and lets every gate say what it sees."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from coach.app import Coach, build_coach, build_drafting
from coach.errors import CoachError, InputError
from coach.framework import load_framework
from coach.library.check import check
from coach.library.search import Library
from coach.models.embedding import Embedder
from coach.settings import Settings
from evals import development, gate
from evals.mutations.counts import Measured, cycles_by, files_by, own_by, people_by, points, worse
from evals.mutations.edited_files import knowledge_edited, prompts_edited, unchanged
from evals.mutations.fault import Caught, Fault, Layer
from evals.mutations.replacing import wrapped
from evals.results import Run, ask, scored
from evals.schema import Made
from evals.scorers.score import Ground
from evals.sets import Loaded, load, sample
from evals.solvers import Product, wait_for

if TYPE_CHECKING:
    from coach.development.draft import Drafting

SELECTION: Mapping[Layer, Mapping[str, int]] = {
    "reply": {"answerable": 60, "status": 60, "hard": 60},
    "gate": {"answerable": 170, "status": 200, "hard": 80},
    "search": {"answerable": 170, "hard": 80},
    "embedding": {"answerable": 120, "hard": 60},
    "library": {"answerable": 60, "hard": 40},
    "start": {"answerable": 60, "status": 60},
}
"""Cases of each set, by `evals.sets.sample`: as many as the fault needs to show. The first change of every reply; a gate that
concerns a kind of question, the few of that kind; a half of the search, some in a hundred."""
_MOST_EXCLUDED = 0.05


@dataclass
class _Memory:
    """Searches and vectors of the clean run, for faults that do not reach them."""

    searches: dict[tuple[Any, ...], Any] = field(default_factory=dict)
    vectors: dict[tuple[str, str, str], Any] = field(default_factory=dict)

    @contextmanager
    def lent(self, layer: Layer) -> Iterator[None]:
        """Below the fault: `search` and `library` need their own searches, `embedding` its own vectors, too."""
        with ExitStack() as stack:
            if layer != "embedding":
                stack.enter_context(wrapped(Embedder, "_encode", self._encoded))
            if layer in ("reply", "gate"):
                stack.enter_context(wrapped(Library, "search", self._searched))
            yield

    def _searched(self, real: Any) -> Any:
        def search(library: Library, query: str, **more: Any) -> Any:
            key = (library.folder, query, *sorted(more.items()))
            if key not in self.searches:
                self.searches[key] = real(library, query, **more)
            return self.searches[key]

        return search

    def _encoded(self, real: Any) -> Any:
        def encode(embedder: Embedder, texts: list[str], prefix: str) -> Any:
            keys = [(embedder.fingerprint, prefix, text) for text in texts]
            unknown = list(dict.fromkeys(key for key in keys if key not in self.vectors))
            if unknown:
                self.vectors.update(zip(unknown, real(embedder, [text for *_, text in unknown], prefix), strict=True))
            return np.stack([self.vectors[key] for key in keys]) if keys else real(embedder, texts, prefix)

        return encode


class Bench:
    """The clean product, what it said, and the gates. `coach` is open for as long as the bench is used.

    Of the sets as much is asked as faults of these `layers` need.
    """

    def __init__(self, settings: Settings, coach: Coach, layers: Collection[Layer] = tuple(SELECTION)) -> None:
        self._layers = [layer for layer in SELECTION if layer in layers]
        self.settings = settings
        self.coach = coach
        self.ground = Ground.load(settings.knowledge, settings.prompts)
        self._memory = _Memory()
        self._counts: dict[Layer, Measured] = {}

    @cached_property
    def _whole(self) -> dict[str, Loaded]:
        """The largest selection of every set. Raises InputError for one that is not to be tuned on."""
        found = {}
        for name in ("answerable", "status", "hard"):
            whole = load(name, self.settings)
            if whole.split != "dev":
                raise InputError(f"{name} is not a dev set: faults are never tried on it.")
            most = max(SELECTION[layer].get(name, 0) for layer in self._layers)
            found[name] = replace(whole, cases=tuple(sample(whole.cases, most)))
        return found

    @cached_property
    def _first(self) -> Run:
        with self._memory.lent("reply"):
            return self._asked(self.coach, tuple(self._whole.values()))

    @cached_property
    def excluded(self) -> frozenset[str]:
        """Cases on which the product as it is breaks a hard rule: they would catch every fault, and prove nothing.

        Raises InputError when they are many: such a product has to be mended first.
        """
        found = [o for o in self._first.outcomes if o.hard]
        if len(found) > _MOST_EXCLUDED * len(self._first.outcomes):
            reason = f"The clean product breaks hard rules in {len(found)} of {len(self._first.outcomes)} cases."
            raise InputError(reason, hint=f"Mend that first: {found[0].case}: {'; '.join(found[0].problems)}")
        return frozenset(o.case for o in found)

    @property
    def left_out(self) -> list[str]:
        """The excluded cases, where anything was asked at all."""
        return sorted(self.excluded) if "_first" in self.__dict__ else []

    @cached_property
    def baseline(self) -> gate.Baseline:
        """The clean run."""
        return gate.baseline_of(self._first)

    def sets(self, layer: Layer) -> tuple[Loaded, ...]:
        """What is asked to see a fault of this layer."""
        sizes = SELECTION[layer]
        kept = {
            name: [c for c in sample(s.cases, sizes.get(name, 0)) if c.id not in self.excluded] for name, s in self._whole.items()
        }
        return tuple(replace(self._whole[name], cases=tuple(cases)) for name, cases in kept.items() if cases)

    def _asked(self, coach: Coach, sets: Sequence[Loaded]) -> Run:
        cases, records, texts = ask(Product(coach=coach), sets)
        made = Made(
            suites=[s.name for s in sets], solver="product", model=self.settings.model, strategy=self.settings.strategy,
            datasets={s.name: s.digest for s in sets}, splits={s.name: s.split for s in sets}, limit=len(cases), prompts={},
            library="", index="", calibration="", code="", commit="", version="", started="", seconds=0.0,
        )  # fmt: skip
        return scored(Run(made=made, cases=cases, records=records, texts=texts, outcomes=()), self.ground)

    def judged(self, fault: Fault) -> Caught:
        """The product with the fault in it, by every gate that this layer has."""
        baseline = self._clean(fault.layer)
        started = time.perf_counter()
        signs: list[str] = []
        try:
            with self._memory.lent(fault.layer), fault.apply(self.coach) as other:
                coach = other if isinstance(other, Coach) else self.coach
                if isinstance(baseline, gate.Baseline):
                    signs += self._by_check(coach) + self._by_gate(coach, fault.layer, baseline)
                else:
                    signs += worse(self._measured(fault.layer), baseline)
        except CoachError as error:
            signs = [f"load: {type(error).__name__}: {error.message}"]
        return Caught(fault=fault, signs=tuple(signs), seconds=time.perf_counter() - started)

    def _by_check(self, coach: Coach) -> list[str]:
        """What `coach knowledge check` finds in a changed folder."""
        if coach.settings.knowledge == self.settings.knowledge:
            return []
        found = [f"{p.file}: {p.what}" for p in check(coach.settings.knowledge).problems]
        return [f"knowledge: {len(found)} problems, {found[0]}"] if found else []

    def _by_gate(self, coach: Coach, layer: Layer, baseline: gate.Baseline) -> list[str]:
        """Hard rules first, then what moved most."""
        run = self._asked(coach, self.sets(layer))
        verdict = gate.judge(run, baseline)
        moved = {c: abs(c.found.mean or 0.0) for c in verdict.changes if c.worse}
        worst = [f"gate: {c.suite} {c.metric} {points(c.found)}" for c in sorted(moved, key=lambda c: -moved[c])]
        others = [f"gate: {said}" for said in verdict.broken[: len(verdict.broken) - len(moved)]]
        return others + worst

    def _clean(self, layer: Layer) -> gate.Baseline | Measured:
        """What a fault of this layer is compared with. Raises CoachError where the clean product itself cannot be asked."""
        if layer in ("own", "files", "people", "cycles"):
            if layer not in self._counts:
                self._counts[layer] = self._measured(layer)
            return self._counts[layer]
        if layer in ("library", "start"):
            _ = self._opens
        return self.baseline

    @cached_property
    def _opens(self) -> bool:
        """A copy in which nothing is changed must load, or loading would catch everything. Raises CoachError."""
        with prompts_edited(unchanged)(self.coach), knowledge_edited(unchanged)(self.coach):
            return True

    def _measured(self, layer: Layer) -> Measured:
        if layer == "files":
            return files_by(self.coach)
        if layer == "own":
            return own_by(self.settings)
        return people_by(self._drafting) if layer == "people" else cycles_by(self.settings)

    @cached_property
    def _drafting(self) -> Drafting:
        passage = development.article_passages(self.settings)
        return build_drafting(self.settings, load_framework(self.settings.knowledge), passage)


@contextmanager
def bench(settings: Settings, layers: Collection[Layer] = tuple(SELECTION)) -> Iterator[Bench]:
    """Opens the product without a chat model. Raises CoachError when something must be set up first."""
    plain = settings.model_copy(update={"model": "none"})
    coach = build_coach(plain)
    with closing(coach):
        wait_for(coach)
        yield Bench(plain, coach, layers)
