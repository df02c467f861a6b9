"""Find people."""

from __future__ import annotations

from sqlalchemy import select

from lms.core.database.base import db
from lms.people.models import Person
from lms.people.vault import number_hash


def find_by_number(number: str) -> Person | None:
    """The person with this identity number (all its digits); who was merged into another is found as that one."""
    person = find_entry_numbered(number)
    while person is not None and person.merged_into_id is not None:
        person = db.session.get(Person, person.merged_into_id)
    return person


def find_entry_numbered(number: str) -> Person | None:
    """The very entry with this identity number, merged into another or not."""
    return db.session.scalar(select(Person).where(Person.number_hash == number_hash(number)))


def list_entries_of(person: Person) -> list[Person]:
    """Every entry of one human being: the one that stands for all, then those that were merged into it."""
    while person.merged_into_id is not None:
        person = db.session.get_one(Person, person.merged_into_id)
    found, last = [person], [person.id]
    while last:
        merged = select(Person).where(Person.merged_into_id.in_(last)).order_by(Person.id)
        more = db.session.scalars(merged).all()
        found, last = [*found, *more], [one.id for one in more]
    return found
