"""What happens at the same moment, on real connections: two taps on the button, a new code while people join."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.accounts.models import Account
from lms.assessment.models import Attempt
from lms.commissions.models import Commission
from lms.core.database.base import db
from lms.curriculum.models import CourseVersion
from lms.sittings.models import Sitting, SittingAttempt
from tests.factories.assessment import make_learner
from tests.factories.commissions import sign_in_as
from tests.factories.crowd import at_once
from tests.factories.sittings import make_room, make_supervised

ROUNDS = 4
CROWD = 8
ROOM = "/en/courses/small/test/room"


class Ground:
    """A country with a supervised test and an open room, by number, so that any thread may use it."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.app_context():
            setting = make_supervised()
            self.precinct, self.version = setting.country.precinct.id, setting.version.id
            self.trainer, self.room = setting.trainer.id, make_room(setting).id
            db.session.commit()

    def code(self) -> str:
        """The code of the room now."""
        with self.app.app_context():
            return db.session.get_one(Sitting, self.room).code

    def learner(self) -> tuple[int, list[FlaskClient]]:
        """A learner's enrolment, and many browsers of theirs."""
        with self.app.app_context():
            where, version = (
                db.session.get_one(Commission, self.precinct),
                db.session.get_one(CourseVersion, self.version),
            )
            account, enrolment = make_learner(where, version)
            return enrolment.id, [self.browser(account) for _ in range(CROWD)]

    def browser(self, account: Account) -> FlaskClient:
        """A browser of the account."""
        client = self.app.test_client()
        sign_in_as(client, account)
        return client

    def trainers_browser(self) -> FlaskClient:
        """A browser of the trainer."""
        with self.app.app_context():
            return self.browser(db.session.get_one(Account, self.trainer))


@pytest.fixture(scope="module")
def ground(real_app: Flask) -> Ground:
    """The ground, made once."""
    return Ground(real_app)


def test_taps_at_once_begin_one_attempt(ground: Ground) -> None:
    for _round in range(ROUNDS):
        enrolment_id, browsers = ground.learner()
        code = ground.code()
        answers = at_once(*(partial(one.post, ROOM, data={"code": code}) for one in browsers))
        assert {one.status_code for one in answers} == {302}
        with ground.app.app_context():
            (attempt,) = db.session.scalars(select(Attempt).where(Attempt.enrolment_id == enrolment_id)).all()
            assert {one.headers["Location"] for one in answers} == {f"/en/attempts/{attempt.id}/questions/1"}
            assert db.session.get_one(SittingAttempt, attempt.id).sitting_id == ground.room


def test_a_new_code_while_people_join_lets_nobody_in_afterwards(ground: Ground) -> None:
    """Each gets in with the old code before it was renewed, or is told that it opens nothing; nobody is half in."""
    trainer = ground.trainers_browser()
    seen: Counter[int] = Counter()
    for _round in range(ROUNDS):
        learners = [ground.learner() for _ in range(4)]
        code = ground.code()
        joins: list[Callable[[], object]] = [
            partial(browsers[0].post, ROOM, data={"code": code}) for _enrolment, browsers in learners
        ]
        *answers, renewed = at_once(*joins, partial(trainer.post, f"/en/sittings/{ground.room}/code"))
        assert renewed.status_code == 302
        assert ground.code() != code
        for (enrolment_id, browsers), answer in zip(learners, answers, strict=True):
            seen[answer.status_code] += 1
            with ground.app.app_context():
                begun = db.session.scalars(select(Attempt.id).where(Attempt.enrolment_id == enrolment_id)).all()
                marked = [one for one in begun if db.session.get(SittingAttempt, one) is not None]
            assert (answer.status_code, len(begun), len(marked)) in ((302, 1, 1), (422, 0, 0))
            again = browsers[1].post(ROOM, data={"code": code})
            assert again.status_code == (302 if begun else 422), "going on needs no code, beginning needs the new one"
    assert sum(seen.values()) == ROUNDS * 4
