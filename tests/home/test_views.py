"""First pages: a member's, a chair's, an officer's; search within the own branch; the health check."""

from __future__ import annotations

from flask import Flask

from lms.commissions.rules import Office, Role
from lms.core.database.base import db
from tests.conftest import Client
from tests.factories.commissions import make_country, make_member, make_officer, sign_in_as
from tests.factories.curriculum import make_course


def test_a_member_sees_the_next_step(app: Flask, client: Client) -> None:
    country = make_country()
    make_course()
    sign_in_as(client, make_member(country.precinct))
    page = client.get("/en/").text
    assert "Next: read" in page
    assert "Begin reading" in page
    assert "0 of 4 steps done" in page
    assert "Find a person" not in page


def test_a_member_without_a_course_is_told_so(app: Flask, client: Client) -> None:
    sign_in_as(client, make_member(make_country().precinct))
    assert "There is nothing to learn now" in client.get("/en/").text


def test_a_chair_is_led_to_the_own_precinct(app: Flask, client: Client) -> None:
    country = make_country()
    sign_in_as(client, make_member(country.precinct, Office.CHAIR))
    assert f"/completion/{country.precinct.id}" in client.get("/en/").text


def test_an_officer_sees_the_branch_and_who_has_no_way_in(app: Flask, client: Client) -> None:
    country = make_country()
    make_course()
    member = make_member(country.precinct)
    member.password_hash = None
    make_member(country.sister_precinct)
    sign_in_as(client, make_officer(country.district))
    page = client.get("/en/").text
    assert "1 person has not finished" in page
    assert "1 person never signed in: print a slip" in page
    sign_in_as(client, make_officer(country.district, Role.TRAINER))
    assert "never signed in" not in client.get("/en/").text


def test_search_finds_within_the_branch_only(app: Flask, client: Client) -> None:
    country = make_country()
    member = make_member(country.precinct, surname="Құпиянова")
    sign_in_as(client, make_officer(country.district))
    assert "Құпиянова" in client.post("/en/search", data={"q": "құпи"}).text
    assert "Құпиянова" in client.post("/en/search", data={"q": member.login}).text
    assert "PEC No. 17" in client.post("/en/search", data={"q": "17"}).text
    sign_in_as(client, make_officer(country.sister_district))
    for words in ("құпи", member.login, "17"):
        page = client.post("/en/search", data={"q": words}).text
        assert "Nothing in your branch fits" in page
        assert "Құпиянова" not in page
    assert client.post("/en/search", data={"q": "0101 0150 0006"}).status_code == 422
    sign_in_as(client, member)
    assert client.post("/en/search", data={"q": "құпи"}).status_code == 404


def test_the_health_check_writes(app: Flask, client: Client) -> None:
    assert client.get("/healthz").data == b"ok\n"
    db.session.connection().exec_driver_sql("ALTER TABLE sign_in_window RENAME TO gone")
    db.session.commit()
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert "no write" in answer.text
