"""From a profile to a drafted plan in one call: read, place, assess, order the gaps, plan, check. Stores nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from pydantic import ValidationError

from coach.development.actions import planned_hours
from coach.development.assessment import assess
from coach.development.check import require_sound
from coach.development.evidence import EvidenceRules, is_deed, read_evidence
from coach.development.gaps import mentioned, order_gaps
from coach.development.plan import Found, make_plan
from coach.development.reading import between, constraints_of, direction_of, instructions_in, target_of
from coach.development.readings import Readings
from coach.development.schema import Plan, Profile
from coach.development.sources import Sources
from coach.development.stage import place
from coach.errors import InputError
from coach.framework.files import Text
from coach.framework.schema import Framework, PillarId
from coach.messages import both, say
from coach.types import Lang

_ENOUGH_CONDITIONS = 2
_ORDER_SHOWN = 16  # characters of an order that are quoted at most: enough to find it by
_NOBODY = re.compile(r"(现在|目前|暂时)?(没有|没|无|暂无)(人|了)?[。.]?|none|nobody|no one|n/?a|-", re.I)


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What a profile leads to: a plan, or the questions that are needed first."""

    status: Literal["answered", "clarify"]
    found: Found
    plan: Plan | None
    questions: tuple[Text, ...] = ()


class Drafting:
    """The rules from a profile to a plan, over one framework and one library. Stateless; safe to share between threads."""

    def __init__(self, framework: Framework, readings: Readings, rules: EvidenceRules, sources: Sources) -> None:
        self.framework = framework
        self.readings = readings
        self.rules = rules
        self.sources = sources

    def draft(
        self,
        profile: Profile,
        lang: Lang,
        today: date,
        answers: Mapping[str, str] | None = None,
        remarks: Sequence[Text] = (),
        before: Plan | None = None,
    ) -> Draft:
        """The plan for a profile, checked. `answers` are those of a questionnaire, by indicator id; `before`: see `make_plan`."""
        found = self.find(profile, lang, answers, remarks)
        questions = self.questions(found, bool(answers))
        if questions:
            return Draft(status="clarify", found=found, plan=None, questions=questions)
        plan = make_plan(found, self.framework, self.sources, today, lang, before)
        require_sound(plan, found.profile, self.framework, self.sources, planned_hours(found.constraints))
        return Draft(status="answered", found=found, plan=plan)

    def find(self, profile: Profile, lang: Lang, answers: Mapping[str, str] | None = None, remarks: Sequence[Text] = ()) -> Found:
        """Stage, levels, gaps, target and constraints of a profile; instructions in it are set aside and told."""
        profile, ignored = without_instructions(profile)
        employed = not between(profile, self.readings)
        if not employed and _NOBODY.fullmatch(profile.reports_to.strip()):
            profile = profile.model_copy(update={"reports_to": ""})  # no boss because no post, not because of being one
        standing = place(profile, self.framework, self.readings)
        levels = assess(answers or {}, profile.evidence, profile.self_ratings, self.framework, self.rules)
        direction = direction_of(profile, self.readings, standing.stage)
        target = target_of(profile, self.framework, self.readings, standing.stage)
        told = (_ignored(ignored),) if ignored else ()
        return Found(
            profile=profile,
            standing=standing,
            levels=levels,
            gaps=order_gaps(self.framework, profile, levels, target, direction),
            target=target,
            direction=direction,
            constraints=constraints_of(profile, self.readings),
            employed=employed,
            remarks=(*remarks, *told),
        )

    def pillars_of(self, said: str, *, named: bool) -> tuple[PillarId, ...]:
        """The pillars a sentence shows something for; where it shows none and `named` is true, those it speaks of."""
        shown = tuple(p.id for p in self.framework.pillars if self._shows(p.id, said))
        return shown or (tuple(mentioned(self.framework, (said,))) if named else ())

    def tells_deed(self, said: str) -> bool:
        """Whether a sentence tells of something done, whatever it shows."""
        return is_deed(said, self.rules)

    def _shows(self, pillar: PillarId, said: str) -> bool:
        return any(s.strength != "weak" for s in read_evidence(pillar, said, self.framework, self.rules))

    def questions(self, found: Found, answered: bool) -> tuple[Text, ...]:
        """What has to be asked before a plan is worth having; empty when there is enough."""
        profile, standing = found.profile, found.standing
        known = sum(1 for h in standing.held if h.lowest is not None)
        placed = known >= _ENOUGH_CONDITIONS or (known and standing.claimed is not None) or standing.claimed is not None
        shown = answered or bool(profile.evidence or profile.self_ratings or profile.weaknesses)
        if placed and (shown or known >= _ENOUGH_CONDITIONS):
            return ()
        pillars = self.framework.pillars
        names = Text(zh="、".join(p.name.zh for p in pillars), en=", ".join(p.name.en.lower() for p in pillars))
        asked = [] if placed else [both("draft_question_role")]
        asked += [] if profile.target or profile.interest else [both("draft_question_target")]
        asked += [] if shown else [both("draft_question_gaps", pillars=names)]
        asked += [] if profile.constraints or profile.hours_per_week else [both("draft_question_hours")]
        return tuple(asked) or (both("draft_question_gaps", pillars=names),)


def _ignored(pieces: Sequence[str]) -> Text:
    """That orders to a program were set aside; only how the first begins, so that the plan does not carry the order itself."""
    words = " ".join(pieces[0].split())
    shown = f"{words[: min(_ORDER_SHOWN, len(words) // 2)].rstrip()}…"
    return both("remark_ignored" if len(pieces) == 1 else "remark_ignored_more", words=shown, n=len(pieces))


def without_instructions(profile: Profile) -> tuple[Profile, tuple[str, ...]]:
    """The profile without what is no statement about the person (orders to a program, pasted text), and those pieces."""
    ignored: list[str] = []

    def kept(text: str) -> str:
        found = instructions_in(text)
        ignored.extend(found)
        for words in found:
            text = text.replace(words, "")
        return text.strip()

    values: dict[str, Any] = {}
    for name in Profile.model_fields:
        value = getattr(profile, name)
        if isinstance(value, str):
            values[name] = kept(value)
        elif isinstance(value, tuple):
            values[name] = tuple(k for k in (kept(v) for v in value) if k)
        elif name == "evidence":
            values[name] = {pillar: k for pillar, text in value.items() if (k := kept(text))}
        else:
            values[name] = value
    return (profile if not ignored else Profile(**values)), tuple(ignored)


def profile_from(values: Mapping[str, Any], framework: Framework, lang: Lang) -> tuple[Profile, tuple[Text, ...]]:
    """A profile of loose values, and a remark for each rating or pillar that cannot be used. Raises InputError for the rest.

    Ratings may come as numbers or digits; pillars by id or by name in either language.
    """
    known = {name.casefold(): p.id for p in framework.pillars for name in (p.id, p.name.zh, p.name.en)}
    highest = max(level.number for level in framework.levels)
    remarks: list[Text] = []
    data = dict(values)
    for name in ("self_ratings", "evidence"):
        entries = data.get(name) or {}
        if not isinstance(entries, Mapping):
            continue
        data[name] = {}
        for key, value in entries.items():
            pillar = known.get(str(key).strip().casefold())
            if pillar is None:
                names = ", ".join(p.id for p in framework.pillars)
                remarks.append(both("remark_pillar_unknown", name=str(key)[:60], known=names))
            elif name == "evidence":
                data[name][pillar] = value
            elif (rating := _rating(value, highest)) is not None:
                data[name][pillar] = rating
            elif value not in (None, ""):
                remarks.append(both("remark_rating_refused", rating=str(value)[:40], highest=highest))
    try:
        return Profile(**data), tuple(remarks)
    except ValidationError as error:
        raise InputError(_first_error(error, lang), hint=say("profile_mend", lang)) from error


def _rating(value: object, highest: int) -> int | None:
    """1 to the highest level, as a number or as digits in any width; None for anything else."""
    if isinstance(value, bool):
        return None
    try:
        number = float(str(value).strip())
    except ValueError:
        return None
    return int(number) if 1 <= number <= highest and number == int(number) else None


def _first_error(error: ValidationError, lang: Lang) -> str:
    details = error.errors()[0]
    where = ".".join(str(part) for part in details["loc"])
    if details["type"] == "string_too_long":
        return say("profile_too_long", lang, field=where, limit=details["ctx"]["max_length"])
    if details["type"] == "extra_forbidden":
        return say("profile_unknown_field", lang, field=where)
    return say("profile_wrong_type", lang, field=where, value=str(details.get("input"))[:60])
