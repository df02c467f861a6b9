"""The figures count everyone who must, once, by where they sit today."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event, update

from lms.campaigns.queries import get_open_campaign
from lms.commissions.actions import end_appointments
from lms.commissions.models import Appointment
from lms.commissions.permissions import SYSTEM, Scope
from lms.commissions.queries import find_seat_of
from lms.commissions.rules import Office
from lms.core import clock
from lms.core.database.base import db
from lms.curriculum.models import Requirement
from lms.learning.models import Enrolment
from lms.learning.rules import State
from lms.reporting.members import Wanted, count_members, list_members, stream_members
from lms.reporting.pages import units_of
from lms.reporting.queries import count_by_child
from lms.reporting.recount import find_drift
from lms.reporting.rules import Figures, Missing
from tests.factories.commissions import Country, make_country, make_member, make_officer, scope
from tests.factories.curriculum import make_course
from tests.factories.progress import do, enrolment_of, finish

LATELY = timedelta(days=7)


@pytest.fixture
def country(app: Flask) -> Country:
    """A region: one precinct ready, one begun, one without members; two people in the district's own commission."""
    country = make_country()
    make_course()
    for office in (Office.CHAIR, Office.MEMBER):
        finish(make_member(country.precinct, office))
    finish(make_member(country.second_precinct), at=clock.now() - timedelta(days=20))
    do(make_member(country.second_precinct, Office.CHAIR, surname="Басталова"), "module:opening")
    make_member(country.second_precinct, Office.SECRETARY, surname="Бастамаған")
    finish(make_member(country.district))
    make_member(country.district)
    return country


def counted(who: Scope, commission_id: int) -> dict[tuple[int, bool], Figures]:
    """The rows of a commission's page."""
    rows = count_by_child(who, commission_id, get_open_campaign().id, since=clock.now() - LATELY)
    return {(row.commission_id, row.own): row.figures for row in rows}


def test_a_district_counts_its_precincts_and_its_own_seats(country: Country) -> None:
    assert counted(SYSTEM, country.district.id) == {
        (country.district.id, True): Figures(2, 0, 1, 1, 0, 0),
        (country.precinct.id, False): Figures(2, 0, 2, 2, 1, 1),
        (country.second_precinct.id, False): Figures(3, 1, 1, 0, 1, 0),
    }


def test_levels_above_add_up_and_an_empty_precinct_is_not_ready(country: Country) -> None:
    region = counted(SYSTEM, country.region.id)
    assert region[country.district.id, False] == Figures(7, 1, 4, 3, 2, 1)
    assert region[country.sister_district.id, False] == Figures(0, 0, 0, 0, 1, 0)
    assert counted(SYSTEM, country.central.id)[country.region.id, False] == Figures(7, 1, 4, 3, 3, 1)


def test_a_reader_is_given_the_own_branch_only(country: Country) -> None:
    sister = scope(make_officer(country.sister_district))
    assert counted(sister, country.district.id) == {}
    assert counted(sister, country.sister_district.id).keys() == {
        (country.sister_district.id, True), (country.sister_precinct.id, False),
    }  # fmt: skip


def test_who_left_no_longer_counts_and_who_came_must(country: Country) -> None:
    leaving = db.session.query(Appointment).filter_by(commission_id=country.second_precinct.id).all()
    end_appointments(appointments=[one for one in leaving if one.office != Office.MEMBER], on=clock.today(), by=SYSTEM)
    assert counted(SYSTEM, country.district.id)[country.second_precinct.id, False] == Figures(1, 0, 1, 0, 1, 1)
    make_member(country.second_precinct)
    assert counted(SYSTEM, country.district.id)[country.second_precinct.id, False] == Figures(2, 0, 1, 0, 1, 0)


def test_people_not_enrolled_are_counted_all_the_same(country: Country) -> None:
    member = make_member(country.sister_precinct)
    db.session.delete(enrolment_of(member))
    db.session.flush()
    assert counted(SYSTEM, country.sister_district.id)[country.sister_precinct.id, False] == Figures(1, 0, 0, 0, 1, 0)
    people = list_members(SYSTEM, country.sister_precinct.id, get_open_campaign().id, Wanted())
    assert [member.missing for member in people] == [Missing(("opening", "count"), 2, test=True, workshop=True)]


def test_with_two_courses_both_have_to_be_finished(country: Country) -> None:
    second = make_course(id="second")
    assert counted(SYSTEM, country.district.id)[country.precinct.id, False] == Figures(2, 2, 0, 0, 1, 0)
    db.session.execute(
        update(Enrolment).where(Enrolment.course_id == second.course_id).values(completed_at=clock.now())
    )
    assert counted(SYSTEM, country.district.id)[country.precinct.id, False] == Figures(2, 0, 2, 2, 1, 1)


def test_without_a_requirement_nobody_must(country: Country) -> None:
    db.session.query(Requirement).filter_by(level="tec").delete()
    assert counted(SYSTEM, country.district.id)[country.district.id, True] == Figures()


def test_it_is_one_statement(country: Country) -> None:
    seen: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *words: seen.append(str(words[2])))
    counted(SYSTEM, country.central.id)
    assert len([statement for statement in seen if "FROM appointment" in statement]) == 1
    assert len(seen) <= 3  # the campaign and its names


def test_members_are_named_with_what_is_missing(country: Country) -> None:
    campaign_id = get_open_campaign().id
    people = list_members(SYSTEM, country.district.id, campaign_id, Wanted(missing=True))
    assert [(one.commission_id, one.office, one.state) for one in people] == [
        (country.district.id, "member", State.NOT_BEGUN),
        (country.second_precinct.id, "chair", State.BEGUN),
        (country.second_precinct.id, "secretary", State.NOT_BEGUN),
    ]
    assert people[1].missing == Missing(("count",), 2, test=True, workshop=True)
    assert count_members(SYSTEM, country.district.id, campaign_id, Wanted(missing=True)) == 3


@pytest.mark.parametrize(
    ("wanted", "number"),
    [
        (Wanted(), 7),
        (Wanted(state=State.FINISHED), 4),
        (Wanted(state=State.BEGUN), 1),
        (Wanted(state=State.NOT_BEGUN), 2),
        (Wanted(office="chair"), 2),
        (Wanted(own=True), 2),
        (Wanted(never_signed_in=True), 0),
    ],
)
def test_people_behind_each_figure(country: Country, wanted: Wanted, number: int) -> None:
    campaign_id = get_open_campaign().id
    assert count_members(SYSTEM, country.district.id, campaign_id, wanted) == number
    assert len(list_members(SYSTEM, country.district.id, campaign_id, wanted)) == number


def test_nobody_is_named_outside_the_branch(country: Country) -> None:
    sister = scope(make_officer(country.sister_district))
    assert list_members(sister, country.district.id, get_open_campaign().id, Wanted()) == []
    assert list(stream_members(sister, country.district.id, get_open_campaign().id)) == []


def test_the_recount_agrees_and_finds_what_does_not(country: Country) -> None:
    campaign_id = get_open_campaign().id
    assert find_drift(campaign_id, since=clock.now() - LATELY) == (8, [])
    beginner = db.session.scalars(db.select(Enrolment).where(Enrolment.completed_at.is_(None))).first()
    beginner.completed_at = clock.now()
    db.session.flush()
    _compared, drift = find_drift(campaign_id, since=clock.now() - LATELY)
    assert drift == [f"Enrolment {beginner.id} is finished, yet activities are missing."]


def test_a_wrong_place_in_the_tree_is_found(country: Country) -> None:
    seat = find_seat_of(make_member(country.precinct).person_id)
    assert seat is not None
    country.second_precinct.parent_id = country.sister_district.id  # the closure was not told
    db.session.flush()
    _compared, drift = find_drift(get_open_campaign().id, since=clock.now() - LATELY)
    assert {line.split(":")[0] for line in drift} == {
        f"Commission {country.district.id}", f"Commission {country.sister_district.id}",
    }  # fmt: skip


def test_a_region_is_made_of_its_territories(country: Country) -> None:
    rows = count_by_child(SYSTEM, country.central.id, get_open_campaign().id, since=clock.now() - LATELY)
    units = next(row.units for row in rows if row.commission_id == country.region.id)
    assert units == {
        country.region.id: Figures(),
        country.district.id: Figures(7, 1, 4, 3, 2, 1),
        country.sister_district.id: Figures(precincts=1),
    }
    district = count_by_child(SYSTEM, country.district.id, get_open_campaign().id, since=clock.now() - LATELY)
    assert units_of(district) == {country.district.id: Figures(7, 1, 4, 3, 2, 1)}
