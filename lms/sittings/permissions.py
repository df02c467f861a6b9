"""Who may open a room for a test, and who may run one that is open."""

from __future__ import annotations

from lms.commissions.permissions import OVERSEERS, Scope, may_reach
from lms.commissions.rules import Role
from lms.core.errors import Forbidden
from lms.core.web.languages import _
from lms.sittings import queries
from lms.sittings.models import Sitting
from lms.workshops.permissions import SCHEDULERS

OPENERS = SCHEDULERS
"""Roles that may open a room for people of their branch."""
READERS = (*OPENERS, Role.AUDITOR)
"""Roles that see who begins there."""


def check_may_open(scope: Scope, commission_id: int) -> None:
    """Raise Forbidden unless the reader may open a room for the people of this commission and those below it."""
    if not may_reach(scope, commission_id, *OPENERS):
        raise Forbidden(_("This commission is not in your branch. Choose one of your own branch."))


def may_run(scope: Scope, sitting: Sitting) -> bool:
    """Whether the reader may run the room: its supervisor, while still a trainer there, and those who look after the
    organising commission; nobody who takes a test in it."""
    own = sitting.supervisor_id == scope.person_id and may_reach(scope, sitting.commission_id, Role.TRAINER)
    if not own and not may_reach(scope, sitting.commission_id, *OVERSEERS):
        return False
    return not queries.has_begun_in(sitting.id, scope.person_id)


def check_may_run(scope: Scope, sitting: Sitting) -> None:
    """Raise Forbidden unless the reader may run the room."""
    if not may_run(scope, sitting):
        raise Forbidden(
            _(
                "Only whoever supervises this room and the officers of the commission that organises it may do this, "
                "and nobody who takes a test in it."
            )
        )
