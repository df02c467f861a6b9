"""What the pages of commissions share: the way up."""

from __future__ import annotations

from flask import url_for

from lms.commissions import permissions, queries
from lms.commissions.models import Commission
from lms.commissions.names import name_of
from lms.commissions.permissions import Scope


def way_to(scope: Scope, commission: Commission) -> list[tuple[str, str]]:
    """The commissions above, as far as the reader sees them: (name, address)."""
    return [
        (name_of(above), url_for("commissions.show", commission_id=above.id))
        for above in queries.list_way_up(commission.id)
        if above.id != commission.id and permissions.may_reach(scope, above.id)
    ]
