"""Whether a reply's sentences stand in the passages they cite: words, numbers, levels, names. No judge, no model, no network.

`support` of a sentence is its bigram precision: |bigrams(sentence) ∩ bigrams(passages)| / |bigrams(sentence)|, of characters in
Chinese and of stemmed words in English, none across a punctuation mark. Over the human ratings of MTRAG it tells faithful
replies from others with an AUC of .912 (../shared/reference/evals.md, 2.4). Overlap measures "taken from the source", not truth:
it sees neither a negation nor swapped actors. So numbers, levels and names are looked for one by one, numbers and levels in the
very sentences of the passages that say the rest (`misplaced`). Nothing here is taken from the check inside the product, which
would find its own replies faultless.

Recall and precision of citations are ALCE's (Gao et al. 2023), with this support for its entailment model. Two departures: a mark
covers the sentences before it in its paragraph that have none, since the coach marks a run of quoted sentences once; and a number
without a passage is wrong, where ALCE leaves it out.

Measured over the claims that the product, without a model, makes in evals/datasets/answerable.jsonl (passages given with title
and source), each spoilt in one way, and over 28 paraphrases written by hand, on which the threshold was chosen, too. Share found
faulty, of how many:

                                                zh             en
    extracts as they are                     .001 (914)     .000 (668)
    a number swapped                         .931 (475)     .882 (381)
    a level swapped                          .854  (96)     .919  (62)
    a name swapped                           .965 (288)     .960 (199)
    a sentence of another article            .988 (914)     .999 (668)
    the mark on any other passage            .991 (914)     .999 (668)
    the mark on another passage shown        .957 (914)     .981 (668)
    a mark dropped (citation recall)         .723 (621)     .722 (510)
    不 or "not" put in                       .019 (746)     .000 (367)
    paraphrases by hand (all are right)      .062  (16)     .167  (12)

A dropped mark that is not found leaves its sentences to the next mark, of the same passage. A negation is not seen at all, and a
reply in words of its own loses about a tenth of its sentences: compare like with like, and never read the number as a share of
true sentences. A sentence in another language than its passages finds no support. tests/evals/test_grounding.py measures again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import zip_longest

from coach.development.numbers import numbers
from coach.library.passages import sentences
from coach.text import fold, normalise, simplify
from coach.types import Lang

THRESHOLD: dict[Lang, float] = {"zh": 0.3, "en": 0.3}
"""Support from which a sentence is taken from its passages: at .4 a quarter to a third of the right paraphrases would fall, at
.2 one sentence in twenty of another article would pass."""

_MARK = re.compile(r"\s*[\[［【〔]\s*(\d{1,3}(?:\s*[,，、;；]\s*\d{1,3})*)\s*[\]］】〕](?:\((?:https?:|#|/)[^)\s]*\))?")
_DIGITS = re.compile(r"\d+")
_STOPS = "。！？｡!?．.…”’」』）)》\"'"
_EMPHASIS = re.compile(r"\*\*|__|`")
_BULLET = re.compile(
    r"\s*(?:>\s*)*(?:[-*+•·●○■◆▪–—]\s+)?(?:\d{1,2}(?:[.．]\s*(?!\d)|[、)）]\s*)|[（(]\d{1,2}[)）]\s*|[一二三四五六七八九十]{1,3}、|[①-⑳]\s*)?"
)
_HEADING = re.compile(r"\s*(?:#{1,6}\s|(\*\*|__)(?:(?!\1).)+\1\s*[:：]?\s*$)")
# Says who judges or that nobody checked, and nothing about the world; the coach puts it behind a sentence.
_REMARK = re.compile(
    r"\s*[（(](?:(?:按|为)?本教练(?:自己)?的判断|以上为资料的说法，未经核实|未经核实"
    r"|this coach['’]s own judge?ment|claimed by the material, unverified|unverified)(?:[，,]\s*20\d\d)?[)）]",
    re.I,
)
_LEAD_IN = re.compile(
    r"(?:另外|此外|also|in addition|moreover)[：:，,]\s*|你的文档《[^》]+》里写的是：|your document “[^”]+” says:\s*", re.I
)
_ASKS = re.compile(r"[?？][”’」』）)\"'\s]*$")
_GREETS = re.compile(
    r"(?:你好|您好|嗨|谢谢|不客气|好的|当然|没问题|加油|祝|希望.{0,8}帮|再见"
    r"|(?:hi|hello|hey|thanks?|thank you|you(?: are|'re) welcome|sure"
    r"|of course|certainly|great question|good luck|(?:i )?hope (?:this|that|it) helps|good ?bye)(?![a-z]))",
    re.I,
)
# What the coach says of itself when it has nothing; with a citation it is a statement about the material.
_SILENT = re.compile(
    r"(?:(?:抱歉|对不起|很遗憾)[，,]?)?(?:(?:我的|目前|现有)?(?:资料库?|文档|来源)(?:里|中)?(?:都|也|还)?(?:没有|没写|未|查不到|找不到|不包含)"
    r"|我(?:没|无法|不))"
    r"|(?:(?:sorry|unfortunately|i am afraid|i'm afraid)[,:]? )?"
    r"(?:i|my (?:library|sources)|the (?:library|material|sources?|documents?|passages?)) "
    r"(?:cannot|can't|could not|couldn't|do not|don't|does not|doesn't|holds? no|has no|have no|lists? no|says? nothing)\b",
    re.I,
)
_UNIT = re.compile(
    r"[a-z]+(?:['’][a-z]+)*|\d+(?:[.,]\d+)*|[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]|[，,。.;；:：!?！？、()（）“”\"「」『』《》]"
)
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]+(?:[-'’.&/][A-Za-z0-9]+)*")
_OPENS = re.compile(r"(?:^|[.:;!?。：；！？“\"(（「])\s*$")
_QUOTED = re.compile(r"“([^”]+)”|「([^」]+)」|『([^』]+)』|《([^》]+)》|‘([^’]+)’|\"([^\"]+)\"")
_LEVELS = {
    "first": re.compile(r"初级|\bfoundation(?:al)?\b(?! (?:for|of)\b)", re.I),
    "second": re.compile(r"高级|\badvanced\b", re.I),
    "third": re.compile(r"终极|\bultimate\b", re.I),
}
_LEVEL = re.compile("|".join(f"(?P<{level}>{pattern.pattern})" for level, pattern in _LEVELS.items()), re.I)
_LEVEL_ENDS = re.compile(r"[ -]?(?:levels?|级)?[；;。.!！?？]")
_FEWEST: dict[Lang, int] = {"zh": 4, "en": 3}  # characters or words of a claim
_SHORT: dict[Lang, int] = {"zh": 10, "en": 6}  # of a greeting; of a lead-in twice, of a heading four times as many
_CLAUSE = re.compile(r"[，；：;:]|, ")
_GAIN = 0.12  # of its bigrams: what a further sentence of the passages must add to be one that says the same
_LEVEL_SHARE, _LEVEL_LEAD = 0.3, 0.6  # of what is said of a level: held by another level; held by its own, beside that


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """One sentence of an answer, and what stands for it.

    `cites` are the numbers behind it; `carried`: it has none of its own, they are those of the next mark of its paragraph.
    `missing` stand in it and in none of the passages; `misplaced` in the passages, but where they say something else.
    `wrong` are those of its own citations that do not count.
    """

    text: str
    cites: tuple[int, ...] = ()
    carried: bool = False
    claims: bool = True
    support: float = 0.0
    missing: tuple[str, ...] = ()
    misplaced: tuple[str, ...] = ()
    supported: bool = False
    wrong: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Grounding:
    """All sentences of an answer. Every share is None where no sentence claims anything: an empty answer passes nothing."""

    lang: Lang = "zh"
    sentences: tuple[Sentence, ...] = ()

    @property
    def claims(self) -> tuple[Sentence, ...]:
        """The sentences that claim something."""
        return tuple(s for s in self.sentences if s.claims)

    @property
    def grounded(self) -> float | None:
        """Supported claims / claims; one without a citation is looked for in all passages shown."""
        return _share(s.supported for s in self.claims)

    @property
    def citation_recall(self) -> float | None:
        """Claims that the passages they cite support together / claims (ALCE)."""
        return _share(bool(s.cites) and s.supported for s in self.claims)

    @property
    def citation_precision(self) -> float | None:
        """Citations that count / citations (ALCE); 0 where something is claimed and nothing cited.

        One counts when its sentence is supported, and it supports it alone or the others do not without it.
        """
        if not self.claims:
            return None
        return (
            _share(n not in s.wrong for s in self.sentences if not s.carried for n in s.cites if s.claims or n in s.wrong) or 0.0
        )

    def problems(self) -> list[str]:
        """What is wrong, in signs before the sentence.

        `[9] = ∅` no such passage, `[ ]` no citation, `[1] ∌ 70%` missing, `[1] ≠ 70%` misplaced, `[1] 0.12 < 0.3` too little
        support, `[2] –` a citation that adds nothing.
        """
        return [f"{sign} | {s.text}" for s in self.sentences for sign in _signs(s, THRESHOLD[self.lang])]


def grounding(answer: str, lang: Lang, cited: Mapping[int, str], shown: Sequence[str]) -> Grounding:
    """Scores every sentence of an answer.

    Args:
        answer: the words of the reply, with its marks in any form: [1], ［１］, 【1】, [1, 2], before or after the full stop.
        lang: the language of the reply.
        cited: the passage behind each mark's number. Titles and sources that the coach names must stand in it, too: give
            title, source and text, a line each.
        shown: all passages of the reply, for sentences without a mark.
    """
    return Grounding(lang=lang, sentences=tuple(_scored(s, lang, cited, shown) for s in split(answer, lang)))


def split(answer: str, lang: Lang) -> list[Sentence]:
    """The sentences of an answer with their marks, not scored yet."""
    lines: list[tuple[bool, list[Sentence]]] = []
    for line in answer.splitlines():
        made, loose = _of_line(line)
        if made:
            lines.append((bool(_HEADING.match(_MARK.sub("", line))), made))
        elif loose and lines:
            last = lines[-1][1].pop()
            lines[-1][1].append(replace(last, cites=_once((*last.cites, *loose))))
    return [s for heading, made in lines for s in _carried(made, lang, heading=heading)]


def _share(held: Iterable[bool]) -> float | None:
    values = list(held)
    return sum(values) / len(values) if values else None


def _signs(s: Sentence, threshold: float) -> Iterator[str]:
    where = "".join(f"[{n}]" for n in s.cites) or "[ ]"
    yield from (f"[{n}] = ∅" for n in s.wrong if not s.claims)
    if not s.claims:
        return
    if not s.cites:
        yield where
    if s.missing:
        yield f"{where} ∌ {', '.join(s.missing)}"
    if s.misplaced:
        yield f"{where} ≠ {', '.join(s.misplaced)}"
    if s.support < threshold:
        yield f"{where} {s.support:.2f} < {threshold:g}"
    elif s.supported:
        yield from (f"[{n}] –" for n in s.wrong)


def _once(values: Iterable[int]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(values))


# --- the sentences of an answer ---------------------------------------------------------------------------------------


def _of_line(line: str) -> tuple[list[Sentence], list[int]]:
    """The sentences of a line with their own marks, and the marks of a line without words."""
    plain, marks = _unmarked(_EMPHASIS.sub("", _REMARK.sub("", line)))
    spans = [(start, text) for start, _, text in sentences(plain)]
    if not spans:
        return [], [n for _, some in marks for n in some]
    cites: list[list[int]] = [[] for _ in spans]
    for at, some in marks:
        cites[max((i for i, (start, _) in enumerate(spans) if start < at), default=0)].extend(some)
    made: list[Sentence] = []
    for (_, text), some in zip(spans, cites, strict=True):
        if made and text[0] in "(（" and text.rstrip("。.")[-1:] in ")）":  # a remark that belongs to the sentence before it
            made[-1] = replace(made[-1], text=f"{made[-1].text} {text}", cites=_once((*made[-1].cites, *some)))
        else:
            made.append(Sentence(text=text, cites=_once(some)))
    return made, []


def _unmarked(line: str) -> tuple[str, list[tuple[int, list[int]]]]:
    """The line without bullet and marks, and the place in it and the numbers of each mark."""
    plain = ""
    marks: list[tuple[int, list[int]]] = []
    bullet = _BULLET.match(line)
    at = bullet.end() if bullet else 0
    for match in _MARK.finditer(line, at):
        plain += line[at : match.start()]
        marks.append((len(plain), [int(n) for n in _DIGITS.findall(match[1])]))
        if plain[-1:] in _STOPS:
            plain += " "  # "goals.[1]Then" are two sentences
        at = match.end()
    return plain + line[at:], marks


def _carried(made: Sequence[Sentence], lang: Lang, *, heading: bool) -> list[Sentence]:
    """Sentences without a mark get those of the next one of the line; then it is told which claim something."""
    found: list[Sentence] = []
    cites: tuple[int, ...] = ()
    for s in reversed(made):
        cites = s.cites or cites
        text = _LEAD_IN.sub("", s.text, count=1) if _LEAD_IN.match(s.text) else s.text
        claims = _claims(text, bool(s.cites), bool(cites), lang) and not (heading and _is_heading(text, lang))
        found.append(replace(s, text=text, cites=cites, carried=not s.cites and bool(cites), claims=claims))
    return found[::-1]


def _is_heading(text: str, lang: Lang) -> bool:
    return len(_units(text)) <= 4 * _SHORT[lang] and text[-1:] not in "。.！!"


def _claims(text: str, marked: bool, cited: bool, lang: Lang) -> bool:
    """Whether a sentence claims something; in doubt it does. A number or a level is always a claim, but in a question."""
    if _ASKS.search(text):
        return marked
    if numbers(text) or _LEVEL.search(simplify(text)):
        return cited or not _SILENT.match(text)
    size = len(_units(text))
    if size < _FEWEST[lang] or (text[-1:] in ":：" and size <= 2 * _SHORT[lang]):
        return False
    return cited or not (_SILENT.match(text) or (_GREETS.match(text) and size <= _SHORT[lang]))


# --- what stands for a sentence ---------------------------------------------------------------------------------------


def _scored(s: Sentence, lang: Lang, cited: Mapping[int, str], shown: Sequence[str]) -> Sentence:
    unknown = tuple(n for n in s.cites if n not in cited)
    if not s.claims:
        return replace(s, wrong=unknown)
    texts = [cited[n] for n in s.cites if n in cited] if s.cites else list(shown)
    share, missing = support(s.text, texts), _missing(s.text, texts, lang)
    misplaced = tuple(item for item in _misplaced(s.text, texts) if item not in missing)
    supported = share >= THRESHOLD[lang] and not missing and not misplaced
    wrong = s.cites if not supported else (*unknown, *_needless(s, lang, cited))
    return replace(
        s,
        support=share,
        missing=missing,
        misplaced=misplaced,
        supported=supported,
        wrong=() if s.carried else wrong,
    )


def _needless(s: Sentence, lang: Lang, cited: Mapping[int, str]) -> Iterator[int]:
    """The citations of a supported sentence that do not support it, where the others do without them."""
    known = [n for n in s.cites if n in cited]
    for n in known:
        others = [cited[other] for other in known if other != n]
        if others and not _holds(s.text, [cited[n]], lang) and _holds(s.text, others, lang):
            yield n


def _holds(sentence: str, texts: Sequence[str], lang: Lang) -> bool:
    enough = support(sentence, texts) >= THRESHOLD[lang]
    return enough and not _missing(sentence, texts, lang) and not _misplaced(sentence, texts)


def support(sentence: str, texts: Sequence[str]) -> float:
    """Bigram precision: the share of the sentence's bigrams that stand in the texts; 0 of nothing."""
    said = _bigrams(sentence)
    held = frozenset[tuple[str, ...]]().union(*(_bigrams(text) for text in texts))
    return len(said & held) / len(said) if said else 0.0


def _missing(sentence: str, texts: Sequence[str], lang: Lang) -> tuple[str, ...]:
    """Numbers, levels, names and quotations that stand in the sentence and in none of the texts."""
    whole = "\n".join(texts)
    lost = sorted(numbers(sentence) - _numbers(whole))
    levels = {match.lastgroup for match in _LEVEL.finditer(simplify(whole))}
    lost += [match[0] for match in _LEVEL.finditer(simplify(sentence)) if match.lastgroup not in levels]
    words = _words(whole)
    lost += [name for name in _names(sentence, lang) if not {w.lower() for w in _WORD.findall(_singular(name))} <= words]
    bare = _bare(whole)
    for match in _QUOTED.finditer(sentence):
        quoted = next(group for group in match.groups() if group)
        if _bare(quoted) not in bare:
            lost.append(quoted)
    return tuple(dict.fromkeys(lost))


def _misplaced(sentence: str, texts: Sequence[str]) -> tuple[str, ...]:
    """Numbers and levels missing in the sentences of the texts that say the rest, and levels of which that is not told.

    For a number, the rest of its clause is enough: a sentence may join two of its passage.
    """
    saying = _saying(sentence, texts)
    near = [part for clause in _CLAUSE.split(sentence) if numbers(clause) for part in _saying(clause, texts)]
    lost = sorted(numbers(sentence) - {n for text in (*saying, *near) for n in _numbers(text)})
    levels = {match.lastgroup for text in saying for match in _LEVEL.finditer(simplify(text))}
    lost += [match[0] for match in _LEVEL.finditer(simplify(sentence)) if match.lastgroup not in levels]
    said = [found for text in texts for part in _parts(text) for found in _of_levels(part)]
    for level, name, told in _of_levels(sentence):
        own = max((len(told & other) for of, _, other in said if of == level), default=0)
        best = max((len(told & other) for of, _, other in said if of != level), default=0)
        if len(told) > 1 and best >= _LEVEL_SHARE * len(told) and own < _LEVEL_LEAD * best:
            lost.append(name)
    return tuple(dict.fromkeys(lost))


def _saying(sentence: str, texts: Sequence[str]) -> list[str]:
    """The sentences of the texts that together say what the sentence says, the best first: each adds enough of its bigrams."""
    left = set(_bigrams(sentence))
    least = max(2, _GAIN * len(left))
    parts = [part for text in texts for part in _parts(text)]
    chosen: list[str] = []
    while left and parts:
        best = max(parts, key=lambda part: len(left & _bigrams(part)))
        added = left & _bigrams(best)
        if not added or (chosen and len(added) < least):
            break
        chosen.append(best)
        left -= added
    return chosen


def _of_levels(text: str) -> Iterator[tuple[str, str, frozenset[tuple[str, ...]]]]:
    """Every level a text names, its word, and the bigrams of what is told of it: up to the next one, or before it at an end."""
    plain = simplify(text)
    found = list(_LEVEL.finditer(plain))
    for match, following in zip_longest(found, found[1:]):
        told = plain[match.end() : following.start() if following else len(plain)]
        if _LEVEL_ENDS.match(told):
            told = _LEVEL_ENDS.split(plain[: match.start()])[-1]
        yield str(match.lastgroup), match[0], _bigrams(told)


@lru_cache(maxsize=8192)
def _parts(text: str) -> tuple[str, ...]:
    return tuple(part for _, _, part in sentences(text)) or (text,)


@lru_cache(maxsize=8192)
def _numbers(text: str) -> frozenset[str]:
    return frozenset(numbers(text))


@lru_cache(maxsize=8192)
def _words(text: str) -> frozenset[str]:
    words = _WORD.findall(normalise(text))
    return frozenset(w.lower() for w in words) | frozenset(_singular(w).lower() for w in words)


@lru_cache(maxsize=8192)
def _bare(text: str) -> str:
    return re.sub(r"\W", "", fold(text))


def _singular(name: str) -> str:
    """CMOs are one CMO, and so is the CMO's."""
    return re.sub(r"['’]s$|s$", "", name) if len(name) > 3 else name


def _names(text: str, lang: Lang) -> Iterator[str]:
    """Words with a capital letter; in English not one that merely opens a sentence, nor I'm and I've."""
    plain = normalise(text)
    for match in _NAME.finditer(plain):
        capitals = sum(letter.isupper() for letter in match[0])
        opens = lang == "en" and capitals == 1 and match[0][0].isupper() and _OPENS.search(plain[: match.start()])
        if capitals and not opens and match[0][:2] not in ("I'", "I’"):
            yield match[0]


def _units(text: str) -> list[str]:
    return [unit for unit in _UNIT.findall(simplify(normalise(text)).lower()) if unit[0].isalnum()]


@lru_cache(maxsize=16384)
def _bigrams(text: str) -> frozenset[tuple[str, ...]]:
    """Pairs of neighbouring characters or word stems; the single ones of a text without a pair."""
    runs: list[list[str]] = [[]]
    for unit in _UNIT.findall(simplify(normalise(text)).lower()):
        if unit[0].isalnum():
            runs[-1].append(_stem(unit))
        elif runs[-1]:
            runs.append([])
    pairs = frozenset(pair for run in runs for pair in zip(run, run[1:], strict=False))
    return pairs or frozenset((unit,) for run in runs for unit in run)


def _stem(word: str) -> str:
    """Rough, and the same for both sides: budgets, budgeting and budgeted are one word."""
    word = word.replace("’", "'").removesuffix("'s")
    for ending, instead in (("ies", "y"), ("ing", ""), ("ed", ""), ("es", ""), ("s", ""), ("e", "")):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            return word.removesuffix(ending) + instead
    return word
