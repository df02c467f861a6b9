"""What happens at the same moment, on real connections: two who confirm, a test begun or passed meanwhile, two who
print."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import select

from lms.accounts.models import Account
from lms.assessment import queries
from lms.assessment.actions import start_attempt
from lms.assessment.errors import MayNotStart
from lms.assessment.verifying import list_differences
from lms.commissions.models import Commission
from lms.commissions.permissions import scope_of_account
from lms.core.database.base import db
from lms.core.errors import Refused
from lms.curriculum.models import CourseVersion
from lms.learning.models import Enrolment
from lms.papertests import keying
from lms.papertests.actions import Wanted, print_sheets
from lms.papertests.models import PaperSheet
from lms.papertests.rules import State
from tests.factories.assessment import make_learner
from tests.factories.crowd import at_once
from tests.factories.papertests import Village, draft, make_village, print_sheet

ROUNDS = 3


@dataclass(frozen=True)
class Ready:
    """A sheet with its draft, committed; by number, so that any thread may use it."""

    sheet_id: int
    enrolment_id: int
    account_id: int
    trainer_id: int
    digest: str


@pytest.fixture(scope="module")
def ids(real_app: Flask) -> tuple[int, int, int, int]:
    """(precinct, district, course version, trainer) of the village."""
    with real_app.app_context():
        village = make_village()
        found = village.country.precinct.id, village.country.district.id, village.version.id, village.trainer.id
        db.session.commit()
    return found


def village_of(ids: tuple[int, int, int, int]) -> Village:
    precinct, district, version, trainer = ids
    account, enrolment = make_learner(
        db.session.get_one(Commission, precinct), db.session.get_one(CourseVersion, version)
    )

    class Places:
        """As much of the country as printing asks for."""

    places = Places()
    places.district = db.session.get_one(Commission, district)  # type: ignore[attr-defined]
    return Village(
        places,  # type: ignore[arg-type]
        db.session.get_one(CourseVersion, version),
        account,
        enrolment,
        db.session.get_one(Account, trainer),
    )


@pytest.fixture
def make(real_app: Flask, ids: tuple[int, int, int, int]) -> Callable[[], Ready]:
    """Makes a learner with a sheet that is keyed in and not confirmed."""

    def made() -> Ready:
        with real_app.app_context():
            village = village_of(ids)
            sheet = print_sheet(village)
            draft(sheet, village.trainer)
            ready = Ready(
                sheet.id, village.enrolment.id, village.account.id, village.trainer.id, keying.digest_of(sheet)
            )
            db.session.commit()
            return ready

    return made


def confirm(app: Flask, ready: Ready) -> bool:
    """Confirm what was keyed in; whether that made the result."""
    with app.app_context():
        sheet = db.session.get_one(PaperSheet, ready.sheet_id)
        try:
            keying.confirm(sheet=sheet, digest=ready.digest, by=scope_of_account(ready.trainer_id))
            db.session.commit()
        except Refused:
            db.session.rollback()
            return False
        return True


def begin(app: Flask, ready: Ready) -> bool:
    """Begin the test on the screen; whether it began."""
    with app.app_context():
        enrolment = db.session.get_one(Enrolment, ready.enrolment_id)
        try:
            start_attempt(enrolment=enrolment, by=scope_of_account(ready.account_id))
            db.session.commit()
        except MayNotStart:
            db.session.rollback()
            return False
        return True


def test_two_who_confirm_at_once_make_one_result(real_app: Flask, make: Callable[[], Ready]) -> None:
    for _round in range(ROUNDS):
        ready = make()
        made = at_once(*[partial(confirm, real_app, ready)] * 6)
        assert sorted(made) == [False] * 5 + [True]
        with real_app.app_context():
            (attempt,) = queries.list_attempts(ready.enrolment_id)
            assert attempt.passed
            assert len(queries.list_steps(attempt.id)) == 5
            assert db.session.get_one(PaperSheet, ready.sheet_id).attempt_id == attempt.id
    with real_app.app_context():
        assert list(list_differences()) == []


def test_confirmed_while_the_test_is_begun_on_the_screen(real_app: Flask, make: Callable[[], Ready]) -> None:
    """Whoever is first wins; the other is refused, and a refused draft is kept."""
    for _round in range(ROUNDS):
        ready = make()
        confirmed, begun = at_once(partial(confirm, real_app, ready), partial(begin, real_app, ready))
        assert confirmed != begun
        with real_app.app_context():
            (attempt,) = queries.list_attempts(ready.enrolment_id)
            sheet = db.session.get_one(PaperSheet, ready.sheet_id)
            assert (attempt.state == "submitted") == confirmed
            assert (sheet.state is State.KEYED) == confirmed
            assert bool(sheet.draft) != confirmed


def test_two_who_print_at_once_make_one_paper(real_app: Flask, ids: tuple[int, int, int, int]) -> None:
    with real_app.app_context():
        village = village_of(ids)
        enrolment_id = village.enrolment.id
        db.session.commit()

    def print_one() -> bool:
        with real_app.app_context():
            version = db.session.get_one(CourseVersion, ids[2])
            order = Wanted(db.session.get_one(Commission, ids[1]), version.course_id, (enrolment_id,))
            try:
                print_sheets(wanted=order, by=scope_of_account(ids[3]))
                db.session.commit()
            except Refused:
                db.session.rollback()
                return False
            return True

    assert sorted(at_once(*[print_one] * 4)) == [False] * 3 + [True]
    with real_app.app_context():
        printed = db.session.scalars(select(PaperSheet.id).where(PaperSheet.enrolment_id == enrolment_id)).all()
        assert len(printed) == 1
