"""Who reads the campaigns: their figures are the whole country's."""

from __future__ import annotations

from lms.commissions.permissions import Scope, holds_at_centre
from lms.commissions.rules import Role
from lms.core.errors import NotFound

CAMPAIGN_READERS = (Role.CEC_ADMINISTRATOR, Role.AUDITOR)
"""An administrator changes them too; an auditor of the central commission reads."""


def may_read_campaigns(scope: Scope) -> bool:
    """Whether the reader sees the campaigns: with one of these roles at the central commission."""
    return holds_at_centre(scope, *CAMPAIGN_READERS)


def check_may_read_campaigns(scope: Scope) -> None:
    """Raise NotFound, as if there were nothing, unless the reader sees the campaigns."""
    if not may_read_campaigns(scope):
        raise NotFound
