"""A statement that is true or false: the shape of the question."""

from __future__ import annotations

from lms.questions.kinds.shapes import QuestionBody


class TrueFalseBody(QuestionBody):
    """A statement, and whether it is true."""

    answer: bool
