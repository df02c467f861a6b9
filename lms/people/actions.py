"""Add people, and correct what is known about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lms.core import clock
from lms.core.audit.actions import Actor, record
from lms.core.database.bulk import insert_for_ids
from lms.people.models import Person
from lms.people.vault import bulk_sealer

BATCH = 1_000
FIELDS = ("surname", "given_name", "patronymic", "phone", "email", "language")
"""What may be corrected."""


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
    seal = bulk_sealer()
    now = clock.now()
    ids: list[int] = []
    for start in range(0, len(people), BATCH):
        rows = []
        for person in people[start : start + BATCH]:
            encrypted, digest = seal(person.number)
            rows.append(
                {
                    **{field: getattr(person, field) for field in FIELDS},
                    "number_encrypted": encrypted,
                    "number_hash": digest,
                    "number_last4": person.number[-4:],
                    "created_at": now,
                }
            )
        ids.extend(insert_for_ids(Person, rows))
    if ids:
        record("people.added", by=by, subject=f"person:{ids[0]}", first=ids[0], last=ids[-1], count=len(ids))
    return ids


def correct_person(*, person: Person, fields: Mapping[str, str], by: Actor) -> None:
    """Set what is known better now. The values before and after stand aside in the record, where they can be erased."""
    changed = {name: (getattr(person, name), value) for name, value in fields.items() if getattr(person, name) != value}
    for name, (_before, after) in changed.items():
        if name not in FIELDS:
            raise ValueError(f"{name} cannot be corrected")
        setattr(person, name, after)
    if changed:
        record("people.corrected", by=by, subject=f"person:{person.id}", values=changed, fields=sorted(changed))
