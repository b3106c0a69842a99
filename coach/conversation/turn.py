"""What kind of turn is this? A closed set, decided by rules first and a linear classifier over the question's vector second.

Also takes injected instructions out of a message: what is left, if anything, is the question. No chat model decides here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from coach import text as texts
from coach.models.embedding import Matrix
from coach.types import Turn

Kind = Literal[
    "question", "general", "hello", "thanks", "bye", "who", "privacy", "vague", "personal", "fabricate", "unverified", "rules",
    "crisis", "violence", "outside",
]

_I = re.IGNORECASE

_CRISIS = re.compile(
    r"不想活|活(着|下去)(真|也|都)?(没|沒|無|无)(什么|啥|有)?(意思|意义|劲)|活不下去|想(自杀|轻生|死了算|一死)|自杀|轻生|自残|自殘|自殺|輕生|割腕|跳楼|跳樓|"
    r"遗书|遺書|(结束|了结)(自己|生命|这一切|一切|这条命)|(药|藥|安眠).{0,6}(攒|攢|囤|吞|备好|够了)|(没有|少了)我.{0,10}(更好|轻松|解脱|都好)|"
    r"(楼顶|天台|桥上|窗(边|台)).{0,12}(站|差一步|往下|跳)|一了百了|解脱.{0,6}(算了|就好)|消失(了|掉)?.{0,6}(就好|算了|没人)|不想(再)?醒(过)?来|"
    r"睡(着|过去).{0,6}(再也)?(不|别)(要|想|用)?(再)?醒|(真的?|好|很|就)想死(?!你|心塌地)|想去死|死了(算|才|就)(了|好|解脱)|"
    r"伤害(我)?自己|划(自己|手臂|胳膊)|保险受益人.*(密码|孩子)|没(什么)?(必要|意义)(再)?(活|撑)|"
    r"\bkill(ing)? myself\b|suicid|\bend (my|this) life\b|\bend it all\b|(don'?t|do not|no longer) (want|wanna) to (live|be here|be alive|exist|wake up)|"
    r"\b(want|wanna|wish|ready) (to|i could) (just )?(die|disappear forever|not wake)|\bwish i (was|were) dead\b|\bbetter off (without me|dead)\b|"
    r"\bno (reason|point)( in| to)? (live|living|go(ing)? on)\b|\b(hurt(ing)?|harm(ing)?|cut(ting)?) myself\b|self.?harm|\boverdos|"
    r"\b(saved|saving|stockpil\w+|counted|hoard\w*).{0,20}\b(pills|meds|tablets)\b|\bgoodbye (note|letter)s?\b|\bstood on (the|that|a) (bridge|roof|ledge)|"
    r"\bcan'?t (go on|do this) any ?more\b|\bjump(ing)? (off|in front)\b|\bnobody would (miss|notice)\b",
    _I,
)
_VIOLENCE = re.compile(
    r"(杀|砍|捅|弄死|宰|干掉|毒死|打死)(了|死)?(他|她|他们|老板|上司|领导|同事|那个|这个|你们|全家)|见血|同归于尽|(刀|枪|汽油|毒).{0,8}(买|备|带)(好|了)|拉(他|她|几个)?.{0,4}垫背|"
    r"(揍|打|掐|家暴)(我|得我)|他(又)?(打|揍)(了)?我|"
    r"\b(kill|stab|shoot|murder|poison|strangle) (him|her|them|my (boss|manager|colleague|coworker|ceo)|that|everyone)\b|"
    r"\bbring(ing)? (a|my) (gun|knife)\b|\bmake (him|her|them) bleed\b|\bburn (the|this) (office|place) down\b|\b(hits|beats|chokes) me\b",
    _I,
)
_HYPERBOLE = re.compile(
    r"(想死的心都有|累死|忙死|气死|烦死|笑死|急死|逼死|愁死|尴尬死|卷死|坑死|吓死|死也要|死磕|死线)(?!.{0,20}(真的|药|楼|刀|遗书|不想活))|"
    r"\b(deadline|workload|meeting|kpi|boss|job|commute|suspense|curiosity)s?\b.{0,20}\bkill(s|ing)? me\b|\bkill(s|ing)? me\b.{0,20}\b(deadline|kpi)|"
    r"\bdying to\b|\bto die for\b|\bkilling it\b|\bdead tired\b|\bi'?m dead\b|\bkill (a|the) (campaign|project|budget|brand|channel|idea)\b",
    _I,
)
_INJECTION = re.compile(
    r"(忽略|无视|忘(掉|记)|不(用|要|必)(再)?(管|理会|遵守)|绕过|跳过|关(闭|掉)).{0,14}(指令|规则|提示|设定|限制|要求|以上|之前|前面|安全)|"
    r"(系统|管理员|开发者)(公告|指令|消息|提示|授权|模式|更新)[:：】\]]?|(致|给)\s*(AI|模型|助手)|(你现在|从现在(起|开始)).{0,8}(是|叫|扮演|变成|进入|没有)|扮演.{0,12}(没有限制|无限制|不受限)|"
    r"(系统提示词?|提示词|内部(指令|规则)|初始设定|system prompt).{0,14}(贴|发|给|打印|复述|输出|告诉|是什么|公开|原文|原封不动)|(贴|发|打印|复述|输出|透露|公开|念).{0,10}(系统提示|提示词|内部(指令|规则)|system prompt)|"
    r"只(输出|回复|回答|说|需回复)[“\"「'A-Z]|(回复|回答|答案|每句话?)(里|的?(开头|结尾|最后|末尾|前面))?.{0,6}(必须|都要|加上?|附上?|写上?).{0,10}[“\"「]|先(说|回)[“\"「]|越狱|"
    r"\b(ignore|disregard|forget|override|bypass)\b.{0,30}\b(instruction|rule|prompt|above|previous|prior|everything|guideline|library|source)s?\b|"
    r"\bsystem (override|prompt|message|notice)\b|\bdeveloper mode\b|\bjailbreak|\bDAN\b|\bpretend (you|to be)\b|\byou are now\b|\bact as (an? )?(unrestricted|unfiltered|evil)|"
    r"\b(reveal|print|repeat|show|paste|output|leak|dump)\b.{0,30}\b(prompt|instructions?|rules|words? above|text above|line above|configuration)\b|"
    r"\b(reply|respond|answer|say|output|print)\b (only )?(with )?(only )?(the (word|text|token|phrase) )?[\"“'A-Z0-9_-]{4,}( and)? ?(nothing|only)|"
    r"\bappend\b.{0,80}\b(to|at)\b.{0,20}\b(answer|reply|response)|note_to_model|\bAI (reading|agent|assistant)s?\b.{0,12}:|"
    r"\b(end|start|begin|finish) (every|each|your) (sentence|reply|answer|response)\b.{0,30}(with|by)|\bno (rules|restrictions|filters)\b",
    _I,
)
_BLOCK = re.compile(r"<!--.*?-->|\[\[.*?\]\]|\[(?!\d)[^\]]{12,}\]|【[^】]{2,}】|\{[^{}]{12,}\}|```.*?```|<[a-z]+[^>]*>.*?</[a-z]+>", re.S | _I)
_SENTENCE = re.compile(r"[^。！？!?；;\n.]*(?:[。！？!?；;\n]+|\.(?=\s|$)|\.(?=\w)|$)")
_CLAUSE = re.compile(r"[^,，:：]*(?:[,，:：]+|$)")
_FABRICATE = re.compile(
    r"(编|捏造|虚构|伪造|杜撰|瞎编|造(一?个|几个|点|份)?假|假造|凑(一?个|几个|点)|P一(个|张))(?!辑|制|排|写代码|码|程|导|剧|外).{0,16}(案例|数据|数字|业绩|经历|推荐|客户|证言|评价|故事|履历|简历|成绩|项目|名言|出处|来源|报告|截图|奖|头衔)|"
    r"(案例|数据|数字|业绩|经历|推荐信?|证言|履历|简历|成绩|头衔).{0,14}(编|捏造|虚构|伪造|造假|注水|吹(大|高)|夸大|改(大|高|成)|凑一?个)|"
    r"没(有)?(做|带|干|管)过.{0,20}(写成|说成|编|包装成)|"
    r"\b(make up|invent|fabricate|fake|forge|concoct|dream up|cook up)\b.{0,40}\b(case|stud|number|figure|stat|data|metric|result|reference|testimonial|quote|achievement|award|story|client|project|roi|experience|campaign|win)|"
    r"\b(fake|made.?up|invented|fictional|fictitious|bogus)\b.{0,20}\b(case|stud|number|figure|stat|data|reference|testimonial|quote|achievement|award|client|review)|"
    r"\b(inflate|exaggerate|pad|fudge|massage)\b.{0,30}\b(cv|resume|result|number|figure|achievement|metric|title|team size|roi)|\bi never (did|led|ran|managed).{0,40}\b(write|say|put|claim)",
    _I,
)
_AS_FACT = re.compile(
    r"(直接|就|当成?|写成|说成|照)(写|说|按)?.{0,20}(定论|事实|已?证实|证明了?|权威|行业(标准|平均|基准)|铁律)|(别|不(要|许|用|准|必)|去掉|删掉).{0,8}(据称|未(经)?(核|验)|保留|来源不明|资料称|“?称”?|没核实|存疑|加.{0,4}限定)|没核就没核|"
    r"\b(as|into) (an? )?(hard|established|proven|verified|confirmed|undisputed) (fact|industry|benchmark|truth)|\bstate (it|this|that)\b.{0,20}\bas (a )?fact|"
    r"\b(no|without|zero|drop the|skip the|remove the|leave out the) (caveat|hedg|qualifier|disclaimer|attribution|\"?reportedly|unverified)|don'?t (say|mention|add).{0,24}(unverified|claim|source|caveat|reported)",
    _I,
)
_FIGURES = re.compile(r"\d|领英|IDC|猴子|Monkey|LinkedIn|百分|数字|数据|figure|number|stat|预测|prediction|案例|case|没核|未核|unverified|restate", _I)
_GENERAL = re.compile(r"^(给我?)?(一些|一点|点)?(一般|通用|常规)(性)?的?(建议|经验)|按(一般|常规|你的)经验(说|讲|来)|(不|没有)资料也(行|可以).{0,6}(说|讲)|^(please )?(give me )?(some )?general advice|outside (of )?(the|your) library", _I)

_SMALL: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("hello", re.compile(r"^(你好|您好|妳好|嗨|哈喽|哈囉|哈罗|hi|hello|hey|hiya|早|早安|早上好|上午好|中午好|下午好|晚上好|在吗|在嗎|有人吗|有人在吗|good (morning|afternoon|evening)|test(ing)?|测试)( there| coach)?(一下|下|呀|啊|哦|教练|coach|老师)*$", _I)),
    ("thanks", re.compile(r"^(好的?|行|ok|okay|嗯+|great|perfect|cool|哇|太好了)?(谢谢?|感谢|多谢|謝謝|感謝|辛苦|thank|thx|thanks|cheers|ty\b|appreciate)|^(讲得|说得|答得)?(真|很|太)?(好|棒|有用|有帮助|清楚)(了)?$|^(that('s| is| was) )?(really |very |so )?(helpful|useful|great|awesome|nice)( thanks)?$|^(受教|学到)了", _I)),
    ("bye", re.compile(r"^(再见|拜拜?|回头(见|聊)|下次(见|再聊)|先这样|晚安|我下线|bye|goodbye|see (you|ya)|good night|that'?s all)", _I)),
    ("who", re.compile(r"^(请问)?(你|您|妳|這個|这个)?(到底)?(是谁|是誰|是(真)?人(类)?(还是|吗|嗎)|是(不是)?(真人|机器人|機器人|AI|人工智能|GPT|ChatGPT)|叫(什么|啥|什麼)|(能|可以|会)(帮我?|为我|幫我?)?(做|干|幹|解决)?(什么|啥|什麼|哪些|点什么|點什麼)|有(什么|啥|哪些)(功能|用|本事)|怎么用)|^(what|who) (are|r) (you|u)\b|\bwhat can (you|u|this)\b.{0,20}$|^are you (a |an )?(real|human|bot|robot|ai|person|chatgpt)|^(介绍|說說|说说)(一下)?你自己|^(自我介绍|introduce yourself)|how (do|does) (this|you) work", _I)),
    ("privacy", re.compile(r"(我(的|说的|发的)?.{0,6}(数据|信息|资料|聊天|话|内容|问题).{0,10}(存|保存|发|传|泄露|保密|安全|去哪|给谁|看到|隐私))|(会|能)(不会)?(保存|记录|泄露|上传).{0,6}(我|聊天|对话)|\b(my|this) (data|conversation|chat|messages?|questions?)\b.{0,40}\b(stored?|go|sent|private|safe|shared|saved|see|confidential)|\bwho (can )?(see|reads?)\b.{0,20}\b(this|my)\b|is this (private|confidential)", _I)),
)
_VAGUE = re.compile(
    r"^(怎么办|咋办|咋整|怎么弄|怎么搞|怎么说|然后呢|继续|接着|帮帮?我|救命|求助|在线等|急|求建议|有什么建议|你觉得呢|你怎么看|为什么|为啥|它呢|那个呢|这个呢|哪个好|哪个更好|更好的办法|还有吗|说说|聊聊|随便|不知道|嗯+|啊+|哦+|go|help|help me|help pls|what now|now what|and\??|why|how|thoughts|any ideas?|ideas|advice|suggestions?|hmm+|so|continue|which one( is better)?|is it good|what do you think|what should i do)[\s?？!！。.~…吧呢啊呀]*$",
    _I,
)
_NO_LETTERS = re.compile(r"[\W\d_]*", re.UNICODE)


@dataclass(frozen=True, kw_only=True)
class TurnKind:
    """`question` is the message without injected instructions; `probabilities` are the classifier's, by training kind."""

    kind: Kind
    question: str
    injected: bool = False
    probabilities: dict[str, float] | None = None


def without_instructions(message: str) -> tuple[str, bool]:
    """The message without pieces that try to instruct the coach, and whether there were any."""
    found = False

    def drop(match: re.Match[str]) -> str:
        nonlocal found
        if match.group(0).startswith("<!--") or _INJECTION.search(match.group(0)):
            found = True
            return " "
        return match.group(0)

    kept = _BLOCK.sub(drop, message)
    kept = _SENTENCE.sub(lambda m: _CLAUSE.sub(drop, m.group(0)) if _INJECTION.search(m.group(0)) else m.group(0), kept)
    if _INJECTION.search(kept):
        kept = _SENTENCE.sub(drop, kept)
    return texts.normalise(kept).strip(" ,，:：。.;；-—#*/"), found


class Classifier:
    """Multinomial logistic regression over unit vectors; fitted by `coach models calibrate`."""

    def __init__(self, parameters: dict[str, Any]) -> None:
        self.labels: list[str] = parameters["labels"]
        self._weights = np.asarray(parameters["weights"], dtype=np.float32)
        self._bias = np.asarray(parameters["bias"], dtype=np.float32)

    def probabilities(self, vector: Matrix) -> dict[str, float]:
        """Probability by label; `vector` has shape (dimension,)."""
        logits = self._weights @ vector + self._bias
        odds = np.exp(logits - logits.max())
        return dict(zip(self.labels, (odds / odds.sum()).tolist(), strict=True))


def by_rules(message: str, history: Sequence[Turn]) -> TurnKind | None:
    """The kind when a rule is sure of it; safety comes first, whatever else the message says."""
    asked = texts.simplify(texts.normalise(message))
    kept, injected = without_instructions(asked)
    if _VIOLENCE.search(asked) and not _HYPERBOLE.search(asked):
        return TurnKind(kind="violence", question=asked)
    if _CRISIS.search(asked):
        return TurnKind(kind="crisis", question=asked)
    if injected and _is_empty(kept):
        return TurnKind(kind="rules", question=kept, injected=True)
    bare = kept.strip(" ?？!！。.,，~～、…")
    if _FABRICATE.search(kept):
        return TurnKind(kind="fabricate", question=kept, injected=injected)
    if _AS_FACT.search(kept) and _FIGURES.search(kept):
        return TurnKind(kind="unverified", question=kept, injected=injected)
    if _GENERAL.search(bare):
        return TurnKind(kind="general", question=kept, injected=injected)
    for kind, pattern in _SMALL:
        if len(bare) <= 60 and pattern.search(bare):
            return TurnKind(kind=kind, question=kept, injected=injected)
    if _NO_LETTERS.fullmatch(bare) or (not history and _VAGUE.match(kept)):
        return TurnKind(kind="vague", question=kept, injected=injected)
    return None


def _is_empty(kept: str) -> bool:
    return len(re.sub(r"[\W_]", "", kept)) < 4


_SURE = {"crisis": 0.62, "fabricate": 0.55, "unverified": 0.55, "rules": 0.55, "smalltalk": 0.6, "vague": 0.5, "personal": 0.5, "far": 0.6}
_BY_LABEL: dict[str, Kind] = {
    "crisis": "crisis",
    "fabricate": "fabricate",
    "unverified": "unverified",
    "rules": "rules",
    "vague": "vague",
    "personal": "personal",
    "far": "outside",
    "smalltalk": "hello",
}


def decide(question: str, probabilities: dict[str, float], *, injected: bool, follow_up: bool) -> TurnKind:
    """The kind by the classifier, where it is sure enough; anything else is a question, and evidence decides."""
    if not probabilities:
        return TurnKind(kind="question", question=question, injected=injected)
    label = max(probabilities, key=lambda k: probabilities[k])
    kind = _BY_LABEL.get(label, "question")
    if probabilities[label] < _SURE.get(label, 0.0) or (label == "crisis" and _HYPERBOLE.search(question)):
        kind = "question"
    if follow_up and kind in ("vague", "personal", "outside", "hello"):
        kind = "question"
    if injected and kind == "rules":
        kind = "question"  # what is left after the instruction was taken out decides
    return TurnKind(kind=kind, question=question, injected=injected, probabilities=probabilities)
