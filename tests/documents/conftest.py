"""Plans to make documents of: a full Chinese one, an English one, a bare one and one that tries everything a person might type."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from coach.development.schema import Gap, Held, LevelResult, Line, Meeting, Missing, Plan, Quote, Shown, Skipped, Source, Standing
from coach.framework import load_framework
from coach.framework.files import Text
from coach.framework.schema import Action, Framework
from coach.settings import ROOT

MADE = date(2026, 11, 22)
HOSTILE = '#eval("1+1") $x^2$ *a* _b_ @ref <lab> \\n \\ `c` [d](e) | f // g /* h */ ~ {{i}} & <b>j</b>'
EMOJI = "🚀 冲刺 👩‍💻👍🏽"
TOLD = {
    "zh": "去年把年度目标拆到季度，四个季度里完成了三个，没完成的那季写了原因",
    "en": "Last year I split the goals by quarter; three of four were met, and I wrote down why the other was not",
}
TRADITIONAL = "負責臺灣市場的體驗營銷，帶團隊重整數據後台"


@pytest.fixture(scope="session")
def framework() -> Framework:
    return load_framework(ROOT / "knowledge")


@pytest.fixture(scope="session")
def plan_zh(framework: Framework) -> Plan:
    return Plan(
        **_common(framework, "zh"),
        id="plan-1",
        lang="zh",
        name="林晓",
        version=2,
        facts=_facts_zh(),
        standing=_standing(framework, "zh"),
    )


@pytest.fixture(scope="session")
def plan_en(framework: Framework) -> Plan:
    return Plan(
        **_common(framework, "en"),
        id="plan-2",
        lang="en",
        name="Alex Morgan",
        facts=_facts_en(),
        standing=_standing(framework, "en"),
    )


@pytest.fixture(scope="session")
def plan_bare(framework: Framework) -> Plan:
    """Everything that may be empty is."""
    stage, target = framework.ladder[0].id, framework.ladder[1].id
    return Plan(
        made=MADE,
        lang="zh",
        stage=stage,
        target=target,
        direction="unknown",
        standing=Standing(stage=stage, next=None, confidence="low", held=(), missing=()),
        levels=(),
        gaps=(),
        goals=(),
        actions=(),
        meetings=(),
        framework="x",
    )


@pytest.fixture(scope="session")
def plan_extreme(framework: Framework, plan_zh: Plan) -> Plan:
    """Long names, emoji, thirty actions, markup of every format, traditional characters, control characters."""
    library = [a for actions in framework.actions.values() for a in actions][:26]
    actions = [_action(framework, a, n) for n, a in enumerate(library)]
    odd = [HOSTILE, EMOJI, TRADITIONAL, "A" * 300 + " = 1. - # " + "https://example.com/" + "x" * 200]
    for n, words in enumerate(odd):
        text = Text(zh=words, en=words)
        actions.append(
            actions[n].model_copy(
                update={
                    "id": f"odd-{n}",
                    "own": True,
                    "text": text,
                    "measure": text,
                    "evidence": text,
                    "how": None,
                    "cost": "9,000 €",
                }
            )
        )
    quotes = [Quote(text=t, field="about") for t in (*odd, "很长的话。" * 900, "\x00\x0b\ud800‮控制\ufffe字符\n第二行")]
    return plan_zh.model_copy(
        update={
            "name": f"{EMOJI} 欧阳·Maria-Ángeles de la Cruz y Łukasz #1 {TRADITIONAL}",
            "facts": tuple(quotes),
            "actions": tuple(actions),
            "remarks": (Text(zh=HOSTILE, en=HOSTILE), Text(zh=EMOJI, en=EMOJI)),
        }
    )


def _common(framework: Framework, lang: str) -> dict:
    stage, target = framework.ladder[0].id, framework.ladder[1].id
    pillars = [p.id for p in framework.pillars]
    chosen = [a for p in pillars for a in framework.actions[p] if a.step == (1, 2)][::4][:10]
    chosen += [a for p in pillars for a in framework.actions[p] if a not in chosen and a.kind == "feedback"][:2]
    return {
        "made": MADE,
        "stage": stage,
        "target": target,
        "direction": "climb",
        "levels": tuple(_level(framework, p, n, lang) for n, p in enumerate(pillars)),
        "gaps": tuple(_gap(framework, p, n) for n, p in enumerate(pillars[:4])),
        "skipped": (
            Skipped(
                pillar=pillars[3], reason=Text(zh="每周时间有限，先做前面几项。", en="Time is short; the others come first.")
            ),
        ),
        "goals": _goals(framework),
        "actions": tuple(_action(framework, a, n) for n, a in enumerate(chosen)),
        "meetings": (
            Meeting(id="review-1", kind="quarterly", on=date(2026, 12, 31)),
            Meeting(id="review-2", kind="quarterly", on=date(2027, 3, 31)),
            Meeting(id="review-3", kind="quarterly", on=date(2027, 6, 30)),
            Meeting(id="review-4", kind="yearly", on=date(2027, 11, 22)),
        ),
        "remarks": (
            Text(
                zh="按每周三小时安排，出差的行动都没有选。",
                en="Planned for three hours a week; nothing that needs travel was chosen.",
            ),
            Text(zh="公司有没有空缺，计划里不知道，也不假定。", en="Whether a post will be open is not known, and not assumed."),
        ),
        "framework": f"{framework.profession.id} {framework.profession.version}",
    }


def _level(framework: Framework, pillar: str, n: int, lang: str) -> LevelResult:
    level = (1, 2, None, 1, None)[n % 5]
    rubric = framework.pillar(pillar).at(level or 1).text
    indicators = framework.at(pillar, level or 1)
    above = framework.at(pillar, min((level or 0) + 1, len(framework.levels)))
    told = Quote(text=TOLD[lang], field=f"evidence.{pillar}")
    return LevelResult(
        pillar=pillar,
        level=level,
        confidence="medium",
        rubric=rubric,
        shown=(Shown(indicator=indicators[0].id, level=level, strength="fair", quote=told),) if level else (),
        raises=tuple(i.name for i in above[:4]),
        self_rating=(3, None, 2, 1, None)[n % 5],
        contradiction=Text(
            zh="你给自己打了3级，目前的例子只够到1级；补一个更近的例子，再看一次。",
            en="You rated yourself 3; the examples so far reach level 1. Add a more recent one and look again.",
        )
        if n == 0
        else None,
        provenance=Text(zh="按框架2026-11版的指标判定。", en="Judged by the indicators of framework version 2026-11."),
    )


def _gap(framework: Framework, pillar: str, n: int) -> Gap:
    return Gap(
        pillar=pillar,
        own=(1, 1, None, 1)[n],
        wanted=2,
        basis=("evidence", "named", "self_rating", "unknown")[n],
        score=4.0 - n,
        reason=Text(
            zh="下一阶段要用它说话，离要求差一级；你也说了想往这个方向走，先补它带动其他几项。",
            en="The next stage speaks through it and it is one level short; you also said this is where you want to go.",
        ),
    )


def _goals(framework: Framework) -> tuple[Line, ...]:
    texts = [
        ("long", "走到营销副总裁/CMO的位置，直接向CEO汇报", "Reach the post of marketing VP or CMO, reporting to the CEO", 1400),
        (
            "middle",
            "独立定一次全公司的市场战略，并挂到获客成本目标上",
            "Set the company's marketing strategy once, tied to acquisition cost",
            540,
        ),
        ("middle", "带出两位能独立负责一条线的经理", "Develop two managers who can run a line on their own", 700),
        ("short", "让归因口径和财务对得上，连续两个月", "Make the attribution figures agree with finance for two months", 150),
        ("short", "和销售总监把季度复盘固定下来", "Make the quarterly review with the sales director a habit", 170),
    ]
    return tuple(
        Line(
            id=f"goal-{n}",
            role="goal",
            horizon=horizon,
            pillar=framework.pillars[n % len(framework.pillars)].id,
            text=Text(zh=zh, en=en),
            measure=Text(
                zh="到期时三项条件里至少具备两项，由上级确认",
                en="At the due date at least two of three conditions hold, confirmed by the boss",
            ),
            evidence=Text(zh="任命或授权文件，加一页复盘", en="The letter of appointment or mandate and a one-page review"),
            owner="",
            start=MADE,
            due=MADE + timedelta(days=days),
            review=MADE + timedelta(days=days // 2),
            source=Source(
                article=f"goal-{horizon}",
                title=Text(zh=f"目标该怎么定：{horizon}", en=f"How to set goals: {horizon}"),
                label=Text(zh="职业发展框架", en="Career framework"),
                quote=Text(zh="每季度末核对。", en="Check at the end of each quarter."),
            ),
        )
        for n, (horizon, zh, en, days) in enumerate(texts)
    )


def _action(framework: Framework, action: Action, n: int) -> Line:
    start = MADE + timedelta(days=1 + 9 * n)
    return Line(
        id=f"action-{n}",
        role="action",
        horizon="short" if n < 7 else "middle",
        pillar=next(p for p, actions in framework.actions.items() if action in actions),
        kind=action.kind,
        action=action.id,
        text=action.name,
        how=action.how,
        measure=action.measure,
        evidence=action.evidence,
        owner="",
        start=start,
        due=start + timedelta(weeks=action.effort.weeks),
        review=start + timedelta(weeks=action.effort.weeks + 1),
        hours=action.effort.hours,
        cost=action.cost,
        caution=action.caution,
        source=Source(
            article=action.article or "own",
            title=Text(zh=f"行动怎么选：{action.kind}", en=f"How to choose actions: {action.kind}"),
            label=Text(zh="本教练的判断", en="The coach's own judgement"),
            quote=Text(zh="先做小的。", en="Small ones first."),
        ),
    )


def _standing(framework: Framework, lang: str) -> Standing:
    stage, after = framework.ladder[0], framework.ladder[1]
    gates = framework.gates.conditions
    words = ["直接向总经理汇报", "带12个人，两位主管", "年度预算800万，总额由上面定"]
    if lang == "en":
        words = [
            "I report straight to the general manager",
            "12 people, two of them supervisors",
            "8 million a year, the total is set above me",
        ]
    held = [Held(condition=g.id, lowest=1, highest=2, words=w, field="budget") for g, w in zip(gates[:3], words, strict=True)]
    missing = [
        Missing(condition=g.id, name=g.name, wanted=g.per_stage[after.id], known=known, now=now, question=g.question)
        for g, known, now in ((gates[2], True, words[2]), (gates[3], True, ""), (gates[4], False, ""), (gates[5], False, ""))
    ]
    return Standing(
        stage=stage.id,
        next=after.id,
        claimed=after.id,
        confidence="medium",
        held=tuple(held),
        missing=tuple(missing),
        note=Text(
            zh="名片上的头衔已经在下一阶段，手里的预算和席位还在这一阶段；补上这两项，头衔就站得住。",
            en="The title already names the next stage while budget and seat are still of this one; with these two the title holds.",
        ),
    )


def _facts_zh() -> tuple[Quote, ...]:
    told = [
        ("role", "市场总监，管品牌和获客"), ("years", "做营销11年，管理5年"), ("industry", "B2B SaaS"), ("team_size", "12人，两位主管"),
        ("budget", "年度预算800万，总额由上面定"), ("reports_to", "直接向总经理汇报"), ("strengths", "数据分析"), ("strengths", "跨部门协作"),
        ("weaknesses", "财务看不太懂"), ("target", "三到五年做到CMO"), ("constraints", "每周最多三小时，孩子上小学，不能长期出差"),
        ("evidence.strategy", "去年把年度目标拆到季度，四个季度里完成了三个，没完成的那季写了原因"),
    ]  # fmt: skip
    return tuple(Quote(text=t, field=f) for f, t in told)


def _facts_en() -> tuple[Quote, ...]:
    told = [
        ("role", "Marketing director, brand and acquisition"), ("years", "11 years in marketing, 5 as a manager"), ("industry", "B2B software"),
        ("team_size", "12 people, two supervisors"), ("budget", "8 million a year, the total is set above me"), ("strengths", "data analysis"),
        ("weaknesses", "I cannot read a balance sheet well"), ("target", "CMO in three to five years"), ("constraints", "three hours a week at most, no long trips"),
    ]  # fmt: skip
    return tuple(Quote(text=t, field=f) for f, t in told)
