"""What a document says: everything of the plan, in order, in one language; nothing measured that is not."""

from __future__ import annotations

import re
import typing

import pytest

from coach.development.schema import Basis, Skipped
from coach.documents.blocks import Bullets, Cards, Facts, Grid, Paragraph
from coach.documents.chart import Axis, Radar, radar_png, radar_svg, wrapped
from coach.documents.markdown import to_markdown
from coach.documents.sheet import plan_sheet
from coach.documents.words import shortened
from coach.framework.files import Text
from coach.messages import say
from tests.documents.helpers import texts

ORDER = ["short", "said", "stage", "levels", "gaps", "goals", "actions", "reviews", "remarks", "sources"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_full_plan_has_all_sections_in_order(plan_zh, framework, lang):
    titles = [s.title for s in plan_sheet(plan_zh, framework, lang).sections]
    assert titles == [say(f"doc_{key}", lang) for key in ORDER]


def test_a_review_of_either_kind_stands_with_all_its_dates(plan_zh, framework):
    section = next(s for s in plan_sheet(plan_zh, framework, "zh").sections if s.title == "复盘日程")
    assert [row[:2] for row in section.blocks[0].rows] == [
        ("季度复盘", "2026-12-31、2027-03-31、2027-06-30"),
        ("年度复盘", "2027-11-22"),
    ]


def test_the_owner_of_every_line_stands_in_the_head_and_another_one_at_the_line(plan_zh, framework):
    lines = [line.model_copy(update={"owner": "陈总"}) for line in plan_zh.actions]
    all_one = plan_zh.model_copy(update={"goals": (), "actions": tuple(lines)})
    assert ("负责人", "陈总") in plan_sheet(all_one, framework, "zh").head
    mixed = plan_zh.model_copy(update={"actions": (lines[0], *plan_zh.actions[1:])})
    sheet = plan_sheet(mixed, framework, "zh")
    assert "负责人" not in dict(sheet.head) and texts(sheet).count("陈总") == 1


def test_a_kind_of_action_that_is_missing_is_told_by_its_reason_alone(plan_zh, framework):
    reason = Text(zh="没有合适的学习行动。", en="No learning action fits.")
    said = texts(plan_sheet(plan_zh.model_copy(update={"skipped": (Skipped(kind="learn", reason=reason),)}), framework, "zh"))
    assert "\n没有合适的学习行动。\n" in said


def test_at_the_last_stage_no_next_one_is_compared_with(plan_zh, framework):
    standing = plan_zh.standing.model_copy(update={"next": None, "missing": ()})
    section = next(
        s
        for s in plan_sheet(plan_zh.model_copy(update={"standing": standing}), framework, "zh").sections
        if s.title == "所处阶段"
    )
    grid = next(b for b in section.blocks if isinstance(b, Grid))
    assert grid.head == ("条件", "本人的原话", "状态") and {row[-1] for row in grid.rows} == {"已具备"}


@pytest.mark.parametrize("basis", typing.get_args(Basis))
def test_every_basis_of_a_gap_has_a_word(plan_zh, framework, basis):
    gap = plan_zh.gaps[0].model_copy(update={"basis": basis})
    assert texts(plan_sheet(plan_zh.model_copy(update={"gaps": (gap,)}), framework, "zh"))


def test_sections_without_content_are_left_out(plan_bare, framework):
    sheet = plan_sheet(plan_bare, framework, "zh")
    assert [s.title for s in sheet.sections] == [say(f"doc_{key}", "zh") for key in ("short", "stage", "sources")]
    assert sheet.subtitle == "" and sheet.header == sheet.title


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_line_stands_with_its_measure_evidence_and_dates(plan_zh, framework, lang):
    said = texts(plan_sheet(plan_zh, framework, lang))
    for line in plan_zh.lines:
        for text in (line.text, line.measure, line.evidence, line.how, line.caution):
            assert text is None or text.of(lang) in said
        for day in (line.due, line.review) if line.role == "goal" else (line.start, line.due, line.review):
            assert day.isoformat() in said


def test_a_document_in_english_holds_no_chinese_but_the_person_s_words(plan_en, framework):
    said = texts(plan_sheet(plan_en, framework, "en"))
    assert set(re.findall(r"[\u4e00-\u9fff]+", said)) <= {"极客时间"}  # a platform's own name


def test_the_person_s_words_are_not_translated(plan_zh, framework):
    said = texts(plan_sheet(plan_zh, framework, "en"))
    assert all(f"“{fact.text}”" in said for fact in plan_zh.facts)


def test_goals_go_from_far_to_near_and_actions_from_near_to_far(plan_zh, framework):
    sections = {s.title: s for s in plan_sheet(plan_zh, framework, "zh").sections}
    goals, actions = (next(b for b in sections[t].blocks if isinstance(b, Cards)) for t in ("目标", "行动"))
    assert [g.title for g in goals.groups] == ["长期（3-5年）", "中期（1-2年）", "短期（3-6个月）"]
    assert [g.title for g in actions.groups] == ["短期（3-6个月）", "中期（1-2年）"]
    assert sum(len(g.cards) for g in actions.groups) == len(plan_zh.actions)


def test_met_missing_and_unknown_conditions_are_told_apart(plan_zh, framework):
    section = next(s for s in plan_sheet(plan_zh, framework, "zh").sections if s.title == "所处阶段")
    grid = next(b for b in section.blocks if isinstance(b, Grid))
    assert [row[-1] for row in grid.rows] == ["已具备", "已具备", "还缺", "还缺", "还不知道", "还不知道"]
    assert any(isinstance(b, Paragraph) and b.text == plan_zh.standing.note.zh for b in section.blocks)


def radar(sheet) -> Radar:
    return next(b for s in sheet.sections for b in s.blocks if isinstance(b, Radar))


def test_only_evidence_is_measured(plan_zh, framework):
    axes = radar(plan_sheet(plan_zh, framework, "zh")).axes
    assert [(a.known, a.now) for a in axes] == [
        *(("measured", 1), ("measured", 2), ("self_rated", 2)),
        *(("measured", 1), ("unknown", None)),
    ]


def test_the_chart_s_alt_text_says_what_it_shows(plan_zh, framework):
    chart = radar(plan_sheet(plan_zh, framework, "zh"))
    for axis, note in zip(chart.axes, ("现在1", "现在2", "自评2", "现在1", "证据不足"), strict=True):
        assert f"{axis.label}：{note}" in chart.alt


def test_a_long_quotation_is_cut_visibly(plan_extreme, framework):
    said = texts(plan_sheet(plan_extreme, framework, "zh"))
    assert "很长的话。" * 30 in said and "很长的话。" * 60 not in said and "…”" in said


def test_no_character_is_left_that_a_format_cannot_hold(plan_extreme, framework):
    said = texts(plan_sheet(plan_extreme, framework, "zh"))
    assert not re.findall(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\u202e\ufffe]", said)
    assert "控制字符 第二行" in said


@pytest.mark.parametrize("number", [1, 2])
def test_too_few_pillars_have_no_chart(plan_zh, framework, number):
    sheet = plan_sheet(plan_zh.model_copy(update={"levels": plan_zh.levels[:number]}), framework, "zh")
    assert not [b for s in sheet.sections for b in s.blocks if isinstance(b, Radar)]


def test_sources_are_numbered_once_and_named_by_their_lines(plan_zh, framework):
    section = plan_sheet(plan_zh, framework, "zh").sections[-1]
    listed = next(b for b in section.blocks if isinstance(b, Bullets)).items
    assert len(listed) == len({(line.source.article, line.source.title.zh) for line in plan_zh.lines})
    assert [item.split("]")[0] for item in listed] == [f"[{n}" for n in range(1, len(listed) + 1)]
    said = texts(plan_sheet(plan_zh, framework, "zh"))
    assert all(f"来源[{n}]" in said for n in range(1, len(listed) + 1))


def test_it_says_what_is_the_coach_s_own_judgement(plan_zh, framework):
    said = texts(plan_sheet(plan_zh, framework, "zh"))
    assert framework.gates.note.zh in said and framework.mapping.note.zh in said and say("doc_judgement", "zh") in said


def test_stages_and_pillars_that_the_framework_has_no_more_stand_by_id(plan_zh, framework):
    old = plan_zh.model_copy(
        update={"stage": "gone_stage", "gaps": (plan_zh.gaps[0].model_copy(update={"pillar": "gone_pillar"}),)}
    )
    said = texts(plan_sheet(old, framework, "zh"))
    assert "gone_stage" in said and "gone_pillar" in said


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("pages", ["full", "one"])
def test_who_stays_is_not_told_to_go_deeper(plan_zh, framework, lang, pages):
    stays = plan_zh.model_copy(update={"target": plan_zh.stage, "direction": "unknown"})
    text = to_markdown(plan_sheet(stays, framework, lang, pages=pages))
    assert "做深" not in text and "deeper" not in text and "→ " not in plan_sheet(stays, framework, lang).head[0][1]
    assert ("站稳、做好" if lang == "zh" else "stand firm") in text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_plan_without_gaps_says_so_where_every_level_is_shown(plan_zh, framework, lang):
    high = max(level.number for level in framework.levels)
    levels = tuple(r.model_copy(update={"level": high}) for r in plan_zh.levels)
    words = "没有缺口要补" if lang == "zh" else "no gap to close"
    met = plan_zh.model_copy(update={"gaps": (), "levels": levels})
    assert to_markdown(plan_sheet(met, framework, lang)).count(words) == 2
    unknown = met.model_copy(update={"levels": (levels[0].model_copy(update={"level": None}), *levels[1:])})
    assert words not in to_markdown(plan_sheet(unknown, framework, lang))


def test_a_stage_to_grow_deeper_in_is_no_way_to_another(plan_zh, framework):
    deep = plan_zh.model_copy(update={"target": plan_zh.stage, "direction": "depth"})
    sheet = plan_sheet(deep, framework, "zh")
    assert "→" not in sheet.head[0][1] and "做深" in sheet.head[0][1]


# one page


def one(plan, framework, lang="zh"):
    return plan_sheet(plan, framework, lang, pages="one")


def test_the_page_for_the_boss_has_its_six_parts(plan_zh, framework):
    sheet = one(plan_zh, framework)
    assert [s.title for s in sheet.sections] == ["我现在的位置", "我的目标", "下个季度我要做的事", "需要您支持的事", "下次复盘"]
    assert "营销副总裁/CMO" in texts(sheet)


def test_the_page_holds_one_goal_of_each_horizon_and_the_next_quarter(plan_zh, framework):
    grids = {s.title: next((b for b in s.blocks if isinstance(b, Grid)), None) for s in one(plan_zh, framework).sections}
    assert [row[0] for row in grids["我的目标"].rows] == ["长期（3-5年）", "中期（1-2年）", "短期（3-6个月）"]
    assert [row[0] for row in grids["下个季度我要做的事"].rows] == [a.text.zh for a in plan_zh.actions[:6]]


def test_nothing_private_stands_on_the_page_for_the_boss(plan_zh, framework):
    said = texts(one(plan_zh, framework))
    assert "孩子" not in said and "财务看不太懂" not in said
    assert not [b for s in one(plan_zh, framework).sections for b in s.blocks if isinstance(b, Facts)]


def test_what_is_asked_of_the_boss_comes_from_the_plan(plan_zh, framework):
    said = texts(one(plan_zh, framework))
    assert f"约{sum(a.hours for a in plan_zh.actions[:6])}小时" in said
    assert "预算、定价与产品话语权" in said and "2026-12-31" in said


def test_finished_and_dropped_actions_are_not_for_the_next_quarter(plan_zh, framework):
    statuses = ("done", "dropped", "late")
    first = [a.model_copy(update={"status": s}) for a, s in zip(plan_zh.actions, statuses, strict=False)]
    changed = plan_zh.model_copy(update={"actions": (*first, *plan_zh.actions[3:])})
    said = texts(one(changed, framework))
    assert [a.text.zh in said for a in changed.actions[:4]] == [False, False, True, True]


def test_a_page_without_actions_or_meetings_still_stands(plan_bare, framework):
    said = texts(one(plan_bare, framework))
    assert say("doc_one_no_actions", "zh") in said and say("doc_one_need_feedback_open", "zh") in said


# chart


def axis(known="measured", now=1, label="能力") -> Axis:
    return Axis(label=label, now=now, known=known, wanted=2, note="现在1，目标2")


def chart(*axes: Axis) -> Radar:
    return Radar(axes=axes, levels=3, now="现在", wanted="目标", self_rated="自评", unknown="不足", alt="图")


def test_a_self_rating_is_an_open_ring_and_no_evidence_no_point():
    svg = radar_svg(chart(axis(), axis("self_rated"), axis("unknown", None)))
    circles = re.findall(r'<circle cx="(?!0\.0" cy="0\.0")[^>]*fill="([^"]*)"', svg)
    assert sorted(circles) == ["#1f4e79", "#ffffff"]
    assert "fill-opacity" not in svg


def test_the_area_is_filled_only_when_every_pillar_is_measured():
    assert "fill-opacity" in radar_svg(chart(axis(), axis(), axis()))
    assert "fill-opacity" not in radar_svg(chart(axis(), axis(), axis("self_rated")))


@pytest.mark.parametrize("count", range(3, 9))
def test_no_label_leaves_the_frame(count):
    svg = radar_svg(chart(*[axis(label="很长的能力支柱名称与它的说明文字" * 2)] * count))
    left, top, width, height = map(float, re.search(r'viewBox="([^"]*)"', svg)[1].split())
    for x, y, anchor, size, text in re.findall(
        r'<text x="([^"]*)" y="([^"]*)" text-anchor="(\w+)" font-size="([\d.]+)"[^>]*>([^<]*)', svg
    ):
        wide = len(text) * float(size)
        start = float(x) - {"start": 0, "middle": wide / 2, "end": wide}[anchor]
        assert left <= start and start + wide <= left + width
        assert top <= float(y) - float(size) and float(y) <= top + height


def test_the_chart_is_a_picture_of_some_size_with_hostile_labels():
    png = radar_png(chart(axis(label='<a href="x">&"'), axis(label="🚀 عربي"), axis(label="體驗")))
    assert png.startswith(b"\x89PNG") and len(png) > 10_000


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("数据与量化分析能力", ["数据与量化", "分析能力"]),
        ("one two three", ["one two", "three"]),
        ("", []),
        ("A" * 12, ["AAAAAAA", "AAAAA"]),
    ],
)
def test_rows_break_between_words_or_within_chinese(text, rows):
    assert wrapped(text, 10, 50) == rows


@pytest.mark.parametrize(
    ("text", "cut"),
    [("短", "短"), ("一二三四五六", "一二三四…"), ("one two three", "one…"), ("AAAAAAAA", "AAAA…"), ("a\n b", "a b")],
)
def test_a_cut_is_seen(text, cut):
    assert shortened(text, 5) == cut


def earlier(before: int | None) -> Axis:
    return Axis(label="能力", now=1, known="measured", wanted=2, note="", before=before)


def test_an_earlier_assessment_is_squares_joined_only_between_neighbours_that_have_one():
    svg = radar_svg(chart(earlier(1), earlier(2), earlier(None), axis()))
    assert svg.count("<rect") - radar_svg(chart(axis(), axis(), axis(), axis())).count("<rect") == 2
    assert svg.count('stroke-dasharray="1.5 3.5"') == 1
    assert 'stroke-dasharray="1.5 3.5"' not in radar_svg(chart(axis(), axis(), axis()))


def test_without_its_legend_the_chart_is_narrower_and_says_none_of_its_words():
    whole, bare = (radar_svg(chart(axis(), axis(), axis()), legend=on) for on in (True, False))
    width = [float(re.search(r'width="([\d.]+)"', svg)[1]) for svg in (whole, bare)]
    assert width[1] < width[0] and "目标</text>" in whole and "目标</text>" not in bare


def test_a_label_of_two_rows_leaves_no_single_character_and_breaks_no_word():
    rows = re.findall(
        r'font-size="13"[^>]*>([^<]*)<', radar_svg(chart(axis(label="战略与商业洞察力"), axis(), axis()), widest=100)
    )
    assert rows[:2] == ["战略与商", "业洞察力"]
    rows = re.findall(
        r'font-size="13"[^>]*>([^<]*)<',
        radar_svg(chart(axis(label="Data and quantitative analysis"), axis(), axis()), widest=100),
    )
    assert "".join(rows[:3]).replace(" ", "") == "Dataandquantitativeanalysis" and any("quantitative" in row for row in rows)
