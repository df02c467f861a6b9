"""The papers of attempts, kept in the process: once drawn, a paper never changes but for its marks."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from lms.assessment.models import PaperQuestion
from lms.core.errors import NotFound
from lms.core.kept import keep
from lms.questions.kinds.kind import Kind
from lms.questions.kinds.registry import get_kind
from lms.questions.kinds.shapes import Body, FormData, Order, Response
from lms.questions.models import QuestionVersion
from lms.questions.rules import check_response, grade
from lms.questions.shelf import get_question_version

NO_ANSWER: Response = {}
"""An answer taken back: it is a step too, and gets no point."""
_PAPER = (
    select(PaperQuestion.position, PaperQuestion.topic, PaperQuestion.question_version_id, PaperQuestion.order)
    .where(PaperQuestion.attempt_id == bindparam("attempt"))
    .order_by(PaperQuestion.position)
)


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of a paper, as it was drawn."""

    position: int
    topic: str
    version_id: int
    parts: str
    """`order` in JSON: thousands of papers are kept."""

    @property
    def question(self) -> QuestionVersion:
        """What it says."""
        return get_question_version(self.version_id)

    def grade(self, response: Response) -> int:
        """What an answer to it is worth on this paper, in thousandths of one question."""
        return grade(self.question.kind, self.question.body, response, self.order)

    def describe(self, response: Response, language: str) -> list[str]:
        """An answer to it in words; empty when it was taken back."""
        return self._kind.rules.describe(self.body, response, language)

    def is_whole(self, response: Response) -> bool:
        """Whether an answer to it has all its parts; what was taken back has none."""
        return bool(response) and self._kind.rules.is_complete(self.body, response)

    def read(self, form: FormData, prefix: str) -> Response:
        """What the fields of a form say, fit or not; empty when nothing is answered."""
        said = self._kind.form.parse_form(self.body, form, prefix)
        return NO_ANSWER if said is None else said

    def check(self, response: object) -> Response:
        """The answer as it came, when it fits the question or takes the answer back; BadResponse otherwise."""
        return (
            NO_ANSWER
            if response == NO_ANSWER
            else check_response(self.question.kind, self.question.body, response, self.order)
        )

    @property
    def body(self) -> Body:
        """The question as it stands on this paper."""
        return self._kind.resolve(self.question.body, self.order)

    @property
    def _kind(self) -> Kind:
        return get_kind(self.question.kind)

    @property
    def order(self) -> Order:
        """In which order the parts of the question stand on this paper."""
        order: Order = json.loads(self.parts)
        return order


def list_asked(attempt_id: int) -> Sequence[Asked]:
    """The questions of an attempt in order; none when there is no such attempt."""
    return _paper(attempt_id) or ()


def find_asked(attempt_id: int, position: int) -> Asked | None:
    """The question at this place of the attempt's paper; None when there is no such attempt or place. Asks only for
    what is committed, so that the save of an answer opens no transaction for it."""
    return _at(_paper.committed(attempt_id) or (), position)


def get_asked(attempt_id: int, position: int) -> Asked:
    """The question at one place of a paper; NotFound when there is no such place."""
    asked = _at(list_asked(attempt_id), position)
    if asked is None:
        raise NotFound
    return asked


def _at(paper: Sequence[Asked], position: int) -> Asked | None:
    return paper[position - 1] if 1 <= position <= len(paper) else None


@keep(8_000)
def _paper(session: Session, attempt_id: int) -> Sequence[Asked] | None:
    paper = tuple(
        Asked(position, topic, version_id, json.dumps(order, separators=(",", ":")))
        for position, topic, version_id, order in session.execute(_PAPER, {"attempt": attempt_id})
    )
    return paper or None
