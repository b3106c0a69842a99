"""The personal surfaces in Slack over real desks: what people of the development set see, in both languages, within Slack's limits.

What a modal sends back goes through the desk again, so that whole rounds are made: an assessment to its end, a check-in that
changes the home tab, a review that becomes the next version.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache
from itertools import chain
from typing import Any

import pytest

from coach.channels.slack import surfaces
from coach.channels.slack.kit import Part
from coach.channels.today import readable
from coach.development.desk import Desk
from coach.development.editing import Changes, LineChange, OwnLine
from coach.development.schema import CheckIn, Plan, public
from coach.messages import CATALOGUE, say
from coach.store.channels import Reminders
from coach.text import language
from coach.types import Lang
from evals.development import cases
from evals.slack_blocks import too_long, wrong_with, wrong_with_view
from tests.channels.limits import check, check_part, check_view, shown
from tests.development.test_desk import desk_at

TODAY = date(2026, 11, 25)  # a Wednesday
LANGS: tuple[Lang, ...] = ("zh", "en")
PEOPLE = {each["id"]: each["profile"] for each in cases("people")}
WORKED = {
    "zh": "去年我牵头做了会员项目，和产品、财务一起定了目标，首单转化从2.1%做到3.4%，省下广告费120万元，复盘报告给了CEO。",
    "en": "Last year I led the membership project with product and finance; first-order conversion rose from 2.1% to 3.4%.",
}
EXCUSE = {"zh": "老板整月出差，没有人拍板", "en": "My boss was travelling all month and nobody could decide"}
NASTY = "<!channel> <@U1> *b* `c` & ~x~ :smile: <https://x.example|y> \u202e🙂"
OTHER: dict[Lang, Lang] = {"zh": "en", "en": "zh"}
HAN = re.compile(r"[\u3400-\u9fff]")
ENGLISH = re.compile(r"[A-Za-z’'-]{2,}(?: [A-Za-z’'-]{1,}){2,}")
GLOSS = re.compile(r"[(（][\u3400-\u9fff·]+[)）]")

View = dict[str, Any]


@dataclass(frozen=True)
class Someone:
    """A person of the development set with a plan whose first action is overdue."""

    desk: Desk
    lang: Lang
    plan: Plan
    profile: dict[str, Any]

    @property
    def framework(self):
        return self.desk.framework

    @property
    def checkins(self):
        return self.desk.checkins(self.plan.id)

    def home(self, lang: Lang | None = None, **more: Any) -> View:
        lang = lang or self.lang
        standing = self.desk.standing(lang=lang)
        return surfaces.home(standing, self.plan, self.checkins, self.framework, TODAY, lang, **{"linked": False, **more})

    def modal(self, lang: Lang | None = None) -> View:
        return surfaces.checkin_modal(self.plan, self.checkins, TODAY, lang or self.lang)

    def send(self, values: dict[str, Any], today: date = TODAY) -> Part:
        """A check-in sent, kept and answered, as the app does it."""
        before = self.checkins
        told = surfaces.checkin_from(values, self.plan, before, today, self.lang)
        assert told.errors == {}
        for each in told.checkins:
            self.desk.checkin(self.plan.id, each, lang=self.lang)
        return sound(surfaces.checkin_result(told.checkins, self.plan, before, today, self.lang))


def someone_of(path, case: str) -> Someone:
    """With profile, one assessment that is done, and a plan made so long ago that an action is overdue."""
    lang: Lang = "zh" if "-zh-" in case else "en"
    desk, profile = desk_at(path), PEOPLE[case]
    desk.set_profile(profile, lang=lang)
    begun = desk.start_assessment("short", lang=lang)
    desk.answer(begun.id, {q.indicator: WORKED[lang] for q in begun.questions[:2]}, lang=lang)
    desk.finish(begun.id, lang=lang)
    drafted = desk.draft(profile, lang, TODAY).draft.plan
    assert drafted is not None
    ago = min(line.due for line in drafted.actions) - TODAY + timedelta(days=5)
    _, plan = desk.new_plan(lang=lang, today=TODAY - ago)
    assert plan is not None and min(line.due for line in plan.actions) < TODAY
    return Someone(desk, lang, plan, profile)


@pytest.fixture(params=["p-zh-13", "p-en-03"])
def someone(request, tmp_path):
    made = someone_of(tmp_path / "people.db", request.param)
    yield made
    made.desk.close()


@pytest.fixture
def desk(tmp_path):
    made = desk_at(tmp_path / "people.db")
    yield made
    made.close()


# --- what is shown, and what can be pressed -----------------------------------------------------------------------------


def sound(made: Any) -> Any:
    """A message or view that Slack takes as it is."""
    if isinstance(made, dict):
        assert wrong_with_view(made) == ""
        check(made["blocks"], most=100)
        if made["type"] == "modal":
            check_view(made)
        return made
    text, blocks = made
    assert wrong_with(blocks) == "" and not too_long(blocks)
    assert 0 < len(text) <= 3_600 and len(seen(blocks)) <= 3_600
    if not any(span["type"] == "user" for span in spans(blocks)):
        check_part(made)
    return made


def spans(blocks: list[View]) -> list[View]:
    """Every span of rich text."""
    rich = chain.from_iterable(b["elements"] for b in blocks if b["type"] == "rich_text")
    sections = chain.from_iterable(e["elements"] if e["type"] == "rich_text_list" else [e] for e in rich)
    return [span for section in sections for span in section["elements"]]


def seen(made: Any) -> str:
    """Every visible text of blocks, a message or a view."""
    blocks = made["blocks"] if isinstance(made, dict) else made if isinstance(made, list) else made[1]
    return shown(blocks)


def rows(made: Any) -> list[str]:
    """The entries of all lists."""
    blocks = made["blocks"] if isinstance(made, dict) else made[1]
    lists = [e for b in blocks if b["type"] == "rich_text" for e in b["elements"] if e["type"] == "rich_text_list"]
    return ["".join(span["text"] for span in row["elements"]) for each in lists for row in each["elements"]]


def presses(made: Any) -> list[tuple[str, str]]:
    """(action, value) of every button."""
    blocks = made["blocks"] if isinstance(made, dict) else made[1]
    found = [e for b in blocks for e in (*b.get("elements", ()), b.get("accessory", {})) if e.get("type") == "button"]
    return [(e["action_id"], e["value"]) for e in found]


def inputs(view: View) -> dict[str, View]:
    return {b["block_id"]: b for b in view["blocks"] if b["type"] == "input"}


def asked_lines(view: View) -> list[str]:
    return [name.partition(".")[2] for name in inputs(view) if name.startswith("status.")]


def said_of(line: str, status: str = "", note: str = "") -> dict[str, Any]:
    """One line of a check-in, as Slack sends it."""
    option = {"value": status, "text": {"type": "plain_text", "text": "x"}} if status else None
    return {
        f"status.{line}": {"status": {"type": "radio_buttons", "selected_option": option}},
        f"note.{line}": {"note": {"type": "plain_text_input", "value": note or None}},
    }


def as_shown(view: View) -> dict[str, Any]:
    """A check-in sent without touching anything."""
    found: dict[str, Any] = {}
    for line in asked_lines(view):
        chosen = inputs(view)[f"status.{line}"]["element"].get("initial_option")
        found |= said_of(line, chosen["value"] if chosen else "")
    return found


def own_line(text: str, due: date) -> OwnLine:
    return OwnLine(role="action", text=f"Lunch {text}", measure="Five talks held", evidence="Notes of the talks", due=due)


def answer(text: str, *, enough: bool = False) -> dict[str, Any]:
    """The values of a question of the assessment, as Slack sends them."""
    chosen = [{"value": "yes", "text": {"type": "plain_text", "text": "x"}}] if enough else []
    return {"answer": {"answer": {"value": text or None}}, "enough": {"enough": {"selected_options": chosen}}}


@cache
def sentences(lang: Lang) -> frozenset[str]:
    """Every sentence of ours in a language, long enough to be no name; those with a value in them up to it."""
    whole = {part.strip() for texts in CATALOGUE.values() for part in re.split(r"\{[^}]*\}", texts[lang])}
    return frozenset(part for part in whole if len(part) >= (6 if lang == "zh" else 16) and language(part) == lang)


def foreign(text: str, lang: Lang) -> list[str]:
    """Sentences of ours in the other language."""
    return [part for part in sentences(OTHER[lang]) if part in text]


def own_words(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return [word for part in parts for word in own_words(part)]


def every_surface(who: Someone, lang: Lang) -> dict[str, Any]:
    """One of each, after a line was done, one is stuck and one was given up."""
    plan, framework, desk = who.plan, who.framework, who.desk
    begun = desk.start_assessment("short", lang=lang)
    first = surfaces.assess_modal(begun, framework, lang)
    begun = desk.answer(begun.id, {begun.questions[0].indicator: WORKED[who.lang]}, lang=lang)
    second = surfaces.assess_modal(begun, framework, lang)
    fresh = who.modal(lang)
    done = desk.finish(begun.id, lang=lang)
    actions = sorted(plan.actions, key=lambda line: line.due)
    told = [
        CheckIn(line=actions[0].id, on=TODAY, status="done", evidence=WORKED[who.lang]),
        CheckIn(line=actions[1].id, on=TODAY, status="stuck", obstacle=EXCUSE[who.lang]),
        CheckIn(line=actions[2].id, on=TODAY, status="dropped", obstacle=EXCUSE[who.lang]),
    ]
    result = surfaces.checkin_result(told, plan, who.checkins, TODAY, lang)
    before = who.home(lang)
    for each in told:
        desk.checkin(plan.id, each, lang=lang)
    quarterly, yearly = (desk.review(kind, TODAY, plan.id, lang=lang) for kind in ("quarterly", "yearly"))
    questions = desk.draft({}, lang, TODAY).draft.questions
    return {
        "home": before,
        "home after": who.home(lang, linked=True, account_name="lin", web="https://coach.example/"),
        "check-in": fresh,
        "check-in again": who.modal(lang),
        "check-in result": result,
        "assess": first,
        "assess on": second,
        "assess result": surfaces.assess_result(done, desk.standing(lang=lang), framework, lang),
        "plan": surfaces.plan_message(plan, who.checkins, framework, TODAY, lang, shareable=True),
        "share": surfaces.plan_share(plan, who.checkins, framework, TODAY, lang, by="U1"),
        "review": surfaces.review_message(quarterly, framework, lang),
        "yearly": surfaces.review_message(yearly, framework, lang),
        "nudge": surfaces.nudge("checkin", desk.nudges(TODAY, plan.id, lang=lang), lang),
        "nudge review": surfaces.nudge("review", (), lang),
        "needed": surfaces.draft_needed(questions, lang),
        "tell": surfaces.tell_modal(questions, lang),
    }


# --- everybody ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", [*PEOPLE][::2])
def test_everything_a_person_sees_is_within_slacks_limits_and_in_one_language(case, tmp_path):
    who = someone_of(tmp_path / "people.db", case)
    words = [" ".join(w.split()) for w in (*own_words(who.profile), WORKED[who.lang], EXCUSE[who.lang])]
    ids = {who.plan.id, *(a.id for a in who.desk.assessments(lang=who.lang)), *(r.id for r in who.desk.reviews())}
    names = {q.id for group in who.framework.indicators.values() for q in group} | {a.action for a in who.plan.actions}
    for name, made in every_surface(who, who.lang).items():
        text = seen(sound(made))
        assert not foreign(text, who.lang), name
        assert not [each for each in ids | names if len(each) > 3 and re.search(rf"\b{re.escape(each)}\b", text)], name
        for part in text.splitlines():
            bare = " ".join(GLOSS.sub("", part).split())
            for own in words:
                bare = bare.replace(own, "")
            quoted = re.sub(r"“[^”]*”", "", bare)
            other = HAN.search(quoted) if who.lang == "en" else ENGLISH.search(quoted) and not HAN.search(quoted)
            assert not other, (name, part)
    who.desk.close()


@pytest.mark.parametrize("case", ["p-zh-13", "p-en-03"])
def test_the_same_in_the_other_language(case, tmp_path):
    who = someone_of(tmp_path / "people.db", case)
    for name, made in every_surface(who, OTHER[who.lang]).items():
        assert not foreign(seen(sound(made)), OTHER[who.lang]), name
    who.desk.close()


@pytest.mark.parametrize("case", ["p-zh-01", "p-zh-13", "p-en-03", "p-en-08"])
def test_nothing_is_shown_that_the_desk_did_not_hand_out(case, tmp_path):
    who = someone_of(tmp_path / "people.db", case)
    standing, lang = who.desk.standing(lang=who.lang), who.lang
    names = [line.text.of(lang).rstrip("。.") for line in who.plan.lines]
    conditions = [m.name.of(lang) for m in standing.found.standing.missing]
    more = {say("sv_more", lang, n=n) for n in range(40)}
    for made in (
        who.home(),
        surfaces.plan_message(who.plan, who.checkins, who.framework, TODAY, lang),
        surfaces.plan_share(who.plan, who.checkins, who.framework, TODAY, lang, by="U1"),
    ):
        for row in rows(made):
            assert row in more or row.startswith(tuple(conditions)) or any(name in row for name in names), row
        days = {str(abs((line.due - TODAY).days)) for line in who.plan.lines}
        dates = {d for line in who.plan.lines for d in (line.due, line.start)} | {m.on for m in who.plan.meetings}
        known = set(re.findall(r"\d+", json.dumps([public(who.plan), public(standing.found.standing)], ensure_ascii=False)))
        known |= days | {str(n) for d in dates for n in (d.year, d.month, d.day)} | {str(len(conditions) - 3)}
        assert set(re.findall(r"\d+", seen(made))) <= known
    who.desk.close()


# --- home ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGS)
def test_somebody_new_is_told_what_to_do(desk, lang):
    def home():
        return sound(surfaces.home(desk.standing(lang=lang), None, [], desk.framework, TODAY, lang, linked=False))

    new = home()
    assert say("sv_no_profile", lang) in seen(new)
    assert [a for a, _ in presses(new)] == ["coach_tell", "coach_assess", "coach_link"]
    assert say("doc_stage_now", lang, stage="", confidence="").split("：")[0].split(":")[0] not in seen(new)

    desk.set_profile({"role": "市场总监" if lang == "zh" else "Marketing director"}, lang=lang)
    told = home()
    assert say("me_do_start_why", lang) in seen(told)
    assert [a for a, _ in presses(told)] == ["coach_assess", "coach_plan", "coach_link"]

    begun = desk.start_assessment("short", lang=lang)
    desk.answer(begun.id, {begun.next.indicator: WORKED[lang]}, lang=lang)
    assert say("me_do_go_on_why", lang, n=1) in seen(home()) and say("me_do_go_on_press", lang) in seen(home())

    desk.finish(begun.id, lang=lang)
    assessed = home()
    assert say("me_do_plan_why", lang) in seen(assessed)
    assert [a for a, _ in presses(assessed)] == ["coach_plan", "coach_assess", "coach_link"]


def test_the_home_tab_has_stage_conditions_week_and_next_review(someone):
    lang, text = someone.lang, seen(sound(someone.home()))
    standing = someone.desk.standing(lang=lang).found.standing
    assert someone.framework.stage(standing.stage).name.of(lang) in text
    assert sum(m.name.of(lang) in text for m in standing.missing) == min(3, len(standing.missing))
    late = [line for line in someone.plan.lines if line.due < TODAY]
    assert late and all(line.text.of(lang) in text for line in late)
    assert say("pl_state_late", lang) in text
    meeting = min(m.on for m in someone.plan.meetings if m.on >= TODAY)
    assert (f"{meeting.month}月{meeting.day}日" if lang == "zh" else f"{meeting.day} {meeting:%B}") in text
    assert ("coach_checkin", someone.plan.id) in presses(someone.home())


def test_a_week_without_anything_due_says_what_comes_next(someone):
    calm = surfaces.home(
        someone.desk.standing(lang=someone.lang),
        someone.plan.model_copy(update={"goals": (), "actions": someone.plan.actions[-1:]}),
        [], someone.framework, someone.plan.made, someone.lang, linked=False,
    )  # fmt: skip
    text = seen(sound(calm))
    assert say("pl_calm", someone.lang) in text and someone.plan.actions[-1].text.of(someone.lang) in text
    assert say("sv_week", someone.lang) not in text


def test_an_account_is_linked_and_unlinked_with_a_question_first(someone):
    linked = sound(someone.home(linked=True, account_name="lin"))
    button = next(b["accessory"] for b in linked["blocks"] if b.get("accessory", {}).get("action_id") == "coach_unlink")
    assert button["confirm"]["text"]["text"] == say("sv_unlink_sure", someone.lang)
    assert "lin" in seen(linked) and "coach_link" not in dict(presses(linked))
    assert "coach_unlink" not in dict(presses(someone.home()))


def test_the_link_to_the_pages_stands_there_only_with_an_address(someone):
    with_pages = someone.home(web="https://coach.example/")
    assert [s["url"] for s in spans(sound(with_pages)["blocks"]) if s["type"] == "link"] == ["https://coach.example/me"]
    assert not [s for s in spans(someone.home()["blocks"]) if s["type"] == "link"]


def test_reminders_show_how_they_are_set_in_the_persons_time_zone(someone):
    lang, shanghai = someone.lang, timezone(timedelta(hours=8))
    until = datetime(2026, 11, 30, 17, 0, tzinfo=UTC)  # the first of December in Shanghai
    home = sound(someone.home(reminders=Reminders(off=("review",), snoozed={"checkin": until}), zone=shanghai))
    pressed = presses(home)
    assert ("coach_remind", "checkin") in pressed and ("coach_remind", "review") in pressed
    assert ("12月1日" if lang == "zh" else "1 December") in seen(home) and say("sv_remind_off", lang) in seen(home)
    past = sound(someone.home(reminders=Reminders(snoozed={"checkin": datetime(2026, 11, 24, 9, tzinfo=UTC)})))
    assert ("coach_stop", "checkin") in presses(past) and ("coach_stop", "review") in presses(past)


# --- check-in -----------------------------------------------------------------------------------------------------------


def test_a_check_in_changes_what_the_home_tab_shows(someone):
    lang, modal = someone.lang, sound(someone.modal())
    assert modal["private_metadata"] == someone.plan.id and modal["callback_id"] == "coach_checkin_done"
    late = next(line for line in someone.plan.lines if line.due < TODAY)
    assert asked_lines(modal)[0] == late.id and "initial_option" not in inputs(modal)[f"status.{late.id}"]["element"]

    before = next(row for row in rows(someone.home()) if late.text.of(lang) in row)
    assert before.startswith(say("pl_state_late", lang))
    result = someone.send(said_of(late.id, "done", WORKED[lang]))
    assert say("pl_ck_kept", lang, n=1) in result[0] and say("pl_ck_late_gone", lang) in result[0]
    after = next(row for row in rows(someone.home()) if late.text.of(lang) in row)
    assert after == f"{say('pl_state_done', lang)} {late.text.of(lang)}"
    kept = someone.checkins[-1].value
    assert (kept.status, kept.evidence, kept.obstacle) == ("done", WORKED[lang], "")

    # It can be corrected for a week, with what was said chosen already; then it is gone from both.
    chosen = inputs(sound(someone.modal()))[f"status.{late.id}"]["element"]["initial_option"]["value"]
    assert chosen == "done"
    later = surfaces.checkin_modal(someone.plan, someone.checkins, TODAY + timedelta(days=7), lang)
    assert late.id not in asked_lines(later)


def test_what_is_in_the_way_is_kept_as_such_and_shown(someone):
    late = next(line for line in someone.plan.lines if line.due < TODAY)
    result = someone.send(said_of(late.id, "stuck", EXCUSE[someone.lang]))
    assert someone.checkins[-1].value.obstacle == EXCUSE[someone.lang] and not someone.checkins[-1].value.evidence
    assert say("pl_ck_late_gone", someone.lang) not in result[0]


def test_done_without_evidence_is_told_what_shows_it(someone):
    late = next(line for line in someone.plan.lines if line.due < TODAY)
    result = someone.send(said_of(late.id, "done"))
    assert late.evidence.of(someone.lang) in seen(result)


def test_what_is_left_as_it_was_is_confirmed_with_its_words(someone):
    lang, late = someone.lang, next(line for line in someone.plan.lines if line.due < TODAY)
    someone.send(said_of(late.id, "on_track", WORKED[lang]), TODAY - timedelta(days=7))
    modal = sound(someone.modal())
    hint = inputs(modal)[f"status.{late.id}"]["hint"]["text"]
    assert say("pl_told_on_track", lang) in hint
    someone.send(as_shown(modal))
    last = someone.checkins[-1].value
    assert (last.on, last.status, last.evidence) == (TODAY, "on_track", WORKED[lang])
    number = len(someone.checkins)
    again = someone.send(as_shown(sound(someone.modal())))  # twice on a day is once
    assert say("sv_checkin_same", lang) in again[0] and len(someone.checkins) == number


def test_words_without_saying_where_it_stands_are_asked_about(someone):
    late = next(line for line in someone.plan.lines if line.due < TODAY)
    told = surfaces.checkin_from(said_of(late.id, "", "x"), someone.plan, someone.checkins, TODAY, someone.lang)
    assert told.checkins == () and list(told.errors) == [f"status.{late.id}"]
    assert late.text.of(someone.lang) in told.errors[f"status.{late.id}"]
    assert f"status.{late.id}" in inputs(someone.modal())


def test_a_check_in_asks_about_six_lines_and_then_about_the_rest(someone):
    lang = someone.lang
    own = [own_line(f"{n}", TODAY + timedelta(days=n)) for n in range(1, 8)]
    plan = someone.desk.change_plan(someone.plan.id, Changes(version=1, add=own), lang=lang, today=TODAY)
    who = Someone(someone.desk, lang, plan, someone.profile)
    modal = sound(who.modal())
    first = asked_lines(modal)
    assert len(first) == 6 and any(say("sv_checkin_more", lang, n=n) in seen(modal) for n in range(2, 9))
    assert [plan.line(i).due for i in first] == sorted(plan.line(i).due for i in first)
    told: dict[str, Any] = {}
    for line in first:
        told |= said_of(line, "on_track")
    who.send(told)
    second = asked_lines(sound(who.modal()))
    assert len(set(second) - set(first)) >= 2 and set(second[:2]).isdisjoint(first)


def test_before_anything_is_due_the_first_actions_are_asked_about(someone):
    assert not [line for line in someone.plan.actions if line.start <= someone.plan.made]
    early = sound(surfaces.checkin_modal(someone.plan, [], someone.plan.made, someone.lang))
    soonest = sorted(someone.plan.actions, key=lambda line: line.due)[:3]
    assert "submit" in early and all(f"status.{line.id}" in str(early["blocks"]) for line in soonest)


def test_with_nothing_to_ask_the_modal_is_only_to_be_read(someone):
    done = someone.plan.model_copy(
        update={"goals": (), "actions": tuple(a.model_copy(update={"status": "done"}) for a in someone.plan.actions)}
    )
    over = sound(surfaces.checkin_modal(done, [], TODAY, someone.lang))
    assert say("pl_ck_nothing_why", someone.lang) in seen(over)


def test_lines_the_plan_does_not_have_are_not_told_of(someone):
    told = surfaces.checkin_from(said_of("zz", "done", "x"), someone.plan, [], TODAY, someone.lang)
    assert told.checkins == () and told.errors == {}


# --- assessment ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("form", "lang"), [("short", "zh"), ("short", "en"), ("full", "en")])
def test_an_assessment_by_modal_until_it_is_done(desk, form, lang):
    desk.set_profile(PEOPLE["p-zh-13" if lang == "zh" else "p-en-03"], lang=lang)
    view = desk.start_assessment(form, lang=lang)
    modal, asked = sound(surfaces.assess_modal(view, desk.framework, lang)), []
    while view.state == "open":
        kept = json.loads(modal["private_metadata"])
        assert kept["id"] == view.id and modal["callback_id"] == "coach_assess_answer"
        assert kept["id"] not in seen(modal) and not (kept["indicator"] and kept["indicator"] in seen(modal))
        if not kept["indicator"] or (form == "full" and len(asked) == 8):  # all of it takes seconds
            view = desk.finish(kept["id"], lang=lang)
            continue
        question = next(q for q in view.questions if q.indicator == kept["indicator"])
        text = seen(modal)
        assert question.text in text and question.counts[0][:200] in text
        if form == "short":
            total = len(view.questions)
            assert say("me_form_at", lang, pillar="", n=len(asked) + 1, total=total).rstrip(" ·") in text
        assert ("enough" in inputs(modal)) == any(view.answers.values())
        asked.append(question.indicator)
        given = surfaces.assess_from(answer("" if len(asked) % 3 == 0 else WORKED[lang]))
        view = desk.answer(kept["id"], {kept["indicator"]: given.text}, lang=lang)
        modal = sound(surfaces.assess_modal(view, desk.framework, lang))
    assert len(asked) == len(set(asked)) >= (len(view.questions) if form == "short" else 5)

    result = sound(surfaces.assess_result(view, desk.standing(lang=lang), desk.framework, lang))
    for each in view.results:
        row = next(r for r in rows(result) if r.startswith(desk.framework.pillar(each.pillar).name.of(lang)))
        assert (say("doc_level_unknown", lang) in row) == (each.level is None)
        assert each.level is None or each.rubric.of(lang)[:100] in row
    assert "coach_plan" in dict(presses(result))
    followed = surfaces.assess_result(view, desk.standing(lang=lang), desk.framework, lang, planned=True)
    assert say("me_do_follow_why", lang) in seen(sound(followed)) and say("me_do_plan_why", lang) not in seen(followed)


def test_an_assessment_is_gone_on_with_where_it_was_left_and_ended_early(desk):
    view = desk.start_assessment("short", lang="zh")
    first = view.next.indicator
    desk.answer(view.id, {first: WORKED["zh"]}, lang="zh")
    again = surfaces.assess_modal(desk.assessment(view.id, lang="zh"), desk.framework, "zh")
    assert json.loads(again["private_metadata"])["indicator"] != first
    given = surfaces.assess_from(answer(" 做过 ", enough=True))
    assert given.text == "做过" and given.enough
    assert not surfaces.assess_from(answer("x")).enough and surfaces.assess_from({}).text == ""


@pytest.mark.parametrize("lang", LANGS)
def test_when_all_was_skipped_the_first_question_comes_again(desk, lang):
    view = desk.start_assessment("short", lang=lang)
    view = desk.answer(view.id, {q.indicator: "" for q in view.questions}, lang=lang)
    assert view.next is None
    modal = sound(surfaces.assess_modal(view, desk.framework, lang))
    assert say("me_form_finish_empty", lang) in seen(modal)
    assert json.loads(modal["private_metadata"])["indicator"] == view.questions[0].indicator


# --- plan ---------------------------------------------------------------------------------------------------------------


def test_a_plan_in_short_with_what_is_late_and_what_can_be_done(someone):
    lang = someone.lang
    part = sound(surfaces.plan_message(someone.plan, someone.checkins, someone.framework, TODAY, lang, shareable=True))
    text, pressed = seen(part), dict(presses(part))
    assert someone.framework.stage(someone.plan.target).name.of(lang) in text
    assert say("pl_overdue", lang) in text and all(a.text.of(lang).rstrip("。.") in text for a in someone.plan.actions)
    assert pressed["coach_export"] == f"docx|{someone.plan.id}"
    assert {"coach_checkin", "coach_review", "coach_share_plan", "coach_keep_plan"} < set(pressed)
    shut = surfaces.plan_message(someone.plan, someone.checkins, someone.framework, TODAY, lang)
    assert not {"coach_share_plan", "coach_keep_plan"} & set(dict(presses(shut)))


def test_a_shared_plan_is_whole_and_tells_nothing_private(someone):
    lang = someone.lang
    late = next(line for line in someone.plan.lines if line.due < TODAY)
    someone.send(said_of(late.id, "stuck", EXCUSE[lang]))
    own = sound(surfaces.plan_message(someone.plan, someone.checkins, someone.framework, TODAY, lang))
    part = sound(surfaces.plan_share(someone.plan, someone.checkins, someone.framework, TODAY, lang, by="U7"))
    assert rows(part) == rows(own) and presses(part) == []
    assert [s["user_id"] for s in spans(part[1]) if s["type"] == "user"] == ["U7"]
    private = [EXCUSE[lang], *own_words(someone.profile), *(r.text for r in someone.plan.facts)]
    long = [words for words in private if len(words) > 11]
    assert long and not [words for words in long if words in seen(part) or words in part[0]]


# --- review -------------------------------------------------------------------------------------------------------------


def test_a_review_says_what_was_done_what_not_and_why_and_becomes_the_next_version(someone):
    lang, actions = someone.lang, sorted(someone.plan.actions, key=lambda line: line.due)
    someone.send({**said_of(actions[0].id, "done", WORKED[lang]), **said_of(actions[1].id, "stuck", EXCUSE[lang])})
    view = someone.desk.review("quarterly", TODAY, lang=lang)
    part = sound(surfaces.review_message(view, someone.framework, lang))
    lines = rows(part)
    assert any(actions[0].text.of(lang) in r and WORKED[lang][:40] in r for r in lines)
    assert any(actions[1].text.of(lang) in r and EXCUSE[lang] in r for r in lines)
    for r in view.review.rows:
        if r.due or r.replaced_by:
            assert any(row.startswith((say("pl_do_move", lang), say("pl_do_replace", lang))) for row in lines)
    assert not re.search(r"\d{4}-\d{2}-\d{2}", re.sub(r"“[^”]*”", "", seen(part)))

    after = someone.desk.accept_review(dict(presses(part))["coach_accept_review"], lang=lang)
    assert after.version == 2
    held = sound(surfaces.review_message(someone.desk.reviews()[-1], someone.framework, lang))
    assert presses(held) == [] and say("pl_r_done", lang, n=2) in seen(held)


def test_a_review_of_nothing_has_nothing_to_agree_to(someone):
    view = someone.desk.review("quarterly", someone.plan.made, lang=someone.lang)
    nothing = replace(view, review=view.review.model_copy(update={"rows": ()}))
    assert presses(sound(surfaces.review_message(nothing, someone.framework, someone.lang))) == []


def test_a_long_plan_keeps_room_for_what_is_proposed(someone):
    lang, long = someone.lang, "long words " * 40
    own = [own_line(f"{n} {long}", TODAY + timedelta(days=9)) for n in range(25)]
    plan = someone.desk.change_plan(someone.plan.id, Changes(version=1, add=own), lang=lang, today=TODAY)
    for line in plan.actions[-25:]:
        someone.desk.checkin(plan.id, CheckIn(line=line.id, on=TODAY, status="dropped", obstacle=long), lang=lang)
    view = someone.desk.review("yearly", TODAY, lang=lang)
    part = sound(surfaces.review_message(view, someone.framework, lang))
    assert say("sv_review_next", lang) in seen(part) and any(r.startswith(say("pl_do_drop", lang)) for r in rows(part))
    assert "coach_accept_review" in dict(presses(part))
    left = [r for r in rows(part) if re.fullmatch(re.escape(say("sv_more", lang, n=0)).replace("0", r"\d+"), r)]
    assert left
    who = Someone(someone.desk, lang, plan, someone.profile)
    for made in (who.home(), who.modal(), surfaces.plan_message(plan, [], someone.framework, TODAY, lang)):
        assert "…" in seen(sound(made)) or made["type"] == "modal"


# --- reminders, and what is asked first ---------------------------------------------------------------------------------


def test_a_reminder_can_be_answered_put_off_and_stopped(someone):
    lines = someone.desk.nudges(TODAY, lang=someone.lang)
    part = sound(surfaces.nudge("checkin", lines, someone.lang))
    assert lines and len(rows(part)) == min(len(lines), 7)
    wanted = {
        ("coach_checkin", "coach_checkin"),
        ("coach_snooze", "1|checkin"),
        ("coach_snooze", "7|checkin"),
        ("coach_stop", "checkin"),
    }
    assert set(presses(part)) == wanted
    assert not re.search(r"\d{4}-\d{2}-\d{2}", seen(part))
    of_review = sound(surfaces.nudge("review", (), someone.lang))
    assert ("coach_snooze", "7|review") in presses(of_review) and "coach_review" in dict(presses(of_review))


@pytest.mark.parametrize("lang", LANGS)
def test_what_is_missing_for_a_plan_is_asked_told_and_then_there_is_one(desk, lang):
    told = {
        "zh": {"role": "市场总监，带8个人，向营销VP汇报", "target": "三年内做到CMO", "weaknesses": "财务弱", "constraints": "每周3小时"},
        "en": {"role": "Marketing director, 8 people, I report to the VP", "target": "CMO in three years",
               "weaknesses": "Finance", "constraints": "3 hours a week"},
    }[lang]  # fmt: skip
    drafted, none = desk.new_plan(lang=lang, today=TODAY)
    questions = drafted.draft.questions
    assert none is None and questions
    part = sound(surfaces.draft_needed(questions, lang))
    assert rows(part) == [q.of(lang) for q in questions] and "coach_tell" in dict(presses(part))
    modal = sound(surfaces.tell_modal(questions, lang))
    assert set(inputs(modal)) == set(told)
    values = {name: {"told": {"value": text}} for name, text in told.items()}
    changes = surfaces.told_from(values, desk.profile().profile)
    desk.set_profile(changes, lang=lang, merge=True)
    assert desk.new_plan(lang=lang, today=TODAY)[1] is not None
    assert desk.profile().profile.role == told["role"] and desk.profile().profile.weaknesses == (told["weaknesses"],)

    # What stands there stays: more goes beside it, or among what else was told.
    more = surfaces.told_from(values, desk.profile().profile)
    assert more["weaknesses"] == [told["weaknesses"]] * 2 and more["about"] == f"{told['role']}\n{told['target']}"
    assert surfaces.told_from({}, desk.profile().profile) == {}
    assert "submit" not in sound(surfaces.tell_modal((), lang))


# --- hostile words ------------------------------------------------------------------------------------------------------


def test_hostile_words_are_words(someone):
    lang = someone.lang
    line = someone.plan.actions[-1].id
    change = LineChange(id=line, text=f"{NASTY} 2026-99-99")
    plan = someone.desk.change_plan(someone.plan.id, Changes(version=1, change=[change]), lang=lang, today=TODAY)
    who = Someone(someone.desk, lang, plan, someone.profile)
    who.send(said_of(line, "stuck", f"” 2026-99-99 {NASTY}"))
    view = who.desk.review("quarterly", TODAY, lang=lang)
    for made in (
        who.home(linked=True, account_name=NASTY * 9),
        who.modal(),
        surfaces.plan_message(plan, who.checkins, who.framework, TODAY, lang),
        surfaces.plan_share(plan, who.checkins, who.framework, TODAY, lang, by="U1"),
        surfaces.review_message(view, who.framework, lang),
        surfaces.nudge("checkin", (plan.line(line).text,), lang),
    ):
        assert "<!channel>" in seen(sound(made))
        assert not [e for b in blocks_of(made) for e in all_texts(b) if e.get("type") == "mrkdwn" or e.get("emoji")]
        if isinstance(made, tuple):
            assert "<!channel>" not in made[0] and "&lt;!channel&gt;" in made[0]


def blocks_of(made: Any) -> list[View]:
    return made["blocks"] if isinstance(made, dict) else made[1]


def all_texts(found: Any) -> list[View]:
    """Every dict within blocks."""
    if isinstance(found, list):
        return [d for each in found for d in all_texts(each)]
    return [found, *(d for each in found.values() for d in all_texts(each))] if isinstance(found, dict) else []


def test_dates_are_written_as_people_do_but_not_within_somebodys_words():
    told = "“到2026-11-22” 2026-11-22, 2026-99-99"
    assert readable(told, "zh") == "“到2026-11-22” 2026年11月22日, 2026-99-99"
    assert readable(told, "en") == "“到2026-11-22” 22 November 2026, 2026-99-99"
