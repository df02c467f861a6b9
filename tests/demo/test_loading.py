"""The demo region as it is loaded, and who can sign in to it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pyotp
import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import delete, func, select

from lms.accounts.models import Account
from lms.accounts.passwords import is_password
from lms.assessment.models import AnswerStep, Attempt, PaperQuestion
from lms.campaigns.queries import get_open_campaign
from lms.certificates.models import Certificate
from lms.certificates.signing import read_payload
from lms.commissions.models import Appointment, Commission, Seat
from lms.core import clock
from lms.core.database.base import db
from lms.core.kept import forget_everything
from lms.demo.cli import demo
from lms.demo.keys import SIGNED_IN
from lms.learning.models import Enrolment
from lms.people.models import Person
from lms.questions.kinds.registry import KINDS
from lms.questions.kinds.shapes import WHOLE
from lms.questions.models import QuestionVersion
from lms.questions.rules import check_response, grade
from lms.reporting.recount import find_drift
from lms.workshops.models import Attendance, Workshop
from tests.conftest import Client


def run(*words: str) -> tuple[int, str]:
    """Exit status and output of a `lms demo` command."""
    done = CliRunner().invoke(demo, list(words))
    return done.exit_code, done.output


def sign_ins(*words: str) -> list[dict[str, Any]]:
    """Sign-ins as a program reads them."""
    status, output = run("sign-ins", "--json", *words)
    assert status == 0, output
    found: list[dict[str, Any]] = json.loads(output)
    return found


def count(statement: Any) -> int:
    """How many rows."""
    return db.session.scalar(select(func.count()).select_from(statement.subquery())) or 0


@pytest.fixture(scope="module")
def _region(_app: Flask) -> Iterator[Flask]:
    """The region, loaded once for this file; each test starts from it and leaves it as it was."""
    with _app.app_context():
        engine = db.engine
        connection = engine.connect()
        transaction = connection.begin()
        db.engines[None] = connection  # type: ignore[assignment]
        forget_everything()
        status, output = run("load", "--scale", "region")
        assert status == 0, output
        yield _app
        db.session.remove()
        db.engines[None] = engine
        transaction.rollback()
        connection.close()


@pytest.fixture
def region(_region: Flask) -> Iterator[Flask]:
    """The loaded region inside a savepoint."""
    forget_everything()
    savepoint = db.engines[None].begin_nested()  # type: ignore[attr-defined]
    with _region.app_context():
        yield _region
        db.session.remove()
    savepoint.rollback()


def test_the_region_has_its_commissions_seats_and_people(region: Flask) -> None:
    levels = dict(db.session.execute(select(Commission.level, func.count()).group_by(Commission.level)).all())
    assert levels == {"cec": 1, "tec": 8, "pec": 243}
    assert count(select(Appointment).where(Appointment.ends_on.is_(None))) == 1750
    assert count(select(Seat)) == 7 + 1755
    assert count(select(Account)) == count(select(Person)) == 1752
    assert (get_open_campaign().election_on - clock.today("Asia/Aqtau")).days == 21


def test_nearly_nobody_has_a_hashed_password_and_many_have_never_signed_in(region: Flask) -> None:
    hashed = select(Account).where(Account.password_hash.is_not(None), Account.password_hash != SIGNED_IN)
    assert count(hashed) == 6
    assert count(select(Account).where(Account.password_hash.is_(None))) > 100


def test_the_figures_hold_and_every_state_is_there(region: Flask) -> None:
    _compared, drift = find_drift(get_open_campaign().id, since=clock.today())
    assert drift == []
    finished = count(select(Enrolment).where(Enrolment.completed_at.is_not(None)))
    begun = count(select(Enrolment).where(Enrolment.started_at.is_not(None))) - finished
    assert finished > 900
    assert begun > 300
    assert 1750 - finished - begun > 150
    assert count(select(Workshop).where(Workshop.starts_at > clock.now())) > 10
    assert count(select(Attendance).where(Attendance.present)) > 900


def test_papers_are_graded_as_the_questions_say(region: Flask) -> None:
    rows = db.session.execute(
        select(
            AnswerStep.response, PaperQuestion.credit, PaperQuestion.order, QuestionVersion.kind, QuestionVersion.body
        )
        .join(
            PaperQuestion,
            (PaperQuestion.attempt_id == AnswerStep.attempt_id) & (PaperQuestion.position == AnswerStep.position),
        )
        .join(QuestionVersion, QuestionVersion.id == PaperQuestion.question_version_id)
        .limit(4000)
    ).all()
    assert {row.kind for row in rows} >= set(KINDS)
    for row in rows:
        check_response(row.kind, row.body, row.response, row.order)
        assert grade(row.kind, row.body, row.response, row.order) == row.credit
    assert {row.credit for row in rows if 0 < row.credit < WHOLE}, "some are right in part"
    for attempt in db.session.scalars(select(Attempt).limit(200)):
        assert attempt.credit is not None
        assert bool(attempt.passed) <= (attempt.credit >= 16 * WHOLE)


def test_loading_again_changes_nothing(region: Flask) -> None:
    status, output = run("load")
    assert status == 0
    assert "there already" in output
    assert count(select(Person)) == 1752


def test_every_role_can_sign_in(region: Flask) -> None:
    found = sign_ins()
    assert [one["role"] for one in found] == [
        "cec_administrator", "methodologist", "territorial_officer", "trainer", "chair", "member",
    ]  # fmt: skip
    assert found[2]["commission"] == "KZ-12"
    for one in found:
        account = db.session.scalars(select(Account).where(Account.login == one["login"])).one()
        assert is_password(one["password"], account.password_hash)
        assert (one["totp_secret"] is not None) == (one["role"] not in ("chair", "member"))


def test_load_clients_get_as_many_as_they_ask_for_the_same_each_time(region: Flask) -> None:
    first = sign_ins("--role", "member", "--count", "12")
    assert len({one["login"] for one in first}) == 12
    assert first[0]["login"] == "member"
    assert sign_ins("--role", "member", "--count", "12") == first
    for one in first:
        account = db.session.scalars(select(Account).where(Account.login == one["login"])).one()
        assert is_password(one["password"], account.password_hash)
    assert len(sign_ins("--role", "territorial_officer", "--count", "99")) == 8


def test_who_chose_an_own_password_is_passed_over(region: Flask) -> None:
    member = db.session.scalars(select(Account).where(Account.login == "member")).one()
    member.session_version += 1
    db.session.flush()
    assert sign_ins("--role", "member")[0]["login"] != "member"


def test_people_who_came_with_a_roster_get_an_account_when_asked_for(region: Flask) -> None:
    seated = select(Appointment.person_id).where(Appointment.office == "chair")
    gone = db.session.scalars(select(Account.id).where(Account.person_id.in_(seated), Account.login != "chair")).all()
    db.session.execute(delete(Account).where(Account.id.in_(gone[20:22])))
    assert len(sign_ins("--role", "chair", "--count", "243")) == 243


def test_the_sign_in_page_shows_one_of_each_and_the_officer_gets_in(region: Flask) -> None:
    region.config["WTF_CSRF_ENABLED"] = False
    region.test_client_class = Client
    client = region.test_client()
    page = client.get("/en/sign-in").text
    for one in sign_ins():
        assert one["login"] in page
        assert one["password"] in page
    officer = sign_ins("--role", "territorial_officer")[0]
    client.post("/en/sign-in", data={"login": officer["login"], "secret": officer["password"]})
    second = client.get("/en/second-factor").text
    digits = pyotp.TOTP(officer["totp_secret"]).at(clock.now())
    assert f"DEMO: the six digits are now {digits}." in second
    assert client.post("/en/second-factor", data={"code": digits}).status_code == 302
    assert client.get("/en/completion", follow_redirects=True).status_code == 200


def test_who_has_finished_holds_a_certificate_that_can_be_checked(region: Flask) -> None:
    finished = select(Enrolment.id).where(Enrolment.completed_at.is_not(None))
    certificates = db.session.scalars(select(Certificate)).all()
    assert {one.enrolment_id for one in certificates} == set(db.session.scalars(finished))
    key = region.extensions["settings"].secrets.signing.public_key()
    for one in certificates[::50]:
        claim = read_payload(one.payload, key)
        assert claim.number == one.number
        assert claim.demo
        assert one.facts["right"] >= 16
        assert one.facts["workshop_on"]
        assert one.document_id is None
