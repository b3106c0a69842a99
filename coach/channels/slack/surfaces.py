"""A person's own surfaces in Slack as Block Kit: home tab, check-in, assessment, plan, review, reminders.

Pure functions from what the desk hands out to plain dicts, and from a sent modal's values back to what the desk takes; nothing
is read or kept here. What people wrote stands in rich text and plain text, which Slack never reads as markup.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, tzinfo
from typing import Any, Literal

from coach.channels.slack import kit
from coach.channels.slack.kit import Block, Part, View
from coach.channels.today import Today, day, readable, sentences, today_of
from coach.development.assessment import Question
from coach.development.gaps import level_text
from coach.development.schema import MAX_FIELD, CheckIn, LevelResult, Line, Missing, Plan, Profile, ReviewRow, Standing
from coach.development.views import AssessmentView, ReviewView, StandingView
from coach.documents.words import Words, shortened
from coach.framework.files import Text
from coach.framework.schema import Framework
from coach.messages import both, say
from coach.store.channels import Reminders
from coach.store.records import CheckInEntry
from coach.types import Lang

Kind = Literal["checkin", "review"]
KINDS: tuple[Kind, ...] = ("checkin", "review")
STATUSES = ("done", "on_track", "stuck", "dropped")
_CONDITIONS = 3
_ASKED = 6  # lines of a check-in: more take longer than a minute
_LISTED = 6
_ANSWER = 3_000  # characters Slack lets somebody type into one field
_FIELDS = {"draft_question_role": "role", "draft_question_target": "target", "draft_question_hours": "constraints"}
"""The profile field that each question before a plan is about; whatever else is asked is about weak points."""


@dataclass(frozen=True, kw_only=True)
class CheckedIn:
    """What a sent check-in tells; `errors` are sentences by block, for words on a line without saying where it stands."""

    checkins: tuple[CheckIn, ...]
    errors: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class AnswerGiven:
    """The answer to one question, empty to pass it over; `enough`: the person wants the result now."""

    text: str
    enough: bool


# --- home ------------------------------------------------------------------------------------------------------------


def home(
    standing: StandingView,
    plan: Plan | None,
    checkins: Sequence[CheckInEntry],
    framework: Framework,
    today: date,
    lang: Lang,
    *,
    linked: bool,
    account_name: str = "",
    reminders: Reminders | None = None,
    zone: tzinfo = UTC,
    web: str = "",
) -> View:
    """The home tab. `checkins` are those of the plan, `zone` is the person's, `web` the address of the pages or empty."""
    sheet = kit.Sheet(lang)
    sheet.header(say("sv_home", lang))
    known = standing.found.profile != Profile() or standing.assessed is not None
    if known:
        _stage(sheet, standing, framework)
    else:
        sheet.line(say("sv_no_profile", lang))
    if plan is not None:
        now = today_of(plan, checkins, today, lang)
        _week(sheet, now)
        _meeting(sheet, now)
        sheet.buttons(
            kit.button("coach_checkin", say("pl_tab_checkin", lang), plan.id, primary=True),
            kit.button("coach_plan", say("me_do_follow_press", lang), plan.id),
            kit.button("coach_review", say("pl_to_review", lang), plan.id),
            _assess_button(standing, lang),
        )
    else:
        _first_steps(sheet, standing, known=known)
    sheet.divider()
    _account(sheet, linked, account_name)
    for kind in KINDS if plan else ():
        _reminder(sheet, kind, reminders or Reminders(), today, zone)
    if web:
        sheet.line([kit.link(f"{web.rstrip('/')}/me", say("sv_web", lang))])
    return {"type": "home", "blocks": sheet.blocks}


def _stage(sheet: kit.Sheet, standing: StandingView, framework: Framework) -> None:
    """The stage and the little that is still missing for the next."""
    lang, placed = sheet.lang, standing.found.standing
    if not standing.placed:
        sheet.line([kit.bold(say("me_now_open", lang))])
    else:
        name, sure = framework.stage(placed.stage).name.of(lang), say(f"doc_confidence_{placed.confidence}", lang)
        sheet.line([kit.bold(say("doc_stage_now", lang, stage=name, confidence=sure))])
    _conditions(sheet, placed, framework)


def _conditions(sheet: kit.Sheet, placed: Standing, framework: Framework) -> None:
    lang = sheet.lang
    if placed.next is None:
        sheet.line(say("me_now_top", lang))
        return
    following = framework.stage(placed.next).name.of(lang)
    if not placed.missing:
        sheet.line(say("me_now_all", lang, stage=following))
        return
    missing = sorted(placed.missing, key=lambda m: not m.known)
    sheet.items(say("sv_missing", lang, stage=following), [_condition(m, lang) for m in missing], most=_CONDITIONS)


def _condition(missing: Missing, lang: Lang) -> list[Block]:
    wanted = say("me_missing_one", lang, name=missing.name.of(lang), wanted=shortened(missing.wanted.of(lang), 100))
    return [kit.words(wanted if missing.known else f"{wanted} · {say('me_now_unknown', lang)}")]


def _week(sheet: kit.Sheet, now: Today) -> None:
    """What is due this week, overdue or stuck, and what was settled this week; where there is nothing, what comes next."""
    rows = [
        [kit.bold(now.say(f"pl_state_{now.state(line)}")), kit.words(f" {now.name(line)}{now.when(line)}")] for line in now.week
    ]
    if rows:
        sheet.items(now.say("sv_week"), rows, most=_LISTED)
        return
    soonest = min(now.open, key=lambda line: line.due, default=None)
    if soonest is None:
        sheet.line(now.say("sv_plan_all"))
        return
    coming = now.say("pl_calm_next", text=now.name(soonest), due=now.day(soonest.due))
    sheet.line(sentences([now.say("pl_calm"), coming], now.lang))


def _meeting(sheet: kit.Sheet, now: Today) -> None:
    meeting = min((m for m in now.plan.meetings if m.on >= now.today), key=lambda m: m.on, default=None)
    if meeting is not None:
        told = now.say("pl_next_review", on=now.day(meeting.on))
        sheet.line(f"{told[:1].upper()}{told[1:]} · {now.say(f'pl_review_{meeting.kind}')}")


def _first_steps(sheet: kit.Sheet, standing: StandingView, *, known: bool) -> None:
    """What to do as long as there is no plan, the next thing first."""
    lang = sheet.lang
    assess, draft = _assess_button(standing, lang), kit.button("coach_plan", say("pl_s_draft", lang))
    if not known:
        sheet.buttons(kit.button("coach_tell", say("sv_tell", lang), primary=True), assess)
        return
    if standing.assessed is None:
        going = bool(standing.under_way and standing.answered)
        sheet.line(say("me_do_go_on_why" if going else "me_do_start_why", lang, n=standing.answered))
        sheet.buttons({**assess, "style": "primary"}, draft)
        return
    sheet.line(sentences([say("me_do_plan", lang), say("me_do_plan_why", lang)], lang, stop=True))
    sheet.buttons({**draft, "style": "primary"}, assess)


def _assess_button(standing: StandingView, lang: Lang) -> Block:
    key = "me_do_start_press" if standing.assessed is None else "me_form_again"
    return kit.button("coach_assess", say("me_do_go_on_press" if standing.under_way and standing.answered else key, lang))


def _account(sheet: kit.Sheet, linked: bool, name: str) -> None:
    lang = sheet.lang
    if not linked:
        sheet.beside(say("sv_unlinked", lang), kit.button("coach_link", say("sv_link", lang)))
        return
    confirm = {
        "title": kit.plain(say("sv_unlink", lang), 100),
        "text": kit.plain(say("sv_unlink_sure", lang), 300),
        "confirm": kit.plain(say("web_yes", lang), 30),
        "deny": kit.plain(say("web_no", lang), 30),
    }
    unlink = {**kit.button("coach_unlink", say("sv_unlink", lang)), "confirm": confirm}
    sheet.beside(say("sv_linked", lang, name=shortened(name, kit.SHORT)), unlink)


def _reminder(sheet: kit.Sheet, kind: Kind, reminders: Reminders, today: date, zone: tzinfo) -> None:
    """Whether somebody is reminded, and the way to change it."""
    lang, until = sheet.lang, reminders.snoozed.get(kind)
    resumed = until.astimezone(zone).date() if until else today
    told, change = say("sv_remind_on", lang), kit.button("coach_stop", say("sv_stop", lang), kind)
    if kind in reminders.off:
        told, change = say("sv_remind_off", lang), kit.button("coach_remind", say("sv_remind_again", lang), kind)
    elif resumed > today:
        told = say("sv_remind_snoozed", lang, on=day(resumed, lang, today))
        change = kit.button("coach_remind", say("sv_remind_again", lang), kind)
    sheet.beside(say("doc_colon", lang, label=say(f"sv_remind_{kind}", lang)) + told, change)


# --- check-in --------------------------------------------------------------------------------------------------------


def checkin_modal(plan: Plan, checkins: Sequence[CheckInEntry], today: date, lang: Lang) -> View:
    """A check-in of one minute: where each line stands, as it was told last, and a sentence for who wants to add one."""
    now = today_of(plan, checkins, today, lang)
    asked = now.asked
    if not asked:
        return kit.modal(
            say("pl_ck_title", lang), [kit.sentence(say("pl_calm" if now.open else "pl_ck_nothing_why", lang))], lang
        )
    blocks = [kit.sentence(say("pl_ck_lede", lang))]
    for line in asked[:_ASKED]:
        blocks += _asked_line(now, line)
    if len(asked) > _ASKED:
        blocks.append(kit.small(say("sv_checkin_more", lang, n=len(asked) - _ASKED)))
    return kit.modal(say("pl_ck_title", lang), blocks, lang, callback="coach_checkin_done", kept=plan.id, submit="pl_ck_one")


def _asked_line(now: Today, line: Line) -> list[Block]:
    options = {status: kit.option(now.say(f"pl_told_{status}"), status) for status in STATUSES}
    told = now.told.get(line.id)
    radios: Block = {"type": "radio_buttons", "action_id": "status", "options": list(options.values())}
    state = [now.due(line)]
    if told is not None:
        radios["initial_option"] = options[told.status]
        state.append(now.say("pl_last_told", on=now.day(told.on), status=now.say(f"pl_told_{told.status}")))
    note = kit.typed("note", MAX_FIELD, hint=now.say("pl_ck_words_help"))
    return [
        kit.question(f"status.{line.id}", now.name(line), radios, hint=" · ".join(state)),
        kit.question(f"note.{line.id}", now.say("sv_note"), note),
    ]


def checkin_from(
    values: Mapping[str, Mapping[str, Any]], plan: Plan, checkins: Sequence[CheckInEntry], today: date, lang: Lang
) -> CheckedIn:
    """The check-ins of a sent modal. `values` are Slack's `view.state.values`, `checkins` those given before it.

    What is left as it was told before is told again as of today, with the words it had: so it stays known what shows it.
    """
    now = today_of(plan, checkins, today, lang)
    found: list[CheckIn] = []
    errors: dict[str, str] = {}
    for line in plan.lines:
        status, note = _chosen(values, f"status.{line.id}"), _written(values, f"note.{line.id}", "note")
        if status in STATUSES:
            found += _told_now(now, line, status, note)
        elif note:
            errors[f"status.{line.id}"] = say("pl_ck_unclear", lang, lines=f"“{now.name(line)}”")
    return CheckedIn(checkins=tuple(found), errors=errors)


def _told_now(now: Today, line: Line, status: str, note: str) -> list[CheckIn]:
    before = now.told.get(line.id)
    if before is not None and before.status == status and not note:
        settled = status in ("done", "dropped") or before.on == now.today
        return [] if settled else [before.model_copy(update={"on": now.today})]
    kind = "evidence" if status in ("done", "on_track") else "obstacle"
    return [CheckIn.model_validate({"line": line.id, "on": now.today, "status": status, kind: note})]


def checkin_result(new: Sequence[CheckIn], plan: Plan, checkins: Sequence[CheckInEntry], today: date, lang: Lang) -> Part:
    """What is said after a check-in: how much was noted, what is no longer overdue, and which evidence is still missing.

    `checkins` are those given before.
    """
    sheet = kit.Sheet(lang)
    if not new:
        sheet.line(say("sv_checkin_same", lang))
        return sheet.part
    before = today_of(plan, checkins, today, lang)
    after = before.with_told(new)
    told = [say("pl_ck_kept", lang, n=len(new))]
    if len(after.late) < len(before.late):
        left = say("pl_ck_late_left", lang, before=len(before.late), after=len(after.late))
        told.append(left if after.late else say("pl_ck_late_gone", lang))
    sheet.line(sentences(told, lang))
    bare = [plan.line(c.line) for c in new if c.status == "done" and not c.evidence]
    wanted = [say("pl_ck_done", lang, evidence=shortened(line.evidence.of(lang), kit.LONG)) for line in bare]
    for line, text in zip(bare, wanted, strict=True):
        sheet.line([kit.bold(after.name(line)), kit.words(f" · {text}")])
    return sheet.part


# --- assessment ------------------------------------------------------------------------------------------------------


def assess_modal(view: AssessmentView, framework: Framework, lang: Lang) -> View:
    """The next question of an assessment; at its end, the way to the result. Where all were skipped, the first again."""
    title, question = say("pl_s_assessment", lang), view.next
    answered = sum(1 for text in view.answers.values() if text)
    sheet = kit.Sheet(lang)
    if question is None and not answered:
        sheet.line(sentences([say("me_form_finish_empty", lang), say("me_form_finish_mend", lang)], lang))
        question = view.questions[0]
    if question is None:
        sheet.line(say("sv_answer_done", lang, n=answered, m=len(view.answers) - answered))
        return _assess_step(view, "", title, sheet.blocks, lang, submit="me_form_finish")
    sheet.small(_progress(view, question, answered, framework, lang))
    sheet.line([kit.bold(question.text)])
    sheet.items(say("me_form_counts", lang), [[kit.words(shortened(c, kit.LONG))] for c in question.counts], most=_LISTED)
    answer = {**kit.typed("answer", _ANSWER), "focus_on_load": True}
    hint = sentences([say("me_form_hint", lang), say("sv_answer_hint", lang)], lang)
    sheet.blocks.append(kit.question("answer", say("me_form_said", lang), answer, hint=hint))
    if answered:
        box = {"type": "checkboxes", "action_id": "enough", "options": [kit.option(say("sv_answer_enough", lang), "yes")]}
        sheet.blocks.append(kit.question("enough", say("sv_answer_end", lang), box))
    return _assess_step(view, question.indicator, title, sheet.blocks, lang, submit="sv_answer_send")


def _progress(view: AssessmentView, question: Question, answered: int, framework: Framework, lang: Lang) -> str:
    pillar = framework.pillar(question.pillar).name.of(lang)
    if view.form == "short":
        at = [q.indicator for q in view.questions].index(question.indicator) + 1
        return say("me_form_at", lang, pillar=pillar, n=at, total=len(view.questions))
    at = [p.id for p in framework.pillars].index(question.pillar) + 1
    return say("me_form_at_full", lang, pillar=pillar, n=at, total=len(framework.pillars), answered=answered)


def _assess_step(view: AssessmentView, indicator: str, title: str, blocks: list[Block], lang: Lang, *, submit: str) -> View:
    kept = json.dumps({"id": view.id, "indicator": indicator})
    close = "me_form_leave"
    return kit.modal(title, blocks, lang, callback="coach_assess_answer", kept=kept, submit=submit, close=close)


def assess_from(values: Mapping[str, Mapping[str, Any]]) -> AnswerGiven:
    """What a sent question holds; `values` are Slack's `view.state.values`."""
    enough = values.get("enough", {}).get("enough", {}).get("selected_options")
    return AnswerGiven(text=_written(values, "answer", "answer"), enough=bool(enough))


def assess_result(
    view: AssessmentView, standing: StandingView, framework: Framework, lang: Lang, *, planned: bool = False
) -> Part:
    """The result of an assessment that is done: stage, what is missing, a level for each pillar, the next step.

    `planned`: there is a plan already.
    """
    sheet = kit.Sheet(lang)
    sheet.header(say("me_form_finished", lang))
    _stage(sheet, standing, framework)
    if view.problem:
        sheet.line(say("me_form_unreadable", lang))
    known = {p.id: say("doc_colon", lang, label=p.name.of(lang)) for p in framework.pillars}
    found = sorted((r for r in view.results if r.pillar in known), key=lambda r: r.level is None)
    if found:
        sheet.items(say("doc_levels", lang), [_level(r, known[r.pillar], framework, lang) for r in found])
    step = "follow" if planned else "plan"
    sheet.line(sentences([say(f"me_do_{step}", lang), say(f"me_do_{step}_why", lang)], lang, stop=True))
    sheet.buttons(kit.button("coach_plan", say(f"me_do_{step}_press", lang), primary=True))
    return sheet.part


def _level(result: LevelResult, label: str, framework: Framework, lang: Lang) -> list[Block]:
    if result.level is None:
        return [kit.bold(label + say("doc_level_unknown", lang))]
    name = label + level_text(framework, result.level).of(lang)
    return [kit.bold(name), kit.words(f" · {shortened(result.rubric.of(lang), kit.LONG)}")]


# --- plan ------------------------------------------------------------------------------------------------------------


def plan_message(
    plan: Plan,
    checkins: Sequence[CheckInEntry],
    framework: Framework,
    today: date,
    lang: Lang,
    *,
    shareable: bool = False,
) -> Part:
    """A plan in short with what can be done with it; `shareable` where it is shown privately within a channel."""
    sheet = kit.Sheet(lang)
    sheet.header(say("doc_title", lang))
    _plan(sheet, today_of(plan, checkins, today, lang), framework)
    sheet.buttons(
        kit.button("coach_checkin", say("pl_tab_checkin", lang), plan.id, primary=True),
        kit.button("coach_review", say("pl_to_review", lang), plan.id),
        kit.button("coach_export", say("sv_export", lang), f"docx|{plan.id}"),
    )
    if shareable:
        share = kit.button("coach_share_plan", say("sv_share", lang), plan.id)
        sheet.buttons(share, kit.button("coach_keep_plan", say("sv_keep", lang), plan.id))
    return sheet.part


def plan_share(plan: Plan, checkins: Sequence[CheckInEntry], framework: Framework, today: date, lang: Lang, *, by: str) -> Part:
    """The same for a channel, when its owner (`by`, a Slack user) shares it; nothing of what they told about it."""
    sheet = kit.Sheet(lang)
    sheet.header(say("doc_title", lang))
    sheet.line([{"type": "user", "user_id": by}, kit.words(f" {say('sv_shared_by', lang)}")])
    _plan(sheet, today_of(plan, checkins, today, lang), framework)
    return sheet.part


def _plan(sheet: kit.Sheet, now: Today, framework: Framework) -> None:
    sheet.line([kit.bold(Words(now.plan, framework, now.lang).aim)])
    late = [[kit.words(f"{now.name(line)}{now.when(line)}")] for line in now.late]
    if late:
        sheet.items(now.say("pl_overdue"), late, most=_LISTED)
    coming = sorted((line for line in now.open if line.role == "action" and line not in now.late), key=lambda line: line.due)
    rows = [[kit.words(_measured(now, line))] for line in coming]
    if rows:
        sheet.items(now.say("sv_plan_next"), rows, most=_LISTED)
    if not late and not rows:
        sheet.line(now.say("sv_plan_all"))
    _meeting(sheet, now)


def _measured(now: Today, line: Line) -> str:
    measure = shortened(line.measure.of(now.lang).rstrip("。."), kit.SHORT)
    return now.say("me_goal", text=now.name(line).rstrip("。."), due=now.day(line.due), measure=measure)


# --- review ----------------------------------------------------------------------------------------------------------


def review_message(view: ReviewView, framework: Framework, lang: Lang) -> Part:
    """A review: what was done, what not and why, what is proposed, and the button that makes it the plan."""
    review, sheet = view.review, kit.Sheet(lang)
    name = next(r.name.of(lang) for r in framework.plan.reviews if r.id == review.kind)
    sheet.header(say("pl_r_title", lang, kind=name, on=day(review.on, lang)))
    sheet.line(readable(review.summary.of(lang), lang))
    if review.stage and view.plan:
        words = Words(view.plan, framework, lang)
        before, reached, target = (words.stage(stage) for stage in (view.plan.stage, review.stage, view.plan.target))
        sheet.line(say("pl_stage", lang, before=before, now=reached, target=target))
    done = [r for r in review.rows if r.status == "done"]
    failed = [r for r in review.rows if r.status in ("stuck", "dropped") or (r.status is None and r.planned <= review.on)]
    changed = [r for r in review.rows if r.due or r.replaced_by or r.status in ("done", "dropped")]
    for key, rows in (
        ("sv_review_done", [_row(r, r.shown, "pl_do_prove", lang) for r in done]),
        ("sv_review_not", [_row(r, r.obstacle, "sv_no_reason" if r.status else "desk_no_news", lang) for r in failed]),
        ("sv_review_next", [_proposed(r, lang) for r in changed]),
    ):
        if rows:
            sheet.items(say(key, lang), rows, of_room=0.3)
    if len(changed) < len(review.rows):
        sheet.line(say("pl_next_same", lang, n=len(review.rows) - len(changed)))
    if view.state == "done":
        sheet.line(say("pl_r_done", lang, n=review.version + 1))
    elif review.rows:
        sheet.buttons(
            kit.button("coach_accept_review", say("pl_accept", lang, n=review.version + 1), view.id, primary=True),
            kit.button("coach_checkin", say("pl_tab_checkin", lang), view.plan_id),
        )
    return sheet.part


def _row(r: ReviewRow, words: str, without: str, lang: Lang) -> list[Block]:
    """A line with the person's own words on it, or what is said where there are none."""
    told = say("sv_said", lang, words=shortened(words, kit.SHORT)) if words else say(without, lang)
    return [kit.words(f"{shortened(r.text.of(lang), kit.SHORT)} · {told}")]


def _proposed(r: ReviewRow, lang: Lang) -> list[Block]:
    if r.status == "done":
        key = "done" if r.shown else "prove"
    else:
        key = "replace" if r.replaced_by else "drop" if r.status == "dropped" else "move"
    change = shortened(readable(r.change.of(lang), lang), kit.LONG)
    return [kit.bold(say(f"pl_do_{key}", lang)), kit.words(f" {shortened(r.text.of(lang), kit.SHORT)} · {change}")]


# --- reminders, and what is asked first ------------------------------------------------------------------------------


def nudge(kind: Kind, lines: Sequence[Text], lang: Lang) -> Part:
    """A reminder, with what the desk reminds of today; it can be put off for a day or a week, and stopped."""
    sheet = kit.Sheet(lang)
    rows = [[kit.words(shortened(readable(line.of(lang), lang), kit.LONG))] for line in lines]
    if rows:
        sheet.items(say(f"sv_nudge_{kind}", lang), rows, most=_LISTED)
    else:
        sheet.line([kit.bold(say(f"sv_nudge_{kind}", lang))])
    main = {"checkin": ("coach_checkin", "pl_tab_checkin"), "review": ("coach_review", "pl_to_review")}[kind]
    # Slack wants an action once in a block, so the two ways to put it off stand in two.
    sheet.buttons(
        kit.button(main[0], say(main[1], lang), primary=True), kit.button("coach_snooze", say("sv_snooze_1", lang), f"1|{kind}")
    )
    sheet.buttons(
        kit.button("coach_snooze", say("sv_snooze_7", lang), f"7|{kind}"), kit.button("coach_stop", say("sv_stop", lang), kind)
    )
    return sheet.part


def draft_needed(questions: Sequence[Text], lang: Lang) -> Part:
    """What the coach has to know before a plan is worth having, and the button to tell it."""
    sheet = kit.Sheet(lang)
    sheet.items(say("draft_clarify", lang), [[kit.words(q.of(lang))] for q in questions])
    sheet.buttons(kit.button("coach_tell", say("sv_answer_these", lang), primary=True))
    return sheet.part


def tell_modal(questions: Sequence[Text], lang: Lang) -> View:
    """The same questions to be answered; what is answered goes into the profile as it was written.

    Without any question there is enough for a plan, and the modal says so.
    """
    if not questions:
        enough = sentences([say("me_do_plan", lang), say("me_do_plan_why", lang)], lang, stop=True)
        return kit.modal(say("sv_tell_title", lang), [kit.sentence(enough)], lang)
    blocks = [kit.sentence(say("pl_q_why", lang))]
    blocks += [kit.question(_field(q), q.of(lang), {**kit.typed("told", MAX_FIELD), "multiline": True}) for q in questions]
    return kit.modal(say("sv_tell_title", lang), blocks, lang, callback="coach_told", submit="sv_tell_keep")


def told_from(values: Mapping[str, Mapping[str, Any]], profile: Profile) -> dict[str, Any]:
    """What a sent form adds to the profile, for `Desk.set_profile(merge=True)`; what stands there already stays."""
    found: dict[str, Any] = {}
    about = [profile.about] if profile.about else []
    for name in (*_FIELDS.values(), "weaknesses"):
        said, before = _written(values, name, "told"), getattr(profile, name)
        if said and isinstance(before, tuple):
            found[name] = [*before, said]
        elif said and before:
            found["about"] = "\n".join(about := [*about, said])
        elif said:
            found[name] = said
    return found


def _field(question: Text) -> str:
    return next((name for key, name in _FIELDS.items() if question == both(key)), "weaknesses")


# --- what was sent ---------------------------------------------------------------------------------------------------


def _chosen(values: Mapping[str, Mapping[str, Any]], block: str) -> str:
    option = values.get(block, {}).get("status", {}).get("selected_option")
    return option["value"] if option else ""


def _written(values: Mapping[str, Mapping[str, Any]], block: str, action: str) -> str:
    return (values.get(block, {}).get(action, {}).get("value") or "").strip()
