"""Every page and tab under axe-core, in both themes and both languages: no serious and no critical finding."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.conftest import Accounts, View, Visitors, logged_in, shown, standing, views

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.real]

GRAVE = ("serious", "critical")
CHAT = ["chat-opening", "chat-cited", "chat-not-in-library"]
ME = ["me-overview", "me-profile", "me-assess", "me-data", "me-question"]
PLAN = ["plan-board", "plan-timeline", "plan-checkin", "plan-review", "plan-versions", "plan-export"]
LIBRARY = ["documents", "search", "queue", "asked", "tested", "document", "passage", "report"]
PAGES = [*CHAT, *ME, *PLAN, *(f"library-{name}" for name in LIBRARY)]


@pytest.fixture(scope="module")
def axe() -> str:
    """The checker, as a script."""
    package = pytest.importorskip("axe_core_python", reason="axe is missing; install it with: pip install -e '.[dev]'")
    return (Path(package.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def tabs(browser: Browser, accounts: Accounts) -> Iterator[dict[str, Page]]:
    """A tab of somebody with a session, by log-in name; kept open, since most of the time goes into opening them."""
    made = Visitors(browser)
    yield {name: logged_in(made.context(accounts[name].lang), accounts, name) for name in ("lin", "ann")}
    made.end()


def findings(page: Page, axe: str) -> list[str]:
    """What is seriously wrong with the page as it stands: rule, what to do, and the first elements it is about."""
    page.evaluate("Promise.all(document.getAnimations().map((a) => a.finished.catch(() => 0)))")
    page.evaluate(axe)
    found: list[dict[str, Any]] = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")["violations"]
    return [
        f"{each['impact']} {each['id']}: {each['help']}; {len(each['nodes'])} times, as {[n['html'][:160] for n in each['nodes'][:3]]}"
        for each in found
        if each["impact"] in GRAVE
    ]


def in_both_themes(page: Page, axe: str) -> dict[str, list[str]]:
    """The findings by theme; the page follows the system's theme."""
    found = {}
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
        page.wait_for_function(
            "dark => matchMedia('(prefers-color-scheme: dark)').matches === dark && "
            "(!document.querySelector('.top[data-lang]') || document.body.classList.contains('dark') === dark)",
            arg=theme == "dark",
        )
        if serious := findings(page, axe):
            found[theme] = serious
    return found


def view_of(accounts: Accounts, name: str, wanted: str) -> View:
    """One of somebody's pages by its name."""
    return next(view for view in views(accounts[name]) if view.name == wanted)


@pytest.mark.parametrize("wanted", PAGES)
@pytest.mark.parametrize("name", ["lin", "ann"])
def test_a_page_has_no_serious_finding(name: str, wanted: str, accounts: Accounts, tabs: dict[str, Page], axe: str) -> None:
    page = shown(tabs[name], accounts.live.url + view_of(accounts, name, wanted).path)
    assert page.locator("h1").count() >= 1
    assert in_both_themes(page, axe) == {}


def test_no_page_is_left_out(accounts: Accounts) -> None:
    assert {view.name for view in views(accounts["lin"])} == set(PAGES)


@pytest.mark.parametrize("what", ["citation", "wrong", "list", "edit", "add", "withdraw"])
def test_what_opens_over_a_page_has_no_serious_finding(what: str, accounts: Accounts, visitors: Visitors, axe: str) -> None:
    narrow = what in ("citation", "list")
    page = logged_in(visitors.context(width=390 if narrow else 1280, height=844), accounts, "lin")
    chat, plan = f"{accounts.live.url}/?c=first-lin", f"{accounts.live.url}/plan"
    shown(page, plan if what in ("edit", "add") else f"{accounts.live.url}/me?tab=assess" if what == "withdraw" else chat)
    opener, opened = {
        "citation": (".cite", "#coach-panel .card.now"),
        "wrong": ("[data-wrong]", "#coach-wrong[open]"),
        "list": ("[data-drawer=open]", "#coach-rail .entry"),
        "edit": (".board [data-dialog^=edit]", "dialog:modal"),
        "add": ("[data-dialog=add-line]", "#add-line:modal"),
        "withdraw": ("[data-do=withdraw]", "dialog.ask-first:modal"),
    }[what]
    page.locator(opener).first.click()
    page.locator(opened).first.wait_for()
    assert in_both_themes(page, axe) == {}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_log_in_page_has_no_serious_finding(lang: str, accounts: Accounts, visitors: Visitors, axe: str) -> None:
    page = visitors.context(lang).new_page()  # type: ignore[arg-type]
    page.context.add_init_script(axe)  # its own policy lets no script in afterwards
    page.goto(accounts.live.url)
    page.wait_for_selector("#log-in:not([hidden])")
    page.click("#submit")  # with what is said of an empty form
    page.locator("#error:not(:empty)").wait_for()
    assert in_both_themes(page, "0") == {}


def test_the_form_for_others_has_no_serious_finding(accounts: Accounts, visitors: Visitors, axe: str) -> None:
    page = visitors.context("zh").new_page()
    page.context.add_init_script(axe)
    for address in (f"/feedback/{accounts['lin'].feedback}", "/feedback/nothing-of-this-name"):
        page.goto(accounts.live.url + address)
        page.wait_for_selector("#coach-page h1")
        assert in_both_themes(page, "0") == {}, address


def test_a_newcomers_pages_have_no_serious_finding(accounts: Accounts, visitors: Visitors, axe: str) -> None:
    page = logged_in(visitors.context(), accounts, "zoe")
    for address in ("/", "/me", "/me?tab=assess", "/plan", "/library"):  # the last one is not for members
        shown(page, accounts.live.url + address)
        standing(page)
        assert in_both_themes(page, axe) == {}, address
