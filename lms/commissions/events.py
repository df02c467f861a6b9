"""What happened to commissions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class AppointmentsMade:
    """People were given seats. One event for many, so that a whole roster is one piece of news."""

    appointments: tuple[tuple[int, int, str], ...]
    """(person id, commission id, level)"""
    since: date
    """The first day in these seats."""


@dataclass(frozen=True)
class AppointmentsEnded:
    """People left their seats."""

    appointments: tuple[tuple[int, int], ...]
    """(person id, commission id)"""


@dataclass(frozen=True)
class CommissionsChanged:
    """Commissions were opened, closed or moved. Of a moved one also those it left and came to."""

    commission_ids: tuple[int, ...]


@dataclass(frozen=True)
class SeatingTakenBack:
    """People lost seats, or have them again, as if they had never been moved: an import or a replacement was undone."""

    commission_ids: tuple[int, ...]
    """Commissions that stay."""
    removed_ids: tuple[int, ...]
    """Commissions that are taken away with it: nothing may be kept about them."""


@dataclass(frozen=True)
class SeatHeldAgain:
    """Somebody holds a seat as if they had never left it: that they left, or were replaced, was a mistake."""

    person_id: int
    level: str
    """`rules.Level` of the commission"""
    since: date
    """The first day in the seat."""


@dataclass(frozen=True)
class SeatNeverHeld:
    """Somebody never held a seat to which they had come: the replacement was a mistake."""

    person_id: int
    level: str
    """`rules.Level` of the commission"""
    since: date
    """The day on which they had come."""
