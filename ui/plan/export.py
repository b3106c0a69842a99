"""Taking a plan along: four formats, in full or on one page, in either language, each shown before it is saved."""

from __future__ import annotations

import base64
import io
from datetime import date, datetime
from typing import Literal, cast
from urllib.parse import urlencode

from coach.development.desk import Desk
from coach.documents.sheet import Pages, plan_sheet
from coach.types import Lang
from ui.dates import day
from ui.html import attributes, badge, card, escape, link, notice
from ui.plan.sheet import sheet_html
from ui.plan.words import FORMATS, PlanView

_SCALE = 1.5
"""Pixels a point: 893 pixels across a page of A4."""
Format = Literal["pdf", "docx", "md", "ics"]


def export_tab(view: PlanView, desk: Desk, person: str, query: dict[str, str]) -> str:
    """The choice, the link to the file, and the preview of it. Raises CoachError for a plan that cannot be shown."""
    format_ = cast("Format", query.get("format") if query.get("format") in FORMATS else "pdf")
    pages: Pages = "one" if query.get("pages") == "one" and format_ != "ics" else "full"
    lang: Lang = "zh" if query.get("in", view.lang) == "zh" else "en"
    chosen: dict[str, str] = {"format": format_, "pages": pages, "in": lang}
    address = f"/api/plans/{view.plan.id}/export?" + urlencode({"format": format_, "lang": lang, "pages": pages})
    save = link(view.say("pl_x_save", kind=view.say(f"pl_as_{format_}")), address, kind="primary", download=True)
    picks = _picks(view, "pl_x_format", "format", [(f, view.say(f"pl_as_{f}")) for f in FORMATS], chosen)
    if format_ != "ics":
        sizes = [("full", view.say("pl_x_full")), ("one", view.say("pl_x_one"))]
        picks += _picks(view, "pl_x_pages", "pages", sizes, chosen)
    picks += _picks(view, "pl_x_lang", "in", [("zh", "中文"), ("en", "English")], chosen)
    about = f"<p class='small'>{escape(view.say('pl_x_about_one' if pages == 'one' else f'pl_x_about_{format_}'))}</p>"
    choice = card(f"<div class='picks'>{picks}</div>{about}<div class='row'>{save}</div>", title=view.say("pl_x_title"))
    return choice + card(_preview(view, desk, person, format_, pages, lang), title=view.say("pl_x_preview"), classes="preview")


def _picks(view: PlanView, label: str, name: str, options: list[tuple[str, str]], chosen: dict[str, str]) -> str:
    shown = "".join(
        f"<a class='pick' href='{escape(view.href('export', **{**chosen, name: value}))}'"
        f"{attributes({'aria_current': 'true' if chosen[name] == value else None})}>{escape(text)}</a>"
        for value, text in options
    )
    title = escape(view.say(label))
    return f"<div class='pick-row' role='group' aria-label='{title}'><span>{title}</span><div class='row'>{shown}</div></div>"


def _preview(view: PlanView, desk: Desk, person: str, format_: Format, pages: Pages, lang: Lang) -> str:
    if format_ in ("docx", "md"):
        return f"<div lang='{_tag(lang)}'>{sheet_html(plan_sheet(view.plan, view.framework, lang, pages=pages))}</div>"
    data = desk.export(view.plan.id, format_, lang, pages, person).data
    return _pictures(view, data) if format_ == "pdf" else _dates(view, data, lang)


def _tag(lang: Lang) -> str:
    return "zh-CN" if lang == "zh" else "en"


def _pictures(view: PlanView, data: bytes) -> str:
    """The pages as pictures: phones show no PDF within a page. Whoever cannot see them is shown the way to the text."""
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    try:
        total = len(document)
        shown = ""
        for number in range(total):
            picture = document[number].render(scale=_SCALE).to_pil().convert("P", palette=1, colors=64)
            kept = io.BytesIO()
            picture.save(kept, "PNG", optimize=True)
            source = base64.b64encode(kept.getvalue()).decode()
            alt = view.say("pl_x_page", n=number + 1, total=total)
            size = attributes({"width": picture.width, "height": picture.height, "alt": alt})
            shown += f"<li><img src='data:image/png;base64,{source}'{size}></li>"
    finally:
        document.close()
    as_text = link(view.say("pl_x_as_text"), view.href("export", format="md"))
    return f"<p class='small'>{escape(view.say('pl_x_pictures'))} {as_text}</p><ol class='sheets'>{shown}</ol>"


def _dates(view: PlanView, data: bytes, lang: Lang) -> str:
    """The days that the calendar file holds, read from the file itself."""
    from icalendar import Calendar

    found: list[tuple[date, str, bool]] = []
    for event in Calendar.from_ical(data).walk("VEVENT"):
        start = event.decoded("dtstart")
        on = start.date() if isinstance(start, datetime) else start
        found.append((on, str(event.get("summary", "")), str(event.get("status", "")) == "CANCELLED"))
    if not found:
        return notice(view.say("pl_x_no_dates"))
    gone = badge(view.say("pl_x_cancelled"))
    shown = "".join(
        f"<li><time datetime='{on.isoformat()}'>{escape(day(on, lang))}</time>"
        f"<span>{escape(text)} {gone if off else ''}</span></li>"
        for on, text, off in sorted(found)
    )
    return f"<ol class='dates' lang='{_tag(lang)}'>{shown}</ol>"
