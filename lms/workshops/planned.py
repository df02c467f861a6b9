"""Which workshops are planned for somebody, for rooms that may not ask this one themselves."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from lms.core import clock
from lms.workshops.queries import list_own
from lms.workshops.rules import State


class Asking(Protocol):
    """A question that another room asks."""

    @property
    def person_id(self) -> int:
        """For whom."""

    @property
    def course_id(self) -> int:
        """Of which course."""

    @property
    def campaign_id(self) -> int:
        """In which campaign."""

    @property
    def planned(self) -> list[datetime]:
        """Where the answer goes: when each begins."""


def tell_planned(event: Asking) -> None:
    """Add when the workshops begin that the person is invited to and does not lead."""
    for own in list_own(event.person_id, clock.now()):
        workshop = own.workshop
        asked = workshop.course_id == event.course_id and workshop.campaign_id == event.campaign_id
        if asked and not own.leads and workshop.state == State.SCHEDULED and workshop.starts_at > clock.now():
            event.planned.append(workshop.starts_at)
