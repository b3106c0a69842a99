"""The conversations of one person: what was asked and said, what they think of it, and what they brought along.

Owns how an exchange goes from pending to its end, which exchanges count as said, and the titles. Does not read files and
does not ask the coach: that is `coach.conversation.talks`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, Select, delete, func, insert, select, update

from coach.errors import Conflict, InputError
from coach.store.bound import Bound, kept_values, new_id, not_found, one_of, read_as, short
from coach.store.database import fold_in_log
from coach.store.tables import attachments, conversations, exchanges, reports, verdicts
from coach.text import clean, fold
from coach.types import Attachment, Reply, Turn

MAX_QUESTION = 100_000
"""Characters of a question."""
MAX_TITLE = 200
"""Characters of a title that somebody gives."""
MAX_REASON = 2_000
"""Characters of a reason for a verdict; what is longer is cut."""
HISTORY = 100
"""Exchanges before a question that the coach is told of."""
CONVERSATION_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""What an id that a client chooses may look like."""
_LONGEST_SEARCH = 1_000  # characters; databases refuse patterns without end
_TITLE_WIDTH = 40  # of a title made from a question; a Chinese character is two wide
_EMPTY = {**dict.fromkeys(("text", "status", "kind", "language", "code", "hint"), ""), "state": "pending", "superseded": False}
_SENTENCE_END = re.compile(r"[。！？!?；;]")
_BREAK = re.compile(r"[，,、：:）)\s]")

ExchangeState = Literal["pending", "done", "stopped", "failed", "interrupted"]
"""`interrupted` is shown and never kept: pending, and the process that was to answer is gone."""
Verdict = Literal["up", "down", "wrong"]
StillComing = Callable[[str, datetime], bool]
"""Whether the reply to a pending exchange, by its id and when it began, can still come."""


class UnderWay(Conflict):
    """A reply is still being written in this conversation."""


class Replaced(Conflict):
    """What was to be asked anew has been asked anew already."""


class Full(Conflict):
    """The conversation holds as many files as it may."""


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """A question and what became of it.

    `text` is the reply's text when done, and what came of it when stopped. `reply` is the whole reply, exactly as it was
    given; None before it is done, and where it does not fit this version of the program (`problem` then says what does not).
    `code` and `hint` tell a failure. A superseded exchange was replaced by a later one and is no part of the history.
    """

    id: str
    conversation: str
    question: str
    state: ExchangeState
    text: str
    reply: Reply | None
    problem: str
    status: str
    kind: str
    language: str
    code: str
    hint: str
    superseded: bool
    instead_of: str | None
    made: datetime
    ended: datetime | None
    verdict: Verdict | None
    reason: str


@dataclass(frozen=True, kw_only=True)
class AttachmentEntry:
    """Something brought into a conversation, without its text."""

    id: str
    name: str
    characters: int
    made: datetime


@dataclass(frozen=True, kw_only=True)
class Heading:
    """A conversation as a list shows it: `exchanges` counts those that were not replaced; `named` means by the person."""

    id: str
    title: str
    named: bool
    made: datetime
    changed: datetime
    exchanges: int
    attachments: int


@dataclass(frozen=True, kw_only=True)
class Conversation:
    """A whole conversation, oldest exchange first, replaced ones included."""

    id: str
    title: str
    named: bool
    made: datetime
    changed: datetime
    exchanges: tuple[Exchange, ...]
    attachments: tuple[AttachmentEntry, ...]

    @property
    def current(self) -> tuple[Exchange, ...]:
        """The exchanges that were not replaced."""
        return tuple(e for e in self.exchanges if not e.superseded)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question that is kept and waits for its reply, with what the coach needs to know of the conversation before it."""

    conversation: str
    exchange: str
    history: tuple[Turn, ...]
    documents: tuple[Attachment, ...]


class Conversations(Bound):
    """One person's conversations. Ids of other people's are as unknown as ids that do not exist: NotFound."""

    # --- conversations ------------------------------------------------------------------------------------------------

    def listed(self, search: str = "") -> list[Heading]:
        """The newest first; with `search`, those whose title, questions or replies hold it, however it is written."""
        needle = fold(search)
        if len(needle) > _LONGEST_SEARCH:
            return []
        counts = [self._count(table) for table in (exchanges, attachments)]
        query = select(conversations, *(count.scalar_subquery() for count in counts))
        query = query.where(conversations.c.person == self._id).order_by(
            conversations.c.changed.desc(), conversations.c.seq.desc()
        )
        with self._reading() as connection:
            rows = connection.execute(query).all()
            said = self._holding(connection, needle) if needle else set()
        found = [r for r in rows if not needle or needle in fold(r.title) or r.id in said]
        return [_heading(row, *row[-2:]) for row in found]

    def one(self, conversation_id: str) -> Conversation:
        """A whole conversation."""
        with self._reading() as connection:
            row = self._own(connection, conversations, conversation_id, "conversation")
            opinions = {v.exchange: v for v in connection.execute(self._mine(verdicts))}
            said = connection.execute(self._in(exchanges, conversation_id).order_by(exchanges.c.seq)).all()
            brought = connection.execute(self._in(attachments, conversation_id).order_by(attachments.c.seq)).all()
        return Conversation(
            exchanges=tuple(_exchange(e, opinions.get(e.id)) for e in said),
            attachments=tuple(_entry(a) for a in brought),
            **_head(row),
        )

    def new(self, conversation_id: str = "", title: str = "") -> Heading:
        """Begins a conversation, named if a title is given. Raises Conflict if the id is taken, InputError for a bad one."""
        with self._writing() as connection:
            if conversation_id and self._row(connection, conversation_id):
                raise Conflict(f"There is a conversation {short(conversation_id)} already.", hint="Choose another id.")
            named = _given_title(title)
            return _heading(self._begun(connection, conversation_id, named, named=bool(named)), 0, 0)

    def rename(self, conversation_id: str, title: str) -> None:
        """Gives a title; an empty one gives back the title made from the first question. Raises InputError."""
        given = _given_title(title)
        with self._writing() as connection:
            self._own(connection, conversations, conversation_id, "conversation")
            made = given or self._made_title(connection, conversation_id)
            self._set(connection, conversations, conversation_id, {"title": made, "named": bool(given)})

    def delete(self, conversation_id: str) -> int:
        """Removes a conversation and all that belongs to it for good; tells how many exchanges it had, 0 if there is none."""
        with self._writing() as connection:
            said = self._in(exchanges, conversation_id).with_only_columns(func.count())
            count = connection.execute(said).scalar_one()
            mine = (conversations.c.person == self._id, conversations.c.id == conversation_id)
            gone = connection.execute(delete(conversations).where(*mine)).rowcount
        if gone:
            fold_in_log(self._engine)
        return count

    def delete_all(self) -> int:
        """Removes all conversations of the person for good and tells how many there were."""
        with self._writing() as connection:
            gone = connection.execute(delete(conversations).where(conversations.c.person == self._id)).rowcount
        fold_in_log(self._engine)
        return gone

    # --- exchanges ----------------------------------------------------------------------------------------------------

    def begin(
        self,
        conversation_id: str,
        question: str,
        *,
        instead_of: str | None = None,
        still_coming: StillComing = lambda _id, _made: False,
    ) -> Asked:
        """Keeps a question as pending; without an id, or with an unknown one, in a new conversation.

        `instead_of` names the exchange to ask anew: the history ends before it, and it is replaced once there is a reply.

        Raises:
            InputError: the question is empty or too long, or the id cannot be one.
            NotFound: there is no exchange `instead_of` in this conversation.
            UnderWay, Replaced: a reply is still to come there; that exchange has been replaced already.
        """
        _check_question(question)
        asked = {"question": question, "folded": f"{fold(question)}\n", **_EMPTY}
        with self._writing() as connection:
            row = self._row(connection, conversation_id) or self._begun(connection, conversation_id, title_of(question))
            self._refuse_second(connection, row.id, still_coming)
            replaced = self._to_replace(connection, row.id, instead_of) if instead_of else None
            before = self._history(connection, row.id, replaced.seq if replaced else None)
            documents = self._documents(connection, row.id)
            place = {"conversation": row.id, "instead_of": replaced.id if replaced else None}
            waiting = self._add(connection, exchanges, new_id(), **asked, **place)
            self._touch(connection, row.id)
        return Asked(conversation=row.id, exchange=waiting.id, history=before, documents=documents)

    def finish(self, exchange_id: str, reply: Reply) -> bool:
        """Keeps the reply and replaces what it was asked instead of; False if the exchange is gone or over."""
        values = kept_values(asdict(reply))
        said = {"text": reply.answer, "reply": values, "status": reply.status, "kind": reply.kind, "language": reply.language}
        return self._end(exchange_id, "done", **said)

    def stop(self, exchange_id: str, text: str) -> bool:
        """Keeps what came of a reply that was stopped."""
        return self._end(exchange_id, "stopped", text=text)

    def fail(self, exchange_id: str, code: str, hint: str = "", text: str = "") -> bool:
        """Keeps that there was no reply and why."""
        return self._end(exchange_id, "failed", code=code[:64], hint=hint, text=text)

    def exchange(self, exchange_id: str) -> Exchange:
        """One exchange."""
        with self._reading() as connection:
            row = self._own(connection, exchanges, exchange_id, "exchange")
            mine = self._mine(verdicts).where(verdicts.c.exchange == exchange_id)
            return _exchange(row, connection.execute(mine).first())

    def judge(self, exchange_id: str, verdict: Verdict | None, reason: str = "") -> None:
        """Keeps what the person thinks of a reply; None takes it back. "wrong" puts it into the reviewers' queue.

        Changing one's mind takes it out again as long as nobody has dealt with it. Raises Conflict before there is a reply.
        """
        if verdict is not None:
            one_of(verdict, Verdict, "verdict")
        why = clean(reason).strip()[:MAX_REASON]
        with self._writing() as connection:
            row = self._own(connection, exchanges, exchange_id, "exchange")
            if row.state == "pending":
                raise Conflict("There is no reply to judge yet.", hint="Wait until the reply is complete.")
            connection.execute(delete(verdicts).where(verdicts.c.person == self._id, verdicts.c.exchange == exchange_id))
            if verdict is not None:
                self._add(connection, verdicts, exchange=exchange_id, verdict=verdict, reason=why)
            self._report(connection, exchange_id, why if verdict == "wrong" else None)

    # --- what is brought along ----------------------------------------------------------------------------------------

    def attach(self, conversation_id: str, name: str, text: str, *, limit: int) -> tuple[str, AttachmentEntry]:
        """Keeps a text for one conversation, a new one if need be; gives the conversation's id too.

        Raises Full when the conversation has `limit` of them.
        """
        with self._writing() as connection:
            row = self._row(connection, conversation_id) or self._begun(connection, conversation_id, title_of(name))
            there = connection.execute(self._in(attachments, row.id).with_only_columns(func.count())).scalar_one()
            if there >= limit:
                raise Full(f"The conversation holds {there} files, which is the most.", hint="Remove one first.")
            values = {"conversation": row.id, "name": name, "text": text, "characters": len(text)}
            kept = _entry(self._add(connection, attachments, new_id(), **values))
            self._touch(connection, row.id)
        return row.id, kept

    def detach(self, conversation_id: str, attachment_id: str) -> None:
        """Removes it for good."""
        with self._writing() as connection:
            row = self._own(connection, attachments, attachment_id, "file")
            if row.conversation != conversation_id:
                raise not_found("file", attachment_id)
            mine = (attachments.c.person == self._id, attachments.c.id == attachment_id)
            connection.execute(delete(attachments).where(*mine))
        fold_in_log(self._engine)

    def documents(self, conversation_id: str) -> tuple[Attachment, ...]:
        """Everything brought into a conversation, with its text."""
        with self._reading() as connection:
            self._own(connection, conversations, conversation_id, "conversation")
            return self._documents(connection, conversation_id)

    # --- parts --------------------------------------------------------------------------------------------------------

    def _in(self, table: Any, conversation_id: str) -> Select[Any]:  # noqa: ANN401  Table
        return self._mine(table).where(table.c.conversation == conversation_id)

    def _row(self, connection: Connection, conversation_id: str) -> Row[Any] | None:
        return connection.execute(self._mine(conversations).where(conversations.c.id == conversation_id)).first()

    def _begun(self, connection: Connection, conversation_id: str, title: str, *, named: bool = False) -> Row[Any]:
        if conversation_id and not CONVERSATION_ID.fullmatch(conversation_id):
            hint = "Use up to 64 letters, digits, underscores and hyphens, or none at all."
            raise InputError(f"{short(conversation_id)} cannot be the id of a conversation.", hint=hint)
        values = {"title": title, "named": named, "changed": self._clock()}
        return self._add(connection, conversations, conversation_id or new_id(), **values)

    def _touch(self, connection: Connection, conversation_id: str) -> None:
        """Now it has changed, and with its first question it gets its title."""
        changes: dict[str, Any] = {"changed": self._clock()}
        row = self._row(connection, conversation_id)
        if row is not None and not row.named:
            changes["title"] = self._made_title(connection, conversation_id) or row.title
        mine = update(conversations).where(conversations.c.person == self._id, conversations.c.id == conversation_id)
        connection.execute(mine.values(changes))

    def _made_title(self, connection: Connection, conversation_id: str) -> str:
        """From the first question that counts, else from what was brought along first."""
        for table, column in ((exchanges, exchanges.c.question), (attachments, attachments.c.name)):
            first = self._in(table, conversation_id).with_only_columns(column).order_by(table.c.seq).limit(1)
            if table is exchanges:
                first = first.where(exchanges.c.superseded.is_(False))
            if words := connection.execute(first).scalar():
                return title_of(words)
        return ""

    def _count(self, table: Any) -> Select[Any]:  # noqa: ANN401  Table
        belongs = (table.c.person == conversations.c.person, table.c.conversation == conversations.c.id)
        query = select(func.count()).select_from(table).where(*belongs).correlate(conversations)
        return query.where(exchanges.c.superseded.is_(False)) if table is exchanges else query

    def _holding(self, connection: Connection, needle: str) -> set[str]:
        """Ids of the conversations in which this was asked or said."""
        holds = exchanges.c.folded.contains(needle, autoescape=True)
        query = self._mine(exchanges).with_only_columns(exchanges.c.conversation).distinct()
        return set(connection.execute(query.where(holds, exchanges.c.superseded.is_(False))).scalars())

    def _refuse_second(self, connection: Connection, conversation_id: str, still_coming: StillComing) -> None:
        pending = self._in(exchanges, conversation_id).where(exchanges.c.state == "pending")
        if any(still_coming(row.id, row.made) for row in connection.execute(pending)):
            raise UnderWay("A reply is still being written in this conversation.", hint="Wait for it, or stop it first.")

    def _to_replace(self, connection: Connection, conversation_id: str, exchange_id: str) -> Row[Any]:
        """The exchange to be replaced: where one that failed was asked instead of another, that other one."""
        row = self._own(connection, exchanges, exchange_id, "exchange")
        if row.conversation != conversation_id:
            raise not_found("exchange", exchange_id)
        if row.superseded:
            raise Replaced("This question has been asked anew meanwhile.", hint="Look at the conversation as it is now.")
        first = row.instead_of and connection.execute(self._mine(exchanges).where(exchanges.c.id == row.instead_of)).first()
        return first if first and not first.superseded else row

    def _history(self, connection: Connection, conversation_id: str, before: int | None) -> tuple[Turn, ...]:
        said = self._in(exchanges, conversation_id).with_only_columns(exchanges.c.question, exchanges.c.text)
        said = said.where(exchanges.c.state == "done", exchanges.c.superseded.is_(False))
        said = said if before is None else said.where(exchanges.c.seq < before)
        rows = connection.execute(said.order_by(exchanges.c.seq.desc()).limit(HISTORY)).all()
        turns = ((Turn(role="user", content=r.question), Turn(role="assistant", content=r.text)) for r in reversed(rows))
        return tuple(turn for pair in turns for turn in pair)

    def _documents(self, connection: Connection, conversation_id: str) -> tuple[Attachment, ...]:
        rows = connection.execute(self._in(attachments, conversation_id).order_by(attachments.c.seq))
        return tuple(Attachment(id=row.id, name=row.name, text=row.text) for row in rows)

    def _end(self, exchange_id: str, state: ExchangeState, **values: Any) -> bool:  # noqa: ANN401  columns
        text = fold(values.get("text", ""))
        with self._writing() as connection:
            row = connection.execute(self._mine(exchanges).where(exchanges.c.id == exchange_id)).first()
            if row is None or row.state != "pending":
                return False
            changes = {"state": state, "ended": self._clock(), "folded": row.folded + text, **values}
            self._set(connection, exchanges, exchange_id, changes)
            if state == "done" and row.instead_of:
                self._supersede(connection, row)
            self._touch(connection, row.conversation)
            return True

    def _supersede(self, connection: Connection, by: Row[Any]) -> None:
        """What was asked anew, and everything between it and the new reply, no longer counts."""
        replaced = self._own(connection, exchanges, by.instead_of, "exchange")
        among = (exchanges.c.person == self._id, exchanges.c.conversation == by.conversation)
        between = (exchanges.c.seq >= replaced.seq, exchanges.c.seq < by.seq)
        connection.execute(update(exchanges).where(*among, *between).values(superseded=True))

    def _report(self, connection: Connection, exchange_id: str, reason: str | None) -> None:
        """One open report an exchange; without a reason there shall be none."""
        mine = (reports.c.person == self._id, reports.c.exchange == exchange_id, reports.c.state == "open")
        if reason is None:
            connection.execute(delete(reports).where(*mine))
        elif not connection.execute(update(reports).where(*mine).values(reason=reason)).rowcount:
            row = {"id": new_id(), "person": self._id, "exchange": exchange_id, "made": self._clock()}
            connection.execute(insert(reports).values(**row, state="open", reason=reason, note="", article=""))


# --- titles -----------------------------------------------------------------------------------------------------------


def title_of(question: str) -> str:
    """A title of at most 40 columns: the question, its first sentence, or its beginning as far as makes sense."""
    words = " ".join(clean(question).split())
    fits = _within(words, _TITLE_WIDTH)
    if fits == words:
        return words
    if end := _SENTENCE_END.search(fits, len(fits) // 3):
        return fits[: end.end()]
    kept = _within(words, _TITLE_WIDTH - 1)
    breaks = [found.start() for found in _BREAK.finditer(kept, len(kept) // 2)]
    return f"{kept[: breaks[-1]] if breaks else kept}…"


def _within(text: str, width: int) -> str:
    """The longest beginning that is no wider; marks that belong to the character before them are not torn off."""
    used = 0
    for at, character in enumerate(text):
        used += _width(character)
        if used > width:
            while at and _width(text[at]) == 0:
                at -= 1
            return text[:at].rstrip()
    return text


def _width(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _given_title(title: str) -> str:
    words = " ".join(clean(title).split())
    if len(words) > MAX_TITLE:
        raise InputError(f"The title has {len(words)} characters, {MAX_TITLE} at most.", hint="Choose a shorter one.")
    return words


# --- rows as values ---------------------------------------------------------------------------------------------------


def _check_question(question: str) -> None:
    if not clean(question).strip():
        raise InputError("There is no question.", hint="Write one sentence.")
    if len(question) > MAX_QUESTION:
        raise InputError(
            f"The question has {len(question)} characters, {MAX_QUESTION} at most.",
            hint="Put the long text into the conversation as a file and ask about it.",
        )


def _head(row: Row[Any]) -> dict[str, Any]:
    return {name: row._mapping[name] for name in ("id", "title", "named", "made", "changed")}


def _heading(row: Row[Any], said: int, brought: int) -> Heading:
    return Heading(**_head(row), exchanges=said, attachments=brought)


def _entry(row: Row[Any]) -> AttachmentEntry:
    return AttachmentEntry(id=row.id, name=row.name, characters=row.characters, made=row.made)


def reply_of(raw: object) -> tuple[Reply | None, str]:
    """A kept reply, or None and what does not fit; None and no problem where there is none."""
    return read_as(Reply, raw) if raw is not None else (None, "")


def _exchange(row: Row[Any], opinion: Row[Any] | None) -> Exchange:
    reply, problem = reply_of(row.reply)
    plain = ("id", "conversation", "question", "state", "text", "status", "kind", "language", "code", "hint", "superseded")
    values = {name: row._mapping[name] for name in (*plain, "instead_of", "made", "ended")}
    verdict, reason = (opinion.verdict, opinion.reason) if opinion else (None, "")
    return Exchange(**values, reply=reply, problem=problem, verdict=verdict, reason=reason)
