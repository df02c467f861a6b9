"""How far commissions are covered by workshops: whose members still wait for one, and which are invited already."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Row, and_, exists, func, select
from sqlalchemy.sql import ColumnElement

from lms.commissions.models import Appointment, Commission
from lms.commissions.queries import held_on
from lms.core import clock
from lms.core.database.base import db
from lms.curriculum.models import Requirement
from lms.learning import rules
from lms.learning.models import CompletedActivity, Enrolment, LateStart
from lms.learning.queries import is_asked
from lms.workshops.models import Workshop, WorkshopCommission
from lms.workshops.rules import State


@dataclass(frozen=True)
class Covering:
    """What a page says beside a commission; commissions of which there is nothing to say are left out."""

    waiting: dict[int, int] = field(default_factory=dict)
    """Commission id -> of how many of its people the course is asked and its workshop is still to do."""
    invited: dict[int, tuple[datetime, str]] = field(default_factory=dict)
    """Commission id -> when the next workshop of the course to come begins to which it is invited, and that workshop's
    time zone."""


def find_covering(
    commission_ids: Collection[int], *, campaign_id: int, course_id: int, but: int | None = None
) -> Covering:
    """How far some commissions are covered by workshops of a course in a campaign. `but`: the workshop that is being
    changed does not count."""
    waiting = {row[0]: row[1] for row in _count_waiting(commission_ids, campaign_id, course_id, clock.today())}
    invited: dict[int, tuple[datetime, str]] = {}
    coming = Workshop.campaign_id == campaign_id, Workshop.course_id == course_id, Workshop.id != (but or 0)
    for commission_id, starts_at, zone in _list_to_come(commission_ids, coming, clock.now()):
        invited.setdefault(commission_id, (starts_at, zone))
    return Covering(waiting, invited)


def _count_waiting(
    commission_ids: Collection[int], campaign_id: int, course_id: int, today: date
) -> Sequence[Row[tuple[int, int]]]:
    was_there = exists().where(
        CompletedActivity.enrolment_id == Enrolment.id, CompletedActivity.activity == rules.WORKSHOP
    )
    has_to = exists().where(
        Enrolment.person_id == Appointment.person_id,
        Enrolment.campaign_id == campaign_id,
        Enrolment.course_id == course_id,
        Enrolment.completed_at.is_(None),
        ~was_there,
    )
    late = LateStart.person_id == Appointment.person_id, LateStart.level == Commission.level
    is_asked_of = exists(
        select(Requirement.course_id)
        .outerjoin(LateStart, and_(LateStart.campaign_id == Requirement.campaign_id, *late))
        .where(
            Requirement.campaign_id == campaign_id,
            Requirement.course_id == course_id,
            Requirement.level == Commission.level,
            is_asked(),
        )
        .correlate(Appointment, Commission)
    )
    return db.session.execute(
        select(Appointment.commission_id, func.count())
        .join(Commission, Commission.id == Appointment.commission_id)
        .where(Appointment.commission_id.in_(commission_ids), held_on(today), has_to, is_asked_of)
        .group_by(Appointment.commission_id)
    ).all()


def _list_to_come(
    commission_ids: Collection[int], coming: tuple[ColumnElement[bool], ...], now: datetime
) -> Sequence[Row[tuple[int, datetime, str]]]:
    return db.session.execute(
        select(WorkshopCommission.commission_id, Workshop.starts_at, Workshop.time_zone)
        .join(Workshop, Workshop.id == WorkshopCommission.workshop_id)
        .where(
            WorkshopCommission.commission_id.in_(commission_ids),
            Workshop.starts_at > now,
            Workshop.state == State.SCHEDULED,
            *coming,
        )
        .order_by(Workshop.starts_at)
    ).all()
