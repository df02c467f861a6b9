"""What may be asked of a seated person, as conditions on Appointment joined with its Commission."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, case, exists, literal, select
from sqlalchemy.orm import aliased

from lms.accounts.models import Account, OneTimeCode
from lms.accounts.queries import still_works
from lms.assessment.models import Attempt
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
_Later = aliased(ContactAttempt)
_Enrolled, _Account, _Person = aliased(Enrolment), aliased(Account), aliased(Person)
"""Names of their own: the lists that ask this join the same tables."""


@dataclass(frozen=True)
class Asking:
    """In which campaign it is asked, and when."""

    campaign_id: int
    now: datetime


def condition_of(want: Want, campaign_id: int) -> Condition | None:
    """What belongs to a call list; None where the counters know it and `Wanted` asks for it."""
    ask = CONDITIONS.get(want)
    return ask(Asking(campaign_id, clock.now())) if ask else None


def is_hidden(campaign_id: int, today: date) -> Condition:
    """The person was called, and stands on the list again only after `today`."""
    return exists().where(
        ContactAttempt.person_id == Appointment.person_id,
        ContactAttempt.campaign_id == campaign_id,
        ContactAttempt.until > today,
        ~exists().where(_Later.person_id == ContactAttempt.person_id, _Later.id > ContactAttempt.id),
    )


def _has_open(asking: Asking, *conditions: Condition) -> Condition:
    """Some course that the person must take is not finished, and the enrolment is like that."""
    late = exists().where(
        LateStart.campaign_id == asking.campaign_id,
        LateStart.person_id == Appointment.person_id,
        LateStart.level == Commission.level,
    )
    required = select(Requirement.course_id).where(
        Requirement.campaign_id == asking.campaign_id,
        Requirement.level == Commission.level,
        Requirement.late_days.is_not(None) == late,
    )
    return exists().where(
        _Enrolled.person_id == Appointment.person_id,
        _Enrolled.campaign_id == asking.campaign_id,
        _Enrolled.completed_at.is_(None),
        _Enrolled.course_id.in_(required.correlate(Appointment, Commission)),
        *conditions,
    )


def _did(activity: str) -> Condition:
    return exists().where(CompletedActivity.enrolment_id == _Enrolled.id, CompletedActivity.activity == activity)


def _has_attempt(*conditions: Condition) -> Condition:
    return exists().where(Attempt.enrolment_id == _Enrolled.id, Attempt.kind == Kind.FINAL.value, *conditions)


def _attempts_allowed() -> ColumnElement[int]:
    """How many attempts the learner's version of the course gives."""
    rows = db.session.execute(select(CourseVersion.id, CourseVersion.test)).all()
    allowed = {row.id: TestSettings.model_validate(row.test).attempts for row in rows}
    return case(allowed, value=_Enrolled.version_id, else_=1) if allowed else literal(1)


def _without_slip(asking: Asking) -> Condition:
    signed_in = exists().where(_Account.person_id == Appointment.person_id, _Account.password_hash.is_not(None))
    has_slip = exists().where(
        _Account.person_id == Appointment.person_id, OneTimeCode.account_id == _Account.id, *still_works(asking.now)
    )
    return ~signed_in & ~has_slip


def _no_phone(asking: Asking) -> Condition:
    return _has_open(asking) & exists().where(_Person.id == Appointment.person_id, _Person.phone == "")


def _late(asking: Asking) -> Condition:
    return _has_open(asking, _Enrolled.started_at.is_(None), _Enrolled.enrolled_at < asking.now - LATE_AFTER)


def _quiet(asking: Asking) -> Condition:
    since = asking.now - QUIET_AFTER
    lately = exists().where(CompletedActivity.enrolment_id == _Enrolled.id, CompletedActivity.completed_at >= since)
    tried = _has_attempt(Attempt.started_at >= since)
    return _has_open(asking, _Enrolled.started_at < since, ~_did(TEST), ~lately, ~tried)


def _failed(asking: Asking) -> Condition:
    return _has_open(
        asking,
        ~_did(TEST),
        _has_attempt(Attempt.state != State.OPEN.value),
        ~_has_attempt(Attempt.state == State.OPEN.value),
        ~_has_attempt(Attempt.number >= _attempts_allowed()),
    )


def _used_up(asking: Asking) -> Condition:
    return _has_open(
        asking, ~_did(TEST), _has_attempt(Attempt.state != State.OPEN.value, Attempt.number >= _attempts_allowed())
    )


def _missed(asking: Asking) -> Condition:
    held = (
        exists()
        .where(
            WorkshopCommission.commission_id == Appointment.commission_id,
            Workshop.id == WorkshopCommission.workshop_id,
            Workshop.course_id == _Enrolled.course_id,
            Workshop.campaign_id == asking.campaign_id,
            Workshop.state == WorkshopState.SCHEDULED.value,
            Workshop.ends_at < asking.now,
            exists().where(Attendance.workshop_id == Workshop.id, Attendance.present),
        )
        .correlate(Appointment, _Enrolled)
    )
    return _has_open(asking, ~_did(WORKSHOP), held)


CONDITIONS: dict[Want, Callable[[Asking], Condition]] = {
    Want.WITHOUT_SLIP: _without_slip,
    Want.NO_PHONE: _no_phone,
    Want.LATE: _late,
    Want.QUIET: _quiet,
    Want.FAILED: _failed,
    Want.USED_UP: _used_up,
    Want.MISSED: _missed,
}
"""Those that no counter knows."""
