"""The page in a real browser over a stand-in coach: what a person sees, presses and types.

Needs Chromium: `apt-get install chromium`, or COACH_CHROMIUM=/path/to/chromium.
"""

from __future__ import annotations

import os
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from coach.settings import Settings
from tests.ui.web_stand_in import StandIn

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = os.environ.get("COACH_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
_ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync"
).split()
BOX = "#coach-q textarea"
Open = Callable[..., "Page"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not os.path.exists(CHROMIUM), reason=f"no Chromium at {CHROMIUM}; install it with: apt-get install chromium"
    ),
]


@pytest.fixture(scope="module")
def coach() -> StandIn:
    return StandIn(Settings(model="none", max_question_chars=200, _env_file=None), pause=0.02)


@pytest.fixture(scope="module")
def url(coach: StandIn) -> Iterator[str]:
    """The address of a running service with the page and one route of its own."""
    import uvicorn
    from fastapi import FastAPI

    from ui.app import mount

    app = FastAPI()
    app.get("/healthz")(lambda: {"ok": True})
    mount(app, coach)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 30
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.05)
    assert server.started
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="playwright is missing; install it with: pip install -e '.[dev]'"
    )
    with playwright.sync_playwright() as running:
        chromium = running.chromium.launch(executable_path=CHROMIUM, args=_ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser: Browser, url: str, coach: StandIn) -> Iterator[Open]:
    """Opens the page in a browser of its own; at the end, no script may have failed and no other host been asked."""
    contexts, hosts, errors = [], set(), []
    coach.library.update(state="ready", error="", hint="")
    coach.model.update(state="ready")

    def start(locale: str = "zh-CN", width: int = 1280, height: int = 900, scheme: str = "light") -> Page:
        context = browser.new_context(
            locale=locale,
            viewport={"width": width, "height": height},
            color_scheme=scheme,  # type: ignore[arg-type]
            permissions=["clipboard-read", "clipboard-write"],
        )
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: hosts.add(request.url.split("/")[2]) if "//" in request.url else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        load(page, url)
        return page

    yield start
    for context in contexts:
        context.close()
    assert errors == []
    assert {host.split(":")[0] for host in hosts if host} <= {"127.0.0.1"}


def load(page: Page, url: str) -> None:
    page.goto(url)
    page.wait_for_selector(BOX)
    page.wait_for_selector("#coach-side .panel", state="attached")
    page.wait_for_function("document.querySelector('#coach-header .top') && document.title")
    page.wait_for_timeout(500)


def ask(page: Page, question: str, *, wait: bool = True) -> None:
    before = page.locator("#coach-log .exchange").count()
    page.fill(BOX, question)
    page.keyboard.press("Enter")
    if wait:
        page.wait_for_function(
            "n => document.querySelectorAll('#coach-log .exchange').length > n && !document.querySelector('#coach-live .exchange')",
            arg=before,
        )


def test_the_opening_page_says_what_this_is_and_asks(visit: Open) -> None:
    page = visit()
    text = page.inner_text("body")
    for words in ("营销职业教练", "我是AI职业教练", "不发往外部", "框架所述", "资料所称，未核实"):
        assert words in text
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    page.get_by_role("button", name="CMO第一年先抓哪几件事？").click()
    page.wait_for_selector("#coach-log .cite")
    assert "CMO第一年先抓哪几件事？" in page.inner_text("#coach-log .bubble")


def test_a_citation_opens_its_passage_with_the_quoted_words_marked(visit: Open) -> None:
    page = visit()
    ask(page, "升CMO要补什么")
    page.get_by_role("button", name="出处 2：").first.click()
    card = page.locator("#coach-panel .card.now")
    assert card.locator("h3").inner_text() == "和CFO说同一种语言：营销投入产出怎么讲"
    assert card.locator("mark.now").inner_text() == "预算获批率提高37%，没有给出来源"
    assert "资料所称，未核实" in card.inner_text() and "五大能力支柱 › 战略与商业思维" in card.inner_text()
    assert page.locator("#coach-panel .position").inner_text() == "2 / 4"
    page.get_by_role("button", name="下一段").click()
    assert "CMO的平均任期" in page.locator("#coach-panel .card.now h3").inner_text()
    page.get_by_role("button", name="上一段").click()
    assert page.locator("#coach-panel .position").inner_text() == "2 / 4"


def test_an_earlier_answer_opens_its_own_passages(visit: Open) -> None:
    page = visit()
    ask(page, "升CMO要补什么")
    ask(page, "天气")
    assert "没有引用资料" in page.inner_text("#coach-panel")
    page.locator("#coach-log .cite").first.click()
    assert page.locator("#coach-panel .card.now").count() == 1


def test_passages_stand_at_the_side_before_the_words(visit: Open) -> None:
    page = visit()
    ask(page, "slow", wait=False)
    page.wait_for_selector("#coach-live .peek")
    assert page.locator("#coach-panel .passages.on .card").count() == 4
    assert page.locator("#coach-live .answer").count() == 0 and "找到 4 段" in page.inner_text("#coach-live")
    page.wait_for_selector("#coach-live .unchecked")
    page.wait_for_selector("#coach-log .cite")


def test_stop_and_regenerate(visit: Open) -> None:
    page = visit()
    ask(page, "slow", wait=False)
    page.wait_for_selector("#coach-live .unchecked")
    page.get_by_role("button", name="停止").click()
    page.wait_for_selector("#coach-log .notice")
    assert "还没有核对" in page.inner_text("#coach-log")
    page.get_by_role("button", name="重新生成").click()
    page.wait_for_selector("#coach-log .cite")
    assert page.locator("#coach-log .exchange").count() == 1


def test_a_reload_shows_the_same_conversation_and_new_chat_can_be_undone(visit: Open, url: str) -> None:
    page = visit()
    ask(page, "升CMO要补什么")
    said = page.inner_text("#coach-log .answer")
    load(page, url)
    assert page.inner_text("#coach-log .answer") == said
    page.locator("#coach-log .cite").first.click()
    assert page.locator("#coach-panel mark.now").count() == 1
    page.get_by_role("button", name="新对话").click()
    page.wait_for_selector(".opening .before")
    assert page.locator("#coach-log .exchange").count() == 0
    page.get_by_role("button", name="找回").click()
    page.wait_for_selector("#coach-log .answer")


def test_two_people_do_not_see_each_other(visit: Open) -> None:
    one, two = visit(), visit()
    ask(one, "甲的秘密")
    ask(two, "乙的问题")
    assert "甲的秘密" not in two.content() and "乙的问题" not in one.content()
    load(two, two.url)
    assert "甲的秘密" not in two.content() and "乙的问题" in two.inner_text("#coach-log")


def test_the_language_follows_the_browser_and_can_be_switched(visit: Open, url: str) -> None:
    page = visit("en-US")
    assert "What would you like to get clear about" in page.inner_text("#coach-log")
    assert page.title() == "Marketing Career Coach" and page.evaluate("document.documentElement.lang") == "en"
    assert "Your question" in (page.get_attribute(BOX, "placeholder") or "") and page.inner_text("#coach-send") == "Send"
    page.get_by_role("button", name="中文").click()
    page.wait_for_function("document.documentElement.lang === 'zh-CN'")
    page.wait_for_function("document.querySelector('#coach-send').innerText === '发送'")
    load(page, url)
    assert "今天想弄清楚哪件事" in page.inner_text("#coach-log")


def test_html_in_questions_answers_and_passages_does_nothing(visit: Open) -> None:
    page = visit()
    bad = "evil <script>window.pwned=1</script><img src=x onerror='window.pwned=1'>"
    ask(page, bad)
    page.locator("#coach-log .cite").first.click()
    page.wait_for_timeout(300)
    assert page.evaluate("window.pwned") is None
    assert page.locator("#coach-log img, #coach-panel img, #coach-log a, #coach-panel a, #coach-log script").count() == 0
    assert bad in page.inner_text("#coach-log .bubble")


def test_the_typed_text_is_kept_when_something_fails(visit: Open) -> None:
    page = visit()
    ask(page, "please fail")
    page.wait_for_function("document.querySelector('#coach-q textarea').value === 'please fail'")
    assert "聊天模型这会儿没有回应" in page.inner_text("#coach-log")
    page.fill(BOX, "长" * 900)
    assert "900" in page.inner_text("#coach-foot .count")
    page.keyboard.press("Enter")
    page.wait_for_selector("#coach-hint .hint")
    assert page.input_value(BOX) == "长" * 900
    page.fill(BOX, "   ")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('#coach-hint').innerText.includes('没有看到问题')")


def test_crisis_numbers_are_in_sight(visit: Open) -> None:
    page = visit(width=390, height=844)
    ask(page, "升CMO要补什么")
    ask(page, "我不想活了")
    page.wait_for_timeout(300)
    for number in ("12356", "120", "110"):
        line = page.locator(f"a[href='tel:{number}']")
        assert line.is_visible() and 0 <= (line.bounding_box() or {"y": -1})["y"] < 700


def test_the_page_serves_while_the_library_loads_and_tells_when_it_failed(visit: Open, coach: StandIn) -> None:
    coach.library["state"] = "loading"
    page = visit()
    assert "资料库正在准备" in page.inner_text("#coach-banner")
    ask(page, "等得到吗", wait=False)
    page.wait_for_function("document.querySelector('#coach-live').innerText.includes('资料库还在准备')")
    coach.library["state"] = "ready"
    page.wait_for_selector("#coach-log .cite")
    page.wait_for_function("document.querySelector('#coach-banner').innerText.trim() === ''")
    coach.library.update(state="failed", error="No index", hint="coach ingest")
    failed = visit()
    assert "coach ingest" in failed.inner_text("#coach-banner")


def test_a_phone_shows_passages_as_a_sheet(visit: Open) -> None:
    page = visit(width=390, height=844)
    ask(page, "升CMO要补什么")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert not page.locator("#coach-panel").is_visible()
    page.locator("#coach-log .cite").nth(2).click()
    assert page.locator("#coach-panel .card.now mark.now").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#coach-panel").is_visible()
    assert page.evaluate("document.activeElement.classList.contains('cite')")


def test_everything_can_be_reached_by_keyboard(visit: Open) -> None:
    page = visit()
    ask(page, "升CMO要补什么")
    page.locator("#coach-header .skip").focus()
    seen = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        seen.add(
            page.evaluate(
                "(document.activeElement.getAttribute('aria-label') || document.activeElement.innerText || document.activeElement.tagName).trim()"
            )
        )
    assert {"English", "新对话", "复制", "重新生成", "下一段", "切换深色和浅色", "发送"} <= seen
    assert any(name.startswith("出处 1") for name in seen)
    page.locator("#coach-log .cite").first.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.classList.contains('now')")
    page.keyboard.press("ArrowRight")
    assert page.locator("#coach-panel .position").inner_text() == "2 / 4"


def test_every_control_has_a_name(visit: Open) -> None:
    page = visit(locale="en-US")
    ask(page, "升CMO要补什么")
    nameless = page.evaluate(
        "[...document.querySelectorAll('button, a')].filter(e => e.offsetParent && !e.innerText.trim() && !e.getAttribute('aria-label'))"
        ".map(e => e.outerHTML)"
    )
    assert nameless == []
    assert (
        page.evaluate("[...document.querySelectorAll('textarea, input')].filter(e => !e.labels?.length && !e.ariaLabel).length")
        == 0
    )


def test_copy_takes_the_answer_and_its_sources(visit: Open) -> None:
    page = visit()
    ask(page, "升CMO要补什么")
    page.get_by_role("button", name="复制").click()
    page.wait_for_function("document.querySelector('#coach-log').innerText.includes('已复制')")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "从执行转向规划" in copied and "[3] CMO的平均任期与第一年的重点" in copied


def test_dark_follows_the_system_and_can_be_chosen(visit: Open, url: str) -> None:
    page = visit(scheme="dark")
    dark = "document.body.classList.contains('dark')"
    assert page.evaluate(dark)
    page.get_by_role("button", name="切换深色和浅色").click()
    assert not page.evaluate(dark)
    load(page, url)
    assert not page.evaluate(dark)


def test_other_routes_of_the_service_still_answer_and_runs_are_not_recorded(visit: Open, url: str) -> None:
    page = visit()
    assert page.request.get(f"{url}/healthz").json() == {"ok": True}
    assert page.request.get(f"{url}/gradio_api/runs").status == 404
    ask(page, "升CMO要补什么")
    keys = set(page.evaluate("Object.keys(localStorage)"))
    assert keys <= {"career_coach_conversation", "career_coach_language", "career_coach_theme"}, keys


def test_a_lost_connection_is_said_kindly_and_the_text_stays(visit: Open, url: str) -> None:
    page = visit()
    page.route("**/gradio_api/queue/**", lambda route: route.abort())
    page.fill(BOX, "还在吗")
    page.keyboard.press("Enter")
    page.wait_for_function("(document.querySelector('.toast-wrap')?.innerText || '').includes('和教练的连接断了')")
    assert page.input_value(BOX) == "还在吗"
