"""`python -m evals.pictures` (`make screenshots`): a picture of every page, in both languages, both themes, wide and narrow.

Each language has a service and a person of its own, from `datasets/people.jsonl`, with conversations, an assessment, a plan,
check-ins and a review; what is seen is what a real service answers, without a chat model.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from coach.settings import Settings
from coach.types import Lang
from evals.development import cases
from evals.live import Live

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

BOX = "#coach-q textarea"
SIZES = {"wide": (1280, 860), "phone": (390, 844)}
THEMES = ("light", "dark")
_PEOPLE: dict[Lang, str] = {"zh": "p-zh-13", "en": "p-en-03"}
_LOCALES: dict[Lang, str] = {"zh": "zh-CN", "en": "en-GB"}
_QUESTIONS: dict[Lang, tuple[str, ...]] = {
    "zh": (
        "从市场总监到CMO，最大的变化是什么？",
        "怎么跟CFO谈预算？",
        "某上市公司的CMO年薪多少？",
        "文中说转化率提升37%，是真的吗？",
    ),
    "en": (
        "What changes most from marketing director to CMO?",
        "How do I win budget from the CFO?",
        "What salary does a CMO earn at a listed company?",
        "Is the 37% conversion figure true?",
    ),
}
_WORKED: dict[Lang, str] = {
    "zh": "去年我牵头做了会员项目，和产品、财务一起定了目标，首单转化从2.1%做到3.4%，省下广告费120万元，复盘报告给了CEO。",
    "en": "Last year I led the membership project with product and finance; first-order conversion rose from 2.1% to 3.4%.",
}
_ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync")


@dataclass(frozen=True, kw_only=True)
class Shot:
    """One picture: where it is taken, what is done first, and what it shows, in one line."""

    name: str
    path: str
    shows: str
    first: Callable[[Page], None] = lambda page: None


def shots(plan: str) -> Iterator[Shot]:
    """Every page and view."""
    yield Shot(name="chat-first-visit", path="/", shows="the first visit: what this is, examples by stage, the box")
    yield Shot(name="chat-conversation", path="/?c=first", shows="a cited answer with its conversation list")
    yield Shot(name="chat-citation", path="/?c=first", shows="a citation opened: the quoted words marked", first=_cite)
    yield Shot(
        name="chat-not-in-library", path="/?c=third", shows="no answer in the library: nearest topics, general advice on request"
    )
    yield Shot(name="me-overview", path="/me", shows="stage, missing conditions, radar, levels with evidence")
    yield Shot(name="me-profile", path="/me?tab=profile", shows="what the coach knows and where from")
    yield Shot(name="me-assessment", path="/me?tab=assess", shows="assessments, and asking others")
    yield Shot(name="me-data", path="/me?tab=data", shows="what is kept, export and deletion")
    for tab in ("board", "timeline", "checkin", "review", "versions", "export"):
        yield Shot(name=f"plan-{tab}", path=f"/plan?tab={tab}&plan={plan}", shows=f"the plan: {tab}")
    for tab in ("documents", "search", "queue", "asked"):
        yield Shot(name=f"library-{tab}", path=f"/library?tab={tab}", shows=f"the library: {tab}")


def _cite(page: Page) -> None:
    page.locator(".cite").first.click()
    page.wait_for_timeout(700)


def fill(live: Live, lang: Lang) -> str:
    """A person with everything a page can show; gives the id of their plan."""
    profile = next(case["profile"] for case in cases("people") if case["id"] == _PEOPLE[lang])
    live.call("PUT", "/api/profile", {"profile": profile, "lang": lang})
    for name, question in zip(("first", "second", "third", "fourth"), _QUESTIONS[lang], strict=True):
        live.call("POST", "/api/ask", {"question": question, "conversation": name})
    assessment = live.call("POST", "/api/assessments", {"form": "short", "lang": lang})
    first, second = [question["indicator"] for question in assessment["questions"][:2]]
    answers = {first: _WORKED[lang], second: _WORKED[lang]}
    live.call("PUT", f"/api/assessments/{assessment['id']}/answers", {"answers": answers, "lang": lang})
    live.call("POST", f"/api/assessments/{assessment['id']}/finish", {"lang": lang})
    made = live.call("POST", "/api/plans", {"lang": lang})
    plan = made["plan"]
    lines = [action["id"] for action in plan["actions"]]
    for line, status in zip(lines, ("done", "stuck", "on_track"), strict=False):
        live.call("POST", "/api/checkins", {"plan": plan["id"], "line": line, "status": status, "evidence": "", "lang": lang})
    return str(plan["id"])


def take(browser: Browser, live: Live, lang: Lang, plan: str, folder: Path, only: Sequence[str]) -> list[tuple[Path, str]]:
    """The pictures of one language; gives each with what it shows."""
    taken = []
    for theme in THEMES:
        for size, (width, height) in SIZES.items():
            context = browser.new_context(
                locale=_LOCALES[lang],
                viewport={"width": width, "height": height},
                color_scheme="dark" if theme == "dark" else "light",
            )
            for shot in shots(plan):
                if only and not any(word in shot.name for word in only):
                    continue
                path = folder / f"{shot.name}-{lang}-{theme}-{size}.png"
                _shoot(context, live.url + shot.path, shot, path)
                taken.append((path, shot.shows))
            context.close()
    return taken


def _shoot(context: BrowserContext, url: str, shot: Shot, path: Path) -> None:
    page = context.new_page()
    page.goto(url)
    page.wait_for_selector(".top[data-lang]", state="attached")
    page.wait_for_function("!document.querySelector('#coach-page .waiting')")
    page.wait_for_timeout(900)
    shot.first(page)
    # The pages scroll within themselves: for the picture they may be as high as what they hold.
    if page.locator("#coach-page").count():
        needed = page.evaluate(
            "document.querySelector('#coach-page').scrollHeight + document.querySelector('#coach-header').offsetHeight"
        )
        page.set_viewport_size(
            {"width": page.viewport_size["width"] if page.viewport_size else 1280, "height": min(6000, int(needed))}
        )
        page.wait_for_timeout(200)
    page.screenshot(path=path)
    page.close()


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--only", multiple=True, help="only pictures whose name has this in it; may be repeated")
@click.option("--lang", "langs", multiple=True, type=click.Choice(["zh", "en"]), help="only this language")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), required=False)
def main(only: tuple[str, ...], langs: tuple[Lang, ...], folder: Path | None) -> None:
    """Take pictures of every page, into FOLDER (default: screenshots in the coach's home)."""
    chromium = os.environ.get("COACH_CHROMIUM") or shutil.which("chromium")
    if not chromium:
        click.echo("Error: there is no Chromium. Install it with: apt-get install chromium fonts-noto-cjk", err=True)
        sys.exit(2)
    from playwright.sync_api import sync_playwright

    target = folder or Settings().home / "screenshots"
    target.mkdir(parents=True, exist_ok=True)
    listed: list[dict[str, Any]] = []
    with sync_playwright() as running, tempfile.TemporaryDirectory(prefix="coach-pictures-") as scratch:
        browser = running.chromium.launch(executable_path=chromium, args=list(_ARGUMENTS))
        for lang in langs or ("zh", "en"):
            with Live(Path(scratch) / lang) as live:
                plan = fill(live, lang)
                for path, shows in take(browser, live, lang, plan, target, only):
                    listed.append({"file": path.name, "shows": shows})
                    click.echo(f"{path.name}: {shows}")
        browser.close()
    (target / "index.json").write_text(json.dumps(listed, ensure_ascii=False, indent=1), encoding="utf-8")
    click.echo(f"{len(listed)} pictures in {target}")


if __name__ == "__main__":
    main()
