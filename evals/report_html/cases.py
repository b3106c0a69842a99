"""Every case with its figures and words, as data for the page's own script.

Everything that a case or a reply says reaches the page as JSON and is set as text, never as HTML. What a held-out case says
stands in an element of its own, which is not even parsed before somebody asks for it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from coach.types import STATUSES
from evals.metrics import METRICS
from evals.report_html.figures import Baseline, Row
from evals.report_html.pieces import say, section
from evals.report_html.words import WORDS
from evals.schema import Case, Made, Quoted, Record, Seen
from evals.scorers import terms


def cases_section(found: Sequence[Row]) -> str:
    held = sum(row.heldout for row in found)
    gate = (
        f'<div class="card none" id="gate"><h3>{say("held.title")}</h3><p>{say("held.means", n=held)}</p>'
        f'<button type="button" id="reveal">{say("held.button")}</button></div>'
        if held
        else ""
    )
    return section(
        "cases",
        f'<noscript><p class="card warn">{say("cases.noscript")}</p></noscript>{gate}',
        '<form id="filters" role="search"></form>',
        '<p id="count" role="status"></p><div id="list"></div><button type="button" id="more" hidden></button>',
    )


def cases_data(made: Made, found: Sequence[Row], texts: Mapping[str, str], baseline: Baseline) -> str:
    numbered = list(enumerate(found))
    metrics = [{"name": m.name, "zh": m.zh, "en": m.en, "down": m.better == "down", "gate": m.gate} for m in METRICS.values()]
    index = {"rows": [_index(row, baseline) for row in found], "metrics": metrics, "suites": made.suites, "statuses": STATUSES}
    return "\n".join(
        (
            _json("words", WORDS),
            _json("index", index),
            _json("open", _told(((at, row) for at, row in numbered if not row.heldout), texts)),
            _json("held", _told(((at, row) for at, row in numbered if row.heldout), texts)),
        )
    )


def _json(name: str, value: object) -> str:
    """Data as a script that nothing executes. No `<` is left to end it, and no sign that old parsers take for a line's end."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for sign in ("<", ">", "&", "\u2028", "\u2029"):
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return f'<script type="application/json" id="{name}">{text}</script>'


def _told(some: Iterable[tuple[int, Row]], texts: Mapping[str, str]) -> dict[str, Any]:
    """Details by place in the index, and the passages they name, each once."""
    details = {at: _detail(row, texts) for at, row in some}
    keys = {seen[1] for d in details.values() for seen in (*d.get("citations", ()), *d.get("shown", ()), *d.get("retrieved", ()))}
    return {"details": details, "texts": {key: texts[key] for key in sorted(keys) if key in texts}}


def _index(row: Row, baseline: Baseline) -> dict[str, Any]:
    """The figures of one case: what may be seen of every one, held out or not."""
    values = row.outcome.values if row.outcome else {}
    return {
        "id": row.id,
        "suite": row.suite,
        "lang": row.lang,
        "kind": row.kind,
        "held": row.heldout,
        "level": row.level,
        "worse": row.worse,
        "hard": row.broken,
        "wanted": row.case.allowed if row.case else [],
        "got": (row.record.status or "") if row.record else "",
        "values": [values.get(name) for name in METRICS],
        "old": [baseline.get(name, {}).get(row.id) for name in METRICS],
        "timings": row.record.timings if row.record else {},
    }


def _detail(row: Row, texts: Mapping[str, str]) -> dict[str, Any]:
    """What a case says: its question, the reply, what was wrong."""
    case, record = row.case, row.record
    found: dict[str, Any] = {
        "problems": row.outcome.problems if row.outcome else [],
        "rules": row.outcome.hard if row.outcome else [],
    }
    if case:
        found |= {
            "question": case.question,
            "history": [[s.role, s.content] for s in case.history],
            "document": [case.document.name, case.document.text] if case.document else None,
            "why": case.why,
            "facts": [*case.facts, *case.gold],
            "attribution": case.attribution,
            "keypoints": _keypoints(case, record, texts),
            "must_not": [[term, bool(terms.forbidden((record and record.answer) or "", [term]))] for term in case.must_not],
        }
    if record:
        found |= {
            "asked": record.asked,
            "answer": record.answer,
            "notice": record.notice,
            "error": record.error,
            "standalone": record.standalone if case and record.standalone != case.question else "",
            "model": record.model,
            "worded": record.worded if record.writes else None,
            "citations": [_quoted(c, texts) for c in record.citations],
            "shown": [_seen(s) for s in record.shown],
            "retrieved": [_seen(s) for s in record.retrieved],
        }
    return found


def _keypoints(case: Case, record: Record | None, texts: Mapping[str, str]) -> list[list[Any]]:
    """Each key point: its terms, whether the reply holds it, and the rank of the first retrieved passage that does."""
    held = terms.keypoints((record and record.answer) or "", case.keypoints).held
    ranked = [terms.keypoints(texts.get(seen.text, ""), case.keypoints).held for seen in (record.retrieved if record else [])]

    def first(at: int) -> int | None:
        return next((rank for rank, of in enumerate(ranked, 1) if of[at]), None)

    return [[some, held[at], first(at)] for at, some in enumerate(case.keypoints)]


def _quoted(citation: Quoted, texts: Mapping[str, str]) -> list[Any]:
    text = texts.get(citation.passage)
    literal = text is not None and text[citation.start : citation.end] == citation.quote != ""
    start, end = (_wide(text or "", at) for at in (citation.start, citation.end))
    return [citation.n, citation.passage, citation.passage_id, start, end, citation.quote, citation.tier, literal]


def _seen(seen: Seen) -> list[str]:
    return [seen.id, seen.text, seen.tier, seen.title, seen.source]


def _wide(text: str, at: int) -> int:
    """An offset in characters as a browser counts it: in UTF-16, where an emoji is two."""
    return at + sum(c > "\uffff" for c in text[:at])
