"""Take away ways in that nobody has used: the people they were opened for go too."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from lms.accounts.models import Account, OneTimeCode
from lms.core.audit.actions import Actor, record
from lms.core.database.base import db
from lms.core.database.runs import Run, delete_within, runs_of, within


def remove_unused_accounts(*, people: Sequence[Run], by: Actor) -> None:
    """Delete the accounts of these people with the codes on their slips. The caller has seen that nobody signed in."""
    ids: list[int] = []
    for condition in within(Account.person_id, people):
        ids.extend(db.session.scalars(select(Account.id).where(condition)))
    if not ids:
        return
    runs = runs_of(ids)
    delete_within(OneTimeCode, OneTimeCode.account_id, runs)
    delete_within(Account, Account.id, runs)
    record("accounts.removed", by=by, subject=f"account:{runs[0][0]}", runs=runs, count=len(ids))
