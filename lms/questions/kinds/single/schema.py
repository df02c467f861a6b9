"""One right answer out of several: the shape of the question."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from lms.questions.kinds.shapes import Option, QuestionBody


class SingleBody(QuestionBody):
    """A question with options of which exactly one is right."""

    options: Annotated[list[Option], Field(min_length=2, max_length=8)]
