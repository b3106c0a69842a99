"""The report as a page: nothing that was not run passes, nothing that a reply says becomes HTML, nothing held out is seen unasked."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest

from evals.metrics import HARD, METRICS
from evals.report_html import heat, scores, words
from evals.report_html.figures import lines, rows, share
from evals.report_html.page import page
from evals.report_html.words import WORDS
from evals.schema import Case, Made, Outcome, Quoted, Record, Seen
from evals.stats import wilson

FOLDER = Path(words.__file__).parent
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update")

NASTY = "</script><script>alert(1)</script><img src=x onerror=alert(2)> & \u2028\u2029 😀 繁體「引號」 ]]> <!-- "
PASSAGE = "😀😀預算由市场总监制定，并分配到各个渠道。每月监控投资回报率。"
QUOTE = "并分配到各个渠道"


def made(**changed) -> Made:
    plain = {
        "suites": ["answerable", "blind"], "solver": "product", "model": "none", "strategy": "default", "limit": None,
        "datasets": {"answerable": "0a1b2c3d4e5f"}, "splits": {"answerable": "dev", "blind": "heldout"}, "prompts": {},
        "library": "lib-1", "index": "small", "calibration": "c1", "code": "c0de", "commit": "abc1234", "version": "1",
        "started": "2026-11-22T18:20:03+00:00", "seconds": 83.0,
    }  # fmt: skip
    return Made.model_validate(plain | changed)


def case(name: str = "a-1", **changed) -> Case:
    plain = {"id": name, "lang": "zh", "kind": "colloquial", "question": "预算要管到哪几步？", "why": "试一试"}
    return Case.model_validate(plain | {"keypoints": [["制定"], ["分配"], ["没有这个"]]} | changed)


def record(name: str = "a-1", **changed) -> Record:
    start = PASSAGE.index(QUOTE)
    plain = {
        "case": name, "suite": "answerable", "answer": "先制定，再分配。[1] 另见【2】", "status": "answered", "language": "zh",
        "citations": [Quoted(n=1, passage_id="budget.zh", passage="k1", quote=QUOTE, start=start, end=start + len(QUOTE), tier="stated", title="预算", source="框架")],
        "shown": [Seen(id="budget.zh", text="k1", tier="stated", title="预算", source="框架")],
        "retrieved": [
            Seen(id="other.zh", text="k2", tier="stated", title="别的", source="框架"),
            Seen(id="budget.zh", text="k1", tier="stated", title="预算", source="框架"),
        ],
        "searched": True, "timings": {"search": 12.5, "total": 2345.0},
    }  # fmt: skip
    return Record.model_validate(plain | changed)


def outcome(name: str = "a-1", **changed) -> Outcome:
    plain = {"case": name, "suite": "answerable", "lang": "zh", "kind": "colloquial", "values": {"right": 1.0}}
    return Outcome.model_validate(plain | changed)


TEXTS = {"k1": PASSAGE, "k2": "完全无关的一段。"}


def whole(**changed) -> str:
    plain = {"made": made(), "cases": [case()], "records": [record()], "texts": TEXTS, "outcomes": [outcome()]}
    return page(**(plain | changed))


class _Parsed(HTMLParser):
    """Elements with their attributes, and the text of every script and style by id."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.raw: dict[str, str] = {}
        self._in = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.elements.append((tag, found))
        self._in = found.get("id") or tag if tag in {"script", "style"} else ""

    def handle_data(self, data):
        if self._in:
            self.raw[self._in] = self.raw.get(self._in, "") + data

    def handle_endtag(self, tag):
        self._in = ""

    def json(self, name: str):
        return json.loads(self.raw[name])


def visible(html: str, lang: str = "en") -> str:
    """The static words of one language, without scripts and styles, in one line."""
    body = re.sub(r"<(script|style|title|noscript)\b.*?</\1>", "", html.partition("<body>")[2], flags=re.S)
    other = "zh" if lang == "en" else "en"
    body = re.sub(rf'<(span|text) class="{other}"[^>]*>.*?</\1>', "", body, flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body)).replace("\u00a0", " ")


def row_of(html: str, metric: str) -> str:
    return re.search(rf'<tr id="m-{metric}".*?</tr>', html, re.S)[0]


# --- words -------------------------------------------------------------------------------------------------------------


def test_both_languages_have_the_same_words_and_the_same_blanks():
    assert WORDS["zh"].keys() == WORDS["en"].keys()
    for key, zh in WORDS["zh"].items():
        en = WORDS["en"][key]
        assert zh.strip() and en.strip(), key
        assert set(re.findall(r"{(\w+)}", zh)) == set(re.findall(r"{(\w+)}", en)), key


def test_every_metric_is_explained_in_chinese():
    assert {f"means.{name}" for name in METRICS} <= WORDS["zh"].keys()
    assert all(re.search(r"[\u4e00-\u9fff]", WORDS["zh"][f"means.{name}"]) for name in METRICS)


def test_every_group_of_metrics_has_its_place():
    assert {m.group for m in METRICS.values()} == set(scores.GROUPS)
    assert set(heat.MAIN) <= METRICS.keys()


def test_every_word_the_script_asks_for_is_there_and_none_is_there_for_nothing():
    script = (FOLDER / "report.js").read_text(encoding="utf-8")
    source = "".join(p.read_text(encoding="utf-8") for p in sorted(FOLDER.glob("*.py")) if p.name != "words.py")
    asked = set(re.findall(r'"((?:case|cases|filter|held|level|role)\.[a-z]+)"', script))
    assert asked and asked <= WORDS["zh"].keys()
    built = ("level.", "role.", "status.", "tier.", "stage.", "split.", "means.", "group.", "nav.", "legend.", "change.", "lang.")
    built += ("versus.", "caution.", "filter.")  # with a variable behind the dot
    unused = [k for k in WORDS["zh"] if not k.startswith(built) and f'"{k}"' not in source + script and f"'{k}'" not in source]
    assert unused == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_opens_in_its_language_and_holds_both(lang):
    html = whole(lang=lang)
    assert f'data-lang="{lang}"' in html and f"<title>{WORDS[lang]['title']}</title>" in html
    assert "评测报告" in visible(html, "zh") and "Evaluation report" in visible(html, "en")
    assert "评测报告" not in visible(html, "en")


# --- what it is made of ------------------------------------------------------------------------------------------------


def test_the_page_stands_alone_under_a_strict_policy():
    parsed = _Parsed(whole())
    policy = next(a["content"] for tag, a in parsed.elements if a.get("http-equiv") == "Content-Security-Policy")
    assert "default-src 'none'" in policy and "unsafe" not in policy and "http" not in policy
    for name in ("script", "style"):
        digest = base64.b64encode(hashlib.sha256(parsed.raw[name].encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}'" in policy
    for tag, attributes in parsed.elements:
        assert "src" not in attributes and "style" not in attributes, tag
        assert not any(name.startswith("on") for name in attributes), tag
        assert (attributes.get("href") or "#").startswith(("#", "data:,")), tag
    assert "url(" not in parsed.raw["style"] and "@import" not in parsed.raw["style"]
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|fetch\(|eval\(", parsed.raw["script"])


def test_nothing_said_by_a_case_or_reply_becomes_html():
    nasty = dict(question=NASTY, why=NASTY, keypoints=[[NASTY]], must_not=[NASTY], kind="<b>kind</b>", facts=[NASTY])
    html = whole(
        made=made(model="<i>m</i>", suites=["<u>s</u>"], notes={"<p>": NASTY}),
        cases=[case(**nasty, history=[{"role": "user", "content": NASTY}], document={"name": NASTY, "text": NASTY})],
        records=[record(answer=NASTY, notice=NASTY, error=NASTY, timings={"<s>stage</s>": 3.0}, suite="<u>s</u>")],
        texts={"k1": NASTY, "k2": NASTY},
        outcomes=[outcome(problems=[NASTY], hard=["<b>rule</b>"], kind="<b>kind</b>", suite="<u>s</u>")],
    )
    parsed = _Parsed(html)
    tags = [tag for tag, _ in parsed.elements]
    assert tags.count("script") == 5 and not {"img", "i", "u", "s"} & set(tags)
    assert "<b>kind" not in html and "<b>rule" not in html
    assert not re.search("[\u2028\u2029<>&]", parsed.raw["open"] + parsed.raw["index"])
    detail = parsed.json("open")["details"]["0"]
    assert detail["question"] == detail["answer"] == detail["why"] == NASTY and detail["problems"] == [NASTY]
    assert "&lt;b&gt;rule" in html  # a rule that no metric knows is shown all the same


def test_half_a_character_pair_can_be_written():
    assert whole(records=[record(answer="坏\ud83d字")]).encode("utf-8")


# --- figures -----------------------------------------------------------------------------------------------------------


def test_what_was_not_run_is_a_dash_and_never_a_zero():
    html = whole(outcomes=[outcome(values={"right": 1.0, "judged": None})])
    unlabelled = re.sub(r'<span class="label">.*?</span></span>', "", row_of(html, "judged"))
    cells = re.findall(r'<td class="num[^>]*>(.*?)</td>', unlabelled)
    assert [re.sub(r"<[^>]+>", "", cell).strip() for cell in cells] == ["–"] * 6
    assert "<circle" not in row_of(html, "judged") and "<circle" in row_of(html, "right")
    assert "judged right" in re.search(r"Metrics not run or not applicable: ([^.]*)", visible(html))[1]


def test_a_true_zero_is_a_zero():
    assert "0.0 %" in row_of(whole(outcomes=[outcome(values={"grounded": 0.0})]), "grounded")


def test_shares_have_wilsons_interval_and_means_a_narrower_one():
    binary = share([1.0, 1.0, 0.0, 1.0])
    assert (binary.low, binary.high) == wilson(3, 4) and binary.mean == 0.75
    spread = share([0.6, 0.7, 0.8, 0.9])
    assert 0.6 <= spread.low < 0.75 < spread.high <= 0.9
    assert share([]).mean is None and share([]).n == 0


def test_languages_are_averaged_apart():
    outcomes = [outcome(f"z{n}") for n in range(3)] + [outcome("e0", lang="en", values={"right": 0.0})]
    line = next(line for line in lines(outcomes, None) if line.metric.name == "right")
    assert (line.by["zh"].mean, line.by["zh"].n, line.by["en"].mean, line.by["en"].n) == (1.0, 3, 0.0, 1)
    assert line.all.mean == 0.75 and line.change is None


@pytest.mark.parametrize(
    ("metric", "new", "old", "turn"),
    [
        ("right", 0.0, 1.0, "worse"),
        ("right", 1.0, 0.0, "better"),
        ("hallucinated", 1.0, 0.0, "worse"),
        ("hallucinated", 0.0, 1.0, "better"),
        ("over_refused", 1.0, 0.0, "worse"),
        ("right", 1.0, 1.0, "none"),
    ],
)
def test_worse_is_worse_whichever_way_a_metric_points(metric, new, old, turn):
    outcomes = [outcome(f"c{n}", values={metric: new}) for n in range(30)]
    baseline = {metric: {f"c{n}": old for n in range(30)}}
    line = next(line for line in lines(outcomes, baseline) if line.metric.name == metric)
    assert line.turn == turn
    text = visible(whole(cases=[], records=[], outcomes=outcomes, baseline=baseline))
    assert (f"{turn.title()} than the baseline beyond chance: 1" in text) == (turn in {"worse", "better"})


def test_a_change_within_chance_is_not_called_one():
    outcomes = [outcome(f"c{n}", values={"right": float(n > 0)}) for n in range(20)]
    html = whole(cases=[], records=[], outcomes=outcomes, baseline={"right": {f"c{n}": float(n > 1) for n in range(20)}})
    assert "+5.0" in row_of(html, "right") and "within chance" in row_of(html, "right")
    assert "None of 1 metrics differs from the baseline beyond chance" in visible(html)


def test_metrics_that_should_be_low_say_so():
    html = whole(outcomes=[outcome(values={"hallucinated": 1.0})])
    assert "lower is better" in row_of(html, "hallucinated") and "lower is better" not in row_of(html, "right")
    heat = re.search(r'<table class="heat">.*?</table>', html, re.S)[0]
    assert 'class="q0 few">100<' in heat and "hallucinated" in heat and "↓" in heat
    good = [re.search(r'goodend" d="M([\d.]+)', row_of(html, m))[1] for m in ("hallucinated", "right")]
    assert float(good[0]) < float(good[1])


def test_nearly_perfect_does_not_look_perfect():
    outcomes = [outcome(f"c{n}", values={"right": float(n > 0), "over_refused": float(n == 0)}) for n in range(400)]
    heat = re.search(r'<table class="heat">.*?</table>', whole(cases=[], records=[], outcomes=outcomes), re.S)[0]
    assert 'class="q9">99<' in heat and 'class="q9">1<' in heat and "q10" not in heat


def test_stages_show_median_and_the_late_ones():
    records = [record(f"r{n}", timings={"total": 100.0 * n, "odd_stage": 5.0}) for n in range(1, 21)]
    times = re.search(r'<table class="times">.*?</table>', whole(records=records), re.S)[0]
    assert "1.05 s" in times and "1.91 s" in times and "2.00 s" in times and "odd_stage" in times
    assert "No timings were kept" in visible(whole(records=[record(timings={})]))


def test_the_scatter_shows_no_zero_for_a_group_that_cannot_make_the_error():
    outcomes = [
        outcome("n", kind="near", values={"hallucinated": 1.0}),
        outcome("d", kind="in_domain", values={"over_refused": 0.0}),
    ]
    html = whole(cases=[], records=[], outcomes=outcomes)
    table = re.search(r'<table class="sides">.*?</table>', html, re.S)[0]
    near = re.search(r"<tr>(?:(?!</tr>).)*· near</th>(.*?)</tr>", table, re.S)[1]
    assert [re.sub(r"<[^>]+>", "", c) for c in re.findall(r"<td.*?</td>", near)] == ["–", "100.0 % (1)"]
    plot = re.search(r'class="scatter".*?</svg>', html, re.S)[0]
    places = [(int(x) + 10, int(y) + 10) for x, y in re.findall(r'<rect x="(-?\d+)" y="(\d+)"', plot)]
    (left, top), (_, best) = places[1:]  # the first is of all cases
    assert left < 58 and top < 30, "no over-refusal to be counted: in the strip left of the axis, at its top"
    assert best > 340, "no hallucination to be counted: in the strip below the axis"


# --- verdict -----------------------------------------------------------------------------------------------------------


def test_a_broken_hard_rule_is_named_with_its_case():
    text = whole(outcomes=[outcome(values={"right": 1.0, "nothing_forbidden": 0.0})])
    assert "Hard rules broken: 1" in visible(text) and 'data-case="a-1"' in text
    assert "nothing forbidden" in visible(text)


def test_a_hard_rule_listed_without_a_value_is_broken():
    assert "Hard rules broken: 1" in visible(whole(outcomes=[outcome(hard=["quotes_literal"])]))


def test_rules_that_were_not_checked_do_not_hold():
    assert "No hard rule was checked" in visible(whole())
    partly = visible(whole(outcomes=[outcome(values=dict.fromkeys(HARD[:2], 1.0))]))
    assert "All 2 hard rules that were checked hold" in partly and "Not checked:" in partly
    held = visible(whole(outcomes=[outcome(values=dict.fromkeys(HARD, 1.0))]))
    assert f"All {len(HARD)} hard rules that were checked hold" in held and "Not checked:" not in held


def test_without_a_baseline_nothing_is_called_unchanged():
    assert "No baseline was given" in visible(whole()) and "No case is shared" not in visible(whole())
    assert "No case is shared with the baseline" in visible(whole(baseline={"right": {"z-9": 1.0}}))


def test_missing_replies_and_scores_are_counted_aloud():
    text = visible(whole(cases=[case(), case("a-2"), case("a-3")], outcomes=[outcome(), outcome("a-2", values={"right": None})]))
    assert "Cases without a reply on record: 2" in text
    assert "neither passed nor in any mean: 2 (a-2, a-3)" in text
    assert "3 cases" in text


def test_values_that_the_baseline_had_and_the_run_has_not_are_counted():
    text = visible(
        whole(outcomes=[outcome(values={"right": 1.0, "grounded": None})], baseline={"grounded": {"a-1": 1.0, "gone": 1.0}})
    )
    assert "none now, which may flatter or harm: grounded (1)" in text and "not asked this time: 1" in text


def test_a_sample_and_a_changed_checkout_are_said():
    text = visible(whole(made=made(limit=7, commit="abc1234+")))
    assert "at most 7 cases of each set" in text and "uncommitted changes" in text
    assert "uncommitted" not in visible(whole())


@pytest.mark.parametrize(
    ("values", "problems", "hard", "level"),
    [
        ({"right": 1.0}, [], [], "ok"),
        ({"right": 1.0}, ["unsupported"], [], "noted"),
        ({"right": 0.0, "status": 1.0}, [], [], "wrong"),
        ({"status": 0.0}, [], [], "wrong"),
        ({"full": 0.0}, [], [], "wrong"),
        ({"right": 1.0, "no_error": 0.0}, [], [], "hard"),
        ({"right": 1.0}, [], ["prompt_kept"], "hard"),
        ({"language": 1.0}, [], [], "unscored"),
        ({}, [], [], "unscored"),
    ],
)
def test_a_case_has_one_result_and_missing_evidence_is_not_right(values, problems, hard, level):
    found = rows(made(), [case()], [record()], [outcome(values=values, problems=problems, hard=hard)], None)
    assert [row.level for row in found] == [level]


def test_the_worst_cases_come_first_and_none_is_lost():
    cases = [case("ok"), case("gone"), case("bad"), case("worse")]
    outcomes = [
        outcome("ok"),
        outcome("bad", values={"right": 0.0}),
        outcome("worse"),
        outcome("stray", values={"no_error": 0.0}),
    ]
    baseline = {"language": {"worse": 1.0}, "right": {"ok": 1.0, "worse": 1.0}}
    outcomes[2] = outcome("worse", values={"right": 1.0, "language": 0.0})
    found = rows(made(), cases, [], outcomes, baseline)
    assert [row.id for row in found] == ["stray", "gone", "bad", "worse", "ok"]
    assert found[3].worse == ("language",) and found[4].worse == ()


# --- cases -------------------------------------------------------------------------------------------------------------


def test_a_case_says_what_was_wanted_found_and_where():
    detail = _Parsed(whole()).json("open")["details"]["0"]
    assert detail["keypoints"] == [[["制定"], True, 2], [["分配"], True, 2], [["没有这个"], False, None]]
    hit = _Parsed(whole(cases=[case(must_not=["先制定", "绝无"])])).json("open")["details"]["0"]
    assert hit["must_not"] == [["先制定", True], ["绝无", False]]


def test_a_reply_that_never_came_holds_no_keypoint():
    detail = _Parsed(whole(records=[record(answer=None, status=None)])).json("open")["details"]["0"]
    assert [held for _, held, _ in detail["keypoints"]] == [False, False, False]


def test_quotes_are_placed_as_a_browser_counts():
    parsed = _Parsed(whole()).json("open")
    _, key, _, start, end, quote, _, literal = parsed["details"]["0"]["citations"][0]
    units = parsed["texts"][key].encode("utf-16-le")
    assert units[2 * start : 2 * end].decode("utf-16-le") == quote == QUOTE and literal


def test_a_quote_that_stands_elsewhere_is_said_not_to_stand():
    wrong = record().citations[0].model_copy(update={"start": 0, "end": len(QUOTE)})
    lost = wrong.model_copy(update={"passage": "unknown"})
    found = _Parsed(whole(records=[record(citations=[wrong, lost])])).json("open")["details"]["0"]["citations"]
    assert [c[7] for c in found] == [False, False]


def test_passages_stand_once_however_many_cases_show_them():
    cases, records = [case("a-1"), case("a-2")], [record("a-1"), record("a-2")]
    html = whole(cases=cases, records=records, outcomes=[outcome("a-1"), outcome("a-2")])
    assert html.count("完全无关的一段") == 1 and html.count("每月监控投资回报率") == 1


def held_out() -> dict:
    secret = dict(question="秘密问题？", why="秘密缘由", keypoints=[["秘密要点"]], must_not=["秘密禁语"])
    return {
        "cases": [case(), case("b-1", **secret)],
        "records": [
            record(),
            record("b-1", suite="blind", answer="秘密回复 预算", notice="秘密提示", error="秘密报错", citations=[], shown=[]),
        ],
        "texts": TEXTS | {"k2": "秘密段落"},
        "outcomes": [outcome(), outcome("b-1", suite="blind", values={"right": 0.0}, problems=["秘密错因"], hard=["秘密规则"])],
    }


def test_of_held_out_cases_only_figures_are_outside_their_own_element():
    parsed_input = held_out()
    parsed_input["records"][0] = record(retrieved=[])
    html = whole(**parsed_input)
    assert len(re.findall("秘密", html)) >= 8
    outside = re.sub(r'<script type="application/json" id="held">.*?</script>', "", html, flags=re.S)
    assert "秘密" not in outside
    index = _Parsed(html).json("index")["rows"]
    held = next(row for row in index if row["id"] == "b-1")
    assert held["held"] and held["got"] == "answered" and 0.0 in held["values"] and held["hard"] == ["…"]
    assert "I will not tune on these" in html and "Held-out cases: 1." in visible(html)


def test_without_held_out_cases_there_is_no_button():
    assert 'id="reveal"' not in whole() and 'id="reveal"' in whole(**held_out())


def test_a_case_of_no_known_set_is_hidden_where_any_set_is_held_out():
    found = rows(made(), [case("lost")], [], [], None)
    assert found[0].heldout and found[0].level == "unscored"


def test_an_empty_run_is_a_page_that_passes_nothing():
    text = visible(whole(cases=[], records=[], texts={}, outcomes=[]))
    assert "0 cases" in text and "No hard rule was checked" in text and "%" not in re.sub(r"95 %|\(%\)|in %", "", text)


# --- in a browser ------------------------------------------------------------------------------------------------------


@pytest.fixture
def opened(tmp_path):
    """Opens a report in Chromium; no script may fail, nothing be refused by the policy, and no other address be asked for."""
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="playwright is missing; install it with: pip install -e '.[dev]'"
    )
    if not Path(CHROMIUM).exists():
        pytest.skip(f"no Chromium at {CHROMIUM}; install it with: apt-get install chromium")
    wrong: list[str] = []
    with playwright.sync_playwright() as running:
        chromium = running.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)

        def open_page(html: str, **options):
            path = tmp_path / "report.html"
            path.write_text(html, encoding="utf-8")
            shown = chromium.new_context(reduced_motion="reduce", **options).new_page()
            shown.on("pageerror", lambda error: wrong.append(str(error)))
            shown.on("console", lambda said: wrong.append(said.text) if said.type in {"error", "warning"} else None)
            shown.on("dialog", lambda dialog: (wrong.append(dialog.message), dialog.dismiss()))
            shown.on("request", lambda asked: None if asked.url.startswith(("file:", "data:")) else wrong.append(asked.url))
            shown.goto(path.as_uri())
            return shown

        yield open_page
        chromium.close()
    assert wrong == []


def cases_shown(shown, number: int) -> None:
    """Waits until so many cases are listed; without a function of Playwright's, which the page's policy would not let it make."""
    expect = pytest.importorskip("playwright.sync_api").expect
    expect(shown.locator(".case")).to_have_count(number, timeout=20_000)


@pytest.mark.browser
def test_a_reader_filters_opens_and_follows_a_citation(opened):
    given = held_out()
    given["records"][0] = record(answer=f"先制定，再分配。[1] 另见【9】 {NASTY}")
    shown = opened(whole(**given, baseline={"right": {"a-1": 1.0, "b-1": 1.0}}))
    assert shown.locator(".case").count() == 2 and shown.locator("#count").inner_text() == "2 / 2 题"
    first = shown.locator("#case-a-1")
    first.locator("summary").first.press("Enter")
    assert "<img src=x onerror=alert(2)>" in first.locator(".p-answer").inner_text()
    assert first.locator(".dangling").inner_text() == "[9]"
    first.locator("button.cite").press("Enter")
    assert shown.locator("mark.now").inner_text().endswith(QUOTE)
    assert shown.locator("script").count() == 5 and shown.locator("img").count() == 0
    shown.fill("[name=text]", "预算 几步")
    cases_shown(shown, 1)  # the other one is held out
    shown.fill("[name=text]", "")
    cases_shown(shown, 2)
    shown.check("[name=worse]")
    cases_shown(shown, 1)
    assert shown.locator("#case-b-1").count() == 1
    shown.click("#clear")
    shown.click("#m-right button")
    assert shown.locator(".case").count() == 1 and shown.input_value("[name=metric]") == "right"


@pytest.mark.browser
def test_held_out_words_appear_only_after_the_button(opened):
    shown = opened(whole(**held_out()))
    shown.locator("#case-b-1 summary").first.click()
    assert "秘密" not in shown.locator("body").inner_text() and shown.locator("#case-b-1 .numbers").is_visible()
    shown.fill("[name=text]", "秘密")
    cases_shown(shown, 0)
    shown.click("#reveal")
    cases_shown(shown, 1)
    expect = pytest.importorskip("playwright.sync_api").expect
    for word in ("秘密问题", "秘密回复", "秘密错因", "秘密要点", "秘密缘由"):  # filled in when the case is next drawn
        expect(shown.locator("#case-b-1")).to_contain_text(word, timeout=20_000)


@pytest.mark.browser
def test_language_and_theme_change_in_place_and_a_phone_has_room(opened):
    shown = opened(whole(**held_out()), viewport={"width": 390, "height": 800}, color_scheme="light")
    shown.locator("#case-a-1 summary").first.click()
    assert shown.locator("html").get_attribute("lang") == "zh-CN" and "评测报告" in shown.locator("h1").inner_text()
    shown.click("#switch")
    assert shown.locator("html").get_attribute("lang") == "en" and shown.title() == "Evaluation report"
    assert (
        shown.locator("h1").inner_text() == "Evaluation report" and shown.locator("#case-a-1").get_attribute("open") is not None
    )
    assert shown.locator("#case-a-1 .p-answer h4").inner_text() == "Reply"
    before = shown.evaluate("getComputedStyle(document.body).color")
    shown.click("#theme")
    assert shown.evaluate("getComputedStyle(document.body).color") != before
    assert shown.evaluate("document.documentElement.scrollWidth") <= 390
