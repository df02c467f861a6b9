"""Named members of a branch, and what each has yet to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from lms.accounts.models import Account
from lms.commissions.models import Appointment, Commission
from lms.commissions.permissions import WATCHERS, Scope, is_commission_in
from lms.commissions.rules import Level, Office
from lms.core.database.base import db
from lms.curriculum.models import Module, ModuleText
from lms.learning.rules import State
from lms.people.models import Person
from lms.reporting.everyone import branch, per_person
from lms.reporting.needs import Needs
from lms.reporting.rules import Missing, Unread, state_of

Places = Select[tuple[int]] | Sequence[int]
"""Ids of commissions."""
OFFICES = {Office.CHAIR: 0, Office.DEPUTY_CHAIR: 1, Office.SECRETARY: 2}
AT_ONCE = 12
"""Territories read together when everyone is wanted."""
Above = aliased(Commission)
BY_PLACE = (
    case((Commission.level == Level.PEC, Above.code), else_=Commission.code),
    Commission.level.desc(),
    Commission.number,
    Commission.id,
)
"""Territory by territory, each commission's own seats before its precincts."""
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

    @property
    def is_counted(self) -> bool:
        """Whether the counters know how many there are."""
        in_some_state = self.state is not None or self.missing
        return self.office is None and not (self.never_signed_in and in_some_state)


def list_members(
    scope: Scope,
    places: Places,
    campaign_id: int,
    wanted: Wanted,
    *,
    offset: int = 0,
    limit: int | None = None,
    also: Sequence[ColumnElement[bool]] = (),
) -> list[Member]:
    """Members of commissions who must take the training, by commission and office. Nobody outside `scope`. `also`: more
    that is asked of their Appointment."""
    statement = _members(scope, places, campaign_id, wanted, also).offset(offset)
    rows = db.session.execute(statement if limit is None else statement.limit(limit)).all()
    return [_member(row, missing) for row, missing in Needs(campaign_id).of(rows)]


def count_members(
    scope: Scope, places: Places, campaign_id: int, wanted: Wanted, *, also: Sequence[ColumnElement[bool]] = ()
) -> int:
    """How many people `list_members` names."""
    listed = _members(scope, places, campaign_id, wanted, also).order_by(None).subquery()
    return db.session.scalar(select(func.count()).select_from(listed)) or 0


def stream_rows(scope: Scope, commission_id: int, campaign_id: int) -> Iterator[tuple[Row[Any], Missing]]:
    """Every member of a branch as a plain row, with what is missing; a few territories are read at a time."""
    needs = Needs(campaign_id)
    connection = db.session.connection()  # plain rows, past the unit of work
    for places in _parts_of(commission_id):
        rows = connection.execute(_members(scope, places, campaign_id, Wanted())).all()
        yield from needs.of(rows)


def count_by_place(scope: Scope, places: Places, campaign_id: int, wanted: Wanted) -> Sequence[tuple[int, int]]:
    """How many members there are in each commission, in the order in which `list_members` names them."""
    person = per_person(campaign_id, places, *_of_seats(wanted))
    return [
        (commission_id, count)
        for commission_id, count in db.session.execute(
            select(Commission.id, func.count())
            .join(person, person.c.commission_id == Commission.id)
            .outerjoin(Above, Above.id == Commission.parent_id)
            .where(is_commission_in(scope, Commission.id, *WATCHERS), *_of_progress(person.c, wanted))
            .group_by(Commission.id, Above.id)
            .order_by(*BY_PLACE)
        )
    ]


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member as the chair of the commission sees them."""

    full_name: str
    office: str
    finished: bool


def list_colleagues(commission_id: int, campaign_id: int) -> list[Colleague]:
    """What a chair sees of the own commission: each name with the office, and whether that person has finished; first
    those who have not."""
    person = per_person(campaign_id, [commission_id], seat=(Appointment.office,))
    rows = db.session.execute(
        select(Person, person.c.office, person.c.finished)
        .join(person, person.c.person_id == Person.id)
        .order_by(person.c.finished, Person.surname, Person.given_name)
    )
    return [Colleague(found.full_name, office, bool(finished)) for found, office, finished in rows]


def module_titles(people: Iterable[Member], language: str) -> dict[Unread, str]:
    """Titles of the modules that these people have yet to read, as each one's own version of the course has them."""
    versions = {module.version_id for member in people for module in member.missing.modules}
    rows = db.session.execute(
        select(Module.version_id, Module.code, ModuleText.title)
        .join(ModuleText, ModuleText.module_id == Module.id)
        .where(ModuleText.language == language, Module.version_id.in_(versions))
    )
    return {Unread(version_id, code): title for version_id, code, title in rows}


def _parts_of(commission_id: int) -> Iterator[Select[tuple[int]]]:
    """The commissions of a branch, a few territories at a time, in the order in which members are named."""
    is_precinct = Commission.level == Level.PEC
    here = Commission.id == commission_id
    units = db.session.scalars(
        select(Commission.id)
        .where(Commission.id.in_(branch(commission_id)), or_(~is_precinct, here))
        .order_by(Commission.code)
    ).all()
    for start in range(0, len(units), AT_ONCE):
        part = units[start : start + AT_ONCE]
        yield select(Commission.id).where(
            or_(Commission.id.in_(part), and_(Commission.parent_id.in_(part), is_precinct))
        )


def _columns(person: Any) -> list[ColumnElement[Any]]:
    return [
        Person.id.label("person_id"),
        Person.number_last4.label("last4"),
        *(getattr(Person, name) for name in ("surname", "given_name", "patronymic", "phone", "language")),
        *(person.commission_id, person.office, person.nominated_by),
        Account.login,
        Account.password_hash.is_not(None).label("has_signed_in"),
        Commission.level,
    ]


def _members(
    scope: Scope, places: Places, campaign_id: int, wanted: Wanted, also: Sequence[ColumnElement[bool]] = ()
) -> Select[Any]:
    seat = (Appointment.office, Appointment.nominated_by)
    person = per_person(campaign_id, places, *_of_seats(wanted), *also, seat=seat)
    return (
        select(*_columns(person.c), person.c.finished, person.c.begun, person.c.finished_at, person.c.imported)
        .join(person, person.c.person_id == Person.id)
        .join(Commission, Commission.id == person.c.commission_id)
        .outerjoin(Above, Above.id == Commission.parent_id)
        .outerjoin(Account, Account.person_id == Person.id)
        .where(is_commission_in(scope, Commission.id, *WATCHERS), *_of_progress(person.c, wanted))
        .order_by(
            *BY_PLACE, case(OFFICES, value=person.c.office, else_=3), Person.surname, Person.given_name, Person.id
        )
    )


def _of_seats(wanted: Wanted) -> list[ColumnElement[bool]]:
    """What is asked of those whose progress is looked up."""
    conditions = []
    if wanted.office is not None:
        conditions.append(Appointment.office == wanted.office)
    if wanted.never_signed_in:
        signed_in = exists().where(Account.person_id == Appointment.person_id, Account.password_hash.is_not(None))
        conditions.append(~signed_in)
    return conditions


def _of_progress(person: Any, wanted: Wanted) -> list[ColumnElement[bool]]:
    """What is asked of their progress."""
    conditions: list[ColumnElement[bool]] = {
        None: [],
        State.FINISHED: [person.finished == 1],
        State.BEGUN: [person.finished == 0, person.begun == 1],
        State.NOT_BEGUN: [person.finished == 0, person.begun == 0],
    }[wanted.state]
    return [*conditions, *([person.finished == 0] if wanted.missing else [])]


def _member(row: Row[Any], missing: Missing) -> Member:
    return Member(
        **{name: getattr(row, name) for name in PLAIN},
        has_signed_in=bool(row.has_signed_in),
        state=state_of(finished=bool(row.finished), begun=bool(row.begun)),
        finished_at=row.finished_at if row.finished else None,
        missing=missing,
        imported=bool(row.imported),
    )
