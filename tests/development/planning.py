"""What the tests of plans share: the real framework, rules and articles, people of the development set, and a few of our own."""

from __future__ import annotations

import json
from datetime import date, timedelta
from functools import cache
from typing import Any

from coach.app import build_drafting
from coach.development.actions import planned_hours
from coach.development.check import Fault, check_plan
from coach.development.draft import Draft, Drafting, profile_from
from coach.development.schema import CheckIn, Line, Plan, Profile
from coach.framework import load_framework
from coach.library.articles import load_articles
from coach.settings import ROOT, Settings
from coach.types import Lang, Passage

FRIDAY = date(2026, 11, 20)
DATES = (FRIDAY, date(2026, 12, 31), date(2028, 2, 29))
FRAMEWORK = load_framework(ROOT / "knowledge")


@cache
def articles() -> dict[str, Passage]:
    """Every built-in article as the passage the library makes of it."""
    title = FRAMEWORK.profession.title
    found = {}
    for article in load_articles(ROOT / "knowledge"):
        pid = f"{article.id}.{article.lang}"
        found[pid] = Passage(
            id=pid, doc_id=pid, text=article.body, title=article.title, source=article.label(title), lang=article.lang
        )
    return found


@cache
def drafting() -> Drafting:
    return build_drafting(Settings(_env_file=None), FRAMEWORK, lambda pid: articles().get(pid))


@cache
def rows() -> dict[str, dict[str, Any]]:
    """The development set of people by id."""
    lines = (ROOT / "evals" / "datasets" / "people.jsonl").read_text(encoding="utf-8").splitlines()
    return {row["id"]: row for row in map(json.loads, lines)}


DIRECTOR = {
    "role": "市场总监",
    "company_size": "800人",
    "team_size": "11人，两个主管",
    "budget": "年预算800万，我编我管，总额副总裁批",
    "reports_to": "营销副总裁",
    "revenue_duty": "不背营收，背线索指标",
    "seat_at_table": "偶尔列席",
    "target": "想做CMO",
    "hours_per_week": "4",
}
SPECIALIST = {
    "role": "市场专员",
    "reports_to": "市场经理",
    "team_size": "不带人",
    "budget": "没有预算",
    "revenue_duty": "没有",
    "seat_at_table": "不进",
    "hours_per_week": "4",
}
CEO = {
    "role": "CEO",
    "reports_to": "董事会",
    "team_size": "全公司300人，高管都向我汇报",
    "budget": "公司资本由我分配",
    "revenue_duty": "全公司盈亏我负总责",
    "seat_at_table": "高管会我主持",
    "pricing_product": "我拍板",
    "hours_per_week": "4",
}
DATA_DONE = (
    "我给小红书和抖音定了同一个口径：每个加微信的人花多少钱。抖音58元，小红书21元，上个月停掉两组抖音，"
    "四周后整体从43元降到29元，加微信的人少了一成。"
)
DATA_PRAISE = "大家都说我数据能力很强，老板也很认可，我一直对数字很敏感。"


def draft(today: date = FRIDAY, lang: Lang = "zh", base: dict[str, Any] = DIRECTOR, **said: Any) -> Draft:
    return drafting().draft(Profile(**{**base, **said}), lang, today)


def plan_of(today: date = FRIDAY, lang: Lang = "zh", base: dict[str, Any] = DIRECTOR, **said: Any) -> Plan:
    made = draft(today, lang, base, **said)
    assert made.plan is not None, made.questions
    return made.plan


@cache
def drafted(person: str, today: date = FRIDAY, lang: Lang | None = None) -> Draft:
    """The draft of somebody from the development set."""
    row = rows()[person]
    profile, _ = profile_from(row["profile"], FRAMEWORK, row["lang"])
    return drafting().draft(profile, lang or row["lang"], today)


def faults(plan: Plan, made: Draft, **changed: Any) -> tuple[Fault, ...]:
    """What the check says of a plan, for the person of a draft."""
    profile = made.found.profile.model_copy(update=changed)
    return check_plan(plan, profile, FRAMEWORK, drafting().sources, planned_hours(made.found.constraints))


def with_line(plan: Plan, line_id: str, **changed: Any) -> Plan:
    """The plan with one line changed."""

    def one(line: Line) -> Line:
        return line.model_copy(update=changed) if line.id == line_id else line

    return plan.model_copy(update={"goals": tuple(map(one, plan.goals)), "actions": tuple(map(one, plan.actions))})


def weekly_hours(actions: tuple[Line, ...]) -> dict[date, float]:
    """Hours of every week from its Monday, each action spread evenly over its weeks; counted apart from the product's own sum."""
    found: dict[date, float] = {}
    for line in actions:
        mondays = []
        day = line.start
        while day <= line.due:
            mondays.append(day)
            day += timedelta(weeks=1)
        for monday in mondays:
            found[monday] = found.get(monday, 0.0) + (line.hours or 0) / len(mondays)
    return found


def at_once(actions: tuple[Line, ...]) -> int:
    """The most actions that run at the same time."""
    return max((sum(o.start <= a.start <= o.due for o in actions) for a in actions), default=0)


def told(line: Line, status: str, on: date, evidence: str = "", obstacle: str = "") -> CheckIn:
    return CheckIn(line=line.id, on=on, status=status, evidence=evidence, obstacle=obstacle)
