"""The Word document, opened again: styles, fonts, headings, tables, fields, picture, properties."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest
from docx.oxml.ns import qn

from coach.documents.docx import CELL, EAST_ASIAN, LATIN, NOTE, TABLE, to_docx
from coach.documents.sheet import plan_sheet
from coach.messages import say


def opened(plan, framework, lang="zh", pages="full"):
    return docx.Document(io.BytesIO(to_docx(plan_sheet(plan, framework, lang, pages=pages))))


@pytest.fixture(scope="module")
def document(plan_zh, framework):
    return opened(plan_zh, framework)


def test_the_sections_are_headings_of_the_outline(document, plan_zh, framework):
    headings = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
    assert headings == [s.title for s in plan_sheet(plan_zh, framework, "zh").sections]
    assert document.paragraphs[0].style.name == "Title" and document.paragraphs[1].style.name == "Subtitle"


def test_every_paragraph_has_a_style_with_both_fonts_and_no_theme_font(document):
    used = {p.style.name for p in document.paragraphs} | {
        p.style.name for t in document.tables for c in t._cells for p in c.paragraphs
    }
    assert used == {"Title", "Subtitle", "Normal", "Heading 1", "List Bullet", CELL, NOTE}
    for style in document.styles:
        fonts = style.element.find(f"{qn('w:rPr')}/{qn('w:rFonts')}") if hasattr(style, "element") else None
        if style.name in {*used, "Header", "Footer", "Heading 2"}:
            assert fonts.get(qn("w:ascii")) == fonts.get(qn("w:hAnsi")) == LATIN
            assert fonts.get(qn("w:eastAsia")) == EAST_ASIAN
        assert fonts is None or not [name for name in fonts.attrib if "heme" in name]


def test_the_defaults_name_fonts_and_language(plan_zh, framework):
    for lang, code in (("zh", "zh-CN"), ("en", "en-US")):
        defaults = opened(plan_zh, framework, lang).styles.element.find(qn("w:docDefaults"))
        (language,) = defaults.iter(qn("w:lang"))
        assert language.get(qn("w:val")) == code and language.get(qn("w:eastAsia")) == "zh-CN"
        (fonts,) = defaults.iter(qn("w:rFonts"))
        assert fonts.get(qn("w:eastAsia")) == EAST_ASIAN and not [n for n in fonts.attrib if "heme" in n]


def test_long_tables_repeat_their_header_row_and_keep_their_rows_whole(document):
    headed = [t for t in document.tables if t.rows[0]._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None]
    assert len(headed) == 6  # conditions, levels, gaps, goals, actions, reviews
    for table in document.tables:
        assert table.style.name == TABLE
        assert all(row._tr.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for row in table.rows)


def test_the_actions_stand_under_their_horizons(document, plan_zh):
    table = next(t for t in document.tables if t.rows[0].cells[0].text == say("doc_action", "zh"))
    assert [row.cells[0].text for row in table.rows if row.cells[0]._tc is row.cells[-1]._tc] == [
        "短期（3-6个月）",
        "中期（1-2年）",
    ]
    assert len(table.rows) == 1 + 2 + len(plan_zh.actions)


def test_columns_fill_the_page(document):
    section = document.sections[0]
    room = section.page_width - section.left_margin - section.right_margin
    for table in document.tables:
        assert sum(column.width for column in table.columns) == pytest.approx(room, rel=0.01)


def test_the_chart_is_a_picture_with_alt_text_within_the_margins(document):
    (picture,) = document.inline_shapes
    assert picture._inline.docPr.get("descr").startswith("能力雷达图。战略与商业洞察力：现在1，目标2")
    section = document.sections[0]
    assert picture.width <= section.page_width - section.left_margin - section.right_margin


@pytest.mark.parametrize("part", ["footer", "first_page_footer"])
def test_the_footer_has_page_fields(document, part):
    paragraph = getattr(document.sections[0], part).paragraphs[0]
    fields = [t.text.strip() for t in paragraph._p.iter(qn("w:instrText"))]
    assert fields == ["PAGE", "NUMPAGES"]
    assert [c.get(qn("w:fldCharType")) for c in paragraph._p.iter(qn("w:fldChar"))] == ["begin", "separate", "end"] * 2
    assert "第1页，共1页" in paragraph.text


def test_the_header_names_plan_person_and_date(document):
    assert document.sections[0].header.paragraphs[0].text == "职业发展计划 · 林晓\t2026-11-22"
    assert document.sections[0].different_first_page_header_footer


def test_the_properties_are_the_plan_s_not_the_template_s(document):
    core = document.core_properties
    assert (core.title, core.language, core.author) == ("职业发展计划 · 林晓", "zh-CN", "营销职业教练")
    assert core.created.date().isoformat() == "2026-11-22" and core.comments == ""


def test_quotation_marks_are_set_in_the_chinese_font_in_chinese_only(plan_zh, framework):
    def hinted(lang):
        body = opened(plan_zh, framework, lang).element.body
        return [t.getparent() for t in body.iter(qn("w:t")) if t.getparent().find(f"{qn('w:rPr')}/{qn('w:rFonts')}") is not None]

    assert all(f.get(qn("w:hint")) == "eastAsia" for r in hinted("zh") for f in r.iter(qn("w:rFonts")))
    assert hinted("zh") and not hinted("en")


def test_a_long_row_may_break_and_odd_characters_do_no_harm(plan_extreme, framework):
    document = opened(plan_extreme, framework)
    assert any(row._tr.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is None for t in document.tables for row in t.rows)
    assert len(document.core_properties.title) <= 255


@pytest.mark.parametrize("name", ["plan_zh", "plan_bare", "plan_extreme"])
def test_the_parts_of_the_file_keep_the_order_of_the_schema(request, framework, name):
    # Word calls a file damaged whose properties stand in another order.
    data = to_docx(plan_sheet(request.getfixturevalue(name), framework, "zh"))
    assert zipfile.ZipFile(io.BytesIO(data)).testzip() is None
    document = docx.Document(io.BytesIO(data))
    orders = {
        "tcPr": ["tcW", "gridSpan", "vMerge", "tcBorders", "shd", "vAlign"],
        "rPr": ["rStyle", "rFonts", "b", "bCs", "i", "iCs", "color", "spacing", "kern", "sz", "szCs", "lang"],
        "tblPr": ["tblStyle", "tblW", "jc", "tblInd", "tblBorders", "tblLayout", "tblCellMar", "tblLook"],
        "style": ["name", "basedOn", "next", "link", "uiPriority", "semiHidden", "unhideWhenUsed", "qFormat", "rsid", "pPr", "rPr", "tblPr", "tcPr", "tblStylePr"],
    }  # fmt: skip
    for root in (document.element, document.styles.element):
        for tag, order in orders.items():
            for element in root.iter(qn(f"w:{tag}")):
                names = [c.tag.rpartition("}")[2] for c in element]
                known = [order.index(n) for n in names if n in order]
                assert known == sorted(known), (tag, names)
