"""The figures count everyone who must, once, by where they sit today."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from lms.campaigns.queries import get_open_campaign
from lms.commissions.actions import end_appointments
from lms.commissions.models import Appointment, Commission
from lms.commissions.permissions import SYSTEM, Scope
from lms.commissions.queries import find_seat_of
from lms.commissions.rules import Office
from lms.core import clock
from lms.core.database.base import db
from lms.curriculum.models import CourseVersion, Requirement
from lms.learning.models import Enrolment
from lms.learning.rules import State
from lms.reporting.actions import rebuild_counters
from lms.reporting.counting import settle
from lms.reporting.everyone import branch
from lms.reporting.members import Member, Wanted, list_members, stream_rows
from lms.reporting.paging import count_wanted, cut, list_page
from lms.reporting.queries import Counted, count_by_child
from lms.reporting.recount import count_drift, find_drift
from lms.reporting.rules import Figures, Missing, Unread
from lms.reporting.snapshot import refresh
from tests.factories.commissions import Country, make_country, make_member, make_officer, scope
from tests.factories.curriculum import make_course
from tests.factories.progress import do, enrolment_of, finish
from tests.factories.statements import statements


def lately() -> date:
    """The first day of the last week."""
    return clock.today() - timedelta(days=6)


@pytest.fixture
def country(app: Flask) -> Country:
    """A region: one precinct ready, one begun, one without members; two people in the district's own commission."""
    country = make_country()
    make_course()
    for office in (Office.CHAIR, Office.SECRETARY):
        finish(make_member(country.precinct, office))
    finish(make_member(country.second_precinct), at=clock.now() - timedelta(days=20))
    do(make_member(country.second_precinct, Office.CHAIR, surname="Басталова"), "module:opening")
    make_member(country.second_precinct, Office.SECRETARY, surname="Бастамаған")
    finish(make_member(country.district))
    make_member(country.district)
    return country


def unread(*codes: str) -> tuple[Unread, ...]:
    """Modules of the only course that is published."""
    version = db.session.scalars(select(CourseVersion.id)).one()
    return tuple(Unread(version, code) for code in codes)


def page_of(who: Scope, place: Commission) -> Counted:
    """What a commission's page is made of."""
    return count_by_child(who, place, get_open_campaign().id, since=lately())


def counted(who: Scope, place: Commission) -> dict[tuple[int, bool], Figures]:
    """The rows of a commission's page."""
    return {(row.commission_id, row.own): row.figures for row in page_of(who, place).rows}


def drift_of(campaign_id: int) -> tuple[int, list[str]]:
    """What does not agree, now."""
    settle()
    refresh(campaign_id, now=True)
    return find_drift(campaign_id, since=lately())


def listed(who: Scope, place: Commission, wanted: Wanted) -> list[Member]:
    """Everyone on a list, in one go."""
    places = [place.id] if wanted.own else branch(place.id)
    return list_members(who, places, get_open_campaign().id, wanted)


def test_a_district_counts_its_precincts_and_its_own_seats(country: Country) -> None:
    assert counted(SYSTEM, country.district) == {
        (country.district.id, True): Figures(2, 0, 1, 1, 0, 0),
        (country.precinct.id, False): Figures(2, 0, 2, 2, 1, 1),
        (country.second_precinct.id, False): Figures(3, 1, 1, 0, 1, 0),
    }


def test_levels_above_add_up_and_an_empty_precinct_is_not_ready(country: Country) -> None:
    region = counted(SYSTEM, country.region)
    assert region[country.district.id, False] == Figures(7, 1, 4, 3, 2, 1)
    assert region[country.sister_district.id, False] == Figures(0, 0, 0, 0, 1, 0)
    assert counted(SYSTEM, country.central)[country.region.id, False] == Figures(7, 1, 4, 3, 3, 1)


def test_a_reader_is_given_the_own_branch_only(country: Country) -> None:
    sister = scope(make_officer(country.sister_district))
    assert counted(sister, country.district) == {}
    assert counted(sister, country.sister_district).keys() == {
        (country.sister_district.id, True), (country.sister_precinct.id, False),
    }  # fmt: skip


def test_who_left_no_longer_counts_and_who_came_must(country: Country) -> None:
    leaving = db.session.query(Appointment).filter_by(commission_id=country.second_precinct.id).all()
    end_appointments(appointments=[one for one in leaving if one.office != Office.MEMBER], on=clock.today(), by=SYSTEM)
    assert counted(SYSTEM, country.district)[country.second_precinct.id, False] == Figures(1, 0, 1, 0, 1, 0)
    make_member(country.second_precinct)
    assert counted(SYSTEM, country.district)[country.second_precinct.id, False] == Figures(2, 0, 1, 0, 1, 0)


def test_people_not_enrolled_are_counted_all_the_same(country: Country) -> None:
    member = make_member(country.sister_precinct)
    db.session.delete(enrolment_of(member))
    db.session.flush()
    assert counted(SYSTEM, country.sister_district)[country.sister_precinct.id, False] == Figures(1, 0, 0, 0, 1, 0)
    people = listed(SYSTEM, country.sister_precinct, Wanted())
    assert [member.missing for member in people] == [Missing(unread("opening", "count"), 2, test=True, workshop=True)]


def test_with_two_courses_both_have_to_be_finished(country: Country) -> None:
    second = make_course(id="second")
    assert counted(SYSTEM, country.district)[country.precinct.id, False] == Figures(2, 2, 0, 0, 1, 0)
    db.session.execute(
        update(Enrolment).where(Enrolment.course_id == second.course_id).values(completed_at=clock.now())
    )
    rebuild_counters(campaign_id=get_open_campaign().id, by=SYSTEM)
    assert counted(SYSTEM, country.district)[country.precinct.id, False] == Figures(2, 0, 2, 2, 1, 1)


def test_without_a_requirement_nobody_must(country: Country) -> None:
    db.session.query(Requirement).filter_by(level="tec").delete()
    rebuild_counters(campaign_id=get_open_campaign().id, by=SYSTEM)
    assert counted(SYSTEM, country.district)[country.district.id, True] == Figures()


def test_no_page_counts_people(country: Country) -> None:
    page_of(SYSTEM, country.central)
    with statements() as seen:
        page_of(SYSTEM, country.central)
    assert len(seen) <= 6  # the campaign and its names; below, when, own, territories
    assert [one for one in seen if "appointment" in one or "enrolment" in one] == []


def test_members_are_named_with_what_is_missing(country: Country) -> None:
    people = listed(SYSTEM, country.district, Wanted(missing=True))
    assert [(one.commission_id, one.office, one.state) for one in people] == [
        (country.district.id, "member", State.NOT_BEGUN),
        (country.second_precinct.id, "chair", State.BEGUN),
        (country.second_precinct.id, "secretary", State.NOT_BEGUN),
    ]
    assert people[1].missing == Missing(unread("count"), 2, test=True, workshop=True)
    assert count_wanted(SYSTEM, country.district, get_open_campaign().id, Wanted(missing=True)) == 3


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
    for place in (country.district, country.region, country.central) if not wanted.own else (country.district,):
        assert count_wanted(SYSTEM, place, campaign_id, wanted) == number
        pages = [list_page(SYSTEM, place, campaign_id, wanted, number=page, of=3) for page in (1, 2, 3)]
        assert pages[0].last == max(1, -(-number // 3))
        people = [one.person_id for page in pages[: pages[0].last] for one in page.people]
        assert people == [one.person_id for one in listed(SYSTEM, place, wanted)]
        assert len(people) == number


def test_nobody_is_named_outside_the_branch(country: Country) -> None:
    sister = scope(make_officer(country.sister_district))
    campaign_id = get_open_campaign().id
    assert listed(sister, country.district, Wanted()) == []
    assert list(stream_rows(sister, country.district.id, campaign_id)) == []
    assert list_page(sister, country.district, campaign_id, Wanted(), number=1, of=9).people == []
    assert count_wanted(sister, country.region, campaign_id, Wanted()) == 0


def test_a_precinct_has_a_list_of_its_own(country: Country) -> None:
    campaign_id = get_open_campaign().id
    for wanted in (Wanted(), Wanted(own=True)):
        assert count_wanted(SYSTEM, country.second_precinct, campaign_id, wanted) == 3
        assert len(list_page(SYSTEM, country.second_precinct, campaign_id, wanted, number=1, of=9).people) == 3


@pytest.mark.parametrize(
    ("offset", "places", "left_out"),
    [(0, [1, 2], 0), (2, [1, 2], 2), (3, [2, 4], 0), (5, [2, 4], 2), (6, [4], 0), (9, [], 0)],
)
def test_a_page_is_cut_from_the_sizes_of_its_places(offset: int, places: list[int], left_out: int) -> None:
    assert cut([(1, 3), (2, 3), (3, 0), (4, 2)], offset, 4) == (places, left_out)


def test_the_recount_agrees_and_finds_what_does_not(country: Country) -> None:
    campaign_id = get_open_campaign().id
    assert drift_of(campaign_id) == (8, [])
    beginner = db.session.scalars(db.select(Enrolment).where(Enrolment.completed_at.is_(None))).first()
    beginner.completed_at = clock.now()
    db.session.flush()
    _compared, drift = drift_of(campaign_id)
    counter, rows = (
        f"must 3, begun {begun}, finished {done}, never signed in 0, chair and secretary finished {leaders}"
        for begun, done, leaders in ((1, 1, 0), (0, 2, 1))
    )
    said = f"the counter says {counter}; the rows say {rows}"
    assert drift == [
        f"Commission {country.second_precinct.id}: {said}.",
        f"Enrolment {beginner.id} is finished, yet activities are missing.",
    ]
    assert count_drift(campaign_id) == (8, 1)


def test_a_wrong_place_in_the_tree_is_found(country: Country) -> None:
    seat = find_seat_of(make_member(country.precinct).person_id)
    assert seat is not None
    country.second_precinct.parent_id = country.sister_district.id  # the closure was not told
    db.session.flush()
    _compared, drift = drift_of(get_open_campaign().id)
    moved = country.second_precinct.id
    assert f"Commission {moved}: its place for permissions is not under its parent of today." in drift


def test_a_region_is_made_of_its_territories(country: Country) -> None:
    rows = page_of(SYSTEM, country.central).rows
    units = next(row.units for row in rows if row.commission_id == country.region.id)
    assert units == {
        country.region.id: Figures(),
        country.district.id: Figures(7, 1, 4, 3, 2, 1),
        country.sister_district.id: Figures(precincts=1),
    }
    assert page_of(SYSTEM, country.district).units() == {country.district.id: Figures(7, 1, 4, 3, 2, 1)}
