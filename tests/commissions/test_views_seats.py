"""Pages of seats: replacing on one screen, filling, leaving, offices, history; what is typed stays; who is refused."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from lms.accounts.actions import open_account
from lms.accounts.models import Account
from lms.commissions.duplicates import merge_people, part_people
from lms.commissions.names import name_of
from lms.commissions.permissions import SYSTEM
from lms.commissions.rules import Office, Role
from lms.core import clock
from lms.core.audit.models import AuditEntry, AuditValue
from lms.core.database.base import db
from lms.people.queries import find_by_number
from tests.conftest import Client
from tests.factories.commissions import (
    Country,
    found_earlier,
    make_country,
    make_member,
    make_officer,
    scope,
    sign_in_as,
)
from tests.factories.seats import newcomer, replaced, seat_held_by, seat_of, sent


@pytest.fixture
def country(app: Flask) -> Country:
    """The small cascade."""
    return make_country()


@pytest.fixture
def officer(country: Country, client: Client) -> Account:
    """The district's officer, signed in."""
    account = make_officer(country.district)
    sign_in_as(client, account)
    return account


def test_a_member_is_replaced_on_one_screen(client: Client, country: Country, officer: Account) -> None:
    member = make_member(country.precinct, Office.SECRETARY, surname="Бекова")
    page = client.get(f"/en/people/{member.person_id}/replace")
    assert "Бекова" in page.text
    assert 'value="secretary" selected' in page.text or 'selected value="secretary"' in page.text
    done = client.post(
        f"/en/people/{member.person_id}/replace", data=sent(newcomer(surname="ОМАРОВА"), office="secretary")
    )
    assert done.status_code == 302
    assert done.location.endswith("/arrival")
    arrival = client.get(done.location)
    assert "Омарова" in arrival.text
    assert "Print the slip" in arrival.text
    shown = client.get(f"/en/commissions/{country.precinct.id}").text
    assert "Омарова" in shown
    assert "Бекова" not in shown


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"number": ""}, "Type the identity number"),
        ({"number": "123"}, "has 12 digits"),
        ({"number": "840515300124"}, "One of the digits is wrong"),
        ({"number": "601308400198"}, "The first six digits name no day"),
        ({"number": "601108O00195"}, "Sign 7, “O”, is no digit"),
        ({"number": "6011 08 З00195"}, "Sign 7, “З”, is no digit"),
        ({"number": "991231500006"}, "only invented identity numbers"),
        ({"number": "123", "since": "2999-01-01"}, "yet to come"),
        ({"act_on": "1900-01-01"}, "more than two years older"),
        ({"surname": ""}, "Type the surname"),
        ({"surname": "=1+1"}, "begins with a letter"),
        ({"surname": "Ивaноw"}, "one alphabet"),
        ({"given_name": "Ж?ма"}, "A letter is lost"),
        ({"phone": "нет телефона"}, "no phone number"),
        ({"since": ""}, "Choose the day"),
        ({"since": "2022-13-45"}, "no date"),
        ({"act": ""}, "number of the decision"),
        ({"act_on": ""}, "date of the decision"),
        ({"act": "1" * 61}, "This is too long. Take at most 60 signs."),
        ({"nominated_by": "п" * 201}, "This is too long. Take at most 200 signs."),
        ({"since": "2999-01-01"}, "yet to come"),
        ({"since": "1999-01-01", "act_on": "1999-01-01"}, "has been as it is since"),
        ({"office": "king"}, "Not a valid choice"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    client: Client, country: Country, officer: Account, changes: dict[str, Any], sentence: str
) -> None:
    member = make_member(country.precinct)
    page = client.post(f"/en/people/{member.person_id}/replace", data=sent(patronymic="Серікқызы", **changes))
    assert page.status_code == 422
    assert sentence in page.text
    assert "Серікқызы" in page.text
    assert seat_of(member).ends_on is None


def test_a_free_seat_is_filled_and_then_no_more_is_offered(client: Client, country: Country, officer: Account) -> None:
    assert "7 seats are free" in client.get(f"/en/commissions/{country.precinct.id}").text
    address = f"/en/commissions/{country.precinct.id}/seat"
    assert "Seat 1 was never held" in client.get(address).text
    for _seat in range(7):
        assert client.post(address, data=sent()).status_code == 302
    assert "Every seat of this commission is taken" in client.get(address).text
    assert client.post(address, data=sent()).status_code == 422
    vacancies = client.get(f"/en/commissions/{country.district.id}/vacancies").text
    assert "14 seats are free" in vacancies
    sign_in_as(client, make_officer(country.region))
    whole = client.get(f"/en/commissions/{country.region.id}/vacancies").text
    for district in (country.district, country.sister_district):
        assert f'<span class="soft">{name_of(district)}</span>' in whole
    assert "KZ-01-01-P17" not in vacancies


def test_a_member_leaves_and_the_history_says_by_which_decision(
    client: Client, country: Country, officer: Account
) -> None:
    member = make_member(country.precinct, surname="Бекова")
    today = clock.today().isoformat()
    gone = client.post(f"/en/people/{member.person_id}/leave", data={"since": today, "act": "77", "act_on": today})
    assert gone.status_code == 302
    assert client.get(f"/en/people/{member.person_id}").location == f"/en/people/{member.person_id}/seats"
    history = client.get(f"/en/people/{member.person_id}/seats").text
    assert "decision No. 77" in history
    yesterday = (clock.today() - timedelta(days=1)).isoformat()
    shown = client.get(f"/en/commissions/{country.precinct.id}/composition?on={yesterday}")
    assert "Nobody held a seat here on that day" in shown.text


def test_an_office_is_changed(client: Client, country: Country, officer: Account) -> None:
    member = make_member(country.precinct)
    today = clock.today().isoformat()
    data = {"office": "deputy_chair", "since": today, "act": "3", "act_on": today}
    assert client.post(f"/en/people/{member.person_id}/office", data=data).status_code == 302
    assert seat_of(member).office == "deputy_chair"
    assert client.post(f"/en/people/{member.person_id}/office", data=data).status_code == 422


def test_a_name_and_a_phone_are_corrected(client: Client, country: Country, officer: Account) -> None:
    member = make_member(country.precinct, surname="Бекова")
    address = f"/en/people/{member.person_id}/correct"
    assert 'value="Бекова"' in client.get(address).text
    data = {"surname": "БЕКЕНОВА", "given_name": "Айгүл", "patronymic": "", "language": "ru", "email": ""}
    assert client.post(address, data={**data, "phone": "8 701 555 01 01"}).status_code == 302
    page = client.get(f"/en/people/{member.person_id}").text
    assert "Бекенова" in page
    assert "+77015550101" in page
    for changes, sentence in (({"phone": "x"}, "no phone number"), ({"email": "x"}, "no e-mail address")):
        refused = client.post(address, data={**data, **changes})
        assert refused.status_code == 422
        assert sentence in refused.text
    sign_in_as(client, make_officer(country.sister_district))
    assert client.get(address).status_code == 404


def test_a_number_is_shown_in_full_for_a_reason_that_is_recorded(
    client: Client, country: Country, officer: Account
) -> None:
    coming = newcomer()
    came = replaced(make_member(country.precinct), coming)
    address = f"/en/people/{came.person_id}/number"
    assert coming.number not in client.get(address).text
    for reason in ("", "   x "):
        refused = client.post(address, data={"reason": reason})
        assert refused.status_code == 422
        assert coming.number not in refused.text
    shown = client.post(address, data={"reason": "The bank asks for it"})
    assert coming.number in shown.text
    assert shown.headers["Cache-Control"] == "no-store"
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "people.number_shown")).one()
    value = db.session.scalars(select(AuditValue).where(AuditValue.entry_id == entry.id)).one()
    assert (entry.account_id, value.after) == (officer.id, "The bank asks for it")
    assert coming.number not in str(entry.details)
    sign_in_as(client, make_officer(country.sister_district))
    assert client.post(address, data={"reason": "The bank asks for it"}).status_code == 404


def test_a_day_that_is_none_is_said(client: Client, country: Country, officer: Account) -> None:
    page = client.get(f"/en/commissions/{country.precinct.id}/composition?on=gestern")
    assert page.status_code == 422
    assert "This is no date" in page.text


def test_the_history_of_a_member_who_left_stays_with_the_branch(
    client: Client, country: Country, officer: Account
) -> None:
    member = make_member(country.precinct, surname="Бекова")
    came = replaced(member)
    assert "Бекова" in client.get(f"/en/people/{came.person_id}/seats").text
    for stranger in (make_officer(country.sister_district), make_member(country.precinct)):
        sign_in_as(client, stranger)
        assert client.get(f"/en/people/{member.person_id}/seats").status_code == 404


@pytest.mark.parametrize("page", ["replace", "leave", "office"])
def test_only_officers_of_the_branch_change_seats(client: Client, country: Country, page: str) -> None:
    member = make_member(country.precinct)
    address = f"/en/people/{member.person_id}/{page}"
    others = [
        make_officer(country.sister_district),
        make_officer(country.district, Role.TRAINER),
        make_officer(country.central, Role.METHODOLOGIST),
        make_member(country.precinct, Office.CHAIR),
    ]
    for account in others:
        sign_in_as(client, account)
        assert client.get(address).status_code == 404
        assert client.post(address, data=sent()).status_code == 404
    assert seat_of(member).ends_on is None


def test_whoever_goes_back_after_a_replacement_sees_who_came(
    client: Client, country: Country, officer: Account
) -> None:
    member = make_member(country.precinct, surname="Бекова")
    came = replaced(member)
    for page in ("", "/replace", "/leave", "/office", "/correct", "/number"):
        answer = client.get(f"/en/people/{member.person_id}{page}")
        assert (answer.status_code, answer.location) == (302, f"/en/people/{member.person_id}/seats"), page
    shown = client.get(f"/en/people/{member.person_id}/seats").text
    assert "holds no seat here any more" in shown
    assert f"/en/people/{came.person_id}/take-back" in shown, "what to do if it was a mistake"
    sign_in_as(client, make_officer(country.sister_district))
    assert client.get(f"/en/people/{member.person_id}/replace").status_code == 404


def test_in_a_demo_a_real_number_is_answered_with_an_invented_one(
    client: Client, country: Country, officer: Account
) -> None:
    member = make_member(country.precinct)
    address = f"/en/people/{member.person_id}/replace"
    page = client.post(address, data=sent(number="991231300003")).text
    instead = re.findall(r"to copy: (\d{12})", page)[0]
    assert instead.startswith("9912313")
    assert find_by_number(instead) is None
    assert client.post(address, data=sent(number=instead)).status_code == 302


def test_the_page_of_a_person_leads_to_taking_a_replacement_back_and_to_the_arrival(
    client: Client, country: Country, officer: Account
) -> None:
    member = make_member(country.precinct)
    page = client.get(f"/en/people/{member.person_id}").text
    assert "take-back" not in page
    came = replaced(member)
    page = client.get(f"/en/people/{came.person_id}").text
    assert f"/en/people/{came.person_id}/take-back" in page
    assert f"/en/people/{came.person_id}/arrival" in page


def test_a_replacement_is_taken_back_after_a_question(client: Client, country: Country, officer: Account) -> None:
    member = make_member(country.precinct, surname="Бекова")
    came = replaced(member)
    assert f"/en/people/{came.person_id}/take-back" in client.get(f"/en/people/{came.person_id}/seats").text
    asked = client.get(f"/en/people/{came.person_id}/take-back").text
    assert "Бекова" in asked
    assert "stops working" not in asked, "who never had an account has nothing that could stop working"
    account = open_account(person=came.person, by=SYSTEM)
    assert "a slip that is not used yet stops working" in client.get(f"/en/people/{came.person_id}/take-back").text
    member.password_hash = None
    done = client.post(f"/en/people/{came.person_id}/take-back")
    assert (done.status_code, done.location) == (302, f"/en/people/{member.person_id}")
    page = client.get(done.location).text
    assert "holds the seat again" in page
    assert "is signed out everywhere" in page
    assert "The slip of" not in page
    assert "An earlier slip of Бекова" in page
    assert account.session_version > 1
    assert "taken back" in client.get(f"/en/people/{came.person_id}/seats").text
    again = client.post(f"/en/people/{came.person_id}/take-back")
    assert (again.status_code, again.location) == (302, f"/en/people/{came.person_id}/seats")


def test_entries_that_were_joined_show_the_seats_of_all(client: Client, country: Country, officer: Account) -> None:
    gone = make_member(country.second_precinct, surname="Бекова")
    came = replaced(gone)
    merge_people(kept=came.person, merged=gone.person, by=scope(officer))
    for person_id in (came.person_id, gone.person_id):
        page = client.get(f"/en/people/{person_id}/seats").text
        assert "joined as one person" in page
        assert "holds the seat now" in page
        assert page.count("PEC No. 18</a></td>") == 2
    part_people(merged=gone.person, by=scope(officer))
    assert "joined as one person" not in client.get(f"/en/people/{came.person_id}/seats").text


def test_a_known_name_that_was_typed_otherwise_is_asked_about(
    client: Client, country: Country, officer: Account
) -> None:
    known = newcomer(surname="Қалдыбекова", given_name="Назгүл")
    once = replaced(make_member(country.second_precinct), known)
    client.post(f"/en/people/{once.person_id}/leave", data=sent())
    member = make_member(country.precinct)
    address = f"/en/people/{member.person_id}/replace"
    typed = sent(newcomer(number=known.number, surname="Калдыбекова", given_name="Назгуль"))
    page = client.post(address, data=typed)
    assert page.status_code == 422
    assert "known here as Қалдыбекова Назгүл, and you typed Калдыбекова Назгуль" in page.text
    [asked] = re.findall(r'name="asked"[^>]*value="([^"]+)"', page.text)
    other = client.post(address, data={**typed, "asked": asked, "surname": "Калдибекова"})
    assert other.status_code == 422, "the answer is about what was typed when it was asked"
    assert client.post(address, data={**typed, "asked": asked}).status_code == 302
    assert once.person.full_name == "Қалдыбекова Назгүл"
    assert client.post(f"/en/people/{once.person_id}/take-back").status_code == 302
    again = client.post(address, data={**typed, "asked": asked, "rename": "y"})
    assert again.status_code == 302
    assert once.person.full_name == "Калдыбекова Назгуль"


def test_whose_number_it_is_that_sits_here_already_leads_to_another_office(
    client: Client, country: Country, officer: Account
) -> None:
    known = newcomer(surname="Қалдыбекова")
    came = replaced(make_member(country.precinct), known)
    member, elsewhere = make_member(country.precinct), make_member(country.second_precinct)
    here = client.post(f"/en/people/{member.person_id}/replace", data=sent(known)).text
    assert "sits in this commission already" in here
    assert f"/en/people/{came.person_id}/office" in here
    there = client.post(f"/en/people/{elsewhere.person_id}/replace", data=sent(known)).text
    assert "sits in PEC No. 17" in there
    assert f'href="/en/people/{came.person_id}"' in there
    sign_in_as(client, make_officer(country.sister_district))
    foreign = make_member(country.sister_precinct)
    told = client.post(f"/en/people/{foreign.person_id}/replace", data=sent(known)).text
    assert "sits in another commission" in told
    assert f"/en/people/{came.person_id}" not in told


def test_the_party_of_whoever_leaves_is_shown_and_not_taken_over(
    client: Client, country: Country, officer: Account
) -> None:
    member = make_member(country.precinct)
    seat_of(member).nominated_by = "Партия Г"
    page = client.get(f"/en/people/{member.person_id}/replace").text
    assert "Whoever leaves was nominated by: Партия Г." in page
    assert 'value="Партия Г"' not in page


def test_who_is_replaced_in_another_window_meanwhile_is_said_and_what_was_typed_stays(
    client: Client, country: Country, officer: Account
) -> None:
    member = make_member(country.precinct, surname="Бекова")
    came = replaced(member, newcomer(surname="Есенова"))
    page = client.post(f"/en/people/{member.person_id}/replace", data=sent(newcomer(surname="Омарова")))
    assert page.status_code == 422
    assert "Nothing was saved: Бекова" in page.text
    assert "Есенова" in page.text
    assert 'value="Омарова"' in page.text
    history = client.get(f"/en/people/{member.person_id}/seats").text
    assert "replaced by" in history
    assert f"/en/people/{came.person_id}/seats" in history
    client.post(f"/en/people/{came.person_id}/take-back")
    assert "replaced by" not in client.get(f"/en/people/{member.person_id}/seats").text


def test_the_language_of_whoever_is_known_stays_unless_another_one_is_chosen(
    client: Client, country: Country, officer: Account
) -> None:
    known = replaced(make_member(country.precinct), coming := newcomer(language="kk")).person
    found_earlier(clock.today() - timedelta(days=9))
    for address, again in (
        (f"/ru/people/{make_member(country.second_precinct).person_id}/replace", {}),
        (f"/ru/commissions/{country.second_precinct.id}/seat", {}),
        (f"/ru/commissions/{country.second_precinct.id}/seat", {"language": "en"}),
    ):
        held = seat_of_person(known.id)
        today = clock.today().isoformat()
        client.post(f"/en/people/{known.id}/leave", data={"since": today, "act": f"9-{held}", "act_on": today})
        page = client.get(address).text
        offered = re.findall(r'<input[^>]*name="language"[^>]*>', page)
        assert [one for one in offered if "checked" in one] == [one for one in offered if 'value=""' in one]
        assert (
            client.post(address, data=sent(coming, **{"language": "", "act": f"8-{held}", **again})).status_code == 302
        )
        assert known.language == again.get("language", "kk")


def test_who_is_new_learns_in_the_language_of_the_page_when_none_is_chosen(
    client: Client, country: Country, officer: Account
) -> None:
    coming = newcomer()
    client.post(f"/ru/commissions/{country.precinct.id}/seat", data=sent(coming, language=""))
    found = find_by_number(coming.number)
    assert found is not None
    assert found.language == "ru"


def seat_of_person(person_id: int) -> int:
    """The id of the seat that a person holds."""
    return seat_held_by(person_id).id
