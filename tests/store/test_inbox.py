"""What came in is handled once: by many workers, in the order of its lane, whatever becomes of whoever took it."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from coach.store.database import open_database
from coach.store.inbox import KEPT, LEASE, TRIES, Inbox, Item
from coach.store.tables import inbox as table
from tests.store.conftest import Clock

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
WAIT = timedelta(seconds=15)
SECRET = "my boss is UNMISTAKABLE"


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
def engine(database_url):
    engine = open_database(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def inbox(engine, clock) -> Inbox:
    return Inbox(engine, clock)


def put(inbox: Inbox, *names: str, lane: str = "", **more) -> list[bool]:
    """Each in a lane of its own, unless one is named."""
    return [inbox.put("slack", name, lane or name, {"name": name}, **more) for name in names]


def take(inbox: Inbox, worker: str = "w", limit: int = 8) -> list[Item]:
    return inbox.take("slack", worker, limit)


def names(items: list[Item]) -> list[str]:
    return [item.payload["name"] for item in items]


def rows(engine) -> list:
    with engine.begin() as connection:
        return list(connection.execute(select(table).order_by(table.c.seq)))


# --- once -------------------------------------------------------------------------------------------------------------


def test_a_key_is_known_from_the_first_time_on(inbox):
    assert put(inbox, "a") == [True] and put(inbox, "a") == [False]
    assert inbox.put("slack", "a", "another lane", {"name": "changed"}) is False
    (item,) = take(inbox)
    assert (item.payload, item.progress, item.tries, item.channel) == ({"name": "a"}, {}, 1, "slack")
    assert put(inbox, "a") == [False] and take(inbox) == []
    inbox.done("w", item)
    assert put(inbox, "a") == [False] and take(inbox) == [] and inbox.open("slack") == 0


def test_keys_and_lanes_of_any_length_and_kind_are_told_apart(inbox):
    odd = ["x" * 5000, "x" * 5000 + "y", "预算🙂", "\x00", "\ud800", "", "' OR 1=1 --"]
    assert put(inbox, *odd) == [True] * len(odd) and put(inbox, *odd) == [False] * len(odd)


class Crowd:
    """Threads that put 60 items in 6 lanes, each item by every thread, and others that handle them meanwhile."""

    keys = tuple(f"k{n}" for n in range(60))

    def __init__(self, inbox: Inbox) -> None:
        self.inbox = inbox
        self.new, self.handled, self.at_work = Counter[str](), Counter[str](), Counter[str]()
        self.two_at_once: list[str] = []
        self.all_put = threading.Event()
        self.note = threading.Lock()

    def put(self, n: int) -> None:
        """All of them, beginning somewhere else than the others."""
        for at in range(len(self.keys)):
            key = self.keys[(at + 3 * n) % len(self.keys)]
            if self.inbox.put("slack", key, f"lane {int(key[1:]) % 6}", {"name": key}):
                with self.note:
                    self.new[key] += 1

    def handle(self, worker: str) -> None:
        """Until nothing is left."""
        while not self.all_put.is_set() or self.inbox.open("slack"):
            items = self.inbox.take("slack", worker, 3)
            with self.note:
                self.at_work.update(item.lane for item in items)
                self.handled.update(names(items))
                self.two_at_once += [lane for lane, count in self.at_work.items() if count > 1]
            for item in items:
                with self.note:
                    self.at_work[item.lane] -= 1
                self.inbox.done(worker, item)


def test_twenty_put_and_four_take_at_once_and_every_item_is_handled_once(inbox):
    crowd = Crowd(inbox)
    with ThreadPoolExecutor(24) as pool:
        workers = [pool.submit(crowd.handle, f"w{n}") for n in range(4)]
        for task in [pool.submit(crowd.put, n) for n in range(20)]:
            task.result(timeout=60)
        crowd.all_put.set()
        for task in workers:
            task.result(timeout=60)
    assert crowd.new == crowd.handled == Counter(crowd.keys) and crowd.two_at_once == []


def test_of_many_who_claim_a_key_one_gets_it(inbox, clock, engine):
    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(lambda _: inbox.claim("slack", "digest|2026-11-22|U1"), range(20))) == 1
    assert inbox.open("slack") == 0 and take(inbox) == []
    assert inbox.claim("slack", "digest|2026-11-23|U1")
    clock.now += KEPT + timedelta(seconds=1)
    inbox.prune()
    assert inbox.claim("slack", "digest|2026-11-22|U1")


def test_what_a_worker_saw_and_another_took_meanwhile_is_not_taken(inbox, clock, engine):
    """PostgreSQL lets an item change between looking and taking: it is dropped, or its worker has come back to it."""
    put(inbox, "dropped", "renewed", "done")
    (kept,) = [item for item in take(inbox, "first") if item.payload["name"] == "renewed"]
    finished = next(item for item in _taken(engine, "first") if item.payload["name"] == "done")
    inbox.release("first", "slack")
    clock.on(seconds=1)

    class Meddling(Inbox):
        """Others are at the items after this one has looked."""

        def _free(self, connection, channel, now, limit):
            found = super()._free(connection, channel, now, limit)
            changes = {"dropped": {"state": "done"}, "renewed": {"worker": "first", "state": "running", "due": now + LEASE}}
            for row in found:
                if values := changes.get(row.payload["name"]):
                    connection.execute(table.update().where(table.c.seq == row.seq).values(values))
            return found

    assert names(Meddling(engine, clock).take("slack", "second", 8)) == ["done"]
    inbox.done("second", finished)
    assert [row.state for row in rows(engine)] == ["done", "running", "done"] and rows(engine)[1].key == kept.key


def _taken(engine, worker: str) -> list[Item]:
    with engine.begin() as connection:
        mine = connection.execute(select(table).where(table.c.worker == worker)).all()
    return [Item(key=row.key, channel=row.channel, lane=row.lane, payload=row.payload) for row in mine]


# --- order ------------------------------------------------------------------------------------------------------------


def test_a_lane_is_handled_in_order_one_after_the_other(inbox):
    put(inbox, "a1", "a2", "a3", lane="a")
    put(inbox, "b1", "b2", lane="b")
    first = take(inbox, "w1")
    assert names(first) == ["a1", "b1"] and take(inbox, "w2") == []
    inbox.done("w1", first[0])
    second = take(inbox, "w2")
    assert names(second) == ["a2"]
    inbox.done("w1", first[1])
    inbox.done("w2", second[0])
    assert names(take(inbox, "w3")) == ["a3", "b2"]


def test_no_more_than_the_limit_is_taken_and_nothing_of_another_channel(inbox):
    put(inbox, *"abcde")
    inbox.put("feishu", "f", "f", {"name": "f"})
    assert names(take(inbox, limit=2)) == ["a", "b"] and names(take(inbox, limit=0)) == []
    assert names(take(inbox)) == ["c", "d", "e"] and (inbox.open("slack"), inbox.open("feishu")) == (5, 1)
    assert names(inbox.take("feishu", "w", 8)) == ["f"]


def test_what_is_due_later_holds_nobody_up(inbox, clock):
    put(inbox, "open question", lane="a", due=NOW + timedelta(minutes=10))
    put(inbox, "a1", "a2", lane="a")
    (item,) = take(inbox)
    assert names([item]) == ["a1"]
    inbox.done("w", item)
    (item,) = take(inbox)
    assert names([item]) == ["a2"]
    clock.on(minutes=10)
    inbox.renew("w", [item.key])
    assert take(inbox) == []  # it is due, and its lane is being answered
    inbox.done("w", item)
    assert names(take(inbox)) == ["open question"]


def test_what_failed_waits_and_lets_the_next_in_its_lane_pass(inbox, clock):
    put(inbox, "a1", "a2", lane="a")
    (failed,) = take(inbox)
    assert inbox.later("w", failed, WAIT)
    (next_one,) = take(inbox)
    assert names([next_one]) == ["a2"]
    inbox.done("w", next_one)
    assert take(inbox) == []
    clock.now += WAIT
    (again,) = take(inbox)
    assert names([again]) == ["a1"] and again.tries == 2


# --- whoever took it --------------------------------------------------------------------------------------------------


def test_an_item_whose_worker_is_gone_goes_on_with_another_where_it_stood(inbox, clock):
    put(inbox, "a")
    (item,) = take(inbox, "dead")
    inbox.keep("dead", item, {"posted": ["1.2"], "exchange": "x"})
    clock.now += LEASE - timedelta(seconds=1)
    assert take(inbox, "next") == []
    clock.on(seconds=1)
    (taken,) = take(inbox, "next")
    assert (taken.progress, taken.tries, taken.payload) == ({"posted": ["1.2"], "exchange": "x"}, 2, {"name": "a"})
    # What the dead worker says after all counts no more.
    inbox.keep("dead", item, {"posted": ["wrong"]})
    inbox.renew("dead", [item.key])
    inbox.done("dead", item)
    inbox.later("dead", item, WAIT)
    inbox.release("dead", "slack")
    assert inbox.open("slack") == 1
    clock.now += LEASE
    (third,) = take(inbox, "third")
    assert third.progress == {"posted": ["1.2"], "exchange": "x"} and third.tries == 3


def test_who_renews_keeps_the_item(inbox, clock):
    put(inbox, "a", "b")
    kept, lost = take(inbox, "w")
    for _ in range(5):
        clock.now += LEASE * 0.8
        inbox.renew("w", [kept.key])
    assert [item.key for item in take(inbox, "next")] == [lost.key]
    inbox.renew("w", [])


def test_a_worker_that_ends_gives_back_what_it_had_of_that_channel(inbox, clock):
    put(inbox, "a", "b")
    inbox.put("feishu", "f", "f", {"name": "f"})
    (a, b), (f,) = take(inbox, "w"), inbox.take("feishu", "w", 8)
    inbox.keep("w", a, {"posted": ["1"]})
    inbox.done("w", b)
    inbox.release("w", "slack")
    (again,) = take(inbox, "next")
    assert (again.key, again.tries, again.progress) == (a.key, 1, {"posted": ["1"]})
    assert inbox.take("feishu", "next", 8) == []  # the same worker is at it still
    inbox.done("w", f)
    assert inbox.open("feishu") == 0


def test_ending_in_the_middle_is_no_failure_however_often(inbox):
    put(inbox, "a")
    for n in range(TRIES + 3):
        assert [item.tries for item in take(inbox, f"w{n}")] == [1]
        inbox.release(f"w{n}", "slack")


def test_what_fails_again_and_again_is_given_up(inbox, clock, engine):
    put(inbox, "a", SECRET)
    seen, again = [], True
    while again:
        item = next(item for item in take(inbox) if item.payload["name"] == "a")
        seen.append(item.tries)
        again = inbox.later("w", item, WAIT)
        assert [row.due == clock.now + WAIT for row in rows(engine) if row.key == item.key] == [again]
        clock.now += WAIT + LEASE
    assert seen == list(range(1, TRIES + 1))
    clock.on(days=1)
    assert "a" not in names(take(inbox)) and put(inbox, "a") == [False]
    assert next(row for row in rows(engine) if row.key == item.key).state == "failed"


# --- taken back, forgotten --------------------------------------------------------------------------------------------


def drop(inbox: Inbox, name: str, lane: str = "") -> int:
    return inbox.drop("slack", lane or name, lambda payload: payload.get("name", payload.get("text")) == name)


def test_what_is_dropped_is_over_and_its_worker_finds_out(inbox):
    put(inbox, "a", "b")
    assert drop(inbox, "a") == 1 and not drop(inbox, "a") and not drop(inbox, "unknown") and not drop(inbox, "b", "a")
    (item,) = take(inbox)
    assert names([item]) == ["b"] and inbox.keep("w", item, {"posted": ["1"]})
    assert drop(inbox, "b") == 1
    assert not inbox.keep("w", item, {"posted": ["1", "2"]})
    assert put(inbox, "a", "b") == [False, False]
    inbox.done("w", item)
    assert not drop(inbox, "b") and not take(inbox)


def test_a_lane_is_running_from_the_moment_something_is_due_in_it(inbox, clock):
    inbox.put("slack", "a", "lane", {"name": "a"}, due=clock.now + WAIT)
    assert not inbox.running("slack", "lane")
    clock.now += WAIT
    assert inbox.running("slack", "lane") and not inbox.running("slack", "other") and not inbox.running("feishu", "lane")
    (item,) = take(inbox)
    assert inbox.running("slack", "lane")
    inbox.done("w", item)
    assert not inbox.running("slack", "lane")


def test_keys_are_forgotten_after_a_while_and_open_items_never(inbox, clock, engine):
    put(inbox, "done", "failed", "dropped", "waiting", "running")
    by_name = {item.payload["name"]: item for item in take(inbox)}
    inbox.done("w", by_name["done"])
    assert not inbox.later("w", Item(**{**vars(by_name["failed"]), "tries": TRIES}), WAIT)
    inbox.release("w", "slack")
    drop(inbox, "dropped")
    clock.now += KEPT
    inbox.renew("w", [by_name["running"].key])
    assert inbox.prune() == 0
    clock.on(seconds=1)
    assert inbox.prune() == 3
    assert [row.state for row in rows(engine)] == ["waiting", "waiting"]
    assert put(inbox, "done", "failed", "dropped", "waiting") == [True, True, True, False]


@pytest.mark.parametrize("end", ["done", "dropped", "failed"])
def test_words_are_gone_when_it_is_over(inbox, engine, end):
    inbox.put("slack", SECRET, SECRET, {"text": SECRET})
    assert sum(SECRET in str(tuple(row)) for row in rows(engine)) == 1
    assert SECRET not in rows(engine)[0].key + rows(engine)[0].lane
    if end == "dropped":
        assert drop(inbox, SECRET)
    else:
        (item,) = take(inbox)
        inbox.keep("w", item, {"said": SECRET})
        last = Item(**{**vars(item), "tries": TRIES})
        assert not (inbox.done("w", item) if end == "done" else inbox.later("w", last, WAIT))
    (row,) = rows(engine)
    assert (row.payload, row.progress) == (None, None) and "UNMISTAKABLE" not in str(tuple(row))


def test_words_are_off_the_disk_when_it_is_over(tmp_path: Path, clock):
    """The files are read after the log was folded in, as SQLite does by itself now and then."""
    engine = open_database(f"sqlite:///{tmp_path / 'records.db'}")
    inbox = Inbox(engine, clock)
    inbox.put("slack", "k", "l", {"text": SECRET * 200})
    assert b"UNMISTAKABLE" in b"".join(p.read_bytes() for p in tmp_path.glob("records.db*"))
    (item,) = take(inbox)
    inbox.done("w", item)
    engine.dispose()
    assert b"UNMISTAKABLE" not in b"".join(p.read_bytes() for p in tmp_path.glob("records.db*"))


def test_a_second_process_sees_what_the_first_has_put(inbox, database_url, clock):
    put(inbox, "a", "b")
    other = Inbox(open_database(database_url), clock)
    assert put(other, "a") == [False] and names(take(other, "w2", 1)) == ["a"]
    assert names(take(inbox, "w1")) == ["b"] and other.open("slack") == 2
    other._engine.dispose()
