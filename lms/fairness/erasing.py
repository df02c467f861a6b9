"""Erase free words about people: what somebody disputed, and what was noted on signs about their tests. That it was
disputed, seen and judged stays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select, update

from lms.assessment.models import Attempt
from lms.campaigns.queries import list_closed_before
from lms.core.database.base import db
from lms.core.database.due import DueRows, Keys, count_done
from lms.fairness.models import Dispute, IntegrityNote, IntegritySign


def count_words(person_ids: Sequence[int]) -> int:
    """How many disputes of these people, and notes on signs about their tests, have words."""
    disputes = select(func.count(Dispute.id)).where(_disputed(person_ids))
    notes = select(func.count(IntegrityNote.id)).where(_noted(person_ids))
    return (db.session.scalar(disputes) or 0) + (db.session.scalar(notes) or 0)


def erase_words(person_ids: Sequence[int]) -> int:
    """Erase those words; how many there were."""
    gone = count_done(update(Dispute).where(_disputed(person_ids)).values(words=""))
    return gone + count_done(update(IntegrityNote).where(_noted(person_ids)).values(words=""))


def _disputed(person_ids: Sequence[int]) -> ColumnElement[bool]:
    return and_(Dispute.person_id.in_(person_ids), Dispute.words != "")


def _noted(person_ids: Sequence[int]) -> ColumnElement[bool]:
    tests = select(Attempt.id).where(Attempt.person_id.in_(person_ids))
    signs = select(IntegritySign.id).where(
        or_(IntegritySign.attempt_id.in_(tests), IntegritySign.other_attempt_id.in_(tests))
    )
    return and_(IntegrityNote.sign_id.in_(signs), IntegrityNote.words != "")


def _closed(before: datetime) -> ColumnElement[bool]:
    tests = select(Attempt.id).where(Attempt.campaign_id.in_(list_closed_before(before)))
    return and_(Dispute.words != "", Dispute.attempt_id.in_(tests))


def _closed_signs(before: datetime) -> ColumnElement[bool]:
    signs = (
        select(IntegritySign.id)
        .join(Attempt, Attempt.id == IntegritySign.attempt_id)
        .where(Attempt.campaign_id.in_(list_closed_before(before)))
    )
    return and_(IntegrityNote.words != "", IntegrityNote.sign_id.in_(signs))


def _erase_disputes(ids: Keys) -> int:
    return count_done(update(Dispute).where(Dispute.id.in_(ids)).values(words=""))


def _erase_notes(ids: Keys) -> int:
    return count_done(update(IntegrityNote).where(IntegrityNote.id.in_(ids)).values(words=""))


OLD_DISPUTES = DueRows(Dispute.id, _closed, _erase_disputes)
OLD_SIGN_NOTES = DueRows(IntegrityNote.id, _closed_signs, _erase_notes)
