"""Signing in: with a slip, with a password, wrongly, too often; the second step."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
import time_machine
from flask import Flask

from lms.accounts.actions import choose_password, issue_code
from lms.accounts.passwords import is_password
from lms.accounts.rules import TRIES_PER_LOGIN, show_code
from lms.commissions.permissions import SYSTEM
from lms.core import clock
from tests.conftest import Client
from tests.factories.commissions import make_country, make_member, make_officer, sign_in_as


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    """The clock stands still, so that no test falls on the edge of a quarter of an hour or of half a minute."""
    with time_machine.travel(datetime(2026, 11, 8, 12, 1, tzinfo=UTC), tick=False):
        yield


def test_a_slip_leads_to_a_password_of_ones_own(app: Flask, client: Client) -> None:
    member = make_member(make_country().precinct)
    member.password_hash = None
    code = issue_code(account=member, expires_at=clock.now() + timedelta(days=1), by=SYSTEM)
    typed = show_code(code).lower()
    response = client.post("/en/sign-in", data={"login": member.login, "secret": typed})
    assert response.status_code == 302
    response = client.get("/en/", follow_redirects=True)
    assert "Choose your password" in response.text
    response = client.post("/en/choose-password", data={"password": "үш қысқа сөз", "password_again": "үш қысқа сөз"})
    assert response.headers["Location"] == "/en/"
    assert client.get("/en/").status_code == 200
    client.post("/en/sign-out")
    assert client.get("/en/").status_code == 302
    again = client.post("/en/sign-in", data={"login": member.login, "secret": typed})
    assert again.status_code == 422
    assert client.post("/en/sign-in", data={"login": member.login, "secret": "үш қысқа сөз"}).status_code == 302


def test_the_answer_is_the_same_for_no_account_and_a_wrong_password(app: Flask, client: Client) -> None:
    member = make_member(make_country().precinct)
    wrong = client.post("/en/sign-in", data={"login": member.login, "secret": "nothing like it"})
    nobody = client.post("/en/sign-in", data={"login": "99999999", "secret": "nothing like it"})
    assert wrong.status_code == nobody.status_code == 422
    assert wrong.text.replace(member.login, "99999999").splitlines()[20:40] == nobody.text.splitlines()[20:40]


def test_tries_are_counted_even_though_they_fail(app: Flask, client: Client) -> None:
    make_country()
    answers = [client.post("/en/sign-in", data={"login": "1", "secret": "x"}).status_code for _ in range(12)]
    assert answers == [422] * 10 + [429] * 2


def test_an_officer_proves_a_second_factor_and_a_code_works_once(app: Flask, client: Client) -> None:
    officer = make_officer(make_country().district)
    code = issue_code(account=officer, expires_at=clock.now() + timedelta(days=1), by=SYSTEM)
    client.post("/en/sign-in", data={"login": officer.login, "secret": code})
    client.post("/en/choose-password", data={"password": "three short words", "password_again": "three short words"})
    assert client.get("/en/").headers["Location"].startswith("/en/second-factor")
    digits = pyotp.TOTP("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP").at(clock.now())
    assert client.post("/en/second-factor", data={"code": "000000"}).status_code == 422
    assert client.post("/en/second-factor", data={"code": digits}).status_code == 302
    assert client.get("/en/").status_code == 200
    client.post("/en/sign-out")
    client.post("/en/sign-in", data={"login": officer.login, "secret": "three short words"})
    assert client.post("/en/second-factor", data={"code": digits}).status_code == 422


def test_next_leads_only_to_our_own_pages(app: Flask, client: Client) -> None:
    member = make_member(make_country().precinct)
    for target in ("//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"):
        member.password_hash = None
        code = issue_code(account=member, expires_at=clock.now() + timedelta(days=1), by=SYSTEM)
        response = client.post(f"/en/sign-in?next={target}", data={"login": member.login, "secret": code})
        assert response.headers["Location"] == "/en/"
        client.post("/en/sign-out")


def test_whoever_sits_at_a_browser_left_open_cannot_change_the_password(app: Flask, client: Client) -> None:
    member = make_member(make_country().precinct)
    choose_password(account=member, password="three short words")
    sign_in_as(client, member)
    new = {"password": "four very short words", "password_again": "four very short words"}
    assert "Password that you have now" in client.get("/en/choose-password").text
    for _ in range(TRIES_PER_LOGIN):
        answer = client.post("/en/choose-password", data={**new, "current": "my guess"})
        assert (answer.status_code, "not the password that you have now" in answer.text) == (422, True)
    held = client.post("/en/choose-password", data={**new, "current": "three short words"})
    assert (held.status_code, "Too many tries" in held.text) == (422, True)
    assert is_password("three short words", member.password_hash)
