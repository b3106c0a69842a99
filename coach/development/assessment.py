"""From answers and free evidence to one level for every pillar, the questions that ask for them, and what others say.

Rules decide, by the numbers of `knowledge/framework/evidence.yaml`; a model may propose and the person confirms. A rating of
one's own never decides anything. Reading a text is in `coach.development.evidence`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

from coach import text as texts
from coach.development.evidence import EvidenceRules, Reading, answered_level, denies, read, strength_of
from coach.development.schema import MAX_EVIDENCE, Confidence, LevelResult, Quote, Shown, Strength
from coach.errors import InputError
from coach.framework.files import Text
from coach.framework.schema import Framework, Indicator, Pillar, PillarId, StageId
from coach.messages import both, say
from coach.types import Lang

Form = Literal["short", "full"]
Relation = Literal["manager", "report", "peer"]

LEAST_ANSWERS = 3
"""Feedback is shown from so many answers on; fewer would show who said it."""
_RAISES = 2  # indicators named as what would raise a level
_COUNTS = 2  # lines of each of them
_LEAST_SAME = 10  # characters from which a telling that stands within another is the same one
_QUOTED = 60  # characters of the person's own words within a sentence
_ORDER: dict[Strength, int] = {"weak": 0, "fair": 1, "strong": 2}
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question: what it asks, what counts as an answer, and an invented example behind a button."""

    indicator: str
    pillar: PillarId
    level: int
    text: str
    counts: tuple[str, ...]
    example_button: str
    example: str


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What a chat model reads out of a text: the indicator, how strongly, the words that show it, and why."""

    indicator: str
    strength: Strength
    quote: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Proposed:
    """A proposal that holds against the text. It counts for nothing until the person confirms it."""

    pillar: PillarId
    shown: Shown
    reason: str
    mark: Text


@dataclass(frozen=True, kw_only=True)
class FeedbackAnswer:
    """What one other person says of one pillar: a level from 1, 0 for "cannot say", and a comment, which may be empty."""

    pillar: PillarId
    relation: Relation
    rating: int
    comment: str = ""


@dataclass(frozen=True, kw_only=True)
class FeedbackSummary:
    """What others say of a pillar, beside the person's own rating; from three answers on, until then only `note`.

    `medians` holds a relation only with three answers of its own. `comments` stand in no order that tells who wrote them.
    """

    pillar: PillarId
    number: int
    overall: float | None
    medians: dict[Relation, float]
    comments: tuple[str, ...]
    self_rating: int | None
    note: Text


def questionnaire(framework: Framework, form: Form, lang: Lang, stage: StageId | None = None) -> tuple[Question, ...]:
    """The questions of a form, pillar by pillar, from the lowest level up. Raises InputError for another form or stage.

    Short: two a pillar, about ten minutes: the level expected of the stage (the first one where none is known) and one above;
    at the top, the top and one below. Full: every indicator; `next_question` leaves out what earlier answers settle.
    """
    if form not in ("short", "full"):
        raise InputError(f"There is no form {form!r}.", hint="Use short or full.")
    if stage is not None and stage not in {s.id for s in framework.stages}:
        raise InputError(f"There is no stage {stage!r}.", hint=f"Use one of {', '.join(s.id for s in framework.stages)}.")
    numbers = [level.number for level in framework.levels]
    lower = min(max(numbers[0], framework.expected_level(stage) if stage else 0), max(numbers[0], numbers[-1] - 1))
    found: list[Question] = []
    for pillar in framework.pillars:
        for level in numbers:
            indicators = framework.at(pillar.id, level)
            if form == "short":
                indicators = indicators[:1] if lower <= level <= lower + 1 else ()
            found.extend(_question(pillar.id, indicator, lang) for indicator in indicators)
    return tuple(found)


def next_question(
    questions: Sequence[Question], answers: Mapping[str, str], framework: Framework, rules: EvidenceRules
) -> Question | None:
    """The first question still worth asking; None when the form is done. An empty answer is one that was skipped.

    Answers by indicator id, so that a form can be left and taken up again anywhere. A level that is reached is asked no
    further; a pillar ends with the first level all of whose questions were answered without reaching it. The short form asks
    all it has: it has one question a level.
    """
    per_level = {(q.pillar, q.level): [x for x in questions if (x.pillar, x.level) == (q.pillar, q.level)] for q in questions}
    short = all(len(group) == 1 for group in per_level.values())
    ended: set[PillarId] = set()
    for (pillar, level), group in per_level.items():
        open_ones = [q for q in group if q.indicator not in answers]
        if short or pillar in ended:
            if short and open_ones:
                return open_ones[0]
            continue
        given = {i.id: answers[i.id] for i in framework.indicators.get(pillar, ()) if i.id in answers}
        if _reaches(_answered(framework.pillar(pillar), given, framework, rules), level, rules):
            continue
        if open_ones:
            return open_ones[0]
        ended.add(pillar)
    return None


def assess(
    answers: Mapping[str, str],
    evidence: Mapping[PillarId, str],
    self_ratings: Mapping[PillarId, int],
    framework: Framework,
    rules: EvidenceRules,
    *,
    confirmed: Sequence[Shown] = (),
) -> tuple[LevelResult, ...]:
    """One result for every pillar, in order. Unknown indicators and pillars, and ratings out of range, are left aside.

    Level L is reached with one strong or `rule.fair_needed` fair showings at L or above. It is not given when a lower level is
    denied ("I have never …") and nothing shows it. Otherwise the level is None: not enough evidence. Confidence grows with
    number and strength. The numbers stand in evidence.yaml and are the author's own judgement.
    """
    return tuple(
        _result(
            pillar,
            _readings(pillar, answers, evidence, framework, rules),
            [s for s in confirmed if s.indicator in _ids(framework, pillar.id)],
            _rating(self_ratings.get(pillar.id), framework),
            framework,
            rules,
        )
        for pillar in framework.pillars
    )


def propose(proposals: Iterable[Proposal], text: str, framework: Framework) -> tuple[Proposed, ...]:
    """The proposals of a model that hold: a known indicator, a quote that stands literally in the text, no number of its own."""
    numbers = set(_NUMBER.findall(texts.normalise(text)))
    where = {i.id: (pillar, i) for pillar, indicators in framework.indicators.items() for i in indicators}
    kept = []
    for each in proposals:
        quote = each.quote.strip()
        if each.indicator not in where or each.strength not in _ORDER or not quote or quote not in text:
            continue
        if not set(_NUMBER.findall(texts.normalise(each.reason))) <= numbers:
            continue
        pillar, indicator = where[each.indicator]
        source = Quote(text=quote, field=f"evidence.{pillar}")
        shown = Shown(indicator=indicator.id, level=indicator.level, strength=each.strength, quote=source)
        kept.append(Proposed(pillar=pillar, shown=shown, reason=each.reason, mark=both("assess_proposed")))
    return tuple(kept)


def summarise_feedback(
    answers: Iterable[FeedbackAnswer], framework: Framework, self_ratings: Mapping[PillarId, int]
) -> tuple[FeedbackSummary, ...]:
    """What others say, for every pillar in order, beside the person's own rating; anonymous below three answers."""
    given = tuple(answers)
    return tuple(
        _feedback(pillar, [a for a in given if a.pillar == pillar.id], _rating(self_ratings.get(pillar.id), framework), framework)
        for pillar in framework.pillars
    )


def _question(pillar: PillarId, indicator: Indicator, lang: Lang) -> Question:
    return Question(
        indicator=indicator.id,
        pillar=pillar,
        level=indicator.level,
        text=indicator.question.of(lang),
        counts=indicator.counts.of(lang),
        example_button=say("assess_example", lang),
        example=indicator.samples.strong.of(lang),
    )


def _ids(framework: Framework, pillar: PillarId) -> Collection[str]:
    return {i.id for i in framework.indicators.get(pillar, ())}


def _rating(value: int | None, framework: Framework) -> int | None:
    return value if value in [level.number for level in framework.levels] else None


def _readings(
    pillar: Pillar, answers: Mapping[str, str], evidence: Mapping[PillarId, str], framework: Framework, rules: EvidenceRules
) -> Reading:
    """Everything the person told of a pillar: answers first, then the free text, each story once."""
    free = read(pillar.id, evidence.get(pillar.id, ""), framework, rules)
    answered = _answered(pillar, answers, framework, rules)
    seen: list[str] = []
    shown = []
    for each in (*answered, *free.shown):
        words = texts.fold(each.quote.text)
        if not any(_same(words, other) for other in seen):
            seen.append(words)
            shown.append(each)
    return Reading(shown=tuple(shown), denied=free.denied)


def _same(one: str, other: str) -> bool:
    """Whether one telling holds the other; of very short ones ("never") only whether they are equal."""
    return one == other or (min(len(one), len(other)) >= _LEAST_SAME and (one in other or other in one))


def _answered(pillar: Pillar, answers: Mapping[str, str], framework: Framework, rules: EvidenceRules) -> tuple[Shown, ...]:
    """What the answers show: the indicator they answer; another level when the answer plainly tells of a lower one.

    An answer that this was never done is kept as weak: it was read, and counts for nothing.
    """
    found = []
    for indicator in framework.indicators.get(pillar.id, ()):
        said = answers.get(indicator.id, "").strip()[:MAX_EVIDENCE]
        never = denies(said, rules)
        level = indicator.level if never else answered_level(pillar.id, indicator, said, framework, rules) if said else None
        if level is None:
            continue
        strength: Strength = "weak" if never else strength_of(said, indicator, rules)
        source = Quote(text=said, field=indicator.id)
        found.append(Shown(indicator=indicator.id, level=level, strength=strength, quote=source))
    return tuple(found)


def _result(
    pillar: Pillar,
    reading: Reading,
    confirmed: Sequence[Shown],
    rating: int | None,
    framework: Framework,
    rules: EvidenceRules,
) -> LevelResult:
    shown = (*reading.shown, *confirmed)
    level = _level(shown, reading.denied, framework, rules)
    # Beside what shows something, a "no" to another question is no exhibit.
    told = [s for s in shown if s.strength != "weak"] or shown
    profession = framework.profession
    return LevelResult(
        pillar=pillar.id,
        level=level,
        confidence=_confidence(shown, level, rules),
        rubric=pillar.at(level or framework.levels[0].number).text,
        shown=tuple(sorted(told, key=lambda s: (-s.level, -_ORDER[s.strength]))),
        raises=_raises(pillar, level, shown, framework),
        self_rating=rating,
        contradiction=_contradiction(rating, level, shown),
        provenance=both(
            "assess_by_rule_and_model" if confirmed else "assess_by_rule", name=profession.name, version=profession.version
        ),
    )


def _points(shown: Iterable[Shown], level: int, rules: EvidenceRules) -> int:
    """The points of what is shown at a level or above: strong counts more, weak nothing."""
    worth = {"weak": 0, "fair": 1, "strong": rules.rule.strong_points}
    return sum(worth[s.strength] for s in shown if s.level >= level)


def _reaches(shown: Sequence[Shown], level: int, rules: EvidenceRules) -> bool:
    strengths = [s.strength for s in shown if s.level >= level]
    return "strong" in strengths or strengths.count("fair") >= rules.rule.fair_needed


def _level(shown: Sequence[Shown], denied: Collection[int], framework: Framework, rules: EvidenceRules) -> int | None:
    reached = None
    for level in (each.number for each in framework.levels):
        own = [s for s in shown if s.level == level and s.strength != "weak"]
        if level in denied and not own:
            break
        if _reaches(shown, level, rules):
            reached = level
    return reached


def _confidence(shown: Sequence[Shown], level: int | None, rules: EvidenceRules) -> Confidence:
    points = _points(shown, level, rules) if level is not None else 0
    return "high" if points >= rules.rule.high else "medium" if points >= rules.rule.medium else "low"


def _raises(pillar: Pillar, level: int | None, shown: Sequence[Shown], framework: Framework) -> tuple[Text, ...]:
    """What counts for the indicators of the next level, those begun first; nothing above the highest level."""
    started = {s.indicator for s in shown if s.strength != "strong"}
    done = {s.indicator for s in shown if s.strength == "strong"}
    wanted = (level or 0) + 1 if level is not None else framework.levels[0].number
    nearest = sorted((i for i in framework.at(pillar.id, wanted) if i.id not in done), key=lambda i: i.id not in started)
    return tuple(line for indicator in nearest[:_RAISES] for line in _counts(indicator))


def _counts(indicator: Indicator) -> Iterator[Text]:
    for zh, en in zip(indicator.counts.zh[:_COUNTS], indicator.counts.en, strict=False):
        yield Text(zh=zh, en=en)


def _contradiction(rating: int | None, level: int | None, shown: Sequence[Shown]) -> Text | None:
    """A kind sentence where the person's own rating and what they told differ; None where they agree."""
    if rating is None or rating == level:
        return None
    if level is None:
        return both("assess_unproven", rating=rating)
    best = max((s for s in shown if s.level >= level), key=lambda s: _ORDER[s.strength])
    key = "assess_rated_higher" if rating > level else "assess_rated_lower"
    return both(key, rating=rating, level=level, words=_short(best.quote.text))


def _short(words: str) -> str:
    """The beginning of the person's words, on one line; an ellipsis where they go on."""
    line = " ".join(words.split())
    return line if len(line) <= _QUOTED else f"{line[:_QUOTED].rstrip()}…"


def _feedback(pillar: Pillar, given: Sequence[FeedbackAnswer], own: int | None, framework: Framework) -> FeedbackSummary:
    numbers = {level.number for level in framework.levels}
    rated = [a for a in given if a.rating in numbers]
    by_relation: dict[Relation, list[int]] = {}
    for answer in rated:
        by_relation.setdefault(answer.relation, []).append(answer.rating)
    shown = len(given) >= LEAST_ANSWERS
    medians = {r: float(median(v)) for r, v in sorted(by_relation.items()) if shown and len(v) >= LEAST_ANSWERS}
    return FeedbackSummary(
        pillar=pillar.id,
        number=len(given),
        overall=float(median(a.rating for a in rated)) if len(rated) >= LEAST_ANSWERS else None,
        medians=medians,
        comments=_mixed(a.comment for a in given) if shown else (),
        self_rating=own,
        note=both("assess_feedback" if shown else "assess_feedback_few", number=len(given)),
    )


def _mixed(comments: Iterable[str]) -> tuple[str, ...]:
    """Comments in the order of their hashes: mixed, the same at every look, and no trace of who came first."""
    said = [texts.clean(c).strip() for c in comments]
    return tuple(sorted((c for c in said if c), key=lambda c: hashlib.sha256(c.encode()).digest()))
