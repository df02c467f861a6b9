"""Enrol people, and record what they do towards a course."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from lms.campaigns.queries import find_open_campaign
from lms.commissions.events import AppointmentsMade
from lms.core import clock
from lms.core.audit.actions import Actor, record
from lms.core.database.base import db
from lms.core.events import publish
from lms.curriculum.models import CourseVersion, Requirement
from lms.learning import queries, rules
from lms.learning.events import CourseCompleted
from lms.learning.models import CompletedActivity, Enrolment


def enrol_in_required_courses(event: AppointmentsMade) -> None:
    """Enrol everyone appointed in what their level must take; who is enrolled already stays as they are."""
    campaign = find_open_campaign()
    if campaign is None or not event.appointments:
        return
    requirements = db.session.scalars(select(Requirement).where(Requirement.campaign_id == campaign.id)).all()
    for requirement in requirements:
        people = [person for person, _commission, level in event.appointments if level == requirement.level]
        enrol(people, campaign_id=campaign.id, course_id=requirement.course_id)


def enrol(person_ids: list[int], *, campaign_id: int, course_id: int) -> None:
    """Enrol people on the newest version of a course; in bulk, harmless when repeated."""
    version_id = db.session.scalar(
        select(CourseVersion.id).where(CourseVersion.course_id == course_id).order_by(CourseVersion.number.desc()).limit(1)
    )
    if version_id is None or not person_ids:
        return
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    now = clock.now()
    rows = [
        {
            "campaign_id": campaign_id,
            "person_id": person,
            "course_id": course_id,
            "version_id": version_id,
            "enrolled_at": now,
        }
        for person in person_ids
    ]
    db.session.execute(insert(Enrolment).on_conflict_do_nothing(), rows)


def complete_activity(*, enrolment: Enrolment, activity: str, by: Actor) -> None:
    """Record that an activity was done; repeating is harmless. The first time everything is done, say so upward."""
    done = queries.list_done(enrolment.id)
    now = clock.now()
    if activity not in done:
        db.session.add(CompletedActivity(enrolment_id=enrolment.id, activity=activity, completed_at=now))
        db.session.flush()
        record("learning.activity_completed", by=by, subject=f"enrolment:{enrolment.id}", activity=activity)
    begin(enrolment=enrolment)
    if rules.is_complete(queries.list_required(enrolment), done | {activity}):
        _complete(enrolment)


def begin(*, enrolment: Enrolment) -> None:
    """Note the first thing a person does in a course."""
    if enrolment.started_at is None:
        enrolment.started_at = clock.now()
        db.session.flush()


def _complete(enrolment: Enrolment) -> None:
    first = db.session.execute(
        update(Enrolment)
        .where(Enrolment.id == enrolment.id, Enrolment.completed_at.is_(None))
        .values(completed_at=clock.now())
        .returning(Enrolment.id)
    ).scalar_one_or_none()
    if first is not None:
        db.session.refresh(enrolment)
        publish(CourseCompleted(enrolment.id))
