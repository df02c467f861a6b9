"""The papers of attempts as the answer save needs them, kept in the process: once drawn, a paper never changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from lms.assessment.models import PaperQuestion
from lms.core.database.engine import own_reading
from lms.core.kept import keep
from lms.questions.kinds.shapes import Body, Response
from lms.questions.models import QuestionVersion
from lms.questions.rules import check_response

NO_ANSWER: Response = {}
"""An answer taken back: it is a step too, and gets no point."""
_QUESTIONS = select(PaperQuestion.position, PaperQuestion.question_version_id)
_BODY = select(QuestionVersion.kind, QuestionVersion.body)


@dataclass(frozen=True)
class Asked:
    """One question of a paper: what kind it is and what it says."""

    kind: str
    body: Body


def find_asked(attempt_id: int, position: int) -> Asked | None:
    """The question at this place of the attempt's paper; None when there is no such attempt or place."""
    try:
        version_id = _paper(attempt_id).get(position)
    except LookupError:
        return None
    return None if version_id is None else _question(version_id)


def check_answer(asked: Asked, response: object) -> Response:
    """The answer as it came, when it fits the question or takes the answer back; BadResponse otherwise."""
    return NO_ANSWER if response == NO_ANSWER else check_response(asked.kind, asked.body, response)


@keep(20_000)
def _paper(attempt_id: int) -> Mapping[int, int]:
    """position -> question version; LookupError, which is not kept, when there is no such attempt."""
    with own_reading() as connection:
        rows: Any = connection.execute(_QUESTIONS.where(PaperQuestion.attempt_id == attempt_id)).all()
    if not rows:
        raise LookupError(attempt_id)
    return dict(rows)


@keep(5_000)
def _question(version_id: int) -> Asked:
    with own_reading() as connection:
        kind, body = connection.execute(_BODY.where(QuestionVersion.id == version_id)).one()
    return Asked(kind, body)
