"""What evaluation is made of, as strict values: a case, what came back for it, and what a run was made with.

An unknown key, an empty term or a wrong type is an error wherever a file is read: a misspelt `must_not` would pass everything.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from coach.text import fold
from coach.types import Attachment, Lang, Role, Status, Tier, Turn


def _says_something(text: str) -> str:
    """A term that folds to nothing would be found in every reply."""
    if not fold(text):
        raise ValueError("must hold a letter, a digit or a sign")
    return text


Term = Annotated[str, AfterValidator(_says_something)]
AnyOf = Annotated[list[Term], Field(min_length=1)]


class Row(BaseModel):
    """One line of a file: frozen, and nothing but the known keys in the known types."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Said(Row):
    """One earlier message."""

    role: Role
    content: Term


class Document(Row):
    """A file that is brought into the conversation before the question."""

    name: Term
    text: Term


class Case(Row):
    """One question and what a right reply to it is.

    `keypoints`: of every inner list at least one term must stand in the reply. `facts`: the F- and T-numbers it rests on.
    `gold`: ids of the articles that answer it; without it, those whose front matter names one of the facts.
    `attribution`: the reply rests on an unverified claim, which must be said to be one. `why`: what the case is there for.
    """

    id: str = Field(min_length=1)
    lang: Lang
    kind: str = Field(min_length=1)
    question: Term
    history: list[Said] = []
    document: Document | None = None
    status: Status = "answered"
    also: list[Status] = []
    facts: list[str] = []
    gold: list[str] = []
    keypoints: list[AnyOf] = []
    must_not: list[Term] = []
    attribution: bool = False
    why: str = Field(min_length=1)

    @model_validator(mode="after")
    def _asks_for_something(self) -> Case:
        if self.keypoints and self.status != "answered":
            raise ValueError(f"keypoints belong to the status answered, not {self.status}")
        return self

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The history as the coach takes it."""
        return tuple(Turn(role=s.role, content=s.content) for s in self.history)

    @property
    def files(self) -> tuple[Attachment, ...]:
        """The document as the coach takes it."""
        return (Attachment(id=f"{self.id}-file", name=self.document.name, text=self.document.text),) if self.document else ()

    @property
    def allowed(self) -> tuple[Status, ...]:
        """Every status that is right."""
        return (self.status, *self.also)


class Quoted(Row):
    """One citation of a reply: the quote stands in the text `passage` (a key of the run's texts) at `start:end`."""

    n: int
    passage_id: str
    passage: str
    quote: str
    start: int
    end: int
    tier: Tier
    title: str
    source: str


class Seen(Row):
    """A passage as somebody saw it: its id, and the key of its text among the run's texts."""

    id: str
    text: str
    tier: Tier
    title: str
    source: str


class Record(Row):
    """What came back for one case. `asked` is false for a solver that only searches; `answer` is None when no reply came.

    `shown` are the passages of the reply, `retrieved` those of the search alone, cut to their best sentences, best first.
    `writes`: a chat model was to word the reply; `worded`: its words were used, none of them fell to the check as a whole.
    `timings`: milliseconds since the question was asked.
    """

    case: str
    suite: str
    asked: bool = True
    answer: str | None = None
    status: Status | None = None
    language: Lang | None = None
    kind: str = ""
    model: str = ""
    notice: str = ""
    citations: list[Quoted] = []
    shown: list[Seen] = []
    retrieved: list[Seen] = []
    searched: bool = False
    writes: bool = False
    worded: bool = False
    timings: dict[str, float] = {}
    standalone: str = ""
    error: str = ""


class Made(Row):
    """What a run was made with, so that another can be compared with it: `run.json`.

    `datasets`: sha256 (12 digits) of every question set; `prompts`: hash by name; `code`: sha256 of the sources of coach/ and
    evals/, `commit` of the checkout, with + when it was changed; `index`: the model, adapter and splitting of the index.
    """

    suites: list[str]
    solver: str
    model: str
    strategy: str
    datasets: dict[str, str]
    splits: dict[str, str]
    limit: int | None
    prompts: dict[str, str]
    library: str
    index: str
    calibration: str
    code: str
    commit: str
    version: str
    started: str
    seconds: float
    scorers: str = ""
    notes: dict[str, Any] = {}


class Outcome(Row):
    """One scored case. `values` by metric (`evals.metrics`), None where a metric does not apply or was not run.

    `problems` say in words what was wrong, `hard` which hard rules were broken; both are for reading.
    """

    case: str
    suite: str
    lang: Lang
    kind: str
    values: dict[str, float | None]
    problems: list[str] = []
    hard: list[str] = []
