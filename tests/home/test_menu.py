"""The menu leads everyone to what is open to them, and where nobody is above the words say so."""

from __future__ import annotations

import pytest
from flask import Flask

from lms.campaigns.queries import get_open_campaign
from lms.commissions.actions import grant_role
from lms.commissions.permissions import SYSTEM
from lms.commissions.rules import CENTRAL_ROLES, Role
from tests.conftest import Client
from tests.factories.commissions import Country, make_country, make_member, make_officer, sign_in_as


@pytest.fixture
def country(app: Flask) -> Country:
    """The small cascade."""
    return make_country()


def test_who_reads_finds_commissions_and_the_auditor_the_record(client: Client, country: Country) -> None:
    links = {"commissions": 'href="/en/commissions"', "record": 'href="/en/record"', "desk": 'href="/en/desk"'}
    for role, expected in {
        Role.REPORTING_OFFICER: {"commissions"},
        Role.AUDITOR: {"commissions", "record"},
        Role.TERRITORIAL_OFFICER: {"commissions", "desk"},
        Role.TRAINER: set(),
    }.items():
        sign_in_as(client, make_officer(country.region, role))
        page = client.get("/en/account").text
        assert {name for name, link in links.items() if link in page} == expected, role


def test_the_record_opens_at_the_top_of_the_own_branch(client: Client, country: Country) -> None:
    sign_in_as(client, make_officer(country.region, Role.AUDITOR))
    answer = client.get("/en/record")
    assert answer.headers["Location"] == f"/en/commissions/{country.region.id}/record"
    assert client.get("/en/record", follow_redirects=True).status_code == 200


def test_with_several_branches_one_is_chosen(client: Client, country: Country) -> None:
    auditor = make_officer(country.district, Role.AUDITOR)
    grant_role(account=auditor, role=Role.AUDITOR, commission=country.sister_district, by=SYSTEM)
    grant_role(account=auditor, role=Role.TRAINER, commission=country.sister_region, by=SYSTEM)
    sign_in_as(client, auditor)
    page = client.get("/en/record").text
    for place, there in ((country.district, True), (country.sister_district, True), (country.sister_region, False)):
        assert (f'href="/en/commissions/{place.id}/record"' in page) is there


def test_an_auditor_of_the_central_commission_reads_the_campaigns(client: Client, country: Country) -> None:
    sign_in_as(client, make_officer(country.central, Role.AUDITOR))
    page = client.get("/en/campaigns")
    assert page.status_code == 200
    assert "Election" in page.text
    assert "/campaigns/rules" not in page.text
    assert "/campaigns/next" not in page.text
    assert client.get(f"/en/campaigns/{get_open_campaign().id}").status_code == 200
    assert 'href="/en/campaigns"' in page.text
    assert [client.get(f"/en/campaigns/{one}").status_code for one in ("rules", "next")] == [404, 404]
    sign_in_as(client, make_officer(country.region, Role.AUDITOR))
    for address in ("/en/campaigns", f"/en/campaigns/{get_open_campaign().id}"):
        assert client.get(address).status_code == 404
    assert 'href="/en/campaigns"' not in client.get("/en/account").text


WHOM = {
    Role.CEC_ADMINISTRATOR: "another administrator of the central commission",
    Role.METHODOLOGIST: "an administrator of the central commission",
    Role.AUDITOR: "an administrator of the central commission",
    Role.TERRITORIAL_OFFICER: "the commission above yours",
}


@pytest.mark.parametrize("role", WHOM)
def test_everyone_is_told_whom_to_ask(client: Client, country: Country, role: Role) -> None:
    sign_in_as(client, make_officer(country.central if role in CENTRAL_ROLES else country.region, role))
    account = client.get("/en/account").text
    assert f"Is something wrong here? Tell {WHOM[role]}." in account
    with client.session_transaction() as session:
        session.pop("2")
    second = client.get("/en/second-factor").text.lower()
    assert f"lost your phone? {WHOM[role]} can give you a new slip" in second
    assert ("whoever runs the server" in second) is (role is Role.CEC_ADMINISTRATOR)


def test_a_member_tells_the_officer_of_the_territory(client: Client, country: Country) -> None:
    sign_in_as(client, make_member(country.precinct))
    assert "Tell the officer of your territorial commission." in client.get("/en/account").text
