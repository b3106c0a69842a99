"""The queue of bad answers: the list, one report with everything needed to judge it, and the form for the right answer."""

from __future__ import annotations

from collections.abc import Sequence

from coach.library.mending import MAX_ANSWER, ReportView
from coach.messages import say
from coach.types import STATUSES, Lang
from ui.html import Option, Tab, Tone, badge, button, card, choice, details, empty, escape, field, form, link, notice, select
from ui.library.search import passages_html, plain_reply, reply_html
from ui.library.words import LANGS, address, language, moment, named, narrowed, said
from ui.visit import Visit

STATES = ("open", "fixed", "dismissed")
_TONES: dict[str, Tone] = {"open": "warn", "fixed": "good", "dismissed": ""}


def queue_tab(visit: Visit, reports: Sequence[ReportView], state: str) -> str:
    """The reports in one state, newest first."""
    lang = visit.lang
    items = [Tab(label=say(f"wl_state_{s}", lang), href=_listed(s), current=s == state) for s in STATES]
    chosen = narrowed(items, say("wl_states", lang))
    if not reports:
        body = empty(say(f"wl_queue_none_{state}", lang), say(f"wl_queue_none_{state}_about", lang))
    else:
        listed = "".join(_row(visit, report) for report in reports)
        body = card(f"<ul class='lib-list'>{listed}</ul>", title=say("wl_queue_count", lang, n=len(reports)))
    return f"<p class='lede'>{escape(say('wl_queue_lede', lang))}</p>{chosen}{body}"


def _listed(state: str) -> str:
    """Where the reports in one state are listed."""
    return address("queue", state="" if state == STATES[0] else state)


def _row(visit: Visit, report: ReportView) -> str:
    lang = visit.lang
    question = " ".join(report.question.split())
    shown = question if len(question) <= 160 else f"{question[:160]}…"
    tool = badge(say("wl_case_made", lang), "info") if report.case else ""
    if report.state == "open":
        label = say("wl_open_report", lang)
        tool = link(label, address("queue", report=report.id), kind="plain", called=f"{label}: {shown[:80]}")
    return (
        f"<li><div class='lib-what'><h3>{link(shown, address('queue', report=report.id))}</h3>"
        f"<p class='small'>{escape(moment(report.made, visit))}</p>"
        f"{_reason(report, lang)}</div><div class='row lib-tools'>{tool}</div></li>"
    )


def _reason(report: ReportView, lang: Lang) -> str:
    """What the person said was wrong, in their words."""
    if not report.reason:
        return f"<p class='small'>{escape(say('wl_reason_none', lang))}</p>"
    return f"<p class='said'>{escape(report.reason)}</p>"


# --- one report ------------------------------------------------------------------------------------------------------


def report_view(visit: Visit, report: ReportView, title: str, answer: str) -> str:
    """One report; `title` and `answer` are those of the article written for it, empty before."""
    lang = visit.lang
    back = link(say("wl_back_queue", lang), _listed(report.state))
    state = badge(say(f"wl_state_{report.state}", lang), _TONES.get(report.state, ""))
    about = (
        f"{said(report.question, report.lang)}<p class='small'>{escape(moment(report.made, visit))}</p>"
        f"<h3>{escape(say('wl_report_reason', lang))}</h3>{_reason(report, lang)}"
    )
    head = card(about, title=say("wl_report_question", lang), actions=state)
    if report.reply:
        reply = reply_html(visit, report.reply, say("wl_report_reply", lang))
        found = details(
            say("wl_report_passages", lang, n=len(report.reply.passages)),
            passages_html(visit, report.reply),
            details_id="lib-report-passages",
        )
        reply += card(found, classes="lib-folded")
    else:
        reply = notice(say("wl_report_unreadable", lang), "warn") + plain_reply(visit, report.text, report.lang)
    return f"<p>{back}</p>{head}{reply}{_mend(visit, report, title, answer)}"


def _mend(visit: Visit, report: ReportView, title: str, answer: str) -> str:
    """What to do now: write the answer, keep it as a case, or say that nothing is wrong."""
    lang = visit.lang
    if report.state == "dismissed":
        told = f"<p class='said'>{escape(report.note)}</p>" if report.note else ""
        reopen = button(say("wl_reopen", lang), "reopen", report=report.id)
        body = f"<p>{escape(say('wl_dismissed_about', lang))}</p>{told}"
        return card(body, title=say("wl_state_dismissed", lang), actions=reopen)
    if report.article and answer:
        return _mended(visit, report, title, answer)
    gone = notice(say("wl_article_gone", lang), "warn") if report.article else ""
    body = gone + writing_form(visit, report.asks, report.lang, report=report.id)
    return card(body, title=say("wl_write", lang)) + _dismissing(visit, report)


def _mended(visit: Visit, report: ReportView, title: str, answer: str) -> str:
    lang = visit.lang
    read = link(title, address("documents", doc=report.article))
    again = link(say("wl_ask_again", lang), address("search", q=report.asks, lang=report.lang), kind="plain")
    undo = button(say("wl_undo_article", lang), "undo_answer", kind="quiet", confirm=say("wl_undo_sure", lang), report=report.id)
    change = details(
        say("wl_rewrite", lang),
        writing_form(visit, report.asks, report.lang, report=report.id, title=title, answer=answer),
        details_id="lib-rewrite",
    )
    wrote = card(
        f"<p>{escape(say('wl_article_is', lang))}{read}</p><div class='row'>{again}{undo}</div>{change}",
        title=say("wl_step_article", lang),
        actions=badge(say("wl_done", lang), "good"),
    )
    return wrote + _case(visit, report)


def _case(visit: Visit, report: ReportView) -> str:
    lang = visit.lang
    about = f"<p class='lede'>{escape(say('wl_case_about', lang))}</p>"
    if report.case:
        undo = button(say("wl_undo_case", lang), "undo_case", kind="quiet", report=report.id)
        body = f"{about}<div class='row'>{undo}</div>"
        return card(body, title=say("wl_step_case", lang), actions=badge(say("wl_done", lang), "good"))
    options = [Option(value=s, label=named(f"wl_reply_{s}", s, lang)) for s in STATUSES]
    own = form(
        "case",
        field("must_say", say("wl_must_say", lang), rows=3, help_=say("wl_must_say_about", lang))
        + select("status", say("wl_case_status", lang), options, "answered"),
        say("wl_case_own_go", lang),
        kind="plain",
        report=report.id,
    )
    make = button(say("wl_case_go", lang), "case", kind="primary", report=report.id)
    other = details(say("wl_case_own", lang), own, details_id="lib-case-own")
    return card(f"{about}<div class='row'>{make}</div>{other}", title=say("wl_step_case", lang))


def _dismissing(visit: Visit, report: ReportView) -> str:
    lang = visit.lang
    asked = form(
        "dismiss",
        field("note", say("wl_dismiss_note", lang), report.note, rows=2, help_=say("wl_dismiss_note_about", lang)),
        say("wl_dismiss_go", lang),
        kind="plain",
        report=report.id,
    )
    return card(details(say("wl_dismiss", lang), asked, details_id="lib-dismiss"), classes="lib-folded")


def writing_form(visit: Visit, question: str, of: Lang, *, report: str = "", title: str = "", answer: str = "") -> str:
    """The right answer to a question, which becomes an article of its own; for a report, or for a question without one."""
    lang = visit.lang
    about = say("wl_write_about", lang, limit=f"{MAX_ANSWER:,}")
    body = (
        f"{field('question', say('wl_write_question', lang), question, help_=say('wl_write_question_about', lang))}"
        f"{field('answer', say('wl_write_answer', lang), answer, rows=8, help_=about)}"
        f"{field('title', say('wl_write_title', lang), title, help_=say('wl_write_title_about', lang))}"
        f"{choice('answer_lang', say('wl_write_lang', lang), [Option(value=x, label=language(x, lang)) for x in LANGS], of)}"
    )
    kept = form("write", body, say("wl_write_go", lang), report=report)
    return f"<div data-draft='{escape(f'write {report or question}')}'>{kept}</div>"
