"""The record as it is read: of one person, one commission, one thing; who did what, when, before and after."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from lms.accounts.models import Account
from lms.core.audit.models import AuditEntry, AuditValue
from lms.core.database.base import db
from lms.people.models import Person, erased_name

PAGE = 50


@dataclass(frozen=True)
class Line:
    """One act."""

    entry: AuditEntry
    who: str
    """Name and login; empty for the system itself."""
    values: Sequence[AuditValue]
    """What changed, before and after, unless it was erased."""

    @property
    def details(self) -> list[tuple[str, Any]]:
        """What else is known of it."""
        return sorted(self.entry.details.items())


def count_entries(subjects: Sequence[str]) -> int:
    """How many acts were done to these things."""
    return db.session.scalar(select(func.count(AuditEntry.id)).where(_about(subjects))) or 0


def list_entries(subjects: Sequence[str], *, page: int) -> list[Line]:
    """What was done to some things (`person:12`), the latest first, a page of it."""
    entries = db.session.scalars(
        select(AuditEntry).where(_about(subjects)).order_by(AuditEntry.id.desc()).offset((page - 1) * PAGE).limit(PAGE)
    ).all()
    names = _names({one.account_id for one in entries if one.account_id is not None})
    values = defaultdict(list)
    for value in db.session.scalars(
        select(AuditValue).where(AuditValue.entry_id.in_([one.id for one in entries])).order_by(AuditValue.id)
    ):
        values[value.entry_id].append(value)
    return [Line(one, names.get(one.account_id or 0, ""), values[one.id]) for one in entries]


def subjects_of_person(person_id: int) -> list[str]:
    """What acts on a person are recorded under: the person and the account."""
    account = db.session.scalar(select(Account.id).where(Account.person_id == person_id))
    return [f"person:{person_id}", *([f"account:{account}"] if account else [])]


def _about(subjects: Sequence[str]) -> ColumnElement[bool]:
    return or_(*(AuditEntry.subject == one for one in subjects))


def _names(account_ids: set[int]) -> dict[int, str]:
    rows = db.session.execute(
        select(Account.id, Account.login, Person.surname, Person.given_name)
        .join(Person, Person.id == Account.person_id)
        .where(Account.id.in_(account_ids))
    )
    return {row.id: f"{_name(row.surname, row.given_name)} ({row.login})" for row in rows}


def _name(surname: str, given_name: str) -> str:
    return f"{surname} {given_name}" if surname else erased_name()
