"""What may be asked of a seated person, as conditions on Appointment joined with its Commission."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, literal, select
from sqlalchemy.orm import aliased

from lms.accounts.models import Account, OneTimeCode
from lms.accounts.queries import still_works
from lms.assessment.models import Attempt, AttemptGrant
from lms.assessment.rules import Kind, State
from lms.commissions.models import Appointment, Commission
from lms.core import clock
from lms.core.database.base import db
from lms.curriculum.models import CourseVersion, Requirement
from lms.curriculum.settings import TestSettings
from lms.home.models import ContactAttempt
from lms.home.rules import LATE_AFTER, QUIET_AFTER, Want
from lms.learning.models import CompletedActivity, Enrolment, LateStart
from lms.learning.rules import TEST, WORKSHOP
from lms.people.models import Person
from lms.workshops.models import Attendance, Workshop, WorkshopCommission
from lms.workshops.rules import State as WorkshopState

Condition = ColumnElement[bool]
Enrolled, _Account, _Person = aliased(Enrolment), aliased(Account), aliased(Person)
"""Names of their own: the lists that ask this join the same tables."""


@dataclass(frozen=True)
class Asking:
    """In which campaign it is asked, and when."""

    campaign_id: int
    now: datetime

    @cached_property
    def attempts_allowed(self) -> ColumnElement[int]:
        """How many attempts the learner's version of the course gives, and an officer or a workshop beside."""
        rows = db.session.execute(select(CourseVersion.id, CourseVersion.test)).all()
        allowed = {row.id: TestSettings.model_validate(row.test).attempts for row in rows}
        given = select(func.coalesce(func.sum(AttemptGrant.attempts), 0)).where(
            AttemptGrant.enrolment_id == Enrolled.id
        )
        of_course = case(allowed, value=Enrolled.version_id, else_=1) if allowed else literal(1)
        return of_course + given.correlate(Enrolled).scalar_subquery()


def condition_of(want: Want, campaign_id: int) -> Condition | None:
    """What belongs to a call list; None where the counters know it and `Wanted` asks for it."""
    asking = Asking(campaign_id, clock.now())
    if want is Want.WITHOUT_SLIP:
        return without_slip(asking)
    if want is Want.NO_PHONE:  # soonest told: asked first
        return _no_phone(asking) & _has_open(asking)
    return _has_open(asking, OF_OPEN[want](asking)) if want in OF_OPEN else None


def is_hidden(campaign_id: int, today: date) -> Condition:
    """The person was called, and stands on the list again only after `today`: so the newest attempt says."""
    puts_off = and_(ContactAttempt.campaign_id == campaign_id, ContactAttempt.until > today)
    newest = (
        select(case((puts_off, 1), else_=0))
        .where(ContactAttempt.person_id == Appointment.person_id)
        .order_by(ContactAttempt.id.desc())
        .limit(1)
    )
    return func.coalesce(newest.correlate(Appointment).scalar_subquery(), 0) == 1


def places_called(campaign_id: int, today: date) -> Select[tuple[int]]:
    """Where those sit who were called and stand on the list again only after `today`."""
    put_off = select(ContactAttempt.person_id).where(
        ContactAttempt.campaign_id == campaign_id, ContactAttempt.until > today
    )
    return select(Appointment.commission_id).where(Appointment.ends_on.is_(None), Appointment.person_id.in_(put_off))


def places_without_phone() -> Condition:
    """The commission has somebody whom nobody can call: told sooner than who of them has something to finish."""
    seated = Appointment.commission_id == Commission.id, Appointment.ends_on.is_(None)
    return exists().where(*seated, _Person.id == Appointment.person_id, _Person.phone == "").correlate(Commission)


def is_required(asking: Asking) -> Condition:
    """The enrolment is on a course that is asked of the person in the seat."""
    late = exists().where(
        LateStart.campaign_id == asking.campaign_id,
        LateStart.person_id == Appointment.person_id,
        LateStart.level == Commission.level,
    )
    required = select(Requirement.course_id).where(
        Requirement.campaign_id == asking.campaign_id,
        Requirement.level == Commission.level,
        Requirement.late_days.is_not(None) == late.correlate(Appointment, Commission),
    )
    return Enrolled.course_id.in_(required.correlate(Appointment, Commission))


def is_open(asking: Asking) -> tuple[Condition, ...]:
    """The enrolment is the person's own, of the campaign, and not finished."""
    return (
        Enrolled.person_id == Appointment.person_id,
        Enrolled.campaign_id == asking.campaign_id,
        Enrolled.completed_at.is_(None),
    )


def _has_open(asking: Asking, *conditions: Condition) -> Condition:
    """Some course that the person must take is not finished, and the enrolment is like that."""
    return exists().where(*is_open(asking), is_required(asking), *conditions)


def _did(activity: str) -> Condition:
    return exists().where(CompletedActivity.enrolment_id == Enrolled.id, CompletedActivity.activity == activity)


def _has_attempt(*conditions: Condition) -> Condition:
    return exists().where(Attempt.enrolment_id == Enrolled.id, Attempt.kind == Kind.FINAL.value, *conditions)


def without_slip(asking: Asking) -> Condition:
    """The person in the seat has never signed in, and no slip works."""
    signed_in = exists().where(_Account.person_id == Appointment.person_id, _Account.password_hash.is_not(None))
    has_slip = exists().where(
        _Account.person_id == Appointment.person_id, OneTimeCode.account_id == _Account.id, *still_works(asking.now)
    )
    return ~signed_in & ~has_slip


def _no_phone(_asking: Asking) -> Condition:
    """A value, not EXISTS, which PostgreSQL would make a join of and put behind one with everybody's enrolments."""
    phone = select(_Person.phone).where(_Person.id == Appointment.person_id)
    return phone.correlate(Appointment).scalar_subquery() == ""


def _late(asking: Asking) -> Condition:
    return and_(Enrolled.started_at.is_(None), Enrolled.enrolled_at < asking.now - LATE_AFTER)


def _quiet(asking: Asking) -> Condition:
    since = asking.now - QUIET_AFTER
    lately = exists().where(CompletedActivity.enrolment_id == Enrolled.id, CompletedActivity.completed_at >= since)
    tried = _has_attempt(Attempt.started_at >= since)
    return and_(Enrolled.started_at < since, ~_did(TEST), ~lately, ~tried)


def _failed(asking: Asking) -> Condition:
    return and_(
        _has_attempt(Attempt.state != State.OPEN.value),
        ~_did(TEST),
        ~_has_attempt(Attempt.state == State.OPEN.value),
        ~_has_attempt(Attempt.number >= asking.attempts_allowed),
    )


def _used_up(asking: Asking) -> Condition:
    return and_(_has_attempt(Attempt.state != State.OPEN.value, Attempt.number >= asking.attempts_allowed), ~_did(TEST))


def _missed(asking: Asking) -> Condition:
    held = (
        exists()
        .where(
            WorkshopCommission.commission_id == Appointment.commission_id,
            Workshop.id == WorkshopCommission.workshop_id,
            Workshop.course_id == Enrolled.course_id,
            Workshop.campaign_id == asking.campaign_id,
            Workshop.state == WorkshopState.SCHEDULED.value,
            Workshop.ends_at < asking.now,
            Workshop.starts_at >= Appointment.starts_on,  # who came to the seat later was not expected there
            exists().where(Attendance.workshop_id == Workshop.id, Attendance.present),
        )
        .correlate(Appointment, Enrolled)
    )
    return ~_did(WORKSHOP) & held


OF_OPEN: dict[Want, Callable[[Asking], Condition]] = {
    Want.NO_PHONE: _no_phone,
    Want.LATE: _late,
    Want.QUIET: _quiet,
    Want.FAILED: _failed,
    Want.USED_UP: _used_up,
    Want.MISSED: _missed,
}
"""Lists that no counter knows, of those who have an open enrolment on a course that is asked of them: what else is
asked, of that enrolment (`Enrolled`) too."""
