"""What people come for, from beginning to end, in a real browser over a real service; each journey ends in what they see."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from coach.messages import CATALOGUE, say
from coach.text import language
from tests.browser.conftest import (
    BOX,
    SAID_BY_THE_MODEL,
    Accounts,
    Modelled,
    Someone,
    Visitors,
    answered,
    ask,
    log_in,
    logged_in,
    shown,
    standing,
    views,
)

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from evals.live import Live

pytestmark = [pytest.mark.browser, pytest.mark.real]

CHANGE = "从市场总监到CMO，最大的变化是什么？"
WORKED = (
    "公司目标是全年营收做到3亿元，我主笔写了年度市场计划，把目标拆成四项工作，每项都标明支持哪一条公司目标，"
    "季度末和财务一起对账，线索完成了96%，CEO看了以后把它当模板发给别的部门。"
)


def told(page: Page, words: str) -> None:
    """Waits until the page says so in passing."""
    page.wait_for_function("words => (document.querySelector('#coach-toast')?.innerText || '').includes(words)", arg=words)


def text_of(place: Locator) -> str:
    """Its words as the page holds them, in one line."""
    return " ".join((place.text_content() or "").split())


# --- asking ----------------------------------------------------------------------------------------------------------


def test_a_citation_opens_its_passage_and_the_quoted_words_stand_in_it(live: Live, visitors: Visitors) -> None:
    page = shown(visitors.page(), live.url)
    ask(page, CHANGE)
    marks = page.locator("#coach-log .answer .cite")
    assert marks.count() >= 2
    for n in range(2):
        mark = marks.nth(n)
        mark.click()
        card = page.locator("#coach-panel .card.now")
        quote = card.locator("mark.now").first
        quote.wait_for()
        passage = live.call("GET", f"/api/passages/{mark.get_attribute('data-passage')}")
        assert text_of(quote) and text_of(quote) in " ".join(passage["text"].split())
        assert text_of(card.locator("h3")) == passage["title"]
        assert mark.inner_text() in card.locator(".number").all_inner_texts()
        assert text_of(card.locator(".meta .tier")) and passage["source"] in text_of(card.locator(".source"))
        assert all(part in text_of(card.locator(".path")) for part in passage["heading_path"])
    before = text_of(page.locator("#coach-panel .position"))
    page.get_by_role("button", name=say("web_next", "zh"), exact=True).click()
    assert text_of(page.locator("#coach-panel .position")) != before


def test_stopped_midway_what_was_said_so_far_is_kept_and_labelled(modelled: Modelled, visitors: Visitors) -> None:
    modelled.model.behave("stall")
    page = shown(visitors.page(), modelled.live.url)
    ask(page, CHANGE, wait=False)
    page.locator("#coach-log .live .unchecked", has_text=SAID_BY_THE_MODEL).wait_for()
    page.get_by_role("button", name=say("web_stop", "zh")).click()
    answered(page, 1)
    for _ in range(2):
        assert text_of(page.locator("#coach-log .answer.unchecked")) == SAID_BY_THE_MODEL
        assert say("web_stopped_unchecked", "zh") in text_of(page.locator("#coach-log .notice"))
        shown(page, page.url)
    assert page.get_by_role("button", name=say("web_again", "zh")).is_visible()
    assert page.locator("#coach-log .cite").count() == 0


def test_a_chat_model_gone_midway_leaves_a_cited_reply(modelled: Modelled, visitors: Visitors) -> None:
    modelled.model.behave("break")
    page = shown(visitors.page(), modelled.live.url)
    asked = len(modelled.model.requests)
    ask(page, CHANGE)
    assert len(modelled.model.requests) > asked
    assert SAID_BY_THE_MODEL not in text_of(page.locator("#coach-log .reply"))
    assert say("notice_model_failed", "zh") in text_of(page.locator("#coach-log .notice"))
    page.locator("#coach-log .answer .cite").first.click()
    quote = page.locator("#coach-panel .card.now mark.now").first
    quote.wait_for()
    assert text_of(quote) in text_of(page.locator("#coach-log .answer"))


def test_a_reload_a_second_tab_and_a_restart_show_the_same_conversation(live: Live, visitors: Visitors) -> None:
    page = shown(visitors.page(), live.url)
    ask(page, "怎么跟CFO谈预算？")
    ask(page, "那第一次开会先讲什么？")

    def said(tab: Page) -> list[str]:
        return [text_of(place) for place in tab.locator("#coach-log .bubble, #coach-log .answer").all()]

    before, address = said(page), page.url
    assert len(before) == 4 and all(before) and "?c=" in address
    assert said(shown(page, address)) == before
    second = shown(page.context.new_page(), address)
    assert said(second) == before
    live.kill()
    live.start()
    assert said(shown(page, address)) == before
    assert "怎么跟CFO谈预算" in text_of(page.locator("#coach-list a[aria-current=page]"))


# --- a person's development ------------------------------------------------------------------------------------------


def test_from_first_words_over_assessment_and_radar_to_a_plan_as_a_pdf(live: Live, visitors: Visitors) -> None:
    page = shown(visitors.page(), f"{live.url}/me")
    role = "市场总监，负责华东区的品牌和获客"
    for name, words in {
        "role": role,
        "reports_to": "向CEO汇报",
        "team_size": "12人，两名经理",
        "budget": "每年800万，我来分配",
    }.items():
        page.fill(f"#f-{name}", words)
    page.get_by_role("button", name=say("me_first_submit", "zh")).click()
    page.get_by_role("link", name=say("me_do_start_press", "zh")).click()
    page.get_by_role("button", name=say("me_form_begin", "zh")).click()
    for _ in range(2):
        question = text_of(page.locator("#me-question"))
        assert page.input_value("#me-said") == ""
        page.fill("#me-said", WORKED)
        page.locator("#coach-keeping", has_text=say("web_kept", "zh")).wait_for()
        shown(page, page.url)
        assert text_of(page.locator("#me-question")) == question and page.input_value("#me-said") == WORKED
        page.get_by_role("button", name=say("me_form_next", "zh")).click()
        page.wait_for_function("before => document.querySelector('#me-question')?.textContent.trim() !== before", arg=question)
        page.wait_for_function("!document.querySelector('#me-said')?.value")
    page.get_by_role("button", name=say("me_form_enough", "zh")).click()
    page.get_by_role("button", name=say("web_yes", "zh"), exact=True).click()

    chart = page.locator(".me-radar[role=img]")
    chart.wait_for()
    assert chart.locator("svg polygon, svg path").count() > 1 and (chart.bounding_box() or {"width": 0})["width"] > 250
    assert page.locator(".me-chart table tbody tr").count() == 5
    assert WORKED in text_of(page.locator(".me-pillar .said").first)

    page.get_by_role("link", name=say("me_do_plan_press", "zh")).click()
    page.wait_for_url("**/plan")
    standing(page)
    page.get_by_role("button", name=say("pl_s_draft", "zh")).click()
    page.wait_for_selector(".board, #plan-questions form")
    if page.locator("#plan-questions form").count():
        for box in page.locator("#plan-questions textarea").all():
            box.fill("三年内做到营销副总裁，每周能拿出5小时，战略思维最弱")
        page.get_by_role("button", name=say("pl_q_keep", "zh")).click()
    page.wait_for_selector(".board .action")

    page.get_by_role("link", name=say("pl_tab_export", "zh")).click()
    with page.expect_download() as download:
        page.get_by_role("link", name=say("pl_x_save", "zh", kind=say("pl_as_pdf", "zh"))).click()
    assert download.value.suggested_filename.endswith(".pdf")
    assert_opens(download.value.path().read_bytes(), role)
    page.locator(".preview img").first.wait_for()


def assert_opens(data: bytes, words: str) -> None:
    """A PDF of several pages that has these words in it."""
    import pypdfium2

    document = pypdfium2.PdfDocument(io.BytesIO(data))
    try:
        pages = [page.get_textpage().get_text_bounded() for page in document]
    finally:
        document.close()
    assert len(pages) > 1
    assert words in re.sub(r"\s", "", "".join(pages))


def test_after_a_check_in_nothing_is_overdue_any_more(accounts: Accounts, visitors: Visitors) -> None:
    page = shown(logged_in(visitors.context(), accounts, "lin"), f"{accounts.live.url}/plan")
    late = say("pl_state_late", "zh")
    assert page.locator(".action.late").count() >= 1 and late in text_of(page.locator(".attention"))
    page.get_by_role("link", name=say("pl_tab_checkin", "zh")).click()
    rows = page.locator("fieldset.ck-row", has=page.locator(".ck-state", has_text=late))
    rows.first.wait_for()
    for row in rows.all():
        row.get_by_role("radio", name=say("pl_told_done", "zh"), exact=True).check()
        row.get_by_label(say("pl_ck_words", "zh")).fill("决策稿交给CEO了，他批了第二个方案")
    page.get_by_role("button", name=say("pl_ck_submit", "zh")).click()
    told(page, say("pl_ck_late_gone", "zh"))
    shown(page, f"{accounts.live.url}/plan")
    assert page.locator(".late").count() == 0
    assert late not in text_of(page.locator("#coach-main-content"))
    assert "决策稿交给CEO了，他批了第二个方案" in text_of(page.locator(".column.behind"))


def test_a_check_in_leaves_no_mark_on_the_line_that_comes_up(accounts: Accounts, visitors: Visitors) -> None:
    page = shown(logged_in(visitors.context("en"), accounts, "ann"), f"{accounts.live.url}/plan?tab=checkin")
    rows = page.locator("fieldset.ck-row:visible")
    before = rows.count()
    rows.first.get_by_role("radio", name=say("pl_told_done", "en"), exact=True).check()
    rows.first.get_by_label(say("pl_ck_words", "en")).fill("The CEO took the second option")
    page.get_by_role("button", name=say("pl_ck_submit", "en")).click()
    page.wait_for_function(
        "n => [...document.querySelectorAll('fieldset.ck-row')].filter((r) => r.checkVisibility()).length < n", arg=before
    )
    page.wait_for_function("!document.querySelector('fieldset.ck-row :checked')")
    assert (
        page.locator("fieldset.ck-row :is(input[type=text], textarea)").evaluate_all("f => f.filter((e) => e.value).length") == 0
    )


# --- the library -----------------------------------------------------------------------------------------------------


def test_a_bad_answer_is_reported_mended_made_a_case_and_is_right_the_next_time(live: Live, visitors: Visitors) -> None:
    question = "内部竞聘CMO要准备哪份材料？"
    right = "内部竞聘CMO要准备一份蓝皮书：三页，写清三年增长假设、前90天安排和要的授权，由HRBP在面谈前五天交给评审组。"
    page = shown(visitors.page(), live.url)
    ask(page, question)
    assert "蓝皮书" not in text_of(page.locator("#coach-log .reply"))
    page.get_by_role("button", name=say("web_wrong", "zh")).click()
    dialog = page.locator("#coach-wrong")
    dialog.get_by_label(say("web_wrong_missed", "zh")).check()
    dialog.locator("textarea").fill("没有说要交蓝皮书")
    dialog.get_by_role("button", name=say("web_reason_send", "zh")).click()
    told(page, say("web_wrong_sent", "zh"))

    shown(page, f"{live.url}/library?tab=queue")
    page.get_by_role("link", name=question, exact=True).first.click()
    page.wait_for_selector("#f-answer")
    seen = text_of(page.locator("#coach-main-content"))
    assert question in seen and "没有说要交蓝皮书" in seen
    page.fill("#f-answer", right)
    page.get_by_role("button", name=say("wl_write_go", "zh")).click()
    page.get_by_role("button", name=say("wl_case_go", "zh"), exact=True).click()
    page.get_by_role("button", name=say("wl_undo_case", "zh")).wait_for()

    shown(page, live.url)
    ask(page, question)
    assert right.rstrip("。") in text_of(page.locator("#coach-log .answer"))
    page.locator("#coach-log .answer .cite").first.click()
    card = page.locator("#coach-panel .card.now")
    card.wait_for()
    assert text_of(card.locator("h3")) == question.rstrip("？") or question in text_of(card)
    assert "蓝皮书" in text_of(card.locator("mark.now").first)


# --- languages -------------------------------------------------------------------------------------------------------

HAN = re.compile(r"[\u3400-\u9fff]")
ENGLISH = re.compile(r"[A-Za-z’'-]{2,}(?: [A-Za-z’'-]{1,}){2,}")
GLOSS = re.compile(r"[(（][\u3400-\u9fff·]+[)）]")
_TEXTS = """() => {
  const found = [];
  const foreign = (e) => { const l = e.closest('[lang]'); return !!l && l !== document.documentElement && l.lang.slice(0, 2) !== document.documentElement.lang.slice(0, 2); };
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const at = walk.currentNode.parentElement;
    if (!at || at.closest('script, style, template, noscript, [hidden]') || !at.checkVisibility() || foreign(at)) continue;
    const text = walk.currentNode.textContent.trim();
    if (text) found.push(text);
  }
  for (const at of document.querySelectorAll('body *')) {
    if (!at.checkVisibility() || foreign(at)) continue;
    for (const name of ['aria-label', 'title', 'placeholder', 'alt', 'data-confirm']) if (at.getAttribute(name)) found.push(at.getAttribute(name));
  }
  return found;
}"""


def foreign(page: Page, someone: Someone) -> list[str]:
    """What a person sees, or hears read out, in the other language, other than their own words and what says that it is."""
    found = []
    for text in page.evaluate(_TEXTS):
        bare = " ".join(GLOSS.sub("", text).split())
        other = HAN.search(bare) if someone.lang == "en" else ENGLISH.search(bare) and not HAN.search(bare)
        if other and not any(bare in " ".join(words.split()) or (len(words) > 11 and words in text) for words in someone.words):
            found.append(text)
    return found


def sentences(lang: str) -> set[str]:
    """Every sentence of ours in a language, long enough to be no name; those with a value in them up to it."""
    whole = {part.strip() for texts in CATALOGUE.values() for part in re.split(r"\{[^}]*\}", texts[lang])}
    return {part for part in whole if len(part) >= (6 if lang == "zh" else 16) and language(part) == lang}


@pytest.mark.parametrize("name", ["lin", "ann"])
def test_every_page_speaks_one_language(name: str, accounts: Accounts, visitors: Visitors) -> None:
    someone = accounts[name]
    page = logged_in(visitors.context(someone.lang), accounts, name)
    others = sentences("en" if someone.lang == "zh" else "zh")
    wrong: dict[str, Any] = {}
    for view in views(someone):
        shown(page, accounts.live.url + view.path)
        found = foreign(page, someone)
        if view.name.startswith("library"):  # documents and questions are in their own languages; our sentences are not
            found = [text for text in found if any(text == s or (len(s) > 20 and s in text) for s in others)]
        found = [text for text in found if text not in ("中文", "English")]  # each language by its own name
        if found:
            wrong[view.name] = found
        assert page.evaluate("document.documentElement.lang").startswith(someone.lang)
    assert wrong == {}


def test_the_language_is_switched_on_any_page_and_remembered(live: Live, visitors: Visitors) -> None:
    page = shown(visitors.page("zh"), f"{live.url}/plan")
    assert page.title().startswith(say("web_nav_plan", "zh"))
    page.get_by_role("button", name="English").click()
    # The page is fetched anew, and before Python's part comes Gradio's own, which has no title and says it is English.
    page.wait_for_function("words => document.title.startsWith(words)", arg=say("web_nav_plan", "en"))
    assert page.evaluate("document.documentElement.lang") == "en"
    shown(page, live.url)
    page.get_by_role("button", name=say("web_send", "en"), exact=True).wait_for()
    assert say("web_hello", "en") in text_of(page.locator("#coach-log"))
    page.get_by_role("button", name="中文").click()
    page.wait_for_function("document.documentElement.lang === 'zh-CN'")
    page.get_by_role("button", name=say("web_send", "zh"), exact=True).wait_for()


# --- phone -----------------------------------------------------------------------------------------------------------


def test_on_a_phone_nothing_is_wider_than_the_screen(accounts: Accounts, visitors: Visitors) -> None:
    page = logged_in(visitors.context("en", width=390, height=844), accounts, "ann")
    wide: dict[str, Any] = {}
    for view in views(accounts["ann"]):  # English words are the longer ones
        shown(page, accounts.live.url + view.path)
        found = page.evaluate(
            """() => { const box = document.querySelector('#coach-page') || document.querySelector('#coach-scroll');
            return [document.documentElement.scrollWidth, box.scrollWidth - box.clientWidth,
              [...document.querySelectorAll('.top nav a')].filter((a) => { const r = a.getBoundingClientRect(); return r.left < 0 || r.right > innerWidth; }).length,
              [...document.querySelectorAll('.tabs [aria-current]')].filter((a) => { const r = a.getBoundingClientRect(); return r.left < 0 || r.right > innerWidth; }).length]; }"""
        )
        if found[0] > 390 or found[1] > 0 or found[2] or found[3]:
            wide[view.name] = found
    assert wide == {}


def test_on_a_phone_a_citation_is_a_sheet_and_the_plan_can_be_read(accounts: Accounts, visitors: Visitors) -> None:
    page = logged_in(visitors.context(width=390, height=844), accounts, "lin")
    shown(page, f"{accounts.live.url}/?c=first-lin")
    page.locator("#coach-log .cite").first.click()
    quote = page.locator("#coach-panel .card.now mark.now").first
    quote.wait_for()
    box = page.locator("#coach-side").bounding_box()
    assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= 390
    assert page.evaluate("document.querySelector('#coach-main').inert")
    page.locator("#coach-panel").get_by_role("button", name=say("web_close", "zh")).click()
    assert not page.locator("#coach-panel").is_visible()
    assert page.evaluate("document.activeElement.classList.contains('cite')")

    page.get_by_role("link", name=say("web_nav_plan", "zh"), exact=True).click()
    page.wait_for_selector(".board .action")
    for place in page.locator(".board .column").all():
        inside = place.bounding_box()
        assert inside is not None and inside["x"] >= 0 and inside["x"] + inside["width"] <= 390
    sizes = page.eval_on_selector_all(
        ".board h5, .board .facts", "all => all.map((e) => parseFloat(getComputedStyle(e).fontSize))"
    )
    assert sizes and min(sizes) >= 12.5
    cut = page.eval_on_selector_all(".board h5", "all => all.filter((e) => e.scrollWidth > e.clientWidth + 1).length")
    assert cut == 0


# --- keyboard --------------------------------------------------------------------------------------------------------

# Whether one sees where the focus is: it looks different as soon as it has it, or what it stands in or before does.
_HERE = """() => {
  const e = document.activeElement;
  const label = (e.getAttribute('aria-label') || (e.labels && e.labels[0] && e.labels[0].innerText) || e.innerText || e.id || e.tagName).trim();
  if (e === document.body) return { label: '', body: true, ring: false, html: '' };
  const look = () => [e, e.nextElementSibling, e.closest('label, #coach-ask, .search')].filter(Boolean).map((part) => {
    const style = getComputedStyle(part);
    return [style.outlineStyle === 'none' ? '' : style.outlineWidth + style.outlineColor, style.boxShadow, style.borderColor].join(' ');
  }).join(' | ');
  const focused = look();
  e.blur();
  const plain = look();
  e.focus({ preventScroll: true });
  return { label, body: false, ring: focused !== plain, html: e.outerHTML.slice(0, 160) };
}"""


def tabbed(page: Page, until: Callable[[str], bool], *, most: int = 120) -> list[dict[str, Any]]:
    """Presses Tab until the control of that name has the focus; gives all that had it on the way."""
    seen: list[dict[str, Any]] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        seen.append(page.evaluate(_HERE))
        if until(seen[-1]["label"]):
            return seen
    raise AssertionError(f"never reached; on the way: {[each['label'] for each in seen]}")


def test_by_keyboard_alone_one_asks_opens_a_citation_and_comes_back(live: Live, visitors: Visitors) -> None:
    page = shown(visitors.page(), live.url)
    page.locator(BOX).wait_for()
    page.evaluate("document.activeElement.blur()")
    way = tabbed(page, lambda label: label == say("web_box_label", "zh"))
    for name in ("web_skip", "web_nav_me", "web_nav_plan", "web_new"):
        assert say(name, "zh") in [each["label"] for each in way]
    assert [each["html"] for each in way if not each["ring"] and not each["body"]] == []
    page.keyboard.type("升任CMO要补哪些能力？")
    page.keyboard.press("Enter")
    answered(page, 1)
    page.locator("#coach-main-content").focus()
    way = tabbed(page, lambda label: label.startswith(say("web_cite", "zh", n=1, title="")[:4]))
    assert [each["html"] for each in way if not each["ring"] and not each["body"]] == []
    page.keyboard.press("Enter")
    page.locator("#coach-panel .card.now mark.now").first.wait_for()
    assert page.evaluate("document.activeElement.classList.contains('card')")
    page.keyboard.press("ArrowRight")
    assert text_of(page.locator("#coach-panel .position")).startswith("2")


def test_by_keyboard_alone_a_dialog_holds_the_focus_and_gives_it_back(live: Live, visitors: Visitors) -> None:
    page = shown(visitors.page(), live.url)
    ask(page, "第一次带团队要注意什么？")
    opener = page.get_by_role("button", name=say("web_wrong", "zh"))
    opener.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#coach-wrong[open]")
    inside = 0
    for _ in range(14):
        page.keyboard.press("Tab")
        at = page.evaluate("document.activeElement === document.body ? 'page' : !!document.activeElement.closest('#coach-wrong')")
        assert at in (True, "page")  # past its last control a browser steps out to its own bar, never to the page behind
        inside += at is True
    assert inside >= 8
    page.keyboard.press("Escape")
    page.wait_for_selector("#coach-wrong:not([open])", state="attached")
    assert page.evaluate("document.activeElement.hasAttribute('data-wrong')")
    page.set_viewport_size({"width": 390, "height": 844})
    page.locator("#coach-log .cite").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('#coach-panel .card.now') && document.body.classList.contains('coach-sheet')")
    page.keyboard.press("Escape")
    page.wait_for_function("!document.body.classList.contains('coach-sheet')")
    assert page.evaluate("document.activeElement.classList.contains('cite')")


def test_by_keyboard_alone_every_page_is_walked_through_with_a_ring_to_see(accounts: Accounts, visitors: Visitors) -> None:
    page = logged_in(visitors.context(), accounts, "lin")
    unseen: dict[str, list[str]] = {}
    for view in views(accounts["lin"]):
        if view.name.startswith("chat") or view.name == "library-documents":
            continue
        shown(page, accounts.live.url + view.path)
        page.keyboard.press("Tab")
        assert page.evaluate(_HERE)["label"] == say("web_skip", "zh")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "coach-main-content", view.name
        for _ in range(25):
            page.keyboard.press("Tab")
            here = page.evaluate(_HERE)
            if here["body"]:
                break
            if not here["ring"]:
                unseen.setdefault(view.name, []).append(here["html"])
    assert unseen == {}


# --- people ----------------------------------------------------------------------------------------------------------


def test_two_people_at_once_never_see_each_others_things(accounts: Accounts, visitors: Visitors) -> None:
    url = accounts.live.url
    secrets = {"tao": "青松行动", "zoe": "白露行动"}
    pages = {name: visitors.page() for name in secrets}
    for name, page in pages.items():
        log_in(page, url, name)
    for name, page in pages.items():  # both at once: nobody waits for the other's reply
        ask(page, f"我在{secrets[name]}里带8个人，怎么准备升总监？", wait=False)
    for page in pages.values():
        answered(page, 1)
    made: dict[str, str] = {}
    for name, page in pages.items():
        file = {
            "name": f"{secrets[name]}.md",
            "mimeType": "text/markdown",
            "buffer": f"# 简历\n\n{secrets[name]}的负责人，带8人。\n".encode(),
        }
        page.set_input_files("#coach-file", file)  # type: ignore[arg-type]
        page.locator(".file-name", has_text=secrets[name]).wait_for()
        made[name] = page.url
        shown(page, f"{url}/me?tab=profile")
        page.fill("#f-role", f"市场总监，{secrets[name]}负责人")
        page.wait_for_function(
            "words => document.querySelector('#coach-keeping').textContent === words", arg=say("web_kept", "zh")
        )
        token = accounts[name].token
        more = {"profile": {"target": "CMO", "constraints": ["每周5小时"], "weaknesses": ["战略"]}}
        accounts.live.call("PATCH", "/api/profile", more, token=token)
        made[f"{name} plan"] = accounts.live.call("POST", "/api/plans", {"lang": "zh"}, token=token)["plan"]["id"]
    for name, other in (("tao", "zoe"), ("zoe", "tao")):
        page, theirs, own = pages[name], secrets[other], secrets[name]
        own_pages = [
            view.path for view in views(accounts[name]) if view.name not in ("plan-timeline", "plan-checkin", "plan-review")
        ]
        refused = [
            f"/plan?plan={made[f'{other} plan']}",
            f"/plan?tab=export&plan={made[f'{other} plan']}",
            "/library",
            "/library?tab=queue",
        ]
        for address in (made[name].removeprefix(url), *own_pages, *refused, made[other].removeprefix(url)):
            shown(page, url + address)
            assert theirs not in page.content() and theirs not in page.title(), address
            assert (page.locator(".empty[role=alert]").count() == 1) == (address in refused), address
        assert page.locator(".opening").is_visible()  # somebody else's conversation is none
        shown(page, made[name])
        assert own in text_of(page.locator("#coach-log")) and own in text_of(page.locator("#coach-files"))
        conversation = made[other].partition("?c=")[2]
        for address in (f"/api/conversations/{conversation}", f"/api/conversations/{conversation}/export?format=md"):
            assert page.request.get(url + address).status == 404
        assert page.request.get(f"{url}/api/plans/{made[f'{other} plan']}/export?format=md").status == 404
        assert page.request.get(f"{url}/api/plans/{made[f'{name} plan']}/export?format=md").ok
        page.fill("#coach-search", theirs)
        page.locator("#coach-list", has_text=say("web_search_none", "zh", words=theirs)).wait_for()


def test_after_logging_out_nothing_is_to_be_seen(accounts: Accounts, visitors: Visitors) -> None:
    page = visitors.page()
    log_in(page, accounts.live.url, "lin")
    page.locator("#coach-list a.entry").first.wait_for()
    page.locator("details.account > summary").click()
    page.get_by_role("button", name=say("web_log_out", "zh")).click()
    page.wait_for_url("**/login**")
    page.go_back()  # to what the browser remembers of the chat
    page.wait_for_url("**/login?next=**")
    page.goto(f"{accounts.live.url}/me")
    page.wait_for_url("**/login?next=/me")
    assert not any(words in page.content() for words in accounts["lin"].words if len(words) > 5)
