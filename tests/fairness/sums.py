"""Checksums of everything that a marking anew may touch, to tell that it was set back as it stood."""

from __future__ import annotations

import hashlib
from typing import Any

from sqlalchemy import select

from lms.assessment.models import AnswerStep, Attempt, PaperQuestion
from lms.certificates.models import Certificate
from lms.core.database.base import Model, db
from lms.learning.models import CompletedActivity, Enrolment

TABLES: tuple[type[Model], ...] = (Attempt, PaperQuestion, AnswerStep, CompletedActivity, Enrolment, Certificate)


def sums(*, certificates: set[int] | None = None) -> dict[str, str]:
    """SHA-256 of every row of each table; of certificates only those named."""
    db.session.expire_all()
    found = {}
    for model in TABLES:
        table: Any = model.__table__
        statement = select(table).order_by(*table.primary_key)
        if model is Certificate and certificates is not None:
            statement = statement.where(table.c.id.in_(certificates))
        digest = hashlib.sha256()
        for row in db.session.execute(statement):
            digest.update(repr(tuple(row)).encode())
        found[table.name] = digest.hexdigest()
    return found
