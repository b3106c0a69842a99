"""Who may log in, and as whom: accounts, their sessions and API tokens, and how fast one may guess a password.

Passwords are kept as argon2id hashes, tokens as SHA-256 hashes. What a role may do is said by `coach.identity`; what is kept
of a person stands in `coach.store.records`. Nothing of this goes into a log.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from coach.errors import CoachError, Conflict, InputError, NotFound
from coach.identity import ROLES, Role, Visitor
from coach.messages import say
from coach.settings import Settings
from coach.store.channels import own_people
from coach.store.database import fold_in_log, open_database, transaction
from coach.store.records import LOCAL_PERSON
from coach.store.tables import accounts, api_tokens, failed_log_ins, people, sessions
from coach.text import clean
from coach.types import Lang

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 1000
"""Characters."""
SESSION_AT_MOST = timedelta(days=90)
"""After that one logs in again, however busy the session was."""
RENEWED_AFTER = timedelta(hours=24)
"""A session gets a new token after so much use."""
REPLACED_FOR = timedelta(seconds=60)
"""So long the token before is still good: requests sent side by side carry it."""
TOKEN_DAYS = 3650
"""The longest life of an API token that is given one."""

_SEEN_EVERY = timedelta(minutes=1)
_FREE_FAILURES = {"name": 5, "address": 20}  # an office shares its address
_FORGIVEN = timedelta(minutes=10)  # for every one of these without a failure, one failure is forgotten
_LONGEST_WAIT = 900  # seconds
_FAILURES_KEPT = timedelta(days=2)
_NAME = re.compile(r"[\w.@+-]{1,64}")
# What is left of a common password without its digits and signs.
_COMMON = frozenset(
    """abcd abcde abcdef abcdefgh abcdefghij abcdefghijkl abcdefghijklmn admin administrator asdfghjkl asdfghjklqwerty baseball
    career careercoach changeme coach dragon football iloveyou letmein marketing marketingcareercoach master mima monkey password
    passwordpassword passwd passwort passwrd princess pssword psswrd qazwsx qazwsxedc qazwsxedcrfv qweasdzxc qweqwe qwer qwert
    qwerty qwertyasdfgh qwertyqwerty qwertyui qwertyuiop qwertyuiopasdf secret shadow sunshine superman trustno welcome woaini
    woainiwoaini zxcvbn zxcvbnm""".split()
)
_DIGITS_IN_A_ROW = "0123456789" * 8


class LogInFailed(CoachError):
    """There is no such account, or the password is wrong: nobody can tell the two apart."""

    code = "login_failed"


class LogInDisabled(CoachError):
    """The password is right, and the account is disabled."""

    code = "login_disabled"


class LogInWait(CoachError):
    """Too many failures; the next try counts after `seconds`."""

    code = "login_wait"

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Too many failed log-ins: wait {seconds} seconds.")
        self.seconds = seconds


@dataclass(frozen=True, kw_only=True)
class Account:
    """Somebody who may log in. `name` is what they type, in its folded form; `display` what they are called."""

    person: str
    name: str
    display: str
    role: Role
    disabled: bool
    created: datetime


@dataclass(frozen=True, kw_only=True)
class Session:
    """Who a session belongs to; `token` is the one to use from now on, if it has been renewed, else empty."""

    visitor: Visitor
    token: str = ""


@dataclass(frozen=True, kw_only=True)
class ApiToken:
    """An API token without its secret. Without `expires` it is good until it is revoked."""

    id: str
    label: str
    created: datetime
    last_used: datetime | None
    expires: datetime | None


class Accounts:
    """All accounts. One object serves every thread; several processes may share the database.

    `elsewhere` is called with a person who was removed: for what is kept of them outside the records.
    """

    def __init__(
        self,
        engine: Engine,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        *,
        idle: timedelta = timedelta(days=14),
        elsewhere: Callable[[str], None] = lambda person: None,
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._idle = min(idle, SESSION_AT_MOST)
        self._elsewhere = elsewhere

    def any(self) -> bool:
        """Whether there is an account; from the first one on everybody has to log in."""
        with transaction(self._engine, reading=True) as connection:
            return connection.execute(select(accounts.c.person).limit(1)).first() is not None

    def close(self) -> None:
        """Gives the connections back."""
        self._engine.dispose()

    # --- accounts -----------------------------------------------------------------------------------------------------

    def add(
        self, name: str, password: str, role: Role = "member", *, display: str = "", takes_local: bool = False, lang: Lang = "en"
    ) -> Account:
        """Makes an account and its person; with `takes_local` the person is the one of the time without accounts.

        Raises:
            InputError: the name, the role or the password cannot be used.
            Conflict: the name is taken, or the local person has an account already.
        """
        folded = checked_name(name, lang)
        check_password(password, (folded, display), lang)
        _check_role(role, lang)
        row = {
            "person": LOCAL_PERSON if takes_local else uuid.uuid4().hex,
            "name": folded,
            "display": clean(display).strip()[:100] or clean(name).strip(),
            "role": role,
            "password_hash": self._hasher.hash(_secret(password)),
            "disabled": False,
            "created": self._clock(),
        }
        try:
            with transaction(self._engine) as connection:
                known = connection.execute(select(people.c.id).where(people.c.id == row["person"])).first()
                if not known:
                    person = {"id": row["person"], "created": row["created"], "language": lang, "time_zone": ""}
                    connection.execute(insert(people).values(person))
                return _account(connection.execute(insert(accounts).values(row).returning(*accounts.c)).one())
        except IntegrityError as error:
            raise self._taken(folded, lang) from error

    def _taken(self, folded: str, lang: Lang) -> Conflict:
        with transaction(self._engine, reading=True) as connection:
            named = connection.execute(select(accounts.c.person).where(accounts.c.name == folded)).first()
        return Conflict(say("acc_name_taken" if named else "acc_local_taken", lang, name=folded))

    def all(self) -> list[Account]:
        """All accounts, by name."""
        with transaction(self._engine, reading=True) as connection:
            return [_account(row) for row in connection.execute(select(accounts).order_by(accounts.c.name))]

    def account(self, name: str, *, lang: Lang = "en") -> Account:
        """The account of that name. Raises NotFound."""
        with transaction(self._engine, reading=True) as connection:
            return _account(self._named(connection, name, lang))

    def name_of(self, person: str) -> str:
        """What the account of a person is called; empty where there is none."""
        with transaction(self._engine, reading=True) as connection:
            row = connection.execute(select(accounts.c.display, accounts.c.name).where(accounts.c.person == person)).first()
        return str(row.display or row.name) if row else ""

    def is_disabled(self, person: str) -> bool:
        """Whether the person has an account that may not be used."""
        with transaction(self._engine, reading=True) as connection:
            return bool(connection.execute(select(accounts.c.disabled).where(accounts.c.person == person)).scalar())

    def change(
        self, name: str, *, role: Role | None = None, disabled: bool | None = None, display: str | None = None, lang: Lang = "en"
    ) -> Account:
        """Changes what is given; disabling ends all sessions.

        Raises:
            NotFound: there is no account of that name.
            InputError: the role is none.
            Conflict: nobody would be left to look after the accounts.
        """
        given: dict[str, Any] = {"role": role, "disabled": disabled, "display": clean(display).strip()[:100] if display else None}
        changes = {column: value for column, value in given.items() if value is not None}
        if role is not None:
            _check_role(role, lang)
        with transaction(self._engine) as connection:
            before = self._named(connection, name, lang)
            if disabled or role not in (None, "admin"):
                _keep_an_admin(connection, before.person, lang)
            if disabled:
                connection.execute(delete(sessions).where(sessions.c.person == before.person))
            if not changes:
                return _account(before)
            changed = update(accounts).where(accounts.c.person == before.person).values(changes).returning(*accounts.c)
            return _account(connection.execute(changed).one())

    def set_password(self, name: str, password: str, *, lang: Lang = "en") -> None:
        """Gives an account a new password and ends all its sessions. Raises NotFound, InputError."""
        account = self.account(name, lang=lang)
        check_password(password, (account.name, account.display), lang)
        self._replace_password(account.person, password)

    def remove(self, name: str, *, lang: Lang = "en") -> None:
        """Removes the account and everything kept of the person, for good.

        Raises:
            NotFound: there is no account of that name.
            Conflict: others would be left without anybody to look after the accounts.
        """
        with transaction(self._engine) as connection:
            person = self._named(connection, name, lang).person
            if connection.execute(select(accounts.c.person).where(accounts.c.person != person)).first():
                _keep_an_admin(connection, person, lang)
            gone = [person, *own_people(connection, person)]
            connection.execute(delete(people).where(people.c.id.in_(gone)))
        fold_in_log(self._engine)
        for each in gone:
            self._elsewhere(each)

    def _named(self, connection: Connection, name: str, lang: Lang) -> Row[Any]:
        row = connection.execute(select(accounts).where(accounts.c.name == _folded(name))).first()
        if row is None:
            raise NotFound(say("acc_unknown", lang, name=clean(name)[:64]), hint=say("acc_unknown_hint", lang))
        return row

    # --- logging in ---------------------------------------------------------------------------------------------------

    def log_in(self, name: str, password: str, address: str) -> str:
        """Begins a session and gives its token, which is kept nowhere else. `address` is the client's, for the throttle.

        Raises:
            LogInFailed: no such account, or a wrong password; both take the same time.
            LogInDisabled: the password is right, the account disabled.
            LogInWait: there were too many failures for this name or from this address.
        """
        row = self._verified(_folded(name), password, address)
        if row.disabled:
            raise LogInDisabled("This account is disabled.")
        with transaction(self._engine) as connection:
            return self._begin(connection, row)

    def change_password(self, person: str, old: str, new: str, address: str, *, lang: Lang = "en") -> str:
        """Replaces the password, ends all other sessions and begins a new one: its token.

        Raises:
            LogInFailed, LogInWait: as `log_in`, about the old password.
            InputError: the new password cannot be used.
        """
        with transaction(self._engine, reading=True) as connection:
            row = connection.execute(select(accounts).where(accounts.c.person == person)).first()
        if row is None:
            raise LogInFailed("There is no such account.")
        check_password(new, (row.name, row.display), lang)
        self._verified(row.name, old, address)
        return self._replace_password(person, new, begin=True)

    def session(self, token: str) -> Session | None:
        """Whose session this is; None for one that is unknown or over. Notes that it is used, and renews it in time."""
        now = self._clock()
        of = select(sessions, *_VISITOR).join_from(sessions, accounts, accounts.c.person == sessions.c.person)
        with transaction(self._engine, reading=True) as connection:
            row = connection.execute(of.where(sessions.c.token_hash == _hash(token))).first()
        if row is None or row.disabled or row.expires <= now:
            return None
        renewed = ""
        if not row.replaced and now - row.renewed >= RENEWED_AFTER:
            renewed = self._renew(row, now)
        elif not row.replaced and now - row.seen >= _SEEN_EVERY:
            live = update(sessions).where(sessions.c.token_hash == row.token_hash, ~sessions.c.replaced)
            with transaction(self._engine) as connection:
                connection.execute(live.values(seen=now, expires=self._expiry(now, row.created)))
        return Session(visitor=_visitor(row), token=renewed)

    def log_out(self, token: str) -> None:
        """Ends the session, and what it was renewed from or to."""
        with transaction(self._engine) as connection:
            row = connection.execute(select(sessions.c.log_in).where(sessions.c.token_hash == _hash(token))).first()
            if row is not None:
                connection.execute(delete(sessions).where(sessions.c.log_in == row.log_in))

    def _begin(self, connection: Connection, account: Row[Any]) -> str:
        """A new session, unless the password that was just verified has been replaced meanwhile."""
        now = self._clock()
        still = (accounts.c.person == account.person, accounts.c.password_hash == account.password_hash)
        if connection.execute(select(accounts.c.person).where(*still).with_for_update()).first() is None:
            raise LogInFailed("The password was changed meanwhile.")
        connection.execute(delete(sessions).where(sessions.c.expires <= now))
        connection.execute(delete(failed_log_ins).where(failed_log_ins.c.last <= now - _FAILURES_KEPT))
        return self._add_session(connection, account.person, uuid.uuid4().hex, created=now, now=now)

    def _renew(self, row: Row[Any], now: datetime) -> str:
        """A new token for a session; empty if a request beside this one was first."""
        old = update(sessions).where(sessions.c.token_hash == row.token_hash, ~sessions.c.replaced)
        with transaction(self._engine) as connection:
            changed = connection.execute(old.values(replaced=True, seen=now, expires=min(row.expires, now + REPLACED_FOR)))
            if changed.rowcount != 1:
                return ""
            return self._add_session(connection, row.person, row.log_in, created=row.created, now=now)

    def _add_session(self, connection: Connection, person: str, log_in: str, *, created: datetime, now: datetime) -> str:
        token = secrets.token_urlsafe(32)
        moments = {"created": created, "renewed": now, "seen": now, "expires": self._expiry(now, created)}
        row = {"token_hash": _hash(token), "person": person, "log_in": log_in, "replaced": False, **moments}
        connection.execute(insert(sessions).values(row))
        return token

    def _expiry(self, now: datetime, created: datetime) -> datetime:
        return min(now + self._idle, created + SESSION_AT_MOST)

    def _replace_password(self, person: str, password: str, *, begin: bool = False) -> str:
        hashed = self._hasher.hash(_secret(password))
        with transaction(self._engine) as connection:
            new = update(accounts).where(accounts.c.person == person).values(password_hash=hashed).returning(*accounts.c)
            row = connection.execute(new).one()
            connection.execute(delete(sessions).where(sessions.c.person == person))
            return self._begin(connection, row) if begin else ""

    # --- passwords and guesses ----------------------------------------------------------------------------------------

    @cached_property
    def _hasher(self) -> PasswordHasher:
        from argon2 import PasswordHasher

        return PasswordHasher()

    def _verified(self, folded: str, password: str, address: str) -> Row[Any]:
        """The account, if the password is its own. A try counts as failed until it has succeeded: tries may run side by side."""
        from argon2.exceptions import VerificationError

        keys = {"name": _hash(f"name {folded}"), "address": _hash(f"address {address}")}
        self._count(keys)
        with transaction(self._engine, reading=True) as connection:
            row = connection.execute(select(accounts).where(accounts.c.name == folded)).first()
        secret = _secret(password[: LONGEST_PASSWORD + 1])
        if row is None:
            self._hasher.hash(secret)  # takes as long as looking at a real one
            raise LogInFailed("The name or the password is wrong.")
        try:
            self._hasher.verify(row.password_hash, secret)
        except VerificationError:
            raise LogInFailed("The name or the password is wrong.") from None
        self._uncount(keys)
        return self._rehashed(row, secret) if self._hasher.check_needs_rehash(row.password_hash) else row

    def _rehashed(self, row: Row[Any], secret: bytes) -> Row[Any]:
        """The account with its password hashed by today's parameters."""
        same = (accounts.c.person == row.person, accounts.c.password_hash == row.password_hash)
        new = update(accounts).where(*same).values(password_hash=self._hasher.hash(secret)).returning(*accounts.c)
        with transaction(self._engine) as connection:
            return connection.execute(new).first() or row

    def _count(self, keys: dict[str, str]) -> None:
        """Counts a try for each key. Raises LogInWait, and counts nothing, while one of them has to wait."""
        now = self._clock()
        with transaction(self._engine) as connection:
            found: dict[str, int] = {}
            wait = 0
            for kind, key in sorted(keys.items(), key=lambda item: item[1]):  # in one order: two tries never block each other
                row = _failures(connection, key, now)
                found[key] = max(0, row.failures - int((now - row.last) / _FORGIVEN))
                wait = max(wait, _wait(found[key] - _FREE_FAILURES[kind], now - row.last))
            if not wait:
                for key, failures in found.items():
                    one = update(failed_log_ins).where(failed_log_ins.c.key == key)
                    connection.execute(one.values(failures=failures + 1, last=now))
        if wait:
            raise LogInWait(wait)

    def _uncount(self, keys: dict[str, str]) -> None:
        """Forgets all failures for the name, and this one try for the address: who has an account is not free to guess others."""
        count = failed_log_ins.c
        with transaction(self._engine) as connection:
            connection.execute(delete(failed_log_ins).where(count.key == keys["name"]))
            one = update(failed_log_ins).where(count.key == keys["address"], count.failures > 0)
            connection.execute(one.values(failures=count.failures - 1))

    # --- API tokens ---------------------------------------------------------------------------------------------------

    def add_token(self, person: str, label: str = "", days: int | None = None, *, lang: Lang = "en") -> tuple[str, ApiToken]:
        """A new token of a person with an account: its secret, which is kept nowhere else, and the rest.

        Raises:
            InputError: `days` is not between 1 and TOKEN_DAYS.
            NotFound: the person has no account.
        """
        if days is not None and not 1 <= days <= TOKEN_DAYS:
            raise InputError(say("acc_token_days", lang, limit=TOKEN_DAYS))
        secret, now = f"coach_{secrets.token_urlsafe(32)}", self._clock()
        row = {
            "token_hash": _hash(secret),
            "id": uuid.uuid4().hex[:12],
            "person": person,
            "label": clean(label).strip()[:100],
            "created": now,
            "expires": now + timedelta(days=days) if days else None,
        }
        with transaction(self._engine) as connection:
            if connection.execute(select(accounts.c.person).where(accounts.c.person == person)).first() is None:
                raise NotFound(say("acc_none", lang), hint="coach user add NAME")
            return secret, _api_token(connection.execute(insert(api_tokens).values(row).returning(*api_tokens.c)).one())

    def tokens(self, person: str) -> list[ApiToken]:
        """The tokens of a person, oldest first, those that have expired included."""
        mine = select(api_tokens).where(api_tokens.c.person == person).order_by(api_tokens.c.created, api_tokens.c.id)
        with transaction(self._engine, reading=True) as connection:
            return [_api_token(row) for row in connection.execute(mine)]

    def revoke(self, person: str, token_id: str, *, lang: Lang = "en") -> None:
        """Ends a token of this person. Raises NotFound for one that is unknown or somebody else's."""
        with transaction(self._engine) as connection:
            mine = delete(api_tokens).where(api_tokens.c.person == person, api_tokens.c.id == token_id)
            if not connection.execute(mine).rowcount:
                raise NotFound(say("acc_token_unknown", lang))

    def by_token(self, secret: str) -> Visitor | None:
        """Whose token this is; None for one that is unknown, expired or of a disabled account."""
        now = self._clock()
        of = select(api_tokens, *_VISITOR).join_from(api_tokens, accounts, accounts.c.person == api_tokens.c.person)
        with transaction(self._engine, reading=True) as connection:
            row = connection.execute(of.where(api_tokens.c.token_hash == _hash(secret))).first()
        if row is None or row.disabled or (row.expires is not None and row.expires <= now):
            return None
        if row.last_used is None or now - row.last_used >= _SEEN_EVERY:
            with transaction(self._engine) as connection:
                used = update(api_tokens).where(api_tokens.c.token_hash == row.token_hash)
                connection.execute(used.values(last_used=now))
        return _visitor(row)


def open_accounts(settings: Settings) -> Accounts:
    """The accounts kept where the settings say. Raises SetupError if that database cannot be used."""
    from coach.library.edits import Edits

    return Accounts(
        open_database(settings.records_url),
        idle=timedelta(days=settings.session_days),
        elsewhere=Edits(settings.home).forget_person,
    )


# --- what may be used -------------------------------------------------------------------------------------------------


def checked_name(name: str, lang: Lang) -> str:
    """A log-in name as it is kept: full-width and capital letters are the same as others. Raises InputError."""
    folded = _folded(name)
    if not _NAME.fullmatch(folded):
        raise InputError(say("acc_name", lang, name=clean(name)[:64]), hint=say("acc_name_hint", lang))
    return folded


def check_password(password: str, names: tuple[str, ...], lang: Lang) -> None:
    """Raises InputError for a password that is too short, too long, the person's own name or one that everybody uses."""
    folded = unicodedata.normalize("NFKC", password[: LONGEST_PASSWORD + 1]).casefold()
    bare = re.sub(r"[\W\d_]+", "", folded)
    known = {_folded(name) for name in names if name}
    if len(folded) > LONGEST_PASSWORD:
        raise InputError(say("acc_password_long", lang, limit=LONGEST_PASSWORD))
    if len(folded) < SHORTEST_PASSWORD:
        raise InputError(say("acc_password_short", lang, limit=SHORTEST_PASSWORD), hint=say("acc_password_hint", lang))
    if folded in known or bare in known:
        raise InputError(say("acc_password_name", lang), hint=say("acc_password_hint", lang))
    row = folded.isdigit() and (folded in _DIGITS_IN_A_ROW or folded[::-1] in _DIGITS_IN_A_ROW)
    if row or len(set(folded)) < 5 or bare in _COMMON:
        raise InputError(say("acc_password_common", lang), hint=say("acc_password_hint", lang))


def _check_role(role: str, lang: Lang) -> None:
    if role not in ROLES:
        raise InputError(say("acc_role", lang, role=clean(str(role))[:30], roles=", ".join(ROLES)))


def _keep_an_admin(connection: Connection, person: str, lang: Lang) -> None:
    """Raises Conflict if this person is the last one who looks after the accounts."""
    admins = select(accounts.c.person).where(accounts.c.role == "admin", ~accounts.c.disabled).with_for_update()
    if [row.person for row in connection.execute(admins)] == [person]:
        raise Conflict(say("acc_last_admin", lang), hint=say("acc_last_admin_hint", lang))


# --- rows as values ---------------------------------------------------------------------------------------------------

_VISITOR = (accounts.c.display, accounts.c.role, accounts.c.disabled)


def _visitor(row: Row[Any]) -> Visitor:
    return Visitor(person=row.person, role=row.role, name=row.display)


def _account(row: Row[Any]) -> Account:
    return Account(**{name: value for name, value in row._mapping.items() if name != "password_hash"})


def _api_token(row: Row[Any]) -> ApiToken:
    return ApiToken(**{name: value for name, value in row._mapping.items() if name not in ("token_hash", "person")})


def _failures(connection: Connection, key: str, now: datetime) -> Row[Any]:
    """The count of a key, held until the end of the transaction; made if there is none."""
    from sqlalchemy.dialects import postgresql, sqlite

    make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    connection.execute(make(failed_log_ins).values(key=key, failures=0, last=now).on_conflict_do_nothing())
    return connection.execute(select(failed_log_ins).where(failed_log_ins.c.key == key).with_for_update()).one()


def _wait(beyond: int, since: timedelta) -> int:
    """Seconds to wait still: the time doubles with every failure beyond those that are free."""
    if beyond < 0:
        return 0
    left = min(2 ** min(beyond, 20), _LONGEST_WAIT) - since.total_seconds()
    return max(0, -int(-left // 1))


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", clean(name[:1000])).casefold().strip()


def _secret(password: str) -> bytes:
    """What is hashed: however a keyboard composes it, and in any width, a password is the same."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
