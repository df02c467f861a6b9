"""Everyone who must take the training, from the rows: the truth that counters are made of."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import CTE, ColumnElement, Select, and_, case, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from lms.commissions.models import Appointment, Commission, CommissionClosure
from lms.core.database.among import is_among
from lms.curriculum.models import Requirement
from lms.learning.models import Enrolment, LateStart
from lms.learning.queries import is_asked

_Below = aliased(CommissionClosure)


def per_person(
    campaign_id: int,
    places: Select[tuple[int]] | Sequence[int],
    *conditions: ColumnElement[bool],
    seat: Sequence[InstrumentedAttribute[str]] = (),
) -> CTE:
    """Everyone seated now in `places` who must take a course: commission_id, person_id, what `seat` names of their
    Appointment; over all courses they must take finished, begun and imported (0 or 1), finished_at of the last one.
    Closed commissions train nobody. Counted once, however few statistics the database has. `conditions` on Appointment
    narrow it down."""
    whose = (Appointment.commission_id, Appointment.person_id, *seat)
    return (
        select(
            *whose,
            func.min(case((Enrolment.completed_at.is_not(None), 1), else_=0)).label("finished"),
            func.max(case((Enrolment.started_at.is_not(None), 1), else_=0)).label("begun"),
            func.max(Enrolment.completed_at).label("finished_at"),
            func.max(case((Enrolment.imported_at.is_not(None), 1), else_=0)).label("imported"),
        )
        .join(Commission, Commission.id == Appointment.commission_id)
        .outerjoin(
            LateStart,
            and_(
                LateStart.campaign_id == campaign_id,
                LateStart.person_id == Appointment.person_id,
                LateStart.level == Commission.level,
            ),
        )
        .join(
            Requirement,
            and_(Requirement.level == Commission.level, Requirement.campaign_id == campaign_id, is_asked()),
        )
        .outerjoin(
            Enrolment,
            and_(
                Enrolment.person_id == Appointment.person_id,
                Enrolment.course_id == Requirement.course_id,
                Enrolment.campaign_id == campaign_id,
            ),
        )
        .where(
            Appointment.ends_on.is_(None),
            Commission.closed_on.is_(None),
            _is_seat_in(places),
            *conditions,
        )
        .group_by(*whose)
        .cte("per_person")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )


def _is_seat_in(places: Select[tuple[int]] | Sequence[int]) -> ColumnElement[bool]:
    if isinstance(places, Select):
        return Appointment.commission_id.in_(places)
    return is_among(Appointment.commission_id, places)


def is_below(
    commission_id: int, column: ColumnElement[int] | InstrumentedAttribute[int] = Commission.id
) -> ColumnElement[bool]:
    """A condition: `column` (a commission id) is a commission or lies below it."""
    return exists().where(_Below.ancestor_id == commission_id, _Below.descendant_id == column)


def branch(commission_id: int) -> Select[tuple[int]]:
    """Ids of a commission and of all below it."""
    return select(CommissionClosure.descendant_id).where(CommissionClosure.ancestor_id == commission_id)
