"""A changed key of a question that stands on every paper of a country: counted, applied, taken back, and certificates.

python -m bench.regrading [sqlite] [postgresql] [--people N]
"""

from __future__ import annotations

import hashlib
import sys
from typing import Any

from sqlalchemy import func, select, text, update

from bench.fairness import make_papers, measure, most_memory, rule, timed
from bench.measure import line
from lms.assessment.grading import Effect
from lms.assessment.models import Attempt
from lms.certificates.models import Certificate
from lms.certificates.rules import new_code
from lms.commissions.permissions import SYSTEM
from lms.core import clock
from lms.core.database.base import db
from lms.core.database.bulk import write_rows
from lms.core.jobs.queue import unseen
from lms.fairness import regrading
from lms.fairness.keys import with_key
from lms.fairness.models import Regrade, RegradeChange
from lms.learning.models import Enrolment
from lms.questions.kinds.registry import get_kind
from lms.questions.models import QuestionVersion

CERTIFICATE = (
    "campaign_id", "enrolment_id", "person_id", "number", "code", "facts", "payload", "issued_on", "valid_until",
)  # fmt: skip
STATE = (
    "SELECT id, credit, total, passed FROM attempt ORDER BY id",
    "SELECT attempt_id, position, credit FROM paper_question ORDER BY attempt_id, position",
    "SELECT enrolment_id, activity, completed_at FROM completed_activity ORDER BY enrolment_id, activity",
    "SELECT id, completed_at FROM enrolment ORDER BY id",
    "SELECT enrolment_id, withdrawn_at, withdrawn_because FROM certificate ORDER BY enrolment_id",
)


def certify() -> int:
    """A certificate, written in bulk, of everybody who passed; how many."""
    passed = select(Attempt.enrolment_id).where(Attempt.passed)
    db.session.execute(update(Enrolment).where(Enrolment.id.in_(passed)).values(completed_at=clock.now()))
    holders = db.session.execute(
        select(Enrolment.campaign_id, Enrolment.id, Enrolment.person_id).where(Enrolment.id.in_(passed))
    ).all()
    facts: dict[str, Any] = {"number": ""}
    today = clock.today()
    rows = (
        (campaign, enrolment, person, f"BENCH-{enrolment}", new_code(), facts, "", today, today)
        for campaign, enrolment, person in holders
    )
    write_rows(Certificate, CERTIFICATE, rows)
    db.session.commit()
    return len(holders)


def checksum(holders: set[int]) -> str:
    """SHA-256 of everything that a marking anew may change, of certificates those of the first holders."""
    found = hashlib.sha256()
    for statement in STATE:
        for row in db.session.execute(text(statement)):
            if "certificate" not in statement or row[0] in holders:
                found.update(repr(tuple(row)).encode())
    db.session.rollback()
    return found.hexdigest()


def list_holders() -> set[int]:
    """The enrolments that have a certificate which is not withdrawn."""
    return set(db.session.scalars(select(Certificate.enrolment_id).where(Certificate.withdrawn_at.is_(None))))


def count_differences(regrade_id: int) -> int:
    """Attempts that do not stand as the dry run said."""
    there = Attempt.credit, Attempt.total, Attempt.passed
    said = RegradeChange.credit_after, RegradeChange.total_after, RegradeChange.passed_after
    same = [one == other for one, other in zip(there, said, strict=True)]
    counted = select(func.count()).select_from(RegradeChange).join(Attempt, Attempt.id == RegradeChange.attempt_id)
    changes = db.session.scalar(counted.where(RegradeChange.regrade_id == regrade_id)) or 0
    agreeing = db.session.scalar(counted.where(RegradeChange.regrade_id == regrade_id, *same)) or 0
    return changes - agreeing


def count_without_certificate() -> int:
    """Passed tests without a valid certificate, and valid certificates without a passed test."""
    passed = set(db.session.scalars(select(Attempt.enrolment_id).where(Attempt.passed)))
    return len(passed ^ list_holders())


def rule_otherwise(question: QuestionVersion) -> int:
    """A ruling that another option is right and the key is not, with its dry run asked for."""
    right = get_kind(question.kind).rules.right_response(question.body)
    other = next(part["id"] for part in question.body["options"] if part["id"] != right["choice"])
    return rule(question.id, Effect.KEY, with_key(question.kind, question.body, {"choice": other}))


def print_rows(kind: str, people: int) -> None:
    """The rows of one database."""
    question = make_papers(people, on_all=True)
    certificates, took = timed(certify)
    holders = list_holders()
    line(f"Certificates of those who passed, written in bulk, {kind}", f"{certificates:,} in {took}")
    before = checksum(holders)
    regrade = rule_otherwise(question)
    _none, took = timed(regrading.count, regrade, unseen)
    db.session.commit()
    line(f"Dry run of a changed key, {kind}", f"{took}: {db.session.get_one(Regrade, regrade).counts}")
    _none, took = timed(regrading.apply, regrade, SYSTEM, unseen, db.session.commit)
    db.session.commit()
    line(f"The changed key applied, {kind}", f"{took}, {most_memory():.0f} MB", "", "<= 5 min")
    line("Attempts that stand otherwise than the dry run said", f"{count_differences(regrade)}", "", "0")
    line("Passed without a valid certificate, or one without a pass", f"{count_without_certificate()}", "", "0")
    _none, took = timed(regrading.take_back, regrade, SYSTEM, unseen, db.session.commit)
    db.session.commit()
    line(f"Taken back, {kind}", f"{took}, {most_memory():.0f} MB", "", "<= 5 min")
    same = "as before" if checksum(holders) == before else "NOT as before"
    line("Marks, completions and certificates of those who held one", same, "", "as before")
    line("Passed without a valid certificate, or one without a pass", f"{count_without_certificate()}", "", "0")


if __name__ == "__main__":
    measure(sys.argv[1:], print_rows)
