"""Add people, and correct what is known about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from sqlalchemy import delete, select

from lms.core import clock
from lms.core.audit.actions import Actor, Changed, record, record_changes
from lms.core.audit.models import AuditValue
from lms.core.database.base import db
from lms.core.database.bulk import insert_many, take_ids, write_rows
from lms.core.errors import Refused
from lms.core.events import publish
from lms.core.web.languages import _
from lms.people.events import NumberCorrected
from lms.people.folding import keys_of
from lms.people.identity_number import masked
from lms.people.models import Person, PersonKey
from lms.people.vault import bulk_sealer, number_hash, open_text, seal_text

FIELDS = ("surname", "given_name", "patronymic", "phone", "email", "language")
"""What may be corrected."""
FOUND_BY = ("surname", "given_name", "patronymic", "phone")
"""By what a person is found."""
SHORTEST_REASON, LONGEST_REASON = 5, 300
"""Signs of a reason."""
COLUMNS = ("id", *FIELDS, "number_encrypted", "number_hash", "number_last4", "created_at")
"""What is written of a new person."""


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person who is not known yet."""

    number: str
    """Identity number: plain digits, checked by the caller."""
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
    find_by = attrgetter(*FOUND_BY)
    write_keys((person_id, *find_by(person)) for person_id, person in zip(ids, people, strict=True))
    record("people.added", by=by, subject=f"person:{ids[0]}", first=ids[0], last=ids[-1], count=len(ids))
    return ids


def _rows(ids: Sequence[int], people: Sequence[NewPerson]) -> Iterator[Sequence[Any]]:
    seal, now, known = bulk_sealer(), clock.now(), attrgetter(*FIELDS)
    for person_id, person in zip(ids, people, strict=True):
        yield (person_id, *known(person), *seal(person.number), person.number[-4:], now)


def write_keys(people: Iterable[tuple[int, str, str, str, str]]) -> None:
    """Have new people found by name and phone; each (id, surname, given name, patronymic, phone)."""
    rows = [(key, person_id) for person_id, *known in people for key in keys_of(*known)]
    write_rows(PersonKey, ("key", "person_id"), sorted(rows))


def reveal_number(*, person: Person, reason: str, by: Actor) -> str:
    """The identity number in full; who looked and why is recorded. Refused without a reason, or when there is none."""
    reason = tidy_reason(reason)
    if len(reason) < SHORTEST_REASON:
        raise Refused(_("Say in a few words why you need the whole number."))
    if person.number_encrypted is None:
        raise Refused(_("No identity number is known of this person."))
    record("people.number_shown", by=by, subject=f"person:{person.id}", values={"reason": ("", reason)})
    return open_text(person.number_encrypted)


def tidy_reason(reason: str) -> str:
    """A reason as it is kept."""
    return " ".join(reason.split())[:LONGEST_REASON]


def correct_number(*, person: Person, number: str, reason: str, by: Actor) -> None:
    """Have a person be known by another identity number (plain digits, checked by the caller, of nobody else). The
    record keeps the last four digits of both, and the reason."""
    before, shown = person.number_hash, person.masked_number
    person.number_encrypted, person.number_hash = seal_text(number), number_hash(number)
    person.number_last4 = number[-4:]
    db.session.flush()
    values = {"number": (shown, masked(number)), "reason": ("", tidy_reason(reason))}
    record("people.number_corrected", by=by, subject=f"person:{person.id}", values=values)
    publish(NumberCorrected(person.id, before or "", number_hash(number)))


def swap_numbers(*, kept: Person, merged: Person, reason: str = "", by: Actor) -> None:
    """Have two entries of one human being have each other's identity number. The record of both keeps the last four
    digits, and the reason if there is one."""
    names = ("number_encrypted", "number_hash", "number_last4")
    own, others = ([getattr(one, name) for name in names] for one in (kept, merged))
    shown = kept.masked_number, merged.masked_number
    merged.number_hash = None
    db.session.flush()  # no number is known of two, not even for a moment
    for one, values in ((kept, others), (merged, own)):
        for name, value in zip(names, values, strict=True):
            setattr(one, name, value)
        db.session.flush()
    why = {"reason": ("", tidy_reason(reason))} if reason else {}
    said, act = {"number": shown, **why}, "people.number_corrected"
    record(act, by=by, subject=f"person:{kept.id}", values=said, merged=merged.id)
    record(act, by=by, subject=f"person:{merged.id}", values={**said, "number": shown[::-1]}, person=kept.id)


def correct_person(*, person: Person, fields: Mapping[str, str], by: Actor) -> int | None:
    """Set what is known better now of one person (see `correct_people`); the id of the entry in the record, None when
    nothing has changed."""
    changed = _correct(person, fields)
    entries = record_changes("people.corrected", by=by, changes=[(f"person:{person.id}", changed)] if changed else [])
    return next(iter(entries), None)


def correct_back(*, person: Person, entry_id: int, by: Actor) -> None:
    """Have a correction not have been: what it set, and what still is as it set it, is again as it was. Nothing happens
    where the values were erased."""
    values = db.session.scalars(select(AuditValue).where(AuditValue.entry_id == entry_id)).all()
    as_set = {one.field: one.before for one in values if getattr(person, one.field) == one.after}
    correct_person(person=person, fields=as_set, by=by)


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
    for name in changed:
        if name not in FIELDS:
            raise ValueError(f"{name} cannot be corrected")
    find_by = attrgetter(*FOUND_BY)
    before = keys_of(*find_by(person))
    for name, (_before, after) in changed.items():
        setattr(person, name, after)
    if changed:
        _renew_keys(person.id, before, keys_of(*find_by(person)))
    return changed


def _renew_keys(person_id: int, before: set[str], after: set[str]) -> None:
    gone = sorted(before - after)
    if gone:
        db.session.execute(delete(PersonKey).where(PersonKey.key.in_(gone), PersonKey.person_id == person_id))
    insert_many(PersonKey, [{"key": key, "person_id": person_id} for key in sorted(after - before)])
