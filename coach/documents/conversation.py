"""A kept conversation as a document: each question with its reply and, below it, the sources the reply cites, word for word."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import datetime

from coach.development.views import File
from coach.documents import FORMATS as ALL_FORMATS
from coach.documents import render
from coach.documents.blocks import Block, Bullets, Paragraph, Section, Sheet, cleaned
from coach.documents.words import shortened
from coach.messages import say
from coach.store.conversations import Conversation, Exchange
from coach.types import Lang, Reply

FORMATS = ("md", "docx")
_HEADING = 80  # characters of a question that stand in the heading; a longer one follows in full
_NAME = 40  # characters of the title in a file's name
_ITEM = re.compile(r"\s*[-*•]\s+")
_MARKUP = re.compile(r"\*\*|^\s*#{1,6}\s+|^\s*>\s?")


def conversation_file(conversation: Conversation, format: str, lang: Lang, author: str) -> File:
    """The conversation as md or docx, under a name every system takes; `author` names the coach."""
    media_type, ending = ALL_FORMATS[format]
    title = unicodedata.normalize("NFC", conversation.title)[:_NAME]
    parts = (say("talk_document", lang), title, conversation.changed.date().isoformat())
    name = "-".join(safe for part in parts if (safe := re.sub(r"[^\w-]+", "-", part).strip("-_")))
    return File(
        name=f"{name}.{ending}", media_type=media_type, data=render(conversation_sheet(conversation, lang, author), format)
    )


def conversation_sheet(conversation: Conversation, lang: Lang, author: str) -> Sheet:
    """The exchanges that count, oldest first, in one document; labels are in `lang`, questions and replies as they were."""
    title, name = say("talk_document", lang), conversation.title or say("talk_untitled", lang)
    colon = say("doc_colon", lang, label="")
    head = [(say("talk_begun", lang), _day(conversation.made)), (say("talk_changed", lang), _day(conversation.changed))]
    files = [say("talk_file", lang, name=a.name, n=a.characters) for a in conversation.attachments]
    if files:
        head.append((say("talk_files", lang), say("doc_list_stop", lang).join(files)))
    said = [_exchange(exchange, number, lang) for number, exchange in enumerate(conversation.current, 1)]
    note = Section(title=say("doc_remarks", lang), blocks=(Paragraph(text=say("talk_made_note", lang), note=True),))
    sheet: Sheet = cleaned(
        Sheet(
            lang=lang,
            title=title,
            subtitle=name,
            made=conversation.changed.date(),
            author=author,
            head=tuple(head),
            sections=(*said, note),
            header=say("doc_header", lang, title=title, name=name),
            page=say("doc_page", lang, page="{page}", pages="{pages}"),
            colon=colon,
        )
    )
    return sheet


def _exchange(exchange: Exchange, number: int, lang: Lang) -> Section:
    brief = shortened(exchange.question, _HEADING)
    blocks: list[Block] = []
    if brief != exchange.question.strip():
        blocks.append(Paragraph(text=say("talk_whole_question", lang, question=exchange.question)))
    if exchange.state != "done":
        blocks.append(Paragraph(text=say(f"talk_state_{exchange.state}", lang), note=True))
    blocks += _paragraphs(exchange.text)
    if exchange.reply is not None:
        blocks += _sources(exchange.reply, lang)
    return Section(title=say("talk_question_n", lang, n=number, question=brief), blocks=tuple(blocks))


def _paragraphs(text: str) -> Iterator[Block]:
    """A reply line by line, its list items together; marks of Markdown go, since a sheet shows every text literally."""
    items: list[str] = []
    for line in text.splitlines():
        item = _ITEM.match(line)
        words = _MARKUP.sub("", line[item.end() :] if item else line).strip()
        if items and not item and words:
            yield Bullets(items=tuple(items))
            items = []
        if item and words:
            items.append(words)
        elif words:
            yield Paragraph(text=words)
    if items:
        yield Bullets(items=tuple(items))


def _sources(reply: Reply, lang: Lang) -> Iterator[Block]:
    if reply.notice:
        yield Paragraph(text=reply.notice, note=True)
    if reply.citations:
        yield Paragraph(text=say("doc_colon", lang, label=say("talk_sources", lang)).rstrip())
        yield Bullets(
            items=tuple(
                say(
                    "talk_source", lang, n=c.n, title=c.title, source=c.source, tier=say(f"web_tier_{c.tier}", lang),
                    quote=" ".join(c.quote.split()),
                )
                for c in reply.citations
            )
        )  # fmt: skip
    elif reply.status == "answered":
        yield Paragraph(text=say("talk_no_sources", lang), note=True)


def _day(moment: datetime) -> str:
    return moment.date().isoformat()
