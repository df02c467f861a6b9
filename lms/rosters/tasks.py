"""Work on imports that the worker does."""

from __future__ import annotations

from typing import Any

from lms.accounts.models import Account
from lms.commissions.permissions import SYSTEM, Scope, scope_of
from lms.core.database.base import db
from lms.core.database.engine import only_reading
from lms.core.jobs.queue import Progress, work
from lms.core.web.languages import speaking
from lms.rosters import actions, applying, undoing
from lms.rosters.queries import get_import
from lms.rosters.reading.faults import UnreadableFile
from lms.rosters.states import ImportState


@work(actions.READ)
def read(_progress: Progress, params: dict[str, Any]) -> None:
    """Read and compare without holding the database's one writer; then keep what was found."""
    with speaking(params["language"]):
        fault: UnreadableFile | None = None
        with only_reading():
            try:
                compared = actions.compare_import(get_import(params["import_id"]))
            except UnreadableFile as refusal:
                fault = refusal
            db.session.commit()
        roster_import = get_import(params["import_id"])
        by = _scope_of(params["account_id"])
        if roster_import.state in actions.SETTLED:
            return
        if fault:
            actions.keep_fault(roster_import=roster_import, refusal=fault, by=by)
        else:
            actions.keep_comparison(roster_import=roster_import, compared=compared, by=by)


@work(actions.APPLY)
def apply(progress: Progress, params: dict[str, Any]) -> None:
    """Apply the import: all or nothing."""
    roster_import = get_import(params["import_id"])
    if roster_import.state == ImportState.APPLIED:
        return
    with speaking(params["language"]):
        applying.apply_import(
            roster_import=roster_import,
            leave_out_problems=params["leave_out_problems"],
            let_leave=params.get("let_leave", False),
            by=_scope_of(params["account_id"]),
            progress=progress,
        )


@work(undoing.UNDO)
def undo(_progress: Progress, params: dict[str, Any]) -> None:
    """Undo the import: all or nothing."""
    roster_import = get_import(params["import_id"])
    if roster_import.state == ImportState.UNDONE:
        return
    with speaking(params["language"]):
        undoing.undo_import(roster_import=roster_import, by=_scope_of(params["account_id"]))


def _scope_of(account_id: int | None) -> Scope:
    """What whoever asked may do now, not when they asked."""
    return SYSTEM if account_id is None else scope_of(db.session.get_one(Account, account_id))
