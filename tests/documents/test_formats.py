"""All formats say the same: every goal, every action, the same dates, in the language asked for; and what a file is called."""

from __future__ import annotations

import io
import re

import docx
import icalendar
import pypdfium2
import pytest
from docx.oxml.ns import qn

from coach.documents import FORMATS, export, file_name
from coach.documents.fonts import legible
from coach.errors import InputError
from tests.documents.helpers import squeezed


def read(data: bytes, format: str) -> str:
    """The text of an exported file without white space."""
    if format == "pdf":
        document = pypdfium2.PdfDocument(data)
        return squeezed("".join(page.get_textpage().get_text_range() for page in document))
    if format == "docx":
        document = docx.Document(io.BytesIO(data))
        return squeezed("".join(t.text or "" for t in document.element.body.iter(qn("w:t"))))
    if format == "ics":
        return squeezed(
            "".join(
                str(e.get(k, "")) for e in icalendar.Calendar.from_ical(data).walk("VEVENT") for k in ("summary", "description")
            )
        )
    return squeezed(re.sub(r"\\([\\`*_\[\]<>|~$#+=.&-])", r"\1", data.decode()))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("format", list(FORMATS))
def test_every_goal_and_action_stands_in_every_format(plan_zh, plan_en, framework, format, lang):
    plan = plan_zh if lang == "zh" else plan_en
    said = read(export(plan, framework, lang, format), format)
    for line in plan.lines:
        for text in (line.text, line.measure, line.evidence, line.how, line.caution):
            assert text is None or squeezed(text.of(lang)) in said


@pytest.mark.parametrize("format", ["pdf", "docx", "md"])
def test_every_date_stands_in_every_document(plan_zh, framework, format):
    said = read(export(plan_zh, framework, "zh", format), format)
    days = {d for line in plan_zh.lines for d in (line.due, line.review)} | {a.start for a in plan_zh.actions}
    assert [d for d in days | {m.on for m in plan_zh.meetings} if squeezed(d.isoformat()) not in said] == []


@pytest.mark.parametrize("format", list(FORMATS))
def test_whatever_a_person_types_comes_out_literally(plan_extreme, framework, format):
    said = read(export(plan_extreme, framework, "zh", format), format)
    for line in plan_extreme.actions:
        typed = line.text.zh.replace("\u200d", "")  # joins emoji; no reader sees it
        wanted = legible(typed) if format == "pdf" else typed
        assert squeezed(wanted) in said


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("pages", ["full", "one"])
@pytest.mark.parametrize("format", list(FORMATS))
def test_an_empty_plan_is_no_error(plan_bare, framework, format, pages, lang):
    assert export(plan_bare, framework, lang, format, pages)


@pytest.mark.parametrize("format", ["PDF", "", "doc", "../x"])
def test_an_unknown_format_is_told_with_the_known_ones(plan_zh, framework, format):
    for wrong in (lambda: export(plan_zh, framework, "zh", format), lambda: file_name(plan_zh, "zh", format)):
        with pytest.raises(InputError) as caught:
            wrong()
        assert "docx, pdf, md, ics" in caught.value.hint


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("林晓", "职业发展计划-林晓-第2版.pdf"),
        ("", "职业发展计划-第2版.pdf"),
        ("../../etc/passwd", "职业发展计划-etc-passwd-第2版.pdf"),
        ('a"b\r\nX-Header: c', "职业发展计划-a-b-X-Header-c-第2版.pdf"),
        ("🚀", "职业发展计划-第2版.pdf"),
        ("CON", "职业发展计划-CON-第2版.pdf"),
    ],
)
def test_a_file_name_is_safe(plan_zh, name, wanted):
    assert file_name(plan_zh.model_copy(update={"name": name}), "zh", "pdf") == wanted


def test_a_file_name_is_short_enough_for_every_disk(plan_zh):
    name = file_name(plan_zh.model_copy(update={"name": "很长的名字" * 300}), "zh", "docx")
    assert len(name.encode()) < 255
