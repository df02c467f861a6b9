"""Invented people: names, demo identity numbers, birth dates of adults, phones that ring nowhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from lms.core.database.bulk import write_rows
from lms.demo.names import Name, invent_name
from lms.people.actions import write_keys
from lms.people.models import Person
from lms.people.schemes.iin import find_check_digit
from lms.people.vault import bulk_sealer

YOUNGEST, OLDEST = 21, 68
WITHOUT_PHONE = 0.05
SPEAKS_KAZAKH = 0.83
SERIALS = 10_000
COLUMNS = (
    "id", "surname", "given_name", "patronymic", "number_encrypted", "number_hash", "number_last4", "phone", "language",
    "created_at",
)  # fmt: skip


@dataclass(frozen=True)
class Invented:
    """One invented person."""

    name: Name
    number: str
    phone: str
    language: str


def invent_people(count: int, *, rng: Random, today: date) -> Iterator[Invented]:
    """So many people one after the other, no two with the same number or phone."""
    taken: set[str] = set()
    for serial in range(count):
        name = invent_name(rng)
        phone = "" if rng.random() < WITHOUT_PHONE else f"+7700{serial:07d}"
        speaks_kazakh = name.is_kazakh and rng.random() < SPEAKS_KAZAKH
        yield Invented(name, _number(rng, today, name, serial, taken), phone, "kk" if speaks_kazakh else "ru")


def _number(rng: Random, today: date, name: Name, serial: int, taken: set[str]) -> str:
    """A number that nobody has yet: its serial has four digits only, so days of birth tell apart who shares them."""
    while True:
        born = today - timedelta(days=rng.randint(YOUNGEST * 366, OLDEST * 365))
        century = (4 if name.is_woman else 3) + (2 if born.year >= 2000 else 0)
        first = f"{born:%y%m%d}{century}{serial % SERIALS:04d}"
        digit = find_check_digit(first, demo=True)
        if digit is not None and first not in taken:
            taken.add(first)
            return f"{first}{digit}"


def write_people(people: Iterable[Invented], *, first: int, now: datetime) -> None:
    """Write people under the ids from `first` on; identity numbers encrypted."""
    seal = bulk_sealer()
    known: list[tuple[int, str, str, str, str]] = []

    def rows() -> Iterator[Sequence[Any]]:
        for person_id, one in enumerate(people, start=first):
            encrypted, digest = seal(one.number)
            name = one.name
            known.append((person_id, name.surname, name.given_name, name.patronymic, one.phone))
            yield (
                person_id, name.surname, name.given_name, name.patronymic, encrypted, digest, one.number[-4:],
                one.phone, one.language, now,
            )  # fmt: skip

    write_rows(Person, COLUMNS, rows())
    write_keys(known)
