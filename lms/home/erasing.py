"""Erase what officers noted about calls. That somebody was called, when and with what outcome stays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select, update

from lms.campaigns.queries import list_closed_before
from lms.core.database.base import db
from lms.core.database.due import DueRows, Keys, count_done
from lms.home.models import ContactAttempt


def count_notes(person_ids: Sequence[int]) -> int:
    """How many notes there are about these people."""
    return db.session.scalar(select(func.count(ContactAttempt.id)).where(_noted(person_ids))) or 0


def erase_notes(person_ids: Sequence[int]) -> int:
    """Erase the notes about these people; how many there were."""
    return count_done(update(ContactAttempt).where(_noted(person_ids)).values(note=""))


def _noted(person_ids: Sequence[int]) -> ColumnElement[bool]:
    return and_(ContactAttempt.person_id.in_(person_ids), ContactAttempt.note != "")


def _is_old(before: datetime) -> ColumnElement[bool]:
    return and_(ContactAttempt.note != "", ContactAttempt.campaign_id.in_(list_closed_before(before)))


def _erase(ids: Keys) -> int:
    return count_done(update(ContactAttempt).where(ContactAttempt.id.in_(ids)).values(note=""))


OLD_NOTES = DueRows(ContactAttempt.id, _is_old, _erase)
