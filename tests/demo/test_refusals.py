"""Where no demo is loaded, and why."""

from __future__ import annotations

from click.testing import CliRunner
from flask import Flask
from sqlalchemy import func, select

from lms.campaigns.actions import mark_installation
from lms.commissions.permissions import SYSTEM
from lms.core.database.base import db
from lms.demo.cli import demo
from lms.operations.actions import init_installation
from lms.people.models import Person


def run(*words: str) -> tuple[int, str]:
    """Exit status and output of a `lms demo` command."""
    done = CliRunner().invoke(demo, list(words))
    return done.exit_code, done.output


def people() -> int:
    """How many people there are."""
    return db.session.scalar(select(func.count(Person.id))) or 0


def test_an_installation_with_real_people_is_left_alone(app: Flask) -> None:
    mark_installation(demo=False, by=SYSTEM)
    status, output = run("load")
    assert status == 1
    assert "real people" in output
    status, output = run("sign-ins", "--json")
    assert status == 1
    assert people() == 0


def test_an_empty_demo_installation_has_nobody_to_sign_in_as(app: Flask) -> None:
    mark_installation(demo=True, by=SYSTEM)
    status, output = run("sign-ins")
    assert status == 1
    assert "lms demo load" in output


def test_a_login_that_is_taken_is_named_and_nothing_is_loaded(app: Flask) -> None:
    init_installation(login="officer", name="Head", demo=True)
    db.session.commit()
    status, output = run("load")
    assert status == 1
    assert "officer" in output
    assert people() == 1
