"""Markdown: what is typed comes out literally through a real Markdown reader, and tables keep their columns."""

from __future__ import annotations

import html
import re

import pytest

from coach.documents.blocks import Bullets, Grid, Section, Sheet
from coach.documents.markdown import escaped, to_markdown
from coach.documents.sheet import plan_sheet
from tests.documents.conftest import HOSTILE, MADE

markdown_it = pytest.importorskip("markdown_it")


def rendered(text: str) -> str:
    """The text a reader of the rendered page sees."""
    page = markdown_it.MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(text)
    return html.unescape(re.sub(r"<[^>]+>", "", page)).strip()


@pytest.mark.parametrize(
    "text",
    [
        *(
            HOSTILE,
            "a | b || c",
            "*bold* **b** _i_ __b__",
            "1. first",
            "12) x",
            "# no heading",
            "> no quote",
            "- no list",
            "+ x",
            "= x",
        ),
        *(
            "[a](http://b)",
            "![a](b)",
            "[a]: b",
            "<script>alert(1)</script>",
            "&lt;b&gt; R&D &#35;",
            "`code` ``c``",
            "~~gone~~",
            "\\* \\\\",
        ),
        *("---", "===", "[x] done", "中文*强调*，$5 或 5$", "<!-- hidden -->", "http://a.b/c_d_e", "~~~", "[1] source"),
    ],
)
def test_a_text_shows_literally_in_every_place(text):
    assert rendered(f"- {escaped(text)}") == text
    assert rendered(escaped(text)) == text
    assert rendered(f"> {escaped(text)}") == text
    assert rendered(f"1. **{escaped(text)}**") == text
    assert rendered(f"# {escaped(text)}") == text
    assert "<" not in re.sub(r"</?(td|tr|th|thead|tbody|table)>|\n", "", cell(text)).replace("&lt;", "")


def cell(text: str) -> str:
    sheet = grid((text, "b"))
    return (
        markdown_it.MarkdownIt("commonmark").enable("table").render(to_markdown(sheet)).split("<tbody>")[1].split("</tbody>")[0]
    )


def grid(*rows: tuple[str, ...]) -> Sheet:
    block = Grid(head=("x|y", "z"), rows=rows, widths=(1, 1))
    return Sheet(
        lang="en", title="T", subtitle="", made=MADE, author="A", head=(), sections=(Section(title="S", blocks=(block,)),),
        header="T", page="{page}", colon=": ",
    )  # fmt: skip


@pytest.mark.parametrize("text", ["a | b", "||||", "a\\|b", "a\nb | c", "|", "\\"])
def test_pipes_and_line_breaks_do_not_move_the_columns(text):
    cells = re.findall(r"<td>(.*?)</td>", cell(text))
    assert [html.unescape(c) for c in cells] == [" ".join(text.split()), "b"]


def test_an_empty_cell_keeps_its_place():
    table = [line for line in to_markdown(grid(("", "b"))).splitlines() if line.startswith("|")]
    assert table == ["| x\\|y | z |", "| --- | --- |", "|  | b |"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_reads_well_as_plain_text(plan_zh, framework, lang):
    text = to_markdown(plan_sheet(plan_zh, framework, lang))
    assert text.startswith("# ") and text.endswith("\n") and "\n\n\n" not in text
    assert not re.search(r"<br|&\w+;|\\\[", text)
    assert all(line == line.rstrip() for line in text.splitlines())
    assert re.findall(r"^## (.*)$", text, re.M) == [s.title for s in plan_sheet(plan_zh, framework, lang).sections]


def test_a_hostile_plan_keeps_its_headings(plan_extreme, framework):
    sheet = plan_sheet(plan_extreme, framework, "zh")
    page = markdown_it.MarkdownIt("commonmark").enable("table").render(to_markdown(sheet))
    assert re.findall(r"<h2>(.*?)</h2>", page) == [s.title for s in sheet.sections]
    assert "<a " not in page and "<img" not in page and "<b>" not in page


def test_a_list_item_is_one_line():
    sheet = grid()
    listed = Sheet(**{**sheet.__dict__, "sections": (Section(title="S", blocks=(Bullets(items=("a\n\n# b",)),)),)})
    assert "- a # b\n" in to_markdown(listed)
