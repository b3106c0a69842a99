"""What the sections are made of: words in both languages, numbers as they are written, headings. HTML as text, pure."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from evals.metrics import METRICS, Metric
from evals.report_html.words import WORDS

DASH = "–"
Says = str | int | tuple[str, str]
"""A value within a sentence: the same in both languages, or (zh, en)."""


def both(zh: str, en: str) -> str:
    """Text in both languages, of which the style sheet shows one; once where they do not differ."""
    if zh == en:
        return escape(zh)
    return f'<span class="zh" lang="zh">{escape(zh)}</span><span class="en" lang="en">{escape(en)}</span>'


def _filled(key: str, **values: Says) -> tuple[str, str]:
    """A sentence of WORDS in both languages, as plain text."""
    zh, en = ({k: v[at] if isinstance(v, tuple) else v for k, v in values.items()} for at in (0, 1))
    return WORDS["zh"][key].format(**zh), WORDS["en"][key].format(**en)


def say(key: str, **values: Says) -> str:
    return both(*_filled(key, **values))


def named(prefix: str, name: str) -> str:
    """The words for a name out of the data, or the name itself where there are none."""
    return say(f"{prefix}.{name}") if f"{prefix}.{name}" in WORDS["zh"] else escape(name)


def metric_title(metric: Metric) -> str:
    return both(metric.zh, metric.en)


def rule_title(name: str) -> str:
    return metric_title(METRICS[name]) if name in METRICS else escape(name)


def metric_titles(names: Iterable[str]) -> tuple[str, str]:
    found = [METRICS[name] for name in names]
    return "、".join(m.zh for m in found), ", ".join(m.en for m in found)


def percent(share: float | None) -> str:
    """`–` for what was not measured, so that it can be taken for neither 0 nor 1."""
    return DASH if share is None else f"{100 * share:.1f} %"


def signed(share: float) -> str:
    """In points; a change that rounds to nothing has no sign."""
    text = f"{100 * share:+.1f}"
    return "0.0" if text in {"+0.0", "-0.0"} else text.replace("-", "−")


def section(name: str, *parts: str) -> str:
    body = "".join(parts)
    return f'<section id="{name}" aria-labelledby="h-{name}"><h2 id="h-{name}">{say(name)}</h2>{body}</section>'


def scroll(name: str, table: str) -> str:
    """A table that may be wider than the page, to be scrolled by keyboard too."""
    return f'<div class="scroll" tabindex="0" role="region" aria-labelledby="h-{name}">{table}</div>'


def heldout_badge() -> str:
    return f'<small class="chip held">{say("split.heldout")}</small>'
