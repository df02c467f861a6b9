"""Who comes to a seat and who leaves it: replaced, seated, gone, given another office. Nothing is ever deleted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from lms.accounts.actions import end_slips_and_sessions
from lms.accounts.models import Account
from lms.accounts.queries import find_account_of
from lms.campaigns.queries import this_country
from lms.commissions import queries
from lms.commissions.coming import bring_up_to_date, check_name, check_number, day_of_age
from lms.commissions.erasing import holds_place
from lms.commissions.errors import NotSeated
from lms.commissions.events import AppointmentsEnded, AppointmentsMade, SeatHeldAgain, SeatingTakenBack, SeatNeverHeld
from lms.commissions.models import Appointment, Commission
from lms.commissions.names import name_of
from lms.commissions.permissions import OVERSEERS, Scope, check_oversees, may_reach
from lms.commissions.rules import Act, Kind, Office, SeatFacts, SeatFault, find_seat_fault
from lms.commissions.taking_back import hold_again
from lms.core import clock
from lms.core.audit.actions import record
from lms.core.audit.models import AuditEntry
from lms.core.database.base import db
from lms.core.errors import Refused
from lms.core.events import publish
from lms.core.web.languages import _, date_in_full
from lms.countries.rules import is_represented
from lms.people.actions import NewPerson, correct_back
from lms.people.models import Person
from lms.people.queries import find_by_number


@dataclass(frozen=True)
class Terms:
    """On what terms somebody comes to a seat."""

    since: date
    office: Office
    act: Act
    kind: Kind = Kind.ELECTED
    nominated_by: str = ""


def replace_member(
    *, leaving: Appointment, coming: NewPerson, terms: Terms, rename: bool | None = None, by: Scope
) -> Appointment:
    """Have one person leave a seat and another come to it on the same day, by one decision. The earlier holder's time,
    attempts and certificates stay theirs. `rename`: whether the name that was typed of somebody known is the right one;
    None: it is asked. Raises NotSeated, OtherName, DifferentName, or Refused when the seat has changed hands
    meanwhile."""
    check_oversees(by, leaving.commission_id)
    _hold(leaving)
    person = find_by_number(coming.number)
    _check(leaving.commission, terms, person, coming, free_since=leaving.starts_on, leaving=leaving, by=by)
    check_name(person, coming, rename=rename, by=by)
    with nobody_else():
        _leave(leaving, terms.since, terms.act)
        who, corrected = bring_up_to_date(person, coming, rename=rename, by=by)
        appointment = _sit(leaving.seat_id, leaving.commission, who, terms, leaving)
    left, came = leaving.person_id, appointment.person_id
    _record("commissions.replaced", appointment, by, terms, left=left, came=came, **_noted(corrected))
    publish(AppointmentsEnded(((left, leaving.commission_id),)))
    announce(appointment, terms.since)
    return appointment


def fill_seat(
    *, commission: Commission, coming: NewPerson, terms: Terms, rename: bool | None = None, by: Scope
) -> Appointment:
    """Seat a person in the first free seat of a commission. Refused when none is free; otherwise as
    `replace_member`."""
    check_oversees(by, commission.id)
    vacancy = queries.find_vacancy(commission.id)
    if vacancy is None:
        raise Refused(_("Every seat of this commission is taken. Replace a member instead."))
    person = find_by_number(coming.number)
    _check(commission, terms, person, coming, free_since=vacancy.free_since, leaving=None, by=by)
    check_name(person, coming, rename=rename, by=by)
    before = db.session.get(Appointment, vacancy.left_by) if vacancy.left_by else None
    with nobody_else():
        who, corrected = bring_up_to_date(person, coming, rename=rename, by=by)
        appointment = _sit(vacancy.seat_id, commission, who, terms, before)
    _record("commissions.seated", appointment, by, terms, came=appointment.person_id, **_noted(corrected))
    announce(appointment, terms.since)
    return appointment


def end_membership(*, appointment: Appointment, act: Act, on: date, by: Scope) -> None:
    """Have a person leave the seat; it stays free. `on`: the first day on which they no longer hold it. Raises
    NotSeated, or Refused when they have left meanwhile."""
    check_oversees(by, appointment.commission_id)
    _hold(appointment)
    facts = SeatFacts(
        today=clock.today(appointment.commission.time_zone),
        closed_on=appointment.commission.closed_on,
        founded_on=queries.find_founded_on(appointment.commission),
        free_since=appointment.starts_on,
        act_known_on=queries.find_act_date(appointment.commission, act),
    )
    _refuse(find_seat_fault(since=on, act=act, facts=facts), facts, appointment.commission, act)
    _leave(appointment, on, act)
    record(
        "commissions.appointment_ended",
        by=by,
        subject=f"commission:{appointment.commission_id}",
        person=appointment.person_id,
        act=act.number,
        act_on=act.on.isoformat(),
        on=on.isoformat(),
    )
    publish(AppointmentsEnded(((appointment.person_id, appointment.commission_id),)))


def change_office(*, appointment: Appointment, terms: Terms, by: Scope) -> Appointment:
    """Give a member another office in the same seat; the time in the earlier one stays in the history. Raises
    NotSeated."""
    check_oversees(by, appointment.commission_id)
    _hold(appointment)
    commission = appointment.commission
    if appointment.office == terms.office:
        raise Refused(_("This is the office that the member has now. Nothing has changed."))
    facts = SeatFacts(
        today=clock.today(commission.time_zone),
        closed_on=commission.closed_on,
        founded_on=queries.find_founded_on(commission),
        free_since=appointment.starts_on,
        act_known_on=queries.find_act_date(commission, terms.act),
        has_other_chair=queries.find_chair(commission.id, besides=appointment.id) is not None,
    )
    fault = find_seat_fault(since=terms.since, act=terms.act, facts=facts, office=terms.office)
    _refuse(fault, facts, commission, terms.act, besides=appointment.id)
    with nobody_else():
        _leave(appointment, terms.since, terms.act)
        changed = _sit(appointment.seat_id, commission, appointment.person_id, terms, appointment)
    _record("commissions.office_changed", changed, by, terms, person=changed.person_id, before=appointment.office)
    publish(AppointmentsEnded(((appointment.person_id, commission.id),)))
    announce(changed, terms.since)
    return changed


def find_taken_back(appointment: Appointment) -> Appointment | None:
    """The appointment that would hold again if the replacement that made this one were taken back: the one in whose
    place it came on the same day. None when nobody was replaced, or when the seat has changed hands since."""
    left = appointment.replaces
    if left is None or appointment.ends_on is not None or left.person_id == appointment.person_id:
        return None
    return left if left.ends_on == appointment.starts_on else None


def take_back_replacement(*, appointment: Appointment, by: Scope) -> Appointment:
    """Have a replacement that was made by mistake not have been: whoever left holds the seat again, whoever came never
    held it (and keeps what they have learnt, but no slip and no session, unless another seat or a role is theirs).
    Both stay in the history. Refused with what stands against it."""
    check_oversees(by, appointment.commission_id)
    _hold(appointment)
    left = find_taken_back(appointment)
    if left is None:
        raise Refused(_("Nobody was replaced here, or the seat has changed hands since. Nothing has changed."))
    check_may_sit_again(left, besides=appointment.id, by=by)
    with nobody_else():
        appointment.ends_on, appointment.end_act, appointment.end_act_on = appointment.starts_on, "", None
        db.session.flush()
        hold_again(left)
        db.session.flush()
    record(
        "commissions.replacement_taken_back",
        by=by,
        subject=f"commission:{appointment.commission_id}",
        appointment=appointment.id,
        left=appointment.person_id,
        came=left.person_id,
    )
    if corrected := _find_correction(appointment, "commissions.replaced"):
        correct_back(person=appointment.person, entry_id=corrected, by=by)
    level = appointment.commission.level
    publish(SeatNeverHeld(appointment.person_id, level, appointment.starts_on))
    publish(SeatHeldAgain(left.person_id, level, left.starts_on))
    publish(SeatingTakenBack((appointment.commission_id,), ()))
    account = find_account_of(appointment.person_id)
    if account is not None and loses_access(account):
        end_slips_and_sessions(account=account, by=by)
    return left


def check_may_sit_again(left: Appointment, *, besides: int = 0, by: Scope) -> None:
    """Raise NotSeated when whoever left sits elsewhere by now, or left as the chair of a commission that has one by
    now. `besides`: the appointment that goes."""
    seat = queries.find_seat_of(left.person_id)
    if seat is not None:
        raise NotSeated(
            SeatFault.SITS_ELSEWHERE,
            place=name_of(seat.commission) if may_reach(by, seat.commission_id, *OVERSEERS) else "",
        )
    chair = queries.find_chair(left.commission_id, besides=besides)
    if left.office == Office.CHAIR and chair is not None:
        raise NotSeated(SeatFault.SECOND_CHAIR, name=chair.person.full_name)


def loses_access(account: Account) -> bool:
    """Whether the person holds neither a seat nor a role, so that neither a slip nor an open session has a reason."""
    return db.session.scalar(select(Person.id).where(Person.id == account.person_id, holds_place(Person.id))) is None


def _hold(appointment: Appointment) -> None:
    """Keep others from changing the seat until the commit; Refused when they have already."""
    db.session.execute(select(Appointment.id).where(Appointment.id == appointment.id).with_for_update(key_share=True))
    db.session.refresh(appointment, ["ends_on"])
    if appointment.ends_on is not None:
        raise Refused(_("This seat has changed hands meanwhile. Open the commission again. Nothing has changed."))


def _check(
    commission: Commission,
    terms: Terms,
    person: Person | None,
    coming: NewPerson,
    *,
    free_since: date | None,
    leaving: Appointment | None,
    by: Scope,
) -> None:
    check_number(person, coming)
    seat = queries.find_seat_of(person.id) if person else None
    is_same = bool(person and leaving and leaving.person_id == person.id)
    besides = leaving.id if leaving else 0
    facts = SeatFacts(
        today=clock.today(commission.time_zone),
        closed_on=commission.closed_on,
        founded_on=queries.find_founded_on(commission),
        of_age_on=day_of_age(coming.number),
        free_since=free_since,
        act_known_on=queries.find_act_date(commission, terms.act),
        sits_here=seat is not None and not is_same and seat.commission_id == commission.id,
        sits_elsewhere=seat is not None and not is_same,
        is_same_person=is_same,
        last_left_on=queries.find_last_left(person.id) if person else None,
        has_other_chair=queries.find_chair(commission.id, besides=besides) is not None,
        is_party_here=is_party_here(commission, terms.nominated_by, besides),
    )
    fault = find_seat_fault(since=terms.since, act=terms.act, facts=facts, office=terms.office)
    seen = seat if seat is not None and may_reach(by, seat.commission_id, *OVERSEERS) else None
    _refuse(fault, facts, commission, terms.act, besides=besides, seat=seen)


def is_party_here(commission: Commission, nominated_by: str, besides: int) -> bool:
    """Whether the party has a member in the commission, besides that appointment, and may have one only."""
    others = queries.list_nominated_by(commission.id, besides=besides) if nominated_by else []
    return is_represented(this_country(), nominated_by, others)


def _refuse(
    fault: SeatFault | None,
    facts: SeatFacts,
    commission: Commission,
    act: Act,
    *,
    besides: int = 0,
    seat: Appointment | None = None,
) -> None:
    match fault:
        case None:
            return
        case SeatFault.BEFORE_SEAT if facts.free_since:
            raise NotSeated(fault, day=date_in_full(facts.free_since))
        case SeatFault.BEFORE_FOUNDED if facts.founded_on:
            raise NotSeated(fault, day=date_in_full(facts.founded_on))
        case SeatFault.TOO_YOUNG if facts.of_age_on:
            raise NotSeated(fault, day=date_in_full(facts.of_age_on))
        case SeatFault.ACT_TWICE if facts.act_known_on:
            raise NotSeated(fault, number=act.number, day=date_in_full(facts.act_known_on))
        case SeatFault.OVERLAPS if facts.last_left_on:
            raise NotSeated(fault, day=date_in_full(facts.last_left_on))
        case SeatFault.SECOND_CHAIR:
            chair = queries.find_chair(commission.id, besides=besides)
            raise NotSeated(fault, name=chair.person.full_name if chair else "")
        case _:
            raise NotSeated(fault, seat.person_id if seat else 0, place=name_of(seat.commission) if seat else "")


def _noted(corrected: int | None) -> dict[str, int]:
    return {} if corrected is None else {"corrected": corrected}


def _find_correction(appointment: Appointment, action: str) -> int | None:
    """The entry of the record in which it stands what was corrected when the person came to the seat."""
    subject = f"commission:{appointment.commission_id}"
    entries = select(AuditEntry.details).where(AuditEntry.subject == subject, AuditEntry.action == action)
    for details in db.session.scalars(entries.order_by(AuditEntry.id.desc())):
        if details.get("appointment") == appointment.id:
            corrected: int | None = details.get("corrected")
            return corrected
    return None


def _leave(appointment: Appointment, on: date, act: Act) -> None:
    appointment.ends_on, appointment.end_act, appointment.end_act_on = on, act.number, act.on
    db.session.flush()


def _sit(seat_id: int, commission: Commission, person_id: int, terms: Terms, before: Appointment | None) -> Appointment:
    appointment = Appointment(
        seat_id=seat_id,
        commission_id=commission.id,
        person_id=person_id,
        office=terms.office.value,
        nominated_by=terms.nominated_by,
        kind=terms.kind.value,
        act=terms.act.number,
        act_on=terms.act.on,
        starts_on=terms.since,
        replaces_id=before.id if before else None,
    )
    db.session.add(appointment)
    db.session.flush()
    return appointment


@contextmanager
def nobody_else() -> Iterator[None]:
    """Inside, what two people do at the same moment is done once: the database refuses the second."""
    try:
        with db.session.begin_nested():
            yield
    except IntegrityError as twice:
        raise Refused(
            _("Somebody else has just changed this seat or seated this person. Open the commission again.")
        ) from twice


def _record(action: str, appointment: Appointment, by: Scope, terms: Terms, **who: Any) -> None:
    record(
        action,
        by=by,
        subject=f"commission:{appointment.commission_id}",
        appointment=appointment.id,
        since=terms.since.isoformat(),
        act=terms.act.number,
        act_on=terms.act.on.isoformat(),
        kind=terms.kind.value,
        **who,
    )


def announce(appointment: Appointment, since: date) -> None:
    """Tell the rooms above that a person has a seat."""
    place = appointment.commission_id
    publish(AppointmentsMade(((appointment.person_id, place, appointment.commission.level),), since))
