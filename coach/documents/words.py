"""How a plan's values read in a document: levels, stages, horizons, quotations, numbered sources. One language at a time."""

from __future__ import annotations

import re
from collections.abc import Iterable

from coach.development.schema import Line, Plan, Quote, Source
from coach.documents.blocks import Piece
from coach.framework.files import Text
from coach.framework.schema import Framework, HorizonId
from coach.messages import CATALOGUE, say
from coach.types import Lang

_LETTER = re.compile(r"[A-Za-z0-9]")
_LAST_WORD = re.compile(r"\s\S{1,20}$")
LONGEST_QUOTE = 280
"""Characters of one quotation in a document; the rest is cut, and seen to be cut."""


class Words:
    """The words of one plan in one language."""

    def __init__(self, plan: Plan, framework: Framework, lang: Lang) -> None:
        self.plan, self.framework, self.lang = plan, framework, lang
        self._stages = {s.id: s.name for s in framework.stages}
        self._pillars = {p.id: p.name for p in framework.pillars}
        self._levels = {level.number: level.name for level in framework.levels}
        self._numbers: dict[tuple[str, str, str], int] = {}
        for line in plan.lines:
            self._numbers.setdefault(_key(line.source), len(self._numbers) + 1)

    @property
    def owner(self) -> str:
        """Who owns every line; nobody when they differ."""
        owners = {line.owner for line in self.plan.lines}
        return owners.pop().strip() if len(owners) == 1 else ""

    def of(self, text: Text) -> str:
        """A text in the document's language."""
        return text.of(self.lang)

    def say(self, key: str, **values: object) -> str:
        """A sentence of the catalogue in the document's language."""
        return say(key, self.lang, **values)

    def piece(self, key: str, text: str) -> Piece:
        """A piece introduced by a word of the catalogue."""
        return Piece(label=self.say("doc_colon", label=self.say(key)), text=text)

    def listed(self, items: Iterable[str], *, long: bool = False) -> str:
        """Items one after the other; `long` ones are parted by semicolons."""
        return self.say("doc_list_stop" if long else "doc_list_comma").join(items)

    def stage(self, stage_id: str) -> str:
        """A stage's name; its id when the framework has it no more."""
        return self.of(self._stages[stage_id]) if stage_id in self._stages else stage_id

    @property
    def way(self) -> str:
        """From the stage now to the target, or that the person stays where they are: to go deeper, or to do it well."""
        now = self.stage(self.plan.stage)
        if self.plan.stage != self.plan.target:
            return self.say("doc_from_to", now=now, target=self.stage(self.plan.target))
        return self.say("doc_deeper" if self.plan.direction == "depth" else "doc_stays", now=now)

    @property
    def aim(self) -> str:
        """The same as a sentence."""
        stage = self.stage(self.plan.stage)
        if self.plan.stage != self.plan.target:
            return self.say("doc_short_stage", stage=stage, target=self.stage(self.plan.target))
        return self.say("doc_short_depth" if self.plan.direction == "depth" else "doc_short_stay", stage=stage)

    @property
    def all_met(self) -> bool:
        """Whether every level is known by evidence and as high as the target asks."""
        expected = self.framework.mapping.expected.get(self.plan.target, 0)
        levels = [each.level for each in self.plan.levels]
        return bool(levels) and not self.plan.gaps and all(level is not None and level >= expected for level in levels)

    def pillar(self, pillar_id: str) -> str:
        """A pillar's name; its id when the framework has it no more."""
        return self.of(self._pillars[pillar_id]) if pillar_id in self._pillars else pillar_id

    def level(self, number: int | None) -> str:
        """A level by number and name."""
        if number is None:
            return self.say("doc_level_unknown")
        if number in self._levels:
            return self.say("doc_level", n=number, name=self.of(self._levels[number]))
        return self.say("doc_level_plain", n=number)

    def wanted(self, number: int) -> str:
        """A level the target asks for; 0 is none."""
        return self.level(number) if number else self.say("doc_level_none")

    def horizon(self, horizon_id: HorizonId) -> str:
        """A horizon with its span, as the framework sets it."""
        name = self.say(f"doc_horizon_{horizon_id}")
        for horizon in self.framework.plan.horizons:
            if horizon.id == horizon_id:
                first, last = horizon.months
                if first % 12 or last % 12:
                    return self.say("doc_in_months", name=name, first=first, last=last)
                return self.say("doc_in_years", name=name, first=first // 12, last=last // 12)
        return name

    def kind(self, line: Line) -> str:
        """The kind of an action as the framework names it."""
        return next((self.of(k.name) for k in self.framework.plan.action_kinds if k.id == line.kind), line.kind or "")

    def cost(self, cost: str) -> str:
        """A cost in words; what is no known grade stands as it is."""
        key = f"doc_cost_{cost}"
        return self.say(key) if key in CATALOGUE else cost

    def quoted(self, text: str, longest: int = LONGEST_QUOTE) -> str:
        """Somebody's words in quotation marks, cut visibly when too long."""
        words = shortened(text, longest)
        return self.say("doc_quoted", words=words) if words else self.say("doc_none")

    def field(self, quote: Quote) -> str:
        """What a quotation is about: the profile field, or the pillar it is evidence for."""
        names = re.split(r"[^\w-]+", quote.field)
        for name in reversed(names):
            if name in self._pillars:
                return self.pillar(name)
        key = f"doc_field_{names[0]}"
        return self.say(key if key in CATALOGUE else "doc_field")

    def source(self, source: Source) -> str:
        """The number of a source, as it stands in the list at the end."""
        return f"[{self._numbers[_key(source)]}]"

    @property
    def sources(self) -> list[str]:
        """The numbered list of sources."""
        first: dict[tuple[str, str, str], Source] = {}
        for line in self.plan.lines:
            first.setdefault(_key(line.source), line.source)
        return [
            self.say("doc_source_line", n=n, title=self.of(source.title), label=self.of(source.label))
            for n, source in enumerate(first.values(), 1)
        ]


def shortened(text: str, longest: int) -> str:
    """A text in one paragraph, cut with … when it is longer than that many characters; not within a word if it can be helped."""
    text = re.sub(r"\s+", " ", text).strip()
    if len(text) <= longest:
        return text
    kept = text[: longest - 1]
    if _LETTER.match(kept[-1]) and _LETTER.match(text[longest - 1]):
        kept = _LAST_WORD.sub("", kept)
    return kept.rstrip() + "…"


def _key(source: Source) -> tuple[str, str, str]:
    return source.article, source.title.zh, source.label.zh
