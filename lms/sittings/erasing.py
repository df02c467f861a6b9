"""Erase free words about people: what a supervisor noted on their tests. That something was remarked, what kind it was
and when stays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select, update

from lms.assessment.models import Attempt
from lms.campaigns.queries import list_closed_before
from lms.core.database.base import db
from lms.core.database.due import DueRows, Keys, count_done
from lms.sittings.models import SittingRemark


def count_words(person_ids: Sequence[int]) -> int:
    """How many remarks on tests of these people have words."""
    return db.session.scalar(select(func.count(SittingRemark.id)).where(_of(Attempt.person_id.in_(person_ids)))) or 0


def erase_words(person_ids: Sequence[int]) -> int:
    """Erase those words; how many there were."""
    return count_done(update(SittingRemark).where(_of(Attempt.person_id.in_(person_ids))).values(note=""))


def _of(which: ColumnElement[bool]) -> ColumnElement[bool]:
    return and_(SittingRemark.note != "", SittingRemark.attempt_id.in_(select(Attempt.id).where(which)))


def _closed(before: datetime) -> ColumnElement[bool]:
    return _of(Attempt.campaign_id.in_(list_closed_before(before)))


def _erase(ids: Keys) -> int:
    return count_done(update(SittingRemark).where(SittingRemark.id.in_(ids)).values(note=""))


OLD_REMARKS = DueRows(SittingRemark.id, _closed, _erase)
"""Notes of campaigns that were closed."""
