"""What happened to accounts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class WayInChanged:
    """A person has chosen a password, or lost the one they had: whether they have ever signed in may be different."""

    person_id: int
