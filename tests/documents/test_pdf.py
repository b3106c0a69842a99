"""The PDF: pages, fonts, tags, bookmarks, title; the characters the font does not hold."""

from __future__ import annotations

import ctypes

import pypdfium2
import pypdfium2.raw as raw
import pytest

from coach.documents.fonts import _held, legible
from coach.documents.pdf import to_pdf
from coach.documents.sheet import plan_sheet


def opened(plan, framework, lang, pages="full") -> tuple[pypdfium2.PdfDocument, bytes]:
    data = to_pdf(plan_sheet(plan, framework, lang, pages=pages))
    return pypdfium2.PdfDocument(data), data


def fonts(document: pypdfium2.PdfDocument) -> dict[str, bool]:
    """Names of the fonts of all text, and whether they are embedded."""
    found = {}
    for page in document:
        for thing in page.get_objects([raw.FPDF_PAGEOBJ_TEXT]):
            font = raw.FPDFTextObj_GetFont(thing.raw)
            size = raw.FPDFFont_GetBaseFontName(font, None, 0)
            buffer = ctypes.create_string_buffer(size)
            raw.FPDFFont_GetBaseFontName(font, buffer, size)
            found[buffer.value.decode()] = raw.FPDFFont_GetIsEmbedded(font) == 1
    return found


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_twelve_actions_and_five_goals_take_at_most_five_pages(plan_zh, plan_en, framework, lang):
    document, _ = opened(plan_zh if lang == "zh" else plan_en, framework, lang)
    assert 1 <= len(document) <= 5
    assert all(round(w) == 595 and round(h) == 842 for w, h in (page.get_size() for page in document))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", ["plan_zh", "plan_bare", "plan_extreme"])
def test_the_page_for_the_boss_is_one_page(request, framework, name, lang):
    document, _ = opened(request.getfixturevalue(name), framework, lang, "one")
    assert len(document) == 1


def test_the_fonts_are_embedded_and_hold_chinese(plan_zh, framework):
    found = fonts(opened(plan_zh, framework, "zh")[0])
    assert found and all(found.values())
    assert all("NotoSansSC" in name for name in found)


@pytest.mark.parametrize(("lang", "code"), [("zh", b"zh-CN"), ("en", b"en-US")])
def test_it_is_tagged_titled_and_says_its_language(plan_zh, framework, lang, code):
    document, data = opened(plan_zh, framework, lang)
    assert raw.FPDFCatalog_IsTagged(document.raw)
    assert b"<pdfuaid:part>1</pdfuaid:part>" in data
    title = "职业发展计划 · 林晓" if lang == "zh" else "Career development plan, 林晓"
    assert document.get_metadata_dict()["Title"] == title
    assert b"<dc:language>" in data and code in data


def test_every_section_is_a_bookmark(plan_zh, framework):
    sheet = plan_sheet(plan_zh, framework, "zh")
    document = pypdfium2.PdfDocument(to_pdf(sheet))
    titles = [item.get_title() for item in document.get_toc()]
    assert [t for t in titles if t != sheet.title] == [s.title for s in sheet.sections]


def test_the_chart_has_its_alt_text(plan_zh, framework):
    document, _ = opened(plan_zh, framework, "zh")
    assert any("能力雷达图。战略与商业洞察力：现在1" in alt for page in document for alt in alts(page))


def alts(page: pypdfium2.PdfPage) -> list[str]:
    """The alt texts in the structure tree of a page."""
    tree = raw.FPDF_StructTree_GetForPage(page.raw)
    found, waiting = [], [raw.FPDF_StructTree_GetChildAtIndex(tree, i) for i in range(raw.FPDF_StructTree_CountChildren(tree))]
    while waiting:
        element = waiting.pop()
        if not element:
            continue
        size = raw.FPDF_StructElement_GetAltText(element, None, 0)
        if size:
            buffer = ctypes.create_string_buffer(size)
            raw.FPDF_StructElement_GetAltText(element, buffer, size)
            found.append(buffer.raw.decode("utf-16-le").rstrip("\0"))
        waiting += [
            raw.FPDF_StructElement_GetChildAtIndex(element, i) for i in range(raw.FPDF_StructElement_CountChildren(element))
        ]
    return found


def test_every_page_says_its_number(plan_zh, framework):
    document, _ = opened(plan_zh, framework, "zh")
    for n, page in enumerate(document, 1):
        assert f"第{n}页，共{len(document)}页" in page.get_textpage().get_text_range().replace(" ", "")


def test_nothing_is_printed_outside_the_margins(plan_extreme, framework):
    for page in opened(plan_extreme, framework, "zh")[0]:
        width, height = page.get_size()
        for thing in page.get_objects():
            left, bottom, right, top = thing.get_bounds()
            assert left >= 30 and right <= width - 30 and bottom >= 20 and top <= height - 20


def test_the_same_plan_makes_the_same_file(plan_zh, framework):
    sheet = plan_sheet(plan_zh, framework, "zh")
    assert to_pdf(sheet) == to_pdf(sheet)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("負責臺灣市場", "負責臺灣市場"),
        ("Łukasz, Ángeles, Жуков, Ωμέγα", "Łukasz, Ángeles, Жуков, Ωμέγα"),
        ("e\u0301", "é"),
        ("🚀 go", "[rocket] go"),
        ("👍🏽\ufe0f", "[thumbs up sign]"),
        ("김", "[hangul syllable gim]"),
        ("ﬁ", "ﬁ" if 0xFB01 in _held() else "fi"),
        ("\U0010fffd", "[u+10fffd]"),
    ],
)
def test_what_the_font_lacks_is_written_out(text, shown):
    assert legible(text) == shown


def test_every_character_called_legible_can_be_set(plan_bare, framework):
    # PDF/UA is promised only of a file without a missing glyph.
    some = " ".join(chr(c) for c in sorted(_held()) if c > 0x20 and c not in range(0x3400, 0xA000) and c < 0x20000)
    plan = plan_bare.model_copy(update={"framework": some})
    assert b"<pdfuaid:part>1</pdfuaid:part>" in to_pdf(plan_sheet(plan, framework, "zh"))
