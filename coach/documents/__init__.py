"""The documents of a plan: DOCX, PDF, Markdown and calendar, in Chinese or English.

A plan becomes one `Sheet` (`sheet.py`), and every format is made from that sheet, so that all of them say the same;
the calendar takes its dates from the plan itself.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime

from coach.development.schema import Plan
from coach.documents.blocks import Sheet
from coach.documents.sheet import Pages, plan_sheet
from coach.errors import InputError
from coach.framework.schema import Framework
from coach.messages import say
from coach.types import Lang

FORMATS: dict[str, tuple[str, str]] = {
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
    "pdf": ("application/pdf", "pdf"),
    "md": ("text/markdown; charset=utf-8", "md"),
    "ics": ("text/calendar; charset=utf-8; method=PUBLISH", "ics"),
}
"""Media type and file extension of each format."""

_LONGEST_NAME = 40


def export(
    plan: Plan, framework: Framework, lang: Lang, format: str, pages: Pages = "full", *, stamp: datetime | None = None
) -> bytes:
    """The plan as a file of that format; `stamp` is the time a calendar file bears, now by default.

    A calendar holds the same dates for either number of pages. Raises InputError for an unknown format.
    """
    _check(format)
    if format == "ics":
        from coach.documents.calendar import to_ics

        return to_ics(plan, lang, stamp=stamp or datetime.now(UTC))
    return render(plan_sheet(plan, framework, lang, pages=pages), format)


def render(sheet: Sheet, format: str) -> bytes:
    """A sheet as docx, pdf or md; a calendar is made from a plan alone. Raises InputError for another format."""
    _check(format)
    if format == "docx":
        from coach.documents.docx import to_docx

        return to_docx(sheet)
    if format == "pdf":
        from coach.documents.pdf import to_pdf

        return to_pdf(sheet)
    if format == "md":
        from coach.documents.markdown import to_markdown

        return to_markdown(sheet).encode()
    raise InputError(f"A sheet cannot be had as {format!r}.", hint="Use one of: docx, pdf, md.")


def file_name(plan: Plan, lang: Lang, format: str) -> str:
    """A file name every system takes: title, person, version; only letters, digits and hyphens. Raises InputError."""
    _check(format)
    name = unicodedata.normalize("NFC", plan.name)[:_LONGEST_NAME]
    parts = [say("doc_title", lang), name, say("doc_version_n", lang, n=plan.version)]
    safe = [re.sub(r"[^\w]+", "-", part).strip("-_") for part in parts]
    return "-".join(part for part in safe if part) + f".{FORMATS[format][1]}"


def _check(format: str) -> None:
    if format not in FORMATS:
        raise InputError(f"There is no document format {format!r}.", hint=f"Use one of: {', '.join(FORMATS)}.")
