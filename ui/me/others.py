"""Feedback of others on the page about the person: links to hand out, and what came back from three answers on."""

from __future__ import annotations

from datetime import datetime

from coach.development.assessment import LEAST_ANSWERS, FeedbackSummary
from coach.development.views import AssessmentView, FeedbackView
from coach.framework.schema import Framework
from coach.messages import say
from coach.store.records import Relation
from coach.types import Lang
from ui.dates import day
from ui.html import Option, button, card, details, escape, form, select, table
from ui.me.words import level_name, said

RELATIONS: tuple[Relation, ...] = ("manager", "report", "peer")


def others_html(about: AssessmentView | None, given: FeedbackView | None, framework: Framework, lang: Lang) -> str:
    """The section: `about` is the assessment that is asked about, the newest; `given` what came back to it."""
    why = f"<p>{escape(say('me_others_why', lang, least=LEAST_ANSWERS))}</p>"
    if about is None or given is None:
        return card(f"{why}<p class='small'>{escape(say('me_others_first', lang))}</p>", title=say("me_others_title", lang))
    options = [Option(value=name, label=say(f"me_others_{name}", lang)) for name in RELATIONS]
    asked = form(
        "invite",
        select("relation", say("me_others_who", lang), options),
        say("me_others_make", lang),
        kind="plain",
        classes="me-invite",
        id=about.id,
    )
    body = f"{why}{asked}<div id='me-link' role='status'></div>{_given(given, framework, lang)}"
    sure = say("me_others_withdraw_sure", lang)
    end = button(say("me_others_withdraw", lang), "withdraw", kind="quiet", confirm=sure, id=about.id)
    return card(body, title=say("me_others_title", lang), actions=end)


def link_html(token: str, relation: Relation, expires: datetime, lang: Lang) -> str:
    """A link that was just made; me.js makes it whole with the address of this service."""
    who = say(f"me_others_{relation}", lang)
    once = escape(say("me_others_once", lang, who=who, day=day(expires, lang)))
    label = escape(say("me_others_link", lang))
    return (
        f"<div class='note good'><p>{once}</p><div class='me-copy'><input readonly aria-label='{label}' data-whole "
        f"value='/feedback/{escape(token)}'><button type='button' class='btn primary' data-copy-field>"
        f"{escape(say('me_others_copy', lang))}</button></div></div>"
    )


def _given(given: FeedbackView, framework: Framework, lang: Lang) -> str:
    if not given.total:
        return f"<p class='small'>{escape(say('me_others_none', lang))}</p>"
    if given.total < LEAST_ANSWERS:
        return f"<p class='small'>{escape(say('me_others_few', lang, n=given.total, least=LEAST_ANSWERS))}</p>"
    head = [say(f"me_{name}", lang) for name in ("radar_pillar", "others_self", "others_median")]
    rows = [_row(each, framework, lang) for each in given.pillars]
    count = say("me_others_count", lang, n=given.total)
    comments = "".join(_comments(each, framework, lang) for each in given.pillars)
    return f"<h3>{escape(count)}</h3>{table(head, rows, caption=count)}{comments}"


def _row(each: FeedbackSummary, framework: Framework, lang: Lang) -> tuple[str, str, str]:
    own = level_name(framework, each.self_rating, lang) if each.self_rating else say("doc_none", lang)
    if each.overall is None:
        others = f"<span class='small'>{escape(each.note.of(lang))}</span>"
    else:
        parts = [f"<strong>{each.overall:g}</strong>"]
        parts += [f"{escape(say(f'me_others_{name}', lang))} {value:g}" for name, value in each.medians.items()]
        others = " · ".join(parts)
    return escape(framework.pillar(each.pillar).name.of(lang)), escape(own), others


def _comments(each: FeedbackSummary, framework: Framework, lang: Lang) -> str:
    if not each.comments:
        return ""
    label = say("me_others_comments", lang, pillar=framework.pillar(each.pillar).name.of(lang))
    quotes = "".join(said(text, lang, f"comment-{each.pillar}-{n}") for n, text in enumerate(each.comments))
    return details(label, quotes, details_id=f"comments-{each.pillar}")
