"""Who may see how far a commission is, and in what detail."""

from __future__ import annotations

from enum import StrEnum

from lms.commissions.models import Commission
from lms.commissions.permissions import WATCHERS, Scope, get_commission
from lms.core.errors import NotFound


class Detail(StrEnum):
    """How much of its people a reader is shown."""

    NAMES = "names"
    """Named members, what each has yet to do, phones."""
    PASS_ONLY = "pass_only"  # noqa: S105 - no password
    """A chair: who has finished and who has not."""


def get_reported(scope: Scope, commission_id: int) -> tuple[Commission, Detail]:
    """The commission and how much of it `scope` sees; NotFound when it sees nothing of it."""
    try:
        return get_commission(scope, commission_id, *WATCHERS), Detail.NAMES
    except NotFound:
        if scope.chaired_id != commission_id:
            raise
    return get_commission(Scope(account_id=None, everything=True), commission_id), Detail.PASS_ONLY


def get_watched(scope: Scope, commission_id: int) -> Commission:
    """The commission, if `scope` sees its members by name; NotFound otherwise."""
    return get_commission(scope, commission_id, *WATCHERS)
