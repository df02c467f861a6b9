"""Sessions: each browser is listed and can be signed out of; what is ended stops at the next request.

Planted faults, each of which was seen to fail here: the row of a session that is left is kept; the rows of an account
whose password was chosen, or whose access was reset, are kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from lms.accounts import actions, browsers, tasks
from lms.accounts.models import Account, AccountSession
from lms.core.audit.models import AuditEntry
from lms.core.database.base import db
from tests.conftest import Client
from tests.factories.commissions import SYSTEM, make_account, make_country, make_member, open_browser, sign_in_as
from tests.factories.statements import statements

NOON = datetime(2026, 11, 8, 12, tzinfo=UTC)
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:128.0) Gecko/20100101 Firefox/128.0"


@pytest.fixture
def noon() -> Iterator[time_machine.Traveller]:
    """The clock stands still."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def member(app: Flask, noon: time_machine.Traveller) -> Account:
    """A member who has a password."""
    account = make_member(make_country().precinct)
    actions.choose_password(account=account, password="three short words")
    return account


def keys_of(account: Account) -> list[str]:
    """The sessions of an account."""
    return list(db.session.scalars(select(AccountSession.key).where(AccountSession.account_id == account.id)))


def sign_in(client: Client, account: Account) -> None:
    """Sign in at the form."""
    data = {"login": account.login, "secret": "three short words"}
    answer = client.post("/en/sign-in", data=data, headers={"User-Agent": FIREFOX})
    assert answer.status_code == 302


def test_signing_in_opens_a_session_and_signing_out_ends_it(client: Client, member: Account) -> None:
    sign_in(client, member)
    opened = db.session.scalars(select(AccountSession)).one()
    assert (opened.account_id, opened.address, opened.browser) == (member.id, "127.0.0.0", "Firefox, Windows")
    assert client.get("/en/").status_code == 200
    cookie = client.get_cookie("session")
    client.post("/en/sign-out")
    assert keys_of(member) == []
    assert cookie is not None
    client.set_cookie("session", cookie.value)
    assert client.get("/en/").status_code == 302


def test_signing_in_again_leaves_nothing_of_the_session_before(client: Client, member: Account) -> None:
    sign_in(client, member)
    before = keys_of(member)
    sign_in(client, member)
    assert len(keys_of(member)) == 1
    assert keys_of(member) != before


def test_another_browser_is_signed_out_from_here(client: Client, member: Account) -> None:
    elsewhere = client.application.test_client()
    sign_in(client, member)
    assert isinstance(elsewhere, Client)
    sign_in(elsewhere, member)
    own = keys_of(member)
    page = client.get("/en/account/sessions").text
    assert page.count("Firefox, Windows") == 4
    assert page.count("this one") == 1
    assert "127.0.0.0" in page
    with elsewhere.session_transaction() as session:
        other = session["s"]
    assert elsewhere.get("/en/").status_code == 200
    client.post("/en/account/sessions/end", data={"session": other})
    assert elsewhere.get("/en/").status_code == 302
    assert client.get("/en/").status_code == 200
    assert len(keys_of(member)) == len(own) - 1
    again = client.post("/en/account/sessions/end", data={"session": other}, follow_redirects=True)
    assert "signed out already" in again.text


def test_all_others_are_signed_out_at_once(client: Client, member: Account) -> None:
    sign_in(client, member)
    for _ in range(3):
        open_browser(member)
    page = client.post("/en/account/sessions/end-others", follow_redirects=True)
    assert "3 other browsers are signed out" in page.text
    assert len(keys_of(member)) == 1
    said = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "accounts.other_sessions_ended")).one()
    assert said.details == {"count": 3}


def test_nobody_ends_the_session_of_somebody_else(client: Client, member: Account) -> None:
    stranger = make_account()
    foreign = open_browser(stranger)
    sign_in(client, member)
    client.post("/en/account/sessions/end", data={"session": foreign})
    client.post("/en/account/sessions/end-others")
    assert keys_of(stranger) == [foreign]
    assert foreign not in client.get("/en/account/sessions").text


def test_choosing_a_password_keeps_this_browser_only(client: Client, member: Account) -> None:
    sign_in(client, member)
    open_browser(member)
    own = client.get_cookie("session")
    twice = {"password": "four very short words", "password_again": "four very short words"}
    assert client.post("/en/choose-password", data={**twice, "current": "three short word"}).status_code == 422
    assert client.post("/en/choose-password", data=twice).status_code == 422
    assert len(keys_of(member)) == 2
    twice["current"] = "three short words"
    assert client.post("/en/choose-password", data=twice).status_code == 302
    assert own is not None
    assert len(keys_of(member)) == 1
    assert client.get("/en/").status_code == 200


def test_an_officers_reset_ends_every_session(client: Client, member: Account) -> None:
    sign_in(client, member)
    actions.reset_access(account=member, by=SYSTEM)
    assert keys_of(member) == []
    assert client.get("/en/").status_code == 302


def test_a_cookie_without_its_session_is_a_strangers(client: Client, member: Account) -> None:
    other = open_browser(make_account())
    for key in ("", "unknown", other):
        with client.session_transaction() as session:
            session.update({"a": member.id, "v": member.session_version, "s": key})
        assert client.get("/en/").status_code == 302
        assert client.get("/en/account/sessions").status_code == 302
        assert client.post("/en/account/sessions/end-others").status_code == 401


def test_a_session_is_over_after_two_weeks_however_often_it_was_used(
    client: Client, member: Account, noon: time_machine.Traveller
) -> None:
    sign_in(client, member)
    for _ in range(13):
        noon.shift(timedelta(days=1))
        assert client.get("/en/").status_code == 200
    noon.shift(timedelta(days=1))
    assert client.get("/en/").status_code == 302
    tasks.forget_what_is_over()
    assert keys_of(member) == []


def test_that_a_session_is_used_is_written_now_and_then(
    client: Client, member: Account, noon: time_machine.Traveller
) -> None:
    sign_in(client, member)
    seen = []
    for minutes in (9, 2, 9, 2):
        noon.shift(timedelta(minutes=minutes))
        client.get("/en/")
        seen.append((db.session.scalars(select(AccountSession.last_seen_at)).one() - NOON).total_seconds() / 60)
    assert seen == [0, 11, 11, 22]


def test_knowing_the_session_takes_no_statement_of_its_own(client: Client, member: Account) -> None:
    sign_in_as(client, member)
    with statements() as seen:
        assert client.get("/en/account/sessions").status_code == 200
    assert len([one for one in seen if "account_session" in one and "role_grant" in one]) == 1
    assert len(seen) <= 4


def test_no_more_than_fifty_browsers_are_kept(member: Account, noon: time_machine.Traveller) -> None:
    opened = []
    for _ in range(browsers.MOST + 2):
        noon.shift(timedelta(seconds=1))
        opened.append(open_browser(member))
    assert set(keys_of(member)) == set(opened[2:])
