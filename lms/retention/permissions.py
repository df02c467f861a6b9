"""Who may set terms, erase, and take data out for somebody: administrators of the central commission; auditors read."""

from __future__ import annotations

from lms.commissions.permissions import Scope
from lms.commissions.rules import Role
from lms.core.errors import Forbidden
from lms.core.web.languages import _


def check_may_set_terms(scope: Scope) -> None:
    """Raise Forbidden unless `scope` administers the central commission."""
    if not scope.holds(Role.CEC_ADMINISTRATOR):
        raise Forbidden(_("Terms for personal data are set by the central commission."))


def check_may_erase(scope: Scope) -> None:
    """Raise Forbidden unless `scope` administers the central commission."""
    if not scope.holds(Role.CEC_ADMINISTRATOR):
        raise Forbidden(_("Personal data is erased by the central commission."))


def check_may_give_out(scope: Scope) -> None:
    """Raise Forbidden unless `scope` administers the central commission."""
    if not scope.holds(Role.CEC_ADMINISTRATOR):
        raise Forbidden(_("Data is taken out for people by the central commission."))
