"""Every page and tab under axe-core, in both themes: no finding that is more than minor, let alone a serious one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.conftest import Accounts, Visitors, logged_in, shown, standing, views

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.real]

MINDED = ("moderate", "serious", "critical")
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
def tab(browser: Browser, accounts: Accounts) -> Iterator[Page]:
    """A tab of somebody with a session; the same for all pages."""
    made = Visitors(browser)
    yield logged_in(made.context(), accounts, "lin")
    made.end()


def findings(page: Page, axe: str) -> str:
    """What is wrong with the page as it stands, in both themes (it follows the system's): a line a rule; empty when all is well."""
    found = []
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
        page.wait_for_function(
            "dark => matchMedia('(prefers-color-scheme: dark)').matches === dark && "
            "(!document.querySelector('.top[data-lang]') || document.body.classList.contains('dark') === dark)",
            arg=theme == "dark",
        )
        found += [f"{theme}: {line}" for line in _found(page, axe, only_colours=theme == "dark")]
    return "\n".join(found)


def _found(page: Page, axe: str, *, only_colours: bool) -> Iterator[str]:
    """Rule, what it asks for, and the first elements that break it, once colours have stopped changing."""
    page.evaluate("Promise.all(document.getAnimations().map((a) => a.finished.catch(() => 0)))")
    page.evaluate(axe)
    options = {"resultTypes": ["violations"], **({"runOnly": ["color-contrast"]} if only_colours else {})}
    violations: list[dict[str, Any]] = page.evaluate("options => axe.run(document, options)", options)["violations"]
    for each in violations:
        if each["impact"] in MINDED:
            where = "; ".join(node["html"][:160] for node in each["nodes"][:3])
            yield f"{each['impact']} {each['id']} ({each['help']}), {len(each['nodes'])} times: {where}"


@pytest.mark.parametrize("wanted", PAGES)
def test_a_page_has_no_finding(wanted: str, accounts: Accounts, tab: Page, axe: str) -> None:
    view = next(each for each in views(accounts["lin"]) if each.name == wanted)
    shown(tab, accounts.live.url + view.path)
    assert tab.locator("h1").count() >= 1
    assert not (found := findings(tab, axe)), found


def test_no_page_is_left_out(accounts: Accounts) -> None:
    assert {view.name for view in views(accounts["lin"])} == set(PAGES)


@pytest.mark.parametrize("what", ["citation", "wrong", "list", "edit", "add", "withdraw"])
def test_what_opens_over_a_page_has_no_finding(what: str, accounts: Accounts, visitors: Visitors, axe: str) -> None:
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
    assert not (found := findings(page, axe)), found


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_log_in_page_has_no_finding(lang: str, accounts: Accounts, visitors: Visitors, axe: str) -> None:
    page = visitors.context(lang).new_page()  # type: ignore[arg-type]
    page.context.add_init_script(axe)  # its own policy lets no script in afterwards
    page.goto(accounts.live.url)
    page.wait_for_selector("#log-in:not([hidden])")
    page.click("#submit")  # with what is said of an empty form
    page.locator("#error:not(:empty)").wait_for()
    assert not (found := findings(page, "0")), found


def test_the_form_for_others_has_no_finding(accounts: Accounts, visitors: Visitors, axe: str) -> None:
    page = visitors.context("zh").new_page()
    page.context.add_init_script(axe)
    for address in (f"/feedback/{accounts['lin'].feedback}", "/feedback/nothing-of-this-name"):
        page.goto(accounts.live.url + address)
        page.wait_for_selector("#coach-page h1")
        assert not (found := findings(page, "0")), f"{address}\n{found}"


def test_a_newcomers_pages_have_no_finding(accounts: Accounts, visitors: Visitors, axe: str) -> None:
    page = logged_in(visitors.context(), accounts, "zoe")
    for address in ("/", "/me", "/me?tab=assess", "/plan", "/library"):  # the last one is not for members
        shown(page, accounts.live.url + address)
        standing(page)
        assert not (found := findings(page, axe)), f"{address}\n{found}"
