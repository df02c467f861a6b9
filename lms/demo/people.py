"""Invented people: names, demo identity numbers, birth dates of adults, phones that ring nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from lms.demo.names import Name, invent_name
from lms.people.identity_number import find_check_digit
from lms.people.vault import bulk_sealer

YOUNGEST, OLDEST = 21, 68
WITHOUT_PHONE = 0.05


@dataclass(frozen=True)
class Invented:
    """One invented person."""

    name: Name
    number: str
    phone: str
    language: str


def invent_people(count: int, *, rng: Random, today: date) -> list[Invented]:
    """So many people, no two with the same number or phone."""
    return [_invent(rng, today, serial) for serial in range(count)]


def _invent(rng: Random, today: date, serial: int) -> Invented:
    name = invent_name(rng)
    phone = "" if rng.random() < WITHOUT_PHONE else f"+7700000{serial:04d}"
    speaks_kazakh = name.is_kazakh and rng.random() < 0.83
    return Invented(name, _number(rng, today, name, serial), phone, "kk" if speaks_kazakh else "ru")


def _number(rng: Random, today: date, name: Name, serial: int) -> str:
    while True:
        born = today - timedelta(days=rng.randint(YOUNGEST * 366, OLDEST * 365))
        century = (4 if name.is_woman else 3) + (2 if born.year >= 2000 else 0)
        first = f"{born:%y%m%d}{century}{serial:04d}"
        digit = find_check_digit(first, demo=True)
        if digit is not None:
            return f"{first}{digit}"


def person_rows(people: list[Invented], now: datetime) -> list[dict[str, Any]]:
    """Rows of the table of people; identity numbers encrypted."""
    seal = bulk_sealer()
    rows = []
    for one in people:
        encrypted, digest = seal(one.number)
        rows.append(
            {
                "surname": one.name.surname,
                "given_name": one.name.given_name,
                "patronymic": one.name.patronymic,
                "number_encrypted": encrypted,
                "number_hash": digest,
                "number_last4": one.number[-4:],
                "phone": one.phone,
                "email": "",
                "language": one.language,
                "created_at": now,
            }
        )
    return rows
