"""A conversation's HTML as pure functions: exchanges with their actions, passages with their marked quotes.

Everything that was not written here is escaped before any mark-up is added, so neither a question, a document nor a
model can put HTML on the page. Sentences come from the catalogue. What stands around a conversation is in `around`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from coach.messages import CATALOGUE, say
from coach.types import Citation, Lang, Passage, Reply, Tier
from ui.chat.exchange import Exchange
from ui.html import escape, icon

LONG_QUESTION = 600
TIERS: tuple[Tier, ...] = ("stated", "attributed", "external", "document")
_CRISIS_LINES = ("12356", "120", "110")
_COMMAND = re.compile(r"\b(?:coach [a-z]|make [a-z]|COACH_[A-Z]+=).*$")
_BULLET = re.compile(r"^\s*[-*•·]\s+(.*)")
_NUMBERED = re.compile(r"^\s*(\d{1,2})[.、)）]\s*(\D.*)")
_HEADING = re.compile(r"^\s*#{1,6}\s+(.*)")
_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
_MARK = re.compile(r"\[(\d{1,3})\]")
_YEAR = re.compile(r"[，,]\s*((?:19|20)\d\d)(?:年?数据|年| data)?$")
_NEXT_SOURCE = re.compile(r"[；;]")
_MARKS = re.compile(r"(&[#\w]+;|[^\s<>;])?((?:\s?\[\d{1,3}\])+)")


# --- answers ---------------------------------------------------------------------------------------------------------


def prose(text: str, marks: dict[int, str] | None = None) -> str:
    """Paragraphs, lists, headings and bold; everything else stays the text it is, links and images included."""
    out: list[str] = []
    for block in re.split(r"\n\s*\n", text.strip()):
        out.extend(_block(block.split("\n"), marks or {}))
    return "".join(out)


def _block(lines: Sequence[str], marks: dict[int, str]) -> Iterable[str]:
    plain: list[str] = []
    items: list[str] = []
    tag = ""
    for line in [*lines, None]:
        kind, content = _line(line) if line is not None else ("", "")
        if items and kind != tag:
            yield f"{_open_list(tag, items[0])}{''.join(f'<li>{_inline(i, marks)}</li>' for i in _contents(tag, items))}</{tag}>"
            items = []
        if plain and kind != "p":
            yield f"<p>{'<br>'.join(_inline(p, marks) for p in plain)}</p>"
            plain = []
        if kind == "p":
            plain.append(content)
        elif kind == "h":
            yield f"<p class='sub'>{_inline(content, marks)}</p>"
        elif kind:
            tag, items = kind, [*items, content]


def _line(line: str) -> tuple[str, str]:
    if match := _BULLET.match(line):
        return "ul", match[1]
    if _NUMBERED.match(line):
        return "ol", line
    if match := _HEADING.match(line):
        return "h", match[1]
    return "p", line


def _open_list(tag: str, first: str) -> str:
    match = _NUMBERED.match(first)
    return f"<ol start='{int(match[1])}'>" if tag == "ol" and match else f"<{tag}>"


def _contents(tag: str, items: Sequence[str]) -> list[str]:
    return [m[2] if tag == "ol" and (m := _NUMBERED.match(i)) else i for i in items]


def _inline(text: str, marks: dict[int, str]) -> str:
    bold = _BOLD.sub(r"<strong>\1</strong>", escape(text))
    return _MARKS.sub(lambda m: _bound(m, marks), bold)


def _bound(match: re.Match[str], marks: dict[int, str]) -> str:
    """Citation marks kept on one line with the character before them; brackets that are no citation stay as they are."""
    numbers = [int(n) for n in _MARK.findall(match[2])]
    if not any(n in marks for n in numbers):
        return match[0]
    buttons = _MARK.sub(lambda m: marks.get(int(m[1]), m[0]), match[2].replace(" ", ""))
    return f"<span class='bound'>{match[1] or ''}{buttons}</span>"


def cite_button(citation: Citation, exchange_id: str, lang: Lang) -> str:
    """The mark [n] of a citation, as a button that opens its passage."""
    label = escape(say("web_cite", lang, n=citation.n, title=citation.title))
    return (
        f"<button type='button' class='cite {escape(citation.tier)}' data-open='{escape(exchange_id)}' data-n='{citation.n}' "
        f"data-passage='{escape(citation.passage_id)}' aria-label='{label}' title='{label}'>{citation.n}</button>"
    )


def answer_html(reply: Reply, exchange_id: str, lang: Lang) -> str:
    """The checked answer; only the numbers of real citations become buttons."""
    marks: dict[int, str] = {}
    for citation in reply.citations:
        marks.setdefault(citation.n, cite_button(citation, exchange_id, lang))
    return f"<div class='answer' lang='{lang_tag(reply.language)}'>{prose(reply.answer, marks)}</div>"


def plain_text(reply: Reply, lang: Lang) -> str:
    """What "copy" puts on the clipboard: the answer and the sources of its marks."""
    lines: dict[int, str] = {}
    for c in reply.citations:
        lines.setdefault(c.n, f"[{c.n}] {c.title} · {c.source} ({tier_label(c.tier, c.source, lang)})")
    return "\n\n".join(filter(None, (reply.answer, "\n".join(lines[n] for n in sorted(lines)))))


# --- one exchange ----------------------------------------------------------------------------------------------------


def exchange_html(exchange: Exchange, lang: Lang, *, last: bool, general: bool = False) -> str:
    """A question and what became of it; `general`: advice from outside the library can be had."""
    body = {"done": _done, "stopped": _stopped, "failed": _failed, "pending": _interrupted, "interrupted": _interrupted}
    shown = body[exchange.state](exchange, lang, last)
    if general and last and exchange.reply and exchange.reply.status == "not_in_sources":
        shown += _general(exchange.reply, lang)
    suggested = exchange.reply.suggestions if last and exchange.reply and exchange.reply.status != "crisis" else ()
    more = _suggestions(suggested, lang) if suggested else ""
    return _article(exchange, lang, f"{shown}{more}{_earlier(exchange.earlier, lang)}", edit=exchange.state != "pending")


def live_html(exchange: Exchange, lang: Lang, *, stage: str, words: str = "", seconds: int = 0) -> str:
    """The exchange while its reply comes about: where it stands, then the words so far, marked as unchecked."""
    elapsed = f" <span class='elapsed'>{escape(say('web_elapsed', lang, n=seconds))}</span>" if seconds else ""
    line = f"<p class='stage'><span class='pulse' aria-hidden='true'></span><span>{escape(stage)}</span>{elapsed}</p>"
    peek = "" if words else "".join(_peek(p, exchange.id) for p in exchange.passages[:4])
    found = f"<div class='peek'>{peek}</div>" if peek else ""
    text = f"<div class='answer unchecked'>{prose(words)}</div>" if words else ""
    return _article(exchange, lang, f"{line}{found}{text}", live=True)


def _article(exchange: Exchange, lang: Lang, body: str, *, live: bool = False, edit: bool = False) -> str:
    who, coach = (escape(say(key, lang)) for key in ("web_you", "web_coach"))
    name = escape(say("web_edit", lang))
    pen = f"<button type='button' class='icon edit' data-edit aria-label='{name}' title='{name}'>{_PEN}</button>" if edit else ""
    return (
        f"<article class='exchange{' live' if live else ''}' data-exchange='{escape(exchange.id)}'>"
        f"<div class='question'><span class='sr'>{who}</span>{pen}{_question(exchange.question, lang)}</div>"
        f"<div class='reply'><span class='sr'>{coach}</span>{body}</div></article>"
    )


def _question(question: str, lang: Lang) -> str:
    if len(question) <= LONG_QUESTION:
        return f"<div class='bubble' dir='auto'>{escape(question)}</div>"
    more = escape(say("web_whole_question", lang, n=len(question)))
    start = escape(question[:240].rstrip())
    return (
        f"<div class='bubble' dir='auto'>{start}…"
        f"<details><summary>{more}</summary><div class='whole'>{escape(question)}</div></details></div>"
    )


def _peek(passage: Passage, exchange_id: str) -> str:
    return (
        f"<button type='button' class='chip {escape(passage.tier)}' data-open='{escape(exchange_id)}' "
        f"data-passage='{escape(passage.id)}'>{escape(passage.title)}</button>"
    )


def _done(exchange: Exchange, lang: Lang, last: bool) -> str:
    reply = exchange.reply
    if reply is None:
        return ""
    parts = [_status(reply, lang), answer_html(reply, exchange.id, lang)]
    if reply.status == "crisis":
        return "".join([*parts, _crisis(lang)])
    if reply.notice:
        parts.append(f"<p class='notice'>{escape(reply.notice)}</p>")
    parts.append(_actions(exchange, reply, lang, last))
    return "".join(parts)


def _status(reply: Reply, lang: Lang) -> str:
    key = "general" if _is_general(reply) else reply.status
    if key == "answered":
        return ""
    return f"<p class='status {escape(key)}'>{escape(say(f'web_status_{key}', lang))}</p>"


def _is_general(reply: Reply) -> bool:
    """Advice from outside the library, worded by a model."""
    return reply.kind == "general" and bool(reply.model)


def _general(reply: Reply, lang: Lang) -> str:
    if reply.kind == "general":
        return ""
    ask, about = escape(say("web_general_words", lang)), escape(say("web_general_about", lang))
    button = f"<button type='button' class='ask' data-ask='{ask}'>{escape(say('web_general', lang))}</button>"
    return f"<div class='suggest general'>{button}<p class='small'>{about}</p></div>"


def _crisis(lang: Lang) -> str:
    lines = "".join(
        f"<a class='line' href='tel:{n}'><strong>{n}</strong><span>{escape(say(f'web_crisis_{n}', lang))}</span></a>"
        for n in _CRISIS_LINES
    )
    return f"<div class='lines'>{lines}</div><p class='notice'>{escape(say('web_crisis_elsewhere', lang))}</p>"


def _actions(exchange: Exchange, reply: Reply, lang: Lang, last: bool) -> str:
    parts = []
    if reply.citations:
        parts.append(f"<span class='checked'>{_TICK}{escape(say('web_checked', lang))}</span>")
    if reply.passages:
        label = escape(say("web_sources_count", lang, n=len(reply.passages)))
        parts.append(f"<button type='button' class='quiet' data-open='{escape(exchange.id)}'>{label}</button>")
    copied = escape(plain_text(reply, lang))
    parts.append(f"<button type='button' class='quiet' data-copy='{copied}'>{escape(say('web_copy', lang))}</button>")
    if last:
        parts.append(_again("web_again", lang))
    return f"<div class='actions'>{''.join(parts)}{votes_html(exchange, lang)}</div>"


def votes_html(exchange: Exchange, lang: Lang) -> str:
    """Thumbs and "this is wrong", as they stand; pressing a thumb again takes it back."""
    thumbs = "".join(_thumb(exchange, lang, verdict, svg) for verdict, svg in (("up", _UP), ("down", _DOWN)))
    if exchange.verdict == "wrong":
        state, back = escape(say("web_reported", lang)), escape(say("web_report_back", lang))
        wrong = (
            f"<span class='reported'>{state}</span>"
            f"<button type='button' class='quiet' data-vote='wrong' aria-pressed='true'>{back}</button>"
        )
    else:
        wrong = f"<button type='button' class='quiet' data-wrong aria-haspopup='dialog'>{escape(say('web_wrong', lang))}</button>"
    return f"<span class='votes'>{thumbs}{wrong}</span>"


def _thumb(exchange: Exchange, lang: Lang, verdict: str, svg: str) -> str:
    name, on = escape(say(f"web_{verdict}", lang)), exchange.verdict == verdict
    return (
        f"<button type='button' class='icon thumb' data-vote='{verdict}' aria-pressed='{'true' if on else 'false'}' "
        f"aria-label='{name}' title='{name}'>{svg}</button>"
    )


def _again(key: str, lang: Lang) -> str:
    return f"<button type='button' class='quiet' data-again>{escape(say(key, lang))}</button>"


def _suggestions(suggestions: Sequence[str], lang: Lang) -> str:
    chips = "".join(ask_button(s) for s in suggestions)
    return f"<div class='suggest'><p>{escape(say('web_next_questions', lang))}</p>{chips}</div>"


def ask_button(question: str) -> str:
    """A question that is asked by pressing it."""
    return f"<button type='button' class='ask' data-ask='{escape(question)}'>{escape(question)}</button>"


def _stopped(exchange: Exchange, lang: Lang, last: bool) -> str:
    text = f"<div class='answer unchecked'>{prose(exchange.partial)}</div>" if exchange.partial else ""
    key = "web_stopped_unchecked" if exchange.partial else "web_stopped"
    again = f"<div class='actions'>{_again('web_again', lang)}</div>" if last else ""
    return f"{text}<p class='notice'>{escape(say(key, lang))}</p>{again}"


def _failed(exchange: Exchange, lang: Lang, last: bool) -> str:
    sentence = say(f"web_{exchange.error}" if f"web_{exchange.error}" in CATALOGUE else "web_error", lang)
    again = f"<div class='actions'>{_again('web_retry', lang)}</div>" if last else ""
    return f"<div class='trouble' role='alert'><p>{escape(sentence)}</p>{mend_html(exchange.hint, lang)}</div>{again}"


def _interrupted(exchange: Exchange, lang: Lang, last: bool) -> str:
    again = f"<div class='actions'>{_again('web_retry', lang)}</div>" if last else ""
    return f"<p class='notice'>{escape(say('web_interrupted', lang))}</p>{again}"


def mend_html(hint: str, lang: Lang) -> str:
    """The command that mends it; of a hint like `Rebuild with: coach ingest`, the command alone."""
    command = _COMMAND.search(hint)
    shown = command[0] if command else hint
    return f"<p class='mend'>{escape(say('web_mend', lang))}<code>{escape(shown)}</code></p>" if hint else ""


def _earlier(exchanges: Sequence[Exchange], lang: Lang) -> str:
    """The versions an exchange took the place of, folded away; to be read, not to be worked on."""
    if not exchanges:
        return ""
    shown = "".join(_version(e, lang) for e in exchanges)
    summary = escape(say("web_earlier", lang, n=len(exchanges)))
    return f"<details class='earlier'><summary>{summary}</summary>{shown}</details>"


def _version(exchange: Exchange, lang: Lang) -> str:
    text = exchange.reply.answer if exchange.reply else exchange.partial
    said = f"<div class='answer'>{prose(text)}</div>" if text else f"<p class='notice'>{escape(say('web_no_reply', lang))}</p>"
    return f"<div class='version'>{_question(exchange.question, lang)}{said}</div>"


def log_html(exchanges: Sequence[Exchange], lang: Lang, *, general: bool = False) -> str:
    """All exchanges of a conversation."""
    return "".join(exchange_html(e, lang, last=n == len(exchanges), general=general) for n, e in enumerate(exchanges, 1))


# --- passages --------------------------------------------------------------------------------------------------------


def section_html(exchange: Exchange, lang: Lang) -> str:
    """The passages behind one exchange, cited ones first; without any, the sentence that says so."""
    if not exchange.shown_passages:
        waiting = exchange.state == "pending"
        return _section(
            exchange.id, f"<p class='none'>{escape(say('web_sources_none' if waiting else 'web_sources_unused', lang))}</p>"
        )
    reply = exchange.reply
    citations = reply.citations if reply else ()
    first = {c.passage_id: c.n for c in reversed(citations)}
    ordered = sorted(exchange.shown_passages, key=lambda p: first.get(p.id, 1000))
    cards = [passage_html(p, [c for c in citations if c.passage_id == p.id], lang) for p in ordered]
    cited = sum(p.id in first for p in ordered)
    unused = "".join(cards[cited:])
    heading = "web_uncited" if cited else "web_nearest" if reply and reply.status == "not_in_sources" else ""
    if heading and unused:
        unused = f"<h3 class='uncited'>{escape(say(heading, lang))}</h3>{unused}"
    return _section(exchange.id, f"{''.join(cards[:cited])}{unused}")


def _section(exchange_id: str, body: str) -> str:
    return f"<section class='passages' data-passages='{escape(exchange_id)}'>{body}</section>"


def passage_html(passage: Passage, citations: Sequence[Citation], lang: Lang) -> str:
    """A passage as a card: number, title, how far it may be trusted, where it stands, its text with the quoted words marked."""
    numbers = "".join(f"<span class='number'>{n}</span>" for n in sorted({c.n for c in citations}))
    path = " › ".join(escape(h) for h in passage.heading_path)
    spans = [(c.start, c.end, c.quote, c.n) for c in citations]
    tier = escape(tier_label(passage.tier, passage.source, lang))
    classes = f"card {escape(passage.tier)}{' cited' if citations else ''}"
    return (
        f"<article class='{classes}' data-passage='{escape(passage.id)}' tabindex='-1'>"
        f"<header>{numbers}<h3>{escape(passage.title)}</h3></header>"
        f"<p class='meta'><span class='tier {escape(passage.tier)}'>{tier}</span>"
        f"{f'<span class=path>{path}</span>' if path else ''}</p>"
        f"<div class='text' lang='{lang_tag(passage.lang)}'>{marked(passage.text, spans)}</div>"
        f"<p class='source'>{escape(passage.source)}</p></article>"
    )


def tier_label(tier: Tier, source: str, lang: Lang) -> str:
    """How far a passage may be trusted; an outside source with its year, when the first one named has one."""
    year = _YEAR.search(_NEXT_SOURCE.split(source, maxsplit=1)[0].strip()) if tier == "external" else None
    return say(f"web_tier_{tier}", lang) + (f" {year[1]}" if year else "")


def marked(text: str, spans: Sequence[tuple[int, int, str, int]]) -> str:
    """The text, escaped, with each quote in a <mark> that names its citations; quotes that overlap share the common part."""
    places = [place for span in spans if (place := _place(text, *span))]
    edges = sorted({0, len(text), *(edge for start, end, _ in places for edge in (start, end))})
    out: list[str] = []
    for start, end in zip(edges, edges[1:], strict=False):
        numbers = sorted({n for s, e, n in places if s <= start and end <= e})
        piece = escape(text[start:end])
        out.append(f"<mark data-n='{' '.join(map(str, numbers))}'>{piece}</mark>" if numbers else piece)
    return "".join(out)


def _place(text: str, start: int, end: int, quote: str, n: int) -> tuple[int, int, int] | None:
    """Where the quote really stands: at its offsets, else where it occurs, else nowhere."""
    if 0 <= start < end <= len(text) and text[start:end] == quote:
        return start, end, n
    found = text.find(quote) if quote else -1
    return (found, found + len(quote), n) if found >= 0 else None


def lang_tag(lang: Lang) -> str:
    """The language as HTML names it."""
    return "zh-CN" if lang == "zh" else "en"


_TICK = icon("<path d='M5 12.5l4.5 4.5L19 7.5'/>")
_PEN = icon("<path d='M4 20h4L19 9l-4-4L4 16z'/><path d='M13 7l4 4'/>", 16)
_UP = icon("<path d='M7 11v9H4v-9zM7 11l4-8c2 0 3 1 3 3l-1 4h5.5c1.3 0 2 1 1.7 2.3l-1.5 6.2c-.2.9-1 1.5-2 1.5H7'/>", 17)
_DOWN = icon("<path d='M17 13V4h3v9zM17 13l-4 8c-2 0-3-1-3-3l1-4H5.5c-1.3 0-2-1-1.7-2.3l1.5-6.2c.2-.9 1-1.5 2-1.5H17'/>", 17)
