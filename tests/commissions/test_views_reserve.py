"""Pages of a reserve: shown to whoever may see who nominates; one choice fills the form of a seat."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from lms.accounts.models import Account
from lms.commissions import reserve
from lms.commissions.actions import grant_role
from lms.commissions.models import ReserveEntry
from lms.commissions.permissions import SYSTEM
from lms.commissions.rules import Role
from lms.core import clock
from tests.commissions.test_reserve import PARTY, put
from tests.conftest import Client
from tests.factories.commissions import (
    WITH_RESERVE,
    Country,
    make_country,
    make_member,
    make_officer,
    sign_in_as,
)
from tests.factories.seats import newcomer, seat_held_by, seat_of, sent


@pytest.fixture
def country(app: Flask) -> Country:
    """The small cascade, in a country that keeps reserves."""
    return make_country(own_file=WITH_RESERVE)


@pytest.fixture
def officer(country: Country, client: Client) -> Account:
    """The district's officer, signed in."""
    account = make_officer(country.district)
    sign_in_as(client, account)
    return account


def page_of(country: Country) -> str:
    return f"/en/commissions/{country.precinct.id}/reserve"


def typed(**changes: Any) -> dict[str, Any]:
    """What the form of the reserve sends."""
    left_out = {"office", "kind"}
    return {**{name: value for name, value in sent().items() if name not in left_out}, "nominated_by": PARTY, **changes}


def test_a_person_is_put_in_and_taken_off(client: Client, country: Country, officer: Account) -> None:
    assert "Nobody waits" in client.get(page_of(country)).text
    assert page_of(country) in client.get(f"/en/commissions/{country.precinct.id}").text
    coming = newcomer(surname="Құралаева")
    done = client.post(f"{page_of(country)}/new", data=typed(number=coming.number, surname="Құралаева"))
    assert done.status_code == 302
    shown = client.get(page_of(country)).text
    assert "Құралаева" in shown
    assert PARTY in shown
    assert coming.number not in shown
    assert "next" in shown
    entry = reserve.list_entries(country.precinct.id)[0]
    address = f"{page_of(country)}/{entry.id}/withdraw"
    assert f'href="{address}"' in shown
    assert "Құралаева" in client.get(address).text
    decision = {"act": "9-р", "act_on": clock.today().isoformat(), "reason": "Moved to another town"}
    for missing, sentence in (("act", "number of the decision"), ("reason", "no longer waits"), ("act_on", "the date")):
        page = client.post(address, data={**decision, missing: ""})
        assert page.status_code == 422
        assert sentence in page.text
    assert "yet to come" in client.post(address, data={**decision, "act_on": "2999-01-01"}).text
    assert entry.ended_on is None
    assert client.post(address, data=decision).status_code == 302
    assert "taken off on" in client.get(page_of(country)).text
    record = client.get(f"/en/commissions/{country.precinct.id}/record").text
    assert "Moved to another town" in record
    assert "9-р" in record


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"number": "1"}, "has 12 digits"),
        ({"nominated_by": ""}, "Type the body that nominates"),
        ({"surname": ""}, "Type the surname"),
        ({"act": ""}, "number of the decision"),
        ({"since": "never"}, "no date"),
        ({"until": "1999-01-01"}, "The last day is over"),
        ({"until": "2999-01-01"}, "at the latest"),
        ({"turn": "0"}, "from 1 to 999"),
        ({"turn": "first"}, "Type digits only"),
        ({"act_on": "2999-01-01"}, "The decision is later"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    client: Client, country: Country, officer: Account, changes: dict[str, Any], sentence: str
) -> None:
    page = client.post(f"{page_of(country)}/new", data=typed(patronymic="Серікқызы", **changes))
    assert page.status_code == 422
    assert sentence in page.text
    assert "Серікқызы" in page.text


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        (Role.AUDITOR, True),
        (Role.TRAINER, False),
        (Role.REPORTING_OFFICER, False),
    ],
)
def test_only_who_may_see_the_party_sees_the_reserve(client: Client, country: Country, role: Role, sees: bool) -> None:
    put(country.precinct, newcomer(surname="Құралаева"))
    sign_in_as(client, make_officer(country.district, role))
    page = client.get(page_of(country))
    assert page.status_code == (200 if sees else 404)
    assert ("Құралаева" in page.text) is sees
    assert (page_of(country) in client.get(f"/en/commissions/{country.precinct.id}").text) is sees
    assert client.get(f"{page_of(country)}/new").status_code == 404


def test_an_officer_elsewhere_who_only_trains_here_sees_none(client: Client, country: Country) -> None:
    put(country.precinct, newcomer(surname="Құралаева"))
    account = make_officer(country.sister_district)
    grant_role(account=account, role=Role.TRAINER, commission=country.district, by=SYSTEM)
    sign_in_as(client, account)
    assert client.get(f"/en/commissions/{country.precinct.id}").status_code == 200
    assert client.get(page_of(country)).status_code == 404
    assert client.get(f"{page_of(country)}/new").status_code == 404
    assert client.get(f"/en/commissions/{country.sister_precinct.id}/reserve").status_code == 200


def waiting_here(country: Country, **known: Any) -> ReserveEntry:
    return put(country.precinct, newcomer(surname="Құралаева", **known))


def test_a_free_seat_is_offered_to_the_next_first_and_one_choice_fills_the_form(
    client: Client, country: Country, officer: Account
) -> None:
    entry = waiting_here(country, patronymic="Маратқызы", phone="+77015550101")
    address = f"/en/commissions/{country.precinct.id}/seat"
    offered = client.get(address).text
    assert "Next in the reserve: Құралаева" in offered
    chosen = f"{address}?reserve={entry.id}"
    assert chosen in offered
    page = client.get(chosen).text
    for known in ('value="Құралаева"', 'value="Маратқызы"', 'value="+77015550101"', f'value="{PARTY}"'):
        assert known in page
    assert "•••• ••••" in page
    assert 'name="number"' not in page
    data = {**sent(surname="Құралаева", nominated_by=PARTY), "number": ""}
    refused = client.post(chosen, data={**data, "act": ""})
    assert refused.status_code == 422
    assert 'name="number"' not in refused.text
    assert client.post(chosen, data=data).status_code == 302
    seat = seat_held_by(entry.person_id)
    assert (seat.commission_id, seat.nominated_by) == (country.precinct.id, PARTY)
    assert entry.end == "entered"
    again = client.post(chosen, data=data)
    assert again.status_code == 422
    assert "no longer waits" in again.text


def test_a_member_is_replaced_out_of_the_reserve(client: Client, country: Country, officer: Account) -> None:
    member = make_member(country.precinct)
    entry = waiting_here(country)
    address = f"/en/people/{member.person_id}/replace"
    assert f"{address}?reserve={entry.id}" in client.get(address).text
    data = {**sent(surname="Құралаева"), "number": ""}
    assert client.post(f"{address}?reserve={entry.id}", data=data).status_code == 302
    assert seat_held_by(entry.person_id).replaces_id is not None
    assert entry.end == "entered"


def test_an_entry_that_is_over_or_anothers_fills_no_form(client: Client, country: Country, officer: Account) -> None:
    entry = waiting_here(country)
    foreign = put(country.sister_precinct)
    entry.valid_from = entry.valid_until = clock.today() - timedelta(days=1)
    address = f"/en/commissions/{country.precinct.id}/seat"
    over = client.get(f"{address}?reserve={entry.id}")
    assert "That time is over" in over.text
    assert "Next in the reserve" not in client.get(address).text
    assert client.get(f"{address}?reserve={foreign.id}").status_code == 404
    assert client.post(f"{page_of(country)}/{foreign.id}/withdraw").status_code == 404
    assert client.get(f"{address}?reserve=x").status_code == 200


def test_where_no_reserve_is_kept_there_is_no_page(app: Flask, client: Client) -> None:
    country = make_country()
    member = make_member(country.precinct)
    sign_in_as(client, make_officer(country.district))
    assert client.get(page_of(country)).status_code == 404
    assert client.get(f"{page_of(country)}/new").status_code == 404
    assert client.post(f"{page_of(country)}/1/withdraw").status_code == 404
    assert client.get(f"/en/people/{member.person_id}/replace?reserve=1").status_code == 404
    assert "Reserve" not in client.get(f"/en/commissions/{country.precinct.id}").text
    assert seat_of(member).ends_on is None
