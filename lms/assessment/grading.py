"""What the answers of an attempt are worth, computed from its steps, its paper and the pinned questions alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lms.assessment import queries, rules
from lms.assessment.models import Attempt
from lms.assessment.papers import list_asked
from lms.assessment.rules import Kind


@dataclass(frozen=True)
class Grade:
    """What an attempt comes to: thousandths by place and together; whether it is passed, None where nothing is asked
    for (questions before the course)."""

    credits: Mapping[int, int]
    credit: int
    passed: bool | None


def compute_grade(attempt: Attempt) -> Grade:
    """The grade of an attempt by the answers that count now."""
    answers = queries.list_counted(attempt.id)
    paper = list_asked(attempt.id)
    credits = {asked.position: asked.grade(answers.get(asked.position, queries.NONE_YET).response) for asked in paper}
    marks = rules.count_by_topic([(asked.topic, credits[asked.position]) for asked in paper])
    passed = rules.result(marks, queries.settings_of(attempt)).passed if attempt.kind == Kind.FINAL else None
    return Grade(credits, sum(credits.values()), passed)
