"""The coach's kept conversations in the shape the chat page shows them; keeps nothing itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol

from coach.conversation.talks import Brought, Talks
from coach.store import conversations as store
from coach.store.records import Records
from coach.types import Attachment, Event, Lang
from ui.chat.exchange import Conversation, Entry, Exchange, File, Verdict, folded


class Coaching(Protocol):
    """The parts of a coach that keep things; both may raise SetupError."""

    @property
    def talks(self) -> Talks: ...
    @property
    def records(self) -> Records: ...


class Keeping:
    """One person's conversations, told in one language. What is not theirs is unknown: NotFound."""

    def __init__(self, coach: Coaching, person: str, lang: Lang) -> None:
        self._talks = coach.talks
        self._records = coach.records
        self._person = person
        self._lang = lang

    def entries(self, search: str) -> list[Entry]:
        """The list, newest first; with `search`, those in which it occurs."""
        found = self._talks.conversations(self._person, search)
        return [Entry(id=h.id, title=h.title, changed=h.changed) for h in found]

    def conversation(self, conversation: str) -> Conversation:
        """All of it, replaced exchanges folded into those that took their place."""
        kept = self._talks.conversation(self._person, conversation, lang=self._lang)
        return Conversation(
            id=kept.id,
            title=kept.title,
            exchanges=folded(_exchange(e) for e in kept.exchanges),
            files=tuple(File(id=a.id, name=a.name, characters=a.characters) for a in kept.attachments),
        )

    def exchange(self, exchange: str) -> Exchange:
        """One exchange, without its earlier versions."""
        return _exchange(self._records.of(self._person).talks.exchange(exchange))

    def ask(self, conversation: str, question: str, *, should_stop: Callable[[], bool], instead_of: str) -> Iterator[Event]:
        """As `Talks.ask`."""
        return self._talks.ask(self._person, conversation, question, should_stop=should_stop, instead_of=instead_of or None)

    def rename(self, conversation: str, title: str) -> None:
        """As `Talks.rename`."""
        self._talks.rename(self._person, conversation, title, lang=self._lang)

    def delete(self, conversation: str) -> None:
        """As `Talks.delete`."""
        self._talks.delete(self._person, conversation)

    def judge(self, exchange: str, verdict: Verdict, reason: str) -> None:
        """As `Talks.judge`; an empty verdict takes the last one back."""
        self._talks.judge(self._person, exchange, verdict or None, reason, lang=self._lang)

    def paste(self, conversation: str, text: str) -> Brought:
        """As `Talks.paste`."""
        return self._talks.paste(self._person, conversation, text, lang=self._lang)

    def detach(self, conversation: str, file: str) -> None:
        """As `Talks.detach`."""
        self._talks.detach(self._person, conversation, file, lang=self._lang)

    def documents(self, conversation: str) -> tuple[Attachment, ...]:
        """The files of a conversation with their text."""
        return self._records.of(self._person).talks.documents(conversation)


def _exchange(kept: store.Exchange) -> Exchange:
    return Exchange(
        id=kept.id,
        question=kept.question,
        state=kept.state,
        reply=kept.reply,
        partial=kept.text,
        error=_failure(kept.code) if kept.state == "failed" else "",
        hint=kept.hint,
        verdict=kept.verdict or "",
        superseded=kept.superseded,
    )


def _failure(code: str) -> str:
    """The sentence for a failure by the code it was kept with, as `render` names it."""
    if code.startswith("model"):
        return "error_model"
    return "error_setup" if code.startswith(("setup", "library", "weights")) else "error"
