"""How rows and commissions of an import are kept: rows encrypted, for they hold identity numbers and opinions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any

from lms.commissions.rules import Territory
from lms.people.vault import open_text, seal_text
from lms.rosters.findings import Finding, Normalised, Problem
from lms.rosters.judging import Entry
from lms.rosters.placing import Place
from lms.rosters.rules import APPOINTMENT_FIELDS, PERSON_FIELDS
from lms.rosters.state import PresentPerson

KEPT = (*PERSON_FIELDS, *APPOINTMENT_FIELDS)
_as_words = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def pack_entry(entry: Entry, person: PresentPerson | None) -> bytes:
    """The payload of a row of the file; `person`: who it is about, if known already."""
    data: dict[str, Any] = {"commission": entry.commission, "place": entry.place, "number": entry.number}
    data.update({name: value for name in KEPT if (value := getattr(entry, name))})
    finding = entry.problem or entry.normalised
    if finding:
        data["column"], data["params"] = finding.column, finding.params
    if entry.also:
        data["also"] = [[one.kind.value, one.column, one.params] for one in entry.also]
    if entry.problem and entry.raw is not None:
        data["raw"] = entry.raw
    if person:
        data["person"] = person.id
        data["appointment"] = person.appointment.id if person.appointment else None
    if entry.changed and person:
        data["changed"] = {name: _known(person, name) for name in entry.changed}
    return seal_text(_as_words(data))


def pack_leaving(person: PresentPerson, place: int, commission: str) -> bytes:
    """The payload of a present member who is leaving; `commission`: as the file names it."""
    data: dict[str, Any] = {"commission": commission, "place": place, "person": person.id}
    data.update({name: getattr(person, name) for name in ("surname", "given_name", "patronymic")})
    if person.appointment:
        data["office"], data["appointment"] = person.appointment.office, person.appointment.id
    return seal_text(_as_words(data))


def unpack(payload: bytes) -> dict[str, Any]:
    """What `pack_entry` or `pack_leaving` packed."""
    data: dict[str, Any] = json.loads(open_text(payload))
    return data


def pack_changed(values: Mapping[str, tuple[str, str]]) -> bytes:
    """The payload of a row that applying changed: field -> (before, after)."""
    return seal_text(_as_words(values))


def unpack_changed(payload: bytes) -> dict[str, tuple[str, str]]:
    """What `pack_changed` packed."""
    return {name: (before, after) for name, (before, after) in unpack(payload).items()}


def findings_of(problem: str, normalised: str, data: dict[str, Any]) -> list[Finding]:
    """Everything that was found in a kept row: every problem, the gravest first, or what was put right."""
    if not problem and not normalised:
        return []
    kind = Problem(problem) if problem else Normalised(normalised)
    also = [Finding(Problem(kind), column, params) for kind, column, params in data.get("also", [])]
    return [Finding(kind, data.get("column", ""), data.get("params", {})), *also]


@dataclass(frozen=True, slots=True)
class KeptPlace:
    """A commission of a file, as kept with the import (see `placing.Place`)."""

    index: int
    parent: int | None
    territory: Territory
    number: int | None
    name: str
    present_id: int | None
    time_zone: str
    seats: int
    rows: int
    needed: bool = True


_PARTS = attrgetter(*(part.name for part in fields(KeptPlace)))


def pack_place(place: Place) -> list[Any]:
    """A commission of the file as plain values."""
    present_id = place.present.id if place.present else None
    where = (place.index, place.parent, place.territory, place.number, place.name, present_id)
    return pack_kept(KeptPlace(*where, place.time_zone, place.seats, place.rows, place.needed))


def pack_kept(place: KeptPlace) -> list[Any]:
    """A kept commission as plain values."""
    return [value.value if isinstance(value, Territory) else value for value in _PARTS(place)]


def unpack_place(values: list[Any]) -> KeptPlace:
    """The commission that `pack_place` packed."""
    index, parent, territory, *rest = values
    return KeptPlace(index, parent, Territory(territory), *rest)


def _known(person: PresentPerson, name: str) -> str:
    holder = person.appointment if name in APPOINTMENT_FIELDS else person
    return str(getattr(holder, name))
