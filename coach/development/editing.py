"""A plan changed by its owner, line by line: what they may change, add and drop, and the plan as it would be.

Whether that plan is sound is for `coach.development.check` to say. What a person writes stands in both languages as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal

from pydantic import Field

from coach.development.calendar import horizon_of, review_day
from coach.development.schema import Line, Plan, Said, Skipped, Source, Value
from coach.errors import InputError, NotFound
from coach.framework.files import Text
from coach.framework.schema import ActionKindId, Framework, PillarId
from coach.messages import both, say
from coach.text import clean
from coach.types import Lang

MAX_LINES = 60
"""Goals and actions of one plan: more cannot be followed."""


class LineChange(Value):
    """What changes in a line of a plan; what is left out stays. The texts are the person's own words."""

    id: Said
    text: Said | None = None
    measure: Said | None = None
    evidence: Said | None = None
    owner: Said | None = None
    start: date | None = None
    due: date | None = None
    status: Literal["open", "done"] | None = None


class OwnLine(Value):
    """A line of the person's own. `start` is today and `owner` the person, if they are left out."""

    role: Literal["goal", "action"] = "action"
    text: Said = Field(min_length=1)
    measure: Said = ""
    evidence: Said = ""
    due: date
    start: date | None = None
    owner: Said = ""
    pillar: PillarId | None = None
    kind: ActionKindId | None = None
    hours: int | None = Field(default=None, ge=1, le=400)


class DroppedLine(Value):
    """A line that is given up, and why; the reason is asked for when nothing else works on its gap."""

    id: Said
    why: Said = ""


class Changes(Value):
    """Changes to one version of a plan, all of them or none; `version` is the one they were made to."""

    version: int
    change: tuple[LineChange, ...] = Field(default=(), max_length=MAX_LINES)
    add: tuple[OwnLine, ...] = Field(default=(), max_length=MAX_LINES)
    drop: tuple[DroppedLine, ...] = Field(default=(), max_length=MAX_LINES)
    why: Said = ""

    @property
    def words(self) -> str:
        """Everything in it that the person wrote."""
        changed = [w for c in self.change for w in (c.text, c.measure, c.evidence, c.owner) if w]
        added = [w for a in self.add for w in (a.text, a.measure, a.evidence, a.owner) if w]
        return "\n".join([*changed, *added, *(d.why for d in self.drop if d.why)])


class Editing:
    """One plan being changed by its owner: what they write stands in both languages as they wrote it."""

    def __init__(self, plan: Plan, framework: Framework, lang: Lang, today: date) -> None:
        self.plan, self.framework, self.lang, self.today = plan, framework, lang, today
        self.days = sorted(m.on for m in plan.meetings)

    def apply(self, changes: Changes) -> tuple[Plan, frozenset[str]]:
        """The plan as it would be, and the ids of the lines that were touched. Raises NotFound, InputError."""
        if not (changes.change or changes.add or changes.drop):
            raise wrong("desk_no_change", self.lang)
        lines = {line.id: line for line in self.plan.lines}
        for change in changes.change:
            lines[change.id] = self._changed(self._line(lines, change.id), change)
        for drop in changes.drop:
            lines[drop.id] = self._line(lines, drop.id).model_copy(update={"status": "dropped"})
        added = [self._own(own, lines) for own in changes.add]
        if len(lines) > MAX_LINES and added:
            raise wrong("desk_too_many_lines", self.lang, limit=MAX_LINES)
        plan = self.plan.model_copy(
            update={
                "goals": tuple(line for line in lines.values() if line.role == "goal"),
                "actions": tuple(line for line in lines.values() if line.role == "action"),
                "skipped": (*self.plan.skipped, *self._given_up(changes)),
            }
        )
        return plan, frozenset([c.id for c in changes.change] + [line.id for line in added])

    def _line(self, lines: Mapping[str, Line], line_id: str) -> Line:
        if line_id not in lines:
            text = say("desk_line_unknown", self.lang, line=clean(line_id)[:60])
            raise NotFound(text, hint=say("desk_line_mend", self.lang, lines=", ".join(lines)))
        return lines[line_id]

    def _changed(self, line: Line, change: LineChange) -> Line:
        values = {n: v for n in LineChange.model_fields if n != "id" and (v := getattr(change, n)) is not None}
        for name in ("text", "measure", "evidence"):
            if name in values:
                values[name] = self._words(values[name], name)
        if change.due is not None:
            values["review"] = review_day(change.due, self.days)
            if line.role == "action":
                values["horizon"] = horizon_of(change.due, self.today)
        return line.model_copy(update=values)

    def _own(self, own: OwnLine, lines: dict[str, Line]) -> Line:
        """A line of the person's own, put among the others."""
        if own.pillar is not None and own.pillar not in {p.id for p in self.framework.pillars}:
            known = ", ".join(p.id for p in self.framework.pillars)
            raise wrong("desk_pillar_unknown", self.lang, name=own.pillar[:60], known=known)
        number = 1 + sum(1 for line in lines.values() if line.role == own.role)
        said = self._words(own.text, "text")
        line = Line(
            id=f"{'g' if own.role == 'goal' else 'a'}{number}",
            role=own.role,
            horizon=horizon_of(own.due, self.today),
            pillar=own.pillar,
            kind=own.kind if own.role == "action" else None,
            own=True,
            text=said,
            measure=self._words(own.measure, "measure"),
            evidence=self._words(own.evidence, "evidence"),
            owner=own.owner or self.plan.name or say("plan_owner", self.lang),
            start=own.start or self.today,
            due=own.due,
            review=review_day(own.due, self.days),
            hours=own.hours,
            source=Source(article="", title=both("desk_own_source"), label=both("desk_own_label"), quote=said),
        )
        lines[line.id] = line
        return line

    def _words(self, said: str, name: str) -> Text:
        if not said:
            raise wrong(f"desk_own_{name}_missing", self.lang)
        return Text(zh=said, en=said)

    def _given_up(self, changes: Changes) -> list[Skipped]:
        """The reasons given for dropping lines, by the gaps they worked on."""
        by_id = {line.id: line for line in self.plan.lines}
        return [
            Skipped(pillar=pillar, reason=both("desk_dropped_why", words=d.why))
            for d in changes.drop
            if d.why and (pillar := by_id[d.id].pillar)
        ]


def wrong(key: str, lang: Lang, *, mend: str = "", **values: object) -> InputError:
    """What the person gave cannot be used, in their language."""
    return InputError(say(key, lang, **values), hint=say(mend, lang, **values) if mend else "")
