"""Work on imports of questions that the worker does."""

from __future__ import annotations

from typing import Any

from lms.accounts.models import Account
from lms.commissions.permissions import SYSTEM, Scope, scope_of
from lms.core.database.base import db
from lms.core.jobs.queue import Progress, work
from lms.core.web.languages import speaking
from lms.exchange import actions
from lms.exchange.queries import get_import
from lms.exchange.rules import ImportState


@work(actions.APPLY)
def apply(progress: Progress, params: dict[str, Any]) -> None:
    """Make the drafts: all or nothing."""
    one = get_import(params["import_id"])
    if one.state != ImportState.APPLIED:
        with speaking(params["language"]):
            actions.apply_import(one=one, by=_scope_of(params["account_id"]), progress=progress)


@work(actions.UNDO)
def undo(progress: Progress, params: dict[str, Any]) -> None:
    """Drop the drafts again: all or nothing."""
    one = get_import(params["import_id"])
    if one.state == ImportState.APPLIED:
        with speaking(params["language"]):
            actions.undo_import(one=one, by=_scope_of(params["account_id"]), progress=progress)


def _scope_of(account_id: int | None) -> Scope:
    """What whoever asked may do now, not when they asked."""
    return SYSTEM if account_id is None else scope_of(db.session.get_one(Account, account_id))
