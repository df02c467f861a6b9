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
from lms.commissions.seating import announce, check_may_sit_again, find_taken_back, is_party_here, nobody_else
from lms.commissions.taking_back import hold_again
from lms.core.audit.actions import record
from lms.core.database.base import db
from lms.core.errors import NotFound, Refused
from lms.core.events import publish
from lms.core.web.languages import _, date_in_full
from lms.people.models import Person


def list_leaves(person_id: int, by: Scope) -> list[Appointment]:
    """The seats that a person left and can hold again now as if they had not, the last one first, as far as `by` looks
    after the commissions."""
    return [one for one in _list_ended(person_id, by) if may_take_back(one, by)]


def get_leave(person_id: int, by: Scope, appointment_id: int | None = None) -> Appointment:
    """The seat with that id, which the person left; of none it is the last one that can be taken back, or else the last
    one left. Refused when they hold a seat that `by` looks after and have left none; NotFound when there is neither."""
    ended = _list_ended(person_id, by)
    if appointment_id is not None:
        if (named := next((one for one in ended if one.id == appointment_id), None)) is None:
            raise NotFound
        return named
    left = next((one for one in ended if may_take_back(one, by)), next(iter(ended), None))
    if left is None:
        _refuse_seated(get_seat_in_care(by, person_id).person)
    return left


def may_take_back(left: Appointment, by: Scope) -> bool:
    """Whether a leave can be taken back now."""
    try:
        check_may_take_back(left, by)
    except Refused:
        return False
    return True


def find_replacement(person_id: int, by: Scope) -> Appointment | None:
    """The appointment of whoever came in the place of a person in the seat that they left last, if that replacement can
    be taken back; None while the person holds a seat."""
    left = next(iter(_list_ended(person_id, by)), None)
    if left is None or queries.find_seat_of(person_id) is not None:
        return None
    came = _find_held_since(left)
    return came if came is not None and _has_replaced(came, left) else None


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
    if (since := _find_held_since(left)) is not None:
        raise Refused(_held_sentence(left, since))
    check_may_sit_again(left, by=by)
    if (day := _find_sat_until(left)) is not None:
        raise Refused(
            _(
                "%(name)s has held another seat since then, until %(day)s. Seat the person in a free seat instead.",
                name=left.person.full_name,
                day=date_in_full(day),
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


def _held_sentence(left: Appointment, since: Appointment) -> str:
    """Who came to the seat, and what to do instead."""
    name = since.person.full_name
    held = (
        _("The seat is held by %(name)s now.", name=name)
        if since.ends_on is None
        else _("The seat has been held by %(name)s since then.", name=name)
    )
    if _has_replaced(since, left):
        way = _("If the replacement was a mistake, take it back on the page of %(name)s.", name=name)
    elif queries.find_vacancy(left.commission_id) is None:
        way = _("No seat of the commission is free.")
    else:
        way = _("Seat the person in a free seat instead.")
    return f"{held} {way}"


def _has_replaced(came: Appointment, left: Appointment) -> bool:
    """Whether somebody came in the place of another by one decision, which can be taken back. Who came to the seat by
    another decision only filled it."""
    same_act = (left.end_act, left.end_act_on) == (came.act, came.act_on)
    return same_act and find_taken_back(came) is left


def _list_ended(person_id: int, by: Scope) -> list[Appointment]:
    """The seats that a person left, the last one first, as far as `by` looks after the commissions."""
    ended = (
        select(Appointment)
        .where(Appointment.person_id == person_id, Appointment.ends_on.is_not(None), WAS_HELD)
        .order_by(Appointment.ends_on.desc(), Appointment.id.desc())
    )
    return [one for one in db.session.scalars(ended) if may_reach(by, one.commission_id, *OVERSEERS)]


def _find_sat_until(left: Appointment) -> date | None:
    """The day until which the person has held another seat, for a day at least, after leaving this one."""
    return db.session.scalar(
        select(func.max(Appointment.ends_on)).where(
            Appointment.person_id == left.person_id,
            Appointment.id != left.id,
            Appointment.ends_on > left.ends_on,
            Appointment.ends_on > Appointment.starts_on,
        )
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
