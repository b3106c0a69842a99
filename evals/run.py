"""One evaluation: ask the coach every question of a suite, score what came back, add it up. Prints and writes nothing.

Asking (`ask_all`) and scoring (`score_*`) are separate, so that a run can be scored again from what was kept.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from coach.claims import Claims
from coach.errors import CoachError
from coach.types import Lang, Passage, Reply, Turn
from evals import scorers
from evals.data import Answerable, AnyCase, Case, HeldBack, StatusCase
from evals.stats import wilson

if TYPE_CHECKING:
    from coach.app import Coach

RETRIEVAL_CHARS = 2000
RETRIEVAL_K = 16


def wait_for(coach: Coach) -> None:
    """Until library and model are there. Raises CoachError when either is not to be had."""
    coach.wait_ready()
    while (state := coach.state()["model"])["state"] == "loading":
        time.sleep(0.2)
    if state["state"] == "failed":
        raise CoachError(f"The chat model {state['name']!r} could not be loaded: {state['error']}")


class Asked(Protocol):
    """The part of coach.app.Coach that is evaluated."""

    def answer(self, question: str, history: Sequence[Turn] = (), *, lang: Lang | None = None) -> Reply: ...

    def retrieve(
        self, query: str, *, k: int = 8, lang: Lang | None = None, history: Sequence[Turn] = (), max_chars: int = 0
    ) -> list[Passage]: ...

    def passage(self, passage_id: str) -> Passage | None: ...


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What came back for one case: a reply or the error instead of it, and the passages of the search alone."""

    case: Case
    reply: Reply | None
    error: str = ""
    passages: tuple[Passage, ...] = ()
    milliseconds: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Scored:
    """One scored case: `right` is the suite's main verdict, `verdicts` the others (None: not applicable)."""

    id: str
    suite: str
    lang: Lang
    kind: str
    question: str
    right: bool
    verdicts: dict[str, bool | None]
    problems: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    citations: scorers.CitationCheck = field(default_factory=scorers.CitationCheck)
    status: str = ""
    wanted: str = ""
    answer: str = ""
    error: str = ""
    milliseconds: float = 0.0

    def public(self) -> dict[str, Any]:
        """Plain values for a report."""
        return asdict(self)


Told = Callable[[int, int], None]
"""Called with how many of how many are done."""


def ask_all(coach: Asked, cases: Sequence[AnyCase], *, search: bool, told: Told | None = None) -> Iterator[Kept]:
    """Asks one question after the other; whatever goes wrong with one is kept as its error and never stops the others."""
    for number, case in enumerate(cases, 1):
        reply: Reply | None = None
        error, passages = "", tuple[Passage, ...]()
        started = time.perf_counter()
        try:
            reply = coach.answer(case.question, case.turns)
            spent = 1000 * (time.perf_counter() - started)
            if search:
                passages = tuple(coach.retrieve(case.question, k=RETRIEVAL_K, history=case.turns, max_chars=RETRIEVAL_CHARS))
        except Exception as failure:  # noqa: BLE001  a failure is a wrong answer, whatever it is, and is shown
            spent = 1000 * (time.perf_counter() - started)
            error = f"{type(failure).__name__}: {failure}"
        yield Kept(case=case, reply=reply, error=error, passages=passages, milliseconds=spent)
        if told:
            told(number, len(cases))


def score_answerable(kept: Kept, claims: Claims, known: scorers.Known) -> Scored:
    """Main verdict: right in full."""
    case, reply = kept.case, kept.reply
    assert isinstance(case, Answerable)
    score = scorers.answer(case, reply.answer if reply else None, claims, status=reply.status if reply else "")
    found = scorers.retrieved([p.text for p in kept.passages], case.keypoints, RETRIEVAL_CHARS)
    checked = scorers.citations(reply, known) if reply else scorers.CitationCheck()
    problems = [f"missing: {' | '.join(case.keypoints[n][:4])}" for n in score.missing]
    problems += [f"forbidden: {term}" for term in score.forbidden]
    problems += [f"claim not attributed: {sentence}" for sentence in score.bare]
    problems += [f"citation: {w}" for w in checked.wrong]
    if reply and reply.status != "answered":
        problems.insert(0, f"status {reply.status}")
    return _scored(
        kept,
        suite="answerable",
        right=score.right,
        verdicts={
            "in head": score.right_in_head,
            "retrieved": found.complete,
            "attributed": score.attribution if case.attribution else None,
            "no bare claim": bool(reply) and not score.bare,
            "over-refusal": reply is not None and not score.right and reply.status in scorers.REFUSALS,
        },
        problems=problems,
        forbidden=score.forbidden,
        checked=checked,
        wanted="answered",
    )


def score_held_back(kept: Kept, claims: Claims, known: scorers.Known) -> Scored:
    """Main verdict: every wanted sentence is in the reply. Beside it: is its article first, is it within reach, in the head?"""
    case, reply = kept.case, kept.reply
    assert isinstance(case, HeldBack)
    wanted = [[sentence] for sentence in case.wanted]
    answered = reply is not None and reply.status == "answered"
    told = reply.answer if reply and answered else ""
    checked = scorers.citations(reply, known) if reply else scorers.CitationCheck()
    first = kept.passages[0].id.rpartition(".")[0] if kept.passages else ""
    right = scorers.keypoints(told, wanted).complete
    problems = [f"citation: {w}" for w in checked.wrong]
    if reply and not answered:
        problems.insert(0, f"status {reply.status}")
    elif not right:
        problems.append(f"{case.article} {'first' if first == case.article else f'not first: {first}'}")
    return _scored(
        kept,
        suite="heldback",
        right=right,
        verdicts={
            "in head": scorers.keypoints(scorers.head(told, case.lang), wanted).complete if len(wanted) == 1 else None,
            "retrieved": scorers.retrieved([p.text for p in kept.passages], wanted, RETRIEVAL_CHARS).complete,
            "article first": first == case.article,
            "over-refusal": reply is not None and reply.status in scorers.REFUSALS,
        },
        problems=problems,
        forbidden=(),
        checked=checked,
        wanted="answered",
    )


def score_status(kept: Kept, claims: Claims, known: scorers.Known) -> Scored:
    """Main verdict: the wanted status."""
    case, reply = kept.case, kept.reply
    assert isinstance(case, StatusCase)
    score = scorers.status(case, reply)
    checked = scorers.citations(reply, known) if reply else scorers.CitationCheck()
    # A refusal only names the titles nearest to the question; it claims nothing.
    answered = reply is not None and reply.status == "answered"
    bare = scorers.attribution(reply.answer, case.lang, claims).bare if reply and answered else ()
    wanted = "/".join((case.status, *case.also))
    problems = [f"status {reply.status}, wanted {wanted}"] if reply and reply.status not in (case.status, *case.also) else []
    problems += [f"forbidden: {term}" for term in score.forbidden]
    problems += [f"claim not attributed: {sentence}" for sentence in bare]
    problems += [f"citation: {w}" for w in checked.wrong]
    return _scored(
        kept,
        suite="status",
        right=score.right,
        verdicts={
            "hallucination": score.hallucinated if case.status == "not_in_sources" else None,
            "over-refusal": score.refused if case.status == "answered" else None,
            "no bare claim": not bare if answered else None,
        },
        problems=problems,
        forbidden=score.forbidden,
        checked=checked,
        wanted=wanted,
    )


def _scored(
    kept: Kept,
    *,
    suite: str,
    right: bool,
    verdicts: dict[str, bool | None],
    problems: list[str],
    forbidden: tuple[str, ...],
    checked: scorers.CitationCheck,
    wanted: str,
) -> Scored:
    case, reply = kept.case, kept.reply
    if kept.error:
        problems.insert(0, f"error: {kept.error}")
    elif reply is not None and not reply.answer.strip():
        problems.insert(0, "empty answer")
    return Scored(
        id=case.id,
        suite=suite,
        lang=case.lang,
        kind=case.kind,
        question=case.question,
        right=right and not kept.error,
        verdicts=verdicts,
        problems=tuple(problems),
        forbidden=forbidden,
        citations=checked,
        status=reply.status if reply else "",
        wanted=wanted,
        answer=reply.answer if reply else "",
        error=kept.error,
        milliseconds=round(kept.milliseconds, 1),
    )


@dataclass(frozen=True, kw_only=True)
class Line:
    """A share of cases with its 95 % interval; `score` is None when there was nothing to count."""

    name: str
    n: int
    right: int

    @property
    def score(self) -> float | None:
        return self.right / self.n if self.n else None

    def public(self) -> dict[str, Any]:
        """Plain values for a report."""
        low, high = wilson(self.right, self.n)
        return {"name": self.name, "n": self.n, "right": self.right, "score": self.score, "low": low, "high": high}


def line(name: str, verdicts: Sequence[bool | None]) -> Line:
    """Adds up what applies."""
    counted = [v for v in verdicts if v is not None]
    return Line(name=name, n=len(counted), right=sum(counted))


def lines(scored: Sequence[Scored]) -> list[Line]:
    """Suite by suite: all, by language, by language and kind, then the other verdicts."""
    made: list[Line] = []
    for suite in dict.fromkeys(s.suite for s in scored):
        own = [s for s in scored if s.suite == suite]
        made.append(line(suite, [s.right for s in own]))
        for lang in dict.fromkeys(s.lang for s in own):
            spoken = [s for s in own if s.lang == lang]
            made.append(line(f"{suite} {lang}", [s.right for s in spoken]))
            for kind in sorted({s.kind for s in spoken}):
                made.append(line(f"{suite} {lang} {kind}", [s.right for s in spoken if s.kind == kind]))
        names = dict.fromkeys(name for s in own for name in s.verdicts)
        for name in (n for n in names if n not in ("hallucination", "over-refusal")):
            made.append(line(f"{suite}: {name}", [s.verdicts[name] for s in own]))
    return made


def sides(scored: Sequence[Scored]) -> list[tuple[str, Line, Line]]:
    """Hallucination and over-refusal side by side, all and by language: one is cheap to mend at the other's cost."""
    found = []
    for name, some in (("all", scored), *((lang, [s for s in scored if s.lang == lang]) for lang in ("zh", "en"))):
        answered = line("hallucination", [s.verdicts.get("hallucination") for s in some])
        refused = line("over-refusal", [s.verdicts.get("over-refusal") for s in some])
        found.append((name, answered, refused))
    return found


@dataclass(frozen=True, kw_only=True)
class Gates:
    """What must hold whatever the scores are; `broken` says in words what does not."""

    citations_checked: int
    citations_wrong: tuple[str, ...]
    forbidden: tuple[str, ...]
    errors: int
    broken: tuple[str, ...]

    @property
    def validity(self) -> float | None:
        """None when nothing was checked."""
        return 1 - len(self.citations_wrong) / self.citations_checked if self.citations_checked else None


def gates(scored: Sequence[Scored]) -> Gates:
    """Citation validity must be 1 and measured on something; no question may end in an error. must_not is reported."""
    wrong = tuple(f"{s.id} {w}" for s in scored for w in s.citations.wrong)
    checked = sum(s.citations.checked for s in scored)
    errors = sum(1 for s in scored if s.error)
    broken = [f"{len(wrong)} of {checked} citations do not hold"] if wrong else []
    if not checked:
        broken.append("no citation was checked")
    if errors:
        broken.append(f"{errors} questions ended in an error")
    return Gates(
        citations_checked=checked,
        citations_wrong=wrong,
        forbidden=tuple(f"{s.id} {term}" for s in scored for term in s.forbidden),
        errors=errors,
        broken=tuple(broken),
    )


def run(
    coach: Asked,
    answerable: Sequence[Answerable],
    status: Sequence[StatusCase],
    claims: Claims,
    told: Told | None = None,
    held_back: Sequence[HeldBack] = (),
) -> list[Scored]:
    """All suites, in order."""
    first = [score_answerable(k, claims, coach.passage) for k in ask_all(coach, answerable, search=True, told=told)]
    first += [score_held_back(k, claims, coach.passage) for k in ask_all(coach, held_back, search=True, told=told)]
    return first + [score_status(k, claims, coach.passage) for k in ask_all(coach, status, search=False, told=told)]
