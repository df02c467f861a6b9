"""A wrongly typed identity number is put right: by whom, for what reason, and when it is somebody else's."""

from __future__ import annotations

import json
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from lms.accounts.actions import open_account
from lms.accounts.models import Account
from lms.commissions.actions import add_person, grant_role
from lms.commissions.duplicates import merge_people, part_people
from lms.commissions.errors import NumberTaken
from lms.commissions.models import Appointment
from lms.commissions.permissions import SYSTEM, Scope
from lms.commissions.renumbering import WrongNumber, renumber_person
from lms.commissions.rules import Act, Role
from lms.commissions.seating import end_membership
from lms.core import clock
from lms.core.audit.actions import record
from lms.core.audit.models import AuditEntry, AuditValue
from lms.core.database.base import db
from lms.core.errors import Forbidden, NotFound, Refused
from lms.people.models import Person
from lms.people.queries import find_by_number
from lms.people.vault import number_hash, open_text
from lms.rosters.erasing import find_named
from lms.rosters.models import RosterRow
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
from tests.factories.rosters import demo_number
from tests.factories.seats import newcomer, replaced, seat_of, terms
from tests.rosters.test_actions import apply, roster, take

WRONG, RIGHT = demo_number(910_001), demo_number(910_002)
WHY = "two digits were swapped"


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


def come(country: Country, number: str = WRONG, surname: str = "Омарова") -> Appointment:
    """Somebody who has come to a seat of the precinct with this number."""
    return replaced(make_member(country.precinct), newcomer(number=number, surname=surname))


def renumber(person: Person, by: Scope, number: str = RIGHT, reason: str = WHY) -> None:
    """Correct the number."""
    renumber_person(person=person, number=number, reason=reason, by=by)


def test_the_right_number_finds_the_person_and_the_wrong_one_nobody(country: Country, officer: Account) -> None:
    person = come(country).person
    renumber(person, scope(officer))
    found = find_by_number(RIGHT)
    assert found is not None
    assert (found.id, find_by_number(WRONG), person.number_last4) == (person.id, None, RIGHT[-4:])
    assert person.number_encrypted is not None
    assert open_text(person.number_encrypted) == RIGHT
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "people.number_corrected")).one()
    values = db.session.scalars(select(AuditValue).where(AuditValue.entry_id == entry.id)).all()
    assert (entry.subject, entry.account_id) == (f"person:{person.id}", officer.id)
    assert {one.field: (one.before, one.after) for one in values} == {
        "number": (f"•••• •••• {WRONG[-4:]}", f"•••• •••• {RIGHT[-4:]}"),
        "reason": ("", WHY),
    }
    told = json.dumps([entry.details, *((one.before, one.after) for one in values)])
    assert WRONG not in told
    assert RIGHT not in told


def test_nothing_is_corrected_without_a_reason_or_to_what_is_known(country: Country, officer: Account) -> None:
    person, by = come(country).person, scope(officer)
    with pytest.raises(Refused, match="in a few words why"):
        renumber(person, by, reason="  x ")
    with pytest.raises(WrongNumber, match="the number that is known"):
        renumber(person, by, WRONG)
    assert person.number_hash == number_hash(WRONG)


def test_a_number_of_somebody_in_the_branch_leads_to_joining_the_two(country: Country, officer: Account) -> None:
    other = come(country, RIGHT, "Бекова")
    person, by = come(country).person, scope(officer)
    with pytest.raises(NumberTaken, match="Бекова") as both_sit:
        renumber(person, by)
    assert both_sit.value.merge is None
    end_membership(appointment=other, act=Act("9", clock.today()), on=clock.today(), by=SYSTEM)
    with pytest.raises(NumberTaken, match="join the entries") as one_sits:
        renumber(person, by)
    assert one_sits.value.merge == (person.id, other.person_id)


def joined(country: Country, by: Scope) -> tuple[Person, Person]:
    """Somebody who is known by a wrong number, and the entry with the right one, which was joined to them."""
    other = come(country, RIGHT, "Бекова")
    person = come(country).person
    end_membership(appointment=other, act=Act("9", clock.today()), on=clock.today(), by=SYSTEM)
    merge_people(kept=person, merged=other.person, by=by)
    return person, other.person


def numbers_of(*people: Person) -> list[tuple[str, str | None]]:
    """The identity number of each, and its last digits."""
    db.session.flush()
    found = [(open_text(one.number_encrypted), one) for one in people if one.number_encrypted]
    assert [one.number_hash for one in people] == [number_hash(number) for number, _one in found]
    return [(number, one.number_last4) for number, one in found]


def test_the_number_of_an_entry_joined_to_the_person_becomes_theirs(country: Country, officer: Account) -> None:
    by = scope(officer)
    person, other = joined(country, by)
    renumber(person, by)
    right, wrong = (RIGHT, RIGHT[-4:]), (WRONG, WRONG[-4:])
    assert numbers_of(person, other) == [right, wrong]
    assert find_by_number(RIGHT) is find_by_number(WRONG) is person
    entries = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "people.number_corrected").order_by(AuditEntry.id)
    ).all()
    assert [(one.subject, one.details) for one in entries] == [
        (f"person:{person.id}", {"merged": other.id}),
        (f"person:{other.id}", {"person": person.id}),
    ]
    part_people(merged=other, by=by)
    assert numbers_of(person, other) == [wrong, right], "each has their own again"
    merge_people(kept=person, merged=other, by=by)
    part_people(merged=other, by=by)
    assert numbers_of(person, other) == [wrong, right]


def test_a_number_that_was_corrected_once_more_stays_when_the_joining_is_undone(
    country: Country, officer: Account
) -> None:
    by = scope(officer)
    person, other = joined(country, by)
    renumber(person, by)
    third = demo_number(910_003)
    renumber(person, by, third)
    part_people(merged=other, by=by)
    assert numbers_of(person, other) == [(third, third[-4:]), (WRONG, WRONG[-4:])]


def test_the_page_of_joining_says_which_number_stays(country: Country, officer: Account, client: Client) -> None:
    other = come(country, demo_number(910_004, "600101"), "Бекова")
    person = come(country).person
    end_membership(appointment=other, act=Act("9", clock.today()), on=clock.today(), by=SYSTEM)
    page = client.get(f"/en/people/{person.id}/merge?merged={other.person_id}").text
    assert f"The identity number ending in {WRONG[-4:]} stays" in page
    assert "Their birth dates differ" in page
    client.post(f"/en/people/{person.id}/merge", data={"merged": other.person_id})
    asked = client.get(f"/en/people/{person.id}/number/correct").text
    assert f"ending in {other.person.number_last4}" in asked


def test_of_somebody_outside_the_branch_nothing_is_told(country: Country, officer: Account) -> None:
    stranger = replaced(make_member(country.sister_precinct), newcomer(number=RIGHT, surname="Бекова"))
    person = come(country).person
    with pytest.raises(NumberTaken, match="Somebody else") as taken:
        renumber(person, scope(officer))
    assert (taken.value.other, taken.value.merge) == (None, None)
    assert "Бекова" not in taken.value.sentence
    with pytest.raises(NumberTaken, match="Бекова"):
        renumber(person, scope(country.head))
    assert stranger.person.number_hash == number_hash(RIGHT)


def test_who_was_too_young_by_the_number_keeps_the_one_that_is_known(country: Country, officer: Account) -> None:
    found_earlier(date(2000, 1, 1))
    seat = replaced(make_member(country.precinct), newcomer(number=WRONG))
    of_a_child = demo_number(910_003, f"{clock.today().year - 2010:02d}0101", "56")
    with pytest.raises(WrongNumber, match="not old enough"):
        renumber(seat.person, scope(officer), of_a_child)


def test_who_may_correct_a_number(country: Country, officer: Account) -> None:
    """By the number an account may be found: of somebody stronger, and one's own, nobody corrects it."""
    person = come(country).person
    with pytest.raises(NotFound):
        renumber(person, scope(make_officer(country.sister_district)))
    account = open_account(person=person, by=SYSTEM)
    grant_role(account=account, role=Role.TERRITORIAL_OFFICER, commission=country.district, by=SYSTEM)
    with pytest.raises(Forbidden, match="holds a role"):
        renumber(person, scope(officer))
    with pytest.raises(Forbidden, match="their own"):
        renumber(person, scope(account))
    renumber(person, scope(country.head))
    assert find_by_number(RIGHT) is person


def test_a_holder_of_a_role_without_a_number_is_given_one(country: Country) -> None:
    person = add_person(surname="Бекова", given_name="Сәуле", by=SYSTEM)
    account = open_account(person=person, by=SYSTEM)
    grant_role(account=account, role=Role.TRAINER, commission=country.district, by=SYSTEM)
    renumber(person, scope(country.head))
    assert find_by_number(RIGHT) is person


def test_nothing_is_entered_about_somebody_who_was_erased(country: Country, officer: Account) -> None:
    person = come(country).person
    person.erased_at = clock.now()
    db.session.flush()
    with pytest.raises(Refused, match="erased for good"):
        renumber(person, scope(officer))


def test_rows_of_rosters_are_still_found_when_the_person_is_to_be_erased(country: Country) -> None:
    made = take(roster([1, 2]), SYSTEM, country.district)
    apply(made, SYSTEM)
    person = find_by_number(demo_number(1))
    assert person is not None
    rows = find_named([person]).rows
    assert rows
    waits = take(roster([1, 2]), SYSTEM, country.district)
    renumber(person, SYSTEM)
    assert set(rows) <= set(find_named([person]).rows)
    hashes = db.session.scalars(select(RosterRow.number_hash).where(RosterRow.import_id == waits.id)).all()
    assert number_hash(demo_number(1)) in hashes, "a list that is yet to be applied says what it said"


def test_the_number_is_corrected_on_a_page_of_its_own(client: Client, country: Country, officer: Account) -> None:
    person = come(country).person
    address = f"/en/people/{person.id}/number/correct"
    assert address in client.get(f"/en/people/{person.id}").text
    asked = client.get(address)
    assert asked.headers["Cache-Control"] == "no-store"
    assert WRONG not in asked.text
    for number, reason, sentence in (
        (RIGHT[:-1], WHY, "has 12 digits"),
        (RIGHT[:-1] + str((int(RIGHT[-1]) + 1) % 10), WHY, "One of the digits is wrong"),
        ("", WHY, "Type the identity number"),
        (RIGHT, "", "in a few words why"),
        (RIGHT, "x", "in a few words why"),
        (WRONG, WHY, "the number that is known"),
    ):
        refused = client.post(address, data={"number": number, "reason": reason})
        assert (refused.status_code, sentence in refused.text) == (422, True), sentence
        assert not reason or f'value="{reason}"' in refused.text
    spaced = f"{RIGHT[:6]} {RIGHT[6:]}"
    done = client.post(address, data={"number": spaced, "reason": WHY})
    assert (done.status_code, done.location) == (302, f"/en/people/{person.id}")
    page = client.get(done.location).text
    assert "is known by the right identity number now" in page
    assert RIGHT[-4:] in page
    assert "provider of identities" not in page
    sign_in_as(client, make_officer(country.sister_district))
    assert client.get(address).status_code == 404


def test_where_there_is_none_a_number_is_entered(client: Client, country: Country) -> None:
    person = add_person(surname="Бекова", given_name="Сәуле", by=SYSTEM)
    account = open_account(person=person, by=SYSTEM)
    grant_role(account=account, role=Role.TRAINER, commission=country.district, by=SYSTEM)
    sign_in_as(client, make_officer(country.central, Role.CEC_ADMINISTRATOR))
    page = client.get(f"/en/people/{person.id}").text
    assert "Enter the number" in page
    assert "Correct the number" not in page
    address = f"/en/people/{person.id}/number/correct"
    page = client.get(address).text
    assert "Enter the identity number" in page
    for reason in ("", "x"):
        refused = client.post(address, data={"number": RIGHT, "reason": reason})
        assert refused.status_code == 422
        page += refused.text
    assert "where the number is known from" in page
    assert "orrect the" not in page
    assert "corrected" not in page
    assert client.post(address, data={"number": RIGHT, "reason": "from the identity card"}).status_code == 302
    page = client.get(f"/en/people/{person.id}").text
    assert "is known by this identity number now" in page
    assert "Correct the number" in page


def test_the_page_leads_to_the_two_entries(client: Client, country: Country, officer: Account) -> None:
    other = come(country, RIGHT, "Бекова")
    person = come(country).person
    end_membership(appointment=other, act=Act("9", clock.today()), on=clock.today(), by=SYSTEM)
    refused = client.post(f"/en/people/{person.id}/number/correct", data={"number": RIGHT, "reason": WHY})
    assert refused.status_code == 422
    link = f"/en/people/{person.id}/merge?merged={other.person_id}"
    assert link in refused.text
    assert client.get(link).status_code == 200


def test_whoever_came_in_by_the_wrong_number_is_thought_of(client: Client, country: Country, officer: Account) -> None:
    person = come(country).person
    account = open_account(person=person, by=SYSTEM)
    record("accounts.signed_in", by=SYSTEM, subject=f"account:{account.id}", through="https://id.example")
    address = f"/en/people/{person.id}/number/correct"
    done = client.post(address, data={"number": RIGHT, "reason": WHY})
    assert "provider of identities" in client.get(done.location).text


def test_no_correction_is_offered_of_whoever_holds_a_stronger_role(
    client: Client, country: Country, officer: Account
) -> None:
    member = make_member(country.precinct)
    grant_role(account=member, role=Role.TERRITORIAL_OFFICER, commission=country.district, by=SYSTEM)
    assert "number/correct" not in client.get(f"/en/people/{member.person_id}").text
    assert client.get(f"/en/people/{member.person_id}/number/correct").status_code == 403
    assert seat_of(member).starts_on == terms().since
