"""Somebody left a seat by mistake and nobody came: the leave is taken back while nothing later stands on it."""

from __future__ import annotations

from datetime import date
from typing import NoReturn

from sqlalchemy import and_, func, or_, select

from lms.campaigns.models import Campaign
from lms.commissions import queries, reserve
from lms.commissions.errors import NotSeated
from lms.commissions.events import SeatHeldAgain
from lms.commissions.models import Appointment
from lms.commissions.permissions import OVERSEERS, Scope, check_oversees, get_seat_in_care, may_reach
from lms.commissions.queries import WAS_HELD
from lms.commissions.reshaping import check_open
from lms.commissions.rules import SeatFault
from lms.commissions.seating import announce, check_may_sit_again, is_party_here, nobody_else
from lms.commissions.taking_back import hold_again
from lms.core.audit.actions import record
from lms.core.database.base import db
from lms.core.errors import Refused
from lms.core.events import publish
from lms.core.web.languages import _, date_in_full
from lms.people.models import Person


def find_leave(person_id: int, by: Scope) -> Appointment | None:
    """The seat that a person left last, if they hold none now and `by` looks after that commission."""
    if queries.find_seat_of(person_id) is not None:
        return None
    left = _find_last(person_id)
    return left if left is not None and may_reach(by, left.commission_id, *OVERSEERS) else None


def get_leave(person_id: int, by: Scope) -> Appointment:
    """The seat that a person left last, whether or not they hold another one now. Refused when they hold one that `by`
    looks after and have left none; NotFound when there is neither."""
    left = _find_last(person_id)
    if left is None or not may_reach(by, left.commission_id, *OVERSEERS):
        _refuse_seated(get_seat_in_care(by, person_id).person)
    return left


def list_left(commission_id: int) -> list[Appointment]:
    """Who held the seats of a commission last that are free now, by number of the seat."""
    ids = [one.left_by for one in queries.list_vacancies([commission_id]) if one.left_by]
    rows = {one.id: one for one in db.session.scalars(select(Appointment).where(Appointment.id.in_(ids), WAS_HELD))}
    return [rows[one] for one in ids if one in rows]


def take_back_leave(*, appointment: Appointment, by: Scope) -> None:
    """Have a person hold the seat as if they had never left it. Refused with what stands against it."""
    check_oversees(by, appointment.commission_id)
    held = select(Appointment.id).where(Appointment.id == appointment.id)
    db.session.execute(held.with_for_update(key_share=True))
    db.session.refresh(appointment, ["ends_on", "end_act", "end_act_on"])
    check_may_take_back(appointment, by)
    ended, act, act_on = appointment.ends_on, appointment.end_act, appointment.end_act_on
    with nobody_else():
        hold_again(appointment)
        db.session.flush()
    record(
        "commissions.leave_taken_back",
        by=by,
        subject=f"commission:{appointment.commission_id}",
        appointment=appointment.id,
        person=appointment.person_id,
        on=ended.isoformat() if ended else "",
        act=act,
        act_on=act_on.isoformat() if act_on else "",
    )
    publish(SeatHeldAgain(appointment.person_id, appointment.commission.level, appointment.starts_on))
    announce(appointment, appointment.starts_on)


def check_may_take_back(left: Appointment, by: Scope) -> None:
    """Raise Refused, with what stands in the way, when a leave cannot be taken back."""
    if left.ends_on is None:
        _refuse_seated(left.person)
    check_open(left.commission)
    _check_person(left.person)
    check_may_sit_again(left, by=by)
    if (since := _find_held_since(left)) is not None:
        raise Refused(
            _(
                "The seat has been held by %(name)s since then. Seat the person in a free seat instead.",
                name=since.person.full_name,
            )
        )
    if is_party_here(left.commission, left.nominated_by, left.id):
        raise NotSeated(SeatFault.PARTY_TWICE)
    if reserve.is_kept() and reserve.waits_here(left.commission_id, left.person_id):
        raise Refused(
            _(
                "%(name)s waits in the reserve of this commission by now. Seat them from there.",
                name=left.person.full_name,
            )
        )
    if (closed_on := _find_closing_since(left.ends_on)) is not None:
        raise Refused(
            _(
                "A campaign was closed on %(day)s, after this person had left, and what it was stays as it is. Seat "
                "the person in the free seat instead.",
                day=date_in_full(closed_on),
            )
        )


def _refuse_seated(person: Person) -> NoReturn:
    words = _("%(name)s holds the seat: nothing has to be taken back. Nothing has changed.", name=person.full_name)
    raise Refused(words)


def _check_person(person: Person) -> None:
    if person.merged_into_id is not None:
        kept = db.session.get_one(Person, person.merged_into_id)
        raise Refused(
            _(
                "This entry was joined to another one, %(name)s. Seat that one, or take the joining back first.",
                name=kept.full_name,
            )
        )
    if person.erased_at is not None or person.contacts_erased_at is not None:
        raise Refused(_("What is known of this person was erased for good. Seat them anew, by the identity number."))


def _find_last(person_id: int) -> Appointment | None:
    return db.session.scalar(
        select(Appointment)
        .where(Appointment.person_id == person_id, Appointment.ends_on.is_not(None), WAS_HELD)
        .order_by(Appointment.ends_on.desc(), Appointment.id.desc())
        .limit(1)
    )


def _find_held_since(left: Appointment) -> Appointment | None:
    """Who came to the seat after that, whether they hold it still or not."""
    later = or_(
        Appointment.ends_on.is_(None), and_(WAS_HELD, Appointment.ends_on >= left.ends_on, Appointment.id > left.id)
    )
    found = select(Appointment).where(Appointment.seat_id == left.seat_id, Appointment.id != left.id, later)
    return db.session.scalar(found.order_by(Appointment.id.desc()).limit(1))


def _find_closing_since(day: date) -> date | None:
    return db.session.scalar(select(func.max(Campaign.closed_on)).where(Campaign.closed_on >= day))
