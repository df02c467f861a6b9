"""What was received, told by its code; what is kept, replayed; and what a save costs."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import event, update

from lms.accounts.models import Account
from lms.assessment import queries, receipts
from lms.assessment.actions import submit_attempt
from lms.assessment.models import Attempt, PaperQuestion
from lms.assessment.saving import Fate, Step, save
from lms.cli import main
from lms.core import clock
from lms.core.database.base import db
from lms.core.errors import Refused
from tests.assessment.officers.shared import Learner, make_late
from tests.conftest import Client
from tests.factories.assessment import (
    answer_all,
    give,
    make_attempt,
    right_response,
    sender,
)
from tests.factories.commissions import Country, make_officer, scope, sign_in_as


class TestReceipt:
    def test_the_code_says_what_was_received(self, client: Client, learner: Learner, officer: Account) -> None:
        attempt = make_attempt(*learner)
        answer_all(attempt, learner[0], wrong=[1])
        assert receipts.find_received(attempt) is None
        submit_attempt(attempt=attempt, by=scope(learner[0]))
        received = receipts.find_received(attempt)
        assert received is not None
        assert received.answers == attempt.total - 1
        sign_in_as(client, learner[0])
        assert received.code in client.get(f"/en/attempts/{attempt.id}/result").text
        sign_in_as(client, officer)
        page = client.post("/en/receipts", data={"code": received.code.lower().replace("-", " ")})
        assert (page.status_code, learner[0].person.full_name in page.text) == (200, True)

    def test_others_are_refused_alike(self, country: Country, learner: Learner, officer: Account) -> None:
        attempt = make_attempt(*learner)
        submit_attempt(attempt=attempt, by=scope(learner[0]))
        received = receipts.find_received(attempt)
        assert received is not None
        last = "3" if received.code[-1] == "2" else "2"
        for typed, who in [
            (received.code[:-1] + last, officer),
            (received.code, make_officer(country.sister_district)),
            ("999999-AAAAA-AAAAA", officer),
        ]:
            with pytest.raises(Refused, match="No test of your branch"):
                receipts.check_code(typed, scope(who))
        with pytest.raises(Refused, match="looks like"):
            receipts.check_code("hello", scope(officer))

    def test_late_answers_do_not_change_it(self, learner: Learner) -> None:
        attempt = make_late(learner)
        first = receipts.find_received(attempt)
        give(attempt, learner[0], 2, {}, client="other")
        second = receipts.find_received(attempt)
        assert first is not None
        assert second is not None
        assert first.code == second.code


class TestVerify:
    def test_it_finds_what_was_changed_behind_its_back(self, learner: Learner) -> None:
        attempt = make_attempt(*learner)
        answer_all(attempt, learner[0], wrong=[1])
        submit_attempt(attempt=attempt, by=scope(learner[0]))
        assert CliRunner().invoke(main, ["tests", "verify"]).exit_code == 0
        db.session.execute(update(PaperQuestion).where(PaperQuestion.attempt_id == attempt.id).values(credit=1000))
        db.session.execute(
            update(Attempt).where(Attempt.id == attempt.id).values(deadline=attempt.deadline + timedelta(minutes=1))
        )
        attempt_id = attempt.id
        db.session.commit()
        found = CliRunner().invoke(main, ["tests", "verify", "--json"])
        assert found.exit_code == 1
        wrong = {(one["attempt"], one["what"]) for one in json.loads(found.stdout)["differences"]}
        assert wrong == {(attempt_id, "question 1"), (attempt_id, "deadline")}


def test_a_save_is_one_statement(learner: Learner) -> None:
    """What was built around it costs the save nothing."""
    attempt = make_attempt(*learner)
    response, seen = right_response(queries.get_paper_question(attempt.id, 1)), []
    browser = give(attempt, learner[0], 2, {}, client="first")
    assert browser.fate is Fate.SAVED

    who, connection = sender(learner[0]), db.session.connection()
    event.listen(connection, "before_cursor_execute", lambda *said: seen.append(said[2]))
    save(connection, Step(attempt.id, 1, "tab", 1, 0, response), who, clock.now())
    assert len(seen) == 1
