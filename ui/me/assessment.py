"""The assessment as a calm form: what to choose from, one question a screen, the end of it, and what was answered before."""

from __future__ import annotations

from collections.abc import Sequence

from coach.development.assessment import Question, questionnaire
from coach.development.schema import MAX_EVIDENCE
from coach.development.views import AssessmentView
from coach.framework.schema import Framework, Indicator
from coach.messages import say
from coach.types import Lang
from ui.dates import day
from ui.html import Option, bar, button, card, choice, details, escape, form, link, notice, table
from ui.me.overview import level_html
from ui.me.words import address, said


def start_html(
    done: Sequence[AssessmentView], waiting: AssessmentView | None, framework: Framework, lang: Lang, *, others: str
) -> str:
    """What to do: go on with the one under way, or begin; then earlier ones. `others` is HTML on others' feedback."""
    lede = f"<p class='lede'>{escape(say('me_form_lede', lang))}</p>"
    first = _go_on(waiting, lang) if waiting else ""
    begin = _begin(framework, lang, again=bool(done), quiet=waiting is not None)
    return f"{lede}{first}{begin}{_earlier(done, lang)}{others}"


def _go_on(view: AssessmentView, lang: Lang) -> str:
    kind = say(f"me_form_kind_{view.form}", lang)
    why = say("me_form_open_why", lang, form=kind, n=answered(view), day=day(view.changed, lang))
    press = link(say("me_do_go_on_press", lang), after(view, ""), kind="primary")
    return card(f"<p>{escape(why)}</p><div class='row'>{press}</div>", title=say("me_form_open", lang))


def _begin(framework: Framework, lang: Lang, *, again: bool, quiet: bool) -> str:
    number = len(questionnaire(framework, "short", lang))
    options = [
        Option(value="short", label=say("me_form_short", lang), note=say("me_form_short_why", lang, n=number)),
        Option(value="full", label=say("me_form_full", lang), note=say("me_form_full_why", lang)),
    ]
    pick = choice("form", say("me_form_which", lang), options, "short")
    asked = form("start", pick, say("me_form_begin", lang), kind="plain" if quiet else "primary")
    title = say("me_form_again" if again or quiet else "me_form_new", lang)
    return details(title, asked, details_id="me-begin") if quiet else card(asked, title=title)


def _earlier(done: Sequence[AssessmentView], lang: Lang) -> str:
    if not done:
        return ""
    rows = [
        (
            escape(day(view.changed, lang)),
            escape(say(f"me_form_kind_{view.form}", lang)),
            escape(say("me_form_number", lang, n=answered(view))),
            link(say("me_form_look", lang), address("assess", id=view.id)),
        )
        for view in reversed(done)
    ]
    head = [say(f"me_form_{name}", lang) for name in ("day", "kind", "answered")]
    return card(
        table([*head, say("me_form_result", lang)], rows, caption=say("me_form_earlier", lang)),
        title=say("me_form_earlier", lang),
    )


def answered(view: AssessmentView) -> int:
    """How many questions have an answer with words in it."""
    return sum(1 for text in view.answers.values() if text)


# --- one question ----------------------------------------------------------------------------------------------------


def asked_question(view: AssessmentView, wanted: str) -> Question | None:
    """The question to show: the one that was turned to, else the next one; None at the end."""
    return next((q for q in view.questions if q.indicator == wanted), view.next)


def way(view: AssessmentView) -> list[Question]:
    """The questions that were answered or passed over, in order, then the next one: what Back and Next go along."""
    passed = [q for q in view.questions if q.indicator in view.answers]
    return passed if view.next is None else [*passed, view.next]


def after(view: AssessmentView, indicator: str) -> str:
    """The address of the question after this one; without one, of the end."""
    ids = [q.indicator for q in way(view)]
    order = [q.indicator for q in view.questions]
    later = [i for i in ids if indicator in order and order.index(i) > order.index(indicator)]
    return address("assess", id=view.id, q=later[0] if later else "end" if view.next is None else view.next.indicator)


def question_html(view: AssessmentView, question: Question, framework: Framework, lang: Lang) -> str:
    """One question with what counts, an answer that keeps itself, and the way back and on."""
    indicator = next(i for i in framework.indicators[question.pillar] if i.id == question.indicator)
    head = f"<h2 id='me-question'>{escape(question.text)}</h2>"
    above = f"{_progress(view, question, framework, lang)}{head}{_lists(indicator, lang)}"
    body = f"{above}{_answer(view, question, lang)}{_samples(indicator, lang)}"
    leave = link(say("me_form_leave", lang), address("assess"))
    enough = ""
    if answered(view) and view.next is not None:
        sure = say("me_form_enough_sure", lang)
        enough = button(say("me_form_enough", lang), "finish", kind="quiet", confirm=sure, id=view.id)
    return f"<section class='sheet me-question'>{body}</section><div class='row spread'>{leave}{enough}</div>"


def _progress(view: AssessmentView, question: Question, framework: Framework, lang: Lang) -> str:
    pillar = framework.pillar(question.pillar).name.of(lang)
    if view.form == "short":
        at = [q.indicator for q in view.questions].index(question.indicator) + 1
        total = len(view.questions)
        return bar(at - 1, total, say("me_form_at", lang, pillar=pillar, n=at, total=total))
    at = [p.id for p in framework.pillars].index(question.pillar) + 1
    total = len(framework.pillars)
    return bar(at - 1, total, say("me_form_at_full", lang, pillar=pillar, n=at, total=total, answered=answered(view)))


def _lists(indicator: Indicator, lang: Lang) -> str:
    def listed(key: str, lines: Sequence[str], kind: str) -> str:
        items = "".join(f"<li>{escape(line)}</li>" for line in lines)
        return f"<div class='me-{kind}'><h3>{escape(say(key, lang))}</h3><ul>{items}</ul></div>"

    counts = listed("me_form_counts", indicator.counts.of(lang), "yes")
    return f"<div class='two'>{counts}{listed('me_form_not', indicator.does_not_count.of(lang), 'no')}</div>"


def _answer(view: AssessmentView, question: Question, lang: Lang) -> str:
    """The answer, kept a moment after each change. Next is its form's submit; Back and Skip stand beside it."""
    text = view.answers.get(question.indicator, "")
    order = [q.indicator for q in way(view)]
    at = order.index(question.indicator) if question.indicator in order else len(order)
    back = link(say("me_form_back", lang), address("assess", id=view.id, q=order[at - 1]), kind="plain") if at else ""
    skip = button(say("me_form_skip", lang), "skip", kind="quiet", id=view.id, q=question.indicator)
    box = (
        f"<div class='field'><label for='me-said'>{escape(say('me_form_said', lang))}</label>"
        f"<p class='help' id='me-said-help'>{escape(say('me_form_hint', lang))}</p>"
        f"<textarea id='me-said' name='said' rows='6' data-autosave='keep_answer' data-begin data-ctrl-enter "
        f"data-most='{MAX_EVIDENCE}' aria-describedby='me-question me-said-help'>{escape(text)}</textarea></div>"
    )
    hidden = "".join(
        f"<input type='hidden' name='{name}' value='{escape(value)}'>"
        for name, value in (("id", view.id), ("q", question.indicator))
    )
    keys = f"<span class='small me-keys'>{escape(say('me_form_keys', lang))}</span>"
    on = f"<button type='submit' class='btn primary'>{escape(say('me_form_next', lang))}</button>"
    keeping = "<span id='coach-keeping' class='small' role='status'></span>"
    row = f"<div class='row spread'><div class='row'>{back}{skip}</div><div class='row'>{keeping}{keys}{on}</div></div>"
    return f"<form class='form' data-do='answer' novalidate>{hidden}{box}{row}</form>"


def _samples(indicator: Indicator, lang: Lang) -> str:
    rows = "".join(
        f"<div><dt>{escape(say(f'me_form_{name}', lang))}</dt><dd>{escape(text.of(lang))}</dd></div>"
        for name, text in (
            ("weak", indicator.samples.weak),
            ("fair", indicator.samples.fair),
            ("strong", indicator.samples.strong),
        )
    )
    return details(say("me_form_samples", lang), f"<dl class='me-samples'>{rows}</dl>", details_id=f"samples-{indicator.id}")


# --- the end, and one that is done -----------------------------------------------------------------------------------


def end_html(view: AssessmentView, framework: Framework, lang: Lang) -> str:
    """All questions were passed: the result, or back to any of them."""
    skipped = len(view.answers) - answered(view)
    why = f"<p>{escape(say('me_form_end_why', lang, n=answered(view), m=skipped))}</p>"
    press = button(say("me_form_finish", lang), "finish", kind="primary", id=view.id)
    last = way(view)[-1:] if view.next is None else []
    back = "".join(link(say("me_form_back", lang), address("assess", id=view.id, q=q.indicator), kind="plain") for q in last)
    body = f"{why}<div class='row'>{press}{back}</div>"
    return card(body, title=say("me_form_end", lang)) + _given(view, framework, lang, linked=True)


def done_html(view: AssessmentView, framework: Framework, lang: Lang) -> str:
    """An assessment that is done: its result as it was, and the answers."""
    if view.problem:
        result = notice(say("me_form_unreadable", lang), "warn")
    else:
        known = {p.id for p in framework.pillars}
        levels = "".join(level_html(framework, each, lang) for each in view.results if each.pillar in known)
        result = card(levels, title=say("me_form_of", lang, day=day(view.changed, lang)))
    back = f"<p>{link(say('me_form_to_list', lang), address('assess'))}</p>"
    return f"{back}{result}{_given(view, framework, lang, linked=False)}"


def _given(view: AssessmentView, framework: Framework, lang: Lang, *, linked: bool) -> str:
    """What was answered, question by question; with links to change it while that is possible."""
    rows = ""
    asked = {i.id: i.question.of(lang) for indicators in framework.indicators.values() for i in indicators}
    for indicator, text in view.answers.items():
        if indicator not in asked:
            continue
        title = escape(asked[indicator])
        if linked:
            title = f"<a href='{escape(address('assess', id=view.id, q=indicator))}'>{title}</a>"
        words = said(text, lang, f"given-{indicator}") if text else f"<p class='small'>{escape(say('me_form_skipped', lang))}</p>"
        rows += f"<li>{title}{words}</li>"
    return card(f"<ul class='me-given'>{rows}</ul>", title=say("me_form_review", lang)) if rows else ""
