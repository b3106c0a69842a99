"""Numbers in a text, however they are written: digits, Chinese numerals, English words. Owns the one reading of numbers."""

from __future__ import annotations

import re
from collections.abc import Callable

from coach import text as texts

_HAN_DIGITS = dict(zip("零〇一二两三四五六七八九", (0, 0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
_HAN_UNITS = {"十": 10, "百": 100, "千": 1000}
_HAN_LARGE = {"万": 10_000, "亿": 100_000_000}
_HAN_OTHER = str.maketrans(
    dict(zip("壹贰叁肆伍陆柒捌玖拾佰仟俩仨廿卅", (*"一二三四五六七八九十百千二三", "二十", "三十"), strict=True))
)
# Two numerals side by side are two numbers, about one of which is meant (两三件); with a third they are a year or a code.
_HAN_ABOUT = re.compile(
    r"(?<![零〇一二两三四五六七八九十百千万亿])([一二两三四五六七八])([二三四五六七八九])(?![零〇一二两三四五六七八九十百千万亿])"
)
_HAN_NUMBER = r"[零〇一二两三四五六七八九十百千万亿]+"
# Words with a numeral in them that count nothing.
_HAN_WORDS = re.compile(
    r"万一|千万(?=别|不|要|记)|十分(?!钟)|十足|万能|百忙|三思|四处|零售|零食|零件|零散|百货|唯一|统一|一致|一[起样下旦直般切定律并齐些同边面时]"
    r"|不一|逐一|之一|进一步|一步步|千篇|一目了然|一成不变|五花八门|百分之?百(?=[地能会升晋])|百科|二手|两者|双方"
)
_ENGLISH = {
    **{w: n for n, w in enumerate("zero one two three four five six seven eight nine ten eleven twelve thirteen".split())},
    **{w: n for n, w in enumerate("fourteen fifteen sixteen seventeen eighteen nineteen".split(), 14)},
    **{w: 10 * n for n, w in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)},
    **{w: n for n, w in enumerate("second third fourth fifth sixth seventh eighth ninth tenth".split(), 2)},
    **{"dozen": 12, "dozens": 12, "half": 0.5, "halve": 0.5},
}
_ENGLISH_LARGE = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9}
_DOUBLED = re.compile(r"翻倍|翻一?番|[加双]倍|\b(?:doubl(?:e[ds]?|ing)|twice|twofold)\b")
_TREBLED = re.compile(r"\b(?:tripl(?:e[ds]?|ing)|threefold)\b")
_DIGITS = re.compile(r"(\d+(?:[.,]\d+)*)\s*(万|亿|k\b|million\b|billion\b|thousand\b|m\b)?", re.I)
_FACTORS = {"万": 1e4, "亿": 1e8, "k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6, "billion": 1e9}
_SHARE = re.compile(r"\s*(?:%|percent|per cent|个百分点|百分点|percentage points?)", re.I)
_TIMES = re.compile(r"\s*(?:倍|x\b|-?fold\b|times\b)", re.I)


def numbers(text: str) -> set[str]:
    """Numbers in a comparable form, however they are written: 30%, 三成, 百分之三十 and "thirty per cent" are all `30%`.

    One is no number (一页, "one page"), unless it is a share or a multiple.
    """
    plain = texts.simplify(texts.normalise(text)).lower().translate(_HAN_OTHER)
    plain = _HAN_ABOUT.sub(r"\1 \2", plain)
    plain = _HAN_WORDS.sub(" ", _TREBLED.sub("3x", _DOUBLED.sub("2x", plain)))
    found: list[tuple[float, str]] = []
    for pattern, read in _WRITINGS:
        for match in pattern.finditer(plain):
            value, kind = read(match), _kind(plain, match)
            found.append((value * 10, "%") if kind == "成" else (value, kind))
        plain = pattern.sub(lambda m: " " * len(m.group()), plain)
    return {f"{value:.12g}{kind}" for value, kind in found if (value, kind) != (1, "")}


def _kind(text: str, match: re.Match[str]) -> str:
    """What a number counts: `%`, `x` for a multiple, 成 for tenths, or empty."""
    if match.group().startswith("百分之") or _SHARE.match(text, match.end()):
        return "%"
    if re.compile(r"成(?![员为功本就果交立长熟])").match(text, match.end()):
        return "成"
    return "x" if _TIMES.match(text, match.end()) else ""


def _read_digits(match: re.Match[str]) -> float:
    digits = match[1].replace(",", "")
    try:
        return float(digits) * _FACTORS.get((match[2] or "").lower(), 1)
    except ValueError:  # 1.2.3: a date or a version; its digits stand for it
        return float(digits.replace(".", ""))


def _read_han(match: re.Match[str]) -> float:
    """The value of a numeral; digits one after the other (二〇二六) count as written."""
    run = match[1]
    if not set(run) & {*_HAN_UNITS, *_HAN_LARGE}:
        return float("".join(str(_HAN_DIGITS[c]) for c in run))
    total = section = digit = 0
    for character in run:
        if character in _HAN_DIGITS:
            digit = _HAN_DIGITS[character]
        elif character in _HAN_UNITS:
            section, digit = section + (digit or 1) * _HAN_UNITS[character], 0
        else:
            total, section, digit = total + (section + digit or 1) * _HAN_LARGE[character], 0, 0
    return float(total + section + digit)


def _read_english(match: re.Match[str]) -> float:
    total = current = 0.0
    for word in re.findall(r"[a-z]+", match.group()):
        if word in _ENGLISH:
            current += _ENGLISH[word]
        elif large := _ENGLISH_LARGE.get(word.rstrip("s")):
            current = (current or 1) * large
            if large > 100:
                total, current = total + current, 0.0
    return total + current


_WORD_NUMBER = rf"(?:{'|'.join(sorted({*_ENGLISH, *(w + 's?' for w in _ENGLISH_LARGE)}, key=len, reverse=True))})"
_WRITINGS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], float]], ...] = (
    (re.compile(r"半(?!途|路|点)"), lambda _: 0.5),
    (_DIGITS, _read_digits),
    (re.compile(rf"(?:百分之)?({_HAN_NUMBER})"), _read_han),
    (re.compile(rf"\b{_WORD_NUMBER}(?:(?:\s+|-|\s+and\s+){_WORD_NUMBER})*\b"), _read_english),
)
