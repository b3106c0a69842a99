"""A sheet as a Word document: real styles, headings, tables with repeated header rows, page fields, a picture with alt text.

Fonts are named per style for Latin and for East Asian text, without the theme fonts that would win over them; Word puts in
its own where one is missing.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import Any

from coach.documents.blocks import Block, Bullets, Card, Cards, Facts, Grid, Paragraph, Piece, Sheet
from coach.documents.chart import ACCENT, Radar, radar_png, radar_width

LATIN, EAST_ASIAN = "Calibri", "Microsoft YaHei"
TABLE, CELL, NOTE = "Coach Table", "Coach Cell", "Coach Note"
STRONG, FAINT = "Coach Strong", "Coach Faint"
_WIDTH_CM = 17.6
_LEADING = 1.25  # line height of running text, in font sizes
_INK, _GREY, _LINE, _TINT = "1F2933", "52606D", "D5DAE0", "EAF0F6"
_ACCENT = ACCENT.removeprefix("#").upper()
_LONG_ROW = 1500
"""Characters of a row from which on it may break over pages; a shorter one stays together."""
_BOTH_SCRIPTS = re.compile("[“”‘’…—·→]")
_THEME = ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme")


def to_docx(sheet: Sheet) -> bytes:
    """The sheet as a .docx file."""
    from docx import Document

    document = Document()
    _page(document)
    _styles(document, sheet)
    _properties(document, sheet)
    _margins(document, sheet)
    document.add_paragraph(sheet.title, style="Title")
    if sheet.subtitle:
        document.add_paragraph(sheet.subtitle, style="Subtitle")
    _facts(document, sheet.head)
    for section in sheet.sections:
        document.add_heading(section.title, level=1)
        for block in section.blocks:
            _block(document, block)
    if sheet.lang == "zh":
        _wide_marks(document)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _page(document: Any) -> None:  # noqa: ANN401  docx.Document
    """A4 with the same margins on the sides."""
    from docx.shared import Cm

    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm((21 - _WIDTH_CM) / 2)
    section.top_margin, section.bottom_margin = Cm(1.8), Cm(1.5)
    section.header_distance = section.footer_distance = Cm(0.9)


def _styles(document: Any, sheet: Sheet) -> None:  # noqa: ANN401  docx.Document
    """The built-in styles in the house's fonts and sizes, and the few of our own."""
    from docx.enum.style import WD_STYLE_TYPE

    base = 9 if sheet.one_page else 10
    styles = document.styles
    for name, kind in ((CELL, WD_STYLE_TYPE.PARAGRAPH), (NOTE, WD_STYLE_TYPE.PARAGRAPH)):
        styles.add_style(name, kind).base_style = styles["Normal"]
    for name in (STRONG, FAINT):
        styles.add_style(name, WD_STYLE_TYPE.CHARACTER)
    _table_style(styles.add_style(TABLE, WD_STYLE_TYPE.TABLE))
    _format(styles["Normal"], size=base, after=3, line=_LEADING)
    _format(styles["Title"], size=18, colour=_ACCENT, after=1, bold=True)
    _format(styles["Subtitle"], size=12, after=3)
    _format(styles["Heading 1"], size=12.5, colour=_ACCENT, before=5 if sheet.one_page else 9, after=3, bold=True)
    _format(styles["Heading 2"], size=12, colour=_ACCENT, before=8, after=3, bold=True)
    _format(styles["List Bullet"], size=base, after=1, line=_LEADING)
    _format(styles[CELL], size=8, after=1, line=_LEADING)
    _format(styles[NOTE], size=8.5, colour=_GREY, before=3, after=2, line=_LEADING)
    for name in ("Header", "Footer"):
        _format(styles[name], size=9, colour=_GREY)
    styles[STRONG].font.bold = True
    _colour(styles[FAINT], _GREY)
    _remove_rule(styles["Title"])
    for style in styles:
        _fonts(style)
    _language(styles, sheet)


def _format(
    style: Any,  # noqa: ANN401  docx style
    *,
    size: float,
    colour: str = _INK,
    before: float = 0,
    after: float = 0,
    line: float = 1.0,
    bold: bool = False,
) -> None:
    from docx.shared import Pt

    style.font.size, style.font.bold, style.font.italic = Pt(size), bold, False
    _colour(style, colour)
    spacing = style.paragraph_format
    spacing.space_before, spacing.space_after = Pt(before), Pt(after)
    # Exact for running text: the fonts that stand in for a missing one are up to half as tall again.
    spacing.line_spacing = Pt(size * line) if line > 1 else line
    spacing.widow_control = True


def _colour(style: Any, colour: str) -> None:  # noqa: ANN401  docx style
    from docx.shared import RGBColor

    style.font.color.rgb = RGBColor.from_string(colour)


def _fonts(style: Any) -> None:  # noqa: ANN401  docx style
    """Names the fonts of a style. Theme attributes go: Word follows them rather than the names. Lists have no font."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.oxml.ns import qn

    if style.element.tag != qn("w:style") or style.type is None or style.type == WD_STYLE_TYPE.LIST:
        return
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    _name_fonts(fonts)


def _name_fonts(fonts: Any) -> None:  # noqa: ANN401  w:rFonts
    from docx.oxml.ns import qn

    for name in _THEME:
        fonts.attrib.pop(qn(f"w:{name}"), None)
    for script, font in (("ascii", LATIN), ("hAnsi", LATIN), ("cs", LATIN), ("eastAsia", EAST_ASIAN)):
        fonts.set(qn(f"w:{script}"), font)


def _language(styles: Any, sheet: Sheet) -> None:  # noqa: ANN401  docx styles
    """Fonts and language of the whole document: spelling and the choice of glyphs go by it."""
    from docx.oxml.ns import qn

    defaults = styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    _name_fonts(defaults.find(qn("w:rFonts")))
    language = defaults.find(qn("w:lang"))
    language.set(qn("w:val"), "zh-CN" if sheet.lang == "zh" else "en-US")
    language.set(qn("w:eastAsia"), "zh-CN")


def _remove_rule(style: Any) -> None:  # noqa: ANN401  docx style
    from docx.oxml.ns import qn

    for rule in style.element.findall(f".//{qn('w:pBdr')}"):
        rule.getparent().remove(rule)


def _table_style(style: Any) -> None:  # noqa: ANN401  docx style
    """Thin lines under the rows, room in the cells, a header row in the accent colour with white bold text."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    line = f'w:val="single" w:sz="4" w:space="0" w:color="{_LINE}"'
    properties = (
        f"<w:tblPr {nsdecls('w')}><w:tblBorders><w:top {line}/><w:bottom {line}/><w:insideH {line}/></w:tblBorders>"
        '<w:tblCellMar><w:top w:w="30" w:type="dxa"/><w:left w:w="90" w:type="dxa"/>'
        '<w:bottom w:w="20" w:type="dxa"/><w:right w:w="90" w:type="dxa"/></w:tblCellMar></w:tblPr>'
    )
    first = (
        f'<w:tblStylePr {nsdecls("w")} w:type="firstRow"><w:rPr><w:b/><w:color w:val="FFFFFF"/></w:rPr>'
        f'<w:tcPr><w:shd w:val="clear" w:color="auto" w:fill="{_ACCENT}"/></w:tcPr></w:tblStylePr>'
    )
    style.element.append(parse_xml(properties))
    style.element.append(parse_xml(first))


def _wide_marks(document: Any) -> None:  # noqa: ANN401  docx.Document
    """Quotation marks, dashes and dots belong to both scripts: in a Chinese document they are set in the Chinese font."""
    from docx.oxml.ns import qn

    for text in document.element.body.iter(qn("w:t")):
        if _BOTH_SCRIPTS.search(text.text or ""):
            text.getparent().get_or_add_rPr().get_or_add_rFonts().set(qn("w:hint"), "eastAsia")


def _properties(document: Any, sheet: Sheet) -> None:  # noqa: ANN401  docx.Document
    made = datetime.combine(sheet.made, time(), tzinfo=UTC).replace(tzinfo=None)
    core = document.core_properties
    # Core properties hold 255 characters at most.
    core.title, core.author, core.last_modified_by = sheet.header[:255], sheet.author[:255], sheet.author[:255]
    core.subject, core.comments, core.keywords = sheet.title[:255], "", ""
    core.language = "zh-CN" if sheet.lang == "zh" else "en-US"
    core.created = core.modified = made
    core.revision = 1


def _margins(document: Any, sheet: Sheet) -> None:  # noqa: ANN401  docx.Document
    """Header from the second page on; in the footer, the coach's name on the left and the page on the right."""
    from docx.enum.text import WD_TAB_ALIGNMENT
    from docx.shared import Cm

    section = document.sections[0]
    section.different_first_page_header_footer = True
    section.header.paragraphs[0].text = f"{sheet.header}\t{sheet.made.isoformat()}"
    for footer in (section.footer, section.first_page_footer):
        paragraph = footer.paragraphs[0]
        paragraph.style = document.styles["Footer"]
        paragraph.add_run(f"{sheet.author}\t")
        for words in re.split(r"(\{pages?\})", sheet.page):
            _field(paragraph, "PAGE" if words == "{page}" else "NUMPAGES") if words.startswith("{") else paragraph.add_run(words)
    for paragraph in (section.header.paragraphs[0], section.footer.paragraphs[0], section.first_page_footer.paragraphs[0]):
        paragraph.paragraph_format.tab_stops.add_tab_stop(Cm(_WIDTH_CM), WD_TAB_ALIGNMENT.RIGHT)
    for name in ("Header", "Footer"):
        _clear_tabs(document.styles[name])


def _clear_tabs(style: Any) -> None:  # noqa: ANN401  docx style
    from docx.oxml.ns import qn

    for tabs in style.element.findall(f".//{qn('w:tabs')}"):
        tabs.getparent().remove(tabs)


def _field(paragraph: Any, name: str) -> None:  # noqa: ANN401  docx paragraph
    """A field Word works out itself, with a 1 to show until it has."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for kind in ("begin", "instr", "separate", "text", "end"):
        run = paragraph.add_run("1" if kind == "text" else "")
        if kind == "instr":
            element = OxmlElement("w:instrText")
            element.set(qn("xml:space"), "preserve")
            element.text = f" {name} "
            run._r.append(element)
        elif kind != "text":
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
            run._r.append(element)


def _block(document: Any, block: Block) -> None:  # noqa: ANN401  docx.Document
    if isinstance(block, Paragraph):
        document.add_paragraph(block.text, style=NOTE if block.note else None)
    elif isinstance(block, Facts):
        _facts(document, block.rows)
    elif isinstance(block, Bullets):
        for item in block.items:
            document.add_paragraph(item, style="List Bullet")
    elif isinstance(block, Grid):
        _grid(document, block)
    elif isinstance(block, Cards):
        _cards(document, block)
    elif isinstance(block, Radar):
        _picture(document, block)


def _picture(document: Any, radar: Radar) -> None:  # noqa: ANN401  docx.Document
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm

    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    picture = paragraph.add_run().add_picture(io.BytesIO(radar_png(radar)), width=Cm(min(radar_width(radar), _WIDTH_CM)))
    picture._inline.docPr.set("descr", radar.alt)


def _facts(document: Any, rows: Sequence[tuple[str, str]]) -> None:  # noqa: ANN401  docx.Document
    table = _table(document, (3, 13.8), header=False)
    for key, value in rows:
        cells = _row(table, (3, 13.8), long=len(value) > _LONG_ROW)
        _say(cells[0].paragraphs[0], key, style=FAINT)
        _say(cells[1].paragraphs[0], value)
    _after(document)


def _grid(document: Any, grid: Grid) -> None:  # noqa: ANN401  docx.Document
    table = _table(document, grid.widths, header=True)
    _head(table, grid.head, grid.widths)
    for row in grid.rows:
        cells = _row(table, grid.widths, long=sum(map(len, row)) > _LONG_ROW)
        for cell, text in zip(cells, row, strict=True):
            _say(cell.paragraphs[0], text)
    _after(document)


def _cards(document: Any, cards: Cards) -> None:  # noqa: ANN401  docx.Document
    table = _table(document, cards.widths, header=True)
    _head(table, cards.head, cards.widths)
    for group in cards.groups:
        if group.title:
            cells = _row(table, cards.widths, long=False)
            cell = cells[0].merge(cells[-1])
            _shade(cell, _TINT)
            _say(cell.paragraphs[0], group.title, style=STRONG)
            cell.paragraphs[0].paragraph_format.keep_with_next = True
        for card in group.cards:
            _card(table, card, cards.widths)
    _after(document)


def _card(table: Any, card: Card, widths: Sequence[float]) -> None:  # noqa: ANN401  docx table
    pieces = [*card.tags, *(p for list_ in card.details for p in list_)]
    cells = _row(table, widths, long=len(card.title) + sum(len(p.text) for p in pieces) > _LONG_ROW)
    _say(cells[0].paragraphs[0], card.title, style=STRONG)
    for tag in card.tags:
        _piece(cells[0].add_paragraph(), tag)
    for cell, details in zip(cells[1:], card.details, strict=True):
        for n, piece in enumerate(details):
            _piece(cell.add_paragraph() if n else cell.paragraphs[0], piece)


def _piece(paragraph: Any, piece: Piece) -> None:  # noqa: ANN401  docx paragraph
    if piece.label:
        _say(paragraph, piece.label, style=FAINT)
    _say(paragraph, piece.text)


def _say(paragraph: Any, text: str, style: str | None = None) -> None:  # noqa: ANN401  docx paragraph
    paragraph.style = CELL
    paragraph.add_run(text, style=style)


def _table(document: Any, widths: Sequence[float], *, header: bool) -> Any:  # noqa: ANN401  docx
    """An empty table with fixed columns; `header` says whether its first row is one."""
    from docx.oxml.ns import qn
    from docx.shared import Cm

    table = document.add_table(rows=0, cols=len(widths))
    table.style = document.styles[TABLE]
    table.autofit = False
    look = table._tbl.tblPr.find(qn("w:tblLook"))
    for name, on in (("firstRow", header), ("firstColumn", False), ("noHBand", True)):
        look.set(qn(f"w:{name}"), "1" if on else "0")
    look.set(qn("w:val"), "0620" if header else "0600")
    for column, width in zip(table.columns, _centimetres(widths), strict=True):
        column.width = Cm(width)
    return table


def _row(table: Any, widths: Sequence[float], *, long: bool) -> Any:  # noqa: ANN401  docx cells
    """A new row; one that is not too long stays on one page."""
    from docx.oxml import OxmlElement
    from docx.shared import Cm

    row = table.add_row()
    if not long:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    cells = row.cells
    for cell, width in zip(cells, _centimetres(widths), strict=True):
        cell.width = Cm(width)
    return cells


def _head(table: Any, words: Sequence[str], widths: Sequence[float]) -> None:  # noqa: ANN401  docx table
    from docx.oxml import OxmlElement

    cells = _row(table, widths, long=False)
    # The style of the table makes it white and bold; the row is repeated on every page the table runs over.
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for cell, text in zip(cells, words, strict=True):
        _shade(cell, _ACCENT)
        _say(cell.paragraphs[0], text)
        _white(cell.paragraphs[0])


def _white(paragraph: Any) -> None:  # noqa: ANN401  docx paragraph
    """White and bold on the runs too: the colour of the cell style would win over the table's."""
    from docx.shared import RGBColor

    for run in paragraph.runs:
        run.font.color.rgb, run.font.bold = RGBColor(0xFF, 0xFF, 0xFF), True


def _shade(cell: Any, colour: str) -> None:  # noqa: ANN401  docx cell
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", colour)):
        shade.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shade)


def _centimetres(widths: Sequence[float]) -> list[float]:
    """Shares as widths that fill the page between its margins."""
    return [_WIDTH_CM * width / sum(widths) for width in widths]


def _after(document: Any) -> None:  # noqa: ANN401  docx.Document
    """A small gap after a table; without a paragraph between them Word would join two tables."""
    from docx.shared import Pt

    gap = document.add_paragraph(style=NOTE).paragraph_format
    gap.space_before = gap.space_after = Pt(0)
    gap.line_spacing = Pt(6)
