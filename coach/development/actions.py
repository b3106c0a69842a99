"""Chooses actions for the gaps from the action library and gives them dates: four kinds, within the person's constraints."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from coach.development.reading import Constraints
from coach.development.schema import Gap, Line, Plan, Profile
from coach.development.sources import words_in_common
from coach.framework.schema import Action, ActionKindId, Framework, StageId

HOURS_ASSUMED = 3.0
"""Hours a week planned with when the person did not say; own judgement, said in the plan."""
HOURS_LEAST = 1.0
HOURS_MOST = 40.0
WEEKS_MIDDLE = 100
_SHARES = (3, 3, 2, 1, 1)  # actions by place of the gap
_AT_ONCE = 3
_AT_ONCE_FAMILY = 2
_SPEND = {"none": ("free",), "low": ("free", "low"), "medium": ("free", "low", "medium")}
_SOON_WEEKS = 20
_COMPANY = re.compile(r"公司|团队|上级|下属|部门|组员|老板|\byour (boss|team|company|reports|people|budget)\b")
_PEOPLE = re.compile(r"下属|组员|一对一|带(?:一个|个|好)?(?:人|团队)|主管|\byour (?:team|reports|people|managers?)\b")
_KINDS: tuple[ActionKindId, ...] = ("learn", "practise", "network", "feedback")
_AWAY = re.compile(
    r"出差|外派|驻外|异地|换城市|轮岗|EMBA|脱产|\btravel|\babroad|\brelocat|\bsecond(ed|ment)|\brotation\b|\bon site\b", re.I
)


Pause = tuple[date, date] | None
"""First and last day of a stretch without any plan."""


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """An action for a gap, when it begins and when it is due. `weeks` may be longer than the library's where hours are few."""

    gap: Gap
    action: Action
    start: date
    due: date

    @property
    def weeks(self) -> int:
        """Weeks from start to due."""
        return max(1, round((self.due - self.start).days / 7))


def choose(
    framework: Framework,
    profile: Profile,
    gaps: Sequence[Gap],
    stage: StageId,
    constraints: Constraints,
    today: date,
    *,
    employed: bool = True,
    pause: Pause = None,
) -> tuple[Chosen, ...]:
    """Actions in the order of their start: up to three a gap, the first gap first, every kind where the library has it.

    Somebody without a post gets what can be done without a team, a boss and a company, as far as there is any. Nothing runs in
    a `pause`.
    """
    fitting = _Fitting(framework, profile, stage, constraints, employed, _weeks_before(pause, today))
    picked: list[tuple[Gap, Action]] = []
    for gap, share in zip(gaps, _SHARES, strict=False):
        for _ in range(share):
            action = fitting.best(gap, [a for _, a in picked])
            if action is None:
                break
            picked.append((gap, action))
    if picked and (early := fitting.before_pause(gaps, [a for _, a in picked])):
        picked.insert(0, early)
    for kind in _KINDS:
        if picked and kind not in {a.kind for _, a in picked}:
            found = ((gap, fitting.best(gap, [a for _, a in picked], kind)) for gap in gaps)
            picked += [(gap, action) for gap, action in found if action is not None][:1]
    return tuple(_of_every_kind(_in_turn(picked), constraints, today, pause))


def planned_hours(constraints: Constraints) -> float:
    """Hours a week a plan may take: what the person said, but at least one and no more than a working week."""
    said = constraints.hours_per_week
    return HOURS_ASSUMED if said is None else min(max(HOURS_LEAST, said), HOURS_MOST)


def step_of(framework: Framework, gap: Gap, stage: StageId) -> tuple[int, int]:
    """From which level to which a gap is worked on: up from the person's own, else from what their stage asks for.

    Without evidence somebody in a post is taken to be able to do what it asks for: a director who is bad with money gets a
    director's next step, not a beginner's.
    """
    highest = max(level.number for level in framework.levels)
    own = gap.own if gap.own is not None else framework.expected_level(stage)
    start = min(own, max(0, gap.wanted - 1), highest - 1)
    return start, start + 1


@dataclass(frozen=True)
class _Fitting:
    """Finds the action of the library that fits a gap and a person best."""

    framework: Framework
    profile: Profile
    stage: StageId
    constraints: Constraints
    employed: bool
    weeks_before: int | None = None
    """Weeks before a stretch without any plan begins."""

    def best(self, gap: Gap, taken: Sequence[Action], kind: ActionKindId | None = None) -> Action | None:
        """The best action for the step of a gap, else for the step below it; of one kind, if asked. None if there is none."""
        start, end = step_of(self.framework, gap, self.stage)
        steps_near = (((start, end),), ((start - 1, start), (end, end + 1)))
        for steps in steps_near:
            there = [a for a in self._library(gap, steps_near) if a.step in steps and a not in taken and kind in (None, a.kind)]
            if there:
                return max(there, key=lambda a: (self._worth(a, gap, taken), -a.effort.hours, a.id))
        return None

    def before_pause(self, gaps: Sequence[Gap], taken: Sequence[Action]) -> tuple[Gap, Action] | None:
        """Something small for the weeks before a stretch without any plan, where nothing that was taken fits into them."""
        hours, weeks = planned_hours(self.constraints), self.weeks_before
        if not weeks or any(_weeks(a, hours) <= weeks for a in taken):
            return None
        for gap in gaps:
            start, end = step_of(self.framework, gap, self.stage)
            near = self._library(gap, (((start - 1, start), (start, end)),))
            short = [a for a in near if _weeks(a, hours) <= weeks and a not in taken]
            if short:
                return gap, max(short, key=lambda a: (self._worth(a, gap, taken), -a.effort.hours, a.id))
        return None

    def _library(self, gap: Gap, steps: Sequence[Sequence[tuple[int, int]]]) -> list[Action]:
        """The actions for a gap that the person's limits allow; where there is none for their stage, those of the nearest stage.

        A specialist who goes deep has done all that the library asks of specialists, and of nobody's people.
        """
        near = [step for each in steps for step in each]
        there = [a for a in self.framework.actions.get(gap.pillar, ()) if a.step in near and _allowed(a, self.constraints)]
        own = [a for a in there if self.stage in a.stages]
        if own or not there:
            return own
        order = {s.id: s.order for s in self.framework.stages}
        far = {a.id: min(abs(order[s] - order[self.stage]) for s in a.stages) for a in there}
        alone = [a for a in there if not _PEOPLE.search(_told(a))] or there
        return [a for a in alone if far[a.id] == min(far[b.id] for b in alone)]

    def _worth(self, action: Action, gap: Gap, taken: Sequence[Action]) -> float:
        """A kind not taken yet, the person's own words, practice before reading, few hours where few are."""
        own_pillar = [a.kind for a in taken if a in self.framework.actions[gap.pillar]]
        worth = 2.0 * (action.kind not in own_pillar) + 1.5 * (action.kind not in [a.kind for a in taken])
        worth += 0.6 * (action.kind == "practise")
        said = (*self.profile.weaknesses, self.profile.interest, self.profile.target, self.profile.about)
        told = _told(action)
        worth += 0.8 * min(3, words_in_common(told, said)) + self._central(action, gap)
        hours = planned_hours(self.constraints)
        if _weeks(action, hours) <= _SOON_WEEKS and all(_weeks(a, hours) > _SOON_WEEKS for a in taken if a.kind in own_pillar):
            worth += 1.5  # something of each pillar can be done within half a year
        if self.weeks_before is not None and all(_weeks(a, hours) > self.weeks_before for a in taken):
            worth += 4.0 * (_weeks(action, hours) <= self.weeks_before)  # and something before a stretch without any plan
        if not self.employed and (_COMPANY.search(told) or action.prerequisites.zh):
            worth -= 4.0
        return worth - 0.5 * max(0.0, action.effort.hours / action.effort.weeks / hours - 0.5)

    def _central(self, action: Action, gap: Gap) -> float:
        """Up to 1: the indicators of a level stand in the order of how near they are to the rubric line."""
        order = [i.id for i in self.framework.indicators.get(gap.pillar, ()) if i.level == action.step[1]]
        places = [order.index(i) for i in action.indicators if i in order]
        return 1.0 - min(places) / len(order) if places else 0.0


def _weeks(action: Action, hours: float) -> int:
    """Weeks an action takes somebody who has so many hours a week."""
    return max(action.effort.weeks, math.ceil(action.effort.hours / hours))


def _allowed(action: Action, constraints: Constraints) -> bool:
    if constraints.spend in _SPEND and action.cost not in _SPEND[constraints.spend]:
        return False
    if constraints.travel is False or constraints.relocation is False:
        if _takes_away(action):
            return False
    hours = planned_hours(constraints)
    return action.effort.hours <= hours * WEEKS_MIDDLE / 2


def _takes_away(action: Action) -> bool:
    """Whether an action may ask for travel, a stay elsewhere or a move."""
    return bool(_AWAY.search(_told(action)))


def _told(action: Action) -> str:
    """What an action asks for, in both languages."""
    return f"{action.name.zh} {action.how.zh} {action.name.en} {action.how.en}"


def _monday(today: date) -> date:
    return today + timedelta(days=7 - today.weekday())


def _weeks_before(pause: Pause, today: date) -> int | None:
    return None if pause is None else max(0, ((pause[0] - _monday(today)).days + 2) // 7)  # an action ends on a Friday


def in_pause(start: date, due: date, pause: Pause) -> bool:
    """Whether something that runs from `start` to `due` would run in a stretch without any plan."""
    return pause is not None and start <= pause[1] and due >= pause[0]


def _in_turn(picked: Sequence[tuple[Gap, Action]]) -> list[tuple[Gap, Action]]:
    """The first action of every gap, then the second of every gap, and so on: nobody works on one pillar for months."""
    places: dict[str, int] = {}
    turns = []
    for number, (gap, action) in enumerate(picked):
        turn = places.get(gap.pillar, 0)
        places[gap.pillar] = turn + 1
        turns.append((turn, number, gap, action))
    return [(gap, action) for _, _, gap, action in sorted(turns, key=lambda t: t[:2])]


def _of_every_kind(picked: Sequence[tuple[Gap, Action]], constraints: Constraints, today: date, pause: Pause) -> list[Chosen]:
    """All of them with dates; where no action of a kind found room in the calendar, the first of that kind goes first."""
    ahead: list[tuple[Gap, Action]] = []
    while True:
        chosen = _scheduled([*ahead, *(p for p in picked if p not in ahead)], constraints, today, pause)
        kinds = {c.action.kind for c in chosen}
        left_out = next((p for p in picked if p[1].kind not in kinds and p not in ahead), None)
        if left_out is None:
            return chosen
        ahead.append(left_out)


def _scheduled(picked: Sequence[tuple[Gap, Action]], constraints: Constraints, today: date, pause: Pause) -> list[Chosen]:
    """Each at the earliest Monday from which its hours fit into the weeks; what does not fit into two years is left out."""
    hours = planned_hours(constraints)
    at_once = _AT_ONCE_FAMILY if constraints.family else _AT_ONCE
    monday = _monday(today)
    load = [0.0] * WEEKS_MIDDLE
    running = [0] * WEEKS_MIDDLE
    found = []
    for gap, action in picked:
        weeks = _weeks(action, hours)
        rate = action.effort.hours / weeks
        for first in range(WEEKS_MIDDLE - weeks + 1):
            window = range(first, first + weeks)
            start = monday + timedelta(weeks=first)
            due = start + timedelta(weeks=weeks, days=-3)
            free = all(load[w] + rate <= hours + 1e-9 and running[w] < at_once for w in window)
            if free and not in_pause(start, due, pause):
                break
        else:
            continue
        for week in window:
            load[week] += rate
            running[week] += 1
        found.append(Chosen(gap=gap, action=action, start=start, due=due))
    return sorted(found, key=lambda c: (c.start, c.due, c.action.id))


def alternative(framework: Framework, line: Line, plan: Plan, taken: set[str]) -> Action | None:
    """Another action for the same step: of another kind first, the least effort first; None if there is none.

    It costs no more than the old one, and takes nobody away from home whom the old one did not.
    """
    library = framework.actions.get(line.pillar or "", ())
    old = next((a for a in library if a.id == line.action), None)
    if old is None:
        return None
    free = [a for a in library if a.step == old.step and plan.stage in a.stages and a.id not in taken]
    cheap = [a for a in free if a.cost in ("free", old.cost) and (_takes_away(old) or not _takes_away(a))]
    return min(cheap, key=lambda a: (a.kind == old.kind, a.effort.hours, a.id), default=None)
