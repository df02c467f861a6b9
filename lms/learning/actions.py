"""Enrol people, and record what they do towards a course."""

from __future__ import annotations

from typing import Any

from sqlalchemy import literal, select, update
from sqlalchemy.dialects import postgresql, sqlite

from lms.campaigns.queries import find_open_campaign
from lms.commissions.events import AppointmentsMade
from lms.commissions.models import Appointment, Commission
from lms.core import clock
from lms.core.audit.actions import Actor, record
from lms.core.database.base import UtcDateTime, db
from lms.core.errors import Refused
from lms.core.events import publish
from lms.core.web.languages import _
from lms.curriculum.events import CourseRequired, VersionPublished
from lms.curriculum.models import CourseVersion, Requirement
from lms.learning import queries, rules
from lms.learning.events import CourseBegun, CourseCompleted
from lms.learning.models import CompletedActivity, Enrolment
from lms.people.models import Person

BATCH = 5_000
"""People enrolled by one statement."""


def enrol_in_required_courses(event: AppointmentsMade) -> None:
    """Enrol everyone appointed in what their level must take; who is enrolled already stays as they are."""
    campaign = find_open_campaign()
    if campaign is None or not event.appointments:
        return
    requirements = db.session.scalars(select(Requirement).where(Requirement.campaign_id == campaign.id)).all()
    for requirement in requirements:
        people = [person for person, _commission, level in event.appointments if level == requirement.level]
        enrol(people, campaign_id=campaign.id, course_id=requirement.course_id)


def enrol_where_required(event: CourseRequired) -> None:
    """Enrol everyone who now holds a seat at the level that must take the course from now on."""
    people = db.session.scalars(
        select(Appointment.person_id)
        .join(Commission, Commission.id == Appointment.commission_id)
        .where(Appointment.ends_on.is_(None), Commission.level == event.level)
        .distinct()
    ).all()
    enrol(list(people), campaign_id=event.campaign_id, course_id=event.course_id)


def take_over_version(event: VersionPublished) -> None:
    """Give the new version to learners who have not begun; where only words changed, to all who have not finished."""
    campaign = find_open_campaign()
    if campaign is None:
        return
    unchanged = Enrolment.started_at if event.material else Enrolment.completed_at
    db.session.execute(
        update(Enrolment)
        .where(
            Enrolment.campaign_id == campaign.id,
            Enrolment.course_id == event.course_id,
            Enrolment.completed_at.is_(None),
            unchanged.is_(None),
        )
        .values(version_id=event.version_id)
    )


def enrol(person_ids: list[int], *, campaign_id: int, course_id: int) -> None:
    """Enrol people on the newest version of a course; in bulk, harmless when repeated."""
    version_id = db.session.scalar(
        select(CourseVersion.id)
        .where(CourseVersion.course_id == course_id)
        .order_by(CourseVersion.number.desc())
        .limit(1)
    )
    if version_id is None or not person_ids:
        return
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    same = (literal(campaign_id), literal(course_id), literal(version_id), literal(clock.now(), UtcDateTime()))
    columns = ["person_id", "campaign_id", "course_id", "version_id", "enrolled_at"]
    for start in range(0, len(person_ids), BATCH):
        people = select(Person.id, *same).where(Person.id.in_(person_ids[start : start + BATCH])).order_by(Person.id)
        db.session.execute(insert(Enrolment).from_select(columns, people).on_conflict_do_nothing())


def complete_activity(*, enrolment: Enrolment, activity: str, by: Actor, details: dict[str, Any] | None = None) -> None:
    """Record that an activity was done; repeating is harmless. The first time everything is done, say so upward.
    `details`: what a certificate may tell of it (see `CompletedActivity.details`)."""
    db.session.refresh(enrolment, with_for_update={"key_share": True})  # two at once: the second sees the first
    done = queries.list_done(enrolment.id)
    if activity not in done:
        db.session.add(
            CompletedActivity(
                enrolment_id=enrolment.id, activity=activity, completed_at=clock.now(), details=details or {}
            )
        )
        db.session.flush()
        record("learning.activity_completed", by=by, subject=f"enrolment:{enrolment.id}", activity=activity)
    begin(enrolment=enrolment, by=by)
    if rules.is_complete(queries.list_required(enrolment), done | {activity}):
        _complete(enrolment, by)


def take_back_activity(*, enrolment: Enrolment, activity: str, by: Actor) -> None:
    """Forget an activity that was recorded by mistake. Refused once the course counts as completed."""
    db.session.refresh(enrolment, with_for_update={"key_share": True})
    if enrolment.completed_at is not None:
        raise Refused(_("The course is completed and its certificate issued, so this can no longer be taken back."))
    row = db.session.get(CompletedActivity, (enrolment.id, activity))
    if row is not None:
        db.session.delete(row)
        db.session.flush()
        record("learning.activity_taken_back", by=by, subject=f"enrolment:{enrolment.id}", activity=activity)


def begin(*, enrolment: Enrolment, by: Actor) -> None:
    """Note the first thing a person does in a course, and say so upward."""
    if enrolment.started_at is None:
        enrolment.started_at = clock.now()
        db.session.flush()
        publish(CourseBegun(enrolment.id, by))


def _complete(enrolment: Enrolment, by: Actor) -> None:
    first = db.session.execute(
        update(Enrolment)
        .where(Enrolment.id == enrolment.id, Enrolment.completed_at.is_(None))
        .values(completed_at=clock.now())
        .returning(Enrolment.id)
    ).scalar_one_or_none()
    if first is not None:
        db.session.refresh(enrolment)
        publish(CourseCompleted(enrolment.id, by))
