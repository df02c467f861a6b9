"""What happens at the same moment, on real connections: sends, saves, beginnings and sweeps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms.accounts.models import Account
from lms.assessment import queries, tasks
from lms.assessment.lengthening import Why, lengthen_attempt
from lms.assessment.models import AnswerStep, Attempt, PaperQuestion
from lms.assessment.rescuing import bring_file
from lms.commissions.models import Commission
from lms.commissions.permissions import SYSTEM, scope_of_account
from lms.core import clock
from lms.core.audit.models import AuditEntry
from lms.core.database.base import db
from lms.core.errors import Refused
from lms.curriculum.models import CourseVersion
from lms.learning.models import CompletedActivity
from lms.questions.kinds.shapes import WHOLE
from tests.factories.assessment import (
    let_time_pass,
    make_attempt,
    make_learner,
    post_answer,
    right_response,
)
from tests.factories.commissions import make_country, sign_in_as
from tests.factories.crowd import at_once
from tests.factories.curriculum import make_course
from tests.factories.rescue import make_file

ROUNDS = 4
CROWD = 12


@dataclass(frozen=True)
class Taken:
    """An attempt and whose it is, by number, so that any thread may use it."""

    id: int
    account_id: int
    enrolment_id: int


@pytest.fixture(scope="module")
def where(real_app: Flask) -> tuple[int, int]:
    """(precinct, course version) of the small country."""
    with real_app.app_context():
        precinct = make_country().precinct.id
        version = make_course().id
        db.session.commit()
    return precinct, version


@pytest.fixture
def make(real_app: Flask, where: tuple[int, int]) -> Callable[[], Taken]:
    """Makes a learner with an attempt, committed."""

    def made() -> Taken:
        with real_app.app_context():
            account, enrolment = make_learner(
                db.session.get_one(Commission, where[0]), db.session.get_one(CourseVersion, where[1])
            )
            attempt = make_attempt(account, enrolment)
            db.session.commit()
            return Taken(attempt.id, account.id, enrolment.id)

    return made


def browser(app: Flask, taken: Taken) -> FlaskClient:
    """A browser of the attempt's owner."""
    client = app.test_client()
    with app.app_context():
        sign_in_as(client, db.session.get_one(Account, taken.account_id))
    return client


def saver(app: Flask, taken: Taken) -> Callable[..., Any]:
    """Posts an answer from a browser of the owner."""
    return partial(post_answer, browser(app, taken))


def count_closings(attempt_id: int) -> int:
    query = select(func.count()).where(
        AuditEntry.subject == f"attempt:{attempt_id}", AuditEntry.action == "assessment.attempt_closed"
    )
    return db.session.scalar(query) or 0


def right_answers(app: Flask, taken: Taken) -> dict[int, dict[str, Any]]:
    with app.app_context():
        return {asked.position: right_response(asked) for asked in queries.list_paper(taken.id)}


def test_many_sends_give_one_result(real_app: Flask, make: Callable[[], Taken]) -> None:
    for _round in range(ROUNDS):
        taken = make()
        for position, right in right_answers(real_app, taken).items():
            attempt = Attempt(id=taken.id)
            post_answer(browser(real_app, taken), attempt, position=position, seq=position, response=right)
        clients = [browser(real_app, taken) for _ in range(CROWD)]
        answers = at_once(*(partial(one.post, f"/en/attempts/{taken.id}/send") for one in clients))
        assert {(one.status_code, one.headers["Location"]) for one in answers} == {
            (302, f"/en/attempts/{taken.id}/result")
        }
        with real_app.app_context():
            attempt = db.session.get_one(Attempt, taken.id)
            assert (attempt.state, attempt.credit, attempt.passed) == ("submitted", 5 * WHOLE, True)
            assert count_closings(taken.id) == 1
            assert db.session.get(CompletedActivity, (taken.enrolment_id, "test")) is not None


def test_of_answers_that_build_on_the_same_one_exactly_one_counts(real_app: Flask, make: Callable[[], Taken]) -> None:
    for _round in range(ROUNDS):
        taken = make()
        attempt = Attempt(id=taken.id)
        right = right_answers(real_app, taken)[1]
        works = [
            partial(saver(real_app, taken), attempt, client=f"tab-{n}", response=right if n % 2 else {})
            for n in range(CROWD)
        ]
        answers = at_once(*works)
        with real_app.app_context():
            steps = db.session.scalars(select(AnswerStep).where(AnswerStep.attempt_id == taken.id)).all()
            assert len(steps) == CROWD
            assert [step.base_revision for step in steps if not step.stale] == [0]
            winner = next(step for step in steps if not step.stale)
        assert {one.status_code for one in answers} <= {200, 409}
        assert {one.get_json()["revision"] for one in answers} == {winner.id}


def test_one_step_sent_many_times_at_once_is_written_once(real_app: Flask, make: Callable[[], Taken]) -> None:
    for _round in range(ROUNDS):
        taken = make()
        attempt, right = Attempt(id=taken.id), right_answers(real_app, taken)[1]
        works = [partial(saver(real_app, taken), attempt, response=right) for _ in range(CROWD)]
        answers = at_once(*works)
        assert Counter(one.status_code for one in answers) == {200: CROWD}
        assert len({one.get_json()["revision"] for one in answers}) == 1


def test_every_answer_that_was_confirmed_is_in_the_result(real_app: Flask, make: Callable[[], Taken]) -> None:
    """Sending races with saves: an answer is either refused, or saved and graded."""
    for _round in range(ROUNDS * 2):
        taken = make()
        attempt = Attempt(id=taken.id)
        works = [
            partial(saver(real_app, taken), attempt, position=position, client=f"tab-{position}", response=right)
            for position, right in right_answers(real_app, taken).items()
        ]
        send = partial(browser(real_app, taken).post, f"/en/attempts/{taken.id}/send")
        *saves, _sent = at_once(*works, send)
        confirmed = {one.get_json()["position"] for one in saves if one.status_code == 200}
        assert {one.status_code for one in saves} <= {200, 410}
        with real_app.app_context():
            right_ones = db.session.scalars(
                select(PaperQuestion.position).where(
                    PaperQuestion.attempt_id == taken.id, PaperQuestion.credit == WHOLE
                )
            )
            assert set(right_ones) == confirmed


def test_a_test_begun_many_times_at_once_is_one_attempt(
    real_app: Flask, where: tuple[int, int], make: Callable[[], Taken]
) -> None:
    for _round in range(ROUNDS):
        with real_app.app_context():
            account, enrolment = make_learner(
                db.session.get_one(Commission, where[0]), db.session.get_one(CourseVersion, where[1])
            )
            db.session.commit()
            taken = Taken(0, account.id, enrolment.id)
        clients = [browser(real_app, taken) for _ in range(CROWD)]
        answers = at_once(*(partial(one.post, "/en/courses/small/test") for one in clients))
        assert {one.status_code for one in answers} == {302}
        assert len({one.headers["Location"] for one in answers}) == 1
        with real_app.app_context():
            (attempt,) = queries.list_attempts(taken.enrolment_id)
            assert len(queries.list_paper(attempt.id)) == 5


def test_lengthened_while_it_is_closed(real_app: Flask, make: Callable[[], Taken]) -> None:
    """An officer adds time at the very moment at which the worker closes: either it goes on until the new deadline, or
    it was closed first and the officer is told. Never is it closed with time left."""

    def sweep() -> None:
        with real_app.app_context():
            tasks.close_expired()

    def lengthen(attempt_id: int) -> bool:
        with real_app.app_context():
            attempt = db.session.get_one(Attempt, attempt_id)
            try:
                lengthen_attempt(attempt=attempt, minutes=30, why=Why("outage"), by=SYSTEM)
                db.session.commit()
            except Refused:
                db.session.rollback()
                return False
            return True

    seen = Counter[bool]()
    for turn in range(ROUNDS * 3):
        taken = make()
        with real_app.app_context():
            attempt = db.session.get_one(Attempt, taken.id)
            attempt.deadline = clock.now() + timedelta(milliseconds=40 + 10 * turn)
            attempt.started_at = attempt.deadline - timedelta(minutes=30)
            db.session.commit()
        lengthened, *_swept = at_once(partial(lengthen, taken.id), *[sweep] * 4)
        seen[lengthened] += 1
        with real_app.app_context():
            tasks.close_expired()
            attempt = db.session.get_one(Attempt, taken.id)
            still = attempt.state == "open"
            assert still == (attempt.deadline > clock.now())
            assert lengthened or attempt.deadline <= clock.now()
            assert count_closings(taken.id) == (0 if still else 1)
    assert seen[True]


def test_one_file_brought_twice_at_once_is_taken_once(real_app: Flask, make: Callable[[], Taken]) -> None:
    taken = make()
    with real_app.app_context():
        attempt = db.session.get_one(Attempt, taken.id)
        paper = queries.list_paper(taken.id)
        one = next(asked for asked in paper if asked.question.kind in ("single", "true-false"))
        fields = {f"q{one.position}-choice": [right_response(one)["choice"]]}
        items = {str(one.position): {"seq": 1, "base": 0, "fields": fields}}
        content = make_file(attempt, taken.account_id, items)

    def bring() -> bool:
        with real_app.app_context():
            brought = bring_file(content=content, by=scope_of_account(taken.account_id))
            db.session.commit()
            return brought.again_since is None

    assert sorted(at_once(*[bring] * 6)) == [False] * 5 + [True]
    with real_app.app_context():
        steps = select(func.count(AnswerStep.id)).where(AnswerStep.attempt_id == taken.id)
        assert db.session.scalar(steps) == 1


def test_workers_and_lookers_close_an_attempt_once(real_app: Flask, make: Callable[[], Taken]) -> None:
    def sweep() -> None:
        with real_app.app_context():
            tasks.close_expired()

    for _round in range(ROUNDS):
        taken = make()
        with real_app.app_context():
            let_time_pass(db.session.get_one(Attempt, taken.id), minutes=31)
            db.session.commit()
        lookers = [browser(real_app, taken) for _ in range(4)]
        looks = [partial(one.get, f"/en/attempts/{taken.id}/result") for one in lookers]
        _one, _two, *seen = at_once(sweep, sweep, *looks)
        assert {one.status_code for one in seen} == {200}
        with real_app.app_context():
            assert db.session.get_one(Attempt, taken.id).state == "timed_out"
            assert count_closings(taken.id) == 1
