"""The whole country comes as a whole or not at all: on an earlier day, refused, dead midway, and once in full."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import func, select

from lms.accounts.models import Account
from lms.assessment.models import Attempt
from lms.campaigns.actions import mark_installation
from lms.commissions.models import (
    Appointment,
    Commission,
    CommissionClosure,
    CommissionName,
    CommissionParent,
    Seat,
)
from lms.commissions.permissions import SYSTEM
from lms.core import clock
from lms.core.audit.models import AuditEntry
from lms.core.database.base import db
from lms.demo import national
from lms.demo.cli import demo
from lms.learning.models import CompletedActivity, Enrolment
from lms.operations.actions import init_installation
from lms.people.models import Person
from tests.demo.small_country import count, find_or_none, run, shrink


@pytest.fixture
def empty(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """An installation in which the small country may be loaded, without passwords."""
    shrink(monkeypatch)
    monkeypatch.setattr(national, "give_passwords", lambda: None)
    yield app
    clock.stand_on(None)


def state() -> dict[str, Any]:
    """People, seats, and everything done before 20 October with its moments."""
    before = datetime(2022, 10, 20, tzinfo=clock.now().tzinfo)
    who = Person.number_hash
    seated = select(who, Commission.code, Appointment.office).join_from(Person, Appointment).join(Commission)
    done = select(who, CompletedActivity.activity, CompletedActivity.completed_at).join_from(Person, Enrolment)
    tried = select(who, Attempt.number, Attempt.credit, Attempt.submitted_at).join_from(Person, Attempt)
    statements = {
        "people": select(who, Person.surname, Person.given_name, Person.phone),
        "seats": seated,
        "done": done.join(CompletedActivity).where(CompletedActivity.completed_at < before),
        "tried": tried.where(Attempt.submitted_at < before),
    }
    return {name: sorted(map(tuple, db.session.execute(found))) for name, found in statements.items()}


def test_an_earlier_day_is_the_beginning_of_the_same(empty: Flask) -> None:
    savepoint = db.engines[None].begin_nested()  # type: ignore[attr-defined]
    assert run("--until", "2022-11-01")[0] == 0
    later = state()
    finished = count(Enrolment, Enrolment.completed_at.is_not(None))
    assert 0 < finished < count(Enrolment)
    db.session.remove()
    savepoint.rollback()
    clock.stand_on(None)
    assert count(Person) == 0
    assert run("--until", "2022-10-20")[0] == 0
    assert clock.today() == date(2022, 10, 20)
    assert state() == later
    assert count(Attempt, Attempt.submitted_at > clock.now()) == 0
    assert count(Enrolment, Enrolment.completed_at.is_not(None)) < finished


def test_a_load_that_dies_leaves_nothing(empty: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(*_words: object) -> None:
        raise ConnectionAbortedError

    monkeypatch.setattr(national, "issue_certificates", die)
    assert run()[0] != 0
    assert (count(Person), count(Commission), find_or_none()) == (0, 0, None)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--until", "2022-09-01"], "from 2022-09-24"),
        (["--until", "2022-12-01"], "to 2022-11-20"),
        (["--abroad-under", "KZ-99"], "KZ-99"),
        (["--until", "some day"], "some day"),
    ],
)
def test_what_cannot_be_is_refused_with_a_reason(empty: Flask, words: list[str], said: str) -> None:
    status, output = run(*words)
    assert status != 0
    assert said in output
    assert (count(Person), count(Commission), find_or_none()) == (0, 0, None)


def test_real_people_and_installations_in_use_are_left_alone(empty: Flask) -> None:
    savepoint = db.engines[None].begin_nested()  # type: ignore[attr-defined]
    mark_installation(demo=False, by=SYSTEM)
    assert "real people" in run()[1]
    db.session.remove()
    savepoint.rollback()
    init_installation(login="head", name="Head", demo=True)
    db.session.commit()
    status, output = run()
    assert status == 1
    assert "set up already" in output
    assert count(Person) == 1


def test_the_region_knows_no_day_to_stop_on(app: Flask) -> None:
    done = CliRunner().invoke(demo, ["load", "--until", "2022-11-01"])
    assert done.exit_code == 1
    assert "--scale national" in done.output


@pytest.mark.timeout(900)
def test_the_whole_country_is_there_to_the_last_seat(
    app: Flask, database_kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Certificates, half of the work, are left to the small country."""
    if database_kind != "sqlite":
        pytest.skip("loaded once, on the embedded database; the small country is loaded on both")
    for name in ("issue_certificates", "give_passwords"):
        monkeypatch.setattr(national, name, lambda *_words: None)
    try:
        status, output = run()
        assert status == 0, output
        check_the_whole_country()
    finally:
        clock.stand_on(None)


def check_the_whole_country() -> None:
    """The counts of 2022."""
    levels = dict(db.session.execute(select(Commission.level, func.count()).group_by(Commission.level)).tuples().all())
    assert levels == {"cec": 1, "tec": 239, "pec": 10_101}
    members = dict(
        db.session.execute(
            select(Commission.level, func.count())
            .join(Appointment, Appointment.commission_id == Commission.id)
            .where(Appointment.ends_on.is_(None))
            .group_by(Commission.level)
        )
        .tuples()
        .all()
    )
    assert members == {"tec": 1_673, "pec": 69_284}
    assert count(Commission, Commission.territory == "precinct_abroad") == 68
    assert count(Seat) == 7 + 1_673 + 69_307
    assert count(CommissionName) == 3 * 10_341
    assert count(CommissionParent) == 10_340
    assert count(CommissionClosure) == 1 + 2 * 20 + 3 * 219 + 4 * 10_101
    assert count(Enrolment, Enrolment.completed_at.is_not(None)) == count(Enrolment) == 70_957
    assert count(Person) == count(Account) == 70_957 + 2
    assert db.session.scalar(select(func.count(func.distinct(Person.number_hash)))) == 70_959
    assert count(AuditEntry, AuditEntry.action == "demo.loaded") == 1
