"""The terms that hold, and what is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from lms.core import clock
from lms.core.database.base import db
from lms.core.database.due import Due
from lms.core.jobs.models import Job
from lms.people.models import Person
from lms.retention.models import RetentionTerm
from lms.retention.schedule import SCHEDULE, Category

RUN = "retention.run"


@dataclass(frozen=True)
class Standing:
    """How one category stands."""

    category: Category
    days: int
    due: int
    run_at: datetime | None
    erased: int
    """By the last run."""
    total: int
    """By all runs."""


def find_days(category: Category) -> int:
    """For how many days a category is kept here."""
    kept = db.session.get(RetentionTerm, category.code)
    return kept.days if kept is not None and kept.days is not None else category.term.usual


def begun_before(due: Due, days: int) -> datetime:
    """The moment: whose term began before it, of those the term is over."""
    return (clock.machine_time() if due.by_machine else clock.now()) - timedelta(days=days)


def list_standing() -> list[Standing]:
    """Every category, how much of it is due, and the last run. Looks through everything: some seconds in a country."""
    return [_standing_of(one) for one in SCHEDULE]


def _standing_of(category: Category) -> Standing:
    days, kept = find_days(category), db.session.get(RetentionTerm, category.code)
    due = sum(one.count(begun_before(one, days)) for one in category.due)
    if kept is None:
        return Standing(category, days, due, None, 0, 0)
    return Standing(category, days, due, kept.run_at, kept.erased, kept.total)


def was_asked_for(since: datetime) -> bool:
    """Whether a nightly run was asked for since that moment, whatever came of it."""
    asked = select(Job.id).where(Job.kind == RUN, Job.created_at >= since)
    return db.session.scalar(asked.limit(1)) is not None


def list_erased_people() -> list[Person]:
    """Everyone whose values were erased on request."""
    return list(db.session.scalars(select(Person).where(Person.erased_at.is_not(None)).order_by(Person.id)))
