"""The bench's numbers as one Markdown table; what was not measured is a dash, never a zero. Computes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Row = tuple[str, str, str]
_DASH = "–"


def markdown(results: dict[str, Any]) -> str:
    """Everything that was measured, one row a number."""
    rows = [
        *_facts(results),
        *_answers(results),
        *_latency(results),
        *_memory(results),
        *_imports(results),
        *_plans(results),
        *_web(results),
    ]
    body = [f"| {name} | {ours} | {plain} |" for name, ours, plain in rows]
    return "\n".join(["| measure | ours | plain pipeline |", "| --- | ---: | ---: |", *body])


def _both(name: str, pair: dict[str, Any], shown: Any) -> Row:
    return name, shown(pair.get("ours")), shown(pair.get("plain"))


def _facts(results: dict[str, Any]) -> Iterator[Row]:
    found = results.get("facts")
    if not found:
        return
    for group, own in found["ours"].items():
        other = found["plain"].get(group, {})
        yield f"facts within 2,000 characters, {group} (n {own['n']})", percent(own["share"]), percent(other.get("share"))
    for group in ("all", "zh", "en", "colloquial"):
        pair = {name: found[name][group] for name in ("ours", "plain")}
        yield _both(f"questions with all their facts, {group}", pair, _share)


def _answers(results: dict[str, Any]) -> Iterator[Row]:
    found = results.get("answers")
    if not found:
        return
    yield _both("questions asked", found, lambda s: str(s["n"]) if s else _DASH)
    yield _both("errors", found, lambda s: str(s["errors"]) if s else _DASH)
    for key, name in (
        ("first_passage", "time to first passage, median / p90"),
        ("first_token", "time to first token, median / p90"),
        ("total", "time to whole answer, median / p90"),
    ):
        yield _both(name, _part(found, key), seconds)
    for lang, language in (("zh", "Chinese"), ("en", "English")):
        yield _both(f"answer length, {language}, characters, median / p90", _part(found, f"length_{lang}"), _whole)
    yield _both("right in full", _part(found, "right"), _counted)
    yield _both("right in the first 300 (English 800) characters", _part(found, "right_in_head"), _counted)
    yield _both("answers with an unattributed claim", found, lambda s: str(s["bare_claims"]) if s else _DASH)


def _latency(results: dict[str, Any]) -> Iterator[Row]:
    if found := results.get("latency"):
        yield _both("search, median / p90", found, seconds)
    if large := results.get("large"):
        yield f"search with {large['passages']:,} own passages more, median / p90", seconds(large["ours"]), _DASH


def _memory(results: dict[str, Any]) -> Iterator[Row]:
    if found := results.get("memory"):
        name = f"service, peak resident memory after {found['questions']} questions ({found['model']})"
        yield name, f"{found['peak_mib']:,.0f} MiB" if found["peak_mib"] is not None else _DASH, _DASH


def _imports(results: dict[str, Any]) -> Iterator[Row]:
    for module, found in results.get("import", {}).items():
        torch = "torch loaded" if found["torch"] else "no torch"
        yield f"`import {module}`, median of {found['runs']}", f"{found['median']:.0f} ms, {torch}", _DASH


def _part(found: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: summary[key] for name, summary in found.items() if summary}


def percent(share: float | None) -> str:
    """A share, or a dash."""
    return _DASH if share is None else f"{100 * share:.0f} %"


def _plans(results: dict[str, Any]) -> Iterator[Row]:
    if found := results.get("plans"):
        yield "first plan, everything loaded for it", _time(found["first"]), _DASH
        yield f"plan drafted (n {found['draft']['n']}), median / p90", seconds(found["draft"]), _DASH
        for name in sorted(set(found) - {"first", "draft"}):
            yield f"plan as {name}, median / p90", seconds(found[name]), _DASH


def _web(results: dict[str, Any]) -> Iterator[Row]:
    found = results.get("web")
    if not found:
        return
    page, crowd, memory = found["page"] or {}, found["crowd"], found["memory"]
    yield "web page: from the request to a box to type in, median / p90", seconds(page.get("usable")), _DASH
    yield "web page: from Enter to the first passage, median / p90", seconds(page.get("first_passage")), _DASH
    people = f"{crowd['people']} people at once, {crowd['turns']} turns"
    yield f"{people}: errors", str(crowd["errors"]), _DASH
    yield f"{people}: whole reply, median / p90", seconds(crowd["total"]), _DASH
    yield f"{people}: whole reply, p95", _time(crowd["total"]["p95"]), _DASH
    yield f"memory after each hundred of {memory['turns']} turns", ", ".join(f"{m:,.0f}" for m in memory["mib"]) + " MiB", _DASH


def seconds(spread: dict[str, Any] | None) -> str:
    """Median and p90 of milliseconds, in the unit that reads best."""
    if not spread or spread["median"] is None:
        return _DASH
    return f"{_time(spread['median'])} / {_time(spread['p90'])}"


def _time(milliseconds: float) -> str:
    return f"{milliseconds:.0f} ms" if milliseconds < 1000 else f"{milliseconds / 1000:.1f} s"


def _whole(spread: dict[str, Any] | None) -> str:
    return _DASH if not spread or spread["median"] is None else f"{spread['median']:.0f} / {spread['p90']:.0f}"


def _share(group: dict[str, Any] | None) -> str:
    if not group or group["complete"] is None:
        return _DASH
    low, high = group["interval"]
    return f"{percent(group['complete'])} ({100 * low:.0f}–{100 * high:.0f})"


def _counted(part: dict[str, Any] | None) -> str:
    if not part or part["share"] is None:
        return _DASH
    low, high = part["interval"]
    return f"{percent(part['share'])} ({100 * low:.0f}–{100 * high:.0f})"
