"""A reply as Feishu's interactive cards (JSON 2.0), in plain dicts.

Pure functions. A card's Markdown is CommonMark, in which `**重点：**后面` is not bold: a mark at punctuation needs a space on its
other side, and Chinese has none. So punctuation and spaces at either end of bold words are put outside the marks.
Whatever a person, a model or a document wrote is escaped as Feishu documents it (HTML entities), or stands in plain text.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from coach.channels.markdown import Block, Heading, Item, Items, Quote, Span, Tree, parse, parts, plain
from coach.documents.words import shortened
from coach.messages import say
from coach.text import clean
from coach.types import Citation, Lang, Reply

Card = dict[str, Any]

MAX_BYTES = 28_000
"""Of a card as it is sent; Feishu takes 30 KB."""
_PART = 3000  # characters of the answer in one element: five bytes each at worst
_ELEMENTS = 60  # of one card; Feishu takes 200 and counts what is inside them
_ASKED, _QUOTE, _NAME, _NEXT, _SUMMARY = 300, 2000, 120, 3, 100
_QUOTES = 3  # in one panel, which has to fit on a card whole

VERDICTS = {"up": "👍", "down": "👎"}
ACTION = "coach_feedback"
"""The key under which a button carries `verdict|exchange`."""


# --- cards -------------------------------------------------------------------------------------------------------------


def working(lang: Lang) -> Card:
    """What is shown until the answer is there."""
    return _card([_small(say("feishu_working", lang))], say("feishu_working", lang))


def note(text: str, *, asked: str = "") -> Card:
    """A short sentence; `asked` repeats the question where it cannot be seen."""
    said = clean(text).strip()[:_PART]
    return _card([*_restated(asked), _markdown(escaped(said))], said)


def answer(reply: Reply, lang: Lang, *, exchange: str, asked: str = "") -> list[Card]:
    """A reply as one card or several, in order: what it says, what it cites with the exact words, what to ask next."""
    trees = parts(parse(reply.answer), _PART) or parts(parse(reply.notice.strip() or say("feishu_nothing", lang)), _PART)
    elements = _restated(asked)
    if reply.notice and reply.answer.strip():
        elements.append(_small(reply.notice))
    elements += [_markdown(markdown(tree)) for tree in trees]
    elements += _sources(reply.citations, lang)
    if reply.status != "crisis":
        elements += _suggested(reply.suggestions, lang)
        elements.append(_feedback(exchange, lang))
    summary = plain(trees[0])
    return [_card(held, summary) for held in _packed(elements, summary)]


def verdict_of(value: object) -> tuple[str, str] | None:
    """(verdict, id of the exchange) that a pressed button carries; None for what no button of ours carries."""
    carried = value.get(ACTION) if isinstance(value, dict) else None
    verdict, _, exchange = carried.partition("|") if isinstance(carried, str) else ("", "", "")
    return (verdict, exchange) if verdict in VERDICTS and exchange else None


def size(card: Card) -> int:
    """Bytes of a card within the body of a request, where it is a string of JSON."""
    return len(json.dumps(json.dumps(card, ensure_ascii=False), ensure_ascii=False).encode("utf-8", "replace"))


def _card(elements: Sequence[Card], summary: str) -> Card:
    shown = shortened(clean(summary), _SUMMARY)
    return {
        "schema": "2.0",
        "config": {"update_multi": True, "summary": {"content": shown}},
        "body": {"elements": list(elements)},
    }


def _packed(elements: Iterable[Card], summary: str) -> Iterator[list[Card]]:
    """The elements on as few cards as hold them."""
    held: list[Card] = []
    for element in elements:
        if held and (len(held) >= _ELEMENTS or size(_card([*held, element], summary)) > MAX_BYTES):
            yield held
            held = []
        held.append(element)
    yield held


def _sources(citations: Sequence[Citation], lang: Lang) -> list[Card]:
    """For each cited passage its numbers, title, source and tier; opened, it shows the quotes, letter by letter."""
    passages: dict[str, list[Citation]] = {}
    for citation in sorted({c.n: c for c in reversed(citations)}.values(), key=lambda c: c.n):
        passages.setdefault(citation.passage_id, []).append(citation)
    found: list[Card] = [{"tag": "hr"}] if passages else []
    for own in passages.values():
        label, source = say(f"web_tier_{own[0].tier}", lang), shortened(clean(own[0].source), _NAME)
        about = [shortened(clean(own[0].title), _NAME), source, "" if source.startswith(label) else label]
        marks = "".join(f"[{c.n}]" for c in own)
        title = f"{marks} {' · '.join(dict.fromkeys(filter(None, about)))}"
        quotes = [_small(_clipped(clean(quote))) for quote in dict.fromkeys(c.quote for c in own)]
        found += [_panel(title, quotes[n : n + _QUOTES]) for n in range(0, len(quotes), _QUOTES)]
    return found


def _panel(title: str, inside: list[Card]) -> Card:
    """What opens when it is pressed."""
    arrow = {"tag": "standard_icon", "token": "down-small-ccm_outlined", "size": "16px 16px"}
    header = {"title": {"tag": "plain_text", "content": title}, "icon": arrow}
    return {"tag": "collapsible_panel", "expanded": False, "header": header, "elements": inside}


def _clipped(quote: str) -> str:
    return f"“{quote}”" if len(quote) <= _QUOTE else f"“{quote[:_QUOTE]}…"


def _suggested(questions: Sequence[str], lang: Lang) -> list[Card]:
    asked = [q for q in (shortened(clean(q), _ASKED) for q in questions) if q][:_NEXT]
    if not asked:
        return []
    listed = Items(items=tuple(Item(spans=(Span(text=q),)) for q in asked))
    return [_small(say("web_next_questions", lang)), _markdown(markdown(Tree(blocks=(listed,))))]


def _feedback(exchange: str, lang: Lang) -> Card:
    def column(verdict: str, sign: str) -> Card:
        button = {
            "tag": "button",
            "type": "text",
            "size": "small",
            "text": {"tag": "plain_text", "content": sign},
            "hover_tips": {"tag": "plain_text", "content": say(f"web_{verdict}", lang)},
            "behaviors": [{"type": "callback", "value": {ACTION: f"{verdict}|{exchange}"}}],
        }
        return {"tag": "column", "width": "auto", "elements": [button]}

    return {"tag": "column_set", "flex_mode": "none", "columns": [column(*each) for each in VERDICTS.items()]}


def _restated(asked: str) -> list[Card]:
    question = shortened(clean(asked), _ASKED)
    return [_markdown(markdown(Tree(blocks=(Quote(spans=(Span(text=question),)),))))] if question else []


def _markdown(content: str) -> Card:
    return {"tag": "markdown", "content": content}


def _small(text: str) -> Card:
    """Small print, in which nothing is markup."""
    return {"tag": "div", "text": {"tag": "plain_text", "content": text, "text_size": "notation", "text_color": "grey"}}


# --- Markdown as a card takes it ---------------------------------------------------------------------------------------

_BREAK = "<br>"
_SPECIAL = re.compile(r"[&<>*~_`\[\]#|$\\]|:(?=[A-Za-z0-9_]+:)")  # the colon would begin an emoji like :OK:
_BEGINS = re.compile(r"[-+=]|(?<=\d)[.)]")
_OPENING = re.compile(r"\s*(?:[-+=]|\d{1,9}[.)])")
_UNSAFE_IN_CODE = re.compile(r"[<>&\n]")
_TOP_HEADING = 3  # a card is narrow: our first level is its fourth


def escaped(text: str) -> str:
    """Words that stay the words they are, at the beginning of a line, too."""
    return _line((Span(text=text),))


def markdown(tree: Tree) -> str:
    """A tree as Markdown that a card shows as it is meant."""
    return "\n\n".join(_block(block) for block in tree.blocks)


def _block(block: Block) -> str:
    if isinstance(block, Items):
        return "\n".join(_lead(item) + _line(item.spans) for item in block.items)
    if isinstance(block, Heading):
        return f"{'#' * min(6, block.level + _TOP_HEADING)} {_line(block.spans)}"
    return f"> {_line(block.spans)}" if isinstance(block, Quote) else _line(block.spans)


def _lead(item: Item) -> str:
    return "    " * item.depth + ("- " if item.number is None else f"{item.number}. ")


def _line(spans: Iterable[Span]) -> str:
    made = ""
    for span in spans:
        words = _span(span)
        if made.endswith("*") and words.startswith("*"):
            words = f"&#8203;{words}"  # nothing to see; two runs of asterisks would be read as one
        made += words
    made = made.strip()
    if begun := _OPENING.match(made):
        made = _BEGINS.sub(_entity, made[: begun.end()]) + made[begun.end() :]
    return made


def _span(span: Span) -> str:
    if span.code and not _UNSAFE_IN_CODE.search(span.text):
        return f"`{span.text}`"
    mark = ("**" if span.bold else "") + ("*" if span.italic else "")
    before, words, after = _ends(span.text) if mark else ("", span.text, "")
    said = f"{_plain(before)}{mark}{_plain(words)}{mark}{_plain(after)}" if words else _plain(span.text)
    return f"[{said}]({span.link})" if span.link else said


def _plain(text: str) -> str:
    return _SPECIAL.sub(_entity, text).replace("\n", _BREAK)


def _ends(text: str) -> tuple[str, str, str]:
    """What stands before the first and after the last letter or digit, and what is between."""
    letters = [n for n, character in enumerate(text) if unicodedata.category(character)[0] not in "PSZC"]
    if not letters:
        return text, "", ""
    return text[: letters[0]], text[letters[0] : letters[-1] + 1], text[letters[-1] + 1 :]


def _entity(found: re.Match[str]) -> str:
    return f"&#{ord(found[0])};"
