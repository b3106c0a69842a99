"""Makes a plan of a profile's standing, levels and gaps: goals for three horizons, actions, reviews; every line sourced.

Nothing is worded freely: goals are filled sentences of the catalogue over the framework's own words, actions come from the
action library, and statements about the person are their own words.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from coach.development.actions import HOURS_ASSUMED, HOURS_LEAST, Chosen, choose, planned_hours, step_of
from coach.development.gaps import deepening, level_text, mentioned
from coach.development.reading import Constraints
from coach.development.schema import (
    Direction,
    Gap,
    LevelResult,
    Line,
    Meeting,
    Missing,
    Plan,
    Profile,
    Quote,
    Skipped,
    Standing,
)
from coach.development.sources import Sources
from coach.framework.files import Text
from coach.framework.schema import Framework, HorizonId, Indicator, Pillar, StageId
from coach.messages import both, say
from coach.types import Lang

_GATE_GOALS = 2
_PILLAR_GOALS = 2
_FIRST_GOALS = 3
_MIDDLE_MONTHS = (12, 18)  # one level up, then what others have to grant
_LONG_MONTHS = 48
_WISH_LENGTH = 80  # characters of a wish that is quoted in a goal
_FACT_FIELDS = (
    *("role", "years", "industry", "company_size", "team_size", "budget", "reports_to"),
    *("revenue_duty", "pricing_product", "seat_at_table", "target", "interest", "hours_per_week"),
)
_YEARS = re.compile(r"(?<![\d十])([3-5三四五])\s*(?:-|到|至|~)?\s*([45四五])?\s*(?:个)?(?:年|years?)")
_NUMBERS = {"三": 3, "四": 4, "五": 5}


@dataclass(frozen=True, kw_only=True)
class Found:
    """What was found out about a person before a plan is made."""

    profile: Profile
    standing: Standing
    levels: tuple[LevelResult, ...]
    gaps: tuple[Gap, ...]
    target: StageId
    direction: Direction
    constraints: Constraints
    employed: bool = True
    remarks: tuple[Text, ...] = ()


def make_plan(found: Found, framework: Framework, sources: Sources, today: date, lang: Lang, before: Plan | None = None) -> Plan:
    """The first version of a plan. `lang` is the language it is first shown in; it can be shown in either.

    `before` is the plan it takes the place of: a stretch without any plan that was told then has the dates it had then.
    """
    making = _Making(found, framework, sources, today, lang, pause_of(found.constraints, today, before))
    actions = tuple(making.action(n, c) for n, c in enumerate(making.chosen, 1))
    goals = making.goals()
    return Plan(
        made=today,
        lang=lang,
        name=found.profile.name,
        facts=facts_of(found.profile),
        stage=found.standing.stage,
        target=found.target,
        direction=found.direction,
        standing=found.standing,
        levels=found.levels,
        gaps=found.gaps,
        skipped=making.skipped(),
        goals=goals,
        actions=actions,
        meetings=making.meetings,
        remarks=(*found.remarks, *making.remarks()),
        pause=making.pause,
        framework=f"{framework.profession.id} {framework.profession.version}",
    )


def facts_of(profile: Profile) -> tuple[Quote, ...]:
    """What a plan says about the person: only what they said, field by field."""
    found = [Quote(text=getattr(profile, name), field=name) for name in _FACT_FIELDS if getattr(profile, name)]
    for name in ("strengths", "weaknesses", "constraints"):
        found += [Quote(text=text, field=name) for text in getattr(profile, name)]
    return tuple(found)


def meetings_from(today: date, months: int = 24) -> tuple[Meeting, ...]:
    """The last working day of each quarter, of the last one of the year as yearly review; none within three weeks of today."""
    found: list[Meeting] = []
    for year in range(today.year, today.year + months // 12 + 2):
        for month in (3, 6, 9, 12):
            last = date(year, month, calendar.monthrange(year, month)[1])
            on = last - timedelta(days=max(0, last.weekday() - 4))
            if today + timedelta(days=21) <= on <= months_after(today, months):
                yearly = month == 12
                found.append(Meeting(id=f"r{len(found) + 1}", kind="yearly" if yearly else "quarterly", on=on))
    return tuple(found)


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last day of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def pause_of(limits: Constraints, today: date, before: Plan | None = None) -> tuple[date, date] | None:
    """First and last day of the stretch without any plan, as told today, or, in the same words, for an earlier plan."""
    if limits.pause is None:
        return None
    told = limits.quotes["pause"].text
    if before is not None and before.pause is not None and any(told in fact.text for fact in before.facts):
        return before.pause
    first, last = (today + timedelta(days=days) for days in limits.pause)
    return first, last


def wish_of(profile: Profile) -> str:
    """Where the person wants to go, in their own words, as a goal may quote them; empty where they said nothing or very much."""
    said = (profile.target or profile.interest).strip().rstrip("。.？?！!")
    return said if len(said) <= _WISH_LENGTH and "\n" not in said else ""


class _Making:
    """One plan in the making: what was found, what is worked on, the actions chosen for it, and the lines made of them.

    Where there is no gap, one pillar is worked on that is worth going deeper in; it is no gap of the plan.
    """

    def __init__(
        self,
        found: Found,
        framework: Framework,
        sources: Sources,
        today: date,
        lang: Lang,
        pause: tuple[date, date] | None = None,
    ) -> None:
        self.found = found
        self.pause = pause
        self.framework = framework
        self.sources = sources
        self.today = today
        self.owner = found.profile.name or say("plan_owner", lang)
        deeper = None if found.gaps else deepening(framework, found.profile, found.levels, found.target)
        self.gaps = found.gaps or ((deeper,) if deeper else ())
        self.chosen = choose(
            framework,
            found.profile,
            self.gaps,
            found.standing.stage,
            found.constraints,
            today,
            employed=found.employed,
            pause=pause,
        )
        self.meetings = _outside(meetings_from(today), pause)
        self.horizons = {h.id: h for h in framework.plan.horizons}
        self.worked = [g for g in self.gaps if any(c.gap.pillar == g.pillar for c in self.chosen)]
        above = framework.stage(found.target).order > framework.stage(found.standing.stage).order
        self.climbs = above and found.direction != "depth"

    def goals(self) -> tuple[Line, ...]:
        """One long goal, middle goals for conditions and pillars, short goals for the first pieces of evidence."""
        lines = [self._long(), *self._gates(), *self._pillars(), *self._firsts()]
        return tuple(line.model_copy(update={"id": f"g{n}"}) for n, line in enumerate(lines, 1))

    def action(self, number: int, chosen: Chosen) -> Line:
        """An action of the library with its dates."""
        action = chosen.action
        horizon: HorizonId = "short" if chosen.due <= months_after(self.today, self.horizons["short"].months[1]) else "middle"
        kinds = {k.id: k.article for k in self.framework.plan.action_kinds}
        article = action.article or kinds[action.kind]
        about = Text(zh=f"{action.name.zh}。{action.how.zh}", en=f"{action.name.en}. {action.how.en}")
        return Line(
            id=f"a{number}",
            role="action",
            horizon=horizon,
            pillar=chosen.gap.pillar,
            kind=action.kind,
            action=action.id,
            text=action.name,
            how=action.how,
            measure=action.measure,
            evidence=action.evidence,
            owner=self.owner,
            start=chosen.start,
            due=chosen.due,
            review=self._review(chosen.due),
            hours=action.effort.hours,
            cost=action.cost,
            caution=action.caution,
            source=self.sources.source(article, about),
        )

    def skipped(self) -> tuple[Skipped, ...]:
        """Gaps nothing was chosen for, and kinds of action there is none of, with the reason."""
        hours = planned_hours(self.found.constraints)
        some = both("plan_skipped", n=len(self.worked), hours=f"{hours:g}") if self.worked else both("plan_no_action")
        worked = {g.pillar for g in self.worked}
        kinds = {c.action.kind for c in self.chosen}
        without = [k for k in self.framework.plan.action_kinds if k.id not in kinds]
        no_kind = "plan_no_kind" if self.gaps else "plan_no_kind_needed"
        return (
            *(Skipped(pillar=g.pillar, reason=some) for g in self.found.gaps if g.pillar not in worked),
            *(Skipped(kind=k.id, reason=both(no_kind, kind=k.name)) for k in without),
        )

    def remarks(self) -> tuple[Text, ...]:
        """What was taken into account, what could not be, and what is still to be asked."""
        limits, found = self.found.constraints, self._no_gaps()
        if limits.hours_per_week is None:
            found.append(both("remark_hours_assumed", hours=f"{HOURS_ASSUMED:g}"))
        for name, key, applies in (
            ("hours_per_week", _hours_remark(limits), True),
            ("spend", "remark_spend", limits.spend in ("none", "low")),
            ("travel", "remark_travel", limits.travel is False),
            ("relocation", "remark_travel", limits.relocation is False and limits.travel is not False),
            ("family", "remark_family", limits.family),
            ("pause", "remark_pause" if self.pause else "remark_pause_open", True),
            ("regulated", "remark_regulated", True),
        ):
            if applies and name in limits.quotes:
                words, hours = limits.quotes[name].text, f"{planned_hours(limits):g}"
                first, last = self.pause or ("", "")
                found.append(both(key, words=words, hours=hours, first=first, last=last))
        return (*found, *self._directions())

    def _no_gaps(self) -> list[Text]:
        """Says plainly that nothing is missing, and what the plan is about instead."""
        if self.found.gaps or not self.found.levels:
            return []
        stage = self.framework.stage(self.found.target).name
        if not self.gaps:
            return [both("remark_no_gaps", stage=stage)]
        return [both("remark_no_gaps_depth", stage=stage, pillar=self.framework.pillar(self.gaps[0].pillar).name)]

    def _directions(self) -> list[Text]:
        stage, found = self.found.standing, []
        if self.found.direction == "unknown" and stage.next:
            key = "remark_direction" if self.climbs else "remark_stay"
            found.append(both(key, stage=self.framework.stage(self.found.target).name))
        elif self.climbs and stage.next and self.found.target != stage.next:
            target, following = (self.framework.stage(s).name for s in (self.found.target, stage.next))
            found.append(both("remark_far", target=target, next=following))
        if self.climbs:
            found.append(both("remark_no_promise"))
        unknown = [m.question for m in stage.missing if not m.known and not m.now]
        if unknown and self.climbs:
            questions = Text(zh="".join(q.zh for q in unknown), en=" ".join(q.en for q in unknown))
            found.append(both("remark_unknown_gates", questions=questions))
        return found

    def _long(self) -> Line:
        months = _asked_months(self.found.profile.target) or _LONG_MONTHS
        due = months_after(self.today, months)
        if self.found.direction == "depth":
            return self._deep(due)
        target = self.framework.stage(self.found.target)
        wanted = [c.per_stage[target.id] for c in self.framework.gates.conditions if target.id in c.per_stage]
        if not self.climbs:
            return self._stay(due, target.name, wanted[:3])
        missing = [m.wanted for m in self.found.standing.missing if m.wanted in wanted]
        return self._line(
            "long",
            due,
            both("goal_climb", stage=target.name),
            both("goal_climb_measure", conditions=_listed((missing or wanted)[:3])),
            both("goal_climb_evidence"),
            self.horizons["long"].article,
            about=self.horizons["long"].text,
        )

    def _stay(self, due: date, stage: Text, conditions: Sequence[Text]) -> Line:
        """For somebody who goes no stage up: what the stage asks for still holds; in the direction of their own words."""
        wish = wish_of(self.found.profile)
        text = both("goal_stay_towards", stage=stage, words=wish) if wish else both("goal_stay", stage=stage)
        article = self.horizons["long"].article
        if conditions:
            measure = both("goal_climb_measure", conditions=_listed(conditions))
            return self._line("long", due, text, measure, both("goal_climb_evidence"), article)
        pillar = self.gaps[0].pillar if self.gaps else self.framework.pillars[0].id
        shown = self.framework.at(pillar, 1)[:2]  # the first stage asks for no condition
        measure = both("goal_pillar_measure", indicators=_listed([i.name for i in shown]))
        return self._line("long", due, text, measure, both("goal_evidence_counts", counts=_listed(_counts(shown))), article)

    def _deep(self, due: date) -> Line:
        profile = self.found.profile
        liked = [*mentioned(self.framework, (profile.interest,)), *mentioned(self.framework, profile.strengths)]
        gap = min(self.gaps, key=lambda g: liked.index(g.pillar) if g.pillar in liked else len(liked), default=None)
        pillar = self.framework.pillar(gap.pillar) if gap else self.framework.pillars[0]
        highest = max(each.number for each in self.framework.levels)
        level = min(highest, gap.wanted + 1) if gap else highest
        shown = [i.name for i in self.framework.at(pillar.id, level)[:2]]
        return self._line(
            "long",
            due,
            both("goal_depth", pillar=pillar.name, rubric=pillar.at(level).text),
            both("goal_depth_measure", indicators=_listed(shown)),
            both("goal_evidence_counts", counts=_listed(_counts(self.framework.at(pillar.id, level)[:2]))),
            pillar.article,
            pillar.id,
            about=self._rubric(pillar, level),
        )

    def _gates(self) -> list[Line]:
        """What others have to grant: conditions of the next stage that are known to be missing."""
        if not self.climbs:
            return []
        missing: list[Missing] = [m for m in self.found.standing.missing if m.known][:_GATE_GOALS]
        following = self.framework.stage(self.found.standing.next) if self.found.standing.next else None
        if following is None:
            return []
        article = following.goals_article or following.roles_article or self.framework.mapping.article
        due = months_after(self.today, _MIDDLE_MONTHS[1])
        return [
            self._line(
                "middle",
                due,
                both("goal_gate", name=m.name, wanted=m.wanted),
                both("goal_gate_measure"),
                both("goal_gate_evidence"),
                article,
            )
            for m in missing
        ]

    def _pillars(self) -> list[Line]:
        lines = []
        for gap in self.worked[:_PILLAR_GOALS]:
            pillar, (_, level) = self.framework.pillar(gap.pillar), step_of(self.framework, gap, self.found.standing.stage)
            indicators = self._indicators(gap, level, 2)
            lines.append(
                self._line(
                    "middle",
                    months_after(self.today, _MIDDLE_MONTHS[0]),
                    both(
                        "goal_pillar", pillar=pillar.name, level=level_text(self.framework, level), rubric=pillar.at(level).text
                    ),
                    both("goal_pillar_measure", indicators=_listed([i.name for i in indicators])),
                    both("goal_evidence_counts", counts=_listed(_counts(indicators))),
                    pillar.article,
                    pillar.id,
                    about=self._rubric(pillar, level),
                )
            )
        return lines

    def _firsts(self) -> list[Line]:
        """The first piece of evidence for each of the first gaps, due when its first action is."""
        lines = []
        first, last = (months_after(self.today, m) for m in self.horizons["short"].months)
        for gap in self.worked[:_FIRST_GOALS]:
            pillar, (_, level) = self.framework.pillar(gap.pillar), step_of(self.framework, gap, self.found.standing.stage)
            indicator = self._indicators(gap, level, 1)[0]
            mine = [c for c in self.chosen if c.gap.pillar == gap.pillar]
            evidence = mine[0].action.evidence if indicator.id in mine[0].action.indicators else _listed(_counts([indicator]))
            lines.append(
                self._line(
                    "short",
                    self._ahead(min(last, max(first, mine[0].due)), last),
                    both("goal_first", pillar=pillar.name, indicator=indicator.name),
                    both("goal_first_measure", counts=_listed(_counts([indicator], 2))),
                    both("goal_evidence", evidence=evidence),
                    pillar.article,
                    pillar.id,
                    about=self._rubric(pillar, level),
                )
            )
        return lines

    def _ahead(self, due: date, last: date) -> date:
        """The due date of a goal, after a stretch without any plan if it fell into that and the horizon allows."""
        if self.pause is None or not self.pause[0] <= due <= self.pause[1]:
            return due
        return max(due, min(last, self.pause[1] + timedelta(weeks=1)))

    def _rubric(self, pillar: Pillar, level: int) -> Text:
        """What a pillar's article is cited for: its line of that level, with the level's name."""
        name, rubric = next(each.name for each in self.framework.levels if each.number == level), pillar.at(level).text
        return Text(zh=f"{pillar.name.zh}{name.zh}{rubric.zh}", en=f"{pillar.name.en} {name.en} {rubric.en}")

    def _indicators(self, gap: Gap, level: int, number: int) -> list[Indicator]:
        """Indicators of a level that the chosen actions give evidence for, then the others; the nearest to the rubric first."""
        helped = {i for c in self.chosen if c.gap.pillar == gap.pillar for i in c.action.indicators}
        return sorted(self.framework.at(gap.pillar, level), key=lambda i: i.id not in helped)[:number]

    def _line(
        self,
        horizon: HorizonId,
        due: date,
        text: Text,
        measure: Text,
        evidence: Text,
        article: str,
        pillar: str | None = None,
        *,
        about: Text | None = None,
    ) -> Line:
        """`about` is what the article is cited for, where the goal is worded otherwise."""
        start = self.today
        return Line(
            id="",
            role="goal",
            horizon=horizon,
            pillar=pillar,
            text=text,
            measure=measure,
            evidence=evidence,
            owner=self.owner,
            start=start,
            due=due,
            review=self._review(due) if horizon == "short" else self._yearly(),
            source=self.sources.source(article or self.framework.mapping.article, about or text),
        )

    def _review(self, due: date) -> date:
        """The first review on or after the due date, or the last one there is."""
        return next((m.on for m in self.meetings if m.on >= due), self.meetings[-1].on)

    def _yearly(self) -> date:
        later = [m.on for m in self.meetings if m.kind == "yearly" and m.on >= self.today + timedelta(days=120)]
        return later[0] if later else self.meetings[-1].on


def _outside(meetings: tuple[Meeting, ...], pause: tuple[date, date] | None) -> tuple[Meeting, ...]:
    """The reviews that do not fall into a stretch without any plan; all of them where none would be left."""
    if pause is None:
        return meetings
    return tuple(m for m in meetings if not pause[0] <= m.on <= pause[1]) or meetings


def _hours_remark(limits: Constraints) -> str:
    """The sentence on the hours a week: the person's words, a bare number, or less than a plan can be made with."""
    if limits.hours_per_week is not None and limits.hours_per_week < HOURS_LEAST:
        return "remark_hours_few" if limits.hours_per_week else "remark_hours_none"
    quote = limits.quotes.get("hours_per_week")
    bare = quote is not None and quote.text.strip().replace(".", "").isdigit()
    return "remark_hours_bare" if bare else "remark_hours"


def _counts(indicators: Sequence[Indicator], each: int = 1) -> list[Text]:
    return [Text(zh=zh, en=en) for i in indicators for zh, en in list(zip(i.counts.zh, i.counts.en, strict=True))[:each]]


def _listed(texts: Sequence[Text]) -> Text:
    """Several items as one; each without its full stop."""
    return Text(
        zh=say("plan_list_joint", "zh").join(t.zh.rstrip("。；") for t in texts),
        en=say("plan_list_joint", "en").join(t.en.rstrip(".;") for t in texts),
    )


def _asked_months(target: str) -> int | None:
    """Three to five years named by the person, in months."""
    found = _YEARS.search(target)
    if not found:
        return None
    number = found.group(2) or found.group(1)
    return 12 * (_NUMBERS.get(number) or int(number))


__all__ = ["Found", "facts_of", "make_plan", "meetings_from", "months_after", "wish_of"]
