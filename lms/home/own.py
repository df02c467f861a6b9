"""What a person has to learn: the courses they are enrolled on, how far they are, what they have earned."""

from __future__ import annotations

from dataclasses import dataclass

from lms.campaigns.queries import find_open_campaign
from lms.certificates.models import Certificate
from lms.certificates.queries import find_of_enrolment
from lms.learning.models import Enrolment
from lms.learning.queries import list_enrolments
from lms.learning.steps import Step, StepState, find_next, list_steps


@dataclass(frozen=True)
class OwnCourse:
    """One course of one person."""

    enrolment: Enrolment
    steps: list[Step]
    certificate: Certificate | None

    @property
    def next_step(self) -> Step | None:
        """What to do next; None when everything is done."""
        return find_next(self.steps)

    @property
    def done(self) -> int:
        """Steps done."""
        return sum(step.state is StepState.DONE for step in self.steps)


def list_own_courses(person_id: int) -> list[OwnCourse]:
    """The courses of a person in the open campaign; those with something left to do come first."""
    campaign = find_open_campaign()
    if campaign is None:
        return []
    courses = [
        OwnCourse(enrolment, list_steps(enrolment), find_of_enrolment(enrolment.id))
        for enrolment in list_enrolments(person_id, campaign.id)
    ]
    return sorted(courses, key=lambda own: own.enrolment.completed_at is not None)
