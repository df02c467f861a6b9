"""Recovery codes: shown once, kept as hashes, used once, counted like digits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pyotp
import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from lms.accounts import actions, recovery
from lms.accounts.models import Account, RecoveryCode
from lms.accounts.queries import factors_of
from lms.accounts.rules import ALPHABET, TRIES_PER_LOGIN, show_code
from lms.commissions.permissions import SYSTEM
from lms.core.audit.models import AuditEntry
from lms.core.database.base import db
from tests.conftest import Client
from tests.factories.commissions import make_account, make_country, make_member, make_officer, sign_in_as

NOON = datetime(2026, 11, 8, 12, tzinfo=UTC)
PASSWORD = "three short words"
SHOWN = re.compile(rf"\b(?:[{ALPHABET}]{{4}}-){{2}}[{ALPHABET}]{{4}}\b")


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def officer(app: Flask) -> Account:
    """A territorial officer with an app."""
    made = make_officer(make_country().district)
    actions.choose_password(account=made, password=PASSWORD)
    return made


def unproven(client: Client, account: Account) -> None:
    """A browser in which the second step is yet to be proven."""
    sign_in_as(client, account)
    with client.session_transaction() as session:
        session.pop("2")


def test_ten_codes_are_kept_as_hashes_only(officer: Account) -> None:
    codes = recovery.make_codes(account=officer)
    rows = db.session.scalars(select(RecoveryCode)).all()
    assert len(set(codes)) == len(rows) == 10
    assert not any(code in row.code_hash for code in codes for row in rows)
    assert all(len(code) == 12 and set(code) <= set(ALPHABET) for code in codes)


def test_a_code_works_once_as_it_is_typed_and_for_nobody_else(officer: Account) -> None:
    first, second, *_rest = recovery.make_codes(account=officer)
    assert recovery.use_code(account=make_account(), typed=first) is None
    assert recovery.use_code(account=officer, typed=f" {show_code(first).lower()} ") == 9
    assert recovery.use_code(account=officer, typed=first) is None
    assert recovery.use_code(account=officer, typed=second) == 8
    assert recovery.use_code(account=officer, typed="no code") is None


def test_new_codes_end_the_old_ones(officer: Account) -> None:
    old = recovery.make_codes(account=officer)
    new = recovery.make_codes(account=officer)
    assert recovery.use_code(account=officer, typed=old[0]) is None
    assert recovery.use_code(account=officer, typed=new[0]) == 9


def test_the_record_holds_no_code(officer: Account) -> None:
    code = recovery.make_codes(account=officer)[0]
    recovery.use_code(account=officer, typed=code)
    said = db.session.scalars(select(AuditEntry).where(AuditEntry.action.like("accounts.recovery%"))).all()
    assert [(one.action, one.details) for one in said] == [
        ("accounts.recovery_codes_made", {"count": 10}),
        ("accounts.recovery_code_used", {"left": 9}),
    ]
    assert code not in str([one.details for one in db.session.scalars(select(AuditEntry))])


def test_codes_are_shown_with_the_first_second_step_and_never_again(client: Client) -> None:
    member = make_member(make_country().precinct)
    actions.choose_password(account=member, password=PASSWORD)
    sign_in_as(client, member)
    client.get("/en/second-factor/set-up")
    with client.session_transaction() as session:
        code = pyotp.TOTP(session["totp"]).at(NOON)
    page = client.post("/en/second-factor/set-up?next=/account", data={"code": code, "current": PASSWORD})
    shown = set(SHOWN.findall(page.text))
    assert (page.status_code, len(shown)) == (200, 10)
    assert 'href="/en/account"' in page.text
    assert page.headers["Cache-Control"] == "no-store"
    for address in ("/en/account", "/en/account/second-factor", "/en/account/recovery-codes"):
        told = client.get(address).text
        assert SHOWN.findall(told) == []
        assert "10" in told
    assert "10 recovery codes left" in client.get("/en/account").text


def test_new_codes_ask_for_the_present_password(client: Client, officer: Account) -> None:
    sign_in_as(client, officer)
    assert client.post("/en/account/recovery-codes", data={"current": "my guess"}).status_code == 422
    assert factors_of(officer).codes_left == 0
    page = client.post("/en/account/recovery-codes", data={"current": PASSWORD})
    assert len(set(SHOWN.findall(page.text))) == 10
    unproven(client, officer)
    assert client.post("/en/account/recovery-codes", data={"current": PASSWORD}).status_code == 302
    assert factors_of(officer).codes_left == 10


def test_a_code_stands_in_for_the_second_step_and_the_next_page_says_so(client: Client, officer: Account) -> None:
    codes = recovery.make_codes(account=officer)
    unproven(client, officer)
    assert "Use a recovery code" in client.get("/en/second-factor").text
    wrong = client.post("/en/second-factor/recovery-code", data={"code": "2345-6789-ABCD"})
    assert (wrong.status_code, "none of your recovery codes" in wrong.text) == (422, True)
    assert client.get("/en/").status_code == 302
    done = client.post("/en/second-factor/recovery-code", data={"code": show_code(codes[0])}, follow_redirects=True)
    assert (done.status_code, "You used a recovery code. 9 are left." in done.text) == (200, True)
    for code in codes[1:9]:
        recovery.use_code(account=officer, typed=code)
    unproven(client, officer)
    last = client.post("/en/second-factor/recovery-code", data={"code": codes[9]}, follow_redirects=True)
    assert "You used your last recovery code" in last.text


def test_nobody_has_signed_in_before_the_second_step(client: Client, officer: Account) -> None:
    codes = recovery.make_codes(account=officer)
    client.post("/en/sign-in", data={"login": officer.login, "secret": PASSWORD})
    assert acts_of(officer)[-1] == "accounts.first_step_passed"
    assert "accounts.signed_in" not in acts_of(officer)
    client.post("/en/second-factor/recovery-code", data={"code": show_code(codes[0])})
    assert acts_of(officer)[-1] == "accounts.signed_in"


def acts_of(account: Account) -> list[str]:
    """What stands in the record under an account, in order."""
    entries = select(AuditEntry.action).where(AuditEntry.subject == f"account:{account.id}").order_by(AuditEntry.id)
    return list(db.session.scalars(entries))


def test_codes_are_counted_with_the_same_tries_as_digits(client: Client, officer: Account) -> None:
    codes = recovery.make_codes(account=officer)
    unproven(client, officer)
    for number in range(TRIES_PER_LOGIN):
        way, code = ("/recovery-code", "2345-6789-ABCD") if number % 2 else ("", "000000")
        assert client.post(f"/en/second-factor{way}", data={"code": code}).status_code == 422
    held = client.post("/en/second-factor/recovery-code", data={"code": codes[0]})
    assert (held.status_code, "Too many tries" in held.text) == (429, True)
    assert factors_of(officer).codes_left == 10


def test_a_reset_takes_the_codes(officer: Account) -> None:
    recovery.make_codes(account=officer)
    actions.reset_access(account=officer, by=SYSTEM)
    assert db.session.scalars(select(RecoveryCode)).all() == []
