"""What every view of a person's records shares: each query names the person.

Owns the one place that says whose a row is, and what may be kept at all. Knows no table but `people`.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from typing import Any, get_args

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Connection, Engine, Row, Select, Table, insert, select, update

from coach.errors import InputError, NotFound
from coach.store.database import transaction
from coach.store.tables import people, storable_json
from coach.text import clean

MAX_VALUES = 1_000_000
"""Characters of JSON that one record may hold."""


class Bound:
    """A view of one person's records. Ids of other people's records are as unknown as ids that do not exist: NotFound."""

    def __init__(self, engine: Engine, person_id: str, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._id = person_id
        self._clock = clock

    def _mine(self, table: Table) -> Select[Any]:
        return select(table).where(table.c.person == self._id)

    def _all(self, table: Table, query: Select[Any] | None = None) -> list[Row[Any]]:
        with self._reading() as connection:
            return list(connection.execute(self._mine(table).order_by(table.c.seq) if query is None else query))

    def _own(self, connection: Connection, table: Table, record_id: str, what: str) -> Row[Any]:
        row = connection.execute(self._mine(table).where(table.c.id == record_id)).first()
        if row is None:
            raise not_found(what, record_id)
        return row

    def _add(self, connection: Connection, table: Table, record_id: str = "", **values: Any) -> Row[Any]:  # noqa: ANN401
        """Columns and their values; the row as it is stored."""
        row = {"person": self._id, "made": self._clock(), **({"id": record_id} if record_id else {}), **values}
        return connection.execute(insert(table).values(row).returning(*table.c)).one()

    def _set(self, connection: Connection, table: Table, record_id: str, changes: dict[str, Any]) -> Row[Any]:
        mine = update(table).where(table.c.person == self._id, table.c.id == record_id)
        return connection.execute(mine.values(changes).returning(*table.c)).one()

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        """One state of everything, whatever others write meanwhile, and without waiting for them."""
        with transaction(self._engine, reading=True) as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """One writer a person at a time: what is read within is not changed by others before it is written."""
        with transaction(self._engine) as connection:
            mine = select(people.c.id).where(people.c.id == self._id).with_for_update()
            if connection.execute(mine).first() is None:
                raise not_found("person", self._id)
            yield connection


def kept_values(values: Any) -> Any:  # noqa: ANN401  JSON
    """As it can be kept. Raises InputError for what is no JSON, or too much of it."""
    try:
        size = len(json.dumps(values, allow_nan=False, ensure_ascii=False))
    except (TypeError, ValueError, RecursionError) as error:
        raise InputError(f"This cannot be kept: {error}.", hint="Give texts, numbers, lists and objects as in JSON.") from error
    if size > MAX_VALUES:
        raise InputError(f"This is too long to be kept: {size} characters, {MAX_VALUES} at most.", hint="Shorten it.")
    return storable_json(values)


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:  # noqa: ANN401  a type, or an alias of one
    return TypeAdapter(kind)


def read_as(kind: Any, raw: object) -> tuple[Any, str]:  # noqa: ANN401
    """A stored value as that type, or None and what does not fit: names of fields, never what the person wrote."""
    try:
        return _adapter(kind).validate_python(raw), ""
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_context=False, include_input=False)
        told = [f"{'.'.join(map(str, e['loc']))[:80] or 'value'}: {e['msg']}" for e in wrong[:3]]
        return None, "; ".join([*told, *([f"and {len(wrong) - 3} more"] if len(wrong) > 3 else [])])


def one_of(value: object, allowed: object, name: str) -> None:
    """Raises InputError for a value that is none of a Literal's."""
    if value not in get_args(allowed):
        raise InputError(f"{short(str(value))} is no {name}.", hint=f"Use one of: {', '.join(get_args(allowed))}.")


def not_found(what: str, record_id: str) -> NotFound:
    """The same for what is somebody else's and what does not exist."""
    return NotFound(f"There is no {what} {short(record_id)}.", hint="Use an id as it is listed.")


def short(text: str) -> str:
    """A given value as an error quotes it."""
    return repr(clean(text)[:60])


def new_id() -> str:
    """An id nobody can guess."""
    return uuid.uuid4().hex
