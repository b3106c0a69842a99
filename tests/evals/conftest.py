"""Tiny stand-ins: a coach that answers from a table, an embedder of letter pairs, cases and records of one line."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from langchain_core.embeddings import Embeddings

from coach.claims import Claims
from coach.settings import ROOT
from coach.types import Citation, Done, Found, Passage, Reply, Words
from evals.schema import Case, Quoted, Record, Seen
from evals.scorers.citations import Label
from evals.scorers.score import Ground
from evals.sets import Loaded

TEXT = "营销预算由市场总监制定，并分配到各个渠道。每月监控投资回报率。"
PASSAGE = Passage(id="budget.zh", doc_id="budget.zh", text=TEXT, title="预算", source="职业发展框架", lang="zh", tier="stated")
TEXTS = {"k1": TEXT}
SEEN = Seen(id="budget.zh", text="k1", tier="stated", title="预算", source="职业发展框架")
QUOTED = Quoted(
    n=1,
    passage_id="budget.zh",
    passage="k1",
    quote=TEXT,
    start=0,
    end=len(TEXT),
    tier="stated",
    title="预算",
    source="职业发展框架",
)
LABELS = {"budget.zh": Label(title="预算", source="职业发展框架", tier="stated")}


def case(**changed) -> Case:
    """A question the library answers."""
    plain = {
        "id": "t-1", "lang": "zh", "kind": "colloquial", "question": "预算要管到哪几步?", "facts": ["F016"],
        "keypoints": [["制定", "编制"], ["分配"], ["ROI", "投资回报"]], "why": "test",
    }  # fmt: skip
    return Case.model_validate(plain | changed)


def status_case(**changed) -> Case:
    """A question it does not answer."""
    plain = {"id": "s-1", "lang": "zh", "status": "not_in_sources", "kind": "far", "question": "明天下雨吗?", "why": "test"}
    return Case.model_validate(plain | changed)


def record(answer: str | None = TEXT + "[1]", **changed) -> Record:
    """A good reply to `case`."""
    plain = {
        "case": "t-1", "suite": "test", "answer": answer, "status": "answered", "language": "zh", "citations": [QUOTED],
        "shown": [SEEN], "retrieved": [SEEN], "searched": True,
    }  # fmt: skip
    return Record(**(plain | changed))


def refusal(answer: str = "资料里没有。", **changed) -> Record:
    """A reply that says the library holds no answer."""
    return record(answer, **({"status": "not_in_sources", "citations": [], "shown": []} | changed))


def reply(answer: str = TEXT + "[1]", **changed) -> Reply:
    quote = Citation(
        n=1, passage_id=PASSAGE.id, source="职业发展框架", title="预算", quote=TEXT, tier="stated", start=0, end=len(TEXT)
    )
    plain = {"answer": answer, "status": "answered", "language": "zh", "citations": (quote,), "passages": (PASSAGE,)}
    return Reply(**(plain | changed))


def loaded(*cases: Case, name: str = "test", split: str = "dev", digest: str = "d") -> Loaded:
    """A question set."""
    return Loaded(name=name, version=1, split=split, digest=digest, cases=cases)


class StandIn:
    """Answers with what stands under the question; an exception there is raised."""

    def __init__(self, said: dict) -> None:
        self.said = said
        self.asked: list = []

    def answer(self, question, history=(), *, lang=None):
        self.asked.append((question, list(history)))
        found = self.said.get(question, reply("资料里没有。", status="not_in_sources", citations=(), passages=()))
        if isinstance(found, Exception):
            raise found
        return found

    def ask(self, question, history=(), *, lang=None, documents=(), part="all"):
        found = self.answer(question, history)
        yield Found(passages=found.passages, language="zh")
        yield Words(text=found.answer)
        yield Done(reply=found)

    def retrieve(self, query, *, k=8, lang=None, history=(), max_chars=0):
        return [PASSAGE]

    def passage(self, passage_id):
        return PASSAGE if passage_id == PASSAGE.id else None


class LetterPairs(Embeddings):
    """Texts that share letters are near; needs no weights."""

    def embed_query(self, text: str) -> list[float]:
        vector = np.full(64, 1e-3)
        for one, other in zip(text, text[1:], strict=False):
            vector[(31 * ord(one) + ord(other)) % 64] += 1
        return [float(x) for x in vector / np.linalg.norm(vector)]

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [self.embed_query(t) for t in texts]


@pytest.fixture(scope="session")
def claims() -> Claims:
    return Claims.load(ROOT / "knowledge" / "claims.yaml")


@pytest.fixture(scope="session")
def ground(claims) -> Ground:
    """The real claims and prompts; one article that carries the budget's fact."""
    real = Ground.load(ROOT / "knowledge", ROOT / "prompts")
    facts = {"budget.zh": frozenset({"F016"}), "other.zh": frozenset({"F099"})}
    return Ground(claims=claims, facts=facts, labels=LABELS, prompts=real.prompts)


@pytest.fixture
def written(tmp_path: Path):
    """Writes rows as a question set and returns its path."""

    def write(*rows: dict | str) -> Path:
        path = tmp_path / "set.jsonl"
        path.write_text("\n".join(r if isinstance(r, str) else json.dumps(r, ensure_ascii=False) for r in rows), encoding="utf-8")
        return path

    return write
