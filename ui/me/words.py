"""What the views of the page about the person share: dates, levels, fields, the person's own words, addresses."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from coach.development.gaps import level_text
from coach.documents.words import shortened
from coach.framework.schema import Framework
from coach.messages import CATALOGUE, say
from coach.types import Lang
from ui.html import details, escape

LONG = 320
"""Characters of somebody's words that stand unfolded."""


def level_name(framework: Framework, number: int | None, lang: Lang) -> str:
    """A level by number and name; that there is not enough evidence where it is None."""
    return say("doc_level_unknown", lang) if number is None else level_text(framework, number).of(lang)


def field_name(framework: Framework, field: str, lang: Lang) -> str:
    """What a field of the profile is called; one within evidence or ratings by its pillar."""
    name, _, pillar = field.partition(".")
    if pillar:
        of = next((p.name.of(lang) for p in framework.pillars if p.id == pillar), pillar)
        return say("me_said_estimate", lang, pillar=of) if name == "self_ratings" else of
    key = f"doc_field_{name}"
    return say(key if key in CATALOGUE else "doc_field", lang)


def said(words: str, lang: Lang, words_id: str) -> str:
    """Somebody's own words, literally; long ones begin, and unfold to the whole."""
    if len(words) <= LONG:
        return f"<blockquote class='said'>{escape(words)}</blockquote>"
    whole = details(say("me_each_whole", lang), f"<blockquote class='said'>{escape(words)}</blockquote>", details_id=words_id)
    return f"<blockquote class='said'>{escape(shortened(words, LONG))}</blockquote>{whole}"


def address(tab: str = "", **query: str) -> str:
    """The address of a view of this page."""
    named: Mapping[str, str] = {name: value for name, value in {"tab": tab, **query}.items() if value}
    return f"/me?{urlencode(named)}" if named else "/me"
