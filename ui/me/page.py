"""The page about the person: which view is shown, and what becomes of each action. The views are in the modules beside it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from coach.app import Coach
from coach.development.desk import Desk
from coach.development.schema import MAX_EVIDENCE
from coach.development.views import AssessmentView
from coach.errors import InputError
from coach.framework.schema import Framework
from coach.identity import Role
from coach.messages import say
from ui.html import Tab, escape, tabs
from ui.me.assessment import after, answered, asked_question, done_html, end_html, question_html, start_html
from ui.me.data import code_html, data_html
from ui.me.others import RELATIONS, link_html, others_html
from ui.me.overview import FIRST, Overview, overview_html, welcome_html
from ui.me.profile import change_of, origin_html, origin_id, profile_html
from ui.me.words import address
from ui.shell import Answer, Values
from ui.visit import Visit

TABS = ("overview", "profile", "assess", "data")


class MePage:
    """Where somebody stands, what they told, their assessments and their data."""

    path = "/me"
    role: Role = "member"

    def __init__(self, coach: Coach) -> None:
        self._coach = coach

    @property
    def _desk(self) -> Desk:
        return self._coach.desk

    @property
    def _framework(self) -> Framework:
        return self._desk.framework

    @cached_property
    def _gate_fields(self) -> dict[str, str]:
        """The profile field that answers each gate condition."""
        return {name: each.field for name, each in self._desk.drafting.readings.conditions.items()}

    def show(self, visit: Visit) -> str:
        """The view the address names; the first for any other."""
        lang = visit.lang
        tab = visit.query.get("tab", "")
        tab = tab if tab in TABS else TABS[0]
        body = {"overview": self._overview, "profile": self._profile, "assess": self._assess, "data": self._data}[tab](visit)
        items = [
            Tab(label=say(f"me_tab_{name}", lang), href=address("" if name == TABS[0] else name), current=name == tab)
            for name in TABS
        ]
        head = f"<h1>{escape(say('web_nav_me', lang))}</h1>"
        nav = tabs(items, say("me_tabs", lang))
        return f"<main class='page me' id='coach-main-content' tabindex='-1'>{head}{nav}{body}</main>"

    def act(self, visit: Visit, do: str, values: Values) -> Answer:
        """Does what was pressed. Raises CoachError with a sentence for the reader."""
        actions: dict[str, Callable[[Visit, Values], Answer]] = {
            "first": self._first,
            "tell": self._tell,
            "keep": self._keep,
            "confirm": self._confirm,
            "forget": self._forget,
            "empty": self._empty,
            "start": self._start,
            "keep_answer": self._keep_answer,
            "answer": self._answer,
            "skip": self._skip,
            "finish": self._finish,
            "invite": self._invite,
            "withdraw": self._withdraw,
            "link-code": self._link_code,
            "unlink": self._unlink,
        }
        if do not in actions:
            raise InputError(say("me_unknown", visit.lang), hint=say("me_unknown_mend", visit.lang))
        return actions[do](visit, values)

    # --- views --------------------------------------------------------------------------------------------------------

    def _overview(self, visit: Visit) -> str:
        profile = self._desk.profile(visit.person)
        standing = self._desk.standing(visit.person, lang=visit.lang)
        if not profile.sources and standing.assessed is None:
            return welcome_html(self._framework, self._gate_fields, visit.lang)
        view = Overview(
            standing=standing,
            framework=self._framework,
            lang=visit.lang,
            waiting=len(profile.unconfirmed),
            planned=bool(self._desk.plans(visit.person)),
        )
        return overview_html(view)

    def _profile(self, visit: Visit) -> str:
        return profile_html(self._desk.profile(visit.person), self._framework, self._gate_fields, visit.lang)

    def _assess(self, visit: Visit) -> str:
        lang, named = visit.lang, visit.query.get("id", "")
        if named:
            view = self._desk.assessment(named, visit.person, lang=lang)
            if view.state == "done":
                return done_html(view, self._framework, lang)
            wanted = visit.query.get("q", "")
            question = None if wanted == "end" else asked_question(view, wanted)
            return question_html(view, question, self._framework, lang) if question else end_html(view, self._framework, lang)
        views = self._desk.assessments(visit.person, lang=lang)
        about = views[-1] if views else None
        given = self._desk.feedback(about.id, visit.person) if about else None
        others = others_html(about, given, self._framework, lang)
        done = [each for each in views if each.state == "done"]
        return start_html(done, _open(views), self._framework, lang, others=others)

    def _data(self, visit: Visit) -> str:
        users = self._coach.channels.users_of(visit.person) if self._coach.settings.channels else []
        return data_html(self._desk.export_all(visit.person), users, self._coach.settings, visit)

    # --- what was told ------------------------------------------------------------------------------------------------

    def _first(self, visit: Visit, values: Values) -> Answer:
        told = {name: values.text(name) for name in FIRST if values.text(name)}
        if not told:
            raise InputError(say("me_first_empty", visit.lang), hint=say("me_first_empty_mend", visit.lang))
        self._tell_profile(visit, told)
        return Answer(goto=address())

    def _tell(self, visit: Visit, values: Values) -> Answer:
        told = {name: values.text(name) for name in values.names() if name in self._gate_fields.values()}
        if not any(told.values()):
            raise InputError(say("me_now_empty", visit.lang))
        self._tell_profile(visit, told)
        return Answer(say=say("me_now_noted", visit.lang), again=True)

    def _tell_profile(self, visit: Visit, told: dict[str, str]) -> None:
        changes: dict[str, Any] = {}
        for name, text in told.items():
            changes |= change_of(name, text, self._framework, visit.lang)
        self._desk.set_profile(changes, visit.person, lang=visit.lang, merge=True)

    def _keep(self, visit: Visit, values: Values) -> Answer:
        """One field, while it is being typed; only what stands beside it is shown anew."""
        name = values.text("field")
        change = change_of(name, values.text("value"), self._framework, visit.lang)
        view = self._desk.set_profile(change, visit.person, lang=visit.lang, merge=True)
        origin = origin_html(name, view.sources.get(name), self._framework, visit.lang)
        return Answer(parts={origin_id(name): origin})

    def _confirm(self, visit: Visit, values: Values) -> Answer:
        self._desk.confirm(values.text("field"), visit.person, lang=visit.lang)
        return Answer(say=say("me_said_confirmed", visit.lang), again=True)

    def _forget(self, visit: Visit, values: Values) -> Answer:
        field = values.text("field")
        if not field:  # an empty name would empty the whole profile
            raise InputError(say("me_unknown", visit.lang), hint=say("me_unknown_mend", visit.lang))
        self._desk.forget(field, visit.person, lang=visit.lang)
        return Answer(say=say("me_said_removed", visit.lang), again=True)

    def _empty(self, visit: Visit, values: Values) -> Answer:
        self._desk.forget("", visit.person, lang=visit.lang)
        return Answer(say=say("me_said_emptied", visit.lang), again=True)

    # --- the assessment -----------------------------------------------------------------------------------------------

    def _start(self, visit: Visit, values: Values) -> Answer:
        started = self._desk.start_assessment("full" if values.text("form") == "full" else "short", visit.person, lang=visit.lang)
        return Answer(goto=after(started, ""))

    def _answers(self, visit: Visit, values: Values, name: str, text: str | None) -> AssessmentView:
        if text is not None and len(text) > MAX_EVIDENCE:
            raise InputError(say("me_form_long", visit.lang, limit=MAX_EVIDENCE, n=len(text)))
        return self._desk.answer(values.text("id"), {name: text}, visit.person, lang=visit.lang)

    def _keep_answer(self, visit: Visit, values: Values) -> Answer:
        """While it is being typed; an emptied box is no answer, and no skipped question either."""
        self._answers(visit, values, values.text("q"), values.text("value") or None)
        return Answer()

    def _answer(self, visit: Visit, values: Values) -> Answer:
        view = self._answers(visit, values, values.text("q"), values.text("said"))
        return Answer(goto=after(view, values.text("q")))

    def _skip(self, visit: Visit, values: Values) -> Answer:
        """On to the next one; an answer that stands there already stays."""
        before = self._desk.assessment(values.text("id"), visit.person, lang=visit.lang)
        view = self._answers(visit, values, values.text("q"), before.answers.get(values.text("q"), ""))
        return Answer(goto=after(view, values.text("q")))

    def _finish(self, visit: Visit, values: Values) -> Answer:
        view = self._desk.assessment(values.text("id"), visit.person, lang=visit.lang)
        if not answered(view):
            raise InputError(say("me_form_finish_empty", visit.lang), hint=say("me_form_finish_mend", visit.lang))
        self._desk.finish(view.id, visit.person, lang=visit.lang)
        return Answer(say=say("me_form_finished", visit.lang), goto=address())

    # --- others -------------------------------------------------------------------------------------------------------

    def _invite(self, visit: Visit, values: Values) -> Answer:
        relation = next((name for name in RELATIONS if name == values.text("relation")), RELATIONS[0])
        token, expires = self._desk.invite(values.text("id"), relation, datetime.now(UTC), visit.person, lang=visit.lang)
        return Answer(parts={"me-link": link_html(token, relation, expires, visit.lang)})

    def _withdraw(self, visit: Visit, values: Values) -> Answer:
        number = self._desk.withdraw(values.text("id"), visit.person)
        return Answer(say=say("me_others_withdrawn", visit.lang, n=number), again=True)

    def _link_code(self, visit: Visit, values: Values) -> Answer:
        return Answer(parts={"me-code": code_html(self._coach.channels.new_code(visit.person), visit.lang)})

    def _unlink(self, visit: Visit, values: Values) -> Answer:
        mine = self._coach.channels.users_of(visit.person)
        wanted = (values.text("channel"), values.text("workspace"), values.text("user"))
        for user in mine:
            if user.linked and (user.channel, user.workspace, user.user) == wanted:
                self._coach.channels.unlink(user)
        return Answer(say=say("me_channel_unlinked", visit.lang), again=True)


def _open(views: tuple[AssessmentView, ...]) -> AssessmentView | None:
    """The newest assessment under way."""
    return next((each for each in reversed(views) if each.state == "open"), None)
