"""Somebody who holds a role and no seat is brought in by an administrator of the central commission alone."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.accounts.queries import find_account_of
from lms.commissions.actions import revoke_role
from lms.commissions.names import name_of
from lms.commissions.permissions import SYSTEM, scope_of
from lms.commissions.queries import find_seat_of
from lms.commissions.rules import Role
from lms.commissions.slips import find_slip_time
from lms.commissions.staff import bring_in
from lms.core import clock
from lms.core.audit.models import AuditEntry
from lms.core.database.base import db
from lms.core.errors import Forbidden
from lms.people.actions import NewPerson, add_people
from lms.people.models import Person
from tests.conftest import Client
from tests.factories.commissions import (
    Country,
    give_phone,
    make_country,
    make_member,
    make_officer,
    make_person,
    scope,
    seat,
    sign_in_as,
)

KNOWN = {"surname": "Тексерова", "given_name": "Сауле", "patronymic": "", "phone": "+77011234567", "language": "ru"}


@pytest.fixture
def country(app: Flask) -> Country:
    """The small cascade."""
    return make_country()


def count_people() -> int:
    """How many people are known."""
    return db.session.scalar(select(func.count()).select_from(Person)) or 0


def test_an_administrator_brings_in_an_auditor_who_sits_nowhere(country: Country) -> None:
    head = make_officer(country.central, Role.CEC_ADMINISTRATOR)
    account = bring_in(commission=country.central, role=Role.AUDITOR, known=KNOWN, by=scope(head))
    assert {name: getattr(account.person, name) for name in KNOWN} == KNOWN
    assert account.password_hash is None
    assert find_seat_of(account.person_id) is None
    assert scope_of(account).grants == {(Role.AUDITOR, country.central.id)}


def test_officers_bring_nobody_in(country: Country) -> None:
    before = count_people()
    with pytest.raises(Forbidden):
        bring_in(commission=country.district, role=Role.TRAINER, known=KNOWN, by=scope(make_officer(country.region)))
    assert count_people() == before + 1, "the officer alone"


def sent(**changed: Any) -> dict[str, Any]:
    """What the form sends."""
    return {**KNOWN, "role": "auditor", "first": "", "last": "", **changed}


def test_the_page_leads_to_where_the_slip_is_printed(client: Client, country: Country) -> None:
    sign_in_as(client, make_officer(country.central, Role.CEC_ADMINISTRATOR))
    address = f"/en/commissions/{country.central.id}/roles/new"
    assert address in client.get(f"/en/commissions/{country.central.id}/roles").text
    assert client.get(address).status_code == 200
    answer = client.post(address, data=sent())
    person = db.session.scalars(select(Person).where(Person.surname == KNOWN["surname"])).one()
    assert answer.headers["Location"] == f"/en/people/{person.id}"
    page = client.get(f"/en/people/{person.id}").text
    assert "Тексерова Сауле is now: auditor." in page
    account = find_account_of(person.id)
    assert account is not None
    assert account.login in page
    assert client.post(f"/en/people/{person.id}/slip", data={"known": ""}).mimetype == "application/pdf"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"surname": ""}, "Type the surname."),
        ({"surname": "4"}, "name"),
        ({"phone": "12"}, "phone"),
        ({"role": "king"}, "You cannot give this role here."),
        ({"last": "2001-01-01"}, "day"),
        ({"given_name": "x" * 300}, "too long"),
    ],
)
def test_what_is_wrong_is_said_and_nobody_is_made(
    client: Client, country: Country, changed: dict[str, str], sentence: str
) -> None:
    sign_in_as(client, make_officer(country.central, Role.CEC_ADMINISTRATOR))
    before = count_people()
    answer = client.post(f"/en/commissions/{country.central.id}/roles/new", data=sent(**changed))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Сауле" in answer.text or "given_name" in changed
    db.session.rollback()
    assert count_people() == before


def test_a_role_may_begin_later(client: Client, country: Country) -> None:
    sign_in_as(client, make_officer(country.central, Role.CEC_ADMINISTRATOR))
    first = (clock.today() + timedelta(days=3)).isoformat()
    page = client.post(
        f"/en/commissions/{country.region.id}/roles/new",
        data=sent(role="reporting_officer", first=first),
        follow_redirects=True,
    )
    assert "will be: reporting officer, from" in page.text


def test_nobody_else_finds_the_page(client: Client, country: Country) -> None:
    for account in (make_officer(country.region), make_officer(country.central, Role.METHODOLOGIST)):
        sign_in_as(client, account)
        assert client.get(f"/en/commissions/{country.region.id}/roles/new").status_code == 404
        assert "Bring in somebody new" not in client.get(f"/en/commissions/{country.region.id}/roles").text


def test_where_no_role_can_stand_nobody_is_brought_in(client: Client, country: Country) -> None:
    sign_in_as(client, make_officer(country.central, Role.CEC_ADMINISTRATOR))
    for answer in (
        client.get(f"/en/commissions/{country.precinct.id}/roles/new"),
        client.post(f"/en/commissions/{country.precinct.id}/roles/new", data=sent()),
    ):
        assert answer.status_code == 422
        assert "No role is given at this commission." in answer.text


def bring(client: Client, country: Country, **changed: Any) -> tuple[int, str]:
    """How an administrator who brings somebody in is answered."""
    answer = client.post(f"/en/commissions/{country.central.id}/roles/new", data=sent(**changed))
    return answer.status_code, answer.text


@pytest.mark.parametrize(
    "typed",
    [
        {"surname": "Серикова", "given_name": "Айгуль", "phone": ""},
        {"surname": "Айгүл", "given_name": "Серікова", "patronymic": "Маратқызы"},
        {"phone": "8 701 444 91 82"},
    ],
)
def test_whoever_is_known_already_is_named_and_may_get_the_role_instead(
    client: Client, country: Country, typed: dict[str, str]
) -> None:
    member = make_member(country.precinct)
    give_phone(member, "+77014449182")
    sign_in_as(client, make_officer(country.central, Role.CEC_ADMINISTRATOR))
    before = count_people()
    status, page = bring(client, country, **typed)
    assert status == 422
    assert "is known already" in page
    assert member.person.full_name in page
    assert f"member, {name_of(country.precinct)}" in page
    give = f"/en/commissions/{country.central.id}/roles?account={member.id}&amp;role=auditor"
    assert f'href="{give}#login"' in page
    assert f'value="{member.login}"' in client.get(give.replace("&amp;", "&")).text
    assert count_people() == before


def asked_of(page: str) -> str:
    """Of what the page asks whether it is somebody else."""
    found = re.search(r'name="asked"[^>]* value="([^"]*)"', page)
    assert found is not None
    return html.unescape(found[1])


def test_it_may_be_somebody_else(client: Client, country: Country) -> None:
    make_member(country.precinct)
    sign_in_as(client, make_officer(country.central, Role.CEC_ADMINISTRATOR))
    names, before = {"surname": "Серікова", "given_name": "Айгүл"}, count_people()
    assert bring(client, country, **names, sure="y")[0] == 422, "it was not asked yet"
    asked = asked_of(bring(client, country, **names)[1])
    assert bring(client, country, **names, asked=asked)[0] == 422
    assert bring(client, country, **{**names, "given_name": "Айгул"}, asked=asked, sure="y")[0] == 422, "typed anew"
    assert count_people() == before
    assert bring(client, country, **names, asked=asked, sure="y")[0] == 302
    assert count_people() == before + 1


def test_a_former_holder_is_known_and_a_namesake_by_another_patronymic_is_not(client: Client, country: Country) -> None:
    head = make_officer(country.central, Role.CEC_ADMINISTRATOR)
    account = bring_in(commission=country.central, role=Role.AUDITOR, known=KNOWN, by=scope(head))
    revoke_role(account=account, role=Role.AUDITOR, commission=country.central, by=scope(head))
    make_member(country.precinct, surname="Ким", given_name="Олег", patronymic="Иванович")
    sign_in_as(client, head)
    status, page = bring(client, country)
    assert status == 422
    assert f"roles?account={account.id}&amp;" in page
    assert bring(client, country, surname="Ким", given_name="Олег", patronymic="Петрович", phone="")[0] == 302


def test_of_somebody_whom_nobody_reaches_it_is_said_only_that_they_are_known(client: Client, country: Country) -> None:
    add_people(people=[NewPerson("900101300017", "Резервова", "Анна", "", "+77010001122")], by=SYSTEM)
    sign_in_as(client, make_officer(country.central, Role.CEC_ADMINISTRATOR))
    status, page = bring(client, country, surname="Резервова", given_name="Анна")
    assert status == 422
    assert "If it is somebody else, tick that below" in page
    assert "77010001122" not in page
    assert "Known already" not in page


def test_the_first_slip_is_given_as_the_first(client: Client, country: Country) -> None:
    """Nothing is taken back, nobody had to make sure who asks, and the record says so."""
    head = make_officer(country.central, Role.CEC_ADMINISTRATOR)
    account = bring_in(commission=country.central, role=Role.AUDITOR, known=KNOWN, by=scope(head))
    sign_in_as(client, head)
    address = f"/en/people/{account.person_id}"
    page = client.get(address).text
    assert "First sign-in slip" in page
    for words in ("Lost the slip", "takes back the old password", "How you made sure", "Print a new slip"):
        assert words not in page
    assert client.post(f"{address}/slip", data={"known": ""}).mimetype == "application/pdf"
    acts = set(db.session.scalars(select(AuditEntry.action).where(AuditEntry.subject == f"account:{account.id}")))
    assert "accounts.slip_printed" in acts
    assert "accounts.access_reset" not in acts
    page = client.get(address).text
    assert "Lost the slip" in page
    assert "How you made sure" in page
    slip_at = find_slip_time(account.id)
    assert slip_at is not None
    known = {"known": slip_at.isoformat()}
    assert client.post(f"{address}/slip", data=known).status_code == 422, "the second one is asked for by somebody"
    assert client.post(f"{address}/slip", data={**known, "reason": "came with her passport"}).status_code == 200


def test_a_first_slip_too_is_given_downwards_only(client: Client, country: Country) -> None:
    head = make_officer(country.central, Role.CEC_ADMINISTRATOR)
    account = bring_in(commission=country.district, role=Role.TERRITORIAL_OFFICER, known=KNOWN, by=scope(head))
    sign_in_as(client, make_officer(country.district))
    page = client.get(f"/en/people/{account.person_id}").text
    assert "Only the commission above can give them a new slip." in page
    assert client.post(f"/en/people/{account.person_id}/slip", data={"known": ""}).status_code == 403
    assert find_slip_time(account.id) is None


def test_a_member_without_a_login_gets_a_first_slip(client: Client, country: Country) -> None:
    person = make_person()
    seat(person, country.precinct)
    sign_in_as(client, make_officer(country.district))
    assert "First sign-in slip" in client.get(f"/en/people/{person.id}").text
