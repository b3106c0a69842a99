"""`coach profile | assess | plan | review | export`: a person's development in the terminal.

Owns the asking and the showing; what is done stands in `coach.development.desk`. It loads neither search nor chat model.
"""

from __future__ import annotations

import inspect
import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

import click

from coach.cli.common import EXIT_STOPPED, as_json_option, load_settings, print_json, visitor
from coach.errors import InputError
from coach.types import Lang

if TYPE_CHECKING:
    from coach.development.assessment import Question
    from coach.development.desk import Desk
    from coach.development.schema import LevelResult, Plan
    from coach.development.views import AssessmentView, Drafted, File
    from coach.documents.sheet import Pages
    from coach.settings import Settings

EXIT_CLARIFY = 4
_DOCUMENTS = ("docx", "pdf", "md", "ics")
_Status = Literal["done", "on_track", "stuck", "dropped"]
_WORDS: dict[_Status, tuple[str, ...]] = {
    "done": ("d", "done", "finished", "完成", "做完", "做好", "搞定"),
    "on_track": ("t", "on track", "track", "ok", "按计划", "进行", "在做", "正常"),
    "stuck": ("s", "stuck", "blocked", "卡", "没做成", "没做", "推不动"),
    "dropped": ("x", "dropped", "drop", "不做", "放弃", "取消"),
}
_ASKED = {"role": "role", "target": "target", "gaps": "weaknesses", "hours": "constraints"}
"""The few questions before a first plan, and the profile field an answer goes into."""

_lang = click.option("--lang", type=click.Choice(["zh", "en"]), help="language (default: that of the terminal)")
_on = click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="date of it, YYYY-MM-DD (default: today)")


@contextmanager
def _desk() -> Iterator[Desk]:
    """The desk as the person of this terminal uses it: every method that is about a person is about them."""
    from coach.app import build_coach

    settings = load_settings()
    coach = build_coach(settings)
    try:
        yield cast("Desk", _OwnDesk(coach.desk, settings))
    finally:
        coach.close()


class _OwnDesk:
    """Fills in the person, so that no command can forget to and reach the records of somebody else."""

    def __init__(self, desk: Desk, settings: Settings) -> None:
        self._desk, self._settings = desk, settings

    @cached_property
    def _person(self) -> str:
        return visitor(self._settings).person

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  whatever the desk has
        found = getattr(self._desk, name)
        personal = callable(found) and "person" in inspect.signature(found).parameters
        return partial(found, person=self._person) if personal else found


def _tongue(lang: Lang | None) -> Lang:
    from coach.cli import terminal_language

    return lang or terminal_language()


# --- profile ----------------------------------------------------------------------------------------------------------


@click.group()
def profile() -> None:
    r"""What you told of yourself: show it, change it, delete it.

    \b
    Examples:
      coach profile show
      coach profile set role="Marketing director" reports_to="the CEO" team_size="12, two managers"
    """


@profile.command("show")
@_lang
@as_json_option
def show_profile(lang: Lang | None, as_json: bool) -> None:
    r"""Show the profile; what was inferred is marked, and not used until you confirm it.

    \b
    Example:
      coach profile show
    """
    with _desk() as desk:
        _print_profile(desk, _tongue(lang), as_json=as_json)


@profile.command("set")
@click.argument("values", nargs=-1, required=True, metavar="FIELD=VALUE...")
@_lang
@as_json_option
def set_profile(values: tuple[str, ...], lang: Lang | None, as_json: bool) -> None:
    r"""Set fields of the profile; an empty VALUE empties a field.

    Fields: name, role, years, industry, company_size, team_size, budget, reports_to, interest, target, revenue_duty,
    pricing_product, seat_at_table, hours_per_week, about; strengths, weaknesses and constraints take several values, parted
    by semicolons; self_ratings.PILLAR takes a level, evidence.PILLAR what you have done.

    \b
    Examples:
      coach profile set role="Head of Marketing" target="CMO in three years"
      coach profile set weaknesses="finance; presenting" self_ratings.data=2
      coach profile set evidence.data="Built the dashboard; cost per lead from 120 to 90 in six months"
    """
    tongue = _tongue(lang)
    with _desk() as desk:
        view = desk.set_profile(_assigned(values), lang=tongue, merge=True)
        for remark in view.remarks:
            click.echo(remark.of(tongue), err=True)
        _print_profile(desk, tongue, as_json=as_json)


@profile.command("confirm")
@click.argument("field")
@_lang
def confirm_profile(field: str, lang: Lang | None) -> None:
    r"""Confirm what was inferred about you; from now on it is used.

    \b
    Example:
      coach profile confirm industry
    """
    tongue = _tongue(lang)
    with _desk() as desk:
        desk.confirm(field, lang=tongue)
        _print_profile(desk, tongue)


@profile.command("delete")
@click.argument("field", required=False, default="")
@click.option("--everything", is_flag=True, help="remove assessments, plans and reviews, too, for good")
@click.option("--yes", is_flag=True, help="do not ask")
@_lang
def delete_profile(field: str, everything: bool, yes: bool, lang: Lang | None) -> None:
    r"""Empty one FIELD, or the whole profile; with --everything remove all that is kept of you.

    \b
    Examples:
      coach profile delete budget
      coach profile delete --everything
    """
    tongue = _tongue(lang)
    with _desk() as desk:
        if everything:
            if yes or click.confirm(_say("cli_dev_delete_all_sure", tongue)):
                desk.delete_all()
                click.echo(_say("cli_dev_deleted_all", tongue))
            return
        desk.forget(field, lang=tongue)
        click.echo(_say("cli_dev_deleted", tongue))


def _assigned(pairs: tuple[str, ...]) -> dict[str, Any]:
    """FIELD=VALUE pairs as loose profile values. Raises InputError for one without a sign of equality."""
    found: dict[str, Any] = {}
    for pair in pairs:
        name, sign, value = _whole(pair).partition("=")
        if not sign or not name.strip():
            raise InputError(
                f"{_whole(pair)[:60]!r} is no FIELD=VALUE.", hint='For example: coach profile set role="Marketing director"'
            )
        top, _, key = name.strip().partition(".")
        if key:
            found.setdefault(top, {})[key] = value.strip() or None
        elif top in ("strengths", "weaknesses", "constraints"):
            found[top] = [part.strip() for part in value.replace("；", ";").split(";") if part.strip()]
        else:
            found[top] = value.strip()
    return found


def _print_profile(desk: Desk, lang: Lang, *, as_json: bool = False) -> None:
    from coach.development.schema import public

    view = desk.profile()
    if as_json:
        sources = {name: public(source) for name, source in view.sources.items()}
        print_json({"profile": public(view.profile), "sources": sources, "unconfirmed": list(view.unconfirmed)})
        return
    if not view.sources:
        click.echo(_say("cli_dev_no_profile", lang))
    values = public(view.profile)
    for name in view.sources:
        top, _, key = name.partition(".")
        value = values[top][key] if key else values[top]
        shown = "; ".join(value) if isinstance(value, list) else value
        mark = f"  {_say('cli_dev_waiting', lang)}" if name in view.unconfirmed else ""
        click.echo(f"{name}: {shown}{mark}")


# --- assess -----------------------------------------------------------------------------------------------------------


@click.command()
@click.option("--form", type=click.Choice(["short", "full"]), default="short", show_default=True, help="10 or 30 minutes")
@click.option("--new", is_flag=True, help="begin anew instead of going on with the one that is open")
@_lang
@as_json_option
@click.pass_context
def assess(ctx: click.Context, form: Literal["short", "full"], new: bool, lang: Lang | None, as_json: bool) -> None:
    r"""Assess your abilities question by question; every answer is kept at once, and you can go on later.

    Enter skips a question, /done shows the results now, /quit (or Ctrl-C) leaves and keeps what you have answered.

    \b
    Exit codes: 0 done or kept for later, 130 stopped by Ctrl-C (everything answered is kept), 1, 2 as for every command.

    \b
    Examples:
      coach assess
      coach assess --form full
      coach assess --json < answers.txt
    """
    tongue = _tongue(lang)
    with _desk() as desk:
        view = _open_assessment(desk, form, tongue, new=new)
        try:
            view, finished = _interview(desk, view, tongue)
        except (KeyboardInterrupt, click.Abort):
            click.echo("\n" + _say("cli_dev_assess_saved", tongue), err=True)
            ctx.exit(EXIT_STOPPED)
        if not finished:
            click.echo(_say("cli_dev_assess_saved", tongue), err=True)
            return
        done = desk.finish(view.id, lang=tongue)
        if as_json:
            from coach.development.views import spoken

            print_json({"id": done.id, "results": spoken(done.results, tongue)})
        else:
            _print_results(desk, done.results, tongue)


def _open_assessment(desk: Desk, form: Literal["short", "full"], lang: Lang, *, new: bool) -> AssessmentView:
    click.echo(_say("cli_dev_assess_intro", lang), err=True)
    waiting = [v for v in desk.assessments(lang=lang) if v.state == "open" and v.form == form]
    if new or not waiting:
        return desk.start_assessment(form, lang=lang)
    click.echo(_say("cli_dev_assess_resumed", lang, answered=sum(1 for a in waiting[-1].answers.values() if a)), err=True)
    return waiting[-1]


def _interview(desk: Desk, view: AssessmentView, lang: Lang) -> tuple[AssessmentView, bool]:
    """Asks until there is nothing left to ask, or the person has had enough; whether there are to be results."""
    while view.next is not None:
        said = _ask(view.next, view, lang)
        if said is None or said == "/quit":
            return view, False
        if said == "/done":
            return view, True
        view = desk.answer(view.id, {view.next.indicator: said}, lang=lang)
    return view, True


def _ask(question: Question, view: AssessmentView, lang: Lang) -> str | None:
    """One question and its answer; None at the end of the input."""
    number = 1 + sum(1 for q in view.questions if q.indicator in view.answers)
    click.echo(f"\n{number}/{len(view.questions)}  {question.text}", err=True)
    click.echo(_say("cli_dev_assess_counts", lang), err=True)
    for line in question.counts:
        click.echo(f"  - {line}", err=True)
    return _line("> ")


def _line(prompt: str) -> str | None:
    """A line from the person; None at the end of the input. The prompt goes to stderr, results alone to stdout."""
    click.echo(prompt, nl=False, err=True)
    line = sys.stdin.readline()
    return _whole(line).strip() if line else None


def _whole(words: str) -> str:
    """Bytes that Python could not decode (LANG=C) are UTF-8 in practice."""
    return words.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _print_results(desk: Desk, results: tuple[LevelResult, ...], lang: Lang) -> None:
    levels = {level.number: level.name.of(lang) for level in desk.framework.levels}
    for result in results:
        level = _say("cli_dev_level_none", lang) if result.level is None else f"{result.level} {levels[result.level]}"
        sure = "" if result.level is None else f" ({_say(f'cli_dev_confidence_{result.confidence}', lang)})"
        click.echo(f"{desk.framework.pillar(result.pillar).name.of(lang)}: {level}{sure}")
        click.echo(_say("cli_dev_met", lang, text=result.rubric.of(lang)))
        for shown in result.shown[:1]:
            click.echo(_say("cli_dev_words", lang, text=" ".join(shown.quote.text.split())[:160]))
        for raises in result.raises[:1]:
            click.echo(_say("cli_dev_raises", lang, text=raises.of(lang)))
        if result.contradiction:
            click.echo(f"  {result.contradiction.of(lang)}")


# --- plan and export --------------------------------------------------------------------------------------------------


@click.command()
@click.option(
    "--profile",
    "source",
    type=click.Path(dir_okay=False, path_type=Path),
    help="draft from this YAML or JSON file and keep nothing; without it, from the stored profile",
)
@click.option("--format", type=click.Choice(_DOCUMENTS), help="format (default: that of the output file, else md)")
@click.option("--output", "-o", type=click.Path(dir_okay=False, path_type=Path), help="file to write (default: the terminal)")
@click.option("--one-page", is_flag=True, help="the page for your boss instead of the full plan")
@click.option("--new", is_flag=True, help="make a new plan although there is one")
@_lang
@as_json_option
@click.pass_context
def plan(
    ctx: click.Context,
    source: Path | None,
    format: str | None,
    output: Path | None,
    one_page: bool,
    new: bool,
    lang: Lang | None,
    as_json: bool,
) -> None:
    r"""Show your plan, or make one: from a profile file, or from what you told and answered so far.

    A plan made from the stored profile is kept, and shown again the next time. Without a profile a few questions come first.

    \b
    Exit codes: 0 a plan, 4 questions have to be answered first, 1, 2, 130 as for every command.

    \b
    Examples:
      coach plan
      coach plan --profile me.yaml --lang en
      coach plan --new -o plan.docx
      coach plan --one-page -o boss.pdf
    """
    kind = format or _ending(output) or "md"
    pages: Pages = "one" if one_page else "full"
    with _desk() as desk:
        made: Drafted | None
        if source:
            made = desk.draft(_read_profile(source), lang, date.today())
            told, wording, note = made.draft.plan, made.lang, "cli_dev_drafted"
        else:
            wording = _tongue(lang)
            made, told = _stored_plan(desk, wording, new=new)
            note = "cli_dev_made" if made else ""
        if told is None and made is not None:
            _print_questions(made, as_json=as_json)
            ctx.exit(EXIT_CLARIFY)
        assert told is not None
        if as_json:
            _print_plan_json(made, told, wording)
            return
        from coach.development.desk import document

        _hand_out(document(told, desk.framework, kind, wording, pages), output, wording)
        if note:
            click.echo(_say(note, wording, id=told.id, version=told.version), err=True)


def _stored_plan(desk: Desk, lang: Lang, *, new: bool) -> tuple[Drafted | None, Plan | None]:
    """The plan that is kept, or a new one with its draft; asks a few questions when nothing is known of the person."""
    if not new and desk.plans():
        return None, desk.plan(lang=lang)
    if not desk.profile().sources and not desk.assessments(lang=lang):
        _ask_profile(desk, lang)
    return desk.new_plan(lang=lang, today=date.today())


def _ask_profile(desk: Desk, lang: Lang) -> None:
    click.echo(_say("cli_dev_asked", lang), err=True)
    pillars = ("、" if lang == "zh" else ", ").join(p.name.of(lang) for p in desk.framework.pillars)
    told = {}
    for question, field in _ASKED.items():
        click.echo("\n" + _say(f"draft_question_{question}", lang, pillars=pillars), err=True)
        said = _line("> ")
        if said is None:
            break
        told[field] = said
    if any(told.values()):
        desk.set_profile(told, lang=lang, merge=True)


def _print_questions(made: Drafted, *, as_json: bool) -> None:
    if as_json:
        print_json(made.told())
    else:
        click.echo(made.text, nl=False)


def _print_plan_json(made: Drafted | None, told: Plan, lang: Lang) -> None:
    from coach.development.views import spoken

    print_json(made.told() if made else {"plan": spoken(told, lang)})


def _read_profile(path: Path) -> Mapping[str, Any]:
    """A profile from a YAML or JSON file; JSON is YAML. Raises InputError that says what is wrong with it."""
    import yaml

    try:
        # Not the faster loader in C: a file of nothing but brackets would crash it, and with it the program.
        value = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read: {error}.", hint="Give a YAML or JSON file, saved as UTF-8.") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        reason = " ".join(str(error).split())[:200]
        raise InputError(f"{path} is neither YAML nor JSON: {reason}.", hint="One line a field, such as  role: CMO") from error
    if isinstance(value, dict) and isinstance(value.get("profile"), dict):
        value = value["profile"]
    if not isinstance(value, dict):
        raise InputError(f"{path} holds no profile.", hint="One line a field, such as  role: CMO")
    return {str(name): _plain(entry) for name, entry in value.items()}


def _plain(value: Any) -> Any:  # noqa: ANN401  whatever YAML gives
    """YAML reads 2026-11 or 2021-03-04 as dates; a profile has words."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(name): _plain(entry) for name, entry in value.items()}
    return [_plain(entry) for entry in value] if isinstance(value, list) else value


def _ending(path: Path | None) -> str:
    """The format a file name asks for; empty when there is no file. Raises InputError for another ending."""
    if path is None:
        return ""
    ending = path.suffix.lower().removeprefix(".")
    ending = {"markdown": "md"}.get(ending, ending)
    if ending not in _DOCUMENTS:
        hint = f"Use one of: {', '.join(f'.{d}' for d in _DOCUMENTS)}; or --format."
        raise InputError(f"{path.name} does not tell a document format.", hint=hint)
    return ending


def _hand_out(file: File, output: Path | None, lang: Lang) -> None:
    """To the file, or text to the terminal; a document that is no text gets a file of its own name here."""
    if output is None and file.name.endswith((".md", ".ics")):
        click.echo(file.data.decode(), nl=False)
        return
    path = output or Path(file.name)
    try:
        path.write_bytes(file.data)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}.", hint="Give another file.") from error
    click.echo(_say("cli_dev_written", lang, path=path), err=True)


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--plan", "plan_id", default="", help="id of the plan (default: the newest)")
@click.option("--version", type=click.IntRange(1), help="version of the plan (default: the newest)")
@click.option("--one-page", is_flag=True, help="the page for your boss instead of the full plan")
@_lang
def export(file: Path, plan_id: str, version: int | None, one_page: bool, lang: Lang | None) -> None:
    r"""Write the kept plan to FILE: .docx, .pdf, .md or .ics; everything that is kept of you as .json.

    \b
    Examples:
      coach export plan.docx
      coach export --one-page --lang en plan.pdf
      coach export reviews.ics
      coach export everything.json
    """
    from coach.development.views import File

    tongue = _tongue(lang)
    with _desk() as desk:
        if file.suffix.lower() == ".json":
            data = json.dumps(desk.export_all(), ensure_ascii=False, indent=1).encode("utf-8", "replace")
            made = File(name=file.name, media_type="application/json", data=data)
        else:
            made = desk.export(plan_id, _ending(file), tongue, "one" if one_page else "full", version=version)
        _hand_out(made, file, tongue)


# --- review -----------------------------------------------------------------------------------------------------------


@click.command()
@click.option("--kind", type=click.Choice(["quarterly", "yearly"]), default="quarterly", show_default=True, help="which review")
@_on
@click.option("--yes", is_flag=True, help="make the next version of the plan without asking")
@click.option("--output", "-o", type=click.Path(dir_okay=False, path_type=Path), help="also write it to this .docx, .pdf or .md")
@_lang
def review(kind: Literal["quarterly", "yearly"], on: datetime | None, yes: bool, output: Path | None, lang: Lang | None) -> None:
    r"""Review the newest plan line by line, in a minute, and make its next version.

    \b
    Examples:
      coach review
      coach review --kind yearly -o review.docx
      coach review --yes < news.txt
    """
    tongue = _tongue(lang)
    day = on.date() if on else date.today()
    format = _ending(output)
    with _desk() as desk:
        for nudge in desk.nudges(day, lang=tongue):
            click.echo(nudge.of(tongue), err=True)
        view = desk.review(kind, day, lang=tongue)
        if _checkins(desk, view.plan_id, [row.line for row in view.review.rows], day, tongue):
            view = desk.review(kind, day, view.plan_id, lang=tongue)
        click.echo(desk.review_document(view, "md", tongue).data.decode(), nl=False)
        if output:
            _hand_out(desk.review_document(view, format, tongue), output, tongue)
        if yes or _agrees(_say("cli_dev_review_accept", tongue)):
            accepted = desk.accept_review(view.id, lang=tongue)
            click.echo(_say("cli_dev_review_version", tongue, version=accepted.version), err=True)
        else:
            click.echo(_say("cli_dev_review_kept", tongue), err=True)


def _checkins(desk: Desk, plan_id: str, lines: list[str], day: date, lang: Lang) -> int:
    """Asks for news of each line, and keeps it; how much there was."""
    from coach.development.schema import CheckIn

    if not lines:
        click.echo(_say("cli_dev_review_nothing", lang), err=True)
        return 0
    click.echo(_say("cli_dev_review_intro", lang), err=True)
    current, told = desk.plan(plan_id, lang=lang), 0
    for line in map(current.line, lines):
        click.echo("\n" + _say("cli_dev_review_due", lang, text=line.text.of(lang), due=line.due), err=True)
        found = _news(lang)
        if found is None:
            break
        status, said = found
        if status is None:
            continue
        good = status in ("done", "on_track")
        said = said or _line(_say("cli_dev_review_evidence" if good else "cli_dev_review_obstacle", lang) + ": ") or ""
        evidence, obstacle = (said, "") if good else ("", said)
        checkin = CheckIn(line=line.id, on=day, status=status, evidence=evidence, obstacle=obstacle)
        desk.checkin(plan_id, checkin, lang=lang)
        told += 1
    return told


def _news(lang: Lang) -> tuple[_Status | None, str] | None:
    """A status, by letter or in words, and what was said with it; asked again until understood. None at the end of the input."""
    while (answer := _line("[d/t/s/x] ")) is not None:
        if not answer:
            return None, ""
        head, _, rest = answer.partition(" ")
        for status, words in _WORDS.items():
            if head.lower() in words:
                return status, rest.strip()
        begun = [s for s, words in _WORDS.items() for w in words if len(w) > 1 and answer.lower().startswith(w)]
        if begun:
            return begun[0], answer
        click.echo(_say("cli_dev_review_intro", lang), err=True)
    return None


def _agrees(question: str) -> bool:
    """Yes or no; no at the end of the input."""
    answer = _line(f"{question} [y/N] ")
    return (answer or "")[:1].lower() in ("y", "是", "好")


def _say(key: str, lang: Lang, **values: object) -> str:
    from coach.messages import say

    return say(key, lang, **values)
