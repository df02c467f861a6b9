"""A certificate for tests: a member who has done everything."""

from __future__ import annotations

from typing import Any

from lms.accounts.models import Account
from lms.certificates.actions import issue_for_completion
from lms.certificates.models import Certificate
from lms.certificates.queries import find_of_enrolment
from lms.commissions.models import Commission
from lms.commissions.permissions import SYSTEM
from lms.learning.actions import complete_activity
from lms.learning.events import CourseCompleted
from lms.learning.rules import TEST, WORKSHOP
from tests.factories.commissions import make_member
from tests.factories.progress import do, enrolment_of, finish


def complete(member: Account) -> Certificate:
    """The certificate that a member gets by the last step of the course, as it happens in real work."""
    enrolment = do(member, "module:opening", "module:count")
    complete_activity(enrolment=enrolment, activity=TEST, by=SYSTEM, details={"right": 18, "total": 20})
    if enrolment.version.workshop:
        details = {"minutes": 120, "on": "2026-11-10"}
        complete_activity(enrolment=enrolment, activity=WORKSHOP, by=SYSTEM, details=details)
    certificate = find_of_enrolment(enrolment.id)
    assert certificate is not None
    return certificate


def make_certificate(where: Commission, **person: Any) -> Certificate:
    """The certificate of a new member of a commission."""
    return complete(make_member(where, **person))


def certify(member: Account) -> Certificate:
    """The certificate of a member, without each step."""
    finish(member)
    issue_for_completion(CourseCompleted(enrolment_of(member).id))
    certificate = find_of_enrolment(enrolment_of(member).id)
    assert certificate is not None
    return certificate
