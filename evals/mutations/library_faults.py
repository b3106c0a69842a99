"""Faults in the files the product is made of: articles, calibration, claims, prompts, and the index that was built of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

from coach.app import Coach
from coach.library import manifest
from coach.models import embedding
from evals.homes import copied
from evals.mutations.edited_files import articles_edited, in_files, knowledge_edited, over, prompts_edited, removed
from evals.mutations.fault import fault


@contextmanager
def _other_adapter(coach: Coach) -> Iterator[Coach]:
    with copied(coach.settings) as home, over(home.model_copy(update={"adapter": "none"}), None) as other:
        yield other


@contextmanager
def _without_prefix(coach: Coach) -> Iterator[Coach]:
    emptied = (mock.patch.object(module, "QUERY_PREFIX", "") for module in (embedding, manifest))
    with copied(coach.settings) as home, next(emptied), next(emptied), over(home, None) as other:
        yield other


LIBRARY = (
    fault(
        "library",
        "number-changed",
        "an article says 4 books a month instead of 1",
        articles_edited(in_files("articles/*/action-learning.md", ("1-2", "4-6"), ("1–2", "4–6"))),
    ),
    fault(
        "library",
        "level-changed",
        "an article gives the advanced level as the first one",
        articles_edited(
            in_files("articles/*/level-advanced.md", ("高级", "初级"), ("Advanced", "Foundation"), ("advanced", "foundation"))
        ),
    ),
    fault("library", "article-missing", "the articles on levels are gone", articles_edited(removed("articles/*/level-*.md"))),
    fault(
        "library",
        "tier-changed",
        "attributed articles are marked as stated",
        articles_edited(in_files("articles/*/*.md", ("tier: attributed", "tier: stated"), body=False)),
        "the sentences still say whose claim they state, and nothing else knows an article's tier",
    ),
    fault(
        "start",
        "calibration-lost",
        "the calibration is of another embedding model",
        knowledge_edited(in_files("calibration.json", (r'"embedding": "', '"embedding": "x'), body=False)),
    ),
    fault("start", "claims-lost", "the list of unverified claims is gone", knowledge_edited(removed("claims.yaml"))),
    fault("start", "prefix-forgotten", "the prefix of questions is empty", _without_prefix),
    fault("start", "other-adapter", "the index was made by another embedding model", _other_adapter),
    fault(
        "start",
        "variable-lost",
        "a prompt has lost one of its variables",
        prompts_edited(in_files("write.md", (r"\{\{passages\}\}", ""), body=False)),
    ),
    fault(
        "start",
        "header-wrong",
        "the header of a prompt has a key that is not known",
        prompts_edited(in_files("general.md", ("purpose:", "porpuse:"), body=False)),
    ),
    fault("start", "prompt-missing", "a prompt is not there", prompts_edited(removed("write.md"))),
)
