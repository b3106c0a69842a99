"""The versions of a plan: which there are and why, what changed between any two, and an older one to read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from coach.development.schema import Plan
from coach.documents.sheet import plan_sheet
from coach.framework.files import Text
from coach.store.records import PlanVersion
from ui.dates import day
from ui.html import Option, badge, card, escape, link, notice, select, table
from ui.plan.sheet import sheet_html
from ui.plan.words import PlanView, readable


def versions_tab(view: PlanView, versions: Sequence[PlanVersion], chosen: tuple[int, int], changes: Sequence[Text]) -> str:
    """The list, newest first, and the sentences of what changed between the two `chosen`; none where there is only one."""
    newest = versions[-1].version
    rows = [_row(view, each, newest) for each in reversed(versions)]
    heads = tuple(view.say(key) for key in ("pl_v_version", "pl_v_made", "pl_v_why", "pl_v_read"))
    listed = card(table(heads, rows, caption=view.say("pl_versions")), title=view.say("pl_versions"))
    if len(versions) == 1:
        return listed + notice(view.say("pl_v_one"))
    return listed + _compare(view, versions, chosen, changes)


def _row(view: PlanView, each: PlanVersion, newest: int) -> tuple[str, str, str, str]:
    name = escape(view.say("pl_v_n", n=each.version))
    if each.version == newest:
        name += f" {badge(view.say('pl_v_now'), 'good')}"
    if each.problem:
        return name, escape(_when(view, each.made)), escape(each.why), escape(view.say("pl_v_unreadable"))
    read = link(view.say("pl_v_open"), view.href("versions", v=each.version))
    return name, escape(_when(view, each.made)), escape(each.why), read


def _when(view: PlanView, made: datetime) -> str:
    return day(made.date(), view.lang)


def _compare(view: PlanView, versions: Sequence[PlanVersion], chosen: tuple[int, int], changes: Sequence[Text]) -> str:
    options = [Option(value=str(v.version), label=view.say("pl_v_n", n=v.version)) for v in versions if not v.problem]
    hidden = "<input type='hidden' name='tab' value='versions'>"
    hidden += f"<input type='hidden' name='plan' value='{escape(view.plan.id)}'>" if view.several else ""
    before, after = chosen
    asked = (
        f"<form method='get' action='/plan' class='form compare'>{hidden}"
        f"{select('from', view.say('pl_v_from'), options, str(before))}{select('to', view.say('pl_v_to'), options, str(after))}"
        f"<button type='submit' class='btn plain'>{escape(view.say('pl_v_compare'))}</button></form>"
    )
    told = "".join(f"<li>{escape(text)}</li>" for text in sentences(view, changes, *(v.value for v in versions if not v.problem)))
    heading = view.say("pl_v_changes", before=before, after=after)
    return card(f"{asked}<h3>{escape(heading)}</h3><ul class='changes'>{told}</ul>", title=view.say("pl_v_diff"))


def sentences(view: PlanView, changes: Sequence[Text], *plans: Plan) -> list[str]:
    """What changed, with dates as people write them."""
    return [readable(text.of(view.lang), view.lang, view.dates(*plans)) for text in changes]


def version_page(view: PlanView, older: Plan, newest: int) -> str:
    """One version to read, as it would be printed."""
    back = link(view.say("pl_v_back"), view.href("versions"), kind="plain")
    told = "" if older.version == newest else notice(view.say("pl_v_older", n=older.version, newest=newest), "warn")
    files = "".join(
        link(
            view.say(f"pl_as_{form}"),
            f"/api/plans/{view.plan.id}/export?format={form}&lang={view.lang}&version={older.version}",
            kind="quiet",
            download=True,
        )
        for form in ("pdf", "docx")
    )
    body = sheet_html(plan_sheet(older, view.framework, view.lang))
    title = view.say("pl_v_n", n=older.version)
    return f"<div class='row spread'>{back}<div class='row'>{files}</div></div>{told}{card(body, title=title)}"
