"""The record of a person and a commission: read by those who look after them; every kind of act has words."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from lms.commissions.rules import Role
from lms.core.config import ROOT
from lms.home.record_words import ACTS
from tests.conftest import Client
from tests.factories.commissions import Country, make_country, make_member, make_officer, sign_in_as
from tests.factories.seats import replaced

RECORDED = re.compile(r"record(?:_all|_changes)?\(\s*\"([a-z_]+\.[a-z_]+)\"")


@pytest.fixture
def country(app: Flask) -> Country:
    """The small cascade."""
    return make_country()


def test_every_kind_of_act_has_words() -> None:
    recorded = {name for path in (ROOT / "lms").rglob("*.py") for name in RECORDED.findall(path.read_text())}
    assert len(recorded) > 50
    assert recorded - ACTS.keys() == set()


def test_a_commission_tells_who_did_what(client: Client, country: Country) -> None:
    member = make_member(country.precinct)
    officer = make_officer(country.district)
    from lms.commissions.permissions import scope_of

    replaced(member, by=scope_of(officer))
    sign_in_as(client, officer)
    page = client.get(f"/en/commissions/{country.precinct.id}/record").text
    assert "a member replaced" in page
    assert officer.login in page
    assert "commission made" in page


def test_a_person_tells_what_was_corrected(client: Client, country: Country) -> None:
    member = make_member(country.precinct, surname="Бекова")
    sign_in_as(client, make_officer(country.district))
    data = {"surname": "Бекенова", "given_name": "Айгүл", "patronymic": "", "language": "kk", "phone": "", "email": ""}
    client.post(f"/en/people/{member.person_id}/correct", data=data)
    page = client.get(f"/en/people/{member.person_id}/record").text
    assert "personal data corrected" in page
    assert "Бекова → Бекенова" in page


def test_others_find_no_record(client: Client, country: Country) -> None:
    member = make_member(country.precinct)
    for account in (
        make_officer(country.sister_district),
        make_officer(country.district, Role.TRAINER),
        make_officer(country.central, Role.METHODOLOGIST),
        member,
    ):
        sign_in_as(client, account)
        assert client.get(f"/en/people/{member.person_id}/record").status_code == 404
        assert client.get(f"/en/commissions/{country.precinct.id}/record").status_code == 404
