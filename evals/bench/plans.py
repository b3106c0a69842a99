"""How long a plan and its documents take, over the people of `datasets/people.jsonl`, without a chat model."""

from __future__ import annotations

import time
from typing import Any

from coach.app import build_drafting
from coach.development.draft import profile_from
from coach.documents import FORMATS, export
from coach.framework import load_framework
from coach.settings import Settings
from evals.bench.measure import spread
from evals.development import TODAY, article_passages, cases


def times(settings: Settings) -> dict[str, Any]:
    """Milliseconds: the first draft with everything that is loaded for it, then median and p90 of a draft and of each format."""
    started = time.perf_counter()
    framework = load_framework(settings.knowledge)
    drafting = build_drafting(settings, framework, article_passages(settings))
    drafts: list[float] = []
    documents: dict[str, list[float]] = {name: [] for name in FORMATS}
    first = 0.0
    for case in cases("people"):
        profile, remarks = profile_from(case["profile"], framework, case["lang"])
        begun = time.perf_counter()
        plan = drafting.draft(profile, case["lang"], TODAY, remarks=remarks).plan
        drafts.append(1000 * (time.perf_counter() - begun))
        first = first or 1000 * (time.perf_counter() - started)
        if plan is None:
            continue
        for name in FORMATS:
            begun = time.perf_counter()
            export(plan, framework, case["lang"], name)
            documents[name].append(1000 * (time.perf_counter() - begun))
    return {"first": first, "draft": spread(drafts), **{name: spread(found) for name, found in documents.items()}}
