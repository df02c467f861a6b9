"""What officers see of the tests of their branch: who is sitting now, and the tests of one person. No answers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from lms.accounts.models import Account
from lms.assessment import helping, queries, words
from lms.assessment.events import Room, RoomsAsked
from lms.assessment.lengthening import in_branch
from lms.assessment.models import AnswerStep, Attempt, AttemptExtension, RescueFile
from lms.assessment.permissions import find_chance
from lms.assessment.rules import Chance, Kind, State, seconds_left
from lms.campaigns.queries import find_open_campaign
from lms.commissions.models import Appointment, Commission
from lms.commissions.names import name_of
from lms.core import clock
from lms.core.database.base import db
from lms.core.events import publish
from lms.core.web.languages import _
from lms.learning.models import Enrolment
from lms.people.models import Person

PAGE = 100


@dataclass(frozen=True)
class Sitting:
    """Somebody who is at a test now."""

    attempt: Attempt
    person: Person
    commission: Commission
    answered: int
    """Questions with an answer that counts."""

    @property
    def minutes_left(self) -> int:
        """Whole minutes left, rounded up; 0 when the time is up."""
        return -(-seconds_left(self.attempt.deadline, clock.now()) // 60)


@dataclass(frozen=True)
class CourseTests:
    """The tests of one person at one course."""

    enrolment: Enrolment
    attempts: Sequence[Attempt]
    chance: Chance


def list_sitting(commission_id: int, page: int = 1) -> list[Sitting]:
    """A page of those who are at a test now in a commission or below it, whose time ends first first."""
    rows = db.session.execute(
        select(Attempt, Person, Commission)
        .join(Person, Person.id == Attempt.person_id)
        .join(Appointment, (Appointment.person_id == Person.id) & Appointment.ends_on.is_(None))
        .join(Commission, Commission.id == Appointment.commission_id)
        .where(Attempt.state == State.OPEN, Attempt.kind == Kind.FINAL, in_branch(commission_id))
        .order_by(Attempt.deadline, Attempt.id)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    ).all()
    given = count_answered([attempt.id for attempt, _person, _where in rows])
    return [Sitting(attempt, person, where, given.get(attempt.id, 0)) for attempt, person, where in rows]


def count_sitting(commission_id: int) -> int:
    """How many are at a test now."""
    going_on = Attempt.state == State.OPEN, Attempt.kind == Kind.FINAL
    return db.session.scalar(select(func.count(Attempt.id)).where(*going_on, in_branch(commission_id))) or 0


def list_tests_of(person_id: int) -> list[CourseTests]:
    """The tests of a person, course by course, the newest enrolment first."""
    enrolments = db.session.scalars(
        select(Enrolment).where(Enrolment.person_id == person_id).order_by(Enrolment.id.desc())
    ).all()
    found = []
    for enrolment in enrolments:
        attempts = queries.list_attempts(enrolment.id)
        found.append(CourseTests(enrolment, attempts, find_chance(enrolment, attempts)))
    return found


@dataclass(frozen=True)
class Marks:
    """What happened to an attempt beside the answers on its pages."""

    extensions: Sequence[AttemptExtension]
    files: Sequence[tuple[RescueFile, str]]
    """Files with answers that were brought in, and by whom; nobody once that account is gone."""


def marks_of(attempt_id: int) -> Marks:
    """More time that was given to an attempt, and files of answers that were brought in, the first first."""
    files = db.session.execute(
        select(RescueFile, Person)
        .outerjoin(Account, Account.id == RescueFile.brought_by_id)
        .outerjoin(Person, Person.id == Account.person_id)
        .where(RescueFile.attempt_id == attempt_id)
        .order_by(RescueFile.id)
    )
    brought = [(file, person.full_name if person else "") for file, person in files]
    return Marks(list_extensions_of(attempt_id), brought)


def list_helps(seat: Appointment) -> list[str]:
    """Help that is in force for whoever holds a seat, one in each line, with the commission through which it holds."""
    campaign = find_open_campaign()
    if campaign is None:
        return []
    today = clock.today(seat.commission.time_zone)
    found = []
    for one in helping.list_in_force(seat.person_id, campaign.id, today):
        through = db.session.get(Commission, one.commission_id) if one.commission_id else None
        said = words.help_words(one)
        found.append(_("%(help)s, through %(commission)s", help=said, commission=name_of(through)) if through else said)
    return found


def list_extensions_of(attempt_id: int) -> Sequence[AttemptExtension]:
    """More time that was given to an attempt, the first first."""
    return db.session.scalars(
        select(AttemptExtension).where(AttemptExtension.attempt_id == attempt_id).order_by(AttemptExtension.id)
    ).all()


def list_rooms(attempt_ids: Collection[int]) -> dict[int, Room]:
    """Of some attempts those taken in a room that was supervised -> which room."""
    asked = RoomsAsked(tuple(attempt_ids))
    publish(asked)
    return asked.rooms


def count_answered(attempt_ids: Sequence[int]) -> dict[int, int]:
    """For each attempt, at how many places an answer stands."""
    newest = (
        select(func.max(AnswerStep.id))
        .where(AnswerStep.attempt_id.in_(attempt_ids), ~AnswerStep.stale, ~AnswerStep.late)
        .group_by(AnswerStep.attempt_id, AnswerStep.position)
    )
    rows = db.session.execute(select(AnswerStep.attempt_id, AnswerStep.response).where(AnswerStep.id.in_(newest)))
    given: dict[int, int] = {}
    for attempt_id, response in rows:
        given[attempt_id] = given.get(attempt_id, 0) + bool(response)
    return given
