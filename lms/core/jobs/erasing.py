"""Forget later work that was done long ago: its row, or, where something refers to it, the sentence that may name
people."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, delete, exists, or_, update

from lms.core.database.base import Model
from lms.core.database.due import DueRows, Keys, count_done
from lms.core.jobs.models import Job

ENDED = ("done", "failed")


def _is_referred_to() -> ColumnElement[bool]:
    """A condition: a row of another table names the job."""
    job = Model.metadata.tables[Job.__tablename__]
    keys = (key for table in Model.metadata.sorted_tables for key in table.foreign_keys if key.column.table is job)
    return or_(*(exists().where(key.parent == Job.id) for key in keys))


def _is_over(before: datetime) -> ColumnElement[bool]:
    return Job.state.in_(ENDED) & (Job.ended_at <= before)


def _delete(ids: Keys) -> int:
    return count_done(delete(Job).where(Job.id.in_(ids)))


def _forget_words(ids: Keys) -> int:
    return count_done(update(Job).where(Job.id.in_(ids)).values(sentence=""))


def forget_words_about(surname: str) -> int:
    """Empty the sentences of ended jobs in which this surname stands; how many that were."""
    if not surname:
        return 0
    named = Job.sentence.contains(surname, autoescape=True)
    return count_done(update(Job).where(Job.state.in_(ENDED), named).values(sentence=""))


OLD_JOBS = DueRows(Job.id, lambda before: _is_over(before) & ~_is_referred_to(), _delete, by_machine=True)
OLD_SENTENCES = DueRows(Job.id, lambda before: _is_over(before) & (Job.sentence != ""), _forget_words, by_machine=True)
