"""Where a line of a plan comes from: an article of the library, and the sentence of it that says the most about the line."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from coach import text as texts
from coach.development.schema import Source
from coach.framework.files import Text
from coach.library.passages import sentences
from coach.types import Lang, Passage

_LANGS: tuple[Lang, Lang] = ("zh", "en")


class Sources:
    """The built-in articles as sources. `passage` finds one by its id, `<article>.<language>`."""

    def __init__(self, passage: Callable[[str], Passage | None]) -> None:
        self._passage = passage

    def source(self, article: str, about: Text) -> Source:
        """The article as the source of a line that says `about`. Raises KeyError for an article the library does not have."""
        zh, en = (self._passage(f"{article}.{lang}") for lang in _LANGS)
        if zh is None or en is None:
            raise KeyError(article)
        return Source(
            article=article,
            title=Text(zh=zh.title, en=en.title),
            label=Text(zh=zh.source, en=en.source),
            quote=Text(zh=_nearest(zh.text, about.zh), en=_nearest(en.text, about.en)),
        )

    def holds(self, source: Source) -> bool:
        """Whether the article exists and its quote stands in it, in both languages."""
        found = [self._passage(f"{source.article}.{lang}") for lang in _LANGS]
        return all(p is not None and source.quote.of(lang) in p.text for p, lang in zip(found, _LANGS, strict=True))


def _nearest(body: str, about: str) -> str:
    """The sentence that shares the most words with the line, the first of equals; long sentences have no advantage."""
    wanted = set(texts.tokens(about))
    spoken = [s.strip() for _, _, s in sentences(body)]
    return max(spoken, key=lambda s: _shared(wanted, set(texts.tokens(s))))


def _shared(wanted: set[str], held: set[str]) -> float:
    return len(wanted & held) / (8 + len(held))


def words_in_common(one: str, others: Sequence[str]) -> int:
    """How many different words a text shares with any of the others."""
    said = set(texts.tokens(texts.simplify(" ".join(others))))
    return len(said & set(texts.tokens(one)))
