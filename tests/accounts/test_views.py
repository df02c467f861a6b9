"""Signing in: with a slip, with a password, wrongly, too often; the second step."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
import time_machine
from flask import Flask

from lms.accounts.actions import choose_password, end_slips_and_sessions, issue_code, reset_access
from lms.accounts.models import Account
from lms.accounts.passwords import hash_password, is_password
from lms.accounts.rules import TRIES_PER_LOGIN, show_code
from lms.commissions.permissions import SYSTEM
from lms.core import clock
from tests.conftest import Client
from tests.factories.commissions import make_account, make_country, make_member, make_officer, sign_in_as

NOON = datetime(2026, 11, 8, 12, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def noon() -> Iterator[time_machine.Traveller]:
    """The clock stands still, so that no test falls on the edge of a quarter of an hour or of half a minute."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


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


def answer_to(client: Client, login: str, secret: str) -> str:
    """What is said to somebody who does not get in, what they typed left out."""
    answer = client.post("/en/sign-in", data={"login": login, "secret": secret})
    assert answer.status_code == 422
    page = re.sub(r'(name="csrf_token"[^>]*value=")[^"]+', "", answer.text)
    return page.replace(f'value="{login}"', "")


def test_the_sentence_fits_a_mistyped_password_and_a_mistyped_code(app: Flask, client: Client) -> None:
    member = make_member(make_country().precinct)
    answer = answer_to(client, member.login, "not my password")
    assert "A code stands on your slip; a password is the one that you chose yourself." in answer


def test_who_holds_a_slip_is_told_how_it_ended(app: Flask, client: Client, noon: time_machine.Traveller) -> None:
    """One's own slip, typed as printed: used, replaced by a newer one, run out, used before a reset."""
    account = make_account(login="10000001")
    account.password_hash = None
    first, second = slip_of(account), slip_of(account)
    answer = answer_to(client, "1000 0001", show_code(first).lower())
    assert "This slip stopped working on Sunday, 8 November, 17:01: a newer one was printed" in answer
    noon.move_to(NOON + timedelta(days=1))
    answer = answer_to(client, "10000001", second)
    assert "This slip was valid until Monday, 9 November, 17:01. Ask your territorial commission" in answer
    third = slip_of(account)
    choose_password(account=account, password="three short words")
    answer = answer_to(client, "10000001", third)
    assert "This slip was used on Monday, 9 November, 17:01. Sign in with the password that was chosen then" in answer
    reset_access(account=account, by=SYSTEM)
    assert "This slip was used on Monday, 9 November, 17:01 and does not work any more" in answer_to(
        client, "10000001", third
    )


def test_a_slip_that_was_taken_back_says_so_to_its_holder(app: Flask, client: Client) -> None:
    account = make_account(login="10000001")
    code = slip_of(account)
    end_slips_and_sessions(account=account, by=SYSTEM)
    assert "This slip stopped working on Sunday, 8 November, 17:01" in answer_to(client, "10000001", code)


def test_whoever_holds_no_right_code_learns_nothing_of_slips(app: Flask, client: Client) -> None:
    """A wrong code, the right code of another, a login that there is not, an account that is shut: one answer."""
    account, other, shut = (make_account(login=f"1000000{number}") for number in range(3))
    used = {one.login: slip_of(one) for one in (account, other, shut)}
    for one in (account, other, shut):
        choose_password(account=one, password="three short words")
    shut.disabled_at = clock.now()
    tries = [
        (account.login, used[other.login]),
        (account.login, "2222-2222-2222"),
        (account.login, "not my password"),
        (shut.login, used[shut.login]),
        ("99999999", used[account.login]),
        ("99999999", "2222-2222-2222"),
    ]
    answers = {answer_to(client, login, secret) for login, secret in tries}
    assert len(answers) == 1
    assert "slip was" not in answers.pop()


def slip_of(account: Account) -> str:
    """The code of a fresh slip that works for a day."""
    return issue_code(account=account, expires_at=clock.now() + timedelta(days=1), by=SYSTEM)


def test_a_blank_that_the_keyboard_adds_is_no_part_of_the_password(app: Flask, client: Client) -> None:
    member = make_member(make_country().precinct)
    member.password_hash = None
    client.post("/en/sign-in", data={"login": member.login, "secret": slip_of(member)})
    chosen = {"password": "three short words ", "password_again": "three short words"}
    assert client.post("/en/choose-password", data=chosen).status_code == 302
    client.post("/en/sign-out")
    for typed in ("three short words", "three short words ", " three short words\u00a0"):
        assert client.post("/en/sign-in", data={"login": member.login, "secret": typed}).status_code == 302
        client.post("/en/sign-out")
    assert client.post("/en/sign-in", data={"login": member.login, "secret": "threeshortwords"}).status_code == 422
    sign_in_as(client, member)
    changed = {
        "current": "three short words ",
        "password": " four very short words",
        "password_again": "four very short words ",
    }
    assert client.post("/en/choose-password", data=changed).status_code == 302
    assert is_password("four very short words", member.password_hash)


def test_blanks_do_not_make_a_password_long_enough(app: Flask, client: Client) -> None:
    member = make_member(make_country().precinct)
    member.password_hash = None
    client.post("/en/sign-in", data={"login": member.login, "secret": slip_of(member)})
    answer = client.post("/en/choose-password", data={"password": "seven77 ", "password_again": "seven77 "})
    assert "The password is too short" in answer.text


def test_a_password_chosen_with_its_blank_before_still_opens(app: Flask, client: Client) -> None:
    member = make_member(make_country().precinct)
    member.password_hash = hash_password("three short words ")
    assert client.post("/en/sign-in", data={"login": member.login, "secret": "three short words "}).status_code == 302


def test_whoever_signs_out_is_told(app: Flask, client: Client) -> None:
    sign_in_as(client, make_member(make_country().precinct))
    answer = client.post("/en/sign-out", follow_redirects=True)
    assert "You have signed out." in answer.text
    assert "You have signed out." not in client.get("/en/sign-in").text


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
