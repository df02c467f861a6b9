"""The questions before the course: asked once, without a clock or a mark, and counting for nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.accounts.models import Account
from lms.assessment import queries, tasks
from lms.assessment.actions import start_attempt, start_entry, submit_attempt
from lms.assessment.errors import MayNotStart
from lms.assessment.models import Attempt
from lms.assessment.permissions import find_chance
from lms.assessment.rules import ENTRY_LASTS, Hindrance, find_entry_hindrance
from lms.campaigns.models import Campaign
from lms.commissions.permissions import SYSTEM
from lms.core import clock
from lms.core.audit.models import AuditEntry
from lms.core.database.base import db
from lms.core.errors import NotFound
from lms.learning.actions import complete_activity
from lms.learning.models import CompletedActivity, Enrolment
from tests.conftest import Client
from tests.factories.assessment import answer_all, enrolment_of, give, let_time_pass, read_modules, right_response
from tests.factories.commissions import Country, make_member, scope, sign_in_as
from tests.factories.curriculum import make_course, make_full_course

ENTRY = "/en/courses/small/entry"
Learner = tuple[Account, Enrolment]


@pytest.fixture
def learner(country: Country) -> Learner:
    version = make_full_course()
    account = make_member(country.precinct)
    return account, enrolment_of(account, version)


@pytest.fixture
def asked(learner: Learner) -> Attempt:
    return start_entry(enrolment=learner[1], by=scope(learner[0]))


@pytest.mark.parametrize(
    ("offered", "was_asked", "begun", "expected"),
    [
        (True, False, False, None),
        (False, False, False, Hindrance.OVER),
        (True, True, False, Hindrance.ASKED),
        (True, True, True, Hindrance.ASKED),
        (True, False, True, Hindrance.BEGUN),
    ],
)
def test_they_are_asked_once_and_before_reading(
    offered: bool, was_asked: bool, begun: bool, expected: Hindrance | None
) -> None:
    assert find_entry_hindrance(offered=offered, asked=was_asked, begun=begun) is expected


def test_the_paper_is_of_questions_made_for_it(asked: Attempt, learner: Learner) -> None:
    paper = queries.list_paper(asked.id)
    assert [one.topic for one in paper] == ["opening", "opening", "count"]
    assert {one.question.use for one in paper} == {"entry"}
    assert (asked.kind, asked.state, asked.total, asked.passed) == ("entry", "open", 3, None)
    assert asked.deadline - asked.started_at == ENTRY_LASTS
    assert start_entry(enrolment=learner[1], by=scope(learner[0])).id == asked.id


def test_it_is_no_attempt_at_the_test_and_begins_nothing(asked: Attempt, learner: Learner) -> None:
    account, enrolment = learner
    answer_all(asked, account)
    assert submit_attempt(attempt=asked, by=scope(account))
    assert (asked.state, asked.points, asked.passed) == ("submitted", 3, None)
    assert enrolment.started_at is None
    assert list(db.session.scalars(select(CompletedActivity))) == []
    assert list(queries.list_attempts(enrolment.id)) == []
    read_modules(enrolment)
    chance = find_chance(enrolment, queries.list_attempts(enrolment.id))
    assert (chance.may, chance.left) == (True, 3)
    attempt = start_attempt(enrolment=enrolment, by=scope(account))
    assert (attempt.number, attempt.kind) == (1, "final")
    assert {one.question.use for one in queries.list_paper(attempt.id)} == {"test"}
    acts = db.session.scalars(select(AuditEntry.action).where(AuditEntry.subject == f"attempt:{asked.id}")).all()
    assert sorted(acts) == ["assessment.entry_closed", "assessment.entry_started"]


def test_the_test_may_begin_while_the_questions_are_open(asked: Attempt, learner: Learner) -> None:
    account, enrolment = learner
    read_modules(enrolment)
    attempt = start_attempt(enrolment=enrolment, by=scope(account))
    assert queries.find_open(queries.list_attempts(enrolment.id)) == attempt
    assert give(asked, account, 1, right_response(queries.get_paper_question(asked.id, 1))).fate == "saved"


def test_what_was_left_lying_about_is_closed(asked: Attempt, learner: Learner) -> None:
    let_time_pass(asked, days=59)
    tasks.close_expired()
    assert asked.state == "open"
    let_time_pass(asked, days=2)
    tasks.close_expired()
    assert (asked.state, asked.points, asked.passed) == ("timed_out", 0, None)
    assert clock.now() - asked.started_at > timedelta(days=60)


@pytest.mark.parametrize("hindrance", ["asked", "begun", "over", "none"])
def test_it_is_refused_with_a_sentence(learner: Learner, country: Country, hindrance: str) -> None:
    account, enrolment = learner
    said = {"asked": "asked once", "begun": "You have begun", "over": "no questions", "none": "no questions"}[hindrance]
    if hindrance == "asked":
        submit_attempt(attempt=start_entry(enrolment=enrolment, by=scope(account)), by=scope(account))
    elif hindrance == "begun":
        complete_activity(enrolment=enrolment, activity="module:opening", by=SYSTEM)
    elif hindrance == "over":
        db.session.get_one(Campaign, enrolment.campaign_id).state = "archived"
        db.session.flush()
    else:
        account = make_member(country.precinct)
        enrolment = enrolment_of(account, make_course(id="plain"))
    with pytest.raises(MayNotStart, match=said):
        start_entry(enrolment=enrolment, by=scope(account))


def test_nobody_begins_for_somebody_else(learner: Learner, country: Country) -> None:
    with pytest.raises(NotFound):
        start_entry(enrolment=learner[1], by=scope(make_member(country.precinct)))


def test_the_whole_way_without_a_script(client: Client, learner: Learner) -> None:
    account, enrolment = learner
    sign_in_as(client, account)
    assert f'href="{ENTRY}"' in client.get("/en/courses/small").text
    start = client.get(ENTRY).text
    assert "3 questions: Opening (en), Count (en)." in start
    first = client.post(ENTRY).location
    asked = queries.find_entry(enrolment.id)
    assert asked is not None
    assert first == f"/en/attempts/{asked.id}/questions/1"
    page = client.get(first).text
    assert "<span hidden class=" in page
    assert "Before the course" in page
    for position in (1, 2, 3):
        right = right_response(queries.get_paper_question(asked.id, position))["choice"]
        wrong = {"b": "a", "false": "true"}[right]
        sent = {f"q{position}-choice": wrong if position == 3 else right, "go": "next"}
        assert client.post(f"/en/attempts/{asked.id}/questions/{position}", data=sent).status_code == 302
    assert "Go on with the questions" in client.get(ENTRY).text
    result = client.get(client.post(f"/en/attempts/{asked.id}/send").location).text
    assert "Read 1 topic with care" in result
    assert "Of 3 questions you answered 2 rightly." in result
    assert result.index("To read with care") < result.index("Count (en)") < result.index("Where you are strong")
    assert "Because the act says so. (en)" in result
    assert "Passed" not in result
    assert "asked once" in client.get(ENTRY).text
    assert client.post(ENTRY).status_code == 422


def test_after_reading_has_begun_they_are_not_offered(client: Client, learner: Learner) -> None:
    account, enrolment = learner
    sign_in_as(client, account)
    complete_activity(enrolment=enrolment, activity="module:opening", by=SYSTEM)
    assert ENTRY not in client.get("/en/courses/small").text
    assert "You have begun: go on reading." in client.get(ENTRY).text


def test_strangers_and_others_find_nothing(client: Client, learner: Learner, country: Country) -> None:
    assert "/sign-in" in client.get(ENTRY).location
    assert client.post(ENTRY).status_code == 401
    asked = start_entry(enrolment=learner[1], by=scope(learner[0]))
    sign_in_as(client, make_member(country.precinct))
    for page in ("result", "questions/1", "overview"):
        assert client.get(f"/en/attempts/{asked.id}/{page}").status_code == 404
    assert client.get("/en/courses/moon/entry").status_code == 404
