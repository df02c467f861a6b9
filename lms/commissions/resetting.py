"""A person comes in anew: everything that opened the account is taken back, and a new slip or code opens it."""

from __future__ import annotations

from datetime import timedelta

from lms.accounts.actions import issue_code, reset_access
from lms.accounts.models import Account
from lms.accounts.queries import had_slip_or_way_in
from lms.commissions.permissions import Scope, check_may_reset
from lms.commissions.queries import holds_role
from lms.core import clock
from lms.core.errors import Refused
from lms.core.web.languages import _
from lms.people.actions import tidy_reason

SHORTEST_REASON = 3
CODE_LASTS = timedelta(days=1)
"""So long a code works that the operator reads out."""


def take_back_access(*, account: Account, reason: str, by: Scope) -> None:
    """Take password, second step and sessions of a person back, so that a new slip opens the account. Forbidden when
    the person is stronger. Of whoever holds a role it is said, and recorded, how it was made sure that they ask:
    whoever asks in their name would get what they may do."""
    check_may_reset(by, account)
    reason = tidy_reason(reason)
    if len(reason) < SHORTEST_REASON and holds_role(account.id):
        raise Refused(
            _("This person holds a role. Say in a few words how you made sure that it is they who ask for a new slip.")
        )
    reset_access(account=account, reason=reason, by=by)


def make_way_for_slip(*, account: Account, reason: str, by: Scope) -> None:
    """Take back what opens the account, as above, before a new slip does; of whoever never had one nothing is taken
    back, and no reason is asked. Forbidden when the person is stronger."""
    check_may_reset(by, account)
    if had_slip_or_way_in(account):
        take_back_access(account=account, reason=reason, by=by)


def reset_by_code(*, account: Account, reason: str, by: Scope) -> str:
    """The same, and a one-time code that works for a day. Refused for an account that is shut: no code opens it."""
    if account.disabled_at is not None:
        raise Refused("This account is shut, and no code would open it.")
    take_back_access(account=account, reason=reason, by=by)
    return issue_code(account=account, expires_at=clock.now() + CODE_LASTS, by=by)
