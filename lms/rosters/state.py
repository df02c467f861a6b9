"""The present state of the commissions, as the comparison needs it: plain values, no database."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lms.commissions.rules import Level, Territory
from lms.countries.reading import DEFAULT, shipped

if TYPE_CHECKING:
    from lms.countries.schema import Country


@dataclass(frozen=True, slots=True)
class PresentCommission:
    """A commission that exists."""

    id: int
    code: str
    parent_id: int | None
    level: Level
    territory: Territory
    number: int
    names: tuple[str, ...]
    """In every language it is named in."""
    time_zone: str


@dataclass(frozen=True, slots=True)
class PresentAppointment:
    """An appointment of today."""

    id: int
    commission_id: int
    office: str
    nominated_by: str
    visible: bool = True
    """Whether it lies in the branch of the person who imports."""


@dataclass(slots=True)
class PresentPerson:
    """A person who is known, by the hash of their identity number."""

    id: int
    surname: str
    given_name: str
    patronymic: str
    phone: str
    email: str
    language: str
    appointment: PresentAppointment | None = None


@dataclass(slots=True)
class Present:
    """What is known before the import."""

    base: PresentCommission
    """The commission whose branch the file is for."""
    commissions: dict[int, PresentCommission] = field(default_factory=dict)
    """Those of the branch, the base included, by id."""
    people: dict[str, PresentPerson] = field(default_factory=dict)
    """Those whose identity numbers stand in the file or who are members in the branch, by hash."""
    members: dict[int, list[str]] = field(default_factory=dict)
    """Hashes of the present members by commission id."""
    country: Country = field(default_factory=lambda: shipped(DEFAULT))
    """By whose rules sizes and parties are looked at."""

    def mark(self) -> str:
        """A hash of all that outcomes depend on: if it is the same later, so are they."""
        digest = hashlib.sha256()
        for commission in sorted(self.commissions.values(), key=lambda one: one.id):
            digest.update(f"{commission.id}|{commission.code}|{commission.time_zone}\n".encode())
        for known, person in sorted(self.people.items()):
            seat = person.appointment
            held = f"{seat.id}|{seat.office}|{seat.nominated_by}" if seat else ""
            digest.update(f"{known}|{person.surname}|{person.given_name}|{person.patronymic}|{held}\n".encode())
        return digest.hexdigest()
