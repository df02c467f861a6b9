"""What was asked before a mistake is asked again once the mistake is taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from lms.accounts.models import Account
from lms.campaigns.queries import get_open_campaign
from lms.commissions.leave_back import take_back_leave
from lms.commissions.models import Appointment
from lms.commissions.permissions import SYSTEM
from lms.commissions.rules import Act
from lms.commissions.seating import end_membership, replace_member, take_back_replacement
from lms.core import clock
from lms.core.database.base import db
from lms.learning.models import LateStart
from lms.learning.queries import list_open_enrolments, list_unasked
from lms.people.actions import NewPerson
from tests.factories.commissions import Country, found_earlier, make_country, make_member, seat
from tests.factories.curriculum import make_course
from tests.factories.seats import newcomer, replaced, seat_of, terms
from tests.learning.test_late import number_of

SHORT = {"id": "short", "workshop": False, "late_days": 7}
DAY = timedelta(days=1)


@pytest.fixture
def country(app: Flask) -> Country:
    """The small cascade three days before the election, with a long and a short course."""
    country = make_country()
    found_earlier(clock.today() - 90 * DAY)
    make_course()
    make_course(**SHORT)
    get_open_campaign().election_on = clock.today() + 3 * DAY
    db.session.flush()
    return country


def of_long_standing(country: Country) -> Account:
    """A member for sixty days, of whom the long course is asked."""
    get_open_campaign().election_on = clock.today() + 60 * DAY
    member = make_member(country.precinct)
    seat_of(member).starts_on -= 60 * DAY
    get_open_campaign().election_on = clock.today() + 3 * DAY
    db.session.flush()
    return member


def leave(appointment: Appointment, days_ago: int) -> Appointment:
    """The same appointment, once the person has left."""
    on = clock.today() - days_ago * DAY
    end_membership(appointment=appointment, act=Act(f"20-{appointment.id}", on), on=on, by=SYSTEM)
    return appointment


def known(member: Account) -> NewPerson:
    """Somebody known, as they are typed once more."""
    person = member.person
    return NewPerson(number_of(member), person.surname, person.given_name, person.patronymic)


def asked_of(person_id: int) -> list[str]:
    """Codes of the courses that are asked of a person now."""
    unasked = list_unasked(person_id)
    return sorted(one.version.course.code for one in list_open_enrolments(person_id) if one.course_id not in unasked)


def test_a_mistaken_leave_and_replacement_taken_back_leave_no_short_course(country: Country) -> None:
    member, other = of_long_standing(country), of_long_standing(country)
    left = leave(seat_of(member), days_ago=1)
    came = replaced(other, known(member))
    assert (came.person_id, asked_of(member.person_id)) == (member.person_id, ["short"])
    take_back_replacement(appointment=came, by=SYSTEM)
    take_back_leave(appointment=left, by=SYSTEM)
    assert asked_of(member.person_id) == ["small"]
    assert db.session.scalars(select(LateStart)).all() == []


def test_who_sat_elsewhere_before_the_replacement_was_taken_back_is_asked_as_before(country: Country) -> None:
    member = of_long_standing(country)
    came = replace_member(leaving=seat_of(member), coming=newcomer(), terms=terms(since=clock.today() - DAY), by=SYSTEM)
    seat(member.person, country.second_precinct)
    assert asked_of(member.person_id) == ["short"]
    leave(seat_of(member), days_ago=0)
    take_back_replacement(appointment=came, by=SYSTEM)
    assert asked_of(member.person_id) == ["small"]
    assert db.session.get(LateStart, (get_open_campaign().id, came.person_id)) is None, "they never came"


def test_of_who_came_late_the_short_course_stays_asked(country: Country) -> None:
    member, other = make_member(country.precinct), of_long_standing(country)
    seat_of(member).starts_on -= 2 * DAY
    db.session.scalars(select(LateStart)).one().since -= 2 * DAY
    left = leave(seat_of(member), days_ago=1)
    came = replaced(other, known(member))
    take_back_replacement(appointment=came, by=SYSTEM)
    take_back_leave(appointment=left, by=SYSTEM)
    assert asked_of(member.person_id) == ["short"]


def test_a_seat_that_was_taken_back_is_no_seat_to_go_on_from(country: Country) -> None:
    member, other = make_member(country.precinct), of_long_standing(country)
    seat_of(member).starts_on -= 9 * DAY
    leave(seat_of(member), days_ago=2)
    db.session.delete(db.session.scalars(select(LateStart)).one())
    db.session.flush()
    take_back_replacement(appointment=replaced(other, known(member)), by=SYSTEM)
    seat(member.person, country.second_precinct)
    assert asked_of(member.person_id) == ["short"]
