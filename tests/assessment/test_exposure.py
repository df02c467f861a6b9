"""What is drawn goes by what was withdrawn, by days, and by how many have seen a question."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lms.assessment import queries
from lms.assessment.actions import count_papers
from lms.commissions.permissions import SYSTEM
from lms.core.database.base import db
from lms.curriculum.models import CourseVersion
from lms.curriculum.queries import find_exposure
from lms.questions.actions import bring_back, withdraw_question
from lms.questions.models import Question, QuestionVersion
from tests.factories.assessment import let_time_pass, make_attempt, make_learner
from tests.factories.commissions import Country
from tests.factories.curriculum import make_course


@pytest.fixture
def version(country: Country) -> CourseVersion:
    return make_course()


def questions_of(paper_of: int) -> list[int]:
    return [asked.question_version_id for asked in queries.list_paper(paper_of)]


def test_a_withdrawn_question_is_drawn_no_more_and_stays_on_its_paper(country: Country, version: CourseVersion) -> None:
    before = make_attempt(*make_learner(country.precinct, version))
    asked = db.session.get_one(QuestionVersion, questions_of(before.id)[0])
    question = db.session.get_one(Question, asked.question_id)
    withdraw_question(question=question, reason="the act was changed", by=SYSTEM)
    assert queries.list_withdrawn(version.id) == {asked.id}
    for number in range(6):
        after = make_attempt(*make_learner(country.precinct, version, surname=f"Test{number}"))
        assert asked.id not in questions_of(after.id)
    assert asked.id in questions_of(before.id)
    bring_back(question=question, by=SYSTEM)
    assert queries.list_withdrawn(version.id) == set()


def test_papers_are_counted_once_and_only_when_they_are_settled(country: Country, version: CourseVersion) -> None:
    first = make_attempt(*make_learner(country.precinct, version))
    count_papers()
    assert find_exposure(version.id) is None, "it began just now and may still be on its way"
    let_time_pass(first, minutes=2)
    count_papers()
    count_papers()
    exposure = find_exposure(version.id)
    assert exposure is not None
    assert (exposure.papers, exposure.counted_to) == (1, first.id)
    assert exposure.counts == {str(question): 1 for question in questions_of(first.id)}
    second = make_attempt(*make_learner(country.precinct, version, surname="Second"))
    second.started_at -= timedelta(minutes=2)
    db.session.flush()
    count_papers()
    assert (exposure.papers, sum(exposure.counts.values())) == (2, 10)
