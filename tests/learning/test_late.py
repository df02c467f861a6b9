"""Who comes in the last days takes the short course; what was finished before counts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from lms.accounts.models import Account
from lms.campaigns.queries import get_open_campaign
from lms.commissions.permissions import SYSTEM
from lms.commissions.rules import Office
from lms.commissions.seating import change_office
from lms.core import clock
from lms.core.database.base import db
from lms.curriculum.models import Requirement
from lms.learning.actions import complete_activity
from lms.learning.models import LateStart
from lms.learning.queries import list_done, list_open_enrolments, list_required, list_unasked
from lms.people.vault import open_text
from lms.reporting import counting
from lms.reporting.members import list_colleagues
from lms.reporting.recount import find_drift
from lms.reporting.snapshot import refresh
from lms.workshops.needing import find_needs
from tests.factories.commissions import Country, make_country, make_member, make_person, seat
from tests.factories.curriculum import make_course
from tests.factories.late import came_back
from tests.factories.progress import finish
from tests.factories.seats import newcomer, replaced, seat_held_by, terms

SHORT = {"id": "short", "workshop": False, "late_days": 7}


@pytest.fixture
def country(app: Flask) -> Country:
    """The small cascade three days before the election, with a long and a short course."""
    country = make_country()
    make_course()
    make_course(**SHORT)
    get_open_campaign().election_on = clock.today() + timedelta(days=3)
    db.session.flush()
    return country


def courses_of(person_id: int) -> list[str]:
    """Codes of the courses on which a person is enrolled."""
    return sorted(one.version.course.code for one in list_open_enrolments(person_id))


def test_the_short_course_is_asked_of_late_comers_of_its_own_level_alone(country: Country) -> None:
    rows = db.session.scalars(select(Requirement).order_by(Requirement.id)).all()
    assert [(one.level, one.late_days) for one in rows] == [
        ("pec", None),
        ("tec", None),
        ("con", None),
        ("pec", 7),
    ]


def test_who_comes_three_days_before_takes_the_short_course_instead(country: Country) -> None:
    member = make_member(country.precinct)
    assert courses_of(member.person_id) == ["short"]
    late = db.session.scalars(select(LateStart)).one()
    assert (late.person_id, late.level, late.since) == (member.person_id, "pec", clock.today())


def test_who_came_before_the_last_days_takes_the_long_one(country: Country) -> None:
    person = make_person()
    seat(person, country.precinct, since=clock.today() - timedelta(days=5))
    assert courses_of(person.id) == ["small"]
    assert db.session.scalars(select(LateStart)).all() == []


def test_what_was_finished_in_this_campaign_counts(country: Country) -> None:
    get_open_campaign().election_on = clock.today() + timedelta(days=30)
    member = make_member(country.precinct)
    finish(member)
    other = make_member(country.second_precinct)
    came = replaced(member, newcomer())
    get_open_campaign().election_on = clock.today() + timedelta(days=3)
    known = {name: getattr(member.person, name) for name in ("surname", "given_name", "patronymic")}
    back = replaced(other, newcomer(number=number_of(member), **known))
    assert back.person_id == member.person_id
    assert courses_of(back.person_id) == ["small"]
    assert courses_of(came.person_id) == ["small"]
    assert db.session.scalars(select(LateStart)).all() == []


@pytest.mark.parametrize("done", [(), ("module:opening",), ("module:opening", "module:count", "test")])
def test_who_comes_back_with_the_long_course_unfinished_takes_the_short_one(
    country: Country, done: tuple[str, ...]
) -> None:
    member = came_back(country, *done)
    long, short = list_open_enrolments(member.person_id)
    assert (long.version.course.code, short.version.course.code) == ("small", "short")
    assert list_unasked(member.person_id) == {long.course_id}
    assert list_done(long.id) == set(done), "what was done is kept"
    assert find_needs(seat_held_by(member.person_id)).must == frozenset(), "no workshop is asked any more"


def test_who_finishes_the_long_course_after_all_needs_no_short_one(country: Country) -> None:
    member = came_back(country, "module:opening", "module:count", "test")
    long, short = list_open_enrolments(member.person_id)
    complete_activity(enrolment=long, activity="workshop", by=SYSTEM)
    assert db.session.scalars(select(LateStart)).all() == []
    assert list_unasked(member.person_id) == {short.course_id}
    assert is_counted_finished(member), "figures see it"


def test_who_has_finished_the_short_course_has_done_what_is_asked(country: Country) -> None:
    member = came_back(country, "module:opening", "module:count", "test")
    long, short = list_open_enrolments(member.person_id)
    for activity in list_required(short):
        complete_activity(enrolment=short, activity=activity, by=SYSTEM)
    assert list_unasked(member.person_id) == {long.course_id}
    complete_activity(enrolment=long, activity="workshop", by=SYSTEM)
    assert list_unasked(member.person_id) == {long.course_id}, "what was asked stays as it was"
    assert is_counted_finished(member)


def test_coming_once_more_after_the_long_course_asks_for_no_short_one(country: Country) -> None:
    member = came_back(country)
    finish(member)
    assert db.session.scalars(select(LateStart)).one(), "completed without news of it"
    seat_held_by(member.person_id).ends_on = clock.today()
    db.session.flush()
    seat(member.person, country.precinct)
    assert db.session.scalars(select(LateStart)).all() == []


def test_another_office_is_no_late_start(country: Country) -> None:
    person = make_person()
    seat(person, country.precinct, since=clock.today() - timedelta(days=90))
    change_office(appointment=seat_held_by(person.id), terms=terms(Office.SECRETARY), by=SYSTEM)
    assert courses_of(person.id) == ["small"]
    assert db.session.scalars(select(LateStart)).all() == []


def test_a_short_course_published_late_reaches_those_who_have_come(app: Flask) -> None:
    country = make_country()
    make_course()
    get_open_campaign().election_on = clock.today() + timedelta(days=3)
    member, early = make_member(country.precinct), make_person()
    seat(early, country.precinct, since=clock.today() - timedelta(days=60))
    assert courses_of(member.person_id) == ["small"]
    make_course(**SHORT)
    assert courses_of(member.person_id) == ["short", "small"]
    assert courses_of(early.id) == ["small"]


def test_figures_ask_of_each_what_they_must(country: Country) -> None:
    campaign = get_open_campaign()
    early = make_person()
    seat(early, country.precinct, Office.CHAIR, since=clock.today() - timedelta(days=60))
    late = make_member(country.precinct, Office.SECRETARY)
    finish(late)
    db.session.flush()
    counting.settle()
    refresh(campaign.id, now=True)
    compared, drift = find_drift(campaign.id, since=clock.today())
    assert (compared > 0, drift) == (True, [])


def is_counted_finished(account: Account) -> bool:
    """Whether the figures of the commission count the person as finished."""
    db.session.flush()
    counting.settle()
    campaign = get_open_campaign()
    _compared, drift = find_drift(campaign.id, since=clock.today())
    assert drift == []
    return [one.finished for one in list_colleagues(seat_held_by(account.person_id).commission_id, campaign.id)] == [
        True
    ]


def number_of(account: Account) -> str:
    """The identity number of a person made by the factories (no good one: they check nothing)."""
    assert account.person.number_encrypted is not None
    return open_text(account.person.number_encrypted)
