"""What the answers of an attempt are worth: computed from its steps, its paper, the pinned questions and the rulings on
them that are in force. The same always comes out, so that every score can be replayed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import update

from lms.assessment import queries, rules
from lms.assessment.models import Attempt, PaperQuestion
from lms.assessment.papers import Asked, list_asked
from lms.assessment.queries import NONE_YET
from lms.assessment.rules import Kind
from lms.core.database.base import db
from lms.curriculum.settings import TestSettings
from lms.questions.kinds.shapes import WHOLE, Response
from lms.questions.rules import grade


class Effect(StrEnum):
    """What a ruling on a question does to the papers of everybody who saw it."""

    STANDS = "stands"
    """Nothing: the question is good as it is."""
    KEY = "key"
    """Answers are marked by another version of the question."""
    ALSO = "also"
    """Answers are marked by both, and the better mark counts."""
    POINT = "point"
    """Everybody gets the whole credit, also without an answer."""
    LEFT_OUT = "left_out"
    """The question does not count for anybody: the paper has one less."""


@dataclass(frozen=True)
class Ruled:
    """What of a ruling decides on a credit."""

    effect: str
    body: Mapping[str, Any] | None = None


Rulings = Mapping[int, Ruled]
"""By question version."""
Credits = Mapping[int, int | None]
"""By place of the paper, in thousandths of one question; None where the question is left out."""


@dataclass(frozen=True)
class Grade:
    """What an attempt comes to: credits by place, their sum, how many questions count; whether it is passed, None where
    nothing is asked for (questions before the course)."""

    credits: Credits
    credit: int
    total: int
    passed: bool | None


def credit_of(asked: Asked, response: Response, ruled: Ruled | None) -> int | None:
    """What one answer is worth under a ruling on its question; None when the question is left out."""
    if ruled is None or ruled.effect == Effect.STANDS:
        return asked.grade(response)
    if ruled.effect == Effect.LEFT_OUT:
        return None
    if ruled.effect == Effect.POINT:
        return WHOLE
    otherwise = grade(asked.question.kind, ruled.body or {}, response, asked.order)
    return max(otherwise, asked.grade(response)) if ruled.effect == Effect.ALSO else otherwise


def credits_of(paper: Sequence[Asked], answers: Mapping[int, Response], rulings: Rulings) -> dict[int, int | None]:
    """What each answer is worth, by place. `answers`: those that count, by place; a place without one has none."""
    return {
        asked.position: credit_of(asked, answers.get(asked.position, {}), rulings.get(asked.version_id))
        for asked in paper
    }


def grade_paper(
    paper: Sequence[Asked], answers: Mapping[int, Response], rulings: Rulings, settings: TestSettings | None
) -> Grade:
    """What a paper comes to. `settings`: those with which the attempt began; None where there is no pass mark."""
    return sum_up(paper, credits_of(paper, answers, rulings), settings)


def sum_up(paper: Sequence[Asked], credits: Credits, settings: TestSettings | None) -> Grade:
    """What these credits come to."""
    counted = [(asked.topic, credit) for asked in paper if (credit := credits[asked.position]) is not None]
    passed = rules.result(rules.count_by_topic(counted), settings).passed if settings else None
    return Grade(credits, sum(credit for _topic, credit in counted), len(counted), passed)


def compute_grade(attempt: Attempt) -> Grade:
    """The grade of an attempt by the answers that count and the rulings in force now."""
    answers = queries.list_counted(attempt.id)
    paper = list_asked(attempt.id)
    told = {asked.position: answers.get(asked.position, NONE_YET).response for asked in paper}
    settings = queries.settings_of(attempt) if attempt.kind == Kind.FINAL else None
    return grade_paper(paper, told, list_rulings(paper), settings)


def list_rulings(paper: Sequence[Asked]) -> dict[int, Ruled]:
    """What is in force on the questions of a paper."""
    found = queries.list_in_force([asked.version_id for asked in paper], hold=True)
    return {version: Ruled(one.effect, one.body) for version, one in found.items()}


def write_credits(attempt_id: int, credits: Credits) -> None:
    """Write what each answer is worth, by place; one statement for each worth that occurs, mostly two."""
    for credit in set(credits.values()):
        places = [position for position, found in credits.items() if found == credit]
        db.session.execute(
            update(PaperQuestion)
            .where(PaperQuestion.attempt_id == attempt_id, PaperQuestion.position.in_(places))
            .values(credit=credit)
            .execution_options(synchronize_session="fetch")
        )
