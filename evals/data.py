"""The question sets as typed, checked values, and the one way in which a smaller sample is drawn from them.

Owns loading. Knows neither the coach nor how a reply is scored.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from coach.errors import InputError
from coach.library.articles import held_back, load_articles
from coach.library.passages import sentences
from coach.text import fold
from coach.types import Lang, Role, Status, Turn

DATASETS = Path(__file__).resolve().parent / "datasets"


def _says_something(text: str) -> str:
    """A term that folds to nothing would be found in every reply."""
    if not fold(text):
        raise ValueError("must hold a letter, a digit or a sign")
    return text


Term = Annotated[str, AfterValidator(_says_something)]
AnyOf = Annotated[list[Term], Field(min_length=1)]


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Said(_Row):
    """One earlier message."""

    role: Role
    content: Term


class Case(_Row):
    """What both sets have in common; `why` says what the case is there for."""

    id: str = Field(min_length=1)
    lang: Lang
    kind: str = Field(min_length=1)
    question: Term
    history: list[Said]
    must_not: list[Term]
    why: str

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The history as the coach takes it."""
        return tuple(Turn(role=s.role, content=s.content) for s in self.history)


class Answerable(Case):
    """The library holds the answer: of every list in `keypoints` at least one term must stand in it."""

    facts: list[str]
    keypoints: Annotated[list[AnyOf], Field(min_length=1)]
    attribution: bool


class StatusCase(Case):
    """The reply must have this status, or one of `also`."""

    status: Status
    also: list[Status]


class HeldBack(Case):
    """A question an article lists and the library was not given: `wanted` are the sentences that answer it."""

    article: str
    wanted: Annotated[list[Term], Field(min_length=1)]


AnyCase = TypeVar("AnyCase", bound=Case)


def load_held_back(knowledge: Path) -> list[HeldBack]:
    """The held-back questions of all articles. Raises DocumentError for an article that cannot be read."""
    cases = []
    for article in load_articles(knowledge):
        spoken = [s.strip() for _, _, s in sentences(article.body)]
        answers = article.answers or [0] * len(article.questions)
        for number, (question, answer) in enumerate(zip(article.questions, answers, strict=True), 1):
            if held_back(question):
                cases.append(
                    HeldBack(
                        id=f"{article.id}.{article.lang}?{number}",
                        lang=article.lang,
                        kind="one sentence" if answer else "several sentences",
                        question=question,
                        history=[],
                        must_not=[],
                        why="held back from index and training",
                        article=article.id,
                        wanted=[spoken[answer - 1]] if answer else spoken,
                    )
                )
    return cases


def load_answerable(path: Path = DATASETS / "answerable.jsonl") -> list[Answerable]:
    """Raises InputError that names file, line and the first thing wrong with it."""
    return _load(path, Answerable)


def load_status(path: Path = DATASETS / "status.jsonl") -> list[StatusCase]:
    """Raises InputError that names file, line and the first thing wrong with it."""
    return _load(path, StatusCase)


def load_own(path: Path) -> tuple[list[Answerable], list[StatusCase]]:
    """Cases made from bad answers: a row with keypoints wants an answer, another a status. Raises InputError as `load_status`."""
    if not path.exists():
        raise InputError(f"There are no cases in {path.name} yet.", hint="Make one from a bad answer, on the library page.")
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    wanted = ['"keypoints"' in line for line in lines]
    answerable = _checked([line if w else "" for line, w in zip(lines, wanted, strict=True)], path.name, Answerable)
    status = _checked(["" if w else line for line, w in zip(lines, wanted, strict=True)], path.name, StatusCase)
    if not lines:
        raise InputError(f"{path.name} holds no case.")
    return answerable, status


def _load(path: Path, shape: type[AnyCase]) -> list[AnyCase]:
    cases = _checked(path.read_text(encoding="utf-8").splitlines(), path.name, shape)
    if not cases:
        raise InputError(f"{path.name} holds no case.")
    return cases


def _checked(lines: Sequence[str], name: str, shape: type[AnyCase]) -> list[AnyCase]:
    cases: list[AnyCase] = []
    seen: set[str] = set()
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        where = f"{name}, line {number}"
        try:
            case = shape.model_validate_json(line)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(p) for p in first["loc"]) or "the line"
            raise InputError(f"{where} is not a valid case: {place}: {first['msg']}.") from error
        if case.id in seen:
            raise InputError(f"{where}: the id {case.id!r} stands twice.")
        seen.add(case.id)
        cases.append(case)
    return cases


def sample(cases: Sequence[AnyCase], number: int | None) -> list[AnyCase]:
    """The first `number` of an order that alternates languages and spreads kinds by their share; None: all, as they stand.

    Smaller samples are beginnings of larger ones, and the same number gives the same cases every time.
    """
    if number is None or number >= len(cases):
        return list(cases)
    by_lang = {lang: _spread(c for c in cases if c.lang == lang) for lang in ("zh", "en")}
    longest = max(len(some) for some in by_lang.values())
    ordered = [some[at] for at in range(longest) for some in by_lang.values() if at < len(some)]
    return ordered[: max(0, number)]


def _spread(cases: Iterable[AnyCase]) -> list[AnyCase]:
    kinds: dict[str, list[AnyCase]] = defaultdict(list)
    for case in cases:
        kinds[case.kind].append(case)
    placed = [((at + 0.5) / len(some), kind, at, case) for kind, some in kinds.items() for at, case in enumerate(some)]
    return [case for _, _, _, case in sorted(placed, key=lambda p: p[:3])]


def as_json(cases: Sequence[Case]) -> list[dict[str, object]]:
    """Plain values, for reports."""
    return [json.loads(case.model_dump_json()) for case in cases]
