"""What happens on the chat page: opening conversations, asking, watching a reply, judging it, files. Knows nothing of Gradio.

Every handler takes the visit, hence the person, and gives views: which parts of the page change, and to what. The
conversations are kept by the coach; a page holds none of them. Replies under way stand in `runs`.
"""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any, Protocol

from coach import text as texts
from coach.conversation import attachments
from coach.errors import CoachError, InputError, NotFound
from coach.framework import Profession
from coach.framework.schema import Stage
from coach.messages import say
from coach.settings import Settings
from coach.types import Attachment, Lang, Passage
from ui.chat import around, render
from ui.chat.around import Starters
from ui.chat.exchange import Conversation, Exchange, Verdict, finished, grouped, uncarried
from ui.chat.keeping import Coaching, Keeping
from ui.chat.runs import Run, Runs
from ui.shell import Values, told
from ui.visit import Visit

log = logging.getLogger(__name__)

View = dict[str, Any]
"""Part of the page → its new value. HTML: head list bar banner box panel. For chat.js: whole live found note, see `_at`."""

REFUSED_AT = 4
"""Times `max_question_chars` from which a question is not taken at all; up to that its beginning and end are read."""
SHOW_SECONDS_AFTER = 5
LISTED = 120
"""Conversations in the list; older ones are found by searching."""
_SMOOTH = 0.08
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Asked(Coaching, Protocol):
    """What the page needs of a coach."""

    settings: Settings

    @property
    def profession(self) -> Profession: ...
    def state(self) -> dict[str, Any]: ...
    def passage(self, passage_id: str) -> Passage | None: ...
    def examples(self, lang: Lang) -> list[str]: ...
    def starters(self, lang: Lang) -> list[tuple[Stage, list[str]]]: ...


class Chat:
    """The page's handlers over one coach, shared by all pages and people."""

    def __init__(self, coach: Asked) -> None:
        self.coach = coach
        self.runs = Runs()

    def _kept(self, visit: Visit) -> Keeping:
        """The conversations of whoever looks at the page; there is no other way to any."""
        return Keeping(self.coach, visit.person, visit.lang)

    # --- the page as a whole

    def page(self, visit: Visit) -> View:
        """Everything, for a page just loaded; which conversation, its address says."""
        lang, state = visit.lang, self.coach.state()
        limit = self.coach.settings.max_question_chars
        frame: View = {
            "head": around.rail_head_html(lang),
            "bar": around.bar_html(lang),
            "banner": around.banner_html(state, lang),
            "box": around.composer_html(lang, limit=limit, foot=around.foot_sentence(lang, state)),
            "panel": around.panel_html(lang),
        }
        try:
            return {**frame, "list": self._list(visit, ""), **self.open(visit, visit.query.get("c", ""))}
        except Exception as error:  # noqa: BLE001  without its records the page still says what is wrong
            text, hint = told(error, lang)
            return {**frame, **self._opening(visit), "note": _at({"say": f"{text} {hint}".strip(), "tone": "bad"})}

    def do(self, visit: Visit, what: str, values: Values) -> View:
        """What was pressed, other than asking. A failure is told, and changes nothing on the page."""
        handler = {
            "open": self._open,
            "section": self._section,
            "list": self._search,
            "rename": self._rename,
            "delete": self._delete,
            "judge": self._judge,
            "stop": self._stop,
            "paste": self._paste,
            "attached": self._attached,
            "detach": self._detach,
            "look": self._look,
        }.get(what)
        try:
            return handler(visit, values) if handler else {}
        except Exception as error:  # noqa: BLE001  whatever it is, the reader gets a sentence and the log the rest
            text, hint = told(error, visit.lang)
            return {"note": _at({"say": f"{text} {hint}".strip(), "tone": "bad", "restore": values.text("text")})}

    def open(self, visit: Visit, conversation: str) -> View:
        """A conversation, or an empty one; of one that is unknown, or not theirs, only that."""
        if not conversation:
            return self._opening(visit)
        try:
            return self._whole(visit, _known(conversation))
        except NotFound:
            if run := self.runs.of(visit.person, conversation):
                return self._whole(visit, conversation, Conversation(id=run.conversation))
            gone = _at({"say": say("web_unknown", visit.lang), "tone": "warn"})
            return self._opening(visit) | {"note": gone}

    def _open(self, visit: Visit, values: Values) -> View:
        return self.open(visit, values.text("c"))

    def _opening(self, visit: Visit) -> View:
        lang = visit.lang
        data = around.data_sentence(lang, self.coach.settings.model, accounts=bool(visit.visitor.name))
        html = around.opening_html(lang, self._questions(lang), self._examples(lang), data=data)
        return {"whole": _at({"c": "", "title": "", "html": html, "section": "", "x": "", "files": "", "busy": False})}

    def _questions(self, lang: Lang) -> Sequence[Starters]:
        try:
            return [Starters(stage=s.id, name=s.name.of(lang), questions=asks) for s, asks in self.coach.starters(lang)]
        except CoachError:
            return []

    def _examples(self, lang: Lang) -> list[str]:
        try:
            return list(self.coach.examples(lang))
        except CoachError:
            return []

    def _whole(self, visit: Visit, conversation: str, kept: Conversation | None = None) -> View:
        """A conversation with the passages of its last exchange; those of the others come when they are opened."""
        kept = kept or self._kept(visit).conversation(conversation)
        run = self.runs.of(visit.person, conversation)
        shown = _before(run, kept.exchanges) if run else list(kept.exchanges)
        lang, last = visit.lang, shown[-1] if shown else None
        html = render.log_html(shown, lang, general=self._general_possible())
        if not shown and not run:
            html = self._read_notes(visit, conversation)
        whole = {
            "c": conversation,
            "title": kept.title,
            "html": html,
            "section": self._section_of(last, lang) if last else "",
            "x": last.id if last else "",
            "files": around.files_html(kept.files, lang),
            "busy": run is not None,
        }
        return {"whole": _at(whole)}

    def _general_possible(self) -> bool:
        """Whether a model could give advice from outside the library."""
        return bool(self.coach.state().get("model", {}).get("state") == "ready")

    # --- the list

    def _list(self, visit: Visit, search: str) -> str:
        entries = self._kept(visit).entries(search)
        groups = grouped(entries[:LISTED], visit.now)
        return around.list_html(groups, visit.lang, search=search, more=max(0, len(entries) - LISTED))

    def _search(self, visit: Visit, values: Values) -> View:
        return {"list": self._list(visit, values.text("q")[:200])}

    def _rename(self, visit: Visit, values: Values) -> View:
        lang, title = visit.lang, texts.clean(values.text("title")).strip()
        if not title:
            raise InputError(say("web_rename_empty", lang))
        conversation = _known(values.text("c"))
        self._kept(visit).rename(conversation, title)
        named = self._kept(visit).conversation(conversation).title
        return self._search(visit, values) | {"note": _at({"say": say("web_renamed", lang), "c": conversation, "title": named})}

    def _delete(self, visit: Visit, values: Values) -> View:
        conversation = _known(values.text("c"))
        if run := self.runs.of(visit.person, conversation):
            run.stop()
        self._kept(visit).delete(conversation)
        gone = _at({"say": say("web_deleted", visit.lang), "gone": conversation})
        here = self._opening(visit) if values.text("here") == conversation else {}
        return self._search(visit, values) | here | {"note": gone}

    # --- one exchange

    def _section(self, visit: Visit, values: Values) -> View:
        conversation, exchange = _known(values.text("c")), values.text("x")
        kept = self._kept(visit).exchange(exchange)
        return {"found": _at({"c": conversation, "x": exchange, "html": self._section_of(kept, visit.lang), "asked": True})}

    def _section_of(self, exchange: Exchange, lang: Lang) -> str:
        """The passages behind an exchange, with those it cites but does not hold."""
        if (reply := exchange.reply) and (missing := uncarried(reply)) and self._library() == "ready":
            exchange = finished(exchange, reply, [p for name in missing if (p := self.coach.passage(name))])
        return render.section_html(exchange, lang)

    def _judge(self, visit: Visit, values: Values) -> View:
        lang, conversation, exchange = visit.lang, _known(values.text("c")), values.text("x")
        verdict = _verdict(values.text("verdict"))
        said = bool(values.text("told"))  # out of the dialog, not by the thumb that has just opened it
        reason = "；".join(texts.clean(r) for r in [*values.several("reason"), *values.several("words")])[:2000]
        self._kept(visit).judge(exchange, verdict, reason)
        kept = self._kept(visit).exchange(exchange)
        key = {"wrong": "web_wrong_sent", "": "web_vote_back"}.get(verdict, "web_vote_sent")
        return {
            "note": _at(
                {"say": say(key, lang), "c": conversation, "x": exchange, "votes": render.votes_html(kept, lang), "shut": said}
            )
        }

    def _stop(self, visit: Visit, values: Values) -> View:
        if run := self.runs.of(visit.person, values.text("c")):
            run.stop()
        return {}

    # --- files

    def _paste(self, visit: Visit, values: Values) -> View:
        brought = self._kept(visit).paste(_known(values.text("c")), values.text("text"))
        return self._files(visit, brought.conversation, [brought.attachment.id])

    def _attached(self, visit: Visit, values: Values) -> View:
        return self._files(visit, _known(values.text("c")), values.several("id"))

    def _detach(self, visit: Visit, values: Values) -> View:
        conversation, file = _known(values.text("c")), values.text("id")
        self._kept(visit).detach(conversation, file)
        view = self._files(visit, conversation, [])
        view["note"]["unread"] = file
        return view

    def _files(self, visit: Visit, conversation: str, new: Sequence[str]) -> View:
        """The files of a conversation, and what is said of those just brought in."""
        kept, lang = self._kept(visit).conversation(conversation), visit.lang
        added = self._read_notes(visit, conversation, new) if new else ""
        note = {"c": conversation, "files": around.files_html(kept.files, lang), "add": added, "title": kept.title}
        return {"note": _at(note), "list": self._list(visit, "")}

    def _read_notes(self, visit: Visit, conversation: str, only: Sequence[str] | None = None) -> str:
        documents = self._kept(visit).documents(conversation)
        return "".join(_read_note(d, visit.lang) for d in documents if only is None or d.id in only)

    # --- what is not ready

    def _look(self, visit: Visit, values: Values) -> View:
        return {"banner": around.banner_html(self.coach.state(), visit.lang)}

    def _library(self) -> str:
        return str(self.coach.state().get("library", {}).get("state", ""))

    # --- asking

    async def ask(self, visit: Visit, values: Values) -> AsyncIterator[View]:
        """Asks, or joins the reply under way in this conversation; a text that cannot be asked goes back into the box."""
        conversation = values.text("c")
        try:
            if values.text("join"):
                run = self.runs.of(visit.person, conversation)
            else:
                conversation = _known(conversation)
                question, refused = await asyncio.to_thread(self._question, visit, conversation, values)
                if refused:
                    yield refused
                if not question:
                    return
                run = self._begin(visit, conversation, question, values.text("instead"))
        except Exception as error:  # noqa: BLE001
            text, hint = told(error, visit.lang)
            yield {"note": _lost(conversation, values.text("text"), f"{text} {hint}".strip())}
            return
        if run is None:
            sentence = say("web_busy", visit.lang)
            joins = bool(values.text("join"))
            yield self._end(visit, conversation) if joins else {"note": _lost(conversation, values.text("text"), sentence)}
            return
        async for view in self._follow(run, visit, asked=not values.text("join")):
            yield view

    def _question(self, visit: Visit, conversation: str, values: Values) -> tuple[str, View]:
        """What is asked, after what was pasted along with it has become a file; with a view that says what became of it."""
        text, limit, lang = texts.clean(values.text("text")).strip(), self.coach.settings.max_question_chars, visit.lang
        if not text:
            sentence = say("empty_question", lang, **self.coach.profession.words(lang))
            return "", {"note": _lost(conversation, "", sentence)}
        question, pasted = attachments.split_paste(text)
        view: View = {}
        if pasted is not None:
            brought = self._kept(visit).paste(conversation, pasted)
            view = self._files(visit, conversation, [] if question else [brought.attachment.id])
            view["note"] |= {"dropped": not question}
            text = question
        if len(text) > limit * REFUSED_AT:
            sentence = say("web_too_long", lang, n=len(text), limit=limit * REFUSED_AT)
            return "", {"note": _lost(conversation, text, sentence)}
        return text, view

    def _begin(self, visit: Visit, conversation: str, question: str, instead_of: str) -> Run | None:
        limit = self.coach.settings.max_question_chars
        run = Run(conversation=conversation, question=texts.clip(question, limit), instead_of=instead_of)

        def events(should_stop: Any) -> Iterator[Any]:
            return self._kept(visit).ask(conversation, question, should_stop=should_stop, instead_of=instead_of)

        return self.runs.begin(visit.person, run, events, self._library)

    async def _follow(self, run: Run, visit: Visit, *, asked: bool) -> AsyncIterator[View]:
        """A run as it goes on, from now to its end, whoever began it; `asked`: this page did, just now."""
        shown, at, found = "", 0.0, False
        async for _ in run.changes():
            if run.ended:
                break
            html = self._live(run, visit.lang)
            fresh = run.found and not found
            # a page that has just asked shows the search by itself; the passages are worth the first message
            early = asked and not run.found and not run.words and run.stage == "web_stage_search" and run.seconds < 1
            if early or html == shown or (not fresh and shown and time.monotonic() - at < _SMOOTH):
                continue
            shown, at, found = html, time.monotonic(), run.found
            view: View = {"live": self._living(run, html, visit.lang)}
            if fresh:
                under_way = Exchange(id=run.exchange or "new", question="", passages=run.passages)
                section = render.section_html(under_way, visit.lang)
                view["found"] = _at({"c": run.conversation, "x": under_way.id, "html": section, "asked": False})
            yield view
        yield await asyncio.to_thread(self._ended, run, visit)

    def _live(self, run: Run, lang: Lang) -> str:
        stage = say(run.stage, lang, n=len(run.passages))
        exchange = Exchange(id=run.exchange or "new", question=run.question, passages=run.passages)
        seconds = run.seconds if run.seconds >= SHOW_SECONDS_AFTER else 0
        return render.live_html(exchange, lang, stage=stage, words=run.words, seconds=seconds)

    def _living(self, run: Run, html: str, lang: Lang) -> dict[str, Any]:
        stage = say(run.stage, lang, n=len(run.passages))
        shown = {"c": run.conversation, "x": run.exchange or "new", "html": html, "ended": False, "say": stage}
        return _at(shown | {"instead": run.instead_of})

    def _ended(self, run: Run, visit: Visit) -> View:
        """The last view of a run: what is kept of it now."""
        try:
            if not run.exchange:
                return self._not_kept(run, visit)
            if run.instead_of:
                return self._end(visit, run.conversation, arrived=True)
            kept = self._kept(visit).conversation(run.conversation)
            exchange = next((e for e in kept.exchanges if e.id == run.exchange), None)
            if exchange is None:  # replaced by another tab in the meantime
                return self._end(visit, run.conversation, arrived=True)
            return {
                **self._last(run, exchange, visit, kept.title),
                "list": self._list(visit, ""),
                **self._look(visit, Values({})),
            }
        except NotFound:  # deleted meanwhile
            return self._opening(visit)
        except Exception as error:  # noqa: BLE001
            text, hint = told(error, visit.lang)
            return {"note": _lost(run.conversation, run.question, f"{text} {hint}".strip())}

    def _last(self, run: Run, exchange: Exchange, visit: Visit, title: str) -> View:
        """The exchange as it will be found again, and its passages."""
        html = render.exchange_html(exchange, visit.lang, last=True, general=self._general_possible())
        aloud = exchange.reply.answer if exchange.reply else say("web_stopped", visit.lang)
        live = {"c": run.conversation, "x": exchange.id, "html": html, "ended": True, "say": aloud, "title": title}
        section = {"c": run.conversation, "x": exchange.id, "html": self._section_of(exchange, visit.lang), "asked": False}
        if exchange.state == "failed":  # the reader is told by the exchange itself
            live["say"] = ""
        return {"live": _at(live), "found": _at(section)}

    def _not_kept(self, run: Run, visit: Visit) -> View:
        """It could not be kept: a reply there is nevertheless is shown, else the question goes back into its box."""
        if run.reply:
            exchange = finished(Exchange(id=secrets.token_hex(8), question=run.question), run.reply)
            return self._last(run, exchange, visit, "")
        sentence = "".join(told(run.failure, visit.lang)) if run.failure else ""
        gone = {"c": run.conversation, "x": "new", "html": "", "ended": True, "say": ""}
        return {"live": _at(gone), "note": _lost(run.conversation, run.question, sentence)}

    def _end(self, visit: Visit, conversation: str, *, arrived: bool = False) -> View:
        """The conversation as it is kept, with the list; `arrived`: what was asked is in it, and no draft any more."""
        view = self.open(visit, conversation)
        view["whole"] |= {"of": conversation, "arrived": arrived}
        return {**view, "list": self._list(visit, "")}


def _before(run: Run, exchanges: Sequence[Exchange]) -> list[Exchange]:
    """The exchanges that stay while a reply is under way; that one itself is shown by the run, which the page joins."""
    at = next((n for n, e in enumerate(exchanges) if e.id == run.instead_of), len(exchanges))
    return [e for e in exchanges[:at] if e.state != "pending"]


def _read_note(document: Attachment, lang: Lang) -> str:
    """What is said of a file that was just brought in, with what can be asked of it."""
    said, _, _ = attachments.confirmation(document, lang).partition("\n\n")
    return around.read_html(document.id, render.prose(said), attachments.suggestions(attachments.read(document), lang), lang)


def _verdict(name: str) -> Verdict:
    """Raises InputError for a word that is no verdict."""
    known: dict[str, Verdict] = {"": "", "up": "up", "down": "down", "wrong": "wrong"}
    if name not in known:
        raise InputError(f"{name!r} is no verdict; known: up, down, wrong.")
    return known[name]


def _known(conversation: str) -> str:
    """The id of a conversation as a browser sent it; a new one for none. Raises NotFound for what cannot be an id."""
    if not conversation:
        return secrets.token_hex(8)
    if not _ID.fullmatch(conversation):
        raise NotFound("There is no such conversation.")
    return conversation


def _lost(conversation: str, text: str, sentence: str) -> dict[str, Any]:
    """What could not be asked goes back into the question box, with a word about why."""
    return _at({"c": conversation, "hint": sentence, "restore": text, "unasked": True})


def _at(values: dict[str, Any]) -> dict[str, Any]:
    """Something for chat.js; the moment tells two equal things apart."""
    return {"at": time.time_ns() // 1000, **values}
