"""Who may see, print and withdraw certificates."""

from __future__ import annotations

from lms.certificates.models import Certificate
from lms.commissions.permissions import OVERSEERS, Scope, may_reach
from lms.core.errors import Forbidden
from lms.core.web.languages import _


def may_look_after(scope: Scope, certificate: Certificate) -> bool:
    """Whether the reader looks after the commission for which the certificate was issued."""
    if certificate.commission_id is None:
        return scope.everything
    return may_reach(scope, certificate.commission_id, *OVERSEERS)


def check_may_withdraw(scope: Scope, certificate: Certificate) -> None:
    """Raise Forbidden unless the reader looks after the holder's commission. Nobody withdraws the own certificate."""
    if not may_look_after(scope, certificate):
        raise Forbidden(_("This certificate is not in your branch. Ask the officer who looks after the commission."))
    if certificate.person_id == scope.person_id:
        raise Forbidden(_("Nobody withdraws the own certificate. Ask another officer."))


def check_may_print(scope: Scope, commission_id: int) -> None:
    """Raise Forbidden unless the reader looks after the commission."""
    if not may_reach(scope, commission_id, *OVERSEERS):
        raise Forbidden(_("This commission is not in your branch. Ask the officer who looks after it."))
