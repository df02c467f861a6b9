"""From which day to which a role works, told in days where its commission is and kept as moments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from lms.commissions.errors import WrongTerm
from lms.commissions.models import RoleGrant
from lms.commissions.rules import term_fault
from lms.core import clock
from lms.core.web.languages import local_time


class Standing(StrEnum):
    """How a role that was not taken away stands."""

    WORKS = "works"
    TO_COME = "to_come"
    OVER = "over"


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


def is_same_term(grant: RoleGrant, term: Term, now: datetime) -> bool:
    """Whether a role already works, or is to, as `term` says."""
    begun = grant.valid_from is None or grant.valid_from <= now
    same_start = begun if term.valid_from is None else grant.valid_from == term.valid_from
    return same_start and grant.valid_until == term.valid_until


def standing_of(grant: RoleGrant, now: datetime) -> Standing:
    """How a role stands now."""
    if grant.valid_until is not None and grant.valid_until <= now:
        return Standing.OVER
    return Standing.TO_COME if grant.valid_from is not None and grant.valid_from > now else Standing.WORKS


def days_of(grant: RoleGrant, zone: str) -> tuple[date, date | None]:
    """The first and the last day of a role where its commission is; None when it has no last day."""
    first = local_time(grant.valid_from or grant.granted_at, zone).date()
    last = local_time(grant.valid_until - timedelta(seconds=1), zone).date() if grant.valid_until else None
    return first, last
