"""Pages that make, rename, move and close commissions; what is typed stays; who is refused."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from flask import Flask

from lms.accounts.models import Account
from lms.commissions.models import Commission
from lms.commissions.queries import count_seats, find_commission_by_code
from lms.commissions.rules import Role
from lms.core import clock
from lms.core.database.base import db
from tests.conftest import Client
from tests.factories.commissions import Country, make_country, make_member, make_officer, precinct, sign_in_as

PRECINCT = {"territory": "precinct", "number": "99", "seats": "5", "kk": "", "ru": "", "en": "", "time_zone": ""}
DISTRICT = {"territory": "district", "number": "", "seats": "7", "kk": "А", "ru": "Б", "en": "C", "time_zone": ""}


@pytest.fixture
def country(app: Flask) -> Country:
    """The small cascade."""
    return make_country()


@pytest.fixture
def officer(country: Country, client: Client) -> Account:
    """The region's officer, signed in."""
    account = make_officer(country.region)
    sign_in_as(client, account)
    return account


def today() -> str:
    """As a form sends it."""
    return clock.today().isoformat()


def test_a_precinct_is_made_by_its_number(client: Client, country: Country, officer: Account) -> None:
    address = f"/en/commissions/{country.district.id}/below/new"
    page = client.get(address).text
    assert page.index('value="precinct"') < page.index('value="precinct_abroad"')
    assert client.post(address, data=PRECINCT).status_code == 302
    made = find_commission_by_code("KZ-01-01-P99")
    assert made is not None
    assert (made.parent_id, count_seats(made.id)) == (country.district.id, 5)
    again = client.post(address, data=PRECINCT)
    assert again.status_code == 422
    assert "KZ-01-01-P99 already" in again.text


def test_a_district_takes_the_next_number_that_nobody_bears(client: Client, country: Country, officer: Account) -> None:
    address = f"/en/commissions/{country.region.id}/below/new"
    assert client.post(address, data=DISTRICT).status_code == 302
    assert find_commission_by_code("KZ-01-03") is not None


def test_that_a_number_may_be_left_out_is_said_where_it_may(client: Client, country: Country, officer: Account) -> None:
    for parent, said in ((country.region, True), (country.district, False)):
        page = client.get(f"/en/commissions/{parent.id}/below/new").text
        assert ("takes the next free one" in page) is said


def test_only_whoever_brings_rosters_in_is_asked_for_one(client: Client, country: Country) -> None:
    address = f"/en/commissions/{country.sister_region.id}"
    central = country.central
    readers = (make_officer(central, Role.CEC_ADMINISTRATOR), True), (make_officer(central, Role.AUDITOR), False)
    for reader, said in readers:
        sign_in_as(client, reader)
        page = client.get(address).text
        assert "Nobody sits in this commission yet." in page
        assert ("Bring in its roster" in page) is said
        assert ("A roster brings them in." in page) is said


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"number": ""}, "Type the number of the precinct"),
        ({"number": "0"}, "from 1 to 99999"),
        ({"number": "x"}, "no number"),
        ({"seats": ""}, "Type how many seats"),
        ({"time_zone": "Moon/Crater"}, "no such time zone"),
        ({"time_zone": "America/New_York"}, "has the time of the commission above"),
        ({"since": "2099-01-01"}, "Come back on that day"),
        ({"since": "1900-01-01"}, "Choose that day or a later one"),
        ({"territory": "region"}, "Not a valid choice"),
    ],
)
def test_what_is_wrong_is_said(
    client: Client, country: Country, officer: Account, changes: dict[str, Any], sentence: str
) -> None:
    page = client.post(f"/en/commissions/{country.district.id}/below/new", data={**PRECINCT, **changes})
    assert page.status_code == 422
    assert sentence in page.text


def test_names_and_seats_change_and_the_code_stays(client: Client, country: Country, officer: Account) -> None:
    address = f"/en/commissions/{country.district.id}/arrange"
    names = {"do": "names", "names-kk": "Жаңа аудан", "names-ru": "Новый район", "names-en": "New district"}
    assert client.post(address, data=names).status_code == 302
    assert "New district" in client.get(f"/en/commissions/{country.district.id}").text
    assert db.session.get_one(Commission, country.district.id).code == "KZ-01-01"
    assert client.post(address, data={**names, "names-ru": ""}).status_code == 422
    for seats in ("9", "3"):
        data = {"do": "seats", "seats-seats": seats, "seats-since": today()}
        assert client.post(address, data=data).status_code == 302
        assert count_seats(country.district.id) == int(seats)


def test_a_number_that_another_precinct_of_the_region_has_is_asked_about(
    client: Client, country: Country, officer: Account
) -> None:
    """It may be meant so; of another number or another name it is asked anew. In another region nobody minds."""
    precinct(country.sister_region, 18)
    address = f"/en/commissions/{country.precinct.id}/arrange"
    names = {"do": "names", "names-kk": "№ 1 УСК", "names-ru": "УИК № 1, школа 18", "names-en": "PEC No. 1"}
    asked = client.post(address, data=names)
    assert asked.status_code == 422
    assert f"(code {country.sister_precinct.code}) in this region has this number or name already" in asked.text
    assert 'value="УИК № 1, школа 18"' in asked.text
    told = asked_of(asked.text, "names-asked")
    assert client.post(address, data={**names, "names-asked": told}).status_code == 422, "not ticked"
    sure = {"names-asked": told, "names-sure": "y"}
    other = {**names, **sure, "names-ru": "УИК № 1", "names-en": "PEC No. 18"}
    again = client.post(address, data=other)
    assert again.status_code == 422, "another name than it was asked of"
    assert client.post(address, data={**names, **sure}).status_code == 302
    assert "PEC No. 1<" in client.get(f"/en/commissions/{country.precinct.id}").text
    once_more = {**names, "names-ru": "УИК № 1 (лицей)"}
    assert client.post(address, data=once_more).status_code == 302, "the number is its own by now"


def test_a_new_precinct_with_a_number_of_the_region_is_asked_about(
    client: Client, country: Country, officer: Account
) -> None:
    address = f"/en/commissions/{country.district.id}/below/new"
    asked = client.post(address, data={**PRECINCT, "number": "1"})
    assert asked.status_code == 422
    assert "has this number or name already" in asked.text
    sure = {"asked": asked_of(asked.text, "asked"), "sure": "y"}
    assert client.post(address, data={**PRECINCT, "number": "1", **sure}).status_code == 302
    taken = client.post(address, data={**PRECINCT, "number": "17"})
    assert "Choose another number" in taken.text


def test_a_name_that_another_district_of_the_region_has_is_asked_about(
    client: Client, country: Country, officer: Account
) -> None:
    address = f"/en/commissions/{country.district.id}/arrange"
    names = {"do": "names", "names-kk": "Aktau", "names-ru": "Новый район", "names-en": "New district 1"}
    assert "has this number or name already" in client.post(address, data=names).text
    assert client.post(address, data={**names, "names-kk": "Atyrau region"}).status_code == 302


def asked_of(page: str, name: str) -> str:
    """What a page keeps of that about which it asked."""
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found is not None
    return unescape(found[1])


def test_seats_that_are_held_stay(client: Client, country: Country, officer: Account) -> None:
    for _member in range(3):
        make_member(country.precinct)
    page = client.post(
        f"/en/commissions/{country.precinct.id}/arrange",
        data={"do": "seats", "seats-seats": "2", "seats-since": today()},
    )
    assert page.status_code == 422
    assert "More seats than that are or were held here: 3" in page.text
    assert count_seats(country.precinct.id) == 7


def test_a_precinct_moves_and_one_that_has_no_place_there_does_not(
    client: Client, country: Country, officer: Account
) -> None:
    address = f"/en/commissions/{country.second_precinct.id}/arrange"
    for code, sentence in (
        ("KZ-01-01-P17", "A commission of this kind cannot stand there"),
        ("KZ-02", "no commission with this code"),
    ):
        page = client.post(address, data={"do": "move", "move-parent": code, "move-since": today()})
        assert page.status_code == 422
        assert sentence in page.text
        assert f'value="{code}"' in page.text
    moved = client.post(address, data={"do": "move", "move-parent": "kz-01-02", "move-since": today()})
    assert moved.status_code == 302
    found = db.session.get_one(Commission, country.second_precinct.id)
    assert (found.parent_id, found.code) == (country.sister_district.id, "KZ-01-01-P18")


def test_an_empty_commission_is_closed_and_then_offers_nothing(
    client: Client, country: Country, officer: Account
) -> None:
    address = f"/en/commissions/{country.precinct.id}"
    asked = client.post(f"{address}/arrange", data={"do": "close", "close-on": today()})
    assert asked.status_code == 200
    assert "Close this commission?" in asked.text
    assert "Closed on" not in client.get(address).text
    data = {"do": "close", "close-on": today(), "sure": "1"}
    assert client.post(f"{address}/arrange", data=data).status_code == 302
    page = client.get(address).text
    assert "Closed on" in page
    for gone in ("/arrange", "/seat", "/slips", "/vacancies", "rosters/new", "seats are free", "begins its work"):
        assert gone not in page, gone
    assert "/composition" in page
    for refused in ("arrange", "seat"):
        assert client.get(f"{address}/{refused}").status_code == 422
        assert "is closed" in client.get(f"{address}/{refused}").text
    above = client.get(f"/en/commissions/{country.district.id}").text
    assert f'href="/en/commissions/{country.precinct.id}"' in above
    assert "Closed ones below" in above


def test_a_closed_commission_is_opened_again_once_that_is_asked(
    client: Client, country: Country, officer: Account
) -> None:
    address = f"/en/commissions/{country.precinct.id}"
    client.post(f"{address}/arrange", data={"do": "close", "close-on": today(), "sure": "1"})
    assert f"{address}/reopen" in client.get(address).text
    assert "Open this commission again?" in client.get(f"{address}/reopen").text
    assert client.post(f"{address}/reopen").status_code == 302
    page = client.get(address).text
    assert "is open again" in page
    assert "/arrange" in page
    assert client.get(f"{address}/reopen").status_code == 422
    again = client.post(f"{address}/reopen")
    assert again.status_code == 422
    assert "is open" in again.text


def test_who_may_not_close_does_not_open_again(client: Client, country: Country) -> None:
    sign_in_as(client, make_officer(country.district))
    client.post(
        f"/en/commissions/{country.precinct.id}/arrange", data={"do": "close", "close-on": today(), "sure": "1"}
    )
    db.session.get_one(Commission, country.district.id).closed_on = clock.today()
    db.session.commit()
    assert "/reopen" not in client.get(f"/en/commissions/{country.district.id}").text
    for method in ("get", "post"):
        assert getattr(client, method)(f"/en/commissions/{country.district.id}/reopen").status_code == 404
    refused = client.post(f"/en/commissions/{country.precinct.id}/reopen")
    assert refused.status_code == 422
    assert "the commission above it, is closed" in refused.text


@pytest.mark.parametrize("day", ["2099-01-01", "1900-01-01"])
@pytest.mark.parametrize("what", ["move", "close", "seats"])
def test_a_day_that_cannot_be_is_said_where_it_was_typed(
    client: Client, country: Country, officer: Account, what: str, day: str
) -> None:
    data = {
        "do": what,
        "move-parent": "KZ-01-02",
        "move-since": day,
        "close-on": day,
        "seats-seats": "9",
        "seats-since": day,
    }
    for sure in ({}, {"sure": "1"}):
        page = client.post(f"/en/commissions/{country.second_precinct.id}/arrange", data={**data, **sure})
        assert page.status_code == 422
        assert ("Come back on that day" if day > today() else "Choose that day or a later one") in page.text
        assert f'value="{day}"' in page.text
    place = db.session.get_one(Commission, country.second_precinct.id)
    assert (place.parent_id, place.closed_on, count_seats(place.id)) == (country.district.id, None, 7)


@pytest.mark.parametrize("page", ["below/new", "arrange"])
def test_only_officers_above_may(client: Client, country: Country, page: str) -> None:
    for account in (
        make_officer(country.sister_district),
        make_officer(country.region, Role.TRAINER),
        make_officer(country.central, Role.METHODOLOGIST),
        make_member(country.precinct),
    ):
        sign_in_as(client, account)
        address = f"/en/commissions/{country.district.id}/{page}"
        assert client.get(address).status_code == 404
        assert client.post(address, data=PRECINCT).status_code == 404
    sign_in_as(client, make_officer(country.district))
    assert client.get(f"/en/commissions/{country.district.id}/arrange").status_code == 404
    assert client.get(f"/en/commissions/{country.precinct.id}/arrange").status_code == 200


def test_forms_from_elsewhere_are_refused(strict_client: Client, country: Country) -> None:
    sign_in_as(strict_client, make_officer(country.region))
    data = {"do": "close", "close-on": today()}
    assert strict_client.post(f"/en/commissions/{country.precinct.id}/arrange", data=data).status_code == 400


def test_no_name_that_was_typed_vanishes(client: Client, country: Country, officer: Account) -> None:
    """A precinct is called by its number when no name is typed; one name alone is asked to be completed."""
    address = f"/en/commissions/{country.district.id}/below/new"
    page = client.post(address, data={**PRECINCT, "ru": "УИК больницы № 3"})
    assert page.status_code == 422
    assert "Type the name in all three languages, or leave all three empty" in page.text
    assert 'value="УИК больницы № 3"' in page.text
    assert find_commission_by_code("KZ-01-01-P99") is None
    whole = {**PRECINCT, "kk": "Аурухана УСК", "ru": "УИК больницы", "en": "Hospital PEC"}
    assert client.post(address, data=whole).status_code == 302
    made = find_commission_by_code("KZ-01-01-P99")
    assert made is not None
    assert {row.language: row.name for row in made.names} == {one: whole[one] for one in ("kk", "ru", "en")}


def test_a_number_in_the_name_of_a_new_precinct_is_asked_about(
    client: Client, country: Country, officer: Account
) -> None:
    address = f"/en/commissions/{country.district.id}/below/new"
    named = {**PRECINCT, "kk": "№ 1 УСК, мектеп", "ru": "УИК № 1, школа", "en": "PEC No. 1, school"}
    asked = client.post(address, data=named)
    assert asked.status_code == 422
    assert "has this number or name already" in asked.text


def test_a_name_of_another_level_of_the_region_is_asked_about(
    client: Client, country: Country, officer: Account
) -> None:
    name = next(row.name for row in country.sister_district.names if row.language == "ru")
    address = f"/en/commissions/{country.precinct.id}/arrange"
    names = {"do": "names", "names-kk": "Орталық УСК", "names-ru": name, "names-en": "Central PEC"}
    asked = client.post(address, data=names)
    assert asked.status_code == 422
    assert f"(code {country.sister_district.code}) in this region has this number or name already" in asked.text
    sure = {"names-asked": asked_of(asked.text, "names-asked"), "names-sure": "y"}
    assert client.post(address, data={**names, **sure}).status_code == 302
    new = f"/en/commissions/{country.district.id}/below/new"
    assert "has this number or name" in client.post(new, data={**PRECINCT, "kk": "Б", "ru": name, "en": "C"}).text
