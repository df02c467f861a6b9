"""Members who may take the test of the small course, attempts, and right and wrong answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select

from lms.accounts.models import Account
from lms.assessment import queries
from lms.assessment.actions import start_attempt
from lms.assessment.models import AnswerStep, Attempt, PaperQuestion
from lms.assessment.saving import Receipt, Sender, Step, save
from lms.commissions.models import Commission
from lms.commissions.permissions import SYSTEM
from lms.core import clock
from lms.core.database.base import db
from lms.curriculum.models import CourseVersion
from lms.learning.actions import complete_activity
from lms.learning.models import Enrolment
from lms.learning.rules import module_activity
from lms.questions.kinds.registry import get_kind
from tests.factories.commissions import make_member, open_browser, scope

WRONG = {"single": {"choice": "a"}, "multiple": {"choices": ["b"]}, "true-false": {"choice": "true"}}
"""A wrong answer to the question of each kind in `tests.factories.questions`; other kinds get none."""


def enrolment_of(account: Account, version: CourseVersion) -> Enrolment:
    """The enrolment of a seated member on a published course."""
    return db.session.scalars(
        select(Enrolment).where(Enrolment.person_id == account.person_id, Enrolment.course_id == version.course_id)
    ).one()


def read_modules(enrolment: Enrolment) -> None:
    """Everything is read: the test is open."""
    for code in queries.list_modules(enrolment.version_id):
        complete_activity(enrolment=enrolment, activity=module_activity(code), by=SYSTEM)


def make_learner(where: Commission, version: CourseVersion, **person: Any) -> tuple[Account, Enrolment]:
    """A member who has read everything."""
    account = make_member(where, **person)
    enrolment = enrolment_of(account, version)
    read_modules(enrolment)
    return account, enrolment


def make_attempt(account: Account, enrolment: Enrolment) -> Attempt:
    """An attempt begun now."""
    return start_attempt(enrolment=enrolment, by=scope(account))


def let_time_pass(attempt: Attempt, **ago: float) -> None:
    """Move an attempt into the past, its deadline with it."""
    attempt.started_at -= timedelta(**ago)
    attempt.deadline -= timedelta(**ago)
    if attempt.submitted_at is not None:
        attempt.submitted_at -= timedelta(**ago)
    db.session.flush()


def right_response(asked: PaperQuestion) -> dict[str, Any]:
    """The answer that gets the point."""
    kind = get_kind(asked.question.kind)
    return dict(kind.rules.right_response(kind.resolve(asked.question.body, asked.order)))


def sender(account: Account) -> Sender:
    """The account as its signed session names it."""
    return Sender(account.id, account.session_version, open_browser(account), second_factor=True)


def give(
    attempt: Attempt,
    account: Account,
    position: int,
    response: dict[str, Any],
    *,
    base: int = 0,
    client: str = "tab",
    seq: int | None = None,
    now: datetime | None = None,
) -> Receipt:
    """Save an answer through the one statement; `seq` counts on by itself."""
    number = seq or queries.last_seq(attempt.id, client) + 1
    step = Step(attempt.id, position, client, number, base, response)
    return save(db.session.connection(), step, sender(account), now or clock.now())


def answer_all(attempt: Attempt, account: Account, *, wrong: Sequence[int] = ()) -> None:
    """Answer every question rightly, except those at the positions `wrong`."""
    for asked in queries.list_paper(attempt.id):
        if asked.position not in wrong:
            give(attempt, account, asked.position, right_response(asked))


def steps_of(attempt: Attempt) -> list[AnswerStep]:
    """Every step of an attempt, the first first."""
    return list(
        db.session.scalars(select(AnswerStep).where(AnswerStep.attempt_id == attempt.id).order_by(AnswerStep.id))
    )


def position_of(attempt: Attempt, kind: str) -> int:
    """Where a question of this kind stands on the paper."""
    return next(asked.position for asked in queries.list_paper(attempt.id) if asked.question.kind == kind)


def post_answer(browser: FlaskClient, attempt: Attempt, /, **data: Any) -> Any:
    """Post an answer as the script does."""
    sent = {"position": 1, "client": "tab", "seq": 1, "base": 0, **data}
    return browser.post(f"/en/attempts/{attempt.id}/answers", json=sent)
