"""A leave that was entered by mistake is taken back while nothing later stands on it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from lms.campaigns.actions import archive_campaign
from lms.campaigns.queries import find_open_campaign
from lms.commissions import queries
from lms.commissions.duplicates import merge_people
from lms.commissions.leave_back import list_leaves, list_left, take_back_leave
from lms.commissions.models import Appointment
from lms.commissions.permissions import SYSTEM, Scope
from lms.commissions.reserve import Waiting, put_into_reserve
from lms.commissions.reshaping import close_commission
from lms.commissions.rules import Act, Office
from lms.commissions.seating import end_membership, fill_seat
from lms.core import clock
from lms.core.audit.models import AuditEntry
from lms.core.database.base import db
from lms.core.errors import Forbidden, Refused
from lms.core.jobs.queue import call_worker
from lms.learning.models import Enrolment
from lms.people.actions import NewPerson
from lms.reporting import counting
from lms.reporting.queries import count_one
from tests.conftest import Client
from tests.factories.commissions import (
    WITH_RESERVE,
    Country,
    found_earlier,
    make_country,
    make_member,
    make_officer,
    scope,
    seat,
    sign_in_as,
)
from tests.factories.curriculum import make_course
from tests.factories.seats import newcomer, replaced, seat_held_by, seat_of, terms

DAY = timedelta(days=1)


def find_leave(person_id: int, by: Scope) -> Appointment | None:
    """The last of the leaves that can be taken back now."""
    return next(iter(list_leaves(person_id, by)), None)


@pytest.fixture
def country(app: Flask) -> Country:
    """The small cascade."""
    return make_country()


def leave(appointment: Appointment, number: str = "13") -> Appointment:
    """The same appointment, once the person has left."""
    today = clock.today()
    end_membership(appointment=appointment, act=Act(number, today), on=today, by=SYSTEM)
    return appointment


def another_seat(of: Appointment) -> int:
    """A free seat of the commission that is another one."""
    free = queries.list_vacancies([of.commission_id])
    return next(one.seat_id for one in free if one.seat_id != of.seat_id)


def test_who_left_by_mistake_sits_as_if_they_had_stayed(country: Country) -> None:
    member = make_member(country.precinct, Office.SECRETARY)
    held = seat_of(member)
    starts_on = held.starts_on
    by = scope(make_officer(country.district))
    leave(held)
    assert find_leave(member.person_id, by) is held
    take_back_leave(appointment=held, by=by)
    assert seat_of(member) is held
    assert (held.starts_on, held.ends_on, held.end_act, held.end_act_on) == (starts_on, None, "", None)
    assert find_leave(member.person_id, by) is None
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "commissions.leave_taken_back")).one()
    today = clock.today().isoformat()
    assert entry.details == {
        "appointment": held.id,
        "person": member.person_id,
        "on": today,
        "act": "13",
        "act_on": today,
    }
    db.session.commit()
    call_worker()
    assert seat_of(member).id == held.id


def test_figures_and_courses_are_as_if_the_person_had_stayed(country: Country) -> None:
    member, campaign = make_member(country.precinct), find_open_campaign()
    assert campaign is not None
    held = leave(seat_of(member))
    make_course()
    counting.settle()
    assert count_one(SYSTEM, country.precinct.id, campaign.id).must == 0
    enrolled = select(Enrolment).where(Enrolment.person_id == member.person_id)
    assert db.session.scalars(enrolled).all() == [], "the course was asked for while the person was away"
    take_back_leave(appointment=held, by=SYSTEM)
    counting.settle()
    assert count_one(SYSTEM, country.precinct.id, campaign.id).must == 1
    assert len(db.session.scalars(enrolled).all()) == 1


def test_only_who_looks_after_the_commission_takes_it_back(country: Country) -> None:
    held = leave(seat_of(make_member(country.precinct)))
    stranger = scope(make_officer(country.sister_district))
    assert find_leave(held.person_id, stranger) is None
    with pytest.raises(Forbidden):
        take_back_leave(appointment=held, by=stranger)


def test_who_holds_the_seat_or_sits_elsewhere_has_nothing_to_take_back(country: Country) -> None:
    member = make_member(country.precinct)
    held = seat_of(member)
    with pytest.raises(Refused, match="holds the seat"):
        take_back_leave(appointment=held, by=SYSTEM)
    leave(held)
    seat(member.person, country.sister_precinct)
    with pytest.raises(Refused, match="sits in another commission"):
        take_back_leave(appointment=held, by=scope(make_officer(country.district)))
    assert held.ends_on == clock.today()


def test_who_came_to_the_seat_since_is_named(country: Country) -> None:
    held = leave(seat_of(make_member(country.precinct)))
    came = fill_seat(commission=country.precinct, coming=newcomer(surname="Бекова"), terms=terms(), by=SYSTEM)
    assert came.seat_id == held.seat_id
    with pytest.raises(Refused, match="held by Бекова"):
        take_back_leave(appointment=held, by=SYSTEM)
    leave(came, "14")
    with pytest.raises(Refused, match="held by Бекова"):
        take_back_leave(appointment=held, by=SYSTEM)
    assert [one.id for one in list_left(country.precinct.id)] == [came.id]
    take_back_leave(appointment=came, by=SYSTEM)


def test_a_second_chair_does_not_come_back(country: Country) -> None:
    chair = leave(seat_of(make_member(country.precinct, Office.CHAIR)))
    now = seat_of(make_member(country.precinct, Office.CHAIR, surname="Бекова"))
    now.seat_id = another_seat(chair)
    db.session.flush()
    with pytest.raises(Refused, match="The commission has a chair: Бекова"):
        take_back_leave(appointment=chair, by=SYSTEM)


def test_nobody_comes_back_to_a_closed_commission(country: Country) -> None:
    held = leave(seat_of(make_member(country.precinct)))
    close_commission(commission=country.precinct, on=clock.today(), by=SYSTEM)
    with pytest.raises(Refused, match="is closed since"):
        take_back_leave(appointment=held, by=SYSTEM)


def test_who_was_joined_to_another_entry_comes_back_as_that_one(country: Country) -> None:
    held = leave(seat_of(make_member(country.precinct)))
    other = leave(seat_of(make_member(country.second_precinct, surname="Бекова")), "15")
    merge_people(kept=other.person, merged=held.person, by=SYSTEM)
    with pytest.raises(Refused, match="joined to another one, Бекова"):
        take_back_leave(appointment=held, by=SYSTEM)


@pytest.mark.parametrize("which", ["erased_at", "contacts_erased_at"])
def test_who_was_erased_is_seated_anew(country: Country, which: str) -> None:
    held = leave(seat_of(make_member(country.precinct)))
    setattr(held.person, which, clock.now())
    with pytest.raises(Refused, match="erased for good"):
        take_back_leave(appointment=held, by=SYSTEM)


def test_what_a_closed_campaign_was_stays(country: Country) -> None:
    held, campaign = leave(seat_of(make_member(country.precinct))), find_open_campaign()
    assert campaign is not None
    campaign.election_on = clock.today() - DAY
    archive_campaign(campaign=campaign, knowing=True, by=SYSTEM)
    with pytest.raises(Refused, match="A campaign was closed on"):
        take_back_leave(appointment=held, by=SYSTEM)


def test_who_waits_in_the_reserve_or_whose_party_has_a_member_by_now(app: Flask) -> None:
    country = make_country(own_file=WITH_RESERVE)
    held = replaced(make_member(country.precinct), coming := newcomer())
    held.nominated_by = "Party A"
    leave(held)
    act, today = Act("20", clock.today()), clock.today()
    come = NewPerson(coming.number, coming.surname, coming.given_name)
    put_into_reserve(commission=country.precinct, coming=come, waiting=Waiting("Party A", today, act), by=SYSTEM)
    with pytest.raises(Refused, match="waits in the reserve"):
        take_back_leave(appointment=held, by=SYSTEM)
    make_member(country.precinct)
    other = seat_held_by(queries.list_members(country.precinct.id)[0][1].id)
    assert other.seat_id == held.seat_id
    other.seat_id = another_seat(held)
    other.nominated_by = "Party A"
    db.session.flush()
    with pytest.raises(Refused, match="This party has a member"):
        take_back_leave(appointment=held, by=SYSTEM)


def test_a_replacement_that_was_taken_back_is_no_leave(country: Country) -> None:
    member = make_member(country.precinct)
    came = replaced(member)
    came.ends_on = came.starts_on
    db.session.flush()
    assert find_leave(came.person_id, SYSTEM) is None


def test_the_commission_and_the_seats_of_the_person_lead_to_it(client: Client, country: Country) -> None:
    officer = make_officer(country.district)
    sign_in_as(client, officer)
    member = make_member(country.precinct, surname="Бекова")
    member.password_hash = None
    leave(seat_of(member))
    address = f"/en/people/{member.person_id}/leave/take-back"
    for page in (f"/en/commissions/{country.precinct.id}", f"/en/people/{member.person_id}/seats"):
        assert address in client.get(page).text
    asked = client.get(address).text
    assert "Бекова" in asked
    assert "decision No. 13" in asked
    done = client.post(address)
    assert (done.status_code, done.location) == (302, f"/en/people/{member.person_id}")
    page = client.get(done.location).text
    assert "as if they had never left it" in page
    assert "An earlier slip of Бекова" in page
    again = client.post(address)
    assert (again.status_code, again.location) == (302, f"/en/people/{member.person_id}/seats")
    assert "nothing has to be taken back" in client.get(again.location).text
    assert address not in client.get(f"/en/people/{member.person_id}/seats").text


def test_what_stands_in_the_way_is_said_on_the_page(client: Client, country: Country) -> None:
    officer = make_officer(country.district)
    sign_in_as(client, officer)
    member = make_member(country.precinct)
    leave(seat_of(member))
    fill_seat(commission=country.precinct, coming=newcomer(surname="Бекова"), terms=terms(), by=SYSTEM)
    address = f"/en/people/{member.person_id}/leave/take-back"
    for send in (client.get, client.post):
        sent = send(address)
        assert sent.status_code == 302
        assert "held by Бекова" in client.get(sent.location).text
    sign_in_as(client, make_officer(country.sister_district))
    assert client.get(address).status_code == 404


def offered(client: Client, person_id: int) -> list[str]:
    """Which leaves the page of the person's seats offers to take back."""
    return re.findall(r"/leave/take-back\?seat=(\d+)", client.get(f"/en/people/{person_id}/seats").text)


def test_only_a_leave_that_can_be_taken_back_is_offered(client: Client, country: Country) -> None:
    sign_in_as(client, make_officer(country.district))
    member = make_member(country.precinct)
    held = leave(seat_of(member))
    assert offered(client, member.person_id) == [str(held.id)]
    assert f"take-back?seat={held.id}" in client.get(f"/en/commissions/{country.precinct.id}").text
    fill_seat(commission=country.precinct, coming=newcomer(surname="Бекова"), terms=terms(), by=SYSTEM)
    assert offered(client, member.person_id) == []
    said = client.get(client.get(f"/en/people/{member.person_id}/leave/take-back").location).text
    assert "is held by Бекова" in said
    assert "Seat the person in a free seat instead" in said
    for _seat in queries.list_vacancies([country.precinct.id]):
        fill_seat(commission=country.precinct, coming=newcomer(), terms=terms(), by=SYSTEM)
    said = client.get(client.get(f"/en/people/{member.person_id}/leave/take-back").location).text
    assert "No seat of the commission is free" in said


def test_who_was_replaced_is_led_to_whoever_came(client: Client, country: Country) -> None:
    sign_in_as(client, make_officer(country.district))
    member = make_member(country.precinct, Office.CHAIR)
    came = replaced(member, newcomer(surname="Бекова"))
    page = client.get(f"/en/people/{member.person_id}/seats").text
    assert offered(client, member.person_id) == []
    assert f"/en/people/{came.person_id}/take-back" in page
    assert "The replacement by Бекова Сәуле was a mistake" in page
    said = client.get(client.get(f"/en/people/{member.person_id}/leave/take-back").location).text
    assert "The seat is held by Бекова Сәуле now. If the replacement was a mistake, take it back" in said


def test_a_leave_is_taken_back_although_another_seat_was_left_on_the_same_day(client: Client, country: Country) -> None:
    sign_in_as(client, make_officer(country.district))
    member = make_member(country.precinct)
    first = leave(seat_of(member))
    seat(member.person, country.second_precinct)
    second = leave(seat_of(member), "14")
    assert offered(client, member.person_id) == [str(second.id), str(first.id)]
    address = f"/en/people/{member.person_id}/leave/take-back?seat={first.id}"
    assert f"/en/commissions/{country.precinct.id}" in client.get(address).text
    assert client.post(address).status_code == 302
    assert seat_of(member) is first


def test_a_leave_stays_when_another_seat_was_held_since(client: Client, country: Country) -> None:
    officer = make_officer(country.district)
    sign_in_as(client, officer)
    member = make_member(country.precinct)
    found_earlier(clock.today() - 9 * DAY)
    first = seat_of(member)
    first.starts_on -= 9 * DAY
    db.session.flush()
    end_membership(appointment=first, act=Act("13", clock.today() - 5 * DAY), on=clock.today() - 5 * DAY, by=SYSTEM)
    seat(member.person, country.second_precinct, since=clock.today() - 4 * DAY)
    second = leave(seat_of(member), "14")
    assert offered(client, member.person_id) == [str(second.id)]
    with pytest.raises(Refused, match="has held another seat since then"):
        take_back_leave(appointment=first, by=scope(officer))
    assert client.get(f"/en/people/{member.person_id}/leave/take-back?seat=0").status_code == 404
