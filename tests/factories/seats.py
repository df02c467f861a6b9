"""Changes of seats for tests: who comes, by which decision."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any

from lms.accounts.models import Account
from lms.commissions.models import Appointment
from lms.commissions.permissions import SYSTEM, Scope
from lms.commissions.queries import find_seat_of
from lms.commissions.rules import Act, Office
from lms.commissions.seating import Terms, replace_member
from lms.core import clock
from lms.people.actions import NewPerson
from tests.factories.rosters import demo_number

seeds = count(700_000)


def newcomer(**changes: Any) -> NewPerson:
    """Somebody who is not known yet."""
    known = {"number": demo_number(next(seeds)), "surname": "Омарова", "given_name": "Сәуле"}
    return NewPerson(**{**known, **changes})


def terms(office: Office = Office.MEMBER, *, since: date | None = None, number: str = "12", **more: Any) -> Terms:
    """By a decision of the same day."""
    since = since or clock.today()
    return Terms(since, office, Act(number, more.pop("act_on", since)), **more)


def seat_of(account: Account) -> Appointment:
    """The seat that the account's person holds."""
    return seat_held_by(account.person_id)


def seat_held_by(person_id: int) -> Appointment:
    """The seat that a person holds."""
    seat = find_seat_of(person_id)
    assert seat is not None
    return seat


def replaced(account: Account, coming: NewPerson | None = None, *, by: Scope = SYSTEM) -> Appointment:
    """The appointment of whoever has come in the place of a member, in the same office."""
    seat = seat_of(account)
    return replace_member(leaving=seat, coming=coming or newcomer(), terms=terms(Office(seat.office)), by=by)


def sent(coming: NewPerson | None = None, **changes: Any) -> dict[str, Any]:
    """What the form of a replacement sends."""
    coming = coming or newcomer()
    today = clock.today().isoformat()
    return {
        "since": today,
        "act": "12",
        "act_on": today,
        "number": coming.number,
        "surname": coming.surname,
        "given_name": coming.given_name,
        "patronymic": coming.patronymic,
        "phone": "8 701 123 45 67",
        "office": "member",
        "language": "kk",
        "kind": "elected",
        "nominated_by": "",
        **changes,
    }
