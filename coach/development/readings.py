"""The wordings by which a person's free text is placed: the framework's own as data, and what the language itself tells.

Owns the types of `knowledge/framework/readings.yaml`, and how a text becomes clauses that say of themselves whether they
speak of the past, of a wish, of somebody else, or give orders. Judges no person and names no stage.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field

from coach.errors import SetupError
from coach.framework.files import Frozen, Words, line_of, read_yaml
from coach.framework.schema import Framework, Patterns, PillarId, Stage, StageId
from coach.text import simplify

FILE = "readings.yaml"

Span = tuple[StageId, StageId]
"""Lowest and highest stage."""
Spend = Literal["none", "low", "medium", "any"]


class Reading(Patterns):
    """Words that place a person on a gate condition; see the head of readings.yaml for the keys."""

    stages: Span
    denied: Span | None = None
    caps: bool = False
    literal: bool = False
    small: Span | None = None
    small_unknown: bool = False


class Condition(Frozen):
    """How one gate condition is read. `combine`: which of several readings that exclude one another holds."""

    field: str
    combine: Literal["highest", "lowest"]
    readings: tuple[Reading, ...] = ()
    answers: tuple[Reading, ...] = ()


class Step(Frozen):
    """From this number on, these stages."""

    at: float = Field(alias="from")
    stages: Span


class Band(Frozen):
    """Team sizes in companies of up to `company` people; none for larger ones; `unknown` where the size is not known."""

    company: int | None = None
    unknown: bool = False
    sizes: tuple[Step, ...] = Field(min_length=1)


class Team(Frozen):
    """The condition that a number of people speaks for, and how the number is named."""

    condition: str
    count: Patterns
    answers: Patterns
    bands: tuple[Band, ...] = Field(min_length=1)


class Company(Frozen):
    """How the size of the company is named; `small` and `large` are words without a number."""

    field: str
    count: Patterns
    answers: Patterns
    small: Patterns = Patterns()
    large: Patterns = Patterns()


class Money(Frozen):
    """The condition that a sum of money speaks for; sums in yuan."""

    condition: str
    per_dollar: float
    mentions: Patterns
    sums: tuple[Step, ...] = Field(min_length=1)


class Title(Patterns):
    """Titles that claim a stage (None: a role that claims none); `weak` ones count where no other is named."""

    stage: StageId | None = None
    weak: bool = False


class StageRule(Frozen):
    """What makes a stage: every condition of `all`, one of `one_of`, and `at_least` conditions at the stage itself."""

    stage: StageId
    all: dict[str, StageId] = {}
    one_of: dict[str, StageId] = {}
    at_least: int = Field(ge=0)


class Hours(Patterns):
    """Words for time: `each` is hours a week for one of what is counted."""

    each: float


class SpendWords(Patterns):
    """Words for what a person can spend; `answers` are read among the constraints only."""

    spend: Spend
    answers: bool = False


class UpTo(Frozen):
    """Up to this sum in yuan, this much."""

    sum: float
    spend: Spend


class SpendSums(Frozen):
    """How a sum for learning is named, and what it allows."""

    mentions: Patterns = Patterns()
    answers: Patterns = Patterns()
    up_to: tuple[UpTo, ...] = ()


class Ability(Frozen):
    """Words that say that somebody can, and that they cannot."""

    can: Patterns = Patterns()
    cannot: Patterns = Patterns()


class Stretch(Patterns):
    """Words for a stretch of time: `unit` days for one of what is counted, counted back from `whole` where there is one."""

    unit: float
    whole: float | None = None


class PauseWords(Frozen):
    """Words for a time without any plan: `until` it begins, how long it lasts `after` that, or from `now` on."""

    until: tuple[Stretch, ...] = ()
    after: tuple[Stretch, ...] = ()
    now: tuple[Stretch, ...] = ()


class ConstraintWords(Frozen):
    """How people name what limits them."""

    hours: tuple[Hours, ...] = ()
    hours_answers: Patterns = Patterns()
    no_time: Patterns = Patterns()
    spend: tuple[SpendWords, ...] = ()
    spend_sums: SpendSums = SpendSums()
    pause: PauseWords = PauseWords()
    travel: Ability = Ability()
    relocation: Ability = Ability()
    family: Patterns = Patterns()
    regulated: Patterns = Patterns()


class DirectionWords(Frozen):
    """How people say that they want to go up, or deeper."""

    climb: Patterns = Patterns()
    depth: Patterns = Patterns()


class Readings(Frozen):
    """Everything in readings.yaml. Empty, it reads nothing, and everything is asked."""

    own_judgement: Literal[True] = True
    small_company: int = 0
    rule: tuple[StageRule, ...] = ()
    conditions: dict[str, Condition] = {}
    team: Team | None = None
    company: Company | None = None
    money: Money | None = None
    titles: tuple[Title, ...] = ()
    wishes: tuple[Title, ...] = ()
    title_prefix: Patterns = Patterns()
    direction: DirectionWords = DirectionWords()
    constraints: ConstraintWords = ConstraintWords()
    strengths: Patterns = Patterns()
    weaknesses: Patterns = Patterns()
    feelings: Patterns = Patterns()
    industries: Patterns = Patterns()
    years: Patterns = Patterns()
    pillars: dict[PillarId, Patterns] = {}


def load_readings(knowledge: Path, framework: Framework) -> Readings:
    """Load `knowledge/framework/readings.yaml`; where there is no such file, only the stages' own `mentions` are read, as titles.

    Raises SetupError naming file, line and mend when the file is wrong or names a stage, gate condition or pillar that the
    framework does not have.
    """
    path = knowledge / "framework" / FILE
    if not path.exists():
        return Readings(titles=tuple(_title(stage) for stage in framework.stages))
    readings = read_yaml(path, Readings)
    known = {
        "stage": {s.id for s in framework.stages},
        "gate condition": {g.id for g in framework.gates.conditions},
        "pillar": {p.id for p in framework.pillars},
    }
    for kind, name in _named(readings):
        if name not in known[kind]:
            line = line_of(path, name)
            what = f"framework/{FILE}:{line}: There is no {kind} {name!r}."
            raise SetupError(what, hint=f"Use one of {', '.join(sorted(known[kind]))}.")
    return readings


def _title(stage: Stage) -> Title:
    """The words a stage is mentioned by, as its titles; texts are read in lower case, these may hold capitals."""
    zh, en = (tuple(f"(?i:{p})" for p in patterns) for patterns in (stage.mentions.zh, stage.mentions.en))
    return Title(stage=stage.id, zh=zh, en=en)


def _named(readings: Readings) -> Iterator[tuple[str, str]]:
    """Every id of the framework that the readings name, with what it should be."""
    for rule in readings.rule:
        yield "stage", rule.stage
        for wanted in (rule.all, rule.one_of):
            yield from (("gate condition", name) for name in wanted)
            yield from (("stage", stage) for stage in wanted.values())
    yield from (("gate condition", name) for name in readings.conditions)
    for condition in readings.conditions.values():
        for reading in (*condition.readings, *condition.answers):
            for span in (reading.stages, reading.denied, reading.small):
                yield from (("stage", stage) for stage in span or ())
    if readings.team:
        yield "gate condition", readings.team.condition
        yield from (("stage", s) for band in readings.team.bands for step in band.sizes for s in step.stages)
    if readings.money:
        yield "gate condition", readings.money.condition
        yield from (("stage", s) for step in readings.money.sums for s in step.stages)
    yield from (("stage", title.stage) for title in (*readings.titles, *readings.wishes) if title.stage)
    yield from (("pillar", pillar) for pillar in readings.pillars)


# --- numbers ------------------------------------------------------------------------------------------------------

_EN_UNITS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
).split()
_EN_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_EN_LOOSE = {"a couple of": 2, "a couple": 2, "a few": 3, "a handful of": 4, "half a dozen": 6, "a dozen": 12, "dozens of": 24}
_EN_WORD = "|".join(
    [*sorted(_EN_LOOSE, key=len, reverse=True), rf"(?:{'|'.join(_EN_TENS)})(?:[- ](?:{'|'.join(_EN_UNITS[:9])}))?"]
    + sorted(_EN_UNITS, key=len, reverse=True)
)
_ZH_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2, "仨": 3}
_ZH_TENS = {"十": 10, "百": 100, "千": 1000}
_FIGURE = r"(?<!\d)\d[\d,]{0,14}(?:\.\d+)?(?:\s?(?:千(?!万)|k)(?![a-z]))?"
_NUMBER = rf"(?:{_FIGURE}|[零〇一二两俩仨三四五六七八九十百千几]{{1,6}}|(?:{_EN_WORD})(?![a-z]))"
NUMBER = rf"(?P<n>{_NUMBER})(?:\s?(?:-|~|–|到|至|to)\s?{_NUMBER})?"
"""A number in figures or words, in either language; of a range, `n` is the smaller."""


def number(text: str) -> float | None:
    """The value of a number in figures or words, folded; of a loose one ("十几", "a few") the smallest it may mean."""
    word = text.strip()
    if figures := re.match(r"\d[\d,]*(?:\.\d+)?", word):
        factor = 1000 if re.search(r"[千k]$", word) else 1
        return float(figures.group().replace(",", "")) * factor
    if word in _EN_LOOSE:
        return float(_EN_LOOSE[word])
    if word in _EN_UNITS:
        return float(_EN_UNITS.index(word) + 1)
    tens, _, units = word.replace("-", " ").partition(" ")
    if tens in _EN_TENS:
        return float((_EN_TENS.index(tens) + 2) * 10 + (_EN_UNITS.index(units) + 1 if units in _EN_UNITS else 0))
    return _zh_number(word)


def _zh_number(word: str) -> float | None:
    if not word or not all(c in _ZH_DIGITS or c in _ZH_TENS or c == "几" for c in word):
        return None
    total, digit = 0, -1
    for place, c in enumerate(word):
        if c in _ZH_TENS:
            total += (1 if digit < 0 else digit) * _ZH_TENS[c]
            digit = -1
        elif digit < 0:  # of two digits side by side (三五个) the first is the smaller
            digit = (2 if place == 0 and len(word) > 1 else 1 if place else 3) if c == "几" else _ZH_DIGITS[c]
    return float(total + max(digit, 0))


_UNITS = {
    **{"亿": 1e8, "千万": 1e7, "百万": 1e6, "万": 1e4, "w": 1e4, "千": 1e3},
    **{"k": 1e3, "thousand": 1e3, "m": 1e6, "mn": 1e6, "mio": 1e6, "million": 1e6, "bn": 1e9, "billion": 1e9},
}
_SUM = re.compile(
    r"(?P<before>us\$|[$€£¥]|usd|eur|gbp|rmb|cny)?\s*"
    r"(?:(?P<n>(?<!\d)\d[\d,]{0,14}(?:\.\d+)?|[一二两三四五六七八九十百几]{1,4}|\b(?:one|two|three|four|five|six|seven|eight|nine|ten"
    r"|half a)\b)|(?<=[上近过数]))"
    r"\s*(?:多|来|余|几)?\s*(?P<unit>亿|千万|百万|万|千|(?:w|k|mn|mio|million|m|thousand|bn|billion)(?![a-z]))?\s*"
    r"(?P<after>美元|美金|欧元|英镑|元|人民币|块|rmb|yuan|cny|usd|dollars|eur(?:os?)?|gbp|[€£])?"
)
_YUAN = {"¥", "rmb", "cny", "元", "人民币", "块", "yuan"}


def sums(text: str, per_dollar: float, *, bare: float = float("inf")) -> list[float]:
    """Sums of money in a folded text, in yuan. A figure without unit or currency counts from `bare` on."""
    found = []
    for match in _SUM.finditer(text):
        unit, marks = match["unit"] or "", {match["before"], match["after"]} - {None}
        if match["n"] is None and not unit:
            continue
        value = 0.5 if match["n"] == "half a" else number(match["n"]) if match["n"] else 1.0
        if value is None or not (unit or marks or value >= bare):
            continue
        chinese = bool(marks & _YUAN) or (not marks and (not unit or unit in "亿千万百万w"))
        found.append(value * _UNITS.get(unit, 1) * (1 if chinese else per_dollar))
    return found


# --- matching -----------------------------------------------------------------------------------------------------


@cache
def _compiled(patterns: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(p.replace("{n}", NUMBER, 1)) for p in patterns)


def matches(words: Words, text: str) -> Iterator[re.Match[str]]:
    """Every place where a folded text holds the words, in either language."""
    for pattern in _compiled(words.zh) + _compiled(words.en):
        yield from pattern.finditer(text)


def match(words: Words, text: str) -> re.Match[str] | None:
    """The first of `matches`."""
    return next(matches(words, text), None)


def folded(text: str) -> str:
    """Half-width, lower case, simplified, each character in its place, so that an offset holds in the text as it was typed."""
    chars = []
    for c in text:
        form = unicodedata.normalize("NFKC", c).lower()
        chars.append(form if len(form) == 1 else c)
    plain = "".join(chars)
    simple = simplify(plain)
    return simple if len(simple) == len(plain) else "".join(s if len(s := simplify(c)) == 1 else c for c in plain)


# --- what the language tells --------------------------------------------------------------------------------------

_SENTENCE = re.compile(r"[。!?\n]+|(?<!incl)(?<!approx)(?<!\be\.g)(?<!\bi\.e)(?<!\binc)(?<!\bltd)(?<!\bmr)(?<!\bvs)\.(?=\s|$)")
_CLAUSE = re.compile(
    r"[;()\[\]|]|,(?!\d{3}(?!\d))|(?<!\d),"
    r"|(?<=\S)(?=(?:但是?|不过|可是|然而)(?!愿))|(?<=[^到从,])(?=(?:现在|目前|如今)(?!的?(?:位置|岗位|层级|公司|为止)))"
    r"|(?<=[^\d一二两三四五六七八九十半多几年月不])(?=以前|之前|曾经)"
    r"|(?<=\s)(?=(?:but|though|although|however|whereas|now|currently|used to|and (?:i|my|we)\b)\b)| [-–—] |——"
)
_LONGEST = 240  # a clause without any sign; longer ones are cut, so that no text takes long to read

_PAST = re.compile(
    r"以前|之前|从前|曾经?(?!国)|当年|原来|原先|前公司|上家|上一?(?:家|份|任|段)(?!级)|前东家|过去(?![一二两三四五六这几半\d])|早年|早期"
    r"|\d+年前|[一二两三四五六七八九十几]年前|离职前|被裁前|(?<![提目以从眼之超])前(?=cmo|ceo|总监|市场|营销|首席|vp|创始人|品牌)"
    r"|^原(?=市场|营销|品牌|总监|cmo|vp|公司)|[管带做当任背干]过|(?:19|20)\d\d年?\s*[-–~到至]\s*(?:19|20)\d\d"
    r"|\bused to\b|\bformer(?:ly)?\b|\bprevious(?:ly)?\b|\bex-|\bin the past\b|\byears? ago\b|\bback (?:at|in|when)\b"
    r"|\buntil (?:last|recently|\d|i )|\bbefore (?:that|this|the layoff)\b|\b(?:last|old|prior) (?:job|role|company"
    r"|post|employer)\b"
    r"|\b(?:was|were)\b(?! (?:just |recently |then )?(?:promoted|made|hired|appointed|named))|\bhad (?!to\b|enough)"
    r"|(?<!-)\b(?:led|ran|headed|carried|reported)\b(?! by)|(?<!-)\bmanaged\b(?! (?:services?|care))"
    r"|(?<!-)(?<!privately )(?<!family )\bowned\b(?! by)"
)
_PRESENT = re.compile(
    r"现在|目前|如今|眼下|现任|当前|至今|这两年|今年|升任|刚升|去年升|升(?:了|为|到)|接手|上任|跳槽到|来到|加入|后来|转(?:到|为|做|岗)"
    r"|\bnow\b|\bcurrent(?:ly)?\b|\bat present\b|\btoday\b|\bsince\b|\bthese days\b|\bright now\b|\bpromoted to\b"
    r"|\bjoined\b|\bbecame\b"
    r"|\bmoved to\b|\bi(?:.m| am| lead| manage| run| own| report| sit| have| set| carry)\b|\bi.ve\b"
)
_WISH = re.compile(
    r"(?<![思理联梦设猜构料])想(?!法|象|到了|不通|了想|了一|一下|问|知道|请|听|看看|清楚|明白)|希望|打算|计划(?=[做当在转升进带管用]|\d+年|[一二两三四五几]年)"
    r"|(?<![收售绩利润标销客品])目标(?=是|:|就是|做|当|改|定|换)"
    r"|争取|梦想|将来|以后|未来(?=[一二两三四五几\d]|想|希望|能|要)|期望|立志|准备(?=做|当|升|转|竞聘|接)|如果|假如|要是|万一|迟早|冲刺|有望|即将|马上要|快要|立志|力争|下一步"
    r"|\bwant(?:s|ing)?\b|\bwould (?:like|love)\b|\bi.d (?:like|love)\b|\bhop(?:e|ing)\b|\baim(?:s|ing)?\b|\bplan(?:s"
    r"|ning)? to\b|\bgoal\b|\baspir|\bdream"
    r"|\bbecome\b|\bsome ?day\b|\beventually\b|\bin (?:the )?future\b|\bif i\b|\bmy target\b|\btarget (?:role"
    r"|position|is)\b|\blooking to\b|\bambition\b"
    r"|\b(?:am|is|are|.m) going to\b|\bwill (?:be|lead|own|run|report|have)\b|\bnext step\b|\bone day\b"
)
_OTHERS = re.compile(
    r"^\s*(?:(?:我们?|咱们?|公司)的?)?(?:老板娘?+|大老板|领导|上司|上级|前任|同事|朋友|老公|老婆|先生|太太|他们?+|她们?+|别人|有人|大家|(?<=们)(?:ceo|老总|总裁|vp|cmo|总监|创始人))"
    r"(?!让|叫|给我|要求|安排|授权|把|委托|直接?[管带]我|[是就])(?=[^,]{0,6}(?:背|管|负责|定|进|坐|带|拍板|说了算|掌|有))"
    r"|^\s*(?:my|our|the) (?:\w+ )?(?:boss|manager|ceo|cfo|coo|cmo|vp|founder|owner|director|predecessor|wife|husband"
    r"|friend|colleague|sales (?:director|team|head))s?"
    r" (?!is\b|lets?\b|asked\b|wants?\b|gave\b|and i\b|team\b|budget\b)\w+"
    r"|^\s*(?:he|she|they|everyone|someone|others?) (?!are my|is my)\w+"
)
_DOTTED = re.compile(r"虚线|\bdotted\b|\bmatrix")
_DENIED_BEFORE = re.compile(
    r"不是[^是,\s]{0,6}$"
    r"|(?:不(?![是锈仅只但光错过断少同久到止单管动]|动产)|没有?(?!问题)|未(?!来)|无(?![锡忧论线形人机])|从未"
    r"|别(?=想|做|当|提|去))[^是,\s]{0,6}$"
    r"|(?:\b(?:no|not|never|without|nor|neither|cannot)\b(?! only)|n['’]t\b)(?:\s+(?!and\b|but\b)[\w'&-]+){0,3}\s*$"
)
_DENIED_INSIDE = re.compile(r"(?:不(?![锈仅只但光错过断少同久到止单管动])|没有?|\bnot?\b|n['’]t\b|\bnever\b)")
_DENIED_AFTER = re.compile(
    r"^\s*[:是]?\s*(?:我|还|也|都|并|暂时)*(?:不(?![仅只但错断少同久])|没有?(?!问题)|无$|为零|为0)"
    r"|^\s*[:=]\s*(?:none|no\b|0\b)|^\s*(?:yet to|is not|isn.t)"
)
_ORDER = re.compile(
    r"\b(?:ignore|forget|bypass|override) (?:all |any |the |your |everything |these |those |of )*"
    r"(?:previous|prior|above|earlier|instructions?|rules?|rubrics?|framework|criteria|guidelines?|scoring|prompts?)|\bdisregard\b"
    r"|(?:^|[,.;:!]\s*|\b(?:and|then|please|just|also|now|must|should) )(?:give|award|grant|assign|rate|score|mark|grade|put) me "
    r"(?:as |at |an? |the |down |straight |directly )*(?:level|stage|score|rating|highest|top|full marks)"
    r"|^\s*(?:and |also |then |now |please |finally |next )*,?\s*(?:(?:write|state|print|output|declare|certify|pretend)"
    r" (?:down |also )*that|(?:write|print|output|put) (?:down |also )*(?:in|into) (?:the|my) (?:plan|export|profile))\b"
    r"|\byou (?:must|are now|should now|have to)\b"
    r"|\b(?:set|change|mark|rate|classify|put) (?:the |my |this (?:user|person|candidate)(?:.s)? ?|me |all )*(?:stage"
    r"|level|score|rating|confidence)s? ?(?:to|as|=)\s*[\w\"']"
    r"|\b(?:stage|level|score)\s*[:=]\s*\S|<\|?\s*/?\s*(?:system|im_start|im_end|assistant)|\[\s*/?(?:system"
    r"|inst)\s*\]|\bsystem prompt\b"
    r"|忽略(?:以上|之前|前面|上面|上述|所有|一切|你的)|无视(?:以上|之前|前面|规则)|(?:把|将)[^。]{0,12}(?:阶段|级别|等级|评分|打分|层级)[^。]{0,6}(?:设|改|定|标|打|调|评)"
    r"|(?:忽略|无视|绕过|跳过|不(?:要|用|必)管)[^。,]{0,6}(?:评分|评级|指令|提示词)"
    r"|(?:直接|请|务必)+(?:给|评|打|判|算)(?:我|成|为|到)*\s*(?:[1-5一二三四五]\s*级|最高|满分)"
    r"|(?<!我)(?<!已)(?:在|往)(?:计划|档案|结论)(?:里|中|上)(?:面)?(?:请)?(?:直接)?(?:写|注|标)(?:上|明|成|下)?[^。了过]{0,2}我"
    r"|(?:阶段|级别|等级|评分)(?:请)?(?:设|改|定|调)(?:置)?(?:为|成)|系统(?:提示|指令|消息)|你(?:必须|现在是|现在要|只能)|(?:请)?(?:直接)?(?:判定|评定|认定)(?:我"
    r"|他|此人|该用户)?(?:为|是|成)"
)
_ORDER_LINE = re.compile(r"^\s*[#*\-\[<]*\s*(?:system|assistant|developer|instructions?|系统|指令|管理员)\s*[\]>*]*\s*:")
_PASTED = re.compile(
    r"^\s*(?:以下是|下面是|附上?|贴一下|转发)?[^。,\n]{0,10}(?:jd|岗位(?:职责|描述|说明)|职位(?:描述|要求)|任职(?:要求|资格)|招聘(?:启事|要求)"
    r"|job description|responsibilities|requirements|about the role)\s*[:(\n]",
    re.MULTILINE,
)
_QUOTED = re.compile(r"[“\"「『][^”\"」』]{3,}[”\"」』]|```.*?(?:```|\Z)|^\s*>[^\n]*", re.DOTALL | re.MULTILINE)
_SAYS = re.compile(r"(?:说|写|称|讲|问|答|say|says|said|wrote|writes|quote|told me|tells me|read|reads)\w*\s*[::,]?\s*$")
_BETWEEN = re.compile(
    r"被裁(?!前还)|遭裁|被优化|被毕业|裁掉|失业|待业|(?:刚|已|已经|我)离职|离职(?:后|中|状态)|裸辞|求职中|找工作|空窗期?|待岗"
    r"|\blaid off\b|\bredundan|\bbetween jobs\b|\bjob[- ]?seek|\bunemployed\b|\blooking for (?:a |my |the )?(?:new "
    r"|next )?(?:job|role|position)\b"
    r"|\blost my job\b|\bleft my (?:job|company|role)\b|\bcareer break\b|\blet go\b"
)
_ASKED = re.compile(
    r"[?]|(?:吗|呢)\s*$|^\s*(?:那就?|就)?(?:请|帮我|帮忙|给我|麻烦|[排做出来]一?[份个])"
    r"|\b(?:please|can you|could you|help me|give me|what|how|where|which|should i)\b"
)


@dataclass(frozen=True, kw_only=True)
class Clause:
    """A piece of what a person said: `text` folded, `start:end` in the field's text as typed; what it does not speak of."""

    field: str
    source: str
    text: str
    start: int
    end: int
    sentence: int
    past: bool = False
    wished: bool = False
    others: bool = False
    present: bool = False

    @property
    def words(self) -> str:
        """The clause as it was typed."""
        return self.source[self.start : self.end].strip(_EDGES)

    def around(self, found: re.Match[str]) -> str:
        """The clause as it was typed, or where it is long, the match in it with some words around."""
        if self.end - self.start <= _QUOTE:
            return self.words
        start = max(self.start, self.start + found.start() - 12)
        return self.source[start : min(self.end, self.start + found.end() + 12)].strip(_EDGES)


_EDGES = " \t\n,，;；、:：。.!！"
_QUOTE = 80  # characters of a clause that is quoted whole


@lru_cache(maxsize=256)
def clauses(field: str, text: str) -> tuple[tuple[Clause, ...], tuple[str, ...]]:
    """What a person says in a text, clause by clause, and what in it is not theirs: orders, quoted and pasted text."""
    plain, ignored = _own(text, folded(text))
    found: list[Clause] = []
    for number_, (start, end) in enumerate(_pieces(_SENTENCE, plain, 0, len(plain))):
        if _ORDER.search(plain[start:end]):
            ignored.append(text[start:end].strip())
            continue
        found.extend(_sentence(field, text, plain, start, end, number_))
    return tuple(found), tuple(words for words in ignored if words)


def _own(text: str, plain: str) -> tuple[str, list[str]]:
    """The folded text with blanks for what is quoted, pasted or ordered, and those pieces as typed."""
    spans = []
    if pasted := _PASTED.search(plain):
        spans.append((pasted.start(), len(plain)))
    for quoted in _QUOTED.finditer(plain):
        words = quoted.group()
        if words[0] in "`" or words.lstrip()[:1] == ">" or len(words) > 32 or _SAYS.search(plain[: quoted.start()][-12:]):
            spans.append(quoted.span())
    offset = 0
    for line in plain.split("\n"):
        if _ORDER_LINE.search(line):
            spans.append((offset, offset + len(line)))
        offset += len(line) + 1
    for start, end in spans:
        blank = re.sub(r"[^\n]", " ", plain[start:end])
        plain = plain[:start] + blank + plain[end:]
    return plain, [text[start:end].strip() for start, end in spans]


def _pieces(cut: re.Pattern[str], plain: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The stretches between the cuts that hold anything, none longer than `_LONGEST` for clauses."""
    at = start
    for found in [*cut.finditer(plain, start, end), None]:
        stop = found.start() if found else end
        if plain[at:stop].strip():
            yield at, found.end() if found and cut is _SENTENCE else stop
        at = found.end() if found else end


def _sentence(field: str, source: str, plain: str, start: int, end: int, number_: int) -> Iterator[Clause]:
    """The clauses of one sentence. What a clause says of the past holds on until something is said of the present."""
    past = False
    for a, b in _pieces(_CLAUSE, plain, start, end):
        for at in range(a, b, _LONGEST):
            text = plain[at : min(b, at + _LONGEST)]
            present = bool(_PRESENT.search(text))
            past = not present and (past or bool(_PAST.search(text)))
            yield Clause(
                field=field,
                source=source,
                text=text,
                start=at,
                end=at + len(text),
                sentence=number_,
                past=past,
                wished=bool(_WISH.search(text)),
                others=bool(_OTHERS.search(text) or _DOTTED.search(text)),
                present=present,
            )


_NEVER = re.compile(r"没有?[^,]{0,4}过|从没|从未|\bnever\b")


def holds_now(clause: Clause) -> bool:
    """Is it a statement about the present? What somebody has never done, they do not do now."""
    return not clause.past or bool(_NEVER.search(clause.text))


def denied(clause: Clause, found: re.Match[str]) -> bool:
    """Does the clause deny what the match says?"""
    before, after = clause.text[: found.start()], clause.text[found.end() :]
    return bool(_DENIED_BEFORE.search(before) or _DENIED_INSIDE.search(found.group()) or _DENIED_AFTER.search(after))


def between_jobs(clause: Clause) -> bool:
    """Does the person say that they have no post at the moment?"""
    return bool(_BETWEEN.search(clause.text)) and not clause.wished


def asks(text: str) -> bool:
    """Is a folded sentence a question or a request?"""
    return bool(_ASKED.search(text))


_GOES_ON = re.compile(
    r"\s*(?:然后|最后|最终|再|先|并)*(?:做|当|成为|升[到任为]|转)(?!了|过)|\s*(?:and |then |or )*(?:become|be|lead|run)\b"
)


def with_wishes(found: Sequence[Clause], says: Sequence[bool]) -> list[Clause]:
    """The clauses, with a wish holding on: "希望能背营收，进高管会" wishes both, "想做得更好，带8个人" only the first.

    So does one that goes on without a new subject ("想深耕，做顶尖专家").

    `says[i]` tells that the wish of clause i is about a gate condition; then what follows in the sentence is wished too.
    """
    result: list[Clause] = []
    holds, sentence = False, -1
    for clause, condition in zip(found, says, strict=True):
        if clause.sentence != sentence or clause.present:
            holds = False
        sentence = clause.sentence
        goes_on = bool(result) and result[-1].wished and result[-1].sentence == sentence and _GOES_ON.match(clause.text)
        result.append(replace(clause, wished=True) if holds or goes_on else clause)
        holds = holds or condition
    return result
