"""Several right answers: the shape of the question."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from lms.questions.kinds.shapes import InParts, Option


class MultipleBody(InParts):
    """A question with options of which at least one is right and at least one is wrong."""

    options: Annotated[list[Option], Field(min_length=3, max_length=8)]
