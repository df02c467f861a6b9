"""What a person has to learn: the courses they are enrolled on, how far they are, what they have earned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from lms.assessment.helping import with_extra
from lms.assessment.models import Attempt
from lms.assessment.queries import as_earlier, count_granted, list_attempts
from lms.assessment.rules import Chance, Hindrance, may_start
from lms.certificates.models import Certificate
from lms.certificates.queries import find_of_enrolment
from lms.core import clock
from lms.curriculum.settings import TestSettings
from lms.home import rules
from lms.home.rules import Next
from lms.learning.models import Enrolment
from lms.learning.queries import list_open_enrolments, list_unasked
from lms.learning.steps import Step, StepState, find_next, list_steps
from lms.workshops.queries import OwnWorkshop
from lms.workshops.rules import State


@dataclass(frozen=True)
class OwnCourse:
    """One course of one person."""

    enrolment: Enrolment
    steps: list[Step]
    certificate: Certificate | None
    next: Next
    chance: Chance | None
    """Whether the test can be taken now, once it is the next step."""
    last_attempt_id: int | None = None
    """The last attempt at the test that was sent, once the test is the next step."""
    asked: bool = True
    """Whether the course is asked of the person: not the usual one of who came in the last days and takes the short
    one instead, not the short one of who has finished the usual one after all."""

    @property
    def next_step(self) -> Step | None:
        """The step to do next; None when everything is done."""
        return find_next(self.steps)

    @property
    def done(self) -> int:
        """Steps done."""
        return sum(step.state is StepState.DONE for step in self.steps)

    @property
    def reading(self) -> int:
        """How many minutes it takes to read what is left."""
        return sum(step.module.minutes for step in self.steps if step.module and step.state is not StepState.DONE)

    @property
    def testing(self) -> int:
        """How many minutes the test may take; 0 once it is passed."""
        left = any(step.kind == "test" and step.state is not StepState.DONE for step in self.steps)
        return self.test.minutes if left else 0

    @cached_property
    def test(self) -> TestSettings:
        """The settings of the course's test, with the time that this person has."""
        return with_extra(self.enrolment)


def list_own_courses(person_id: int, workshops: list[OwnWorkshop]) -> list[OwnCourse]:
    """The courses of a person in the open campaign; those that are asked of the person come first, of them those with
    something left to do. `workshops`: those planned for the person."""
    dated = {own.workshop.course_id for own in workshops if own.workshop.state == State.SCHEDULED and not own.leads}
    enrolments = list_open_enrolments(person_id)
    unasked = list_unasked(person_id) if len(enrolments) > 1 else set()
    courses = [_course(one, has_date=one.course_id in dated, asked=one.course_id not in unasked) for one in enrolments]
    return sorted(courses, key=lambda own: (not own.asked, own.enrolment.completed_at is not None))


def _course(enrolment: Enrolment, *, has_date: bool, asked: bool) -> OwnCourse:
    steps = list_steps(enrolment)
    step = find_next(steps)
    at_test = step is not None and step.kind == "test"
    attempts = list_attempts(enrolment.id) if at_test else []
    chance = _chance(enrolment, attempts) if at_test else None
    coming = rules.next_of(
        step.kind if step else None, hindrance=chance.hindrance if chance else None, has_date=has_date
    )
    earned = enrolment.carried_from_id or enrolment.id
    certificate = find_of_enrolment(earned) if enrolment.completed_at is not None else None
    sent = [one.id for one in attempts if one.submitted_at is not None]
    return OwnCourse(enrolment, steps, certificate, coming, chance, sent[-1] if sent else None, asked)


def _chance(enrolment: Enrolment, attempts: Sequence[Attempt]) -> Chance:
    now = clock.now()
    settings = TestSettings.model_validate(enrolment.version.test)
    granted = count_granted(enrolment.id) if len(attempts) >= settings.attempts else 0
    chance = may_start(now, [as_earlier(one) for one in attempts], settings, has_read=True, granted=granted)
    if chance.hindrance is Hindrance.OPEN and all(one.deadline <= now for one in attempts if one.submitted_at is None):
        return Chance(None, chance.left)  # its time is up; the test's own page closes it and says what came of it
    return chance
