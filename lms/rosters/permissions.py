"""Who may bring a roster in, and for which branch."""

from __future__ import annotations

from lms.commissions.permissions import INSPECTORS, Scope, check_oversees, may_reach
from lms.core.errors import NotFound
from lms.rosters import queries
from lms.rosters.models import RosterImport


def check_may_import(scope: Scope, commission_id: int) -> None:
    """Raise Forbidden unless `scope` looks after the commission the roster is for."""
    check_oversees(scope, commission_id)


def check_may_see(scope: Scope, roster_import: RosterImport) -> None:
    """Raise NotFound unless the import is for a commission that `scope` looks after or audits."""
    if not may_reach(scope, roster_import.commission_id, *INSPECTORS):
        raise NotFound


def get_import(scope: Scope, import_id: int) -> RosterImport:
    """The import, if it is for a commission that `scope` looks after; NotFound otherwise."""
    found = queries.get_import(import_id)
    check_may_see(scope, found)
    return found
