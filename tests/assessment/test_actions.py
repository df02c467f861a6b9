"""Begin, close and grade attempts: once each, with the audit that belongs to it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.accounts.models import Account
from lms.assessment import queries, tasks
from lms.assessment.actions import close_attempt, close_expired, start_attempt, submit_attempt
from lms.assessment.errors import MayNotStart
from lms.assessment.models import Attempt
from lms.assessment.rules import State
from lms.campaigns.models import Campaign
from lms.commissions.permissions import SYSTEM
from lms.core import clock
from lms.core.audit.models import AuditEntry
from lms.core.database.base import db
from lms.core.errors import NotFound
from lms.learning.actions import complete_activity
from lms.learning.models import CompletedActivity, Enrolment
from lms.questions.kinds.shapes import WHOLE
from tests.factories.assessment import (
    answer_all,
    enrolment_of,
    give,
    let_time_pass,
    make_attempt,
    make_learner,
    right_response,
)
from tests.factories.commissions import Country, make_member, scope
from tests.factories.curriculum import make_course

pytestmark = pytest.mark.usefixtures("db_session")
Learner = tuple[Account, Enrolment]


def acts(subject: str) -> list[str]:
    return list(
        db.session.scalars(select(AuditEntry.action).where(AuditEntry.subject == subject).order_by(AuditEntry.id))
    )


def test_an_attempt_has_its_paper_and_its_time(learner: Learner) -> None:
    attempt = make_attempt(*learner)
    paper = queries.list_paper(attempt.id)
    assert [asked.position for asked in paper] == [1, 2, 3, 4, 5]
    assert [asked.topic for asked in paper] == ["opening"] * 3 + ["count"] * 2
    assert all(asked.question.use == "test" for asked in paper)
    assert attempt.deadline - attempt.started_at == timedelta(minutes=30)
    assert (attempt.number, attempt.state, attempt.total) == (1, "open", 5)
    assert learner[1].started_at is not None
    assert acts(f"attempt:{attempt.id}") == ["assessment.attempt_started"]


def test_the_order_of_options_is_kept_with_the_paper(learner: Learner) -> None:
    attempt = make_attempt(*learner)
    for asked in queries.list_paper(attempt.id):
        shown = {"options": "options", "items": "items"}
        for name in shown.keys() & asked.question.body.keys():
            ids = [part["id"] for part in asked.question.body[name]]
            assert sorted(asked.order[name]) == sorted(ids)


def test_the_settings_are_those_of_the_beginning(learner: Learner) -> None:
    attempt = make_attempt(*learner)
    assert queries.settings_of(attempt).size == 5
    assert attempt.settings == learner[1].version.test


def test_one_attempt_at_a_time(learner: Learner) -> None:
    assert make_attempt(*learner).id == make_attempt(*learner).id


def test_the_modules_come_first(country: Country) -> None:
    version = make_course()
    account = make_member(country.precinct)
    with pytest.raises(MayNotStart, match="read every module"):
        make_attempt(account, enrolment_of(account, version))


def test_nobody_begins_for_somebody_else(country: Country, learner: Learner) -> None:
    with pytest.raises(NotFound):
        start_attempt(enrolment=learner[1], by=scope(make_member(country.precinct)))


def test_a_closed_campaign_has_no_tests(learner: Learner) -> None:
    db.session.get_one(Campaign, learner[1].campaign_id).state = "archived"
    db.session.flush()
    with pytest.raises(MayNotStart, match="campaign is over"):
        make_attempt(*learner)


def test_attempts_are_counted_and_spaced(learner: Learner) -> None:
    account, _enrolment = learner
    for number in (1, 2, 3):
        attempt = make_attempt(*learner)
        assert attempt.number == number
        submit_attempt(attempt=attempt, by=scope(account))
        with pytest.raises(MayNotStart, match="next attempt opens on" if number < 3 else "Every attempt is used"):
            make_attempt(*learner)
        let_time_pass(attempt, hours=25)
    with pytest.raises(MayNotStart, match="Every attempt is used"):
        make_attempt(*learner)


def test_a_second_paper_prefers_questions_not_seen(learner: Learner) -> None:
    first = make_attempt(*learner)
    submit_attempt(attempt=first, by=scope(learner[0]))
    let_time_pass(first, hours=25)
    second = make_attempt(*learner)
    seen = {asked.question_version_id for asked in queries.list_paper(first.id) if asked.topic == "opening"}
    assert not seen & {asked.question_version_id for asked in queries.list_paper(second.id)}


def test_all_right_is_a_pass_and_counts_for_the_course(learner: Learner) -> None:
    account, enrolment = learner
    attempt = make_attempt(*learner)
    answer_all(attempt, account)
    assert submit_attempt(attempt=attempt, by=scope(account))
    assert (attempt.state, attempt.points, attempt.total, attempt.passed) == ("submitted", 5, 5, True)
    done = db.session.get_one(CompletedActivity, (enrolment.id, "test"))
    assert done.details == {"right": 5, "total": 5}
    assert acts(f"attempt:{attempt.id}") == ["assessment.attempt_started", "assessment.attempt_closed"]
    with pytest.raises(MayNotStart, match="You have passed"):
        make_attempt(*learner)


def test_the_test_may_be_the_last_step_of_a_course(learner: Learner) -> None:
    account, enrolment = learner
    complete_activity(enrolment=enrolment, activity="workshop", by=SYSTEM)
    attempt = make_attempt(*learner)
    answer_all(attempt, account)
    submit_attempt(attempt=attempt, by=scope(account))
    assert enrolment.completed_at is not None


@pytest.mark.parametrize(("wrong", "right", "passed"), [([], 5, True), ([1], 4, True), ([1, 2], 3, False)])
def test_enough_is_enough(learner: Learner, wrong: list[int], right: int, passed: bool) -> None:
    account, enrolment = learner
    attempt = make_attempt(*learner)
    answer_all(attempt, account, wrong=wrong)
    submit_attempt(attempt=attempt, by=scope(account))
    assert (attempt.points, attempt.passed) == (right, passed)
    assert ("test" in queries.learning.list_done(enrolment.id)) is passed
    assert [asked.position for asked in queries.list_paper(attempt.id) if not asked.credit] == wrong


def test_a_minimum_must_be_reached_too(country: Country) -> None:
    minimums = [{"topics": ["count"], "right": 2}]
    test = {
        "minutes": 30,
        "pass_percent": 50,
        "attempts": 3,
        "hours_between": 24,
        "blueprint": [{"topic": "opening", "draw": 3}, {"topic": "count", "draw": 2}],
        "minimums": minimums,
    }
    account, enrolment = make_learner(country.precinct, make_course(test=test))
    attempt = make_attempt(account, enrolment)
    answer_all(attempt, account, wrong=[5])
    submit_attempt(attempt=attempt, by=scope(account))
    assert (attempt.points, attempt.passed) == (4, False)


def test_stale_late_and_withdrawn_answers_get_no_point(learner: Learner) -> None:
    account, _enrolment = learner
    attempt = make_attempt(*learner)
    asked = {one.position: right_response(one) for one in queries.list_paper(attempt.id)}
    give(attempt, account, 1, {}, client="phone")
    assert give(attempt, account, 1, asked[1], client="desk").fate == "stale"
    give(attempt, account, 4, asked[4])
    give(attempt, account, 4, {})
    give(attempt, account, 5, asked[5], now=attempt.deadline)
    submit_attempt(attempt=attempt, by=scope(account))
    assert attempt.credit == 0


def test_sent_twice_there_is_one_result(learner: Learner) -> None:
    account, _enrolment = learner
    attempt = make_attempt(*learner)
    answer_all(attempt, account)
    assert submit_attempt(attempt=attempt, by=scope(account))
    closed_at = attempt.submitted_at
    assert not submit_attempt(attempt=attempt, by=scope(account))
    assert not close_attempt(attempt=attempt, by=SYSTEM)
    assert (attempt.submitted_at, attempt.points) == (closed_at, 5)
    assert acts(f"attempt:{attempt.id}").count("assessment.attempt_closed") == 1


def test_nobody_sends_for_somebody_else(country: Country, learner: Learner) -> None:
    attempt = make_attempt(*learner)
    with pytest.raises(NotFound):
        submit_attempt(attempt=attempt, by=scope(make_member(country.precinct)))
    assert attempt.state == State.OPEN


def test_sent_after_the_deadline_what_was_saved_in_time_counts(learner: Learner) -> None:
    account, _enrolment = learner
    attempt = make_attempt(*learner)
    answer_all(attempt, account)
    let_time_pass(attempt, minutes=31)
    submit_attempt(attempt=attempt, by=scope(account))
    assert (attempt.state, attempt.submitted_at, attempt.passed) == ("timed_out", attempt.deadline, True)


def test_the_worker_closes_abandoned_attempts_exactly_once(country: Country, learner: Learner) -> None:
    version = learner[1].version
    learners = [learner, *(make_learner(country.precinct, version) for _ in range(3))]
    attempts = [make_attempt(*one) for one in learners]
    for (account, _enrolment), attempt in zip(learners, attempts, strict=True):
        answer_all(attempt, account, wrong=[1])
    for attempt in attempts[:3]:
        let_time_pass(attempt, minutes=31)
    for _sweep in range(2):
        tasks.close_expired()
    assert [attempt.state for attempt in attempts] == ["timed_out"] * 3 + ["open"]
    assert [attempt.credit for attempt in attempts] == [4 * WHOLE, 4 * WHOLE, 4 * WHOLE, None]
    for attempt in attempts[:3]:
        assert acts(f"attempt:{attempt.id}").count("assessment.attempt_closed") == 1


def test_one_attempt_that_cannot_be_graded_holds_up_no_other(
    country: Country, learner: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts = [make_attempt(*one) for one in (learner, make_learner(country.precinct, learner[1].version))]
    for minutes, attempt in zip((40, 35), attempts, strict=True):
        let_time_pass(attempt, minutes=minutes)
    db.session.commit()
    broken, whole = (attempt.id for attempt in attempts)
    real = close_expired

    def fail_once(attempt_id: int) -> bool:
        if attempt_id == broken:
            raise RuntimeError("planted")
        return real(attempt_id)

    monkeypatch.setattr(tasks.actions, "close_expired", fail_once)
    tasks.close_expired()
    assert db.session.get_one(Attempt, broken).state == "open"
    assert db.session.get_one(Attempt, whole).state == "timed_out"


def test_an_attempt_with_time_left_is_not_swept(learner: Learner) -> None:
    attempt = make_attempt(*learner)
    assert not close_expired(attempt.id)
    assert not close_expired(999)
    assert list(queries.list_expired(clock.now())) == []


def test_papers_are_drawn_anew_for_everyone(country: Country, learner: Learner) -> None:
    version = learner[1].version
    papers = set()
    for _ in range(6):
        attempt = make_attempt(*make_learner(country.precinct, version))
        papers.add(tuple(asked.question_version_id for asked in queries.list_paper(attempt.id)))
    assert len(papers) > 1


def test_a_test_from_before_the_day_began_anew_is_closed_by_itself(learner: Learner) -> None:
    attempt = make_attempt(*learner)
    answer_all(attempt, learner[0])
    attempt.started_at += timedelta(hours=23)
    attempt.deadline += timedelta(hours=23)
    db.session.flush()
    tasks.close_expired()
    db.session.expire_all()
    assert (attempt.state, attempt.submitted_at) == (State.TIMED_OUT, attempt.deadline)
    assert attempt.points == attempt.total
