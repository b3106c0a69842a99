"""A run as one HTML page that needs nothing else: verdict, scores with their intervals, timings, every case.

Owns the page and its words in both languages. Scores nothing: what was not run is a dash, what is missing is said, neither counts
as a pass. The page fetches nothing and runs only the one script whose hash its policy names. Everything that a case or a reply
says reaches the page as JSON and is set as text, never as HTML. What a held-out case says stands in an element of its own, which
is not even parsed before somebody asks for it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from coach.types import STATUSES, Lang
from evals.metrics import HARD, METRICS, Metric
from evals.schema import Case, Made, Outcome, Quoted, Record, Seen
from evals.scorers import terms
from evals.stats import Paired, bootstrap_mean, mean, paired, percentile, wilson

LANGS: tuple[Lang, ...] = ("zh", "en")
HELDOUT = "heldout"
DASH = "–"
GROUPS = ("answer", "status", "retrieval", "citations", "grounding", "rules", "judge")
MAIN = (
    *("right", "in_head", "recall", "status", "hallucinated", "over_refused"),
    *("grounded", "citation_recall", "citation_precision"),
)
"""The metrics of the heat table, in its order."""
FEW = 10
"""Below so many cases a share is too uncertain to be read as one."""
STAGES = ("search", "passages", "first_token", "total")
_HERE = Path(__file__).resolve().parent

Baseline = Mapping[str, Mapping[str, float]]
Says = str | int | tuple[str, str]
"""A value within a sentence: the same in both languages, or (zh, en)."""

_ZH = {
    "title": "评测报告",
    "skip": "跳到题目",
    "theme": "明暗",
    "switch": "English",
    "nav.scores": "分数",
    "nav.heat": "分组",
    "nav.sides": "拒答与编造",
    "nav.times": "耗时",
    "nav.cases": "题目",
    "ran": "{n} 题 · {solver} · 模型 {model}",
    "made": "这次跑了什么",
    "made.suites": "题集",
    "made.solver": "答题方式",
    "made.model": "模型",
    "made.strategy": "策略",
    "made.library": "资料库",
    "made.index": "索引",
    "made.calibration": "校准",
    "made.code": "代码",
    "made.commit": "提交",
    "made.version": "版本",
    "made.scorers": "评分器",
    "made.started": "开始",
    "made.seconds": "用时",
    "made.datasets": "题集哈希",
    "made.prompts": "提示词哈希",
    "made.notes": "备注",
    "made.more": "全部版本与哈希",
    "duration": "{m} 分 {s} 秒",
    "split.heldout": "保留集",
    "split.heldout.means": "从未用于调整产品；只看数字，不看错在哪里。",
    "split.dev": "开发集",
    "split.dev.means": "看过错题、调过产品，分数会偏高。",
    "split.own": "自有题集",
    "split.none": "未注明",
    "verdict": "结论",
    "hard.broken": "{n} 条硬规则被破坏",
    "hard.held": "查过的 {n} 条硬规则全部守住",
    "hard.none": "硬规则一条也没有查",
    "hard.cases": "{n} 题",
    "hard.of": "共查 {n} 题",
    "hard.unchecked": "没有查：{names}。没查不等于守住。",
    "versus.none": "没有给出基线，因此不作比较",
    "versus.shared": "与基线没有共同的题，因此没有可比的",
    "versus.same": "与基线相比，{n} 项指标的差别都没有超出偶然",
    "versus.worse": "{n} 项比基线差，超出偶然",
    "versus.better": "{n} 项比基线好，超出偶然",
    "versus.chance": "比较了 {n} 项，每项按 95 % 区间判断；即使毫无变化，平均也会有约 {by} 项被误判。",
    "points": "{x} 个百分点",
    "from.to": "{old} → {new}",
    "caution": "读数之前",
    "caution.limit": "只抽样跑：每套题集上限 {n} 题。",
    "caution.changed": "代码有未提交的改动（提交号带 +），单凭提交号重现不了。",
    "caution.record": "{n} 题没有留下回复。",
    "caution.outcome": "{n} 题没有评分，不算通过，也不在任何平均数里：{ids}",
    "caution.stray": "{n} 条评分找不到对应的题目。",
    "caution.notrun": "没有跑或不适用的指标：{names}。",
    "caution.lost": "基线里有分、这次没有分（可能变好看也可能变难看）：{names}。",
    "caution.unasked": "基线里有 {n} 题这次没有问。",
    "caution.heldout": "{n} 题属于保留集：从未用于调整产品，题目和回复默认不显示。",
    "scores": "分数",
    "scores.how": "0/1 指标用 Wilson 95 % 区间，其余用自助法（bootstrap）；与基线比较用逐题配对的自助法。"
    "绿色短线标出“好”的一端。",
    "col.metric": "指标",
    "col.mean": "平均",
    "col.interval": "95 % 区间",
    "col.n": "题数",
    "col.change": "与基线",
    "col.plot": "平均与区间（%）",
    "lang.zh": "中文",
    "lang.en": "英文",
    "lang.all": "全部",
    "legend.all": "全部",
    "legend.zh": "中文题",
    "legend.en": "英文题",
    "legend.old": "基线",
    "legend.good": "好的一端",
    "down": "越低越好",
    "up": "越高越好",
    "change.worse": "变差",
    "change.better": "变好",
    "change.same": "偶然范围内",
    "change.none": "没有变化",
    "group.answer": "回答",
    "group.status": "状态",
    "group.retrieval": "检索",
    "group.citations": "引用",
    "group.grounding": "有据",
    "group.rules": "硬规则",
    "group.judge": "模型评审",
    "heat": "按用途、题集、题型",
    "heat.how": "格子里是平均（%），下面是题数；颜色越红越差，↓ 的列已换过方向。少于 {n} 题的写成斜体，别当真。",
    "heat.of": "分组",
    "sides": "过度拒答与无中生有",
    "sides.how": "两种错此消彼长，要一起看，越靠左下越好。只有一种题的组画在轴外的灰条里；同一处的点共用一个圆，编号见表。",
    "sides.none": "没有可以算这两项的题。",
    "sides.x": "过度拒答：该答的却拒了",
    "sides.y": "无中生有：资料里没有却答了",
    "sides.group": "组",
    "times": "各阶段耗时",
    "times.how": "从提问算起的毫秒，对数刻度；柱越高题越多，竖线是中位数，三角是第 95 百分位。",
    "times.none": "没有留下耗时。",
    "times.stage": "阶段",
    "times.median": "中位数",
    "times.p95": "第 95 百分位",
    "times.max": "最长",
    "stage.search": "检索",
    "stage.passages": "段落就绪",
    "stage.first_token": "首字",
    "stage.total": "全部",
    "cases": "逐题",
    "cases.noscript": "逐题浏览需要打开 JavaScript。",
    "cases.count": "{n} / {all} 题",
    "cases.none": "没有符合条件的题。",
    "cases.more": "再显示 {n} 题",
    "cases.clear": "清除条件",
    "filter.suite": "题集",
    "filter.lang": "语言",
    "filter.kind": "题型",
    "filter.status": "状态",
    "filter.level": "结果",
    "filter.metric": "没满分的指标",
    "filter.hard": "硬规则",
    "filter.any": "全部",
    "filter.anyhard": "任何一条被破坏",
    "filter.worse": "比基线差",
    "filter.text": "搜题目、回复、编号",
    "filters": "筛选",
    "level.hard": "破坏硬规则",
    "level.wrong": "不对",
    "level.noted": "对，但有问题",
    "level.ok": "对",
    "level.unscored": "没有评分",
    "worse": "比基线差",
    "held.title": "保留集的题目不显示",
    "held.means": "这 {n} 题从未用于调整产品。看了错题再改，它们就不再是公平的检验。数字和状态照常可看。",
    "held.button": "我不会据此调整",
    "held.hidden": "题目、回复和错因不显示",
    "held.open": "保留集已显示：别据此调整产品。",
    "case.history": "先前的对话",
    "case.document": "带来的文件",
    "case.why": "为什么有这道题",
    "case.wrong": "错在哪里",
    "case.answer": "回复",
    "case.noanswer": "没有回复。",
    "case.notasked": "没有提问：这次只检索。",
    "case.notice": "提示",
    "case.error": "报错",
    "case.standalone": "改写后的问题",
    "case.status": "状态",
    "case.wanted": "应为 {x}",
    "case.got": "得到 {x}",
    "case.keypoints": "要点",
    "case.held": "有",
    "case.missing": "缺",
    "case.rank": "检索第 {n} 条有",
    "case.norank": "检索里没有",
    "case.forbidden": "不应出现",
    "case.hit": "出现了",
    "case.absent": "没出现",
    "case.attribution": "须说明是谁的说法",
    "case.cited": "引用的段落",
    "case.badquote": "引文与原文位置不符",
    "case.nopassage": "段落原文不在报告里",
    "case.shown": "回复用到、未引用的段落",
    "case.retrieved": "检索到的段落",
    "case.values": "各项数值",
    "case.timings": "耗时（毫秒）",
    "case.facts": "依据",
    "case.model": "措辞",
    "case.worded": "采用了模型的措辞",
    "case.unworded": "没有采用模型的措辞",
    "case.was": "基线 {x}",
    "role.user": "用户",
    "role.assistant": "教练",
    "status.answered": "已回答",
    "status.not_in_sources": "资料里没有",
    "status.clarify": "追问",
    "status.declined": "婉拒",
    "status.crisis": "危机",
    "status.none": "无状态",
    "tier.stated": "框架所述",
    "tier.attributed": "转述他人",
    "tier.external": "外部来源",
    "tier.document": "用户文件",
    "means.right": "要点齐全，没有禁语，状态也允许",
    "means.in_head": "前 300 字（英文 800 字符）之内就做到",
    "means.keypoints": "回复里有的要点所占的份额；拒答为 0",
    "means.attributed": "需要说明出处的说法都说了是谁说的",
    "means.language": "用提问的语言回复",
    "means.recall": "检索结果前 2000 字里的要点份额",
    "means.full": "检索结果前 2000 字里要点齐全",
    "means.recall_at_5": "前五段带有的本题事实份额",
    "means.first": "第一段就出自能回答的文章",
    "means.mrr": "第一篇能回答的文章的名次的倒数",
    "means.density": "检索到的字里，属于有用句子的份额",
    "means.status": "状态允许，而且有话可读",
    "means.hallucinated": "资料里没有的却答了",
    "means.over_refused": "资料里有的却拒了",
    "means.grounded": "用词、数字、级别、名称都在段落里的句子份额",
    "means.citation_recall": "有引用且引用支持的句子份额",
    "means.citation_precision": "确实支持所在句子的引用份额",
    "means.worded": "有模型时：它的措辞站得住并被采用",
    "means.citations_valid": "每个标号都有引文，用了段落就有引用",
    "means.quotes_literal": "每条引文都在原文的那个位置",
    "means.nothing_forbidden": "没有出现不应出现的词",
    "means.no_bare_claim": "没有把未经证实的说法当事实",
    "means.prompt_kept": "没有连续 12 个字（英文 8 个词）出自提示词",
    "means.crisis_met": "遇到危机就给出求助途径",
    "means.no_error": "每个问题都得到了回复",
    "means.judged": "评审的问题里，带着原文答“是”的份额",
}

_EN = {
    "title": "Evaluation report",
    "skip": "Skip to the cases",
    "theme": "Light or dark",
    "switch": "中文",
    "nav.scores": "Scores",
    "nav.heat": "Groups",
    "nav.sides": "Refusals",
    "nav.times": "Timings",
    "nav.cases": "Cases",
    "ran": "{n} cases · {solver} · model {model}",
    "made": "What was run",
    "made.suites": "Question sets",
    "made.solver": "Solver",
    "made.model": "Model",
    "made.strategy": "Strategy",
    "made.library": "Library",
    "made.index": "Index",
    "made.calibration": "Calibration",
    "made.code": "Code",
    "made.commit": "Commit",
    "made.version": "Version",
    "made.scorers": "Scorers",
    "made.started": "Started",
    "made.seconds": "Took",
    "made.datasets": "Hashes of the question sets",
    "made.prompts": "Hashes of the prompts",
    "made.notes": "Notes",
    "made.more": "All versions and hashes",
    "duration": "{m} min {s} s",
    "split.heldout": "held out",
    "split.heldout.means": "Never used for tuning: its figures are looked at, its failures are not.",
    "split.dev": "development",
    "split.dev.means": "Its failures were read and the product tuned on them, so it flatters.",
    "split.own": "own set",
    "split.none": "not stated",
    "verdict": "Verdict",
    "hard.broken": "Hard rules broken: {n}",
    "hard.held": "All {n} hard rules that were checked hold",
    "hard.none": "No hard rule was checked",
    "hard.cases": "cases: {n}",
    "hard.of": "{n} checked",
    "hard.unchecked": "Not checked: {names}. That is not the same as held.",
    "versus.none": "No baseline was given, so nothing is compared",
    "versus.shared": "No case is shared with the baseline, so nothing can be compared",
    "versus.same": "None of {n} metrics differs from the baseline beyond chance",
    "versus.worse": "Worse than the baseline beyond chance: {n}",
    "versus.better": "Better than the baseline beyond chance: {n}",
    "versus.chance": "{n} metrics were compared, each by its 95 % interval; with no change at all, about {by} would move.",
    "points": "{x} points",
    "from.to": "{old} → {new}",
    "caution": "Before you read the figures",
    "caution.limit": "Only a sample was run: at most {n} cases of each set.",
    "caution.changed": "The checkout had uncommitted changes (a + behind the commit): the commit alone does not reproduce this.",
    "caution.record": "Cases without a reply on record: {n}.",
    "caution.outcome": "Cases that were not scored, neither passed nor in any mean: {n} ({ids})",
    "caution.stray": "Scores without their case: {n}.",
    "caution.notrun": "Metrics not run or not applicable: {names}.",
    "caution.lost": "Cases with a value in the baseline and none now, which may flatter or harm: {names}.",
    "caution.unasked": "Cases of the baseline that were not asked this time: {n}.",
    "caution.heldout": "Held-out cases: {n}. Never used for tuning; their questions and replies are hidden at first.",
    "scores": "Scores",
    "scores.how": "Wilson 95 % intervals for 0/1 metrics, bootstrap for the others; changes by a paired bootstrap over "
    "the same cases. The short green line marks the good end.",
    "col.metric": "Metric",
    "col.mean": "Mean",
    "col.interval": "95 % interval",
    "col.n": "n",
    "col.change": "vs baseline",
    "col.plot": "Mean and interval (%)",
    "lang.zh": "Chinese",
    "lang.en": "English",
    "lang.all": "All",
    "legend.all": "all",
    "legend.zh": "Chinese",
    "legend.en": "English",
    "legend.old": "baseline",
    "legend.good": "good end",
    "down": "lower is better",
    "up": "higher is better",
    "change.worse": "worse",
    "change.better": "better",
    "change.same": "within chance",
    "change.none": "no change",
    "group.answer": "Answers",
    "group.status": "Status",
    "group.retrieval": "Retrieval",
    "group.citations": "Citations",
    "group.grounding": "Grounding",
    "group.rules": "Hard rules",
    "group.judge": "Model as judge",
    "heat": "By split, set and kind",
    "heat.how": "Means in %, with the number of cases below; the redder the worse, with ↓ columns turned round. "
    "Fewer than {n} cases are in italics: do not lean on them.",
    "heat.of": "Group",
    "sides": "Over-refusal and hallucination",
    "sides.how": "One error is traded for the other, so they are read together: bottom left is best. Groups with only one kind "
    "of question stand in the grey strips; points at one place share a circle, numbers as in the table.",
    "sides.none": "No case counts for either.",
    "sides.x": "Over-refusal: refused what the library answers",
    "sides.y": "Hallucination: answered what it does not hold",
    "sides.group": "Group",
    "times": "Time by stage",
    "times.how": "Milliseconds since the question, on a log scale: the higher, the more cases. Line: median; triangle: p95.",
    "times.none": "No timings were kept.",
    "times.stage": "Stage",
    "times.median": "Median",
    "times.p95": "p95",
    "times.max": "Longest",
    "stage.search": "search",
    "stage.passages": "passages ready",
    "stage.first_token": "first words",
    "stage.total": "total",
    "cases": "Case by case",
    "cases.noscript": "Browsing the cases needs JavaScript.",
    "cases.count": "{n} of {all} cases",
    "cases.none": "No case meets these conditions.",
    "cases.more": "Show {n} more",
    "cases.clear": "Clear filters",
    "filter.suite": "Set",
    "filter.lang": "Language",
    "filter.kind": "Kind",
    "filter.status": "Status",
    "filter.level": "Result",
    "filter.metric": "Metric not full",
    "filter.hard": "Hard rule",
    "filter.any": "all",
    "filter.anyhard": "any broken",
    "filter.worse": "worse than baseline",
    "filter.text": "Search questions, replies, ids",
    "filters": "Filters",
    "level.hard": "hard rule broken",
    "level.wrong": "wrong",
    "level.noted": "right, with a problem",
    "level.ok": "right",
    "level.unscored": "not scored",
    "worse": "worse than baseline",
    "held.title": "Held-out cases are not shown",
    "held.means": "The product was never tuned on these cases ({n}). Once their failures are read and mended, they are no fair "
    "test any more. Figures and status are there to see.",
    "held.button": "I will not tune on these",
    "held.hidden": "question, reply and problems are hidden",
    "held.open": "Held-out cases are shown: do not tune on them.",
    "case.history": "Earlier messages",
    "case.document": "Document brought along",
    "case.why": "Why this case exists",
    "case.wrong": "What was wrong",
    "case.answer": "Reply",
    "case.noanswer": "No reply came.",
    "case.notasked": "Nothing was asked: this run only searched.",
    "case.notice": "Notice",
    "case.error": "Error",
    "case.standalone": "Question as rewritten",
    "case.status": "Status",
    "case.wanted": "wanted {x}",
    "case.got": "got {x}",
    "case.keypoints": "Key points",
    "case.held": "held",
    "case.missing": "missing",
    "case.rank": "retrieved at rank {n}",
    "case.norank": "not retrieved",
    "case.forbidden": "Must not occur",
    "case.hit": "occurs",
    "case.absent": "does not occur",
    "case.attribution": "must say whose claim it is",
    "case.cited": "Passages cited",
    "case.badquote": "the quote does not stand at its place in the passage",
    "case.nopassage": "the passage's text is not in this report",
    "case.shown": "Passages of the reply, not cited",
    "case.retrieved": "Passages retrieved",
    "case.values": "All values",
    "case.timings": "Timings (ms)",
    "case.facts": "Rests on",
    "case.model": "Wording",
    "case.worded": "the model's words were used",
    "case.unworded": "the model's words were not used",
    "case.was": "baseline {x}",
    "role.user": "User",
    "role.assistant": "Coach",
    "status.answered": "answered",
    "status.not_in_sources": "not in sources",
    "status.clarify": "asked back",
    "status.declined": "declined",
    "status.crisis": "crisis",
    "status.none": "no status",
    "tier.stated": "stated by the framework",
    "tier.attributed": "attributed",
    "tier.external": "external",
    "tier.document": "user's document",
} | {f"means.{name}": metric.means for name, metric in METRICS.items()}

WORDS: dict[Lang, dict[str, str]] = {"zh": _ZH, "en": _EN}


# --- words and marks -------------------------------------------------------------------------------------------------


def _both(zh: str, en: str) -> str:
    """Text in both languages, of which the style sheet shows one; once where they do not differ."""
    if zh == en:
        return escape(zh)
    return f'<span class="zh" lang="zh">{escape(zh)}</span><span class="en" lang="en">{escape(en)}</span>'


def _say(key: str, **values: Says) -> tuple[str, str]:
    """A sentence of WORDS in both languages, as plain text."""
    zh, en = ({k: v[at] if isinstance(v, tuple) else v for k, v in values.items()} for at in (0, 1))
    return WORDS["zh"][key].format(**zh), WORDS["en"][key].format(**en)


def _t(key: str, **values: Says) -> str:
    return _both(*_say(key, **values))


def _named(prefix: str, name: str) -> str:
    """The words for a name out of the data, or the name itself where there are none."""
    return _t(f"{prefix}.{name}") if f"{prefix}.{name}" in WORDS["zh"] else escape(name)


def _title(metric: Metric) -> str:
    return _both(metric.zh, metric.en)


def _rule(name: str) -> str:
    return _title(METRICS[name]) if name in METRICS else escape(name)


def _titles(names: Iterable[str]) -> tuple[str, str]:
    found = [METRICS[name] for name in names]
    return "、".join(m.zh for m in found), ", ".join(m.en for m in found)


def percent(share: float | None) -> str:
    """`–` for what was not measured, so that it can be taken for neither 0 nor 1."""
    return DASH if share is None else f"{100 * share:.1f} %"


def _signed(share: float) -> str:
    """In points; a change that rounds to nothing has no sign."""
    text = f"{100 * share:+.1f}"
    return "0.0" if text in {"+0.0", "-0.0"} else text.replace("-", "−")


def _section(name: str, *parts: str) -> str:
    body = "".join(parts)
    return f'<section id="{name}" aria-labelledby="h-{name}"><h2 id="h-{name}">{_t(name)}</h2>{body}</section>'


# --- figures ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Share:
    """A mean of `n` values with its 95 % interval; n is 0 and the mean None where nothing was measured."""

    n: int
    mean: float | None
    low: float
    high: float


def share(values: Sequence[float]) -> Share:
    """Wilson's interval where every value is 0 or 1, a bootstrap elsewhere (both `evals.stats`)."""
    binary = all(v in (0, 1) for v in values)
    low, high = wilson(round(sum(values)), len(values)) if binary else bootstrap_mean(values)
    return Share(n=len(values), mean=mean(values), low=low, high=high)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One metric over a run: all cases, those of each language, and the paired change against the baseline."""

    metric: Metric
    all: Share
    by: Mapping[Lang, Share]
    change: Paired | None
    lost: int

    @property
    def turn(self) -> str:
        """`worse`, `better`, `same` (the interval of the change holds 0), `none` (no case changed); empty: not compared."""
        if self.change is None:
            return ""
        if self.change.low == self.change.high == 0:
            return "none"
        up = self.metric.better == "up"
        if self.change.high < 0:
            return "worse" if up else "better"
        if self.change.low > 0:
            return "better" if up else "worse"
        return "same"


def lines(outcomes: Sequence[Outcome], baseline: Baseline | None) -> list[Line]:
    """Every metric, also those that were not run."""
    return [_line(metric, outcomes, (baseline or {}).get(name, {})) for name, metric in METRICS.items()]


def _line(metric: Metric, outcomes: Sequence[Outcome], old: Mapping[str, float]) -> Line:
    new = {o.case: (o.lang, v) for o in outcomes if (v := o.values.get(metric.name)) is not None}
    change = paired({case: v for case, (_, v) in new.items()}, old) if new.keys() & old.keys() else None
    return Line(
        metric=metric,
        all=share([v for _, v in new.values()]),
        by={lang: share([v for of, v in new.values() if of == lang]) for lang in LANGS},
        change=change,
        lost=sum(o.case in old and o.case not in new for o in outcomes),
    )


@dataclass(frozen=True, kw_only=True)
class Row:
    """What belongs to one case. A part that is missing is None: it is shown as missing, and never left out."""

    id: str
    suite: str
    lang: str
    kind: str
    heldout: bool
    case: Case | None
    record: Record | None
    outcome: Outcome | None
    worse: tuple[str, ...] = ()

    @property
    def broken(self) -> list[str]:
        """The hard rules it breaks, whether a value says so or the list; one that no metric knows counts all the same.

        Of a held-out case such a stranger is not spelled out: it may be words of the case.
        """
        if self.outcome is None:
            return []
        below = [name for name in HARD if (v := self.outcome.values.get(name)) is not None and v < 1]
        listed = (name if name in METRICS or not self.heldout else "…" for name in self.outcome.hard)
        return list(dict.fromkeys((*below, *listed)))

    @property
    def level(self) -> str:
        """The one verdict on a case: of its hard rules, then of `right`, `status` or (search alone) `full`."""
        if self.outcome is None:
            return "unscored"
        if self.broken:
            return "hard"
        main = next((v for name in ("right", "status", "full") if (v := self.outcome.values.get(name)) is not None), None)
        if main is None:
            return "unscored"
        return "wrong" if main < 1 else "noted" if self.outcome.problems else "ok"


_ORDER = ("hard", "unscored", "wrong", "noted", "ok")


def rows(
    made: Made, cases: Sequence[Case], records: Sequence[Record], outcomes: Sequence[Outcome], baseline: Baseline | None
) -> list[Row]:
    """Every case that was to be asked and everything that came without one, the worst first."""
    case_of = {c.id: c for c in cases}
    record_of = {r.case: r for r in records}
    outcome_of = {o.case: o for o in outcomes}
    found = []
    for name in dict.fromkeys((*case_of, *record_of, *outcome_of)):
        case, record, outcome = case_of.get(name), record_of.get(name), outcome_of.get(name)
        suite = next((x.suite for x in (outcome, record) if x), "")
        about = case or outcome
        row = Row(
            id=name,
            suite=suite,
            lang=about.lang if about else "",
            kind=about.kind if about else "",
            # A case of an unknown set is treated as the strictest there is.
            heldout=made.splits.get(suite) == HELDOUT if suite else HELDOUT in made.splits.values(),
            case=case,
            record=record,
            outcome=outcome,
            worse=_worse(outcome, baseline or {}),
        )
        found.append(row)
    return sorted(found, key=lambda r: (_ORDER.index(r.level), not r.worse))


def _worse(outcome: Outcome | None, baseline: Baseline) -> tuple[str, ...]:
    """The gated metrics in which a case is worse than it was."""
    if outcome is None:
        return ()
    found = []
    for name, metric in METRICS.items():
        value, old = outcome.values.get(name), baseline.get(name, {}).get(outcome.case)
        if metric.gate != "none" and value is not None and old is not None:
            fell = old - value if metric.better == "up" else value - old
            if fell > 1e-9:
                found.append(name)
    return tuple(found)


# --- head and verdict ------------------------------------------------------------------------------------------------


def _head(made: Made, found: Sequence[Row]) -> str:
    m, s = divmod(round(made.seconds), 60)
    plain = {
        "made.suites": "<br>".join(escape(s) + (f" {_badge()}" if made.splits.get(s) == HELDOUT else "") for s in made.suites),
        "made.solver": escape(made.solver),
        "made.model": escape(made.model or DASH),
        "made.library": escape(made.library or DASH),
        "made.commit": f"<code>{escape(made.commit or DASH)}</code>",
        "made.started": escape(made.started.replace("T", " ")[:16] or DASH),
        "made.seconds": _t("duration", m=m, s=s),
    }
    more = {
        "made.strategy": escape(made.strategy or DASH),
        "made.version": escape(made.version or DASH),
        "made.code": f"<code>{escape(made.code or DASH)}</code>",
        "made.index": escape(made.index or DASH),
        "made.calibration": escape(made.calibration or DASH),
        "made.scorers": escape(made.scorers or DASH),
        "made.datasets": _pairs(made.datasets),
        "made.prompts": _pairs(made.prompts),
        "made.notes": _pairs(made.notes),
    }
    return (
        f'<section id="made" aria-labelledby="h-made"><h2 id="h-made">{_t("made")}</h2>{_list(plain, "facts")}'
        f'<details class="more"><summary>{_t("made.more")}</summary>{_list(more, "facts")}</details></section>'
    )


def _list(of: Mapping[str, str], kind: str) -> str:
    body = "".join(f"<div><dt>{_t(key)}</dt><dd>{value}</dd></div>" for key, value in of.items())
    return f'<dl class="{kind}">{body}</dl>'


def _pairs(values: Mapping[str, Any]) -> str:
    return "<br>".join(f"{escape(k)} <code>{escape(str(v))}</code>" for k, v in values.items()) or DASH


def _verdict(found: Sequence[Row], made_lines: Sequence[Line], baseline: Baseline | None) -> str:
    return _section("verdict", '<div class="verdicts">', _hard(found), _versus(made_lines, baseline), "</div>")


def _card(kind: str, title: str, *body: str) -> str:
    return f'<div class="card {kind}"><h3>{title}</h3>{"".join(body)}</div>'


def _hard(found: Sequence[Row]) -> str:
    """Which hard rules are broken and in which cases; one that was checked nowhere is named, never counted as held."""
    hit: dict[str, list[str]] = defaultdict(list)
    checked: dict[str, int] = defaultdict(int)
    for row in found:
        if row.outcome:
            for name in row.broken:
                hit[name].append(row.id)
            for name in {*HARD, *row.broken}:
                checked[name] += row.outcome.values.get(name) is not None or name in row.broken
    unchecked = [name for name in HARD if not checked[name]]
    rest = f'<p class="warn">{_t("hard.unchecked", names=_titles(unchecked))}</p>' if unchecked else ""
    if hit:
        return _card("bad", _t("hard.broken", n=len(hit)), _broken_list(hit, checked), rest)
    if len(unchecked) == len(HARD):
        return _card("warn", _t("hard.none"))
    held = "".join(f"<li>{_title(METRICS[n])} <small>{_t('hard.of', n=checked[n])}</small></li>" for n in HARD if checked[n])
    title = _t("hard.held", n=len(HARD) - len(unchecked))
    return _card("warn" if unchecked else "good", title, f'<ul class="plain">{held}</ul>', rest)


def _broken_list(hit: Mapping[str, Sequence[str]], checked: Mapping[str, int]) -> str:
    items = []
    for name, ids in hit.items():
        links = " ".join(f'<a href="#cases" data-case="{escape(i)}">{escape(i)}</a>' for i in ids[:12])
        more = f' <button type="button" class="link" data-hard="{escape(name)}">… {len(ids)}</button>' if len(ids) > 12 else ""
        count = f"{_t('hard.cases', n=len(ids))} · {_t('hard.of', n=checked[name])}"
        items.append(f"<li><b>{_rule(name)}</b> <small>{count}</small><br>{links}{more}</li>")
    return f'<ul class="plain">{"".join(items)}</ul>'


def _versus(made_lines: Sequence[Line], baseline: Baseline | None) -> str:
    """Which metrics moved beyond chance: the 95 % interval of the paired change leaves out 0."""
    if baseline is None:
        return _card("none", _t("versus.none"))
    compared = [line for line in made_lines if line.change is not None]
    if not compared:
        return _card("warn", _t("versus.shared"))
    chance = f'<p class="quiet">{_t("versus.chance", n=len(compared), by=f"{0.05 * len(compared):.1f}")}</p>'
    cards = ""
    for turn, kind in (("worse", "bad"), ("better", "good")):
        moved = [line for line in compared if line.turn == turn]
        if moved:
            items = "".join(f"<li>{_moved(line)}</li>" for line in moved)
            cards += _card(kind, _t(f"versus.{turn}", n=len(moved)), f'<ul class="plain">{items}</ul>')
    return (cards or _card("none", _t("versus.same", n=len(compared)))) + chance


def _moved(line: Line) -> str:
    assert line.change is not None and line.change.mean is not None
    old_new = _t("from.to", old=percent(line.change.old), new=percent(line.change.new))
    points = _t("points", x=f"{_signed(line.change.mean)} [{_signed(line.change.low)}, {_signed(line.change.high)}]")
    down = f' <small class="down">↓ {_t("down")}</small>' if line.metric.better == "down" else ""
    return f"<b>{_title(line.metric)}</b>{down}<br>{old_new} <small>{points} · n\u00a0=\u00a0{line.change.n}</small>"


def _cautions(made: Made, found: Sequence[Row], made_lines: Sequence[Line], baseline: Baseline | None) -> str:
    """What a reader of the figures must know first; nothing where there is nothing."""
    unscored = [r.id for r in found if r.level == "unscored"]
    ids = ", ".join(unscored[:8]) + (" …" if len(unscored) > 8 else "")
    lost = [(line, line.lost) for line in made_lines if line.lost]
    lost_names = (
        "、".join(f"{line.metric.zh}（{n}）" for line, n in lost),
        ", ".join(f"{line.metric.en} ({n})" for line, n in lost),
    )
    not_run = [line.metric.name for line in made_lines if not line.all.n]
    asked = {r.id for r in found}
    unasked = len({case for values in (baseline or {}).values() for case in values} - asked)
    counted: list[tuple[object, str, dict[str, Says]]] = [
        (made.limit is not None, "limit", {"n": made.limit or 0}),
        (made.commit.endswith("+"), "changed", {}),
        ((n := sum(r.record is None for r in found)), "record", {"n": n}),
        (unscored, "outcome", {"n": len(unscored), "ids": ids}),
        ((n := sum(r.case is None for r in found)), "stray", {"n": n}),
        (not_run, "notrun", {"names": _titles(not_run)}),
        (lost, "lost", {"names": lost_names}),
        (unasked, "unasked", {"n": unasked}),
        ((n := sum(r.heldout for r in found)), "heldout", {"n": n}),
    ]
    items = "".join(f"<li>{_t(f'caution.{key}', **values)}</li>" for there, key, values in counted if there)
    return f'<div class="card warn cautions"><h3>{_t("caution")}</h3><ul>{items}</ul></div>' if items else ""


# --- scores ----------------------------------------------------------------------------------------------------------

_LEFT, _WIDE = 12, 256
_ROWS: dict[str, int] = {"all": 11, "zh": 25, "en": 36}


def _x(value: float) -> str:
    return f"{_LEFT + _WIDE * min(max(value, 0.0), 1.0):.1f}"


def _scores(made_lines: Sequence[Line]) -> str:
    keys = "".join(f'<span class="key k-{k}">{_t(f"legend.{k}")}</span>' for k in ("all", "zh", "en", "old", "good"))
    names = ("col.metric", "col.mean", "col.interval", "col.n", "lang.zh", "lang.en", "col.change", "col.plot")
    head = "".join(f'<th scope="col">{_t(name)}</th>' for name in names)
    groups = "".join(_group(group, [line for line in made_lines if line.metric.group == group]) for group in GROUPS)
    table = f'<table class="scores"><thead><tr>{head}</tr></thead>{groups}</table>'
    return _section("scores", f'<p class="how">{_t("scores.how")}</p><p class="legend">{keys}</p>', table)


def _group(group: str, of: Sequence[Line]) -> str:
    if not of:
        return ""
    head = f'<tr class="group"><th scope="rowgroup" colspan="7">{_t(f"group.{group}")}</th><td class="plot">{_axis()}</td></tr>'
    return f"<tbody>{head}{''.join(map(_score, of))}</tbody>"


def _axis() -> str:
    ticks = "".join(f'<text x="{_x(at / 100)}" y="11" text-anchor="middle">{at}</text>' for at in (0, 25, 50, 75, 100))
    return f'<svg viewBox="0 0 280 14" aria-hidden="true" class="axis">{ticks}</svg>'


def _score(line: Line) -> str:
    metric = line.metric
    chips = f' <small class="chip down">↓ {_t("down")}</small>' if metric.better == "down" else ""
    name = f'<button type="button" class="link" data-metric="{metric.name}">{_title(metric)}</button>'
    interval = f"{100 * line.all.low:.1f}–{100 * line.all.high:.1f}" if line.all.n else DASH
    cells = [
        ("col.mean", f"<b>{percent(line.all.mean)}</b>", "num"),
        ("col.interval", interval, "num quiet"),
        ("col.n", str(line.all.n or DASH), "num quiet"),
        *((f"lang.{lang}", f"{percent(line.by[lang].mean)} {_count(line.by[lang])}", "num") for lang in LANGS),
        ("col.change", _change(line), "num change"),
    ]
    body = "".join(f'<td class="{kind}"><span class="label">{_t(key)}</span>{value}</td>' for key, value, kind in cells)
    first = f'<th scope="row">{name}{chips}<small class="means">{_t(f"means.{metric.name}")}</small></th>'
    off = "" if line.all.n else ' class="off"'
    return f'<tr id="m-{metric.name}"{off}>{first}{body}<td class="plot">{_plot(line)}</td></tr>'


def _count(of: Share) -> str:
    return f"<small>({of.n})</small>" if of.n else ""


def _change(line: Line) -> str:
    if line.change is None or line.change.mean is None:
        return DASH
    return (
        f'<span class="{line.turn}"><b>{_signed(line.change.mean)}</b> {_t(f"change.{line.turn}")}</span>'
        f"<small>[{_signed(line.change.low)}, {_signed(line.change.high)}] n\u00a0=\u00a0{line.change.n}</small>"
    )


def _plot(line: Line) -> str:
    """Dots and intervals on a scale from 0 to 1: all cases, the languages below, a tick where the baseline was."""
    grid = "".join(f'<path class="grid" d="M{_x(at)} 2V42"/>' for at in (0, 0.25, 0.5, 0.75, 1))
    good = f'<path class="goodend" d="M{_x(line.metric.better == "up")} 2V42"/>'
    parts = [grid, good]
    if line.change is not None and line.change.old is not None:
        parts.append(f'<path class="old" d="M{_x(line.change.old)} 3V19"/>')
    for name, of in (("all", line.all), *line.by.items()):
        if of.mean is not None:
            parts.append(_dot(name, of, _ROWS[name]))
    return f'<svg viewBox="0 0 280 44" aria-hidden="true">{"".join(parts)}</svg>'


def _dot(name: str, of: Share, y: int) -> str:
    x = _LEFT + _WIDE * (of.mean or 0.0)
    shapes = {
        "all": f'<circle cx="{x:.1f}" cy="{y}" r="5"/>',
        "zh": f'<rect x="{x - 3.4:.1f}" y="{y - 3.4:.1f}" width="6.8" height="6.8"/>',
        "en": f'<path d="M{x:.1f} {y - 4.6}l4.6 4.6l-4.6 4.6l-4.6-4.6z"/>',
    }
    return f'<g class="s-{name}"><path class="bar" d="M{_x(of.low)} {y}H{_x(of.high)}"/>{shapes[name]}</g>'


# --- heat table ------------------------------------------------------------------------------------------------------


def _heat(made: Made, outcomes: Sequence[Outcome]) -> str:
    shown = [METRICS[n] for n in MAIN if any(o.values.get(n) is not None for o in outcomes)]
    if not shown:
        return ""
    head = "".join(f'<th scope="col">{_title(m)}{" ↓" if m.better == "down" else ""}</th>' for m in shown)
    body = [_heat_row(_t("lang.all"), "whole", outcomes, shown)]
    for split in sorted({made.splits.get(o.suite, "") for o in outcomes}):
        of = [o for o in outcomes if made.splits.get(o.suite, "") == split]
        body.append(_heat_row(_split(split), "split", of, shown))
    for suite in dict.fromkeys(o.suite for o in outcomes):
        of = [o for o in outcomes if o.suite == suite]
        held = f" {_badge()}" if made.splits.get(suite) == HELDOUT else ""
        body.append(_heat_row(escape(suite) + held, "suite", of, shown))
        for kind in sorted({o.kind for o in of}):
            body.append(_heat_row(escape(kind), "kind", [o for o in of if o.kind == kind], shown))
    top = f'<thead><tr><th scope="col">{_t("heat.of")}</th>{head}</tr></thead>'
    table = f'<table class="heat">{top}<tbody>{"".join(body)}</tbody></table>'
    return _section("heat", f'<p class="how">{_t("heat.how", n=FEW)}</p>', _scroll("heat", table))


def _scroll(name: str, table: str) -> str:
    """A table that may be wider than the page, to be scrolled by keyboard too."""
    return f'<div class="scroll" tabindex="0" role="region" aria-labelledby="h-{name}">{table}</div>'


def _badge() -> str:
    return f'<small class="chip held">{_t("split.heldout")}</small>'


def _split(split: str) -> str:
    """A split with what it means for the figures."""
    means = f'<small class="means">{_t(f"split.{split}.means")}</small>' if f"split.{split}.means" in WORDS["zh"] else ""
    return _named("split", split or "none") + means


def _heat_row(title: str, kind: str, of: Sequence[Outcome], shown: Sequence[Metric]) -> str:
    cells = "".join(_heat_cell([v for o in of if (v := o.values.get(m.name)) is not None], m) for m in shown)
    return f'<tr class="{kind}"><th scope="row">{title}</th>{cells}</tr>'


def _heat_cell(values: Sequence[float], metric: Metric) -> str:
    value = mean(values)
    if value is None:
        return f'<td class="empty">{DASH}</td>'
    good = value if metric.better == "up" else 1 - value
    few = " few" if len(values) < FEW else ""
    # Rounded so that only what is perfect looks perfect: neither 0 nor 100 for what is only near it.
    shown = round(100 * value) if value in (0, 1) else min(max(round(100 * value), 1), 99)
    return f'<td class="q{math.floor(10 * good + 1e-9)}{few}">{shown}<small>{len(values)}</small></td>'


# --- refusals against hallucinations -----------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Side:
    """A group of cases by the two errors that are traded for one another; None where no case of it can make the error."""

    title: str
    refused: Share
    hallucinated: Share


def _side(title: str, of: Sequence[Outcome]) -> Side:
    def taken(name: str) -> Share:
        return share([v for o in of if (v := o.values.get(name)) is not None])

    return Side(title=title, refused=taken("over_refused"), hallucinated=taken("hallucinated"))


def _sides(outcomes: Sequence[Outcome]) -> str:
    groups: dict[tuple[str, ...], list[Outcome]] = defaultdict(list)
    for suite in dict.fromkeys(o.suite for o in outcomes):
        of = [o for o in outcomes if o.suite == suite]
        for lang in LANGS:
            groups[suite, lang] = [o for o in of if o.lang == lang]
        for kind in sorted({o.kind for o in of}):
            groups[suite, "", kind] = [o for o in of if o.kind == kind]
    made = [_side(_side_title(key), of) for key, of in groups.items()]
    made = sorted((side for side in made if side.refused.n or side.hallucinated.n), key=_rank)
    made.insert(0, _side(_t("lang.all"), outcomes))
    if not (made[0].refused.n or made[0].hallucinated.n):
        return _section("sides", f"<p>{_t('sides.none')}</p>")
    body = "".join(_side_row(n, side) for n, side in enumerate(made, 1))
    head = "".join(f'<th scope="col">{h}</th>' for h in ("#", _t("sides.group"), *(_title(METRICS[m]) + " ↓" for m in _ERRORS)))
    return _section(
        "sides",
        f'<p class="how">{_t("sides.how")}</p><div class="two"><figure>{_scatter(made)}</figure>',
        _scroll("sides", f'<table class="sides"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'),
        "</div>",
    )


_ERRORS = ("over_refused", "hallucinated")


def _rank(side: Side) -> tuple[float, bool, bool]:
    """The worst first; groups at the same place get numbers in a row."""
    return (
        -max(side.refused.mean or 0.0, side.hallucinated.mean or 0.0),
        side.hallucinated.mean is None,
        side.refused.mean is None,
    )


def _side_title(key: tuple[str, ...]) -> str:
    suite, lang, *kind = key
    return f"{escape(suite)} · " + (escape(kind[0]) if kind else _t(f"lang.{lang}"))


def _side_row(number: int, side: Side) -> str:
    cells = "".join(
        f'<td class="num">{percent(of.mean)}' + (f" <small>({of.n})</small></td>" if of.n else "</td>")
        for of in (side.refused, side.hallucinated)
    )
    return f'<tr><td class="num">{number}</td><th scope="row">{side.title}</th>{cells}</tr>'


def _scatter(sides: Sequence[Side]) -> str:
    """Numbered points; groups without one of the two errors in strips beside the axes, where no false 0 can be read."""
    top = max((s.mean or 0.0) for side in sides for s in (side.refused, side.hallucinated))
    reach = next(r for r in (0.1, 0.2, 0.3, 0.5, 0.75, 1.0) if top <= r)
    places: dict[tuple[int, int], list[int]] = defaultdict(list)
    for number, side in enumerate(sides, 1):
        x, y = side.refused.mean, side.hallucinated.mean
        at = (14 if x is None else 76 + round(34 * x / reach) * 9, 364 if y is None else 318 - round(34 * y / reach) * 9)
        places[at].append(number)
    ticks = "".join(
        f'<path class="grid" d="M{76 + 306 * s:.0f} 8V322M72 {318 - 306 * s:.0f}H390"/>'
        f'<text x="{76 + 306 * s:.0f}" y="338" text-anchor="middle">{100 * reach * s:g} %</text>'
        f'<text x="60" y="{322 - 306 * s:.0f}" text-anchor="end">{100 * reach * s:g}</text>'
        for s in (0, 0.5, 1)
    )
    strips = '<path class="strip" d="M-2 2h32v332h-32zM58 348h340v32h-340z"/>'
    names = (
        f'<g class="name">{_svg_text("sides.x", 231, 398)}</g>'
        f'<g class="name" transform="translate(-8 165) rotate(-90)">{_svg_text("sides.y", 0, 0)}</g>'
    )
    points = "".join(_point(x, y, numbers) for (x, y), numbers in places.items())
    return f'<svg viewBox="-22 0 424 406" class="scatter" aria-hidden="true">{strips}{ticks}{names}{points}</svg>'


def _svg_text(key: str, x: int, y: int) -> str:
    return "".join(
        f'<text class="{lang}" x="{x}" y="{y}" text-anchor="middle">{escape(WORDS[lang][key])}</text>' for lang in LANGS
    )


def _point(x: int, y: int, numbers: Sequence[int]) -> str:
    """One group, or the first and the last of those that stand at one place; the title names them all."""
    label = f"{numbers[0]}" if len(numbers) == 1 else f"{numbers[0]}…{numbers[-1]}"
    wide = 10 + 3 * (len(label) - len(str(numbers[0])))
    whole = " whole" if 1 in numbers else ""
    return (
        f'<g class="point{whole}"><title>{", ".join(map(str, numbers))}</title>'
        f'<rect x="{x - wide}" y="{y - 10}" width="{2 * wide}" height="20" rx="10"/>'
        f'<text x="{x}" y="{y + 4}" text-anchor="middle">{label}</text></g>'
    )


# --- timings ---------------------------------------------------------------------------------------------------------


def _times(records: Sequence[Record]) -> str:
    by: dict[str, list[float]] = defaultdict(list)
    for record in records:
        for stage, value in record.timings.items():
            by[stage].append(max(value, 0.1))
    if not by:
        return _section("times", f"<p>{_t('times.none')}</p>")
    low = math.floor(math.log10(min(min(v) for v in by.values())))
    high = max(math.ceil(math.log10(max(max(v) for v in by.values()))), low + 1)
    known = [s for s in STAGES if s in by]
    order = [*(s for s in known if s != "total"), *sorted(by.keys() - set(STAGES)), *(s for s in known if s == "total")]
    head = "".join(f'<th scope="col">{_t(k)}</th>' for k in ("times.stage", "col.n", "times.median", "times.p95", "times.max"))
    body = "".join(_stage(stage, by[stage], low, high) for stage in order)
    top = f'<thead><tr>{head}<th class="plot">{_decades(low, high)}</th></tr></thead>'
    table = f'<table class="times">{top}<tbody>{body}</tbody></table>'
    return _section("times", f'<p class="how">{_t("times.how")}</p>', table)


def _milliseconds(value: float | None) -> str:
    if value is None:
        return DASH
    return f"{value / 1000:.2f} s" if value >= 1000 else f"{value:.0f} ms" if value >= 10 else f"{value:.1f} ms"


def _log_x(value: float, low: int, high: int) -> float:
    return 20 + 400 * (math.log10(value) - low) / (high - low)


def _decades(low: int, high: int) -> str:
    ticks = "".join(
        f'<text x="{_log_x(10.0**at, low, high):.1f}" y="11" text-anchor="middle">'
        + (f"{10 ** (at - 3):g} s" if at >= 3 else f"{10.0**at:g} ms")
        + "</text>"
        for at in range(low, high + 1)
    )
    return f'<svg viewBox="0 0 440 14" aria-hidden="true" class="axis">{ticks}</svg>'


def _stage(stage: str, values: Sequence[float], low: int, high: int) -> str:
    median, p95 = percentile(values, 0.5), percentile(values, 0.95)
    figures = "".join(f'<td class="num">{f}</td>' for f in (len(values), *map(_milliseconds, (median, p95, max(values)))))
    return f'<tr><th scope="row">{_named("stage", stage)}</th>{figures}<td class="plot">{_strip(values, low, high)}</td></tr>'


_BINS = 80


def _strip(values: Sequence[float], low: int, high: int) -> str:
    """How the values lie, as bars of a log scale, with median and 95th percentile."""
    counts = [0] * (_BINS + 1)
    for value in values:
        counts[int(_BINS * (math.log10(value) - low) / (high - low))] += 1
    wide = 400 / _BINS
    most = max(counts)
    bars = "".join(_column(20 + n * wide, wide - 0.8, 26 * count / most) for n, count in enumerate(counts) if count)
    grid = "".join(f'<path class="grid" d="M{_log_x(10.0**at, low, high):.1f} 2V32"/>' for at in range(low, high + 1))
    middle, late = (_log_x(percentile(values, at) or 0.1, low, high) for at in (0.5, 0.95))
    marks = f'<path class="median" d="M{middle:.1f} 2V34"/><path class="p95" d="M{late:.1f} 31l4 7h-8z"/>'
    floor = '<path class="floor" d="M20 30H420"/>'
    return f'<svg viewBox="0 0 440 40" aria-hidden="true" class="strip">{grid}{floor}{bars}{marks}</svg>'


def _column(x: float, wide: float, high: float) -> str:
    return f'<rect x="{x:.1f}" y="{30 - high:.1f}" width="{wide:.1f}" height="{high:.1f}"/>'


# --- cases -----------------------------------------------------------------------------------------------------------


def _wide(text: str, at: int) -> int:
    """An offset in characters as a browser counts it: in UTF-16, where an emoji is two."""
    return at + sum(c > "\uffff" for c in text[:at])


def _index(row: Row, baseline: Baseline) -> dict[str, Any]:
    """The figures of one case: what may be seen of every one, held out or not."""
    values = row.outcome.values if row.outcome else {}
    return {
        "id": row.id,
        "suite": row.suite,
        "lang": row.lang,
        "kind": row.kind,
        "held": row.heldout,
        "level": row.level,
        "worse": row.worse,
        "hard": row.broken,
        "wanted": row.case.allowed if row.case else [],
        "got": (row.record.status or "") if row.record else "",
        "values": [values.get(name) for name in METRICS],
        "old": [baseline.get(name, {}).get(row.id) for name in METRICS],
        "timings": row.record.timings if row.record else {},
    }


def _detail(row: Row, texts: Mapping[str, str]) -> dict[str, Any]:
    """What a case says: its question, the reply, what was wrong."""
    case, record = row.case, row.record
    found: dict[str, Any] = {
        "problems": row.outcome.problems if row.outcome else [],
        "rules": row.outcome.hard if row.outcome else [],
    }
    if case:
        found |= {
            "question": case.question,
            "history": [[s.role, s.content] for s in case.history],
            "document": [case.document.name, case.document.text] if case.document else None,
            "why": case.why,
            "facts": [*case.facts, *case.gold],
            "attribution": case.attribution,
            "keypoints": _keypoints(case, record, texts),
            "must_not": [[term, bool(terms.forbidden((record and record.answer) or "", [term]))] for term in case.must_not],
        }
    if record:
        found |= {
            "asked": record.asked,
            "answer": record.answer,
            "notice": record.notice,
            "error": record.error,
            "standalone": record.standalone if case and record.standalone != case.question else "",
            "model": record.model,
            "worded": record.worded if record.writes else None,
            "citations": [_quoted(c, texts) for c in record.citations],
            "shown": [_seen(s) for s in record.shown],
            "retrieved": [_seen(s) for s in record.retrieved],
        }
    return found


def _keypoints(case: Case, record: Record | None, texts: Mapping[str, str]) -> list[list[Any]]:
    """Each key point: its terms, whether the reply holds it, and the rank of the first retrieved passage that does."""
    held = terms.keypoints((record and record.answer) or "", case.keypoints).held
    ranked = [terms.keypoints(texts.get(seen.text, ""), case.keypoints).held for seen in (record.retrieved if record else [])]

    def first(at: int) -> int | None:
        return next((rank for rank, of in enumerate(ranked, 1) if of[at]), None)

    return [[some, held[at], first(at)] for at, some in enumerate(case.keypoints)]


def _quoted(citation: Quoted, texts: Mapping[str, str]) -> list[Any]:
    text = texts.get(citation.passage)
    literal = text is not None and text[citation.start : citation.end] == citation.quote != ""
    start, end = (_wide(text or "", at) for at in (citation.start, citation.end))
    return [citation.n, citation.passage, citation.passage_id, start, end, citation.quote, citation.tier, literal]


def _seen(seen: Seen) -> list[str]:
    return [seen.id, seen.text, seen.tier, seen.title, seen.source]


def _told(some: Iterable[tuple[int, Row]], texts: Mapping[str, str]) -> dict[str, Any]:
    """Details by place in the index, and the passages they name, each once."""
    details = {at: _detail(row, texts) for at, row in some}
    keys = {seen[1] for d in details.values() for seen in (*d.get("citations", ()), *d.get("shown", ()), *d.get("retrieved", ()))}
    return {"details": details, "texts": {key: texts[key] for key in sorted(keys) if key in texts}}


def _json(name: str, value: object) -> str:
    """Data as a script that nothing executes. No `<` is left to end it, and no sign that old parsers take for a line's end."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for sign in ("<", ">", "&", "\u2028", "\u2029"):
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return f'<script type="application/json" id="{name}">{text}</script>'


def _data(made: Made, found: Sequence[Row], texts: Mapping[str, str], baseline: Baseline) -> str:
    numbered = list(enumerate(found))
    metrics = [{"name": m.name, "zh": m.zh, "en": m.en, "down": m.better == "down", "gate": m.gate} for m in METRICS.values()]
    index = {"rows": [_index(row, baseline) for row in found], "metrics": metrics, "suites": made.suites, "statuses": STATUSES}
    return "\n".join(
        (
            _json("words", WORDS),
            _json("index", index),
            _json("open", _told(((at, row) for at, row in numbered if not row.heldout), texts)),
            _json("held", _told(((at, row) for at, row in numbered if row.heldout), texts)),
        )
    )


def _cases(found: Sequence[Row]) -> str:
    held = sum(row.heldout for row in found)
    gate = (
        f'<div class="card none" id="gate"><h3>{_t("held.title")}</h3><p>{_t("held.means", n=held)}</p>'
        f'<button type="button" id="reveal">{_t("held.button")}</button></div>'
        if held
        else ""
    )
    return _section(
        "cases",
        f'<noscript><p class="card warn">{_t("cases.noscript")}</p></noscript>{gate}',
        '<form id="filters" role="search"></form>',
        '<p id="count" role="status"></p><div id="list"></div><button type="button" id="more" hidden></button>',
    )


# --- page ------------------------------------------------------------------------------------------------------------


def _asset(name: str) -> tuple[str, str]:
    """A file to stand within the page, and its hash for the page's policy."""
    text = (_HERE / name).read_text(encoding="utf-8")
    return text, "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _policy(style: str, script: str) -> str:
    parts = (
        "default-src 'none'",
        f"style-src '{style}'",
        f"script-src '{script}'",
        "img-src data:",  # the empty icon, without which a browser asks for one
        "base-uri 'none'",
        "form-action 'none'",
        "require-trusted-types-for 'script'",  # nobody makes HTML out of a string, not even our own script
    )
    return "; ".join(parts)


def _top(made: Made, found: Sequence[Row]) -> str:
    names = [name for name in ("scores", "heat", "sides", "times", "cases")]
    links = "".join(f'<a href="#{name}">{_t(f"nav.{name}")}</a>' for name in names)
    ran = _t("ran", n=len(found), solver=made.solver, model=made.model or DASH)
    return (
        f'<a class="skip" href="#cases">{_t("skip")}</a><header><div class="name"><h1>{_t("title")}</h1><p>{ran}</p></div>'
        f'<nav>{links}</nav><div class="tools"><button type="button" id="switch">{_t("switch")}</button>'
        f'<button type="button" id="theme">{_t("theme")}</button></div></header>'
    )


def page(
    made: Made,
    cases: Sequence[Case],
    records: Sequence[Record],
    texts: Mapping[str, str],
    outcomes: Sequence[Outcome],
    baseline: Baseline | None = None,
    lang: Lang = "zh",
) -> str:
    """The whole report as one page.

    Args:
        made: What the run was made with; a suite whose split is `heldout` has its words hidden behind a button.
        cases: Everything that was to be asked. One without record or outcome is shown as missing. Ids are unique.
        records: What came back.
        texts: The text of every passage by the keys that records name.
        outcomes: The scores. Means are over those that have a value.
        baseline: metric -> case id -> value of an earlier run; None when there is nothing to compare with.
        lang: The language the page opens in; it holds both.

    Returns:
        HTML that can be written as UTF-8 as it is.
    """
    found, made_lines = rows(made, cases, records, outcomes, baseline), lines(outcomes, baseline)
    (style, style_hash), (script, script_hash) = _asset("report.css"), _asset("report.js")
    sections = (
        _verdict(found, made_lines, baseline),
        _cautions(made, found, made_lines, baseline),
        _head(made, found),
        _scores(made_lines),
        _heat(made, outcomes),
        _sides(outcomes),
        _times(records),
        _cases(found),
    )
    html = f"""<!doctype html>
<html lang="{"zh-CN" if lang == "zh" else "en"}" data-lang="{lang}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_policy(style_hash, script_hash)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>{escape(WORDS[lang]["title"])}</title>
<link rel="icon" href="data:,">
<style>{style}</style>
</head>
<body>
{_top(made, found)}
<main>{"".join(sections)}</main>
{_data(made, found, texts, baseline or {})}
<script>{script}</script>
</body>
</html>
"""
    # Half a pair of characters, as broken replies hold, could not be written as UTF-8.
    return html.encode("utf-8", "replace").decode("utf-8")
