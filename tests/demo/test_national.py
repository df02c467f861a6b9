"""The whole country, loaded: a small one for every question, the real one once."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from datetime import date
from io import StringIO

import pyotp
import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select

from lms.accounts.models import Account
from lms.accounts.passwords import is_password
from lms.assessment.models import AnswerStep, Attempt
from lms.campaigns.queries import find_standing_day, get_open_campaign
from lms.certificates.facts import gather
from lms.certificates.models import Certificate
from lms.commissions.models import (
    Appointment,
    Commission,
    RoleGrant,
)
from lms.commissions.permissions import SYSTEM
from lms.core import clock
from lms.core.database.base import db
from lms.core.kept import forget_everything
from lms.demo.cli import demo
from lms.demo.sign_ins import Kind, list_sign_ins
from lms.learning.models import Enrolment
from lms.people.models import Person
from lms.reporting.export import stream_csv
from lms.reporting.recount import find_drift
from tests.conftest import Client
from tests.demo.small_country import count, run, shrink


@pytest.fixture(scope="module")
def _loaded(_app: Flask) -> Iterator[Flask]:
    """The small country, loaded once for this file."""
    with _app.app_context(), pytest.MonkeyPatch.context() as patch:
        shrink(patch)
        engine = db.engine
        connection = engine.connect()
        transaction = connection.begin()
        db.engines[None] = connection  # type: ignore[assignment]
        forget_everything()
        try:
            status, output = run()
            assert status == 0, output
            yield _app
        finally:
            db.session.remove()
            db.engines[None] = engine
            transaction.rollback()
            connection.close()
            clock.stand_on(None)


@pytest.fixture
def small(_loaded: Flask) -> Iterator[Flask]:
    """The loaded country inside a savepoint, on its day."""
    clock.stand_on(date(2022, 11, 18))
    forget_everything()
    savepoint = db.engines[None].begin_nested()  # type: ignore[attr-defined]
    with _loaded.app_context():
        yield _loaded
        db.session.remove()
    savepoint.rollback()


def test_the_installation_keeps_its_day(small: Flask) -> None:
    assert clock.today() == find_standing_day() == date(2022, 11, 18)
    assert get_open_campaign().election_on == date(2022, 11, 20)
    small.config["WTF_CSRF_ENABLED"] = False
    small.test_client_class = Client
    page = small.test_client().get("/en/sign-in").text
    assert "The date stands still here: 18 November 2022" in page
    assert "whole country" in page


def test_the_second_step_takes_the_digits_of_a_real_telephone(small: Flask) -> None:
    small.config["WTF_CSRF_ENABLED"] = False
    small.test_client_class = Client
    client = small.test_client()
    officer = list_sign_ins(Kind.TERRITORIAL_OFFICER, 1)[0]
    client.post("/en/sign-in", data={"login": officer.login, "secret": officer.password})
    digits = pyotp.TOTP(officer.totp_secret or "").now()
    assert client.post("/en/second-factor", data={"code": digits}).status_code == 302
    left = (date(2022, 11, 20) - clock.today("Asia/Aqtau")).days  # west of the capital the day begins an hour later
    assert f"{left} days to the election" in client.get("/en/completion", follow_redirects=True).text


def test_everyone_has_finished_and_it_is_said_what_is_imported(small: Flask) -> None:
    campaign = get_open_campaign()
    members = count(Appointment)
    assert count(Enrolment, Enrolment.completed_at.is_not(None)) == count(Certificate) == members
    full = select(Commission.id).where(Commission.code.startswith("KZ-12"))
    told = count(Appointment, Appointment.commission_id.in_(full))
    assert count(Enrolment, Enrolment.imported_at.is_(None)) == told > 100
    assert count(Attempt) >= told
    assert count(AnswerStep) == 20 * count(Attempt)
    assert find_drift(campaign.id, since=date(2022, 11, 1))[1] == []
    central = db.session.scalars(select(Commission).where(Commission.level == "cec")).one()
    rows = list(csv.reader(StringIO("".join(stream_csv(SYSTEM, central.id, campaign.id)))))
    assert sorted(Counter(row[-1] for row in rows[1:]).values()) == sorted((told, members - told))


def test_certificates_say_what_the_room_of_certificates_would_say(small: Flask) -> None:
    for certificate in db.session.scalars(select(Certificate).order_by(Certificate.id)).all()[::40]:
        enrolment = db.session.get_one(Enrolment, certificate.enrolment_id)
        facts, seat = gather(enrolment, issued_on=certificate.issued_on)
        assert certificate.facts == dict(facts)
        assert seat is not None
        assert seat.commission_id == certificate.commission_id
        if enrolment.imported_at is not None:
            assert (facts["right"], facts["workshop_on"]) == (None, "")


def test_every_kind_of_person_can_sign_in(small: Flask) -> None:
    for kind in Kind:
        found = list_sign_ins(kind, 2)
        account = db.session.scalars(select(Account).where(Account.login == found[0].login)).one()
        assert is_password(found[0].password, account.password_hash)
    assert list_sign_ins(Kind.TERRITORIAL_OFFICER, 1)[0].commission == "KZ-12"
    assert db.session.scalar(select(Account.id).where(Account.login == "officer-astana-esil"))
    assert count(RoleGrant) == 3 + 3 * count(Commission, Commission.level == "tec")


def test_loading_twice_says_so_and_another_day_needs_another_installation(small: Flask) -> None:
    people = count(Person)
    status, output = run()
    assert (status, "there already" in output) == (0, True)
    status, output = run("--until", "2022-10-20")
    assert status == 1
    assert "stands on 2022-11-18" in output
    done = CliRunner().invoke(demo, ["load"])
    assert done.exit_code == 1
    assert "part of it" in done.output
    assert count(Person) == people
