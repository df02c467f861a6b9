"""Read the tree: children, the way up, members."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import BindParameter, bindparam, func, or_, select
from sqlalchemy.orm import joinedload
from sqlalchemy.sql import ColumnElement

from lms.accounts.models import Account
from lms.commissions.models import Appointment, Commission, CommissionClosure, RoleGrant
from lms.commissions.rules import Office
from lms.core import clock
from lms.core.database.base import db
from lms.people.models import Person

_SEAT = (
    select(Appointment)
    .where(Appointment.person_id == bindparam("person"), Appointment.ends_on.is_(None))
    .options(joinedload(Appointment.commission).joinedload(Commission.names))
)
OFFICE_ORDER = {Office.CHAIR: 0, Office.DEPUTY_CHAIR: 1, Office.SECRETARY: 2, Office.MEMBER: 3}


def find_central() -> Commission | None:
    """The central commission: the root of the tree."""
    return db.session.scalar(select(Commission).where(Commission.parent_id.is_(None)))


def find_commission_by_code(code: str) -> Commission | None:
    """The commission with this code."""
    return db.session.scalar(select(Commission).where(Commission.code == code))


def list_children(commission_id: int) -> Sequence[Commission]:
    """Commissions directly below: territorial ones first, then precincts, by number."""
    return db.session.scalars(
        select(Commission)
        .where(Commission.parent_id == commission_id, Commission.closed_on.is_(None))
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


def count_below(commission_id: int, level: str) -> int:
    """How many commissions of a level lie below (or at) this one."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(CommissionClosure)
            .join(Commission, Commission.id == CommissionClosure.descendant_id)
            .where(CommissionClosure.ancestor_id == commission_id, Commission.level == level)
        )
        or 0
    )


def not_over_at(now: datetime | BindParameter[datetime]) -> tuple[ColumnElement[bool], ...]:
    """Conditions: a grant was not revoked and its last day is not over; it may have yet to begin."""
    return RoleGrant.revoked_at.is_(None), or_(RoleGrant.valid_until.is_(None), RoleGrant.valid_until > now)


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


def find_seat_of(person_id: int) -> Appointment | None:
    """The seat a person holds now."""
    return db.session.scalars(_SEAT, {"person": person_id}).unique().one_or_none()
