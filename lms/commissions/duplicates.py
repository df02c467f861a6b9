"""People who may be one and the same: found by name and birth date, or by phone, merged, and parted again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import combinations, product

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload

from lms.campaigns.queries import number_scheme
from lms.commissions.models import Appointment, Commission
from lms.commissions.permissions import OVERSEERS, Scope, is_commission_in
from lms.core.audit.actions import record
from lms.core.audit.models import AuditEntry
from lms.core.database.base import db
from lms.core.errors import NotFound, Refused
from lms.core.web.languages import _
from lms.people.actions import swap_numbers
from lms.people.likeness import are_alike
from lms.people.models import Person
from lms.people.queries import list_entries_of
from lms.people.vault import open_text

MOST = 100
"""Pairs that are shown at once."""
CROWD = 8
"""A phone that more people have than this is an office's."""


class Likeness(StrEnum):
    """Why two people may be one."""

    NAME_AND_BIRTH_DATE = "name and birth date"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two people who may be one."""

    one: Person
    other: Person
    why: tuple[Likeness, ...]


def get_person_of_branch(scope: Scope, person_id: int) -> Person:
    """The person, if they hold or held a seat in a branch that `scope` looks after; NotFound otherwise."""
    found = db.session.scalar(select(Person).where(Person.id == person_id, _is_in_branch(scope)))
    if found is None:
        raise NotFound
    return found


def list_pairs(scope: Scope) -> list[Pair]:
    """Pairs of people of the branches that `scope` looks after, who may be one; at most `MOST`."""
    people = db.session.scalars(
        select(Person).where(_is_in_branch(scope), Person.merged_into_id.is_(None)).order_by(Person.id)
    ).all()
    found: dict[tuple[int, int], list[Likeness]] = {}
    for why, pairs in ((Likeness.NAME_AND_BIRTH_DATE, _alike(people)), (Likeness.PHONE, _of_one_phone(people))):
        for one, other in pairs:
            found.setdefault((one.id, other.id), []).append(why)
    known = {person.id: person for person in people}
    return [Pair(known[one], known[other], tuple(why)) for (one, other), why in sorted(found.items())[:MOST]]


def list_merged(scope: Scope) -> Sequence[Person]:
    """People of these branches who were merged into others, the newest first."""
    merged = select(Person).where(_is_in_branch(scope), Person.merged_into_id.is_not(None))
    return db.session.scalars(merged.order_by(Person.id.desc()).limit(MOST)).all()


def seats_of(people: Iterable[int]) -> dict[int, Appointment]:
    """The seats that these people hold now."""
    seats = select(Appointment).where(Appointment.person_id.in_(sorted(people)), Appointment.ends_on.is_(None))
    whose = joinedload(Appointment.commission).joinedload(Commission.names)
    return {seat.person_id: seat for seat in db.session.scalars(seats.options(whose)).unique()}


def merge_people(*, kept: Person, merged: Person, by: Scope) -> None:
    """Have one person stand for both; the other one stays as an alias. Raises Refused when both hold a seat now, or
    when the one who goes does."""
    for person in sorted((kept, merged), key=lambda one: one.id):
        get_person_of_branch(by, person.id)
        db.session.refresh(person, with_for_update={"key_share": True})
    check_may_merge(kept, merged)
    merged.merged_into_id = kept.id
    db.session.flush()
    record("people.merged", by=by, subject=f"person:{kept.id}", merged=merged.id)


def check_may_merge(kept: Person, merged: Person) -> None:
    """Raise Refused when the one cannot stand for the other too."""
    if kept.id == merged.id or kept.merged_into_id is not None or merged.merged_into_id is not None:
        raise Refused(_("One of the two is merged already. Nothing has changed."))
    _refuse_erased(kept, merged)
    seats = seats_of((kept.id, merged.id))
    if merged.id in seats:
        if kept.id in seats:
            raise Refused(_("Both hold a seat now. Have one of them leave the seat first, by a roster."))
        raise Refused(_("%(name)s holds a seat now. Keep that one of the two.", name=merged.full_name))


def part_people(*, merged: Person, by: Scope) -> None:
    """Take a merge back: both stand by themselves again, each with the identity number that they had, unless one of
    them was corrected since."""
    get_person_of_branch(by, merged.id)
    if merged.merged_into_id is None:
        raise Refused(_("This person is not merged. Nothing has changed."))
    _refuse_erased(merged)
    kept_id, whole = merged.merged_into_id, list_entries_of(merged)
    merged.merged_into_id = None
    db.session.flush()
    gone = list_entries_of(merged)
    for one, other in product([one for one in whole if one not in gone], gone):
        if _have_swapped(one, other):
            swap_numbers(kept=one, merged=other, by=by)
    record("people.parted", by=by, subject=f"person:{kept_id}", merged=merged.id)


def _have_swapped(kept: Person, merged: Person) -> bool:
    """Whether each of two entries has the identity number that the other one had, as the record tells."""
    ours, theirs = f"person:{kept.id}", f"person:{merged.id}"
    entries = select(AuditEntry.subject, AuditEntry.details).where(
        AuditEntry.subject.in_((ours, theirs)), AuditEntry.action == "people.number_corrected"
    )
    swapped = False
    for subject, details in db.session.execute(entries.order_by(AuditEntry.id)):
        if details == {"merged": merged.id}:
            swapped = not swapped
        elif subject == ours or details != {"person": kept.id}:
            swapped = False  # one of them has another number since
    return swapped


def _refuse_erased(*people: Person) -> None:
    if any(person.erased_at is not None for person in people):
        raise Refused(
            _("The data of this person was erased for good, so entries can be neither joined nor parted any more.")
        )


def birth_date_of(person: Person) -> date | None:
    """The day on which the person was born, by the identity number; None without one."""
    number = person.number_encrypted
    return number_scheme().find_birth_date(open_text(number)) if number else None


def _is_in_branch(scope: Scope) -> ColumnElement[bool]:
    held = select(Appointment.person_id).where(is_commission_in(scope, Appointment.commission_id, *OVERSEERS))
    return Person.id.in_(held)


def _alike(people: Iterable[Person]) -> Iterator[tuple[Person, Person]]:
    """Those born on one day whose names are alike."""
    born: dict[object, list[Person]] = {}
    for person in people:
        day = birth_date_of(person)
        if day is not None:
            born.setdefault(day, []).append(person)
    for one, other in _pairs(born.values()):
        if are_alike((one.surname, one.given_name), (other.surname, other.given_name)):
            yield one, other


def _of_one_phone(people: Iterable[Person]) -> Iterator[tuple[Person, Person]]:
    reached: dict[str, list[Person]] = {}
    for person in people:
        if person.phone:
            reached.setdefault(person.phone, []).append(person)
    yield from _pairs(group for group in reached.values() if len(group) <= CROWD)


def _pairs(groups: Iterable[list[Person]]) -> Iterator[tuple[Person, Person]]:
    for group in groups:
        yield from combinations(group, 2)
