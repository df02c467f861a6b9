"""Pages of commissions: slips, roles, members; who is refused what."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from lms.accounts.models import OneTimeCode
from lms.commissions.errors import sentence_of
from lms.commissions.rules import Office, Role, SeatFault
from lms.core.database.base import db
from lms.core.web.languages import date_in_full, speaking
from tests.conftest import Client
from tests.factories.commissions import make_country, make_member, make_officer, make_person, seat, sign_in_as


def test_slips_are_for_those_who_never_signed_in(app: Flask, client: Client) -> None:
    country = make_country()
    make_member(country.precinct)
    for office in (Office.CHAIR, Office.SECRETARY):
        seat(make_person(), country.precinct, office)
    sign_in_as(client, make_officer(country.district))
    address = f"/en/commissions/{country.precinct.id}/slips"
    page = client.get(address)
    assert "2 people have no slip yet" in page.text
    assert "1 person has signed in already" in page.text
    assert "No unused slip is out." in page.text
    members = f"/en/commissions/{country.precinct.id}"
    assert [client.get(members).text.count(said) for said in ("no slip yet", "has a slip")] == [2, 0]
    sheet = client.post(address)
    assert [client.get(members).text.count(said) for said in ("no slip yet", "has a slip")] == [0, 2]
    assert sheet.mimetype == "application/pdf"
    assert sheet.data.startswith(b"%PDF")
    assert working_codes() == 2


def test_printing_again_leaves_slips_that_were_handed_out(app: Flask, client: Client) -> None:
    country = make_country()
    seat(make_person(), country.precinct)
    sign_in_as(client, make_officer(country.district))
    address = f"/en/commissions/{country.precinct.id}/slips"
    client.post(address)
    first = db.session.query(OneTimeCode).one()
    assert client.post(address).status_code == 422
    seat(make_person(), country.precinct)
    assert "1 person has no slip yet" in client.get(address).text
    client.post(address)
    assert first.revoked_at is None
    assert working_codes() == 2
    client.post(address, data={"who": "all"})
    assert first.revoked_at is not None
    assert working_codes() == 2


def working_codes() -> int:
    """How many one-time codes work."""
    return db.session.query(OneTimeCode).filter(OneTimeCode.revoked_at.is_(None)).count()


def test_a_new_slip_takes_the_old_password_back(app: Flask, client: Client) -> None:
    country = make_country()
    member = make_member(country.precinct)
    sign_in_as(client, make_officer(country.district))
    assert client.post(f"/en/people/{member.person_id}/slip").mimetype == "application/pdf"
    assert member.password_hash is None
    assert member.session_version == 2
    assert "is not used yet" in client.get(f"/en/people/{member.person_id}").text


def test_an_officer_gives_no_slip_to_someone_stronger(app: Flask, client: Client) -> None:
    country = make_country()
    above = make_officer(country.region)
    seat(above.person, country.precinct)
    sign_in_as(client, make_officer(country.district))
    assert client.post(f"/en/people/{above.person_id}/slip").status_code == 403
    assert above.password_hash == "set"


def test_no_slip_is_printed_beside_for_someone_stronger(app: Flask, client: Client) -> None:
    """Whoever holds the slip of a person signs in as them."""
    country = make_country()
    above, trainer = make_officer(country.region), make_officer(country.district, Role.TRAINER)
    for account in (above, trainer):
        seat(account.person, country.precinct)
        account.password_hash = None
    sign_in_as(client, make_officer(country.district))
    address = f"/en/commissions/{country.precinct.id}/slips"
    assert "2 people hold a role" in client.get(address).text
    assert client.post(address, data={"who": "all"}).status_code == 422
    assert working_codes() == 0
    sign_in_as(client, make_officer(country.region))
    assert "1 person holds a role" in client.get(address).text
    assert client.post(address).mimetype == "application/pdf"
    assert db.session.query(OneTimeCode).one().account_id == trainer.id


def test_sister_officers_trainers_members_and_strangers_are_kept_out(app: Flask, client: Client) -> None:
    country = make_country()
    member = make_member(country.precinct)
    addresses = [
        f"/en/commissions/{country.precinct.id}",
        f"/en/commissions/{country.precinct.id}/slips",
        f"/en/commissions/{country.district.id}/roles",
        f"/en/people/{member.person_id}",
    ]
    for account in (make_officer(country.sister_district), member, make_officer(country.sister_region)):
        sign_in_as(client, account)
        assert [client.get(address).status_code for address in addresses] == [404] * 4
    sign_in_as(client, make_officer(country.district, Role.TRAINER))
    assert [client.get(address).status_code for address in addresses] == [200, 404, 404, 200]
    client.post("/en/sign-out")
    assert {client.get(address).headers["Location"].split("?")[0] for address in addresses} == {"/en/sign-in"}


def test_roles_are_given_and_taken_after_a_question(app: Flask, client: Client) -> None:
    country = make_country()
    member = make_member(country.precinct, surname="Бекова")
    sign_in_as(client, make_officer(country.region))
    address = f"/en/commissions/{country.district.id}/roles"
    asked = {"role": "trainer", "login": member.login}
    assert client.post(address, data={"role": "trainer", "login": "nobody"}).status_code == 422
    assert client.post(address, data={"role": "cec_administrator", "login": member.login}).status_code == 422
    question = client.post(address, data=asked)
    assert (question.status_code, "Is this the right person?" in question.text) == (200, True)
    assert member.person.full_name in question.text
    assert member.login not in client.get(address).text
    assert client.post(address, data={**asked, "sure": "1"}).status_code == 302
    assert member.login in client.get(address).text
    held = {"role": "trainer", "account": member.id}
    question = client.get(f"{address}/revoke", query_string=held)
    assert "Take this role away?" in question.text
    assert member.person.full_name in question.text
    assert member.login in client.get(address).text
    told = client.post(f"{address}/revoke", data=held, follow_redirects=True).text
    assert f"The role “trainer” is taken away from {member.person.full_name}" in told
    assert client.get(f"{address}/revoke", query_string=held).status_code == 422
    assert client.get(f"{address}/revoke", query_string={"role": "king", "account": member.id}).status_code == 404


def test_the_card_of_a_member_leads_to_the_training_of_the_commission_and_to_the_record(
    app: Flask, client: Client
) -> None:
    country = make_country()
    member = make_member(country.precinct)
    links = {Role.TERRITORIAL_OFFICER: True, Role.AUDITOR: True, Role.TRAINER: False}
    for role, sees in links.items():
        sign_in_as(client, make_officer(country.district, role))
        page = client.get(f"/en/people/{member.person_id}").text
        assert "Training of the commission" in page
        assert (f"/people/{member.person_id}/record" in page) is sees, role


@pytest.mark.parametrize("fault", [SeatFault.BEFORE_SEAT, SeatFault.OVERLAPS])
def test_a_russian_date_ends_no_sentence_twice(fault: SeatFault) -> None:
    with speaking("ru"):
        said = sentence_of(fault, {"day": date_in_full(date(2024, 12, 26))})
    assert "26 декабря 2024 года" in said
    assert ".." not in said
