"""The distance of each pillar to the target stage, in the order in which a plan should work on them, each with its reason."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from coach import text as texts
from coach.development.schema import Basis, Direction, Gap, LevelResult, Profile
from coach.framework.files import Text
from coach.framework.schema import Framework, Patterns, PillarId, StageId
from coach.messages import both, joined

_NAMED = 1.0  # what a weak point in the person's own words adds to the distance, in levels
_STRONG = 0.5  # what a named strength takes away where nothing else is known
_UNKNOWN = 0.75  # distance assumed where nothing at all is known: worth a question, not worth the first place
_SELF_RATED = 0.9  # a level the person gave themselves counts a little less than one they showed
_UNSHOWN = 0.3  # a self-rating that reaches what is asked for still has to be shown
_WANTED = 0.25  # what it adds that the person is interested in the pillar
_UNPROVEN = 1.0  # where praise is told in place of deeds, the first deed is missing, whatever the self-rating
_DEPTH = 0.5  # a plan for depth builds on what somebody is good at
_WEIGHS = 1.2  # weight of a pillar from which it is worth saying
_BEYOND = {"evidence": "gap_evidence_depth", "self_rating": "gap_self_rating_depth"}
"""The sentences for a level that the stage does not ask for, only the wish to go deeper."""


def order_gaps(
    framework: Framework,
    profile: Profile,
    levels: Sequence[LevelResult],
    target: StageId,
    direction: Direction,
) -> tuple[Gap, ...]:
    """Every pillar below what the target asks for, or named as a weak point; the most important first.

    Score = weight of the pillar for the target stage x (distance in levels + weak point named + interest). The distance
    is measured from the level by evidence; where there is none, from the self-rating, marked as such; where there is neither,
    it is assumed. Someone who goes for depth aims one level above their own,
    strengths first, in what they name: nobody who wants to be an expert is sent to lead people. Own judgement, as the mapping is.
    """
    named = _Named(
        weak=mentioned(framework, profile.weaknesses),
        strong=mentioned(framework, profile.strengths),
        liked=mentioned(framework, (profile.interest,)),
    )
    found = []
    for result in levels:
        told = bool(profile.evidence.get(result.pillar))
        own, basis = _own(result, named, told=told)
        wanted = _wanted(framework, own, target, direction)
        distance = _distance(own, wanted, basis, result, named)
        if direction == "depth" and named.all:
            if result.pillar not in named.all:
                continue
            distance += _DEPTH if result.pillar in named.strong else 0.0
        if result.pillar in named.liked and distance > 0:
            distance += _WANTED
        if distance <= 0:
            continue
        score = framework.weight(target, result.pillar) * distance
        reason = _reason(framework, result.pillar, own, wanted, basis, target, named)
        found.append(Gap(pillar=result.pillar, own=own, wanted=wanted, basis=basis, score=round(score, 3), reason=reason))
    order = {p.id: p.order for p in framework.pillars}
    return tuple(sorted(found, key=lambda g: (-g.score, order[g.pillar])))


def deepening(framework: Framework, profile: Profile, levels: Sequence[LevelResult], target: StageId) -> Gap | None:
    """What is worth going deeper in for somebody without gaps: what they like, else their strongest pillar; one level up.

    None where every level is the highest already, or none is known.
    """
    liked, strong = mentioned(framework, (profile.interest,)), mentioned(framework, profile.strengths)
    highest = max(level.number for level in framework.levels)
    open_ones = [(r.pillar, r.level) for r in levels if r.level is not None and r.level < highest]
    if not open_ones:
        return None

    def worth(each: tuple[PillarId, int]) -> tuple[bool, bool, int, float]:
        return each[0] in liked, each[0] in strong, each[1], framework.weight(target, each[0])

    pillar, own = max(open_ones, key=worth)
    named = _Named(weak={}, strong=strong, liked=liked)
    reason = _reason(framework, pillar, own, own + 1, "evidence", target, named)
    return Gap(pillar=pillar, own=own, wanted=own + 1, basis="evidence", score=0.0, reason=reason)


def mentioned(framework: Framework, said: Sequence[str]) -> dict[PillarId, str]:
    """Which pillars a list of strengths, weak points or interests speaks of, each with the words that do."""
    found: dict[PillarId, str] = {}
    for words in said:
        folded = texts.simplify(texts.normalise(words))
        for pillar in framework.pillars:
            if pillar.id not in found and any(p.search(folded) for p in _compiled(pillar.mentions)):
                found[pillar.id] = words
    return found


def level_text(framework: Framework, number: int | None) -> Text:
    """A level as a reader sees it: "2级（高级）", "level 2 (advanced)"; below the first level: "0"."""
    for level in framework.levels:
        if level.number == number:
            return both("plan_level", number=number, name=Text(zh=level.name.zh, en=level.name.en.lower()))
    return Text(zh=str(number or 0), en=str(number or 0))


@lru_cache(maxsize=64)
def _compiled(patterns: Patterns) -> tuple[re.Pattern[str], ...]:
    english = tuple(re.compile(rf"\b(?:{p})", re.I) for p in patterns.en)
    return (*(re.compile(p, re.I) for p in patterns.zh), *english)


@dataclass(frozen=True, kw_only=True)
class _Named:
    """The pillars somebody's weak points, strengths and interest speak of, each with their words."""

    weak: dict[PillarId, str]
    strong: dict[PillarId, str]
    liked: dict[PillarId, str]

    @property
    def all(self) -> set[PillarId]:
        return {*self.weak, *self.strong, *self.liked}


def _own(result: LevelResult, named: _Named, *, told: bool) -> tuple[int | None, Basis]:
    if result.level is not None:
        return result.level, "evidence"
    if told:
        return None, "unproven"
    if result.self_rating is not None:
        return result.self_rating, "self_rating"
    return None, "named" if result.pillar in named.weak else "unknown"


def _wanted(framework: Framework, own: int | None, target: StageId, direction: Direction) -> int:
    highest = max(level.number for level in framework.levels)
    expected = max(1, framework.expected_level(target))
    if direction != "depth":
        return expected
    return min(highest, max(expected, (own or 0) + 1))


def _distance(own: int | None, wanted: int, basis: Basis, result: LevelResult, named: _Named) -> float:
    weak = _NAMED if result.pillar in named.weak else 0.0
    if basis == "unproven":
        return max(_UNPROVEN, _SELF_RATED * (wanted - (result.self_rating or wanted))) + weak
    if own is None:
        return _UNKNOWN - (_STRONG if result.pillar in named.strong else 0.0) + weak
    if basis == "self_rating":
        return max(_UNSHOWN, _SELF_RATED * (wanted - own)) + weak
    return max(0, wanted - own) + weak


def _reason(
    framework: Framework, pillar: PillarId, own: int | None, wanted: int, basis: Basis, target: StageId, named: _Named
) -> Text:
    stage = framework.stage(target)
    beyond = own is not None and wanted > max(1, framework.expected_level(target))
    parts = [
        both(
            _BEYOND[basis] if beyond else f"gap_{basis}",
            own=level_text(framework, own),
            wanted=level_text(framework, wanted),
            stage=stage.name,
        )
    ]
    if pillar in named.weak:
        parts.append(both("gap_weak", words=named.weak[pillar].rstrip("。.？?！!")))
    if pillar in named.liked:
        parts.append(both("gap_liked", words=named.liked[pillar].rstrip("。.？?！!")))
    if framework.weight(target, pillar) >= _WEIGHS:
        parts.append(both("gap_weighs", stage=stage.name))
    return joined(parts)
