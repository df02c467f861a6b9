"""From which day to which a role works, told in days where its commission is and kept as moments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from lms.commissions.errors import WrongTerm
from lms.commissions.models import RoleGrant
from lms.commissions.rules import term_fault
from lms.core import clock


class Standing(StrEnum):
    """How a role that was not taken away stands."""

    WORKS = "works"
    TO_COME = "to_come"
    OVER = "over"


class Change(StrEnum):
    """What becomes of a role that is held when it is given again."""

    NEW = "new"
    """None is held, or the one that was is over."""
    NONE = "none"
    """It has these days already."""
    LONGER = "longer"
    """It works and goes on working, to a later day or without end."""
    SHORTER = "shorter"
    """It works and goes on working, to an earlier day."""
    MOVED = "moved"
    """It has yet to begin, and gets other days."""
    PUT_OFF = "put_off"
    """It works, and would begin on a later day: that would end it at once."""


@dataclass(frozen=True)
class Term:
    """The first moment at which a role works (None: at once) and the first at which it no longer does (None: none)."""

    valid_from: datetime | None
    valid_until: datetime | None


def term_of(first: date | None, last: date | None, zone: str) -> Term:
    """The term from the beginning of `first` to the end of `last`. Raises WrongTerm when that cannot be."""
    fault = term_fault(first, last, clock.today(zone))
    if fault is not None:
        raise WrongTerm(fault)
    return Term(
        clock.start_of(first, zone) if first else None,
        clock.start_of(last + timedelta(days=1), zone) if last else None,
    )


def change_of(held: RoleGrant | None, term: Term, now: datetime) -> Change:
    """What becomes of the role that is held (None: of none) when it is given again for `term`."""
    standing = standing_of(held, now) if held is not None else Standing.OVER
    if held is None or standing is Standing.OVER:
        return Change.NEW
    if standing is Standing.TO_COME:
        return Change.NONE if term == Term(held.valid_from, held.valid_until) else Change.MOVED
    if term.valid_from is not None and term.valid_from > now:
        return Change.PUT_OFF
    if held.valid_until == term.valid_until:
        return Change.NONE
    is_later = held.valid_until is not None and (term.valid_until is None or term.valid_until > held.valid_until)
    return Change.LONGER if is_later else Change.SHORTER


def standing_of(grant: RoleGrant, now: datetime) -> Standing:
    """How a role stands now."""
    if grant.valid_until is not None and grant.valid_until <= now:
        return Standing.OVER
    return Standing.TO_COME if grant.valid_from is not None and grant.valid_from > now else Standing.WORKS


def days_of(grant: RoleGrant, zone: str) -> tuple[date, date | None]:
    """The first and the last day of a role where its commission is; None when it has no last day."""
    first = clock.day_of(grant.valid_from or grant.granted_at, zone)
    last = clock.day_of(grant.valid_until - timedelta(seconds=1), zone) if grant.valid_until else None
    return first, last
