"""Erase what is personal and stands aside of the record. Rows, hashes, entries and seals stay, so the chain holds."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select, update

from lms.core.audit.models import AuditEntry, AuditOrigin, AuditValue
from lms.core.audit.origins import USED_FOR
from lms.core.database.base import db
from lms.core.database.due import Keys, count_done

IS_KEPT = AuditValue.salt.is_distinct_from("")
"""A condition on AuditValue: it was not erased."""


def count_values(subjects: Collection[str], *also: ColumnElement[bool]) -> int:
    """How many values before and after stand beside the entries about these subjects, or that fit one of `also`."""
    return db.session.scalar(select(func.count(AuditValue.id)).where(IS_KEPT, _beside(subjects, also))) or 0


def erase_values_of(subjects: Collection[str], *also: ColumnElement[bool]) -> int:
    """Erase them; how many that were."""
    return _empty_values(_beside(subjects, also))


def erase_values(ids: Keys) -> int:
    """Erase these values."""
    return _empty_values(AuditValue.id.in_(ids))


def erase_origins_of(account_ids: Collection[int]) -> int:
    """Erase from where these accounts acted; how many places that were."""
    return _empty_origins(AuditOrigin.account_id.in_(account_ids))


def erase_origins(hashes: Keys) -> int:
    """Erase these places."""
    return _empty_origins(AuditOrigin.hash.in_(hashes))


def is_old_origin(before: datetime) -> ColumnElement[bool]:
    """A condition on AuditOrigin: every act from there lies before that moment."""
    return and_(AuditOrigin.salt != "", AuditOrigin.made_at <= before - USED_FOR)


def _empty_values(which: ColumnElement[bool]) -> int:
    return count_done(update(AuditValue).where(IS_KEPT, which).values(before="", after="", salt=""))


def _empty_origins(which: ColumnElement[bool]) -> int:
    return count_done(update(AuditOrigin).where(AuditOrigin.salt != "", which).values(network="", browser="", salt=""))


def _beside(subjects: Collection[str], also: Collection[ColumnElement[bool]]) -> ColumnElement[bool]:
    return AuditValue.entry_id.in_(select(AuditEntry.id).where(or_(AuditEntry.subject.in_(subjects), *also)))
