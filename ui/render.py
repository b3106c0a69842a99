"""The page's HTML as pure functions: exchanges, passages with their marked quotes, banners, header.

Everything that was not written here is escaped before any mark-up is added, so neither a question, a document nor a
model can put HTML on the page. Sentences come from the catalogue.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from typing import Any

from coach.framework import Profession
from coach.messages import CATALOGUE, say
from coach.types import Citation, Lang, Passage, Reply, Tier
from ui.exchange import Conversation, Exchange

LONG_QUESTION = 600
TIERS: tuple[Tier, ...] = ("stated", "attributed", "external", "document")
_CRISIS_LINES = ("12356", "120", "110")
_COMMAND = re.compile(r"\b(?:coach [a-z]|make [a-z]|COACH_[A-Z]+=).*$")
_BULLET = re.compile(r"^\s*[-*•·]\s+(.*)")
_NUMBERED = re.compile(r"^\s*(\d{1,2})[.、)）]\s*(\D.*)")
_HEADING = re.compile(r"^\s*#{1,6}\s+(.*)")
_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
_MARK = re.compile(r"\[(\d{1,3})\]")
_MARKS = re.compile(r"(&[#\w]+;|[^\s<>;])?((?:\s?\[\d{1,3}\])+)")


def escape(text: object) -> str:
    """Text that cannot be read as mark-up, in content and in attributes."""
    return html.escape(str(text), quote=True)


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
    return f"<div class='answer' lang='{_lang_tag(reply.language)}'>{prose(reply.answer, marks)}</div>"


def plain_text(reply: Reply, lang: Lang) -> str:
    """What "copy" puts on the clipboard: the answer and the sources of its marks."""
    lines: dict[int, str] = {}
    for c in reply.citations:
        lines.setdefault(c.n, f"[{c.n}] {c.title} · {c.source} ({say(f'web_tier_{c.tier}', lang)})")
    return "\n\n".join(filter(None, (reply.answer, "\n".join(lines[n] for n in sorted(lines)))))


# --- one exchange ----------------------------------------------------------------------------------------------------


def exchange_html(exchange: Exchange, lang: Lang, *, last: bool) -> str:
    """A question and what became of it."""
    body = {"done": _done, "stopped": _stopped, "failed": _failed, "pending": _interrupted}[exchange.state]
    return _article(exchange, lang, body(exchange, lang, last))


def live_html(exchange: Exchange, lang: Lang, *, stage: str, words: str = "", seconds: int = 0) -> str:
    """The exchange while its reply comes about: where it stands, then the words so far, marked as unchecked."""
    elapsed = f" <span class='elapsed'>{escape(say('web_elapsed', lang, n=seconds))}</span>" if seconds else ""
    line = f"<p class='stage'><span class='pulse' aria-hidden='true'></span><span>{escape(stage)}</span>{elapsed}</p>"
    peek = "" if words else "".join(_peek(p, exchange.id) for p in exchange.passages[:4])
    found = f"<div class='peek'>{peek}</div>" if peek else ""
    text = f"<div class='answer unchecked'>{prose(words)}</div>" if words else ""
    return _article(exchange, lang, f"{line}{found}{text}", live=True)


def _article(exchange: Exchange, lang: Lang, body: str, *, live: bool = False) -> str:
    who, coach = (escape(say(key, lang)) for key in ("web_you", "web_coach"))
    return (
        f"<article class='exchange{' live' if live else ''}' data-exchange='{escape(exchange.id)}'>"
        f"<div class='question'><span class='sr'>{who}</span>{_question(exchange.question, lang)}</div>"
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
    if last and reply.suggestions:
        parts.append(_suggestions(reply.suggestions, lang))
    return "".join(parts)


def _status(reply: Reply, lang: Lang) -> str:
    if reply.status == "answered":
        return ""
    return f"<p class='status {escape(reply.status)}'>{escape(say(f'web_status_{reply.status}', lang))}</p>"


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
    return f"<div class='actions'>{''.join(parts)}</div>"


def _again(key: str, lang: Lang) -> str:
    return f"<button type='button' class='quiet' data-do='again'>{escape(say(key, lang))}</button>"


def _suggestions(suggestions: Sequence[str], lang: Lang) -> str:
    chips = "".join(ask_button(s) for s in suggestions)
    return f"<div class='suggest'><p>{escape(say('web_next_questions', lang))}</p>{chips}</div>"


def ask_button(question: str) -> str:
    """A question that is asked by pressing it."""
    return f"<button type='button' class='ask' data-do='ask' data-text='{escape(question)}'>{escape(question)}</button>"


def _stopped(exchange: Exchange, lang: Lang, last: bool) -> str:
    text = f"<div class='answer unchecked'>{prose(exchange.partial)}</div>" if exchange.partial else ""
    key = "web_stopped_unchecked" if exchange.partial else "web_stopped"
    again = f"<div class='actions'>{_again('web_again', lang)}</div>" if last else ""
    return f"{text}<p class='notice'>{escape(say(key, lang))}</p>{again}"


def _failed(exchange: Exchange, lang: Lang, last: bool) -> str:
    key = exchange.error if f"web_{exchange.error}" in CATALOGUE else ""
    sentence = say(f"web_{key}" if key else "web_error", lang)
    again = f"<div class='actions'>{_again('web_retry', lang)}</div>" if last else ""
    return f"<div class='trouble' role='alert'><p>{escape(sentence)}</p>{_mend(exchange.hint, lang)}</div>{again}"


def _interrupted(exchange: Exchange, lang: Lang, last: bool) -> str:
    again = f"<div class='actions'>{_again('web_retry', lang)}</div>" if last else ""
    return f"<p class='notice'>{escape(say('web_interrupted', lang))}</p>{again}"


def _mend(hint: str, lang: Lang) -> str:
    """The command that mends it; of a hint like `Rebuild with: coach ingest`, the command alone."""
    command = _COMMAND.search(hint)
    shown = command[0] if command else hint
    return f"<p class='mend'>{escape(say('web_mend', lang))}<code>{escape(shown)}</code></p>" if hint else ""


# --- the whole conversation ------------------------------------------------------------------------------------------


def log_html(conversation: Conversation, lang: Lang, examples: Sequence[str]) -> str:
    """All exchanges, or the opening page when there are none."""
    if not conversation.now:
        return _opening(conversation, lang, examples)
    last = conversation.now[-1]
    return "".join(exchange_html(e, lang, last=e is last) for e in conversation.now)


def _opening(conversation: Conversation, lang: Lang, examples: Sequence[str]) -> str:
    chips = "".join(ask_button(e) for e in examples)
    ask = f"<p class='lead'>{escape(say('web_examples', lang))}</p><div class='examples'>{chips}</div>" if chips else ""
    back = ""
    if conversation.before:
        kept, bring, forget = (
            escape(say(key, lang, n=len(conversation.before))) for key in ("web_kept_before", "web_bring_back", "web_forget")
        )
        back = (
            f"<p class='before'>{kept} <button type='button' class='quiet' data-do='back'>{bring}</button>"
            f"<button type='button' class='quiet' data-do='forget'>{forget}</button></p>"
        )
    return (
        f"<section class='opening'><h2>{escape(say('web_hello', lang))}</h2>"
        f"<p class='what'>{escape(say('web_what', lang))}</p>{back}{ask}</section>"
    )


# --- passages --------------------------------------------------------------------------------------------------------


def panel_html(exchanges: Sequence[Exchange], lang: Lang) -> str:
    """The passages of every exchange; the page shows one exchange's at a time, the latest unless another is opened."""
    shown = [e for e in exchanges if e.shown_passages]
    latest = exchanges[-1].id if exchanges else ""
    sections = "".join(_section(e, lang, on=e.id == latest) for e in shown)
    empty = say("web_sources_none" if not exchanges or exchanges[-1].state == "pending" else "web_sources_unused", lang)
    head = (
        f"<header class='panel-head'><h2>{escape(say('web_sources', lang))}</h2><span class='position' aria-live='polite'></span>"
        f"{_icon('data-step=-1', 'web_prev', _LEFT, lang)}{_icon('data-step=1', 'web_next', _RIGHT, lang)}"
        f"{_icon('data-close', 'web_close', _CROSS, lang, 'close')}</header>"
    )
    about = f"<p>{escape(empty)}</p>{'' if exchanges else _legend(lang)}"
    return f"<div class='panel' data-latest='{escape(latest)}'>{head}{sections}<div class='nothing'>{about}</div></div>"


def _icon(attribute: str, key: str, svg: str, lang: Lang, more: str = "") -> str:
    name = escape(say(key, lang))
    return f"<button type='button' class='icon {more}' {attribute} aria-label='{name}' title='{name}'>{svg}</button>"


def _legend(lang: Lang) -> str:
    """What the four labels of trust mean."""
    rows = "".join(
        f"<dt><span class='tier {tier}'>{escape(say(f'web_tier_{tier}', lang))}</span></dt>"
        f"<dd>{escape(say(f'web_about_{tier}', lang))}</dd>"
        for tier in TIERS
    )
    return f"<dl class='legend'>{rows}</dl>"


def _section(exchange: Exchange, lang: Lang, *, on: bool) -> str:
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
    classes = f"passages{' on' if on else ''}"
    return f"<section class='{classes}' data-passages='{escape(exchange.id)}'>{''.join(cards[:cited])}{unused}</section>"


def passage_html(passage: Passage, citations: Sequence[Citation], lang: Lang) -> str:
    """A passage as a card: number, title, how far it may be trusted, where it stands, its text with the quoted words marked."""
    numbers = "".join(f"<span class='number'>{n}</span>" for n in sorted({c.n for c in citations}))
    path = " › ".join(escape(h) for h in passage.heading_path)
    spans = [(c.start, c.end, c.quote, c.n) for c in citations]
    classes = f"card {escape(passage.tier)}{' cited' if citations else ''}"
    return (
        f"<article class='{classes}' data-passage='{escape(passage.id)}' tabindex='-1'>"
        f"<header>{numbers}<h3>{escape(passage.title)}</h3></header>"
        f"<p class='meta'><span class='tier {escape(passage.tier)}'>{escape(say(f'web_tier_{passage.tier}', lang))}</span>"
        f"{f'<span class=path>{path}</span>' if path else ''}</p>"
        f"<div class='text' lang='{_lang_tag(passage.lang)}'>{marked(passage.text, spans)}</div>"
        f"<p class='source'>{escape(passage.source)}</p></article>"
    )


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


# --- around the conversation -----------------------------------------------------------------------------------------


def header_html(lang: Lang, profession: Profession) -> str:
    """Name, language, theme, new chat. The page's own language and title are read off this element."""
    other = {"zh": "English", "en": "中文"}[lang]
    title, tagline = escape(profession.title.of(lang)), escape(profession.tagline.of(lang))
    new, skip = (escape(say(f"web_{key}", lang)) for key in ("new", "to_box"))
    words = {key: escape(say(f"web_{key}", lang)) for key in ("copied", "copy_failed", "lost", "lost_title")}
    return (
        f"<header class='top' data-lang='{_lang_tag(lang)}' data-title='{title}' data-copied='{words['copied']}' "
        f"data-copy-failed='{words['copy_failed']}' data-lost='{words['lost']}' data-lost-title='{words['lost_title']}'>"
        f"<a class='skip' href='#coach-q'>{skip}</a>"
        f"<span class='brand' aria-hidden='true'>{_BRAND}</span><div class='name'><h1>{title}</h1><p>{tagline}</p></div>"
        f"<nav>{_icon('data-theme', 'web_theme', _THEME, lang)}"
        f"<button type='button' class='plain' data-do='lang' lang='{'en' if lang == 'zh' else 'zh-CN'}'>{other}</button>"
        f"<button type='button' class='plain new' data-do='fresh' aria-label='{new}' title='{new}'>"
        f"{_PLUS}<span>{new}</span></button></nav></header>"
    )


def banner_html(state: dict[str, Any], lang: Lang) -> str:
    """What is not ready yet, or failed and how to mend it; nothing when all is well."""
    library, model = state.get("library", {}), state.get("model", {})
    for part, values in (("library", library), ("model", model)):
        condition = values.get("state")
        if condition in ("loading", "failed"):
            busy = "<span class='pulse' aria-hidden='true'></span>" if condition == "loading" else ""
            why = f"<p class='why'>{escape(values.get('error', ''))}</p>" if condition == "failed" and values.get("error") else ""
            mend = _mend(str(values.get("hint", "")), lang) if condition == "failed" else ""
            return (
                f"<div class='banner {condition}' role='status'>{busy}<div><p>{escape(say(f'web_{part}_{condition}', lang))}</p>"
                f"{why}{mend}</div></div>"
            )
    return ""


def foot_html(lang: Lang, model: str, limit: int) -> str:
    """What happens to what is typed, and a counter that appears when a text gets too long."""
    count = escape(say("web_count", lang, limit=limit))
    remote = model.split(":", 1)[0] not in ("local", "none", "fake", "")
    data = say("web_data_remote", lang, model=model) if remote else say("web_data_local", lang)
    return f"<p class='data'>{escape(data)}</p><p class='count' data-limit='{limit}' data-words='{count}' aria-live='polite'></p>"


def hint_html(sentence: str) -> str:
    """A short remark above the question box."""
    return f"<p class='hint' role='alert'>{escape(sentence)}</p>" if sentence else ""


def announce_html(text: str) -> str:
    """What a screen reader is told; nothing to see."""
    return f"<p class='sr' role='status'>{escape(text)}</p>"


def restore_html(question: str) -> str:
    """Puts a question that could not be answered back into the question box, if that is empty."""
    return f"<span hidden data-restore='{escape(question)}'></span>"


def _lang_tag(lang: Lang) -> str:
    return "zh-CN" if lang == "zh" else "en"


def _svg(path: str, extra: str = "") -> str:
    return (
        f"<svg viewBox='0 0 24 24' width='18' height='18' fill='none' stroke='currentColor' stroke-width='1.8' "
        f"stroke-linecap='round' stroke-linejoin='round' aria-hidden='true' {extra}>{path}</svg>"
    )


_LEFT = _svg("<path d='M15 6l-6 6 6 6'/>")
_RIGHT = _svg("<path d='M9 6l6 6-6 6'/>")
_CROSS = _svg("<path d='M6 6l12 12M18 6L6 18'/>")
_PLUS = _svg("<path d='M12 5v14M5 12h14'/>")
_TICK = _svg("<path d='M5 12.5l4.5 4.5L19 7.5'/>")
_THEME = _svg("<circle cx='12' cy='12' r='8'/><path d='M12 4a8 8 0 0 1 0 16z' fill='currentColor'/>")
_BRAND = (
    "<svg viewBox='0 0 32 32' width='32' height='32'><rect width='32' height='32' rx='8' fill='var(--coach-accent)'/>"
    "<path d='M7 24h4v-4h5v-5h5v-5h4' fill='none' stroke='#fff' stroke-width='2.4' stroke-linecap='round' "
    "stroke-linejoin='round'/></svg>"
)
