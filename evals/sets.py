"""The question sets by name, loaded whole and checked, and the one way in which a smaller sample is drawn from them.

Owns `suites.yaml` and loading. Knows neither the coach nor how a reply is scored.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar

import yaml
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from coach.errors import InputError
from coach.library.articles import held_back, load_articles
from coach.library.own import cases_file
from coach.library.passages import sentences
from coach.settings import Settings
from coach.types import Lang
from evals.schema import Case, Row

HERE = Path(__file__).resolve().parent
DATASETS = HERE / "datasets"
Split = Literal["dev", "heldout", "own"]
HELD_BACK, JUDGED = "heldback", "judged"
MADE = (HELD_BACK, JUDGED)
"""Sets that are made of the articles: the fifth of their own questions, by hash, that index and training never see; and a
thousand of these with what two readers, who did not know which article was meant, took for answers beside it."""

RowType = TypeVar("RowType", bound=BaseModel)


class Suite(Row):
    """One entry of `suites.yaml`."""

    file: str
    version: int = Field(ge=1)
    split: Literal["dev", "heldout"]
    needs: Literal["", "model"] = ""
    about: str = Field(min_length=1)


class Judged(Row):
    """A held-back question of an article, with other articles and sentences that answer it as well.

    `needed`: of a question that no single sentence answers, those an answer must hold. Without them it would have to hold every
    sentence of the article, which no reply of a readable length does.
    """

    question: str = Field(min_length=1)
    lang: Lang
    article: str = Field(min_length=1)
    articles: list[str] = []
    sentences: list[str] = []
    needed: list[str] = []


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """A question set: `digest` names its content, `split` says whether anybody may tune on it."""

    name: str
    version: int
    split: Split
    digest: str
    cases: tuple[Case, ...]


def suites() -> dict[str, Suite]:
    """The committed sets, in the order in which they are run. Raises InputError when the list cannot be read."""
    try:
        return TypeAdapter(dict[str, Suite]).validate_python(yaml.safe_load((HERE / "suites.yaml").read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise InputError(f"suites.yaml is not valid: {error}") from error


def names(settings: Settings) -> list[str]:
    """Every set that can be run here: the committed ones, those made of the articles, and those kept in COACH_HOME/evals."""
    own = sorted(p.stem for p in cases_file(settings).parent.glob("*.jsonl"))
    return [*suites(), *MADE, *own]


def load(name: str, settings: Settings) -> Loaded:
    """One set. Raises InputError that names file, line and the first thing wrong with it, or the sets there are."""
    known = suites()
    if name in known:
        suite = known[name]
        path = DATASETS / suite.file
        return _loaded(name, suite.version, suite.split, rows(path, Case), path.read_bytes())
    if name in MADE:
        cases = held_back_cases(settings.knowledge)
        cases = cases if name == HELD_BACK else judged_cases(cases, rows(DATASETS / "judged.jsonl", Judged, unique=False))
        return _loaded(name, 1, "heldout", cases, "\n".join(c.model_dump_json() for c in cases).encode())
    path = cases_file(settings).parent / f"{name}.jsonl"
    if path.is_file() and path.parent == cases_file(settings).parent:
        return _loaded(name, 1, "own", rows(path, Case), path.read_bytes())
    if name == "own":
        raise InputError("There are no cases in own.jsonl yet.", hint="Make one from a bad answer, on the library page.")
    raise InputError(
        f"There is no question set {name!r}.", hint=f"Sets: {', '.join(names(settings))}; or: all, dev, heldout_all."
    )


def _loaded(name: str, version: int, split: Split, cases: Sequence[Case], content: bytes) -> Loaded:
    digest = hashlib.sha256(content).hexdigest()[:12]
    return Loaded(name=name, version=version, split=split, digest=digest, cases=tuple(cases))


def held_back_cases(knowledge: Path) -> list[Case]:
    """The held-back questions of all articles, each answered by a sentence or by all. Raises DocumentError."""
    cases = []
    for article in load_articles(knowledge):
        spoken = [s.strip() for _, _, s in sentences(article.body)]
        answers = article.answers or [0] * len(article.questions)
        for number, (question, answer) in enumerate(zip(article.questions, answers, strict=True), 1):
            if held_back(question):
                wanted = [spoken[answer - 1]] if answer else spoken
                cases.append(
                    Case(
                        id=f"{article.id}.{article.lang}?{number}",
                        lang=article.lang,
                        kind="one sentence" if answer else "several sentences",
                        question=question,
                        gold=[article.id],
                        keypoints=[[sentence] for sentence in wanted],
                        why="held back from index and training",
                    )
                )
    return cases


def judged_cases(cases: Sequence[Case], judged: Sequence[Judged]) -> list[Case]:
    """Those of the held-back questions that were judged; what was found to answer them as well counts as much."""
    found = {(case.lang, case.gold[0], case.question): case for case in cases}
    made = []
    for row in judged:
        if (case := found.get((row.lang, row.article, row.question))) is None:
            raise InputError(
                f"judged.jsonl has a question that {row.article} ({row.lang}) does not hold back: {row.question}",
                hint="Put the question back, or take the line out.",
            )
        points = [[sentence] for sentence in row.needed] or case.keypoints
        if len(points) == 1:
            points = [[*points[0], *row.sentences]]
        made.append(case.model_copy(update={"gold": [*case.gold, *row.articles], "keypoints": points}))
    return made


def rows(path: Path, shape: type[RowType], *, least: int = 1, unique: bool = True) -> list[RowType]:
    """Every line of a JSONL file in its shape, with `unique` every id once.

    Raises InputError that names file, line and the first thing wrong with it, or that says that there are fewer than `least`.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")  # U+2028 ends no line of JSON
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path.name} cannot be read: {error}") from error
    found: list[RowType] = []
    seen: set[str] = set()
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        where = f"{path.name}, line {number}"
        try:
            row = shape.model_validate_json(line)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(p) for p in first["loc"]) or "the line"
            raise InputError(f"{where} is not a valid {shape.__name__.lower()}: {place}: {first['msg']}.") from error
        name = getattr(row, "id", "")
        if unique and name and name in seen:
            raise InputError(f"{where}: the id {name!r} stands twice.")
        seen.add(name)
        found.append(row)
    if len(found) < least:
        raise InputError(f"{path.name} holds no {shape.__name__.lower()}.")
    return found


def sample(cases: Sequence[Case], number: int | None) -> list[Case]:
    """The first `number` of an order that alternates languages and spreads kinds by their share; None: all, as they stand.

    Smaller samples are beginnings of larger ones, and the same number gives the same cases every time.
    """
    if number is None or number >= len(cases):
        return list(cases)
    by_lang = {lang: _spread(c for c in cases if c.lang == lang) for lang in ("zh", "en")}
    longest = max(len(some) for some in by_lang.values())
    ordered = [some[at] for at in range(longest) for some in by_lang.values() if at < len(some)]
    return ordered[: max(0, number)]


def _spread(cases: Iterable[Case]) -> list[Case]:
    kinds: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        kinds[case.kind].append(case)
    placed = [((at + 0.5) / len(some), kind, at, case) for kind, some in kinds.items() for at, case in enumerate(some)]
    return [case for _, _, _, case in sorted(placed, key=lambda p: p[:3])]
