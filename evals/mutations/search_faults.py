"""Faults in the search: the vectors of questions, the halves it is fused of, what it hands out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np

from coach.app import Coach
from coach.library.catalogue import Catalogue
from coach.library.glossary import Glossary
from coach.library.search import Library
from coach.library.selector import SentenceSelector
from coach.library.vectors import Vectors
from coach.models.embedding import QUERY_PREFIX, Embedder
from evals.mutations.fault import Apply, fault
from evals.mutations.replacing import always, wrapped


def _found(**changed: Callable[[Any], object]) -> Apply:
    """Fields of every search result."""

    def make(real: Any) -> Any:
        def search(*told: Any, **more: Any) -> Any:
            made = real(*told, **more)
            return replace(made, **{name: value(made) for name, value in changed.items()})

        return search

    return lambda _: wrapped(Library, "search", make)


def _searched(**changed: Callable[[Any], object]) -> Apply:
    """What the search is asked with; each value is made of the old one."""

    def make(real: Any) -> Any:
        def search(self: Any, query: str, **more: Any) -> Any:
            return real(self, query, **{**more, **{name: value(more.get(name)) for name, value in changed.items()}})

        return search

    return lambda _: wrapped(Library, "search", make)


def _without(kind: str) -> Apply:
    """One of the two collections of vectors finds nothing."""

    def make(real: Any) -> Any:
        return lambda self, which, *told, **more: [] if which == kind else real(self, which, *told, **more)

    return lambda _: wrapped(Vectors, "nearest", make)


def _encoded(encode: Callable[[Any, Any, list[str], str], Any]) -> Apply:
    """How questions become vectors; `encode` gets the real function, the embedder, the texts and their prefix."""

    def make(real: Any) -> Any:
        return lambda self, texts, prefix: (
            encode(real, self, texts, prefix) if prefix == QUERY_PREFIX else real(self, texts, prefix)
        )

    return lambda _: wrapped(Embedder, "_encode", make)


def _no_prefix(real: Any, embedder: Any, texts: list[str], _prefix: str) -> Any:
    return real(embedder, texts, "")


@contextmanager
def _other_model(coach: Coach) -> Iterator[None]:
    """The adapter is not merged, and nothing notices: the fingerprint is the right one."""
    bare = Embedder(coach.settings.model_copy(update={"adapter": "none"}))
    with _encoded(lambda real, _self, texts, prefix: real(bare, texts, prefix))(coach):
        yield


def _short(found: Any) -> tuple[Any, ...]:
    return tuple(replace(p, text=p.text[:50], end=p.start + min(50, len(p.text))) for p in found.passages)


SEARCH = (
    fault(
        "embedding",
        "query-unprefixed",
        "questions are embedded without their prefix, behind the back of the settings",
        _encoded(_no_prefix),
        "with the adapter the prefix is worth less than one question in a hundred",
    ),
    fault(
        "embedding",
        "query-as-passage",
        "questions are embedded with the prefix of passages",
        _encoded(lambda real, self, texts, _: real(self, texts, "document")),
    ),
    fault("embedding", "adapter-lost", "questions are embedded by the model without its adapter", _other_model),
    fault("search", "words-off", "the lexical half finds nothing", always(Catalogue, "lexical", [])),
    fault("search", "questions-off", "stored questions find nothing", _without("questions")),
    fault("own", "texts-off", "texts of passages find nothing by their vectors", _without("texts")),
    fault(
        "search",
        "glossary-off",
        "no word is added to a question",
        always(Glossary, "expand", []),
        "the stored questions hold the colloquial words by now: 40 of 449 replies differ, none is worse",
    ),
    fault(
        "search",
        "other-language",
        "only the other language is offered",
        _searched(lang=lambda lang: "en" if lang == "zh" else "zh"),
    ),
    fault("search", "selector-lost", "nothing reads which sentence is asked for", always(SentenceSelector, "numbers", ())),
    fault(
        "search",
        "selector-shifted",
        "the selector names the sentence behind the one that is asked for",
        lambda _: wrapped(
            SentenceSelector, "log_probabilities", lambda real: lambda self, vector: np.roll(real(self, vector), 1)
        ),
    ),
    fault("search", "order-reversed", "the worst passage found comes first", _found(passages=lambda r: r.passages[::-1])),
    fault("search", "one-passage", "only one passage is found", _searched(k=lambda _: 1)),
    fault("search", "passages-cut", "passages end after 50 characters", _found(passages=_short)),
    fault("search", "best-lost", "the best passage is left out", _found(passages=lambda r: r.passages[1:])),
)
