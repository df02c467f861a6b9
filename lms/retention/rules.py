"""Which terms may be set, what hinders erasing a person."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True)
class Term:
    """For how many days something is kept: usually, at least, at most."""

    usual: int
    least: int
    greatest: int

    @property
    def is_fixed(self) -> bool:
        """Whether nobody may change it."""
        return self.least == self.greatest

    def allows(self, days: int) -> bool:
        """Whether so many days may be set."""
        return self.least <= days <= self.greatest


class Hindrance(StrEnum):
    """Why a person's values cannot be erased now."""

    ERASED = "erased already"
    SEAT = "holds a seat"
    ROLE = "holds a role"
    TEST = "takes a test"
    ROSTER = "stands in a roster that waits"


@dataclass(frozen=True)
class Facts:
    """What is so about a person, all their entries taken together."""

    is_erased: bool = False
    has_seat: bool = False
    has_role: bool = False
    is_at_test: bool = False
    is_in_roster: bool = False
    """In one that is yet to be applied or discarded."""


def find_hindrance(facts: Facts) -> Hindrance | None:
    """The first thing that hinders erasing; None when nothing does."""
    said = (
        (facts.is_erased, Hindrance.ERASED),
        (facts.has_seat, Hindrance.SEAT),
        (facts.has_role, Hindrance.ROLE),
        (facts.is_at_test, Hindrance.TEST),
        (facts.is_in_roster, Hindrance.ROSTER),
    )
    return next((hindrance for is_so, hindrance in said if is_so), None)
