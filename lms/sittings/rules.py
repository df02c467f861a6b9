"""The law of a room: its code, how long it opens a test, and who may begin there. Pure decisions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from lms.accounts import rules as signs
from lms.core.clock import AHEAD

CODE_LENGTH = 6
"""6 signs of 30: 29 random bits, and few tries (`lms.accounts.rules.TRIES_PER_LOGIN`)."""
USUAL_HOURS, MOST_HOURS = 3, 12
AFTER_WORKSHOP = timedelta(hours=12)
"""So long after its end a workshop still offers to open a room for its test."""
MOST_MORE = 8 * 60
"""Minutes by which the time of a room is lengthened at once."""
LONGEST_PLACE, LONGEST_NOTE = 200, 300
REMARKS = ("left_room", "helped", "phone", "talked", "device", "other", "mistake")
"""What a supervisor remarks on an attempt; `mistake`: an earlier remark was one."""
ONE_TAP = "left_room"
AT_ONCE = timedelta(minutes=1)
"""Within this time the same remark again is a button pressed twice."""
"""The remark that is made most often."""


class Fault(StrEnum):
    """Why a code begins nothing."""

    WRONG = "wrong"
    CLOSED = "closed"
    OTHER_COURSE = "other_course"
    OTHER_BRANCH = "other_branch"
    OWN = "own"
    """Whoever supervises the room typed it."""


class End(StrEnum):
    """How an attempt stands, as a supervisor sees it."""

    WRITING = "writing"
    SENT = "sent"
    RAN_OUT = "ran_out"


@dataclass(frozen=True)
class Window:
    """From when to when a room opens a test, and when it was closed by hand."""

    opened_at: datetime
    closes_at: datetime
    closed_at: datetime | None = None

    def is_open(self, now: datetime) -> bool:
        """Whether its code begins a test now. One opened long after now is of a day that has begun anew since."""
        return self.closed_at is None and now < self.closes_at and self.opened_at <= now + AHEAD

    @property
    def ended_at(self) -> datetime:
        """When it was closed, or closes by itself."""
        return min(self.closed_at or self.closes_at, self.closes_at)


@dataclass(frozen=True)
class Facts:
    """What of a room and of somebody at its door decides whether they may begin there."""

    is_open: bool
    same_course: bool
    in_branch: bool
    supervises: bool


def new_code() -> str:
    """A code for a room."""
    return signs.new_code(CODE_LENGTH)


def show_code(code: str) -> str:
    """The code as it is shown: in threes."""
    return signs.show_code(code, CODE_LENGTH // 2)


def read_code(typed: str) -> str | None:
    """The code behind what was typed (case, spaces, dashes, Cyrillic look-alikes), or None if it is none."""
    return signs.read_code(typed, CODE_LENGTH)


def find_fault(facts: Facts | None) -> Fault | None:
    """Why the code of a room begins nothing for somebody; None when it does. `None`: no room has this code."""
    if facts is None:
        return Fault.WRONG
    ways = (
        (not facts.in_branch, Fault.OTHER_BRANCH),
        (not facts.is_open, Fault.CLOSED),
        (not facts.same_course, Fault.OTHER_COURSE),
        (facts.supervises, Fault.OWN),
    )
    return next((fault for holds, fault in ways if holds), None)


def closes_at(opened_at: datetime, hours: int) -> datetime:
    """When a room that is opened for so many hours closes by itself."""
    return opened_at + timedelta(hours=hours)


def hours_to(ends_at: datetime, now: datetime) -> int:
    """For how many hours a room is opened if nothing else is said: to the end of its workshop, the usual time at
    least."""
    return min(max(USUAL_HOURS, -(-int((ends_at - now).total_seconds()) // 3600)), MOST_HOURS)


def is_offered_at(workshop_ends_at: datetime, now: datetime) -> bool:
    """Whether a workshop that ends, or ended, at that moment offers to open a room."""
    return now <= workshop_ends_at + AFTER_WORKSHOP


def lengthened(window: Window, minutes: int) -> datetime:
    """When a room closes that is given so many minutes more, `MOST_HOURS` after it was opened at the latest."""
    return min(window.closes_at + timedelta(minutes=minutes), closes_at(window.opened_at, MOST_HOURS))
