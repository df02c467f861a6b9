"""Who is expected at a workshop, who came, and who came uninvited."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice

from sqlalchemy import func, or_, select
from sqlalchemy.orm import selectinload
from sqlalchemy.sql import ColumnElement

from lms.commissions.models import Appointment, Commission, CommissionClosure
from lms.commissions.queries import OFFICE_ORDER, held_on
from lms.commissions.rules import Office
from lms.core import clock
from lms.core.database.base import db
from lms.people.finding import Fits, all_begin, all_near, begins, list_near, longest_of
from lms.people.folding import folded_words
from lms.people.models import Person, PersonKey
from lms.workshops import rules
from lms.workshops.models import Attendance, Workshop, WorkshopGuest

MOST_NAMED = 20


@dataclass(frozen=True)
class Row:
    """One person on the sign-in sheet and on the attendance page."""

    person: Person
    commission: Commission | None
    office: str
    category: rules.Category
    present: bool | None
    expected: bool = True
    """Invited; False for those who came uninvited."""


def count_expected(commission_ids: Collection[int], on: date) -> int:
    """How many people hold seats of these commissions on a day."""
    return sum(count_members(commission_ids, on).values())


def count_members(commission_ids: Collection[int], on: date) -> dict[int, int]:
    """Commission id -> how many people hold its seats on a day."""
    rows = db.session.execute(
        select(Appointment.commission_id, func.count())
        .where(Appointment.commission_id.in_(commission_ids), held_on(on))
        .group_by(Appointment.commission_id)
    )
    return {row[0]: row[1] for row in rows}


def count_taken(workshop: Workshop) -> int:
    """How many seats of a workshop are promised: to the members of the commissions invited, and to single guests."""
    day = rules.day_of_seats(workshop.starts_at, workshop.time_zone, clock.today(workshop.time_zone))
    members = count_expected([one.id for one in workshop.invited], day)
    guests = select(func.count()).select_from(WorkshopGuest).where(WorkshopGuest.workshop_id == workshop.id)
    return members + (db.session.scalar(guests) or 0)


def list_rows(workshop: Workshop) -> list[Row]:
    """Everyone expected at a workshop, and everyone else who was ticked there: by commission, office and name."""
    day = rules.day_of_seats(workshop.starts_at, workshop.time_zone, clock.today(workshop.time_zone))
    kept = list_attendance(workshop.id)
    seats = db.session.execute(
        select(Person, Appointment.office, Commission)
        .join(Appointment, Appointment.person_id == Person.id)
        .join(Commission, Commission.id == Appointment.commission_id)
        .where(or_(_is_invited(workshop), _is_guest(workshop)), held_on(day))
    )
    rows = {
        person.id: Row(person, commission, office, rules.category_of(commission.level), _present(kept, person.id))
        for person, office, commission in seats
    }
    others = [mark for mark in kept.values() if mark.person_id not in rows]
    for mark in others:
        place = db.session.get(Commission, mark.commission_id) if mark.commission_id else None
        rows[mark.person_id] = Row(mark.person, place, "member", rules.Category(mark.category), mark.present, False)
    return sorted(rows.values(), key=_place_of)


def _is_invited(workshop: Workshop) -> ColumnElement[bool]:
    return Appointment.commission_id.in_([one.id for one in workshop.invited])


def _is_guest(workshop: Workshop) -> ColumnElement[bool]:
    guests = select(WorkshopGuest.person_id).where(WorkshopGuest.workshop_id == workshop.id)
    return Appointment.person_id.in_(guests)


def _present(kept: Mapping[int, Attendance], person_id: int) -> bool | None:
    return kept[person_id].present if person_id in kept else None


def _place_of(row: Row) -> tuple[str, int, str]:
    code = row.commission.code if row.commission else "~"
    parts = code.rsplit("-", 1)
    digits = "".join(ch for ch in parts[-1] if ch.isdigit())
    return parts[0] + f"-{int(digits or 0):06d}", OFFICE_ORDER[Office(row.office)], row.person.full_name


def list_named(workshop: Workshop, words: str) -> list[Row]:
    """Up to 20 people who sit in the organiser's branch, whose names begin as typed, in any spelling, or are a letter
    away from it where none do, and who are not on the list of the workshop: those who came uninvited."""
    typed = folded_words(words)
    if not typed:
        return []
    longest = longest_of(typed)
    return _list_fitting(workshop, begins(longest), all_begin(typed)) or _list_fitting(
        workshop, PersonKey.key.in_(list_near(longest)), all_near(typed)
    )


def _list_fitting(workshop: Workshop, condition: ColumnElement[bool], fits: Fits) -> list[Row]:
    branch = select(CommissionClosure.descendant_id).where(CommissionClosure.ancestor_id == workshop.organiser_id)
    statement = (
        select(Person, Appointment.office, Commission)
        .join(Appointment, Appointment.person_id == Person.id)
        .join(Commission, Commission.id == Appointment.commission_id)
        .where(Appointment.ends_on.is_(None), Appointment.commission_id.in_(branch))
        .where(Person.id.in_(select(PersonKey.person_id).where(condition)))
        .order_by(Person.surname, Person.given_name, Person.id)
    )
    listed = {row.person.id for row in list_rows(workshop)}
    found = db.session.execute(statement.where(Person.id.not_in(listed)).execution_options(yield_per=MOST_NAMED))
    with found:
        fitting = (one for one in found if fits((one[0].surname, one[0].given_name, one[0].patronymic)))
        return [
            Row(person, commission, office, rules.category_of(commission.level), None, False)
            for person, office, commission in islice(fitting, MOST_NAMED)
        ]


def list_attendance(workshop_id: int) -> dict[int, Attendance]:
    """Person id -> what was ticked at the workshop."""
    rows = db.session.scalars(
        select(Attendance).where(Attendance.workshop_id == workshop_id).options(selectinload(Attendance.person))
    )
    return {row.person_id: row for row in rows}


def count_present(workshop_ids: Iterable[int]) -> dict[int, int]:
    """Workshop id -> how many people were there; workshops without anybody are left out."""
    rows = db.session.execute(
        select(Attendance.workshop_id, func.count())
        .where(Attendance.workshop_id.in_(list(workshop_ids)), Attendance.present)
        .group_by(Attendance.workshop_id)
    )
    return {row[0]: row[1] for row in rows}


def attended_another(workshop: Workshop, person_id: int, *, trainer_id: int | None = None) -> bool:
    """Whether the person was at another workshop of the same course in the campaign (of this trainer, when named)."""
    other = (
        select(Attendance.workshop_id)
        .join(Workshop)
        .where(
            Attendance.person_id == person_id,
            Attendance.present,
            Workshop.id != workshop.id,
            Workshop.course_id == workshop.course_id,
            Workshop.campaign_id == workshop.campaign_id,
        )
    )
    if trainer_id is not None:
        other = other.where(Workshop.trainer_id == trainer_id)
    return db.session.scalar(other.limit(1)) is not None
