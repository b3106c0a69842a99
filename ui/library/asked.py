"""What people ask: how much, with which result, what most, and what found no answer. Never who asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from coach.messages import say
from coach.store.queue import Asking
from coach.text import language as language_of
from ui.dates import day
from ui.html import Tab, Tone, badge, button, card, empty, escape, link, table
from ui.library.queue import writing_form
from ui.library.words import address, date_of, named, narrowed
from ui.visit import Visit

PERIODS = (7, 30, 90)
"""Days that can be looked back on; the second one is shown unless another is asked for."""
_TONES: dict[str, Tone] = {"answered": "good", "not_in_sources": "warn", "crisis": "bad"}


def asked_tab(visit: Visit, asking: Asking, unanswered: Sequence[Mapping[str, Any]], days: int) -> str:
    """The last `days` days."""
    lang = visit.lang
    items = [Tab(label=say("wl_days", lang, n=n), href=address("asked", days=n), current=n == days) for n in PERIODS]
    chosen = narrowed(items, say("wl_period", lang))
    head = f"<p class='lede'>{escape(say('wl_asked_lede', lang))}</p>{chosen}"
    if not asking.total:
        return head + empty(say("wl_asked_none", lang), say("wl_asked_none_about", lang))
    return f"{head}{_numbers(visit, asking, days)}{_unanswered(visit, unanswered)}{_frequent(visit, asking)}"


def _numbers(visit: Visit, asking: Asking, days: int) -> str:
    lang = visit.lang
    statuses = "".join(
        f"<li><span>{badge(named(f'wl_reply_{status}', status, lang), _TONES.get(status, ''))}</span>"
        f"<span class='lib-number'>{escape(say('wl_share', lang, n=n, share=f'{n / asking.total:.0%}'))}</span></li>"
        for status, n in asking.statuses.items()
    )
    body = f"<ul class='lib-statuses'>{statuses}</ul>{_chart(visit, asking.days, days)}"
    return card(body, title=say("wl_asked_total", lang, n=asking.total))


def _chart(visit: Visit, counted: Mapping[date, int], days: int) -> str:
    """A column for each day, each with its number in words for those who cannot see it."""
    lang = visit.lang
    most = max(counted.values())
    all_days = [visit.today - timedelta(days=days - 1 - n) for n in range(days)]
    bars = "".join(f"<i style='block-size:{100 * counted.get(on, 0) / most:.0f}%'></i>" for on in all_days)
    first, last = day(all_days[0], lang), day(all_days[-1], lang)
    told = say("wl_chart", lang, first=first, last=last, most=most)
    return (
        f"<figure class='lib-chart'><p class='small'>{escape(say('wl_chart_most', lang, n=most))}</p>"
        f"<div class='bars' role='img' aria-label='{escape(told)}'>{bars}</div>"
        f"<figcaption class='row spread small'><span>{escape(first)}</span>"
        f"<span>{escape(last)}</span></figcaption></figure>"
    )


def _unanswered(visit: Visit, found: Sequence[Mapping[str, Any]]) -> str:
    lang = visit.lang
    title = say("wl_unanswered", lang)
    if not found:
        return card(f"<p class='lede'>{escape(say('wl_unanswered_none', lang))}</p>", title=title)
    listed = "".join(_gap(visit, each) for each in found)
    about = f"<p class='small'>{escape(say('wl_unanswered_about', lang))}</p>"
    return card(f"{about}<ul class='lib-list'>{listed}</ul>", title=title)


def _gap(visit: Visit, gap: Mapping[str, Any]) -> str:
    lang, question = visit.lang, str(gap["question"])
    nearest = "".join(f"<li>{link(str(title), address('documents', find=title))}</li>" for title in gap["nearest"])
    near = f"<p class='small'>{escape(say('wl_nearest', lang))}</p><ul class='lib-nearest'>{nearest}</ul>" if nearest else ""
    times = say("wl_times", lang, n=gap["times"], on=date_of(str(gap["last"]), visit))
    shown = question if len(question) <= 240 else f"{question[:240]}…"
    write = button(say("wl_write_for", lang), "write_for", called=f"{say('wl_write_for', lang)}: {shown[:80]}", question=question)
    test = button(
        say("wl_test_it", lang), "test_it", kind="quiet", called=f"{say('wl_test_it', lang)}: {shown[:80]}", question=question
    )
    return (
        f"<li><div class='lib-what'><h3>{escape(shown)}</h3><p class='small'>{escape(times)}</p>{near}</div>"
        f"<div class='row lib-tools'>{write}{test}</div></li>"
    )


def _frequent(visit: Visit, asking: Asking) -> str:
    lang = visit.lang
    heads = [say(f"wl_col_{name}", lang) for name in ("asked", "times", "last", "status")]
    rows = [
        (
            escape(each.question if len(each.question) <= 200 else f"{each.question[:200]}…"),
            f"<span class='lib-number'>{each.times}</span>",
            escape(date_of(each.last, visit)),
            badge(named(f"wl_reply_{each.status}", each.status, lang), _TONES.get(each.status, "")),
        )
        for each in asking.frequent
    ]
    title = say("wl_frequent", lang)
    body = table(heads, rows, caption=title) if rows else f"<p class='lede'>{escape(say('wl_frequent_none', lang))}</p>"
    return card(f"<div class='lib-frequent'>{body}</div>", title=title)


def writing_view(visit: Visit, question: str) -> str:
    """An article for a question that nobody reported a reply to."""
    lang = visit.lang
    back = link(say("wl_back_asked", lang), address("asked"))
    about = f"<p class='lede'>{escape(say('wl_write_lede', lang))}</p>"
    sheet = card(about + writing_form(visit, question, language_of(question)), title=say("wl_write_new", lang))
    return f"<p>{back}</p>{sheet}"
