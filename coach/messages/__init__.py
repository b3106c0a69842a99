"""Every sentence the product itself says to a reader, in both languages, in one place, so that its tone can be reviewed.

One catalogue, a file for each part of the product. Articles and prompts are not here: they are files of their own.
`{name}` marks are filled by `say`.
"""

from __future__ import annotations

from collections.abc import Sequence

from coach.framework.files import Text
from coach.messages import (
    accounts,
    attachments,
    channels,
    chat,
    desk,
    development,
    documents,
    feishu,
    library,
    personal,
    plans,
    slack,
    slack_app,
    slack_setup,
    slack_views,
    talks,
    web,
    web_library,
    web_me,
    web_plan,
)
from coach.types import Lang

CATALOGUE: dict[str, dict[Lang, str]] = {
    **accounts.SENTENCES,
    **attachments.SENTENCES,
    **channels.SENTENCES,
    **chat.SENTENCES,
    **desk.SENTENCES,
    **development.SENTENCES,
    **documents.SENTENCES,
    **feishu.SENTENCES,
    **library.SENTENCES,
    **personal.SENTENCES,
    **plans.SENTENCES,
    **slack.SENTENCES,
    **slack_setup.SENTENCES,
    **slack_app.SENTENCES,
    **slack_views.SENTENCES,
    **talks.SENTENCES,
    **web.SENTENCES,
    **web_library.SENTENCES,
    **web_me.SENTENCES,
    **web_plan.SENTENCES,
}


def say(key: str, lang: Lang, **values: object) -> str:
    """The sentence in the reader's language. Raises KeyError for an unknown key or a missing value."""
    return CATALOGUE[key][lang].format(**values)


def both(key: str, **values: Text | object) -> Text:
    """The sentence in both languages; a value that is a Text is filled in in the language of the sentence."""
    return Text(zh=_filled(key, "zh", values), en=_filled(key, "en", values))


def joined(parts: Sequence[Text]) -> Text:
    """Sentences one after the other, in each language as it is written there."""
    return Text(zh="".join(p.zh for p in parts), en=" ".join(p.en for p in parts))


def _filled(key: str, lang: Lang, values: dict[str, Text | object]) -> str:
    return say(key, lang, **{name: v.of(lang) if isinstance(v, Text) else v for name, v in values.items()})


__all__ = ["CATALOGUE", "both", "joined", "say"]
