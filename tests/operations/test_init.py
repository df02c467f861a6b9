"""Setting an empty installation up: once, whole, and with a way in."""

from __future__ import annotations

import json
from datetime import timedelta

from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import func, select

from lms.accounts.models import Account
from lms.campaigns.queries import find_open_campaign, is_demo
from lms.cli import main
from lms.commissions.permissions import scope_of
from lms.commissions.queries import find_central
from lms.commissions.rules import Role
from lms.core import clock
from lms.core.database.base import db
from tests.conftest import Client


def init(*words: str) -> Result:
    """The answer of `lms init`."""
    return CliRunner().invoke(main, ["init", *words])


def test_it_makes_the_central_commission_a_campaign_and_an_administrator(app: Flask, client: Client) -> None:
    answer = init("--login", "Head", "--name", "Ахметова Сәуле", "--json")
    assert answer.exit_code == 0, answer.stderr
    told = json.loads(answer.stdout)
    assert told["login"] == "head"
    central, campaign = find_central(), find_open_campaign()
    assert central is not None
    assert campaign is not None
    assert central.code == "KZ"
    assert campaign.election_on - clock.today() == timedelta(days=21)
    account = db.session.scalars(select(Account)).one()
    assert account.person.full_name == "Ахметова Сәуле"
    assert scope_of(account).grants == {(Role.CEC_ADMINISTRATOR, central.id)}
    assert not is_demo()
    signed_in = client.post("/en/sign-in", data={"login": "head", "secret": told["one_time_code"]})
    assert signed_in.status_code == 302


def test_a_second_time_is_refused_and_changes_nothing(app: Flask) -> None:
    assert init("--login", "head", "--demo").exit_code == 0
    assert is_demo()
    again = init("--login", "other")
    assert again.exit_code == 1
    assert "set up already" in again.stderr
    assert db.session.scalar(select(func.count()).select_from(Account)) == 1


def test_it_needs_a_login(app: Flask) -> None:
    assert init().exit_code == 2
