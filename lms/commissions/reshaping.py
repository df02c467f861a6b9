"""Close a commission, or put it with all below it under another one."""

from __future__ import annotations

from datetime import date

from sqlalchemy import delete, exists, insert, literal, select, true, update

from lms.commissions.events import CommissionsChanged
from lms.commissions.models import Appointment, Commission, CommissionClosure, CommissionParent
from lms.commissions.permissions import Scope, check_oversees
from lms.commissions.rules import Territory, child_code
from lms.core.audit.actions import record
from lms.core.database.base import db
from lms.core.errors import Refused
from lms.core.events import publish
from lms.core.web.languages import _


def close_commission(*, commission: Commission, on: date, by: Scope) -> None:
    """Close a commission in which nobody sits any more and below which none is open; Refused otherwise."""
    check_oversees(by, commission.parent_id or commission.id)
    seated = exists().where(Appointment.commission_id == commission.id, Appointment.ends_on.is_(None))
    below = exists().where(Commission.parent_id == commission.id, Commission.closed_on.is_(None))
    if commission.parent_id is None or db.session.scalar(select(seated | below)):
        raise Refused(_("A commission is closed when nobody sits in it and none below it is open."))
    commission.closed_on = on
    record("commissions.closed", by=by, subject=f"commission:{commission.id}", on=on.isoformat())
    publish(CommissionsChanged((commission.id,)))


def move_commission(*, commission: Commission, parent: Commission, since: date, by: Scope) -> None:
    """Put a commission under another one, with everything below it; its code and theirs follow. Refused when its number
    is taken there, or when that one lies below it."""
    check_oversees(by, commission.parent_id or commission.id)
    check_oversees(by, parent.id)
    left, branch = commission.parent_id, _branch_of(commission.id)
    if left is None or parent.id in branch:
        raise Refused(_("A commission cannot be put below itself."))
    code = child_code(parent.code, commission.number, Territory(commission.territory))
    if code != commission.code and db.session.scalar(select(exists().where(Commission.code == code))):
        raise Refused(_("There is a commission %(code)s already. Give one of the two another number first.", code=code))
    _recode(branch, commission.code, code)
    commission.parent_id = parent.id
    _date_parent(commission.id, parent.id, since)
    _place_again(commission.id, branch, parent.id)
    db.session.flush()
    record("commissions.moved", by=by, subject=f"commission:{commission.id}", before=left, after=parent.id)
    publish(CommissionsChanged((*branch, left, parent.id)))


def _branch_of(commission_id: int) -> list[int]:
    below = select(CommissionClosure.descendant_id).where(CommissionClosure.ancestor_id == commission_id)
    return list(db.session.scalars(below))


def _recode(branch: list[int], before: str, after: str) -> None:
    for one in db.session.scalars(select(Commission).where(Commission.id.in_(branch))):
        one.code = after + one.code.removeprefix(before)


def _date_parent(commission_id: int, parent_id: int, since: date) -> None:
    db.session.execute(
        update(CommissionParent)
        .where(CommissionParent.commission_id == commission_id, CommissionParent.valid_to.is_(None))
        .values(valid_to=since)
    )
    db.session.add(CommissionParent(commission_id=commission_id, parent_id=parent_id, valid_from=since))


def _place_again(top: int, branch: list[int], parent_id: int) -> None:
    """The branch's place in the closure: no longer below what was above it, but below the parent and what is above."""
    inside = CommissionClosure.descendant_id.in_(branch)
    db.session.execute(delete(CommissionClosure).where(inside, CommissionClosure.ancestor_id.not_in(branch)))
    up, down = CommissionClosure.__table__.alias("up"), CommissionClosure.__table__.alias("down")
    pairs = (
        select(up.c.ancestor_id, down.c.descendant_id, up.c.depth + down.c.depth + literal(1))
        .select_from(up.join(down, true()))
        .where(up.c.descendant_id == parent_id, down.c.ancestor_id == top)
    )
    db.session.execute(insert(CommissionClosure).from_select(["ancestor_id", "descendant_id", "depth"], pairs))
