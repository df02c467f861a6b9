"""Read sheets, prints, and the people who still need a test."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, select
from sqlalchemy.orm import joinedload

from lms.accounts.models import Account
from lms.assessment.helping import list_in_force
from lms.assessment.rules_time import LARGE_PRINT
from lms.campaigns.queries import find_open_campaign
from lms.commissions.models import Appointment, Commission, CommissionClosure
from lms.commissions.permissions import Scope, is_commission_in
from lms.core import clock
from lms.core.audit.models import AuditEntry, AuditValue
from lms.core.database.base import db
from lms.core.errors import NotFound
from lms.curriculum.models import CourseVersion
from lms.curriculum.queries import find_newest_version, list_newest_versions
from lms.learning.models import CompletedActivity, Enrolment
from lms.learning.rules import TEST
from lms.papertests.models import PaperPrint, PaperSheet
from lms.papertests.roles import READERS
from lms.papertests.rules import State
from lms.people.finding import all_begin, begins, longest_of
from lms.people.folding import folded_words
from lms.people.models import Person, PersonKey
from lms.workshops.models import Workshop

PAGE = 50
MOST_FOUND = 20


@dataclass(frozen=True)
class Seated:
    """Somebody on a course, and where they sit."""

    enrolment: Enrolment
    person: Person
    commission: Commission


@dataclass(frozen=True)
class Listed:
    """A sheet in the list, with whose it is and where they sit now."""

    sheet: PaperSheet
    person: Person | None
    commission: Commission | None


def find_by_number(scope: Scope, number: str) -> PaperSheet | None:
    """The sheet with this number, if the reader sees it."""
    return db.session.scalar(select(PaperSheet).where(PaperSheet.number == number, _in_reach(scope)))


def list_sheets(scope: Scope, state: State, *, before: int | None = None) -> list[Listed]:
    """A page of the sheets that the reader sees, the newest first, and one more if there is another page. `before`: the
    last sheet of the page before."""
    wanted = [_in_reach(scope), in_state(state)]
    if before is not None:
        wanted.append(PaperSheet.id < before)
    rows = db.session.execute(_with_people().where(*wanted).order_by(PaperSheet.id.desc()).limit(PAGE + 1))
    return [Listed(*row) for row in rows]


def count_sheets(scope: Scope, state: State) -> int:
    """How many sheets the reader sees in this state."""
    counted = select(func.count(PaperSheet.id)).where(_in_reach(scope), in_state(state))
    return db.session.scalar(counted) or 0


def list_of_print(asked: PaperPrint) -> list[Listed]:
    """The sheets of a print in the order of its pages."""
    rows = db.session.execute(_with_people().where(PaperSheet.id.in_(asked.sheets)))
    found = {row[0].id: Listed(*row) for row in rows}
    return [found[one] for one in asked.sheets if one in found]


def list_prints(commission_id: int, workshop_id: int | None) -> Sequence[PaperPrint]:
    """The last documents of papers for a commission, or for a workshop of it; the newest first."""
    return db.session.scalars(
        select(PaperPrint)
        .where(PaperPrint.commission_id == commission_id, PaperPrint.workshop_id == workshop_id)
        .order_by(PaperPrint.id.desc())
        .limit(10)
    ).all()


def find_waiting(enrolment_ids: Collection[int]) -> dict[int, PaperSheet]:
    """The sheets that these enrolments have out, by enrolment."""
    rows = db.session.scalars(
        select(PaperSheet).where(PaperSheet.enrolment_id.in_(enrolment_ids), in_state(State.WAITING))
    )
    return {one.enrolment_id: one for one in rows if one.enrolment_id is not None}


def list_met(enrolment_id: int) -> set[int]:
    """Question versions on sheets of an enrolment that were declared void: its person may have read them."""
    void = select(PaperSheet.questions).where(PaperSheet.enrolment_id == enrolment_id, in_state(State.VOID))
    return {one["question_version_id"] for questions in db.session.scalars(void) for one in questions}


def list_courses() -> Sequence[CourseVersion]:
    """The newest version of every course with a test."""
    return list_newest_versions()


def get_newest(course_id: int) -> CourseVersion:
    """The newest version of a course; NotFound when it has none."""
    version = find_newest_version(course_id)
    if version is None:
        raise NotFound
    return version


def list_needing(
    commission_id: int, course_id: int, *, typed: str = "", after: int = 0, limit: int = PAGE
) -> list[Seated]:
    """A page of those who sit in a commission or below it, are on the course in the open campaign and have not passed
    its test. `after`: the last enrolment of the page before."""
    below = select(CommissionClosure.descendant_id).where(CommissionClosure.ancestor_id == commission_id)
    wanted = _needing(course_id).where(Appointment.commission_id.in_(below), Enrolment.id > after)
    words = folded_words(typed)
    if words:
        wanted = wanted.where(Person.id.in_(select(PersonKey.person_id).where(begins(longest_of(words)))))
    rows = db.session.execute(wanted.order_by(Enrolment.id).limit(limit if not words else limit * 10))
    fits = all_begin(words) if words else None
    found = [Seated(*row) for row in rows]
    if fits is not None:
        found = [one for one in found if fits((one.person.surname, one.person.given_name, one.person.patronymic))]
    return found[:limit]


def list_expected(workshop: Workshop, person_ids: Collection[int]) -> list[Seated]:
    """Those of some people who are on the workshop's course in the open campaign and have not passed its test."""
    rows = db.session.execute(_needing(workshop.course_id).where(Enrolment.person_id.in_(person_ids)))
    return [Seated(*row) for row in rows]


def list_chosen(seated_ids: Collection[int]) -> list[Seated]:
    """These enrolments, with whose they are and where they sit."""
    rows = db.session.execute(_seated().where(Enrolment.id.in_(seated_ids)).order_by(Enrolment.id))
    return [Seated(*row) for row in rows]


def needs_large(enrolment: Enrolment, zone: str) -> bool:
    """Whether the person is given large print today."""
    given = list_in_force(enrolment.person_id, enrolment.campaign_id, clock.today(zone))
    return any(LARGE_PRINT in one.helps for one in given)


def in_state(state: State) -> ColumnElement[bool]:
    """A condition on PaperSheet."""
    if state is State.KEYED:
        return PaperSheet.attempt_id.is_not(None)
    if state is State.VOID:
        return PaperSheet.voided_at.is_not(None)
    return and_(PaperSheet.attempt_id.is_(None), PaperSheet.voided_at.is_(None))


def _in_reach(scope: Scope) -> ColumnElement[bool]:
    return is_commission_in(scope, PaperSheet.commission_id, *READERS)


def _with_people() -> Select[Any]:
    return (
        select(PaperSheet, Person, Commission)
        .outerjoin(Enrolment, Enrolment.id == PaperSheet.enrolment_id)
        .outerjoin(Person, Person.id == Enrolment.person_id)
        .outerjoin(Appointment, and_(Appointment.person_id == Person.id, Appointment.ends_on.is_(None)))
        .outerjoin(Commission, Commission.id == Appointment.commission_id)
        .options(joinedload(PaperSheet.enrolment))
    )


def _seated() -> Select[Any]:
    return (
        select(Enrolment, Person, Commission)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Appointment, and_(Appointment.person_id == Person.id, Appointment.ends_on.is_(None)))
        .join(Commission, Commission.id == Appointment.commission_id)
    )


def _needing(course_id: int) -> Select[Any]:
    campaign = find_open_campaign()
    passed = exists().where(CompletedActivity.enrolment_id == Enrolment.id, CompletedActivity.activity == TEST)
    return _seated().where(
        Enrolment.campaign_id == (campaign.id if campaign else 0),
        Enrolment.course_id == course_id,
        Enrolment.completed_at.is_(None),
        ~passed,
    )


@dataclass(frozen=True)
class Correction:
    """A correction of what was keyed in: when, by whom, and why."""

    at: datetime
    who: str
    reason: str


def list_corrections(sheet: PaperSheet) -> list[Correction]:
    """What was corrected of a sheet after it was keyed in, the first first, as the record has it."""
    rows = db.session.execute(
        select(AuditEntry.at, Person, AuditValue.after)
        .outerjoin(Account, Account.id == AuditEntry.account_id)
        .outerjoin(Person, Person.id == Account.person_id)
        .outerjoin(AuditValue, and_(AuditValue.entry_id == AuditEntry.id, AuditValue.field == "reason"))
        .where(
            AuditEntry.subject == f"person:{sheet.enrolment.person_id if sheet.enrolment else 0}",
            AuditEntry.action == "papertests.corrected",
            AuditEntry.details["sheet"].as_integer() == sheet.id,
        )
        .order_by(AuditEntry.id)
    )
    return [Correction(at, person.polite_name if person else "", reason or "") for at, person, reason in rows]
