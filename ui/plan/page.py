"""The page of a person's plan: which view is shown, and what each action on it does; each view has a module of its own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import ValidationError

from coach.app import Coach
from coach.development.desk import Desk
from coach.development.editing import Changes
from coach.development.schema import Line
from coach.development.views import ReviewView
from coach.development.wording import PlanWriter, words_plans
from coach.errors import Conflict, InputError, NotFound
from coach.identity import Role
from coach.messages import say
from coach.store.records import PlanVersion, ReviewKind
from coach.text import clean
from coach.types import Lang
from ui.dates import day
from ui.html import Tab, button, escape, notice, tabs
from ui.plan.board import board_tab
from ui.plan.export import export_tab
from ui.plan.review import review_page, reviews_tab
from ui.plan.rows import checkin_tab, read_rows
from ui.plan.start import answered, questions_form, start_page
from ui.plan.timeline import timeline_tab
from ui.plan.versions import version_page, versions_tab
from ui.plan.words import PlanView, readable
from ui.shell import Answer, Values, told
from ui.visit import Visit

TABS = ("board", "timeline", "checkin", "review", "versions", "export")


class PlanPage:
    """Goals and actions, check-ins, reviews, versions and files of one person's plans."""

    path = "/plan"
    role: Role = "member"

    def __init__(self, coach: Coach) -> None:
        self._coach = coach

    @property
    def _desk(self) -> Desk:
        return self._coach.desk

    # --- showing ------------------------------------------------------------------------------------------------------

    def show(self, visit: Visit) -> str:
        """The view named by `tab`. Raises NotFound for a plan, version or review there is none of."""
        plans = [each for each in self._desk.plans(visit.person) if not each.problem]
        if not plans:
            return _page(visit.lang, f"<h1>{escape(say('pl_title', visit.lang))}</h1>{self._start(visit)}")
        view = self._view(visit, plans, visit.query.get("plan", ""))
        tab = visit.query.get("tab", "")
        tab = tab if tab in TABS else TABS[0]
        body = getattr(self, f"_{tab}")(visit, view)
        return _page(visit.lang, f"{_head(view, plans)}{_tabs(view, tab)}{body}", wide=tab in ("board", "timeline"))

    def _view(self, visit: Visit, plans: list[PlanVersion], plan_id: str) -> PlanView:
        plan = self._desk.plan(plan_id or plans[-1].plan_id, visit.person, lang=visit.lang)
        kept = self._desk.checkins(plan.id, visit.person)
        entries = sorted((each.value for each in kept if not each.problem), key=lambda each: each.on)
        return PlanView(
            plan=plan,
            framework=self._desk.framework,
            lang=visit.lang,
            today=visit.today,
            told={each.line: each for each in entries},
            entries=tuple(entries),
            several=len(plans) > 1,
        )

    def _start(self, visit: Visit) -> str:
        profile = self._desk.profile(visit.person)
        return start_page(visit.lang, profile, self._desk.assessments(visit.person, lang=visit.lang))

    def _board(self, visit: Visit, view: PlanView) -> str:
        return board_tab(view)

    def _timeline(self, visit: Visit, view: PlanView) -> str:
        return timeline_tab(view, visit.query.get("span", ""))

    def _checkin(self, visit: Visit, view: PlanView) -> str:
        return checkin_tab(view)

    def _review(self, visit: Visit, view: PlanView) -> str:
        held = self._desk.reviews(view.plan.id, visit.person)
        name = visit.query.get("review", "")
        if not name:
            return reviews_tab(view, held)
        found = next((each for each in held if each.id == name), None)
        if found is None:
            raise NotFound(say("desk_review_unknown", visit.lang), hint=say("pl_reload", visit.lang))
        return review_page(view, found, visit.query.get("step", ""), self._came_of(visit, found))

    def _came_of(self, visit: Visit, held: ReviewView) -> tuple[Any, ...]:
        """What a review that is done has changed; nothing to tell where a version cannot be read any more."""
        version = held.review.version
        readable = {v.version for v in self._desk.versions(held.plan_id, visit.person) if not v.problem}
        if held.state != "done" or not {version, version + 1} <= readable:
            return ()
        return self._desk.diff(held.plan_id, version, version + 1, visit.person)

    def _versions(self, visit: Visit, view: PlanView) -> str:
        versions = self._desk.versions(view.plan.id, visit.person)
        wanted = _number(visit.query, "v", 0)
        if wanted:
            older = self._desk.plan(view.plan.id, visit.person, lang=visit.lang, version=wanted)
            return version_page(view, older, versions[-1].version)
        known = [v.version for v in versions if not v.problem]
        before, after = (
            _number(visit.query, "from", known[-2] if len(known) > 1 else known[-1]),
            _number(visit.query, "to", known[-1]),
        )
        before, after = (before if before in known else known[0]), (after if after in known else known[-1])
        changes = self._desk.diff(view.plan.id, before, after, visit.person) if len(known) > 1 else ()
        again = button(say("pl_new", visit.lang), "draft", kind="plain", confirm=say("pl_new_sure", visit.lang))
        foot = f"<div class='row spread foot'><p class='small'>{escape(say('pl_new_why', visit.lang))}</p>{again}</div>"
        return (
            versions_tab(view, versions, (before, after), changes) + foot + "<div id='plan-questions' aria-live='polite'></div>"
        )

    def _export(self, visit: Visit, view: PlanView) -> str:
        return export_tab(view, self._desk, visit.person, dict(visit.query))

    # --- doing --------------------------------------------------------------------------------------------------------

    def act(self, visit: Visit, do: str, values: Values) -> Answer:
        """What was pressed. Raises InputError, NotFound and Conflict in the reader's language."""
        doing = {
            "draft": self._draft,
            "answer": self._answer,
            "checkin": self._check_in,
            "edit": self._edit,
            "drop": self._drop,
            "add": self._add,
            "reopen": self._reopen,
            "hold": self._hold,
            "tell_review": self._tell_review,
            "accept": self._accept,
        }.get(do)
        if doing is None:
            raise InputError(say("pl_ck_wrong", visit.lang), hint=say("pl_reload", visit.lang))
        return doing(visit, values)

    def _writer(self) -> PlanWriter | None:
        """The chat model in use, if it is one that words plans."""
        return self._coach.writer() if words_plans(self._coach.settings) else None

    def _draft(self, visit: Visit, values: Values) -> Answer:
        lang = visit.lang
        drafted, plan = self._desk.new_plan(visit.person, lang=lang, today=visit.today, writer=self._writer())
        if plan is None:
            return Answer(
                say=say("pl_q_first", lang), tone="info", parts={"plan-questions": questions_form(lang, drafted.draft.questions)}
            )
        return Answer(goto="/plan")

    def _answer(self, visit: Visit, values: Values) -> Answer:
        """The answers go into the profile, and the plan is drafted again at once."""
        given = answered(values, self._desk.profile(visit.person).profile)
        if not given:
            raise InputError(say("pl_q_empty", visit.lang), hint=say("pl_q_empty_mend", visit.lang))
        self._desk.set_profile(given, visit.person, lang=visit.lang, merge=True)
        return self._draft(visit, values)

    def _check_in(self, visit: Visit, values: Values) -> Answer:
        view, late = self._kept_rows(visit, values)
        after = len([line for line in view.attention()[0] if line.due < visit.today])
        parts = [say("pl_ck_kept", visit.lang, n=len(view.told))]
        if late > after:
            parts.append(
                say("pl_ck_late_left", visit.lang, before=late, after=after) if after else say("pl_ck_late_gone", visit.lang)
            )
        return Answer(say="".join(parts) if visit.lang == "zh" else " ".join(parts), again=True)

    def _kept_rows(self, visit: Visit, values: Values) -> tuple[PlanView, int]:
        """Keeps what a form of rows told: all of it, or nothing. The plan as it stands then, told only what was new.

        The number is that of the lines that were late before.
        """
        read = read_rows(visit, values)
        plans = [each for each in self._desk.plans(visit.person) if not each.problem]
        before = self._view(visit, plans, values.text("plan"))
        known = {line.id: line for line in before.plan.lines}
        if read.unclear:
            named = say("pl_list_stop", visit.lang).join(f"“{known[i].text.of(visit.lang)}”" for i in read.unclear if i in known)
            raise InputError(say("pl_ck_unclear", visit.lang, lines=named), hint=say("pl_kept_on_page", visit.lang))
        if not read.checkins:
            raise InputError(say("pl_ck_none", visit.lang), hint=say("pl_ck_none_mend", visit.lang))
        if unknown := next((c.line for c in read.checkins if c.line not in known), ""):
            raise NotFound(say("desk_line_unknown", visit.lang, line=clean(unknown)[:60]), hint=say("pl_reload", visit.lang))
        late = len([line for line in before.attention()[0] if line.due < visit.today])
        for checkin in read.checkins:
            self._desk.checkin(before.plan.id, checkin, visit.person, lang=visit.lang)
        after = self._view(visit, plans, before.plan.id)
        new = {c.line: c for c in read.checkins}
        return PlanView(
            plan=after.plan, framework=after.framework, lang=after.lang, today=after.today, told=new, entries=after.entries
        ), late

    # --- changing the plan ----------------------------------------------------------------------------------------------

    def _edit(self, visit: Visit, values: Values) -> Answer:
        line = self._line(visit, values)
        change: dict[str, Any] = {"id": line.id}
        for name in ("text", "measure", "evidence"):
            said = values.text(f"{name}.{line.id}")
            if not said:
                return _fault(line.id, say(f"pl_missing_{name}", visit.lang))
            if said != " ".join(getattr(line, name).of(visit.lang).split()) and said != getattr(line, name).of(visit.lang):
                change[name] = said
        due = _date(values.text(f"due.{line.id}"))
        if due is None:
            return _fault(line.id, say("pl_missing_due", visit.lang))
        if due != line.due:
            change["due"] = due
        if len(change) == 1:
            return Answer(say=say("pl_unchanged", visit.lang), tone="info", shut=True)
        return self._change(visit, values, line.id, {"change": [change]}, say("pl_changed", visit.lang), line)

    def _drop(self, visit: Visit, values: Values) -> Answer:
        line = self._line(visit, values)
        drop = {"id": line.id, "why": values.text(f"why.{line.id}")}
        return self._change(visit, values, f"drop-{line.id}", {"drop": [drop]}, say("pl_dropped", visit.lang))

    def _reopen(self, visit: Visit, values: Values) -> Answer:
        line = self._line(visit, values)
        change = {"id": line.id, "status": "open"}
        return self._change(visit, values, "", {"change": [change]}, say("pl_reopened", visit.lang))

    def _add(self, visit: Visit, values: Values) -> Answer:
        own: dict[str, Any] = {"role": "action"}
        for name in ("text", "measure", "evidence"):
            own[name] = values.text(f"new.{name}")
            if not own[name]:
                return _fault("new", say(f"pl_missing_{name}", visit.lang))
        own["due"] = _date(values.text("new.due"))
        if own["due"] is None:
            return _fault("new", say("pl_missing_due", visit.lang))
        own |= {name: values.text(f"new.{name}") or None for name in ("pillar", "kind")}
        if values.text("new.hours"):
            own["hours"] = values.number("new.hours", -1)
            if not 1 <= own["hours"] <= 400:
                return _fault("new", say("pl_hours_wrong", visit.lang))
        return self._change(visit, values, "new", {"add": [own]}, say("pl_added", visit.lang))

    def _line(self, visit: Visit, values: Values) -> Line:
        plan = self._desk.plan(values.text("plan"), visit.person, lang=visit.lang)
        found = next((line for line in plan.lines if line.id == values.text("line")), None)
        if found is None:
            name = clean(values.text("line"))[:60]
            raise NotFound(say("desk_line_unknown", visit.lang, line=name), hint=say("pl_reload", visit.lang))
        return found

    def _change(
        self, visit: Visit, values: Values, place: str, changes: Mapping[str, Any], done: str, line: Line | None = None
    ) -> Answer:
        """The next version of the plan; what is wrong with it is told beside the form, which stays as it is."""
        try:
            wanted = Changes.model_validate({"version": values.number("version"), **changes})
            self._desk.change_plan(values.text("plan"), wanted, visit.person, lang=visit.lang, today=visit.today)
        except ValidationError:
            return _fault(place, say("pl_too_long", visit.lang))
        except Conflict as error:
            return _fault(place, told(error, visit.lang)[0], say("pl_conflict", visit.lang))
        except InputError as error:
            mend = say("pl_fault_drop", visit.lang) if "drop" in changes else say("pl_fault", visit.lang)
            return _fault(place, _faults(told(error, visit.lang)[0], _name(changes, line, visit.lang), visit.lang), mend)
        return Answer(say=done, again=True, shut=True)

    # --- reviews --------------------------------------------------------------------------------------------------------

    def _hold(self, visit: Visit, values: Values) -> Answer:
        held = self._held_again(visit, values.text("plan"), values.text("review_kind"))
        return Answer(goto=self._address(visit, held, "look"))

    def _held_again(self, visit: Visit, plan_id: str, kind: str) -> ReviewView:
        wanted: ReviewKind = "yearly" if kind == "yearly" else "quarterly"
        return self._desk.review(wanted, visit.today, plan_id, visit.person, lang=visit.lang)

    def _tell_review(self, visit: Visit, values: Values) -> Answer:
        view, _ = self._kept_rows(visit, values)
        self._held_again(visit, view.plan.id, values.text("review_kind"))
        return Answer(say=say("pl_why_kept", visit.lang, n=len(view.told)), again=True)

    def _accept(self, visit: Visit, values: Values) -> Answer:
        try:
            self._desk.accept_review(values.text("review"), visit.person, lang=visit.lang)
        except InputError as error:
            return _fault("review", *told(error, visit.lang))
        held = next(r for r in self._desk.reviews(person=visit.person) if r.id == values.text("review"))
        return Answer(goto=self._address(visit, held, ""))

    def _address(self, visit: Visit, held: ReviewView, step: str) -> str:
        plans = self._desk.plans(visit.person)
        named = f"&plan={held.plan_id}" if len(plans) > 1 else ""
        return f"/plan?tab=review{named}&review={held.id}" + (f"&step={step}" if step else "")


def _page(lang: Lang, body: str, *, wide: bool = False) -> str:
    return f"<main class='page plan{' wide' if wide else ''}' id='coach-main-content' tabindex='-1'>{body}</main>"


def _head(view: PlanView, plans: list[PlanVersion]) -> str:
    plan = view.plan
    coming = min((m.on for m in plan.meetings if m.on >= view.today), default=None)
    facts = [view.say("pl_v_n", n=plan.version), view.say("pl_made", on=day(plan.made, view.lang))]
    if coming:
        facts.append(view.say("pl_next_review", on=day(coming, view.lang)))
    which = _which(view, plans) if view.several else ""
    return (
        f"<header class='plan-head'><div><h1>{escape(view.say('pl_title'))}</h1><p class='lede'>{escape(view.words.way)}</p>"
        f"<p class='small'>{escape(' · '.join(facts))}</p></div>{which}</header>"
    )


def _which(view: PlanView, plans: list[PlanVersion]) -> str:
    """The way from one plan to another, where there are several."""
    options = "".join(
        f"<option value='{escape(each.plan_id)}'{' selected' if each.plan_id == view.plan.id else ''}>"
        f"{escape(_named(view, number, each))}</option>"
        for number, each in enumerate(plans, 1)
    )
    return (
        f"<form method='get' action='/plan' class='which'><label for='which-plan'>{escape(view.say('pl_which'))}</label>"
        f"<div class='row'><select id='which-plan' name='plan'>{options}</select>"
        f"<button type='submit' class='btn plain'>{escape(view.say('pl_which_go'))}</button></div></form>"
    )


def _named(view: PlanView, number: int, each: PlanVersion) -> str:
    return view.say("pl_which_one", n=number, on=day(each.made.date(), view.lang))


def _tabs(view: PlanView, current: str) -> str:
    items = [Tab(label=view.say(f"pl_tab_{tab}"), href=view.href(tab), current=tab == current) for tab in TABS]
    return tabs(items, view.say("pl_tabs"))


def _name(changes: Mapping[str, Any], line: Line | None, lang: Lang) -> str:
    """The words of the line that is changed or added, as they would be."""
    new = [str(each["text"]) for part in ("change", "add") for each in changes.get(part, ()) if each.get("text")]
    return new[0] if new else line.text.of(lang) if line else ""


def _faults(sentence: str, name: str, lang: Lang) -> str:
    """Every fault on a line of its own, with readable dates, and without the `name` of the line before each of them."""
    prefixed = sentence.split(say("doc_colon", lang, label=name)) if name else [sentence]
    parts = [part.strip() for part in prefixed if part.strip()]
    return "\n".join(readable(part[0].upper() + part[1:], lang) for part in parts)


def _fault(place: str, sentence: str, mend: str = "") -> Answer:
    """A fault beside the form it is about, or by itself where there is none; what was typed stays."""
    if not place:
        return Answer(say=f"{sentence} {mend}".strip(), tone="bad")
    more = f"<p class='small'>{escape(mend)}</p>" if mend else ""
    return Answer(parts={f"fault-{place}": notice(sentence, "bad", more=more)}, tone="bad")


def _number(query: Mapping[str, str], name: str, otherwise: int) -> int:
    text = query.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else otherwise


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
