"""What came in from a channel and is to be handled once: however often it is sent, across restarts and several workers.

A worker takes an item on a lease and renews it while it works; an item whose lease has run out, because its worker is gone,
is taken by the next one, with the progress that was kept. Items of one lane (a thread) are handled one after the other, in
the order they came. Words of people stay only until the item is done; its key stays a while, so that a late repetition is
known. Knows no channel.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Row, Update, delete, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from coach.store.database import transaction
from coach.store.tables import inbox

LEASE = timedelta(seconds=30)
"""How long an item is one worker's without a renewal."""
KEPT = timedelta(days=2)
"""How long the key of an item that is done is known; Slack repeats an event for an hour at most."""
TRIES = 4
"""How often an item that fails is begun before it is given up."""

_OPEN = ("waiting", "running")
_TAKING = 0x696E626F78  # any number, the same in every process: one worker takes at a time (PostgreSQL)


@dataclass(frozen=True, kw_only=True)
class Item:
    """Something to handle. `progress` is what an earlier worker has kept of it; `tries` counts how often it was begun."""

    key: str
    channel: str
    lane: str
    payload: dict[str, Any]
    progress: dict[str, Any] = field(default_factory=dict)
    tries: int = 1


class Inbox:
    """One object serves every thread; several processes may share the database."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._engine = engine
        self._clock = clock

    def put(self, channel: str, key: str, lane: str, payload: Mapping[str, Any], *, due: datetime | None = None) -> bool:
        """Keeps an item until it is handled, not before `due`; False if its key is known already."""
        return self._insert(channel, key, lane, dict(payload), "waiting", due or self._clock())

    def _insert(self, channel: str, key: str, lane: str, payload: dict[str, Any] | None, state: str, due: datetime) -> bool:
        row = {"key": _key(key), "channel": channel, "lane": _key(lane), "payload": payload, "progress": None,
               "state": state, "due": due, "worker": "", "tries": 0, "made": self._clock()}  # fmt: skip
        try:
            with transaction(self._engine) as connection:
                connection.execute(insert(inbox).values(row))
        except IntegrityError:
            return False
        return True

    def claim(self, channel: str, key: str) -> bool:
        """Whether nobody has done what the key names, lately; from now on somebody has."""
        return self._insert(channel, key, key, None, "done", self._clock())

    def drop(self, channel: str, lane: str, wanted: Callable[[Mapping[str, Any]], bool]) -> int:
        """Takes back the items of a lane whose payload is wanted, begun or not; tells how many. Their keys stay known.

        A worker that has begun one finds out with the next `keep`.
        """
        mine = select(inbox.c.seq, inbox.c.payload).where(inbox.c.lane == _key(lane), inbox.c.channel == channel)
        with transaction(self._engine) as connection:
            rows = connection.execute(mine.where(inbox.c.state.in_(_OPEN))).all()
            gone = [row.seq for row in rows if wanted(row.payload or {})]
            over = update(inbox).where(inbox.c.seq.in_(gone), inbox.c.state.in_(_OPEN))
            return connection.execute(over.values(state="done", payload=None, progress=None, worker="")).rowcount

    def take(self, channel: str, worker: str, limit: int) -> list[Item]:
        """At most `limit` items that are due, one a lane, on a lease of LEASE from now."""
        now = self._clock()
        with transaction(self._engine) as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _TAKING})
            mine = {"state": "running", "worker": worker, "due": now + LEASE, "tries": inbox.c.tries + 1}
            taken = [
                _item(row)
                for row in self._free(connection, channel, now, limit)
                if connection.execute(_as_seen(row).values(mine)).rowcount
            ]
        return taken

    def renew(self, worker: str, keys: Sequence[str]) -> None:
        """The worker is still at these items."""
        with transaction(self._engine) as connection:
            connection.execute(self._of(worker, keys).values(due=self._clock() + LEASE))

    def keep(self, worker: str, item: Item, progress: Mapping[str, Any]) -> bool:
        """Keeps how far an item has come, so that whoever takes it next does not do it twice.

        False when the item is no longer this worker's: its lease ran out and another has it, or it was dropped.
        """
        with transaction(self._engine) as connection:
            return bool(connection.execute(self._of(worker, [item.key]).values(progress=dict(progress))).rowcount)

    def done(self, worker: str, item: Item) -> None:
        """The item is handled: its words go, its key stays for KEPT."""
        self._end(worker, item, "done")

    def later(self, worker: str, item: Item, wait: timedelta) -> bool:
        """The item failed and is begun again after a while; False when it has been begun TRIES times and is given up."""
        if item.tries >= TRIES:
            self._end(worker, item, "failed")
            return False
        with transaction(self._engine) as connection:
            again = {"state": "waiting", "worker": "", "due": self._clock() + wait}
            connection.execute(self._of(worker, [item.key]).values(again))
        return True

    def release(self, worker: str, channel: str) -> None:
        """The worker leaves a channel: what it had begun is free for the next one at once, and not counted as a failure."""
        with transaction(self._engine) as connection:
            mine = update(inbox).where(inbox.c.worker == worker, inbox.c.channel == channel, inbox.c.state == "running")
            connection.execute(mine.values(state="waiting", worker="", due=self._clock(), tries=inbox.c.tries - 1))

    def prune(self) -> int:
        """Forgets the keys of items that were done long ago; tells how many."""
        with transaction(self._engine) as connection:
            old = delete(inbox).where(inbox.c.state.not_in(_OPEN), inbox.c.made < self._clock() - KEPT)
            return connection.execute(old).rowcount

    def running(self, channel: str, lane: str) -> bool:
        """Whether something of this lane is being handled at this moment, by whomever, or waits for its turn."""
        with transaction(self._engine, reading=True) as connection:
            now = (inbox.c.state == "running") | ((inbox.c.state == "waiting") & (inbox.c.due <= self._clock()))
            mine = select(inbox.c.seq).where(inbox.c.channel == channel, inbox.c.lane == _key(lane), now)
            return connection.execute(mine.limit(1)).first() is not None

    def open(self, channel: str) -> int:
        """How many items wait or are being handled."""
        with transaction(self._engine, reading=True) as connection:
            mine = select(inbox.c.seq).where(inbox.c.channel == channel, inbox.c.state.in_(_OPEN))
            return len(connection.execute(mine).all())

    def _free(self, connection: Connection, channel: str, now: datetime, limit: int) -> Sequence[Row[Any]]:
        # First without the payloads: there may be thousands waiting, and only a few are taken.
        glance = select(inbox.c.seq, inbox.c.lane, inbox.c.state, inbox.c.due)
        is_open = (inbox.c.channel == channel, inbox.c.state.in_(_OPEN))
        rows = connection.execute(glance.where(*is_open).order_by(inbox.c.seq)).all()
        # What waits to be due later holds nobody up; what is being handled does, also if it came after.
        lanes = {row.lane for row in rows if row.state == "running" and row.due > now}
        found: list[int] = []
        for row in rows:
            if row.due <= now and row.lane not in lanes:
                found.append(row.seq)
                lanes.add(row.lane)
        mine = select(inbox).where(inbox.c.seq.in_(found[:limit]), *is_open, inbox.c.due <= now)
        return connection.execute(mine.order_by(inbox.c.seq)).all()

    def _of(self, worker: str, keys: Sequence[str]) -> Update:
        return update(inbox).where(inbox.c.key.in_(keys), inbox.c.worker == worker, inbox.c.state == "running")

    def _end(self, worker: str, item: Item, state: str) -> None:
        with transaction(self._engine) as connection:
            connection.execute(self._of(worker, [item.key]).values(state=state, payload=None, progress=None, worker=""))


def _as_seen(row: Row[Any]) -> Update:
    """Of the item unless it was dropped, renewed or done meanwhile."""
    seen = (inbox.c.state == row.state, inbox.c.worker == row.worker, inbox.c.due == row.due)
    return update(inbox).where(inbox.c.seq == row.seq, *seen)


def _item(row: Row[Any]) -> Item:
    return Item(
        key=row.key, channel=row.channel, lane=row.lane, payload=row.payload or {}, progress=row.progress or {},
        tries=row.tries + 1,
    )  # fmt: skip


def _key(text: str) -> str:
    """As the database holds it, whatever its length: ids of a channel say who wrote where, and nobody needs to read them."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
