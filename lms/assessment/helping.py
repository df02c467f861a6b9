"""Accommodations: extra time and other help, given and withdrawn, and what of it holds for a test that begins now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select

from lms.assessment import rules_time
from lms.assessment.models import Accommodation
from lms.assessment.rules_time import LARGE_PRINT, AttemptSettings, Help
from lms.campaigns.queries import get_open_campaign
from lms.commissions.models import Appointment, Commission, CommissionClosure
from lms.commissions.permissions import Scope
from lms.core import clock
from lms.core.audit.actions import record
from lms.core.database.base import db
from lms.core.errors import Forbidden, Refused
from lms.core.text import tidy
from lms.core.web.languages import _
from lms.curriculum.models import CourseVersion
from lms.learning.models import Enrolment
from lms.people.models import Person


@dataclass(frozen=True)
class Terms:
    """What is given, why, and from which day to which."""

    percent: int
    minutes: int
    helps: tuple[str, ...]
    reason: str
    note: str
    starts_on: date
    ends_on: date | None


def give_accommodation(*, holder: Person | Commission, terms: Terms, by: Scope) -> Accommodation:
    """The accommodation, of a person or of everybody in a commission and below it. Refused when it gives nothing or
    ends before it begins, Forbidden for oneself."""
    _check_terms(terms)
    check_not_for_oneself(holder, by)
    made = Accommodation(
        campaign_id=get_open_campaign().id,
        person_id=holder.id if isinstance(holder, Person) else None,
        commission_id=holder.id if isinstance(holder, Commission) else None,
        percent=terms.percent,
        minutes=terms.minutes,
        helps=[one for one in rules_time.HELPS if one in terms.helps],
        reason=terms.reason,
        note=tidy(terms.note),
        starts_on=terms.starts_on,
        ends_on=terms.ends_on,
        given_by_id=by.account_id,
        given_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    record(
        "assessment.help_given",
        by=by,
        subject=_subject(made),
        accommodation=made.id,
        percent=made.percent,
        minutes=made.minutes,
    )
    return made


def withdraw_accommodation(*, accommodation: Accommodation, by: Scope) -> bool:
    """End an accommodation for every test that begins from now on; False when that was done before."""
    db.session.refresh(accommodation, with_for_update=True)
    if accommodation.withdrawn_at is not None:
        return False
    accommodation.withdrawn_at, accommodation.withdrawn_by_id = clock.now(), by.account_id
    record("assessment.help_withdrawn", by=by, subject=_subject(accommodation), accommodation=accommodation.id)
    return True


def check_not_for_oneself(holder: Person | Commission, by: Scope) -> None:
    """Raise Forbidden when somebody would help themselves, or a commission in whose branch they sit."""
    if isinstance(holder, Person):
        own = holder.id == by.person_id
    else:
        within = select(CommissionClosure.depth).where(
            CommissionClosure.ancestor_id == holder.id, CommissionClosure.descendant_id == (by.seat_commission_id or 0)
        )
        own = db.session.scalar(within.limit(1)) is not None
    if own:
        raise Forbidden(_("Nobody gives themselves help at a test. Ask the commission above."))


def list_in_force(person_id: int, campaign_id: int, today: date) -> Sequence[Accommodation]:
    """What a person is given today: by their own name, and through the commission in which they sit or one above."""
    above = (
        select(CommissionClosure.ancestor_id)
        .join(Appointment, Appointment.commission_id == CommissionClosure.descendant_id)
        .where(Appointment.person_id == person_id, Appointment.ends_on.is_(None))
    )
    return db.session.scalars(
        select(Accommodation)
        .where(
            Accommodation.campaign_id == campaign_id,
            or_(Accommodation.person_id == person_id, Accommodation.commission_id.in_(above)),
            Accommodation.withdrawn_at.is_(None),
            Accommodation.starts_on <= today,
            or_(Accommodation.ends_on.is_(None), Accommodation.ends_on >= today),
        )
        .order_by(Accommodation.id)
    ).all()


def list_given(holder: Person | Commission) -> Sequence[Accommodation]:
    """Every accommodation of one person or one commission, withdrawn ones too, the newest first."""
    whose = Accommodation.person_id if isinstance(holder, Person) else Accommodation.commission_id
    return db.session.scalars(select(Accommodation).where(whose == holder.id).order_by(Accommodation.id.desc())).all()


def with_extra(enrolment: Enrolment, version: CourseVersion | None = None) -> AttemptSettings:
    """The settings of a test that begins now, with the extra time and the print that are in force for the person.
    `version`: of the course, where the paper was drawn from another than the one that is learnt now."""
    settings = AttemptSettings.model_validate((version or enrolment.version).test)
    given = list_in_force(enrolment.person_id, enrolment.campaign_id, clock.today(_zone_of(enrolment.person_id)))
    extra = rules_time.find_extra(settings.minutes, [Help(one.id, one.percent, one.minutes) for one in given])
    large = True if any(LARGE_PRINT in one.helps for one in given) else None
    return settings.model_copy(update={"extra": extra, "large": large})


def _zone_of(person_id: int) -> str:
    seat = select(Appointment.commission_id).where(Appointment.person_id == person_id, Appointment.ends_on.is_(None))
    return db.session.scalar(select(Commission.time_zone).where(Commission.id.in_(seat)).limit(1)) or ""


def _check_terms(terms: Terms) -> None:
    if not (terms.percent or terms.minutes or terms.helps):
        raise Refused(_("Say what is given: more time, or one of the other kinds of help."))
    if not (0 <= terms.percent <= rules_time.MOST_PERCENT and 0 <= terms.minutes <= rules_time.MOST_MINUTES):
        raise Refused(
            _(
                "From 0 to %(percent)s per cent and from 0 to %(minutes)s minutes more can be given.",
                percent=rules_time.MOST_PERCENT,
                minutes=rules_time.MOST_MINUTES,
            )
        )
    if terms.ends_on is not None and terms.ends_on < terms.starts_on:
        raise Refused(_("The last day lies before the first. Choose a later one, or leave it empty."))


def _subject(made: Accommodation) -> str:
    return f"person:{made.person_id}" if made.person_id is not None else f"commission:{made.commission_id}"
