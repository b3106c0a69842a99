"""A coach of the real one's shape that does what the question tells it to; for tests of the service alone."""

from __future__ import annotations

import threading
from functools import cached_property
from typing import Any

from coach.conversation.talks import Talks
from coach.errors import LibraryMissing, ModelUnavailable
from coach.store.records import open_records
from coach.types import Citation, Done, Found, Passage, Reply, Words

TEXT = "先对齐业务目标，再谈预算。CFO 看的是回报周期。"
PASSAGES = tuple(
    Passage(id=f"budget:zh#{n}", doc_id="budget", text=TEXT, title="预算", source="framework", lang="zh", tier="stated",
            heading_path=("预算", "CFO"), end=len(TEXT), score=1 / n)
    for n in (1, 2, 3)
)  # fmt: skip
CITATION = Citation(
    n=1, passage_id="budget:zh#1", source="framework", title="预算", quote=TEXT[:12], tier="stated", start=0, end=12
)
PATIENCE = 60.0


class StandIn:
    """`slow` words until told to stop, `deaf` never listens, `quiet` waits, `crash` and `model` fail half-way."""

    def __init__(self, settings: Any = None) -> None:
        self.settings = settings
        self.library = {"state": "ready", "error": "", "hint": "", "documents": 1, "passages": 3, "version": "v1"}
        self.asked: list[tuple[str, list[Any], Any]] = []
        self.stopped, self.go_on = threading.Event(), threading.Event()
        self.together = threading.Barrier(2)
        self.closed = False
        self.documents: list[Any] = []

    @cached_property
    def talks(self) -> Talks:
        self.records = open_records(self.settings)
        return Talks(self.ask, self.records, lambda lang: "coach")

    def start(self) -> None:
        pass

    def wait_ready(self, timeout=None) -> bool:
        if self.library["state"] == "failed":
            raise LibraryMissing(self.library["error"], hint=self.library["hint"])
        return self.library["state"] == "ready"

    def state(self) -> dict[str, Any]:
        return {"library": dict(self.library), "model": {"name": "stand-in", "state": "loading", "error": ""}}

    def ask(self, question, history=(), *, lang=None, should_stop=None, documents=()):
        self.asked.append((question, list(history), lang))
        self.documents = list(documents)
        if question == "nothing built":
            raise LibraryMissing("No index has been built yet.", hint="coach ingest")
        if question != "hello":
            yield Found(passages=PASSAGES, language="zh")
        yield Words(text="先对齐")
        try:
            yield from self._rest(question, should_stop)
        finally:
            self.stopped.set()

    def _rest(self, question, should_stop):
        if question == "crash":
            raise RuntimeError("something private")
        if question == "model":
            raise ModelUnavailable("The server refused the connection.", hint="Is it running?")
        if question == "unfinished":
            return
        if question == "together":
            self.together.wait(PATIENCE)
        if question in ("quiet", "deaf"):
            self.go_on.wait(PATIENCE)
        pause = threading.Event()
        while question == "slow":
            if should_stop():
                return
            yield Words(text="再")
            pause.wait(0.02)
        yield Words(text="业务目标。[1]")
        yield Done(reply=self._reply(question))

    def _reply(self, question: str) -> Reply:
        known = question != "odd"
        return Reply(
            answer="先对齐业务目标。[1]" if known else "没有 \ud83d", status="answered" if known else "not_in_sources", language="zh",
            citations=(CITATION,) if known else (), passages=PASSAGES, model="stand-in", timings={"total": 12.34}, question=question,
            standalone_question=question, suggestions=("然后呢？",), prompt_hash="p1", library_version="v1", kind="question",
        )  # fmt: skip

    def retrieve(self, query, *, k=8, lang=None, history=(), max_chars=0):
        self.wait_ready()
        if query == "crash":
            raise RuntimeError("something private")
        self.asked.append((query, list(history), lang))
        return list(PASSAGES[:k])

    def passage(self, passage_id):
        return next((p for p in PASSAGES if p.id == passage_id), None)

    def close(self) -> None:
        self.closed = True
        if "talks" in self.__dict__:
            self.talks.close()
            self.records.close()
        print("coach closed", flush=True)
