"""Erase the words of cases that a person sent: they are to name nobody, and may. That a case was sent stays."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, func, or_, select, update

from lms.bank.models import FieldCase
from lms.core.database.base import db
from lms.core.database.due import count_done

WORDS = ("happened", "done", "question")


def count_cases(person_ids: Sequence[int]) -> int:
    """How many cases of these people have words."""
    return db.session.scalar(select(func.count(FieldCase.id)).where(_told(person_ids))) or 0


def erase_cases(person_ids: Sequence[int]) -> int:
    """Erase the words of the cases that these people sent; how many there were."""
    return count_done(update(FieldCase).where(_told(person_ids)).values(dict.fromkeys(WORDS, "")))


def _told(person_ids: Sequence[int]) -> ColumnElement[bool]:
    words = or_(*(getattr(FieldCase, name) != "" for name in WORDS))
    return and_(FieldCase.sender_id.in_(person_ids), words)
