"""The steps of a course for one learner: what is done, what comes next, what has to wait."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from lms.curriculum.models import Module
from lms.learning import queries, rules
from lms.learning.models import Enrolment


class StepState(StrEnum):
    """How a step stands."""

    DONE = "done"
    NEXT = "next"
    OPEN = "open"
    WAITS = "waits"
    """Something else has to be done first."""


@dataclass(frozen=True)
class Step:
    """One thing to do in a course."""

    activity: str
    """As in `rules`: module:<id>, test, workshop."""
    state: StepState
    module: Module | None = None

    @property
    def kind(self) -> str:
        """module, test or workshop."""
        return self.activity.partition(":")[0]


def list_steps(enrolment: Enrolment) -> list[Step]:
    """Every step of the learner's course, in the order of doing."""
    modules = {rules.module_activity(module.code): module for module in enrolment.version.modules}
    required = rules.activities_of([module.code for module in modules.values()], workshop=enrolment.version.workshop)
    done = queries.list_done(enrolment.id)
    coming = rules.next_activity(required, done)
    steps: list[Step] = []
    for activity in required:
        state = StepState.NEXT if activity == coming else StepState.OPEN
        if activity == rules.TEST and not rules.may_take_test(required, done):
            state = StepState.WAITS
        steps.append(Step(activity, StepState.DONE if activity in done else state, modules.get(activity)))
    return steps


def find_next(steps: list[Step]) -> Step | None:
    """The step to do next; None when everything is done."""
    return next((step for step in steps if step.state is StepState.NEXT), None)
