"""What faults, clashes, categories and times of workshops are called in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from lms.accounts.models import Account
from lms.commissions.models import Appointment, Commission
from lms.commissions.names import level_abbreviation, name_of
from lms.core.database.base import db
from lms.core.web.languages import _, clock_time, day, day_and_time
from lms.people.models import Person
from lms.workshops import rules
from lms.workshops.models import Attendance, Workshop


def fault_sentence(fault: rules.Fault, *, seats: int, expected: int) -> str:
    """What keeps a workshop from being scheduled, and what to do."""
    return {
        rules.Fault.NOBODY: _("No commission is chosen. Tick at least one."),
        rules.Fault.ENDS_BEFORE_START: _("The workshop ends before it begins. Check both times."),
        rules.Fault.TOO_LONG: _("The workshop is longer than 12 hours. Check both times."),
        rules.Fault.BEFORE_CALL: _("On this day the election had not been called yet. Check the date."),
        rules.Fault.AFTER_ELECTION: _("This day is after election day. Choose an earlier one."),
        rules.Fault.NO_PLACE: _("Say where it takes place: type a place, a link, or both."),
        rules.Fault.FEW_SEATS: _(
            "%(expected)s people are invited and there are %(seats)s seats. Choose fewer commissions or more seats.",
            expected=expected,
            seats=seats,
        ),
        rules.Fault.MANY_SEATS: _("More than %(n)s seats are too many for one workshop.", n=rules.MOST_SEATS),
    }[fault]


def doubt_sentence(doubt: rules.Doubt, on: date) -> str:
    """What is asked about the day of a workshop, and what to do."""
    if doubt is rules.Doubt.PAST:
        return _(
            "%(day)s: this day is past, so you record a workshop that was held. Say below that it was, or choose "
            "another day.",
            day=day(on),
        )
    return _(
        "%(day)s: this is election day, when the members are at their precincts. Say below that it is meant so, or "
        "choose an earlier day.",
        day=day(on),
    )


def doubt_answer(doubt: rules.Doubt) -> str:
    """What is ticked to go on."""
    if doubt is rules.Doubt.PAST:
        return _("Yes, the workshop was held on this day")
    return _("Yes, the workshop is held on election day")


def clash_sentence(clash: rules.Clash) -> str:
    """Who would have to be in two places, and at which workshop."""
    other = db.session.get_one(Workshop, clash.workshop_id)
    values = {"number": other.id, "day": day(other.starts_at, other.time_zone), "time": hours_of(other)}
    if clash.trainer:
        return _(
            "The trainer leads workshop No. %(number)s at that time (%(day)s, %(time)s). Choose another time.", **values
        )
    names = ", ".join(name_of(db.session.get_one(Commission, one)) for one in sorted(clash.commission_ids)[:5])
    return _(
        "%(names)s: invited to workshop No. %(number)s at that time (%(day)s, %(time)s). "
        "Choose another time or leave it out.",
        names=names,
        **values,
    )


def hours_of(workshop: Workshop) -> str:
    """From when to when, local time: `15:00–17:00`."""
    return f"{clock_time(workshop.starts_at, workshop.time_zone)}–{clock_time(workshop.ends_at, workshop.time_zone)}"


def category_name(category: str) -> str:
    """What a person was on the day of the workshop."""
    return level_abbreviation(category) or _("other")


def early_sentence(workshop: Workshop) -> str:
    """A tick that seems to be from before the workshop."""
    return _(
        "Saved. The clock of the device was wrong or it was too early: the tick counts from the start of the workshop, "
        "%(moment)s.",
        moment=day_and_time(workshop.starts_at, workshop.time_zone),
    )


def left_sentence(seat: Appointment) -> str:
    """Somebody who is on an open page and has left the commission meanwhile."""
    return _(
        "%(name)s left the commission on %(day)s: %(commission)s. The tick was not taken. "
        "Open this page again to see who sits there now.",
        name=seat.person.full_name,
        day=day(seat.ends_on or seat.starts_on),
        commission=name_of(seat.commission),
    )


def other_stays_sentence(workshop: Workshop, row: Attendance, reader_id: int | None) -> str:
    """A tick that was not taken because somebody ticked otherwise meanwhile: who, when, and that this stays."""
    return _(
        "%(name)s was ticked as “%(tick)s” meanwhile (%(by)s, %(moment)s). That stays.",
        **_ticked(workshop, row, reader_id),
    )


def overruled_sentence(workshop: Workshop, row: Attendance, reader_id: int | None) -> str:
    """A tick that was taken on a page that did not show yet what somebody had ticked otherwise."""
    return _(
        "Your tick counts now. Before, %(name)s was ticked as “%(tick)s” (%(by)s, %(moment)s): "
        "your page did not show it yet.",
        **_ticked(workshop, row, reader_id),
    )


def _ticked(workshop: Workshop, row: Attendance, reader_id: int | None) -> dict[str, str]:
    account = db.session.get(Account, row.recorded_by_id) if row.recorded_by_id else None
    by = account.person.full_name if account else _("somebody else")
    return {
        "name": row.person.full_name,
        "tick": _("Here") if row.present else _("Not here"),
        "by": _("you yourself") if account and account.id == reader_id else by,
        "moment": day_and_time(row.recorded_at, workshop.time_zone),
    }


def mistake_sentence(workshop: Workshop) -> str:
    """Why a certificate was withdrawn, for its holder."""
    return _(
        "Presence at workshop № %(number)s (%(day)s) was ticked by mistake and was taken back.",
        number=workshop.id,
        day=day(workshop.starts_at, workshop.time_zone),
    )


def fell_sentence(number: str) -> str:
    """What else is taken back with a tick."""
    return _("Saved. Certificate %(number)s, which this tick had brought, is withdrawn.", number=number)


def withdraw_first_sentence(name: str, number: str) -> str:
    """A tick that stays, for somebody who may withdraw the certificate."""
    return _(
        "The tick stays: %(name)s holds certificate %(number)s, which rests on it. "
        "If it is wrong, withdraw the certificate first, then tick again.",
        name=name,
        number=number,
    )


def ask_to_withdraw_sentence(name: str, number: str, people: Sequence[Person]) -> str:
    """A tick that stays, for somebody who may not withdraw the certificate: whom to ask."""
    told = "; ".join(", ".join(filter(None, (one.full_name, one.phone))) for one in people[:2])
    if not told:
        return _(
            "The tick stays: %(name)s holds certificate %(number)s, which rests on it. "
            "If it is wrong, ask the central commission to withdraw the certificate.",
            name=name,
            number=number,
        )
    return _(
        "The tick stays: %(name)s holds certificate %(number)s, which rests on it. "
        "If it is wrong, ask for the certificate to be withdrawn: %(people)s.",
        name=name,
        number=number,
        people=told,
    )


def gap_sentence(plan: rules.Plan) -> str:
    """A local time that does not exist."""
    return _(
        "On %(day)s the clocks in %(zone)s are put forward, and one of these times does not exist. "
        "Choose an hour later.",
        day=day(plan.day),
        zone=plan.time_zone,
    )
