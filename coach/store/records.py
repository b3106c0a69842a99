"""What is kept of a person: profile, assessments, feedback, plans, check-ins, reviews, and the way to their conversations.

Owns who may read and write it: everything goes through `Records.of`, a view bound to one person, and every query of that
view names this person. Knows no rule of assessment or planning; nothing of what is kept goes into a log.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Generic, Literal, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, Row, Select, Table, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from coach.development.schema import CheckIn, LevelResult, Plan, Profile, Value, public
from coach.errors import Conflict, InputError, NotFound, Unreadable
from coach.settings import Settings
from coach.store.bound import Bound, kept_values, new_id, not_found, one_of, read_as, short
from coach.store.channels import own_people
from coach.store.conversations import Conversations
from coach.store.database import fold_in_log, open_database, transaction
from coach.store.queue import Queue
from coach.store.tables import (
    assessments,
    checkins,
    conversations,
    feedback_answers,
    feedback_links,
    metadata,
    people,
    plan_versions,
    plans,
    profiles,
    reviews,
)
from coach.text import clean
from coach.types import Lang

LOCAL_PERSON = "local"
"""The one person of an installation without accounts; made on first use."""
ENOUGH_FEEDBACK = 3
"""From this many answers on feedback is shown: below, one could tell who said what."""
MAX_FEEDBACK = 100
"""Answers one assessment takes: whoever has a link needs no account."""

Form = Literal["short", "full", "free"]
Relation = Literal["manager", "report", "peer"]
ReviewKind = Literal["quarterly", "yearly"]
State = Literal["open", "done"]
Origin = Literal["said", "inferred"]
T = TypeVar("T")
_PERSON_ID = re.compile(r"[A-Za-z0-9._@-]{1,64}")


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody the coach keeps records of. An empty `time_zone` is that of the machine."""

    id: str
    created: datetime
    language: Lang
    time_zone: str

    def today(self, now: datetime) -> date:
        """The date where the person is, at a moment that has a time zone."""
        return now.astimezone(ZoneInfo(self.time_zone) if self.time_zone else None).date()


class FieldSource(Value):
    """Whether the person said a field themselves or the coach inferred it, and whether they confirmed that."""

    origin: Origin = "said"
    confirmed: bool = True


@dataclass(frozen=True, kw_only=True)
class Kept(Generic[T]):
    """A kept value: `raw` as it was stored, and `value` as a type of this version of the program, if it fits.

    `what` names the record to a reader; `problem` says what does not fit, else it is empty.
    """

    what: str
    made: datetime
    raw: Any
    problem: str = ""
    read: T | None = field(default=None, repr=False)

    @property
    def value(self) -> T:
        """Raises Unreadable if it does not fit."""
        if self.read is None:
            raise Unreadable(
                f"The {self.what} was kept by another version of the program and cannot be read: {self.problem}.",
                hint="Nothing is lost: it is part of the export as it is. Use the version that wrote it, or make a new one.",
            )
        return self.read


@dataclass(frozen=True, kw_only=True)
class ProfileRevision(Kept[Profile]):
    """A profile as it stood; revisions count from 1. `sources` has an entry for every field that is filled.

    Fields within a field are named with a dot: `evidence.data`.
    """

    revision: int
    sources: dict[str, FieldSource]

    @property
    def usable(self) -> Profile:
        """The profile without what was inferred and not confirmed. Raises Unreadable."""
        values = public(self.value)
        for name in (name for name, source in self.sources.items() if source.origin == "inferred" and not source.confirmed):
            top, _, key = name.partition(".")
            if key:
                values[top].pop(key, None)
            else:
                values.pop(top, None)
        return Profile.model_validate(values)


@dataclass(frozen=True, kw_only=True)
class Assessment(Kept[tuple[LevelResult, ...]]):
    """An assessment, resumable while `state` is open; its `value` are the results, none before it is done.

    `answers` are plain values by question; `framework` is the id and version it was begun with.
    """

    id: str
    form: Form
    state: State
    framework: str
    changed: datetime
    answers: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class PlanVersion(Kept[Plan]):
    """A version of a plan, counted from 1, and why it was made."""

    plan_id: str
    version: int
    why: str


@dataclass(frozen=True, kw_only=True)
class CheckInEntry(Kept[CheckIn]):
    """A check-in and the plan it is about."""

    id: str
    plan_id: str


@dataclass(frozen=True, kw_only=True)
class Review:
    """A quarterly or yearly review of a plan; `values` are plain, and may change while `state` is open."""

    id: str
    plan_id: str
    kind: ReviewKind
    on: date
    state: State
    made: datetime
    values: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Feedback:
    """What others answered: nothing below ENOUGH_FEEDBACK answers.

    `answers` are by relation where each relation that answered has enough, else all under "all"; in no meaningful order.
    """

    assessment_id: str
    total: int
    answers: dict[str, tuple[dict[str, Any], ...]]


@dataclass(frozen=True, kw_only=True)
class Invitation:
    """What somebody with a feedback link may see; they answer with `Records.answer_invitation`."""

    relation: Relation
    form: Form
    framework: str
    expires: datetime


class Records:
    """The records of all people. One object serves every thread."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._engine = engine
        self._clock = clock

    def add_person(self, *, language: Lang = "zh", time_zone: str = "", person_id: str = "") -> Person:
        """Makes a person. Raises Conflict if the id is taken, InputError if a value cannot be used."""
        if person_id and not _PERSON_ID.fullmatch(person_id):
            raise InputError(f"{short(person_id)} cannot be an id.", hint="Use up to 64 letters, digits and . _ @ -")
        person = Person(id=person_id or new_id(), created=self._clock(), language=language, time_zone=time_zone)
        _check_person({"language": language, "time_zone": time_zone})
        try:
            with transaction(self._engine) as connection:
                connection.execute(insert(people).values(asdict(person)))
        except IntegrityError as error:
            raise Conflict(f"There is a person {short(person.id)} already.", hint="Choose another id.") from error
        return person

    def of(self, person_id: str) -> PersonRecords:
        """The records of one person, and of nobody else. Raises NotFound; the local person is made on first use."""
        with transaction(self._engine, reading=True) as connection:
            known = connection.execute(select(people.c.id).where(people.c.id == person_id)).first()
        if not known and person_id != LOCAL_PERSON:
            raise not_found("person", person_id)
        if not known:
            try:
                self.add_person(person_id=LOCAL_PERSON)
            except Conflict:
                pass  # another thread or process was first
        return PersonRecords(self._engine, person_id, self._clock)

    def invitation(self, token: str) -> Invitation:
        """What a feedback link asks for, for somebody without an account. Raises NotFound: unknown, expired or withdrawn."""
        person, assessment_id, relation, expires = self._link(token)
        about = self.of(person).assessment(assessment_id)
        return Invitation(relation=relation, form=about.form, framework=about.framework, expires=expires)

    def answer_invitation(self, token: str, answers: Mapping[str, Any]) -> None:
        """Keeps an answer, without a trace of who gave it. Raises NotFound, InputError, Conflict as `add_feedback`."""
        self.of(self._link(token)[0]).add_feedback(token, answers)

    @property
    def queue(self) -> Queue:
        """What reviewers see of all conversations together, without whose they are."""
        return Queue(self._engine, self._clock)

    def forget_conversations(self, before: datetime) -> int:
        """Removes everybody's conversations that have not changed since, for good, and tells how many there were."""
        with transaction(self._engine) as connection:
            gone = connection.execute(delete(conversations).where(conversations.c.changed < before)).rowcount
        if gone:
            fold_in_log(self._engine)
        return gone

    def close(self) -> None:
        """Gives the connections back."""
        self._engine.dispose()

    def _link(self, token: str) -> tuple[str, str, Relation, datetime]:
        with transaction(self._engine, reading=True) as connection:
            link = connection.execute(select(feedback_links).where(feedback_links.c.token_hash == _hash(token))).first()
        if link is None or link.expires <= self._clock():
            raise _no_link()
        return link.person, link.assessment, link.relation, link.expires


class PersonRecords(Bound):
    """The records of one person. Ids of other people's records are as unknown as ids that do not exist: NotFound."""

    @property
    def talks(self) -> Conversations:
        """The person's conversations with the coach."""
        return Conversations(self._engine, self._id, self._clock)

    # --- the person ---------------------------------------------------------------------------------------------------

    @property
    def person(self) -> Person:
        """Who this is. Raises NotFound after `delete_all`."""
        with self._reading() as connection:
            return self._person(connection)

    def change_person(self, *, language: Lang | None = None, time_zone: str | None = None) -> Person:
        """Changes what is given. Raises InputError for an unknown language or time zone."""
        given = {"language": language, "time_zone": time_zone}
        changes = {name: value for name, value in given.items() if value is not None}
        _check_person(changes)
        with self._writing() as connection:
            if changes:
                connection.execute(update(people).where(people.c.id == self._id).values(changes))
            return self._person(connection)

    def _person(self, connection: Connection) -> Person:
        row = connection.execute(select(people).where(people.c.id == self._id)).first()
        if row is None:
            raise not_found("person", self._id)
        return Person(**row._mapping)

    # --- profile ------------------------------------------------------------------------------------------------------

    def save_profile(self, profile: Profile, sources: Mapping[str, FieldSource] | None = None) -> ProfileRevision:
        """Keeps a new revision; earlier ones stay.

        A field without an entry in `sources` keeps the source it had if it did not change, else the person said it.

        Raises:
            InputError: `sources` names a field that is not filled.
        """
        values = kept_values(public(profile))
        filled, given = _filled(values), dict(sources or {})
        if unknown := sorted(set(given) - set(filled)):
            raise InputError(
                f"A source is given for {short(unknown[0])}, which is not filled in the profile.",
                hint="Name fields as in the profile; those within a field with a dot: evidence.data",
            )
        with self._writing() as connection:
            last = connection.execute(self._mine(profiles).order_by(profiles.c.revision.desc()).limit(1)).first()
            before = _unchanged(_revision(last), filled) if last else {}
            kept = {name: given.get(name) or before.get(name) or FieldSource() for name in filled}
            new = self._add(
                connection,
                profiles,
                revision=last.revision + 1 if last else 1,
                values=values,
                sources={name: public(source) for name, source in kept.items()},
            )
            return _revision(new)

    def profile(self) -> ProfileRevision | None:
        """The newest revision; None before the first."""
        history = self._all(profiles, self._mine(profiles).order_by(profiles.c.revision.desc()).limit(1))
        return _revision(history[0]) if history else None

    def profile_history(self) -> list[ProfileRevision]:
        """All revisions, oldest first."""
        return [_revision(row) for row in self._all(profiles)]

    # --- assessments --------------------------------------------------------------------------------------------------

    def start_assessment(self, form: Form, framework: str) -> Assessment:
        """Begins an assessment with the framework's id and version."""
        one_of(form, Form, "form")
        values = {"form": form, "state": "open", "framework": framework, "changed": self._clock()}
        with self._writing() as connection:
            return _assessment(self._add(connection, assessments, new_id(), **values, answers={}, results=[]))

    def save_answers(self, assessment_id: str, answers: Mapping[str, Any]) -> Assessment:
        """Adds answers to those given, by question; None takes one back. Raises Conflict once it is done."""
        return self._change_assessment(assessment_id, answers)

    def finish(self, assessment_id: str, results: Sequence[LevelResult], answers: Mapping[str, Any] | None = None) -> Assessment:
        """Keeps the results, with the last answers, and ends it. Raises Conflict once it is done."""
        done = {"state": "done", "results": kept_values([public(result) for result in results])}
        return self._change_assessment(assessment_id, answers or {}, done)

    def assessment(self, assessment_id: str) -> Assessment:
        """One assessment."""
        with self._reading() as connection:
            return _assessment(self._own(connection, assessments, assessment_id, "assessment"))

    def assessments(self) -> list[Assessment]:
        """All assessments in the order they were begun."""
        return [_assessment(row) for row in self._all(assessments)]

    def _change_assessment(
        self, assessment_id: str, answers: Mapping[str, Any], other: dict[str, Any] | None = None
    ) -> Assessment:
        with self._writing() as connection:
            row = self._own(connection, assessments, assessment_id, "assessment")
            if row.state == "done":
                raise Conflict("This assessment is done and stays as it is.", hint="Start a new assessment.")
            merged = {name: value for name, value in {**row.answers, **answers}.items() if value is not None}
            changes = {"answers": kept_values(merged), "changed": self._clock(), **(other or {})}
            return _assessment(self._set(connection, assessments, assessment_id, changes))

    # --- feedback -----------------------------------------------------------------------------------------------------

    def invite_feedback(self, assessment_id: str, relation: Relation, expires: datetime) -> str:
        """Makes a link for one or more people of a relation, and gives its token: it is kept nowhere else."""
        one_of(relation, Relation, "relation")
        if expires.tzinfo is None or expires <= self._clock():
            raise InputError("A feedback link needs a moment in the future at which it expires.", hint="Choose a later one.")
        token = secrets.token_urlsafe(32)
        with self._writing() as connection:
            self._own(connection, assessments, assessment_id, "assessment")
            link = {"token_hash": _hash(token), "assessment": assessment_id, "relation": relation, "expires": expires}
            connection.execute(insert(feedback_links).values(person=self._id, **link))
        return token

    def withdraw_feedback(self, assessment_id: str) -> int:
        """Ends all links of an assessment and tells how many there were; the answers stay."""
        links = feedback_links.c
        with self._writing() as connection:
            self._own(connection, assessments, assessment_id, "assessment")
            ended = delete(feedback_links).where(links.person == self._id, links.assessment == assessment_id)
            return connection.execute(ended).rowcount

    def add_feedback(self, token: str, answers: Mapping[str, Any]) -> None:
        """Keeps an answer that came by a link of this person, without a trace of who gave it.

        Raises:
            NotFound: the link is unknown, expired, withdrawn or somebody else's.
            InputError: there is nothing in the answer, or too much.
            Conflict: the assessment has MAX_FEEDBACK answers.
        """
        values = kept_values(dict(answers))
        if not values:
            raise InputError("The feedback is empty.", hint="Answer at least one question.")
        with self._writing() as connection:
            link = connection.execute(self._mine(feedback_links).where(feedback_links.c.token_hash == _hash(token))).first()
            if link is None or link.expires <= self._clock():
                raise _no_link()
            answers_of = feedback_answers.c.assessment == link.assessment
            count = connection.execute(select(func.count()).select_from(feedback_answers).where(answers_of)).scalar_one()
            if count >= MAX_FEEDBACK:
                raise Conflict("This assessment has all the feedback it takes.", hint="Start a new assessment.")
            row = {"id": new_id(), "person": self._id, "assessment": link.assessment, "relation": link.relation}
            connection.execute(insert(feedback_answers).values(**row, values=values))

    def feedback(self, assessment_id: str) -> Feedback:
        """What others answered about an assessment, as far as it stays anonymous."""
        with self._reading() as connection:
            self._own(connection, assessments, assessment_id, "assessment")
            return self._feedback(connection, assessment_id)

    def _feedback(self, connection: Connection, assessment_id: str) -> Feedback:
        answers = feedback_answers.c
        query = self._mine(feedback_answers).where(answers.assessment == assessment_id).order_by(answers.id)
        groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
        rows = connection.execute(query).all()
        for row in rows:
            groups[row.relation].append(row.values)
        if len(rows) < ENOUGH_FEEDBACK:
            groups = {}
        elif min(map(len, groups.values())) < ENOUGH_FEEDBACK:  # a lone manager among peers would be known
            groups = {"all": [row.values for row in rows]}
        return Feedback(
            assessment_id=assessment_id, total=len(rows), answers={name: tuple(group) for name, group in groups.items()}
        )

    # --- plans --------------------------------------------------------------------------------------------------------

    def new_plan(self, plan: Plan, why: str = "") -> Plan:
        """Keeps a plan as version 1 of a new one, and gives it with its id."""
        plan_id = new_id()
        with self._writing() as connection:
            self._add(connection, plans, plan_id)
            return self._add_version(connection, plan.model_copy(update={"id": plan_id, "version": 1}), why).value

    def save_version(self, plan: Plan, why: str = "") -> Plan:
        """Keeps a changed plan as the next version. `plan.version` is the version that was changed.

        Raises:
            Conflict: there is a newer version than the one that was changed.
        """
        with self._writing() as connection:
            self._own(connection, plans, plan.id, "plan")
            newest = connection.execute(self._newest(plan.id)).one().version
            if plan.version != newest:
                raise Conflict(
                    f"The plan has been changed meanwhile: version {newest} is the newest, this change is of {plan.version}.",
                    hint=f"Load version {newest}, make the change there and save again.",
                )
            return self._add_version(connection, plan.model_copy(update={"version": newest + 1}), why).value

    def plan(self, plan_id: str, version: int | None = None) -> Plan:
        """A plan, its newest version unless one is named. Raises Unreadable for one this program cannot read."""
        with self._reading() as connection:
            return self._version(connection, plan_id, version).value

    def plans(self) -> list[PlanVersion]:
        """The newest version of each plan, in the order the plans were made."""
        with self._reading() as connection:
            ids = connection.execute(self._mine(plans).order_by(plans.c.seq)).all()
            return [_plan_version(connection.execute(self._newest(row.id)).one()) for row in ids]

    def versions(self, plan_id: str) -> list[PlanVersion]:
        """All versions of a plan, oldest first."""
        with self._reading() as connection:
            self._own(connection, plans, plan_id, "plan")
            query = self._mine(plan_versions).where(plan_versions.c.plan == plan_id).order_by(plan_versions.c.version)
            return [_plan_version(row) for row in connection.execute(query)]

    def _newest(self, plan_id: str) -> Select[Any]:
        versions = plan_versions.c
        return self._mine(plan_versions).where(versions.plan == plan_id).order_by(versions.version.desc()).limit(1)

    def _version(self, connection: Connection, plan_id: str, version: int | None) -> PlanVersion:
        self._own(connection, plans, plan_id, "plan")
        newest = connection.execute(self._newest(plan_id)).one()
        if version is None or version == newest.version:
            return _plan_version(newest)
        if not 1 <= version < newest.version:  # numbers beyond any column included
            raise not_found("version of this plan", str(version))
        wanted = (plan_versions.c.plan == plan_id, plan_versions.c.version == version)
        return _plan_version(connection.execute(self._mine(plan_versions).where(*wanted)).one())

    def _add_version(self, connection: Connection, plan: Plan, why: str) -> PlanVersion:
        values = kept_values(public(plan))
        row = {"plan": plan.id, "version": plan.version, "why": clean(why), "values": values}
        return _plan_version(self._add(connection, plan_versions, **row))

    # --- check-ins and reviews ----------------------------------------------------------------------------------------

    def add_checkin(self, plan_id: str, checkin: CheckIn) -> CheckInEntry:
        """Keeps a check-in on a line of the plan's newest version. Raises NotFound for a line that is not there."""
        with self._writing() as connection:
            try:
                self._version(connection, plan_id, None).value.line(checkin.line)
            except KeyError:
                raise not_found("line in this plan", checkin.line) from None
            return _checkin(self._add(connection, checkins, new_id(), plan=plan_id, values=kept_values(public(checkin))))

    def checkins(self, plan_id: str | None = None) -> list[CheckInEntry]:
        """The check-ins on one plan, or on all, in the order they were given."""
        return [_checkin(row) for row in self._of_plan(checkins, plan_id)]

    def save_review(
        self,
        plan_id: str,
        kind: ReviewKind,
        on: date,
        values: Mapping[str, Any],
        *,
        state: State = "open",
        review_id: str = "",
    ) -> Review:
        """Keeps a new review of a plan, or changes the one named. Raises Conflict once that one is done."""
        one_of(kind, ReviewKind, "kind")
        one_of(state, State, "state")
        row = {"kind": kind, "on": on, "state": state, "values": kept_values(dict(values))}
        with self._writing() as connection:
            self._own(connection, plans, plan_id, "plan")
            if not review_id:
                return _review(self._add(connection, reviews, new_id(), plan=plan_id, **row))
            before = self._own(connection, reviews, review_id, "review")
            if before.plan != plan_id:
                raise not_found("review of this plan", review_id)
            if before.state == "done":
                raise Conflict("This review is done and stays as it is.", hint="Start a new review.")
            return _review(self._set(connection, reviews, review_id, row))

    def reviews(self, plan_id: str | None = None) -> list[Review]:
        """The reviews of one plan, or of all, in the order they were begun."""
        return [_review(row) for row in self._of_plan(reviews, plan_id)]

    def _of_plan(self, table: Table, plan_id: str | None) -> list[Row[Any]]:
        if plan_id is None:
            return self._all(table)
        with self._reading() as connection:
            self._own(connection, plans, plan_id, "plan")
            return list(connection.execute(self._mine(table).where(table.c.plan == plan_id).order_by(table.c.seq)))

    # --- everything ---------------------------------------------------------------------------------------------------

    def problems(self) -> list[Kept[Any]]:
        """Every kept value that does not fit this version of the program, each with `what` it is and the `problem`."""
        with self._reading() as connection:
            return [kept for kept in self._kept(connection) if kept.problem]

    def export(self) -> dict[str, Any]:
        """Everything that is kept of the person, as plain JSON values, by table, as it is stored.

        Values that this version of the program cannot read are there as they are, and named under `problems`. Feedback is
        there as far as it stays anonymous; of a feedback link there is no token.
        """
        with self._writing() as connection:  # holds off changes, so that the parts fit together on any database
            person = self._person(connection)
            parts = {
                table.name: [_plain(row) for row in connection.execute(self._mine(table).order_by(*table.primary_key))]
                for table in metadata.sorted_tables
                if "person" in table.c and table is not feedback_answers
            }
            feedback = [self._feedback(connection, row["id"]) for row in parts["assessments"]]
            problems = [{"what": kept.what, "problem": kept.problem} for kept in self._kept(connection) if kept.problem]
        return {
            "person": {**asdict(person), "created": person.created.isoformat()},
            **parts,
            "feedback": [{**asdict(f), "answers": {k: list(v) for k, v in f.answers.items()}} for f in feedback if f.total],
            "problems": problems,
        }

    def delete_all(self) -> list[str]:
        """Removes the person and everything kept of them, for good: their id, and those of who they were before they linked."""
        with self._writing() as connection:
            gone = [self._id, *own_people(connection, self._id)]
            connection.execute(delete(people).where(people.c.id.in_(gone)))
        fold_in_log(self._engine)
        return gone

    def _kept(self, connection: Connection) -> Iterator[Kept[Any]]:
        readers: tuple[tuple[Table, Callable[[Any], Kept[Any]]], ...] = (
            (profiles, _revision), (assessments, _assessment), (plan_versions, _plan_version), (checkins, _checkin),
        )  # fmt: skip
        for table, read in readers:
            yield from map(read, connection.execute(self._mine(table).order_by(table.c.seq)))


def open_records(settings: Settings) -> Records:
    """The records kept where the settings say. Raises SetupError if that database cannot be used."""
    return Records(open_database(settings.records_url))


# --- rows as values ---------------------------------------------------------------------------------------------------


def _revision(row: Row[Any]) -> ProfileRevision:
    sources, wrong = read_as(dict[str, FieldSource], row.sources)
    value, problem = read_as(Profile, row.values)
    if problem := problem or wrong:
        value = None
    return ProfileRevision(
        what=f"profile, revision {row.revision},", made=row.made, raw=row.values, problem=problem, read=value,
        revision=row.revision, sources=sources or {},
    )  # fmt: skip


def _assessment(row: Row[Any]) -> Assessment:
    value, problem = read_as(tuple[LevelResult, ...], row.results)
    return Assessment(
        what=f"assessment {row.id}", made=row.made, raw=row.results, problem=problem, read=value, id=row.id, form=row.form,
        state=row.state, framework=row.framework, changed=row.changed, answers=row.answers,
    )  # fmt: skip


def _plan_version(row: Row[Any]) -> PlanVersion:
    value, problem = read_as(Plan, row.values)
    return PlanVersion(
        what=f"plan {row.plan}, version {row.version},", made=row.made, raw=row.values, problem=problem, read=value,
        plan_id=row.plan, version=row.version, why=row.why,
    )  # fmt: skip


def _checkin(row: Row[Any]) -> CheckInEntry:
    value, problem = read_as(CheckIn, row.values)
    return CheckInEntry(
        what=f"check-in {row.id}", made=row.made, raw=row.values, problem=problem, read=value, id=row.id, plan_id=row.plan
    )


def _review(row: Row[Any]) -> Review:
    values = {name: value for name, value in row._mapping.items() if name not in ("seq", "person", "plan")}
    return Review(plan_id=row.plan, **values)


def _plain(row: Row[Any]) -> dict[str, Any]:
    hidden = ("seq", "person", "token_hash", "password_hash", "code_hash", "folded")
    values = {name: value for name, value in row._mapping.items() if name not in hidden}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


# --- what may be kept -------------------------------------------------------------------------------------------------


def _filled(values: Mapping[str, Any]) -> dict[str, Any]:
    """Every field of a profile that says something; those within a field by `field.key`."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, dict):
            found |= {f"{name}.{key}": item for key, item in value.items() if item not in ("", None)}
        elif value not in ("", None, []):
            found[name] = value
    return found


def _unchanged(last: ProfileRevision, filled: Mapping[str, Any]) -> dict[str, FieldSource]:
    """The sources of the fields that are as they were."""
    before = _filled(last.raw) if isinstance(last.raw, dict) else {}
    return {name: source for name, source in last.sources.items() if before.get(name) == filled.get(name)}


def _check_person(values: Mapping[str, Any]) -> None:
    if "language" in values:
        one_of(values["language"], Lang, "language")
    if zone := values.get("time_zone"):
        try:
            ZoneInfo(zone)
        except (KeyError, ValueError, OSError) as error:
            hint = "Use a name such as Asia/Shanghai, or leave it empty for the time of this machine."
            raise InputError(f"There is no time zone {short(zone)}.", hint=hint) from error


def _no_link() -> NotFound:
    """Without the token, which may be a good one of somebody else."""
    return NotFound("There is no such feedback link, or it has expired or was withdrawn.", hint="Ask for a new link.")


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
