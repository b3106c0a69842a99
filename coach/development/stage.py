"""Places a person on a career stage by what they answer for, not by their title, and lists what the next stage asks for.

Owns the decision and its explanation. The numbers and conditions of the rule are data (readings.yaml, `rule`), and the
author's own judgement.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from coach.development.reading import between, claimed_stage, read_profile
from coach.development.readings import Readings, StageRule
from coach.development.schema import Confidence, Held, Missing, Profile, Standing
from coach.framework.files import Text
from coach.framework.schema import Framework, Gate, Stage, StageId
from coach.messages import both, joined

FEW, MANY = 3, 5
"""Known conditions: below FEW the stage is a guess, from MANY on it can be sure. Own judgement."""
WIDE = 3

_State = Literal["met", "open", "out"]


def place(profile: Profile, framework: Framework, readings: Readings) -> Standing:
    """The stage a person stands on, and what is missing for the next.

    A condition is met for a stage when even the lowest stage its words fit is that stage or above; it speaks against the
    stage when even the highest is below it; else, or when nothing is known, it is open: not counted, but asked.

    1. A stage is reached when its rule is met: each condition under `all`, one under `one_of`, and `at_least` conditions.
       The highest stage reached counts.
    2. A higher stage that the title claims counts when its rule is still open, and more conditions are met for it than
       speak against it (or none does). If not, the next one down is looked at in the same way.
    3. Without a title the same holds for a stage whose `all` conditions are met and against which nothing speaks.
    4. Where nothing fits, it is the first stage of all; with nothing known this is said, and everything is asked.

    So no single condition lifts anybody, least of all a short line to the founder, and a title alone never beats what is
    known. `confidence` is low with fewer than FEW known conditions, and never high where the title had to decide.
    """
    held = read_profile(profile, framework, readings)
    claimed = claimed_stage(profile, framework, readings)
    placing = _Placing(held, framework, readings)
    reached = placing.reached()
    stage = placing.likely(claimed, reached)
    by_title = stage.order > reached.order
    following = next((s for s in framework.stages if s.order == stage.order + 1), None)
    return Standing(
        stage=stage.id,
        next=following.id if following else None,
        claimed=claimed,
        confidence=_confidence(held, claimed, stage, by_title=by_title),
        held=held,
        missing=_missing(held, framework, following) if following else (),
        note=_note(placing, claimed, stage, by_title=by_title, last=between(profile, readings)),
    )


class _Placing:
    """The rule, asked of one person's conditions."""

    def __init__(self, held: tuple[Held, ...], framework: Framework, readings: Readings) -> None:
        self.held = held
        self.framework = framework
        self.order = {s.id: s.order for s in framework.stages}
        self.rules: Mapping[StageId, StageRule] = {r.stage: r for r in readings.rule}

        self.known = [h for h in held if telling(h)]

    def reached(self) -> Stage:
        """The highest stage whose rule is met; the first of all when none is."""
        return next((s for s in self._down() if self._rule(s) == "met"), self.framework.stages[0])

    def likely(self, claimed: StageId | None, reached: Stage) -> Stage:
        """The stage with what is open taken into account: steps 2 to 4 of `place`."""
        for stage in self._down():
            if stage.order <= reached.order:
                return reached
            if claimed is not None and stage.order <= self.order[claimed] and self._carries(stage):
                return stage
            if claimed is None and self._half_met(stage):
                return stage
        return reached

    def against(self, stage: Stage) -> list[Held]:
        """The conditions that speak against a stage."""
        return [h for h in self.known if state(h, stage.order) == "out"]

    def _down(self) -> list[Stage]:
        """The stages from the highest to the second."""
        return list(reversed(self.framework.stages[1:]))

    def _carries(self, stage: Stage) -> bool:
        """May the title stand, as far as is known?"""
        against, met = len(self.against(stage)), sum(state(h, stage.order) == "met" for h in self.held)
        return self._rule(stage) == "open" and (not against or met > against)

    def _half_met(self, stage: Stage) -> bool:
        rule = self.rules.get(stage.id)
        needed = rule is not None and rule.all and all(self._at(c, s) == "met" for c, s in rule.all.items())
        return bool(needed) and self._rule(stage) == "open" and not self.against(stage)

    def _rule(self, stage: Stage) -> _State:
        """Is the rule of a stage met, out of reach, or still open? A stage without a rule is open."""
        rule = self.rules.get(stage.id)
        if rule is None:
            return "open"
        every = [self._at(c, s) for c, s in rule.all.items()]
        some = [self._at(c, s) for c, s in rule.one_of.items()]
        states = [state(h, stage.order) for h in self.held]
        needs_one = not some or "met" in some
        if all(e == "met" for e in every) and needs_one and states.count("met") >= rule.at_least:
            return "met"
        possible = len(states) - states.count("out") >= rule.at_least
        return "open" if possible and "out" not in every and (not some or set(some) != {"out"}) else "out"

    def _at(self, condition: str, stage: StageId) -> _State:
        return state(next(h for h in self.held if h.condition == condition), self.order[stage])


def telling(held: Held) -> bool:
    """Is anything known of a gate condition? What fits more than WIDE stages ("I report to the boss") tells nothing."""
    return held.lowest is not None and held.highest is not None and held.highest - held.lowest < WIDE


def state(held: Held, order: int) -> _State:
    """Is a gate condition met for the stage of this order, does it speak against it (`out`), or is it open?"""
    if held.lowest is None or held.highest is None:
        return "open"
    if held.lowest >= order:
        return "met"
    return "out" if held.highest < order else "open"


def _confidence(held: tuple[Held, ...], claimed: StageId | None, stage: Stage, *, by_title: bool) -> Confidence:
    known = sum(telling(h) for h in held)
    if known < FEW:
        return "low"
    return "high" if known >= MANY and claimed in (None, stage.id) and not by_title else "medium"


def _missing(held: tuple[Held, ...], framework: Framework, following: Stage) -> tuple[Missing, ...]:
    """The conditions of the next stage that are not met; those that are known not to be first."""
    by_id = {h.condition: h for h in held}
    found = [
        Missing(
            condition=gate.id,
            name=gate.name,
            wanted=gate.per_stage[following.id],
            known=state(by_id[gate.id], following.order) == "out",
            now=by_id[gate.id].words,
            question=gate.question,
        )
        for gate in framework.gates.conditions
        if state(by_id[gate.id], following.order) != "met"
    ]
    return tuple(sorted(found, key=lambda m: not m.known))


def _note(placing: _Placing, claimed: StageId | None, stage: Stage, *, by_title: bool, last: bool) -> Text | None:
    """What has to be said with the stage: kindly, and in the person's own words where they tell of the reason."""
    framework, known = placing.framework, placing.known
    if not known and claimed is None:
        return both("stage_unclear" if any(h.words for h in placing.held) else "stage_unknown")
    title = framework.stage(claimed) if claimed else stage
    parts = [both("stage_last_post")] if last else []
    if title.order > stage.order:
        parts.append(_below(placing, title, stage))
    elif title.order < stage.order:
        parts.append(
            both("stage_above_title", words=_words(framework, placing, stage, "met"), stage=stage.name, title=title.name)
        )
    elif by_title and not known:
        parts.append(both("stage_title_only", stage=stage.name, title=title.name))
    elif by_title:
        parts.append(both("stage_title_mostly", stage=stage.name, title=title.name))
    elif len(known) < FEW:
        parts.append(both("stage_little_known", n=len(known), stage=stage.name))
    if not parts:
        return None
    return joined(parts)


def _below(placing: _Placing, title: Stage, stage: Stage) -> Text:
    """The title promises more than what they told: their own words, and no blame."""
    words = _words(placing.framework, placing, title, "out")
    return both("stage_below_title", words=words, stage=stage.name, title=title.name)


def _words(framework: Framework, placing: _Placing, stage: Stage, wanted: _State) -> Text:
    """The person's own words on up to three conditions that stand so to a stage, each with the name of the condition."""
    gates: dict[str, Gate] = {g.id: g for g in framework.gates.conditions}
    held = [h for h in placing.known if state(h, stage.order) == wanted and h.words]
    held = held or [h for h in placing.known if h.words]
    said = [both("stage_words", name=gates[h.condition].name, words=h.words) for h in held[:3]]
    return Text(zh="；".join(s.zh for s in said), en="; ".join(s.en for s in said))
