"""The page in a real browser over a stand-in coach: what a person sees, presses and types."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from coach.settings import Settings
from coach.types import Lang
from tests.browser.conftest import BOX, Visitors, answered, ask
from tests.ui.web_stand_in import StandIn

if TYPE_CHECKING:
    from playwright.sync_api import Page

Open = Callable[..., "Page"]

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def coach(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    home = tmp_path_factory.mktemp("chat-page")
    made = StandIn(Settings(model="none", max_question_chars=200, home=home, _env_file=None), pause=0.02)
    yield made
    made.close()


@pytest.fixture(scope="module")
def url(coach: StandIn) -> Iterator[str]:
    """The address of the running service with its pages, over the stand-in."""
    import uvicorn

    from coach.service.api import create_app
    from ui.app import mount

    app = create_app(coach, coach.settings)  # type: ignore[arg-type]
    mount(app, coach)  # type: ignore[arg-type]
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
    app.state.service.close()


@pytest.fixture
def visit(visitors: Visitors, url: str, coach: StandIn) -> Open:
    """Opens the page in a browser that has never been here."""
    coach.library.update(state="ready", error="", hint="")
    coach.model.update(state="ready")

    def start(lang: Lang = "zh", **options: Any) -> Page:
        context = visitors.context(lang, **options)
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        page = context.new_page()
        load(page, url)
        return page

    return start


def load(page: Page, url: str) -> None:
    page.goto(url)
    page.wait_for_selector(BOX)
    page.wait_for_selector("#coach-side .panel", state="attached")
    page.wait_for_selector("#coach-exchanges > *")
    page.wait_for_function("document.querySelector('#coach-header .top') && document.title")


def test_the_opening_page_says_what_this_is_and_asks(visit: Open) -> None:
    page = visit()
    text = page.inner_text("body")
    for words in ("营销职业教练", "我只依据自己的资料库回答", "不发往外部", "存在这台机器上", "框架所述", "资料所称，未核实"):
        assert words in text
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    assert page.evaluate("document.activeElement.id") == "coach-box"
    assert page.locator(".opening button.ask:visible").count() == 3
    page.locator(".stage-chip").nth(2).click()
    question = page.locator(".opening button.ask:visible").first.inner_text()
    assert question.startswith("高管合伙人/事业部负责人：")
    page.locator(".opening button.ask:visible").first.click()
    page.wait_for_selector("#coach-log .cite")
    assert page.inner_text("#coach-log .bubble") == question and "?c=" in page.url


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


def test_an_earlier_answer_opens_its_own_passages_also_after_a_reload(visit: Open) -> None:
    page = visit()
    ask(page, "升CMO要补什么")
    ask(page, "天气")
    assert "没有引用资料" in page.inner_text("#coach-panel")
    for _ in range(2):
        page.locator("#coach-log .cite").first.click()
        page.wait_for_selector("#coach-panel .card.now mark.now")
        load(page, page.url)


def test_passages_stand_at_the_side_before_the_words(visit: Open, coach: StandIn) -> None:
    page = visit()
    ask(page, "held", wait=False)
    page.wait_for_selector("#coach-log .live .peek")
    assert page.locator("#coach-panel .passages.on .card").count() == 4
    assert page.locator("#coach-log .live .answer").count() == 0 and "找到 4 段" in page.inner_text("#coach-log .live")
    coach.permits.release()
    page.wait_for_selector("#coach-log .live .unchecked")
    coach.permits.release()
    page.wait_for_selector("#coach-log .cite")


def test_stop_and_regenerate(visit: Open, coach: StandIn) -> None:
    page = visit()
    ask(page, "held", wait=False)
    coach.permits.release()
    page.wait_for_selector("#coach-log .unchecked")
    page.get_by_role("button", name="停止").click()
    page.wait_for_selector("#coach-log .notice")
    assert "还没有核对" in page.inner_text("#coach-log")
    coach.permits.release(2)
    page.get_by_role("button", name="重新生成").click()
    page.wait_for_selector("#coach-log .cite")
    answered(page, 1)
    assert "之前的版本（1）" in page.inner_text("#coach-log")


def test_a_question_is_edited_in_place_and_what_followed_is_put_away(visit: Open) -> None:
    page = visit()
    ask(page, "第一问")
    ask(page, "第二问")
    page.get_by_role("button", name="修改这个问题").first.click()
    page.fill(".editing textarea", "第一问，换个说法")
    page.keyboard.press("Enter")
    page.wait_for_selector("#coach-log .earlier")
    answered(page, 1)
    assert page.locator("#coach-log .exchange > .question .bubble").inner_text() == "第一问，换个说法"
    page.locator(".earlier > summary").click()
    assert page.locator(".version:visible").count() == 2
    page.get_by_role("button", name="修改这个问题").first.click()
    page.keyboard.press("Escape")
    assert page.locator(".editing").count() == 0


def test_a_reload_a_second_tab_and_the_list_show_the_same_conversation(visit: Open) -> None:
    page = visit()
    ask(page, "升CMO要补什么")
    said = page.inner_text("#coach-log .answer")
    load(page, page.url)
    assert page.inner_text("#coach-log .answer") == said
    address = page.url
    page.locator("#coach-log .cite").first.click()
    assert page.locator("#coach-panel mark.now").count() >= 1
    page.locator("#coach-rail [data-new]").click()
    page.wait_for_selector(".opening")
    assert "?c=" not in page.url
    page.locator("#coach-list a.entry", has_text="升CMO要补什么").first.click()
    page.wait_for_selector("#coach-log .answer")
    assert page.url == address
    page.go_back()
    page.wait_for_selector(".opening")


def test_a_reload_and_a_second_tab_join_a_reply_under_way_and_stop_it(visit: Open) -> None:
    page, other = visit(), visit()
    ask(page, "endless", wait=False)
    page.wait_for_selector("#coach-log .unchecked")
    load(page, page.url)
    page.wait_for_selector("#coach-log .live .unchecked")
    load(other, page.url)
    other.wait_for_selector("#coach-log .live .unchecked")
    other.get_by_role("button", name="停止").click()
    for tab in (page, other):
        tab.wait_for_selector("#coach-log .notice")
        assert "还没有核对" in tab.inner_text("#coach-log") and tab.locator(".exchange").count() == 1


def test_conversations_are_renamed_searched_exported_and_deleted(visit: Open, url: str) -> None:
    page = visit()
    ask(page, "独一无二的问题")
    entry = page.locator("#coach-list li", has_text="独一无二的问题")
    entry.locator("summary").click()
    with page.expect_download() as download:
        entry.get_by_text("导出Markdown").click()
    text = open(download.value.path(), encoding="utf-8").read()
    assert "从执行转向规划" in text and "CMO的平均任期" in text
    assert not entry.locator(".menu").is_visible()
    entry.locator("summary").click()
    entry.get_by_text("改名").click()
    page.keyboard.type("升职这件事")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('#coach-title').innerText === '升职这件事'")
    page.fill("#coach-search", "升职这")
    page.wait_for_function("document.querySelectorAll('#coach-list a.entry').length === 1")
    page.fill("#coach-search", "火星移民")
    page.wait_for_function("document.querySelector('#coach-list').innerText.includes('没有找到')")
    page.fill("#coach-search", "升职这")
    page.wait_for_selector("#coach-list a.entry")
    page.locator("#coach-list summary").first.click()
    page.get_by_role("button", name="删除", exact=True).click()
    page.get_by_role("button", name="确定").click()
    page.wait_for_selector(".opening")
    assert "?c=" not in page.url and "升职这件事" not in page.inner_text("#coach-list")


def test_a_thumb_down_asks_why_and_keeps_the_reason(visit: Open, coach: StandIn) -> None:
    page = visit()
    ask(page, "升CMO要补什么")
    page.get_by_role("button", name="没帮助").click()
    page.wait_for_selector("[data-vote=down][aria-pressed=true]", state="attached")
    dialog = page.locator("#coach-down")
    dialog.get_by_label("太空泛，用不上").check()
    dialog.locator("textarea").fill("没有例子")
    dialog.get_by_role("button", name="提交").click()
    dialog.wait_for(state="hidden")
    kept = coach.talks.conversation("local", page.url.partition("c=")[2]).exchanges[0]
    assert (kept.verdict, kept.reason) == ("down", "太空泛，用不上；没有例子")


def test_what_was_asked_again_leaves_the_question_box_empty(visit: Open, coach: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    page = visit()
    ask(page, "升CMO要补什么")
    monkeypatch.setattr(coach, "pause", 0.0)  # the reply is whole before the page has heard that it began
    for count in (1, 2):
        page.get_by_role("button", name="重新生成").click()
        page.wait_for_function(f"document.querySelector('#coach-log').innerText.includes('之前的版本（{count}）')")
        answered(page, 1)
        assert page.input_value(BOX) == ""
    load(page, page.url)
    assert page.input_value(BOX) == ""


def test_a_reply_that_ends_elsewhere_does_not_take_the_reader_back(visit: Open) -> None:
    page, other = visit(), visit()
    ask(page, "升CMO要补什么")
    page.locator(".question .edit").click()
    page.fill(".editing textarea", "endless")
    page.keyboard.press("Enter")
    page.wait_for_selector("#coach-log .live .unchecked")
    load(other, page.url)
    page.locator("#coach-rail [data-new]").click()
    page.wait_for_selector(".opening")
    other.get_by_role("button", name="停止").click()
    other.wait_for_selector("#coach-log .notice")
    ask(page, "怎么跟CFO谈预算")
    assert page.locator("#coach-log .bubble").all_inner_texts() == ["怎么跟CFO谈预算"]


def test_a_verdict_and_a_report_stand_after_a_reload(visit: Open, coach: StandIn) -> None:
    page = visit()
    ask(page, "升CMO要补什么")
    page.get_by_role("button", name="有帮助", exact=True).click()
    page.wait_for_selector("[data-vote=up][aria-pressed=true]")
    page.get_by_role("button", name="这条不对").click()
    page.get_by_label("事实说错了").check()
    page.locator("#coach-wrong textarea").fill("任期不是四年")
    page.locator("#coach-wrong").get_by_role("button", name="提交").click()
    page.wait_for_function("document.querySelector('.votes').innerText.includes('已反馈')")
    load(page, page.url)
    assert "已反馈" in page.inner_text(".votes")
    report = coach.records.queue.reports("open")[0]
    assert report.reason == "事实说错了；任期不是四年" and report.question == "升CMO要补什么"


def test_a_file_and_a_long_paste_are_read_for_this_conversation_and_said_to_be(visit: Open, coach: StandIn) -> None:
    page = visit()
    cv = "# 简历\n\n## 工作经历\n\n2019年起任市场总监，带12人，向CEO汇报。\n"
    page.set_input_files("#coach-file", {"name": "简历.md", "mimeType": "text/markdown", "buffer": cv.encode()})
    page.wait_for_selector(".read-note")
    assert "我读完了《简历.md》" in page.inner_text(".read-note") and "只在这次对话里" in page.inner_text("#coach-files")
    page.focus(BOX)
    page.evaluate(
        """text => { const data = new DataTransfer(); data.setData('text/plain', text);
        document.querySelector('#coach-box').dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true})); }""",
        "公司能力模型：市场总监须带过跨部门项目。" * 100,
    )
    page.wait_for_function("document.querySelectorAll('#coach-files .file').length === 2")
    ask(page, "按我的简历，我在哪一级？")
    assert [d.name for d in coach.documents][0] == "简历.md" and len(coach.documents) == 2
    page.get_by_role("button", name="移除“简历.md”").click()
    page.wait_for_function("document.querySelectorAll('#coach-files .file').length === 1")
    load(page, page.url)
    assert page.locator("#coach-files .file").count() == 1


def test_a_file_that_cannot_be_read_is_told(visit: Open) -> None:
    page = visit()
    page.set_input_files("#coach-file", {"name": "bild.png", "mimeType": "image/png", "buffer": b"x"})
    page.wait_for_function("(document.querySelector('#coach-toast')?.innerText || '').includes('bild.png')")
    assert page.locator("#coach-files .file").count() == 0


def test_the_language_follows_the_browser_and_can_be_switched(visit: Open, url: str) -> None:
    page = visit("en")
    assert "What would you like to get clear about" in page.inner_text("#coach-log")
    assert page.title() == "Marketing Career Coach" and page.evaluate("document.documentElement.lang") == "en"
    assert "Your question" in (page.get_attribute(BOX, "placeholder") or "") and page.inner_text("#coach-send") == "Send"
    page.get_by_role("button", name="中文").click()
    page.wait_for_function("document.documentElement.lang === 'zh-CN'")
    page.wait_for_function("document.querySelector('#coach-send')?.innerText === '发送'")
    load(page, url)
    assert "今天想弄清楚哪件事" in page.inner_text("#coach-log")


def test_html_in_questions_answers_and_passages_does_nothing(visit: Open) -> None:
    page = visit()
    bad = "evil <script>window.pwned=1</script><img src=x onerror='window.pwned=1'>"
    ask(page, bad)
    page.locator("#coach-log .cite").first.click()
    page.wait_for_timeout(300)
    assert page.evaluate("window.pwned") is None
    assert (
        page.locator("#coach-log img, #coach-panel img, #coach-log a, #coach-panel a, #coach-log script, #coach-list img").count()
        == 0
    )
    assert bad in page.inner_text("#coach-log .bubble")


def test_the_typed_text_is_kept_when_something_fails(visit: Open) -> None:
    page = visit()
    ask(page, "please fail")
    assert "聊天模型这会儿没有回应" in page.inner_text("#coach-log")
    assert page.get_by_role("button", name="重试").is_visible()
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
    page.wait_for_function("document.querySelector('#coach-log').innerText.includes('资料库还在准备')")
    coach.library["state"] = "ready"
    page.wait_for_selector("#coach-log .cite")
    page.wait_for_function("document.querySelector('#coach-banner').innerText.trim() === ''")
    coach.library.update(state="failed", error="No index", hint="coach ingest")
    failed = visit()
    assert "coach ingest" in failed.inner_text("#coach-banner")


def test_a_phone_shows_passages_as_a_sheet_and_the_list_as_a_drawer(visit: Open) -> None:
    page = visit(width=390, height=844)
    assert page.locator(".top .title").inner_text() == "营销职业教练" and page.locator(".top .title").is_visible()
    page.evaluate("window.coachShell.toast('一句要说给人听的话，长得一行放不下，所以该用上屏幕的宽度', 'good')")
    assert (page.locator("#coach-toast").bounding_box() or {"width": 0})["width"] > 300
    ask(page, "升CMO要补什么")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert not page.locator("#coach-panel").is_visible() and not page.locator("#coach-rail").is_visible()
    page.locator("#coach-log .cite").nth(2).click()
    assert page.locator("#coach-panel .card.now mark.now").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#coach-panel").is_visible()
    assert page.evaluate("document.activeElement.classList.contains('cite')")
    page.get_by_role("button", name="对话列表").click()
    assert page.locator("#coach-list a.entry").first.is_visible()
    assert page.evaluate("document.activeElement.closest('#coach-rail') !== null")
    page.keyboard.press("Escape")
    assert not page.locator("#coach-rail").is_visible()
    assert page.evaluate("document.activeElement.dataset.drawer") == "open"


def test_everything_can_be_reached_by_keyboard(visit: Open) -> None:
    page = visit()
    ask(page, "升CMO要补什么")
    page.locator("#coach-header .skip").focus()
    seen = set()
    for _ in range(80):
        page.keyboard.press("Tab")
        seen.add(
            page.evaluate(
                "(document.activeElement.getAttribute('aria-label') || document.activeElement.innerText || document.activeElement.tagName).trim()"
            )
        )
    assert {
        "English",
        "新对话",
        "复制",
        "重新生成",
        "下一段",
        "切换深色和浅色",
        "发送",
        "有帮助",
        "这条不对",
        "修改这个问题",
    } <= seen
    assert any(name.startswith("出处 1") for name in seen)
    page.locator("#coach-log .cite").first.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.classList.contains('now')")
    page.keyboard.press("ArrowRight")
    assert page.locator("#coach-panel .position").inner_text() == "2 / 4"


def test_every_control_has_a_name(visit: Open) -> None:
    page = visit("en")
    ask(page, "升CMO要补什么")
    nameless = page.evaluate(
        "[...document.querySelectorAll('button, a:not([aria-hidden])')]"
        ".filter(e => e.checkVisibility() && !e.closest('details:not([open])') && !e.innerText.trim() && !e.ariaLabel)"
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
    page = visit(dark=True)
    dark = "document.body.classList.contains('dark')"
    assert page.evaluate(dark)
    page.get_by_role("button", name="切换深色和浅色").click()
    assert not page.evaluate(dark)
    load(page, url)
    assert not page.evaluate(dark)


def test_the_browser_keeps_nothing_but_the_theme(visit: Open, url: str) -> None:
    page = visit()
    assert page.request.get(f"{url}/healthz").ok
    assert page.request.get(f"{url}/gradio_api/runs").status == 404
    ask(page, "升CMO要补什么")
    assert set(page.evaluate("Object.keys(localStorage)")) <= {"career_coach_theme"}
    assert page.evaluate("sessionStorage.length") == 0


def test_a_lost_connection_is_said_kindly_and_the_text_stays(visit: Open) -> None:
    page = visit()
    for route in ("**/gradio_api/queue/**", "**/healthz"):
        page.route(route, lambda route: route.abort())
    page.fill(BOX, "还在吗")
    page.keyboard.press("Enter")
    page.wait_for_function("(document.querySelector('.toast-wrap')?.innerText || '').includes('和教练的连接断了')")
    # Gradio loads the page again when it finds the service there after all; what was typed outlives that, too
    page.wait_for_function("document.querySelector('#coach-box')?.value === '还在吗'")


def test_what_was_typed_outlives_a_reload(visit: Open) -> None:
    page = visit()
    page.fill(BOX, "还没写完")
    page.wait_for_function("(history.state || {}).draft === '还没写完'")
    page.reload()
    page.wait_for_function("document.querySelector('#coach-box')?.value === '还没写完'")
    ask(page, "升CMO要补什么")
    page.reload()
    page.wait_for_selector("#coach-log .answer")
    assert page.input_value(BOX) == ""
