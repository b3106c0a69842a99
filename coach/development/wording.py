"""Lets a chat model fit the first step of an action to the person, and proves that nothing was added: what fails is dropped.

Owns `fits`, the rule for such a text, which `coach.development.check` applies to every plan, and `reword`, which asks line by
line. Chooses no model: `generate` is handed in. A step that is refused keeps the library's own words.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Protocol

from coach import text as texts
from coach.development.numbers import numbers
from coach.development.readings import clauses
from coach.development.schema import Line, Plan, Profile
from coach.errors import CoachError
from coach.framework.files import Text
from coach.framework.schema import Action, Framework
from coach.library.passages import sentences
from coach.models.chat import is_capable
from coach.prompts import Prompt, load_prompt
from coach.settings import ROOT, Settings
from coach.types import Lang

SECONDS = 50.0
"""After so many seconds no new line is begun."""
_GRACE = 8.0  # seconds the line in hand may take beyond that; a plan is to be worded within a minute
_WAITED = 47.0  # seconds a channel waits for the words; with the rules before and after them it is within 50
_FAILURES = 2  # a model that failed so often in a row is not asked again
_SHORTEST, _LONGEST = 0.5, 1.6  # length against the library's
_SHARED = 1 / 3  # of the content words of either text
_NEW_IN_CLAUSE = 1 / 3  # of the content words of a clause
_SAID_LENGTH = 160  # characters of a field of the profile that are shown to the model
_LANGUAGE = {"zh": "Chinese", "en": "English"}


@dataclass(frozen=True, kw_only=True)
class Worded:
    """A plan as far as it is worded: ids of the lines taken, and (id, reason) of those that keep the library's words."""

    plan: Plan
    taken: tuple[str, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()
    model: str = ""
    """The chat model that worded it, where it is known."""


class PlanWriter(Protocol):
    """The chat model as a plan needs it: its name, whether it words texts itself, whether it is loaded, and its words.

    `generate` takes a prompt and asks `should_stop` while it waits and writes; it raises CoachError.
    """

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def writes(self) -> bool: ...  # noqa: D102
    @property
    def generate(self) -> Callable[[str, Callable[[], bool] | None], Iterator[str]]: ...  # noqa: D102
    @property
    def ready(self) -> Callable[[], bool]: ...  # noqa: D102


@dataclass(frozen=True, kw_only=True)
class Objection:
    """Why a text is not taken: a code (`number`, `name`, `person`, …) and the words it is about, if any."""

    code: str
    words: str = ""

    def __str__(self) -> str:
        return f"{self.code}: {self.words}" if self.words else self.code


def words_plans(settings: Settings) -> bool:
    """Whether the chat model is to word plans: only one that words replies itself.

    The embedded 1.5B model fits no step to a person: it gives most of them back, whole or cut short, and bends the others.
    """
    return is_capable(settings)


@dataclass(frozen=True, kw_only=True)
class _Bounds:
    """What a text may be made of: the library's step, the person's words, and ordinary words (`known`)."""

    before: str
    said: str
    lang: Lang
    known: frozenset[str]

    @property
    def source(self) -> str:
        return f"{self.before}\n{self.said}"


def reword(
    plan: Plan,
    profile: Profile,
    framework: Framework,
    generate: Callable[[str], Iterator[str]],
    *,
    should_stop: Callable[[], bool] | None = None,
    seconds: float = SECONDS,
    clock: Callable[[], float] = time.monotonic,
    prompts: Path = ROOT / "prompts",
) -> Iterator[Worded]:
    """The plan unchanged at once, then again after every line that was tried; the last item holds all counts.

    Changes nothing but `how`, in the language of the plan, of open actions that still have the library's words. Errors of the
    model (CoachError) are reasons like any other. When time is up or `should_stop` says so, the rest stays as it is.
    """
    worded = Worded(plan=plan)
    yield worded
    prompt = load_prompt(prompts, "plan_line")
    known = vocabulary(framework, plan.lang)
    stop = should_stop or (lambda: False)
    begun, failures = clock(), 0

    def cut() -> bool:
        return stop() or clock() - begun >= seconds + _GRACE

    for line in plan.actions:
        action = library_action(framework, line)
        if action is None or line.how != action.how or line.status != "open":
            continue
        if stop() or clock() - begun >= seconds or failures >= _FAILURES:
            return
        before = action.how.of(plan.lang)
        pieces = _asked(generate, _filled(prompt, line, profile, before, plan.lang))
        after, failure = _read(pieces, int(_LONGEST * len(before)) + 1, cut)
        failures = failures + 1 if failure.startswith("model") else 0
        reason = failure or fits(before, after, profile, plan.lang, known=known) or ("cut" if _only_cut(before, after) else "")
        worded = _with_line(worded, line, after, reason)
        yield worded


def worded_within(
    plan: Plan,
    profile: Profile,
    framework: Framework,
    writer: PlanWriter,
    *,
    seconds: float = _WAITED,
    grace: float = _GRACE,
    clock: Callable[[], float] = time.monotonic,
) -> Worded:
    """The plan as far as the writer could word it; after `seconds` at most, even if the model has stopped talking.

    In the last `grace` seconds no new line is begun.
    """
    end = clock() + seconds

    def late() -> bool:
        return clock() >= end

    worded = Worded(plan=plan)
    steps = reword(
        plan,
        profile,
        framework,
        lambda prompt: writer.generate(prompt, late),
        should_stop=late,
        seconds=seconds - grace,
        clock=clock,
    )
    for worded in steps:  # noqa: B007  only the last one is wanted
        pass
    return replace(worded, model=writer.name)


def fits(before: str, after: str, profile: Profile, lang: Lang, *, known: frozenset[str] = frozenset()) -> str:
    """Why `after` may not stand in the place of the library's `before`; empty when it may.

    Its words are those of `before`, of the person, or `known`: the ordinary words of `vocabulary`.
    """
    found = objection(before, after, profile, lang, known=known)
    return str(found) if found else ""


def objection(before: str, after: str, profile: Profile, lang: Lang, *, known: frozenset[str] = frozenset()) -> Objection | None:
    """As `fits`, with the reason in its parts; None when the text adds nothing."""
    if after == before:
        return None
    bounds = _Bounds(before=before, said=own_words(profile), lang=lang, known=known)
    return next((found for check in _CHECKS if (found := check(after, bounds)) is not None), None)


def vocabulary(framework: Framework, lang: Lang) -> frozenset[str]:
    """The ordinary words in which actions and indicators tell what to do and what counts; English ones with a capital are not."""
    told = [t.of(lang) for actions in framework.actions.values() for a in actions for t in (a.name, a.how, a.measure, a.evidence)]
    for indicators in framework.indicators.values():
        for indicator in indicators:
            told += [indicator.name.of(lang), *(indicator.counts.zh if lang == "zh" else indicator.counts.en)]
    return frozenset(word for text in told for word in _words(text, lang))


def library_action(framework: Framework, line: Line) -> Action | None:
    """The action of the library a line carries out; None for goals, the person's own lines, and actions that are gone."""
    if line.own or line.role != "action":
        return None
    return next((a for a in framework.actions.get(line.pillar or "", ()) if a.id == line.action), None)


def own_words(profile: Profile) -> str:
    """What the person said, without orders to a program and pasted text: those are nobody's words about themselves."""
    kept = []
    for name in Profile.model_fields:
        value = getattr(profile, name)
        if name == "self_ratings":
            continue
        for text in (value,) if isinstance(value, str) else value.values() if isinstance(value, dict) else value:
            kept.append(_without_orders(text))
    return "\n".join(text for text in kept if text)


def _without_orders(text: str) -> str:
    for words in clauses("", text)[1]:
        text = text.replace(words, " ")
    return text.strip()


def _filled(prompt: Prompt, line: Line, profile: Profile, before: str, lang: Lang) -> str:
    return prompt.render(
        role=_quoted(profile.role),
        industry=_quoted(profile.industry),
        constraints=_quoted("; ".join([*profile.constraints, profile.hours_per_week])),
        language=_LANGUAGE[lang],
        action=line.text.of(lang),
        step=before,
    )


def _quoted(said: str) -> str:
    """A person's words as one short line that cannot close the quotation it stands in."""
    plain = re.sub(r"[<>]", " ", texts.normalise(_without_orders(said))).strip("; ")
    return texts.clip(plain, _SAID_LENGTH) or "-"


def _asked(generate: Callable[[str], Iterator[str]], prompt: str) -> Iterator[str]:
    """As `generate`, so that a call that fails before its first word fails where the words are read."""
    yield from generate(prompt)


def _read(pieces: Iterator[str], limit: int, cut: Callable[[], bool]) -> tuple[str, str]:
    """The text, and why it is not whole: cut off, or the model failed. Reads little more than `limit` characters."""
    text = ""
    try:
        for piece in pieces:
            text += piece
            if cut():
                return "", "time"
            if len(text.strip()) > limit:
                break
    except CoachError as error:
        return "", f"model: {error.code}"
    finally:
        pieces.close()  # type: ignore[attr-defined]  # `_asked` is a generator; closing it ends the model's work
    return text.strip(), "time" if cut() else ""


def _only_cut(before: str, after: str) -> bool:
    """Whether a text is the library's own or a piece of it: that fits nobody better, and loses what was left out."""
    held, new = _bare(before), _bare(after)
    return new == held or (len(new) < len(held) and all(_bare(s) in held for _, _, s in sentences(after)))


def _bare(text: str) -> str:
    return re.sub(r"\W", "", texts.fold(text))


def _with_line(worded: Worded, line: Line, after: str, reason: str) -> Worded:
    if reason:
        return Worded(plan=worded.plan, taken=worded.taken, refused=(*worded.refused, (line.id, reason)))
    assert line.how is not None
    how = Text(**{**line.how.model_dump(), worded.plan.lang: after})
    actions = tuple(a.model_copy(update={"how": how}) if a.id == line.id else a for a in worded.plan.actions)
    plan = worded.plan.model_copy(update={"actions": actions})
    return Worded(plan=plan, taken=(*worded.taken, line.id), refused=worded.refused)


# --- the rules ---------------------------------------------------------------------------------------------------------------

_MARKUP = re.compile(
    r"[\[［【]\s*\d{1,2}\s*[\]］】]|[{}<>`|\\]|\*\*|__|(?:^|\s)[*#>]+\s|^\s*(?:[-•]|\d{1,2}[.)、])\s|\n|https?:|www\.|\S@\S|\]\(",
    re.I,
)
_LEAK = re.compile(
    r"系统提示|提示词|作为(?:一个|一名)?(?:AI|人工智能|语言模型|助手)|改写后|以下是|如下[:：]|按照?(?:你的)?要求|抱歉|对不起|无法(?:完成|提供|协助)|不能协助"
    r"|(?:步骤|行动|语言|角色|行业|限制|规则)\s*[:：]"
    r"|\bsystem prompt\b|\binstructions?\b|\bthe (?:person|user)\b|\bas an? (?:AI|assistant|language model)\b|\blanguage model\b"
    r"|\bfitted (?:step|text)\b|\b(?:rewritten|revised) (?:step|text|version)\b|\bhere(?:'s| is)\b|\bsorry\b"
    r"|\bI (?:can(?:no|')t|am unable|will not)\b|\b(?:step|action|language|role|industry|limits|rules?)\s*:",
    re.I,
)
_CASE = re.compile(
    r"研究(?:表明|显示|证明)|数据(?:显示|表明)|调查(?:显示|表明|发现)|据(?:统计|报道|悉)|(?:曾|就)有(?:一)?[家位名个]|案例"
    r"|某(?:[家个位名]|知名|大型|著名|头部)?[\u4e00-\u9fff]{0,6}(?:公司|集团|企业|品牌|大厂|客户|总监|高管)"
    r"|[一有这](?:家|位|名)(?:知名|著名|头部|大型)[\u4e00-\u9fff]{0,6}"
    r"|\b(?:research|stud(?:y|ies)|data|surveys?|statistics) (?:show|find|found|prove|suggest|indicate)\w*|\bcase stud\w+"
    r"|\b(?:leading|major|well-known|famous|top) (?:\w+ )?(?:compan|brand|retailer|firm|chain|group)\w*"
    r"|\b(?:one|a|an) (?:\w+ )?(?:director|company|brand|manager|client|firm) (?:who|that|which|in|once|did|used)\b",
    re.I,
)
_PROMISE = re.compile(
    r"保证(?!金)|确保[^，。；]{0,8}(?:升|当上|做到|成功|增长|达成|实现)|一定(?:能|会|可以)|肯定(?:能|会)|必(?:能|然|将|定会)|包(?:升|过)|升任|指日可待"
    r"|(?:就|将|便)(?:能|会|可以)[^，。；]{0,10}(?:升|当上|成为|提高|提升|增长|成功|赢得)|助你|帮你(?:升|成为|赢得|拿下)|升职|加薪|成功晋升"
    r"|\bguarantee\w*|\bensur\w+ (?:you|your (?:promotion|success))|\bwill (?:surely|certainly|definitely|inevitably)\b"
    r"|\b(?:will|to) (?:get|make|earn|win|secure|bring) you\b|\byou(?:'ll| will) (?:be promoted|get|become|reach|earn|win|achieve"
    r"|succeed|grow|see)\b|\b(?:boost|increase|double|raise) (?:your )?(?:sales|revenue|profit|growth|salary)\b|\bpromotion\b",
    re.I,
)
# A denial and what is denied, so that it can be looked up.
_DENIED = re.compile(
    r"(?:没有|没|不|未|无法)[\u4e00-\u9fff]{0,2}|\b(?:no|not|never|without|nobody|none)\b(?: \w+)?|\w+n't\b", re.I
)
_CLAUSE = re.compile(r"[，。；：！？、,;:!?]|\.(?:\s|$)")
# Statements of what the person is, has or has done. What follows must stand literally in their own words.
_STATED = {
    "zh": re.compile(
        r"(?:^|(?<=[，。；：！？,;]))(?P<you>[你您]们?的?[^，。；：！？,;]*)"
        r"|[你您]们?(?=(?:也|都|还)?(?:很|非常|一直|早|已|曾|最?擅长|善于|精通|熟悉|熟练|具备|具有|拥有|有|是|不是|带着|带了|带的|领导|负责|主管|管着|管理|经营|缺"
        r"|不懂|不擅长|在[^，。；]{1,8}(?:工作|任职|多年)|之前|过去|原来|以前|够|正在|刚))(?P<what>[^，。；：！？,;]*)"
        r"|(?:[你您]们?的?|贵)(?P<whose>(?:公司|司|团队|部门|上级|老板|企业|下属|品牌)(?:正|已|刚|很|有|是|缺|没)[^，。；：！？]*)"
        r"|(?:[你您]们?的|凭借|凭着|发挥|依托)(?P<gift>[^，。；：！？]{0,6}(?:优势|经验|强项|长处|背景|能力|专长|弱点|短板|资历|天赋|才华)[^，。；：！？]*)"
        r"|(?P<many>已经|早已|一直以来|多年|资深|经验丰富|丰富的经验|出色|优秀的你|杰出)"
    ),
    "en": re.compile(
        r"(?:^|(?<=[.,;:!?] ))(?:and |but )?(?P<you>you(?:'d|'ll|'re|'ve)?\b[^,.;:!?]*)"
        r"|\byou(?:'re| are|'ve| have(?! to\b)| had| were| already| excel| know| lead| manage| run| work| bring| lack"
        r"| struggle| report| oversee| own)\b(?P<what>[^,.;:!?]*)"
        r"|\byour (?P<state>\w+(?: \w+)? (?:is|are|was|were|has|had|does|do)\b[^,.;:!?]*)"
        r"|\byour (?P<whose>(?:company|team|boss|brand|department|firm|business|organi[sz]ation) (?:is|are|has|have|was|were"
        r"|needs|lacks|of)\b[^,.;:!?]*)"
        r"|\byour (?P<gift>(?:\w+ )?(?:strengths?|experience|expertise|background|skills?|track record|talents?|success\w*"
        r"|achievements?|weakness\w*)\b[^,.;:!?]*)"
        r"|\b(?P<many>already|seasoned|years of experience|experienced|outstanding|excellent)\b",
        re.I,
    ),
}
# Openings that name a circumstance; its words must be the person's, in any order.
_GIVEN = {
    "zh": re.compile(r"(?:作为|身为|鉴于|考虑到|由于|因为|既然|身处|身在|针对你)(?P<what>[^，。；：！？]*)"),
    "en": re.compile(
        r"\b(?:as an?|as the|given|since|because|considering|in your role|drawing on|leveraging|thanks to"
        r"|based on your)\b(?P<what>[^,.;:!?]*)",
        re.I,
    ),
}
_IF = re.compile(r"(?:如果|要是|假如|若|倘若|\b(?:if|whether|unless)\b)[^，。；,.;]*$", re.I)
_GIVEN_WORDS = frozenset(
    "负责 行业 领域 工作 角色 岗位 职位 时间 限制 精力 industry role business time limits sector field work".split()
)


def _empty(after: str, bounds: _Bounds) -> Objection | None:
    return None if re.search(r"\w", after) else Objection(code="empty")


def _plain(after: str, bounds: _Bounds) -> Objection | None:
    found = _MARKUP.search(after)
    if found or texts.clean(after) != after:
        return Objection(code="markup", words=found.group().strip() if found else "")
    return None


def _leaked(after: str, bounds: _Bounds) -> Objection | None:
    return _added(_LEAK, "leak", after, bounds)


def _language(after: str, bounds: _Bounds) -> Objection | None:
    foreign = bounds.lang == "en" and any(run not in bounds.source for run in _HAN.findall(after))
    return Objection(code="language") if foreign or texts.language(after, bounds.lang) != bounds.lang else None


def _length(after: str, bounds: _Bounds) -> Objection | None:
    share = len(after) / max(1, len(bounds.before))
    return None if _SHORTEST <= share <= _LONGEST else Objection(code="length", words=f"{share:.1f}")


def _numbers(after: str, bounds: _Bounds) -> Objection | None:
    added = numbers(after) - numbers(bounds.before) - numbers(bounds.said)
    return Objection(code="number", words=", ".join(sorted(added))) if added else None


def _cases(after: str, bounds: _Bounds) -> Objection | None:
    return _added(_CASE, "case", after, bounds)


def _promises(after: str, bounds: _Bounds) -> Objection | None:
    return _added(_PROMISE, "promise", after, bounds)


def _person(after: str, bounds: _Bounds) -> Objection | None:
    """Statements about the person have to be their own words; what the library's step says already, it may say."""
    own, library, words = texts.fold(bounds.said), texts.fold(bounds.before), set(texts.tokens(bounds.said))
    for found in _STATED[bounds.lang].finditer(after):
        what = next((g for g in found.groups() if g is not None), "")
        bare = texts.fold(_NOT_SAID.sub("", what))
        if not (bare and bare in own) and not _excused(found, after, library):
            return Objection(code="person", words=found.group().strip())
    for found in _GIVEN[bounds.lang].finditer(after):
        content = set(texts.tokens(found["what"])) - _GIVEN_WORDS
        if not (content and content <= words) and not _excused(found, after, library):
            return Objection(code="person", words=found.group().strip())
    return None


# What turns the person's words about themselves into words to them: 我带8个人, 你带8个人.
_NOT_SAID = re.compile(
    r"^\s*(?:[你您]们?的?|you(?:'re|'ve| are| have)?\b)?\s*(?:是|有|(?:a|an|the)\b)?\s*|\s*的$",
    re.I,
)


def _excused(found: re.Match[str], after: str, library: str) -> bool:
    """A condition says nothing of the person; neither does what stands in the library's own step."""
    return texts.fold(found.group()) in library or bool(_IF.search(after[: found.start()]))


def _names(after: str, bounds: _Bounds) -> Objection | None:
    strange = [*_quoted_names(after, bounds), *_latin_names(after, bounds), *_chinese_names(after, bounds)]
    return Objection(code="name", words=", ".join(dict.fromkeys(strange))) if strange else None


def _ordinary(after: str, bounds: _Bounds) -> Objection | None:
    """Every word is the step's, the person's, or an ordinary one: lists of what is forbidden would never be complete."""
    new = [w for w in _new_words(after, bounds) if _ENDINGS.sub("", w) not in bounds.known]
    return Objection(code="word", words=", ".join(new)) if new else None


def _clauses(after: str, bounds: _Bounds) -> Objection | None:
    """Every clause is one of the step's in other words and denies nothing new, since ordinary words can state things too."""
    source = texts.fold(bounds.source)
    for clause in _CLAUSE.split(after):
        content = {w for w in _content(clause, bounds.lang) if w not in _FUNCTION}
        denied = any(texts.fold(m.group()) not in source for m in _DENIED.finditer(clause.strip()))
        if denied or len(_new_words(clause, bounds)) > _NEW_IN_CLAUSE * len(content):
            return Objection(code="added", words=clause.strip())
    return None


def _new_words(text: str, bounds: _Bounds) -> list[str]:
    """Content words of a text that neither the library's step nor the person has."""
    if bounds.lang == "zh":
        source = texts.fold(bounds.source)
        return [w for w in _content(text, "zh") if w not in _FUNCTION and set(w) - _GRAMMAR and w not in source]
    held = _words(bounds.source.lower(), "en")
    return [w for w in _content(text, "en") if w not in _FUNCTION and _ENDINGS.sub("", w) not in held]


def _content(text: str, lang: Lang) -> list[str]:
    return sorted(_words(text, "zh")) if lang == "zh" else _plain_words(text.lower())


def _shared(after: str, bounds: _Bounds) -> Objection | None:
    one, other = set(texts.tokens(bounds.before)), set(texts.tokens(after))
    enough = len(one & other) >= _SHARED * max(len(one), len(other))
    return None if enough else Objection(code="other")


def _added(pattern: re.Pattern[str], code: str, after: str, bounds: _Bounds) -> Objection | None:
    """What a pattern finds in the new text and the library's does not hold."""
    library = texts.fold(bounds.before)
    found = next((m.group() for m in pattern.finditer(after) if texts.fold(m.group()) not in library), None)
    return None if found is None else Objection(code=code, words=found.strip())


@lru_cache(maxsize=4096)
def _words(text: str, lang: Lang) -> frozenset[str]:
    """Words for comparing: Chinese segmented, English without endings; numbers and English words with a capital left out."""
    if lang == "zh":
        return frozenset(t for t in texts.tokens(text) if _HAN.match(t))
    return frozenset(_ENDINGS.sub("", w) for w in _plain_words(text))


def _plain_words(text: str) -> list[str]:
    """English words written without a capital."""
    return re.findall(r"(?<![A-Za-z'])[a-z]+(?:'[a-z]+)?(?![A-Za-z'])", texts.normalise(text).replace("’", "'"))


_CHECKS = (
    *(_empty, _plain, _leaked, _language, _length),
    *(_numbers, _cases, _promises, _person, _names, _shared, _ordinary, _clauses),
)

# --- names -------------------------------------------------------------------------------------------------------------------

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")
_QUOTATION = re.compile(r"[《“「『‘\"]([^》”」』’\"]+)[》”」』’\"]")
_LATIN = re.compile(r"[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ0-9&+.'’-]*")
_SENTENCE_START = re.compile(r"(?:^|[.!?:]\s+)$")
_ENDINGS = re.compile(r"(?:'s|'re|'ve|'ll|n't|s')$|(?<=[a-z]{3})(?:ing|ed|es|er|s|d|e|y|ies|ied)$")
# Words that only hold sentences together; Chinese ones of these characters alone are none but such.
_GRAMMAR = frozenset(
    "再先就都也还只把被给让用选做写排过看谈问说跟和与及并且而但或按从到向对为在每各该其这那哪次遍处份条张个位前后里内外上下中时起来去出进完了着的地得可能要会须应"
)
_FUNCTION = frozenset(
    """
    作为 已经 如果 其余 其中 因此 所以 由于 例如 比如 可以 需要 应该 或者 并且 而且 然后 接着 最后 首先 其次 同时
    之后 之前 以后 以前 期间 以及 以便 从而 随后 另外 此外 只要 只有 无论 不论 即使 尽量 够用 足够 逐一 分别 一同
    一并 及时 根据 按照 通过 关于 至于 对于 围绕 针对
    about above across after again against all along already also although among and another any around as at away back
    because been before being below between both but by can could down during each either enough even every few first for
    from further given had has have he her here hers him his how however if in instead into is it its itself just last least
    less like many may meanwhile might more most much must near need neither next nor not of off often on once one only onto
    or other our out over own per rather same several shall she should since so some such than that the their them then
    there these they this those though through thus till to together too toward towards under unless until up upon us very
    was we were what when where whether which while who whole whom whose why will with within without would yet you your
    yours
    """.split()
)
_OPENERS = frozenset("a an the this that these those it if in on at as and but or so to for from with by then".split())
_COMPANY = re.compile(r"(公司|集团|股份|银行|大学|商学院|研究院|协会|事务所|咨询)")
_WHICH_COMPANY = frozenset(
    """
    在 和 跟 与 的 本 贵 小 大 你 你们 咱们 我们 全 整个 所在 从 由 向 让 把 按 对 给 为 用 到 这家 那家 家 各 各家 分 子 总 母
    其他 别的 同行 同类 行业 当地 上市 做 请 商业 中国 管理 于 以 或 及 等 看 问 找 是 有 该 内部 外部 每家 新 老
    """.split()
)
# Ordinary words that the segmenter's dictionary files under names.
_ORDINARY = frozenset(
    """
    毛利 敬佩 嘉宾 卓越 汇报 明白 上市 上市公司 顾问 托人 晋升 脱敏 道谢 卡住 城市 探索性
    财务部 高明 安全 方正 康健 和平 阳光 国家 全国 世界
    """.split()
)
_TITLED = re.compile(
    r"[王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文]"
    r"(?:总(?!结|监|体|数|是|会|和|量|额|部|经|裁|共|之|在)|先生|女士|老师|经理)"
)


def _quoted_names(after: str, bounds: _Bounds) -> Iterator[str]:
    source = texts.fold(bounds.source)
    return (m.group() for m in _QUOTATION.finditer(texts.clean(after)) if texts.fold(m[1]) not in source)


def _latin_names(after: str, bounds: _Bounds) -> Iterator[str]:
    """Latin words in Chinese, words with a capital in English, that nobody used; an ordinary word may open a sentence."""
    english, plain = bounds.lang == "en", texts.normalise(after)
    source = {part.lower() for word in _LATIN.findall(texts.normalise(bounds.source)) for part in _parts(word)}
    for match in _LATIN.finditer(plain):
        opens = english and bool(_SENTENCE_START.search(plain[: match.start()]))
        for part in _parts(match.group()):
            if part.lower() in source or part == "I" or (english and part == part.lower()):
                continue
            if not (opens and part == part.capitalize() and _words(part.lower(), "en") <= bounds.known | _OPENERS):
                yield part


def _parts(word: str) -> list[str]:
    """The parts of a word with hyphens, without the ending of the genitive."""
    return [re.sub(r"['’]s?$", "", p.strip(".'’")) for p in word.split("-") if p.strip(".'’")]


def _chinese_names(after: str, bounds: _Bounds) -> Iterator[str]:
    """Companies, people with a title, and what the segmenter's dictionary knows as a name."""
    source, plain = texts.fold(bounds.source), texts.simplify(texts.normalise(after))
    if not _HAN.search(plain):
        return
    yield from (m.group() for m in _TITLED.finditer(plain) if m.group() not in source)
    words = [(p.word, p.flag) for p in _tagger().cut(plain, HMM=False)]
    for number, (word, flag) in enumerate(words):
        if len(word) > 1 and flag[:2] in ("nr", "ns", "nt", "nz") and word not in _ORDINARY and texts.fold(word) not in source:
            yield word
        before = words[number - 1][0] if number else ""
        if _COMPANY.fullmatch(word) and _HAN.search(before) and before not in _WHICH_COMPANY and before not in source:
            yield f"{before}{word}"


@cache
def _tagger() -> Any:  # noqa: ANN401  untyped library
    import logging

    import jieba
    import jieba.posseg

    jieba.setLogLevel(logging.ERROR)
    return jieba.posseg.POSTokenizer(jieba.Tokenizer())
