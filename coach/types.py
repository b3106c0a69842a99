"""The words of the product as values: Turn, Passage, Citation, Reply. No behaviour beyond their own shape."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, get_args

Lang = Literal["zh", "en"]
Role = Literal["user", "assistant"]
Tier = Literal["stated", "attributed", "external", "document"]
"""`document` marks what a user ingested: asserted as "your document says", never as the framework."""
Status = Literal["answered", "not_in_sources", "clarify", "declined", "crisis"]

Part = Literal["all", "built-in", "own"]
"""Which documents a reply may be made of: `own` are those that were brought in here."""
PARTS: tuple[Part, ...] = get_args(Part)

STATUSES: tuple[Status, ...] = ("answered", "not_in_sources", "clarify", "declined", "crisis")


@dataclass(frozen=True, kw_only=True)
class Turn:
    """One message of a conversation, oldest first in a history.

    `other`: somebody else said it to the assistant. It may be what a follow-up is about, and tells nothing of the person.
    """

    role: Role | Literal["other"]
    content: str


@dataclass(frozen=True, kw_only=True)
class Passage:
    """A piece of a source that makes sense alone.

    `start` and `end` are character offsets in the extracted text of the document; `score` is the fused search
    score (higher is better, comparable within one search only); `scores` keeps the parts it was made of. `pointed` says
    how strongly the stored questions nearest to the query point to each sentence (from 1) of the text; it adds up to 1.
    `read`: the log probability of each sentence to be the one asked for, by the selector; empty where it knows none.
    """

    id: str
    doc_id: str
    text: str
    title: str
    source: str
    lang: Lang
    tier: Tier = "document"
    heading_path: tuple[str, ...] = ()
    start: int = 0
    end: int = 0
    score: float = 0.0
    scores: dict[str, float] = field(default_factory=dict)
    pointed: dict[int, float] = field(default_factory=dict)
    read: dict[int, float] = field(default_factory=dict)

    def public(self) -> dict[str, Any]:
        """The shape of the HTTP contract."""
        return {
            "id": self.id,
            "text": self.text,
            "source": self.source,
            "title": self.title,
            "score": round(self.score, 4),
            "lang": self.lang,
            "tier": self.tier,
            "heading_path": list(self.heading_path),
        }


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A file or long paste that somebody brought into one conversation: read there, and nowhere else.

    `text` is what could be read of it, headings as Markdown; its passages are cited with the tier `document`.
    """

    id: str
    name: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Citation:
    """A checked quote: `quote` occurs literally in the passage at `start:end` (offsets in the passage's text)."""

    n: int
    passage_id: str
    source: str
    title: str
    quote: str
    tier: Tier
    start: int
    end: int

    def public(self) -> dict[str, Any]:
        """The shape of the HTTP contract."""
        return {
            "n": self.n,
            "passage_id": self.passage_id,
            "source": self.source,
            "title": self.title,
            "quote": self.quote,
            "tier": self.tier,
            "start": self.start,
            "end": self.end,
        }


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What the reader gets: verified text, status, citations, and how it came about.

    `timings` are milliseconds since the question arrived, except keys ending in `_ms_spent`.
    `notice` is a sentence about the reply itself (the model failed, an extract was shown instead), never part of it.
    """

    answer: str
    status: Status
    language: Lang
    citations: tuple[Citation, ...] = ()
    passages: tuple[Passage, ...] = ()
    model: str = ""
    timings: dict[str, float] = field(default_factory=dict)
    notice: str = ""
    suggestions: tuple[str, ...] = ()
    prompt_hash: str = ""
    library_version: str = ""
    question: str = ""
    standalone_question: str = ""
    kind: str = ""
    id: str = ""

    def public(self) -> dict[str, Any]:
        """The shape of the HTTP contract."""
        return {
            "answer": self.answer,
            "status": self.status,
            "language": self.language,
            "citations": [c.public() for c in self.citations],
            "passages": [p.public() for p in self.passages],
            "model": self.model,
            "timings": {k: round(v, 1) for k, v in self.timings.items()},
            "notice": self.notice,
            "suggestions": list(self.suggestions),
            "id": self.id,
        }


@dataclass(frozen=True, kw_only=True)
class Begun:
    """Before everything else where the conversation is kept: the ids under which question and reply are found again."""

    conversation: str
    exchange: str


@dataclass(frozen=True, kw_only=True)
class Found:
    """First event of a reply: the passages it will be made of, shown at once.

    `kind` is the kind of turn (`coach.conversation.turn.Kind`): a channel with several readers shows no personal reply to all.
    """

    passages: tuple[Passage, ...]
    language: Lang
    kind: str = "question"


@dataclass(frozen=True, kw_only=True)
class Words:
    """A piece of the reply as it is being worded; not verified yet, the final reply replaces it."""

    text: str


@dataclass(frozen=True, kw_only=True)
class Done:
    """Last event: the verified reply."""

    reply: Reply


Event = Begun | Found | Words | Done
"""What a reply is while it comes about: one Found (unless nothing was searched), any number of Words, one Done.

Only a kept conversation (`coach.conversation.talks`) puts a Begun before them."""
