"""The plain pipeline everybody starts with: default splitter, Chroma's nearest chunks, one stuffed prompt.

It gets the same embedding model (without the coach's adapter), the same chat model and the same knowledge, so that what
differs is the pipeline. Its documents are a few long ones, since it cuts documents itself.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from langchain_core.embeddings import Embeddings

from coach.library.articles import load_articles
from coach.library.documents import discover, load
from coach.types import Turn

CHUNK, OVERLAP, TOP, MAX_TOKENS = 1000, 200, 4, 220
_PROMPT = """Use the following pieces of context to answer the question at the end. If you don't know the answer, just say \
that you don't know, don't try to make up an answer. Answer in the language of the question.

{context}

Question: {question}
Answer:"""
_BATCH = 64


@dataclass(frozen=True, kw_only=True)
class Text:
    """One document of the plain pipeline."""

    name: str
    text: str


@dataclass(frozen=True, kw_only=True)
class PlainAnswer:
    """What the plain pipeline said; milliseconds since the question arrived."""

    text: str
    first_passage: float
    first_token: float
    total: float


def built_in(knowledge: Path) -> list[Text]:
    """The library's articles, joined into one long document for each topic and language."""
    topics: dict[str, list[str]] = defaultdict(list)
    for article in load_articles(knowledge):
        topic = (*article.pillars, *article.stages, "general")[0]
        topics[f"{topic}.{article.lang}"].append(f"# {article.title}\n\n{article.body}")
    return [Text(name=name, text="\n\n".join(parts)) for name, parts in sorted(topics.items())]


def from_files(paths: Sequence[Path]) -> list[Text]:
    """Other documents, read as the coach reads them. Raises DocumentError for one that cannot be read."""
    return [Text(name=path.name, text=load(path).text) for path in discover(paths)]


class Plain:
    """The index in a folder of its own, to be thrown away."""

    def __init__(self, folder: Path, embedder: Embeddings, documents: Sequence[Text], model: Any = None) -> None:
        import chromadb
        from langchain_chroma import Chroma
        from langchain_text_splitters import RecursiveCharacterTextSplitter

        quiet = chromadb.config.Settings(anonymized_telemetry=False, is_persistent=True, persist_directory=str(folder))
        self._chroma = Chroma(
            collection_name="plain", embedding_function=embedder, persist_directory=str(folder), client_settings=quiet
        )
        self._model = model
        splitter = RecursiveCharacterTextSplitter(chunk_size=CHUNK, chunk_overlap=OVERLAP)
        chunks = [(d.name, chunk) for d in documents for chunk in splitter.split_text(d.text)]
        for at in range(0, len(chunks), _BATCH):
            some = chunks[at : at + _BATCH]
            self._chroma.add_texts([chunk for _, chunk in some], metadatas=[{"source": name} for name, _ in some])
        self.chunks = len(chunks)

    def retrieve(self, question: str, k: int = TOP) -> list[str]:
        """The nearest chunks, best first."""
        return [d.page_content for d in self._chroma.similarity_search(question, k=min(k, max(1, self.chunks)))]

    def ask(self, question: str, history: Sequence[Turn], *, timeout: float) -> PlainAnswer:
        """Searches with the question as it stands, stuffs the prompt, streams the reply. Raises ModelError."""
        started = time.perf_counter()
        chunks = self.retrieve(question)
        found = _since(started)
        said = ""
        first = 0.0
        for piece in self._words(question, history, chunks, timeout):
            first = first or _since(started)
            said += piece
        total = _since(started)
        return PlainAnswer(text=said, first_passage=found, first_token=first or total, total=total)

    def _words(self, question: str, history: Sequence[Turn], chunks: Sequence[str], timeout: float) -> Iterator[str]:
        from coach.models.chat import stream_text

        prompt = _PROMPT.format(context="\n\n".join(chunks), question=question)
        messages = [*(("human" if t.role == "user" else "ai", t.content) for t in history), ("human", prompt)]
        return stream_text(self._model.bind(max_tokens=MAX_TOKENS), messages, timeout=timeout)

    def close(self) -> None:
        """Releases the model, if it is an embedded one."""
        if hasattr(self._model, "close"):
            self._model.close()


def _since(started: float) -> float:
    return 1000 * (time.perf_counter() - started)
