"""How many seats a commission may have by the country's rules, and how many have to be filled."""

from __future__ import annotations

from datetime import date

from lms.campaigns.queries import this_country
from lms.core import clock
from lms.core.errors import Refused
from lms.core.web.languages import _
from lms.countries.rules import Strength, get_size, strength_of


def usual_seats(level: str) -> int:
    """How many seats commissions of a level usually have now."""
    return get_size(this_country(), level, clock.today()).usual


def least_seats(level: str, on: date) -> int:
    """How many seats a commission of a level has at least on a day."""
    return get_size(this_country(), level, on).least


def seats_fault(level: str, seats: int, on: date) -> str:
    """Why a commission of a level cannot have so many seats on a day, as a sentence; empty when it can."""
    size = get_size(this_country(), level, on)
    if size.least <= seats <= size.most:
        return ""
    if size.least == size.most:
        return _("A commission of this level has %(n)s seats.", n=size.least)
    return _("A commission of this level has from %(least)s to %(most)s seats.", least=size.least, most=size.most)


def check_seats(level: str, seats: int, on: date) -> None:
    """Raise Refused when a commission of a level cannot have so many seats on a day."""
    fault = seats_fault(level, seats, on)
    if fault:
        raise Refused(fault)


def strength_now(level: str, seats: int) -> Strength:
    """How many of so many seats have to be filled today."""
    return strength_of(this_country(), level, seats, clock.today())
