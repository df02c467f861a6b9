"""Pages of personal data: who sees and changes terms, one person erased by hand, each refusal in words."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from lms.commissions.rules import Role
from lms.core.database.base import db
from lms.people.vault import seal_text
from lms.retention import queries
from lms.retention.schedule import BY_CODE, SCHEDULE
from tests.conftest import Client
from tests.factories.canary import NAMES, NUMBER, Canary, make_canary, row, send
from tests.factories.commissions import Country, make_country, make_member, make_officer, sign_in_as
from tests.factories.curriculum import make_course


@pytest.fixture
def country(app: Flask, client: Client) -> Country:
    """The small cascade; its administrator is signed in."""
    country = make_country()
    make_course()
    country.head.totp_encrypted = seal_text("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    sign_in_as(client, country.head)
    return country


@pytest.fixture
def canary(country: Country) -> Canary:
    found = make_canary(country)
    db.session.commit()
    return found


def terms(**changes: Any) -> dict[str, Any]:
    """What the form sends."""
    return {**{one.code: queries.find_days(one) for one in SCHEDULE if not one.term.is_fixed}, **changes}


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_schedule_is_read_by_auditors_and_changed_by_administrators(
    client: Client, country: Country, language: str
) -> None:
    page = client.get(f"/{language}/retention").text
    assert 'name="codes"' in page
    assert "%(" not in page
    sign_in_as(client, make_officer(country.central, Role.AUDITOR))
    page = client.get(f"/{language}/retention").text
    assert page.count("<tr>") == 1 + len(SCHEDULE)
    assert "<input" not in page.split("<main")[1]
    assert client.post(f"/{language}/retention", data=terms(codes=5)).status_code == 404
    assert queries.find_days(BY_CODE["codes"]) == 30


def test_terms_are_changed(client: Client, country: Country) -> None:
    assert client.post("/en/retention", data=terms(codes=5)).status_code == 302
    assert queries.find_days(BY_CODE["codes"]) == 5
    assert "The terms are kept" in client.get("/en/retention").text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("0", "from 1 to 365"),
        ("366", "from 1 to 365"),
        ("x", "Type digits only"),
        ("", "Type a number"),
        ("9" * 30, "from 1"),
    ],
)
def test_a_wrong_term_is_refused_and_stays_typed(client: Client, country: Country, typed: str, sentence: str) -> None:
    page = client.post("/en/retention", data=terms(codes=typed, calls=30))
    assert page.status_code == 422
    assert sentence in page.text
    assert f'value="{typed}"' in page.text
    assert 'value="30"' in page.text
    assert queries.find_days(BY_CODE["calls"]) == 90


def test_a_person_is_found_by_number_shown_and_erased(client: Client, canary: Canary) -> None:
    found = client.post("/en/retention/person", data={"number": NUMBER})
    address = f"/en/people/{canary.person.id}/erase"
    assert found.headers["Location"].endswith(address)
    assert NUMBER not in found.headers["Location"]
    page = client.get(address).text
    for words in ("the name;", "identity number", "2 rosters", "note about a call", "entries of the record", "1 entry"):
        assert words in page
    refused = client.post(address, data={"reason": " "})
    assert refused.status_code == 422
    assert "who asked for it" in refused.text
    long = client.post(address, data={"reason": "x" * 301})
    assert (long.status_code, "within 300 characters" in long.text, "x" * 301 in long.text) == (422, True, True)
    assert client.post(address, data={"reason": "a request of 3 March"}).status_code == 302
    page = client.get(address).text
    assert "Personal data is erased" in page
    assert "<textarea" not in page
    assert not any(name in page for name in NAMES)
    assert client.post(address, data={"reason": "once more"}).status_code == 422
    assert "or it was erased" in client.post("/en/retention/person", data={"number": NUMBER}).text
    history = client.get(f"/en/people/{canary.person.id}/seats").text
    assert "(name erased)" in history


@pytest.mark.parametrize(
    ("number", "sentence"),
    [("", "12 digits"), ("123", "Count them once more"), ("840515300012", "One of the digits is wrong")],
)
def test_a_number_that_cannot_be(client: Client, country: Country, number: str, sentence: str) -> None:
    page = client.post("/en/retention/person", data={"number": number})
    assert page.status_code == 422
    assert sentence in page.text
    assert f'value="{number}"' in page.text


def test_each_hindrance_is_said(client: Client, canary: Canary, country: Country) -> None:
    member = make_member(country.precinct)
    waiting = send(country, row())
    db.session.commit()
    for person_id, words in (
        (member.person_id, "holds a seat"),
        (country.head.person_id, "holds a role"),
        (canary.person.id, f"names this person: No. {waiting.id}."),
    ):
        address = f"/en/people/{person_id}/erase"
        page = client.get(address).text
        assert words in page
        assert "<textarea" not in page
        assert client.post(address, data={"reason": "a request"}).status_code == 422
    assert client.get("/en/people/999999/erase").status_code == 404


def test_others_find_nothing_there(client: Client, canary: Canary, country: Country) -> None:
    address = f"/en/people/{canary.person.id}/erase"
    for account in (make_officer(country.region), make_officer(country.central, Role.AUDITOR)):
        sign_in_as(client, account)
        assert client.get(address).status_code == 404
        assert client.post(address, data={"reason": "a request"}).status_code == 404
        assert client.post("/en/retention/person", data={"number": NUMBER}).status_code == 404
    sign_in_as(client, make_officer(country.region))
    assert client.get("/en/retention").status_code == 404


def test_a_roster_of_which_the_rows_are_gone_says_so(client: Client, canary: Canary, country: Country) -> None:
    client.post(f"/en/people/{canary.person.id}/erase", data={"reason": "a request"})
    for one in canary.applied:
        page = client.get(f"/en/rosters/{one.id}").text
        assert "were erased on" in page
        assert f"/rosters/{one.id}/undo" not in page
        undo = client.get(f"/en/rosters/{one.id}/undo").text
        assert "can neither be read again nor undone" in undo
