"""Whether and from which day a commission may be made, moved, closed or given another number of seats."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from lms.commissions import queries
from lms.commissions.errors import WrongDay
from lms.commissions.models import Commission
from lms.commissions.names import name_of
from lms.commissions.rules import DayFault, find_day_fault
from lms.core import clock
from lms.core.errors import Refused
from lms.core.web.languages import _, date_in_full


def check_stands(parent: Commission) -> None:
    """Raise Refused when a commission is closed, so that nothing can be put below it."""
    if parent.closed_on is not None:
        raise Refused(
            _("%(name)s is closed, so nothing can stand below it. Choose one that works.", name=name_of(parent))
        )


def check_made(parent: Commission, since: date, zone: str) -> None:
    """Raise WrongDay unless a commission may stand below this one from a day on, where its time zone is `zone`."""
    _check(since, zone, {DayFault.BEFORE_PARENT: queries.find_founded_on(parent)}, parent)


def check_moved(commission: Commission, parent: Commission, since: date) -> None:
    """Raise WrongDay unless a commission may stand under another one from a day on."""
    not_before = {
        DayFault.BEFORE_FOUNDED: queries.find_founded_on(commission),
        DayFault.BEFORE_MOVE: queries.find_last_move(commission.id),
    }
    _check(since, commission.time_zone, not_before, commission)
    _check(since, commission.time_zone, {DayFault.BEFORE_PARENT: queries.find_founded_on(parent)}, parent)


def check_closed(commission: Commission, on: date) -> None:
    """Raise WrongDay unless a commission may be closed from a day on."""
    not_before = {
        DayFault.BEFORE_FOUNDED: queries.find_founded_on(commission),
        DayFault.BEFORE_MOVE: queries.find_last_move(commission.id),
        DayFault.BEFORE_LEFT: queries.find_last_left_here(commission.id),
        DayFault.BEFORE_BELOW: queries.find_last_below(commission.id),
    }
    _check(on, commission.time_zone, not_before, commission)


def check_seats_from(commission: Commission, since: date, last_on: date | None) -> None:
    """Raise WrongDay unless a commission may have another number of seats from a day on. `last_on`: since when it has
    the one that it has."""
    not_before = {
        DayFault.BEFORE_FOUNDED: queries.find_founded_on(commission),
        DayFault.BEFORE_SEATS: last_on,
    }
    _check(since, commission.time_zone, not_before, commission)


def _check(day: date, zone: str, not_before: Mapping[DayFault, date | None], named: Commission) -> None:
    fault = find_day_fault(day, today=clock.today(zone), not_before=not_before)
    if fault is not None:
        raise WrongDay(fault, name=name_of(named), day=date_in_full(not_before.get(fault) or day))
