"""Count how a test and its questions did, and keep what came of it."""

from __future__ import annotations

from sqlalchemy import select

from lms.core.database.base import db
from lms.core.jobs.queue import Progress
from lms.curriculum.settings import TestSettings
from lms.curriculum.shelf import get_published
from lms.fairness import reading
from lms.fairness.rules import Tally, TestFigures
from lms.questions.models import QuestionVersion


def analyse(version_id: int, progress: Progress) -> TestFigures:
    """How the test of a course version did, from every paper that was sent."""
    facilities = reading.count_facilities(version_id)
    tally = Tally(facilities)
    for paper in reading.stream_papers(version_id, progress):
        if all(place.question in facilities for place in paper.places):  # a question new since the first pass waits
            tally.add(paper.places, passed=paper.passed)
    questions = db.session.scalars(select(QuestionVersion).where(QuestionVersion.id.in_(list(tally.questions))))
    known = {one.id: reading.know(one, list(tally.questions[one.id].said)) for one in questions}
    told = {said for sums in tally.questions.values() for said in sums.said if said}
    enough = TestSettings.model_validate(get_published(version_id).test).enough
    return tally.figures(known, {said: reading.options_in(said) for said in told}, enough=enough)
