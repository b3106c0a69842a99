"""The documents of the library: taking in, replacing, hiding, removing, and building the index anew."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from coach.library.keeper import DocumentRow
from coach.library.reasons import told
from coach.library.reindex import Progress
from coach.messages import say
from ui.html import Tone, attributes, badge, bar, button, card, details, escape, field, form, link, upload
from ui.library.words import address, date_of, language, moment
from ui.visit import Visit

SHOWN = 40
"""Built-in articles listed at a time."""
ACCEPT = ".md,.markdown,.txt,.html,.htm,.pdf,.docx,.pptx,.xlsx"
UPLOADS, OWN, REINDEX = "lib-uploads", "lib-own", "lib-reindex"
"""Parts of the page that are replaced on their own."""
_TONES: dict[str, Tone] = {"ok": "good", "failed": "bad", "waiting": "warn"}
_ENDED_BADLY = ("failed", "interrupted", "cancelled")


def documents_tab(visit: Visit, rows: Sequence[DocumentRow], progress: Progress, find: str, shown: int) -> str:
    """Own documents and those that need a look; then the built-in articles that `find` leaves; then the index."""
    lang = visit.lang
    zone = upload(
        say("wl_add", lang),
        "/api/library/documents",
        then="uploaded",
        sentence=say("wl_add_about", lang),
        accept=ACCEPT,
        busy=say("wl_adding", lang),
    )
    own = [row for row in rows if row.own]
    return (
        f"<p class='lede'>{escape(say('wl_documents_lede', lang))}</p>"
        f"{zone}<div id='{UPLOADS}' role='status'></div>"
        f"<div id='{OWN}'>{own_html(visit, own)}</div>"
        f"{_built_in(visit, [row for row in rows if not row.own], find, shown)}"
        f"<div id='{REINDEX}'>{reindex_html(visit, progress)}</div>"
    )


def uploads_html(visit: Visit, done: Sequence[str], failed: Sequence[str]) -> str:
    """What became of each file that was just sent."""
    lines = [(say("wl_sent_ok", visit.lang), "good", text) for text in done]
    lines += [(say("wl_sent_bad", visit.lang), "bad", text) for text in failed]
    shown = "".join(f"<li class='{tone}'><strong>{escape(word)}</strong><span>{escape(t)}</span></li>" for word, tone, t in lines)
    return f"<ul class='lib-sent'>{shown}</ul>" if lines else ""


def own_html(visit: Visit, rows: Sequence[DocumentRow]) -> str:
    """The documents that were brought in, or what they would be for."""
    lang = visit.lang
    if not rows:
        return card(f"<p class='lede'>{escape(say('wl_own_none', lang))}</p>", title=say("wl_own", lang))
    listed = "".join(_row(visit, row) for row in rows)
    return card(f"<ul class='lib-list'>{listed}</ul>", title=say("wl_own_count", lang, n=len(rows)))


def _built_in(visit: Visit, rows: Sequence[DocumentRow], find: str, shown: int) -> str:
    lang = visit.lang
    search = form(
        "find",
        field("find", say("wl_find", lang), find, kind="search", placeholder=say("wl_find_like", lang)),
        say("wl_find_go", lang),
        kind="plain",
        classes="lib-find",
        more=link(say("wl_find_all", lang), address("documents", shown=SHOWN), kind="quiet") if find else "",
    )
    listed = "".join(_row(visit, row) for row in rows[:shown])
    body = f"<ul class='lib-list'>{listed}</ul>" if rows else f"<p>{escape(say('wl_find_none', lang, words=find[:80]))}</p>"
    if len(rows) > shown:
        more = address("documents", find=find, shown=shown + SHOWN)
        body += f"<div class='row'>{link(say('wl_more', lang, n=len(rows) - shown), more, kind='plain')}</div>"
    count = f"<p class='small' role='status'>{escape(say('wl_found', lang, n=len(rows)))}</p>" if find and rows else ""
    title = say("wl_built_in_found", lang) if find else say("wl_built_in", lang, n=len(rows))
    about = f"<p class='small'>{escape(say('wl_built_in_about', lang))}</p>"
    opened = bool(find) or "shown" in visit.query
    return card(details(title, f"{about}{search}{count}{body}", details_id="lib-built-in", open_=opened), classes="lib-folded")


def _row(visit: Visit, row: DocumentRow) -> str:
    title = f"<a href='{escape(address('documents', doc=row.id))}'>{escape(row.title)}</a>" if row.passages else escape(row.title)
    return (
        f"<li><div class='lib-what'><h3>{title}</h3><p class='small'>{escape(about_document(visit, row))}</p>"
        f"<p class='lib-badges'>{badges(visit, row)}</p>{_wanted(visit, row)}</div>"
        f"<div class='row lib-tools'>{tools(visit, row)}</div></li>"
    )


def about_document(visit: Visit, row: DocumentRow) -> str:
    """File, language, size and day, in one line."""
    lang = visit.lang
    parts = [row.name, language(row.lang, lang)]
    if row.passages:
        parts.append(say("wl_passages", lang, n=row.passages))
        parts.append(say("wl_characters", lang, n=f"{row.characters:,}"))
    if row.indexed:
        parts.append(say("wl_indexed", lang, on=date_of(row.indexed, visit)))
    return " · ".join(parts)


def badges(visit: Visit, row: DocumentRow) -> str:
    """Whether replies can use it, and what was done to it by hand."""
    lang = visit.lang
    if row.hidden:
        shown = [badge(say("wl_hidden", lang), "warn")]
    else:
        shown = [badge(say(f"wl_status_of_{row.status}", lang), _TONES[row.status])]
    if row.article:
        shown.append(badge(say("wl_article", lang), "info"))
    if row.edited:
        shown.append(badge(say("wl_edited", lang, n=row.edited), "info"))
    if row.conflicts:
        shown.append(badge(say("wl_conflicts", lang, n=row.conflicts), "bad"))
    return "".join(shown)


def _wanted(visit: Visit, row: DocumentRow) -> str:
    """Why it cannot be used, and what to do about it."""
    if row.status == "failed":
        stays = say("wl_failed_stays", visit.lang) if row.passages else ""
        return f"<p class='lib-reason'>{escape(f'{row.reason} {stays}'.strip())}</p>"
    return f"<p class='lib-reason'>{escape(say('wl_waiting_mend', visit.lang))}</p>" if row.status == "waiting" else ""


def tools(visit: Visit, row: DocumentRow, *, after: str = "") -> str:
    """What can be done with a document; `after` is the view to be shown once it is removed."""
    lang = visit.lang
    shown = _replace(visit, row) if row.own else ""
    if row.passages:
        label = say("wl_show" if row.hidden else "wl_hide", lang)
        do = "show_again" if row.hidden else "hide"
        shown += button(label, do, kind="quiet", called=_called(label, row), doc=row.id)
    if row.own:
        label = say("wl_remove", lang)
        sure = say("wl_remove_sure", lang, title=row.title[:80])
        shown += button(label, "remove", kind="quiet", confirm=sure, called=_called(label, row), doc=row.id, after=after)
    return shown


def _called(label: str, row: DocumentRow) -> str:
    """Which document a button is about, for those who hear it alone."""
    return f"{label}: {row.title[:80]}"


def _replace(visit: Visit, row: DocumentRow) -> str:
    label = say("wl_replace", visit.lang)
    kept = attributes(
        {
            "id": f"replace-{row.id}",
            "accept": ACCEPT,
            "data-upload": f"/api/library/documents/{quote(row.id, safe='')}",
            "data-method": "PUT",
            "data-then": "uploaded",
            "aria-label": _called(label, row),
        }
    )
    busy = escape(say("wl_replacing", visit.lang))
    return f"<label class='btn quiet lib-file' data-busy='{busy}'><input type='file' class='sr'{kept}>{escape(label)}</label>"


# --- the index -------------------------------------------------------------------------------------------------------


def reindex_html(visit: Visit, progress: Progress) -> str:
    """How far building the index is, or how the last time ended, and what to do now."""
    lang = visit.lang
    if progress.state in ("running", "stopping"):
        return card(_under_way(visit, progress), title=say("wl_reindex", lang))
    told_last = _ended(visit, progress) if progress.state != "idle" else ""
    label = say("wl_reindex_on" if progress.state in _ENDED_BADLY else "wl_reindex_go", lang)
    go = button(label, "reindex", confirm=say("wl_reindex_sure", lang))
    body = f"<p class='lede'>{escape(say('wl_reindex_about', lang))}</p>{told_last}"
    return card(body, title=say("wl_reindex", lang), actions=go)


def _under_way(visit: Visit, progress: Progress) -> str:
    lang = visit.lang
    state = say(f"lib_reindex_{progress.state}", lang, done=progress.done, total=progress.total)
    document = f"<p class='small lib-one-line'>{escape(progress.document)}</p>" if progress.document else ""
    stop = button(say("wl_reindex_stop", lang), "cancel") if progress.state == "running" else ""
    return (
        f"<div class='stack' data-poll='1'>{bar(progress.done, progress.total, state)}{document}"
        f"<p class='lede'>{escape(say('wl_reindex_meanwhile', lang))}</p><div class='row'>{stop}</div></div>"
    )


def _ended(visit: Visit, progress: Progress) -> str:
    lang = visit.lang
    tone: Tone = "good" if progress.state == "done" else "bad" if progress.state == "failed" else "warn"
    state = say(f"lib_reindex_{progress.state}", lang, done=progress.done, total=progress.total)
    ended = f"{moment(progress.ended, visit)} · " if progress.ended else ""
    problem = " ".join(filter(None, (progress.error, progress.hint)))
    more = f"<p class='small'>{escape(problem)}</p>" if problem else ""
    failed = "".join(f"<li>{escape(name)}: {escape(told(reason, lang))}</li>" for name, reason in progress.failed)
    more += f"<ul>{failed}</ul>" if failed else ""
    return f"<div class='note {tone}'><p>{badge(say(f'wl_ended_{tone}', lang), tone)} {escape(ended + state)}</p>{more}</div>"
