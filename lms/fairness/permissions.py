"""Who sees how tests did, and who rules. Answers are nobody's below the central commission."""

from __future__ import annotations

from lms.commissions.permissions import Scope, holds_at_centre
from lms.commissions.rules import Role
from lms.core.errors import Forbidden, NotFound
from lms.core.web.languages import _

RULERS = (Role.METHODOLOGIST, Role.CEC_ADMINISTRATOR)
"""Who analyses, rules and judges."""
READERS = (*RULERS, Role.AUDITOR, Role.REPORTING_OFFICER)
"""Who reads it; they change nothing."""


def may_read(scope: Scope) -> bool:
    """Whether the reader sees how tests did: with one of these roles at the central commission."""
    return holds_at_centre(scope, *READERS)


def may_rule(scope: Scope) -> bool:
    """Whether the reader analyses, rules and judges."""
    return holds_at_centre(scope, *RULERS)


def check_may_read(scope: Scope) -> None:
    """Raise NotFound, as if there were nothing, unless the reader sees how tests did."""
    if not may_read(scope):
        raise NotFound


def check_may_rule(scope: Scope) -> None:
    """Raise NotFound for whoever does not even read, Forbidden for whoever only reads."""
    check_may_read(scope)
    if not may_rule(scope):
        raise Forbidden(_("Only a methodologist or an administrator of the central commission rules on questions."))
