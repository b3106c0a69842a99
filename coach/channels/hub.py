"""What becomes of a message from a channel, whichever it is: who asks, in which conversation, whether all may read the answer.

Every message goes through the inbox first, so that it is handled once, also when this process dies in the middle of it. The
reply comes from `Coach.talks`, as on the web page. A channel (`Port`) brings in messages and shows what the hub gives it.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
import socket
import time
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Generator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, ParamSpec, Protocol, TypeVar, cast

from pydantic import ValidationError

from coach.app import Coach
from coach.conversation import patterns
from coach.development.schema import Value
from coach.errors import CoachError, Conflict, InputError, NotFound, SetupError
from coach.messages import say
from coach.service.streaming import Run, Running
from coach.store.bound import new_id
from coach.store.channels import Answered, Channels, ChannelUser, Place
from coach.store.conversations import Exchange, UnderWay, Verdict
from coach.store.inbox import TRIES, Inbox, Item
from coach.text import clean, language, normalise, simplify
from coach.types import Begun, Done, Event, Found, Lang, Part, Reply, Turn, Words

AT_ONCE = 8
"""Messages of one channel that a process answers at the same time; more wait their turn."""
PRIVATE = ("personal", "crisis", "violence", "safe")
"""Kinds of turn whose reply is about the person who asked, and for nobody else to read."""
MAX_FILES = 5
_SMALL_TALK = ("hello", "thanks", "bye")

_LOOK = 2.0  # seconds after which a worker looks for what others have left or what has become due
_HEARTBEAT = 10.0
_FLUSH = 1.0  # seconds of words that are shown together while a reply streams
_WAITS = (timedelta(seconds=2), timedelta(seconds=15), timedelta(seconds=60))  # before an item is tried again
_LEAVING = 10.0  # seconds for a reply that was stopped
_HOUR = 3600.0
_PRUNE_EVERY = 3600.0

P = ParamSpec("P")
R = TypeVar("R")

log = logging.getLogger(__name__)


class FileRef(Value):
    """A file that came with a message: its name, and what the channel needs to fetch it."""

    name: str
    where: str


class Asked(Value):
    """A message for the coach. Ids are the channel's own; `thread` is the id of the message that began it.

    `direct`: only the asker reads along. `if_known`: nobody asked the coach; it answers only what the library holds.
    `unaddressed`: written in a thread of the coach's without naming it, perhaps to the others.
    `back`: where a command wants its answer, for channels that have commands. `restated`: nobody can read the question there,
    so that the answer repeats it.
    """

    channel: str
    workspace: str
    user: str
    place: str
    thread: str
    message: str
    text: str
    direct: bool = False
    edited: bool = False
    if_known: bool = False
    unaddressed: bool = False
    back: str = ""
    restated: bool = False
    files: tuple[FileRef, ...] = ()

    @property
    def key(self) -> str:
        """The same for every repetition of the message; an edited one is another."""
        edited = hashlib.sha256(self.text.encode("utf-8", "replace")).hexdigest() if self.edited else ""
        return "|".join((self.channel, self.workspace, self.place, self.message, edited))

    @property
    def lane(self) -> str:
        """What is answered one after the other: a thread."""
        return "|".join((self.channel, self.workspace, self.place, self.thread))

    @property
    def conversation(self) -> str:
        """The id of the kept conversation, the asker's own."""
        return f"{self.channel}-{hashlib.sha256(self.lane.encode('utf-8', 'replace')).hexdigest()[:40]}"


@dataclass(frozen=True, kw_only=True)
class About:
    """What a channel knows of a user."""

    language: Lang = "zh"
    time_zone: str = ""


class Outlet(Protocol):
    """Where the answer to one message goes."""

    async def working(self) -> None:
        """Shows at once that the message has arrived."""

    async def words(self, text: str) -> None:
        """More of the reply as it is being worded, for everybody who reads the place; the reply itself replaces it."""

    async def answer(self, reply: Reply, *, private: bool) -> Sequence[str]:
        """The reply, in place of words shown so far; `private`: for the asker only. The ids of its messages."""

    async def note(self, text: str) -> None:
        """A short sentence for the asker only; ends what `working` and `words` showed."""

    async def silent(self) -> None:
        """Nothing is to be said; ends what `working` and `words` showed."""


Keep = Callable[[Mapping[str, Any]], Awaitable[None]]
"""Keeps how far an outlet has come, for whoever goes on after a restart."""


class Port(Protocol):
    """A channel."""

    name: str

    async def about(self, asked: Asked) -> About:
        """What the channel knows of the asker."""

    async def words(self, asked: Asked) -> str:
        """The text of the message as people read it. Whatever has to be asked for takes its time here, not when it came in."""

    async def history(self, asked: Asked) -> Sequence[Turn]:
        """What was said in the thread before the message, by whom."""

    async def answered_by_others(self, asked: Asked) -> bool:
        """Whether somebody has answered the message, or it is gone."""

    async def fetch(self, asked: Asked, file: FileRef) -> bytes:
        """The bytes of a file."""

    async def outlet(self, asked: Asked, lang: Lang, progress: Mapping[str, Any], keep: Keep) -> Outlet:
        """Where the answer goes; `progress` is what an earlier worker has kept."""


@dataclass
class _Work:
    """An item being handled."""

    item: Item
    asked: Asked
    task: asyncio.Task[None] | None = None
    run: Run | None = None
    gone: bool = False
    shown: bool = False


class _Lost(Exception):
    """The item is no longer this worker's."""


class Hub:
    """One object a process; several processes may share the database."""

    def __init__(
        self,
        coach: Coach,
        channels: Channels,
        inbox: Inbox,
        running: Running,
        *,
        per_hour: int = 0,
        disabled: Callable[[str], bool] = lambda person: False,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`per_hour`: questions one user may ask in an hour; 0: any number. `disabled`: whether a person's account is."""
        self.coach, self.channels, self.inbox = coach, channels, inbox
        self._running = running
        self._per_hour = per_hour
        self._disabled = disabled
        self._clock = clock
        self._worker = f"{socket.gethostname()[:20]}-{os.getpid()}-{new_id()[:8]}"
        # Of its own: leases must be renewed also while every other thread is reading a file or drafting a plan.
        self._pool = ThreadPoolExecutor(6, "hub")
        self._works: dict[str, _Work] = {}
        self._wake: dict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self._asked: dict[tuple[str, str], deque[float]] = defaultdict(deque)

    # --- in -----------------------------------------------------------------------------------------------------------

    async def receive(self, asked: Asked, *, after: timedelta | None = None) -> bool:
        """Takes a message in, to be answered as soon as it is its turn, or `after` a while; False if it is known already."""
        due = self._clock() + after if after else None
        new = await self._db(self.inbox.put, asked.channel, asked.key, asked.lane, asked.model_dump(), due=due)
        self._wake[asked.channel].set()
        return new

    async def withdraw(self, asked: Asked) -> None:
        """The message is gone: what waits is dropped, and a reply under way stops."""
        for work in self._works.values():
            if (work.asked.lane, work.asked.message) == (asked.lane, asked.message):
                work.gone = True
                if work.run is not None:
                    work.run.stop()
        await self._db(self.inbox.drop, asked.channel, asked.lane, lambda payload: payload.get("message") == asked.message)

    async def withdraw_all(self, user: ChannelUser) -> None:
        """The same for everything of a user's that is being answered here; comes back when that has ended."""
        works = [w for w in self._works.values() if (w.asked.channel, w.asked.workspace, w.asked.user) == _who(user)]
        for work in works:
            await self.withdraw(work.asked)
        if tasks := [work.task for work in works if work.task is not None]:
            await asyncio.wait(tasks, timeout=_LEAVING)

    async def takes_part(self, asked: Asked) -> bool:
        """Whether the coach has answered in this thread, or is about to."""

        def found() -> bool:
            # In this order: an answer is noted before its item ends, so that no moment is left in which neither is there.
            under_way = self.inbox.running(asked.channel, asked.lane)
            return under_way or self.channels.takes_part(*_where(asked), asked.thread)

        return await self._db(found)

    async def meet(self, channel: str, workspace: str, user: str, about: About, direct: str = "") -> ChannelUser:
        """Who somebody is; a newcomer becomes a person of their own."""
        return await asyncio.to_thread(
            self.channels.meet, channel, workspace, user,
            language=about.language, time_zone=about.time_zone, direct=direct,
        )  # fmt: skip

    async def shut_out(self, user: ChannelUser) -> bool:
        """Whether they are linked to an account that is disabled."""
        return user.linked and await self._db(self._disabled, user.person)

    # --- opinions -----------------------------------------------------------------------------------------------------

    def exchange(self, user: ChannelUser, exchange_id: str) -> Exchange:
        """An exchange of the user's own. Raises NotFound for everybody else's."""
        return self.coach.records.of(user.person).talks.exchange(exchange_id)

    def judge(self, user: ChannelUser, exchange_id: str, verdict: Verdict, reason: str, lang: Lang) -> None:
        """Keeps what somebody thinks of an answer; what others in the place report goes to the reviewers, too.

        Raises NotFound when the answer is nowhere known.
        """
        owner = self.channels.owner(user.channel, user.workspace, exchange_id) or user.person
        if owner == user.person:
            self.coach.talks.judge(owner, exchange_id, verdict, reason, lang=lang)
        elif verdict != "up":  # their thanks are not the asker's verdict
            told = say("channel_reported_by_other", lang, reason=reason or "–")
            self.coach.talks.judge(owner, exchange_id, "wrong", told, lang=lang)

    # --- working ------------------------------------------------------------------------------------------------------

    async def work(self, port: Port) -> None:
        """Handles what comes in from a channel until cancelled; what is then under way is left to the next worker."""
        beat = asyncio.create_task(self._beat(port.name))
        try:
            while True:
                await self._fill(port)
                wake = self._wake[port.name]
                try:
                    async with asyncio.timeout(_LOOK):  # `wait_for` of Python 3.11 can swallow the end of the service
                        await wake.wait()
                except TimeoutError:
                    pass
                wake.clear()
        finally:
            beat.cancel()
            await self._leave(port.name)

    async def _fill(self, port: Port) -> None:
        mine = sum(1 for work in self._works.values() if work.asked.channel == port.name)
        if mine >= AT_ONCE:
            return
        try:
            items = await self._db(self.inbox.take, port.name, self._worker, AT_ONCE - mine)
        except Exception as error:  # noqa: BLE001  the next look finds out whether the database is back
            log.error("the inbox could not be read: %s", type(error).__name__)
            return
        for item in items:
            await self._begin(port, item)

    async def _begin(self, port: Port, item: Item) -> None:
        if item.key in self._works:
            return  # the lease ran out while this very process was at it
        try:
            work = _Work(item=item, asked=Asked.model_validate(item.payload))
        except ValidationError:  # kept by another version
            log.error("a message in the inbox could not be read")
            await self._db(self.inbox.done, self._worker, item)
            return
        self._works[item.key] = work
        work.task = asyncio.create_task(self._handle(port, work))

    async def _handle(self, port: Port, work: _Work) -> None:
        try:
            if work.item.tries > TRIES + 1:
                raise RuntimeError("begun too often")  # it may be what ends the process
            await self._one(port, work)
            await self._db(self.inbox.done, self._worker, work.item)
        except asyncio.CancelledError:
            raise
        except _Lost:
            return
        except UnderWay:
            await self._again(port, work, "under way")
        except Exception as error:  # noqa: BLE001  the edge of a task: whatever it is, the asker must hear of it
            # No traceback: it could carry people's words; the type says where to look.
            log.error("a message could not be answered: %s", type(error).__name__)
            await self._again(port, work, "failed")
        finally:
            self._works.pop(work.item.key, None)
            self._wake[port.name].set()

    async def _again(self, port: Port, work: _Work, why: str) -> None:
        """Another try later; after the last one the asker is told. Who did not ask hears of no failure."""
        wait = _WAITS[min(work.item.tries, len(_WAITS)) - 1]
        try:
            if work.asked.if_known and work.item.tries >= TRIES:
                await self._db(self._forget, work.asked)  # before it counts as over: what ends in between is done again
            if await self._db(self.inbox.later, self._worker, work.item, wait) or work.asked.if_known:
                return
        except CoachError:  # the database is away: the lease runs out, and whoever is there then tries again
            log.error("a message could not be put back")
            return
        lang = language(work.asked.text)
        try:
            outlet = await port.outlet(work.asked, lang, work.item.progress, _keep_nothing)
            await outlet.note(say("channel_under_way" if why == "under way" else "channel_failed", lang))
        except Exception as error:  # noqa: BLE001  the channel itself is away: there is nobody to tell
            log.error("a failure could not be told: %s", type(error).__name__)

    async def _one(self, port: Port, work: _Work) -> None:
        asked = work.asked = work.asked.model_copy(update={"text": await port.words(work.asked)})
        place = Place() if asked.direct and not asked.back else await self._db(self.channels.place, *_where(asked))
        before = await self._db(self.channels.answered, *_where(asked), asked.message)
        if before is not None and not asked.edited:
            return  # a worker died after the answer and before it was noted as done
        about = await port.about(asked)
        lang = place.language or language(asked.text, about.language)
        there = {"posted": list(before.posted)} if before is not None else {}
        outlet = await port.outlet(asked, lang, {**there, **work.item.progress}, self._keeper(work))
        if asked.if_known:
            if not place.on or not place.unanswered_after or await port.answered_by_others(asked):
                return
        elif refusal := self._refusal(work, place, lang):
            await outlet.note(refusal)
            return
        else:
            await outlet.working()
        direct = asked.place if asked.direct and not asked.back else ""
        user = await self.meet(asked.channel, asked.workspace, asked.user, about, direct)
        if await self.shut_out(user):
            if not asked.if_known:
                await outlet.note(say("channel_disabled", lang))
            return
        await self._told(port, outlet, work, user, place, before, lang)

    def _refusal(self, work: _Work, place: Place, lang: Lang) -> str:
        """Why the asker gets no answer; empty where they do."""
        if not place.on:
            return say("channel_off", lang)
        return say("channel_per_hour", lang, limit=self._per_hour) if self._too_many(work.asked, work.item) else ""

    async def _told(
        self, port: Port, outlet: Outlet, work: _Work, user: ChannelUser, place: Place, before: Answered | None, lang: Lang
    ) -> None:
        """The answer, or why there is none."""
        asked = work.asked
        try:
            await self._answer(port, outlet, work, user, place, before, lang)
        except (UnderWay, _Lost, asyncio.CancelledError):
            raise
        except CoachError as error:
            if work.shown and isinstance(error, SetupError):
                raise  # the answer stands there and could not be noted: told once more as a failure it would be a lie
            if not isinstance(error, InputError | NotFound | Conflict):
                log.warning("a message could not be answered: %s", error.code)
            if asked.if_known:
                await self._db(self._forget, asked)
                return
            await outlet.note(_sentence(error, lang))

    async def _answer(
        self, port: Port, outlet: Outlet, work: _Work, user: ChannelUser, place: Place, before: Answered | None, lang: Lang
    ) -> None:
        asked = work.asked
        left = await self._left(work, user)
        reply = left.reply if left is not None else None  # one that was made, and could not be shown
        if reply is None:
            question = await self._with_files(port, outlet, work, user, lang)
            if question is None:
                return
            history = None if asked.direct else await port.history(asked)
            earlier = left or (await self._usable(user, before.exchange) if before is not None else None)
            instead_of = earlier.id if earlier is not None else None
            ask = self._asking(user, asked, question, lang, history, instead_of, place.part)
            reply = await self._reply(outlet, work, ask)
        known = reply is not None and reply.status == "answered" and reply.kind == "question"
        if asked.if_known and (work.gone or not known):
            await self._db(self._forget, asked)
            return
        if work.gone or reply is None or (asked.unaddressed and _chatter(reply)):
            await outlet.silent()
            return
        await self._keeper(work)({})  # still ours? another worker may have it, or its message may be gone
        work.shown = True
        posted = await outlet.answer(reply, private=not asked.direct and _private(asked, reply.kind))
        answer = Answered(person=user.person, thread=asked.thread, message=asked.message, exchange=reply.id, posted=tuple(posted))
        await self._db(self.channels.keep_answer, *_where(asked), answer)

    def _asking(
        self,
        user: ChannelUser,
        asked: Asked,
        question: str,
        lang: Lang,
        history: Sequence[Turn] | None,
        instead_of: str | None,
        part: Part,
    ) -> Callable[[Callable[[], bool]], Generator[Event, None, None]]:
        def begin(should_stop: Callable[[], bool]) -> Generator[Event, None, None]:
            events = self.coach.talks.ask(
                user.person, asked.conversation, question,
                lang=lang, should_stop=should_stop, instead_of=instead_of, history=history, part=part, files=asked.direct,
            )  # fmt: skip
            return cast("Generator[Event, None, None]", events)

        return begin

    async def _reply(
        self, outlet: Outlet, work: _Work, ask: Callable[[Callable[[], bool]], Generator[Event, None, None]]
    ) -> Reply | None:
        """The reply; words are shown on the way where everybody may read them. None when it was stopped."""
        run = work.run = self._running.begin(ask)
        shown, waiting, flushed = work.asked.direct, "", 0.0
        try:
            while True:
                event = await run.next(_FLUSH)
                if isinstance(event, Exception):
                    if work.gone:
                        return None
                    raise event
                if isinstance(event, Done):
                    return event.reply
                if isinstance(event, Begun):
                    await self._keeper(work)({"exchange": event.exchange})
                elif isinstance(event, Found):
                    unasked = work.asked.if_known or work.asked.unaddressed
                    shown = not unasked and (shown or not _private(work.asked, event.kind))
                elif isinstance(event, Words):
                    waiting += event.text
                    flushed = flushed or time.monotonic()  # a reply that is there at once is not streamed
                if shown and waiting and time.monotonic() - flushed >= _FLUSH:
                    await outlet.words(waiting)
                    waiting, flushed = "", time.monotonic()
        finally:
            run.stop()

    async def _with_files(self, port: Port, outlet: Outlet, work: _Work, user: ChannelUser, lang: Lang) -> str | None:
        """The question, once its files are read into the conversation; None when there is nothing to ask then."""
        asked, read = work.asked, int(work.item.progress.get("files", 0))
        if not asked.files:
            return asked.text
        if not asked.direct:
            await outlet.note(say("channel_files_direct", lang))
            return asked.text if clean(asked.text).strip() else None
        for number, file in enumerate(asked.files[:MAX_FILES]):
            if number < read:  # by an earlier try
                continue
            data = await port.fetch(asked, file)
            # Not in our own pool: a large file takes its time, and the leases must be renewed meanwhile.
            await asyncio.to_thread(self.coach.talks.attach, user.person, asked.conversation, file.name, data, lang=lang)
            await self._keeper(work)({"files": number + 1})
        return asked.text if clean(asked.text).strip() else say("channel_file_question", lang)

    async def _left(self, work: _Work, user: ChannelUser) -> Exchange | None:
        """The exchange an earlier worker, or an earlier try, has left: half-way, or with its reply."""
        begun = str(work.item.progress.get("exchange", ""))
        if not begun:
            return None
        await self._db(lambda: self.coach.records.of(user.person).talks.stop(begun, ""))
        return await self._usable(user, begun)

    async def _usable(self, user: ChannelUser, exchange_id: str) -> Exchange | None:
        """An exchange of the user's; None when it is gone, was asked anew elsewhere, or is somebody else's."""
        try:
            found = await self._db(self.exchange, user, exchange_id)
        except NotFound:
            return None
        return None if found.superseded else found

    def _forget(self, asked: Asked) -> None:
        """Somebody who did not ask the coach finds no conversation of it among theirs; one with more in it is their own."""
        user = self.channels.user(asked.channel, asked.workspace, asked.user)
        if user is None:
            return
        try:
            there = self.coach.talks.conversation(user.person, asked.conversation)
        except NotFound:
            return
        if not there.attachments and all(exchange.question == asked.text for exchange in there.exchanges):
            self.coach.talks.delete(user.person, asked.conversation)

    def _keeper(self, work: _Work) -> Keep:
        async def keep(more: Mapping[str, Any]) -> None:
            work.item = replace(work.item, progress={**work.item.progress, **more})
            if not await self._db(self.inbox.keep, self._worker, work.item, work.item.progress) and not work.gone:
                raise _Lost

        return keep

    def _too_many(self, asked: Asked, item: Item) -> bool:
        """Counted by this process: with several, a user may ask somewhat more."""
        if not self._per_hour or item.tries > 1:
            return False
        now, asked_at = time.monotonic(), self._asked[asked.workspace, asked.user]
        while asked_at and now - asked_at[0] > _HOUR:
            asked_at.popleft()
        if len(asked_at) >= self._per_hour:
            return True
        asked_at.append(now)
        return False

    async def _db(self, do: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        return await asyncio.get_running_loop().run_in_executor(self._pool, partial(do, *args, **kwargs))

    # --- staying alive ------------------------------------------------------------------------------------------------

    async def _beat(self, channel: str) -> None:
        pruned = 0.0
        while True:
            await asyncio.sleep(_HEARTBEAT)
            keys = [work.item.key for work in self._works.values() if work.asked.channel == channel]
            try:
                if keys:
                    await self._db(self.inbox.renew, self._worker, keys)
                if time.monotonic() - pruned > _PRUNE_EVERY:
                    pruned = time.monotonic()
                    await self._db(self.inbox.prune)
                    await self._db(self.channels.prune)
            except CoachError:
                log.exception("the inbox could not be kept up to date")

    async def _leave(self, channel: str) -> None:
        works = [work for work in self._works.values() if work.asked.channel == channel]
        for work in works:
            if work.task is not None:
                work.task.cancel()
        await asyncio.gather(*(work.task for work in works if work.task is not None), return_exceptions=True)
        await self._db(self.inbox.release, self._worker, channel)


async def _keep_nothing(_progress: Mapping[str, Any]) -> None:
    return None


def _who(user: ChannelUser) -> tuple[str, str, str]:
    return user.channel, user.workspace, user.user


def _where(asked: Asked) -> tuple[str, str, str]:
    return asked.channel, asked.workspace, asked.place


def _private(asked: Asked, kind: str) -> bool:
    """Whether an answer is for the asker alone, where others read along."""
    plain = simplify(normalise(asked.text))
    return kind in PRIVATE or bool(patterns.DELICATE.search(plain) and patterns.ONESELF.search(plain))


def _chatter(reply: Reply) -> bool:
    """Whether nothing is lost when this is not said to people who talk among themselves."""
    return reply.kind in _SMALL_TALK or (reply.status in ("not_in_sources", "clarify") and reply.kind not in PRIVATE)


def _sentence(error: CoachError, lang: Lang) -> str:
    """A failure in a sentence, with its mend, for the person who asked; what is wrong with the service is not theirs to mend."""
    if isinstance(error, InputError | NotFound | Conflict):
        return " ".join(part for part in (error.message, error.hint) if part)
    return say("channel_failed", lang)
