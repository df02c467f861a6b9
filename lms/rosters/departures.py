"""How many members an import would make leave, and whether that is so many that it is asked about twice."""

from __future__ import annotations

from dataclasses import dataclass

LEAST = 5
"""Fewer than this are never many."""
PERCENT = 10
"""More than this share of the members are many."""


@dataclass(frozen=True, slots=True)
class Departures:
    """Members who would leave their seats."""

    leaving: int
    members: int
    """Present members of the commissions that the file names."""
    with_role: int
    """How many of the leaving hold a role (officer, trainer, ...)."""

    @property
    def are_many(self) -> bool:
        """Whether it must be said a second time that they are to leave."""
        return self.leaving >= LEAST and self.leaving * 100 > self.members * PERCENT
