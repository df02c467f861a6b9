"""A person's own data taken out for them: what they would get themselves and no more, by whom, why."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from lms.accounts.models import Account
from lms.commissions.permissions import scope_of
from lms.commissions.rules import Role
from lms.core.audit.models import AuditEntry, AuditValue
from lms.core.database.base import db
from lms.core.errors import Forbidden, Refused
from lms.people.vault import seal_text
from lms.retention.actions import give_out
from tests.conftest import Client
from tests.factories.canary import NUMBER, Canary, make_canary
from tests.factories.commissions import Country, make_country, make_member, make_officer, make_person, seat, sign_in_as
from tests.factories.curriculum import make_course

REASON = "asked on paper on 3 March"


@pytest.fixture
def country(app: Flask, client: Client) -> Country:
    """The small cascade; its administrator is signed in."""
    country = make_country()
    make_course()
    country.head.totp_encrypted = seal_text("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    sign_in_as(client, country.head)
    return country


def taken(client: Client, person_id: int, **data: Any) -> Any:
    """The answer to a request for the file."""
    return client.post(f"/en/people/{person_id}/give-out", data={"reason": REASON, **data})


def test_the_file_is_the_one_that_the_person_would_take(client: Client, country: Country) -> None:
    member = make_member(country.precinct, surname="Сұраушы", language="en")
    answer = taken(client, member.person_id)
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Сұраушы" not in answer.headers["Content-Disposition"], "a name in a list of downloads is one too many"
    theirs = json.loads(answer.text)
    sign_in_as(client, member)
    own = json.loads(client.get("/en/account/data.json").text)
    assert own["done_to_you"].pop()["action"] == "home.own_data_taken"
    assert own.pop("done_by_you") != theirs.pop("done_by_you"), "of the taking itself"
    own.pop("sessions"), theirs.pop("sessions")
    assert theirs == own


def test_who_took_it_and_why_is_recorded_and_told_to_the_person(client: Client, country: Country) -> None:
    member = make_member(country.precinct, language="en")
    told = json.loads(taken(client, member.person_id).text)["done_to_you"][-1]
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "retention.given_out")).one()
    value = db.session.scalars(select(AuditValue).where(AuditValue.entry_id == entry.id)).one()
    assert (entry.account_id, entry.subject) == (country.head.id, f"person:{member.person_id}")
    assert (value.field, value.after) == ("reason", REASON)
    assert told["what"] == "own data taken out for the person"
    assert REASON in " ".join(told["in_words"])


@pytest.mark.parametrize("reason", ["", "   x "])
def test_without_a_reason_nothing_is_given(client: Client, country: Country, reason: str) -> None:
    member = make_member(country.precinct)
    refused = taken(client, member.person_id, reason=reason)
    assert refused.status_code == 422
    assert "identity_number" not in refused.text
    assert db.session.scalars(select(AuditEntry).where(AuditEntry.action == "retention.given_out")).all() == []
    with pytest.raises(Refused):
        give_out(person=member.person, reason=reason, by=scope_of(country.head))


def test_only_administrators_of_the_central_commission_may(client: Client, country: Country) -> None:
    member = make_member(country.precinct)
    others = [
        make_officer(country.central, Role.AUDITOR),
        make_officer(country.central, Role.METHODOLOGIST),
        make_officer(country.district),
        member,
    ]
    for account in others:
        sign_in_as(client, account)
        assert client.get(f"/en/people/{member.person_id}/give-out").status_code == 404
        assert taken(client, member.person_id).status_code == 404
        assert "give-out" not in client.get(f"/en/people/{member.person_id}").text
        with pytest.raises(Forbidden):
            give_out(person=member.person, reason=REASON, by=scope_of(account))


def test_who_has_no_account_and_who_has_left_is_given_theirs(client: Client, country: Country) -> None:
    person = make_person(surname="Жазғанов")
    seat(person, country.precinct)
    assert db.session.scalars(select(Account).where(Account.person_id == person.id)).all() == []
    found = json.loads(taken(client, person.id).text)
    assert found["person"]["surname"] == "Жазғанов"
    assert found["account"] == {}
    assert [one["office"] for one in found["seats"]] == ["member"]
    assert client.get("/en/people/999999/give-out").status_code == 404


def test_it_can_be_printed_in_the_language_of_the_person(client: Client, country: Country) -> None:
    member = make_member(country.precinct, surname="Оқырман", language="ru")
    page = taken(client, member.person_id, **{"as": "page"})
    assert page.headers["Cache-Control"] == "no-store"
    assert "Оқырман" in page.text
    assert '<section class="panel" lang="ru">' in page.text
    assert "Фамилия" in page.text
    assert "Что хранилось об этом человеке на" in page.text


def test_the_way_there_leads_by_the_number_or_by_the_person(client: Client, country: Country) -> None:
    canary: Canary = make_canary(country)
    db.session.commit()
    page = client.get("/en/retention").text
    assert 'action="/en/retention/person#one-person"' in page, "what is wrong is seen where it was typed"
    assert 'id="one-person"' in page
    found = client.post("/en/retention/person", data={"number": NUMBER, "for": "file"})
    assert found.location.endswith(f"/people/{canary.person.id}/give-out")
    assert client.get(found.location).status_code == 200
    member = make_member(country.precinct)
    assert f"/people/{member.person_id}/give-out" in client.get(f"/en/people/{member.person_id}").text
