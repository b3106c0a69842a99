"""Checks the whole knowledge folder: does every text state the facts it names, does none contradict one or fall into a trap?

`coach knowledge check` shows what is found here, and the tests run it. Reads files only; needs no model and no index.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel

from coach.claims import Claims
from coach.errors import CoachError, DocumentError
from coach.framework.facts import FactBook
from coach.framework.files import Problem, Text, Words, line_of
from coach.framework.load import read_framework
from coach.framework.schema import Action, Framework, Indicator, Sourced
from coach.framework.terms import missing, plain
from coach.library import closeness
from coach.library.articles import Article, read_article
from coach.library.passages import sentences
from coach.text import fold
from coach.types import Lang

LANGS: tuple[Lang, Lang] = ("zh", "en")
LENGTH: dict[Lang, tuple[int, int]] = {"zh": (150, 600), "en": (120, 450)}
"""Characters of a Chinese article, words of an English one."""
QUESTIONS = 8
"""An article that answers fewer questions than this is too narrow to be found, or not finished."""


@dataclass(frozen=True, kw_only=True)
class Carrier:
    """A text of the knowledge folder that names facts: an article, or an item of the framework."""

    file: str
    path: Path
    needle: str
    lang: Lang
    facts: tuple[str, ...]
    text: str
    title: str = ""

    def problem(self, what: str, mend: str, needle: str = "") -> Problem:
        """A problem in this text, on the line that holds `needle`."""
        return Problem(file=self.file, line=line_of(self.path, needle or self.needle), what=what, mend=mend)


@dataclass(frozen=True, kw_only=True)
class Report:
    """What the check looked at and what is wrong; `stated` counts the texts that state each fact, by language."""

    problems: tuple[Problem, ...]
    articles: dict[Lang, int]
    facts: int
    traps: int
    indicators: int
    actions: int
    metrics: int
    stated: dict[str, dict[Lang, int]]


def check(knowledge: Path) -> Report:
    """Everything wrong with a knowledge folder. Raises nothing for bad files: they are what it reports."""
    problems: list[Problem] = []
    framework, wrong = read_framework(knowledge)
    problems += wrong
    articles, wrong = _articles(knowledge)
    problems += wrong
    book = FactBook()
    claims: Claims | None = None
    try:
        book = FactBook.load(knowledge)
        claims = Claims.load(knowledge / "claims.yaml") if (knowledge / "claims.yaml").exists() else None
    except CoachError as error:
        problems.append(Problem(file="", line=0, what=error.message, mend=error.hint))
    carriers = [_from_article(a, knowledge) for a in articles]
    if framework is not None:
        carriers += list(_from_framework(framework, knowledge))
        problems += _against_framework(framework, articles, knowledge)
    stated: dict[str, dict[Lang, int]] = defaultdict(lambda: {"zh": 0, "en": 0})
    problems += _facts(carriers, book, stated)
    problems += _sentences(carriers, book, claims)
    problems += _copied(carriers, closeness.load(knowledge))
    problems += _traps(articles, book, knowledge)
    problems += _pairs(articles)
    problems += _doubled(articles)
    for article in articles:
        problems += _shape(article, knowledge)
    return Report(
        problems=tuple(dict.fromkeys(problems)),
        articles={lang: sum(a.lang == lang for a in articles) for lang in LANGS},
        facts=len(book.facts),
        traps=len(book.traps),
        indicators=sum(len(each) for each in framework.indicators.values()) if framework else 0,
        actions=sum(len(each) for each in framework.actions.values()) if framework else 0,
        metrics=len(framework.metrics) if framework else 0,
        stated={fact.id: stated[fact.id] for fact in book.facts},
    )


# --- what there is -----------------------------------------------------------------------------------------------------


def _articles(knowledge: Path) -> tuple[list[Article], list[Problem]]:
    found, problems = [], []
    for lang in LANGS:
        for path in sorted((knowledge / "articles" / lang).glob("*.md")):
            file = path.relative_to(knowledge).as_posix()
            try:
                article = read_article(path)
            except DocumentError as error:
                problems.append(Problem(file=file, line=0, what=str(error), mend="Correct the front matter."))
                continue
            if (article.id, article.lang) != (path.stem, lang):
                what = f"`id` and `lang` are {article.id!r} and {article.lang!r}."
                problems.append(Problem(file=file, line=2, what=what, mend="Make them those of the file and its folder."))
            found.append(article)
    return found, problems


def _path(article: Article, knowledge: Path) -> Path:
    return knowledge / "articles" / article.lang / f"{article.id}.md"


def _from_article(article: Article, knowledge: Path) -> Carrier:
    path = _path(article, knowledge)
    return Carrier(
        file=path.relative_to(knowledge).as_posix(),
        path=path,
        needle="sources:",
        lang=article.lang,
        facts=tuple(article.facts),
        text=f"{article.title}\n{article.body}",
        title=article.title,
    )


def _from_framework(framework: Framework, knowledge: Path) -> Iterator[Carrier]:
    for file, values in _files(framework):
        path = knowledge / "framework" / file
        for value, name, facts in _walk(values):
            for lang in LANGS:
                words = "\n".join(_strings(value, lang))
                yield Carrier(file=f"framework/{file}", path=path, needle=name, lang=lang, facts=facts, text=words)


def _files(framework: Framework) -> Iterator[tuple[str, object]]:
    yield "stages.yaml", (framework.about, framework.stages, framework.gates)
    yield "pillars.yaml", (framework.levels, framework.pillars)
    yield "mapping.yaml", framework.mapping
    yield "plan.yaml", framework.plan
    yield "responsibilities.yaml", framework.responsibilities
    yield "portrait.yaml", framework.portrait
    for folder, each in (("indicators", framework.indicators), ("actions", framework.actions)):
        for pillar, values in each.items():
            yield f"{folder}/{pillar}.yaml", values


def _walk(value: object) -> Iterator[tuple[object, str, tuple[str, ...]]]:
    """Everything that says something, with words by which its line is found and the facts it states.

    A fact that several items of one list name is stated by them together: the list is the text then.
    """
    if isinstance(value, (Sourced, Indicator, Action)):
        yield value, _needle(value), tuple(getattr(value, "facts", ()))
    if isinstance(value, BaseModel):
        for field in type(value).model_fields:
            yield from _walk(getattr(value, field))
    elif isinstance(value, tuple):
        named = Counter(fact for each in value for fact in getattr(each, "facts", ()))
        shared = {fact for fact, n in named.items() if n > 1}
        for fact in sorted(shared):
            together = tuple(each for each in value if fact in getattr(each, "facts", ()))
            yield together, _needle(together[0]), (fact,)
        for each in value:
            for part, needle, facts in _walk(each):
                yield part, needle, tuple(f for f in facts if part is not each or f not in shared)


def _needle(value: object) -> str:
    text = getattr(value, "text", None)
    return getattr(value, "id", "") or (text.zh[:12] if isinstance(text, Text) else "")


def _strings(value: object, lang: Lang) -> Iterator[str]:
    """All words of a value in one language, those of its parts included; sample answers are invented and left out."""
    if isinstance(value, Text):
        yield value.of(lang)
    elif isinstance(value, Words):
        yield from value.of(lang)
    elif isinstance(value, BaseModel):
        for field in type(value).model_fields:
            if field not in ("samples", "topics", "mentions"):
                yield from _strings(getattr(value, field), lang)
        if "percent" in type(value).model_fields:
            yield f"{value.percent}%"  # type: ignore[attr-defined]
    elif isinstance(value, (tuple, dict)):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _strings(each, lang)


# --- what must hold ----------------------------------------------------------------------------------------------------


def _facts(carriers: Sequence[Carrier], book: FactBook, stated: dict[str, dict[Lang, int]]) -> Iterator[Problem]:
    for carrier in carriers:
        text = plain(carrier.text) if carrier.facts else ""
        for name in carrier.facts:
            fact = book.by_id.get(name)
            if fact is None:
                if book.facts:
                    yield carrier.problem(f"There is no fact {name}.", "Use a number of facts.yaml.", name)
                continue
            if lacking := fact.lacks(text, carrier.lang):
                what = f"{name} is named but not stated ({carrier.lang}): nothing like {', '.join(map(repr, lacking))} is there."
                yield carrier.problem(what, f"State it ({fact.says.of(carrier.lang)}), or do not name it.")
            else:
                stated[name][carrier.lang] += 1
    for fact in book.facts:
        for lang in LANGS:
            if not stated[fact.id][lang]:
                what = f"{fact.id} is stated nowhere in {lang}: {fact.says.of(lang)}."
                yield Problem(file="facts.yaml", line=0, what=what, mend="Write it in an article that names it.")


def _sentences(carriers: Sequence[Carrier], book: FactBook, claims: Claims | None) -> Iterator[Problem]:
    seen: set[tuple[Lang, str]] = set()  # an item of the framework says again what its parts say
    for carrier in carriers:
        for _, _, sentence in sentences(carrier.text):
            if (carrier.lang, sentence) in seen:
                continue
            seen.add((carrier.lang, sentence))
            found = plain(sentence)
            for fact in book.facts:
                if fact.contradicted(found, carrier.lang):
                    what = f"This contradicts {fact.id} ({fact.says.of(carrier.lang)}): {sentence}"
                    yield carrier.problem(what, "Correct the sentence.", sentence[:10])
            for trap in book.traps:
                if trap.sprung(found, carrier.lang):
                    what = f"This falls into {trap.id} ({trap.name.of(carrier.lang)}): {sentence}"
                    yield carrier.problem(what, "Reword the sentence.", sentence[:10])
            if claims is None or sentence == carrier.title:
                continue
            for claim in claims.unattributed_in(sentence, carrier.lang):
                what = f"The claim {claim.id} ({claim.fact}) is stated as a fact: {sentence}"
                yield carrier.problem(what, "Say in the sentence whose claim it is.", sentence[:10])


def _copied(carriers: Sequence[Carrier], hashes: frozenset[str]) -> Iterator[Problem]:
    for carrier in carriers if hashes else ():
        for run in (r for line in carrier.text.splitlines() for r in closeness.copied(line, hashes)):
            yield carrier.problem(f"This stands in a source word for word: {run}", "Say it in your own words.", run[:6])


def _traps(articles: Sequence[Article], book: FactBook, knowledge: Path) -> Iterator[Problem]:
    known = {(a.id, a.lang): a for a in articles}
    for trap in book.traps:
        for name in trap.where:
            for lang in LANGS:
                article = known.get((name, lang))
                if article is None:
                    what = f"{trap.id} is to be honoured in {lang}/{name}, which does not exist."
                    yield Problem(file="traps.yaml", line=line_of(knowledge / "traps.yaml", trap.id), what=what, mend="Write it.")
                elif lacking := trap.lacks(plain(f"{article.title}\n{article.body}"), lang):
                    what = f"{trap.id} ({trap.name.of(lang)}) is not honoured: nothing like {', '.join(map(repr, lacking))}."
                    file = _path(article, knowledge).relative_to(knowledge).as_posix()
                    yield Problem(file=file, line=0, what=what, mend="Say it in the article.")


def _shape(article: Article, knowledge: Path) -> Iterator[Problem]:
    path = _path(article, knowledge)
    file = path.relative_to(knowledge).as_posix()
    size = len("".join(article.body.split())) if article.lang == "zh" else len(article.body.split())
    low, high = LENGTH[article.lang]
    unit = "characters" if article.lang == "zh" else "words"
    if not low <= size <= high:
        mend = "Cut it, or make it two articles." if size > high else "Say more, or join it to another article."
        yield Problem(file=file, line=0, what=f"The article has {size} {unit}; {low} to {high} are wanted.", mend=mend)
    if len(article.questions) < QUESTIONS:
        what = f"The article lists {len(article.questions)} questions."
        yield Problem(file=file, line=line_of(path, "questions:"), what=what, mend=f"List at least {QUESTIONS}.")
    asked = [fold(q) for q in article.questions]
    for question, folded in zip(article.questions, asked, strict=True):
        if asked.count(folded) > 1:
            yield Problem(
                file=file, line=line_of(path, question), what=f"The question {question!r} stands twice.", mend="Remove one."
            )
    if not article.answers:
        what = "Nothing says which sentence answers which question."
        yield Problem(file=file, line=line_of(path, "questions:"), what=what, mend="Add `answers`, one number for each question.")


def _pairs(articles: Sequence[Article]) -> Iterator[Problem]:
    langs: dict[str, dict[Lang, Article]] = defaultdict(dict)
    for article in articles:
        langs[article.id][article.lang] = article
    for name, found in sorted(langs.items()):
        for lang in LANGS:
            if lang not in found:
                what = f"The article {name!r} does not exist in {lang}."
                yield Problem(file=f"articles/{lang}/{name}.md", line=0, what=what, mend="Write it, with the same id.")
        if len(found) == 2:
            zh, en = found["zh"], found["en"]
            for field in ("tier", "facts", "stages", "pillars"):
                if getattr(zh, field) != getattr(en, field):
                    what = f"`{field}` is {getattr(zh, field)} in zh and {getattr(en, field)} in en."
                    yield Problem(file=f"articles/en/{name}.md", line=0, what=what, mend="Make both the same.")
            counts = [len(sentences(article.body)) for article in (zh, en)]
            if counts[0] != counts[1]:
                what = f"The text has {counts[0]} sentences in zh and {counts[1]} in en."
                mend = "Say the same sentence by sentence: questions of one language point to sentences of the other."
                yield Problem(file=f"articles/en/{name}.md", line=0, what=what, mend=mend)


def _doubled(articles: Sequence[Article]) -> Iterator[Problem]:
    asked: dict[tuple[Lang, str], str] = {}
    for article in articles:
        for question in article.questions:
            other = asked.setdefault((article.lang, fold(question)), article.id)
            if other != article.id:
                what = f"The question {question!r} stands in {other} too."
                file = f"articles/{article.lang}/{article.id}.md"
                yield Problem(file=file, line=0, what=what, mend="Keep it where it is answered better.")


def _against_framework(framework: Framework, articles: Sequence[Article], knowledge: Path) -> Iterator[Problem]:
    stages, pillars = {s.id for s in framework.stages}, {p.id for p in framework.pillars}
    for article in articles:
        for key, values, known in (("stages", article.stages, stages), ("pillars", article.pillars, pillars)):
            for value in values:
                if value not in known:
                    path = _path(article, knowledge)
                    what = f"`{key}` names {value!r}, which the framework does not have."
                    mend = f"Use some of {', '.join(sorted(known))}."
                    yield Problem(
                        file=path.relative_to(knowledge).as_posix(), line=line_of(path, f"{key}:"), what=what, mend=mend
                    )
    ids = {a.id for a in articles}
    for file, carried in _files(framework):
        for name in dict.fromkeys(_named_articles(carried)):
            if name and name not in ids:
                path = knowledge / "framework" / file
                what = f"The article {name!r} does not exist."
                yield Problem(file=f"framework/{file}", line=line_of(path, name), what=what, mend="Correct the id, or write it.")
    yield from _metrics(framework, articles, knowledge)


def _metrics(framework: Framework, articles: Sequence[Article], knowledge: Path) -> Iterator[Problem]:
    texts = {(a.id, a.lang): plain(a.body) for a in articles}
    path = knowledge / "framework" / "metrics.yaml"
    for metric in framework.metrics:
        for example in metric.examples:
            for lang in LANGS if example.printed else ():
                words = example.printed.of(lang) if example.printed else ""
                if missing([[words]], texts.get((metric.article, lang), "")):
                    what = f"{metric.id}: {words!r} does not stand in the article {lang}/{metric.article}."
                    yield Problem(
                        file="framework/metrics.yaml", line=line_of(path, words), what=what, mend="Print the example there."
                    )


def _named_articles(value: object) -> Iterator[str]:
    if isinstance(value, BaseModel):
        for field in type(value).model_fields:
            if field == "article" or field.endswith("_article"):
                yield getattr(value, field)
            else:
                yield from _named_articles(getattr(value, field))
    elif isinstance(value, tuple):
        for each in value:
            yield from _named_articles(each)
