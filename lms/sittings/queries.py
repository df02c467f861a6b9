"""Read rooms: those a reader may see, who began in one, who is expected, and the room behind a code."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload
from sqlalchemy.sql import ColumnElement

from lms.assessment.models import Attempt
from lms.assessment.rules import Kind, State
from lms.commissions.models import Appointment, Commission, CommissionClosure
from lms.commissions.permissions import INSPECTORS, Scope, is_commission_in
from lms.commissions.rules import Role
from lms.core.clock import AHEAD
from lms.core.database.base import db
from lms.core.errors import NotFound
from lms.curriculum.shelf import get_published
from lms.learning.models import CompletedActivity, Enrolment
from lms.learning.rules import MODULE
from lms.people.models import Person
from lms.sittings.models import Sitting, SittingAttempt, SittingRemark
from lms.workshops.models import Workshop, WorkshopGuest

PAGE = 50


@dataclass(frozen=True)
class Begun:
    """Somebody who began in a room, with the commission in which they sit now."""

    attempt: Attempt
    person: Person
    commission: Commission | None


def visible(scope: Scope) -> ColumnElement[bool]:
    """A condition: the reader looks after the organising commission or audits it, or supervises the room as a trainer
    there."""
    own = and_(
        Sitting.supervisor_id == (scope.person_id or 0), is_commission_in(scope, Sitting.commission_id, Role.TRAINER)
    )
    return or_(is_commission_in(scope, Sitting.commission_id, *INSPECTORS), own)


def get_sitting(scope: Scope, sitting_id: int) -> Sitting:
    """The room, if the reader may see it; NotFound otherwise, as if it were not there."""
    sitting = db.session.scalar(select(Sitting).where(Sitting.id == sitting_id, visible(scope)))
    if sitting is None:
        raise NotFound
    return sitting


def list_sittings(scope: Scope, page: int = 1) -> Sequence[Sitting]:
    """A page of the rooms that the reader may see, the newest first."""
    return db.session.scalars(
        select(Sitting)
        .where(visible(scope))
        .options(joinedload(Sitting.supervisor), joinedload(Sitting.commission), joinedload(Sitting.workshop))
        .order_by(Sitting.id.desc())
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    ).all()


def count_sittings(scope: Scope) -> int:
    """How many rooms the reader may see."""
    return db.session.scalar(select(func.count(Sitting.id)).where(visible(scope))) or 0


def list_open_at(workshop_id: int, now: datetime) -> Sequence[Sitting]:
    """The rooms of a workshop that are open, the newest first."""
    found = select(Sitting).where(Sitting.workshop_id == workshop_id, _is_open(now)).order_by(Sitting.id.desc())
    return db.session.scalars(found).all()


def list_open_of(person_id: int, now: datetime) -> Sequence[Sitting]:
    """The rooms that a person supervises and that are open, the newest first."""
    found = select(Sitting).where(Sitting.supervisor_id == person_id, _is_open(now)).order_by(Sitting.id.desc())
    return db.session.scalars(found).all()


def find_same(sitting: Sitting, now: datetime) -> Sitting | None:
    """A room that is open with the same supervisor, course, place and so on: the button was pressed twice."""
    return db.session.scalar(
        select(Sitting)
        .where(
            Sitting.supervisor_id == sitting.supervisor_id,
            Sitting.course_id == sitting.course_id,
            Sitting.commission_id == sitting.commission_id,
            Sitting.place == sitting.place,
            Sitting.workshop_id.is_not_distinct_from(sitting.workshop_id),
            _is_open(now),
        )
        .limit(1)
    )


def is_open_for(person_id: int, course_id: int, campaign_id: int, now: datetime) -> bool:
    """Whether a room is open in which the person could begin the test of the course."""
    seats = select(Appointment.commission_id).where(Appointment.person_id == person_id, Appointment.ends_on.is_(None))
    above = select(CommissionClosure.ancestor_id).where(CommissionClosure.descendant_id.in_(seats))
    guest = select(WorkshopGuest.workshop_id).where(WorkshopGuest.person_id == person_id)
    found = select(Sitting.id).where(
        Sitting.course_id == course_id,
        Sitting.campaign_id == campaign_id,
        _is_open(now),
        or_(Sitting.commission_id.in_(above), Sitting.workshop_id.in_(guest)),
    )
    return db.session.scalar(found.limit(1)) is not None


def _is_open(now: datetime) -> ColumnElement[bool]:
    """`rules.Window.is_open`, as a condition."""
    return and_(Sitting.closed_at.is_(None), Sitting.closes_at > now, Sitting.opened_at <= now + AHEAD)


def hold_by_code(code: str) -> Sitting | None:
    """The room with this code, kept as it is until the end of the transaction: neither closed nor given a new code.
    One that was closed by hand is found too, while no other has its code."""
    held = select(Sitting).where(Sitting.code == code)
    held = held.order_by(Sitting.id.desc()).limit(1).execution_options(populate_existing=True)
    unclosed = db.session.scalar(held.where(Sitting.closed_at.is_(None)).with_for_update(read=True))
    return unclosed or db.session.scalar(held)


def holds_code(code: str) -> bool:
    """Whether a room that was not closed has this code."""
    return db.session.scalar(select(Sitting.id).where(Sitting.code == code, Sitting.closed_at.is_(None))) is not None


def is_covered(sitting: Sitting, person_id: int) -> bool:
    """Whether the person sits in the branch for which a room was opened, or has a seat of their own at its workshop."""
    seats = (
        select(Appointment.id)
        .join(CommissionClosure, CommissionClosure.descendant_id == Appointment.commission_id)
        .where(
            Appointment.person_id == person_id,
            Appointment.ends_on.is_(None),
            CommissionClosure.ancestor_id == sitting.commission_id,
        )
    )
    guests = select(WorkshopGuest.person_id).where(
        WorkshopGuest.workshop_id == (sitting.workshop_id or 0), WorkshopGuest.person_id == person_id
    )
    return any(db.session.scalar(found.limit(1)) is not None for found in (seats, guests))


def has_begun_in(sitting_id: int, person_id: int | None) -> bool:
    """Whether the person began a test in this room."""
    found = (
        select(SittingAttempt.attempt_id)
        .join(Attempt, Attempt.id == SittingAttempt.attempt_id)
        .where(SittingAttempt.sitting_id == sitting_id, Attempt.person_id == (person_id or 0))
    )
    return db.session.scalar(found.limit(1)) is not None


def get_attempt_in(sitting: Sitting, attempt_id: int) -> Attempt:
    """The attempt, if it was begun in this room; NotFound otherwise."""
    row = db.session.get(SittingAttempt, attempt_id)
    if row is None or row.sitting_id != sitting.id:
        raise NotFound
    return row.attempt


def list_begun(sitting_id: int) -> list[Begun]:
    """Who began in a room, by name."""
    rows = db.session.execute(
        select(Attempt, Person, Commission)
        .join(SittingAttempt, SittingAttempt.attempt_id == Attempt.id)
        .join(Person, Person.id == Attempt.person_id)
        .outerjoin(Appointment, and_(Appointment.person_id == Person.id, Appointment.ends_on.is_(None)))
        .outerjoin(Commission, Commission.id == Appointment.commission_id)
        .where(SittingAttempt.sitting_id == sitting_id)
        .order_by(Person.surname, Person.given_name, Attempt.id)
        .execution_options(populate_existing=True)
    )
    return [Begun(attempt, person, where) for attempt, person, where in rows]


def count_begun(sitting_ids: Collection[int]) -> dict[int, int]:
    """Room -> how many attempts were begun in it; rooms without any are left out."""
    rows = db.session.execute(
        select(SittingAttempt.sitting_id, func.count())
        .where(SittingAttempt.sitting_id.in_(sitting_ids))
        .group_by(SittingAttempt.sitting_id)
    )
    return {row[0]: row[1] for row in rows}


def list_remarks(attempt_ids: Collection[int]) -> dict[int, list[SittingRemark]]:
    """Attempt -> what was remarked on it, the first first; attempts without a remark are left out."""
    found: dict[int, list[SittingRemark]] = {}
    rows = select(SittingRemark).where(SittingRemark.attempt_id.in_(attempt_ids)).order_by(SittingRemark.id)
    for one in db.session.scalars(rows):
        found.setdefault(one.attempt_id, []).append(one)
    return found


def find_same_remark(attempt_id: int, kind: str, note: str, *, since: datetime) -> SittingRemark | None:
    """The same remark on an attempt, made since that moment."""
    return db.session.scalar(
        select(SittingRemark)
        .where(
            SittingRemark.attempt_id == attempt_id,
            SittingRemark.kind == kind,
            SittingRemark.note == note,
            SittingRemark.made_at >= since,
        )
        .order_by(SittingRemark.id.desc())
        .limit(1)
    )


def list_rooms(attempt_ids: Collection[int]) -> dict[int, Sitting]:
    """Of some attempts those begun in a room -> the room."""
    rows = db.session.execute(
        select(SittingAttempt.attempt_id, Sitting)
        .join(Sitting, Sitting.id == SittingAttempt.sitting_id)
        .where(SittingAttempt.attempt_id.in_(attempt_ids))
    )
    return dict(rows.tuples().all())


def list_settled(sitting: Sitting, person_ids: Collection[int]) -> set[int]:
    """Those of some people who need not begin in a room: they have passed the test of its course, or sit at it now."""
    of_it = and_(Attempt.enrolment_id == Enrolment.id, Attempt.kind == Kind.FINAL)
    rows = db.session.scalars(
        select(Enrolment.person_id)
        .outerjoin(Attempt, of_it)
        .where(
            Enrolment.person_id.in_(person_ids),
            Enrolment.campaign_id == sitting.campaign_id,
            Enrolment.course_id == sitting.course_id,
            or_(Enrolment.completed_at.is_not(None), Attempt.passed.is_(True), Attempt.state == State.OPEN),
        )
    )
    return set(rows)


def list_failed(sitting: Sitting, person_ids: Collection[int]) -> dict[int, datetime]:
    """Those of some people who have taken the test of the room's course without passing it -> when the last time."""
    rows = db.session.execute(
        select(Enrolment.person_id, func.max(Attempt.submitted_at))
        .join(Attempt, and_(Attempt.enrolment_id == Enrolment.id, Attempt.kind == Kind.FINAL))
        .where(
            Enrolment.person_id.in_(person_ids),
            Enrolment.campaign_id == sitting.campaign_id,
            Enrolment.course_id == sitting.course_id,
            Attempt.passed.is_(False),
            Attempt.submitted_at.is_not(None),
        )
        .group_by(Enrolment.person_id)
    )
    return {person_id: last for person_id, last in rows if last is not None}


def list_unread(sitting: Sitting, person_ids: Collection[int]) -> set[int]:
    """Those of some people who have yet to read a module of the room's course, so that its test does not begin."""
    rows = db.session.execute(
        select(Enrolment.person_id, Enrolment.version_id, func.count(CompletedActivity.activity))
        .outerjoin(
            CompletedActivity,
            and_(CompletedActivity.enrolment_id == Enrolment.id, CompletedActivity.activity.startswith(MODULE)),
        )
        .where(
            Enrolment.person_id.in_(person_ids),
            Enrolment.campaign_id == sitting.campaign_id,
            Enrolment.course_id == sitting.course_id,
        )
        .group_by(Enrolment.person_id, Enrolment.version_id)
    )
    return {person for person, version, read in rows if read < len(get_published(version).modules)}


def find_workshop(sitting: Sitting) -> Workshop | None:
    """The workshop to which a room belongs."""
    return db.session.get(Workshop, sitting.workshop_id) if sitting.workshop_id is not None else None
