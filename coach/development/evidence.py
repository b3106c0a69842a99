"""Reads what a person tells of their work: which level it shows, how strongly, and in which of their own words.

Rules over words, and the words are data (`knowledge/framework/evidence.yaml`): embeddings do not tell levels. A telling is cut
into stories; of each, the level comes from its deeds and their scope, the strength from what was done, changed and kept.
What is no evidence (plans, other people's deeds, what was never done, orders to the reader) is taken out first. Decides no
level of a pillar: that is `coach.development.assessment`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field

from coach import text as texts
from coach.development.schema import MAX_EVIDENCE, Quote, Shown, Strength
from coach.framework.files import Frozen, Text, Words, read_yaml
from coach.framework.schema import Framework, Indicator, Patterns, PillarId
from coach.settings import ROOT

_SENTENCE = re.compile(r"(?:[^\n。！？!?；;.]|\.(?!\s|$))+(?:[。！？!?；;.]+[”\"』」)）]*)?")
_CLAUSE = re.compile(r"[,:]")
_TURN = re.compile(r"\bbut\b|(?=但|不过|然而)")
_COMMA = re.compile(r"[,，、]")
_LATIN = re.compile(r"[a-z]")
_BULLET = re.compile(r"^\s*[-*•·●▪◦‣–—]\s*")
_NOTE_LINE = re.compile(r"[\n:]")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_EDGES = " \t\n\r\u3000,，、;；"
_STOPS = " .。!;"
_OPENING = 16  # characters within which a sentence says that it begins something else
_NOTES = 2  # lines or more that make a telling notes
_NOTE_WORDS = 12  # words of a line of notes, at most, on average; a Chinese character counts half a word
_MARK = "#"  # stands for every number once numbers have been found


class Rule(Frozen):
    """When a level is reached, and how sure that is."""

    fair_needed: int = Field(ge=1)
    strong_points: int = Field(ge=1)
    medium: int
    high: int


class Points(Frozen):
    """What a word counts towards a level.

    Below the sum `least` a text shows none; an answer shows a lower level than asked for when that leads by `margin`.
    """

    clear: float
    sign: float
    own: float
    topic: float
    topics_most: float
    scope: float
    scope_most: float
    reached: float
    least: float
    margin: float


class Weights(Frozen):
    """What makes evidence strong (above 0) or weak (below 0), and the sums from which it is fair and strong.

    Without a measured change, only what was kept with `numbers_kept` numbers is strong, or what is told in `numbers_dense`.
    """

    change: float
    number: float
    numbers_most: float
    numbers_kept: int
    numbers_dense: int
    outcome: float
    kept: float
    price: float
    deed: float
    occasion: float
    topic: float
    unmeasured: float
    unmeasured_most: int
    habit: float
    boast: float
    boasts_most: int
    attended: float
    fair: float
    strong: float


class Vocabulary(Frozen):
    """The words common to all pillars; in `change`, `{n}` stands for a number."""

    number: Patterns
    tenure: Patterns
    deed: Patterns
    occasion: Patterns
    change: Patterns
    outcome: Patterns
    kept: Patterns
    price: Patterns
    unmeasured: Patterns
    habit: Patterns
    boast: Patterns
    attended: Patterns
    intention: Patterns
    others: Patterns
    never: Patterns
    denial: Patterns
    duty: Patterns
    post: Patterns = Patterns()
    undone: Patterns = Patterns()
    rating: Patterns
    orders: Patterns
    goes_on: Patterns
    opens: Patterns


class Scope(Patterns):
    """How far a deed of that level reaches."""

    level: int = Field(ge=1)


class LevelWords(Frozen):
    """The words of one pillar at one level."""

    level: int = Field(ge=1)
    clear: Patterns = Patterns()
    signs: Patterns = Patterns()


class EvidenceRules(Frozen):
    """The whole of evidence.yaml: the author's own judgement."""

    own_judgement: Literal[True]
    note: Text
    rule: Rule
    points: Points
    scoped: tuple[int, ...] = ()
    strength: Weights
    words: Vocabulary
    scope: tuple[Scope, ...]
    pillars: dict[PillarId, tuple[LevelWords, ...]] = {}
    indicators: dict[str, Patterns] = {}


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What a telling shows, and the levels of which it says that they were never done."""

    shown: tuple[Shown, ...]
    denied: frozenset[int]


def load_rules(knowledge: Path) -> EvidenceRules:
    """Load `knowledge/framework/evidence.yaml`. Raises SetupError naming line and mend.

    A framework without that file gets the common words of the built-in one; its levels are told by its indicators' topics.
    """
    path = knowledge / "framework" / "evidence.yaml"
    if path.exists():
        return read_yaml(path, EvidenceRules)
    common = read_yaml(ROOT / "knowledge" / "framework" / "evidence.yaml", EvidenceRules)
    return common.model_copy(update={"pillars": {}, "indicators": {}})


def strength_of(text: str, indicator: Indicator | None, rules: EvidenceRules) -> Strength:
    """How strongly a telling shows what it tells, in either language or both; weak for an empty one.

    Strong: an own deed with a measured change, or with what was kept and what it cost. Fair: an own deed that is concrete.
    Weak: praise, habits, attendance, plans, duties, other people's deeds. That nobody measured makes strong fair, not weak.
    """
    said = telling(text, rules)
    return _strength(said, _read_whole(text, rules), indicator is not None and _topics(indicator, said) > 0, rules)


def read_evidence(pillar: PillarId, text: str, framework: Framework, rules: EvidenceRules) -> tuple[Shown, ...]:
    """What a free telling about one pillar shows: a Shown for each story, in their order, each quoted literally."""
    return read(pillar, text, framework, rules).shown


def read(pillar: PillarId, text: str, framework: Framework, rules: EvidenceRules, *, field: str = "") -> Reading:
    """The stories of a telling and the levels it denies. `field` is where the words come from; by default the pillar's evidence.

    A story without a level is left out; a weak one is kept, so that the person sees it was read, though it counts for nothing.
    """
    text = text[:MAX_EVIDENCE]
    shown, denied = [], set[int]()
    for start, end in _stories(pillar, text, framework, rules):
        quote = text[start:end].strip(_EDGES)
        denied |= {level for _, said in _sentences(quote) for level in _denied(said, pillar, rules)}
        said = telling(quote, rules)
        level = level_of(pillar, said, framework, rules)
        if level is None:
            continue
        strength = _strength(said, _read_whole(_to_sentence_ends(text, start, end), rules), topical=True, rules=rules)
        quotes = _items(pillar, level, quote, rules) if strength == "fair" else [quote]
        source = field or f"evidence.{pillar}"
        for words in quotes:
            best = _best(framework.at(pillar, level), telling(words, rules), rules)
            named = best.id if best else ""
            shown.append(Shown(indicator=named, level=level, strength=strength, quote=Quote(text=words, field=source)))
    return Reading(shown=tuple(shown), denied=frozenset(denied))


def level_of(pillar: PillarId, said: str, framework: Framework, rules: EvidenceRules) -> int | None:
    """The level whose deeds and scope a telling (see `telling`) speaks of most; None when it speaks of none."""
    scores = level_scores(pillar, said, framework, rules)
    return max(scores, key=lambda level: (scores[level], level), default=None)


def answered_level(pillar: PillarId, indicator: Indicator, text: str, framework: Framework, rules: EvidenceRules) -> int | None:
    """The level an answer to an indicator's question shows: the indicator's, or a lower one of which it plainly tells.

    None for an answer about something else. Without a word of its reach, a level that needs one is not shown.
    """
    said = telling(text, rules)
    scores = level_scores(pillar, said, framework, rules)
    lower = {level: score for level, score in scores.items() if level < indicator.level}
    told = max(lower, key=lambda level: (lower[level], level), default=None)
    if indicator.level in scores:
        plainly = told is not None and lower[told] >= scores[indicator.level] + rules.points.margin
        return told if plainly else indicator.level
    if told is None and not scores and not _on_topic(indicator, said, rules):
        return None
    reaches = indicator.level not in rules.scoped or _reach(indicator.level, said, rules) > 0
    return indicator.level if reaches and told is None else told


def denies(text: str, rules: EvidenceRules) -> bool:
    """Whether an answer says that this was never done, and tells of no deed beside it."""
    said = telling(text, rules)
    return any(_any(rules.words.denial, sentence) for _, sentence in _sentences(text)) and not _is_deed(said, rules)


def is_deed(text: str, rules: EvidenceRules) -> bool:
    """Whether a text tells of something done, beside what the post is and what was never done."""
    return _is_deed(_acts(telling(text, rules), rules), rules)


def telling(text: str, rules: EvidenceRules) -> str:
    """A text in normal form (see `plain`), a sentence a line, without what is no evidence."""
    return "\n".join(_kept(said, rules) for _, said in _sentences(text))


def plain(text: str) -> str:
    """The form in which patterns are matched: normalised, simplified, lower case."""
    return texts.simplify(texts.normalise(text)).lower().replace(_MARK, " ").replace("’", "'")


def _on_topic(indicator: Indicator, said: str, rules: EvidenceRules) -> bool:
    own = rules.indicators.get(indicator.id)
    return _topics(indicator, said) > 0 or (own is not None and _any(own, said))


def _reach(level: int, said: str, rules: EvidenceRules) -> int:
    return sum(_count(s, said) for s in rules.scope if s.level == level)


def _read_whole(text: str, rules: EvidenceRules) -> str:
    """A text in normal form without orders to the reader only: praise and admissions are looked for everywhere else."""
    return "\n".join(said for _, said in _sentences(text) if not _any(rules.words.orders, said))


def level_scores(pillar: PillarId, text: str, framework: Framework, rules: EvidenceRules) -> Mapping[int, float]:
    """Points by level; only levels the text has a word of the pillar for, and whose scope it reaches."""
    points, found = rules.points, {}
    words = {each.level: each for each in rules.pillars.get(pillar, ())}
    for level in (each.number for each in framework.levels):
        score = _topic_points(framework.at(pillar, level), text, rules)
        own = words.get(level)
        if own:
            score += points.clear * _count(own.clear, text) + points.sign * _count(own.signs, text)
        reach = _reach(level, text, rules)
        if score < points.least or (level in rules.scoped and not reach):
            continue
        both = level in rules.scoped and own is not None and _any(own.clear, text)
        found[level] = score + min(points.scope_most, points.scope * reach) + points.reached * both
    return found


def _topic_points(indicators: tuple[Indicator, ...], text: str, rules: EvidenceRules) -> float:
    return max((_fit(i, text, rules) for i in indicators), default=0.0)


def _fit(indicator: Indicator, text: str, rules: EvidenceRules) -> float:
    points, own = rules.points, rules.indicators.get(indicator.id)
    topics = min(points.topics_most, points.topic * _topics(indicator, text))
    return topics + (points.own * _count(own, text) if own else 0.0)


def _best(indicators: tuple[Indicator, ...], text: str, rules: EvidenceRules) -> Indicator | None:
    """The indicator of most topic words and own patterns; the first of equals."""
    own = rules.indicators

    def fit(indicator: Indicator) -> float:
        return _topics(indicator, text) + (2 * _count(own[indicator.id], text) if indicator.id in own else 0)

    return max(indicators, key=fit, default=None)


def _topics(indicator: Indicator, text: str) -> int:
    return sum(1 for p in _topic_patterns(indicator.topics) if p.search(text))


@lru_cache(maxsize=512)
def _topic_patterns(topics: Words) -> tuple[re.Pattern[str], ...]:
    words = {plain(w) for w in (*topics.zh, *topics.en)}
    return tuple(re.compile(rf"\b{re.escape(w)}" if _LATIN.match(w) else re.escape(w)) for w in sorted(words))


@lru_cache(maxsize=512)
def _compiled(patterns: Patterns) -> tuple[re.Pattern[str], ...]:
    """ASCII, so that a Latin word ends where Chinese begins. A mark is no letter: nothing of words can stand before it."""
    zh = (p.replace("{n}", _MARK) for p in patterns.zh)
    en = (p.replace("{n}", _MARK) if "{n}" in p else rf"\b(?:{p})" for p in patterns.en)
    return tuple(re.compile(p, re.ASCII) for p in (*zh, *en))


def _any(patterns: Patterns, text: str) -> bool:
    return any(p.search(text) for p in _compiled(patterns))


def _count(patterns: Patterns, text: str) -> int:
    """How many of the patterns the text matches; each counts once, so that repeating a word proves nothing."""
    return sum(1 for p in _compiled(patterns) if p.search(text))


def _times(patterns: Patterns, text: str) -> int:
    """How many different words of these kinds the text holds."""
    return len({m.group() for p in _compiled(patterns) for m in p.finditer(text)})


def _sentences(text: str) -> Iterator[tuple[tuple[int, int], str]]:
    """Each sentence's place in the text, and its form for matching."""
    for match in _SENTENCE.finditer(text):
        if match.group().strip():
            yield match.span(), plain(match.group())


def _to_sentence_ends(text: str, start: int, end: int) -> str:
    """A stretch of text with the rest of the sentences it is cut from: praise at their end is meant for all of them."""
    spans = [span for span, _ in _sentences(text) if span[0] < end and span[1] > start]
    return text[min(start, spans[0][0]) : max(end, spans[-1][1])] if spans else text[start:end]


def _kept(sentence: str, rules: EvidenceRules) -> str:
    """A sentence in normal form without its clauses that are no evidence."""
    words = rules.words
    if _any(words.orders, sentence):
        return ""
    return ",".join(clause for half in _TURN.split(sentence) for clause in _done(half, rules))


def _done(half: str, rules: EvidenceRules) -> Iterator[str]:
    """The clauses of half a sentence that tell what the person did; a plan reaches over the clauses after it."""
    words, planned = rules.words, False
    for clause in _CLAUSE.split(half):
        planned = _any(words.intention, clause) or (planned and not _any(words.occasion, clause))
        barred = any(_any(p, clause) for p in (words.others, words.never, words.rating))
        idle = _without_deed(words.attended, clause, rules) or _without_deed(words.duty, clause, rules)
        duty = _any(words.duty, clause) and not _numbered(clause, words)[1]
        if not (planned or barred or idle or duty):
            yield clause


def _without_deed(patterns: Patterns, clause: str, rules: EvidenceRules) -> bool:
    """Whether a clause says something of these patterns and, beside it, tells of no deed and no change."""
    if not _any(patterns, clause):
        return False
    for pattern in _compiled(patterns):
        clause = pattern.sub(" ", clause)
    return not _is_deed(clause, rules)


def _denied(sentence: str, pillar: PillarId, rules: EvidenceRules) -> Iterator[int]:
    """The levels of which a clause says that this was never done."""
    for clause in re.split(f"{_CLAUSE.pattern}|{_TURN.pattern}", sentence):
        if not _any(rules.words.denial, clause) or _any(rules.words.unmeasured, clause):
            continue
        words = [w for w in rules.pillars.get(pillar, ()) if _any(w.clear, clause)]
        if len(words) == 1:
            yield words[0].level


def _stories(pillar: PillarId, text: str, framework: Framework, rules: EvidenceRules) -> Iterator[tuple[int, int]]:
    """Start and end of the stretches of text that tell of one thing.

    A sentence begins a new story when it stands on a new line, after a Chinese semicolon, or begins with a bullet or "also",
    tells a deed of some level itself, and the story before it has one too; what begins with "then" or "now" goes on with that.
    """
    begun: tuple[int, int] | None = None
    for (start, end), said in _pieces(text, rules):
        if begun is not None:
            apart = "\n" in text[begun[1] : start] or text[begun[1] - 1] == "；" or _any_at_start(rules.words.opens, said)
            own = apart and not _any_at_start(rules.words.goes_on, _BULLET.sub("", said))
            if (
                own
                and _speaks(pillar, _kept(said, rules), framework, rules)
                and _is_deed(telling(text[slice(*begun)], rules), rules)
            ):
                yield begun
                begun = None
        begun = (begun[0] if begun else start, end)
    if begun is not None:
        yield begun


def _pieces(text: str, rules: EvidenceRules) -> Iterator[tuple[tuple[int, int], str]]:
    """Sentences, cut once more where a clause begins with "also": a list is often told in one breath."""
    for (start, end), _ in _sentences(text):
        cuts = [start, *(start + m.end() for m in _COMMA.finditer(text[start:end]))]
        begun = start
        for cut in cuts[1:]:
            if _any_at_start(rules.words.opens, plain(text[cut : min(end, cut + _OPENING)])):
                yield (begun, cut), plain(text[begun:cut])
                begun = cut
        yield (begun, end), plain(text[begun:end])


def _items(pillar: PillarId, level: int, story: str, rules: EvidenceRules) -> list[str]:
    """The deeds of a list told in one sentence, each of its own kind.

    A story in several sentences, of one kind, or that admits something stays whole.
    """
    words = next((w for w in rules.pillars.get(pillar, ()) if w.level == level), None)
    if words is None or sum(1 for _ in _sentences(story)) != 1 or _any(rules.words.unmeasured, plain(story)):
        return [story]
    items: list[tuple[str, frozenset[int]]] = []
    for clause in (c.strip(_EDGES) for c in _COMMA.split(story)):
        said = telling(clause, rules)
        kinds = frozenset(n for n, p in enumerate(_families(words.clear)) if any(each.search(said) for each in p))
        if kinds and _any(rules.words.deed, said) and not any(kinds & other for _, other in items):
            items.append((clause, kinds))
    return [clause for clause, _ in items] if len(items) > 1 else [story]


@lru_cache(maxsize=512)
def _families(patterns: Patterns) -> tuple[tuple[re.Pattern[str], ...], ...]:
    """The patterns of a kind of deed, both languages together: they stand in the same order in the file."""
    zh, en = _compiled(Patterns(zh=patterns.zh)), _compiled(Patterns(en=patterns.en))
    longest = max(len(zh), len(en))
    return tuple((*zh[n : n + 1], *en[n : n + 1]) for n in range(longest))


def _is_deed(said: str, rules: EvidenceRules) -> bool:
    return _any(rules.words.deed, said) or _any(rules.words.change, _numbered(said, rules.words)[0])


def _speaks(pillar: PillarId, said: str, framework: Framework, rules: EvidenceRules) -> bool:
    """Whether a sentence tells a deed of some level by itself; a mere result goes on with the deed before it."""
    return _any(rules.words.deed, said) and level_of(pillar, said, framework, rules) is not None


def _any_at_start(patterns: Patterns, text: str) -> bool:
    return any(p.match(text) for p in _compiled(patterns))


def _strength(said: str, whole: str, topical: bool, rules: EvidenceRules) -> Strength:
    """`said` is the text without what is no evidence; habits, praise and admissions are read in the `whole` of it."""
    w, words = rules.strength, rules.words
    acts = _acts(said, rules)
    numbered, numbers = _numbered(acts, words)
    change = _any(words.change, numbered)
    deed = _any(words.deed, acts) or (topical and _noted(said, whole, numbers, rules))
    score = w.change * change + w.deed * (deed or change) + w.topic * topical
    score += min(w.numbers_most, w.number * max(0, numbers - 2 * change))
    if deed or change:
        for weight, patterns in ((w.outcome, words.outcome), (w.kept, words.kept), (w.price, words.price)):
            score += weight * _any(patterns, said)
        score += w.occasion * _any(words.occasion, said)
    score += w.boast * min(w.boasts_most, _times(words.boast, whole))
    score += w.habit * min(2, _times(words.habit, whole)) + w.attended * _any(words.attended, whole)
    admitted, praised = _times(words.unmeasured, whole), _any(words.boast, whole) or _any(words.habit, whole)
    others = _any(words.others, whole)
    came = any(_any(p, said) for p in (words.outcome, words.kept, words.price))
    plainly = deed and came and topical and not praised and not others
    if not deed and (others or _any(words.attended, whole)):  # what changed was somebody else's doing
        return "weak"
    if change and not deed and admitted:  # a figure that nobody looked into
        return "weak"
    if score < w.fair or not (deed or change) or not (numbers or change or admitted or plainly or _any(words.occasion, said)):
        return "weak"
    score += w.unmeasured * min(w.unmeasured_most, admitted)
    kept = _any(words.kept, said) and numbers >= w.numbers_kept
    shown = change or kept or (numbers >= w.numbers_dense and not admitted)
    return "strong" if score >= w.strong and shown else "fair"


def _acts(said: str, rules: EvidenceRules) -> str:
    """A telling without the clauses that only tell what the post is, or what was not done."""
    idle = (rules.words.post, rules.words.undone)
    kept = ((c for c in _CLAUSE.split(line) if not any(_any(p, c.strip(_STOPS)) for p in idle)) for line in said.split("\n"))
    return "\n".join(",".join(line) for line in kept)


def _noted(said: str, whole: str, numbers: int, rules: EvidenceRules) -> bool:
    """Whether a telling is notes of something that happened: short lines without "I" are one's own deeds, as in a CV.

    Only where nothing is praised or usual, and a time or a number stands beside what came of it, or what was left open.
    """
    words = rules.words
    lines = [line for line in _NOTE_LINE.split(whole) if line.strip()]
    long = sum(len(line.split()) + len(_HAN.findall(line)) / 2 for line in lines)
    if len(lines) < _NOTES or long > _NOTE_WORDS * len(lines):
        return False
    if any(_any(p, whole) for p in (words.boast, words.habit, words.attended, words.duty)):
        return False
    happened = any(_any(p, whole) for p in (words.outcome, words.price, words.unmeasured))
    return happened and (numbers > 0 or _any(words.occasion, said))


def _numbered(text: str, words: Vocabulary) -> tuple[str, int]:
    """The text with a mark for every number, and how many different numbers it holds."""
    for pattern in _compiled(words.tenure):
        text = pattern.sub(" ", text)
    found: set[str] = set()
    for pattern in _compiled(words.number):
        found |= {m.group() for m in pattern.finditer(text)}
        text = pattern.sub(_MARK, text)
    return text, len(found)
