"""The passages of one document, and one passage with its editor and its history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from coach.library.edits import Version
from coach.library.keeper import DocumentRow, PassageView
from coach.messages import say
from coach.types import Lang
from ui.html import Tone, badge, button, card, details, empty, escape, field, form, link, notice
from ui.library.diff import changes_html
from ui.library.documents import UPLOADS, about_document, badges, tools
from ui.library.words import address, moment, said
from ui.visit import Visit

SHOWN = 30
"""Passages listed at a time."""
_TONES: dict[str, Tone] = {"edited": "info", "conflict": "bad", "homeless": "warn"}


def document_view(visit: Visit, row: DocumentRow, views: Sequence[PassageView], start: int) -> str:
    """All passages of a document in their order, from number `start` on."""
    lang = visit.lang
    back = link(say("wl_back_documents", lang), address("documents"))
    head = (
        f"<p class='small'>{escape(about_document(visit, row))}</p><p class='lib-badges'>{badges(visit, row)}</p>"
        f"<div class='row lib-tools'>{tools(visit, row, after=address('documents'))}</div>"
        f"<div id='{UPLOADS}' role='status'></div>"
    )
    if row.reason:
        head += notice(row.reason, "bad")
    start = start if 0 < start < len(views) else 0
    listed = "".join(_one(visit, view, start + n) for n, view in enumerate(views[start : start + SHOWN], 1))
    if not views:
        listed = empty(say("wl_no_passages", lang), say("wl_no_passages_about", lang))
    return f"<p>{back}</p>{card(head, title=row.title)}{listed}{_pages(visit, row, start, len(views))}"


def _one(visit: Visit, view: PassageView, number: int) -> str:
    lang = visit.lang
    place = " › ".join(view.heading_path)
    name = say("wl_passage_n", lang, n=number)
    head = f"<header><h3>{escape(name)}</h3>{_state(view)}</header>"
    path = f"<p class='small'>{escape(place)}</p>" if place else ""
    label = say("wl_open_homeless" if view.state == "homeless" else "wl_edit", lang)
    edit = link(label, address("documents", passage=view.id), kind="plain", called=f"{label}: {name}")
    return f"<section class='sheet lib-passage'>{head}{path}{said(view.text)}<div class='row'>{edit}</div></section>"


def _state(view: PassageView) -> str:
    return badge(view.notice, _TONES.get(view.state, "")) if view.state else ""


def _pages(visit: Visit, row: DocumentRow, start: int, count: int) -> str:
    if count <= SHOWN:
        return ""
    lang = visit.lang
    shown = say("wl_shown", lang, first=start + 1, last=min(start + SHOWN, count), count=count)
    before = link(say("wl_earlier", lang), address("documents", doc=row.id, start=max(0, start - SHOWN)), kind="plain")
    after = link(say("wl_later", lang), address("documents", doc=row.id, start=start + SHOWN), kind="plain")
    return (
        f"<nav class='row spread' aria-label='{escape(say('wl_pages', lang))}'>{before if start else '<span></span>'}"
        f"<span class='small'>{escape(shown)}</span>{after if start + SHOWN < count else '<span></span>'}</nav>"
    )


# --- one passage -----------------------------------------------------------------------------------------------------


def passage_view(visit: Visit, view: PassageView, versions: Sequence[Version], people: Mapping[str, str]) -> str:
    """One passage to edit, what the document says itself, and all changes so far; `people` are names by person id."""
    lang = visit.lang
    back = link(say("wl_back_document", lang, title=view.title), address("documents", doc=view.doc_id))
    place = " › ".join(view.heading_path)
    path = f"<p class='small'>{escape(place)}</p>" if place else ""
    warned = notice(view.notice, "warn") if view.state in ("conflict", "homeless") else ""
    state = _state(view) if view.state == "edited" else ""
    body = said(view.text) if view.state == "homeless" else _editor(visit, view)
    sheet = card(f"{path}{warned}{body}{_original(visit, view)}", title=view.title, actions=state)
    return f"<p>{back}</p>{sheet}{_history(visit, view, versions, people)}"


def _editor(visit: Visit, view: PassageView) -> str:
    lang = visit.lang
    rows = min(24, max(6, len(view.text) // 45 + view.text.count("\n") + 2))
    box = field("text", say("wl_text", lang), view.text, rows=rows, help_=say("wl_text_about", lang))
    cancel = link(say("wl_leave", lang), address("documents", doc=view.doc_id), kind="quiet")
    kept = form("edit", box, say("wl_save", lang), more=cancel, passage=view.id)
    return f"<div data-draft='passage {escape(view.id)}'>{kept}</div>"


def _original(visit: Visit, view: PassageView) -> str:
    """What the document says now, against the words in force."""
    if not view.state or view.original == view.text:
        return ""
    lang = visit.lang
    inside = f"<p class='small'>{escape(say('wl_original_about', lang))}</p>{changes_html(view.original, view.text, lang)}"
    if view.state != "homeless":
        sure = say("wl_restore_original_sure", lang)
        restore = button(say("wl_restore_original", lang), "restore", confirm=sure, passage=view.id, version=0)
        inside += f"<div class='row'>{restore}</div>"
    title = say("wl_original", lang)
    return details(title, inside, details_id="lib-original", open_=view.state == "conflict")


def _history(visit: Visit, view: PassageView, versions: Sequence[Version], people: Mapping[str, str]) -> str:
    lang = visit.lang
    if not versions:
        return card(f"<p class='lede'>{escape(say('wl_history_none', lang))}</p>", title=say("wl_history", lang))
    listed = "".join(_version(visit, view, version, people) for version in reversed(versions))
    return card(f"<ol class='lib-history' reversed>{listed}</ol>", title=say("wl_history_count", lang, n=len(versions)))


def _version(visit: Visit, view: PassageView, version: Version, people: Mapping[str, str]) -> str:
    lang = visit.lang
    title = say("wl_version", lang, n=version.version, who=_who(visit, version.who, people), when=moment(version.at, visit))
    if version.after == view.text:
        tool = badge(say("wl_version_now", lang), "good")
    elif view.state == "homeless":
        tool = ""
    else:
        tool = button(
            say("wl_restore", lang),
            "restore",
            kind="quiet",
            confirm=say("wl_restore_sure", lang, n=version.version),
            passage=view.id,
            version=version.version,
        )
    changed = changes_html(version.before, version.after, lang)
    return f"<li><div class='row spread'><h3>{escape(title)}</h3>{tool}</div>{changed}</li>"


def _who(visit: Visit, person: str, people: Mapping[str, str]) -> str:
    lang: Lang = visit.lang
    if person == visit.person:
        return say("wl_you", lang)
    return people.get(person) or say("wl_somebody" if person else "wl_nobody", lang)
