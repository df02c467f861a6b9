"""What a comparison found, as a whole."""

from __future__ import annotations

from dataclasses import dataclass, field

from lms.rosters.findings import Note
from lms.rosters.judging import Entry
from lms.rosters.placing import Place


@dataclass(frozen=True, slots=True)
class Leaving:
    """A present member whom a full roster of the commission no longer names."""

    place: int
    hash: str


@dataclass(slots=True)
class Comparison:
    """What applying the file would do."""

    entries: list[Entry]
    places: list[Place]
    leaving: list[Leaving] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    @property
    def named_places(self) -> list[Place]:
        """Commissions that the file has rows of."""
        return [place for place in self.places if place.rows]
