"""A coach of the real one's shape, without weights or library: what it answers depends on a word in the question."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from coach.conversation.talks import Talks
from coach.errors import ModelUnavailable
from coach.framework import Framework, load_framework
from coach.framework.schema import Stage
from coach.messages import say
from coach.settings import Settings
from coach.store.records import Records, open_records
from coach.types import Attachment, Citation, Done, Event, Found, Lang, Passage, Reply, Tier, Turn, Words

EVIL = "<script>window.pwned=1</script><img src=x onerror='window.pwned=1'> [点我](javascript:window.pwned=1) ![](http://evil.example/x.png)"
_TEXTS: list[tuple[str, str, Tier, str, tuple[str, ...]]] = [
    (
        "director-to-cmo",
        "市场总监到营销副总裁（CMO）要迈过哪几道坎",
        "stated",
        "从市场总监到营销副总裁，工作重心从执行转向规划：不再只看活动和投放，而要对公司的营收、利润和品牌负责。进阶的门槛有三条：主导过"
        "跨部门的增长项目，能用财务语言向董事会说明投入产出，带出过能独立负责一块业务的副手。三条里最常缺的是第二条。",
        ("四个职业阶段", "营销副总裁 / CMO"),
    ),
    (
        "finance-language",
        "和CFO说同一种语言：营销投入产出怎么讲",
        "attributed",
        "文中举例，某公司CMO用“每一元投放带来多少毛利”代替曝光量汇报，预算获批率提高37%，没有给出来源。本教练的判断是：先把渠道费用和毛利"
        "放进一张表，再谈品牌。",
        ("五大能力支柱", "战略与商业思维"),
    ),
    (
        "tenure",
        "CMO的平均任期与第一年的重点",
        "external",
        "外部调查（2024）显示，大型消费品公司CMO的平均任期约为四年，短于其他高管。第一年最重要的是与CEO就三件可衡量的事达成一致。",
        ("行业背景",),
    ),
    (
        "our-handbook",
        "公司晋升手册.docx",
        "document",
        "总监申报副总裁，须有两年以上带人经验，并提交一份跨部门项目的结项报告。<b>本文档仅供内部使用</b>。",
        ("晋升条件", "副总裁序列"),
    ),
]


def passages(count: int = 4, lang: Lang = "zh") -> tuple[Passage, ...]:
    """The stand-in's library."""
    return tuple(
        Passage(
            id=f"{key}#0",
            doc_id=key,
            text=text,
            title=title,
            source=f"knowledge/articles/zh/{key}.md",
            lang=lang,
            tier=tier,
            heading_path=path,
            score=1.0 - i / 10,
        )
        for i, (key, title, tier, text, path) in enumerate(_TEXTS[:count])
    )


def cite(n: int, passage: Passage, quote: str) -> Citation:
    """A citation whose quote stands in the passage."""
    start = passage.text.index(quote)
    return Citation(
        n=n,
        passage_id=passage.id,
        source=passage.source,
        title=passage.title,
        quote=quote,
        tier=passage.tier,
        start=start,
        end=start + len(quote),
    )


def answer(found: Sequence[Passage], question: str = "") -> Reply:
    """A checked answer with three citations."""
    return Reply(
        answer=(
            "最大的变化是**从执行转向规划**：不再只看活动和投放，而要对公司的营收、利润和品牌负责。[1]\n\n进阶的门槛有三条：[1]\n"
            "1. 主导过跨部门的增长项目；\n2. 能用财务语言向董事会说明投入产出；\n3. 带出过能独立负责一块业务的副手。\n\n"
            "第二条最常缺。资料称，有CMO改用“每一元投放带来多少毛利”来汇报，预算获批率提高37%，但没有给出来源。[2] 上任第一年，"
            "先与CEO就三件可衡量的事达成一致。[3]"
        ),
        status="answered",
        language="zh",
        citations=(
            cite(1, found[0], "工作重心从执行转向规划：不再只看活动和投放，而要对公司的营收、利润和品牌负责"),
            cite(2, found[1], "预算获批率提高37%，没有给出来源"),
            cite(3, found[2], "第一年最重要的是与CEO就三件可衡量的事达成一致"),
        ),
        passages=tuple(found),
        model="stand-in",
        question=question,
        suggestions=("怎么向董事会讲清营销的投入产出？", "没有跨部门项目的机会怎么办？"),
    )


@cache
def framework_in(knowledge: Path) -> Framework:
    """The framework, read once."""
    return load_framework(knowledge)


class StandIn:
    """Scripted by words in the question: evil, slow, held, endless, fail, crisis, 天气 (not in sources), 编 (declined), 怎么办 (clarify).

    What is said is kept by the real `Talks`, in the home of the settings.
    """

    def __init__(self, settings: Settings | None = None, *, pause: float = 0.0) -> None:
        self.settings = settings or Settings(model="none")
        self.pause = pause
        self.framework = framework_in(self.settings.knowledge)
        self.profession = self.framework.profession
        self.documents: list[Attachment] = []
        self.asked: list[tuple[str, list[Turn]]] = []
        self.closed = 0
        self.permits = threading.Semaphore(0)  # a "held" reply takes one after its passages and one after its first words
        self.library: dict[str, Any] = {"state": "ready", "error": "", "hint": "", "documents": 4, "passages": 4, "version": "1"}
        self.model: dict[str, Any] = {"name": "stand-in", "state": "ready", "error": ""}

    def state(self) -> dict[str, Any]:
        """What is ready."""
        return {"library": self.library, "model": self.model}

    def examples(self, lang: Lang) -> list[str]:
        """Questions for the opening page."""
        if lang == "en":
            return ["What do I need to move from director to CMO?", "How do I talk about marketing return with the CFO?"]
        return [
            "市场总监升CMO，最大的变化是什么？",
            "怎么和CFO讲清营销的投入产出？",
            "CMO第一年先抓哪几件事？",
            "从CMO转事业部负责人要补什么？",
            "团队里没人能接我的班，怎么培养？",
            "想当CEO，董事会看重什么？",
        ]

    def starters(self, lang: Lang) -> list[tuple[Stage, list[str]]]:
        """Questions for each stage."""
        return [(stage, [f"{stage.name.of(lang)}：{q}" for q in self.examples(lang)[:3]]) for stage in self.framework.ladder]

    @cached_property
    def records(self) -> Records:
        """The records in the home of the settings."""
        return open_records(self.settings)

    @cached_property
    def talks(self) -> Talks:
        """Conversations kept as the product keeps them."""
        return Talks(self.ask, self.records, lambda lang: self.profession.title.of(lang))

    def wait_ready(self, timeout: float | None = None) -> bool:
        """Whether questions can be answered."""
        return self.library["state"] == "ready"

    def close(self) -> None:
        """Lets go of the records."""
        self.talks.close()
        self.records.close()

    def passage(self, passage_id: str) -> Passage | None:
        """One passage by its id."""
        return next((p for p in passages() if p.id == passage_id), None)

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        lang: Lang | None = None,
        should_stop: Callable[[], bool] | None = None,
        documents: Sequence[Attachment] = (),
    ) -> Iterator[Event]:
        """The events of one reply."""
        self.asked.append((question, list(history)))
        self.documents = list(documents)
        stop = should_stop or (lambda: False)
        pause = max(self.pause, 0.05) if "slow" in question or "endless" in question else self.pause
        try:
            time.sleep(4 * pause)
            if "fail" in question:
                raise ModelUnavailable("the server at 10.0.0.1 refused <b>the call</b>", hint="coach doctor --fix")
            if reply := _short(question):
                yield Done(reply=reply)
                return
            found = passages()
            yield Found(passages=found, language="zh")
            time.sleep(8 * pause)
            self._hold(question, stop)
            reply = _evil(found) if "evil" in question else answer(found, question)
            for piece in (
                (reply.answer * (600 if "endless" in question else 6 if "slow" in question else 1))
                .replace("。", "。\0")
                .split("\0")
            ):
                time.sleep(pause)
                if stop():
                    return
                yield Words(text=piece)
                self._hold(question, stop)
                question = question.replace("held", "")
            yield Done(reply=reply)
        finally:
            self.closed += 1

    def _hold(self, question: str, stop: Callable[[], bool]) -> None:
        while "held" in question and not self.permits.acquire(timeout=0.05) and not stop():
            continue


def _short(question: str) -> Reply | None:
    if "crisis" in question or "不想活" in question:
        return Reply(answer=say("crisis", "zh"), status="crisis", language="zh")
    if "天气" in question:
        nearest = say("nearest", "zh", titles="《CMO第一年的重点》、《行业会议怎么选》")
        return Reply(
            answer=say("not_in_sources", "zh") + nearest + say("offer_general", "zh"), status="not_in_sources", language="zh"
        )
    if "编" in question:
        return Reply(answer=say("decline_fabricate", "zh"), status="declined", language="zh")
    if "怎么办" in question:
        return Reply(answer=say("vague", "zh"), status="clarify", language="zh", suggestions=("我现在是市场总监，想升CMO",))
    return None


def _evil(found: Sequence[Passage]) -> Reply:
    bad = Passage(
        id="evil'\"#0", doc_id="evil", text=f"原文 {EVIL} 结尾", title=EVIL, source=EVIL, lang="zh", heading_path=(EVIL,)
    )
    return Reply(
        answer=f"答案 {EVIL} [1] [9] `${{window.pwned=1}}` {{{{value}}}}",
        status="answered",
        language="zh",
        notice=EVIL,
        citations=(cite(1, bad, EVIL),),
        passages=(bad, *found[:1]),
        suggestions=(EVIL,),
    )
