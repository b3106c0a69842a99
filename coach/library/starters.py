"""Questions to begin with for each stage, out of the questions that the built-in articles answer; chosen by rules alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coach.framework.schema import Stage
from coach.library.catalogue import Catalogue
from coach.types import Lang

BUILT_IN = "built-in"
_LENGTH = {"zh": (8, 24), "en": (26, 72)}
"""Characters of a question that is plain at a glance."""
_ASKS = {
    "zh": re.compile(r"什么|怎么|如何|多少|哪|几|吗|谁|为何|为啥|要不要|该不该|是不是|能不能|值不值|多久|咋"),
    "en": re.compile(r"^(?:how|what|why|which|when|who|where|is|are|do|does|can|should|will|could)\b", re.I),
}
_FIRST = 4
"""Of an article's questions, the first are the plainest; later ones are said in ever other ways."""
_ODD = re.compile(
    r"[\d%*“]|资料|框架|原文|文中|第[一二三四五六七八九]阶段|阶段[一二三四]|material|framework|article|stage \w+|\?.+\?|？.+？"
)
"""Asks for a figure or for what is written, or asks twice."""


@dataclass(frozen=True, kw_only=True)
class _Article:
    stages: tuple[str, ...]
    pillars: tuple[str, ...]
    questions: tuple[str, ...]


def starters(path: Path, stages: Sequence[Stage], lang: Lang, count: int = 3) -> list[tuple[Stage, list[str]]]:
    """For each stage up to `count` questions, no question and no article twice; a stage without any is left out.

    `path` is the catalogue of a built library.
    """
    articles = _articles(path, lang)
    used: set[int] = set()
    found: list[tuple[Stage, list[str]]] = []
    # the stages with the fewest articles choose first; what is shown stays in the order of the stages
    for stage in sorted(stages, key=lambda s: sum(s.id in a.stages for a in articles)):
        chosen = _chosen(articles, stage, lang, count, used)
        if chosen:
            found.append((stage, chosen))
    return sorted(found, key=lambda pair: pair[0].order)


def _articles(path: Path, lang: Lang) -> list[_Article]:
    catalogue = Catalogue(path)
    try:
        ids = [d["id"] for d in catalogue.documents() if d["lang"] == lang and d["collection"] == BUILT_IN]
        return [_article(catalogue.meta(name)) for name in sorted(ids)]
    finally:
        catalogue.close()


def _article(meta: dict[str, Any]) -> _Article:
    return _Article(
        stages=tuple(meta.get("stages", ())), pillars=tuple(meta.get("pillars", ())), questions=tuple(meta.get("questions", ()))
    )


def _chosen(articles: Sequence[_Article], stage: Stage, lang: Lang, count: int, used: set[int]) -> list[str]:
    """Articles that are most about this stage come first, and each of another pillar than those before it, where there is one."""
    about = [n for n, a in enumerate(articles) if stage.id in a.stages and n not in used]
    about.sort(key=lambda n: (len(articles[n].stages), articles[n].stages.index(stage.id)))
    chosen: list[str] = []
    seen: set[str] = set()
    for again in (False, True):
        for n in about:
            article = articles[n]
            if len(chosen) == count:
                return chosen
            if n in used or (not again and seen & set(article.pillars)):
                continue
            if question := _plain(article.questions, lang):
                chosen.append(question)
                used.add(n)
                seen.update(article.pillars)
    return chosen


def _plain(questions: Sequence[str], lang: Lang) -> str:
    """The first question that is short and whole, as a question is written; empty when there is none."""
    least, most = _LENGTH[lang]
    for question in questions[:_FIRST]:
        bare = question.rstrip("?？ ")
        if least <= len(bare) <= most and _ASKS[lang].search(bare) and not _ODD.search(bare):
            return f"{bare}？" if lang == "zh" else f"{bare[:1].upper()}{bare[1:]}?"
    return ""
