"""The web page under people: how soon it can be used, how soon a passage shows, thirty asking at once, memory over many turns.

The service runs in a process of its own without a chat model; the browser is a real one. Where there is no Chromium, what
needs it is left out, and the table shows a dash.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil  # type: ignore[import-untyped]

from evals.bench.measure import spread
from evals.live import Live
from evals.schema import Case
from evals.stats import percentile

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PEOPLE = 30
QUESTIONS_EACH = 6
TURNS = 500
THINKING = 6.0
"""Seconds between two questions of one person: they read what they got; a fast reader, so that it is no easy test."""
BOX = "#coach-q textarea"
_PASSAGE = "#coach-live [data-passage], #coach-log [data-passage], #coach-panel .card"
_ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync")


def measure(cases: Sequence[Case], told: Callable[[str], None]) -> dict[str, Any]:
    """Milliseconds, counts and MiB; see the keys of each part."""
    questions = [case.question for case in cases]
    with tempfile.TemporaryDirectory(prefix="coach-web-", ignore_cleanup_errors=True) as folder:
        with Live(Path(folder) / "home") as live:
            told("the page in a browser")
            page = _page(live, questions[:20])
            told(f"{PEOPLE} people at once")
            crowd = _crowd(live, questions)
            told(f"{TURNS} turns")
            memory = _memory(live, questions)
    return {"page": page, "crowd": crowd, "memory": memory}


def _page(live: Live, questions: Sequence[str]) -> dict[str, Any] | None:
    """From the request of the page to a box that can be typed in; from Enter to the first passage on screen."""
    with _browser() as browser:
        if browser is None:
            return None
        usable, first = [], []
        for _ in range(5):
            page = browser.new_page(locale="zh-CN")
            begun = time.perf_counter()
            page.goto(live.url, wait_until="commit")
            page.wait_for_selector(f"{BOX}:enabled", state="visible")
            usable.append(1000 * (time.perf_counter() - begun))
            page.close()
        page = browser.new_page(locale="zh-CN")
        page.add_init_script(_WATCH)
        page.goto(live.url)
        page.wait_for_selector(BOX)
        page.wait_for_timeout(1500)
        for question in questions:
            page.fill(BOX, question)
            page.evaluate(f"window.coachWatch({json.dumps(_PASSAGE)})")
            page.press(BOX, "Enter")
            first.append(page.evaluate("window.coachShown"))
            page.wait_for_selector("#coach-send", state="visible")
            page.wait_for_timeout(400)
        return {"usable": spread(usable), "first_passage": spread([f for f in first if f is not None])}


_WATCH = """
window.coachWatch = (selector) => {
  const before = new Set(document.querySelectorAll(selector));
  const seen = (node) => [...document.querySelectorAll(selector)].some((e) => !before.has(e) && e.getClientRects().length);
  window.coachShown = new Promise((resolve) => {
    let begun = null;
    document.addEventListener('keydown', (e) => { if (e.key === 'Enter' && begun === null) begun = performance.now(); }, true);
    const look = () => {
      if (begun !== null && seen()) return resolve(performance.now() - begun);
      if (begun !== null && performance.now() - begun > 10000) return resolve(null);
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
};
"""


@contextmanager
def _browser() -> Iterator[Browser | None]:
    path = os.environ.get("COACH_CHROMIUM") or shutil.which("chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        path = None
    if not path:
        yield None
        return
    with sync_playwright() as running:
        browser = running.chromium.launch(executable_path=path, args=list(_ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


def _crowd(live: Live, questions: Sequence[str]) -> dict[str, Any]:
    """Thirty people, each with a conversation of their own that is kept, reading a while between two questions."""
    begin = threading.Barrier(PEOPLE)

    def person(number: int) -> list[tuple[float, float | None, str]]:
        begin.wait()
        rows = []
        for turn in range(QUESTIONS_EACH):
            time.sleep(THINKING * (((number * 7 + turn * 11) % 30) / 30 + 0.5 * (turn > 0)))
            question = questions[(number * QUESTIONS_EACH + turn) % len(questions)]
            rows.append(_streamed(live, question, f"crowd-{number}"))
        return rows

    with ThreadPoolExecutor(PEOPLE) as pool:
        rows = [row for some in pool.map(person, range(PEOPLE)) for row in some]
    return {
        "people": PEOPLE,
        "turns": len(rows),
        "errors": sum(1 for _, _, error in rows if error),
        "total": spread([total for total, _, error in rows if not error])
        | {"p95": percentile([total for total, _, _ in rows], 0.95)},
        "first": spread([first for _, first, _ in rows if first is not None]),
    }


def _streamed(live: Live, question: str, conversation: str) -> tuple[float, float | None, str]:
    """(milliseconds to the reply, to the first passages, what went wrong)."""
    body = json.dumps({"question": question, "stream": True, "conversation": conversation}).encode()
    request = urllib.request.Request(f"{live.url}/api/ask", data=body, headers={"content-type": "application/json"})
    begun, first, error, event = time.perf_counter(), None, "no reply", ""
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            for line in answer:
                if line.startswith(b"event:"):
                    event = line.split(b":", 1)[1].strip().decode()
                    first = first or (1000 * (time.perf_counter() - begun) if event == "passages" else None)
                    error = "" if event == "reply" else "error" if event == "error" else error
    except OSError as failure:
        error = str(failure)
    return 1000 * (time.perf_counter() - begun), first, error


def _memory(live: Live, questions: Sequence[str]) -> dict[str, Any]:
    """Resident memory after each hundred turns; conversations of five turns each."""
    process = psutil.Process(live.pid)
    marks = []
    for turn in range(1, TURNS + 1):
        _streamed(live, questions[turn % len(questions)], f"memory-{turn // 5}")
        if turn % 100 == 0:
            marks.append(process.memory_info().rss / 2**20)
    return {"turns": TURNS, "mib": marks}
