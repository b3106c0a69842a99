"""A reply, its passages and what surrounds them as Slack's Block Kit, in plain dicts.

Pure functions. Whatever a person, a model or a document wrote goes into `rich_text` and `plain_text`, where nothing is markup;
the fallback `text`, which Slack reads as markup, is escaped. Everything keeps within Slack's limits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import Any, Literal

from coach.channels.markdown import Heading, Item, Items, Paragraph, Quote, Span, Spans, Tree, parse, parts, plain, words
from coach.channels.slack import kit
from coach.channels.slack.kit import Block, Part, escaped
from coach.documents.words import shortened
from coach.messages import say
from coach.text import clean
from coach.types import Citation, Lang, Passage, Reply, Tier

_PART = 2600  # characters of an answer in one message: room is left for the question above it, and 3,000 is what reads well
_ASKED = 300
_BUTTON, _LABEL, _VALUE, _OPTION_VALUE = 75, 75, 2000, 150
_CONTEXT, _NOTICE, _PATH, _NOTE = 1900, 500, 200, 2900
_NAME, _SOURCE = 80, 120  # characters of a title and of a source in a line
_BUTTONS, _OPTIONS, _NEXT, _PROMPTS = 5, 25, 3, 4
_PASSAGE, _PASSAGE_PARTS = 2600, 40
_FOUND, _EXCERPT = 5, 240
_REASON = 2000
_WHERE = " › "
_AND = " · "


# --- a reply -----------------------------------------------------------------------------------------------------------


def message(
    reply: Reply, lang: Lang, *, exchange: str, asked: str = "", private: bool = False, human: bool = False
) -> list[Part]:
    """A reply as one message or several, in order; what can be done with it stands under the last.

    `asked` is restated above, where the question itself cannot be seen. `private`: only the asker sees it, and chooses whether
    to share. `human`: there are people to ask in this place.
    """
    trees = parts(parse(reply.answer), _PART) or parts(parse(reply.notice or say("sl_nothing", lang)), _PART)
    question = clip(asked, _ASKED)
    found = []
    for number, tree in enumerate(trees, 1):
        blocks = [rich_text(tree)]
        if number == 1 and reply.notice and reply.answer.strip():
            blocks.insert(0, _context(clip(reply.notice, _NOTICE)))
        if number == 1 and question:
            blocks.insert(0, rich_text(Tree(blocks=(Quote(spans=(Span(text=question),)),))))
        if number == len(trees):
            blocks += _below(reply, lang, exchange, private=private, human=human)
        spoken = plain(tree) if number > 1 or not question else f"{question}\n\n{plain(tree)}"
        found.append(Part(text=escaped(spoken), blocks=blocks))
    return found


def _below(reply: Reply, lang: Lang, exchange: str, *, private: bool, human: bool) -> Iterator[Block]:
    crisis = reply.status == "crisis"
    cited = list({c.n: c for c in reversed(reply.citations)}.values())[::-1]
    yield from _sources(cited, lang)
    if cited:
        yield _actions(_source_buttons([(c.n, c.title, source_value(c)) for c in cited], lang))
    own = []
    if _offers_general(reply):
        own.append(_button("coach_general", say("web_general", lang), exchange))
    if human and not private and not crisis:
        own.append(_button("coach_ask_human", say("sl_ask_human", lang), exchange))
    if private and not crisis:
        own.append(_button("coach_share", say("sl_share", lang), exchange))
    if private:
        own.append(_button("coach_keep", say("sl_keep", lang), exchange))
    if own:
        yield _actions(own)
    if crisis:
        return
    if suggested := [s for s in reply.suggestions if s.strip()][:_NEXT]:
        yield _context(say("web_next_questions", lang))
        yield _actions([_button(f"coach_next_{n}", s, _next_value(exchange, s)) for n, s in enumerate(suggested, 1)])
    yield _feedback(exchange, lang)


def _next_value(exchange: str, question: str) -> str:
    """What the button of a question to go on with carries; `next_of` reads it."""
    return f"{exchange}|{clip(question, _VALUE - len(exchange) - 1)}"


def next_of(value: str) -> tuple[str, str]:
    """(the exchange it follows, the question) of such a button."""
    exchange, _, question = value.partition("|")
    return exchange, question


def _offers_general(reply: Reply) -> bool:
    """Whether the reply itself offers advice from outside the library: there is a model for it, and the field is ours."""
    return reply.status == "not_in_sources" and say("offer_general", reply.language) in reply.answer


def _sources(cited: Sequence[Citation], lang: Lang) -> Iterator[Block]:
    """One line for each passage, with all the numbers under which it is cited."""
    numbers: dict[str, list[Citation]] = {}
    for citation in cited:
        numbers.setdefault(citation.passage_id, []).append(citation)
    lines = []
    for own in numbers.values():
        marks = "".join(f"[{c.n}]" for c in own)
        lines.append(f"{marks} {_origin(own[0].title, own[0].source, own[0].tier, lang)}")
    shown = [line for line, size in zip(lines, accumulate(len(line) + 1 for line in lines), strict=True) if size < _CONTEXT]
    if shown:
        yield _context("\n".join(shown if len(shown) == len(lines) else [*shown, "…"]))


def _origin(title: str, source: str, tier: Tier, lang: Lang) -> str:
    """Where words come from and how far they may be trusted; a label that the source bears itself is not said again."""
    label = say(f"web_tier_{tier}", lang)
    named = clip(source, _SOURCE)
    own = [clip(title, _NAME), named, "" if named.startswith(label) else label]
    return _AND.join(dict.fromkeys(filter(None, own)))


def _path(passage: Passage) -> str:
    """The headings a passage stands under."""
    return clip(_WHERE.join(filter(None, (clip(h, _NAME) for h in passage.heading_path))), _PATH)


def source_value(citation: Citation) -> str:
    """What the button of a citation carries; `source_of` reads it."""
    return _value(citation.passage_id, citation.start, citation.end, citation.n)


def source_of(value: str) -> tuple[str, int, int, int] | None:
    """(id of the passage, start, end, number) of a button; None for what no button of ours carries."""
    passage, *places = value.rsplit("|", 3)
    if len(places) != 3 or not passage or not all(p.isascii() and p.isdigit() and len(p) < 10 for p in places):
        return None
    start, end, n = map(int, places)
    return passage, start, end, n


def _value(passage: str, start: int, end: int, n: int) -> str:
    return f"{passage}|{start}|{end}|{n}"


def _source_buttons(sources: Sequence[tuple[int, str, str]], lang: Lang) -> list[Block]:
    """A button for each of the first (number, title, value), a menu for the others."""
    buttons = [
        _button(f"coach_source_{n}", say("sl_source", lang, n=n), value, label=say("web_cite", lang, n=n, title=title))
        for n, title, value in sources[:_BUTTONS]
    ]
    rest = [(n, title, value) for n, title, value in sources[_BUTTONS:] if len(value) <= _OPTION_VALUE][:_OPTIONS]
    if rest:
        options = [kit.option(clean(f"[{n}] {title}"), value) for n, title, value in rest]
        menu = {"type": "static_select", "action_id": "coach_source_more", "options": options}
        buttons.append({**menu, "placeholder": kit.plain(say("sl_source_more", lang), _OPTION_VALUE)})
    return buttons


def _feedback(exchange: str, lang: Lang) -> Block:
    def thumb(sign: str, verdict: str) -> Block:
        label = clip(say(f"web_{verdict}", lang), _LABEL)
        return {"text": kit.plain(sign, _BUTTON), "value": f"{verdict}|{exchange}", "accessibility_label": label}

    buttons = {
        "type": "feedback_buttons",
        "action_id": "coach_feedback",
        "positive_button": thumb("👍", "up"),
        "negative_button": thumb("👎", "down"),
    }
    return {"type": "context_actions", "elements": [buttons]}


# --- modals ------------------------------------------------------------------------------------------------------------


def passage_modal(passage: Passage | None, start: int, end: int, n: int, lang: Lang) -> Block:
    """The view that shows a passage with `text[start:end]` in bold; 0 and 0 mark nothing; None is a passage that is gone."""
    title = say("sl_source", lang, n=n)
    if passage is None:
        return kit.modal(title, [kit.sentence(say("sl_gone", lang))], lang)
    blocks: list[Block] = []
    if name := clip(passage.title, kit.SHORT):
        blocks.append({"type": "header", "text": kit.plain(name, kit.SHORT)})
    blocks += [_context(line) for line in (_path(passage), _origin("", passage.source, passage.tier, lang)) if line]
    text, fits = passage.text, 0 <= start < end <= len(passage.text)
    if not fits and (start, end) != (0, 0):
        blocks.append(_context(say("sl_changed", lang)))
    cuts = (0, start, end, len(text)) if fits else (0, 0, 0, len(text))
    before, quoted, after = (clean(text[a:b]) for a, b in zip(cuts, cuts[1:], strict=False))
    spans = [Span(text=before.lstrip()), Span(text=quoted, bold=True), Span(text=after.rstrip())]
    shown = tuple(s for s in spans if s.text)
    if words(shown).strip():
        pieces = parts(Tree(blocks=(Paragraph(spans=shown),)), _PASSAGE)
        blocks += [rich_text(piece) for piece in _around_bold(pieces)]
    return kit.modal(title, blocks, lang)


def _around_bold(pieces: Sequence[Tree]) -> Sequence[Tree]:
    """As many pieces as a view holds, the one with the quote among them."""
    marked = next((n for n, p in enumerate(pieces) if any(s.bold for b in p.blocks for s in _spans_of(b))), 0)
    first = max(0, min(marked - 1, len(pieces) - _PASSAGE_PARTS))
    return pieces[first : first + _PASSAGE_PARTS]


def _spans_of(block: Paragraph | Heading | Quote | Items) -> Spans:
    return () if isinstance(block, Items) else block.spans


def reason_modal(exchange: str, lang: Lang) -> Block:
    """The view that asks why a reply was no good; `reason_given` reads what was entered."""
    options = [kit.option(say(f"web_{verdict}", lang), verdict) for verdict in ("down", "wrong")]
    kinds = {"type": "radio_buttons", "action_id": "kind", "options": options, "initial_option": options[0]}
    title = say("web_wrong_title", lang)
    blocks = [
        kit.question("kind", title, kinds),
        kit.question("words", say("web_reason_words", lang), kit.typed("words", _REASON)),
        _context(say("web_wrong_about", lang)),
    ]
    return kit.modal(title, blocks, lang, callback="coach_reason", kept=exchange, submit="web_reason_send")


def reason_given(values: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> tuple[Literal["down", "wrong"], str]:
    """The verdict and the words out of the submitted view's `state.values`."""
    chosen = (values.get("kind", {}).get("kind", {}).get("selected_option") or {}).get("value")
    said = values.get("words", {}).get("words", {}).get("value") or ""
    return "wrong" if chosen == "wrong" else "down", clean(str(said)).strip()


# --- searching, notes, help --------------------------------------------------------------------------------------------


def found(passages: Sequence[Passage], question: str, lang: Lang) -> Part:
    """What a search found: the best passages with their scores, without a reply made of them."""
    asked = clip(question, _ASKED)
    if not passages:
        return note(say("sl_found_none", lang, question=asked))
    shown = passages[:_FOUND]
    opening = say("sl_found", lang, question=asked, n=len(shown))
    blocks = [kit.sentence(opening)]
    for number, passage in enumerate(shown, 1):
        name = Span(text=f"{number}. {clip(passage.title, kit.SHORT)}", bold=True)
        excerpt = Span(text=f"\n{_excerpt(passage.text)}")
        blocks.append(rich_text(Tree(blocks=(Paragraph(spans=(name, excerpt)),))))
        score = say("sl_score", lang, score=f"{passage.score:.2f}")
        blocks.append(_context(_AND.join(filter(None, (_path(passage), _origin("", passage.source, passage.tier, lang), score)))))
    values = [(n, p.title, _value(p.id, 0, 0, n)) for n, p in enumerate(shown, 1)]
    blocks.append(_actions(_source_buttons(values, lang)))
    titles = "\n".join(f"{n}. {clip(p.title, kit.SHORT)}" for n, p in enumerate(shown, 1))
    return Part(text=escaped(f"{opening}\n{titles}"), blocks=blocks)


def _excerpt(text: str) -> str:
    """The beginning of a passage in one line."""
    pieces = parts(parse(text), _EXCERPT)
    begun = " ".join(plain(pieces[0]).split()) if pieces else ""
    return f"{begun}…" if len(pieces) > 1 else begun


def note(text: str) -> Part:
    """One short sentence, as it is said privately."""
    said = clean(text).strip()[:_NOTE] or "…"
    return Part(text=escaped(said), blocks=[rich_text(Tree(blocks=(Paragraph(spans=(Span(text=said),)),)))])


_COMMANDS = (
    *(("ask", "question"), ("assess", ""), ("plan", ""), ("review", "")),
    *(
        ("search", "words"),
        ("link", "code"),
        ("unlink", ""),
        ("settings", ""),
        ("reminders", "switch"),
        ("forget", ""),
        ("help", ""),
    ),
)


def help(lang: Lang, command: str = "/coach") -> Part:
    """What can be done here, and the words for it."""
    opening = say("sl_help", lang)
    items = []
    for name, wanted in _COMMANDS:
        usage = f"{command} {name}" + (f" {say(f'sl_help_{wanted}', lang)}" if wanted else "")
        items.append(Item(spans=(Span(text=usage, code=True), Span(text=f"  {say(f'sl_help_{name}', lang)}"))))
    tree = Tree(blocks=(Paragraph(spans=(Span(text=opening),)), Items(items=tuple(items))))
    return Part(text=escaped(plain(tree)), blocks=[rich_text(tree)])


def prompts(questions: Iterable[str]) -> list[dict[str, str]]:
    """Questions to begin with, for `assistant.threads.setSuggestedPrompts`: at most four, none twice."""
    chosen = list(dict.fromkeys(q for q in (clip(q, _VALUE) for q in questions) if q))[:_PROMPTS]
    return [{"title": clip(q, _BUTTON), "message": q} for q in chosen]


# --- pieces ------------------------------------------------------------------------------------------------------------


def rich_text(tree: Tree) -> Block:
    """A tree that is not empty as one block: sections, lists and quotes."""
    elements: list[Block] = []
    run: list[Span] = []
    for block in tree.blocks:
        if isinstance(block, Paragraph | Heading):
            if run:
                run.append(Span(text="\n\n"))
            elif elements:
                run.append(Span(text="\n"))  # Slack leaves no room between a list and what follows it
            if isinstance(block, Heading):
                run += [replace(s, bold=True) for s in block.spans]
            else:
                run += block.spans
            continue
        if run:
            elements.append(_rich_section(run))
            run = []
        if isinstance(block, Quote):
            elements.append({"type": "rich_text_quote", "elements": _spans(block.spans)})
        else:
            elements += _lists(block.items)
    if run:
        elements.append(_rich_section(run))
    return {"type": "rich_text", "elements": elements}


def _rich_section(spans: Iterable[Span]) -> Block:
    return {"type": "rich_text_section", "elements": _spans(spans)}


def _spans(spans: Iterable[Span]) -> list[Block]:
    return [_span(s) for s in spans if s.text]


def _span(span: Span) -> Block:
    names = ("bold", "italic", "code")
    style = {name: True for name in names if getattr(span, name)}
    made: Block = {"type": "link", "url": span.link, "text": span.text} if span.link else {"type": "text", "text": span.text}
    return {**made, "style": style} if style else made


def _lists(items: Sequence[Item]) -> Iterator[Block]:
    """Slack's lists have one depth and count on by themselves, so each change of depth or number begins another."""
    made: Block | None = None
    awaited: tuple[int, int | None] | None = None
    for item in items:
        if made is None or awaited != (item.depth, item.number):
            if made is not None:
                yield made
            made = {"type": "rich_text_list", "style": "bullet", "indent": item.depth, "elements": []}
            if item.number is not None:
                made |= {"style": "ordered", "offset": max(0, item.number - 1)}
        made["elements"].append(_rich_section(item.spans))
        awaited = (item.depth, None if item.number is None else item.number + 1)
    if made is not None:
        yield made


def _button(action_id: str, text: str, value: str, *, label: str = "") -> Block:
    """A button; `label` is what a screen reader says where the text alone says too little."""
    made = kit.button(action_id, clean(text), value[:_VALUE])
    return {**made, "accessibility_label": clip(label, _LABEL)} if label else made


def _actions(elements: list[Block]) -> Block:
    return {"type": "actions", "elements": elements}


def _context(text: str) -> Block:
    """Lines of small print."""
    return {"type": "context", "elements": [{"type": "plain_text", "text": clean(text)[:_CONTEXT], "emoji": False}]}


def clip(text: str, limit: int) -> str:
    """The text as one line of at most `limit` characters; that it goes on shows as an ellipsis."""
    return shortened(clean(text), limit)
