"""What this room asks of rooms above and beside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class WorkshopsAsked:
    """Which workshops of a course are planned for a person. Whoever knows adds to `planned` when each begins."""

    person_id: int
    course_id: int
    campaign_id: int
    planned: list[datetime] = field(default_factory=list)


@dataclass
class RoomAsked:
    """Whether a person could begin a test of a course in a room just now. Whoever knows of one that is open says so."""

    person_id: int
    course_id: int
    campaign_id: int
    is_open: bool = False


@dataclass(frozen=True)
class Room:
    """A room in which a test was taken: its number, where it was, and remarks of whoever supervised it, in words."""

    sitting_id: int
    place: str
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class RoomsAsked:
    """Which of some attempts were taken in a room. Whoever knows adds to `rooms`, by attempt."""

    attempt_ids: tuple[int, ...]
    rooms: dict[int, Room] = field(default_factory=dict)
