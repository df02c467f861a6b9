"""More time: for one test, for all whom an outage met, for one whose time ran out; who sits now."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from lms.accounts.models import Account
from lms.assessment import branch, lengthening, queries
from lms.assessment.actions import close_attempt, submit_attempt
from lms.assessment.lengthening import Outage
from lms.assessment.models import Attempt, AttemptExtension
from lms.assessment.rules import State
from lms.assessment.saving import Fate
from lms.assessment.verifying import list_differences
from lms.commissions.permissions import SYSTEM
from lms.commissions.rules import Role
from lms.core import clock
from lms.core.audit.models import AuditValue
from lms.core.database.base import db
from lms.core.errors import Forbidden, Refused
from tests.assessment.officers.shared import OUTAGE, Learner, hard_test, run_out, told
from tests.conftest import Client
from tests.factories.assessment import (
    answer_all,
    give,
    let_time_pass,
    make_attempt,
    make_learner,
    right_response,
)
from tests.factories.commissions import Country, scope, sign_in_as
from tests.factories.curriculum import make_course


def move_unseen(attempt: Attempt, deadline: datetime) -> None:
    """Move a deadline as another transaction would: the object in hand still holds the old one."""
    moved = update(Attempt).where(Attempt.id == attempt.id).values(deadline=deadline)
    db.session.execute(moved.execution_options(synchronize_session=False))


class TestMoreTime:
    def test_the_deadline_moves_and_answers_are_taken_until_then(self, learner: Learner, officer: Account) -> None:
        attempt = make_attempt(*learner)
        before = attempt.deadline
        lengthening.lengthen_attempt(attempt=attempt, minutes=10, why=OUTAGE, by=scope(officer))
        assert attempt.deadline == before + timedelta(minutes=10) == lengthening.deadline_of(attempt)
        response = right_response(queries.get_paper_question(attempt.id, 1))
        for seconds, fate in ((-1, Fate.SAVED), (0, Fate.LATE), (1, Fate.LATE)):
            now = attempt.deadline + timedelta(seconds=seconds)
            receipt = give(
                attempt,
                learner[0],
                1,
                response,
                base=queries.list_answers(attempt.id).get(1, queries.NONE_YET).revision,
                now=now,
            )
            assert receipt.fate is fate, seconds

    def test_a_closing_that_began_before_sees_the_new_deadline(self, learner: Learner, officer: Account) -> None:
        """The worker has read the old deadline; then an officer lengthens; then the worker closes."""
        attempt = make_attempt(*learner)
        let_time_pass(attempt, minutes=31)
        later = clock.now() + timedelta(minutes=30)
        db.session.execute(
            update(Attempt)
            .where(Attempt.id == attempt.id)
            .values(deadline=later)
            .execution_options(synchronize_session=False)
        )
        assert not close_attempt(attempt=attempt, by=SYSTEM)
        assert (attempt.state, attempt.deadline) == (State.OPEN, later)

    def test_sent_in_the_moment_of_lengthening_it_is_sent(self, learner: Learner) -> None:
        attempt = make_attempt(*learner)
        later = attempt.deadline + timedelta(minutes=30)
        db.session.execute(
            update(Attempt)
            .where(Attempt.id == attempt.id)
            .values(deadline=later)
            .execution_options(synchronize_session=False)
        )
        assert submit_attempt(attempt=attempt, by=scope(learner[0]))
        assert attempt.state == State.SUBMITTED

    def test_what_is_over_is_not_lengthened(self, learner: Learner, officer: Account) -> None:
        attempt = make_attempt(*learner)
        let_time_pass(attempt, minutes=31)
        with pytest.raises(Refused, match="time of this test is up"):
            lengthening.lengthen_attempt(attempt=attempt, minutes=10, why=OUTAGE, by=scope(officer))

    @pytest.mark.parametrize("minutes", [0, -5, 481])
    def test_not_so_many_minutes(self, learner: Learner, minutes: int) -> None:
        attempt = make_attempt(*learner)
        with pytest.raises(Refused, match="from 1 to 480"):
            lengthening.lengthen_attempt(attempt=attempt, minutes=minutes, why=OUTAGE, by=SYSTEM)

    def test_opened_again_it_goes_on_with_what_was_saved(self, country: Country, officer: Account) -> None:
        learner = make_learner(country.precinct, make_course(test=hard_test()))
        attempt = make_attempt(*learner)
        answer_all(attempt, learner[0], wrong=[1])
        run_out(attempt)
        lengthening.reopen_attempt(attempt=attempt, minutes=10, why=OUTAGE, by=scope(officer))
        assert (attempt.state, attempt.submitted_at, attempt.credit, attempt.passed) == (State.OPEN, None, None, None)
        assert lengthening.deadline_of(attempt) == attempt.deadline
        give(attempt, learner[0], 1, right_response(queries.get_paper_question(attempt.id, 1)))
        assert submit_attempt(attempt=attempt, by=scope(learner[0]))
        assert attempt.passed
        assert told("assessment.attempt_reopened")[0].details["reason"] == "outage"
        notes = db.session.scalars(select(AuditValue.after).where(AuditValue.field == "note")).all()
        assert "the mast fell" in notes

    def test_not_after_three_days_and_not_when_another_has_begun(self, learner: Learner, officer: Account) -> None:
        attempt = make_attempt(*learner)
        run_out(attempt)
        let_time_pass(attempt, hours=80)
        with pytest.raises(Refused, match="within 72 hours"):
            lengthening.reopen_attempt(attempt=attempt, minutes=10, why=OUTAGE, by=scope(officer))
        let_time_pass(attempt, hours=-30)
        make_attempt(*learner)
        with pytest.raises(Refused, match="another attempt has begun"):
            lengthening.reopen_attempt(attempt=attempt, minutes=10, why=OUTAGE, by=scope(officer))

    def test_an_outage_is_answered_for_whom_it_met(self, country: Country, learner: Learner) -> None:
        version = learner[1].version
        met, gone = make_attempt(*learner), make_attempt(*make_learner(country.precinct, version))
        elsewhere = make_attempt(*make_learner(country.sister_precinct, version))
        ran_out = make_attempt(*make_learner(country.precinct, version))
        sent = make_learner(country.precinct, version)
        done = make_attempt(*sent)
        for one in (met, elsewhere, done):
            let_time_pass(one, minutes=20)
        submit_attempt(attempt=done, by=scope(sent[0]))
        run_out(ran_out)
        now = clock.now()
        outage = Outage(now - timedelta(minutes=15), now - timedelta(minutes=5))
        before = met.deadline
        answered = lengthening.answer_outage(
            commission=country.district, outage=outage, minutes=10, reopen=True, why=OUTAGE, by=scope(country.head)
        )
        assert (answered.lengthened, answered.reopened) == (1, 1)
        assert met.deadline == before + timedelta(minutes=10)
        assert (ran_out.state, done.state) == (State.OPEN, State.SUBMITTED)
        assert {one.attempt_id for one in db.session.scalars(select(AttemptExtension))} == {met.id, ran_out.id}
        assert gone.deadline == gone.started_at + timedelta(minutes=30)
        assert list(list_differences()) == []

    def test_an_outage_ends_after_it_began(self, country: Country) -> None:
        now = clock.now()
        for outage in (Outage(now, now - timedelta(minutes=1)), Outage(now, now + timedelta(minutes=1))):
            with pytest.raises(Refused, match="must end after it began"):
                lengthening.answer_outage(
                    commission=country.central, outage=outage, minutes=5, reopen=False, why=OUTAGE, by=SYSTEM
                )

    def test_nobody_lengthens_their_own(self, learner: Learner) -> None:
        attempt = make_attempt(*learner)
        with pytest.raises(Forbidden):
            lengthening.lengthen_attempt(attempt=attempt, minutes=10, why=OUTAGE, by=scope(learner[0]))

    def test_who_sits_now_is_shown_without_answers(self, client: Client, learner: Learner, officer: Account) -> None:
        attempt = make_attempt(*learner)
        give(attempt, learner[0], 1, right_response(queries.get_paper_question(attempt.id, 1)))
        sign_in_as(client, officer)
        district = scope(officer).places(Role.TERRITORIAL_OFFICER)
        page = client.get(f"/en/commissions/{next(iter(district))}/tests").text
        assert learner[0].person.full_name in page
        assert f"1 of {attempt.total}" in page
        assert "30 min left" in page
        changed = client.post(f"/en/attempts/{attempt.id}/time", data={"minutes": "15", "reason": "device"})
        assert changed.status_code == 302
        assert client.post(f"/en/attempts/{attempt.id}/time", data={"minutes": "0", "reason": ""}).status_code == 422
        sign_in_as(client, learner[0])
        assert client.get(f"/en/attempts/{attempt.id}/paper").json["left"] > 44 * 60

    def test_ten_thousand_would_come_by_pages(self, country: Country, learner: Learner, monkeypatch: Any) -> None:
        monkeypatch.setattr(branch, "PAGE", 2)
        for _ in range(3):
            make_attempt(*make_learner(country.precinct, learner[1].version))
        assert branch.count_sitting(country.region.id) == 3
        pages = [branch.list_sitting(country.region.id, page) for page in (1, 2)]
        assert [len(one) for one in pages] == [2, 1]
