"""What happened to people."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class NumberCorrected:
    """A person is known by another identity number from now on; both as the hashes by which people are found."""

    person_id: int
    before: str
    """Empty when none was known."""
    after: str
