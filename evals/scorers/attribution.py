"""Whether what nobody has verified is said to be somebody's claim."""

from __future__ import annotations

from dataclasses import dataclass

from coach.claims import Claims, is_attributed
from coach.library.passages import sentences
from coach.types import Lang
from evals.scorers.terms import without_marks


@dataclass(frozen=True, kw_only=True)
class Attribution:
    """`stated` sentences hold an unverified claim; `bare` are those of them that do not say whose claim it is."""

    stated: tuple[str, ...] = ()
    bare: tuple[str, ...] = ()

    @property
    def held(self) -> bool | None:
        """None when no claim was stated: nothing was shown, so nothing is passed."""
        return not self.bare if self.stated else None


def attribution(text: str, lang: Lang, claims: Claims) -> Attribution:
    """A claim is attributed by its own sentence, or by a remark in brackets further on in its paragraph."""
    stated: list[str] = []
    bare: list[str] = []
    for paragraph in without_marks(text).split("\n"):
        found = [s.strip() for _, _, s in sentences(paragraph)]
        for at, sentence in enumerate(found):
            if not claims.stated_in(sentence, lang):
                continue
            stated.append(sentence)
            remarked = any(s.startswith(("(", "（")) and is_attributed(s, lang) for s in found[at + 1 :])
            if claims.unattributed_in(sentence, lang) and not remarked:
                bare.append(sentence)
    return Attribution(stated=tuple(stated), bare=tuple(bare))
