"""Who may publish courses and see how they are made."""

from __future__ import annotations

from lms.commissions.permissions import CENTRAL_AUDITOR, Scope
from lms.commissions.rules import Role
from lms.core.errors import Forbidden
from lms.core.web.languages import _

PUBLISHERS = (Role.METHODOLOGIST, Role.CEC_ADMINISTRATOR)
COURSE_READERS = (*PUBLISHERS, CENTRAL_AUDITOR)
"""Who sees how courses are made, with the questions of their tests."""


def may_publish(scope: Scope) -> bool:
    """Whether `scope` may publish versions of courses."""
    return scope.holds(*PUBLISHERS)


def check_may_publish(scope: Scope) -> None:
    """Raise Forbidden unless `scope` may publish versions of courses."""
    if not may_publish(scope):
        raise Forbidden(_("Only a methodologist or a CEC administrator publishes courses. Ask one of them."))
