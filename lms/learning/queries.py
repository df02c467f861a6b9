"""Read enrolments and what was done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session
from sqlalchemy.sql import ColumnElement

from lms.campaigns.models import Campaign
from lms.campaigns.queries import keep_open_campaign
from lms.commissions.models import Appointment, Commission
from lms.commissions.queries import WAS_HELD
from lms.core.database.base import db
from lms.core.errors import NotFound
from lms.core.kept import keep
from lms.curriculum.models import Case, CourseVersion, Form, Requirement, Term
from lms.learning.models import CompletedActivity, Enrolment, LateStart
from lms.learning.rules import activities_of

BATCH = 5_000


@dataclass(frozen=True)
class Beside:
    """What stands beside the modules of a course version: its forms, and how many cases and words there are."""

    forms: Sequence[Form]
    cases: int
    terms: int


_OPEN = (
    select(Enrolment, Campaign)
    .join(Campaign, Campaign.id == Enrolment.campaign_id)
    .where(Enrolment.person_id == bindparam("person"), Campaign.state == "open")
    .order_by(Enrolment.id)
)
_OPEN_OF_COURSE = _OPEN.where(Enrolment.course_id == bindparam("course"))
_DONE = select(CompletedActivity.activity).where(CompletedActivity.enrolment_id == bindparam("enrolment"))


def list_beside(version_id: int) -> Beside:
    """What stands beside the modules of a course version."""
    return _beside(version_id) or Beside([], 0, 0)


@keep(64)
def _beside(session: Session, version_id: int) -> Beside | None:
    if session.get(CourseVersion, version_id) is None:
        return None
    cases, terms = (
        session.scalar(select(func.count()).select_from(model).where(model.version_id == version_id)) or 0
        for model in (Case, Term)
    )
    forms = session.scalars(select(Form).where(Form.version_id == version_id).order_by(Form.position)).all()
    return Beside(forms, cases, terms)


def list_open_enrolments(person_id: int) -> list[Enrolment]:
    """A person's enrolments in the open campaign."""
    return _keep_campaign(db.session.execute(_OPEN, {"person": person_id}).all())


def find_open_enrolment(person_id: int, course_id: int) -> Enrolment | None:
    """A person's enrolment on one course in the open campaign."""
    rows = db.session.execute(_OPEN_OF_COURSE, {"person": person_id, "course": course_id}).all()
    return next(iter(_keep_campaign(rows)), None)


def _keep_campaign(rows: Sequence[Any]) -> list[Enrolment]:
    for row in rows[:1]:
        keep_open_campaign(row.Campaign)
    return [row.Enrolment for row in rows]


def list_requirements(campaign_id: int, level: str) -> Sequence[Requirement]:
    """What members of commissions of a level must take in a campaign."""
    return db.session.scalars(
        select(Requirement)
        .where(Requirement.campaign_id == campaign_id, Requirement.level == level)
        .order_by(Requirement.id)
    ).all()


def list_late(campaign_id: int, level: str) -> set[int]:
    """Those of a level of whom the short courses for late comers are asked."""
    return set(
        db.session.scalars(
            select(LateStart.person_id).where(LateStart.campaign_id == campaign_id, LateStart.level == level)
        )
    )


def list_finished(person_ids: Sequence[int], course_ids: Sequence[int], campaign_id: int) -> set[int]:
    """Those of some people who have finished every one of some courses; nobody when no course is named."""
    found: set[int] = set()
    for start in range(0, len(person_ids) if course_ids else 0, BATCH):
        done = (
            select(Enrolment.person_id)
            .where(
                Enrolment.person_id.in_(person_ids[start : start + BATCH]),
                Enrolment.course_id.in_(course_ids),
                Enrolment.campaign_id == campaign_id,
                Enrolment.completed_at.is_not(None),
            )
            .group_by(Enrolment.person_id)
            .having(func.count() == len(course_ids))
        )
        found.update(db.session.scalars(done))
    return found


def list_finished_usual(person_ids: Sequence[int], required: Sequence[Requirement], campaign_id: int) -> set[int]:
    """Those of some people who have finished all that is usually asked, and had not finished the short courses."""
    usual, short = (
        [one.course_id for one in required if (one.late_days is not None) == late] for late in (False, True)
    )
    finished = list_finished(person_ids, usual, campaign_id)
    return finished - list_finished(sorted(finished), short, campaign_id)


def list_unasked(person_id: int) -> set[int]:
    """Courses that are asked of others who hold such seats as the person and not of the person: the usual ones of who
    came late, the short ones of everyone else."""
    rows = db.session.execute(_ASKED, {"person": person_id}).all()
    return {row.course_id for row in rows} - {row.course_id for row in rows if row.asked}


def list_going_on(person_ids: Sequence[int], level: str, since: date) -> set[int]:
    """Those of some people who left another seat of the level on that very day: they only change office or place. A
    seat that was taken back was never left."""
    found: set[int] = set()
    for start in range(0, len(person_ids), BATCH):
        left = (
            select(Appointment.person_id)
            .join(Commission, Commission.id == Appointment.commission_id)
            .where(
                Appointment.person_id.in_(person_ids[start : start + BATCH]),
                Appointment.ends_on == since,
                WAS_HELD,
                Commission.level == level,
            )
        )
        found.update(db.session.scalars(left))
    return found


def is_asked() -> ColumnElement[bool]:
    """A condition joining Requirement with LateStart (outer joined by campaign, person and level of the seat): late
    comers take the short courses, everyone else the others."""
    return Requirement.late_days.is_not(None) == LateStart.person_id.is_not(None)


_ASKED = (
    select(Requirement.course_id, is_asked().label("asked"))
    .join(Campaign, (Campaign.id == Requirement.campaign_id) & (Campaign.state == "open"))
    .join(Commission, Commission.level == Requirement.level)
    .join(Appointment, Appointment.commission_id == Commission.id)
    .outerjoin(
        LateStart,
        (LateStart.campaign_id == Requirement.campaign_id)
        & (LateStart.person_id == Appointment.person_id)
        & (LateStart.level == Commission.level),
    )
    .where(Appointment.person_id == bindparam("person"), Appointment.ends_on.is_(None))
)


def find_enrolment(person_id: int, campaign_id: int, course_id: int) -> Enrolment | None:
    """A person's enrolment on one course."""
    return db.session.scalar(
        select(Enrolment).where(
            Enrolment.person_id == person_id,
            Enrolment.campaign_id == campaign_id,
            Enrolment.course_id == course_id,
        )
    )


def get_own_enrolment(person_id: int, enrolment_id: int) -> Enrolment:
    """The enrolment, if it is this person's; NotFound otherwise."""
    enrolment = db.session.get(Enrolment, enrolment_id)
    if enrolment is None or enrolment.person_id != person_id:
        raise NotFound
    return enrolment


def list_done(enrolment_id: int) -> set[str]:
    """Activities done."""
    return set(db.session.scalars(_DONE, {"enrolment": enrolment_id}))


def rests_on(enrolment: Enrolment, activity: str) -> bool:
    """Whether a course counts as completed because, among others, of this activity; what was done after it was
    completed brought nothing."""
    done = db.session.get(CompletedActivity, (enrolment.id, activity))
    return done is not None and enrolment.completed_at is not None and done.completed_at <= enrolment.completed_at


def list_required(enrolment: Enrolment) -> list[str]:
    """Activities the enrolment's course version asks for, in order."""
    version = enrolment.version
    return activities_of([module.code for module in version.modules], workshop=version.workshop)
