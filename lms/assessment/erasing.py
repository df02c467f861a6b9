"""Erase why somebody was helped at tests. That help was given, how much and when, stays: deadlines rest on it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select, update

from lms.assessment.models import Accommodation
from lms.campaigns.queries import list_closed_before
from lms.core.database.base import db
from lms.core.database.due import DueRows, Keys, count_done

GONE = {"reason": "", "note": "", "helps": []}


def count_helps(person_ids: Sequence[int]) -> int:
    """For how many accommodations of these people it is known why they were given."""
    return db.session.scalar(select(func.count(Accommodation.id)).where(_told_of(person_ids))) or 0


def erase_helps(person_ids: Sequence[int]) -> int:
    """Erase why these people were helped, and with what beside time; how many accommodations that were."""
    return count_done(update(Accommodation).where(_told_of(person_ids)).values(**GONE))


def _told_of(person_ids: Sequence[int]) -> ColumnElement[bool]:
    return and_(Accommodation.person_id.in_(person_ids), _is_told())


def _is_told() -> ColumnElement[bool]:
    return or_(Accommodation.reason != "", Accommodation.note != "")


def _is_old(before: datetime) -> ColumnElement[bool]:
    return and_(_is_told(), Accommodation.campaign_id.in_(list_closed_before(before)))


def _erase(ids: Keys) -> int:
    return count_done(update(Accommodation).where(Accommodation.id.in_(ids)).values(**GONE))


OLD_REASONS = DueRows(Accommodation.id, _is_old, _erase)
"""Reasons of campaigns that were closed."""
