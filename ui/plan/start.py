"""Before there is a plan: what one is made of, how far that is, and the few questions that may be needed first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from coach.development.schema import Profile
from coach.development.views import AssessmentView, ProfileView
from coach.framework.files import Text
from coach.messages import both, say
from coach.types import Lang
from ui.html import badge, button, card, escape, field, form, link, notice
from ui.shell import Values

_FIELDS = {"target": "draft_question_target", "constraints": "draft_question_hours", "role": "draft_question_role"}
"""The profile field that each question is about; whatever else is asked is about weak points."""


def start_page(lang: Lang, profile: ProfileView, assessments: Sequence[AssessmentView], questions: str = "") -> str:
    """What stands in the place of a plan; `questions` is HTML put where the draft asks back."""
    done, running = [a for a in assessments if a.state == "done"], [a for a in assessments if a.state == "open"]
    known = len(profile.sources)
    steps = _step(
        lang,
        "pl_s_profile",
        bool(known),
        say("pl_s_fields", lang, n=known) if known else say("pl_s_no_fields", lang),
        "/me?tab=profile",
    )
    if done or not running:
        told = say("pl_s_assessed" if done else "pl_s_not_assessed", lang)
    else:
        answered = sum(1 for text in running[-1].answers.values() if text)
        told = say("pl_s_assessing", lang, n=answered, total=len(running[-1].questions))
    steps += _step(lang, "pl_s_assessment", bool(done), told, "/me?tab=assess")
    draft = button(say("pl_s_draft", lang), "draft", kind="primary")
    hint = f"<p class='small'>{escape(say('pl_s_draft_hint', lang))}</p>"
    body = (
        f"<p class='lede'>{escape(say('pl_s_lede', lang))}</p><ol class='ready'>{steps}</ol><div class='row'>{draft}</div>{hint}"
    )
    return f"{card(body, title=say('pl_s_title', lang))}<div id='plan-questions' aria-live='polite'>{questions}</div>"


def _step(lang: Lang, key: str, ready: bool, told: str, href: str) -> str:
    mark = badge(say("pl_s_ready" if ready else "pl_s_open", lang), "good" if ready else "")
    return (
        f"<li><div class='due-head'><p><strong>{escape(say(key, lang))}</strong></p>{mark}</div>"
        f"<p class='small'>{escape(told)} {link(say('pl_s_change' if ready else 'pl_s_do', lang), href)}</p></li>"
    )


def questions_form(lang: Lang, questions: Sequence[Text]) -> str:
    """The questions the coach needs answered before a plan is worth having."""
    fields = "".join(field(f"answer.{_field(q)}", q.of(lang), rows=2) for q in questions)
    body = notice(say("pl_q_why", lang)) + form("answer", fields, say("pl_q_keep", lang))
    return card(body, title=say("pl_q_title", lang))


def _field(question: Text) -> str:
    return next((name for name, key in _FIELDS.items() if question == both(key)), "weaknesses")


def answered(values: Values, profile: Profile) -> Mapping[str, Any]:
    """What the answers add to the profile. What stands there already stays, in the person's words."""
    found: dict[str, Any] = {}
    for name in ("role", "target", "constraints", "weaknesses"):
        said = values.text(f"answer.{name}")
        if not said:
            continue
        before = getattr(profile, name)
        if isinstance(before, tuple):
            found[name] = [*before, said]
        elif before:
            found["about"] = "\n".join(part for part in (found.get("about", profile.about), said) if part)
        else:
            found[name] = said
    return found
