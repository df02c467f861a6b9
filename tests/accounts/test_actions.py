"""Codes, passwords, the second factor and the count of tries."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from lms.accounts import actions, rules
from lms.accounts.models import Account, OneTimeCode, SignInWindow
from lms.core import clock
from lms.core.audit.models import AuditEntry
from lms.core.database.base import db
from lms.core.errors import Refused
from lms.people.vault import keyed_hash
from tests.factories.commissions import SYSTEM, make_account, make_person

NOON = datetime(2026, 11, 8, 12, tzinfo=UTC)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def noon() -> Iterator[time_machine.Traveller]:
    """The clock stands at noon, at the beginning of a quarter of an hour."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def account(app: Flask, noon: time_machine.Traveller) -> Account:
    """An account that nobody has signed in to yet."""
    fresh = make_account(login="someone")
    fresh.password_hash = None
    return fresh


def issue(account: Account, days: int = 1) -> str:
    """A code for the account."""
    return actions.issue_code(account=account, expires_at=clock.now() + timedelta(days=days), by=SYSTEM)


def test_a_code_is_kept_as_a_hash_only(account: Account) -> None:
    code = issue(account)
    row = db.session.scalars(select(OneTimeCode)).one()
    assert code not in row.code_hash
    assert actions.check_sign_in(login="someone", secret=rules.show_code(code)) is account


def test_a_new_code_makes_the_old_one_worthless(account: Account) -> None:
    old, new = issue(account), issue(account)
    assert actions.check_sign_in(login="someone", secret=old) is None
    assert actions.check_sign_in(login="someone", secret=new) is account


def test_a_code_expires_to_the_second(account: Account, noon: time_machine.Traveller) -> None:
    code = issue(account)
    noon.move_to(NOON + timedelta(days=1) - timedelta(seconds=1))
    assert actions.check_sign_in(login="someone", secret=code) is account
    noon.move_to(NOON + timedelta(days=1))
    assert actions.check_sign_in(login="someone", secret=code) is None


def test_one_persons_code_opens_no_other_account(account: Account) -> None:
    other = make_account(login="other")
    other.password_hash = None
    code = issue(account)
    assert actions.check_sign_in(login="other", secret=code) is None


def test_choosing_a_password_uses_the_code_up_and_ends_other_sessions(account: Account) -> None:
    code = issue(account)
    actions.choose_password(account=account, password="three short words")
    assert account.session_version == 2
    assert actions.check_sign_in(login="someone", secret=code) is None
    assert actions.check_sign_in(login="someone", secret="three short words") is account
    assert actions.check_sign_in(login="someone", secret="three short word") is None


def test_a_weak_password_is_refused_and_nothing_changes(account: Account) -> None:
    with pytest.raises(Refused, match="too short"):
        actions.choose_password(account=account, password="short")
    assert account.password_hash is None
    assert account.session_version == 1


def test_a_disabled_account_stays_shut(account: Account) -> None:
    actions.choose_password(account=account, password="three short words")
    account.disabled_at = clock.now()
    assert actions.check_sign_in(login="someone", secret="three short words") is None


def test_reset_takes_password_second_factor_codes_and_sessions(account: Account) -> None:
    actions.choose_password(account=account, password="three short words")
    code = issue(account)
    actions.set_up_second_factor(account=account, secret=SECRET, code=pyotp.TOTP(SECRET).at(NOON))
    actions.reset_access(account=account, by=SYSTEM)
    assert (account.password_hash, account.totp_encrypted, account.session_version) == (None, None, 3)
    assert actions.check_sign_in(login="someone", secret="three short words") is None
    assert actions.check_sign_in(login="someone", secret=code) is None


def test_a_login_that_is_taken_is_refused(account: Account) -> None:
    with pytest.raises(Refused, match="someone is taken"):
        actions.open_account(person=make_person(), login="someone", by=SYSTEM)


def test_six_digits_work_once_and_within_half_a_minute(account: Account, noon: time_machine.Traveller) -> None:
    generator = pyotp.TOTP(SECRET)
    actions.set_up_second_factor(account=account, secret=SECRET, code=generator.at(NOON))
    assert account.totp_encrypted is not None
    assert SECRET.encode() not in account.totp_encrypted
    assert not actions.prove_second_factor(account=account, code=generator.at(NOON))
    assert not actions.prove_second_factor(account=account, code=generator.at(NOON - timedelta(seconds=30)))
    noon.shift(60)
    late = generator.at(NOON + timedelta(seconds=30))
    assert actions.prove_second_factor(account=account, code=f" {late[:3]} {late[3:]} ")
    assert not actions.prove_second_factor(account=account, code=late)
    noon.shift(300)
    assert not actions.prove_second_factor(account=account, code=generator.at(NOON + timedelta(seconds=60)))


def test_the_second_factor_is_kept_only_when_shown_to_work(account: Account) -> None:
    with pytest.raises(Refused, match="do not match"):
        actions.set_up_second_factor(account=account, secret=SECRET, code="000000")
    assert account.totp_encrypted is None
    assert not actions.prove_second_factor(account=account, code="000000")


def test_tries_are_limited_by_login_and_by_address(account: Account, noon: time_machine.Traveller) -> None:
    answers = [actions.count_try(login="someone", address="10.0.0.1") for _ in range(rules.TRIES_PER_LOGIN + 1)]
    assert answers == [True] * rules.TRIES_PER_LOGIN + [False]
    assert actions.count_try(login="other", address="10.0.0.1")
    noon.shift(rules.WINDOW_SECONDS)
    assert actions.count_try(login="someone", address="10.0.0.1")


def fail_at(address: str, times: int) -> None:
    """Failures at an address, each with another login."""
    window = rules.window_of(clock.machine_time().timestamp())
    db.session.merge(SignInWindow(key=keyed_hash("try-address", address), window=window, tries=times))
    db.session.flush()


def test_where_many_failed_each_login_has_a_few_tries_left(account: Account) -> None:
    for number in range(rules.CROWDED):
        assert actions.count_try(login=str(number), address="10.0.0.1")
    answers = [actions.count_try(login="one more", address="10.0.0.1") for _ in range(4)]
    assert answers == [True] * rules.TRIES_WHERE_CROWDED + [False]
    assert actions.count_try(login="one more", address="10.0.0.2")


def test_one_address_cannot_try_everybody(account: Account) -> None:
    fail_at("10.0.0.1", rules.FULL)
    assert not actions.count_try(login="one more", address="10.0.0.1")
    assert actions.count_try(login="one more", address="10.0.0.2")


def test_a_school_signs_in_behind_one_address_where_others_guess(account: Account) -> None:
    """Three hundred members, each after two mistakes, where somebody has failed two thousand times."""
    fail_at("10.0.0.1", 2_000)
    for number in range(300):
        login = f"member-{number}"
        answers = [actions.count_try(login=login, address="10.0.0.1") for _ in range(3)]
        assert answers == [True] * 3
        actions.forget_tries(login=login, address="10.0.0.1")
    kept = select(SignInWindow.tries).where(SignInWindow.key == keyed_hash("try-address", "10.0.0.1"))
    assert db.session.scalar(kept) == 2_600


def test_a_good_sign_in_clears_the_count_of_its_login(account: Account) -> None:
    for _ in range(rules.TRIES_PER_LOGIN):
        actions.count_try(login="someone", address="10.0.0.1")
    actions.forget_tries(login="someone", address="10.0.0.1")
    assert actions.count_try(login="someone", address="10.0.0.1")


def test_the_count_holds_no_login_or_address(account: Account) -> None:
    actions.count_try(login="someone", address="10.0.0.1")
    keys = " ".join(db.session.scalars(select(SignInWindow.key)))
    assert "someone" not in keys
    assert "10.0.0.1" not in keys


def test_old_counts_are_forgotten(account: Account, noon: time_machine.Traveller) -> None:
    actions.count_try(login="someone", address="10.0.0.1")
    noon.shift(timedelta(days=2))
    actions.forget_old_windows()
    assert db.session.scalars(select(SignInWindow)).all() == []


def test_the_record_holds_no_secret(account: Account) -> None:
    code = issue(account)
    actions.choose_password(account=account, password="three short words")
    said = " ".join(str(entry.details) + entry.action for entry in db.session.scalars(select(AuditEntry)))
    assert "accounts.code_issued" in said
    assert "accounts.password_chosen" in said
    assert code not in said
    assert "three short words" not in said


@pytest.mark.parametrize("password", ["qwertyuiop", "Superman", "1qaz2wsx", "trustno1", "Сайлау2026!", "cascade-1234"])
def test_what_is_guessed_first_is_no_password(account: Account, password: str) -> None:
    with pytest.raises(Refused, match="Take several words"):
        actions.choose_password(account=account, password=password)
    assert account.password_hash is None
