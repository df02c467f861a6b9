"""Somebody who has just come to a seat: what is asked of them, the slip, a seat at a workshop, the precinct's state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from lms.accounts.models import Account
from lms.accounts.queries import find_account_of
from lms.campaigns.queries import find_open_campaign
from lms.commissions.models import Appointment
from lms.commissions.permissions import Scope
from lms.commissions.slips import find_slip_time
from lms.core import clock
from lms.home.own import OwnCourse, list_own_courses
from lms.people.models import Person
from lms.reporting.queries import count_one
from lms.reporting.rules import Figures
from lms.workshops.models import Workshop
from lms.workshops.needing import Needs, find_needs
from lms.workshops.queries import course_titles, list_given_seats, list_near, list_own, list_seats_of


@dataclass(frozen=True)
class Arrival:
    """Everything that has to be seen to."""

    person: Person
    seat: Appointment
    account: Account | None
    slip_at: datetime | None
    """When the slip that works now was printed."""
    courses: list[OwnCourse]
    seats: Sequence[Workshop]
    """Workshops to come at which the person has a seat."""
    given: Sequence[Workshop]
    """Of them, those at which the seat is the person's own, so that it can be given back."""
    near: Sequence[Workshop]
    """Workshops at which one is free, of the courses that the person needs or is welcome to."""
    needs: Needs
    titles: Mapping[int, Mapping[str, str]]
    """Course id -> its title by language, of all these workshops."""
    figures: Figures
    """Of the commission."""

    @property
    def has_signed_in(self) -> bool:
        """Whether the person has a password already, so that no slip is needed."""
        return self.account is not None and self.account.password_hash is not None

    def instead_of(self, workshop: Workshop) -> Workshop | None:
        """The workshop whose seat one at `workshop` would take the place of."""
        return next((one for one in self.given if one.course_id == workshop.course_id), None)

    @property
    def reading(self) -> int:
        """How many minutes of reading are left of what is asked."""
        return sum(own.reading for own in self.courses if own.asked and own.enrolment.completed_at is None)

    @property
    def testing(self) -> int:
        """How many minutes the tests that are left of what is asked may take."""
        return sum(own.testing for own in self.courses if own.asked and own.enrolment.completed_at is None)


def find_arrival(scope: Scope, person: Person, seat: Appointment) -> Arrival:
    """What has to be seen to for a person and their seat."""
    now, campaign, account = clock.now(), find_open_campaign(), find_account_of(person.id)
    taken, needs = list_seats_of(person.id, now), find_needs(seat)
    near = list_near(scope, seat.commission, now, courses=needs.courses)
    return Arrival(
        person=person,
        seat=seat,
        account=account,
        slip_at=find_slip_time(account.id) if account else None,
        courses=list_own_courses(person.id, list_own(person.id, now)),
        seats=taken,
        given=list_given_seats(person.id, now),
        near=[one for one in near if one.id not in {own.id for own in taken}],
        needs=needs,
        titles=course_titles({one.course_id for one in (*taken, *near)}),
        figures=count_one(scope, seat.commission_id, campaign.id) if campaign else Figures(),
    )
