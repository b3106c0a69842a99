"""What the tests in a browser share: Chromium, real services with people in them, and pages that are watched for failures.

Needs Chromium (`apt-get install chromium`, or COACH_CHROMIUM=/path/to/chromium), the weights and the built library; without
them these tests are skipped and say so. The services run in processes of their own, with homes of their own.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest

from coach.identity import Role
from coach.settings import Settings
from coach.types import Lang
from evals.development import cases
from evals.live import Live
from tests.fake_provider import FakeProvider

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

    from coach.development.desk import Desk

# Read once, before any test empties the environment.
CHROMIUM = os.environ.get("COACH_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
NO_CHROMIUM = f"no Chromium at {CHROMIUM}; install it with: apt-get install chromium"
_ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync"
).split()
LOCALES: dict[Lang, str] = {"zh": "zh-CN", "en": "en-GB"}
BOX = "#coach-box"
PATIENCE = 60_000.0
"""Milliseconds until a condition counts as never met: this machine may be busy with other things."""

# Words that stand in a model's reply as one piece: whether it stalls or breaks comes after them.
SAID_BY_THE_MODEL = "第一步，把手上的预算、团队和汇报线写成一页纸，再去约上级谈话。"


# --- browser ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium, one for this folder and no longer: while Playwright runs, no other test could start an event loop."""
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="playwright is missing; install it with: pip install -e '.[dev]'"
    )
    with playwright.sync_playwright() as running:
        own = running.chromium.executable_path  # what `playwright install chromium` brings
        path = next((p for p in (CHROMIUM, own) if os.path.exists(p)), "")
        if not path:
            pytest.skip(NO_CHROMIUM)
        chromium = running.chromium.launch(executable_path=path, args=_ARGUMENTS)
        yield chromium
        chromium.close()


class Visitors:
    """Browsers of people, each with its own cookies. What went wrong in any of them stands in `errors` and `hosts`."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self.contexts: list[BrowserContext] = []
        self.errors: list[str] = []
        self.hosts: set[str] = set()

    def context(self, lang: Lang = "zh", *, width: int = 1280, height: int = 860, dark: bool = False) -> BrowserContext:
        """A browser that has never been here."""
        made = self._browser.new_context(
            locale=LOCALES[lang],
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            accept_downloads=True,
        )
        made.set_default_timeout(PATIENCE)
        made.on("page", self._watch)
        self.contexts.append(made)
        return made

    def page(self, lang: Lang = "zh", **options: Any) -> Page:
        """A page in a browser that has never been here."""
        return self.context(lang, **options).new_page()

    def _watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.errors.append(f"{page.url}: {error}"))
        page.on(
            "request", lambda request: self.hosts.add(request.url.split("/")[2].split(":")[0]) if "//" in request.url else None
        )

    def end(self) -> None:
        """Closes them all; no script may have failed and no other host been asked."""
        for context in self.contexts:
            context.close()
        assert self.errors == []
        assert self.hosts - {""} <= {"127.0.0.1"}


@pytest.fixture
def visitors(browser: Browser) -> Iterator[Visitors]:
    """For one test; at its end, no script may have failed and no other host been asked."""
    made = Visitors(browser)
    yield made
    made.end()


def shown(page: Page, url: str) -> Page:
    """Goes to an address and waits until the page stands."""
    page.goto(url)
    standing(page)
    return page


def standing(page: Page) -> None:
    """Waits until what Python shows has come: the chat's conversation, or the whole of another page."""
    page.wait_for_selector(".top[data-lang]", state="attached")
    page.wait_for_selector("#coach-page main, #coach-page .empty, #coach-exchanges > *", state="attached")
    # Gradio's empty page calls itself English, so its language alone proves nothing.
    page.wait_for_function("document.fonts.status === 'loaded' && document.documentElement.lang && document.title")


def log_in(page: Page, url: str, name: str) -> None:
    """Through the log-in page, as a person does."""
    page.goto(url)
    page.wait_for_url("**/login**")
    page.fill("#name", name)
    page.fill("#password", PASSWORD)
    page.click("#submit")
    page.wait_for_url(lambda at: "/login" not in at)
    standing(page)


def logged_in(context: BrowserContext, accounts: Accounts, name: str) -> Page:
    """A page of somebody whose browser has a session already."""
    url = accounts.live.url
    entered = context.request.post(f"{url}/api/login", data={"name": name, "password": PASSWORD}, headers={"origin": url})
    assert entered.ok, entered.text()
    return context.new_page()


def ask(page: Page, question: str, *, wait: bool = True) -> None:
    """Types a question and sends it; waits until its reply has ended."""
    before = page.locator("#coach-log .exchange").count()
    page.fill(BOX, question)
    page.keyboard.press("Enter")
    if wait:
        answered(page, before + 1)


def answered(page: Page, count: int) -> None:
    """Waits until there are so many exchanges, and no reply is under way."""
    page.wait_for_function(
        "n => document.querySelectorAll('#coach-log .exchange').length === n && !document.querySelector('#coach-log .live')",
        arg=count,
    )


@dataclass(frozen=True)
class View:
    """A page or one of its tabs, as its address names it."""

    name: str
    path: str


def views(someone: Someone) -> list[View]:
    """Every page that somebody may look at, with all its tabs, on things of their own."""
    found = [View("chat-opening", "/")]
    if someone.plan:
        found += [View("chat-cited", f"/?c=first-{someone.name}"), View("chat-not-in-library", f"/?c=second-{someone.name}")]
    found += [View(f"me-{tab}", f"/me?tab={tab}") for tab in ("overview", "profile", "assess", "data")]
    if someone.assessment:
        found.append(View("me-question", f"/me?tab=assess&id={someone.assessment}"))
    found += [View(f"plan-{tab}", f"/plan?tab={tab}") for tab in ("board", "timeline", "checkin", "review", "versions", "export")]
    if someone.role != "member":
        found += [View(f"library-{tab}", f"/library?tab={tab}") for tab in ("documents", "search", "queue", "asked")]
        found.append(View("library-tested", "/library?" + urlencode({"tab": "search", "q": "CMO", "lang": someone.lang})))
        found.append(View("library-document", "/library?" + urlencode({"doc": someone.passage.partition(".")[0]})))
        found.append(View("library-passage", "/library?" + urlencode({"passage": someone.passage})))
        found.append(View("library-report", f"/library?tab=queue&report={someone.report}"))
    return found


# --- services --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="package")
def live(tmp_path_factory: pytest.TempPathFactory, real_settings: Settings) -> Iterator[Live]:
    """A service for one person, without accounts and without a chat model; nothing is known of them yet."""
    with Live(tmp_path_factory.mktemp("live") / "home") as running:
        yield running


@dataclass(frozen=True)
class Modelled:
    """A service with a chat model that does what it is told to."""

    live: Live
    model: FakeProvider


@pytest.fixture(scope="package")
def modelled(tmp_path_factory: pytest.TempPathFactory, real_settings: Settings) -> Iterator[Modelled]:
    """A service whose chat model stalls or breaks off when a test says so."""
    with FakeProvider(words=(SAID_BY_THE_MODEL, "然后")) as fake:
        settings = {"COACH_MODEL_BASE_URL": fake.url_for("openai"), "COACH_MODEL_API_KEY": "none", "COACH_MODEL_RETRIES": "0"}
        with Live(tmp_path_factory.mktemp("modelled") / "home", model="openai:any", **settings) as running:
            yield Modelled(running, fake)


PASSWORD = "纸船 lantern 42 orbit"


@dataclass(frozen=True, kw_only=True)
class Someone:
    """A person with an account. `words` are what they said of themselves; the ids are of their own things, empty without."""

    name: str
    role: Role
    lang: Lang
    person: str
    token: str
    plan: str = ""
    assessment: str = ""
    feedback: str = ""
    passage: str = ""
    report: str = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Accounts:
    """A service with accounts: lin and ann have everything a page can show, tao and zoe are new. By log-in name."""

    live: Live
    people: dict[str, Someone]

    def __getitem__(self, name: str) -> Someone:
        return self.people[name]


_PEOPLE: tuple[tuple[str, Role, Lang, str], ...] = (
    ("lin", "admin", "zh", "p-zh-13"),
    ("ann", "reviewer", "en", "p-en-03"),
    ("tao", "member", "zh", ""),
    ("zoe", "member", "zh", ""),
)
_ASKED: dict[Lang, dict[str, str]] = {
    "zh": {"first": "从市场总监到CMO，最大的变化是什么？", "second": "某上市公司的CMO年薪多少？"},
    "en": {
        "first": "What changes most from marketing director to CMO?",
        "second": "What salary does a CMO earn at a listed company?",
    },
}
_WRONG: dict[Lang, str] = {"zh": "年薪有公开的数", "en": "There are published figures"}
_WORKED: dict[Lang, str] = {
    "zh": "去年我牵头做了会员项目，和产品、财务一起定了目标，首单转化从2.1%做到3.4%，省下广告费120万元，复盘报告给了CEO。",
    "en": "Last year I led the membership project with product and finance; first-order conversion rose from 2.1% to 3.4%.",
}


@pytest.fixture(scope="package")
def accounts(tmp_path_factory: pytest.TempPathFactory, real_settings: Settings) -> Iterator[Accounts]:
    """Four people; what lin and ann did before today is written by the product itself, with an earlier date."""
    from coach.app import open_desk
    from coach.store.accounts import open_accounts

    live = Live(tmp_path_factory.mktemp("accounts") / "home")
    live.prepare()
    settings = Settings(_env_file=None, home=live.home)
    kept, desk = open_accounts(settings), open_desk(settings)
    people, cases_of = {}, {}
    for name, role, lang, case in _PEOPLE:
        made = kept.add(name, PASSWORD, role, lang=lang)
        token, _ = kept.add_token(made.person, name)
        people[name] = Someone(name=name, role=role, lang=lang, person=made.person, token=token)
        if case:
            cases_of[name] = case
            people[name] = _with_a_past(desk, people[name], case)
    kept.close()
    with live:
        for name in cases_of:
            people[name] = _having_asked(live, people[name])
        yield Accounts(live, people)


def _with_a_past(desk: Desk, someone: Someone, case: str) -> Someone:
    """Profile, assessments, a link for others, and a plan made so long ago that its first action is overdue since three days."""
    profile = next(each["profile"] for each in cases("people") if each["id"] == case)
    lang, person, today = someone.lang, someone.person, date.today()
    desk.set_profile(profile, person, lang=lang)
    done = desk.start_assessment("short", person, lang=lang)
    desk.answer(done.id, {q.indicator: _WORKED[lang] for q in done.questions[:2]}, person, lang=lang)
    desk.finish(done.id, person, lang=lang)
    link, _ = desk.invite(done.id, "peer", datetime.now(UTC), person, lang=lang)
    drafted = desk.draft(profile, lang, today).draft.plan
    assert drafted is not None
    ago = min(line.due for line in drafted.actions) - today + timedelta(days=3)
    _, plan = desk.new_plan(person, lang=lang, today=today - ago)
    assert plan is not None and min(line.due for line in plan.actions) < today
    under_way = desk.start_assessment("short", person, lang=lang)
    own = (*_texts(profile), _WORKED[lang], *_ASKED[lang].values(), _WRONG[lang], someone.name)
    return replace(someone, plan=plan.id, assessment=under_way.id, feedback=link, words=own)


def _having_asked(live: Live, someone: Someone) -> Someone:
    """Two conversations, one with an answer and one without; the second is reported as wrong."""
    asked = [
        live.call("POST", "/api/ask", {"question": question, "conversation": f"{name}-{someone.name}"}, token=someone.token)
        for name, question in _ASKED[someone.lang].items()
    ]
    told = {"exchange": asked[1]["id"], "verdict": "wrong", "reason": _WRONG[someone.lang]}
    live.call("POST", "/api/feedback", told, token=someone.token)
    reports = live.call("GET", "/api/library/queue", token=someone.token)["reports"]
    report = next(each["id"] for each in reports if each["reason"] == _WRONG[someone.lang])
    return replace(someone, passage=asked[0]["citations"][0]["passage_id"], report=report)


def _texts(value: object) -> Iterator[str]:
    """All texts within a value, however deep."""
    if isinstance(value, str) and value:
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _texts(each)
