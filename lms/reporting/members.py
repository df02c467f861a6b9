"""Named members of a branch, and what each has yet to do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, func, select

from lms.accounts.models import Account
from lms.commissions.models import Appointment, Commission
from lms.commissions.permissions import WATCHERS, Scope, is_commission_in
from lms.commissions.rules import Office
from lms.core.database.base import db
from lms.curriculum.models import Module, ModuleText
from lms.learning.models import CompletedActivity, Enrolment
from lms.learning.rules import State
from lms.people.models import Person
from lms.reporting.queries import branch, per_person
from lms.reporting.required import list_newest_versions, list_required_by_version
from lms.reporting.rules import Missing, missing_of, state_of

AT_ONCE = 1000
OFFICES = case({Office.CHAIR: 0, Office.DEPUTY_CHAIR: 1, Office.SECRETARY: 2}, value=Appointment.office, else_=3)


_BY_SEAT = (
    Commission.level.desc(), Commission.parent_id, Commission.number, Commission.id, OFFICES, Person.surname,
    Person.given_name, Person.id,
)  # fmt: skip
PLAIN = (
    "person_id", "surname", "given_name", "patronymic", "last4", "phone", "language", "commission_id", "office",
    "nominated_by", "login",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Member:
    """A member as those who watch the branch see them."""

    person_id: int
    surname: str
    given_name: str
    patronymic: str
    last4: str
    phone: str
    language: str
    commission_id: int
    office: str
    nominated_by: str
    login: str | None
    has_signed_in: bool
    state: State
    finished_at: datetime | None
    missing: Missing
    imported: bool
    """What was done came from an earlier system: days alone are known."""

    @property
    def full_name(self) -> str:
        """Surname, given name and patronymic."""
        return " ".join(part for part in (self.surname, self.given_name, self.patronymic) if part)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which members of a branch are asked for."""

    state: State | None = None
    missing: bool = False
    """Those who have not finished, begun or not."""
    office: str | None = None
    never_signed_in: bool = False
    own: bool = False
    """Only the commission itself, nothing below it."""


def list_members(
    scope: Scope, commission_id: int, campaign_id: int, wanted: Wanted, *, offset: int = 0, limit: int | None = None
) -> list[Member]:
    """Members of a branch who must take the training, by commission and office. Nobody outside `scope`."""
    statement = _members(scope, commission_id, campaign_id, wanted).offset(offset)
    rows = db.session.execute(statement if limit is None else statement.limit(limit)).all()
    return _with_missing(rows, campaign_id)


def count_members(scope: Scope, commission_id: int, campaign_id: int, wanted: Wanted) -> int:
    """How many there are."""
    statement = _members(scope, commission_id, campaign_id, wanted).order_by(None).subquery()
    return db.session.scalar(select(func.count()).select_from(statement)) or 0


def stream_members(scope: Scope, commission_id: int, campaign_id: int) -> Iterator[Member]:
    """Every member of a branch, read a thousand at a time."""
    statement = _members(scope, commission_id, campaign_id, Wanted()).execution_options(yield_per=AT_ONCE)
    for rows in db.session.execute(statement).partitions():
        yield from _with_missing(rows, campaign_id)


def list_finished(commission_id: int, campaign_id: int) -> list[tuple[str, bool]]:
    """What a chair sees of the own commission: each name, and whether that person has finished."""
    person = per_person(campaign_id, select(Commission.id).where(Commission.id == commission_id))
    rows = db.session.execute(
        select(Person, person.c.finished)
        .join(person, person.c.person_id == Person.id)
        .order_by(person.c.finished, Person.surname, Person.given_name)
    )
    return [(found.full_name, bool(finished)) for found, finished in rows]


def module_titles(language: str) -> dict[str, str]:
    """Titles of modules by code, of the newest version that has them."""
    rows = db.session.execute(
        select(Module.code, ModuleText.title)
        .join(ModuleText, ModuleText.module_id == Module.id)
        .where(ModuleText.language == language)
        .order_by(Module.id)
    )
    return {code: title for code, title in rows}  # noqa: C416 - rows are no pairs to mypy


def _columns() -> list[ColumnElement[Any]]:
    return [
        Person.id.label("person_id"),
        Person.number_last4.label("last4"),
        *(getattr(Person, name) for name in ("surname", "given_name", "patronymic", "phone", "language")),
        *(getattr(Appointment, name) for name in ("commission_id", "office", "nominated_by")),
        Account.login,
        Account.password_hash.is_not(None).label("has_signed_in"),
        Commission.level,
    ]


def _members(scope: Scope, commission_id: int, campaign_id: int, wanted: Wanted) -> Select[Any]:
    places = select(Commission.id).where(Commission.id == commission_id) if wanted.own else branch(commission_id)
    person = per_person(campaign_id, places)
    statement = (
        select(*_columns(), person.c.finished, person.c.begun, person.c.finished_at, person.c.imported)
        .join(person, person.c.person_id == Person.id)
        .join(Appointment, (Appointment.person_id == Person.id) & Appointment.ends_on.is_(None))
        .join(Commission, Commission.id == Appointment.commission_id)
        .outerjoin(Account, Account.person_id == Person.id)
        .where(is_commission_in(scope, Appointment.commission_id, *WATCHERS), Commission.closed_on.is_(None))
        .order_by(*_BY_SEAT)
    )
    return _narrowed(statement, person.c, wanted)


def _narrowed(statement: Select[Any], person: Any, wanted: Wanted) -> Select[Any]:
    if wanted.state is State.FINISHED:
        statement = statement.where(person.finished == 1)
    elif wanted.state is State.BEGUN:
        statement = statement.where(person.finished == 0, person.begun == 1)
    elif wanted.state is State.NOT_BEGUN:
        statement = statement.where(person.finished == 0, person.begun == 0)
    if wanted.missing:
        statement = statement.where(person.finished == 0)
    if wanted.office is not None:
        statement = statement.where(Appointment.office == wanted.office)
    if wanted.never_signed_in:
        statement = statement.where(Account.password_hash.is_(None))
    return statement


def _with_missing(rows: Sequence[Row[Any]], campaign_id: int) -> list[Member]:
    waiting = [row.person_id for row in rows if not row.finished]
    missing = _missing_by_person(waiting, campaign_id)
    untouched = _missing_of_everything(campaign_id) if len(missing) < len(waiting) else {}
    return [
        Member(
            **{name: getattr(row, name) for name in PLAIN},
            has_signed_in=bool(row.has_signed_in),
            state=state_of(finished=bool(row.finished), begun=bool(row.begun)),
            finished_at=row.finished_at if row.finished else None,
            missing=Missing() if row.finished else missing.get(row.person_id) or untouched[row.level],
            imported=bool(row.imported),
        )
        for row in rows
    ]


def _missing_by_person(person_ids: list[int], campaign_id: int) -> dict[int, Missing]:
    required = list_required_by_version()
    done = defaultdict(set)
    enrolments = {
        row.id: (row.person_id, row.version_id)
        for row in db.session.execute(
            select(Enrolment.id, Enrolment.person_id, Enrolment.version_id).where(
                Enrolment.person_id.in_(person_ids), Enrolment.campaign_id == campaign_id
            )
        )
    }
    for enrolment_id, activity in db.session.execute(
        select(CompletedActivity.enrolment_id, CompletedActivity.activity).where(
            CompletedActivity.enrolment_id.in_(enrolments)
        )
    ):
        done[enrolment_id].add(activity)
    found: dict[int, Missing] = {}
    for enrolment_id, (person_id, version_id) in enrolments.items():
        left = missing_of(required[version_id], done[enrolment_id])
        found[person_id] = found.get(person_id, Missing()) + left
    return found


def _missing_of_everything(campaign_id: int) -> dict[str, Missing]:
    """What people have to do who are not enrolled yet, by level of their commission."""
    required = list_required_by_version()
    return {
        level: sum((missing_of(required[version], ()) for version in versions), Missing())
        for level, versions in list_newest_versions(campaign_id).items()
    }
