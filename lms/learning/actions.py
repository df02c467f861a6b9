"""Enrol people, and record what they do towards a course."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import delete, literal, select, update

from lms.campaigns.models import Campaign
from lms.campaigns.queries import find_open_campaign
from lms.commissions.events import AppointmentsMade, SeatHeldAgain, SeatNeverHeld
from lms.commissions.models import Appointment, Commission
from lms.core import clock
from lms.core.audit.actions import Actor, record
from lms.core.database.base import UtcDateTime, db
from lms.core.database.inserting import insert_into
from lms.core.errors import Refused
from lms.core.events import publish
from lms.core.web.languages import _
from lms.curriculum.events import CourseRequired, VersionPublished
from lms.curriculum.models import CourseVersion, Requirement
from lms.learning import queries, rules
from lms.learning.events import CourseBegun, CourseCompleted
from lms.learning.models import CompletedActivity, Enrolment, LateStart
from lms.people.models import Person

BATCH = 5_000
"""People enrolled by one statement."""


def enrol_in_required_courses(event: AppointmentsMade) -> None:
    """Enrol everyone appointed in what their level must take; who is enrolled already stays as they are. Who comes in
    the last days before the election takes the short courses instead, also where they had begun the others before; not
    where they have finished them."""
    campaign = find_open_campaign()
    if campaign is None or not event.appointments:
        return
    for level in sorted({level for _person, _commission, level in event.appointments}):
        people = [person for person, _commission, its_level in event.appointments if its_level == level]
        _enrol_seated(people, level, event.since, campaign)


def _enrol_seated(people: list[int], level: str, since: date, campaign: Campaign) -> None:
    required = queries.list_requirements(campaign.id, level)
    windows = [one.late_days for one in required if one.late_days is not None]
    late = _late_of(people, level, since, campaign, required) if windows else set()
    for one in required:
        whose = set(people) - late if one.late_days is None else late
        enrol(sorted(whose), campaign_id=campaign.id, course_id=one.course_id)


def _late_of(
    people: list[int], level: str, since: date, campaign: Campaign, required: Sequence[Requirement]
) -> set[int]:
    """Those of whom the short courses are asked from now on; noted where that is new."""
    was_late = queries.list_late(campaign.id, level) & set(people)
    comes_late = any(rules.comes_late(since, campaign.election_on, one.late_days) for one in required if one.late_days)
    if not was_late and not comes_late:
        return set()
    finished = queries.list_finished_usual(people, required, campaign.id)
    going_on = queries.list_going_on(people, level, since) if comes_late else set()
    late = {
        one
        for one in people
        if rules.takes_short(
            was_late=one in was_late, comes_late=comes_late, goes_on=one in going_on, has_finished=one in finished
        )
    }
    _note_late(sorted(late - was_late), level, since, campaign.id)
    _forget_late(sorted(was_late - late), level, campaign.id)
    return late


def _forget_late(people: list[int], level: str, campaign_id: int) -> None:
    for start in range(0, len(people), BATCH):
        db.session.execute(
            delete(LateStart).where(
                LateStart.campaign_id == campaign_id,
                LateStart.level == level,
                LateStart.person_id.in_(people[start : start + BATCH]),
            )
        )


def ask_as_before(event: SeatHeldAgain) -> None:
    """Ask of whoever holds a seat as if they had never left it what they would be asked then: that they came to another
    one after the first day in this one is forgotten."""
    campaign = find_open_campaign()
    if campaign is None:
        return
    since_then = (LateStart.campaign_id == campaign.id, LateStart.person_id == event.person_id)
    db.session.execute(delete(LateStart).where(*since_then, LateStart.since > event.since))
    _enrol_seated([event.person_id], event.level, event.since, campaign)


def forget_coming(event: SeatNeverHeld) -> None:
    """Whoever never held a seat did not come to it late."""
    campaign = find_open_campaign()
    if campaign is None:
        return
    db.session.execute(
        delete(LateStart).where(
            LateStart.campaign_id == campaign.id,
            LateStart.person_id == event.person_id,
            LateStart.level == event.level,
            LateStart.since == event.since,
        )
    )


def ask_no_short_course(event: CourseCompleted) -> None:
    """Whoever came in the last days and has finished all that is usually asked needs no short course any more. Who has
    finished the short one before stays as they are."""
    enrolment = db.session.get_one(Enrolment, event.enrolment_id)
    late = db.session.get(LateStart, (enrolment.campaign_id, enrolment.person_id))
    if late is None:
        return
    required = queries.list_requirements(late.campaign_id, late.level)
    if late.person_id in queries.list_finished_usual([late.person_id], required, late.campaign_id):
        db.session.delete(late)
        db.session.flush()


def _note_late(people: list[int], level: str, since: date, campaign_id: int) -> None:
    for start in range(0, len(people), BATCH):
        rows = [
            {"campaign_id": campaign_id, "person_id": one, "level": level, "since": since}
            for one in people[start : start + BATCH]
        ]
        statement = insert_into(LateStart)
        new = {"level": statement.excluded.level, "since": statement.excluded.since}
        db.session.execute(statement.on_conflict_do_update(index_elements=["campaign_id", "person_id"], set_=new), rows)


def enrol_where_required(event: CourseRequired) -> None:
    """Enrol everyone who now holds a seat at the level that must take the course from now on; in a short course those
    who came to the seat in the last days before the election."""
    seated = db.session.execute(
        select(Appointment.person_id, Appointment.starts_on)
        .join(Commission, Commission.id == Appointment.commission_id)
        .where(Appointment.ends_on.is_(None), Commission.level == event.level)
        .order_by(Appointment.person_id)
    ).all()
    if event.late_days is None:
        late = queries.list_late(event.campaign_id, event.level)
        people = [row.person_id for row in seated if row.person_id not in late]
        enrol(people, campaign_id=event.campaign_id, course_id=event.course_id)
        return
    campaign = db.session.get_one(Campaign, event.campaign_id)
    by_day = defaultdict(list)
    for row in seated:
        if rules.comes_late(row.starts_on, campaign.election_on, event.late_days):
            by_day[row.starts_on].append(row.person_id)
    for since, people in sorted(by_day.items()):
        _enrol_seated(people, event.level, since, campaign)


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
    same = (literal(campaign_id), literal(course_id), literal(version_id), literal(clock.now(), UtcDateTime()))
    columns = ["person_id", "campaign_id", "course_id", "version_id", "enrolled_at"]
    for start in range(0, len(person_ids), BATCH):
        people = select(Person.id, *same).where(Person.id.in_(person_ids[start : start + BATCH])).order_by(Person.id)
        db.session.execute(insert_into(Enrolment).from_select(columns, people).on_conflict_do_nothing())


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
    """Forget an activity that was recorded by mistake. Refused when the course counts as completed with it."""
    db.session.refresh(enrolment, with_for_update={"key_share": True})
    if queries.rests_on(enrolment, activity):
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
