"""Somebody who has just come: slip, course, a seat at a workshop of the own branch, the precinct's state."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select

from lms.campaigns.queries import get_open_campaign
from lms.commissions.permissions import SYSTEM, scope_of
from lms.core import clock
from lms.core.audit.models import AuditEntry
from lms.core.database.base import db
from lms.core.errors import Forbidden, Refused
from lms.curriculum.models import Requirement
from lms.curriculum.queries import find_newest_version, get_course
from lms.learning.actions import complete_activity
from lms.learning.queries import list_open_enrolments, list_required
from lms.workshops.actions import give_seat, give_seat_back
from lms.workshops.listing import list_rows
from lms.workshops.models import Workshop, WorkshopCommission, WorkshopGuest
from lms.workshops.queries import list_own
from tests.conftest import Client
from tests.factories.commissions import Country, make_country, make_member, make_officer, sign_in_as
from tests.factories.curriculum import make_course
from tests.factories.late import came_back
from tests.factories.progress import do
from tests.factories.seats import replaced


@pytest.fixture
def country(app: Flask) -> Country:
    """The small cascade with its course."""
    country = make_country()
    make_course()
    return country


def workshop(country: Country, organiser_id: int, place: str, seats: int = 5) -> Workshop:
    """In two days, with no commission invited."""
    start = clock.now() + timedelta(days=2)
    made = Workshop(
        campaign_id=get_open_campaign().id,
        course_id=get_course("small").id,
        organiser_id=organiser_id,
        trainer_id=make_member(country.district).person_id,
        starts_at=start,
        ends_at=start + timedelta(hours=2),
        time_zone="Asia/Aqtau",
        place=place,
        seats=seats,
        language="kk",
        created_by_id=None,
        created_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    return made


def test_a_seat_at_a_workshop_of_the_branch_is_given(client: Client, country: Country) -> None:
    came = replaced(make_member(country.precinct))
    own = workshop(country, country.district.id, "School No. 3")
    workshop(country, country.sister_district.id, "Foreign hall")
    full = workshop(country, country.district.id, "Full hall", seats=0)
    sign_in_as(client, make_officer(country.district))
    page = client.get(f"/en/people/{came.person_id}/arrival").text
    assert "School No. 3" in page
    assert "Foreign hall" not in page
    assert "Full hall" not in page
    address = f"/en/people/{came.person_id}/workshop-seat"
    assert client.post(address, data={"workshop": full.id}).status_code == 422
    for _time in range(2):
        assert client.post(address, data={"workshop": own.id}).status_code in (302, 422)
    assert db.session.query(WorkshopGuest).count() == 1
    assert [row.person.id for row in list_rows(own)] == [came.person_id]
    assert [one.workshop.id for one in list_own(came.person_id, clock.now())] == [own.id]
    assert "has a seat" in client.get(f"/en/people/{came.person_id}/arrival").text


def guests() -> set[tuple[str, int]]:
    """Where somebody has a seat of their own: place, person."""
    rows = db.session.query(Workshop.place, WorkshopGuest.person_id).join(WorkshopGuest).all()
    return {(row.place, row.person_id) for row in rows}


def test_a_new_seat_takes_the_place_of_the_other_and_is_given_back(client: Client, country: Country) -> None:
    came = replaced(make_member(country.precinct))
    first, second = (workshop(country, country.district.id, place) for place in ("First hall", "Second hall"))
    sign_in_as(client, make_officer(country.district))
    page, give = f"/en/people/{came.person_id}/arrival", f"/en/people/{came.person_id}/workshop-seat"
    assert "Give this seat instead" not in client.get(page).text
    client.post(give, data={"workshop": first.id})
    assert "Give this seat instead of the one on" in client.get(page).text
    told = client.post(give, data={"workshop": second.id}, follow_redirects=True).text
    assert "is given back" in told
    assert guests() == {("Second hall", came.person_id)}
    assert client.get(page).text.count("has a seat</span>") == 1
    for stale in (first.id, "x"):
        answer = client.post(f"{give}/back", data={"workshop": stale})
        assert answer.location == page
        told = client.get(answer.location).text
        assert "has no seat of their own at that workshop any more. Nothing has changed." in told
        assert "There is one at the workshop of" in told
        assert guests() == {("Second hall", came.person_id)}
    told = client.post(f"{give}/back", data={"workshop": second.id}, follow_redirects=True).text
    assert "is given back" in told
    assert guests() == set()
    acts = db.session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("workshops.seat%"))).all()
    assert sorted(acts) == ["workshops.seat_given"] * 2 + ["workshops.seat_given_back"] * 2


def test_a_seat_by_the_invitation_of_the_commission_has_no_form(client: Client, country: Country) -> None:
    came = replaced(make_member(country.precinct))
    held = workshop(country, country.district.id, "Own hall")
    db.session.add(WorkshopCommission(workshop_id=held.id, commission_id=country.precinct.id))
    db.session.flush()
    db.session.expire_all()
    sign_in_as(client, make_officer(country.district))
    page = client.get(f"/en/people/{came.person_id}/arrival").text
    assert "has a seat" in page
    assert "workshop-seat/back" not in page
    told = client.post(
        f"/en/people/{came.person_id}/workshop-seat/back", data={"workshop": held.id}, follow_redirects=True
    ).text
    assert "Nothing has changed." in told
    assert "There is one at" not in told


def test_a_full_workshop_takes_no_seat_away(client: Client, country: Country) -> None:
    came = replaced(make_member(country.precinct))
    held, full = workshop(country, country.district.id, "Held"), workshop(country, country.district.id, "Full", seats=0)
    officer = scope_of(make_officer(country.district))
    give_seat(workshop=held, person=came.person, by=officer)
    with pytest.raises(Refused, match="promised"):
        give_seat(workshop=full, person=came.person, by=officer)
    assert guests() == {("Held", came.person_id)}
    with pytest.raises(Forbidden, match="not in your branch"):
        give_seat_back(workshop=held, person=came.person, by=scope_of(make_officer(country.sister_district)))
    held.starts_at, held.ends_at = clock.now() - timedelta(hours=3), clock.now() - timedelta(hours=1)
    with pytest.raises(Refused, match="over"):
        give_seat_back(workshop=held, person=came.person, by=officer)


def test_only_workshops_of_use_are_offered_with_their_course(client: Client, country: Country) -> None:
    came = replaced(make_member(country.precinct))
    workshop(country, country.district.id, "Own hall")
    other = workshop(country, country.district.id, "Other course")
    other.course_id = make_course(id="zz-other", title=dict.fromkeys(("kk", "ru", "en"), "Another course")).course_id
    db.session.execute(delete(Requirement).where(Requirement.course_id == other.course_id))
    on_day = workshop(country, country.district.id, "On election day")
    begins = clock.start_of(get_open_campaign().election_on, "Asia/Aqtau")
    on_day.starts_at, on_day.ends_at = begins - timedelta(hours=1), begins + timedelta(minutes=1)
    officer = make_officer(country.district)
    sign_in_as(client, officer)
    page = client.get(f"/en/people/{came.person_id}/arrival").text
    assert ("Own hall" in page, "Other course" in page, "On election day" in page) == (True, False, False)
    assert page.count("Small course") == 2, "beside what is to be learnt and beside the offer"
    for refused, sentence in ((other, "does not need a workshop of this course"), (on_day, "before election day")):
        assert (
            client.post(f"/en/people/{came.person_id}/workshop-seat", data={"workshop": refused.id}).status_code == 422
        )
        with pytest.raises(Refused, match=sentence):
            give_seat(workshop=refused, person=came.person, by=scope_of(officer))
    on_day.ends_at = begins
    give_seat(workshop=on_day, person=came.person, by=scope_of(officer))


def test_who_was_at_a_workshop_is_offered_none(client: Client, country: Country) -> None:
    member = make_member(country.precinct)
    workshop(country, country.district.id, "Own hall")
    do(member, "workshop")
    sign_in_as(client, make_officer(country.district))
    page = client.get(f"/en/people/{member.person_id}/arrival").text
    assert "Own hall" not in page
    assert "No workshop is asked of this person" in page


def test_a_late_comer_is_welcome_at_a_workshop_of_the_usual_course(client: Client, country: Country) -> None:
    make_course(id="short", workshop=False, late_days=7)
    get_open_campaign().election_on = clock.today() + timedelta(days=4)
    came = replaced(make_member(country.precinct))
    held = workshop(country, country.district.id, "Own hall")
    sign_in_as(client, make_officer(country.district))
    page = client.get(f"/en/people/{came.person_id}/arrival").text
    assert "Own hall" in page
    assert "The short course asks for no workshop." in page
    assert client.post(f"/en/people/{came.person_id}/workshop-seat", data={"workshop": held.id}).status_code == 302


def test_how_long_it_takes_is_told_as_the_course_tells_it(client: Client, country: Country) -> None:
    came = replaced(make_member(country.precinct))
    sign_in_as(client, make_officer(country.district))
    page = client.get(f"/en/people/{came.person_id}/arrival").text
    modules = find_newest_version(get_course("small").id).modules
    assert f"About {sum(one.minutes for one in modules)} minutes of reading. The test takes up to" in page


@pytest.mark.parametrize(("late", "sentence"), [(False, "You have to come"), (True, "You need not come")])
def test_the_first_page_says_whether_a_workshop_must_be_attended(
    client: Client, country: Country, late: bool, sentence: str
) -> None:
    if late:
        make_course(id="short", workshop=False, late_days=7)
        get_open_campaign().election_on = clock.today() + timedelta(days=4)
    came = make_member(country.precinct)
    held = workshop(country, country.district.id, "Own hall")
    give_seat(workshop=held, person=came.person, by=scope_of(make_officer(country.district)))
    sign_in_as(client, came)
    page = client.get("/en/").text
    assert "Own hall" in page
    assert sentence in page


KEPT = "The short course is asked of you instead"


def test_who_came_back_late_sees_the_short_course_first(client: Client, country: Country) -> None:
    make_course(id="short", workshop=False, late_days=7, title=dict.fromkeys(("kk", "ru", "en"), "A short start"))
    came = came_back(country, "module:opening")
    sign_in_as(client, came)
    page = client.get("/en/").text
    assert page.index("A short start") < page.index("Small course"), "what is asked stands first"
    assert KEPT in page
    assert page.count("Next: read") == 1, "one thing comes next"
    assert "1 of 4 steps done" in page, "what was done is kept and shown"
    assert "minutes of reading. The test takes up to" in page
    assert "to be done before election day" in page
    long = client.get("/en/courses/small").text
    assert "The short course is asked of you instead of this one." in long
    assert "is asked of you instead" not in client.get("/en/courses/short").text
    sign_in_as(client, make_officer(country.district))
    page = client.get(f"/en/people/{came.person_id}/arrival").text
    short = find_newest_version(get_course("short").id)
    assert short is not None
    minutes = sum(one.minutes for one in short.modules)
    assert f"About {minutes} minutes of reading. The test takes up to" in page, "of what is asked alone"
    assert "not asked any more" in page
    for activity in list_required(list_open_enrolments(came.person_id)[1]):
        complete_activity(enrolment=list_open_enrolments(came.person_id)[1], activity=activity, by=SYSTEM)
    sign_in_as(client, came)
    page = client.get("/en/").text
    assert re.search("<h1>You have finished. Thank you!</h1>", page)
    assert KEPT in page


def test_who_finished_the_usual_course_is_not_sent_to_the_short_one(client: Client, country: Country) -> None:
    make_course(id="short", workshop=False, late_days=7)
    came = came_back(country, "module:opening", "module:count", "test")
    complete_activity(enrolment=list_open_enrolments(came.person_id)[0], activity="workshop", by=SYSTEM)
    sign_in_as(client, came)
    page = client.get("/en/").text
    assert re.search("<h1>You have finished. Thank you!</h1>", page)
    assert "You have finished the usual course, so this one is not asked of you." in page


def test_what_is_left_and_the_slip_are_shown(client: Client, country: Country) -> None:
    came = replaced(make_member(country.precinct))
    sign_in_as(client, make_officer(country.district))
    page = client.get(f"/en/people/{came.person_id}/arrival").text
    assert "Print the slip" in page
    assert "0 of 4 steps done" in page
    assert "Not ready" in page
    assert client.post(f"/en/people/{came.person_id}/slip").mimetype == "application/pdf"
    page = client.get(f"/en/people/{came.person_id}/arrival").text
    assert "Print another slip instead" in page
    again = client.post(f"/en/people/{came.person_id}/slip", data={"page": "arrival", "known": ""})
    assert again.location.endswith("/arrival"), "the page that was open before the first slip makes no second one"
    assert "A slip was printed" in client.get(again.location).text
    [known] = re.findall(r'name="known" value="([^"]+)"', page)
    made = client.post(f"/en/people/{came.person_id}/slip", data={"page": "arrival", "known": known})
    assert made.mimetype == "application/pdf"


def test_others_find_nothing(client: Client, country: Country) -> None:
    member = make_member(country.precinct)
    for account in (make_officer(country.sister_district), make_member(country.precinct)):
        sign_in_as(client, account)
        assert client.get(f"/en/people/{member.person_id}/arrival").status_code == 404
        assert client.post(f"/en/people/{member.person_id}/workshop-seat").status_code == 404
        assert client.post(f"/en/people/{member.person_id}/workshop-seat/back").status_code == 404
