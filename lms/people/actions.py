"""Add people, and correct what is known about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from lms.core import clock
from lms.core.audit.actions import Actor, Changed, record, record_changes
from lms.core.database.bulk import take_ids, write_rows
from lms.people.models import Person
from lms.people.vault import bulk_sealer

FIELDS = ("surname", "given_name", "patronymic", "phone", "email", "language")
"""What may be corrected."""
COLUMNS = ("id", *FIELDS, "number_encrypted", "number_hash", "number_last4", "created_at")
"""What is written of a new person."""


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person who is not known yet."""

    number: str
    """Identity number: 12 digits, checked by the caller."""
    surname: str
    given_name: str
    patronymic: str = ""
    phone: str = ""
    email: str = ""
    language: str = "kk"


def add_people(*, people: Sequence[NewPerson], by: Actor) -> list[int]:
    """Ids of the new people, in the order given. Written in bulk; their numbers are encrypted here."""
    if not people:
        return []
    ids = take_ids(Person, len(people))
    write_rows(Person, COLUMNS, _rows(ids, people))
    record("people.added", by=by, subject=f"person:{ids[0]}", first=ids[0], last=ids[-1], count=len(ids))
    return ids


def _rows(ids: Sequence[int], people: Sequence[NewPerson]) -> Iterator[Sequence[Any]]:
    seal, now, known = bulk_sealer(), clock.now(), attrgetter(*FIELDS)
    for person_id, person in zip(ids, people, strict=True):
        yield (person_id, *known(person), *seal(person.number), person.number[-4:], now)


def correct_person(*, person: Person, fields: Mapping[str, str], by: Actor) -> None:
    """Set what is known better now of one person; see `correct_people`."""
    correct_people(corrections=[(person, fields)], by=by)


def correct_people(*, corrections: Iterable[tuple[Person, Mapping[str, str]]], by: Actor) -> list[tuple[int, Changed]]:
    """Set what is known better now of each person, and say what was changed of whom. The values before and after stand
    aside in the record, where they can be erased."""
    changes = [(person.id, changed) for person, fields in corrections if (changed := _correct(person, fields))]
    told = [(f"person:{person_id}", changed) for person_id, changed in changes]
    record_changes("people.corrected", by=by, changes=told)
    return changes


def _correct(person: Person, fields: Mapping[str, str]) -> Changed:
    """What changed."""
    changed = {name: (getattr(person, name), value) for name, value in fields.items() if getattr(person, name) != value}
    for name, (_before, after) in changed.items():
        if name not in FIELDS:
            raise ValueError(f"{name} cannot be corrected")
        setattr(person, name, after)
    return changed
