"""Is there evidence for an answer? Decided in code, before any model is asked, from several signals at once.

No single similarity decides it (evals/LOG.md): the signals go into a small calibrated classifier, and the kind of thing
asked for (money, a name, a date, a contact) is checked against what the passages hold. Near misses are the hard ones:
the topic is in the library, the thing asked is not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from coach.claims import Claims
from coach.library.passages import sentences
from coach.library.search import Signals
from coach.models.embedding import Matrix
from coach.types import Lang, Passage

Asked = Literal["money", "name", "figure", "contact", "other"]
FEATURES = (
    *("text", "question", "question_mean", "coverage", "field", "near", "far"),
    *("money", "name", "figure", "contact"),
)

_I = re.IGNORECASE
_ASKS: dict[Asked, re.Pattern[str]] = {
    "money": re.compile(
        r"薪(水|酬|资)?|年薪|月薪|工资|奖金|股权|期权|多少钱|啥价|什么价|价格|价位|报价|收费|费用(是)?多少|学费|贵不贵|要花多少|"
        r"\bsalar(y|ies)\b|\bcompensation\b|\bbonus(es)?\b|\bpa(y|id) (do|does|for|range|level|package)|\bhow much (does|do|is|are|did|would|will|should i pay)\b|"
        r"\bwhat (does|do) .{0,40}\b(cost|earn|make|charge)\b|\bprices?\b|\btuition\b|\bfees?\b|\bstock options?\b|\bearn(s|ing)?\b",
        _I,
    ),
    "name": re.compile(
        r"哪(一)?(家|位|个(公司|品牌|企业|人|作者|老板|机构))|是谁|谁(说|写|提|讲|做|管|当|担任|创)|叫(什么|啥)(名字)?|(公司|品牌|企业|作者|老板|CMO|CEO)的?(名字|全名|大名|真名)|点名|"
        r"\bwhich (company|brand|firm|retailer|carmaker|maker|business|bank|author|person|agency|label)\b|\bwho (is|was|are|were|said|wrote|made|ran|runs|led|coined|did|heads)\b|"
        r"\bwhat('s| is| was) (the|its|his|her|their) (company|brand|name|ceo|cmo)|\bname (of )?the (company|brand|cmo|ceo|firm|author)\b|\bwhose\b",
        _I,
    ),
    "figure": re.compile(
        r"哪(一)?年|哪(一)?天|几月|什么时候|何时|多久|多长时间|(之前|以前|原来|原先|此前|基线|起点).{0,8}(是|有)?(多少|几|百分之)|排(名)?第几|第几名|市场(规模|份额).{0,6}(多少|是)|"
        r"(花|用|投)了?(多少|几)|样本(量)?|(多少|几)(个|名|位)?(人|家|城市|国家|门店|员工)|\bwhat year\b|\bwhich year\b|\bwhen (did|was|were|is|will)\b|\bhow long (did|does|before|until|was)\b|"
        r"\bbaseline\b|\bbefore (that|the|it)\b.{0,20}\b(what|how)|\bsample size\b|\bhow many (people|companies|employees|staff|stores|countries|cities|firms)\b|\bmarket (size|share)\b|\brank(ed|ing|s)?\b",
        _I,
    ),
    "contact": re.compile(
        r"电话|手机号|邮箱|微信号|联系方式|网址|链接|地址|官网|下载|模板|报名入口|二维码|\bphone\b|\be-?mail( address)?\b|\burl\b|\blink\b|\bwebsite\b|\bdownload|\btemplate|\bcontact (details|info|number)|\baddress\b",
        _I,
    ),
}
_HOLDS: dict[Asked, re.Pattern[str]] = {
    "money": re.compile(r"\d[\d.,]*\s*(万|亿|千万)?\s*(元|美元|人民币|欧元|英镑)|[$¥€£]\s?\d|\d\s*(million|billion)?\s*(dollars|yuan|euros|pounds)|千万级|5,?000万|占营收|% of revenue", _I),
    "figure": re.compile(r"\d"),
    "contact": re.compile(r"https?://|www\.|\d{3,}-?\d{4,}|12356|\b120\b|\b110\b|[\w.]+@[\w.]+"),
}
_ANONYMOUS = re.compile(r"某(家|个|互联网|快消|美妆|汽车|奢侈|母婴|企业|品牌)|匿名|未具名|没有?点名|未点名|\bunnamed\b|\banonymous\b|\bnot named\b|\bdoes not name\b", _I)


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """`probability` that the library holds the answer; `missing` says what kind of thing is not there."""

    enough: bool
    probability: float
    missing: Asked | None = None


def asked_for(question: str) -> set[Asked]:
    """The kinds of thing a question asks for, beyond an explanation."""
    return {kind for kind, pattern in _ASKS.items() if pattern.search(question)}


def lacks(question: str, passages: Sequence[Passage], lang: Lang, claims: Claims) -> Asked | None:
    """The kind of thing asked for that the best passages plainly do not hold."""
    asked = asked_for(question)
    held = " ".join(p.text for p in passages[:3])
    best = passages[0].text if passages else ""
    if "money" in asked and not _HOLDS["money"].search(held):
        return "money"
    if "contact" in asked and not _HOLDS["contact"].search(held):
        return "contact"
    stated = [s for _, _, s in sentences(best) if claims.stated_in(s, lang)]
    about_case = bool(stated) and bool(_ANONYMOUS.search(best))
    if "name" in asked and about_case:
        return "name"
    if "figure" in asked and (about_case or not _HOLDS["figure"].search(held)):
        return "figure"
    return None


def features(question: str, signals: Signals, probabilities: dict[str, float]) -> Matrix:
    """Shape (len(FEATURES),), in the order of FEATURES; probabilities as log-odds."""
    asked = asked_for(question)
    values = [signals.text, signals.question, signals.question_mean, signals.coverage]
    values += [_log_odds(probabilities.get(k, 0.0)) for k in ("field", "near", "far")]
    values += [float(k in asked) for k in ("money", "name", "figure", "contact")]
    return np.asarray(values, dtype=np.float32)


def _log_odds(p: float) -> float:
    p = min(max(p, 1e-4), 1 - 1e-4)
    return float(np.log(p / (1 - p)))


class EvidenceCheck:
    """Logistic regression over `features`; without fitted parameters a plain similarity threshold."""

    def __init__(self, parameters: dict[str, Any] | None) -> None:
        self._parameters = parameters

    def probability(self, question: str, signals: Signals, probabilities: dict[str, float]) -> float:
        """Calibrated probability that the library holds the answer."""
        if self._parameters is None:
            return float(max(signals.text, signals.question) >= 0.83)
        x = features(question, signals, probabilities)
        z = float(np.dot(self._parameters["weights"], x)) + float(self._parameters["bias"])
        return float(1 / (1 + np.exp(-z)))

    def decide(
        self, question: str, signals: Signals, probabilities: dict[str, float], passages: Sequence[Passage], lang: Lang, claims: Claims
    ) -> Evidence:
        """Whether to answer. A plain lack of the thing asked for outweighs similarity."""
        if not passages:
            return Evidence(enough=False, probability=0.0)
        probability = self.probability(question, signals, probabilities)
        threshold = self._parameters["threshold"] if self._parameters else 0.5
        missing = lacks(question, passages, lang, claims)
        if missing:
            return Evidence(enough=False, probability=probability, missing=missing)
        return Evidence(enough=probability >= threshold, probability=probability, missing=None)
