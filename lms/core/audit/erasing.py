"""Erase personal values that stand aside of the record. Entries and seals stay, so the chain holds."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, delete, func, or_, select

from lms.core.audit.models import AuditEntry, AuditValue
from lms.core.database.base import db
from lms.core.database.due import Keys, count_done


def count_values(subjects: Collection[str], *also: ColumnElement[bool]) -> int:
    """How many values before and after stand beside the entries about these subjects, or that fit one of `also`."""
    return db.session.scalar(select(func.count(AuditValue.id)).where(_beside(subjects, also))) or 0


def erase_values_of(subjects: Collection[str], *also: ColumnElement[bool]) -> int:
    """Erase them; how many that were."""
    return count_done(delete(AuditValue).where(_beside(subjects, also)))


def erase_values(ids: Keys) -> int:
    """Erase these values."""
    return count_done(delete(AuditValue).where(AuditValue.id.in_(ids)))


def _beside(subjects: Collection[str], also: Collection[ColumnElement[bool]]) -> ColumnElement[bool]:
    return AuditValue.entry_id.in_(select(AuditEntry.id).where(or_(AuditEntry.subject.in_(subjects), *also)))
