"""Answers that came late: counted or not by a decision that is final."""

from __future__ import annotations

import pytest

from lms.accounts.models import Account
from lms.assessment import late, queries
from lms.assessment.verifying import list_differences
from lms.core.errors import Forbidden, Refused
from tests.assessment.officers.shared import OUTAGE, Learner, done_of, hard_test, make_late, told
from tests.conftest import Client
from tests.factories.assessment import (
    give,
    make_learner,
    right_response,
    steps_of,
)
from tests.factories.commissions import Country, scope, sign_in_as
from tests.factories.curriculum import make_course


class TestLate:
    @pytest.fixture
    def learner(self, country: Country) -> Learner:
        """In this course every question must be right."""
        return make_learner(country.precinct, make_course(test=hard_test()))

    def test_counted_it_is_graded_anew_and_the_course_goes_on(self, learner: Learner, officer: Account) -> None:
        attempt = make_late(learner)
        assert not attempt.passed
        found = late.find_late(attempt)
        assert found is not None
        assert found.answers == 1
        late.decide_late(attempt=attempt, last_step_id=found.last_step_id, counts=True, why=OUTAGE, by=scope(officer))
        assert attempt.passed
        assert late.find_late(attempt) is None
        assert "test" in {row.activity for row in done_of(learner[1])}
        entry = told("assessment.late_decided")[0]
        assert (entry.details["counts"], entry.details["passed"]) == (True, True)
        assert list(list_differences()) == []

    def test_not_counted_nothing_changes_and_it_is_final(self, learner: Learner, officer: Account) -> None:
        attempt = make_late(learner)
        before, found = attempt.credit, late.find_late(attempt)
        assert found is not None
        step = found.last_step_id
        late.decide_late(attempt=attempt, last_step_id=step, counts=False, why=OUTAGE, by=scope(officer))
        assert (attempt.credit, attempt.passed) == (before, False)
        with pytest.raises(Refused, match="no late answers"):
            late.decide_late(attempt=attempt, last_step_id=step, counts=True, why=OUTAGE, by=scope(officer))

    def test_what_came_meanwhile_is_looked_at_first(self, learner: Learner, officer: Account) -> None:
        attempt = make_late(learner)
        found = late.find_late(attempt)
        assert found is not None
        give(attempt, learner[0], 2, right_response(queries.get_paper_question(attempt.id, 2)), client="other")
        with pytest.raises(Refused, match="More answers have come"):
            late.decide_late(
                attempt=attempt, last_step_id=found.last_step_id, counts=True, why=OUTAGE, by=scope(officer)
            )

    def test_nobody_decides_for_themselves(self, learner: Learner) -> None:
        attempt = make_late(learner)
        with pytest.raises(Forbidden):
            late.decide_late(attempt=attempt, last_step_id=1, counts=True, why=OUTAGE, by=scope(learner[0]))

    def test_the_page_lists_decides_and_tells_no_answer(
        self, client: Client, country: Country, learner: Learner, officer: Account
    ) -> None:
        attempt = make_late(learner)
        sign_in_as(client, learner[0])
        assert "1 answer came after the deadline" in client.get(f"/en/attempts/{attempt.id}/result").text
        sign_in_as(client, officer)
        listed = client.get(f"/en/commissions/{country.district.id}/late-answers").text
        assert learner[0].person.full_name in listed
        address = f"/en/attempts/{attempt.id}/late-answers"
        page = client.get(address).text
        for response in (step.response for step in steps_of(attempt) if step.late):
            assert str(response) not in page
        upto = late.find_late(attempt)
        assert upto is not None
        sent = {"upto": upto.last_step_id, "counts": "yes", "reason": "outage"}
        assert client.post(address, data={**sent, "counts": ""}).status_code == 422
        assert client.post(address, data=sent).status_code == 302
        assert "There are no late answers" in client.get(address).text
        assert client.post(address, data=sent).status_code == 422
