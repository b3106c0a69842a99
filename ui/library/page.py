"""The page for whoever looks after the library: which view is shown, and what each action does; each view has a module."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from coach.app import Coach
from coach.errors import CoachError, InputError, NotFound
from coach.identity import Role
from coach.library.keeper import Keeper
from coach.messages import say
from coach.store.accounts import open_accounts
from coach.types import STATUSES, Status
from ui.html import Tab, escape, notice, tabs
from ui.library.asked import PERIODS, asked_tab, writing_view
from ui.library.documents import OWN, REINDEX, UPLOADS, documents_tab, own_html, reindex_html, uploads_html
from ui.library.documents import SHOWN as DOCUMENTS_SHOWN
from ui.library.passages import document_view, passage_view
from ui.library.queue import STATES, queue_tab, report_view
from ui.library.search import RESULT, Asked, search_tab, tested_html
from ui.library.words import LANGS, TABS, address
from ui.shell import Answer, Values, told
from ui.visit import Visit

if TYPE_CHECKING:
    from coach.library.mending import Mending
    from coach.store.queue import ReportState

_UNANSWERED = 12  # questions whose nearest titles are searched for while the page is made
_MOST_ROWS = 2000


class LibraryPage:
    """Documents, passages, the search test, bad answers, and what people ask."""

    path = "/library"
    role: Role = "reviewer"

    def __init__(self, coach: Coach) -> None:
        self._coach = coach

    @property
    def _keeper(self) -> Keeper:
        return self._coach.keeper

    @property
    def _mending(self) -> Mending:
        return self._coach.keeper.mending

    # --- showing ------------------------------------------------------------------------------------------------------

    def show(self, visit: Visit) -> str:
        """The view the address names, the documents for any other; what is not there is said above the list it was in."""
        lang = visit.lang
        tab = visit.query.get("tab", "")
        tab = tab if tab in TABS else TABS[0]
        views: dict[str, Callable[[Visit], str]] = {
            "documents": self._documents,
            "search": self._search,
            "queue": self._queue,
            "asked": self._asked,
        }
        try:
            body = views[tab](visit)
        except NotFound as error:
            missing = notice(" ".join(filter(None, told(error, lang))), "bad")
            body = missing + views[tab](Visit(visitor=visit.visitor, lang=lang, today=visit.today, now=visit.now))
        # The moment makes a page that was changed in parts differ from what is shown now.
        shown = f"{visit.now.timestamp():.6f}"
        return (
            f"<main class='page lib' id='coach-main-content' tabindex='-1' data-shown='{shown}'>"
            f"<h1>{escape(say('web_nav_library', lang))}</h1>{self._tabs(visit, tab)}{body}</main>"
        )

    def _tabs(self, visit: Visit, tab: str) -> str:
        waiting = len(self._mending.reports())
        names = {name: say(f"wl_tab_{name}", visit.lang) for name in TABS}
        if waiting:
            names["queue"] = say("wl_tab_queue_count", visit.lang, n=waiting)
        items = [Tab(label=names[name], href=address(name), current=name == tab) for name in TABS]
        return tabs(items, say("wl_tabs", visit.lang))

    def _documents(self, visit: Visit) -> str:
        query, lang = visit.query, visit.lang
        if query.get("passage"):
            view = self._keeper.passage(query["passage"], lang=lang)
            return passage_view(visit, view, self._keeper.history(view.id, lang=lang), self._people(visit))
        if query.get("doc"):
            row = self._keeper.document(query["doc"], lang=lang)
            views = self._keeper.passages(row.id, lang=lang)
            return document_view(visit, row, views, _number(query.get("start", ""), 0))
        find = query.get("find", "")
        rows = self._keeper.documents(lang=lang)
        if find:
            found = {row.id for row in self._keeper.documents(find, lang=lang)}
            rows = [row for row in rows if row.own or row.id in found]
        shown = min(_MOST_ROWS, max(DOCUMENTS_SHOWN, _number(query.get("shown", ""), DOCUMENTS_SHOWN)))
        return documents_tab(visit, rows, self._keeper.progress(), find, shown)

    def _people(self, visit: Visit) -> dict[str, str]:
        """What those who may have edited are called; nobody has a name where there are no accounts."""
        if not visit.visitor.name:
            return {}
        accounts = open_accounts(self._coach.settings)
        try:
            return {account.person: account.display or account.name for account in accounts.all()}
        finally:
            accounts.close()

    def _search(self, visit: Visit) -> str:
        asked = Asked.of(visit.query)
        if not asked.question:
            return search_tab(visit, asked, None)
        try:
            tested = self._keeper.search_test(asked.question, answer_lang=asked.lang, history=asked.history, lang=visit.lang)
        except CoachError as error:
            return notice(" ".join(filter(None, told(error, visit.lang))), "bad") + search_tab(visit, asked, None)
        return search_tab(visit, asked, tested)

    def _queue(self, visit: Visit) -> str:
        if visit.query.get("report"):
            report = self._mending.report(visit.query["report"], lang=visit.lang)
            return report_view(visit, report, *self._article(report.article, visit))
        state: ReportState = "open"
        if visit.query.get("state") in STATES:
            state = visit.query["state"]  # type: ignore[assignment]
        return queue_tab(visit, self._mending.reports(state), state)

    def _article(self, article: str, visit: Visit) -> tuple[str, str]:
        """Title and text of the article written for a report; both empty when there is none, or none any more."""
        if not article:
            return "", ""
        try:
            views = self._keeper.passages(article, lang=visit.lang)
        except NotFound:
            return "", ""
        return (views[0].title, "\n\n".join(view.text for view in views)) if views else ("", "")

    def _asked(self, visit: Visit) -> str:
        if visit.query.get("write"):
            return writing_view(visit, visit.query["write"])
        days = _number(visit.query.get("days", ""), PERIODS[1])
        days = days if days in PERIODS else PERIODS[1]
        since = visit.now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=days - 1)
        asking = self._mending.asked(since)
        return asked_tab(visit, asking, self._mending.unanswered(since, limit=_UNANSWERED) if asking.total else [], days)

    # --- doing --------------------------------------------------------------------------------------------------------

    def act(self, visit: Visit, do: str, values: Values) -> Answer:
        """Does what was pressed. Raises CoachError with a sentence for the reader; what was typed stays on the page."""
        actions: dict[str, Callable[[Visit, Values], Answer]] = {
            "uploaded": self._uploaded,
            "find": self._find,
            "hide": self._hide,
            "show_again": self._show_again,
            "remove": self._remove,
            "reindex": self._reindex,
            "cancel": self._cancel,
            "poll": self._poll,
            "edit": self._edit,
            "restore": self._restore,
            "test": self._test,
            "test_it": self._test_it,
            "write": self._write,
            "write_for": self._write_for,
            "undo_answer": self._undo_answer,
            "case": self._case,
            "undo_case": self._undo_case,
            "dismiss": self._dismiss,
            "reopen": self._reopen,
        }
        if do not in actions:
            raise InputError(say("wl_unknown", visit.lang), hint=say("wl_unknown_mend", visit.lang))
        return actions[do](visit, values)

    # documents

    def _uploaded(self, visit: Visit, values: Values) -> Answer:
        """Files came in over HTTP: the list shows them, and above it stands what became of each."""
        done, failed = values.several("done"), values.several("failed")
        results = uploads_html(visit, done, failed)
        if visit.query.get("doc"):
            if failed:
                return Answer(parts={UPLOADS: results})
            known = {row.id for row in self._keeper.documents(lang=visit.lang)}
            kept = visit.query["doc"] in known  # a file of another name is another document
            return Answer(say=" ".join(done), again=kept, goto="" if kept else address("documents"))
        own = [row for row in self._keeper.documents(lang=visit.lang) if row.own]
        return Answer(parts={UPLOADS: results, OWN: own_html(visit, own)})

    def _find(self, visit: Visit, values: Values) -> Answer:
        return Answer(goto=address("documents", find=values.text("find")[:200]))

    def _hide(self, visit: Visit, values: Values) -> Answer:
        row = self._keeper.hide(values.text("doc"), lang=visit.lang)
        return Answer(say=say("wl_hidden_now", visit.lang, title=row.title), again=True)

    def _show_again(self, visit: Visit, values: Values) -> Answer:
        row = self._keeper.hide(values.text("doc"), False, lang=visit.lang)
        return Answer(say=say("wl_shown_now", visit.lang, title=row.title), again=True)

    def _remove(self, visit: Visit, values: Values) -> Answer:
        row = self._keeper.document(values.text("doc"), lang=visit.lang)
        self._keeper.remove(row.id, lang=visit.lang)
        gone = say("wl_removed", visit.lang, title=row.title)
        return Answer(say=gone, goto=address("documents")) if values.text("after") else Answer(say=gone, again=True)

    # the index

    def _reindex(self, visit: Visit, values: Values) -> Answer:
        self._keeper.reindex(lang=visit.lang)
        return self._poll(visit, values)

    def _cancel(self, visit: Visit, values: Values) -> Answer:
        self._keeper.cancel()
        return self._poll(visit, values)

    def _poll(self, visit: Visit, values: Values) -> Answer:
        """How far it is; once it has ended, the whole page, since every document may have changed."""
        progress = self._keeper.progress()
        if progress.state in ("running", "stopping"):
            return Answer(parts={REINDEX: reindex_html(visit, progress)})
        sentence = say(f"lib_reindex_{progress.state}", visit.lang, done=progress.done, total=progress.total)
        return Answer(say=sentence, tone="good" if progress.state == "done" else "warn", again=True)

    # passages

    def _edit(self, visit: Visit, values: Values) -> Answer:
        self._keeper.edit_passage(values.text("passage"), values.text("text"), by=visit.person, lang=visit.lang)
        return Answer(say=say("wl_saved", visit.lang), again=True)

    def _restore(self, visit: Visit, values: Values) -> Answer:
        version = values.number("version", -1)
        self._keeper.restore(values.text("passage"), version, by=visit.person, lang=visit.lang)
        return Answer(say=say("wl_restored", visit.lang), again=True)

    # search test

    def _test(self, visit: Visit, values: Values) -> Answer:
        asked = Asked.of({name: values.text(name) for name in ("q", "lang", "before", "said")})
        tested = self._keeper.search_test(asked.question, answer_lang=asked.lang, history=asked.history, lang=visit.lang)
        return Answer(parts={RESULT: tested_html(visit, asked, tested)})

    def _test_it(self, visit: Visit, values: Values) -> Answer:
        return Answer(goto=Asked(question=values.text("question")[:500]).address)

    # bad answers

    def _write(self, visit: Visit, values: Values) -> Answer:
        """The right answer, for a report, or for a question nobody reported."""
        lang, report = visit.lang, values.text("report")
        spoken = next((each for each in LANGS if each == values.text("answer_lang")), None)
        question, answer, title = (values.text(name) for name in ("question", "answer", "title"))
        if report:
            made = self._mending.write_answer(report, answer, title=title, question=question, answer_lang=spoken, lang=lang)
            return Answer(say=made.notice, tone="good" if made.first else "warn", again=True)
        made = self._mending.write_article(question, answer, title=title, answer_lang=spoken, lang=lang)
        again = Asked(question=question[:500], lang=spoken).address
        return Answer(say=made.notice, tone="good" if made.first else "warn", goto=again)

    def _write_for(self, visit: Visit, values: Values) -> Answer:
        return Answer(goto=address("asked", write=values.text("question")[:500]))

    def _undo_answer(self, visit: Visit, values: Values) -> Answer:
        self._mending.remove_answer(values.text("report"), lang=visit.lang)
        return Answer(say=say("wl_undone", visit.lang), again=True)

    def _case(self, visit: Visit, values: Values) -> Answer:
        status: Status = next((each for each in STATUSES if each == values.text("status")), "answered")
        parts = values.text("must_say").splitlines()
        made = self._mending.make_case(values.text("report"), must_say=parts, status=status, lang=visit.lang)
        return Answer(say=made.notice, again=True)

    def _undo_case(self, visit: Visit, values: Values) -> Answer:
        self._mending.remove_case(values.text("report"), lang=visit.lang)
        return Answer(say=say("wl_case_undone", visit.lang), again=True)

    def _dismiss(self, visit: Visit, values: Values) -> Answer:
        self._mending.dismiss(values.text("report"), values.text("note"), lang=visit.lang)
        return Answer(say=say("wl_dismissed", visit.lang), again=True)

    def _reopen(self, visit: Visit, values: Values) -> Answer:
        self._mending.reopen(values.text("report"), lang=visit.lang)
        return Answer(say=say("wl_reopened", visit.lang), again=True)


def _number(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else otherwise
