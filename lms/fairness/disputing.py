"""Disputes of learners about questions, and their answers."""

from __future__ import annotations

from sqlalchemy import update

from lms.assessment.models import Attempt, QuestionRuling
from lms.assessment.papers import get_asked
from lms.assessment.queries import list_attempts
from lms.assessment.rules import Kind, State
from lms.commissions.permissions import Scope
from lms.core import clock
from lms.core.audit.actions import record
from lms.core.database.base import db
from lms.core.errors import NotFound, Refused
from lms.core.text import tidy
from lms.core.web.languages import _
from lms.fairness import queries
from lms.fairness.models import Dispute
from lms.questions.models import QuestionVersion

SHORTEST, LONGEST = 10, 2_000
"""Signs of a dispute, and of a note on a sign."""


def dispute_question(*, attempt: Attempt, position: int, words: str, by: Scope) -> Dispute:
    """Keep that a learner holds a question of the own test to be wrong. NotFound for somebody else's; refused while a
    test goes on, without words, and while an earlier one about the question waits."""
    question = check_may_dispute(attempt, position, by)
    words = tidy(words)[:LONGEST]
    if len(words) < SHORTEST:
        raise Refused(_("Say in a few words what is wrong with the question."))
    if queries.find_open_dispute(attempt.person_id, question.id) is not None:
        raise Refused(_("You have disputed this question already. You will read here what is ruled."))
    dispute = Dispute(
        person_id=attempt.person_id,
        attempt_id=attempt.id,
        question_version_id=question.id,
        words=words,
        made_at=clock.now(),
    )
    db.session.add(dispute)
    db.session.flush()
    record("fairness.disputed", by=by, subject=f"attempt:{attempt.id}", question=question.id, position=position)
    return dispute


def check_may_dispute(attempt: Attempt, position: int, by: Scope) -> QuestionVersion:
    """The question at a place of the learner's own test; NotFound for somebody else's, refused while a test goes on."""
    check_sent(attempt, by)
    return get_asked(attempt.id, position).question


def check_sent(attempt: Attempt, by: Scope) -> None:
    """Raise NotFound for somebody else's test and for the questions before a course, Refused while a test goes on."""
    if attempt.person_id != by.person_id or attempt.kind != Kind.FINAL:
        raise NotFound
    if any(one.state == State.OPEN for one in list_attempts(attempt.enrolment_id)):
        raise Refused(_("A question can be disputed once the test is sent. Nothing is lost: it is on the result page."))


def answer_disputes(ruling: QuestionRuling) -> None:
    """Have a ruling answer every dispute about its question that waits."""
    waits = (Dispute.question_version_id == ruling.question_version_id, Dispute.ruling_id.is_(None))
    db.session.execute(update(Dispute).where(*waits).values(ruling_id=ruling.id))


def reopen_disputes(ruling: QuestionRuling) -> None:
    """Have the disputes that a ruling answered wait again; where the learner has disputed anew, that one does."""
    for one in queries.list_answered(ruling.id):
        if queries.find_open_dispute(one.person_id, one.question_version_id) is None:
            one.ruling_id = None
            db.session.flush()
