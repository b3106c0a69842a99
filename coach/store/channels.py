"""What is kept so that people can talk to the coach where they work: who they are there, what was set and what was answered.

Owns the way from a user of a channel to a person of the records, and the codes by which somebody links an account. Everything
here names channel ("slack", "feishu"), workspace and user or place as the channel itself names them. Knows no channel's protocol.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, Select, Table, and_, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from coach.development.schema import Value
from coach.errors import InputError
from coach.messages import say
from coach.settings import Settings
from coach.store.database import fold_in_log, open_database, transaction
from coach.store.tables import channel_answers, channel_users, installations, link_codes, oauth_states, people, places
from coach.types import Lang, Part

CODE_GOOD_FOR = timedelta(minutes=10)
STATE_GOOD_FOR = timedelta(minutes=10)
ANSWERS_KEPT = timedelta(days=180)
"""How long a thread is known to be one of ours."""

_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # without those that look alike
_ODD = re.compile(r"[^A-Za-z0-9_-]")


class Reminders(Value):
    """What somebody wants to be reminded of; `snoozed` and `told` by kind: until when not, and when last."""

    off: tuple[str, ...] = ()
    snoozed: dict[str, datetime] = {}
    told: dict[str, datetime] = {}


class Place(Value):
    """What a place's owners have set. `unanswered_after` minutes an open question is answered without a mention; 0: never."""

    on: bool = True
    unanswered_after: int = 0
    language: Lang | None = None
    part: Part = "all"
    humans: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ChannelUser:
    """A user of a channel and the person they are in the records: one of their own, or (`linked`) that of an account."""

    channel: str
    workspace: str
    user: str
    person: str
    linked: bool
    direct: str
    """The place of their direct messages; empty until they wrote one."""
    reminders: Reminders = field(default_factory=Reminders)


@dataclass(frozen=True, kw_only=True)
class Answered:
    """A message that was answered: by which exchange of whom, and the messages the answer stands in."""

    person: str
    thread: str
    message: str
    exchange: str
    posted: tuple[str, ...]


class Channels:
    """One object serves every thread; several processes may share the database."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._engine = engine
        self._clock = clock

    def close(self) -> None:
        """Gives the connections back."""
        self._engine.dispose()

    # --- people -------------------------------------------------------------------------------------------------------

    def user(self, channel: str, workspace: str, user: str) -> ChannelUser | None:
        """Who that is; None for somebody who has never been here."""
        with transaction(self._engine, reading=True) as connection:
            row = connection.execute(_at(channel_users, channel, workspace, user=user)).first()
        return _user(row) if row else None

    def meet(
        self, channel: str, workspace: str, user: str, *, language: Lang = "zh", time_zone: str = "", direct: str = ""
    ) -> ChannelUser:
        """Who that is; somebody new becomes a person of their own. `direct` is noted whenever it is given."""
        try:
            return self._meet(channel, workspace, user, language, time_zone, direct)
        except IntegrityError:  # another worker has met them at the same moment
            return self._meet(channel, workspace, user, language, time_zone, direct)

    def _meet(self, channel: str, workspace: str, user: str, language: Lang, time_zone: str, direct: str) -> ChannelUser:
        with transaction(self._engine) as connection:
            row = connection.execute(_at(channel_users, channel, workspace, user=user)).first()
            if row is None:
                person = _own_person(channel, workspace, user)
                self._make_person(connection, person, language, time_zone)
                values = {"person": person, "channel": channel, "workspace": workspace, "user": user, "linked": False,
                          "direct": direct, "reminders": Reminders().model_dump(mode="json"), "made": self._clock()}  # fmt: skip
                row = connection.execute(insert(channel_users).values(values).returning(*channel_users.c)).one()
            elif direct and row.direct != direct:
                row = self._change(connection, row, {"direct": direct})
        return _user(row)

    def users_of(self, person: str) -> list[ChannelUser]:
        """Where else this person writes from."""
        with transaction(self._engine, reading=True) as connection:
            mine = select(channel_users).where(channel_users.c.person == person).order_by(channel_users.c.seq)
            return [_user(row) for row in connection.execute(mine)]

    def everybody(self, channel: str) -> list[ChannelUser]:
        """All users of a channel whom a direct message reaches; for reminders."""
        with transaction(self._engine, reading=True) as connection:
            mine = select(channel_users).where(channel_users.c.channel == channel, channel_users.c.direct != "")
            return [_user(row) for row in connection.execute(mine.order_by(channel_users.c.seq))]

    def change_reminders(self, user: ChannelUser, change: Callable[[Reminders], Reminders]) -> ChannelUser:
        """Keeps what `change` makes of what they want to be reminded of, whatever else changes it at this moment."""
        with transaction(self._engine) as connection:
            mine = _at(channel_users, user.channel, user.workspace, user=user.user).with_for_update()
            row = connection.execute(mine).one()
            values = change(Reminders.model_validate(row.reminders)).model_dump(mode="json")
            return _user(self._change(connection, row, {"reminders": values}))

    def forget_user(self, channel: str, workspace: str, user: str) -> None:
        """Removes the user and, unless an account is linked, the person they are: everything kept of them."""
        with transaction(self._engine) as connection:
            row = connection.execute(_at(channel_users, channel, workspace, user=user)).first()
            own = _own_person(channel, workspace, user)
            connection.execute(delete(people).where(people.c.id == own))
            if row is not None:
                connection.execute(delete(channel_users).where(channel_users.c.seq == row.seq))
        fold_in_log(self._engine)

    # --- linking ------------------------------------------------------------------------------------------------------

    def new_code(self, person: str) -> str:
        """A code to be typed in a channel within CODE_GOOD_FOR, once; earlier codes of the person are void.

        Eight characters of 31: nobody guesses one of them within ten minutes at the pace Slack lets people type.
        """
        code = "".join(secrets.choice(_LETTERS) for _ in range(8))
        with transaction(self._engine) as connection:
            connection.execute(delete(link_codes).where(link_codes.c.person == person))
            connection.execute(delete(link_codes).where(link_codes.c.expires <= self._clock()))
            values = {"code_hash": _hash(code), "person": person, "expires": self._clock() + CODE_GOOD_FOR}
            connection.execute(insert(link_codes).values(values))
        return f"{code[:4]}-{code[4:]}"

    def link(self, user: ChannelUser, code: str, *, lang: Lang) -> ChannelUser:
        """The user is from now on the person who made the code. Raises InputError for a code that is wrong, used or too old."""
        bare = re.sub(r"[\s\-–—_]", "", code).upper()
        with transaction(self._engine) as connection:
            mine = (link_codes.c.code_hash == _hash(bare), link_codes.c.expires > self._clock())
            # Found and used up in one step: two who type it at once are not both let in.
            found = connection.execute(delete(link_codes).where(*mine).returning(link_codes.c.person)).first()
            if found is None:
                raise InputError(say("channel_code_wrong", lang), hint=say("channel_code_wrong_mend", lang))
            row = connection.execute(_at(channel_users, user.channel, user.workspace, user=user.user)).one()
            return _user(self._change(connection, row, {"person": found.person, "linked": True}))

    def unlink(self, user: ChannelUser, *, language: Lang = "zh", time_zone: str = "") -> ChannelUser:
        """The user is a person of their own again, with what they had before they linked."""
        with transaction(self._engine) as connection:
            own = _own_person(user.channel, user.workspace, user.user)
            self._make_person(connection, own, language, time_zone)
            row = connection.execute(_at(channel_users, user.channel, user.workspace, user=user.user)).one()
            return _user(self._change(connection, row, {"person": own, "linked": False}))

    # --- places -------------------------------------------------------------------------------------------------------

    def place(self, channel: str, workspace: str, place: str) -> Place:
        """What is set for a place; the defaults if nothing is."""
        with transaction(self._engine, reading=True) as connection:
            row = connection.execute(_at(places, channel, workspace, place=place)).first()
        return Place.model_validate(row.values) if row else Place()

    def change_place(self, channel: str, workspace: str, place: str, change: Callable[[Place], Place | None]) -> Place | None:
        """Keeps what `change` makes of what is set, and hands it out; nothing is kept when that is None."""
        try:
            return self._change_place(channel, workspace, place, change)
        except IntegrityError:  # another worker has made the row at the same moment
            return self._change_place(channel, workspace, place, change)

    def _change_place(self, channel: str, workspace: str, place: str, change: Callable[[Place], Place | None]) -> Place | None:
        with transaction(self._engine) as connection:
            row = connection.execute(_at(places, channel, workspace, place=place).with_for_update()).first()
            values = change(Place.model_validate(row.values) if row else Place())
            if values is None:
                return None
            kept = {"changed": self._clock(), "values": values.model_dump(mode="json")}
            if row is not None:
                connection.execute(update(places).where(places.c.seq == row.seq).values(kept))
            else:
                connection.execute(insert(places).values(channel=channel, workspace=workspace, place=place, **kept))
        return values

    # --- answers ------------------------------------------------------------------------------------------------------

    def answered(self, channel: str, workspace: str, place: str, message: str) -> Answered | None:
        """How a message was answered, if it was."""
        with transaction(self._engine, reading=True) as connection:
            row = connection.execute(_at(channel_answers, channel, workspace, place=place, message=message)).first()
        return _answered(row) if row else None

    def keep_answer(self, channel: str, workspace: str, place: str, answer: Answered) -> None:
        """Notes that a message was answered, or answered anew."""
        where = {"channel": channel, "workspace": workspace, "place": place, "message": answer.message}
        row = {"person": answer.person, "thread": answer.thread, "exchange": answer.exchange, "posted": list(answer.posted)}
        self._put(channel_answers, where, {**row, "made": self._clock()})

    def owner(self, channel: str, workspace: str, exchange: str) -> str:
        """Whose exchange an answer of this workspace is; empty if there is no such answer."""
        mine = select(channel_answers.c.person).where(_same(channel_answers, channel, workspace, exchange=exchange))
        with transaction(self._engine, reading=True) as connection:
            return str(connection.execute(mine).scalar() or "")

    def takes_part(self, channel: str, workspace: str, place: str, thread: str) -> bool:
        """Whether the coach has answered in this thread."""
        mine = select(channel_answers.c.seq).where(_same(channel_answers, channel, workspace, place=place, thread=thread))
        with transaction(self._engine, reading=True) as connection:
            return connection.execute(mine.limit(1)).first() is not None

    def thread_of(self, channel: str, workspace: str, exchange: str) -> str:
        """The thread in which the answer of an exchange was given; empty if there is no such answer."""
        mine = select(channel_answers.c.thread).where(_same(channel_answers, channel, workspace, exchange=exchange))
        with transaction(self._engine, reading=True) as connection:
            return str(connection.execute(mine).scalar() or "")

    def prune(self) -> int:
        """Forgets where old answers stand; tells how many."""
        with transaction(self._engine) as connection:
            old = delete(channel_answers).where(channel_answers.c.made < self._clock() - ANSWERS_KEPT)
            return connection.execute(old).rowcount

    # --- where the app is installed -----------------------------------------------------------------------------------

    def install(self, channel: str, workspace: str, values: Mapping[str, Any]) -> None:
        """Keeps what an installation needs, its tokens among it."""
        where = {"channel": channel, "workspace": workspace}
        self._put(installations, where, {"values": dict(values), "changed": self._clock()})

    def installation(self, channel: str, workspace: str) -> dict[str, Any] | None:
        """What an installation needs; None where the app is not installed."""
        with transaction(self._engine, reading=True) as connection:
            row = connection.execute(select(installations).where(_same(installations, channel, workspace))).first()
        return dict(row.values) if row else None

    def installed(self, channel: str) -> list[str]:
        """The workspaces the app is installed in."""
        with transaction(self._engine, reading=True) as connection:
            mine = select(installations.c.workspace).where(installations.c.channel == channel)
            return [str(row.workspace) for row in connection.execute(mine.order_by(installations.c.workspace))]

    def uninstall(self, channel: str, workspace: str) -> None:
        """The app was removed there: its tokens go."""
        with transaction(self._engine) as connection:
            connection.execute(delete(installations).where(_same(installations, channel, workspace)))

    def new_state(self) -> str:
        """A secret that an installation begun here brings back within STATE_GOOD_FOR, once."""
        state = secrets.token_urlsafe(24)
        with transaction(self._engine) as connection:
            connection.execute(delete(oauth_states).where(oauth_states.c.expires <= self._clock()))
            values = {"state_hash": _hash(state), "expires": self._clock() + STATE_GOOD_FOR}
            connection.execute(insert(oauth_states).values(values))
        return state

    def use_state(self, state: str) -> bool:
        """Whether the secret is one of ours, unused and in time; it is used up."""
        with transaction(self._engine) as connection:
            mine = delete(oauth_states).where(oauth_states.c.state_hash == _hash(state), oauth_states.c.expires > self._clock())
            return bool(connection.execute(mine).rowcount)

    def _put(self, table: Table, where: dict[str, str], values: dict[str, Any]) -> None:
        """One row there: a new one, or the one that is there with these values."""
        try:
            self._put_once(table, where, values)
        except IntegrityError:  # another worker has made it at the same moment
            self._put_once(table, where, values)

    def _put_once(self, table: Table, where: dict[str, str], values: dict[str, Any]) -> None:
        with transaction(self._engine) as connection:
            if not connection.execute(update(table).where(_same(table, **where)).values(values)).rowcount:
                connection.execute(insert(table).values(**where, **values))

    def _make_person(self, connection: Connection, person: str, language: Lang, time_zone: str) -> None:
        if connection.execute(select(people.c.id).where(people.c.id == person)).first() is not None:
            return
        values = {"id": person, "created": self._clock(), "language": language, "time_zone": time_zone}
        connection.execute(insert(people).values(values))

    def _change(self, connection: Connection, row: Row[Any], changes: dict[str, Any]) -> Row[Any]:
        mine = update(channel_users).where(channel_users.c.seq == row.seq)
        return connection.execute(mine.values(changes).returning(*channel_users.c)).one()


def open_channels(settings: Settings) -> Channels:
    """Where the settings say. Raises SetupError if that database cannot be used."""
    return Channels(open_database(settings.records_url))


def own_people(connection: Connection, person: str) -> list[str]:
    """Who the users linked to a person were before they linked: they go with the person, and are to be found only until then."""
    mine = select(channel_users).where(channel_users.c.person == person, channel_users.c.linked)
    return [_own_person(row.channel, row.workspace, row.user) for row in connection.execute(mine)]


def _own_person(channel: str, workspace: str, user: str) -> str:
    """The id of somebody without an account, the same whenever they come back."""
    name = f"{channel}.{workspace}.{user}"
    plain = len(name) <= 64 and not _ODD.search(workspace + user)
    return name if plain else f"{channel}.{_hash(chr(10).join((workspace, user)))[:40]}"


def _same(table: Table, channel: str, workspace: str, **more: str) -> ColumnElement[bool]:
    given = {"channel": channel, "workspace": workspace, **more}
    return and_(*(table.c[name] == value for name, value in given.items()))


def _at(table: Table, channel: str, workspace: str, **more: str) -> Select[Any]:
    return select(table).where(_same(table, channel, workspace, **more))


def _user(row: Row[Any]) -> ChannelUser:
    values = {name: value for name, value in row._mapping.items() if name not in ("seq", "made", "reminders")}
    return ChannelUser(**values, reminders=Reminders.model_validate(row.reminders))


def _answered(row: Row[Any]) -> Answered:
    return Answered(
        person=row.person, thread=row.thread, message=row.message, exchange=row.exchange, posted=tuple(map(str, row.posted))
    )


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
