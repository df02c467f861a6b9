"""Read the tree: children, the way up, members."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import BindParameter, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload
from sqlalchemy.sql import ColumnElement

from lms.accounts.models import Account
from lms.commissions.models import (
    Appointment,
    Commission,
    CommissionClosure,
    CommissionParent,
    RoleGrant,
    Seat,
    SeatNumber,
)
from lms.commissions.rules import Act, Level, Office
from lms.core import clock
from lms.core.database.base import db
from lms.core.kept import keep
from lms.people.models import Person

_SEAT = (
    select(Appointment)
    .where(Appointment.person_id == bindparam("person"), Appointment.ends_on.is_(None))
    .options(joinedload(Appointment.commission).joinedload(Commission.names))
)
OFFICE_ORDER = {Office.CHAIR: 0, Office.DEPUTY_CHAIR: 1, Office.SECRETARY: 2, Office.MEMBER: 3}


@dataclass(frozen=True)
class Vacancy:
    """A seat that nobody holds now."""

    seat_id: int
    number: int
    commission_id: int
    free_since: date | None
    """None when nobody ever held it."""
    left_by: int | None
    """The appointment that ended last in it."""


@dataclass(frozen=True)
class FreeSeats:
    """How many seats are free in a branch, and in how many commissions."""

    seats: int
    commissions: int


def central_id() -> int | None:
    """The id of the central commission, once it is there."""
    return _central_id(True)


@keep(1)
def _central_id(session: Session, _one: bool) -> int | None:
    return session.scalar(select(Commission.id).where(Commission.parent_id.is_(None)).order_by(Commission.id).limit(1))


def find_central() -> Commission | None:
    """The central commission: the root of the tree."""
    return db.session.scalar(select(Commission).where(Commission.parent_id.is_(None)))


def find_commission_by_code(code: str) -> Commission | None:
    """The commission with this code."""
    return db.session.scalar(select(Commission).where(Commission.code == code))


def find_commission_numbered(parent_id: int, territory: str, number: int) -> Commission | None:
    """The commission with this number directly below another one, among those of a kind; open or closed."""
    return db.session.scalar(
        select(Commission).where(
            Commission.parent_id == parent_id, Commission.territory == territory, Commission.number == number
        )
    )


def list_children(commission_id: int) -> Sequence[Commission]:
    """Commissions directly below: territorial ones first, then precincts, by number."""
    return db.session.scalars(
        select(Commission)
        .where(Commission.parent_id == commission_id, Commission.closed_on.is_(None))
        .order_by(Commission.level.desc(), Commission.number)
    ).all()


def list_closed_below(commission_id: int) -> Sequence[Commission]:
    """Closed commissions directly below, in the order of `list_children`."""
    return db.session.scalars(
        select(Commission)
        .where(Commission.parent_id == commission_id, Commission.closed_on.is_not(None))
        .order_by(Commission.level.desc(), Commission.number)
    ).all()


def list_way_up(commission_id: int) -> Sequence[Commission]:
    """The commissions from the top down to this one, itself included."""
    return db.session.scalars(
        select(Commission)
        .join(CommissionClosure, CommissionClosure.ancestor_id == Commission.id)
        .where(CommissionClosure.descendant_id == commission_id)
        .order_by(CommissionClosure.depth.desc())
    ).all()


def list_members(commission_id: int) -> list[tuple[Appointment, Person, Account | None]]:
    """Who holds the seats now: chair, deputy chair, secretary, then members by name."""
    rows = db.session.execute(
        select(Appointment, Person, Account)
        .join(Person, Person.id == Appointment.person_id)
        .outerjoin(Account, Account.person_id == Person.id)
        .where(Appointment.commission_id == commission_id, Appointment.ends_on.is_(None))
    ).all()
    return sorted(
        ((row[0], row[1], row[2]) for row in rows),
        key=lambda row: (OFFICE_ORDER[Office(row[0].office)], row[1].full_name),
    )


def not_over_at(
    now: datetime | BindParameter[datetime], grant: type[RoleGrant] = RoleGrant
) -> tuple[ColumnElement[bool], ...]:
    """Conditions: a grant was not revoked and its last day is not over; it may have yet to begin."""
    return grant.revoked_at.is_(None), or_(grant.valid_until.is_(None), grant.valid_until > now)


def works_at(now: datetime | BindParameter[datetime]) -> tuple[ColumnElement[bool], ...]:
    """Conditions: a grant works at the moment `now`."""
    return *not_over_at(now), or_(RoleGrant.valid_from.is_(None), RoleGrant.valid_from <= now)


def list_grants(commission_id: int) -> Sequence[RoleGrant]:
    """Roles that work at exactly this commission now."""
    return _list_grants(commission_id, *works_at(clock.now()))


def list_all_grants(commission_id: int) -> Sequence[RoleGrant]:
    """Roles given at exactly this commission and not taken away: those that work, have yet to begin, or are over."""
    return _list_grants(commission_id, RoleGrant.revoked_at.is_(None))


def _list_grants(commission_id: int, *which: ColumnElement[bool]) -> Sequence[RoleGrant]:
    return db.session.scalars(
        select(RoleGrant).where(RoleGrant.commission_id == commission_id, *which).order_by(RoleGrant.role, RoleGrant.id)
    ).all()


def holds_role(account_id: int) -> bool:
    """Whether the account holds a role anywhere, one that works or has yet to begin."""
    held = select(RoleGrant.id).where(RoleGrant.account_id == account_id, *not_over_at(clock.now()))
    return db.session.scalar(held.limit(1)) is not None


def find_seat_of(person_id: int) -> Appointment | None:
    """The seat a person holds now."""
    return db.session.scalars(_SEAT, {"person": person_id}).unique().one_or_none()


WAS_HELD = or_(Appointment.ends_on > Appointment.starts_on, Appointment.end_act != "")
"""A condition: an appointment that has ended was held, and was not taken back."""


def held_on(on: date) -> ColumnElement[bool]:
    """A condition on Appointment: the seat is held on that day. Who leaves on a day no longer holds it."""
    return and_(Appointment.starts_on <= on, or_(Appointment.ends_on.is_(None), Appointment.ends_on > on))


def list_members_on(commission_id: int, on: date) -> list[tuple[Appointment, Person]]:
    """Who held the seats on a day, in the order of `list_members`."""
    rows = db.session.execute(
        select(Appointment, Person)
        .join(Person, Person.id == Appointment.person_id)
        .where(Appointment.commission_id == commission_id, held_on(on))
    ).all()
    return sorted(
        ((row[0], row[1]) for row in rows), key=lambda row: (OFFICE_ORDER[Office(row[0].office)], row[1].full_name)
    )


def list_appointments(person_id: int) -> Sequence[Appointment]:
    """Every seat that a person held or holds, the latest first."""
    return (
        db.session.scalars(
            select(Appointment)
            .where(Appointment.person_id == person_id)
            .options(joinedload(Appointment.commission).joinedload(Commission.names))
            .order_by(Appointment.starts_on.desc(), Appointment.id.desc())
        )
        .unique()
        .all()
    )


def map_successors(appointment_ids: Collection[int]) -> dict[int, Appointment]:
    """Who came in the place of another, by the appointment that ended; of several the last. Whoever only got another
    office is none, nor is whoever never held the seat because the replacement was taken back."""
    before = aliased(Appointment)
    came = db.session.scalars(
        select(Appointment)
        .join(before, before.id == Appointment.replaces_id)
        .where(
            Appointment.replaces_id.in_(appointment_ids),
            Appointment.person_id != before.person_id,
            before.ends_on.is_not(None),
            or_(Appointment.ends_on.is_(None), Appointment.ends_on > Appointment.starts_on),
        )
        .options(joinedload(Appointment.person))
        .order_by(Appointment.id)
    )
    return {one.replaces_id: one for one in came if one.replaces_id is not None}


def count_seats(commission_id: int) -> int:
    """How many seats a commission has now."""
    return db.session.scalar(select(func.count(Seat.id)).where(Seat.commission_id == commission_id)) or 0


def find_chair(commission_id: int, *, besides: int = 0) -> Appointment | None:
    """Who chairs a commission now, unless it is the appointment `besides`."""
    return db.session.scalar(
        select(Appointment).where(
            Appointment.commission_id == commission_id,
            Appointment.office == Office.CHAIR,
            Appointment.ends_on.is_(None),
            Appointment.id != besides,
        )
    )


def find_last_left(person_id: int) -> date | None:
    """The day on which a person left their last seat."""
    return db.session.scalar(select(func.max(Appointment.ends_on)).where(Appointment.person_id == person_id))


def find_left_seat(person_id: int) -> Appointment | None:
    """The seat that a person left last; None while they hold one, or when they never held any."""
    seats = list_appointments(person_id)
    left = [(one.ends_on, one.id, one) for one in seats if one.ends_on is not None]
    return max(left)[2] if left and len(left) == len(seats) else None


def list_nominated_by(commission_id: int, *, besides: int = 0) -> list[str]:
    """The bodies that nominated those who sit in a commission now, but for the appointment `besides`."""
    return list(
        db.session.scalars(
            select(Appointment.nominated_by).where(
                Appointment.commission_id == commission_id, Appointment.ends_on.is_(None), Appointment.id != besides
            )
        )
    )


def find_act_date(commission: Commission, act: Act) -> date | None:
    """The day with which the commission that decides about the seats of this one (the one above it on the day of the
    decision) is known to have made a decision of that number in that year, whomever it was about; the given day if it
    is known with that; None when it is not known."""
    issuer = _find_issuer(commission, act.on)
    known: set[date | None] = set()
    for number, day in ((Appointment.act, Appointment.act_on), (Appointment.end_act, Appointment.end_act_on)):
        above = _above(Commission.id, day).scalar_subquery()
        known.update(
            db.session.scalars(
                select(day)
                .join(Commission, Commission.id == Appointment.commission_id)
                .where(
                    number == act.number,
                    day.between(date(act.on.year, 1, 1), date(act.on.year, 12, 31)),
                    func.coalesce(above, Commission.parent_id, Commission.id) == issuer,
                )
                .distinct()
            )
        )
    return act.on if act.on in known else min((one for one in known if one), default=None)


def _find_issuer(commission: Commission, on: date) -> int:
    """The commission above on a day, as far as that is known; the present one before that; itself at the top."""
    return find_above_on(commission.id, on) or commission.parent_id or commission.id


def find_above_on(commission_id: int, on: date) -> int | None:
    """Under which commission one stood on a day; None when that is not known, as before it was there."""
    return db.session.scalar(_above(commission_id, on))


def _above(commission: Any, day: Any) -> Select[tuple[int]]:
    """Under which commission one stood on a day; both values or columns."""
    return (
        select(CommissionParent.parent_id)
        .where(
            CommissionParent.commission_id == commission,
            CommissionParent.valid_from <= day,
            or_(CommissionParent.valid_to.is_(None), CommissionParent.valid_to > day),
        )
        .order_by(CommissionParent.id.desc())
        .limit(1)
    )


def find_founded_on(commission: Commission) -> date | None:
    """The first day of a commission; None of the central one, which was there before this installation."""
    if commission.parent_id is None:
        return None
    first = (
        select(dated.valid_from).where(dated.commission_id == commission.id).order_by(dated.id).limit(1)
        for dated in (CommissionParent, SeatNumber)
    )
    days = db.session.execute(select(*(one.scalar_subquery() for one in first))).one()
    return min((day for day in days if day is not None), default=None)


def find_last_move(commission_id: int) -> date | None:
    """Since when a commission has stood where it stands."""
    now = (CommissionParent.commission_id == commission_id, CommissionParent.valid_to.is_(None))
    return db.session.scalar(select(func.max(CommissionParent.valid_from)).where(*now))


def find_last_left_here(commission_id: int) -> date | None:
    """The last day on which somebody left a seat of a commission."""
    return db.session.scalar(select(func.max(Appointment.ends_on)).where(Appointment.commission_id == commission_id))


def find_last_below(commission_id: int) -> date | None:
    """The last day on which a commission directly below one was closed or moved away."""
    closed = select(func.max(Commission.closed_on)).where(Commission.parent_id == commission_id)
    gone = select(func.max(CommissionParent.valid_to)).where(
        CommissionParent.parent_id == commission_id, CommissionParent.valid_to > CommissionParent.valid_from
    )
    return max((day for day in map(db.session.scalar, (closed, gone)) if day is not None), default=None)


def find_vacancy(commission_id: int) -> Vacancy | None:
    """The free seat of a commission with the lowest number."""
    return next(iter(list_vacancies([commission_id])), None)


def list_vacancies(commission_ids: Sequence[int]) -> list[Vacancy]:
    """The free seats of some commissions, by commission and number."""
    now = select(Appointment.seat_id).where(
        Appointment.commission_id.in_(commission_ids), Appointment.ends_on.is_(None)
    )
    seats = db.session.execute(
        select(Seat.id, Seat.number, Seat.commission_id)
        .where(Seat.commission_id.in_(commission_ids), Seat.id.not_in(now))
        .order_by(Seat.commission_id, Seat.number)
    ).all()
    last: dict[int, Appointment] = {}
    for one in db.session.scalars(
        select(Appointment)
        .where(Appointment.seat_id.in_([seat.id for seat in seats]))
        .order_by(Appointment.ends_on, Appointment.id)
    ):
        last[one.seat_id] = one
    return [
        Vacancy(
            seat.id,
            seat.number,
            seat.commission_id,
            last[seat.id].ends_on if seat.id in last else None,
            last[seat.id].id if seat.id in last else None,
        )
        for seat in seats
    ]


def count_free_seats(commission_id: int) -> FreeSeats:
    """The free seats of a commission and of all below it."""
    free = _free_below(commission_id).subquery()
    row = db.session.execute(select(func.coalesce(func.sum(free.c.free), 0), func.count()).select_from(free)).one()
    return FreeSeats(int(row[0]), int(row[1]))


def has_precinct(commission_id: int, number: int) -> bool:
    """Whether a branch has an open precinct with this number."""
    return bool(list_precincts(commission_id, number))


def list_precincts(commission_id: int, number: int) -> Sequence[Commission]:
    """The open precincts of a branch with this number: in one region it should be one."""
    below = CommissionClosure.ancestor_id == commission_id, CommissionClosure.descendant_id == Commission.id
    wanted = Commission.level == Level.PEC, Commission.number == number, Commission.closed_on.is_(None)
    found = select(Commission).join(CommissionClosure, and_(*below)).where(*wanted).order_by(Commission.id)
    return db.session.scalars(found.limit(10)).all()


def list_named(ids: Collection[int | None]) -> dict[int, Commission]:
    """These commissions by id."""
    return {one.id: one for one in db.session.scalars(select(Commission).where(Commission.id.in_(ids)))}


def list_with_free_seats(commission_id: int, *, offset: int, limit: int) -> list[tuple[Commission, int]]:
    """Commissions of a branch with a free seat and how many there are, in the order of the tree."""
    free = _free_below(commission_id).subquery()
    rows = db.session.execute(
        select(Commission, free.c.free)
        .join(free, free.c.id == Commission.id)
        .order_by(Commission.level, Commission.parent_id, Commission.number)
        .offset(offset)
        .limit(limit)
    )
    return [(row[0], int(row[1])) for row in rows]


def _free_below(commission_id: int) -> Select[tuple[int, int]]:
    """Open commissions of a branch that have a free seat: id, free."""
    return (
        select(Commission.id, func.count(Seat.id).label("free"))
        .join(CommissionClosure, CommissionClosure.descendant_id == Commission.id)
        .join(Seat, Seat.commission_id == Commission.id)
        .outerjoin(Appointment, and_(Appointment.seat_id == Seat.id, Appointment.ends_on.is_(None)))
        .where(CommissionClosure.ancestor_id == commission_id, Commission.closed_on.is_(None), Appointment.id.is_(None))
        .group_by(Commission.id)
    )
