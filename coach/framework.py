"""The career framework as typed, checked values: stages, pillars, plan, responsibilities, portrait, level mapping.

Reads `knowledge/framework/*.yaml`, refuses data that is not the framework, and knows how many of everything there is, so
that a question about "the sixth pillar" can be corrected. Judges no person and writes no reply.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from coach.errors import SetupError
from coach.library.articles import PillarId, StageId
from coach.text import normalise, simplify
from coach.types import Lang

Fact = str
_FACT = re.compile(r"^F(?:0\d\d|1[0-8]\d|19[0-7])$")

Loaded = TypeVar("Loaded", bound=BaseModel)


class Frozen(BaseModel):
    """Base of everything read from the YAML files: unknown keys are errors, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(Frozen):
    """The same words in both languages."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def of(self, lang: Lang) -> str:
        """Return the words in one language."""
        return self.zh if lang == "zh" else self.en


class Words(Frozen):
    """A list in each language; the lists need not match one to one."""

    zh: tuple[str, ...] = ()
    en: tuple[str, ...] = ()

    def of(self, lang: Lang) -> tuple[str, ...]:
        """Return the list of one language."""
        return self.zh if lang == "zh" else self.en


class Patterns(Words):
    """Regular expressions in each language; `{n}` stands for a number."""

    @field_validator("zh", "en")
    @classmethod
    def _compile(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in value:
            try:
                re.compile(pattern.replace("{n}", r"\d+"))
            except re.error as error:
                raise ValueError(f"{pattern!r} is no regular expression: {error}") from error
        return value


class Sourced(Frozen):
    """Something the framework says (facts), or the product's own judgement (`own_judgement`); one of the two."""

    facts: tuple[Fact, ...]
    tier: Literal["stated", "attributed"] = "stated"
    own_judgement: bool = False

    @model_validator(mode="after")
    def _one_source(self) -> Sourced:
        if wrong := [f for f in self.facts if not _FACT.match(f)]:
            raise ValueError(f"no such fact: {', '.join(wrong)} (F001 to F197)")
        if not self.facts and not self.own_judgement:
            raise ValueError("give `facts`, or mark it `own_judgement: true`")
        return self


class Statement(Sourced):
    """A sentence with its source."""

    text: Text


class Named(Sourced):
    """A term with its source."""

    id: str = Field(pattern=r"^[a-z0-9_]+$")
    name: Text


class Item(Named):
    """A term, what it means, and its source."""

    text: Text


class Stage(Named):
    """One career stage. The last has `paths` and no `goals`; `pre_director` has neither and is own judgement."""

    id: StageId
    order: int = Field(ge=0, le=4)
    theme: Text
    points: tuple[Item, ...]
    roles: tuple[Item, ...] = ()
    goals: tuple[Item, ...] = ()
    paths: tuple[Item, ...] = ()
    keywords: Words = Words()
    roles_article: str = ""
    goals_article: str = ""
    mentions: Patterns


class Gate(Frozen):
    """One condition that tells the stage better than a title: what it looks like at each stage."""

    id: str
    name: Text
    question: Text
    per_stage: dict[StageId, Text]


class Gates(Frozen):
    """The gate conditions, the product's own judgement, and the sentence that says so."""

    own_judgement: Literal[True]
    note: Text
    conditions: tuple[Gate, ...]


class Level(Sourced):
    """One of the three levels of ability."""

    number: Literal[1, 2, 3]
    id: Literal["foundation", "advanced", "ultimate"]
    name: Text


class PillarLevel(Statement):
    """What a pillar asks for at one level."""

    level: Literal[1, 2, 3]


class Pillar(Named):
    """One of the five capability pillars."""

    id: PillarId
    order: int = Field(ge=1, le=5)
    article: str
    levels: tuple[PillarLevel, ...]

    def at(self, level: int) -> PillarLevel:
        """Return what the pillar asks for at a level from 1 to 3."""
        return next(each for each in self.levels if each.level == level)


class Step(Item):
    """One step of the personal plan."""

    order: int
    parts: tuple[Item, ...] = ()


class Horizon(Item):
    """A goal horizon: from and to in months, and the material's examples (never statements about the reader)."""

    id: Literal["long", "middle", "short"]
    months: tuple[int, int]
    article: str
    examples: tuple[Statement, ...]


class ActionKind(Item):
    """A kind of action with its items."""

    id: Literal["learn", "practise", "network", "feedback"]
    article: str
    items: tuple[Item, ...]


class Review(Item):
    """A regular review: how often, and which horizons it checks."""

    id: Literal["quarterly", "yearly"]
    article: str
    every_months: int
    checks: tuple[Literal["long", "middle", "short"], ...]


class Plan(Frozen):
    """The personal action plan."""

    steps: tuple[Step, ...]
    horizons: tuple[Horizon, ...]
    action_kinds: tuple[ActionKind, ...]
    reviews: tuple[Review, ...]
    closing: tuple[Statement, ...]


class Topic(Item):
    """A responsibility system, recommendation or trend: its order, its article and what belongs to it."""

    order: int
    article: str
    items: tuple[Item, ...] = ()


class Responsibilities(Frozen):
    """What a CMO is and does."""

    cmo: tuple[Item, ...]
    traits: tuple[Item, ...]
    case: tuple[Item, ...]
    systems: tuple[Topic, ...]
    recommendations: tuple[Topic, ...]
    trends: tuple[Topic, ...]
    outlook: tuple[Item, ...]


class Share(Named):
    """A part of the knowledge mix as the material gives it."""

    percent: int = Field(ge=1, le=100)


class Portrait(Frozen):
    """The ability portrait of a top CMO; the knowledge mix is attributed."""

    source: Statement
    knowledge: tuple[Share, ...]
    hard_skills: tuple[Named, ...]
    soft_skills: tuple[Named, ...]
    leadership_traits: tuple[Named, ...]
    monkey: tuple[Statement, ...]


class Mapping(Sourced):
    """Stage to expected level: the product's own judgement, with the sentence that says so. 0: none expected yet."""

    own_judgement: Literal[True]
    article: str
    note: Text
    expected: dict[StageId, int]


class Countable(Frozen):
    """Something the framework has a fixed number of, and how questions name it. `asked` is set on a false premise."""

    id: str
    article: str
    name: Text
    nouns: Patterns
    ordinal_nouns: Patterns = Patterns()
    phrases: Patterns = Patterns()
    context: Patterns = Patterns()
    unless: Patterns = Patterns()
    stage: StageId | None = None
    without_stage: bool = False
    also_of: Literal["", "all_roles", "pillar_levels"] = ""
    count: int = 0
    also: tuple[int, ...] = ()
    asked: int | None = None


class _StagesFile(Frozen):
    about: tuple[Statement, ...]
    stages: tuple[Stage, ...]
    gates: Gates


class _PillarsFile(Frozen):
    about: tuple[Statement, ...]
    levels: tuple[Level, ...]
    pillars: tuple[Pillar, ...]


class _CountsFile(Frozen):
    countables: tuple[Countable, ...]


class Framework(Frozen):
    """The whole framework. `load_framework` builds it; nothing in it changes."""

    about: tuple[Statement, ...]
    stages: tuple[Stage, ...]
    gates: Gates
    pillars: tuple[Pillar, ...]
    levels: tuple[Level, ...]
    plan: Plan
    responsibilities: Responsibilities
    portrait: Portrait
    mapping: Mapping
    counts: tuple[Countable, ...]

    def stage(self, stage_id: StageId) -> Stage:
        """Return the stage of that id."""
        return next(s for s in self.stages if s.id == stage_id)

    def pillar(self, pillar_id: PillarId) -> Pillar:
        """Return the pillar of that id."""
        return next(p for p in self.pillars if p.id == pillar_id)

    def countable(self, countable_id: str) -> Countable:
        """Return the countable of that id."""
        return next(c for c in self.counts if c.id == countable_id)

    def expected_level(self, stage_id: StageId) -> int:
        """Return the level a stage asks for in this product's own judgement; 0 where none is expected yet."""
        return self.mapping.expected[stage_id]

    @cached_property
    def sourced(self) -> tuple[Sourced, ...]:
        """Everything in the framework that carries facts."""
        return tuple(_walk(self))

    @cached_property
    def facts(self) -> frozenset[Fact]:
        """Every F-number the framework files carry."""
        return frozenset(fact for each in self.sourced for fact in each.facts)


def _walk(value: Any) -> Iterator[Sourced]:  # noqa: ANN401  any part of the tree
    if isinstance(value, Sourced):
        yield value
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _walk(getattr(value, name))
    elif isinstance(value, tuple):
        for each in value:
            yield from _walk(each)


def read_yaml(path: Path, model: type[Loaded]) -> Loaded:
    """Read a YAML file checked against a model. Raises SetupError that names file, place and reason."""
    try:
        return model.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise SetupError(f"The knowledge file {path} is missing.") from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SetupError(f"{path.name} cannot be read: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "top"
        raise SetupError(f"{path.name} is not valid at {place}: {first['msg']}.") from error


def load_framework(knowledge: Path) -> Framework:
    """Load `knowledge/framework`. Raises SetupError for a file that is missing, malformed or incomplete."""
    folder = knowledge / "framework"
    stages = read_yaml(folder / "stages.yaml", _StagesFile)
    pillars = read_yaml(folder / "pillars.yaml", _PillarsFile)
    loaded = Framework(
        about=stages.about + pillars.about,
        stages=tuple(sorted(stages.stages, key=lambda s: s.order)),
        gates=stages.gates,
        pillars=tuple(sorted(pillars.pillars, key=lambda p: p.order)),
        levels=pillars.levels,
        plan=read_yaml(folder / "plan.yaml", Plan),
        responsibilities=read_yaml(folder / "responsibilities.yaml", Responsibilities),
        portrait=read_yaml(folder / "portrait.yaml", Portrait),
        mapping=read_yaml(folder / "mapping.yaml", Mapping),
        counts=read_yaml(folder / "counts.yaml", _CountsFile).countables,
    )
    _check_stages(loaded)
    _check_pillars(loaded)
    _check_rest(loaded)
    return loaded.model_copy(update={"counts": _counted(loaded)})


def _require(file: str, place: str, got: object, wanted: object) -> None:
    if got != wanted:
        raise SetupError(f"{file} is not the framework at {place}: got {got!r}, expected {wanted!r}.")


# (roles, goals, paths, keywords) of each stage, as the framework gives them.
_STAGE_SHAPE: dict[StageId, tuple[int, int, int, int]] = {
    "pre_director": (0, 0, 0, 0),
    "director": (5, 4, 0, 4),
    "vp_cmo": (5, 4, 0, 4),
    "bu_head": (4, 3, 0, 4),
    "ceo": (3, 0, 3, 3),
}
_PILLAR_IDS = ["strategy", "leadership", "data", "innovation", "communication"]


def _check_stages(framework: Framework) -> None:
    _require("stages.yaml", "stages", [s.id for s in framework.stages], list(_STAGE_SHAPE))
    for stage in framework.stages:
        shape = (len(stage.roles), len(stage.goals), len(stage.paths), len(stage.keywords.zh))
        place = f"stages.{stage.id} (roles, goals, paths, keywords)"
        _require("stages.yaml", place, shape, _STAGE_SHAPE[stage.id])
        _require("stages.yaml", f"stages.{stage.id}.keywords.en", len(stage.keywords.en), len(stage.keywords.zh))
        _require("stages.yaml", f"stages.{stage.id}.own_judgement", stage.own_judgement, stage.order == 0)
    for gate in framework.gates.conditions:
        _require("stages.yaml", f"gates.{gate.id}.per_stage", sorted(gate.per_stage), sorted(_STAGE_SHAPE))


def _check_pillars(framework: Framework) -> None:
    _require("pillars.yaml", "pillars", [p.id for p in framework.pillars], _PILLAR_IDS)
    _require("pillars.yaml", "levels", [level.number for level in framework.levels], [1, 2, 3])
    for pillar in framework.pillars:
        _require("pillars.yaml", f"pillars.{pillar.id}.levels", [each.level for each in pillar.levels], [1, 2, 3])
    _require("mapping.yaml", "expected", sorted(framework.mapping.expected), sorted(_STAGE_SHAPE))
    wrong = {stage: level for stage, level in framework.mapping.expected.items() if level not in (0, 1, 2, 3)}
    _require("mapping.yaml", "expected (levels 0 to 3)", wrong, {})


def _check_rest(framework: Framework) -> None:
    plan, duties, portrait = framework.plan, framework.responsibilities, framework.portrait
    _require("plan.yaml", "steps", [s.order for s in plan.steps], [1, 2, 3, 4])
    _require("plan.yaml", "horizons", [h.id for h in plan.horizons], ["long", "middle", "short"])
    _require("plan.yaml", "action_kinds", [k.id for k in plan.action_kinds], ["learn", "practise", "network", "feedback"])
    _require("plan.yaml", "reviews", [r.id for r in plan.reviews], ["quarterly", "yearly"])
    _require("responsibilities.yaml", "systems", [s.order for s in duties.systems], [1, 2, 3, 4, 5, 6])
    _require("responsibilities.yaml", "recommendations", [r.order for r in duties.recommendations], [1, 2, 3, 4])
    _require("responsibilities.yaml", "trends", [t.order for t in duties.trends], [1, 2, 3])
    _require("responsibilities.yaml", "traits (number)", len(duties.traits), 3)
    _require("portrait.yaml", "knowledge (percent, in all)", sum(k.percent for k in portrait.knowledge), 100)
    _require("portrait.yaml", "knowledge (number)", len(portrait.knowledge), 5)
    shape = (len(portrait.hard_skills), len(portrait.soft_skills), len(portrait.leadership_traits))
    _require("portrait.yaml", "hard_skills, soft_skills, leadership_traits (number)", shape, (3, 3, 3))


def _measures(framework: Framework) -> dict[str, int]:
    plan, duties, portrait = framework.plan, framework.responsibilities, framework.portrait
    real = [s for s in framework.stages if not s.own_judgement]
    return {
        "pillars": len(framework.pillars),
        "levels": len(framework.levels),
        "stages": len(real),
        "steps": len(plan.steps),
        "horizons": len(plan.horizons),
        "action_kinds": len(plan.action_kinds),
        "reviews": len(plan.reviews),
        "systems": len(duties.systems),
        "cmo_duties": len(duties.systems),
        "recommendations": len(duties.recommendations),
        "trends": len(duties.trends),
        "cmo_traits": len(duties.traits),
        "leadership_traits": len(portrait.leadership_traits),
        "knowledge": len(portrait.knowledge),
        "hard_skills": len(portrait.hard_skills),
        "soft_skills": len(portrait.soft_skills),
        "roles": max(len(s.roles) for s in real),
        "director_roles": len(framework.stage("director").roles),
        "cmo_roles": len(framework.stage("vp_cmo").roles),
        "bu_head_roles": len(framework.stage("bu_head").roles),
        "ceo_roles": len(framework.stage("ceo").roles),
        "director_goals": len(framework.stage("director").goals),
        "cmo_goals": len(framework.stage("vp_cmo").goals),
        "bu_head_goals": len(framework.stage("bu_head").goals),
        "ceo_goals": len(framework.stage("ceo").goals),
        "ceo_paths": len(framework.stage("ceo").paths),
    }


def _counted(framework: Framework) -> tuple[Countable, ...]:
    measures = _measures(framework)
    _require("counts.yaml", "countables (ids)", sorted(c.id for c in framework.counts), sorted(measures))
    totals = {
        "": (),
        "all_roles": (sum(len(s.roles) for s in framework.stages),),
        "pillar_levels": (sum(len(p.levels) for p in framework.pillars),),
    }
    return tuple(c.model_copy(update={"count": measures[c.id], "also": totals[c.also_of]}) for c in framework.counts)


# --- questions that ask beyond the framework ---------------------------------------------------------------------------

_LARGEST_COUNT = 30  # above it the number is a year, an amount or a headcount, not "how many of them there are"

_ZH_NUMBER = r"(?:[一二两三四五六七八九十]{1,3}|\d{1,2})"
_ZH_UNIT = r"(?:大|个|条|项|根|种|类|块|档)?"
_ZH_END = r"(?=是|叫|的|讲|呢|吗|吧|有|对|[：:？?，,。！!\s]|$)"
_ZH_DIGITS = {c: n for n, c in enumerate("一二三四五六七八九", start=1)} | {"两": 2}

_EN_NUMBERS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
).split()
_EN_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()
_EN_NUMBER = rf"(?:{'|'.join(sorted(_EN_NUMBERS, key=len, reverse=True))}|\d{{1,2}})"
_EN_ORDINAL = rf"(?:{'|'.join(_EN_ORDINALS)}|\d{{1,2}}(?:st|nd|rd|th))"
_EN_ADJECTIVES = r"(?:(?:core|key|main|major|big|great|different|career|marketing|CMO's|director's|CEO's)\s+)*"


def _number(text: str) -> int | None:
    """Read a Chinese, Arabic or English number or ordinal; give None for an approximate one such as 三四."""
    word = text.lower()
    if digits := re.match(r"\d+", word):
        return int(digits.group())
    for names in (_EN_NUMBERS, _EN_ORDINALS):
        if word in names:
            return names.index(word) + 1
    tens, ten, units = word.partition("十")
    if len(tens) > 1 or len(units) > 1:
        return None
    return (_ZH_DIGITS.get(tens, 1) * 10 if ten else _ZH_DIGITS.get(tens, 0)) + _ZH_DIGITS.get(units, 0)


def _zh_forms(noun: str, ordinal_noun: str) -> Iterator[str]:
    n = rf"(?P<n>{_ZH_NUMBER})"
    yield rf"第\s*{n}\s*{_ZH_UNIT}\s*(?:{ordinal_noun})"
    if noun:
        yield rf"(?<![\d.\-~～–—至到第一二三四五六七八九十]){n}\s*{_ZH_UNIT}\s*(?:{noun})"
        yield rf"(?:{noun})(?:一?共|总共)?(?:有|分成?|分为){n}[大个条项根种类块级档步]?{_ZH_END}"
        yield rf"(?:{noun}){n}(?=是|叫|讲|[：:？?，,。！!\s]|$)"
        yield rf"(?:{noun})[^。？?！!]{{0,16}}?第{n}[个条项根种类块]{_ZH_END}"


def _en_forms(noun: str, ordinal_noun: str) -> Iterator[str]:
    n, nth = rf"(?P<n>{_EN_NUMBER})", rf"(?P<n>{_EN_ORDINAL})"
    yield rf"\b{nth}\s+{_EN_ADJECTIVES}(?:{ordinal_noun})\b"
    if noun:
        yield rf"(?<![\w.\-–])(?<!to ){n}\s+{_EN_ADJECTIVES}(?:{noun})\b"
        yield rf"\b(?:{noun})\s+(?:no\.?\s*|number\s+|#\s*)?{n}\b(?![-–%.,]?\d)"
        yield rf"\b(?:{noun})\b[^.?!]{{0,40}}?\b{nth}(?:\s+one)?(?=\s*[.?!,]|\s*$)"


def _forms(countable: Countable, lang: Lang) -> Iterator[str]:
    nouns, ordinals = countable.nouns.of(lang), countable.ordinal_nouns.of(lang)
    if nouns or ordinals:
        build: Callable[[str, str], Iterator[str]] = _zh_forms if lang == "zh" else _en_forms
        yield from build("|".join(nouns), "|".join(nouns + ordinals))
    number = _ZH_NUMBER if lang == "zh" else _EN_NUMBER
    yield from (phrase.replace("{n}", number) for phrase in countable.phrases.of(lang))


@cache
def _compiled(forms: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(form, re.IGNORECASE) for form in forms)


def _any(patterns: tuple[str, ...], text: str) -> bool:
    return any(p.search(text) for p in _compiled(patterns))


def _nearest_stage(text: str, start: int, end: int, lang: Lang, framework: Framework) -> StageId | None:
    """Find the stage named closest to `start:end`; in Chinese, where it stands before its noun, the last one before wins."""
    best: tuple[int, StageId] | None = None
    for stage in framework.stages:
        for pattern in _compiled(stage.mentions.of(lang)):
            for found in pattern.finditer(text):
                after = found.start() >= end
                distance = found.start() - end if after else max(0, start - found.end())
                distance += len(text) if after and lang == "zh" else 0
                if best is None or distance < best[0]:
                    best = (distance, stage.id)
    return best[1] if best else None


def _belongs(countable: Countable, found: re.Match[str], lang: Lang, framework: Framework) -> bool:
    if not countable.stage and not countable.without_stage:
        return True
    stage = _nearest_stage(found.string, found.start(), found.end(), lang, framework)
    return stage is None if countable.without_stage else stage == countable.stage


def _asked_beyond(countable: Countable, text: str, lang: Lang, framework: Framework) -> Countable | None:
    for form in _compiled(tuple(_forms(countable, lang))):
        for found in form.finditer(text):
            named = found.groupdict().get("n")
            asked = _number(named) if named else None
            if named and (asked is None or not countable.count < asked <= _LARGEST_COUNT or asked in countable.also):
                continue
            if _belongs(countable, found, lang, framework):
                return countable.model_copy(update={"asked": asked})
    return None


def false_premise(question: str, lang: Lang, framework: Framework) -> Countable | None:
    """Find what a question asks beyond the framework ("the sixth pillar"), with the number asked for, or None.

    A smaller number is no false premise: "which three pillars first?" is a fair question.
    """
    text = simplify(normalise(question))
    for countable in framework.counts:
        context = countable.context.of(lang)
        if _any(countable.unless.of(lang), text) or (context and not _any(context, text)):
            continue
        if found := _asked_beyond(countable, text, lang, framework):
            return found
    return None
