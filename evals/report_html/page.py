"""The sections put together, with the style and the script within.

The page fetches nothing and runs only the one script whose hash its policy names.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from coach.types import Lang
from evals.report_html.cases import cases_data, cases_section
from evals.report_html.figures import Baseline, Row, lines, rows
from evals.report_html.heat import heat_section
from evals.report_html.pieces import DASH, say
from evals.report_html.scores import scores_section
from evals.report_html.sides import sides_section
from evals.report_html.summary import cautions, made_section, verdict_section
from evals.report_html.timings import timings_section
from evals.report_html.words import WORDS
from evals.schema import Case, Made, Outcome, Record

_HERE = Path(__file__).resolve().parent


def _asset(name: str) -> tuple[str, str]:
    """A file to stand within the page, and its hash for the page's policy."""
    text = (_HERE / name).read_text(encoding="utf-8")
    return text, "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _policy(style: str, script: str) -> str:
    parts = (
        "default-src 'none'",
        f"style-src '{style}'",
        f"script-src '{script}'",
        "img-src data:",  # the empty icon, without which a browser asks for one
        "base-uri 'none'",
        "form-action 'none'",
        "require-trusted-types-for 'script'",  # nobody makes HTML out of a string, not even our own script
    )
    return "; ".join(parts)


def _top(made: Made, found: Sequence[Row]) -> str:
    names = [name for name in ("scores", "heat", "sides", "times", "cases")]
    links = "".join(f'<a href="#{name}">{say(f"nav.{name}")}</a>' for name in names)
    ran = say("ran", n=len(found), solver=made.solver, model=made.model or DASH)
    return (
        f'<a class="skip" href="#cases">{say("skip")}</a><header><div class="name"><h1>{say("title")}</h1><p>{ran}</p></div>'
        f'<nav>{links}</nav><div class="tools"><button type="button" id="switch">{say("switch")}</button>'
        f'<button type="button" id="theme">{say("theme")}</button></div></header>'
    )


def page(
    made: Made,
    cases: Sequence[Case],
    records: Sequence[Record],
    texts: Mapping[str, str],
    outcomes: Sequence[Outcome],
    baseline: Baseline | None = None,
    lang: Lang = "zh",
) -> str:
    """The whole report as one page.

    Args:
        made: What the run was made with; a suite whose split is `heldout` has its words hidden behind a button.
        cases: Everything that was to be asked. One without record or outcome is shown as missing. Ids are unique.
        records: What came back.
        texts: The text of every passage by the keys that records name.
        outcomes: The scores. Means are over those that have a value.
        baseline: metric -> case id -> value of an earlier run; None when there is nothing to compare with.
        lang: The language the page opens in; it holds both.

    Returns:
        HTML that can be written as UTF-8 as it is.
    """
    found, made_lines = rows(made, cases, records, outcomes, baseline), lines(outcomes, baseline)
    (style, style_hash), (script, script_hash) = _asset("report.css"), _asset("report.js")
    sections = (
        verdict_section(found, made_lines, baseline),
        cautions(made, found, made_lines, baseline),
        made_section(made, found),
        scores_section(made_lines),
        heat_section(made, outcomes),
        sides_section(outcomes),
        timings_section(records),
        cases_section(found),
    )
    html = f"""<!doctype html>
<html lang="{"zh-CN" if lang == "zh" else "en"}" data-lang="{lang}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_policy(style_hash, script_hash)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>{escape(WORDS[lang]["title"])}</title>
<link rel="icon" href="data:,">
<style>{style}</style>
</head>
<body>
{_top(made, found)}
<main>{"".join(sections)}</main>
{cases_data(made, found, texts, baseline or {})}
<script>{script}</script>
</body>
</html>
"""
    # Half a pair of characters, as broken replies hold, could not be written as UTF-8.
    return html.encode("utf-8", "replace").decode("utf-8")
