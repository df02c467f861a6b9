"""Erase a person's calendar address."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete

from lms.core.database.due import count_done
from lms.workshops.models import CalendarKey


def erase_calendars(person_ids: Sequence[int]) -> int:
    """Erase the calendar addresses of these people; how many there were."""
    return count_done(delete(CalendarKey).where(CalendarKey.person_id.in_(person_ids)))
