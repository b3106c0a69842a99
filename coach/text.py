"""Text as the product sees it: normal forms, language, words. Knows nothing of passages, models or replies."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Any

from coach.types import Lang

_CJK = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad\U000e0000-\U000e007f]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_TOKEN = re.compile(r"[a-z0-9][a-z0-9+&'./-]*[a-z0-9+]|[a-z0-9]|[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
_SPACE = re.compile(r"\s+")

# Words that say nothing about the topic; kept short on purpose, BM25 weighs the rest.
_STOP = frozenset(
    """
    的 了 是 我 你 他 她 它 们 我们 你们 他们 在 有 和 与 及 或 也 都 就 还 又 很 把 被 给 让 跟 对 到 从 去 来
    要 会 能 可以 吗 呢 吧 啊 呀 嘛 么 什么 怎么 怎样 如何 为什么 哪 哪些 哪个 多少 几 个 这 那 这个 那个 一 一个 不
    没 没有 请 请问 一下 到底 咋 啥 a an the is are was were be been am i me my we our
    you your he she it they them this that these those of to in on at by
    for with from as and or but if so do does did how what which who when
    where why can could should would will not no please tell about there
    have has had just like get got some any
    """.split()
)


def clean(text: str) -> str:
    """Removes what no reader can see (control, bidi and zero-width characters, lone surrogates); keeps line breaks."""
    return _INVISIBLE.sub("", _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))


def normalise(text: str) -> str:
    """NFKC, so that full-width letters, digits and signs equal their half-width forms; white space folded."""
    return _SPACE.sub(" ", unicodedata.normalize("NFKC", clean(text))).strip()


def fold(text: str) -> str:
    """Form for comparing: normalised, simplified, lower case, without white space."""
    return _SPACE.sub("", simplify(normalise(text)).lower())


@cache
def _converter() -> Any:  # noqa: ANN401  untyped library
    import opencc

    return opencc.OpenCC("t2s")


def simplify(text: str) -> str:
    """Traditional to simplified characters; for search only, never for display."""
    return str(_converter().convert(text)) if _CJK.search(text) else text


def language(text: str, default: Lang = "zh") -> Lang:
    """The language the text is written in.

    A Chinese sentence stays Chinese with English terms in it: one character counts as much as a word. Text without
    letters (digits, emoji) gives `default`.
    """
    characters, words = len(_CJK.findall(text)), len(_LATIN_WORD.findall(text))
    if not characters and not words:
        return default
    return "zh" if characters >= max(2, words * 0.8) or (characters and not words) else "en"


@cache
def _segmenter() -> Any:  # noqa: ANN401  untyped library
    import logging

    import jieba

    jieba.setLogLevel(logging.ERROR)
    tokenizer = jieba.Tokenizer()
    tokenizer.initialize()
    return tokenizer


def add_words(words: list[str]) -> None:
    """Teaches the segmenter terms that must not be cut apart."""
    for word in words:
        _segmenter().add_word(word)


def tokens(text: str) -> list[str]:
    """Words for lexical search: lower case, Chinese segmented (long words also by their parts), stop words dropped."""
    found: list[str] = []
    for run in _TOKEN.findall(simplify(normalise(text)).lower()):
        if _CJK.match(run):
            found.extend(_segmenter().cut_for_search(run))
        else:
            found.append(run)
    return [t for t in found if t not in _STOP]


def clip(text: str, limit: int) -> str:
    """The text within `limit` characters: its beginning and end, where people put the point and the question."""
    if len(text) <= limit:
        return text
    head = limit // 2
    return f"{text[:head]} … {text[-(limit - head) :]}"
