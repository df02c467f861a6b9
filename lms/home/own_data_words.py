"""The same as a page to read: what is kept of a person, section by section, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from lms.commissions.names import kind_name, office_name, role_name
from lms.core import clock
from lms.core.web.languages import NAMES, _, date_in_full, day_and_time, lazy

Row = list[tuple[str, str]]
"""(label, value) of one thing that is kept."""


@dataclass(frozen=True)
class Section:
    """Things of one kind."""

    title: str
    rows: list[Row]


TITLES: Mapping[str, lazy] = {
    "person": lazy("You"),
    "erased": lazy("Erased"),
    "account": lazy("Way in"),
    "sessions": lazy("Browsers"),
    "seats": lazy("Seats held"),
    "roles": lazy("Roles"),
    "reserves": lazy("Reserve"),
    "courses": lazy("Courses"),
    "tests": lazy("Tests"),
    "workshops": lazy("Workshops"),
    "certificates": lazy("Certificates"),
    "calls": lazy("Calls to you"),
    "done_to_you": lazy("Record of what was done about you"),
}
LABELS: Mapping[str, lazy] = {
    "surname": lazy("Surname"),
    "given_name": lazy("Given name"),
    "patronymic": lazy("Patronymic"),
    "identity_number": lazy("Identity number"),
    "phone": lazy("Phone"),
    "email": lazy("E-mail"),
    "language": lazy("Language of learning"),
    "login": lazy("Login"),
    "browser": lazy("Browser"),
    "address": lazy("Network"),
    "created_at": lazy("Since"),
    "last_seen_at": lazy("Last used"),
    "commission_name": lazy("Commission"),
    "office": lazy("Office"),
    "role": lazy("Role"),
    "granted_at": lazy("Given"),
    "revoked_at": lazy("Taken away"),
    "kind": lazy("Way"),
    "nominated_by": lazy("Nominated by"),
    "starts_on": lazy("From"),
    "ends_on": lazy("Until"),
    "valid_from": lazy("From"),
    "valid_until": lazy("Works until"),
    "act": lazy("Decision No."),
    "act_on": lazy("Decision of"),
    "end_act": lazy("Left by decision No."),
    "end_act_on": lazy("Decision to leave of"),
    "title": lazy("Course"),
    "campaign": lazy("Campaign"),
    "started_at": lazy("Started"),
    "completed_at": lazy("Finished"),
    "credit": lazy("Points"),
    "total": lazy("Of"),
    "passed": lazy("Passed"),
    "starts_at": lazy("When"),
    "place": lazy("Place"),
    "leads": lazy("You lead it"),
    "cancelled": lazy("Cancelled"),
    "present": lazy("Present"),
    "number": lazy("Number"),
    "issued_on": lazy("Issued"),
    "at": lazy("When"),
    "note": lazy("Note"),
    "what": lazy("What"),
    "by": lazy("Who"),
    "in_words": lazy("In detail"),
}
WORDS: Mapping[str, Callable[[str], str]] = {
    "office": office_name,
    "role": role_name,
    "kind": kind_name,
    "language": lambda one: NAMES.get(one, one),
}


def sections_of(found: Mapping[str, Any]) -> list[Section]:
    """What `own_data.gather` found, to be read; sections without anything are left out."""
    rows = {name: _rows(name, found[name]) for name in TITLES}
    return [Section(_(TITLES[name].message), kept) for name, kept in rows.items() if any(kept)]


def _rows(section: str, kept: Any) -> list[Row]:
    things: Iterable[Mapping[str, Any]] = [kept] if isinstance(kept, Mapping) else kept
    return [
        [
            (_(label.message), _shown(name, thing[name]))
            for name, label in LABELS.items()
            if thing.get(name) not in (None, "", [], {}) and (name != "kind" or section == "seats")
        ]
        for thing in things
    ]


def _shown(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list | tuple):
        return "; ".join(_shown(name, one) for one in value)
    if name in WORDS:
        return WORDS[name](value)
    if name == "at" or name.endswith(("_at", "_on", "_from", "_until")):
        return _moment(value)
    return str(value)


def _moment(text: str) -> str:
    moment = datetime.fromisoformat(text)
    if len(text) <= len("2026-11-20"):
        return date_in_full(date.fromisoformat(text))
    return f"{date_in_full(clock.day_of(moment))}, {day_and_time(moment).rpartition(', ')[2]}"
