"""Erase what is known of people. Whoever calls this records it, by ids and counts only."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import delete, update

from lms.core import clock
from lms.core.database.due import count_done
from lms.people.models import Person, PersonKey

NUMBER = {"number_encrypted": None, "number_hash": None, "number_last4": ""}
CONTACTS = {**NUMBER, "phone": "", "email": ""}
NAME = {"surname": "", "given_name": "", "patronymic": ""}


def erase_contacts(person_ids: Sequence[int]) -> int:
    """Erase identity number (birth date with it), phone and e-mail of these people, whose term is over; they are found
    by no search any more. Their names stay. How many people."""
    return _erase(person_ids, {**CONTACTS, "contacts_erased_at": clock.now()})


def erase_people(person_ids: Sequence[int], *, keep_names_of: Collection[int]) -> None:
    """The same on request, and their names too, but those of some."""
    nameless = [one for one in person_ids if one not in keep_names_of]
    named = [one for one in person_ids if one in keep_names_of]
    _erase(named, {**CONTACTS, "erased_at": clock.now()})
    _erase(nameless, {**CONTACTS, **NAME, "erased_at": clock.now()})


def _erase(person_ids: Sequence[int], values: dict[str, Any]) -> int:
    count_done(delete(PersonKey).where(PersonKey.person_id.in_(person_ids)))
    return count_done(update(Person).where(Person.id.in_(person_ids)).values(values))
