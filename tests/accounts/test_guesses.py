"""Guesses at a way in are told to the person: once for each account and quarter of an hour, whatever their number."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from lms.accounts import actions, rules, tasks
from lms.accounts.guesses import list_guesses
from lms.accounts.models import Account, SignInWindow
from lms.core.audit.models import AuditEntry
from lms.core.database.base import db
from lms.home.own_data import gather
from tests.conftest import Client
from tests.factories.commissions import make_country, make_member, sign_in_as
from tests.factories.statements import statements

NOON = datetime(2026, 11, 8, 12, tzinfo=UTC)
WINDOW = timedelta(seconds=rules.WINDOW_SECONDS)
TOLD = "accounts.guessed_at"


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


def guess(login: str, times: int, client: Client | None = None) -> None:
    """Guess at a login."""
    for number in range(times):
        if client is None:
            actions.count_try(login=login, address=f"10.0.0.{number % 250}")
        else:
            client.post("/en/sign-in", data={"login": login, "secret": f"guess {number}"})


def told() -> list[AuditEntry]:
    """What was recorded of guesses."""
    return list(db.session.scalars(select(AuditEntry).where(AuditEntry.action == TOLD).order_by(AuditEntry.id)))


@pytest.mark.parametrize(("tries", "expected"), [(0, False), (9, False), (10, True), (11, True), (10_000, True)])
def test_from_the_limit_on_a_count_is_told(tries: int, expected: bool) -> None:
    assert rules.is_guessing(tries) is expected


def test_ten_thousand_guesses_are_one_entry(member: Account, noon: time_machine.Traveller) -> None:
    guess(member.login, 12)
    db.session.query(SignInWindow).where(SignInWindow.tries == 12).update({"tries": 10_000})
    tasks.forget_what_is_over()
    assert told() == [], "the quarter of an hour is not over, so the number is not known yet"
    noon.shift(WINDOW)
    for _ in range(3):
        tasks.forget_what_is_over()
    (entry,) = told()
    assert entry.subject == f"account:{member.id}"
    assert entry.account_id is None
    assert entry.details == {"tries": 10_000, "from": NOON.isoformat(), "step": "sign_in"}


def test_each_quarter_of_an_hour_and_each_step_is_told_once(member: Account, noon: time_machine.Traveller) -> None:
    guess(member.login, 10)
    noon.shift(WINDOW)
    guess(member.login, 15)
    guess(f"second:{member.login}", 11)
    noon.shift(WINDOW)
    tasks.forget_what_is_over()
    tasks.forget_what_is_over()
    assert sorted((one.details["step"], one.details["tries"]) for one in told()) == [
        ("second_step", 11),
        ("sign_in", 10),
        ("sign_in", 15),
    ]


def test_a_few_mistakes_and_unknown_logins_are_told_to_nobody(member: Account, noon: time_machine.Traveller) -> None:
    guess(member.login, 9)
    guess("10000001", 30)
    noon.shift(WINDOW)
    tasks.forget_what_is_over()
    assert told() == []


def test_who_gets_in_after_mistakes_is_told_nothing(
    client: Client, member: Account, noon: time_machine.Traveller
) -> None:
    guess(member.login, 9, client)
    assert client.post("/en/sign-in", data={"login": member.login, "secret": "three short words"}).status_code == 302
    noon.shift(WINDOW)
    tasks.forget_what_is_over()
    assert told() == []


def test_known_and_unknown_logins_write_the_same(client: Client, member: Account) -> None:
    said = {}
    client.get("/en/sign-in")  # what the test itself has pending is written
    for login in (member.login, "10000001"):
        with statements() as run:
            guess(login, 12, client)
        said[login] = [one for one in run if not one.startswith("SELECT") and "completion_counter" not in one]
    assert said[member.login] == said["10000001"]


def test_the_person_reads_it_in_plain_words(client: Client, member: Account, noon: time_machine.Traveller) -> None:
    sign_in_as(client, member)
    for page in ("/en/account", "/en/account/sessions"):
        assert "Somebody tried" not in client.get(page).text
    guess(member.login, 12)
    noon.shift(WINDOW)
    guess(member.login, 20)
    guess(f"second:{member.login}", 10)
    noon.shift(WINDOW)
    tasks.forget_what_is_over()
    assert [(one.tries, one.at_second_step) for one in list_guesses(member.id)] == [(10, True), (32, False)]
    for page in ("/en/account", "/en/account/sessions"):
        text = client.get(page).text
        assert "32 tries" in text
        assert "8 November" in text
    assert "came as far as the second step and tried 10 times to get past it" in client.get("/en/account").text
    (one, *_) = [one for one in gather(member)["done_to_you"] if one["action"] == TOLD]
    assert one["by"] == "the system"
    assert "Tries: 12" in one["in_words"]
    assert "guessed" in one["what"]
    noon.shift(timedelta(days=31))
    assert list_guesses(member.id) == []
