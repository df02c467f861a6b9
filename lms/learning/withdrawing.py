"""Take enrolments back that nobody has begun."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select

from lms.core.audit.actions import Actor, record
from lms.core.database.base import db
from lms.core.database.runs import Run, delete_within, within
from lms.curriculum.models import Requirement
from lms.learning.models import Enrolment, LateStart


def withdraw(*, enrolments: Sequence[Run], people: Sequence[Run], by: Actor) -> None:
    """Delete these enrolments and every one of these people, and that they came late. The caller has seen that none was
    begun."""
    for condition in within(Enrolment.id, enrolments):
        late = select(Enrolment.person_id).join(Requirement, Requirement.course_id == Enrolment.course_id)
        asked = (Requirement.campaign_id == Enrolment.campaign_id, Requirement.late_days.is_not(None))
        db.session.execute(delete(LateStart).where(LateStart.person_id.in_(late.where(condition, *asked))))
    delete_within(LateStart, LateStart.person_id, people)
    gone = delete_within(Enrolment, Enrolment.id, enrolments) + delete_within(Enrolment, Enrolment.person_id, people)
    if gone:
        subject = f"enrolment:{enrolments[0][0]}" if enrolments else f"person:{people[0][0]}"
        record("learning.withdrawn", by=by, subject=subject, enrolments=enrolments, people=people, count=gone)
