"""Files of answers that a device could not send; and each refusal."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import func, select

from lms.accounts.models import Account
from lms.assessment import late, queries
from lms.assessment.actions import submit_attempt
from lms.assessment.models import Attempt, RescuedStep
from lms.assessment.rescuing import Brought, bring_file
from lms.assessment.saving import Fate
from lms.core.database.base import db
from lms.core.errors import Refused
from tests.assessment.officers.shared import Learner, run_out
from tests.conftest import Client
from tests.factories.assessment import (
    give,
    make_attempt,
    make_learner,
    right_response,
    steps_of,
)
from tests.factories.commissions import Country, make_member, make_officer, scope, sign_in_as
from tests.factories.rescue import make_file


def bring(attempt: Attempt, learner: Learner, items: dict[str, Any]) -> Brought:
    """Bring in a file of one's own."""
    return bring_file(content=make_file(attempt, learner[0].id, items), by=scope(learner[0]))


def item(attempt: Attempt, position: int, seq: int = 1, base: int = 0) -> dict[str, Any]:
    """A right answer to a single-choice or true-false question as the page keeps it."""
    response = right_response(queries.get_paper_question(attempt.id, position))
    return {"seq": seq, "base": base, "fields": {f"q{position}-choice": [response["choice"]]}}


class TestRescue:
    @pytest.fixture
    def attempt(self, learner: Learner) -> Attempt:
        made = make_attempt(*learner)
        db.session.commit()
        return made

    def choice(self, attempt: Attempt) -> int:
        """Where a question with one choice stands; every paper has one."""
        paper = queries.list_paper(attempt.id)
        return next(one.position for one in paper if one.question.kind in ("single", "true-false"))

    def test_in_time_it_counts_whoever_brings_it(self, learner: Learner, attempt: Attempt, officer: Account) -> None:
        at = self.choice(attempt)
        content = make_file(attempt, learner[0].id, {str(at): item(attempt, at)})
        brought = bring_file(content=content, by=scope(officer))
        assert (brought.saved, brought.late, brought.unfit) == (1, 0, ())
        assert queries.list_answers(attempt.id)[at].response == right_response(
            queries.get_paper_question(attempt.id, at)
        )
        assert db.session.scalar(select(func.count(RescuedStep.step_id))) == 1

    def test_after_the_deadline_it_is_late(self, learner: Learner, attempt: Attempt) -> None:
        at = self.choice(attempt)
        content = make_file(attempt, learner[0].id, {str(at): item(attempt, at)})
        run_out(attempt)
        brought = bring_file(content=content, by=scope(learner[0]))
        assert (brought.saved, brought.late) == (0, 1)
        found = late.find_late(attempt)
        assert found is not None
        assert found.rescued == 1

    def test_a_second_time_nothing_happens_and_it_says_so(self, learner: Learner, attempt: Attempt) -> None:
        at = self.choice(attempt)
        content = make_file(attempt, learner[0].id, {str(at): item(attempt, at)})
        bring_file(content=content, by=scope(learner[0]))
        again = bring_file(content=content, by=scope(learner[0]))
        assert again.again_since is not None
        assert len(steps_of(attempt)) == 1

    def test_what_the_page_sends_later_by_itself_is_the_same_step(self, learner: Learner, attempt: Attempt) -> None:
        at = self.choice(attempt)
        response = right_response(queries.get_paper_question(attempt.id, at))
        give(attempt, learner[0], at, response, client="phone", seq=1)
        brought = bring_file(
            content=make_file(attempt, learner[0].id, {str(at): item(attempt, at)}), by=scope(learner[0])
        )
        assert (brought.saved, brought.known) == (0, 1)
        assert give(attempt, learner[0], at, response, client="phone", seq=1).fate is Fate.SAVED
        assert len(steps_of(attempt)) == 1
        assert db.session.scalar(select(func.count(RescuedStep.step_id))) == 0

    def test_answered_elsewhere_meanwhile_it_is_kept_and_does_not_count(
        self, learner: Learner, attempt: Attempt
    ) -> None:
        at = self.choice(attempt)
        kinds = {"single": ("a", "b", "c"), "true-false": ("true", "false")}
        ways = kinds[queries.get_paper_question(attempt.id, at).question.kind]
        other = next(one for one in ways if one != item(attempt, at)["fields"][f"q{at}-choice"][0])
        give(attempt, learner[0], at, {"choice": other}, client="tablet")
        brought = bring_file(
            content=make_file(attempt, learner[0].id, {str(at): item(attempt, at)}), by=scope(learner[0])
        )
        assert brought.elsewhere == 1
        assert queries.list_answers(attempt.id)[at].response == {"choice": other}

    def test_what_cannot_be_read_is_named_and_the_rest_is_taken(self, learner: Learner, attempt: Attempt) -> None:
        at = self.choice(attempt)
        other = 1 if at != 1 else 2
        items = {str(at): item(attempt, at), "99": item(attempt, at), "x": 1, str(other): {"seq": "one"}}
        brought = bring(attempt, learner, items)
        assert brought.saved == 1
        assert set(brought.unfit) == {99, 0, other}

    def test_the_refusals(self, country: Country, learner: Learner, attempt: Attempt, officer: Account) -> None:
        at = self.choice(attempt)
        good = make_file(attempt, learner[0].id, {str(at): item(attempt, at)})
        told, stranger = json.loads(good), make_member(country.sister_precinct)
        other = make_attempt(*make_learner(country.precinct, learner[1].version))
        db.session.commit()
        cases = [
            (b"hello", officer, "no file of saved answers"),
            (b"[" * 100_000, officer, "no file of saved answers"),
            (json.dumps({**told, "format": "x"}).encode(), officer, "no file of saved answers"),
            (json.dumps({**told, "attempt": "1"}).encode(), officer, "no file of saved answers"),
            (b" " * 300_000, officer, "too large"),
            (json.dumps({**told, "key": "0" * 16}).encode(), officer, "another installation"),
            (json.dumps({**told, "attempt": other.id}).encode(), officer, "altered"),
            (json.dumps({**told, "account": officer.id}).encode(), officer, "altered"),
            (json.dumps({**told, "made": "2026"}).encode(), officer, "altered"),
            (json.dumps({**told, "sender": "AAAA"}).encode(), officer, "altered"),
            (json.dumps({**told, "iv": "?"}).encode(), officer, "altered"),
            (json.dumps({**told, "sealed": told["sealed"][:-8] + "AAAAAA=="}).encode(), officer, "altered"),
            (make_file(attempt, learner[0].id, {}, proof="0" * 64), officer, "altered"),  # made up for somebody else
            (make_file(attempt, officer.id, {}), officer, "neither yours nor of your branch"),
            (good, stranger, "neither yours nor of your branch"),
            (good, make_officer(country.sister_district), "neither yours nor of your branch"),
        ]
        for content, who, sentence in cases:
            with pytest.raises(Refused, match=sentence):
                bring_file(content=content, by=scope(who))
        assert steps_of(attempt) == []

    def test_of_a_test_that_was_sent_nothing_is_taken(self, learner: Learner, attempt: Attempt) -> None:
        at = self.choice(attempt)
        content = make_file(attempt, learner[0].id, {str(at): item(attempt, at)})
        submit_attempt(attempt=attempt, by=scope(learner[0]))
        with pytest.raises(Refused, match="sent before this file came"):
            bring_file(content=content, by=scope(learner[0]))

    def test_the_page(self, client: Client, learner: Learner, attempt: Attempt) -> None:
        at = self.choice(attempt)
        content = make_file(attempt, learner[0].id, {str(at): item(attempt, at)})
        sign_in_as(client, learner[0])
        assert client.post("/en/rescue", data={}).status_code == 422
        wrong = client.post("/en/rescue", data={"file": (BytesIO(b"{}"), "answers-1.json")})
        assert "no file of saved answers" in wrong.text
        large = client.post("/en/rescue", data={"file": (BytesIO(b"x" * 300_000), "answers-1.json")})
        assert (large.status_code, "too large" in large.text) == (422, True)
        taken = client.post("/en/rescue", data={"file": (BytesIO(content), "answers-1.json")})
        assert "1 answer was saved in time." in taken.text
        again = client.post("/en/rescue", data={"file": (BytesIO(content), "answers-1.json")})
        assert "This very file was brought in before" in again.text
