"""Rename a commission, say how many seats it has, close it, or put it with all below it under another one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import delete, exists, insert, literal, or_, select, true

from lms.commissions import days, queries
from lms.commissions.events import CommissionsChanged
from lms.commissions.models import (
    Appointment,
    Commission,
    CommissionClosure,
    CommissionName,
    CommissionParent,
    Seat,
    SeatNumber,
)
from lms.commissions.names import name_of
from lms.commissions.permissions import Scope, check_oversees
from lms.commissions.rules import may_stand_under
from lms.commissions.sizes import check_seats
from lms.core.audit.actions import record
from lms.core.database.base import db
from lms.core.errors import Refused
from lms.core.events import publish
from lms.core.web.languages import LANGUAGES, _, date_in_full


def rename_commission(*, commission: Commission, names: Mapping[str, str], by: Scope) -> None:
    """Give a commission other names, one in each language; its code stays. Refused when one is empty, or when it is
    closed."""
    check_oversees(by, commission.parent_id or commission.id)
    check_open(commission)
    wanted = {language: " ".join(names.get(language, "").split()) for language in LANGUAGES}
    if not all(wanted.values()):
        raise Refused(_("Type the name in all three languages."))
    before = {row.language: row.name for row in commission.names}
    if wanted == before:
        return
    for row in commission.names:
        row.name = wanted[row.language]
    known = {row.language for row in commission.names}
    commission.names += [CommissionName(language=one, name=wanted[one]) for one in LANGUAGES if one not in known]
    db.session.flush()
    record("commissions.renamed", by=by, subject=f"commission:{commission.id}", before=before, after=wanted)


def set_seats(*, commission: Commission, seats: int, since: date, by: Scope) -> None:
    """Say how many seats a commission has from a day on. Refused when more people sit in it than that, when the
    country's rules know no such number, or when it is closed; raises WrongDay when it cannot hold from that day."""
    check_oversees(by, commission.parent_id or commission.id)
    _hold(commission)
    check_open(commission)
    now = db.session.scalar(
        select(SeatNumber).where(SeatNumber.commission_id == commission.id, SeatNumber.valid_to.is_(None))
    )
    days.check_seats_from(commission, since, now.valid_from if now else None)
    check_seats(commission.level, seats, since)
    if now is not None and now.seats == seats:
        return
    _fit_seats(commission.id, seats)
    if now is not None and now.valid_from >= since:
        now.seats = seats
    else:
        if now is not None:
            now.valid_to = since
            db.session.flush()  # it ends before the next begins
        db.session.add(SeatNumber(commission_id=commission.id, seats=seats, valid_from=since))
    db.session.flush()
    record("commissions.seats_set", by=by, subject=f"commission:{commission.id}", seats=seats, since=since.isoformat())


def _fit_seats(commission_id: int, seats: int) -> None:
    """As many seats as said: new ones, or fewer of those that nobody ever held."""
    rows = db.session.scalars(select(Seat).where(Seat.commission_id == commission_id).order_by(Seat.number)).all()
    held = exists().where(Appointment.seat_id == Seat.id)
    never = db.session.scalars(
        select(Seat).where(Seat.commission_id == commission_id, ~held).order_by(Seat.number.desc())
    ).all()
    if len(rows) - len(never) > seats:
        raise Refused(
            _("More seats than that are or were held here: %(n)s. They stay in the history.", n=len(rows) - len(never))
        )
    for seat in never[: max(0, len(rows) - seats)]:
        db.session.delete(seat)
    highest = max((seat.number for seat in rows), default=0)
    db.session.add_all(Seat(commission_id=commission_id, number=highest + n) for n in range(1, seats - len(rows) + 1))


def close_commission(*, commission: Commission, on: date, by: Scope) -> None:
    """Close a commission in which nobody sits any more and below which none is open; Refused otherwise, WrongDay when
    it cannot be closed from that day on."""
    check_may_close(commission=commission, on=on, by=by)
    commission.closed_on = on
    record("commissions.closed", by=by, subject=f"commission:{commission.id}", on=on.isoformat())
    publish(CommissionsChanged((commission.id,)))


def check_may_close(*, commission: Commission, on: date, by: Scope) -> None:
    """Raise what `close_commission` would, and close nothing."""
    check_oversees(by, commission.parent_id or commission.id)
    _hold(commission)
    check_open(commission)
    seated = exists().where(Appointment.commission_id == commission.id, Appointment.ends_on.is_(None))
    below = exists().where(Commission.parent_id == commission.id, Commission.closed_on.is_(None))
    if commission.parent_id is None or db.session.scalar(select(seated | below)):
        raise Refused(_("A commission is closed when nobody sits in it and none below it is open."))
    days.check_closed(commission, on)


def reopen_commission(*, commission: Commission, by: Scope) -> None:
    """Have a closed commission work again, with its number, its seats and its history. Refused when it is open, or
    while the one above it is closed."""
    check_may_reopen(commission=commission, by=by)
    closed_on = commission.closed_on
    commission.closed_on = None
    record(
        "commissions.reopened",
        by=by,
        subject=f"commission:{commission.id}",
        closed_on=closed_on.isoformat() if closed_on else "",
    )
    publish(CommissionsChanged((commission.id,)))


def check_may_reopen(*, commission: Commission, by: Scope) -> None:
    """Raise what `reopen_commission` would, and open nothing."""
    check_oversees(by, commission.parent_id or commission.id)
    above = db.session.get(Commission, commission.parent_id) if commission.parent_id else None
    _hold(commission, *([above] if above else []))
    if commission.closed_on is None:
        raise Refused(_("%(name)s is open. Nothing has changed.", name=name_of(commission)))
    if above is not None and above.closed_on is not None:
        raise Refused(
            _("%(name)s, the commission above it, is closed. Have that one opened again first.", name=name_of(above))
        )


def check_open(commission: Commission) -> None:
    """Raise Refused when a commission is closed: it is read, or opened again, and nothing else."""
    if commission.closed_on is not None:
        raise Refused(
            _(
                "%(name)s is closed since %(day)s. It can be read, or opened again.",
                name=name_of(commission),
                day=date_in_full(commission.closed_on),
            )
        )


def _hold(*commissions: Commission) -> None:
    """Keep others from moving, closing or opening these until the commit, and see what they have done before."""
    ids = sorted(one.id for one in commissions)
    held = select(Commission.id).where(Commission.id.in_(ids)).order_by(Commission.id)
    db.session.execute(held.with_for_update(key_share=True)).all()
    for one in commissions:
        db.session.refresh(one, ["parent_id", "closed_on"])


def move_commission(*, commission: Commission, parent: Commission, since: date, by: Scope) -> None:
    """Put a commission under another one, with everything below it; codes stay as they are. Refused when its number is
    taken there, when it has no place there, when one of the two is closed, or when that one lies below it; raises
    WrongDay when it cannot stand there from that day on. The tree is that of today: it changes at once."""
    check_oversees(by, commission.parent_id or commission.id)
    check_oversees(by, parent.id)
    _hold(commission, parent)
    check_open(commission)
    left, branch = commission.parent_id, _branch_of(commission.id)
    if left is None or parent.id == commission.id:
        raise Refused(_("A commission cannot be put below itself."))
    if parent.id in branch:
        name = name_of(parent)
        raise Refused(_("%(name)s lies below this commission. Choose one that does not lie below it.", name=name))
    if left == parent.id:
        raise Refused(_("It stands there already. Nothing has changed."))
    days.check_stands(parent)
    if not may_stand_under(commission.territory, parent.territory):
        raise Refused(_("A commission of this kind cannot stand there. Choose another one above it."))
    _check_number(commission, parent)
    days.check_moved(commission, parent, since)
    commission.parent_id = parent.id
    _date_parent(commission.id, parent.id, since)
    _place_again(commission.id, branch, parent.id)
    db.session.flush()
    record(
        "commissions.moved",
        by=by,
        subject=f"commission:{commission.id}",
        before=left,
        after=parent.id,
        since=since.isoformat(),
    )
    publish(CommissionsChanged((*branch, left, parent.id)))


def _check_number(commission: Commission, parent: Commission) -> None:
    other = queries.find_commission_numbered(parent.id, commission.territory, commission.number)
    if other is not None:
        raise Refused(
            _("There is a commission with this number already: %(code)s. Choose another place.", code=other.code)
        )


def _branch_of(commission_id: int) -> list[int]:
    below = select(CommissionClosure.descendant_id).where(CommissionClosure.ancestor_id == commission_id)
    return list(db.session.scalars(below))


def _date_parent(commission_id: int, parent_id: int, since: date) -> None:
    goes_on = or_(CommissionParent.valid_to.is_(None), CommissionParent.valid_to > since)
    later = select(CommissionParent).where(CommissionParent.commission_id == commission_id, goes_on)
    for one in db.session.scalars(later):
        one.valid_to = max(since, one.valid_from)  # what would begin later has never been
    db.session.flush()  # they end before the next begins
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
