"""What is known of an act beside its kind, in words: whom it was about, by which decision, from which day."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from lms.accounts.models import Account
from lms.commissions.models import Commission
from lms.commissions.names import kind_name, name_of, office_name, role_name
from lms.core.audit.models import AuditEntry, AuditValue
from lms.core.database.base import db
from lms.core.web.languages import NAMES, _, day_and_time, day_of_any_year, lazy
from lms.people.models import Person

MOST_NAMES = 20
"""So many people are named; of more it is said how many."""
PEOPLE = ("left", "came", "person", "person_id", "merged", "trainer", "people")
PLACES = ("commission", "commission_id", "through")
DAYS = ("since", "act_on", "on", "first", "last", "day", "election_on", "called_on", "standing_day", "closed_on")
MOMENTS = ("expires_at", "applied_at", "from")


@dataclass(frozen=True)
class Detail:
    """One thing that is known."""

    label: str
    text: str
    people: tuple[tuple[int, str], ...] = ()
    """(id, name) of those whom it names."""


@dataclass(frozen=True)
class Named:
    """Names of those of whom some acts tell."""

    people: Mapping[int, str]
    places: Mapping[int, str]
    holders: Mapping[str, tuple[int, str]]
    """Of acts recorded under an account (`account:7`) or a person (`person:12`): (id, name) of the person."""


ROLES = {"commissions.role_granted": lazy("To whom"), "commissions.role_revoked": lazy("From whom")}
"""What is said of the person to whom an account belongs, where the act does not say whom it concerns."""
LABELS: dict[str, lazy] = {
    "left": lazy("Who left"),
    "came": lazy("Who came"),
    "person": lazy("Member"),
    "person_id": lazy("Member"),
    "people": lazy("People"),
    "merged": lazy("Joined entry"),
    "trainer": lazy("Trainer"),
    "commission": lazy("Commission"),
    "commission_id": lazy("Commission"),
    "through": lazy("Commission"),
    "act": lazy("Decision No."),
    "act_on": lazy("Decision of"),
    "since": lazy("From"),
    "on": lazy("Day"),
    "closed_on": lazy("Closed since"),
    "day": lazy("Day"),
    "first": lazy("From"),
    "last": lazy("Last day"),
    "called_on": lazy("Called on"),
    "election_on": lazy("Election day"),
    "standing_day": lazy("Day of the demo"),
    "expires_at": lazy("Works until"),
    "applied_at": lazy("Applied"),
    "course": lazy("Course"),
    "kind": lazy("Way"),
    "role": lazy("Role"),
    "seats": lazy("Seats"),
    "count": lazy("How many"),
    "total": lazy("How many"),
    "codes": lazy("Codes"),
    "code": lazy("Code"),
    "reason": lazy("Reason"),
    "language": lazy("Language"),
    "left_out": lazy("Rows left out"),
    "outcome": lazy("Outcome"),
    "before": lazy("Before"),
    "after": lazy("After"),
    "activity": lazy("Step"),
    "present": lazy("Present"),
    "step": lazy("At what"),
    "tries": lazy("Tries"),
    "from": lazy("Since"),
}
"""What is said of a detail. Those that are not here are numbers within the installation, which tell nobody anything."""
FIELDS: dict[str, lazy] = {
    "surname": lazy("Surname"),
    "given_name": lazy("Given name"),
    "patronymic": lazy("Patronymic"),
    "phone": lazy("Phone"),
    "email": lazy("E-mail"),
    "language": lazy("Language"),
    "number": lazy("Identity number"),
    "nominated_by": lazy("Nominated by"),
    "reason": lazy("Reason"),
    "withdrawn_because": lazy("Reason"),
    "name": lazy("Name"),
}
VALUES: dict[str, Callable[[str], str]] = {
    "role": role_name,
    "kind": kind_name,
    "language": lambda one: NAMES.get(one, one),
}
REASONS = ("reason", "withdrawn_because")
"""Values that never were another one before."""
GUESSED_AT = {"sign_in": lazy("password or code"), "second_step": lazy("second step")}
WAYS = ("elected", "temporary")
OUTCOMES = {"reached": lazy("reached"), "no_answer": lazy("did not answer"), "put_back": lazy("put back on the list")}


def name_those_in(entries: Iterable[AuditEntry], *, whose: bool = False) -> Named:
    """The names of all people and commissions of whom some acts tell; on asking also of those under whom they stand."""
    found = list(entries)
    people = {one for entry in found for _key, ids in _ids(entry, PEOPLE) for one in ids[:MOST_NAMES]}
    places = {one for entry in found for _key, ids in _ids(entry, _places_of(entry)) for one in ids}
    rows = _by_ids(Person, Person.id, people)
    return Named(
        {one.id: one.full_name for one in rows},
        {one.id: name_of(one) for one in _by_ids(Commission, Commission.id, places)},
        _name_holders({one.subject for one in found if one.action in ROLES or (whose and _is_of_another(one))}),
    )


def _is_of_another(entry: AuditEntry) -> bool:
    """Whether an act may stand under somebody else than who did it."""
    return entry.subject != f"account:{entry.account_id}"


def _name_holders(subjects: Iterable[str]) -> dict[str, tuple[int, str]]:
    ids: dict[str, set[int]] = {"account": set(), "person": set()}
    for subject in subjects:
        kind, _colon, number = subject.partition(":")
        if kind in ids and number.isdecimal():
            ids[kind].add(int(number))
    accounts = _by_ids(Account, Account.id, ids["account"])
    people = _by_ids(Person, Person.id, ids["person"])
    return {f"account:{one.id}": (one.person_id, one.person.full_name) for one in accounts} | {
        f"person:{one.id}": (one.id, one.full_name) for one in people
    }


def details_of(entry: AuditEntry, named: Named) -> list[Detail]:
    """What is known of an act, in the order of `LABELS`."""
    known = {key: value for key, value in entry.details.items() if key in LABELS and value not in ("", None, [], {})}
    for key in ("first", "last"):  # of people added at once these are numbers within the installation, no days
        if isinstance(known.get(key), int):
            known.pop(key)
    if known.get("kind") not in WAYS:  # of a question it is what sort of question it is, and no way to a seat
        known.pop("kind", None)
    if not isinstance(known.get("course"), str):  # its number; the code is a name
        known.pop("course", None)
    whose, label = named.holders.get(entry.subject), ROLES.get(entry.action)
    about = [Detail(_(label.message) if label else _("About whom"), "", (whose,))] if whose else []
    return about + [_detail(entry, key, known[key], named) for key in LABELS if key in known]


def field_words(value: AuditValue) -> str:
    """What a personal value is."""
    known = FIELDS.get(value.field)
    return _(known.message) if known else value.field


def change_words(value: AuditValue) -> str:
    """What a personal value was and is; of a reason, what it is."""
    if value.field in REASONS and not value.before:
        return value.after or "–"
    return f"{value.before or '–'} → {value.after or '–'}"


def mentions(entry: AuditEntry, person_id: int, appointments: Collection[int]) -> bool:
    """Whether an act on a commission is about this person or about one of these appointments."""
    if entry.details.get("appointment") in appointments:
        return True
    return any(person_id in ids for _key, ids in _ids(entry, PEOPLE))


def _detail(entry: AuditEntry, key: str, value: Any, named: Named) -> Detail:
    label = _(LABELS[key].message)
    if key in PEOPLE:
        ids = _as_ids(value)
        shown = tuple((one, named.people[one]) for one in ids[:MOST_NAMES] if one in named.people)
        rest = len(ids) - len(shown)
        return Detail(label, _("and %(n)s more", n=rest) if rest and shown else str(len(ids)) if rest else "", shown)
    return Detail(label, _text(entry, key, value, named))


def _text(entry: AuditEntry, key: str, value: Any, named: Named) -> str:
    if key in _places_of(entry) and isinstance(value, int):
        return named.places.get(value, str(value))
    if key in ("before", "after") and entry.action == "commissions.office_changed":
        return office_name(str(value))
    if key in ("before", "after") and isinstance(value, dict):
        return ", ".join(f"{NAMES.get(name, name)}: {text}" for name, text in value.items())
    if key in DAYS or (key in ("before", "after") and entry.action == "campaigns.election_day_set"):
        return _day(str(value))
    if key in MOMENTS:
        return day_and_time(datetime.fromisoformat(str(value)))
    if key == "outcome" and value in OUTCOMES:
        return _(OUTCOMES[value].message)
    if key == "step" and value in GUESSED_AT:
        return _(GUESSED_AT[value].message)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(str(one) for one in value[:MOST_NAMES]) + (" …" if len(value) > MOST_NAMES else "")
    return VALUES[key](str(value)) if key in VALUES else str(value)


def _day(text: str) -> str:
    try:
        return day_of_any_year(date.fromisoformat(text[:10]))
    except ValueError:
        return text


def _places_of(entry: AuditEntry) -> tuple[str, ...]:
    return (*PLACES, "before", "after") if entry.action == "commissions.moved" else PLACES


def _ids(entry: AuditEntry, keys: Iterable[str]) -> Iterator[tuple[str, list[int]]]:
    for key in keys:
        if key in entry.details:
            yield key, _as_ids(entry.details[key])


def _as_ids(value: Any) -> list[int]:
    values = value if isinstance(value, list) else [value]
    return [one for one in values if isinstance(one, int) and not isinstance(one, bool)]


def _by_ids(model: Any, column: InstrumentedAttribute[int], ids: Collection[int]) -> list[Any]:
    return list(db.session.scalars(select(model).where(column.in_(ids)))) if ids else []
