"""Answer rooms below that ask which room a test may be, or was, taken in."""

from __future__ import annotations

from lms.assessment.events import Room, RoomAsked, RoomsAsked
from lms.core import clock
from lms.sittings import queries
from lms.sittings.words import remark_words


def tell_open(asked: RoomAsked) -> None:
    """Say whether a room is open in which the person could begin the test."""
    if queries.is_open_for(asked.person_id, asked.course_id, asked.campaign_id, clock.now()):
        asked.is_open = True


def tell_rooms(asked: RoomsAsked) -> None:
    """Say which of the attempts were begun in a room, and what was remarked there."""
    found = queries.list_rooms(asked.attempt_ids)
    remarks = queries.list_remarks(found)
    for attempt_id, sitting in found.items():
        said = tuple(remark_words(one) for one in remarks.get(attempt_id, ()))
        asked.rooms[attempt_id] = Room(sitting.id, sitting.place, said)
