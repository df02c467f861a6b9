"""Tests that were taken on paper, once somebody has keyed them in: an attempt like any other, begun and sent at once,
and its correction where it was keyed in wrongly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lms.assessment import queries, rules
from lms.assessment.actions import complete_test, find_passed, follow_marks, grade_attempt, open_attempt
from lms.assessment.drawing import Drawn
from lms.assessment.helping import with_extra
from lms.assessment.models import AnswerStep, Attempt, PaperQuestion
from lms.assessment.queries import NONE_YET
from lms.assessment.rules import PAPER_CLIENT, State
from lms.assessment.rules_time import OnPaper
from lms.commissions.permissions import Scope
from lms.core import clock
from lms.core.audit.actions import record
from lms.core.database.base import db
from lms.core.database.bulk import insert_many
from lms.core.errors import NotFound
from lms.curriculum.shelf import get_published
from lms.learning import actions as learning
from lms.learning.models import Enrolment
from lms.questions.kinds.shapes import Response, plain

Answers = Mapping[int, Response]
"""By place; a place without one was left blank."""


@dataclass(frozen=True)
class Written:
    """A sheet on which somebody has written: its number and day, the course version it was drawn from, its language,
    its questions, and the answers."""

    paper: OnPaper
    version_id: int
    language: str
    questions: Sequence[Drawn]
    answers: Answers


def record_paper_attempt(*, enrolment: Enrolment, written: Written, by: Scope) -> Attempt:
    """The attempt of a sheet that was keyed in, graded; where it is a pass, the course goes on. The caller holds the
    enrolment and has seen that its person may have an attempt."""
    settings = with_extra(enrolment, get_published(written.version_id))
    settings = settings.model_copy(update={"paper": written.paper})
    now, number = clock.now(), len(queries.list_attempts(enrolment.id)) + 1
    ends_at = rules.deadline(now, settings, settings.extra.adds if settings.extra else 0)
    attempt = open_attempt(enrolment, settings, now, ends_at, number=number)
    attempt.version_id, attempt.state, attempt.submitted_at = written.version_id, State.SUBMITTED, now
    db.session.flush()
    insert_many(PaperQuestion, [{"attempt_id": attempt.id, **one} for one in written.questions])
    given = [(one["position"], written.answers.get(one["position"])) for one in written.questions]
    answered = [(position, answer) for position, answer in given if answer]
    _add_steps(attempt, written.paper.number, answered, written.language)
    grade_attempt(attempt)
    learning.begin(enrolment=enrolment, by=by)
    record(
        "assessment.paper_recorded",
        by=by,
        subject=f"attempt:{attempt.id}",
        number=attempt.number,
        credit=attempt.credit,
        passed=attempt.passed,
    )
    if attempt.passed:
        complete_test(attempt, by)
    return attempt


def correct_paper_attempt(*, attempt: Attempt, answers: Answers, language: str, because: str, by: Scope) -> None:
    """Have a sheet that was keyed in wrongly say what is written on it: steps are added where it differs, the attempt
    is graded anew, and the course follows. `because`: for whoever loses a certificate by it. NotFound for an attempt
    that was not taken on paper."""
    paper = queries.settings_of(attempt).paper
    if paper is None:
        raise NotFound
    enrolment = db.session.get_one(Enrolment, attempt.enrolment_id)
    db.session.refresh(enrolment, with_for_update={"key_share": True})
    db.session.refresh(attempt, with_for_update=True)
    stood = queries.list_answers(attempt.id)
    changed = [
        (asked.position, answers.get(asked.position, {}))
        for asked in queries.list_paper(attempt.id)
        if stood.get(asked.position, NONE_YET).response != answers.get(asked.position, {})
    ]
    before = {"right": plain(attempt.points), "passed": bool(attempt.passed)}
    _add_steps(attempt, paper.number, changed, language)
    was_passed = find_passed(queries.list_attempts(enrolment.id)) is not None
    grade_attempt(attempt)
    record(
        "assessment.paper_corrected",
        by=by,
        subject=f"attempt:{attempt.id}",
        places=[position for position, _answer in changed],
        before=before,
        after={"right": plain(attempt.points), "passed": bool(attempt.passed)},
    )
    best = find_passed(queries.list_attempts(enrolment.id))
    follow_marks(enrolment=enrolment, best=best, was_passed=was_passed, reason=because, by=by)


def _add_steps(attempt: Attempt, number: str, given: Sequence[tuple[int, Response]], language: str) -> None:
    """One step a place, each after the one that counted there."""
    client = PAPER_CLIENT + number
    stood, seq = queries.list_answers(attempt.id), queries.last_seq(attempt.id, client)
    rows: list[dict[str, Any]] = [
        {
            "attempt_id": attempt.id,
            "position": position,
            "client": client,
            "client_seq": seq + more,
            "base_revision": stood.get(position, NONE_YET).revision,
            "response": dict(response),
            "stale": False,
            "late": False,
            "received_at": clock.now(),
            "language": language,
        }
        for more, (position, response) in enumerate(given, start=1)
    ]
    insert_many(AnswerStep, rows)
