"""The record of a person and a commission: read by those who look after them; every kind of act has words."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from lms.bank.actions import drop
from lms.commissions.actions import end_appointments
from lms.commissions.permissions import SYSTEM, scope_of
from lms.commissions.rules import Role
from lms.core import clock
from lms.core.audit.actions import record
from lms.core.config import ROOT
from lms.home.record_words import ACTS
from tests.conftest import Client
from tests.factories.bank import make_draft, make_writer
from tests.factories.commissions import Country, make_country, make_member, make_officer, seat, sign_in_as
from tests.factories.curriculum import make_course
from tests.factories.seats import replaced, seat_held_by

RECORDED = re.compile(r"record(?:_all|_changes|_aside)?\(\s*\"([a-z_]+\.[a-z_]+)\"")


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
    replaced(member, by=scope_of(officer))
    sign_in_as(client, officer)
    page = client.get(f"/en/commissions/{country.precinct.id}/record").text
    assert "a member replaced" in page
    assert officer.login in page
    assert "commission made" in page
    assert f'Who left:</span> <a href="/en/people/{member.person_id}/seats">{member.person.full_name}</a>' in page
    assert "Way:</span> elected" in page
    assert "appointment" not in page


def test_a_person_tells_of_the_seats_in_the_readers_branch(client: Client, country: Country) -> None:
    member = make_member(country.precinct)
    came = replaced(member, by=scope_of(make_officer(country.region))).person
    end_appointments(appointments=[seat_held_by(came.id)], on=clock.today(), by=SYSTEM)
    seat(came, country.sister_precinct)
    for officer, sees_both in ((make_officer(country.district), False), (make_officer(country.region), True)):
        sign_in_as(client, officer)
        page = client.get(f"/en/people/{came.id}/record")
        assert page.status_code == 200
        assert "a member replaced" in page.text
        assert ("members seated" in page.text) is sees_both


def test_roles_stand_in_the_record_of_the_commission_too(client: Client, country: Country) -> None:
    trainer = make_officer(country.district, Role.TRAINER)
    make_officer(country.sister_district, Role.TRAINER)
    sign_in_as(client, make_officer(country.region))
    page = client.get(f"/en/commissions/{country.district.id}/record").text
    assert page.count("role given") == 1
    assert f'To whom:</span> <a href="/en/people/{trainer.person_id}/seats">{trainer.person.full_name}</a>' in page
    assert "Role:</span> trainer" in page


def test_numbers_within_the_installation_are_no_days(client: Client, country: Country) -> None:
    member = make_member(country.precinct)
    first = replaced(member).person_id
    sign_in_as(client, make_officer(country.district))
    page = client.get(f"/en/people/{first}/record").text
    assert "people added" in page
    assert "Last day:" not in page
    assert "From:</span> " + str(first) not in page


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


def test_the_work_on_courses_stands_in_the_record_of_the_central_commission(client: Client, country: Country) -> None:
    make_course()
    writer = make_writer(country)
    draft = make_draft(writer)
    drop(draft=draft, by=scope_of(writer))
    sign_in_as(client, make_officer(country.central, Role.AUDITOR))
    page = client.get(f"/en/commissions/{country.central.id}/record").text
    assert "draft of a question dropped" in page
    assert writer.login in page
    assert "draft of a question dropped" not in client.get(f"/en/commissions/{country.region.id}/record").text


def test_the_record_of_everything_is_for_whose_branch_is_the_country(client: Client, country: Country) -> None:
    head, officer = make_officer(country.central, Role.CEC_ADMINISTRATOR), make_officer(country.region)
    record(
        "campaigns.election_day_set", by=scope_of(head), subject="campaign:1", before="2026-11-20", after="2026-11-29"
    )
    record("retention.term_set", by=SYSTEM, subject="retention:sessions")
    for account in (officer, make_officer(country.region, Role.AUDITOR)):
        sign_in_as(client, account)
        answer = client.get("/en/record?of=campaign:1")
        assert answer.headers["Location"] == f"/en/commissions/{country.region.id}/record"
    for account in (head, make_officer(country.central, Role.AUDITOR)):
        sign_in_as(client, account)
        page = client.get("/en/record").text
        assert "election day moved" in page
        assert "term for personal data changed" in page
        assert "about the same" in page
        one = client.get("/en/record?of=campaign:1").text
        assert "election day moved" in rows(one)
        assert "term for personal data changed" not in rows(one)
        by = client.get(f"/en/record?by={head.login}&what=campaigns.election_day_set").text
        assert rows(by).count("election day moved") == 1
        assert "Nothing in the record fits this." in client.get("/en/record?day=2001-01-01").text
        assert "is no day" in client.get("/en/record?day=soon&of=%25").text
        assert client.get("/en/record?page=99&what=%00&by=%00").status_code == 200


def test_the_record_of_everything_says_about_whom(client: Client, country: Country) -> None:
    head, member = make_officer(country.central, Role.CEC_ADMINISTRATOR), make_member(country.precinct)
    record(
        "retention.given_out",
        by=scope_of(head),
        subject=f"person:{member.person_id}",
        values={"reason": ("", "Asked.")},
    )
    record("accounts.access_reset", by=scope_of(head), subject=f"account:{member.id}")
    record("accounts.signed_in", by=scope_of(head), subject=f"account:{head.id}")
    sign_in_as(client, head)
    for what, told in (("retention.given_out", 1), ("accounts.access_reset", 1), ("accounts.signed_in", 0)):
        shown = rows(client.get(f"/en/record?what={what}").text)
        assert shown.count("About whom:</span>") == told
        assert shown.count(f'<a href="/en/people/{member.person_id}/seats">{member.person.full_name}</a>') == told
    shown = rows(client.get("/en/record?what=retention.given_out").text)
    assert "Reason:</span> Asked." in shown, "a reason was no other one before"


def rows(page: str) -> str:
    """What stands in the table of the record."""
    return page.partition("<tbody>")[2].partition("</tbody>")[0]
