"""The search test: what chat makes of a question, what it finds, what it drops and why, and what it would reply."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from coach.conversation.turn import Kind
from coach.library.keeper import Tested
from coach.library.trace import Candidate
from coach.messages import say
from coach.types import Citation, Lang, Reply, Turn
from ui.chat.render import lang_tag, marked, prose, tier_label
from ui.html import Option, Tone, attributes, badge, card, details, empty, escape, field, form, link, select
from ui.library.words import LANGS, address, facts, language, named, said
from ui.visit import Visit

RESULT = "lib-tested"
"""The part of the page that shows the result."""
SHOWN = 12
"""Candidates that stand in sight; the rest are folded away."""
LONGEST_ADDRESS = 1500
"""Characters of an address that is kept for reload and sharing; a longer question is tested all the same."""
_TURNS_SHOWN = 3
_STATUS: dict[str, Tone] = {"answered": "good", "not_in_sources": "warn", "clarify": "info", "declined": "info", "crisis": "bad"}
_TAUGHT = ("document", "far", "field", "near", "smalltalk", "stress")
"""What the classifier tells apart beside the kinds a message can turn out to be."""
_SCORES = ("text", "question", "words")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What was put into the form. `earlier` are the person's messages before, one a line; `reply` the coach's last one."""

    question: str = ""
    lang: Lang | None = None
    earlier: str = ""
    reply: str = ""

    @classmethod
    def of(cls, sent: Mapping[str, str]) -> Asked:
        """From a form or an address."""
        wanted = next((each for each in LANGS if each == sent.get("lang")), None)
        return cls(
            question=sent.get("q", "").strip(),
            lang=wanted,
            earlier=sent.get("before", "").strip(),
            reply=sent.get("said", "").strip(),
        )

    @property
    def history(self) -> list[Turn]:
        """The conversation before, as chat would have it."""
        turns = [Turn(role="user", content=line.strip()) for line in self.earlier.splitlines() if line.strip()]
        return [*turns, Turn(role="assistant", content=self.reply)] if self.reply else turns

    @property
    def address(self) -> str:
        """Where this very test is found again."""
        return address("search", q=self.question, lang=self.lang or "", before=self.earlier, said=self.reply)


def search_tab(visit: Visit, asked: Asked, tested: Tested | None) -> str:
    """The form, and the result once there is one."""
    lang = visit.lang
    result = tested_html(visit, asked, tested) if tested else empty(say("wl_test_empty", lang), say("wl_test_empty_about", lang))
    return (
        f"<p class='lede'>{escape(say('wl_test_lede', lang))}</p>{card(_asking(visit, asked))}"
        f"<div id='{RESULT}' aria-live='polite'>{result}</div>"
    )


def _asking(visit: Visit, asked: Asked) -> str:
    lang = visit.lang
    options = [Option(value="", label=say("wl_lang_asked", lang))]
    options += [Option(value=each, label=language(each, lang)) for each in LANGS]
    earlier = field("before", say("wl_test_before", lang), asked.earlier, rows=2, help_=say("wl_test_before_about", lang))
    before = details(
        say("wl_test_history", lang),
        earlier + field("said", say("wl_test_said", lang), asked.reply, rows=2),
        details_id="lib-before",
        open_=bool(asked.history),
    )
    body = (
        f"{field('q', say('wl_test_question', lang), asked.question, rows=2, placeholder=say('wl_test_like', lang))}"
        f"{select('lang', say('wl_test_lang', lang), options, asked.lang or '')}{before}"
    )
    return form("test", body, say("wl_test_go", lang))


def tested_html(visit: Visit, asked: Asked, tested: Tested) -> str:
    """From top to bottom as it happened: understood, decided, found, replied."""
    at = asked.address
    kept = attributes({"data-address": at if len(at) <= LONGEST_ADDRESS else None})
    return (
        f"<div class='lib-tested'{kept}>{_understood(visit, tested)}{_decided(visit, tested)}{_found(visit, tested)}"
        f"{reply_html(visit, tested.reply, say('wl_reply', visit.lang))}</div>"
    )


def _understood(visit: Visit, tested: Tested) -> str:
    lang, trace = visit.lang, tested.trace
    alone = escape(trace.standalone)
    if trace.follow_up:
        alone += f" {badge(say('wl_follow_up', lang), 'info')}"
    kind = escape(_kind(trace.kind, lang))
    likely = sorted(trace.turn.items(), key=lambda each: -each[1])[:_TURNS_SHOWN]
    shares = say("wl_list_stop", lang).join(f"{_kind(name, lang)} {share:.0%}" for name, share in likely)
    rows = [
        (say("wl_alone", lang), alone),
        (say("wl_kind", lang), f"{kind} {badge(say('wl_by_rule', lang), 'info') if trace.by_rule else ''}"),
        (say("wl_turn", lang), escape(shares)),
        (say("wl_expansion", lang), escape(say("wl_list_stop", lang).join(trace.expansion))),
    ]
    return card(facts(rows), title=say("wl_understood", lang))


def _kind(name: str, lang: Lang) -> str:
    """What a kind of message is called; a kind nobody has named yet, as it is."""
    return say(f"wl_kind_{name}", lang) if name in (*get_args(Kind), *_TAUGHT) else name


def _decided(visit: Visit, tested: Tested) -> str:
    lang, trace = visit.lang, tested.trace
    body = f"<p>{escape(tested.why)}</p>"
    state = ""
    if trace.probability is not None and not trace.by_rule:
        state = badge(say("wl_enough" if trace.enough else "wl_not_enough", lang), "good" if trace.enough else "warn")
        body += _scale(visit, trace.probability, trace.threshold or 0.0)
    if trace.signals:
        rows = [(named(f"wl_signal_{name}", name, lang), _number(value)) for name, value in trace.signals.items()]
        about = f"<p class='small'>{escape(say('wl_signals_about', lang))}</p>"
        body += details(say("wl_signals", lang, n=len(rows)), about + facts(rows), details_id="lib-signals")
    return card(body, title=say("wl_decision", lang), actions=state)


def _number(value: float) -> str:
    return f"<span class='lib-number'>{value:.3f}</span>"


def _scale(visit: Visit, probability: float, threshold: float) -> str:
    """The probability as a bar with a mark where the threshold is; the sentence above says the same."""
    return (
        f"<div class='lib-scale' aria-hidden='true'><span style='inline-size:{100 * min(1.0, probability):.1f}%'></span>"
        f"<i style='inset-inline-start:{100 * min(1.0, threshold):.1f}%'></i></div>"
    )


# --- candidates ------------------------------------------------------------------------------------------------------


def _found(visit: Visit, tested: Tested) -> str:
    lang = visit.lang
    candidates = sorted(tested.trace.candidates, key=lambda c: (not c.rank, c.rank))  # what is hidden has no rank
    title = say("wl_candidates", lang)
    if not candidates:
        return card(f"<p>{escape(say('wl_candidates_none', lang))}</p>", title=title)
    used = [c for c in candidates if _used(c)]
    near = [c for n, c in enumerate(candidates) if n < SHOWN or _used(c)]
    rest = [c for n, c in enumerate(candidates) if not (n < SHOWN or _used(c))]
    count = say("wl_candidates_count", lang, n=len(candidates), used=len(used))
    body = f"<p class='small'>{escape(count)}</p>{_candidates(visit, tested, near, title)}"
    if rest:
        folded = say("wl_candidates_rest", lang, n=len(rest))
        body += details(folded, _candidates(visit, tested, rest, folded), details_id="lib-rest")
    about = f"<p class='small'>{escape(say('wl_scores_about', lang))}</p>"
    return card(body + details(say("wl_scores", lang), about, details_id="lib-scores"), title=title)


def _used(candidate: Candidate) -> bool:
    return candidate.fate in ("kept", "joined")


def _candidates(visit: Visit, tested: Tested, rows: Sequence[Candidate], caption: str) -> str:
    """A table on a wide screen and a list of cards on a narrow one: its roles are named, since cards would take them away."""
    lang = visit.lang
    heads = [say(f"wl_col_{name}", lang) for name in ("rank", "passage", *_SCORES, "fused", "fate")]
    head = "".join(f"<th scope='col' role='columnheader'>{escape(h)}</th>" for h in heads)
    body = "".join(_candidate(tested, row, heads, lang) for row in rows)
    return (
        f"<table class='lib-candidates' role='table'><caption class='sr'>{escape(caption)}</caption>"
        f"<thead role='rowgroup'><tr role='row'>{head}</tr></thead><tbody role='rowgroup'>{body}</tbody></table>"
    )


def _candidate(tested: Tested, candidate: Candidate, heads: Sequence[str], lang: Lang) -> str:
    passage = candidate.passage
    place = " › ".join(passage.heading_path)
    about = " · ".join(filter(None, (place, tier_label(passage.tier, passage.source, lang), language(passage.lang, lang))))
    what = f"{link(passage.title, address('documents', passage=passage.id))}<span class='small'>{escape(about)}</span>"
    scores = [f"{passage.scores[name]:.3f}" if name in passage.scores else "" for name in _SCORES]
    reason = tested.reason(candidate)
    state = badge(say("wl_used" if _used(candidate) else "wl_dropped", lang), "good" if _used(candidate) else "")
    fate = state if candidate.fate == "kept" else f"{state}<span class='small'>{escape(reason)}</span>"
    cells = [("rank", str(candidate.rank or "")), ("what", what)]
    cells += [("number", score) for score in scores] + [("number", f"{passage.score:.2f}"), ("fate", fate)]
    none = f"<span class='lib-none'>–<span class='sr'>{escape(say('wl_score_none', lang))}</span></span>"
    shown = "".join(
        f"<td role='cell' class='lib-{kind}' data-label='{escape(label)}'>{cell or none}</td>"
        for (kind, cell), label in zip(cells, heads, strict=True)
    )
    return f"<tr role='row' class='{'used' if _used(candidate) else 'dropped'}'>{shown}</tr>"


# --- the reply -------------------------------------------------------------------------------------------------------


def reply_html(visit: Visit, reply: Reply, title: str) -> str:
    """A reply as chat shows it: status, words with their numbers, and beneath each number the quote it stands for."""
    lang = visit.lang
    marks = {c.n: f"<sup class='lib-mark'>{c.n}</sup>" for c in reply.citations}
    answer = f"<div class='answer' lang='{lang_tag(reply.language)}'>{prose(reply.answer, marks)}</div>"
    noticed = f"<p class='small'>{escape(reply.notice)}</p>" if reply.notice else ""
    state = badge(named(f"wl_reply_{reply.status}", reply.status, lang), _STATUS.get(reply.status, ""))
    return card(f"{answer}{noticed}{citations_html(visit, reply)}", title=title, actions=state)


def citations_html(visit: Visit, reply: Reply) -> str:
    """The quotes of a reply, and the passages they are taken from, marked."""
    if not reply.citations:
        return ""
    lang = visit.lang
    listed = "".join(_citation(citation, lang) for citation in reply.citations)
    return f"<div class='stack'><h3>{escape(say('wl_citations', lang))}</h3><ol class='lib-citations'>{listed}</ol></div>"


def _citation(citation: Citation, lang: Lang) -> str:
    where = link(citation.title, address("documents", passage=citation.passage_id))
    tier = escape(tier_label(citation.tier, citation.source, lang))
    return (
        f"<li><span class='lib-mark'>{citation.n}</span><div><p class='said'>{escape(citation.quote)}</p>"
        f"<p class='small'>{where} · {tier}</p></div></li>"
    )


def passages_html(visit: Visit, reply: Reply) -> str:
    """Every passage the reply was made of, whole, with what it quotes marked."""
    lang = visit.lang
    shown = []
    for passage in reply.passages:
        spans = [(c.start, c.end, c.quote, c.n) for c in reply.citations if c.passage_id == passage.id]
        numbers = "".join(f"<span class='lib-mark'>{n}</span>" for n in sorted({n for *_, n in spans}))
        title = link(passage.title, address("documents", passage=passage.id))
        text = f"<div class='lib-text' lang='{lang_tag(passage.lang)}'>{marked(passage.text, spans)}</div>"
        place = " › ".join(passage.heading_path)
        path = f"<p class='small'>{escape(place)}</p>" if place else ""
        shown.append(f"<li><h3>{numbers}{title}</h3>{path}{text}</li>")
    if not shown:
        return f"<p class='lede'>{escape(say('wl_report_no_passages', lang))}</p>"
    return f"<ul class='lib-passages'>{''.join(shown)}</ul>"


def plain_reply(visit: Visit, text: str, of: Lang) -> str:
    """The words of a reply that cannot be read as a whole any more."""
    return card(said(text, of), title=say("wl_report_reply", visit.lang))
